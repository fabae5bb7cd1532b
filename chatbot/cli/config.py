"""The user's configuration: one TOML file, read by the command line alone. What is given on the command line
goes before it.

The file is ``config.toml`` in the user's configuration folder, or the one that ``--config`` or
``CHATBOT_CONFIG`` names. In a file called ``pyproject.toml`` the table ``[tool.chatbot]`` is read.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot.errors import ChatbotError
from chatbot.files import put_text, read_text
from chatbot.paths import SHIPPED_NAME, config_file

if TYPE_CHECKING:
    from chatbot.live.settings import Settings

MOST_BYTES = 1_000_000
"""Of the configuration; a project's pyproject.toml may be one."""
TEMPLATE = """\
# The configuration of chatbot; every line here shows a default. Options on the command line go before it.

# Knowledge folders, the later ones on top; "shipped" is what comes with the program. Paths are relative to
# this file.
# knowledge = ["shipped", "~/my-knowledge"]

# Folders of intents (small talk, and what is not covered).
# intents = ["shipped"]

# Questions that nothing here answers, which come with the program: what is nearer to them is not answered.
# background = true

# Only these packs; an empty list means all.
# packs = []

# Packs that are left out; `chatbot packs disable NAME` and `enable` write this line.
# disabled = []

# Keep the questions that were answered "I don't know", or that you marked with /bad, in one local file, for
# `chatbot unanswered`.
# log_unanswered = false

# The terminal.
# color = true
# history = true
# toolbar = true
"""


@dataclass(frozen=True)
class Config:
    """What the file may hold."""

    knowledge: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    background: bool = True
    packs: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    log_unanswered: bool = False
    color: bool = True
    history: bool = True
    toolbar: bool = True

    def folders(self, name: str, base: Path) -> tuple[Path, ...]:
        """The folders of one kind, relative ones from ``base``; empty where none is named."""
        return tuple(
            Path(text) if text == SHIPPED_NAME else base / _expanded(text) for text in getattr(self, name)
        )


def read_config(named: Path | None) -> tuple[Config, Path]:
    """The configuration and the file that it is in, or would be in; raises ``ChatbotError`` with file and
    line for one that can't be used."""
    given = named or (_expanded(name) if (name := os.environ.get("CHATBOT_CONFIG")) else None)
    file = given or config_file()
    try:
        text = read_text(file, MOST_BYTES)
    except FileNotFoundError:
        if given:
            raise ChatbotError(f"{file}: no such configuration file") from None
        return Config(), file
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ChatbotError(f"{file}: the configuration can't be read ({reason})") from None
    return _parse(file, text), file


def _expanded(text: str) -> Path:
    if not text.isprintable():
        raise ChatbotError(f"the configuration names a path with control characters: {text!r}")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ChatbotError(f"{text}: there is no such user") from None


def _parse(file: Path, text: str) -> Config:
    import tomllib  # here: most people have no such file

    import msgspec

    try:
        found: Any = tomllib.loads(text)
    except RecursionError:
        raise ChatbotError(f"{file}: nested too deep") from None
    except tomllib.TOMLDecodeError as error:
        raise ChatbotError(f"{file}: not TOML: {error}") from None
    if file.name == "pyproject.toml":
        tool = found.get("tool", {})
        found = tool.get("chatbot", {}) if isinstance(tool, dict) else {}
    if not isinstance(found, dict):
        raise ChatbotError(f"{file}: [tool.chatbot] must be a table")
    known = [field.name for field in fields(Config)]
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
            raise ChatbotError(f"{file}:{_line(text, key)}: unknown key {key!r}; {hint}")
    try:
        return msgspec.convert(found, Config, strict=True)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at ")
        key = re.sub(r"\W.*", "", where.strip("`").removeprefix("$."))
        message = reason[0].lower() + reason[1:].replace("`", "")
        raise ChatbotError(f"{file}:{_line(text, key)}: {key}: {message}") from None


def _line(text: str, key: str) -> int:
    """The line that a key of the file stands in, from 1."""
    found = re.search(rf"^[ \t]*(\[+[ \t]*)?[\"']?{re.escape(key)}[\"']?[ \t]*[\]=.]", text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def run_config(settings: Settings, init: bool) -> None:
    """``chatbot config``."""
    from chatbot.showing.output import emit

    file = settings.config_file
    if init:
        if file.exists():
            raise ChatbotError(f"{file} is there already; edit it, or remove it first")
        try:
            put_text(file, TEMPLATE)
        except OSError as error:
            raise ChatbotError(f"{file}: can't be written ({error.strerror})") from None
        emit(f"Written: {file}")
        return
    lines = [
        f"file            {file}{'' if file.exists() else ' (not there; chatbot config --init writes it)'}"
    ]
    for name in ("knowledge", "intents"):
        lines += [f"{name:<15} {folder}" for folder in getattr(settings, name)]
    lines.append(f"own packs       {_own(settings)}")
    lines.append(f"packs           {', '.join(settings.packs) or 'all'}")
    lines.append(f"disabled        {', '.join(settings.disabled) or 'none'}")
    lines += [
        f"{name:<15} {'yes' if getattr(settings, name) else 'no'}"
        for name in ("background", "log_unanswered", "color", "history", "toolbar")
    ]
    emit("\n".join(lines))


def _own(settings: Settings) -> str:
    """The user's own knowledge folder, and whether it is used."""
    from chatbot.live.settings import has_pack, own_knowledge

    own = own_knowledge()
    if own in settings.knowledge:
        return f"{own} (used)"
    return f"{own} ({'not used: other folders are named' if has_pack(own) else 'no pack is there'})"
