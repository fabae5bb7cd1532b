"""What the rules of queries share: the data set of a proposal, its measure, and how its rows are spoken of."""

from __future__ import annotations

from msgspec import Struct

from chatbot.datasets.model import Dataset, Measure
from chatbot.datasets.query import series_of
from chatbot.flow import Proposal, Query
from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Entry, Lookup
from chatbot.scene import Scene

QUERIES = frozenset({"lookup", "stand-in"})
"""The answerers whose proposals are queries."""
NATION = "the nation"
"""How the whole country is spoken of beside its parts."""


class Asked(Struct, frozen=True):
    """A proposal of a query, with the data set that it asks."""

    entry: Entry
    lookup: Lookup
    query: Query
    dataset: Dataset
    homes: tuple[str, ...]
    """The countries that there are rows of for the same measure of the same entity, its own first."""

    @property
    def measure(self) -> Measure:
        """What is told."""
        return series_of(self.dataset, self.lookup).measure

    @property
    def texts(self) -> bool:
        """Whether words are told rather than figures."""
        return self.measure.kind not in {"number", "shares", "ratings"}

    @property
    def noun(self) -> str:
        """What the data set has, in a word."""
        return "information" if self.texts else "figures"

    @property
    def levels(self) -> str:
        """Of which places there are rows: ``the nation and by state``."""
        place = self.dataset.place
        apart = {one.level for one in place.places.regions if one.apart} if place else set()
        below = [f"by {level}" for level in place.regional if level not in apart] if place else []
        return join([NATION, *below])

    @property
    def regional(self) -> bool:
        """Whether there are rows of parts of the country."""
        rows = self.dataset.rows
        return rows is not None and self.measure.kind in {"number", "text"} and len(rows.places) > 1


def asked_of(proposal: Proposal, scene: Scene) -> Asked | None:
    """The query of a proposal with its data set; None where it is none."""
    entry, query, store = proposal.entry, proposal.query, scene.library.data
    if store is None or entry is None or entry.lookup is None or query is None:
        return None
    own = store.of(entry)
    alike = [
        one for one in store.datasets if query.measure in one.measures and one.entity.name == own.entity.name
    ]
    homes = dict.fromkeys([own.home, *(one.home for one in alike if one.home)])
    return Asked(entry, entry.lookup, query, own, tuple(homes))
