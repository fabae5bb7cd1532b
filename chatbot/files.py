"""Text files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def _umask() -> int:
    found = os.umask(0o022)
    os.umask(found)
    return found


_UMASK = _umask()
"""Read once: to read it is to change it for a moment, for all threads."""


def put_text(file: Path, text: str, mode: int | None = None) -> None:
    """Write a UTF-8 file under a name of its own and move it into place; raises ``OSError`` and leaves
    nothing behind.

    ``mode``: of the file, such as 0o600; else that of the file that is there, or the usual one.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if mode is None:
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~_UMASK
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        temporary.chmod(mode)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
