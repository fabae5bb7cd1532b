"""``chatbot check`` as an author meets it: which paths it takes, what it says in which words, and how it
ends."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ENTRY

from chatbot.authoring.checking.content import numbers
from chatbot.cli.main import cli
from chatbot.errors import ChatbotError
from chatbot.paths import shipped

PACK = "id: {0}\ntitle: {0}\n"
TABLE = """topic: pay
title: Pay
tables:
  - id: pay
    question: What does a baker earn in each country?
    measure: pay
    unit: EUR
    statistic: mean
    period: a year
    dimensions: [country]
    overview: "{rows}."
    item: "{country} {figure}"
    row: "{country}: {figure}."
    missing: "{asked}: {available}"
    citations: [{source: loaf, section: Pay}]
    rows:
      - {at: {country: DE}, amount: 41000, shown: SHOWN}
    phrasings: [baker pay, a, b, c, d, e, f, g]
"""


def check(*arguments: str | Path) -> tuple[int, list[str], str]:
    """Status, findings as ``line:column rule``, and all that was said; ``--quick``, so that nothing is asked."""
    done = CliRunner().invoke(cli, ["check", "--quick", "--format", "json", *map(str, arguments)])
    if isinstance(done.exception, ChatbotError):
        return 2, [], str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    found = json.loads(done.stdout)["findings"]
    return (
        done.exit_code,
        [f"{one['line']}:{one['column']} {one['rule']}" for one in found],
        "\n".join(one["message"] for one in found),
    )


def day(folder: Path) -> Path:
    return folder / "baking" / "day.yaml"


def test_a_pack_a_file_and_both_are_taken_and_nothing_else_is_loaded(folder: Path) -> None:
    expected = (0, ["4:5 few-phrasings"])
    for paths in (
        [folder],
        [folder / "baking"],
        [day(folder)],
        [day(folder), folder / "baking"],
        [folder, folder],
        [folder / "." / "baking"],
    ):
        assert check(*paths)[:2] == expected, paths
    assert check(folder / "sources.yaml")[:2] == (0, [])


def test_it_runs_where_one_edits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "baking")
    for path in (".", "day.yaml", "..", "../baking"):
        assert check(path)[:2] == (0, ["4:5 few-phrasings"]), path


def test_links_are_followed_and_findings_stay(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "sources.yaml").write_bytes((folder / "sources.yaml").read_bytes())
    (tmp_path / "linked" / "baking").symlink_to(folder / "baking")
    assert check(tmp_path / "linked")[:2] == (0, ["4:5 few-phrasings"])
    (tmp_path / "alone").symlink_to(folder / "baking")
    assert check(tmp_path / "alone")[:2] == (0, ["4:5 few-phrasings"])


def test_where_no_entry_is_there_the_status_is_2(folder: Path, tmp_path: Path) -> None:
    day(folder).unlink()
    assert check(folder)[:2] == (2, ["1:1 nothing-checked", "2:5 unused-source"])
    (folder / "baking" / "pack.yaml").rename(folder / "baking" / "pack.yml")
    assert check(folder)[0] == 2
    assert check(tmp_path / "nowhere") == (2, [], f"{tmp_path / 'nowhere'}: no such file or folder")
    (tmp_path / "empty").mkdir()
    assert "nothing to check here" in check(tmp_path / "empty")[2]
    assert "only files that end in .yaml are read" in check(folder / "baking" / "pack.yml")[2]


def test_files_of_editors_are_no_knowledge(folder: Path) -> None:
    (folder / "baking" / ".#day.yaml").symlink_to("ana@host.123:456")
    for name in ("._day.yaml", "~$day.yaml", ".pre-commit-config.yaml"):
        (folder / "baking" / name).write_text("repos: []\n", encoding="utf-8")
    assert check(folder)[:2] == (0, ["4:5 few-phrasings"])


@pytest.mark.parametrize("name", ["day.yml", "day.YAML", "day.yaml.txt", "deep/day.yaml"])
def test_files_that_look_as_if_they_were_read_are_named(folder: Path, name: str) -> None:
    (folder / "baking" / name).parent.mkdir(exist_ok=True)
    (folder / "baking" / name).write_text("topic: day\n", encoding="utf-8")
    assert sorted(check(folder)[1]) == ["1:1 nothing-checked", "4:5 few-phrasings"]


def test_what_takes_the_place_of_another_may_have_its_phrasings(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "night").mkdir(parents=True)
    (own / "night" / "pack.yaml").write_text(PACK.format("night"), encoding="utf-8")
    taking = ENTRY.replace("  - id: start\n", "  - id: start\n    replaces: baking/start\n")
    (own / "night" / "day.yaml").write_text(taking, encoding="utf-8")
    done = CliRunner().invoke(cli, ["--knowledge", str(folder), "--knowledge", str(own), "check", "--quick"])
    assert (done.exit_code, done.stdout.count("[error]")) == (0, 0)
    (own / "night" / "day.yaml").write_text(ENTRY, encoding="utf-8")
    done = CliRunner().invoke(cli, ["--knowledge", str(folder), "--knowledge", str(own), "check", "--quick"])
    assert (done.exit_code, done.stdout.count("duplicate-phrasing")) == (1, 4)


def test_a_topic_that_the_pack_covers_is_in_nobodys_way(folder: Path, tmp_path: Path) -> None:
    intents = tmp_path / "intents"
    intents.mkdir()
    text = "intents:\n  - {id: hours, kind: unknown, about: hours, replies: ['No.'], examples: [baker start time]}\n"
    (intents / "own.yaml").write_text(text, encoding="utf-8")
    options = ["--knowledge", str(folder), "--intents", str(intents), "check", "--quick"]
    assert "duplicate-phrasing" in CliRunner().invoke(cli, options).stdout
    pack = folder / "baking" / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8") + "covers: [hours]\n", encoding="utf-8")
    assert "duplicate-phrasing" not in CliRunner().invoke(cli, options).stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "      - baker start time",
            "      - early: very",
            "phrasings: expected text, found a mapping: text with a colon and a blank in it goes in quotes",
        ),
        (
            "      - baker start time",
            "      - #early",
            "phrasings: expected text, found nothing: text that begins with # goes in quotes",
        ),
        (
            "title: Day",
            "title: 2024",
            "title: expected text, found a number: put it in quotes to make it text",
        ),
        ("title: Day", "title: ''", "title: the text is empty"),
        (
            "topic: day",
            "topic: My Day",
            "topic: 'My Day' is no id: lower-case letters and digits, in words joined by hyphens",
        ),
        (
            "title: Day",
            "title: Day\nshelf_life_years: two",
            "shelf_life_years: expected a number, found the text 'two': no quotes",
        ),
        ("    answer:", "    anser:", "unknown key 'anser'; did you mean 'answer'?"),
        ("Very early,", "At night\u202e,", "control character U+202E: remove it"),
    ],
)
def test_faults_are_said_in_an_authors_words_and_once(folder: Path, old: str, new: str, said: str) -> None:
    day(folder).write_text(ENTRY.replace(old, new), encoding="utf-8")
    status, found, message = check(folder)
    assert (status, len(found)) == (1, 1)
    assert said in message


def test_a_file_with_a_name_that_steers_a_terminal_does_no_harm(folder: Path) -> None:
    (folder / "baking" / "x\x1b[2J\n.yaml").write_text("topic: x\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", "--quick", "--format", "github", str(folder)])
    assert done.stdout.isprintable() is False and all(line.isprintable() for line in done.stdout.splitlines())
    assert all(line.startswith("::") for line in done.stdout.splitlines())


def test_a_file_name_that_is_not_utf_8_is_named(folder: Path) -> None:
    (folder / "baking" / os.fsdecode(b"caf\xe9.yaml")).write_text(ENTRY, encoding="utf-8")
    assert "1:1 file" in check(folder)[1]
    assert "the file's name is not UTF-8" in check(folder)[2]


@pytest.mark.parametrize(
    "shown", ["41000", "41,000", "€41,000", "41 000 €", "41\u00a0000", "€41k", "41 thousand", "-41,000"]
)
def test_a_figure_is_recognised_however_it_is_printed(folder: Path, shown: str) -> None:
    (folder / "baking" / "pay.yaml").write_text(TABLE.replace("SHOWN", json.dumps(shown)), encoding="utf-8")
    assert check(folder / "baking" / "pay.yaml")[:2] == (0, [])
    (folder / "baking" / "pay.yaml").write_text(
        TABLE.replace("SHOWN", json.dumps(shown.replace("41", "14"))), encoding="utf-8"
    )
    assert check(folder / "baking" / "pay.yaml")[1] == ["17:51 row-figure"]


def test_numbers_are_those_that_a_text_states() -> None:
    assert numbers("COVID-19 and H2O and GPT4") == set()
    assert numbers("two of 1,250 in 3.5 years, one by one") == {"2", "1250", "3.5"}


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("item", '"{country} {figure}"', '"{contry} {figure}"'), ("row", '"{country}: {figure}."', '"{country}: {figre}"'),
        ("overview", '"{rows}."', '"All of it."'), ("missing", '"{asked}: {available}"', '"{asked}"'), ("row", '"{country}: {figure}."', '"{figure"'),
    ],
)  # fmt: skip
def test_placeholders_that_nobody_fills_in_are_named(folder: Path, key: str, old: str, new: str) -> None:
    (folder / "baking" / "pay.yaml").write_text(
        TABLE.replace("SHOWN", "41000 EUR").replace(old, new), encoding="utf-8"
    )
    status, found, message = check(folder / "baking" / "pay.yaml")
    assert status == 1
    assert {one.split()[1] for one in found} == {"unknown-placeholder"}
    assert f"{key}: " in message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("country: DE", "country: UK", "'UK' is no country code; did you mean 'GB'?"),
        ("country: DE", "country: gb", "did you mean 'GB'?"),
        (
            "dimensions: [country]",
            "dimensions: [county]",
            "no facet is called 'county'; did you mean 'country'?",
        ),
        (
            "    phrasings:",
            "    scope: {country: Germany}\n    phrasings:",
            "scope: 'Germany' is no country code; did you mean 'DE'?",
        ),
        (
            "    phrasings:",
            "    contrast: level\n    phrasings:",
            "contrast: the table has no dimension 'level'",
        ),
    ],
)
def test_rows_that_no_question_can_find_are_named(folder: Path, old: str, new: str, said: str) -> None:
    (folder / "baking" / "pay.yaml").write_text(
        TABLE.replace("SHOWN", "41000 EUR").replace(old, new), encoding="utf-8"
    )
    status, found, message = check(folder / "baking" / "pay.yaml")
    assert status == 1 and found
    assert said in message


def test_a_comment_inside_quotes_switches_nothing(folder: Path) -> None:
    day(folder).write_text(ENTRY + '      - "apron # check: off long-answer"\n', encoding="utf-8")
    assert check(folder)[1] == ["4:5 few-phrasings"]
    day(folder).write_text(
        ENTRY + "      - 'Baker start time!'\n      - [x, y]\n".replace("      - [x, y]\n", ""),
        encoding="utf-8",
    )
    assert check(folder)[1] == ["4:5 few-phrasings", "14:9 repeated-phrasing"]


def test_without_a_path_the_folder_one_stands_in_is_checked_and_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (folder, folder / "baking"):
        monkeypatch.chdir(place)
        assert check()[:2] == (0, ["4:5 few-phrasings"])
        done = CliRunner().invoke(cli, ["check", "--quick"])
        assert done.stderr.startswith(f"{place} (where you are): checked 1 entry, ")
    done = CliRunner().invoke(cli, ["check", "--quick", "day.yaml"])
    assert done.stderr.startswith("day.yaml: checked 1 entry, ")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    done = CliRunner().invoke(cli, ["check", "--quick"])
    assert f"{shipped('knowledge')}, {shipped('intents')}: checked 2" in done.stderr
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(cli, ["--knowledge", "shipped", "check", "--quick"])
    assert f"{shipped('knowledge')}, {shipped('intents')}: checked 2" in done.stderr


def test_a_file_that_is_a_link_to_itself_is_a_finding(folder: Path) -> None:
    (folder / "baking" / "round.yaml").symlink_to("round.yaml")
    status, findings, said = check(folder)
    assert (status, findings) == (1, ["4:5 few-phrasings", "1:1 file"])
    assert "can't be read: Too many levels of symbolic links" in said
