"""A conversation: what was said before completes what is said now.

Rules, tried in order: a choice among questions just offered ("2", "the first one"); "where did you get that?", "tell me more" and
the like about the last answer; a few words that only change a facet of it ("and in the UK?"); else the question as typed and the question
completed by the one before it are both ranked, and the surer reading wins.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from chatbot.answering.compose import told_by
from chatbot.batch import answer_each
from chatbot.decide import INTENT_SURE, answer, both, decide, surest
from chatbot.engine import Engine, Ranked
from chatbot.errors import ConversationError
from chatbot.followup import TOPIC, changed_facet, completed, surer
from chatbot.knowledge.model import Citation, Entry
from chatbot.language.leftout import opening_gone
from chatbot.language.normalise import clean
from chatbot.language.normalise import questions as split
from chatbot.looking import ASKED_BACK, NO_FIGURE, again
from chatbot.lookingagain import about_the_same, changed_loosely, compared, named_choice, said, stands_alone
from chatbot.pairing import pair
from chatbot.reply import Reply, ReplyKind, Why
from chatbot.retrieval.ranker import Scored

if TYPE_CHECKING:
    from chatbot.bot import CareerBot

VERSION = 1
MAX_TURNS = 200
ACT_LIKENESS = 0.7
"""... and to be as near as this (cosine) to an example;"""
ACT_FIRST = 0.5
"""where they are the best label, as near as this."""
ACT_SHARE = 0.8
"""A few words that may mean "where did you get that?" need this part of the best score to be taken so."""

_ORDINALS = {
    "first": 0, "1st": 0, "1": 0, "second": 1, "2nd": 1, "2": 1, "third": 2, "3rd": 2, "3": 2, "fourth": 3, "4th": 3, "4": 3, "last": -1,
}  # fmt: skip
_ORDINAL = re.compile(
    r"^(the |number |no |option )*(first|second|third|fourth|last|1st|2nd|3rd|4th|[1234])( one| question| option)?( please)?[.!)]*$", re.I
)
_REASON = re.compile(r"\b(why|reasons?|how come|what makes|because|purpose|what for)\b", re.I)
_UNTIL = re.compile(r"(and |but )?(until|till?|by when|for how long|how long)\b", re.I)
"""What opens a question of time about the matter, not about the source."""
_ABOUT_THE_LAST = frozenset({"more", "sources", "date", "why", "repeat"})


@dataclass(frozen=True)
class Turn:
    """One turn that is over: what was asked, how it was read, and what was said."""

    question: str
    read_as: str
    kind: str
    text: str
    entry_ids: tuple[str, ...] = ()
    citations: tuple[dict[str, Any], ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass
class Conversation:
    """The turns of one user. Not shared between threads; any number of them share one bot."""

    bot: CareerBot
    turns: list[Turn] = field(default_factory=list)

    def ask(self, question: str) -> Reply:
        """Answer one message in the light of those before it; never raises for what a user may type."""
        early = self.bot.unreadable(question)
        if early:
            return early
        reply, read_as = self.bot.with_engine(lambda engine: self._reply(engine, question))
        self.turns.append(
            Turn(
                clean(question), read_as, str(reply.kind), reply.text, reply.entry_ids or self._looked_up(reply),
                tuple(dataclasses.asdict(c) for c in reply.citations), reply.suggestions,
            )
        )  # fmt: skip
        del self.turns[:-MAX_TURNS]
        return reply

    def _looked_up(self, reply: Reply) -> tuple[str, ...]:
        """The lookup that had no answer, which a further message may go on from."""
        entry = self.bot.engine.knowledge.by_id.get(reply.why.label or "")
        asked = reply.why.rule in {NO_FIGURE, ASKED_BACK}
        return (entry.id,) if asked and entry and entry.lookup else ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; ``CareerBot.resume`` takes it back."""
        return {"version": VERSION, "turns": [dataclasses.asdict(turn) for turn in self.turns]}

    @classmethod
    def from_dict(cls, bot: CareerBot, saved: Any) -> Conversation:
        """A conversation as ``to_dict`` gave it; raises ``ConversationError`` for anything else."""
        if not isinstance(saved, dict) or saved.get("version") != VERSION:
            found = saved.get("version") if isinstance(saved, dict) else type(saved).__name__
            raise ConversationError(f"not a conversation of version {VERSION} (found {found!r}); start a new one")
        try:
            turns = msgspec.convert(saved.get("turns"), list[Turn], strict=True)
            for turn in turns:
                for citation in turn.citations:
                    Citation(**citation)
        except (msgspec.ValidationError, TypeError) as error:
            raise ConversationError(f"the saved conversation is damaged: {error}; start a new one") from None
        return cls(bot, turns[-MAX_TURNS:])

    # the rules

    def _reply(self, engine: Engine, question: str) -> tuple[Reply, str]:
        if len(pieces := split(clean(question))) == 2:
            first, second = answer_each(engine, pieces)
            together = both(first, second)
            if together:
                return together, clean(pieces[-1])
        chosen = self._choice(question)
        last = self._last_answer()
        readings = engine.reader.readings(chosen or (opening_gone(clean(question)) if last else question))
        reading = readings[0]
        if last and not chosen and (found := compared(engine, reading.text, self.turns) or changed_facet(engine, reading, last)):
            return found
        further = completed(engine, reading, last) if last and not chosen else []
        ranked, *completions = engine.rank([reading, *further])
        if last and (acted := self._act(engine, ranked, last)):
            return acted, last.read_as
        reply, read_as = surest(engine, ranked, readings[1:], "the question chosen" if chosen else "nearest phrasings")
        if two := pair(engine, read_as, reply):
            return two, read_as.reading.text
        if last and not chosen and reply.kind not in {ReplyKind.SMALLTALK, ReplyKind.REFUSAL} and not stands_alone(engine, reply, reading):
            carried = about_the_same(engine, reading, last)
            if carried:
                (again_,) = engine.rank([carried])
                reply, read_as = surest(engine, again_, (), "about the occupation of the last answer")
                if reply.kind is ReplyKind.UNKNOWN and (found := changed_loosely(engine, reading, last)):
                    return found
                return reply, said(engine, reply, read_as)
        if not last or chosen:
            return reply, said(engine, reply, read_as)
        return surer(engine, [read_as, *completions], reply, last)

    def _last_answer(self) -> Turn | None:
        return next((turn for turn in reversed(self.turns) if turn.entry_ids), None)

    def _choice(self, question: str) -> str | None:
        """The question meant by "2" or "the first one", where the last reply offered some."""
        match = _ORDINAL.match(clean(question))
        offered = self.turns[-1].suggestions if self.turns else ()
        if not match and offered and self.turns[-1].kind == "clarify":
            return named_choice(question, offered)
        if not match or not offered:
            return None
        place = _ORDINALS[match.group(2).lower()]
        return offered[place] if place < len(offered) else None

    # what is said of the last answer

    def _act(self, engine: Engine, ranked: Ranked, last: Turn) -> Reply | None:
        scored = self._act_label(engine, ranked)
        if scored is None or not last.citations:
            return None
        intent = engine.intents[scored.label]
        entry = engine.knowledge.by_id.get(last.entry_ids[0])
        citations = tuple(Citation(**c) for c in last.citations)
        why = Why(f"about the last answer: {intent.act}", scored.phrasing, intent.id, round(scored.score, 3))
        if intent.act == "why" and entry:
            return self._reason(engine, entry, last, citations, why)
        if intent.act in {"sources", "date", "why"}:
            return _sources_of(last, citations, why)
        if intent.act == "repeat":
            return Reply(ReplyKind.ANSWER, last.text, last.entry_ids, citations, 0.95, last.suggestions, why=why)
        if intent.act == "more" and entry:
            return self._more(engine, entry, why)
        return None

    @staticmethod
    def _act_label(engine: Engine, ranked: Ranked) -> Scored | None:
        """The act that the words ask for: the best label, or for a few words one that is nearly as good."""
        if not ranked.labels or _UNTIL.match(ranked.reading.text):
            return None
        share = ACT_SHARE if len(ranked.reading.text.split()) <= 4 else 1.0
        for scored in ranked.labels:
            intent, first = engine.intents.get(scored.label), scored is ranked.labels[0]
            if (
                intent
                and intent.act in _ABOUT_THE_LAST
                and scored.score >= share * ranked.labels[0].score
                and (scored.semantic >= (ACT_FIRST if first else ACT_LIKENESS) or (first and scored.score >= INTENT_SURE))
            ):
                return scored
        return None

    def _reason(self, engine: Engine, entry: Entry, last: Turn, citations: tuple[Citation, ...], why: Why) -> Reply:
        """An entry of the same topic that people ask "why" of, where one is sure; else the source, which gives no reason."""
        readings = [engine.reader.read(f"why {asked}") for asked in dict.fromkeys((last.read_as, entry.question))]
        for ranked in engine.rank(readings):
            fresh = tuple(s for s in ranked.labels if s.label not in last.entry_ids and _REASON.search(s.phrasing))
            reply = decide(engine, _favour(engine, Ranked(ranked.reading, fresh), entry.topic), "why, about the last question")
            if reply.kind is ReplyKind.ANSWER and engine.knowledge.by_id[reply.entry_ids[0]].topic == entry.topic:
                return reply
        return _sources_of(last, citations, why, "No reason is given for that. ")

    def _last_read(self) -> str:
        last = self._last_answer()
        return last.read_as if last else ""

    def _more(self, engine: Engine, entry: Entry, why: Why) -> Reply:
        told = {i for turn in self.turns for i in turn.entry_ids}
        following = next((i for i in entry.follow_ups if i not in told), None)
        if following is None:
            near = engine.knowledge.in_topic(entry.topic, entry.pack)
            following = next((e.id for e in near if e.id not in told), None)
        if following is None:
            return Reply(ReplyKind.UNKNOWN, "That is all that I have on this.", confidence=0.95, why=why)
        more = engine.knowledge.by_id[following]
        reading = engine.reader.read(again(engine, more, self._last_read()) if more.lookup and entry.lookup else more.question)
        reply = answer(engine, Ranked(reading, ()), more, 0.9, why.rule)
        return dataclasses.replace(reply, why=why)


def _sources_of(last: Turn, citations: tuple[Citation, ...], why: Why, first: str = "") -> Reply:
    lines = "; ".join(dict.fromkeys(told_by(citation) for citation in citations))
    return Reply(ReplyKind.ANSWER, f"{first}That is from: {lines}.", last.entry_ids, citations, 0.95, why=why)


def _favour(engine: Engine, ranked: Ranked, topic: str | None) -> Ranked:
    """The same ranking, with a little more for the topic of the last answer."""
    labels = []
    for scored in ranked.labels:
        entry = engine.knowledge.by_id.get(scored.label)
        labels.append(dataclasses.replace(scored, score=scored.score * TOPIC) if entry and entry.topic == topic else scored)
    return Ranked(ranked.reading, tuple(sorted(labels, key=lambda scored: -scored.score)))
