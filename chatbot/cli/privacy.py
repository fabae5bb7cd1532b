"""``/privacy``: what is kept of what was typed, where, and how to change that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.authoring.unanswered.log import log_file
from chatbot.cachefile import files
from chatbot.language.normalise import printable
from chatbot.paths import cache_dir, data_dir, state_dir
from chatbot.showing.listing import counted
from chatbot.showing.render import Style

if TYPE_CHECKING:
    from chatbot.live.settings import Settings


def privacy_lines(settings: Settings, style: Style) -> list[str]:
    """Every file, its size, whether it is written, how to switch that, and how to remove it."""
    history, log, cache = state_dir() / "history", log_file(), cache_dir()
    prepared = files(cache)
    size = sum(_bytes(file) for file in prepared)
    told = [
        (
            f"History of what you type here: {_on(settings.history)}",
            f"{history} ({_size(history)})",
            "Off: --no-history, or history = false in the configuration. To remove it, delete the file.",
        ),
        (
            f"Questions that were not answered, or that you marked with /good or /bad: {_on(settings.log_unanswered)}",
            f"{log} ({_size(log)})",
            "On: --log-unanswered, or log_unanswered = true in the configuration. Distress, private data and other questions that are "
            "refused are never kept. To remove it: chatbot unanswered --clear",
        ),
        (
            "Cache, for quick starts; it holds nothing that you typed",
            f"{cache} ({counted(len(prepared), 'file')}, {_shown(size)})",
            "To remove it: chatbot cache --clear",
        ),
        (
            "Packs that you imported; they hold nothing that you typed",
            f"{data_dir()} ({'there' if data_dir().exists() else 'not there'})",
            "To remove one, delete its folder under knowledge.",
        ),
        (
            "Configuration, if you made one",
            f"{settings.config_file} ({_size(settings.config_file)})",
            "To see what it says: chatbot config",
        ),
    ]
    lines = style.wrap(
        "Nothing leaves this machine: no network is used. What is kept on it; the first two are readable by you alone:"
    )
    for name, where, how in told:
        lines += [*style.wrap(name, "  ", "  "), f"    {printable(where)}"]
        lines += [style.dim(line) for line in style.wrap(how, "    ", "    ")]
    return lines


def _on(wanted: bool) -> str:
    return "on" if wanted else "off"


def _size(file: Path) -> str:
    return _shown(_bytes(file)) if file.exists() else "not there"


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _shown(size: int) -> str:
    return (
        f"{size / 1_000_000:,.1f} MB"
        if size >= 1_000_000
        else f"{size / 1_000:,.1f} kB"
        if size >= 1_000
        else counted(size, "byte")
    )
