"""Follow-ups: what was said before completes what is said now."""

from __future__ import annotations

import pytest

from chatbot.flow import ABOUT_THE_LAST, Code


@pytest.fixture(scope="module")
def bot(engineer_bot):
    """What is said here of other occupations holds where nothing on them is loaded."""
    return engineer_bot


def talk(bot, *questions: str):
    chat = bot.conversation()
    return [chat.ask(question) for question in questions]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (("ml salary uk", "germany"), "€53,202"),
        (("how much do ml engineers make in germany?", "and in the uk?"), "£50,484"),
        (("senior mle salary", "and entry level?"), "US$118,000"),
        (("in-state undergraduate cs tuition", "and out of state?"), "$33,627"),
        (("junior ml engineer duties", "no, I meant senior"), "mentor"),
        (("in-state undergraduate cs tuition", "and if I'm not?"), "$33,627"),
        (("ml salary uk", "ok thanks, and in germany?"), "€53,202"),
        (
            ("what does an ml engineer earn in india", "china?", "which is higher, china or india?"),
            "₹732,099",
        ),
        (("senior mle salary", "compare with entry level"), "US$118,000"),
    ],
)
def test_a_few_words_change_what_was_asked(bot, turns: tuple[str, ...], expected: str) -> None:
    reply = talk(bot, *turns)[-1]
    assert reply.kind == "answer"
    assert expected.lower() in reply.text.lower()


def test_a_missing_country_does_not_end_the_thread(bot) -> None:
    replies = talk(bot, "ml salary uk", "japan", "india")
    assert [str(reply.kind) for reply in replies] == ["answer", "unknown", "answer"]
    assert "₹732,099" in replies[-1].text


@pytest.mark.parametrize(
    "question", ["nurse salary in texas", "and nurses in germany?", "and law?", "what about plumbers?"]
)
def test_another_occupation_is_never_given_the_last_tables_figure(bot, question: str) -> None:
    reply = talk(bot, "senior mle salary usa", question)[-1]
    assert reply.kind == "unknown"
    assert reply.citations == ()
    assert not any(c.isdigit() for c in reply.text)


def test_a_named_company_is_not_given_the_countrys_figure(bot) -> None:
    reply = talk(bot, "senior mle salary usa", "at google in germany?")[-1]
    assert not any(c.isdigit() for c in reply.text)


def test_a_state_gets_the_national_figure_named_as_national(bot) -> None:
    reply = talk(bot, "ml salary uk", "and in texas?")[-1]
    assert "no figure for Texas itself; this is the national one" in reply.text
    assert "$112,356" in reply.text


def test_the_source_is_told_even_after_thanks(bot) -> None:
    replies = talk(bot, "ml salary uk", "thanks!", "where did you get that?")
    assert replies[1].kind == "smalltalk"
    assert [citation.source_id for citation in replies[2].citations] == ["mrl-day-in-the-life"]


def test_more_gives_something_new_each_time(bot) -> None:
    replies = talk(bot, "what are the bad sides of the job?", "tell me more", "tell me more")
    assert len({reply.text for reply in replies}) == 3


def test_a_number_chooses_among_the_questions_offered(bot) -> None:
    chat = bot.conversation()
    offered = chat.ask("ml salary in france").suggestions
    assert offered
    assert bot.knowledge.by_id[chat.ask("1").entry_ids[0]].question == offered[0]


def test_follow_up_words_alone_are_small_talk(bot) -> None:
    assert talk(bot, "tell me more")[0].kind == "smalltalk"


def test_a_completed_question_keeps_the_subject(bot) -> None:
    replies = talk(bot, "can i study machine learning online?", "would employers take that seriously?")
    assert replies[-1].kind == "answer"
    assert "credential" in replies[-1].text or "employer" in replies[-1].text.lower()
    assert replies[-1].why.code == Code.COMPLETED


@pytest.mark.parametrize(
    "aside", ["who won the world cup?", "which phone should i buy?", "how do i boil an egg"]
)
def test_the_topic_before_does_not_answer_an_off_topic_question(bot, aside: str) -> None:
    reply = talk(bot, "ml salary uk", aside)[-1]
    assert reply.kind == "unknown"
    assert reply.citations == ()


def test_thanks_with_a_word_more_is_small_talk(bot) -> None:
    replies = talk(bot, "what are the bad sides of the job?", "thanks, that's very helpful")
    assert replies[-1].kind == "smalltalk"


def test_who_said_it_names_whom_the_source_passes_on(bot) -> None:
    reply = talk(bot, "how fast is demand for ml engineers growing?", "says who?")[-1]
    assert "which passes on 365 Data Science" in reply.text


def test_until_when_is_not_taken_for_a_question_about_the_source(bot) -> None:
    assert not talk(bot, "when does the day of an ml engineer begin?", "until when?")[-1].text.startswith(
        "That is from"
    )


def test_a_reason_that_no_source_gives_is_not_made_up(bot) -> None:
    reply = talk(bot, "ml salary uk", "why?")[-1]
    if reply.why.code in ABOUT_THE_LAST:
        assert reply.text.startswith("No reason is given for that. That is from: ")
    else:
        assert bot.knowledge.by_id[reply.entry_id].topic == "pay"


@pytest.mark.parametrize("employer", ["and at google?", "what about at Microsoft", "at netflix?"])
def test_the_figure_just_told_is_not_known_of_one_employer(bot, employer: str) -> None:
    chat = bot.conversation()
    assert chat.ask("ml salary in germany").kind == "answer"
    reply = chat.ask(employer)
    assert (reply.kind, reply.citations) == ("unknown", ())
    assert "540,000" in chat.ask("and in china?").text
