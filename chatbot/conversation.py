"""A conversation: what was said before completes what is said now; ``talking.py`` says how."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import msgspec

from chatbot.encoders.vectors import Progress
from chatbot.engine import Engine
from chatbot.errors import ConversationError
from chatbot.flow import Code, Flow, Message, Turn
from chatbot.knowledge.model import Citation, Knowledge
from chatbot.language.normalise import clean
from chatbot.pipeline import run
from chatbot.reply import Reply, Subject
from chatbot.subject import TOPIC

T = TypeVar("T")
VERSION = 1
MAX_TURNS = 200
_GOES_ON = {Code.NO_FIGURE, Code.WHICH_TITLE, Code.WHICH_COUNTRY, Code.WHICH_PLACE}
"""Codes of replies without an answer that a further message may go on from."""


class _Chosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was chosen, as it is saved."""

    subject: Subject | None = None
    at: int = 0


class Bot(Protocol):
    """What a conversation needs of a ``CareerBot``."""

    today: Callable[[], datetime.date]

    @property
    def engine(self) -> Engine: ...
    @property
    def knowledge(self) -> Knowledge: ...
    def ask_many(self, questions: Sequence[str], career: str | None = None) -> list[Reply]: ...
    def career(self, name: str) -> Subject: ...
    def unreadable(self, question: str) -> Reply | None: ...
    def reload(self, progress: Progress | None = None) -> None: ...
    def with_engine(self, work: Callable[[Engine], T]) -> T: ...


@dataclass
class Conversation:
    """The turns of one user. Not shared between threads; any number of them share one bot."""

    bot: Bot
    turns: list[Turn] = field(default_factory=list)
    chosen: Subject | None = None
    """The career chosen by ``career=``."""
    chosen_at: int = 0
    """How many turns there were when it was chosen."""

    @property
    def subject(self) -> Subject | None:
        """What the conversation is about: the subject of the latest turn that had one, else the one chosen."""
        return _in_force(self.turns, self.chosen, self.chosen_at)

    @property
    def career(self) -> str | None:
        """The name of the career or occupation in force, or None. To set it chooses another; to set None
        forgets it. What was said before the choice is then not gone on from.

        Setting raises ``ChatbotError``, with candidates, for a name that is unknown or not clear.
        """
        subject = self.subject
        return subject.title if subject and subject.kind != TOPIC else None

    @career.setter
    def career(self, name: str | None) -> None:
        before, self.chosen = self.subject, None if name is None else self.bot.career(name)
        if self.chosen is None or before is None or before.id != self.chosen.id:
            self.chosen_at = len(self.turns)

    def clear(self) -> None:
        """Forget what was said; the career that was chosen stays."""
        self.turns.clear()
        self.chosen_at = 0

    def ask(self, question: str) -> Reply:
        """Answer one message in the light of those before it; never raises for what a user may type."""
        early = self.bot.unreadable(question)
        if early:
            return early
        message = Message(question, tuple(self.turns[self.chosen_at :]), self.bot.today(), self.subject)
        flow, entry_ids = self.bot.with_engine(lambda engine: _asked(engine, message))
        assert flow.reply and flow.outcome
        reply = flow.reply
        self.turns.append(
            Turn(
                clean(question), flow.outcome.read_as, str(reply.kind), reply.text, entry_ids,
                tuple(dataclasses.asdict(c) for c in reply.citations), reply.suggestions,
                str(reply.why.code), dataclasses.asdict(reply.subject) if reply.subject else None,
            )
        )  # fmt: skip
        gone = max(0, len(self.turns) - MAX_TURNS)
        del self.turns[:gone]
        self.chosen_at = max(0, self.chosen_at - gone)
        return reply

    async def aask(self, question: str) -> Reply:
        """The same without blocking the event loop: in a thread. One message at a time."""
        return await asyncio.to_thread(self.ask, question)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; ``CareerBot.resume`` takes it back."""
        saved = {"version": VERSION, "turns": [msgspec.structs.asdict(turn) for turn in self.turns]}
        if self.chosen or self.chosen_at:
            subject = dataclasses.asdict(self.chosen) if self.chosen else None
            saved["chosen"] = {"subject": subject, "at": self.chosen_at}
        return saved

    @classmethod
    def from_dict(cls, bot: Bot, saved: Any) -> Conversation:
        """A conversation as ``to_dict`` gave it; raises ``ConversationError`` for anything else."""
        return cls(bot, *_kept(saved))


def career_kept(saved: Any) -> str | None:
    """What ``Conversation.career`` is of a conversation as it was saved; raises as ``from_dict`` does."""
    subject = _in_force(*_kept(saved))
    return subject.title if subject and subject.kind != TOPIC else None


def _kept(saved: Any) -> tuple[list[Turn], Subject | None, int]:
    """The turns, what was chosen, and when."""
    if not isinstance(saved, dict) or saved.get("version") != VERSION:
        found = saved.get("version") if isinstance(saved, dict) else type(saved).__name__
        raise ConversationError(f"not a conversation of version {VERSION} (found {found!r}); start a new one")
    try:
        turns = msgspec.convert(saved.get("turns"), list[Turn], strict=True)
        chosen = msgspec.convert(saved.get("chosen") or {}, _Chosen, strict=True)
        for turn in turns:
            for citation in turn.citations:
                Citation(**citation)
            if turn.subject is not None:
                Subject(**turn.subject)
    except (msgspec.ValidationError, TypeError) as error:
        raise ConversationError(f"the saved conversation is damaged: {error}; start a new one") from None
    gone = max(0, len(turns) - MAX_TURNS)
    turns = turns[gone:]
    return turns, chosen.subject, min(max(0, chosen.at - gone), len(turns))


def _in_force(turns: Sequence[Turn], chosen: Subject | None, at: int) -> Subject | None:
    told = next((turn.subject for turn in reversed(turns[at:]) if turn.subject), None)
    return Subject(**told) if told else chosen


def _asked(engine: Engine, message: Message) -> tuple[Flow, tuple[str, ...]]:
    """The message, answered, and the entries that a further one may go on from: those of the answer, or the
    lookup that had none."""
    (flow,) = run([message], engine)
    assert flow.reply
    entry = engine.knowledge.by_id.get(flow.reply.why.label or "")
    looked_up = flow.reply.why.code in _GOES_ON and entry is not None and entry.lookup
    return flow, flow.reply.entry_ids or ((entry.id,) if looked_up and entry else ())
