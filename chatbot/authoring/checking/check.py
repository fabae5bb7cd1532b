"""All rules over all files: what ``chatbot check`` prints."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.authoring.checking import across, content, naming
from chatbot.authoring.checking.heldout import HeldOut, hold_out
from chatbot.authoring.checking.places import Written, topics, written
from chatbot.authoring.checking.rules import rules
from chatbot.authoring.checking.switches import Switch, apply, switches
from chatbot.building.knowledge import Loaded, load_files
from chatbot.building.prepare import prepare
from chatbot.building.snapshot import Asked, fetch
from chatbot.encoders.encoder import Encoder
from chatbot.encoders.vectors import Progress
from chatbot.engine import Engine
from chatbot.errors import Finding
from chatbot.files import read_bytes
from chatbot.intents.load import read_intents, usable
from chatbot.intents.model import Intent
from chatbot.knowledge.files import Parsed
from chatbot.knowledge.intentschema import IntentsFile
from chatbot.knowledge.model import Knowledge
from chatbot.knowledge.yamlfile import MAX_BYTES

NEED_ASKING = frozenset({"unreachable", "near-duplicate", "leads-elsewhere"})


@dataclass(frozen=True)
class Wanted:
    """What is checked: folders, packs (None: all), and the day by which an answer is old."""

    knowledge: tuple[Path, ...]
    intents: tuple[Path, ...]
    packs: tuple[str, ...] | None
    today: datetime.date


@dataclass(frozen=True)
class Checked:
    """The findings, sorted by place; what was looked at; and, where it was asked, the engine and what became
    of every phrasing."""

    findings: tuple[Finding, ...]
    files: tuple[Path, ...]
    entries: tuple[Written, ...]
    sources: int
    engine: Engine | None
    held_out: HeldOut | None

    @property
    def tables(self) -> int:
        """How many of the entries are tables."""
        return sum(hasattr(one.spec, "rows") for one in self.entries)

    @property
    def phrasings(self) -> int:
        """How many ways to ask the entries have, their questions among them."""
        return sum(len(one.phrasings) for one in self.entries)


def check(
    wanted: Wanted, encoder: Encoder | None, cache: Path | None, progress: Progress | None = None
) -> Checked:
    """Check what is wanted; without an ``encoder`` nothing is asked. Of files with errors, what can be used
    is asked all the same.

    Raises ``ChatbotError`` for a folder or pack that is not there; faults of files are findings.
    """
    loaded = load_files(wanted.knowledge, wanted.packs)
    findings = list(loaded.findings)
    intents = read_intents(wanted.intents, findings)
    sound = not findings
    entries = tuple(one for one in written(loaded) if one.id not in loaded.replaced)
    asked = Asked(wanted.knowledge, wanted.intents, wanted.packs)
    packs = loaded.knowledge.packs
    used = usable(
        intents, {topic for pack in packs for topic in pack.covers}, asked.own, [pack.id for pack in packs]
    )
    findings += content.of_entries(loaded, entries, wanted.today)
    findings += content.of_sources(loaded, whole=wanted.packs is None)
    findings += content.of_files(loaded.files)
    findings += naming.names(loaded, entries, intents)
    findings += across.duplicates(entries, intents, {intent.id for intent in used})
    engine, held_out = None, None
    if encoder and loaded.knowledge.entries:
        engine = _engine(asked, None if sound else (loaded.knowledge, used), encoder, cache, progress)
        folders = [str(folder.resolve()) for folder in (*wanted.knowledge, *wanted.intents)]
        held_out = hold_out(engine, cache, repr((folders, wanted.packs, sound)), progress)
        places: dict[tuple[str, str], across.Place] = {}
        for one in entries:
            for text, node in one.phrasings:
                places.setdefault((one.id, text), (one.file, node))
        findings += across.near_duplicates(engine, held_out.outcomes, places)
        findings += across.reach(
            engine, held_out.outcomes, {one.id: one for one in reversed(entries)}.values()
        )
    files = tuple(_files(loaded, intents))
    listed = _switches(files, findings)
    tried = (
        frozenset(rules())
        - (frozenset() if held_out else NEED_ASKING)
        - (frozenset() if wanted.packs is None else {"unused-source"})
    )
    kept = list(apply(findings, listed, tried))
    sources = sum(len(folder.sources.spec.sources) for folder in loaded.files.folders if folder.sources)
    return Checked(tuple(sorted(set(kept))), files, entries, sources, engine, held_out)


def _engine(
    asked: Asked,
    partial: tuple[Knowledge, Sequence[Intent]] | None,
    encoder: Encoder,
    cache: Path | None,
    progress: Progress | None,
) -> Engine:
    """As a bot has it; ``partial``: what could be used where something could not, which is not kept."""
    if partial is None:
        return Engine(fetch(asked, encoder, cache, progress), encoder)
    return Engine(prepare(*partial, asked.calibration(), encoder, cache, progress), encoder)


def _files(loaded: Loaded, intents: Sequence[Parsed[IntentsFile]]) -> list[Path]:
    """Every file that was read and typed."""
    own: list[Path] = []
    for folder in loaded.files.folders:
        own += [folder.sources.file] if folder.sources and folder.sources.file.exists() else []
        own += [parsed.file for parsed in folder.languages]
        own += [pack.file for pack in folder.packs if pack.pack]
    own += [topic.file for _, topic in topics(loaded.files)]
    return own + [parsed.file for parsed in intents]


def _switches(files: Sequence[Path], findings: list[Finding]) -> dict[Path, list[Switch]]:
    listed: dict[Path, list[Switch]] = {}
    for file in files:
        text = read_bytes(file, MAX_BYTES).decode("utf-8-sig", "replace")
        findings += content.of_text(file, text)
        listed[file] = switches(file, text, findings)
    return listed
