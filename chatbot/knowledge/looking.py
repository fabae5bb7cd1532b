"""Lookups and data as their files say them, to what the bot uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from chatbot.knowledge.lookupschema import DataSpec, LookupSpec
from chatbot.knowledge.model import Citation, Entry, Lookup, PackData, Place
from chatbot.knowledge.schema import TopicFile

FILLED = {"occupation": "accountant", "other": "electrician", "place": "Texas", "place2": "Ohio"}
"""What stands in the braces of phrasings; every title and every place are matched alike."""
WHOLE_PLACE = "the United States"
_BRACES = re.compile(r"(?:\b([aA]) )?\{(\w+)\}")


def pack_data(folder: Path, spec: DataSpec) -> PackData:
    """The files of a pack's data, by their full paths."""

    def path(name: str | None) -> Path | None:
        return folder / Path(name).name if name else None  # of this folder, whatever a stranger's pack says

    words, beyond = ({name: tuple(listed) for name, listed in told.items()} for told in (spec.words, spec.beyond))
    return PackData(
        path(spec.national), path(spec.regions), path(spec.titles), path(spec.facts), spec.year, spec.period, spec.country, spec.whole,
        spec.at_least, words, beyond, tuple(spec.modifiers),
    )  # fmt: skip


def lacks(spec: LookupSpec, data: DataSpec | None) -> str:
    """What a lookup tells and its pack's data does not have; "" where nothing is missing."""
    if spec.kind == "facts":
        return (
            ""
            if data and data.facts and spec.facts
            else "a lookup of facts needs `facts` here, and a file of facts under data in pack.yaml"
        )
    return "" if data and data.national else "a lookup of figures needs a file of figures: `national` under data in pack.yaml"


def lookup_of(spec: LookupSpec, full_id: str, pack: str, topic: TopicFile, citations: Sequence[Citation], place: Place) -> Entry:
    """A lookup as an entry whose answer is made when it is asked for; ``answer`` holds its sentence with the braces."""
    says, item, missing = (" ".join(text.split()) for text in (spec.says, spec.item, spec.missing))
    lookup = Lookup(
        spec.kind, spec.measure or spec.id, spec.question, says, item, missing, spec.example, tuple(spec.statistic), spec.by, spec.across, spec.order,
        spec.against_whole, spec.whole, spec.facts, spec.most, spec.joined, tuple(spec.only_with),
    )  # fmt: skip
    shown = asked_as(spec.question, spec.example.split(","))
    texts = (filled(text, FILLED) for text in spec.phrasings)
    return Entry(
        id=full_id,
        pack=pack,
        topic=topic.topic,
        questions=(shown, *dict.fromkeys(text for text in texts if text != shown)),
        answer=says,
        citations=tuple(citations),
        place=place,
        shelf_life_years=topic.shelf_life_years,
        lookup=lookup,
    )


def asked_as(question: str, titles: Sequence[str], place: str = WHOLE_PLACE, place2: str = "") -> str:
    """A lookup's question about these occupations and places."""
    named = [title.strip() for title in titles]
    values = {"occupation": named[0] if named else "", "other": named[1] if len(named) > 1 else "", "place": place, "place2": place2}
    return filled(question, values | ({} if place2 else {"place2": "other states"}))


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its braces filled, what fills them left as it is; "a" before a vowel becomes "an"."""

    def value(found: re.Match[str]) -> str:
        if found[2] not in values:
            return found[0]
        told, article = values[found[2]], found[1] or ""
        return f"{article}{'n' if article and told[:1].lower() in 'aeio' else ''}{' ' if article else ''}{told}"

    return _BRACES.sub(value, text)
