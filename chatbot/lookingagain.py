"""What follows an answer that was looked up: another place, occupation or figure in a few words, or another question about the same occupation."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatbot.datasets.phrase import other_unit
from chatbot.datasets.query import series_of
from chatbot.engine import Engine, Ranked
from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Entry
from chatbot.language.facets import Facets, Named
from chatbot.language.leftout import FILLER, OPENING, continues, rest_of
from chatbot.language.normalise import simple_words
from chatbot.language.reading import Reading
from chatbot.looking import ASKED_BACK, NO_FIGURE, by_employer, look_up, plain_lookup, restated, settled
from chatbot.reply import Reply, ReplyKind

if TYPE_CHECKING:
    from chatbot.conversation import Turn

_THAT_THAN = re.compile(r"\b(that|this|it|they|those)\b.* (than|with|to|against|vs|versus)\b", re.I)
_OF_TWO = re.compile(
    r"\b((?:which|who) (?:one |of (?:them|the two|these|those) |is |has )*(?:\w+ )?(?:more|better|less|worse|higher|most|best)\b|(?:the )?difference$|"
    r"difference between|of the two\b|between the two\b|compare (?:them|the two|both)\b)",
    re.I,
)
"""Asks which of two that were named is ahead."""
_THERE = re.compile(r"\b(over |out |in )?there\b(?! (are|is|any|a|many)\b)", re.I)
RULE = "the last figure, for another"
SURE = 0.9
"""What is known of the last question is known of this one."""
_AGAIN_WORDS = """
same question again whats what's per it thing one percent as whole if i more than less better worse higher lower does stack up
"""
_AGAIN = frozenset(_AGAIN_WORDS.split())
"""Words of a change of the last question that say nothing of what is changed."""
STRAY = 3
"""So many words of a message that goes on may say nothing, where it has no other answer."""
ALONE = 0.6
"""An answer of a lookup that needs no occupation, as sure as this, goes on from nothing."""
SHORT_CHANGE, CHANGE = 4, 8
"""A change of the last question has so few words; without an occupation, so few."""
_ASKS_ANEW = {"which", "where", "who", "how", "why", "when", "is", "are", "does"}
FEW = 5
"""A choice among questions is named in so few words."""


def said(engine: Engine, reply: Reply, ranked: Ranked) -> str:
    """How a question counts for the next one: what was looked up in full, any other as it was read."""
    looked_up = reply.entry_id or (reply.why.label if reply.why.rule in {NO_FIGURE, ASKED_BACK} else None)
    entry = engine.knowledge.by_id.get(looked_up or "")
    return restated(engine, entry, ranked) if entry and entry.lookup else ranked.reading.text


def named_choice(text: str, offered: Sequence[str]) -> str | None:
    """The one among the questions offered that some words are proper to."""
    words = set(simple_words(text)) - FILLER
    if not words or len(words) > FEW:
        return None
    fitting = [question for question in offered if words <= {form for word in simple_words(question) for form in (word, word.rstrip("s"))}]
    return fitting[0] if len(fitting) == 1 else None


def changed_lookup(engine: Engine, reading: Reading, entry: Entry, last: Turn, stray: int = 0) -> tuple[Reply, str] | None:
    """A few words that name nothing but another place, occupation or figure than the last answer was about.

    ``stray``: so many words may say something else, in a message that opens as one that goes on.
    """
    assert engine.data and entry.lookup
    facets = reading.of_figures().facets
    chosen = {word for match in _matches(engine, reading) for word in match}
    if not stray and not _only_changes(reading, facets):
        return None
    words = simple_words(reading.text)
    placed = {words[i] for start, end in facets.places.spans for i in range(start, end)}
    rest = engine.reader.without_facets(reading.text) - FILLER - _AGAIN - chosen - placed
    if facets.own_role or len(rest) > (stray if OPENING.match(reading.text) else 0):
        return None
    if facets.get("organisation"):
        return by_employer(engine, Ranked(reading, ()), entry), last.read_as
    new = bool(facets.occupations or _places(facets) or chosen)
    if not new or (facets.occupations and not entry.lookup.needs_occupation):
        return None
    before = engine.reader.read(last.read_as)
    occupations = facets.occupations or before.facets.occupations
    if facets.occupations and (facets.comparison or _THAT_THAN.search(reading.text)):
        occupations = (*before.facets.occupations, *facets.occupations)
    places = facets.places if _places(facets) else dataclasses.replace(before.facets.places, spans=(), named=())
    if facets.comparison and _places(facets):
        states = tuple(dict.fromkeys((*before.facets.places.states, *facets.places.states)))
        places = dataclasses.replace(facets.places, states=states)
    merged = dataclasses.replace(facets, occupations=occupations, places=places)
    _, earlier = settled(engine, Ranked(before, ()), entry)
    by = other_unit(engine.data, earlier)
    text = f"{reading.text} {by}" if by and "year" not in _names(engine, reading) else reading.text
    counts = series_of(engine.data.of(entry), entry.lookup).measure.counts
    if facets.get("asks") == ("pay",) and (counts or entry.lookup.kind == "facts"):
        entry = plain_lookup(engine) or entry
    ranked = Ranked(_whole(dataclasses.replace(reading, text=text, facets=merged), facets.occupations, occupations), ())
    keep = _names(engine, reading) <= {"hour", "year"}
    reply = look_up(engine, ranked, entry, SURE, RULE, keep)
    told = engine.knowledge.by_id.get(reply.entry_id or "", entry)
    return reply, restated(engine, told, ranked)


def _only_changes(reading: Reading, facets: Facets) -> bool:
    """Whether a message may be a mere change of the last question, and no question of its own: it opens as one that goes on, or is short."""
    words = simple_words(reading.text)
    if OPENING.match(reading.text) or words[0] in {"same", "compare", "compared", "versus", "vs"}:
        return True
    if facets.occupations and _THAT_THAN.search(reading.text):
        return True
    asks_anew = words[0] in _ASKS_ANEW or {"state", "states"} & set(words)
    return not asks_anew and (len(words) <= SHORT_CHANGE or (not facets.occupations and len(words) <= CHANGE))


def changed_loosely(engine: Engine, reading: Reading, last: Turn) -> tuple[Reply, str] | None:
    """The same for a message that has no other answer, with a few words more: "and in the neighbouring state Ohio?"."""
    entry = engine.knowledge.by_id.get(last.entry_ids[0])
    found = changed_lookup(engine, reading, entry, last, STRAY) if entry and entry.lookup else None
    return found if found and found[0].kind is ReplyKind.ANSWER else None


def compared(engine: Engine, text: str, turns: Sequence[Turn]) -> tuple[Reply, str] | None:
    """Which of the two that were looked up last is ahead; None where the message does not ask that."""
    if not _OF_TWO.search(text.rstrip("?!. ")) or len(simple_words(text)) > CHANGE:
        return None
    found: list[tuple[Entry, Reading]] = []
    for turn in reversed(turns):
        entry = engine.knowledge.by_id.get(turn.entry_ids[0]) if turn.entry_ids else None
        if entry is None or not entry.lookup or entry.lookup.kind not in {"figures", "comparison"} or not entry.lookup.needs_occupation:
            break
        found.append((entry, engine.reader.read(turn.read_as)))
        if len(found) == 2 or len(found[0][1].facets.occupations) > 1:
            break
    reading = engine.reader.read(text)
    if not found or reading.facets.occupations or reading.facets.own_role:
        return None
    named = list({one.codes: one for _, before in reversed(found) for one in before.facets.occupations}.values())
    states = tuple(dict.fromkeys(state for _, before in reversed(found) for state in before.facets.places.states))
    if len(named) != 2 and not (len(named) == 1 and len(states) == 2):
        return None
    places = dataclasses.replace(reading.facets.places, states=states[-1:] if len(named) == 2 else states)
    merged = dataclasses.replace(reading.facets, occupations=tuple(named), places=places, comparison=True)
    ranked = Ranked(_whole(dataclasses.replace(reading, facets=merged), (), tuple(named)), ())
    entry = found[0][0]
    reply = look_up(engine, ranked, entry, SURE, RULE, keep=True)
    return (reply, restated(engine, entry, ranked)) if reply.kind is ReplyKind.ANSWER else None


def stands_alone(engine: Engine, reply: Reply, reading: Reading) -> bool:
    """Whether a question was answered, surely, by a lookup that needs no occupation: "what are the top paying jobs" goes on from nothing.

    "How many in Ohio?" does go on: all occupations together are only meant where they are named.
    """
    entry = engine.knowledge.by_id.get(reply.entry_id or "")
    if not entry or not entry.lookup or entry.lookup.needs_occupation or reply.confidence < ALONE:
        return False
    return not entry.lookup.whole or not continues(reading.text) or "whole" in _names(engine, reading)


def about_the_same(engine: Engine, reading: Reading, last: Turn) -> Reading | None:
    """A question that goes on without naming an occupation, with that of the last answer in it; None where it does not go on."""
    entry = engine.knowledge.by_id.get(last.entry_ids[0])
    if entry is None or not entry.lookup or not entry.lookup.needs_occupation:
        return None
    facets = reading.facets
    assert engine.data
    before = engine.reader.read(last.read_as).facets
    if facets.occupations and _THERE.search(reading.text) and before.places.states and not _places(facets):
        places = " and ".join(engine.data.shown(state) for state in before.places.states)
        return dataclasses.replace(engine.reader.read(_THERE.sub(f"in {places}", reading.text)), typed=reading.typed)
    if facets.occupations or facets.own_role or facets.subjects or not continues(reading.text):
        return None
    if not before.occupations:
        return None
    named = join([one.text for one in before.occupations])
    facets = reading.of_figures().facets
    over_places = {"state", "states"} & set(simple_words(reading.text))
    place = "" if _places(facets) or over_places else " ".join(f"in {engine.data.shown(state)}" for state in before.places.states)
    return dataclasses.replace(engine.reader.read(f"{rest_of(reading.text).rstrip('?')} for {named} {place}".strip()), typed=reading.typed)


def _whole(reading: Reading, new: Sequence[Named], occupations: Sequence[Named]) -> Reading:
    """Carried occupations stand in another text, so no word before them is one of this text."""
    carried = tuple(one if one in new else dataclasses.replace(one, start=0, end=0) for one in occupations)  # type: ignore[type-var]
    return dataclasses.replace(reading, facets=dataclasses.replace(reading.facets, occupations=carried))


def _places(facets: Facets) -> bool:
    return bool(facets.places.countries or facets.places.states or facets.places.cities)


def _matches(engine: Engine, reading: Reading) -> list[list[str]]:
    """The words that say which figure is wanted."""
    assert engine.data
    words = simple_words(reading.text)
    return [words[match.start : match.end] for match in engine.data.words.find(words)]


def _names(engine: Engine, reading: Reading) -> set[str]:
    assert engine.data
    return {name for match in engine.data.words.find(simple_words(reading.text)) for name in match.value}
