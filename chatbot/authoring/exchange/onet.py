"""``chatbot import onet``: the text files of an O*NET release become the pack ``onet``, with its source.

Titles and facts are told as O*NET words them; nothing is rounded. The pack comes whole or not at all, and
takes the place of an older one.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.authoring.exchange import onetfiles as files
from chatbot.authoring.exchange.onetfiles import Folder, Table, is_code
from chatbot.authoring.exchange.publish import (
    Made,
    check_loads,
    check_place,
    known_sources,
    publish,
    sources_text,
    workshop,
)
from chatbot.authoring.exchange.record import short
from chatbot.authoring.exchange.records import plain
from chatbot.authoring.exchange.yamltext import source_item
from chatbot.errors import ChatbotError
from chatbot.files import put_text
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.files import SOURCES
from chatbot.knowledge.sourceschema import SourcesFile, SourceSpec
from chatbot.language.normalise import printable
from chatbot.paths import data_file

NAME = "onet"
"""The id of the pack and of its source."""
TITLES, FACTS = "titles.csv", "facts.csv"
MADE = Made(frozenset({TITLES, FACTS}), "it was not made by an import of O*NET", links=False, lost="")
KINDS = ("description", "task", "technology", "related", "preparation", "interest")
MOST_TECHNOLOGY, MOST_RELATED, MOST_INTERESTS = 25, 10, 3
MOST_WORDS = 90
"""Of a description."""
NOTE = (
    "used under the CC BY 4.0 licence; O*NET is a trademark of the US Department of Labor, Employment and Training Administration; "
    "shortened and arranged here"
)
_BRACKETS = re.compile(r"(.+?)\s*\(([^()]+)\)")
_DEFINITION = re.compile(r" - awarded\b.*")
_SENTENCE = re.compile(r"(?<=[a-z)]\.) (?=[A-Z])")
_LETTERS = re.compile(r"\W+")

Texts = dict[str, list[str]]
"""The texts of one kind of facts by code, in the order of their rank."""


@dataclass(frozen=True, slots=True)
class OnetImported:
    """What came of a release: the pack's folder, the release's name and date, the counts, and what was
    skipped, a line each."""

    folder: Path
    release: str
    published: str
    occupations: int
    titles: int
    facts: Mapping[str, int]
    skipped: int
    lines: tuple[str, ...]


def import_onet(folder: Path, into: Path) -> OnetImported:
    """Make the pack ``into/onet`` of a folder of O*NET text files, in place of an older one, and bring
    ``into/sources.yaml`` up to date.

    Raises ``ChatbotError`` where the occupations can't be read or nothing can be written; then everything is
    as it was. Other files and rows that can't be used are skipped and named.
    """
    check_place(into / NAME, True, MADE)
    there = known_sources(into).get(NAME)
    if there and "onetcenter.org" not in (there.url or ""):
        raise ChatbotError(
            printable(
                f"{into / SOURCES}: the source {NAME!r} there is another one ({short(there.title)}); rename it first"
            )
        )
    release = Folder(folder)
    occupations = _occupations(release)
    titles = _titles(release, occupations)
    facts = _facts(release, occupations)
    title, published = release.release()
    source = SourceSpec(
        id=NAME,
        title=title,
        publisher="US Department of Labor, Employment and Training Administration",
        published=published,
        url=files.HOME,
        licence="CC BY 4.0",
        kind="statistics",
        note=NOTE,
    )
    with workshop(into) as workplace:
        _write(workplace / NAME, titles, occupations, facts)
        _sources(into, workplace, source)
        check_loads(workplace, NAME)
        publish(into, workplace, NAME, True, MADE)
    counts = Counter({kind: sum(map(len, facts[kind].values())) for kind in KINDS})
    skipped = release.skipped
    return OnetImported(
        into / NAME,
        title,
        published,
        len(occupations),
        len(titles),
        counts,
        skipped.count,
        tuple(skipped.lines),
    )


# what the files say


def _occupations(release: Folder) -> dict[str, tuple[str, str]]:
    """Title and description by code, in the order of the file; raises ``ChatbotError`` where there is none."""
    table = release.table(files.OCCUPATIONS)
    out: dict[str, tuple[str, str]] = {}
    for code, title, description in table:
        if not is_code(code):
            table.bad(f"{short(code, 30)!r} is no code of an occupation, such as 29-1141.00")
        elif not title:
            table.bad("no title")
        elif code in out:
            table.bad(f"the code {code} stands twice")
        else:
            out[code] = title, description
    if not out:
        raise ChatbotError(printable(table.useless()))
    return out


def _titles(release: Folder, occupations: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Each code with its titles: the official ones first, then alternate, short and reported ones, each once."""
    alternate = [
        (code, title, brief)
        for code, title, brief in _known(release.table(files.ALTERNATES), occupations, "title")
    ]
    reported = [(code, title) for code, title in _known(release.table(files.REPORTED), occupations, "title")]
    listed = [(code, title) for code, (title, _) in occupations.items()]
    listed += [(code, form) for code, title, _ in alternate for form in forms(title)]
    listed += [(code, brief) for code, _, brief in alternate if brief]
    listed += [(code, form) for code, title in reported for form in forms(title)]
    once: dict[tuple[str, str], tuple[str, str]] = {}
    for code, title in listed:
        once.setdefault((code, title.casefold()), (code, title))
    return list(once.values())


