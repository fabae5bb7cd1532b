"""Packs of figures by occupation and place that somebody else wrote: what is read, told and refused; how they are kept and read again."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from chatbot import CareerBot, KnowledgeError
from chatbot.checking.check import Wanted, check
from chatbot.knowledge.load import load_knowledge
from chatbot.reply import Reply
from chatbot.retrieval.encoder import Vectors

FIGURES = (
    "employment,hourly_mean,annual_mean,hourly_p10,hourly_p25,hourly_median,hourly_p75,hourly_p90,"
    "annual_p10,annual_p25,annual_median,annual_p75,annual_p90"
)
NATIONAL = f"""year,code,title,level,{FIGURES}
2025,00-0000,All Occupations,total,1000,20.00,41600,10.00,15.00,20.00,25.00,30.00,20800,31200,41600,52000,62400
2025,51-0000,Production Occupations,major,500,19.00,39520,12.00,14.00,18.00,22.00,28.00,24960,29120,37440,45760,58240
2025,51-3010,Bread Workers,broad,340,18.50,38480,12.00,14.00,17.50,21.00,25.00,24960,29120,36400,43680,52000
2025,51-3011,Bakers,detailed,300,18.00,37440,12.00,14.00,17.00,21.00,25.00,24960,29120,35360,43680,52000
2025,51-9021,Millers,detailed,200,22.00,45760,14.00,18.00,21.00,26.00,31.00,29120,37440,43680,54080,64480
2025,29-1242,Surgeons,detailed,50,*,*,50.00,90.00,#,#,#,104000,187200,#,#,#
2025,27-2011,Actors,detailed,70,30.00,*,15.00,20.00,25.00,35.00,60.00,*,*,*,*,*
2025,25-2021,Teachers,detailed,90,*,50000,*,*,*,*,*,30000,40000,48000,58000,70000
"""
STATES = f"""year,state,code,{FIGURES}
2025,OH,51-3011,*,19.00,39520,13.00,15.00,18.00,22.00,26.00,27040,31200,37440,45760,54080
2025,OH,51-9021,20,*,*,*,*,*,*,*,*,*,*,*,*
2025,TX,51-3011,40,17.00,35360,11.00,13.00,16.00,20.00,24.00,22880,27040,33280,41600,49920
"""
TITLES = """titles:
  51-3011: [baker, bread maker]
  51-9021: [miller]
ambiguous:
  mill worker: [51-9021, 51-3011]
stand_ins:
  cake designer: 51-3011
unlisted: [royal baker]
broader:
  51-3019: 51-3010
groups:
  51-0000: [production]
"""
PACK = """id: mill
title: Mill
about: the mill
data:
  national: national.csv
  regions: states.csv
  titles: titles.yaml
  year: 2025
  period: Spring 2025
  at_least: {year: "$239,200", hour: "$115.00"}
  words:
    mean: [mean, average]
    hour: [hourly, an hour]
    lowest: [lowest]
    highest: [highest]
