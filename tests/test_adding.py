"""An item is added at the end of a list in a YAML file, however it is written, and nothing else in the file
is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot import ChatbotError, KnowledgeError
from chatbot.knowledge import adding
from chatbot.knowledge.adding import NotAddedError, add_item, put_checked
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.schema import TopicFile
from chatbot.knowledge.yamlfile import read

ITEM = "- id: new\n  question: New?\n  answer: New.\n  citations:\n    - source: loaf\n      section: '08'\n"
FLOW = "{id: a, question: A?, answer: A., citations: [{source: loaf, section: S}]}"
FIRST = "  - id: a\n    question: A?\n    answer: A.\n    citations: [{source: loaf, section: S}]\n"
STYLES = {
    "empty": "topic: t\ntitle: T\nentries: []\n",
    "empty-commented": "topic: t\ntitle: T\nentries: [ ]   # none yet\n# the end\n",
    "nothing": "topic: t\ntitle: T\nentries:\n  # the first comes here\n\ntables: []\n",
    "no-key": "topic: t\ntitle: T",
    "tables-after": f"topic: t\ntitle: T\nentries:\n{FIRST}\n# the figures\ntables: []\n",
    "key-after": f"entries:\n{FIRST}    # more of it some day\n\ntopic: t\ntitle: T\n",
    "not-indented": "topic: t\nentries:\n" + FIRST.replace("\n  ", "\n").removeprefix("  ") + "title: T\n",
    "far-indented": "topic: t\nentries:\n        -   id: a\n            question: A?\n            citations:\n            - {source: loaf,\n"
    "              section: S}\n            answer: |+\n             A.\n\n\ntitle: T\n",
    "folded": "topic: t\nentries:\n- id: a\n  question: A?\n  citations: [{source: loaf, section: S}]\n  answer: >-\n    A\n    b.\n\n\ntitle: T\n",
    "quoted-over-lines": 'topic: t\nentries:\n- id: a\n  question: A?\n  citations: [{source: loaf, section: S}]\n  answer: "A\n\n    b."\ntitle: T',
    "flow-items": "topic: t\ntitle: T\nentries:\n  - {id: a, question: A?, answer: A., citations: [{source: loaf, section: S}]}\n",
    "quoted-key": f'topic: t\ntitle: T\n"entries":\n{FIRST}',
    "whole-indented": "  topic: t\n  title: T\n  entries:\n" + "".join("  " + line for line in FIRST.splitlines(True)),
    "document-marks": f"%YAML 1.1\n---\ntopic: t\ntitle: T\nentries:\n{FIRST}...\n",
    "comments-at-the-end": f"topic: t\ntitle: T\nentries:\n{FIRST}# - id: b\n#   question: B?\n\n\n",
    "null-last": f"topic: t\ntitle: T\nentries:\n{FIRST}    as_of:\n# end",
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "t.yaml"


def add(file: Path, text: str) -> int:
    file.write_bytes(text.encode())
    return add_item(file, TopicFile, "entries", ITEM)


@pytest.mark.parametrize("windows", [False, True], ids=["unix", "windows"])
@pytest.mark.parametrize("style", STYLES)
def test_an_item_is_added_and_nothing_else_is_touched(file: Path, style: str, windows: bool) -> None:
    before = STYLES[style]
    if windows:
        before = "\ufeff" + before.replace("\n", "\r\n")
    file.write_bytes(before.encode())
    old = read(file).plain().get("entries") or []
    line = add(file, before)

    spec, node = load_as(file, TopicFile)
    assert node.plain()["entries"][:-1] == old
    assert [entry.id for entry in spec.entries] == [*(entry["id"] for entry in old), "new"]
    assert node.value["entries"][1].value[-1].line == line
    after = file.read_bytes().decode()
    assert ("\r\n" in after) is windows and ("\n" in after.replace("\r\n", "")) is not windows
    assert after.startswith("\ufeff") is windows
    left = iter(after.splitlines())
    # each in its turn
    assert all(wanted in left for wanted in before.splitlines() if "entries: [" not in wanted)
    assert after.count("#") == before.count("#")


def test_a_second_item_stands_below_the_first(file: Path) -> None:
    for text in STYLES.values():
        add(file, text)
        item = ITEM.replace("new", "newer")
        line = add_item(file, TopicFile, "entries", item)
        lines = file.read_text(encoding="utf-8").splitlines()
        assert lines[line - 1].strip() == "- id: newer"
        assert [entry.id for entry in load_as(file, TopicFile)[0].entries][-2:] == ["new", "newer"]


def test_comments_stay_with_what_they_belong_to(file: Path) -> None:
    add(file, STYLES["tables-after"].replace("\n# the", "    # of A\n\n# the"))
    lines = file.read_text(encoding="utf-8").splitlines()
    assert (
        lines.index("    # of A")
        < lines.index("  - id: new")
        < lines.index("# the figures")
        == lines.index("tables: []") - 1
    )


def test_an_item_follows_a_block_of_text_without_a_gap_and_a_gap_that_is_text_is_kept(file: Path) -> None:
    line = add(file, STYLES["folded"])
    assert file.read_text(encoding="utf-8").splitlines()[line - 2] == "    b."
    add(file, STYLES["far-indented"])
    assert load_as(file, TopicFile)[0].entries[0].answer == "A.\n\n\n"


def test_items_that_stand_apart_go_on_doing_so(file: Path) -> None:
    second = FIRST.replace("id: a", "id: b")
    line = add(file, f"topic: t\ntitle: T\nentries:\n{FIRST}\n{second}\ntables: []\n")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert (lines[line - 2], lines[line - 1], lines[-2:]) == ("", "  - id: new", ["", "tables: []"])


@pytest.mark.parametrize(
    "text",
    [
        "{topic: t, title: T}\n",
        f"topic: t\ntitle: T\nentries: [{FLOW}]\n",
        "topic: t\ntitle: T\nentries: [\n]\n",
        "topic: t\ntitle: T\n...\n",
    ],
    ids=["flow", "flow-list", "brackets-over-lines", "ended"],
)
def test_where_that_is_not_safe_nothing_is_written(file: Path, text: str) -> None:
    with pytest.raises(
        NotAddedError,
        match=r"t\.yaml:\d: 'entries' is not written as one item below the other, so nothing was added$",
    ):
        add(file, text)
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "item", ["- id: New\n", "- id: a\n  anser: b\n", ITEM + "x: 1\n", ITEM + ITEM, "id: a\n", ""]
)
def test_an_item_that_is_none_is_not_written(file: Path, item: str) -> None:
    file.write_text(STYLES["empty"], encoding="utf-8")
    with pytest.raises(NotAddedError):
        add_item(file, TopicFile, "entries", item)
    assert file.read_text(encoding="utf-8") == STYLES["empty"]


def test_a_fault_that_is_there_is_named_at_its_place(file: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"t\.yaml:2:8"):
        add(file, "topic: t\ntitle: 12\nentries: []\n")


def test_a_file_that_does_not_load_once_written_is_put_back(file: Path, monkeypatch) -> None:
    with pytest.raises(ChatbotError, match=r"t\.yaml:2:8: .*; nothing was written"):
        put_checked(file, "topic: t\ntitle: 12\n", TopicFile)
    assert not file.exists()
    monkeypatch.setattr(adding, "_is_right", lambda *_: True)
    monkeypatch.setattr(adding, "_candidates", lambda *_: iter([("topic: t\ntitle: 12\n", 1)]))
    with pytest.raises(ChatbotError, match=r"t\.yaml:2:8: .*; nothing was written"):
        add(file, "\ufefftopic: t\r\ntitle: T\r\n")
    assert file.read_bytes() == "\ufefftopic: t\r\ntitle: T\r\n".encode()
    assert list(file.parent.iterdir()) == [file]


def test_a_link_stays_a_link_and_the_mode_is_kept(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.yaml"
    real.write_text("topic: t\ntitle: T\n", encoding="utf-8")
    real.chmod(0o640)
    file.symlink_to(real)
    add_item(file, TopicFile, "entries", ITEM)
    assert file.is_symlink() and "id: new" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o640
