"""What words around a name, and words of time, rank and amount, make of a question: read, obeyed or told."""

from __future__ import annotations

import re

import msgspec
import pytest

from chatbot import CareerBot
from chatbot.language import scopes
from chatbot.language.marked import PLACE, TITLE, beginnings, marked
from chatbot.language.normalise import simple_words
from chatbot.language.quantities import as_percentiles, nth, number
from chatbot.language.scopes import Kind
from chatbot.paths import data_file
from chatbot.tables import read

PATTERNS = read(data_file(scopes.FILE).read_bytes())


def test_names_are_masked_and_the_words_keep_their_numbers() -> None:
    text = "A nurse's husband (not Ohio): pay?"
    found = marked(text, {PLACE: [(4, 5)], TITLE: [(1, 2)]})
    assert found.text == "a T 's husband ( not P ) : pay ?"
    assert [token.word for token in found.tokens if token.until > token.word] == list(range(6))
    assert simple_words(text) == ["a", "nurse", "husband", "not", "ohio", "pay"]
    assert beginnings("Pay. And in Ohio? Thanks") == {1, 4}


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        ("first decile of baker pay", "10th percentile of baker pay"),
        ("the upper quartile, please", "the 75th percentile, please"),
        ("lower-quartile pay", "25th percentile pay"),
        ("eighty-fifth percentile", "85th percentile"),
        ("top 20 percent of cooks", "80th percentile of cooks"),
        ("bottom 5% of cooks", "5th percentile of cooks"),
        ("bottom third of cooks", "33rd percentile of cooks"),
        ("the top half of cooks", "the median of cooks"),
        ("top 10 jobs", "top 10 jobs"),
        ("a quarter of an hour", "a quarter of an hour"),
    ],
)
def test_deciles_quartiles_and_shares_are_percentiles(said: str, read_as: str) -> None:
    assert as_percentiles(said) == read_as


def test_numbers_in_figures_and_words() -> None:
    assert [number(text) for text in ("12th", "twenty-first", "ten", "few")] == [12, 21, 10, None]
    assert [nth(value) for value in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th",
    ]  # fmt: skip


def test_every_pattern_has_a_kind_and_words_that_exist() -> None:
    assert len(scopes.patterns()) == len(PATTERNS["scope"])
    assert {pattern.kind for pattern in scopes.patterns() if pattern.pattern.pattern} == set(Kind)
    text = data_file(scopes.FILE).read_text(encoding="utf-8")
    for name in PATTERNS["words"]:
        assert f"{{{name}}}" in text, f"[words] {name} stands in no pattern"


def test_a_file_with_a_wrong_kind_word_or_key_is_refused() -> None:
    good = {"words": {"a": "x, y"}, "scope": [{"kind": "time", "with": "x", "patterns": ["{a} ago"]}]}
    assert scopes.typed(good)[0].pattern.search("x ago")
    for wrong, error in (
        ({"kind": "tempo"}, msgspec.ValidationError),
        ({"patterns": ["{b}"]}, KeyError),
        ({"patterns": ["("]}, re.error),
        ({"pattern": "x"}, msgspec.ValidationError),
    ):
        with pytest.raises(error):
            assert scopes.typed(good | {"scope": [good["scope"][0] | wrong]})[0].pattern


