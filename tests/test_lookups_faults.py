"""Faults of a pack of figures are named by file, line and column, all at once, and nothing of it is loaded."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from milling import (
    DATASET,
    FACTS,
    FACTS_DATASET,
    FACTS_TOPIC,
    NATIONAL,
    NO_FIGURES,
    OWN_TITLES,
    PACK,
    STATES,
    TITLES,
    TOPIC,
    findings,
    swap,
    write_mill,
)

from chatbot.authoring.checking.check import Wanted, check

DAY = datetime.date(2026, 1, 1)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the pack, with other texts for some of its files; None leaves one out."""
    return partial(write_mill, tmp_path / "knowledge")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("states.csv", "2025,TX,51-3011,40,", "2025,TX,51-3011,4O,", "states.csv:4:17: [error] employment: '4O' is no number of employees"),
        ("states.csv", "2025,TX,51-3011", "2025,OH,51-3011", "states.csv:4:6: [error] OH 51-3011 stands in line 2 already"),
        ("states.csv", "2025,TX,51-3011", "2024,TX,51-3011", "states.csv:4:1: [error] year '2024', but the pack's figures are of 2025"),
        ("states.csv", "2025,TX,51-3011", "2025,TX,51-3012", "states.csv:4:9: [error] the code 51-3012 has no row in the national file"),
        ("states.csv", ",annual_p90", "", "states.csv:1:1: [error] missing column 'annual_p90': add it"),
        ("national.csv", "51-9021,Millers,detailed", "51-9021,Millers,fine", "national.csv:6:22: [error] 'fine' is no level"),
        ("titles.yaml", "51-9021: [miller]", "51-9022: [miller]", "titles.yaml:3:3: [error] no row of the figures has the code '51-9022'"),
        ("titles.yaml", "[51-9021, 51-3011]", "[51-9021, 11-1111]", "titles.yaml:5:26: [error] no row of the figures has the code '11-1111'"),
        ("titles.yaml", "cake designer: 51-3011", "cake designer: 99-1111", "titles.yaml:7:18: [error] no row of the figures has the code"),
        ("titles.yaml", "51-3019: 51-3010", "51-3019: 51-3090", "titles.yaml:10:12: [error] no row of the figures has the code '51-3090'"),
        ("titles.yaml", "51-0000: [production]", "52-0000: [production]", "titles.yaml:12:3: [error] no row of the figures has the code"),
        ("titles.yaml", "groups:", "group:", "titles.yaml:11:1: [error] unknown key 'group'; did you mean 'groups'?"),
        ("titles.yaml", "[miller]", '["mil\\e[2Jler"]', "titles.yaml:3:13: [error] control character U+001B: remove it"),
        ("pay.dataset.yaml", "path: states.csv", "path: state.csv", "state.csv:1:1: [error] can't be read: No such file or directory"),
        ("pay.dataset.yaml", "year: 2025", "year: soon", "pay.dataset.yaml:11:7: [error] year: expected a number, found the text 'soon'"),
        ("pay.dataset.yaml", "year: 2025", "yeer: 2025", "pay.dataset.yaml:11:1: [error] unknown key 'yeer'; did you mean 'year'?"),
        ("pay.yaml", "kind: ranking", "kind: rank", "[error] lookups.kind: 'rank' is none of its values; did you mean 'ranking'?"),
    ],
    ids=lambda value: value[:26] if isinstance(value, str) else None,
)  # fmt: skip
def test_a_fault_is_named_by_file_line_and_column(
    write: Write, name: str, old: str, new: str, told: str
) -> None:
    """The first finding, as it is shown; nothing is loaded."""
    shipped = {
        "pay.dataset.yaml": DATASET,
        "pay.yaml": TOPIC,
        "titles.yaml": TITLES,
        "national.csv": NATIONAL,
        "states.csv": STATES,
    }
    first = findings(write({name: swap(shipped[name], old, new)}))[0]
    assert told in first
    assert first.isprintable()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("facts.csv", "code,kind\n51-3011.00,task\n", ["facts.csv:1:1: [error] missing column 'text': add it (data-file)"]),
        ("facts.csv", "", ["facts.csv:1:1: [error] the file is empty: it begins with the columns code,kind,text (data-file)"]),
        (
            "facts.csv", "code,kind,text\n51-3011.00,task\n51-3011.00,,y\n",
            [
                "facts.csv:2:1: [error] 2 cells, but the header has 3 columns: complete the row or take it out (data-file)",
                "facts.csv:3:12: [error] the cell is empty: write the text, or take the row out (data-file)",
            ],
        ),
        (
            "facts.csv", "code,kind,text\n51-3011.00,task,a\x1b[31mb\n",
            ["facts.csv:2:18: [error] control character U+001B: remove it (control-character)"],
        ),
        ("facts.csv", 'code,kind,text\n51-3011.00,task,"Bake\n', [
            "facts.csv:2:1: [error] no row can be read from here on: is a quote missing, or one too many? (data-file)"
        ]),
        ("titles.csv", "code\n51-3011.00\n", ["titles.csv:1:1: [error] missing column 'title': add it (data-file)"]),
        ("titles.csv", None, ["titles.csv:1:1: [error] can't be read: No such file or directory (data-file)"]),
    ],
    ids=["a column is missing", "empty", "short, empty", "control character", "a quote is missing", "titles", "not there"],
)  # fmt: skip
def test_faults_of_titles_and_facts_are_all_named(
    write: Write, name: str, text: str | None, told: list[str]
) -> None:
    files = NO_FIGURES | {
        "facts.dataset.yaml": FACTS_DATASET,
        "pay.yaml": FACTS_TOPIC,
        "titles.csv": OWN_TITLES,
        "facts.csv": FACTS,
    }
    files |= {name: text}
    assert findings(write(files)) == told


