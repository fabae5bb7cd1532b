"""A finished pack into its place: wholly or not at all, with its sources, and the old one back where that
fails.

The new pack is made in a hidden folder of the knowledge folder, two levels deep, where no loader looks. The
sources go first: more of them than are cited harm nobody.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.authoring.exchange.textin import unreadable
from chatbot.building.knowledge import load_files
from chatbot.errors import ChatbotError, KnowledgeError
from chatbot.files import one_writer, put_text
from chatbot.knowledge.adding import add_item
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.datasetschema import ENDING, DatasetFile
from chatbot.knowledge.files import SOURCES
from chatbot.knowledge.schema import PackFile, TopicFile
from chatbot.knowledge.sourceschema import SourcesFile, SourceSpec
from chatbot.language.normalise import printable
from chatbot.paths import PACK

TOGETHER = 10_000_000
"""A pack of more bytes is loaded file by file to check it."""
_WORKPLACE = ".import-"
_BEFORE = "-before"
AN_HOUR = 3_600.0
_HEAD = "# Who is cited. An entry names a source by its id.\nsources:\n"
_MARK = "- {id: x, title: x}\n"


@contextlib.contextmanager
def workshop(into: Path) -> Iterator[Path]:
    """A hidden folder inside ``into``, which is made if need be; gone at the end, and so is ``into`` where
    nothing came into it. Nobody else of this program writes into ``into`` meanwhile; what one that was killed
    left there is removed."""
    made = _missing(into)
    try:
        into.mkdir(parents=True, exist_ok=True)
        with one_writer(into):
            _tidy(into)
            place = Path(tempfile.mkdtemp(prefix=_WORKPLACE, dir=into))
            try:
                yield place
            finally:
                shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise ChatbotError(printable(f"{into}: can't be written ({error.strerror})")) from None
    finally:
        for folder in made:
            with contextlib.suppress(OSError):  # it has something in it
                folder.rmdir()


def _tidy(into: Path) -> None:
    """Remove what an import left that was killed; a pack that it had put aside goes back. Where there are no
    locks, one that is young may still be at work."""
    for left in into.glob(f"{_WORKPLACE}*"):
        if left.is_symlink() or not left.is_dir():
            continue
        if sys.platform == "win32" and time.time() - left.stat().st_mtime < AN_HOUR:
            continue
        for aside in left.glob(f"*{_BEFORE}"):
            place = into / aside.name.removesuffix(_BEFORE)
            if not place.exists():
                aside.rename(place)
        shutil.rmtree(left, ignore_errors=True)


def _missing(folder: Path) -> list[Path]:
    """The folder and those above it that are not there yet, the innermost first."""
    return [path for path in (folder, *folder.parents) if not path.exists()]


def known_sources(into: Path) -> dict[str, SourceSpec]:
    """What sources.yaml of a folder has; raises ``KnowledgeError`` where it can't be used."""
    file = into / SOURCES
    return {source.id: source for source in load_as(file, SourcesFile)[0].sources} if file.exists() else {}


@dataclass(frozen=True)
class Made:
    """What tells the packs that an import may replace: ``data``, the files that each has beside its YAML
    files; ``else_``, what any other is."""

    data: frozenset[str] = frozenset()
    else_: str = "it has no pack.yaml"
    links: bool = True
    """Whether a link to such a folder may be replaced."""
    lost: str = ", so more would be lost than a pack"


ANY_PACK = Made()
_NOBODYS = frozenset({".DS_Store", "Thumbs.db"})


def check_place(place: Path, force: bool, made: Made = ANY_PACK) -> None:
    """Raises ``ChatbotError`` where something stands that must not be replaced; ``force``: a pack of that
    kind may be."""
    try:
        if not place.exists() and not place.is_symlink():
            return
        if not force:
            raise ChatbotError(
                printable(
                    f"{place} is there already; --force replaces it, --pack gives the new one another name"
                )
            )
        is_pack = place.is_dir() and (made.links or not place.is_symlink())
        found = {file.name: file.is_file() for file in sorted(place.iterdir())} if is_pack else {}
    except OSError as error:
        raise ChatbotError(unreadable(place, error)) from None
    others = [
        name
        for name, is_file in found.items()
        if name not in made.data | _NOBODYS and not (is_file and name.endswith(".yaml"))
    ]
    if others or not {PACK, *made.data} <= {name for name, is_file in found.items() if is_file}:
        why = f"it holds {others[0]!r}" if others else made.else_
        raise ChatbotError(printable(f"{place} is not replaced: {why}{made.lost}; move it away first"))


