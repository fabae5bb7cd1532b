"""Replies from what packs hold by occupation: which lookup tells it, and what is asked back where an occupation is not clear."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from chatbot.answering.compose import OLD, fill_intent, is_old
from chatbot.engine import Engine, Ranked
from chatbot.explaining import why_of
from chatbot.intents.model import INTENT
from chatbot.knowledge.expand import join
from chatbot.knowledge.looking import WHOLE_PLACE, asked_as
from chatbot.knowledge.model import Entry
from chatbot.language.regions import shown
from chatbot.occupations.asked import Asked, Choice, asked
from chatbot.occupations.telling import Told, tell
from chatbot.reply import Reply, ReplyKind

NO_FIGURE, ASKED_BACK, GUESSED = "no such figure", "a title that may mean several", "the nearest titles"
"""Rules of replies without an answer that a further message may go on from."""
OTHER = frozenset({"count"})
"""Words that choose a lookup whatever was matched, where nothing else is asked for."""
STANDING_IN = 0.7
"""How sure it is that the figure of the nearest group is wanted."""
UNITS = "The figures are published by the year and by the hour only. "
SURE = 0.9
"""What is known of a word that asks for what the figures do not hold."""


def look_up(engine: Engine, ranked: Ranked, entry: Entry, probability: float, rule: str, keep: bool = False) -> Reply:
    """The reply of a lookup: an answer, a question back where a title may mean several, or an honest word on what is not published.

    ``keep``: it is this lookup that is wanted, though no word says so.
    """
    assert engine.data
    entry, read = settled(engine, ranked, entry, keep)
    lookup = entry.lookup
    assert lookup
    if read.beyond and (intent := engine.intents.get(f"{INTENT}{read.beyond}")):
        text = fill_intent(intent.reply, engine.knowledge)
        why = why_of(engine, ranked, f"unknown: {intent.id}", intent.id)
        suggestions = (_question(engine, entry, read) if read.targets else entry.question,)
        return Reply(ReplyKind.UNKNOWN, text, confidence=SURE, suggestions=suggestions, facets=_facets(ranked, read), why=why)
    if read.trouble:
        return _lacking(engine, ranked, entry, f"I have {read.trouble}.", probability, read)
    if read.choice:
        return _ask_back(engine, ranked, entry, read, read.choice, probability)
    if lookup.needs_occupation and not read.targets:
        return _lacking(engine, ranked, entry, "I don't know which occupation you mean.", probability, read)
    told = tell(engine.data, entry, read)
    if told.missing:
        return _lacking(engine, ranked, entry, told.missing, probability, read)
    taken = [
        pair
        for pair in ranked.reading.corrections
        if any(pair[1].lower() in one.text.lower().split() for one in ranked.reading.facets.occupations)
    ]
    note = UNITS if "month" in read.words and lookup.kind != "facts" else ""
    read_as = note + "".join(f"I read “{wrong}” as “{right}”. " for wrong, right in taken)
    text = f"{read_as}{told.text} {OLD}" if is_old(entry, datetime.date.today()) else read_as + told.text
    return Reply(
        ReplyKind.ANSWER, text, (entry.id,), told.citations, probability, _next(engine, entry, read),
        _facets(ranked, read), why_of(engine, ranked, rule, entry.id), told.chart,
    )  # fmt: skip


def settled(engine: Engine, ranked: Ranked, entry: Entry, keep: bool = False) -> tuple[Entry, Asked]:
    """The lookup of a measure that the words choose, and what is asked of it.

    One that has words of its own is only told where one of them is said (or ``keep``): else the one that has none.
    """
    assert engine.data and entry.lookup
    reading = ranked.reading.of_figures()
    roles = [pack.role[0] for pack in engine.knowledge.packs if pack.role and pack.role[0] in reading.facets.roles]
    read = asked(engine.data, entry.lookup, reading.text, reading.facets, engine.usual, engine.harmless, roles[0] if roles else None)
    group = [e for e in engine.lookups if e.lookup and e.lookup.measure == entry.lookup.measure and e.pack == entry.pack]
    plain = next((e for e in group if e.lookup and e.lookup.kind == "figures" and not e.lookup.statistic), None)
    chosen = next((e for e in group if e.lookup and set(e.lookup.statistic) & read.words), None)
    if chosen is None and entry.lookup.kind != "ranking" and "pay" not in reading.facets.get("asks"):  # the words name another measure
        others = [e for e in engine.lookups if e.pack == entry.pack and e.lookup and e.lookup.kind == "figures"]
        fitting = [e for e in others if e.lookup and e.lookup.whole == entry.lookup.whole and set(e.lookup.statistic) & read.words & OTHER]
        chosen = fitting[0] if fitting else None
    if chosen is None and not keep and entry.lookup.statistic and entry.lookup.kind == "figures":
        chosen = plain
    several = len(read.targets) > 1 or len(read.places) > 1
    if chosen is None and entry.lookup.kind == "comparison" and not several:
        chosen = plain
    return chosen or entry, read


def plain_lookup(engine: Engine, by: str = "median") -> Entry | None:
    """The lookup that tells this figure of one occupation, if any does: one that needs no word to be chosen before one that does."""
    found = [e for e in engine.lookups if e.lookup and e.lookup.kind == "figures" and e.lookup.needs_occupation and e.lookup.by == by]
    return min(found, key=lambda e: bool(e.lookup and e.lookup.statistic), default=None)


def official(engine: Engine, ranked: Ranked, entry: Entry) -> Told | None:
    """The official figure of the nearest group beside what a table says of the pay of its pack's occupation in the US."""
    data, facets = engine.data, ranked.reading.facets
    if data is None or "US" not in facets.get("country") or entry.table is None or "salary" not in entry.table.measure:
        return None
    pack = next((pack for pack in engine.knowledge.packs if pack.id == entry.pack and pack.role), None)
    codes = data.titles.exactly(pack.role[0]) if pack else ()
    lookup = plain_lookup(engine)
    if pack is None or lookup is None or len(codes) != 1:
        return None
    named = dataclasses.replace(facets, own_role=True, roles=(pack.role[0],), occupations=())
    _, read = settled(engine, Ranked(dataclasses.replace(ranked.reading, facets=named), ()), lookup)
    told = tell(data, lookup, read) if read.targets and not read.trouble else Told()
    return told if told.text else None


