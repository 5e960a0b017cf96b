/* The reply: a template in the citizen's language, and how the citizen will read it. */
import { part } from "./server.js";
import { word } from "./words.js";

const UNKNOWN = "···";
const BEGINNINGS = ["answer", "question", "not_ours"];
let texts = null;

/** Fetch the templates once per page. */
export async function load() {
  texts ??= await (await part("/replies")).json();
}

/** The composer of one form. `state()` tells what is chosen beside it. */
export class Composer {
  constructor(form, state) {
    this.form = form;
    this.state = state;
    this.field = form.querySelector("#reply");
    this.last = null;
    this.field.addEventListener("input", () => this.show());
    form.querySelector("#restore").addEventListener("click", () => { this.restore(); this.field.focus(); });
    form.querySelector("#preview-box").addEventListener("click", () => this.field.focus());
  }

  /** Follow a change of service, language, mode or danger; what the inspector wrote is never replaced. */
  follow() {
    const wanted = this.template();
    const isOurs = this.field.value.trim() === "" || this.field.value === this.last || this.isTemplate(this.field.value);
    if (isOurs) this.field.value = wanted;
    this.last = wanted;
    this.show();
  }

  /** Put the template in place of whatever is written. */
  restore() {
    this.last = this.template();
    this.field.value = this.last;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Use a text of one's own as the template until something changes. */
  use(text) {
    this.field.value = text;
    this.last = text;
    this.show();
  }

  template() {
    const { mode, language, card, isIncident, reason, was, tells } = this.state();
    const say = (name) => texts[name][language];
    if (mode === "confirm" || (mode === "correct" && !tells)) return "";
    if (mode === "correct" && was.told) return say("corrected");
    if (mode === "annul") return was.told ? (reason === "spam" ? "" : say("annulled")) : (["thanks", "not_ours"].includes(reason) ? say(reason) : "");
    if (mode === "answer") return say("answer") + (card?.answers[language] ?? "");
    if (mode === "ask") return say("question").replace("{what}", card?.asks[language] || "");
    if (mode === "attach") return say(was?.told ? "moved" : "attached");
    if (mode === "dismiss") return ["thanks", "not_ours"].includes(reason) ? say(reason) : "";
    return say(isIncident ? "incident" : "acknowledgement");
  }

  isTemplate(text) {
    return Object.values(texts).some((byLanguage) => Object.values(byLanguage).includes(text));
  }

  /** Say whether there is nothing to send yet: no words, or only the beginning of a template. */
  isUnfinished() {
    const text = this.field.value.trim();
    return text === "" || BEGINNINGS.some((name) => Object.values(texts[name]).some((one) => one.replace("{what}", "").trim() === text));
  }

  show() {
    const text = this.field.value;
    this.form.querySelector("#restore").hidden = text === this.last || text === "";
    this.preview(text);
    this.warn(text);
  }

  preview(text) {
    const { card, language, isIncident, target, was } = this.state();
    const values = {
      number: target?.number ?? was?.number ?? word("number_hidden"),
      former: was?.number,
      service: target ? (target.services?.[language] ?? UNKNOWN) : card?.names[language],
      executor: target ? (target.executors?.[language] ?? UNKNOWN) : card?.executors[language],
      deadline: target ? (target.deadline ?? UNKNOWN) : card?.terms[isIncident ? "incident" : "ordinary"],
    };
    const place = this.form.querySelector("#preview");
    place.lang = language;
    place.replaceChildren(
      ...text.split(/(\{\w+\})/).map((piece) => {
        const name = /^\{(\w+)\}$/.exec(piece)?.[1];
        if (!name) return piece;
        const bold = document.createElement(values[name] ? "b" : "mark");
    bold.textContent = values[name] ?? word(`gap_${name}`);
        return bold;
      }),
    );
    this.form.querySelector("#preview-empty").hidden = text.trim() !== "";
  }

  warn(text) {
    const isPublic = this.form.closest("[data-task]").dataset.public === "1";
    const strip = this.form.querySelector("#personal");
    const patterns = Object.entries(JSON.parse(strip.dataset.patterns));
    const bare = text.replace(new RegExp(strip.dataset.official, "gi"), " ");
    const found = isPublic ? patterns.filter(([, pattern]) => new RegExp(pattern).test(bare)).map(([name]) => name) : [];
    strip.hidden = found.length === 0;
    strip.querySelector("span").textContent = `${strip.dataset.text ??= strip.querySelector("span").textContent} ${found.map((name) => word(name)).join(", ")}`;
  }
}
