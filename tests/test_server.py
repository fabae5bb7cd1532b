"""The HTTP API: what it answers, how it describes itself, and what it says of requests that it can't take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from conftest import ROOT
from serving import client_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from chatbot import CareerBot

JSON = {"Content-Type": "application/json"}
REPLY = json.loads((ROOT / "docs" / "reply.schema.json").read_text(encoding="utf-8"))
ASKED = [
    "how much do ml engineers make in germany?", "what do nurses earn in texas", "which states pay nurses most", "how tall is the eiffel tower?",
    "hi", "ml salary", "what do teachers earn", "", "!!!",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(bot: CareerBot) -> Iterator[TestClient]:
    with client_of(bot) as made:
        yield made


def problem(response: Any, status: int) -> str:
    """The detail of a problem; everything else about it is checked."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told.keys() == {"type", "title", "status", "detail"}
    assert told["type"] == "about:blank" and told["status"] == status and told["title"]
    return str(told["detail"])


@pytest.mark.parametrize("question", ASKED)
def test_a_reply_is_the_librarys(client: TestClient, bot: CareerBot, question: str) -> None:
    response = client.post("/v1/ask", json={"question": question})
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    assert response.json() == json.loads(json.dumps(bot.ask(question).to_dict()))
    jsonschema.validate(response.json(), REPLY)


def test_the_described_reply_is_the_documented_one(client: TestClient) -> None:
    described = client.get("/openapi.json").json()

    def plain(schema: Any) -> Any:
        """Without titles and descriptions, with references followed and nullable types written in one way."""
        if isinstance(schema, list):
            return [plain(each) for each in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return plain(described["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema and schema["anyOf"][1] == {"type": "null"}:
            found = plain(schema["anyOf"][0])
            return found | {"type": [found["type"], "null"]}
        left_out = (
            {"title", "description", "$schema"} if isinstance(schema.get("type", ""), str | list) else set()
        )
        found = {
            key: plain(value)
            for key, value in schema.items()
            if key not in left_out or isinstance(value, dict)
        }
        if "required" in found:
            found["required"] = sorted(found["required"])
        if {"const", "enum"} & found.keys() or found.get("additionalProperties") is True:
            found.pop("type" if {"const", "enum"} & found.keys() else "additionalProperties", None)
        return found

    assert plain(described["components"]["schemas"]["Reply"]) == plain(REPLY)


def test_topics_and_sources(client: TestClient, bot: CareerBot) -> None:
    topics = client.get("/v1/topics").json()["topics"]
    assert {topic["id"]: topic["title"] for topic in topics} == dict(bot.knowledge.topics)
    for topic in topics:
        assert topic["questions"] == [entry.question for entry in bot.knowledge.in_topic(topic["id"])]
    sources = client.get("/v1/sources").json()["sources"]
    assert [source["id"] for source in sources] == list(bot.knowledge.sources)
    assert {"title", "publisher", "published", "url", "note"} <= sources[0].keys()


def test_the_probes(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "not JSON"),
        (b"\xff\xfe{}", 400, "not UTF-8"),
        ('{"question": "hi"}'.encode("utf-16"), 400, "not UTF-8"),
        (b'\xef\xbb\xbf{"question": "hi"}', 400, "not JSON"),
        (b"[" * 15_000, 400, "nested too deep"),
        (b'{"a":' * 3_000, 400, "nested too deep"),
        (b'{"question": "hi", "question": "ho"}', 400, "a key stands twice"),
        (b'{"question": NaN}', 400, "NaN"),
        (b'{"question": -Infinity}', 400, "Infinity"),
        (b'{"question": ' + b"1" * 6_000 + b"}", 400, "a number is too long"),
        (b"[]", 422, "the body should be"),
        (b'"hi"', 422, "the body should be"),
        (b"null", 422, "the body"),
        (b"", 422, "the body is required"),
        (b"{}", 422, "question is required"),
        (b'{"question": 1}', 422, "question should be a valid string"),
        (b'{"question": null}', 422, "question should be a valid string"),
        (b'{"question": ["hi"]}', 422, "question should be a valid string"),
        (b'{"question": "hi", "more": 1}', 422, "more is not known here"),
        (b'{"question": "a\\u0000b"}', 422, "NUL"),
        (b'{"question": "\\ud800"}', 422, "Unicode"),
        (b'{"question": "hi", "\\udc00": 1}', 422, "Unicode"),
        (b'{"question": "\x01"}', 400, "not JSON"),
        (json.dumps({"question": "a" * 2_001}).encode(), 422, "at most 2000 characters"),
    ],
)
def test_a_body_that_can_not_be_used_is_a_problem_that_says_why(
    client: TestClient, body: bytes, status: int, said: str
) -> None:
    assert said in problem(client.post("/v1/ask", content=body, headers=JSON), status)


def test_a_problem_repeats_nothing_of_what_was_sent(client: TestClient) -> None:
    for body in (
        b'{"question": "tell-tale\\u0000"}',
        b'{"question": ["tell-tale"]}',
        b'{"question": "tell-tale"',
    ):
        assert "tell-tale" not in client.post("/v1/ask", content=body, headers=JSON).text


@pytest.mark.parametrize(
    "question",
    ["a" * 2_000, "\x01\x02 hi \x7f", "日本語の質問", "😀" * 500, "<script>alert(1)</script>", "%s %d {0}"],
)
def test_any_text_of_a_fitting_length_is_answered(client: TestClient, question: str) -> None:
    response = client.post(
        "/v1/ask", content=json.dumps({"question": question}, ensure_ascii=False).encode(), headers=JSON
    )
    assert response.status_code == 200
    jsonschema.validate(response.json(), REPLY)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}, {}, {"Content-Type": "nonsense"},
        {"Content-Type": "application/json; charset=utf-16"}, JSON | {"Content-Encoding": "gzip"}, {"Content-Type": "application/vnd.api+json"},
    ],
)  # fmt: skip
def test_another_content_type_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert problem(client.post("/v1/ask", content=b'{"question": "hi"}', headers=headers), 415)


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"]
)
def test_json_by_any_of_its_names_is_taken(client: TestClient, kind: str) -> None:
    assert (
        client.post("/v1/ask", content=b'{"question": "hi"}', headers={"Content-Type": kind}).status_code
        == 200
    )


