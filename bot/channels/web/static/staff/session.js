// Tells that the session is about to end while there is time to keep it, and that it has ended.
import { kept, post } from "./page.js";

const idle = Number(document.body.dataset.idleMinutes) * 60_000;
const WARNING = Math.min(120_000, idle / 2);
const ending = document.getElementById("session-ending");
const ended = document.getElementById("session-ended");
// All tabs share one session: what one does keeps the others in.
const tabs = channel();
let warn, end;

function channel() {
  try {
    return new BroadcastChannel("malvakt-staff");
  } catch {
    // Where the browser forbids storage, some forbid this too: then each tab is alone.
    return { postMessage() {} };
  }
}

function seen() {
  clearTimeout(warn);
  clearTimeout(end);
  ending.hidden = true;
  ended.hidden = true;
  warn = setTimeout(() => { ending.hidden = false; }, idle - WARNING);
  end = setTimeout(over, idle);
}

function over() {
  clearTimeout(warn);
  clearTimeout(end);
  ending.hidden = true;
  const here = location.pathname + location.search;
  document.getElementById("sign-in-again").href = `/staff/sign-in?${new URLSearchParams({ next: here, reason: "ended" })}`;
  ended.hidden = false;
}

addEventListener("malvakt:seen", () => { seen(); tabs.postMessage("seen"); });
addEventListener("malvakt:ended", over);
tabs.onmessage = ({ data }) => {
  // Signed in again elsewhere: this page's token is no longer good, so it is left as it is.
  if (data === "seen" && ended.hidden) seen();
  if (data === "left") over();
};
document.getElementById("stay").addEventListener("click", () => post("/staff/api/stay", {}).catch(() => {}));
document.querySelector("form.leave").addEventListener("submit", () => {
  kept.query = "";
  tabs.postMessage("left");
});
// A page that comes back from the browser's memory may be older than the session.
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
seen();
