"""Intents, as loaded."""

from __future__ import annotations

from collections.abc import Iterable
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
    posts: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The ranker's name for it."""
        return INTENT + self.id


def listened_for(intents: Iterable[Intent]) -> list[str]:
    """The labels of the intents that are heard by their posts, in order: what goes before comes first."""
    return [intent.label for intent in intents if intent.each_sentence and intent.posts]