@pytest.mark.parametrize(
    "path",
    ["/nope", "/v1", "/v1/ask/", "/docs", "/redoc", "/static/", "/static/../app.py", "/static/%2e%2e/app.py"],
)
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert problem(client.get(path), 404)


def test_every_address_takes_the_methods_that_it_says(client: TestClient) -> None:
    for path, methods in {
        "/v1/ask": "OPTIONS, POST", "/v1/conversations/x": "DELETE, GET, HEAD, OPTIONS", "/healthz": "GET, HEAD, OPTIONS",
        "/": "GET, HEAD, OPTIONS", "/openapi.json": "GET, HEAD, OPTIONS",
    }.items():  # fmt: skip
        for method in ("PUT", "PATCH", "TRACE", "NONSENSE"):
            refused = client.request(method, path)
            assert methods in problem(refused, 405) and refused.headers["allow"] == methods
        told = client.options(path)
        assert (told.status_code, told.headers["allow"], told.content) == (204, methods, b"")
    assert problem(client.options("/nope"), 404)


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/topics", "/openapi.json", "/static/chat.css"])
def test_head_is_get_without_the_content(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == 200 and head.content == b""
    assert head.headers == got.headers


def test_every_response_has_the_headers_that_keep_browsers_safe(client: TestClient) -> None:
    for response in (
        client.get("/"), client.get("/nope"), client.post("/v1/ask", json={"question": "hi"}), client.post("/v1/ask", content=b"{"),
        client.get("/healthz"), client.get("/static/chat.css"), client.options("/v1/ask"), client.get("/", headers={"Host": "example.org"}),
    ):  # fmt: skip
        headers = response.headers
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY" and "geolocation=()" in headers["permissions-policy"]
        assert (
            headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        )
        assert (
            "default-src 'none'" in headers["content-security-policy"]
            and "frame-ancestors 'none'" in headers["content-security-policy"]
        )
        assert "unsafe" not in headers["content-security-policy"]
        assert "server" not in headers or "uvicorn" not in headers["server"]
    assert client.post("/v1/ask", json={"question": "hi"}).headers["cache-control"] == "no-store"
    assert client.post("/v1/ask", content=b"{", headers=JSON).headers["cache-control"] == "no-store"


def test_the_page_and_its_files(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8" and "<title>" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for name, kind in {
        "chat.css": "text/css",
        "chat.js": "text/javascript",
        "icon.svg": "image/svg+xml",
    }.items():
        got = client.get(f"/static/{name}")
        assert got.status_code == 200 and got.headers["content-type"].startswith(kind)
        assert got.headers["cache-control"] == "no-cache"
        again = client.get(f"/static/{name}", headers={"If-None-Match": got.headers["etag"]})
        assert (
            again.status_code == 304 and again.content == b"" and again.headers["etag"] == got.headers["etag"]
        )
        assert client.get(f"/static/{name}", headers={"If-None-Match": '"other"'}).status_code == 200
    assert problem(client.get("/static/index.html"), 404)


def test_the_description_names_every_address_and_its_problems(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    paths = described["paths"]
    assert set(paths) == {
        "/v1/ask", "/v1/conversations", "/v1/conversations/{id}", "/v1/conversations/{id}/messages", "/v1/conversations/{id}/career", "/v1/topics", "/v1/sources", "/healthz",
        "/readyz", "/metrics",
    }  # fmt: skip
    for operations in paths.values():
        for operation in operations.values():
            assert operation["summary"]
            for code, response in operation["responses"].items():
                assert response["description"]
                assert int(code) < 400 or set(response["content"]) == {"application/problem+json"}
    assert not any("Validation" in name for name in described["components"]["schemas"])
    assert described["components"]["schemas"]["Question"]["properties"]["question"]["maxLength"] == 2_000


def test_a_shorter_limit_of_questions_holds_and_is_described(bot: CareerBot) -> None:
    with client_of(bot, question_chars=20) as client:
        assert client.post("/v1/ask", json={"question": "ml salary germany"}).status_code == 200
        assert "at most 20 characters" in problem(
            client.post("/v1/ask", json={"question": "ml salary in germany?"}), 422
        )
        assert (
            client.get("/openapi.json").json()["components"]["schemas"]["Question"]["properties"]["question"][
                "maxLength"
            ]
            == 20
        )


def test_figures_for_prometheus_count_by_template(bot: CareerBot) -> None:
    with client_of(bot) as client:
        client.post("/v1/ask", json={"question": "ml salary uk"})
        id_ = client.post("/v1/conversations").json()["id"]
        client.get(f"/v1/conversations/{id_}")
        client.get("/made-up-by-a-client")
        client.request("MADEUP", "/v1/ask")
        response = client.get("/metrics")
        assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = response.text.splitlines()
    assert 'chatbot_requests_total{method="POST",route="/v1/ask",status="200"} 1.0' in lines
    assert 'chatbot_requests_total{method="GET",route="/v1/conversations/{id}",status="200"} 1.0' in lines
    assert 'chatbot_requests_total{method="GET",route="none",status="404"} 1.0' in lines
    assert 'chatbot_requests_total{method="other",route="/v1/ask",status="405"} 1.0' in lines
    assert 'chatbot_replies_total{kind="answer"} 1.0' in lines
    assert "chatbot_batch_size_count 1.0" in lines and "chatbot_conversations 1.0" in lines
    assert 'chatbot_request_seconds_count{route="/v1/ask"} 2.0' in lines
    assert id_ not in response.text and "made-up" not in response.text


def test_an_app_can_be_mounted_in_another(bot: CareerBot) -> None:
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.testclient import TestClient

    from chatbot.server import ServiceSettings, create_app

    app = Starlette(routes=[Mount("/careers", create_app(bot, ServiceSettings(rate=0)))])
    with TestClient(app, base_url="http://localhost") as client:
        assert client.post("/careers/v1/ask", json={"question": "ml salary uk"}).json()["kind"] == "answer"
        assert client.get("/careers/readyz").status_code == 200
        made = client.post("/careers/v1/conversations", json={"bound": True})
        assert made.headers["location"] == f"/careers/v1/conversations/{made.json()['id']}"
        assert "Path=/careers/v1;" in made.headers["set-cookie"]
        assert (
            client.post(f"{made.headers['location']}/messages", json={"question": "ml salary uk"}).status_code
            == 200
        )
        assert client.get("/careers/v1/topics").headers["cache-control"] == "no-store"
        assert client.get("/careers/").status_code == 200
