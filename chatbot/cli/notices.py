"""What another thread has to say while somebody types."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import Any

from prompt_toolkit.application import Application, run_in_terminal


class Notices:
    """Lines for the screen: above the prompt while it is there, which stays as it is; else they wait for the
    next one."""

    def __init__(self, prompt: Application[Any]) -> None:
        self._prompt = prompt
        self._waiting: deque[str] = deque()

    def say(self, text: str) -> None:
        """From any thread."""
        self._waiting.append(text)
        loop = self._prompt.loop
        if loop and self._prompt.is_running:
            with suppress(RuntimeError):  # the prompt has just gone: the next one comes
                loop.call_soon_threadsafe(self.above)

    def above(self) -> None:
        """Print what waits above the prompt; from its own thread, while it runs."""
        if self._waiting:
            run_in_terminal(self.print)

    def print(self) -> None:
        """Print what waits."""
        while self._waiting:
            print(self._waiting.popleft(), flush=True)
