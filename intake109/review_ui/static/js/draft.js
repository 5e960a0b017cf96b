/* Nothing typed is ever lost: kept here at once, on the server a moment later, and when the page is left. */
import { post } from "./server.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const PAUSE_MS = 600;
const HOLD_MS = 1000;
const user = document.body.dataset.user;
let form = null;
let task = 0;
let timer = 0;
let isDirty = false;
let underway = Promise.resolve();

const place = (id) => `draft:${user}:${id}`;

/** Return the fields of a form as they stand. */
function fields(of) {
  return Object.fromEntries([...new FormData(of)].filter(([name]) => !name.startsWith("only_") && name !== "shelf"));
}

/** Watch a form; bring back what did not reach the server last time. */
export function watch(opened, id, restore) {
  form = opened;
  task = id;
  isDirty = false;
  const kept = JSON.parse(localStorage.getItem(place(id)) || "null");
  const saved = Date.parse(form.dataset.draftAt || "") || 0;
  if (kept && kept.at > saved) {
    restore(kept.values);
    toast(word("local_draft"));
    touch();
  }
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
}

/** Note that something was typed or chosen. */
export function touch() {
  if (!form) return;
  isDirty = true;
  localStorage.setItem(place(task), JSON.stringify({ at: Date.now(), values: fields(form) }));
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE_MS);
}

async function save(options = {}) {
  clearTimeout(timer);
  if (!form || !isDirty) return;
  const id = task;
  isDirty = false;
  try {
    const sending = post(`/tasks/${id}/draft`, fields(form), options);
    underway = sending.catch(() => {});
    const answer = await sending;
    if (answer.ok && !isDirty) localStorage.removeItem(place(id));
  } catch {
    isDirty = id === task;
    if (isDirty) timer = setTimeout(save, 5000);
  }
}

/** Hold back before a decision is sent, so that no draft overtakes it; the copy kept here stays until it succeeds. */
export async function hold() {
  clearTimeout(timer);
  await Promise.race([underway, new Promise((go) => { setTimeout(go, HOLD_MS); })]);
}

/** Keep on the server what is typed so far. */
export async function flush() {
  await save();
  await underway;
}

/** Keep what is typed and let the form go. */
export function close() {
  save({ keepalive: true });
  form = null;
}

/** The task is decided: its draft is no longer wanted. */
export function forget(id) {
  clearTimeout(timer);
  isDirty = false;
  localStorage.removeItem(place(id));
}
