"""The policy: every number that decides an answer by hand, typed; resources/policy.toml holds them, each with
how it was found and why.

What is fitted to a knowledge base stands in ``ranker.json`` (see ``retrieval.calibration``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Literal

import msgspec

from chatbot.tables import read, table

FILE = "policy.toml"


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number as the file holds it: its value, how it was found, and what it does."""

    value: float | int | tuple[float | int, ...]
    by: Literal["fit", "hand"]
    why: str


class Intents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an intent goes before an entry."""

    least: float
    refusal_least: float
    refusal_alike: float
    refusal_sure: float
    topic_least: float
    topic_alike: float
    beside_figures: float
    no_other_role: float
    doubt: float


class Entries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How entries are compared with each other."""

    runner_up_kept: float
    close: float
    asked_back: int
    held: float
    pooled: float
    ranked: int
    least: float


class ReadingNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What misspelt questions need, and how another language is told."""

    sure: float
    garbled: float
    garbled_sure: float
    others: int
    english_share: float
    foreign_sure: float


class SpellingNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How words are put right; costs are counted in edits."""

    least: int
    capitals: int
    stem: int
    short: int
    long: int
    frequent: int
    neighbours: int
    beside: int
    looked_at: int
    foreign: float
    other_start: float
    used: float
    rarity: float
    nearly: float
    kept: int


class FigureNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked up."""

    clearly: float
    unspoken: float
    unspoken_bare: float
    at_a_glance: float
    own_words: float
    unspoken_else: float
    text_score: float
    text_clear: float
    text_least: float
    text_loose: float
    text_stray: int
    text_far: float
    stand_in: float
    beyond: float


class AmountNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Amounts of money that are placed among what is published."""

    large: int
    least: int
    yearly: int
    hourly: int
    besides: int
    unasked: int
    confidence: float


class Two(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two questions, or two things, in one message."""

    sure: float
    words: int
    each_words: int
    sentences: int
    most: int
    looked_at: int
    least: float
    tried: int


class NearestTitles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Titles that may be meant."""

    spelt_alike: int
    meant_alike: float
    one_word_alike: float
    own_words: float
    told_words: int
    behind: float
    offered: int
    spelt_looked_at: int
    meant_looked_at: int
    confidence: float


class SubjectNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions that name no career where several are loaded."""

    asked_back: float
    score: float
    strange: float
    plain: float
    short: int
    short_pay: int
    doers: int


class FollowUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages that go on from the last answer."""

    topic: float
    linked: float
    weights: tuple[float, float, float]
    covered: float
    ahead_of_all: float
    stands_alone: float
    completed_least: float
    completed_sure: float
    changed: float
    no_other_place: float
    short: int
    pointing: int
    short_change: int
    change: int


class Acts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages about the last answer itself."""

    first: float
    sure: float
    more: float


class TitleNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How titles are found."""

    most: int


class ListNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long lists are."""

    most_rows: int
    few: int
    named: int
    words: int


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How common a word of English is: ranks in words.txt, from 0 (the commonest), and what a word up to each
    of them is."""

    beside_title: int
    no_subject: int
    everyday: int
    no_town: int
    no_agent: int
    no_title: int
    correction: int
    rare: int


class Preparing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is read out of the knowledge before anything is asked."""

    state_count: int
    title_letters: int
    used_otherwise: int
    covered: float
    background_covered: float


class MentionNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of which values of facets an entry speaks."""

    main: float
    enough: int


class CoverageNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of a question an entry speaks of."""

    stem: int
    typical: float


class RankerNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of the ranker; docs/ranking.md says what other values gave."""

    semantic: float
    spelling: float
    form: float
    width: float
    ridge: float
    candidates: int
    looked_at: int
    regression: float
    ngrams: tuple[int, ...]
    agree_most: int
    agree_least: int
    postings: int


class RegressionNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the softmax regression is fitted."""

    epochs: int
    batch: int
    rate: float
    scale: float
    largest: int


class Listening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How distress is told from what is harmless."""

    words: float
    penalty: float
    other: float
    example: float
    part: float
    heard: float
    alone: float
    plainly: float
    hinted: float
    first: float
    steps: int


class CalibrationNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of the calibration; what it was fitted to stands in ranker.json."""

    noise: float
    clarify: float


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them, by what they decide."""

    intents: Intents
    entries: Entries
    reading: ReadingNumbers
    spelling: SpellingNumbers
    figures: FigureNumbers
    amounts: AmountNumbers
    two: Two
    nearest: NearestTitles
    subject: SubjectNumbers
    follow_up: FollowUp
    acts: Acts
    titles: TitleNumbers
    lists: ListNumbers
    words: Words
    preparing: Preparing
    mentions: MentionNumbers
    coverage: CoverageNumbers
    ranker: RankerNumbers
    regression: RegressionNumbers
    listening: Listening
    calibration: CalibrationNumbers


def numbers(text: str) -> dict[str, dict[str, Number]]:
    """The numbers of a policy file, by section and name; raises what tomllib and msgspec raise."""
    return msgspec.convert(read(text.encode("utf-8")), dict[str, dict[str, Number]])


def typed(listed: dict[str, dict[str, Number]]) -> Policy:
    """The same, typed; raises ``msgspec.ValidationError`` for a number that is missing, unknown or of another
    type."""
    values: dict[str, dict[str, Any]] = {
        section: {name: number.value for name, number in own.items()} for section, own in listed.items()
    }
    return msgspec.convert(values, Policy, strict=False)


def policy() -> Policy:
    """The policy in use: the shipped one, read when it is first asked for, unless another one stands in for
    it."""
    return _stand_ins[-1] if _stand_ins else _shipped()


@contextmanager
def standing_in(other: Policy) -> Iterator[None]:
    """Another policy in place of the shipped one, in all threads: to measure what a number does. What was
    made before keeps what it took."""
    _stand_ins.append(other)
    try:
        yield
    finally:
        _stand_ins.remove(other)


_stand_ins: list[Policy] = []


@lru_cache(maxsize=1)
def _shipped() -> Policy:
    return typed(msgspec.convert(table(FILE), dict[str, dict[str, Number]]))
