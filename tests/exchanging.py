"""What the tests of import and export share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatbot import ChatbotError
from chatbot.authoring.exchange.importing import Imported
from chatbot.authoring.exchange.records import read_whole
from chatbot.cli.main import cli
from chatbot.paths import shipped

ROUND_TRIPS = ("csv", "tsv", "jsonl", "json", "html")
SHIPPED = read_whole([shipped("knowledge")], "machine-learning-engineer")
PLAIN = "question,answer\nWhen does a baker start work?,Before sunrise.\n"


def faults(done: Imported) -> list[str]:
    """``line: message`` of what was skipped."""
    return [str(fault).partition(f"{fault.file}:")[2] for fault in done.faults]


def refused(load: Callable[..., Imported], *arguments: object, **options: object) -> str:
    """The one line that is said of a file of which nothing can be used."""
    with pytest.raises(ChatbotError) as caught:
        load(*arguments, **options)
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()
    return str(caught.value)


def chatbot(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])
