"""How much of a question an entry speaks of: the words that match nothing in an entry are what a near miss is
about.

Words are compared by their first letters, so that inflections agree. A word weighs as much as it is rare
among the entries (idf).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from chatbot.language.forms import stem
from chatbot.language.normalise import simple_words
from chatbot.language.words import english
from chatbot.policy import policy


def stems(text: str) -> set[str]:
    """The beginnings of the words that carry meaning."""
    ranks, least = english(), policy().words.no_subject
    return {stem(word) for word in simple_words(text) if len(word) > 1 and ranks.get(word, least) >= least}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which words each label's texts have: beginnings of words, with the number of texts that have them."""

    counts: Mapping[str, Mapping[str, int]]
    about: Mapping[str, frozenset[str]]
    idf: Mapping[str, float]

    @classmethod
    def over(cls, texts: Mapping[str, Iterable[str]], known: Coverage | None = None) -> Coverage:
        """Read the texts of each label; where ``known`` has a label, it is taken from there."""
        counts: dict[str, Mapping[str, int]] = {}
        about: dict[str, frozenset[str]] = {}
        numbers = policy().coverage
        for label, listed in texts.items():
            if known and label in known.counts:
                counts[label], about[label] = known.counts[label], known.about[label]
                continue
            read = [stems(text) for text in listed]
            counts[label] = dict(Counter(stem for found in read for stem in found))
            about[label] = frozenset(
                stem for stem, count in counts[label].items() if count >= numbers.typical * len(read)
            )
        having = Counter(stem for found in counts.values() for stem in found)
        n = max(1, len(counts))
        return cls(counts, about, {stem: math.log((n + 1) / (count + 0.5)) for stem, count in having.items()})

    def only(self, labels: Container[str]) -> Coverage:
        """Of these labels alone."""
        return Coverage(
            {label: found for label, found in self.counts.items() if label in labels}, self.about, {}
        )

    def typical(self, label: str) -> frozenset[str]:
        """The beginnings of the words that a label is about."""
        return self.about.get(label, frozenset())

    def of(self, text: str, label: str, left_out: bool = False) -> tuple[float, float]:
        """The share of the question's weight that the label covers (0 to 1), and the weight of the heaviest
        word that it does not.

        ``left_out``: the text is one of the label's own and is not to count, so that a word must stand in
        another one, too.
        """
        asked = stems(text)
        if not asked:
            return 1.0, 0.0
        counts = self.counts.get(label, {})
        own = {stem for stem in asked if counts.get(stem, 0) > left_out}
        unknown = math.log(2 * (max(1, len(self.counts)) + 1))
        weights = {stem: self.idf.get(stem, unknown) for stem in asked}
        missing = [weight for stem, weight in weights.items() if stem not in own]
        total = sum(weights.values())
        return 1 - sum(missing) / total, max(missing, default=0.0)
