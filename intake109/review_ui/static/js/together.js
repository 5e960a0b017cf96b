/* Several people who tell of one problem: which of their messages are decided together with the opened one. */
import { part } from "./server.js";
import { word } from "./words.js";

const PAUSE_MS = 800;
let timer = 0;

const panel = () => document.getElementById("together");
const boxes = () => [...(panel()?.querySelectorAll("[data-other]") ?? [])];

/** Say how many are ticked: above the list, and on the button that decides. */
export function count() {
  const ticked = boxes().filter((one) => one.checked).length;
  const label = panel()?.querySelector("[data-ticked]");
  if (label) label.textContent = boxes().length ? label.dataset.text.replace("{n}", ticked).replace("{all}", boxes().length) : "";
  const beside = document.querySelector("#submit [data-with]");
  if (beside) beside.textContent = ticked ? word("with_others", { n: ticked }) : "";
}

/** Tick all, or none if all are ticked already. */
function toggle() {
  const all = boxes();
  const wanted = all.some((one) => !one.checked);
  for (const one of all) one.checked = wanted;
  all[0]?.focus();
  count();
}

/** Walk the list with the arrows; the space bar ticks. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (!step || !event.target.matches?.("[data-other]")) return;
  event.preventDefault();
  event.stopPropagation();
  const all = boxes();
  all[all.indexOf(event.target) + step]?.focus();
}

/** Somebody else tells of the same, or no longer waits: fetch the list anew and keep what was ticked by hand. */
export function changed(task) {
  const place = panel();
  if (!place || !task.group || place.dataset.group !== task.group || task.id === Number(place.dataset.task)) return;
  const isListed = boxes().some((one) => Number(one.value) === task.id);
  if (task.is_open === isListed) return;
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE_MS);
}

async function refresh() {
  const place = panel();
  if (!place) return;
  const before = new Map(boxes().map((one) => [one.value, one.checked]));
  const answer = await part(`/tasks/${place.dataset.task}/together`);
  if (!answer.ok || panel() !== place) return;
  const at = place.querySelector(".others")?.scrollTop ?? 0;
  const focused = place.contains(document.activeElement) ? document.activeElement.value : "";
  place.outerHTML = await answer.text();
  window.htmx.process(panel());
  for (const one of boxes()) {
    if (before.has(one.value)) one.checked = before.get(one.value);
    if (focused && one.value === focused) one.focus({ preventScroll: true });
  }
  const list = panel().querySelector(".others");
  if (list) list.scrollTop = at;
  count();
}

export function start() {
  const detail = document.getElementById("detail");
  if (!detail) return;
  detail.addEventListener("change", (event) => { if (event.target.matches("[data-other]")) count(); });
  detail.addEventListener("click", (event) => { if (event.target.closest("[data-together-all]")) toggle(); });
  detail.addEventListener("keydown", walk);
  document.body.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === detail) count(); });
  count();
}
