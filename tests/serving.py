"""The service for the tests: in this process, and as a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from chatbot import CareerBot, Reply

PATIENCE = 60


@contextmanager
def client_of(bot: CareerBot, rate: float = 0, **settings: Any) -> Iterator[TestClient]:
    """A client of an app of its own; without a limit of requests, unless one is given."""
    from starlette.testclient import TestClient

    from chatbot.server import ServiceSettings, create_app

    app = create_app(bot, ServiceSettings(rate=rate, **settings))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


class Broken:
    """A bot that fails: with a fault of the program, or because it can't answer just now."""

    def __init__(self, bot: CareerBot, error: Exception, at: str = "broken") -> None:
        self.knowledge, self._bot, self._error, self._at = bot.knowledge, bot, error, at

    def ask_many(self, questions: list[str]) -> list[Reply]:
        if any(self._at in question for question in questions):
            raise self._error
        return self._bot.ask_many(questions)


@contextmanager
def live(bot: CareerBot, proxies: tuple[str, ...] = (), **settings: Any) -> Iterator[int]:
    """The port of a server in a thread, with little patience: .3 s for heads and bodies, 1 s for readers, 5
    connections."""
    from chatbot.server import ServiceSettings, create_app
    from chatbot.server.protocol import Patience
    from chatbot.server.run import server_of

    app = create_app(bot, ServiceSettings(**{"rate": 0, "body_seconds": 10, **settings}))
    server = server_of(app, proxies, Patience(head=0.3, body=0.3, write=1.0, most=5))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        port = listening.getsockname()[1]
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()


class Process:
    """``chatbot serve`` on a free port, with what it writes on stderr."""

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-m", "chatbot", "serve", "--port", "0", *options],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | environment,
        )  # fmt: skip
        self.lines: list[str] = []
        self._url = threading.Event()
        self.port = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._url.wait(PATIENCE) or not self.port:
            self.child.kill()
            raise AssertionError(f"not started: {self.lines}")

    def _read(self) -> None:
        assert self.child.stderr
        for line in self.child.stderr:
            self.lines.append(line.decode())
            with contextlib.suppress(ValueError):
                told = json.loads(line)
                if told.get("event") == "listening":
                    self.port = int(told["url"].rstrip("/").rpartition(":")[2])
                    self._url.set()
        self._url.set()

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of the log with this event."""
        return [told for line in self.lines if (told := json.loads(line))["event"] == name]

    def ready(self) -> Process:
        """Returns when questions are answered."""
        until = time.monotonic() + PATIENCE
        while self.status("/readyz") != 200:
            assert time.monotonic() < until and self.child.poll() is None, self.lines
            time.sleep(0.05)
        return self

    def connect(self) -> socket.socket:
        """A connection, with a limit of time for whoever reads from it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def send(self, data: bytes, idle: float = PATIENCE) -> bytes:
        """All that comes back on a connection of its own, until it is closed, or idle for so many seconds."""
        with self.connect() as connection:
            connection.settimeout(idle)
            with contextlib.suppress(OSError):  # it may be closed before all is sent
                connection.sendall(data)
            return received(connection)

    def request(self, method: str, path: str, body: object = None) -> bytes:
        """The response to a request that closes its connection."""
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n" if data else "\r\n"
        return self.send(head.encode() + data)

    def status(self, path: str) -> int:
        """Of a GET; 0 where nothing answers."""
        try:
            return int(self.request("GET", path)[9:12] or 0)
        except OSError:
            return 0

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """The exit status after a signal."""
        self.child.send_signal(by)
        return self.wait()

    def wait(self) -> int:
        """The exit status."""
        status = self.child.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def close(self) -> None:
        """Whatever state it is in."""
        if self.child.poll() is None:
            self.child.kill()
        self.wait()
        for stream in (self.child.stdout, self.child.stderr):
            if stream:
                stream.close()


def received(connection: socket.socket) -> bytes:
    """What comes on a connection until it ends."""
    found = b""
    try:
        while data := connection.recv(65_536):
            found += data
    except (ConnectionError, TimeoutError):
        pass
    return found


@contextmanager
def process(folder: Path, *options: str, **environment: str) -> Iterator[Process]:
    """A process that takes requests, though the bot may still be loading; killed at the end, if it is there."""
    made = Process(folder, *options, **environment)
    try:
        yield made
    finally:
        made.close()
