"""Which label a question belongs to: kernel ridge regression, solved locally over the phrasings nearest to
the question.

Likeness of a question to a phrasing is a mix of meaning (cosine of embeddings), spelling (cosine of character
n-gram tf-idf) and form (rapidfuzz ratio), that of two phrasings is meaning alone; the kernel is exp(width *
(likeness - 1)). Over the candidates, (K + ridge I) w = k(question) is solved once and each weight is added to
its phrasing's label, and so is a part of what softmax regression on the embeddings says of the label.
Out-of-scope examples are phrasings of labels that do not answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from chatbot.encoders.encoder import Vectors
from chatbot.policy import policy
from chatbot.retrieval.blas import one_thread
from chatbot.retrieval.index import ExactIndex, Index, top
from chatbot.retrieval.ngrams import NgramIndex
from chatbot.retrieval.regression import Regression

LOT = 256
"""So many phrasings are left out, each by itself, in one search."""
_Parts = tuple[Vectors, Vectors, Vectors]


@dataclass(frozen=True, slots=True)
class Scored:
    """A label, its score, and the phrasing of it that is nearest, with the parts of its likeness.

    ``agree``: the part of the nearest phrasings that are the label's, 0 to 1.
    """

    label: str
    score: float
    phrasing: str
    semantic: float
    spelling: float
    form: float
    agree: float = 0.0


def numbered(labels: Sequence[str]) -> tuple[list[str], NDArray[np.intp]]:
    """The labels, each once, and for each phrasing the number of its label."""
    place = {name: i for i, name in enumerate(dict.fromkeys(labels))}
    return list(place), np.fromiter((place[label] for label in labels), np.intp, len(labels))


@dataclass(frozen=True, slots=True)
class Candidates:
    """Phrasings that may be what is asked, with the parts of their likeness to the question: label numbers
    (m,), vectors (m, d), parts (m,)."""

    labels: NDArray[np.intp]
    shown: Sequence[str]
    vectors: Vectors
    parts: _Parts


class Voting:
    """The vote of a question's candidates on its label; what is the same wherever the phrasings are kept."""

    def __init__(self, names: Sequence[str], regression: Regression) -> None:
        self.weights = policy().ranker
        self.names = list(names)
        self.regression = regression

    def rank_many(self, texts: Sequence[str], vectors: Vectors, limit: int = 8) -> list[list[Scored]]:
        """The best labels for each of several questions, best first; vectors (m, d)."""
        raise NotImplementedError

    def likeness(self, scored: Scored) -> float:
        """How like the question the nearest phrasing of a label is, 0 to 1."""
        return (
            self.weights.semantic * scored.semantic
            + self.weights.spelling * scored.spelling
            + self.weights.form * scored.form
        )

    def vote(
        self, vector: Vectors, found: Candidates, without: NDArray[np.bool_] | None, limit: int
    ) -> list[Scored]:
        """The labels of the candidates, best first; ``without`` masks phrasings of the regression that are
        left out (n,)."""
        if not len(found.labels):
            return []
        weights = self._solve(found)
        shares = self.regression.shares(vector, without)
        totals = np.bincount(found.labels, weights, minlength=len(self.names)).astype(np.float64)
        present = np.flatnonzero(np.bincount(found.labels))
        totals[present] += self.weights.regression * shares[present]
        best = present[np.argsort(-totals[present], kind="stable")][:limit]
        nearest: dict[int, list[int]] = {}
        order = np.argsort(-self._mix(*found.parts), kind="stable")
        for place, label in enumerate(found.labels[order].tolist()):
            nearest.setdefault(label, []).append(place)
        out = []
        for label in best.tolist():
            places = nearest[label]
            j = int(order[places[0]])
            semantic, spelling, form = (float(part[j]) for part in found.parts)
            score, agree = float(totals[label]), self._agree(places)
            out.append(Scored(self.names[label], score, found.shown[j], semantic, spelling, form, agree))
        return out

    def _agree(self, places: Sequence[int]) -> float:
        """The part of the nearest candidates that are a label's, by their places in the order of likeness; of
        a label with few phrasings no more are looked at than it may have."""
        most = min(max(len(places), self.weights.agree_least), self.weights.agree_most)
        return sum(place < most for place in places) / most

    def nearness_of(self, semantic: Vectors, spelling: Vectors) -> Vectors:
        """By what candidates are chosen."""
        near: Vectors = self.weights.semantic * semantic + self.weights.spelling * spelling
        return near

    def _mix(self, semantic: Vectors, spelling: Vectors, form: Vectors) -> Vectors:
        w = self.weights
        mixed: Vectors = (w.semantic * semantic + w.spelling * spelling + w.form * form).astype(np.float32)
        return mixed

    def _solve(self, found: Candidates) -> NDArray[np.float64]:
        """The weight of each candidate; how alike candidates are among themselves goes by meaning alone,
        which is quick and no worse."""
        w = self.weights
        kernel = np.exp(w.width * ((found.vectors @ found.vectors.T).astype(np.float64) - 1))
        kernel[np.diag_indices_from(kernel)] += w.ridge
        target = np.exp(w.width * (self._mix(*found.parts).astype(np.float64) - 1))
        return np.linalg.solve(kernel, target)


