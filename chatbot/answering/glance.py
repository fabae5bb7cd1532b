"""What is told where a question says nothing but the name of an occupation, with or without a place: "nurse", "tell me
about plumbers", "welders in Ohio"."""

from __future__ import annotations

import re
from functools import cache

from chatbot.answering.lookups import plain_lookup
from chatbot.flow import By, Proposal
from chatbot.knowledge.model import Entry
from chatbot.language.chart import Kind
from chatbot.language.leftout import goes_on
from chatbot.language.normalise import simple_words
from chatbot.language.reading import Reading
from chatbot.language.scopes import Kind as Scoped
from chatbot.language.words import either, lists
from chatbot.library import Library


def at_a_glance(library: Library, reading: Reading) -> Proposal | None:
    """The lookup that tells somebody who is merely named, and in a place the one that tells the usual figure; None where
    anything else is said."""
    facets, known = reading.facets, lists().glance
    named = facets.occupations[0].codes if facets.occupations else ()
    if library.data is None or not named or any(one.codes != named for one in facets.occupations):
        return None
    if facets.careers or facets.negated or len(reading.scoped(Scoped.PART)) < len(reading.scopes):
        return None
    if _asks().match(reading.text) or goes_on(reading.text):
        return None
    placed = bool(reading.chart.under(Kind.PLACE, Kind.ANY_PLACE))
    parts = [word for scope in reading.scoped(Scoped.PART) for word in simple_words(scope.text)]
    said = known.words.union(parts) if placed else known.words | known.wishing
    left = set(reading.chart.left(Kind.TITLE, Kind.PLACE, Kind.ANY_PLACE)) - said
    if any(placed or not _is_age(word) for word in left):
        return None
    group = named[0] not in library.data.main.finest  # of which there is only a figure
    entry = _of_place(library, reading) if placed else plain_lookup(library) if group else library.glance
    return Proposal(By.LOOKUP, entry.id, entry=entry) if entry else None


def tells_its_beginning(other: Proposal, named: Proposal) -> bool:
    """Whether another proposal tells no more than what is told at a glance begins with."""
    one, two = (proposal.entry.lookup if proposal.entry else None for proposal in (other, named))
    return bool(one and two and two.at_a_glance and (one.dataset, one.by) == (two.dataset, two.by))


def _of_place(library: Library, reading: Reading) -> Entry | None:
    """The usual figure, where all places are such as there are figures of."""
    places = reading.of_figures.facets.places
    data = library.data
    abroad = set(places.countries) - data.homes if data else set()
    return None if abroad or places.cities or not places.states else plain_lookup(library)


def _is_age(word: str) -> bool:
    """Whether a number may be how old somebody is."""
    return word.isdecimal() and len(word) == len("16")


@cache
def _asks() -> re.Pattern[str]:
    """How a message opens that asks something of whom it names."""
    return re.compile(either(lists().glance.asking), re.I)
