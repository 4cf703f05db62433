const SOURCE_LANGUAGE = "sv";
const ANNOUNCED = 200;
const OMITTED = "[…]";

// Sentences as paragraphs and lists, each speaker after the last of their words; `gap`: more was left out.
const quotation = (sentences, gap, attributes) => {
  const quote = make("blockquote", attributes);
  let block = null;
  sentences.forEach(({text, speaker, paragraph, item, gap}, at) => {
    const before = sentences[at - 1];
    if (!block || before.paragraph !== paragraph || before.item !== item || before.speaker !== speaker)
      quote.append((block = make(item ? "ul" : "p")));
    else if (!item) block.append(" ");
    if (gap) block.append(item ? make("li", {}, OMITTED) : `${OMITTED} `);
    block.append(item ? make("li", {}, text) : text);
    const after = sentences[at + 1];
    if (speaker && after?.speaker !== speaker) quote.append(make("p", {class: "speaker"}, `– ${speaker}`));
  });
  if (gap) quote.append(make("p", {}, OMITTED));
  return quote;
};

const originals = (part, say) => {
  const sentences = part.sentences.filter(one => one.original).map(one => ({...one, text: one.original}));
  if (!sentences.length) return null;
  const quote = quotation(sentences.map(one => ({...one, speaker: null})), part.gap, {lang: SOURCE_LANGUAGE});
  if (part.lead_original) quote.prepend(make("p", {class: "lead"}, part.lead_original));
  return make("details", {}, make("summary", {}, say("chat.original")), quote);
};

const contactDetails = (contact, language) => {
  const line = (key, value) => value && make("p", {}, `${say(language, key)} `, value);
  const {name, phone, email, url} = contact;
  const number = phone?.replace(/[^+\d]/g, "");
  return make(
    "div", {class: "contact"},
    make("p", {class: "strong"}, name),
    line("chat.phone", phone && make("a", {href: `tel:${number}`}, phone)),
    line("chat.email", email && make("a", {href: `mailto:${email}`}, email)),
    line("chat.website", url && link(language, url, url.replace(/^https?:\/\/|\/$/g, ""))),
  );
};

// Our own words; an address in them can be followed.
const paragraphs = (text, language) => text.split("\n").map(line =>
  make("p", {}, line.split(/(https?:\/\/[^\s,]+)/).map((piece, at) =>
    at % 2 ? link(language, piece, piece.replace(/^https?:\/\/|\/$/g, "")) : piece)));

const buttons = (heading, items) => items.length && [
  make("p", {class: "strong"}, heading),
  make("ul", {class: "buttons"}, items.map(([text, press]) =>
    make("li", {}, make("button", {type: "button", click: press}, text)))),
];

// `press(request, words)` asks further from this answer; `level` is the level of the headings.
const renderAnswer = (answer, level, press) => {
  const {language} = answer;
  const words = (key, values) => say(language, key, values);
  const shown = answer.parts.map(part => {
    const source = answer.citations.find(one => one.section === part.section);
    const whole = words("chat.whole_of", {title: part.title});
    return make(
      "section", {class: "part"},
      make(`h${level}`, {}, part.title),
      part.lead && make("p", {class: "lead"}, part.lead),
      quotation(part.sentences, part.gap),
      originals(part, words),
      part.notes.map(note => make(
        "p", {class: "note"}, make("span", {class: "strong"}, words("chat.note")), ` ${note.text} `,
        link(language, note.url, note.document, {lang: SOURCE_LANGUAGE}),
      )),
      source && make(
        "p", {class: "source"}, `${words("chat.source")} `,
        link(language, source.url, source.document, {lang: SOURCE_LANGUAGE}),
        source.valid && make("span", {class: "valid"}, source.valid),
      ),
      !part.whole && make(
        "button", {type: "button", click: () => press({choice: {section: part.section}}, whole)},
        words("chat.whole"), answer.parts.length > 1 && make("span", {class: "hidden"}, `: ${part.title}`),
      ),
    );
  });
  return [
    answer.notices.map(notice => make("p", {class: "notice"}, notice)),
    answer.message && paragraphs(answer.message, language),
    make("div", {class: "parts"}, shown),
    buttons(words("chat.choose"), answer.choices.map(one => [one.label, () => press({choice: one}, one.label)])),
    answer.contact && contactDetails(answer.contact, language),
    buttons(words("chat.related"), answer.suggestions.map(one => [one.title, () => press({choice: one}, one.title)])),
  ].flat(Infinity);
};

// What is read out: enough to know what came, not all of it.
const summary = answer => {
  const [part] = answer.parts;
  const quoted = part ? [part.title, part.lead, ...part.sentences.map(one => one.text)] : [];
  let text = "";
  // Without a part the message is the answer, and its second line may be the number to call.
  const said = answer.message.split("\n").slice(0, part ? 1 : undefined);
  for (const piece of [...answer.notices, ...said, ...quoted]) {
    if (!piece) continue;
    text += `${text && !/[.!?:]$/.test(text) ? "." : ""} ${piece}`;
    if (text.length > ANNOUNCED) break;
  }
  return text.trim();
};
