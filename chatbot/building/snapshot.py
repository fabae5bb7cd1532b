"""What ``prepare`` made, kept as one file: a start whose files have not changed parses no YAML, and maps its
arrays into memory.

Which files it was made of stands in it, with their sizes, times and hashes: a file of the same size and time
is taken as unchanged (unless it was written less than a moment before the snapshot), any other is hashed. The
program's own files count, too.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from chatbot import __version__, cachefile
from chatbot.building.prepare import Prepared, Wording, labels_of, prepare
from chatbot.datasets.keeping import from_arrays, to_arrays
from chatbot.encoders.compiled import CompiledEncoder
from chatbot.encoders.encoder import Encoder
from chatbot.encoders.vectors import Progress, short
from chatbot.files import LARGEST, UnfitError, read_bytes
from chatbot.intents.model import Intent
from chatbot.knowledge.model import Knowledge
from chatbot.paths import PACKAGE, shipped
from chatbot.retrieval.calibration import FILE, Calibration
from chatbot.retrieval.listening import listener_from
from chatbot.retrieval.ngrams import ARRAYS, NgramIndex

MOMENT = 2_000_000_000
"""Nanoseconds in which a file may change twice and keep its time, on the coarsest file systems."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What a bot is to be made of."""

    knowledge: tuple[Path, ...]
    intents: tuple[Path, ...]
    packs: tuple[str, ...] | None

    def files(self) -> Iterator[Path]:
        """Every file that may have a part in it."""
        for folder in self.knowledge:
            found = (
                *folder.glob("*.yaml"),
                *folder.glob("*/*.yaml"),
                *folder.glob("*/*.csv"),
                *folder.glob(FILE),
            )
            yield from sorted(
                file for file in found if not (file.name.startswith(".") or file.parent.name.startswith("."))
            )
        for folder in self.intents:
            yield from sorted(file for file in folder.glob("*.yaml") if not file.name.startswith("."))

    @property
    def own(self) -> bool:
        """Whether the knowledge that comes with the program is among it."""
        return shipped("knowledge").resolve() in [folder.resolve() for folder in self.knowledge]

    @property
    def told(self) -> str:
        """The folders and packs in one line."""
        return repr(
            [[str(path.absolute()) for path in listed] for listed in (self.knowledge, self.intents)]
            + [self.packs]
        )

    @property
    def name(self) -> str:
        """A name for what is made of it, in files' names."""
        return hashlib.sha256(self.told.encode()).hexdigest()[:16]

    def load(self) -> tuple[Knowledge, tuple[Intent, ...], Calibration]:
        """Read the files; raises ``KnowledgeError`` with every finding, ``ChatbotError`` for a folder or pack
        that is not there."""
        # with the parser, which a start from a snapshot does without
        from chatbot.building.knowledge import (
            load_knowledge,
        )
        from chatbot.intents.load import load_intents

        knowledge = load_knowledge(self.knowledge, self.packs)
        covered = {topic for pack in knowledge.packs for topic in pack.covers}
        packs = [pack.id for pack in knowledge.packs]
        return knowledge, load_intents(self.intents, covered, self.own, packs), self.calibration()

    def calibration(self) -> Calibration:
        """Of the last folder that has one, else the shipped one."""
        tuned = [folder / FILE for folder in self.knowledge if (folder / FILE).exists()]
        return Calibration.read(tuned[-1]) if tuned else Calibration.shipped()


class _Stamp(msgspec.Struct, frozen=True, array_like=True):
    path: str
    size: int
    time: int
    sha256: str


class _About(msgspec.Struct, frozen=True):
    program: str
    encoder: str
    asked: str
    made: int
    stamps: list[_Stamp]


class _Document(msgspec.Struct, frozen=True):
    knowledge: Knowledge
    intents: tuple[Intent, ...]
    calibration: Calibration
    wording: Wording


def fetch(
    asked: Asked,
    encoder: Encoder,
    cache: Path | None,
    progress: Progress | None = None,
    known: Prepared | None = None,
) -> Prepared:
    """From the snapshot where nothing has changed; else made, as far as need be, and kept. Raises as
    ``Asked.load`` does.

    ``known``: of an earlier call, to go by where no snapshot is kept.
    """
    told, name = asked.told, f"knowledge-{asked.name}"
    # faults of the files before the encoder is compiled
    read = None if cache and any(cache.glob(f"{name}-*.bin")) else _load(asked)
    fingerprint = getattr(encoder, "fingerprint", None)
    if isinstance(encoder, CompiledEncoder):
        encoder.load_beside()
    file = cache / f"{name}-{short(fingerprint)}.bin" if cache and fingerprint else None
    about = _About(program(), fingerprint or "", told, time.time_ns(), [])
    before, fresh = _read(file, about, asked) if file else (None, False)
    if before and fresh:
        return before
    stamps, loaded = read or _load(asked)
    made = prepare(*loaded, encoder, cache, progress, before or known)
    if file:
        _write(file, msgspec.structs.replace(about, stamps=stamps), made)
    return made


