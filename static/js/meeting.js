import { shortcutsOn } from "./shortcuts.js";
import { on } from "./util.js";

// The meeting page by keyboard: digits choose the kind of decision, Ctrl+Enter records it. N, P and D (the words
// of the decision) are plain data-shortcut elements.
const decideForm = () => document.querySelector("form[data-decide]");
const inField = (target) => target instanceof Element && target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog[open]");

function chooseKind(number) {
  const kind = decideForm()?.querySelectorAll("[name=kind]")[number - 1];
  if (!kind) return false;
  kind.checked = true;
  kind.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!document.querySelector("[data-room]") || event.isComposing) return;
  if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("[data-room] form") ?? decideForm();
    if (form && event.target.localName !== "textarea") form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target) || !shortcutsOn()) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  if (digit && chooseKind(Number(digit[1]))) event.preventDefault();
});

// After an answer the next item is in the middle: on a phone it is below the agenda, so bring it into view.
document.addEventListener("htmx:after:swap", () => {
  const room = document.querySelector("[data-room]");
  if (!room || room.dataset.seen) return;
  room.dataset.seen = "1";
  const found = room.querySelector(".field.wrong :is(input, select), #missing, #panel");
  if (found?.matches("input, select, #missing")) found.focus({ preventScroll: true });
  else if (document.activeElement === document.body) room.querySelector("#item-title")?.focus({ preventScroll: true });
  if (found && (found.getBoundingClientRect().top < 0 || found.getBoundingClientRect().top > innerHeight * 0.6)) found.scrollIntoView({ block: "start" });
});

on("click", "[data-fullscreen]", () => document.documentElement.requestFullscreen?.());
document.querySelectorAll("[data-fullscreen]").forEach((button) => (button.hidden = !document.fullscreenEnabled));
