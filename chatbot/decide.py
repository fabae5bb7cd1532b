"""One question, ranked, to one reply: answer, ask back, or say honestly that it is not known."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from chatbot.answering.compose import OLD, fill_intent, is_old, nothing_known
from chatbot.answering.guard import conflict
from chatbot.answering.tables import answer_from
from chatbot.engine import Engine, Ranked
from chatbot.explaining import why_of
from chatbot.guessing import guess
from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Entry
from chatbot.language.foreign import is_foreign
from chatbot.language.places import gazetteer
from chatbot.language.reading import Reading
from chatbot.looking import look_up, official, restated, stand_in
from chatbot.reply import Reply, ReplyKind
from chatbot.retrieval.ranker import Scored

INTENT_SURE = 0.30
"""An intent needs this score for its own words; below it the reply is a plain "I don't know"."""
REFUSAL_LEAST = 0.2
"""A refusal needs no great score, but this one ..."""
REFUSAL_AHEAD = 1.5
"""... and so many times that of the best entry."""
RUNNER_UP_KEPT = 0.25
"""Where the best entry is vetoed, the next one must have this part of its score to stand in."""
SURE = 0.9
"""An answer to the likeliest reading that is as sure as this needs no other reading."""
BOTH_SURE = 0.75
"""Two questions in one message are answered together when each is as sure as this ..."""
BOTH_WORDS = 120
"""... and both answers together are no longer than this."""
MANY_CORRECTED = 0.5
"""Where more than this share of the words had to be put right, nobody may have meant any of them ..."""
CORRECTED_SURE = 0.85
"""... and an answer must be as sure as this."""
PLAINLY = 1.5
"""An intent beside the figures must have so many times the score of a lookup whose occupation and figure are named."""
UNSPOKEN_SURE = 0.92
"""A figure for a question that does not speak of pay or numbers needs as much."""
NEVER = 1.1
"""What an occupation does, or is like, is not answered with a figure, however near the question is to one of pay."""
ENGLISH_ONLY = "I don't know that. I understand only English; please ask me in English."
CLOSE = 0.75
"""A runner-up with this part of the best score makes the question ambiguous."""


def decide(engine: Engine, ranked: Ranked, rule: str = "nearest phrasings") -> Reply:
    """The reply to one reading of a question."""
    entries, vetoes = allowed(engine, ranked)
    intents = ranked.intents
    best = entries[0] if entries else None
    against = intents[0] if intents else None
    if (
        against
        and against.score > _best_score(engine, ranked, best, against)
        and (against.score >= INTENT_SURE or _sure_act(engine, against, best))
    ):
        return _intent(engine, ranked, against)
    if best is None:
        return guess(engine, ranked) or unknown(
            engine, ranked, (), rule=f"vetoed: {vetoes[0]}" if vetoes else "nothing near", veto=vetoes[0] if vetoes else None
        )
    probability = engine.probability(ranked.reading, entries, intents)
    if probability >= needed(engine, engine.knowledge.by_id[best.label], ranked):
        if not engine.knowledge.by_id[best.label].lookup and (guessed := guess(engine, ranked, described=True)):
            return guessed
        return answer(engine, ranked, engine.knowledge.by_id[best.label], probability, rule)
    if against and against.score >= INTENT_SURE and against.score > best.score:
        return _intent(engine, ranked, against)  # only a figure would have come before it
    if other := stand_in(engine, ranked) or guess(engine, ranked):
        return other
    if vetoes:
        return unknown(engine, ranked, entries, rule=f"not sure enough, and {vetoes[0]}", veto=vetoes[0], probability=probability)
    if _garbled(ranked):
        return unknown(engine, ranked, (), rule="most of the words are none", probability=probability)
    close = [scored for scored in engine.rivals(entries)[:3] if scored.score >= CLOSE * best.score]
    if probability >= engine.calibration.clarify and len(close) > 1:
        return _clarify(engine, ranked, close, probability)
    return unknown(engine, ranked, entries, rule="nothing sure enough", probability=probability)


def _best_score(engine: Engine, ranked: Ranked, best: Scored | None, against: Scored) -> float:
    """What an intent must be ahead of: where a figure of a known occupation is asked for, one that stands beside the figures, of more."""
    if best is None:
        return 0.0
    entry, intent = engine.knowledge.by_id[best.label], engine.intents[against.label]
    plainly = entry.lookup and intent.beside and ranked.reading.facets.occupations and engine.speaks_of_figures(ranked.reading)
    return best.score * (PLAINLY if plainly else 1.0)


def surest(engine: Engine, first: Ranked, others: Sequence[Reading], rule: str = "nearest phrasings") -> tuple[Reply, Ranked]:
    """The reply to the likeliest reading of a question, or a surer one to another reading; those are ranked only where it is not sure."""
    reply = decide(engine, first, rule)
    best = reply, first
    if reply.kind is ReplyKind.ANSWER and reply.confidence >= SURE:
        return best
    for other in engine.rank(others):
        reply = decide(engine, other, rule)
        if reply.kind is ReplyKind.ANSWER and not (best[0].kind is ReplyKind.ANSWER and best[0].confidence >= reply.confidence):
            best = reply, other
    return best


def both(first: Reply, second: Reply, rule: str = "two questions in one message", headings: Sequence[str] = ()) -> Reply | None:
    """One reply to two questions, where each has a sure answer of its own, or one of them is refused (distress goes before all); else None.

    ``headings`` stand before the answers where there is room.
    """
    replies = (first, second)
    if refused := next((reply for reply in replies if reply.kind is ReplyKind.REFUSAL), None):
        return refused
    sure = all(reply.kind is ReplyKind.ANSWER and reply.confidence >= BOTH_SURE for reply in replies)
    if not sure or first.entry_id == second.entry_id or len(f"{first.text} {second.text}".split()) > BOTH_WORDS:
        return None
    texts = [first.text, second.text]
    headed = " ".join(f"{heading} {text}" for heading, text in zip(headings, texts, strict=False))
    return Reply(
        ReplyKind.ANSWER,
        headed if headed and len(headed.split()) <= BOTH_WORDS else " ".join(texts),
        tuple(dict.fromkeys(first.entry_ids + second.entry_ids)),
        tuple(dict.fromkeys(first.citations + second.citations)),
        min(reply.confidence for reply in replies),
        tuple(dict.fromkeys(first.suggestions + second.suggestions)),
        {**second.facets, **first.facets},
        dataclasses.replace(first.why, rule=rule),
    )


def answer(
    engine: Engine, ranked: Ranked, entry: Entry, probability: float, rule: str
) -> Reply:  # fmt: skip
    """Answer from an entry; a table that lacks the row asked for gives ``unknown`` with what there is."""
    if entry.lookup:
        return look_up(engine, ranked, entry, probability, rule)
    facets = ranked.reading.facets
    ids: tuple[str, ...] = (entry.id,)
    citations, text = entry.citations, entry.answer
    if entry.table:
        told = answer_from(entry, engine.tables, facets, engine.knowledge.by_id)
        if told.missing:
            return Reply(
                ReplyKind.UNKNOWN, told.missing, confidence=probability, facets=facets.to_dict(),
                suggestions=(entry.question,), why=why_of(engine, ranked, "no such row", entry.id),
            )  # fmt: skip
        ids, citations, text = told.entry_ids, told.citations, told.text
        entry = told.entry
        if beside := official(engine, ranked, entry):
            text, citations = f"{text} {beside.text}", (*citations, *beside.citations)
    else:
        for other_id in entry.disagrees_with:
            other = engine.knowledge.by_id[other_id]
            text += f" {other.brief or other.answer}"
            citations += tuple(c for c in other.citations if c not in citations)
            ids += (other_id,)
    if is_old(entry, datetime.date.today()):
        text += f" {OLD}"
    return Reply(
        ReplyKind.ANSWER, text, ids, citations, probability, _questions(engine, entry.follow_ups),
        facets.to_dict(), why_of(engine, ranked, rule, entry.id),
    )  # fmt: skip


def unknown(
    engine: Engine, ranked: Ranked, entries: Sequence[Scored], rule: str, probability: float = 0.0, veto: str | None = None
) -> Reply:
    """An honest "I don't know", with the nearest questions that are known."""
    near = [engine.knowledge.by_id[scored.label] for scored in entries[:3] if scored.score > 0]
    if is_foreign(ranked.reading.typed):
        text, near, rule = ENGLISH_ONLY, [], "not in English"
    elif veto:
        text = f"I don't know that: I have {veto}. {nothing_known((), engine.knowledge).split('. ', 1)[1]}"
        near = []
    else:
        text = nothing_known(near, engine.knowledge)
    suggestions = tuple(dict.fromkeys(_asked(engine, ranked, entry) for entry in near)) or _examples(engine)
    return Reply(
        ReplyKind.UNKNOWN, text, confidence=1 - probability, suggestions=suggestions,
        facets=ranked.reading.facets.to_dict(), why=why_of(engine, ranked, rule, None),
    )  # fmt: skip


def allowed(engine: Engine, ranked: Ranked) -> tuple[tuple[Scored, ...], list[str]]:
    """The entries that no guard vetoes, and the reasons of the vetoes above them."""
    facets = ranked.reading.facets
    kept: list[Scored] = []
    vetoes: list[str] = []
    for scored in ranked.entries:
        entry = engine.knowledge.by_id[scored.label]
        reason = conflict(entry, engine.mentions[entry.id], facets, engine.reader.strict)
        if reason is None and (reason := _about_data(engine, entry, ranked.reading)) and entry.pack in engine.data_packs:
            continue
        if reason is None:
            kept.append(scored)
        elif not kept:
            vetoes.append(reason)
    kept = _of_the_state(engine, ranked.reading, kept)
    best = ranked.entries[0].score if ranked.entries else 0.0
    if vetoes and (not kept or kept[0].score < RUNNER_UP_KEPT * best):
        kept = []
    return tuple(kept), vetoes


def _of_the_state(engine: Engine, reading: Reading, kept: list[Scored]) -> list[Scored]:
    """Without entries about one occupation, where figures of a state that name no occupation are asked for, and some are near."""
    facets = reading.facets
    if engine.data is None or not facets.places.states or facets.own_role or facets.occupations or not engine.speaks_of_figures(reading):
        return kept
    figures = [scored for scored in kept if engine.knowledge.by_id[scored.label].pack in engine.data_packs]
    near = figures and figures[0].score >= RUNNER_UP_KEPT * kept[0].score
    return figures if near else kept


def _about_data(engine: Engine, entry: Entry, reading: Reading) -> str | None:
    """Why an entry does not answer beside data by occupation, or None.

    What is said of a pack's figures as such is no answer to a question about one state; what is looked up without an occupation is none to one
    about another country, or with words that are none of its own; what one occupation is paid is none where something is named that nobody has
    heard of.
    """
    if (unheard := engine.unheard(reading)) and not entry.lookup:
        return f"nothing on {unheard}"
    if entry.pack not in engine.data_packs or (entry.lookup and entry.lookup.needs_occupation):
        return None
    places = reading.of_figures().facets.places
    if not entry.lookup and places.states:
        return f"nothing on that for {join([_shown(engine, state) for state in places.states])}"
    abroad = set(places.countries) - (engine.data.homes if engine.data else set())
    if entry.lookup and abroad:
        return f"nothing on that for {join([gazetteer().shown(code) for code in sorted(abroad)])}"
    if entry.lookup and not reading.facets.subjects and (stranger := engine.stranger(reading)):
        return f"nothing on {stranger}"
    stray = engine.stray(entry, reading) if entry.lookup else ()
    return f"nothing on {join(list(stray))}" if stray else None


def _shown(engine: Engine, state: str) -> str:
    return engine.data.shown(state) if engine.data else state


def needed(engine: Engine, entry: Entry, ranked: Ranked) -> float:
    """How sure an answer must be: less where the question names every dimension of the table that it is to come from."""
    facets = ranked.reading.facets
    if _garbled(ranked):
        return max(engine.calibration.answer, CORRECTED_SURE)
    if entry.lookup and entry.lookup.needs_occupation:
        spoken = entry.lookup.kind == "facts" or engine.speaks_of_figures(ranked.reading)
        if spoken:
            return engine.calibration.clarify
        return NEVER if engine.asks_of_the_work(ranked.reading) else max(engine.calibration.answer, UNSPOKEN_SURE)
    named = entry.table is not None and len(entry.table.dimensions) > 1 and all(facets.get(d) for d in entry.table.dimensions)
    return engine.calibration.clarify if named else engine.calibration.answer


def _garbled(ranked: Ranked) -> bool:
    """Whether most of the words had to be put right."""
    return len(ranked.reading.corrections) > MANY_CORRECTED * len(ranked.reading.typed.split())


def _sure_act(engine: Engine, against: Scored, best: Scored | None) -> bool:
    """Whether an intent of a low score is still the thing to go by: a refusal that is well ahead of every entry."""
    return (
        engine.intents[against.label].kind == "refusal"
        and against.score >= REFUSAL_LEAST
        and against.score >= REFUSAL_AHEAD * max(0.05, best.score if best else 0.0)
    )


def _intent(engine: Engine, ranked: Ranked, scored: Scored) -> Reply:
    intent = engine.intents[scored.label]
    if intent.kind == "unknown" and is_foreign(ranked.reading.typed):
        return unknown(engine, ranked, (), rule="not in English")
    sure = max(0.0, min(1.0, scored.score))
    text = fill_intent(intent.reply, engine.knowledge)
    kind = ReplyKind(intent.kind)
    suggestions = _examples(engine) if kind is not ReplyKind.REFUSAL else ()
    why = why_of(engine, ranked, f"{kind}: {intent.id}", intent.id)
    return Reply(kind, text, confidence=sure, suggestions=suggestions, facets=ranked.reading.facets.to_dict(), why=why)


def _clarify(engine: Engine, ranked: Ranked, close: Sequence[Scored], probability: float) -> Reply:
    questions = tuple(_asked(engine, ranked, engine.knowledge.by_id[scored.label]) for scored in close)
    text = "Which of these do you mean? " + " ".join(f"({i}) {question}" for i, question in enumerate(questions, 1))
    return Reply(
        ReplyKind.CLARIFY, text, confidence=1 - probability, suggestions=questions,
        facets=ranked.reading.facets.to_dict(), why=why_of(engine, ranked, "two are close", None),
    )  # fmt: skip


def _asked(engine: Engine, ranked: Ranked, entry: Entry) -> str:
    """An entry's question; a lookup's, about the occupation that was named."""
    return restated(engine, entry, ranked) if entry.lookup and ranked.reading.facets.occupations else entry.question


def _questions(engine: Engine, ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(engine.knowledge.by_id[i].question for i in ids if i in engine.knowledge.by_id)


def _examples(engine: Engine) -> tuple[str, ...]:
    return _questions(engine, [i for pack in engine.knowledge.packs for i in pack.try_asking])
