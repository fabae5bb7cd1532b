"""A mere name is told at a glance, and nothing that asks something else."""

from __future__ import annotations

import pytest

from chatbot import CareerBot

OVERVIEW, TYPICAL = "us-work/overview", "us-occupations/typical-pay"


@pytest.mark.parametrize(
    "question",
    [
        "nurse",
        "Plumbers?",
        "tell me about welders",
        "info on actuaries",
        "legal secretary",
        "secretary, legal",
        "i want to be a firefighter",
        "psychology professors",
        "give me the rundown on bakers",
        "data scientist",
    ],
)
def test_a_name_is_told_at_a_glance(bot: CareerBot, question: str) -> None:
    reply = bot.ask(question)
    if reply.entry_id == "us-work/how-to-become":  # of who wants to be one
        return
    assert reply.entry_id == OVERVIEW, reply.text
    for said in (
        "Median pay in the United States",
        "Employed: ",
        "Typical education for entry",
        "Projected change of employment",
    ):
        assert said in reply.text
    assert len(reply.text.split()) <= 125
    sources = {citation.source_id for citation in reply.citations}
    assert {"onet-30-1", "bls-oews-2025", "bls-ep-2024"} <= sources


def test_a_group_is_told_its_figure_with_its_kinds(bot: CareerBot) -> None:
    reply = bot.ask("engineer")
    assert reply.entry_id == TYPICAL and reply.text.startswith("Engineers in the United States")
    assert all("Engineers" in one for one in reply.suggestions)


def test_a_name_of_several_is_asked_back(bot: CareerBot) -> None:
    chat = bot.conversation()
    assert chat.ask("lineman").kind == "clarify"
    assert chat.ask("1").entry_id == OVERVIEW


def test_a_name_in_a_place_is_told_its_pay_there(bot: CareerBot) -> None:
    chat = bot.conversation()
    assert chat.ask("nurse").entry_id == OVERVIEW
    assert chat.ask("in ohio").text.startswith("Registered Nurses in Ohio: the median pay")
    part = bot.ask("veterinary assistant, eastern washington").text
    assert part.startswith("I have no figures for “eastern washington” alone")


@pytest.mark.parametrize(
    "question",
    [
        "nurse jokes",
        "plumber near me",
        "Halloween nurse costume",
        "is nurse a good career",
        "should i be a nurse",
        "nurse in germany",
        "and for plumbers?",
        "nurses who travel",
        "do nurses work",
    ],
)
def test_what_says_more_is_not(bot: CareerBot, question: str) -> None:
    assert bot.ask(question).entry_id != OVERVIEW


def test_it_leaves_out_what_is_not_loaded() -> None:
    with CareerBot(packs=["us-work"]) as small:
        text = small.ask("registered nurses").text
    assert "Registered nurses" in text and "Typical education for entry" in text and "Median pay" not in text
