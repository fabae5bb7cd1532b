"""The commands of the conversation. Each registers itself; help and completion are made from this registry."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from chatbot.errors import ChatbotError
from chatbot.files import put_text
from chatbot.language.normalise import printable
from chatbot.reply import Reply
from chatbot.showing.listing import find_topic, source_lines, topic_lines
from chatbot.showing.render import Style, render, why_lines

if TYPE_CHECKING:
    from chatbot.conversation import Conversation
    from chatbot.live.feedback import Feedback
    from chatbot.live.reloading import Reloader
    from chatbot.live.settings import Settings


NO_CAREER = {"-", "none"}
"""What forgets the career in force."""


class Quit(Exception):  # noqa: N818 - a wish, not an error
    """Raised by /quit."""


@dataclass
class Session:
    """What a command works on: the conversation, the options, the style, and the last reply (``marked`` where
    it is marked already)."""

    chat: Conversation
    settings: Settings
    style: Style
    feedback: Feedback
    reloader: Reloader
    last: Reply | None = None
    marked: Reply | None = None
    clear: Callable[[], None] = field(default=lambda: None)


@dataclass(frozen=True)
class Command:
    """A name, what its argument is called, what it does, and the function that does it and gives lines to
    print."""

    name: str
    argument: str
    help: str
    run: Callable[[Session, str], list[str]]


REGISTRY: dict[str, Command] = {}


def command(
    name: str, help: str, argument: str = ""
) -> Callable[[Callable[[Session, str], list[str]]], None]:
    """Register a command."""

    def add(function: Callable[[Session, str], list[str]]) -> None:
        REGISTRY[name] = Command(name, argument, help, function)

    return add


def find_command(name: str) -> Command:
    """A command by its name or a unique beginning of it; raises ``ChatbotError`` with the nearest."""
    begun = [known for known in REGISTRY if known.startswith(name)] if name else []
    if name in REGISTRY or len(begun) == 1:
        return REGISTRY[name if name in REGISTRY else begun[0]]
    if begun:
        raise ChatbotError(f"/{name} could be {', '.join('/' + n for n in begun)}")
    near = difflib.get_close_matches(name, REGISTRY, 1)
    raise ChatbotError(
        f"no command /{name}; " + (f"did you mean /{near[0]}?" if near else "/help lists them")
    )


def dispatch(session: Session, line: str) -> list[str]:
    """Run ``/name argument``; raises ``ChatbotError`` for one that can't be run."""
    name, _, argument = line[1:].strip().partition(" ")
    return find_command(name.lower()).run(session, argument.strip())


@command("help", "what you can type here")
def _help(session: Session, argument: str) -> list[str]:
    names = {c.name: f"/{c.name} {c.argument}".strip() for c in REGISTRY.values()}
    width = max(map(len, names.values()))
    lines = session.style.wrap(
        "Ask in your own words; a short question continues the last one. Commands (a unique beginning is enough):"
    )
    lines += [f"  {names[c.name]:<{width}}  {session.style.dim(c.help)}" for c in REGISTRY.values()]
    return [
        *lines,
        session.style.dim(
            "Tab completes, Alt-Enter starts a new line, Ctrl-R searches, Ctrl-C clears the line, Ctrl-D leaves."
        ),
    ]


@command("career", "what is asked about where no career is named; - forgets it", "[NAME]")
def _career(session: Session, argument: str) -> list[str]:
    if argument:
        session.chat.career = None if argument.lower() in NO_CAREER else argument
    told = session.chat.career
    return [f"Questions that name no career are about: {printable(told)}" if told else "No career is chosen."]


@command("topics", "the topics, or one topic's questions", "[TOPIC]")
def _topics(session: Session, argument: str) -> list[str]:
    knowledge = session.chat.bot.knowledge
    return topic_lines(knowledge, session.style, find_topic(knowledge, argument) if argument else None)


