"""``chatbot import onet``: the O*NET text files become a pack in the user's data folder."""

from __future__ import annotations

from pathlib import Path

import click


def run_onet(folder: Path, into: Path | None) -> int:
    """Import a folder of O*NET text files; what was skipped goes to stderr. Gives the exit status: 1 where
    something was skipped."""
    from chatbot.authoring.exchange.onet import import_onet
    from chatbot.language.normalise import printable
    from chatbot.paths import data_dir
    from chatbot.showing.output import emit

    done = import_onet(folder, into or data_dir() / "knowledge")
    for line in done.lines:
        click.echo(printable(line), err=True)
    told = {"task": "tasks", "technology": "technologies", "related": "related occupations"}
    counts = [
        f"{done.occupations:,} occupations",
        f"{done.titles:,} titles",
        *(f"{done.facts[kind]:,} {name}" for kind, name in told.items()),
    ]
    skipped = f"; skipped: {done.skipped:,}" if done.skipped else ""
    emit(printable(f"{done.folder}: {done.release} ({done.published}): {', '.join(counts)}{skipped}"))
    return 1 if done.skipped else 0
