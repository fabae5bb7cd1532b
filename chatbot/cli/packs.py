"""``chatbot packs``: the packs of the folders in use, and switching them off and on in the user's
configuration."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from chatbot.cli.config import Config, read_config
from chatbot.cli.disabling import write_disabled
from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable
from chatbot.live.packs import Listed, listed
from chatbot.showing.listing import counted
from chatbot.showing.output import emit
from chatbot.showing.render import Style

if TYPE_CHECKING:
    from chatbot.live.settings import Settings


def run_packs(settings: Settings, as_json: bool) -> None:
    """Print the packs; only the pack.yaml files are read."""
    found = listed(settings)
    if as_json:
        emit(json.dumps([asdict(pack) for pack in found], ensure_ascii=False, indent=1))
        return
    style, disabled = Style.of_stdout(settings.color), _config(settings).disabled
    width = max((len(printable(pack.name)) for pack in found), default=0)
    lines: list[str] = []
    for pack in found:
        state = (
            "enabled"
            if pack.enabled
            else "disabled"
            if pack.name in disabled
            else "left out: other packs are named"
        )
        lines.append(f"{style.strong(f'{printable(pack.name):<{width}}')}  {state}")
        for text in (pack.error or pack.title, _holds(pack), pack.folder):
            lines += [style.dim(line) for line in style.wrap(printable(text), "    ", "  ")]
    emit("\n".join(lines) or "No pack is there.")


def run_switch(settings: Settings, names: Sequence[str], on: bool) -> None:
    """Write into the configuration which packs are left out, and say so.

    Raises ``ChatbotError`` for a name that no pack has, where none would be left, and for a file that can't
    be written.
    """
    told = _config(settings)
    there = [pack.name for pack in listed(settings)]
    for name in names:
        if name not in (known := {*there, *(told.disabled if on else ())}):
            near = difflib.get_close_matches(name, sorted(known), 1)
            hint = f"did you mean {near[0]}?" if near else f"there is: {', '.join(sorted(known)) or 'none'}"
            raise ChatbotError(f"no pack named {printable(name)}; {hint}")
    before = tuple(dict.fromkeys(told.disabled))
    after = (
        tuple(name for name in before if name not in names) if on else tuple(dict.fromkeys((*before, *names)))
    )
    word = "enabled" if on else "disabled"
    changed = sorted({*before} ^ {*after})
    if not changed:
        emit(f"Nothing to do: {word} already: {', '.join(dict.fromkeys(names))}")
        return
    if not on and not set(told.packs or there) - set(after):
        raise ChatbotError(f"{', '.join(changed)}: no pack would be left; leave one enabled")
    write_disabled(settings.config_file, after)
    lines = [f"{word.capitalize()}: {', '.join(changed)} (in {printable(str(settings.config_file))})"]
    if on and (kept := [name for name in changed if told.packs and name not in told.packs]):
        lines.append(f"Not used all the same: {', '.join(kept)}; `packs` in the configuration names others.")
    emit("\n".join(lines))


def _holds(pack: Listed) -> str:
    """A word on what is in it."""
    files = [
        counted(n, noun)
        for n, noun in ((pack.topic_files, "topic file"), (pack.data_files, "data file"))
        if n
    ]
    return "; ".join([*([pack.about] if pack.about else []), ", ".join(files) or "no topic files yet"])


def _config(settings: Settings) -> Config:
    """What the file says, whatever the command line says."""
    return read_config(settings.config_file)[0] if settings.config_file.exists() else Config()
