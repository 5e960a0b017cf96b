/* The list. Lines change in place; nothing moves while somebody reads. */
import { tick } from "./clock.js";
import { now, part } from "./server.js";
import { word } from "./words.js";

const rows = document.getElementById("rows");
const pill = document.getElementById("pill");
const empty = document.getElementById("list-empty");
const pending = new Set();
const stale = new Set();
const me = Number(document.body.dataset.user);
const IDLE_MS = 8000;
let selected = Number(rows?.dataset.opened || 0);
let openTimer = 0;
let refreshTimer = 0;
let touchedAt = 0;

const line = (id) => document.getElementById(`row-${id}`);
const isCheckList = () => rows.dataset.shelf === "unchecked";
const isQueue = () => isCheckList() || ["queue", "no_appeal"].includes(rows.dataset.shelf);

/** Mark the line of the opened task. */
export function select(id) {
  if (!rows) return;
  selected = id;
  rows.querySelectorAll(".row.selected").forEach((one) => {
    one.classList.remove("selected");
    one.querySelector("a").removeAttribute("aria-current");
    one.querySelector("a").tabIndex = -1;
  });
  const row = line(id) ?? rows.querySelector(".row");
  if (row) row.querySelector("a").tabIndex = 0; // the one line that Tab comes to
  if (!line(id)) return;
  row.classList.add("selected");
  row.querySelector("a").setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
}

/** Go up or down; the task is opened once the keys rest for a moment. */
export function move(step) {
  if (!rows) return false;
  const open = [...rows.querySelectorAll(".row")].filter((one) => !one.classList.contains("is-done") || Number(one.dataset.id) === selected);
  const at = open.findIndex((one) => Number(one.dataset.id) === selected);
  const next = open[at < 0 ? (step > 0 ? 0 : open.length - 1) : at + step];
  if (!next) return true;
  sweep();
  select(Number(next.dataset.id));
  clearTimeout(openTimer);
  openTimer = setTimeout(() => next.querySelector("a").click(), 110);
  return true;
}

/** A task is decided: its line fades and stays until the reader moves on. */
export function done(id, text) {
  const row = line(id);
  pending.delete(id);
  showPill();
  if (!row || !isQueue()) return;
  row.classList.add("is-done");
  row.dataset.doneAt = Date.now();
  const head = row.querySelector(".row-head");
  head.querySelector(".countdown, .tag.done, .tag.by-machine")?.remove();
  const tag = document.createElement("span");
  tag.className = "tag done";
  tag.textContent = text;
  head.append(tag);
  row.querySelector("[data-holder]").hidden = true;
}

/** Take away the faded lines; called when the reader moves. */
function sweep() {
  for (const one of rows.querySelectorAll(".row.is-done")) {
    if (Number(one.dataset.id) !== selected && Date.now() - Number(one.dataset.doneAt || 0) > 1500) one.remove();
  }
  showEmpty();
}

function showEmpty() {
  if (empty) empty.hidden = Boolean(rows.querySelector(".row:not(.is-done)"));
}

/** Show who holds a task and who reads it beside. */
export function hold(task) {
  const holder = line(task.id)?.querySelector("[data-holder]");
  if (!holder) return;
  const others = task.readers.filter(([id]) => id !== me && id !== task.holder).map(([, name]) => name);
  const name = task.holder === me ? word("mine") : task.holder_name;
  holder.hidden = !task.holder && !others.length;
  holder.dataset.until = (!others.length && task.until) || "";
  holder.classList.toggle("mine", task.holder === me);
  holder.classList.toggle("reading", !task.holder);
  holder.lastElementChild.textContent = [name, ...others].filter(Boolean).join(", ");
}

/** Take away the names of those whose lease ran out; nobody tells of that, it is only time that passes. */
function expire() {
  for (const one of rows.querySelectorAll("[data-holder]:not([hidden])")) {
    if (one.dataset.until && Number(one.dataset.until) <= now()) one.hidden = true;
  }
}

/** Say whether many who tell of one problem are one line here: in the whole queue, not where something is looked for. */
export const folds = () => rows?.dataset.shelf === "queue" && !["channel", "language", "sphere"].some((name) => rows.dataset[name]);

