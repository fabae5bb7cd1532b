"""What a rule may look at: the library of all that is known, and the reading of the question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chatbot.datasets.store import Datasets
    from chatbot.intents.model import Intent
    from chatbot.language.reading import Reading


class Library(Protocol):
    """What is known and how it is asked for."""

    @property
    def data(self) -> Datasets | None: ...
    @property
    def intents(self) -> Mapping[str, Intent]: ...
    @property
    def usual(self) -> Collection[str]: ...
    @property
    def harmless(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """A reading of a question in front of the library."""

    library: Library
    reading: Reading
