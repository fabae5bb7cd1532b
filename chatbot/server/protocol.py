"""HTTP/1.1 as uvicorn speaks it, with an end to the patience: what a client leaves half said, or sends on and
on, closes the connection."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from chatbot.server.middleware import HEADERS
from chatbot.server.problems import MEDIA_TYPE, problem

SLACK = 1_000_000
"""Bytes of a request beyond what is accepted that are thrown away, so that its sender gets to read why it was
refused."""
FLUSH = 5.0
"""Seconds in which what was written must be on its way once a connection is closed."""


@dataclass(frozen=True, slots=True)
class Patience:
    """head: seconds for a request's line and headers, body: for its body, write: for a client to read on;
    most: connections at a time."""

    head: float = 15.0
    body: float = 12.0
    write: float = 30.0
    most: int = 1_000


class BoundedProtocol(H11Protocol):
    """uvicorn's own sets a time only between requests."""

    def __init__(self, *arguments: Any, patience: Patience, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._patience = patience
        self._phase: tuple[Any, Any] | None = None
        self._taken = 0
        self._reading: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection beyond the most is closed at once."""
        super().connection_made(transport)
        if len(self.connections) > self._patience.most:
            transport.close()
            return
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        for timer in (self._reading, self._writing):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a request."""
        self._taken += len(data)
        if self._taken > SLACK:
            self.transport.abort()
            return
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """A response is out; the next request may come."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._writing = self._writing or self.loop.call_later(self._patience.write, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads."""
        super().resume_writing()
        if self._writing:
            self._writing.cancel()
            self._writing = None

    def send_400_response(self, msg: str) -> None:
        """Problem details for what is no HTTP; where a response is out already, or on its way, the connection
        is just closed."""
        if self.conn.our_state is not h11.IDLE:
            self.transport.close()
            return
        body = bytes(problem(400, "this is no HTTP request that can be read").body)
        headers = [(name.lower(), value) for name, value in HEADERS.items()]
        headers += [("content-type", MEDIA_TYPE), ("content-length", str(len(body))), ("connection", "close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        """Wait for the client from where it is its turn, whatever trickles in meanwhile."""
        phase = self.cycle, self.conn.their_state
        if phase == self._phase:
            return
        self._phase, self._taken = phase, 0
        if self._reading:
            self._reading.cancel()
            self._reading = None
        seconds = {h11.IDLE: self._patience.head, h11.SEND_BODY: self._patience.body}.get(
            self.conn.their_state
        )
        if seconds and not self.transport.is_closing():
            self._reading = self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
            self._reading = self.loop.call_later(FLUSH, self.transport.abort)
