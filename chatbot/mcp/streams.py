"""The streams of one connection, watched: what has been asked is answered before the end of the input ends
the program.

A client closes the program's stdin when it is done; so does a shell that pipes requests in. The protocol's
own loop would then cut off what is under way.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

import anyio
from mcp.shared._stream_protocols import ReadStream, WriteStream
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCError, JSONRPCNotification, JSONRPCRequest, JSONRPCResponse

PATIENCE = 30.0
"""Seconds that the end waits for answers."""
STEP = 0.02

Incoming = SessionMessage | Exception


class UnderWay:
    """The ids of the requests that are not answered yet."""

    def __init__(self) -> None:
        self._ids: set[int | str] = set()

    def asked(self, item: Incoming) -> None:
        """A message has come in."""
        message = item.message if isinstance(item, SessionMessage) else None
        if isinstance(message, JSONRPCRequest):
            self._ids.add(message.id)
        elif isinstance(message, JSONRPCNotification) and message.method == "notifications/cancelled":
            cancelled = (message.params or {}).get("requestId")
            if isinstance(cancelled, int | str):
                self._ids.discard(cancelled)  # it gets no answer

    def answered(self, item: SessionMessage) -> None:
        """A message has gone out."""
        if isinstance(item.message, JSONRPCResponse | JSONRPCError) and item.message.id is not None:
            self._ids.discard(item.message.id)

    async def over(self) -> None:
        """Return when all are answered, or patience is at its end."""
        until = time.monotonic() + PATIENCE
        while self._ids and time.monotonic() < until:
            await anyio.sleep(STEP)


class _Stream:
    def __init__(
        self, inner: ReadStream[Incoming] | WriteStream[SessionMessage], under_way: UnderWay
    ) -> None:
        self._closing = inner
        self._under_way = under_way

    async def aclose(self) -> None:
        await self._closing.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class Requests(_Stream):
    """What comes in; its end comes once what came is answered."""

    def __init__(self, inner: ReadStream[Incoming], under_way: UnderWay) -> None:
        super().__init__(inner, under_way)
        self._inner = inner

    async def receive(self) -> Incoming:
        try:
            item = await self._inner.receive()
        except anyio.EndOfStream:
            await self._under_way.over()
            raise
        self._under_way.asked(item)
        return item

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Incoming:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None


class Replies(_Stream):
    """What goes out."""

    def __init__(self, inner: WriteStream[SessionMessage], under_way: UnderWay) -> None:
        super().__init__(inner, under_way)
        self._inner = inner

    async def send(self, item: SessionMessage, /) -> None:
        await self._inner.send(item)
        self._under_way.answered(item)
