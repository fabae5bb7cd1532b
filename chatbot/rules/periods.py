"""Periods other than the data set's own."""

from __future__ import annotations

from typing import ClassVar

from chatbot.flow import Objection, Proposal
from chatbot.knowledge.expand import join
from chatbot.rules.asked import QUERIES, asked_of
from chatbot.rules.base import Rule
from chatbot.scene import Scene

_CENTURIES = frozenset({"19", "20"})


class OtherYear(Rule):
    """Another year is not answered with the data set's own."""

    id: ClassVar = "periods/year"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None:
            return None
        numbers = scene.reading.facets.numbers
        years = [n for n in numbers if len(n) == 4 and n[:2] in _CENTURIES and not asked.dataset.covers(n)]
        if not years:
            return None
        if not asked.dataset.period:
            return self.decline(f"I have no {asked.noun} by year, so none for {join(years)}.")
        return self.decline(f"I have {asked.noun} for {asked.dataset.period} only, none for {join(years)}.")
