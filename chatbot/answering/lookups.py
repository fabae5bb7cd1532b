"""What is looked up by occupation and place: which lookup tells it, what is asked of the data, and the question that asks it in full."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from chatbot.flow import By, Proposal
from chatbot.flow import Told as Telling
from chatbot.knowledge.expand import join
from chatbot.knowledge.looking import WHOLE_PLACE, asked_as
from chatbot.knowledge.model import Entry
from chatbot.language.reading import Reading
from chatbot.language.regions import shown
from chatbot.library import Library
from chatbot.occupations.asked import Asked, asked
from chatbot.occupations.telling import Told, tell

OTHER = frozenset({"count"})
"""Words that choose a lookup whatever was matched, where nothing else is asked for."""


def completed(library: Library, reading: Reading, lead: Proposal, keep: bool = False) -> Proposal:
    """A proposal of a lookup with its query: the lookup that the words choose, and what is asked of it."""
    assert lead.entry
    entry, query = settled(library, reading, lead.entry, keep)
    return dataclasses.replace(lead, entry=entry, query=query)


def telling(library: Library, lead: Proposal) -> Telling:
    """What a completed proposal tells."""
    assert library.data and lead.entry and lead.query
    told = tell(library.data, lead.entry, lead.query)
    return Telling(told.text, told.citations, (lead.entry.id,), told.chart, told.missing)


def settled(library: Library, reading: Reading, entry: Entry, keep: bool = False) -> tuple[Entry, Asked]:
    """The lookup of a measure that the words choose, and what is asked of it.

    A lookup that has words of its own is only told where one of them is said (or ``keep``): else the one that has none.
    """
    assert library.data and entry.lookup
    reading = reading.of_figures
    roles = [pack.role[0] for pack in library.knowledge.packs if pack.role and pack.role[0] in reading.facets.roles]
    role = roles[0] if roles else None
    query = asked(library.data, entry.lookup, reading.text, reading.facets, library.usual, library.harmless, role)
    chosen = _by_words(library, entry, query, pay="pay" in reading.facets.get("asks"))
    plain = _plain(library, entry)
    if chosen is None and not keep and entry.lookup.statistic and entry.lookup.kind == "figures":
        chosen = plain
    several = len(query.targets) > 1 or len(query.places) > 1
    if chosen is None and entry.lookup.kind == "comparison" and not several:
        chosen = plain
    return chosen or entry, query


def _by_words(library: Library, entry: Entry, query: Asked, pay: bool) -> Entry | None:
    """The lookup of the same measure of which a word is said, or of another measure that the words name."""
    assert entry.lookup
    group = [one for one in library.lookups if one.lookup and one.lookup.measure == entry.lookup.measure and one.pack == entry.pack]
    chosen = next((one for one in group if one.lookup and set(one.lookup.statistic) & query.words), None)
    if chosen or entry.lookup.kind == "ranking" or pay:
        return chosen
    others = [one for one in library.lookups if one.pack == entry.pack and one.lookup and one.lookup.kind == "figures"]
    whole = entry.lookup.whole
    fitting = (one for one in others if one.lookup and one.lookup.whole == whole and set(one.lookup.statistic) & query.words & OTHER)
    return next(fitting, None)


def _plain(library: Library, entry: Entry) -> Entry | None:
    """The lookup of the same measure that needs no word to be chosen."""
    assert entry.lookup
    group = [one for one in library.lookups if one.lookup and one.lookup.measure == entry.lookup.measure and one.pack == entry.pack]
    return next((one for one in group if one.lookup and one.lookup.kind == "figures" and not one.lookup.statistic), None)


def plain_lookup(library: Library, by: str = "median") -> Entry | None:
    """The lookup that tells this figure of one occupation, if any does: one that needs no word to be chosen before one that does."""
    fitting = [
        entry
        for entry in library.lookups
        if entry.lookup and entry.lookup.kind == "figures" and entry.lookup.needs_occupation and entry.lookup.by == by
    ]
    return min(fitting, key=lambda entry: bool(entry.lookup and entry.lookup.statistic), default=None)


def official(library: Library, reading: Reading, entry: Entry) -> Told | None:
    """The official figure of the nearest group beside what a table says of the pay of its pack's occupation in the data's country."""
    data, facets = library.data, reading.facets
    if data is None or data.spec.country not in facets.get("country") or entry.table is None or "salary" not in entry.table.measure:
        return None
    pack = next((pack for pack in library.knowledge.packs if pack.id == entry.pack and pack.role), None)
    codes = data.titles.exactly(pack.role[0]) if pack else ()
    lookup = plain_lookup(library)
    if pack is None or lookup is None or len(codes) != 1:
        return None
    named = dataclasses.replace(facets, own_role=True, roles=(pack.role[0],), occupations=())
    _, query = settled(library, dataclasses.replace(reading, facets=named), lookup)
    told = tell(data, lookup, query) if query.targets and not query.trouble else Told()
    return told if told.text else None


def stand_in(library: Library, reading: Reading) -> Proposal | None:
    """The figure of the nearest group, where the pay of a pack's own occupation in a state is asked for and nothing else tells it."""
    facets = reading.facets
    asks = facets.places.states and facets.own_role and "pay" in facets.get("asks")
    if library.data is None or not asks or facets.occupations or facets.get("organisation"):
        return None
    lookup = plain_lookup(library)
    return Proposal(By.STAND_IN, lookup.id, entry=lookup) if lookup else None


