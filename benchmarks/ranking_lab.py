"""What ranker_variants.py ranks with: a knowledge base and its questions, candidates and their likeness, and
how a ranking is judged."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from msgspec import structs
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from chatbot.encoders.encoder import Vectors
from chatbot.encoders.vectors import encode_cached
from chatbot.engine import Engine
from chatbot.intents.model import INTENT
from chatbot.language.reading import Reading
from chatbot.measuring.tuning import holds
from chatbot.policy import policy
from chatbot.retrieval.index import top
from chatbot.retrieval.ngrams import NgramIndex
from chatbot.retrieval.ranker import Scored

CACHE = Path(tempfile.gettempdir()) / "ranker-variants"
BEFORE = structs.replace(
    policy().ranker,
    semantic=0.4,
    spelling=0.4,
    form=0.2,
    width=4.0,
    ridge=0.3,
    candidates=100,
    regression=0.0,
)
"""What the variants are compared with: the ranker as it was before this comparison."""
BEFORE_MIX = {"semantic": BEFORE.semantic, "spelling": BEFORE.spelling, "form": BEFORE.form}
CHUNK = 128
Totals = NDArray[np.float64]
Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Part = Callable[[Rows, int], Vectors]
"""The likeness of some phrasings and a question (rows (k,), its number) to each other, float32 (k + 1, k +
1), the question last."""


@dataclass
class Pool:
    """The phrasings that are ranked, and their vectors float32 (n, d)."""

    texts: list[str]
    labels: list[str]
    vectors: Vectors


@dataclass
class Questions:
    """What is asked: readings, their vectors float32 (n, d), the labels that are right; ``own``: the phrasing
    to leave out, or -1."""

    readings: list[Reading]
    vectors: Vectors
    expected: list[frozenset[str]]
    own: Rows


class Task:
    """One knowledge base and what it is asked; ``kind`` of each question: 0 in scope, 1 with a typing error,
    2 out of scope."""

    def __init__(
        self,
        name: str,
        engine: Engine,
        inside: Sequence[tuple[str, Sequence[str]]],
        outside: Sequence[str],
        slips: bool,
    ) -> None:
        rng = np.random.default_rng(1)
        listed = [(text, right, 0) for text, right in inside] + [
            (misspell(text, rng), right, 1) for text, right in inside if slips
        ]
        listed += [(text, (), 2) for text in outside]
        readings = [engine.reader.read(text) for text, _, _ in listed]
        vectors = encode_cached([reading.matched for reading in readings], engine.encoder, CACHE)
        self.name, self.engine = name, engine
        self.kind = np.array([kind for _, _, kind in listed], np.intp)
        self.asked = Questions(
            readings, vectors, [frozenset(right) for _, right, _ in listed], np.full(len(listed), -1, np.intp)
        )
        self.pool = Pool(engine.ranker.texts, engine.ranker.labels, engine.ranker.vectors)
        self.names = list(dict.fromkeys(self.pool.labels))

    @cached_property
    def local(self) -> Local:
        """The candidates of the ranker in use."""
        return Local(self)

    @cached_property
    def left_out(self) -> Questions:
        """1,200 phrasings of entries, each to be asked with itself left out; in (a) a sibling that holds the
        fact is right too."""
        engine, stems, pool = self.engine, self.engine.answer_stems, self.pool
        own = np.flatnonzero([not label.startswith(INTENT) for label in pool.labels])
        own = np.sort(np.random.default_rng(0).choice(own, min(1200, len(own)), replace=False))
        readings = [engine.reader.read(engine.ranker.shown[i]) for i in own]
        labels = [pool.labels[i] for i in own]
        right = {
            x: frozenset(y for y in stems if x == y or (self.name == "a" and holds(stems, x, y)))
            for x in set(labels)
        }
        return Questions(readings, pool.vectors[own], [right[label] for label in labels], own)

    def judge(self, totals: Totals, asked: Questions | None = None) -> Judged:
        """Rank as the engine does: the best 16 labels, then what the facets say of them."""
        asked = asked or self.asked
        first, three, margin = (
            np.zeros(len(totals), np.bool_),
            np.zeros(len(totals), np.bool_),
            np.zeros(len(totals)),
        )
        for i, (row, reading) in enumerate(zip(totals, asked.readings, strict=True)):
            best = [j for j in np.argsort(-row, kind="stable")[:16] if np.isfinite(row[j])]
            ranked = self.engine.weigh(
                reading, [Scored(self.names[j], float(row[j]), "", 0.0, 0.0, 0.0) for j in best]
            )
            entries = [scored for scored in ranked if not scored.label.startswith(INTENT)]
            against = max((scored.score for scored in ranked if scored.label.startswith(INTENT)), default=0.0)
            right = [scored.label in asked.expected[i] for scored in entries[:3]]
            first[i], three[i] = any(right[:1]), any(right)
            margin[i] = (entries[0].score if entries else 0.0) - max(0.0, against)
        return Judged(first, three, margin)


@dataclass(frozen=True)
class Judged:
    """What a variant did: whether the right entry was first, in the first three (n,), and the best entry less
    the best intent (n,)."""

    first: Mask
    three: Mask
    margin: Totals


class Local:
    """The candidates of every question and, made when first asked for, the parts of their likeness."""

    def __init__(
        self, task: Task, pool: Pool | None = None, asked: Questions | None = None, k: int = BEFORE.candidates,
        vectors: tuple[Vectors, Vectors] | None = None,
    ) -> None:  # fmt: skip
        self.task, self.pool, self.asked = task, pool or task.pool, asked or task.asked
        phrasings, questions = vectors or (self.pool.vectors, self.asked.vectors)
        self.ngrams = NgramIndex(self.pool.texts)
        self.ids = np.array([task.names.index(label) for label in self.pool.labels], np.intp)
        rows = []
        for reading, vector, own in zip(self.asked.readings, questions, self.asked.own, strict=True):
            cosine, spelling = (
                phrasings @ vector,
                self.spelling(reading.matched, np.arange(len(self.pool.texts))),
            )
            near = np.union1d(top(cosine, k + (own >= 0)), top(spelling, k + (own >= 0)))
            near = near[near != own]
            rows.append(
                near[
                    top(
                        (BEFORE.semantic * cosine[near] + BEFORE.spelling * spelling[near]).astype(
                            np.float32
                        ),
                        k,
                    )
                ]
            )
        self.rows = np.array(rows)
        self.made: dict[str, Vectors] = {}
        self.parts: dict[str, Part] = {
            "semantic": partial(cosines, phrasings, questions), "cosine": partial(cosines, self.pool.vectors, self.asked.vectors),
            "spelling": self._spelling, "form": partial(self.fuzzy, fuzz.ratio),
        }  # fmt: skip

    def _spelling(self, rows: Rows, i: int) -> Vectors:
        to = self.spelling(self.asked.readings[i].matched, rows)
        among = np.stack([self.spelling(self.pool.texts[row], rows) for row in rows])
        return np.block([[among, to[:, None]], [to, np.ones(1, np.float32)]]).astype(np.float32)

    def spelling(self, text: str, rows: Rows) -> Vectors:
        """The likeness of a text to some phrasings by spelling, float32 (k,)."""
        return self.ngrams.cosines(self.ngrams.query(text), rows)

    def fuzzy(self, scorer: Callable[..., float], rows: Rows, i: int) -> Vectors:
        """A part: one of rapidfuzz's ratios."""
        texts = [self.pool.texts[row].lower() for row in rows] + [self.asked.readings[i].matched.lower()]
        return (process.cdist(texts, texts, scorer=scorer, dtype=np.float32) / 100).astype(np.float32)

    def totals(
        self,
        mix: dict[str, float] | None = None,
        width: float = BEFORE.width,
        ridge: float = BEFORE.ridge,
        gains: Totals | None = None,
    ) -> Totals:
        """The score of every label for every question (-inf: no candidate); ``gains`` are factors for each
        phrasing's weight."""
        mix = mix or BEFORE_MIX
        for name in mix.keys() - self.made.keys():
            self.made[name] = np.stack([self.parts[name](rows, i) for i, rows in enumerate(self.rows)])
        out = np.full((len(self.rows), len(self.task.names)), -np.inf)
        for start in range(0, len(self.rows), CHUNK):
            span = slice(start, start + CHUNK)
            rows = self.rows[span]
            likeness = np.sum(
                [weight * self.made[name][span].astype(np.float64) for name, weight in mix.items()], axis=0
            )
            k = np.exp(width * (likeness - 1))
            weights = np.linalg.solve(k[:, :-1, :-1] + ridge * np.eye(rows.shape[1]), k[:, :-1, -1:])[:, :, 0]
            which = (np.arange(len(rows))[:, None], self.ids[rows])
            out[span][which] = 0.0
            np.add.at(out[span], which, weights if gains is None else weights * gains[rows])
        return out


