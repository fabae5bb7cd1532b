"""What packs hold by occupation, put together: figures, titles, facts, and how they are spoken of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import msgspec
from numpy.typing import NDArray

from chatbot.errors import Finding, KnowledgeError
from chatbot.knowledge.model import Pack, PackData
from chatbot.language.lexicon import Lexicon
from chatbot.language.normalise import printable
from chatbot.occupations import facts as facts_
from chatbot.occupations import titles as titles_
from chatbot.occupations.facts import Facts
from chatbot.occupations.figures import NATION, Figures
from chatbot.occupations.titles import ALTERNATE, AMBIGUOUS, GROUP, STAND_IN, Titles
from chatbot.paths import PACK

_LIMIT = re.compile(r"\$\d{1,3}(?:,\d{3})*(?:\.\d\d)?", re.ASCII)
FAMILY = 7
"""The first so many characters of a code name the occupation of which a finer code is a part."""
LEVELS = ("detailed", "broad", "minor", "major", "total")


@dataclass(frozen=True, slots=True)
class Names:
    """How occupations are named: ``official`` titles by code, codes held by ``broader`` ones, ``groups`` by everyday name."""

    official: Mapping[str, str] = field(default_factory=dict)
    broader: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    meant: tuple[tuple[str, str], ...] = ()
    """Everyday and official titles with their code: what a description is compared with."""


@dataclass(frozen=True)
class Data:
    """All packs' data; ``spec``: of the pack that holds the figures (or of the first that holds anything)."""

    spec: PackData
    figures: Figures | None
    titles: Titles
    facts: Facts
    names: Names

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The row of each code among the figures."""
        return {code: i for i, code in enumerate(self.figures.codes)} if self.figures else {}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The row of each place among the figures."""
        return {place: i for i, place in enumerate(self.figures.places)} if self.figures else {}

    @cached_property
    def words(self) -> Lexicon[tuple[str, ...]]:
        """The words by which a question says which figure it wants."""
        names: dict[str, tuple[str, ...]] = {}
        for name, listed in self.spec.words.items():
            for word in listed:
                names[word.lower()] = (*names.get(word.lower(), ()), name)
        return Lexicon(names.items())

    @cached_property
    def beyond(self) -> Lexicon[str]:
        """The words that ask for what the figures do not hold, with the intent that says so."""
        return Lexicon((word, name) for name, listed in self.spec.beyond.items() for word in listed)

    @cached_property
    def groups(self) -> Lexicon[str]:
        """The names of groups of occupations."""
        return Lexicon(self.names.groups.items())

    def title(self, code: str) -> str:
        """The official title of a code."""
        row = self.rows.get(code)
        return self.figures.titles[row] if self.figures and row is not None else self.names.official.get(code, code)

    def published(self, code: str) -> str | None:
        """The code of the row that holds an occupation: its own, the one without the last part, or the broader one named for it."""
        for candidate in (code, code[:7], self.names.broader.get(code[:7], ""), f"{code[:6]}0"):
            if candidate in self.rows:
                return candidate
        return None

    def described(self, code: str) -> tuple[str, ...]:
        """The codes under which there are facts about an occupation: its own, else those of the parts that it is made of."""
        if code in self.fact_codes and len(code) != FAMILY:
            return (code,)
        own = self.fact_codes.get(code[:7], ())
        if f"{code[:7]}.00" in own:
            return (f"{code[:7]}.00",)
        parts = [part for part, whole in self.names.broader.items() if whole == code]
        return own or tuple(found for part in parts for found in self.fact_codes.get(part, ()) if found.endswith(".00"))

    @cached_property
    def fact_codes(self) -> Mapping[str, tuple[str, ...]]:
        """Codes under which there are facts, by themselves and by their first seven characters."""
        found: dict[str, tuple[str, ...]] = {}
        for code in self.facts.codes:
            found[code] = (code,)
            if code != code[:7]:
                found[code[:7]] = (*found.get(code[:7], ()), code)
        return found


