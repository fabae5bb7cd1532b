"""What an occupation takes, where it is going and what the work is like: told as it is published, said to be missing
where it is, and never of another place, time or occupation."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from chatbot import CareerBot, ReplyKind

WORK = ROOT / "knowledge" / "us-work"


def cells(name: str, code: str) -> list[dict[str, str]]:
    with (WORK / name).open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["code"] == code]


ASKED = (
    ("what education do surveyors need", "us-work/entry-education", "17-1022", "Bachelor's degree"),
    ("how do I become a plumber", "us-work/how-to-become", "47-2152", "Apprenticeship"),
    ("job outlook for bakers", "us-work/job-growth", "51-3011", "%"),
    ("are word processors a dying trade", "us-work/job-growth", "43-9022", "-"),
    ("how many openings for actuaries each year", "us-work/openings", "15-2011", "openings a year"),
    ("share of photographers who are self-employed", "us-work/self-employed", "27-4021", "%"),
    ("what does a paralegal do", "us-work/duties", "23-2011", "legal documents"),
    ("how many hours a week do lawyers work", "us-work/hours", "23-1011", "more than 40 hours"),
    ("do chefs work weekends", "us-work/schedule", "35-1011", "weekends"),
    ("do surveyors work outdoors", "us-work/outdoors", "17-1022", "outdoors in all weather 4.45"),
    ("what skills does a carpenter need", "us-work/skills", "47-2031", "importance from 1 to 5"),
    ("holland code of an accountant", "us-work/interests", "13-2011", "Conventional"),
    ("jobs like librarian", "us-work/similar-jobs", "25-4022", "Library Technicians"),
    ("who employs librarians", "us-work/employers", "25-4022", "32%"),
    ("do barbers need a license", "us-work/licences", "39-5011", "several occupations"),
    (
        "are there apprenticeships for plumbers",
        "us-work/apprenticeship",
        "47-2152",
        "mentions apprenticeships",
    ),
    ("what software do accountants use", "us-work/technologies", "13-2011", "Microsoft Excel"),
)


@pytest.mark.parametrize(("question", "entry", "code", "told"), ASKED, ids=[one[1] + one[2] for one in ASKED])
def test_it_is_told_with_its_source(bot: CareerBot, question: str, entry: str, code: str, told: str) -> None:
    reply = bot.ask(question)
    assert (reply.kind, reply.entry_id) == (ReplyKind.ANSWER, entry), reply.text
    assert told in reply.text
    assert any(f"({code})" in citation.section for citation in reply.citations)


def test_figures_stand_as_they_are_published(bot: CareerBot) -> None:
    (row,) = cells("projections.csv", "29-1141")
    reply = bot.ask("growth of registered nurses")
    for shown in (f"{row['change_percent']}%", f"{int(row['jobs_now']):,}", f"{int(row['openings']):,}"):
        assert shown in reply.text
    assert {figure.measure for figure in reply.figures} == {"growth", "jobs-now", "jobs-then", "openings"}
    assert {figure.source_id for figure in reply.figures} == {"bls-ep-2024"}
    ratings = {row["element"]: row["importance"] for row in cells("skills.csv", "29-1141")}
    told = bot.ask("what skills do registered nurses need")
    assert told.figures and all(f"{figure.value:.2f}" == ratings[figure.statistic] for figure in told.figures)


def test_the_page_of_the_occupation_is_cited(bot: CareerBot) -> None:
    (duties,) = bot.ask("what does a paralegal do").citations
    assert duties.url == "https://www.onetonline.org/link/summary/23-2011.00"
    (page,) = bot.ask("do barbers need a license").citations
    assert page.url and page.url.startswith("https://www.bls.gov/ooh/personal-care-and-service/")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("electrician growth in texas", "for the United States as a whole only, none for Texas"),
        ("do nurses in Ohio need a license", "for the United States as a whole only, none for Ohio"),
        ("job growth of bakers by 2050", "2024 to 2034"),
        ("what do retail cooks of all other kinds do", ""),
        ("share of master's degrees among registered nurses", ""),
    ],
)
def test_what_is_not_there_is_not_told(bot: CareerBot, question: str, told: str) -> None:
    reply = bot.ask(question)
    assert reply.kind is not ReplyKind.ANSWER, reply.text
    assert not reply.citations
    assert told in reply.text


def test_a_share_that_is_suppressed_keeps_all_of_its_occupation_back() -> None:
    assert not cells(
        "education.csv", "29-1141"
    )  # the publisher advises to suppress the share of bachelor's degrees


def test_a_list_is_not_picked_by_what_another_data_set_tells(bot: CareerBot) -> None:
    reply = bot.ask("best paying jobs without a degree")
    assert reply.kind is not ReplyKind.ANSWER and "degree" in reply.text


def test_several_things_of_one_occupation_are_told_one_after_the_other(bot: CareerBot) -> None:
    reply = bot.ask("surveyor: pay, hours and stress")
    assert reply.kind is ReplyKind.ANSWER
    for told in ("median pay", "typical week", "time pressure"):
        assert told in reply.text


def test_a_conversation_goes_on_to_something_else_of_the_same(bot: CareerBot) -> None:
    chat = bot.conversation()
    asked = (
        ("what do dental hygienists earn in texas", "us-occupations/typical-pay"),
        ("do they need a degree", "us-work/entry-education"),  # of the nation: there is nothing of Texas
        ("do they work weekends", "us-work/schedule"),
        ("what do they make", "us-occupations/typical-pay"),
        ("and the outlook?", "us-work/job-growth"),
        ("and for dentists?", "us-work/job-growth"),
    )
    for question, entry in asked:
        assert chat.ask(question).entry_id == entry, question


def test_names_of_a_job_are_known_and_said(bot: CareerBot) -> None:
    reply = bot.ask("what does a line haul driver earn")
    assert "“line haul driver” is among the titles listed under" in reply.text
    with (WORK / "titles.csv").open(encoding="utf-8") as stream:
        assert sum(1 for _ in stream) > 45_000


def test_every_occupation_with_task_statements_has_a_sentence_of_its_own() -> None:
    with (WORK / "duties.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len({row["code"] for row in rows}) == len({row["text"] for row in rows}) == 783
    for row in rows:
        assert 25 <= len(row["text"].split()) <= 45 and row["text"].endswith("."), row
        assert not any(letter.isdigit() for letter in row["text"]), row


def test_a_published_file_with_a_fault_is_named_and_nothing_written(
    tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    monkeypatch.setattr(sys, "argv", ["us_projections.py"])
    import us_projections

    header = ",".join(us_projections.SOURCE)
    row = "11-1011,Chief executives,detailed,3,10,11,1,10,1,1,1,1,1,1,1,1,1,A degree,None,None,-"
    file = tmp_path / "occupations.csv"
    file.write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        us_projections.main([str(file), "--out", str(tmp_path)])
    assert "1 rows, but this edition has 1,113" in str(stopped.value)
    assert not (tmp_path / "projections.csv").exists()
