"""Request bodies, read with a limit of size and time, and as strictly as JSON is meant (RFC 8259)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException


class StrictRequest(Request):
    """A request whose body is small, came soon, and is JSON in UTF-8; else an ``HTTPException`` says which of
    these it is not."""

    async def body(self) -> bytes:
        """The body; b"" where there is none."""
        if not hasattr(self, "_body"):
            settings = self.app.state.service.settings
            try:
                async with asyncio.timeout(settings.body_seconds):
                    self._body = await self._read(settings.body_bytes)
            except TimeoutError:
                detail = f"the body must have arrived within {settings.body_seconds:g} seconds"
                raise HTTPException(408, detail, {"Connection": "close"}) from None
            if self._body:
                _check_type(self.headers.get("content-type"), self.headers.get("content-encoding"))
        return self._body

    async def json(self) -> Any:
        """What the body says."""
        return parse(await self.body())

    async def _read(self, most: int) -> bytes:
        told = self.headers.get("content-length", "")
        if told.isascii() and told.isdigit() and int(told[:20]) > most:
            raise _too_large(most)
        body = bytearray()
        async for chunk in self.stream():
            body += chunk
            if len(body) > most:
                raise _too_large(most)
        return bytes(body)


class StrictRoute(APIRoute):
    """A route whose handler is given a ``StrictRequest``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler, with the other request."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict


def parse(body: bytes) -> Any:
    """JSON without duplicate keys, NaN or infinities."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise HTTPException(400, "the body is not UTF-8") from None
    except RecursionError:
        raise HTTPException(400, "the body is nested too deep") from None
    except json.JSONDecodeError as error:
        raise HTTPException(400, f"the body is not JSON: {error.msg} at character {error.pos}") from None
    except ValueError as error:  # ours, and Python's limit of a number's digits
        raise HTTPException(
            400, f"the body is not JSON that can be used: {_OWN.get(str(error), 'a number is too long')}"
        ) from None


_OWN = {name: name for name in ("a key stands twice", "NaN and Infinity are no JSON")}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"the body is larger than {most:,} bytes")


def _check_type(kind: str | None, coding: str | None) -> None:
    message = Message()
    message["content-type"] = kind or "none/none"
    charset = message.get_content_charset("utf-8")
    if message.get_content_type() != "application/json" or charset not in {"utf-8", "us-ascii"}:
        raise HTTPException(415, "the body must be application/json, in UTF-8")
    if coding and coding.strip().lower() != "identity":
        raise HTTPException(415, "the body must not be compressed")
