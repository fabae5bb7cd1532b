"""What a rule is: one reason not to answer, or not without a word; it looks at one proposal and says what it
has against it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from chatbot.flow import Force, Objection

if TYPE_CHECKING:
    from chatbot.flow import Proposal
    from chatbot.scene import Scene


class Rule(ABC):
    """One rule. Its docstring becomes its line in docs/decisions.md; ``tests/rules/`` holds its cases: what
    makes it fire, what leaves it silent.

    ``id``: folder/name, as it stands in the trail. ``applies_to``: the answerers (``Proposal.by``) whose
    proposals it looks at.
    """

    id: ClassVar[str]
    applies_to: ClassVar[frozenset[str]]

    @abstractmethod
    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        """What the rule has against the proposal, or None. It changes nothing and needs no encoder."""

    def veto(self, because: str, quiet: bool = False) -> Objection:
        """The proposal is dropped; ``quiet``: another reason is told where there is one."""
        return Objection(self.id, Force.VETO, because, quiet=quiet)

    def decline(self, because: str, intent: str | None = None) -> Objection:
        """What is asked is not known here."""
        return Objection(self.id, Force.DECLINE, because, intent=intent)

    def ask(self, because: str = "") -> Objection:
        """It is asked back which is meant."""
        return Objection(self.id, Force.ASK, because)

    def require(self, at_least: float, because: str = "") -> Objection:
        """The answer must be as sure as this."""
        return Objection(self.id, Force.REQUIRE, because, at_least)

    def note(self, text: str, after: bool = False) -> Objection:
        """A sentence that the answer needs, before it or after it."""
        return Objection(self.id, Force.NOTE, text, after=after)
