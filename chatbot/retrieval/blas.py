"""Small matrix products and solves on one thread: on several, BLAS spends more time waiting for its threads than on the work.

The number of threads belongs to the process, so the first caller in sets it and the last one out puts it back.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any, Final

from threadpoolctl import ThreadpoolController


class _OneThread:
    """Counts who is inside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._limit = _controller().limit(limits=1)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._limit.restore_original_limits()


@lru_cache(maxsize=1)
def _controller() -> Any:
    return ThreadpoolController().select(user_api="blas")


ONE_THREAD: Final = _OneThread()
"""``with ONE_THREAD:`` BLAS uses one thread while anybody is inside; some 10 microseconds."""
