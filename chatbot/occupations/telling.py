"""From what is asked to the text that tells it: figures of a row, two rows side by side, lists in order, facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.knowledge.expand import join
from chatbot.knowledge.looking import filled
from chatbot.knowledge.model import Citation, Entry, Lookup
from chatbot.language.regions import shown
from chatbot.occupations.asked import Asked, Target
from chatbot.occupations.data import Data
from chatbot.occupations.figurewords import HOUR, NOT_PUBLISHED, PEOPLE, PERCENTILES, YEAR, Cell, Figure
from chatbot.reply import Bar, Chart

NAMES = {**PERCENTILES, "mean": "mean", "employment": "number employed"}
UNITS = {YEAR: "US dollars a year", HOUR: "US dollars an hour", PEOPLE: "people employed"}
FEW = 3
"""So many lists, of so many rows, are told where several are asked for at once."""
MOST_WORDS = 85
"""Facts are told as long as they fit in so many words."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, or what is missing."""

    text: str = ""
    citations: tuple[Citation, ...] = ()
    chart: Chart | None = None
    missing: str = ""


def tell(data: Data, entry: Entry, asked: Asked) -> Told:
    """The answer to a question that names everything that the lookup needs."""
    lookup = entry.lookup
    assert lookup
    if (lookup.kind == "facts" and not lookup.facts) or (lookup.kind != "facts" and data.figures is None):
        return Told(missing=filled(lookup.missing, {}))  # named when loading; ``chatbot check`` asks all the same
    notes = " ".join(target.note for target in asked.targets if target.note)
    if lookup.kind == "facts":
        told = _facts(data, entry, lookup, asked.targets[0])
    elif lookup.kind == "ranking":
        told = _rankings(data, entry, lookup, asked)
    else:
        told = _figures(data, entry, lookup, asked)
    return replace(told, text=f"{notes} {told.text}".strip()) if told.text and notes else told


def _values(data: Data, cell: Cell, unit: str) -> dict[str, str]:
    values = {"occupation": data.title(cell.code), "code": cell.code, "place": shown(cell.place), "period": data.spec.period}
    for by in (*PERCENTILES, "mean", "employment"):
        found = cell.of(by, unit)
        values |= {by: found.text if found else NOT_PUBLISHED, f"{by}_full": cell.full(by, unit)}
    return values


def _cite(data: Data, entry: Entry, cells: Sequence[Cell]) -> tuple[Citation, ...]:
    """The lookup's citations with the rows that were read."""
    rows = [f"{data.title(cell.code)} ({cell.code}), {shown(cell.place)}" for cell in cells[:3]]
    rows += [f"{len(cells) - 3} more"] if len(cells) > 3 else []
    return tuple(replace(c, section=f"{c.section}: {'; '.join(rows)}") for c in entry.citations)


def _figures(data: Data, entry: Entry, lookup: Lookup, asked: Asked) -> Told:
    codes = [data.spec.whole] if lookup.whole else [target.code for target in asked.targets]
    codes += [data.spec.whole] if lookup.against_whole and data.spec.whole not in codes else []
    cells = [Cell(data, code, place) for place in asked.places for code in codes]
    found = [(cell, cell.of(lookup.by, asked.unit)) for cell in cells]
    lacking = [cell for cell, figure in found if figure is None]
    if len(lacking) == len(cells) or (len(cells) == 1 and lacking):
        return Told(missing=_missing(data, lookup, lacking))
    if len(cells) > 1:
        return _compared(data, entry, lookup, asked, [(cell, figure) for cell, figure in found if figure], lacking)
    (cell,) = cells
    return Told(filled(lookup.says, _values(data, cell, asked.unit)), _cite(data, entry, cells), _spread(data, cell, asked.unit, lookup))


def _missing(data: Data, lookup: Lookup, cells: Sequence[Cell]) -> str:
    names = {"occupation": join(list(dict.fromkeys(data.title(cell.code) for cell in cells))), "period": data.spec.period}
    names["place"] = join(list(dict.fromkeys(shown(cell.place) for cell in cells)))
    return filled(lookup.missing, names)


