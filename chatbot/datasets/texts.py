"""Texts, lists, shares, ratings and crosswalks as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.datasets.model import CODES, FIRST_MARK, LAST_MARK
from chatbot.datasets.query import PART
from chatbot.datasets.telling import Telling, text_key
from chatbot.datasets.value import Cell, Value
from chatbot.flow import Target, Told
from chatbot.knowledge.expand import join
from chatbot.knowledge.looking import filled
from chatbot.policy import policy
from chatbot.reply import Bar, Chart, Figure


@dataclass(frozen=True, slots=True)
class _Items:
    """What is told of one entity."""

    text: str
    values: tuple[tuple[str, Value], ...] = ()


def texts(telling: Telling) -> Told:
    """What is told of each entity that is named, one after another."""
    each = [_one(telling, target) for target in telling.query.targets[: policy().lists.few]]
    told = [one for one in each if one.text]
    if not told:
        return Told(missing=" ".join(dict.fromkeys(one.missing for one in each)))
    text = " ".join(one.text or one.missing for one in each)
    citations = tuple(dict.fromkeys(citation for one in told for citation in one.citations))
    return Told(
        text,
        citations,
        told[0].chart if len(each) == 1 else None,
        figures=tuple(f for one in told for f in one.figures),
    )


def _one(telling: Telling, target: Target) -> Told:
    dataset, lookup, code = telling.dataset, telling.lookup, target.code
    title = _own_title(telling, code)
    place = telling.query.places[0] if telling.query.places else ""
    names = {lookup.entity: title, "place": dataset.shown(place), "period": dataset.period, "code": code}
    items = _items(telling, code, place)
    if items is None:
        return Told(missing=filled(lookup.missing, names))
    names |= {name: text or "" for name, text in telling.texts(telling.says, code, place).items()}
    text = filled(
        telling.says, names | {"items": items.text, "value": items.text, "part": _asked_part(telling)}
    ).strip()
    row = f"{title} ({code})"
    cited = telling.cited(row, telling.page(code, place))
    cell = Cell(dataset, code, place)
    figures = tuple(_figure(telling, cell, label, value) for label, value in items.values)
    bars = tuple(Bar(label, value.value, value.text) for label, value in items.values)
    heading = ", ".join(
        part for part in (f"{telling.name[:1].upper()}{telling.name[1:]}: {title}", dataset.period) if part
    )
    chart = Chart(heading, items.values[0][1].unit.label, bars) if len(bars) > 1 else None
    return Told(text, cited, chart, figures=figures)


def _own_title(telling: Telling, code: str) -> str:
    """The title of a code; where a list of titles names it more finely than the rows, that one."""
    names = telling.store.names_of.get(telling.measure.of or telling.dataset.entity.classification)
    return names.official.get(code) if names and code in names.official else telling.title(code)  # type: ignore[return-value]


def _asked_part(telling: Telling) -> str:
    """The category or element that is asked for, or ""."""
    return join(list(telling.query.where.get(PART, ())))


def _items(telling: Telling, code: str, place: str) -> _Items | None:
    dataset, measure, lookup = telling.dataset, telling.measure, telling.lookup
    if measure.kind in {"shares", "ratings"}:
        return _parts(telling, code)
    if measure.kind == "text":
        return _joined(dataset.texts.of(text_key(dataset, measure.id, place), code, 1), lookup.joined)
    listed = dataset.texts.of(measure.id, code, lookup.most)
    if measure.kind == CODES:
        listed = [title for other in listed if (title := telling.store.title(other)) != other]
    return _joined(listed, lookup.joined)


def _joined(listed: Sequence[str], how: str) -> _Items | None:
    """Texts as a list or as sentences, as many as fit."""
    if not listed:
        return None
    kept = list(listed)
    while len(kept) > 1 and sum(len(text.split()) for text in kept) > policy().lists.words:
        kept = kept[:-1]
    if how == "sentences":
        return _Items(" ".join(text if text.endswith(".") else f"{text}." for text in kept))
    return _Items("; ".join(kept) if any("," in text for text in kept) else join(kept))


def _parts(telling: Telling, code: str) -> _Items | None:
    """The greatest shares or ratings, or those asked for; what is not published is named as such."""
    unit = telling.measure.units[0]
    marks = telling.dataset.marks
    parts = telling.dataset.parts.of(telling.measure.id, code)
    named = telling.query.where.get(PART, ())
    # what is no part of it is told as if nothing were named
    if not any(label in named for label, _ in parts):
        named = ()
    wanted = named or telling.lookup.elements
    if wanted:
        parts = [part for part in parts if part[0] in wanted]
    known = [
        (label, Value(unit.value(raw), unit, unit.text(unit.value(raw))))
        for label, raw in parts
        if raw > LAST_MARK
    ]
    known.sort(key=lambda part: part[1].value, reverse=telling.lookup.order == "highest")
    known = known if wanted else known[: telling.lookup.most]
    unknown = (
        [(label, marks[raw - FIRST_MARK].says) for label, raw in parts if raw <= LAST_MARK] if wanted else []
    )
    if not known and not unknown:
        return None
    texts = [f"{label} {value.text}" for label, value in known] + [
        f"{label} {says}" for label, says in unknown
    ]
    return _Items("; ".join(texts), tuple(known))


def _figure(telling: Telling, cell: Cell, label: str, value: Value) -> Figure:
    return replace(telling.figure(cell, value, telling.measure.id), statistic=label)
