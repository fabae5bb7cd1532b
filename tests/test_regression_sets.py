"""Labelled questions that were once unseen: what was won stays won. Slow; docs/ranking.md says what the first
runs gave."""

from __future__ import annotations

import pytest
from conftest import ROOT

from chatbot.measuring.evaluation import Verdict, evaluate
from chatbot.measuring.labelled import read_labelled


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "right", "wrong", "declined"),
    [("validation", 96, 3, 95), ("fresh", 91, 6, None), ("fresh2", 94, 4, 91), ("more", 94, 5, 92)],
)
def test_labelled_questions_are_answered_as_before(
    bot, name: str, right: float, wrong: float, declined: float | None
) -> None:
    questions, bad = read_labelled(ROOT / "benchmarks" / "data" / f"{name}.jsonl", bot.knowledge)
    assert not bad
    found = evaluate(bot, questions)
    assert found.percent(Verdict.RIGHT) >= right
    assert found.percent(Verdict.WRONG) <= wrong
    assert found.calibration_error <= 0.05
    if declined is not None:
        assert found.percent(Verdict.DECLINED) >= declined
