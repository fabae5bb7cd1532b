"""From the ranker's scores to the probability that the best entry is right: logistic regression over a few features.

The weights and the threshold are in resources/ranker.json, which says how they were fitted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chatbot.paths import data_file
from chatbot.retrieval.ranker import Scored

FEATURES = ("bias", "best", "intent", "runner_up", "semantic", "spelling", "covered", "uncovered", "words", "ahead", "table_uncovered")


def features(
    entries: Sequence[Scored],
    intents: Sequence[Scored],
    coverage: tuple[float, float] = (1.0, 0.0),
    words: int = 6,
    table: bool = False,
) -> NDArray[np.float64]:
    """The features of one question, float64 (len(FEATURES),); zeros where nothing was near. ``coverage`` is of the best entry."""
    if not entries:
        return np.zeros(len(FEATURES))
    best = entries[0]
    against = max((scored.score for scored in intents), default=0.0)
    second = entries[1].score if len(entries) > 1 else 0.0
    length = min(words, 30) / 10
    ahead = max(0.0, against - best.score)
    figures = coverage[1] / (1 + length) if table else 0.0  # a strange word in a short question for a figure weighs most
    return np.array([1.0, best.score, max(0.0, against), max(0.0, second), best.semantic, best.spelling, *coverage, length, ahead, figures])


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the features and the thresholds of the decision."""

    weights: tuple[float, ...]
    answer: float
    clarify: float
    fitted_on: str = ""

    @staticmethod
    def shipped() -> Calibration:
        """The fitted file of the package."""
        return _shipped()

    def probability(
        self,
        entries: Sequence[Scored],
        intents: Sequence[Scored],
        coverage: tuple[float, float] = (1.0, 0.0),
        words: int = 6,
        table: bool = False,
    ) -> float:
        """How likely the best entry is right, 0 to 1."""
        if not entries:
            return 0.0
        return float(self.of_features(features(entries, intents, coverage, words, table)))

    def of_features(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same for rows of features, float64 (..., d)."""
        chance: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(rows @ np.array(self.weights), -30, 30)))
        return chance


@lru_cache(maxsize=1)
def _shipped() -> Calibration:
    raw = json.loads(data_file("ranker.json").read_text(encoding="utf-8"))
    return Calibration(
        tuple(float(raw["weights"][name]) for name in FEATURES), float(raw["answer"]), float(raw["clarify"]), str(raw["fitted_on"])
    )
