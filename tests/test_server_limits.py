"""Who may come, how often and with how much; and what is written down of it."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from serving import Broken, client_of

from chatbot.errors import ChatbotError
from chatbot.server import ServiceSettings
from chatbot.server.limiting import Limiter, network
from chatbot.server.logs import NAME, JsonLines

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from chatbot import CareerBot, Reply

QUESTION = {"question": "ml salary uk"}


@pytest.fixture
def log() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the service logs, as it stands on stderr."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger(NAME)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(before)


# how often


def test_a_client_that_asks_too_often_is_told_when_to_come_again(bot: CareerBot) -> None:
    with client_of(bot, rate=0.5, burst=3) as client:
        found = [client.post("/v1/ask", json=QUESTION) for _ in range(5)]
        assert [response.status_code for response in found] == [200, 200, 200, 429, 429]
        assert (
            found[3].headers["content-type"] == "application/problem+json"
            and found[3].json()["status"] == 429
        )
        assert 1 <= int(found[3].headers["retry-after"]) <= 2
        assert client.get("/v1/topics").status_code == 429
        assert {
            client.get(path).status_code
            for path in ("/healthz", "/readyz", "/metrics", "/", "/static/chat.js") * 5
        } == {200}


def test_each_client_has_its_own_measure() -> None:
    now = [0.0]
    limiter = Limiter(2, 3, clock=lambda: now[0])
    assert [limiter.wait("192.0.2.1") for _ in range(4)] == [0, 0, 0, 1]
    assert limiter.wait("192.0.2.2") == 0
    now[0] += 0.5
    assert [limiter.wait("192.0.2.1") for _ in range(2)] == [0, 1]
    now[0] += 100
    assert [limiter.wait("192.0.2.1") for _ in range(4)] == [0, 0, 0, 1]


def test_no_rate_is_no_limit_and_clients_are_not_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {Limiter(0, 1).wait("192.0.2.1") for _ in range(1_000)} == {0}
    monkeypatch.setattr("chatbot.server.limiting.MOST", 10)
    limiter = Limiter(0.001, 1)
    assert all(limiter.wait(f"192.0.2.{i}") == 0 for i in range(100))
    assert len(limiter._seen) == 10 and limiter.wait("192.0.2.99") > 0


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("fe80::1%eth0", "fe80::/64"), ("unix:", "unix:"), ("", ""),
    ],
)  # fmt: skip
def test_a_network_of_ipv6_counts_as_one_client(address: str, counted: str) -> None:
    assert network(address) == counted


# how much


@pytest.mark.parametrize("size", [1_001, 100_000])
def test_a_body_that_is_too_large_is_refused_by_what_it_says_of_itself(bot: CareerBot, size: int) -> None:
    with client_of(bot, body_bytes=1_000) as client:
        response = client.post("/v1/ask", content=b" " * size, headers={"Content-Type": "application/json"})
        assert response.status_code == 413 and "1,000 bytes" in response.json()["detail"]


def send(app: Any, chunks: AsyncIterator[bytes], headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The response to a POST whose body comes in parts, and what it says."""
    status, body = 0, b""

    async def receive() -> dict[str, Any]:
        try:
            return {"type": "http.request", "body": await anext(chunks), "more_body": True}
        except StopAsyncIteration:
            return {"type": "http.request", "body": b"", "more_body": False}

    async def sent(message: dict[str, Any]) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    named = {"host": "localhost", "content-type": "application/json"} | headers
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/v1/ask", "raw_path": b"/v1/ask",
        "query_string": b"", "root_path": "", "scheme": "http", "client": ("192.0.2.1", 1), "server": ("localhost", 80),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, sent))
    return status, json.loads(body)


def test_a_body_in_parts_is_cut_as_soon_as_it_is_too_large(bot: CareerBot) -> None:
    given = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 400
            yield b" " * 400

    with client_of(bot, body_bytes=1_000) as client:
        for headers in ({}, {"content-length": "10"}, {"content-length": "9" * 30}, {"content-length": "٣"}):
            given = 0
            assert send(client.app, chunks(), headers)[0] == 413
            assert given <= 1_200


def test_a_body_that_comes_too_slowly_is_given_up(bot: CareerBot) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.02)

    with client_of(bot, body_seconds=0.1) as client:
        status, told = send(client.app, chunks(), {})
        assert status == 408 and "0.1 seconds" in told["detail"]


