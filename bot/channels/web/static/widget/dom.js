// Where the script came from is where the service is; both are only known while the script begins to run.
const SCRIPT = document.currentScript ?? document.querySelector("script[src*='/widget.js']");
const BASE = new URL(".", SCRIPT.src);

// Elements are made by createElement and text alone: the host page may require trusted types.
const make = (name, attributes, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter(child => child));
  return element;
};

const ICONS = {
  chat: "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12h15M13 6l6 6-6 6",
  leave: "M14 4h6v6M20 4l-9 9M10 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-4",
};

const icon = name => {
  const space = "http://www.w3.org/2000/svg";
  const [svg, path] = ["svg", "path"].map(one => document.createElementNS(space, one));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
};

const say = (language, key, values) =>
  TEXTS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

const isLanguage = name => Object.hasOwn(TEXTS, name ?? "");

// In a new tab, and said so: in this one the conversation would be left, or a frame would lead elsewhere.
const link = (language, url, text, attributes) => {
  if (!/^https?:\/\//i.test(url)) return make("span", attributes, text);
  const hidden = make("span", {class: "hidden", lang: language}, ` (${say(language, "chat.new_tab")})`);
  const target = {href: url, target: "_blank", rel: "noopener"};
  return make("a", {...attributes, ...target}, text, icon("leave"), hidden);
};
