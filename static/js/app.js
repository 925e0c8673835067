on("change", "form[data-autosubmit]", (form) => form.requestSubmit());
on("keydown", "textarea", (area, event) => {
if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) area.form?.requestSubmit();
});
on("dragover", "[data-drop]", (zone, event) => {
event.preventDefault();
zone.classList.add("over");
});
on("dragleave", "[data-drop]", (zone) => zone.classList.remove("over"));
on("drop", "[data-drop]", (zone, event) => {
event.preventDefault();
zone.classList.remove("over");
const input = zone.querySelector("input[type=file]");
if (!event.dataTransfer.files.length) return;
input.files = event.dataTransfer.files;
input.dispatchEvent(new Event("change", { bubbles: true }));
});
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
on("keydown", "form[data-cell]", (form, event) => {
if (event.code !== "Escape" || event.defaultPrevented) return;
event.preventDefault();
form.querySelector("[data-leave]").click();
});
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
addEventListener("pageshow", () => document.querySelectorAll("form[data-select]").forEach(tellSelected));
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
on("click", "[data-open-dialog]", (button) => {
button.closest("[popover]")?.hidePopover();
document.getElementById(button.dataset.openDialog)?.showModal();
});
on("click", "[data-close-dialog]", (button) => button.closest("dialog").close());
on("click", "dialog", (dialog, event) => {
if (event.target !== dialog) return;
const at = dialog.getBoundingClientRect();
const inside = event.clientX >= at.left && event.clientX <= at.right && event.clientY >= at.top && event.clientY <= at.bottom;
if (!inside) dialog.close();
});
document.addEventListener("htmx:after:swap", () => {
const dialog = document.getElementById("dialog");
if (!dialog) return;
const filled = dialog.childElementCount > 0;
if (filled && !dialog.open) {
dialog.showModal();
dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea")?.focus();
}
if (!filled && dialog.open) dialog.close();
});
document.addEventListener("close", ({ target }) => {
if (target.id === "dialog") target.replaceChildren();
}, true);
document.addEventListener("close-dialog", () => document.getElementById("dialog")?.close());
document.addEventListener("toggle", (event) => {
const popover = event.target;
if (event.newState !== "open" || !popover.matches?.(".menu[popover]")) return;
const anchor = event.source || document.querySelector(`[popovertarget="${CSS.escape(popover.id)}"]`);
if (anchor) placeAt(popover, anchor);
}, true);
on("keydown", ".menu[popover]", (menu, event) => {
const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
const ends = { Home: 0, End: -1 };
const lines = [...menu.querySelectorAll("a, button:not(:disabled)")];
if (!lines.length || (!step && !(event.code in ends))) return;
event.preventDefault();
const here = lines.indexOf(document.activeElement);
lines.at(step ? (here + step) % lines.length : ends[event.code]).focus();
});
on("keydown", "[popovertarget]", (button, event) => {
if (event.code !== "ArrowDown") return;
const menu = document.getElementById(button.getAttribute("popovertarget"));
if (!menu?.matches(".menu")) return;
event.preventDefault();
menu.showPopover({ source: button });
menu.querySelector("a, button")?.focus();
});
on("keydown", "[role=tablist]", (list, event) => {
const step = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[event.code];
if (!step) return;
const tabs = [...list.querySelectorAll("[role=tab]")];
tabs.at((tabs.indexOf(document.activeElement) + step) % tabs.length).focus();
});
document.addEventListener("submit", (event) => {
const asks = event.submitter?.dataset.confirm || event.target.dataset.confirm;
if (asks && !window.confirm(asks)) {
event.preventDefault();
event.stopImmediatePropagation();
}
}, true);
const PALETTE_WAIT_MS = 120;
let paletteTimer, paletteRequest;
const palette = () => document.getElementById("palette");
const paletteInput = () => palette().querySelector("[role=combobox]");
const paletteOptions = () => [...palette().querySelectorAll("[role=option]")].filter((option) => !option.hidden);
const paletteFold = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u064b-\u0655\u0640]/g, "").replace(/ي|ى/g, "ی").replace(/ك/g, "ک").replace(/[\s\u200c]+/g, "");
function openPalette() {
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
if (palette().hasAttribute("aria-busy")) location.assign(`${palette().dataset.palette}?${new URLSearchParams({ q: input.value })}`);
else options[here]?.click();
}
});
on("mousemove", "#palette [role=option]", (option) => { if (option.getAttribute("aria-selected") !== "true") markOption(option); });
const SWITCH = "tasmim-shortcuts";
const shortcutsOn = () => {
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
function tickTimer(clock) {
if ("stopped" in clock.dataset) return;
const passed = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.start)) / 1000));
const budget = Number(clock.dataset.budget) || 0;
const left = budget ? budget - passed : passed;
const size = Math.abs(left);
const two = (number) => String(number).padStart(2, "0");
const hours = Math.floor(size / 3600);
const shown = `${left < 0 ? "+" : ""}${hours ? `${hours}:` : ""}${two(Math.floor(size / 60) % 60)}:${two(size % 60)}`;
clock.textContent = localDigits(shown);
clock.classList.toggle("over", left < 0);
const fill = clock.parentElement.querySelector("[data-timer-meter] .fill, .meter .fill");
if (fill && budget) fill.setAttribute("width", Math.min(100, (passed * 100) / budget).toFixed(1));
}
const tickTimers = () => document.querySelectorAll("[data-timer]").forEach(tickTimer);
setInterval(tickTimers, 1000);
tickTimers();
const TOAST_MS = 6000;
const toasts = document.getElementById("toasts");
function fadeLater(toast) {
if (toast.classList.contains("error")) return;
let timer = setTimeout(() => toast.remove(), TOAST_MS);
toast.addEventListener("pointerenter", () => clearTimeout(timer));
toast.addEventListener("focusin", () => clearTimeout(timer));
toast.addEventListener("pointerleave", () => (timer = setTimeout(() => toast.remove(), TOAST_MS)));
}
function toast(text, kind = "error") {
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
document.addEventListener("tasmim:failed", ({ detail }) => {
if (!detail.status) return toast(toasts.dataset.offline);
toast(detail.said ? decodeURIComponent(detail.said) : detail.status === 403 ? toasts.dataset.refused : toasts.dataset.failed);
});
const rtl = () => document.documentElement.dir === "rtl";
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}")["X-CSRFToken"] || "";
/** What marks our own fetch as one for a part of a page. */
const fragment = { headers: { "HX-Request": "true" } };
/** Calls `act(element, event)` when `type` happens on or inside an element that fits `selector`. */
function on(type, selector, act) {
document.addEventListener(type, (event) => {
const element = event.target instanceof Element && event.target.closest(selector);
if (element) act(element, event);
});
}
function localDigits(text) {
return document.documentElement.lang === "fa" ? String(text).replace(/[0-9]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]) : String(text);
}
/** Puts a pop-over under (or over) its button, inside the window, from the start of the line. */
function placeAt(popover, anchor) {
const at = anchor.getBoundingClientRect();
const size = popover.getBoundingClientRect();
const gap = 6;
const below = at.bottom + gap + size.height <= innerHeight || at.top < size.height + gap;
const start = rtl() ? at.right - size.width : at.left;
popover.style.top = `${Math.max(gap, below ? Math.min(at.bottom + gap, innerHeight - size.height - gap) : at.top - size.height - gap)}px`;
popover.style.left = `${Math.max(gap, Math.min(start, innerWidth - size.width - gap))}px`;
}
