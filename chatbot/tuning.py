"""Fit the calibration to a knowledge base, with nothing but its own phrasings and the out-of-scope examples.

Each phrasing is asked with itself left out, and each out-of-scope example with itself left out, every second one with its whole intent
left out, so that topics nobody listed are among them. A sibling whose answer holds the left-out entry's counts as right. Logistic
regression over the features of ``retrieval.calibration`` is fitted to these; the threshold is the lowest at which, among what is answered,
no more is wrong than wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.answering.guard import conflict
from chatbot.decide import INTENT_SURE
from chatbot.engine import HELD, INTENT, Engine
from chatbot.language.facets import Facets
from chatbot.retrieval.calibration import FEATURES, Calibration, features

STEPS = 40
RIDGE = 1.0


@dataclass(frozen=True)
class Samples:
    """Left-out questions: features float64 (n, d), whether the best entry was right, whether the question was in scope; bool (n,)."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    in_scope: NDArray[np.bool_]
    texts: tuple[str, ...]


def tune(
    engine: Engine, sample: int | None = None, prior: float = 0.8, progress: Callable[[int, int], None] | None = None
) -> dict[str, object]:
    """Leave out, fit, and set the threshold where most questions are treated rightly.

    ``sample``: at most so many phrasings are asked. ``prior``: the share of people's questions that is expected to be in scope.
    """
    samples = leave_out(engine, progress, sample)
    fitted = fit(samples)
    probability = calibration_of(fitted).of_features(samples.features)
    threshold = best_threshold(probability, samples, prior)
    return fitted | {"answer": round(threshold, 3), "clarify": round(0.6 * threshold, 3)}


def best_threshold(probability: NDArray[np.float64], samples: Samples, prior: float) -> float:
    """Where answering the right ones and declining the out-of-scope ones, weighed by ``prior``, is right most often."""
    inside, outside = samples.in_scope.sum(), (~samples.in_scope).sum()
    gain = np.where(samples.in_scope, prior * samples.right / max(1, inside), -(1 - prior) / max(1, outside))
    order = np.argsort(-probability)
    return float(probability[order][int(np.argmax(np.cumsum(gain[order])))])


def leave_out(engine: Engine, progress: Callable[[int, int], None] | None = None, sample: int | None = None) -> Samples:
    """Ask every phrasing (or ``sample`` of them, spread evenly) with itself left out."""
    ranker = engine.ranker
    labels = np.array(ranker.labels)
    rows, right, in_scope, texts = [], [], [], []
    asked = range(len(labels))
    if sample and sample < len(labels):
        asked = np.random.default_rng(0).choice(len(labels), sample, replace=False)  # type: ignore[assignment]
    for count, i in enumerate(asked):
        shown, label = ranker.shown[i], ranker.labels[i]
        if progress and count % 100 == 0:
            progress(count, len(asked))
        intent = engine.intents.get(label)
        if intent and intent.kind != "unknown":
            continue
        without = np.zeros(len(labels), np.bool_)
        without[i] = True
        if intent and i % 2:
            without |= labels == label
        reading = engine.reader.read(shown)
        ranked = engine.weigh(reading, ranker.rank(reading.matched, ranker.vectors[i], without, limit=16))
        entries = [s for s in ranked if not s.label.startswith(INTENT)]
        allowed = [s for s in entries if not _vetoed(engine, s.label, reading.facets)]
        against = [s for s in ranked if s.label.startswith(INTENT)]
        if not allowed or (against and against[0].score > max(allowed[0].score, INTENT_SURE)):
            continue  # decided without the calibration
        covered = engine.coverage.of(reading.matched, allowed[0].label, left_out=allowed[0].label == label)
        table = engine.knowledge.by_id[allowed[0].label].table is not None
        rows.append(features(engine.rivals(allowed), against, covered, len(reading.matched.split()), table))
        right.append(not intent and holds(engine.answer_stems, label, allowed[0].label))
        in_scope.append(not intent)
        texts.append(shown)
    return Samples(np.array(rows), np.array(right), np.array(in_scope), tuple(texts))


