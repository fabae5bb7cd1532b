"""Several knowledge folders: each pack, entry and source keeps its own name, and a later pack may take the
place of single entries."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ENTRY
from layering import DEGREE, layer

from chatbot import KnowledgeError
from chatbot.bot import CareerBot
from chatbot.building.knowledge import load_knowledge
from chatbot.errors import ChatbotError
from chatbot.paths import shipped


def rules_of(*folders: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folders)
    return [(finding.file.name, finding.line, finding.rule) for finding in caught.value.findings]


def test_an_entry_takes_the_place_of_another_and_links_lead_to_it(tmp_path: Path) -> None:
    plain = load_knowledge([shipped("knowledge")])
    pointing = [entry.id for entry in plain.entries if DEGREE in (*entry.follow_ups, *entry.disagrees_with)]
    layered = load_knowledge([shipped("knowledge"), layer(tmp_path / "my")])
    assert DEGREE not in layered.by_id
    assert len(layered.entries) == len(plain.entries)
    assert pointing
    for entry in layered.entries:
        assert DEGREE not in (*entry.follow_ups, *entry.disagrees_with)
    assert all(
        "own/degree" in (*layered.by_id[i].follow_ups, *layered.by_id[i].disagrees_with) for i in pointing
    )
    assert "own/degree" in layered.packs[0].try_asking


def test_the_bot_answers_from_what_took_the_place(bot: CareerBot, layered: CareerBot) -> None:
    reply = layered.ask("do i need a degree to become a machine learning engineer?")
    assert reply.entry_id == "own/degree"
    assert [citation.title for citation in reply.citations] == ["Our survey"]
    assert bot.ask("do i need a degree to become a machine learning engineer?").entry_id == DEGREE


def test_a_pack_that_replaces_entries_of_one_that_is_not_loaded_stands_by_itself(tmp_path: Path) -> None:
    assert [entry.id for entry in load_knowledge([layer(tmp_path / "my")]).entries] == ["own/degree"]


def test_sources_of_one_id_are_each_folders_own(tmp_path: Path) -> None:
    first = layer(tmp_path / "first", "baker", ENTRY, "A loaf")
    second = layer(tmp_path / "second", "miller", ENTRY, "Another loaf")
    third = layer(tmp_path / "third", "cook", ENTRY, "A loaf")
    knowledge = load_knowledge([first, second, third])
    assert {entry.id: entry.citations[0].title for entry in knowledge.entries} == {
        "baker/start": "A loaf", "miller/start": "Another loaf", "cook/start": "A loaf",
    }  # fmt: skip
    assert set(knowledge.sources) == {"loaf", "second/loaf"}
    assert knowledge.by_id["miller/start"].citations[0].source_id == "second/loaf"


def test_what_cannot_be_layered_is_named(tmp_path: Path) -> None:
    first = layer(tmp_path / "first", "baker", ENTRY)
    assert rules_of(first, layer(tmp_path / "twice", "baker", ENTRY)) == [("pack.yaml", 1, "duplicate-pack")]
    missing = ENTRY.replace("  - id: start\n", "  - id: start\n    replaces: baker/strat\n")
    assert rules_of(first, layer(tmp_path / "second", "miller", missing)) == [("day.yaml", 5, "broken-link")]
    taking = ENTRY.replace("  - id: start\n", "  - id: start\n    replaces: baker/start\n")
    two = [layer(tmp_path / name, name, taking) for name in ("cook", "miner")]
    assert rules_of(first, *two) == [("day.yaml", 5, "duplicate-replacement")]
    circle = [
        ENTRY.replace("  - id: start\n", f"  - id: start\n    replaces: {other}/start\n")
        for other in ("b", "a")
    ]
    found = rules_of(layer(tmp_path / "ca", "a", circle[0]), layer(tmp_path / "cb", "b", circle[1]))
    assert {rule for _, _, rule in found} == {"duplicate-replacement"}


def test_a_folder_named_twice_is_read_once(tmp_path: Path) -> None:
    folder = layer(tmp_path / "my", "baker", ENTRY)
    assert len(load_knowledge([folder, tmp_path / "my" / ".." / "my"]).entries) == 1


def test_a_folder_without_sources_may_cite_those_of_an_earlier_one(tmp_path: Path) -> None:
    first = layer(tmp_path / "first", "baker", ENTRY)
    second = layer(tmp_path / "second", "miller", ENTRY)
    (second / "sources.yaml").unlink()
    assert len(load_knowledge([first, second]).entries) == 2
    assert rules_of(second) == [("day.yaml", 8, "unknown-source")]


def test_packs_may_have_topics_of_one_name(tmp_path: Path) -> None:
    folders = [
        layer(tmp_path / name, name, ENTRY.replace("title: Day", f"title: The {name}'s day"))
        for name in ("baker", "miller")
    ]
    knowledge = load_knowledge(folders)
    assert knowledge.topics == {"day": "The baker's day"}
    assert [knowledge.topic_title(entry) for entry in knowledge.entries] == [
        "The baker's day",
        "The miller's day",
    ]
    assert [entry.id for entry in knowledge.in_topic("day", "miller")] == ["miller/start"]


# the configuration


def config(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "chatbot.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_configuration_names_layered_folders_from_where_it_stands(run, tmp_path: Path) -> None:
    layer(tmp_path / "conf" / "my")
    file = config(tmp_path / "conf", 'knowledge = ["shipped", "my"]\n')
    told = run("--config", str(file), "coverage").stdout.decode()
    assert "own/day" in told and "machine-learning-engineer/pay" in told
    assert "own/day" in run("coverage", CHATBOT_CONFIG=str(file)).stdout.decode()
    alone = run("--config", str(file), "--knowledge", str(tmp_path / "conf" / "my"), "topics").stdout.decode()
    assert alone.split() == ["day", "Day,", "1", "question"]  # the command line goes first
    both = run(
        "--knowledge", "shipped", "--knowledge", str(tmp_path / "conf" / "my"), "sources"
    ).stdout.decode()
    assert "Our survey" in both and "MRL" in both


def test_a_pyproject_has_a_table_for_it(run, tmp_path: Path) -> None:
    layer(tmp_path / "my")
    file = tmp_path / "pyproject.toml"
    file.write_text('[project]\nname = "x"\n[tool.chatbot]\nknowledge = ["my"]\n', encoding="utf-8")
    assert run("--config", str(file), "topics").stdout.decode().split() == ["day", "Day,", "1", "question"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'knowledge = ["shipped"]\nknowlege = ["x"]\n',
            "chatbot.toml:2: unknown key 'knowlege'; did you mean 'knowledge'?",
        ),
        ("color = 1\n", "chatbot.toml:1: color: expected bool, got int"),
        ('# a comment\nknowledge = "my"\n', "chatbot.toml:2: knowledge: expected array, got str"),
        ("knowledge = [\n", "not TOML"),
        ('knowledge = ["nowhere"]\n', "nowhere: no such knowledge folder"),
    ],
)
def test_a_configuration_that_can_not_be_used_is_named_in_one_line(
    run, tmp_path: Path, text: str, message: str
) -> None:
    done = run("--config", str(config(tmp_path, text)), "topics")
    told = done.stderr.decode()
    assert done.returncode == 2
    assert message in told and told.count("\n") == 1


def test_a_configuration_that_is_not_there_is_an_error_only_where_it_was_named(run, tmp_path: Path) -> None:
    assert run("--config", str(tmp_path / "none.toml"), "topics").returncode == 2
    assert run("topics").returncode == 0


def test_config_writes_a_file_with_every_default_and_shows_what_is_in_use(run, tmp_path: Path) -> None:
    file = tmp_path / "home" / ".config" / "career-chatbot" / "config.toml"
    told = run("config").stdout.decode()
    assert f"{file} (not there" in told and "log_unanswered  no" in told
    assert run("config", "--init").returncode == 0
    text = file.read_text(encoding="utf-8")
    assert run("config").stdout.decode().replace(
        " (not there; chatbot config --init writes it)", ""
    ) == told.replace(" (not there; chatbot config --init writes it)", "")
    file.write_text(text.replace("# log_unanswered = false", "log_unanswered = true"), encoding="utf-8")
    assert "log_unanswered  yes" in run("config").stdout.decode()
    assert run("config", "--init").returncode == 2  # never written over


def test_every_option_of_the_configuration_is_documented_in_its_template() -> None:
    from dataclasses import fields

    from chatbot.cli.config import TEMPLATE, Config

    for field in fields(Config):
        assert f"\n# {field.name} = " in TEMPLATE
    with pytest.raises(ChatbotError):
        load_knowledge([Path("/nowhere")])
