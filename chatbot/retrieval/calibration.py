"""From the ranker's scores to the probability that the best entry is right: logistic regression over a few
features.

The weights and the thresholds are in resources/ranker.json, which says how they were fitted; a knowledge
folder may hold a ``ranker.json`` of its own, which ``chatbot tune --write`` makes.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from chatbot.errors import ChatbotError
from chatbot.files import read_bytes
from chatbot.paths import data_file
from chatbot.policy import policy
from chatbot.retrieval.ranker import Scored

MOST_BYTES = 1_000_000
FEATURES = (
    "bias", "best", "intent", "runner_up", "semantic", "spelling", "covered", "uncovered", "words", "ahead", "table_uncovered",
    "log_best", "log_intent", "log_runner_up", "agree",
)  # fmt: skip
VERSION = 2
"""Of the file; another one is not read."""
FILE = "ranker.json"
"""Its name, in the package and in a knowledge folder."""


def features(
    entries: Sequence[Scored],
    intents: Sequence[Scored],
    coverage: tuple[float, float] = (1.0, 0.0),
    words: int = 6,
    table: bool = False,
    agree: float = 0.0,
) -> NDArray[np.float64]:
    """The features of one question, float64 (len(FEATURES),); zeros where nothing was near. ``coverage`` is
    of the best entry; ``agree``: the part of the nearest phrasings that lead to its answer."""
    if not entries:
        return np.zeros(len(FEATURES))
    best = entries[0]
    against = max(0.0, max((scored.score for scored in intents), default=0.0))
    second = max(0.0, entries[1].score) if len(entries) > 1 else 0.0
    length = min(words, 30) / 10
    ahead = max(0.0, against - best.score)
    # a strange word in a short question for a figure weighs most
    figures = coverage[1] / (1 + length) if table else 0.0
    logs = np.log(np.maximum([best.score, against, second], 0.0) + policy().calibration.noise)
    return np.array(
        [
            1.0,
            best.score,
            against,
            second,
            best.semantic,
            best.spelling,
            *coverage,
            length,
            ahead,
            figures,
            *logs,
            agree,
        ]
    )


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the features and the thresholds of the decision."""

    weights: tuple[float, ...]
    answer: float
    clarify: float
    fitted_on: str = ""

    @staticmethod
    def shipped() -> Calibration:
        """The fitted file of the package."""
        return _shipped()

    @staticmethod
    def read(path: Path) -> Calibration:
        """A file as ``write`` makes it; raises ``ChatbotError``, in one line, for what is damaged or of
        another version."""
        try:
            return _from_file(read_bytes(path, MOST_BYTES))
        except OSError as error:
            wrong = f"can't be read ({error.strerror})"
        except (ValueError, RecursionError, msgspec.MsgspecError) as error:
            wrong = " ".join(str(error).split())
        raise ChatbotError(
            f"{path}: {wrong}; delete it, and if you want it again: chatbot --knowledge {path.parent} tune --write"
        )

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all; raises ``ChatbotError`` where that can't be done."""
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            temporary.write_text(json.dumps(self.to_dict(), indent=2) + "\n", encoding="utf-8")
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise ChatbotError(f"{path}: can't be written ({error.strerror})") from None

    def to_dict(self) -> dict[str, Any]:
        """What stands in the file."""
        weights = dict(zip(FEATURES, self.weights, strict=True))
        return {
            "version": VERSION,
            "fitted_on": self.fitted_on,
            "weights": weights,
            "answer": self.answer,
            "clarify": self.clarify,
        }

    def at(self, answer: float) -> Calibration:
        """The same weights with another threshold of answering, and that of asking back below it."""
        return dataclasses.replace(
            self, answer=round(answer, 3), clarify=round(policy().calibration.clarify * answer, 3)
        )

    def of_features(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """How likely the best entry is right, 0 to 1, for rows of features, float64 (..., d)."""
        chance: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(rows @ np.array(self.weights), -30, 30)))
        return chance


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    fitted_on: str
    weights: dict[str, float]
    answer: float
    clarify: float


def _from_file(content: bytes) -> Calibration:
    """Raises ``ValueError``, or an error of msgspec, that says what is wrong."""
    try:
        raw = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"damaged: {error}") from None
    if not isinstance(raw, dict):
        raise ValueError("damaged: not a JSON object")  # noqa: TRY004 - of the file, not of an argument
    if raw.get("version") != VERSION:
        raise ValueError(
            f"of version {str(raw.get('version', 'unknown'))[:20]!r}, where this program reads {VERSION}"
        )
    file = msgspec.convert(raw, _File)
    if set(file.weights) != set(FEATURES):
        differ = ", ".join(sorted(set(file.weights) ^ set(FEATURES)))[:200]
        raise ValueError(f"its weights are not those of this program; they differ in: {differ}")
    if (
        not all(map(math.isfinite, (*file.weights.values(), file.answer, file.clarify)))
        or not 0 <= file.clarify <= file.answer <= 1
    ):
        raise ValueError("damaged: its numbers must be finite, and 0 <= clarify <= answer <= 1")
    return Calibration(
        tuple(file.weights[name] for name in FEATURES), file.answer, file.clarify, file.fitted_on
    )


@lru_cache(maxsize=1)
def _shipped() -> Calibration:
    return Calibration.read(data_file(FILE))