def stand_in(engine: Engine, ranked: Ranked) -> Reply | None:
    """The figure of the nearest group where the pay of a pack's own occupation in a state is asked for and nothing else tells it; else None."""
    facets = ranked.reading.facets
    asks = facets.places.states and facets.own_role and "pay" in facets.get("asks")
    if engine.data is None or not asks or facets.occupations or facets.get("organisation"):
        return None
    lookup = plain_lookup(engine)
    reply = look_up(engine, ranked, lookup, STANDING_IN, "the nearest group, as a stand-in") if lookup else None
    return reply if reply and reply.kind is ReplyKind.ANSWER else None


def question_about(engine: Engine, entry: Entry, code: str, states: Sequence[str] = ()) -> str:
    """A lookup's question about one occupation."""
    places = tuple(states) or ((engine.data.spec.country,) if engine.data else ())
    return _question(engine, entry, Asked((), places, frozenset()), code)


def by_employer(engine: Engine, ranked: Ranked, entry: Entry) -> Reply:
    """The honest word where the figure just told is wanted of one employer."""
    return _lacking(engine, ranked, entry, "I have no figures by employer.", SURE, Asked((), (), frozenset()))


def restated(engine: Engine, entry: Entry, ranked: Ranked) -> str:
    """What was asked, in full: what a later "and in Ohio?" goes by."""
    entry, read = settled(engine, ranked, entry, keep=True)
    if not read.targets and not read.choice and entry.lookup and entry.lookup.needs_occupation:
        return ranked.reading.text
    return _question(engine, entry, read)


def again(engine: Engine, entry: Entry, before: str) -> str:
    """A lookup's question about what an earlier question named."""
    assert entry.lookup
    return _question(engine, entry, settled(engine, Ranked(engine.reader.read(before), ()), entry, keep=True)[1])


def _question(engine: Engine, entry: Entry, read: Asked, code: str | None = None) -> str:
    assert engine.data and entry.lookup
    titles = [engine.data.title(code)] if code else [engine.data.title(target.code) for target in read.targets]
    if not titles and read.choice:
        titles = [read.choice.called]
    if not titles and entry.lookup.needs_occupation:
        return entry.question
    places = [shown(place) for place in read.places] or [WHOLE_PLACE]
    spare = "{place2}" not in entry.lookup.asks
    if len(titles) > 1 and "{other}" not in entry.lookup.asks:
        titles = [join(titles)]
    made = asked_as(entry.lookup.asks, titles, join(places) if spare else places[0], "" if spare else join(places[1:]))
    return (
        f"{made.rstrip('?')} by the hour?"
        if read.unit == "hour" and entry.lookup.kind == "figures" and entry.lookup.by != "employment"
        else made
    )


def _next(engine: Engine, entry: Entry, read: Asked) -> tuple[str, ...]:
    found = [engine.knowledge.by_id[link] for link in entry.follow_ups if link in engine.knowledge.by_id]
    return tuple(_question(engine, other, read) if other.lookup and read.targets else other.question for other in found)


def _ask_back(engine: Engine, ranked: Ranked, entry: Entry, read: Asked, choice: Choice, probability: float) -> Reply:
    assert engine.data
    titles = [engine.data.title(code) for code in choice.codes]
    questions = tuple(_question(engine, entry, read, code) for code in choice.codes)
    listed = " ".join(f"({i}) {title}" for i, title in enumerate(titles, 1))
    if choice.doubtful:
        text = f"I have nothing under the name “{choice.called}” itself. Do you mean {listed}?"
    else:
        text = f"“{choice.called}” may mean several occupations. Which of these do you mean? {listed}"
    return Reply(
        ReplyKind.CLARIFY, text, confidence=1 - probability, suggestions=questions, facets=_facets(ranked, read),
        why=why_of(engine, ranked, ASKED_BACK, entry.id),
    )  # fmt: skip


def _lacking(engine: Engine, ranked: Ranked, entry: Entry, text: str, probability: float, read: Asked) -> Reply:
    elsewhere = Asked(read.targets, (engine.data.spec.country,) if engine.data else (), read.words)
    same = read.places == elsewhere.places and not read.trouble
    suggestions = (_question(engine, entry, elsewhere),) if read.targets and not same else (entry.question,)
    return Reply(
        ReplyKind.UNKNOWN, text, confidence=probability, suggestions=suggestions, facets=_facets(ranked, read),
        why=why_of(engine, ranked, NO_FIGURE, entry.id),
    )  # fmt: skip


def _facets(ranked: Ranked, read: Asked) -> dict[str, object]:
    """What was understood, with the codes of the occupations."""
    out = ranked.reading.facets.to_dict()
    codes = [target.code for target in read.targets]
    return out | ({"occupation": codes[0] if len(codes) == 1 else codes} if codes else {})
