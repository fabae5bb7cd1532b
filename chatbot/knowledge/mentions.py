"""What an entry speaks of, read out of its own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chatbot.knowledge.model import Entry
from chatbot.language.reading import Reader
from chatbot.policy import policy

OFTEN = "role, often"
"""Stands for the facet "role", where the answer or several questions name the value."""
_ONCE = {"role", "clock", "organisation", "country"}
"""Facets of which an entry speaks when one phrasing names them."""


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
    """Read an entry's own text for what it speaks of; what is looked up is about whatever is named, and so
    speaks of nothing."""
    if entry.lookup:
        return Mentions({}, {})
    numbers = policy().mentions
    counts: Counter[tuple[str, str]] = Counter()
    for text in (entry.question, *entry.questions, entry.answer, entry.answer):
        facets = reader.facets(reader.expand(text))
        counts.update((facet, value) for facet, values in facets.values.items() for value in values)
        if text is entry.answer:
            counts.update(("country", code) for code in facets.get("country"))
        counts.update(("role", name) for name in {*facets.subjects, *facets.backgrounds})
    named: dict[str, frozenset[str]] = {}
    typical = max(numbers.enough, numbers.main * len(entry.questions))
    main = {facet: value for (facet, value), count in reversed(counts.most_common()) if count >= typical}
    for facet in {facet for facet, _ in counts}:
        least = 1 if facet in _ONCE else numbers.enough
        named[facet] = frozenset(
            value for (name, value), count in counts.items() if name == facet and count >= least
        )
    named[OFTEN] = frozenset(
        value for (name, value), count in counts.items() if name == "role" and count >= numbers.enough
    )
    return Mentions(named, main)


class ReadWhenAsked(Mapping[str, Mentions]):
    """What entries speak of, by their ids; each is read when it is first asked for."""

    def __init__(self, entries: Mapping[str, Entry], reader: Reader) -> None:
        self._entries = entries
        self._reader = reader
        self._read: dict[str, Mentions] = {}

    def __getitem__(self, entry_id: str) -> Mentions:
        if entry_id not in self._read:
            self._read[entry_id] = mentions(self._entries[entry_id], self._reader)
        return self._read[entry_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
