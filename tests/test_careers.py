"""What a question is about that names nothing: asked back and completed by a name, or chosen with career=, in
the library, on the command line, in a terminal and by an assistant."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT
from test_repl import terminal

from chatbot import CareerBot, CareerError, ConversationError, Subject
from chatbot.flow import Code
from chatbot.mcp.contract import TOOLS, Ask, output_schema
from chatbot.mcp.tools import Tools

__all__ = ["terminal"]
DEGREE, EARN = "do I need a degree?", "what would I earn?"
NURSES, ENGINEER, PLUMBERS = (
    "Registered Nurses",
    "Machine learning engineer",
    "Plumbers, Pipefitters, and Steamfitters",
)


def after(bot, question: str, *messages: str):
    """The conversation, and the reply to its last message."""
    chat = bot.conversation()
    reply = chat.ask(question)
    assert reply.why.code == Code.WHICH_CAREER, reply.text
    for message in messages:
        reply = chat.ask(message)
    return chat, reply


# a name after "For which career?"


@pytest.mark.parametrize(
    "name",
    ["1", "the first one", "a machine learning engineer", "ml engineer", "ML engineer please", "what about ml engineers?",
     "i want to become a machine learning engineer", "machin lerning enginer"],
)  # fmt: skip
def test_the_career_offered_is_chosen_by_number_or_name(bot, name: str) -> None:
    chat, reply = after(bot, DEGREE, name)
    assert reply.kind == "answer" and "bachelor" in reply.text
    assert chat.turns[-1].read_as == f"{ENGINEER}: {DEGREE}"
    assert reply.subject == Subject("career", "machine-learning-engineer", ENGINEER)


@pytest.mark.parametrize(
    "name", ["nurse", "registered nurses", "for a nurse, please", "RN", "and for nurses?"]
)
def test_another_occupation_is_answered_or_declined_under_its_name(bot, name: str) -> None:
    _, paid = after(bot, EARN, name)
    assert paid.kind == "answer" and paid.text.startswith(f"{NURSES} in the United States: the median pay")
    chat, reply = after(bot, DEGREE, name)
    assert (reply.kind, reply.entry_id) == ("answer", "us-work/entry-education")
    assert reply.subject == Subject("occupation", "29-1141", NURSES)
    assert (
        "“Bachelor's degree”" in reply.text and "machine learning engineers typically hold" not in reply.text
    )
    assert chat.ask("and in texas?").subject.title == NURSES


@pytest.mark.parametrize(
    ("message", "read_as"),
    [
        ("nurse in texas", f"nurse in texas: {EARN}"),
        ("ML engineer in Germany", f"machine learning engineer in Germany: {EARN}"),
        ("senior ml engineer", f"senior machine learning engineer: {EARN}"),
    ],
)
def test_a_place_or_level_beside_the_name_is_not_swallowed(bot, message: str, read_as: str) -> None:
    chat, reply = after(bot, EARN, message)
    assert reply.kind == "answer" and reply.why.code == Code.CHOSEN
    assert reply.facets.keys() & {"state", "country", "level"}
    assert chat.turns[-1].read_as in {read_as, "What do Registered Nurses earn in Texas?"}


@pytest.mark.parametrize(
    "message",
    [
        "nurse salary",
        "what does a nurse do",
        DEGREE,
        "need a degree",
        "in texas",
        "no",
        "nurse or ml engineer",
    ],
)
def test_what_is_more_or_less_than_a_name_is_read_as_it_stands(bot, message: str) -> None:
    _, reply = after(bot, DEGREE, message)
    assert reply.why.code not in {Code.CHOSEN, Code.SAME_OCCUPATION}
    assert "machine learning engineers typically hold" not in reply.text


def test_a_name_that_may_mean_several_is_asked_back_under_that_name(bot) -> None:
    _, reply = after(bot, EARN, "therapist")
    assert reply.kind == "clarify" and "therapist" in reply.text.lower()


def test_only_the_message_after_the_question_back_is_taken_for_a_name(bot) -> None:
    _, reply = after(bot, DEGREE, "what do plumbers earn?", "nurse")
    assert reply.text.startswith(f"{NURSES} in the United States: the median pay")


def test_another_career_than_the_one_offered_is_named(layered) -> None:
    chat = layered.conversation()
    reply = chat.ask("when does work start?")
    assert reply.why.code == Code.WHICH_CAREER
    answer = chat.ask("baker")
    assert answer.entry_id == "baking/start" and answer.subject.title == "Baker"


@pytest.fixture
def two_careers(bot, folder: Path) -> Iterator[CareerBot]:
    """A baker and a brewer, who are asked the same."""
    shutil.copytree(folder / "baking", folder / "brewing")
    for file in (folder / "brewing").iterdir():
        text = file.read_text(encoding="utf-8")
        for old, new in (
            ("id: baking", "id: brewing"),
            ("baker", "brewer"),
            ("Baker", "Brewer"),
            ("bakery", "brewery"),
        ):
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    for name in ("baking", "brewing"):
        file = folder / name / "day.yaml"
        file.write_text(
            file.read_text(encoding="utf-8") + "      - when does the work day start\n", encoding="utf-8"
        )
    with CareerBot(folder, encoder=bot.engine.encoder, cache=None) as made:
        yield made


def test_every_career_that_holds_an_answer_is_offered(two_careers) -> None:
    question = "when does the work day start?"
    chat = two_careers.conversation()
    reply = chat.ask(question)
    assert sorted(reply.suggestions) == [f"Baker: {question}", f"Brewer: {question}"]
    assert reply.text.startswith("For which career? (1) B") and "(2) B" in reply.text
    second = chat.ask("the second")
    assert second.entry_id in {"baking/start", "brewing/start"} and reply.suggestions[1].startswith(
        second.subject.title
    )
    chat.ask("hello")
    chat.career = None
    chat.ask(question)
    assert chat.ask("brewer").entry_id == "brewing/start"


# career=


def test_a_conversation_is_about_the_career_chosen_until_it_is_forgotten(bot) -> None:
    chat = bot.conversation(career="registered nurse")
    assert chat.career == NURSES and chat.ask(EARN).subject.how == "chosen"
    chat.career = "plumber"
    assert chat.ask(EARN).text.startswith(PLUMBERS)
    assert chat.ask("and in ohio?").text.startswith(f"{PLUMBERS} in Ohio")
    chat.career = None
    assert chat.career is None and chat.ask(EARN).why.code == Code.WHICH_CAREER


def test_what_was_said_before_the_choice_is_not_gone_on_from(bot) -> None:
    chat = bot.conversation()
    chat.ask("what do nurses earn in texas")
    chat.career = "plumber"
    assert chat.ask("and in ohio?").text.startswith(f"{PLUMBERS} in Ohio")
    chat.ask("what do nurses earn in texas")
    chat.career = "registered nurses"  # what is in force already
    assert chat.ask("and in ohio?").text.startswith(f"{NURSES} in Ohio")


def test_clear_forgets_what_was_said_and_keeps_what_was_chosen(bot) -> None:
    chat = bot.conversation()
    chat.ask("what do nurses earn in texas")
    chat.career = "plumber"
    chat.clear()
    assert (chat.turns, chat.career) == ([], PLUMBERS)
    assert chat.ask("what do nurses earn").subject.title == chat.career == NURSES


def test_a_topic_is_no_career(bot) -> None:
    chat = bot.conversation()
    chat.ask("how long does a computer science degree take?")
    assert chat.subject is None or chat.subject.kind != "topic" or chat.career is None


@pytest.mark.parametrize(
    ("name", "several", "candidate"),
    [
        ("machine lerning engineer", False, ENGINEER),
        ("engineer", True, "Civil Engineers"),
        ("wizard", False, None),
        ("", False, None),
    ],
)
def test_a_career_that_is_not_clear_is_named_with_candidates(
    bot, name: str, several: bool, candidate: str | None
) -> None:
    with pytest.raises(CareerError) as caught:
        bot.ask(EARN, career=name)
    error = caught.value
    assert error.several is several and "\n" not in str(error) and len(error.candidates) <= 5
    assert candidate is None or (candidate in error.candidates and candidate in str(error))


def test_a_message_about_a_career_is_short_and_printable(bot) -> None:
    for name in ("nur\x1b[31mse\n", "x" * 100_000, "\ud800", "\u202ewizard"):
        with pytest.raises(CareerError) as caught:
            bot.career(name)
        assert str(caught.value).isprintable() and len(str(caught.value)) < 500


def test_a_conversation_saved_before_there_were_careers_is_read(bot) -> None:
    chat = bot.conversation()
    chat.ask("what do nurses earn in texas")
    saved = json.loads(json.dumps(chat.to_dict()))
    for turn in saved["turns"]:
        del turn["code"], turn["subject"]
    again = bot.resume(saved)
    assert again.career is None and again.ask("and in ohio?").text.startswith(f"{NURSES} in Ohio")
    assert again.career == NURSES


def test_what_was_chosen_is_saved(bot) -> None:
    chat = bot.conversation()
    chat.ask(DEGREE)
    chat.career = "plumber"
    again = bot.resume(json.loads(json.dumps(chat.to_dict())))
    assert again.career == PLUMBERS and again.ask(EARN).text.startswith(PLUMBERS)
    saved = chat.to_dict() | {"chosen": {"subject": {"kind": "career"}, "at": 0}}
    with pytest.raises(ConversationError, match="damaged"):
        bot.resume(json.loads(json.dumps(saved)))
    saved = chat.to_dict()
    saved["turns"][0]["subject"] = {"name": "x"}
    with pytest.raises(ConversationError, match="damaged"):
        bot.resume(json.loads(json.dumps(saved)))


# the command line


@pytest.mark.parametrize("arguments", [("--career", "nurse", "ask"), ("ask", "--career", "29-1141"),
                                       ("--career", "plumber", "ask", "--career", "nurse")])  # fmt: skip
def test_ask_is_told_what_it_is_about(run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--json", EARN)
    reply = json.loads(done.stdout)
    assert done.returncode == 0 and reply["text"].startswith(NURSES)
    assert reply["subject"] == {"kind": "occupation", "id": "29-1141", "title": NURSES, "how": "chosen"}


def test_a_pipe_is_about_a_career(run) -> None:
    done = run("--career", "registered nurse", stdin=f"{EARN}\nand in ohio?\n".encode())
    assert done.returncode == 0 and f"{NURSES} in Ohio: the median pay" in done.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", "--career", "engineer", EARN), "several careers are called 'engineer'; it may be: "),
        (("--career", "wiz\x1bard", "ask", EARN), "no career is called 'wiz"),
        (("--career", "machine lerning engineer"), f"the nearest are: {ENGINEER}"),
    ],
)
def test_a_career_that_is_not_clear_is_one_line_and_status_2(
    run, arguments: tuple[str, ...], said: str
) -> None:
    done = run(*arguments, stdin=b"hi\n")
    told = done.stderr.decode()
    assert done.returncode == 2 and done.stdout == b""
    assert told.startswith("chatbot: ") and said in told and told.count("\n") == 1 and "\x1b" not in told


def test_the_conversation_in_a_terminal_shows_and_changes_what_it_is_about(terminal) -> None:
    child = terminal("--career", "registered nurse")
    child.sendline(EARN)
    child.expect(f"{NURSES} in the United States")
    child.sendline("/career plumber")
    child.expect(f"Questions that name no career are about: {PLUMBERS}")
    child.sendline(EARN)
    child.expect("Pipefitters, and Steamfitters in the")
    child.sendline("/career engineer")
    child.expect("several careers are called 'engineer'; it may be: ")
    child.sendline("/care")
    child.expect(f"are about: {PLUMBERS}")
    child.sendline("/career -")
    child.expect("No career is chosen")
    child.sendline(EARN)
    child.expect("For which career")
    child.sendline("nurse")
    child.expect(f"{NURSES} in the United States")
    child.sendline("/career none")
    child.expect("No career is chosen")
    child.sendline("/quit")


def test_the_line_at_the_bottom_fits_and_holds_no_control_characters() -> None:
    from chatbot.cli.repl import hints

    assert hints("ready", None) == " ready | /help | Tab completes | Ctrl-D leaves "
    assert hints("ready", NURSES).startswith(f" ready | about {NURSES} | /help")
    line = hints("ready", f"{PLUMBERS}\x1b[31m\n" * 2)
    assert "a… | " in line and len(line) <= 81 and line.isprintable()


def test_a_terminal_ends_with_an_unknown_career(terminal) -> None:
    child = terminal("--career", "wizard", "--no-toolbar")
    child.sendline("hi")
    child.expect("chatbot: no career is called 'wizard'")
    child.expect("\\Z|\r\n")
    child.wait()
    assert child.exitstatus == 2


# an assistant


def test_an_assistant_says_what_a_conversation_is_about(bot) -> None:
    made = Tools(bot)
    first = made.call(Ask(question=EARN, career=" registered nurse ")).data
    jsonschema.validate(first, output_schema(TOOLS["ask"]))
    assert first["subject"] == {"kind": "occupation", "id": "29-1141", "title": NURSES, "how": "chosen"}
    again = {"conversation": first["conversation"], "career": "registered nurse"}
    assert made.call(Ask(question="and in ohio?", **again)).data["text"].startswith(f"{NURSES} in Ohio")
    other = made.call(Ask(question=EARN, conversation=first["conversation"], career="plumber")).data
    assert other["subject"]["title"] == PLUMBERS
    assert made.call(Ask(question=DEGREE)).data["subject"] is None


def test_an_assistant_is_told_which_careers_may_be_meant(bot) -> None:
    made = Tools(bot)
    with pytest.raises(CareerError, match="Civil Engineers"):
        made.call(Ask(question=EARN, career="engineer"))
    assert not made._talks
    talk = made.call(Ask(question=EARN)).data["conversation"]
    with pytest.raises(CareerError, match="no career is called"):
        made.call(Ask(question=EARN, conversation=talk, career="wizard"))
    assert "career" in Path(ROOT, "docs", "mcp.md").read_text(encoding="utf-8")
