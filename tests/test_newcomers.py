"""What people meet who have read nothing: questions without a subject, refusals, follow-ups without a
conversation, reasons that must be true, questions that the bot offers itself, several questions at once.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from bees import FACTS

from chatbot import CareerBot

ENGINEER = "machine-learning-engineer"
NURSES = "3,379,720 Registered Nurses"


def talk(bot: CareerBot, *messages: str):
    """The last reply of a conversation."""
    chat = bot.conversation()
    return [chat.ask(message) for message in messages][-1]


# no subject, no fact of a career


@pytest.mark.parametrize(
    "messages",
    [
        ["is 100k a good salary in texas"],
        ["is 60k enough in ohio"],
        ["would $85,000 be good in maine"],
        ["which job should I choose"],
        ["salary"],
        ["pay"],
        ["PM salary"],
        ["jobs that are in demand"],
        ["I hate my job"],
        ["jobs in retail"],
        ["careers in tourism"],
        ["what should I study"],
        ["is it worth it"],
        ["how stressful is the job"],
        ["do I have to work weekends"],
        ["what trades are there"],
        ["what does a welder make in rhode island", "how do they compare with the average worker"],
        ["what does a roofer make", "is that more than average"],
        ["highest paid job in delaware", "second highest?"],
        ["highest paid job in delaware", "and the lowest?"],
        ["top 10 highest paying jobs", "what about without a degree"],
        ["best paid jobs in utah", "any without college"],
    ],
    ids=" | ".join,
)
def test_a_question_without_a_subject_is_not_answered_with_a_career(bot, messages) -> None:
    reply = talk(bot, *messages)
    assert not any(name.startswith(ENGINEER) for name in reply.entry_ids), reply.text


@pytest.mark.parametrize(
    "amount", ["is 100k good in texas", "is 75k a good salary in ohio", "is $30 an hour good"]
)
def test_an_amount_of_nobody_is_asked_back_and_completed_by_a_name(bot, amount: str) -> None:
    chat = bot.conversation()
    assert chat.ask(amount).kind == "clarify"
    told = chat.ask("plumbers")
    assert told.kind == "answer" and "Plumbers" in told.text
    place = {"texas": "Texas", "ohio": "Ohio"}.get(amount.rsplit(maxsplit=1)[-1])
    assert not place or place in told.text


def test_the_lowest_after_the_highest_is_of_the_same_place(bot) -> None:
    for place in ("Delaware", "Ohio", "Maine", "Utah", "Kansas"):
        assert (
            f"The lowest median pay in {place}"
            in talk(bot, f"highest paid job in {place}", "and the lowest?").text
        )


# refusals


@pytest.mark.parametrize(
    "messages",
    [
        ["how much does an engineer make in ohio", "what about women"],
        ["plumber pay", "what about men?"],
        ["plumber pay", "and men"],
        ["nurse pay in utah", "and for women"],
        ["carpenter wages", "women only"],
        ["teacher pay in maine", "what about old people"],
        ["how do I become a nurse"],
        ["how do i become a doctor"],
        ["can i get a job as a plumber"],
        ["im scared of heights, can i be a roofer"],
        ["i hurt my back at work"],
        ["this deadline is killing me lol"],
    ],
    ids=" | ".join,
)
def test_nobody_is_refused_for_a_harmless_question(bot, messages) -> None:
    assert talk(bot, *messages).kind != "refusal"


@pytest.fixture(scope="module")
def small(bot, tmp_path_factory: pytest.TempPathFactory, cache: Path) -> CareerBot:
    """A small pack of one's own, with the shipped intents."""
    folder = tmp_path_factory.mktemp("small") / "bees"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text("id: bees\ntitle: Bees\nabout: keeping bees\n", encoding="utf-8")
    (folder.parent / "sources.yaml").write_text(
        "sources:\n  - {id: book, title: The hive, kind: article, published: 2020-01-01}\n", encoding="utf-8"
    )
    entries = "".join(
        f"  - id: {name}\n    question: How do I {asked}?\n    answer: {answer}\n    citations: [{{source: book, section: One}}]\n"
        f"    phrasings: [{asked}, how to {asked}, best way to {asked}]\n"
        for name, (asked, answer) in FACTS.items()
    )
    (folder / "day.yaml").write_text(f"topic: day\ntitle: Day\nentries:\n{entries}", encoding="utf-8")
    return CareerBot(folder.parent, encoder=bot.engine.encoder, cache=cache)


