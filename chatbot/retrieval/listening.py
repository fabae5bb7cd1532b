"""Whether a message says that somebody is in distress, and of which kind: logistic regression of several
classes on the meaning of a text and on its words.

What is fitted to are the intents' own examples and whole posts: those of intents that are looked for in each
sentence are a class each, all others are harmless. A text is its embedding beside a vector, of a set length,
of its words and pairs of words, weighted by how rare they are. The loss has an L2 penalty and is minimised by
L-BFGS (Liu and Nocedal, 1989), over all texts at once, so that nothing hangs on their order.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.encoders.encoder import Vectors
from chatbot.policy import policy

ARRAYS = ("heard_meaning", "heard_terms", "heard_rarity", "heard_words")
"""What a file keeps: weights of the embedding (d + 1, classes), the hashes of the terms (t,), sorted, how rare
each is (t,), and its weights (t, classes)."""
_TERM = re.compile(r"[a-z0-9']+|[?!]")
_KEPT = 10
"""So many steps L-BFGS remembers."""
_Terms = tuple[NDArray[np.intp], NDArray[np.intp], Vectors]


class Listener:
    """The shares of the classes for texts, class 0 being harmless; immutable, so threads share it."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = {name: arrays[name] for name in ARRAYS}
        self._meaning, self._terms, self._rarity, self._words = self._arrays.values()

    @property
    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """What a file keeps of it."""
        return self._arrays

    def shares(self, texts: Sequence[str], vectors: Vectors) -> Vectors:
        """How likely each class is, float32 (n, classes), each row summing to 1; ``vectors`` (n, d) of the
        texts."""
        logits = vectors @ self._meaning[:-1] + self._meaning[-1]
        rows, columns, values = _weighed([terms_of(text) for text in texts], self._terms, self._rarity)
        np.add.at(logits, rows, values[:, None] * self._words[columns])
        return _softmax(logits)


def listener_from(arrays: Mapping[str, NDArray[Any]]) -> Listener | None:
    """The listener that a file keeps; None where it keeps none."""
    return Listener(arrays) if ARRAYS[0] in arrays else None


def terms_of(text: str) -> set[int]:
    """The words of a text and the pairs of them that stand together, each as a hash of 32 bits."""
    words = _TERM.findall(text.lower().replace("’", "'"))
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    return {zlib.crc32(term.encode()) for term in (*words, *pairs)}


def fit(texts: Sequence[str], vectors: Vectors, classes: Sequence[int], weights: Sequence[float]) -> Listener:
    """A listener for texts with their ``vectors`` (n, d), ``classes`` (n,) from 0 and ``weights`` (n,)."""
    numbers = policy().listening
    found = [terms_of(text) for text in texts]
    every = np.fromiter((term for terms in found for term in terms), np.int64)
    known, times = np.unique(every, return_counts=True)
    known, times = known[times > 1], times[times > 1]  # a term of one text says nothing of others
    rarity = (np.log((1 + len(texts)) / (1 + times)) + 1).astype(np.float32)
    rows, columns, values = _weighed(found, known, rarity)
    x = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)]).astype(np.float32)
    kinds, width = max(classes) + 1, x.shape[1]
    wanted = np.eye(kinds, dtype=np.float32)[np.asarray(classes)]
    each = np.asarray(weights, np.float32)[:, None]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w = flat.reshape(-1, kinds).astype(np.float32)
        logits = x @ w[:width]
        told = values[:, None] * w[width:][columns]
        for kind in range(kinds):
            logits[:, kind] += np.bincount(rows, told[:, kind], minlength=len(x))
        shares = _softmax(logits)
        error = each * (shares - wanted)
        gradient = np.empty_like(w)
        gradient[:width] = x.T @ error
        for kind in range(kinds):
            gradient[width:, kind] = np.bincount(columns, values * error[rows, kind], minlength=len(known))
        gradient += numbers.penalty * w
        wrong = -float((each[:, 0] * np.log(np.maximum((shares * wanted).sum(axis=1), 1e-12))).sum())
        return wrong + numbers.penalty / 2 * float((w**2).sum()), gradient.astype(np.float64).ravel()

    best = _minimised(loss, np.zeros((width + len(known)) * kinds), numbers.steps)
    w = best.reshape(-1, kinds).astype(np.float32)
    return Listener(dict(zip(ARRAYS, (w[:width], known, rarity, w[width:]), strict=True)))


def _weighed(found: Sequence[set[int]], known: NDArray[np.int64], rarity: Vectors) -> _Terms:
    """The terms of texts that are known: rows, columns and values; the values of a text make a vector of the
    set length."""
    owners = np.repeat(np.arange(len(found)), [len(terms) for terms in found])
    hashes = np.fromiter((term for terms in found for term in sorted(terms)), np.int64, len(owners))
    if not len(known):
        return owners[:0], owners[:0], np.zeros(0, np.float32)
    columns = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    there = known[columns] == hashes
    owners, columns = owners[there], columns[there]
    values = rarity[columns]
    lengths = np.sqrt(np.bincount(owners, values**2, minlength=len(found)))
    return owners, columns, (policy().listening.words * values / lengths[owners]).astype(np.float32)


def _minimised(
    loss: Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]],
    start: NDArray[np.float64],
    steps: int,
) -> NDArray[np.float64]:
    """Where a smooth convex function is least, by L-BFGS with steps halved until they lead down enough."""
    here, (value, gradient) = start, loss(start)
    moves: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for _ in range(steps):
        way = -_turned(gradient, moves)
        slope, size = float(gradient @ way), 1.0 if moves else 1 / max(1.0, float(np.linalg.norm(gradient)))
        there, (next_value, next_gradient) = here + size * way, loss(here + size * way)
        while next_value > value + 1e-4 * size * slope and size > 1e-6:
            size /= 2
            there, (next_value, next_gradient) = here + size * way, loss(here + size * way)
        move, change = there - here, next_gradient - gradient
        if value - next_value <= 1e-6 * abs(value):
            break
        if move @ change > 0:
            moves = [*moves, (move, change)][-_KEPT:]
        here, value, gradient = there, next_value, next_gradient
    return here


def _turned(
    gradient: NDArray[np.float64], moves: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> NDArray[np.float64]:
    """The gradient times the inverse of the curvature that the last moves have shown."""
    way, parts = gradient.copy(), []
    for move, change in reversed(moves):
        part = (move @ way) / (move @ change)
        way -= part * change
        parts.append(part)
    if moves:
        move, change = moves[-1]
        way *= (move @ change) / (change @ change)
    for (move, change), part in zip(moves, reversed(parts), strict=True):
        way += move * (part - (change @ way) / (move @ change))
    return way


def _softmax(logits: Vectors) -> Vectors:
    powers: Vectors = np.exp(logits - logits.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers
