"""The shipped knowledge is complete: every answer is sourced, every figure is declared, every link leads
somewhere."""

from __future__ import annotations

import re

import pytest

from chatbot.building.knowledge import load_knowledge
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.schema import EntrySpec, TopicFile
from chatbot.language.normalise import clean
from chatbot.paths import shipped

KNOWLEDGE = load_knowledge([shipped("knowledge")])
FILES = sorted(
    file
    for file in shipped("knowledge").glob("*/*.yaml")
    if file.name not in {"pack.yaml", "titles.yaml"} and not file.name.endswith(".dataset.yaml")
)
SPECS = [(file.stem, spec) for file in FILES for spec in load_as(file, TopicFile)[0].entries]
NUMBER = re.compile(r"\d[\d,.]*\d|\d")
IN_WORDS = {
    word: str(i)
    for i, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}


def numbers(text: str) -> set[str]:
    found = {IN_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in IN_WORDS}
    return found | {match.group().replace(",", "") for match in NUMBER.finditer(text)}


def test_every_source_is_cited() -> None:
    cited = {citation.source_id for entry in KNOWLEDGE.entries for citation in entry.citations}
    assert cited == set(KNOWLEDGE.sources)


@pytest.mark.parametrize("entry", KNOWLEDGE.entries, ids=lambda entry: entry.id.split("/")[1])
def test_an_entry_is_whole(entry) -> None:
    assert entry.citations
    for citation in entry.citations:
        assert citation.title and citation.section.strip() and citation.published
    filled = re.sub(r"\{\w+\}", "Bakers.", entry.answer)  # a text that fills a brace is whole sentences
    assert filled.endswith((".", "!", "?"))
    assert len(entry.answer.split()) <= 95
    assert entry.lookup or len(entry.answer.split()) >= 5
    chosen_by_words = entry.lookup and (entry.lookup.statistic or not entry.matched)
    assert (1 if chosen_by_words else 16) <= len(entry.questions) <= 80
    assert len({question.lower() for question in entry.questions}) == len(entry.questions)
    assert all(clean(question) for question in entry.questions)
    assert ("{" in entry.answer) == bool(entry.lookup)


@pytest.mark.parametrize(("topic", "spec"), SPECS, ids=[spec.id for _, spec in SPECS])
def test_every_number_in_an_answer_is_declared_under_a_citation(topic: str, spec: EntrySpec) -> None:
    declared = {
        number for citation in spec.citations for figure in citation.figures for number in numbers(figure)
    }
    assert numbers(spec.answer) <= declared


def test_every_row_of_a_table_is_cited_and_told_as_the_source_prints_it() -> None:
    tables = [entry for entry in KNOWLEDGE.entries if entry.table]
    assert {entry.id.split("/")[1] for entry in tables} == {"salary-by-country", "salary-by-level", "tuition"}
    for entry in tables:
        for row in entry.table.rows:
            assert row.citations
            assert set(row.at) == set(entry.table.dimensions)
            assert f"{row.amount:,.0f}" in row.shown


def test_no_phrasing_belongs_to_two_entries() -> None:
    owners: dict[str, str] = {}
    for entry in KNOWLEDGE.entries:
        for question in entry.questions:
            key = re.sub(r"\W+", " ", question.lower()).strip()
            assert owners.setdefault(key, entry.id) == entry.id, question


def test_the_packs_examples_are_entries() -> None:
    for pack in KNOWLEDGE.packs:
        assert pack.try_asking
        assert all(i in KNOWLEDGE.by_id for i in pack.try_asking)
