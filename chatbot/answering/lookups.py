"""What is looked up by occupation and place: which lookup tells it, what is asked of its data set, and the
question that asks it in full."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from msgspec import structs

from chatbot.datasets import phrase
from chatbot.datasets.query import of_the_same, series_of
from chatbot.datasets.query import query as read_query
from chatbot.datasets.tell import tell
from chatbot.datasets.where import DOUBTFUL
from chatbot.flow import By, Proposal, Query, Told
from chatbot.knowledge.model import Entry
from chatbot.language.reading import Reading
from chatbot.library import Library
from chatbot.policy import policy


def completed(library: Library, reading: Reading, lead: Proposal, keep: bool = False) -> Proposal:
    """A proposal of a lookup with its query: the lookup that the words choose, and what is asked of it;
    ``rivals`` of other countries."""
    assert lead.entry
    rivals = library.over_data.meant(reading.of_figures, lead.entry)
    entry, query = settled(library, reading, lead.entry, keep)
    return structs.replace(lead, entry=entry, query=query, rivals=rivals if len(rivals) > 1 else ())


def telling(library: Library, lead: Proposal) -> Told:
    """What a completed proposal tells."""
    assert library.data and lead.entry and lead.query
    told = structs.replace(tell(library.data, lead.entry, lead.query), entry_ids=(lead.entry.id,))
    if lead.entry.lookup and lead.entry.lookup.followed_by and len(lead.query.targets) == 1:
        return _followed(library, lead.entry, lead.query, told)
    return told


def _followed(library: Library, entry: Entry, query: Query, told: Told) -> Told:
    """What a lookup tells, and behind it what those tell of the same that its author put there."""
    assert library.data and entry.lookup
    for other in (
        library.knowledge.by_id[i] for i in entry.lookup.followed_by if i in library.knowledge.by_id
    ):
        if (asked := of_the_same(library.data, other, query)) is None:
            continue
        more = tell(library.data, other, asked, following=bool(told.text))
        if more.text:
            told = structs.replace(
                told,
                text=f"{told.text} {more.text}".strip(),
                missing="",
                citations=tuple(dict.fromkeys((*told.citations, *more.citations))),
                figures=(*told.figures, *more.figures),
                entry_ids=(*told.entry_ids, other.id),
            )
    return told


def settled(library: Library, reading: Reading, entry: Entry, keep: bool = False) -> tuple[Entry, Query]:
    """The lookup that is meant, and what is asked of its data set (see ``Lookups.settled``)."""
    return library.over_data.settled(reading.of_figures, entry, _role(library, reading), keep)


def _role(library: Library, reading: Reading) -> str | None:
    """The packs' own occupation, where it is named."""
    roles = [
        pack.role[0] for pack in library.knowledge.packs if pack.role and pack.role[0] in reading.facets.roles
    ]
    return roles[0] if roles else None


def plain_lookup(library: Library, people: bool = False) -> Entry | None:
    """The lookup that tells the usual figure, or a number of people, of one entity."""
    return library.over_data.plain_lookup(people) if library.data else None


def official(library: Library, reading: Reading, entry: Entry) -> Proposal | None:
    """The official figure of the nearest group beside what a table says of the pay of its pack's occupation
    in the data's country; its query."""
    data, facets = library.data, reading.facets
    if (
        data is None
        or data.main.home not in facets.get("country")
        or entry.table is None
        or "salary" not in entry.table.measure
    ):
        return None
    pack = next((pack for pack in library.knowledge.packs if pack.id == entry.pack and pack.role), None)
    codes = data.titles.exactly(pack.role[0]) if pack else ()
    lookup = plain_lookup(library)
    if pack is None or lookup is None or len(codes) != 1:
        return None
    named = dataclasses.replace(facets, own_role=True, roles=(pack.role[0],), occupations=())
    reading = dataclasses.replace(reading, facets=named)
    _, query = settled(library, reading, lookup)
    return Proposal(By.STAND_IN, lookup.id, entry=lookup, query=query) if query.targets else None


def stand_in(library: Library, reading: Reading) -> Proposal | None:
    """The figure of the nearest group, where the pay of a pack's own occupation in a state is asked for and
    nothing else tells it."""
    facets = reading.facets
    asks = facets.places.states and facets.own_role and "pay" in facets.get("asks")
    if library.data is None or not asks or facets.occupations or facets.get("organisation"):
        return None
    lookup = plain_lookup(library)
    return Proposal(By.STAND_IN, lookup.id, entry=lookup) if lookup else None


