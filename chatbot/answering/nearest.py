"""What may be meant where an occupation is asked about by a name or a description that no title has: by
spelling, then by meaning.

It is never more than a question back: a figure is told only for what was named.
"""

from __future__ import annotations

import numpy as np

from chatbot.answering.lookups import plain_lookup
from chatbot.engine import Engine
from chatbot.flow import By, Proposal
from chatbot.knowledge.model import Entry
from chatbot.language.chart import Kind
from chatbot.language.leftout import function_words
from chatbot.language.reading import Reading
from chatbot.language.scopes import Kind as Scoped
from chatbot.language.words import lists
from chatbot.signals import asks_for_figures, counts, counts_rows, describes, goes_beyond


def nearest(engine: Engine, reading: Reading, described: bool = False) -> Proposal | None:
    """The occupations that may be meant; None where the question does not ask for figures of one.

    ``described``: the question has another answer, and only a description that is near to a title goes before
    it.
    """
    entry = _figure(engine, reading)
    if entry is None or (described and not describes(reading)):
        return None
    called = _called(engine, reading, described)
    if not called:
        return None
    numbers = engine.policy.nearest
    least = numbers.meant_alike if " " in called else numbers.one_word_alike
    spelt = () if described else _spelt(engine, called)
    codes = spelt or _meant(engine, called, least)
    return Proposal(By.NEAREST, entry.id, entry=entry, codes=codes, called=called) if codes else None


def _figure(engine: Engine, reading: Reading) -> Entry | None:
    """The lookup of the figure that is asked for, where one is, of an occupation that no title names."""
    data, facets = engine.data, reading.facets
    if (
        data is None
        or not data.has_figures
        or facets.own_role
        or facets.occupations
        or not asks_for_figures(engine, reading)
    ):
        return None
    others = set(facets.get("asks")) - {"pay", "headcount"}
    abroad = set(facets.places.countries) - {dataset.home for dataset in data.datasets}
    if others or abroad or facets.get("degree_level") or facets.get("residency"):
        return None
    if reading.scoped(Scoped.OTHERS, Scoped.LEFT_OUT, Scoped.UNREAD):
        return None  # somebody else is meant than the one who is named
    if facets.get("organisation") or facets.places.cities or goes_beyond(engine, reading):
        return None
    if not lists().figures.of_study.isdisjoint(reading.words):
        return None
    return plain_lookup(engine, people="headcount" in facets.get("asks") or counts(reading))


def _called(engine: Engine, reading: Reading, described: bool) -> str:
    """The words that name or describe an occupation: those that are neither of places, nor of figures, nor of
    any question.

    ``described``: "" where nothing is left but words that questions of pay hold anyway.
    """
    said = function_words() | lists().nearest.somebody | lists().facets.pay | lists().asked.harmless
    left = [
        word
        for word in reading.chart.left(Kind.PLACE, Kind.FIGURE)
        if word not in said and not counts_rows(word)
    ]
    if described and not any(word not in engine.usual for word in left):
        return ""
    return " ".join(left)


def _spelt(engine: Engine, called: str) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    assert engine.data
    meant, numbers = engine.data.meant, engine.policy.nearest
    titles = [title for title, _ in meant]
    matches = process.extract(
        called,
        titles,
        scorer=fuzz.token_sort_ratio,
        processor=str.lower,
        score_cutoff=numbers.spelt_alike,
        limit=numbers.spelt_looked_at,
    )
    return tuple(dict.fromkeys(meant[row][1] for _, _, row in matches))[: numbers.offered]


def _meant(engine: Engine, called: str, least: float) -> tuple[str, ...]:
    assert engine.data
    if engine.title_vectors is None:
        return ()
    numbers = engine.policy.nearest
    likeness = engine.title_vectors @ engine.encode([called])[0]
    order = np.argsort(-likeness, kind="stable")[: numbers.meant_looked_at]
    best = float(likeness[order[0]])
    near = [int(row) for row in order if best >= least and likeness[row] >= best - numbers.behind]
    return tuple(dict.fromkeys(engine.data.meant[row][1] for row in near))[: numbers.offered]
