"""Stage 7: from a decision to the reply. The only place where a ``Reply`` is made."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TypeVar
from zlib import crc32

from chatbot.answering import lookups
from chatbot.answering.compose import fill_intent, nothing_known, told_by
from chatbot.engine import Engine
from chatbot.flow import ABOUT_THE_LAST, Attempt, By, Code, Decision, Message, Outcome, Proposal
from chatbot.intents.model import INTENT
from chatbot.knowledge.model import Citation, Entry
from chatbot.language.normalise import MAX_CHARS
from chatbot.library import Library
from chatbot.reply import Reply, ReplyKind, Step, Why
from chatbot.rules.titles import NoEntity
from chatbot.subject import subject_of

T = TypeVar("T")
ENGLISH_ONLY = "I don't know that. I understand only English; please ask me in English."
WHICH_OCCUPATION = "For which occupation? Name one, and I'll look it up."
FEW = 3
"""Examples beside what was not understood."""
ALL_TOLD = "That is all that I have on this."
_NO_QUESTION = {
    Code.TOO_LONG: f"That is too long for me: please ask in at most {MAX_CHARS:,} characters.",
    Code.EMPTY: "Please type a question.",
}
_RULES = {
    Code.TOO_LONG: "too long",
    Code.EMPTY: "empty",
    Code.NEAREST: "nearest phrasings",
    Code.CHOSEN: "the question chosen",
    Code.TWO_QUESTIONS: "two questions in one message",
    Code.TWO_THINGS: "two things in one question",
    Code.COMPLETED: "completed from the question before",
    Code.SAME_OCCUPATION: "about the occupation of the last answer",
    Code.OTHER_FIGURE: "the last figure, for another",
    Code.OTHER_ROW: "the last table, another value",
    Code.OTHER_SIBLING: "the last topic, another value",
    Code.SOURCES: "about the last answer: sources",
    Code.DATE: "about the last answer: date",
    Code.REASON: "about the last answer: why",
    Code.MORE: "about the last answer: more",
    Code.REPEAT: "about the last answer: repeat",
    Code.NO_SUCH_ROW: "no such row",
    Code.NO_FIGURE: "no such figure",
    Code.WHICH_TITLE: "a title that may mean several",
    Code.WHICH_COUNTRY: "data of several countries",
    Code.WHICH_PLACE: "a place that may be in several states",
    Code.WHICH_CAREER: "no career is named",
    Code.NEAREST_TITLES: "the nearest titles",
    Code.STAND_IN: "the nearest group, as a stand-in",
    Code.TWO_CLOSE: "two are close",
    Code.NOTHING_NEAR: "nothing near",
    Code.NOT_SURE: "nothing sure enough",
    Code.GARBLED: "most of the words are none",
    Code.NOT_ENGLISH: "not in English",
}
"""What each code is in words."""


def no_question(code: Code) -> Reply:
    """The reply to what holds no question at all."""
    return Reply(ReplyKind.UNKNOWN, _NO_QUESTION[code], confidence=1.0, why=Why(_RULES[code], code=code))


def compose(engine: Engine, outcome: Outcome, message: Message | None = None) -> Reply:
    """The reply to a message."""
    first = reply_of(engine, outcome.decision, message)
    if outcome.parts:
        return _in_parts(engine, outcome, message)
    if outcome.second is None:
        return first
    assert outcome.code
    return _together(engine, first, reply_of(engine, outcome.second, message), outcome)


def reply_of(engine: Engine, decision: Decision, message: Message | None = None) -> Reply:
    """The reply that a decision makes."""
    reading = decision.attempt.reading
    lead = decision.proposal
    codes = [target.code for target in lead.query.targets] if lead and lead.query else []
    facets = {} if decision.code in ABOUT_THE_LAST else reading.facets.to_dict()
    if codes:
        facets |= {"occupation": codes[0] if len(codes) == 1 else codes}
    told = lead.told if lead and decision.answers else None
    return Reply(
        decision.kind,
        text(engine, decision, message),
        decision.entry_ids,
        told.citations if told else (),
        decision.confidence,
        _suggestions(engine, decision, message),
        facets,
        why_of(engine, decision),
        told.chart if told else None,
        told.figures if told else (),
        subject_of(engine, decision, message.subject if message else None),
    )


def fits(engine: Engine, first: Decision, second: Decision) -> bool:
    """Whether two answers are told together: each is sure, they are made of different entries, and both are
    short enough."""
    numbers = engine.policy.two
    sure = all(decision.answers and decision.confidence >= numbers.sure for decision in (first, second))
    if not sure or first.entry_ids[:1] == second.entry_ids[:1]:
        return False
    return len(f"{text(engine, first)} {text(engine, second)}".split()) <= numbers.words


def _in_parts(engine: Engine, outcome: Outcome, message: Message | None) -> Reply:
    """One reply to several questions: each answer as it stands, and under its own words what has none."""
    told: list[Reply] = []
    left: list[str] = []
    texts: list[str] = []
    for decision in outcome.parts:
        reply, asked = reply_of(engine, decision, message), decision.attempt.reading.typed
        room = len(" ".join([*texts, reply.text]).split()) <= engine.policy.two.words
        if decision.answers and (room or not told):
            told.append(reply)
            texts.append(reply.text)
        elif decision.answers:
            left.append(asked)
        else:
            texts.append(f"On “{asked}”: {text(engine, decision, message, scope=False)}")
    if left:
        texts.append(f"Ask by itself: {' '.join(f'“{asked}”' for asked in left)}")
    first = told[0]
    code = outcome.code or Code.NONE
    return dataclasses.replace(
        first,
        text=" ".join(texts),
        entry_ids=_all(reply.entry_ids for reply in told),
        citations=_all(reply.citations for reply in told),
        confidence=min(reply.confidence for reply in told),
        suggestions=_all([left, *(reply.suggestions for reply in told)]),
        why=dataclasses.replace(first.why, rule=_RULES[code], code=code),
        chart=None,
        figures=_all(reply.figures for reply in told),
    )


def _all(listed: Iterable[Iterable[T]]) -> tuple[T, ...]:
    """Everything listed, each once."""
    return tuple(dict.fromkeys(one for each in listed for one in each))


def _together(engine: Engine, first: Reply, second: Reply, outcome: Outcome) -> Reply:
    """One reply of two; headings stand before the answers where there is room."""
    texts = [first.text, second.text]
    headed = " ".join(f"{heading} {told}" for heading, told in zip(outcome.headings, texts, strict=False))
    room = headed and len(headed.split()) <= engine.policy.two.words
    code = outcome.code or Code.NONE
    return Reply(
        ReplyKind.ANSWER,
        headed if room else " ".join(texts),
        tuple(dict.fromkeys(first.entry_ids + second.entry_ids)),
        tuple(dict.fromkeys(first.citations + second.citations)),
        min(first.confidence, second.confidence),
        tuple(dict.fromkeys(first.suggestions + second.suggestions)),
        {**second.facets, **first.facets},
        dataclasses.replace(first.why, rule=_RULES[code], code=code),
        figures=tuple(dict.fromkeys(first.figures + second.figures)),
        subject=first.subject or second.subject,
    )


# the text


def text(library: Library, decision: Decision, message: Message | None = None, scope: bool = True) -> str:
    """What the reply says."""
    lead = decision.proposal
    if decision.text:
        return decision.text
    if decision.answers:
        assert lead and lead.told
        before = [note.because for note in decision.objections if not note.after]
        after = [note.because for note in decision.objections if note.after]
        return " ".join([*before, lead.told.text, *after])
    if decision.code is Code.INTENT:
        intent = library.intents[f"{INTENT}{decision.note}"]
        return fill_intent(intent.reply, library.knowledge)
    if decision.kind is ReplyKind.CLARIFY:
        return _which(library, decision)
    if decision.code is Code.NOT_ENGLISH:
        return ENGLISH_ONLY
    return nothing_known(library.knowledge, decision.because, scope and not declined_before(message))


def declined_before(message: Message | None) -> bool:
    """Whether something was not known earlier in the conversation: what can be asked was said then."""
    turns = message.turns if message else None
    return any(turn.kind == ReplyKind.UNKNOWN for turn in turns or ())


def _which(library: Library, decision: Decision) -> str:
    """A question back."""
    lead = decision.proposal
    if decision.code is Code.WHICH_CAREER:
        careers = _by_career(library, decision)
        return f"For which career? {_listed(careers)}" if careers else WHICH_OCCUPATION
    if decision.code is Code.TWO_CLOSE:
        return (
            f"Which of these do you mean? {_listed(_questions_of(library, decision.attempt, decision.near))}"
        )
    assert lead and library.data
    if decision.code is Code.NEAREST_TITLES:
        dataset = library.data.of(lead.entry) if lead.entry else None
        titles = _listed([library.data.title(code, dataset) for code in lead.codes])
        return f"I have nothing under the name “{lead.called}”. The nearest that I have: {titles}. Do you mean one of these?"
    if decision.code is Code.WHICH_COUNTRY:
        homes = [library.data.of(entry) for entry in lead.rivals]
        return f"In which country? {_listed([dataset.shown(dataset.home) for dataset in homes])}"
    if decision.code is Code.WHICH_PLACE:
        assert lead.entry and lead.query
        named, codes = lookups.doubtful(library, lead.entry, lead.query)
        dataset = library.data.of(lead.entry)
        return f"There are several places called {named}. Which of these do you mean? {_listed([dataset.shown(code) for code in codes])}"
    choice = lead.query.choice if lead.query else None
    assert choice and lead.entry
    dataset = library.data.of(lead.entry)
    titles = _listed([library.data.title(code, dataset) for code in choice.codes])
    if choice.doubtful:
        return f"I have nothing under the name “{choice.called}” itself. Do you mean {titles}?"
    return f"“{choice.called}” may mean several {dataset.entity.name}s. Which of these do you mean? {titles}"


def _listed(texts: Sequence[str]) -> str:
    return " ".join(f"({i}) {one}" for i, one in enumerate(texts, 1))


def sources_text(citations: Sequence[Citation]) -> str:
    """Where the last answer is from."""
    return f"That is from: {'; '.join(dict.fromkeys(told_by(citation) for citation in citations))}."


# what to ask next


def _suggestions(library: Library, decision: Decision, message: Message | None) -> tuple[str, ...]:
    lead, attempt = decision.proposal, decision.attempt
    if decision.offers is not None:
        return decision.offers
    if decision.answers:
        assert lead
        return _following(library, lead)
    if decision.code is Code.WHICH_CAREER:
        return _by_career(library, decision)
    if lead and lead.by is not By.INTENT and lead.entry:
        return _instead(library, decision, lead, lead.entry)
    if decision.kind is ReplyKind.REFUSAL:
        return ()
    if decision.kind is ReplyKind.UNKNOWN:
        return _understood(library, decision) or _few(library, attempt, message)
    near = _questions_of(library, attempt, decision.near)
    return near or _examples(library)


def _understood(library: Library, decision: Decision) -> tuple[str, ...]:
    """What can be asked of the career or the occupations that a question names which is not answered."""
    facets, attempt = decision.attempt.reading.facets, decision.attempt
    if facets.occupations:
        return lookups.of_the_named(library, attempt.reading)
    named = [pack for pack in library.knowledge.packs if pack.id in facets.careers]
    near = [one for one in decision.near if one.entry and one.entry.pack in facets.careers]
    of_it = _questions(library, [i for pack in named for i in pack.try_asking])
    return _questions_of(library, attempt, near) or of_it


def _few(library: Library, attempt: Attempt, message: Message | None) -> tuple[str, ...]:
    """Where nothing was understood, some of what can be asked, others for another question; said once a
    conversation."""
    examples = _examples(library)
    if declined_before(message) or not examples:
        return ()
    start = crc32(attempt.reading.text.encode()) % len(examples)
    return (examples[start:] + examples[:start])[:FEW]


def _by_career(library: Library, decision: Decision) -> tuple[str, ...]:
    """The question as it stands, with each career that holds an answer before it."""
    packs = dict.fromkeys(proposal.entry.pack for proposal in decision.near if proposal.entry)
    asked = decision.attempt.reading.text
    return tuple(f"{library.careers[pack].title}: {asked}" for pack in packs)


def _following(library: Library, lead: Proposal) -> tuple[str, ...]:
    """What readers ask after an answer."""
    if lead.query and lead.entry:
        return lookups.following(library, lead.entry, lead.query)
    entry = (
        library.knowledge.by_id.get(lead.told.entry_ids[0])
        if lead.told and lead.told.entry_ids
        else lead.entry
    )
    return _questions(library, entry.follow_ups) if entry else ()


def _instead(library: Library, decision: Decision, lead: Proposal, entry: Entry) -> tuple[str, ...]:
    """What can be asked where a figure or a row is not there, or a title is not clear."""
    query = lead.query
    if decision.code is Code.NEAREST_TITLES:
        states = decision.attempt.reading.facets.places.states
        return tuple(lookups.question_about(library, entry, code, states) for code in lead.codes)
    if query is None:
        return (entry.question,)
    if decision.code is Code.WHICH_COUNTRY:
        return lookups.questions_by_country(library, decision.attempt.reading, lead.rivals)
    if decision.code is Code.WHICH_PLACE:
        return lookups.questions_by_place(library, entry, query)
    if decision.code is Code.WHICH_TITLE and query.choice:
        return tuple(lookups.question(library, entry, query, code) for code in query.choice.codes)
    if decision.code is Code.INTENT:
        return (lookups.question(library, entry, query) if query.targets else entry.question,)
    objected = any(objection.rule != NoEntity.id for objection in decision.objections)
    return lookups.elsewhere(library, entry, query, objected)


def _questions_of(library: Library, attempt: Attempt, near: Sequence[Proposal]) -> tuple[str, ...]:
    """The entries' questions; a lookup's, about the occupation that was named."""
    named = attempt.reading.facets.occupations
    listed = [
        lookups.restated(library, proposal.entry, attempt.reading)
        if proposal.entry.lookup and named
        else proposal.entry.question
        for proposal in near
        if proposal.entry
    ]
    return tuple(dict.fromkeys(listed))


def _questions(library: Library, ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(library.knowledge.by_id[i].question for i in ids if i in library.knowledge.by_id)


def _examples(library: Library) -> tuple[str, ...]:
    return _questions(library, [i for pack in library.knowledge.packs for i in pack.try_asking])


# how it came about


def why_of(engine: Engine, decision: Decision) -> Why:
    """The code and its words, what was matched, and the trail: what was proposed, and what was against it."""
    attempt, lead = decision.attempt, decision.proposal
    labels = attempt.ranked.labels
    label = lead.label if lead else None
    if lead and lead.entry and lead.query:
        label = lead.entry.id  # the lookup that the words chose, which need not be the one that was matched
    own = next((scored for scored in labels if scored.label == label), None)
    best = own or (labels[0] if labels else None)
    second = next((scored for scored in labels if scored is not best), None)
    reading = attempt.reading
    weights = engine.ranker.weights
    return Why(
        rule=_in_words(decision),
        code=decision.code,
        matched=best.phrasing if best else None,
        label=own.label if own else label or (best.label if best else None),
        score=round(best.score, 3) if best else 0.0,
        semantic=round(best.semantic, 3) if best else 0.0,
        fuzzy=round(best.form, 3) if best else 0.0,
        lexical=round(best.spelling, 3) if best else 0.0,
        runner_up=second.label if second else None,
        runner_up_score=round(second.score, 3) if second else 0.0,
        read_as=reading.text if reading.text != reading.typed else None,
        corrections=reading.corrections,
        weights=(weights.semantic, weights.spelling, weights.form) if best else (),
        trail=_trail(attempt),
    )


def _in_words(decision: Decision) -> str:
    if decision.code is Code.INTENT:
        return f"{decision.kind}: {decision.note}"
    if decision.code is Code.VETOED:
        return f"vetoed: {decision.because}"
    if decision.code is Code.NOT_SURE_AND_VETOED:
        return f"not sure enough, and {decision.because}"
    return decision.note or _RULES[decision.code]


MOST_STEPS = 5
"""So many proposals stand in a trail."""


def _trail(attempt: Attempt) -> tuple[Step, ...]:
    """The proposals in the order of their scores, with what was against them."""
    proposals = [
        *attempt.proposals[:MOST_STEPS],
        *([attempt.lead] if attempt.lead and not attempt.proposals else []),
    ]
    return tuple(
        Step(
            str(one.by),
            one.label,
            round(one.score, 3),
            tuple(f"{o.rule}: {o.because or o.force}" for o in attempt.against(one)),
        )
        for one in proposals
    )
