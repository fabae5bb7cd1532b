"""Nearness by spelling: tf-idf over character n-grams of 3 to 5 inside word boundaries, in an inverted index.

An n-gram is known by a hash of 64 bits, so that the index is plain arrays: quick to make, to keep and to map
into memory. Two n-grams of one hash would count as one; among a million there is one chance in ten million
for any such pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.encoders.encoder import Vectors
from chatbot.policy import policy
from chatbot.retrieval.index import top

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
Hashes = NDArray[np.uint64]
ARRAYS = ("grams", "idf", "starts", "columns", "weights", "posting_starts", "posting_rows", "scales")


def hashed(texts: Sequence[str]) -> tuple[Hashes, NDArray[np.int32]]:
    """Every character n-gram of each word, the word padded with a space on both sides: hashes (n,) and the
    texts' rows (n,)."""
    padded = [f" {'  '.join(text.lower().split())} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32)
    owners = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in padded])
    space = codes == 32
    # two spaces: a word, or a text, ends between them
    borders = np.concatenate([[0], np.cumsum(space[:-1] & space[1:])])
    value = codes.astype(np.uint64)
    hashes, rows = [], []
    sizes = policy().ranker.ngrams
    for size in range(2, max(sizes) + 1):
        value = value[:-1] * _FACTOR + codes[size - 1 :]
        if size in sizes:
            inside = np.flatnonzero(borders[size - 1 :] == borders[: len(value)])
            hashes.append(value[inside] + np.uint64(size))
            rows.append(owners[inside])
    return np.concatenate(hashes), np.concatenate(rows)


@dataclass(frozen=True, slots=True)
class Query:
    """A text's n-grams that the index has, and their weights in a vector of length 1."""

    ids: NDArray[np.intp]
    weights: Vectors


class NgramModel:
    """The n-grams that are known (hashes, sorted) and how rare each is: enough to compare texts that are at
    hand."""

    def __init__(self, grams: Hashes, idf: Vectors) -> None:
        self._grams, self._idf = grams, idf
        self._rarest = float(idf.max(initial=1.0))

    @property
    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """What a file keeps of it."""
        return {"grams": self._grams, "idf": self._idf}

    def query(self, text: str) -> Query:
        """A text as this index sees it."""
        hashes = np.sort(hashed([text])[0])
        firsts = np.flatnonzero(np.concatenate([hashes[:1] == hashes[:1], hashes[1:] != hashes[:-1]]))
        grams, times = hashes[firsts], np.diff(firsts, append=len(hashes))
        ids = np.minimum(np.searchsorted(self._grams, grams), len(self._grams) - 1)
        known = np.flatnonzero(self._grams[ids] == grams) if len(self._grams) else ids[:0]
        ids = ids[known]
        weights = (1 + np.log(times[known].astype(np.float32))) * self._idf[ids]
        unseen = len(grams) - len(ids)  # n-grams that no text has still lengthen the vector
        return Query(
            ids, weights / np.float32(max(1e-9, np.sqrt((weights**2).sum() + unseen * self._rarest**2)))
        )

    def cosines_of(self, query: Query, texts: Sequence[str]) -> Vectors:
        """The cosines of a text to some of those that the model was made of, float32 (k,)."""
        if not texts:
            return np.zeros(0, np.float32)
        hashes, owners = hashed(texts)
        known = np.isin(hashes, self._grams)  # all of them, but for texts that the model does not know
        rows, columns, times = _counted(hashes[known], owners[known], self._grams)
        weights = (1 + np.log(times.astype(np.float32))) * self._idf[columns]
        places = np.minimum(np.searchsorted(query.ids, columns), max(0, len(query.ids) - 1))
        shared = query.ids[places] == columns if len(query.ids) else np.zeros(len(columns), np.bool_)
        products = np.where(shared, weights * (query.weights[places] if len(query.ids) else 0), 0)
        dots, squares = (np.bincount(rows, values, minlength=len(texts)) for values in (products, weights**2))
        found: Vectors = (dots / np.maximum(np.sqrt(squares), 1e-9)).astype(np.float32)
        return found


