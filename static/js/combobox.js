import { on } from "./util.js";

// A text field that proposes what the server finds:
//   <div class="combobox" data-combobox="/search-url"><input type="text" name="…_text"><input type="hidden" name="…"></div>
// The server answers <li role="option" data-value="…">. Choosing fills both inputs, typing empties the hidden one.
// Without JavaScript the typed text goes to the server, which matches it.
const WAIT_MS = 140;
let comboboxTimer, comboboxRequest, comboboxCount = 0;

const comboboxOf = (element) => element.closest("[data-combobox]");
const listOf = (box) => box.querySelector("[role=listbox]");
const optionsOf = (box) => [...(listOf(box)?.querySelectorAll("[role=option]") ?? [])];
const textOf = (box) => box.querySelector("input:not([type=hidden])");

function prepare(box) {
  if (listOf(box)) return;
  const list = document.createElement("ul");
  list.setAttribute("role", "listbox");
  list.id = `options-${(comboboxCount += 1)}`;
  list.hidden = true;
  list.setAttribute("aria-label", textOf(box).labels?.[0]?.textContent.trim() || "…");
  box.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    textOf(box).setAttribute(name, value);
  }
}

function shut(box) {
  if (!listOf(box)) return;
  listOf(box).hidden = true;
  textOf(box).setAttribute("aria-expanded", "false");
  textOf(box).removeAttribute("aria-activedescendant");
}

function mark(box, option) {
  for (const one of optionsOf(box)) one.setAttribute("aria-selected", String(one === option));
  textOf(box).setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function choose(box, option) {
  textOf(box).value = option.dataset.text ?? option.firstChild.textContent.trim();
  const hidden = box.querySelector("input[type=hidden]");
  hidden.value = option.dataset.value ?? "";
  shut(box);
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
}

async function propose(box) {
  prepare(box);
  comboboxRequest?.abort();
  comboboxRequest = new AbortController();
  const url = new URL(box.dataset.combobox, location.href);
  url.searchParams.set("q", textOf(box).value);
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: comboboxRequest.signal });
    if (!answer.ok) return shut(box);
    listOf(box).innerHTML = await answer.text();
  } catch (error) {
    if (error.name !== "AbortError") shut(box);
    return;
  }
  optionsOf(box).forEach((option, place) => (option.id = `${listOf(box).id}-${place}`));
  listOf(box).hidden = !listOf(box).childElementCount || document.activeElement !== textOf(box);
  textOf(box).setAttribute("aria-expanded", String(!listOf(box).hidden));
  const first = optionsOf(box)[0];
  if (first && textOf(box).value) mark(box, first);
}

const proposeSoon = (box) => {
  clearTimeout(comboboxTimer);
  comboboxTimer = setTimeout(() => propose(box), WAIT_MS);
};

on("input", "[data-combobox] input:not([type=hidden])", (input) => {
  comboboxOf(input).querySelector("input[type=hidden]").value = "";
  proposeSoon(comboboxOf(input));
});
on("focusin", "[data-combobox] input:not([type=hidden])", (input) => prepare(comboboxOf(input)));
on("click", "[data-combobox] input:not([type=hidden])", (input) => { if (!input.value) propose(comboboxOf(input)); });
on("focusout", "[data-combobox]", (box, event) => { if (!box.contains(event.relatedTarget)) shut(box); });
on("mousedown", "[data-combobox] [role=option]", (option, event) => {
  event.preventDefault();
  choose(comboboxOf(option), option);
});

on("keydown", "[data-combobox] input:not([type=hidden])", (input, event) => {
  const box = comboboxOf(input);
  const options = optionsOf(box);
  const open = listOf(box) && !listOf(box).hidden;
  const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (step) {
    event.preventDefault();
    if (!open) propose(box);
    else if (options.length) mark(box, options.at((here + step) % options.length));
  } else if (open && here >= 0 && (event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab")) {
    if (event.code !== "Tab") event.preventDefault();
    choose(box, options[here]);
  } else if (open && event.code === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    shut(box);
  }
});
