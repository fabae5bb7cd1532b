"""Short lists of words and endings by which questions of figures are read (resources/asking.json)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from chatbot.paths import data_file


@dataclass(frozen=True, slots=True)
class Asking:
    """``numbers``: how many rows of a list. ``no_nouns``: endings of words before a title that make no other entity of it. ``doers``: endings of
    words behind a title that name somebody else. ``of_oneself``: words before a title that one says of oneself. ``no_places``: words behind
    "in" that are no places; ``before_places``: words such as "in".
    """

    numbers: dict[str, int]
    no_nouns: tuple[str, ...]
    doers: tuple[str, ...]
    of_oneself: frozenset[str]
    no_places: frozenset[str]
    before_places: frozenset[str]


@lru_cache(maxsize=1)
def asking() -> Asking:
    """The lists, read once."""
    told = json.loads(data_file("asking.json").read_text(encoding="utf-8"))
    return Asking(
        told["numbers"], tuple(told["no_nouns"]), tuple(told["doers"]), frozenset(told["of_oneself"]), frozenset(told["no_places"]),
        frozenset(told["before_places"]),
    )  # fmt: skip
