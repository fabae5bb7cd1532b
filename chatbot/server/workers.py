"""Several processes that take requests from one socket; one that dies is replaced."""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from multiprocessing.context import SpawnProcess

from chatbot.errors import ChatbotError
from chatbot.server.logs import NAME, set_up
from chatbot.server.metrics import SHARED
from chatbot.server.run import GRACE, Task, announce, ended_by_signals, listen, run

log = logging.getLogger(NAME)
AT_ONCE = 5.0
"""A worker that ends sooner after its start has a reason to, which the next one will have, too."""
MOST_AT_ONCE = 3
_new = multiprocessing.get_context("spawn")  # a fork would take over locks that threads hold


def serve_many(task: Task, count: int) -> None:
    """Serve in so many processes until a signal; raises ``ChatbotError`` where they can't work."""
    set_up()
    listen(task.address).close()  # before a minute goes into preparing
    _prepare(task)
    with tempfile.TemporaryDirectory(prefix="chatbot-metrics-") as folder, listen(task.address) as listening:
        os.environ[SHARED] = folder
        _Workers(task, listening, count).run()


def _prepare(task: Task) -> None:
    """Fill the cache, once for all workers, in a process that takes its memory with it."""
    process = _new.Process(target=_prepared, args=(task,))
    process.start()
    try:
        process.join()
    except KeyboardInterrupt:
        process.join()
        raise
    if process.exitcode:
        sys.exit(process.exitcode if process.exitcode > 0 else 130)


def _prepared(task: Task) -> None:
    set_up()
    told: list[int] = []

    def progress(done: int, total: int) -> None:
        if not told:
            told.append(done)
            log.info("preparing the model and the knowledge; this is kept for the next start")

    try:
        task.make(progress).close()
    except ChatbotError as error:
        sys.stderr.write(f"chatbot: {error}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


class _Workers:
    """The processes, from the one that watches over them."""

    def __init__(self, task: Task, listening: socket.socket, count: int) -> None:
        self._task, self._listening, self._count = task, listening, count
        self._started: dict[SpawnProcess, float] = {}
        self._at_once = 0
        self._ending = False

    def run(self) -> None:
        """Until a signal."""
        with ended_by_signals(self._end):
            announce(self._task, self._listening)
            try:
                for _ in range(self._count):
                    self._start()
                while not self._ending:
                    multiprocessing.connection.wait(
                        [process.sentinel for process in self._started], timeout=0.5
                    )
                    self._replace()
            finally:
                self._stop()

    def _end(self, *_: object) -> None:
        self._ending = True

    def _start(self) -> None:
        process = _new.Process(target=_work, args=(self._task, self._listening))
        process.start()
        self._started[process] = time.monotonic()

    def _replace(self) -> None:
        for process, started in list(self._started.items()):
            if process.is_alive() or self._ending:
                continue
            del self._started[process]
            self._at_once = self._at_once + 1 if time.monotonic() - started < AT_ONCE else 0
            log.error("a worker died", extra={"fields": {"pid": process.pid, "exit": process.exitcode}})
            if self._at_once >= MOST_AT_ONCE:
                raise ChatbotError("the workers die as soon as they are started; what stands above says why")
            self._start()

    def _stop(self) -> None:
        """Let each finish what it has under way."""
        for process in self._started:
            process.terminate()
        until = time.monotonic() + GRACE + 5
        for process in self._started:
            process.join(max(0.1, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def _work(task: Task, listening: socket.socket) -> None:
    """A worker."""
    # Ctrl-C reaches all processes of a terminal; the first one ends the others
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up()
    threading.Thread(target=_watch_parent, name="watching", daemon=True).start()
    try:
        bot = task.make(lambda done, total: None)  # before it takes part: the others are ready
        log.info("ready", extra={"fields": {"pid": os.getpid()}})
        run(task, listening, bot)
    except ChatbotError as error:
        log.error("%s", error)
        sys.exit(2)


def _watch_parent() -> None:
    """End with the process that would have ended this one, however that ended itself."""
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
