"""Whether every word of a question counts: questions about the official figures, made by some hundred grammars
of scope, quantity, time, place, unit, condition and wording.

    python benchmarks/grammars.py [--n 20000] [--seed 1] [--show N] [--kind NAME] [--grammar NAME]

How gold is made: a grammar (data/grammars.yaml) is drawn with occupations, places and words. It says which
rows (an occupation in a place) and columns are asked for, before the words are put together. The values stand
in the pack's CSV files, which grammar_figures.py reads without any code of the program. An everyday title is
drawn only where the pack's list gives it one code, and a row only where its figures are published, so that a
figure could always be told. Three kinds:

answer  these figures must be told, and none of another row. Others of the same row may stand beside them.
told    a condition that the data do not hold, or an order or a spelling that may be asked back: no figure, or
        that of the row with the word named in the text; of an order, what it comes to.
none    another time or place, what is left out, a statistic that is not there: no figure.

Figures are those that the reply carries, or the amounts in its text where it carries none. Verdicts: right;
figure not asked for (of another row or column, or without a word on the condition); declined (an ``answer``
without all of its figures). Exit status 1 where more than 0.2% of all questions get a figure not asked for,
or more than 2% of those of kind ``answer`` are declined.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import yaml
from grammar_figures import Published
from grammar_judging import DECLINED, RIGHT, UNASKED, judge
from grammar_questions import Maker, Question

if TYPE_CHECKING:
    from chatbot import CareerBot, Reply

ROOT = Path(__file__).parent.parent
GRAMMARS = ROOT / "benchmarks" / "data" / "grammars.yaml"
PACK = ROOT / "knowledge" / "us-occupations"
BATCH = 200
MOST_UNASKED, MOST_DECLINED = 0.002, 0.02
KINDS = ("answer", "told", "none")


def opened(seed: int, pack: Path = PACK) -> tuple[Maker, Published]:
    """A maker of questions, and the figures that they are judged by."""
    data = yaml.safe_load(GRAMMARS.read_text(encoding="utf-8"))
    published = Published(pack, data["never_drawn"])
    return Maker(data, published, seed), published


def replies(bot: CareerBot, questions: Sequence[Question]) -> Iterator[Reply]:
    """The reply to each question's last turn; what is one turn is asked in batches."""
    for start in range(0, len(questions), BATCH):
        batch = questions[start : start + BATCH]
        single = iter(bot.ask_many([question.turns[0] for question in batch if len(question.turns) == 1]))
        for question in batch:
            if len(question.turns) == 1:
                yield next(single)
                continue
            chat = bot.conversation()
            yield [chat.ask(turn) for turn in question.turns][-1]


def chosen(maker: Maker, kind: str | None, grammar: str | None) -> list[str]:
    """The grammars of a name, or of a kind of gold or dimension.

    Errors: SystemExit where there is none.
    """
    names = [
        name
        for name, held in maker.grammars.items()
        if grammar in {None, name} and kind in {None, held["gold"], held["about"]}
    ]
    if not names:
        abouts = sorted({held["about"] for held in maker.grammars.values()})
        raise SystemExit(
            f"grammars.py: no such grammar; kinds are {', '.join((*KINDS, *abouts))}; grammars: {', '.join(maker.grammars)}"
        )
    return names


def row(name: str, counts: Counter[str], of: int | None = None) -> str:
    """A line of the table; with ``of`` in percent."""
    keys = (RIGHT, UNASKED, DECLINED)
    cells = (
        [f"{counts[key]:9d}" for key in keys]
        if of is None
        else [f"{counts[key] / max(1, of):9.1%}" for key in keys]
    )
    return f"{name:44s} {counts.total():6d} {' '.join(cells)}"


def table(verdicts: Sequence[tuple[Question, str]]) -> str:
    """Verdicts by grammar, then by kind of gold and by dimension in percent."""
    by: dict[str, dict[str, Counter[str]]] = {
        key: defaultdict(Counter) for key in ("grammar", "gold", "about")
    }
    for question, verdict in verdicts:
        by["grammar"][f"{question.about}: {question.grammar} ({question.gold.kind})"][verdict] += 1
        by["gold"][question.gold.kind][verdict] += 1
        by["about"][question.about][verdict] += 1
    lines = [f"{'':44s} {'asked':>6s} {'right':>9s} {'unasked':>9s} {'declined':>9s}"]
    lines += [row(name, counts) for name, counts in sorted(by["grammar"].items())]
    for key in ("about", "gold"):
        lines += ["", *(row(name, counts, counts.total()) for name, counts in sorted(by[key].items()))]
    total = sum(by["gold"].values(), Counter[str]())
    return "\n".join([*lines, row("all", total, total.total())])


def failures(told: Sequence[tuple[Question, Reply, str, str]], most: int, seed: int) -> Iterator[str]:
    """So many of the questions that were not answered rightly, drawn by a seed."""
    wrong = [one for one in told if one[2] != RIGHT]
    for question, reply, verdict, reason in Random(seed).sample(wrong, min(most, len(wrong))):  # noqa: S311 — no secrets are made
        text = " ".join(reply.text.split())
        yield f"{verdict.upper()} [{question.grammar}, {question.gold.kind}] {' / '.join(question.turns)}\n    {reason}\n    {reply.kind}: {text[:400]}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=20_000, help="questions (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print so many failing questions")
    parser.add_argument(
        "--kind", metavar="NAME", help="only answer, told or none, or a dimension: scope, time, ..."
    )
    parser.add_argument("--grammar", metavar="NAME", help="only this grammar")
    options = parser.parse_args()
    maker, published = opened(options.seed)
    questions = list(maker.questions(options.n, chosen(maker, options.kind, options.grammar)))
    from chatbot import CareerBot

    with CareerBot() as bot:
        told = [
            (question, reply, *judge(reply, question.turns[-1], question.gold, published))
            for question, reply in zip(questions, replies(bot, questions), strict=True)
        ]
    for line in failures(told, options.show, options.seed):
        print(line)
    print(table([(question, verdict) for question, _, verdict, _ in told]))
    unasked = sum(verdict == UNASKED for _, _, verdict, _ in told)
    declined = sum(verdict == DECLINED for _, _, verdict, _ in told)
    answerable = sum(question.gold.kind == "answer" for question in questions)
    print(
        f"figure not asked for {unasked / len(told):.2%} of all; declined {declined / max(1, answerable):.2%} of {answerable} to be answered"
    )
    sys.exit(unasked > MOST_UNASKED * len(told) or declined > MOST_DECLINED * answerable)


if __name__ == "__main__":
    main()
