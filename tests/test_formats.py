"""Files as other programs and people write them come in right, or are refused with what to do; what was joined,
guessed or left out is said."""

from __future__ import annotations

import csv
import io
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from exchanging import chatbot, faults, refused

from chatbot.authoring.exchange.decoding import detect
from chatbot.authoring.exchange.htmltext import to_text, undone
from chatbot.authoring.exchange.importing import NothingError
from chatbot.authoring.exchange.sheets import number_shown
from chatbot.building.knowledge import load_knowledge

openpyxl = pytest.importorskip("openpyxl")

BREAD, OVEN = (
    ("When is the bread baked?", "Every morning, before six o'clock."),
    ("Who lights the oven?", "The first to come in."),
)
Told = list[tuple[str, str, list[str]]]
TWO: Told = [(*BREAD, []), (*OVEN, [])]
MORE: Told = [(*BREAD, ["baking time", "hour of baking"]), (*OVEN, [])]  # fmt: skip


def workbook(*sheets: tuple[str, list[list[Any]]], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cell, told in (formats or {}).items():
            sheet[cell].number_format = told
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(rows: list[list[str]], **dialect: Any) -> str:
    out = io.StringIO()
    csv.writer(out, **dialect).writerows(rows)
    return out.getvalue()


def told(entries: Callable[..., list[Any]], pack: str = "x") -> Told:
    return [(entry.question, entry.answer, entry.phrasings) for entry in entries(pack)]


HEAD = ["Question", "Answer"]
QNA_HEAD = "Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId\n"
SHAPES: dict[str, tuple[str, str | bytes, Told]] = {
    "bare tabs": ("x.tsv", f"question\tanswer\n{BREAD[0]}\t\"Hot” it is.\n{OVEN[0]}\tOf 20\"\n", [(BREAD[0], '"Hot” it is.', []), (OVEN[0], 'Of 20"', [])]),
    "a cell in quotes that nobody needed": ("x.tsv", f"question\tanswer\n{BREAD[0]}\t\"At six\"\n{OVEN[0]}\tAda\n", [(BREAD[0], '"At six"', []), (OVEN[0], "Ada", [])]),
    "spreadsheet's tabs": ("x.tsv", table([HEAD, [BREAD[0], "At six, or\nlater"], [OVEN[0], 'Ada "the torch"']], delimiter="\t"), [(BREAD[0], "At six, or\nlater", []), (OVEN[0], 'Ada "the torch"', [])]),
    "all in quotes, tabs": ("x.tsv", table([HEAD, list(BREAD), list(OVEN)], delimiter="\t", quoting=csv.QUOTE_ALL), TWO),
    "QnA Maker": ("x.tsv", QNA_HEAD + "".join(f"{q}\t{BREAD[1]}\\n\\n* \"hot\"\tEditorial\t[]\t[]\tFalse\t[]\t7\n" for q in (BREAD[0], "baking time")), [(BREAD[0], f'{BREAD[1]}\n\n* "hot"', ["baking time"])]),
    "rows of one answer": ("x.csv", table([HEAD, list(BREAD), ["baking time", BREAD[1]], list(OVEN), ["hour of baking", BREAD[1]]]), MORE),
    "columns of questions": ("x.csv", table([["Question 1", "Question 2", "Question 3", "Answer"], [BREAD[0], "baking time", "hour of baking", BREAD[1]], [OVEN[0], "", "", OVEN[1]]]), MORE),
    "lines of a cell": ("x.csv", table([["Questions", "Answer"], [f"{BREAD[0]}\nbaking time\nhour of baking", BREAD[1]], list(OVEN)]), MORE),
    "lines of a cell, one question a column": ("x.csv", table([HEAD, [f"{BREAD[0]}\nbaking time\nhour of baking", BREAD[1]], list(OVEN)]), MORE),
    "a question that is wrapped": ("x.csv", table([HEAD, ["When is the\nbread baked?", BREAD[1]], list(OVEN)]), TWO),
    "bars in a cell": ("x.csv", table([["Questions", "Answer"], [f"{BREAD[0]}|baking time|hour of baking", BREAD[1]], list(OVEN)]), MORE),
    "HTML in cells": ("x.csv", table([HEAD, ["When is the bread baked&#63;", "<p>Every morning</p><ul><li>before six&nbsp;o&#8217;clock</li><li>or <b>at</b> noon</li></ul>"]]), [(BREAD[0], "Every morning:\nbefore six o’clock;\nor at noon", [])]),
    "HTML in a list": ("x.csv", table([[*HEAD, "Alternate questions"], [*BREAD, "<ul><li>baking time</li><li>hour of baking</li></ul>"], [*OVEN, ""]]), MORE),
    "a tag that is spoken of": ("x.csv", table([HEAD, ["What does <b> do?", "It makes 5 < 6 & List<int> bold."]]), [("What does <b> do?", "It makes 5 < 6 & List<int> bold.", [])]),
    "title and content": ("x.csv", table([["ID", "Title", "Content", "Status"], ["4", BREAD[0], f"<p>{BREAD[1]}</p>", "publish"], ["5", OVEN[0], OVEN[1], "publish"]]), TWO),
    "Windows-1252": ("x.csv", "Question;Answer\r\nWhat’s the fee?;It’s 30 € – or £25, “café” included.\r\n".encode("cp1252"), [("What’s the fee?", "It’s 30 € – or £25, “café” included.", [])]),
    "Mac OS Roman": ("x.csv", "Question,Answer\rWhat’s a résumé?,“A paper” – no more…\r".encode("mac_roman"), [("What’s a résumé?", "“A paper” – no more…", [])]),
    "UTF-16 without a mark": ("x.csv", "Question\tAnswer\r\nIs it?\tYes, for 30 €.\r\n".encode("utf-16-le"), [("Is it?", "Yes, for 30 €.", [])]),
    "numbers": ("x.json", '[{"id": 1, "question": "How much?", "answer": 12.50}, {"id": 2, "question": "How many?", "answer": 7}]', [("How much?", "12.50", []), ("How many?", "7", [])]),
    "nested": ("x.json", json.dumps({"data": {"faqs": [{"q": BREAD[0], "a": {"text": BREAD[1]}, "alternatives": [{"text": "baking time"}, "hour of baking"]}, {"q": OVEN[0], "a": [OVEN[1]]}]}}), MORE),
    "pairs": ("x.json", json.dumps({"Baking": {BREAD[0]: BREAD[1]}, "Oven": {OVEN[0]: OVEN[1]}}), TWO),
    "pairs with objects": ("x.json", json.dumps({BREAD[0]: BREAD[1], OVEN[0]: {"text": OVEN[1]}, "updated": "2024"}), TWO),
    "entries within an entry": ("x.json", json.dumps({"faqs": [{"question": BREAD[0], "answer": BREAD[1], "children": [{"question": OVEN[0], "answer": OVEN[1]}]}]}), TWO),
    "by language": ("x.json", json.dumps([{"fields": {"question": {"de": "?", "en-GB": q}, "answer": {"de": "!", "en-GB": a}}} for q, a in (BREAD, OVEN)]), TWO),
    "instructions": ("x.jsonl", "\n".join(json.dumps({"instruction": q, "input": "", "output": a}) for q, a in (BREAD, OVEN)), TWO),
    "columns called otherwise": ("x.csv", table([["No.", "Frequently asked question", "Our answer"], ["1", *BREAD], ["2", *OVEN]]), TWO),
    "articles": ("x.json", json.dumps({"count": 2, "articles": [{"title": BREAD[0], "body": f"<p>{BREAD[1]}</p>", "draft": False}, {"title": OVEN[0], "body": OVEN[1]}]}), TWO),
    "attributes": ("x.json", json.dumps({"data": [{"id": 1, "attributes": dict(zip(("question", "answer"), one, strict=True))} for one in (BREAD, OVEN)], "meta": {"total": 2}}), TWO),
    "intents.json": ("x.json", json.dumps({"intents": [{"tag": "bread", "patterns": [BREAD[0], "baking time", "hour of baking"], "responses": [BREAD[1]], "context_set": ""}, {"tag": "oven", "patterns": [OVEN[0]], "responses": [OVEN[1]]}]}), MORE),
    "intents with texts": ("x.json", json.dumps({"intents": [{"intent": "bread", "text": [BREAD[0], "baking time", "hour of baking"], "responses": [BREAD[1]]}, {"intent": "oven", "text": [OVEN[0]], "responses": [OVEN[1]]}]}), MORE),
    "QnABot": ("x.json", json.dumps({"qna": [{"qid": "B.1", "type": "qna", "q": [BREAD[0], "baking time", "hour of baking"], "a": BREAD[1], "alt": {"markdown": "**x**"}}, {"qid": "B.2", "q": [OVEN[0]], "a": OVEN[1]}]}), MORE),
    "Azure's question answering": ("x.json", json.dumps({"projectFileVersion": "2023-04-01", "assets": {"qnas": [{"id": 1, "answer": BREAD[1], "source": "Editorial", "questions": [BREAD[0], "baking time", "hour of baking"], "metadata": {}, "isContextOnly": False, "dialog": {"prompts": [{"displayOrder": 0, "qnaId": 2, "displayText": "oven"}]}}, {"id": 2, "answer": OVEN[1], "source": "Editorial", "questions": [OVEN[0]]}]}}), MORE),
    "QnA Maker, JSON": ("x.json", json.dumps({"qnaDocuments": [{"id": 1, "answer": BREAD[1], "questions": [BREAD[0], "baking time", "hour of baking"], "metadata": [{"name": "a", "value": "b"}]}, {"id": 2, "answer": OVEN[1], "questions": [OVEN[0]]}]}), MORE),
    "lines in a .json": ("x.json", "\n".join(json.dumps(dict(zip(("question", "answer"), one, strict=True))) for one in (BREAD, OVEN)), TWO),
    "workbook": ("x.xlsx", workbook(("FAQ", [["Our bakery"], [], [*HEAD, "Alternate questions"], [*BREAD, "baking time\nhour of baking"], [*OVEN]])), MORE),
    "workbook of several sheets": ("x.xlsx", workbook(("Bread", [HEAD, list(BREAD)]), ("Notes", [["bought", "flour"]]), ("Oven", [["", *HEAD], [1, *OVEN]])), TWO),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_files_of_many_makes_come_in_right(load, entries, shape: str) -> None:
    name, content, expected = SHAPES[shape]
    done = load(content, name)
    assert told(entries) == expected
    assert done.faults == ()
    assert done.rows == done.entries + done.joined


def test_each_entry_names_its_rows_and_what_was_done_to_them_is_said(load, tmp_path: Path) -> None:
    rows = [HEAD, list(BREAD), ["baking time", BREAD[1]], [OVEN[0], "<p>Ada</p>"], list(BREAD), [OVEN[0], "Bob"], ["Is it?", "Yes."], ["Is he?", "Yes."]]  # fmt: skip
    done = load(table(rows), "x.csv")
    assert (done.rows, done.entries, done.joined, done.skipped) == (7, 5, 2, 0)
    text = (tmp_path / "in" / "x" / "general.yaml").read_text()
    assert "- id: when-is-the-bread-baked  # x.csv:2, 3, 5\n" in text
    assert "- id: is-he  # x.csv:8\n" in text
    assert [note.partition("x.csv:")[2] for note in done.notes] == [
        "4: in 1 row (line 4) HTML was made plain text",
        "3: in 1 row (line 3) a question has the answer of an earlier row: it became a phrasing of that entry",
        "5: in 1 row (line 5) a question stands twice with the same answer: it was taken once",
        "6: in 1 row (line 6) a question stands twice with different answers: both were taken; keep the right one",
    ]


def test_the_command_says_how_many_rows_were_joined(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(table([HEAD, list(BREAD), ["baking time", BREAD[1]]]))
    done = chatbot("import", tmp_path / "a.csv", "--into", tmp_path / "in")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path}/in/a: 1 entry, 1 topic, 1 new source; joined to others: 1 of 2 rows\n")  # fmt: skip


def test_a_link_to_a_row_that_was_joined_leads_to_its_entry(load, entries) -> None:
    rows = [
        ["id", *HEAD, "follow_ups"],
        ["a", *BREAD, ""],
        ["b", "baking time", BREAD[1], ""],
        ["c", *OVEN, "b"],
    ]
    assert load(table(rows), "x.csv").faults == ()
    assert [(entry.id, entry.follow_ups) for entry in entries("x")] == [("a", []), ("c", ["a"])]


def test_prompts_become_follow_ups(load, entries) -> None:
    load(SHAPES["Azure's question answering"][1], "x.json")
    assert [(entry.id, entry.follow_ups) for entry in entries("x")] == [("1", ["2"]), ("2", [])]


def test_lines_swallowed_by_a_quote_are_told(load) -> None:
    done = load('question,answer\nA?,"Tidy\nB?,At dusk\nC?,Of 4"\nD?,Yes\n', "x.csv")
    assert done.entries == 2
    assert [note for note in done.notes if "x.csv:2: in 1 row (line 2) several lines" in note]


def test_what_lacks_something_among_entries_is_named_with_its_line(load, entries) -> None:
    listed = [{"question": "A?", "answer": "1"}, {"question": "B?"}, {"answer": "x"}, "text", {"question": ["C?", 5, "D?"], "answer": [1, "two"]}, {"question": "E?", "answer": {"x": 1}}]  # fmt: skip
    done = load(json.dumps({"faqs": listed}, indent=0), "x.json")
    assert told(entries) == [("A?", "1", []), ("C?", "1\ntwo", ["5", "D?"])]
    assert faults(done) == [
        "7: item 2: no answer",
        "10: item 3: no question",
        "10: item 4: not a JSON object, such as {\"question\": \"...\", \"answer\": \"...\"}",
        "25: item 6: the answer is an object without a text in it; known: answer, body, content, en, html, markdown, name, plain, plainText, question, text, title, value",
    ]  # fmt: skip


def test_json_that_is_nested_deeply_takes_its_length_not_its_square(load) -> None:
    listed = json.dumps([{"b": at} for at in range(10_000)])
    begun = time.process_time()
    done = load('[{"question":"Q?","answer":"A."},' * 300 + listed + "]" * 300, "x.json")
    assert (done.entries, done.joined) == (1, 299)
    assert time.process_time() - begun < 30  # searched at every level, it takes many minutes


def test_questions_and_answers_side_by_side_are_not_guessed_to_be_pairs(load) -> None:
    content = json.dumps({"questions": ["A?", "B?"], "answers": ["One.", "Two."]})
    with pytest.raises(NothingError, match="nothing in it could be imported") as caught:
        load(content, "x.json")
    (fault,) = caught.value.faults
    assert fault.message == "item 1: 2 questions and 2 answers in one object; write each pair as an object of its own"  # fmt: skip


def test_other_responses_and_intents_without_any_are_named(load, entries) -> None:
    listed = [{"tag": "a", "patterns": ["A?"], "responses": ["One.", "Two."]}, {"tag": "b", "patterns": ["B?"], "responses": []}, {"tag": "c", "patterns": [], "responses": ["x"]}]  # fmt: skip
    done = load(json.dumps({"intents": listed}), "x.json")
    assert told(entries) == [("A?", "One.", [])]
    assert "there are more answers than one; this one is left out: 'Two.'" in done.notes[0]
    assert faults(done) == ["1: item 2: no answer", "1: item 3: no question"]


def test_headings_around_questions_become_topics(load, tmp_path: Path) -> None:
    one, other = ({"question": q, "answer": a} for q, a in (BREAD, OVEN))
    load(json.dumps({"Our bread": [one], "rooms": [{"title": "The oven", "faqs": [other]}]}), "x.json")
    assert load_knowledge([tmp_path / "in"]).topics == {"our-bread": "Our bread", "the-oven": "The oven"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.xls", b"\xd0\xcf", "x.xls: .xls is not read: save the sheet as .xlsx, or as CSV UTF-8"),
        ("x.pdf", b"%PDF", "x.pdf: .pdf is not read"),
        ("x.xlsx", b"\xd0\xcf", "x.xlsx: not an .xlsx workbook; save the sheet as .xlsx, or as CSV UTF-8"),
        ("x.xlsx", workbook(("A", [["Frage", "Antwort"]])), "x.xlsx: no sheet has a column question and a column answer in its first rows; they begin with: 'A': Frage, Antwort"),
        ("x.json", '{"a": {"b": ["c"]}}', "x.json: no questions with answers in it"),
        ("x.json", '[{"question": "A?"}]', "x.json: no questions with answers in it"),
        ("x.yml", "nlu:\n- intent: a\n  examples: |\n    - A?\n", "x.yml: the answers of a Rasa bot stand in its domain.yml"),
        ("x.yml", "topic: a\ntitle: A\n", "x.yml: no intents under nlu"),
        ("x.yml", "a: &b [1]\n", "x.yml:1:4"),
    ],
    ids=["xls", "pdf", "no-zip", "no-header", "no-questions", "no-answers", "no-domain", "a-pack", "alias"],
)  # fmt: skip
def test_what_can_not_be_read_says_what_to_do(load, name: str, content: str | bytes, said: str) -> None:
    assert said in refused(load, content, name)


def test_a_workbook_without_openpyxl_names_the_command(load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    said = refused(load, SHAPES["workbook"][1], "x.xlsx")
    assert "run: pip install openpyxl; or save the sheet as CSV UTF-8" in said


def test_a_workbook_that_unpacks_too_large_is_not_opened(load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatbot.authoring.exchange.sheets.UNPACKED_BYTES", 1_000)
    assert "bytes when unpacked; at most 1,000 are read" in refused(load, SHAPES["workbook"][1], "x.xlsx")


def test_cells_are_told_as_the_spreadsheet_shows_them(load, entries) -> None:
    import datetime

    values = [1234.5, 0.055, 30, datetime.date(2024, 3, 5), True, 0.1 + 0.2, "=1/0"]
    rows = [HEAD, *([f"Question {at}?", value] for at, value in enumerate(values))]
    done = load(
        workbook(("A", rows), formats={"B2": '"$"#,##0.00', "B3": "0.0%", "B4": "[$£-809]#,##0"}), "x.xlsx"
    )
    assert [answer for _, answer, _ in told(entries)] == [
        "$1,234.50",
        "5.5%",
        "£30",
        "2024-03-05",
        "TRUE",
        "0.3",
    ]
    assert faults(done) == ["8: no answer"]  # a formula that nobody has calculated


@pytest.mark.parametrize(
    ("value", "told", "shown"),
    [
        (1234.5, "#,##0", "1,235"), (0.5, "0%", "50%"), (-3, "0.00", "-3.00"), (7, "000", "007"), (1.5, "0.0#", "1.5"), (1.25, "0.0#", "1.25"),
        (5, '#,##0\\ "€"', "5 €"), (5, "#,##0.00_);[Red](#,##0.00)", "5.00"), (1e16, "General", "10000000000000000"), (3, "# ?/?", None), (1e6, "0.0,,", None),
    ],
)  # fmt: skip
def test_number_formats_that_are_understood(value: float, told: str, shown: str | None) -> None:
    assert number_shown(value, told) == shown


def test_a_rasa_bot_is_read_with_what_stands_beside_it(load, entries, tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text(
        'version: "3.1"\nintents: [bread]\nresponses:\n  utter_bread:\n  - text: At six.\n  - text: Before seven.\n'
        "  utter_faq/oven:\n  - text: Ada, in {place}.\n  utter_heat:\n  - text: Hot.\n"
    )
    (tmp_path / "rules.yml").write_text(
        "rules:\n- rule: r\n  steps:\n  - intent: warm\n  - action: utter_heat\n"
    )
    (tmp_path / "broken.yml").write_text("a: [\n")
    nlu = 'nlu:\n- intent: bread\n  examples: |\n    - When is [bread](food) baked?\n    - [bread]{"entity": "food"} time\n'
    nlu += "- intent: faq/oven\n  examples: |\n    - Who lights the oven?\n- intent: warm\n  examples: |\n    - Is it warm?\n"
    nlu += "- intent: lost\n  examples: |\n    - Is it lost?\n- synonym: loaf\n  examples: |\n    - bread\n"
    done = load('version: "3.1"\n' + nlu, "x.yml")
    assert told(entries) == [
        ("Who lights the oven?", "Ada, in {place}.", []),
        ("When is bread baked?", "At six.", ["bread time"]),
        ("Is it warm?", "Hot.", []),
    ]
    assert faults(done) == ["13: intent 'lost': no response utter_lost in the domain"]
    said = "\n".join(done.notes)
    for what in (
        "broken.yml",
        "1 items that are no intents",
        "left out: 'Before seven.'",
        "a gap that nothing fills: {place}",
    ):
        assert what in said


def test_marked_questions_that_no_script_tells_are_taken_too(load, entries) -> None:
    def marked(question: str, answer: str) -> str:
        return (
            '<div itemscope itemtype="https://schema.org/Question"><h2 itemprop="name">' + question + "</h2>"
            '<div itemscope itemprop="acceptedAnswer"><div itemprop="text">' + answer + "</div></div></div>"
        )

    script = {"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "A?", "acceptedAnswer": {"text": "One."}}]}  # fmt: skip
    other = {"@type": "Question", "name": "C?", "acceptedAnswer": {"text": "Three."}}
    page = (
        f'<script type="application/ld+json">{json.dumps(script)}</script>'
        + marked("a", "One")
        + marked("B?", "Two.")
    )
    done = load(
        f'<p>{page}</html>\n<script type="application/ld+json">{json.dumps(other)}</script>', "x.html"
    )
    assert told(entries) == [("A?", "One.", []), ("C?", "Three.", []), ("B?", "Two.", [])]
    assert done.notes == ()


@pytest.mark.parametrize(
    "bad", ['{"@type": "Thing",}', "{'a': 1}", "", '{"a": "\x01"}', "{oops}", '{"a": NaN}', "[" * 100_000]
)
def test_one_bad_script_costs_only_itself(load, entries, bad: str) -> None:
    question = {"@type": "Question", "name": "A?", "acceptedAnswer": {"text": "One."}}
    done = load("".join(f'<script type="application/ld+json">{one}</script>\n' for one in (bad, json.dumps(question), bad)), "x.html")  # fmt: skip
    assert told(entries) == [("A?", "One.", [])]
    assert [fault.partition(":")[0] for fault in faults(done)] in (["1", "3"], [])


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;p&gt;Bring:&lt;/p&gt;&lt;ul&gt;&lt;li&gt;a CV&lt;/li&gt;&lt;li&gt;what you can&#8217;t&lt;/li&gt;&lt;/ul&gt;", "Bring:\na CV;\nwhat you can’t"),
        ("&amp;lt;p&amp;gt;Twice&amp;lt;/p&amp;gt;", "Twice"),
        ("<div>&lt;p&gt;Inside&lt;/p&gt;</div>", "Inside"),
        ("<p>can&amp;#8217;t</p>", "can’t"),
        ("<p>Write &lt;b&gt;so&lt;/b&gt; for bold.</p>", "Write <b>so</b> for bold."),
        ("10<sup>3</sup> m<sup>2</sup>, the 1<sup>st</sup>", "10³ m², the 1st"),
        ("<s>$50</s> $40", "$40"),
        ('See <a href="https://example.org/a?b=1&amp;c=2">here</a>, <a href="/x">there</a>.', "See here (https://example.org/a?b=1&c=2), there."),
        ('<a href="https://www.example.org/">example.org</a>', "example.org"),
        ("List<String> &copy; AT&T &foo; &#7;", "List<String> © AT&T &foo; &#7;"),
    ],
)  # fmt: skip
def test_html_is_undone_however_often_it_is_escaped(source: str, text: str) -> None:
    assert to_text(source) == text
    assert undone(source) == text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "cp1252", "mac_roman", "cp850", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize(
    "text",
    ["What’s it – £30 or 30 €?", "A résumé of the café, naïve?", "“Yes”, and no…", "Größe: 20 °C, ½ l"],
)
def test_encodings_are_told_by_what_makes_sense(text: str, encoding: str) -> None:
    try:
        raw = f"question,answer\n{text},x\n".encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("this encoding has not these characters")
    found = detect(io.BytesIO(raw))
    assert found is not None
    assert text in raw.decode(found.name)


PIECES = ["NO", "2024", "08", "null", "#x", ": ", "- a", "'", '"', '""', "“q”", "  ", " ", "\t", "\u00a0", "\u2028", "é", "中文", "👩‍🔬", "a < b", "R&D", "|", ";", ",", "[x", "{y", "=1+1", "\\", "\\n", "$5", "one", "word", "x" * 90, "?"]  # fmt: skip


def nasty(seed: int, lines: bool = False) -> Told:
    """Questions and answers of text of which each format has ideas of its own."""
    own = random.Random(seed)  # noqa: S311 - the same texts in every run

    def text(more: list[str]) -> str:
        return "a" + "".join(own.choice(PIECES + more) for _ in range(own.randint(1, 9))) + "z"

    return [
        (f"Q{at} " + " ".join(text([]).split()), text(["\n", "\n\n"] if lines else []), [])
        for at in range(30)
    ]


def without_breaks(told: Told) -> Told:
    return [(*(" ".join(part.replace("\u2028", " ").split()) for part in one[:2]), []) for one in told]  # type: ignore[misc]


def written(form: str, told: Told) -> tuple[str, str | bytes]:
    pairs = [[question, answer] for question, answer, _ in told]
    objects = [{"question": question, "answer": answer} for question, answer in pairs]
    if form == "csv":
        return "x.csv", table([HEAD, *pairs])
    if form == "semicolons":
        return "x.csv", table([HEAD, *pairs], delimiter=";", quoting=csv.QUOTE_ALL)
    if form == "spreadsheet tabs":
        return "x.tsv", table([HEAD, *pairs], delimiter="\t")
    if form == "bare tabs":
        return "x.tsv", "".join("\t".join(row) + "\n" for row in [HEAD, *pairs])
    if form == "json":
        return "x.json", json.dumps({"faqs": objects})
    if form == "jsonl":
        return "x.jsonl", "\n".join(map(json.dumps, objects))
    if form == "xlsx":
        return "x.xlsx", workbook(("A", [HEAD, *pairs]))
    if form == "intents":
        return "x.json", json.dumps({"intents": [{"tag": f"t{at}", "patterns": [q], "responses": [a]} for at, (q, a) in enumerate(pairs)]})  # fmt: skip
    nodes = [
        {"@type": "Question", "name": q, "acceptedAnswer": {"@type": "Answer", "text": a}} for q, a in pairs
    ]
    script = json.dumps({"@type": "FAQPage", "mainEntity": nodes}).replace("<", "\\u003c")
    return "x.html", f'<script type="application/ld+json">{script}</script>'


@pytest.mark.parametrize("form", ["csv", "semicolons", "spreadsheet tabs", "bare tabs", "json", "jsonl", "xlsx", "intents", "page"])  # fmt: skip
@pytest.mark.parametrize("seed", range(4))
def test_nasty_text_comes_through_every_format(load, entries, form: str, seed: int) -> None:
    lines = form not in ("bare tabs", "page")
    expected = nasty(seed, lines)
    if not lines:
        expected = without_breaks(expected)
    name, content = written(form, expected)
    done = load(content, name)
    assert (done.faults, done.rows) == ((), len(expected))
    assert told(entries) == expected
