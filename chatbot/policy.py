"""The policy: every number that decides an answer by hand, typed; resources/policy.toml holds them, each with how it was found and why.

What is fitted to a knowledge base stands in ``ranker.json`` (see ``retrieval.calibration``).
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any, Literal

import msgspec

from chatbot.paths import data_file

FILE = "policy.toml"


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number as the file holds it: its value, how it was found, and what it does."""

    value: float | int | tuple[float, ...]
    by: Literal["fit", "hand"]
    why: str


class Intents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an intent goes before an entry."""

    least: float
    refusal_least: float
    refusal_ahead: float
    refusal_floor: float
    beside_figures: float
    no_other_role: float


class Entries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How entries are compared with each other."""

    runner_up_kept: float
    close: float
    asked_back: int
    held: float
    pooled: float
    ranked: int


class ReadingNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What misspelt questions need."""

    sure: float
    garbled: float
    garbled_sure: float


class FigureNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked up."""

    clearly: float
    unspoken: float
    stand_in: float
    beyond: float


class Two(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two questions, or two things, in one message."""

    sure: float
    words: int
    looked_at: int
    least: float
    tried: int


class NearestTitles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Titles that may be meant."""

    spelt_alike: int
    meant_alike: float
    described: float
    behind: float
    offered: int
    spelt_looked_at: int
    meant_looked_at: int
    words: int
    confidence: float


class FollowUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages that go on from the last answer."""

    topic: float
    linked: float
    weights: tuple[float, float, float]
    covered: float
    ahead_of_all: float
    stands_alone: float
    chat: float
    completed_least: float
    completed_sure: float
    changed: float
    no_other_place: float
    stray: int
    alone: float
    short_change: int
    change: int
    choice_words: int


class Acts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages about the last answer itself."""

    likeness: float
    first: float
    share: float
    few_words: int
    sure: float
    more: float


class MentionNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an entry speaks of."""

    main: float
    enough: int


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How common a word is: ranks in words.txt, from 0."""

    everyday: int


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them, by what they decide."""

    intents: Intents
    entries: Entries
    reading: ReadingNumbers
    figures: FigureNumbers
    two: Two
    nearest: NearestTitles
    follow_up: FollowUp
    acts: Acts
    mentions: MentionNumbers
    words: Words


def numbers(text: str) -> dict[str, dict[str, Number]]:
    """The numbers of a policy file, by section and name; raises what tomllib and msgspec raise."""
    return msgspec.convert(tomllib.loads(text), dict[str, dict[str, Number]])


def typed(read: dict[str, dict[str, Number]]) -> Policy:
    """The same, typed; raises ``msgspec.ValidationError`` for a number that is missing, unknown or of another type."""
    values: dict[str, dict[str, Any]] = {
        section: {name: number.value for name, number in listed.items()} for section, listed in read.items()
    }
    return msgspec.convert(values, Policy, strict=False)


@lru_cache(maxsize=1)
def policy() -> Policy:
    """The shipped policy."""
    return typed(numbers(data_file(FILE).read_text(encoding="utf-8")))
