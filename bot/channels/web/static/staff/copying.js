// "Copy": the whole reply with source, link and validity, as plain text and for mail programs as HTML.
import { kept, post, say, sendable, words } from "./page.js";

const manual = document.getElementById("manual");

/** The section's reply to what is searched for. */
export async function quotation(section, language) {
  const response = await post("/staff/api/quote", { section, language, query: sendable(kept.query) });
  return response.json();
}

/** Copies a text; where the browser lets no page do so, shows it to be copied by hand. */
export async function copy(text, html) {
  const flavours = { "text/plain": blob(text, "text/plain") };
  if (html) flavours["text/html"] = blob(html, "text/html");
  try {
    // Begun before the text is there: some browsers allow it only as an answer to the key or click.
    await navigator.clipboard.write([new ClipboardItem(flavours)]);
    return true;
  } catch {
    const plain = await text;
    if (written(plain)) return true;
    const field = document.getElementById("manual-text");
    field.value = plain;
    manual.showModal();
    field.select();
    return false;
  }
}

async function blob(text, type) {
  return new Blob([await text], { type });
}

// For pages without TLS, where there is no clipboard to write to.
function written(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  let done = false;
  try { done = document.execCommand("copy"); } catch { done = false; }
  field.remove();
  before?.focus({ preventScroll: true });
  return done;
}

export async function copyAnswer(section, language) {
  const asked = quotation(section, language);
  try {
    const copied = copy(asked.then(one => one.text), asked.then(one => one.html));
    // A failed request is told as such, not as a browser that refuses.
    await asked;
    if (await copied) say(language === "sv" ? words.copiedSv : words.copiedEn);
  } catch {
    say(words.copyFailed);
  }
}

document.addEventListener("click", event => {
  const button = event.target.closest("[data-copy]");
  if (button) copyAnswer(button.dataset.copy, button.dataset.language);
});
