"""What comes over the wire: no HTTP, half of it, or far too much."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from serving import live, received

if TYPE_CHECKING:
    from chatbot import CareerBot

HEAD = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GOOD = HEAD + b'Content-Length: 18\r\n\r\n{"question": "hi"}'
LAST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def port(bot: CareerBot) -> Iterator[int]:
    with live(bot) as made:
        yield made


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever is sent, nothing is logged as an error."""
    with caplog.at_level(logging.INFO):
        yield
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def exchange(port: int, *parts: bytes) -> bytes:
    with connect(port) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except ConnectionError:
                break
        return received(connection)


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n\r\n\r\nnonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nx: \x00\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"x: y\r\n" * 20_000, b"GET /" + b"a" * 100_000,
        HEAD + b"Content-Length: -1\r\n\r\n", HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", HEAD + b"Content-Length: x\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_http_is_a_400_and_the_end_of_the_connection(port: int, sent: bytes) -> None:
    answer = exchange(port, sent)
    assert set(statuses(answer)) <= {400} and (answer or sent.startswith(b"GET /a")), answer
    for part in answer.split(b"HTTP/1.1 ")[1:]:
        head, _, body = part.partition(b"\r\n\r\n")
        assert (
            b"content-type: application/problem+json" in head.lower()
            and b"x-content-type-options: nosniff" in head.lower()
        )
        assert json.loads(body)["status"] == 400


@pytest.mark.parametrize(
    "parts",
    [
        (CHUNKED, b"zz\r\n"), (CHUNKED, b"5\r\nabcdefgh\r\n"), (CHUNKED, b"-1\r\n"), (CHUNKED, b"ffffffffffffffffffff\r\n"),
        (CHUNKED, b"4000\r\n" + b" " * 0x4000 + b"\r\n4000\r\n" + b" " * 0x4000, b"\r\nzz\r\n"),  # damaged once the 413 is out
        (CHUNKED, b"12\r\n", b'{"question": "hi"}', b"\r\n0\r\nzz zz\r\n\r\n"), (GOOD, b"nonsense\r\n\r\n"),
    ],
)  # fmt: skip
def test_a_body_that_breaks_off_into_nonsense_is_no_fault_of_the_service(
    port: int, parts: tuple[bytes, ...]
) -> None:
    with connect(port) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except ConnectionError:
                break
            time.sleep(0.02)
        found = statuses(received(connection))
    assert all(status < 500 for status in found)
    assert statuses(exchange(port, LAST)) == [200]


def test_a_client_that_goes_away_leaves_no_trace(port: int) -> None:
    for part in (HEAD, HEAD + b"Content-Length: 18\r\n\r\n{", CHUNKED, GOOD, b"G", b""):
        for _ in range(3):
            with connect(port) as connection:
                connection.sendall(part)
    time.sleep(0.1)
    assert statuses(exchange(port, LAST)) == [200]


def test_a_huge_body_is_answered_before_it_is_all_sent(port: int) -> None:
    for head in (HEAD + b"Content-Length: 1000000000\r\n\r\n", CHUNKED):
        with connect(port) as connection:
            connection.sendall(head)
            chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
            sent, answer = 0, b""
            try:
                while sent < 100_000_000:
                    connection.sendall(chunk)
                    sent += len(chunk)
                    if not answer and sent > 100_000:
                        answer = connection.recv(65_536)
            except ConnectionError:
                pass
            assert statuses(answer) == [413] and sent < 50_000_000


def test_after_a_refusal_the_connection_goes_on_where_the_rest_of_the_body_is_small(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(HEAD + b"Content-Length: 20000\r\n\r\n" + b" " * 20_000 + GOOD + LAST)
        assert statuses(received(connection)) == [413, 200, 200]


def test_requests_in_a_row_are_answered_in_a_row(port: int) -> None:
    assert statuses(exchange(port, GOOD * 5 + LAST)) == [200] * 6


@pytest.mark.parametrize(
    "start",
    [b"", b"G", b"GET / HTTP/1.1\r\nHost: localhost\r\n", HEAD + b"Content-Length: 1000\r\n\r\n", CHUNKED],
)
def test_who_trickles_is_cut_off_however_steadily(port: int, start: bytes) -> None:
    began = time.monotonic()
    with connect(port) as connection:
        connection.sendall(start)
        try:
            while time.monotonic() - began < 20:
                time.sleep(0.05)
                if start:
                    connection.sendall(
                        b"1\r\n \r\n" if start == CHUNKED else b"x" if b"\r\n" not in start else b"x:y\r\n"
                    )
                connection.setblocking(False)
                try:
                    if connection.recv(1_000) == b"":
                        break
                except BlockingIOError:
                    pass
                finally:
                    connection.settimeout(30)
        except ConnectionError:
            pass
    assert time.monotonic() - began < 15


def test_who_does_not_read_is_cut_off(bot: CareerBot) -> None:
    with live(bot) as port, connect(port) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        for _ in range(100_000):
            try:
                connection.settimeout(3)
                connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 500)
            except OSError:
                break
        else:
            pytest.fail("the service went on reading")
        assert statuses(exchange(port, LAST)) == [200]


def test_there_is_a_most_of_connections(bot: CareerBot) -> None:
    with live(bot) as port:
        held = [connect(port) for _ in range(5)]
        time.sleep(0.05)
        with connect(port) as one_more:
            assert received(one_more) == b""
        for connection in held:
            connection.close()
        for _ in range(100):
            if statuses(exchange(port, LAST)) == [200]:
                break
            time.sleep(0.02)
        else:
            pytest.fail("no connection is taken any more")


def test_many_slow_clients_do_not_hold_up_others(port: int) -> None:
    stop = threading.Event()

    def trickle() -> None:
        while not stop.is_set():
            with connect(port) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nx:")
                received(connection)

    slow = [threading.Thread(target=trickle) for _ in range(3)]
    for thread in slow:
        thread.start()
    found = [statuses(exchange(port, GOOD.replace(b"Host", b"Connection: close\r\nHost"))) for _ in range(20)]
    stop.set()
    for thread in slow:
        thread.join()
    assert found == [[200]] * 20


def test_a_websocket_is_not_spoken(port: int) -> None:
    upgrade = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"
    assert statuses(exchange(port, upgrade))[0] in {200, 400, 426}


def test_expect_100_continue(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(HEAD + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: 18\r\n\r\n")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 100")
        connection.sendall(b'{"question": "hi"}')
        assert statuses(received(connection)) == [200]