"""


def lookup(name: str, question: str, says: str, phrasings: str, more: str = "", kind: str = "figures") -> str:
    return f"""  - id: {name}
    question: "{question}"
    example: bakers, millers
    kind: {kind}
    says: "{says}"
    missing: "Nothing on {name} of {{occupation}} in {{place}}."
    citations: [{{source: tables, section: Table 1}}]
    phrasings: [{phrasings}]
{more}"""


TOPIC = (
    "topic: pay\ntitle: Pay\nlookups:\n"
    + lookup(
        "typical", "What does a {occupation} earn in {place}?", "{occupation}, {place}, {period}: {median_full}.",
        '"{occupation} salary", "{occupation} salary in {place}", "how much does a {occupation} make"', "    measure: pay\n",
    )
    + lookup(
        "mean", "What is the mean pay of a {occupation} in {place}?", "{occupation}, {place}, mean: {mean_full}.",
        '"mean {occupation} salary"', "    measure: pay\n    by: mean\n    statistic: [mean]\n",
    )
    + lookup(
        "headcount", "How many people work as a {occupation} in {place}?", "{occupation}, {place}: {employment} people.",
        '"how many {occupation} are there in {place}"', "    by: employment\n",
    )
    + lookup(
        "against", "Does a {occupation} beat the field in {place}?", "{median}", '"{occupation} against the field"',
        "    against_whole: true\n",
    )
    + lookup("best", "Which jobs are best paid in {place}?", "Best paid{group}: {items}.", '"best paid jobs"', "    most: 3\n", "ranking")
)  # fmt: skip
FACTS_PACK = "id: mill\ntitle: Mill\nabout: the mill\ndata: {titles: titles.csv, facts: facts.csv}\n"
FACTS_TOPIC = "topic: work\ntitle: Work\nlookups:\n" + lookup(
    "tasks", "What does a {occupation} do?", "{occupation}: {items}", '"{occupation} tasks", "duties of a {occupation}"',
    "    facts: task\n    most: 2\n    joined: sentences\n", "facts",
)  # fmt: skip
FACTS = "code,kind,text\n51-3011.00,task,Bake bread\n51-3011.00,task,Sell it.\n51-3011.00,task,Sweep up.\n51-3011.00,tool,Oven\n"
OWN_TITLES = "code,title\n51-3011.00,Bread Bakers\n51-9021.00,Grain Millers\n51-3011.00,Dough Boss\n"


class Letters:
    """An encoder that counts letters: which words stand in a question decides, and no model is loaded."""

    fingerprint = "letters" * 8

    def encode(self, texts: Sequence[str]) -> Vectors:
        counts = np.array([[text.lower().count(c) + 0.01 for c in "abcdefghijklmnopqrstuvwxyz"] for text in texts], np.float32)
        made: Vectors = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return made


DAY = datetime.date(2026, 1, 1)
Write = Callable[..., Path]
Start = Callable[..., CareerBot]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the pack, with other texts for some of its files; None leaves one out."""

    def call(files: dict[str, str | None] | None = None) -> Path:
        folder = tmp_path / "knowledge"
        (folder / "mill").mkdir(parents=True, exist_ok=True)
        source = "{id: tables, title: The tables, publisher: The Mill, published: '2025', url: 'https://example.org/tables'}"
        (folder / "sources.yaml").write_text(f"sources:\n  - {source}\n", encoding="utf-8")
        shipped = {"pack.yaml": PACK, "pay.yaml": TOPIC, "titles.yaml": TITLES, "national.csv": NATIONAL, "states.csv": STATES}
        for name, text in (shipped | (files or {})).items():
            if text is not None:
                (folder / "mill" / name).write_text(text, encoding="utf-8", newline="")
        return folder

    return call


@pytest.fixture
def start(tmp_path: Path, write: Write) -> Iterator[Start]:
    """A bot on the pack, without intents; what is prepared is kept in tmp_path/kept."""
    made: list[CareerBot] = []
    (tmp_path / "intents").mkdir()

    def call(files: dict[str, str | None] | None = None) -> CareerBot:
        bot = CareerBot(write(files), tmp_path / "intents", encoder=Letters(), cache=tmp_path / "kept")
        made.append(bot)
        return bot

    yield call
    for bot in made:
        bot.close()


def swap(text: str, old: str, new: str) -> str:
    """The text with one planted fault."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def findings(folder: Path) -> list[str]:
    """What the loader says, as it is shown, without the folder's name."""
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge([folder])
    return [str(finding).removeprefix(f"{folder}/mill/") for finding in caught.value.findings]


# what a pack's author gets


