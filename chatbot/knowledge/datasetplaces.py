"""The places of a declared data set in words, for questions as they are shown; of the files alone, without
what is in them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from chatbot.knowledge.datasetschema import Declared
from chatbot.language.placenames import PlaceNames, read_places, shipped_places

PLURALS = {"country": "countries", "county": "counties", "city": "cities"}


def place_names(declared: Declared | None) -> PlaceNames | None:
    """The places of a data set, or None where it has no list that can be read."""
    place = declared.spec.dimensions.place if declared else None
    if declared is None or place is None:
        return None
    if own := declared.own_places:
        return _read(own, own.stat().st_mtime_ns) if own.is_file() else None
    return shipped_places().get(place.names or "")


@lru_cache(maxsize=8)
def _read(file: Path, time: int) -> PlaceNames | None:
    try:
        return read_places(file)
    except (OSError, ValueError):
        return None  # a finding where the data set is read


def home_shown(declared: Declared | None) -> str:
    """The country of a data set as a sentence names it; "" where it has no places."""
    from chatbot.language.places import gazetteer

    if names := place_names(declared):
        return names.regions[0].shown
    place = declared.spec.dimensions.place if declared else None
    return gazetteer().shown(place.home) if place else ""


def other_places(declared: Declared | None) -> str:
    """What stands for a second place where none is named: ``other states``."""
    place = declared.spec.dimensions.place if declared else None
    return f"other {plural(place.levels[1])}" if place and len(place.levels) > 1 else "other places"


def plural(level: str) -> str:
    """A level of places in the plural."""
    return PLURALS.get(level, f"{level}s")
