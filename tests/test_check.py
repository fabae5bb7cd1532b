"""Every rule finds what it is for, where it stands, and nothing else; the shipped knowledge is clean; what is
kept gives the same findings."""

from __future__ import annotations

import datetime
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from bees import write_knowledge
from conftest import ENTRY, ROOT
from milling import DATASET, swap
from test_figures import NATIONAL, NURSES, STATE

from chatbot.authoring.checking.check import Checked, Wanted, check
from chatbot.authoring.checking.heldout import hold_out
from chatbot.authoring.checking.rules import rules
from chatbot.bot import CareerBot
from chatbot.errors import Finding

DAY = datetime.date(2026, 11, 21)
MARK = re.compile(r"#! (?P<rule>[\w-]+)")
PLANTED = ROOT / "tests" / "planted"


def checked(bot: CareerBot, cache: Path, *folders: Path, intents: Path | None = None) -> Checked:
    return check(Wanted(folders, (intents,) if intents else (), None, DAY), bot.engine.encoder, cache)


def brief(findings: Iterable[Finding], folder: Path) -> list[tuple[str, int, str]]:
    return sorted((str(f.file.relative_to(folder)), f.line, f.rule) for f in findings)


def planted(folder: Path) -> list[tuple[str, int, str]]:
    """What the marks in the files say; and faults in files that can hold no mark."""
    out = []
    for file in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            out += [(str(file.relative_to(folder)), number, match["rule"]) for match in MARK.finditer(line)]
    return out


def spoil(pack: Path) -> list[tuple[str, int, str]]:
    (pack / "latin.yaml").write_bytes("topic: latin\ntitle: Tr\xe8s t\xf4t\n".encode("latin-1"))
    (pack / "large.yaml").write_bytes(b"# " + b"x" * 50_000_000)
    (pack / "deep.yaml").write_text("topic: " + "[" * 100_000 + "]" * 100_000 + "\n", encoding="utf-8")
    (pack / "bell.yaml").write_text("topic: bell\ntitle: ding\x07\n", encoding="utf-8")
    (pack / "tab.yaml").write_text("topic: tab\n\ttitle: Tab\n", encoding="utf-8")
    (pack / "bomb.yaml").write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", encoding="utf-8")
    (pack / "folder.yaml").mkdir()
    found = [
        ("latin", 2, "encoding"),
        ("large", 1, "too-large"),
        ("deep", 1, "too-deep"),
        ("bell", 2, "control-character"),
    ]
    found += [("tab", 2, "syntax"), ("folder", 1, "file"), ("broken", 3, "syntax")]
    os.mkfifo(pack / "pipe.yaml")
    found += [("bomb", 1, "alias"), ("pipe", 1, "file")]
    return [(f"planted/spoilt/{name}.yaml", line, rule) for name, line, rule in found]


def spoil_figures(folder: Path) -> list[tuple[str, int, str]]:
    """Three packs of figures: faults in the rows, faults of whole files, and faults in what stands beside the
    figures."""
    rows = (
        NATIONAL
        + f"2025,29-1141,Nurses,detailed,{NURSES}\n2025,30-1,Odd,detailed,{NURSES}\n2024,31-1111,Old,detailed,{NURSES}\n"
    )
    rows += f"2025,32-1111,Short,detailed,1\n2025,33-1111,Wrong,detailed,{NURSES.replace('271380', 'many')}\n"
    files = {
        "rows": {"national.csv": rows},
        "whole": {"national.csv": NATIONAL[:-1], "states.csv": STATE.replace(",annual_mean", "", 1)},
        "beside": {
            "national.csv": NATIONAL,
            "titles.yaml": "titles:\n  99-9999: [nobody]\n",
            "facts.csv": "code,kind,text\n29-1141,task,\n",
        },
    }
    for name, listed in files.items():
        (folder / name).mkdir()
        (folder / name / "pack.yaml").write_text(
            f"id: {name}\ntitle: Figures\nabout: figures\n", encoding="utf-8"
        )
        declared = (
            DATASET
            if name == "whole"
            else swap(DATASET, "  - {path: states.csv, columns: {place: state}}\n", "")
        )
        if name == "beside":
            declared = swap(
                declared, "measures:\n", "measures:\n  task: {kind: list, file: facts.csv, of: task}\n"
            )
        else:
            declared = swap(declared, "  titles: titles.yaml\n", "")
        (folder / name / "pay.dataset.yaml").write_text(declared, encoding="utf-8")
        for file, text in listed.items():
            (folder / name / file).write_text(text, encoding="utf-8")
    found = [
        ("rows/national.csv", line, rule)
        for line, rule in enumerate(["duplicate", "code", "year", "row", "number"], 6)
    ]
    found += [
        ("whole/national.csv", 5, "file"),
        ("whole/states.csv", 1, "column"),
    ]
    out = [(file, line, f"figures-{rule}") for file, line, rule in found]
    out += [("beside/titles.yaml", 2, "unknown-code"), ("beside/facts.csv", 2, "data-file")]
    return [*out, *((f"{name}/pack.yaml", 1, "nothing-checked") for name in files)]


