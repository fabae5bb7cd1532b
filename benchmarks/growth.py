"""How the bot behaves as the knowledge grows: time, memory and accuracy with 1,000, 10,000 and 100,000
phrasings.

    python benchmarks/growth.py [--sizes 1000,10000,100000] [--questions FILE.jsonl] [--json OUT] [--pictures FOLDER]

The knowledge is made by ``phrasings.py`` of FILE's questions and the shipped ones, beside the shipped
intents. Each measurement is a fresh process with a cache of its own in a temporary folder; the encoder is
compiled beforehand and is no part of any figure. What the encoder takes alone is measured in the same
process, on the same texts, so the ratios can be compared from machine to machine. 100,000 take some minutes.
For Linux and other Unix-like systems.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatbot import CareerBot

Figures = dict[str, Any]
RELOADS = 3
SAMPLE = 1000
"""So many phrasings are encoded to learn the encoder's own rate."""
FIRST, FEW = 64, 10
"""A label is a candidate by spelling when one of its phrasings is among so many; the fewer, the sooner a loss
shows."""
ADDED = """topic: added
title: Added
entries:
  - id: added-just-now
    question: When does the lighthouse keeper polish the lens?
    answer: Every Tuesday at noon, before the visitors come up.
    citations: [{source: public, section: Lens}]
    phrasings: [polishing the lighthouse lens, what day is the lens of the lighthouse polished]
"""
NEW_QUESTION = "which day does the lighthouse lens get polished"
ROWS = (
    ("phrasings", "phrasings, with the intents' examples", "{:,}"),
    ("entries", "entries", "{:,}"),
    ("load_before", "load of the machine before", "{:.1f}"),
    ("build_s", "first build, s", "{:.2f}"),
    ("build_cpu_s", "  processor time of the process, s", "{:.2f}"),
    ("build_ratio", "  its texts per second / the encoder's", "{:.2f}"),
    ("added_s", "start with one entry added, s", "{:.2f}"),
    ("added_cpu_s", "  processor time of the process, s", "{:.2f}"),
    ("added_bot_s", "  CareerBot() alone, s", "{:.2f}"),
    ("reload_s", "start with nothing changed, to the first answer, s", "{:.2f}"),
    ("reload_cpu_s", "  processor time of the process, s", "{:.2f}"),
    ("reload_bot_s", "  CareerBot() alone, s", "{:.2f}"),
    ("forward_p50_ms", "the encoder alone, p50, ms", "{:.1f}"),
    ("ask_p50_ms", "ask, p50, ms", "{:.1f}"),
    ("ask_p99_ms", "ask, p99, ms", "{:.1f}"),
    ("p50_ratio", "  p50 / the encoder's p50", "{:.2f}"),
    ("p99_ratio", "  p99 / the encoder's p50", "{:.2f}"),
    ("misspelt_p50_ms", "ask, misspelt, p50, ms", "{:.1f}"),
    ("ask_many_per_s", "ask_many, questions per second", "{:.0f}"),
    ("many_ratio", "  / the encoder's rate", "{:.2f}"),
    ("build_peak_mb", "peak memory of the first build, MB", "{:.0f}"),
    ("reload_peak_mb", "peak memory of a start and an answer, MB", "{:.0f}"),
    ("serve_peak_mb", "peak memory of many answers, MB", "{:.0f}"),
    ("cache_mb", "cache without the encoder, MB", "{:.1f}"),
    ("clean_first", "right entry first, clean", "{:.3f}"),
    ("misspelt_first", "right entry first, misspelt", "{:.3f}"),
    ("clean_answered", "answered rightly, clean", "{:.3f}"),
    ("misspelt_answered", "answered rightly, misspelt", "{:.3f}"),
    ("clean_wrong", "answered wrongly, clean", "{:.3f}"),
    ("misspelt_wrong", "answered wrongly, misspelt", "{:.3f}"),
    ("recall_spelling_typed", "right entry in the first 64 by letters, misspelt as typed", "{:.3f}"),
    ("recall_spelling_few", "  in the first 10", "{:.3f}"),
    ("recall_spelling", "  in the first 64, put right by the speller", "{:.3f}"),
    ("recall", "right entry among all candidates, misspelt", "{:.3f}"),
)


# what the fresh processes do


def step_make(folder: Path, options: argparse.Namespace) -> Figures:
    """Write the knowledge and the questions."""
    from phrasings import make_folder

    return {"entries": make_folder(folder, options.size, options.questions, options.tests)["entries"]}


def step_compile(folder: Path, options: argparse.Namespace) -> Figures:
    """Compile the encoder into the cache."""
    from chatbot.encoders.compiled import CompiledEncoder
    from chatbot.paths import cache_dir

    encoder = CompiledEncoder(cache=cache_dir())
    encoder.encode(["a"])
    return {"encoder": encoder.kind}


def step_build(folder: Path, options: argparse.Namespace) -> Figures:
    """The first build."""
    from chatbot import CareerBot

    started = time.perf_counter()
    bot = CareerBot(folder / "knowledge")
    return {
        "build_s": time.perf_counter() - started,
        "phrasings": len(texts_of(bot.knowledge.entries, bot.engine.intents.values())),
    }


