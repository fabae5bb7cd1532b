// What a reply looks like. Whatever comes from the service is put in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const KINDS = {
  answer: ["✓", "Answer"],
  clarify: ["?", "Which one?"],
  unknown: ["–", "Not known"],
  refusal: ["!", "I can’t look this up"],
};

/** An element with a class, attributes and children (nodes, or text). */
export function make(tag, { className = "", ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

/** The parts of a reply, in the order in which they are read. */
export function parts(reply) {
  const kind = KINDS[reply.kind];
  const further = questions(reply.kind === "clarify" ? "Choose one" : "You could ask", reply.suggestions);
  return [
    kind ? make("p", { className: "kind" }, make("span", { "aria-hidden": "true" }, kind[0]), kind[1]) : "",
    make("p", { className: "text" }, reply.text),
    reply.chart?.bars.length ? chart(reply.chart) : "",
    reply.citations.length ? sources(reply.citations) : "",
    ...(reply.kind === "answer" ? [why(reply), further] : [further, why(reply)]),
  ].filter(Boolean);
}

/** Buttons that ask a question; "" where there is none. */
export function questions(title, asked) {
  if (!asked.length) return "";
  const buttons = asked.map((question) => make("li", {}, make("button", { type: "button", className: "ask" }, question)));
  return make("div", { className: "questions" }, make("p", {}, title), make("ul", { role: "list", "aria-label": title }, ...buttons));
}

function chart({ title, unit, bars }) {
  const most = Math.max(...bars.map((bar) => bar.value));
  const rows = bars.map((bar) => {
    const share = most > 0 ? Math.max(0, (100 * bar.value) / most) : 0;
    const drawing = document.createElementNS(SVG, "svg");
    const filled = document.createElementNS(SVG, "rect");
    drawing.setAttribute("aria-hidden", "true");
    filled.setAttribute("width", `${share.toFixed(2)}%`);
    filled.setAttribute("height", "100%");
    drawing.append(filled);
    return make("li", {}, make("span", {}, bar.label), " ", make("span", { className: "figure" }, bar.shown), drawing);
  });
  return make("figure", {}, make("figcaption", {}, `${title} `, make("span", {}, `(${unit})`)), make("ul", { role: "list" }, ...rows));
}

/** The sources as links, each once; what was cited of them unfolds. */
function sources(citations) {
  const bySource = new Map();
  for (const citation of citations) {
    bySource.set(citation.source_id, [...(bySource.get(citation.source_id) ?? []), citation]);
  }
  const cited = [...bySource.values()];
  const title = cited.length > 1 ? "Sources" : "Source";
  return make(
    "div",
    { className: "sources" },
    make("p", {}, title),
    make("ul", { role: "list", "aria-label": title }, ...cited.map(([first]) => make("li", {}, link(first), told(first)))),
    unfold(cited.length > 1 ? "Sections and notes" : "Section and note", ...cited.map((all) => cells(all, cited.length > 1))),
  );
}

function link({ title, url }) {
  if (!/^https?:\/\//i.test(url ?? "")) return make("cite", {}, title);
  const hint = make("span", { className: "unseen" }, " (opens in a new tab)");
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, make("cite", {}, title), hint);
}

function told({ publisher, author, published }) {
  const by = [author && `by ${author}`, publisher].filter(Boolean);
  return `, ${[...by, published === "undated" ? "undated" : `published ${published}`].join(", ")}`;
}

function cells(citations, named) {
  const [{ title, author, publisher, published, note, origin }] = citations;
  return list([
    ["Source", named ? title : ""],
    ["Author", author],
    ["Publisher", publisher ?? (author ? "" : "not named")],
    ["Published", published],
    ...[...new Set(citations.map((citation) => citation.section))].map((section) => ["Section", section]),
    ["Passes on", origin],
    ["Note", note],
  ]);
}

function why({ kind, confidence, why }) {
  const alike = why.matched && `in meaning ${part(why.semantic)}, in letters ${part(why.lexical)}, as a whole ${part(why.fuzzy)} (1 is the same)`;
  const sure = kind === "answer" ? "of answers given 0.9, about nine in ten are right" : "that nothing known here answers it";
  return unfold(
    kind === "answer" ? "Why this answer" : "Why this reply",
    list([
      ["Rule", why.rule],
      ["Read as", why.read_as],
      ["Spelling put right", why.corrections.map(([wrong, right]) => `${wrong} → ${right}`).join(", ")],
      ["Nearest phrasing", why.matched && `“${why.matched}”`],
      ["Belongs to", why.label?.replace(/^intent:/, "the intent ")],
      ["Alike", alike],
      ["Next came", why.runner_up?.replace(/^intent:/, "the intent ")],
      ["Proposed", why.trail?.map(({ by, label, objections }) => [`${by} ${label.replace(/^intent:/, "")}`, ...objections].join(": ")).join("; ")],
      ["How sure", `${part(confidence)}; ${sure}`],
    ]),
  );
}

const part = (value) => value.toFixed(2);

function unfold(title, ...content) {
  return make("details", {}, make("summary", {}, title), ...content);
}

/** Names and values; those without a value are left out. */
function list(pairs) {
  const told = pairs.filter(([, value]) => value);
  return make("dl", {}, ...told.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}