def test_a_pack_with_planted_faults_gives_exactly_these(bot: CareerBot, tmp_path: Path) -> None:
    shutil.copytree(PLANTED, tmp_path / "planted")
    shutil.copytree(ROOT / "tests" / "planted-intents", tmp_path / "planted-intents")
    shutil.copytree(PLANTED / "miller", tmp_path / "second" / "miller")
    expected = [(f"planted/{file}", line, rule) for file, line, rule in planted(tmp_path / "planted")]
    expected += [
        (f"planted-intents/{file}", line, rule) for file, line, rule in planted(tmp_path / "planted-intents")
    ]
    expected += spoil(tmp_path / "planted" / "spoilt")
    expected += [(f"planted/{file}", line, rule) for file, line, rule in spoil_figures(tmp_path / "planted")]
    expected += [("second/miller/pack.yaml", 1, "duplicate-pack")]
    found = checked(
        bot,
        tmp_path / "cache",
        tmp_path / "planted",
        tmp_path / "second",
        intents=tmp_path / "planted-intents",
    )
    shown = [finding for finding in found.findings if finding.rule != "leads-elsewhere"]
    counted, wanted = Counter(brief(shown, tmp_path)), Counter(expected)
    assert (counted - wanted, wanted - counted) == (Counter(), Counter())
    assert len(expected) >= 30
    assert {rule for _, _, rule in expected} == set(rules()) - {"schema", "leads-elsewhere"}
    assert all(finding.level == rules()[finding.rule].level for finding in found.findings)


def test_the_shipped_knowledge_is_clean(run) -> None:
    done = run("check", "--strict", "--today", "2026-11-21")
    told = done.stderr.decode()
    assert (done.returncode, done.stdout.decode()) == (0, "")
    assert re.search(
        r"checked 2\d\d entries, 1\d,\d{3} phrasings, 8 sources, 3 tables, \d\d files; .*0 errors, 0 warnings",
        told,
    )


def test_a_sound_pack_has_nothing_but_too_few_phrasings(bot: CareerBot, cache: Path, folder: Path) -> None:
    assert brief(checked(bot, cache, folder).findings, folder) == [("baking/day.yaml", 4, "few-phrasings")]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("  # check: off few-phrasings - a trial", []),
        ("  # check: file off few-phrasings - a trial", []),
        ("  # check: off few-phrasings, todo - a trial", ["unused-switch"]),
        ("  # check: off few-phrasings", ["bad-switch", "few-phrasings"]),
        ("  # check: off few-phrasing - a trial", ["bad-switch", "few-phrasings"]),
        ("  # check: off syntax - a trial", ["bad-switch", "few-phrasings"]),
        ("  # checked: yes", ["few-phrasings"]),
    ],
)
def test_a_comment_switches_a_rule_off_with_a_reason(
    bot: CareerBot, cache: Path, folder: Path, comment: str, expected: list[str]
) -> None:
    file = folder / "baking" / "day.yaml"
    file.write_text(ENTRY.replace("entries:\n", f"entries:\n{comment}\n"), encoding="utf-8")
    found = check(Wanted((folder,), (), None, DAY), None, cache).findings
    assert sorted(finding.rule for finding in found) == expected


