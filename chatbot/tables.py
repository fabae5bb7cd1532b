"""The package's TOML files, as they are or, where that is of the same text, from ``resources/compiled.json``,
which is read in a fraction of the time.

``scripts/reference.py`` makes the compiled file; a TOML file that has changed since is read itself.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from chatbot.paths import data_file

COMPILED = "compiled.json"


def table(name: str) -> dict[str, Any]:
    """What a TOML file of the package holds."""
    raw = data_file(name).read_bytes()
    compiled = _compiled().get(name)
    if compiled and compiled["of"] == digest(raw):
        told: dict[str, Any] = compiled["table"]
        return told
    return read(raw)


def read(raw: bytes) -> dict[str, Any]:
    """What the text of a TOML file holds; raises what tomllib raises."""
    import tomllib  # takes longer to import than the compiled file to read

    return tomllib.loads(raw.decode("utf-8"))


def digest(raw: bytes) -> str:
    """Names a text exactly."""
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def compiled(names: tuple[str, ...]) -> str:
    """The text of the compiled file."""
    listed = {name: data_file(name).read_bytes() for name in names}
    told = {name: {"of": digest(raw), "table": read(raw)} for name, raw in listed.items()}
    return msgspec.json.encode(told).decode("utf-8") + "\n"


def _compiled() -> dict[str, Any]:
    try:
        told: dict[str, Any] = msgspec.json.decode(data_file(COMPILED).read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return told
