"""Small matrix products and solves on one thread: on several, BLAS spends more time waiting for its threads
than on the work.

On two idle cores a solve over 100 candidates takes a third of the time so; on busy ones, a thirtieth.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


class _Threads:
    """The number of threads belongs to the process: who changes it must be the one who puts it back, so one
    at a time."""

    lock = threading.Lock()


def _after_fork() -> None:
    """In a forked child the thread that held the lock is not there."""
    _Threads.lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


@lru_cache(maxsize=1)
def _controller() -> Any:
    return ThreadpoolController().select(user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """``with one_thread():`` BLAS uses one thread, and afterwards as many as before; some 10 microseconds."""
    with _Threads.lock, _controller().limit(limits=1):
        yield
