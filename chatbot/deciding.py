"""Stage 6: from proposals and objections to a decision, by what the stages before it found; or what a further
round has to find first.

An intent that is ahead of the best entry goes first. Else the best entry that nothing drops leads, where it
is as sure as it must be; what it tells may still be declined or asked back. Else other answerers are asked;
else the nearest are asked back, or it is honestly not known.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from chatbot.answering.glance import at_a_glance, tells_its_beginning
from chatbot.answering.placing import of_nobody, to_place
from chatbot.answering.proposing import proposals
from chatbot.engine import Engine
from chatbot.flow import Attempt, By, Code, Decision, Fallback, Force, Objection, Proposal, Turn
from chatbot.knowledge.model import Entry
from chatbot.language.foreign import is_foreign
from chatbot.language.words import lists
from chatbot.library import Library
from chatbot.reply import ReplyKind
from chatbot.retrieval.ranker import Scored
from chatbot.rules.places import DoubtfulPlace
from chatbot.rules.subject import NoSubject
from chatbot.rules.sureness import Garbled, UnspokenFigure
from chatbot.signals import (
    describes,
    lacks_a_second,
    not_counted,
    of_any_career,
    only_names,
    other_career,
    other_field,
    pay_of_nobody,
    says_pay,
    speaks_of_else,
    speaks_of_figures,
)


def choose(engine: Engine, attempt: Attempt) -> Decision | None:
    """The decision; None where a further round is needed first, which the attempt then says."""
    if attempt.lead:
        return _told(engine, attempt, attempt.lead)
    if heard := distress_of(engine, attempt):
        return _intent(attempt, heard)
    best = attempt.kept[0] if attempt.kept else None
    intents = (one for one in attempt.intents if not (_unlike(engine, one) or _listened_for(attempt, one)))
    against = next(intents, None)
    plain = best is not None and _lacks_subject(attempt, best) and of_any_career(engine, attempt.reading)
    topic = against is not None and against.intent is not None and against.intent.kind == "unknown"
    whose = pay_of_nobody(engine, attempt.reading)
    if amount := to_place(engine, attempt.reading):
        attempt.probability = engine.policy.amounts.confidence
        attempt.lead = amount
        return None
    if of_nobody(engine, attempt.reading):
        return _which_career(engine, attempt)
    named = at_a_glance(engine, attempt.reading)
    if named and best and tells_its_beginning(best, named):
        return _at_a_glance(engine, attempt, named)
    only_named = named is not None and against is not None and not _is_refusal(against)
    if (
        against
        and not ((plain or whose) and topic)
        and not only_named
        and _goes_first(engine, attempt, against, best)
    ):
        return _intent(attempt, against)
    if best is None:
        if named:
            return _at_a_glance(engine, attempt, named)
        return _which_career(engine, attempt) if whose else _nothing_left(engine, attempt)
    attempt.probability = engine.probability(attempt.reading, scored(attempt.kept), scored(attempt.intents))
    if named and _lacks_subject(attempt, best):
        return _at_a_glance(engine, attempt, named)
    if _lacks_subject(attempt, best):
        return _which_career(engine, attempt, best) if whose else _no_subject(engine, attempt, best)
    least = 0.0 if best.by is By.LOOKUP else engine.policy.entries.least
    doubt = topic and against is not None and against.score > best.score and best.by is not By.LOOKUP
    enough = max(needed(engine, attempt, best), engine.policy.intents.doubt if doubt else 0.0)
    if attempt.probability >= enough and best.score >= least:
        return _lead(engine, attempt, best)
    if named:
        return _at_a_glance(engine, attempt, named)
    if whose:
        return _which_career(engine, attempt, best)
    if against and against.score >= engine.policy.intents.least and against.score > best.score:
        return _intent(attempt, against)  # only a figure would have come before it
    return _not_sure(engine, attempt, best)


def _at_a_glance(engine: Engine, attempt: Attempt, named: Proposal) -> Decision | None:
    """Who is merely named is told at a glance."""
    attempt.probability = engine.policy.figures.at_a_glance
    attempt.lead = named
    return None


def _no_subject(engine: Engine, attempt: Attempt, best: Proposal) -> Decision | None:
    """The best entry is about one of several careers, and none is named: which is meant is asked where the
    question could be asked of any; else another career's fact is not told."""
    numbers, reading = engine.policy.subject, attempt.reading
    if somebody := other_career(engine, reading):
        return unknown(attempt, Code.VETOED, because=f"nothing on that for “{somebody}”")
    if (field := other_field(reading)) or not lists().subject.of_all.isdisjoint(reading.words):
        because = f"nothing on that for {field}" if field else ""
        code = Code.VETOED if field else Code.NOTHING_NEAR
        return _of_its_topic(engine, attempt) or unknown(attempt, code, because=because)
    strange = engine.coverage.of(reading.matched, best.label)[1]
    sure = attempt.probability >= numbers.asked_back and strange <= numbers.strange
    if best.score >= numbers.score and (
        sure or (attempt.probability >= numbers.plain and of_any_career(engine, reading))
    ):
        return _which_career(engine, attempt, best)
    return _nothing_left(engine, attempt)