@pytest.mark.parametrize(
    "question",
    ["how do I become a nurse", "how do i become a doctor", "can i get a job as a plumber", "what should i wear",
     "how do i make honey", "is it dangerous", "what do I earn", "what about women", "do I need a degree"],
)  # fmt: skip
def test_a_small_pack_of_ones_own_insults_nobody_and_swallows_nothing(
    small: CareerBot, question: str
) -> None:
    reply = small.ask(question)
    assert reply.kind not in {"refusal", "answer"}, reply.text


# a follow-up without its conversation


@pytest.mark.parametrize(
    "question",
    [
        "and in ohio?",
        "and in texas",
        "what about nurses",
        "and for plumbers?",
        "same for texas?",
        "and the other one?",
    ],
)
def test_a_follow_up_without_a_conversation_is_no_question(bot, question: str) -> None:
    assert bot.ask(question).kind != "answer"


# what is known is told


@pytest.mark.parametrize(
    "place",
    [
        "in the us",
        "in the US?",
        "in the U.S.",
        "in the United States",
        "of america",
        "in america",
        "nationwide",
    ],
)
def test_how_many_there_are_in_the_whole_country(bot, place: str) -> None:
    assert bot.ask(f"how many nurses are there {place}").text.startswith(NURSES)


@pytest.mark.parametrize(
    ("messages", "name"),
    [
        (["paralegals in the dmv area"], "paralegal"),
        (["what do bus drivers earn", "1", "in seattle"], "bus drivers transit"),
        (["what does a nurse earn", "and for teachers?"], "teacher"),
        (["how do I become a roofer"], "roofer"),
        (["is there a shortage of plumbers in erie"], "plumber"),
        (["do cooks get tips"], "cook"),
    ],
)
def test_it_never_says_that_it_has_nothing_on_an_occupation_that_it_knows(bot, messages, name: str) -> None:
    assert f"nothing on {name}" not in talk(bot, *messages).text


# what it offers, it answers


def offered(bot: CareerBot, asked: list[str]) -> list[str]:
    return list(dict.fromkeys(one for question in asked for one in bot.ask(question).suggestions))


def test_what_is_offered_is_answered(bot) -> None:
    data = bot.engine.data
    assert data
    dice = random.Random(16)  # noqa: S311 - the same questions in every run
    titles = dice.sample(sorted(title for title, _ in data.meant), 60)
    places = ["Texas", "Ohio", "Maine", "Guam", "California", "Wyoming", "Alaska", "Florida"]
    asked = [
        question
        for title in titles
        for question in (
            f"what does a {title} earn in {dice.choice(places)}",
            f"how many {title}s are there",
            f"{title} or {dice.choice(titles)}, which is paid better",
        )
    ]
    asked += [
        "hello",
        "flight attendant hourly pay",
        "compare plumber, electrician and carpenter pay in ohio",
    ]
    questions = offered(bot, asked)
    dice.shuffle(questions)
    left = [one for one in questions[:300] if bot.ask(one).kind not in {"answer", "clarify"}]
    known = [one for one in left if "not published" not in bot.ask(one).text]
    assert len(questions) >= 250
    assert not known, known


# what was asked is kept while a title is chosen


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("are vets paid more than therapists", "Veterinarians"),
        ("who earns more, plumbers or clerks", "Plumbers"),
        ("do carpenters earn more than bus drivers", "Carpenters"),
        ("what do bus drivers earn in ohio", "Ohio"),
        ("how many teachers are there in maine", "Maine"),
    ],
)
def test_choosing_a_title_keeps_what_was_asked(bot, question: str, kept: str) -> None:
    chat = bot.conversation()
    assert chat.ask(question).kind == "clarify"
    told = chat.ask("1")
    assert told.kind == "answer" and kept in told.text


