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
    """The lookup that places the one amount of a question about one occupation; None where something else is asked of it,
    or much else is said."""
    facets, entry = reading.facets, library.placing
    if library.data is None or entry is None or len(facets.occupations) != 1 or facets.careers:
        return None
    if not facets.occupations[0].codes or asked_amount(reading.text) is None:
        return None
    beside = " ".join(word for word in reading.chart.without(Kind.TITLE, Kind.PLACE) if word)
    if _otherwise().search(beside):
        return None
    besides = not_counted(library, entry, reading)
    if len(besides) > (library.policy.amounts.besides if _placing().search(beside) else 0):
        return None
    return Proposal(By.LOOKUP, entry.id, entry=entry)


@cache
def _placing() -> re.Pattern[str]:
    return re.compile(rf"\b{either(lists().amounts.placing)}\b")


@cache
def _otherwise() -> re.Pattern[str]:
    return re.compile(rf"\b{either(lists().amounts.otherwise)}\b")
