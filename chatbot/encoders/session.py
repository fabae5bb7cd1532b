"""Running a compiled encoder: tokenizers, onnxruntime and numpy, nothing else.

Each text goes through the network by itself: it needs no padding, its vector never depends on its neighbours,
and batches of 8 to 32 are no quicker with int8 weights. Many texts are shared out over threads instead.

onnxruntime gets one thread a call and so makes none of its own: nothing spins beside a busy program, and a
fork has no pool to miss.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.encoders.artifact import Artifact
from chatbot.encoders.encoder import Vectors
from chatbot.errors import EncoderError

MOST_THREADS = 4
SHARED = 4
"""Batches from this size on are shared out over threads."""


class Session:
    """A network and its tokenizer; threads can share it."""

    def __init__(self, artifact: Artifact, threads: int) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # texts are shared out over threads here
        onnxruntime = quiet_onnxruntime()
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # done when it was compiled
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        self._network = onnxruntime.InferenceSession(
            artifact.parts["network"], options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_buffer(artifact.parts["tokenizer"])
        self._inputs = [given.name for given in self._network.get_inputs()]
        self._manifest = artifact.manifest
        self._threads = threads
        self._width = len(self._one("a"))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, float32 (n, d)."""
        if self._threads > 1 and len(texts) >= SHARED:
            # the long ones first, so that threads end together
            order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
            out = np.zeros((len(texts), self._width), np.float32)
            with ThreadPoolExecutor(self._threads, "encoding") as pool:
                for i, vector in zip(order, pool.map(self._one, [texts[i] for i in order]), strict=True):
                    out[i] = vector
            return out
        return (
            np.stack([self._one(text) for text in texts])
            if len(texts)
            else np.zeros((0, self._width), np.float32)
        )

    def _one(self, text: str) -> Vectors:
        # half a surrogate pair is no text
        text = self._manifest.prompt + text.encode("utf-8", "replace").decode()
        found = self._tokenizer.encode(text.lower() if self._manifest.lowercase else text)
        rows = {
            "input_ids": found.ids,
            "attention_mask": found.attention_mask,
            "token_type_ids": found.type_ids,
        }
        (vectors,) = self._network.run(
            None, {name: np.array([rows[name]], np.int64) for name in self._inputs}
        )
        vector: Vectors = np.asarray(vectors[0], np.float32)
        return vector / max(float(np.linalg.norm(vector)), 1e-12)


def quiet_onnxruntime() -> Any:
    """The module onnxruntime, kept from sending data about this machine to its maker: this program uses no
    network."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    return onnxruntime


def thread_count() -> int:
    """How many threads to encode with: ``$CHATBOT_THREADS``, else the physical cores that may be used, at
    most 4."""
    given = os.environ.get("CHATBOT_THREADS", "").strip()
    if given:
        if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 1024:
            raise EncoderError(f"CHATBOT_THREADS is {given!r}; it must be a whole number from 1")
        return int(given)
    return min(MOST_THREADS, _physical_cores())


def _physical_cores() -> int:
    """Logical cores that share a physical one count once, where the system tells (Linux)."""
    usable = (
        sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    )
    try:
        return len(
            {
                Path(f"/sys/devices/system/cpu/cpu{i}/topology/thread_siblings_list").read_text("ascii")
                for i in usable
            }
        )
    except OSError:
        return len(usable)
