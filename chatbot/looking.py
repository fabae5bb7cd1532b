"""Replies from what packs hold by occupation: which lookup tells it, and what is asked back where an occupation is not clear."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from chatbot.answering.compose import OLD, fill_intent, is_old
from chatbot.datasets import phrase
from chatbot.datasets.query import query, series_of
from chatbot.datasets.tell import tell
from chatbot.datasets.telling import Told
from chatbot.engine import Engine, Ranked
from chatbot.explaining import why_of
from chatbot.flow import Choice, Force, Objection, Proposal, Query
from chatbot.intents.model import INTENT
from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Entry
from chatbot.reply import Reply, ReplyKind
from chatbot.rules.queries import first_objection, objections
from chatbot.rules.titles import NoEntity
from chatbot.scene import Scene

NO_FIGURE, ASKED_BACK, GUESSED = "no such figure", "a title that may mean several", "the nearest titles"
"""Rules of replies without an answer that a further message may go on from."""
STANDING_IN = 0.7
"""How sure it is that the figure of the nearest group is wanted."""
SURE = 0.9
"""What is known of a word that asks for what the figures do not hold."""


def look_up(engine: Engine, ranked: Ranked, entry: Entry, probability: float, rule: str, keep: bool = False) -> Reply:
    """The reply of a lookup: an answer, a question back where a title may mean several, or an honest word on what is not published.

    ``keep``: it is this lookup that is wanted, though no word says so.
    """
    assert engine.data
    of_figures = ranked.reading.of_figures()
    several = engine.asked_lookups.meant(of_figures, entry)
    if len(several) > 1:
        return _ask_where(engine, ranked, several, keep, probability)
    entry, read = settled(engine, ranked, entry, keep)
    objection = first_objection(Proposal("lookup", entry.id, entry=entry, query=read), Scene(engine, of_figures))
    if objection:
        return _against(engine, ranked, entry, read, objection, probability)
    told = tell(engine.data, entry, read)
    if told.missing:
        return _lacking(engine, ranked, entry, told.missing, probability, read)
    taken = [
        pair
        for pair in ranked.reading.corrections
        if any(pair[1].lower() in one.text.lower().split() for one in ranked.reading.facets.occupations)
    ]
    note = _other_units(engine, entry) if "month" in read.words else ""
    read_as = note + "".join(f"I read “{wrong}” as “{right}”. " for wrong, right in taken)
    text = f"{read_as}{told.text} {OLD}" if is_old(entry, datetime.date.today()) else read_as + told.text
    return Reply(
        ReplyKind.ANSWER, text, (entry.id,), told.citations, probability, _next(engine, entry, read),
        _facets(ranked, read), why_of(engine, ranked, rule, entry.id), told.chart,
    )  # fmt: skip


def _against(engine: Engine, ranked: Ranked, entry: Entry, read: Query, objection: Objection, probability: float) -> Reply:
    """The reply where a rule objects: the intent that says it better, a question back, or the honest word."""
    if objection.intent:
        intent = engine.intents[f"{INTENT}{objection.intent}"]
        text = fill_intent(intent.reply, engine.knowledge)
        why = why_of(engine, ranked, f"unknown: {intent.id}", intent.id)
        suggestions = (_question(engine, entry, read) if read.targets else entry.question,)
        return Reply(ReplyKind.UNKNOWN, text, confidence=SURE, suggestions=suggestions, facets=_facets(ranked, read), why=why)
    if objection.force is Force.ASK and read.choice:
        return _ask_back(engine, ranked, entry, read, read.choice, probability)
    return _lacking(engine, ranked, entry, objection.because, probability, read, objected=objection.rule != NoEntity.id)


def _ask_where(engine: Engine, ranked: Ranked, entries: Sequence[Entry], keep: bool, probability: float) -> Reply:
    """A question back where several countries' data may be meant, with a complete question for each."""
    assert engine.data
    roles = _role(engine, ranked)
    asked = [query(engine.data, engine.data.of(entry), entry.lookup, ranked.reading.of_figures(), engine.asked_lookups.words, roles)
             for entry in entries if entry.lookup]  # fmt: skip
    questions = tuple(phrase.question(engine.data, entry, one) for entry, one in zip(entries, asked, strict=True))
    homes = [engine.data.of(entry) for entry in entries]
    listed = " ".join(f"({i}) {dataset.shown(dataset.home)}" for i, dataset in enumerate(homes, 1))
    return Reply(
        ReplyKind.CLARIFY, f"In which country? {listed}", confidence=1 - probability, suggestions=questions,
        facets=_facets(ranked, asked[0]), why=why_of(engine, ranked, ASKED_BACK, entries[0].id),
    )  # fmt: skip


def _other_units(engine: Engine, entry: Entry) -> str:
    """By which units of time there are figures, where another one is asked for."""
    assert engine.data and entry.lookup
    dataset = engine.data.of(entry)
    measure = series_of(dataset, entry.lookup).measure
    if measure.kind != "number":
        return ""
    units = (
        [unit.by for unit in measure.units if unit.by] or [unit.by for unit in dataset.usual.measure.units if unit.by]
        if dataset.usual
        else []
    )
    return f"The figures are published {join(units)} only. " if units else ""


