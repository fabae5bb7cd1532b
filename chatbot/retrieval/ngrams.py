"""Nearness by spelling: tf-idf over character n-grams of 3 to 5 inside word boundaries, in an inverted index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chatbot.retrieval.encoder import Vectors

SIZES = (3, 4, 5)


def ngrams(text: str) -> Counter[str]:
    """Character n-grams of each word, the word padded with a space on both sides."""
    found: Counter[str] = Counter()
    for word in text.lower().split():
        padded = f" {word} "
        for size in SIZES:
            if len(padded) <= size:
                found[padded] += 1
                break
            found.update(padded[i : i + size] for i in range(len(padded) - size + 1))
    return found


class NgramIndex:
    """Sparse tf-idf vectors of length 1, kept by text (rows) and by n-gram (postings)."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [ngrams(text) for text in texts]
        documents = Counter(gram for count in counts for gram in count)
        self._ids = {gram: i for i, gram in enumerate(documents)}
        n = max(1, len(texts))
        self._idf = np.log((1 + n) / (1 + np.fromiter(documents.values(), np.float32, len(documents)))).astype(np.float32) + 1
        rows = [self._weigh(count) for count in counts]
        self._starts = np.concatenate([[0], np.cumsum([len(ids) for ids, _ in rows])]).astype(np.int64)
        self._columns = np.concatenate([ids for ids, _ in rows]) if rows else np.zeros(0, np.int32)
        self._weights = np.concatenate([w for _, w in rows]) if rows else np.zeros(0, np.float32)
        self._n = len(texts)
        order = np.argsort(self._columns, kind="stable")
        owners = np.repeat(np.arange(self._n, dtype=np.int32), np.diff(self._starts))
        self._posting_rows = owners[order]
        self._posting_weights = self._weights[order]
        lengths = np.bincount(self._columns, minlength=len(self._ids))
        self._posting_starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)

    def _weigh(self, count: Counter[str]) -> tuple[NDArray[np.int32], Vectors]:
        known = [(self._ids[gram], times) for gram, times in count.items() if gram in self._ids]
        ids = np.array([i for i, _ in known], np.int32)
        weights = (1 + np.log(np.array([times for _, times in known], np.float32))) * self._idf[ids] if known else np.zeros(0, np.float32)
        unseen = sum(1 for gram in count if gram not in self._ids)  # n-grams that no text has still lengthen the vector
        norm = float(np.sqrt((weights**2).sum() + unseen * float(self._idf.max(initial=1.0)) ** 2))
        return ids, (weights / norm if norm else weights).astype(np.float32)

    def scores(self, text: str) -> Vectors:
        """The cosine of a text to every text of the index, float32 (n,)."""
        ids, weights = self._weigh(ngrams(text))
        spans = [slice(self._posting_starts[i], self._posting_starts[i + 1]) for i in ids]
        if not spans:
            return np.zeros(self._n, np.float32)
        rows = np.concatenate([self._posting_rows[span] for span in spans])
        parts = np.concatenate([self._posting_weights[span] * w for span, w in zip(spans, weights, strict=True)])
        return np.bincount(rows, weights=parts, minlength=self._n).astype(np.float32)

    def among(self, rows: NDArray[np.intp]) -> Vectors:
        """The cosines of some texts to each other, float32 (k, k)."""
        spans = [slice(self._starts[row], self._starts[row + 1]) for row in rows]
        columns = np.concatenate([self._columns[span] for span in spans])
        used, local = np.unique(columns, return_inverse=True)
        dense = np.zeros((len(rows), len(used)), np.float32)
        owners = np.repeat(np.arange(len(rows)), [span.stop - span.start for span in spans])
        dense[owners, local] = np.concatenate([self._weights[span] for span in spans])
        return dense @ dense.T
