"""From a declaration and its CSV files to a data set: read whole or not at all, with every fault named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot.datasets import cells
from chatbot.datasets.arrays import parts_of, texts_of
from chatbot.datasets.csvfile import Column, Layout, Sheet, read_sheet
from chatbot.datasets.faults import node_of, unknown_codes
from chatbot.datasets.model import (
    ABSENT,
    FIRST_MARK,
    LIMITS,
    Crosswalk,
    Dataset,
    Entity,
    Mark,
    Measure,
    PlaceDimension,
    Rows,
    Statistic,
)
from chatbot.datasets.units import known_times, known_units, units_of
from chatbot.errors import Finding, KnowledgeError
from chatbot.knowledge.datasetschema import CrosswalkSpec, Declared, FileSpec, MeasureSpec
from chatbot.knowledge.yamlfile import finding
from chatbot.language.normalise import printable
from chatbot.language.placenames import Region, read_places, shipped_places

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from chatbot.knowledge.datasetschema import TitlesFile

READ_AT_ONCE = 16
"""How many data sets are kept as they were read, for the next call with the same files."""
_STATISTIC = "{statistic}"


@dataclass(frozen=True)
class Read:
    """What came of a declaration: the data set, or the faults; ``own`` and ``listed``: its titles as YAML and
    as CSV have them."""

    findings: tuple[Finding, ...]
    dataset: Dataset | None
    own: TitlesFile | None
    listed: tuple[tuple[str, ...], ...]


def read_dataset(pack: str, declared: Declared) -> Read:
    """Read the files of a declaration, or what was read of the same files before."""
    stamps = tuple(_stamp(file) for file in declared.files)
    return _read_once(_Key(pack, declared), stamps)


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        stat = file.stat()
        return str(file), stat.st_size, stat.st_mtime_ns
    except OSError:
        return str(file), -1, 0


class _Key:
    """A declaration for the cache below: equal where it says the same."""

    def __init__(self, pack: str, declared: Declared) -> None:
        self.pack, self.declared = pack, declared
        self.text = repr((pack, declared))

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.text == self.text


@lru_cache(maxsize=READ_AT_ONCE)
def _read_once(key: _Key, stamps: tuple[tuple[str, int, int], ...]) -> Read:
    return _Reader(key.pack, key.declared).read()


@dataclass
class _Reader:
    pack: str
    declared: Declared
    findings: list[Finding] = field(default_factory=list)
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list[tuple[str, str, str, int]] = field(default_factory=list)
    lists: dict[Path, Sheet] = field(default_factory=dict)

    def read(self) -> Read:
        spec = self.declared.spec
        self.entity = Entity(
            spec.entity.name, spec.entity.classification, spec.entity.whole, tuple(spec.entity.levels), spec.entity.family
        )  # fmt: skip
        self.place = self._place()
        self._check_declaration()
        if self.findings:
            return Read(tuple(self.findings), None, None, ())
        self.marks = self._marks()
        self.measures, self.numbers = self._measures()
        rows = self._rows()
        own, listed = self._titles(rows)
        for name, measure in spec.measures.items():
            self._beside(name, measure, rows)
        crosswalks = tuple(self._crosswalk(crosswalk, rows) for crosswalk in spec.crosswalks)
        if self.findings:
            return Read(tuple(self.findings), None, own, listed)
        words, beyond = (
            {name: tuple(texts) for name, texts in said.items()} for said in (spec.words, spec.beyond)
        )
        dataset = Dataset(
            f"{self.pack}/{spec.dataset}", self.entity, self.place, spec.period, spec.year, self.measures, self.marks, words, beyond,
            tuple(spec.modifiers), rows, texts_of(self.texts), parts_of(self.parts), crosswalks, spec.default,
        )  # fmt: skip
        return Read((), dataset, own, listed)

    # the declaration

    def _find(self, message: str, rule: str = "data-file") -> None:
        """A fault of the declaration; what stands before the first colon is the path of the key."""
        self.findings.append(
            finding(self.declared.file, node_of(self.declared.file, message.partition(":")[0]), message, rule)
        )

    def _place(self) -> PlaceDimension | None:
        spec = self.declared.spec.dimensions.place
        if spec is None:
            return None
        if not self.declared.own_places and spec.names and spec.names not in shipped_places():
            known = ", ".join(shipped_places())
            self._find(
                f"dimensions.place.names: no list of places is called {printable(spec.names)!r}; there is {known}, or a .csv file of the pack"
            )
        own, more = self._listed(self.declared.own_places), self._listed(self.declared.more_places)
        return PlaceDimension(spec.home, tuple(spec.levels) or ("country",), spec.names or "", own, more[1:])

    def _listed(self, file: Path | None) -> tuple[Region, ...]:
        """The places of a file of the pack, the country first; what is wrong with it is noted."""
        if file is None:
            return ()
        try:
            return read_places(file).regions
        except OSError as error:
            self.findings.append(Finding(file, 1, 1, f"can't be read: {error.strerror}", "file"))
        except ValueError as error:
            line, _, message = str(error).partition(": ")
            self.findings.append(Finding(file, int(line), 1, message, "data-file"))
        return ()

    def _check_declaration(self) -> None:
        spec = self.declared.spec
        try:
            re.compile(spec.entity.code)
        except re.error as error:
            self._find(f"entity.code: no regular expression: {error}")
        columns = [m for m in spec.measures.values() if m.kind in {"number", "text"}]
        if columns and not spec.files:
            self._find("files: a measure in columns needs a file of rows")
        if self.place and self.place.home != self.place.places.home:
            self._find(
                f"dimensions.place.home: the places are those of {self.place.places.home}, not of {printable(self.place.home)}"
            )
        for name, measure in spec.measures.items():
            self._check_measure(name, measure)
        dimensions = ["place"] if self.place else []
        for file in spec.files:
            for dimension in file.at:
                if dimension not in dimensions:
                    self._find(f"files.at: the data set has no dimension {dimension!r}")
            for measure_name in file.measures:
                if measure_name not in spec.measures:
                    self._find(f"files.measures: there is no measure {measure_name!r}")
        if self.findings:
            return
        if self.place and spec.files and spec.files[0].at.get("place", self.place.home) != self.place.home:
            self._find(f"files: the first file holds the country: at: {{place: {self.place.home}}}")

    def _check_measure(self, name: str, measure: MeasureSpec) -> None:
        where = f"measures.{name}"
        if measure.kind in {"number", "shares", "ratings"} and measure.unit not in known_units():
            self._find(f"{where}: {measure.unit!r} is no unit; known: {', '.join(known_units())}")
        if wrong := [time for time in measure.per if time not in known_times()]:
            self._find(f"{where}.per: {wrong[0]!r} is no unit of time; known: {', '.join(known_times())}")
        if measure.kind in {"list", "shares", "ratings"} and not measure.file:
            self._find(f"{where}: a measure of the kind {measure.kind} needs `file`", "missing-key")
        if measure.kind == "text" and not measure.column:
            self._find(f"{where}: a text needs `column`", "missing-key")
        if measure.kind == "number":
            columns = [*measure.per.values(), *([measure.column] if measure.column else [])]
            if not columns:
                self._find(f"{where}: a number needs `column`, or `per`", "missing-key")
            if wrong := [c for c in columns if (_STATISTIC in c) != bool(measure.statistics)]:
                self._find(f"{where}: {wrong[0]!r}: statistics and {_STATISTIC} go together")
        units = set(measure.per) or {"unit"}
        for key, given in (("limits", measure.limits), ("decimals", measure.decimals)):
            if wrong := [unit for unit in given if unit not in units]:
                self._find(f"{where}.{key}: {wrong[0]!r} is no unit of it; known: {', '.join(sorted(units))}")
        if measure.kind == "number" and set(measure.marks.values()) & set(LIMITS) and not measure.limits:
            self._find(f"{where}: a mark of a limit needs `limits`", "missing-key")

    def _marks(self) -> tuple[Mark, ...]:
        """The marks of all measures, each meaning once."""
        listed = (
            Mark(mark, says)
            for measure in self.declared.spec.measures.values()
            for mark, says in measure.marks.items()
        )
        return tuple(dict.fromkeys(listed))

    def _measures(self) -> tuple[dict[str, Measure], dict[str, list[cells.Number]]]:
        """The measures, and of each number the columns that files have of it."""
        measures: dict[str, Measure] = {}
        numbers: dict[str, list[cells.Number]] = {}
        count = 0
        for name, spec in self.declared.spec.measures.items():
            units = units_of(spec) if spec.kind in {"number", "shares", "ratings"} else ()
            statistics = tuple(
                Statistic(s, of.name, of.percentile, of.default) for s, of in spec.statistics.items()
            )
            columns: dict[str, int] = {}
            for unit in units if spec.kind == "number" else ():
                for statistic in statistics or (Statistic("", ""),):
                    column = (spec.per[unit.id] if unit.id else spec.column or "").replace(
                        _STATISTIC, statistic.id
                    )
                    columns[f"{unit.id} {statistic.id}"] = count
                    count += 1
                    of = self._number(name, spec, column, unit, statistic.percentile)
                    numbers.setdefault(name, []).append(of)
            measures[name] = Measure(
                name,
                spec.kind,
                spec.name or name,
                units,
                statistics,
                spec.default,
                columns,
                tuple(spec.scale),
            )
        return measures, numbers

    def _number(
        self, name: str, spec: MeasureSpec, column: str, unit: Any, percentile: float | None
    ) -> cells.Number:
        kept = {mark: FIRST_MARK + self.marks.index(Mark(mark, says)) for mark, says in spec.marks.items()}
        others = self.declared.spec.measures.items()
        elsewhere = {
            mark: other.name or key for key, other in others for mark in other.marks if mark not in spec.marks
        }
        return cells.Number(
            column, unit, kept, spec.marks, spec.negative, percentile, f"{name} {unit.id}", elsewhere
        )

    # the files of rows

    def _rows(self) -> Rows | None:
        import numpy as np

        files = self.declared.spec.files
        if not files:
            return None
        first = read_sheet(self.declared.path(files[0].path), self._layout(files[0], None))
        codes_at = self._at(files[0], "code")
        known = None if first.notes else {key[codes_at] for key in first.keys}
        sheets = [
            first,
            *(read_sheet(self.declared.path(file.path), self._layout(file, known)) for file in files[1:]),
        ]
        faults = [finding for sheet in sheets for finding in sheet.findings()]
        if faults:
            self.findings += faults
            return None
        codes = tuple(key[codes_at] for key in first.keys)
        titles = tuple(key[self._at(files[0], "title")] for key in first.keys)
        levels = (
            tuple(key[self._at(files[0], "level")] for key in first.keys)
            if self.entity.levels
            else ("",) * len(codes)
        )
        placed = [self._places_of(file, sheet) for file, sheet in zip(files, sheets, strict=True)]
        home = self.place.home if self.place else ""
        places = (home, *sorted({place for listed in placed for place in listed} - {home}))
        columns = [number.name for name in self.numbers for number in self.numbers[name]]
        row_of, place_of = ({name: at for at, name in enumerate(names)} for names in (codes, places))
        cells_of: list[
            NDArray[np.int64]
        ] = []  # of each row of each file: where it stands among places and codes
        for file, sheet, listed in zip(files, sheets, placed, strict=True):
            own = self._at(file, "code")
            pairs = zip(listed, sheet.keys, strict=True)
            cells_of.append(
                np.array([place_of[p] * len(codes) + row_of[key[own]] for p, key in pairs], np.int64)
            )
            self._keep_texts(file, sheet, listed, own)
        there = np.unique(np.concatenate(cells_of))
        flat = np.full(len(places) * len(codes), -1, np.int32)
        flat[there] = np.arange(len(there), dtype=np.int32)
        values = np.full((len(there), len(columns)), ABSENT, np.int32)
        for sheet, where in zip(sheets, cells_of, strict=True):
            if sheet.values is not None:
                held = np.array([columns.index(number.name) for number in sheet.layout.numbers])
                values[flat[where][:, None], held] = sheet.values
        at = flat.reshape(len(places), len(codes))
        values.flags.writeable = at.flags.writeable = False
        rows = Rows(codes, titles, levels, places, tuple(columns), values, at)
        if self.entity.whole and self.entity.whole not in rows.row:
            self._find(f"entity.whole: no row of the figures has the code {printable(self.entity.whole)!r}")
        return rows

    def _keep_texts(self, file: FileSpec, sheet: Sheet, places: Sequence[str], own: int) -> None:
        """The texts in columns, under measure and place."""
        spec = self.declared.spec
        names = [name for name in self._held(file) if spec.measures[name].kind == "text"]
        for key, place, texts in zip(sheet.keys, places, sheet.texts, strict=False):
            for name, text in zip(names, texts, strict=True):
                if text not in spec.measures[name].marks:
                    self.texts.append((key[own], f"{name} {place}".strip(), text))

    def _places_of(self, file: FileSpec, sheet: Sheet) -> list[str]:
        """The place of each row."""
        if self.place is None:
            return [""] * len(sheet.keys)
        if self._has_places(file):
            at = self._at(file, "place")
            return [key[at] for key in sheet.keys]
        return [file.at.get("place", self.place.home)] * len(sheet.keys)

    def _has_places(self, file: FileSpec) -> bool:
        return (
            self.place is not None
            and "place" not in file.at
            and (file is not self.declared.spec.files[0] or "place" in file.columns)
        )

    def _roles(self, file: FileSpec) -> list[str]:
        """What the key columns of a file are, in their order."""
        first = file is self.declared.spec.files[0]
        roles = ["year"] if self.declared.spec.year else []
        roles += ["place"] if self._has_places(file) else []
        roles += ["code", *(["title"] if first else []), *(["level"] if first and self.entity.levels else [])]
        return roles

    def _at(self, file: FileSpec, role: str) -> int:
        return self._roles(file).index(role)

    def _held(self, file: FileSpec) -> list[str]:
        """The measures that a file has columns of."""
        spec = self.declared.spec
        listed = file.measures or [
            name for name, measure in spec.measures.items() if measure.kind in {"number", "text"}
        ]
        return [name for name in spec.measures if name in listed]

    def _layout(self, file: FileSpec, known: set[str] | None) -> Layout:
        spec = self.declared.spec
        roles = self._roles(file)
        whole = "the national file" if spec.files[0].at.get("place") else f"{spec.files[0].path}"
        checks: Mapping[str, Callable[..., bool]] = {
            "year": cells.anything,
            "place": self._place_check(),
            "code": self._code_check(known, whole),
            "title": cells.is_title,
            "level": cells.is_one_of(self.entity.levels, "level") if self.entity.levels else cells.anything,
        }
        columns = tuple(Column(file.columns.get(role, role), checks[role]) for role in roles)
        held = self._held(file)
        numbers = tuple(number for name in held for number in self.numbers.get(name, ()))
        texts = tuple(
            Column(spec.measures[name].column or "", cells.is_text)
            for name in held
            if spec.measures[name].kind == "text"
        )
        unique = tuple(at for at, role in enumerate(roles) if role in {"place", "code"})
        return Layout(columns, numbers, texts, unique, spec.year)

    def _place_check(self) -> Callable[..., bool]:
        if self.place is None:
            return cells.anything
        names = self.place.places
        regions = [region for level in self.place.regional for region in names.at(level)]
        examples = [region.code for region in regions if "example" in region.flags][::-1] or [
            region.code for region in regions[:1]
        ]
        return cells.is_place(
            [region.code for region in regions], " or ".join(self.place.regional) or "place", examples
        )

    def _code_check(self, known: set[str] | None = None, where: str = "") -> Callable[..., bool]:
        spec = self.declared.spec.entity
        noun = f"{'an' if spec.name[:1] in 'aeiou' else 'a'} {spec.name}"
        return cells.is_code(spec.code, noun, spec.example, known, where)

    def _own_code_check(self, rows: Rows | None) -> Callable[..., bool]:
        """Codes of files beside the rows: of a row, unless they may be finer."""
        known = set(rows.codes) if rows and not self.entity.family else None
        return self._code_check(known, self.declared.spec.files[0].path if known else "")

    # titles, lists, parts and crosswalks

    def _titles(self, rows: Rows | None) -> tuple[TitlesFile | None, tuple[tuple[str, ...], ...]]:
        from chatbot.knowledge.convert import load_as
        from chatbot.knowledge.datasetschema import TitlesFile

        name = self.declared.spec.entity.titles
        if not name:
            return None, ()
        file = self.declared.path(name)
        if file.suffix == ".csv":
            columns = Column("code", self._code_check()), Column("title", cells.is_text)
            return None, tuple(self._sheet(file, Layout(columns, text=True)).keys)
        try:
            own, node = load_as(file, TitlesFile)
        except KnowledgeError as error:
            self.findings += error.findings
            return None, ()
        self.findings += unknown_codes(file, node, rows)
        return own, ()

    def _sheet(self, file: Path, layout: Layout) -> Sheet:
        sheet = read_sheet(file, layout)
        self.findings += sheet.findings()
        return sheet

    def _beside(self, name: str, spec: MeasureSpec, rows: Rows | None) -> None:
        """A measure that has a file of its own."""
        if not spec.file:
            return
        code = Column("code", self._own_code_check(rows))
        file = self.declared.path(spec.file)
        if spec.kind == "list":
            sheet = self._list(file, code, bool(spec.of))
            self.texts += [(key[0], name, key[-1]) for key in sheet.keys if not spec.of or key[1] == spec.of]
            return
        label = Column(spec.category if spec.kind == "shares" else spec.element, cells.is_text)
        unit = self.measures[name].units[0]
        number = self._number(name, spec, spec.value, unit, None)
        sheet = self._sheet(file, Layout((code, label), (number,), unique=(0, 1)))
        if sheet.notes or sheet.values is None:
            return
        least, most = spec.scale[:2] if len(spec.scale) > 1 else (None, None)
        for (own, part), value, line in zip(
            sheet.keys, sheet.values[:, 0].tolist(), sheet.lines, strict=True
        ):
            kept = int(value)
            if (
                least is not None
                and most is not None
                and kept > FIRST_MARK + len(self.marks)
                and not least <= unit.value(kept) <= most
            ):
                message = f"{spec.value}: {unit.text(unit.value(kept))} is not on the scale from {least:g} to {most:g}"
                self.findings.append(Finding(file, line, 1, message, "figures-number"))
            self.parts.append((name, own, part, kept))

    def _list(self, file: Path, code: Column, kinds: bool) -> Sheet:
        """A file of texts, which several measures may share; it is read once."""
        if file not in self.lists:
            kind = (Column("kind", cells.is_text),) if kinds else ()
            self.lists[file] = self._sheet(
                file, Layout((code, *kind, Column("text", cells.is_text)), text=True)
            )
        return self.lists[file]

    def _crosswalk(self, spec: CrosswalkSpec, rows: Rows | None) -> Crosswalk:
        crosswalk = Crosswalk(spec.from_, spec.to, spec.classification)
        own = Column(spec.from_, self._own_code_check(rows))
        sheet = self._sheet(
            self.declared.path(spec.file),
            Layout((own, Column(spec.to, cells.is_text)), unique=(0, 1), text=True),
        )
        for from_, to in (key[:2] for key in sheet.keys):
            self.texts += [(from_, crosswalk.there, to), (to, crosswalk.back, from_)]
        return crosswalk
