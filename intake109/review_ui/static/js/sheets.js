/* The two sheets over a task: why it is no appeal, and which appeal to attach it to. */

/** Wire the sheets of an opened task to what its form does with the choice. */
export function wireDialogs(form, { dismiss, attach, attachNumber }) {
  const reasons = document.getElementById("dismiss-dialog");
  const appeals = document.getElementById("attach-dialog");
  const number = document.getElementById("attach-number");
  form.querySelector('[data-dialog="dismiss-dialog"]').addEventListener("click", () => reasons.showModal());
  reasons.addEventListener("click", (event) => {
    const one = event.target.closest("[data-dismiss]");
    if (!one) return;
    reasons.close();
    dismiss(one.dataset.dismiss);
  });
  appeals.addEventListener("click", (event) => {
    const one = event.target.closest("[data-attach]");
    if (!one) return;
    appeals.close();
    attach(one);
  });
  const byNumber = () => {
    const given = number.value.replace(/[№#\s]/g, "");
    if (!given) return void number.focus();
    appeals.close();
    attachNumber(given.includes("-") ? given : `${number.placeholder.slice(0, 4)}-${given.padStart(6, "0")}`);
  };
  number.addEventListener("keydown", (event) => { if (event.code === "Enter") { event.preventDefault(); byNumber(); } });
  document.getElementById("attach-go").addEventListener("click", byNumber);
}

/** Show the appeals found so far, each with a digit as its key. */
export function openAttach(form) {
  const sheet = document.getElementById("attach-dialog");
  const list = document.getElementById("attach-list");
  const found = [...form.querySelectorAll("#similar [data-attach]")];
  list.replaceChildren(...found.map((one, index) => {
    const line = document.createElement("li");
    const copy = one.cloneNode(true);
    copy.dataset.key = `Digit${index + 1}`;
    const sign = document.createElement("kbd");
    sign.textContent = index + 1;
    copy.firstElementChild.prepend(sign);
    line.append(copy);
    return line;
  }));
  document.getElementById("attach-number").value = "";
  sheet.showModal();
  if (found.length) list.querySelector("button").focus();
  else document.getElementById("attach-number").focus();
}
