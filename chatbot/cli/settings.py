"""The options that every command shares: from the command line, else from the user's configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.cli.config import SHIPPED
from chatbot.paths import config_file, shipped

if TYPE_CHECKING:
    from chatbot.bot import CareerBot
    from chatbot.retrieval.vectors import Progress


@dataclass(frozen=True)
class Settings:
    """Folders (never empty: the shipped ones where none is named), packs (empty: all), and how the terminal is used."""

    knowledge: tuple[Path, ...]
    intents: tuple[Path, ...]
    packs: tuple[str, ...] = ()
    color: bool = True
    history: bool = True
    toolbar: bool = True
    log_unanswered: bool = False
    watch: bool = False
    config_file: Path = field(default_factory=config_file)

    def bot(self, progress: Progress | None = None) -> CareerBot:
        """The bot with the folders and packs that the options name."""
        from chatbot.paths import cache_dir
        from chatbot.retrieval.compiled import CompiledEncoder

        encoder = CompiledEncoder(cache=cache_dir(), progress=progress)
        encoder.load_beside()  # while the rest of the program is imported
        from chatbot.bot import CareerBot

        return CareerBot(self.knowledge, self.intents, self.packs or None, encoder, progress=progress)

    def bot_with_bar(self) -> CareerBot:
        """The same, with a progress bar on stderr while all is prepared for the first time."""
        from chatbot.cli.progress import Bar

        with Bar() as bar:
            return self.bot(bar)


def folders(name: str, given: Sequence[Path]) -> tuple[Path, ...]:
    """The folders of one kind ("knowledge" or "intents"), with the shipped one in place of its name, or where none is given."""
    return tuple(shipped(name) if str(folder) == SHIPPED else folder for folder in given or (Path(SHIPPED),))
