"""Deciles, quartiles and shares at the top or the bottom, written as the percentiles that they are: "first decile"
is the 10th percentile, "top 20 percent" begins at the 80th."""

from __future__ import annotations

import re
from functools import cache

from chatbot.language.words import either, lists

_HUNDRED = 100
MEDIAN = "median"
"""What the percentile in the middle is called."""


def as_percentiles(text: str) -> str:
    """The text with every such quantity as a percentile in figures; other text is left as it is."""
    if not _any().search(text):
        return text
    text = _percentile().sub(_of_hundred, text)
    text = _division().sub(_of_division, text)
    return _share().sub(_of_share, text)


def number(words: str) -> int | None:
    """What a number stands for, in figures or in words, cardinal or ordinal: "80th", "eighty-fifth", "ten"."""
    if digits := re.match(r"\d+", words):
        return int(digits[0])
    said = lists().quantities
    parts = [said.numbers.get(part) for part in re.split(r"[\s-]+", words.lower())]
    known = [part for part in parts if part is not None]
    return sum(known) if known and len(known) == len(parts) else None


def _of_hundred(match: re.Match[str]) -> str:
    value = number(match["n"])
    return match[0] if value is None else _named(value)


def _of_division(match: re.Match[str]) -> str:
    """Of a quartile, decile, ...: where it begins or ends."""
    said = lists().quantities
    step = _HUNDRED // said.divisions[match["of"].lower()]
    which = match["n"].lower()
    if which in said.top:
        return _named(_HUNDRED - step)
    value = 1 if which in said.bottom else number(which)
    return _named(step * value) if value is not None and 0 < step * value < _HUNDRED else match[0]


def _of_share(match: re.Match[str]) -> str:
    """Of "the top 20 percent" or "the bottom third": where it begins or ends."""
    said = lists().quantities
    if match["part"]:
        share = round(_HUNDRED / said.parts[match["part"].lower()])
    else:
        value = number(match["n"])
        if value is None:
            return match[0]
        share = value
    return _named(_HUNDRED - share if match["side"].lower() in said.top else share)


def nth(value: int) -> str:
    """A number as it is said of a place in an order: ``3rd``."""
    teens = value % 100 in {11, 12, 13}
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _named(value: int) -> str:
    return MEDIAN if value == _HUNDRED // 2 else f"{nth(value)} percentile"


@cache
def _number() -> str:
    """A number in figures or in words."""
    word = either(sorted(lists().quantities.numbers, key=len, reverse=True))
    return rf"(?P<n>\d+(?:st|nd|rd|th)?|{word}(?:[ -]{word})?)"


@cache
def _any() -> re.Pattern[str]:
    said = lists().quantities
    words = [*said.divisions, *said.percents, *said.parts, "percentile"]
    return re.compile(rf"%|\b{either(words)}", re.I)


@cache
def _percentile() -> re.Pattern[str]:
    return re.compile(rf"\b{_number()}[ -]percentile", re.I)


@cache
def _division() -> re.Pattern[str]:
    said = lists().quantities
    which = either([*said.top, *said.bottom])
    return re.compile(
        rf"\b{_number()[:-1]}|{which})[ -](?:wage |pay )?(?P<of>{either(said.divisions)})s?\b", re.I
    )


@cache
def _share() -> re.Pattern[str]:
    said = lists().quantities
    side = either([*said.top, *said.bottom])
    return re.compile(
        rf"\b(?P<side>{side})[ -](?:(?:paid|earning) )?(?:{_number()} ?(?:%|{either(said.percents)}\b)"
        rf"|(?P<part>{either(said.parts)})(?= (?:of|pay|salar(?:y|ies)|wages?|earners?|for|in|among)\b|[?.!,]|$))",
        re.I,
    )
