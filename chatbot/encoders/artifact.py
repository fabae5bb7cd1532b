"""The compiled encoder as a file of the cache: its network, its tokenizer, and what they were made of."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from chatbot import cachefile

FORMAT = "2"
"""Of the file, and of what is in it; a change of either asks for compiling again."""
KEPT = {".json", ".txt", ".model", ".safetensors"}
"""Files of a model's folder that decide its vectors."""
PARTS = ("tokenizer", "network")
"""JSON of the library ``tokenizers``, and ONNX."""
log = logging.getLogger(__name__)


class Manifest(msgspec.Struct, frozen=True):
    """What is in the file. ``kind`` "reference": compiling was tried, and its vectors did not agree with the
    reference's.
    """

    kind: Literal["int8", "fp32", "reference"]
    model: str
    versions: dict[str, str]
    least_cosine: float
    prompt: str = ""
    lowercase: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A manifest and the contents of ``PARTS``; none for the kind "reference"."""

    manifest: Manifest
    parts: Mapping[str, bytes]

    @property
    def fingerprint(self) -> str:
        """The sha256 of what decides the vectors, hexadecimal."""
        manifest = self.manifest
        named = [FORMAT, manifest.kind, manifest.prompt, str(manifest.lowercase), manifest.sha256]
        return hashlib.sha256("\0".join(named).encode()).hexdigest()

    def write(self, file: Path) -> bool:
        """Put it in place at once; False, and a warning, where that can't be done."""
        return cachefile.write(
            file,
            "encoder",
            msgspec.msgpack.encode(self.manifest),
            {name: np.frombuffer(part, np.uint8) for name, part in self.parts.items()},
        )

    @classmethod
    def read(cls, file: Path, model: str) -> Artifact | None:
        """What the file holds, or None where there is none or it can't be trusted; the latter is a warning."""
        found = cachefile.read(file, "encoder")
        if found is None:
            return None
        try:
            manifest = msgspec.msgpack.decode(found[0], type=Manifest)
            if manifest.model != model or manifest.versions != versions():
                raise ValueError("made for another model or version")
            if set(found[1]) != (set() if manifest.kind == "reference" else set(PARTS)):
                raise ValueError("not the parts that it should have")
        except (ValueError, msgspec.MsgspecError) as error:
            log.warning("%s: damaged (%s); it is made anew", file, str(error).splitlines()[0])
            return None
        return cls(manifest, {name: array.tobytes() for name, array in found[1].items()})

    @classmethod
    def make(cls, manifest: Manifest, parts: Mapping[str, bytes]) -> Artifact:
        """With the hash of the parts filled in."""
        total = hashlib.sha256(
            b"".join(hashlib.sha256(parts[name]).digest() for name in sorted(parts))
        ).hexdigest()
        return cls(msgspec.structs.replace(manifest, sha256=total), dict(parts))


def versions() -> dict[str, str]:
    """What decides whether a compiled encoder can be used here; read without importing any of it
    (importlib.metadata takes longer than this)."""
    spec = importlib.util.find_spec("onnxruntime")
    found = (
        re.search(r'^__version__ = "(.+)"', Path(spec.origin).read_text("utf-8"), re.M)
        if spec and spec.origin
        else None
    )
    return {"format": FORMAT, "onnxruntime": found[1] if found else "unknown", "machine": platform.machine()}


def artifact_name(model: str) -> str:
    """The file's name for a model of this hash."""
    key = hashlib.sha256("\0".join([model, *versions().values()]).encode()).hexdigest()
    return f"encoder-{key[:16]}.bin"


def model_hash(folder: Path, cache: Path | None) -> str:
    """The sha256 of the names and contents of a model's files, hexadecimal.

    Hashing takes 60 ms and more, so the hash is remembered in the cache under the files' sizes and times of
    change.
    """
    files = sorted(file for file in folder.rglob("*") if file.suffix in KEPT and file.is_file())
    stats = [(str(file), os.stat(file)) for file in files]  # noqa: PTH116
    stamp = hashlib.sha256(
        repr([(name, stat.st_size, stat.st_mtime_ns, stat.st_ino) for name, stat in stats]).encode()
    ).hexdigest()
    memo = cache / f"model-{stamp[:16]}.txt" if cache else None
    try:
        known = memo.read_text("ascii") if memo else ""
    except (OSError, ValueError):
        known = ""
    if len(known) == 64 and set(known) <= set("0123456789abcdef"):
        return known
    total = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            total.update(
                f"{file.relative_to(folder).as_posix()}\0{hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode()
            )
    if memo:
        cachefile.put(memo, [total.hexdigest().encode()])
    return total.hexdigest()
