/* Who reads a task: this page says so while it can be seen, every fifteen seconds and no oftener. */
import { leave, post } from "./server.js";

const BEAT_MS = 15000;
let reading = 0;
let timer = 0;

function beat() {
  if (reading && !document.hidden) post(`/tasks/${reading}/reading`, {}).catch(() => {});
}

/** Say which task is before the eyes, 0 for none. */
export function read(id) {
  if (id === reading) return;
  if (reading) post(`/tasks/${reading}/left`, {}).catch(() => {});
  clearInterval(timer);
  reading = id;
  if (!id) return;
  beat();
  timer = setInterval(beat, BEAT_MS);
}

/** Name who else reads a task, in the head of the opened one. */
export function show(task) {
  const sign = document.getElementById("readers");
  if (!sign || task.id !== reading) return;
  const me = Number(document.body.dataset.user);
  const names = task.readers.filter(([id]) => id !== me && id !== task.holder).map(([, name]) => name);
  sign.hidden = !names.length;
  sign.lastElementChild.textContent = names.join(", ");
}

export function start() {
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) beat();
    else if (reading) leave(`/tasks/${reading}/left`, {});
  });
  window.addEventListener("pagehide", () => { if (reading) leave(`/tasks/${reading}/left`, {}); });
}
