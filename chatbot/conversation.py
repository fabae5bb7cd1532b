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

from chatbot.answering.compose import source_name
from chatbot.answering.guard import conflict
from chatbot.decide import answer, both, decide, surest
from chatbot.engine import Engine, Ranked
from chatbot.errors import ConversationError
from chatbot.knowledge.model import Citation, Entry
from chatbot.language.facets import Facets
from chatbot.language.normalise import clean, simple_words
from chatbot.language.normalise import questions as split
from chatbot.language.reading import Reading
from chatbot.reply import Reply, ReplyKind, Why
from chatbot.retrieval.ranker import Scored

if TYPE_CHECKING:
    from chatbot.bot import CareerBot

VERSION = 1
MAX_TURNS = 200
TOPIC_BONUS = 0.12
"""What a short question gains where it stays in the topic of the last answer, in score."""
MARGINS = (0.0, 0.05, 0.10, 0.10)
"""How much surer than the question as typed it must be: completed by the topic, by the question before, and by what
that question named (a level, a degree, ...)."""
ACT_LIKENESS = 0.7
"""... and to be as near as this (cosine) to an example;"""
ACT_FIRST = 0.5
"""where they are the best label, as near as this."""
NEW_WORDS_COVERED = 0.5
"""An answer to a completed question must speak of this share of the words that were typed."""
STANDS_ALONE = 0.7
"""A question as sure as this, that does not open like a continuation, is taken as typed."""
ACT_SHARE = 0.8
"""A few words that may mean "where did you get that?" need this part of the best score to be taken so."""

