"""The options that every command shares: from the command line, else from the user's configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import ChatbotError
from chatbot.paths import SHIPPED_NAME, config_file, data_dir, pack_files, shipped

if TYPE_CHECKING:
    from chatbot.bot import CareerBot
    from chatbot.encoders.vectors import Progress


@dataclass(frozen=True)
class Settings:
    """Folders (never empty: the shipped ones where none is named), packs (empty: all), those left out, and
    how the terminal is used."""

    knowledge: tuple[Path, ...]
    intents: tuple[Path, ...]
    packs: tuple[str, ...] = ()
    color: bool = True
    history: bool = True
    toolbar: bool = True
    log_unanswered: bool = False
    watch: bool = False
    config_file: Path = field(default_factory=config_file)
    disabled: tuple[str, ...] = ()
    background: bool = True
    """Whether the shipped questions that nothing here answers are loaded beside the intents."""
    index: str | None = None
    """The address of a database whose knowledge is used instead of folders."""
    career: str | None = None
    """What questions are about that name no career themselves."""
    named: bool = False
    """Whether the command line itself names folders or packs."""

    def loaded(self) -> tuple[str, ...] | None:
        """The packs to load, None for all there are; raises ``ChatbotError`` where every one is disabled."""
        if not self.disabled:
            return self.packs or None
        there = self.packs or tuple(
            dict.fromkeys(file.parent.name for folder in self.knowledge for file in pack_files(folder))
        )
        left = tuple(name for name in there if name not in self.disabled)
        if there and not left:
            raise ChatbotError(
                f"{self.config_file}: every pack is disabled ({', '.join(there)}); to use one again: chatbot packs enable {there[0]}"
            )
        return left or None  # without any pack, the loader says what is missing

    def bot(self, progress: Progress | None = None) -> CareerBot:
        """The bot with the folders and packs that the options name."""
        from chatbot.encoders.compiled import CompiledEncoder
        from chatbot.paths import cache_dir

        encoder = CompiledEncoder(cache=cache_dir(), progress=progress)
        encoder.load_beside()  # while the rest of the program is imported
        from chatbot.bot import CareerBot

        if self.index:
            return CareerBot(index=self.index, encoder=encoder, progress=progress, career=self.career)
        return CareerBot(
            self.knowledge,
            self.intents,
            self.loaded(),
            encoder,
            progress=progress,
            background=self.background,
            career=self.career,
        )

    def bot_with_bar(self) -> CareerBot:
        """The same, with a progress bar on stderr while all is prepared for the first time."""
        from chatbot.showing.progress import Bar

        with Bar() as bar:
            return self.bot(bar)


def folders(name: str, given: Sequence[Path]) -> tuple[Path, ...]:
    """The folders of one kind ("knowledge" or "intents"), with the shipped one in place of its name.

    Where none is given: the shipped one, and of knowledge the user's own, once a pack is in it.
    """
    if given:
        return tuple(shipped(name) if str(folder) == SHIPPED_NAME else folder for folder in given)
    own = own_knowledge() if name == "knowledge" else None
    return (shipped(name), own) if own and has_pack(own) else (shipped(name),)


def own_knowledge() -> Path:
    """The user's own knowledge folder, whether it is there or not: commands that make a whole pack put it
    there."""
    return data_dir() / "knowledge"


def has_pack(folder: Path) -> bool:
    """Whether a folder is there with a pack in it; one that can't be looked into has none."""
    try:
        return bool(pack_files(folder))
    except OSError:
        return False
