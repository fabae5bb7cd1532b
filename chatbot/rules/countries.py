"""Figures of several countries."""

from __future__ import annotations

from typing import ClassVar

from chatbot.flow import Objection, Proposal
from chatbot.rules.asked import QUERIES
from chatbot.rules.base import Rule
from chatbot.scene import Scene


class WhichCountry(Rule):
    """Where the data sets of several countries may be meant, and nothing tells them apart, the country is
    asked for."""

    id: ClassVar = "places/which-country"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        return self.ask("figures of several countries") if proposal.rivals else None
