/* The work on one task: address, service, danger, what to do with it. */
import { Composer, load } from "./composer.js";
import * as draft from "./draft.js";
import { part } from "./server.js";
import { searching } from "./search.js";
import { openAttach, wireDialogs } from "./sheets.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const NEEDS_SERVICE = new Set(["register", "answer", "correct"]);
const NEEDS_REPLY = new Set(["answer", "ask"]);
const BEGINNING = new Set(["register", "confirm", "correct"]);

/** Bring the form of an opened task to life. */
export async function open(form, task) {
  await load();
  if (form.isConnected) new Work(form, task).start();
}

class Work {
  constructor(form, task) {
    this.form = form;
    this.task = task;
    this.target = null;
    this.was = form.dataset.check ? JSON.parse(form.dataset.check) : null; // what the machine registered
    this.composer = new Composer(form, () => this.state());
    this.asking = null;
  }

  field(name) { return this.form.elements[name]; }
  get mode() { return this.field("mode").value; }
  get card() {
    const chosen = this.form.querySelector('input[name="service"]:checked');
    return chosen ? JSON.parse(chosen.dataset.card) : null;
  }

  state() {
    return {
      mode: this.mode,
      language: this.field("language").value,
      card: this.card,
      isIncident: this.field("is_incident").checked,
      reason: this.field("reason").value,
      target: this.mode === "attach" ? this.target : null,
      was: this.was,
      tells: this.tells(),
    };
  }

  /** Say whether the citizen would read something else than in the letter about the machine's registration. */
  tells() {
    if (!this.was) return true;
    return (this.card?.code ?? this.was.service) !== this.was.service || this.field("is_incident").checked !== this.was.is_incident;
  }

  /** The mode of a form nobody has turned: to register; of a registration to be checked, to confirm or to correct. */
  get base() {
    if (!this.was) return "register";
    const isSame = !this.tells() && ["address", "note"].every((name) => this.field(name).value.trim() === this.was[name]);
    return isSame ? "confirm" : "correct";
  }

  /** Follow what was typed into a registration to be checked. */
  settle() {
    if (!this.was || ["annul", "attach"].includes(this.mode)) return;
    this.field("mode").value = this.base;
    this.showMode();
    this.composer.follow();
  }

