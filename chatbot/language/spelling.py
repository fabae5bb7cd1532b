"""Typing errors put right, without harming words that are right.

A word is only touched when it is no English word and not in the knowledge's vocabulary; it is then replaced by the nearest word
of the vocabulary, or else of common English, by optimal string alignment (insertions, deletions, substitutions and swaps of
neighbours). Words come from resources/words.txt, which stands in order of frequency.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process

from chatbot.language.normalise import simple_words
from chatbot.paths import data_file

COMMON = 12_000
"""So many of the commonest English words may replace a misspelt one; words beyond are only left alone."""


RARE = 40_000
"""From this rank on an English word is more likely a misspelt one, where the knowledge has a neighbour ..."""
FREQUENT = 8
"""... that it uses so often."""
FOREIGN = 0.6
"""What a word outside the knowledge's vocabulary costs beside one in it, in edits."""
OTHER_START = 0.4
"""What another first letter costs: people seldom miss the first."""
NEARLY = 0.6
"""Candidates so little worse than the best are kept as other readings."""


@lru_cache(maxsize=1)
def english() -> dict[str, int]:
    """English words and their rank by frequency, from 0."""
    words = data_file("words.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return dict(zip(words, range(len(words)), strict=True))


def counted(texts: Iterable[str]) -> dict[str, int]:
    """The words of some texts and how often they stand there."""
    return dict(Counter(word for text in texts for word in simple_words(text) if word.isalpha()))


class Speller:
    """Corrects words towards a vocabulary, words with their counts; safe to share between threads."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._vocabulary = {word: count for word, count in counts.items() if len(word) > 2}
        self._short = {word for word in counts if len(word) <= 2}
        self._by_length: dict[int, tuple[list[str], list[str]]] = {}

    def knows(self, word: str) -> bool:
        """Whether a word (small letters) is of the vocabulary or English."""
        return word in self._vocabulary or word in self._short or word in english() or _inflected(word)

    def _right(self, word: str) -> bool:
        """Whether a word stands as it is: a rare word, or one that only its ending explains, gives way to a frequent neighbour."""
        if word in self._vocabulary or word in self._short or english().get(word, RARE) < RARE:
            return True
        if not self.knows(word):
            return False
        from rapidfuzz.distance import OSA  # for what may be misspelt, and not before

        own, _ = self._candidates(len(word))
        near = process.extract(word, own, scorer=OSA.distance, score_cutoff=1, limit=5)
        return not any(self._vocabulary[candidate] >= FREQUENT for candidate, _, _ in near if candidate[0] == word[0])

    def correct(self, word: str) -> tuple[str, ...]:
        """The words that were probably meant, likeliest first; none where the word is right or nothing is near. Small letters.

        A word's cost is its distance, less for words that the knowledge uses often, more for rare English ones.
        """
        if len(word) < 3 or not word.isascii() or not word.isalpha() or self._right(word):
            return ()
        from rapidfuzz.distance import OSA

        limit = _limit(len(word))
        own, common = self._candidates(len(word))
        costs: dict[str, float] = {}
        for foreign, choices in ((False, own), (True, common)):
            for candidate, distance, _ in process.extract(word, choices, scorer=OSA.distance, score_cutoff=limit, limit=12):
                cost = distance + FOREIGN * foreign + OTHER_START * (candidate[0] != word[0])
                cost -= 0.15 * math.log(1 + self._vocabulary.get(candidate, 0))
                cost += 0.03 * math.log(1 + english().get(candidate, len(english())))
                costs[candidate] = min(cost, costs.get(candidate, cost))
        best = sorted(costs, key=lambda candidate: (costs[candidate], candidate))
        return tuple(candidate for candidate in best[:3] if costs[candidate] <= costs[best[0]] + NEARLY)

    def _candidates(self, length: int) -> tuple[list[str], list[str]]:
        if length not in self._by_length:
            near = range(length - _limit(length), length + _limit(length) + 1)
            own = [word for word in self._vocabulary if len(word) in near]
            common = [word for word, rank in english().items() if rank < COMMON and len(word) in near]
            self._by_length[length] = (own, common)
        return self._by_length[length]


def _limit(length: int) -> int:
    """How many edits a word of this length may be away from what was meant."""
    return 1 if length <= 4 else 2 if length <= 9 else 3


def _inflected(word: str) -> bool:
    """Whether a word is an English word with a regular ending that the list lacks."""
    for ending in ("s", "es", "ed", "d", "ing", "er", "ly"):
        if word.endswith(ending) and len(word) - len(ending) > 3 and word[: -len(ending)] in english():
            return True
    return False
