"""What stands in the way of a query on the packs' data."""

from __future__ import annotations

from typing import ClassVar

from chatbot.flow import By, Objection, Proposal
from chatbot.intents.model import INTENT
from chatbot.rules.base import Rule
from chatbot.scene import Scene

_QUERIES = frozenset({By.LOOKUP, By.STAND_IN})


class BeyondTheFigures(Rule):
    """What the data do not hold is told by the intent that the pack names for its words."""

    id: ClassVar = "figures/beyond"
    applies_to: ClassVar = _QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        query = proposal.query
        if query is None or not query.beyond or f"{INTENT}{query.beyond}" not in scene.library.intents:
            return None
        return self.decline("", intent=query.beyond)


class NoSuchFigure(Rule):
    """A place, a period, a unit or a name without figures is never answered with its neighbour's."""

    id: ClassVar = "figures/none"
    applies_to: ClassVar = _QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        return self.decline(f"I have {proposal.query.trouble}.") if proposal.query and proposal.query.trouble else None


class WhichTitle(Rule):
    """A name that may mean several occupations is asked back."""

    id: ClassVar = "figures/which-title"
    applies_to: ClassVar = _QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        choice = proposal.query.choice if proposal.query else None
        return self.ask(f"“{choice.called}” may mean several occupations") if choice else None


class NoOccupation(Rule):
    """A lookup that needs an occupation tells nothing without one."""

    id: ClassVar = "figures/no-occupation"
    applies_to: ClassVar = _QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        lookup = proposal.entry.lookup if proposal.entry else None
        if lookup and lookup.needs_occupation and proposal.query and not proposal.query.targets:
            return self.decline("I don't know which occupation you mean.")
        return None
