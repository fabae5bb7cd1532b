"""What may be meant where an occupation is asked about by a name or a description that no title has: by spelling, then by meaning.

It is never more than a question back: a figure is told only for what was named.
"""

from __future__ import annotations

import numpy as np

from chatbot.engine import Engine, Ranked
from chatbot.explaining import why_of
from chatbot.language.facets import PAY_WORDS
from chatbot.language.leftout import FUNCTION
from chatbot.language.normalise import simple_words
from chatbot.looking import GUESSED, plain_lookup, question_about
from chatbot.reply import Reply, ReplyKind

SPELT_ALIKE = 86
"""Titles whose words, sorted, are as alike as this (of 100, by rapidfuzz) may be meant."""
MEANT_ALIKE = 0.45
"""Titles as near in meaning as this (cosine) may be meant ..."""
DESCRIBED = 0.5
"""... and go before another answer as near as this, where the question speaks of a person."""
_A_PERSON = frozenset({"guy", "guys", "person", "girl", "lady", "dude", "somebody", "someone", "who", "neighbor", "neighbour"})
BEHIND = 0.12
"""... where they are so little behind the nearest."""
_SOMEBODY_WORDS = """
much many people person someone somebody guy guys folk folks man woman men women job jobs work works working
"""
_SOMEBODY = frozenset(_SOMEBODY_WORDS.split())
OFFERED = 3
WORDS = 8
"""A name or a description of an occupation has at most so many words of its own."""


def guess(engine: Engine, ranked: Ranked, described: bool = False) -> Reply | None:
    """A question back with the occupations that may be meant; None where the question does not ask for figures of one.

    ``described``: the question has another answer, and only a description that is near to a title goes before it.
    """
    data, reading = engine.data, ranked.reading
    facets = reading.facets
    if data is None or not data.has_figures or facets.own_role or facets.occupations or not engine.speaks_of_figures(reading):
        return None
    entry = plain_lookup(engine, people="headcount" in facets.get("asks") or engine.counts(reading))
    others = set(facets.get("asks")) - {"pay", "headcount"}
    abroad = set(facets.places.countries) - {dataset.home for dataset in data.datasets}
    if others or abroad or facets.get("degree_level") or facets.get("residency"):
        return None
    if described and ("pay" not in facets.get("asks") or _A_PERSON.isdisjoint(simple_words(reading.text))):
        return None
    named = _named(engine, ranked, described)
    if entry is None or not named or facets.get("organisation") or facets.places.cities:
        return None
    codes = _meant(engine, named, DESCRIBED) if described else _spelt(engine, named) or _meant(engine, named, MEANT_ALIKE)
    if not codes:
        return None
    titles = " ".join(f"({i}) {data.title(code)}" for i, code in enumerate(codes, 1))
    text = f"I have nothing under the name “{named}”. The nearest that I have: {titles}. Do you mean one of these?"
    questions = tuple(question_about(engine, entry, code, facets.places.states) for code in codes)
    why = why_of(engine, ranked, GUESSED, entry.id)
    return Reply(ReplyKind.CLARIFY, text, confidence=0.5, suggestions=questions, facets=facets.to_dict(), why=why)


def _named(engine: Engine, ranked: Ranked, described: bool) -> str:
    """The words that name or describe an occupation: those that are neither of places, nor of figures, nor of any question.

    ``described``: "" where nothing is left but words that questions of pay hold anyway.
    """
    assert engine.data
    words = simple_words(ranked.reading.text)
    taken = {i for start, end in ranked.reading.of_figures().facets.places.spans for i in range(start, end)}
    taken |= {i for match in engine.data.words.find(words) for i in range(match.start, match.end)}
    left = [w for i, w in enumerate(words) if i not in taken and w not in FUNCTION | _SOMEBODY and w not in PAY_WORDS and not w.isdigit()]
    if described and not any(word not in engine.usual for word in left):
        return ""
    return " ".join(left) if len(left) <= WORDS else ""


def _spelt(engine: Engine, named: str) -> list[str]:
    from rapidfuzz import fuzz, process

    assert engine.data
    meant = engine.data.meant
    found = process.extract(
        named, [t for t, _ in meant], scorer=fuzz.token_sort_ratio, processor=str.lower, score_cutoff=SPELT_ALIKE, limit=8
    )
    return list(dict.fromkeys(meant[row][1] for _, _, row in found))[:OFFERED]


def _meant(engine: Engine, named: str, least: float) -> list[str]:
    assert engine.data
    if engine.title_vectors is None:
        return []
    likeness = engine.title_vectors @ engine.encode([named])[0]
    order = np.argsort(-likeness, kind="stable")[: 4 * OFFERED]
    near = [int(row) for row in order if likeness[row] >= max(least, likeness[order[0]] - BEHIND)]
    return list(dict.fromkeys(engine.data.meant[row][1] for row in near))[:OFFERED]
