// Search as somebody types. The results come as HTML from the templates that also make the page.
import { equip, kept, LONGEST, post, sayLater, sendable, words } from "./page.js";

// Long enough to send one request for a quick double stroke, short enough not to be noticed.
const PAUSE = 40;
const QUIET = 700;
const FILTERS = ["municipality", "document", "kind", "state", "language"];

const form = document.getElementById("search");
if (form) begin(form);

function begin(form) {
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  const failure = document.getElementById("failure");
  const working = document.getElementById("working");
  const filters = document.getElementById("filters");
  let pausing, slow, request;
  // The limit is the form's without JavaScript; here what is too long is said instead of cut off.
  query.removeAttribute("maxlength");
  // The language of the page, which is the texts' where nothing else is chosen.
  const usual = document.documentElement.lang;

  const chosen = () => Object.fromEntries(FILTERS.map(name => [name, form.elements[name].value]));

  async function search() {
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    const text = query.value;
    document.getElementById("cut").hidden = text.length <= LONGEST;
    results.setAttribute("aria-busy", "true");
    clearTimeout(slow);
    slow = setTimeout(() => working.classList.add("shown"), 250);
    try {
      const response = await post("/staff/api/search", { query: sendable(text), ...chosen() }, { signal });
      const html = await response.text();
      if (signal.aborted) return;
      show(html);
      failure.hidden = true;
    } catch (error) {
      if (error.name === "AbortError") return;
      // What another query found must not stand beneath this one, to be copied for a caller.
      if (results.contains(document.activeElement)) query.focus();
      results.replaceChildren();
      if (error.status === 401 || error.status === 403) failure.hidden = true;
      else fail(error.status === 429 ? words.tooMany : words.failed);
    }
    clearTimeout(slow);
    working.classList.remove("shown");
    results.setAttribute("aria-busy", "false");
  }

  function show(html) {
    const focused = results.contains(document.activeElement) && document.activeElement;
    results.innerHTML = html;
    equip(results);
    // Somebody was quicker with the arrow key than the last letter's answer: they stay at their section.
    if (focused) {
      const section = focused.closest(".result")?.dataset.section;
      const same = section && results.querySelector(`.result[data-section="${CSS.escape(section)}"]`);
      ((same || results).querySelector(".result-link") ?? query).focus({ preventScroll: true });
    }
    // Told when the typing rests: not a number for every letter, nor over the word that an answer is copied.
    sayLater(results.querySelector("[data-count]")?.textContent ?? "", QUIET);
    dispatchEvent(new CustomEvent("malvakt:shown"));
  }

  function fail(text) {
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = words.again;
    again.addEventListener("click", () => { query.focus(); search(); });
    failure.replaceChildren(text, " ", again);
    failure.hidden = false;
  }

  function address() {
    const values = new URLSearchParams();
    for (const [name, value] of Object.entries(chosen()))
      if (value && !(name === "language" && value === usual)) values.set(name, value);
    const said = values.toString();
    history.replaceState(null, "", said ? `?${said}` : location.pathname);
    // Where the page is in the other language, it shall keep the filters.
    for (const link of document.querySelectorAll("a.language")) {
      values.set("lang", link.hreflang);
      link.search = values.toString();
      values.delete("lang");
    }
    const active = FILTERS.filter(name => name !== "language" && form.elements[name].value).length;
    const count = document.getElementById("filters-active");
    count.textContent = active ? count.dataset.words.replace("#", active) : "";
  }

  // Documents of another municipality would find nothing.
  function narrowDocuments() {
    const { municipality, document: documents } = form.elements;
    for (const group of documents.querySelectorAll("optgroup")) {
      const fits = !municipality.value || group.dataset.municipality === municipality.value;
      group.hidden = group.disabled = !fits;
      if (!fits && [...group.children].some(option => option.selected)) documents.value = "";
    }
  }

  query.addEventListener("input", () => {
    kept.query = query.value;
    clearTimeout(pausing);
    pausing = setTimeout(search, PAUSE);
  });
  form.addEventListener("change", event => {
    if (event.target === query) return;
    narrowDocuments();
    address();
    search();
  });
  form.addEventListener("submit", event => {
    event.preventDefault();
    clearTimeout(pausing);
    search();
  });
  results.addEventListener("click", event => {
    if (!event.target.closest("[data-unfilter]")) return;
    for (const name of FILTERS) if (name !== "language") form.elements[name].value = "";
    narrowDocuments();
    address();
    query.focus();
    search();
  });

  narrowDocuments();
  address();
  const any = FILTERS.some(name => name !== "language" && form.elements[name].value);
  if (matchMedia("(max-width: 40rem)").matches && !any) filters.open = false;
  // Typed while this file was still on its way, or before the person signed in again.
  if (!query.value) query.value = kept.query;
  if (query.value && !results.querySelector(".result")) search();
  kept.query = query.value;
}
