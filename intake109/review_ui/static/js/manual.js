/* Entering by hand: a screenshot may be pasted, dropped or chosen; a link may be pasted anywhere. */
const form = document.getElementById("entry");
const place = document.getElementById("drop");
const files = document.getElementById("files");
const picked = document.getElementById("picked");

function show() {
  picked.querySelectorAll("[data-fresh]").forEach((one) => { URL.revokeObjectURL(one.querySelector("img").src); one.remove(); });
  for (const file of files.files) {
    const line = document.createElement("li");
    line.dataset.fresh = "";
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    line.append(image);
    picked.append(line);
  }
}

function add(more) {
  const all = new DataTransfer();
  for (const file of [...files.files, ...more]) if (file.type.startsWith("image/")) all.items.add(file);
  files.files = all.files;
  show();
}

export function start() {
  if (!form) return;
  files.addEventListener("change", show);
  document.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      add(event.clipboardData.files);
    }
  });
  place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("is-over"); });
  place.addEventListener("dragleave", () => place.classList.remove("is-over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("is-over");
    add(event.dataTransfer.files);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const guessed = event.detail.target.querySelector?.("[data-platform]");
    const choice = document.getElementById("platform");
    if (guessed && !choice.dataset.touched) choice.value = guessed.dataset.platform;
  });
  document.getElementById("platform").addEventListener("change", (event) => { event.target.dataset.touched = "1"; });
}
