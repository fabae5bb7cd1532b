"""Ranking where the phrasings are kept elsewhere: candidates come from a source, the vote on them is the
same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from chatbot.encoders.encoder import Vectors
from chatbot.retrieval.blas import one_thread
from chatbot.retrieval.index import top
from chatbot.retrieval.ngrams import NgramModel
from chatbot.retrieval.ranker import Candidates, Scored, Voting, form_of
from chatbot.retrieval.regression import Regression


@dataclass(frozen=True, slots=True)
class Found:
    """Phrasings near a question: label, text as it is matched, text as it was written (m each), and vectors
    float32 (m, d)."""

    labels: Sequence[str]
    texts: Sequence[str]
    shown: Sequence[str]
    vectors: Vectors


@runtime_checkable
class CandidateSource(Protocol):
    """Where phrasings are looked for by meaning, letters and words."""

    names: Sequence[str]
    """Every label there is."""

    def find(self, texts: Sequence[str], vectors: Vectors) -> list[Found]:
        """For each of several questions, vectors float32 (m, d), the phrasings that may be meant; each
        phrasing once."""
        ...


class RemoteRanker(Voting):
    """Ranks labels for questions by the candidates of a source."""

    def __init__(self, source: CandidateSource, ngrams: NgramModel, fitted: Vectors | None) -> None:
        super().__init__(
            source.names,
            Regression(np.zeros((0, 1), np.float32), np.zeros(0, np.intp), len(source.names), fitted),
        )
        self._source = source
        self._ngrams = ngrams
        self._numbers = {name: number for number, name in enumerate(source.names)}

    def rank_many(self, texts: Sequence[str], vectors: Vectors, limit: int = 8) -> list[list[Scored]]:
        """The best labels for each of several questions, best first; vectors (m, d)."""
        found = self._source.find(texts, vectors)
        with one_thread():
            return [
                self.vote(vector, self._candidates(text, vector, near), None, limit)
                for text, vector, near in zip(texts, vectors, found, strict=True)
            ]

    def _candidates(self, text: str, vector: Vectors, found: Found) -> Candidates:
        """Of what was found, the nearest by meaning and by spelling together."""
        semantic = (found.vectors @ vector).astype(np.float32)
        spelling = self._ngrams.cosines_of(self._ngrams.query(text), found.texts)
        kept = top(self.nearness_of(semantic, spelling), self.weights.candidates)
        labels = np.fromiter((self._numbers[found.labels[i]] for i in kept), np.intp, len(kept))
        parts = semantic[kept], spelling[kept], form_of(text, [found.texts[i].lower() for i in kept])
        return Candidates(labels, [found.shown[i] for i in kept], found.vectors[kept], parts)