# questions in full


def question(library: Library, entry: Entry, query: Asked, code: str | None = None) -> str:
    """A lookup's question about what a query names, or about the occupation of one code."""
    data, lookup = library.data, entry.lookup
    assert data and lookup
    titles = [data.title(code)] if code else [data.title(target.code) for target in query.targets]
    if not titles and query.choice:
        titles = [query.choice.called]
    if not titles and lookup.needs_occupation:
        return entry.question
    places = [shown(place) for place in query.places] or [WHOLE_PLACE]
    spare = "{place2}" not in lookup.asks
    if len(titles) > 1 and "{other}" not in lookup.asks:
        titles = [join(titles)]
    text = asked_as(lookup.asks, titles, join(places) if spare else places[0], "" if spare else join(places[1:]))
    hourly = query.unit == "hour" and lookup.kind == "figures" and lookup.by != "employment"
    return f"{text.rstrip('?')} by the hour?" if hourly else text


def question_about(library: Library, entry: Entry, code: str, states: Sequence[str] = ()) -> str:
    """A lookup's question about one occupation."""
    places = tuple(states) or ((library.data.spec.country,) if library.data else ())
    return question(library, entry, Asked((), places, frozenset()), code)


def restated(library: Library, entry: Entry, reading: Reading) -> str:
    """What was asked, in full: what a later "and in Ohio?" goes by."""
    entry, query = settled(library, reading, entry, keep=True)
    if not query.targets and not query.choice and entry.lookup and entry.lookup.needs_occupation:
        return reading.text
    return question(library, entry, query)


def again(library: Library, entry: Entry, before: str) -> str:
    """A lookup's question about what an earlier question named."""
    return question(library, entry, settled(library, library.reader.read(before), entry, keep=True)[1])


def following(library: Library, entry: Entry, query: Asked) -> tuple[str, ...]:
    """What a reader would ask next, about the same."""
    links = [library.knowledge.by_id[link] for link in entry.follow_ups if link in library.knowledge.by_id]
    return tuple(question(library, link, query) if link.lookup and query.targets else link.question for link in links)


def elsewhere(library: Library, entry: Entry, query: Asked) -> tuple[str, ...]:
    """The question for the whole country, where what was asked is not published."""
    whole = Asked(query.targets, (library.data.spec.country,) if library.data else (), query.words)
    same = query.places == whole.places and not query.trouble
    return (question(library, entry, whole),) if query.targets and not same else (entry.question,)
