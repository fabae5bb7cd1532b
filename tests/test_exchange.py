"""Packs come in from other formats checked and marked, go out, and come back the same; a bad file does no harm."""

from __future__ import annotations

import json
import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import ENTRY

from chatbot import CareerBot, ChatbotError
from chatbot.cli.main import cli
from chatbot.exchange import collect, publish, record, textin
from chatbot.exchange.cells import join_list, join_map, split_list, split_map
from chatbot.exchange.delimited import COLUMNS
from chatbot.exchange.exporting import export_text
from chatbot.exchange.htmltext import Clock, to_text
from chatbot.exchange.ids import FreeIds, is_id, made_id
from chatbot.exchange.importing import Imported, import_file
from chatbot.exchange.records import TopicPart, Whole, read_whole
from chatbot.exchange.yamltext import lines_of
from chatbot.knowledge.load import load_knowledge
from chatbot.knowledge.schema import CitationSpec, EntrySpec, PackFile, RowSpec, SourceSpec, TableSpec, TopicFile
from chatbot.knowledge.yamlfile import read
from chatbot.paths import shipped

ROUND_TRIPS = ("csv", "tsv", "jsonl", "json", "html")
SHIPPED = read_whole([shipped("knowledge")], "machine-learning-engineer")
PLAIN = "question,answer\nWhen does a baker start work?,Before sunrise.\n"


def faults(done: Imported) -> list[str]:
    """``line: message`` of what was skipped."""
    return [str(fault).partition(f"{fault.file}:")[2] for fault in done.faults]


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Imported]:
    """Write a file, import it, and load what came of it."""

    def call(content: str | bytes, name: str = "bakers.csv", **options: object) -> Imported:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        told = {"pack": None, "form": None, "source": None, "force": False} | options
        done = import_file(file, tmp_path / "in", **told)  # type: ignore[arg-type]
        load_knowledge([tmp_path / "in"])
        return done

    return call


@pytest.fixture
def entries(tmp_path: Path) -> Callable[..., list[EntrySpec]]:
    """The entries of a pack that was imported, in the order of its files."""

    def call(pack: str = "bakers") -> list[EntrySpec]:
        return [spec for part in read_whole([tmp_path / "in"], pack).topics for spec in part.spec.entries]

    return call


def refused(load: Callable[..., Imported], *arguments: object, **options: object) -> str:
    """The one line that is said of a file of which nothing can be used."""
    with pytest.raises(ChatbotError) as caught:
        load(*arguments, **options)
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()
    return str(caught.value)


