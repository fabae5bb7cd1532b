"""Official figures: what is read is what was published, and a faulty file gives its faults and nothing else."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import msgspec
import numpy as np
import pytest
from conftest import ROOT

from chatbot.datasets.model import ABSENT, Rows
from chatbot.datasets.reading import read_dataset
from chatbot.errors import Finding
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.datasetschema import DatasetFile, Declared
from chatbot.language.placenames import shipped_places

PERCENTILES = ("p10", "p25", "median", "p75", "p90")
STATISTICS = (
    "employment", "hourly_mean", "annual_mean", *(f"hourly_{p}" for p in PERCENTILES), *(f"annual_{p}" for p in PERCENTILES),
)  # fmt: skip
"""In the order of the files' columns."""
LEVELS = ("total", "major", "minor", "broad", "detailed")
STATES = frozenset(region.code for region in shipped_places()["us"].at("state"))
NATIONAL_COLUMNS = ("year", "code", "title", "level", *STATISTICS)
REGIONAL_COLUMNS = ("year", "state", "code", *STATISTICS)
SHIPPED = ROOT / "knowledge" / "us-occupations"
DECLARED, _ = load_as(SHIPPED / "pay.dataset.yaml", DatasetFile)
assert DECLARED.dimensions.place
ON_THE_MAP = msgspec.structs.replace(
    DECLARED.dimensions, place=msgspec.structs.replace(DECLARED.dimensions.place, also=None)
)
MARKS = [mark for of in DECLARED.measures.values() for mark in of.marks.items()]
MISSING, TOP = (
    ABSENT + 1 + list(dict.fromkeys(MARKS)).index(mark)
    for mark in (("*", "not published"), ("#", "at least"))
)
"""What stands in place of a figure: it is not published; it is top-coded."""
ALL = "155495730,33.54,69770,15.00,18.07,24.51,38.71,61.81,31200,37590,50980,80520,128560"
NURSES = "271380,45.86,95380,32.27,38.06,46.14,50.53,61.51,67120,79170,95970,105100,127950"
ACTORS = "68970,45.14,*,16.35,20.00,25.00,44.00,90.00,*,*,*,*,*"
SURGEONS = "290,257.57,535750,37.89,172.38,275.03,326.83,#,78800,358550,572060,679800,#"
NATIONAL = f"""{",".join(NATIONAL_COLUMNS)}
2025,00-0000,All Occupations,total,{ALL}
2025,27-2011,Actors,detailed,{ACTORS}
2025,29-1141,"Nurses, Registered",detailed,{NURSES}
2025,29-1242,Surgeons,detailed,{SURGEONS}
"""
STATE = f"""{",".join(REGIONAL_COLUMNS)}
2025,TX,00-0000,{ALL}
2025,TX,29-1141,{NURSES}
2025,AK,29-1242,{SURGEONS}
2025,AK,27-2011,{ACTORS}
"""


def read(
    folder: Path, national: str | bytes = NATIONAL, states: str | bytes | None = STATE
) -> tuple[Rows | None, list[Finding]]:
    """What the two files give, written as they are, read as the shipped ones are declared."""
    files = folder / "national.csv", folder / "states.csv"
    for file, text in zip(files, (national, states), strict=True):
        if text is not None:
            file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_files(folder, "states.csv" if states is not None else None)


def read_files(folder: Path, states: str | None) -> tuple[Rows | None, list[Finding]]:
    entity = msgspec.structs.replace(DECLARED.entity, titles=None)
    listed = [
        DECLARED.files[0],
        *([msgspec.structs.replace(DECLARED.files[1], path=states)] if states else []),
    ]
    spec = msgspec.structs.replace(DECLARED, entity=entity, files=listed, dimensions=ON_THE_MAP)
    read = read_dataset("figures", Declared(folder / "pay.dataset.yaml", spec))
    return (read.dataset.rows if read.dataset else None), list(read.findings)


def values(rows: Rows, place: str, code: str) -> list[int]:
    """The figures of a row in the order of ``STATISTICS``."""
    row = (
        rows.values[rows.of(place, code)].tolist()
        if rows.of(place, code) >= 0
        else [ABSENT] * len(rows.columns)
    )
    return [row[rows.columns.index(name)] for name in STATISTICS]


