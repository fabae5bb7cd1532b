"""Conversations over HTTP, kept in memory and in PostgreSQL: they belong to whoever made them, and end."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from conftest import ROOT
from postgres import Server, free_port, running
from serving import client_of

from chatbot.server.conversations import MESSAGES, MemoryStore, Store, Turns, digest, new_secret

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from chatbot import CareerBot

REPLY = json.loads((ROOT / "docs" / "reply.schema.json").read_text(encoding="utf-8"))
GERMANY, AND_UK = "how much do ml engineers make in germany?", "and in the uk?"


@pytest.fixture
def dsn(postgres: Server) -> Iterator[str]:
    """An empty database."""
    import psycopg

    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(postgres.dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgres.dsn.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(postgres.dsn, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["memory", "postgres"])
def where(request: pytest.FixtureRequest) -> str:
    """What --conversations names."""
    return "memory" if request.param == "memory" else str(request.getfixturevalue("dsn"))


@pytest.fixture
def client(bot: CareerBot, where: str) -> Iterator[TestClient]:
    with client_of(bot, conversations=where) as made:
        yield made


def begin(client: TestClient, **body: bool) -> str:
    made = client.post("/v1/conversations", json=body)
    assert made.status_code == 201, made.text
    told = made.json()
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", told["id"]) and told["expires_in"] == 3600
    assert made.headers["location"] == f"/v1/conversations/{told['id']}"
    return str(told["id"])


def say(client: TestClient, id_: str, question: str) -> Any:
    response = client.post(f"/v1/conversations/{id_}/messages", json={"question": question})
    assert response.status_code == 200, response.text
    jsonschema.validate(response.json(), REPLY)
    return response.json()


def gone(client: TestClient, id_: str) -> bool:
    """Whether there is no such conversation, whatever one wants of it."""
    at = f"/v1/conversations/{id_}"
    found = [client.get(at), client.post(f"{at}/messages", json={"question": "hi"}), client.delete(at)]
    assert all(
        response.headers["content-type"] == "application/problem+json"
        for response in found
        if response.status_code != 200
    )
    return {response.status_code for response in found} == {404}


def test_a_follow_up_is_understood_as_in_the_library(client: TestClient, bot: CareerBot) -> None:
    id_, chat = begin(client), bot.conversation()
    for question in (GERMANY, AND_UK, "where did you get that?", "", "and in france?"):
        assert say(client, id_, question) == json.loads(json.dumps(chat.ask(question).to_dict()))
    assert "£" in chat.turns[1].text


def test_conversations_know_nothing_of_each_other(client: TestClient) -> None:
    first, second = begin(client), begin(client)
    say(client, first, GERMANY)
    asked = "where did you get that?"
    assert say(client, second, asked)["kind"] != "answer" and say(client, first, asked)["kind"] == "answer"


def test_what_was_said_can_be_read_again(client: TestClient) -> None:
    id_ = begin(client)
    said = [
        (question, say(client, id_, question))
        for question in (GERMANY, AND_UK, "", '日本語 "quoted" \\ \u2028')
    ]
    told = client.get(f"/v1/conversations/{id_}").json()
    assert told == {
        "id": id_,
        "expires_in": 3600,
        "career": "Machine learning engineer",
        "messages": [{"question": question, "reply": reply} for question, reply in said],
    }


@pytest.mark.parametrize("body", [None, b"", b"{}", b"null", b'{"bound": false}'])
def test_a_conversation_begins_without_a_body_too(client: TestClient, body: bytes | None) -> None:
    headers = {"Content-Type": "application/json"} if body else {}
    made = client.post("/v1/conversations", content=body, headers=headers)
    assert made.status_code == 201 and "set-cookie" not in made.headers


@pytest.mark.parametrize(
    "body", [{"bound": 1}, {"bound": "true"}, {"bond": True}, {"career": ""}, {"career": 1}, [], "x"]
)
def test_a_conversation_begins_with_nothing_else(client: TestClient, body: object) -> None:
    assert client.post("/v1/conversations", json=body).status_code == 422


def test_a_conversation_that_is_forgotten_is_gone(client: TestClient) -> None:
    id_ = begin(client)
    say(client, id_, GERMANY)
    assert client.delete(f"/v1/conversations/{id_}").status_code == 204
    assert gone(client, id_)


@pytest.mark.parametrize(
    "id_", ["x", "a" * 43, "%00", "%ff%fe", "%ed%a0%80", "' OR 1=1 --", "a" * 5_000, "..%2f.."]
)
def test_an_id_that_was_never_given_is_unknown(client: TestClient, id_: str) -> None:
    begin(client)
    assert client.get(f"/v1/conversations/{id_}").status_code == 404


def test_a_bound_conversation_is_only_for_whoever_made_it(client: TestClient) -> None:
    id_ = begin(client, bound=True)
    owner = client.cookies["chatbot_owner"]
    say(client, id_, GERMANY)
    for cookie in (None, new_secret(), owner[:-1], f"{owner}x"):
        client.cookies.clear()
        if cookie:
            client.cookies.set("chatbot_owner", cookie)
        assert gone(client, id_)
    client.cookies.clear()
    client.cookies.set("chatbot_owner", owner)
    assert "£" in say(client, id_, AND_UK)["text"]
    assert client.delete(f"/v1/conversations/{id_}").status_code == 204


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    made = client.post("/v1/conversations", json={"bound": True})
    parts = {part.strip().lower() for part in made.headers["set-cookie"].split(";")[1:]}
    assert parts == {"httponly", "path=/v1", "samesite=strict"}
    # the one that is there will do
    assert "set-cookie" not in client.post("/v1/conversations", json={"bound": True}).headers
    again = client.post(
        "https://localhost/v1/conversations",
        json={"bound": True},
        headers={"Cookie": "chatbot_owner=made-up"},
    )
    assert "secure" in again.headers["set-cookie"].lower()
    assert "made-up" not in again.headers["set-cookie"]


def test_an_unbound_conversation_needs_no_cookie(client: TestClient) -> None:
    id_ = begin(client)
    client.cookies.set("chatbot_owner", new_secret())
    assert say(client, id_, GERMANY)["kind"] == "answer"
    client.cookies.clear()
    assert say(client, id_, AND_UK)["kind"] == "answer"


def test_two_messages_at_once_are_answered_one_after_the_other(client: TestClient) -> None:
    id_ = begin(client)
    questions = [
        f"how much do ml engineers make in {place}?"
        for place in ("germany", "the uk", "india", "china", "the us")
    ] * 2
    with ThreadPoolExecutor(len(questions)) as pool:
        list(pool.map(lambda question: say(client, id_, question), questions))
    messages = client.get(f"/v1/conversations/{id_}").json()["messages"]
    assert sorted(message["question"] for message in messages) == sorted(questions)


def test_conversations_can_be_switched_off(bot: CareerBot) -> None:
    with client_of(bot, conversations="off") as client:
        for response in (
            client.post("/v1/conversations"), client.get("/v1/conversations/x"), client.delete("/v1/conversations/x"),
            client.post("/v1/conversations/x/messages", json={"question": "hi"}),
        ):  # fmt: skip
            assert response.status_code == 501 and "switched off" in response.json()["detail"]
        assert client.get("/readyz").status_code == 200
        assert "chatbot_conversations" not in client.get("/metrics").text


def test_nothing_that_opens_a_conversation_is_stored(client: TestClient, where: str) -> None:
    id_ = begin(client, bound=True)
    owner = client.cookies["chatbot_owner"]
    say(client, id_, GERMANY)
    if where == "memory":
        held = repr(client.app.state.service.store._kept)  # type: ignore[attr-defined]
    else:
        import psycopg

        with psycopg.connect(where) as connection:
            held = str(connection.execute("SELECT * FROM chatbot_conversation").fetchall())
    assert id_ not in held and owner not in held and repr(digest(id_))[2:-1] in held


# the stores


@pytest.fixture(params=["memory", "postgres"])
def store_of(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Makes a store of either kind in a context; ``age`` makes all that is in it older."""
    dsn = request.getfixturevalue("dsn") if request.param == "postgres" else None

    @contextmanager
    def made(cap: int = 100, seconds: float = 60) -> Iterator[tuple[Store, Callable[[float], None]]]:
        if dsn:
            import psycopg

            from chatbot.server.postgres import PostgresStore

            store: Store = PostgresStore(dsn, cap, seconds, tidy=0)

            def age(by: float) -> None:
                with psycopg.connect(dsn, autocommit=True) as connection:
                    connection.execute(
                        "UPDATE chatbot_conversation SET used = used - make_interval(secs => %s)", (by,)
                    )
        else:
            now = [0.0]
            store = MemoryStore(cap, seconds, clock=lambda: now[0])

            def age(by: float) -> None:
                now[0] += by

        yield store, age
        asyncio.run(store.close())

    return made


