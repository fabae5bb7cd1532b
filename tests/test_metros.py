"""Cities, towns and counties: each leads to the area that it is in, which is named; one that nobody can know is asked
back, and one that is in none is told its state's figure, as such."""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from chatbot import CareerBot, ReplyKind
from chatbot.language import towns
from chatbot.language.placenames import shipped_places
from chatbot.language.places import Doubtful, Placed, Places
from chatbot.language.regions import known_regions

FILE = ROOT / "knowledge" / "us-occupations" / "metros.csv"
AREAS = {region.code: region for region in shipped_places()["us"].regions if region.within}
AUSTIN, DALLAS, NEW_YORK = "0012420", "0019100", "0035620"
PAY = "us-occupations/typical-pay"


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], dict[str, str]]:
    """The published rows by area and code, read without the program."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return {(row["area"], row["code"]): row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def titles() -> dict[str, str]:
    """The official titles by code."""
    with FILE.with_name("national.csv").open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row["title"] for row in csv.DictReader(stream)}


def spread(listed: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """So many of a list, from all of its parts."""
    return listed[:: len(listed) // count][:count]


def named(text: str) -> Places:
    """The places of a question about bakers."""
    tokens = text.replace(",", "").replace("?", "").split()
    words = [token.lower() for token in tokens]
    titles = [(i, i + 1) for i, word in enumerate(words) if word in {"baker", "bakers"}]
    return known_regions().places(tokens, words, titles)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("baker pay Austin", [AUSTIN]),
        ("baker pay austin tx", [AUSTIN]),
        ("baker pay in Austin, Texas", [AUSTIN]),
        ("what do bakers earn in plano", [DALLAS]),
        ("baker pay dfw", [DALLAS]),
        ("baker wages in brooklyn", [NEW_YORK]),
        ("baker wages nyc", [NEW_YORK]),
        ("baker wages New York", ["NY"]),
        ("baker pay Portland", ["0038900"]),
        ("baker pay Portland, Maine", ["0038860"]),
        ("baker pay portland or", ["0038900"]),
        ("baker pay springfield ohio", ["0044220"]),
        ("bakers in Columbus, Georgia", ["0017980"]),
        ("bakers in Cook County", ["0016980"]),
        ("bakers in Kansas City", ["0028140"]),
        ("bakers in Austin and Dallas", [AUSTIN, DALLAS]),
        ("bakers in Austin and in Ohio", ["OH", AUSTIN]),
        ("baker pay in Dallas-Fort Worth-Arlington, TX", [DALLAS]),
        ("bakers in the twin cities", ["0033460"]),
        ("bakers in Elko", ["NV"]),
        ("bakers in Paris, Texas", ["TX"]),
        ("bakers in Mobile", ["0033660"]),
    ],
)
def test_a_name_leads_to_its_area(text: str, codes: list[str]) -> None:
    assert list(named(text.replace("-", " ")).states) == codes


@pytest.mark.parametrize(
    "text",
    [
        "surprise me with baker pay",
        "what is normal for bakers",
        "mobile bakers",
        "bakers in media",
        "bakers in Paris",
        "bakers in London",
    ],
)
def test_a_word_is_no_town_and_a_larger_city_abroad_is_meant(text: str) -> None:
    assert named(text).states == ()


def test_a_name_of_several_towns_is_in_doubt_without_its_state() -> None:
    (doubtful,) = named("bakers in Springfield").doubtful
    assert isinstance(doubtful, Doubtful)
    assert doubtful.keys[:3] == ("0044180", "0044140", "0044100")
    assert named("bakers in Springfield, Illinois").towns == (Placed("Springfield", "0044100", "IL"),)


def test_every_town_that_an_area_is_named_after_is_in_it() -> None:
    """But for New York and Washington, which are states' names, too, and second halves of the names of cities."""
    halves = {
        "boise city",
        "new york",
        "barnstable town",
        "amherst town",
        "fayette",
        "davidson",
        "winston",
        "salem",
        "barre",
        "wilkes",
        "",
    }
    for code, region in AREAS.items():
        if region.level != "metropolitan area":
            continue
        for name in region.shown.rpartition(", ")[0].lower().replace(".", "").replace("/", "-").split("-"):
            found = towns.town(name)
            assert name in halves or (found and code in {area for _, area in found.homes}), name


def test_each_area_has_figures_and_each_figure_an_area(rows: dict[tuple[str, str], Any]) -> None:
    assert {area for area, _ in rows} == set(AREAS)
    assert (len(rows), len(AREAS)) == (198_287, 528)


