/* Talking to the server: our token, its clock, and what to do while it cannot be reached. */
const csrf = document.body.dataset.csrf;
const bar = document.getElementById("offline");
let offset = Date.parse(document.querySelector('meta[name="server-now"]').content) - Date.now();
let failed = null;

/** The server's present moment in milliseconds; an inspector's clock may be wrong. */
export const now = () => Date.now() + offset;

/** Take the server's moment over. */
export function synchronise(milliseconds) {
  offset = milliseconds - Date.now();
}

/** POST a form's fields. Rejects when the server cannot be reached. */
export async function post(address, fields, options = {}) {
  const body = new URLSearchParams(fields);
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRF-Token": csrf, "HX-Request": "true" }, ...options });
    reached();
    if (answer.status === 401) location.assign("/login");
    return answer;
  } catch (error) {
    unreachable();
    throw error;
  }
}

/** Ask for a part of a page. */
export async function part(address, options = {}) {
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, ...options });
    reached();
    return answer;
  } catch (error) {
    if (error.name !== "AbortError") unreachable();
    throw error;
  }
}

/** Send fields while the page is being left. */
export function leave(address, fields) {
  const body = new URLSearchParams(fields);
  body.set("csrf", csrf);
  navigator.sendBeacon(address, body);
}

export function unreachable() {
  bar.hidden = false;
}

export function reached() {
  bar.hidden = true;
  failed = null;
}

document.body.addEventListener("htmx:sendError", (event) => {
  failed = event.detail.elt;
  unreachable();
});
document.body.addEventListener("htmx:timeout", (event) => {
  failed = event.detail.elt;
  unreachable();
});
document.body.addEventListener("htmx:afterOnLoad", reached);
bar.querySelector("[data-retry]").addEventListener("click", () => {
  const again = failed;
  if (again?.isConnected) again.click();
  else document.dispatchEvent(new CustomEvent("reconnect"));
});
