"""Compare this project with other ways of answering from the same questions and answers, in one interleaved
run.

    python benchmarks/compare.py [--questions FILE] [--rounds N] [--json OUT]

Every system is installed into an environment of its own under benchmarks/.envs, from
peers/NAME/requirements.txt, builds what it can keep (timed as the build), and then takes part in every round:
one cold start (a new process answers one question) and one warm process (questions one by one, then a batch).
The order turns by one from round to round. Figures are medians of the rounds with the least and the most.
What is measured, and how, is said in docs/benchmarks.md, which benchmarks/report.py makes from OUT.

Standard library only, and small: a child's peak memory is never less than this process's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from comparing.environments import OURS, ROOT, Environment, NotInstalled
from comparing.figures import TITLES, limits, plain, ratios, table
from comparing.process import ProcessFailed, Ran, run, surroundings
from comparing.questions import Question, read_questions, scores

ENCODERS = (OURS, "sentence_transformers")
"""The systems whose encoder is measured alone."""
BUSY = 0.2
PEAK = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
"""The peak memory of an interpreter that does nothing else, in kB; it is less than this process's, so not
seen from outside."""


class Comparison:
    """The systems over one work folder; ``report`` collects everything."""

    def __init__(self, systems: Sequence[str], work: Path, count: int, seconds: float) -> None:
        self.environments = [Environment(name) for name in systems]
        self.work = work
        self.variables = surroundings(work)
        self.count = count
        self.seconds = seconds
        self.questions: list[Question] = []
        self.report: dict[str, Any] = {"systems": {name: {} for name in systems}, "interpreter": []}

    def step(self, environment: Environment, what: str, doing: Callable[..., Any], *arguments: object) -> Any:
        """Do one thing for one system; a system that fails is left out from then on, and listed with the
        reason."""
        found = self.report["systems"][environment.name]
        if "failed" in found:
            return None
        say(f"{environment.name}: {what}")
        try:
            return doing(*arguments)
        except NotInstalled as error:
            found["failed"] = f"could not be installed: {error}"
        except ProcessFailed as error:
            found["failed"] = f"{what} failed: {error}"
        say(f"{environment.name}: {found['failed']}")
        return None

    def peer(self, environment: Environment, verb: str, *arguments: object) -> Ran:
        """Run one of a peer's words."""
        command = [environment.command(), str(environment.peer), verb, str(self.work), *map(str, arguments)]
        return run(command, self.variables)

    def install(self) -> None:
        """Make every environment; sizes and versions are noted."""
        for environment in self.environments:
            self.step(environment, "environment", environment.make)
            if "failed" not in self.report["systems"][environment.name]:
                self.report["systems"][environment.name] |= {
                    "installed": environment.megabytes(),
                    "packages": environment.packages(),
                }

    def export(self, questions: Path, facts: Path | None) -> None:
        """The knowledge, from this project's environment, and the questions, into the work folder."""
        ours = Environment(OURS)
        try:
            if ours not in self.environments:
                ours.make()
            self.peer(ours, "export")
        except (NotInstalled, ProcessFailed, FileNotFoundError) as error:
            sys.exit(f"the knowledge could not be read, as this project does not run: {error}")
        read = [
            json.loads((self.work / f"{name}.json").read_text(encoding="utf-8"))
            for name in ("told", "phrasings")
        ]
        self.questions, unmatched = read_questions(questions, facts, read[0])
        if unmatched:
            say(f"{unmatched} questions are left out: no entry tells their facts")
        texts = [question.text for question in self.questions]
        (self.work / "questions.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        self.report |= {
            "entries": len(read[0]),
            "phrasings": len(read[1]),
            "questions": len(texts),
            "file": questions.name,
        }

    def prepare(self) -> None:
        """Build, answer every question once (for accuracy), and start cold once untimed, so that files are in
        the page cache."""
        for environment in self.environments:
            found = self.report["systems"][environment.name]
            if built := self.step(environment, "build", self.peer, environment, "prepare"):
                found["build"] = {"seconds": built.seconds, "megabytes": built.megabytes}
            if answered := self.step(environment, "answers", self.peer, environment, "answers"):
                found["answers"] = said(answered)
                found["scores"] = scores(self.questions, found["answers"])
            self.step(environment, "first start", self.cold, environment, self.questions[0].text)

    def cold(self, environment: Environment, question: str) -> Ran:
        """A new process that prints one answer; ours is the command as installed, which ends with 1 where it
        declines."""
        if environment.name == OURS:
            return run([environment.command("chatbot"), "ask", question], self.variables, ends=(0, 1))
        return self.peer(environment, "cold", question)

    def round(self, number: int) -> None:
        """Every system once."""
        question = self.questions[(number * 37) % len(self.questions)].text
        turn = number % len(self.environments)
        idle = Environment(OURS).command()
        empty = run([idle, "-c", "pass"], self.variables)
        peak = run([idle, "-c", PEAK], self.variables)
        self.report["interpreter"].append(
            {"seconds": empty.seconds, "megabytes": float(peak.output) * 1024 / 1e6}
        )
        for environment in self.environments[turn:] + self.environments[:turn]:
            measured: dict[str, Any] = {}
            if cold := self.step(environment, f"round {number + 1}, cold", self.cold, environment, question):
                measured["cold"] = {
                    "seconds": cold.seconds,
                    "megabytes": cold.megabytes,
                    "question": question,
                }
            verbs = {"warm": (self.count, self.seconds)} | (
                {"encoder": (self.count,)} if environment.name in ENCODERS else {}
            )
            for verb, arguments in verbs.items():
                ran = self.step(
                    environment, f"round {number + 1}, {verb}", self.peer, environment, verb, *arguments
                )
                if ran:
                    measured[verb] = said(ran) | {"megabytes": ran.megabytes}
            self.report["systems"][environment.name].setdefault("rounds", []).append(measured)