def test_too_many_at_once_are_sent_away(bot: CareerBot) -> None:
    """A bot that is held up answers those who wait, and nobody who comes when as many wait as may."""
    held, coming = threading.Event(), threading.Semaphore(0)

    class Held:
        knowledge = bot.knowledge

        def ask_many(self, questions: list[str]) -> list[Reply]:
            coming.release()
            held.wait(30)
            return bot.ask_many(questions)

    with client_of(Held(), waiting=4) as client:  # type: ignore[arg-type]
        found: list[int] = []
        threads = [
            threading.Thread(target=lambda: found.append(client.post("/v1/ask", json=QUESTION).status_code))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        coming.acquire()
        service = client.app.state.service  # type: ignore[attr-defined]
        while service.under_way < 4:
            threading.Event().wait(0.01)
        refused = client.post("/v1/ask", json=QUESTION)
        assert refused.status_code == 503 and refused.headers["retry-after"] == "1"
        assert client.get("/healthz").status_code == 200  # the loop is free all the while
        held.set()
        for thread in threads:
            thread.join()
        assert found == [200] * 4


# from where


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost", True), ("localhost:8000", True), ("LOCALHOST", True), ("127.0.0.1:1", True), ("[::1]", True), ("[::1]:8000", True),
        ("careers.example.org", True), ("careers.example.org:443", True), ("a.example.com", True), ("a.b.example.com:1", True),
        ("example.org", False), ("example.com", False), ("evilexample.com", False), ("localhost.example.net", False), ("", False),
        ("localhost@evil.example", False), ("evil.example:localhost", False), ("127.0.0.1.evil.example", False), ("localhost:80:80", False),
    ],
)  # fmt: skip
def test_only_known_host_names_are_answered(bot: CareerBot, host: str, known: bool) -> None:
    settings = ServiceSettings()
    with client_of(bot, hosts=(*settings.hosts, "careers.example.org", "*.example.com")) as client:
        response = client.get("/v1/topics", headers={"Host": host})
        assert response.status_code == (200 if known else 400)
        assert known or response.headers["content-type"] == "application/problem+json"
        assert client.get("/readyz", headers={"Host": host}).status_code == 200  # probes come by address


def test_any_host_can_be_allowed(bot: CareerBot) -> None:
    with client_of(bot, hosts=("*",)) as client:
        assert client.get("/v1/topics", headers={"Host": "any.example"}).status_code == 200


def preflight(client: TestClient, origin: str, method: str = "POST") -> Any:
    return client.options(
        "/v1/ask",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "content-type",
        },
    )


def test_pages_of_other_sites_may_not_call_unless_named(bot: CareerBot) -> None:
    with client_of(bot) as client:
        assert not [
            name
            for name in preflight(client, "https://example.org").headers
            if name.startswith("access-control")
        ]
        response = client.post("/v1/ask", json=QUESTION, headers={"Origin": "https://example.org"})
        assert "access-control-allow-origin" not in response.headers
        for path in ("/v1/ask", "/v1/conversations"):
            refused = client.post(
                path, json={}, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://example.org"}
            )
            assert (
                refused.status_code == 403 and refused.headers["content-type"] == "application/problem+json"
            )
        assert (
            client.post("/v1/ask", json=QUESTION, headers={"Sec-Fetch-Site": "same-origin"}).status_code
            == 200
        )
        # a link leads here
        assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_pages_of_a_named_site_may_call(bot: CareerBot) -> None:
    with client_of(bot, cors=("https://example.org",)) as client:
        allowed = preflight(client, "https://example.org")
        assert (
            allowed.status_code == 200
            and allowed.headers["access-control-allow-origin"] == "https://example.org"
        )
        assert "access-control-allow-credentials" not in allowed.headers
        from_there = {"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"}
        response = client.post("/v1/ask", json=QUESTION, headers=from_there)
        assert (
            response.status_code == 200
            and response.headers["access-control-allow-origin"] == "https://example.org"
        )
        assert (
            client.post("/v1/conversations", headers=from_there).headers["access-control-expose-headers"]
            == "Location, Retry-After"
        )
        for refused in (
            preflight(client, "https://evil.example"),
            preflight(client, "https://example.org", "PATCH"),
        ):
            assert (
                refused.status_code == 400 and refused.headers["content-type"] == "application/problem+json"
            )
            assert refused.headers["x-frame-options"] == "DENY"
        assert "access-control-allow-origin" not in preflight(client, "https://evil.example").headers


@pytest.mark.parametrize(
    "settings",
    [
        {"cors": ("example.org",)}, {"cors": ("https://example.org/",)}, {"hosts": ("https://example.org",)}, {"hosts": ("a b",)},
        {"conversations": "sqlite://x"}, {"conversations": ""}, {"question_chars": 2_001}, {"question_chars": 0}, {"rate": -1}, {"burst": 0},
        {"body_bytes": 0}, {"waiting": 0}, {"conversation_cap": 0}, {"conversation_seconds": -1},
    ],
)  # fmt: skip
def test_settings_that_can_not_be_meant_are_one_line(settings: dict[str, Any]) -> None:
    with pytest.raises(ChatbotError) as raised:
        ServiceSettings(**settings)
    assert "\n" not in str(raised.value)


# what is written down


