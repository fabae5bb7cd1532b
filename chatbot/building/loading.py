"""Where a bot's knowledge comes from, at its start and at every reload: from folders, or from a database that
it was pushed into."""

from __future__ import annotations

import copy
import logging
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chatbot.building.prepare import Prepared
from chatbot.building.snapshot import Asked, fetch
from chatbot.encoders.encoder import Encoder
from chatbot.encoders.vectors import Progress, short
from chatbot.errors import ChatbotError
from chatbot.retrieval.approximate import index_for
from chatbot.retrieval.index import Index
from chatbot.retrieval.remote import CandidateSource

if TYPE_CHECKING:
    from chatbot.building.postgres.index import PostgresIndex
    from chatbot.building.postgres.source import Source

log = logging.getLogger(__name__)
Loaded = tuple[Prepared, Index | CandidateSource | None]


class Loader(Protocol):
    """Gives the state that knowledge is in."""

    def load(self, progress: Progress | None, known: Prepared | None) -> Loaded | None:
        """What an engine is made of; None where nothing has changed. ``known``: of an earlier call, to take
        over what is the same."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


class FromFolders:
    """YAML files, with what was prepared kept in ``cache``; ``index``: the caller's own, or None."""

    def __init__(self, asked: Asked, encoder: Encoder, cache: Path | None, index: Index | None) -> None:
        self._asked, self._encoder, self._cache = asked, encoder, cache
        self._given, self._untouched = index, _copied(index)  # as it is before anything is put into it

    def load(self, progress: Progress | None, known: Prepared | None) -> Loaded | None:
        """Raises ``KnowledgeError`` with every finding."""
        prepared = fetch(self._asked, self._encoder, self._cache, progress, known)
        given, self._given = self._given, None
        own = given if given is not None else _copied(self._untouched)
        return prepared, own if own is not None else index_for(len(prepared.vectors), self._neighbours())

    def _neighbours(self) -> Path | None:
        """Where a graph of neighbours is kept for this knowledge and this encoder."""
        fingerprint = getattr(self._encoder, "fingerprint", None)
        return (
            self._cache / f"neighbours-{self._asked.name}-{short(fingerprint)}.bin"
            if self._cache and fingerprint
            else None
        )

    def close(self) -> None:
        """Nothing is open."""


class FromDatabase:
    """What was pushed; when it is replaced, ``reload`` is called beside the questions that are being
    answered."""

    def __init__(self, index: PostgresIndex, encoder: Encoder, reload: Callable[[], None]) -> None:
        self._index, self._encoder = index, encoder
        self._reload = weakref.WeakMethod(reload)  # a bot that nobody uses must not live on for its index
        self._source: Source | None = None

    def load(self, progress: Progress | None, known: Prepared | None) -> Loaded | None:
        """Raises ``IndexUnavailableError`` where the database does not answer."""
        found = self._index.load(getattr(self._encoder, "fingerprint", None), self._source if known else None)
        if found is None:
            return None
        prepared, source = found
        source.on_newer = self._renew
        self._source = source
        return prepared, source

    def close(self) -> None:
        """Close the connections."""
        self._index.close()

    def _renew(self) -> None:
        threading.Thread(target=self._renewed, name="loading newer knowledge", daemon=True).start()

    def _renewed(self) -> None:
        source, reload = self._source, self._reload()
        try:
            if reload:
                reload()
        except ChatbotError as error:
            log.warning("newer knowledge can't be loaded: %s", error)
        finally:
            if source and source is self._source:
                source.look_again()


def _copied(index: Index | None) -> Index | None:
    """An index with nothing in common with the one given, as far as it can be copied so: what one is built of
    must not get into the other."""
    try:
        return copy.deepcopy(index)
    except Exception:  # it holds what has no copy, such as a lock or a handle
        return copy.copy(index)
