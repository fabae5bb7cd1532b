"""How much of a question an entry speaks of: the words that match nothing in an entry are what a near miss is about.

Words are compared by their first letters, so that inflections agree. A word weighs as much as it is rare among the entries (idf).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from chatbot.language.normalise import simple_words
from chatbot.language.spelling import english

STEM = 5
COMMON_RANK = 260
"""English words as common as this say nothing of a question's subject."""


def stems(text: str) -> set[str]:
    """The beginnings of the words that carry meaning."""
    ranks = english()
    return {word[:STEM] for word in simple_words(text) if len(word) > 1 and ranks.get(word, COMMON_RANK) >= COMMON_RANK}


TYPICAL = 0.08
"""A label is about the words that so many of its texts have (and two at least)."""


class Coverage:
    """Which words each label's texts have; immutable after it is made."""

    def __init__(self, texts: Mapping[str, Iterable[str]]) -> None:
        self._stems: dict[str, Counter[str]] = {}
        self._typical: dict[str, set[str]] = {}
        for label, listed in texts.items():
            read = [stems(text) for text in listed]
            counted = self._stems[label] = Counter(stem for found in read for stem in found)
            self._typical[label] = {stem for stem, count in counted.items() if count >= max(2, TYPICAL * len(read))}
        counts = Counter(stem for found in self._stems.values() for stem in found)
        n = max(1, len(self._stems))
        self._unknown = math.log(2 * (n + 1))
        self._idf = {stem: math.log((n + 1) / (count + 0.5)) for stem, count in counts.items()}

    def typical(self, label: str) -> set[str]:
        """The beginnings of the words that a label is about."""
        return self._typical.get(label, set())

    def of(self, text: str, label: str, left_out: bool = False) -> tuple[float, float]:
        """The share of the question's weight that the label covers (0 to 1), and the weight of the heaviest word that it does not.

        ``left_out``: the text is one of the label's own and is not to count, so that a word must stand in another one, too.
        """
        asked = stems(text)
        if not asked:
            return 1.0, 0.0
        counts = self._stems.get(label, Counter())
        own = {stem for stem in asked if counts[stem] > left_out}
        weights = {stem: self._idf.get(stem, self._unknown) for stem in asked}
        missing = [weight for stem, weight in weights.items() if stem not in own]
        total = sum(weights.values())
        return 1 - sum(missing) / total, max(missing, default=0.0)
