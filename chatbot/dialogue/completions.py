"""A question that leans on the one before: completed by the last answer's topic, by the question before, and
by what that named."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence

from msgspec import structs

from chatbot.dialogue.merging import CARRIED, merged, without
from chatbot.engine import Engine, best_first
from chatbot.flow import Attempt, Code, Decision, Ranking, Turn
from chatbot.language.leftout import asks, continues, rest_of
from chatbot.language.reading import Reading
from chatbot.library import Library
from chatbot.reply import ReplyKind
from chatbot.retrieval.ranker import Scored

_HONEST = {Code.VETOED, Code.NO_SUCH_ROW}
"""Codes of replies that know why there is no answer: a completed question would know no better."""


def completed(library: Library, reading: Reading, last: Turn) -> list[Reading]:
    """The further readings of a question that may go on from the last answer."""
    if not continues(reading.text):
        return []
    rest = rest_of(reading.text)
    before = without(library, last.read_as, reading.facets)
    entry = library.knowledge.by_id.get(last.entry_ids[0])
    title = library.knowledge.topic_title(entry).lower() if entry else ""
    texts = [f"{rest} {title}", f"{before} {rest}"]
    if named := [value for facet in CARRIED for value in library.reader.facets(before).get(facet)]:
        texts.append(f"{rest} {' '.join(named)}")
    return [dataclasses.replace(library.reader.read(text), typed=reading.typed) for text in texts]


def leans(library: Library, decision: Decision) -> bool:
    """Whether a completed question may be surer than the one as typed."""
    reading = decision.attempt.reading
    question = "?" in reading.typed or asks(reading.typed)
    chat = decision.kind is ReplyKind.SMALLTALK and not question
    alone = decision.answers and decision.confidence >= library.policy.follow_up.stands_alone
    return not (chat or alone or decision.kind is ReplyKind.REFUSAL or decision.code in _HONEST)


def together(engine: Engine, attempts: Sequence[Attempt], last: Turn) -> Attempt:
    """One attempt of all readings: scores added, a little more for the last answer's topic, nothing for the
    last answer itself."""
    numbers = engine.policy.follow_up
    entry = engine.knowledge.by_id.get(last.entry_ids[0])
    topic, links = (entry.topic, set(entry.follow_ups)) if entry else ("", set())
    total: Counter[str] = Counter()
    best: dict[str, Scored] = {}
    share = 1 / (1 + sum(numbers.weights[: len(attempts) - 1]))
    for i, attempt in enumerate(attempts):
        weight = numbers.weights[i - 1] if i else 1.0
        for scored in attempt.ranked.labels:
            if i and scored.label in last.entry_ids:
                continue
            total[scored.label] += weight * scored.score  # type: ignore[assignment]
            if scored.label not in best or scored.score > best[scored.label].score:
                best[scored.label] = scored
    labels = []
    for label, score in total.items():
        known = engine.knowledge.by_id.get(label)
        times = (numbers.topic if known and known.topic == topic else 1.0) * (
            numbers.linked if label in links else 1.0
        )
        labels.append(dataclasses.replace(best[label], score=score * share * times))
    typed, before = attempts[0].reading, attempts[2].reading
    reading = dataclasses.replace(typed, facets=merged(typed.facets, before.facets), text=before.text)
    return Attempt(reading, Code.COMPLETED, ranking=Ranking(reading, tuple(best_first(labels))))


def surer(engine: Engine, attempt: Attempt, plain: Decision) -> Decision | None:
    """The decision on the completed question where it is surer than that on the one as typed, with what is
    left of its probability."""
    decision, numbers = attempt.settled, engine.policy.follow_up
    if not decision.answers:
        return None
    against = sum(
        proposal.score
        for proposal in attempt.intents
        if proposal.intent is not None and proposal.intent.kind == "unknown"
    )
    entries = attempt.ranked.entries
    ahead = bool(entries) and entries[0].score >= numbers.ahead_of_all * against
    covered = engine.coverage.of(plain.attempt.reading.matched, decision.entry_ids[0])[0] >= numbers.covered
    least = plain.confidence if plain.answers else numbers.completed_least
    if not (covered and ahead and decision.confidence >= least):
        return None
    return structs.replace(decision, confidence=numbers.completed_sure * decision.confidence)


def as_asked(library: Library, decision: Decision, text: str) -> str:
    """What a completed question is to the next one: the entry's own question, which does not grow from turn
    to turn; of a table, the text."""
    entry = library.knowledge.by_id[decision.entry_ids[0]]
    return text if entry.table else entry.question
