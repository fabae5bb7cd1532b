"""Stage 5: what rules have against proposals. ``ORDER`` is the order in which they are asked;
docs/decisions.md lists them.

``SCOPE`` rules look at every entry that ranks; the first that objects drops it. ``SURENESS`` and ``SUBJECT`` rules
look at the best entry that is left, ``QUERY`` rules at the query of the one that leads, and ``NOTES`` at what it
tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot.flow import Force, Objection, Proposal
from chatbot.rules.base import Rule
from chatbot.rules.countries import WhichCountry
from chatbot.rules.notes import CountedIn, NotCounted, Old, OtherUnit, PartOfAPlace, TitleReadAs
from chatbot.rules.outside import (
    Beside,
    ByWhatElse,
    LeftOut,
    NoneOfThat,
    NotThemselves,
    NotThoseEmployed,
    OtherTime,
    PlaceInOrder,
    SomeOfThem,
    TextOfTheRest,
)
from chatbot.rules.periods import OtherYear
from chatbot.rules.places import Abroad, City, DoubtfulPlace, LoosePlace, NoPlaces, UnknownRegion
from chatbot.rules.scope import (
    FieldOfStudy,
    FiguresAsSuch,
    FiguresByEmployer,
    FiguresOfOtherData,
    FiguresOfSomethingElse,
    ListOfPlaces,
    OtherCountry,
    OtherOccupation,
    OtherValue,
    Strangers,
    StrayWords,
    UnheardOf,
    WholeAbroad,
)
from chatbot.rules.subject import NoSubject, OtherSubject
from chatbot.rules.sureness import (
    EndOfTheOrder,
    Garbled,
    NotCompared,
    OfTheWork,
    SomethingElseBesides,
    UnspokenFigure,
)
from chatbot.rules.titles import HalfOfAComparison, NamelessTitle, NoEntity, WhichTitle
from chatbot.rules.units import Amount, OtherCurrency, OtherPercentile
from chatbot.rules.words import BeyondTheData
from chatbot.scene import Scene

SCOPE: tuple[Rule, ...] = (
    FiguresByEmployer(),
    FiguresOfSomethingElse(),
    FiguresOfOtherData(),
    ListOfPlaces(),
    FieldOfStudy(),
    OtherOccupation(),
    OtherCountry(),
    OtherValue(),
    OtherSubject(),
    UnheardOf(),
    FiguresAsSuch(),
    WholeAbroad(),
    Strangers(),
    StrayWords(),
    TextOfTheRest(),
)
SURENESS: tuple[Rule, ...] = (
    Garbled(),
    OfTheWork(),
    NotCompared(),
    UnspokenFigure(),
    SomethingElseBesides(),
    EndOfTheOrder(),
)
SUBJECT: tuple[Rule, ...] = (NoSubject(),)
QUERY: tuple[Rule, ...] = (
    LeftOut(),
    NotThemselves(),
    Beside(),
    WhichCountry(),
    BeyondTheData(),
    NoPlaces(),
    LoosePlace(),
    Abroad(),
    City(),
    UnknownRegion(),
    NamelessTitle(),
    OtherPercentile(),
    OtherYear(),
    OtherTime(),
    NoneOfThat(),
    NotThoseEmployed(),
    ByWhatElse(),
    SomeOfThem(),
    PlaceInOrder(),
    Amount(),
    OtherCurrency(),
    DoubtfulPlace(),
    HalfOfAComparison(),
    WhichTitle(),
    NoEntity(),
)
NOTES: tuple[Rule, ...] = (OtherUnit(), PartOfAPlace(), CountedIn(), TitleReadAs(), NotCounted(), Old())
ORDER: tuple[Rule, ...] = (*SCOPE, *SURENESS, *SUBJECT, *QUERY, *NOTES)


def objections(rules: Sequence[Rule], proposal: Proposal, scene: Scene) -> Iterator[Objection]:
    """What each of the rules has against a proposal, in their order."""
    for rule in rules:
        if proposal.by in rule.applies_to and (objection := rule.check(proposal, scene)):
            yield objection


def first(rules: Sequence[Rule], proposal: Proposal, scene: Scene) -> Objection | None:
    """The first objection against a proposal."""
    return next(objections(rules, proposal, scene), None)


__all__ = ["NOTES", "ORDER", "QUERY", "SCOPE", "SUBJECT", "SURENESS", "Force", "Rule", "first", "objections"]