ANSWERED = [
    ("baker salary", "Bakers, the United States, Spring 2025: $35,360 a year ($17.00 an hour)."),
    ("What does a baker earn in Texas?", "Bakers, Texas, Spring 2025: $33,280 a year ($16.00 an hour)."),
    ("bread maker salary in Ohio", "Bakers, Ohio, Spring 2025: $37,440 a year ($18.00 an hour)."),
    ("Bakers salary in TX", "Bakers, Texas, Spring 2025: $33,280 a year ($16.00 an hour)."),
    ("baker salary an hour in Texas", "Bakers, Texas, Spring 2025: $16.00 an hour ($33,280 a year)."),
    ("mean baker salary", "Bakers, the United States, mean: $37,440 a year ($18.00 an hour)."),
    ("surgeon salary", "Surgeons, the United States, Spring 2025: at least $239,200 a year (at least $115.00 an hour)."),
    ("actor salary", "Actors, the United States, Spring 2025: $25.00 an hour (no yearly figure is published for this occupation)."),
    ("teacher salary", "Teachers, the United States, Spring 2025: $48,000 a year (no hourly figure is published for this occupation)."),
    ("How many people work as a miller in Ohio?", "Millers, Ohio: 20 people."),
]


def test_a_pack_of_figures_answers_in_its_authors_words(start: Start) -> None:
    bot = start()
    for question, text in ANSWERED:
        reply = bot.ask(question)
        assert (reply.kind, reply.text) == ("answer", text), question


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("miller salary in Ohio", "Nothing on typical of Millers in Ohio."),
        ("miller salary in Texas", "Nothing on typical of Millers in Texas."),
        ("How many people work as a baker in Ohio?", "Nothing on headcount of Bakers in Ohio."),
        ("baker salary in Alaska", "I have no figures for Alaska."),
        ("baker salary in France", "I have figures for the US only, none for France."),
        ("royal baker salary", "I have no figures under the name royal baker."),
    ],
    ids=["withheld", "no row", "employment withheld", "no state", "abroad", "unlisted"],
)
def test_what_the_data_does_not_hold_is_said(start: Start, question: str, text: str) -> None:
    reply = start().ask(question)
    assert (reply.kind, reply.text, reply.citations, reply.chart) == ("unknown", text, (), None)


def test_the_citation_names_the_row_that_was_read(start: Start) -> None:
    (citation,) = start().ask("baker salary in Texas").citations
    assert (citation.title, citation.publisher, citation.url) == ("The tables", "The Mill", "https://example.org/tables")
    assert citation.section == "Table 1: Bakers (51-3011), Texas"


def test_a_title_that_may_mean_several_is_asked_back_and_a_word_chooses(start: Start) -> None:
    talk = start().conversation()
    reply = talk.ask("mill worker salary in Ohio")
    assert (reply.kind, [q.split(" earn ")[0] for q in reply.suggestions]) == ("clarify", ["What does a Millers", "What does a Bakers"])
    assert talk.ask("2").text == "Bakers, Ohio, Spring 2025: $37,440 a year ($18.00 an hour)."


def test_a_stand_in_and_an_unknown_word_before_a_title_are_labelled(start: Start) -> None:
    bot = start()
    stand_in = bot.ask("cake designer salary")
    assert "given as a stand-in, is Bakers (51-3011)" in stand_in.text
    reply = bot.ask("zebra baker salary")
    assert reply.kind == "clarify" and "nothing under the name “zebra baker” itself" in reply.text


def test_a_broader_group_is_named_where_the_code_has_no_row(start: Start, write: Write) -> None:
    extra = FACTS_PACK.replace("mill", "names").replace("Mill", "Names").replace(", facts: facts.csv", "")
    folder = write()
    (folder / "names").mkdir()
    (folder / "names" / "pack.yaml").write_text(extra, encoding="utf-8")
    (folder / "names" / "titles.csv").write_text("code,title\n51-3019.00,Pretzel Benders\n", encoding="utf-8")
    reply = start().ask("pretzel bender salary")
    assert reply.kind == "answer"
    assert "counted within a broader group" in reply.text
    assert "Bread Workers, the United States, Spring 2025: $36,400 a year" in reply.text


def test_against_the_whole_is_worked_out_from_both_rows(start: Start) -> None:
    reply = start().ask("baker against the field")
    assert "Bakers $35,360 a year; All Occupations $41,600 a year." in reply.text
    assert f"${41600 - 35360:,} a year more for All Occupations, {41600 / 35360:.2f} times as much" in reply.text


