"""The replies that benchmarks/recording.py recorded are still given: those of a sample, and in ``make
test-all`` all of them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import ROOT

from chatbot import CareerBot, CompiledEncoder, Reply
from chatbot.reply import ReplyKind

sys.path.append(str(ROOT / "benchmarks"))
recording: Any = importlib.import_module("recording")
pytestmark = pytest.mark.timeout(1_200)
BOTS = {"ml": "engineer_bot", "all": "bot", "onet": "onet"}
REPLY = Reply(ReplyKind.ANSWER, "Bread.", ("baking/bread",), confidence=0.9)


@pytest.fixture(scope="module")
def onet(compiled: CompiledEncoder, cache: Path) -> Iterator[CareerBot]:
    """Both shipped packs and a small release of O*NET."""
    with recording.opened("onet", cache.with_name("recording"), encoder=compiled, cache=cache) as made:
        yield made


def replayed(request: pytest.FixtureRequest, config: str, sample: bool) -> None:
    """Ask what was recorded, and name each question whose reply differs, and how."""
    changes = recording.Changes(recording.RECORDED / "changes.yaml")
    with recording.fixed_clock(request.getfixturevalue(BOTS[config])) as bot:
        found, _ = recording.Recording().differences(bot, config, sample)
    others = [str(one) for one in found if not changes.mean(one)]
    assert not others, f"{len(others)} replies are not as recorded:\n" + "\n\n".join(others)


@pytest.mark.parametrize("config", BOTS)
def test_a_sample_is_replied_to_as_recorded(request: pytest.FixtureRequest, config: str) -> None:
    replayed(request, config, sample=True)


@pytest.mark.slow
@pytest.mark.parametrize("config", BOTS)
def test_everything_is_replied_to_as_recorded(request: pytest.FixtureRequest, config: str) -> None:
    replayed(request, config, sample=False)


# the recording itself


@pytest.fixture
def small(tmp_path: Path) -> Any:
    """A recording of one question and one dialogue of two turns, replied to with ``REPLY``."""
    recording.write(tmp_path / "questions.jsonl", [["a test", "bread?"]])
    recording.write(tmp_path / "dialogues.jsonl", [["a test", ["rolls?", "and buns?"]]])
    recording.write(tmp_path / "ml.jsonl", [recording.row(recording.kept(REPLY))] * 3)
    return recording.Recording(tmp_path)


def saying(reply: Reply) -> Any:
    """A bot that says always the same."""
    return SimpleNamespace(
        ask_many=lambda texts: [reply for _ in texts],
        conversation=lambda: SimpleNamespace(ask=lambda text: reply),
    )


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"text": "Cake."}, "text"),
        ({"kind": ReplyKind.UNKNOWN, "entry_ids": ()}, "kind, ids"),
        ({"suggestions": ("and buns?",), "confidence": 0.87}, "suggestions, confidence"),
    ],
)
def test_a_difference_names_the_question_and_what_differs(
    small: Any, changed: dict[str, Any], parts: str
) -> None:
    found, count = small.differences(saying(replace(REPLY, **changed)), "ml")
    assert count == len(found) == 3
    assert str(found[0]).startswith(f"[ml] question 0: 'bread?'\n    differs: {parts}\n")
    assert str(found[2]).startswith(f"[ml] dialogue 0 turn 1: 'rolls? / and buns?'\n    differs: {parts}\n")


def test_a_little_more_or_less_confidence_is_no_difference(small: Any) -> None:
    assert small.differences(saying(replace(REPLY, confidence=0.881)), "ml") == ([], 3)


def test_what_is_listed_is_meant_and_what_no_longer_differs_is_named(small: Any) -> None:
    file = small.folder / "changes.yaml"
    file.write_text(
        "- {question: 'bread?', what: text, why: x}\n- {config: ml, dialogue: 0, turn: 1, what: [text, kind], why: x}\n"
        "- {dialogue: 0, turn: 0, what: suggestions, why: x}\n- {config: all, question: 0, what: text, why: x}\n",
        encoding="utf-8",
    )
    changes = recording.Changes(file)
    found, _ = small.differences(saying(replace(REPLY, text="Cake.")), "ml")
    assert [changes.mean(one) for one in found] == [True, False, True]
    changes = recording.Changes(file)
    changes.mean(found[0])
    left = changes.gone(["ml"], small.asked([0], [0]))
    assert [(one["dialogue"], one["turn"]) for one in left] == [(0, 1), (0, 0)]
