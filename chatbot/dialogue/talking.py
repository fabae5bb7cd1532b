"""What is tried for a message of a conversation, in the light of those before it.

In this order: two questions; a choice among those just offered, or the career that was asked for; a few words that only change the last
question; what is said of the last answer itself; the question as typed; the same with the occupation of the
last answer; the question completed by the one before.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from chatbot.answering.lookups import restated
from chatbot.deciding import still_in_distress, unknown
from chatbot.dialogue.acts import NO_REASON, act_of, more, reason, reasons, repeated, sources
from chatbot.dialogue.choices import choice, of_the_named
from chatbot.dialogue.completions import as_asked, completed, leans, surer, together
from chatbot.dialogue.edits import edit
from chatbot.dialogue.lookupedits import about_the_same, changed_loosely, compared, said, stands_alone
from chatbot.dialogue.seeking import (
    Attempts,
    each,
    in_distress,
    of_its_sentence,
    of_the_chosen,
    surest,
    two_questions,
    two_things,
)
from chatbot.engine import Engine
from chatbot.flow import Attempt, Code, Decision, Flow, Outcome, Turn
from chatbot.knowledge.model import Entry
from chatbot.language.leftout import asks, opening_gone
from chatbot.language.normalise import clean
from chatbot.language.reading import Reading
from chatbot.reply import ReplyKind
from chatbot.scene import Scene


def in_conversation(engine: Engine, flow: Flow) -> Generator[Attempts, None, Outcome]:
    """A message in the light of those before it; a few words after what was not known, which career they are
    about, are not known either."""
    outcome, turns = (yield from _in_the_light(engine, flow)), flow.message.turns
    decision, typed = outcome.decision, flow.message.text
    if turns and (kindly := still_in_distress(engine, decision, turns[-1])):
        return Outcome(kindly, outcome.read_as)
    if of_one := (yield from of_its_sentence(engine, flow, decision)):
        return of_one
    in_doubt = turns and turns[-1].kind == ReplyKind.UNKNOWN
    if decision.code is Code.WHICH_CAREER and in_doubt and not (asks(typed) or "?" in typed):
        return Outcome(unknown(decision.attempt, Code.NOT_SURE, 1 - decision.confidence), outcome.read_as)
    return outcome


def _in_the_light(engine: Engine, flow: Flow) -> Generator[Attempts, None, Outcome]:
    message, turns = flow.message, flow.message.turns or ()
    if outcome := (yield from in_distress(engine, flow)):
        return outcome
    if len(flow.pieces) > 1:
        two = two_questions(engine, flow, (yield from each(engine, flow.pieces[1:])))
        if two:
            return two
    chosen = choice(message.text, turns) or of_the_named(engine, message.text, turns)
    last = next((turn for turn in reversed(turns) if turn.entry_ids), None)
    readings = engine.reader.readings(chosen or (opening_gone(clean(message.text)) if last else message.text))
    if chosen or last is None:
        code = Code.CHOSEN if chosen else Code.NEAREST
        first = Attempt(readings[0], code)
        yield [first]
        best = yield from surest(engine, first, readings[1:])
        if of_it := (yield from of_the_chosen(engine, flow, best)):
            return of_it
        return (yield from two_things(engine, best)) or Outcome(best, said(engine, best))
    return (yield from _going_on(engine, flow, readings, last))


def _going_on(
    engine: Engine, flow: Flow, readings: Sequence[Reading], last: Turn
) -> Generator[Attempts, None, Outcome]:
    """A message after an answer, which may lean on it."""
    reading, turns = readings[0], flow.message.turns or ()
    if changed := (yield from _changed(engine, flow, reading, last)):
        return changed
    typed = Attempt(reading)
    completions = [Attempt(one, Code.COMPLETED, rank_only=True) for one in completed(engine, reading, last)]
    yield [typed, *completions]
    if acted := (yield from _acted(engine, typed, turns, last)):
        return acted
    best = yield from surest(engine, typed, readings[1:])
    if two := (yield from two_things(engine, best)):
        return two
    talk = best.kind in {ReplyKind.SMALLTALK, ReplyKind.REFUSAL}
    carried = None if talk or stands_alone(engine, best, reading) else about_the_same(engine, reading, last)
    if carried:
        return (yield from _about_the_same(engine, reading, carried, last))
    if not completions or not leans(engine, best):
        return Outcome(best, best.attempt.reading.text)
    attempt = together(engine, [best.attempt, *completions], last)
    yield [attempt]
    if completion := surer(engine, attempt, best):
        return Outcome(completion, as_asked(engine, completion, completions[1].reading.text))
    return Outcome(best, best.attempt.reading.text)


def _changed(
    engine: Engine, flow: Flow, reading: Reading, last: Turn
) -> Generator[Attempts, None, Outcome | None]:
    """The last question, changed by a few words; or which of the last two is ahead."""
    turns = flow.message.turns or ()
    if ahead := compared(engine, reading.text, turns):
        entry = ahead.lead.entry if ahead.lead else None
        yield [ahead]
        if ahead.settled.answers and entry:
            return Outcome(ahead.settled, restated(engine, entry, ahead.reading))
    changed = edit(engine, reading, last, Scene(engine, reading, flow.message.today))
    if changed is None:
        return None
    yield [attempt for attempt in changed.attempts if attempt.open]
    decision = changed.attempts[0].settled
    if len(changed.attempts) > 1 and decision.kind is ReplyKind.UNKNOWN:
        decision = changed.attempts[1].settled
    return Outcome(
        decision, _after_edit(engine, decision, changed.lookup) if changed.lookup else changed.read_as
    )


def _after_edit(engine: Engine, decision: Decision, entry: Entry) -> str:
    """The changed question in full."""
    lead = decision.proposal
    told = lead.entry if lead and decision.answers else None
    return restated(engine, told or entry, decision.attempt.reading)


def _about_the_same(
    engine: Engine, reading: Reading, carried: Reading, last: Turn
) -> Generator[Attempts, None, Outcome]:
    """A question with the occupation of the last answer in it."""
    attempt = Attempt(carried, Code.SAME_OCCUPATION)
    yield [attempt]
    unknown = attempt.settled.kind is ReplyKind.UNKNOWN
    bare = about_the_same(engine, reading, last, placed=False) if unknown else None
    if bare and bare.text != carried.text:
        nation = Attempt(bare, Code.SAME_OCCUPATION)  # what has no figures of places is told of the nation
        yield [nation]
        if nation.settled.answers and _of_the_nation(engine, nation.settled):
            return Outcome(nation.settled, said(engine, nation.settled))
    if attempt.settled.kind is ReplyKind.UNKNOWN and (loose := changed_loosely(engine, reading, last)):
        entry = loose.lead.entry if loose.lead else None
        yield [loose] if loose.open else []
        if loose.settled.answers and entry:
            return Outcome(loose.settled, _after_edit(engine, loose.settled, entry))
    return Outcome(attempt.settled, said(engine, attempt.settled))


def _of_the_nation(engine: Engine, decision: Decision) -> bool:
    """Whether what is told has no figures of any part of the country: then a place that was carried says nothing."""
    query = decision.proposal.query if decision.proposal else None
    if query is None or engine.data is None:
        return False
    dataset = next(one for one in engine.data.datasets if one.id == query.dataset)
    return dataset.rows is None or len(dataset.rows.places) == 1


def _acted(
    engine: Engine, typed: Attempt, turns: Sequence[Turn], last: Turn
) -> Generator[Attempts, None, Outcome | None]:
    """What is said of the last answer itself."""
    code = act_of(engine, typed.ranked)
    if code is None or not last.citations:
        return None
    entry = engine.knowledge.by_id.get(last.entry_ids[0])
    decision: Decision | None = None
    if code is Code.REASON and entry:
        decision = yield from _reasoned(engine, typed, last, entry)
    elif code in {Code.SOURCES, Code.DATE, Code.REASON}:
        decision = sources(engine, typed, last, code)
    elif code is Code.REPEAT:
        decision = repeated(engine, typed, last)
    elif code is Code.MORE and entry:
        further = more(engine, typed, turns, last, entry)
        if isinstance(further, Attempt):
            yield [further]
            decision = further.settled
        else:
            decision = further
    return Outcome(decision, last.read_as) if decision else None


def _reasoned(
    engine: Engine, typed: Attempt, last: Turn, entry: Entry
) -> Generator[Attempts, None, Decision]:
    """An entry of the same topic that people ask "why" of, where one is sure; else the source, which gives no
    reason.
    """
    asked = reasons(engine, last, entry)
    yield asked
    for one in asked:
        attempt = reason(engine, one, last, entry)
        yield [attempt]
        decision = attempt.settled
        if decision.answers and engine.knowledge.by_id[decision.entry_ids[0]].topic == entry.topic:
            return decision
    return sources(engine, typed, last, Code.REASON, NO_REASON)
