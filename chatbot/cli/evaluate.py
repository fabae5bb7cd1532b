"""``chatbot eval``: score a file of labelled questions."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable
from chatbot.measuring.evaluation import Evaluation, Outcome, Verdict, evaluate
from chatbot.measuring.labelled import BadLine, Labelled, read_labelled
from chatbot.showing.listing import load
from chatbot.showing.output import emit
from chatbot.showing.progress import Bar
from chatbot.showing.render import Style

if TYPE_CHECKING:
    from chatbot.live.settings import Settings

SHOWN = 3
"""So many of the entries expected are named beside a failure."""
COUNTED = {
    Verdict.RIGHT: "right",
    Verdict.WRONG: "answered with something else",
    Verdict.CLARIFY: "not answered: asked back",
    Verdict.UNKNOWN: "not answered: unknown",
    Verdict.OTHER: "not answered: small talk or refusal",
    Verdict.DECLINED: "declined",
    Verdict.ANSWERED: "answered with a fact",
}


@dataclass(frozen=True)
class Limit:
    """A percentage that the user asks for, of the questions that have this verdict."""

    option: str
    verdict: Verdict
    percent: float
    least: bool

    def check(self, questions: Sequence[Labelled]) -> None:
        """Raise ``ChatbotError`` where no question is there to measure it on: nothing measured is nothing
        passed."""
        in_scope = self.verdict is not Verdict.DECLINED
        if not any(bool(labelled.expected) is in_scope for labelled in questions):
            raise ChatbotError(
                f"{self.option}: the file has no question {'in' if in_scope else 'out of'} scope to measure it on"
            )

    def missed(self, evaluation: Evaluation) -> str | None:
        """One line where it is missed, else None."""
        found = evaluation.percent(self.verdict)
        if found is None or (found >= self.percent - 1e-9 if self.least else found <= self.percent + 1e-9):
            return None
        return f"{self.option} {self.percent:g} is missed: {COUNTED[self.verdict]} {found:.2f}%"


def limits_of(min_right: float | None, max_wrong: float | None, min_declined: float | None) -> list[Limit]:
    """The limits that are given, as percentages."""
    given = (
        ("--min-right", Verdict.RIGHT, min_right),
        ("--max-wrong", Verdict.WRONG, max_wrong),
        ("--min-declined", Verdict.DECLINED, min_declined),
    )
    return [
        Limit(option, verdict, percent, option.startswith("--min"))
        for option, verdict, percent in given
        if percent is not None
    ]


def run_eval(
    settings: Settings,
    file: Path,
    limits: Sequence[Limit],
    most_failures: int | None,
    skip_bad_lines: bool,
    as_json: bool,
) -> int:
    """Print the scores and the failures; the exit status: 0, 1 where a limit is missed, 2 for a file that
    can't be scored."""
    questions, bad = read_questions(settings, file)
    if bad and not (questions and skip_bad_lines):
        return 2
    for limit in limits:
        limit.check(questions)
    bot = settings.bot_with_bar()
    with Bar("asking", plain=None) as bar:
        evaluation = evaluate(bot, questions, bar)
    missed = [line for limit in limits if (line := limit.missed(evaluation))]
    failures = evaluation.failures[:most_failures]
    if as_json:
        found = {"file": printable(str(file))} | evaluation.to_dict()
        found |= {"failures": [outcome.to_dict() for outcome in failures], "missed": missed}
        found |= {"bad_lines": [{"line": one.line, "message": one.message} for one in bad]}
        emit(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        style = Style.of_stdout(settings.color)
        emit(
            "\n".join([*_scores(file, evaluation, bad, style), *_failures(file, evaluation, failures, style)])
        )
    for line in missed:
        print(f"chatbot: {line}", file=sys.stderr)
    return 1 if missed else 0


def read_questions(settings: Settings, file: Path) -> tuple[list[Labelled], list[BadLine]]:
    """The questions of a file; what is wrong with it is said on stderr, a line each."""
    questions, bad = read_labelled(file, load(settings))
    for one in bad:
        print(printable(str(one)), file=sys.stderr)
    return questions, bad


def _scores(file: Path, evaluation: Evaluation, bad: Sequence[BadLine], style: Style) -> list[str]:
    skipped = f", bad lines skipped: {len(bad)}" if bad else ""
    lines = [
        f"{printable(str(file))}: {len(evaluation.outcomes)} questions{skipped}",
        style.strong(f"In scope: {evaluation.in_scope}"),
    ]
    for verdict, name in COUNTED.items():
        if verdict is Verdict.DECLINED:
            lines.append(style.strong(f"Out of scope: {evaluation.out_of_scope}"))
        percent = evaluation.percent(verdict)
        if percent is not None:
            lines.append(f"  {name:<36}{evaluation.count(verdict):>6}{percent:>7.1f}%")
    error = evaluation.calibration_error
    told = len(evaluation.answers)
    return [
        *lines,
        f"Expected calibration error of the {told} answers given: {error:.3f}"
        if error is not None
        else "No answer was given.",
    ]


def _failures(file: Path, evaluation: Evaluation, shown: Sequence[Outcome], style: Style) -> list[str]:
    if not shown:
        return []
    total = len(evaluation.failures)
    lines = [
        "",
        style.strong(
            f"Failures: {total}" if len(shown) == total else f"Failures: the first {len(shown)} of {total}"
        ),
    ]
    for outcome in shown:
        lines.append(printable(f"{file}:{outcome.labelled.line}: {outcome.labelled.question}"))
        lines += [style.dim(f"    {line}") for line in _failure(outcome)]
    return lines


def _failure(outcome: Outcome) -> list[str]:
    expected, reply = outcome.labelled.expected, outcome.reply
    more = f" and {len(expected) - SHOWN} more" if len(expected) > SHOWN else ""
    came = f"{reply.kind} {', '.join(reply.entry_ids)}".strip()
    score = "not near" if outcome.rival_score is None else f"{outcome.rival_score:.2f}"
    veto = f", vetoed: {outcome.rival_veto}" if outcome.rival_veto else ""
    should = (
        f"expected {outcome.rival} {score}{veto}"
        if expected
        else f"best intent {outcome.rival or 'none'} {score}"
    )
    return [
        f"expected: {', '.join(expected[:SHOWN]) or 'no fact'}{more}",
        f"came:     {came}, confidence {reply.confidence:.2f} (rule: {reply.why.rule})",
        f"scores:   {reply.why.label or 'nothing'} {reply.why.score:.2f}; {should}",
    ]
