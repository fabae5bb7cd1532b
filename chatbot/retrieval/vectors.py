"""Vectors kept on disk by the hash of their text, so that only new phrasings are encoded.

One file an encoder: a magic line, the sha256 of the rest, then the keys (n, 16 bytes) and the vectors float32 (n, d). It is written to
a name of its own and moved into place, so a reader never sees half a file and two processes can write at once; a file that is cut,
changed or of another version is ignored and written again.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import EncoderError
from chatbot.retrieval.encoder import Encoder, Vectors

MAGIC = b"chatbot-vectors-1\n"
BATCH = 256
KEY = 16
MAX_ROWS = 200_000
"""A cache larger than this keeps only the rows in use."""

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
"""Called with how many texts are encoded and how many there are."""


def encode_cached(texts: Sequence[str], encoder: Encoder, folder: Path | None, progress: Progress | None = None) -> Vectors:
    """The texts' vectors, float32 (n, d): from the cache where they are known, else encoded and added to it.

    ``folder`` None, or an encoder without a ``fingerprint``, means no cache. A folder that can't be written is a warning.
    """
    fingerprint = getattr(encoder, "fingerprint", None)
    file = folder / f"vectors-{fingerprint[:16]}.bin" if folder and fingerprint else None
    keys = [hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=KEY).digest() for text in texts]
    stored = _read(file) if file else {}
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in stored}
    if missing:
        stored |= _encode(missing, encoder, progress)
        if file:
            _write(file, stored if len(stored) <= MAX_ROWS else {key: stored[key] for key in keys})
    if not keys:
        return np.zeros((0, 1), np.float32)
    return np.stack([stored[key] for key in keys]).astype(np.float32)


def _encode(texts: dict[bytes, str], encoder: Encoder, progress: Progress | None) -> dict[bytes, Vectors]:
    order = sorted(texts, key=lambda key: len(texts[key]))  # alike lengths together: less padding
    out: dict[bytes, Vectors] = {}
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        if progress:
            progress(start, len(order))
        vectors = np.asarray(encoder.encode([texts[key] for key in batch]), dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(batch) or not np.isfinite(vectors).all():
            raise EncoderError(f"the encoder gave {vectors.shape} for {len(batch)} texts; expected finite float32 (n, d)")
        out.update(zip(batch, vectors, strict=True))
    if progress:
        progress(len(order), len(order))
    return out


def _read(file: Path) -> dict[bytes, Vectors]:
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        log.warning("%s: can't be read (%s): vectors are made anew", file, error.strerror)
        return {}
    head = len(MAGIC) + 32
    body = raw[head:]
    if raw[: len(MAGIC)] != MAGIC or raw[len(MAGIC) : head] != hashlib.sha256(body).digest() or len(body) < 16:
        log.warning("%s: damaged or of another version: vectors are made anew", file)
        return {}
    rows, width = (int(x) for x in np.frombuffer(body[:16], np.int64))
    keys: NDArray[np.void] = np.frombuffer(body, f"V{KEY}", rows, 16)
    vectors = np.frombuffer(body, np.float32, rows * width, 16 + rows * KEY).reshape(rows, width)
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}


def _write(file: Path, stored: dict[bytes, Vectors]) -> None:
    vectors = np.stack(list(stored.values())).astype(np.float32)
    body = np.array(vectors.shape, np.int64).tobytes() + b"".join(stored) + vectors.tobytes()
    content = MAGIC + hashlib.sha256(body).digest() + body
    temporary = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=file.stem, suffix=".tmp", delete=False) as stream:
            temporary = stream.name
            stream.write(content)
        Path(temporary).replace(file)
    except OSError as error:
        log.warning("%s: can't be written (%s); every start will encode the knowledge again", file, error.strerror)
        if temporary:
            Path(temporary).unlink(missing_ok=True)
