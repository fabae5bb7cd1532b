"""Names that commas, stops and slips of the tongue part."""

from __future__ import annotations

import pytest

from chatbot import CareerBot


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("roofers, ME, median", "Roofers in Maine"),
        ("median roofer pay, OR", "Roofers in Oregon"),
        ("secretary, legal salary", "Legal Secretaries"),
        ("engineer, civil, ohio, pay", "Civil Engineers in Ohio"),
        ("How many Camera Operators, Television, Video, and Film work in California?", ""),
        ("welder pay in LA as in louisiana", "Welders, Cutters, Solderers, and Brazers in Louisiana"),
        ("plumber, no wait, electrician pay", "Electricians in the United States"),
        ("RN... no, surgical tech pay in Ohio", "Surgical Technologists in Ohio"),
        ("I keep seeing plumber pay, I want electrician pay", "Electricians in the United States"),
        ("chefs and head cooks only, no line cooks, pay", "Chefs and Head Cooks in the United States"),
        ("you be the judge, do tailors make decent money?", "Tailors, Dressmakers, and Custom Sewers"),
        (
            "my roommate is a flight attendant in Dallas. what do instructional coordinators make",
            "Instructional Coordinators in the United States",
        ),
        ("my dad was a plumber in ohio. what do electricians make there", "Electricians in Ohio"),
        ("bartender pay in the big easy", "Bartenders in New Orleans"),
        ("dealers in the silver state, casino dealer pay", ""),
    ],
)
def test_what_is_parted_is_read_together(bot: CareerBot, question: str, begins: str) -> None:
    reply = bot.ask(question)
    assert reply.text.startswith(begins), reply.text
    assert not begins or reply.kind == "answer"


@pytest.mark.parametrize(
    ("question", "told", "place"),
    [
        (
            "Laid off from the mill in Maine after 22 years. Nephew in North Carolina says millwrights are wanted. What are millwrights paid down there?",
            "Millwrights",
            "North Carolina",
        ),
        (
            "we fled kyiv, i was chemical engineer. now in Sacramento cleaning offices. what chemical technicians earn in california please",
            "Chemical Technicians",
            "California",
        ),
        (
            "I quit as a claims adjuster in Hartford last spring. Tried real estate. Hated it. Thinking about being a postal carrier, whats the pay?",
            "Postal Service Mail Carriers",
            "the United States",
        ),
    ],
)
def test_the_one_sentence_of_a_story_that_asks_is_answered_and_named(
    bot: CareerBot, question: str, told: str, place: str
) -> None:
    text = bot.ask(question).text
    assert text.startswith("I answered only “") and f"{told} in {place}" in text


def test_a_sentence_that_points_to_the_others_is_not_taken_out_of_them(bot: CareerBot) -> None:
    text = bot.ask(
        "My cousin fixes roofs in Boise since 2011. She has 4 kids and a truck. Does she earn what a nurse in that state does?"
    ).text
    assert not text.startswith("I answered only")
