"""Ids made from titles and questions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from chatbot.authoring.scaffold import id_of

LONGEST = 60
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def is_id(text: str) -> bool:
    """Whether it is lower-case letters and digits in words joined by hyphens; so it is no path either."""
    return _ID.fullmatch(text) is not None


def made_id(text: str, fallback: str) -> str:
    """An id of at most ``LONGEST`` characters made of the words of a text.

    Where most of it is not Latin, a digest of the whole text stands in for what is lost:
    ``fallback-1f2e3d4c``; the same text always gives the same id.
    """
    words = id_of(text.replace("'", "").replace("’", ""))
    letters = sum(c.isalnum() for c in text)
    if len(words.replace("-", "")) * 2 < letters or not words:
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
        return f"{_cut(words, LONGEST - 9) or fallback}-{digest}"
    return _cut(words, LONGEST)


class FreeIds:
    """Gives each wanted id out once, afterwards with the first number that makes it one of its own."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)
        self._next: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """The id itself, or ``wanted-2``, ``wanted-3``, ...; never one that is taken."""
        name, number = wanted, self._next.get(wanted, 2)
        while name in self.taken:
            name = f"{_cut(wanted, LONGEST - 6)}-{number}"
            number += 1
        self._next[wanted] = number
        self.taken.add(name)
        return name


def _cut(words: str, most: int) -> str:
    """At most so many characters, cut between words where there are several."""
    if len(words) <= most:
        return words
    head = words[: most + 1].rpartition("-")[0]
    return (head or words[:most]).rstrip("-")
