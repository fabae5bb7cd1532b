"""Vetoes: an entry about one thing must not answer a question about another, however alike the words are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Entry
from chatbot.language.facets import Facets
from chatbot.language.normalise import simple_words
from chatbot.language.places import gazetteer
from chatbot.language.reading import Reader

_EXACT = ("level", "degree_level", "residency")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What an entry's questions and answer name: facet values and words."""

    facets: Mapping[str, frozenset[str]]
    words: frozenset[str]


def mentions(entry: Entry, reader: Reader) -> Mentions:
    """Read an entry's own text for what it speaks of."""
    text = reader.expand("\n".join((*entry.questions, entry.answer)))
    facets = reader.facets(text)
    found = {facet: frozenset(facets.get(facet)) for facet in (*_EXACT, "country")}
    found["role"] = frozenset((*facets.subjects, *facets.backgrounds))
    return Mentions(found, frozenset(simple_words(text)))


def conflict(entry: Entry, mentioned: Mentions, facets: Facets) -> str | None:
    """Why an entry must not answer a question with these facets, in words, or None. Tables settle their own dimensions."""
    other = [subject for subject in facets.subjects if subject not in mentioned.facets["role"]]
    if other:
        return f"other occupation or field: {join(other)}"
    own = entry.table.dimensions if entry.table else ()
    scope = entry.scope.get("country")
    countries = facets.get("country")
    if not entry.table and scope and countries and scope not in countries:
        return f"other country: {join([gazetteer().shown(c) for c in countries])}"
    if entry.table and "country" not in own and not scope and countries:
        return "no country in this table"
    for facet in _EXACT:
        asked = facets.get(facet)
        if entry.table is None and asked and not set(asked) & mentioned.facets[facet]:
            return f"other {facet.replace('_', ' ')}: {join(list(asked))}"
    return None
