"""Packs come in from other formats checked and marked, go out, and come back the same; a bad file does no
harm."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ENTRY
from exchanging import PLAIN, ROUND_TRIPS, SHIPPED, chatbot

from chatbot import ChatbotError
from chatbot.authoring.exchange import collect
from chatbot.authoring.exchange.cells import join_list, join_map, split_list, split_map
from chatbot.authoring.exchange.delimited import COLUMNS
from chatbot.authoring.exchange.exporting import export_text
from chatbot.authoring.exchange.importing import import_file
from chatbot.authoring.exchange.records import TopicPart, Whole, read_whole
from chatbot.authoring.exchange.yamltext import lines_of
from chatbot.building.knowledge import load_knowledge
from chatbot.knowledge.schema import CitationSpec, EntrySpec, PackFile, RowSpec, TableSpec, TopicFile
from chatbot.knowledge.sourceschema import SourceSpec
from chatbot.knowledge.yamlfile import read
from chatbot.language.normalise import printable

# there and back


@pytest.mark.parametrize("form", ROUND_TRIPS)
def test_the_shipped_pack_comes_back_field_for_field(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"other-name.{form}"
    file.write_text(export_text(SHIPPED, form), encoding="utf-8", newline="")
    done = import_file(file, tmp_path / "in", None, None, None, False)
    assert read_whole([tmp_path / "in"], "machine-learning-engineer") == SHIPPED
    assert (done.faults, done.notes) == ((), ())
    assert [one for one in done.todo if not one.startswith("language.yaml")] == []
    assert {path.name for path in (tmp_path / "in").iterdir()} == {
        "machine-learning-engineer",
        "sources.yaml",
    }


PIECES = [
    "NO", "yes", "2024", "null", "~", "true", "010", "1e3", ".5", "- a", "-", "--- ", "...", "#x", " # y", ": ", "a: b", "key:", "? ", "! ", "&a",
    "*b", "%", "@", "`", "'", '"', '""', "“q”", "\n", "\n\n", "  ", " ", "\t", "\u00a0", "\u2028", "\u2029", "\ufeff", "\u200d", "👩‍🔬", "é", "e\u0301",
    "中文", "עברית", "<b>x</b>", "&amp;", "&lt;", "<", "a < b", "</script>", "<!--", "]]>", "List<int>", "|", ";", "; ", ",", "[", "]", "{", "}",
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
        told = {
            "phrasings": self.texts(9),
            "as_of": self.maybe(),
            "brief": self.maybe(),
            "replaces": f"other/{name}",
            "follow_ups": ["e0"],
            "subjects": self.texts(2),
        }
        return EntrySpec(
            id=name, question=self.text(), answer=self.text(), citations=cited, scope=scope, **told
        )  # type: ignore[arg-type]

    def table(self, name: str) -> TableSpec:
        dimensions = sorted({self.text(), self.text()})
        amounts = [1, 2.5, 1e22, 1e-9, -3]
        rows = [
            RowSpec(at={d: f"{self.text()}{i}" for d in dimensions}, amount=n, shown=self.text())
            for i, n in enumerate(amounts)
        ]
        rows[0].citations = [self.citation()]
        words = ("question", "unit", "statistic", "period", "overview", "item", "row", "missing")
        told = {word: self.text() for word in words} | {
            "contrast": self.maybe(),
            "brief": self.maybe(),
            "row_phrasings": self.texts(),
        }
        return TableSpec(
            id=name,
            measure="m",
            dimensions=dimensions,
            labels={self.text(): "x"},
            citations=[self.citation()],
            rows=rows,
            **told,
        )  # type: ignore[arg-type]

    def pack(self) -> Whole:
        topics = [
            TopicPart(
                "0 Other name",
                TopicFile(
                    topic="a",
                    title=self.text(),
                    shelf_life_years=0.5,
                    entries=[self.entry("e0"), self.entry("e1")],
                ),
            ),
            TopicPart(
                "b",
                TopicFile(
                    topic="b", title=self.text(), entries=[self.entry("e2")], tables=[self.table("e3")]
                ),
            ),
            TopicPart("c", TopicFile(topic="c", title=self.text())),
        ]
        source = SourceSpec(
            id="s",
            title=self.text(),
            publisher=self.maybe(),
            published=self.text(),
            url="https://x.y/?a=b&c=<d>",
            kind="statistics",
        )
        pack = PackFile(
            id="p",
            title=self.text(),
            role=self.texts(),
            own_terms=self.texts(),
            about=self.text(),
            try_asking=["e1", "e3"],
        )
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
        file.write_text(
            "\n".join(line for name, item in value.items() for line in lines_of(name, item, 0)) + "\n",
            encoding="utf-8",
        )
        assert read(file).plain() == value
        assert split_list(join_list(value["list"])) == value["list"]  # type: ignore[arg-type]
        assert split_map(join_map(value["map"])) == value["map"]  # type: ignore[arg-type]


def test_line_ends_become_newlines_in_every_format(tmp_path: Path) -> None:
    entry = EntrySpec(
        id="e",
        question="Is it?",
        answer="One.\r\nTwo.\rThree.",
        citations=[CitationSpec(source="s", section="S")],
    )
    whole = Whole(
        PackFile(id="p", title="P"),
        (TopicPart("t", TopicFile(topic="t", title="T", entries=[entry])),),
        (SourceSpec(id="s", title="S"),),
    )
    for form in ROUND_TRIPS:
        (tmp_path / f"p.{form}").write_text(export_text(whole, form), encoding="utf-8", newline="")
        import_file(tmp_path / f"p.{form}", tmp_path / form, None, None, None, False)
        assert read_whole([tmp_path / form], "p").topics[0].spec.entries[0].answer == "One.\nTwo.\nThree."


def test_a_topic_too_large_for_one_file_is_split_in_order(
    load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "PART_BYTES", 3_000)
    monkeypatch.setattr("chatbot.authoring.exchange.packfolder.PART_BYTES", 3_000)
    load("question,answer\n" + "".join(f"Question {i}?,Answer {i}.\n" for i in range(100)))
    files = sorted((tmp_path / "in" / "bakers").glob("general-*.yaml"))
    assert len(files) > 5
    assert all(file.stat().st_size <= 3_000 for file in files)
    knowledge = load_knowledge([tmp_path / "in"])
    assert [entry.question for entry in knowledge.entries] == [f"Question {i}?" for i in range(100)]
    assert knowledge.topics == {"general": "General"}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measured as Linux does")
def test_many_rows_need_little_memory(tmp_path: Path) -> None:
    row = 'What does the {0}th baker do at hour {0}?,"It is {1} of the day, in the year {0}.","{2}",topic {3},Source {3},Hours\n'
    with (tmp_path / "many.csv").open("w") as stream:
        stream.write("question,answer,phrasings,topic,source,section\n")
        stream.writelines(
            row.format(i, "work " * 2_000, "\n".join(f"phrasing {i} {j}" for j in range(10)), i % 20)
            for i in range(4_000)
        )
    code = "from chatbot.cli.main import main\ntry: main()\nfinally: print(open('/proc/self/status').read())"
    done = subprocess.run(
        [sys.executable, "-c", code, "import", "many.csv", "--into", "in"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    told = done.stdout.decode()
    assert told.startswith("in/many: 4,000 entries, 20 topics, 20 new sources")
    peak = int(told.partition("VmHWM:")[2].split()[0])
    assert peak < 100_000, f"{peak // 1024} MB"


# the command


def test_the_command_says_what_came_of_it_and_ends_with_its_status(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(PLAIN)
    (tmp_path / "b.csv").write_text(PLAIN + "\x1b[2J?,\x1b]0;x\x07\n,x\n")
    done = chatbot("import", tmp_path / "a.csv", "--into", tmp_path / "in")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path}/in/a: 1 entry, 1 topic, 1 new source\n")
    assert "Left to do" in done.stderr
    done = chatbot("import", tmp_path / "b.csv", "--into", tmp_path / "in")
    assert (done.exit_code, done.stdout) == (
        1,
        f"{tmp_path}/in/b: 1 entry, 1 topic, 1 new source; skipped: 2\n",
    )
    assert f"{tmp_path}/b.csv:4: no question\n" in done.stderr
    assert "\x1b" not in done.stderr
    assert isinstance(
        chatbot("import", tmp_path / "a.csv", "--into", tmp_path / "in").exception, ChatbotError
    )
    assert isinstance(
        chatbot("import", tmp_path / "none.csv", "--into", tmp_path / "in").exception, ChatbotError
    )


def test_the_command_exports_to_a_file_or_to_stdout(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert chatbot("--knowledge", folder, "export", "baking", file).exit_code == 0
    assert file.read_text().splitlines()[0] == ",".join(COLUMNS)
    assert "is there already" in str(chatbot("--knowledge", folder, "export", "baking", file).exception)
    assert (
        chatbot("--knowledge", folder, "export", "baking", file, "--force", "--format", "jsonl").exit_code
        == 0
    )
    kinds = [json.loads(line)["kind"] for line in file.read_text().splitlines()]
    assert kinds == ["pack", "source", "topic", "entry"]
    shown = chatbot("--knowledge", folder, "export", "baking", "--format", "markdown").stdout
    assert (
        "## Day\n\n### When does a baker start work?\n\nVery early, before sunrise.\n\n- The loaf, undated, section “Mornings”\n"
        in shown
    )
    assert chatbot("--knowledge", folder, "export", "baking").exit_code == 2
    assert "no pack named nurse; there is: baking" in str(
        chatbot("--knowledge", folder, "export", "nurse", "--format", "csv").exception
    )
    assert "what format is this?" in str(
        chatbot("--knowledge", folder, "export", "baking", tmp_path / "x.doc").exception
    )


def test_a_layer_cites_the_sources_below_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "top" / "night").mkdir(parents=True)
    (tmp_path / "top" / "night" / "pack.yaml").write_text("id: night\ntitle: Night\n")
    (tmp_path / "top" / "night" / "day.yaml").write_text(ENTRY)
    assert [source.id for source in read_whole([folder, tmp_path / "top"], "night").sources] == ["loaf"]
    with pytest.raises(ChatbotError, match=r"the source 'loaf' is cited, but no sources\.yaml has it"):
        read_whole([tmp_path / "top"], "night")


def test_control_characters_do_not_leave_a_pack(folder: Path) -> None:
    (folder / "baking" / "day.yaml").write_text(
        ENTRY.replace("Very early, before sunrise.", '"Early\\u001b[2J"')
    )
    error = str(chatbot("--knowledge", folder, "export", "baking", "--format", "csv").exception)
    assert "U+001B" in error
    assert printable(error) == error


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


def test_the_examples_of_the_documentation_are_imported(load) -> None:
    text = (Path(__file__).parents[1] / "docs" / "exchange.md").read_text()
    examples = [block[1:] for block in text.split("```")[1::2] if block.startswith("\n")]
    names = ["a.csv", "b.jsonl"]
    assert len(examples) == len(names)
    for name, example in zip(names, examples, strict=True):
        done = load(example, name)
        assert (done.faults, done.notes, done.entries) == ((), (), 1)
    assert set(COLUMNS) <= set(re.findall(r"`(\w+)`", text))
