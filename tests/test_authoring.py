"""docs/authoring.md, done literally: each command of its walk is run as it stands, and prints what the page
says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

from chatbot.showing.progress import FIRST

PAGE = ROOT / "docs" / "authoring.md"
BLOCK = re.compile(r"^```console\n(.*?)^```", re.M | re.S)


def steps() -> list[tuple[str, str]]:
    """Commands, each with what it prints; a heredoc goes on to its END."""
    out: list[tuple[str, str]] = []
    for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, printed = part.partition("\n")
            if "<<'END'" in command:
                body, _, printed = printed.partition("END\n")
                command = f"{command}\n{body}END"
            out.append((command, printed))
    return out


def fits(printed: str, page: str) -> bool:
    """Whether what is printed is what the page says; ``...`` there stands for anything."""
    pattern = ".*?".join(re.escape(part) for part in page.split("..."))
    return re.fullmatch(pattern, printed, re.S) is not None


def test_the_walk_of_the_page_prints_what_the_page_says(bot, tmp_path: Path) -> None:
    walk = steps()
    assert len(walk) >= 12
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command, page in walk:
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )  # fmt: skip
        # said where stderr is no terminal; there it is a bar that goes away
        printed = done.stdout.replace(f"chatbot: {FIRST}\n", "")
        assert fits(printed, page), f"$ {command}\n{printed}\n--- the page says:\n{page}"


def test_every_example_of_the_page_is_yaml_that_the_loader_takes(tmp_path: Path) -> None:
    from chatbot.intents.load import load_intents
    from chatbot.knowledge.convert import load_as
    from chatbot.knowledge.schema import LanguageFile, TopicFile

    blocks = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    tried = 0
    for number, block in enumerate(blocks):
        file = tmp_path / f"{number}.yaml"
        if block.startswith("tables:"):
            file.write_text(f"topic: honey\ntitle: Honey\n{block}", encoding="utf-8")
            assert load_as(file, TopicFile)[0].tables
            tried += 1
        elif block.startswith("abbreviations:"):
            file.write_text(block, encoding="utf-8")
            assert load_as(file, LanguageFile)[0].strict == ["asks"]
            tried += 1
        elif block.startswith("neutral:"):
            (tmp_path / "intents").mkdir()
            (tmp_path / "intents" / "own.yaml").write_text(block, encoding="utf-8")
            assert [intent.id for intent in load_intents([tmp_path / "intents"])] == ["honey-prices"]
            tried += 1
    assert tried == 3
