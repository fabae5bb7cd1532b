"""What the tools do: the bot's replies and lists, as data and as text. Nothing of the protocol is here."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chatbot.answering.compose import source_line
from chatbot.errors import ChatbotError
from chatbot.mcp.contract import (
    Answered,
    Ask,
    Sources,
    SourcesKnown,
    Topics,
    TopicsKnown,
    one_line,
    result_of,
)
from chatbot.reply import Reply, ReplyKind
from chatbot.showing.listing import counted, find_topic, source_lines
from chatbot.showing.render import Style

if TYPE_CHECKING:
    from chatbot.bot import CareerBot
    from chatbot.conversation import Conversation
    from chatbot.knowledge.model import Citation

MAX_CONVERSATIONS = 100
"""The ones used last are kept, in memory and as long as the program runs."""
NOTHING_KNOWN = "Nothing is known here about this: say so, and fill in no figures."
PLAIN = Style(width=0)


@dataclass(frozen=True)
class Given:
    """What a tool gives: ``text`` for an assistant that reads text alone, ``data`` as its schema says."""

    text: str
    data: dict[str, Any]


@dataclass
class _Talk:
    conversation: Conversation
    lock: threading.Lock = field(default_factory=threading.Lock)
    """A conversation is for one thread at a time, and an assistant may call several tools at once."""


class Tools:
    """The tools over one bot. Any number of threads may call them. ``said`` gets each reply of a
    conversation."""

    def __init__(self, bot: CareerBot, said: Callable[[Conversation, Reply], None] | None = None) -> None:
        self._bot = bot
        self._said = said
        self._talks: OrderedDict[str, _Talk] = OrderedDict()
        self._lock = threading.Lock()

    def call(self, arguments: Struct) -> Given:
        """What the tool of these arguments gives; raises ``ChatbotError`` for a conversation, a career or a
        topic that is not there."""
        match arguments:
            case Ask():
                return self._ask(arguments)
            case Topics():
                return self._topics(arguments)
            case Sources():
                return self._sources()
        raise TypeError(type(arguments).__name__)

    def _ask(self, asked: Ask) -> Given:
        career = asked.career.strip() or None
        name, talk = self._talk(asked.conversation.strip(), career)
        with talk.lock:
            if career and asked.conversation.strip():
                talk.conversation.career = career
            reply = talk.conversation.ask(asked.question)
            if self._said:
                self._said(talk.conversation, reply)
        return Given(reply_text(reply, name), result_of(Answered, {"conversation": name} | reply.to_dict()))

    def _talk(self, name: str, career: str | None) -> tuple[str, _Talk]:
        """The conversation of that name, or a new one for "" about a career, which takes the place of the one
        not used for longest.
        """
        new = None if name else _Talk(self._bot.conversation(career))
        with self._lock:
            if new:
                name = secrets.token_hex(6)
                self._talks[name] = new
            elif name not in self._talks:
                raise ChatbotError(
                    f"there is no conversation {one_line(name)[:60]!r}: the last {MAX_CONVERSATIONS} are kept while the program runs; "
                    "ask again without it, in a question that says everything"
                )
            self._talks.move_to_end(name)
            while len(self._talks) > MAX_CONVERSATIONS:
                self._talks.popitem(last=False)
            return name, self._talks[name]

    def _topics(self, asked: Topics) -> Given:
        knowledge = self._bot.knowledge
        one = find_topic(knowledge, asked.topic.strip()) if asked.topic.strip() else None
        found, lines = [], []
        for topic in [one] if one else knowledge.topics:
            questions = [entry.question for entry in knowledge.in_topic(topic)]
            title = knowledge.topics[topic]
            found.append(
                {
                    "topic": topic,
                    "title": title,
                    "count": len(questions),
                    "questions": questions if one else [],
                }
            )
            lines += (
                [title, *questions] if one else [f"{topic}: {title}, {counted(len(questions), 'question')}"]
            )
        return Given("\n".join(lines), result_of(TopicsKnown, {"topics": found}))

    def _sources(self) -> Given:
        knowledge = self._bot.knowledge
        data = result_of(SourcesKnown, {"sources": [asdict(source) for source in knowledge.sources.values()]})
        return Given("\n".join(source_lines(knowledge, PLAIN)), data)


def reply_text(reply: Reply, conversation: str) -> str:
    """The reply for those who read text alone: its figures, what can be asked next, the conversation, and its
    sources last."""
    lines = [reply.text]
    if reply.chart:
        lines.append(
            f"{reply.chart.title}: {'; '.join(f'{bar.label} {bar.shown}' for bar in reply.chart.bars)}"
        )
    if reply.kind is ReplyKind.UNKNOWN:
        lines.append(NOTHING_KNOWN)
    if further := [question for question in reply.suggestions if question not in reply.text]:
        lines.append(f"`ask` can answer: {' '.join(further)}")
    lines.append(f"Conversation: {conversation}")
    return "\n".join([*lines, *(_source(citation) for citation in dict.fromkeys(reply.citations))])


def _source(citation: Citation) -> str:
    note = f" Note: {citation.note}." if citation.note else ""
    return f"Source: {source_line(citation)}.{note}{f' {citation.url}' if citation.url else ''}"
