"""What lookups by occupation take, beside a peer measured in the same run; ratios can be compared from
machine to machine.

    python benchmarks/lookup.py [--runs 9] [--json OUT]

Titles: finding the one that a question names among 60,000, in turns with encoding the same question. Files:
reading national.csv and states.csv of the shipped figures, every cell checked, in turns with
``csv.DictReader`` going over the same files and doing nothing else; each in a fresh process. Its time is the
processor's, the least of the runs, beyond that of a process which only imports NumPy and the reader; its
memory is its peak, these imports included.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from quick import MEGABYTE, Line

FOLDER = Path(__file__).resolve().parents[1] / "knowledge" / "us-occupations"
WORDS = ["alpha", "beta", "gamma", "delta", "copper", "marble", "silver", "harbour", "timber", "orchid"]
QUESTION = (
    "what does a copper marble harbour 42 worker earn in the state of Ohio by the hour, as far as you know"
)
TITLES_READ = 300
"""Questions timed, of each kind."""
OPENED = (
    "import csv, msgspec, numpy; from pathlib import Path; from chatbot.datasets.reading import read_dataset; "
    "from chatbot.knowledge.datasetschema import DatasetFile, Declared; from chatbot.knowledge.convert import load_as; "
    f"file = Path({str(FOLDER)!r}) / 'pay.dataset.yaml'; spec = load_as(file, DatasetFile)[0]; "
    "spec = msgspec.structs.replace(spec, entity=msgspec.structs.replace(spec.entity, titles=None));"
)
FILES = f"files = [{str(FOLDER)!r} + name for name in ('/national.csv', '/states.csv')];"
READ = {
    "nothing": OPENED,
    "DictReader": OPENED
    + FILES
    + "[all(row for row in csv.DictReader(open(name, newline=''))) for name in files]",
    "figures": OPENED
    + "import sys; sys.exit(read_dataset('us-occupations', Declared(file, spec)).dataset is None)",
}


def titles() -> list[Line]:
    """The title of a question, and the question's vector."""
    from chatbot.datasets.names import ALTERNATE, made
    from chatbot.encoders.compiled import CompiledEncoder
    from chatbot.language.normalise import simple_words
    from chatbot.paths import cache_dir

    many = made(
        (f"{a} {b} {c} {n} worker", (f"{n:02}-0000",), ALTERNATE)
        for n in range(60)
        for a in WORDS
        for b in WORDS
        for c in WORDS
    )
    encoder = CompiledEncoder(cache=cache_dir())
    encoder.encode([QUESTION])
    found: list[float] = []
    encoded: list[float] = []
    for _ in range(TITLES_READ):
        began = time.perf_counter()
        mentions = many.find(simple_words(QUESTION))
        between = time.perf_counter()
        encoder.encode([QUESTION])
        encoded.append(1e3 * (time.perf_counter() - between))
        found.append(1e3 * (between - began))
        if [one.codes for one in mentions] != [("42-0000",)]:
            raise SystemExit(f"lookup.py: found {mentions}")
    encoder.close()
    peer = (statistics.median(encoded), "encoding the question, p50")
    return [
        Line("a title among 60,000, p50", statistics.median(found), "ms", *peer, target=1, of_ratio=True),
        Line("a title among 60,000, p99", statistics.quantiles(found, n=100)[-1], "ms", *peer),
    ]


def took(code: str) -> tuple[float, float]:
    """Milliseconds of processor time and megabytes (peak) of a process. This process must be small: a child's
    peak is at least its parent's."""
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"lookup.py: a process ended with {process.returncode}: {code}")
    return 1e3 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / MEGABYTE


def files(runs: int) -> list[Line]:
    """The CSV files of the shipped figures."""
    runs_of: dict[str, list[tuple[float, float]]] = {name: [] for name in READ}
    for _ in range(runs):
        for name, code in READ.items():
            runs_of[name].append(took(code))

    # what other processes do only adds
    least = {name: min(ms for ms, _ in listed) for name, listed in runs_of.items()}
    idle = least["nothing"]
    peak = {name: statistics.median(megabytes for _, megabytes in listed) for name, listed in runs_of.items()}
    return [
        Line(
            "reading the CSV files",
            least["figures"] - idle,
            "ms",
            least["DictReader"] - idle,
            "csv.DictReader",
            target=5,
            of_ratio=True,
        ),
        Line(
            "  its peak memory",
            peak["figures"],
            "MB",
            peak["DictReader"],
            "csv.DictReader",
            target=3,
            of_ratio=True,
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=9, help="processes of each kind (default %(default)s)")
    parser.add_argument("--json", type=Path, metavar="OUT")
    options = parser.parse_args()
    lines = [*files(options.runs), *titles()]  # the files first, while this process is small
    print(f"{'':34s}{'figure':>9s}      {'peer':>9s}{'':27s}{'ratio':>8s}  target")
    print("\n".join(line.text() for line in lines))
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    if options.json:
        rows = [asdict(line) | {"ratio": line.ratio, "missed": line.missed} for line in lines]
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
