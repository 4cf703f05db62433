// Keys. None acts while somebody types, C and L act on the section in focus only, and all can be switched off.
import { copyAnswer } from "./copying.js";
import { readAloud } from "./reading.js";
import { always } from "./storage.js";

const query = document.getElementById("query");
const help = document.getElementById("shortcuts");
const choice = document.getElementById("shortcuts-on");
const CHOICE = "malvakt.shortcuts";

choice.checked = always.get(CHOICE) !== "off";
choice.addEventListener("change", () => always.set(CHOICE, choice.checked ? "on" : "off"));

const links = () => [...document.querySelectorAll(".result-link")];

function types(element) {
  return element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

function move(event, by) {
  const all = links();
  const focused = document.activeElement;
  const at = all.findIndex(link => link === focused || link.closest(".result")?.contains(focused));
  if (focused !== query && at < 0) return;
  event.preventDefault();
  if (focused === query) {
    if (by > 0) all[0]?.focus();
  } else if (at + by < 0) query.focus();
  else all[Math.min(at + by, all.length - 1)].focus();
}

/** The section in focus: a result, or the one that the whole page is about. */
function section(focused) {
  return focused.closest(".result, article.section") ??
    (focused === document.body ? document.querySelector("article.section") : null);
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const focused = document.activeElement ?? document.body;
  const inQuery = focused === query;
  if (event.key === "Escape") return escape(event, focused, inQuery);
  if (query && !event.shiftKey && (inQuery || !types(focused))) {
    if (event.key === "ArrowDown") return move(event, 1);
    if (event.key === "ArrowUp") return move(event, -1);
  }
  if (!choice.checked || types(focused)) return;
  if (event.key === "/" && query) {
    event.preventDefault();
    query.focus();
    query.select();
  } else if (event.key === "?") {
    event.preventDefault();
    help.showModal();
  }
  const shown = section(focused);
  if (!shown) return;
  const [first, second] = [...shown.querySelectorAll("[data-copy]")].map(button => button.dataset.language);
  const key = event.key.toLowerCase();
  if (key === "c") {
    event.preventDefault();
    copyAnswer(shown.dataset.section, event.shiftKey ? second : first);
  } else if (key === "l" && !event.shiftKey) {
    event.preventDefault();
    readAloud(shown.dataset.section, first);
  }
});

function escape(event, focused, inQuery) {
  if (inQuery && query.value) {
    event.preventDefault();
    query.value = "";
    query.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (query && focused.closest(".results-area")) {
    query.focus();
  } else if (!query && !types(focused)) {
    document.getElementById("back")?.click();
  }
}
