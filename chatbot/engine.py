"""What is loaded once and asked many times: the library, and the ranker over all its phrasings."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chatbot.building.prepare import Prepared, labels_of, looked_up_labels, make_reader, shown_of
from chatbot.encoders.encoder import Encoder, Vectors
from chatbot.errors import ChatbotError
from chatbot.flow import Ranking, Shares
from chatbot.intents.model import Intent
from chatbot.language.lexicon import Lexicon
from chatbot.language.normalise import simple_words
from chatbot.language.reading import Reading
from chatbot.library import Library, measure_of
from chatbot.retrieval.calibration import features
from chatbot.retrieval.index import Index
from chatbot.retrieval.ngrams import NgramIndex
from chatbot.retrieval.ranker import Ranker, Scored, Voting
from chatbot.retrieval.remote import CandidateSource, RemoteRanker
from chatbot.signals import may_look_up, speaks_of_figures


class Engine(Library):
    """The library with its ranker; immutable once made, so threads share it."""

    def __init__(
        self, prepared: Prepared, encoder: Encoder, index: Index | CandidateSource | None = None
    ) -> None:
        wording = prepared.wording
        reader = make_reader(prepared.knowledge, wording.words, prepared.data, wording.plain_words)
        super().__init__(
            prepared.knowledge, prepared.intents, reader, prepared.data, wording.mentions, wording.plain_words
        )
        self.encoder = encoder
        self.calibration = prepared.calibration
        self.title_vectors = prepared.title_vectors
        self.coverage = wording.coverage
        self.answer_stems = wording.answer_stems
        self.looked_up = looked_up_labels(prepared.knowledge, prepared.intents)
        self.ranker: Voting = _ranker(prepared, index)
        self.listener = prepared.listener
        self._needed: dict[str, Lexicon[str]] = {}

    @property
    def local(self) -> Ranker:
        """The ranker with all phrasings in memory; raises ``ChatbotError`` where they are in a database."""
        if not isinstance(self.ranker, Ranker):
            raise ChatbotError(
                "this needs the knowledge's files, not an index in a database; leave out --index"
            )
        return self.ranker

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32 (n, d)."""
        return np.asarray(self.encoder.encode(texts), dtype=np.float32)

    def rank(self, readings: Sequence[Reading]) -> list[Ranking]:
        """Rank several readings, encoded together."""
        if not readings:
            return []
        texts = [reading.alike or reading.matched for reading in readings]
        vectors = self.encode(texts)
        labels = self.ranker.rank_many(texts, vectors, limit=self.policy.entries.ranked)
        heard = self._shares(texts, vectors)
        again = [
            i
            for i, reading in enumerate(readings)
            if reading.alike and not self._clearly_looked_up(reading, labels[i])
        ]
        if again:  # what is looked up goes by the form made alike, all else by the text as it is
            plain = [readings[i].matched for i in again]
            vectors = self.encode(plain)
            others = self.ranker.rank_many(plain, vectors, limit=self.policy.entries.ranked)
            for i, shares in zip(again, self._shares(plain, vectors), strict=True):
                heard[i] = shares
            for i, other in zip(again, others, strict=True):
                alike = [scored for scored in labels[i] if scored.label in self.looked_up]
                labels[i] = best_first(
                    [scored for scored in other if scored.label not in self.looked_up] + alike
                )
        return [
            Ranking(reading, tuple(self.weigh(reading, one)), shares)
            for reading, one, shares in zip(readings, labels, heard, strict=True)
        ]

    def listen(self, readings: Sequence[Reading]) -> list[Ranking]:
        """Rankings that say what is heard in each of several readings, and nothing else."""
        texts = [reading.matched for reading in readings]
        heard = self._shares(texts, self.encode(texts)) if texts else []
        return [Ranking(reading, heard=shares) for reading, shares in zip(readings, heard, strict=True)]

    def _shares(self, texts: Sequence[str], vectors: Vectors) -> list[Shares]:
        """How likely each of ``listened_for`` is in each text; None where nothing is listened for."""
        if self.listener is None:
            return [None] * len(texts)
        return [tuple(row[1:]) for row in self.listener.shares(texts, vectors).tolist()]

    def _clearly_looked_up(self, reading: Reading, labels: Sequence[Scored]) -> bool:
        """Whether a question is so near to a way of looking something up that nothing else need be looked at."""
        best = labels[0] if labels else None
        near = best is not None and best.label in self.looked_up and best.score >= self.policy.figures.clearly
        return near and not reading.facets.own_role and speaks_of_figures(self, reading)

    def weigh(self, reading: Reading, labels: Sequence[Scored]) -> list[Scored]:
        """What the facets say of the ranker's labels, best first.

        Tables of one measure put their scores together: which of them answers is for the facets to say.
        Intents about other occupations count less where the question names none, and nothing where it names
        the packs' own.
        """
        first: dict[str, int] = {}
        out: list[Scored] = []
        for plain in labels:
            scored = plain
            intent = self.intents.get(scored.label)
            if intent and intent.other_role and not reading.facets.subjects:
                if reading.facets.own_role:
                    continue
                scored = dataclasses.replace(scored, score=scored.score * self.policy.intents.no_other_role)
            if intent and intent.only_with and not self._said(intent, reading):
                continue
            entry = self.knowledge.by_id.get(scored.label)
            if entry and entry.lookup and not may_look_up(entry, reading):
                continue
            measure = measure_of(entry)
            if measure in first:
                best = out[first[measure]]
                score = best.score + self.policy.entries.pooled * max(0.0, scored.score)
                agree = min(1.0, best.agree + scored.agree)
                out[first[measure]] = dataclasses.replace(best, score=score, agree=agree)
                continue
            if measure:
                first[measure] = len(out)
            out.append(scored)
        return best_first(out)

    def _said(self, intent: Intent, reading: Reading) -> bool:
        """Whether one of the words stands in a question that an intent needs, as typed or as corrected."""
        if intent.label not in self._needed:
            self._needed[intent.label] = Lexicon((word, word) for word in intent.only_with)
        lexicon = self._needed[intent.label]
        return any(lexicon.find(simple_words(text)) for text in (reading.text, reading.typed))

    def probability(self, reading: Reading, entries: Sequence[Scored], intents: Sequence[Scored]) -> float:
        """How likely the best of the entries answers the question, 0 to 1."""
        if not entries:
            return 0.0
        return float(self.calibration.of_features(self.features(reading, entries, intents)))

    def features(
        self, reading: Reading, entries: Sequence[Scored], intents: Sequence[Scored], left_out: bool = False
    ) -> NDArray[np.float64]:
        """What the calibration goes by, float64 (d,); ``left_out``: the question is one of the best entry's
        own phrasings."""
        best = entries[0].label
        text = reading.alike if best in self.looked_up and reading.alike else reading.matched
        covered = self.coverage.of(text, best, left_out)
        table = self.knowledge.by_id[best].table is not None
        rivals = self.rivals(entries)
        otherwise = {scored.label for scored in rivals[1:]}
        agree = sum(scored.agree for scored in entries if scored.label not in otherwise)
        return features(rivals, intents, covered, len(text.split()), table, min(1.0, agree))

    def rivals(self, entries: Sequence[Scored]) -> list[Scored]:
        """The best entry and those that would answer otherwise: siblings that hold its answer, or are held by
        it, are no rivals."""
        best = entries[0].label
        return [entries[0], *(scored for scored in entries[1:] if not self.holds(best, scored.label))]

    def holds(self, label: str, other: str) -> bool:
        """Whether the answer of one entry holds that of another, or the reverse."""
        own, others = self.answer_stems[label], self.answer_stems[other]
        return len(own & others) >= self.policy.entries.held * max(1, min(len(own), len(others)))


def best_first(labels: Sequence[Scored]) -> list[Scored]:
    """The labels in the order of their scores; equal ones as they were."""
    return sorted(labels, key=lambda scored: -scored.score)


def _ranker(prepared: Prepared, index: Index | CandidateSource | None) -> Voting:
    if isinstance(index, CandidateSource):
        return RemoteRanker(index, prepared.ngrams, prepared.fitted)
    shown, labels = (of(prepared.knowledge, prepared.intents) for of in (shown_of, labels_of))
    ngrams = prepared.ngrams if isinstance(prepared.ngrams, NgramIndex) else None
    return Ranker(prepared.wording.texts, shown, labels, prepared.vectors, index, ngrams, prepared.fitted)
