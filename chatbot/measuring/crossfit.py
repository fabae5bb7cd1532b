"""What a new calibration would change, measured honestly: each question is judged by one that was fitted
without its entry or intent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import ChatbotError
from chatbot.measuring.reliability import Bin, expected_calibration_error, reliability
from chatbot.measuring.tuning import PRIOR, Samples, mix, propose
from chatbot.retrieval.calibration import Calibration

FOLDS = 5


@dataclass(frozen=True)
class Told:
    """What a calibration says of every question: how likely its best entry is right, float64 (n,), and
    whether it answers, bool (n,)."""

    probability: NDArray[np.float64]
    answered: NDArray[np.bool_]


@dataclass(frozen=True)
class Comparison:
    """Held-out questions, what they count (n,), and what the calibration in use and cross-fitted new ones say
    of them."""

    samples: Samples
    weights: NDArray[np.float64]
    in_use: Told
    proposed: Told
    folds: int

    def bins(self, told: Told) -> list[Bin]:
        """The reliability table."""
        return reliability(told.probability, self.samples.right, self.weights)

    def error(self, told: Told) -> float:
        """Expected calibration error, 0 to 1."""
        return expected_calibration_error(told.probability, self.samples.right, self.weights)

    def treated_rightly(self, told: Told) -> float:
        """The share, 0 to 1, of questions that are answered rightly, or out of scope and declined."""
        good = np.where(told.answered, self.samples.right, ~self.samples.in_scope)
        return float(self.weights @ good / self.weights.sum())

    def wrong(self, told: Told) -> float | None:
        """The share, 0 to 1, of wrong ones among the answers given; None where there are none."""
        answers = self.weights * told.answered
        return float(answers @ ~self.samples.right / answers.sum()) if told.answered.any() else None

    @property
    def newly_answered(self) -> Samples:
        """Questions that are declined now and would be answered."""
        return self.samples.where(self.proposed.answered & ~self.in_use.answered)

    @property
    def newly_declined(self) -> Samples:
        """Questions that are answered now and would be declined."""
        return self.samples.where(self.in_use.answered & ~self.proposed.answered)


def compare(
    in_use: Calibration,
    samples: Samples,
    people: Samples | None = None,
    wrong: float | None = None,
    prior: float = PRIOR,
) -> Comparison:
    """Judge by people's questions where they are given, else by the left-out phrasings; arguments as for
    ``tuning.propose``.

    The questions are dealt into folds by entry and intent. Each fold is judged by weights, scaling and a
    threshold fitted on the others. Raises ``ChatbotError`` where what is left is too little.
    """
    judged, weights = (samples, mix(samples, prior)) if people is None else (people, np.ones(len(people)))
    place = _folds(samples, judged)
    folds = 1 + max(place.values())
    own, others = (np.array([place[label] for label in listed.labels]) for listed in (judged, samples))
    probability, answered = np.zeros(len(judged)), np.zeros(len(judged), np.bool_)
    for fold in range(folds):
        mine = own == fold
        rest = samples.where(others != fold)
        proposed = propose(_both(rest), None if people is None else _both(people.where(~mine)), wrong, prior)
        probability[mine] = proposed.of_features(judged.features[mine])
        answered[mine] = probability[mine] >= proposed.answer
    now = in_use.of_features(judged.features)
    return Comparison(judged, weights, Told(now, now >= in_use.answer), Told(probability, answered), folds)


def _both(samples: Samples) -> Samples:
    """The same, where some of them are right and some are wrong."""
    right = int(samples.right.sum())
    if not 0 < right < len(samples):
        raise ChatbotError(
            f"too little to measure on: with a part put aside, {right} of {len(samples)} held-out questions are answered rightly; "
            "more entries and out-of-scope examples are needed"
        )
    return samples


def _folds(*listed: Samples) -> dict[str, int]:
    """The fold of each label: entries (with their near misses) and intents are shuffled, and dealt out one by
    one; no more folds than entries."""
    kinds: dict[bool, set[str]] = {True: set(), False: set()}
    for samples in listed:
        for label, of_entry in zip(samples.labels, samples.in_scope | samples.near, strict=True):
            kinds[bool(of_entry)].add(label)
    folds = max(2, min(FOLDS, len(kinds[True])))
    random = np.random.default_rng(0)
    return {
        str(label): i % folds
        for labels in kinds.values()
        for i, label in enumerate(random.permutation(sorted(labels)))
    }
