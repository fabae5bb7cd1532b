"""``chatbot check``: what is wrong in the knowledge, where, and what the bot makes of it."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.authoring.checking.answers import Asked, ask_entries
from chatbot.authoring.checking.check import Checked, Wanted, check
from chatbot.authoring.checking.places import Written
from chatbot.cli.targets import Targets, stood_in, targets
from chatbot.encoders.compiled import CompiledEncoder
from chatbot.errors import ChatbotError, Finding
from chatbot.language.normalise import printable
from chatbot.live.settings import Settings
from chatbot.paths import cache_dir, with_background
from chatbot.showing.listing import counted
from chatbot.showing.output import emit
from chatbot.showing.progress import Bar
from chatbot.showing.render import Style

LEVELS = ("error", "warning", "info")
_COLOURS = {"error": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[36m"}
_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}


@dataclass(frozen=True)
class Options:
    """The options of the command."""

    form: str = "text"
    strict: bool = False
    today: str | None = None
    info: bool = False
    quick: bool = False


def run_check(settings: Settings, paths: Sequence[Path], options: Options) -> int:
    """Print the findings; the exit status: 0, 1 for errors (strict: warnings too), 2 where no entry was there
    to check."""
    paths = paths or stood_in(settings)
    aim = targets(settings, paths)
    wanted = Wanted(
        aim.knowledge,
        with_background(aim.intents, settings.background),
        settings.packs or None,
        _day(options.today),
    )
    asked: list[Asked] = []
    with Bar("checking", plain=None) as bar:
        checked = check(
            wanted,
            None if options.quick else CompiledEncoder(cache=cache_dir(), progress=bar),
            cache_dir(),
            bar,
        )
        if checked.engine and checked.held_out and any(path.is_file() for path in paths):
            own = [
                one
                for one in checked.entries
                if aim.shows(one.file) and one.id in checked.engine.knowledge.by_id
            ]
            asked = ask_entries(checked.engine, own, checked.held_out.changed)
    shown = [f for f in checked.findings if aim.shows(f.file) and (options.info or f.level != "info")]
    counts = {level: sum(f.level == level for f in checked.findings if aim.shows(f.file)) for level in LEVELS}
    if not any(aim.shows(file) for file in checked.files) and not counts["error"]:
        raise ChatbotError(
            f"{', '.join(map(str, paths or aim.knowledge))}: nothing was checked: no YAML file that is used"
        )
    _print(
        checked, aim, shown, counts, asked, settings, options, _named(paths or (*aim.knowledge, *aim.intents))
    )
    if counts["error"] or (options.strict and counts["warning"]):
        return 1
    return 0 if checked.entries or not aim.knowledge_asked else 2


def _print(
    checked: Checked, aim: Targets, shown: Sequence[Finding], counts: dict[str, int], asked: Sequence[Asked], settings: Settings, options: Options, named: Sequence[str]
) -> None:  # fmt: skip
    if options.form == "json":
        found = [_as_dict(finding) for finding in shown]
        told = {
            "paths": list(named),
            "checked": _totals(checked, aim),
            "counts": counts,
            "findings": found,
            "asked": [one.to_dict() for one in asked],
        }
        emit(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if options.form == "github":
        for finding in shown:
            emit(_github(finding))
    else:
        style = Style.of_stdout(settings.color)
        for finding in shown:
            emit(_line(finding, style))
        for line in _asked_lines(asked, style):
            emit(line)
    told_of = printable(", ".join(named))
    print(f"{told_of}: {_summary(checked, aim, counts, options)}", file=sys.stderr)


def _named(paths: Sequence[Path]) -> list[str]:
    """What was checked, as short as it can be written from here."""
    return [f"{Path.cwd()} (where you are)" if str(path) == "." else str(_near(path)) for path in paths]


def _totals(checked: Checked, aim: Targets) -> dict[str, Any]:
    own: list[Written] = [one for one in checked.entries if aim.shows(one.file)]
    return {
        "files": sum(aim.shows(file) for file in checked.files),
        "entries": sum(not hasattr(one.spec, "rows") for one in own),
        "tables": sum(hasattr(one.spec, "rows") for one in own),
        "phrasings": sum(len(one.phrasings) for one in own),
        "sources": checked.sources,
        "asked": checked.held_out.asked if checked.held_out else None,
    }


def _summary(checked: Checked, aim: Targets, counts: dict[str, int], options: Options) -> str:
    totals = _totals(checked, aim)
    nouns = {
        "entries": "entry",
        "phrasings": "phrasing",
        "sources": "source",
        "tables": "table",
        "files": "file",
    }
    what = ", ".join(
        f"{totals[key]:,} {key}" if totals[key] != 1 else f"1 {noun}" for key, noun in nouns.items()
    )
    found = ", ".join(counted(counts[level], level) for level in LEVELS[:2])
    infos = (
        f", {counts['info']:,} of information{'' if options.info else ' (--info shows it)'}"
        if counts["info"]
        else ""
    )
    if checked.held_out:
        how = (
            f"; {counted(checked.held_out.asked, 'phrasing')} asked"
            if checked.held_out.asked
            else "; nothing had to be asked again"
        )
    else:
        how = "; not asked"
    return f"checked {what}{how}: {found}{infos}"


def _line(finding: Finding, style: Style) -> str:
    level = f"{_COLOURS[finding.level]}{finding.level}\x1b[0m" if style.color else finding.level
    place = style.strong(f"{printable(str(_near(finding.file)))}:{finding.line}:{finding.column}:")
    return f"{place} [{level}] {printable(finding.message)} {style.dim(f'({finding.rule})')}"


def _github(finding: Finding) -> str:
    """A workflow command; its text and its properties each have characters of their own to escape."""
    text = printable(finding.message).replace("%", "%25")
    file = printable(str(_near(finding.file))).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{_GITHUB[finding.level]} file={file},line={finding.line},col={finding.column},title={finding.rule}::{text}"


def _near(file: Path) -> Path:
    """A path from here where the file is beneath: an editor's terminal opens it, and it is shorter."""
    try:
        return Path.cwd().joinpath(file).relative_to(Path.cwd())
    except ValueError:
        return file


def _as_dict(finding: Finding) -> dict[str, Any]:
    return {
        "file": str(finding.file), "line": finding.line, "column": finding.column,
        "level": finding.level, "rule": finding.rule, "message": finding.message,
    }  # fmt: skip


def _asked_lines(asked: Sequence[Asked], style: Style) -> Iterator[str]:
    for one in asked:
        yield ""
        yield style.strong(f"{one.entry_id}, asked as it is written:")
        for told in one.replies:
            mark = "  " if told.own else style.strong("! ")
            yield f"  {mark}{printable(told.question)}  {style.dim(f'-> {told.what} ({100 * told.confidence:.0f}%)')}"
        if one.near:
            yield style.dim("    nearest questions of others:")
        for near in one.near:
            yield f"      {printable(near.shown)}  {style.dim(f'({near.label}, likeness {near.likeness:.2f})')}"


def _day(text: str | None) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text) if text else datetime.date.today()
    except ValueError:
        raise ChatbotError(f"--today: {text!r} is no day; write it as 2026-01-31") from None
