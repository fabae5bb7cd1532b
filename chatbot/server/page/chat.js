// The conversation: asking, waiting, trouble, and what stays after a reload.

import { Problem, ask as askAlone, begin, choose, explain, recall, remove, say, sources, topics } from "./api.js";
import { make, parts, questions } from "./reply.js";

const SLOW = 300; // milliseconds until it is said that an answer is being looked up
const PATIENCE = 30; // seconds that a busy service may name until we ask again by ourselves
const TRIES = 3; // by ourselves, for one question
const EXAMPLES = 6;
const PUBLISHERS = 8;

const $ = (id) => document.getElementById(id);
const [field, form, log, turns, note, start, fresh] = ["question", "ask", "log", "turns", "note", "start", "new"].map($);
const pointer = matchMedia("(pointer: fine)"); // on a touch screen, focus would bring up the keyboard
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** What stays after a reload, in this tab alone; nothing where the browser forbids it. */
const kept = {
  get(name) {
    try {
      return sessionStorage.getItem(`chatbot.${name}`);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      if (value === null) sessionStorage.removeItem(`chatbot.${name}`);
      else sessionStorage.setItem(`chatbot.${name}`, value);
    } catch {
      // then a reload begins anew
    }
  },
};

let id = kept.get("conversation");
let round = 0; // what was asked in an earlier round is not shown any more
let waiting = false;
let alone = false; // whether the service keeps no conversations
let again; // the timer of a further try

function keep(conversation) {
  id = conversation;
  kept.set("conversation", id);
}

function wait(on, buttons = "#send, button.ask, button.retry") {
  waiting = on;
  for (const button of document.querySelectorAll(buttons)) button.disabled = on;
}

function focus() {
  if (pointer.matches) field.focus({ preventScroll: true });
}

function into(turn) {
  turn.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
}

// one turn

function add(question) {
  const asked = make("h2", { className: "asked" }, make("span", { className: "unseen" }, "You asked: "), question);
  const reply = make("div", { className: "reply" });
  const turn = make("li", {}, asked, reply);
  turns.append(turn);
  start.hidden = true;
  fresh.hidden = false;
  return { question, turn, reply, tries: 0 };
}

function show(at, reply) {
  at.reply.className = `reply ${reply.kind}`;
  at.reply.replaceChildren(...parts(reply));
}

async function ask(question) {
  if (waiting) return;
  note.textContent = "";
  await answer(add(question));
}

async function answer(at) {
  const mine = ++round;
  clearTimeout(again);
  wait(true);
  kept.set("pending", at.question);
  if (turns.lastElementChild !== at.turn) turns.append(at.turn); // what is tried again comes after what was said meanwhile
  const slow = setTimeout(() => {
    at.reply.className = "reply";
    at.reply.replaceChildren(make("p", { className: "waiting" }, "Looking it up …"));
  }, SLOW);
  into(at.turn);
  const [reply, problem] = await send(at, mine).then((told) => [told], (error) => [null, error]);
  clearTimeout(slow);
  if (mine !== round) return; // the conversation was left meanwhile
  wait(false);
  if (reply) {
    kept.set("pending", null);
    show(at, reply);
    carry(reply);
  } else {
    trouble(at, problem instanceof Problem ? problem : new Problem(500));
  }
  into(at.turn);
}

/** What questions are about that name no career; nothing where none is in force. */
function about(career) {
  $("career").textContent = career ?? "";
  $("about").hidden = !career;
}

/** The same after a reply: what it is about, if that is known, is in force from then on; a single topic is no career. */
function carry({ subject }) {
  if (subject && !alone) about(subject.kind === "topic" ? null : subject.title);
}

async function forget() {
  focus(); // the button goes
  const mine = round;
  const problem = await choose(id, null).then(() => null, (error) => error);
  if (mine !== round) return;
  if (!problem || problem.status === 404) about(null);
  note.textContent = problem ? explain(problem) : "Forgotten: the next question may be about any career.";
}

/** The reply, in a conversation that is begun when it is needed, and anew where it has expired. */
async function send({ question, turn }, mine) {
  const before = id;
  if (!before) await open(mine);
  if (alone) return askAlone(question);
  try {
    return await say(id, question);
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    if (mine === round) keep(null);
    if (!before) throw problem;
  }
  await open(mine);
  turn.before(make("li", { className: "expired" }, "The conversation above has expired. What follows is a new one."));
  return say(id, question);
}

