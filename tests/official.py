"""The shipped official figures, read without the program, and what the tests of them share."""

from __future__ import annotations

import csv

from conftest import ROOT

from chatbot import CareerBot
from chatbot.reply import Reply

FOLDER = ROOT / "knowledge" / "us-occupations"
Published = dict[tuple[str, str], dict[str, str]]


def rows() -> Published:
    """The published rows by place and code, read without the program."""
    with (FOLDER / "national.csv").open(encoding="utf-8", newline="") as stream:
        found = {("US", row["code"]): row for row in csv.DictReader(stream)}
    with (FOLDER / "states.csv").open(encoding="utf-8", newline="") as stream:
        return found | {(row["state"], row["code"]): row for row in csv.DictReader(stream)}


def talk(bot: CareerBot, *questions: str) -> Reply:
    """The last reply of a conversation."""
    conversation = bot.conversation()
    return [conversation.ask(question) for question in questions][-1]


def declined(reply: Reply) -> bool:
    """No figure at all: no dollars, no source."""
    return (
        reply.kind in {"unknown", "clarify"}
        and "$" not in reply.text
        and not reply.citations
        and reply.chart is None
    )
