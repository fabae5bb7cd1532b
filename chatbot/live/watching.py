"""``--watch``: the files of a conversation's knowledge and intents are loaded again when they change.

The system says that something happened in their folders; what happened is found by looking at the files. So
it does not matter how an editor writes, a folder may be moved or exchanged, and where the system says nothing
(network drives) only time is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from chatbot.live.reloading import Reloader, Stopped

if TYPE_CHECKING:
    from chatbot.bot import CareerBot
    from chatbot.live.background import Loading

QUIET = 0.2
"""Seconds without a change until the files are loaded: editors write in several steps ..."""
MOST_QUIET = 3.0
"""... but not for longer than this."""
PAUSE = 2.0
"""Seconds until the files are looked at where the system says nothing."""
STEP = 0.05


class Watcher:
    """A thread that watches from ``with`` to its end; ``say`` gets what there is to say, from that thread."""

    def __init__(self, reloader: Reloader, loading: Loading, say: Callable[[str], None]) -> None:
        self._reloader = reloader
        self._loading = loading
        self._say = say
        self._stop = threading.Event()
        self._told = True  # whether the system tells of changes
        # never a daemon: cut off in onnxruntime, it would abort the process at its end
        self._thread = threading.Thread(target=self._run, name="watching", daemon=False)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        bot = self._bot()
        while bot and not self._stop.is_set():
            try:
                self._watch(bot)
            except Stopped:
                return
            except FileNotFoundError:
                continue  # a folder went in this moment
            except Exception as error:  # no more watches to be had, or a kind of file system that has none
                self._told = False
                self._say(
                    f"chatbot: the system does not tell of changes ({error}); looking every {PAUSE:g} s instead"
                )

    def _bot(self) -> CareerBot | None:
        """The bot, once it is there; None where it could not be made, or nobody waits for it any more."""
        while not self._loading.ready:
            if self._stop.wait(STEP):
                return None
        return self._loading.made

    def _watch(self, bot: CareerBot) -> None:
        """Look at the files until their folders are others than at the beginning."""
        folders = self._reloader.folders()
        self._look(bot)
        if not folders or not self._told:
            self._stop.wait(PAUSE)
            return
        from watchfiles import watch

        happened = watch(
            *folders, watch_filter=None, recursive=False, stop_event=self._stop, step=int(1000 * STEP), debounce=int(1000 * QUIET),
            rust_timeout=int(1000 * PAUSE), yield_on_timeout=True, raise_interrupt=False,
        )  # fmt: skip
        for _ in happened:
            self._look(bot)
            if self._reloader.folders() != folders:
                return

    def _look(self, bot: CareerBot) -> None:
        if not self._reloader.changed:
            return
        before, waited = self._reloader.stamp(), 0.0
        while not self._stop.wait(QUIET) and waited < MOST_QUIET:
            now = self._reloader.stamp()
            if now == before:
                break
            before, waited = now, waited + QUIET
        lines = self._reloader.reload(bot, self._go_on, only_if_changed=True)
        if lines:
            self._say("\n".join(lines))

    def _go_on(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Stopped
