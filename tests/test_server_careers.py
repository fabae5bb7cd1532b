"""What questions over HTTP are about that name nothing: chosen for one question or a conversation, told with
every reply, and forgotten."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from conftest import ROOT
from serving import client_of
from test_server_conversations import begin, client, dsn, say, where

from chatbot.server.models import Problem

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from chatbot import CareerBot

__all__ = ["client", "dsn", "where"]
REPLY = json.loads((ROOT / "docs" / "reply.schema.json").read_text(encoding="utf-8"))
EARN, NURSES, PLUMBERS = "what would I earn?", "Registered Nurses", "Plumbers, Pipefitters, and Steamfitters"
ENGINEER = "Machine learning engineer"


def started(client: TestClient, career: str) -> tuple[str, Any]:
    made = client.post("/v1/conversations", json={"career": career})
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["career"]


def choose(client: TestClient, id_: str, career: str | None) -> Any:
    response = client.put(f"/v1/conversations/{id_}/career", json={"career": career})
    assert response.status_code == 200, response.text
    return response.json()


def in_force(client: TestClient, id_: str) -> Any:
    return client.get(f"/v1/conversations/{id_}").json()["career"]


@pytest.fixture
def alone(bot: CareerBot) -> Any:
    with client_of(bot, conversations="off") as made:
        yield made


@pytest.mark.parametrize("career", ["registered nurse", "29-1141", "RN"])
def test_a_question_is_told_what_it_is_about(alone: TestClient, career: str) -> None:
    reply = alone.post("/v1/ask", json={"question": EARN, "career": career}).json()
    jsonschema.validate(reply, REPLY)
    assert reply["subject"] == {"kind": "occupation", "id": "29-1141", "title": NURSES, "how": "chosen"}
    for body in ({"question": EARN}, {"question": EARN, "career": None}):
        reply = alone.post("/v1/ask", json=body).json()
        assert (reply["why"]["code"], reply["subject"]) == ("which-career", None)


def test_questions_at_once_about_different_careers_keep_apart(alone: TestClient) -> None:
    careers = ["registered nurse", "plumber", None, "machine learning engineer"] * 6
    start = threading.Barrier(len(careers))

    def asked(career: str | None) -> Any:
        start.wait()
        told = alone.post("/v1/ask", json={"question": EARN, "career": career}).json()["subject"]
        return told and told["title"]

    with ThreadPoolExecutor(len(careers)) as pool:
        assert list(pool.map(asked, careers)) == [NURSES, PLUMBERS, None, ENGINEER] * 6


@pytest.mark.parametrize(
    ("career", "detail", "candidate"),
    [
        ("engineer", "career may be several: ", "Civil Engineers"),
        ("machine lerning engineer", "career is not known here; the nearest are: ", ENGINEER),
        ("wiz\x1bard \u202e", "career is not known here", None),
    ],
)
def test_a_career_that_is_not_clear_is_a_422_with_candidates(
    client: TestClient, career: str, detail: str, candidate: str | None
) -> None:
    id_ = begin(client)
    for response in (
        client.post("/v1/ask", json={"question": EARN, "career": career}),
        client.post("/v1/conversations", json={"career": career}),
        client.put(f"/v1/conversations/{id_}/career", json={"career": career}),
    ):
        told = response.json()
        assert response.status_code == 422 and response.headers["content-type"] == "application/problem+json"
        jsonschema.validate(told, Problem.model_json_schema())
        assert told["detail"].startswith(detail) and career not in told["detail"]
        assert candidate is None or candidate in told["candidates"]


@pytest.mark.parametrize("career", ["", "x" * 201, 3, ["nurse"], "a\x00b"])
def test_what_is_no_name_is_refused_as_such(alone: TestClient, career: object) -> None:
    response = alone.post("/v1/ask", json={"question": EARN, "career": career})
    assert response.status_code == 422 and response.json()["detail"].startswith("career ")
    assert "candidates" not in response.json()


def test_a_conversation_begins_with_a_career_and_goes_on_with_it(client: TestClient) -> None:
    id_, career = started(client, "registered nurse")
    assert career == in_force(client, id_) == NURSES
    assert say(client, id_, EARN)["subject"]["how"] == "chosen"
    assert say(client, id_, "and in ohio?")["text"].startswith(f"{NURSES} in Ohio")
    say(client, id_, "what does an ml engineer earn in germany?")
    assert in_force(client, id_) == ENGINEER


def test_the_career_in_force_is_changed_and_forgotten(client: TestClient) -> None:
    id_ = begin(client)
    assert in_force(client, id_) is None
    say(client, id_, "what do nurses earn in texas")
    assert in_force(client, id_) == NURSES
    assert choose(client, id_, "plumber") == {"career": PLUMBERS}
    assert say(client, id_, EARN)["text"].startswith(PLUMBERS)
    assert choose(client, id_, None) == {"career": None} and in_force(client, id_) is None
    assert say(client, id_, EARN)["why"]["code"] == "which-career"
    assert say(client, id_, "nurse")["text"].startswith(NURSES)
    assert len(client.get(f"/v1/conversations/{id_}").json()["messages"]) == 4


def test_only_who_has_a_conversation_chooses_for_it(client: TestClient) -> None:
    at = "/v1/conversations/{}/career"
    assert client.put(at.format("x" * 43), json={"career": None}).status_code == 404
    id_ = begin(client, bound=True)
    client.cookies.clear()
    assert client.put(at.format(id_), json={"career": None}).status_code == 404
    assert client.put(at.format(id_), json={}).json()["detail"] == "career is required"


def test_a_bot_of_one_career_gives_it_to_conversations_that_may_forget_it(bot: CareerBot) -> None:
    from chatbot import CareerBot as Bot

    own = Bot(encoder=bot.engine.encoder, career="registered nurse")
    with client_of(own) as client:
        made = client.post("/v1/conversations").json()
        assert made["career"] == NURSES and say(client, made["id"], EARN)["text"].startswith(NURSES)
        assert client.post("/v1/ask", json={"question": EARN}).json()["text"].startswith(NURSES)
        id_ = client.post("/v1/conversations").json()["id"]
        choose(client, id_, None)
        assert in_force(client, id_) is None
        assert say(client, id_, EARN)["why"]["code"] == "which-career"


@pytest.mark.parametrize("where", ["memory", "postgres"], indirect=True)
def test_a_conversation_kept_before_there_were_careers_is_read(client: TestClient, where: str) -> None:
    id_ = begin(client)
    say(client, id_, "what do nurses earn in texas")
    if where == "memory":
        import zlib

        (kept,) = client.app.state.service.store._kept.values()  # type: ignore[attr-defined]
        kept.turns = zlib.compress(_of_before(zlib.decompress(kept.turns)))
    else:
        import psycopg

        with psycopg.connect(where, autocommit=True) as connection:
            (turns,) = connection.execute("SELECT turns::text FROM chatbot_conversation").fetchone()  # type: ignore[misc]
            connection.execute("UPDATE chatbot_conversation SET turns = %s", (_of_before(turns).decode(),))
    assert in_force(client, id_) is None
    assert say(client, id_, "and in ohio?")["text"].startswith(f"{NURSES} in Ohio")
    assert in_force(client, id_) == NURSES


def _of_before(turns: bytes | str) -> bytes:
    """Turns as they were kept before they told how they came about, and what about."""
    found = json.loads(turns)
    assert isinstance(found, list)
    for turn in found:
        del turn["code"], turn["subject"]
    return json.dumps(found).encode()
