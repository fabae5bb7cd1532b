"""Data sets as a snapshot or a database keeps them: one document, and arrays that are mapped into memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from numpy.typing import NDArray

from chatbot.datasets import arrays as kept_arrays
from chatbot.datasets import names as titles_
from chatbot.datasets.arrays import Parts, Texts
from chatbot.datasets.model import Crosswalk, Dataset, Entity, Mark, Measure, PlaceDimension, Rows
from chatbot.datasets.names import Titles
from chatbot.datasets.store import Datasets, Names


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    id: str
    entity: Entity
    place: PlaceDimension | None
    period: str
    year: int | None
    measures: dict[str, Measure]
    marks: tuple[Mark, ...]
    words: dict[str, tuple[str, ...]]
    beyond: dict[str, tuple[str, ...]]
    modifiers: tuple[str, ...]
    crosswalks: tuple[Crosswalk, ...]
    default: bool
    text_codes: tuple[str, ...]
    part_codes: tuple[str, ...]
    part_labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]] | None


class _Document(msgspec.Struct, frozen=True, array_like=True):
    datasets: tuple[_Kept, ...]
    names: dict[str, Names]
    title_codes: dict[str, tuple[str, ...]]


def to_arrays(store: Datasets) -> tuple[bytes, dict[str, NDArray[Any]]]:
    """What a file keeps: a document and arrays."""
    listed: list[_Kept] = []
    arrays: dict[str, NDArray[Any]] = {}
    for i, one in enumerate(store.datasets):
        rows = one.rows
        told = (rows.codes, rows.titles, rows.levels, rows.places, rows.columns) if rows else None
        listed.append(
            _Kept(
                one.id,
                one.entity,
                one.place,
                one.period,
                one.year,
                dict(one.measures),
                one.marks,
                dict(one.words),
                dict(one.beyond),
                one.modifiers,
                one.crosswalks,
                one.default,
                one.texts.codes,
                one.parts.codes,
                one.parts.labels,
                told,
            )
        )
        arrays |= {f"texts.{i}.{name}": array for name, array in one.texts.arrays.items()}
        arrays |= {f"parts.{i}.{name}": array for name, array in one.parts.arrays.items()}
        if rows:
            arrays |= {f"rows.{i}": rows.values, f"rows.{i}.at": rows.at}
    for i, titles in enumerate(store.by_classification.values()):
        arrays |= {f"titles.{i}.{name}": array for name, array in titles.arrays.items()}
    codes = {name: titles.codes for name, titles in store.by_classification.items()}
    return msgspec.msgpack.encode(_Document(tuple(listed), dict(store.names_of), codes), enc_hook=str), arrays


def from_arrays(document: bytes | memoryview, arrays: Mapping[str, NDArray[Any]]) -> Datasets:
    """The same back; raises what msgspec raises, or ``KeyError``, for what is no such thing."""
    told = msgspec.msgpack.decode(document, type=_Document, dec_hook=_path)
    datasets: list[Dataset] = []
    for i, one in enumerate(told.datasets):
        rows = Rows(*one.rows, arrays[f"rows.{i}"], arrays[f"rows.{i}.at"]) if one.rows else None
        texts = Texts(one.text_codes, {name: arrays[f"texts.{i}.{name}"] for name in kept_arrays.TEXT_ARRAYS})
        parts = Parts(
            one.part_codes,
            one.part_labels,
            {name: arrays[f"parts.{i}.{name}"] for name in kept_arrays.PART_ARRAYS},
        )
        datasets.append(
            Dataset(
                one.id,
                one.entity,
                one.place,
                one.period,
                one.year,
                one.measures,
                one.marks,
                one.words,
                one.beyond,
                one.modifiers,
                rows,
                texts,
                parts,
                one.crosswalks,
                one.default,
            )
        )
    titles = {
        name: Titles(codes, {array: arrays[f"titles.{i}.{array}"] for array in titles_.ARRAYS})
        for i, (name, codes) in enumerate(told.title_codes.items())
    }
    return Datasets(tuple(datasets), titles, told.names)


def _path(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)
