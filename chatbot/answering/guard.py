"""Vetoes: an entry about one thing must not answer a question about another, however alike the words are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Entry
from chatbot.language.facets import Facets
from chatbot.language.places import gazetteer
from chatbot.language.reading import Reader

_SETTLED = ("level", "degree_level", "residency", "side")
_LACKING = {"pay": "no pay figure for that", "price": "no price for that", "duration": "no length of time for that",
            "headcount": "no number for that"}  # fmt: skip
_NAMES = {"entry": "entry level", "mid": "mid level", "intern": "interns", "doctorate": "a PhD"}
MAIN = 0.25
"""... and is mainly about one that this share of its phrasings names."""
ENOUGH = 2
"""An entry speaks of a facet value when so many of its phrasings name it, or when its question or answer does."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """The facet values and occupations that an entry's questions and answer name."""

    facets: Mapping[str, frozenset[str]]
    main: Mapping[str, str]
    """The value of a facet that is named most."""

    def of(self, facet: str) -> frozenset[str]:
        """The values of one facet."""
        return self.facets.get(facet, frozenset())


def mentions(entry: Entry, reader: Reader) -> Mentions:
    """Read an entry's own text for what it speaks of."""
    counts: Counter[tuple[str, str]] = Counter()
    for text in (entry.question, *entry.questions, entry.answer, entry.answer):
        facets = reader.facets(reader.expand(text))
        counts.update((facet, value) for facet, values in facets.values.items() for value in values)
        if text is entry.answer:
            counts.update(("country", code) for code in facets.get("country"))
        counts.update(("role", name) for name in {*facets.subjects, *facets.backgrounds})
    found: dict[str, frozenset[str]] = {}
    typical = max(ENOUGH, MAIN * len(entry.questions))
    main = {facet: value for (facet, value), count in reversed(counts.most_common()) if count >= typical}
    for facet in {facet for facet, _ in counts}:
        least = 1 if facet in {"role", "clock", "organisation", "country"} else ENOUGH
        found[facet] = frozenset(value for (name, value), count in counts.items() if name == facet and count >= least)
    return Mentions(found, main)


def _beyond_figures(facets: Facets) -> str | None:
    """What official figures of pay and employment can't say."""
    if facets.get("organisation"):
        return "no figures by employer"
    asks = set(facets.get("asks"))
    return _LACKING[min(asks)] if asks and not asks & {"pay", "headcount"} and min(asks) in _LACKING else None


def conflict(entry: Entry, mentioned: Mentions, facets: Facets, strict: Collection[str] = ()) -> str | None:
    """Why an entry must not answer a question with these facets, in words, or None.

    A facet vetoes an entry that is about other values of it; a strict facet, also one that never names it. Tables settle
    their own dimensions.
    """
    if entry.lookup and entry.lookup.kind == "facts":
        return "nothing by employer" if facets.get("organisation") else None
    if entry.lookup:
        return _beyond_figures(facets)
    other = [subject for subject in facets.subjects if subject not in mentioned.of("role")]
    if other:
        return f"nothing on {join(other)}"
    own = entry.table.dimensions if entry.table else ()
    scope = entry.scope.get("country")
    countries = facets.get("country")
    if not entry.table and scope and countries and scope not in countries:
        return f"nothing on that for {join([gazetteer().shown(c) for c in countries])}"
    told = mentioned.of("country")
    if not entry.table and told and countries and not told & set(countries):
        return f"nothing on that for {join([gazetteer().shown(c) for c in countries])}"
    if entry.table and "country" not in own and not scope and countries:
        return f"nothing on that for {join([gazetteer().shown(c) for c in countries])}"
    for facet, asked in facets.values.items():
        about = mentioned.of(facet)
        if (about or facet in strict) and not set(asked) & about and not (entry.table and facet in _SETTLED):
            return _LACKING.get(asked[0]) or f"nothing on that for {join([_NAMES.get(value, value) for value in asked])}"
    return None
