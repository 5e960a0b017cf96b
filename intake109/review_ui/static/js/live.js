/* The live line: what changed is told, and only then fetched. `EventSource` comes back by itself and catches up. */
import * as alerts from "./alerts.js";
import { span } from "./clock.js";
import * as desk from "./desk.js";
import * as list from "./list.js";
import * as presence from "./presence.js";
import { now, reached, synchronise, unreachable } from "./server.js";
import { changed } from "./task.js";
import * as together from "./together.js";
import { word } from "./words.js";

const GRACE_MS = 4000;
let source = null;
let lostTimer = 0;
let seen = 0;
const rows = document.getElementById("rows");
const title = document.title;

function figures(counts) {
  for (const one of document.querySelectorAll("[data-stat]")) {
    const value = counts[one.dataset.stat];
    if (one.dataset.stat === "oldest") {
      one.dataset.until = counts.oldest ?? "";
      one.textContent = counts.oldest ? span(counts.oldest - now()) : "—";
      continue;
    }
    one.textContent = value;
    (one.closest(".stat") ?? one).classList.toggle("is-zero", !value); // colour only where there is something
  }
  if (title.includes(" · ") && rows?.dataset.shelf === "queue") {
    document.title = `${counts.incidents ? "⚠ " : ""}${counts.queue} · ${title.split(" · ").slice(1).join(" · ")}`;
  }
  desk.figures(counts);
}

/** Say how a task ended, and through whom if that was not this person. */
function ending(task) {
  if (task.is_open) return word("joined"); // it waits with another one from now on
  const [who, name, what] = task.check ? [task.checker, task.checker_name, task.check] : [task.decider, task.decider_name, task.outcome];
  if (who === null || who === Number(document.body.dataset.user)) return word(what);
  return word("done_by", { name, outcome: word(what) });
}

function apply(task) {
  alerts.changed(task);
  if (!rows) return;
  changed(task);
  desk.told(task);
  together.changed(task);
  presence.show(task);
  const what = new Set(task.what);
  if (task.storm && what.has("task") && list.folds()) {
    if (task.is_open && task.storm !== task.id) return void list.gather(task);
    if (task.storm !== task.id) list.refresh(task.storm);
  }
  if (list.has(task.id)) {
    if (list.isOver(task)) list.done(task.id, ending(task));
    else if (what.has("task") || what.has("media")) list.refresh(task.id);
    else list.hold(task);
    return;
  }
  if (what.has("task") && list.isShown(task)) list.announce(task);
}

function onChanges(event) {
  const news = JSON.parse(event.data);
  reached();
  clearTimeout(lostTimer);
  synchronise(news.now);
  figures(news.counts);
  (news.tasks ?? []).forEach(apply);
  if (list.folds()) (news.loose ?? []).forEach(list.refresh); // the storm they were one line of is over
  alerts.told(news.alerts);
  if (news.appeals?.length) document.dispatchEvent(new CustomEvent("appeals", { detail: news.appeals }));
  seen = event.lastEventId || seen;
}

/** Too much was missed to be told one by one: the list is loaded anew, elsewhere only the strip. */
function resync(event) {
  seen = event.lastEventId || seen;
  if (rows) location.reload();
  else alerts.refresh();
}

function connect() {
  source?.close();
  source = new EventSource(`/events?since=${seen}`);
  source.addEventListener("changes", onChanges);
  source.addEventListener("resync", resync);
  source.addEventListener("open", () => { clearTimeout(lostTimer); reached(); });
  source.addEventListener("error", () => {
    clearTimeout(lostTimer);
    lostTimer = setTimeout(unreachable, GRACE_MS);
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, GRACE_MS);
  });
}

/** A browser opens few lines to one server: of the pages beside the queue that nobody looks at one keeps its line, so
 * that danger is heard by who works in another window. Where the browser cannot agree on one (no HTTPS), all keep theirs. */
function followLook() {
  if (!navigator.locks) return;
  let waiting = new AbortController();
  let leave = () => {};
  document.addEventListener("visibilitychange", () => {
    waiting.abort();
    leave();
    if (!document.hidden) return connect();
    source.close();
    waiting = new AbortController();
    const listen = () => new Promise((go) => { leave = go; connect(); });
    return navigator.locks.request("hidden-line", { signal: waiting.signal }, listen).catch(() => {}); // looked at again
  });
}

export async function start() {
  if (!rows && !document.getElementById("alerts") && !document.getElementById("control")) return;
  const shown = alerts.start();
  if (!rows) await shown;
  seen = rows?.dataset.since ?? alerts.since();
  connect();
  document.addEventListener("reconnect", connect);
  window.addEventListener("pagehide", () => source.close());
  if (!rows) followLook();
}
