"""Texts by occupation code, in plain arrays: nothing of them is in memory before it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.occupations.titles import hashed

ARRAYS = ("keys", "starts", "ends", "text")


@dataclass(frozen=True, slots=True)
class Facts:
    """The texts of each kind and code, in their order; ``codes``: those that have any, sorted."""

    codes: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]]

    def of(self, kind: str, code: str, most: int) -> list[str]:
        """The first texts of a kind for a code."""
        keys = self.arrays["keys"]
        wanted = np.uint64(hashed((kind, code)))
        row = int(np.searchsorted(keys, wanted))
        if row >= len(keys) or keys[row] != wanted:
            return []
        first = int(self.arrays["starts"][row])
        last = min(int(self.arrays["starts"][row + 1]), first + most)
        ends = self.arrays["ends"]
        begin = int(ends[first - 1]) if first else 0
        raw = self.arrays["text"][begin : int(ends[last - 1])].tobytes()
        return [raw[(int(ends[i - 1]) if i else 0) - begin : int(ends[i]) - begin].decode() for i in range(first, last)]


def made(rows: Sequence[tuple[str, str, str]]) -> Facts:
    """Of rows of code, kind and text."""
    grouped: dict[int, list[str]] = {}
    for code, kind, text in rows:
        grouped.setdefault(hashed((kind, code)), []).append(text)
    order = sorted(grouped)
    texts = [text.encode() for key in order for text in grouped[key]]
    arrays: dict[str, NDArray[Any]] = {
        "keys": np.array(order, np.uint64),
        "starts": np.concatenate([[0], np.cumsum([len(grouped[key]) for key in order])]).astype(np.int64),
        "ends": np.cumsum([len(text) for text in texts], dtype=np.int64),
        "text": np.frombuffer(b"".join(texts), np.uint8),
    }
    return Facts(tuple(sorted({code for code, _, _ in rows})), arrays)
