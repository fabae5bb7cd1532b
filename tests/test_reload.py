"""Knowledge that changes while the bot runs: ``CareerBot.reload``, ``/reload`` and ``--watch``."""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
from pathlib import Path

import numpy as np
import pexpect
import pytest

from chatbot import CareerBot, ChatbotError, KnowledgeError
from chatbot.live.reloading import Reloader
from chatbot.live.settings import Settings
from chatbot.paths import shipped

QUESTION = "when does a baker start work?"


def write(folder: Path, version: int | str, more: str = "") -> None:
    """The day of a baker, its answer and its citation of one version; put in place at once, as editors do."""
    file = folder / "baking" / "day.yaml"
    temporary = file.with_suffix(".tmp")
    temporary.write_text(
        f"""topic: day
title: Day
entries:
  - id: start
    question: When does a baker start work?
    answer: Before sunrise, says version {version}.
    citations: [{{source: loaf, section: version {version}}}]
    phrasings: [baker start time, how early do bakers get up, what time does the bakery day begin]
  - id: end
    question: When does a baker go home?
    answer: At noon, says version {version}.
    citations: [{{source: loaf, section: version {version}}}]
    phrasings: [baker closing time, when is a baker's day over, what time do bakers finish]
{more}""",
        encoding="utf-8",
    )
    temporary.replace(file)


MORE = """  - id: flour
    question: Which flour does a baker use for rye bread?
    answer: Rye flour.
    citations: [{source: loaf, section: Flour}]
    phrasings: [rye bread flour, what flour goes into rye bread, flour for rye]
"""


@pytest.fixture
def baker(folder: Path, cache: Path, bot) -> CareerBot:
    """A bot of two entries; ``bot`` is asked for so that the encoder is compiled."""
    write(folder, 0)
    return CareerBot(folder, cache=cache)


def version(text: str) -> str:
    found = re.search(r"version (\d+)", text)
    assert found, text
    return found.group(1)


def test_replies_are_of_the_old_knowledge_or_of_the_new_and_never_of_a_mix(
    baker: CareerBot, folder: Path
) -> None:
    failures: list[str] = []
    seen: set[str] = set()
    done = threading.Event()

    def ask(talk: bool) -> None:
        chat = baker.conversation()
        while not done.is_set():
            try:
                replies = (
                    [chat.ask(QUESTION)] if talk else baker.ask_many([QUESTION, "when do bakers go home?"])
                )
                told = {
                    version(part) for reply in replies for part in (reply.text, reply.citations[0].section)
                }
            except Exception as error:
                failures.append(repr(error))
                return
            seen.update(told)
            if len(told) != 1:
                failures.append(f"mixed: {told}")

    threads = [threading.Thread(target=ask, args=(i % 2 == 0,)) for i in range(4)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, 11):
            write(folder, number, MORE if number % 2 else "")
            baker.reload()
            assert version(baker.ask(QUESTION).text) == str(number)
            assert len(baker.knowledge.entries) == (3 if number % 2 else 2)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not failures
    assert len(seen) > 3  # they did ask while it changed


def test_a_bad_edit_raises_and_changes_nothing(baker: CareerBot, folder: Path) -> None:
    write(folder, 1, "  - id: broken\n")
    with pytest.raises(
        KnowledgeError, match=r"day\.yaml:14:5: \[error\] the key 'question' of entries is missing"
    ):
        baker.reload()
    shutil.move(folder, folder.with_name("away"))
    with pytest.raises(ChatbotError, match="no such knowledge folder"):
        baker.reload()
    assert version(baker.ask(QUESTION).text) == "0"
    shutil.move(folder.with_name("away"), folder)
    write(folder, 2)
    baker.reload()
    assert version(baker.ask(QUESTION).text) == "2"


