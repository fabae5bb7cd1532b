"""The addresses of the service, and the description of them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from fastapi import FastAPI, Path, Request, Response
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from chatbot import __version__
from chatbot.server import models
from chatbot.server.bodies import StrictRoute
from chatbot.server.conversations import digest, new_secret
from chatbot.server.metrics import MEDIA_TYPE as METRICS_TYPE
from chatbot.server.middleware import QUESTION, Cors, Guard, Outer
from chatbot.server.pagefiles import INDEX
from chatbot.server.problems import MEDIA_TYPE as PROBLEM_TYPE
from chatbot.server.problems import add_handlers
from chatbot.server.service import Maker, Service
from chatbot.server.settings import ServiceSettings

if TYPE_CHECKING:
    from chatbot.bot import CareerBot

COOKIE = "chatbot_owner"
_SECRET = re.compile(models.SECRET)
_NO_CONVERSATION = "there is no such conversation, or it was not used for too long"
_SAYS = {
    400: "The request is not HTTP or its body not JSON, or it is addressed to a host that is not known here.",
    403: "A page of another site sent it.",
    404: "There is no such conversation for this caller.",
    408: "The body did not arrive in time.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "The body says something else than is asked for.",
    429: "Too many requests of this client.",
    501: "Conversations are switched off.",
    503: "The service can't answer just now.",
}
_AGAIN = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}}
_BODY = (403, 408, 413, 415, 422)
Id = Annotated[
    str,
    Path(
        description="as POST /v1/conversations gave it",
        examples=["3xq0J2v9Yk5m8nQwErTyUiOpAsDfGhJkLzXcVbNm1_A"],
    ),
]


def create_app(
    bot: CareerBot | Maker,
    settings: ServiceSettings | None = None,
    *,
    failed: Callable[[], None] | None = None,
) -> FastAPI:
    """An ASGI app that answers with this bot; ``app.mount("/careers", create_app(bot))`` puts it into another
    one.

    ``bot``: a bot, or what makes one, given a ``progress`` function: it is then made in a thread when the app
    starts, and the service is not ready until then; ``failed`` is called where that goes wrong. The app logs
    under ``chatbot.server``, and configures no logging.
    """
    service = Service(bot, settings or ServiceSettings())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service.running(failed):
            yield

    app = FastAPI(
        title="Career chatbot", version=__version__, summary="Answers career questions from named sources, or says that it does not know.",
        docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan,
    )  # fmt: skip
    app.state.service = service
    app.router.route_class = StrictRoute
    app.add_middleware(Guard, service=service)
    if service.settings.cors:
        app.add_middleware(
            Cors, allow_origins=service.settings.cors, allow_methods=["GET", "POST", "PUT", "DELETE"], allow_headers=["Content-Type"],
            expose_headers=["Location", "Retry-After"],
        )  # fmt: skip
    app.add_middleware(Outer, service=service)
    add_handlers(app)
    _add_api(app)
    _add_rest(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _add_api(app: FastAPI) -> None:
    app.post(
        "/v1/ask", response_model=models.Reply, responses=_errors(*_BODY), summary="Answer one question"
    )(ask)
    at = "/v1/conversations"
    app.post(
        at, status_code=201, response_model=models.Created, summary="Begin a conversation",
        responses=_errors(501, *_BODY) | {201: {"headers": {"Location": {"schema": {"type": "string"}}}}},
    )(begin)  # fmt: skip
    at += "/{id}"
    app.get(at, response_model=models.Transcript, responses=_errors(404, 422, 501), summary="What was said")(
        recall
    )
    app.put(
        f"{at}/career",
        response_model=models.InForce,
        responses=_errors(404, 501, *_BODY),
        summary="Choose what a conversation is about, or forget it",
    )(choose)
    app.delete(at, status_code=204, responses=_errors(403, 404, 422, 501), summary="Forget a conversation")(
        forget
    )
    at += "/messages"
    app.post(
        at,
        response_model=models.Reply,
        responses=_errors(404, 501, *_BODY),
        summary="Say something in a conversation",
    )(say)
    app.get(
        "/v1/topics", response_model=models.Topics, responses=_errors(), summary="The topics, with questions"
    )(topics)
    app.get(
        "/v1/sources", response_model=models.Sources, responses=_errors(), summary="Who the answers are from"
    )(sources)


def _add_rest(app: FastAPI) -> None:
    app.get("/healthz", response_model=models.State, summary="Whether the process is up")(health)
    app.get(
        "/readyz",
        response_model=models.State,
        responses=_errors(only=(503,)),
        summary="Whether questions are answered",
    )(ready)
    text: dict[int | str, Any] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
    app.get(
        "/metrics",
        response_class=Response,
        responses=_errors(only=(400, 503)) | text,
        summary="Figures for Prometheus",
    )(figures)
    app.get("/", include_in_schema=False)(page)
    app.get("/static/{name}", include_in_schema=False)(static)


def _errors(*codes: int, only: tuple[int, ...] = ()) -> dict[int | str, dict[str, Any]]:
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        code: {"description": _SAYS[code], "content": content}
        | ({"headers": _AGAIN} if code in {429, 503} else {})
        for code in only or sorted({400, 429, 503, *codes})
    }


def _described(app: FastAPI) -> dict[str, Any]:
    """OpenAPI, with what FastAPI does not know of: problem details, and the limit of a question's length."""
    if not app.openapi_schema:
        made = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        schemas = made["components"]["schemas"]
        schemas["Problem"] = models.Problem.model_json_schema()
        for name in ("Question", "Asked"):
            schemas[name]["properties"]["question"]["maxLength"] = app.state.service.settings.question_chars
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        app.openapi_schema = made
    return app.openapi_schema


