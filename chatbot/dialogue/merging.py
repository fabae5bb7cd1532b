"""What a question hands on to the next one."""

from __future__ import annotations

import dataclasses

from chatbot.knowledge.model import Entry
from chatbot.language.facets import Facets
from chatbot.library import Library

CARRIED = ("level", "degree_level", "residency", "side")
"""The facets that a question hands on to the next."""


def merged(new: Facets, old: Facets) -> Facets:
    """The new question's facets, completed by the old one's."""
    places = new.places if new.get("country") or new.places.currencies else old.places
    values = {name: value for name, value in old.values.items() if name in CARRIED} | dict(new.values)
    return dataclasses.replace(new, values=values, places=places)


def without(library: Library, before: str, new: Facets) -> str:
    """The question before without the facets that the new one names itself."""
    for facet in (*CARRIED, "country"):
        if new.get(facet):
            before = library.reader.drop(before, facet)
    return before.rstrip("?.! ")


def lookup_of(library: Library, entry_id: str | None) -> Entry | None:
    """The lookup of an id, or None where that is another kind of entry."""
    entry = library.knowledge.by_id.get(entry_id or "")
    return entry if entry and entry.lookup else None


def names_places(facets: Facets) -> bool:
    """Whether any place is named."""
    return bool(facets.places.countries or facets.places.states or facets.places.cities)