/** A task is one of many from now on: the line of all of them is fetched, and its own fades. */
export function gather(task) {
  pending.delete(task.id);
  showPill();
  refresh(task.storm);
}

/** Let the lines fade that are told by one line from now on; they go when the reader moves on. */
function fold(storm) {
  for (const one of rows.querySelectorAll(".row:not(.is-done)")) {
    if (one === storm || one.dataset.group !== storm.dataset.group || Number(one.dataset.id) === selected) continue;
    one.classList.add("is-done");
    one.dataset.doneAt = Date.now();
    one.querySelector(".countdown")?.remove();
  }
}

/** Fetch a line anew, together with others that change in the same moment. */
export function refresh(id) {
  stale.add(id);
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(() => { const ids = [...stale]; stale.clear(); fetchLines(ids); }, 150);
}

/** Keep a new task for when the reader wants it. */
export function announce(task) {
  const last = [...rows.querySelectorAll(".row")].at(-1);
  if (last && rows.querySelector(".more") && after(task.rank, task.turn, task.id, last)) return;
  pending.add(task.id);
  const isIdle = Date.now() - touchedAt > IDLE_MS && !rows.closest(".list-pane").matches(":hover");
  if (rows.scrollTop < 8 && (isIdle || !rows.querySelector(".row:not(.is-done)"))) showPending();
  else showPill();
}

export const has = (id) => Boolean(line(id));
/** Say whether a task belongs into the list as it is chosen. */
export function isShown(task) {
  if (!rows) return false;
  if (isCheckList()) return task.unchecked;
  return task.is_open && rows.dataset.shelf === task.shelf &&
    ["channel", "language", "sphere"].every((name) => !rows.dataset[name] || rows.dataset[name] === task[name]);
}

/** Say whether nothing is left to do about a task of this list. */
export const isOver = (task) => (task.is_open && task.shelf === "joined" && isQueue()) || (isCheckList() ? !task.unchecked : !task.is_open && isShown({ ...task, is_open: true }));

function showPill() {
  if (!pill) return;
  pill.hidden = pending.size === 0;
  pill.querySelector("span").textContent = word("fresh", { n: pending.size });
}

function showPending() {
  const ids = [...pending];
  pending.clear();
  showPill();
  if (ids.length) fetchLines(ids);
}

async function fetchLines(ids) {
  const query = rows.dataset.query ? `&${rows.dataset.query}` : "";
  const answer = await part(`/queue/lines?ids=${ids.join(",")}${query}`);
  if (!answer.ok) return;
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  for (const fresh of box.content.querySelectorAll(".row")) {
    const old = document.getElementById(fresh.id);
    if (old) old.replaceWith(fresh);
    else insert(fresh);
    if (Number(fresh.dataset.id) === selected) fresh.classList.add("selected");
    window.htmx.process(fresh);
    if (fresh.classList.contains("storm")) fold(fresh);
    pending.delete(Number(fresh.dataset.id));
  }
  tick(rows);
  showEmpty();
  showPill();
}

function insert(fresh) {
  fresh.classList.add("is-fresh");
  const { rank, turn, id } = fresh.dataset;
  const next = [...rows.querySelectorAll(".row")].find((one) => !after(Number(rank), Number(turn), Number(id), one));
  rows.insertBefore(fresh, next ?? rows.querySelector(".more"));
}

function after(rank, turn, id, row) {
  const there = [Number(row.dataset.rank), Number(row.dataset.turn), Number(row.dataset.id)];
  const here = [rank, turn, id];
  for (let i = 0; i < 3; i += 1) if (here[i] !== there[i]) return here[i] > there[i];
  return false;
}

export function start() {
  if (!rows) return;
  select(selected);
  setInterval(expire, 5000);
  pill.addEventListener("click", () => { rows.scrollTo({ top: 0 }); showPending(); });
  for (const kind of ["pointerdown", "wheel", "touchmove"]) rows.addEventListener(kind, () => { touchedAt = Date.now(); }, { passive: true });
  document.addEventListener("keydown", () => { touchedAt = Date.now(); });
  rows.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) { sweep(); select(Number(row.dataset.id)); }
  });
  document.getElementById("filters").addEventListener("change", (event) => event.currentTarget.requestSubmit());
}
