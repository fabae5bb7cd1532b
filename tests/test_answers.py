"""The right fact, in many voices; and what is not known is not claimed."""

from __future__ import annotations

import pytest

from chatbot.flow import Code

FIGURES = [
    "540,000",
    "53,202",
    "732,099",
    "112,356",
    "50,484",
    "118,000",
    "156,000",
    "208,000",
    "10,162",
    "33,627",
    "11,404",
    "25,678",
]


@pytest.fixture(scope="module")
def bot(engineer_bot):
    """What is said here of other occupations holds where nothing on them is loaded."""
    return engineer_bot


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("ML pay in China please", ["540,000 CNY"]),
        ("I'm off to Bangalore to train models, what's the money like over there?", ["₹732,099", "national"]),
        ("US average for a machine learning engineer", ["$112,356", "US$156,000"]),
        ("senior machine learning engineer salary", ["US$208,000", "Glassdoor"]),
        ("what does a newbie ML engineer get in dollars", ["US$118,000"]),
        ("tuition for out of state grad students in CS", ["$25,678"]),
        ("Master's in computing as a resident, the price?", ["$11,404"]),
        ("cs degree cost", ["$10,162", "$33,627", "$11,404", "$25,678"]),
        ("what is deepmind's blog good for", ["DeepMind"]),
        ("what happens around 1 PM", ["meeting"]),
        ("need git?", ["version control"]),
        ("Do I need a Master's?", ["Master", "PhD", "MRL"]),
    ],
)
def test_the_thing_asked_for_is_told(bot, question: str, expected: list[str]) -> None:
    reply = bot.ask(question)
    assert reply.kind == "answer", reply
    for text in expected:
        assert text.lower() in reply.text.lower()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "ml engineer salary in france",
            "I have no salary figure for France. I have averages for China, Germany, India, the US and the UK.",
        ),
        ("junior ml engineer pay in germany", "I have no salary figure for"),
        ("phd tuition in computer science", "I have no tuition figure for PhD"),
        ("tuition fees in germany", None),
        ("nurse salary", None),
        ("what do dentists earn in the uk", None),
        ("which visa do i need", None),
        ("how many holidays do ml engineers get", None),
        ("what is the capital of peru", None),
    ],
)
def test_what_is_not_known_is_not_answered_with_a_neighbour(bot, question: str, said: str | None) -> None:
    reply = bot.ask(question)
    assert reply.kind == "unknown", reply
    assert reply.citations == ()
    assert not any(figure in reply.text for figure in FIGURES)
    if said:
        assert said in reply.text


def test_sources_that_disagree_stand_side_by_side(bot) -> None:
    reply = bot.ask("what do ml engineers earn in the us on average?")
    assert {citation.source_id for citation in reply.citations} == {
        "mrl-day-in-the-life",
        "how-to-become-mle",
    }
    assert any(citation.origin == "Glassdoor" for citation in reply.citations)


def test_half_of_a_question_is_answered_and_the_other_half_named(bot) -> None:
    reply = bot.ask("ml salary in germany or france?")
    assert "€53,202" in reply.text
    assert "no figure for France" in reply.text


def test_no_answer_is_longer_than_a_reader_wants(bot) -> None:
    replies = bot.ask_many([entry.question for entry in bot.knowledge.entries])
    assert max(len(reply.text.split()) for reply in replies) <= 120


def test_an_entrys_own_question_leads_to_it_or_to_its_sibling(bot) -> None:
    replies = bot.ask_many([entry.question for entry in bot.knowledge.entries])
    strays = [e.id for e, r in zip(bot.knowledge.entries, replies, strict=True) if e.id not in r.entry_ids]
    assert len(strays) <= 0.02 * len(replies), strays
    assert all(reply.kind == "answer" for reply in replies if reply.entry_id)


def test_distress_gets_a_kind_word_and_no_career_fact(bot) -> None:
    reply = bot.ask("i don't want to live anymore")
    assert reply.kind == "refusal"
    assert reply.citations == () and reply.suggestions == ()
    assert "sorry" in reply.text.lower()


@pytest.mark.parametrize(
    ("question", "entries"),
    [
        ("compare ML jobs in insurance and in telecoms", {"insurance-jobs", "telecom-jobs"}),
        ("do i need python and docker?", {"python-needed", "docker"}),
        ("What would I do in banking, and what in hospitals?", {"finance-jobs", "healthcare-jobs"}),
    ],
)
def test_two_things_in_one_question_are_both_answered(bot, question: str, entries: set[str]) -> None:
    reply = bot.ask(question)
    assert reply.kind == "answer"
    assert {entry.partition("/")[2] for entry in reply.entry_ids} == entries
    assert len(reply.text.split()) <= 120
    if reply.why.code == Code.TWO_THINGS:  # each answer under its own question
        assert all(bot.knowledge.by_id[entry].question in reply.text for entry in reply.entry_ids)


@pytest.mark.parametrize(
    "question",
    [
        "wie viel verdient man denn da so im Jahr?",
        "quanto guadagna un ingegnere al mese",
        "機械学習エンジニアの一日",
        "hva slags utdanning trenger jeg",
    ],
)
def test_another_language_is_told_so_in_one_line(bot, question: str) -> None:
    reply = bot.ask(question)
    assert reply.kind == "unknown"
    assert "I understand only English" in reply.text


@pytest.mark.parametrize("question", ["wlb mle", "asdf qwer", "flumox grabble wug", "kubernetes keras"])
def test_english_and_gibberish_are_not_taken_for_another_language(bot, question: str) -> None:
    assert "only English" not in bot.ask(question).text


def test_gibberish_that_spelling_turns_into_words_is_not_answered(bot) -> None:
    assert [str(bot.ask(text).kind) for text in ("qwe rty uio zxc", "blorp snizzle wug tarn")] == [
        "unknown",
        "unknown",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "I was a line cook for years and never went to college. Are there other ways into machine learning?",
        "My brother is a backend dev and laughs at me. Do ML engineers really need Python?",
    ],
)
def test_an_occupation_in_the_story_is_not_what_is_asked_about(bot, question: str) -> None:
    assert bot.ask(question).kind == "answer"


@pytest.mark.parametrize(
    "question", ["My aunt is a nurse. What do nurses earn?", "I like nursing. What does it pay?"]
)
def test_another_occupation_that_is_asked_about_is_declined(bot, question: str) -> None:
    reply = bot.ask(question)
    assert reply.kind == "unknown"
    assert not any(figure in reply.text for figure in FIGURES)


def test_thanks_in_another_language_names_no_place_and_is_not_respelt(bot) -> None:
    reply = bot.ask("gracias")
    assert reply.kind == "smalltalk"
    assert reply.facets == {}
