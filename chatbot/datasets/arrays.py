"""Texts and parts (shares, ratings) by code, in plain arrays: nothing of them is in memory as text before it
is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from chatbot.datasets.names import hashed

TEXT_ARRAYS = ("keys", "starts", "ends", "text")
PART_ARRAYS = ("keys", "starts", "labels", "values")


class Texts(Struct, frozen=True):
    """The texts of each kind and code, in their order; ``codes``: those that have any, sorted."""

    codes: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]]

    def of(self, kind: str, code: str, most: int | None = None) -> list[str]:
        """The texts of a kind for a code, or the first of them."""
        first, last = _span(self.arrays, kind, code)
        last = last if most is None else min(last, first + most)
        if first >= last:
            return []
        ends = self.arrays["ends"]
        begin = int(ends[first - 1]) if first else 0
        raw = self.arrays["text"][begin : int(ends[last - 1])].tobytes()
        return [
            raw[(int(ends[i - 1]) if i else 0) - begin : int(ends[i]) - begin].decode()
            for i in range(first, last)
        ]


class Parts(Struct, frozen=True):
    """The parts of each measure and code, in the order of the file: a label and a kept figure (see ``Unit``)
    each."""

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]]

    def of(self, measure: str, code: str) -> list[tuple[str, int]]:
        """The parts of a measure for a code."""
        first, last = _span(self.arrays, measure, code)
        labels, values = (
            self.arrays["labels"][first:last].tolist(),
            self.arrays["values"][first:last].tolist(),
        )
        return [(self.labels[label], int(value)) for label, value in zip(labels, values, strict=True)]


def _span(arrays: Mapping[str, NDArray[Any]], kind: str, code: str) -> tuple[int, int]:
    """Where what is kept of a kind and code begins and ends."""
    keys = arrays["keys"]
    wanted = np.uint64(hashed((kind, code)))
    row = int(np.searchsorted(keys, wanted))
    if row >= len(keys) or keys[row] != wanted:
        return 0, 0
    return int(arrays["starts"][row]), int(arrays["starts"][row + 1])


def texts_of(rows: Sequence[tuple[str, str, str]]) -> Texts:
    """Of rows of code, kind and text."""
    grouped: dict[int, list[str]] = {}
    for code, kind, text in rows:
        grouped.setdefault(hashed((kind, code)), []).append(text)
    order = sorted(grouped)
    texts = [text.encode() for key in order for text in grouped[key]]
    arrays: dict[str, NDArray[Any]] = {
        "keys": np.array(order, np.uint64),
        "starts": _starts(len(grouped[key]) for key in order),
        "ends": np.cumsum([len(text) for text in texts], dtype=np.int64),
        "text": np.frombuffer(b"".join(texts), np.uint8),
    }
    return Texts(tuple(sorted({code for code, _, _ in rows})), arrays)


def parts_of(rows: Sequence[tuple[str, str, str, int]]) -> Parts:
    """Of rows of measure, code, label and kept figure."""
    labels = {label: i for i, label in enumerate(dict.fromkeys(label for _, _, label, _ in rows))}
    grouped: dict[int, list[tuple[int, int]]] = {}
    for measure, code, label, value in rows:
        grouped.setdefault(hashed((measure, code)), []).append((labels[label], value))
    order = sorted(grouped)
    pairs = np.array([pair for key in order for pair in grouped[key]], np.int32).reshape(-1, 2)
    arrays: dict[str, NDArray[Any]] = {
        "keys": np.array(order, np.uint64),
        "starts": _starts(len(grouped[key]) for key in order),
        "labels": np.ascontiguousarray(pairs[:, 0]),
        "values": np.ascontiguousarray(pairs[:, 1]),
    }
    return Parts(tuple(sorted({code for _, code, _, _ in rows})), tuple(labels), arrays)


def _starts(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(list(lengths))]).astype(np.int64)