def _which_career(engine: Engine, attempt: Attempt, best: Proposal | None = None) -> Decision:
    """For which career or occupation, with the careers that hold an answer; none where none is likely."""
    near = _of_each_career(engine, attempt, best) if best else ()
    return Decision(ReplyKind.CLARIFY, Code.WHICH_CAREER, 1 - attempt.probability, attempt, best, near=near)


def _of_each_career(library: Library, attempt: Attempt, best: Proposal) -> tuple[Proposal, ...]:
    """The best entry of each career that may be meant, the one that leads first."""
    found: dict[str, Proposal] = {}
    for one in (best, *attempt.kept):
        if one.entry and _lacks_subject(attempt, one) and one.score >= library.policy.subject.score:
            found.setdefault(one.entry.pack, one)
    return tuple(found.values())[: library.policy.entries.asked_back]


def needed(engine: Engine, attempt: Attempt, best: Proposal) -> float:
    """How sure the best entry must be: less where the question names all that it needs, more where a rule
    requires it."""
    thresholds, facets = engine.calibration, attempt.reading.facets
    required = [objection for objection in attempt.against(best) if objection.force is Force.REQUIRE]
    if required:
        return max(thresholds.answer, required[0].at_least or 0.0)
    table = best.entry.table if best.entry else None
    lookup = best.entry.lookup if best.entry else None
    complete = table is not None and len(table.dimensions) > 1 and all(map(facets.get, table.dimensions))
    paid = table is not None and best.entry is not None and best.entry.pack in facets.careers
    paid = paid and engine.data is not None and says_pay(attempt.reading)
    return (
        thresholds.clarify if complete or paid or (lookup and lookup.needs_occupation) else thresholds.answer
    )


def _goes_first(library: Library, attempt: Attempt, against: Proposal, best: Proposal | None) -> bool:
    """Whether an intent is ahead of the best entry, and sure enough; a refusal needs less."""
    numbers = library.policy.intents
    ahead_of = best.score * _handicap(library, attempt, against, best) if best else 0.0
    if against.score <= ahead_of:
        return False
    if against.score >= numbers.least:
        return True
    refusal = against.intent is not None and against.intent.kind == "refusal"
    return refusal and against.score >= numbers.refusal_least


def _is_refusal(against: Proposal) -> bool:
    return against.intent is not None and against.intent.kind == "refusal"


def _unlike(library: Library, against: Proposal) -> bool:
    """Whether a refusal is merely the nearest of what is far away."""
    refusal = against.intent is not None and against.intent.kind == "refusal"
    alike, numbers = against.scored.semantic if against.scored else 0.0, library.policy.intents
    return refusal and alike < numbers.refusal_alike and against.score < numbers.refusal_sure


