"""HTML to plain text that still reads as sentences when its lines are joined, as they are in an answer.

HTML is parsed by lxml, whose time grows with the length of the text alone. A tag that HTML does not know
(``List<int>``) is text.
"""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import TYPE_CHECKING

from chatbot.authoring.exchange.record import WrongError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

DEEPEST = 2_000
"""The parser goes no deeper; what stands deeper would be lost."""
TAG_CHARS = 1_000_000
"""A longer tag has lost its end, and what follows would be lost in it."""
MOST_ATTRIBUTES = 2_000
"""The parser's time grows with the square of those of one tag; pages have a few."""
SHORT = 20_000
"""In a text of fewer characters, they take it no time worth counting."""
LINK_CHARS = 1_000
"""Longer words of a link are not searched for its address."""
LEVELS = 3
"""Text is taken to be escaped at most so many times."""
_VOID = "area base br col embed hr img input link meta param source track wbr"
_BLOCK = """
address article aside blockquote caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_INNER = """
a abbr acronym audio b base bdi bdo big body br button canvas cite code col colgroup data datalist del dfn em embed font head html i
iframe img input ins kbd label link map mark meta meter noscript object optgroup option output param picture progress q rp rt ruby s
samp script select small source span strike strong style sub sup svg template textarea time title track tt u var video wbr
"""
VOID, _BLOCKS, _INLINE = (frozenset(names.split()) for names in (_VOID, _BLOCK, _INNER))
_KNOWN = _BLOCKS | _INLINE
_HIDDEN = frozenset(
    ("script", "style", "template", "head", "svg", "textarea", "select", "button", "iframe", "noscript")
)
_STRUCK = frozenset(("del", "s", "strike"))
"""What its author has struck out is no longer said."""
_MARKUP = re.compile(r"<!--|</?([A-Za-z][\w:-]*)")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>")
_BEGINS = re.compile(r"<!--|<([A-Za-z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?")
_RAW = frozenset(("script", "style", "textarea", "title"))
_PAGE_END = re.compile(r"</html\s{0,9}>", re.I)
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_END = re.compile(r"[.!?:;,…][\"'”’)\]]*$")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>]+", re.I)


class Plain(str):
    """Text that is plain already."""

    __slots__ = ()


class Builder:
    """Collects what stands between tags: inline text is folded, blocks begin a line."""

    def __init__(self) -> None:
        self.blocks: list[tuple[str, str]] = []
        self._text: list[str] = []
        self._kind = ""

    def walk(self, root: Element) -> None:
        """Take in an element with all that is in it, but not the text after it."""
        stack: list[tuple[Element, bool]] = [(root, True)]
        while stack:
            node, begins = stack.pop()
            if begins:
                shown = isinstance(node.tag, str) and node.tag not in _HIDDEN | _STRUCK
                stack.append((node, False))
                if shown:
                    self._start(node)
                    stack += [(child, True) for child in reversed(node)]
                continue
            if isinstance(node.tag, str):
                self._end(node)
            if node is not root:
                self._data(node.tail)

    def _start(self, node: Element) -> None:
        if node.tag == "br":
            self._text.append("\n")
        elif node.tag in _BLOCKS:
            self._flush()
            self._kind = node.tag
        text = node.text
        if node.tag == "sup" and text and not len(node) and set(text.strip()) <= set("0123456789+-"):
            text = text.strip().translate(_RAISED)  # 10<sup>3</sup> is not 103
        self._data(text)

    def _end(self, node: Element) -> None:
        if node.tag in _BLOCKS:
            self._flush()
        elif node.tag == "a" and (address := _address(node)):
            self._data(f" ({address})")

    def _data(self, text: str | None) -> None:
        if text:
            self._text.append(re.sub(r"[ \t\r\n\f]+", " ", text))

    def _flush(self) -> None:
        text = lines_of("".join(self._text))
        if text:
            self.blocks.append((self._kind, text))
        self._text.clear()
        self._kind = ""

    def text(self) -> str:
        """The blocks, one a line. Where one ends without punctuation it gets some: ``:`` before a list, ``;``
        inside it, else a full stop."""
        self._flush()
        out: list[str] = []
        followers = [kind for kind, _ in self.blocks[1:]] + [""]
        for (kind, text), following in zip(self.blocks, followers, strict=False):
            mark = (
                "; "
                if kind == following and kind in ("li", "td", "th")
                else ":"
                if following == "li" or kind[1:].isdigit()
                else "."
            )
            out.append(text if _END.search(text) or len(out) + 1 == len(self.blocks) else text + mark.strip())
        return "\n".join(out)


def _address(node: Element) -> str:
    """Where a link leads, if its own text does not say so and it is whole; else an empty text."""
    target = (node.get("href") or "").strip()
    if not _ADDRESS.fullmatch(target):
        return ""
    shown = re.sub(r"^(mailto:|tel:)", "", target, flags=re.I)
    own = ""
    for part in node.itertext():
        own += part
        if len(own) > LINK_CHARS:
            return shown
    bare = re.sub(r"^https?://(www\.)?|[/\s]+$", "", shown)
    return "" if bare in own or "".join(shown.split()) in "".join(own.split()) else shown


def lines_of(text: str) -> str:
    """Each line folded, without the blank ones."""
    return "\n".join(folded for line in text.splitlines() if (folded := " ".join(line.split())))


def tree(source: str) -> Element | None:
    """The root of HTML; None where nothing is in it. Raises ``WrongError`` where a part would be lost."""
    from lxml import etree

    _check_end(source)
    if len(source) > SHORT:
        _check_attributes(source)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    # what follows the end of a page is part of it for a browser; the parser would begin a second page
    source = _PAGE_END.sub(lambda tag: " " * len(tag.group()), source)
    try:
        root: Element | None = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing but a comment
        root = None
    if any("xcessive depth" in error.message for error in parser.error_log):
        raise WrongError(f"HTML that can't be read: tags nested more than {DEEPEST:,} deep")
    return root


def _check_end(source: str) -> None:
    at = source.rfind(">") + 1
    tag = _MARKUP.search(source, at)
    if tag and len(source) - tag.start() > TAG_CHARS:
        line = source.count("\n", 0, tag.start()) + 1
        begins = source[tag.start() : tag.start() + 10]
        raise WrongError(f"HTML that can't be read: the tag {begins!r} in line {line} has no end")


def _check_attributes(source: str) -> None:
    """Goes through the tags once, as a parser does: past comments, and past the text of scripts."""
    at = 0
    while begins := _BEGINS.search(source, at):
        at, name = begins.end(), (begins[1] or "").lower()
        if not name:  # a comment
            at = source.find("-->", at) + 3
            if at < 3:
                return
            continue
        count = 0
        while (found := _ATTRIBUTE.match(source, at)) and found.end() > at:
            at = found.end()
            count += 1
            if count > MOST_ATTRIBUTES:
                line = source.count("\n", 0, begins.start()) + 1
                raise WrongError(
                    f"HTML that can't be read: a tag in line {line} has more than {MOST_ATTRIBUTES:,} attributes"
                )
        if name in _RAW:
            ends = re.compile(f"</{name}", re.I).search(source, at)
            if ends is None:
                return
            at = ends.end()


def text_of(root: Element) -> str:
    """The text of an element."""
    builder = Builder()
    builder.walk(root)
    return builder.text()


def to_text(source: str) -> str:
    """The text of HTML, or of plain text with entities, also where either is escaped; raises ``WrongError``
    for HTML that can't be read."""
    if isinstance(source, Plain):
        return str(source)
    return _parsed(source) if _has_tags(source) else lines_of(undone(source))


