"""What benchmarks/grammars.py asks and holds to be right: gold agrees with the CSV files, and the plain
questions are answered."""

from __future__ import annotations

import csv
import importlib
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from conftest import ROOT

from chatbot import CareerBot, Reply
from chatbot.reply import Figure, ReplyKind

sys.path.append(str(ROOT / "benchmarks"))
grammars: Any = importlib.import_module("grammars")
judging: Any = importlib.import_module("grammar_judging")
PACK = ROOT / "knowledge" / "us-occupations"
OHIO, TEXAS = ("OH", "47-2121"), ("TX", "47-2121")
MEDIAN = {"OH": 60200.0, "TX": 47730.0}


@pytest.fixture(scope="module")
def published() -> Any:
    """The figures that questions are judged by."""
    return grammars.opened(seed=1)[1]


@pytest.fixture(scope="module")
def made(published: Any) -> Callable[[int], Any]:
    """A maker of questions for a seed."""
    data = yaml.safe_load(grammars.GRAMMARS.read_text(encoding="utf-8"))
    return lambda seed: grammars.Maker(data, published, seed)


@pytest.fixture(scope="module")
def asked(made: Callable[[int], Any]) -> list[Any]:
    """Six of each grammar."""
    maker = made(7)
    return [maker.question(name) for name in maker.grammars for _ in range(6)]


@pytest.fixture(scope="module")
def cells() -> dict[tuple[str, str], dict[str, str]]:
    """The rows of the CSV files by place and code."""
    rows = {}
    for name in ("national.csv", "states.csv", "metros.csv"):
        with (PACK / name).open(encoding="utf-8", newline="") as file:
            rows |= {
                (row.get("state", row.get("area", "US")), row["code"]): row for row in csv.DictReader(file)
            }
    return rows


def plain_names(maker: Any) -> list[str]:
    """The grammars whose questions need no word to be weighed."""
    return [name for name, held in maker.grammars.items() if held.get("plain")]


def reply(text: str, *places: str, kind: ReplyKind = ReplyKind.ANSWER) -> Reply:
    """A reply with the median pay of glaziers in these places."""
    figures = tuple(
        Figure(MEDIAN[place], "USD a year", "pay", "median", "47-2121", "Glaziers", place, "May 2025", "bls")
        for place in places
    )
    return Reply(kind, text, ("us-occupations/typical-pay",), confidence=0.9, figures=figures)


def gold(kind: str, tell: str = "") -> Any:
    """Gold for the median pay of glaziers in Ohio."""
    if kind == "none":
        return judging.Gold(kind)
    cell = judging.Cell(*OHIO, "annual_median")
    return judging.Gold(kind, (judging.Way(frozenset({cell}), frozenset({cell.row}), tell),))


def test_every_grammar_draws_and_each_kind_is_asked(asked: list[Any], made: Callable[[int], Any]) -> None:
    maker = made(1)
    assert len(maker.grammars) >= 60
    assert Counter(question.grammar for question in asked) == dict.fromkeys(maker.grammars, 6)
    assert {question.gold.kind for question in asked} == {"answer", "told", "none"}
    assert all("{" not in turn and turn.strip() for question in asked for turn in question.turns)
    dealt = Counter(question.gold.kind for question in maker.questions(1_000))
    assert 400 <= dealt["answer"] <= 600