def _listened_for(attempt: Attempt, one: Proposal) -> bool:
    """Whether a kind word was listened for and not heard, however near an example is."""
    return (
        attempt.ranked.heard is not None
        and one.intent is not None
        and bool(one.intent.posts)
        and one.intent.each_sentence
    )


def distress_of(library: Library, attempt: Attempt) -> Proposal | None:
    """The kind word that a ranked sentence calls for, where nothing else is nearer: by what is listened for,
    or else by the examples near it, where what is listened for does not speak against it."""
    listed = attempt.proposals or proposals(library, attempt)
    other = max((one.score for one in listed if not (one.intent and one.intent.each_sentence)), default=0.0)
    shares = attempt.ranked.heard
    if shares is not None:
        heard = heard_in(library, [attempt])
        if heard and heard.score > other:
            return heard
        if sum(shares) < library.policy.listening.hinted:
            return None
    near = [one for one in listed if one.intent and one.intent.each_sentence and one.score > 0]
    score = sum(one.score for one in near)
    # what is danger and what is discouragement put their scores together against all else
    if not near or score <= other or score < library.policy.intents.refusal_least:
        return None
    best = structs.replace(near[0], score=score)
    return None if _unlike(library, best) else best


def heard_in(library: Library, attempts: Sequence[Attempt]) -> Proposal | None:
    """The kind word that what is listened for calls for: in a message as a whole, which comes first, and in
    all its sentences on the average, both counting alike. One sentence alone must say it more plainly; danger is
    heard in any that does."""
    shares = [attempt.ranked.heard for attempt in attempts if attempt.ranked.heard]
    if not shares:
        return None
    numbers = library.policy.listening
    danger = library.listened_for[0]  # as in the file: danger before discouragement
    if (plainly := max(share[0] for share in shares)) >= numbers.plainly:
        return Proposal(By.INTENT, danger, plainly, None, None, library.intents[danger])
    mean = [
        (one + sum(rest) / len(shares)) / 2
        for one, rest in zip(shares[0], zip(*shares, strict=True), strict=True)
    ]
    if sum(mean) < (numbers.heard if shares[1:] else numbers.alone):
        return None
    best = next(place for place, one in enumerate(mean) if one >= numbers.first * max(mean[place:]))
    label = library.listened_for[best]
    return Proposal(By.INTENT, label, sum(mean), None, None, library.intents[label])


def still_in_distress(library: Library, decision: Decision, last: Turn) -> Decision | None:
    """The kind word again, where what follows one is not understood: "no, I mean it"."""
    if decision.kind is not ReplyKind.UNKNOWN or decision.code is Code.INTENT:
        return None
    for intent in library.intents.values():
        if intent.each_sentence and last.kind == ReplyKind.REFUSAL and last.text == intent.reply:
            return structs.replace(decision, kind=ReplyKind.REFUSAL, code=Code.INTENT, note=intent.id)
    return None


def refused(attempt: Attempt, proposal: Proposal) -> Decision:
    """The reply of an intent that goes before all else."""
    return _intent(attempt, proposal)


def _handicap(library: Library, attempt: Attempt, against: Proposal, best: Proposal) -> float:
    """What an intent beside the figures needs where a figure of a named occupation is asked for."""
    beside = best.by is By.LOOKUP and against.intent is not None and against.intent.beside
    plainly = beside and attempt.reading.facets.occupations and speaks_of_figures(library, attempt.reading)
    return library.policy.intents.beside_figures if plainly else 1.0


def _lead(engine: Engine, attempt: Attempt, best: Proposal) -> Decision | None:
    """The best entry is to be told, unless the question rather describes somebody."""
    own = best.scored is not None and best.scored.semantic >= engine.policy.nearest.own_words
    if best.by is not By.LOOKUP and engine.data and describes(attempt.reading) and not own:
        if _may_fall_back(attempt, Fallback.DESCRIBED):
            return None
        if titles := _proposed(attempt, By.NEAREST):
            return _which_title(engine, attempt, titles)
    attempt.lead = best
    return None


