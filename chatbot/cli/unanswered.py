"""``chatbot unanswered``: what was asked in vain, grouped, with what is nearest to it and YAML to paste."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot.authoring.unanswered.grouping import Group, Question, Summary, summarise
from chatbot.authoring.unanswered.log import Log, log_file, read_log
from chatbot.authoring.unanswered.stub import new_id, own_ids, stub
from chatbot.errors import ChatbotError
from chatbot.knowledge.model import Entry
from chatbot.language.normalise import printable
from chatbot.live.feedback import switch_on
from chatbot.showing.listing import counted
from chatbot.showing.output import emit
from chatbot.showing.progress import Bar
from chatbot.showing.render import Style

if TYPE_CHECKING:
    from chatbot.live.settings import Settings

EXAMPLES = 5
SHOWN = 200
"""Characters of a question on the screen."""


def run_unanswered(settings: Settings, most: int, clear: bool, as_json: bool) -> None:
    """Print the groups, or remove the file; raises ``ChatbotError`` where it can't be read or removed."""
    file = log_file()
    if clear:
        _clear(file)
        return
    log = _read(file)
    for_none = None if log else switch_on(settings)
    if log is None or not log.records:
        told = f"{file}: no question is kept here. {for_none or ''}".strip()
        print(printable(told), file=sys.stderr if as_json else sys.stdout)
        if as_json:
            emit(
                json.dumps(
                    {"file": printable(str(file)), "asked": 0, "groups": [], "answered": []},
                    ensure_ascii=False,
                )
            )
        return
    bot = settings.bot_with_bar()
    with Bar("asking", plain=None) as bar:
        summary = summarise(bot, log.records, bar)
    taken = own_ids(bot.knowledge.entries)
    groups = list(_with_stubs(summary.groups[:most], taken))
    if as_json:
        emit(json.dumps(_as_dict(file, summary, log, groups), ensure_ascii=False, indent=1))
    else:
        emit("\n".join(_lines(file, summary, groups, most, Style.of_stdout(settings.color))))


def _clear(file: Path) -> None:
    try:
        file.unlink()
    except FileNotFoundError:
        emit(printable(f"{file}: nothing to remove"))
    except OSError as error:
        raise ChatbotError(f"{file}: can't be removed ({error.strerror})") from None
    else:
        emit(printable(f"{file}: removed"))