def _compared(
    data: Data, entry: Entry, lookup: Lookup, asked: Asked, found: Sequence[tuple[Cell, Figure]], lacking: Sequence[Cell]
) -> Told:
    if len({figure.unit for _, figure in found}) > 1:  # one of them is published by the hour alone: so all by the hour, where they are
        hourly = [(cell, cell.of(lookup.by, HOUR)) for cell, _ in found]
        found = [(cell, figure) for cell, figure in hourly if figure]
    figures = [figure for _, figure in found]
    places = {cell.place for cell, _ in found}
    codes = {cell.code for cell, _ in found}
    where = (
        f"In {shown(found[0][0].place)}"
        if len(places) == 1
        else f"For {data.title(found[0][0].code)}"
        if len(codes) == 1
        else "As published"
    )
    labels = [_label(data, cell, codes, places) for cell, _ in found]
    listed = "; ".join(f"{label} {figure.text}" for label, figure in zip(labels, figures, strict=True))
    text = f"{where}, {NAMES[lookup.by]}{'' if lookup.by == 'employment' else ' pay'} in {data.spec.period}: {listed}."
    text += _difference(labels, figures)
    if lacking:
        text += f" {_missing(data, lookup, lacking)}"
    unit = figures[0].unit
    bars = tuple(Bar(label, figure.value, figure.text) for label, figure in zip(labels, figures, strict=True))
    same = len({figure.unit for figure in figures}) == 1
    of = shown(found[0][0].place) if len(places) == 1 else data.title(found[0][0].code) if len(codes) == 1 else ""
    title = f"{NAMES[lookup.by].capitalize()}{'' if lookup.by == 'employment' else ' pay'}{': ' if of else ''}{of}, {data.spec.period}"
    chart = Chart(title, UNITS[unit], bars) if same and len(bars) > 1 else None
    return Told(text, _cite(data, entry, [cell for cell, _ in found]), chart)


def _label(data: Data, cell: Cell, codes: set[str], places: set[str]) -> str:
    if len(places) == 1:
        return data.title(cell.code)
    return shown(cell.place) if len(codes) == 1 else f"{data.title(cell.code)} in {shown(cell.place)}"


def _difference(labels: Sequence[str], figures: Sequence[Figure]) -> str:
    """What two published figures differ by, said to be worked out from them."""
    if len(figures) != 2 or any(figure.top for figure in figures) or figures[0].unit != figures[1].unit:
        return ""
    (low, _), (high, label) = sorted(zip((figure.value for figure in figures), labels, strict=True))
    if low == high:
        return " The two are the same."
    if not low:
        return ""
    unit = figures[0].unit
    times = f"{high / low:.2f} times as"
    if unit == PEOPLE:
        return f" Worked out from these: {high - low:,.0f} more for {label}, {times} many."
    gap = f"${high - low:,.0f} a year" if unit == YEAR else f"${high - low:,.2f} an hour"
    return f" Worked out from these: {gap} more for {label}, {times} much."


def _spread(data: Data, cell: Cell, unit: str, lookup: Lookup) -> Chart | None:
    """The percentiles of one row, all in one unit."""
    if lookup.by == "employment":
        return None
    found = [(name, cell.of(by, unit)) for by, name in PERCENTILES.items()]
    units = {figure.unit for _, figure in found if figure}
    bars = tuple(Bar(name, figure.value, figure.text) for name, figure in found if figure)
    if len(units) != 1 or len(bars) < 2:
        return None
    title = f"{data.title(cell.code)}, {shown(cell.place)}, {data.spec.period}"
    return Chart(title, UNITS[units.pop()], bars)


def _rankings(data: Data, entry: Entry, lookup: Lookup, asked: Asked) -> Told:
    """One list, or one after another where several occupations or places are named."""
    if lookup.across == "places":
        each = [replace(asked, targets=(target,)) for target in asked.targets]
    else:
        each = [replace(asked, places=(place,)) for place in asked.places]
    if len(each) == 1:
        return _ranking(data, entry, lookup, each[0])
    told = [_ranking(data, entry, lookup, replace(one, count=min(one.count or FEW, FEW))) for one in each[:FEW]]
    texts = [one.text or one.missing for one in told]
    if not any(one.text for one in told):
        return Told(missing=" ".join(texts))
    return Told(" ".join(texts), tuple(dict.fromkeys(citation for one in told for citation in one.citations)))