def settled(engine: Engine, ranked: Ranked, entry: Entry, keep: bool = False) -> tuple[Entry, Query]:
    """The lookup that is meant, and what is asked of its data set (see ``Lookups.settled``)."""
    return engine.asked_lookups.settled(ranked.reading.of_figures(), entry, _role(engine, ranked), keep)


def _role(engine: Engine, ranked: Ranked) -> str | None:
    """The packs' own occupation, where it is named."""
    roles = [pack.role[0] for pack in engine.knowledge.packs if pack.role and pack.role[0] in ranked.reading.facets.roles]
    return roles[0] if roles else None


def plain_lookup(engine: Engine, people: bool = False) -> Entry | None:
    """The lookup that tells the usual figure, or a number of people, of one entity."""
    return engine.asked_lookups.plain_lookup(people) if engine.data else None


def official(engine: Engine, ranked: Ranked, entry: Entry) -> Told | None:
    """The official figure of the nearest group beside what a table says of the pay of its pack's occupation in the data's country."""
    data, facets = engine.data, ranked.reading.facets
    if data is None or data.main.home not in facets.get("country") or entry.table is None or "salary" not in entry.table.measure:
        return None
    pack = next((pack for pack in engine.knowledge.packs if pack.id == entry.pack and pack.role), None)
    codes = data.titles.exactly(pack.role[0]) if pack else ()
    lookup = plain_lookup(engine)
    if pack is None or lookup is None or len(codes) != 1:
        return None
    named = dataclasses.replace(facets, own_role=True, roles=(pack.role[0],), occupations=())
    _, read = settled(engine, Ranked(dataclasses.replace(ranked.reading, facets=named), ()), lookup)
    scene = Scene(engine, dataclasses.replace(ranked.reading, facets=named).of_figures())
    against = objections(Proposal("lookup", lookup.id, entry=lookup, query=read), scene)
    declined = any(one.force is Force.DECLINE and not one.intent for one in against)
    told = tell(data, lookup, read) if read.targets and not declined else Told()
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
    """A lookup's question about one entity."""
    assert engine.data
    return phrase.about(engine.data, entry, code, states)


def by_employer(engine: Engine, ranked: Ranked, entry: Entry) -> Reply:
    """The honest word where the figure just told is wanted of one employer."""
    assert engine.data
    return _lacking(engine, ranked, entry, "I have no figures by employer.", SURE, phrase.blank(engine.data.of(entry), entry))


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


def _question(engine: Engine, entry: Entry, read: Query, code: str | None = None) -> str:
    assert engine.data
    return phrase.question(engine.data, entry, read, code)


def _next(engine: Engine, entry: Entry, read: Query) -> tuple[str, ...]:
    found = [engine.knowledge.by_id[link] for link in entry.follow_ups if link in engine.knowledge.by_id]
    return tuple(_question(engine, other, read) if other.lookup and read.targets else other.question for other in found)


def _ask_back(engine: Engine, ranked: Ranked, entry: Entry, read: Query, choice: Choice, probability: float) -> Reply:
    assert engine.data
    titles = [engine.data.title(code, engine.data.of(entry)) for code in choice.codes]
    questions = tuple(_question(engine, entry, read, code) for code in choice.codes)
    listed = " ".join(f"({i}) {title}" for i, title in enumerate(titles, 1))
    if choice.doubtful:
        text = f"I have nothing under the name “{choice.called}” itself. Do you mean {listed}?"
    else:
        text = f"“{choice.called}” may mean several {engine.data.of(entry).entity.name}s. Which of these do you mean? {listed}"
    return Reply(
        ReplyKind.CLARIFY, text, confidence=1 - probability, suggestions=questions, facets=_facets(ranked, read),
        why=why_of(engine, ranked, ASKED_BACK, entry.id),
    )  # fmt: skip


def _lacking(
    engine: Engine, ranked: Ranked, entry: Entry, text: str, probability: float, read: Query, objected: bool = False
) -> Reply:  # fmt: skip
    assert engine.data
    home = (engine.data.of(entry).home,)
    elsewhere = dataclasses.replace(
        phrase.blank(engine.data.of(entry), entry, home), targets=read.targets, words=read.words, unit=read.unit
    )
    same = read.places == home and not objected
    suggestions = (_question(engine, entry, elsewhere),) if read.targets and not same else (entry.question,)
    return Reply(
        ReplyKind.UNKNOWN, text, confidence=probability, suggestions=suggestions, facets=_facets(ranked, read),
        why=why_of(engine, ranked, NO_FIGURE, entry.id),
    )  # fmt: skip


def _facets(ranked: Ranked, read: Query) -> dict[str, object]:
    """What was understood, with the codes of the occupations."""
    out = ranked.reading.facets.to_dict()
    codes = [target.code for target in read.targets]
    return out | ({"occupation": codes[0] if len(codes) == 1 else codes} if codes else {})
