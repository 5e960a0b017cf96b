// Keeps the list and the open conversation fresh without moving what somebody is reading.
"use strict";

const body = document.body;
const list = document.getElementById("list");
const talk = document.getElementById("talk");
const scroll = document.getElementById("scroll");
const newer = document.getElementById("newer");
const reorder = document.getElementById("reorder");
const find = document.getElementById("find");
const problem = document.getElementById("problem");
let version = body.dataset.version;
let overList = false;

function isAtEnd() {
  return !scroll || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
}

function toEnd() {
  if (scroll) scroll.scrollTop = scroll.scrollHeight;
  if (newer) newer.hidden = true;
}

// Brings a list in line with new HTML, child by child: equal ones stay the very elements they are.
function bring(into, html, mayMove) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const old = new Map([...into.children].map((child) => [child.dataset.key, child]));
  let moved = false;
  let before = into.firstElementChild;
  for (const child of [...fresh.content.children]) {
    let here = old.get(child.dataset.key);
    old.delete(child.dataset.key);
    if (here && here.dataset.rev !== child.dataset.rev) {
      if (here === before) before = child;
      here.replaceWith(child);
      here = child;
    }
    if (!here) {
      child.classList.add("fresh");
      into.insertBefore(child, mayMove ? before : null);
      moved = moved || !mayMove;
    } else if (here === before) {
      before = here.nextElementSibling;
    } else if (mayMove) {
      into.insertBefore(here, before);
    } else {
      moved = true;
    }
  }
  for (const gone of old.values()) gone.remove();
  return moved;
}

function filter() {
  const wanted = find.value.trim().toLowerCase();
  for (const row of list.children) row.hidden = wanted !== "" && !row.dataset.name.includes(wanted);
}

function show(news, force) {
  version = news.version;
  document.getElementById("wrote").textContent = news.wrote;
  document.getElementById("waits").textContent = news.waits;
  const mayMove = force || (list.scrollTop < 4 && !overList);
  reorder.hidden = !bring(list, news.list, mayMove);
  filter();
  if (!talk) return;
  const atEnd = isAtEnd();
  const count = talk.children.length;
  bring(talk, news.talk, true);
  document.getElementById("nothing").hidden = talk.children.length > 0;
  if (talk.children.length === count) return;
  if (atEnd || force) toEnd();
  else newer.hidden = false;
}

async function refresh(force) {
  const query = new URLSearchParams({
    citizen: body.dataset.citizen, channel: body.dataset.channel, version: force ? "" : version,
  });
  try {
    const answer = await fetch(`/_page?${query}`);
    if (answer.status === 200) show(await answer.json(), force);
  } catch {
    // The stand-in is being restarted; the next round will find it.
  }
}

async function rounds() {
  for (;;) {
    await new Promise((done) => setTimeout(done, 1200));
    if (!document.hidden) await refresh(false);
  }
}

// Sends a form without leaving the page; without this script it is an ordinary form.
async function send(event) {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  const said = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.action, { method: "POST", body: said, headers: { Accept: "application/json" } });
  problem.hidden = answer.ok;
  if (!answer.ok) problem.textContent = `${body.dataset.refused}: ${(await answer.json()).error || answer.status}`;
  else if (form.classList.contains("say")) {
    form.elements.text.value = "";
    form.elements.picture.value = "";
  }
  await refresh(true);
}

document.addEventListener("submit", send);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.name !== "text") return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
list.addEventListener("pointerenter", () => { overList = true; });
list.addEventListener("pointerleave", () => { overList = false; });
reorder.addEventListener("click", () => { list.scrollTop = 0; refresh(true); });
find.addEventListener("input", filter);
if (newer) newer.addEventListener("click", toEnd);
if (scroll) scroll.addEventListener("scroll", () => { if (isAtEnd()) newer.hidden = true; });
toEnd();
rounds();
