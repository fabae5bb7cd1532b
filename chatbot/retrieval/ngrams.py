"""Nearness by spelling: tf-idf over character n-grams of 3 to 5 inside word boundaries, in an inverted index.

An n-gram is known by a hash of 64 bits, so that the index is plain arrays: quick to make, to keep and to map into memory. Two n-grams of
one hash would count as one; among a million there is one chance in ten million for any such pair. Weights are kept in half precision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.retrieval.encoder import Vectors

SIZES = (3, 4, 5)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
Hashes = NDArray[np.uint64]
ARRAYS = ("grams", "idf", "starts", "columns", "weights", "posting_starts", "posting_rows", "posting_weights")


def hashed(texts: Sequence[str]) -> tuple[Hashes, NDArray[np.int32]]:
    """Every character n-gram of each word, the word padded with a space on both sides: hashes (n,) and the texts' rows (n,)."""
    padded = [f" {'  '.join(text.lower().split())} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32)
    owners = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in padded])
    space = codes == 32
    borders = np.concatenate([[0], np.cumsum(space[:-1] & space[1:])])  # two spaces: a word, or a text, ends between them
    hashes, rows = [], []
    for size in SIZES:
        count = max(0, len(codes) - size + 1)
        inside = np.flatnonzero(borders[size - 1 :][:count] == borders[:count])
        value = np.full(len(inside), size, np.uint64)
        for i in range(size):
            value *= _FACTOR
            value += codes[inside + i]
        hashes.append(value)
        rows.append(owners[inside])
    return np.concatenate(hashes), np.concatenate(rows)


class NgramIndex:
    """Sparse tf-idf vectors of length 1, kept by text (rows) and by n-gram (postings); ``arrays``: of an index made before."""

    def __init__(self, texts: Sequence[str], arrays: Mapping[str, NDArray[Any]] | None = None) -> None:
        self._n = len(texts)
        self.arrays = dict(arrays or _made(texts))
        self._grams, self._idf, self._starts, self._columns, self._weights, *postings = (self.arrays[name] for name in ARRAYS)
        self._posting_starts, self._posting_rows, self._posting_weights = postings
        self._rarest = float(self._idf.max(initial=1.0))

    def scores(self, text: str) -> Vectors:
        """The cosine of a text to every text of the index, float32 (n,)."""
        grams, times = np.unique(hashed([text])[0], return_counts=True)
        ids = np.searchsorted(self._grams, grams)
        known = ids < len(self._grams)
        known[known] = self._grams[ids[known]] == grams[known]
        ids = ids[known]
        if not len(ids):
            return np.zeros(self._n, np.float32)
        weights = (1 + np.log(times[known].astype(np.float32))) * self._idf[ids]
        unseen = len(grams) - len(ids)  # n-grams that no text has still lengthen the vector
        weights /= np.sqrt((weights**2).sum() + unseen * self._rarest**2)
        starts, ends = self._posting_starts[ids], self._posting_starts[ids + 1]
        rows = np.concatenate([self._posting_rows[start:end] for start, end in zip(starts, ends, strict=True)])
        parts = np.concatenate([self._posting_weights[start:end] for start, end in zip(starts, ends, strict=True)])
        parts = parts.astype(np.float32) * np.repeat(weights, ends - starts)
        return np.bincount(rows, weights=parts, minlength=self._n).astype(np.float32)

    def among(self, rows: NDArray[np.intp]) -> Vectors:
        """The cosines of some texts to each other, float32 (k, k)."""
        starts, ends = self._starts[rows], self._starts[rows + 1]
        columns = np.concatenate([self._columns[start:end] for start, end in zip(starts, ends, strict=True)])
        place = np.zeros(len(self._grams), np.int32)
        place[columns] = 1
        used = np.flatnonzero(place)
        place[used] = np.arange(len(used))
        dense = np.zeros((len(rows), len(used)), np.float32)
        weights = np.concatenate([self._weights[start:end] for start, end in zip(starts, ends, strict=True)])
        dense[np.repeat(np.arange(len(rows)), ends - starts), place[columns]] = weights
        return dense @ dense.T


def _made(texts: Sequence[str]) -> dict[str, NDArray[Any]]:
    n = len(texts)
    hashes, owners = hashed(texts)
    grams = np.unique(hashes)
    size = max(1, len(grams))
    pairs, times = np.unique(owners.astype(np.int64) * size + np.searchsorted(grams, hashes), return_counts=True)
    rows, columns = (pairs // size).astype(np.int32), (pairs % size).astype(np.int32)
    documents = np.bincount(columns, minlength=len(grams))
    idf = (np.log((1 + n) / (1 + documents.astype(np.float32))) + 1).astype(np.float32)
    weights = (1 + np.log(times.astype(np.float32))) * idf[columns]
    weights = (weights / np.sqrt(np.bincount(rows, weights**2, minlength=n))[rows]).astype(np.float16)
    order = np.argsort(columns, kind="stable")
    return {
        "grams": grams, "idf": idf,
        "starts": np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))]).astype(np.int64),
        "columns": columns.astype(np.min_scalar_type(len(grams))), "weights": weights,
        "posting_starts": np.concatenate([[0], np.cumsum(documents)]).astype(np.int64),
        "posting_rows": rows[order].astype(np.min_scalar_type(n)), "posting_weights": weights[order],
    }  # fmt: skip
