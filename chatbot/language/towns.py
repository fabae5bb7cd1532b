"""Towns and counties of the US by name, with the states and the metropolitan areas that they are in;
resources/towns.tsv holds them. Many a town is called like a person, a thing, or another town: what one is taken for
depends on what stands beside it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from msgspec import Struct

from chatbot.language.forms import plural
from chatbot.language.words import english, lists
from chatbot.paths import data_file
from chatbot.policy import policy

FILE = "towns.tsv"
LONGEST = 5
"""No name has more words."""
SMALL, CITY = "small", "city"
MAIN, SEVERAL, ABROAD = "main", "several", "abroad"


class Town(Struct, frozen=True):
    """A name in a question: the words ``start`` to ``end`` (not included), how it is shown, its homes, each a state and
    the code of an area or "", the largest town first, and how it may be meant without its state: ``main`` (the first
    home), ``several`` or ``abroad``; ``size``: ``small`` where all are, ``city`` where one
    is a large city."""

    shown: str
    homes: tuple[tuple[str, str], ...]
    how: str
    size: str
    start: int = 0
    end: int = 0

    def within(self, states: Collection[str]) -> tuple[str, str] | None:
        """The first of its homes that is in one of some states."""
        return next((home for home in self.homes if home[0] in states), None)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    lines = data_file(FILE).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def town(name: str, start: int = 0, end: int = 0) -> Town | None:
    """The town of a name, in small letters without dots."""
    line = _names().get(name)
    if line is None:
        return None
    shown, homes, how = line.split("\t")
    first, _, size = how.partition(" ")
    pairs = (home.partition(":") for home in homes.split("|"))
    return Town(shown, tuple((state, area) for state, _, area in pairs), first, size, start, end)


def found(words: Sequence[str]) -> list[Town]:
    """The names among some words (in small letters, "" for those that are taken), the longest first, none overlapping."""
    names, out, i = _names(), [], 0
    plain = [word.replace(".", "") for word in words]
    while i < len(plain):
        for end in range(min(len(plain), i + LONGEST), i, -1):
            name = " ".join(plain[i:end])
            if "" not in plain[i:end] and name in names and name not in lists().asked.no_towns:
                out.append(town(name, i, end))
                i = end
                break
        else:
            i += 1
    return [one for one in out if one]


def is_meant(one: Town, words: Sequence[str], tokens: Sequence[str]) -> bool:
    """Whether a name is meant as the town, by what it is besides and where it stands: ``tokens`` are the words as typed."""
    before = words[one.start - 1] if one.start else ""
    placed = before in lists().asked.before_places
    typed = tokens[one.start]
    large = typed[:1].isupper() and not typed.isupper() and one.start > 0
    small = one.size == SMALL
    if one.end - one.start > 1:
        return placed or large or not small
    word = words[one.start]
    if one.size == CITY:
        return True
    if english().get(word, policy().words.no_town) < policy().words.no_town or _is_plain(word):
        return (placed or large) and typed[:1].isupper() and not small
    return placed or large or not small


def is_city(one: Town, words: Sequence[str]) -> bool:
    """Whether a name is meant as a large city where no occupation is named: it stands where a place stands."""
    before = words[one.start - 1] if one.start else ""
    return one.size == CITY and one.how == MAIN and before in lists().asked.before_places


def _is_plain(word: str) -> bool:
    """Whether a word of English is used otherwise, too: it has a plural, or is one."""
    return plural(word) in english() or (word.endswith("s") and word[:-1] in english())


def may_be(word: str) -> bool:
    """Whether a word as typed may be the name of a town: one that is large, or one with a capital."""
    one = town(word.lower())
    return one is not None and (one.size != SMALL or (word[:1].isupper() and not word.isupper()))