def told(findings: list[Finding]) -> list[tuple[str, int, int, str]]:
    return [(finding.file.name, finding.line, finding.column, finding.rule) for finding in findings]


def figure(figures: Rows, place: str, code: str, statistic: str) -> int:
    return values(figures, place, code)[STATISTICS.index(statistic)]


def test_every_figure_is_read_as_it_stands(tmp_path: Path) -> None:
    figures, findings = read(tmp_path)
    assert figures and not findings
    assert figures.places == ("US", "AK", "TX")
    assert figures.codes == ("00-0000", "27-2011", "29-1141", "29-1242")
    assert figures.titles[2] == "Nurses, Registered"
    assert figures.levels == ("total", "detailed", "detailed", "detailed")
    assert values(figures, "US", "00-0000") == [
        155495730,
        3354,
        69770,
        1500,
        1807,
        2451,
        3871,
        6181,
        31200,
        37590,
        50980,
        80520,
        128560,
    ]
    assert figure(figures, "US", "27-2011", "hourly_median") == 2500
    assert figure(figures, "US", "27-2011", "annual_median") == MISSING
    assert (
        figure(figures, "AK", "29-1242", "annual_p90")
        == figure(figures, "AK", "29-1242", "hourly_p90")
        == TOP
    )
    assert set(values(figures, "TX", "27-2011")) == {ABSENT}


def test_the_figures_cant_be_changed(tmp_path: Path) -> None:
    figures, _ = read(tmp_path)
    assert figures and figures.values.dtype == np.int32
    with pytest.raises(ValueError, match="read-only"):
        figures.values[0, 0] = 1


def test_the_nation_alone_is_enough(tmp_path: Path) -> None:
    figures, findings = read(tmp_path, states=None)
    assert figures and not findings
    assert (figures.places, figures.at.shape, figures.values.shape) == (("US",), (1, 4), (4, 13))


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
        lambda text: (text + "\n\n").encode(),
        lambda text: (
            "\n".join(
                ",".join(f'"{cell}"' for cell in cells) for cells in csv.reader(text.splitlines())
            ).encode()
            + b"\n"
        ),
        lambda text: (
            "\n".join(
                ",".join(f'"{cell}"' for cell in cells[::-1]) for cells in csv.reader(text.splitlines())
            ).encode()
            + b"\n"
        ),
    ],
    ids=[
        "byte order mark",
        "Windows newlines",
        "both",
        "blank lines at the end",
        "all in quotes",
        "columns in another order",
    ],
)
def test_what_spreadsheets_and_editors_do_to_a_file_changes_nothing(tmp_path: Path, changed) -> None:
    figures, findings = read(tmp_path, changed(NATIONAL), changed(STATE))
    plain, _ = read(tmp_path)
    assert figures and plain and not findings
    assert np.array_equal(figures.values, plain.values)
    assert (figures.titles, figures.places) == (plain.titles, plain.places)


