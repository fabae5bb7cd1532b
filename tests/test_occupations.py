"""Official pay and employment of occupations: the shipped figures, asked for in plain words.

The figures were looked up by hand in knowledge/us-occupations/national.csv and states.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOT

from chatbot import CareerBot
from chatbot.bot import SHIPPED
from chatbot.exchange.onet import import_onet
from chatbot.language.regions import shown
from chatbot.reply import Reply

FOLDER = ROOT / "knowledge" / "us-occupations"
CODE = "O*NET-SOC Code"
Published = dict[tuple[str, str], dict[str, str]]
STAND_IN = "given as a stand-in, is Data Scientists (15-2051)"


def rows() -> Published:
    """The published rows by place and code, read without the program."""
    with (FOLDER / "national.csv").open(encoding="utf-8", newline="") as stream:
        found = {("US", row["code"]): row for row in csv.DictReader(stream)}
    with (FOLDER / "states.csv").open(encoding="utf-8", newline="") as stream:
        return found | {(row["state"], row["code"]): row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def published() -> Published:
    return rows()


def talk(bot: CareerBot, *questions: str) -> Reply:
    """The last reply of a conversation."""
    conversation = bot.conversation()
    return [conversation.ask(question) for question in questions][-1]


def declined(reply: Reply) -> bool:
    """No figure at all: no dollars, no source."""
    return reply.kind in {"unknown", "clarify"} and "$" not in reply.text and not reply.citations and reply.chart is None


# one figure


FIGURES = [
    ("What do registered nurses earn?", "Registered Nurses in the United States: the median pay was $97,550 a year ($46.90 an hour) in May 2025"),
    ("nurse salary in Texas", "Registered Nurses in Texas: the median pay was $95,970 a year ($46.14 an hour) in May 2025"),
    ("how much does an electrician make in ohio", "Electricians in Ohio: the median pay was $64,700 a year ($31.11 an hour) in May 2025"),
    ("electrician pay by the hour in Texas", "Electricians in Texas: the median pay was $28.16 an hour ($58,570 a year) in May 2025"),
    (
        "mean pay of electricians in Ohio",
        "the mean (average) pay was $68,840 a year ($33.09 an hour) in May 2025; the median, which half earn less than, was $64,700 a year",
    ),
    (
        "pay range of plumbers in California",
        "one in ten earned less than $47,350 a year (10th percentile), a quarter less than $58,980 a year, half less than $72,830 a year "
        "(the median); a quarter earned more than $100,200 a year, and one in ten more than $131,100 a year (90th percentile)",
    ),
    ("25th percentile of electrician pay", "the 25th percentile was $49,430 a year ($23.76 an hour), the 75th $83,940 a year"),
    ("top pay for dentists", "The 90th percentile of Dentists, General in the United States was $319,630 a year ($153.67 an hour) in May 2025"),
    ("how many electricians work in Ohio?", "28,950 Electricians were employed in Ohio in May 2025; the self-employed are not counted"),
    ("how many RNs are there", "3,379,720 Registered Nurses were employed in the United States in May 2025"),
    ("what is the median pay of all occupations in Ohio", "the median pay was $49,380 a year ($23.74 an hour) in May 2025"),
    ("How many people are employed in Texas in all?", "14,071,160 people were employed over all occupations in Texas"),
    ("how much does an actor earn a year", "the median pay was $29.05 an hour (no yearly figure is published for this occupation)"),
    ("hourly pay of flight attendants", "the median pay was $63,580 a year (no hourly figure is published for this occupation)"),
    ("pediatric surgeon salary in Texas", "the median pay was at least $239,200 a year (at least $115.00 an hour) in May 2025"),
    ("electricans salery in texas", "Electricians in Texas: the median pay was $58,570 a year"),
    ("barista salary", "Fast Food and Counter Workers in the United States: the median pay was $31,200 a year"),
    ("I'm a plumber, what do electricians earn in Ohio?", "Electricians in Ohio: the median pay was $64,700 a year"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "told"), FIGURES, ids=[question for question, _ in FIGURES])
def test_the_published_figure_is_told_with_its_place_and_period(bot: CareerBot, question: str, told: str) -> None:
    reply = bot.ask(question)
    assert reply.kind == "answer"
    assert told in reply.text


@pytest.mark.parametrize(
    "question", ["starting pay of electricians in Ohio", "entry level electrician salary in Ohio", "new electrician pay, Ohio"]
)
def test_the_10th_percentile_is_never_called_starting_pay(bot: CareerBot, question: str) -> None:
    text = bot.ask(question).text
    assert text.startswith("The 10th percentile of Electricians in Ohio was $40,750 a year ($19.59 an hour)")
    assert "It is not an entry-level or starting figure, which is not published" in text


WITHHELD = [
    ("software developer salary in Alaska", "The pay of Software Developers in Alaska is not published for May 2025."),
    ("nurse salary in Guam", "The pay of Registered Nurses in Guam is not published for May 2025."),
    ("biochemist salary in Wyoming", "The pay of Biochemists and Biophysicists in Wyoming is not published for May 2025."),
    (
        "how many transportation managers work in Alaska",
        "The number of Transportation, Storage, and Distribution Managers employed in Alaska is not published for May 2025.",
    ),
]


@pytest.mark.parametrize(("question", "told"), WITHHELD, ids=["pay withheld", "all withheld", "no such row", "employment withheld"])
def test_what_is_not_published_is_said_so_and_the_nation_is_offered(bot: CareerBot, question: str, told: str) -> None:
    reply = bot.ask(question)
    assert declined(reply) and reply.text == told
    assert "$" in bot.ask(reply.suggestions[0]).text or "employed in the United States" in bot.ask(reply.suggestions[0]).text


def test_the_citation_names_publisher_title_period_row_and_page(bot: CareerBot) -> None:
    (citation,) = bot.ask("what do nurses earn in Texas").citations
    assert (citation.publisher, citation.title) == (
        "US Bureau of Labor Statistics", "Occupational Employment and Wage Statistics, May 2025",
    )  # fmt: skip
    assert citation.section == "May 2025 estimates: Registered Nurses (29-1141), Texas"
    assert citation.url == "https://www.bls.gov/oes/"


# places


def test_every_state_and_territory_gives_its_own_figure_by_name_and_by_code(bot: CareerBot, published: Published) -> None:
    """Where a figure is withheld that is said; "LA" is rather a city."""
    states = sorted({place for place, _ in published} - {"US", "LA"})
    assert len(states) == 53
    for wording in ("electrician salary in {}", "what do electricians earn in {}?"):
        for form in (shown, str):
            replies = bot.ask_many([wording.format(form(state)) for state in states])
            for state, reply in zip(states, replies, strict=True):
                row = published.get((state, "47-2111"))
                told = f"${int(row['annual_median']):,} a year" if row and row["annual_median"].isdigit() else "is not published"
                assert told in reply.text and f"in {shown(state)}" in reply.text, (wording, state, reply.text)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("nurse pay tx", "in Texas: the median pay was $95,970"),
        ("nurse salary in Georgia", "in Georgia: the median pay was $93,550"),
        ("nurse pay in DC", "in the District of Columbia: the median pay was $102,540"),
        ("nurse salary in Washington DC", "in the District of Columbia: the median pay was $102,540"),
        ("nurse salary in Washington", "in Washington: the median pay was $124,200"),
        ("nurse salary in New York", "in New York: the median pay was $109,440"),
        ("nurse salary in Puerto Rico", "in Puerto Rico: the median pay was $39,880"),
        ("nurse salary in the US Virgin Islands", "in the Virgin Islands: the median pay was $84,120"),
        ("nurse pay nationwide", "in the United States: the median pay was $97,550"),
    ],
)
def test_a_place_is_known_by_its_names(bot: CareerBot, question: str, told: str) -> None:
    assert told in bot.ask(question).text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("nurse salary in France", "figures for the US only, none for France"),
        ("nurse salary in Berlin", "figures for the US only, none for Berlin"),
        ("tell me the pay of nurses in the UK", "figures for the US only, none for the UK"),
        ("electrician pay in Los Angeles", "no figures by city, so none for Los Angeles"),
        ("nurse salary in vegas", "no figures by city, so none for vegas"),
        ("nurse salary in Ontario, California", "no figures by city, so none for Ontario"),
        ("nurse salary in Texas in 2019", "May 2025"),
        ("85th percentile of nurse pay", "the 10th, 25th, 50th (median), 75th and 90th percentile only"),
        ("nurse pay after tax in Ohio", "hold nothing on taxes and deductions"),
        ("nurse salary at Kaiser", "not broken down by employer"),
        ("overtime pay of nurses in Texas", "do not set out tips, bonuses, overtime"),
        ("freelance electrician pay", "nothing on what the self-employed"),
        ("nurse salary last year", "Only the official US figures for May 2025 are loaded"),
        ("electrician pay by county in Ohio", ""),
        ("pay of female electricians", ""),
        ("will electrician pay go up next year", ""),
        ("what is the salary of the US president", "no figures under the name us president"),
        ("prime minister salary", "no figures under the name prime minister"),
        ("wizard salary", "nothing under that name"),
        ("product manager salary", ""),
    ],
)
def test_what_the_figures_do_not_hold_is_declined(bot: CareerBot, question: str, told: str) -> None:
    reply = bot.ask(question)
    assert declined(reply), reply.text
    assert told in reply.text


def test_la_is_a_city_or_a_state_but_not_laos(bot: CareerBot) -> None:
    assert "Laos" not in bot.ask("nurse pay in LA").text


@pytest.mark.parametrize(
    "question", ["show the salary of electricians to me", "nurse salary, is it good for me", "I want to be a nurse, is the pay OK"]
)
def test_words_that_only_look_like_codes_name_no_state(bot: CareerBot, question: str) -> None:
    reply = bot.ask(question)
    assert "Maine" not in reply.text and "Oklahoma" not in reply.text


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
def test_a_comparison_shows_both_figures_and_says_what_is_worked_out(bot: CareerBot, question: str, parts: tuple[str, str]) -> None:
    reply = bot.ask(question)
    assert " Worked out from these: ".join(parts) in reply.text
    assert all("; " in citation.section for citation in reply.citations), "both rows are cited"


@pytest.mark.parametrize(
    ("question", "listed"),
    [
        ("do cardiologists earn more in Colorado or in Ohio", "Colorado at least $239,200 a year; Ohio $504,260 a year."),
        (
            "cardiologist vs pediatric surgeon salary in Texas",
            "Cardiologists $410,150 a year; Pediatric Surgeons at least $239,200 a year.",
        ),
        ("airline pilots vs actors pay", "Airline Pilots, Copilots, and Flight Engineers $232,140 a year; Actors $29.05 an hour."),
    ],
)
def test_nothing_is_worked_out_where_a_figure_is_top_coded_or_in_another_unit(bot: CareerBot, question: str, listed: str) -> None:
    text = bot.ask(question).text
    assert text.endswith(listed) and "times" not in text


def ranked(published: Published, place: str, column: str, lowest: bool = False, begins: str = "") -> list[tuple[int, str]]:
    """Figures and titles of detailed occupations in order, from the files alone."""
    levels = {code: row for (where, code), row in published.items() if where == "US"}
    found = [
        (int(row[column]), levels[code]["title"])
        for (where, code), row in published.items()
        if where == place and levels[code]["level"] == "detailed" and code.startswith(begins) and row[column].isdigit()
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
    bot: CareerBot, published: Published, question: str, place: str, column: str, lowest: bool, begins: str, count: int
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
    assert reply.text.endswith("Left out of the order, as only “at least $239,200 a year” is published: Pediatric Surgeons.")
    assert reply.chart and "Pediatric Surgeons" not in [bar.label for bar in reply.chart.bars]
    states = bot.ask("which states pay cardiologists best")
    assert "Left out of the order, as only “at least $239,200 a year” is published: Arizona, Colorado, Delaware and 10 more." in states.text


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


@pytest.mark.parametrize("title", ["engineer", "teacher", "professor", "surgeon", "pilot", "coder", "social worker"])
def test_a_title_that_may_mean_several_is_asked_back_with_at_most_four(bot: CareerBot, title: str) -> None:
    reply = bot.ask(f"what does a {title} earn in Ohio")
    assert reply.kind == "clarify" and "$" not in reply.text
    assert 2 <= len(reply.suggestions) <= 4 and all(question.endswith("earn in Ohio?") for question in reply.suggestions)


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
    "question", ["zebra electrician pay", "imaginary plumber salary in Ohio", "wizard nurse salary", "space teacher pay"]
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


# machine learning engineers


def test_the_stand_in_is_labelled_and_stands_beside_the_articles(bot: CareerBot) -> None:
    reply = bot.ask("What does a machine learning engineer earn in the US?")
    assert reply.text.startswith("The average machine learning engineer salary in the US is $112,356")
    assert STAND_IN in reply.text
    assert reply.text.index(STAND_IN) < reply.text.index("Data Scientists in the United States: the median pay was $120,230 a year")
    assert {"US Bureau of Labor Statistics"} < {citation.publisher for citation in reply.citations}


def test_a_state_is_told_by_the_stand_in_and_the_articles_national_figure_says_so(bot: CareerBot) -> None:
    text = bot.ask("what do machine learning engineers make in Texas").text
    assert text.startswith("I have no figure for Texas itself; this is the national one.")
    assert f"{STAND_IN}. Data Scientists in Texas: the median pay was $122,090 a year" in text


@pytest.mark.parametrize(
    "question",
    [
        "What do machine learning engineers earn in Germany?",
        "Do I need a degree to become a machine learning engineer?",
        "what does a machine learning engineer do all day?",
        "is machine learning engineering stressful?",
        "which programming language should an ml engineer learn?",
        "how much does it cost to study computer science at university?",
    ],
)
def test_a_question_about_machine_learning_engineers_is_answered_as_without_the_figures(
    bot: CareerBot, engineer_bot: CareerBot, question: str
) -> None:
    reply, alone = bot.ask(question), engineer_bot.ask(question)
    assert alone.kind == "answer"
    assert (reply.kind, reply.text, reply.citations) == (alone.kind, alone.text, alone.citations)


# what follows


FOLLOWED = [
    (("what do nurses earn in Texas", "and in California?"), "Registered Nurses in California: the median pay was $140,270 a year"),
    (("what do nurses earn in TX", "and in CA"), "Registered Nurses in California: the median pay was $140,270 a year"),
    (("nurse pay in California", "and plumbers?"), "Steamfitters in California: the median pay was $72,830 a year"),
    (("pay of electricians in Ohio", "mean?"), "Electricians in Ohio: the mean (average) pay was $68,840 a year"),
    (("pay of electricians in Ohio", "and the range?"), "one in ten earned less than $40,750 a year (10th percentile)"),
    (("pay of electricians in Ohio", "what about the top 10 percent?", "and in Texas?"), "90th percentile of Electricians in Texas was $80,300"),
    (("pay of electricians in Ohio", "by the hour?"), "Electricians in Ohio: the median pay was $31.11 an hour ($64,700 a year)"),
    (("pay of electricians in Ohio", "by the hour?", "and in Texas?"), "Electricians in Texas: the median pay was $28.16 an hour ($58,570 a year)"),
    (("pay of electricians in Ohio", "how many are there?"), "28,950 Electricians were employed in Ohio"),
    (("how many electricians work in Ohio", "what do they earn?"), "Electricians in Ohio: the median pay was $64,700 a year"),
    (("how many electricians are there in Ohio", "per hour?"), "Electricians in Ohio: the median pay was $31.11 an hour ($64,700 a year)"),
    (("pay of electricians in Ohio", "compared with plumbers"), "$1,370 a year more for Electricians, 1.02 times as much."),
    (("what do nurses earn in Texas", "how does that compare with California?"), "Texas $95,970 a year; California $140,270 a year."),
    (("electrician vs plumber pay", "and in Texas?"), "In Texas, median pay in May 2025: Electricians $58,570 a year; Plumbers"),
    (("pay of electricians in Ohio", "and nationwide?"), "Electricians in the United States: the median pay was $63,190 a year"),
    (("what do nurses earn", "tell me more"), "one in ten earned less than $68,940 a year (10th percentile)"),
    (("engineer salary in Texas", "civil", "and in Ohio?"), "Civil Engineers in Ohio: the median pay was"),
    (("nurse salary in Guam", "and in Texas?"), "Registered Nurses in Texas: the median pay was $95,970 a year"),
    (("nurse salary in France", "and in Ohio?"), "Registered Nurses in Ohio: the median pay was $82,510 a year"),
    (("pay of electricians in Ohio", "thanks", "and in Texas?"), "Electricians in Texas: the median pay was $58,570 a year"),
    (("top paying jobs", "in Texas?"), "The highest median pay in Texas, May 2025: Cardiologists, $410,150 a year"),
    (("which states pay electricians best", "and plumbers?"), "of Plumbers, Pipefitters, and Steamfitters by state and territory"),
    (("What does a machine learning engineer earn in the US?", "and in Germany?"), "salary in Germany is €53,202"),
]  # fmt: skip


@pytest.mark.parametrize(("questions", "told"), FOLLOWED, ids=[" / ".join(questions) for questions, _ in FOLLOWED])
def test_a_few_words_change_one_thing_and_keep_the_others(bot: CareerBot, questions: tuple[str, ...], told: str) -> None:
    reply = talk(bot, *questions)
    assert reply.kind == "answer"
    assert told in reply.text


@pytest.mark.parametrize("questions", [("top paying jobs", "and the lowest?"), ("which states pay electricians best", "and the lowest?")])
def test_the_other_end_of_a_list_may_be_asked_for(bot: CareerBot, questions: tuple[str, ...]) -> None:
    assert "lowest" in talk(bot, *questions).text


def test_the_nation_as_a_whole_is_a_place(bot: CareerBot) -> None:
    text = talk(bot, "pay of electricians in Ohio", "and the us as a whole?").text
    assert text.startswith("Electricians in the United States: the median pay was $63,190 a year")


def test_where_a_figure_is_from_is_told(bot: CareerBot) -> None:
    reply = talk(bot, "what do nurses earn in Texas", "where is that from?")
    assert "US Bureau of Labor Statistics: Occupational Employment and Wage Statistics, May 2025" in reply.text
    assert [citation.section for citation in reply.citations] == ["May 2025 estimates: Registered Nurses (29-1141), Texas"]


def test_a_conversation_goes_on_after_it_was_saved(bot: CareerBot) -> None:
    before = bot.conversation()
    before.ask("what do nurses earn in Texas")
    reply = bot.resume(before.to_dict()).ask("and in California?")
    assert "Registered Nurses in California: the median pay was $140,270 a year" in reply.text


# figures for drawing


@pytest.mark.parametrize(
    ("question", "unit", "values"),
    [
        ("pay range of plumbers in California", "US dollars a year", [47350, 58980, 72830, 100200, 131100]),
        ("pay range of electricians by the hour", "US dollars an hour", [20.50, 23.76, 30.38, 40.36, 52.17]),
        ("pay range of actors", "US dollars an hour", [16.50, 20.34, 29.05, 97.95, 143.68]),
        ("do nurses earn more in Texas or in California?", "US dollars a year", [95970, 140270]),
        ("which states employ most electricians", "people employed", [76770, 73310, 49700, 40130, 28950]),
    ],
)
def test_the_bars_are_the_figures_of_the_text(bot: CareerBot, question: str, unit: str, values: list[float]) -> None:
    reply = bot.ask(question)
    assert reply.chart and reply.chart.unit == unit
    assert [bar.value for bar in reply.chart.bars] == values
    assert all(bar.shown in reply.text for bar in reply.chart.bars)


def test_nothing_is_drawn_of_one_figure_or_of_two_units(bot: CareerBot) -> None:
    assert [bot.ask(question).chart for question in ("how many electricians work in Ohio?", "airline pilots vs actors pay")] == [None, None]


# several at once


def test_two_threads_that_ask_at_once_get_the_same_as_one(bot: CareerBot) -> None:
    questions = [question for question, _ in FIGURES]
    alone = [bot.ask(question).text for question in questions]
    with ThreadPoolExecutor(2) as pool:
        both = pool.map(lambda order: [bot.ask(question).text for question in questions[::order]], (1, -1))
        first, second = both
    assert first == alone and second == alone[::-1]


# with a pack of O*NET


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
        ("what does a registered nurse do?", "O*NET lists these among the tasks of Registered Nurses: Monitor patients. Give medicine."),
        ("jobs like nurse", "O*NET names these occupations as the closest to Registered Nurses: Bakers."),
    ],
)
def test_what_o_net_tells_cites_it_with_its_licence(onet: CareerBot, question: str, told: str) -> None:
    reply = onet.ask(question)
    assert reply.text == told
    (citation,) = reply.citations
    assert citation.title == "O*NET 30.1 Database" and citation.section.endswith("Registered Nurses (29-1141.00)")
    assert "CC BY 4.0" in (citation.note or "")


def test_an_alternate_title_says_whose_it_is_beside_the_figure(onet: CareerBot) -> None:
    text = onet.ask("bedside zebra nurse salary in Texas").text
    assert "“bedside zebra nurse” is among the titles listed under Registered Nurses." in text
    assert "Registered Nurses in Texas: the median pay was $95,970 a year" in text


def test_a_code_without_a_row_names_the_broader_group(onet: CareerBot, published: Published) -> None:
    reply = onet.ask("widget purchaser salary")
    row = published["US", "13-1020"]
    assert "Purchasing Agents, Except Wholesale, Retail, and Farm Products are counted within a broader group." in reply.text
    assert f"{row['title']} in the United States: the median pay was ${int(row['annual_median']):,} a year" in reply.text


def test_an_alternate_title_of_two_occupations_is_asked_back_the_larger_first(onet: CareerBot) -> None:
    reply = onet.ask("ward hand salary")
    assert reply.kind == "clarify"
    assert [question.partition(" earn ")[0] for question in reply.suggestions] == ["What do Registered Nurses", "What do Bakers"]


def test_an_alternate_title_changes_no_everyday_one(onet: CareerBot) -> None:
    assert "Plumbers, Pipefitters, and Steamfitters in Ohio: the median pay was $63,330 a year" in onet.ask("plumber pay in Ohio").text


def test_what_o_net_does_not_tell_is_said(onet: CareerBot) -> None:
    reply = onet.ask("what does a plumber do?")
    assert declined(reply)


def test_where_figures_do_not_tell_it_they_are_offered_for_what_was_named(bot: CareerBot) -> None:
    reply = bot.ask("what do plumbers in Ohio earn after tax")
    assert declined(reply)
    assert reply.suggestions == ("What do Plumbers, Pipefitters, and Steamfitters earn in Ohio?",)


def test_an_official_figure_is_not_known_of_one_employer(bot: CareerBot) -> None:
    chat = bot.conversation()
    chat.ask("software developer pay in texas")
    assert chat.ask("at google").text == "I have no figures by employer."
    assert chat.ask("and in ohio").text.startswith("Software Developers in Ohio: the median pay was $114,090 a year")
