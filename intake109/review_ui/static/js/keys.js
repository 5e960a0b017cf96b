/* The keyboard. Keys are told by their place (`event.code`), so they work in a Russian or Kazakh layout too.

An element says by `data-key` which key clicks it (or puts the cursor into it): "KeyA", "Digit1+Shift". */
import { move } from "./list.js";

const TYPING = 'textarea, select, [contenteditable], input:not([type="radio"], [type="checkbox"], [type="button"])';

/** Say whether keys belong to a field just now. */
const isTyping = () => document.activeElement?.matches(TYPING) ?? false;

function visible(root, name) {
  const able = [...root.querySelectorAll(`[data-key="${name}"]`)].filter((one) => one.checkVisibility() && !one.disabled && !one.closest("fieldset:disabled"));
  // A line of a table has its keys for itself: they work where the focus is.
  return able.find((one) => one.closest("[data-own-keys]")?.contains(document.activeElement)) ?? able.find((one) => !one.closest("[data-own-keys]"));
}

function press(element) {
  if (element.dataset.focus) element = document.querySelector(element.dataset.focus);
  if ("cycle" in element.dataset) return cycle(element);
  if (element.matches('textarea, input:not([type="radio"], [type="checkbox"])')) {
    element.focus();
    element.setSelectionRange?.(element.value.length, element.value.length);
    return undefined;
  }
  return element.click();
}

function cycle(group) {
  const choices = [...group.querySelectorAll("input")];
  const next = choices[(choices.findIndex((one) => one.checked) + 1) % choices.length];
  next.checked = true;
  next.dispatchEvent(new Event("change", { bubbles: true }));
}

function escape() {
  if (isTyping()) {
    document.activeElement.blur();
    document.getElementById("detail")?.focus({ preventScroll: true });
    return;
  }
  document.getElementById("notice")?.replaceChildren();
  const back = document.getElementById("mode-back");
  if (back?.checkVisibility()) back.click();
}

function act(event) {
  const dialog = document.querySelector("dialog[open]");
  const name = event.code + (event.shiftKey ? "+Shift" : "");
  if (dialog) return press_in(dialog, name);
  if (event.key === "?" || name === "Slash+Shift") return press(document.querySelector('[data-open="keys"]')), true;
  if (event.key === "/") return press_in(document, "Slash");
  if (event.code === "ArrowDown" || name === "KeyJ" || name === "KeyN") return move(1);
  if (event.code === "ArrowUp" || name === "KeyK") return move(-1);
  return press_in(document, name.replace("Numpad", "Digit"));
}

function press_in(root, name) {
  const element = visible(root, name);
  if (!element) return false;
  press(element);
  return true;
}

function onKey(event) {
  if (event.isComposing) return;
  if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) {
    const submit = document.querySelector("[data-submit]");
    if (submit && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      submit.click();
    }
    return;
  }
  if (event.code === "Escape") return void (document.querySelector("dialog[open]") || escape());
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping()) return;
  if (document.activeElement?.matches('input[type="radio"]') && event.code.startsWith("Arrow")) return;
  if (act(event)) event.preventDefault();
}

/** Walk the results of a search with the arrows; Enter takes the first. */
function walk(event) {
  const results = [...event.currentTarget.querySelectorAll("a")];
  const at = results.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
  if (step && results.length) {
    event.preventDefault();
    (results[at + step] ?? (step < 0 ? event.currentTarget.querySelector("input") : results.at(-1))).focus();
  } else if (event.code === "Enter" && at < 0 && results.length) {
    event.preventDefault();
    results[0].click();
  }
}

export function start() {
  document.addEventListener("keydown", onKey);
  document.getElementById("search")?.addEventListener("keydown", walk);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    const sheet = opener && document.getElementById(opener.dataset.open);
    if (sheet && !sheet.open) sheet.showModal();
    const closer = event.target.closest("[data-close]");
    closer?.closest(".notice")?.remove();
    if (event.target.matches("dialog.sheet")) event.target.close();
  });
}
