"""Vectors kept on disk by the hash of their text, one file an encoder, so that only new phrasings are
encoded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from chatbot import cachefile
from chatbot.encoders.encoder import Encoder, Vectors
from chatbot.errors import EncoderError

BATCH = 512
KEY = 16
MAX_ROWS = 200_000
"""A file with more rows keeps only those in use."""

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do; each stretch of work counts from 0."""


def encode_cached(
    texts: Sequence[str], encoder: Encoder, folder: Path | None, progress: Progress | None = None
) -> Vectors:
    """The texts' vectors, float32 (n, d): from the cache where they are known, else encoded and added to it.

    ``folder`` None, or an encoder without a ``fingerprint``, means no cache. A folder that can't be written
    is a warning.
    """
    if not texts:
        return np.zeros((0, 1), np.float32)
    fingerprint = getattr(encoder, "fingerprint", None)
    file = folder / f"vectors-{short(fingerprint)}.bin" if folder and fingerprint else None
    keys = [hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=KEY).digest() for text in texts]
    rows, vectors = _read(file) if file else ({}, None)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in rows}
    if missing:
        made = _encode(list(missing.values()), encoder, progress)
        rows |= {key: len(rows) + i for i, key in enumerate(missing)}
        vectors = made if vectors is None else np.vstack([vectors, made])
        if file and len(rows) > MAX_ROWS:
            used = dict.fromkeys(keys)
            vectors = vectors[[rows[key] for key in used]]
            rows = {key: i for i, key in enumerate(used)}
        if file:
            cachefile.write(
                file, "vectors", b"", {"keys": np.frombuffer(b"".join(rows), np.uint8), "vectors": vectors}
            )
    assert vectors is not None
    return vectors[[rows[key] for key in keys]]


def short(fingerprint: str) -> str:
    """Of an encoder, for the name of a file."""
    return hashlib.sha256(fingerprint.encode("utf-8", "replace")).hexdigest()[:16]


def _encode(texts: Sequence[str], encoder: Encoder, progress: Progress | None) -> Vectors:
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # alike lengths together: less padding
    out: Vectors | None = None
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        if progress:
            progress(start, len(order))
        vectors = np.asarray(encoder.encode([texts[i] for i in batch]), dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(batch) or not np.isfinite(vectors).all():
            raise EncoderError(
                f"the encoder gave {vectors.shape} for {len(batch)} texts; expected finite float32 (n, d)"
            )
        out = np.zeros((len(texts), vectors.shape[1]), np.float32) if out is None else out
        if vectors.shape[1] != out.shape[1]:
            raise EncoderError(
                f"the encoder gave vectors of {vectors.shape[1]} and of {out.shape[1]} numbers"
            )
        out[batch] = vectors
    if progress:
        progress(len(order), len(order))
    assert out is not None
    return out


def _read(file: Path) -> tuple[dict[bytes, int], Vectors | None]:
    """Keys with their rows, and the vectors."""
    found = cachefile.read(file, "vectors")
    if not found or set(found[1]) != {"keys", "vectors"}:
        return {}, None
    keys, vectors = found[1]["keys"].tobytes(), found[1]["vectors"]
    if vectors.ndim != 2 or vectors.dtype != np.float32 or len(keys) != KEY * len(vectors):
        return {}, None
    return {keys[i : i + KEY]: i // KEY for i in range(0, len(keys), KEY)}, vectors
