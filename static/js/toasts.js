import { on } from "./util.js";

// Messages fade by themselves after a while; errors stay until they are closed, and so does one being read.
const TOAST_MS = 6000;
const toasts = document.getElementById("toasts");

function fadeLater(toast) {
  if (toast.classList.contains("error")) return;
  let timer = setTimeout(() => toast.remove(), TOAST_MS);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(() => toast.remove(), TOAST_MS)));
}

export function toast(text, kind = "error") {
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  box.dataset.toast = "";
  const line = document.createElement("p");
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn ghost icon-only";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", toasts.dataset.close);
  close.textContent = "×";
  box.append(line, close);
  toasts.append(box);
}

if (toasts) {
  toasts.querySelectorAll("[data-toast]").forEach(fadeLater);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.dataset && "toast" in node.dataset) fadeLater(node);
  }).observe(toasts, { childList: true });
}

on("click", "[data-dismiss]", (button) => button.closest("[data-toast], .banner").remove());

// A request that failed leaves the page as it was and says so. 422 is an answer, not a failure.
document.addEventListener("htmx:response:error", ({ detail }) => {
  const status = detail.ctx.response?.raw.status;
  if (status === 422) return;
  const said = detail.ctx.response?.raw.headers.get("X-Message");
  if (said) return toast(decodeURIComponent(said));
  toast(status === 403 ? toasts.dataset.refused : toasts.dataset.failed);
});
document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx) toast(toasts.dataset.offline);
});

// A script's own request that failed (the board).
document.addEventListener("tasmim:failed", ({ detail }) => {
  if (!detail.status) return toast(toasts.dataset.offline);
  toast(detail.said ? decodeURIComponent(detail.said) : detail.status === 403 ? toasts.dataset.refused : toasts.dataset.failed);
});
