"""Stage 2: a few words that change what the last answer was about."""

from __future__ import annotations

import datetime

import pytest
from staging import MLE, US, answered, attempt, not_known, replace, turn

from chatbot.dialogue.edits import Edit, edit
from chatbot.dialogue.lookupedits import (
    about_the_same,
    changed_lookup,
    changed_loosely,
    compared,
    said,
    stands_alone,
)
from chatbot.flow import Attempt, Code
from chatbot.reply import ReplyKind
from chatbot.scene import Scene

PAY, COUNTRY, LEVEL = f"{US}typical-pay", f"{MLE}salary-by-country", f"{MLE}salary-by-level"


def edited(library, text: str, last) -> Edit | None:
    reading = library.reader.read(text)
    return edit(library, reading, last, Scene(library, reading, datetime.date(2026, 5, 1)))


# of an entry or a table


def test_another_country_leads_to_the_same_tables_other_row(library) -> None:
    change = edited(library, "and in germany?", turn(library, "uk pay", COUNTRY))
    assert change
    (one,) = change.attempts
    assert one.lead
    assert (one.lead.label, one.code, one.sure) == (COUNTRY, Code.OTHER_ROW, library.policy.follow_up.changed)
    assert one.reading.facets.get("country") == ("DE",)
    assert change.read_as == "pay in germany"


def test_what_the_last_question_named_is_tried_first_and_what_is_named_now_alone_next(library) -> None:
    change = edited(
        library, "and undergraduate?", turn(library, "in-state graduate tuition", f"{MLE}tuition")
    )
    assert change
    both, alone = change.attempts
    assert (both.reading.facets.get("residency"), both.reading.facets.get("degree_level")) == (
        ("in-state",),
        ("undergraduate",),
    )
    assert alone.reading.facets.get("residency") == ()


def test_a_comparison_keeps_what_was_named_beside_what_is_named_now(library) -> None:
    change = edited(library, "compare with senior", turn(library, "entry level pay", LEVEL))
    assert change
    assert change.attempts[0].reading.facets.get("level") == ("entry", "senior")


def test_one_employers_figure_is_not_known(library) -> None:
    last = turn(library, "pay in germany", COUNTRY)
    change = edited(library, "and at google?", last)
    assert change
    decision = change.attempts[0].settled
    assert (decision.kind, decision.code, change.read_as) == (ReplyKind.UNKNOWN, Code.VETOED, last.read_as)
    assert decision.confidence == pytest.approx(0.9)


def test_and_if_not_turns_a_facet_of_two_sides_round(library) -> None:
    change = edited(
        library, "and if I'm not?", turn(library, "in-state undergraduate tuition", f"{MLE}tuition")
    )
    assert change
    assert change.attempts[0].reading.facets.get("residency") == ("out-of-state",)
    assert change.attempts[0].reading.text == "out of state"
    assert edited(library, "and if I'm not?", turn(library, "pay in germany", COUNTRY)) is None
    assert (
        edited(library, "not in-state", turn(library, "out of state undergraduate tuition", f"{MLE}tuition"))
        is None
    )


def test_another_level_leads_to_the_sibling_that_is_about_it(library) -> None:
    change = edited(library, "and a lead?", turn(library, "senior engineer duties", f"{MLE}level-senior"))
    assert change
    (one,) = change.attempts
    assert one.lead
    assert (one.lead.label, one.code, one.note) == (
        f"{MLE}level-lead",
        Code.OTHER_SIBLING,
        "the last topic, another level",
    )
    assert change.read_as == "engineer duties a lead"


@pytest.mark.parametrize(
    ("text", "question", "label"),
    [
        ("and a senior?", "senior duties", f"{MLE}level-senior"),  # the same
        ("and an intern and a lead?", "senior duties", f"{MLE}level-senior"),  # two
        ("and a lead?", "when does it begin", f"{MLE}day-start"),  # no level before
        ("and phd?", "how long is a bachelor's", f"{MLE}bachelors-length"),  # no such sibling
        ("and nurses?", "pay in germany", COUNTRY),  # somebody else
        ("and the working hours there?", "pay in germany", COUNTRY),  # something else
        ("and a phd?", "pay in germany", COUNTRY),  # nothing the table has
        ("ok", "pay in germany", COUNTRY),
        ("and in france?", "x", "gone"),
    ],
)
def test_what_is_no_mere_change_changes_nothing(library, text: str, question: str, label: str) -> None:
    last = replace(turn(library, question, label), entry_ids=(label,))
    assert edited(library, text, last) is None


