"""From the words of a question to the entities (occupations, fields of study) that they name: exactly, word
by word, as fast with 60,000 titles as with 600.

Titles are known by a hash of 64 bits of their words in a plain form, in sorted arrays: quick to keep, to map
into memory and to look up without holding a title as an object. Two titles of one hash would count as one;
among 60,000 there is one chance in ten thousand million.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from chatbot.language.amounts import ends_amount
from chatbot.language.forms import singular
from chatbot.language.leftout import function_words
from chatbot.language.normalise import simple_words
from chatbot.language.places import gazetteer
from chatbot.language.words import english, lists
from chatbot.policy import policy

LONGEST = 18
"""No title has more words than this."""
AMBIGUOUS, STAND_IN, ALTERNATE, GROUP = 1, 2, 4, 8
"""What is known of a title: it may mean several codes; it has no code of its own; it is not one that people
usually say; it names a group.

A title without any code is known to have no figures.
"""
ARRAYS = ("keys", "starts", "members", "marks", "firsts", "words")


class Sense(Struct, frozen=True):
    """What a title means in one classification: its codes, the likeliest first, and what is known of it
    there."""

    classification: str
    codes: tuple[str, ...]
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity named by the words ``start`` to ``end`` (not included); ``codes``: what it may mean, the
    likeliest first.

    ``senses``: the same by classification, where several are loaded; ``codes`` and ``mark`` are those of the
    first.
    """

    start: int
    end: int
    text: str
    codes: tuple[str, ...]
    mark: int = 0
    senses: tuple[Sense, ...] = ()

    @property
    def several(self) -> bool:
        """Whether it is known to mean several occupations."""
        return bool(self.mark & AMBIGUOUS)


class Titles(Struct, frozen=True):
    """Titles with their codes. ``arrays``: see ``ARRAYS``; ``codes`` are numbered by ``members``."""

    codes: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]]

    def find(
        self,
        words: Sequence[str],
        taken: Iterable[tuple[int, int]] = (),
        others: Collection[str] = (),
        own: bool = False,
    ) -> list[Mention]:
        """Occupations named in a question, in order, the longest first and not overlapping; ``words`` as
        ``simple_words`` gives them.

        ``taken``: stretches of words that stand for something else. ``others``: words that the packs use in
        another sense ("model"): they are titles only where other words speak of a job, and never where a
        pack's ``own`` occupation is named.
        """
        if not self.codes:
            return []
        forms = [plain(word) for word in words]
        free = np.ones(len(forms), bool)
        for start, end in taken:
            free[start:end] = False
        beginnings = [i for i in range(len(forms)) if free[i] and forms[i] not in lists().titles.joiners]
        known = self._known("firsts", [hashed((forms[i],)) for i in beginnings])
        spans: list[tuple[int, int]] = []
        hashes: list[int] = []
        for i, begins in zip(beginnings, known, strict=True):
            if begins < 0:
                continue
            parts: list[str] = []
            for j in range(i, min(i + LONGEST, len(forms))):
                if not free[j]:
                    break
                if forms[j] in lists().titles.joiners:
                    continue
                parts.append(forms[j])
                spans.append((i, j + 1))
                hashes.append(hashed(parts))
        rows = self._known("keys", hashes)
        best: dict[int, tuple[int, int]] = {}
        for (i, end), row in zip(spans, rows, strict=True):
            if row >= 0:
                best[i] = (end, int(row))
        out: list[Mention] = []
        until = 0
        for i in sorted(best):
            end, row = best[i]
            if i >= until and (mention := self._mention(words, i, end, row)):
                out.append(mention)
                until = end
        sure = [mention for mention in out if not self._doubtful(words, mention, others)]
        if own:
            return sure
        return [m for m in out if m in sure or (_at_work(words, m) and not (sure and m.mark & ALTERNATE))]

    def exactly(self, title: str) -> tuple[str, ...]:
        """The codes of a title, whatever its case and number; empty where there is none such."""
        (row,) = self._known("keys", [hashed(_key(simple_words(title)))])
        return self._codes(int(row)) if row >= 0 else ()

    def knows(self, word: str) -> bool:
        """Whether a word (small letters) stands in any title."""
        return bool(self.codes) and self._known("words", [hashed((plain(word),))])[0] >= 0

    def _mention(self, words: Sequence[str], start: int, end: int, row: int) -> Mention | None:
        return Mention(
            start, end, " ".join(words[start:end]), self._codes(row), int(self.arrays["marks"][row])
        )

    def _codes(self, row: int) -> tuple[str, ...]:
        starts = self.arrays["starts"]
        return tuple(self.codes[i] for i in self.arrays["members"][starts[row] : starts[row + 1]])

    def _doubtful(self, words: Sequence[str], mention: Mention, others: Collection[str]) -> bool:
        if mention.end - mention.start == 1 and (
            words[mention.start] in others or plain(words[mention.start]) in others
        ):
            return True
        return bool(mention.mark & ALTERNATE) and self._common(words, mention)

    @staticmethod
    def _common(words: Sequence[str], mention: Mention) -> bool:
        """Whether an alternate title is also a plain word of English."""
        word = words[mention.start]
        if mention.end - mention.start > 1 or word.endswith(lists().titles.professions):
            return False
        return (
            min(english().get(word, policy().words.rare), english().get(plain(word), policy().words.rare))
            < policy().words.rare
        )

    def _known(self, name: str, hashes: Sequence[int]) -> NDArray[np.int64]:
        """The row of each hash in a sorted array, or -1."""
        among = self.arrays[name]
        wanted = np.array(hashes, np.uint64)
        if not len(among) or not len(wanted):
            return np.full(len(wanted), -1, np.int64)
        rows = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
        return np.where(among[rows] == wanted, rows, -1)