def step_rate(folder: Path, options: argparse.Namespace) -> Figures:
    """How quick the encoder alone is with some of the same texts."""
    from chatbot.building.knowledge import load_knowledge
    from chatbot.encoders.compiled import CompiledEncoder
    from chatbot.intents.load import load_intents
    from chatbot.paths import cache_dir, shipped

    texts = texts_of(
        load_knowledge([folder / "knowledge"]).entries,
        load_intents([shipped("intents")], shipped_packs=False),
    )
    encoder = CompiledEncoder(cache=cache_dir())
    encoder.encode(texts[:20])
    return {"encoder_per_s": throughput(encoder.encode, texts[:: max(1, len(texts) // SAMPLE)][:SAMPLE])}


def texts_of(entries: Iterable[Any], intents: Iterable[Any]) -> list[str]:
    """What is encoded."""
    return [text for entry in entries for text in entry.questions] + [
        text for intent in intents for text in intent.examples
    ]


def step_reload(folder: Path, options: argparse.Namespace) -> Figures:
    """From the start of the process to the first answer, and the bot alone."""
    from chatbot import CareerBot

    started = time.perf_counter()
    bot = CareerBot(folder / "knowledge")
    made = time.perf_counter() - started
    reply = bot.ask(NEW_QUESTION if options.added else tests_of(folder)[0]["question"])
    seconds = time.monotonic() - options.started  # this clock is the same in every process
    return {"reload_s": seconds, "reload_bot_s": made, "entry": reply.entry_id}


def step_serve(folder: Path, options: argparse.Namespace) -> Figures:
    """Latency, rate, accuracy and recall of a running bot."""
    from chatbot import CareerBot

    bot, rows = CareerBot(folder / "knowledge"), tests_of(folder)
    clean, misspelt = [row["question"] for row in rows], [row["misspelt"] for row in rows]
    bot.ask_many(clean[:20] + misspelt[:20])
    forward, asked = latencies(bot, clean)
    slipped = latencies(bot, misspelt)[1]
    alone, together = throughput(bot.engine.encoder.encode, clean), throughput(bot.ask_many, clean)
    p50 = statistics.median(forward)
    return {
        "forward_p50_ms": p50, "ask_p50_ms": statistics.median(asked), "ask_p99_ms": p99(asked), "misspelt_p50_ms": statistics.median(slipped),
        "misspelt_p99_ms": p99(slipped), "p50_ratio": statistics.median(asked) / p50, "p99_ratio": p99(asked) / p50,
        "ask_many_per_s": together, "questions_encoded_per_s": alone, "many_ratio": together / alone,
        **accuracy(bot, clean, rows, "clean"), **accuracy(bot, misspelt, rows, "misspelt"), **recall(bot, rows),
    }  # fmt: skip


def tests_of(folder: Path) -> list[dict[str, str]]:
    """The questions to test with."""
    return [json.loads(line) for line in (folder / "tests.jsonl").read_text(encoding="utf-8").splitlines()]


def latencies(bot: CareerBot, questions: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of the encoder alone and of ``ask``, taking turns, for each question."""
    forward, asked = [], []
    for question in questions:
        started = time.perf_counter()
        bot.engine.encoder.encode([question])
        between = time.perf_counter()
        bot.ask(question)
        forward.append(1e3 * (between - started))
        asked.append(1e3 * (time.perf_counter() - between))
    return forward, asked


def p99(values: Sequence[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100)[-1]


def throughput(work: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> float:
    """Texts per second, the median of three runs."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        work(texts)
        seconds.append(time.perf_counter() - started)
    return len(texts) / statistics.median(seconds)


def accuracy(bot: CareerBot, questions: Sequence[str], rows: Sequence[dict[str, str]], name: str) -> Figures:
    """Shares: the right entry ranked first, answered from it, and answered from another one."""
    first = answered = wrong = 0
    for reply, row in zip(bot.ask_many(questions), rows, strict=True):
        right = row["expected"] in reply.entry_ids
        answered += right
        wrong += bool(reply.entry_ids) and not right
        first += right or reply.why.label == row["expected"]
    return {
        f"{name}_first": first / len(rows),
        f"{name}_answered": answered / len(rows),
        f"{name}_wrong": wrong / len(rows),
    }


def recall(bot: CareerBot, rows: Sequence[dict[str, str]]) -> Figures:
    """How often the right entry of a misspelt question is a candidate; empty where the ranker's inside is not
    as it was."""
    found = dict.fromkeys(("recall_spelling_typed", "recall_spelling_few", "recall_spelling", "recall"), 0)
    ranker, reader = bot.engine.ranker, bot.engine.reader
    try:
        for row in rows:
            text = reader.read(row["misspelt"]).matched
            typed = ranker.ngrams.nearest(ranker.ngrams.query(row["misspelt"]), FIRST)
            vector = bot.engine.encode([text])[0]
            near = {
                "recall_spelling_typed": typed,
                "recall_spelling_few": typed[:FEW],
                "recall_spelling": ranker.ngrams.nearest(ranker.ngrams.query(text), FIRST),
                "recall": ranker._candidates(text, vector, ranker._index.search(vector, FIRST)[0], None)[0],
            }
            for name, listed in near.items():
                found[name] += row["expected"] in {ranker.labels[i] for i in listed}
    except (AttributeError, TypeError) as error:
        print(f"recall is not measured: {error}", file=sys.stderr)
        return {}
    return {name: n / len(rows) for name, n in found.items()}


STEPS = {
    "make": step_make,
    "compile": step_compile,
    "rate": step_rate,
    "build": step_build,
    "reload": step_reload,
    "serve": step_serve,
}


# what this process does: it stays small, as the peak memory of a child is at least its parent's


def run(step: str, folder: Path, cache: Path, *more: str) -> Figures:
    """One step in a fresh process: what it found, its peak memory, and the processor time of the whole
    process."""
    command = [
        sys.executable,
        __file__,
        "--step",
        step,
        "--folder",
        str(folder),
        "--started",
        str(time.monotonic()),
        *more,
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=os.environ | {"CHATBOT_CACHE": str(cache)}
    ) as process:
        assert process.stdout  # noqa: S101
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"growth.py: the step {step} failed")
    peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return {**json.loads(output.splitlines()[-1]), "peak_mb": peak, "cpu_s": usage.ru_utime + usage.ru_stime}


def size_of(folder: Path) -> float:
    """Megabytes of the files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def measure(size: int, root: Path, compiled: Path, options: argparse.Namespace) -> Figures:
    """Everything about one size."""
    folder, cache = root / f"size-{size}", root / f"cache-{size}"
    shutil.copytree(compiled, cache)
    questions = ["--questions", str(options.questions)] if options.questions else []

    def done(step: str, *more: str) -> Figures:
        started = time.monotonic()
        found = run(step, folder, cache, *more)
        print(
            f"{size:>9,}  {step:7s} {time.monotonic() - started:6.1f} s  {found['peak_mb']:6.0f} MB",
            file=sys.stderr,
            flush=True,
        )
        return found

    out = {
        "size": size,
        "load_before": os.getloadavg()[0],
        "entries": done("make", "--size", str(size), "--tests", str(options.tests), *questions)["entries"],
    }
    before, built, after = done("rate"), done("build"), done("rate")
    rate = (before["encoder_per_s"] + after["encoder_per_s"]) / 2
    out |= {**built, "encoder_per_s": rate, "build_ratio": built["phrasings"] / built["build_s"] / rate}
    out |= {
        "build_peak_mb": built["peak_mb"],
        "build_cpu_s": built["cpu_s"],
        "cache_mb": size_of(cache) - size_of(compiled),
    }
    reloads = sorted((done("reload") for _ in range(RELOADS)), key=lambda found: found["reload_s"])
    out |= {
        **reloads[RELOADS // 2],
        "reload_peak_mb": max(found["peak_mb"] for found in reloads),
        "reload_cpu_s": reloads[0]["cpu_s"],
    }
    served = done("serve")
    out |= {**served, "serve_peak_mb": served["peak_mb"]}
    (folder / "knowledge" / "grown" / "added.yaml").write_text(ADDED, encoding="utf-8")
    added = done("reload", "--added")
    out |= {
        "added_s": added["reload_s"],
        "added_bot_s": added["reload_bot_s"],
        "added_cpu_s": added["cpu_s"],
        "added_found": added["entry"] == "grown/added-just-now",
    }
    del out["peak_mb"], out["cpu_s"], out["entry"]
    return out


def table(found: Sequence[Figures]) -> str:
    """The figures, a column a size."""
    lines = [f"{'':60s}" + "".join(f"{figures['size']:>12,}" for figures in found)]
    for key, name, shape in ROWS:
        lines.append(
            f"{name:60s}"
            + "".join(f"{shape.format(figures[key]) if key in figures else '-':>12s}" for figures in found)
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", default="1000,10000,100000", metavar="N,N,...", help="phrasings (default %(default)s)"
    )
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE.jsonl",
        help="labelled questions to make phrasings of, beside the shipped ones",
    )
    parser.add_argument(
        "--tests",
        type=int,
        default=300,
        metavar="N",
        help="questions asked at each size (default %(default)s)",
    )
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw them, too (needs matplotlib)")
    for name, kind in (("step", str), ("folder", Path), ("started", float), ("size", int)):
        parser.add_argument(f"--{name}", type=kind, help=argparse.SUPPRESS)
    parser.add_argument("--added", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(json.dumps(STEPS[options.step](options.folder, options)))
        return
    found: list[Figures] = []
    with tempfile.TemporaryDirectory(prefix="chatbot-growth-") as root:
        compiled = Path(root) / "compiled"
        run("compile", Path(root), compiled)
        for size in map(int, options.sizes.split(",")):
            found.append(measure(size, Path(root), compiled, options))
            shutil.rmtree(Path(root) / f"cache-{size}")
            if options.json:
                options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(table(found))
    if options.pictures:
        from pictures import draw

        draw(found, options.pictures)


if __name__ == "__main__":
    main()
