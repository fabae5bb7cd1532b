"""A few words that only change what the last answer was about: another place, occupation, figure, level, ...
of the same question.

Each gives attempts to try in turn, with the proposal that they lead to; the first that may stand is the
reply.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from msgspec import Struct, structs

from chatbot.answering.proposing import by
from chatbot.dialogue.lookupedits import changed_lookup
from chatbot.dialogue.merging import CARRIED, merged, without
from chatbot.flow import Attempt, Code, Decision, Proposal, Turn
from chatbot.knowledge.model import Entry
from chatbot.language.chart import Kind, Span
from chatbot.language.leftout import filler, rest_of
from chatbot.language.normalise import simple_words
from chatbot.language.reading import Reading
from chatbot.language.words import lists
from chatbot.library import Library
from chatbot.reply import ReplyKind
from chatbot.rules import SCOPE, first
from chatbot.scene import Scene


class Edit(Struct, frozen=True):
    """Attempts at the edited question, and how it counts for the next one; of a ``lookup``, that is known
    once it is told."""

    attempts: Sequence[Attempt]
    read_as: str = ""
    lookup: Entry | None = None


def edit(library: Library, reading: Reading, last: Turn, scene: Scene) -> Edit | None:
    """The last question with what the message names in place of what it named; None where the message is no
    mere change."""
    entry = library.knowledge.by_id.get(last.entry_ids[0])
    if entry and entry.lookup:
        attempt = changed_lookup(library, reading, entry, last)
        if attempt is None:
            return None
        return Edit([attempt], last.read_as) if attempt.decision else Edit([attempt], lookup=entry)
    if entry is None or reading.facets.subjects:
        return None
    reading = _turned(library, reading, last)
    if set(reading.chart.left(Kind.TITLE, Kind.ANY_PLACE, Kind.FACET, Kind.ROLE)) - filler():
        return None
    if entry.table is None:
        sibling = _sibling(library, reading, entry, scene)
        return Edit([sibling], _restated(library, reading, last)) if sibling else None
    return _other_row(library, reading, entry, last, scene)


def _other_row(library: Library, reading: Reading, entry: Entry, last: Turn, scene: Scene) -> Edit | None:
    """Another row of the last table: with what the last question named, else by what is named now alone."""
    assert entry.table
    proposal = Proposal(by(entry), entry.id, entry=entry)
    objection = first(SCOPE, proposal, structs.replace(scene, reading=reading))
    if objection and not objection.quiet:
        if not reading.facets.get("organisation"):
            return None
        attempt = Attempt(reading)  # the same figure, of one employer: there is none
        sure = 1 - library.policy.follow_up.no_other_place
        attempt.decision = Decision(ReplyKind.UNKNOWN, Code.VETOED, sure, attempt, because=objection.because)
        return Edit([attempt], last.read_as)
    facets = reading.facets
    dimensions = {
        d
        for e in library.tables
        if e.table and e.table.measure == entry.table.measure
        for d in e.table.dimensions
    }
    if not any(map(facets.get, dimensions)):
        return None
    before = library.reader.facets(last.read_as)
    both = merged(facets, before)
    if facets.comparison:  # "compare with senior": the one before beside the one named now
        values = {
            name: tuple(dict.fromkeys((*before.get(name), *value))) for name, value in both.values.items()
        }
        both = dataclasses.replace(both, values=values)
    attempts = [_leading(library, dataclasses.replace(reading, facets=both), entry, Code.OTHER_ROW)]
    if both.values != facets.values:
        attempts.append(_leading(library, reading, entry, Code.OTHER_ROW))
    return Edit(attempts, _restated(library, reading, last))


def _leading(library: Library, reading: Reading, entry: Entry, code: Code, note: str = "") -> Attempt:
    return Attempt(
        reading,
        code,
        note,
        lead=Proposal(by(entry), entry.id, entry=entry),
        sure=library.policy.follow_up.changed,
    )


def _turned(library: Library, reading: Reading, last: Turn) -> Reading:
    """ "And if I don't?" after a question about one side of a facet that has two (in state, out of state): the
    other side.
    """
    words, turning = set(reading.words), lists().changes.turning
    if not words & turning or words - turning - filler() or any(map(reading.facets.get, CARRIED)):
        return reading
    before = library.reader.facets(last.read_as)
    for facet in CARRIED:
        values = library.reader.opposites(facet)
        if len(before.get(facet)) == 1 and before.get(facet)[0] in values:
            other = values[before.get(facet)[0]]
            text = other.replace("-", " ")
            spans = (Span(Kind.FACET, 0, len(simple_words(text))),)
            facets = dataclasses.replace(reading.facets, values={facet: (other,)}, negated=False, spans=spans)
            return dataclasses.replace(reading, text=text, facets=facets)
    return reading


def _sibling(library: Library, reading: Reading, entry: Entry, scene: Scene) -> Attempt | None:
    """The entry of the same topic that is about the level, degree, ... now named, where the last answer was
    about another."""
    for facet in CARRIED:
        asked, before = reading.facets.get(facet), library.mentions[entry.id].main.get(facet)
        if len(asked) != 1 or before in {None, *asked}:
            continue
        for other in library.knowledge.in_topic(entry.topic, entry.pack):
            proposal = Proposal(by(other), other.id, entry=other)
            dropped = first(SCOPE, proposal, structs.replace(scene, reading=reading))
            if not other.table and not dropped and library.mentions[other.id].main.get(facet) == asked[0]:
                note = f"the last topic, another {facet.replace('_', ' ')}"
                return _leading(library, reading, other, Code.OTHER_SIBLING, note)
    return None


def _restated(library: Library, reading: Reading, last: Turn) -> str:
    """The question before with what is named now in its place."""
    return f"{without(library, last.read_as, reading.facets)} {rest_of(reading.text)}"
