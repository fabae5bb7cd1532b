"""``chatbot import onet``: what of a release can't be used is named by its place, and what can is used all
the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from onetrelease import BAKER, CODE, MILLER, facts, refused, rows, sources, take, write, write_release


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A folder with the files of a small release."""
    return write_release(tmp_path / "db")


def test_other_releases_have_other_columns_orders_and_marks(db: Path) -> None:
    (db / "Occupation Data.txt").unlink()
    text = f"Description|x|TITLE| {CODE} \n\nBake.|1|Bakers|{BAKER}|\n".replace("|", "\t")
    (db / "OCCUPATION DATA.TXT").write_text(text, encoding="utf-8-sig", newline="\n")
    (db / "Technology Skills.txt").write_text(f"{CODE}\tExample\n{BAKER}\tLedgers\n", encoding="utf-16")
    (db / "Related Occupations.txt").unlink()
    write(db, "Read Me", ("30.1", "25.0"), ("December 2025", "August 2020"))
    done = take(db)
    assert (done.release, done.published) == ("O*NET 25.0 Database", "2020-08")
    assert facts(db, "technology") == ["Ledgers"]
    assert facts(db, "description") == ["Bake."]


def test_files_that_are_missing_or_lack_a_column_are_named_and_skipped(db: Path) -> None:
    for name in ("Interests", "Read Me", "Education, Training, and Experience Categories"):
        (db / f"{name}.txt").unlink()
    write(db, "Task Statements", ("|Task|", "|Duty|"))
    (db / "Job Zone Reference.txt").write_bytes(b"Job Zone\tEducation\tJob Training\n1\t\xff\tx\n")
    (db / "Technology Skills.txt").write_text(f"{CODE}\tExample\n", encoding="utf-8")
    (db / "Alternate Titles.txt").write_text("")
    done = take(db)
    told = [line.removeprefix(f"{db}/") for line in done.lines]
    assert told == [
        "Alternate Titles.txt: empty; left out: alternate titles",
        "Task Statements.txt:1: no column 'Task' (it has: o*net-soc code, task id, duty, task type, incumbents responding, date, domain s…); "
        "left out: tasks",
        "Technology Skills.txt: no row in it can be used; left out: technology",
        "Job Zone Reference.txt:2: not UTF-8 (byte 0xff at byte 3 of the line); save the file as UTF-8; left out: the preparation that an "
        "occupation needs",
        "Education, Training, and Experience Categories.txt: not there; left out: the education that people said is required",
        "Interests.txt: not there; left out: interests",
        "Read Me.txt: not there; left out: the release's number and date",
    ]
    assert done.skipped == len(told)
    assert {kind for _, kind, _ in rows(db, "facts.csv")[1:]} == {"description", "related"}
    assert [(one.title, one.published) for one in sources(db)] == [("O*NET Database", "undated")]


def test_bad_rows_are_named_by_line_five_of_a_file_and_the_others_counted(db: Path) -> None:
    bad = (
        "".join(f"99-000{i}.00|1|Bake.|Core|n/a|x|x\n" for i in range(5))
        + f"{BAKER}|1|n/a|Core|n/a|x|x\n{BAKER}|1|cut\n"
    )
    write(db, "Task Statements", (f"{BAKER}|1|Clean", bad + f"{BAKER}|1|Clean"))
    done = take(db)
    file = db / "Task Statements.txt"
    expected = [
        f"{file}:{2 + i}: no occupation has the code '99-000{i}.00'; the row is skipped" for i in range(5)
    ]
    assert list(done.lines) == [*expected, f"{file}: and 2 more rows"]
    assert done.skipped == 7
    assert len(facts(db, "task")) == 4


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("Occupation Data", (f"{MILLER}|", f"{BAKER}|"), f":3: the code {BAKER} stands twice"),
        (
            "Occupation Data",
            (f"{MILLER}|", "519021|"),
            ":3: '519021' is no code of an occupation, such as 29-1141.00",
        ),
        ("Occupation Data", ("|Millers|", "||"), ":3: no title"),
        ("Alternate Titles", ("|Cake Maker|", "| |"), ":5: no title"),
        (
            "Related Occupations",
            (f"{BAKER}|{MILLER}|Primary-Short|1", f"{BAKER}|{MILLER}|x|1st"),
            ":2: the index '1st' is no number",
        ),
        (
            "Related Occupations",
            (f"|{MILLER}|P", "|99-0000.00|P"),
            ":2: no occupation has the code '99-0000.00'",
        ),
        ("Job Zones", (f"{BAKER}|2", f"{BAKER}|7"), ":2: Job Zone Reference.txt has no job zone '7'"),
        ("Job Zones", (f"{MILLER}|1", f"{BAKER}|1"), f":3: the code {BAKER} stands twice"),
        (
            "Education, Training, and Experience",
            ("61.90", "161.90"),
            ":3: the data value '161.90' is no percentage",
        ),
        (
            "Education, Training, and Experience",
            ("61.90", "nan"),
            ":3: the data value 'nan' is no percentage",
        ),
        (
            "Education, Training, and Experience",
            ("RL|2|", "RL|9|"),
            ":3: Education, Training, and Experience Categories.txt has no level '9'",
        ),
        ("Interests", ("6.10", "high"), ":2: the data value 'high' is no number"),
    ],
)
def test_every_fault_of_a_row_has_its_place(db: Path, name: str, change: tuple[str, str], told: str) -> None:
    write(db, name, change)
    assert any(line.startswith(f"{db / name}.txt{told}") for line in take(db).lines)


def test_without_occupations_nothing_is_written(db: Path) -> None:
    file = db / "Occupation Data.txt"
    write(db, "Occupation Data", ("Title", "Name"))
    assert refused(db).startswith(f"{file}:1: no column 'Title'")
    write(db, "Occupation Data", (BAKER, "baker"), (MILLER, "miller"))
    assert refused(db).startswith(f"{file}: no row in it can be used; line 2: 'baker' is no code")
    file.unlink()
    assert (
        refused(db)
        == f"{file}: not there; give the folder of the O*NET text files (https://www.onetcenter.org/database.html)"
    )
    inner = db.rename(db.parent / "inner").rename(db.parent / "inner-moved")
    db.mkdir()
    inner.rename(db / "db_30_1_text")
    write(db / "db_30_1_text", "Occupation Data")
    assert refused(db).endswith(f"not there; did you mean the folder {db / 'db_30_1_text'}?")
    assert "there is no such folder" in refused(db / "nowhere")
    assert "unpack it first" in refused(db / "db_30_1_text" / "Read Me.txt")
    assert not (db.parent / "in").exists()
