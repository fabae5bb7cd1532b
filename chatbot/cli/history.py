"""The history of what was typed: one file in the user's state folder, readable by the user alone, capped."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from chatbot.paths import state_dir

CAP = 2_000


class CappedHistory(FileHistory):
    """A ``FileHistory`` that keeps the newest lines; a folder that goes away while it runs loses only the
    file."""

    def load_history_strings(self) -> Iterable[str]:
        """Newest first."""
        try:
            return list(super().load_history_strings())[:CAP]
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        """Add one line to the file."""
        try:
            super().store_string(string)
        except OSError as error:
            print(f"chatbot: the history can't be written ({error.strerror})", file=sys.stderr)


def open_history(wanted: bool) -> History:
    """The history file, made with mode 0600; kept in memory where it is not wanted or can't be written (said
    on stderr)."""
    if not wanted:
        return InMemoryHistory()
    file = state_dir() / "history"
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        file.chmod(0o600)
        _trim(file)
    except OSError as error:
        print(f"chatbot: {file}: the history can't be kept ({error.strerror})", file=sys.stderr)
        return InMemoryHistory()
    return CappedHistory(str(file))


def _trim(file: Path) -> None:
    """Cut the file to the newest entries once it holds twice the cap; an entry begins with a comment line."""
    text = file.read_text(encoding="utf-8", errors="replace")
    starts = [i for i, line in enumerate(text.splitlines(keepends=True)) if line.startswith("# ")]
    if len(starts) <= 2 * CAP:
        return
    lines = text.splitlines(keepends=True)[starts[-CAP] :]
    temporary = file.with_suffix(f".{os.getpid()}.tmp")
    temporary.touch(mode=0o600)
    temporary.write_text("".join(lines), encoding="utf-8")
    temporary.replace(file)
