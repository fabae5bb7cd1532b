"""What a web page holds of interest: its JSON-LD scripts, what its head says of it, and its marked questions
(microdata, RDFa)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatbot.authoring.exchange.htmltext import VOID, Plain, text_of, tree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CAPTURES = 12
"""Marked text within marked text is read so deep."""
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


def read_page(text: str) -> Page:
    """Reads a page; raises ``WrongError`` for HTML that can't be read."""
    page, root = Page(), tree(text)
    if root is not None:
        _Reader(page).read(root)
    return page


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


class _Reader:
    """Goes through the elements of a page once; ``owners``: the things that are open, ``captures`` and
    ``drawings``: how many marked texts and pictures with titles of their own."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.owners: list[dict[str, Any]] = []
        self.captures = 0
        self.drawings = 0

    def read(self, root: Element) -> None:
        """Fill in the page."""
        opened: dict[Element, tuple[bool, bool]] = {}
        from lxml import etree

        for event, node in etree.iterwalk(root, events=("start", "end")):
            self.drawings += (event == "start") - (event == "end") if node.tag == "svg" else 0
            if event == "start":
                self._head(node)
                opened[node] = self._open(node)
            else:
                owns, captures = opened.pop(node)
                if owns:
                    self.owners.pop()
                self.captures -= captures

    def _head(self, node: Element) -> None:
        tag, page = node.tag, self.page
        if tag == "script":
            if (node.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json":
                page.scripts.append((node.sourceline or 1, node.text or ""))
        elif tag == "title":
            if not page.title and not self.drawings:
                page.title = " ".join("".join(node.itertext()).split())
        elif tag == "html":
            page.language = node.get("lang") or ""
        elif tag == "link" and (node.get("rel") or "").lower() == "canonical":
            page.canonical = (node.get("href") or "").strip()
        elif tag == "meta":
            name = (node.get("property") or node.get("name") or "").lower()
            page.metas.setdefault(name, (node.get("content") or "").strip())

    def _open(self, node: Element) -> tuple[bool, bool]:
        """Whether a thing begins here, and whether a marked text does."""
        marks = (node.get("itemprop") or node.get("property") or "").split()
        names = tuple(_last(name) for name in marks if "og:" not in name)
        owner = self.owners[-1] if self.owners else None
        if node.get("itemscope") is not None or node.get("typeof") is not None:
            kinds = (node.get("itemtype") or node.get("typeof") or "").split()[:1]
            item: dict[str, Any] = {"@type": _last(kinds), "@line": node.sourceline or 1}
            if owner is not None and names:
                self._tell(owner, names, item)
            else:
                self.page.items.append(item)
            self.owners.append(item)
            return True, False
        if owner is None or not names:
            return False, False
        value = node.get("content") or node.get("datetime") or (node.get("href") if "url" in names else None)
        if value:
            self._tell(owner, names, Plain(value.strip()))
            return False, False
        if self.captures >= _CAPTURES or node.tag in VOID:
            return False, False
        self._tell(owner, names, Plain(text_of(node)))
        self.captures += 1
        return False, True

    def _tell(self, owner: dict[str, Any], names: tuple[str, ...], value: Any) -> None:
        for name in names:
            owner.setdefault(name, []).append(value)


def _last(names: list[str] | str) -> str:
    """``Question`` of ``https://schema.org/Question`` or ``schema:Question``."""
    name = names if isinstance(names, str) else "".join(names[:1])
    return re.split(r"[/#:]", name.rstrip("/"))[-1]
