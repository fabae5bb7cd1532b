"""``chatbot import onet``: a release of O*NET text files becomes a pack, wholly or not at all, and what can't be used is named."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from exchanging import chatbot

from chatbot import ChatbotError
from chatbot.cli.onet import run_onet
from chatbot.exchange.onet import KINDS, OnetImported, forms, import_onet
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.load import load_files
from chatbot.knowledge.schema import SourcesFile, SourceSpec, TopicFile
from chatbot.paths import data_dir, data_file

CODE = "O*NET-SOC Code"
BAKER, MILLER = "51-3011.00", "51-9021.00"
RELEASE = {
    "Read Me": "O*NET 30.1 Database\nDecember 2025 Release\n---------------------\n",
    "Occupation Data": f"""{CODE}|Title|Description
{BAKER}|Bakers|Mix and bake "dough", and sell it.
{MILLER}|Millers|Grind grain.
""",
    "Alternate Titles": f"""{CODE}|Alternate Title|Short Title|Source(s)
{MILLER}|Grain Miller|n/a|08
{BAKER}|Master Baker (MB)|MB|02
{BAKER}|bakers|n/a|02
{BAKER}|Cake Maker|Caker|02
{BAKER}|Oven Hand (Night)|n/a|02
""",
    "Sample of Reported Titles": f"""{CODE}|Reported Job Title|Shown in My Next Move
{BAKER}|CBO (Chief Baking Officer)|Y
{BAKER}|CAKER|N
""",
    "Task Statements": f"""{CODE}|Task ID|Task|Task Type|Incumbents Responding|Date|Domain Source
{BAKER}|1|Clean.|Supplemental|n/a|08/2023|Incumbent
{BAKER}|2|Try new ovens.|n/a|n/a|08/2023|Incumbent
{BAKER}|3|Check the "crumb", by hand.|Core|n/a|08/2023|Incumbent
{BAKER}|4|Bake.|Core|n/a|08/2023|Incumbent
""",
    "Technology Skills": f"""{CODE}|Example|Commodity Code|Commodity Title|Hot Technology|In Demand
{BAKER}|Ledgers|1|x|N|N
{BAKER}|Sheets|1|x|Y|N
{BAKER}|Ovenware|1|x|N|Y
{BAKER}|sheets|2|x|N|N
""",
    "Related Occupations": f"""{CODE}|Related O*NET-SOC Code|Relatedness Tier|Index
{BAKER}|{MILLER}|Primary-Short|1
{MILLER}|{BAKER}|Primary-Short|1
""",
    "Job Zones": f"{CODE}|Job Zone|Date|Domain Source\n{BAKER}|2|08/2023|Analyst\n{MILLER}|1|08/2023|Analyst\n",
    "Job Zone Reference": """Job Zone|Name|Experience|Education|Job Training|Examples|SVP Range
1|One|None.|Some school.|Some days.|x|x
2|Two|Little.|A diploma, usually.|Some months.|x|x
""",
    "Education, Training, and Experience Categories": """Element ID|Element Name|Scale ID|Category|Category Description
2.D.1|Required Level of Education|RL|1|None
2.D.1|Required Level of Education|RL|2|Certificate - awarded for training completed after high school
2.D.1|Required Level of Education|RL|3|Bachelor's Degree
3.A.1|Related Work Experience|RW|1|No experience
""",
    "Education, Training, and Experience": f"""{CODE}|Element ID|Scale ID|Category|Data Value|N|Recommend Suppress|Date
{BAKER}|2.D.1|RL|1|38.10|28|N|x
{BAKER}|2.D.1|RL|2|61.90|28|N|x
{BAKER}|3.A.1|RW|1|99.00|28|N|x
{MILLER}|2.D.1|RL|1|70.00|28|Y|x
{MILLER}|2.D.1|RL|3|30.00|28|N|x
""",
    "Interests": f"""{CODE}|Element ID|Element Name|Scale ID|Data Value|Date|Domain Source
{BAKER}|a|Realistic|OI|6.10|x|x
{BAKER}|b|Investigative|OI|1.00|x|x
{BAKER}|c|Artistic|OI|6.90|x|x
{BAKER}|d|Social|OI|2.00|x|x
{BAKER}|g|First Interest High-Point|IH|7.00|x|x
""",
}  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A folder with the files of a small release."""
    folder = tmp_path / "db"
    folder.mkdir()
    for name in RELEASE:
        write(folder, name)
    return folder


