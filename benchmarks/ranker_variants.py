"""Which changes to the ranker help: variants of its likeness, its constants and its phrasings, by ranking alone.

    python benchmarks/ranker_variants.py [CLINC.jsonl] [--out-of-scope FILE] [--only NAME ...] [--sample N] [--rest]

(a) is the shipped knowledge, asked the in-scope questions of data/validation.jsonl and data/fresh.jsonl, and the same with one typing error
each; (b) the `train` rows of CLINC.jsonl, asked N of its in-scope `test` rows. No threshold and no calibration: the share of questions whose
right entry is first, or in the first three, after ``Engine.weigh``; and how well the best entry's score less the best intent's tells these
from out-of-scope questions (AUROC; those of FILE, else of validation.jsonl, and the out-of-scope `test` rows of CLINC.jsonl). The difference
is in points of "first" to the ranker in use, question by question, with its 95% interval by a paired bootstrap.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from intent_matching import knowledge_of
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from chatbot import CareerBot, SentenceTransformerEncoder
from chatbot.engine import INTENT, Engine
from chatbot.intents.load import load_intents
from chatbot.language.reading import Reading
from chatbot.paths import cache_dir, shipped
from chatbot.retrieval.encoder import Vectors, default_model_folder
from chatbot.retrieval.index import top
from chatbot.retrieval.ngrams import NgramIndex
from chatbot.retrieval.ranker import Scored, Weights
from chatbot.retrieval.vectors import encode_cached
from chatbot.tuning import holds

DATA = Path(__file__).resolve().parent / "data"
CACHE = Path(tempfile.gettempdir()) / "ranker-variants"
NOW = Weights()
IN_USE = {"semantic": NOW.semantic, "spelling": NOW.spelling, "form": NOW.form}
MEANING = {"semantic": 0.7, "spelling": 0.2, "form": 0.1}
CHUNK = 128
Totals = NDArray[np.float64]
Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Variants = Iterator[tuple[str, Totals]]
Part = Callable[[Rows, int], Vectors]
"""The likeness of some phrasings and a question (rows (k,), its number) to each other, float32 (k + 1, k + 1), the question last."""


@dataclass
class Pool:
    """The phrasings that are ranked, and their vectors float32 (n, d)."""

    texts: list[str]
    labels: list[str]
    vectors: Vectors


@dataclass
class Questions:
    """What is asked: readings, their vectors float32 (n, d), the labels that are right; ``own``: the phrasing to leave out, or -1."""

    readings: list[Reading]
    vectors: Vectors
    expected: list[frozenset[str]]
    own: Rows


class Task:
    """One knowledge base and what it is asked; ``kind`` of each question: 0 in scope, 1 with a typing error, 2 out of scope."""

    def __init__(self, name: str, engine: Engine, inside: Sequence[tuple[str, Sequence[str]]], outside: Sequence[str], slips: bool) -> None:
        rng = np.random.default_rng(1)
        listed = [(text, right, 0) for text, right in inside] + [(misspell(text, rng), right, 1) for text, right in inside if slips]
        listed += [(text, (), 2) for text in outside]
        readings = [engine.reader.read(text) for text, _, _ in listed]
        vectors = encode_cached([reading.matched for reading in readings], engine.encoder, CACHE)
        self.name, self.engine = name, engine
        self.kind = np.array([kind for _, _, kind in listed], np.intp)
        self.asked = Questions(readings, vectors, [frozenset(right) for _, right, _ in listed], np.full(len(listed), -1, np.intp))
        self.pool = Pool(engine.ranker.texts, engine.ranker.labels, engine.ranker.vectors)
        self.names = list(dict.fromkeys(self.pool.labels))

    @cached_property
    def local(self) -> Local:
        """The candidates of the ranker in use."""
        return Local(self)

    @cached_property
    def left_out(self) -> Questions:
        """1,200 phrasings of entries, each to be asked with itself left out; in (a) a sibling that holds the fact is right too."""
        engine, stems, pool = self.engine, self.engine.answer_stems, self.pool
        own = np.flatnonzero([not label.startswith(INTENT) for label in pool.labels])
        own = np.sort(np.random.default_rng(0).choice(own, min(1200, len(own)), replace=False))
        readings = [engine.reader.read(engine.ranker.shown[i]) for i in own]
        labels = [pool.labels[i] for i in own]
        right = {x: frozenset(y for y in stems if x == y or (self.name == "a" and holds(stems, x, y))) for x in set(labels)}
        return Questions(readings, pool.vectors[own], [right[label] for label in labels], own)

    def judge(self, totals: Totals, asked: Questions | None = None) -> Judged:
        """Rank as the engine does: the best 16 labels, then what the facets say of them."""
        asked = asked or self.asked
        first, three, margin = np.zeros(len(totals), np.bool_), np.zeros(len(totals), np.bool_), np.zeros(len(totals))
        for i, (row, reading) in enumerate(zip(totals, asked.readings, strict=True)):
            best = [j for j in np.argsort(-row, kind="stable")[:16] if np.isfinite(row[j])]
            ranked = self.engine.weigh(reading, [Scored(self.names[j], float(row[j]), "", 0.0, 0.0, 0.0) for j in best])
            entries = [scored for scored in ranked if not scored.label.startswith(INTENT)]
            against = max((scored.score for scored in ranked if scored.label.startswith(INTENT)), default=0.0)
            right = [scored.label in asked.expected[i] for scored in entries[:3]]
            first[i], three[i] = any(right[:1]), any(right)
            margin[i] = (entries[0].score if entries else 0.0) - max(0.0, against)
        return Judged(first, three, margin)


@dataclass(frozen=True)
class Judged:
    """What a variant did: whether the right entry was first, in the first three (n,), and the best entry less the best intent (n,)."""

    first: Mask
    three: Mask
    margin: Totals


class Local:
    """The candidates of every question and, made when first asked for, the parts of their likeness."""

    def __init__(
        self, task: Task, pool: Pool | None = None, asked: Questions | None = None, k: int = NOW.candidates,
        vectors: tuple[Vectors, Vectors] | None = None,
    ) -> None:  # fmt: skip
        self.task, self.pool, self.asked = task, pool or task.pool, asked or task.asked
        phrasings, questions = vectors or (self.pool.vectors, self.asked.vectors)
        self.ngrams = NgramIndex(self.pool.texts)
        self.ids = np.array([task.names.index(label) for label in self.pool.labels], np.intp)
        rows = []
        for reading, vector, own in zip(self.asked.readings, questions, self.asked.own, strict=True):
            cosine, spelling = phrasings @ vector, self.ngrams.scores(reading.matched)
            near = np.union1d(top(cosine, k + (own >= 0)), top(spelling, k + (own >= 0)))
            near = near[near != own]
            rows.append(near[top((NOW.semantic * cosine[near] + NOW.spelling * spelling[near]).astype(np.float32), k)])
        self.rows = np.array(rows)
        self.made: dict[str, Vectors] = {}
        self.parts: dict[str, Part] = {
            "semantic": partial(cosines, phrasings, questions), "cosine": partial(cosines, self.pool.vectors, self.asked.vectors),
            "spelling": self._spelling, "form": partial(self.fuzzy, fuzz.ratio),
        }  # fmt: skip

    def _spelling(self, rows: Rows, i: int) -> Vectors:
        to = self.ngrams.scores(self.asked.readings[i].matched)[rows]
        return np.block([[self.ngrams.among(rows), to[:, None]], [to, np.ones(1, np.float32)]]).astype(np.float32)

    def fuzzy(self, scorer: Callable[..., float], rows: Rows, i: int) -> Vectors:
        """A part: one of rapidfuzz's ratios."""
        texts = [self.pool.texts[row].lower() for row in rows] + [self.asked.readings[i].matched.lower()]
        return (process.cdist(texts, texts, scorer=scorer, dtype=np.float32) / 100).astype(np.float32)

    def totals(
        self, mix: dict[str, float] | None = None, width: float = NOW.width, ridge: float = NOW.ridge, gains: Totals | None = None
    ) -> Totals:
        """The score of every label for every question (-inf: no candidate); ``gains`` are factors for each phrasing's weight."""
        mix = mix or IN_USE
        for name in mix.keys() - self.made.keys():
            self.made[name] = np.stack([self.parts[name](rows, i) for i, rows in enumerate(self.rows)])
        out = np.full((len(self.rows), len(self.task.names)), -np.inf)
        for start in range(0, len(self.rows), CHUNK):
            span = slice(start, start + CHUNK)
            rows = self.rows[span]
            likeness = np.sum([weight * self.made[name][span].astype(np.float64) for name, weight in mix.items()], axis=0)
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
    """One slip of the finger in a word of four letters or more: two letters swapped, one left out, doubled or replaced."""
    words = list(re.finditer(r"[A-Za-z]{4,}", text))
    if not words:
        return text
    word = words[rng.integers(len(words))]
    at = int(rng.integers(word.start() + 1, word.end() - 1))
    a, b = text[at], text[at + 1]
    return text[:at] + (b + a, b, a + a + b, chr(97 + int(rng.integers(26))) + b)[rng.integers(4)] + text[at + 2 :]


