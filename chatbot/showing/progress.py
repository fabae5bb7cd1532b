"""A progress bar on stderr; nothing is drawn where stderr is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType

WIDTH = 30
FIRST = "preparing the model and the knowledge ..."


class Bar:
    """Called with (done, total); one line that is wiped at the end. ``plain``: said once where stderr is no
    terminal."""

    def __init__(self, doing: str = "preparing", plain: str | None = FIRST) -> None:
        self._doing, self._plain = doing, plain
        self._shown = False
        self._tty = sys.stderr.isatty()

    def __enter__(self) -> Bar:
        return self

    def __call__(self, done: int, total: int) -> None:
        if not self._tty:
            if self._plain and not self._shown:
                print(f"chatbot: {self._plain}", file=sys.stderr)
            self._shown = True
            return
        full = WIDTH * done // max(1, total)
        print(
            f"\r  {self._doing}: [{'#' * full}{'.' * (WIDTH - full)}] {done:,}/{total:,} ",
            end="",
            file=sys.stderr,
            flush=True,
        )
        self._shown = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown and self._tty:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
