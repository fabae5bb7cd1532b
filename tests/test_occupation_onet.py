"""The shipped figures together with a pack that was imported from O*NET."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from official import Published, declined

from chatbot import CareerBot
from chatbot.authoring.exchange.onet import import_onet
from chatbot.bot import SHIPPED

CODE = "O*NET-SOC Code"


NURSE, PURCHASER, BAKER = "29-1141.00", "13-1023.00", "51-3011.00"


@pytest.fixture(scope="module")
def onet(bot: CareerBot, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CareerBot]:
    """The shipped figures with a pack that was imported from a release of three occupations."""
    db = tmp_path_factory.mktemp("release")
    release = {
        "Read Me": "O*NET 30.1 Database\nDecember 2025 Release\n",
        "Occupation Data": f"{CODE}|Title|Description\n{NURSE}|Registered Nurses|Care for patients.\n"
        f"{PURCHASER}|Purchasing Agents, Except Wholesale, Retail, and Farm Products|Buy things.\n{BAKER}|Bakers|Bake.\n",
        "Alternate Titles": f"{CODE}|Alternate Title|Short Title|Source(s)\n{NURSE}|Bedside Zebra Nurse|n/a|08\n"
        f"{NURSE}|Ward Hand|n/a|08\n{BAKER}|Ward Hand|n/a|08\n{PURCHASER}|Widget Purchaser|n/a|08\n{BAKER}|Plumber|n/a|08\n",
        "Task Statements": f"{CODE}|Task ID|Task|Task Type|Incumbents Responding|Date|Domain Source\n"
        f"{NURSE}|1|Monitor patients.|Core|n/a|08/2023|x\n{NURSE}|2|Give medicine.|Core|n/a|08/2023|x\n",
        "Related Occupations": f"{CODE}|Related O*NET-SOC Code|Relatedness Tier|Index\n{NURSE}|{BAKER}|Primary-Short|1\n",
    }
    for name, text in release.items():
        (db / f"{name}.txt").write_text(text.replace("|", "\t"), encoding="utf-8")
    import_onet(db, db / "in")
    packs = ["us-occupations", "onet"]
    with CareerBot([SHIPPED, db / "in"], packs=packs, encoder=bot.engine.encoder, cache=cache) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "what does a registered nurse do?",
            "O*NET lists these among the tasks of Registered Nurses: Monitor patients. Give medicine.",
        ),
        ("jobs like nurse", "O*NET names these occupations as the closest to Registered Nurses: Bakers."),
    ],
)
def test_what_o_net_tells_cites_it_with_its_licence(onet: CareerBot, question: str, told: str) -> None:
    reply = onet.ask(question)
    assert reply.text == told
    (citation,) = reply.citations
    assert citation.title == "O*NET 30.1 Database" and citation.section.endswith(
        "Registered Nurses (29-1141.00)"
    )
    assert "CC BY 4.0" in (citation.note or "")


def test_an_alternate_title_says_whose_it_is_beside_the_figure(onet: CareerBot) -> None:
    text = onet.ask("bedside zebra nurse salary in Texas").text
    assert "“bedside zebra nurse” is among the titles listed under Registered Nurses." in text
    assert "Registered Nurses in Texas: the median pay was $95,970 a year" in text


def test_a_code_without_a_row_names_the_broader_group(onet: CareerBot, published: Published) -> None:
    reply = onet.ask("widget purchaser salary")
    row = published["US", "13-1020"]
    assert (
        "Purchasing Agents, Except Wholesale, Retail, and Farm Products are counted within a broader group."
        in reply.text
    )
    assert (
        f"{row['title']} in the United States: the median pay was ${int(row['annual_median']):,} a year"
        in reply.text
    )


def test_an_alternate_title_of_two_occupations_is_asked_back_the_larger_first(onet: CareerBot) -> None:
    reply = onet.ask("ward hand salary")
    assert reply.kind == "clarify"
    assert [question.partition(" earn ")[0] for question in reply.suggestions] == [
        "What do Registered Nurses",
        "What do Bakers",
    ]


def test_an_alternate_title_changes_no_everyday_one(onet: CareerBot) -> None:
    assert (
        "Plumbers, Pipefitters, and Steamfitters in Ohio: the median pay was $63,330 a year"
        in onet.ask("plumber pay in Ohio").text
    )


def test_what_o_net_does_not_tell_is_said(onet: CareerBot) -> None:
    reply = onet.ask("what does a plumber do?")
    assert declined(reply)