@pytest.mark.parametrize(
    ("length", "more"),
    [
        (2_001, "17: [error] a cell of more than 2,000 characters"),
        (200_000, "1: [error] a cell of more than 2,000 characters: is a quote missing, or one too many?"),
    ],
)
def test_a_huge_cell_is_named_and_no_limit_of_the_whole_process_is_changed(
    write: Write, length: int, more: str
) -> None:
    before = csv.field_size_limit()
    rows = f'code,kind,text\n51-3011.00,task,Bake\n51-3011.00,task,"{"x" * length}"\n'
    folder = write(
        NO_FIGURES
        | {
            "facts.dataset.yaml": FACTS_DATASET,
            "pay.yaml": FACTS_TOPIC,
            "titles.csv": OWN_TITLES,
            "facts.csv": rows,
        }
    )
    assert findings(folder) == [f"facts.csv:3:{more} (data-file)"]
    assert csv.field_size_limit() == before == 131_072


def test_not_utf_8_is_named(write: Write) -> None:
    folder = write(
        NO_FIGURES | {"facts.dataset.yaml": FACTS_DATASET, "pay.yaml": FACTS_TOPIC, "titles.csv": OWN_TITLES}
    )
    (folder / "mill" / "facts.csv").write_bytes(
        "code,kind,text\n51-3011.00,task,Brötchen\n".encode("latin-1")
    )
    assert findings(folder) == ["facts.csv:2:19: [error] not UTF-8: save the file as CSV in UTF-8 (encoding)"]


def test_faults_of_several_files_are_told_at_once(write: Write) -> None:
    folder = write(
        {
            "titles.yaml": swap(TITLES, "51-9021: [", "51-9029: ["),
            "pay.yaml": swap(TOPIC, "kind: ranking", "kind: rank"),
        }
    )
    assert {line.partition(":")[0] for line in findings(folder)} >= {"titles.yaml", "pay.yaml"}


