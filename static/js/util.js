// Words shared by the modules. Everything hooks on data-* attributes of the whole document, so fragments that htmx
// brings in need no set-up.
export const rtl = () => document.documentElement.dir === "rtl";
export const csrf = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}")["X-CSRFToken"] || "";

/** What marks our own fetch as one for a part of a page. */
export const fragment = { headers: { "HX-Request": "true" } };

/** Calls `act(element, event)` when `type` happens on or inside an element that fits `selector`. */
export function on(type, selector, act) {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element && event.target.closest(selector);
    if (element) act(element, event);
  });
}

export function localDigits(text) {
  return document.documentElement.lang === "fa" ? String(text).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]) : String(text);
}

/** Puts a pop-over under (or over) its button, inside the window, from the start of the line. */
export function placeAt(popover, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const gap = 6;
  const below = at.bottom + gap + size.height <= innerHeight || at.top < size.height + gap;
  const start = rtl() ? at.right - size.width : at.left;
  popover.style.top = `${Math.max(gap, below ? Math.min(at.bottom + gap, innerHeight - size.height - gap) : at.top - size.height - gap)}px`;
  popover.style.left = `${Math.max(gap, Math.min(start, innerWidth - size.width - gap))}px`;
}