def with_more(task: Task, listed: Sequence[tuple[str, str]]) -> Totals:
    """Further phrasings, each with its label."""
    engine, pool = task.engine, task.pool
    texts = [engine.reader.match_text(engine.reader.expand(text)) for text, _ in listed]
    vectors = np.vstack([pool.vectors, encode_cached(texts, engine.encoder, CACHE)])
    return Local(task, Pool(pool.texts + texts, pool.labels + [label for _, label in listed], vectors)).totals()


def answers(task: Task) -> Variants:
    """The answers, or their sentences, as phrasings."""
    entries = task.engine.knowledge.entries
    yield "answers as phrasings", with_more(task, [(e.answer, e.id) for e in entries])
    yield "answers' sentences as phrasings", with_more(task, [(s, e.id) for e in entries for s in re.split(r"(?<=[.!?])\s+", e.answer)])


def slips(task: Task) -> Variants:
    """A third of the phrasings once more, with a typing error."""
    rng, shown = np.random.default_rng(2), task.engine.ranker.shown
    chosen = np.flatnonzero(rng.random(len(shown)) < 1 / 3)
    yield "misspelt phrasings", with_more(task, [(misspell(shown[i], rng), task.pool.labels[i]) for i in chosen])


def late(task: Task) -> Variants:
    """Likeness of the texts' tokens, each to its nearest in the other text (ColBERT's MaxSim, both ways, in 128 dimensions)."""
    texts, n = task.pool.texts + [reading.matched for reading in task.asked.readings], len(task.pool.texts)
    file = CACHE / f"tokens-{hashlib.blake2b(repr(texts).encode(), digest_size=8).hexdigest()}.npz"
    if not file.exists():
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(default_model_folder()), device="cpu", local_files_only=True)
        made = [x.numpy()[1:-1] if len(x) > 2 else x.numpy()[:1] for x in model.encode(texts, output_value="token_embeddings")]
        flat = unit(np.vstack(made))
        axes = np.linalg.svd(flat[:: len(flat) // 20000 + 1], full_matrices=False)[2][:128]
        ids = [found[1 : len(x) + 1] for found, x in zip(model.tokenizer(texts, truncation=True)["input_ids"], made, strict=True)]
        np.savez(file, tokens=unit(flat @ axes.T).astype(np.float16), words=np.concatenate(ids), lengths=[len(x) for x in made])
    kept = np.load(file)
    tokens, words, ends = kept["tokens"].astype(np.float32), kept["words"], np.cumsum(kept["lengths"])
    spans = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    counts = np.bincount(np.concatenate([np.unique(words[span]) for span in spans[:n]]), minlength=words.max() + 1)
    rarity = (np.log((n + 1) / (counts + 1)) + 0.01)[words].astype(np.float32)
    for name, weights in (("even", np.ones_like(rarity)), ("idf", rarity)):

        def part(rows: Rows, i: int, weights: Vectors = weights) -> Vectors:
            mine = [spans[j] for j in (*rows, n + i)]
            at = np.cumsum([0] + [span.stop - span.start for span in mine[:-1]])
            own, w = np.concatenate([tokens[span] for span in mine]), np.concatenate([weights[span] for span in mine])
            one_way = (
                np.add.reduceat(np.maximum.reduceat(own @ own.T, at, axis=1) * w[:, None], at, axis=0) / np.add.reduceat(w, at)[:, None]
            )
            return ((one_way + one_way.T) / 2).astype(np.float32)

        task.local.made.pop("late", None)
        task.local.parts["late"] = part
        for share in (0.1, 0.2, 0.3):
            mix = {name: (1 - share) * weight for name, weight in IN_USE.items()} | {"late": share}
            yield f"late interaction, {name}, {share}", task.local.totals(mix)


def learned(task: Task, epochs: int = 10, rate: float = 1e-3, decay: float = 1e-3, heat: float = 0.1) -> tuple[Vectors, Vectors]:
    """Phrasings and questions under a linear map that draws phrasings of a label together (supervised contrastive, Khosla et al., 2020)."""
    import torch

    torch.manual_seed(0)
    vectors, ids, eye = torch.tensor(task.pool.vectors), torch.tensor(task.local.ids), torch.eye(task.pool.vectors.shape[1])
    matrix = eye.clone().requires_grad_(True)
    optimiser = torch.optim.Adam([matrix], lr=rate)
    for _ in range(epochs):
        for batch in torch.randperm(len(vectors)).split(1024):
            near = torch.nn.functional.normalize(vectors[batch] @ matrix, dim=1)
            itself = torch.eye(len(batch), dtype=torch.bool)
            likeness = (near @ near.T / heat).masked_fill(itself, -1e9)
            same = (ids[batch][:, None] == ids[batch][None]) & ~itself
            told = torch.logsumexp(likeness, 1) - torch.logsumexp(likeness.masked_fill(~same, -1e9), 1)
            loss = told[same.any(1)].mean() + decay * ((matrix - eye) ** 2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    final = matrix.detach().numpy()
    return unit(task.pool.vectors @ final), unit(task.asked.vectors @ final)


def maps(task: Task) -> Variants:
    """Other vectors in place of the embeddings, and as a part beside them."""
    own, asked, mean = task.pool.vectors, task.asked.vectors, task.pool.vectors.mean(axis=0)
    axes = np.linalg.svd(own - mean, full_matrices=False)[2][:2]
    bare = [unit(x - mean - (x - mean) @ axes.T @ axes) for x in (own, asked)]
    for name, vectors in (
        ("learned map, 5 slow epochs", learned(task, 5, 3e-4)), ("learned map", learned(task)), ("all but the top 2", (bare[0], bare[1])),
    ):  # fmt: skip
        local = Local(task, vectors=vectors)
        yield name, local.totals()
        yield f"{name}, mean with the cosine", local.totals(IN_USE | {"semantic": NOW.semantic / 2, "cosine": NOW.semantic / 2})


def constants(task: Task) -> Variants:
    """The constants that left-out phrasings rank best with: mix, width and ridge at 100 candidates, then the number of candidates."""
    asked, local = task.left_out, Local(task, asked=task.left_out)
    listed = [dict(zip(IN_USE, m, strict=True)) for m in ((5, 3, 2), (6, 4, 0), (6, 3, 1), (7, 3, 0), (7, 2, 1), (8, 1, 1), (9, 1, 0))]
    grid = [(IN_USE, NOW.width, NOW.ridge)]
    grid += [({p: w / 10 for p, w in mix.items()}, width, ridge) for mix in listed for width in (3.0, 4.0, 5.0) for ridge in (0.1, 0.3)]
    scores = [task.judge(local.totals(*one), asked).first.mean() for one in grid]
    best = grid[int(np.argmax(scores))]
    many = {k: float(task.judge(Local(task, asked=asked, k=k).totals(*best), asked).first.mean()) for k in (50, 100, 200)}
    k = max(many, key=lambda k: many[k])
    note(f"{task.name}, left out: in use {scores[0]:.4f}; best {max(scores):.4f}, {best}; candidates {many}")
    yield "constants by left-out phrasings", (task.local if k == NOW.candidates else Local(task, k=k)).totals(*best)


def mixes(task: Task) -> Variants:
    """More weight to meaning, a wider kernel, more candidates."""
    yield "mix .5/.3/.2", task.local.totals({"semantic": 0.5, "spelling": 0.3, "form": 0.2})
    yield "mix .7/.2/.1", task.local.totals(MEANING)
    yield "mix .7/.2/.1, width 3", task.local.totals(MEANING, 3.0)
    more = Local(task, k=200)
    yield "200 candidates", more.totals()
    yield "mix .7/.2/.1, width 3, 200 candidates", more.totals(MEANING, 3.0)


def evened(task: Task, power: float) -> Totals:
    """For each phrasing, the number of its label's (1 for the median label) to minus the power."""
    counts = np.bincount(task.local.ids)
    factors: Totals = (counts[task.local.ids] / np.median(counts)) ** -power
    return factors


def balance(task: Task) -> Variants:
    """Labels of many phrasings held back."""
    for power in (0.25, 0.5, 1.0):
        yield f"weights / n^{power}", task.local.totals(gains=evened(task, power))


def softmax(scores: Vectors) -> Vectors:
    """Shares that sum to 1."""
    powers: Vectors = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def regression(vectors: Vectors, ids: Rows, labels: int, epochs: int = 5, rate: float = 0.1, scale: float = 10.0) -> Vectors:
    """Softmax regression from vectors to labels by Adam, from the labels' means; float32 (d + 1, labels), the last row the biases."""
    rng = np.random.default_rng(0)
    x = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    sums = np.zeros((labels, vectors.shape[1]), np.float32)
    np.add.at(sums, ids, vectors)
    w = np.vstack([scale * unit(sums).T, np.zeros((1, labels), np.float32)])
    first, second, step = np.zeros_like(w), np.zeros_like(w), 0
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(x)), len(x) // 512 + 1):
            error = softmax(x[batch] @ w)
            error[np.arange(len(batch)), ids[batch]] -= 1
            gradient = x[batch].T @ error / np.float32(len(batch))
            step += 1
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient**2 - second)
            w -= rate * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return w


def told(task: Task) -> Vectors:
    """What softmax regression on all phrasings' embeddings says of each question."""
    w = regression(task.pool.vectors, task.local.ids, len(task.names))
    return softmax(task.asked.vectors @ w[:-1] + w[-1])


def fused(task: Task) -> Variants:
    """A softmax regression's probabilities, times a weight, added to the scores; left-out phrasings are asked of other folds' regressions."""
    asked, ids, vectors = task.left_out, task.local.ids, task.pool.vectors
    local, held_out = Local(task, asked=asked), np.zeros((len(asked.own), len(task.names)))
    for fold in range(5):
        kept, held = np.arange(len(ids)) % 5 != fold, asked.own % 5 == fold
        w = regression(vectors[kept], ids[kept], len(task.names))
        held_out[held] = softmax(asked.vectors[held] @ w[:-1] + w[-1])
    for name, kernel in (("in use", local.totals()), ("mix .7/.2/.1, width 3", local.totals(MEANING, 3.0))):
        scores = [f"{w}: {task.judge(kernel + w * held_out, asked).first.mean():.4f}" for w in (0.0, 0.1, 0.2, 0.3, 0.5, 1.0)]
        note(f"{task.name}, left out, {name}, with the regression's probability times " + ", ".join(scores))
    kernel, said = task.local.totals(), told(task)
    yield "regression alone, among the candidates", np.where(np.isfinite(kernel), said, -np.inf)
    for weight in (0.1, 0.2, 0.3, 0.5):
        yield f"regression added, {weight}", kernel + weight * said


def combined(task: Task) -> Variants:
    """The best of these together."""
    said, gains, more = told(task), evened(task, 0.5), Local(task, k=200)
    yield "regression .2, weights / n^0.5", task.local.totals(gains=gains) + 0.2 * said
    yield "regression .3, mix .7/.2/.1, width 3", task.local.totals(MEANING, 3.0) + 0.3 * said
    yield "... and weights / n^0.5", task.local.totals(MEANING, 3.0, gains=gains) + 0.3 * said
    yield "regression .3, 200 candidates", more.totals() + 0.3 * said
    yield "regression .3, mix .7/.2/.1, width 3, 200 candidates", more.totals(MEANING, 3.0) + 0.3 * said
    local = Local(task, vectors=learned(task))
    yield "learned map, mix .5/.3/.2", local.totals({"semantic": 0.5, "spelling": 0.3, "form": 0.2})
    yield "learned map and regression .3", local.totals() + 0.3 * said


FAMILIES: dict[str, Callable[[Task], Variants]] = {
    f.__name__: f for f in (answers, slips, late, maps, constants, mixes, balance, fused, combined)
}


def career(out_of_scope: Path | None) -> Task:
    """(a)"""
    lines = [line for name in ("validation", "fresh") for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [json.loads(line) for line in lines]
    outside = [row["question"] for row in rows if not row["expected"]]
    if out_of_scope:
        outside = [json.loads(line)["q"] for line in out_of_scope.read_text(encoding="utf-8").splitlines()]
    return Task("a", CareerBot().engine, [(row["question"], row["expected"]) for row in rows if row["expected"]], outside, slips=True)


def clinc(file: Path, sample: int, rest: bool) -> Task:
    """(b)"""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    intents = [i for i in load_intents([shipped("intents")], shipped_packs=True) if i.kind == "unknown"]
    engine = Engine(knowledge_of(rows), intents, SentenceTransformerEncoder(), cache=cache_dir())
    test = [row for row in rows if row["split"] == "test"]
    inside = [(row["query"], [f"rows/{row['label']}"]) for row in test if not row["oos"]]
    chosen = np.sort(np.random.default_rng(0).choice(len(inside), min(sample, len(inside)), replace=False))
    if rest:
        chosen = np.setdiff1d(np.arange(len(inside)), chosen)
    return Task("b", engine, [inside[i] for i in chosen], [row["query"] for row in test if row["oos"]], slips=False)


def note(text: str) -> None:
    """What is no row of the table."""
    print(text, file=sys.stderr, flush=True)


def auroc(inside: Totals, outside: Totals) -> float:
    """How often an in-scope question's margin is above an out-of-scope one's."""
    ordered = np.sort(outside)
    return float((np.searchsorted(ordered, inside, "left") + np.searchsorted(ordered, inside, "right")).mean() / 2 / len(outside))


def interval(new: Mask, old: Mask) -> str:
    """The difference of two shares in points, and its 95% interval by 2,000 paired resamples."""
    difference = 100 * (new.astype(float) - old.astype(float))
    means = difference[np.random.default_rng(0).integers(0, len(difference), (2000, len(difference)))].mean(axis=1)
    return f"{difference.mean():+.1f} [{np.percentile(means, 2.5):+.1f}, {np.percentile(means, 97.5):+.1f}]"


def line(name: str, tasks: Sequence[Task], found: Sequence[Judged], base: Sequence[Judged]) -> str:
    """A row of the table."""
    cells = [name]
    for task, new, old in zip(tasks, found, base, strict=True):
        inside, slipped, outside = (task.kind == kind for kind in range(3))
        shares = [new.first[inside], new.three[inside]] + ([new.first[slipped]] if slipped.any() else [])
        cells += [f"{100 * share.mean():.1f}" for share in shares] + [f"{auroc(new.margin[inside], new.margin[outside]):.3f}"]
        cells += [interval(new.first[inside], old.first[inside])]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clinc", type=Path, nargs="?", metavar="CLINC.jsonl")
    parser.add_argument("--out-of-scope", type=Path, metavar="FILE", help="JSON Lines with a question under q")
    parser.add_argument("--only", nargs="+", choices=FAMILIES, default=list(FAMILIES), metavar="NAME", help=", ".join(FAMILIES))
    parser.add_argument(
        "--sample", type=int, default=1500, metavar="N", help="in-scope test questions of CLINC.jsonl (default %(default)s)"
    )
    parser.add_argument("--rest", action="store_true", help="ask those that are not in the sample")
    options = parser.parse_args()
    tasks = [career(options.out_of_scope)] + ([clinc(options.clinc, options.sample, options.rest)] if options.clinc else [])
    base = [task.judge(task.local.totals()) for task in tasks]
    head = ["variant", "(a) first", "in three", "misspelt", "AUROC", "difference", "(b) first", "in three", "AUROC", "difference"]
    head = head[: 1 + 5 * len(tasks)]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    print(line("in use", tasks, base, base), flush=True)
    for name in options.only:
        started = time.perf_counter()
        done = [[(variant, task.judge(totals)) for variant, totals in FAMILIES[name](task)] for task in tasks]
        for listed in zip(*done, strict=True):
            print(line(listed[0][0], tasks, [judged for _, judged in listed], base), flush=True)
        note(f"{name}: {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
