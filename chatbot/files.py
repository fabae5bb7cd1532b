"""Files read within bounds, and written whole or not at all; folders in which one program at a time writes."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LARGEST = 100_000_000
"""Bytes: no file of knowledge that is larger is read."""
PATIENCE = 30.0
"""Seconds to wait for another program that writes into the same folder."""


class UnfitError(OSError):
    """What is no file that can be read; ``strerror`` says why. ``too_large``: for its size."""

    def __init__(self, reason: str, too_large: bool = False) -> None:
        super().__init__(None, reason)
        self.too_large = too_large


def opened(file: Path) -> BinaryIO:
    """The file, to be read; raises ``OSError``, which is ``UnfitError`` for a pipe, device or folder: reading
    those might never end."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise UnfitError("not a file")
    # it may have become a pipe meanwhile: to open one for reading would wait for a writer
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnfitError("not a file")
    return os.fdopen(handle, "rb")


def read_bytes(file: Path, most: int) -> bytes:
    """What a file holds; raises ``OSError``, which is ``UnfitError`` for what is no file or has more than
    ``most`` bytes, which is looked at before anything is read."""
    with opened(file) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size <= most:
            raw = stream.read(most + 1)  # some files have no size before they are read
            if len(raw) <= most:
                return raw
            size = len(raw)
    raise UnfitError(f"{size:,} bytes; at most {most:,} are read", too_large=True)


def read_text(file: Path, most: int) -> str:
    """The UTF-8 text of a file, without a byte order mark; raises as ``read_bytes`` does, and
    ``UnicodeDecodeError``."""
    return read_bytes(file, most).decode("utf-8-sig")


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


def listed(folder: Path) -> list[Path]:
    """What is in a folder, sorted; raises ``OSError`` where it can't be listed, which a pattern would hide."""
    with os.scandir(folder) as found:
        return sorted(folder / entry.name for entry in found)


@contextlib.contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """While this lasts, no other program of this kind writes into the folder, which must be there; raises
    ``OSError`` where one still does after ``PATIENCE`` seconds.

    The folder itself is locked, so nothing is left behind, whatever happens. Windows has no such lock.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    until = time.monotonic() + PATIENCE
    handle = os.open(folder, os.O_RDONLY)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise OSError(None, "another program is writing into it") from None
                time.sleep(0.01)
        yield
    finally:
        os.close(handle)  # and with it the lock