def form_of(text: str, folded: Sequence[str]) -> Vectors:
    """How alike a text is to some others as a whole string, 0 to 1, float32 (m,); both in small letters."""
    found: Vectors = process.cdist([text.lower()], folded, scorer=fuzz.ratio, dtype=np.float32)[
        0
    ] / np.float32(100)
    return found


class Ranker(Voting):
    """Ranks labels for a question, with all phrasings in memory; immutable after it is made, so threads can
    share it."""

    def __init__(
        self, texts: Sequence[str], shown: Sequence[str], labels: Sequence[str], vectors: Vectors, index: Index | None = None,
        ngrams: NgramIndex | None = None, fitted: Vectors | None = None,
    ) -> None:  # fmt: skip
        """``ngrams`` and ``fitted`` (the regression's weights): made before; without them they are made now."""
        self.texts = list(texts)
        self.shown = list(shown)
        self.labels = list(labels)
        names, self._label_ids = numbered(labels)
        super().__init__(names, Regression(vectors, self._label_ids, len(names), fitted, self.texts))
        self.vectors = vectors
        self._index = index or ExactIndex()
        self._index.build(vectors)
        self.ngrams = ngrams or NgramIndex(texts)
        self._folded = [text.lower() for text in texts]

    def rank(
        self, text: str, vector: Vectors, without: NDArray[np.bool_] | None = None, limit: int = 8
    ) -> list[Scored]:
        """The best labels for a question, best first; ``without`` masks phrasings to leave out (n,)."""
        extra = int(without.sum()) if without is not None else 0
        with one_thread():
            near, _ = self._index.search(vector, self.weights.looked_at + extra)
            return self._rank(text, vector, near, without, limit)

    def rank_many(self, texts: Sequence[str], vectors: Vectors, limit: int = 8) -> list[list[Scored]]:
        """The same for several questions, vectors (m, d)."""
        search = getattr(self._index, "search_many", None)
        if len(texts) < 2 or search is None:
            return [self.rank(text, vector, limit=limit) for text, vector in zip(texts, vectors, strict=True)]
        with one_thread():
            nearest = search(vectors, self.weights.looked_at)
            return [self._rank(*asked, None, limit) for asked in zip(texts, vectors, nearest, strict=True)]

    def rank_left_out(self, rows: Sequence[int], limit: int = 8) -> Iterator[tuple[list[Scored], float]]:
        """The best labels for phrasings of its own, each left out; and how like it a phrasing must be to be
        among its candidates."""
        search = getattr(self._index, "search_many", None)
        for start in range(0, len(rows), LOT):
            lot = rows[start : start + LOT]
            k = self.weights.looked_at + 1
            nearest = (
                search(self.vectors[lot], k)
                if search
                else [self._index.search(self.vectors[row], k)[0] for row in lot]
            )
            found = []
            with one_thread():
                for row, near in zip(lot, nearest, strict=True):
                    without = np.zeros(len(self.labels), np.bool_)
                    without[row] = True
                    candidates = self._candidates(self.texts[row], self.vectors[row], near, without)
                    enough = len(candidates.labels) >= self.weights.candidates
                    least = float(self.nearness_of(*candidates.parts[:2]).min()) if enough else -1.0
                    found.append((self.vote(self.vectors[row], candidates, without, limit), least))
            yield from found

    def nearness(self, text: str, vector: Vectors) -> Vectors:
        """How like a text each phrasing is, by the measure by which candidates are chosen, float32 (n,)."""
        rows = np.arange(len(self.texts))
        with one_thread():
            return self.nearness_of(
                (self.vectors @ vector).astype(np.float32), self.ngrams.cosines(self.ngrams.query(text), rows)
            )

    def _rank(
        self,
        text: str,
        vector: Vectors,
        found: NDArray[np.intp],
        without: NDArray[np.bool_] | None,
        limit: int,
    ) -> list[Scored]:
        return self.vote(vector, self._candidates(text, vector, found, without), without, limit)

    def _candidates(
        self, text: str, vector: Vectors, near: NDArray[np.intp], without: NDArray[np.bool_] | None
    ) -> Candidates:
        """The nearest by meaning and by spelling together."""
        query = self.ngrams.query(text)
        rows = np.union1d(near, self.ngrams.nearest(query, len(near)))
        if without is not None:
            rows = rows[~without[rows]]
        vectors = self.vectors[rows]
        semantic, spelling = (vectors @ vector).astype(np.float32), self.ngrams.cosines(query, rows)
        kept = top(self.nearness_of(semantic, spelling), self.weights.candidates)
        rows = rows[kept]
        parts = semantic[kept], spelling[kept], form_of(text, [self._folded[row] for row in rows])
        return Candidates(self._label_ids[rows], [self.shown[row] for row in rows], vectors[kept], parts)
