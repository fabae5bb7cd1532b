"""Which label a question belongs to: kernel ridge regression, solved locally over the phrasings nearest to the question.

Likeness of two texts is a mix of meaning (cosine of embeddings), spelling (cosine of character n-gram tf-idf) and form (rapidfuzz
ratio); the kernel is exp(width * (likeness - 1)). Over the candidates, (K + ridge I) w = k(question) is solved once and each weight
is added to its phrasing's label, and so is a part of what softmax regression on the embeddings says of the label. Out-of-scope examples are
phrasings of labels that do not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from chatbot.retrieval.blas import one_thread
from chatbot.retrieval.encoder import Vectors
from chatbot.retrieval.index import ExactIndex, Index, top
from chatbot.retrieval.ngrams import NgramIndex
from chatbot.retrieval.regression import Regression


@dataclass(frozen=True, slots=True)
class Weights:
    """The ranker's constants; docs/ranking.md says what others gave."""

    semantic: float = 0.7
    spelling: float = 0.2
    form: float = 0.1
    width: float = 3.0
    ridge: float = 0.3
    candidates: int = 100
    regression: float = 0.3


@dataclass(frozen=True, slots=True)
class Scored:
    """A label, its score, and the phrasing of it that is nearest, with the parts of its likeness."""

    label: str
    score: float
    phrasing: str
    semantic: float
    spelling: float
    form: float


def numbered(labels: Sequence[str]) -> tuple[list[str], NDArray[np.intp]]:
    """The labels, each once, and for each phrasing the number of its label."""
    place = {name: i for i, name in enumerate(dict.fromkeys(labels))}
    return list(place), np.fromiter((place[label] for label in labels), np.intp, len(labels))


class Ranker:
    """Ranks labels for a question; immutable after it is made, so threads can share it."""

    def __init__(
        self, texts: Sequence[str], shown: Sequence[str], labels: Sequence[str], vectors: Vectors, index: Index | None = None,
        ngrams: NgramIndex | None = None, fitted: Vectors | None = None,
    ) -> None:  # fmt: skip
        """``ngrams`` and ``fitted`` (the regression's weights): made before; without them they are made now."""
        self.weights = Weights()
        self.texts = list(texts)
        self.shown = list(shown)
        self.labels = list(labels)
        self._names, self._label_ids = numbered(labels)
        self.vectors = vectors
        self._index = index or ExactIndex()
        self._index.build(vectors)
        self.ngrams = ngrams or NgramIndex(texts)
        self._folded = [text.lower() for text in texts]
        self.regression = Regression(vectors, self._label_ids, len(self._names), fitted)

    def rank(self, text: str, vector: Vectors, without: NDArray[np.bool_] | None = None, limit: int = 8) -> list[Scored]:
        """The best labels for a question, best first; ``without`` masks phrasings to leave out (n,)."""
        with one_thread():
            rows, parts = self._candidates(text, vector, without)
            if not len(rows):
                return []
            weights = self._solve(rows, parts)
            shares = self.regression.shares(vector, without)
        totals = np.zeros(len(self._names), np.float64)
        np.add.at(totals, self._label_ids[rows], weights)
        near = self._label_ids[rows]
        present = np.unique(near)
        totals[present] += self.weights.regression * shares[present]
        best = present[np.argsort(-totals[present], kind="stable")][:limit]
        likeness = self._mix(*parts)
        out = []
        for label in best:
            mine = np.flatnonzero(near == label)
            j = mine[np.argmax(likeness[mine])]
            semantic, spelling, form = (float(part[j]) for part in parts)
            out.append(Scored(self._names[label], float(totals[label]), self.shown[rows[j]], semantic, spelling, form))
        return out

    def _mix(self, semantic: Vectors, spelling: Vectors, form: Vectors) -> Vectors:
        w = self.weights
        mixed: Vectors = (w.semantic * semantic + w.spelling * spelling + w.form * form).astype(np.float32)
        return mixed

    def _candidates(
        self, text: str, vector: Vectors, without: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.intp], tuple[Vectors, Vectors, Vectors]]:
        """The nearest by meaning and by spelling together, and the three parts of their likeness to the question."""
        n = self.weights.candidates
        extra = int(without.sum()) if without is not None else 0
        spelling = self.ngrams.scores(text)
        near, _ = self._index.search(vector, n + extra)
        rows = np.union1d(near, top(spelling, n + extra))
        if without is not None:
            rows = rows[~without[rows]]
        semantic = self.vectors[rows] @ vector
        first = self.weights.semantic * semantic + self.weights.spelling * spelling[rows]
        rows = rows[top(first.astype(np.float32), n)]
        folded = [self._folded[row] for row in rows]
        form = process.cdist([text.lower()], folded, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
        return rows, ((self.vectors[rows] @ vector).astype(np.float32), spelling[rows], form)

    def _solve(self, rows: NDArray[np.intp], parts: tuple[Vectors, Vectors, Vectors]) -> NDArray[np.float64]:
        w = self.weights
        vectors = self.vectors[rows]
        folded = [self._folded[row] for row in rows]
        form = (process.cdist(folded, folded, scorer=fuzz.ratio, dtype=np.float32) / 100).astype(np.float32)
        likeness = self._mix(vectors @ vectors.T, self.ngrams.among(rows), form)
        kernel = np.exp(w.width * (likeness.astype(np.float64) - 1))
        kernel[np.diag_indices_from(kernel)] += w.ridge
        target = np.exp(w.width * (self._mix(*parts).astype(np.float64) - 1))
        return np.linalg.solve(kernel, target)