async def add(store: Store, key: bytes, text: str) -> bool:
    before = await store.turns(key, None)
    assert before
    return await store.append(key, before, json.dumps([text]).encode(), json.dumps({"said": text}).encode())


def test_a_store_gives_back_what_it_was_given(store_of: Callable[..., Any]) -> None:
    async def check(store: Store) -> None:
        key = digest("one")
        await store.check()
        assert (
            await store.turns(key, None) is None
            and await store.messages(key, None) is None
            and not await store.delete(key, None)
        )
        await store.create(key, None)
        assert await store.turns(key, None) == Turns(b"[]", 0) and await store.messages(key, None) == []
        for text in ("a", "ü€😀", "c"):
            assert await add(store, key, text)
        found = await store.turns(key, digest("anyone"))
        assert found and json.loads(found.data) == ["c"] and found.version == 3
        assert [json.loads(message)["said"] for message in await store.messages(key, None) or []] == [
            "a",
            "ü€😀",
            "c",
        ]
        assert await store.count() == 1 and await store.delete(key, None) and await store.count() == 0

    with store_of() as (store, _):
        asyncio.run(check(store))


def test_a_store_notices_that_another_wrote_first(store_of: Callable[..., Any]) -> None:
    async def check(store: Store) -> None:
        key = digest("one")
        await store.create(key, None)
        before = await store.turns(key, None)
        assert before and await add(store, key, "first")
        assert not await store.append(key, before, b'["second"]', b"{}")
        assert len(await store.messages(key, None) or []) == 1
        await store.delete(key, None)
        assert not await store.append(key, before, b"[]", b"{}")

    with store_of() as (store, _):
        asyncio.run(check(store))


