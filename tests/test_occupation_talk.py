"""Official figures beside the articles on machine learning engineers, and in a conversation."""

from __future__ import annotations

import pytest
from official import declined, talk

from chatbot import CareerBot

STAND_IN = "given as a stand-in, is Data Scientists (15-2051)"


# machine learning engineers


def test_the_stand_in_is_labelled_and_stands_beside_the_articles(bot: CareerBot) -> None:
    reply = bot.ask("What does a machine learning engineer earn in the US?")
    assert reply.text.startswith("The average machine learning engineer salary in the US is $112,356")
    assert STAND_IN in reply.text
    assert reply.text.index(STAND_IN) < reply.text.index(
        "Data Scientists in the United States: the median pay was $120,230 a year"
    )
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
        "is being a machine learning engineer stressful?",
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


@pytest.mark.parametrize(
    ("questions", "told"), FOLLOWED, ids=[" / ".join(questions) for questions, _ in FOLLOWED]
)
def test_a_few_words_change_one_thing_and_keep_the_others(
    bot: CareerBot, questions: tuple[str, ...], told: str
) -> None:
    reply = talk(bot, *questions)
    assert reply.kind == "answer"
    assert told in reply.text


@pytest.mark.parametrize(
    "questions",
    [("top paying jobs", "and the lowest?"), ("which states pay electricians best", "and the lowest?")],
)
def test_the_other_end_of_a_list_may_be_asked_for(bot: CareerBot, questions: tuple[str, ...]) -> None:
    assert "lowest" in talk(bot, *questions).text


def test_the_nation_as_a_whole_is_a_place(bot: CareerBot) -> None:
    text = talk(bot, "pay of electricians in Ohio", "and the us as a whole?").text
    assert text.startswith("Electricians in the United States: the median pay was $63,190 a year")


def test_where_a_figure_is_from_is_told(bot: CareerBot) -> None:
    reply = talk(bot, "what do nurses earn in Texas", "where is that from?")
    assert (
        "US Bureau of Labor Statistics: Occupational Employment and Wage Statistics, May 2025" in reply.text
    )
    assert [citation.section for citation in reply.citations] == [
        "May 2025 estimates: Registered Nurses (29-1141), Texas"
    ]


def test_a_conversation_goes_on_after_it_was_saved(bot: CareerBot) -> None:
    before = bot.conversation()
    before.ask("what do nurses earn in Texas")
    reply = bot.resume(before.to_dict()).ask("and in California?")
    assert "Registered Nurses in California: the median pay was $140,270 a year" in reply.text


def test_where_figures_do_not_tell_it_they_are_offered_for_what_was_named(bot: CareerBot) -> None:
    reply = bot.ask("what do plumbers in Ohio earn after tax")
    assert declined(reply)
    assert reply.suggestions == ("What do Plumbers, Pipefitters, and Steamfitters earn in Ohio?",)


def test_an_official_figure_is_not_known_of_one_employer(bot: CareerBot) -> None:
    chat = bot.conversation()
    chat.ask("software developer pay in texas")
    assert chat.ask("at google").text == "I have no figures by employer."
    assert chat.ask("and in ohio").text.startswith(
        "Software Developers in Ohio: the median pay was $114,090 a year"
    )
