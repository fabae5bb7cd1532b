"""How well the word lists of the official figures tell what a question asks for, and how well the ranker
tells it without them.

    python benchmarks/cues.py [--markdown]          # a row for each statistic and each topic that the figures lack
    python benchmarks/cues.py --cues [--needed]     # each cue: in how many questions it stands; and in how many replies differ without it
    python benchmarks/cues.py --replies [--show N]  # whether the questions of data/cues.jsonl get the statistic or topic of their label

A cue is a word or phrase of ``words`` or ``beyond`` in the pack's ``*.dataset.yaml``. Questions are held out:
the lookups' own phrasings and the examples of the intents beside them, each asked with itself left out; those
of data/us-occupations-*.jsonl and of occupation_questions.py; and data/cues.jsonl, written before the lists
were read (15 of them, without a label, had another topic in mind). The ranker tells the label that comes
first among lookups and the intents beside them, on the form with titles and places made alike; a list tells
its name where one of its cues stands outside titles and places. ``right``: the share of questions with the
label of which it is told; ``wrong``: of how many others.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from occupation_questions import Maker
from occupations import DATA, ROOT, rows_of

from chatbot.datasets.query import free_words
from chatbot.intents.model import INTENT
from chatbot.knowledge.model import Entry
from chatbot.language.chart import Kind
from chatbot.language.lexicon import Lexicon, singular

if TYPE_CHECKING:
    from chatbot import CareerBot, Reply
    from chatbot.engine import Engine

PACK = "us-occupations/"
PLAIN = "plain"
"""The label of a question that asks for the usual figure."""
STATISTICS = {
    "annual_median": PLAIN, "hourly_median": "hour", "annual_mean": "mean", "hourly_mean": "mean", "mean": "mean", "annual_p10": "low", "p10": "low",
    "annual_p90": "high", "p90": "high", "range": "range", "annual_p25": "quarters", "annual_p75": "quarters", "employment": "count",
    "median": PLAIN, "states_highest": "places", "states_lowest": "places", "highest": "highest", "lowest": "lowest",
}  # fmt: skip
"""What the labelled questions call it: the list that tells it."""
BESIDE = frozenset({"money", "year", "hour", "month", "places", "mean"})
"""Lists whose words may rightly stand beside any other, and so are wrong nowhere."""
ALIKE = ({"low", "range"}, {"high", "range"}, {"quarters", "range"}, {"experienced", "high"}, {"experienced", "figures-by-experience"},
         {"lowest", "low"}, {"highest", "high"}, {"lowest", "places"}, {"highest", "places"}, {"count", "places"},
         {"low", "figures-by-experience"}, {"figures-growth", "figures-vacancies"}, {"figures-growth", "figures-other-years"})  # fmt: skip
"""Labels either of which is no mistake for the other."""


@dataclass(frozen=True)
class Held:
    """A question that is held out, its label, and the phrasing to leave out (-1: it is none)."""

    text: str
    label: str
    source: str
    row: int = -1


def label_of(label: str, entry: Entry | None) -> str | None:
    """What a label of the ranker tells: the name of a list, or of a topic that the figures lack."""
    if label.startswith(INTENT):
        return label.removeprefix(INTENT)
    if entry is None or entry.lookup is None or not label.startswith(PACK):
        return None
    if entry.lookup.kind == "ranking" and entry.lookup.across == "places":
        return "places"
    if entry.lookup.statistic:
        return entry.lookup.statistic[0]
    return PLAIN if entry.lookup.kind == "figures" else label.removeprefix(PACK)


def questions(engine: Engine) -> list[Held]:
    """All that is held out, each text once."""
    held = []
    for row, label in enumerate(engine.local.labels):
        if label in engine.looked_up and (named := label_of(label, engine.knowledge.by_id.get(label))):
            held.append(
                Held(
                    engine.local.shown[row],
                    named,
                    "examples" if label.startswith(INTENT) else "phrasings",
                    row,
                )
            )
    maker = Maker(json.loads((DATA / "us-occupations-titles.json").read_text(encoding="utf-8")), 1)
    held += [
        Held(case.text, STATISTICS[case.statistic], "generated")
        for case in maker.questions(400)
        if case.statistic in STATISTICS
    ]
    for name in ("last", "people"):
        for one in rows_of(DATA / f"us-occupations-{name}.jsonl"):
            held.append(
                Held(
                    one["question"], STATISTICS.get(str((one["want"] or {}).get("statistic")), ""), "labelled"
                )
            )
    for name in ("out-of-scope", "people-out-of-scope"):
        held += [
            Held(one.get("question") or one["q"], "", "labelled")
            for one in rows_of(DATA / f"us-occupations-{name}.jsonl")
        ]
    held += [Held(one["question"], one["label"], "blind") for one in rows_of(DATA / "cues.jsonl")]
    return list({one.text: one for one in held}.values())


class Lists:
    """The word lists of the figures."""

    def __init__(self, engine: Engine) -> None:
        if engine.data is None:
            raise SystemExit("cues.py: no figures are loaded")
        self.engine, dataset = engine, engine.data.main
        self.words, self.beyond = engine.data.words, engine.data.beyond_words(dataset)
        self.cues = [
            (name, cue)
            for of in (dataset.words, dataset.beyond)
            for name, listed in of.items()
            for cue in listed
        ]
        self.names = (*dataset.words, *dataset.beyond)

    def told(self, text: str) -> frozenset[str]:
        """The names that the lists tell."""
        reading = self.engine.reader.read(text)
        free = free_words(reading)
        first = next((match.value for match in self.beyond.find(free)), None)
        return reading.chart.names() | ({first} if first else frozenset())

    def firing(self, text: str) -> set[tuple[str, ...]]:
        """The cues that stand in a question, as the lexicon keeps them."""
        reading = self.engine.reader.read(text)
        found = set()
        lexicons: tuple[tuple[Lexicon[Any], list[str]], ...] = (
            (self.words, reading.chart.without(Kind.TITLE)), (self.beyond, free_words(reading)),
        )  # fmt: skip
        for lexicon, words in lexicons:
            for match in lexicon.find(words):
                key = tuple(words[match.start : match.end])
                found.add(key if key in lexicon._phrases else _singular(key))
        return found


def _singular(key: tuple[str, ...]) -> tuple[str, ...]:
    return (*key[:-1], singular(key[-1]))


def ranked(engine: Engine, held: Sequence[Held]) -> list[str | None]:
    """What the ranker tells of each."""
    texts = []
    for one in held:
        reading = engine.reader.read(one.text)
        texts.append(engine.local.texts[one.row] if one.row >= 0 else reading.alike or reading.matched)
    vectors, out = engine.encode(texts), []
    for one, text, vector in zip(held, texts, vectors, strict=True):
        without = None
        if one.row >= 0:
            without = np.zeros(len(engine.local.labels), np.bool_)
            without[one.row] = True
        best = engine.local.rank(text, vector, without, limit=16)
        first = next((scored.label for scored in best if scored.label in engine.looked_up), None)
        out.append(label_of(first, engine.knowledge.by_id.get(first)) if first else None)
    return out


@dataclass
class Row:
    """What was told of one name, by the list, by the ranker and by either: right and wrong."""

    name: str
    asked: int
    right: tuple[int, int, int]
    wrong: tuple[int, int, int]


def measured(
    lists: Lists,
    held: Sequence[Held],
    by_ranker: Sequence[str | None],
    names: Sequence[str],
    source: str = "",
) -> list[Row]:
    """A row for each name."""
    told = [lists.told(one.text) for one in held]
    rows = []
    for name in names:
        asked, right, wrong = 0, [0, 0, 0], [0, 0, 0]
        for one, said, best in zip(held, told, by_ranker, strict=True):
            if source and one.source != source:
                continue
            hits = (name in said, best == name, name in said or best == name)
            if one.label == name:
                asked += 1
                right = [a + b for a, b in zip(right, hits, strict=True)]
            elif one.label and name not in BESIDE and {one.label, name} not in ALIKE:
                wrong = [a + b for a, b in zip(wrong, hits, strict=True)]
        rows.append(Row(name, asked, tuple(right), tuple(wrong)))  # type: ignore[arg-type]
    return rows


def told_of(engine: Engine, reply: Reply) -> str | None:
    """What a reply tells: the name of a list or of a topic; None where it is neither."""
    if reply.entry_ids:
        return label_of(reply.entry_ids[0], engine.knowledge.by_id.get(reply.entry_ids[0]))
    openings = {
        intent.reply.split("I can answer")[0].strip(): intent.id
        for intent in engine.intents.values()
        if intent.beside
    }
    return next((topic for opening, topic in openings.items() if reply.text.startswith(opening)), None)


def print_replies(bot: CareerBot, engine: Engine, held: Sequence[Held], most: int) -> None:
    """Whether each held-out question gets what its label says: the lookup, or the intent's reply."""
    by: dict[str, Counter[str]] = defaultdict(Counter)
    failures = []
    units = {"hour", "year", "month"}
    for one, reply in zip(held, bot.ask_many([one.text for one in held]), strict=True):
        got = told_of(engine, reply)
        right = got == (PLAIN if one.label in units else one.label) or (
            one.label == "places" and got in {"places", "highest", "lowest"}
        )
        right = right or {str(got), one.label} in ALIKE
        verdict = "right" if right else "other figure" if str(reply.kind) == "answer" else "no figure"
        by[one.label][verdict] += 1
        if not right:
            failures.append(
                f"{one.label}: {one.text}\n    {got} {reply.kind}: {' '.join(reply.text.split())[:150]}"
            )
    for name, counts in by.items():
        print(
            f"{name:30s} {counts['right']:3d} of {counts.total():3d} right, {counts['other figure']:2d} get another figure"
        )
    total = sum(by.values(), Counter[str]())
    print(f"right {total['right']} of {total.total()}, {total['other figure']} get another figure")
    print("\n".join(failures[:most]))