class NgramIndex(NgramModel):
    """Sparse tf-idf vectors of length 1, kept by text (rows) and by n-gram (postings); ``arrays``: of an
    index made before."""

    def __init__(self, texts: Sequence[str], arrays: Mapping[str, NDArray[Any]] | None = None) -> None:
        self._n = len(texts)
        self._arrays = dict(arrays or _made(texts))
        super().__init__(self._arrays["grams"], self._arrays["idf"])
        self._starts, self._columns, self._weights, *rest = (self._arrays[name] for name in ARRAYS[2:])
        self._posting_starts, self._posting_rows, self._scales = rest

    @property
    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """What a file keeps of it."""
        return self._arrays

    def nearest(self, query: Query, k: int) -> NDArray[np.intp]:
        """The rows of the k texts nearest to a text, by its rarer n-grams: as many as stand in so many
        postings a text as the policy says."""
        postings = policy().ranker.postings * self._n
        lengths = self._posting_starts[query.ids + 1] - self._posting_starts[query.ids]
        order = np.argsort(lengths, kind="stable")
        used = order[: max(1, int(np.searchsorted(np.cumsum(lengths[order]), postings)))]
        if not len(used):
            return np.zeros(0, np.intp)
        rows = self._posting_rows[spans(self._posting_starts[query.ids[used]], lengths[used])]
        parts = np.repeat(query.weights[used] * self._idf[query.ids[used]], lengths[used])
        scores = np.bincount(rows, weights=parts, minlength=self._n) * self._scales
        some = np.flatnonzero(scores)
        return some[top(scores[some], k)]

    def cosines(self, query: Query, rows: NDArray[np.intp]) -> Vectors:
        """The cosines of a text to some of the index's texts, float32 (k,)."""
        asked = np.zeros(len(self._grams) + 1, np.float32)
        asked[query.ids] = query.weights
        lengths = self._starts[rows + 1] - self._starts[rows]
        at = spans(self._starts[rows], lengths)
        products = np.concatenate([asked[self._columns[at]] * self._weights[at], np.zeros(1, np.float32)])
        found: Vectors = (
            np.add.reduceat(products, np.cumsum(lengths) - lengths) if len(rows) else products[:0]
        )
        return np.where(lengths > 0, found, np.float32(0))


def spans(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers from each start on, as many as its length, one after another."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)


def _counted(
    hashes: Hashes, owners: NDArray[np.int32], grams: Hashes
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
    """Of each text (rows) each n-gram that it has (columns, places in ``grams``), and how often; all n-grams
    must be among them."""
    size = max(1, len(grams))
    pairs, times = np.unique(
        owners.astype(np.int64) * size + np.searchsorted(grams, hashes), return_counts=True
    )
    return (pairs // size).astype(np.int32), (pairs % size).astype(np.int32), times


def _made(texts: Sequence[str]) -> dict[str, NDArray[Any]]:
    n = len(texts)
    hashes, owners = hashed(texts)
    grams = np.unique(hashes)
    rows, columns, times = _counted(hashes, owners, grams)
    documents = np.bincount(columns, minlength=len(grams))
    idf = (np.log((1 + n) / (1 + documents.astype(np.float32))) + 1).astype(np.float32)
    weights = (1 + np.log(times.astype(np.float32))) * idf[columns]
    scales = (1 / np.maximum(np.sqrt(np.bincount(rows, weights**2, minlength=n)), 1e-9)).astype(np.float32)
    postings = np.sort(columns.astype(np.int64) * max(1, n) + rows)  # by n-gram, then by text
    return {
        "grams": grams, "idf": idf,
        "starts": np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))]).astype(np.int64),
        "columns": columns.astype(np.min_scalar_type(len(grams))), "weights": (weights * scales[rows]).astype(np.float32),
        "posting_starts": np.concatenate([[0], np.cumsum(documents)]).astype(np.int64),
        "posting_rows": (postings % max(1, n)).astype(np.min_scalar_type(n)), "scales": scales,
    }  # fmt: skip
