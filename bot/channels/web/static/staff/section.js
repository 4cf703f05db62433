// A section's own page: the link to it, and what copying answers.
import { copy } from "./copying.js";
import { kept, say, words } from "./page.js";

if (document.querySelector("article.section")) {
  document.getElementById("copy-link").addEventListener("click", async () => {
    if (await copy(location.href)) say(words.linkCopied);
  });
  const searched = document.getElementById("searched");
  if (kept.query) {
    searched.textContent = searched.dataset.words.replace("#", () => kept.query.slice(0, 200));
    searched.hidden = false;
  }
  // Back to the search as it was, with its filters.
  document.getElementById("back").addEventListener("click", event => {
    const from = document.referrer && new URL(document.referrer);
    if (from && from.origin === location.origin && from.pathname === "/staff" && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });
}
