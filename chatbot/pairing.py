"""Two things asked about at once ("compare insurance and telecoms", "junior or senior?"): the answer to each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.decide import both, decide
from chatbot.engine import Engine, Ranked
from chatbot.knowledge.model import Entry
from chatbot.language.normalise import simple_words
from chatbot.reply import Reply, ReplyKind
from chatbot.retrieval.coverage import stems

_JOINED = re.compile(r"\b(and|or|vs|versus|than|from|to|with|between)\b|[,/&]", re.I)
LOOKED_AT = 8
"""So many entries are looked at for the second thing."""
LEAST = 0.15
"""The second entry must have this part of the first one's score."""


TRIED = 2
"""So many of those that might be are tried: each takes a further ranking, or two."""


def pair(engine: Engine, ranked: Ranked, reply: Reply) -> Reply | None:
    """One reply from two entries of a topic, where a question names what is proper to each and each half alone leads to its own entry; else None."""
    if reply.kind not in {ReplyKind.ANSWER, ReplyKind.CLARIFY} or not _JOINED.search(ranked.reading.text):
        return None
    entries = [
        engine.knowledge.by_id[scored.label] for scored in ranked.entries[:LOOKED_AT] if scored.score >= LEAST * ranked.entries[0].score
    ]
    text = ranked.reading.text
    asked = stems(text)
    if not entries or entries[0].table:
        return None
    first = engine.coverage.typical(entries[0].id)
    likely: list[tuple[Entry, set[str], set[str]]] = []
    for other in entries[1:]:
        second = engine.coverage.typical(other.id)
        own, its = asked & first - second, asked & second - first
        if own and its and not other.table and other.topic == entries[0].topic and len(likely) < TRIED:
            likely.append((other, own, its))
    seconds = _alone(engine, [_without(text, own) for _, own, _ in likely])
    for (other, own, its), second_reply in zip(likely, seconds, strict=True):
        if second_reply.entry_id != other.id:
            continue
        (first_reply,) = _alone(engine, [_without(text, its)])
        if first_reply.entry_id != entries[0].id:
            continue
        named = [(_first(text, own), first_reply, entries[0]), (_first(text, its), second_reply, other)]
        (_, one, first_entry), (_, two, second_entry) = sorted(named, key=lambda found: found[0])
        together = both(one, two, "two things in one question", (first_entry.question, second_entry.question))
        if together:
            return together
    return None


def _alone(engine: Engine, halves: Sequence[str]) -> list[Reply]:
    return [decide(engine, ranked) for ranked in engine.rank([engine.reader.read(half) for half in halves])]


def _first(text: str, wanted: set[str]) -> int:
    """The place of the first word with one of these beginnings."""
    return next((i for i, word in enumerate(text.split()) if stems(word) & wanted), len(text))


def _without(text: str, gone: set[str]) -> str:
    return " ".join(word for word in text.split() if not stems(word) & gone or not simple_words(word))
