/* The line at the foot: fetched anew only when what it says has changed. It has one height, so nothing ever jumps. */
import { toast } from "./toast.js";
import { word } from "./words.js";

let timer = 0;
const line = () => document.getElementById("desk-line");

function refresh() {
  clearTimeout(timer);
  timer = setTimeout(() => window.htmx.ajax("GET", "/desk-line", { target: "#desk-line", swap: "outerHTML" }), 100);
}

/** Compare what the feed says of channels and people with what stands there. */
export function figures(counts) {
  if (line() && counts.desk !== undefined && counts.desk !== line().dataset.sign) refresh();
}

/** A task was put before this person, or no longer is. */
export function told(task) {
  if (!line()) return;
  const known = line().dataset.given.split(",").includes(String(task.id));
  const isMine = task.is_open && Boolean(task.given_by) && task.holder === Number(document.body.dataset.user);
  if (isMine && !known) toast(word("given", { name: task.given_by }), { seconds: 8 });
  if (isMine !== known) refresh();
}

export function start() {
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "give-dialog") event.detail.target.showModal();
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const sheet = event.detail.elt.closest("#give-dialog");
    if (sheet?.open && event.detail.requestConfig?.verb === "post") sheet.close();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