def test_a_ranking_leaves_out_what_is_no_yearly_figure_and_names_what_is_above_the_limit(start: Start) -> None:
    reply = start().ask("best paid jobs")
    assert reply.text.startswith("Best paid: Teachers $48,000 a year; Millers $43,680 a year; Bakers $35,360 a year.")
    assert "Left out of the order, as only “at least $239,200 a year” is published: Surgeons." in reply.text
    assert "Actors" not in reply.text
    assert reply.chart and [bar.value for bar in reply.chart.bars] == [48000, 43680, 35360]


def test_facts_are_told_in_their_order_and_no_more_than_asked_for(start: Start) -> None:
    bot = start({"pack.yaml": FACTS_PACK, "pay.yaml": FACTS_TOPIC, "titles.yaml": None, "titles.csv": OWN_TITLES, "facts.csv": FACTS})
    assert bot.ask("dough boss tasks").text.endswith("Bread Bakers: Bake bread. Sell it.")
    reply = bot.ask("duties of a grain miller")
    assert (reply.kind, "Bake" in reply.text) == ("unknown", False)


def test_columns_of_titles_and_facts_may_stand_in_any_order(start: Start) -> None:
    facts = 'text,code,kind\n"Bake, then sell",51-3011.00,task\n'
    titles = "title,code\nBread Bakers,51-3011.00\n"
    bot = start({"pack.yaml": FACTS_PACK, "pay.yaml": FACTS_TOPIC, "titles.yaml": None, "titles.csv": titles, "facts.csv": facts})
    assert bot.ask("bread baker tasks").text == "Bread Bakers: Bake, then sell."


# faults


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
        ("pack.yaml", "  regions: states.csv", "  regions: state.csv", "state.csv:1:1: [error] can't be read: No such file or directory"),
        ("pack.yaml", "  year: 2025", "  year: soon", "pack.yaml:8:9: [error] data.year: expected a number, found the text 'soon'"),
        ("pack.yaml", "  year: 2025", "  yeer: 2025", "pack.yaml:8:3: [error] unknown key 'yeer'; did you mean 'year'?"),
        ("pay.yaml", "kind: ranking", "kind: rank", "[error] lookups.kind: 'rank' is none of its values; did you mean 'ranking'?"),
    ],
    ids=lambda value: value[:26] if isinstance(value, str) else None,
)  # fmt: skip
def test_a_fault_is_named_by_file_line_and_column(write: Write, name: str, old: str, new: str, told: str) -> None:
    """The first finding, as it is shown; nothing is loaded."""
    shipped = {"pack.yaml": PACK, "pay.yaml": TOPIC, "titles.yaml": TITLES, "national.csv": NATIONAL, "states.csv": STATES}
    first = findings(write({name: swap(shipped[name], old, new)}))[0]
    assert told in first
    assert first.isprintable()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("facts.csv", "code,kind\n51-3011.00,task\n", ["facts.csv:1:1: [error] the columns must be code,kind,text; found: code,kind (data-file)"]),
        ("facts.csv", "", ["facts.csv:1:1: [error] the columns must be code,kind,text; found: nothing (data-file)"]),
        (
            "facts.csv", "code,kind,text\n51-3011.00,task\n51-3011.00,,y\n51-3011.00,task,a\x1b[31mb\n",
            [
                "facts.csv:2:1: [error] 2 cells, or an empty one; expected 3: code,kind,text (data-file)",
                "facts.csv:3:1: [error] 3 cells, or an empty one; expected 3: code,kind,text (data-file)",
                "facts.csv:4:1: [error] a control character; take it out (data-file)",
            ],
        ),
        ("facts.csv", 'code,kind,text\n51-3011.00,task,"Bake\n', ["facts.csv:2:1: [error] not CSV: unexpected end of data (data-file)"]),
        ("titles.csv", "code\n51-3011.00\n", ["titles.csv:1:1: [error] the columns must be code,title; found: code (data-file)"]),
        ("titles.csv", None, ["titles.csv:1:1: [error] can't be read (No such file or directory); pack.yaml names it under data (data-file)"]),
    ],
    ids=["a column is missing", "empty", "short, empty, control character", "a quote is missing", "titles", "not there"],
)  # fmt: skip
def test_faults_of_titles_and_facts_are_all_named(write: Write, name: str, text: str | None, told: list[str]) -> None:
    files: dict[str, str | None] = {"pack.yaml": FACTS_PACK, "pay.yaml": FACTS_TOPIC, "titles.yaml": None}
    files |= {"national.csv": None, "states.csv": None, "titles.csv": OWN_TITLES, "facts.csv": FACTS, name: text}
    assert findings(write(files)) == told


