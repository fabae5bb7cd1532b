"""What is loaded once and asked many times: knowledge, intents, the reader and the ranker over all their phrasings."""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.answering.guard import Mentions, mentions
from chatbot.intents.load import Intent
from chatbot.knowledge.model import Entry, Knowledge
from chatbot.language.facets import FacetReader
from chatbot.language.normalise import simple_words
from chatbot.language.reading import Reader, Reading
from chatbot.retrieval.calibration import Calibration, features
from chatbot.retrieval.coverage import Coverage, stems
from chatbot.retrieval.encoder import Encoder, Vectors
from chatbot.retrieval.index import Index
from chatbot.retrieval.ranker import Ranker, Scored, Weights
from chatbot.retrieval.vectors import Progress, encode_cached

log = logging.getLogger(__name__)
POOLED = 1.0
"""The part of a further table's score that is added to the best of its measure."""
HELD = 0.6
"""A sibling holds an answer when it has so much of its words."""
COVERED = 0.6
"""A neutral out-of-scope intent whose examples are this near (median cosine) to the knowledge is switched off."""
NO_OTHER_ROLE = 0.4
"""What an intent about other occupations keeps of its score where the question names none."""
INTENT = "intent:"
"""Labels of intents start with this in the ranker; entries' are their ids."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """What the ranker says of one reading: labels best first, and the entries and intents among them."""

    reading: Reading
    labels: tuple[Scored, ...]

    @property
    def entries(self) -> tuple[Scored, ...]:
        """The entries, best first."""
        return tuple(scored for scored in self.labels if not scored.label.startswith(INTENT))

    @property
    def intents(self) -> tuple[Scored, ...]:
        """The intents, best first."""
        return tuple(scored for scored in self.labels if scored.label.startswith(INTENT))


class Engine:
    """Immutable once made; threads share it."""

    def __init__(
        self, knowledge: Knowledge, intents: Sequence[Intent], encoder: Encoder, index: Index | None = None,
        cache: Path | None = None, progress: Progress | None = None, calibration: Calibration | None = None,
    ) -> None:  # fmt: skip
        self.knowledge = knowledge
        self.intents = {INTENT + intent.id: intent for intent in intents}
        self.encoder = encoder
        self.calibration = calibration or Calibration.shipped()
        self.reader = make_reader(knowledge, intents)
        shown: list[str] = []
        labels: list[str] = []
        for entry in knowledge.entries:
            shown += entry.questions
            labels += [entry.id] * len(entry.questions)
        for label, intent in self.intents.items():
            shown += intent.examples
            labels += [label] * len(intent.examples)
        texts = [self.reader.match_text(self.reader.expand(text)) for text in shown]
        vectors = encode_cached(texts, encoder, cache, progress)
        for covered in covered_intents(self.intents, labels, vectors):
            log.info("the knowledge covers the intent %s: switched off", covered)
            del self.intents[covered]
        kept = np.array([not label.startswith(INTENT) or label in self.intents for label in labels])
        if not kept.all():
            texts, shown, labels = ([text for text, keep in zip(listed, kept, strict=True) if keep] for listed in (texts, shown, labels))
            vectors = vectors[kept]
        self.ranker = Ranker(texts, shown, labels, vectors, Weights(), index)

    @cached_property
    def tables(self) -> tuple[Entry, ...]:
        """The entries that are tables."""
        return tuple(entry for entry in self.knowledge.entries if entry.table)

    @cached_property
    def _mentions(self) -> dict[str, Mentions]:
        return {}

    def mentions(self, entry: Entry) -> Mentions:
        """What an entry speaks of; read at its first use."""
        found = self._mentions.get(entry.id)
        if found is None:
            found = self._mentions[entry.id] = mentions(entry, self.reader)
        return found

    def probability(self, reading: Reading, entries: Sequence[Scored], intents: Sequence[Scored]) -> float:
        """How likely the best of the entries answers the question."""
        if not entries:
            return 0.0
        return float(self.calibration.of_features(self.features(reading, entries, intents)))

    def features(
        self, reading: Reading, entries: Sequence[Scored], intents: Sequence[Scored], left_out: bool = False
    ) -> NDArray[np.float64]:
        """What the calibration goes by, float64 (d,); ``left_out``: the question is one of the best entry's own phrasings."""
        best = entries[0].label
        covered = self.coverage.of(reading.matched, best, left_out)
        table = self.knowledge.by_id[best].table is not None
        return features(self.rivals(entries), intents, covered, len(reading.matched.split()), table)

    def rivals(self, entries: Sequence[Scored]) -> list[Scored]:
        """The best entry and those that would answer otherwise: siblings that hold its answer, or are held by it, are no rivals."""
        own = self.answer_stems[entries[0].label]
        out = [entries[0]]
        for scored in entries[1:]:
            other = self.answer_stems[scored.label]
            if len(own & other) < HELD * max(1, min(len(own), len(other))):
                out.append(scored)
        return out

    @cached_property
    def answer_stems(self) -> dict[str, set[str]]:
        """The words of each entry's answer."""
        return {entry.id: stems(entry.answer) for entry in self.knowledge.entries}

    @cached_property
    def coverage(self) -> Coverage:
        """The words of each entry."""
        match = self.reader.match_text
        expand = self.reader.expand
        return Coverage({e.id: [match(expand(text)) for text in (*e.questions, e.answer)] for e in self.knowledge.entries})

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32 (n, d)."""
        return np.asarray(self.encoder.encode(texts), dtype=np.float32)

    def rank(self, readings: Sequence[Reading]) -> list[Ranked]:
        """Rank several readings, encoded together."""
        if not readings:
            return []
        vectors = self.encode([reading.matched for reading in readings])
        return [
            Ranked(reading, tuple(self.weigh(reading, self.ranker.rank(reading.matched, vector, limit=16))))
            for reading, vector in zip(readings, vectors, strict=True)
        ]

    def weigh(self, reading: Reading, labels: list[Scored]) -> list[Scored]:
        """What the facets say of the ranker's labels, best first.

        Tables of one measure put their scores together: which of them answers is for the facets to say. Intents about other
        occupations count less where the question names none, and nothing where it names the packs' own.
        """
        first: dict[str, int] = {}
        out: list[Scored] = []
        for plain in labels:
            scored = plain
            intent = self.intents.get(scored.label)
            if intent and intent.other_role and not reading.facets.subjects:
                if reading.facets.own_role:
                    continue
                scored = dataclasses.replace(scored, score=scored.score * NO_OTHER_ROLE)
            entry = self.knowledge.by_id.get(scored.label)
            measure = entry.table.measure if entry and entry.table else None
            if measure in first:
                best = out[first[measure]]
                out[first[measure]] = dataclasses.replace(best, score=best.score + POOLED * max(0.0, scored.score))
                continue
            if measure:
                first[measure] = len(out)
            out.append(scored)
        return sorted(out, key=lambda scored: -scored.score)


def covered_intents(intents: Mapping[str, Intent], labels: Sequence[str], vectors: Vectors) -> list[str]:
    """The neutral out-of-scope intents that the knowledge does answer: most of their examples are close to a phrasing of it."""
    names = np.array(labels)
    own = vectors[[not label.startswith(INTENT) for label in labels]]
    out_of_scope = [label for label, intent in intents.items() if intent.kind == "unknown" and intent.neutral]
    return [label for label in out_of_scope if len(own) and np.median((vectors[names == label] @ own.T).max(axis=1)) > COVERED]


def make_reader(knowledge: Knowledge, intents: Sequence[Intent]) -> Reader:
    """A reader that knows the words of the knowledge, the packs' roles, and the occupations and fields listed."""
    language = knowledge.language
    roles = [(name, pack.role[0]) for pack in knowledge.packs for name in pack.role]
    own = [term for pack in knowledge.packs for term in pack.own_terms]
    others = (*language.occupations, *language.fields)
    vocabulary = [text for entry in knowledge.entries for text in (*entry.questions, entry.answer)]
    seen = Counter(word for intent in intents for example in intent.examples for word in set(simple_words(example)))
    vocabulary += [word for word, count in seen.items() if count > 1]  # what stands there once may be a slip, or gibberish
    vocabulary += [example for intent in intents if intent.kind == "smalltalk" for example in intent.examples]
    facets = FacetReader(language.facets, roles, own, others)
    return Reader(facets, dict(language.abbreviations), vocabulary, known=others, strict=language.strict)