def _told(engine: Engine, attempt: Attempt, lead: Proposal) -> Decision:
    """What comes of the proposal that leads: its answer, or the reason why there is none."""
    sure = attempt.probability if attempt.sure is None else attempt.sure
    objection = next((one for one in attempt.against(lead) if one.force in {Force.DECLINE, Force.ASK}), None)
    if objection and objection.intent:
        return Decision(
            ReplyKind.UNKNOWN, Code.INTENT, engine.policy.figures.beyond, attempt, lead, note=objection.intent
        )
    if objection and objection.force is Force.ASK:
        which = Code.WHICH_PLACE if objection.rule == DoubtfulPlace.id else Code.WHICH_TITLE
        code = Code.WHICH_COUNTRY if lead.rivals else which
        return Decision(ReplyKind.CLARIFY, code, 1 - sure, attempt, lead)
    missing = lead.told.missing if lead.told else ""
    if objection and lead.by is By.LOOKUP and lead.entry and _about_else(engine, lead.entry, attempt):
        return unknown(attempt, Code.NOT_SURE, sure)
    if objection or missing:
        code = Code.NO_SUCH_ROW if lead.by is By.TABLE else Code.NO_FIGURE
        because = objection.because if objection else missing
        return Decision(
            ReplyKind.UNKNOWN,
            code,
            sure,
            attempt,
            lead,
            text=because,
            objections=(objection,) if objection else (),
        )
    return Decision(
        ReplyKind.ANSWER,
        attempt.code,
        sure,
        attempt,
        lead,
        note=attempt.note,
        objections=_notes(attempt, lead),
    )


def _about_else(library: Library, entry: Entry, attempt: Attempt) -> bool:
    """Whether a question that names an occupation speaks of no figure, and of something else: why there is no
    such figure would be no reason."""
    return not speaks_of_figures(library, attempt.reading) and speaks_of_else(library, entry, attempt.reading)


def _notes(attempt: Attempt, proposal: Proposal) -> tuple[Objection, ...]:
    return tuple(objection for objection in attempt.against(proposal) if objection.force is Force.NOTE)


def _intent(attempt: Attempt, against: Proposal) -> Decision:
    assert against.intent
    if against.intent.kind == "unknown" and is_foreign(attempt.reading.typed):
        return unknown(attempt, Code.NOT_ENGLISH)
    return Decision(
        ReplyKind(against.intent.kind),
        Code.INTENT,
        max(0.0, min(1.0, against.score)),
        attempt,
        against,
        note=against.intent.id,
    )


def _nothing_left(engine: Engine, attempt: Attempt) -> Decision | None:
    """No entry is left: titles that may be meant, else why, where one was dropped."""
    if _may_fall_back(attempt, Fallback.TITLES):
        return None
    if titles := _proposed(attempt, By.NEAREST):
        return _which_title(engine, attempt, titles)
    if attempt.vetoes:
        return unknown(attempt, Code.VETOED, because=attempt.vetoes[0])
    return _of_its_topic(engine, attempt) or unknown(attempt, Code.NOTHING_NEAR)


def _of_its_topic(library: Library, attempt: Attempt) -> Decision | None:
    """An honest "I have nothing on ..." of the topic that a question is as near to as its kind needs; None where
    none is, or where it is in another language."""
    numbers = library.policy.intents
    best = attempt.intents[0] if attempt.intents else None
    if best is None or best.intent is None or best.scored is None or is_foreign(attempt.reading.typed):
        return None
    ahead = attempt.kept[0].score if attempt.kept else 0.0
    near = best.score >= max(numbers.topic_least, ahead) and best.scored.semantic >= numbers.topic_alike
    if not near or best.intent.kind != "unknown":
        return None
    return Decision(
        ReplyKind.UNKNOWN, Code.INTENT, 1 - attempt.probability, attempt, best, note=best.intent.id
    )