def test_data_lies_in_the_packs_own_folder_whatever_it_says(write: Write, tmp_path: Path) -> None:
    """A stranger's pack reads no file outside of it."""
    (tmp_path / "secret.csv").write_text(NATIONAL, encoding="utf-8")
    for path in ("../../secret.csv", str(tmp_path / "secret.csv")):
        (first, *_) = findings(
            write({"pay.dataset.yaml": swap(DATASET, "path: national.csv", f"path: {path}")})
        )
        assert first.startswith(("pay.dataset.yaml:16:12: [error]", "secret.csv:1:1: [error] can't be read"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("home: US", "home: DE", "home: the places are those of US, not of DE"),
        ("names: us", "names: them", "names: no list of places is called 'them'; there is gb, us, or a .csv file of the pack"),
        ("whole: 00-0000", "whole: 99-9999", "entity.whole: no row of the figures has the code '99-9999'"),
        ("year: 239200", "year: a lot", "limits.year: expected a number, found the text 'a lot'"),
        ("year: 239200", "month: 239200", "measures.pay.limits: 'month' is no unit of it; known: hour, year"),
        ("unit: USD", "unit: USX", "measures.pay: 'USX' is no unit; known: USD, GBP"),
        ('"hourly_{statistic}"', '"hourly"', "measures.pay: 'hourly': statistics and {statistic} go together"),
        ("path: national.csv, at: {place: US}", "path: national.csv, at: {town: US}", "files.at: the data set has no dimension 'town'"),
        ("'[0-9]{2}-[0-9]{4}'", "'[0-9'", "entity.code: no regular expression"),
    ],
    ids=["another country", "no such places", "no row for the whole", "no number", "no unit of time", "no unit", "no statistic", "no dimension",
         "no pattern"],
)  # fmt: skip
def test_what_a_declaration_says_must_fit_the_figures(write: Write, old: str, new: str, told: str) -> None:
    first = findings(write({"pay.dataset.yaml": swap(DATASET, old, new)}))[0]
    assert "pay.dataset.yaml" in first and told in first


def test_data_in_pack_yaml_is_told_to_move_and_nothing_else(write: Write) -> None:
    (first, *others) = findings(write({"pack.yaml": PACK + "data: {national: national.csv}\n"}))
    assert first.startswith(
        "pack.yaml:4:1: [error] data: data sets stand in files of their own: write what it says as NAME.dataset.yaml"
    )
    assert not others


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{period}: {median_full}", "{period}: {medain_full}", "[error] says: "),
        ('"{occupation} salary",', '"{ocupation} salary",', "[error] phrasings: "),
        (
            "statistic: [mean]",
            "statistic: [meen]",
            "[error] statistic: pay.dataset.yaml has no words under 'meen'; did you mean 'mean'?",
        ),
    ],
    ids=["a figure", "a phrasing", "the words of a figure"],
)
def test_a_name_that_is_none_is_found_by_check(write: Write, old: str, new: str, told: str) -> None:
    """It would be shown in braces, or never be chosen."""
    found = check(Wanted((write({"pay.yaml": swap(TOPIC, old, new)}),), (), None, DAY), None, None).findings
    assert any("pay.yaml" in str(finding) and told in str(finding) for finding in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "states.csv",
            "TX,51-3011,40,17.00",
            "TX,51-3011,40,x1",
            "states.csv:4:20: [error] hourly_mean: 'x1' is no hourly pay",
        ),
        (
            "national.csv",
            "51-3011,Bakers",
            "51-301,Bakers",
            "national.csv:5:6: [error] '51-301' is no code of an occupation",
        ),
        (
            "titles.yaml",
            "51-3011: [baker",
            "51-3019: [baker",
            "titles.yaml:2:3: [error] no row of the figures has the code '51-3019'",
        ),
    ],
)
def test_a_fault_of_the_data_is_named_and_nothing_that_only_follows_from_it(
    write: Write, name: str, old: str, new: str, told: str
) -> None:
    """Words under pack.yaml that lookups name, and sources that they cite, are there though nothing can be
    looked up."""
    texts = {"national.csv": NATIONAL, "states.csv": STATES, "titles.yaml": TITLES}

    def found(files: dict[str, str | None]) -> list[str]:
        folder = write(files)
        checked = check(Wanted((folder,), (), None, DAY), None, None).findings
        return [str(finding).removeprefix(f"{folder}/mill/") for finding in checked]

    sound = found({})
    (new_one,) = [finding for finding in found({name: swap(texts[name], old, new)}) if finding not in sound]
    assert new_one.startswith(told)
    assert any("[error]" in finding for finding in sound) is False


def test_without_a_year_there_is_no_column_of_years(write: Write) -> None:
    first = findings(write({"pay.dataset.yaml": swap(DATASET, "year: 2025\n", "")}))[0]
    assert first.startswith("national.csv:1:1: [error] unknown column 'year'")
