"""Typing errors put right, without harming words that are right.

A word is only touched when it is no English word and not in the knowledge's vocabulary; it is then replaced
by the nearest word of the vocabulary, or else of common English, by optimal string alignment (insertions,
deletions, substitutions and swaps of neighbours). Words come from resources/words.txt, which stands in order
of frequency.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rapidfuzz import process

from chatbot.language.forms import is_english
from chatbot.language.normalise import simple_words
from chatbot.language.words import english
from chatbot.policy import SpellingNumbers, policy


def counted(texts: Iterable[str]) -> dict[str, int]:
    """The words of some texts and how often they stand there."""
    return dict(Counter(word for text in texts for word in simple_words(text) if word.isalpha()))


class Suggestions(NamedTuple):
    """Words that a misspelt one may be, likeliest first: those that it probably is, and ``every`` one that is near,
    where what stands beside it speaks for it."""

    likely: tuple[str, ...] = ()
    every: tuple[str, ...] = ()


class Speller:
    """Corrects words towards a vocabulary, words with their counts; safe to share between threads."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        least = policy().spelling.least
        self._vocabulary = {word: count for word, count in counts.items() if len(word) >= least}
        self._short = {word for word in counts if len(word) < least}
        self._by_length: dict[int, tuple[list[str], list[str]]] = {}

    def knows(self, word: str) -> bool:
        """Whether a word (small letters) is of the vocabulary or English."""
        return word in self._vocabulary or word in self._short or is_english(word)

    def _right(self, word: str) -> bool:
        """Whether a word stands as it is: a rare word, or one that only its ending explains, gives way to a
        frequent neighbour."""
        rare = policy().words.rare
        if word in self._vocabulary or word in self._short or english().get(word, rare) < rare:
            return True
        if not self.knows(word):
            return False
        from rapidfuzz.distance import OSA  # for what may be misspelt, and not before

        own, _ = self._candidates(len(word))
        near = process.extract(
            word, own, scorer=OSA.distance, score_cutoff=1, limit=policy().spelling.neighbours
        )
        return not any(
            self._vocabulary[candidate] >= policy().spelling.frequent
            for candidate, _, _ in near
            if candidate[0] == word[0]
        )

    def correct(self, word: str) -> tuple[str, ...]:
        """The words that were probably meant, likeliest first; none where the word is right or nothing is
        near. Small letters."""
        return self.suggest(word).likely

    def suggest(self, word: str) -> Suggestions:
        """The words that may have been meant; none where the word is right or nothing is near. Small letters.

        A word's cost is its distance, less for words that the knowledge uses often, more for rare English
        ones.
        """
        if (
            len(word) < policy().spelling.least
            or not word.isascii()
            or not word.isalpha()
            or self._right(word)
        ):
            return Suggestions()
        numbers = policy().spelling
        costs = self._costs(word)
        best = sorted(costs, key=lambda candidate: (costs[candidate], candidate))
        likely = sum(
            costs[candidate] <= costs[best[0]] + numbers.nearly for candidate in best[: numbers.kept]
        )
        return Suggestions(tuple(best[:likely]), tuple(best))

    def _costs(self, word: str) -> dict[str, float]:
        """The words near a misspelt one, with what each costs."""
        from rapidfuzz.distance import OSA

        numbers = policy().spelling
        limit = _limit(len(word), numbers)
        own, common = self._candidates(len(word))
        costs: dict[str, float] = {}
        for foreign, choices in ((False, own), (True, common)):
            for candidate, distance, _ in process.extract(
                word, choices, scorer=OSA.distance, score_cutoff=limit, limit=numbers.looked_at
            ):
                cost = distance + numbers.foreign * foreign + numbers.other_start * (candidate[0] != word[0])
                cost -= numbers.used * math.log(1 + self._vocabulary.get(candidate, 0))
                cost += numbers.rarity * math.log(1 + english().get(candidate, len(english())))
                costs[candidate] = min(cost, costs.get(candidate, cost))
        return costs

    def _candidates(self, length: int) -> tuple[list[str], list[str]]:
        if length not in self._by_length:
            limit, commonest = _limit(length, policy().spelling), policy().words.correction
            near = range(length - limit, length + limit + 1)
            own = [word for word in self._vocabulary if len(word) in near]
            common = [word for word, rank in english().items() if rank < commonest and len(word) in near]
            self._by_length[length] = (own, common)
        return self._by_length[length]


def _limit(length: int, numbers: SpellingNumbers) -> int:
    """How many edits a word of this length may be away from what was meant."""
    return 1 if length <= numbers.short else 2 if length <= numbers.long else 3