def forms(title: str) -> list[str]:
    """The titles in one: ``CEO (Chief Executive Officer)`` is two; a bracket that says something else belongs
    to the title."""
    found = _BRACKETS.fullmatch(title)
    return [found[1], found[2]] if found and _alike(found[1], found[2]) else [title]


def _alike(title: str, other: str) -> bool:
    """Whether the one is another form of the other: capitals, a word that begins alike, or letters of it in
    their order."""
    if other.isupper():
        return True
    starts = [
        {word[:2] for word in _LETTERS.split(text.casefold()) if len(word) > 1} for text in (title, other)
    ]
    if starts[0] & starts[1]:
        return True
    less, more = sorted((_LETTERS.sub("", text.casefold()) for text in (title, other)), key=len)
    letters = iter(more)
    return bool(less) and all(letter in letters for letter in less)


def _known(table: Table, occupations: Mapping[str, object], what: str) -> Iterator[list[str]]:
    """The rows of a table whose first cell is the code of an occupation and whose second says something."""
    for cells in table:
        if cells[0] not in occupations:
            table.bad(f"no occupation has the code {short(cells[0], 30)!r}")
        elif not cells[1]:
            table.bad(f"no {what}")
        else:
            yield cells


def _facts(release: Folder, occupations: Mapping[str, tuple[str, str]]) -> dict[str, Texts]:
    """The texts of every kind."""
    return {
        "description": {code: [_beginning(text)] for code, (_, text) in occupations.items() if text},
        "task": _tasks(release, occupations),
        "technology": _technology(release, occupations),
        "related": _related(release, occupations),
        "preparation": _preparation(release, occupations),
        "interest": _interests(release, occupations),
    }


def _beginning(text: str) -> str:
    """As many of the first sentences as people read; one at least."""
    kept, *others = _SENTENCE.split(text)
    for sentence in others:
        if len(kept.split()) + len(sentence.split()) > MOST_WORDS:
            break
        kept = f"{kept} {sentence}"
    return kept


def _tasks(release: Folder, occupations: Mapping[str, object]) -> Texts:
    ranks = {"core": 0, "supplemental": 1}
    return _ranked(
        (code, ranks.get(kind.casefold(), 2), text)
        for code, text, kind in _known(release.table(files.TASKS), occupations, "task")
    )


def _technology(release: Folder, occupations: Mapping[str, object]) -> Texts:
    rows = _known(release.table(files.TECHNOLOGY), occupations, "example")
    ranked = _ranked(
        (code, 0 if demand.casefold() == "y" else 1 if hot.casefold() == "y" else 2, name)
        for code, name, hot, demand in rows
    )
    return {code: names[:MOST_TECHNOLOGY] for code, names in ranked.items()}


def _related(release: Folder, occupations: Mapping[str, tuple[str, str]]) -> Texts:
    table = release.table(files.RELATED)
    rows: list[tuple[str, float, str]] = []
    for code, other, index in _known(table, occupations, "related occupation"):
        rank = _number(index) if index else float(len(rows))
        if other not in occupations:
            table.bad(f"no occupation has the code {short(other, 30)!r}")
        elif rank is None:
            table.bad(f"the index {short(index, 30)!r} is no number")
        else:
            rows.append((code, rank, occupations[other][0]))
    return {code: names[:MOST_RELATED] for code, names in _ranked(rows).items()}


def _preparation(release: Folder, occupations: Mapping[str, object]) -> Texts:
    out: Texts = defaultdict(list)
    reference = release.table(files.ZONE_TEXTS)
    zones = {
        zone: f"{education} {training}"
        for zone, education, training in reference
        if zone and education and training
    }
    table = release.table(files.ZONES)
    for code, zone in _known(table, occupations, "job zone") if zones else ():
        if zone not in zones:
            table.bad(f"{files.ZONE_TEXTS.name}.txt has no job zone {short(zone, 30)!r}")
        elif code in out:
            table.bad(f"the code {code} stands twice")
        else:
            out[code].append(zones[zone])
    for code, text in _education(release, occupations).items():
        out[code].append(text)
    return out