class Appending:
    """An index of one's own that may be built once, as documented: what it is given it adds to a list."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []

    def build(self, vectors: np.ndarray) -> None:
        self.rows.extend(vectors)

    def search(self, query: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        cosines = np.array(self.rows) @ query
        best = np.argsort(-cosines, kind="stable")[:k]
        return best, cosines[best]


def test_an_index_of_ones_own_is_built_anew(folder: Path, cache: Path, bot) -> None:
    write(folder, 0, MORE)
    index = Appending()
    made = CareerBot(folder, index=index, cache=cache)
    for number, more in ((1, ""), (2, MORE), (3, "")):
        write(folder, number, more)
        made.reload()
        assert version(made.ask(QUESTION).text) == str(number)
        assert (made.ask("which flour for rye bread?").kind == "answer") is bool(more)


def test_a_conversation_goes_on_when_its_last_answer_is_gone(baker: CareerBot, folder: Path) -> None:
    write(folder, 1, MORE)
    baker.reload()
    chat = baker.conversation()
    assert "Rye flour" in chat.ask("which flour does a baker use for rye bread?").text
    write(folder, 2)
    baker.reload()
    for question in ("tell me more", "and in france?", "why?", "1", "for how long?"):
        assert "version 1" not in chat.ask(question).text
    # of what was told before, its source still is
    assert "The loaf" in chat.ask("where did you get that?").text
    assert version(chat.ask(QUESTION).text) == "2"
    assert len(chat.turns) == 8


def settings_of(folder: Path) -> Settings:
    return Settings((folder,), (shipped("intents"),))


def test_what_came_of_a_reload_is_said_in_a_line(baker: CareerBot, folder: Path) -> None:
    reloader = Reloader(settings_of(folder))
    reloader.look()
    assert not reloader.changed
    assert reloader.reload(baker, only_if_changed=True) == []
    write(folder, 1, MORE)
    assert reloader.changed
    (line,) = reloader.reload(baker, only_if_changed=True)
    assert re.fullmatch(r"reloaded: 3 entries \(1 new, 2 changed\), \d+\.\d s", line)
    file = folder / "baking" / "day.yaml"
    file.write_text(
        "# a comment above moves every line\n" + file.read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert "3 entries (none of them changed)" in reloader.reload(baker)[0]
    write(folder, 1)
    assert "2 entries (1 gone)" in reloader.reload(baker)[0]


def test_every_fault_of_a_bad_edit_is_said_without_control_characters(baker: CareerBot, folder: Path) -> None:
    file = folder / "baking" / "day.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("answer:", '"an\\x1b[2Jswer":'), encoding="utf-8"
    )
    lines = Reloader(settings_of(folder)).reload(baker)
    assert len(lines) == 3
    assert all(re.match(r".*day\.yaml:\d+:\d+: \[error\]", line) for line in lines[:-1])
    assert lines[-1] == "Not reloaded: what was loaded before stays in use."
    assert all(line.isprintable() for line in lines)


@pytest.fixture
def terminal(bot, tmp_path: Path):
    started: list[pexpect.spawn] = []

    def start(*arguments: str) -> pexpect.spawn:
        env = os.environ | {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        arguments = ("-m", "chatbot", "--no-toolbar", "--no-color", *arguments)
        child = pexpect.spawn(
            sys.executable,
            list(arguments),
            cwd=str(tmp_path),
            env=env,
            dimensions=(40, 120),
            encoding="utf-8",
            timeout=90,
        )
        started.append(child)
        child.expect("Ctrl-D leaves")
        return child

    yield start
    for child in started:
        child.close(force=True)


def test_an_edit_is_used_at_once_and_a_bad_one_is_told(terminal, folder: Path) -> None:
    write(folder, 0)
    child = terminal("--watch", "--knowledge", str(folder))
    child.sendline(QUESTION)
    child.expect("says version 0")
    child.send("when does a ba")  # half typed while the files change
    write(folder, 1, MORE)
    child.expect(r"reloaded: 3 entries \(1 new, 2 changed\), \d+\.\d s")
    child.sendline("ker start work?")
    child.expect("says version 1")
    write(folder, 2, "  - id: broken\n")
    child.expect(r"day\.yaml:14:5: \[error\] the key 'question' of entries is missing")
    child.expect("what was loaded before stays in use")
    child.sendline(QUESTION)
    child.expect("says version 1")
    shutil.move(folder, folder.with_name("away"))
    child.expect("no such knowledge folder")
    write(folder.with_name("away"), 3)
    shutil.move(folder.with_name("away"), folder)
    child.expect(r"reloaded: 2 entries \(2 changed, 1 gone\)")
    child.sendline(QUESTION)
    child.expect("says version 3")
    child.sendline("/quit")
    child.expect(pexpect.EOF)
    child.wait()
    assert (child.exitstatus, child.signalstatus) == (0, None)


def test_reload_by_hand_waits_for_the_bot_and_needs_no_watching(terminal, folder: Path) -> None:
    write(folder, 0)
    child = terminal("--knowledge", str(folder))
    child.sendline("/reload")
    child.expect(r"reloaded: 2 entries \(none of them changed\)")
    write(folder, 1)
    child.sendline(QUESTION)
    child.expect("says version 0")
    child.sendline("/relo")
    child.expect(r"reloaded: 2 entries \(2 changed\)")
    write(folder, 2, "  - id: broken\n")
    child.sendline("/reload")
    child.expect("what was loaded before stays in use")
    child.sendline(QUESTION)
    child.expect("says version 1")
