"""The span chart of a question: which of its words are accounted for, and by what; the rest is loose. The
reader makes it once.

Words are those of ``normalise.simple_words``. A word may lie under several spans: "new" of "New York" under a
place, and, where nothing else is asked for, under a figure word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from chatbot.language.lexicon import Lexicon


class Kind(StrEnum):
    """What a span of words is."""

    TITLE = "title"
    PLACE = "place"
    """As a question about figures names it: states by their codes, too."""
    ANY_PLACE = "any place"
    """As any question names it."""
    FACET = "facet"
    """Names a level, a degree, an employer, ..."""
    ROLE = "role"
    """Names an occupation or a field by the words that packs list."""
    FIGURE = "figure"
    """Says which figure is wanted; its names stand in pack.yaml under ``words``."""


class Span(Struct, frozen=True):
    """The words ``start`` to ``end`` (not included), what they are, and the names that they stand for."""

    kind: Kind
    start: int
    end: int
    names: tuple[str, ...] = ()


class Chart(Struct, frozen=True):
    """The words of a question in small letters, and the spans over them."""

    words: tuple[str, ...]
    spans: tuple[Span, ...]

    def under(self, *kinds: Kind) -> frozenset[int]:
        """The numbers of the words that lie under spans of these kinds."""
        return frozenset(i for span in self.spans if span.kind in kinds for i in range(span.start, span.end))

    def without(self, *kinds: Kind) -> list[str]:
        """The words, with "" in place of those under spans of these kinds, so that nothing joins over the
        gap.
        """
        taken = self.under(*kinds)
        return ["" if i in taken else word for i, word in enumerate(self.words)]

    def left(self, *kinds: Kind) -> list[str]:
        """The words that lie under no span of these kinds."""
        taken = self.under(*kinds)
        return [word for i, word in enumerate(self.words) if i not in taken]

    def loose(self) -> set[str]:
        """The words that nothing accounts for."""
        return set(self.left(*Kind))

    def starts(self, at: int, kind: Kind) -> bool:
        """Whether a span of this kind starts with that word."""
        return any(span.kind is kind and span.start == at for span in self.spans)

    def names(self) -> frozenset[str]:
        """What the figure words stand for."""
        return frozenset(name for span in self.spans if span.kind is Kind.FIGURE for name in span.names)


def charted(
    words: Sequence[str],
    titles: Iterable[tuple[int, int]],
    places: Iterable[tuple[int, int]],
    figures: Lexicon[tuple[str, ...]] | None,
    others: Iterable[Span] = (),
) -> Chart:
    """The chart of some words; figure words are looked for outside of titles, so that "newsreader" asks for
    no "new".

    ``others``: further spans, known already.
    """
    spans = [Span(Kind.TITLE, start, end) for start, end in titles]
    spans += [Span(Kind.PLACE, start, end) for start, end in places]
    chart = Chart(tuple(words), (*spans, *others))
    if figures is None:
        return chart
    said = [
        Span(Kind.FIGURE, match.start, match.end, match.value)
        for match in figures.find(chart.without(Kind.TITLE))
    ]
    return Chart(chart.words, (*chart.spans, *said))
