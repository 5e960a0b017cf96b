/* The texts scripts need; they come with the page, in its language. */
const texts = JSON.parse(document.body.dataset.words || "{}");

/** Return a text with its values put in. */
export function word(key, values = {}) {
  return (texts[key] ?? "").replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}
