"""``chatbot coverage``: what is known, topic by topic, who says so and when, and which labelled questions it
does not answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chatbot.cli.evaluate import read_questions
from chatbot.errors import ChatbotError
from chatbot.knowledge.model import Citation, Entry, Knowledge
from chatbot.language.normalise import printable
from chatbot.live.settings import Settings
from chatbot.measuring.evaluation import Outcome, evaluate
from chatbot.showing.listing import load
from chatbot.showing.output import emit
from chatbot.showing.progress import Bar
from chatbot.showing.render import Style


@dataclass
class Topic:
    """One topic of a pack. ``dates``: of the sources cited, oldest first; ``unanswered``: labelled questions
    that should lead here."""

    pack: str
    topic: str
    title: str
    entries: int = 0
    tables: int = 0
    rows: int = 0
    phrasings: int = 0
    sources: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    asked: int = 0
    unanswered: int = 0


def run_coverage(settings: Settings, files: Sequence[Path], as_json: bool) -> None:
    """Print the table, or all of it as JSON; raises ``ChatbotError`` for a file of questions that can't be
    used."""
    knowledge = load(settings)
    outcomes = _asked(settings, files)
    topics = _topics(knowledge, outcomes)
    sources = _sources(knowledge)
    outside = [outcome for outcome in outcomes if not outcome.labelled.expected]
    failed = [outcome for outcome in outcomes if outcome.failed]
    if as_json:
        told: dict[str, Any] = {"topics": [asdict(topic) for topic in topics], "sources": sources}
        told |= {
            "questions": {
                "asked": len(outcomes),
                "out_of_scope": len(outside),
                "failed": [outcome.to_dict() for outcome in failed],
            }
        }
        emit(json.dumps(told, ensure_ascii=False, indent=1))
        return
    style = Style.of_stdout(settings.color)
    lines = [*_table(topics, bool(outcomes), style), "", *_source_lines(sources, style)]
    if outcomes:
        lines += [
            "",
            style.strong(f"Labelled questions: {len(outcomes)}, {len(failed)} of them not treated rightly"),
        ]
        lines += [
            f"  {printable(outcome.labelled.question)}  {style.dim(_came(outcome))}" for outcome in failed
        ]
    emit("\n".join(lines))


def _asked(settings: Settings, files: Sequence[Path]) -> list[Outcome]:
    questions = []
    for file in files:
        found, bad = read_questions(settings, file)
        if bad:
            raise ChatbotError(f"{file}: bad lines, named above; mend them first")
        questions += found
    if not questions:
        return []
    bot = settings.bot_with_bar()
    with Bar("asking", plain=None) as bar:
        return list(evaluate(bot, questions, bar).outcomes)


def _topics(knowledge: Knowledge, outcomes: Iterable[Outcome]) -> list[Topic]:
    found: dict[tuple[str, str], Topic] = {}
    for pack in knowledge.packs:
        for topic, title in pack.topics.items():
            found[pack.id, topic] = Topic(pack.id, topic, title)
    for entry in knowledge.entries:
        _count(found[entry.pack, entry.topic], entry)
    for outcome in outcomes:
        expected = [knowledge.by_id[label] for label in outcome.labelled.expected if label in knowledge.by_id]
        for key in dict.fromkeys((entry.pack, entry.topic) for entry in expected[:1]):
            found[key].asked += 1
            found[key].unanswered += outcome.failed
    return list(found.values())


def _count(topic: Topic, entry: Entry) -> None:
    topic.entries += entry.table is None
    topic.tables += entry.table is not None
    topic.rows += len(entry.table.rows) if entry.table else 0
    topic.phrasings += len(entry.questions)
    for citation in _citations(entry):
        topic.sources += [citation.source_id] if citation.source_id not in topic.sources else []
        topic.dates = sorted({*topic.dates, citation.published})


def _citations(entry: Entry) -> Iterable[Citation]:
    return (
        *entry.citations,
        *(citation for row in (entry.table.rows if entry.table else ()) for citation in row.citations),
    )


def _sources(knowledge: Knowledge) -> list[dict[str, Any]]:
    cited = Counter(
        source
        for entry in knowledge.entries
        for source in {citation.source_id for citation in _citations(entry)}
    )
    return [
        {"id": source.id, "title": source.title, "published": source.published, "entries": cited[source.id]}
        for source in knowledge.sources.values()
    ]


def _table(topics: Sequence[Topic], asked: bool, style: Style) -> list[str]:
    heads = [
        "topic",
        "entries",
        "tables",
        "phrasings",
        "sources",
        "dates",
        *(["asked", "unanswered"] if asked else []),
    ]
    several = len({topic.pack for topic in topics}) > 1
    rows = [
        [
            f"{topic.pack}/{topic.topic}" if several else topic.topic, str(topic.entries), str(topic.tables), f"{topic.phrasings:,}",
            str(len(topic.sources)), _dates(topic.dates), *([str(topic.asked), str(topic.unanswered)] if asked else []),
        ]
        for topic in topics
    ]  # fmt: skip
    sums = [
        f"{sum(getattr(topic, name) for topic in topics):,}" for name in ("entries", "tables", "phrasings")
    ]
    told = (
        [str(sum(getattr(topic, name) for topic in topics)) for name in ("asked", "unanswered")]
        if asked
        else []
    )
    rows.append(
        ["in all", *sums, str(len({source for topic in topics for source in topic.sources})), "", *told]
    )
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    lines = [style.strong(_row(heads, widths))]
    lines += [_row(row, widths) for row in rows[:-1]]
    return [*lines, style.strong(_row(rows[-1], widths))]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Text to the left, numbers to the right."""
    left = {0, 5}
    return "  ".join(
        cell.ljust(width) if i in left else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()


def _dates(dates: Sequence[str]) -> str:
    dated = [date for date in dates if date != "undated"]
    span = dated[0] if len(dated) == 1 else f"{dated[0]} to {dated[-1]}" if dated else ""
    return ", ".join(filter(None, (span, "undated" if "undated" in dates else "")))


def _source_lines(sources: Sequence[dict[str, Any]], style: Style) -> list[str]:
    lines = [style.strong("Sources")]
    for source in sources:
        count = f"{source['entries']:,} " + ("entry" if source["entries"] == 1 else "entries")
        told = printable(f"{source['title']}, {source['published']}; cited by {count}")
        lines.append(f"  {source['id']}  {style.dim(told)}")
    return lines


def _came(outcome: Outcome) -> str:
    expected = ", ".join(outcome.labelled.expected[:2]) or "no fact"
    return f"(expected {expected}; came {' '.join((str(outcome.reply.kind), *outcome.reply.entry_ids[:1]))})"
