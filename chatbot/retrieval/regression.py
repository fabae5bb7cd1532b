"""Softmax regression from embeddings to labels: what the phrasings have in common, beside the kernel's view
of the nearest ones.

It is fitted by Adam (Kingma and Ba, 2015), starting from the labels' mean vectors, in less than a second for
ten thousand phrasings.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chatbot.encoders.encoder import Vectors
from chatbot.policy import policy

FOLDS = 5
"""For left-out phrasings, so many regressions are fitted, each without a part of the phrasings."""


class Regression:
    """Shares of the labels for a vector; immutable but for fits that are made when they are first needed.

    ``weights``: of a fit made before, float32 (d + 1, labels); without them it is fitted now, where that does
    not take too long. ``folds``: the weights of the fits without a part of the phrasings, by the part's
    number; what is known of them may be put there. ``texts``: of the vectors; by them phrasings are dealt
    into folds, so that each stays in its own when others come and go.
    """

    def __init__(
        self,
        vectors: Vectors,
        ids: NDArray[np.intp],
        labels: int,
        weights: Vectors | None = None,
        texts: Sequence[str] = (),
    ) -> None:
        self._vectors, self._ids, self._labels = vectors, ids, labels
        small = 0 < len(vectors) * labels <= policy().regression.largest
        self.weights = weights if weights is not None else fit(vectors, ids, labels) if small else None
        self._texts = texts
        self.folds: dict[int, Vectors] = {}

    def shares(self, vector: Vectors, without: NDArray[np.bool_] | None = None) -> Vectors:
        """How likely each label is, float32 (labels,), summing to 1; of phrasings left out, by a regression
        that has not seen them."""
        if self.weights is None:
            return np.zeros(self._labels, np.float32)
        if without is None or not without.any():
            return _softmax(_logits(vector, self.weights))
        logits = _logits(vector, self._fold(int(self._fold_of[np.flatnonzero(without)[0]])))
        logits[
            np.bincount(self._ids[~without], minlength=self._labels) == 0
        ] = -np.inf  # of which nothing is left
        return _softmax(logits)

    @cached_property
    def _keys(self) -> NDArray[np.uint64]:
        keys = [zlib.crc32(text.encode("utf-8", "replace")) for text in self._texts] or range(len(self._ids))
        return np.fromiter(keys, np.uint64, len(self._ids))

    @cached_property
    def _fold_of(self) -> NDArray[np.intp]:
        return (self._keys % FOLDS).astype(np.intp)

    def _fold(self, fold: int) -> Vectors:
        if fold not in self.folds:
            kept = self._fold_of != fold
            self.folds[fold] = fit(self._vectors[kept], self._ids[kept], self._labels, self._keys[kept])
        return self.folds[fold]


def fit(
    vectors: Vectors,
    ids: NDArray[np.intp] | Sequence[int],
    labels: int,
    keys: NDArray[np.uint64] | None = None,
) -> Vectors:
    """Weights, float32 (d + 1, labels), the last row the biases; ``vectors`` (n, d) of length 1, ``ids`` (n,)
    their labels.

    ``keys`` (n,) deal them into batches, so that few vectors more or less change the weights little; else
    that is left to chance.
    """
    ids = np.asarray(ids, np.intp)
    numbers = policy().regression
    rng = np.random.default_rng(0)
    x = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)]).astype(np.float32)
    sums = np.zeros((labels, vectors.shape[1]), np.float32)
    np.add.at(sums, ids, vectors)
    means = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    w = np.vstack([numbers.scale * means.T, np.zeros((1, labels), np.float32)]).astype(np.float32)
    first, second, step = np.zeros_like(w), np.zeros_like(w), 0
    for epoch in range(numbers.epochs):
        batches = _dealt(keys, epoch, numbers.batch) if keys is not None else None
        for batch in batches or np.array_split(rng.permutation(len(x)), len(x) // numbers.batch + 1):
            error = _softmax(x[batch] @ w)
            error[np.arange(len(batch)), ids[batch]] -= 1
            gradient = x[batch].T @ error / np.float32(len(batch))
            step += 1
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient**2 - second)
            w -= numbers.rate * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return w


def _dealt(keys: NDArray[np.uint64], epoch: int, batch: int) -> list[NDArray[np.intp]]:
    """The rows of each batch; the number of batches is a power of two, so that it seldom changes."""
    batches = 1 << max(0, round(math.log2(max(1, len(keys)) / batch)))
    mixed = (keys + np.uint64(epoch + 1)) * np.uint64(0x9E3779B97F4A7C15)
    place = (mixed >> np.uint64(40)) % np.uint64(batches)
    return [rows for batch in range(batches) if len(rows := np.flatnonzero(place == batch))]


def _logits(vector: Vectors, weights: Vectors) -> Vectors:
    logits: Vectors = vector @ weights[:-1] + weights[-1]
    return logits


def _softmax(scores: Vectors) -> Vectors:
    """Along the last axis."""
    powers: Vectors = np.exp(scores - scores.max(axis=-1, keepdims=True))
    powers /= powers.sum(axis=-1, keepdims=True)
    return powers
