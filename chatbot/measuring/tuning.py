"""Fit the calibration to a knowledge base, with nothing but its own phrasings and the out-of-scope examples.

Each phrasing is asked with itself left out; a sibling whose answer holds the left-out entry's counts as
right. Asked once more with its whole entry left out, it is a near miss: a question of this kind that nothing
here answers. Each out-of-scope example is asked with its whole intent left out, as a topic that nobody
listed. Half of the weight is in scope; what is not is half near, half far. Logistic regression over the
features of ``retrieval.calibration`` is fitted to these, and may be scaled on people's own questions. The
threshold is where most questions are treated rightly, or the lowest at which, among what is answered, no more
is wrong than wanted.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.answering.tables import answer_from
from chatbot.deciding import scored
from chatbot.engine import Engine
from chatbot.errors import ChatbotError
from chatbot.flow import Ranking
from chatbot.library import measure_of
from chatbot.measuring.labelled import Labelled
from chatbot.pipeline import decided, judged
from chatbot.policy import policy
from chatbot.retrieval.calibration import FEATURES, Calibration

STEPS = 40
RIDGE = 1.0
PRIOR = 0.5
"""The share of questions that is expected to be in scope."""
NEAR = 0.5
"""The share of the others that is expected to be near misses."""
MOST = 4000
"""So many near misses, and so many out-of-scope examples, are asked at most."""
LEAST = 60
"""So many left-out phrasings, or people's questions, are the least to fit on."""
NOTHING = 0.99
"""The threshold where no other keeps to the share of wrong answers that is wanted."""


@dataclass(frozen=True)
class Samples:
    """Questions that the calibration decides: features float64 (n, d), whether the best entry was right,
    whether it was in scope, whether it is a phrasing of an entry that was left out; bool (n,).

    ``labels``: the entry or intent that each belongs to, or the text itself where there is none.
    """

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    in_scope: NDArray[np.bool_]
    near: NDArray[np.bool_]
    labels: tuple[str, ...]
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def where(self, kept: NDArray[np.bool_]) -> Samples:
        """Those of a mask (n,)."""
        labels, texts = (
            tuple(one for one, keep in zip(listed, kept, strict=True) if keep)
            for listed in (self.labels, self.texts)
        )
        return Samples(
            self.features[kept], self.right[kept], self.in_scope[kept], self.near[kept], labels, texts
        )


def tune(
    engine: Engine,
    sample: int | None = None,
    prior: float = PRIOR,
    progress: Callable[[int, int], None] | None = None,
) -> Calibration:
    """Leave out, fit, and set the threshold where most questions are treated rightly; ``sample``: at most so
    many phrasings, near misses and out-of-scope examples are asked."""
    return propose(leave_out(engine, progress, sample), prior=prior)


def propose(
    samples: Samples, people: Samples | None = None, wrong: float | None = None, prior: float = PRIOR
) -> Calibration:
    """A calibration with its thresholds, fitted to left-out phrasings and, where there are any, scaled on
    people's questions.

    ``wrong``: the share wanted of wrong ones among the answers to left-out phrasings; None: the threshold
    where most are treated rightly. ``prior``: the share of questions that is expected to be in scope.
    """
    weights = mix(samples, prior)
    fitted = fit(samples, weights)
    if people is not None:
        fitted = rescale(fitted, people)
    probability = fitted.of_features(samples.features)
    if wrong is None:
        return fitted.at(best_threshold(probability, samples, weights))
    return fitted.at(threshold_for(wrong, probability, samples, weights))


def check_loaded(engine: Engine) -> None:
    """Raise ``ChatbotError`` where what is loaded is too little to fit on; quick, before anything is asked."""
    entries = engine.knowledge.entries
    phrasings = sum(len(entry.questions) for entry in entries)
    examples = sum(len(intent.examples) for intent in engine.intents.values() if intent.kind == "unknown")
    if len(entries) < 2 or phrasings < LEAST or not examples:
        raise ChatbotError(
            f"too little to fit on: {phrasings} phrasings of {_count(len(entries))} and {examples} out-of-scope examples are loaded; "
            f"{LEAST} phrasings of 2 entries are needed, and an out-of-scope example (in intents of the kind unknown)"
        )


def check_samples(samples: Samples) -> None:
    """Raise ``ChatbotError`` where too few left-out questions got as far as the calibration, or all of them
    came out alike."""
    inside, right = int(samples.in_scope.sum()), int(samples.right.sum())
    outside = int((~samples.in_scope & ~samples.near).sum())
    entries = len({label for label, own in zip(samples.labels, samples.in_scope, strict=True) if own})
    if inside < LEAST or entries < 2 or not outside or not 0 < right < len(samples):
        raise ChatbotError(
            f"too little to fit on: {inside} left-out phrasings of {_count(entries)} ({right} of them answered rightly) and {outside} "
            f"out-of-scope examples got as far as the calibration; {LEAST} phrasings of 2 entries are needed, some of them answered rightly, "
            "and an out-of-scope example"
        )