async function open(mine) {
  try {
    const made = await begin();
    if (mine !== round) throw new Problem(0); // the page has gone on; the service lets it expire
    keep(made.id);
    about(made.career);
  } catch (problem) {
    if (problem.status !== 501) throw problem;
    if (!alone) note.textContent = "No conversations are kept here: each question stands by itself.";
    alone = true;
  }
}

/** What went wrong, in place of a reply, and a way on; nothing that was typed is lost. */
function trouble(at, problem) {
  const { status } = problem;
  const seconds = Math.ceil(problem.wait) || (status === 429 ? 5 : 0);
  const byItself = seconds > 0 && seconds <= PATIENCE && at.tries++ < TRIES;
  const later = !seconds ? "" : byItself ? ` Asking again in ${count(seconds)}.` : ` Please wait ${count(seconds)}.`;
  at.reply.className = "reply trouble";
  at.reply.replaceChildren(make("p", {}, explain(problem) + later));
  if (status >= 400 && status < 500 && status !== 404 && status !== 429) {
    field.value ||= at.question; // to be changed, as the same would be refused again
    return;
  }
  at.reply.append(retry(byItself ? "Ask now" : "Try again", () => answer(at)));
  if (byItself) {
    wait(true, "#send, button.ask");
    again = setTimeout(() => answer(at), 1000 * seconds);
  }
}

function retry(title, action) {
  const button = make("button", { type: "button", className: "retry" }, title);
  button.addEventListener("click", () => {
    focus(); // the button goes
    action();
  });
  return button;
}

function count(seconds) {
  const [number, unit] = seconds < 120 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

// the page

/** The conversation of before a reload. */
async function restore() {
  log.setAttribute("aria-live", "off"); // it has been read already
  wait(true);
  try {
    const { messages, career } = await recall(id);
    about(career);
    turns.replaceChildren();
    for (const { question, reply } of messages) show(add(question), reply);
    if (messages.at(-1)?.question === kept.get("pending")) kept.set("pending", null);
    turns.lastElementChild?.scrollIntoView({ block: "nearest" });
  } catch (problem) {
    if (problem.status === 404 || problem.status === 501) {
      keep(null);
      note.textContent = "The earlier conversation has expired. This is a new one.";
    } else {
      const button = retry("Show the conversation", () => {
        note.textContent = "";
        restore();
      });
      note.replaceChildren(explain(problem), " ", button);
    }
  }
  wait(false);
  setTimeout(() => log.setAttribute("aria-live", "polite"), 1000);
}

/** What the page is for: whose figures it tells, and a few of the questions that it can answer, from as many topics. */
async function introduce() {
  const [told, known] = await Promise.allSettled([sources(), topics()]);
  if (told.status === "fulfilled") {
    const names = [...new Set(told.value.sources.map((source) => source.publisher ?? source.author ?? `“${source.title}”`))];
    const more = names.length - PUBLISHERS;
    if (more > 0) names.splice(PUBLISHERS, more, `${more} more`);
    $("publishers").append(make("strong", {}, "Sources: "), names.join("; "));
    $("publishers").hidden = !names.length;
  }
  if (known.status === "fulfilled") {
    const all = known.value.topics.filter((topic) => topic.questions.length);
    const step = Math.max(1, (all.length - 1) / (EXAMPLES - 1));
    const few = Array.from({ length: Math.min(EXAMPLES, all.length) }, (_, i) => all[Math.round(i * step)].questions[0]);
    $("examples").replaceChildren(questions("For example", few));
  }
}

async function startAnew() {
  const [old, mine] = [id, ++round];
  clearTimeout(again);
  keep(null);
  kept.set("pending", null);
  turns.replaceChildren();
  note.textContent = "";
  start.hidden = false;
  fresh.hidden = true;
  about(null);
  wait(false);
  field.focus();
  if (!old) return;
  const problem = await remove(old).catch((error) => error);
  if (mine !== round) return;
  const gone = !problem || problem.status === 404;
  note.textContent = gone ? "The conversation is deleted." : "The old conversation can't be deleted just now. It will expire by itself.";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = field.value.trim();
  if (waiting || !question) return;
  field.value = "";
  field.focus({ preventScroll: true });
  ask(question);
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.ask");
  if (!button) return;
  focus();
  ask(button.textContent);
});

fresh.addEventListener("click", startAnew);
$("forget").addEventListener("click", forget);

introduce();
if (id) await restore();
field.value ||= kept.get("pending") ?? "";
focus();
