"""What follows an answer that was looked up: another place, occupation or figure in a few words, or which of
two is ahead."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from functools import cache

from chatbot.answering.lookups import counts_people, nothing_asked, plain_lookup, restated, settled
from chatbot.datasets.phrase import other_unit
from chatbot.dialogue.merging import lookup_of, names_places
from chatbot.flow import Attempt, By, Code, Decision, Proposal, Turn
from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Entry
from chatbot.language.amounts import amounts
from chatbot.language.facets import Facets, Named
from chatbot.language.leftout import continues, filler, goes_on, rest_of
from chatbot.language.normalise import simple_words
from chatbot.language.reading import Reading
from chatbot.language.scopes import Kind as Scoped
from chatbot.language.words import either, lists
from chatbot.library import Library
from chatbot.reply import ReplyKind
from chatbot.signals import asks_anew, says_pay, speaks_of_else, tells_pay

_COMPARABLE = {"figures", "comparison"}


def changed_lookup(
    library: Library, reading: Reading, entry: Entry, last: Turn, loosely: bool = False
) -> Attempt | None:
    """A few words that name nothing but another place, occupation or figure than the last answer was about.

    ``loosely``: a message that opens as one that goes on may say something else besides.
    """
    assert library.data and entry.lookup
    facets = reading.of_figures.facets
    if not loosely and not _only_changes(library, reading, facets):
        return None
    scoped = {word for scope in reading.scopes for word in simple_words(scope.text)}
    rest = reading.chart.loose() - filler() - lists().changes.again - scoped
    if facets.own_role or (rest and not (loosely and goes_on(reading.text))):
        return None
    if facets.get("organisation"):
        return _by_employer(library, reading, entry)
    if asks_anew(library, reading, entry):
        return None
    pays = says_pay(reading) and not tells_pay(library.data.of(entry))
    texts = entry.lookup.kind == "facts" and not pays  # of which no word asks for another figure
    names = frozenset() if texts else reading.chart.names()
    new = bool(facets.occupations or names_places(facets) or names or reading.scopes)
    new = new or (entry.lookup.kind == "amount" and bool(amounts(reading.text)))
    if not new or (facets.occupations and not entry.lookup.needs_occupation):
        return None
    before = library.reader.read(last.read_as)
    others = any(scope.titles for scope in reading.scoped(Scoped.OTHERS, Scoped.LEFT_OUT))
    occupations = facets.occupations or (() if others else before.facets.occupations)
    if facets.occupations and (facets.comparison or _that_than().search(reading.text)):
        occupations = (*before.facets.occupations, *facets.occupations)
    places = (
        facets.places
        if names_places(facets) or any(scope.places for scope in reading.scopes)
        else dataclasses.replace(before.of_figures.facets.places, spans=(), named=())
    )
    if facets.comparison and names_places(facets):
        states = tuple(dict.fromkeys((*before.facets.places.states, *facets.places.states)))
        places = dataclasses.replace(facets.places, states=states)
    _, earlier = settled(library, before, entry)
    by = other_unit(library.data, earlier)
    text = f"{reading.text} {by}" if by and "year" not in names else reading.text
    if earlier.amount and not amounts(text):
        text = f"{text} {earlier.amount.text}"
    if (facets.get("asks") == ("pay",) and counts_people(library, entry)) or pays:
        entry = plain_lookup(library) or entry
    elif entry.lookup and entry.lookup.at_a_glance and names_places(facets):
        entry = plain_lookup(library) or entry  # of a part of the country there is no more
    both = dataclasses.replace(facets, occupations=occupations, places=places)
    carried = _carried(dataclasses.replace(reading, text=text, facets=both), facets.occupations, occupations)
    return _leading(library, carried, entry, keep=names <= {"hour", "year"})


def _leading(library: Library, reading: Reading, entry: Entry, keep: bool) -> Attempt:
    lead = Proposal(By.LOOKUP, entry.id, entry=entry)
    return Attempt(reading, Code.OTHER_FIGURE, lead=lead, sure=library.policy.follow_up.changed, keep=keep)


def _by_employer(library: Library, reading: Reading, entry: Entry) -> Attempt:
    """The honest word where the figure just told is wanted of one employer."""
    attempt = Attempt(reading)
    lead = Proposal(By.LOOKUP, entry.id, entry=entry, query=nothing_asked(library, entry))
    sure = library.policy.follow_up.changed
    attempt.decision = Decision(
        ReplyKind.UNKNOWN, Code.NO_FIGURE, sure, attempt, lead, text="I have no figures by employer."
    )
    return attempt


def _only_changes(library: Library, reading: Reading, facets: Facets) -> bool:
    """Whether a message may be a mere change of the last question, and no question of its own: it opens as
    one that goes on, or is short."""
    words, numbers = reading.words, library.policy.follow_up
    said = lists().changes
    if not words or goes_on(reading.text) or words[0] in said.same_opens:
        return True
    if facets.occupations and _that_than().search(reading.text):
        return True
    asks_anew = words[0] in said.asks_anew or said.states & set(words)
    return not asks_anew and (
        len(words) <= numbers.short_change or (not facets.occupations and len(words) <= numbers.change)
    )


def changed_loosely(library: Library, reading: Reading, last: Turn) -> Attempt | None:
    """The same for a message that has no other answer, with more words: "and in the neighbouring state Ohio?"."""
    entry = lookup_of(library, last.entry_ids[0])
    return changed_lookup(library, reading, entry, last, loosely=True) if entry else None


def compared(library: Library, text: str, turns: Sequence[Turn]) -> Attempt | None:
    """Which of the two that were looked up last is ahead; None where the message does not ask that."""
    if not _of_two().search(text.rstrip("?!. ")) or len(simple_words(text)) > library.policy.follow_up.change:
        return None
    before = _last_two(library, turns)
    reading = library.reader.read(text)
    if not before or reading.facets.occupations or reading.facets.own_role:
        return None
    if speaks_of_else(library, before[0][0], reading):
        return None
    named = list(
        {one.codes: one for _, earlier in reversed(before) for one in earlier.facets.occupations}.values()
    )
    states = tuple(
        dict.fromkeys(state for _, earlier in reversed(before) for state in earlier.facets.places.states)
    )
    if len(named) != 2 and not (len(named) == 1 and len(states) == 2):
        return None
    places = dataclasses.replace(reading.facets.places, states=states[-1:] if len(named) == 2 else states)
    both = dataclasses.replace(reading.facets, occupations=tuple(named), places=places, comparison=True)
    return _leading(
        library,
        _carried(dataclasses.replace(reading, facets=both), (), tuple(named)),
        before[0][0],
        keep=True,
    )


def _last_two(library: Library, turns: Sequence[Turn]) -> list[tuple[Entry, Reading]]:
    """The lookups of the last two turns, or of the last one that names two occupations; the latest first."""
    before: list[tuple[Entry, Reading]] = []
    for turn in reversed(turns):
        entry = lookup_of(library, turn.entry_ids[0] if turn.entry_ids else None)
        if (
            entry is None
            or not entry.lookup
            or entry.lookup.kind not in _COMPARABLE
            or not entry.lookup.needs_occupation
        ):
            break
        before.append((entry, library.reader.read(turn.read_as)))
        if len(before) == 2 or len(before[0][1].facets.occupations) > 1:
            break
    return before


def stands_alone(library: Library, decision: Decision, reading: Reading) -> bool:
    """Whether a question was answered, surely, by a lookup that needs no occupation: "what are the top paying
    jobs" goes on from nothing.

    "How many in Ohio?" does go on: all occupations together are only meant where they are named.
    """
    entry = decision.proposal.entry if decision.answers and decision.proposal else None
    if not entry or not entry.lookup or entry.lookup.needs_occupation:
        return False
    return not entry.lookup.whole or not continues(reading.text) or "whole" in reading.chart.names()


def about_the_same(library: Library, reading: Reading, last: Turn, placed: bool = True) -> Reading | None:
    """A question that goes on without naming an occupation, with that of the last answer in it, and its place where it
    is to be ``placed``; None where it does not go on."""
    entry = lookup_of(library, last.entry_ids[0])
    if entry is None or not entry.lookup or not entry.lookup.needs_occupation:
        return None
    assert library.data
    facets = reading.facets
    before = library.reader.read(last.read_as).facets
    if (
        facets.occupations
        and _there().search(reading.text)
        and before.places.states
        and not names_places(facets)
    ):
        places = " and ".join(library.data.shown(state) for state in before.places.states)
        return dataclasses.replace(
            library.reader.read(_there().sub(f"in {places}", reading.text)), typed=reading.typed
        )
    if facets.occupations or facets.own_role or facets.subjects or not continues(reading.text):
        return None
    if not before.occupations:
        return None
    named = join([one.text for one in before.occupations])
    over_places = lists().changes.states & set(reading.words)
    new_place = names_places(reading.of_figures.facets) or over_places or not placed
    place = "" if new_place else " ".join(f"in {library.data.shown(state)}" for state in before.places.states)
    text = f"{rest_of(reading.text).rstrip('?')} for {named} {place}".strip()
    return dataclasses.replace(library.reader.read(text), typed=reading.typed)


def said(library: Library, decision: Decision) -> str:
    """How a question counts for the next one: what was looked up in full, any other as it was read."""
    reading = decision.attempt.reading
    lead = decision.proposal
    looked_up = decision.answers or decision.code in {
        Code.NO_FIGURE,
        Code.WHICH_TITLE,
        Code.WHICH_COUNTRY,
        Code.WHICH_PLACE,
    }
    entry = lead.entry if lead and looked_up else None
    return restated(library, entry, reading) if entry and entry.lookup else reading.text


def _carried(reading: Reading, new: Sequence[Named], occupations: Sequence[Named]) -> Reading:
    """Carried occupations stand in another text, so no word before them is one of this text."""
    moved = tuple(one if one in new else dataclasses.replace(one, start=0, end=0) for one in occupations)  # type: ignore[type-var]
    return reading.holding(dataclasses.replace(reading.facets, occupations=moved))


@cache
def _that_than() -> re.Pattern[str]:
    """Compares what was told with what is named now."""
    said = lists().changes
    return re.compile(rf"\b{either(said.compared_before)}\b.* {either(said.compared_after)}\b", re.I)


@cache
def _of_two() -> re.Pattern[str]:
    """Asks which of two that were named is ahead."""
    said = lists().changes
    which = rf"{either(said.of_two_asking)} (?:one |of {either(said.of_two_named)} |is |has )*(?:\w+ )?{either(said.of_two_ahead)}\b"
    return re.compile(rf"\b(?:{which}|(?:the )?difference$|difference between|{either(said.of_two)}\b)", re.I)


@cache
def _there() -> re.Pattern[str]:
    """ "There" in place of a state."""
    said = lists().changes
    return re.compile(rf"\b(?:{either(said.there_before)} )?there\b(?! {either(said.there_not)}\b)", re.I)
