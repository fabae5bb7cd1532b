"""Phrases and what they stand for, found in a text by longest match."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chatbot.language.forms import singular

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A phrase found: its value, and the words ``start`` to ``end`` (not included) that it covers."""

    value: T
    start: int
    end: int


class Lexicon(Generic[T]):
    """A dictionary of phrases; a phrase is looked up word by word, the longest first."""

    def __init__(self, phrases: Iterable[tuple[str, T]] = ()) -> None:
        self._phrases: dict[tuple[str, ...], T] = {}
        self._longest: dict[
            str, int
        ] = {}  # by first word: most words fit no phrase and are passed over at once
        for phrase, value in phrases:
            self.add(phrase, value)

    def add(self, phrase: str, value: T) -> None:
        """Add a phrase; the first meaning of a phrase stays."""
        key = tuple(phrase.lower().replace("-", " ").replace("/", " ").split())
        if key:
            self._phrases.setdefault(key, value)
            if self._longest.get(key[0], 0) < len(key):
                self._longest[key[0]] = len(key)

    def __contains__(self, phrase: str) -> bool:
        return tuple(phrase.lower().split()) in self._phrases

    def may_find(self, forms: Collection[str]) -> bool:
        """Whether any phrase begins with one of these words (and their singulars); most texts hold none of
        most lexicons."""
        return not self._longest.keys().isdisjoint(forms)

    def find(self, words: list[str]) -> list[Match[T]]:
        """Matches in order, not overlapping; ``words`` are in small letters (``normalise.simple_words``)."""
        out: list[Match[T]] = []
        i = 0
        while i < len(words):
            longest = self._longest.get(words[i]) or self._longest.get(singular(words[i]), 0)
            for n in range(min(longest, len(words) - i), 0, -1):
                key = tuple(words[i : i + n])
                if key not in self._phrases:
                    key = (*key[:-1], singular(key[-1]))
                if key in self._phrases:
                    out.append(Match(self._phrases[key], i, i + n))
                    i += n
                    break
            else:
                i += 1
        return out
