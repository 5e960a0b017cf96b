/* Photos, enlarged. Arrows turn the pages, f or Esc closes. */
import { word } from "./words.js";

let box = null;
let photos = [];
let at = 0;

function build() {
  box = document.createElement("dialog");
  box.className = "viewer";
  const image = document.createElement("img");
  const caption = document.createElement("figcaption");
  const button = (name, sign, label, action) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = name;
    one.textContent = sign;
    one.ariaLabel = label;
    one.addEventListener("click", action);
    return one;
  };
  box.append(
    image, caption,
    button("earlier-photo", "←", "←", () => show(at - 1)),
    button("later-photo", "→", "→", () => show(at + 1)),
    button("shut", "✕", word("close"), () => box.close()),
  );
  box.addEventListener("keydown", (event) => {
    if (event.code === "ArrowLeft") show(at - 1);
    if (event.code === "ArrowRight") show(at + 1);
    if (event.code === "KeyF") { event.preventDefault(); event.stopPropagation(); box.close(); }
  });
  box.addEventListener("click", (event) => { if (event.target === box || event.target === image) box.close(); });
  document.body.append(box);
}

function show(index) {
  at = (index + photos.length) % photos.length;
  const image = box.querySelector("img");
  image.src = photos[at].dataset.photo;
  image.alt = word("photo", { n: at + 1, all: photos.length });
  box.querySelector("figcaption").textContent = image.alt;
  box.querySelectorAll(".earlier-photo, .later-photo").forEach((one) => { one.hidden = photos.length < 2; });
}

/** Open the photos of the task, beginning with this one. */
export function enlarge(first) {
  photos = [...document.querySelectorAll("#detail [data-photo]")];
  if (!photos.length) return;
  if (!box) build();
  show(Math.max(0, photos.indexOf(first)));
  box.showModal();
}

export function start() {
  document.addEventListener("click", (event) => {
    const photo = event.target.closest("[data-photo]");
    if (photo) enlarge(photo);
  });
  document.addEventListener("keydown", (event) => {
    const isFree = !event.ctrlKey && !event.metaKey && !event.altKey && !document.querySelector("dialog[open]");
    const isTyping = document.activeElement?.matches('textarea, select, input:not([type="radio"], [type="checkbox"])');
    if (event.code === "KeyF" && isFree && !isTyping) enlarge(null);
  });
}
