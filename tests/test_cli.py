"""The command line as a user meets it: processes of their own, from another folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from conftest import PATIENCE, ROOT
from test_contract import SCHEMA

from chatbot.cli.main import cli
from chatbot.errors import ChatbotError


def test_help_names_every_command_and_loads_no_model() -> None:
    code = (
        "import sys\nfrom chatbot.cli.main import main\nsys.argv = ['chatbot', '--help']\n"
        "try: main()\nfinally: print([m for m in ('torch', 'sentence_transformers', 'numpy', 'prompt_toolkit', 'yaml') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for name in cli.commands:
        assert f"\n  {name} " in out
    assert out.rstrip().endswith("[]")
    assert all(command.help for command in cli.commands.values())


def test_ask_prints_the_fact_and_its_source(run) -> None:
    done = run("ask", "how much do ml engineers make in germany?")
    out = done.stdout.decode()
    assert done.returncode == 0
    assert "€53,202" in out and "MRL" in out and "How much do ML engineers make?" in out and "undated" in out
    assert "\x1b" not in out
    assert done.stderr == b""


def test_nothing_is_left_in_the_users_home(run, tmp_path: Path) -> None:
    """Least of all what a library would send to its maker."""
    assert run("ask", "ml salary in germany").returncode == 0
    assert [*(tmp_path / "home").rglob("*")] == []


def test_ask_as_json_keeps_to_the_schema_and_unknown_exits_with_1(run) -> None:
    done = run("ask", "--json", "ml salary in france")
    reply = json.loads(done.stdout)
    jsonschema.validate(reply, SCHEMA)
    assert (done.returncode, reply["kind"]) == (1, "unknown")


def test_lines_on_a_pipe_are_the_turns_of_one_conversation(run) -> None:
    done = run(
        "--json", stdin="ml salary uk\n\nand germany?\nbad \udcff bytes\n".encode("utf-8", "surrogateescape")
    )
    replies = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0
    assert len(replies) == 3
    assert "€53,202" in replies[1]["text"]


def test_why_shows_how_the_reply_came_about(run) -> None:
    out = run("ask", "--why", "salery of ml engineers in teh uk").stdout.decode()
    assert "Spelling put right: salery → salary, teh → the." in out
    assert "Nearest phrasing: “" in out and "country: GB" in out
    assert re.search(r"Sure that this is the right answer: \d+%\.", out)


def test_a_reader_that_goes_away_is_no_error(run, tmp_path: Path) -> None:
    command = f"{sys.executable} -m chatbot ask 'ml salary uk' | head -c 0"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        cwd=tmp_path,
        check=False,
        timeout=PATIENCE,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0


# in this process: quicker, and nothing of the operating system is at stake


def invoke(*arguments: str):
    return CliRunner().invoke(cli, list(arguments))


def test_topics_and_sources_are_listed() -> None:
    assert "pay" in invoke("topics").output
    assert "What do machine learning engineers earn in each country?" in invoke("topics", "pay").output
    assert json.loads(invoke("topics", "pay", "--json").output)["pay"]["title"] == "Pay"
    assert {s["id"] for s in json.loads(invoke("sources", "--json").output)} == {
        "mrl-day-in-the-life", "vadapalli-day-in-the-life", "how-to-become-mle", "bls-oews-2025", "bls-ep-2024", "bls-ooh-2025", "onet-30-1", "onet-30-3",
    }  # fmt: skip
    assert "sells courses" in invoke("sources").output


def test_a_topic_that_is_not_there_is_guessed() -> None:
    error = invoke("topics", "salry").exception
    assert isinstance(error, ChatbotError)
    assert "no topic 'salry'" in str(error)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell: str) -> None:
    done = invoke("completion", shell)
    assert done.exit_code == 0
    assert "_CHATBOT_COMPLETE" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "no question was given"),
        (["ask", "--env", "NOT_SET_ANYWHERE"], "NOT_SET_ANYWHERE is empty"),
        (["asj"], "No such command"),
        (["--pack", "nurse", "topics"], "no pack named nurse"),
        (["--knowledge", "nowhere", "topics"], "no such knowledge folder"),
    ],
)
def test_misuse_is_one_line_and_status_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chatbot", *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_broken_knowledge_is_named_by_place_and_exits_with_2(folder: Path, tmp_path: Path) -> None:
    file = folder / "baking" / "day.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("answer:", "anser:"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "chatbot", "--knowledge", str(folder), "ask", "hi"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert any(
        line.startswith(f"{file}:6:5: [error] unknown key 'anser'; did you mean 'answer'?") for line in lines
    )
    assert len(lines) == 1


def test_nothing_on_the_pipe_says_how_to_ask_and_exits_with_0(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chatbot"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout == ""
    assert "chatbot ask" in done.stderr


@pytest.mark.parametrize(
    "question", ['it\'s $HOME `id` $(id) "quoted" $$ %s #x \\n', "$(shell touch made) ${shell touch made} $Q"]
)
def test_make_hands_the_question_over_as_data(question: str, tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in (".made", ".run"):
        (tmp_path / ".venv" / name).touch()
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
    later = time.time() + 60
    os.utime(tmp_path / ".venv" / ".made", (later - 30, later - 30))
    os.utime(tmp_path / ".venv" / ".run", (later, later))
    fake = tmp_path / ".venv" / "bin" / "chatbot"
    fake.write_text(
        f"#!{sys.executable}\nimport os, sys\nprint(sys.argv[1:], os.environ['Q'])\n", encoding="utf-8"
    )
    fake.chmod(0o755)
    done = subprocess.run(
        ["make", "-s", "-f", str(ROOT / "Makefile"), "ask", f"Q={question}"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.stdout == f"['ask', '--env', 'Q'] {question}\n", done.stderr
    assert not (tmp_path / "made").exists()