def _ranking(data: Data, entry: Entry, lookup: Lookup, asked: Asked) -> Told:
    assert data.figures
    if lookup.across == "places":
        code = asked.targets[0].code
        cells = [Cell(data, code, place) for place in data.figures.places if place != data.spec.country]
    else:
        within = asked.group or data.spec.whole
        levels = zip(data.figures.codes, data.figures.levels, strict=True)
        codes = [code for code, level in levels if level == "detailed" and (within == data.spec.whole or _within(code, within))]
        cells = [Cell(data, code, asked.places[0]) for code in codes]
    order = "lowest" if "lowest" in asked.words else "highest" if "highest" in asked.words else lookup.order
    found = [(cell, figure) for cell in cells if (figure := cell.of(lookup.by))]
    yearly = [one for one in found if one[1].unit != HOUR]
    ranked = yearly if yearly or lookup.across == "occupations" else found
    least = [cell for cell, figure in ranked if figure.top]  # above the limit, nobody knows in which order
    ranked = sorted((one for one in ranked if not one[1].top), key=lambda found: found[1].value, reverse=order == "highest")
    ranked = ranked[: asked.count or lookup.most]
    if not ranked:
        return Told(missing=_missing(data, lookup, cells[:1]))
    items = []
    for cell, figure in ranked:
        values = {"occupation": data.title(cell.code), "place": shown(cell.place), "figure": figure.text}
        items.append(filled(lookup.item, values))
    group = f" within {data.title(asked.group)}" if asked.group else ""
    occupation = data.title(asked.targets[0].code) if asked.targets else ""
    values = {"items": "; ".join(items), "place": shown(asked.places[0]), "period": data.spec.period, "group": group}
    text = filled(lookup.says, values | {"occupation": occupation, "order": order})
    shaky = least and (order == "highest" or ranked[-1][1].value > min(figure.value for cell in least if (figure := cell.of(lookup.by))))
    text += _beyond(data, lookup, least) if shaky else ""
    labels = [shown(cell.place) if lookup.across == "places" else data.title(cell.code) for cell, _ in ranked]
    bars = tuple(Bar(label, figure.value, figure.text) for label, (_, figure) in zip(labels, ranked, strict=True))
    what = f"{NAMES[lookup.by].capitalize()}{'' if lookup.by == 'employment' else ' pay'}"
    title = f"{what}: {occupation or shown(asked.places[0])}{group}, {data.spec.period}"
    return Told(text, _cite(data, entry, [cell for cell, _ in ranked]), Chart(title, UNITS[ranked[0][1].unit], bars))


def _beyond(data: Data, lookup: Lookup, cells: Sequence[Cell]) -> str:
    """What may stand above the list, as only a lower limit is published."""
    names = [shown(cell.place) if lookup.across == "places" else data.title(cell.code) for cell in cells[:3]]
    names += [f"{len(cells) - 3} more"] if len(cells) > 3 else []
    figure = cells[0].of(lookup.by)
    return f" Left out of the order, as only “{figure.text}” is published: {join(names)}." if figure else ""


def _within(code: str, group: str) -> bool:
    """Whether a detailed occupation belongs to a group, by the zeros at the end of the group's code."""
    return code.startswith(group.rstrip("0").rstrip("-"))


def _facts(data: Data, entry: Entry, lookup: Lookup, target: Target) -> Told:
    assert lookup.facts
    own = target.code
    texts = data.facts.of(lookup.facts, own, lookup.most)
    title = data.names.official.get(own, data.title(own))
    if not texts:
        return Told(missing=filled(lookup.missing, {"occupation": title}))
    while len(texts) > 1 and sum(len(text.split()) for text in texts) > MOST_WORDS:
        texts = texts[:-1]
    items = (
        " ".join(text if text.endswith(".") else f"{text}." for text in texts)
        if lookup.joined == "sentences"
        else ("; ".join(texts) if any("," in text for text in texts) else join(texts))
    )
    cited = tuple(replace(c, section=f"{c.section}: {title} ({own})") for c in entry.citations)
    return Told(filled(lookup.says, {"occupation": title, "items": items}), cited)
