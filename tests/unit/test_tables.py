"""A table tells the row that is asked for, beside it what else is there, and never a neighbour's figure in
its place."""

from __future__ import annotations

import pytest
from staging import MLE, replace

from chatbot.answering.tables import answer_from
from chatbot.knowledge.model import Entry, Row, Table

COUNTRY, LEVEL, TUITION = (f"{MLE}{name}" for name in ("salary-by-country", "salary-by-level", "tuition"))


def told(library, question: str, label: str = COUNTRY, entry: Entry | None = None):
    """What a table makes of a question."""
    entry = entry or library.knowledge.by_id[label]
    return answer_from(entry, library.tables, library.reader.read(question).facets, library.knowledge.by_id)


def test_one_row_is_told_in_its_own_sentence_and_several_in_a_list(library) -> None:
    one = told(library, "pay in germany")
    assert "€53,202" in one.text
    assert one.entry_ids[0] == COUNTRY
    two = told(library, "pay in germany and india")
    assert two.text.startswith("The figures (")
    assert all(figure in two.text for figure in ("€53,202", "₹732,099"))
    assert len(told(library, "pay").text) > len(two.text)


def test_another_table_of_the_measure_answers_where_it_has_what_is_asked_for(library) -> None:
    assert told(library, "senior pay").entry.id == LEVEL
    assert told(library, "pay in germany", LEVEL).entry.id == COUNTRY


def test_a_value_that_no_table_has_is_missing_and_what_is_there_is_named(library) -> None:
    missing = told(library, "pay in france")
    assert (missing.text, missing.citations) == ("", ())
    assert (
        missing.missing
        == "I have no salary figure for France. I have averages for China, Germany, India, the US and the UK."
    )
    both = told(library, "junior pay in germany")
    assert both.missing
    phd = told(library, "tuition for a phd", TUITION)
    assert "PhD" in phd.missing


def test_half_of_what_is_asked_in_one_dimension_is_told_with_a_word_on_the_other_half(library) -> None:
    half = told(library, "pay in germany or france")
    assert "€53,202" in half.text
    assert "I have no figure for France." in half.text
    assert half.missing == ""


def test_a_city_gets_the_national_figure_named_as_national_unless_it_was_insisted_on(library) -> None:
    assert (
        "I have no figure for Munich itself; this is the national one. "
        in told(library, "pay in munich").text
    )
    for question in ("pay in munich, not germany", "berlin or munich, which pays better"):
        assert told(library, question).missing.endswith("only national ones."), question
    assert told(library, "pay in munich compared with india").text


def test_what_is_published_in_another_currency_is_not_converted(library) -> None:
    assert told(library, "pay in germany in dollars").missing.endswith("so I can't convert it.")
    assert "€53,202" in told(library, "pay in euros").text
    assert told(library, "pay in germany in euros").text == told(library, "pay in germany").text


def test_figures_of_several_currencies_are_not_ranked(library) -> None:
    compared = told(library, "which pays better, germany or india")
    assert compared.text.endswith("No exchange rate is given, so the figures can't be ranked.")


def test_a_price_stands_beside_its_alternative(library) -> None:
    one = told(library, "in-state undergraduate tuition", TUITION)
    assert "$10,162" in one.text
    assert "For comparison: " in one.text
    assert "$33,627" in one.text


def grid(library, **changes) -> tuple[Entry, Table]:
    """The table by country as another one that says the same, with other rows or sentences."""
    entry = library.knowledge.by_id[COUNTRY]
    assert entry.table
    table = replace(entry.table, measure="a measure of its own", **changes)
    return replace(entry, table=table), table


def test_what_disagrees_with_a_row_is_told_beside_it_with_its_sources(library) -> None:
    other = library.knowledge.by_id[f"{MLE}day-start"]
    rows = library.knowledge.by_id[COUNTRY].table.rows
    disagreeing = tuple(replace(row, disagrees_with=(other.id, TUITION)) for row in rows)
    entry, _ = grid(library, rows=disagreeing)
    one = told(library, "pay in germany", entry=entry)
    assert other.answer in one.text
    assert one.entry_ids == (COUNTRY, other.id, TUITION)
    assert set(other.citations) <= set(one.citations)


def test_of_a_table_that_disagrees_only_rows_of_the_same_scope_are_told(library) -> None:
    level = library.knowledge.by_id[LEVEL]
    assert level.table
    rows = tuple(replace(row, disagrees_with=(COUNTRY,)) for row in level.table.rows)
    entry = replace(level, table=replace(level.table, measure="own", rows=rows))
    text = told(library, "senior pay", entry=entry).text
    assert "$112,356" in text
    assert "€53,202" not in text


def test_without_rows_everything_is_missing(library) -> None:
    entry, _ = grid(library, rows=())
    assert told(library, "pay", entry=entry).missing


@pytest.mark.parametrize("figure", ["£1", "£2"])
def test_the_figure_is_told_as_the_source_prints_it(library, figure: str) -> None:
    _, table = grid(library)
    row = Row({"country": "GB"}, 1.0, figure, table.rows[0].citations)
    entry, _ = grid(library, rows=(row, table.rows[0]), row="{country}: {figure}.")
    assert figure in told(library, "pay in the uk", entry=entry).text
