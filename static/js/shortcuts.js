import { openPalette } from "./palette.js";
import { on } from "./util.js";

// Single keys go by their place on the keyboard (event.code), so they work with the Persian layout on. They can be
// switched off (WCAG 2.1.4); the choice stays in this browser.
const SWITCH = "tasmim-shortcuts";
export const shortcutsOn = () => {
  try { return localStorage.getItem(SWITCH) !== "off"; } catch { return true; }
};
let going = 0;

const typing = (target) => target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog[open]");
const visible = (element) => element && element.checkVisibility?.() !== false;
const target = (name) => [...document.querySelectorAll(`[data-shortcut="${name}"]`)].find(visible);

function focusSearch() {
  if (openPalette()) return true;
  const field = target("search");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

function act(element) {
  if (!element) return false;
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
  return true;
}

function go(letter) {
  const link = document.querySelector(`[data-go="${letter}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

function pressed(event) {
  const letter = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
  if (Date.now() < going) {
    going = 0;
    return go(letter);
  }
  if (letter === "g") {
    going = Date.now() + 1200;
    return true;
  }
  if (event.key === "?" || event.key === "؟") return act(document.querySelector("[data-open-dialog=shortcuts]"));
  if (event.code === "Slash") return focusSearch();
  return letter ? act(target(letter)) : false;
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
    if (focusSearch()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || !shortcutsOn()) return;
  if (pressed(event)) event.preventDefault();
});

on("change", "[data-shortcuts-switch]", (box) => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
const shortcutsSwitch = document.querySelector("[data-shortcuts-switch]");
if (shortcutsSwitch) shortcutsSwitch.checked = shortcutsOn();
