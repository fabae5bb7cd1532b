"""``chatbot import onet``: a release of O*NET text files becomes a pack, wholly or not at all, and what can't
be used is named."""

from __future__ import annotations

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
from onetrelease import (
    BAKER,
    MILLER,
    RELEASE,
    facts,
    refused,
    rows,
    seen,
    sources,
    take,
    write,
    write_release,
)

from chatbot.authoring.exchange.onet import KINDS, forms
from chatbot.building.knowledge import load_files
from chatbot.cli.onet import run_onet
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.schema import TopicFile
from chatbot.paths import data_dir, data_file


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A folder with the files of a small release."""
    return write_release(tmp_path / "db")


# what is made


def test_a_release_becomes_a_pack_that_loads_and_a_source_with_its_licence(db: Path) -> None:
    done = take(db)
    assert (done.occupations, done.skipped, done.lines) == (2, 0, ())
    loaded = load_files([db.parent / "in"])
    assert loaded.findings == []
    assert [pack.id for pack in loaded.knowledge.packs] == ["onet"]
    (source,) = sources(db)
    assert (source.id, source.title, source.published, source.licence) == (
        "onet",
        "O*NET 30.1 Database",
        "2025-12",
        "CC BY 4.0",
    )
    assert source.url == "https://www.onetcenter.org/database.html"
    assert "trademark of the US Department of Labor, Employment and Training Administration" in (
        source.note or ""
    )


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
    assert '"Check the ""crumb"", by hand."' in (db.parent / "in" / "onet" / "facts.csv").read_text(
        encoding="utf-8"
    )


def test_no_more_technology_and_related_occupations_than_can_be_of_use(db: Path) -> None:
    more = "".join(f"{BAKER}|Tool {i}|1|x|N|Y\n" for i in range(40))
    write(db, "Technology Skills", (f"{BAKER}|Ledgers", more + f"{BAKER}|Ledgers"))
    others = [f"51-{i:04}.00" for i in range(15)]
    write(
        db,
        "Occupation Data",
        (f"{MILLER}|", "".join(f"{code}|Job {code}|x\n" for code in others) + f"{MILLER}|"),
    )
    write(
        db,
        "Related Occupations",
        (f"{BAKER}|", "".join(f"{BAKER}|{code}|x|{20 - i}\n" for i, code in enumerate(others)) + f"{BAKER}|"),
    )
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
        ord(c) < 32 and c != "\n"
        for name in ("titles.csv", "facts.csv")
        for row in rows(db, name)
        for cell in row
        for c in cell
    )


def test_the_lookups_tell_every_kind_of_fact_and_name_the_file_it_is_from() -> None:
    topic, _ = load_as(data_file("onet") / "the-work.yaml", TopicFile)
    assert sorted(lookup.by or "" for lookup in topic.lookups) == sorted(KINDS)
    for lookup in topic.lookups:
        assert (
            lookup.example
            and "{occupation}" in lookup.question
            and "{items}" in lookup.says
            and "{occupation}" in lookup.missing
        )
        assert all(
            citation.source == "onet" and f"{citation.section}" in RELEASE for citation in lookup.citations
        )


# a second time


def test_another_release_takes_the_place_of_the_old_one_whole(db: Path) -> None:
    take(db)
    once = seen(db.parent / "in")
    take(db)
    assert seen(db.parent / "in") == once
    (db.parent / "in" / "onet" / "older-topic.yaml").write_text(
        "topic: older\ntitle: Older\n", encoding="utf-8"
    )
    write(db, "Occupation Data", ("Millers", "Grinders"))
    write(db, "Read Me", ("30.1", "30.2"), ("December 2025", "February 2026"))
    take(db)
    assert "Millers" not in [title for _, title in rows(db, "titles.csv")]
    assert facts(db, "related") == ["Grinders"]
    assert sorted(file.name for file in (db.parent / "in" / "onet").iterdir()) == [
        "facts.csv",
        "onet.dataset.yaml",
        "pack.yaml",
        "the-work.yaml",
        "titles.csv",
    ]
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
    (into / "sources.yaml").write_text(
        "sources: [{id: onet, title: Old, url: 'https://www.onetcenter.org'}]\n", encoding="utf-8"
    )
    assert "sources.yaml:1: " in refused(db)
    (into / "sources.yaml").write_text("sources: [\n", encoding="utf-8")
    assert "sources.yaml:" in refused(db)


def test_neither_a_link_nor_a_folder_inside_is_replaced(db: Path) -> None:
    take(db)
    pack = db.parent / "in" / "onet"
    (pack / "more.yaml").mkdir()
    assert "it holds 'more.yaml'; move it away first" in refused(db)
    (pack / "more.yaml").rmdir()
    pack.rename(db.parent / "elsewhere").rename(db.parent / "onet-of-mine")
    pack.symlink_to(db.parent / "onet-of-mine")
    assert "it was not made by an import of O*NET; move it away first" in refused(db)
    assert pack.is_symlink()


@pytest.mark.parametrize("fails", ["onet", "onet-before", "sources.yaml"])
def test_a_write_that_fails_leaves_everything_as_it_was(
    db: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    take(db)
    write(db, "Read Me", ("30.1", "30.2"))
    write(db, "Occupation Data", ("Millers", "Grinders"))
    rename, replace = Path.rename, Path.replace
    failed: list[str] = []

    def full(move: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def call(file: Path, target: Path) -> Path:
            if (
                not failed
                and target.name == fails
                and (target.parent == db.parent / "in" or fails == "onet-before")
            ):
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
        from chatbot.authoring.exchange.onet import import_onet
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
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(db), str(into)], stdout=subprocess.PIPE, env=dict(os.environ)
        )
        assert process.stdout and process.stdout.readline()
        time.sleep(rng.uniform(0.02, 0.2))
        process.kill()
        process.communicate()
        assert len(sources(db)) == 1
        if (into / "onet").exists():
            made += 1
            assert load_files([into]).findings == []
            assert (
                rows(db, "titles.csv")[2][1].replace("Title", "Text") == facts(db, "description", MILLER)[0]
            )
        for name in ("Read Me", "Occupation Data"):
            write(db, name)
    assert made
    take(db)
    assert rows(db, "titles.csv")[2] == [MILLER, "Millers"]


# as a command


def test_the_command_says_in_one_line_what_was_made_and_apart_what_was_skipped(
    db: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = db.parent / "in"
    assert run_onet(db, into) == 0
    counts = "2 occupations, 10 titles, 4 tasks, 3 technologies, 2 related occupations"
    assert capsys.readouterr() == (f"{into / 'onet'}: O*NET 30.1 Database (2025-12): {counts}\n", "")
    (db / "Interests.txt").unlink()
    assert run_onet(db, into) == 1
    told = capsys.readouterr()
    assert (
        told.out.endswith("; skipped: 1\n")
        and told.err == f"{db / 'Interests.txt'}: not there; left out: interests\n"
    )


def test_the_pack_goes_to_the_users_data_folder_unless_another_is_named(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
