"""Which changes to the ranker help: variants of its likeness, its constants and its phrasings, by ranking
alone.

    python benchmarks/ranker_variants.py [CLINC.jsonl] [--out-of-scope FILE] [--only NAME ...] [--sample N] [--rest]

(a) is the shipped knowledge, asked the in-scope questions of data/validation.jsonl and data/fresh.jsonl, and
the same with one typing error each; (b) the `train` rows of CLINC.jsonl, asked N of its in-scope `test` rows.
No threshold and no calibration: the share of questions whose right entry is first, or in the first three,
after ``Engine.weigh``; and how well the best entry's score less the best intent's tells these from
out-of-scope questions (AUROC; those of FILE, else of validation.jsonl, and the out-of-scope `test` rows of
CLINC.jsonl). The difference is in points of "first" to the ranker as it was before this comparison, question
by question, with its 95% interval by a paired bootstrap.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from intent_matching import knowledge_of
from ranking_lab import (
    BEFORE,
    BEFORE_MIX,
    CACHE,
    Judged,
    Local,
    Pool,
    Rows,
    Task,
    Totals,
    auroc,
    interval,
    misspell,
    unit,
)

from chatbot import CareerBot, CompiledEncoder
from chatbot.building.prepare import prepare
from chatbot.encoders.encoder import Vectors, default_model_folder
from chatbot.encoders.vectors import encode_cached
from chatbot.engine import Engine
from chatbot.intents.load import load_intents
from chatbot.paths import cache_dir, shipped
from chatbot.retrieval.calibration import Calibration
from chatbot.retrieval.regression import fit

DATA = Path(__file__).resolve().parent / "data"
MEANING = {"semantic": 0.7, "spelling": 0.2, "form": 0.1}
Variants = Iterator[tuple[str, Totals]]


def with_more(task: Task, listed: Sequence[tuple[str, str]]) -> Totals:
    """Further phrasings, each with its label."""
    engine, pool = task.engine, task.pool
    texts = [engine.reader.match_text(engine.reader.expand(text)) for text, _ in listed]
    vectors = np.vstack([pool.vectors, encode_cached(texts, engine.encoder, CACHE)])
    return Local(
        task, Pool(pool.texts + texts, pool.labels + [label for _, label in listed], vectors)
    ).totals()


def answers(task: Task) -> Variants:
    """The answers, or their sentences, as phrasings."""
    entries = task.engine.knowledge.entries
    yield "answers as phrasings", with_more(task, [(e.answer, e.id) for e in entries])
    yield (
        "answers' sentences as phrasings",
        with_more(task, [(s, e.id) for e in entries for s in re.split(r"(?<=[.!?])\s+", e.answer)]),
    )


def slips(task: Task) -> Variants:
    """A third of the phrasings once more, with a typing error."""
    rng, shown = np.random.default_rng(2), task.engine.ranker.shown
    chosen = np.flatnonzero(rng.random(len(shown)) < 1 / 3)
    yield (
        "misspelt phrasings",
        with_more(task, [(misspell(shown[i], rng), task.pool.labels[i]) for i in chosen]),
    )


def late(task: Task) -> Variants:
    """Likeness of the texts' tokens, each to its nearest in the other text (ColBERT's MaxSim, both ways, in
    128 dimensions)."""
    texts, n = task.pool.texts + [reading.matched for reading in task.asked.readings], len(task.pool.texts)
    file = CACHE / f"tokens-{hashlib.blake2b(repr(texts).encode(), digest_size=8).hexdigest()}.npz"
    if not file.exists():
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(default_model_folder()), device="cpu", local_files_only=True)
        made = [
            x.numpy()[1:-1] if len(x) > 2 else x.numpy()[:1]
            for x in model.encode(texts, output_value="token_embeddings")
        ]
        flat = unit(np.vstack(made))
        axes = np.linalg.svd(flat[:: len(flat) // 20000 + 1], full_matrices=False)[2][:128]
        ids = [
            found[1 : len(x) + 1]
            for found, x in zip(model.tokenizer(texts, truncation=True)["input_ids"], made, strict=True)
        ]
        np.savez(
            file,
            tokens=unit(flat @ axes.T).astype(np.float16),
            words=np.concatenate(ids),
            lengths=[len(x) for x in made],
        )
    kept = np.load(file)
    tokens, words, ends = kept["tokens"].astype(np.float32), kept["words"], np.cumsum(kept["lengths"])
    spans = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    counts = np.bincount(
        np.concatenate([np.unique(words[span]) for span in spans[:n]]), minlength=words.max() + 1
    )
    rarity = (np.log((n + 1) / (counts + 1)) + 0.01)[words].astype(np.float32)
    for name, weights in (("even", np.ones_like(rarity)), ("idf", rarity)):

        def part(rows: Rows, i: int, weights: Vectors = weights) -> Vectors:
            mine = [spans[j] for j in (*rows, n + i)]
            at = np.cumsum([0] + [span.stop - span.start for span in mine[:-1]])
            own, w = (
                np.concatenate([tokens[span] for span in mine]),
                np.concatenate([weights[span] for span in mine]),
            )
            one_way = (
                np.add.reduceat(np.maximum.reduceat(own @ own.T, at, axis=1) * w[:, None], at, axis=0)
                / np.add.reduceat(w, at)[:, None]
            )
            return ((one_way + one_way.T) / 2).astype(np.float32)

        task.local.made.pop("late", None)
        task.local.parts["late"] = part
        for share in (0.1, 0.2, 0.3):
            mix = {name: (1 - share) * weight for name, weight in BEFORE_MIX.items()} | {"late": share}
            yield f"late interaction, {name}, {share}", task.local.totals(mix)


def learned(
    task: Task, epochs: int = 10, rate: float = 1e-3, decay: float = 1e-3, heat: float = 0.1
) -> tuple[Vectors, Vectors]:
    """Phrasings and questions under a linear map that draws phrasings of a label together (supervised
    contrastive, Khosla et al., 2020)."""
    import torch

    torch.manual_seed(0)
    vectors, ids, eye = (
        torch.tensor(task.pool.vectors),
        torch.tensor(task.local.ids),
        torch.eye(task.pool.vectors.shape[1]),
    )
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
        yield (
            f"{name}, mean with the cosine",
            local.totals(BEFORE_MIX | {"semantic": BEFORE.semantic / 2, "cosine": BEFORE.semantic / 2}),
        )


def constants(task: Task) -> Variants:
    """The constants that left-out phrasings rank best with: mix, width and ridge at 100 candidates, then the
    number of candidates."""
    asked, local = task.left_out, Local(task, asked=task.left_out)
    listed = [
        dict(zip(BEFORE_MIX, m, strict=True))
        for m in ((5, 3, 2), (6, 4, 0), (6, 3, 1), (7, 3, 0), (7, 2, 1), (8, 1, 1), (9, 1, 0))
    ]
    grid = [(BEFORE_MIX, BEFORE.width, BEFORE.ridge)]
    grid += [
        ({p: w / 10 for p, w in mix.items()}, width, ridge)
        for mix in listed
        for width in (3.0, 4.0, 5.0)
        for ridge in (0.1, 0.3)
    ]
    scores = [task.judge(local.totals(*one), asked).first.mean() for one in grid]
    best = grid[int(np.argmax(scores))]
    many = {
        k: float(task.judge(Local(task, asked=asked, k=k).totals(*best), asked).first.mean())
        for k in (50, 100, 200)
    }
    k = max(many, key=lambda k: many[k])
    note(f"{task.name}, left out: in use {scores[0]:.4f}; best {max(scores):.4f}, {best}; candidates {many}")
    yield (
        "constants by left-out phrasings",
        (task.local if k == BEFORE.candidates else Local(task, k=k)).totals(*best),
    )


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


def told(task: Task) -> Vectors:
    """What softmax regression on all phrasings' embeddings says of each question."""
    w = fit(task.pool.vectors, task.local.ids, len(task.names))
    return softmax(task.asked.vectors @ w[:-1] + w[-1])


