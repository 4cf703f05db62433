const LONGEST = 1000;
const NEAR = 800;
const DARK = matchMedia("(prefers-color-scheme: dark)");
const SMALL = matchMedia("(max-width: 500px), (max-height: 500px)");

const styled = root => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make("style", {}, STYLE));
  }
};

class MalvaktChat extends HTMLElement {
  #root = this.attachShadow({mode: "closed"});
  #labels = []; // Elements with texts of their own: they change with the language.
  #turns = []; // {words, language, request, token} and then answer, contacts or failure.
  #cleared = null; // What "clear" has put away, until the next question.
  #drawn = new Map();
  #pending = null; // The request under way, at most one.
  #chosen = null; // The language that the person has chosen.
  #language;
  #store;
  #opener;
  #forgetting;

  connectedCallback() {
    if (!this.#store) this.#build();
    if (this.#corner.showPopover && this.#corner.isConnected && !this.#inline) this.#corner.showPopover();
    SMALL.addEventListener("change", this.#resize);
    DARK.addEventListener("change", this.#recolour);
    this.#recolour();
    if (this.#inline || !(this.#opened || this.#shown)) return;
    // Also where the site has moved the element: what was shown is hidden by that.
    this.#opened = false;
    this.#hide();
    this.#show();
  }

  disconnectedCallback() {
    SMALL.removeEventListener("change", this.#resize);
    DARK.removeEventListener("change", this.#recolour);
    this.#pending?.stop.abort();
  }

  // For the host page.
  open() {
    if (this.#inline || this.#shown) return;
    this.#opener = document.activeElement === this ? null : document.activeElement;
    this.#show();
    (SMALL.matches ? this.#title : this.#field).focus({preventScroll: true});
    this.#save();
  }

  close() {
    if (!this.#shown) return;
    this.#hide();
    const back = this.#opener?.isConnected && this.#opener !== document.body ? this.#opener : this.#launcher;
    back.focus({preventScroll: true});
    this.#save();
  }

  ask(question) {
    this.open();
    if (this.#pending) this.#field.value ||= question;
    else this.#take({question}, question);
  }

  #chat;
  #corner;
  #launcher;
  #panel;
  #title;
  #log;
  #field;
  #fault;
  #clearing;
  #status;
  #inline = false;
  #opened = false;

  get #shown() {
    return this.#inline || this.#launcher.getAttribute("aria-expanded") === "true";
  }

  #option(name) {
    return this.dataset[name] ?? SCRIPT.dataset[name];
  }

  #say(key, values) {
    return say(this.#language, key, values);
  }

  // The element with a text, or with one as its attribute, in the language of the moment.
  #labelled(element, key, attribute) {
    this.#labels.push(() => {
      const text = this.#say(key);
      if (attribute) element.setAttribute(attribute, text);
      else element.replaceChildren(text);
    });
    return element;
  }

  #button(key, name, click, symbol) {
    const button = make("button", {type: "button", class: name, click});
    if (!symbol) return this.#labelled(button, key);
    button.append(icon(symbol));
    return this.#labelled(button, key, "aria-label");
  }

  #build() {
    this.#inline = this.#option("inline") !== undefined;
    this.#store = new Store(`malvakt ${BASE} ${this.#option("municipality") ?? ""}`);
    const kept = this.#store.load();
    const page = document.documentElement.lang.slice(0, 2);
    this.#language = [kept?.language, this.#option("lang"), page].find(isLanguage) ?? SOURCE_LANGUAGE;
    this.#chosen = isLanguage(kept?.chosen) ? kept.chosen : null;
    this.#opened = Boolean(kept?.open) && !SMALL.matches && !this.#inline;
    styled(this.#root);
    const level = this.#inline ? 1 : 2;
    this.#title = this.#labelled(make(`h${level}`, {id: "title", tabindex: -1}), "chat.title");
    this.#log = this.#labelled(make("div", {class: "log", role: "region", tabindex: 0}), "chat.log", "aria-label");
    this.#status = make("div", {class: "hidden", role: "status"});
    const other = this.#button("chat.other_language", "quiet", () => this.#switch());
    this.#labels.push(() => other.setAttribute("lang", this.#otherLanguage()));
    this.#clearing = this.#button("chat.clear", "quiet", () => this.#clear());
    this.#panel = make(
      this.#inline ? "section" : "dialog",
      {class: "panel", "aria-labelledby": "title", popover: !this.#inline && this.showPopover && "manual"},
      make(
        "div", {class: "head"}, this.#title, other,
        !this.#inline && this.#button("chat.close", "quiet close", () => this.close(), "close"),
      ),
      this.#labelled(make("p", {class: "about"}), "chat.about"),
      this.#log,
      this.#form(),
      make(
        "div", {class: "foot"},
        this.#button("chat.contact", "quiet", () => this.#take({contact: true}, this.#say("chat.contact"))),
        this.#clearing,
      ),
      this.#status,
    );
    this.#panel.addEventListener("cancel", event => (event.preventDefault(), this.close()));
    // Heard a moment later, when the panel may be open again, with or without what lies behind.
    this.#panel.addEventListener("close", () => this.#marked(getComputedStyle(this.#panel).display !== "none"));
    this.#launcher = make("button", {type: "button", class: "launcher", "aria-expanded": "false"}, icon("chat"));
    this.#launcher.append(this.#labelled(make("span"), "chat.name"));
    this.#launcher.addEventListener("click", () => (this.#shown ? this.close() : this.open()));
    const corner = {class: "corner", popover: this.showPopover && "manual"};
    this.#corner = this.#labelled(make("section", corner, this.#launcher), "chat.name", "aria-label");
    const chat = (this.#chat = make("div", {class: this.#inline ? "chat inline" : "chat"}));
    chat.append(...(this.#inline ? [this.#panel] : [this.#corner, this.#panel]));
    // A double click and a key held down are one press, also where the answer comes before they end.
    const ignore = event => (event.preventDefault(), event.stopPropagation());
    const held = ({key, repeat, shiftKey}) => key === "Enter" && repeat && !shiftKey;
    chat.addEventListener("click", event => event.detail > 1 && ignore(event), {capture: true});
    chat.addEventListener("keydown", event => held(event) && ignore(event), {capture: true});
    chat.addEventListener("keydown", event => {
      if (event.key !== "Escape" || this.#inline || event.isComposing) return;
      event.preventDefault();
      this.close();
    });
    this.#labels.push(() => chat.setAttribute("lang", this.#language));
    this.#root.append(chat);
    try {
      this.#turns = kept?.turns ?? [];
      for (const turn of this.#turns)
        if (!turn.answer && !turn.contacts) turn.failure ??= {kind: "interrupted"};
      this.#relabel();
    } catch {
      // Another script of the site has written there, or another version of this one.
      this.#turns = [];
      this.#store.clear();
      this.#relabel();
    }
    if (this.#turns.length) this.#forgetLater();
  }

  #form() {
    const field = (this.#field = make("textarea", {
      id: "field", rows: 1, "aria-describedby": "fault", autocomplete: "off", input: () => this.#typed(),
    }));
    this.#fault = make("p", {id: "fault", class: "fault"});
    const send = this.#labelled(make("button", {type: "submit", class: "send"}), "chat.send", "aria-label");
    send.append(icon("send"));
    field.addEventListener("keydown", event => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    const submit = event => (event.preventDefault(), this.#send());
    const label = this.#labelled(make("label", {for: "field"}), "chat.field");
    return make("form", {novalidate: true, submit}, label, make("div", {class: "line"}, field, send), this.#fault);
  }

  // How many characters are left or too many; nothing is cut off.
  #typed(empty) {
    const left = LONGEST - [...this.#field.value.trim()].length;
    const key = empty ? "chat.empty" : left < 0 ? "chat.over" : left <= LONGEST - NEAR ? "chat.left" : "";
    this.#fault.textContent = key && this.#say(key, {count: Math.abs(left)});
    this.#fault.classList.toggle("wrong", Boolean(empty) || left < 0);
    this.#field.setAttribute("aria-invalid", Boolean(empty) || left < 0);
    // Grows with the text where the style sheet cannot make it so.
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
    return left >= 0;
  }

  #send() {
    const question = this.#field.value.trim();
    if (this.#pending) return;
    if (!this.#typed(!question) || !question) {
      this.#announce(this.#fault.textContent);
      this.#field.focus();
      return;
    }
    this.#field.value = "";
    this.#typed();
    this.#take({question}, question);
  }

  #take(asked, words, token = this.#turns.findLast(turn => turn.answer)?.answer.conversation) {
    if (this.#pending) return;
    this.#cleared = null;
    const turn = {words, language: this.#language, request: asked, token};
    this.#turns.push(turn);
    this.#draw();
    this.#run(turn);
  }

  // The example is gone once it is asked, and with it the focus.
  #begin(example) {
    this.#take({question: example}, example);
    this.#field.focus({preventScroll: true});
  }

  async #run(turn) {
    const run = (this.#pending = {stop: new AbortController()});
    delete turn.failure;
    this.#redraw(turn);
    this.#scrollTo(turn);
    this.#announce(this.#say("chat.waiting"));
    this.#save();
    try {
      const got = turn.request.contact ? await this.#contacts(run.stop) : await this.#answer(turn, run.stop);
      if (this.#pending !== run) return;
      this.#redraw(Object.assign(turn, got));
    } catch (error) {
      if (this.#pending !== run) return;
      // Also what cannot be shown: it came from somewhere between the service and here.
      delete turn.answer;
      delete turn.contacts;
      const {kind, until, detail} = error instanceof Failure ? error : {kind: "server"};
      turn.failure = {kind, until, detail};
      if (kind === "refused" && !this.#field.value) {
        this.#field.value = turn.request.question ?? "";
        this.#typed();
      }
      this.#redraw(turn);
    }
    this.#pending = null;
    this.#scrollTo(turn);
    this.#save();
    if (turn.failure) this.#announce(this.#told(turn.failure));
    else if (turn.answer) this.#announce(summary(turn.answer), turn.answer.language);
    else this.#announce(this.#say("chat.contact_here"));
  }

  async #answer(turn, stop) {
    const body = {...turn.request, municipality: this.#option("municipality") || undefined};
    Object.assign(body, {language: this.#chosen ?? undefined, conversation: turn.token});
    return {answer: await request("api/v1/ask", this.#language, stop, body)};
  }

  async #contacts(stop) {
    const {municipalities} = await request("api/v1/municipalities", this.#language, stop);
    const last = this.#turns.findLast(turn => turn.answer)?.answer.municipalities ?? [];
    const wanted = last.length ? last : [this.#option("municipality")];
    const found = municipalities.filter(({id, name}) => wanted.includes(id) || wanted.includes(name));
    return {contacts: (found.length ? found : municipalities).map(one => one.contact)};
  }

  #announce(text, language = this.#language) {
    this.#status.lang = language;
    this.#status.textContent = text;
  }

  #told({kind, detail, until}) {
    if (kind === "refused" && detail) return detail;
    const left = Math.ceil((until - Date.now()) / 1000);
    if (until && left <= 0) return this.#say("chat.error.again_now");
    // Never one: the sentence says "seconds".
    const seconds = Math.max(left, 2);
    return this.#say(`chat.error.${kind}`, {seconds});
  }

  #draw() {
    this.#drawn.clear();
    const cleared = this.#cleared && make(
      "div", {class: "cleared"},
      make("p", {}, this.#say("chat.cleared")),
      make("button", {type: "button", click: () => this.#undo()}, this.#say("chat.undo")),
    );
    const welcome = make("p", {}, this.#say("chat.welcome"));
    const example = this.#say("chat.example");
    const begin = !this.#turns.length && !cleared && make(
      "button", {type: "button", class: "begin", click: () => this.#begin(example)}, example);
    const turns = this.#turns.map(turn => this.#drawn.set(turn, make("div", {class: "turn"})).get(turn));
    this.#log.replaceChildren(...[welcome, begin, cleared, ...turns].filter(Boolean));
    for (const turn of this.#turns) this.#redraw(turn);
    this.#clearing.hidden = !this.#turns.length;
  }

  #redraw(turn) {
    const level = this.#inline ? 2 : 3;
    const language = turn.answer?.language ?? this.#language;
    const press = (asked, words) => this.#take(asked, words, turn.answer.conversation);
    const reply = turn.answer
      ? renderAnswer(turn.answer, level + 1, press)
      : turn.contacts
        ? turn.contacts.map(contact => contactDetails(contact, this.#language))
        : turn.failure
          ? this.#failed(turn)
          : make("p", {class: "waiting", "aria-hidden": "true"}, this.#say("chat.waiting"), make("i"));
    const said = (name, key, lang, children) => make(
      "div", {class: name}, make(`h${level}`, {class: "hidden"}, this.#say(key)), make("div", {lang}, children));
    this.#drawn.get(turn)?.replaceChildren(
      said("person", "chat.you", turn.language, turn.words),
      said("reply", "chat.malvakt", language, reply),
    );
    const parts = this.#turns.some(one => one.answer?.parts.length > 1);
    this.#panel.classList.toggle("wide", parts);
  }

  #failed(turn) {
    const {failure} = turn;
    const text = make("p", {}, this.#told(failure));
    const early = failure.until > Date.now();
    const again = make("button", {type: "button", "aria-disabled": early && "true"}, this.#say("chat.retry"));
    again.addEventListener("click", () => {
      if (failure.until > Date.now() || this.#pending) return;
      this.#run(turn);
      this.#field.focus({preventScroll: true});
    });
    if (early)
      setTimeout(() => {
        again.removeAttribute("aria-disabled");
        if (text.isConnected) text.textContent = this.#told(failure);
      }, failure.until - Date.now());
    const address = new URL("fraga", BASE);
    const misnamed = failure.kind === "misnamed";
    const municipality = misnamed ? "" : this.#option("municipality") ?? "";
    address.search = new URLSearchParams({lang: this.#language, municipality});
    const page = (misnamed || failure.kind === "blocked") && link(this.#language, address.href, this.#say("chat.page"));
    // With the same name it would fail again.
    return make("div", {class: "failure"}, text, page && make("p", {}, page), !misnamed && again);
  }

  // The person's question stands at the upper edge, so that reading begins there.
  #scrollTo(turn) {
    const element = this.#drawn.get(turn);
    if (!element) return;
    const scrolling = this.#log.scrollHeight > this.#log.clientHeight + 1 ? this.#log : this.#panel;
    scrolling.scrollTop += element.getBoundingClientRect().top - scrolling.getBoundingClientRect().top + 6;
  }

  #relabel() {
    for (const label of this.#labels) label();
    this.#draw();
    if (this.#field.value) this.#typed();
  }

  #otherLanguage() {
    return Object.keys(TEXTS).find(one => one !== this.#language);
  }

  #switch() {
    this.#language = this.#chosen = this.#otherLanguage();
    this.#relabel();
    this.#save();
  }

  #clear() {
    this.#pending?.stop.abort();
    this.#pending = null;
    this.#cleared = this.#turns.map(turn =>
      turn.answer || turn.contacts || turn.failure ? turn : {...turn, failure: {kind: "interrupted"}});
    this.#turns = [];
    this.#store.clear();
    this.#draw();
    this.#announce(this.#say("chat.cleared"));
    this.#log.querySelector("button").focus();
  }

  #undo() {
    this.#turns = this.#cleared;
    this.#cleared = null;
    this.#draw();
    this.#save();
    this.#announce("");
    this.#field.focus();
  }

  #save() {
    if (!this.#turns.length) return this.#store.clear();
    const {turns, language, chosen} = {turns: this.#turns, language: this.#language, chosen: this.#chosen};
    this.#store.save({turns, language, chosen, open: this.#shown});
    this.#forgetLater();
  }

  // Also where the page stays open: the line above the conversation promises it.
  #forgetLater() {
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => {
      this.#turns = [];
      this.#cleared = null;
      this.#store.clear();
      this.#draw();
    }, HOUR);
  }

  #marked(shown) {
    this.#launcher.setAttribute("aria-expanded", shown);
  }

  // Modal where it covers the page, so that what lies behind cannot be reached; else beside the page.
  #show() {
    if (SMALL.matches) this.#panel.showModal();
    else if (this.#panel.showPopover) this.#panel.showPopover();
    else this.#panel.show();
    this.#marked(true);
  }

  #hide() {
    this.#marked(false);
    if (this.#panel.open) this.#panel.close();
    else this.#panel.hidePopover?.();
  }

  #recolour = () => {
    const wished = this.#option("theme");
    this.#chat.dataset.theme = ["light", "dark"].includes(wished) ? wished : DARK.matches ? "dark" : "light";
  };

  #resize = () => {
    if (!this.#shown || this.#inline) return;
    const focused = this.#root.activeElement;
    this.#hide();
    this.#show();
    focused?.focus({preventScroll: true});
  };
}