def _read(file: Path) -> Log | None:
    """What the file holds, or None where there is none; what is damaged is said on stderr."""
    try:
        log = read_log(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ChatbotError(f"{file}: can't be read ({error.strerror})") from None
    if log.damaged:
        more = f" (and {counted(len(log.damaged) - 1, 'further line')})" if len(log.damaged) > 1 else ""
        print(printable(f"{file}:{log.damaged[0]}: damaged, skipped{more}"), file=sys.stderr)
    return log


def _with_stubs(groups: Collection[Group], taken: set[str]) -> Iterator[tuple[Group, str]]:
    for group in groups:
        name = new_id(group.questions[0].text, taken)
        taken.add(name)
        yield group, stub(group, name)


# as text


def _lines(
    file: Path, summary: Summary, groups: Collection[tuple[Group, str]], most: int, style: Style
) -> Iterator[str]:
    yield printable(str(file))
    told = [f"{counted(summary.open, 'question')} in vain, in {counted(len(summary.groups), 'group')}"]
    told += [
        f"replies marked {name}: {n:,}" for name, n in (("bad", summary.bad), ("good", summary.good)) if n
    ]
    told += [f"{counted(summary.refused, 'question')} not shown: refused by now"] if summary.refused else []
    yield "; ".join(told)
    for number, (group, text) in enumerate(groups, 1):
        yield ""
        yield from _group_lines(number, group, text, style)
    left = summary.groups[len(groups) :]
    if left:
        yield f"\n{counted(len(left), 'smaller group')} not shown; --most {len(summary.groups)} shows all."
    if summary.answered:
        times = {by: sum(question.times for question in found) for by, found in summary.answered.items()}
        yield "\n" + style.strong(f"Answered by now: {counted(sum(times.values()), 'question')}")
        for by, found in list(summary.answered.items())[:most]:
            yield f"{times[by]:>4}  now answered by {printable(by)}: {_shown(found[0])}"
        if len(times) > most:
            yield f"      and by {len(times) - most:,} more"


def _group_lines(number: int, group: Group, text: str, style: Style) -> Iterator[str]:
    days = group.first if group.first == group.last else f"{group.first} to {group.last}"
    yield style.strong(f"{number}. {'once' if group.times == 1 else f'{group.times:,} times'}, {days}")
    for question in group.questions[:EXAMPLES]:
        yield f"    {_shown(question)}" + (f"  ({question.times:,} times)" if question.times > 1 else "")
    if len(group.questions) > EXAMPLES:
        yield f"    and {len(group.questions) - EXAMPLES:,} more"
    for line in _facts(group):
        yield from (style.dim(part) for part in style.wrap(printable(line), "    ", "  "))
    yield from text.rstrip("\n").split("\n")


def _facts(group: Group) -> Iterator[str]:
    """What is known about a group, a sentence each; the last one says what its YAML is."""
    for name in group.wrong:
        yield f"Marked bad: the answer of {name}."
    for said in dict.fromkeys(said for question in group.questions for said in question.complaints):
        yield f"It was said: {_short(said)}"
    if group.declined:
        yield f"Declined by the intent {group.declined}."
    if group.nearest:
        entry = group.nearest.entry
        yield f"Nearest: {entry.id} “{_short(entry.question)}”, likeness {group.nearest.likeness:.2f}, {_place(entry)}"
    if group.table:
        yield f"A row for it may be what is missing in {group.table.id}, {_place(group.table)}; else a new entry:"
    elif group.close and group.nearest:
        yield f"If {group.nearest.entry.id} answers it, these are phrasings for it:"
    else:
        yield "A new entry:"


def _shown(question: Question) -> str:
    read_as = f"  (read as: {_short(question.text)})" if question.text != question.typed else ""
    return f"{_short(question.typed)}{read_as}"


def _short(text: str) -> str:
    return printable(text if len(text) <= SHOWN else text[: SHOWN - 3] + "...")


def _place(entry: Entry) -> str:
    return f"{entry.place.file}:{entry.place.line}" if entry.place else "no file"


# as JSON


def _as_dict(file: Path, summary: Summary, log: Log, groups: Collection[tuple[Group, str]]) -> dict[str, Any]:
    return {
        "file": printable(str(file)),
        "asked": summary.open,
        "good": summary.good,
        "bad": summary.bad,
        "refused": summary.refused,
        "damaged_lines": list(log.damaged),
        "groups_in_all": len(summary.groups),
        "groups": [_group_dict(group, text) for group, text in groups],
        "answered": [
            {
                "by": by,
                "times": sum(question.times for question in found),
                "questions": [question.text for question in found],
            }
            for by, found in summary.answered.items()
        ],
    }


def _group_dict(group: Group, text: str) -> dict[str, Any]:
    near = group.nearest
    place = near.entry.place if near else None
    return {
        "times": group.times,
        "first": group.first,
        "last": group.last,
        "questions": [
            {"question": question.typed, "times": question.times}
            | ({"read_as": question.text} if question.text != question.typed else {})
            | ({"why": list(question.complaints)} if question.complaints else {})
            for question in group.questions
        ],
        "marked_bad": list(group.wrong),
        "declined_by": group.declined,
        "missing_row_of": group.table.id if group.table else None,
        "nearest": near
        and {
            "entry": near.entry.id,
            "question": near.entry.question,
            "phrasing": near.phrasing,
            "likeness": round(near.likeness, 3),
            "file": str(place.file) if place else None,
            "line": place.line if place else None,
        },
        "stub_is": "phrasings" if group.close else "entry",
        "stub": text,
    }
