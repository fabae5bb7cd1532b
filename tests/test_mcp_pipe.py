"""`chatbot mcp`, by the bytes on its pipes: what it makes of garbage, its options, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

INITIALIZE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}  # fmt: skip


def call(name: str, arguments: Any, number: int | str) -> dict[str, Any]:
    return {
        "jsonrpc": "2.0",
        "id": number,
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments},
    }


Pipe = Callable[..., tuple[subprocess.CompletedProcess[bytes], dict[Any, dict[str, Any]]]]


@pytest.fixture
def pipe(run) -> Pipe:
    """Messages in, then the end of the input; what came out is all protocol, by the id of the request."""

    def send(*messages: object, options: tuple[str, ...] = (), initialize: bool = True) -> Any:
        lines = [
            m if isinstance(m, bytes) else json.dumps(m).encode()
            for m in ([INITIALIZE, *messages] if initialize else messages)
        ]
        done = run(*options, "mcp", stdin=b"\n".join(lines))
        replies = [json.loads(line) for line in done.stdout.splitlines()]
        assert all(reply["jsonrpc"] == "2.0" for reply in replies)
        return done, {reply["id"]: reply for reply in replies}

    return send


def test_garbage_does_no_harm_and_the_end_waits_for_the_answers(pipe: Pipe) -> None:
    done, replies = pipe(
        b"garbage", b"", b"\xff\xfe{", b"[1, 2]", b'{"a": 1}', INITIALIZE, {"jsonrpc": "2.0", "method": "notifications/initialized"}, b"{{{",
        call("ask", {"question": "ml salary uk"}, "a"), call("ask", [1], "b"), {"jsonrpc": "2.0", "id": "c", "method": "no/method"},
        {"jsonrpc": "2.0", "id": "d", "method": "tools/call"}, call("ask", {"question": "\u0000\x1b[31m"}, "e"), initialize=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "£50,484" in replies["a"]["result"]["structuredContent"]["text"]
    assert {number: replies[number]["error"]["code"] for number in "bcd"} == {
        "b": -32602,
        "c": -32601,
        "d": -32602,
    }
    assert replies["e"]["result"]["structuredContent"]["text"] == "Please type a question."


def test_the_options_of_every_command_hold(
    pipe: Pipe, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHATBOT_STATE", str(tmp_path / "state"))
    done, replies = pipe(
        call("ask", {"question": "when do bakers get up?"}, 2), call("ask", {"question": "how tall is the eiffel tower?"}, 3),
        call("sources", {}, 4), options=("--knowledge", str(folder), "--log-unanswered"),
    )  # fmt: skip
    assert done.returncode == 0
    assert "Knows: being a baker." in replies[1]["result"]["instructions"]
    assert replies[2]["result"]["structuredContent"]["text"] == "Very early, before sunrise."
    assert [source["id"] for source in replies[4]["result"]["structuredContent"]["sources"]] == ["loaf"]
    assert "eiffel" in (tmp_path / "state" / "unanswered.jsonl").read_text()


def test_knowledge_that_cannot_be_used_is_said_and_ends_with_2(pipe: Pipe, folder: Path) -> None:
    (folder / "baking" / "pack.yaml").write_text("id: baking\n")
    done, replies = pipe(call("ask", {"question": "hi"}, 2), options=("--knowledge", str(folder)))
    assert done.returncode == 2
    result = replies[2]["result"]
    assert result["isError"]
    assert "the key 'title' is missing" in result["content"][0]["text"]
    assert done.stderr.decode() == result["content"][0]["text"] + "\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--knowledge", "none"), "no such knowledge folder"), (("--pack", "none"), "no pack named none")],
)
def test_a_wrong_option_is_one_line_before_anything_is_served(
    run, options: tuple[str, ...], said: str
) -> None:
    done = run(*options, "mcp")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert said in done.stderr.decode()


def test_the_end_of_the_input_ends_it(run) -> None:
    done = run("mcp")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_client_that_is_gone_is_an_end_like_any_other(bot, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chatbot", "mcp"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
        process.stdin.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


def test_an_edit_is_used_at_once_where_that_is_wanted(bot, folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chatbot", "--knowledge", str(folder), "--watch", "mcp"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr

        def send(message: dict[str, Any]) -> Any:
            process.stdin.write(json.dumps(message).encode() + b"\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())["result"]

        question = {"question": "when does a baker start work?"}
        send(INITIALIZE)
        assert send(call("ask", question, 2))["structuredContent"]["text"] == "Very early, before sunrise."
        file = folder / "baking" / "day.yaml"
        file.write_text(file.read_text().replace("Very early", "Quite early"))
        assert process.stderr.readline().startswith(b"reloaded: 1 entry (1 changed)")
        assert send(call("ask", question, 3))["structuredContent"]["text"] == "Quite early, before sunrise."
        process.stdin.close()
        assert process.wait(60) == 0
