"""Reading a question: clean text, spelling, abbreviations, facets."""

from __future__ import annotations

import pytest

from chatbot.language.normalise import clean, simple_words


@pytest.fixture(scope="module")
def reader(bot):
    return bot.engine.reader


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  what\t do\n they  earn? ", "what do they earn?"),
        ("pay\x00 \x1b[31mred\x1b[0m \x07bell", "pay red bell"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("fullwidth \uff30\uff21\uff39", "fullwidth PAY"),
        ("a\ud800b \u202eright\u200bto left", "ab rightto left"),
        ("it\u2019s \u201cquoted\u201d \u2013 so", 'it\'s "quoted" - so'),
        ("at 3pm or 10 a.m.", "at 3 PM or 10 AM"),
        ("", ""),
    ],
)
def test_text_is_cleaned(typed: str, expected: str) -> None:
    assert clean(typed) == expected


def test_words_are_split_at_hyphens_and_keep_what_belongs_to_them() -> None:
    assert simple_words("Out-of-state C++ and Bachelor's") == ["out", "of", "state", "c++", "and", "bachelor"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("salery of a machin lerning enginer", "salary of a machine learning engineer"),
        ("intership at a statup", "internship at a startup"),
        ("is pyhton needed", "is python needed"),
    ],
)
def test_typing_errors_are_put_right(reader, typed: str, meant: str) -> None:
    assert meant in {reading.text for reading in reader.readings(typed)}


@pytest.mark.parametrize(
    "typed",
    [
        "serendipity",
        "do cats dream",
        "salary in Zwickau",
        "kubernetes or openshift",
        "Guadalajara",
        "falconer",
        "quantum chromodynamics",
    ],
)
def test_words_that_are_right_are_left_alone(reader, typed: str) -> None:
    assert reader.read(typed).text == typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mle pay", "machine learning engineer pay"),
        ("M.L.E. pay", "machine learning engineer pay"),
        ("how is WLB", "how is work-life balance"),
        ("what do MLEs do", "what do machine learning engineers do"),
        ("cs at uni", "computer science at university"),
    ],
)
def test_abbreviations_are_written_out(reader, typed: str, meant: str) -> None:
    assert reader.read(typed).text == meant


def test_an_abbreviation_of_its_own_is_no_plural_of_another(reader) -> None:
    assert reader.read("CSS enough for a job?").text == "CSS enough for a job?"
    assert reader.read("what do MLEs earn").text == "what do machine learning engineers earn"


@pytest.mark.parametrize(
    ("typed", "countries"),
    [
        ("pay in the uk", ("GB",)),
        ("british salaries", ("GB",)),
        ("ML salary US", ("US",)),
        ("tell us about pay", ()),
        ("is it in demand or not", ()),
        ("what do they earn in munich", ("DE",)),
        ("salary in DE", ("DE",)),
        ("german or french pay", ("DE", "FR")),
        ("pay in california", ("US",)),
        ("polish my cv", ()),
        ("reading papers in Reading", ("GB",)),
    ],
)
def test_countries_are_found_and_words_are_not_countries(
    reader, typed: str, countries: tuple[str, ...]
) -> None:
    assert reader.read(typed).facets.get("country") == countries


@pytest.mark.parametrize(
    ("typed", "facet", "values"),
    [
        ("senior pay", "level", ("senior",)),
        ("what does a junior do", "level", ("entry",)),
        ("out-of-state tuition", "residency", ("out-of-state",)),
        ("master's fees", "degree_level", ("graduate",)),
        ("how long is a PhD", "degree_level", ("doctorate",)),
        ("what happens at 1pm", "clock", ("13",)),
        ("at 13:00", "clock", ("13",)),
        ("pay at google", "organisation", ("google",)),
    ],
)
def test_facets_are_found(reader, typed: str, facet: str, values: tuple[str, ...]) -> None:
    assert reader.read(typed).facets.get(facet) == values


def test_other_occupations_are_subjects_or_backgrounds(reader) -> None:
    assert reader.read("nurse salary").facets.subjects == ("nurse",)
    background = reader.read("i was a data analyst, can i switch to ML?").facets
    assert background.subjects == ()
    assert background.backgrounds == ("data analyst",)
    assert reader.read("ml engineer salary").facets.own_role