def _load(asked: Asked) -> tuple[list[_Stamp], tuple[Knowledge, tuple[Intent, ...], Calibration]]:
    # before they are read: a change in between is noticed next time
    stamps = [_stamp(path) for path in asked.files()]
    return stamps, asked.load()


@lru_cache(maxsize=1)
def program() -> str:
    """Names this program exactly: its version and its files' sizes and times."""
    found = [__version__, sys.byteorder]
    folders = [str(PACKAGE)]
    for folder in folders:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders += [entry.path] if entry.name not in {"__pycache__", "data"} else []
                else:
                    stat = entry.stat()
                    found.append(f"{entry.path}\0{stat.st_size}\0{stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()


def _read(file: Path, wanted: _About, asked: Asked) -> tuple[Prepared | None, bool]:
    """What the file holds, if it was made by this program with this encoder, and whether the files are still
    the same."""
    found = cachefile.read(file, "knowledge")
    if found is None:
        return None, False
    try:
        about = msgspec.msgpack.decode(found[0], type=_About)
        if (about.program, about.encoder, about.asked) != (wanted.program, wanted.encoder, wanted.asked):
            return None, False
        return _prepared(found[1]), _unchanged(about, asked)
    except (ValueError, KeyError, msgspec.MsgspecError) as error:
        log.warning("%s: damaged (%s); it is made anew", file, str(error).splitlines()[0])
        return None, False


def _prepared(arrays: dict[str, NDArray[Any]]) -> Prepared:
    document = msgspec.msgpack.decode(arrays["document"].data, type=_Document, dec_hook=_from_text)
    ngrams = NgramIndex(document.wording.texts, {name: arrays[name] for name in ARRAYS})
    vectors, fitted = arrays["vectors"], arrays.get("fitted")
    phrasings = len(labels_of(document.knowledge, document.intents))
    if not phrasings == len(document.wording.texts) == len(vectors):
        raise ValueError("its parts do not belong together")
    data = from_arrays(arrays["data"].data, arrays) if "data" in arrays else None
    return Prepared(
        document.knowledge,
        document.intents,
        document.calibration,
        document.wording,
        vectors,
        ngrams,
        fitted,
        data,
        arrays.get("title_vectors"),
        listener_from(arrays),
    )


def _write(file: Path, about: _About, made: Prepared) -> None:
    document = _Document(made.knowledge, made.intents, made.calibration, made.wording)
    raw = np.frombuffer(msgspec.msgpack.encode(document, enc_hook=str), np.uint8)
    arrays: dict[str, NDArray[Any]] = {"document": raw, "vectors": made.vectors, **made.ngrams.arrays}
    if made.fitted is not None:
        arrays["fitted"] = made.fitted
    if made.data is not None:
        told, more = to_arrays(made.data)
        arrays |= {"data": np.frombuffer(told, np.uint8), **more}
    if made.title_vectors is not None:
        arrays["title_vectors"] = made.title_vectors
    if made.listener is not None:
        arrays |= made.listener.arrays
    cachefile.write(file, "knowledge", msgspec.msgpack.encode(about), arrays)


def _stamp(path: Path) -> _Stamp:
    try:
        stat = path.stat()
        try:
            raw = read_bytes(path, LARGEST)
        except UnfitError:
            raw = b""  # what no reader reads: its size tells of it
        return _Stamp(str(path), stat.st_size, stat.st_mtime_ns, hashlib.sha256(raw).hexdigest())
    except OSError:
        return _Stamp(str(path), -1, 0, "")  # like no file that can be read


def _unchanged(about: _About, asked: Asked) -> bool:
    """Whether the files are those that the snapshot was made of."""
    paths = list(asked.files())
    if [str(path) for path in paths] != [stamp.path for stamp in about.stamps]:
        return False
    for path, stamp in zip(paths, about.stamps, strict=True):
        try:
            stat = path.stat()
        except OSError:
            return False
        if stat.st_size != stamp.size:
            return False
        settled = stat.st_mtime_ns == stamp.time and stamp.time < about.made - MOMENT
        if not settled and _stamp(path).sha256 != stamp.sha256:
            return False
    return True


def _from_text(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)
