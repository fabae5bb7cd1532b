"""States of the US as people name them, where figures are asked for: codes, and places that share a name with
a country."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("question", "entry", "place"),
    [
        ("top paying jobs in GA", "highest-paid", "Georgia"),
        ("top paying jobs in PA", "highest-paid", "Pennsylvania"),
        ("how many people work in GA", "all-employment", "Georgia"),
        ("average wage in Montana", "all-occupations", "Montana"),
        ("total employment, all occupations, Rhode Island", "all-employment", "Rhode Island"),
    ],
)
def test_a_state_is_found_where_no_occupation_is_named(bot, question: str, entry: str, place: str) -> None:
    reply = bot.ask(question)
    assert reply.entry_id == f"us-occupations/{entry}"
    assert place in reply.text


def test_la_is_the_city(bot) -> None:
    reply = bot.ask("best paid jobs in LA")
    assert reply.entry_id == "us-occupations/highest-paid"
    assert "Los Angeles-Long Beach-Anaheim, CA" in reply.text
    assert "Louisiana" not in reply.text


@pytest.mark.parametrize(
    "question",
    ["what do tables earn in texas", "what do windows make in texas", "what does a curtain earn in ohio"],
)
def test_of_what_is_no_occupation_no_ranking_is_told(bot, question: str) -> None:
    assert bot.ask(question).kind in {"clarify", "unknown"}


@pytest.mark.parametrize(
    ("turns", "entry", "words"),
    [
        (["actor hourly pay", "in new york state", "and a year?"], "typical-pay", "median"),
        (
            ["whats a plumber paid in ny", "how many in nj"],
            "employment",
            "Plumbers, Pipefitters, and Steamfitters were employed in New Jersey",
        ),
        (["how much do nurses make in california", "and GA?"], "typical-pay", "Georgia"),
    ],
)
def test_a_state_in_a_further_question_changes_the_place_alone(
    bot, turns: list[str], entry: str, words: str
) -> None:
    chat = bot.conversation()
    *_, reply = [chat.ask(turn) for turn in turns]
    assert reply.entry_id == f"us-occupations/{entry}"
    assert words in reply.text
