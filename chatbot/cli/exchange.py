"""``chatbot import`` and ``chatbot export``: a pack from a file, and a pack to one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from chatbot.errors import ChatbotError
from chatbot.live.settings import Settings


def run_import(
    settings: Settings,
    file: Path,
    into: Path,
    pack: str | None,
    form: str | None,
    source: str | None,
    force: bool,
) -> int:
    """Import; what was skipped and what is left to do goes to stderr. Gives the exit status: 1 where
    something was skipped."""
    from chatbot.authoring.exchange.importing import NothingError, import_file
    from chatbot.language.normalise import printable
    from chatbot.showing.output import emit

    try:
        done = import_file(file, into, pack, form, source, force)
    except NothingError as error:
        _say([*error.notes, *_skipped([str(fault) for fault in error.faults], error.skipped)])
        raise
    _say([*done.notes, *_skipped([str(fault) for fault in done.faults], done.skipped)])
    counts = [
        _many(done.entries, "entry", "entries"),
        *([_many(done.tables, "table", "tables")] if done.tables else []),
    ]
    counts += [_many(done.topics, "topic", "topics"), _many(done.sources, "new source", "new sources")]
    skipped = f"; skipped: {done.skipped:,}" if done.skipped else ""
    joined = f"; joined to others: {done.joined:,} of {done.rows:,} rows" if done.joined else ""
    emit(printable(f"{done.folder}: {', '.join(counts)}{joined}{skipped}"))
    if done.todo:
        _say(
            [
                "Left to do, marked TODO in the files; chatbot check names the lines:",
                *(f"  {one}" for one in done.todo),
            ]
        )
    return 1 if done.skipped else 0


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _skipped(faults: Sequence[str], count: int) -> list[str]:
    return [*faults, *([f"... and {count - len(faults):,} more"] if count > len(faults) else [])]


def _say(lines: Sequence[str]) -> None:
    from chatbot.language.normalise import printable

    for line in lines:
        click.echo(printable(line), err=True)


def run_export(settings: Settings, pack: str, file: Path | None, form: str | None, force: bool) -> None:
    """Export to the file, or to stdout."""
    from chatbot.authoring.exchange.record import format_of
    from chatbot.language.normalise import printable

    if file is None and form is None:
        raise click.UsageError(
            "which format? Name a file, such as pack.csv, or say --format csv|tsv|jsonl|html|json|markdown"
        )
    if file is not None and file.exists() and not force:
        raise ChatbotError(printable(f"{file} is there already; --force replaces it"))
    from chatbot.authoring.exchange.exporting import WRITTEN, export_text
    from chatbot.authoring.exchange.records import read_whole
    from chatbot.authoring.exchange.textin import PAGE_BYTES
    from chatbot.files import put_text

    form = format_of(file or Path("-"), form, WRITTEN)
    text = export_text(read_whole(settings.knowledge, pack), form)
    if form in ("html", "json") and len(text.encode()) > PAGE_BYTES:
        _say(
            [
                f"This is larger than the {PAGE_BYTES:,} bytes of a page that chatbot import reads; csv and jsonl have no limit."
            ]
        )
    if file is None:
        _to_stdout(text)
        return
    try:
        put_text(file, text)
    except OSError as error:
        raise ChatbotError(printable(f"{file}: can't be written ({error.strerror})")) from None


def _to_stdout(text: str) -> None:
    """The text as UTF-8, whatever the terminal's encoding and line ends are."""
    from chatbot.showing.output import emit

    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    emit(text.removesuffix("\n"))
