"""Lookups as their files say them, to what the bot uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatbot.knowledge.datasetplaces import home_shown, other_places
from chatbot.knowledge.model import Citation, Entry, Lookup, Place

if TYPE_CHECKING:
    from chatbot.knowledge.datasetschema import DatasetFile, Declared
    from chatbot.knowledge.lookupschema import LookupSpec
    from chatbot.knowledge.schema import TopicFile

FILLED = {"occupation": "accountant", "other": "electrician", "place": "Texas", "place2": "Ohio"}
"""What stands in the braces of phrasings; every title and every place are matched alike."""
AMOUNT = "$60,000 a year"
"""Stands for an amount where a lookup of one is shown."""
_BRACES = re.compile(r"(?:\b([aA]) )?\{(\w+)\}")


def filling(entity: str) -> dict[str, str]:
    """What stands in the braces of phrasings about an entity."""
    return FILLED | {entity: FILLED["occupation"]}


def names_of(spec: DatasetFile) -> dict[str, str]:
    """What ``by`` may name, with the kind of the measure: measures, statistics, measure.statistic and the
    entities of crosswalks."""
    names: dict[str, str] = {}
    for measure, of in spec.measures.items():
        names[measure] = of.kind
        for statistic in of.statistics:
            names |= {statistic: of.kind, f"{measure}.{statistic}": of.kind}
    crossed = [name for crosswalk in spec.crosswalks for name in (crosswalk.to, spec.entity.name)]
    return names | dict.fromkeys(crossed, "list")


def dataset_of(spec: LookupSpec, declared: Sequence[Declared]) -> Declared | str:
    """The data set that a lookup tells, or why there is none."""
    if not declared:
        return "a lookup needs a data set: write NAME.dataset.yaml beside pack.yaml"
    named = [one for one in declared if spec.dataset in {None, one.spec.dataset}]
    if not named:
        return f"dataset: the pack has no data set {spec.dataset!r}; it has {', '.join(one.spec.dataset for one in declared)}"
    texts = spec.kind == "facts"
    if spec.by is None and texts:
        return "by: a lookup of facts names the measure that it tells"
    fitting = [one for one in named if (spec.by in names_of(one.spec) if spec.by else _has_usual(one.spec))]
    if not fitting:
        known = ", ".join(dict.fromkeys(name for one in named for name in names_of(one.spec)))
        return (
            f"by: no data set of the pack has {spec.by!r}; known: {known}"
            if spec.by
            else f"by is missing; known: {known}"
        )
    if len(fitting) > 1:
        return (
            f"dataset is missing: {' and '.join(one.spec.dataset for one in fitting)} both have what it tells"
        )
    if spec.by and (names_of(fitting[0].spec)[spec.by] == "number") == texts:
        return f"by: {spec.by!r} is {'a number, which `facts` do not tell' if texts else 'no number: kind `facts` tells it'}"
    if (spec.whole or spec.against_whole) and not fitting[0].spec.entity.whole:
        return f"whole: the data set {fitting[0].spec.dataset} has no row for the whole: name its code under entity"
    return fitting[0]


def lookup_entity(spec: LookupSpec, of: DatasetFile) -> str:
    """What a lookup is asked about: of a crosswalk that is read backwards, the other entity."""
    others = [crosswalk.to for crosswalk in of.crosswalks]
    return others[0] if others and spec.by == of.entity.name else of.entity.name


def brace_names(spec: DatasetFile) -> list[str]:
    """The names of braces for figures and texts in columns."""
    names: dict[str, None] = {}
    for measure, of in spec.measures.items():
        if of.kind in {"number", "text"}:
            key = measure.replace("-", "_")
            names |= dict.fromkeys(
                [key, *of.statistics, *(f"{key}_{statistic}" for statistic in of.statistics)]
            )
    return list(names)


def text_names(spec: DatasetFile) -> list[str]:
    """The names of braces for texts, in columns or lists."""
    return [name.replace("-", "_") for name, of in spec.measures.items() if of.kind in {"text", "list"}]


def _has_usual(spec: DatasetFile) -> bool:
    numbers = [measure for measure in spec.measures.values() if measure.kind == "number"]
    return len(numbers) == 1 or any(
        m.default or any(s.default for s in m.statistics.values()) for m in numbers
    )


def questions_of(spec: LookupSpec, declared: Declared | None) -> tuple[str, list[str]]:
    """A lookup's question as it is shown, and its phrasings with their braces filled."""
    entity = lookup_entity(spec, declared.spec) if declared else "occupation"
    asked = asked_as(
        spec.question, spec.example.split(","), home_shown(declared), "", entity, other_places(declared)
    )
    return asked, [filled(text, filling(entity)) for text in spec.phrasings]


def lookup_of(
    spec: LookupSpec,
    full_id: str,
    pack: str,
    topic: TopicFile,
    citations: Sequence[Citation],
    place: Place,
    declared: Declared | None,
) -> Entry:
    """A lookup as an entry whose answer is made when it is asked for; ``answer`` holds its sentence with the
    braces."""
    says, item, missing = (" ".join(text.split()) for text in (spec.says, spec.item, spec.missing))
    of = declared.spec if declared else None
    item = item or f"{{{lookup_entity(spec, of) if of else 'occupation'}}} {{figure}}"
    lookup = Lookup(
        spec.kind, spec.measure or spec.id, spec.question, says, item, missing, spec.example, tuple(spec.statistic), spec.by or "", spec.across,
        spec.level, spec.order, spec.against_whole, spec.whole, spec.most, spec.joined, tuple(spec.only_with), tuple(spec.elements),
        tuple(one if "/" in one else f"{pack}/{one}" for one in spec.followed_by), " ".join(spec.brief.split()), spec.page,
        f"{pack}/{of.dataset}" if of else "", spec.at_a_glance, lookup_entity(spec, of) if of else "occupation",
    )  # fmt: skip
    shown, texts = questions_of(spec, declared)
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


def asked_as(
    question: str,
    titles: Sequence[str],
    place: str,
    place2: str = "",
    entity: str = "occupation",
    others: str = "other places",
    amount: str = AMOUNT,
) -> str:
    """A lookup's question about these entities and places; ``others``: what stands for a second place where
    none is named."""
    named = [title.strip() for title in titles]
    values = {
        entity: named[0] if named else "",
        "other": named[1] if len(named) > 1 else "",
        "place": place,
        "place2": place2,
        "amount": amount,
    }
    return filled(question, values | ({} if place2 else {"place2": others}))


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its braces filled, what fills them left as it is; "a" before a vowel becomes "an"."""

    def value(found: re.Match[str]) -> str:
        if found[2] not in values:
            return found[0]
        told, article = values[found[2]], found[1] or ""
        return (
            f"{article}{'n' if article and told[:1].lower() in 'aeio' else ''}{' ' if article else ''}{told}"
        )

    return _BRACES.sub(value, text)
