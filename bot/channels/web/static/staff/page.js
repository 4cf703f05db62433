// What the other modules share: the page's words, its token, and how it speaks to the server and the person.
import { thisTab } from "./storage.js";

export const words = document.getElementById("words").dataset;
const { csrf } = document.body.dataset;

/** Shows what only works with JavaScript. */
export function equip(root) {
  for (const element of root.querySelectorAll(".needs-script")) element.hidden = false;
  for (const element of root.querySelectorAll(".without-script")) element.hidden = true;
}

const status = document.getElementById("status");
let fading, waiting;

/** Says something once, for the eyes for a few seconds. */
export function say(text, { shown = true } = {}) {
  clearTimeout(waiting);
  clearTimeout(fading);
  status.textContent = "";
  // Emptied first, for the same words twice would be no change to announce.
  requestAnimationFrame(() => {
    status.textContent = text;
    status.classList.toggle("shown", shown);
  });
  fading = setTimeout(() => status.classList.remove("shown"), 4000);
}

/** Says something to screen readers alone when so many milliseconds have passed, unless something else is said in them. */
export function sayLater(text, after) {
  clearTimeout(waiting);
  waiting = setTimeout(say, after, text, { shown: false });
}

/** A failed request; `status` is 0 where there was no answer. */
export class Failure extends Error {
  constructor(status) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** Posts JSON. Searches are never part of an address: addresses end up in logs. */
export async function post(path, body, { signal } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Failure(0);
  }
  // 403: another tab has signed in anew, and this page's token is the old session's.
  const ended = response.status === 401 || response.status === 403;
  dispatchEvent(new CustomEvent(ended ? "malvakt:ended" : "malvakt:seen"));
  if (!response.ok) throw new Failure(response.status);
  return response;
}

/** The caller's words, kept in this tab alone: to be there again after signing in, and on a section's page. */
export const kept = {
  key: `malvakt.query.${document.body.dataset.account}`,
  get query() {
    return thisTab.get(this.key) ?? "";
  },
  set query(text) {
    thisTab.set(this.key, text || null);
  },
};

/** At most so many letters are searched. */
export const LONGEST = 1000;

/** Text as the server can read it: no half letters, and not more than it uses. */
export function sendable(text) {
  const whole = text.toWellFormed ? text.toWellFormed() : text;
  return whole.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "");
}
