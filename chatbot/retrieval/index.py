"""Nearest vectors. ``Index`` is the protocol; the default searches one float32 matrix exactly."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chatbot.retrieval.encoder import Vectors


class Index(Protocol):
    """Anything that finds the vectors nearest to a query's."""

    def build(self, vectors: Vectors) -> None:
        """Take the vectors, float32 (n, d), of length 1."""
        ...

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.intp], Vectors]:
        """The k nearest to one query (d,): their rows (k,) and cosines (k,), best first; fewer where there are fewer."""
        ...


class ExactIndex:
    """One matrix product over all vectors."""

    def __init__(self) -> None:
        self._vectors: Vectors = np.zeros((0, 1), np.float32)

    def build(self, vectors: Vectors) -> None:
        """Take the vectors, float32 (n, d), of length 1."""
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.intp], Vectors]:
        """The k nearest to one query (d,): rows and cosines, best first."""
        cosines = self._vectors @ query
        rows = top(cosines, k)
        return rows, cosines[rows]


def top(scores: Vectors, k: int) -> NDArray[np.intp]:
    """The places of the k largest scores, largest first."""
    if k >= len(scores):
        return np.argsort(-scores, kind="stable")
    rows = np.argpartition(-scores, k)[:k]
    return rows[np.argsort(-scores[rows], kind="stable")]