def test_not_utf_8_is_named(write: Write) -> None:
    folder = write({"pack.yaml": FACTS_PACK, "pay.yaml": FACTS_TOPIC, "titles.yaml": None, "titles.csv": OWN_TITLES})
    (folder / "mill" / "facts.csv").write_bytes("code,kind,text\n51-3011.00,task,Brötchen\n".encode("latin-1"))
    assert findings(folder) == ["facts.csv:1:1: [error] not UTF-8 at byte 33; save it as UTF-8 (data-file)"]


def test_faults_of_several_files_are_told_at_once(write: Write) -> None:
    folder = write({"titles.yaml": swap(TITLES, "51-9021: [", "51-9029: ["), "pay.yaml": swap(TOPIC, "kind: ranking", "kind: rank")})
    assert {line.partition(":")[0] for line in findings(folder)} >= {"titles.yaml", "pay.yaml"}


def test_data_lies_in_the_packs_own_folder_whatever_it_says(write: Write, tmp_path: Path) -> None:
    """A stranger's pack reads no file outside of it."""
    (tmp_path / "secret.csv").write_text(NATIONAL, encoding="utf-8")
    for path in ("../../secret.csv", str(tmp_path / "secret.csv")):
        (first, *_) = findings(write({"pack.yaml": swap(PACK, "national: national.csv", f"national: {path}")}))
        assert first.startswith(("pack.yaml:5:13: [error]", "secret.csv:1:1: [error] can't be read"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  year: 2025\n", "  year: 2025\n  country: DE\n", "figures are of the US only, in dollars; leave country out"),
        ("  year: 2025\n", "  year: 2025\n  whole: 99-9999\n", "data: whole: no row of the figures has the code '99-9999'"),
        ('"$239,200"', '"a lot"', "data: at_least: 'year' is no unit (year, hour) with an amount"),
    ],
    ids=["another country", "no row for the whole", "a limit that is no number"],
)
def test_what_pack_yaml_says_must_fit_the_figures(write: Write, old: str, new: str, told: str) -> None:
    first = findings(write({"pack.yaml": swap(PACK, old, new)}))[0]
    assert "pack.yaml" in first and told in first


def test_a_ranking_without_figures_is_refused_or_says_that_there_are_none(start: Start) -> None:
    try:
        bot = start({"pack.yaml": swap(PACK, "  national: national.csv\n  regions: states.csv\n", "")})
    except KnowledgeError:
        return
    assert bot.ask("best paid jobs").kind == "unknown"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{period}: {median_full}", "{period}: {medain_full}", "[error] says: "),
        ('"{occupation} salary",', '"{ocupation} salary",', "[error] phrasings: "),
        ("statistic: [mean]", "statistic: [meen]", "[error] statistic: pack.yaml has no words under 'meen'; did you mean 'mean'?"),
    ],
    ids=["a figure", "a phrasing", "the words of a figure"],
)
def test_a_name_that_is_none_is_found_by_check(write: Write, old: str, new: str, told: str) -> None:
    """It would be shown in braces, or never be chosen."""
    found = check(Wanted((write({"pay.yaml": swap(TOPIC, old, new)}),), (), None, DAY), None, None).findings
    assert any("pay.yaml" in str(finding) and told in str(finding) for finding in found)