def test_a_store_keeps_the_last_messages_of_a_long_conversation(store_of: Callable[..., Any]) -> None:
    async def check(store: Store) -> None:
        key = digest("one")
        await store.create(key, None)
        for i in range(MESSAGES + 3):
            assert await add(store, key, str(i))
        kept = [json.loads(message)["said"] for message in await store.messages(key, None) or []]
        assert kept == [str(i) for i in range(3, MESSAGES + 3)]

    with store_of() as (store, _):
        asyncio.run(check(store))


def test_a_store_forgets_what_is_not_used(store_of: Callable[..., Any]) -> None:
    async def check(store: Store, age: Callable[[float], None]) -> None:
        used, unused = digest("used"), digest("unused")
        for key in (used, unused):
            await store.create(key, None)
        for _ in range(3):
            age(40)
            assert await store.messages(used, None) is not None  # reading is a use
        assert (
            await store.turns(unused, None) is None
            and not await store.delete(unused, None)
            and await store.messages(unused, None) is None
        )
        assert await store.count() == 1
        age(61)
        assert await store.turns(used, None) is None
        await store.create(digest("new"), None)  # takes the others away for good

    with store_of() as (store, age):
        asyncio.run(check(store, age))


def test_a_store_holds_no_more_than_it_may_and_forgets_first_what_was_used_longest_ago(
    store_of: Callable[..., Any],
) -> None:
    async def check(store: Store, age: Callable[[float], None]) -> None:
        keys = [digest(str(i)) for i in range(5)]
        for key in keys[:3]:
            await store.create(key, None)
            age(1)
        assert await store.messages(keys[0], None) is not None
        for key in keys[3:]:
            age(1)
            await store.create(key, None)
        found = [await store.turns(key, None) is not None for key in keys]
        assert found == [True, False, False, True, True] and await store.count() == 3

    with store_of(cap=3) as (store, age):
        asyncio.run(check(store, age))


