"""Pairs of an occupation and a place that stand side by side: "nurses in Texas and plumbers in Ohio"."""

from __future__ import annotations

import itertools

from chatbot.language.chart import Kind
from chatbot.language.leftout import function_words
from chatbot.language.reading import Reading
from chatbot.language.words import lists


def pairs(reading: Reading) -> list[str]:
    """The question about each pair alone, in order; empty where it names no pairs, or something else between
    them."""
    chart, words = reading.chart, list(reading.words)
    titles = sorted((one.start, one.end) for one in reading.facets.occupations)
    places = sorted({(span.start, span.end) for span in chart.spans if span.kind is Kind.PLACE})
    if len(titles) < 2 or len(titles) != len(places):
        return []
    both = list(zip(titles, places, strict=True))
    for i, (title, place) in enumerate(both):
        after = both[i + 1][0][0] if i + 1 < len(both) else None
        if title[1] > place[0] or (after is not None and not _joined(words[place[1] : after])):
            return []
    middle = [
        word
        for (_, place), (title, _) in itertools.pairwise(both)
        for word in words[place[1] : title[0]]
        if word in lists().facets.pay
    ]
    before, behind = words[: titles[0][0]], words[places[-1][1] :]
    between = words[titles[0][1] : places[0][0]]
    return [
        " ".join([*before, *words[slice(*title)], *between, *words[slice(*place)], *middle, *behind])
        for title, place in both
    ]


def _joined(between: list[str]) -> bool:
    """Whether some words only join what stands on both sides of them."""
    said = lists().facets
    known = said.side_by_side | said.pay | function_words() | set(said.comparatives)
    return not said.side_by_side.isdisjoint(between) and all(word in known for word in between)
