"""Files that can't be used are named by file:line:column, all faults at once, and nothing in them is
executed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import ENTRY

from chatbot import CareerBot, ChatbotError, KnowledgeError, SentenceTransformerEncoder
from chatbot.building.knowledge import load_knowledge
from chatbot.intents.load import load_intents


def faults(folder: Path) -> list[tuple[str, int, int, str]]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge([folder])
    return [
        (finding.file.name, finding.line, finding.column, finding.rule) for finding in caught.value.findings
    ]


def write(folder: Path, text: str) -> None:
    (folder / "baking" / "day.yaml").write_text(text, encoding="utf-8")


def test_a_sound_folder_loads(folder: Path) -> None:
    knowledge = load_knowledge([folder])
    assert [entry.id for entry in knowledge.entries] == ["baking/start"]
    assert knowledge.entries[0].questions[0] == "When does a baker start work?"


def test_all_faults_are_named_at_once_with_their_places(folder: Path) -> None:
    write(
        folder,
        ENTRY.replace("source: loaf", "source: loav")
        .replace("    question:", "    qestion:")
        .replace("title: Day", "title: 12"),
    )
    (folder / "sources.yaml").write_text(
        "sources:\n  - id: loaf\n    title: The loaf\n    url: ftp://x\n", encoding="utf-8"
    )
    assert faults(folder) == [
        ("day.yaml", 2, 8, "type"),
        ("day.yaml", 5, 5, "unknown-key"),
        ("sources.yaml", 4, 10, "type"),
    ]


def test_an_unknown_source_is_named(folder: Path) -> None:
    write(folder, ENTRY.replace("source: loaf", "source: loav"))
    assert faults(folder) == [("day.yaml", 8, 17, "unknown-source")]


def test_an_unknown_key_is_guessed(folder: Path) -> None:
    write(folder, ENTRY.replace("    answer:", "    anser:"))
    with pytest.raises(KnowledgeError, match="did you mean 'answer'"):
        load_knowledge([folder])


def test_duplicate_ids_are_named(folder: Path) -> None:
    write(folder, ENTRY + ENTRY.split("entries:\n")[1])
    assert faults(folder) == [("day.yaml", 14, 9, "duplicate-id")]


def test_a_duplicate_key_is_named(folder: Path) -> None:
    write(folder, ENTRY.replace("    answer:", "    answer: Late.\n    answer:"))
    assert faults(folder) == [("day.yaml", 7, 5, "duplicate-key")]


def test_an_answer_without_a_citation_is_refused(folder: Path) -> None:
    write(folder, ENTRY.split("    citations:")[0] + "    citations: []\n")
    assert faults(folder) == [("day.yaml", 7, 16, "no-citation")]


def test_links_to_a_file_that_can_not_be_read_are_not_called_broken(folder: Path) -> None:
    write(folder, ENTRY + "    follow_ups: [pay]\n")
    (folder / "baking" / "pay.yaml").write_text("entries: [oops\n", encoding="utf-8")
    assert [(file, rule) for file, _, _, rule in faults(folder)] == [("pay.yaml", "syntax")]


def test_a_broken_follow_up_is_named(folder: Path) -> None:
    write(folder, ENTRY + "    follow_ups: [pay]\n")
    assert faults(folder) == [("day.yaml", 14, 18, "broken-link")]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("topic: day\ntitle: [Day\n", "syntax"),
        ("topic: day\n\ttitle: Day\n", "syntax"),
        ("topic: !!python/object/apply:os.system ['true']\n", "tag"),
        ("a: &x [1]\nb: [*x, *x]\n", "alias"),
        ("a: " + "[" * 200 + "]" * 200, "too-deep"),
        ("topic: day\x00\n", "control-character"),
        ("topic: d\x1b[31may\n", "control-character"),
        ('topic: "d\\e[31may"\n', "control-character"),
        ('topic: "day\\n"\n', "type"),
        ("- 1\n- 2\n", "type"),
        ("", "type"),
        ("a: 1\n---\nb: 2\n", "syntax"),
    ],
    ids=[
        "unclosed",
        "tab",
        "tag",
        "alias",
        "deep",
        "nul",
        "escape",
        "written-escape",
        "id-with-newline",
        "list",
        "empty",
        "two-documents",
    ],
)
def test_what_is_no_topic_file_is_refused(folder: Path, text: str, rule: str) -> None:
    write(folder, text)
    assert rule in {found[3] for found in faults(folder)}


def test_other_encodings_and_sizes_are_refused(folder: Path) -> None:
    file = folder / "baking" / "day.yaml"
    file.write_bytes(ENTRY.replace("Very early", "Tr\xe8s t\xf4t").encode("latin-1"))
    assert faults(folder) == [("day.yaml", 6, 15, "encoding")]
    file.write_bytes(b"# " + b"x" * 6_000_000)
    assert faults(folder) == [("day.yaml", 1, 1, "too-large")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "question: When does a baker start work?",
            'question: "When does a baker start work?',
            "a quote opens in line 5|opens in line 5 is not closed",
        ),
        ("answer: Very", "answer:Very", "in line 6 a blank is missing after the colon"),
        ("    answer:", "\u00a0   answer:", "a no-break space in line 6"),
        ("    answer:", "\tanswer:", "a tab in line 6: indent with spaces"),
        (
            "question: When",
            "question: Baking: when",
            "text with a colon and a blank in it must stand in quotes",
        ),
    ],
)
def test_what_is_not_yaml_is_explained(folder: Path, old: str, new: str, said: str) -> None:
    write(folder, ENTRY.replace(old, new))
    with pytest.raises(KnowledgeError, match=said):
        load_knowledge([folder])


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("question: When", "question When", 5),
        ("answer: Very", "answer Very", 6),
        ("    citations:", "    citations", 7),
        ("  - id: start", "  - id start", 4),
        ("source: loaf", "source loaf", 8),
        ("entries:", "entries", 3),
        ("title: Day", "title Day", 2),
        ("topic: day", "topic day", 1),
    ],
)
def test_a_missing_colon_is_pointed_at_in_its_own_line(folder: Path, old: str, new: str, line: int) -> None:
    assert old in ENTRY
    write(folder, ENTRY.replace(old, new))
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge([folder])
    finding = caught.value.findings[0]
    assert (finding.line, finding.message.partition(":")[0]) == (line, "not YAML")
    assert f"a colon is missing in {new.strip(' -')[:10]!r}"[:-1] in finding.message


def test_a_pipe_is_not_waited_for(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "baking" / "pipe.yaml")
    assert faults(folder) == [("pipe.yaml", 1, 1, "file")]
    with pytest.raises(KnowledgeError, match="not a file"):
        CareerBot(folder, encoder=SentenceTransformerEncoder(), cache=tmp_path / "cache")


def test_missing_folders_and_packs_are_said_in_one_line(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ChatbotError, match="no such knowledge folder"):
        load_knowledge([tmp_path / "nowhere"])
    with pytest.raises(ChatbotError, match="no pack named nurse; there is: baking"):
        load_knowledge([folder], ["nurse"])
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "sources.yaml").write_text("sources: []\n", encoding="utf-8")
    with pytest.raises(ChatbotError, match="no pack found"):
        load_knowledge([tmp_path / "empty"])
    with pytest.raises(ChatbotError, match="no such intents folder"):
        load_intents([tmp_path / "nowhere"])


def test_the_norway_problem_does_not_arise(folder: Path) -> None:
    write(folder, ENTRY + "    scope: {country: NO}\n    as_of: 2024-01-01\n")
    entry = load_knowledge([folder]).entries[0]
    assert entry.scope == {"country": "NO"}
    assert entry.as_of == "2024-01-01"


def test_intents_are_checked_alike(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "intents:\n  - id: hi\n    kind: smaltalk\n    replies: []\n    examples: [hi]\n", encoding="utf-8"
    )
    with pytest.raises(KnowledgeError) as caught:
        load_intents([tmp_path])
    assert [(f.line, f.rule) for f in caught.value.findings] == [(3, "type")]
    assert "did you mean 'smalltalk'" in str(caught.value)


def test_a_topic_that_a_pack_covers_switches_its_negative_examples_off(tmp_path: Path) -> None:
    intent = "intents:\n  - {id: visas, kind: unknown, about: visas, replies: ['No.'], examples: [visa]}\n"
    (tmp_path / "x.yaml").write_text("neutral: false\n" + intent, encoding="utf-8")
    assert [i.id for i in load_intents([tmp_path])] == ["visas"]
    assert load_intents([tmp_path], covered={"visas"}) == ()
    assert load_intents([tmp_path], shipped_packs=False) == ()
