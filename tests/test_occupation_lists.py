"""Official pay and employment: comparisons, lists in the published order, and who is meant by a title."""

from __future__ import annotations

import pytest
from official import Published, declined, talk

from chatbot import CareerBot
from chatbot.language.regions import shown

# comparisons and lists


COMPARED = [
    (
        "is an electrician paid better than a plumber",
        ("Electricians $63,190 a year; Plumbers, Pipefitters, and Steamfitters $63,800 a year.",
         "$610 a year more for Plumbers, Pipefitters, and Steamfitters, 1.01 times as much."),
    ),
    (
        "do nurses earn more in Texas or in California?",
        ("Texas $95,970 a year; California $140,270 a year.", "$44,300 a year more for California, 1.46 times as much."),
    ),
    (
        "employment of electricians in Ohio vs Texas",
        ("Ohio 28,950; Texas 76,770.", "47,820 more for Texas, 2.65 times as many."),
    ),
    (
        "is an actor paid better than a nurse",
        ("Actors $29.05 an hour; Registered Nurses $46.90 an hour.", "$17.85 an hour more for Registered Nurses, 1.61 times as much."),
    ),
    (
        "is a nurse well paid compared with other jobs",
        ("Registered Nurses $97,550 a year; All Occupations $50,980 a year.", "$46,570 a year more for Registered Nurses, 1.91 times as much."),
    ),
    (
        "how does the pay of electricians compare with all occupations in Ohio?",
        ("Electricians $64,700 a year; All Occupations $49,380 a year.", "$15,320 a year more for Electricians, 1.31 times as much."),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "parts"), COMPARED, ids=[question for question, _ in COMPARED])
def test_a_comparison_shows_both_figures_and_says_what_is_worked_out(
    bot: CareerBot, question: str, parts: tuple[str, str]
) -> None:
    reply = bot.ask(question)
    assert " Worked out from these: ".join(parts) in reply.text
    assert all("; " in citation.section for citation in reply.citations), "both rows are cited"


@pytest.mark.parametrize(
    ("question", "listed"),
    [
        (
            "do cardiologists earn more in Colorado or in Ohio",
            "Colorado at least $239,200 a year; Ohio $504,260 a year.",
        ),
        (
            "cardiologist vs pediatric surgeon salary in Texas",
            "Cardiologists $410,150 a year; Pediatric Surgeons at least $239,200 a year.",
        ),
        (
            "airline pilots vs actors pay",
            "Airline Pilots, Copilots, and Flight Engineers $232,140 a year; Actors $29.05 an hour.",
        ),
    ],
)
def test_nothing_is_worked_out_where_a_figure_is_top_coded_or_in_another_unit(
    bot: CareerBot, question: str, listed: str
) -> None:
    text = bot.ask(question).text
    assert text.endswith(listed) and "times" not in text


def ranked(
    published: Published, place: str, column: str, lowest: bool = False, begins: str = ""
) -> list[tuple[int, str]]:
    """Figures and titles of detailed occupations in order, from the files alone."""
    levels = {code: row for (where, code), row in published.items() if where == "US"}
    found = [
        (int(row[column]), levels[code]["title"])
        for (where, code), row in published.items()
        if where == place
        and levels[code]["level"] == "detailed"
        and code.startswith(begins)
        and row[column].isdigit()
    ]
    return sorted(found, key=lambda one: one[0], reverse=not lowest)


@pytest.mark.parametrize(
    ("question", "place", "column", "lowest", "begins", "count"),
    [
        ("highest paid jobs", "US", "annual_median", False, "", 5),
        ("top 10 highest paid jobs", "US", "annual_median", False, "", 10),
        ("best paid jobs in Texas", "TX", "annual_median", False, "", 5),
        ("top 3 paid jobs in Oregon", "OR", "annual_median", False, "", 3),
        ("lowest paid jobs", "US", "annual_median", True, "", 5),
        ("what are the lowest paid occupations in Ohio", "OH", "annual_median", True, "", 5),
        ("best paid jobs in healthcare in Ohio", "OH", "annual_median", False, "29-", 5),
        ("best paid jobs in construction in Ohio", "OH", "annual_median", False, "47-", 5),
        ("lowest paid jobs in education", "US", "annual_median", True, "25-", 5),
        ("most common jobs in Ohio", "OH", "employment", False, "", 5),
    ],
)
def test_a_list_is_in_the_published_order(
    bot: CareerBot,
    published: Published,
    question: str,
    place: str,
    column: str,
    lowest: bool,
    begins: str,
    count: int,
) -> None:
    reply = bot.ask(question)
    expected = ranked(published, place, column, lowest, begins)[:count]
    assert reply.chart and [bar.value for bar in reply.chart.bars] == [figure for figure, _ in expected]
    titles = {title for _, title in ranked(published, place, column)}
    for bar in reply.chart.bars:
        assert bar.label in titles and (bar.value, bar.label) in ranked(published, place, column)
        assert f"{bar.label}, {bar.shown}" in reply.text
    assert ("lowest" if lowest else "highest") in reply.text and f"in {shown(place)}" in reply.text


