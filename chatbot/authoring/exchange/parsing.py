"""JSON that knows where its objects stand, and keeps numbers as they are written."""

from __future__ import annotations

import json
import re
from typing import Any

from chatbot.authoring.exchange.record import WrongError

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\n]', re.S)


class Located(dict[str, Any]):
    """A JSON object, the line at which it begins, and the keys that stand twice in it."""

    __slots__ = ("line", "twice")

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.line = 1
        self.twice: list[str] = []
        if len(self) < len(pairs):
            names = [name for name, _ in pairs]
            self.twice = sorted({name for name in names if names.count(name) > 1})


class Number(float):
    """A number with a point, and how it is written: 12.50."""

    __slots__ = ("written",)

    def __new__(cls, text: str) -> Number:
        """Raises ``WrongError`` for one that is too large."""
        number = super().__new__(cls, _finite(text))
        number.written = text
        return number

    written: str


def parse_json(text: str, strict: bool = True) -> Any:
    """A JSON value; raises ``WrongError``. ``NaN`` and infinite numbers are refused; with ``strict`` off, raw
    line ends in texts are not."""
    return _parse(text, strict, parse_float=_finite)


def parse_foreign(text: str, strict: bool = True, first: int = 1) -> Any:
    """The same with each object as ``Located`` and each number with a point as ``Number``; ``first``: the
    line at which the text begins."""
    made: list[Located] = []

    def keep(pairs: list[tuple[str, Any]]) -> Located:
        made.append(Located(pairs))
        return made[-1]

    found = _parse(text, strict, parse_float=Number, object_pairs_hook=keep)
    line, opened = first, []
    ended = iter(made)
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark == "{":
            opened.append(line)
        elif mark == "}":
            next(ended).line = opened.pop()
        else:
            line += mark.count("\n")
    return found


def _parse(text: str, strict: bool, **hooks: Any) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number, strict=strict, **hooks)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise WrongError(f"not JSON ({error.msg} at {where})") from None
    except RecursionError:
        raise WrongError("JSON that is nested too deep") from None
    except ValueError:
        raise WrongError("not JSON that can be read (a number is too long)") from None


def _no_number(name: str) -> None:
    raise WrongError(f"{name} is no number")


def _finite(text: str) -> float:
    if (value := float(text)) in (float("inf"), float("-inf")):
        raise WrongError(f"the number {text[:20]} is too large")
    return value