def swap(text: str, old: str, new: str) -> str:
    """The text with one planted fault."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


FAULTS = [  # in the states' file: what is there, what is planted, where it is named, under which rule, and some of the message
    (
        "TX,00-0000,155495730,",
        "TX,00-0000,1554957x0,",
        2,
        17,
        "figures-number",
        "'1554957x0' is no number of employees",
    ),
    ("TX,00-0000,155495730,", "TX,00-0000,-155495730,", 2, 17, "figures-number", "negative"),
    ("TX,00-0000,155495730,", "TX,00-0000,0,", 2, 17, "figures-number", "above 0"),
    ("TX,00-0000,155495730,", "TX,00-0000,,", 2, 17, "figures-number", "write * where none is published"),
    ("TX,00-0000,155495730,", "TX,00-0000,#,", 2, 17, "figures-number", "for pay alone"),
    ("TX,00-0000,155495730,", 'TX,00-0000,"155,495,730",', 2, 17, "figures-number", "thousands sign"),
    ("TX,00-0000,155495730,", "TX,00-0000,2147483648,", 2, 17, "figures-number", "too large"),
    ("TX,00-0000,155495730,", f"TX,00-0000,{'9' * 400},", 2, 17, "figures-number", "too large"),
    ("TX,00-0000,155495730,", "TX,00-0000,١٢٣,", 2, 17, "figures-number", "no number of employees"),
    ("TX,00-0000,155495730,", "TX,00-0000,1e5,", 2, 17, "figures-number", "no number of employees"),
    ("TX,00-0000,155495730,", "TX,00-0000,nan,", 2, 17, "figures-number", "no number of employees"),
    (
        "TX,00-0000,155495730,33.54",
        "TX,00-0000,155495730,33.5",
        2,
        27,
        "figures-number",
        "dollars and cents such as 18.50",
    ),
    ("TX,00-0000,155495730,33.54", "TX,00-0000,155495730,33", 2, 27, "figures-number", "hourly_mean: '33'"),
    ("TX,00-0000,155495730,33.54", "TX,00-0000,155495730,-33.54", 2, 27, "figures-number", "negative"),
    (
        "TX,00-0000,155495730,33.54,69770",
        "TX,00-0000,155495730,33.54,69770.00",
        2,
        33,
        "figures-number",
        "whole dollars",
    ),
    (
        "TX,29-1141,271380,45.86,95380,32.27,",
        "TX,29-1141,271380,45.86,95380,38.27,",
        3,
        1,
        "figures-number",
        "hourly_p25 is less",
    ),
    ("TX,00-0000,", "TX,00-0000,1,", 2, 1, "figures-row", "17 cells, but the header has 16"),
    ("TX,00-0000,155495730,", "TX,00-0000,", 2, 1, "figures-row", "15 cells"),
    ("TX,00-0000,155495730", 'TX,"00-0000,155495730', 2, 1, "figures-row", "is a quote missing"),
    ("TX,00-0000", "TY,00-0000", 2, 6, "figures-code", "'TY' is no state"),
    ("TX,00-0000", "Texas,00-0000", 2, 6, "figures-code", "write its code, such as TX or DC"),
    ("TX,00-0000", "US,00-0000", 2, 6, "figures-code", "no state"),
    ("TX,00-0000", "TX,000000", 2, 9, "figures-code", "'000000' is no code"),
    ("TX,00-0000", "TX,00-0001", 2, 9, "figures-code", "no row in the national file"),
    ("2025,TX,29-1141", "2025,TX,00-0000", 3, 6, "figures-duplicate", "TX 00-0000 stands in line 2 already"),
    (
        "2025,TX,29-1141",
        "2024,TX,29-1141",
        3,
        1,
        "figures-year",
        "year '2024', but the pack's figures are of 2025",
    ),
    ("2025,TX,29-1141", ",TX,29-1141", 3, 1, "figures-year", "year ''"),
    ("hourly_p25", "hourly_p20", 1, 63, "figures-column", "did you mean 'hourly_p25'?"),
    ("hourly_p25", "hourly_p10", 1, 63, "figures-column", "stands twice"),
    ("TX,29-1141", "T\0,29-1141", 3, 7, "control-character", "U+0000"),
    ("TX,29-1141", "T\x1b[2J,29-1141", 3, 7, "control-character", "U+001B"),
    ("TX,29-1141", "T\r,29-1141", 3, 7, "control-character", "U+000D"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "rule", "said"),
    FAULTS,
    ids=[f"{fault[4]} {fault[1][:30]!r}" for fault in FAULTS],
)
def test_a_fault_is_named_where_it_is_and_nothing_is_used(
    tmp_path: Path, old: str, new: str, line: int, column: int, rule: str, said: str
) -> None:
    figures, findings = read(tmp_path, states=swap(STATE, old, new))
    assert figures is None
    assert told(findings)[-1] == ("states.csv", line, column, rule)
    assert said in findings[-1].message
    assert len(findings) == (2 if rule == "figures-column" else 1), (
        "beside an unknown column, the missing one is named"
    )
    assert all(str(finding).isprintable() and finding.level == "error" for finding in findings)


NATIONAL_FAULTS = [
    (
        "Actors,detailed",
        "Actors,detail",
        3,
        21,
        "figures-code",
        "'detail' is no level: write total, major, minor, broad or detailed",
    ),
    ("Actors,detailed", ",detailed", 3, 14, "figures-code", "'' is no title"),
    ("Actors,detailed", '"Act\nors",detailed', 3, 14, "figures-code", "one line"),
    ("Actors,detailed", " Actors,detailed", 3, 14, "figures-code", "without blanks around it"),
    ("27-2011", "27-201", 3, 6, "figures-code", "'27-201' is no code"),
    ("27-2011", "00-0000", 3, 6, "figures-duplicate", "00-0000 stands in line 2 already"),
    (
        '"Nurses, Registered",detailed,271380',
        '"Nurses, Registered",detailed,27138O',
        4,
        44,
        "figures-number",
        "27138O",
    ),
    ("2025,27-2011", "2026,27-2011", 3, 1, "figures-year", "2026"),
    (",title,", ",", 1, 1, "figures-column", "missing column 'title': add it"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "rule", "said"),
    NATIONAL_FAULTS,
    ids=[fault[1][:30] for fault in NATIONAL_FAULTS],
)
def test_a_fault_of_the_national_file(
    tmp_path: Path, old: str, new: str, line: int, column: int, rule: str, said: str
) -> None:
    """It is told once, and not again for each row of the states that lacks it."""
    figures, findings = read(tmp_path, national=swap(NATIONAL, old, new))
    assert figures is None
    assert told(findings) == [("national.csv", line, column, rule)]
    assert said in findings[0].message


def test_faults_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    figures, findings = read(
        tmp_path, swap(NATIONAL, "Actors,detailed", "Actors,low"), swap(STATE, "TX,29-1141", "tx,29-1141")
    )
    assert figures is None
    assert told(findings) == [("national.csv", 3, 21, "figures-code"), ("states.csv", 3, 6, "figures-code")]


def test_another_year_throughout_is_told_once(tmp_path: Path) -> None:
    figures, findings = read(tmp_path, states=STATE.replace("2025,", "2024,"))
    assert figures is None
    assert told(findings) == [("states.csv", 2, 1, "figures-year")]
    assert "here and in 3 more rows" in findings[0].message


def test_several_columns_are_missing(tmp_path: Path) -> None:
    narrow = "\n".join(line.rsplit(",", 2)[0] for line in STATE.splitlines()) + "\n"
    figures, findings = read(tmp_path, states=narrow)
    assert figures is None
    assert [finding.message for finding in findings] == [
        "missing columns 'annual_p75', 'annual_p90': add them"
    ]


@pytest.mark.parametrize(
    ("content", "line", "rule", "said"),
    [
        (b"", 1, "figures-file", "empty"),
        (b" \n\n", 1, "figures-file", "empty"),
        (b"\xef\xbb\xbf", 1, "figures-file", "empty"),
        (f"{','.join(REGIONAL_COLUMNS)}\n".encode(), 1, "figures-file", "no rows"),
        (STATE.encode("utf-16"), 1, "encoding", "UTF-8"),
        (STATE.encode().replace(b"TX,29", b"T\xe8,29"), 3, "encoding", "UTF-8"),
        (STATE.replace(",", ";").encode(), 1, "figures-column", "semicolons"),
        (STATE.replace(",", "\t").encode(), 1, "figures-column", "tabs"),
        (STATE.split("\n", 1)[1].encode(), 1, "figures-column", "no header: the first row names"),
        (b"year," * 2_000_000 + b"\n", 1, "figures-column", "2,000,001 columns"),
        (b"x" * 2_000_000 + b"\n", 1, "figures-row", "no row can be read"),
        (b"x" * 20_000_001, 1, "figures-file", "right file"),
    ],
    ids=[
        "empty",
        "blank",
        "only a mark",
        "only a header",
        "UTF-16",
        "Latin-1",
        "semicolons",
        "tabs",
        "no header",
        "wide",
        "long",
        "large",
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes, line: int, rule: str, said: str) -> None:
    figures, findings = read(tmp_path, states=content)
    assert figures is None
    assert (findings[0].line, findings[0].rule) == (line, rule)
    assert said in findings[0].message


def test_a_file_cut_off_anywhere_in_a_row_is_refused(tmp_path: Path) -> None:
    """A figure that lost its last digits looks like one."""
    ends = [at for at, letter in enumerate(STATE, 1) if letter == "\n"]
    for end in range(len(STATE)):
        figures, findings = read(tmp_path, states=STATE[:end])
        if end in ends[1:]:
            assert figures, end
        else:
            assert figures is None and findings, end


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    read(tmp_path)
    for name, said in (("nothing", "No such file"), ("folder", "not a file"), ("pipe", "not a file")):
        figures, findings = read_files(tmp_path, name)
        assert figures is None
        assert (findings[0].rule, len(findings)) == ("file", 1) and said in findings[0].message


def test_twenty_findings_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    header, *rows = STATE.splitlines()
    figures, findings = read(
        tmp_path,
        states="\n".join([header, *[rows[0].replace("33.54", "x").replace("TX", "TY")] * 150]) + "\n",
    )
    assert figures is None
    assert len(findings) == 21
    assert findings[-1].message == "and 280 more from here on"
    assert [finding.line for finding in findings] == sorted(finding.line for finding in findings)
    assert findings == sorted(findings)


@pytest.fixture(scope="module")
def shipped() -> Rows:
    figures, findings = read_files(SHIPPED, "states.csv")
    assert figures, findings
    return figures


def test_the_shipped_figures_are_complete(shipped: Rows) -> None:
    assert shipped.places == ("US", *sorted(STATES))
    assert len(STATES) == 54
    assert {level: shipped.levels.count(level) for level in LEVELS} == {
        "total": 1,
        "major": 22,
        "minor": 88,
        "broad": 163,
        "detailed": 830,
    }
    assert (shipped.at.shape, shipped.values.shape) == ((55, 1_104), (1_104 + 37_408, 13))
    assert (shipped.at[0] >= 0).sum() == 1_104
    assert (shipped.at[1:] >= 0).sum() == 37_408
    assert (shipped.values == TOP).sum() == 378
    assert (shipped.values == MISSING).sum() == 510 + 24_128


@pytest.mark.parametrize(
    ("place", "code", "title", "published"),
    [
        ("TX", "29-1141", "Registered Nurses", [271380, 4586, 95380, 3227, 3806, 4614, 5053, 6151, 67120, 79170, 95970, 105100, 127950]),
        ("US", "11-1011", "Chief Executives", [204350, 12963, 269630, 3639, 6228, 10288, 17125, 24410, 75700, 129540, 213990, 356200, 507730]),
        ("WI", "29-1242", "Orthopedic Surgeons, Except Pediatric",
         [290, 25757, 535750, 3789, 17238, 27503, 32683, TOP, 78800, 358550, 572060, 679800, TOP]),
        ("CA", "27-2021", "Athletes and Sports Competitors",
         [830, MISSING, 294080, *[MISSING] * 5, 40120, 65780, 79040, 149490, TOP]),
    ],
)  # fmt: skip
def test_figures_looked_up_in_the_published_files(
    shipped: Rows, place: str, code: str, title: str, published: list[int]
) -> None:
    assert shipped.titles[shipped.codes.index(code)] == title
    assert values(shipped, place, code) == published


def test_what_is_withheld_or_by_the_hour_only(shipped: Rows) -> None:
    actors = np.array(values(shipped, "US", "27-2011"))
    assert (actors[[1, 3, 4, 5, 6, 7]] > 0).all() and set(actors[[2, 8, 9, 10, 11, 12]].tolist()) == {MISSING}
    withheld = values(shipped, "AL", "15-1254")  # web developers
    assert withheld[0] > 0 and set(withheld[1:]) == {MISSING}
    unreleased = values(shipped, "AZ", "29-1211")  # anaesthetists, median top-coded
    top = {STATISTICS[at] for at, value in enumerate(unreleased) if value == TOP}
    assert top == {"hourly_median", "annual_median", "hourly_p90", "annual_p90"}
    assert set(unreleased) == {MISSING, TOP}


def test_what_is_read_is_held_as_one_array_of_small_numbers(shipped: Rows) -> None:
    """A text of each figure would take some hundred megabytes; benchmarks/lookup.py measures it."""
    assert shipped.values.dtype == np.int32
    assert shipped.values.nbytes == 4 * (1_104 + 37_408) * 13
    assert shipped.at.nbytes == 4 * 55 * 1_104
    assert not shipped.values.flags.writeable
