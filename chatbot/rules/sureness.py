"""How sure an answer must be where the question gives reason to doubt."""

from __future__ import annotations

from typing import ClassVar

from chatbot.flow import By, Objection, Proposal
from chatbot.language.words import lists
from chatbot.rules.base import Rule
from chatbot.scene import Scene
from chatbot.signals import asks_of_the_work, not_counted, only_names, speaks_of_else, speaks_of_figures

_ORDERS = {"lowest", "highest", "low", "high", "whole", "places"}
"""Names of words (in pack.yaml) that ask for a ranking, or for all occupations."""
_ENTRIES = frozenset({By.ENTRY, By.TABLE, By.LOOKUP})


_ENDS = {"lowest": {"lowest", "low", "highest"}, "highest": {"highest", "high", "lowest", "money"}}
"""Names of words that ask for a ranking; which end is told is what they say."""


class Garbled(Rule):
    """Where most of the words had to be put right, nobody may have meant any of them."""

    id: ClassVar = "sureness/garbled"
    applies_to: ClassVar = _ENTRIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        numbers = scene.library.policy.reading
        words = scene.reading.typed.split()
        if len(scene.reading.corrections) <= numbers.garbled * len(words):
            return None
        return self.require(numbers.garbled_sure, "most of the words had to be put right")


class OfTheWork(Rule):
    """What an occupation does, or is like, is not answered with a figure, however near the question is to one
    of pay."""

    id: ClassVar = "sureness/of-the-work"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        if not _figure_unspoken_of(proposal, scene) or not asks_of_the_work(scene.reading):
            return None
        return self.require(float("inf"), "the work is asked about, not a figure")


class NotCompared(Rule):
    """Two occupations that a question names without asking for figures, and without comparing them, are not
    compared."""

    id: ClassVar = "sureness/not-compared"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        lookup = proposal.entry.lookup if proposal.entry else None
        words = scene.reading.words
        if lookup is None or not lookup.of_two or speaks_of_figures(scene.library, scene.reading):
            return None
        if scene.facets.comparison or not lists().facets.side_by_side.isdisjoint(words):
            return None
        return self.require(float("inf"), "the two are not compared")


class UnspokenFigure(Rule):
    """A question that does not speak of pay or numbers is answered with a figure only where that is as good
    as sure."""

    id: ClassVar = "sureness/unspoken-figure"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        if not _figure_unspoken_of(proposal, scene):
            return None
        numbers, reading, entry = scene.library.policy.figures, scene.reading, proposal.entry
        if entry is not None and speaks_of_else(scene.library, entry, reading):
            return self.require(
                numbers.unspoken_else, "the question does not speak of figures, but of something else"
            )
        if proposal.score >= numbers.own_words:
            return None
        bare = reading.chart.loose() <= lists().titles.beside
        least = numbers.unspoken_bare if bare else numbers.unspoken
        return self.require(least, "the question does not speak of figures")


class SomethingElseBesides(Rule):
    """What is told of an occupation besides the main figures must be rather sure, and as good as sure where the question
    says something else besides; a mere name asks for none of it."""

    id: ClassVar = "sureness/something-else"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        entry, data, numbers = proposal.entry, scene.library.data, scene.library.policy.figures
        if entry is None or entry.lookup is None or data is None:
            return None
        if entry.lookup.kind != "facts" and data.of(entry) is data.main:
            return None
        left = not_counted(scene.library, entry, scene.reading)
        bare = only_names(scene.reading)
        if not left and not bare and proposal.score >= numbers.text_clear:
            return None
        least = numbers.text_loose if left else numbers.text_least
        if len(left) > numbers.text_stray:
            least = numbers.text_far
        if proposal.score < numbers.text_score or bare:
            least = float("inf")
        because = "the question says something else besides" if left else "nothing is near enough"
        return self.require(least, "the question only names somebody" if bare else because)


class EndOfTheOrder(Rule):
    """A ranking is told only where the question says from which end, or it is as good as sure."""

    id: ClassVar = "sureness/end-of-the-order"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        lookup = proposal.entry.lookup if proposal.entry else None
        if lookup is None or lookup.kind != "ranking":
            return None
        said = _ENDS[lookup.order] | ({"count"} if lookup.by else set())
        if not said.isdisjoint(scene.reading.chart.names()):
            return None
        return self.require(
            scene.library.policy.figures.unspoken, f"the question does not ask for the {lookup.order}"
        )


def _figure_unspoken_of(proposal: Proposal, scene: Scene) -> bool:
    lookup = proposal.entry.lookup if proposal.entry else None
    if lookup is None or lookup.kind == "facts" or scene.library.data is None or proposal.entry is None:
        return False
    dataset = scene.library.data.of(proposal.entry)
    if dataset is not scene.library.data.main or speaks_of_figures(scene.library, scene.reading, dataset):
        return False
    names = scene.reading.chart.names()
    if lookup.across == "places" and not names.isdisjoint(lookup.only_with) and names & _ENDS[lookup.order]:
        return False  # a list of places is asked for, and its end
    return lookup.needs_occupation or _ORDERS.isdisjoint(names)
