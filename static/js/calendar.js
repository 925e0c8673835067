import { fragment, on, placeAt, rtl } from "./util.js";

// The date field of templates/l10n/date_input.html: a month drawn by the server in a pop-over, and the day in words
// beside what was typed. The text field alone is enough; this only helps.
const fieldOf = (element) => element.closest("[data-date-input]");
const popOf = (field) => field.querySelector("[data-calendar]");
const textIn = (field) => field.querySelector("input[type=text]");

function showDateButtons() {
  document.querySelectorAll("[data-calendar-open][hidden]").forEach((button) => (button.hidden = false));
}
showDateButtons();
document.addEventListener("htmx:after:swap", showDateButtons);

async function loadMonth(field, day) {
  const url = new URL(field.dataset.calendarUrl, location.href);
  url.searchParams.set("prefer", field.dataset.prefer);
  if (field.dataset.iso) url.searchParams.set("selected", field.dataset.iso);
  if (day) url.searchParams.set("day", day);
  const answer = await fetch(url, fragment).catch(() => null);
  if (!answer?.ok) return false;
  popOf(field).innerHTML = await answer.text();
  window.htmx?.process(popOf(field));
  return true;
}

function focusDay(pop, iso) {
  const day = pop.querySelector(`button.day[data-day="${iso}"]`) ?? pop.querySelector('button.day[tabindex="0"]');
  pop.querySelectorAll("button.day").forEach((one) => (one.tabIndex = one === day ? 0 : -1));
  day?.focus();
}

on("click", "[data-calendar-open]", async (button) => {
  const field = fieldOf(button);
  if (!(await loadMonth(field))) return textIn(field).focus();
  popOf(field).showPopover();
  placeAt(popOf(field), field);
  button.setAttribute("aria-expanded", "true");
  focusDay(popOf(field), field.dataset.iso);
});
document.addEventListener("toggle", ({ target, newState }) => {
  if (newState !== "closed" || !target.matches?.("[data-calendar]")) return;
  fieldOf(target).querySelector("[data-calendar-open]").setAttribute("aria-expanded", "false");
}, true);

on("click", "[data-calendar] [data-text]", (day) => {
  const field = fieldOf(day);
  textIn(field).value = day.dataset.text;
  field.dataset.iso = day.dataset.day;
  popOf(field).hidePopover();
  for (const type of ["input", "change"]) textIn(field).dispatchEvent(new Event(type, { bubbles: true }));
  textIn(field).focus();
});

const shifted = (iso, count) => {
  const day = new Date(`${iso}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + count);
  return day.toISOString().slice(0, 10);
};

function wantedDay(day, event, grid) {
  const along = rtl() ? -1 : 1;
  const step = { ArrowRight: along, ArrowLeft: -along, ArrowDown: 7, ArrowUp: -7 }[event.code];
  if (step) return shifted(day.dataset.day, step);
  const week = [...day.closest("tr").querySelectorAll("[data-day]")];
  if (event.code === "Home") return week[0].dataset.day;
  if (event.code === "End") return week.at(-1).dataset.day;
  if (event.code === "PageUp") return event.shiftKey ? grid.dataset.yearBefore : grid.dataset.monthBefore;
  if (event.code === "PageDown") return event.shiftKey ? grid.dataset.yearAfter : grid.dataset.monthAfter;
  return null;
}

on("keydown", "[data-calendar] button.day", async (day, event) => {
  const field = fieldOf(day);
  const wanted = wantedDay(day, event, popOf(field).querySelector("[data-month-before]"));
  if (!wanted) return;
  event.preventDefault();
  const shown = popOf(field).querySelector(`button.day:not(.outside)[data-day="${wanted}"]`);
  if (shown || (await loadMonth(field, wanted))) focusDay(popOf(field), wanted);
});

// The echo: «پنجشنبه ۱۲ آذر ۱۴۰۵ · ۱۲ روز دیگر», or what is wrong with it.
on("change", "[data-date-input] input[type=text]", async (input) => {
  const field = fieldOf(input);
  const echo = field.querySelector("[data-date-echo]");
  if (!input.value.trim()) return echo.replaceChildren();
  const url = new URL(field.dataset.parseUrl, location.href);
  url.searchParams.set("q", input.value);
  url.searchParams.set("prefer", field.dataset.prefer);
  const answer = await fetch(url, fragment).catch(() => null);
  if (!answer || (answer.status !== 200 && answer.status !== 422)) return;
  echo.innerHTML = await answer.text();
  field.dataset.iso = echo.querySelector("time")?.dateTime ?? "";
});
