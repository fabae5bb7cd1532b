"""What is loaded once and asked many times: knowledge, intents, the reader and the ranker over all their phrasings."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chatbot.datasets.choosing import Lookups
from chatbot.datasets.names import plain as plain_form
from chatbot.datasets.query import Words
from chatbot.errors import ChatbotError
from chatbot.intents.model import INTENT
from chatbot.knowledge.looking import FILLED
from chatbot.knowledge.model import Entry
from chatbot.language.facets import PAY_WORDS
from chatbot.language.leftout import FUNCTION
from chatbot.language.normalise import simple_words
from chatbot.language.places import gazetteer
from chatbot.language.reading import Reading
from chatbot.language.spelling import english
from chatbot.prepare import Prepared, labels_of, looked_up_labels, make_reader, shown_of
from chatbot.retrieval.calibration import features
from chatbot.retrieval.encoder import Encoder, Vectors
from chatbot.retrieval.index import Index
from chatbot.retrieval.ngrams import NgramIndex
from chatbot.retrieval.ranker import Ranker, Scored, Voting
from chatbot.retrieval.remote import CandidateSource, RemoteRanker

POOLED = 1.0
"""The part of a further table's score that is added to the best of its measure."""
EVERYDAY = 500
"""Words as common as this in English say nothing of what a question is about."""
_REFERS = re.compile(
    r"\b(like (?:that|this|it|those|these|them)|similar|the two|of them|both|which (?:one |is |of )?(?:\w+ )?(?:more|better|less|worse))\b",
    re.I,
)
"""What is said so refers to something named before."""
FIGURE_WORDS = PAY_WORDS | {"percentile", "median", "mean", "compensation", "hourly"}
"""Words that speak of figures wherever they stand: "starting pay for" is no "pay for"."""
ASKING_WORDS = {"what", "what's", "whats", "who", "how", "is", "are", "do", "does"}
OF_FIGURES = {"money", "count", "mean", "hour", "range", "quarters"}
"""Names of words that say that figures are asked for."""
CLEARLY = 0.3
"""A way of looking something up with this score needs no comparison with what is matched otherwise."""
HELD = 0.6
"""A sibling holds an answer when it has so much of its words."""
_WHO_EARNS = re.compile(r"\b(?:does|do|would|will) (?:an? |the )?(?:\w+ )?(\w+) (?:earn|make|get|pull|bring|take)\b")
_OF_WHAT = [
    re.compile(
        r"\b(?:salary|salaries|pay|wages?|income|earnings|percentile) (?:of|for) (?:an? |the )?(?:\w+ )??(\w+)(?= in\b| per\b|[?.!]|$)"
    ),
    re.compile(r"^(?:\w+ )?(\w+) (?:salary|salaries|wages?|income|earnings|hourly|pay)\b"),
    _WHO_EARNS,
]
"""Where a question of pay names whose pay it is."""
NO_OTHER_ROLE = 0.4
"""What an intent about other occupations keeps of its score where the question names none."""


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


def _ranker(prepared: Prepared, index: Index | CandidateSource | None) -> Voting:
    if isinstance(index, CandidateSource):
        return RemoteRanker(index, prepared.ngrams, prepared.fitted)
    shown, labels = (of(prepared.knowledge, prepared.intents) for of in (shown_of, labels_of))
    ngrams = prepared.ngrams if isinstance(prepared.ngrams, NgramIndex) else None
    return Ranker(prepared.wording.texts, shown, labels, prepared.vectors, index, ngrams, prepared.fitted)


def _measure(entry: Entry | None) -> str | None:
    """What puts tables, or lookups, together when questions are matched."""
    if entry is None:
        return None
    return entry.table.measure if entry.table else f"lookup {entry.lookup.measure}" if entry.lookup else None


