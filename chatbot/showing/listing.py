"""``chatbot topics`` and ``chatbot sources``: what is known and who says so."""

from __future__ import annotations

import dataclasses
import difflib
import json
from typing import TYPE_CHECKING

from chatbot.errors import ChatbotError
from chatbot.knowledge.model import Knowledge, Source
from chatbot.showing.output import emit
from chatbot.showing.render import Style

if TYPE_CHECKING:
    from chatbot.live.settings import Settings


def run_topics(settings: Settings, topic: str | None, as_json: bool) -> None:
    """Print the topics, or the questions of one."""
    knowledge = load(settings)
    wanted = [find_topic(knowledge, topic)] if topic else list(knowledge.topics)
    if as_json:
        found = {
            t: {"title": knowledge.topics[t], "questions": [e.question for e in knowledge.in_topic(t)]}
            for t in wanted
        }
        emit(json.dumps(found, ensure_ascii=False, indent=1))
        return
    emit("\n".join(topic_lines(knowledge, Style.of_stdout(settings.color), wanted[0] if topic else None)))


def run_sources(settings: Settings, as_json: bool) -> None:
    """Print the sources."""
    knowledge = load(settings)
    if as_json:
        emit(
            json.dumps(
                [dataclasses.asdict(source) for source in knowledge.sources.values()],
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    emit("\n".join(source_lines(knowledge, Style.of_stdout(settings.color))))


def find_topic(knowledge: Knowledge, name: str) -> str:
    """A topic by its id, title or a unique beginning of either; raises ``ChatbotError`` with the nearest."""
    low = name.lower()
    names = {t: t for t in knowledge.topics} | {title.lower(): t for t, title in knowledge.topics.items()}
    begun = {t for key, t in names.items() if key.startswith(low)}
    if low in names or len(begun) == 1:
        return names.get(low) or begun.pop()
    near = difflib.get_close_matches(low, names, 1)
    hint = f"did you mean {names[near[0]]}?" if near else f"there is: {', '.join(knowledge.topics)}"
    raise ChatbotError(f"no topic {name!r}; {hint}")


def topic_lines(knowledge: Knowledge, style: Style, topic: str | None) -> list[str]:
    """The topics with how many questions each holds, or one topic's questions."""
    if topic:
        lines = [style.strong(knowledge.topics[topic])]
        return lines + [
            line for e in knowledge.in_topic(topic) for line in style.wrap(e.question, "    ", "  ")
        ]
    width = max((len(t) for t in knowledge.topics), default=0)
    shown = {
        t: f"{title}, {counted(len(knowledge.in_topic(t)), 'question')}"
        for t, title in knowledge.topics.items()
    }
    return [f"{t:<{width}}  {style.dim(text)}" for t, text in shown.items()]


def counted(n: int, noun: str) -> str:
    """ "1 question", "2 questions"."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def source_lines(knowledge: Knowledge, style: Style) -> list[str]:
    """The sources: title, who, when, and an interest worth knowing."""
    out: list[str] = []
    for source in knowledge.sources.values():
        out += style.wrap(style.strong(source.title))
        out += [style.dim(line) for line in style.wrap(_about(source), "  ", "  ")]
    return out


def _about(source: Source) -> str:
    who = ", ".join(name for name in (source.author, source.publisher) if name) or "publisher not named"
    parts = [who, source.published, source.url or "no address known", *([source.note] if source.note else [])]
    return "; ".join(parts)


def load(settings: Settings) -> Knowledge:
    """The knowledge alone: quick, and without a model."""
    # with the YAML parser, which a conversation seldom needs
    from chatbot.building.knowledge import (
        load_knowledge,
    )

    return load_knowledge(settings.knowledge, settings.loaded())
