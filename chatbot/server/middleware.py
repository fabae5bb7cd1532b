"""What every request goes through: who may come, the headers that keep browsers safe, and the record of it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from chatbot.server.logs import NAME
from chatbot.server.problems import problem, unavailable

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chatbot.server.service import Service

log = logging.getLogger(NAME)
PROBES = frozenset({"/healthz", "/readyz"})
"""Asked by address rather than by name, and never to be refused."""
UNLIMITED = PROBES | {"/metrics"}
QUESTION = "chatbot.question"
"""Where a request's scope holds what was asked."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def path_of(scope: Scope) -> str:
    """The path inside this app, wherever it is mounted."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(root) else path


@dataclass
class _Seen:
    """What is known of a request when it is over."""

    scope: Scope
    started: float = field(default_factory=time.perf_counter)
    status: int = 0

    @property
    def route(self) -> str:
        """The template of the address."""
        return str(getattr(self.scope.get("route"), "path", "none"))


class Outer:
    """Outermost: adds the headers, makes HEAD of GET, makes a 500 of what nobody expected, counts and logs."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        seen = _Seen({**scope, "method": "GET"} if head else dict(scope))
        private = path_of(scope).startswith("/v1/")

        async def out(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if private:
                    headers["Cache-Control"] = "no-store"
            elif head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(seen.scope, receive, out)
        except ClientDisconnect:
            seen.status = seen.status or 499  # as nginx writes it: the client has gone
        except Exception:
            log.exception(
                "unexpected error", extra={"fields": {"method": scope["method"][:10], "route": seen.route}}
            )
            if seen.status:
                raise
            await problem(500, "something went wrong here, not with what was asked")(seen.scope, receive, out)
        finally:
            self._record(scope, seen)

    def _record(self, scope: Scope, seen: _Seen) -> None:
        took = time.perf_counter() - seen.started
        self._service.metrics.request(scope["method"], seen.route, seen.status, took)
        level = logging.DEBUG if seen.route in UNLIMITED else logging.INFO  # a probe asks every few seconds
        if log.isEnabledFor(level):
            client = scope.get("client")
            told = {
                "method": scope["method"][:10], "route": seen.route, "status": seen.status, "ms": round(1e3 * took, 1),
                "client": client[0] if client else None,
            }  # fmt: skip
            if self._service.settings.log_questions and QUESTION in seen.scope:
                told["question"] = seen.scope[QUESTION]
            log.log(level, "request", extra={"fields": told})


class Cors(CORSMiddleware):
    """Starlette's, with problem details for what is refused."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to a browser that asks whether a page may call."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        kept = {
            name: value
            for name, value in response.headers.items()
            if name not in {"content-length", "content-type"}
        }
        return problem(response.status_code, bytes(response.body).decode(), kept)


class Guard:
    """Sends away requests to another host, of pages elsewhere, or too many; counts those under way, and takes
    no more at the end."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service
        self._hosts = frozenset(host.lower() for host in service.settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = path_of(scope)
        if path in PROBES:
            await self._app(scope, receive, send)
        elif refusal := self._refusal(scope, path):
            await refusal(scope, receive, send)
        else:
            self._service.under_way += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._service.under_way -= 1

    def _refusal(self, scope: Scope, path: str) -> Response | None:
        headers = Headers(scope=scope)
        if not self._trusted(headers.get("host", "")):
            return problem(400, "this service is not known by that host name; --allowed-host adds one")
        if self._service.draining:
            response = unavailable("the service is ending")
            response.headers["Connection"] = "close"
            return response
        client = scope.get("client")
        # a page is ten requests, and an office may have one address
        page = path == "/" or path.startswith("/static/")
        if (
            path not in UNLIMITED
            and not page
            and (seconds := self._service.limiter.wait(client[0] if client else "local"))
        ):
            return problem(429, "too many requests; try again later", {"Retry-After": str(seconds)})
        if headers.get("sec-fetch-site") == "cross-site" and scope["method"] not in {"GET", "OPTIONS"}:
            cors = self._service.settings.cors
            if "*" not in cors and headers.get("origin") not in cors:
                return problem(403, "pages of other sites may not use this service; --cors-origin allows one")
        return None

    def _trusted(self, told: str) -> bool:
        """Whether a Host header, with or without a port, names one of the hosts."""
        if "*" in self._hosts:
            return True
        name, colon, port = told.lower().rpartition(":")
        host = (
            name
            if colon and (port == "" or port.isdigit()) and (not name.startswith("[") or name.endswith("]"))
            else told.lower()
        )
        return host in self._hosts or any(
            known.startswith("*.") and host.endswith(known[1:]) for known in self._hosts
        )