def load_data(packs: Sequence[Pack], findings: list[Finding] | None = None) -> Data | None:
    """The data of the packs; None where there is none. Faults are added to ``findings``, else raised as ``KnowledgeError``."""
    specs = [pack.data for pack in packs if pack.data]
    if not specs:
        return None
    read = [_read(spec, tuple(_stamp(file) for file in spec.files)) for spec in specs]
    faults = [finding for one in read for finding in one.findings]
    held = [spec.national for spec in specs if spec.national]
    told = "another pack that is loaded holds figures already; load one of them at a time"
    faults += [Finding(file, 1, 1, told, "figures-file") for file in held[1:]]
    missing = "year is missing in pack.yaml: every row of the figures is of one year"
    faults += [Finding(spec.national, 1, 1, missing, "data-file") for spec in specs if spec.national and not spec.year]
    told = f"figures are of the {NATION} only, in dollars; leave country out in pack.yaml"
    faults += [Finding(spec.national, 1, 1, told, "figures-file") for spec in specs if spec.national and spec.country != NATION]
    if findings is not None:
        findings += faults
    elif faults:
        raise KnowledgeError(faults)
    return None if faults else _joined(specs, read)


@dataclass(frozen=True)
class _Read:
    findings: tuple[Finding, ...]
    figures: Figures | None
    own: Any  # TitlesFile
    alternates: list[tuple[str, ...]]
    facts: list[tuple[str, ...]]


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        stat = file.stat()
        return str(file), stat.st_size, stat.st_mtime_ns
    except OSError:
        return str(file), -1, 0