def sources_text(into: Path, workplace: Path, items: Sequence[str], number: int) -> Path:
    """A copy of sources.yaml with the items added, in the workplace; what stands there stays. Raises
    ``ChatbotError``."""
    file, copy = into / SOURCES, workplace / SOURCES
    if not file.exists():
        copy.write_text(
            _HEAD + _indented(items, "  ") if items else "sources: []\n", encoding="utf-8", newline="\n"
        )
        return copy
    shutil.copyfile(file, copy)
    if not items:
        return copy
    before = load_as(copy, SourcesFile)[0].sources
    try:
        line = add_item(copy, SourcesFile, "sources", _MARK)  # finds the place, and checks it
    except ChatbotError as error:
        raise ChatbotError(str(error).replace(str(copy), str(file))) from None
    lines = copy.read_bytes().decode("utf-8").splitlines(keepends=True)
    at = next(i for i, text in enumerate(lines[line - 1 :], line - 1) if text.strip() == _MARK.strip())
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    added = _indented(items, indent)
    lines[at] = added.replace("\n", "\r\n") if lines[at].endswith("\r\n") else added
    copy.write_bytes("".join(lines).encode())
    after = load_as(copy, SourcesFile)[0].sources
    if after[: len(before)] != before or len(after) != len(before) + number:
        raise ChatbotError(
            printable(f"{file}: the new sources can't be added to it; write one item below the other")
        )
    return copy


def _indented(items: Sequence[str], pad: str) -> str:
    return "".join(re.sub(r"(?m)^(?=.)", pad, item) for item in items)


def check_loads(workplace: Path, pack: str) -> int:
    """Loads what was written; raises ``ChatbotError`` for a fault. Links to other packs are not looked up, of
    a very large pack none are. Gives how many entries and tables there are."""
    files = sorted((workplace / pack).glob("*.yaml"))
    try:
        if sum(file.stat().st_size for file in files) > TOGETHER:
            load_as(workplace / SOURCES, SourcesFile)
            # one at a time, as all together need many times their size in memory
            return sum(_count(load_as(file, _kind(file))[0]) for file in files)
        loaded = load_files([workplace])
        faults = [
            f for f in loaded.findings if not (f.rule == "broken-link" and "/" in f.message.split("'")[1])
        ]
        topics = [
            topic.spec for folder in loaded.files.folders for one in folder.packs for topic in one.topics
        ]
    except KnowledgeError as error:
        faults = list(error.findings)
    if faults:
        raise ChatbotError(
            printable(f"nothing was written: what was made of the file does not load: {faults[0]}")
        )
    return sum(map(_count, topics))


def _kind(file: Path) -> type:
    return DatasetFile if file.name.endswith(ENDING) else PackFile if file.name == PACK else TopicFile


def _count(spec: object) -> int:
    return len(spec.entries) + len(spec.tables) if isinstance(spec, TopicFile) else 0


def publish(into: Path, workplace: Path, pack: str, force: bool, made: Made = ANY_PACK) -> None:
    """Move the pack and sources.yaml of the workplace into the folder; raises ``OSError`` with everything as
    it was."""
    sources, place, old = into / SOURCES, into / pack, workplace / f"{pack}{_BEFORE}"
    before = sources.read_bytes() if sources.exists() else None
    check_place(place, force, made)
    text = (workplace / SOURCES).read_bytes()
    try:
        if text != before:
            put_text(sources.resolve(), text.decode("utf-8"))  # a link stays a link
        if place.exists():
            place.rename(old)
        (workplace / pack).rename(place)
    except BaseException:
        if old.exists() and not place.exists():
            old.rename(place)
        if before is None:
            sources.unlink(missing_ok=True)
        elif sources.read_bytes() != before:
            put_text(sources.resolve(), before.decode("utf-8"))
        raise
