"""An amount of money that is to be placed among what somebody is paid: "is 70k good for a dental hygienist in Florida"."""

from __future__ import annotations

import re
from functools import cache

from chatbot.flow import By, Proposal
from chatbot.language.amounts import asked_amount
from chatbot.language.chart import Kind
from chatbot.language.reading import Reading
from chatbot.language.words import either, lists
from chatbot.library import Library
from chatbot.signals import not_counted


def to_place(library: Library, reading: Reading) -> Proposal | None:
    """The lookup that places the amount of a question about one occupation; None where something else is asked of it, or
    much else is said."""
    named = reading.facets.occupations
    if len(named) != 1 or not named[0].codes or not _to_be_placed(library, reading):
        return None
    entry = library.placing
    return Proposal(By.LOOKUP, entry.id, entry=entry) if entry else None


def of_nobody(library: Library, reading: Reading) -> bool:
    """Whether an amount is to be placed, and nobody is named among whose pay."""
    facets = reading.facets
    named = (
        facets.occupations or facets.subjects or facets.fields or facets.get("organisation") or reading.scopes
    )
    return not named and _to_be_placed(library, reading)


def _to_be_placed(library: Library, reading: Reading) -> bool:
    numbers, facets, amount = library.policy.amounts, reading.facets, asked_amount(reading.text)
    if library.data is None or facets.careers or amount is None or library.placing is None:
        return False
    beside = " ".join(word for word in reading.chart.without(Kind.TITLE, Kind.PLACE) if word)
    if _otherwise().search(beside):
        return False
    asks = bool(_placing().search(beside))
    most = (numbers.besides if asks else numbers.unasked) if facets.occupations and not amount.guessed else 0
    return (asks or bool(facets.occupations)) and len(not_counted(library, library.placing, reading)) <= most


@cache
def _placing() -> re.Pattern[str]:
    return re.compile(rf"\b{either(lists().amounts.placing)}\b")


@cache
def _otherwise() -> re.Pattern[str]:
    return re.compile(rf"\b{either(lists().amounts.otherwise)}\b")