def check_people(people: Samples) -> None:
    """Raise ``ChatbotError`` where people's questions are too few to scale on, or all of them came out alike."""
    right = int(people.right.sum())
    if len(people) < LEAST or len(set(people.labels)) < 2 or not 0 < right < len(people):
        raise ChatbotError(
            f"too little to scale on: {len(people)} of people's questions have an answer that could be given, {right} of them the right one; "
            f"{LEAST} are needed, right ones and wrong ones among them"
        )


def leave_out(
    engine: Engine, progress: Callable[[int, int], None] | None = None, sample: int | None = None
) -> Samples:
    """Ask every phrasing with itself and with its whole entry left out, and every out-of-scope example with
    its whole intent left out; ``sample``: so many of each, spread evenly, at most."""
    labels = np.array(engine.local.labels)
    kinds = {label: intent.kind for label, intent in engine.intents.items()}
    of_entry = np.array([label not in kinds for label in engine.local.labels], np.bool_)
    unknown = np.array([kinds.get(label) == "unknown" for label in engine.local.labels], np.bool_)
    most = min(sample or MOST, MOST)
    asked = [(int(i), False) for i in _spread(of_entry, sample)]
    asked += [(int(i), True) for rows in (of_entry, unknown) for i in _spread(rows, most)]
    siblings: dict[str, NDArray[np.bool_]] = {}
    rows: list[_Row] = []
    for count, (i, whole) in enumerate(asked):
        if progress and count % 100 == 0:
            progress(count, len(asked))
        if whole and labels[i] not in siblings:
            siblings[labels[i]] = _with_its_label(engine, i, labels)
        row = _left_out(engine, i, labels, siblings[labels[i]] if whole else None)
        if row:
            rows.append(row)
    return _samples(rows)


def _spread(rows: NDArray[np.bool_], most: int | None) -> NDArray[np.intp]:
    """The numbers of the rows of a mask (n,), or ``most`` of them."""
    numbers = np.flatnonzero(rows)
    if not most or most >= len(numbers):
        return numbers
    return np.random.default_rng(0).choice(numbers, most, replace=False)


def _with_its_label(engine: Engine, i: int, labels: NDArray[np.str_]) -> NDArray[np.bool_]:
    """What is left out with the whole label of a phrasing, bool (n,): of an entry also those that hold its
    answer, and tables and lookups of the same measure."""
    label = engine.local.labels[i]
    entry = engine.knowledge.by_id.get(label)
    if entry is None:
        without: NDArray[np.bool_] = labels == label
        return without
    measure = measure_of(entry)
    alike = {
        other.id
        for other in engine.knowledge.entries
        if (measure and measure_of(other) == measure) or engine.holds(label, other.id)
    }
    return np.isin(labels, list({label, *alike}))


def _left_out(
    engine: Engine, i: int, labels: NDArray[np.str_], whole: NDArray[np.bool_] | None
) -> _Row | None:
    """One phrasing, asked with itself or with its ``whole`` label (n,) left out; None where the calibration
    has no say in it."""
    ranker = engine.local
    shown, label = ranker.shown[i], ranker.labels[i]
    intent = engine.intents.get(label)
    without = whole if whole is not None else np.arange(len(labels)) == i
    reading = engine.reader.read(shown)
    text = ranker.texts[i] if label in engine.looked_up else reading.matched
    ranked = Ranking(
        reading, tuple(engine.weigh(reading, ranker.rank(text, ranker.vectors[i], without, limit=16)))
    )
    entries = scored(judged(engine, ranked).kept)
    against = ranked.intents
    if not entries or (against and against[0].score > max(entries[0].score, engine.policy.intents.least)):
        return None
    best = engine.knowledge.by_id[entries[0].label]
    if best.table and answer_from(best, engine.tables, reading.facets, engine.knowledge.by_id).missing:
        return None  # an honest "no such row", however sure
    found = engine.features(reading, entries, against, left_out=best.id == label)
    in_scope = not intent and whole is None
    right = in_scope and holds(engine.answer_stems, label, best.id)
    near = not intent and whole is not None
    text = f"{shown} (its entry left out)" if near else shown
    return _Row(found, right, in_scope, near, label, text)


def asked_by_people(engine: Engine, questions: Sequence[Labelled]) -> Samples:
    """People's questions, those of them that would be answered if there were no threshold; right when the
    answer's first entry is expected."""
    open_ = copy.copy(engine)
    open_.calibration = dataclasses.replace(engine.calibration, answer=0.0, clarify=0.0)
    rows: list[_Row] = []
    ranked = engine.rank([engine.reader.read(labelled.question) for labelled in questions])
    for labelled, one in zip(questions, ranked, strict=True):
        decision = decided(open_, one)
        if not decision.answers:
            continue
        found = engine.features(one.reading, scored(judged(engine, one).kept), one.intents)
        label = labelled.expected[0] if labelled.expected else labelled.question
        rows.append(
            _Row(
                found,
                decision.entry_ids[0] in labelled.expected,
                bool(labelled.expected),
                False,
                label,
                labelled.question,
            )
        )
    return _samples(rows)