def test_a_change_that_a_rule_objects_to_is_none(library) -> None:
    assert edited(library, "and the price?", turn(library, "pay in germany", COUNTRY)) is None


def test_a_change_of_a_figure_is_told_by_the_lookup_and_one_employers_is_known_not_to_be(library) -> None:
    last = turn(library, "roofer pay in Utah", PAY)
    change = edited(library, "and in Ohio?", last)
    assert change
    assert (change.lookup, change.attempts[0].open) == (library.knowledge.by_id[PAY], True)
    employer = edited(library, "and at google?", last)
    assert employer
    assert (employer.lookup, employer.read_as, employer.attempts[0].open) == (None, last.read_as, False)
    assert edited(library, "who invented the roof", last) is None


# of what is looked up


def changed(
    library, text: str, before: str = "roofer pay in Utah", label: str = PAY, stray: int = 0
) -> Attempt | None:
    return changed_lookup(
        library,
        library.reader.read(text),
        library.knowledge.by_id[label],
        turn(library, before, label),
        stray,
    )


@pytest.mark.parametrize(
    ("text", "codes", "states"),
    [
        ("and in Ohio?", ["47-2181"], ("OH",)),
        ("and welders?", ["51-4121"], ("UT",)),
        ("compared to Ohio?", ["47-2181"], ("UT", "OH")),
        ("is that more than welders get", ["47-2181", "51-4121"], ("UT",)),
        ("by the hour", ["47-2181"], ("UT",)),
        ("same for welders in Ohio", ["51-4121"], ("OH",)),
    ],
)
def test_what_is_named_takes_the_place_of_what_was_named(
    library, text: str, codes: list[str], states: tuple[str, ...]
) -> None:
    one = changed(library, text)
    assert one
    assert [named.codes[0] for named in one.reading.facets.occupations] == codes
    assert one.reading.facets.places.states == states
    assert (one.code, one.sure) == (Code.OTHER_FIGURE, library.policy.follow_up.changed)


def test_the_hour_is_carried_on_until_the_year_is_asked_for(library) -> None:
    hourly = changed(library, "and in Ohio?", "roofer pay by the hour in Utah")
    assert hourly
    assert hourly.reading.text.endswith(" by the hour")
    yearly = changed(library, "a year in Ohio?", "roofer pay by the hour in Utah")
    assert yearly
    assert not yearly.reading.text.endswith(" by the hour")
    assert (hourly.keep, yearly.keep) == (True, True)
    other = changed(library, "and the highest in Ohio?")
    assert other
    assert not other.keep


def test_pay_asked_for_after_a_number_of_people_is_told_as_pay(library) -> None:
    one = changed(library, "and pay in Ohio?", "how many roofers are there in Utah", f"{US}employment")
    assert one
    assert one.lead
    assert one.lead.label == PAY


@pytest.mark.parametrize(
    "text",
    [
        "which states pay roofers best overall", "who else works on a roof in Ohio", "thanks", "and machine learning engineers?",
        "and the dragons of Ohio?", "what would a good roofer have to learn in the state of Ohio",
    ],
)  # fmt: skip
def test_a_question_of_its_own_changes_no_figure(library, text: str) -> None:
    assert changed(library, text) is None


def test_an_occupation_is_no_change_of_what_needs_none(library) -> None:
    assert changed(library, "and welders?", "best paid jobs", f"{US}highest-paid") is None
    assert changed(library, "and in Ohio?", "best paid jobs", f"{US}highest-paid")


def test_a_few_more_words_may_stand_in_a_message_that_goes_on_and_has_no_other_answer(library) -> None:
    last = turn(library, "roofer pay in Utah", PAY)
    reading = library.reader.read("and in the neighbouring dragon Ohio?")
    assert changed(library, reading.text) is None
    assert changed_loosely(library, reading, last)
    assert changed_loosely(library, library.reader.read("neighbouring dragon Ohio?"), last) is None
    assert changed_loosely(library, reading, turn(library, "when", f"{MLE}day-start")) is None


