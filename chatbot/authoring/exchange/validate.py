"""Fields to the types of the schema, with a message for people where they do not fit."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from chatbot.authoring.exchange.record import WrongError, nearest, short

T = TypeVar("T", bound=msgspec.Struct)
KEY_CHARS = 500
"""YAML reads no key of more than 1,024 characters."""


def valid(fields: dict[str, Any], kind: type[T]) -> T:
    """The fields as a value of the type; raises ``WrongError`` that names the first one that does not fit."""
    try:
        spec = msgspec.convert(fields, kind, strict=True)
    except msgspec.ValidationError as error:
        raise WrongError(_message(str(error), fields)) from None
    _check(fields)
    return spec


def _check(value: Any, name: str = "") -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if len(key) > KEY_CHARS:
                raise WrongError(f"a name of more than {KEY_CHARS} characters: {short(key, 30)!r}")
            _check(item, key)
    elif isinstance(value, list):
        for item in value:
            _check(item, name)
    elif name in ("id", "source", "measure", "topic") and isinstance(value, str) and "\n" in value:
        raise WrongError(f"{name}: {short(value)!r} ends in a line break")


def _message(error: str, fields: dict[str, Any]) -> str:
    reason, _, place = error.partition(" - at ")
    path = place.strip("`").removeprefix("$").removeprefix(".")
    value = _value(fields, path)
    where = f"{path.replace('[...]', '')}: " if path else ""
    if found := re.match(r"Invalid enum value", reason):
        return (
            f"{where}{short(str(value), 30)!r} is not known; {nearest(str(value), ['article', 'statistics'])}"
        )
    if found := re.search(r"missing required field `(\w+)`", reason):
        return f"{where}{found[1]!r} is missing"
    if found := re.search(r"contains unknown field `(.+)`", reason):
        return f"{where}unknown key {short(found[1], 40)!r}"
    if "https?" in reason:
        return f"{where}{short(str(value))!r} is no address that begins with http:// or https://"
    if "matching regex" in reason:
        return (
            f"{where}{short(str(value))!r} is no id: lower-case letters and digits in words joined by hyphens"
        )
    if "length >= 1" in reason:
        return f"{where}empty"
    if found := re.search(r"length <= (\d+)", reason):
        return f"{where}a text of more than {int(found[1]):,} characters"
    reason = (
        reason.replace("`array`", "a list")
        .replace("`object`", "a mapping")
        .replace("`str`", "text")
        .replace("`", "")
    )
    return f"{where}{reason[:1].lower()}{reason[1:]}"


def _value(fields: Any, path: str) -> Any:
    """The value at a path such as ``citations[0].source``; of a list whose place is not told, its first that
    is text."""
    for step in re.findall(r"\w+|\[\d+\]", path):
        try:
            fields = fields[int(step[1:-1])] if step.startswith("[") else fields[step]
        except (KeyError, IndexError, TypeError):
            return ""
    return fields
