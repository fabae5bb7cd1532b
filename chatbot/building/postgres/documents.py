"""What a bot holds in memory of a knowledge base whose phrasings are in a database: as parts that are known
by their content."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from chatbot.building.prepare import Prepared, Wording, labels_of
from chatbot.datasets.keeping import from_arrays, to_arrays
from chatbot.errors import ChatbotError
from chatbot.intents.model import Intent
from chatbot.knowledge.model import Entry, Knowledge
from chatbot.retrieval.calibration import Calibration
from chatbot.retrieval.listening import listener_from
from chatbot.retrieval.ngrams import NgramModel
from chatbot.retrieval.ranker import numbered

FORMAT = 2
"""Of the parts; another one is not read."""


class Part(msgspec.Struct, frozen=True):
    """An array, where its content is."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    hash: str


class Manifest(msgspec.Struct, frozen=True):
    """What a release is made of. ``encoder``: its fingerprint. ``packs``: the hash of each pack's phrasings
    ("": the intents' examples).
    """

    format: int
    program: str
    encoder: str
    phrasings: int
    packs: dict[str, str]
    parts: list[Part]


class _Document(msgspec.Struct, frozen=True, array_like=True):
    knowledge: Knowledge
    intents: tuple[Intent, ...]
    calibration: Calibration
    wording: Wording
    names: list[str]


def arrays_of(made: Prepared) -> dict[str, NDArray[Any]]:
    """All but the phrasings themselves."""
    names, _ = numbered(labels_of(made.knowledge, made.intents))
    knowledge = dataclasses.replace(made.knowledge, entries=tuple(map(_short, made.knowledge.entries)))
    intents = tuple(dataclasses.replace(intent, examples=()) for intent in made.intents)
    document = _Document(
        knowledge, intents, made.calibration, dataclasses.replace(made.wording, texts=()), names
    )
    arrays = {
        "document": _bytes(msgspec.msgpack.encode(document, enc_hook=str)),
        **{n: made.ngrams.arrays[n] for n in ("grams", "idf")},
    }
    if made.fitted is not None:
        arrays["fitted"] = made.fitted
    if made.title_vectors is not None:
        arrays["title_vectors"] = made.title_vectors
    if made.listener is not None:
        arrays |= made.listener.arrays
    if made.data is not None:
        told, more = to_arrays(made.data)
        arrays |= {"data": _bytes(told), **more}
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def prepared_from(arrays: Mapping[str, NDArray[Any]], width: int) -> tuple[Prepared, Sequence[str]]:
    """The same back, with no phrasings, and the names of the labels; ``width``: of a vector. Raises
    ``ChatbotError`` for what is no such thing."""
    try:
        document = msgspec.msgpack.decode(arrays["document"].tobytes(), type=_Document, dec_hook=_path)
        data = from_arrays(arrays["data"].tobytes(), arrays) if "data" in arrays else None
        made = Prepared(
            document.knowledge, document.intents, document.calibration, document.wording, np.zeros((0, width), np.float32),
            NgramModel(arrays["grams"], arrays["idf"]), arrays.get("fitted"), data, arrays.get("title_vectors"),
            listener_from(arrays),
        )  # fmt: skip
    except (KeyError, ValueError, msgspec.MsgspecError) as error:
        raise ChatbotError(
            f"what was pushed can't be read ({str(error).splitlines()[0][:200]}); push it again with this program"
        ) from None
    return made, document.names


def same_document(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether two documents say the same: their bytes differ even then, as sets have no order."""
    try:
        first, second = (
            msgspec.msgpack.decode(raw.tobytes(), type=_Document, dec_hook=_path) for raw in (one, other)
        )
    except (ValueError, msgspec.MsgspecError):
        return False
    return first == second


def hash_of(array: NDArray[Any]) -> str:
    """Of an array's content."""
    return hashlib.sha256(array.data if array.size else b"").hexdigest()


def _short(entry: Entry) -> Entry:
    """An entry with its main question alone: the other phrasings are rows; those of lookups are read for
    their words."""
    return entry if entry.lookup else dataclasses.replace(entry, questions=entry.questions[:1])


def _bytes(raw: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(raw, np.uint8)


def _path(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)