def test_the_same_seed_asks_the_same(made: Callable[[int], Any]) -> None:
    drawn = [list(made(seed).questions(150)) for seed in (3, 3, 4)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_what_must_be_told_is_published(
    asked: list[Any], cells: dict[tuple[str, str], dict[str, str]]
) -> None:
    for question in asked:
        gold_ = question.gold
        assert bool(gold_.ways) == (gold_.kind != "none"), question
        for way in gold_.ways:
            assert way.may, question
            assert {(cell.place, cell.code) for cell in way.must} <= set(way.may), question
            for cell in way.must:
                assert float(cells[cell.place, cell.code][cell.column]) > 0, (question, cell)
        if gold_.kind == "answer":
            assert all(way.must and not way.tell for way in gold_.ways), question


def test_gold_is_of_the_occupation_and_place_that_the_text_names(
    made: Callable[[int], Any], published: Any
) -> None:
    maker = made(11)
    listed = yaml.safe_load((PACK / "titles.yaml").read_text(encoding="utf-8"))["titles"]
    states = importlib.import_module("occupation_questions").STATES
    for question in maker.questions(400, plain_names(maker)):
        text = question.turns[0].casefold()
        for row in question.gold.ways[0].may:
            names = {published.titles[row.code], *listed.get(row.code, ())}
            # plurals end otherwise: "secretaries", "salesmen"
            stems = {
                name.casefold()[:-3] if name.endswith(("man", "person")) else name.casefold()[:-1]
                for name in names
            }
            assert any(stem.removesuffix("perso") in text for stem in stems), (question, row)
            named = states.get(
                row.place,
                {
                    "US": "",
                    "DC": "district of columbia",
                    "PR": "puerto rico",
                    "GU": "guam",
                    "VI": "virgin islands",
                }.get(row.place),
            )
            assert named.casefold() in text, (question, row)
            if row.place == "US":
                assert not any(re.search(rf"\b{state}\b", text, re.I) for state in states.values()), question


def test_the_best_of_an_order_is_the_highest_figure(
    made: Callable[[int], Any], cells: dict[tuple[str, str], dict[str, str]]
) -> None:
    maker = made(5)
    for question in maker.questions(30, ["best-states", "states-with-most"]):
        (best,) = question.gold.ways[0].must
        held = [
            float(row[best.column])
            for (place, code), row in cells.items()
            if code == best.code and place.isalpha() and place != "US" and row[best.column] not in {"*", "#"}
        ]
        assert float(cells[best.place, best.code][best.column]) == max(held), question


@pytest.mark.parametrize(
    ("kind", "tell", "given", "verdict"),
    [
        ("answer", "", reply("Glaziers in Ohio: $60,200", "OH"), "right"),
        ("answer", "", reply("Glaziers in Texas: $47,730", "TX"), "figure not asked for"),
        ("answer", "", reply("Glaziers: Ohio $60,200, Texas $47,730", "OH", "TX"), "figure not asked for"),
        ("answer", "", reply("Which one?", kind=ReplyKind.CLARIFY), "declined"),
        ("answer", "", reply("Glaziers earn $60,200."), "right"),
        ("answer", "", reply("Glaziers earn $47,731."), "figure not asked for"),
        ("told", "part", reply("Glaziers in Ohio: $60,200", "OH"), "figure not asked for"),
        ("told", "part", reply("Part-time is not counted. Glaziers in Ohio: $60,200", "OH"), "right"),
        ("told", "glaz", reply("“part-time glaziers” is counted among Glaziers: $60,200", "OH"), "figure not asked for"),
        ("told", "part", reply("I can't tell.", kind=ReplyKind.UNKNOWN), "right"),
        ("none", "", reply("Glaziers in Ohio: $60,200", "OH"), "figure not asked for"),
        ("none", "", reply("Nothing over $70,000 or of May 2025.", kind=ReplyKind.UNKNOWN), "right"),
    ],
)  # fmt: skip
def test_a_reply_is_judged_by_its_figures_and_words(
    kind: str, tell: str, given: Reply, verdict: str, published: Any
) -> None:
    assert judging.judge(given, "more than $70,000?", gold(kind, tell), published)[0] == verdict


def test_a_figure_that_is_not_published_is_not_asked_for(published: Any) -> None:
    figure = Figure(1.0, "USD a year", "pay", "median", "47-2121", "Glaziers", "OH", "May 2025", "bls")
    given = Reply(ReplyKind.ANSWER, "$1", ("us-occupations/typical-pay",), confidence=0.9, figures=(figure,))
    assert judging.judge(given, "pay?", gold("answer"), published)[0] == judging.UNASKED


def test_plain_questions_are_answered(bot: CareerBot, made: Callable[[int], Any], published: Any) -> None:
    maker = made(2)
    questions = list(maker.questions(120, plain_names(maker)))
    assert all(question.gold.kind == "answer" for question in questions)
    verdicts = [
        (judging.judge(given, question.turns[-1], question.gold, published), question.turns)
        for question, given in zip(questions, grammars.replies(bot, questions), strict=True)
    ]
    missed = [(verdict, turns) for verdict, turns in verdicts if verdict[0] != judging.RIGHT]
    assert not [one for one in missed if one[0][0] == judging.UNASKED]
    assert len(missed) <= 4, missed


def test_a_name_that_is_no_grammar_is_told(made: Callable[[int], Any]) -> None:
    maker = made(1)
    with pytest.raises(SystemExit, match="no such grammar; kinds are answer, told, none, condition"):
        grammars.chosen(maker, "nonsense", None)
    assert grammars.chosen(maker, "dialogue", None) == [
        name for name, held in maker.grammars.items() if held["about"] == "dialogue"
    ]