def fused(task: Task) -> Variants:
    """A softmax regression's probabilities, times a weight, added to the scores; left-out phrasings are asked
    of other folds' regressions."""
    asked, ids, vectors = task.left_out, task.local.ids, task.pool.vectors
    local, held_out = Local(task, asked=asked), np.zeros((len(asked.own), len(task.names)))
    for fold in range(5):
        kept, held = np.arange(len(ids)) % 5 != fold, asked.own % 5 == fold
        w = fit(vectors[kept], ids[kept], len(task.names))
        held_out[held] = softmax(asked.vectors[held] @ w[:-1] + w[-1])
    for name, kernel in (("in use", local.totals()), ("mix .7/.2/.1, width 3", local.totals(MEANING, 3.0))):
        scores = [
            f"{w}: {task.judge(kernel + w * held_out, asked).first.mean():.4f}"
            for w in (0.0, 0.1, 0.2, 0.3, 0.5, 1.0)
        ]
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
    lines = [
        line
        for name in ("validation", "fresh")
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    rows = [json.loads(line) for line in lines]
    outside = [row["question"] for row in rows if not row["expected"]]
    if out_of_scope:
        outside = [json.loads(line)["q"] for line in out_of_scope.read_text(encoding="utf-8").splitlines()]
    return Task(
        "a",
        CareerBot().engine,
        [(row["question"], row["expected"]) for row in rows if row["expected"]],
        outside,
        slips=True,
    )


def clinc(file: Path, sample: int, rest: bool) -> Task:
    """(b)"""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    intents = [i for i in load_intents([shipped("intents")], shipped_packs=True) if i.kind == "unknown"]
    encoder = CompiledEncoder(cache=cache_dir())
    engine = Engine(
        prepare(knowledge_of(rows), intents, Calibration.shipped(), encoder, cache_dir()), encoder
    )
    test = [row for row in rows if row["split"] == "test"]
    inside = [(row["query"], [f"rows/{row['label']}"]) for row in test if not row["oos"]]
    chosen = np.sort(np.random.default_rng(0).choice(len(inside), min(sample, len(inside)), replace=False))
    if rest:
        chosen = np.setdiff1d(np.arange(len(inside)), chosen)
    return Task(
        "b", engine, [inside[i] for i in chosen], [row["query"] for row in test if row["oos"]], slips=False
    )


def note(text: str) -> None:
    """What is no row of the table."""
    print(text, file=sys.stderr, flush=True)


def line(name: str, tasks: Sequence[Task], found: Sequence[Judged], base: Sequence[Judged]) -> str:
    """A row of the table."""
    cells = [name]
    for task, new, old in zip(tasks, found, base, strict=True):
        inside, slipped, outside = (task.kind == kind for kind in range(3))
        shares = [new.first[inside], new.three[inside]] + ([new.first[slipped]] if slipped.any() else [])
        cells += [f"{100 * share.mean():.1f}" for share in shares] + [
            f"{auroc(new.margin[inside], new.margin[outside]):.3f}"
        ]
        cells += [interval(new.first[inside], old.first[inside])]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clinc", type=Path, nargs="?", metavar="CLINC.jsonl")
    parser.add_argument(
        "--out-of-scope", type=Path, metavar="FILE", help="JSON Lines with a question under q"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=FAMILIES,
        default=list(FAMILIES),
        metavar="NAME",
        help=", ".join(FAMILIES),
    )
    parser.add_argument(
        "--sample",
        type=int,
        default=1500,
        metavar="N",
        help="in-scope test questions of CLINC.jsonl (default %(default)s)",
    )
    parser.add_argument("--rest", action="store_true", help="ask those that are not in the sample")
    options = parser.parse_args()
    tasks = [career(options.out_of_scope)] + (
        [clinc(options.clinc, options.sample, options.rest)] if options.clinc else []
    )
    base = [task.judge(task.local.totals()) for task in tasks]
    head = [
        "variant",
        "(a) first",
        "in three",
        "misspelt",
        "AUROC",
        "difference",
        "(b) first",
        "in three",
        "AUROC",
        "difference",
    ]
    head = head[: 1 + 5 * len(tasks)]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    print(line("before", tasks, base, base), flush=True)
    for name in options.only:
        started = time.perf_counter()
        done = [[(variant, task.judge(totals)) for variant, totals in FAMILIES[name](task)] for task in tasks]
        for listed in zip(*done, strict=True):
            print(line(listed[0][0], tasks, [judged for _, judged in listed], base), flush=True)
        note(f"{name}: {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
