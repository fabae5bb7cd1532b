"""Official pay and employment of occupations: the shipped figures, asked for in plain words.

The figures were looked up by hand in knowledge/us-occupations/national.csv and states.csv.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from official import Published, declined

from chatbot import CareerBot
from chatbot.language.regions import shown

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
def test_the_published_figure_is_told_with_its_place_and_period(
    bot: CareerBot, question: str, told: str
) -> None:
    reply = bot.ask(question)
    assert reply.kind == "answer"
    assert told in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "starting pay of electricians in Ohio",
        "entry level electrician salary in Ohio",
        "new electrician pay, Ohio",
    ],
)
def test_the_10th_percentile_is_never_called_starting_pay(bot: CareerBot, question: str) -> None:
    text = bot.ask(question).text
    assert text.startswith("The 10th percentile of Electricians in Ohio was $40,750 a year ($19.59 an hour)")
    assert "It is not an entry-level or starting figure, which is not published" in text


WITHHELD = [
    (
        "software developer salary in Alaska",
        "The pay of Software Developers in Alaska is not published for May 2025.",
    ),
    ("nurse salary in Guam", "The pay of Registered Nurses in Guam is not published for May 2025."),
    (
        "biochemist salary in Wyoming",
        "The pay of Biochemists and Biophysicists in Wyoming is not published for May 2025.",
    ),
    (
        "how many transportation managers work in Alaska",
        "The number of Transportation, Storage, and Distribution Managers employed in Alaska is not published for May 2025.",
    ),
]


@pytest.mark.parametrize(
    ("question", "told"), WITHHELD, ids=["pay withheld", "all withheld", "no such row", "employment withheld"]
)
def test_what_is_not_published_is_said_so_and_the_nation_is_offered(
    bot: CareerBot, question: str, told: str
) -> None:
    reply = bot.ask(question)
    assert declined(reply) and reply.text == told
    assert (
        "$" in bot.ask(reply.suggestions[0]).text
        or "employed in the United States" in bot.ask(reply.suggestions[0]).text
    )


def test_the_citation_names_publisher_title_period_row_and_page(bot: CareerBot) -> None:
    (citation,) = bot.ask("what do nurses earn in Texas").citations
    assert (citation.publisher, citation.title) == (
        "US Bureau of Labor Statistics", "Occupational Employment and Wage Statistics, May 2025",
    )  # fmt: skip
    assert citation.section == "May 2025 estimates: Registered Nurses (29-1141), Texas"
    assert citation.url == "https://www.bls.gov/oes/"


# places


def test_every_state_and_territory_gives_its_own_figure_by_name_and_by_code(
    bot: CareerBot, published: Published
) -> None:
    """Where a figure is withheld that is said; "LA" is rather a city."""
    states = sorted({place for place, _ in published} - {"US", "LA"})
    assert len(states) == 53
    for wording in ("electrician salary in {}", "what do electricians earn in {}?"):
        for form in (shown, str):
            replies = bot.ask_many([wording.format(form(state)) for state in states])
            for state, reply in zip(states, replies, strict=True):
                row = published.get((state, "47-2111"))
                told = (
                    f"${int(row['annual_median']):,} a year"
                    if row and row["annual_median"].isdigit()
                    else "is not published"
                )
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
        ("electrician pay in Toronto", "figures for the US only, none for Toronto"),
        ("nurse salary in narnia", "no figures for narnia"),
        ("nurse salary in Texas in 2019", "May 2025"),
        ("85th percentile of nurse pay", "the 10th, 25th, 50th (median), 75th and 90th percentile only"),
        ("nurse pay after tax in Ohio", "hold nothing on taxes and deductions"),
        ("nurse salary at Kaiser", "but not by employer"),
        ("overtime pay of nurses in Texas", "do not set out tips, bonuses, overtime"),
        ("freelance electrician pay", "nothing on what the self-employed"),
        ("nurse salary last year", "The pay and employment loaded here are those of May 2025 alone"),
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
    "question",
    [
        "show the salary of electricians to me",
        "nurse salary, is it good for me",
        "I want to be a nurse, is the pay OK",
    ],
)
def test_words_that_only_look_like_codes_name_no_state(bot: CareerBot, question: str) -> None:
    reply = bot.ask(question)
    assert "Maine" not in reply.text and "Oklahoma" not in reply.text


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
def test_the_bars_are_the_figures_of_the_text(
    bot: CareerBot, question: str, unit: str, values: list[float]
) -> None:
    reply = bot.ask(question)
    assert reply.chart and reply.chart.unit == unit
    assert [bar.value for bar in reply.chart.bars] == values
    assert all(bar.shown in reply.text for bar in reply.chart.bars)


def test_nothing_is_drawn_of_one_figure_or_of_two_units(bot: CareerBot) -> None:
    assert [
        bot.ask(question).chart
        for question in ("how many electricians work in Ohio?", "airline pilots vs actors pay")
    ] == [None, None]


# several at once


def test_two_threads_that_ask_at_once_get_the_same_as_one(bot: CareerBot) -> None:
    questions = [question for question, _ in FIGURES]
    alone = [bot.ask(question).text for question in questions]
    with ThreadPoolExecutor(2) as pool:
        both = pool.map(lambda order: [bot.ask(question).text for question in questions[::order]], (1, -1))
        first, second = both
    assert first == alone and second == alone[::-1]
