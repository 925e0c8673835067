import { on } from "./util.js";

// The palette: type → records from the server and commands of this page's frame; arrows choose, Enter goes, Escape
// shuts. `openPalette` is called by the keys / and Ctrl K. Without JavaScript the search page does the same.
const PALETTE_WAIT_MS = 120;
let paletteTimer, paletteRequest;

const palette = () => document.getElementById("palette");
const paletteInput = () => palette().querySelector("[role=combobox]");
const paletteOptions = () => [...palette().querySelectorAll("[role=option]")].filter((option) => !option.hidden);
const paletteFold = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u064b-\u0655\u0640]/g, "").replace(/ي|ى/g, "ی").replace(/ك/g, "ک").replace(/[\s\u200c]+/g, "");

export function openPalette() {
  if (!palette()) return false;
  if (!palette().open) palette().showModal();
  paletteInput().focus();
  paletteInput().select();
  filterCommands();
  return true;
}

function markOption(option) {
  for (const one of palette().querySelectorAll("[role=option]")) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    paletteInput().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else paletteInput().removeAttribute("aria-activedescendant");
}

function drawOptions() {
  palette().querySelectorAll("[role=option]").forEach((option, place) => (option.id = `palette-${place}`));
  const none = palette().querySelector("[data-none]");
  none.hidden = paletteOptions().length > 0;
  none.textContent = none.hidden ? "" : none.dataset.none;
  markOption(paletteOptions()[0]);
}

function filterCommands() {
  const typed = paletteFold(paletteInput().value);
  for (const group of palette().querySelectorAll("[data-commands]")) {
    for (const option of group.querySelectorAll("[role=option]")) option.hidden = !paletteFold(option.querySelector("span").textContent).includes(typed);
    group.hidden = !group.querySelector("[role=option]:not([hidden])");
  }
  drawOptions();
}

async function findRecords() {
  paletteRequest?.abort();
  paletteRequest = new AbortController();
  const url = new URL(palette().dataset.palette, location.href);
  url.searchParams.set("q", paletteInput().value);
  let found = "";
  try {
    if (paletteInput().value.trim()) {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: paletteRequest.signal });
      if (answer.ok) found = await answer.text();
    }
  } catch (error) {
    if (error.name === "AbortError") return;
  }
  palette().querySelector("[data-found]").innerHTML = found;
  palette().removeAttribute("aria-busy");
  drawOptions();
}

on("input", "#palette [role=combobox]", () => {
  filterCommands();
  palette().setAttribute("aria-busy", "true");
  clearTimeout(paletteTimer);
  paletteTimer = setTimeout(findRecords, PALETTE_WAIT_MS);
});

on("keydown", "#palette [role=combobox]", (input, event) => {
  const options = paletteOptions();
  const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (step && options.length) {
    event.preventDefault();
    markOption(options.at((here + step) % options.length));
  } else if ((event.code === "Enter" || event.code === "NumpadEnter") && !event.isComposing) {
    event.preventDefault();
    // Faster than the answer: the search page has it.
    if (palette().hasAttribute("aria-busy")) location.assign(`${palette().dataset.palette}?${new URLSearchParams({ q: input.value })}`);
    else options[here]?.click();
  }
});
on("mousemove", "#palette [role=option]", (option) => { if (option.getAttribute("aria-selected") !== "true") markOption(option); });
