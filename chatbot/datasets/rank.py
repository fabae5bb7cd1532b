"""Lists in order: entities in one place, or places for one entity."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from chatbot.datasets.telling import Telling
from chatbot.datasets.value import Cell, Value
from chatbot.flow import Told
from chatbot.knowledge.expand import join
from chatbot.knowledge.looking import filled
from chatbot.language.quantities import nth
from chatbot.policy import policy
from chatbot.reply import Bar, Chart


def rankings(telling: Telling) -> Told:
    """One list, or one after another where several entities or places are named."""
    query = telling.query
    if telling.lookup.across == "places":
        each = [replace(query, targets=(target,)) for target in query.targets]
    else:
        each = [replace(query, where=dict(query.where) | {"place": (place,)}) for place in query.places]
    if len(each) == 1:
        return _ranking(replace(telling, query=each[0]))
    lists = [
        _ranking(
            replace(
                telling, query=replace(one, limit=min(one.limit or policy().lists.few, policy().lists.few))
            )
        )
        for one in each[: policy().lists.few]
    ]
    texts = [told.text or told.missing for told in lists]
    if not any(told.text for told in lists):
        return Told(missing=" ".join(texts))
    citations = tuple(dict.fromkeys(citation for told in lists for citation in told.citations))
    return Told(
        " ".join(texts), citations, figures=tuple(figure for told in lists for figure in told.figures)
    )


def _ranking(telling: Telling) -> Told:
    dataset, lookup, query = telling.dataset, telling.lookup, telling.query
    cells = _cells(telling)
    order = _order(telling)
    rows = [(cell, value) for cell in cells if (value := cell.of(telling.by))]
    in_first = [row for row in rows if row[1].unit == telling.measure.units[0]]
    rows = in_first if in_first or lookup.across == "occupations" else rows
    limits = [cell for cell, value in rows if value.top]  # beyond the limit, nobody knows in which order
    ranked = sorted(
        (row for row in rows if not row[1].top), key=lambda row: row[1].value, reverse=order == "highest"
    )
    if query.position:
        ranked = ranked[query.position - 1 : query.position]
    else:
        ranked = ranked[: query.limit or lookup.most]
    if not ranked:
        return Told(missing=telling.missing(cells[:1]))
    items = [
        filled(
            lookup.item,
            {
                lookup.entity: telling.title(c.code),
                "place": dataset.shown(c.place),
                "figure": value.text,
                "value": value.text,
            },
        )
        for c, value in ranked
    ]
    group = f" within {telling.title(query.group)}" if query.group else ""
    of = telling.title(query.targets[0].code) if query.targets else ""
    place = dataset.shown(query.places[0])
    values = {
        "items": "; ".join(items),
        "place": place,
        "period": dataset.period,
        "group": group,
        "order": f"{nth(query.position)} {order}" if query.position else order,
    }
    text = filled(lookup.says, values | {lookup.entity: of})
    text += f" Left out: {join(names)}." if (names := _left_out(telling)) else ""
    text += _beyond(telling, limits) if limits and _shaky(telling, ranked, limits, order) else ""
    labels = [
        dataset.shown(cell.place) if lookup.across == "places" else telling.title(cell.code)
        for cell, _ in ranked
    ]
    bars = tuple(
        Bar(label, value.value, value.text) for label, (_, value) in zip(labels, ranked, strict=True)
    )
    name = telling.name
    title = ", ".join(
        part
        for part in (f"{name[:1].upper()}{name[1:].lower()}: {of or place}{group}", dataset.period)
        if part
    )
    figures = tuple(telling.figure(cell, value, telling.by) for cell, value in ranked)
    return Told(
        text,
        telling.cite([cell for cell, _ in ranked]),
        Chart(title, ranked[0][1].unit.label, bars),
        figures=figures,
    )


def _order(telling: Telling) -> str:
    """Which end of the order is told: the one that the question says, else the lookup's own."""
    words = telling.query.words
    if "lowest" in words:
        return "lowest"
    return "highest" if words & {"highest", "high"} and "low" not in words else telling.lookup.order


def _cells(telling: Telling) -> list[Cell]:
    """The rows that a list is made of."""
    dataset, query = telling.dataset, telling.query
    assert dataset.rows
    if telling.lookup.across == "places":
        return [telling.cell(query.targets[0].code, place) for place in _places(telling)]
    within = query.group or dataset.entity.whole
    codes = [
        code
        for code in dataset.finest
        if (within in {None, dataset.entity.whole} or _within(code, within or ""))
        and not any(_within(code, out) for out in query.without)
    ]
    return [telling.cell(code, query.places[0]) for code in codes]


def _places(telling: Telling) -> list[str]:
    """The places of the level that a list is of: within the one that is asked about, and without those to be left
    out."""
    dataset, query = telling.dataset, telling.query
    if dataset.place is None or dataset.rows is None or not dataset.place.regional:
        return []
    level = telling.lookup.level or dataset.place.regional[0]
    within = [place for place in query.places if place != dataset.home] if telling.lookup.level else []
    names = dataset.place.places.by_code
    return [
        place
        for place in dataset.rows.places
        if place in names
        and names[place].level == level
        and place not in query.without
        and (not within or any(whole in names[place].within for whole in within))
    ]


def _shaky(
    telling: Telling, ranked: Sequence[tuple[Cell, Value]], limits: Sequence[Cell], order: str
) -> bool:
    """Whether a row of which only a limit is published may belong into the list."""
    if order == "highest":
        return True
    least = min(value.value for cell in limits if (value := cell.of(telling.by)))
    return ranked[-1][1].value > least


def _beyond(telling: Telling, cells: Sequence[Cell]) -> str:
    """What may stand above the list, as only a limit is published."""
    across = telling.lookup.across == "places"
    names = [
        telling.dataset.shown(cell.place) if across else telling.title(cell.code)
        for cell in cells[: policy().lists.named]
    ]
    names += [f"{len(cells) - policy().lists.named} more"] if len(cells) > policy().lists.named else []
    value = cells[0].of(telling.by)
    return f" Left out of the order, as only “{value.text}” is published: {join(names)}." if value else ""


def _left_out(telling: Telling) -> list[str]:
    """The names of what is left out of a list."""
    dataset, query = telling.dataset, telling.query
    if telling.lookup.across == "places":
        return [
            dataset.shown(code)
            for code in query.without
            if dataset.place and code in dataset.place.places.by_code
        ]
    rows = dataset.rows
    return [telling.title(code) for code in query.without if rows and code in rows.row]


def _within(code: str, group: str) -> bool:
    """Whether a code of the finest level belongs to a group, by the zeros at the end of the group's code."""
    return code.startswith(group.rstrip("0").rstrip("-."))