def test_of_two_that_were_told_the_one_ahead_may_be_asked_for(library) -> None:
    turns = [turn(library, "roofer pay in Utah", PAY), turn(library, "welder pay in Utah", PAY)]
    one = compared(library, "which earns more?", turns)
    assert one
    assert [named.codes[0] for named in one.reading.facets.occupations] == ["47-2181", "51-4121"]
    assert (one.reading.facets.places.states, one.reading.facets.comparison, one.keep) == (
        ("UT",),
        True,
        True,
    )
    places = compared(library, "which is better", [turns[0], turn(library, "roofer pay in Ohio", PAY)])
    assert places
    assert places.reading.facets.places.states == ("UT", "OH")
    single = compared(
        library,
        "which of them is higher",
        [turn(library, "roofer and welder pay", f"{US}compare-occupations")],
    )
    assert single
    assert len(single.reading.facets.occupations) == 2


@pytest.mark.parametrize(
    "text",
    [
        "and in Ohio?",
        "which pays plumbers more?",
        "which machine learning engineer earns more",
        f"which earns more{' or less' * 9}",
    ],
)
def test_what_does_not_ask_for_the_one_ahead_compares_nothing(library, text: str) -> None:
    turns = [turn(library, "roofer pay in Utah", PAY), turn(library, "welder pay in Utah", PAY)]
    assert compared(library, text, turns) is None


def test_nothing_is_compared_where_there_are_not_two(library) -> None:
    once = turn(library, "roofer pay in Utah", PAY)
    for turns in (
        [],
        [once],
        [once, once],
        [turn(library, "best paid jobs", f"{US}highest-paid")],
        [once, turn(library, "x")],
    ):
        assert compared(library, "which earns more?", turns) is None


# what goes on, and what stands alone


def same(library, text: str, before: str = "roofer pay in Utah", label: str = PAY) -> str | None:
    reading = about_the_same(library, library.reader.read(text), turn(library, before, label))
    return reading.text if reading else None


def test_a_question_that_goes_on_is_asked_of_the_same_occupation_in_the_same_place(library) -> None:
    assert (
        same(library, "and what share does the top get?") == "what share does the top get for roofer in Utah"
    )
    assert same(library, "and what is it in Ohio?") == "what is it in Ohio for roofer"
    assert same(library, "which states pay them best") == "which states pay them best for roofer"
    assert same(library, "how many welders work over there?") == "how many welders work in Utah?"


@pytest.mark.parametrize(
    ("text", "before", "label"),
    [
        ("and welders?", "roofer pay in Utah", PAY),
        ("and machine learning engineers?", "roofer pay in Utah", PAY),
        ("what would you say is the best way of going about finding some shade", "roofer pay in Utah", PAY),
        ("and now?", "pay in Utah", PAY),
        ("and now?", "best paid jobs", f"{US}highest-paid"),
        ("and now?", "when", f"{MLE}day-start"),
        ("how many welders work over there?", "roofer pay", PAY),
    ],
)
def test_what_names_somebody_or_does_not_go_on_is_left_as_it_is(
    library, text: str, before: str, label: str
) -> None:
    assert same(library, text, before, label) is None


def test_what_is_answered_without_an_occupation_stands_alone(library) -> None:
    made = attempt(library, "best paid jobs")
    assert stands_alone(library, answered(library, made, f"{US}highest-paid"), made.reading)
    assert not stands_alone(library, answered(library, made, PAY), made.reading)
    assert not stands_alone(library, not_known(made), made.reading)
    for text, alone in (
        ("how many in Ohio?", False),
        ("how many over all jobs", True),
        (f"how many work {'here ' * 14}", True),
    ):
        asked = attempt(library, text)
        assert (
            stands_alone(library, answered(library, asked, f"{US}all-employment"), asked.reading) is alone
        ), text


def test_what_was_looked_up_counts_in_full_and_all_else_as_it_was_read(library) -> None:
    made = attempt(library, "roofer pay utah")
    assert said(library, answered(library, made, PAY)) == "What do Roofers earn in Utah?"
    assert said(library, not_known(made)) == "roofer pay utah"
    declined = replace(answered(library, made, PAY), kind=ReplyKind.UNKNOWN, code=Code.NO_FIGURE)
    assert said(library, declined) == "What do Roofers earn in Utah?"
    assert said(library, answered(library, attempt(library, "when"), f"{MLE}day-start")) == "when"