def test_memory_is_bounded_by_bytes_too() -> None:
    async def check() -> None:
        store = MemoryStore(1_000, 60, most_bytes=20_000)
        keys = [digest(str(i)) for i in range(100)]
        for i, key in enumerate(keys):
            await store.create(key, None)
            assert await add(store, key, "".join(chr(33 + (i * 7919 + j * j) % 90) for j in range(1_000)))
            assert store._bytes == sum(kept.size for kept in store._kept.values()) <= 20_000
        assert 2 < await store.count() < 30 and await store.turns(keys[-1], None)

    asyncio.run(check())


# PostgreSQL alone


def test_two_services_share_the_conversations_of_one_database(bot: CareerBot, dsn: str) -> None:
    with client_of(bot, conversations=dsn) as one, client_of(bot, conversations=dsn) as other:
        id_ = begin(one)
        say(one, id_, GERMANY)
        assert "£" in say(other, id_, AND_UK)["text"]
        questions = [
            f"how much do ml engineers make in {place}?" for place in ("germany", "the uk", "india", "china")
        ]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda i: say((one, other)[i % 2], id_, questions[i]), range(4)))
        assert len(one.get(f"/v1/conversations/{id_}").json()["messages"]) == 6


def test_many_services_may_make_the_table_at_once(dsn: str) -> None:
    from chatbot.server.postgres import PostgresStore

    stores = [PostgresStore(dsn, 10, 60) for _ in range(6)]
    start = threading.Barrier(len(stores))

    def check(store: PostgresStore) -> None:
        start.wait()
        asyncio.run(store.check())
        asyncio.run(store.close())

    with ThreadPoolExecutor(len(stores)) as pool:
        list(pool.map(check, stores))


def test_a_database_that_is_lost_is_a_503_until_it_is_back(
    bot: CareerBot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.server.postgres.SECONDS", 0.5)
    with (
        running() as server,
        client_of(bot, conversations=server.dsn.replace("postgres@", "postgres:pass-word@")) as client,
    ):
        id_ = begin(client)
        say(client, id_, GERMANY)
        server.kill()
        for response in (
            client.post("/v1/conversations"), client.get(f"/v1/conversations/{id_}"), client.get("/readyz"),
            client.post(f"/v1/conversations/{id_}/messages", json={"question": "hi"}),
        ):  # fmt: skip
            assert response.status_code == 503 and response.headers["retry-after"]
            assert str(server.port) not in response.text and "conversations" in response.json()["detail"]
        assert client.post("/v1/ask", json={"question": "ml salary uk"}).json()["kind"] == "answer"
        assert client.get("/metrics").status_code == 200
        server.start()
        for _ in range(100):
            if client.get("/readyz").status_code == 200:
                break
            threading.Event().wait(0.1)
        assert "£" in say(client, id_, AND_UK)["text"]
    assert "pass-word" not in caplog.text and any(
        "conversations:" in record.getMessage() for record in caplog.records
    )


def test_no_database_at_all_is_a_503_too(bot: CareerBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatbot.server.postgres.SECONDS", 0.5)
    with client_of(bot, conversations=f"postgresql://nobody@127.0.0.1:{free_port()}/none") as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.post("/v1/conversations").status_code == 503
        assert client.post("/v1/ask", json={"question": "ml salary uk"}).status_code == 200
