"""Names of entities: those without rows, those that may mean several, and comparisons of which one half is
not known."""

from __future__ import annotations

import re
from typing import ClassVar

from chatbot.datasets.query import TITLE, VAGUE
from chatbot.flow import Objection, Proposal
from chatbot.language.chart import Kind
from chatbot.language.words import lists
from chatbot.rules.asked import QUERIES, asked_of
from chatbot.rules.base import Rule
from chatbot.scene import Scene

_AGAINST = re.compile(
    r"\b(vs|versus|compared? (?:to|with)|(?:more|less|better|worse|higher|lower|faster|slower) than(?! [$£€]?\d))\b",
    re.I,
)
"""What is compared with a number is compared with nobody."""


class NamelessTitle(Rule):
    """A name without rows is not answered with another's."""

    id: ClassVar = "titles/nameless"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None:
            return None
        names, vague = (asked.query.lacking.get(kind, ()) for kind in (TITLE, VAGUE))
        if names:
            return self.decline(
                f"I have {'nothing' if asked.texts else 'no figures'} under the name {names[0]}."
            )
        return self.decline(f"I have nothing under the name {vague[0]}.") if vague else None


class HalfOfAComparison(Rule):
    """What is compared with something that is not known is not told alone."""

    id: ClassVar = "titles/half"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or scene.library.data is None or asked.query.choice or "whole" in asked.query.words:
            return None
        query = asked.query
        if query.operation in {"rank", "place"} or len(query.targets) != 1 or len(query.places) != 1:
            return None
        text, title = scene.reading.text, scene.library.data.title(query.targets[0].code, asked.dataset)
        if not _AGAINST.search(text) and not (query.operation == "compare" and " or " in text):
            return None
        if _of_figures(scene):
            return None
        if len(scene.facets.occupations) > 1:
            return self.decline(f"The figures count both in one group: {title}.")
        if not lists().subject.of_all.isdisjoint(scene.reading.words):
            return self.decline("I have no list of occupations above or below a figure.")
        return self.decline(f"I have only one of the two: {title}.")


def _of_figures(scene: Scene) -> bool:
    """Whether two figures are compared, and no entities: "average vs median pay"."""
    chart = scene.reading.chart
    figures = chart.under(Kind.FIGURE) | {
        i for i, word in enumerate(chart.words) if word in lists().figures.speaking
    }
    return any(
        {i - 1, i + 1} <= figures for i, word in enumerate(chart.words) if word in lists().facets.versus
    )


class WhichTitle(Rule):
    """A name that may mean several entities is asked back."""

    id: ClassVar = "titles/which"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        choice = asked.query.choice if asked else None
        return (
            self.ask(f"“{choice.called}” may mean several {asked.lookup.entity}s")
            if asked and choice
            else None
        )


class NoEntity(Rule):
    """A lookup that needs an entity tells nothing without one."""

    id: ClassVar = "titles/none"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or not asked.lookup.needs_occupation or asked.query.targets:
            return None
        return self.decline(f"I don't know which {asked.lookup.entity} you mean.")
