"""What stands in the way of a query on a data set: ``QUERY_RULES`` in the order in which they are asked; the first that objects is told."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.flow import Objection, Proposal
from chatbot.rules.base import Rule
from chatbot.rules.periods import OtherYear
from chatbot.rules.places import Abroad, City, LoosePlace, NoPlaces, UnknownRegion
from chatbot.rules.titles import HalfOfAComparison, NamelessTitle, NoEntity, WhichTitle
from chatbot.rules.units import Amount, OtherCurrency, OtherPercentile
from chatbot.rules.words import BeyondTheData
from chatbot.scene import Scene

QUERY_RULES: tuple[Rule, ...] = (
    BeyondTheData(),
    NoPlaces(),
    LoosePlace(),
    Abroad(),
    City(),
    UnknownRegion(),
    NamelessTitle(),
    OtherPercentile(),
    OtherYear(),
    Amount(),
    OtherCurrency(),
    HalfOfAComparison(),
    WhichTitle(),
    NoEntity(),
)


def objections(proposal: Proposal, scene: Scene) -> Iterator[Objection]:
    """What the rules have against a query, in their order."""
    return (objection for rule in QUERY_RULES if (objection := rule.check(proposal, scene)))


def first_objection(proposal: Proposal, scene: Scene) -> Objection | None:
    """The first objection against a query."""
    return next(objections(proposal, scene), None)
