"""What a web page holds of interest: its JSON-LD scripts, what its head says of it, and its marked questions
(microdata, RDFa)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from chatbot.authoring.exchange.htmltext import VOID, Builder, Clock, Plain, parse
from chatbot.authoring.exchange.record import WrongError

DEEPEST = 5_000
_CAPTURES = 12
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_BEFORE = ("<![CDATA[", "<!--", "//", "/*", "*/")
_AFTER = ("]]>", "-->", "//", "*/", "/*", ";")


@dataclass(slots=True)
class Page:
    """``scripts``: line and text of each JSON-LD script; ``items``: marked things, in the form of JSON-LD
    with ``@line``."""

    title: str = ""
    language: str = ""
    canonical: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    scripts: list[tuple[int, str]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """An element that is open: the thing that it is or belongs to, and where its text goes."""

    tag: str
    item: dict[str, Any] | None = None
    names: tuple[str, ...] = ()
    owner: dict[str, Any] | None = None
    builder: Builder | None = None


def read_page(text: str, clock: Clock) -> Page:
    """Reads a page; raises ``WrongError`` for HTML that can't be read."""
    parser = _Parser(clock)
    parse(parser, text)
    parser.finish()
    return parser.page


def unwrapped(script: str) -> str:
    """The JSON of a script, without the comment or CDATA marks around it."""
    script = script.strip()
    for _ in range(8):  # a few such marks are usual
        script = script.removeprefix(next((mark for mark in _BEFORE if script.startswith(mark)), "")).strip()
        script = script.removesuffix(next((mark for mark in _AFTER if script.endswith(mark)), "")).strip()
    return html.unescape(script) if script.startswith(("{&", "[&", "&#123;")) else script


def iso_date(text: str) -> str | None:
    """The date of a time stamp; None for other text."""
    found = _DATE.fullmatch(text.strip())
    return found[1] if found else None


class _Parser(HTMLParser):
    def __init__(self, clock: Clock) -> None:
        super().__init__(convert_charrefs=True)
        self.clock = clock
        self.page = Page()
        self.stack: list[_Open] = []
        self.counts: dict[str, int] = {}
        self.owners: list[dict[str, Any]] = []
        self.builders: list[Builder] = []
        self.script: tuple[int, list[str]] | None = None
        self.title: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.clock.check()
        # of an attribute that stands twice, the first counts
        told = {name: value or "" for name, value in reversed(attrs)}
        if (
            tag == "script"
            and told.get("type", "").partition(";")[0].strip().lower() == "application/ld+json"
        ):
            self.script = self.getpos()[0], []
        elif tag == "title" and not self.page.title and not self.counts.get("svg"):
            self.title = []
        elif tag == "html":
            self.page.language = told.get("lang", "")
        elif tag == "link" and told.get("rel", "").lower() == "canonical":
            self.page.canonical = told.get("href", "").strip()
        elif tag == "meta":
            name = (told.get("property") or told.get("name") or "").lower()
            self.page.metas.setdefault(name, told.get("content", "").strip())
        self._open(tag, told)
        if tag in VOID:
            self._pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def _open(self, tag: str, told: dict[str, str]) -> None:
        for builder in self.builders:
            builder.start(tag)
        names = tuple(
            _last(name)
            for name in (told.get("itemprop") or told.get("property") or "").split()
            if "og:" not in name
        )
        opened = _Open(tag)
        owner = self.owners[-1] if self.owners else None
        if "itemscope" in told or "typeof" in told:
            opened.item = {
                "@type": _last((told.get("itemtype") or told.get("typeof") or "").split()[:1]),
                "@line": self.getpos()[0],
            }
            if owner is not None and names:
                for name in names:
                    owner.setdefault(name, []).append(opened.item)
            else:
                self.page.items.append(opened.item)
            self.owners.append(opened.item)
        elif owner is not None and names:
            value = (
                told.get("content") or told.get("datetime") or (told.get("href") if "url" in names else None)
            )
            if value:
                for name in names:
                    owner.setdefault(name, []).append(Plain(value.strip()))
            elif len(self.builders) < _CAPTURES and tag not in VOID:
                opened.names, opened.owner, opened.builder = names, owner, Builder()
                self.builders.append(opened.builder)
        self.stack.append(opened)
        if len(self.stack) > DEEPEST:
            raise WrongError(f"HTML that can't be read: tags nested more than {DEEPEST:,} deep")
        self.counts[tag] = self.counts.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        self.clock.check()
        if tag == "script" and self.script:
            self.page.scripts.append((self.script[0], "".join(self.script[1])))
            self.script = None
        elif tag == "title" and self.title is not None:
            self.page.title, self.title = " ".join("".join(self.title).split()), None
        if self.counts.get(tag):
            while self.stack[-1].tag != tag:
                self._pop()
            self._pop()

    def _pop(self) -> None:
        closed = self.stack.pop()
        self.counts[closed.tag] -= 1
        if closed.item is not None:
            self.owners.pop()
        if closed.builder:
            self.builders.remove(closed.builder)
            for name in closed.names:
                assert closed.owner is not None
                closed.owner.setdefault(name, []).append(Plain(closed.builder.text()))
        for builder in self.builders:
            builder.end(closed.tag)

    def handle_data(self, data: str) -> None:
        self.clock.check()
        if self.script:
            self.script[1].append(data)
            return
        if self.title is not None:
            self.title.append(data)
        for builder in self.builders:
            builder.data(data)

    def finish(self) -> None:
        """Closes what is still open at the end of the file."""
        if self.script:
            self.page.scripts.append((self.script[0], "".join(self.script[1])))
        while self.stack:
            self._pop()


def _last(names: list[str] | str) -> str:
    """``Question`` of ``https://schema.org/Question`` or ``schema:Question``."""
    name = names if isinstance(names, str) else "".join(names[:1])
    return re.split(r"[/#:]", name.rstrip("/"))[-1]
