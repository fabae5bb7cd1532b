"""The packs of the folders in use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import ChatbotError, KnowledgeError
from chatbot.language.normalise import printable
from chatbot.paths import PACK, pack_files

if TYPE_CHECKING:
    from chatbot.live.settings import Settings


@dataclass(frozen=True)
class Listed:
    """A pack; ``enabled``: loaded with the options given. ``error``: what is wrong with its pack.yaml, where
    it can't be used."""

    name: str
    title: str
    about: str
    folder: str
    topic_files: int
    data_files: int
    enabled: bool
    error: str | None


def listed(settings: Settings) -> list[Listed]:
    """The packs of the folders in use, by folder and name; raises ``ChatbotError`` for a folder that is not
    there."""
    named = set(settings.packs)
    out: list[Listed] = []
    for folder in dict.fromkeys(settings.knowledge):
        if not folder.is_dir():
            raise ChatbotError(
                f"{printable(str(folder))}: no such knowledge folder; give a folder that holds packs"
            )
        for file in pack_files(folder):
            name = file.parent.name
            out.append(_read(file, name not in settings.disabled and (not named or name in named)))
    return out


def _read(file: Path, enabled: bool) -> Listed:
    from chatbot.knowledge.convert import load_as
    from chatbot.knowledge.datasetschema import ENDING, DatasetFile, Declared
    from chatbot.knowledge.schema import PackFile

    title, about, error = file.parent.name, "", None
    data: set[str] = set()
    try:
        spec, _ = load_as(file, PackFile)
        title, about = spec.title, spec.about
        for declared in sorted(file.parent.glob(f"*{ENDING}")):
            own = Declared(declared, load_as(declared, DatasetFile)[0])
            data |= {declared.name, *(path.name for path in own.files)}
    except KnowledgeError as found:
        error = str(found.findings[0])
    topics = [
        path
        for path in file.parent.glob("*.yaml")
        if path.name not in {PACK, *data} and not path.name.startswith(".")
    ]
    return Listed(
        file.parent.name,
        title,
        about,
        str(file.parent),
        len(topics),
        sum(not name.endswith(ENDING) for name in data),
        enabled,
        error,
    )