def fit(samples: Samples, wrong: float = 0.05, weight_in_scope: float = 1.0) -> dict[str, object]:
    """The contents of resources/ranker.json: weights, thresholds, and how they were fitted.

    ``wrong``: the share of wrong ones wanted among the answers. ``weight_in_scope``: how much a left-out phrasing counts
    beside an out-of-scope example.
    """
    x, y = samples.features, samples.right.astype(np.float64)
    scale = np.maximum(x.std(axis=0), 1e-6)
    scale[0] = 1.0
    weights = np.where(samples.in_scope, weight_in_scope, 1.0)
    beta = _logistic(x / scale, y, weights) / scale
    probability = 1 / (1 + np.exp(-x @ beta))
    answer = _threshold(probability, samples.right, weights, wrong)
    return {
        "fitted_on": f"{int(samples.in_scope.sum())} left-out phrasings and {int((~samples.in_scope).sum())} out-of-scope examples",
        "weights": {name: round(float(value), 4) for name, value in zip(FEATURES, beta, strict=True)},
        "answer": round(float(answer), 3),
        "clarify": round(float(answer) * 0.6, 3),
    }


def rescale(fitted: dict[str, object], probability: NDArray[np.float64], right: NDArray[np.bool_]) -> dict[str, object]:
    """The same weights, stretched and shifted to fit how often people's own questions were answered rightly (Platt, 1999).

    Left-out phrasings are harder than questions; ``probability`` (n,) is what the fit said of each question, ``right`` (n,) what came of it.
    """
    odds = np.log(np.clip(probability, 1e-6, 1 - 1e-6) / np.clip(1 - probability, 1e-6, 1))
    shift, stretch = _logistic(np.column_stack([np.ones_like(odds), odds]), right.astype(np.float64), np.ones_like(odds))
    weights = fitted["weights"]
    assert isinstance(weights, dict)
    scaled = {name: round(float(value) * stretch + (shift if name == "bias" else 0.0), 4) for name, value in weights.items()}
    return fitted | {"weights": scaled, "fitted_on": f"{fitted['fitted_on']}, scaled on {len(odds)} people's questions"}


def holds(answers: dict[str, set[str]], wanted: str, got: str) -> bool:
    """Whether the answer of one entry has the words of another's."""
    own = answers[wanted]
    return wanted == got or len(own & answers[got]) >= HELD * max(1, len(own))


def expected_calibration_error(probability: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """ECE over equal-width bins (Naeini et al., 2015)."""
    places = np.minimum((probability * bins).astype(int), bins - 1)
    total = 0.0
    for b in range(bins):
        mine = places == b
        if mine.any():
            total += mine.mean() * abs(probability[mine].mean() - right[mine].mean())
    return float(total)


def calibration_of(fitted: dict[str, object]) -> Calibration:
    """A ``Calibration`` from what ``fit`` gave."""
    weights = fitted["weights"]
    assert isinstance(weights, dict)
    return Calibration(
        tuple(float(weights[name]) for name in FEATURES),
        float(str(fitted["answer"])),
        float(str(fitted["clarify"])),
        str(fitted["fitted_on"]),
    )


def _vetoed(engine: Engine, label: str, facets: Facets) -> bool:
    entry = engine.knowledge.by_id[label]
    return conflict(entry, engine.mentions(entry), facets, engine.reader.strict) is not None


def _logistic(x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of a ridge-penalised logistic regression, by Newton's method."""
    beta = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], RIDGE)
    penalty[0] = 0.0
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (weights * (y - p)) - penalty * beta
        hessian = (x * (weights * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        beta = beta + np.linalg.solve(hessian + 1e-9 * np.eye(len(beta)), gradient)
    return beta


def _threshold(probability: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64], wrong: float) -> float:
    """The lowest threshold at which the weighted share of wrong answers is at most ``wrong``."""
    order = np.argsort(-probability)
    errors = np.cumsum((weights * ~right)[order]) / np.cumsum(weights[order])
    good = np.flatnonzero(errors <= wrong)
    return float(probability[order][good[-1]]) if len(good) else 0.99