# several questions


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("what do nurses earn in texas and how many are there", ["$95,970", "271,380 Registered Nurses"]),
        ("what do nurses earn in texas and what do plumbers earn in ohio", ["$95,970", "$63,330"]),
        ("nurses in texas and plumbers in ohio", ["$95,970", "$63,330"]),
        ("how many nurses in texas and plumbers in ohio", ["271,380 Registered Nurses", "16,390 Plumbers"]),
        ("what do nurses earn in texas?\nhow many plumbers are there in ohio?\nwho won the cup?", ["$95,970", "16,390", "who won the cup"]),
        ("compare nurses in texas and plumbers in ohio", ["$95,970", "$63,330"]),
    ],
)  # fmt: skip
def test_each_question_of_a_message_is_answered(bot, question: str, parts: list[str]) -> None:
    text = bot.ask(question).text
    assert all(part in text for part in parts), text


@pytest.mark.parametrize(
    "question", ["nurses in texas and plumbers in ohio", "bakers in maine or roofers in utah"]
)
def test_pairs_stay_pairs(bot, question: str) -> None:
    reply = bot.ask(question)
    assert len({(figure.code, figure.place) for figure in reply.figures}) == 2, reply.text


# names


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("sysadmin pay", "Network and Computer Systems Administrators"),
        ("elevator repair pay", "Elevator and Escalator Installers and Repairers"),
        ("principal salary", "Education Administrators, Kindergarten through Secondary"),
    ],
)
def test_where_one_title_is_near_it_is_told_and_said_how_it_was_read(bot, question: str, title: str) -> None:
    reply = bot.ask(question)
    assert reply.kind == "answer" and f"the nearest that I have is {title}." in reply.text


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("barista pay", "Fast Food and Counter Workers"),
        ("scrum master salary", "Computer Occupations, All Other"),
        ("cloud engineer salary", "Computer Occupations, All Other"),
        ("cop pay in ohio", "Police and Sheriff's Patrol Officers"),
        ("underwater welder pay", "Commercial Divers"),
    ],
)
def test_what_is_counted_among_others_says_so(bot, question: str, title: str) -> None:
    assert f"is counted among {title}." in bot.ask(question).text


@pytest.mark.parametrize(
    "question", ["lawyer pay", "RN pay", "EMT salary", "chef salary", "plumber pay in ohio"]
)
def test_a_name_that_stands_in_the_title_needs_no_word(bot, question: str) -> None:
    assert "counted among" not in bot.ask(question).text


@pytest.mark.parametrize(
    "question", ["dietitian vs nutritionist pay", "pipefitter vs steamfitter", "nurse vs registered nurse"]
)
def test_two_names_of_one_group_are_said_to_be_one(bot, question: str) -> None:
    assert bot.ask(question).text.startswith("The figures count both in one group: ")


# words about the words


@pytest.mark.parametrize(
    "question",
    ["what's the difference between mean and median", "what is a median", "what's a percentile",
     "what does median mean here", "median or mean, what do you tell"],
)  # fmt: skip
def test_words_about_the_words_are_answered(bot, question: str) -> None:
    assert "half of the workers earn less" in bot.ask(question).text


def test_average_against_median_is_a_question_of_one_occupation(bot) -> None:
    text = bot.ask("average vs median pay for lawyers").text
    assert "mean (average)" in text and "the median" in text


# a name with a row for a group means that row, its kinds are offered


@pytest.mark.parametrize(
    ("question", "group", "kind"),
    [
        ("engineers salary", "Engineers in the United States", "Mechanical Engineers"),
        ("what do teachers make", "Special Education Teachers in the United States", "Elementary School"),
        ("doctors pay", "“doctors” is counted among Physicians", "Family Medicine Physicians"),
        ("how many social workers are there", "775,930 Social Workers", "Child, Family, and School"),
        ("who earns more, plumbers or teachers", "Special Education Teachers", ""),
    ],
)
def test_a_name_of_a_group_means_its_row_and_offers_its_kinds(
    bot, question: str, group: str, kind: str
) -> None:
    reply = bot.ask(question)
    assert reply.kind == "answer" and group in reply.text
    assert not kind or kind in reply.suggestions[0]


@pytest.mark.parametrize("question", ["what do teachers make in texas", "best paying states for cooks"])
def test_a_group_without_rows_of_a_place_is_asked_back(bot, question: str) -> None:
    assert bot.ask(question).kind == "clarify"
