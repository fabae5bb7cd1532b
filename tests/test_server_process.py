"""``chatbot serve`` as a process: it starts, tells where it is, and ends when it is told to, with what it has
under way done."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from serving import Process, process, received

if TYPE_CHECKING:
    from postgres import Server

    from chatbot import CareerBot

GERMANY = {"question": "how much do ml engineers make in germany?"}
Run = Callable[..., subprocess.CompletedProcess[bytes]]


def body(response: bytes) -> Any:
    return json.loads(response.partition(b"\r\n\r\n")[2])


@pytest.mark.usefixtures("bot")  # so that the cache is warm
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals as Unix has them")
class TestOneProcess:
    @pytest.fixture
    def served(self, tmp_path: Path) -> Iterator[Process]:
        with process(tmp_path) as made:
            yield made.ready()

    def test_a_request_under_way_is_finished_before_the_end(self, served: Process) -> None:
        assert body(served.request("POST", "/v1/ask", GERMANY))["kind"] == "answer"
        data = json.dumps(GERMANY).encode()
        with served.connect() as connection:
            head = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            connection.sendall(head % len(data) + data[:10])
            while served.status("/readyz") == 200:
                served.child.send_signal(signal.SIGTERM)
                time.sleep(0.05)
            assert served.status("/readyz") == 503 and served.status("/healthz") == 200
            refused = served.request("POST", "/v1/ask", GERMANY)
            assert refused.startswith(b"HTTP/1.1 503") and b"retry-after" in refused.lower()
            connection.sendall(data[10:])
            finished = received(connection)
        assert finished.startswith(b"HTTP/1.1 200") and body(finished)["kind"] == "answer"
        assert served.wait() == 0
        assert served.status("/readyz") == 0
        assert [line["level"] for line in map(json.loads, served.lines)] and not any(
            "Traceback" in line for line in served.lines
        )
        assert served.events("ending")[0]["under_way"] == 1
        assert served.child.stdout and served.child.stdout.read() == b""

    def test_ctrl_c_is_no_failure(self, tmp_path: Path) -> None:
        with process(tmp_path, "--log-questions") as served:
            served.ready()
            served.request("POST", "/v1/ask", GERMANY)
            assert served.end(signal.SIGINT) == 0
            assert served.events("request")[-1]["question"] == GERMANY["question"]

    def test_the_end_may_come_while_the_bot_is_loaded(self, tmp_path: Path) -> None:
        with process(tmp_path) as served:
            assert served.end() == 0
            assert not any("Traceback" in line for line in served.lines)

    def test_a_port_in_use_is_one_line(self, run: Run) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            done = run("serve", "--port", port)
        assert done.returncode == 2 and done.stdout == b""
        assert (
            done.stderr.decode()
            == f"chatbot: 127.0.0.1:{port} is in use already; choose another port with --port (0 takes a free one)\n"
        )

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--host", "no.such.host.invalid"], "is no address of this machine"),
            (["--host", "192.0.2.1"], "can't listen there"),
            (["--workers", "2"], "conversations in memory belong to one process"),
            (["--conversations", "sqlite://x"], "memory, off, or the DSN"),
            (["--cors-origin", "example.org"], "is no origin"),
            (["--allowed-host", "http://example.org"], "is no host name"),
        ],
    )
    def test_what_can_not_be_is_one_line(self, run: Run, arguments: list[str], said: str) -> None:
        done = run("serve", "--port", "0", *arguments)
        assert done.returncode == 2 and said in done.stderr.decode() and done.stderr.count(b"\n") == 1

    def test_knowledge_that_can_not_be_used_ends_it_with_the_findings(self, run: Run, folder: Path) -> None:
        (folder / "baking" / "day.yaml").write_text("topic: day\n", encoding="utf-8")
        done = run("--knowledge", str(folder), "serve", "--port", "0")
        assert (
            done.returncode == 2
            and b"day.yaml:1:1: [error]" in done.stderr
            and b"Traceback" not in done.stderr
        )

    def test_the_options_of_the_command_line_hold_for_the_service(self, folder: Path, tmp_path: Path) -> None:
        with process(
            tmp_path,
            CHATBOT_SERVE_RATE="0.001",
            CHATBOT_SERVE_BURST="2",
            CHATBOT_CONFIG=str(_config(tmp_path, folder)),
        ) as served:
            served.ready()
            answer = body(served.request("POST", "/v1/ask", {"question": "when does a baker start work?"}))
            assert answer["entry_id"] == "baking/start"
            assert b" 200 " in served.request("GET", "/v1/sources") and b" 429 " in served.request(
                "GET", "/v1/sources"
            )


def _config(tmp_path: Path, folder: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(f"knowledge = [{str(folder)!r}]\nintents = ['shipped']\n", encoding="utf-8")
    return file


@pytest.mark.usefixtures("bot")
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
class TestSeveralProcesses:
    def test_they_share_the_work_the_figures_and_the_conversations_and_are_replaced(
        self, postgres: Server, tmp_path: Path
    ) -> None:
        with process(tmp_path, "--workers", "2", "--rate", "0", "--conversations", postgres.dsn) as served:
            served.ready()
            _wait(lambda: len(served.events("ready")) == 2)
            made = body(served.request("POST", "/v1/conversations"))
            for question in (GERMANY["question"], *["and in the uk?"] * 5):
                said = body(
                    served.request("POST", f"/v1/conversations/{made['id']}/messages", {"question": question})
                )
            assert "£" in said["text"]
            assert served.request("GET", "/metrics").count(b'chatbot_replies_total{kind="answer"} 6.0') == 1
            assert b"\nchatbot_conversations " in served.request("GET", "/metrics")
            workers = {event["pid"] for event in served.events("ready")}
            os.kill(min(workers), signal.SIGKILL)
            _wait(lambda: len(served.events("ready")) == 3)
            assert served.events("a worker died")[0]["exit"] == -signal.SIGKILL
            assert served.request("POST", f"/v1/conversations/{made['id']}/messages", GERMANY).startswith(
                b"HTTP/1.1 200"
            )
            alive = {event["pid"] for event in served.events("ready")} - {min(workers)}
            assert served.end() == 0
            assert not any(Path(f"/proc/{pid}").exists() for pid in alive)
            assert not any("Traceback" in line for line in served.lines)

    @pytest.mark.slow
    def test_they_end_with_the_process_that_started_them(self, tmp_path: Path) -> None:
        with process(tmp_path, "--workers", "2", "--conversations", "off") as served:
            _wait(lambda: len(served.events("ready")) == 2)
            workers = {event["pid"] for event in served.events("ready")}
            served.child.kill()
            _wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))

    @pytest.mark.slow
    def test_knowledge_that_can_not_be_used_ends_them_all(self, run: Run, folder: Path) -> None:
        (folder / "baking" / "day.yaml").write_text("topic: day\n", encoding="utf-8")
        done = run(
            "--knowledge", str(folder), "serve", "--port", "0", "--workers", "2", "--conversations", "off"
        )
        assert (
            done.returncode == 2
            and done.stderr.count(b"day.yaml:1:1: [error]") >= 1
            and b"Traceback" not in done.stderr
        )


def _wait(until: Callable[[], bool]) -> None:
    over = time.monotonic() + 60
    while not until():
        assert time.monotonic() < over
        threading.Event().wait(0.05)


def test_whoever_can_be_reached_from_elsewhere_is_warned(caplog: pytest.LogCaptureFixture) -> None:
    from chatbot.server import ServiceSettings
    from chatbot.server.run import Address, warn_of

    for host in ("127.0.0.1", "127.1.2.3", "::1", "localhost"):
        warn_of(Address(host, 0), ServiceSettings())
    assert not caplog.records
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):  # noqa: S104 - not listened at
        warn_of(Address(host, 0), ServiceSettings())
    assert len(caplog.records) == 4 and "no authentication and no TLS" in caplog.text


@pytest.mark.parametrize(
    ("missing", "options", "extras"),
    [
        ("fastapi", [], "server"),
        ("uvicorn", [], "server"),
        ("psycopg_pool", ["--conversations", "postgresql://x/y"], "server,postgres"),
    ],
)
def test_a_package_that_is_missing_is_named_with_what_brings_it(
    missing: str, options: list[str], extras: str
) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; sys.argv = ['chatbot', 'serve', *{options!r}]; from chatbot.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        done.stderr
        == f"chatbot: chatbot serve needs {missing}; run: pip install 'career-chatbot[{extras}]'\n"
    )


def test_nothing_of_it_is_loaded_by_other_commands() -> None:
    code = """if True:
        import sys
        from chatbot import CareerBot
        from chatbot.cli.main import cli
        for arguments in (["--help"], ["serve", "--help"]):
            cli.main(arguments, standalone_mode=False)
        heavy = {"fastapi", "starlette", "uvicorn", "prometheus_client", "psycopg", "pydantic"} & set(sys.modules)
        sys.exit(f"loaded: {heavy}" if heavy else 0)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "CHATBOT_SERVE_PORT" in done.stdout


@pytest.mark.usefixtures("bot")
def test_behind_a_proxy_the_client_is_whom_the_proxy_names(bot: CareerBot) -> None:
    from serving import live

    def statuses(port: int, *clients: str) -> list[int]:
        found = []
        for client in clients:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                head = f"GET /v1/sources HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Forwarded-For: {client}\r\n\r\n"
                connection.sendall(head.encode())
                found.append(int(received(connection)[9:12]))
        return found

    with live(bot, rate=0.001, burst=1, proxies=("127.0.0.1",)) as port:
        assert statuses(port, "192.0.2.1", "192.0.2.2", "192.0.2.1", "203.0.113.9, 192.0.2.2") == [
            200,
            200,
            429,
            429,
        ]
    with live(bot, rate=0.001, burst=1) as port:
        assert statuses(port, "192.0.2.1", "192.0.2.2") == [200, 429]
