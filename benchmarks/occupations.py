"""How often the official figures by occupation and place are given rightly, asked in words that the knowledge
was not written from.

    python benchmarks/occupations.py [--n 400] [--seed 1] [--show N]
    python benchmarks/occupations.py --out-of-scope [FILE.jsonl] | --dialogues [FILE.jsonl]
    python benchmarks/occupations.py --onet DIR --onet-pack FOLDER [--n 1000]

N questions are made of everyday titles (data/us-occupations-titles.json), places and statistics in the
wordings of occupation_questions.py, a tenth with a typing error, and 60 follow-ups. Each is a conversation of
its own, and the reply is checked against the pack's CSV files, read here directly. Right: an answer in which
the published figure, the official title and the place stand, and that cites the source; where nothing or only
a lower limit is published, an answer that says so, or none. Wrong: an answer with the figure of another
occupation or place that it does not name. Exit status 1 with any wrong figure or less than 97% right.

``--onet``: alternate titles of the O*NET text files in DIR, asked of the shipped knowledge with the imported
pack in FOLDER. Right: the official title of a right code, or of the broader published one, is named in the
answer or among at most four choices. Titles of several codes and those of codes without a row are counted
apart. Status 1 below 90%. ``--out-of-scope``: how many of the questions are declined; status 1 below 92%.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from occupation_judging import Figures, judge, judge_title, published_rows
from occupation_questions import Case, Maker, article, columns_of

if TYPE_CHECKING:
    from chatbot import CareerBot, Reply

ROOT = Path(__file__).parent.parent
DATA = ROOT / "benchmarks" / "data"
PACK = ROOT / "knowledge" / "us-occupations"
LEAST, LEAST_ONET, LEAST_DECLINED = 0.97, 0.90, 0.92
FOLLOW_UPS = 60


def run_questions(bot: CareerBot, options: argparse.Namespace) -> bool:
    """The questions and follow-ups; whether enough are right and none is wrong."""
    figures, maker = (
        Figures(options.figures),
        Maker(json.loads((DATA / "us-occupations-titles.json").read_text(encoding="utf-8")), options.seed),
    )
    cases = list(maker.questions(options.n or 400))
    cases += [maker.follow_up(("place", "statistic", "title")[i % 3]) for i in range(FOLLOW_UPS)]
    by: dict[str, dict[str, Counter[str]]] = {
        "statistic": defaultdict(Counter),
        "wording": defaultdict(Counter),
    }
    seconds, failures, total = [], [], Counter[str]()
    bot.ask("hello")
    for case in cases:
        chat = bot.conversation()
        if case.before:
            chat.ask(case.before)
        started = time.perf_counter()
        reply = chat.ask(case.text)
        seconds.append(time.perf_counter() - started)
        verdict, reason = judge(reply, case, figures)
        total[verdict] += 1
        by["statistic"][case.statistic][verdict] += 1
        by["wording"][case.wording][verdict] += 1
        if verdict != "right":
            asked = f"{case.before} > {case.text}" if case.before else case.text
            failures.append(
                (
                    verdict,
                    f"{asked}\n    {' '.join(case.codes)} {' '.join(case.places)} {case.statistic}: {reason}\n    {said(reply)}",
                )
            )
    for name, counted in by.items():
        print(f"by {name}")
        for key, counts in sorted(counted.items(), key=lambda pair: share(pair[1])):
            print(
                f"  {share(counts):6.1%}  of {counts.total():3d}{'  WRONG ' + str(counts['wrong']) if counts['wrong'] else ''}  {key}"
            )
    show(failures, options.show)
    print(f"right {share(total):.1%} of {total.total()}, wrong {total['wrong']}; {timing(seconds)}")
    return share(total) >= LEAST and not total["wrong"]


def run_onet(bot: CareerBot, options: argparse.Namespace) -> bool:
    """Alternate titles; whether enough of those with one published code are found."""
    figures = Figures(options.figures)
    rows = published_rows(figures, options.figures / "titles.yaml")
    titles: dict[str, tuple[str, set[str]]] = {}
    with (options.onet / "Alternate Titles.txt").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            title = row["Alternate Title"].strip()
            titles.setdefault(title.casefold(), (title, set()))[1].add(row["O*NET-SOC Code"][:7])
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    seconds, failures = [], []
    for title, codes in Random(options.seed).sample(list(titles.values()), options.n or 1000):  # noqa: S311 — no secrets are made
        right = {rows[code] for code in codes if code in rows}
        group = "several codes" if len({rows.get(code, code) for code in codes}) > 1 else "one code"
        started = time.perf_counter()
        reply = bot.conversation().ask(f"what does {article(title)} earn")
        seconds.append(time.perf_counter() - started)
        verdict = judge_title(reply, right, figures)
        counted[group if right else "no row"][verdict] += 1
        if not verdict.startswith("right"):
            wanted = (
                ", ".join(f"{code} {figures.titles[code]}" for code in sorted(right))
                or f"nothing ({' '.join(sorted(codes))})"
            )
            failures.append(
                (verdict, f"[{group if right else 'no row'}] {title}: {wanted}\n    {said(reply)}")
            )
    show(failures, options.show)
    for group, counts in sorted(counted.items()):
        told_ = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
        print(f"{group:14s} {share(counts):6.1%} right of {counts.total():4d}: {told_}")
    print(timing(seconds))
    return share(counted["one code"]) >= LEAST_ONET


def run_out_of_scope(bot: CareerBot, options: argparse.Namespace) -> bool:
    """Questions that the figures do not answer; whether enough are declined."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    failures = []
    for row in rows_of(options.out_of_scope):
        reply = bot.conversation().ask(row["q"])
        declined = str(reply.kind) != "answer" and not reply.citations
        counted[row["kind"]]["right" if declined else "answered"] += 1
        if not declined:
            failures.append(("answered", f"[{row['kind']}] {row['q']}\n    {said(reply)}"))
    show(failures, len(failures) if options.show is None else options.show)
    for kind, counts in sorted(counted.items()):
        print(f"  {share(counts):6.1%}  of {counts.total():3d}  {kind}")
    total = sum(counted.values(), Counter[str]())
    print(f"declined {share(total):.1%} of {total.total()}")
    return share(total) >= LEAST_DECLINED