def cosines(phrasings: Vectors, questions: Vectors, rows: Rows, i: int) -> Vectors:
    """A part: cosines of vectors."""
    both = np.vstack([phrasings[rows], questions[i]])
    return (both @ both.T).astype(np.float32)


def unit(vectors: Vectors) -> Vectors:
    """The same directions, of length 1."""
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def misspell(text: str, rng: np.random.Generator) -> str:
    """One slip of the finger in a word of four letters or more: two letters swapped, one left out, doubled or
    replaced."""
    words = list(re.finditer(r"[A-Za-z]{4,}", text))
    if not words:
        return text
    word = words[rng.integers(len(words))]
    at = int(rng.integers(word.start() + 1, word.end() - 1))
    a, b = text[at], text[at + 1]
    return (
        text[:at]
        + (b + a, b, a + a + b, chr(97 + int(rng.integers(26))) + b)[rng.integers(4)]
        + text[at + 2 :]
    )


def auroc(inside: Totals, outside: Totals) -> float:
    """How often an in-scope question's margin is above an out-of-scope one's."""
    ordered = np.sort(outside)
    return float(
        (np.searchsorted(ordered, inside, "left") + np.searchsorted(ordered, inside, "right")).mean()
        / 2
        / len(outside)
    )


def interval(new: Mask, old: Mask) -> str:
    """The difference of two shares in points, and its 95% interval by 2,000 paired resamples."""
    difference = 100 * (new.astype(float) - old.astype(float))
    means = difference[np.random.default_rng(0).integers(0, len(difference), (2000, len(difference)))].mean(
        axis=1
    )
    return f"{difference.mean():+.1f} [{np.percentile(means, 2.5):+.1f}, {np.percentile(means, 97.5):+.1f}]"
