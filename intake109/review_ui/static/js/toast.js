/* Short messages at the bottom, and the ten seconds in which a decision can be taken back. */
import { post } from "./server.js";
import { word } from "./words.js";

const place = document.getElementById("toasts");
const MEMORY = "undo";

/** Show a message for some seconds; with `undo` (a task's id) it can be taken back that long. */
export function toast(text, { seconds = 4, undo = 0 } = {}) {
  const same = undo ? null : [...place.children].find((one) => one.firstElementChild.textContent === text);
  same?.remove(); // said again, not twice
  const box = document.createElement("div");
  box.className = "toast";
  const label = document.createElement("span");
  label.textContent = text;
  box.append(label);
  if (undo) {
    place.querySelectorAll("[data-undo-task]").forEach((one) => one.remove());
    box.dataset.undoTask = undo;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.key = "KeyU";
    button.append(word("undo"), key("u"));
    button.addEventListener("click", () => takeBack(undo, box));
    const fuse = document.createElement("span");
    fuse.className = "fuse";
    box.append(button, fuse);
    fuse.animate([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], { duration: seconds * 1000, fill: "forwards" });
  }
  place.append(box);
  setTimeout(() => box.remove(), seconds * 1000);
  return box;
}

/** Offer to take a decision back, on this page and on the next ones. */
export function offerUndo({ id, outcome, number, seconds, others, left }) {
  const told = [word(outcome), number && word("number", { number }), others && word("with_others", { n: others })].filter(Boolean).join(" ");
  const text = left ? `${told}. ${word("left_others", { n: left })}` : told;
  sessionStorage.setItem(MEMORY, JSON.stringify({ id, text, until: Date.now() + seconds * 1000 }));
  toast(text, { seconds, undo: id });
}

/** Show again what could still be undone when the page was left. */
export function restoreUndo() {
  const kept = JSON.parse(sessionStorage.getItem(MEMORY) || "null");
  const left = kept ? (kept.until - Date.now()) / 1000 : 0;
  if (left > 0.5) toast(kept.text, { seconds: left, undo: kept.id });
}

async function takeBack(id, box) {
  box.querySelector("button").disabled = true;
  sessionStorage.removeItem(MEMORY);
  if (document.getElementById("detail")) {
    await window.htmx.ajax("POST", `/tasks/${id}/undo`, { target: "#detail", swap: "innerHTML" });
  } else {
    const answer = await post(`/tasks/${id}/undo`, {});
    if (answer.ok) location.assign(`/tasks/${id}`);
    else toast(word("too_late"));
  }
  box.remove();
}

function key(name) {
  const element = document.createElement("kbd");
  element.textContent = name;
  element.setAttribute("aria-hidden", "true");
  return element;
}