def _not_sure(engine: Engine, attempt: Attempt, best: Proposal) -> Decision | None:
    """The best entry is not sure enough."""
    if _may_fall_back(attempt, Fallback.STAND_INS):
        return None
    if (
        (standing := _proposed(attempt, By.STAND_IN))
        and standing.told
        and standing.told.text
        and not _declined(attempt, standing)
    ):
        sure = engine.policy.figures.stand_in
        return Decision(
            ReplyKind.ANSWER, Code.STAND_IN, sure, attempt, standing, objections=_notes(attempt, standing)
        )
    if titles := _proposed(attempt, By.NEAREST):
        return _which_title(engine, attempt, titles)
    if attempt.vetoes:
        return unknown(attempt, Code.NOT_SURE_AND_VETOED, attempt.probability, because=attempt.vetoes[0])
    if any(objection.rule == Garbled.id for objection in attempt.against(best)):
        return unknown(attempt, Code.GARBLED, attempt.probability)
    rivals = {
        rival.label for rival in engine.rivals(scored(attempt.kept))[: engine.policy.entries.asked_back]
    }
    least = engine.policy.entries.close * best.score
    kept = tuple(
        one
        for one in attempt.kept
        if not (_lacks_subject(attempt, one) or lacks_a_second(one.entry, attempt.reading))
        and not any(objection.rule == UnspokenFigure.id for objection in attempt.against(one))
        and not _says_else(engine, attempt, one)
    )
    close = tuple(proposal for proposal in kept if proposal.label in rivals and proposal.score >= least)
    if attempt.probability >= engine.calibration.clarify and len(close) > 1:
        return Decision(ReplyKind.CLARIFY, Code.TWO_CLOSE, 1 - attempt.probability, attempt, near=close)
    return _of_its_topic(engine, attempt) or unknown(
        attempt, Code.NOT_SURE, attempt.probability, near=kept[: engine.policy.entries.asked_back]
    )


def _says_else(engine: Engine, attempt: Attempt, proposal: Proposal) -> bool:
    """Whether a text that a question may mean is of a name of several occupations, or the question says nothing but a
    name, or something else besides: then it is not asked back."""
    entry, reading = proposal.entry, attempt.reading
    if entry is None or entry.lookup is None or entry.lookup.kind != "facts":
        return False
    several = any(len(one.codes) > 1 for one in reading.facets.occupations)
    return several or only_names(reading) or bool(not_counted(engine, entry, reading))


def _lacks_subject(attempt: Attempt, proposal: Proposal) -> bool:
    """Whether an entry is about one of several careers, and the question does not name it."""
    return any(objection.rule == NoSubject.id for objection in attempt.against(proposal))


def unknown(
    attempt: Attempt, code: Code, probability: float = 0.0, because: str = "", near: tuple[Proposal, ...] = ()
) -> Decision:
    """An honest "I don't know", with what is near; what is in another language than English is not known for
    that reason.
    """
    if is_foreign(attempt.reading.typed):
        code, because, near = Code.NOT_ENGLISH, "", ()
    near = tuple(proposal for proposal in near if proposal.score > 0)
    return Decision(ReplyKind.UNKNOWN, code, 1 - probability, attempt, because=because, near=near)


def _which_title(engine: Engine, attempt: Attempt, titles: Proposal) -> Decision:
    return Decision(ReplyKind.CLARIFY, Code.NEAREST_TITLES, engine.policy.nearest.confidence, attempt, titles)


def _may_fall_back(attempt: Attempt, fallback: Fallback) -> bool:
    """Whether further answerers have still to be asked; the attempt then says which."""
    if attempt.fallback is fallback:
        return False
    attempt.fallback = fallback
    return True


def _proposed(attempt: Attempt, by: By) -> Proposal | None:
    return next((proposal for proposal in attempt.proposals if proposal.by is by), None)


def _declined(attempt: Attempt, proposal: Proposal) -> bool:
    return any(objection.force in {Force.DECLINE, Force.ASK} for objection in attempt.against(proposal))


def scored(proposals: Sequence[Proposal]) -> list[Scored]:
    """What the ranker says of some proposals."""
    return [proposal.scored for proposal in proposals if proposal.scored]