def test_the_log_holds_no_questions_and_no_ids(
    bot: CareerBot, log: Callable[[], list[dict[str, Any]]]
) -> None:
    with client_of(bot) as client:
        client.post("/v1/ask", json={"question": "tell-tale salary"})
        id_ = client.post("/v1/conversations").json()["id"]
        client.post(f"/v1/conversations/{id_}/messages", json={"question": "tell-tale salary"})
        client.get("/tell-tale?tell-tale")
        client.post(
            "/v1/ask", content=b'{"question": "tell-tale', headers={"Content-Type": "application/json"}
        )
        client.get("/readyz")
    told = log()
    assert [(line["method"], line["route"], line["status"]) for line in told] == [
        ("POST", "/v1/ask", 200), ("POST", "/v1/conversations", 201), ("POST", "/v1/conversations/{id}/messages", 200), ("GET", "none", 404),
        ("POST", "/v1/ask", 400),
    ]  # fmt: skip
    for line in told:
        assert line.keys() == {"time", "level", "event", "method", "route", "status", "ms", "client"}
        assert line["event"] == "request" and line["level"] == "info" and line["client"] == "testclient"
        assert line["ms"] >= 0 and line["time"].endswith("Z")
    assert "tell-tale" not in repr(told) and id_ not in repr(told)


def test_questions_are_logged_where_that_is_switched_on(
    bot: CareerBot, log: Callable[[], list[dict[str, Any]]]
) -> None:
    with client_of(bot, log_questions=True) as client:
        client.post("/v1/ask", json={"question": 'two\nlines "quoted" \x1b[31m'})
        client.get("/v1/topics")
    assert [line.get("question") for line in log()] == ['two\nlines "quoted" \x1b[31m', None]


def test_a_fault_is_a_500_that_tells_nothing_and_is_logged_with_its_traceback(
    bot: CareerBot, log: Callable[[], list[dict[str, Any]]]
) -> None:
    with client_of(Broken(bot, RuntimeError("inner working"))) as client:  # type: ignore[arg-type]
        response = client.post("/v1/ask", json={"question": "broken"})
        assert response.status_code == 500 and response.headers["content-type"] == "application/problem+json"
        assert "inner" not in response.text and response.headers["x-content-type-options"] == "nosniff"
        assert client.post("/v1/ask", json=QUESTION).status_code == 200
    fault, request, _ = log()
    assert (
        fault["level"] == "error"
        and "RuntimeError: inner working" in fault["traceback"]
        and fault["route"] == "/v1/ask"
    )
    assert request["status"] == 500


def test_a_bot_that_can_not_answer_just_now_is_a_503(
    bot: CareerBot, log: Callable[[], list[dict[str, Any]]]
) -> None:
    with client_of(Broken(bot, ChatbotError("db.example:5432 is gone"))) as client:  # type: ignore[arg-type]
        response = client.post("/v1/ask", json={"question": "broken"})
        assert (
            response.status_code == 503
            and response.headers["retry-after"]
            and "db.example" not in response.text
        )
        assert client.get("/readyz").status_code == 200
    with client_of(Broken(bot, ChatbotError("gone"), at="hi")) as client:  # type: ignore[arg-type]
        assert client.get("/readyz").status_code == 503 and client.get("/healthz").status_code == 200
    assert [line["event"] for line in log()] == ["db.example:5432 is gone", "request", "gone"]
    assert not any("traceback" in line for line in log())


# loading


def test_a_service_whose_bot_is_being_made_is_up_but_not_ready(bot: CareerBot) -> None:
    go = threading.Event()

    closed = threading.Event()

    class Made:
        knowledge, ask_many = bot.knowledge, bot.ask_many

        def close(self) -> None:
            closed.set()

    def make(progress: Any) -> Made:
        progress(0, 1)
        go.wait(30)
        return Made()

    with client_of(make) as client:  # type: ignore[arg-type]
        assert client.get("/healthz").status_code == 200
        for response in (
            client.get("/readyz"),
            client.post("/v1/ask", json=QUESTION),
            client.get("/v1/topics"),
        ):
            assert response.status_code == 503 and response.headers["retry-after"]
        assert client.get("/").status_code == 200
        go.set()
        while client.get("/readyz").status_code != 200:
            threading.Event().wait(0.01)
        assert client.post("/v1/ask", json=QUESTION).status_code == 200
        assert not closed.is_set()
    assert closed.is_set()


def test_a_service_that_ends_says_so_and_takes_no_more(bot: CareerBot) -> None:
    with client_of(bot) as client:
        client.app.state.service.draining = True  # type: ignore[attr-defined]
        refused = client.post("/v1/ask", json=QUESTION)
        assert refused.status_code == 503 and refused.headers["connection"] == "close"
        assert client.get("/readyz").status_code == 503 and client.get("/healthz").status_code == 200