class _Key:
    """A pack's data for the cache below: equal where its files are."""

    def __init__(self, spec: PackData) -> None:
        self.spec = spec
        self.told = repr((spec.files, spec.year))

    def __hash__(self) -> int:
        return hash(self.told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.told == self.told


def _read(spec: PackData, stamps: tuple[tuple[str, int, int], ...]) -> _Read:
    return _read_once(_Key(spec), stamps)


@lru_cache(maxsize=4)
def _read_once(key: _Key, stamps: tuple[tuple[str, int, int], ...]) -> _Read:
    from chatbot.knowledge.convert import load_as
    from chatbot.knowledge.lookupschema import TitlesFile
    from chatbot.occupations.figures import read_figures
    from chatbot.occupations.rows import read_rows

    spec = key.spec
    findings: list[Finding] = []
    figures = read_figures(spec.national, spec.regions, spec.year or 0, findings) if spec.national else None
    findings += _unfit(spec, figures) if figures else []
    own, alternates = None, []
    if spec.titles and spec.titles.suffix == ".csv":
        alternates = read_rows(spec.titles, ("code", "title"), findings)
    elif spec.titles:
        try:
            own, node = load_as(spec.titles, TitlesFile)
            findings += _unknown_codes(spec.titles, own, node, figures)
        except KnowledgeError as error:
            findings += error.findings
    facts = read_rows(spec.facts, ("code", "kind", "text"), findings) if spec.facts else []
    return _Read(tuple(findings), figures, own, alternates, facts)


def _unfit(spec: PackData, figures: Figures) -> list[Finding]:
    """What pack.yaml says of the figures and they do not bear out."""
    assert spec.national
    told: list[str] = []
    if spec.country not in figures.places:
        told.append(f"country: there are no figures for {printable(spec.country)!r}, only for {figures.places[0]!r} and its states")
    if spec.whole not in figures.codes:
        told.append(f"whole: no row of the figures has the code {printable(spec.whole)!r}")
    wrong = [unit for unit, limit in spec.at_least.items() if unit not in {"year", "hour"} or not _LIMIT.fullmatch(limit)]
    told += [f"at_least: {printable(unit)!r} is no unit (year, hour) with an amount such as $239,200" for unit in wrong]
    return [Finding(spec.national.with_name(PACK), 1, 1, f"data: {one}", "data-file") for one in told]


def _unknown_codes(file: Path, own: Any, node: Any, figures: Figures | None) -> list[Finding]:
    """Codes that no row of the figures has."""
    if figures is None:
        return []
    known = set(figures.codes)
    out: list[Finding] = []

    def look(code: str, place: Any) -> None:
        if code not in known:
            out.append(Finding(file, place.line, place.column, f"no row of the figures has the code {code!r}", "unknown-code"))

    for part in ("titles", "groups"):
        for code, (place, _) in (node.value[part][1].value if part in node.value else {}).items():
            look(code, place)
    for part in ("stand_ins", "broader"):
        for _, (_, place) in (node.value[part][1].value if part in node.value else {}).items():
            look(str(place.value), place)
    for _, (_, listed) in (node.value["ambiguous"][1].value if "ambiguous" in node.value else {}).items():
        for place in listed.value:
            look(str(place.value), place)
    return out


def _joined(specs: Sequence[PackData], read: Sequence[_Read]) -> Data:
    holder = next((i for i, one in enumerate(read) if one.figures), 0)
    figures = read[holder].figures
    owns = [one.own for one in read if one.own]
    official: dict[str, str] = {}
    for one in read:
        for code, title in one.alternates:
            official.setdefault(code, title)  # the first title of a code is its own
    meant = list(dict.fromkeys((title, code) for code, title in _levelled(figures, "detailed")))
    meant += [(title, code) for own in owns for code, listed in own.titles.items() for title in listed]
    names = Names(
        official,
        {code: whole for own in owns for code, whole in own.broader.items()},
        {name: code for own in owns for code, listed in own.groups.items() for name in listed},
        tuple(dict.fromkeys(meant)),
    )
    facts = facts_.made([(code, kind, text) for one in read for code, kind, text in one.facts])
    return Data(specs[holder], figures, titles_.made(_listed(figures, owns, read)), facts, names)


def _levelled(figures: Figures | None, level: str) -> list[tuple[str, str]]:
    if figures is None:
        return []
    return [(code, title) for code, title, its in zip(figures.codes, figures.titles, figures.levels, strict=True) if its == level]


def _listed(figures: Figures | None, owns: Sequence[Any], read: Sequence[_Read]) -> list[tuple[str, Sequence[str], int]]:
    """Titles, those first that say what a title means."""
    out: list[tuple[str, Sequence[str], int]] = [(title, (code,), 0) for code, title in _levelled(figures, "detailed")]
    out += [(code, (code,), 0) for level in LEVELS for code, _ in _levelled(figures, level)]
    for own in owns:
        out += [(title, (code,), 0) for code, listed in own.titles.items() for title in listed]
        out += [(title, (), 0) for title in own.unlisted]
        out += [(title, codes, AMBIGUOUS) for title, codes in own.ambiguous.items()]
        out += [(title, (code,), STAND_IN) for title, code in own.stand_ins.items()]
    for level in ("broad", "minor", "major"):
        out += [(title, (code,), GROUP) for code, title in _levelled(figures, level)]
    out += [(title, (code,), ALTERNATE) for one in read for code, title in one.alternates]
    return out


# kept and read again


def to_arrays(data: Data) -> tuple[bytes, dict[str, NDArray[Any]]]:
    """What a file keeps: a document and arrays."""
    figures = data.figures
    told = _Document(
        data.spec, data.names, data.titles.codes, data.facts.codes,
        (figures.year, figures.codes, figures.titles, figures.levels, figures.places) if figures else None,
    )  # fmt: skip
    arrays = {f"titles.{name}": array for name, array in data.titles.arrays.items()}
    arrays |= {f"facts.{name}": array for name, array in data.facts.arrays.items()}
    if figures:
        arrays["figures"] = figures.values
    return msgspec.msgpack.encode(told, enc_hook=str), arrays


class _Document(msgspec.Struct, frozen=True, array_like=True):
    spec: PackData
    names: Names
    title_codes: tuple[str, ...]
    fact_codes: tuple[str, ...]
    figures: tuple[int, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]] | None


def from_arrays(document: bytes | memoryview, arrays: Mapping[str, NDArray[Any]]) -> Data:
    """The same back; raises what msgspec raises, or ``KeyError``, for what is no such thing."""
    told = msgspec.msgpack.decode(document, type=_Document, dec_hook=_path)
    figures = Figures(*told.figures, arrays["figures"]) if told.figures else None
    titles = Titles(told.title_codes, {name: arrays[f"titles.{name}"] for name in titles_.ARRAYS})
    facts = Facts(told.fact_codes, {name: arrays[f"facts.{name}"] for name in facts_.ARRAYS})
    return Data(told.spec, figures, titles, facts, told.names)


def _path(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)
