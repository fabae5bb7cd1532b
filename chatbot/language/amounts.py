"""Amounts of money in a question: "70k", "$25 an hour", "18-22/hr", "six figures", "1.2k a week"."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from chatbot.language.quantities import number
from chatbot.language.words import either, lists
from chatbot.policy import policy

_HUNDRED, _THOUSAND = 100, 1_000
_END = re.compile(r"\d+(?:\.\d+)?k|0{3}|\d{2,3}[05]00")


class Amount(Struct, frozen=True):
    """An amount, or a span of them from ``low`` to ``high``, for each unit of time ``per`` (year, hour, month, ...); where
    it stands in the text, and how it is written there."""

    low: float
    high: float
    per: str
    start: int
    end: int
    text: str
    guessed: bool = False
    """Whether only its size says that it is by the hour."""


def amounts(text: str) -> tuple[Amount, ...]:
    """The amounts of money in a text, in order. A number counts as one by a sign or word of money, by what makes it a
    thousand, by "an hour" or "a year" behind it, or where it has as many digits as a year's pay."""
    out = []
    for match in _amount().finditer(text):
        found = _read(match)
        if found:
            out.append(found)
    return tuple(out)


def ends_amount(word: str) -> bool:
    """Whether a word of a question is, or ends, an amount such as a year's pay: "60k", the "000" of "60,000"."""
    return bool(_END.fullmatch(word))


def asked_amount(text: str) -> Amount | None:
    """The one amount of a text, or the span of the two that it names; None where there is none, or more."""
    found = amounts(text)
    if len(found) == 2 and (not found[0].per or found[0].per == found[1].per):
        one, two = found
        low, high = sorted((one.low, two.low))[0], sorted((one.high, two.high))[1]
        return Amount(low, high, two.per, one.start, two.end, f"{one.text} to {two.text}")
    return found[0] if len(found) == 1 else None


def _read(match: re.Match[str]) -> Amount | None:
    numbers, said = policy().amounts, lists().amounts
    if re.match(rf"\s*{either(said.no_money)}\b", match.string[match.end() :], re.I):
        return None
    if match["figures"]:
        low = high = float(said.figures[match["figures"].lower()])
    else:
        thousand = bool(match["k1"] or match["k2"])
        low = _number(match["n1"], thousand)
        high = _number(match["n2"], thousand) if match["n2"] else low
        money = match["sign"] or match["money"] or re.search(r"\.\d\d$", match["n1"])
        large = low >= numbers.large and re.fullmatch(r"\d{2,3},\d{3}|\d{2,3}[05]00", match["n1"])
        if not (money or thousand or match["per"] or large) or match["n1"] in said.no_amounts:
            return None
        if match["per"] and not (money or thousand or large) and low < numbers.least:
            return None
    if low > high or high <= 0:
        return None
    per = next(
        (unit for unit, words in said.times.items() if re.fullmatch(words, _bare(match["per"]), re.I)), ""
    )
    said_per, per = (
        bool(per),
        per or ("year" if high >= numbers.yearly else "hour" if high <= numbers.hourly else ""),
    )
    guessed = per == "hour" and not said_per
    return Amount(low, high, per, match.start(), match.end(), match[0].strip(), guessed)


def _number(digits: str, thousand: bool) -> float:
    value = (
        float(said)
        if (said := number(digits)) and not digits[0].isdigit()
        else float(digits.replace(",", ""))
    )
    return value * _THOUSAND if thousand and value < _THOUSAND else value


def _bare(said: str | None) -> str:
    """A unit of time without what joins it: the "hour" of "per hour"."""
    return re.sub(rf"^(?:/|{either(lists().amounts.each)}\b)\s*", "", (said or "").strip(), flags=re.I)


@cache
def _amount() -> re.Pattern[str]:
    said = lists().amounts
    tens = either(
        word
        for word, value in lists().quantities.numbers.items()
        if 20 <= value < _HUNDRED and value % 10 == 0
    )
    ones = either(word for word, value in lists().quantities.numbers.items() if value < 10)
    figure = rf"\d{{1,3}}(?:,\d{{3}})+(?![\d,])|\d+(?:\.\d+)?|{tens}(?:[ -]{ones})?\b"
    thousand = rf"\s?(?:{either(said.thousands)})\b"
    times = either(said.times.values())
    per = rf"\s*(?:(?:/|{either(said.each)}\b)\s*{times}|{either(said.adverbs)})\b"
    return re.compile(
        rf"(?<![\w.,])(?:(?P<figures>{either(said.figures)})\b"
        rf"|(?P<sign>\$)?\s?(?P<n1>{figure})(?P<k1>{thousand})?(?:\s?(?:-|to|–)\s?\$?(?P<n2>{figure})(?P<k2>{thousand})?)?"
        rf"(?![\w%])(?P<money>\s?(?:{either(said.money)})\b)?)(?P<per>{per})?",
        re.I,
    )
