"""The span chart: which words of a question are accounted for, and by what."""

from __future__ import annotations

from chatbot.language.chart import Chart, Kind, Span, charted
from chatbot.language.lexicon import Lexicon

FIGURES: Lexicon[tuple[str, ...]] = Lexicon(
    [("new", ("new",)), ("per hour", ("hour",)), ("best", ("highest", "best"))]
)
WORDS = ["new", "york", "nurse", "per", "hour"]


def test_words_under_a_span_are_taken_and_the_rest_is_left() -> None:
    chart = charted(WORDS, titles=[(2, 3)], places=[(0, 2)], figures=FIGURES)
    assert chart.under(Kind.PLACE) == {0, 1}
    assert chart.under(Kind.TITLE, Kind.FIGURE) == {0, 2, 3, 4}
    assert chart.left(Kind.TITLE, Kind.PLACE) == ["per", "hour"]
    assert chart.left(*Kind) == []
    assert chart.left() == list(chart.words)


def test_a_gap_keeps_its_place_so_that_nothing_joins_over_it() -> None:
    chart = charted(["per", "nurse", "hour"], titles=[(1, 2)], places=[], figures=FIGURES)
    assert chart.without(Kind.TITLE) == ["per", "", "hour"]
    assert chart.names() == frozenset()


def test_figure_words_stand_for_their_names_outside_of_titles_alone() -> None:
    assert charted(["new", "york"], titles=[], places=[(0, 2)], figures=FIGURES).names() == {"new"}
    assert charted(["new", "reader"], titles=[(0, 2)], places=[], figures=FIGURES).names() == frozenset()
    assert charted(["best"], titles=[], places=[], figures=FIGURES).names() == {"highest", "best"}


def test_without_figure_words_only_titles_and_places_are_marked() -> None:
    chart = charted(WORDS, titles=[(2, 3)], places=[(0, 2)], figures=None)
    assert chart == Chart(tuple(WORDS), (Span(Kind.TITLE, 2, 3), Span(Kind.PLACE, 0, 2)))
    assert chart.names() == frozenset()


def test_words_that_nothing_accounts_for_are_loose() -> None:
    spans = [Span(Kind.FACET, 1, 2), Span(Kind.ROLE, 4, 5), Span(Kind.ANY_PLACE, 5, 6)]
    chart = charted(
        ["is", "senior", "nurse", "best", "scientist", "berlin", "really"], [(2, 3)], [], FIGURES, spans
    )
    assert chart.loose() == {"is", "really"}
    assert chart.names() == {"highest", "best"}
