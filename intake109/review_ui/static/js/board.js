/* The board in the hall. Figures come as a part of the page, clocks tick here, and a server that is gone is said. */
const REFRESH_MS = 30000; // also without any news: ratings, midnight
const SOONEST_MS = 3000; // in a storm the board is read no more often
const STALE_MS = 25000; // the live line says something every ten seconds
const place = document.getElementById("figures");
const stale = document.getElementById("stale");
const wall = document.getElementById("wall-clock");
const zone = document.body.dataset.zone;
const days = document.body.dataset.days;
let skew = Date.parse(wall.dateTime) - Date.now();
let heardAt = Date.now();
let loadedAt = Date.now();
let isLoading = false;
let isWanted = false;
let source = null;

const now = () => Date.now() + skew;
const pad = (n) => String(n).padStart(2, "0");
const time = (at) => new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(at);

function span(milliseconds) {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours >= 48) return `${milliseconds < 0 ? "−" : ""}${days.replace("{n}", Math.floor(hours / 24))}`;
  const shown = hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
  return milliseconds < 0 ? `−${shown}` : shown;
}

function heard() {
  heardAt = Date.now();
}

function tick() {
  const at = now();
  const text = `${place.querySelector(".board").dataset.day}, ${time(at)}`; // browsers do not know Kazakh months
  if (wall.textContent !== text) wall.textContent = text;
  for (const one of place.querySelectorAll("[data-clock]")) {
    const until = Date.parse(one.dataset.until);
    one.textContent = Number.isNaN(until) ? "—" : span(until - at);
  }
  colour(at);
  const isStale = Date.now() - heardAt > STALE_MS;
  document.body.classList.toggle("is-stale", isStale);
  stale.hidden = !isStale;
  if (isStale) stale.textContent = stale.dataset.text.replace("{at}", time(heardAt + skew));
  if (Date.now() - loadedAt > REFRESH_MS) load();
}

/** The promise colours what waits: calm, due after the target, late. */
function colour(at) {
  const card = document.getElementById("waiting");
  const clock = card?.querySelector("[data-clock]");
  if (!clock) return;
  const until = Date.parse(clock.dataset.until);
  const kind = Number.isNaN(until) || at < Date.parse(clock.dataset.target) ? "calm" : at < until ? "due" : "late";
  card.classList.remove("calm", "due", "late");
  card.classList.add(kind);
}

async function load() {
  if (isLoading) return void (isWanted = true);
  isLoading = true;
  loadedAt = Date.now();
  try {
    const answer = await fetch(`/board/figures${location.search}`, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(15000), redirect: "manual" });
    if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") return location.reload(); // revoked
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.text());
    heard();
  } catch { /* the banner says since when; the next look may find it again */
  } finally {
    isLoading = false;
    setTimeout(() => { if (isWanted) { isWanted = false; load(); } }, SOONEST_MS);
  }
}

function show(html) {
  const found = new DOMParser().parseFromString(html, "text/html").querySelector(".board");
  if (!found) return;
  if (found.dataset.static !== document.body.dataset.static) return void location.reload(); // a new version serves
  skew = Date.parse(found.dataset.now) - Date.now();
  place.replaceChildren(document.adoptNode(found));
  tick();
}

function connect() {
  source?.close();
  source = new EventSource("/board/events");
  source.addEventListener("changes", (event) => {
    const { counts } = JSON.parse(event.data);
    heard();
    const count = place.querySelector('[data-count="queue"]');
    if (count && counts.queue !== undefined) count.textContent = counts.queue;
    if (Date.now() - loadedAt > SOONEST_MS) load();
    else isWanted = true;
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
  });
}

tick();
setInterval(tick, 1000);
setInterval(() => { if (isWanted && !isLoading) { isWanted = false; load(); } }, SOONEST_MS);
connect();
window.addEventListener("pagehide", () => source.close());
window.addEventListener("online", load);
document.documentElement.dataset.ready = "";