# questions in full


def question(library: Library, entry: Entry, query: Query, code: str | None = None) -> str:
    """A lookup's question about what a query names, or about the entity of one code."""
    assert library.data
    return phrase.question(library.data, entry, query, code)


def question_about(library: Library, entry: Entry, code: str, states: Sequence[str] = ()) -> str:
    """A lookup's question about one entity."""
    assert library.data
    return phrase.about(library.data, entry, code, states)


def questions_by_country(library: Library, reading: Reading, entries: Sequence[Entry]) -> tuple[str, ...]:
    """The question asked of the data set of each of several countries."""
    assert library.data
    words, role = library.over_data.words, _role(library, reading)
    out = []
    for entry in entries:
        assert entry.lookup
        query = read_query(
            library.data, library.data.of(entry), entry.lookup, reading.of_figures, words, role
        )
        out.append(question(library, entry, query))
    return tuple(out)


def doubtful(library: Library, entry: Entry, query: Query) -> tuple[str, tuple[str, ...]]:
    """A name that several places have, and the codes of the first of them: of those that are called after it, where
    several are."""
    named, *codes = query.lacking[DOUBTFUL]
    assert library.data
    shown = {code: library.data.of(entry).shown(code) for code in codes}
    after_it = [code for code in codes if named.lower() in shown[code].lower()]
    return named, tuple((after_it if len(after_it) > 1 else codes)[: policy().titles.most])


def questions_by_place(library: Library, entry: Entry, query: Query) -> tuple[str, ...]:
    """The question asked of each of several places of one name."""
    assert library.data
    each = (
        structs.replace(query, where=dict(query.where) | {"place": (code,)})
        for code in doubtful(library, entry, query)[1]
    )
    return tuple(question(library, entry, one) for one in each)


def restated(library: Library, entry: Entry, reading: Reading) -> str:
    """What was asked, in full: what a later "and in Ohio?" goes by."""
    entry, query = settled(library, reading, entry, keep=True)
    if not query.targets and not query.choice and entry.lookup and entry.lookup.needs_occupation:
        return reading.text
    return question(library, entry, query)


def of_the_named(library: Library, reading: Reading) -> tuple[str, ...]:
    """The questions that packs offer to start with, about the occupations that a question names; none where
    its title is not clear."""
    listed = []
    for entry in (library.knowledge.by_id[i] for pack in library.knowledge.packs for i in pack.try_asking):
        if entry.lookup and entry.lookup.needs_occupation:
            chosen, query = settled(library, reading, entry, keep=True)
            listed += [question(library, chosen, query)] if query.targets and not query.choice else []
    return tuple(dict.fromkeys(listed))


def again(library: Library, entry: Entry, before: str) -> str:
    """A lookup's question about what an earlier question named."""
    return question(library, entry, settled(library, library.reader.read(before), entry, keep=True)[1])


def following(library: Library, entry: Entry, query: Query) -> tuple[str, ...]:
    """What a reader would ask next: of kinds of a group that is told, else about the same."""
    if query.kinds and len(query.targets) == 1:
        one = structs.replace(query, targets=())
        kinds = query.kinds[: policy().titles.most]
        return tuple(question(library, entry, one, code) for code in kinds)
    links = [library.knowledge.by_id[link] for link in entry.follow_ups if link in library.knowledge.by_id]
    return tuple(
        question(library, link, query) if link.lookup and query.targets else link.question for link in links
    )


def elsewhere(library: Library, entry: Entry, query: Query, objected: bool) -> tuple[str, ...]:
    """The question for the whole country, where what was asked is not published; ``objected``: something else
    than the place stands in the way."""
    assert library.data
    if entry.lookup and entry.lookup.kind == "amount":
        return following(library, entry, query)
    dataset = library.data.of(entry)
    home = (dataset.home,)
    whole = structs.replace(
        phrase.blank(dataset, entry, home), targets=query.targets, words=query.words, unit=query.unit
    )
    same = query.places == home and not objected
    return (question(library, entry, whole),) if query.targets and not same else (entry.question,)


def nothing_asked(library: Library, entry: Entry) -> Query:
    """A query of a lookup that names nothing."""
    assert library.data
    return phrase.blank(library.data.of(entry), entry)


def counts_people(library: Library, entry: Entry) -> bool:
    """Whether a lookup tells a number of people."""
    assert library.data and entry.lookup
    return series_of(library.data.of(entry), entry.lookup).measure.counts