def test_figures_of_areas_stand_as_they_are_published(
    bot: CareerBot, rows: dict[tuple[str, str], Any], titles: dict[str, str]
) -> None:
    detailed = sorted(
        key for key, row in rows.items() if row["annual_median"].isdigit() and not key[1].endswith("0")
    )
    for area, code in spread(detailed, 40):
        reply = bot.ask(f"pay of {titles[code]} in {AREAS[area].shown}")
        told = f"${int(rows[area, code]['annual_median']):,} a year"
        assert (reply.kind, told in reply.text, AREAS[area].shown in reply.text) == (
            ReplyKind.ANSWER,
            True,
            True,
        ), reply.text


def test_what_is_not_published_for_an_area_is_said(
    bot: CareerBot, rows: dict[tuple[str, str], Any], titles: dict[str, str]
) -> None:
    none = sorted(
        key
        for key, row in rows.items()
        if row["annual_median"] == row["hourly_median"] == "*" and key[1][-1] != "0"
    )
    for area, code in spread(none, 20):
        reply = bot.ask(f"pay of {titles[code]} in {AREAS[area].shown}")
        assert reply.kind == ReplyKind.UNKNOWN, reply.text
        assert "not published" in reply.text
        assert "$" not in reply.text


def test_top_coded_pay_of_an_area_is_told_as_a_limit(
    bot: CareerBot, rows: dict[tuple[str, str], Any], titles: dict[str, str]
) -> None:
    top = sorted(key for key, row in rows.items() if row["annual_median"] == "#" and key[1][-1] != "0")
    for area, code in spread(top, 20):
        reply = bot.ask(f"pay of {titles[code]} in {AREAS[area].shown}")
        assert "at least $239,200 a year" in reply.text


@pytest.mark.parametrize(
    ("question", "state"),
    [("which cities pay nurses the most", ""), ("best paying cities for welders in Texas", "TX")],
)
def test_cities_are_put_in_order(
    bot: CareerBot, rows: dict[tuple[str, str], Any], question: str, state: str
) -> None:
    code = "29-1141" if "nurses" in question else "51-4121"
    pay = {
        area: int(row["annual_median"])
        for (area, own), row in rows.items()
        if own == code
        and row["annual_median"].isdigit()
        and AREAS[area].level == "metropolitan area"
        and (not state or state in AREAS[area].within)
    }
    best = sorted(pay, key=lambda area: -pay[area])[:5]
    reply = bot.ask(question)
    assert reply.entry_id == "us-occupations/best-paying-cities"
    assert [figure.place for figure in reply.figures] == best
    assert [figure.value for figure in reply.figures] == [pay[area] for area in best]


def test_a_doubtful_place_is_asked_back_and_chosen(bot: CareerBot, rows: dict[tuple[str, str], Any]) -> None:
    talk = bot.conversation()
    asked = talk.ask("nurse salary in Springfield")
    assert (asked.kind, asked.why.code) == (ReplyKind.CLARIFY, "which-place")
    reply = talk.ask("the second one")
    assert f"${int(rows['0044140', '29-1141']['annual_median']):,} a year" in reply.text
    there = talk.ask("and how many work there?")
    assert f"{int(rows['0044140', '29-1141']['employment']):,}" in there.text


def test_a_conversation_carries_the_area(bot: CareerBot) -> None:
    talk = bot.conversation()
    talk.ask("what do welders earn?")
    assert "Philadelphia-Camden-Wilmington" in talk.ask("in philly?").text
    electricians = talk.ask("and electricians there?").text
    assert electricians.startswith("Electricians in Philadelphia-Camden-Wilmington")
    assert talk.ask("and in Ohio?").text.startswith("Electricians in Ohio")


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("nurse pay in Plano", "Plano is counted in Dallas-Fort Worth-Arlington, TX."),
        ("nurse pay in Elko", "I have no figures for Elko alone; this is for Nevada as a whole."),
    ],
)
def test_what_place_a_figure_is_of_is_said(bot: CareerBot, question: str, note: str) -> None:
    reply = bot.ask(question)
    assert (reply.entry_id, reply.text.startswith(note)) == (PAY, True)


@pytest.mark.parametrize(
    "question",
    [
        "job growth for nurses in Austin",
        "nurse salary in Toronto",
        "which neighborhood of Chicago pays nurses best",
    ],
)
def test_of_what_there_are_no_figures_none_is_told(bot: CareerBot, question: str) -> None:
    reply = bot.ask(question)
    assert (reply.kind, reply.figures) == (ReplyKind.UNKNOWN, ())


