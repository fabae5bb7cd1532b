"""The files of a pack in a folder: pack.yaml, and for each topic as many files as its entries and tables
need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot.authoring.exchange.collect import PART_BYTES, Group, Item
from chatbot.authoring.exchange.yamltext import entry_block, pack_text, table_block, topic_head
from chatbot.authoring.scaffold import title_of

BUFFER_BYTES = 8_000_000


@dataclass
class _Parts:
    """The files of one topic, under names of their own until all are known."""

    head: bytes
    files: list[Path] = field(default_factory=list)
    size: int = 0
    open_key: str = ""
    waiting: list[bytes] = field(default_factory=list)

    def flush(self) -> None:
        """Append what waits to the newest file."""
        if self.waiting:
            with self.files[-1].open("ab") as stream:
                stream.writelines(self.waiting)
            self.waiting = []


class PackFolder:
    """Writes a pack into a folder that is there and empty."""

    def __init__(self, folder: Path, groups: Sequence[Group]) -> None:
        self.folder, self.groups = folder, groups
        self.parts: dict[int, _Parts] = {}
        self.buffered = 0
        self.tables: list[tuple[int, bytes]] = []

    def write(self, items: Iterable[Item]) -> None:
        """All entries, and after those of each topic its tables."""
        for group in self.groups:
            head = topic_head(
                group.topic,
                group.title or title_of(group.topic),
                group.years,
                group.guessed > 0,
                group.subjects,
            ).encode()
            self.parts[group.index] = _Parts(head)
        for item in items:
            block = (table_block if item.table else entry_block)(item.fields, item.todo, item.origin).encode()
            if item.table:
                self.tables.append((item.group, block))
            else:
                self._put(item.group, "entries", block)
        for number, block in self.tables:
            self._put(number, "tables", block)
        for number, parts in self.parts.items():
            if not parts.files:
                self._begin(number, parts)
            parts.flush()
        self._rename()

    def _put(self, number: int, key: str, block: bytes) -> None:
        parts = self.parts[number]
        if not parts.files or parts.size + len(block) > PART_BYTES:
            parts.flush()
            self._begin(number, parts)
        if parts.open_key != key:
            parts.waiting.append(f"{key}:\n".encode())
            parts.open_key = key
        else:
            parts.waiting.append(b"\n")
        parts.waiting.append(block)
        parts.size += len(block) + 10
        self.buffered += len(block)
        if self.buffered > BUFFER_BYTES:
            for each in self.parts.values():
                each.flush()
            self.buffered = 0

    def _begin(self, number: int, parts: _Parts) -> None:
        parts.files.append(self.folder / f".{number}-{len(parts.files)}")
        parts.size, parts.open_key = len(parts.head), ""
        parts.waiting.append(parts.head)

    def _rename(self) -> None:
        """Names of their own: the topic's, with a number where there are several; ``pack.yaml`` is something
        else."""
        taken = {"pack"}
        by_count: dict[bool, list[Group]] = defaultdict(list)
        for group in self.groups:
            by_count[len(self.parts[group.index].files) > 1].append(group)
        for group in by_count[False]:
            self.parts[group.index].files[0].rename(self.folder / f"{_free(group.file, taken)}.yaml")
        for group in by_count[True]:
            files = self.parts[group.index].files
            digits = max(2, len(str(len(files))))
            for i, file in enumerate(files, 1):
                file.rename(self.folder / f"{_free(f'{group.file}-{i:0{digits}}', taken)}.yaml")

    def write_pack(self, fields: dict[str, Any], todo: Sequence[str]) -> None:
        """``pack.yaml``."""
        (self.folder / "pack.yaml").write_bytes(pack_text(fields, todo).encode())


def _free(name: str, taken: set[str]) -> str:
    """A file name that no other file of the folder has, on systems that do not tell capitals apart either."""
    found, number = name, 2
    while found.casefold() in taken:
        found, number = f"{name}-topic{number if number > 2 else ''}", number + 1
    taken.add(found.casefold())
    return found
