"""Files of the cache: a magic line, a header that names each part with its checksum, then the parts, as
arrays.

A file is written under a name of its own and moved into place, so a reader never sees half of it and two
processes can write at once. It is mapped into memory, not read. What is cut, changed, foreign or of another
format is not used. A checksum is crc32: enough against rot and cuts, and quick (4 ms for 20 MB).
"""

from __future__ import annotations

import logging
import mmap
import os
import re
import tempfile
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from chatbot.errors import ChatbotError

MAGIC = b"chatbot-cache-2\n"
ALIGNED = 64
"""Parts begin at multiples of so many bytes."""
STRETCH = 8_000_000
"""So many bytes are in memory at once while checksums are made."""
MOST_BYTES = 2_000_000_000
"""Where the folder grows beyond, the files used longest ago go; ``$CHATBOT_CACHE_MB`` sets another limit."""
DAY = 86_400.0
KINDS = {
    "encoder": "compiled encoder",
    "vectors": "vectors of phrasings",
    "knowledge": "prepared knowledge",
    "model": "note of a model's hash",
    "neighbours": "graph of nearest neighbours",
    "heldout": "what chatbot check found out",
}
"""Names of files begin so."""
_OURS = re.compile(rf"(?:{'|'.join(KINDS)})-[0-9a-f]{{16}}(?:-[0-9a-f]{{16}})?(?:\.bin|\.txt|\w*\.tmp)")
"""The folder may be one that holds other things as well: nothing else is counted or removed."""

log = logging.getLogger(__name__)
_told: set[Path] = set()
Arrays = Mapping[str, NDArray[Any]]


class _Part(msgspec.Struct, frozen=True):
    name: str
    dtype: str
    shape: tuple[int, ...]
    crc32: int


class _Header(msgspec.Struct, frozen=True):
    kind: str
    about: bytes
    parts: list[_Part]


def read(file: Path, kind: str) -> tuple[bytes, dict[str, NDArray[Any]]] | None:
    """What ``write`` was given; None where there is no file (silently) or it can't be trusted (a warning).
    The arrays can't be written to."""
    try:
        with file.open("rb") as stream:
            raw = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            if time.time() - os.fstat(stream.fileno()).st_mtime > DAY:
                _touch(file)
        return _parse(raw, kind)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or str(error)
    except (
        ValueError,
        TypeError,
        msgspec.MsgspecError,
    ) as error:  # mmap's for a file of no bytes is a ValueError
        reason = f"damaged or of another version: {error}".splitlines()[0]
    log.warning("%s: %s; it is made anew", file, reason)
    return None


def write(file: Path, kind: str, about: bytes, arrays: Arrays) -> bool:
    """Put a file in place, whole or not at all; where that can't be done, one warning a folder, and False."""
    solid = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    sums = [
        _Part(name, array.dtype.str, array.shape, zlib.crc32(array.data)) for name, array in solid.items()
    ]
    header = msgspec.msgpack.encode(_Header(kind, about, sums))
    chunks: list[bytes | memoryview] = [
        MAGIC,
        len(header).to_bytes(8, "little"),
        zlib.crc32(header).to_bytes(8, "little"),
        header,
    ]
    place = sum(map(len, chunks))
    for array in solid.values():
        gap = -place % ALIGNED
        chunks += [bytes(gap), array.data]
        place += gap + array.nbytes
    return put(file, chunks)


def put(file: Path, chunks: list[bytes | memoryview]) -> bool:
    """Write under a name of its own and move it into place; leaves nothing behind where that fails."""
    temporary = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=file.parent, prefix=file.stem, suffix=".tmp", delete=False
        ) as stream:
            temporary = Path(stream.name)
            stream.writelines(chunks)
        temporary.replace(file)
    except OSError as error:
        if temporary:
            temporary.unlink(missing_ok=True)
        if file.parent not in _told:
            _told.add(file.parent)
            advice = "every start prepares all anew, which is slow; CHATBOT_CACHE names another folder"
            log.warning("%s: can't be written (%s): %s", file.parent, error.strerror, advice)
        return False
    _tidy(file)
    return True


def files(folder: Path) -> list[Path]:
    """The cache's own files in a folder, those used longest ago first; files of other kinds are not ours."""
    try:
        found = [file for file in folder.iterdir() if _OURS.fullmatch(file.name)]
        return sorted((file for file in found if file.is_file()), key=lambda file: file.stat().st_mtime)
    except OSError:
        return []


def limit() -> int:
    """How many bytes a folder may hold; raises ``ChatbotError`` where the setting is no number."""
    given = os.environ.get("CHATBOT_CACHE_MB", "").strip()
    if given and not (given.isascii() and given.isdigit()):
        raise ChatbotError(f"CHATBOT_CACHE_MB is {given!r}; it must be a whole number of megabytes")
    return int(given) * 1_000_000 if given else MOST_BYTES


def _parse(raw: mmap.mmap, kind: str) -> tuple[bytes, dict[str, NDArray[Any]]]:
    view, start = memoryview(raw), len(MAGIC) + 16
    if view[: len(MAGIC)] != MAGIC or len(view) < start:
        raise ValueError("not a file of this cache")
    length, expected = (int.from_bytes(view[start - i : start - i + 8], "little") for i in (16, 8))
    place = start + length
    if zlib.crc32(view[start:place]) != expected:
        raise ValueError("its header does not match its checksum")
    header = msgspec.msgpack.decode(view[start:place], type=_Header)
    if header.kind != kind:
        raise ValueError(f"it holds another kind, {header.kind!r}")
    arrays = {}
    for part in header.parts:
        place += -place % ALIGNED
        dtype = np.dtype(part.dtype)
        size = dtype.itemsize * int(np.prod(part.shape, dtype=np.int64))
        if size < 0 or place + size > len(view) or _checksum(raw, view, place, place + size) != part.crc32:
            raise ValueError(f"its {part.name} does not match its checksum")
        arrays[part.name] = np.frombuffer(view[place : place + size], dtype).reshape(part.shape)
        place += size
    if place != len(view):
        raise ValueError("longer than it should be")
    return header.about, arrays


def _checksum(raw: mmap.mmap, view: memoryview, start: int, end: int) -> int:
    """Of a stretch; what was read for it need not stay in memory: it comes back as it is used."""
    found = 0
    for place in range(start, end, STRETCH):
        last = min(end, place + STRETCH)
        found = zlib.crc32(view[place:last], found)
        if hasattr(mmap, "MADV_DONTNEED"):
            page = place - place % mmap.PAGESIZE
            raw.madvise(mmap.MADV_DONTNEED, page, last - page)
    return found


def _touch(file: Path) -> None:
    """Note that a file is in use."""
    try:
        os.utime(file)
    except OSError:
        log.debug("%s: not touched", file)


def _tidy(new: Path) -> None:
    """Remove what a killed process left half written, and beyond the limit what was used longest ago."""
    try:
        sizes = {file: file.stat().st_size for file in files(new.parent)}
        for file, size in list(sizes.items()):
            stale = file.suffix == ".tmp" and time.time() - file.stat().st_mtime > DAY / 24
            if stale or (sum(sizes.values()) > limit() and file != new and file.suffix != ".tmp"):
                file.unlink(missing_ok=True)
                sizes[file] -= size
    except OSError:
        log.debug("%s: not tidied", new.parent)
