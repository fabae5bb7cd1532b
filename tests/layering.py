"""A knowledge folder to be laid upon another: by default one whose only entry takes the place of a shipped
one."""

from __future__ import annotations

from pathlib import Path

DEGREE = "machine-learning-engineer/degree-needed"
OWN = f"""topic: day
title: Day
entries:
  - id: degree
    replaces: {DEGREE}
    question: Do I need a degree to become an ML engineer?
    answer: Our own survey of this year says that most have one.
    citations: [{{source: loaf, section: Survey}}]
    phrasings: [do i need a degree to become a machine learning engineer, is a degree needed for ML, ml engineer without a degree]
"""


def layer(folder: Path, pack: str = "own", text: str = OWN, source: str = "Our survey") -> Path:
    """A knowledge folder with one pack and a source of its own."""
    (folder / pack).mkdir(parents=True)
    (folder / "sources.yaml").write_text(f"sources:\n  - {{id: loaf, title: {source}}}\n", encoding="utf-8")
    (folder / pack / "pack.yaml").write_text(f"id: {pack}\ntitle: {pack.title()}\n", encoding="utf-8")
    (folder / pack / "day.yaml").write_text(text, encoding="utf-8")
    return folder
