"""Nearest vectors. ``Index`` is the protocol; the default searches one float32 matrix exactly."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chatbot.encoders.encoder import Vectors

BLOCK = 32
"""So many queries are multiplied with all vectors at once."""


class Index(Protocol):
    """Anything that finds the vectors nearest to a query's."""

    def build(self, vectors: Vectors) -> None:
        """Take the vectors, float32 (n, d), of length 1."""
        ...

    def search(self, query: Vectors, k: int) -> tuple[NDArray[np.intp], Vectors]:
        """The k nearest to one query (d,): their rows (k,) and cosines (k,), best first; fewer where there
        are fewer."""
        ...


class ExactIndex:
    """One matrix product over all vectors.

    An index may have ``search_many``, as this one has: for batches it is quicker.
    """

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

    def search_many(self, queries: Vectors, k: int) -> list[NDArray[np.intp]]:
        """The rows of the k nearest to each of several queries (m, d), best first."""
        found: list[NDArray[np.intp]] = []
        for start in range(0, len(queries), BLOCK):
            found += [top(cosines, k) for cosines in queries[start : start + BLOCK] @ self._vectors.T]
        return found


def top(scores: NDArray[Any], k: int) -> NDArray[np.intp]:
    """The places of the k largest scores, largest first."""
    rows = (
        np.argpartition(scores, len(scores) - k)[len(scores) - k :]
        if 0 < k < len(scores)
        else np.arange(len(scores))
    )
    return rows[np.argsort(-scores[rows], kind="stable")]
