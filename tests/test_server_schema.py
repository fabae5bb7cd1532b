"""The service keeps what its OpenAPI description says, whatever is sent: schemathesis, random bytes, huge
bodies, slow senders."""

from __future__ import annotations

import contextlib
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from serving import Process, process

if TYPE_CHECKING:
    from chatbot import CareerBot

HEAD = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
SEED = 7


def config(examples: int) -> Any:
    """Everything that schemathesis can check but one thing: that whatever was made is there, which a bound
    conversation is not for others."""
    from schemathesis.config import SchemathesisConfig

    return SchemathesisConfig.from_dict({
        "seed": SEED, "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
        "checks": {"ensure_resource_availability": {"enabled": False}},
    })  # fmt: skip


@schemathesis.hook  # type: ignore[untyped-decorator, unused-ignore]
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """Which names of careers are known is no matter of JSON Schema: a few of them stand for all."""
    for name in ("Asked", "NewConversation", "Chosen"):
        career = raw_schema["components"]["schemas"][name]["properties"]["career"]["anyOf"]
        career[0] = {"enum": ["registered nurse", "machine learning engineer", "47-2152"]}


def findings(described: Any) -> tuple[int, list[str]]:
    """How many requests were sent, and what was wrong with the responses."""
    from schemathesis.engine import Status, from_schema
    from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

    sent, found = 0, []
    for event in from_schema(described).execute():
        if isinstance(event, NonFatalError):
            found.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, FatalError):
            found.append(repr(event.exception))
        elif isinstance(event, ScenarioFinished):
            sent += len(event.recorder.interactions)
            for nodes in event.recorder.checks.values():
                found += [
                    f"{event.label}: {node.name}: {node.failure_info}"
                    for node in nodes
                    if node.status in {Status.FAILURE, Status.ERROR}
                ]
    return sent, found


def test_the_service_keeps_its_description(bot: CareerBot) -> None:
    """Statuses, content types, headers and bodies are the described ones; what is described as wrong is
    refused, what is right is not."""
    from chatbot.server import ServiceSettings, create_app

    app = create_app(bot, ServiceSettings(rate=0, hosts=("localhost", "testserver")))
    sent, found = findings(schemathesis.openapi.from_asgi("/openapi.json", app, config=config(20)))
    assert sent > 300 and not found, f"{sent} requests: {found[:5]}"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("bot")
class TestHostile:
    """Ten thousand requests that nobody should send, to a real process."""

    def test_nothing_malformed_is_a_fault(self, tmp_path: Path) -> None:
        with process(tmp_path, "--rate", "0") as served:
            served.ready()
            described = schemathesis.openapi.from_url(
                f"http://127.0.0.1:{served.port}/openapi.json", config=config(200)
            )
            sent, found = findings(described)
            assert sent > 1_000 and not found, f"{sent} requests: {found[:5]}"
            rng = random.Random(SEED)  # noqa: S311 - the same each time
            nonsense = [_nonsense(rng) for _ in range(10_000 - sent)]
            seen: Counter[int] = Counter()
            with ThreadPoolExecutor(8) as pool:
                for answers in (
                    pool.map(lambda data: _statuses(served.send(data, 0.5)) or [0], nonsense),
                    pool.map(lambda i: _huge(served, i), range(40)),
                    pool.map(lambda i: _slow(served, i), range(40)),
                ):
                    seen.update(status for found in answers for status in found)
            assert not [status for status in seen if status >= 500], seen
            assert {400, 408, 413, 415, 422} <= set(seen), seen
            assert served.status("/readyz") == 200
            assert served.request("POST", "/v1/ask", {"question": "ml salary uk"}).startswith(b"HTTP/1.1 200")
            assert served.end() == 0
            told = "".join(served.lines)
        assert "Traceback" not in told and '"level": "error"' not in told
        print(f"{sent} by schemathesis, others: {dict(seen)}")


def _statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


def _nonsense(rng: random.Random) -> bytes:
    """A request, damaged somewhere, or random bytes in one of its parts."""
    kind = rng.randrange(6)
    noise = rng.randbytes(rng.randrange(1, 400))
    if kind == 0:
        return noise
    body = {1: noise, 2: b'{"question": "' + noise + b'"}', 3: _json(rng, 6)}.get(
        kind, b'{"question": "ml salary uk"}'
    )
    types = [b"application/json"] * 4 + [b"text/plain", noise.replace(b"\r", b"").replace(b"\n", b"")[:40]]
    path = rng.choice(
        [
            b"/v1/ask",
            b"/v1/conversations",
            b"/v1/conversations/x/messages",
            b"/" + noise[:30].hex().encode(),
            b"/%ff%00%2e",
        ]
    )
    method = rng.choice([b"POST", b"POST", b"POST", b"GET", b"PUT", b"DELETE", b"OPTIONS", b"HEAD", b"BREW"])
    head = b"%b %b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %b\r\n" % (
        method,
        path,
        rng.choice(types),
    )
    told = len(body) + (rng.choice([-3, 5_000_000, 10**25]) if kind == 4 else 0)
    whole = head + b"Content-Length: %d\r\n\r\n" % told + body
    if kind == 5:
        at = rng.randrange(len(whole))
        whole = whole[:at] + noise[: rng.randrange(1, 5)] + whole[at + rng.randrange(3) :]
        whole += b"" if b"\r\n\r\n" in whole else b"\r\n\r\n"
    return whole


def _json(rng: random.Random, depth: int) -> bytes:
    """A value of some kind, with what JSON allows and most programs don't expect."""
    leaves = [
        b"null",
        b"true",
        b"-0",
        b"1e999",
        b"1" * 5_000,
        b'"\\ud800"',
        b'"\\u0000"',
        b'"\\udfff\\ud800"',
        b'""',
        b"NaN",
        b"'x'",
    ]
    if depth == 0 or rng.random() < 0.3:
        return rng.choice(leaves)
    parts = [_json(rng, depth - 1) for _ in range(rng.randrange(4))]
    if rng.random() < 0.5:
        return b"[" + b",".join(parts) + b"]"
    return (
        b"{"
        + b",".join(
            rng.choice([b'"question"', b'"bound"', b'"\\ud800"', b'""']) + b":" + part for part in parts
        )
        + b"}"
    )


def _huge(served: Process, i: int) -> list[int]:
    """100 MB, with and without a length."""
    chunked = i % 2
    with served.connect() as connection, contextlib.suppress(ConnectionError):
        connection.sendall(
            HEAD
            + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"Content-Length: 100000000\r\n\r\n")
        )
        block = b"10000\r\n" + b" " * 65_536 + b"\r\n" if chunked else b" " * 65_536
        connection.sendall(block)
        first = connection.recv(65_536)
        for _ in range(1_500):
            connection.sendall(block)
        pytest.fail("all of it was taken")
    return _statuses(first)


def _slow(served: Process, i: int) -> list[int]:
    """A byte now and then, in the head or in the body, until the connection is closed."""
    began = time.monotonic()
    start = [
        b"",
        b"POST /v1/ask HTTP/1.1\r\nHost:",
        HEAD + b"Content-Length: 500\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
    ][i % 4]
    with served.connect() as connection:
        connection.sendall(start)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 60:
                connection.settimeout(0.5)
                try:
                    part = connection.recv(65_536)
                    if not part:
                        break
                    answer += part
                except TimeoutError:
                    connection.sendall(b"1\r\n \r\n" if i % 4 == 3 else b"x")
        assert time.monotonic() - began < 40
    return _statuses(answer)
