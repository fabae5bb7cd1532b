"""From a query back to the question that asks it in full."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.datasets.model import Dataset
from chatbot.datasets.query import OPERATIONS, series_of
from chatbot.datasets.store import Datasets
from chatbot.flow import Query
from chatbot.knowledge.datasetplaces import plural
from chatbot.knowledge.expand import join
from chatbot.knowledge.looking import AMOUNT, asked_as
from chatbot.knowledge.model import Entry


def question(store: Datasets, entry: Entry, query: Query, code: str | None = None) -> str:
    """A lookup's question about what a query names, or about the entity of one code."""
    lookup, dataset = entry.lookup, store.of(entry)
    assert lookup
    titles = [store.title(target.code, dataset) for target in query.targets]
    if code:
        titles = [*titles, store.title(code, dataset)]
    if not titles and query.choice:
        titles = [query.choice.called]
    if not titles and lookup.needs_occupation:
        return entry.question
    places = [dataset.shown(place) for place in query.places if place] or [dataset.shown(dataset.home)]
    spare = "{place2}" not in lookup.asks
    if len(titles) > 1 and "{other}" not in lookup.asks:
        titles = [join(titles)]
    text = asked_as(
        lookup.asks, titles, join(places) if spare else places[0], "" if spare else join(places[1:]), lookup.entity, _others(dataset),
        query.amount.text if query.amount else AMOUNT,
    )  # fmt: skip
    by = unit_words(store, entry, query) if lookup.kind == "figures" else ""
    return f"{text.rstrip('?')} {by}?" if by else text


def unit_words(store: Datasets, entry: Entry, query: Query) -> str:
    """How the unit of time is said, where another one than the first is asked for and the measure has it:
    ``by the hour``."""
    assert entry.lookup
    units = series_of(store.of(entry), entry.lookup).measure.units
    return next((unit.by for unit in units[1:] if unit.id and unit.id == query.unit), "")


def other_unit(store: Datasets, query: Query) -> str:
    """The same for any measure of the data set: what a further question has to say to go on in the same unit."""
    dataset = next(dataset for dataset in store.datasets if dataset.id == query.dataset)
    measures = ([dataset.usual.measure] if dataset.usual else []) + list(dataset.measures.values())
    return next(
        (unit.by for measure in measures for unit in measure.units[1:] if unit.id and unit.id == query.unit),
        "",
    )


def about(store: Datasets, entry: Entry, code: str, states: Sequence[str] = ()) -> str:
    """A lookup's question about one entity; ``states``: places by their keys."""
    dataset = store.of(entry)
    codes = [own for state in states if dataset.place and (own := dataset.place.places.code(state))]
    return question(store, entry, blank(dataset, entry, tuple(codes) or (dataset.home,)), code)


def blank(dataset: Dataset, entry: Entry, places: tuple[str, ...] = ()) -> Query:
    """A query of a lookup that names no entity yet."""
    assert entry.lookup
    series = series_of(dataset, entry.lookup)
    return Query(
        dataset.id,
        OPERATIONS[entry.lookup.kind],
        series.measure.id,
        series.statistic,
        where={"place": places} if places else {},
    )


def _others(dataset: Dataset) -> str:
    place = dataset.place
    return f"other {plural(place.regional[0])}" if place and place.regional else "other places"