def print_table(rows: Sequence[Row], markdown: bool) -> None:
    """The rows, list against ranker."""
    for row in rows:
        share = [f"{count / row.asked:.0%}" if row.asked else "–" for count in row.right]
        cells = [
            row.name,
            str(row.asked),
            *(f"{a} ({b} wrong)" for a, b in zip(share, row.wrong, strict=True)),
        ]
        print(
            f"| {' | '.join(cells)} |"
            if markdown
            else f"{cells[0]:30s} {cells[1]:>5s}" + "".join(f" {cell:>18s}" for cell in cells[2:])
        )


def without_cue(
    bot: CareerBot, lists: Lists, key: tuple[str, ...], asked: Sequence[str], before: dict[str, str]
) -> Iterator[str]:
    """The questions of which the reply differs when a cue is not there."""
    kept = [
        (lexicon, lexicon._phrases.pop(key))
        for lexicon in (lists.words, lists.beyond)
        if key in lexicon._phrases
    ]
    try:
        for text, reply in zip(asked, bot.ask_many(asked), strict=True):
            if reply.text != before[text]:
                yield text
    finally:
        for lexicon, value in kept:
            lexicon._phrases[key] = value


def print_cues(bot: CareerBot, lists: Lists, held: Sequence[Held], needed: bool) -> None:
    """Each cue, and in how many questions it stands and is needed."""
    firing: dict[tuple[str, ...], list[str]] = defaultdict(list)
    recorded = [
        text
        for _, text in (
            json.loads(line) for line in (ROOT / "tests/recorded/questions.jsonl").open(encoding="utf-8")
        )
    ]
    texts = list(dict.fromkeys([*(one.text for one in held), *recorded]))
    for text in texts:
        for key in lists.firing(text):
            firing[key].append(text)
    before = (
        {text: reply.text for text, reply in zip(texts, bot.ask_many(texts), strict=True)} if needed else {}
    )
    for name, cue in lists.cues:
        key = tuple(cue.lower().replace("-", " ").replace("/", " ").split())
        asked = firing.get(key, [])
        differ = list(without_cue(bot, lists, key, asked[:40], before)) if needed and asked else []
        print(
            json.dumps(
                {"list": name, "cue": cue, "stands": len(asked), "needed": len(differ), "by": differ[:4]}
            )
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--markdown", action="store_true", help="the table as it stands in docs/occupations.md"
    )
    parser.add_argument("--source", default="", help="only phrasings, examples, generated, labelled or blind")
    parser.add_argument("--cues", action="store_true", help="a line of JSON for each cue")
    parser.add_argument("--needed", action="store_true", help="with --cues: ask again without each")
    parser.add_argument("--replies", action="store_true", help="ask data/cues.jsonl")
    parser.add_argument(
        "--show", type=int, default=0, metavar="N", help="with --replies: so many of those that are not right"
    )
    options = parser.parse_args()
    from chatbot import CareerBot

    with CareerBot() as bot:
        engine = bot.engine
        lists, held = Lists(engine), questions(engine)
        if options.cues:
            print_cues(bot, lists, held, options.needed)
        elif options.replies:
            print_replies(
                bot, engine, [one for one in held if one.source == "blind" and one.label], options.show
            )
        else:
            print_table(
                measured(lists, held, ranked(engine, held), lists.names, options.source), options.markdown
            )


if __name__ == "__main__":
    main()
