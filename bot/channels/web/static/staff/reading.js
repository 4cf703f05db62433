// "Read aloud" and the other dialogs: the browser's own, which keep the focus inside and give it back.
import { quotation } from "./copying.js";
import { say, words } from "./page.js";

const reading = document.getElementById("reading");

export async function readAloud(section, language) {
  try {
    const { reading: html } = await quotation(section, language);
    const text = document.getElementById("reading-text");
    text.innerHTML = html;
    reading.showModal();
    // From the top, with the button that closes it: a phone has no Escape.
    text.focus({ preventScroll: true });
    reading.scrollTop = 0;
  } catch {
    say(words.copyFailed);
  }
}

document.addEventListener("click", event => {
  const reader = event.target.closest("[data-read]");
  if (reader) readAloud(reader.dataset.read, reader.dataset.language);
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  // Beside the dialog.
  if (event.target.localName === "dialog") event.target.close();
});