@pytest.mark.slow
def test_after_a_change_only_what_it_can_affect_is_asked_again(
    bot: CareerBot, cache: Path, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    engine = CareerBot(tmp_path / "knowledge", encoder=bot.engine.encoder, cache=cache).engine
    first = hold_out(engine, tmp_path, "copy")
    assert first.asked == len(first.outcomes) > 8_000
    assert hold_out(engine, tmp_path, "copy").asked == 0
    file = tmp_path / "knowledge" / "machine-learning-engineer" / "pay.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("    phrasings:\n", "    phrasings:\n      - how fat is the pay envelope\n", 1),
        encoding="utf-8",
    )
    changed = CareerBot(tmp_path / "knowledge", encoder=bot.engine.encoder, cache=cache).engine
    again = hold_out(changed, tmp_path, "copy")
    assert 20 < again.asked < 1_500
    assert again.changed == {"machine-learning-engineer/salary-by-country"}
    whole = hold_out(
        changed, None, "copy"
    ).outcomes  # with the same regressions: what is compared is the choice of what to ask
    assert [(o.label, o.shown, o.got) for o in again.outcomes] == [(o.label, o.shown, o.got) for o in whole]


def test_what_was_found_is_kept_and_asked_again_after_a_change(bot: CareerBot, tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    first = checked(bot, tmp_path / "cache", folder)
    assert first.held_out and first.held_out.asked == first.phrasings
    second = checked(bot, tmp_path / "cache", folder)
    assert second.held_out and second.held_out.asked == 0
    assert second.findings == first.findings
    file = folder / "bees" / "work.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Cool smoke", "Cold smoke"), encoding="utf-8")
    third = checked(bot, tmp_path / "cache", folder)
    assert third.held_out and third.held_out.asked >= 11
    assert third.held_out.changed == {"bees/smoker"}


def test_a_phrasing_that_a_shipped_intent_has_is_named_in_the_authors_own_file(
    bot: CareerBot, cache: Path, folder: Path
) -> None:
    file = folder / "baking" / "day.yaml"
    file.write_text(ENTRY + "      - Thanks!\n", encoding="utf-8")
    found = check(Wanted((folder,), (ROOT / "intents",), None, DAY), None, cache).findings
    assert [(f.file, f.line, f.rule) for f in found if f.level == "error"] == [
        (file, 14, "duplicate-phrasing")
    ]
    assert "belongs to the intent thanks already" in next(f.message for f in found if f.level == "error")


def test_an_entry_with_one_question_is_judged_by_what_it_would_answer(bot: CareerBot, tmp_path: Path) -> None:
    told = {
        "where": ("Where is the mill office?", "Behind the mill."),
        "free": ("Is the mill office free of charge?", "For everybody."),
        "who": ("Who runs the mill office?", "Two millers."),
        "again": ("Who runs the mill office?", "Nobody since the flood of last winter."),
    }
    folder = tmp_path / "mill"
    (folder / "office").mkdir(parents=True)
    (folder / "sources.yaml").write_text("sources:\n  - {id: s, title: S}\n")
    (folder / "office" / "pack.yaml").write_text("id: office\ntitle: Office\nabout: the mill office\n")
    entries = [
        f"  - id: {name}\n    question: {question}\n    answer: {answer}\n    citations: [{{source: s, section: S}}]\n"
        for name, (question, answer) in told.items()
    ]
    (folder / "office" / "all.yaml").write_text("topic: all\ntitle: All\nentries:\n" + "".join(entries))
    found = checked(bot, tmp_path / "cache", folder).findings
    lost = [finding for finding in found if finding.rule in ("unreachable", "leads-elsewhere")]
    assert [(finding.line, finding.message) for finding in lost] == [
        (16, "its question, asked as it is written, is answered from office/who")
    ]
