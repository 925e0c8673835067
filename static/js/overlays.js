import { on, placeAt, rtl } from "./util.js";

// Dialogs. <button data-open-dialog="id">, <button data-close-dialog>. A fragment aimed at #dialog opens it, an empty
// one or the event "close-dialog" (by HX-Trigger) shuts it.
on("click", "[data-open-dialog]", (button) => {
  button.closest("[popover]")?.hidePopover();
  document.getElementById(button.dataset.openDialog)?.showModal();
});
on("click", "[data-close-dialog]", (button) => button.closest("dialog").close());
on("click", "dialog", (dialog, event) => {
  if (event.target !== dialog) return;
  const at = dialog.getBoundingClientRect();
  const inside = event.clientX >= at.left && event.clientX <= at.right && event.clientY >= at.top && event.clientY <= at.bottom;
  if (!inside) dialog.close();
});
document.addEventListener("htmx:after:swap", () => {
  const dialog = document.getElementById("dialog");
  if (!dialog) return;
  const filled = dialog.childElementCount > 0;
  if (filled && !dialog.open) {
    dialog.showModal();
    dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea")?.focus();
  }
  if (!filled && dialog.open) dialog.close();
});
document.addEventListener("close", ({ target }) => {
  if (target.id === "dialog") target.replaceChildren();
}, true);
document.addEventListener("close-dialog", () => document.getElementById("dialog")?.close());

// Menus open beside their button.
document.addEventListener("toggle", (event) => {
  const popover = event.target;
  if (event.newState !== "open" || !popover.matches?.(".menu[popover]")) return;
  const anchor = event.source || document.querySelector(`[popovertarget="${CSS.escape(popover.id)}"]`);
  if (anchor) placeAt(popover, anchor);
}, true);

// In an open menu the arrow keys walk.
on("keydown", ".menu[popover]", (menu, event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  const ends = { Home: 0, End: -1 };
  const lines = [...menu.querySelectorAll("a, button:not(:disabled)")];
  if (!lines.length || (!step && !(event.code in ends))) return;
  event.preventDefault();
  const here = lines.indexOf(document.activeElement);
  lines.at(step ? (here + step) % lines.length : ends[event.code]).focus();
});
on("keydown", "[popovertarget]", (button, event) => {
  if (event.code !== "ArrowDown") return;
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  if (!menu?.matches(".menu")) return;
  event.preventDefault();
  menu.showPopover({ source: button });
  menu.querySelector("a, button")?.focus();
});

// Tabs drawn with role=tablist: arrows by what the eye sees.
on("keydown", "[role=tablist]", (list, event) => {
  const step = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[event.code];
  if (!step) return;
  const tabs = [...list.querySelectorAll("[role=tab]")];
  tabs.at((tabs.indexOf(document.activeElement) + step) % tabs.length).focus();
});

// <form data-confirm="Really?"> or a button with it. Without JavaScript the server's own step stands.
document.addEventListener("submit", (event) => {
  const asks = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (asks && !window.confirm(asks)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);
