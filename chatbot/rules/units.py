"""Amounts, currencies and percentiles that a data set does not have."""

from __future__ import annotations

import re
from typing import ClassVar

from chatbot.datasets.model import Measure
from chatbot.flow import Objection, Proposal
from chatbot.knowledge.expand import join
from chatbot.language.places import gazetteer
from chatbot.language.words import lists
from chatbot.rules.asked import QUERIES, asked_of
from chatbot.rules.base import Rule
from chatbot.scene import Scene

_AMOUNT = re.compile(
    r"\b(?:over|under|above|below|exceeding|(?:more|less|fewer) than|at least|at most|up to) (?:\$|£|€|¥|₹)? ?\d[\d,.]*",
    re.I,
)
_PERCENTILE = re.compile(r"\b(\d+)(?:st|nd|rd|th)? percentile", re.I)
_MEDIAN = 50


class OtherPercentile(Rule):
    """A percentile that is not published is not answered with another."""

    id: ClassVar = "units/percentile"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None:
            return None
        known = {f"{statistic.percentile:g}" for statistic in asked.measure.percentiles}
        numbers = [match[1] for match in _PERCENTILE.finditer(scene.reading.text)]
        usual = asked.dataset.usual
        known |= {f"{statistic.percentile:g}" for statistic in usual.measure.percentiles} if usual else set()
        if not numbers or set(numbers) <= known:
            return None
        listed = asked.measure.percentiles or (usual.measure.percentiles if usual else ())
        return self.decline(f"I have {_percentiles(listed) if listed else 'no percentiles here'}.")


def _percentiles(statistics: tuple[object, ...]) -> str:
    """Those that there are: ``the 10th, 25th, 50th (median) and 90th percentile only``."""
    listed = [
        f"{percentile:g}th{' (median)' if percentile == _MEDIAN else ''}"
        for percentile in _numbers(statistics)
    ]
    return f"the {join(listed)} percentile only"


def _numbers(statistics: tuple[object, ...]) -> list[float]:
    return [float(statistic.percentile) for statistic in statistics]  # type: ignore[attr-defined]


class Amount(Rule):
    """Nothing is told by an amount: who is above it or below is not known."""

    id: ClassVar = "units/amount"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if (
            asked is None
            or asked.lookup.kind in {"facts", "amount"}
            or not _AMOUNT.search(scene.reading.text)
        ):
            return None
        why = (
            ": the figures are percentiles, so there is no telling who is above it or below"
            if _by_percentiles(asked.measure)
            else ""
        )
        return self.decline(f"I have no answer by an amount{why}.")


def _by_percentiles(measure: Measure) -> bool:
    return bool(measure.percentiles) or measure.counts


class OtherCurrency(Rule):
    """Another currency is not worked out."""

    id: ClassVar = "units/currency"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None:
            return None
        typed = {code for sign, code in lists().asked.signs.items() if sign in scene.reading.typed}
        typed |= {word.upper() for word in scene.reading.words if gazetteer().is_currency(word)}
        others = (typed | set(scene.reading.facets.places.currencies)) - asked.dataset.currencies
        if not others:
            return None
        money = next((m.units[0].money for m in asked.dataset.measures.values() if m.money), "")
        return self.decline(
            f"I have {f'figures in {money} only, and no exchange rate' if money else 'no amounts of money here'}."
        )