def _at_work(words: Sequence[str], mention: Mention) -> bool:
    """Whether other words of the question speak of a job, or say nothing but a place: "teachers in Ohio"."""
    beside = {*words[: mention.start], *words[mention.end :]} - _words_of_places()
    speaks = not lists().titles.of_jobs.isdisjoint(words) or any(map(ends_amount, words))
    if (
        mention.start and words[mention.start - 1] in lists().facets.articles
    ):  # "an underwriter", but no "docker"
        beside -= lists().glance.words | lists().glance.wishing
    return speaks or beside <= lists().titles.beside


@cache
def _words_of_places() -> frozenset[str]:
    return frozenset(word for name in gazetteer().states for word in name.split())


def same_name(title: str) -> tuple[str, ...]:
    """What is equal of two titles that are the same name, whatever their case, number and small words."""
    return tuple(_key(simple_words(title)))


def made(listed: Iterable[tuple[str, Sequence[str], int]]) -> Titles:
    """An index of titles with their codes and marks. What a title means is said by the first that names it;
    alternates add up."""
    found: dict[int, tuple[list[str], int]] = {}
    firsts: set[int] = set()
    words: set[int] = set()
    for title, codes, mark in listed:
        key = _key(simple_words(title))
        if not key or len(key) > LONGEST or (mark & ALTERNATE and len(key) == 1 and _plain_english(key[0])):
            continue
        hash_ = hashed(key)
        known = found.get(hash_)
        if known is None:
            found[hash_] = (list(dict.fromkeys(codes)), mark)
            firsts.add(hashed(key[:1]))
            words |= {hashed((word,)) for word in key}
        elif mark & ALTERNATE and known[1] & ALTERNATE:
            known[0].extend(code for code in codes if code not in known[0])
    numbers = {
        code: i for i, code in enumerate(dict.fromkeys(code for codes, _ in found.values() for code in codes))
    }
    order = sorted(found)
    lengths = [len(found[key][0]) for key in order]
    arrays: dict[str, NDArray[Any]] = {
        "keys": np.array(order, np.uint64),
        "starts": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        "members": np.array([numbers[code] for key in order for code in found[key][0]], np.int32),
        "marks": np.array([found[key][1] for key in order], np.uint8),
        "firsts": np.array(sorted(firsts), np.uint64),
        "words": np.array(sorted(words), np.uint64),
    }
    return Titles(tuple(numbers), arrays)


def _plain_english(word: str) -> bool:
    """Whether a title of one word is hardly ever meant as one: "do", "cat", "sub"."""
    rank = english().get(word, policy().words.no_title)
    return (
        len(word) <= 2
        or word in function_words()
        or rank
        < (policy().words.no_agent if word.endswith(lists().titles.agents) else policy().words.no_title)
    )


def _key(words: Sequence[str]) -> list[str]:
    return [form for word in words if (form := plain(word)) not in lists().titles.joiners]


def hashed(words: Sequence[str]) -> int:
    """64 bits for some words in plain form."""
    return int.from_bytes(
        hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).digest(), "little"
    )


def plain(word: str) -> str:
    """A word (small letters) in the singular, without dots and apostrophes."""
    return singular(word.replace(".", "").replace("'", ""))


@dataclass(frozen=True)
class Finder:
    """Finds titles of several classifications; what several know is one mention with a sense each."""

    titles: Mapping[str, Titles]

    def find(
        self,
        words: Sequence[str],
        taken: Iterable[tuple[int, int]] = (),
        others: Collection[str] = (),
        own: bool = False,
    ) -> list[Mention]:
        """As ``Titles.find``: in order, the longest first and not overlapping."""
        if len(self.titles) == 1:
            (titles,) = self.titles.values()
            return titles.find(words, taken, others, own)
        taken = list(taken)
        spans: dict[tuple[int, int], list[Sense]] = {}
        for classification, titles in self.titles.items():
            for mention in titles.find(words, taken, others, own):
                spans.setdefault((mention.start, mention.end), []).append(
                    Sense(classification, mention.codes, mention.mark)
                )
        out: list[Mention] = []
        until = 0
        for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
            if start >= until:
                senses = tuple(spans[start, end])
                out.append(
                    Mention(start, end, " ".join(words[start:end]), senses[0].codes, senses[0].mark, senses)
                )
                until = end
        return out

    def exactly(self, title: str) -> tuple[str, ...]:
        """The codes of a title in the first classification that has it."""
        return next((codes for titles in self.titles.values() if (codes := titles.exactly(title))), ())

    def knows(self, word: str) -> bool:
        """Whether a word (small letters) stands in any title."""
        return any(titles.knows(word) for titles in self.titles.values())

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes that titles name."""
        return tuple(code for titles in self.titles.values() for code in titles.codes)
