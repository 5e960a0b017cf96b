/* Countdowns and "two minutes ago", ticking on the server's clock. One timer for the whole page. */
import { now } from "./server.js";

const icons = document.querySelector('link[rel="icon"]').getAttribute("href").replace("favicon.svg", "icons.svg");

/** Write a span of milliseconds as m:ss, from an hour on h:mm:ss. */
export function span(milliseconds) {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const pad = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const shown = hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
  return milliseconds < 0 ? `−${shown}` : shown;
}

function urgency(left, target, at) {
  if (left <= 0) return "late";
  return at >= target ? "due" : "calm";
}

/** Bring every clock within `root` up to date. */
export function tick(root = document) {
  const at = now();
  for (const one of root.querySelectorAll("[data-countdown]")) {
    const left = Date.parse(one.dateTime) - at;
    const kind = urgency(left, Date.parse(one.dataset.target), at);
    const text = span(left);
    const label = one.lastElementChild;
    if (label.textContent !== text) label.textContent = text;
    if (!one.classList.contains(kind)) {
      one.classList.remove("calm", "due", "late");
      one.classList.add(kind);
      one.querySelector("use").setAttribute("href", `${icons}#${kind === "late" ? "late" : "timer"}`);
    }
  }
  const oldest = document.querySelector('[data-stat="oldest"]');
  if (oldest && root === document) oldest.textContent = oldest.dataset.until ? span(Number(oldest.dataset.until) - at) : "—";
}

export function start() {
  tick();
  setInterval(() => { if (!document.hidden) tick(); }, 1000);
  document.addEventListener("visibilitychange", () => tick());
}
