"""docs/server.md says what is so: its examples are run, its tables compared with the program."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from serving import client_of, live

from chatbot.cli.main import cli

if TYPE_CHECKING:
    from chatbot import CareerBot

PAGE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```console\n(.*?)^```", PAGE, re.M | re.S)


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="needs curl and bash")
@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_examples_are_true(bot: CareerBot, example: str) -> None:
    lines = example.splitlines()
    commands = [line[2:] for line in lines if line.startswith("$ ")]
    expected = [line for line in lines if not line.startswith("$ ")]
    assert commands and expected
    with live(bot) as port:
        script = "\n".join(commands).replace("127.0.0.1:8000", f"127.0.0.1:{port}")
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == expected, done.stderr


def test_every_option_stands_in_the_table_with_its_variable_and_default() -> None:
    rows = dict(re.findall(r"^\| `(--[a-z-]+)` \| (.*?) \|$", PAGE, re.M))
    given = cli.commands["serve"].make_context("serve", []).params
    options = {option.opts[0]: option for option in cli.commands["serve"].params}
    assert set(rows) == set(options)
    for name, option in options.items():
        variable, default, said = (cell.strip(" `") for cell in rows[name].split("|"))
        assert variable == option.envvar and said
        found = given[option.name]
        shown = {False: "off", None: "", (): ""}.get(found, found)
        assert default == (f"{shown:g}" if isinstance(shown, float) else str(shown)), name


def test_a_variable_takes_several_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_SERVE_ALLOWED_HOST", "a.example b.example")
    assert cli.commands["serve"].make_context("serve", []).params["allowed_host"] == (
        "a.example",
        "b.example",
    )


def test_every_address_and_status_stands_in_a_table(bot: CareerBot) -> None:
    with client_of(bot) as client:
        described = client.get("/openapi.json").json()["paths"]
    told = set(re.findall(r"^\| `([A-Z]+ /\S*)`", PAGE, re.M)) | {"GET /static/..."}
    assert {
        f"{method.upper()} {path}" for path, operations in described.items() for method in operations
    } <= told
    statuses = set(re.findall(r"\d{3}", " ".join(re.findall(r"^\| (\d{3}[\d, ]*) \|", PAGE, re.M))))
    assert {
        code for operations in described.values() for one in operations.values() for code in one["responses"]
    } - {
        "200",
        "201",
        "204",
    } <= statuses


def test_the_settings_of_an_app_are_named() -> None:
    import dataclasses

    from chatbot.server import ServiceSettings

    for field in dataclasses.fields(ServiceSettings):
        assert f"`{field.name}`" in PAGE, field.name