def write(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    text = RELEASE[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / f"{name}.txt").write_text(text.replace("|", "\t"), encoding="utf-8", newline="\r\n")


def take(db: Path) -> OnetImported:
    return import_onet(db, db.parent / "in")


def rows(db: Path, name: str) -> list[list[str]]:
    with (db.parent / "in" / "onet" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def facts(db: Path, kind: str, code: str = BAKER) -> list[str]:
    return [text for of, what, text in rows(db, "facts.csv") if (of, what) == (code, kind)]


def sources(db: Path) -> list[SourceSpec]:
    return load_as(db.parent / "in" / "sources.yaml", SourcesFile)[0].sources


def seen(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def refused(db: Path) -> str:
    before = seen(db.parent / "in")
    with pytest.raises(ChatbotError) as caught:
        take(db)
    assert seen(db.parent / "in") == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


# what is made


def test_a_release_becomes_a_pack_that_loads_and_a_source_with_its_licence(db: Path) -> None:
    done = take(db)
    assert (done.occupations, done.skipped, done.lines) == (2, 0, ())
    loaded = load_files([db.parent / "in"])
    assert loaded.findings == []
    assert [pack.id for pack in loaded.knowledge.packs] == ["onet"]
    (source,) = sources(db)
    assert (source.id, source.title, source.published, source.licence) == ("onet", "O*NET 30.1 Database", "2025-12", "CC BY 4.0")
    assert source.url == "https://www.onetcenter.org/database.html"
    assert "trademark of the US Department of Labor, Employment and Training Administration" in (source.note or "")


def test_titles_stand_once_the_official_ones_first_and_brackets_give_both_forms(db: Path) -> None:
    done = take(db)
    assert rows(db, "titles.csv") == [
        ["code", "title"], [BAKER, "Bakers"], [MILLER, "Millers"],
        [MILLER, "Grain Miller"], [BAKER, "Master Baker"], [BAKER, "MB"], [BAKER, "Cake Maker"], [BAKER, "Oven Hand (Night)"],
        [BAKER, "Caker"], [BAKER, "CBO"], [BAKER, "Chief Baking Officer"],
    ]  # fmt: skip
    assert done.titles == 10


@pytest.mark.parametrize(
    ("title", "both"),
    [
        ("CEO (Chief Executive Officer)", ["CEO", "Chief Executive Officer"]),
        ("Union Representative (Union Rep)", ["Union Representative", "Union Rep"]),
        ("Veterinary Medicine Doctor (DVM)", ["Veterinary Medicine Doctor", "DVM"]),
        ("Doctor (Dr)", ["Doctor", "Dr"]),
        ("Parachutist (Officer)", ["Parachutist (Officer)"]),
        ("Operations Analyst (Gunnery)", ["Operations Analyst (Gunnery)"]),
        ("Grader (SAT) of Papers", ["Grader (SAT) of Papers"]),
        ("Nurse (*)", ["Nurse (*)"]),
        ("Nurse ()", ["Nurse ()"]),
        ("(Nurse)", ["(Nurse)"]),
    ],
)
def test_a_bracket_that_is_no_other_form_of_the_title_stays_with_it(title: str, both: list[str]) -> None:
    assert forms(title) == both


def test_facts_stand_in_the_order_of_their_rank(db: Path) -> None:
    take(db)
    assert facts(db, "description") == ['Mix and bake "dough", and sell it.']
    assert facts(db, "task") == ['Check the "crumb", by hand.', "Bake.", "Clean.", "Try new ovens."]
    assert facts(db, "technology") == ["Ovenware", "Sheets", "Ledgers"]
    assert facts(db, "related") == ["Millers"]
    assert facts(db, "interest") == ["Artistic", "Realistic", "Social"]
    assert '"Check the ""crumb"", by hand."' in (db.parent / "in" / "onet" / "facts.csv").read_text(encoding="utf-8")


def test_no_more_technology_and_related_occupations_than_can_be_of_use(db: Path) -> None:
    more = "".join(f"{BAKER}|Tool {i}|1|x|N|Y\n" for i in range(40))
    write(db, "Technology Skills", (f"{BAKER}|Ledgers", more + f"{BAKER}|Ledgers"))
    others = [f"51-{i:04}.00" for i in range(15)]
    write(db, "Occupation Data", (f"{MILLER}|", "".join(f"{code}|Job {code}|x\n" for code in others) + f"{MILLER}|"))
    write(db, "Related Occupations", (f"{BAKER}|", "".join(f"{BAKER}|{code}|x|{20 - i}\n" for i, code in enumerate(others)) + f"{BAKER}|"))
    take(db)
    assert facts(db, "technology") == [f"Tool {i}" for i in range(25)]
    assert facts(db, "related") == ["Millers", *(f"Job {code}" for code in reversed(others))][:10]


def test_preparation_is_told_as_o_net_words_it_with_the_number_as_printed(db: Path) -> None:
    take(db)
    assert facts(db, "preparation") == [
        "A diploma, usually. Some months.",
        "61.90% of those asked about this occupation named “Certificate” as the required level of education",
    ]


def test_where_the_largest_share_is_not_to_be_used_the_next_is_not_told_in_its_place(db: Path) -> None:
    take(db)
    assert facts(db, "preparation", MILLER) == ["Some school. Some days."]


def test_levels_of_education_that_are_named_as_often_stand_side_by_side(db: Path) -> None:
    write(db, "Education, Training, and Experience", ("38.10", "50.00"), ("61.90", "50.00"))
    take(db)
    told = "50.00% of those asked about this occupation named “None” as the required level of education, and as many “Certificate”"
    assert facts(db, "preparation")[1] == told


def test_a_long_description_ends_with_a_whole_sentence(db: Path) -> None:
    sentence = " ".join(["Knead"] + ["dough"] * 38) + " at 4.5 lb."
    write(db, "Occupation Data", ("Grind grain.", " ".join([sentence] * 3)))
    take(db)
    assert facts(db, "description", MILLER) == [f"{sentence} {sentence}"]


def test_text_from_the_files_holds_no_control_characters_and_no_folds(db: Path) -> None:
    write(db, "Task Statements", ("Clean.", "Clean \x1b[31m  the\x00\u202e oven.\x85"))
    write(db, "Read Me", ("30.1", "30.1\x1b]0;x\x07"))
    done = take(db)
    assert "Clean [31m the oven." in facts(db, "task")
    assert done.release.isprintable()
    assert not any(
        ord(c) < 32 and c != "\n" for name in ("titles.csv", "facts.csv") for row in rows(db, name) for cell in row for c in cell
    )


def test_the_lookups_tell_every_kind_of_fact_and_name_the_file_it_is_from() -> None:
    topic, _ = load_as(data_file("onet") / "the-work.yaml", TopicFile)
    assert sorted(lookup.facts or "" for lookup in topic.lookups) == sorted(KINDS)
    for lookup in topic.lookups:
        assert lookup.example and "{occupation}" in lookup.question and "{items}" in lookup.says and "{occupation}" in lookup.missing
        assert all(citation.source == "onet" and f"{citation.section}" in RELEASE for citation in lookup.citations)


# what can't be used


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
    bad = "".join(f"99-000{i}.00|1|Bake.|Core|n/a|x|x\n" for i in range(5)) + f"{BAKER}|1|n/a|Core|n/a|x|x\n{BAKER}|1|cut\n"
    write(db, "Task Statements", (f"{BAKER}|1|Clean", bad + f"{BAKER}|1|Clean"))
    done = take(db)
    file = db / "Task Statements.txt"
    expected = [f"{file}:{2 + i}: no occupation has the code '99-000{i}.00'; the row is skipped" for i in range(5)]
    assert list(done.lines) == [*expected, f"{file}: and 2 more rows"]
    assert done.skipped == 7
    assert len(facts(db, "task")) == 4


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("Occupation Data", (f"{MILLER}|", f"{BAKER}|"), f":3: the code {BAKER} stands twice"),
        ("Occupation Data", (f"{MILLER}|", "519021|"), ":3: '519021' is no code of an occupation, such as 29-1141.00"),
        ("Occupation Data", ("|Millers|", "||"), ":3: no title"),
        ("Alternate Titles", ("|Cake Maker|", "| |"), ":5: no title"),
        ("Related Occupations", (f"{BAKER}|{MILLER}|Primary-Short|1", f"{BAKER}|{MILLER}|x|1st"), ":2: the index '1st' is no number"),
        ("Related Occupations", (f"|{MILLER}|P", "|99-0000.00|P"), ":2: no occupation has the code '99-0000.00'"),
        ("Job Zones", (f"{BAKER}|2", f"{BAKER}|7"), ":2: Job Zone Reference.txt has no job zone '7'"),
        ("Job Zones", (f"{MILLER}|1", f"{BAKER}|1"), f":3: the code {BAKER} stands twice"),
        ("Education, Training, and Experience", ("61.90", "161.90"), ":3: the data value '161.90' is no percentage"),
        ("Education, Training, and Experience", ("61.90", "nan"), ":3: the data value 'nan' is no percentage"),
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
    assert refused(db) == f"{file}: not there; give the folder of the O*NET text files (https://www.onetcenter.org/database.html)"
    inner = db.rename(db.parent / "inner").rename(db.parent / "inner-moved")
    db.mkdir()
    inner.rename(db / "db_30_1_text")
    write(db / "db_30_1_text", "Occupation Data")
    assert refused(db).endswith(f"not there; did you mean the folder {db / 'db_30_1_text'}?")
    assert "there is no such folder" in refused(db / "nowhere")
    assert "unpack it first" in refused(db / "db_30_1_text" / "Read Me.txt")
    assert not (db.parent / "in").exists()


# a second time


def test_another_release_takes_the_place_of_the_old_one_whole(db: Path) -> None:
    take(db)
    once = seen(db.parent / "in")
    take(db)
    assert seen(db.parent / "in") == once
    (db.parent / "in" / "onet" / "older-topic.yaml").write_text("topic: older\ntitle: Older\n", encoding="utf-8")
    write(db, "Occupation Data", ("Millers", "Grinders"))
    write(db, "Read Me", ("30.1", "30.2"), ("December 2025", "February 2026"))
    take(db)
    assert "Millers" not in [title for _, title in rows(db, "titles.csv")]
    assert facts(db, "related") == ["Grinders"]
    assert sorted(file.name for file in (db.parent / "in" / "onet").iterdir()) == ["facts.csv", "pack.yaml", "the-work.yaml", "titles.csv"]
    assert [(one.title, one.published) for one in sources(db)] == [("O*NET 30.2 Database", "2026-02")]
    assert sorted(file.name for file in (db.parent / "in").iterdir()) == ["onet", "sources.yaml"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_other_sources_and_comments_stay_as_they_are(db: Path, newline: str) -> None:
    head = "# Mine.\nsources:\n- id: loaf\n  title: The loaf  # good\n"
    old = "- id: onet\n  title: O*NET 29.0 Database\n  url: https://www.onetcenter.org/database.html\n  note: >-\n    two\n\n    parts\n"
    tail = "\n# A second one.\n- {id: crust, title: The crust}\n"
    file = db.parent / "in" / "sources.yaml"
    file.parent.mkdir()
    file.write_text(head + old + tail, encoding="utf-8", newline=newline)
    take(db)
    text = file.read_bytes().decode()
    assert text.startswith(head.replace("\n", newline)) and text.endswith(tail.replace("\n", newline))
    assert newline == "\n" or "\n" not in text.replace("\r\n", "")
    assert [one.title for one in sources(db)] == ["The loaf", "O*NET 30.1 Database", "The crust"]


def test_what_another_hand_made_is_not_replaced(db: Path) -> None:
    into = db.parent / "in"
    take(db)
    pack = into / "onet"
    (pack / "notes.txt").write_text("mine")
    assert "it holds 'notes.txt'" in refused(db)
    (pack / "notes.txt").unlink()
    (pack / "titles.csv").unlink()
    assert "it was not made by an import of O*NET" in refused(db)
    for file in pack.iterdir():
        file.unlink()
    pack.rmdir()
    (into / "sources.yaml").write_text("sources:\n  - {id: onet, title: My net}\n", encoding="utf-8")
    assert "the source 'onet' there is another one (My net)" in refused(db)
    (into / "sources.yaml").write_text("sources: [{id: onet, title: Old, url: 'https://www.onetcenter.org'}]\n", encoding="utf-8")
    assert "sources.yaml:1: " in refused(db)
    (into / "sources.yaml").write_text("sources: [\n", encoding="utf-8")
    assert "sources.yaml:" in refused(db)


@pytest.mark.parametrize("fails", ["onet", "onet-before", "sources.yaml"])
def test_a_write_that_fails_leaves_everything_as_it_was(db: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    take(db)
    write(db, "Read Me", ("30.1", "30.2"))
    write(db, "Occupation Data", ("Millers", "Grinders"))
    rename, replace = Path.rename, Path.replace
    failed: list[str] = []

    def full(move: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def call(file: Path, target: Path) -> Path:
            if not failed and target.name == fails and (target.parent == db.parent / "in" or fails == "onet-before"):
                failed.append(fails)
                raise OSError(28, "No space left on device")
            return move(file, target)

        return call

    monkeypatch.setattr(Path, "rename", full(rename))
    monkeypatch.setattr(Path, "replace", full(replace))
    assert "can't be written (No space left on device)" in refused(db)
    assert failed
    assert sorted(file.name for file in (db.parent / "in").iterdir()) == ["onet", "sources.yaml"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_an_import_that_is_killed_leaves_a_whole_pack_or_none(db: Path) -> None:
    code = """if True:
        import itertools, sys
        from pathlib import Path
        from chatbot.exchange.onet import import_onet
        db, into = Path(sys.argv[1]), Path(sys.argv[2])
        read_me, data = db / "Read Me.txt", db / "Occupation Data.txt"
        texts = read_me.read_text(), data.read_text()
        for i in itertools.count(1):
            read_me.write_text(texts[0].replace("30.1", f"{i}.0"))
            data.write_text(texts[1].replace("Millers", f"Title {i}").replace("Grind grain.", f"Text {i}"))
            import_onet(db, into)
            print(i, flush=True)
    """
    into = db.parent / "in"
    rng = np.random.default_rng(6)
    made = 0
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", code, str(db), str(into)], stdout=subprocess.PIPE, env=dict(os.environ))
        assert process.stdout and process.stdout.readline()
        time.sleep(rng.uniform(0.02, 0.2))
        process.kill()
        process.communicate()
        assert len(sources(db)) == 1
        if (into / "onet").exists():
            made += 1
            assert load_files([into]).findings == []
            assert rows(db, "titles.csv")[2][1].replace("Title", "Text") == facts(db, "description", MILLER)[0]
        for name in ("Read Me", "Occupation Data"):
            write(db, name)
    assert made
    take(db)
    assert rows(db, "titles.csv")[2] == [MILLER, "Millers"]


# as a command


def test_the_command_says_in_one_line_what_was_made_and_apart_what_was_skipped(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = db.parent / "in"
    assert run_onet(db, into) == 0
    counts = "2 occupations, 10 titles, 4 tasks, 3 technologies, 2 related occupations"
    assert capsys.readouterr() == (f"{into / 'onet'}: O*NET 30.1 Database (2025-12): {counts}\n", "")
    (db / "Interests.txt").unlink()
    assert run_onet(db, into) == 1
    told = capsys.readouterr()
    assert told.out.endswith("; skipped: 1\n") and told.err == f"{db / 'Interests.txt'}: not there; left out: interests\n"


def test_the_pack_goes_to_the_users_data_folder_unless_another_is_named(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_DATA", str(db.parent / "data"))
    assert chatbot("import", "onet", db).exit_code == 0
    assert (data_dir() / "knowledge" / "onet" / "titles.csv").is_file()
    assert chatbot("import", "onet", db, "--into", db.parent / "in").exit_code == 0
    assert (db.parent / "in" / "onet" / "titles.csv").is_file()


def test_only_o_net_takes_a_folder(db: Path) -> None:
    for arguments, told in [
        (("faq.csv", db), "import onet DIR"),
        (("onet",), "import onet DIR"),
        (("onet", db, "--pack", "mine"), "--pack"),
        (("faq.csv",), "--into"),
    ]:
        done = chatbot("import", *arguments)
        assert done.exit_code == 2 and told in done.output