def run_dialogues(bot: CareerBot, options: argparse.Namespace) -> bool:
    """Dialogues, turn by turn; whether enough turns are right and none is wrong."""
    figures, total, whole = Figures(options.figures), Counter[str](), 0
    dialogues, failures = list(rows_of(options.dialogues)), []
    for dialogue in dialogues:
        chat, before = bot.conversation(), total.copy()
        for number, turn in enumerate(dialogue["turns"], 1):
            want, reply = turn["want"], chat.ask(turn["user"])
            if "kind" in want:
                verdict = "right" if str(reply.kind) in listed_of(want["kind"]) else "missed"
                reason = f"kind {reply.kind}, not {want['kind']}"
            else:
                case = Case(
                    turn["user"],
                    listed_of(want["code"]),
                    listed_of(want["place"]),
                    columns_of(want["statistic"]),
                    "",
                    want["statistic"],
                )
                verdict, reason = judge(reply, case, figures)
            total[verdict] += 1
            if verdict != "right":
                said_before = " > ".join(earlier["user"] for earlier in dialogue["turns"][:number])
                failures.append((verdict, f"{said_before}\n    {reason}\n    {said(reply)}"))
        whole += (total - before).keys() <= {"right"}
    show(failures, len(failures) if options.show is None else options.show)
    print(
        f"right {share(total):.1%} of {total.total()} turns, wrong {total['wrong']}; {whole} of {len(dialogues)} dialogues wholly"
    )
    return share(total) >= LEAST and not total["wrong"]


def listed_of(value: str | Sequence[str]) -> tuple[str, ...]:
    """One or several, as several."""
    return (value,) if isinstance(value, str) else tuple(value)


def rows_of(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def share(counts: Counter[str]) -> float:
    """How much of it is right, by any of the ways to be."""
    return sum(count for verdict, count in counts.items() if verdict.startswith("right")) / max(
        1, counts.total()
    )


def said(reply: Reply) -> str:
    """A reply in a line."""
    offered = f" [{' | '.join(reply.suggestions)}]" if reply.suggestions else ""
    return f"{reply.kind}: {' '.join(reply.text.split())[:400]}{offered}"


def show(failures: Sequence[tuple[str, str]], most: int | None) -> None:
    """So many failures, wrong ones first."""
    for verdict, text in sorted(failures, key=lambda pair: pair[0] != "wrong")[: most or 0]:
        print(f"{verdict.upper()}  {text}")


def timing(seconds: Sequence[float]) -> str:
    """Time per question."""
    return f"median {1e3 * statistics.median(seconds):.1f} ms, p95 {1e3 * statistics.quantiles(seconds, n=20)[-1]:.1f} ms a question"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, help="questions (default 400; with --onet 1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--show",
        type=int,
        metavar="N",
        help="print so many failures (default: none; of --out-of-scope and --dialogues all)",
    )
    parser.add_argument(
        "--figures",
        type=Path,
        default=PACK,
        metavar="FOLDER",
        help="the pack with the figures (default %(default)s)",
    )
    parser.add_argument("--onet", type=Path, metavar="DIR", help="the folder of O*NET text files")
    parser.add_argument(
        "--onet-pack", type=Path, metavar="FOLDER", help="the knowledge folder that they were imported into"
    )
    for name in ("out-of-scope", "dialogues"):
        file = DATA / f"us-occupations-{name}.jsonl"
        parser.add_argument(f"--{name}", type=Path, nargs="?", const=file, metavar="FILE.jsonl")
    options = parser.parse_args()
    if bool(options.onet) != bool(options.onet_pack):
        parser.error("--onet and --onet-pack go together")
    from chatbot import SHIPPED, CareerBot

    work: Callable[[CareerBot, argparse.Namespace], bool] = run_questions
    work = (
        run_onet
        if options.onet
        else run_out_of_scope
        if options.out_of_scope
        else run_dialogues
        if options.dialogues
        else work
    )
    with CareerBot(knowledge=[SHIPPED, options.onet_pack] if options.onet else SHIPPED) as bot:
        passed = work(bot, options)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
