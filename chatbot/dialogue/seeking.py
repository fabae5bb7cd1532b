"""What is tried for a question by itself, one lot of attempts after the other: each ``yield`` sends a lot
through the stages and finds it decided.

The message as a whole and, where it asks two things, each half; other spellings where the likeliest is not
sure; two things in one question.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from functools import cache

from msgspec import structs

from chatbot.answering.lookups import question_about
from chatbot.composing import fits
from chatbot.deciding import distress_of, heard_in, refused
from chatbot.dialogue.merging import names_places
from chatbot.dialogue.twothings import halves, likely_seconds, without_its_own
from chatbot.engine import Engine
from chatbot.flow import Attempt, By, Code, Decision, Flow, Force, Objection, Outcome
from chatbot.language.leftout import asks, asks_of_it
from chatbot.language.normalise import clean, sentences
from chatbot.language.reading import Reading
from chatbot.language.words import either, lists
from chatbot.reply import ReplyKind, Subject
from chatbot.signals import asks_for_figures, describes, speaks_of_else
from chatbot.subject import OCCUPATION, named_in

Attempts = Sequence[Attempt]
_OPEN = {ReplyKind.UNKNOWN, ReplyKind.CLARIFY}


def alone(engine: Engine, flow: Flow) -> Generator[Attempts, None, Outcome]:
    """A question without a conversation."""
    if outcome := (yield from in_distress(engine, flow)):
        return outcome
    outcomes = yield from each(engine, flow.pieces)
    if of_it := (yield from of_the_chosen(engine, flow, outcomes[0].decision)):
        return of_it
    two = two_questions(engine, flow, outcomes[1:]) if len(outcomes) > 1 else None
    outcome = two or outcomes[0]
    return (yield from of_its_sentence(engine, flow, outcome.decision)) or outcome


def of_its_sentence(
    engine: Engine, flow: Flow, decision: Decision
) -> Generator[Attempts, None, Outcome | None]:
    """The answer to the one sentence of a message that asks for figures of somebody, where the message as a whole has
    none: "My dog ate my notes. Pay of bakers?". Where the others name something, too, the answer says what it is to."""
    parts = sentences(clean(flow.message.text)) if decision.kind is ReplyKind.UNKNOWN else []
    readings = [engine.reader.read(part) for part in parts[: engine.policy.two.sentences]]
    asking = [
        at
        for at, one in enumerate(readings)
        if one.facets.occupations and asks_for_figures(engine, one) and ("?" in parts[at] or asks(parts[at]))
    ] or [at for at, one in enumerate(readings) if one.facets.occupations and asks_for_figures(engine, one)]
    if len(asking) != 1 or len(readings) < len(parts):
        return None
    (at,) = asking
    others = [one for one in readings if one is not readings[at]]
    story = any(_names_something(one) for one in others)
    asked = _placed(engine, readings[: at + 1], parts[at]) if story else readings[at]
    if asked is None or asked.facets.careers or any(one.facets.careers for one in others):
        return None
    attempt = Attempt(asked)
    yield [attempt]
    if not attempt.settled.answers:
        return None
    told, note = (
        attempt.settled,
        Objection("notes/one-sentence", Force.NOTE, f"I answered only “{parts[at]}”."),
    )
    return Outcome(structs.replace(told, objections=(note, *told.objections)) if story else told, asked.text)


def _names_something(reading: Reading) -> bool:
    """Whether a sentence names somebody, a place, a number or a time, or leaves something out."""
    facets = reading.of_figures.facets
    named = facets.occupations or facets.careers or facets.subjects or names_places(facets)
    return bool(named or facets.numbers or reading.scopes or not reading.text)


def _placed(engine: Engine, readings: Sequence[Reading], text: str) -> Reading | None:
    """The last of some sentences, its "there" being the one place of those before it; None where it points to anything
    else that they say."""
    there = _there().search(text)
    if not there:
        return None if asks_of_it(text) else readings[-1]
    if names_places(readings[-1].of_figures.facets):
        return readings[-1]
    near = next((one for one in reversed(readings[:-1]) if names_places(one.of_figures.facets)), None)
    states = near.of_figures.facets.places.states if near else ()
    if len(states) != 1 or engine.data is None:
        return None
    return engine.reader.read(
        f"{text[: there.start()]}in {engine.data.shown(states[0])}{text[there.end() :]}"
    )


@cache
def _there() -> re.Pattern[str]:
    said = lists().changes
    return re.compile(rf"\b(?:{either(said.there_before)} )?there\b(?! {either(said.there_not)}\b)", re.I)


def in_distress(engine: Engine, flow: Flow) -> Generator[Attempts, None, Outcome | None]:
    """The kind word that any sentence of a message calls for: a story may hide it behind a question."""
    listed = [intent for intent in engine.intents.values() if intent.each_sentence]
    parts = sentences(clean(flow.message.text)) if listed else []
    if not parts[1:]:  # one sentence is asked as it is
        return None
    if engine.listener:
        return (yield from _heard(engine, flow, parts))
    attempts = [Attempt(engine.reader.read(part), rank_only=True) for part in parts]
    yield attempts
    heard = [(one, attempt) for attempt in attempts if (one := distress_of(engine, attempt))]
    order = [intent.label for intent in listed]  # as in the file: danger before discouragement
    heard.sort(key=lambda pair: order.index(pair[0].label))
    return Outcome(refused(heard[0][1], heard[0][0]), flow.pieces[0][0].text) if heard else None


def _heard(engine: Engine, flow: Flow, parts: Sequence[str]) -> Generator[Attempts, None, Outcome | None]:
    """What is heard in a message as a whole and in its sentences."""
    whole = flow.pieces[0][0]
    readings = [whole, *(engine.reader.read(part) for part in parts)]
    attempts = [Attempt(reading, listen_only=True) for reading in readings]
    yield attempts
    heard = heard_in(engine, attempts)
    dangerous = bool(heard and heard.label == engine.listened_for[0])
    if not dangerous and any(
        one.facets.occupations and asks_for_figures(engine, one) for one in readings[1:]
    ):
        return None  # who is lost, and asks what bakers earn, is told that
    return Outcome(refused(attempts[0], heard), whole.text) if heard else None


def of_the_chosen(
    engine: Engine, flow: Flow, decision: Decision
) -> Generator[Attempts, None, Outcome | None]:
    """What a question comes to with the occupation that was chosen before it, where it names nothing itself, and
    has no answer or one over all occupations."""
    subject = flow.message.subject
    of_it = (yield from of_another(engine, subject, decision)) if subject else None
    return Outcome(of_it, of_it.attempt.reading.text) if of_it else None


def of_another(
    engine: Engine, subject: Subject, decision: Decision, place: str = ""
) -> Generator[Attempts, None, Decision | None]:
    """The answer for an occupation that is named elsewhere, where the question itself names nothing; ``place``:
    the one that is named elsewhere, too."""
    reading = decision.attempt.reading
    over_all = decision.answers and decision.proposal is not None and decision.proposal.by is By.LOOKUP
    if subject.kind != OCCUPATION or not (over_all or decision.kind in _OPEN):
        return None
    facets = reading.facets
    named = facets.careers or facets.occupations or facets.subjects or facets.own_subjects
    if named or "whole" in reading.chart.names():
        return None
    there = f" in {place}" if place and not names_places(reading.of_figures.facets) else ""
    asked = f"{subject.title}: {reading.text.rstrip('?')}{there}"
    attempt = Attempt(engine.reader.read(asked), Code.SAME_OCCUPATION)
    yield [attempt]
    return attempt.settled if attempt.settled.answers else None


def said_once(engine: Engine, readings: Sequence[Reading]) -> Subject | None:
    """The one career or occupation that the questions of a message name, where one of them does not name it."""
    named = {subject for reading in readings if (subject := named_in(engine, reading))}
    return named.pop() if len(readings) > 1 and len(named) == 1 else None


def _said_of_whom(engine: Engine, pieces: Sequence[Sequence[Reading]]) -> list[Reading]:
    """The likeliest reading of each piece; where another one names somebody of whom nothing is known, and this
    one only points to him, with his name before it."""
    readings = [readings[0] for readings in pieces]
    strangers = {name for reading in readings for name in reading.facets.subjects}
    if len(strangers) != 1 or any(reading.facets.occupations for reading in readings):
        return readings
    (name,) = strangers
    return [
        engine.reader.read(f"{name}: {reading.text}")
        if len(readings) > 1 and not reading.facets.subjects and asks_of_it(reading.text)
        else reading
        for reading in readings
    ]


def each(engine: Engine, pieces: Sequence[Sequence[Reading]]) -> Generator[Attempts, None, list[Outcome]]:
    """The outcome of each piece of a message, asked alone."""
    subject = said_once(engine, [readings[0] for readings in pieces])
    states = {s for readings in pieces for s in readings[0].of_figures.facets.places.states}
    place = engine.data.shown(next(iter(states))) if engine.data and len(states) == 1 else ""
    firsts = [Attempt(reading, subject=subject) for reading in _said_of_whom(engine, pieces)]
    yield firsts
    outcomes = []
    for attempt, readings in zip(firsts, pieces, strict=True):
        best = yield from surest(engine, attempt, readings[1:])
        if subject and (of_it := (yield from of_another(engine, subject, best, place))):
            best = of_it
        outcomes.append((yield from two_things(engine, best)) or Outcome(best, best.attempt.reading.text))
    return outcomes


def surest(engine: Engine, first: Attempt, others: Sequence[Reading]) -> Generator[Attempts, None, Decision]:
    """The decision on the likeliest reading, or a surer one on another; those are ranked only where it is not
    sure. A reading that loses a place is none."""
    best = first.settled
    if names_places(first.reading.of_figures.facets):
        others = [other for other in others if names_places(other.of_figures.facets)]
    sure = best.answers and best.confidence >= engine.policy.reading.sure
    if sure or not others:
        return (yield from _only_title(engine, best)) or best
    attempts = [Attempt(other, first.code, first.note) for other in others]
    yield attempts
    for attempt in attempts:
        decision = attempt.settled
        if decision.answers and not (best.answers and best.confidence >= decision.confidence):
            best = decision
    return (yield from _only_title(engine, best)) or best


def _only_title(engine: Engine, decision: Decision) -> Generator[Attempts, None, Decision | None]:
    """The answer for the one title that is near what was asked, which says how it was read; a description is
    asked back."""
    lead = decision.proposal
    if decision.code is not Code.NEAREST_TITLES or lead is None or lead.entry is None or len(lead.codes) != 1:
        return None
    reading, (code,) = decision.attempt.reading, lead.codes
    called = lead.called.split()
    if len(called) > engine.policy.nearest.told_words or describes(reading):
        return None
    if speaks_of_else(engine, lead.entry, reading, called):
        return None
    asked = question_about(engine, lead.entry, code, reading.of_figures.facets.places.states)
    attempt = Attempt(engine.reader.read(asked), decision.attempt.code)
    yield [attempt]
    told = attempt.settled
    if not told.answers or engine.data is None:
        return None
    because = f"I have nothing under the name “{lead.called}”; the nearest that I have is {engine.data.title(code)}."
    note = Objection("notes/nearest-title", Force.NOTE, because)
    return structs.replace(
        told, confidence=engine.policy.nearest.confidence, objections=(note, *told.objections)
    )


def two_questions(engine: Engine, flow: Flow, outcomes: Sequence[Outcome]) -> Outcome | None:
    """The questions of a message told together, where some have a sure answer of their own, or one of them is
    refused (distress goes before all)."""
    first, second, *more = outcomes
    read_as = flow.pieces[-1][0].typed
    for outcome in outcomes:
        if outcome.decision.kind is ReplyKind.REFUSAL:
            return Outcome(outcome.decision, read_as)
    if not (more or first.second or second.second) and fits(engine, first.decision, second.decision):
        return Outcome(first.decision, read_as, second.decision, Code.TWO_QUESTIONS)
    return several([outcome.decision for outcome in outcomes], read_as)


def several(decisions: Sequence[Decision], read_as: str) -> Outcome | None:
    """Each question under its own words, where some have answers of their own, and what is left is said."""
    told = [decision for decision in decisions if decision.answers]
    different = {decision.entry_ids + tuple(_asked_of(decision)) for decision in told}
    talk = any(decision.kind is ReplyKind.SMALLTALK for decision in decisions)
    if not told or talk or len(different) < len(told) or len(told) + len(_open(decisions)) < len(decisions):
        return None
    return Outcome(told[0], read_as, code=Code.TWO_QUESTIONS, parts=tuple(decisions))


def _open(decisions: Sequence[Decision]) -> list[Decision]:
    return [decision for decision in decisions if decision.kind in _OPEN]


def _asked_of(decision: Decision) -> list[str]:
    """The codes and places that an answer is of."""
    query = decision.proposal.query if decision.proposal else None
    return [*(target.code for target in query.targets), *query.places] if query else []


def two_things(engine: Engine, best: Decision) -> Generator[Attempts, None, Outcome | None]:
    """Two entries of a topic told together, where a question names what is proper to each and each half alone
    leads to its own entry."""
    likely = likely_seconds(engine, best)
    if not likely:
        return None
    seconds = [Attempt(engine.reader.read(likeness.second_alone)) for likeness in likely]
    yield seconds
    for likeness, second in zip(likely, seconds, strict=True):
        if second.settled.entry_ids[:1] != (likeness.second.id,):
            continue
        first = Attempt(engine.reader.read(without_its_own(likeness)))
        yield [first]
        if first.settled.entry_ids[:1] != (likeness.first.id,):
            continue
        one, two, headings = halves(likeness, first.settled, second.settled)
        if ReplyKind.REFUSAL in {one.kind, two.kind} or not fits(engine, one, two):
            continue
        return Outcome(one, best.attempt.reading.text, two, Code.TWO_THINGS, headings)
    return None
