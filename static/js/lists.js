import { localDigits, on } from "./util.js";

// Ticking rows of a list: <form data-select> with [data-select-all], checkboxes named pk, and [data-selected], which
// says how many. Shift and click ticks a range. The bar itself appears by CSS (:has), so it needs no script.
let lastTicked = null;
const ticksOf = (form) => [...form.querySelectorAll("input[name=pk]")];

function tellSelected(form) {
  const ticks = ticksOf(form);
  const count = ticks.filter((tick) => tick.checked).length;
  const words = form.querySelector("[data-selected]");
  const all = form.querySelector("[data-select-all]");
  if (words) words.textContent = count === 1 ? words.dataset.one : words.dataset.many.replace("#", localDigits(count));
  if (all) {
    all.checked = count > 0 && count === ticks.length;
    all.indeterminate = count > 0 && count < ticks.length;
  }
}

on("change", "[data-select] [data-select-all]", (all) => {
  const form = all.closest("form");
  for (const tick of ticksOf(form)) tick.checked = all.checked;
  tellSelected(form);
});
on("click", "[data-select] input[name=pk]", (tick, event) => {
  const ticks = ticksOf(tick.form);
  const [from, to] = [ticks.indexOf(lastTicked), ticks.indexOf(tick)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) for (const one of ticks.slice(from, to + 1)) one.checked = tick.checked;
  lastTicked = tick;
  tellSelected(tick.form);
});
// Back in the history the browser ticks them again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-select]").forEach(tellSelected));