@pytest.mark.parametrize(
    ("question", "left", "kinds"),
    [
        ("baker pay outside of Texas", "baker pay", ["left out"]),
        ("not florists but bakers in Iowa", "bakers in Iowa", ["left out"]),
        ("bakers (not florists) in Iowa", "bakers in Iowa", ["left out"]),
        ("forget Ohio, baker pay in Iowa", "baker pay in Iowa", ["left out"]),
        ("baker pay in every state but Ohio", "baker pay in", ["left out"]),
        ("baker pay, Ohio excluded", "baker pay,", ["left out"]),
        ("the lawyer's paralegal, pay", "paralegal, pay", ["left out"]),
        ("baker pay near Ohio", "baker pay", ["near"]),
        ("baker pay in the neighbouring states", "baker pay", ["elsewhere"]),
        ("baker pay in northern Ohio", "baker pay in northern Ohio", ["part"]),
        ("a baker's landlord, pay", "a, pay", ["others"]),
        ("people who sell to bakers, pay", "pay", ["others"]),
        ("as a florist, what would a baker earn", "what would a baker earn", ["oneself"]),
        ("I'm a baker in Ohio, what is it in Iowa", "I'm a baker what is it in Iowa", ["oneself"]),
        ("baker pay ten years ago", "baker pay ten years ago", ["time"]),
        ("baker pay per shift", "baker pay per shift", ["unit"]),
        ("third best state for bakers", "third best state for bakers", ["rank"]),
        ("what do bakers earn in Ohio", "what do bakers earn in Ohio", []),
        ("why do bakers not earn more", "why do bakers not earn more", []),
        ("I'm not a baker, what do they earn", "I'm not a baker, what do they earn", []),
        ("baker pay in West Virginia", "baker pay in West Virginia", []),
        ("I may become a baker", "I may become a baker", []),
    ],
)
def test_what_is_left_of_a_question_and_what_its_words_hold(
    bot: CareerBot, question: str, left: str, kinds: list[str]
) -> None:
    reading = bot.engine.reader.read(question)
    assert (reading.text, [scope.kind.value for scope in reading.scopes]) == (left, kinds)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("not Iowa but Ohio: baker pay", "Bakers in Ohio"),
        ("what do bakers earn in Ohio instead of Iowa", "Bakers in Ohio"),
        ("third best state for baker pay", "The 3rd highest median pay of Bakers"),
        ("best paying states for bakers except Hawaii", "Left out: Hawaii"),
        ("upper quartile baker pay in Ohio", "the 75th"),
        ("ninth decile of baker pay in Ohio", "The 90th percentile of Bakers in Ohio"),
        ("baker pay in Marfa, Texas", "no figures for Marfa alone; this is for Texas as a whole"),
        ("baker pay in northern California", "“northern California” alone; this is for California"),
        ("baker pay per shift in Ohio", "not “per shift”"),
        ("part-time baker pay in Ohio", "I took no account of “part time”"),
        ("what does a baker take home in Ohio", "I took no account of “take home”"),
        ("is a baker in Ohio paid more than a florist in Iowa", "Bakers in Ohio"),
    ],
)
def test_what_a_word_changes_is_obeyed_or_told(bot: CareerBot, question: str, told: str) -> None:
    reply = bot.ask(question)
    assert reply.kind == "answer"
    assert told in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "what do people who are not bakers earn in Ohio",
        "baker pay in every state but Ohio",
        "which state next to Ohio pays bakers most",
        "pay of a baker's wife in Ohio",
        "how many customers per baker in Ohio",
        "how many bakers died in Ohio",
        "baker pay in Ohio before covid",
        "what did bakers earn in Ohio in '09",
        "baker pay in Ohio next May",
        "baker pay in the Middle East",
        "polish baker pay",
        "baker pay, turkey",
        "baker pay in the Rust Belt",
        "baker pay overseas",
        "80th percentile of baker pay",
        "baker minimum wage in Ohio",
        "total wages of all bakers in Ohio",
        "which company pays bakers most in Ohio",
        "where does Ohio rank for baker pay",
        "best paid jobs outside of Texas",
        "top paying occupations except in California",
        "which jobs pay most without doctors, outside of Ohio",
    ],
)
def test_what_the_figures_do_not_hold_gets_none(bot: CareerBot, question: str) -> None:
    reply = bot.ask(question)
    assert reply.kind in {"unknown", "clarify"}
    assert not re.search(r"\$\d|\d,\d{3}", reply.text), reply.text


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("baker pay in Iowa", "and not in Iowa?"),
        ("baker pay in Iowa", "and in the past?"),
        ("baker pay in Iowa", "double it"),
        ("baker pay in Iowa", "neighbouring states?"),
        ("baker pay in Iowa", "and a baker's husband?"),
    ],
)
def test_a_turn_that_leaves_something_out_is_not_told_it(bot: CareerBot, first: str, then: str) -> None:
    conversation = bot.conversation()
    assert conversation.ask(first).kind == "answer"
    assert conversation.ask(then).kind != "answer"


def test_a_turn_that_takes_another_place_is_told_that_alone(bot: CareerBot) -> None:
    conversation = bot.conversation()
    conversation.ask("baker pay in Iowa")
    text = conversation.ask("forget Iowa, Ohio").text
    assert "Bakers in Ohio" in text
    assert "Iowa" not in text


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("cort reporter pay in Ohio", "Court Reporters"),
        ("baker pay in new jersy", "Bakers in New Jersey"),
        ("baker pay s carolina", "Bakers in South Carolina"),
        ("baker salary, mi", "Bakers in Michigan"),
    ],
)
def test_a_long_name_is_put_right_before_a_shorter_one_counts(
    bot: CareerBot, typed: str, read_as: str
) -> None:
    assert read_as in bot.ask(typed).text