_OPENING = re.compile(
    r"^(and|but|or|so|ok|okay|also|then|what about|how about|what if|what else|any other|is that|are they|does it|do they|would it|and what|"
    r"no,? i mean[t]?|i mean[t]?|no,? |actually)\b",
    re.I,
)
_PRONOUN = re.compile(r"\b(it|its|that|this|those|these|they|them|their|there|one|ones|he|she|his|her|same)\b", re.I)
_CORRECTION = re.compile(
    r"^(no|nope|sorry|actually|wait)?[,. ]*(i )?(mean|meant|was asking about|want)\b\s*|^(no|nope|not that)[,. ]+", re.I
)
_FILLER = frozenset(
    [
        "and",
        "but",
        "or",
        "so",
        "ok",
        "okay",
        "what",
        "about",
        "how",
        "in",
        "for",
        "the",
        "a",
        "an",
        "of",
        "at",
        "is",
        "it",
        "on",
        "to",
        "if",
        "then",
        "i",
        "mean",
        "meant",
        "no",
        "sorry",
        "same",
        "with",
        "please",
        "do",
        "you",
        "have",
        "any",
        "there",
        "also",
        "now",
        "then",
        "s",
        "figure",
        "figures",
        "one",
        "ones",
        "be",
        "would",
        "say",
        "instead",
        "rather",
        "level",
        "pay",
        "salary",
        "study",
        "student",
        "students",
        "versus",
    ]
)
_ORDINALS = {"first": 0, "1st": 0, "1": 0, "second": 1, "2nd": 1, "2": 1, "third": 2, "3rd": 2, "3": 2, "last": -1}
_ORDINAL = re.compile(
    r"^(the |number |no |option )*(first|second|third|last|1st|2nd|3rd|[123])( one| question| option)?( please)?[.!)]*$", re.I
)
_ABOUT_THE_LAST = frozenset({"more", "sources", "date", "why", "repeat"})
_FACETS = ("level", "degree_level", "residency", "side")


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
        reply, read_as = self._reply(question)
        self.turns.append(
            Turn(
                clean(question), read_as, str(reply.kind), reply.text, reply.entry_ids,
                tuple(dataclasses.asdict(c) for c in reply.citations), reply.suggestions,
            )
        )  # fmt: skip
        del self.turns[:-MAX_TURNS]
        return reply

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

    def _reply(self, question: str) -> tuple[Reply, str]:
        engine = self.bot.engine
        if len(pieces := split(clean(question))) == 2:
            together = both(*self.bot.ask_many(pieces))
            if together:
                return together, clean(pieces[-1])
        chosen = self._choice(question)
        readings = engine.reader.readings(chosen or question)
        reading = readings[0]
        last = self._last_answer()
        if last and not chosen and (changed := self._changed_facet(engine, reading, last)):
            return changed, last.read_as
        completed = self._completed(engine, reading, last) if last and not chosen else []
        ranked = engine.rank([*readings, *completed])
        if last and (acted := self._act(engine, ranked[0], last)):
            return acted, last.read_as
        reply, read_as = surest(engine, ranked[: len(readings)], "the question chosen" if chosen else "nearest phrasings")
        if not last or chosen:
            return reply, read_as.reading.text
        return self._surer(engine, [read_as, *ranked[len(readings) :]], last)

    def _last_answer(self) -> Turn | None:
        return next((turn for turn in reversed(self.turns) if turn.entry_ids), None)

    def _choice(self, question: str) -> str | None:
        """The question meant by "2" or "the first one", where the last reply offered some."""
        match = _ORDINAL.match(clean(question))
        offered = self.turns[-1].suggestions if self.turns else ()
        if not match or not offered:
            return None
        place = _ORDINALS[match.group(2).lower()]
        return offered[place] if place < len(offered) else None

    def _changed_facet(self, engine: Engine, reading: Reading, last: Turn) -> Reply | None:
        """A few words that only name another country, level, ... of the table that the last answer came from."""
        entry = engine.knowledge.by_id.get(last.entry_ids[0])
        if entry is None or (entry.table and conflict(entry, engine.mentions(entry), reading.facets, engine.reader.strict)):
            return None  # about another occupation or organisation it is another question, however few its words
        if entry.table is None:
            return self._sibling(engine, reading, entry)
        facets = reading.facets
        dimensions = {d for e in engine.tables if e.table and e.table.measure == entry.table.measure for d in e.table.dimensions}
        named = [d for d in dimensions if facets.get(d)]
        left = engine.reader.without_facets(reading.text) - _FILLER
        if not named or left:
            return None
        before = engine.reader.facets(last.read_as)
        merged = merge(facets, before)
        ranked = Ranked(dataclasses.replace(reading, facets=merged), ())
        alone = Ranked(reading, ())
        first = answer(engine, ranked, entry, 0.9, "the last table, another value")
        if first.kind is ReplyKind.UNKNOWN and merged.values != facets.values:
            return answer(engine, alone, entry, 0.9, "the last table, another value")
        return first

    @staticmethod
    def _sibling(engine: Engine, reading: Reading, entry: Entry) -> Reply | None:
        """The entry of the same topic that is about the level, degree, ... now named, where the last answer was about another."""
        if reading.facets.subjects or engine.reader.without_facets(reading.text) - _FILLER:
            return None
        for facet in _FACETS:
            asked, before = reading.facets.get(facet), engine.mentions(entry).main.get(facet)
            if len(asked) != 1 or before in {None, *asked}:
                continue
            for other in engine.knowledge.in_topic(entry.topic):
                if other.table is None and engine.mentions(other).main.get(facet) == asked[0]:
                    return answer(engine, Ranked(reading, ()), other, 0.9, f"the last topic, another {facet.replace('_', ' ')}")
        return None

    def _completed(self, engine: Engine, reading: Reading, last: Turn) -> list[Reading]:
        """The question with what it leaves out filled in, by the last answer's topic and by the question before; none where it stands alone."""
        words = simple_words(reading.text)
        if not (len(words) <= 5 or _OPENING.match(reading.text) or (_PRONOUN.search(reading.text) and len(words) <= 12)):
            return []
        rest = _OPENING.sub("", _CORRECTION.sub("", reading.text)).strip(" ,?") or reading.text
        before = last.read_as
        for facet in _FACETS:
            if reading.facets.get(facet):
                before = engine.reader.drop(before, facet)
        entry = engine.knowledge.by_id.get(last.entry_ids[0])
        title = engine.knowledge.topics[entry.topic].lower() if entry else ""
        texts = [f"{rest} {title}", f"{before.rstrip('?.! ')} {rest}"]
        if not engine.reader.without_facets(reading.text) - _FILLER and any(map(reading.facets.get, _FACETS)):
            texts = texts[1:]  # nothing but another level, degree, ...: the same question about that
        elif named := [value for facet in _FACETS for value in engine.reader.facets(before).get(facet)]:
            texts.append(f"{rest} {' '.join(named)}")
        return [dataclasses.replace(engine.reader.read(text), typed=reading.typed) for text in texts]

    def _surer(self, engine: Engine, ranked: list[Ranked], last: Turn) -> tuple[Reply, str]:
        """The surest of the readings; one that was completed does not give the last answer again."""
        topic = next((e.topic for i in last.entry_ids if (e := engine.knowledge.by_id.get(i))), None)
        short = len(simple_words(ranked[0].reading.text)) <= 6
        rules = ("nearest phrasings", *["completed from the question before"] * (len(MARGINS) - 1))
        options = []
        for i, one in enumerate(ranked):
            fresh = Ranked(one.reading, tuple(s for s in one.labels if s.label not in last.entry_ids)) if i else one
            reply = decide(engine, _favour(engine, fresh, topic) if short or i else one, rules[i])
            value = reply.confidence if reply.kind is ReplyKind.ANSWER else 0.0
            if i and reply.entry_id and engine.coverage.of(ranked[0].reading.matched, reply.entry_id)[0] < NEW_WORDS_COVERED:
                value = 0.0
            options.append((value - MARGINS[i], reply, one.reading.text))
        raw = options[0]
        if raw[1].kind in {ReplyKind.SMALLTALK, ReplyKind.REFUSAL} or raw[1].why.rule.startswith(("vetoed", "no such row", "unknown:")):
            return raw[1], raw[2]
        best = max(options, key=lambda option: option[0])
        alone = raw[0] >= STANDS_ALONE and not _OPENING.match(ranked[0].reading.text)
        return (best[1], best[2]) if best[0] > 0 and not alone else (raw[1], raw[2])

    # what is said of the last answer

    def _act(self, engine: Engine, ranked: Ranked, last: Turn) -> Reply | None:
        scored = self._act_label(engine, ranked)
        if scored is None:
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
        if not ranked.labels:
            return None
        share = ACT_SHARE if len(ranked.reading.text.split()) <= 4 else 1.0
        for scored in ranked.labels:
            intent = engine.intents.get(scored.label)
            if (
                intent
                and intent.act in _ABOUT_THE_LAST
                and scored.score >= share * ranked.labels[0].score
                and scored.semantic >= (ACT_LIKENESS if scored is not ranked.labels[0] else ACT_FIRST)
            ):
                return scored
        return None

    def _reason(self, engine: Engine, entry: Entry, last: Turn, citations: tuple[Citation, ...], why: Why) -> Reply:
        """An entry that says why, where there is a sure one in the same topic; else the source, which gives no reason."""
        ranked = engine.rank([engine.reader.read(f"why {last.read_as}")])[0]
        fresh = Ranked(ranked.reading, tuple(s for s in ranked.labels if s.label not in last.entry_ids))
        reply = decide(engine, _favour(engine, fresh, entry.topic), "why, about the last question")
        if reply.kind is ReplyKind.ANSWER and engine.knowledge.by_id[reply.entry_ids[0]].topic == entry.topic:
            return reply
        return _sources_of(last, citations, why)

    def _more(self, engine: Engine, entry: Entry, why: Why) -> Reply:
        told = {i for turn in self.turns for i in turn.entry_ids}
        following = next((i for i in entry.follow_ups if i not in told), None)
        if following is None:
            near = engine.knowledge.in_topic(entry.topic)
            following = next((e.id for e in near if e.id not in told), None)
        if following is None:
            return Reply(ReplyKind.UNKNOWN, "That is all that I have on this.", confidence=0.95, why=why)
        more = engine.knowledge.by_id[following]
        reading = engine.reader.read(more.question)
        reply = answer(engine, Ranked(reading, ()), more, 0.9, why.rule)
        return dataclasses.replace(reply, why=why)


def _sources_of(last: Turn, citations: tuple[Citation, ...], why: Why) -> Reply:
    lines = "; ".join(dict.fromkeys(source_name(citation) for citation in citations))
    return Reply(ReplyKind.ANSWER, f"That is from: {lines}.", last.entry_ids, citations, 0.95, why=why)


def merge(new: Facets, old: Facets) -> Facets:
    """The new question's facets, completed by the old one's."""
    places = new.places if new.get("country") or new.places.currencies else old.places
    values = dict(old.values) | dict(new.values)
    return dataclasses.replace(new, values=values, places=places)


def _favour(engine: Engine, ranked: Ranked, topic: str | None) -> Ranked:
    """The same ranking, with a little more for the topic of the last answer."""
    labels = []
    for scored in ranked.labels:
        entry = engine.knowledge.by_id.get(scored.label)
        labels.append(dataclasses.replace(scored, score=scored.score + TOPIC_BONUS) if entry and entry.topic == topic else scored)
    return Ranked(ranked.reading, tuple(sorted(labels, key=lambda scored: -scored.score)))
