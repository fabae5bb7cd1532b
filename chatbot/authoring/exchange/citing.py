"""The sources that entries cite: those of the file, those that stand in sources.yaml already, and those that
must be made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatbot.authoring.exchange.ids import FreeIds, is_id, made_id
from chatbot.authoring.exchange.record import OF_SOURCE, Origin, WrongError, short
from chatbot.authoring.exchange.validate import valid
from chatbot.knowledge.schema import EntrySpec, TableSpec
from chatbot.knowledge.sourceschema import SourceSpec

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


@dataclass
class Sources:
    """``there``: in sources.yaml; ``own``: to be added; ``guessed``: those of ``own`` that were made, of
    which something is to be done."""

    there: Mapping[str, SourceSpec]
    origin: Origin
    asked: str | None = None
    own: dict[str, SourceSpec] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)
    differing: list[str] = field(default_factory=list)
    _cited: set[str] = field(default_factory=set)
    _default: str | None = None
    _titles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = FreeIds(self.there)
        for source in self.there.values():
            self._note(source)

    def _note(self, source: SourceSpec) -> None:
        for key in (source.url, source.title):
            if key:
                self._titles.setdefault(key, source.id)

    def add(self, source: SourceSpec) -> None:
        """A source that the file describes; one that is there under this id already stays as it is."""
        if source.id in self.own and source.id not in self.guessed:
            raise WrongError(f"the source {source.id!r} stands twice")
        if source.id in self.there:
            if self.there[source.id] != source:
                self.differing.append(source.id)
            return
        self._keep(source)
        self.guessed.discard(source.id)

    def _keep(self, source: SourceSpec) -> str:
        self.own[source.id] = source
        self._ids.taken.add(source.id)
        self._note(source)
        return source.id

    def named(self, name: Any, about: dict[str, Any], notes: list[str]) -> str:
        """The id of the source that an entry names, by id, title or address, or by what it says about it;
        else the file's own source."""
        if name is not None and not isinstance(name, str):
            raise WrongError("the source must be text")
        told = {OF_SOURCE[key]: value for key, value in about.items()}
        if name and name.startswith(("http://", "https://")) and len(name.split()) == 1:
            told.setdefault("url", name)
        # names a bad address, with or without a name
        spec = valid({"id": "x", "title": "x"} | told, SourceSpec)
        key = name or spec.url or (spec.title if "title" in told else None) or spec.publisher
        if not key:
            if (
                told
                and (note := f"{', '.join(sorted(about))}: no source is named there, so this is left out")
                not in notes
            ):
                notes.append(note)
            return self.default()
        key = " ".join(key.split())
        if is_id(key) and (key in self.there or key in self.own):
            return key
        if key in self._titles:
            return self._titles[key]
        made = (
            key if is_id(key) else self._ids.take(made_id(re.sub(r"^https?://(www\.)?", "", key), "source"))
        )
        title = told.pop("title", None) or key
        self.guessed.add(made)
        self._keep(valid(told | {"id": made, "title": title}, SourceSpec))
        self._titles.setdefault(key, made)
        return made

    def default(self) -> str:
        """The source that is cited where an entry names none: the one asked for, else one made of the file."""
        if self._default is None:
            self._default = self._make_default()
        return self._default

    def _make_default(self) -> str:
        origin = self.origin
        if self.asked and (self.asked in self.there or self.asked in self.own):
            return self.asked
        same = self._titles.get(origin.url or origin.title)
        if not self.asked and same:
            return same
        made = self.asked or self._ids.take(made_id(origin.name, "source"))
        told = {
            "publisher": origin.publisher,
            "author": origin.author,
            "published": origin.published,
            "url": origin.url,
        }
        self.guessed.add(made)
        return self._keep(
            valid(
                {name: value for name, value in told.items() if value} | {"id": made, "title": origin.title},
                SourceSpec,
            )
        )

    def cite(self, spec: EntrySpec | TableSpec) -> None:
        """Notes what an entry or table cites."""
        self._cited |= {citation.source for citation in spec.citations}
        if isinstance(spec, TableSpec):
            self._cited |= {citation.source for row in spec.rows for citation in row.citations}

    def to_add(self) -> list[SourceSpec]:
        """The sources that sources.yaml lacks: those of the file, and one for each id that is cited and
        described nowhere."""
        for name in sorted(self._cited - self.own.keys() - self.there.keys()):
            self.guessed.add(name)
            self._keep(SourceSpec(id=name, title=name))
        return [
            source
            for source in self.own.values()
            if source.id not in self.guessed or source.id in self._cited
        ]

    def open_points(self, source: SourceSpec) -> list[str]:
        """What a person must still find out about a source."""
        out = []
        if source.id in self.guessed:
            out += ["title: what is it called?"] if source.title in (source.id, source.url) else []
            out += ["publisher: who says it?"] if not (source.publisher or source.author) else []
            out += ["published: when? YYYY-MM-DD, YYYY-MM or YYYY"] if source.published == "undated" else []
        if source.published != "undated" and not _DATE.fullmatch(source.published):
            out.append(f"published: {short(source.published, 30)!r} is no YYYY-MM-DD, YYYY-MM or YYYY")
        return out
