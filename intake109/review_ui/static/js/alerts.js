/* The strip of alerts over every page: fetched anew when the feed says so, heard once, answered by one key. */
import { tick } from "./clock.js";
import { part, post } from "./server.js";
import { armed, awake, ring } from "./sound.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const place = document.getElementById("alerts");
const { user, role, zone, language } = document.body.dataset;
const HEARD = "alerts-heard";
const SIGNALLED = "alerts-signalled";
const MOST_KEPT = 2000; // more than can be alive at once, or the oldest would sound again
let timer = 0;
let asked = 0;

const line = () => place?.querySelector(".alert-line");

/** Take what is new on this computer by one memory, and remember it: a reload or a second tab stays silent. */
function fresh(news, memory) {
  const known = JSON.parse(localStorage.getItem(memory) || "[]");
  const unknown = news.filter((one) => !known.includes(one.key));
  if (unknown.length) localStorage.setItem(memory, JSON.stringify([...known, ...unknown.map((one) => one.key)].slice(-MOST_KEPT)));
  return unknown;
}

/** One page of this computer at a time; a browser grants the lock on https and on the machine itself only. */
const alone = (act) => (navigator.locks ? navigator.locks.request(HEARD, act) : act());

/** Sound what is loud, once on this computer, from a page that can: one never touched leaves it to another. */
async function sound(loud) {
  if (!loud.length || (armed() && !await awake())) return;
  await alone(() => { if (fresh(loud, HEARD).length) ring(); });
}

function notify(one) {
  if (!armed() || !document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  const sign = new Notification(one.title, { body: one.text, tag: `alert-${one.task}`, requireInteraction: one.loud });
  sign.addEventListener("click", () => { window.focus(); open(one.task); sign.close(); });
}

function put(html) {
  place.innerHTML = html;
  const shown = line();
  place.hidden = !shown.dataset.first;
  tick(place);
  const news = JSON.parse(shown.dataset.news);
  if (shown.dataset.quiet) { fresh(news, HEARD); fresh(news, SIGNALLED); return; }
  sound(news.filter((one) => one.loud));
  alone(() => fresh(news, SIGNALLED).forEach(notify));
}

/** Fetch the strip anew; of several answers on their way only the newest counts. */
export async function refresh() {
  asked += 1;
  const turn = asked;
  const answer = await part("/alerts").catch(() => null);
  if (answer?.ok && turn === asked) put(await answer.text());
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, 60);
}

const concerns = (audience) => ["everybody", `role:${role}`, `user:${user}`].includes(audience);

/** What the feed says of alerts: begun, repeated, or over because somebody has answered. */
export function told(news) {
  if (!place) return;
  const ours = (news ?? []).filter((one) => concerns(one.audience));
  if (ours.length) soon();
  for (const one of ours) {
    if (!["acknowledged", "taken"].includes(one.why) || one.by === Number(user)) continue;
    const at = new Date(one.at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", timeZone: zone });
    toast(word("alert_taken", { name: one.name, at }), { seconds: 8 });
  }
}

/** A task changed hands: the strip names who holds it. */
export function changed(task) {
  if (line()?.dataset.first === String(task.id) && task.what.includes("claim")) soon();
}

/** The place in the feed from which this page is to be told. */
export const since = () => line()?.dataset.since ?? 0;

function open(id) {
  if (!document.getElementById("detail")) return void location.assign(`/tasks/${id}`);
  window.htmx.ajax("GET", `/tasks/${id}`, { target: "#detail", swap: "innerHTML" });
  history.pushState({}, "", `/tasks/${id}`);
}

async function acknowledge(button) {
  button.disabled = true;
  asked += 1;
  const turn = asked;
  const answer = await post(`/alerts/${button.dataset.alertAcknowledge}/acknowledge`, {}).catch(() => null);
  if (!answer?.ok) button.disabled = false;
  else if (turn === asked) put(await answer.text());
}

/** Show what is alerted now. */
export async function start() {
  if (!place) return;
  place.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-alert-open]");
    if (opener && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(line().dataset.first); }
    const button = event.target.closest("[data-alert-acknowledge]");
    if (button) acknowledge(button);
  });
  await refresh();
}
