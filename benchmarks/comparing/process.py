"""One child process, its wall time and its peak memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class ProcessFailed(Exception):  # noqa: N818 - caught where the systems are listed
    """The last line that the process said."""


@dataclass(frozen=True)
class Ran:
    """``seconds`` from spawn to exit; ``megabytes`` (10^6 bytes): the largest resident set of this child, as
    the kernel kept it.

    A child starts with its parent's figure, so the parent must stay small: a few ten megabytes, without
    NumPy.
    """

    seconds: float
    megabytes: float
    output: str


def surroundings(work: Path) -> dict[str, str]:
    """The environment of every process: no model hub, no folder of the user's, nothing of the caller's
    Python."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "CHATBOT_"))
    }
    return kept | {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "CHATBOT_CACHE": str(work / "chatbot"),
        "CHATBOT_STATE": str(work / "state"),
        "HF_HOME": str(work / "hf"),
        "NO_COLOR": "1",
    }


def run(
    command: Sequence[str], environment: Mapping[str, str], limit: float = 3600, ends: Sequence[int] = (0,)
) -> Ran:
    """Run it to its end; raises ``ProcessFailed`` for another exit status than ``ends``, and past ``limit``
    seconds."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        child = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        timer = threading.Timer(limit, child.kill)
        timer.start()
        try:
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            raise
        finally:
            timer.cancel()
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if child.returncode not in ends:
            said = errors.read().decode(errors="replace").strip().splitlines() or ["no message"]
            raise ProcessFailed(f"exit status {child.returncode}: {said[-1][:300]}")
        return Ran(seconds, used.ru_maxrss * 1024 / 1e6, output.read().decode())
