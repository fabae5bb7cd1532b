"""What the program itself takes, in under a minute, beside what it can't go below; ratios can be compared
from machine to machine.

    python benchmarks/quick.py [--runs 7] [--questions 200] [--strict] [--json OUT]

Starts are those of fresh processes with the cache of the user (or $CHATBOT_CACHE), which is made warm first;
they take turns with starts of the interpreter alone. Latency takes turns, question by question, with the
encoder alone. With --strict, exit status 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data" / "fresh.jsonl"
CHATBOT = [sys.executable, "-m", "chatbot"]
QUESTION = "how much do ml engineers make in germany?"
STARTS = {
    "interpreter": [sys.executable, "-c", "pass"],
    "import": [sys.executable, "-c", "import chatbot"],
    "class": [sys.executable, "-c", "from chatbot import CareerBot"],
    "help": [*CHATBOT, "--help"],
    "ask": [*CHATBOT, "ask", QUESTION],
}
PATIENCE = 60
PROMPT = r"(?<![\x1b\[])>"
"""The mark of the prompt, not one inside an escape sequence."""
MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10
"""In units of ``ru_maxrss``."""


@dataclass(frozen=True)
class Line:
    """A figure, what it can't go below (or above), and the target for the figure or for their ratio."""

    name: str
    figure: float
    unit: str
    limit: float | None = None
    limit_name: str = ""
    target: float | None = None
    of_ratio: bool = False
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """The figure in terms of the limit."""
        return self.figure / self.limit if self.limit else None

    @property
    def missed(self) -> bool:
        """Whether it is worse than its target."""
        judged = self.ratio if self.of_ratio else self.figure
        return (
            self.target is not None
            and judged is not None
            and (judged < self.target if self.at_least else judged > self.target)
        )

    def text(self) -> str:
        """One line of the table."""
        limit = f"{self.limit:9.1f}  {self.limit_name}" if self.limit is not None else ""
        ratio = f"{self.ratio:6.2f}x" if self.ratio is not None else ""
        sign = ">=" if self.at_least else "<="
        target = (
            f"{sign} {self.target:g}{'x' if self.of_ratio else ' ' + self.unit}"
            if self.target is not None
            else ""
        )
        return f"{self.name:34s}{self.figure:9.1f} {self.unit:5s}{limit:36s}{ratio:>8s}  {target:13s}{'MISSED' if self.missed else ''}".rstrip()


def start(command: Sequence[str]) -> tuple[float, float]:
    """Milliseconds and megabytes (peak) of a process from start to end. This process must be small: a child's
    peak is at least its parent's."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"quick.py: {' '.join(command)} ended with {process.returncode}")
    return 1e3 * (time.perf_counter() - started), usage.ru_maxrss / MEGABYTE


def starts(runs: int) -> list[Line]:
    """The interpreter, the import, the help page and one question, taking turns."""
    start(STARTS["ask"])  # compiles, encodes and caches what is not there yet
    took: dict[str, list[float]] = {name: [] for name in STARTS}
    peak = 0.0
    for _ in range(runs):
        for name, command in STARTS.items():
            ms, megabytes = start(command)
            took[name].append(ms)
            if name == "ask":
                peak = max(peak, megabytes)
    ms = {name: statistics.median(listed) for name, listed in took.items()}
    beyond = {
        name: statistics.median(a - b for a, b in zip(took[name], took["interpreter"], strict=True))
        for name in ("import", "class")
    }
    python = (ms["interpreter"], "interpreter's start")
    return [
        Line("start of the interpreter", ms["interpreter"], "ms"),
        Line("import chatbot, beyond it", beyond["import"], "ms", *python, target=60),
        Line("  and CareerBot from it", beyond["class"], "ms", *python),
        Line("chatbot --help", ms["help"], "ms", *python, target=150),
        Line("chatbot ask, warm cache", ms["ask"], "ms", *python, target=500),
        Line("  its peak memory", peak, "MB"),
    ]


def prompt(runs: int) -> Line:
    """From starting ``chatbot`` in a terminal to the prompt on the screen."""
    import pexpect

    took = []
    with tempfile.TemporaryDirectory(prefix="chatbot-quick-") as state:
        env = os.environ | {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "CHATBOT_STATE": state}
        for _ in range(runs):
            started = time.perf_counter()
            child = pexpect.spawn(
                CHATBOT[0], CHATBOT[1:], env=env, dimensions=(40, 80), encoding="utf-8", timeout=PATIENCE
            )
            child.delaybeforesend = None
            child.expect(PROMPT)
            took.append(1e3 * (time.perf_counter() - started))
            child.close(force=True)
    return Line("chatbot, until the prompt", statistics.median(took), "ms", target=300)


def warm(count: int) -> list[Line]:
    """Latency and rate of a running bot, beside the encoder alone."""
    from chatbot import CareerBot

    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    questions = [row["question"] for row in rows[:: max(1, len(rows) // count)][:count]]
    forward: list[float] = []
    asked: list[float] = []
    with CareerBot() as bot:
        encode = bot.engine.encoder.encode
        bot.ask_many(questions[:20])
        for question in questions:
            started = time.perf_counter()
            encode([question])
            between = time.perf_counter()
            bot.ask(question)
            forward.append(1e3 * (between - started))
            asked.append(1e3 * (time.perf_counter() - between))
        rates = [(rate(encode, questions), rate(bot.ask_many, questions)) for _ in range(3)]
    alone, together = (statistics.median(listed) for listed in zip(*rates, strict=True))
    p50 = statistics.median(forward)
    encoder = (p50, "encoder alone, p50")
    return [
        Line("ask, p50", statistics.median(asked), "ms", *encoder, target=2.2, of_ratio=True),
        Line("ask, p99", statistics.quantiles(asked, n=100)[-1], "ms", *encoder, target=6, of_ratio=True),
        Line(
            "ask_many", together, "/s", alone, "encoder alone, /s", target=0.4, of_ratio=True, at_least=True
        ),
    ]


def rate(work: Any, texts: Sequence[str]) -> float:
    """Texts per second."""
    started = time.perf_counter()
    work(texts)
    return len(texts) / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7, help="starts of each kind (default %(default)s)")
    parser.add_argument(
        "--questions", type=int, default=200, help="questions for latency (default %(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--strict", action="store_true", help="exit status 1 where a target is missed")
    options = parser.parse_args()
    began = time.perf_counter()
    lines = [*starts(options.runs), prompt(options.runs), *warm(options.questions)]
    print(f"{'':34s}{'figure':>9s}      {'':>2s}{'limit':>7s}{'':27s}{'ratio':>8s}  target")
    print("\n".join(line.text() for line in lines))
    print(f"{time.perf_counter() - began:.0f} s; load of the machine {os.getloadavg()[0]:.1f}")
    if options.json:
        rows = [asdict(line) | {"ratio": line.ratio, "missed": line.missed} for line in lines]
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    sys.exit(options.strict and any(line.missed for line in lines))


if __name__ == "__main__":
    main()
