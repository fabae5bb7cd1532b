"""Follow-ups: what was said before completes what is said now."""

from __future__ import annotations

import pytest


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


@pytest.mark.parametrize("question", ["nurse salary in texas", "and nurses in germany?", "and law?", "what about plumbers?"])
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
