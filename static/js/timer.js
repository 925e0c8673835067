import { localDigits } from "./util.js";

// The clock of a meeting's section: <div class="timer" data-timer data-start="ISO" data-budget="seconds">. The server
// writes the first reading; `data-stopped` freezes it. <svg class="meter" data-timer-meter> beside it fills up.
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