def _of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _json(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers, "application/json")


async def ask(request: Request, body: models.Asked) -> Response:
    """The question is answered by itself; what is too long for the bot is refused, and what is no question is
    answered as such."""
    answered = await _of(request).ask(_asked(request, body), body.career)
    return _json(answered.body)


async def begin(request: Request, body: models.NewConversation | None = None) -> Response:
    """Its id is all that is needed to use it. With `bound`, it is usable only with the cookie that is set,
    too."""
    service, bound = _with_conversations(request), bool(body and body.bound)
    owner = _owner(request)
    issued = new_secret() if bound and owner is None else None
    id_ = new_secret()
    owned = digest(issued or owner or "") if bound else None
    career = await service.begin(digest(id_), owned, body.career if body else None)
    root = request.scope.get("root_path", "")
    made = {"id": id_, "expires_in": service.settings.conversation_seconds, "career": career}
    response = _json(msgspec.json.encode(made), 201, {"Location": f"{root}/v1/conversations/{id_}"})
    if issued:
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, issued, path=f"{root}/v1", httponly=True, samesite="strict", secure=secure
        )
    return response


async def recall(request: Request, id: Id) -> Response:
    """Its messages, the oldest first: the last 200."""
    service = _with_conversations(request)
    messages = await service.conversations.messages(digest(id), _owner_key(request))
    if messages is None:
        raise HTTPException(404, _NO_CONVERSATION)
    told = {
        "id": id,
        "expires_in": service.settings.conversation_seconds,
        "career": await service.career(digest(id), _owner_key(request)),
        "messages": [msgspec.Raw(message) for message in messages],
    }
    return _json(msgspec.json.encode(told))


async def choose(request: Request, id: Id, body: models.Chosen) -> Response:
    """Questions that name no career are about it from here on. What was said before is not gone on from."""
    chosen = await _with_conversations(request).choose(digest(id), _owner_key(request), body.career)
    if chosen is None:
        raise HTTPException(404, _NO_CONVERSATION)
    return _json(msgspec.json.encode({"career": chosen.career}))


async def forget(request: Request, id: Id) -> Response:
    """It is gone at once."""
    if not await _with_conversations(request).conversations.delete(digest(id), _owner_key(request)):
        raise HTTPException(404, _NO_CONVERSATION)
    return Response(status_code=204)


async def say(request: Request, id: Id, body: models.Question) -> Response:
    """Answered in the light of what was said before: "and in france?"."""
    service = _with_conversations(request)
    answered = await service.say(digest(id), _owner_key(request), _asked(request, body))
    if answered is None:
        raise HTTPException(404, _NO_CONVERSATION)
    return _json(answered.body)


async def topics(request: Request) -> Response:
    """Each with the main questions of its entries."""
    known = _of(request).bot.knowledge
    listed = [
        {"id": t, "title": title, "questions": [e.question for e in known.in_topic(t)]}
        for t, title in known.topics.items()
    ]
    return _json(msgspec.json.encode({"topics": listed}))


async def sources(request: Request) -> Response:
    """Title, publisher, date, address, and an interest worth knowing."""
    known = _of(request).bot.knowledge
    return _json(
        msgspec.json.encode({"sources": [dataclasses.asdict(source) for source in known.sources.values()]})
    )


async def health() -> Response:
    """200 as long as the process takes requests."""
    return _json(b'{"status":"ok"}')


async def ready(request: Request) -> Response:
    """200 once the bot is loaded, while its index and the store of conversations answer, until the service
    ends."""
    await _of(request).check()
    return _json(b'{"status":"ready"}')


async def figures(request: Request) -> Response:
    """In the text format."""
    return Response(await _of(request).figures(), media_type=METRICS_TYPE)


async def page(request: Request) -> Response:
    """The chat page."""
    return _file(request, INDEX)


async def static(request: Request, name: str) -> Response:
    """A file of it."""
    return _file(request, name if name != INDEX else "")


def _file(request: Request, name: str) -> Response:
    found = _of(request).files.get(name)
    if found is None:
        raise HTTPException(404)
    return found.response(request)


def _asked(request: Request, body: models.Question) -> str:
    settings = _of(request).settings
    if len(body.question) > settings.question_chars:
        raise HTTPException(422, f"question should have at most {settings.question_chars:,} characters")
    request.scope[QUESTION] = body.question
    return body.question


def _with_conversations(request: Request) -> Service:
    service = _of(request)
    if service.store is None:
        raise HTTPException(501, "conversations are switched off here; POST /v1/ask answers single questions")
    return service


def _owner(request: Request) -> str | None:
    """The caller's secret, where its cookie is one that this service may have made."""
    found = request.cookies.get(COOKIE, "")
    return found if _SECRET.match(found) else None


def _owner_key(request: Request) -> bytes | None:
    owner = _owner(request)
    return digest(owner) if owner else None
