"""Amounts of money: read in any form, and placed among the published percentiles as they stand, never between them."""

from __future__ import annotations

import csv

import pytest
from conftest import ROOT

from chatbot import CareerBot
from chatbot.language.amounts import amounts, asked_amount

PAY = "us-occupations/amount"


@pytest.mark.parametrize(
    ("text", "low", "high", "per"),
    [
        ("is 70k good", 70_000, 70_000, "year"),
        ("$70,000 a year", 70_000, 70_000, "year"),
        ("70 grand", 70_000, 70_000, "year"),
        ("seventy thousand", 70_000, 70_000, "year"),
        ("six figures", 100_000, 100_000, "year"),
        ("$25/hr", 25, 25, "hour"),
        ("25 bucks an hour", 25, 25, "hour"),
        ("thirty-two dollars an hour", 32, 32, "hour"),
        ("18-22/hr", 18, 22, "hour"),
        ("105 to 115k", 105_000, 115_000, "year"),
        ("1.2k a week", 1_200, 1_200, "week"),
        ("$3,200 monthly", 3_200, 3_200, "month"),
        ("offered 67500", 67_500, 67_500, "year"),
    ],
)
def test_an_amount_is_read_in_any_form(text: str, low: float, high: float, per: str) -> None:
    (found,) = amounts(text)
    assert (found.low, found.high, found.per) == (low, high, per)


@pytest.mark.parametrize(
    "text",
    [
        "my 401k",
        "20 hours a week",
        "I am 45",
        "80k miles a year",
        "100 applications",
        "2025",
        "the 90th percentile",
        "top 10%",
        "zip 90210",
        "9 to 5",
    ],
)
def test_other_numbers_are_no_amounts(text: str) -> None:
    assert amounts(text) == ()


def test_two_amounts_are_the_ends_of_a_span_and_more_are_none() -> None:
    both = asked_amount("between 60k and 80k")
    assert both and (both.low, both.high) == (60_000, 80_000)
    assert asked_amount("60k, 70k or 80k") is None


def row(code: str, file: str = "national.csv", place: str = "") -> dict[str, str]:
    with (ROOT / "knowledge" / "us-occupations" / file).open(encoding="utf-8", newline="") as stream:
        return next(
            one
            for one in csv.DictReader(stream)
            if code in one.values() and (not place or place in one.values())
        )


def test_an_amount_lies_between_the_two_percentiles_that_are_next_to_it(bot: CareerBot) -> None:
    """Every stretch between the percentiles of one row, its ends and what lies beyond them."""
    of = row("47-2152")
    marks = {name: int(of[f"annual_{name}"]) for name in ("p10", "p25", "median", "p75", "p90")}
    says = ("one in ten", "a quarter", "half", "three quarters", "nine in ten")
    values = list(marks.values())
    for lower, upper, few, many in zip(values, values[1:], says, says[1:], strict=False):
        for amount in (lower + 10, upper - 10):
            reply = bot.ask(f"is ${amount:,} a year good for a plumber")
            assert reply.entry_id == PAY
            assert f"${lower:,} a year" in reply.text and f"${upper:,} a year" in reply.text
            assert f"at least {few} of them earn less, and at most {many}" in reply.text
    assert (
        "at least nine in ten of them earn more"
        in bot.ask(f"is ${values[0] - 1000:,} a year low for a plumber").text
    )
    assert (
        "at most one in ten of them earn more"
        in bot.ask(f"is ${values[-1] + 1000:,} a year high for a plumber").text
    )
    assert (
        "is the median: half of them earn less"
        in bot.ask(f"is ${values[2]:,} a year normal for a plumber").text
    )


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        (
            "$25 an hour fair for a cna in ohio?",
            ("Nursing Assistants in Ohio", "$25.00 an hour is above the 90th percentile"),
        ),
        ("what share of nurses make over 100k", ("$100,000 a year lies between the median",)),
        ("do most barbers get under 35k", ("Barbers in the United States", "$35,000 a year")),
        ("18-22/hr for a bank teller normal?", ("$18.00 an hour lies", "$22.00 an hour lies")),
        ("is 300k good for a surgeon", ("$300,000 a year lies between the 25th percentile",)),
        ("is 230k good for a family doctor", ("$230,000 a year",)),
    ],
)
def test_what_is_asked_of_an_amount_is_answered(
    bot: CareerBot, question: str, holds: tuple[str, ...]
) -> None:
    reply = bot.ask(question)
    assert reply.kind == "answer" and all(text in reply.text for text in holds), reply.text
    assert reply.citations and reply.figures


def test_where_the_figures_end_nothing_is_placed_beyond(bot: CareerBot) -> None:
    """Where the Bureau only says that wages are at least so high, what is higher has no place."""
    with (ROOT / "knowledge" / "us-occupations" / "states.csv").open(encoding="utf-8", newline="") as stream:
        of = next(
            one for one in csv.DictReader(stream) if one["annual_median"] == "#" and one["annual_p25"] == "*"
        )
    assert bot.engine.data
    whom = f"{bot.engine.data.title(of['code'])} in {bot.engine.data.shown('US-' + of['state'])}"
    end = "the median (at least $239,200 a year)"
    assert f"as high as where the figures end: {end}" in bot.ask(f"is 400k good for {whom}").text
    assert f"is below {end}: at least half of them earn more" in bot.ask(f"is 100k good for {whom}").text


@pytest.mark.parametrize(
    "question",
    [
        "is 70k enough to live in denver as a teacher",
        "can i afford a house on 50k as a nurse",
        "is a 70k student loan worth it for a vet",
        "is $150 fair for an electrician to swap one outlet",
        "good chef knife under 100 dollars",
        "after how many years does a pilot hit six figures",
        "teacher pay 90210",
        "what does a plumber charge, 150 an hour?",
        "is 3000 a month good for a security guard",
    ],
)
def test_what_no_pay_figure_meets_is_not_placed(bot: CareerBot, question: str) -> None:
    assert bot.ask(question).entry_id != PAY or bot.ask(question).kind == "unknown"


def test_an_amount_of_nobody_is_asked_back_and_kept(bot: CareerBot) -> None:
    chat = bot.conversation()
    assert chat.ask("is 100k good in texas").kind == "clarify"
    told = chat.ask("nurse").text
    assert told.startswith("Registered Nurses in Texas") and "$100,000 a year" in told


def test_an_amount_is_carried_to_another_place_and_replaced_by_another(bot: CareerBot) -> None:
    chat = bot.conversation()
    chat.ask("is 70k good for a nurse in ohio")
    assert "in Texas" in (told := chat.ask("and in texas").text) and "$70,000 a year" in told
    assert "in Texas" in (told := chat.ask("what about 100k").text) and "$100,000 a year" in told
