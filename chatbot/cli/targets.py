"""What the paths given to ``chatbot check`` mean: which folders are loaded, and of which files the findings
are shown."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.errors import ChatbotError
from chatbot.files import read_bytes
from chatbot.knowledge.files import SOURCES
from chatbot.knowledge.yamlfile import MAX_BYTES, yaml_files
from chatbot.live.settings import Settings
from chatbot.paths import PACK, pack_files

_INTENTS = re.compile(r"^(intents|neutral)\s*:", re.M)


@dataclass(frozen=True)
class Targets:
    """Folders to load, and the paths to show; no paths: all of them."""

    knowledge: tuple[Path, ...]
    intents: tuple[Path, ...]
    shown: tuple[Path, ...]
    knowledge_asked: bool
    """Whether it is about knowledge, not about intents alone."""

    def shows(self, file: Path) -> bool:
        """Whether findings of a file are wanted."""
        return not self.shown or any(
            form == path or path in form.parents for form in _forms(file) for path in self.shown
        )


def targets(settings: Settings, paths: Sequence[Path]) -> Targets:
    """Folders of the settings stay layered where a path lies in one; any other folder is checked by itself.

    Raises ``ChatbotError`` for a path that is not there, or in which there is nothing to check.
    """
    knowledge: list[Path] = []
    intents: list[Path] = []
    for path in paths:
        if not path.exists():
            raise ChatbotError(f"{path}: no such file or folder")
        try:
            folder, is_intents = _folder_of(path)
        except OSError as error:
            raise ChatbotError(f"{path}: can't be read ({error.strerror})") from None
        (intents if is_intents else knowledge).append(folder)
    shown = tuple(form for path in paths for form in _forms(path))
    return Targets(
        _layered(settings.knowledge, knowledge),
        _layered(settings.intents, intents),
        shown,
        bool(knowledge) or not intents,
    )


def stood_in(settings: Settings) -> tuple[Path, ...]:
    """The folder that one stands in, where it is one that can be checked and the command line names none."""
    here = Path()
    try:
        return () if settings.named else (here,) if _folder_of(here) else ()
    except (ChatbotError, OSError):
        return ()


def _forms(path: Path) -> set[Path]:
    """A path as it is written and where it leads: either may be what was asked for."""
    return {Path(os.path.abspath(path)), Path(os.path.realpath(path))}  # noqa: PTH100 - links stay, and may lead in circles


def _layered(known: Sequence[Path], given: Sequence[Path]) -> tuple[Path, ...]:
    """The folders of the settings where one of them, or none, is given; else those that are given."""
    places = {folder.resolve() for folder in known}
    others = {folder.resolve(): folder for folder in given if folder.resolve() not in places}
    return (
        *(known if not given or any(folder.resolve() in places for folder in given) else ()),
        *others.values(),
    )


def _folder_of(path: Path) -> tuple[Path, bool]:
    """The knowledge or intents folder that a path belongs to, and whether it is one of intents."""
    folder = path if path.is_dir() else path.parent
    if path.is_file() and path.suffix != ".yaml":
        raise ChatbotError(f"{path}: not checked: only files that end in .yaml are read")
    if (folder / PACK).is_file():
        written, led = Path(os.path.abspath(folder)).parent, folder.resolve().parent  # noqa: PTH100 - also of "."; links stay
        return (led if (led / SOURCES).is_file() and not (written / SOURCES).is_file() else written), False
    if (folder / SOURCES).is_file() or pack_files(folder):
        return folder, False
    files = [path] if path.is_file() else [file for file in yaml_files(folder) if file.is_file()]
    for file in files:
        try:
            if _INTENTS.search(read_bytes(file, MAX_BYTES).decode("utf-8", "replace")):
                return folder, True
        except OSError as error:
            raise ChatbotError(f"{file}: can't be read ({error.strerror})") from None
    raise ChatbotError(
        f"{path}: nothing to check here: no {SOURCES}, no pack (a folder with a {PACK}), and no intents"
    )
