"""Errors as problem details (RFC 9457): every response that is not a success is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from chatbot.errors import CareerError, ChatbotError

if TYPE_CHECKING:
    from starlette.types import Scope

MEDIA_TYPE = "application/problem+json"
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""RFC 9110's names, which Python has since 3.13."""
_SAID = {
    "missing": "is required",
    "extra_forbidden": "is not known here",
    "string_pattern_mismatch": "must not hold a NUL character",
    "string_unicode": "must be valid Unicode, without half surrogate pairs",
}
"""What is wrong with a value, where pydantic's own words say less."""


class UnavailableError(ChatbotError):
    """What is needed for an answer does not answer just now; it may soon. A client gets 503."""


def problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None, **further: Sequence[str]
) -> Response:
    """A response with problem details, and further members of it."""
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **further}
    return Response(msgspec.json.encode(body), status, headers, MEDIA_TYPE)


def unavailable(detail: str, seconds: int = 1) -> Response:
    """A 503 that says when to try again."""
    return problem(503, detail, {"Retry-After": str(seconds)})


def add_handlers(app: FastAPI) -> None:
    """Make problem details of every exception that stands for a response."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(UnavailableError, _of_unavailable)
    app.add_exception_handler(CareerError, _of_career)


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        methods = ", ".join(allowed(request.app, request.scope))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": methods})
        return problem(405, f"this address takes {methods}", {"Allow": methods})
    detail = (
        "there is nothing at this address"
        if error.status_code == 404 and error.detail == "Not Found"
        else str(error.detail)
    )
    return problem(error.status_code, detail, headers)


async def _of_validation(request: Request, error: Exception) -> Response:
    """What was wrong, never what was sent."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()[0]
    where = (
        ".".join(str(part) for part in found["loc"][1:]).encode("ascii", "backslashreplace").decode()[:60]
        or "the body"
    )
    said = _SAID.get(found["type"]) or str(found["msg"]).removeprefix("Input ").replace(
        "String should", "should"
    )
    return problem(422, f"{where} {said}")


async def _of_unavailable(request: Request, error: Exception) -> Response:
    return unavailable(str(error))


async def _of_career(request: Request, error: Exception) -> Response:
    """Which careers may be meant, never what was sent."""
    assert isinstance(error, CareerError)
    said = "may be several: " if error.several else "is not known here; the nearest are: "
    said = f"{said}{'; '.join(error.candidates)}" if error.candidates else "is not known here"
    return problem(422, f"career {said}", candidates=error.candidates)


def allowed(app: FastAPI, scope: Scope) -> list[str]:
    """The methods that an address takes."""
    found = {"OPTIONS"}
    for route in app.routes:
        methods: Any = getattr(route, "methods", None)
        if methods and route.matches({**scope, "type": "http"})[0] is not Match.NONE:
            found |= set(methods) | ({"HEAD"} if "GET" in methods else set())
    return sorted(found)