def test_figures_without_a_year_say_that_the_pack_names_none(write: Write) -> None:
    first = findings(write({"pack.yaml": swap(PACK, "  year: 2025\n", "")}))[0]
    assert "pack.yaml" in first and "of 0" not in first


# kept, read again, asked by several


def test_a_second_start_reads_no_data_file_and_says_the_same(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    first = [start().ask(question).text for question, _ in ANSWERED]

    def fail(*_: object) -> None:
        raise AssertionError("a data file was read")

    monkeypatch.setattr("chatbot.occupations.figures.read_figures", fail)
    monkeypatch.setattr("chatbot.occupations.data.load_data", fail)
    monkeypatch.setattr("chatbot.prepare.load_data", fail)
    assert [start().ask(question).text for question, _ in ANSWERED] == first


@pytest.mark.parametrize("damage", [lambda raw: raw[: len(raw) // 2], lambda raw: raw[:-1], lambda raw: bytes(len(raw)), lambda raw: b""])
def test_a_damaged_snapshot_is_made_anew(start: Start, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    start().close()
    (kept,) = (tmp_path / "kept").glob("knowledge-*.bin")
    whole = kept.read_bytes()
    kept.unlink()
    kept.write_bytes(damage(whole))
    bot = start()
    assert [bot.ask(question).text for question, _ in ANSWERED] == [text for _, text in ANSWERED]
    (again,) = (tmp_path / "kept").glob("knowledge-*.bin")
    assert len(again.read_bytes()) == len(whole)


@pytest.mark.parametrize("fresh", [False, True], ids=["while it runs", "at the next start"])
def test_an_edited_figure_is_the_one_that_is_told(start: Start, tmp_path: Path, fresh: bool) -> None:
    bot = start()
    assert "$33,280" in bot.ask("baker salary in Texas").text
    file = tmp_path / "knowledge" / "mill" / "states.csv"
    edited = swap(STATES, "22880,27040,33280,41600", "22880,27040,33290,41600")
    if fresh:
        bot = start({"states.csv": edited})
    else:
        file.write_text(edited, encoding="utf-8")
        bot.reload()
    assert bot.ask("baker salary in Texas").text == "Bakers, Texas, Spring 2025: $33,290 a year ($16.00 an hour)."


def test_an_edited_title_is_known_after_a_reload(start: Start, tmp_path: Path) -> None:
    bot = start()
    assert bot.ask("croissant artist salary").kind != "answer"
    (tmp_path / "knowledge" / "mill" / "titles.yaml").write_text(swap(TITLES, "bread maker", "croissant artist"), encoding="utf-8")
    bot.reload()
    assert bot.ask("croissant artist salary").text.startswith("Bakers, the United States")
    assert bot.ask("bread maker salary").kind != "answer"


def test_a_fault_made_while_it_runs_leaves_the_old_figures(start: Start, tmp_path: Path) -> None:
    bot = start()
    file = tmp_path / "knowledge" / "mill" / "states.csv"
    file.write_text(swap(STATES, "33280", "3328O"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"states\.csv:4:"):
        bot.reload()
    assert "$33,280" in bot.ask("baker salary in Texas").text


def test_two_threads_that_ask_while_it_is_reloaded_get_one_figure_or_the_other(start: Start, tmp_path: Path) -> None:
    bot = start()
    file = tmp_path / "knowledge" / "mill" / "states.csv"
    replies: list[Reply] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            replies.append(bot.ask("baker salary in Texas"))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for figure in ("33300", "33310"):
        file.write_text(swap(STATES, "33280", figure), encoding="utf-8")
        bot.reload()
    done.set()
    for thread in threads:
        thread.join(20)
    texts = {reply.text for reply in replies}
    allowed = {f"Bakers, Texas, Spring 2025: ${figure} a year ($16.00 an hour)." for figure in ("33,280", "33,300", "33,310")}
    assert texts and texts <= allowed
    assert bot.ask("baker salary in Texas").text == "Bakers, Texas, Spring 2025: $33,310 a year ($16.00 an hour)."
