"""The differences from the recording that are meant, as tests/recorded/changes.yaml lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from recording import Asked, Difference

CONFIGS = ("ml", "all", "onet")
HASHED = ("text", "citations", "suggestions", "chart")
PARTS = ("kind", "ids", *HASHED, "confidence")
ROUNDED = 0.006
"""By how much a confidence may miss what ``sureness`` says: the recording holds two or three decimals."""


class Changes:
    """The differences that are meant, as changes.yaml lists them: by place, or for all places how a
    confidence alone changes (``sureness``)."""

    def __init__(self, file: Path) -> None:
        self.listed: list[dict[str, Any]] = (
            (yaml.safe_load(file.read_text(encoding="utf-8")) or []) if file.exists() else []
        )
        self.seen: set[int] = set()
        for one in self.listed:
            if "sureness" in one:
                continue
            unknown = set(self._parts(one)) - set(PARTS)
            place = {"question"} if "question" in one else {"dialogue", "turn"}
            if (
                unknown
                or not place <= one.keys()
                or not one.get("what")
                or not one.get("why")
                or one.get("config", "all") not in CONFIGS
            ):
                raise SystemExit(
                    f"recording.py: {file} lists something without a place, a reason or known parts: {one}"
                )

    @staticmethod
    def _parts(one: dict[str, Any]) -> list[str]:
        what = one.get("what") or []
        return [part.strip() for part in what.split(",")] if isinstance(what, str) else list(what)

    def _places(self, one: dict[str, Any], asked: Asked) -> bool:
        if asked.turn is None:
            return bool(one.get("question") in (asked.text, asked.number) and "question" in one)
        return (one.get("dialogue"), one.get("turn")) == (asked.number, asked.turn)

    def mean(self, found: Difference) -> bool:
        """Whether every part of a difference is listed."""
        fitting = [
            i
            for i, one in enumerate(self.listed)
            if one.get("config") in (None, found.config) and self._places(one, found.asked)
        ]
        self.seen.update(fitting)
        if found.parts == ("confidence",):
            surer = [i for i, one in enumerate(self.listed) if _surer(one.get("sureness"), found)]
            self.seen.update(surer)
            if surer:
                return True
        return set(found.parts) <= {part for i in fitting for part in self._parts(self.listed[i])}

    def gone(self, configs: Sequence[str], asked: Iterable[Asked]) -> list[dict[str, Any]]:
        """Those listed that no longer differ, of what was asked."""
        listed = list(asked)
        own = [(i, one) for i, one in enumerate(self.listed) if "sureness" not in one]
        left = [one for i, one in own if i not in self.seen and one.get("config") in (None, *configs)]
        return [one for one in left if any(self._places(one, each) for each in listed)]


def _surer(how: dict[str, float] | None, found: Difference) -> bool:
    """Whether a confidence changed as ``sureness`` says, from one value to another or by a factor; of a
    question back, what is left of 1 did."""
    if how is None:
        return False
    old, new = float(found.old["confidence"]), float(found.new["confidence"])
    for before, after in ((old, new), (1 - old, 1 - new)):
        start = how.get("from", before)
        end = how.get("to", before * how.get("times", 1.0))
        if abs(before - start) <= ROUNDED and abs(after - end) <= ROUNDED:
            return True
    return False
