"""Stage 5: which proposals are dropped, whether the next one stands in, and what is kept of the objections."""

from __future__ import annotations

import datetime

import pytest
from staging import MLE, US, attempt, intent, proposal

from chatbot.answering.proposing import complete
from chatbot.flow import Attempt, By, Force, Proposal
from chatbot.rules import ORDER, SCOPE, first, objections
from chatbot.rules.objecting import object_to, object_to_ranked
from chatbot.scene import Scene

DAY = datetime.date(2026, 5, 1)
PAY = f"{US}typical-pay"


def ranked(library, question: str, *labels: tuple[str, float]) -> Attempt:
    """A question after the rules have looked at what ranks."""
    made = attempt(
        library, question, proposals=tuple(proposal(library, label, score) for label, score in labels)
    )
    object_to_ranked(library, made, DAY)
    return made


def test_what_is_about_another_is_dropped_with_the_reason_and_the_next_one_stands_in(library) -> None:
    made = ranked(library, "when does a chef get up", (f"{MLE}day-start", 0.6), (PAY, 0.5))
    assert [one.label for one in made.kept] == [PAY]
    assert made.vetoes == ("nothing on that for Chefs and Head Cooks",)
    assert [one.rule for one in made.against(made.proposals[0])] == ["scope/occupation"]


def test_the_next_one_does_not_stand_in_with_too_small_a_part_of_the_score(library) -> None:
    made = ranked(
        library,
        "when does a chef get up",
        (f"{MLE}day-start", 0.6),
        (PAY, 0.6 * library.policy.entries.runner_up_kept - 0.01),
    )
    assert made.kept == ()
    assert made.vetoes == ("nothing on that for Chefs and Head Cooks",)


def test_what_is_dropped_behind_one_that_is_kept_is_no_reason(library) -> None:
    made = ranked(library, "chef wages", (PAY, 0.6), (f"{MLE}day-start", 0.5))
    assert ([one.label for one in made.kept], made.vetoes) == ([PAY], ())
    assert made.against(made.proposals[1])


def test_a_quiet_objection_drops_and_is_not_told(library) -> None:
    made = ranked(library, "what do umbrellas earn", (f"{US}all-occupations", 0.6))
    assert (made.kept, made.vetoes) == ((), ())
    assert [one.quiet for one in made.against(made.proposals[0])] == [True]


def test_intents_are_looked_at_by_no_rule(library) -> None:
    made = ranked(library, "chef wages at google", (intent("visas"), 0.9))
    assert (made.kept, made.vetoes, made.objections) == ((), (), {})


def test_how_sure_the_best_one_left_must_be_is_kept_beside_it(library) -> None:
    for question, least in (
        ("are bartenders friendly", "unspoken_else"),
        ("bartenders in ohio", "unspoken_bare"),
        ("me and bartenders", "unspoken"),
    ):
        made = ranked(library, question, (PAY, 0.6))
        (objection,) = made.against(made.kept[0])
        wanted = getattr(library.policy.figures, least)
        assert (objection.force, objection.at_least) == (Force.REQUIRE, wanted), question


def test_figures_of_a_state_go_before_entries_about_one_occupation(library) -> None:
    labels = ((f"{MLE}well-paid", 0.6), (f"{US}all-occupations", 0.5))
    made = ranked(library, "what is the typical pay in Ohio", *labels)
    assert [one.label for one in made.kept] == [f"{US}all-occupations"]
    for question in (
        "what is the typical pay",
        "what is the typical pay of a machine learning engineer in Ohio",
        "is Ohio fun",
    ):
        assert ranked(library, question, *labels).kept[0].label == f"{MLE}well-paid", question
    far = (
        (f"{MLE}well-paid", 0.6),
        (f"{US}all-occupations", 0.6 * library.policy.entries.runner_up_kept - 0.01),
    )
    assert ranked(library, "what is the typical pay in Ohio", *far).kept[0].label == f"{MLE}well-paid"


def lead(library, question: str, label: str = PAY) -> tuple[Attempt, Proposal]:
    """A lead after the rules have looked at its query and at what it tells."""
    made = attempt(library, question)
    made.lead = complete(library, made, proposal(library, label, 0.6))
    return made, object_to(library, made, made.lead, DAY)


def test_a_query_that_a_rule_declines_is_not_told(library) -> None:
    made, declined = lead(library, "plumber wages in Vienna")
    assert declined.told is None
    assert [one.force for one in made.against(declined)] == [Force.DECLINE]


@pytest.mark.parametrize(
    "question",
    [
        "what do nurses earn in pounds",
        "nurse wages in Narnia",
        "plumber salary in winter",
        "what would a roofer get in rupees",
    ],
)
def test_what_is_asked_for_in_a_way_that_is_not_known_is_never_told(library, question: str) -> None:
    made, declined = lead(library, question)
    assert declined.told is None
    assert [one.force for one in made.against(declined)] == [Force.DECLINE]


def test_what_is_beside_an_answer_is_told_where_nothing_is_against_it(library) -> None:
    label, question = f"{MLE}salary-by-country", "machine learning engineer salary in the US"
    made, told = lead(library, question, label)
    assert told.beside
    assert "given as a stand-in" in told.told.text
    assert made.against(told) == ()
    for other in (f"{question} in 1987", f"{question} at the 30th percentile"):
        _, alone = lead(library, other, label)
        assert alone.beside
        assert alone.told.text
        assert "given as a stand-in" not in alone.told.text


def test_a_query_that_nothing_is_against_is_told_with_its_notes(library) -> None:
    made, told = lead(library, "what does a carpanter earn a month")
    assert told.told
    assert "$" in told.told.text
    assert [one.rule for one in made.against(told)] == ["notes/unit", "notes/read-as"]


def test_what_is_missing_has_no_notes(library) -> None:
    made, missing = lead(library, "salary in france", f"{MLE}salary-by-country")
    assert missing.told
    assert missing.told.missing
    assert made.against(missing) == ()


def test_rules_are_asked_in_their_order_and_only_about_the_answerers_they_look_at(library) -> None:
    scene = Scene(library, library.reader.read("what is the tuition for umbrellas at google"), DAY)
    looked_up = proposal(library, f"{US}highest-paid", 0.5)
    fired = [one.rule for one in objections(ORDER, looked_up, scene)]
    assert fired[:2] == ["scope/employer", "scope/other-figure"]
    assert fired == [rule.id for rule in ORDER if rule.id in fired]
    assert first(SCOPE, looked_up, scene).rule == "scope/employer"
    assert first(SCOPE, Proposal(By.ACT, "x"), scene) is None
