"""Intents, as loaded."""

from __future__ import annotations

from dataclasses import dataclass

INTENT = "intent:"
"""Labels of intents start with this in the ranker; entries' are their ids."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A label of its own in the ranker: ``kind`` is smalltalk, refusal or unknown; ``act`` names what the bot
    does."""

    id: str
    kind: str
    reply: str
    act: str | None
    about: str | None
    examples: tuple[str, ...]
    other_role: bool = False
    neutral: bool = True
    beside: bool = False
    background: bool = False
    only_with: tuple[str, ...] = ()
    each_sentence: bool = False

    @property
    def label(self) -> str:
        """The ranker's name for it."""
        return INTENT + self.id