class Engine:
    """Immutable once made; threads share it."""

    def __init__(self, prepared: Prepared, encoder: Encoder, index: Index | CandidateSource | None = None) -> None:
        self.knowledge = prepared.knowledge
        self.intents = {intent.label: intent for intent in prepared.intents}
        self.encoder = encoder
        self.calibration = prepared.calibration
        self.data = prepared.data
        self.title_vectors = prepared.title_vectors
        self._plain_words = prepared.wording.plain_words
        self._known_forms: dict[str, frozenset[str]] = {}
        self.reader = make_reader(prepared.knowledge, prepared.wording.words, prepared.data, prepared.wording.plain_words)
        self.coverage = prepared.wording.coverage
        self.answer_stems = prepared.wording.answer_stems
        self.mentions = prepared.wording.mentions
        self.looked_up = looked_up_labels(prepared.knowledge, prepared.intents)
        self.ranker: Voting = _ranker(prepared, index)

    @property
    def local(self) -> Ranker:
        """The ranker with all phrasings in memory; raises ``ChatbotError`` where they are in a database."""
        if not isinstance(self.ranker, Ranker):
            raise ChatbotError("this needs the knowledge's files, not an index in a database; leave out --index")
        return self.ranker

    @cached_property
    def tables(self) -> tuple[Entry, ...]:
        """The entries that are tables."""
        return tuple(entry for entry in self.knowledge.entries if entry.table)

    @cached_property
    def lookups(self) -> tuple[Entry, ...]:
        """The entries that look something up."""
        return tuple(entry for entry in self.knowledge.entries if entry.lookup)

    @cached_property
    def usual(self) -> frozenset[str]:
        """The words of all ways of asking."""
        return frozenset(word for entry in self.lookups for text in entry.questions for word in simple_words(text))

    @cached_property
    def harmless(self) -> frozenset[str]:
        """Words that may stand beside the title of an occupation without making another one of it.

        They are those that stand there in ways of asking, those that say which figure is wanted, and the pack's ``modifiers``.
        """
        beside = re.compile(rf"\b([\w'-]+) (?:{'|'.join(FILLED[name] for name in ('occupation', 'other'))})s?\b(?: ([\w'-]+))?", re.I)
        found = [match for entry in self.lookups for text in entry.questions for match in beside.finditer(text)]
        spec = self.data.spec if self.data else None
        listed = [text for texts in spec.words.values() for text in texts] + list(spec.modifiers) if spec else []
        texts = [*(word for match in found for word in match.groups() if word), *listed]
        return frozenset(word for text in texts for word in simple_words(text))

    @cached_property
    def asked_lookups(self) -> Lookups:
        """The lookups over their data sets."""
        assert self.data
        return Lookups(self.data, self.lookups, Words(self.usual, self.harmless))

    @cached_property
    def data_packs(self) -> frozenset[str]:
        """The packs that hold data by occupation."""
        return frozenset(pack.id for pack in self.knowledge.packs if pack.data)

    def stray(self, entry: Entry, reading: Reading) -> tuple[str, ...]:
        """Words of a question that stand in no phrasing of a lookup, and name no place, number or group: it is about something else."""
        assert self.data
        words = simple_words(reading.text)
        spans = [*reading.of_figures().facets.places.spans, *((one.start, one.end) for one in self.data.groups.find(words))]
        spans += [(match.start, match.end) for match in self.data.words.find(words)]
        named = {i for start, end in spans for i in range(start, end)}
        known = self._forms(entry)
        left = [(i, word) for i, word in enumerate(words) if i not in named and not word.isdigit() and word not in FUNCTION]
        return tuple(word for i, word in left if plain_form(word) not in known and english().get(word, EVERYDAY) >= EVERYDAY)

    def speaks_of_figures(self, reading: Reading) -> bool:
        """Whether any word of a question speaks of pay or of numbers of people."""
        if self.data is None or "$" in reading.typed or {"pay", "headcount"} & set(reading.facets.get("asks")):
            return self.data is not None
        two = reading.facets.comparison and len(reading.facets.occupations) > 1
        inside = {i for one in reading.facets.occupations for i in range(one.start, one.end)}
        plainly = any(word in FIGURE_WORDS for i, word in enumerate(simple_words(reading.text)) if i not in inside)
        return two or plainly or bool(self._said(reading) & OF_FIGURES)

    def asks_of_the_work(self, reading: Reading) -> bool:
        """Whether a question about an occupation says nothing but that something is asked of it ("what does a plumber do"), or names its like."""
        words = simple_words(reading.text)
        spans = [*reading.facets.places.spans, *((one.start, one.end) for one in reading.facets.occupations)]
        taken = {i for start, end in spans for i in range(start, end)}
        left = {word for i, word in enumerate(words) if i not in taken}
        return "like" in left or bool(left & ASKING_WORDS and left <= FUNCTION)

    def counts(self, reading: Reading) -> bool:
        """Whether numbers of people are asked for."""
        return "count" in self._said(reading)

    def _said(self, reading: Reading) -> set[str]:
        """The names of the words that say which figure is wanted."""
        assert self.data
        inside = {i for one in reading.facets.occupations for i in range(one.start, one.end)}
        words = ["" if i in inside else word for i, word in enumerate(simple_words(reading.text))]
        return {name for match in self.data.words.find(words) for name in match.value}

    def unheard(self, reading: Reading) -> str | None:
        """Whose pay a question asks for, where that is a word that nothing loaded has to do with; only beside data by occupation."""
        facets = reading.facets
        if self.data is None or "pay" not in facets.get("asks") or facets.own_role or facets.occupations or facets.subjects:
            return None
        text = " ".join(simple_words(reading.text))
        found = [match[1] for pattern in _OF_WHAT for match in pattern.finditer(text)]
        typed = dict(reading.corrections)  # of a name, what was typed counts, not what it was taken for
        names = {right.lower(): wrong for wrong, right in typed.items() if wrong[:1].isupper()}
        return next((names.get(word, word) for word in found if word in names or not self._heard(word)), None)

    def stranger(self, reading: Reading) -> str | None:
        """Who is asked what they earn, where no way of asking without an occupation says so ("what do tables earn"), or None."""
        text = " ".join(simple_words(reading.text))
        return next((match[1] for match in _WHO_EARNS.finditer(text) if match[1] not in self._earners and match[1] not in FUNCTION), None)

    @cached_property
    def _earners(self) -> frozenset[str]:
        texts = [
            " ".join(simple_words(text))
            for entry in self.lookups
            if entry.lookup and not entry.lookup.needs_occupation
            for text in entry.questions
        ]
        return frozenset(match[1] for text in texts for match in _WHO_EARNS.finditer(text))

    def _heard(self, word: str) -> bool:
        if word in FUNCTION or word in self.usual or word.isdigit() or word in gazetteer().names:
            return True
        return word in self._plain_words or plain_form(word) in self._plain_words

    def _forms(self, entry: Entry) -> frozenset[str]:
        """The words of all phrasings of a lookup's measure, in their plain forms."""
        if entry.id not in self._known_forms:
            group = [other for other in self.lookups if _measure(other) == _measure(entry)]
            texts = [text for other in group for text in other.questions]
            self._known_forms[entry.id] = frozenset(plain_form(word) for text in texts for word in simple_words(text))
        return self._known_forms[entry.id]

    def may_look_up(self, entry: Entry, reading: Reading) -> bool:
        """Whether a question names what a lookup needs: an occupation, for most of them, and its words; one that needs none goes on from nothing."""
        assert entry.lookup
        if not entry.lookup.needs_occupation and _REFERS.search(reading.text):
            return False
        if entry.lookup.needs_occupation and not reading.facets.occupations:
            return False
        if entry.lookup.kind == "facts" and ("pay" in reading.facets.get("asks") or "$" in reading.typed):
            return False
        return not entry.lookup.only_with or not self._said(reading).isdisjoint(entry.lookup.only_with)

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
        text = reading.alike if best in self.looked_up and reading.alike else reading.matched
        covered = self.coverage.of(text, best, left_out)
        table = self.knowledge.by_id[best].table is not None
        return features(self.rivals(entries), intents, covered, len(text.split()), table)

    def rivals(self, entries: Sequence[Scored]) -> list[Scored]:
        """The best entry and those that would answer otherwise: siblings that hold its answer, or are held by it, are no rivals."""
        own = self.answer_stems[entries[0].label]
        out = [entries[0]]
        for scored in entries[1:]:
            other = self.answer_stems[scored.label]
            if len(own & other) < HELD * max(1, min(len(own), len(other))):
                out.append(scored)
        return out

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, float32 (n, d)."""
        return np.asarray(self.encoder.encode(texts), dtype=np.float32)

    def rank(self, readings: Sequence[Reading]) -> list[Ranked]:
        """Rank several readings, encoded together."""
        if not readings:
            return []
        return self.rank_encoded(readings, self.encode(self.texts(readings)))

    @staticmethod
    def texts(readings: Sequence[Reading]) -> list[str]:
        """What is encoded of some readings first: the form made alike where an occupation is named, else the text that is matched."""
        return [reading.alike or reading.matched for reading in readings]

    def rank_encoded(self, readings: Sequence[Reading], vectors: Vectors) -> list[Ranked]:
        """Rank several readings, the vectors (n, d) of their ``texts`` known."""
        found = self.ranker.rank_many(self.texts(readings), vectors, limit=16)
        again = [i for i, reading in enumerate(readings) if reading.alike and not self._clearly_looked_up(reading, found[i])]
        if again:  # what is looked up goes by the form made alike, all else by the text as it is
            plain = [readings[i].matched for i in again]
            for i, labels in zip(again, self.ranker.rank_many(plain, self.encode(plain), limit=16), strict=True):
                alike = [scored for scored in found[i] if scored.label in self.looked_up]
                found[i] = sorted([s for s in labels if s.label not in self.looked_up] + alike, key=lambda scored: -scored.score)
        return [Ranked(reading, tuple(self.weigh(reading, labels))) for reading, labels in zip(readings, found, strict=True)]

    def _clearly_looked_up(self, reading: Reading, labels: Sequence[Scored]) -> bool:
        """Whether a question is so near to a way of looking something up that nothing else need be looked at."""
        best = labels[0] if labels else None
        near = best is not None and best.label in self.looked_up and best.score >= CLEARLY
        return near and not reading.facets.own_role and self.speaks_of_figures(reading)

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
            if entry and entry.lookup and not self.may_look_up(entry, reading):
                continue
            measure = _measure(entry)
            if measure in first:
                best = out[first[measure]]
                out[first[measure]] = dataclasses.replace(best, score=best.score + POOLED * max(0.0, scored.score))
                continue
            if measure:
                first[measure] = len(out)
            out.append(scored)
        return sorted(out, key=lambda scored: -scored.score)
