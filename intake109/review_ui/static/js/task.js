/* The opened task: its lease, what changes in it meanwhile, and what happens after a decision. */
import { tick } from "./clock.js";
import * as draft from "./draft.js";
import { open as openForm } from "./form.js";
import { read } from "./presence.js";
import * as list from "./list.js";
import { leave, now, post } from "./server.js";
import { offerUndo, toast } from "./toast.js";
import { word } from "./words.js";

const detail = document.getElementById("detail");
const RENEW_MS = 20000;
let current = 0;
let held = 0;
let activeAt = 0;
let renewedAt = 0;
let asked = 0;

function open() {
  const article = detail.querySelector("[data-task]");
  const id = Number(article?.dataset.task ?? 0);
  document.body.classList.toggle("has-detail", id > 0);
  draft.close();
  if (id) list.select(id);
  if (!id || id !== current) document.getElementById("notice").replaceChildren();
  current = id;
  read(id);
  tick(detail);
  if (!article) return;
  const form = document.getElementById("decision");
  if (form) openForm(form, id);
  claim();
  detail.scrollTop = 0;
  if (!document.activeElement || document.activeElement === document.body || detail.contains(document.activeElement)) {
    detail.focus({ preventScroll: true });
  }
}

/** Take or renew the lease. Only the newest answer counts: two may be on their way when a task changes hands. */
async function claim() {
  if (!document.getElementById("claim")) return;
  renewedAt = Date.now();
  asked += 1;
  const turn = asked;
  try {
    const answer = await post(`/tasks/${current}/claim`, { leave: held && held !== current ? held : 0 });
    const text = await answer.text();
    const sign = document.getElementById("claim");
    if (!answer.ok || turn !== asked || !sign) return;
    sign.outerHTML = text;
    window.htmx.process(document.getElementById("claim"));
    showClaim();
  } catch { /* the bar says that the server is away; the next input tries again */ }
}

function showClaim() {
  const sign = document.getElementById("claim");
  if (!sign) return;
  const isMine = sign.dataset.state === "mine";
  held = isMine ? Number(sign.dataset.claim) : 0;
  renewedAt = Date.now();
  const fields = document.getElementById("fields");
  if (!fields) return;
  const isOthers = sign.dataset.state === "other";
  fields.disabled = isOthers;
  document.querySelectorAll("#actions button").forEach((one) => { one.disabled = isOthers; });
}

/** The machine stepped in while somebody was at work: what is typed stays, and opens as the correction when wanted. */
function overtaken(form) {
  if (form.dataset.overtaken) return;
  form.dataset.overtaken = "1";
  toast(word("overtaken"), { seconds: 8 });
  form.dispatchEvent(new Event("overtaken"));
}

/** Something about a task changed elsewhere; if it is the opened one, say so without touching what is typed. */
export function changed(task) {
  if (task.id !== current) return;
  const what = new Set(task.what);
  const me = Number(document.body.dataset.user);
  const form = document.getElementById("decision");
  const [who, name, how] = task.check ? [task.checker, task.checker_name, task.check] : [task.decider, task.decider_name, task.outcome];
  if (form && what.has("task") && task.unchecked && !form.dataset.check) overtaken(form);
  else if (form && what.has("task") && !task.is_open && !task.unchecked && who !== me) {
    toast(word("done_by", { name, outcome: word(how) }), { seconds: 8 });
    document.getElementById("submit").disabled = true;
  } else if (what.has("task") && task.has_news) {
    const bar = document.getElementById("newsbar");
    if (bar) bar.hidden = false;
  }
  const isOthers = document.getElementById("claim")?.dataset.state === "other";
  if (what.has("claim") && task.is_open && Boolean(task.holder && task.holder !== me) !== isOthers && !document.hidden) claim();
  if (what.has("media") || what.has("outbox")) window.htmx.ajax("GET", `/tasks/${current}/said`, { target: "#said", swap: "innerHTML" });
}

/** The other's lease ran out while we look on: what nobody holds is taken by whoever looks at it. */
function takeOver() {
  const sign = document.getElementById("claim");
  if (sign?.dataset.state === "other" && Number(sign.dataset.until) <= now()) claim();
}

function renew() {
  takeOver();
  if (!held || document.hidden) return;
  if (activeAt > renewedAt && Date.now() - renewedAt >= RENEW_MS) claim();
}

function back(event) {
  if (!event.target.closest("[data-back]")) return;
  event.preventDefault();
  draft.close();
  if (held) post(`/tasks/${held}/release`, {}).catch(() => {});
  held = current = 0;
  read(0);
  document.body.classList.remove("has-detail");
  history.pushState({}, "", event.target.closest("[data-back]").getAttribute("href"));
}

export function start() {
  if (!detail || document.getElementById("control")) return;
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === detail) open();
    if (event.detail.target.id === "said") tick(detail);
  });
  document.body.addEventListener("htmx:load", (event) => { if (event.detail.elt.id === "claim") showClaim(); }); // given back or away
  document.body.addEventListener("decided", (event) => {
    const told = event.detail;
    draft.forget(told.id);
    held = Number(document.getElementById("claim")?.dataset.claim ?? 0);
    list.done(told.id, word(told.outcome));
    offerUndo(told);
  });
  document.body.addEventListener("checked", (event) => {
    draft.forget(event.detail.id);
    list.done(event.detail.id, word(event.detail.check));
    offerUndo({ ...event.detail, outcome: event.detail.check });
  });
  document.body.addEventListener("joined", (event) => { list.done(event.detail.id, word("joined")); toast(word("joined")); });
  document.body.addEventListener("separated", (event) => { list.refresh(event.detail.id); toast(word("separated")); });
  document.body.addEventListener("undone", (event) => toast(word(event.detail.check ? "check_undone" : "undone")));
  document.body.addEventListener("asked", () => { draft.forget(current); toast(word("asked")); });
  document.body.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 403) toast(word("forbidden"));
    else if (status >= 500) toast(word("failed"));
  });
  document.body.addEventListener("click", (event) => {
    if (event.target.closest("[data-release]")) held = 0;
    back(event);
  });
  for (const kind of ["keydown", "pointerdown", "wheel"]) {
    document.addEventListener(kind, () => { activeAt = Date.now(); }, { passive: true });
  }
  setInterval(renew, 5000);
  window.addEventListener("pagehide", () => {
    draft.close();
    if (held) leave(`/tasks/${held}/release`, {});
  });
  open();
}