  start() {
    const { form } = this;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => this.onChange(event));
    form.addEventListener("input", () => this.settle());
    form.addEventListener("overtaken", () => this.showMode());
    form.querySelector("[data-accept]")?.addEventListener("click", (event) => this.accept(event.currentTarget));
    this.field("address").addEventListener("keydown", (event) => {
      if (event.code === "Enter" && !event.ctrlKey && !event.metaKey) { event.preventDefault(); event.currentTarget.blur(); }
    });
    form.querySelectorAll("[data-mode-button]").forEach((one) => one.addEventListener("click", () => this.turn(one.dataset.modeButton)));
    form.querySelector("#mode-back").addEventListener("click", () => this.turn(this.base));
    form.querySelector("#submit").addEventListener("click", () => this.send());
    form.querySelector("#similar").addEventListener("click", (event) => {
      const one = event.target.closest("[data-attach]");
      if (one) this.attachTo(one);
      const back = event.target.closest("[data-reopen]");
      if (back) this.reopen(back.dataset.reopen);
      const canonical = event.target.closest("[data-canonical]");
      if (canonical) this.accept(canonical);
    });
    wireDialogs(form, { dismiss: (reason) => this.dismiss(reason), attach: (one) => this.attachTo(one), attachNumber: (number) => this.attachNumber(number) });
    form.querySelector('[data-dialog="attach-dialog"]')?.addEventListener("click", () => openAttach(form));
    searching(form, (card) => this.choose(card));
    draft.watch(form, this.task, (values) => this.restore(values));
    this.showMode();
    this.composer.last = this.composer.template();
    if (!this.field("reply").value && this.mode === "register") this.composer.restore();
    this.settle();
    this.composer.show();
    this.markAccepted();
  }

  onChange(event) {
    const { name } = event.target;
    if (name === "service") { this.loadSimilar(); this.markIncident(); }
    if (name === "address") { this.markAccepted(); this.loadSimilar(); }
    if (["service", "language", "is_incident"].includes(name)) this.composer.follow();
    this.settle();
  }

  /** A service that is always dangerous makes an incident; the inspector may still take it back. */
  markIncident() {
    if (this.card?.is_incident) this.field("is_incident").checked = true;
  }

  accept(button) {
    this.field("address").value = button.dataset.address;
    this.field("place_key").value = button.dataset.placeKey;
    this.settle();
    this.markAccepted();
    this.loadSimilar();
    draft.touch();
  }

  markAccepted() {
    const button = this.form.querySelector("[data-accept]");
    button?.classList.toggle("is-accepted", this.field("address").value === button.dataset.address);
  }

  async loadSimilar() {
    this.asking?.abort();
    this.asking = new AbortController();
    const query = new URLSearchParams({ service: this.card?.code ?? "", address: this.field("address").value });
    try {
      const answer = await part(`/tasks/${this.task}/similar?${query}`, { signal: this.asking.signal });
      if (!answer.ok || !this.form.isConnected) return;
      const place = this.form.querySelector("#similar");
      place.innerHTML = await answer.text();
      const key = place.querySelector("[data-found-key]")?.value;
      if (key !== undefined) this.field("place_key").value = key;
    } catch { /* a newer question has been asked */ }
  }

  /** Take a service found by searching. */
  choose(card) {
    const list = this.form.querySelector("#service-list");
    let radio = [...list.querySelectorAll("input")].find((one) => one.value === card.code);
    if (!radio) {
      list.querySelector(".is-found")?.remove();
      this.form.querySelector("#no-suggestion")?.remove();
      radio = foundLine(list, card);
    }
    radio.click();
  }

  turn(mode) {
    this.field("mode").value = mode;
    if (mode !== "attach") { this.field("number").value = ""; this.target = null; }
    if (!["dismiss", "annul"].includes(mode)) this.field("reason").value = "";
    this.showMode();
    this.composer.follow();
    draft.touch();
    if (NEEDS_REPLY.has(mode) || mode === "dismiss") {
      const reply = this.field("reply");
      reply.focus();
      reply.setSelectionRange(reply.value.length, reply.value.length);
    }
  }

  showMode() {
    const { form, mode } = this;
    form.dataset.mode = mode;
    form.dataset.tells = ["annul", "attach"].includes(mode) || (mode !== "confirm" && this.tells()) ? "1" : "";
    form.querySelector("#submit").dataset.key = mode === "confirm" ? "KeyG" : "";
    const values = { number: this.field("number").value, reason: word(`reason_${this.field("reason").value}`) };
    form.querySelector("[data-submit-label]").textContent = form.dataset.overtaken ? word("open_correction") : word(mode, values);
    form.querySelector("[data-mode-title]").textContent = word(`title_${mode}`);
    form.querySelector("#mode-back").hidden = BEGINNING.has(mode);
    form.querySelectorAll("[data-attach]").forEach((one) => one.classList.toggle("is-chosen", mode === "attach" && one.dataset.attach === values.number));
  }

  attachTo(button) {
    this.target = { number: button.dataset.attach, ...JSON.parse(button.dataset.values) };
    this.field("number").value = button.dataset.attach;
    this.turn("attach");
  }

  /** Take a closed appeal up again: one key, for the citizen's letter is always the same. */
  async reopen(number) {
    this.field("number").value = number;
    await draft.hold();
    this.form.querySelector('[data-send="reopen"]').click();
  }

  attachNumber(number) {
    this.target = { number };
    this.field("number").value = number;
    this.turn("attach");
  }

  dismiss(reason) {
    this.field("reason").value = reason;
    if (this.was) {
      this.field("mode").value = "annul";
      this.showMode();
      this.composer.use(this.composer.template());
      return;
    }
    this.field("mode").value = "dismiss";
    if (reason === "not_ours") {
      this.field("reason").value = reason;
      this.showMode();
      this.composer.restore();
      const reply = this.field("reply");
      reply.focus();
      reply.setSelectionRange(reply.value.length, reply.value.length);
      return;
    }
    this.composer.use(this.composer.template());
    this.send();
  }

  async send() {
    const { mode } = this;
    if (this.form.dataset.overtaken) {
      await draft.flush();
      window.htmx.ajax("GET", `/tasks/${this.task}`, { target: "#detail", swap: "innerHTML" });
      return;
    }
    if (NEEDS_SERVICE.has(mode) && !this.card) {
      toast(word("no_service"));
      this.form.querySelector("#service-search").focus();
      return;
    }
    const needsReply = NEEDS_REPLY.has(mode) || (mode === "dismiss" && this.field("reason").value === "not_ours");
    if (needsReply && this.composer.isUnfinished()) {
      toast(word("no_reply"));
      this.field("reply").focus();
      return;
    }
    document.activeElement?.blur();
    await draft.hold();
    this.form.querySelector(`[data-send="${mode}"]`).click();
  }

  restore(values) {
    for (const name of ["address", "place_key", "note", "reply", "number", "reason", "mode"]) {
      if (name in values) this.field(name).value = values[name];
    }
    this.field("is_incident").checked = values.is_incident === "1";
    for (const name of ["language", "service"]) {
      const radio = [...this.form.querySelectorAll(`input[name="${name}"]`)].find((one) => one.value === values[name]);
      if (radio) radio.checked = true;
    }
  }
}

function foot(card, cell) {
  const line = cell("service-foot", "");
  line.append(cell("", card.executor));
  for (const name of ["ordinary", "incident"]) {
    const told = [cell("", word("until", { day: card.terms[name] })), cell("service-why", card.whys[name])];
    told.forEach((one) => (one.dataset.term = name));
    line.append(...told);
  }
  return line;
}

function foundLine(list, card) {
  const label = document.createElement("label");
  label.className = "service is-found";
  const radio = document.createElement("input");
  radio.type = "radio";
  radio.name = "service";
  radio.value = card.code;
  radio.dataset.card = JSON.stringify(card);
  const cell = (name, text, tag = "span") => {
    const one = document.createElement(tag);
    one.className = name;
    one.textContent = text;
    return one;
  };
  label.append(radio, cell("", "✓", "kbd"), cell("service-name", card.name), foot(card, cell), cell("probability chosen", card.code));
  list.prepend(label);
  return radio;
}
