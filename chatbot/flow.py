"""What travels along the way of a question: each type is filled by one stage and read by the next.

    Message -> Reading -> Ranking -> Proposal -> Objection -> Decision -> Reply

Nothing here decides anything, and nothing here is imported from the stages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.intents.model import Intent
    from chatbot.knowledge.model import Entry


@dataclass(frozen=True, slots=True)
class Target:
    """One entity that is asked about: the code whose row tells it, what it was called, and what has to be said of that."""

    code: str
    called: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A name that may mean several codes; ``doubtful``: the name as a whole is none, only a part of it is."""

    called: str
    codes: tuple[str, ...]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of one data set.

    ``where``: the values of each dimension, by its name ({"place": ("TX",)}). ``words``: the names of the figure words that were said.
    ``choice``: where it is not clear who is meant. ``group``: the code within which rows are put in order. ``unit``: the unit told first.
    ``lacking``: what the question names and the data set does not have, by its kind.
    """

    dataset: str
    operation: str
    measure: str
    statistic: str
    targets: tuple[Target, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    group: str | None = None
    choice: Choice | None = None
    limit: int | None = None
    unit: str | None = None
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def places(self) -> tuple[str, ...]:
        """The values of the dimension of places."""
        return self.where.get("place", ())


class Force(StrEnum):
    """What an objection does to a proposal."""

    VETO = "veto"
    """The proposal is dropped; another may stand in."""
    DECLINE = "decline"
    """The question is understood, and the honest word on it is that this is not known."""
    ASK = "ask"
    """It has to be asked back which of a few is meant."""
    REQUIRE = "require"
    """The proposal must be surer than the policy wants otherwise."""
    NOTE = "note"
    """Something has to be said beside the answer."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What a rule has against a proposal.

    ``rule``: its id. ``because``: in words that a person reads, as the rest of "I have ...". ``at_least``: of ``REQUIRE``, the probability, 0 to 1.
    ``intent``: the id of an intent whose reply says it better.
    """

    rule: str
    force: Force
    because: str = ""
    at_least: float | None = None
    intent: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One possible reply: an entry, a query on a data set, an intent, or a question back.

    ``by``: the answerer. ``label``: the entry's id, or the intent's label. ``score``: the ranker's. ``probability``: calibrated, 0 to 1. ``needs``: the
    name in the policy of the probability that it must reach.
    """

    by: str
    label: str
    score: float = 0.0
    probability: float = 0.0
    needs: str = "answer"
    entry: Entry | None = None
    intent: Intent | None = None
    query: Query | None = None
