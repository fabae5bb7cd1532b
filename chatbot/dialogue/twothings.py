"""Two things asked about at once ("compare insurance and telecoms", "junior or senior?"): which entry may be
the second one's.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from chatbot.engine import Engine
from chatbot.flow import Decision
from chatbot.knowledge.model import Entry
from chatbot.language.normalise import simple_words
from chatbot.language.words import either, lists
from chatbot.reply import ReplyKind
from chatbot.retrieval.coverage import stems


class Pair(Struct, frozen=True):
    """Two entries of a topic, and the beginnings of the words in the question that are proper to each."""

    text: str
    first: Entry
    second: Entry
    own: frozenset[str]
    its: frozenset[str]

    @property
    def second_alone(self) -> str:
        """The question without the words of the first."""
        return _without(self.text, self.own)


def likely_seconds(engine: Engine, best: Decision) -> list[Pair]:
    """The pairs to try, likeliest first: each takes a further ranking, or two."""
    reading, entries = best.attempt.reading, best.attempt.ranked.entries
    if (
        best.kind not in {ReplyKind.ANSWER, ReplyKind.CLARIFY}
        or not entries
        or not _joined().search(reading.text)
    ):
        return []
    numbers = engine.policy.two
    near = [
        scored for scored in entries[: numbers.looked_at] if scored.score >= numbers.least * entries[0].score
    ]
    listed = [engine.knowledge.by_id[scored.label] for scored in near]
    if not listed or listed[0].table:
        return []
    asked = stems(reading.text)
    first = engine.coverage.typical(listed[0].id)
    pairs: list[Pair] = []
    for other in listed[1:]:
        second = engine.coverage.typical(other.id)
        own, its = asked & first - second, asked & second - first
        if own and its and not other.table and other.topic == listed[0].topic and len(pairs) < numbers.tried:
            pairs.append(Pair(reading.text, listed[0], other, frozenset(own), frozenset(its)))
    return pairs


def without_its_own(pair: Pair) -> str:
    """The question without the words of the second entry."""
    return _without(pair.text, pair.its)


def halves(pair: Pair, first: Decision, second: Decision) -> tuple[Decision, Decision, tuple[str, str]]:
    """The two decisions in the order in which the question names them, and the entries' questions."""
    if _place(pair.text, pair.own) <= _place(pair.text, pair.its):
        return first, second, (pair.first.question, pair.second.question)
    return second, first, (pair.second.question, pair.first.question)


def _place(text: str, wanted: frozenset[str]) -> int:
    """The place of the first word with one of these beginnings."""
    return next((i for i, word in enumerate(text.split()) if stems(word) & wanted), len(text))


def _without(text: str, gone: frozenset[str]) -> str:
    return " ".join(word for word in text.split() if not stems(word) & gone or not simple_words(word))


@cache
def _joined() -> re.Pattern[str]:
    """What joins two things."""
    return re.compile(rf"\b{either(lists().changes.joined)}\b|[,/&]", re.I)