def test_top_coded_pay_is_not_put_in_an_order_but_named(bot: CareerBot) -> None:
    reply = bot.ask("best paid jobs in Texas")
    assert reply.text.endswith(
        "Left out of the order, as only “at least $239,200 a year” is published: Pediatric Surgeons."
    )
    assert reply.chart and "Pediatric Surgeons" not in [bar.label for bar in reply.chart.bars]
    states = bot.ask("which states pay cardiologists best")
    assert (
        "Left out of the order, as only “at least $239,200 a year” is published: Arizona, Colorado, Delaware and 10 more."
        in states.text
    )


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "which states pay registered nurses best",
            "California, $140,270 a year; Hawaii, $136,320 a year; Oregon, $129,010 a year; Washington, $124,200 a year; Alaska, $109,480 a year",
        ),
        ("which states pay nurses least", "Puerto Rico, $39,880 a year; Alabama, $77,080 a year; Mississippi, $77,090 a year"),
        ("which states employ most electricians", "Texas, 76,770; California, 73,310; Florida, 49,700; New York, 40,130; Ohio, 28,950"),
    ],
)  # fmt: skip
def test_states_are_listed_in_order(bot: CareerBot, question: str, told: str) -> None:
    assert told in bot.ask(question).text


# who is meant


@pytest.mark.parametrize(
    "title", ["engineer", "teacher", "professor", "surgeon", "pilot", "coder", "social worker"]
)
def test_a_title_that_may_mean_several_is_asked_back_with_at_most_four(bot: CareerBot, title: str) -> None:
    reply = bot.ask(f"what does a {title} earn in Ohio")
    assert reply.kind == "clarify" and "$" not in reply.text
    assert 2 <= len(reply.suggestions) <= 4 and all(
        question.endswith("earn in Ohio?") for question in reply.suggestions
    )


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("2", "Secondary School Teachers, Except Special and Career/Technical Education in Ohio: the median pay was $78,800 a year"),
        ("the second one", "Secondary School Teachers, Except Special and Career/Technical Education in Ohio: the median pay was $78,800"),
        ("preschool", "Preschool Teachers, Except Special Education in Ohio: the median pay was $35,180 a year"),
        pytest.param(
            "4", "Preschool Teachers, Except Special Education in Ohio: the median pay was $35,180 a year",
        ),
        pytest.param(
            "the fourth one", "Preschool Teachers, Except Special Education in Ohio: the median pay was $35,180 a year",
        ),
    ],
)  # fmt: skip
def test_a_number_or_a_word_chooses(bot: CareerBot, choice: str, told: str) -> None:
    assert told in talk(bot, "what do teachers earn in Ohio", choice).text


@pytest.mark.parametrize(
    "question",
    ["zebra electrician pay", "imaginary plumber salary in Ohio", "wizard nurse salary", "space teacher pay"],
)
def test_an_unknown_word_before_a_title_is_never_passed_over(bot: CareerBot, question: str) -> None:
    assert declined(bot.ask(question))


@pytest.mark.parametrize(
    "question",
    [
        "what do high school teachers earn",
        "what do high school teachers make",
        "what do middle school teachers make",
    ],
)
def test_the_kind_of_a_teacher_is_understood_whatever_the_verb(bot: CareerBot, question: str) -> None:
    reply = bot.ask(question)
    assert reply.kind == "answer" and "School Teachers" in reply.text


def test_a_description_is_only_ever_asked_back(bot: CareerBot) -> None:
    reply = bot.ask("what do people who repair elevators earn")
    assert reply.kind == "clarify" and "$" not in reply.text
    assert reply.suggestions[0].startswith("What do Elevator and Escalator Installers and Repairers earn")


def test_every_question_that_is_offered_is_answered(bot: CareerBot) -> None:
    asked = [
        "nurse salary in Texas",
        "what do teachers earn in Ohio",
        "nurse salary in France",
        "lowest paid jobs",
        "how many actors are there",
    ]
    offered = list(dict.fromkeys(question for reply in bot.ask_many(asked) for question in reply.suggestions))
    assert len(offered) >= 10
    for question, reply in zip(offered, bot.ask_many(offered), strict=True):
        assert reply.kind == "answer" and reply.citations, question
