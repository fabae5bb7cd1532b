"""docs/occupations.md and README.md, done literally: what they say is answered is answered, and the walk
prints what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from chatbot.showing.progress import FIRST
from chatbot.showing.render import Style, render

PAGE = ROOT / "docs" / "occupations.md"
FILES = (
    "my/sources.yaml",
    "my/guild/pack.yaml",
    "my/guild/pay.dataset.yaml",
    "my/guild/national.csv",
    "my/guild/titles.yaml",
    "my/guild/pay.yaml",
)
"""The files of the walk, in the order of the page."""


def asked() -> list[tuple[str, str]]:
    """The questions of the page's tables with their answers, up to those that need a pack which is not
    shipped."""
    text = PAGE.read_text(encoding="utf-8").split("### What it takes")[0]
    return [row for row in re.findall(r"^\| (.+?) \| (.+) \|$", text, re.M) if row[0] != "Asked"]


@pytest.mark.parametrize("page", [PAGE, ROOT / "README.md"], ids=lambda page: page.name)
def test_a_conversation_on_a_page_goes_as_the_page_says(bot, page: Path) -> None:
    (shown,) = re.findall(r"^```\n(> .*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    chat = bot.conversation()
    for turn in re.split(r"^> ", shown, flags=re.M)[1:]:
        question, _, answer = turn.partition("\n")
        assert render(chat.ask(question), Style(100)) == answer.strip("\n"), question


def test_each_answer_in_the_tables_is_given(bot) -> None:
    rows = asked()
    assert len(rows) >= 25
    for question, answer in rows:
        assert bot.ask(question).text == answer, question


def test_the_walk_of_the_page_prints_what_the_page_says(bot, tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8").split("## To add figures\n")[1]
    fenced = re.findall(r"^```(\w*)\n(.*?)^```", text, re.M | re.S)
    blocks = [body for kind, body in fenced if kind == "yaml" or body.startswith("year,")]
    for name, body in zip(FILES, blocks, strict=True):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(body, encoding="utf-8")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    steps = [
        part for kind, body in fenced if kind == "console" for part in re.split(r"^\$ ", body, flags=re.M)[1:]
    ]
    assert len(steps) >= 7
    for step in steps:
        command, _, page = step.partition("\n")
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )  # fmt: skip
        printed = done.stdout.replace(f"chatbot: {FIRST}\n", "")
        assert re.fullmatch(".*?".join(map(re.escape, page.split("..."))), printed, re.S), (
            f"$ {command}\n{printed}\n--- the page says:\n{page}"
        )