@command("sources", "who the answers are from")
def _sources(session: Session, argument: str) -> list[str]:
    return source_lines(session.chat.bot.knowledge, session.style)


@command("why", "how the last reply came about")
def _why(session: Session, argument: str) -> list[str]:
    return why_lines(session.last) if session.last else ["Nothing was asked yet."]


@command("more", "more on the last answer")
def _more(session: Session, argument: str) -> list[str]:
    session.last = session.chat.ask("tell me more")
    return [render(session.last, session.style)]


@command("related", "questions that belong to the last answer")
def _related(session: Session, argument: str) -> list[str]:
    if not session.last or not session.last.suggestions:
        return ["Nothing related to show; ask a question first."]
    return [f"  {i}. {question}" for i, question in enumerate(session.last.suggestions, 1)] + [
        session.style.dim("Type the number to ask it.")
    ]


@command("export", "write this conversation to a Markdown file", "FILE")
def _export(session: Session, argument: str) -> list[str]:
    if not argument:
        raise ChatbotError("name a file: /export talk.md")
    file = Path(argument).expanduser()
    if file.exists():
        raise ChatbotError(f"{file} is there already; choose another name")
    lines = ["# Conversation", ""]
    for turn in session.chat.turns:
        lines += [f"**{turn.question}**", "", turn.text, ""]
        lines += [f"- {c['title']}, section “{c['section']}” ({c['published']})" for c in turn.citations]
        lines += [""] if turn.citations else []
    try:
        put_text(file, "\n".join(lines))
    except OSError as error:
        raise ChatbotError(f"{file}: can't be written ({error.strerror})") from None
    return [f"Written: {file} ({len(session.chat.turns)} turns)"]


@command("plot", "draw the figures of the last answer, where it has several", "FILE.png")
def _plot(session: Session, argument: str) -> list[str]:
    from chatbot.showing.plot import NOTHING, check_plot, plot_reply

    if not argument:
        raise ChatbotError("name a file: /plot pay.png")
    file = Path(argument).expanduser()
    check_plot(file, "/plot")
    if file.exists():
        raise ChatbotError(f"{file} is there already; choose another name")
    if session.last is None:
        return ["Nothing was asked yet."]
    return [f"Written: {file}" if plot_reply(file, session.last) else f"{NOTHING[0].upper()}{NOTHING[1:]}."]


@command("good", "say that the last reply was right")
def _good(session: Session, argument: str) -> list[str]:
    return _mark(session, "good", argument)


@command("bad", "say that the last reply was wrong, and why", "[WHY]")
def _bad(session: Session, argument: str) -> list[str]:
    return _mark(session, "bad", argument)


def _mark(session: Session, kind: Literal["good", "bad"], why: str) -> list[str]:
    from chatbot.flow import NO_QUESTION
    from chatbot.live.feedback import switch_on

    last = session.last
    if last is None or last.why.code in NO_QUESTION:
        return ["Nothing was asked yet."]
    if last is session.marked:
        return ["This reply is marked already."]
    if not session.settings.log_unanswered:
        return session.style.wrap(f"Nothing is kept. {switch_on(session.settings)}")
    session.marked = last
    return session.style.wrap(session.feedback.mark(session.chat, last, kind, why))


@command("privacy", "what is kept of what you type, and where")
def _privacy(session: Session, argument: str) -> list[str]:
    from chatbot.cli.privacy import privacy_lines

    return privacy_lines(session.settings, session.style)


@command("reload", "load the knowledge and the intents again")
def _reload(session: Session, argument: str) -> list[str]:
    from chatbot.showing.progress import Bar

    with Bar("reloading", plain=None) as bar:
        return session.reloader.reload(session.chat.bot, bar)


@command("clear", "forget the conversation and clear the screen")
def _clear(session: Session, argument: str) -> list[str]:
    session.chat.clear()
    session.last = None
    session.clear()
    return []


@command("quit", "leave")
def _quit(session: Session, argument: str) -> list[str]:
    raise Quit
