"""Micro-batching: questions that come while others are answered wait together, and are answered together.

Nothing waits for a batch to fill: what there is when the bot is free makes the next one, so that a single
question is answered at once. Measured against threads that ask one by one, and against an encoder that puts
the texts of such threads together: docs/server.md.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from chatbot.errors import ChatbotError

Q = TypeVar("Q")
T = TypeVar("T")
MOST = 32
"""The lot that the bot encodes together anyway."""


@dataclass(slots=True)
class _Waiting(Generic[Q, T]):
    question: Q
    future: asyncio.Future[T]


class Batcher(Generic[Q, T]):
    """Answers questions of coroutines, of any event loop, in threads of its own."""

    def __init__(
        self,
        answer: Callable[[Sequence[Q]], Sequence[T]],
        threads: int = 1,
        observe: Callable[[int], None] | None = None,
    ) -> None:
        """``answer``: gives the answers to a batch, in order. ``observe``: is told the size of each batch."""
        self._answer = answer
        self._observe = observe
        self._threads = threads
        self._running = 0
        self._waiting: deque[_Waiting[Q, T]] = deque()
        self._lock = threading.Lock()
        # Python waits for these threads at its end, as onnxruntime needs
        self._pool = ThreadPoolExecutor(threads, "answering")

    async def ask(self, question: Q) -> T:
        """The answer; raises what the answering of this question raised."""
        waiting: _Waiting[Q, T] = _Waiting(question, asyncio.get_running_loop().create_future())
        with self._lock:
            self._waiting.append(waiting)
            idle = self._running < self._threads
            self._running += idle
        if idle:
            self._pool.submit(self._run)
        return await waiting.future

    def close(self) -> None:
        """Let go of the threads, once what waits is answered."""
        self._pool.shutdown(wait=False)

    def _run(self) -> None:
        """Answer until nothing waits."""
        while True:
            with self._lock:
                lot = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
                if not lot:
                    self._running -= 1
                    return
            if wanted := [waiting for waiting in lot if not waiting.future.cancelled()]:
                self._answer_all(wanted)

    def _answer_all(self, lot: Sequence[_Waiting[Q, T]]) -> None:
        if self._observe:
            self._observe(len(lot))
        try:
            found: Sequence[T] = self._answer([waiting.question for waiting in lot])
        except Exception as error:
            if len(lot) > 1 and not isinstance(
                error, ChatbotError
            ):  # a fault that one question brings out is not the others'
                for waiting in lot:
                    self._answer_all([waiting])
                return
            for waiting in lot:
                _tell(waiting.future, None, error)
            return
        for waiting, answer in zip(lot, found, strict=True):
            _tell(waiting.future, answer, None)


def _tell(future: asyncio.Future[T], answer: T | None, error: Exception | None) -> None:
    """From a thread to the loop that waits; one that has ended waits no more."""

    def tell() -> None:
        if future.done():  # the client has gone
            return
        if error:
            future.set_exception(error)
        else:
            future.set_result(answer)  # type: ignore[arg-type]

    with suppress(RuntimeError):
        future.get_loop().call_soon_threadsafe(tell)
