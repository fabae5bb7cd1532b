"""How well a bot answers labelled questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np

from chatbot.bot import CareerBot
from chatbot.engine import Engine
from chatbot.flow import Force, Ranking
from chatbot.language.reading import Reading
from chatbot.measuring.labelled import NONE, Labelled
from chatbot.measuring.reliability import expected_calibration_error
from chatbot.pipeline import decided, judged
from chatbot.reply import Reply, ReplyKind

BATCH = 32


class Verdict(StrEnum):
    """What came of a question; the last two are for those that no fact should answer."""

    RIGHT = "right"
    WRONG = "wrong"
    CLARIFY = "clarify"
    UNKNOWN = "unknown"
    OTHER = "other"
    DECLINED = "declined"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question and its reply; for a failure also what should have come: the best entry expected, or the
    best intent where none was.

    ``rival_score`` is None where it was not near at all; ``rival_veto`` says what a guard holds against it.
    """

    labelled: Labelled
    reply: Reply
    rival: str | None = None
    rival_score: float | None = None
    rival_veto: str | None = None

    @property
    def verdict(self) -> Verdict:
        """Right when any of the entries that the answer is made of is expected."""
        answered = self.reply.kind is ReplyKind.ANSWER
        if not self.labelled.expected:
            return Verdict.ANSWERED if answered else Verdict.DECLINED
        if answered:
            return Verdict.RIGHT if set(self.reply.entry_ids) & set(self.labelled.expected) else Verdict.WRONG
        return {ReplyKind.CLARIFY: Verdict.CLARIFY, ReplyKind.UNKNOWN: Verdict.UNKNOWN}.get(
            self.reply.kind, Verdict.OTHER
        )

    @property
    def failed(self) -> bool:
        """Whether it was neither answered rightly nor rightly declined."""
        return self.verdict not in {Verdict.RIGHT, Verdict.DECLINED}

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        reply = self.reply
        return {
            "line": self.labelled.line, "question": self.labelled.question, "expected": list(self.labelled.expected) or NONE,
            "verdict": str(self.verdict), "kind": str(reply.kind), "entry_ids": list(reply.entry_ids),
            "confidence": round(reply.confidence, 3), "rule": reply.why.rule, "winner": reply.why.label, "winner_score": reply.why.score,
            "rival": self.rival, "rival_score": self.rival_score, "rival_veto": self.rival_veto,
        }  # fmt: skip


@dataclass(frozen=True)
class Evaluation:
    """What came of every question, in the order of the file."""

    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> list[Outcome]:
        """The questions that went wrong."""
        return [outcome for outcome in self.outcomes if outcome.failed]

    @property
    def answers(self) -> list[Outcome]:
        """The questions that were answered with a fact, rightly or not."""
        return [outcome for outcome in self.outcomes if outcome.reply.kind is ReplyKind.ANSWER]

    @property
    def in_scope(self) -> int:
        """How many questions an entry should answer."""
        return sum(bool(outcome.labelled.expected) for outcome in self.outcomes)

    @property
    def out_of_scope(self) -> int:
        """How many questions no fact should answer."""
        return len(self.outcomes) - self.in_scope

    @cached_property
    def _verdicts(self) -> list[Verdict]:
        return [outcome.verdict for outcome in self.outcomes]

    def count(self, verdict: Verdict) -> int:
        """How many questions have this verdict."""
        return self._verdicts.count(verdict)

    def percent(self, verdict: Verdict) -> float | None:
        """Their share, 0 to 100, of the questions that the verdict is for (in or out of scope); None where
        there are none."""
        outside = verdict in {Verdict.DECLINED, Verdict.ANSWERED}
        total = self.out_of_scope if outside else self.in_scope
        return 100 * self.count(verdict) / total if total else None

    @property
    def calibration_error(self) -> float | None:
        """Expected calibration error of the answers given, 0 to 1; None where there are none."""
        told = self.answers
        if not told:
            return None
        confidence = np.array([outcome.reply.confidence for outcome in told])
        return expected_calibration_error(
            confidence, np.array([outcome.verdict is Verdict.RIGHT for outcome in told])
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: counts, and every failure."""
        inside = [v for v in Verdict if v not in {Verdict.DECLINED, Verdict.ANSWERED}]
        error = self.calibration_error
        return {
            "questions": len(self.outcomes),
            "in_scope": {"questions": self.in_scope} | {str(v): self.count(v) for v in inside},
            "out_of_scope": {"questions": self.out_of_scope}
            | {str(v): self.count(v) for v in (Verdict.DECLINED, Verdict.ANSWERED)},
            "expected_calibration_error": None if error is None else round(error, 4),
            "failures": [outcome.to_dict() for outcome in self.failures],
        }


def evaluate(
    bot: CareerBot, questions: Sequence[Labelled], progress: Callable[[int, int], None] | None = None
) -> Evaluation:
    """Ask every question, each on its own; ``progress(done, total)`` is called between batches."""
    outcomes: list[Outcome] = []
    for start in range(0, len(questions), BATCH):
        if progress:
            progress(start, len(questions))
        batch = questions[start : start + BATCH]
        replies = bot.ask_many([labelled.question for labelled in batch])
        told = [Outcome(labelled, reply) for labelled, reply in zip(batch, replies, strict=True)]
        outcomes += [_with_rival(bot.engine, outcome) if outcome.failed else outcome for outcome in told]
    return Evaluation(tuple(outcomes))


def _with_rival(engine: Engine, failure: Outcome) -> Outcome:
    """The same, with the score of what should have come."""
    question, expected = failure.labelled.question, failure.labelled.expected
    readings = engine.reader.readings(question)
    if not readings:
        return failure
    ranked = _surest(engine, readings)
    label, score = _best_expected(engine, ranked, expected)
    proposal = next((one for one in judged(engine, ranked).proposals if one.label == label), None)
    objections = judged(engine, ranked).against(proposal) if proposal else ()
    veto = objections[0].because if objections and objections[0].force is Force.VETO else None
    return Outcome(failure.labelled, failure.reply, label, score, veto)


def _surest(engine: Engine, readings: Sequence[Reading]) -> Ranking:
    """The ranking of the reading that is answered most surely, or of the likeliest one."""
    rankings = engine.rank(readings)
    answers = [
        (decision.confidence, -i)
        for i, one in enumerate(rankings)
        if (decision := decided(engine, one)).answers
    ]
    return rankings[-max(answers)[1]] if answers else rankings[0]


def _best_expected(
    engine: Engine, ranked: Ranking, expected: Sequence[str]
) -> tuple[str | None, float | None]:
    """The expected entry of the highest score; a table's score stands under the best table of its measure.
    None expected: the best intent."""
    if not expected:
        return next(((scored.label, round(scored.score, 3)) for scored in ranked.intents), (None, None))
    measures = {table.measure: i for i in expected if (table := engine.knowledge.by_id[i].table)}
    for scored in ranked.entries:
        table = engine.knowledge.by_id[scored.label].table
        wanted = scored.label if scored.label in expected else measures.get(table.measure) if table else None
        if wanted:
            return wanted, round(scored.score, 3)
    return expected[0], None
