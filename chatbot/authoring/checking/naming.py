"""Names that stand for something: placeholders in braces, facets and their values. One that nothing knows is
said to people as it stands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from chatbot.authoring.checking.places import Written, declared_in
from chatbot.authoring.checking.rules import found
from chatbot.building.knowledge import Loaded
from chatbot.errors import Finding
from chatbot.knowledge.files import Parsed, children
from chatbot.knowledge.intentschema import IntentsFile
from chatbot.knowledge.looking import brace_names, dataset_of, lookup_entity, text_names
from chatbot.knowledge.lookupschema import LookupSpec
from chatbot.knowledge.schema import EntrySpec, TableSpec
from chatbot.knowledge.yamlfile import Node
from chatbot.language.places import gazetteer

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_REPLY = ("about", "topics", "sources", "try_asking")


def names(
    loaded: Loaded, entries: Iterable[Written], intents: Iterable[Parsed[IntentsFile]]
) -> Iterator[Finding]:
    """Placeholders that nothing fills in, and facets and values that no question can name."""
    facets = {facet: frozenset(values) for facet, values in loaded.knowledge.language.facets.items()} | {
        "country": gazetteer().countries
    }
    for one in entries:
        if isinstance(one.spec, TableSpec):
            yield from _sentences(one, one.spec)
            yield from _dimensions(one, one.spec, facets)
        if isinstance(one.spec, LookupSpec):
            yield from _looked_up(loaded, one, one.spec)
        else:
            yield from _scope(one, one.spec, facets["country"])
    for folder in loaded.files.folders:
        for language in folder.languages:
            for node in children(language.node, "strict"):
                if node.value not in facets:
                    yield found(
                        language.file,
                        node,
                        f"strict: no facet is called {node.value!r}{_near(node.value, facets)}",
                        "unknown-facet",
                    )
    for parsed in intents:
        for spec, node in zip(parsed.spec.intents, children(parsed.node, "intents"), strict=True):
            for reply, place in zip(spec.replies, children(node, "replies"), strict=True):
                for told in _unknown(reply, _REPLY):
                    yield found(parsed.file, place, f"replies: {told}", "unknown-placeholder")


def _sentences(one: Written, spec: TableSpec) -> Iterator[Finding]:
    row = (*spec.dimensions, "figure")
    known = {
        "item": row,
        "row": row,
        "overview": ("rows", *row),
        "brief": ("rows", *row),
        "missing": ("asked", "available"),
    }
    needed = {"item": "figure", "row": "figure", "overview": "rows", "missing": "available"}
    for key, allowed in known.items():
        text = getattr(spec, key)
        if text is None:
            continue
        place = one.node.value[key][1]
        for told in _unknown(text, allowed):
            yield found(one.file, place, f"{key}: {told}", "unknown-placeholder")
        if key in needed and "{" + needed[key] + "}" not in text:
            yield found(
                one.file,
                place,
                f"{key}: {{{needed[key]}}} is missing, so that nothing is told",
                "unknown-placeholder",
            )
    for text, place in zip(spec.row_phrasings, children(one.node, "row_phrasings"), strict=True):
        for told in _unknown(text, spec.dimensions):
            yield found(one.file, place, f"row_phrasings: {told}", "unknown-placeholder")


def _unknown(text: str, known: Collection[str]) -> Iterator[str]:
    for match in _BRACES.finditer(text):
        if match[1] is None:
            yield f"a single {match[0]!r}; a placeholder stands between two braces"
        elif match[1] not in known:
            yield f"nothing fills in {match[0]}{_near(match[1], known)}"


def _dimensions(one: Written, spec: TableSpec, facets: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    for dimension, node in zip(spec.dimensions, children(one.node, "dimensions"), strict=True):
        if dimension not in facets:
            yield found(
                one.file, node, f"no facet is called {dimension!r}{_near(dimension, facets)}", "unknown-facet"
            )
    if spec.contrast and spec.contrast not in spec.dimensions:
        told = (
            f"contrast: the table has no dimension {spec.contrast!r}{_near(spec.contrast, spec.dimensions)}"
        )
        yield found(one.file, one.node.value["contrast"][1], told, "unknown-facet")
    for row, node in zip(spec.rows, children(one.node, "rows"), strict=True):
        for dimension, value in row.at.items():
            if value not in facets.get(dimension, (value,)):
                place: Node = node.value["at"][1].value[dimension][1]
                yield found(one.file, place, _no_value(dimension, value, facets[dimension]), "unknown-facet")


def _looked_up(loaded: Loaded, one: Written, spec: LookupSpec) -> Iterator[Finding]:
    """Of a lookup: its braces, and the names of words that choose it, where these are known."""
    pack = one.id.partition("/")[0]
    declared = dataset_of(spec, declared_in(loaded, pack))
    if isinstance(declared, str):
        return  # named when loading
    entity = lookup_entity(spec, declared.spec)
    asks = (entity, "other", "place", "place2", *(["amount"] if spec.kind == "amount" else []))
    about = (entity, "place", "period", "code")
    figures = [f"{name}{full}" for name in (*brace_names(declared.spec), "value") for full in ("", "_full")]
    told = {
        "figures": (*figures, "why"),
        "comparison": figures,
        "ranking": ["items", "group", "order"],
        "amount": (*figures, "amount", "placed"),
        "facts": ["items", "value", "part", *text_names(declared.spec)],
    }
    known = {
        "question": asks,
        "says": (*about, *told[spec.kind]),
        "brief": (*about, *told[spec.kind]),
        "missing": (entity, "place", "period", "why"),
        "page": ("code", *text_names(declared.spec)),
    }
    for key, allowed in (known | {"item": (entity, "place", "figure", "value")}).items():
        for fault in _unknown(getattr(spec, key) or "", allowed):
            yield found(one.file, one.node.value[key][1], f"{key}: {fault}", "unknown-placeholder")
    for text, place in zip(spec.phrasings, children(one.node, "phrasings"), strict=True):
        for fault in _unknown(text, asks):
            yield found(one.file, place, f"phrasings: {fault}", "unknown-placeholder")
    places = declared.spec.dimensions.place
    levels = places.levels[1:] if places else []
    if spec.level and (spec.across != "places" or spec.level not in levels):
        below = f"known: {', '.join(levels)}" if levels else "the data set has none below the country"
        message = f"level: {spec.level!r} is no level of a list of places; {below}"
        yield found(one.file, one.node.value["level"][1], message, "unknown-facet")
    words = declared.spec.words
    for key in ("statistic", "only_with"):
        for name, place in zip(getattr(spec, key), children(one.node, key), strict=True):
            if name not in words:
                told_where = f"{declared.file.name} has no words under {name!r}{_near(name, words)}"
                yield found(one.file, place, f"{key}: {told_where}", "unknown-facet")


def _scope(one: Written, spec: EntrySpec | TableSpec, countries: Collection[str]) -> Iterator[Finding]:
    for facet, value in spec.scope.items():
        key, node = one.node.value["scope"][1].value[facet]
        if facet != "country":
            yield found(one.file, key, f"scope: only country is looked at, not {facet!r}", "unknown-facet")
        elif value not in countries:
            yield found(one.file, node, f"scope: {_no_value(facet, value, countries)}", "unknown-facet")


def _no_value(facet: str, value: str, known: Collection[str]) -> str:
    """With the code that was meant, for a country."""
    if facet == "country" and (codes := gazetteer().codes_of(value)):
        return f"{value!r} is no country code; did you mean {codes[0]!r}?"
    return f"no question can name {value!r} as {facet}{_near(value, known)}"


def _near(name: str, known: Iterable[str]) -> str:
    listed = sorted(known)
    near = difflib.get_close_matches(name, listed, 1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(listed[:12])}{', ...' if len(listed) > 12 else ''}" if listed else ""
