/* Finding a service as one types. */
import { part } from "./server.js";
import { word } from "./words.js";

const PAUSE_MS = 50;

/** Make the search field find services; `choose(card)` is called with the one taken. */
export function searching(form, choose) {
  const field = form.querySelector("#service-search");
  const found = form.querySelector("#service-found");
  let timer = 0;
  let asking = null;
  let cards = [];
  let at = 0;

  const shut = () => {
    found.hidden = true;
    field.ariaExpanded = "false";
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    at = (index + cards.length) % cards.length;
    [...found.children].forEach((one, i) => { one.ariaSelected = String(i === at); });
    found.children[at]?.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `found-${at}`);
  };
  const take = (index) => {
    const card = cards[index];
    if (!card) return;
    field.value = "";
    shut();
    field.blur();
    choose(card);
  };
  const show = () => {
    found.replaceChildren(...cards.map((card, i) => {
      const line = document.createElement("li");
      line.id = `found-${i}`;
      line.role = "option";
      const small = document.createElement("small");
      small.textContent = [card.code, card.sphere, card.executor, card.why !== card.name && card.why !== card.code ? `«${card.why}»` : ""].filter(Boolean).join(" · ");
      line.append(card.name, small);
      line.addEventListener("pointerdown", (event) => { event.preventDefault(); take(i); });
      return line;
    }));
    if (!cards.length) {
      const line = document.createElement("li");
      line.textContent = word("nothing_found");
      found.append(line);
    }
    found.hidden = false;
    field.ariaExpanded = "true";
    if (cards.length) mark(0);
  };
  const ask = async () => {
    asking?.abort();
    if (!field.value.trim()) return shut();
    asking = new AbortController();
    try {
      const answer = await part(`/services?q=${encodeURIComponent(field.value)}`, { signal: asking.signal });
      if (!answer.ok) return undefined;
      cards = await answer.json();
      return show();
    } catch {
      return undefined;
    }
  };

  field.addEventListener("input", (event) => { event.stopPropagation(); clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS); });
  field.addEventListener("keydown", (event) => {
    if (event.code === "Enter" && !event.ctrlKey && !event.metaKey) { event.preventDefault(); take(at); }
    if (found.hidden) return;
    if (event.code === "ArrowDown") { event.preventDefault(); mark(at + 1); }
    if (event.code === "ArrowUp") { event.preventDefault(); mark(at - 1); }
    if (event.code === "Escape") { event.stopPropagation(); field.value = ""; shut(); field.blur(); }
  });
  field.addEventListener("blur", () => setTimeout(shut, 120));
}
