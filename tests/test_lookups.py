"""Packs of figures by occupation and place that somebody else wrote: what is read and told; how they are kept
and read again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from milling import (
    DATASET,
    FACTS,
    FACTS_DATASET,
    FACTS_TOPIC,
    NO_FIGURES,
    OWN_TITLES,
    STATES,
    TITLES,
    Letters,
    swap,
    write_mill,
)

from chatbot import CareerBot, KnowledgeError
from chatbot.reply import Reply

Write = Callable[..., Path]
Start = Callable[..., CareerBot]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the pack, with other texts for some of its files; None leaves one out."""
    return partial(write_mill, tmp_path / "knowledge")


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


# what a pack's author gets


ANSWERED = [
    ("baker salary", "Bakers, the United States, Spring 2025: $35,360 a year ($17.00 an hour)."),
    ("What does a baker earn in Texas?", "Bakers, Texas, Spring 2025: $33,280 a year ($16.00 an hour)."),
    (
        "bread maker salary in Ohio",
        "“bread maker” is counted among Bakers. Bakers, Ohio, Spring 2025: $37,440 a year ($18.00 an hour).",
    ),
    ("Bakers salary in TX", "Bakers, Texas, Spring 2025: $33,280 a year ($16.00 an hour)."),
    ("baker salary an hour in Texas", "Bakers, Texas, Spring 2025: $16.00 an hour ($33,280 a year)."),
    ("mean baker salary", "Bakers, the United States, mean: $37,440 a year ($18.00 an hour)."),
    (
        "surgeon salary",
        "Surgeons, the United States, Spring 2025: at least $239,200 a year (at least $115.00 an hour).",
    ),
    (
        "actor salary",
        "Actors, the United States, Spring 2025: $25.00 an hour (no yearly figure is published for this occupation).",
    ),
    (
        "teacher salary",
        "Teachers, the United States, Spring 2025: $48,000 a year (no hourly figure is published for this occupation).",
    ),
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
    assert (citation.title, citation.publisher, citation.url) == (
        "The tables",
        "The Mill",
        "https://example.org/tables",
    )
    assert citation.section == "Table 1: Bakers (51-3011), Texas"


def test_a_title_that_may_mean_several_is_asked_back_and_a_word_chooses(start: Start) -> None:
    talk = start().conversation()
    reply = talk.ask("mill worker salary in Ohio")
    assert (reply.kind, [q.split(" earn ")[0] for q in reply.suggestions]) == (
        "clarify",
        ["What does a Millers", "What does a Bakers"],
    )
    assert talk.ask("2").text == "Bakers, Ohio, Spring 2025: $37,440 a year ($18.00 an hour)."


def test_a_stand_in_and_an_unknown_word_before_a_title_are_labelled(start: Start) -> None:
    bot = start()
    stand_in = bot.ask("cake designer salary")
    assert "given as a stand-in, is Bakers (51-3011)" in stand_in.text
    reply = bot.ask("zebra baker salary")
    assert reply.kind == "clarify" and "nothing under the name “zebra baker” itself" in reply.text


def test_a_broader_group_is_named_where_the_code_has_no_row(start: Start, write: Write) -> None:
    pack = "id: names\ntitle: Names\nabout: names\n"
    names = swap(FACTS_DATASET, "  task: {kind: list, file: facts.csv, of: task}\n", "  {}\n")
    folder = write()
    (folder / "names").mkdir()
    (folder / "names" / "pack.yaml").write_text(pack, encoding="utf-8")
    (folder / "names" / "names.dataset.yaml").write_text(names, encoding="utf-8")
    (folder / "names" / "titles.csv").write_text("code,title\n51-3019.00,Pretzel Benders\n", encoding="utf-8")
    reply = start().ask("pretzel bender salary")
    assert reply.kind == "answer"
    assert "counted within a broader group" in reply.text
    assert "Bread Workers, the United States, Spring 2025: $36,400 a year" in reply.text


def test_against_the_whole_is_worked_out_from_both_rows(start: Start) -> None:
    reply = start().ask("baker against the field")
    assert "Bakers $35,360 a year; All Occupations $41,600 a year." in reply.text
    assert (
        f"${41600 - 35360:,} a year more for All Occupations, {41600 / 35360:.2f} times as much" in reply.text
    )


def test_a_ranking_leaves_out_what_is_no_yearly_figure_and_names_what_is_above_the_limit(
    start: Start,
) -> None:
    reply = start().ask("best paid jobs")
    assert reply.text.startswith(
        "Best paid: Teachers $48,000 a year; Millers $43,680 a year; Bakers $35,360 a year."
    )
    assert "Left out of the order, as only “at least $239,200 a year” is published: Surgeons." in reply.text
    assert "Actors" not in reply.text
    assert reply.chart and [bar.value for bar in reply.chart.bars] == [48000, 43680, 35360]


def test_facts_are_told_in_their_order_and_no_more_than_asked_for(start: Start) -> None:
    bot = start(
        NO_FIGURES
        | {
            "facts.dataset.yaml": FACTS_DATASET,
            "pay.yaml": FACTS_TOPIC,
            "titles.csv": OWN_TITLES,
            "facts.csv": FACTS,
        }
    )
    assert bot.ask("dough boss tasks").text.endswith("Bread Bakers: Bake bread. Sell it.")
    reply = bot.ask("duties of a grain miller")
    assert (reply.kind, "Bake" in reply.text) == ("unknown", False)


def test_columns_of_titles_and_facts_may_stand_in_any_order(start: Start) -> None:
    facts = 'text,code,kind\n"Bake, then sell",51-3011.00,task\n'
    titles = "title,code\nBread Bakers,51-3011.00\n"
    bot = start(
        NO_FIGURES
        | {
            "facts.dataset.yaml": FACTS_DATASET,
            "pay.yaml": FACTS_TOPIC,
            "titles.csv": titles,
            "facts.csv": facts,
        }
    )
    assert bot.ask("bread baker tasks").text == "Bread Bakers: Bake, then sell."


def test_a_ranking_without_figures_is_refused_or_says_that_there_are_none(start: Start) -> None:
    try:
        bot = start(
            {
                "pay.dataset.yaml": swap(
                    DATASET,
                    "  - {path: national.csv, at: {place: US}}\n  - {path: states.csv, columns: {place: state}}\n",
                    "  []\n",
                )
            }
        )
    except KnowledgeError:
        return
    assert bot.ask("best paid jobs").kind == "unknown"


# kept, read again, asked by several


def test_a_second_start_reads_no_data_file_and_says_the_same(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [start().ask(question).text for question, _ in ANSWERED]

    def fail(*_: object) -> None:
        raise AssertionError("a data file was read")

    monkeypatch.setattr("chatbot.datasets.csvfile.read_sheet", fail)
    monkeypatch.setattr("chatbot.datasets.store.load_datasets", fail)
    monkeypatch.setattr("chatbot.building.prepare.load_datasets", fail)
    assert [start().ask(question).text for question, _ in ANSWERED] == first


@pytest.mark.parametrize(
    "damage",
    [lambda raw: raw[: len(raw) // 2], lambda raw: raw[:-1], lambda raw: bytes(len(raw)), lambda raw: b""],
)
def test_a_damaged_snapshot_is_made_anew(
    start: Start, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
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
    assert (
        bot.ask("baker salary in Texas").text
        == "Bakers, Texas, Spring 2025: $33,290 a year ($16.00 an hour)."
    )


def test_an_edited_title_is_known_after_a_reload(start: Start, tmp_path: Path) -> None:
    bot = start()
    assert bot.ask("croissant artist salary").kind != "answer"
    (tmp_path / "knowledge" / "mill" / "titles.yaml").write_text(
        swap(TITLES, "bread maker", "croissant artist"), encoding="utf-8"
    )
    bot.reload()
    assert "Bakers, the United States" in bot.ask("croissant artist salary").text
    assert bot.ask("bread maker salary").kind != "answer"


def test_a_fault_made_while_it_runs_leaves_the_old_figures(start: Start, tmp_path: Path) -> None:
    bot = start()
    file = tmp_path / "knowledge" / "mill" / "states.csv"
    file.write_text(swap(STATES, "33280", "3328O"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"states\.csv:4:"):
        bot.reload()
    assert "$33,280" in bot.ask("baker salary in Texas").text


def test_two_threads_that_ask_while_it_is_reloaded_get_one_figure_or_the_other(
    start: Start, tmp_path: Path
) -> None:
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
    allowed = {
        f"Bakers, Texas, Spring 2025: ${figure} a year ($16.00 an hour)."
        for figure in ("33,280", "33,300", "33,310")
    }
    assert texts and texts <= allowed
    assert (
        bot.ask("baker salary in Texas").text
        == "Bakers, Texas, Spring 2025: $33,310 a year ($16.00 an hour)."
    )
