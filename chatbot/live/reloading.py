"""Loading the bot's files again, and saying what came of it. Light to import: what it needs is there once a
bot is."""

from __future__ import annotations

import dataclasses
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import ChatbotError, KnowledgeError
from chatbot.paths import with_background

if TYPE_CHECKING:
    from chatbot.conversation import Bot
    from chatbot.encoders.vectors import Progress
    from chatbot.knowledge.model import Entry, Knowledge
    from chatbot.live.settings import Settings

Stamp = tuple[tuple[str, int, int, int], ...]
"""Of each file: its path, inode, size and time (ns)."""
KEPT = "Not reloaded: what was loaded before stays in use."


class Stopped(Exception):  # noqa: N818 - a wish, not an error
    """Raised by a ``progress`` to end a reload that is no longer wanted."""


class Reloader:
    """Knows the files, and how they were when they were last loaded. Threads may share it: one of them
    reloads at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: Stamp = ()
        self._lock = threading.Lock()

    def look(self) -> None:
        """Take the files as they are for those that are loaded."""
        self._seen = self.stamp()

    @property
    def changed(self) -> bool:
        """Whether a file came, went or was written since the files were last loaded."""
        return self.stamp() != self._seen

    def reload(self, bot: Bot, progress: Progress | None = None, only_if_changed: bool = False) -> list[str]:
        """Load the files again; gives what there is to say of it, in lines. Where they can't be used, the bot
        stays as it is."""
        from chatbot.language.normalise import printable

        with self._lock:
            stamp = self.stamp()
            if only_if_changed and stamp == self._seen:
                return []
            self._seen = stamp
            before, start = bot.knowledge, time.monotonic()
            try:
                bot.reload(progress)
            except (Stopped, KeyboardInterrupt):
                self._seen = ()  # they are not loaded
                raise
            except KnowledgeError as error:
                return [*(printable(str(finding)) for finding in error.findings), KEPT]
            except ChatbotError as error:
                return [f"{printable(str(error))}. {KEPT}"]
            except Exception as error:  # whatever it is: the conversation goes on, with what it had
                return [f"{printable(f'{type(error).__name__}: {error}')}. {KEPT}"]
            return [f"reloaded: {difference(before, bot.knowledge)}, {time.monotonic() - start:.1f} s"]

    def _intents(self) -> tuple[Path, ...]:
        return with_background(self._settings.intents, self._settings.background)

    def folders(self) -> dict[Path, tuple[int, int]]:
        """The folders that hold the files, as far as they are there, each with its device and inode."""
        wanted = {
            *self._settings.knowledge,
            *self._intents(),
            *(Path(name).parent for name, *_ in self.stamp()),
        }
        found: dict[Path, tuple[int, int]] = {}
        for folder in sorted(wanted):
            try:
                stat = folder.stat()
            except OSError:
                continue
            found[folder] = (stat.st_dev, stat.st_ino)
        return found

    def stamp(self) -> Stamp:
        """The files as they are now."""
        from chatbot.building.snapshot import Asked

        found = []
        try:
            for file in Asked(self._settings.knowledge, self._intents(), None).files():
                try:
                    stat = file.stat()
                    found.append((str(file), stat.st_ino, stat.st_size, stat.st_mtime_ns))
                except OSError:
                    found.append((str(file), 0, -1, 0))  # a link that leads nowhere, or gone in this moment
        except OSError:
            # a folder went while it was looked at: like no state before
            found.append(("", 0, 0, time.time_ns()))
        return tuple(found)


def difference(before: Knowledge, after: Knowledge) -> str:
    """How many entries there are, and how many of them are new or changed, or gone, in words."""
    old, new = ({entry.id: _content(entry) for entry in knowledge.entries} for knowledge in (before, after))
    counts = {
        "new": len(new.keys() - old.keys()),
        "changed": sum(old[name] != new[name] for name in old.keys() & new.keys()),
        "gone": len(old.keys() - new.keys()),
    }
    told = ", ".join(f"{n:,} {what}" for what, n in counts.items() if n) or "none of them changed"
    return f"{len(new):,} {'entry' if len(new) == 1 else 'entries'} ({told})"


def _content(entry: Entry) -> Entry:
    """An entry without where it stands, which a line above it changes."""
    return dataclasses.replace(entry, place=None)
