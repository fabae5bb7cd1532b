"""Figures as text, what a question asks of the data, and facts: the parts that the answers of lookups are
made of."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from chatbot.datasets.arrays import parts_of, texts_of
from chatbot.datasets.model import ABSENT, Dataset, Entity, Mark, Measure, PlaceDimension, Rows, Statistic
from chatbot.datasets.names import ALTERNATE, AMBIGUOUS, STAND_IN, made
from chatbot.datasets.query import Words, query
from chatbot.datasets.store import Datasets, Names
from chatbot.datasets.tell import tell
from chatbot.datasets.units import units_of
from chatbot.datasets.value import Cell
from chatbot.flow import By, Proposal, Query, Target, Told
from chatbot.intents.model import Intent
from chatbot.knowledge.datasetschema import MeasureSpec
from chatbot.knowledge.model import Citation, Entry, Lookup
from chatbot.language.facets import FacetReader
from chatbot.language.reading import Reading
from chatbot.policy import policy
from chatbot.rules import QUERY, first
from chatbot.scene import Scene

# figures as text


MISSING, TOP = ABSENT + 1, ABSENT + 2
COLUMNS = (
    "employment", "hourly_mean", "annual_mean", "hourly_p10", "hourly_p25", "hourly_median", "hourly_p75", "hourly_p90", "annual_p10",
    "annual_p25", "annual_median", "annual_p75", "annual_p90",
)  # fmt: skip
CODES = ("00-0000", "51-3011", "51-9021", "29-1242", "27-2011", "25-2021", "51-3010")
OFFICIAL = ("All Occupations", "Bakers", "Millers", "Surgeons", "Actors", "Teachers", "Bread Workers")
NOTHING = [ABSENT] * 13
ROWS = {
    ("US", "00-0000"): [1000, 2000, 41600, 1000, 1500, 2000, 2500, 3000, 20800, 31200, 41600, 52000, 62400],
    ("US", "51-3011"): [1234567, 1800, 37440, 1200, 1400, 1700, 2100, 2500, 24960, 29120, 35360, 43680, 52000],
    ("US", "51-9021"): [200, 2200, 45760, 1400, 1800, 2100, 2600, 3100, 29120, 37440, 43680, 54080, 64480],
    ("US", "29-1242"): [50, MISSING, MISSING, 5000, 9000, TOP, TOP, TOP, 104000, 187200, TOP, TOP, TOP],
    ("US", "27-2011"): [70, 3000, MISSING, 1500, 2000, 2505, 3500, 6000, *[MISSING] * 5],
    ("US", "25-2021"): [MISSING, MISSING, 50000, *[MISSING] * 5, 30000, 40000, 48000, 58000, 70000],
    ("US", "51-3010"): [1400, 1850, 38480, 1200, 1400, 1750, 2100, 2500, 24960, 29120, 36400, 43680, 52000],
    ("TX", "51-3011"): [40, 1700, 35360, 1100, 1300, 1700, 2000, 2400, 22880, 27040, 35360, 41600, 49920],
    ("TX", "51-9021"): [20, *[MISSING] * 12],
}  # fmt: skip
PLACES = ("US", "OH", "TX")
WORDS = {
    "mean": ("mean", "average"),
    "low": ("starting",),
    "hour": ("hourly", "an hour"),
    "year": ("a year",),
    "lowest": ("lowest",),
}
BEYOND = {"after-tax": ("after tax",)}
CITED = (Citation("tables", "The tables", None, None, "2025", "Table 1", None, None),)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    values = np.array([[ROWS.get((place, code), NOTHING) for code in CODES] for place in PLACES], np.int32)
    levels = ("total", *["detailed"] * 5, "broad")
    statistics = [Statistic("mean", "mean")]
    statistics += [Statistic(f"p{n}", f"{n}th percentile", n) for n in (10, 25)] + [
        Statistic("median", "median", 50, True)
    ]
    statistics += [Statistic(f"p{n}", f"{n}th percentile", n) for n in (75, 90)]
    pay = MeasureSpec(
        name="pay", unit="USD", per={"year": "", "hour": ""}, decimals={"hour": 2}, limits={"year": 239200, "hour": 115}
    )  # fmt: skip
    columns = {
        f"{unit} {s.id}": COLUMNS.index(f"{kind}_{s.id}")
        for unit, kind in (("year", "annual"), ("hour", "hourly"))
        for s in statistics
    }
    measures = {
        "employment": Measure(
            "employment", "number", "number employed", units_of(MeasureSpec(unit="people")), columns={" ": 0}
        ),
        "pay": Measure("pay", "number", "pay", units_of(pay), tuple(statistics), columns=columns),
        "task": Measure("task", "list", "task"),
        "tool": Measure("tool", "list", "tool"),
    }
    texts = texts_of(
        [("51-3011.00", "task", text) for text in ("Bake", "Sell.", "Sweep")]
        + [("51-9021.00", "tool", "Stone")]
    )
    entity = Entity("occupation", "soc", "00-0000", ("total", "broad", "detailed"), 7)
    marks = (Mark("*", "not published"), Mark("#", "at least"))
    at = np.arange(len(PLACES) * len(CODES), dtype=np.int32).reshape(len(PLACES), len(CODES))
    rows = Rows(CODES, OFFICIAL, levels, PLACES, COLUMNS, values.reshape(-1, len(COLUMNS)), at)
    place = PlaceDimension("US", ("country", "state"), "us")
    return Dataset(
        "mill/pay",
        entity,
        place,
        "Spring 2025",
        2025,
        measures,
        marks,
        WORDS,
        BEYOND,
        (),
        rows,
        texts,
        parts_of([]),
    )


@pytest.fixture(scope="module")
def data(dataset: Dataset) -> Datasets:
    listed: list[tuple[str, Sequence[str], int]] = [
        (title, (code,), 0) for code, title in zip(CODES[1:6], OFFICIAL[1:6], strict=True)
    ]
    listed += [
        ("worker", CODES[1:6], AMBIGUOUS),
        ("cake designer", ("51-3011",), STAND_IN),
        ("prime baker", (), 0),
    ]
    listed += [("pretzel bender", ("51-3019.00",), ALTERNATE), ("dough boss", ("51-3011.00",), ALTERNATE)]
    listed += [("flour hand", ("51-3011.00", "51-9021.00"), ALTERNATE)]
    names = Names(official={"51-3019.00": "Pretzel Benders", "51-3011.00": "Bakers of Bread"})
    return Datasets((dataset,), {"soc": made(listed)}, {"soc": names})


@pytest.mark.parametrize(
    ("code", "place", "by", "unit", "text"),
    [
        ("51-3011", "US", "median", "year", "$35,360 a year ($17.00 an hour)"),
        ("51-3011", "US", "median", "hour", "$17.00 an hour ($35,360 a year)"),
        ("51-3011", "US", "p90", "year", "$52,000 a year ($25.00 an hour)"),
        ("51-3011", "US", "employment", "year", "1,234,567"),
        ("29-1242", "US", "median", "year", "at least $239,200 a year (at least $115.00 an hour)"),
        ("29-1242", "US", "p25", "hour", "$90.00 an hour ($187,200 a year)"),
        ("29-1242", "US", "mean", "year", "not published"),
        (
            "27-2011",
            "US",
            "median",
            "year",
            "$25.05 an hour (no yearly figure is published for this occupation)",
        ),
        (
            "25-2021",
            "US",
            "median",
            "hour",
            "$48,000 a year (no hourly figure is published for this occupation)",
        ),
        ("25-2021", "US", "employment", "year", "not published"),
        ("51-9021", "TX", "median", "year", "not published"),
        ("51-3011", "OH", "median", "year", "not published"),
    ],
)
def test_a_figure_says_its_unit_and_what_is_not_published(
    dataset: Dataset, code: str, place: str, by: str, unit: str, text: str
) -> None:
    assert Cell(dataset, code, place).full(by, unit) == text


def test_a_figure_that_is_not_there_is_none(dataset: Dataset) -> None:
    assert Cell(dataset, "51-3011", "OH").of("median") is None
    assert Cell(dataset, "51-9021", "TX").of("median") is None
    top = Cell(dataset, "29-1242", "US").of("median")
    assert top and top.top and top.value == 239_200
    assert [Cell(dataset, "51-3011", place).there for place in ("US", "TX", "OH", "AK")] == [
        True,
        True,
        False,
        False,
    ]


# what is asked


def lookup(**changes: object) -> Lookup:
    plain_one = Lookup(
        "figures",
        "pay",
        "What do {occupation} earn in {place}?",
        "{occupation} {median_full}",
        "{occupation} {figure}",
        "none",
        dataset="mill/pay",
    )
    return replace(plain_one, **changes)  # type: ignore[arg-type]


HARMLESS = {"a", "do", "of", "or", "again"}


def read(data: Datasets, question: str) -> Reading:
    return Reading(question, question, question, (), FacetReader({}, (), (), (), data.titles).read(question))


def ask(data: Datasets, question: str, usual: Sequence[str] = (), **changes: object) -> Query:
    harmless = {*HARMLESS, *usual}
    return query(
        data,
        data.datasets[0],
        lookup(**changes),
        read(data, question),
        Words({data.datasets[0].id: harmless}, {data.datasets[0].id: harmless}),
    )


@dataclass(frozen=True)
class Shelf:
    """What rules look at, without a ranker."""

    data: Datasets
    intents: Mapping[str, Intent]
    usual: frozenset[str] = frozenset(HARMLESS)
    harmless: frozenset[str] = frozenset(HARMLESS)


def trouble(data: Datasets, question: str, intents: Sequence[str] = (), **changes: object) -> str:
    """What the first rule has against a question, or the intent that says it; "" where none has anything
    against it.
    """
    entry = Entry("mill/one", "mill", "pay", ("q",), "a", CITED, lookup=lookup(**changes))
    proposal = Proposal(By.LOOKUP, entry.id, entry=entry, query=ask(data, question, **changes))
    shelf = Shelf(data, {f"intent:{name}": Intent(name, "unknown", "no", None, None, ()) for name in intents})
    objection = first(QUERY, proposal, Scene(shelf, read(data, question), datetime.date(2026, 1, 1)))
    return (objection.intent or objection.because) if objection else ""


@pytest.mark.parametrize(
    ("question", "codes", "places"),
    [
        ("what do bakers earn in Texas", ["51-3011"], ("TX",)),
        ("what do bakers earn", ["51-3011"], ("US",)),
        ("bakers or millers in Ohio and Texas", ["51-3011", "51-9021"], ("OH", "TX")),
        ("bakers in Texas and in the US", ["51-3011"], ("TX", "US")),
        ("bakers and again bakers", ["51-3011"], ("US",)),
        ("I'm a baker, what do millers earn", ["51-9021"], ("US",)),
        ("cake designer in Texas", ["51-3011"], ("TX",)),
        ("what do bakers earn in Houston", ["51-3011"], ("TX",)),
    ],
)
def test_occupations_and_places_are_read_once_each_in_order(
    data: Datasets, question: str, codes: list[str], places: tuple[str, ...]
) -> None:
    asked = ask(data, question)
    assert ([target.code for target in asked.targets], asked.places, asked.choice) == (codes, places, None)
    assert trouble(data, question) == ""


@pytest.mark.parametrize(
    ("question", "because"),
    [
        ("what do bakers earn in Germany", "figures for the US only, none for Germany"),
        ("what do bakers earn in Berlin", "figures for the US only, none for Berlin"),
        ("what do bakers earn in Alaska", "no figures for Alaska"),
        (
            "85th percentile of what bakers earn",
            "the 10th, 25th, 50th (median), 75th and 90th percentile only",
        ),
        ("what did bakers earn in 2019", "figures for Spring 2025 only, none for 2019"),
        ("prime baker pay", "no figures under the name prime baker"),
    ],
)
def test_what_is_beyond_the_data_is_said_in_words(data: Datasets, question: str, because: str) -> None:
    assert because in trouble(data, question)


def test_published_percentiles_and_the_datas_own_year_are_no_trouble(data: Datasets) -> None:
    for question in (
        "90th percentile of bakers",
        "the 25th percentile of bakers",
        "what did bakers earn in 2025",
    ):
        assert trouble(data, question) == "", question


def test_a_title_that_may_mean_several_is_a_choice_of_at_most_four(data: Datasets) -> None:
    read = ask(data, "what does a worker earn")
    assert (
        read.choice
        and read.choice.codes == CODES[1:5]
        and len(read.choice.codes) == policy().titles.most
        and not read.choice.doubtful
    )


def test_alternates_of_several_codes_are_a_choice_the_largest_first(data: Datasets) -> None:
    read = ask(data, "flour hand pay")
    assert read.choice and read.choice.codes == ("51-3011", "51-9021")


def test_an_unknown_word_before_a_title_is_asked_about(data: Datasets) -> None:
    read = ask(data, "what does a wizard baker earn")
    assert not read.targets
    assert read.choice and (read.choice.called, read.choice.codes, read.choice.doubtful) == (
        "wizard baker",
        ("51-3011",),
        True,
    )
    assert ask(data, "what does a wizard baker earn", usual=["wizard"]).targets[0].code == "51-3011"
    assert "nothing under the name wizard worker" in trouble(data, "wizard worker pay")


def test_what_is_told_of_a_title_that_is_not_the_rows_own(data: Datasets) -> None:
    notes = {
        title: ask(data, f"{title} pay").targets[0].note
        for title in ("cake designer", "dough boss", "pretzel bender", "baker")
    }
    assert "stand-in, is Bakers (51-3011)" in notes["cake designer"]
    assert notes["dough boss"] == "“dough boss” is among the titles listed under Bakers."
    assert notes["pretzel bender"] == "Pretzel Benders are counted within a broader group."
    assert ask(data, "pretzel bender pay").targets[0].code == "51-3010"
    assert notes["baker"] == ""


def test_words_choose_the_figure_the_unit_and_what_is_beyond(data: Datasets) -> None:
    assert ask(data, "mean hourly pay of bakers").words == {"mean", "hour"}
    assert ask(data, "mean hourly pay of bakers").unit == "hour"
    assert ask(data, "hourly or a year, bakers").unit == "year"
    assert trouble(data, "what do bakers keep after tax", ["after-tax"]) == "after-tax"
    assert trouble(data, "what do bakers keep after tax") == ""
    assert ask(data, "top 7 jobs", kind="ranking").limit == 7
    assert ask(data, "top 99 jobs", kind="ranking").limit == 10


# telling


def told(
    data: Datasets,
    codes: Sequence[str],
    places: Sequence[str] = ("US",),
    words: Sequence[str] = (),
    **changes: object,
) -> Told:
    entry = Entry("mill/one", "mill", "pay", ("q",), "a", CITED, lookup=lookup(**changes))
    where = {"place": tuple(places)}
    return tell(
        data,
        entry,
        Query(
            "mill/pay", "value", "", "", tuple(Target(code, "") for code in codes), where, frozenset(words)
        ),
    )


def test_one_row_fills_the_sentence_and_is_cited(data: Datasets) -> None:
    one = told(
        data,
        ["51-3011"],
        ["TX"],
        says="In {place}, {period}: {occupation} ({code}) {p10} to {p90}; {employment}; mean {mean}.",
    )
    assert (
        one.text
        == "In Texas, Spring 2025: Bakers (51-3011) $22,880 a year to $49,920 a year; 40; mean $35,360 a year."
    )
    assert [citation.section for citation in one.citations] == ["Table 1: Bakers (51-3011), Texas"]
    assert one.chart and [(bar.label, bar.value) for bar in one.chart.bars] == [
        ("10th percentile", 22880), ("25th percentile", 27040), ("median", 35360), ("75th percentile", 41600), ("90th percentile", 49920),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "places", "changes", "ending"),
    [
        (["51-3011", "51-9021"], ["US"], {}, "$8,320 a year more for Millers, 1.24 times as much."),
        (["51-9021", "51-3011"], ["US"], {}, "$8,320 a year more for Millers, 1.24 times as much."),
        (["51-3011"], ["US", "TX"], {}, "The two are the same."),
        (
            ["51-3011"],
            ["US", "TX"],
            {"by": "p90"},
            "$2,080 a year more for the United States, 1.04 times as much.",
        ),
        (
            ["51-9021"],
            ["US", "TX"],
            {"by": "employment"},
            "180 more for the United States, 10.00 times as many.",
        ),
        (["27-2011", "51-3011"], ["US"], {}, "$8.05 an hour more for Actors, 1.47 times as much."),
        (["51-3011", "29-1242"], ["US"], {}, "Surgeons at least $239,200 a year."),
        (["27-2011", "25-2021"], ["US"], {}, "Teachers $48,000 a year."),
        (["51-3011", "51-9021", "25-2021"], ["US"], {}, "Teachers $48,000 a year."),
        (["51-3011", "51-9021"], ["TX"], {}, "Bakers $35,360 a year. none"),
        (
            ["51-3011"],
            ["US"],
            {"against_whole": True},
            "$6,240 a year more for All Occupations, 1.18 times as much.",
        ),
    ],
    ids=[
        "two",
        "the other way",
        "equal",
        "places",
        "people",
        "by the hour",
        "top-coded",
        "no common unit",
        "three",
        "one withheld",
        "whole",
    ],
)
def test_a_comparison_shows_both_and_what_can_be_worked_out(
    data: Datasets, codes: list[str], places: list[str], changes: dict[str, Any], ending: str
) -> None:
    text = told(data, codes, places, **changes).text
    assert text.endswith(ending)
    assert ("Worked out" in text) == ("more for" in ending)


def test_nothing_is_drawn_of_figures_in_different_units(data: Datasets) -> None:
    assert told(data, ["27-2011", "25-2021"]).chart is None
    assert told(data, ["51-3011"], by="employment").chart is None


def test_a_ranking_is_in_order_and_leaves_out_what_has_none(data: Datasets) -> None:
    best = told(data, [], kind="ranking", says="{order}: {items}.")
    assert best.text.startswith(
        "highest: Teachers $48,000 a year; Millers $43,680 a year; Bakers $35,360 a year."
    )
    assert "only “at least $239,200 a year” is published: Surgeons" in best.text
    assert best.chart and [bar.value for bar in best.chart.bars] == [48000, 43680, 35360]
    worst = told(data, [], words=["lowest"], kind="ranking", says="{order}: {items}.", most=2)
    assert worst.text == "lowest: Bakers $35,360 a year; Millers $43,680 a year."
    most = told(data, [], kind="ranking", by="employment", says="{items}")
    assert most.text == "Bakers 1,234,567; Millers 200; Actors 70; Surgeons 50"
    states = told(data, ["51-3011"], kind="ranking", across="places", says="{items}", item="{place} {figure}")
    assert states.text == "Texas $35,360 a year"


def test_what_is_missing_is_said_in_the_packs_words(data: Datasets) -> None:
    one = told(data, ["51-9021"], ["TX"], missing="No {period} pay of {occupation} in {place}.")
    assert (one.text, one.missing) == ("", "No Spring 2025 pay of Millers in Texas.")


# facts


def test_facts_are_told_in_order_and_as_many_as_wanted(data: Datasets) -> None:
    texts = data.datasets[0].texts
    assert texts.of("task", "51-3011.00", 2) == ["Bake", "Sell."]
    assert texts.of("task", "51-3011.00", 9) == ["Bake", "Sell.", "Sweep"]
    assert texts.of("tool", "51-9021.00", 1) == ["Stone"]
    assert texts.of("tool", "51-3011.00", 1) == texts.of("task", "99-9999.00", 1) == []
    assert texts_of([]).of("task", "51-3011.00", 1) == []
    assert texts_of([("1", "task", "Brötchen backen – täglich")]).of("task", "1", 1) == [
        "Brötchen backen – täglich"
    ]


def test_facts_are_joined_as_a_list_or_as_sentences(data: Datasets) -> None:
    facts: dict[str, Any] = {"kind": "facts", "by": "task", "says": "{occupation}: {items}"}
    assert told(data, ["51-3011.00"], **facts).text == "Bakers of Bread: Bake, Sell. and Sweep"
    listed = told(data, ["51-3011.00"], **facts, joined="sentences")
    assert listed.text == "Bakers of Bread: Bake. Sell. Sweep."
    assert listed.citations[0].section == "Table 1: Bakers of Bread (51-3011.00)"
    assert (
        told(data, ["51-3019.00"], **facts, missing="No tasks of {occupation}.").missing
        == "No tasks of Pretzel Benders."
    )
