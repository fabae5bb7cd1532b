"""Data sets of other countries, statistics and classifications are YAML and CSV alone: three packs of made-up
figures, read without the program."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from chatbot import CareerBot, CompiledEncoder
from chatbot.reply import Reply

FOLDER = ROOT / "tests" / "datasets"
REGIONS = {
    "E12000007": "London",
    "W92000004": "Wales",
    "S92000003": "Scotland",
    "E12000001": "the North East",
    "E12000003": "Yorkshire and the Humber",
}
NAMES = {
    "2237": "nurse",
    "5241": "electrician",
    "5315": "plumber",
    "9231": "cleaner",
    "4122": "bookkeeper",
    "2134": "programmer",
}


def rows(*path: str) -> list[dict[str, str]]:
    with FOLDER.joinpath(*path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


UK = {("GB", row["code"]): row for row in rows("uk-pay", "uk.csv")}
UK |= {(row["region"], row["code"]): row for row in rows("uk-pay", "regions.csv")}
TITLES = {row["code"]: row["title"] for row in rows("uk-pay", "uk.csv")}
GROWTH = {row["title"]: row for row in rows("us-growth", "growth.csv")}


@pytest.fixture(scope="module")
def bots(compiled: CompiledEncoder, cache: Path) -> Iterator[dict[str, CareerBot]]:
    made = {
        name: CareerBot(FOLDER, packs=[name], encoder=compiled, cache=cache)
        for name in ("uk-pay", "us-growth", "studies")
    }
    yield made
    for bot in made.values():
        bot.close()


def pounds(amount: str, hourly: str) -> str:
    return f"£{int(amount):,} a year (£{float(hourly):,.2f} an hour)"


def declined(reply: Reply) -> bool:
    return reply.kind in {"unknown", "clarify"} and not reply.citations and reply.chart is None


# pounds, regions and other marks


@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize("region", ["GB", *REGIONS])
def test_uk_pay_is_that_of_the_row(bots: dict[str, CareerBot], region: str, code: str) -> None:
    place = REGIONS.get(region, "the United Kingdom")
    row = UK[region, code]
    reply = bots["uk-pay"].ask(f"{NAMES[code]} salary in {place}")
    told = pounds(row["annual_median"], row["hourly_median"])
    assert (reply.kind, reply.text) == (
        "answer",
        f"{TITLES[code]} in {place}: the median pay was {told} in April 2025.",
    )
    assert reply.citations[0].section == f"Table 14: {TITLES[code]} ({code}), {place}"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("dancer pay in London", "The pay of Dancers and choreographers in London is not published for April 2025."),
        ("baker pay in Northern Ireland", "The pay of Bakers and flour confectioners in Northern Ireland is too unreliable to be published for April 2025."),
        ("nurse pay in France", "I have figures for the UK only, none for France."),
        ("nurse pay in Texas", "I have figures for the UK only, none for Texas."),
        ("nurse pay in England", "I have no figures for England."),
        ("nurse pay in Manchester", "I have no figures for Manchester, only for the nation and by region."),
        ("what did nurses earn in 2019", "I have figures for April 2025 only, none for 2019."),
        ("what do nurses earn in euros", "I have figures in pounds sterling only, and no exchange rate."),
        ("what do nurses earn in dollars", "I have figures in pounds sterling only, and no exchange rate."),
        ("85th percentile of nurse pay", "I have the 10th, 25th, 50th (median), 75th and 90th percentile only."),
        ("nurse vs zookeeper salary", "I have only one of the two: Registered nursing professionals."),
    ],
)  # fmt: skip
def test_what_the_uk_figures_do_not_hold_is_said(
    bots: dict[str, CareerBot], question: str, text: str
) -> None:
    reply = bots["uk-pay"].ask(question)
    assert (reply.kind, reply.text) == ("unknown", text)
    assert declined(reply)


def test_what_do_nurses_earn_in_pounds_is_no_place(bots: dict[str, CareerBot]) -> None:
    assert bots["uk-pay"].ask("what do nurses earn in pounds").kind == "answer"


def test_a_top_coded_figure_is_a_lower_limit(bots: dict[str, CareerBot]) -> None:
    row = UK["GB", "2211"]
    assert row["annual_p90"] == "#"
    reply = bots["uk-pay"].ask("GP salary")
    assert reply.chart and "at least £120,000 a year" in [bar.shown for bar in reply.chart.bars]


def test_regions_in_order_are_those_of_the_file(bots: dict[str, CareerBot]) -> None:
    order = sorted(
        (row for (region, code), row in UK.items() if code == "2237" and region != "GB"),
        key=lambda row: -int(row["annual_median"]),
    )
    reply = bots["uk-pay"].ask("which regions pay nurses most")
    assert reply.chart
    assert [bar.value for bar in reply.chart.bars] == [int(row["annual_median"]) for row in order[:3]]


def test_the_best_paid_in_wales_are_those_of_the_file(bots: dict[str, CareerBot]) -> None:
    listed = [
        (int(r["annual_median"]), TITLES[code])
        for (region, code), r in UK.items()
        if region == "W92000004" and code != "0000" and r["annual_median"].isdigit()
    ]
    reply = bots["uk-pay"].ask("best paid jobs in Wales")
    assert reply.chart
    assert [(bar.value, bar.label) for bar in reply.chart.bars] == sorted(listed, reverse=True)[:3]


def test_two_regions_are_compared(bots: dict[str, CareerBot]) -> None:
    wales, london = (int(UK[region, "2237"]["annual_median"]) for region in ("W92000004", "E12000007"))
    text = bots["uk-pay"].ask("compare nurse pay in Wales and London").text
    assert text.endswith(f"£{london - wales:,} a year more for London, {london / wales:.2f} times as much.")


# percentages and texts


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Bakers", "baker"),
        ("Electricians", "electrician"),
        ("Registered Nurses", "registered nurse"),
        ("Taxi Drivers", "taxi driver"),
        ("Lawyers", "lawyer"),
    ],
)
def test_growth_and_education_are_those_of_the_row(
    bots: dict[str, CareerBot], title: str, asked: str
) -> None:
    row = GROWTH[title]
    told = f"Employment of {title} in the United States: {row['change']}% from 2024 to 2034. Typical education: {row['education']}."
    assert bots["us-growth"].ask(f"{asked} job growth").text == told
    assert row["education"] in bots["us-growth"].ask(f"what education does a {asked} need").text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("baker growth in texas", "I have figures for the United States as a whole only, none for Texas."),
        ("baker growth in 2019", "I have figures for 2024 to 2034 only, none for 2019."),
        ("baker education in France", "I have information for the US only, none for France."),
        (
            "lawyer education in ohio",
            "I have information for the United States as a whole only, none for Ohio.",
        ),
        ("actor job growth", "The growth of Actors in the United States is not published."),
        ("actor education", "The typical education of Actors in the United States is not stated."),
    ],
)
def test_texts_pass_the_same_checks_as_numbers(bots: dict[str, CareerBot], question: str, text: str) -> None:
    reply = bots["us-growth"].ask(question)
    assert (reply.text, declined(reply)) == (text, True)


def test_growth_is_compared_in_percentage_points(bots: dict[str, CareerBot]) -> None:
    gap = float(GROWTH["Electricians"]["change"]) - float(GROWTH["Bakers"]["change"])
    text = bots["us-growth"].ask("is baker growing faster than electrician").text
    assert text.endswith(f"{gap:.1f} percentage points more for Electricians.")
    assert declined(bots["us-growth"].ask("is baker growing faster than zookeeper"))


def test_the_fastest_and_the_shrinking_are_those_of_the_file(bots: dict[str, CareerBot]) -> None:
    listed = sorted(
        (float(row["change"]), row["title"])
        for row in GROWTH.values()
        if row["change"] != "x" and row["code"] != "00-0000"
    )
    fastest, shrinking = (
        bots["us-growth"].ask(question) for question in ("fastest growing jobs", "dying jobs")
    )
    assert fastest.chart and [bar.value for bar in fastest.chart.bars] == [
        value for value, _ in listed[::-1][:3]
    ]
    assert shrinking.chart and [bar.label for bar in shrinking.chart.bars] == [
        title for _, title in listed[:3]
    ]


# lists, shares, ratings, and another entity


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("courses in a nursing degree", "Courses of Nursing: Anatomy and Pharmacology."),
        ("levels of computer science degrees", "Of the degrees in Computer Science, 2023: Bachelor's degree 64.0%; Master's degree 32.5%; Doctorate 3.5%."),
        ("share of master's degrees in nursing", "Of the degrees in Nursing, 2023: Master's degree 24.1%."),
        ("share of doctorates in fine art", "Of the degrees in Fine Art, 2023: Doctorate not published."),
        ("skills for accounting", "In Accounting the most important are: Mathematics 4.55; Critical thinking 3.95 (from 1 to 5)."),
        ("how many graduates does accounting have", "Accounting had 48,300 graduates in the United States in 2023."),
        ("skills for fine art", "Nothing on the skills of Fine Art."),
        ("courses in nursing in France", "I have information for the US only, none for France."),
    ],
)  # fmt: skip
def test_fields_of_study_are_told(bots: dict[str, CareerBot], question: str, text: str) -> None:
    assert bots["studies"].ask(question).text == text


# side by side


@pytest.fixture(scope="module")
def beside(compiled: CompiledEncoder, cache: Path) -> Iterator[CareerBot]:
    with CareerBot(
        [ROOT / "knowledge", FOLDER],
        packs=["us-occupations", "uk-pay", "us-growth", "studies"],
        encoder=compiled,
        cache=cache,
    ) as bot:
        yield bot


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("nurse pay in Texas", "us-occupations/typical-pay"),
        ("nurse pay in Wales", "uk-pay/uk-typical-pay"),
        ("what do nurses earn in pounds", "uk-pay/uk-typical-pay"),
        ("neurologist pay", "us-occupations/typical-pay"),
        ("best paid jobs in Scotland", "uk-pay/uk-highest-paid"),
        ("best paid jobs in ohio", "us-occupations/highest-paid"),
        ("registered nurse job growth", "us-growth/growth"),
    ],
)
def test_what_a_question_says_tells_the_data_sets_apart(beside: CareerBot, question: str, entry: str) -> None:
    assert beside.ask(question).entry_id == entry


@pytest.mark.slow
def test_where_nothing_tells_the_countries_apart_it_is_asked_back(beside: CareerBot) -> None:
    talk = beside.conversation()
    reply = talk.ask("electrician pay")
    assert (reply.kind, reply.text) == (
        "clarify",
        "In which country? (1) the United States (2) the United Kingdom",
    )
    assert talk.ask("2").text.startswith(
        "Electricians and electrical fitters in the United Kingdom: the median pay was £38,500"
    )


@pytest.mark.slow
def test_a_country_that_none_is_of_is_declined_with_those_that_there_are(beside: CareerBot) -> None:
    reply = beside.ask("electrician pay in France")
    assert reply.kind == "unknown"
    assert "the US" in reply.text and "the UK" in reply.text and reply.text.endswith("only, none for France.")


@pytest.mark.slow
def test_a_crosswalk_leads_from_a_field_to_occupations_and_back(beside: CareerBot) -> None:
    assert (
        beside.ask("jobs after a degree in nursing").text
        == "Occupations that follow from Nursing: Registered Nurses and Nurse Practitioners."
    )
    assert (
        beside.ask("what should I study to become a nurse practitioner").text
        == "Fields that lead to Nurse Practitioners: Nursing."
    )
