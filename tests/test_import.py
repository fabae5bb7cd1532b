"""Tables and lines of other programs become packs: bad rows are named and skipped, ids and sources are sound,
and nothing is left half done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from exchanging import PLAIN, faults, refused

from chatbot.authoring.exchange import publish, textin
from chatbot.authoring.exchange.ids import FreeIds, is_id, made_id
from chatbot.building.knowledge import load_knowledge
from chatbot.knowledge.schema import CitationSpec

# CSV and TSV


def test_a_plain_table_becomes_a_pack_that_loads_with_what_is_left_to_do(
    load, entries, tmp_path: Path
) -> None:
    done = load('question,answer\nWhat does a baker earn?,"About £25,000 in three towns, in 2024."\n')
    (entry,) = entries()
    assert (entry.id, entry.question) == ("what-does-a-baker-earn", "What does a baker earn?")
    assert entry.citations == [
        CitationSpec(source="bakers", section="What does a baker earn?", figures=["25,000", "three", "2024"])
    ]
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
def test_tables_and_lines_of_many_makes_are_read_alike(
    load, entries, tmp_path: Path, content: str | bytes, name: str
) -> None:
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


def test_a_zero_byte_costs_one_row(load, entries) -> None:
    done = load(b"question,answer\nOne?,1\nTwo?,\x00\nThree?,3\n")
    assert [entry.question for entry in entries()] == ["One?", "Three?"]
    assert faults(done) == ["3: control character U+0000 in ' ': remove it"]


def test_a_quote_that_is_never_closed_costs_one_row(load, entries) -> None:
    done = load('question,answer\n"Open?,x\n' + "".join(f"Question {i}?,{i}\n" for i in range(50)))
    assert len(entries()) == 50
    assert [fault.line for fault in done.faults] == [2]


def test_unknown_columns_are_named_and_ignored(load) -> None:
    done = load("question,answer,phrasigns,colour,Frage,Answer 2\nIs it?,Yes.,a,b,c,d\n")
    assert [note.partition("bakers.csv:")[2].partition("; known")[0] for note in done.notes] == [
        "1: the column 'phrasigns' is ignored; did you mean 'phrasings'?",
        "1: the column 'colour' is ignored",
        "1: the column 'Frage' is ignored",
        "1: the column 'Answer 2' is ignored; there is one for 'answer' already",
    ]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("вопрос,question,answer\nЧто?,x,y\n".encode("cp1251"), "x.csv", "x.csv:1: not UTF-8 (byte 0xe2 at byte 1 of the line); save the file as UTF-8"),
        ("question,answer\ncafé,x\n".encode() + "naïve,y\n".encode("cp1252"), "x.csv", "x.csv:3: not UTF-8 (byte 0xef at byte 3 of the line)"),
        (b"question,answer\na,b\n" + b"\x00" * 40, "x.csv", "x.csv:3: not text; save the file as UTF-8"),
        ("Frage,Antwort\na,b\n", "x.csv", "x.csv:1: the header has no column question and no column answer; it has: Frage, Antwort"),
        ("", "x.csv", "x.csv:1: no header"),
        ("", "x.jsonl", "x.jsonl: nothing in it could be imported"),
        ("question,answer\n,\n", "x.csv", "x.csv: nothing in it could be imported"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "x.jsonl", "x.jsonl:1: not UTF-8"),
        (b"PK\x03\x04" + bytes(range(256)), "x.json", "x.json:1: not text"),
        ("<html><p>Hello</p>", "x.html", "x.html: no schema.org questions in it"),
        ("<meta charset=zlib><p>Hello</p>", "x.html", "it declares the encoding 'zlib', which is not known"),
        ("[" * 100_000, "x.json", "x.json: JSON that is nested too deep"),
        ("<div>" * 100_000, "x.html", "x.html: HTML that can't be read: tags nested more than 2,000 deep"),
        ("<a " * 500_000, "x.html", "x.html: HTML that can't be read: the tag '<a <a <a <' in line 1 has no end"),
        ("<![<![", "x.html", "x.html: no schema.org questions in it"),
        ('<a href="' * 60_000, "x.html", "x.html: HTML that can't be read: a tag in line 1 has more than 2,000 attributes"),
        ("<p " + " ".join(f"a{at}" for at in range(300_000)) + ">", "x.html", "x.html: HTML that can't be read: a tag in line 1 has more than 2,000 attributes"),
        ("<svg>" * 1_900 + "<title></title>" * 100_000, "x.html", "x.html: no schema.org questions in it"),
        ("<!--" * 50_000, "x.html", "x.html: no schema.org questions in it"),
        (PLAIN, "x.doc", "x.doc: what format is this?"),
        ('question,answer\na,"' + '"' * 5_000_000, "x.csv", "x.csv: nothing in it could be imported"),
    ],
    ids=["cyrillic", "mixed", "zeros", "header", "empty", "no-lines", "blank", "binary", "zip", "no-faq", "charset", "deep", "bomb", "tag", "broken", "quote", "attributes", "titles", "comment", "kind", "quotes"],
)  # fmt: skip
def test_what_can_not_be_used_is_said_in_one_line_and_leaves_nothing(
    load, tmp_path: Path, content: str | bytes, name: str, said: str
) -> None:
    assert said in refused(load, content, name)
    assert {path.name for path in tmp_path.iterdir()} - {name} <= {"state", "home"}


def test_what_is_too_large_is_refused(load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textin, "PAGE_BYTES", 1_000)
    assert "2,000 bytes; at most 1,000 are read" in refused(load, " " * 2_000, "x.json")
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
    rows = [
        "id,question,answer,follow_ups",
        "a,A?,1,b|other/there|other/gone|../../x",
        "b,B?,,a",
        "c,C?,3,bakers/a",
    ]
    done = load("\n".join(rows))
    assert [entry.follow_ups for entry in entries()] == [["other/there"], ["bakers/a"]]
    assert [fault.message for fault in done.faults] == [
        "a: follow_ups: no entry has the id 'b'; left out",
        "a: follow_ups: no entry has the id 'other/gone'; left out",
        "a: follow_ups: no entry has the id '../../x'; left out",
        "no answer",
    ]
    assert (
        "# TODO: follow_ups: no entry has the id 'other/gone'"
        in (tmp_path / "in" / "bakers" / "general.yaml").read_text()
    )


def test_a_pack_under_another_name_keeps_its_own_links(load, entries) -> None:
    lines = ['{"kind": "pack", "id": "old", "title": "Old", "try_asking": ["old/a"]}']
    lines += [
        '{"id": "a", "question": "A?", "answer": "1", "follow_ups": ["old/b"]}',
        '{"id": "b", "question": "B?", "answer": "2"}',
    ]
    assert load("\n".join(lines), "x.jsonl", pack="new").faults == ()
    assert entries("new")[0].follow_ups == ["new/b"]


def test_ids_are_made_of_questions(load, entries) -> None:
    questions = [
        "What's a baker's pay?",
        "Whats a bakers pay",
        "面包师几点开始工作?",
        "Че?",
        "é" * 100,
        "word " * 40,
        "!?",
    ]
    load(
        "question,answer,id\n"
        + "".join(f"{question},x,\n" for question in questions)
        + "Later?,x,whats-a-bakers-pay\n"
    )
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
    lines = [
        '{"kind": "pack", "id": "../../out", "title": "x"}',
        '{"kind": "topic", "topic": "t", "title": "T", "file": "../../out"}',
    ]
    lines += ['{"id": "../../out", "question": "a", "answer": "b", "topic": "../../out"}']
    lines += [
        '{"question": "c", "answer": "d", "topic": "t", "file": "/tmp/out"}',
        '{"question": "e", "answer": "f", "topic": "pack"}',
    ]
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
    assert (mill.title, mill.publisher, mill.published, mill.url) == (
        "Mill News",
        "Mill",
        "2025-01",
        "https://mill.example.org",
    )


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
def test_when_it_fails_all_is_as_it_was(
    load, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
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
            lambda self, to: (
                full() if ".import-" in str(self) and self.name == to.name == "baking" else real(self, to)
            ),
        )
    else:
        monkeypatch.setattr("chatbot.authoring.exchange.packfolder.entry_block", lambda *_: "  - oops\n")
    assert ("No space left" if where != "load" else "does not load") in refused(
        load, PLAIN, pack="baking", force=True
    )
    assert {path: path.read_bytes() for path in (tmp_path / "in").rglob("*") if path.is_file()} == before
    assert load_knowledge([tmp_path / "in"]).entries


def test_a_faulty_sources_file_is_named_and_left(load, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "sources.yaml").write_text("sources: [{id: a, title: A}]\n")
    assert "sources.yaml:1: 'sources' is not written as one item below the other" in refused(load, PLAIN)
    (tmp_path / "in" / "sources.yaml").write_text("sources:\n  - id: a\n")
    assert "sources.yaml:2:5: [error] the key 'title' of sources is missing" in refused(load, PLAIN)
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["sources.yaml"]
