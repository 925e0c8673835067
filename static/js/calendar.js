import { on, placeAt, rtl } from "./util.js";

// The date field: <div class="date-input" data-date-input data-calendar-url data-parse-url><input><button>…</div> and a
// month that the server draws, a <table role="grid"> whose day buttons carry data-date (typed form) and data-iso.
const calendarOf = (element) => element.closest(".calendar");
let calendarField = null;

async function openCalendar(field) {
  let box = document.getElementById("calendar");
  if (!box) {
    box = document.createElement("div");
    box.id = "calendar";
    box.className = "calendar";
    box.popover = "auto";
    box.setAttribute("role", "dialog");
    document.body.append(box);
  }
  calendarField = field;
  box.setAttribute("aria-label", field.querySelector("button")?.getAttribute("aria-label") ?? "");
  // In a modal dialog the rest of the page is inert, so the pop-over moves inside.
  (field.closest("dialog") ?? document.body).append(box);
  await loadMonth(box, new URL(field.dataset.calendarUrl, location.href));
  box.showPopover();
  placeAt(box, field);
  focusDay(box);
}

async function loadMonth(box, url) {
  const typed = calendarField?.querySelector("input")?.value;
  if (typed && !url.searchParams.has("month")) url.searchParams.set("value", typed);
  const answer = await fetch(url, { headers: { "HX-Request": "true" } });
  if (answer.ok) box.innerHTML = await answer.text();
}

const days = (box) => [...box.querySelectorAll("[data-date]:not(:disabled)")];

function focusDay(box, iso) {
  const day = (iso && box.querySelector(`[data-iso="${iso}"]`)) || box.querySelector('[aria-selected="true"] [data-date], [data-date][aria-selected="true"]') || box.querySelector('[aria-current="date"] [data-date], [data-date][aria-current="date"]') || days(box)[0];
  if (!day) return;
  days(box).forEach((one) => (one.tabIndex = one === day ? 0 : -1));
  day.focus();
}

const shifted = (iso, count) => {
  const day = new Date(`${iso}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + count);
  return day.toISOString().slice(0, 10);
};

async function turn(box, way, iso) {
  const link = box.querySelector(`[data-month="${way}"]`);
  if (!link) return;
  await loadMonth(box, new URL(link.dataset.url ?? link.getAttribute("href"), location.href));
  focusDay(box, iso);
}

on("click", "[data-date-input] > button", (button, event) => {
  event.preventDefault();
  openCalendar(button.closest("[data-date-input]"));
});
on("click", ".calendar [data-month]", (link, event) => {
  event.preventDefault();
  turn(calendarOf(link), link.dataset.month);
});
on("click", ".calendar [data-date]", (day) => {
  const input = calendarField.querySelector("input");
  input.value = day.dataset.date;
  calendarOf(day).hidePopover();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
});
on("keydown", ".calendar [data-date]", async (day, event) => {
  const box = calendarOf(day);
  const step = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1, ArrowDown: 7, ArrowUp: -7 }[event.code];
  if (step) {
    event.preventDefault();
    const iso = shifted(day.dataset.iso, step);
    if (box.querySelector(`[data-iso="${iso}"]:not(:disabled)`)) focusDay(box, iso);
    else await turn(box, step > 0 ? "next" : "previous", iso);
  } else if (event.code === "PageDown" || event.code === "PageUp") {
    event.preventDefault();
    await turn(box, event.code === "PageDown" ? "next" : "previous");
  } else if (event.code === "Home" || event.code === "End") {
    event.preventDefault();
    const week = [...day.closest("tr").querySelectorAll("[data-iso]")];
    focusDay(box, week.at(event.code === "Home" ? 0 : -1).dataset.iso);
  }
});
