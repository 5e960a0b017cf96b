/* The control page: its list under j and k, dialogs, the seconds in which an act can be taken back, and what others do. */
import { now, part, post } from "./server.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const pane = document.getElementById("control");
const detail = document.getElementById("detail");
const MEMORY = "undo-control";
const TYPING = 'textarea, select, [contenteditable], input:not([type="radio"], [type="checkbox"], [type="button"])';
let opened = pane?.dataset.opened ?? "";
let openTimer = 0;
let freshTimer = 0;
let asking = 0;

const lines = () => [...pane.querySelectorAll(".row[data-number]")];
/** Say whether the opened appeal must not be replaced: somebody types, or its own answer is on the way. */
const isBusy = () => asking > 0 || Boolean(document.querySelector("dialog[open]")) || Boolean(document.activeElement?.matches(TYPING));

/** Mark the line of the opened appeal; it is the one that Tab comes to. */
function select(number) {
  opened = number;
  for (const one of lines()) {
    const isOpened = one.dataset.number === number;
    one.classList.toggle("selected", isOpened);
    const link = one.querySelector("a");
    if (isOpened) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    link.tabIndex = isOpened ? 0 : -1;
    if (isOpened) one.scrollIntoView({ block: "nearest" });
  }
  const first = lines()[0]?.querySelector("a");
  if (first && !pane.querySelector('a[aria-current="true"]')) first.tabIndex = 0;
}

function move(step) {
  const all = lines();
  const at = all.findIndex((one) => one.dataset.number === opened);
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  if (!next) return;
  select(next.dataset.number);
  clearTimeout(openTimer);
  openTimer = setTimeout(() => next.querySelector("a").click(), 110);
}

function onKey(event) {
  const dialog = document.querySelector("dialog[open]");
  if (dialog && event.code === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    dialog.querySelector("[data-send]")?.click();
    return;
  }
  if (!pane || dialog || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isBusy()) return;
  const step = { ArrowDown: 1, KeyJ: 1, KeyN: 1, ArrowUp: -1, KeyK: -1 }[event.code];
  if (!step) return;
  event.preventDefault();
  move(step);
}

/** Say what was done, and offer to take it back for as long as nobody has heard of it. */
function tell({ number, what, text, seconds }) {
  document.querySelectorAll(".toast[data-controlled]").forEach((one) => one.remove()); // only the last act can be taken back
  const box = toast(text, { seconds: Math.max(seconds, 4) });
  box.dataset.controlled = number;
  if (!seconds) return;
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.key = "KeyU";
  const sign = document.createElement("kbd");
  sign.textContent = "u";
  sign.setAttribute("aria-hidden", "true");
  button.append(word("undo"), sign);
  button.addEventListener("click", () => takeBack(number, what, box));
  const fuse = document.createElement("span");
  fuse.className = "fuse";
  box.append(button, fuse);
  fuse.animate([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], { duration: seconds * 1000, fill: "forwards" });
}

async function takeBack(number, what, box) {
  box.querySelector("button").disabled = true;
  sessionStorage.removeItem(MEMORY);
  if (pane) {
    const values = { what, shelf: pane.dataset.shelf };
    await window.htmx.ajax("POST", `/control/${number}/undo`, { target: "#detail", swap: "innerHTML", values });
  } else {
    const answer = await post(`/control/${number}/undo`, { what, back: "appeal" });
    if (answer.ok) location.reload();
    else toast(word("too_late"));
  }
  box.remove();
}

function onControlled(event) {
  const { number, what, text, seconds } = event.detail;
  const told = { number, what, text, seconds };
  document.querySelectorAll("dialog[open]").forEach((one) => one.close());
  document.getElementById("notice")?.replaceChildren();
  sessionStorage.setItem(MEMORY, JSON.stringify({ ...told, until: Date.now() + Math.max(told.seconds, 4) * 1000 }));
  tell(told);
  if (pane) refresh();
}

/** Say a refusal in the dialog it is about: what lies behind an open dialog is dimmed. */
function refuse(event) {
  const dialog = document.querySelector("dialog.control-sheet[open]");
  if (!dialog || event.detail.target.id !== "notice") return;
  dialog.querySelector(".refusal")?.remove();
  const told = document.createElement("p");
  told.className = "strip warn refusal";
  told.setAttribute("role", "alert");
  told.textContent = event.detail.target.querySelector("p")?.textContent ?? "";
  event.detail.target.replaceChildren();
  dialog.querySelector(".sheet-foot").before(told);
}

/** Show again what was done when the page was left. */
function restore() {
  const kept = JSON.parse(sessionStorage.getItem(MEMORY) || "null");
  const left = kept ? (kept.until - Date.now()) / 1000 : 0;
  if (left > 0.5) tell({ ...kept, seconds: kept.seconds ? left : 0 });
}

/** Fetch the list anew, once for all that changes in the same moment. */
function refresh() {
  clearTimeout(freshTimer);
  freshTimer = setTimeout(fetchList, 200);
}

async function fetchList() {
  const answer = await part(`/control?shelf=${pane.dataset.shelf}`);
  if (!answer.ok) return;
  const top = pane.querySelector(".rows")?.scrollTop ?? 0;
  pane.innerHTML = await answer.text();
  window.htmx.process(pane);
  pane.querySelector(".rows").scrollTop = top;
  select(opened);
}

async function onChanges(event) {
  refresh();
  const shown = detail.querySelector(".control-one")?.dataset.number;
  if (!shown || !event.detail.includes(shown) || isBusy()) return;
  const answer = await part(`/control/${shown}?shelf=${pane.dataset.shelf}`);
  if (!answer.ok || isBusy() || detail.querySelector(".control-one")?.dataset.number !== shown) return;
  const top = detail.querySelector(".control-body")?.scrollTop ?? 0;
  detail.innerHTML = await answer.text();
  window.htmx.process(detail);
  detail.querySelector(".control-body").scrollTop = top;
}

/** How long danger has been known, as hours, minutes and seconds. */
function tick() {
  for (const one of pane.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.round((now() - Date.parse(one.dateTime)) / 1000));
    const rest = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
    one.textContent = [Math.floor(seconds / 3600), ...rest].join(":");
  }
}

export function start() {
  document.addEventListener("keydown", onKey);
  document.body.addEventListener("controlled", onControlled);
  document.body.addEventListener("htmx:afterSwap", refuse);
  document.addEventListener("click", (event) => event.target.closest("[data-shut]")?.closest("dialog").close());
  restore();
  if (!pane) return;
  detail.addEventListener("htmx:beforeRequest", () => { asking += 1; });
  document.body.addEventListener("htmx:afterRequest", (event) => { if (detail === event.target || detail.contains(event.target)) asking = 0; });
  select(opened);
  setInterval(tick, 1000);
  document.addEventListener("appeals", onChanges);
  pane.addEventListener("click", (event) => {
    const row = event.target.closest(".row[data-number]");
    if (!row) return;
    select(row.dataset.number);
    document.body.classList.add("has-detail");
  });
}