def _has_tags(source: str) -> bool:
    return any(match[1] is None or match[1].lower() in _KNOWN for match in _MARKUP.finditer(source))


def undone(source: str) -> str:
    """The same as ``to_text`` for text that need not be HTML: a single tag that is spoken of stays, and so do
    the blanks of what has no tags."""
    for _ in range(LEVELS):
        if looks_html(source):
            return _parsed(source)
        resolved = _resolved(source)
        if resolved == source:
            break
        source = resolved
    return source


def looks_html(source: str) -> bool:
    """Whether text is marked up: it begins with a tag, a tag in it is closed, or a line is broken."""
    opened: set[str] = set()
    begins = len(source) - len(source.lstrip())
    for match in _TAG.finditer(source):
        name = match[2].lower()
        if name not in _KNOWN:
            continue
        if match[1] and name in opened:
            return True
        if not match[1]:
            if name in ("br", "hr", "img") or match.start() == begins:
                return True
            opened.add(name)
    return False


def _parsed(source: str, level: int = 1) -> str:
    """The text of what has tags. What was escaped inside them is text, unless all of it is HTML once more."""
    root = tree(_MARKUP.sub(_kept, source))
    text = text_of(root) if root is not None else ""
    for _ in range(LEVELS - 1):
        match = _TAG.match(text)
        wrapped = match and not match[1] and text.rstrip().lower().endswith(f"</{match[2].lower()}>")
        if match and wrapped and match[2].lower() in _KNOWN and level < LEVELS:
            return _parsed(text, level + 1)
        again = _resolved(text)
        if again == text:
            break
        text = again
    return text


def _kept(tag: re.Match[str]) -> str:
    """A tag that HTML does not know, as text."""
    name = tag[1]
    return tag.group() if name is None or name.lower() in _KNOWN else "&lt;" + tag.group()[1:]


def _resolved(text: str) -> str:
    """Entities resolved once; what is none, or stands for nothing that can be shown, stays."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    if name.startswith("#"):
        found = html.unescape(entity.group())
        return (
            found if found and (found.isprintable() or found in "\n\t\u00a0\u200b\u00ad") else entity.group()
        )
    return html5.get(f"{name};", entity.group())


def to_html(text: str) -> str:
    """HTML that ``to_text`` turns back into this text, where that is possible."""
    return html.escape(text, quote=False)