def said(ran: Ran) -> Any:
    """What a peer printed, as JSON: its last line, as libraries may print others."""
    return json.loads(ran.output.splitlines()[-1])


def others(seconds: float = 3) -> float:
    """How many cores other processes keep busy while this one waits."""
    before = _busy()
    time.sleep(seconds)
    return round((_busy() - before) / seconds, 2)


def _busy() -> float:
    """Seconds that all cores have worked since the machine started."""
    counts = [int(count) for count in (_lines("/proc/stat") or ["cpu 0 0 0 0 0"])[0].split()[1:]]
    return (sum(counts) - sum(counts[3:5])) / os.sysconf("SC_CLK_TCK")


def machine() -> dict[str, Any]:
    """What it ran on."""
    model = [
        line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")
    ]
    memory = [
        int(line.split()[1]) * 1024 / 1e9 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")
    ]
    return {
        "cpu": model[0] if model else platform.processor() or "unknown",
        "cores": os.cpu_count(),
        "memory_gb": round(memory[0], 1) if memory else None,
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text().splitlines()
    except OSError:
        return []


def say(text: str) -> None:
    """Progress, on stderr."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    data = Path(__file__).resolve().parent / "data" / "fresh.jsonl"
    parser.add_argument(
        "--questions",
        type=Path,
        default=data,
        metavar="FILE",
        help="labelled questions, JSON Lines (default: data/fresh.jsonl)",
    )
    parser.add_argument(
        "--facts",
        type=Path,
        metavar="FILE",
        help="the facts that the rows of --questions name, where they name facts",
    )
    parser.add_argument(
        "--systems",
        nargs="+",
        choices=TITLES,
        default=list(TITLES),
        metavar="NAME",
        help=f"of {', '.join(TITLES)}; default: all",
    )
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="default %(default)s")
    parser.add_argument(
        "--count",
        type=int,
        default=400,
        metavar="N",
        help="questions of a warm process (default %(default)s)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=20,
        metavar="S",
        help="stop asking one by one after that (default %(default)s)",
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="write all raw figures")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    with tempfile.TemporaryDirectory(prefix="compare-") as folder:
        comparison = Comparison(chosen.systems, Path(folder), chosen.count, chosen.seconds)
        report = comparison.report
        report |= {
            "made": time.strftime("%Y-%m-%d"),
            "machine": machine(),
            "rounds": chosen.rounds,
            "count": chosen.count,
        }
        comparison.install()
        comparison.export(chosen.questions, chosen.facts)
        comparison.prepare()
        report["others"] = others()
        if report["others"] > BUSY:
            say(
                f"other processes keep {report['others']:.1f} cores busy: the figures will say more of them than of the systems"
            )
        for number in range(chosen.rounds):
            comparison.round(number)
    report["floor"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    for rows in (table(report), limits(report), ratios(report)):
        print(plain(rows), end="\n\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
        say(
            f"written: {chosen.json}; the page: python {Path(__file__).resolve().parent.relative_to(ROOT)}/report.py {chosen.json}"
        )


if __name__ == "__main__":
    main()
