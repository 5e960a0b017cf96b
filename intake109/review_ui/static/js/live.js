/* The live line: what changed is told, and only then fetched. `EventSource` comes back by itself and catches up. */
import { span } from "./clock.js";
import * as desk from "./desk.js";
import * as list from "./list.js";
import * as presence from "./presence.js";
import { now, reached, synchronise, unreachable } from "./server.js";
import { changed } from "./task.js";
import { word } from "./words.js";

const GRACE_MS = 4000;
let source = null;
let lostTimer = 0;
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

/** The announced danger is somebody's now: no need to call for it any longer. */
function calm(task) {
  const banner = document.getElementById("incident-banner");
  if (banner && banner.dataset.id === String(task.id) && (!task.is_open || task.holder)) banner.hidden = true;
}

function alarm(task) {
  const banner = document.getElementById("incident-banner");
  if (!banner) return;
  banner.hidden = false;
  banner.dataset.id = task.id;
  banner.querySelector("[data-text]").textContent = task.excerpt;
}

function apply(task) {
  if (!rows) return;
  changed(task);
  calm(task);
  desk.told(task);
  presence.show(task);
  if (task.is_incident && task.is_open && task.is_new && task.what.includes("task")) alarm(task);
  const what = new Set(task.what);
  if (list.has(task.id)) {
    if (!task.is_open && list.isShown({ ...task, is_open: true })) {
      const isOwn = task.decider === Number(document.body.dataset.user);
      list.done(task.id, isOwn ? word(task.outcome) : word("done_by", { name: task.decider_name, outcome: word(task.outcome) }));
    } else if (what.has("task") || what.has("media")) list.refresh(task.id);
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
}

function connect() {
  source?.close();
  source = new EventSource(`/events?since=${rows?.dataset.since ?? 0}`);
  source.addEventListener("changes", onChanges);
  source.addEventListener("resync", () => location.reload());
  source.addEventListener("open", () => { clearTimeout(lostTimer); reached(); });
  source.addEventListener("error", () => {
    clearTimeout(lostTimer);
    lostTimer = setTimeout(unreachable, GRACE_MS);
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, GRACE_MS);
  });
}

export function start() {
  if (!rows) return;
  connect();
  document.addEventListener("reconnect", connect);
  window.addEventListener("pagehide", () => source.close());
  const banner = document.getElementById("incident-banner");
  banner.querySelector("[data-show]").addEventListener("click", () => {
    banner.hidden = true;
    window.htmx.ajax("GET", `/tasks/${banner.dataset.id}`, { target: "#detail", swap: "innerHTML" });
    history.pushState({}, "", `/tasks/${banner.dataset.id}`);
  });
}