def test_the_script_makes_the_file_from_the_published_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sys.path.append(str(ROOT / "scripts"))
    import us_metros

    header = ",".join(us_metros.SOURCE)
    line = "0010180,29-1141,210,2.5,2.733,1.29,-,88240,-,-,-,-,-,65580,80890,82910,102940,-,h_mean=4;h10=4;h25=4;h50=4;h75=4;h90=4;a90=5"
    (tmp_path / "metro.csv.gz").write_bytes(us_metros_gz(f"{header}\n{line}\n"))
    (tmp_path / "areas.csv").write_text(
        'area_code,area_type,state_fips,area_name\n0010180,M,48,"Abilene, TX"\n'
    )
    monkeypatch.setattr(us_metros, "ROWS", 1)
    monkeypatch.setattr(us_metros, "AREAS", 1)
    written: dict[str, str] = {}
    monkeypatch.setattr(
        us_metros, "put", lambda files: written.update({file.name: text for file, text in files.items()})
    )
    us_metros.main([str(tmp_path)])
    assert (
        written["metros.csv"].splitlines()[1]
        == "2025,0010180,29-1141,210,*,88240,*,*,*,*,*,65580,80890,82910,102940,#"
    )
    assert '0010180,metropolitan area,"Abilene, TX",,,in:TX' in written["us.csv"]
    (tmp_path / "metro.csv.gz").write_bytes(us_metros_gz(f"{header}\n{line.replace('80890', '60890')}\n"))
    with pytest.raises(SystemExit, match="the annual percentiles do not rise"):
        us_metros.main([str(tmp_path)])


def us_metros_gz(text: str) -> bytes:
    return gzip.compress(text.encode())


# industries


INDUSTRIES = FILE.with_name("by-industry.csv")


@pytest.fixture(scope="module")
def by_industry() -> dict[tuple[str, str], dict[str, str]]:
    """The published rows by industry and code, read without the program."""
    with INDUSTRIES.open(encoding="utf-8", newline="") as stream:
        return {(row["industry"], row["code"]): row for row in csv.DictReader(stream)}


@pytest.mark.parametrize(
    ("question", "code", "industries"),
    [
        ("nurse pay in hospitals", "29-1141", ["622000"]),
        ("do nurses earn more in hospitals or nursing homes", "29-1141", ["622000", "623000"]),
        ("security guard casino pay", "33-9032", ["713000"]),
        ("accountants in the federal government pay", "13-2011", ["999101"]),
        ("how much do electricians make in mining", "47-2111", ["21--22"]),
    ],
)
def test_pay_by_industry_stands_as_it_is_published(
    bot: CareerBot, by_industry: dict[tuple[str, str], Any], question: str, code: str, industries: list[str]
) -> None:
    reply = bot.ask(question)
    assert reply.kind == ReplyKind.ANSWER
    assert {figure.place for figure in reply.figures} == set(industries)
    for industry in industries:
        assert f"${int(by_industry[industry, code]['annual_median']):,} a year" in reply.text


def test_industries_are_put_in_order(bot: CareerBot, by_industry: dict[tuple[str, str], Any]) -> None:
    with INDUSTRIES.with_name("industries.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["code"] for row in csv.DictReader(stream) if row["level"] == "industry"}
    pay = {
        industry: int(row["annual_median"])
        for (industry, own), row in by_industry.items()
        if own == "15-1252" and industry in listed and row["annual_median"].isdigit()
    }
    reply = bot.ask("which industries pay software developers best")
    assert [figure.place for figure in reply.figures] == sorted(pay, key=lambda one: -pay[one])[:5]


@pytest.mark.parametrize(
    "question", ["nurse pay in hospitals in Texas", "nurse salary at a hospital in Chicago"]
)
def test_no_place_is_divided_by_industry(bot: CareerBot, question: str) -> None:
    reply = bot.ask(question)
    assert reply.text.startswith("I took no account of “hospital")
    assert {figure.place for figure in reply.figures} <= {"TX", "0016980"}


def test_a_conversation_goes_from_industry_to_industry(bot: CareerBot) -> None:
    talk = bot.conversation()
    talk.ask("accountant salary")
    assert talk.ask("in insurance?").text.startswith(
        "Accountants and Auditors in Insurance Carriers and Related Activities"
    )
    assert talk.ask("and in banking?").text.startswith("Accountants and Auditors in Credit Intermediation")
    assert talk.ask("and in Ohio?").text.startswith("Accountants and Auditors in Ohio")


@pytest.mark.parametrize(
    "question",
    ["nursing home administrator pay", "school bus driver pay", "bank teller pay", "restaurant cook pay"],
)
def test_a_title_that_holds_the_name_of_an_industry_is_a_title(bot: CareerBot, question: str) -> None:
    assert "in the United States" in bot.ask(question).text
