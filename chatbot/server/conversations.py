"""Where conversations are kept between messages. An id is only ever stored as its SHA-256, and so is who owns
it."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
import zlib
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from chatbot.conversation import MAX_TURNS

MOST_BYTES = 256_000_000
"""What the conversations in memory may take; those used longest ago make room."""
MESSAGES = MAX_TURNS
"""So many messages of a conversation can be shown again: those that the bot remembers."""
NO_TURNS = b"[]"
"""The turns of a conversation are a list of them; where a career was chosen, ``Conversation.to_dict``'s object."""


@dataclass(frozen=True, slots=True)
class Turns:
    """What the bot remembers of a conversation, as JSON, and how often it was written."""

    data: bytes
    version: int


class Store(Protocol):
    """Keeps conversations, each for some time after its last use; raises ``UnavailableError`` where that
    can't be done just now.

    key: what ``digest`` gives of an id. owner: the same of a secret that only whoever made the conversation
    has, or None. A conversation without an owner is anyone's who knows the id; one with an owner is, for all
    others, not there.
    """

    async def create(self, key: bytes, owner: bytes | None, turns: bytes = NO_TURNS) -> None:
        """Begin a conversation; ``turns``: as it is at its start."""

    async def turns(self, key: bytes, owner: bytes | None) -> Turns | None:
        """What the bot remembers; None where there is no such conversation."""

    async def append(self, key: bytes, before: Turns, turns: bytes, message: bytes | None) -> bool:
        """Keep a message, as JSON, if there is one, and the turns with it; False where ``before`` is no longer
        what is kept."""

    async def messages(self, key: bytes, owner: bytes | None) -> list[bytes] | None:
        """The messages, each as JSON; None where there is no such conversation."""

    async def delete(self, key: bytes, owner: bytes | None) -> bool:
        """Forget a conversation; False where there is none."""

    async def count(self) -> int:
        """How many there are."""

    async def check(self) -> None:
        """Raise ``UnavailableError`` where the store does not answer."""

    async def close(self) -> None:
        """Let go of connections."""


def new_secret() -> str:
    """256 random bits, as 43 characters that need no quoting."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """SHA-256: who reads the store can't use what is in it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


@dataclass(slots=True)
class _Kept:
    owner: bytes | None
    used: float
    turns: bytes
    version: int = 0
    messages: deque[bytes] = field(default_factory=deque)

    @property
    def size(self) -> int:
        return 500 + len(self.turns) + sum(len(message) + 50 for message in self.messages)


class MemoryStore:
    """Conversations of one process, compressed; with more than ``cap``, those used longest ago go."""

    def __init__(
        self,
        cap: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._cap, self._seconds, self._clock, self._most_bytes = cap, seconds, clock, most_bytes
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()  # by last use
        self._bytes = 0
        self._lock = threading.Lock()

    async def create(self, key: bytes, owner: bytes | None, turns: bytes = NO_TURNS) -> None:
        """See ``Store``."""
        with self._lock:
            self._put(key, _Kept(owner, self._clock(), zlib.compress(turns)))

    async def turns(self, key: bytes, owner: bytes | None) -> Turns | None:
        """See ``Store``."""
        with self._lock:
            kept = self._use(key, owner)
            return Turns(zlib.decompress(kept.turns), kept.version) if kept else None

    async def append(self, key: bytes, before: Turns, turns: bytes, message: bytes | None) -> bool:
        """See ``Store``."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.version != before.version:
                return False
            self._take(key)
            kept.turns, kept.version, kept.used = zlib.compress(turns, 1), kept.version + 1, self._clock()
            if message is not None:
                kept.messages.append(zlib.compress(message, 1))
            while len(kept.messages) > MESSAGES:
                kept.messages.popleft()
            self._put(key, kept)
            return True

    async def messages(self, key: bytes, owner: bytes | None) -> list[bytes] | None:
        """See ``Store``."""
        with self._lock:
            kept = self._use(key, owner)
            return [zlib.decompress(message) for message in kept.messages] if kept else None

    async def delete(self, key: bytes, owner: bytes | None) -> bool:
        """See ``Store``."""
        with self._lock:
            return self._use(key, owner) is not None and self._take(key) is not None

    async def count(self) -> int:
        """See ``Store``."""
        with self._lock:
            self._expire()
            return len(self._kept)

    async def check(self) -> None:
        """See ``Store``."""

    async def close(self) -> None:
        """See ``Store``."""

    def _use(self, key: bytes, owner: bytes | None) -> _Kept | None:
        self._expire()
        kept = self._kept.get(key)
        if kept is None or (kept.owner is not None and kept.owner != owner):
            return None
        kept.used = self._clock()
        self._kept.move_to_end(key)
        return kept

    def _put(self, key: bytes, kept: _Kept) -> None:
        self._expire()
        self._kept[key] = kept
        self._bytes += kept.size
        while len(self._kept) > self._cap or (self._bytes > self._most_bytes and len(self._kept) > 1):
            self._take(next(iter(self._kept)))

    def _take(self, key: bytes) -> _Kept | None:
        kept = self._kept.pop(key, None)
        self._bytes -= kept.size if kept else 0
        return kept

    def _expire(self) -> None:
        until = self._clock() - self._seconds
        while self._kept and next(iter(self._kept.values())).used < until:
            self._take(next(iter(self._kept)))
