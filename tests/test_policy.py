"""Every number that decides stands in the policy, is typed, and says how it was found; none stands in the
stages themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import ROOT

from chatbot.paths import data_file
from chatbot.policy import FILE, Policy, numbers, policy, typed

PACKAGE = ROOT / "chatbot"
STAGES = [
    PACKAGE / f"{name}.py"
    for name in (
        "pipeline",
        "deciding",
        "composing",
        "engine",
        "library",
        "scene",
        "signals",
        "subject",
        "conversation",
    )
] + [
    file for folder in ("dialogue", "answering", "rules") for file in sorted((PACKAGE / folder).glob("*.py"))
]
PLAIN = {0, 1, -1, 2}
"""Indices, the ends of a scale, pairs."""
MAY_STAND = {
    ("pipeline", "LOT"): "how many questions are encoded together: of speed, no answer depends on it",
    ("composing", "MOST_STEPS"): "how much of the trail is shown",
    ("composing", "why_of"): "scores are shown with three places",
    ("composing", "_trail"): "scores are shown with three places",
    ("conversation", "VERSION"): "of what is saved",
    ("conversation", "_Chosen."): "of what is saved",
    ("conversation", "Conversation."): "how many turns there were",
    ("composing", "FEW"): "so many examples are shown",
    ("signals", "_pays_for"): "where words stand",
    ("subject", "MOST"): "how many candidates an error names",
    ("subject", "LONGEST"): "how much of a name an error repeats",
    ("conversation", "MAX_TURNS"): "how much of a conversation is kept",
    ("periods", "OtherYear.check"): "a year has four digits",
    ("units", "_MEDIAN"): "the name of a percentile",
    ("compose", "is_old"): "the year is the first four digits of a date",
}
"""Where a number may stand, and why it decides nothing."""
SHIPPED = data_file(FILE).read_text(encoding="utf-8")


def inside(file: Path) -> Iterator[tuple[str, ast.AST]]:
    """The statements of a module with the name of the constant, function or class (its method) that each
    belongs to."""
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ClassDef):
            for part in statement.body:
                yield f"{statement.name}.{getattr(part, 'name', '')}", part
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            yield ast.unparse(target), statement
        else:
            yield getattr(statement, "name", ""), statement


def deciding(file: Path) -> Iterator[tuple[str, Any]]:
    """The numbers of a module that may decide: all but plain ones, and plain ones that were given a name of
    their own."""
    for name, statement in inside(file):
        named = isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(
            statement.value, ast.Constant
        )
        for node in ast.walk(statement):
            number = (
                isinstance(node, ast.Constant)
                and isinstance(node.value, int | float)
                and not isinstance(node.value, bool)
            )
            if number and (named or node.value not in PLAIN):
                yield name, node.value


@pytest.mark.parametrize("file", STAGES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_no_number_that_decides_stands_in_a_stage(file: Path) -> None:
    found = [(name, value) for name, value in deciding(file) if (file.stem, name) not in MAY_STAND]
    assert not found, f"put it into resources/{FILE}, or say in MAY_STAND why it decides nothing: {found}"


def test_every_number_that_may_stand_in_a_stage_still_stands_there() -> None:
    standing = {(file.stem, name) for file in STAGES for name, _ in deciding(file)}
    assert set(MAY_STAND) <= standing


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("LIMIT = 2", [2]),
        ("def f(x):\n    return x > 0.6", [0.6]),
        ("class A:\n    def f(self, x):\n        return x[:-1] + 1 if x[0] else -3", [3]),
        ("def f(x, least=0.4):\n    return x[1], True, None, float('inf'), 'of 5'", [0.4]),
    ],
)
def test_a_number_in_a_stage_is_seen_wherever_it_stands(
    tmp_path: Path, text: str, numbers: list[float]
) -> None:
    file = tmp_path / "stage.py"
    file.write_text(text, encoding="utf-8")
    assert [value for _, value in deciding(file)] == numbers


def test_the_shipped_policy_is_read_as_it_stands_in_the_file() -> None:
    assert policy() is policy()
    assert policy() == typed(numbers(SHIPPED))
    assert policy().intents.least == 0.3
    assert isinstance(policy().entries.ranked, int)
    assert policy().follow_up.weights == (0.5, 0.9, 0.9)


def test_every_number_says_in_plain_words_what_it_does() -> None:
    for section, listed in numbers(SHIPPED).items():
        for name, number in listed.items():
            assert number.by in {"fit", "hand"}
            assert len(number.why.split()) > 4, f"{section}.{name}"


def test_every_section_is_explained() -> None:
    for section in Policy.__struct_fields__:
        assert policy().__getattribute__(section).__doc__.rstrip().endswith("."), section


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[intents]\nleast = ", "[intents]\nleats = ", "`leats`|unknown field|missing required field"),
        ("[acts]\n", "[acts]\nlikely = {value = 1, by = \"hand\", why = \"none\"}\n", "likely"),
        ("[words]\n", "[wrods]\n", "wrods|words"),
        ("ranked = {value = 16", "ranked = {value = 16.5", "int"),
        ("weights = {value = [0.5, 0.9, 0.9]", "weights = {value = [0.5, 0.9]", "length 3"),
    ],
    ids=["a number misspelt", "a number too many", "a section misspelt", "a part of a whole number", "a weight too few"],
)  # fmt: skip
def test_a_policy_that_is_not_as_it_should_be_is_refused(before: str, after: str, said: str) -> None:
    assert SHIPPED.count(before) == 1
    with pytest.raises(msgspec.ValidationError, match=said):
        typed(numbers(SHIPPED.replace(before, after)))


def test_a_number_that_is_not_there_is_refused() -> None:
    lines = SHIPPED.splitlines()
    less = [line for line in lines if not line.startswith("stand_in = ")]
    assert len(less) == len(lines) - 1
    with pytest.raises(msgspec.ValidationError, match="stand_in"):
        typed(numbers("\n".join(less)))


@pytest.mark.parametrize("wrong", ['by = "guess"', 'by = "hand", was = "X"'])
def test_how_a_number_was_found_is_said_in_one_of_two_words(wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        numbers(f'[words]\neveryday = {{value = 500, {wrong}, why = "rank"}}\n')