def mix(samples: Samples, prior: float = PRIOR) -> NDArray[np.float64]:
    """Weights (n,) under which ``prior`` of the samples are in scope, and ``NEAR`` of the others near misses;
    they sum to the effective number of samples (Kish, 1965)."""
    far = ~samples.in_scope & ~samples.near
    near = NEAR if far.any() else 1.0
    shares = (
        (samples.in_scope, prior),
        (samples.near, (1 - prior) * (near if samples.near.any() else 0.0)),
        (far, (1 - prior) * (1 - near if samples.near.any() else 1.0)),
    )
    weights = np.zeros(len(samples))
    for mask, share in shares:
        weights[mask] = share / max(1, int(mask.sum()))
    effective: NDArray[np.float64] = weights * weights.sum() / (weights @ weights)
    return effective


def fit(samples: Samples, weights: NDArray[np.float64] | None = None) -> Calibration:
    """Logistic regression, each sample weighed by ``weights`` (n,); answers everything until it is given a
    threshold."""
    x, y = samples.features, samples.right.astype(np.float64)
    scale = np.maximum(x.std(axis=0), 1e-6)
    scale[0] = 1.0
    beta = _logistic(x / scale, y, np.ones(len(y)) if weights is None else weights) / scale
    inside, near = int(samples.in_scope.sum()), int(samples.near.sum())
    fitted_on = f"{inside} left-out phrasings, {near} near misses and {len(samples) - inside - near} out-of-scope examples"
    return Calibration(tuple(round(float(value), 4) for value in beta), 0.0, 0.0, fitted_on)


def rescale(fitted: Calibration, people: Samples) -> Calibration:
    """The same weights, stretched and shifted to fit how often people's own questions were answered rightly
    (Platt, 1999).

    Left-out phrasings are harder than questions. The thresholds move with the probability: what is answered
    stays the same.
    """
    odds = _odds(fitted.of_features(people.features))
    shift, stretch = _logistic(
        np.column_stack([np.ones_like(odds), odds]), people.right.astype(np.float64), np.ones_like(odds)
    )
    weights = (
        value * stretch + (shift if name == "bias" else 0.0)
        for name, value in zip(FEATURES, fitted.weights, strict=True)
    )
    fitted_on = f"{fitted.fitted_on}, scaled on {len(people)} people's questions"
    scaled = Calibration(tuple(round(float(value), 4) for value in weights), 0.0, 0.0, fitted_on)
    return scaled.at(float(1 / (1 + np.exp(-(stretch * _odds(np.array(fitted.answer)) + shift)))))


def best_threshold(probability: NDArray[np.float64], samples: Samples, weights: NDArray[np.float64]) -> float:
    """Where answering the right ones and declining the out-of-scope ones is right most often; all arrays are
    (n,)."""
    gain = weights * np.where(samples.in_scope, samples.right, -1.0)
    order = np.argsort(-probability)
    return _below(probability[order], int(np.argmax(np.cumsum(gain[order]))))


def threshold_for(
    wrong: float, probability: NDArray[np.float64], samples: Samples, weights: NDArray[np.float64]
) -> float:
    """The lowest threshold at which the weighted share of wrong answers is at most ``wrong``."""
    order = np.argsort(-probability)
    errors = np.cumsum((weights * ~samples.right)[order]) / np.cumsum(weights[order])
    good = np.flatnonzero(errors <= wrong)
    return _below(probability[order], int(good[-1])) if len(good) else NOTHING


def _below(falling: NDArray[np.float64], last: int) -> float:
    """Half way between the last that is answered and the next one: where few are near, neither is on the
    edge."""
    return float(falling[last] + (falling[last + 1] if last + 1 < len(falling) else 0.0)) / 2


def holds(answers: Mapping[str, frozenset[str]], wanted: str, got: str) -> bool:
    """Whether the answer of one entry has the words of another's."""
    own = answers[wanted]
    return wanted == got or len(own & answers[got]) >= policy().entries.held * max(1, len(own))


def _count(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries} entries"


@dataclass(frozen=True, slots=True)
class _Row:
    features: NDArray[np.float64]
    right: bool
    in_scope: bool
    near: bool
    label: str
    text: str


def _samples(rows: Sequence[_Row]) -> Samples:
    return Samples(
        np.array([row.features for row in rows]).reshape(len(rows), len(FEATURES)),
        np.array([row.right for row in rows], np.bool_),
        np.array([row.in_scope for row in rows], np.bool_),
        np.array([row.near for row in rows], np.bool_),
        tuple(row.label for row in rows),
        tuple(row.text for row in rows),
    )


def _odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds."""
    odds: NDArray[np.float64] = np.log(
        np.clip(probability, 1e-6, 1 - 1e-6) / np.clip(1 - probability, 1e-6, 1)
    )
    return odds


def _logistic(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
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