def _education(release: Folder, occupations: Mapping[str, object]) -> dict[str, str]:
    """The level of education that most of those asked called required, by code.

    O*NET says of some figures that they should not be used, as they are not precise enough. Where that is the
    largest one, nothing is told: the next would pass for it.
    """
    levels = {
        level: _DEFINITION.sub("", text)
        for scale, level, text in release.table(files.LEVELS)
        if scale == "RL" and text
    }
    table = release.table(files.EDUCATION)
    shares: dict[str, list[tuple[float, str, str, bool]]] = defaultdict(list)
    for code, scale, level, printed, suppress in _known(table, occupations, "scale") if levels else ():
        if scale != "RL" or not printed:
            continue
        share = _number(printed)
        if share is None or not 0 <= share <= 100:
            table.bad(f"the data value {short(printed, 30)!r} is no percentage")
        elif level not in levels:
            table.bad(f"{files.LEVELS.name}.txt has no level {short(level, 30)!r} of the scale RL")
        else:
            shares[code].append((share, printed, levels[level], suppress.casefold() == "y"))
    out: dict[str, str] = {}
    for code, found in shares.items():
        most = max(found)[0]
        top = [one for one in found if one[0] == most]
        if most > 0 and not any(suppressed for *_, suppressed in top):
            more = "".join(f", and as many “{level}”" for _, _, level, _ in top[1:])
            _, printed, level, _ = top[0]
            out[code] = (
                f"{printed}% of those asked about this occupation named “{level}” as the required level of education{more}"
            )
    return out


def _interests(release: Folder, occupations: Mapping[str, object]) -> Texts:
    table = release.table(files.INTERESTS)
    rows: list[tuple[str, float, str]] = []
    for code, name, scale, printed in _known(table, occupations, "name"):
        if scale != "OI" or not printed:
            continue
        value = _number(printed)
        if value is None:
            table.bad(f"the data value {short(printed, 30)!r} is no number")
        else:
            rows.append((code, -value, name))
    return {code: names[:MOST_INTERESTS] for code, names in _ranked(rows).items()}


def _ranked(rows: Iterable[tuple[str, float, str]]) -> Texts:
    """The texts of each code by rank, those of one rank in the order of the rows; each once."""
    by_code: dict[str, dict[str, tuple[float, str]]] = defaultdict(dict)
    for code, rank, text in rows:
        first = by_code[code].setdefault(text.casefold(), (rank, text))
        if rank < first[0]:
            by_code[code][text.casefold()] = rank, text
    return {
        code: [text for _, text in sorted(found.values(), key=lambda one: one[0])]
        for code, found in by_code.items()
    }


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,12}(\.\d{1,12})?", text, re.ASCII) else None


# the pack and its source


def _write(
    place: Path, titles: Sequence[tuple[str, str]], codes: Iterable[str], facts: Mapping[str, Texts]
) -> None:
    """The pack's files."""
    place.mkdir()
    for file in sorted(data_file(NAME).glob("*.yaml")):
        shutil.copyfile(file, place / file.name)
    _csv(place / TITLES, ("code", "title"), titles)
    rows = ((code, kind, text) for code in codes for kind in KINDS for text in facts[kind].get(code, ()))
    _csv(place / FACTS, ("code", "kind", "text"), rows)


def _csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _sources(into: Path, workplace: Path, source: SourceSpec) -> None:
    """A copy of sources.yaml in the workplace, with the source added or brought up to date. Raises
    ``ChatbotError``."""
    there, item = known_sources(into).get(NAME), source_item(plain(source), ())
    copy = sources_text(into, workplace, [] if there else [item], 0 if there else 1)
    if not there or there == source:
        return
    spec, root = load_as(copy, SourcesFile)
    at = [one.id for one in spec.sources].index(NAME)
    line = root.value["sources"][1].value[at].line
    put_text(copy, _with_item(copy.read_bytes().decode("utf-8"), line, item))
    try:
        after = load_as(copy, SourcesFile)[0].sources
    except ChatbotError:
        after = []
    if after != [*spec.sources[:at], source, *spec.sources[at + 1 :]]:
        raise ChatbotError(
            printable(
                f"{into / SOURCES}:{line}: the source {NAME!r} is not written as lines of its own; remove it, and import again"
            )
        )


def _with_item(text: str, line: int, item: str) -> str:
    """The text with another item in place of the one that begins at a line and goes on as far as lines are
    indented further."""
    lines = text.splitlines(keepends=True)
    begin = line - 1
    indent = len(lines[begin]) - len(lines[begin].lstrip(" "))
    end = begin + 1
    while end < len(lines) and (
        not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip(" ")) > indent
    ):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    new = re.sub(r"(?m)^(?=.)", " " * indent, item)
    return "".join(
        [*lines[:begin], new.replace("\n", "\r\n") if lines[begin].endswith("\r\n") else new, *lines[end:]]
    )
