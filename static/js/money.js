// The amount in words while it is typed: «دوازده میلیون تومان», to see a zero too many before it is saved.
import { fragment, on } from "./util.js";

const pause = 300;
const waiting = new WeakMap();

async function sayAmount(field, input) {
  const said = field.querySelector("[data-money-echo]");
  if (!input.value.trim()) return said.replaceChildren();
  const url = new URL(field.dataset.readUrl, location.href);
  url.searchParams.set("q", input.value);
  const answer = await fetch(url, fragment).catch(() => null);
  if (!answer || (answer.status !== 200 && answer.status !== 422)) return;
  const words = await answer.text();
  if (url.searchParams.get("q") === input.value) said.innerHTML = words;
}

on("input", "[data-money-input] input", (input) => {
  const field = input.closest("[data-money-input]");
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(sayAmount, pause, field, input));
});
