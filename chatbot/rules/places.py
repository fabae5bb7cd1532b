"""Places without rows: what a question names and a data set lacks is never answered with the country's."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from chatbot.datasets.where import ABROAD, CITY, DOUBTFUL, LOOSE, REGION, UNPLACED
from chatbot.flow import Objection, Proposal
from chatbot.knowledge.expand import join
from chatbot.language.places import gazetteer
from chatbot.rules.asked import QUERIES, Asked, asked_of
from chatbot.rules.base import Rule
from chatbot.scene import Scene


class _Lacking(Rule):
    """A kind of places that a query names and its data set lacks."""

    kind: ClassVar[str]
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        names = asked.query.lacking.get(self.kind) if asked else None
        return self.decline(f"I have {self.because(asked, join(list(names)))}.") if asked and names else None

    @abstractmethod
    def because(self, asked: Asked, names: str) -> str:
        """What there is instead."""


class NoPlaces(_Lacking):
    """Rows that are of no place say nothing of one."""

    id: ClassVar = "places/none"
    kind: ClassVar = UNPLACED

    def because(self, asked: Asked, names: str) -> str:
        return f"no {asked.noun} by place, so none for {names}"


class LoosePlace(_Lacking):
    """A word that stands where a place stands, and that no way of asking holds, names nothing that there are
    rows of."""

    id: ClassVar = "places/loose"
    kind: ClassVar = LOOSE

    def because(self, asked: Asked, names: str) -> str:
        return f"no {asked.noun} for {names}, only for {asked.levels}"


class City(_Lacking):
    """A city that is in no place with rows has none."""

    id: ClassVar = "places/city"
    kind: ClassVar = CITY

    def because(self, asked: Asked, names: str) -> str:
        return f"no {asked.noun} for {names}, only for {asked.levels}"


class DoubtfulPlace(Rule):
    """A name that towns of several states have, none of them much larger than the others, is asked back."""

    id: ClassVar = "places/doubtful"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or (
            asked.lookup.needs_occupation and not (asked.query.targets or asked.query.choice)
        ):
            return None
        named = asked.query.lacking.get(DOUBTFUL)
        return self.ask(f"“{named[0]}” may be in several states") if named else None


class Abroad(_Lacking):
    """Another country is not answered with the data set's own."""

    id: ClassVar = "places/abroad"
    kind: ClassVar = ABROAD

    def because(self, asked: Asked, names: str) -> str:
        return f"{asked.noun} for {join([gazetteer().shown(home) for home in asked.homes])} only, none for {names}"


class UnknownRegion(_Lacking):
    """A part of the country without rows is not answered with the whole."""

    id: ClassVar = "places/region"
    kind: ClassVar = REGION

    def because(self, asked: Asked, names: str) -> str:
        if asked.regional:
            return f"no {asked.noun} for {names}"
        return f"{asked.noun} for {asked.dataset.shown(asked.dataset.home)} as a whole only, none for {names}"
