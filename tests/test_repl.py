"""The conversation in a real pseudo-terminal."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pexpect
import pytest

READY = 90
READS_KEYS = "\x1b[?2004h"
"""The prompt says so (bracketed paste) once the terminal hands it every key."""
ANSI = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-_=>])")


@pytest.fixture
def terminal(bot, tmp_path: Path):
    """Start ``chatbot`` in a terminal 80 columns wide; ``bot`` is asked for so that the cache is warm."""
    started: list[pexpect.spawn] = []

    def start(*arguments: str, **environment: str) -> pexpect.spawn:
        env = os.environ | {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"} | environment
        child = pexpect.spawn(
            sys.executable,
            ["-m", "chatbot", *arguments],
            cwd=str(tmp_path),
            env=env,
            dimensions=(40, 80),
            encoding="utf-8",
            timeout=READY,
        )
        started.append(child)
        child.expect("Ctrl-D leaves")
        return child

    yield start
    for child in started:
        child.close(force=True)


def test_a_conversation_from_greeting_to_goodbye(terminal, tmp_path: Path) -> None:
    child = terminal("--no-toolbar")
    child.sendline("how much do ml engineers make in germany?")
    child.expect("€53,202")
    child.expect("Source: MRL")
    child.sendline("and in france?")
    child.expect("no salary figure for France")
    child.send("half a question\x03")  # Ctrl-C clears the line
    child.sendline("/why")
    child.expect("How it came about: no such row")
    child.sendline("/sour")  # a unique beginning
    child.expect("sells courses")
    child.sendline("/toipcs")
    child.expect("did you mean /topics")
    child.sendline("/export talk.md")
    child.expect("Written: talk.md")
    child.sendline("/export talk.md")
    child.expect("is there already")
    child.expect_exact(READS_KEYS)  # before that, Ctrl-D is for the terminal
    child.sendeof()
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0
    talk = (tmp_path / "talk.md").read_text(encoding="utf-8")
    assert "**and in france?**" in talk and "€53,202" in talk
    history = tmp_path / "state" / "history"
    assert "how much do ml engineers make in germany?" in history.read_text(encoding="utf-8")
    assert history.stat().st_mode & 0o777 == 0o600


def test_no_colour_no_history_and_quit(terminal, tmp_path: Path) -> None:
    child = terminal("--no-history", "--no-toolbar", NO_COLOR="1")
    child.sendline("ml salary uk")
    child.expect("£50,484")
    child.expect("Source: MRL")
    assert not re.search(r"\x1b\[[0-9;]*[2-9][0-9]*m", child.before)
    child.sendline("/help")
    child.expect("/related")
    child.sendline("/quit")
    child.expect(pexpect.EOF)
    assert not (tmp_path / "state" / "history").exists()


def test_ctrl_c_never_ends_the_program_and_tab_completes(terminal) -> None:
    child = terminal("--no-toolbar")
    for _ in range(3):
        child.send("\x03")
    child.sendline("ml salary uk")
    child.expect("£50,484")
    child.send("/top\t")
    child.send("\r")
    child.expect("good-and-bad-sides")
    assert child.isalive()


def test_a_history_that_cannot_be_kept_is_a_warning(terminal, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("", encoding="utf-8")
    child = terminal("--no-toolbar", CHATBOT_STATE=str(tmp_path / "blocked"))
    assert "the history can't be kept" in child.before
    child.sendline("ml salary uk")
    child.expect("£50,484")


def test_pasted_lines_are_one_question(terminal) -> None:
    child = terminal("--no-toolbar")
    child.send("\x1b[200~ml salary\nin germany\x1b[201~\r")
    child.expect("€53,202")


def test_broken_knowledge_ends_it_with_its_place(folder: Path, terminal) -> None:
    file = folder / "baking" / "day.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("answer:", "anser:"), encoding="utf-8")
    child = terminal("--no-toolbar", "--knowledge", str(folder))
    child.sendline("hi")
    child.expect("did you mean 'answer'")
    child.expect(pexpect.EOF)
    child.wait()
    assert (child.exitstatus, child.signalstatus) == (2, None)


def test_what_is_marked_is_kept_where_that_is_wanted(terminal, tmp_path: Path) -> None:
    child = terminal("--no-toolbar", "--log-unanswered")
    child.sendline("/bad")
    child.expect("Nothing was asked yet")
    child.sendline("ml salary uk")
    child.expect("Source: MRL")
    child.sendline("/good")
    child.expect("Noted")
    child.sendline("/bad after all")
    child.expect("marked already")
    child.sendline("and in france?")
    child.expect("no salary figure for France")
    child.sendline("/bad  it should\x1b know")
    child.expect("for chatbot unanswered")
    child.sendline("/priv")
    child.expect("marked with /good or /bad: on")
    child.expect("chatbot unanswered --clear")
    child.sendline("/quit")
    child.expect(pexpect.EOF)
    kept = [
        json.loads(line)
        for line in (tmp_path / "state" / "unanswered.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [(one["kind"], one["question"], one["why"]) for one in kept] == [
        ("good", "ml salary uk", ""),
        ("unknown", "and in france?", ""),
        ("bad", "and in france?", "it should know"),
    ]
    assert kept[0]["entry"] == "machine-learning-engineer/salary-by-country"
    assert kept[1]["read_as"] == kept[2]["read_as"] and "salary" in kept[1]["read_as"]


def test_nothing_is_kept_and_it_is_said_how_to_change_that(terminal, tmp_path: Path) -> None:
    child = terminal("--no-toolbar", "--no-history")
    child.sendline("how tall is the eiffel tower?")
    child.expect("not something I know about")
    for mark in ("/bad", "/good"):
        child.sendline(mark)
        child.expect("Nothing is kept. To keep those that are not answered: chatbot --log-unanswered")
    child.sendline("/privacy")
    child.expect("History of what you type here: off")
    child.expect("marked with /good or /bad: off")
    child.sendline("/quit")
    child.expect(pexpect.EOF)
    assert not (tmp_path / "state").exists()
