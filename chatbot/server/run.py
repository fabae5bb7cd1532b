"""``chatbot serve``, once its options are read: the address, one process or several, and an end that finishes
what is under way."""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from chatbot.errors import ChatbotError
from chatbot.server.app import create_app
from chatbot.server.logs import NAME, set_up
from chatbot.server.protocol import BoundedProtocol, Patience
from chatbot.server.settings import ServiceSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from chatbot.bot import CareerBot
    from chatbot.server.service import Maker, Service

log = logging.getLogger(NAME)
GRACE = 10
"""Seconds for what is under way at the end."""
KEEP_ALIVE = 5


@dataclass(frozen=True)
class Address:
    """Where the service listens; ``proxies``: addresses whose X-Forwarded-For and -Proto are believed."""

    host: str
    port: int
    proxies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """What a process does; can be handed to another one. ``make``: makes the bot."""

    make: Maker
    settings: ServiceSettings
    address: Address


class Server(uvicorn.Server):
    """Ends gracefully: takes no more, says so at /readyz, finishes what is under way, and only then stops
    listening."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """At most ``GRACE`` seconds; a second Ctrl-C ends at once."""
        self._service.draining = True
        log.info("ending", extra={"fields": {"under_way": self._service.under_way}})
        until = time.monotonic() + GRACE
        while self._service.under_way and not self.force_exit and time.monotonic() < until:
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)


def listen(address: Address) -> socket.socket:
    """A socket that listens; raises ``ChatbotError`` with one line that says why not, and what to do."""
    host, port = address.host, address.port
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ChatbotError(
            f"{host!r} is no address of this machine; --host takes a name or an address, such as 127.0.0.1"
        ) from None
    family, kind, protocol, _, place = min(found, key=lambda each: each[0] != socket.AF_INET)
    made = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(place)
        made.listen(2048)
    except OSError as error:
        made.close()
        if error.errno == 98 or "in use" in str(error):
            raise ChatbotError(
                f"{where} is in use already; choose another port with --port (0 takes a free one)"
            ) from None
        raise ChatbotError(
            f"{where}: can't listen there ({error.strerror}); choose another address with --host and --port"
        ) from None
    return made


def url_of(listening: socket.socket) -> str:
    """The address of the page."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def warn_of(address: Address, settings: ServiceSettings) -> None:
    """Say what the service does not do, where other machines can reach it."""
    try:
        local = address.host == "localhost" or ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        local = False
    if not local:
        log.warning(
            "%s can be reached from other machines, and there is no authentication and no TLS here; put a proxy that gives these before it",
            address.host,
            extra={"fields": {"answers_to": list(settings.hosts)}},
        )


def serve(task: Task) -> None:
    """Serve in this process until a signal; raises what went wrong with the bot."""
    set_up()
    with listen(task.address) as listening:
        run(task, listening)


def announce(task: Task, listening: socket.socket) -> None:
    """Tell where the service is, and who else can reach it."""
    warn_of(task.address, task.settings)
    log.info("listening", extra={"fields": {"url": url_of(listening), "pid": os.getpid()}})


def run(task: Task, listening: socket.socket, bot: CareerBot | None = None) -> None:
    """One process's part, at a socket that listens; ``bot``: made already by one of several, which need not
    announce themselves."""

    def end(*_: object) -> None:
        server.should_exit = True

    app = create_app(bot or task.make, task.settings, failed=end)
    server = server_of(app, task.address.proxies)
    with ended_by_signals(end):
        if bot is None:
            announce(task, listening)
        server.run([listening])
    service: Service = app.state.service
    if service.failure:
        raise service.failure
    if service.loading:  # what it writes is whole or not there, and nothing else waits for it
        os._exit(0)


def server_of(app: FastAPI, proxies: Sequence[str] = (), patience: Patience | None = None) -> Server:
    """What runs an app; ``patience``: by default somewhat more than the app has with bodies, which it then
    refuses with a reason."""
    service: Service = app.state.service
    body = service.settings.body_seconds
    patience = patience or Patience(head=body + KEEP_ALIVE, body=body + 2)
    config = uvicorn.Config(
        app, http=functools.partial(BoundedProtocol, patience=patience),  # type: ignore[arg-type]
        ws="none", lifespan="on", log_config=None, access_log=False, server_header=False, timeout_keep_alive=KEEP_ALIVE,
        proxy_headers=bool(proxies), forwarded_allow_ips=list(proxies), timeout_graceful_shutdown=2,
    )  # fmt: skip
    return Server(config, service)


@contextmanager
def ended_by_signals(end: Callable[..., None]) -> Iterator[None]:
    """An end that was asked for is no failure: uvicorn raises the signal once more when all is done, to be
    met with ``end`` again."""
    before = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    sys.stderr.flush()
