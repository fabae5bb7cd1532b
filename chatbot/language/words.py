"""The words and phrases of English that the code goes by, typed; resources/english.toml holds them, each list
with what it is for, and resources/words.txt English by frequency.

They are read when they are first asked for, and once: importing this module reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

import msgspec

from chatbot.paths import data_file
from chatbot.tables import read, table

FILE = "english.toml"
Words = frozenset[str]
"""Single words, each looked for by itself."""
Phrases = tuple[str, ...]
"""What becomes part of a pattern, in the order in which it is tried."""


class _Lists(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A section of the file; a list that is missing or unknown is an error."""


class Questions(_Lists, frozen=True):
    """How questions open, and what stands between two of them."""

    openings: Phrases
    asking: Phrases
    between: Phrases
    joining: Phrases
    closings: Phrases
    after_closing: Phrases
    before_period: Phrases


class FormWords(_Lists, frozen=True):
    """Forms of words."""

    endings: Phrases
    plurals: dict[str, str]
    no_plurals: Words


class FacetWords(_Lists, frozen=True):
    """What a question is about, besides its topic."""

    negations: Words
    comparing: Phrases
    comparatives: Phrases
    comparative_joins: Phrases
    versus: Words
    side_by_side: Words
    background: Words
    articles: Words
    pay: Words
    of_figures: Words
    kin: Words
    languages: Words
    beside_language: Words


class GoingOn(_Lists, frozen=True):
    """How a message goes on from the last one, and words that ask nothing of themselves."""

    interjections: Phrases
    openings: Phrases
    last_openings: Phrases
    correcting: Phrases
    meaning: Phrases
    denying: Phrases
    pronouns: Phrases
    slang: Words
    digits: Words
    filler: Words
    any_question: Words

    @cached_property
    def function(self) -> Words:
        """Words that any question may hold."""
        return self.filler | self.any_question


class FigureWords(_Lists, frozen=True):
    """What says that figures are asked for, and of whom."""

    speaking: Words
    of_pay_or_not: Words
    not_of_pay: Words
    still_of_pay: Phrases
    asking: Words
    of_study: Words
    like: Words
    referring: Phrases
    which_is: Phrases
    pay_of: Phrases
    pay_after: Phrases
    earner_before: Phrases
    earner_after: Phrases


class NearestWords(_Lists, frozen=True):
    """Somebody without a title."""

    persons: Words
    somebody: Words
    paid: Words
    not_paid: Words
    for_something: Words


class AmountWords(_Lists, frozen=True):
    """Amounts of money, and what is asked of them."""

    thousands: Phrases
    money: Phrases
    figures: dict[str, int]
    each: Phrases
    times: dict[str, str]
    adverbs: Phrases
    no_money: Phrases
    no_amounts: Words
    placing: Phrases
    beside: Words
    otherwise: Phrases


class GlanceWords(_Lists, frozen=True):
    """A name, and no more."""

    words: Words
    wishing: Words
    asking: Phrases


class SubjectWords(_Lists, frozen=True):
    """Questions that could be asked of any career."""

    of_any_career: Words
    of_all: Words


class LastAnswer(_Lists, frozen=True):
    """What is said of the last answer itself, or of the questions that it offered."""

    reasons: Phrases
    until: Phrases
    until_before: Phrases
    ordinals: dict[str, int]
    choice_before: Phrases
    choice_after: Phrases
    choice_end: Phrases
    naming: Words


class Changes(_Lists, frozen=True):
    """What changes the last question."""

    turning: Words
    compared_before: Phrases
    compared_after: Phrases
    of_two_asking: Phrases
    of_two_named: Phrases
    of_two_ahead: Phrases
    of_two: Phrases
    there_before: Phrases
    there_not: Phrases
    again: Words
    same_opens: Words
    asks_anew: Words
    states: Words
    joined: Phrases


class Replies(_Lists, frozen=True):
    """Names of facets' values as replies say them."""

    lacking: dict[str, str]
    values: dict[str, str]
    rows: dict[str, str]


class Asked(_Lists, frozen=True):
    """How questions of figures are read."""

    for_each: Words
    counts: dict[str, int]
    no_nouns: Phrases
    doers: Phrases
    of_oneself: Words
    named_after_places: Phrases
    things: dict[str, str]
    beside_things: Words
    to_come: Phrases
    to_come_begins: Words
    to_come_ends: Words
    no_towns: Words
    no_places: Words
    before_places: Words
    counties: Words
    of_areas: Words
    articles: Words
    before_work: Words
    divisions: Words
    of_study: Words
    job_nouns: Phrases
    job_links: Phrases
    counted: Words
    harmless: Words
    signs: dict[str, str]


class TitleWords(_Lists, frozen=True):
    """How titles are read."""

    joiners: Words
    agents: Phrases
    professions: Phrases
    of_jobs: Words
    beside: Words


class QuantityWords(_Lists, frozen=True):
    """Numbers in words, and parts of those who are put in order."""

    numbers: dict[str, int]
    divisions: dict[str, int]
    parts: dict[str, int]
    percents: Phrases
    top: Phrases
    bottom: Phrases


class English(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them, by what they are for."""

    questions: Questions
    forms: FormWords
    facets: FacetWords
    going_on: GoingOn
    figures: FigureWords
    amounts: AmountWords
    glance: GlanceWords
    nearest: NearestWords
    subject: SubjectWords
    last_answer: LastAnswer
    changes: Changes
    replies: Replies
    asked: Asked
    titles: TitleWords
    quantities: QuantityWords


def typed(text: str) -> English:
    """The lists of a file; raises what tomllib raises, and ``msgspec.ValidationError`` for one that is
    missing, unknown or of another type."""
    return _typed(read(text.encode("utf-8")))


def _typed(sections: dict[str, Any]) -> English:
    listed = {
        section: {name: _split(value) for name, value in lists.items()} for section, lists in sections.items()
    }
    return msgspec.convert(listed, English)


def _split(value: Any) -> Any:
    return [phrase.strip() for phrase in value.split(",")] if isinstance(value, str) else value


@lru_cache(maxsize=1)
def lists() -> English:
    """The shipped lists."""
    return _typed(table(FILE))


@lru_cache(maxsize=1)
def english() -> dict[str, int]:
    """English words and their rank by frequency, from 0."""
    words = data_file("words.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return dict(zip(words, range(len(words)), strict=True))


def either(phrases: Iterable[str]) -> str:
    """A pattern that any one of some phrases fits, the first that does."""
    return f"(?:{'|'.join(phrases)})"
