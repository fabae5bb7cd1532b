"""A progress bar on stderr, for the first start; nothing is drawn where stderr is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType

WIDTH = 30


class Bar:
    """Called with (done, total); one line that is wiped at the end."""

    def __init__(self) -> None:
        self._shown = False
        self._tty = sys.stderr.isatty()

    def __enter__(self) -> Bar:
        return self

    def __call__(self, done: int, total: int) -> None:
        if not self._tty:
            if not self._shown:
                print(f"chatbot: preparing {total:,} phrasings, once; later starts are quick", file=sys.stderr)
            self._shown = True
            return
        full = WIDTH * done // max(1, total)
        print(f"\r  preparing, once: [{'#' * full}{'.' * (WIDTH - full)}] {done:,}/{total:,} ", end="", file=sys.stderr, flush=True)
        self._shown = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._shown and self._tty:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