def chatbot(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


# there and back


@pytest.mark.parametrize("form", ROUND_TRIPS)
def test_the_shipped_pack_comes_back_field_for_field(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"other-name.{form}"
    file.write_text(export_text(SHIPPED, form), encoding="utf-8", newline="")
    done = import_file(file, tmp_path / "in", None, None, None, False)
    assert read_whole([tmp_path / "in"], "machine-learning-engineer") == SHIPPED
    assert (done.faults, done.notes) == ((), ())
    assert [one for one in done.todo if not one.startswith("language.yaml")] == []
    assert {path.name for path in (tmp_path / "in").iterdir()} == {"machine-learning-engineer", "sources.yaml"}


PIECES = [
    "NO", "yes", "2024", "null", "~", "true", "010", "1e3", ".5", "- a", "-", "--- ", "...", "#x", " # y", ": ", "a: b", "key:", "? ", "! ", "&a",
    "*b", "%", "@", "`", "'", '"', '""', "“q”", "\n", "\n\n", "  ", " ", "\t", "\u00a0", "\u2028", "\u2029", "\ufeff", "\u200d", "👩‍🔬", "é", "e\u0301",
    "中文", "עברית", "\u202e", "<b>x</b>", "&amp;", "&lt;", "<", "a < b", "</script>", "<!--", "]]>", "List<int>", "|", ";", "; ", ",", "[", "]", "{", "}",
    '["a"]', '{"a": 1}', "=1+1", "\\", "\\n", "\\u0041", "$5", "one", "another word", "x" * 130, "\ufffe", "\U0010ffff", "http://x.y/z?a=b&c=d", "question",
]  # fmt: skip


class Nasty:
    """Packs of text that YAML, CSV and HTML have their own ideas of."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same texts in every run

    def text(self) -> str:
        found = ""
        while not found.strip():
            found = "".join(self.random.choice(PIECES) for _ in range(self.random.randint(1, 7)))
        return found

    def texts(self, most: int = 5) -> list[str]:
        return [self.text() for _ in range(self.random.randint(0, most))]

    def maybe(self) -> str | None:
        return self.random.choice([None, self.text()])

    def citation(self) -> CitationSpec:
        return CitationSpec(source="s", section=self.text(), origin=self.maybe(), figures=self.texts(3))

    def entry(self, name: str) -> EntrySpec:
        cited = [self.citation() for _ in range(self.random.randint(1, 3))]
        scope = {self.text(): self.text() for _ in range(self.random.randint(0, 2))}
        told = {"phrasings": self.texts(9), "as_of": self.maybe(), "brief": self.maybe(), "replaces": f"other/{name}", "follow_ups": ["e0"]}
        return EntrySpec(id=name, question=self.text(), answer=self.text(), citations=cited, scope=scope, **told)  # type: ignore[arg-type]

    def table(self, name: str) -> TableSpec:
        dimensions = sorted({self.text(), self.text()})
        amounts = [1, 2.5, 1e22, 1e-9, -3]
        rows = [RowSpec(at={d: f"{self.text()}{i}" for d in dimensions}, amount=n, shown=self.text()) for i, n in enumerate(amounts)]
        rows[0].citations = [self.citation()]
        words = ("question", "unit", "statistic", "period", "overview", "item", "row", "missing")
        told = {word: self.text() for word in words} | {"contrast": self.maybe(), "brief": self.maybe(), "row_phrasings": self.texts()}
        return TableSpec(
            id=name, measure="m", dimensions=dimensions, labels={self.text(): "x"}, citations=[self.citation()], rows=rows, **told
        )  # type: ignore[arg-type]

    def pack(self) -> Whole:
        topics = [
            TopicPart(
                "0 Other name", TopicFile(topic="a", title=self.text(), shelf_life_years=0.5, entries=[self.entry("e0"), self.entry("e1")])
            ),
            TopicPart("b", TopicFile(topic="b", title=self.text(), entries=[self.entry("e2")], tables=[self.table("e3")])),
            TopicPart("c", TopicFile(topic="c", title=self.text())),
        ]
        source = SourceSpec(
            id="s", title=self.text(), publisher=self.maybe(), published=self.text(), url="https://x.y/?a=b&c=<d>", kind="statistics"
        )
        pack = PackFile(id="p", title=self.text(), role=self.texts(), own_terms=self.texts(), about=self.text(), try_asking=["e1", "e3"])
        return Whole(pack, tuple(topics), (source,))


@pytest.mark.parametrize("seed", range(8))
def test_any_text_comes_back_the_same_through_yaml_and_every_format(seed: int, tmp_path: Path) -> None:
    whole = Nasty(seed).pack()
    for form in ROUND_TRIPS:
        file = tmp_path / f"p.{form}"
        file.write_text(export_text(whole, form), encoding="utf-8", newline="")
        done = import_file(file, tmp_path / form, None, None, None, False)
        assert done.faults == ()
        assert read_whole([tmp_path / form], "p") == whole, form
    assert export_text(whole, "markdown")


@pytest.mark.parametrize("seed", range(3))
def test_any_text_comes_back_from_yaml_and_from_a_cell(seed: int, tmp_path: Path) -> None:
    nasty, file = Nasty(100 + seed), tmp_path / "one.yaml"
    for _ in range(100):
        value = {
            "text": nasty.text(),
            "list": nasty.texts(),
            "phrasings": nasty.texts(),
            "map": {nasty.text(): nasty.text()},
            "number": 0.1,
        }
        file.write_text("\n".join(line for name, item in value.items() for line in lines_of(name, item, 0)) + "\n", encoding="utf-8")
        assert read(file).plain() == value
        assert split_list(join_list(value["list"])) == value["list"]  # type: ignore[arg-type]
        assert split_map(join_map(value["map"])) == value["map"]  # type: ignore[arg-type]


def test_line_ends_become_newlines_in_every_format(tmp_path: Path) -> None:
    entry = EntrySpec(id="e", question="Is it?", answer="One.\r\nTwo.\rThree.", citations=[CitationSpec(source="s", section="S")])
    whole = Whole(
        PackFile(id="p", title="P"), (TopicPart("t", TopicFile(topic="t", title="T", entries=[entry])),), (SourceSpec(id="s", title="S"),)
    )
    for form in ROUND_TRIPS:
        (tmp_path / f"p.{form}").write_text(export_text(whole, form), encoding="utf-8", newline="")
        import_file(tmp_path / f"p.{form}", tmp_path / form, None, None, None, False)
        assert read_whole([tmp_path / form], "p").topics[0].spec.entries[0].answer == "One.\nTwo.\nThree."


def test_a_topic_too_large_for_one_file_is_split_in_order(load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "PART_BYTES", 3_000)
    monkeypatch.setattr("chatbot.exchange.packfolder.PART_BYTES", 3_000)
    load("question,answer\n" + "".join(f"Question {i}?,Answer {i}.\n" for i in range(100)))
    files = sorted((tmp_path / "in" / "bakers").glob("general-*.yaml"))
    assert len(files) > 5
    assert all(file.stat().st_size <= 3_000 for file in files)
    knowledge = load_knowledge([tmp_path / "in"])
    assert [entry.question for entry in knowledge.entries] == [f"Question {i}?" for i in range(100)]
    assert knowledge.topics == {"general": "General"}


def test_many_rows_need_little_memory(tmp_path: Path) -> None:
    row = 'What does the {0}th baker do at hour {0}?,"It is {1} of the day, in the year {0}.","{2}",topic {3},Source {3},Hours\n'
    with (tmp_path / "many.csv").open("w") as stream:
        stream.write("question,answer,phrasings,topic,source,section\n")
        stream.writelines(row.format(i, "work " * 40, "\n".join(f"phrasing {i} {j}" for j in range(10)), i % 20) for i in range(4_000))
    code = "import sys; from chatbot.cli.main import main; sys.argv[0] = 'chatbot'; main()"
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done = subprocess.run([sys.executable, "-c", code, "import", "many.csv", "--into", "in"], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode().startswith("in/many: 4,000 entries, 20 topics, 20 new sources")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert peak <= max(before, 160_000), f"{peak // 1024} MB"


# CSV and TSV


def test_a_plain_table_becomes_a_pack_that_loads_with_what_is_left_to_do(load, entries, tmp_path: Path) -> None:
    done = load('question,answer\nWhat does a baker earn?,"About £25,000 in three towns, in 2024."\n')
    (entry,) = entries()
    assert (entry.id, entry.question) == ("what-does-a-baker-earn", "What does a baker earn?")
    assert entry.citations == [CitationSpec(source="bakers", section="What does a baker earn?", figures=["25,000", "three", "2024"])]
    text = "".join(file.read_text() for file in (tmp_path / "in").rglob("*.yaml"))
    for mark in (
        "TODO: the heading",
        "TODO: taken from the answer",
        "TODO: other ways to ask",
        "TODO: publisher",
        "TODO: published",
        "TODO: role",
        "TODO: no topic",
    ):
        assert mark in text
    told = "\n".join(done.todo)
    for what in (
        "source bakers: publisher",
        "source bakers: published",
        "section",
        "nobody has checked",
        "fewer than 8 phrasings",
        "no topic",
        "language.yaml",
    ):
        assert what in told


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Question,Answer,Category,Alternate Questions\nDo bakers sleep?,By day.,Day & Night,a; b\n", "x.csv"),
        ("sep=;\nQuestion;Answer;tags;phrasings\nDo bakers sleep?;By day.;Day & Night;a|b\n", "x.csv"),
        ("ANSWER\tQ\tTopic\tvariants\nBy day.\tDo bakers sleep?\tDay & Night\t[\"a\", \"b\"]\n", "x.tsv"),
        ('question|answer|topic_title|phrasings\nDo bakers sleep?|By day.|Day & Night|"a\nb"\n', "x.csv"),
        ("\ufeffquestion;answer;topic;phrasings\r\n  Do bakers sleep? ;By day.; Day & Night;\"a\r\nb\"\r\n\r\n", "x.csv"),
        ("question,answer,topic,phrasings\nDo bakers sleep?,By day.,Day & Night,a;b\n".encode("utf-16"), "x.csv"),
        ('{"question": "Do bakers sleep?", "answer": "By day.", "topic": "Day & Night", "phrasings": ["a", "b"]}\n', "x.jsonl"),
        ('{"Q": "Do bakers sleep?", "A": "By day.", "category": "Day & Night", "variants": "a; b"}', "x.ndjson"),
        ('[{"question": "Do bakers sleep?", "answer": "By day.", "topic": "Day & Night", "phrasings": "a|b"}]', "x.json"),
    ],
    ids=["names", "semicolon", "tab", "bar", "windows", "utf-16", "jsonl", "jsonl-names", "json"],
)  # fmt: skip
def test_tables_and_lines_of_many_makes_are_read_alike(load, entries, tmp_path: Path, content: str | bytes, name: str) -> None:
    assert load(content, name).faults == ()
    (entry,) = entries("x")
    assert (entry.question, entry.answer, entry.phrasings) == ("Do bakers sleep?", "By day.", ["a", "b"])
    assert load_knowledge([tmp_path / "in"]).topics == {"day-night": "Day & Night"}


def test_bad_rows_are_named_and_the_others_kept(load, entries) -> None:
    done = load(
        "id,question,answer,url,scope,kind\n"
        "a,One?,1,,,\n"  # line 2
        "b,,no question,,,\n"
        "c,No answer?,,,,\n"
        "d,Too few?,x\n"
        "e,Too many?,x,,,,,more\n"
        "a,Again?,x,,,\n"
        "g,Bad address?,x,ftp://x,,\n"
        "h,Bad scope?,x,,country,\n"
        "i,Bad kind?,x,,,entyr\n"
        "j,\"Not closed?,x,,,\n"
        "k,Two?,\"2, \"\"quoted\"\",\nand on\",,country: US,\n"
        "l,Con\x07trol?,x,,,\n"
        "\n"
        'm,Three?,3,,"{""country"": ""NO""}",entry\n'
    )  # fmt: skip
    assert [entry.question for entry in entries()] == ["One?", "Two?", "Three?"]
    assert [entry.scope for entry in entries()] == [{}, {"country": "US"}, {"country": "NO"}]
    assert faults(done) == [
        "3: no question",
        "4: no answer",
        "5: 3 cells, where the header has 6",
        "6: 8 cells, where the header has 6; put quotes around text that holds a separator",
        "7: the id 'a' stands twice (first in line 2)",
        "8: url: 'ftp://x' is no address that begins with http:// or https://",
        "9: scope: 'country' is no pair such as country: US",
        "10: unknown kind 'entyr'; did you mean 'entry'?",
        "11: not a row that can be read: ',' expected after '\"'; is a quote missing? (the row goes on to line 12)",
        "14: control character U+0007 in 'Con trol?': remove it",
    ]


def test_a_quote_that_is_never_closed_costs_one_row(load, entries) -> None:
    done = load('question,answer\n"Open?,x\n' + "".join(f"Question {i}?,{i}\n" for i in range(50)))
    assert len(entries()) == 50
    assert [fault.line for fault in done.faults] == [2]


def test_unknown_columns_are_named_and_ignored(load) -> None:
    done = load("question,answer,phrasigns,colour,Frage,Question\nIs it?,Yes.,a,b,c,d\n")
    assert [note.partition("bakers.csv:")[2].partition("; known")[0] for note in done.notes] == [
        "1: the column 'phrasigns' is ignored; did you mean 'phrasings'?",
        "1: the column 'colour' is ignored",
        "1: the column 'Frage' is ignored",
        "1: the column 'Question' is ignored; there is one for 'question' already",
    ]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("question,answer\nWhat\u2019s it?,x\n".encode("cp1252"), "x.csv", "x.csv:2: not UTF-8 (byte 0x92 at byte 5 of the line); save the file as UTF-8"),
        ("question,answer\na,b\n".encode("utf-16-le"), "x.csv", "x.csv:1: not text; if it is UTF-16, save it as UTF-8"),
        ("Frage,Antwort\na,b\n", "x.csv", "x.csv:1: the header has no column question and no column answer; it has: Frage, Antwort"),
        ("", "x.csv", "x.csv:1: no header"),
        ("", "x.jsonl", "x.jsonl: nothing in it could be imported"),
        ("question,answer\n,\n", "x.csv", "x.csv: nothing in it could be imported"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "x.jsonl", "x.jsonl:1: not UTF-8"),
        ("<html><p>Hello</p>", "x.html", "x.html: no schema.org questions in it"),
        ("<meta charset=zlib><p>Hello</p>", "x.html", "it declares the encoding 'zlib', which is not known"),
        ("caf\u00e9".encode("latin-1"), "x.html", "x.html:1: not UTF-8 (byte 0xe9) and declares no encoding"),
        ("[" * 100_000, "x.json", "x.json: JSON that is nested too deep"),
        ("<div>" * 100_000, "x.html", "x.html: HTML that can't be read: tags nested more than 5,000 deep"),
        ("<a " * 500_000, "x.html", "x.html: HTML that can't be read: the tag '<a <a <a <' in line 1 has no end"),
        ("<![<![", "x.html", "x.html: HTML that can't be read"),
        (PLAIN, "x.doc", "x.doc: what format is this?"),
        ('question,answer\na,"' + '"' * 5_000_000, "x.csv", "x.csv: nothing in it could be imported"),
    ],
    ids=["windows", "utf-16", "header", "empty", "no-lines", "blank", "binary", "no-faq", "charset", "latin", "deep", "bomb", "tag", "broken", "kind", "quotes"],
)  # fmt: skip
def test_what_can_not_be_used_is_said_in_one_line_and_leaves_nothing(
    load, tmp_path: Path, content: str | bytes, name: str, said: str
) -> None:
    assert said in refused(load, content, name)
    assert {path.name for path in tmp_path.iterdir()} - {name} <= {"state", "home"}


def test_what_is_too_large_is_refused(load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textin, "PAGE_BYTES", 1_000)
    assert "more than 1,000 bytes" in refused(load, " " * 2_000, "x.json")
    monkeypatch.setattr(textin, "LINE_CHARS", 1_000)
    long = json.dumps({"question": "Long?", "answer": "x" * 2_000})
    done = load(f'{long}\n{{"question": "Short?", "answer": "Yes."}}\n', "x.jsonl")
    assert faults(done) == ["1: the line is too long to be an entry"]


def test_broken_lines_of_json_are_named(load) -> None:
    good = '{"question": "Is it?", "answer": "Yes."}'
    lines = [
        "{",
        "[1]",
        '{"question": 5, "answer": "x"}',
        '{"question": "a", "answer": "b", "follow_ups": {}}',
        "[" * 100_000,
        '{"answer": "\\ud800"}',
    ]
    lines += [
        '{"kind": "thing"}',
        '{"kind": "source", "id": "Bad Id", "title": "x"}',
        '{"kind": "source", "id": "x", "title": "x", "source_kind": "artikle"}',
    ]
    lines += [
        '{"kind": "table", "id": "t"}',
        '{"question": "a", "answer": "b", "citations": [{"source": "x"}]}',
        '{"amount": NaN}',
        '{"amount": 1e999}',
    ]
    done = load("\n".join([good, *lines]), "x.jsonl")
    assert (done.entries, done.tables, done.skipped) == (1, 0, len(lines))
    for fault, said in zip(
        done.faults,
        [
            "not JSON", "not a JSON object", "the question must be text", "follow_ups: expected a list", "nested too deep", "half a character",
            "unknown kind 'thing'", "id: 'Bad Id' is no id", "kind: 'artikle' is not known; did you mean 'article'?", "'question' is missing",
            "citations[0]: 'section' is missing", "NaN is no number", "too large",
        ],
        strict=True,
    ):  # fmt: skip
        assert said in fault.message


# links, ids, sources


def test_links_that_lead_nowhere_are_taken_out_and_named(load, entries, tmp_path: Path) -> None:
    load('{"id": "there", "question": "There?", "answer": "Yes."}', "other.jsonl")
    rows = ["id,question,answer,follow_ups", "a,A?,1,b|other/there|other/gone|../../x", "b,B?,,a", "c,C?,3,bakers/a"]
    done = load("\n".join(rows))
    assert [entry.follow_ups for entry in entries()] == [["other/there"], ["bakers/a"]]
    assert [fault.message for fault in done.faults] == [
        "a: follow_ups: no entry has the id 'b'; left out",
        "a: follow_ups: no entry has the id 'other/gone'; left out",
        "a: follow_ups: no entry has the id '../../x'; left out",
        "no answer",
    ]
    assert "# TODO: follow_ups: no entry has the id 'other/gone'" in (tmp_path / "in" / "bakers" / "general.yaml").read_text()


def test_a_pack_under_another_name_keeps_its_own_links(load, entries) -> None:
    lines = ['{"kind": "pack", "id": "old", "title": "Old", "try_asking": ["old/a"]}']
    lines += ['{"id": "a", "question": "A?", "answer": "1", "follow_ups": ["old/b"]}', '{"id": "b", "question": "B?", "answer": "2"}']
    assert load("\n".join(lines), "x.jsonl", pack="new").faults == ()
    assert entries("new")[0].follow_ups == ["new/b"]


def test_ids_are_made_of_questions(load, entries) -> None:
    questions = ["What's a baker's pay?", "Whats a bakers pay", "面包师几点开始工作?", "Че?", "é" * 100, "word " * 40, "!?"]
    load("question,answer,id\n" + "".join(f"{question},x,\n" for question in questions) + "Later?,x,whats-a-bakers-pay\n")
    ids = [entry.id for entry in entries()]
    assert ids[:2] == ["whats-a-bakers-pay-2", "whats-a-bakers-pay-3"]  # the row that says so has it
    assert ids[-1] == "whats-a-bakers-pay"
    assert len(set(ids)) == len(ids)
    assert all(is_id(name) and len(name) <= 60 for name in ids)
    assert made_id(questions[2], "entry") == ids[2]  # the same at the next import
    free = FreeIds(())
    assert [free.take("x") for _ in range(3)] == ["x", "x-2", "x-3"]


def test_no_name_leads_out_of_the_folder(load, tmp_path: Path) -> None:
    said = refused(load, PLAIN, pack="../../x")
    assert said.startswith("--pack '../../x'")
    assert "--source" in refused(load, PLAIN, source="../x")
    lines = ['{"kind": "pack", "id": "../../out", "title": "x"}', '{"kind": "topic", "topic": "t", "title": "T", "file": "../../out"}']
    lines += ['{"id": "../../out", "question": "a", "answer": "b", "topic": "../../out"}']
    lines += ['{"question": "c", "answer": "d", "topic": "t", "file": "/tmp/out"}', '{"question": "e", "answer": "f", "topic": "pack"}']
    done = load("\n".join(lines), "x.jsonl")
    assert [fault.line for fault in done.faults] == [1]
    files = sorted(file.name for file in (tmp_path / "in" / "x").iterdir())
    assert files == ["out-topic.yaml", "out.yaml", "pack-topic.yaml", "pack.yaml", "tmp-out.yaml"]
    assert not [path for path in tmp_path.rglob("*out*") if path.parent != tmp_path / "in" / "x"]
    assert not (tmp_path.parent / "out").exists()


def test_sources_stay_with_their_comments_and_new_ones_are_added(load, tmp_path: Path) -> None:
    there = "# ours\r\nsources:\r\n  - id: loaf\r\n    title: The loaf  # a book\r\n    url: https://example.org/loaf\r\n# the end\r\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "sources.yaml").write_bytes(there.encode())
    rows = ["question,answer,source,section,url,publisher,published"]
    rows += [
        "A?,1,loaf,One,,,",
        "B?,2,The loaf,Two,,,",
        "C?,3,https://example.org/loaf,Three,,,",
        "D?,4,Mill News,Four,https://mill.example.org,Mill,2025-01",
    ]
    rows += ["E?,5,,Five,,,", "F?,6,other,Six,,,", "G?,7,Mill News,Seven,,,"]
    load("\n".join(rows))
    text = (tmp_path / "in" / "sources.yaml").read_bytes().decode()
    assert text.startswith(there.removesuffix("# the end\r\n"))
    assert "# the end" in text
    assert "\n" not in text.replace("\r\n", "")
    knowledge = load_knowledge([tmp_path / "in"])
    cited = [entry.citations[0].source_id for entry in knowledge.entries]
    assert cited == ["loaf", "loaf", "loaf", "mill-news", "bakers", "other", "mill-news"]
    mill = knowledge.sources["mill-news"]
    assert (mill.title, mill.publisher, mill.published, mill.url) == ("Mill News", "Mill", "2025-01", "https://mill.example.org")


def test_the_source_asked_for_is_cited_where_a_row_names_none(load, entries, tmp_path: Path) -> None:
    load("question,answer,source\nA?,1,\nB?,2,own\n", source="guild")
    assert [entry.citations[0].source for entry in entries()] == ["guild", "own"]
    load(PLAIN, "again.csv", source="guild")
    assert (tmp_path / "in" / "sources.yaml").read_text().count("id: guild") == 1


# in place, or not at all


def test_a_pack_is_replaced_only_when_asked_and_only_a_pack(load, entries, tmp_path: Path) -> None:
    load(PLAIN)
    assert "is there already; --force replaces it" in refused(load, PLAIN)
    load("question,answer\nNew?,Yes.\n", force=True)
    assert [entry.question for entry in entries()] == ["New?"]
    assert (tmp_path / "in" / "sources.yaml").read_text().count("id: bakers") == 1
    (tmp_path / "in" / "bakers" / "notes.txt").write_text("mine")
    assert "it holds 'notes.txt'" in refused(load, PLAIN, force=True)
    (tmp_path / "in" / "thesis").mkdir()
    assert "it has no pack.yaml" in refused(load, PLAIN, pack="thesis", force=True)


@pytest.mark.parametrize("where", ["sources", "pack", "load"])
def test_when_it_fails_all_is_as_it_was(load, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    folder.rename(tmp_path / "in")
    before = {file: file.read_bytes() for file in (tmp_path / "in").rglob("*.yaml")}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    real = Path.rename
    if where == "sources":
        monkeypatch.setattr(publish, "put_text", full)
    elif where == "pack":
        monkeypatch.setattr(
            Path,
            "rename",
            lambda self, to: full() if ".import-" in str(self) and "old" not in self.parts and to.name == "baking" else real(self, to),
        )
    else:
        monkeypatch.setattr("chatbot.exchange.packfolder.entry_block", lambda *_: "  - oops\n")
    assert ("No space left" if where != "load" else "does not load") in refused(load, PLAIN, pack="baking", force=True)
    assert {path: path.read_bytes() for path in (tmp_path / "in").rglob("*") if path.is_file()} == before
    assert load_knowledge([tmp_path / "in"]).entries


def test_a_faulty_sources_file_is_named_and_left(load, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "sources.yaml").write_text("sources: [{id: a, title: A}]\n")
    assert "sources.yaml:1: 'sources' is not written as one item below the other" in refused(load, PLAIN)
    (tmp_path / "in" / "sources.yaml").write_text("sources:\n  - id: a\n")
    assert "sources.yaml:2:5: [error] the key 'title' of sources is missing" in refused(load, PLAIN)
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["sources.yaml"]


# web pages

QUESTION = {"@type": "Question", "name": "Is it?", "acceptedAnswer": {"@type": "Answer", "text": "Yes."}}


def page(data: object, before: str = "", after: str = "", head: str = "") -> str:
    return f'<html lang="en"><head>{head}<script type="application/ld+json">{before}{json.dumps(data)}{after}</script></head></html>'


@pytest.mark.parametrize(
    "content",
    [
        page({"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [QUESTION]}),
        page({"@type": ["WebPage", "FAQPage"], "mainEntity": QUESTION}),
        page([{"@type": "Thing"}, {"@type": "https://schema.org/FAQPage", "mainEntity": QUESTION}]),
        page({"@graph": [{"@type": "FAQPage", "mainEntity": [{"@id": "#q"}]}, QUESTION | {"@id": "#q"}]}),
        page({"@type": "FAQPage", "mainEntity": QUESTION | {"acceptedAnswer": [QUESTION["acceptedAnswer"]], "suggestedAnswer": {"text": "No."}}}),
        page({"@type": "FAQPage", "mainEntity": QUESTION}, "\n//<![CDATA[\n", "\n//]]>\n"),
        page({"@type": "FAQPage", "mainEntity": QUESTION}, "<!--", "-->"),
        page({"@type": "FAQPage", "mainEntity": QUESTION}).replace('"', "&quot;").replace("=&quot;application/ld+json&quot;", '="application/LD+json"'),
        page({"@type": "FAQPage", "mainEntity": QUESTION}) * 2,
        page({"@type": "FAQPage", "mainEntity": QUESTION}).replace("Yes.", "<p>Y&#101;s.</p>").replace("Is it?", "Is&nbsp;it&#63;"),
        '<div itemscope itemtype="https://schema.org/FAQPage"><div itemscope itemprop="mainEntity" itemtype="https://schema.org/Question">'
        '<h2 itemprop="name">Is <b>it</b>?</h2><div itemscope itemprop="acceptedAnswer" itemtype="https://schema.org/Answer">'
        '<div itemprop="text"><p>Yes.</div></div></div></div>',
        '<section vocab="https://schema.org/" typeof="FAQPage"><p property="mainEntity" typeof="Question"><span property="name">Is it?</span>'
        '<span property="acceptedAnswer" typeof="Answer"><span property="text">Yes.</span></span></section>',
    ],
    ids=["plain", "types", "list", "graph", "answers", "cdata", "comment", "entities", "twice", "html", "microdata", "rdfa"],
)  # fmt: skip
def test_faq_pages_of_many_makes_are_read_alike(load, entries, content: str) -> None:
    assert load(content, "bakers.html").faults == ()
    assert [(entry.question, entry.answer) for entry in entries()] == [("Is it?", "Yes.")]


def test_a_page_says_who_says_so(load, tmp_path: Path) -> None:
    head = '<meta charset="windows-1252"><title>T</title><link rel=canonical href="https://example.org/faq"><meta property="og:site_name" content="Bäcker">'
    data = {
        "@type": "FAQPage",
        "name": "Bakers &amp; bread",
        "datePublished": "2024-03-05T10:00:00Z",
        "author": {"name": "Ada"},
        "mainEntity": QUESTION,
    }
    done = load(page(data, head=head).replace('lang="en"', 'lang="de"').encode("cp1252"), "bakers.html")
    source = load_knowledge([tmp_path / "in"]).sources["bakers-bread"]
    assert (source.title, source.url, source.publisher, source.author, source.published) == (
        "Bakers & bread", "https://example.org/faq", "Bäcker", "Ada", "2024-03-05"
    )  # fmt: skip
    assert not [one for one in done.todo if one.startswith("source")]
    assert [one for one in done.todo if "language is 'de'" in one]


def test_a_broken_script_or_question_beside_good_ones_is_named(load, entries) -> None:
    bad = QUESTION | {"name": "And?", "acceptedAnswer": None}
    content = page({"@type": "FAQPage", "mainEntity": [bad, QUESTION, "text"]}) + '\n<script type="application/ld+json">{oops}</script>'
    done = load(content, "bakers.html")
    assert [entry.question for entry in entries()] == ["Is it?"]
    assert [fault.partition(": not JSON")[0] for fault in faults(done)] == [
        "1: question 1: no acceptedAnswer to 'And?'",
        "1: question 3: not a Question",
        "2: this script is skipped",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Two  words\n\nand a line", "Two words\nand a line"),
        ("<p>It depends on</p><ul><li>the town</li><li>the <b>shift</b> &amp; hours</ul><p>Ask us", "It depends on:\nthe town;\nthe shift & hours.\nAsk us"),
        ("<h3>Pay</h3><p>High.</p><script>x()</script>", "Pay:\nHigh."),
        ("One<br/>two<br>three", "One\ntwo\nthree"),
        ("A List<int> &lt;b&gt; is <foo>", "A List<int> <b> is <foo>"),
        ("R&D, 5 < 6", "R&D, 5 < 6"),
    ],
)  # fmt: skip
def test_html_becomes_text_that_reads_as_sentences(source: str, text: str) -> None:
    assert to_text(source, Clock()) == text


# the command


def test_the_command_says_what_came_of_it_and_ends_with_its_status(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(PLAIN)
    (tmp_path / "b.csv").write_text(PLAIN + "\x1b[2J?,\x1b]0;x\x07\n,x\n")
    done = chatbot("import", tmp_path / "a.csv", "--into", tmp_path / "in")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path}/in/a: 1 entry, 1 topic, 1 new source\n")
    assert "Left to do" in done.stderr
    done = chatbot("import", tmp_path / "b.csv", "--into", tmp_path / "in")
    assert (done.exit_code, done.stdout) == (1, f"{tmp_path}/in/b: 1 entry, 1 topic, 1 new source; skipped: 2\n")
    assert f"{tmp_path}/b.csv:4: no question\n" in done.stderr
    assert "\x1b" not in done.stderr
    assert isinstance(chatbot("import", tmp_path / "a.csv", "--into", tmp_path / "in").exception, ChatbotError)
    assert isinstance(chatbot("import", tmp_path / "none.csv", "--into", tmp_path / "in").exception, ChatbotError)


def test_the_command_exports_to_a_file_or_to_stdout(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert chatbot("--knowledge", folder, "export", "baking", file).exit_code == 0
    assert file.read_text().splitlines()[0] == ",".join(COLUMNS)
    assert "is there already" in str(chatbot("--knowledge", folder, "export", "baking", file).exception)
    assert chatbot("--knowledge", folder, "export", "baking", file, "--force", "--format", "jsonl").exit_code == 0
    kinds = [json.loads(line)["kind"] for line in file.read_text().splitlines()]
    assert kinds == ["pack", "source", "topic", "entry"]
    shown = chatbot("--knowledge", folder, "export", "baking", "--format", "markdown").stdout
    assert (
        "## Day\n\n### When does a baker start work?\n\nVery early, before sunrise.\n\n- The loaf, undated, section “Mornings”\n" in shown
    )
    assert chatbot("--knowledge", folder, "export", "baking").exit_code == 2
    assert "no pack named nurse; there is: baking" in str(chatbot("--knowledge", folder, "export", "nurse", "--format", "csv").exception)
    assert "what format is this?" in str(chatbot("--knowledge", folder, "export", "baking", tmp_path / "x.doc").exception)


def test_a_layer_cites_the_sources_below_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "top" / "night").mkdir(parents=True)
    (tmp_path / "top" / "night" / "pack.yaml").write_text("id: night\ntitle: Night\n")
    (tmp_path / "top" / "night" / "day.yaml").write_text(ENTRY)
    assert [source.id for source in read_whole([folder, tmp_path / "top"], "night").sources] == ["loaf"]
    with pytest.raises(ChatbotError, match=r"the source 'loaf' is cited, but no sources\.yaml has it"):
        read_whole([tmp_path / "top"], "night")


def test_control_characters_do_not_leave_a_pack(folder: Path) -> None:
    (folder / "baking" / "day.yaml").write_text(ENTRY.replace("Very early, before sunrise.", '"Early\\u001b[2J"'))
    error = str(chatbot("--knowledge", folder, "export", "baking", "--format", "csv").exception)
    assert "U+001B" in error
    assert record.printable(error) == error


def test_markdown_shows_topics_answers_tables_and_sources() -> None:
    text = export_text(SHIPPED, "markdown")
    assert text.startswith("# Machine learning engineer\n")
    assert "\n## Pay\n" in text
    assert "\n| Country | Salary |\n| --- | ---: |\n" in text
    assert "| Germany | €53,202 |" in text
    entries = sum(len(part.specs) for part in SHIPPED.topics)
    assert text.count("\n### ") == entries
    nasty = export_text(Nasty(1).pack(), "markdown")
    assert "<b>" not in nasty.replace("\\<b\\>", "")


def test_an_exported_page_is_a_page_and_no_text_can_break_out_of_its_script() -> None:
    text = export_text(Nasty(3).pack(), "html")
    assert text.count("</script>") == 1
    script = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    data = json.loads(script)
    assert (data["@type"], data["identifier"]) == ("FAQPage", "p")
    question = data["mainEntity"][0]
    assert question["acceptedAnswer"]["citation"][0]["identifier"] == "s"
    assert {"@type", "identifier", "name", "about", "acceptedAnswer", "additionalProperty"} <= set(question)


def test_an_imported_faq_answers_a_question(load, cache: Path, tmp_path: Path) -> None:
    answers = {"How much honey does a hive give?": "<p>About 20 kg a year</p>", "Do bees sleep at night?": "Yes, inside the hive."}
    questions = [QUESTION | {"name": name, "acceptedAnswer": {"text": text}} for name, text in answers.items()]
    load(page({"@type": "FAQPage", "name": "Bees", "mainEntity": questions}), "bees.html")
    with CareerBot(knowledge=tmp_path / "in", intents=shipped("intents"), cache=cache) as bot:
        reply = bot.ask("how much honey does one hive give")
    assert (reply.kind, reply.text) == ("answer", "About 20 kg a year")
    assert reply.citations[0].title == "Bees"


def test_the_examples_of_the_documentation_are_imported(load) -> None:
    text = (Path(__file__).parents[1] / "docs" / "exchange.md").read_text()
    examples = [block[1:] for block in text.split("```")[1::2] if block.startswith("\n")]
    names = ["a.csv", "b.jsonl"]
    assert len(examples) == len(names)
    for name, example in zip(names, examples, strict=True):
        done = load(example, name)
        assert (done.faults, done.notes, done.entries) == ((), (), 1)
    assert set(COLUMNS) <= set(re.findall(r"`(\w+)`", text))
