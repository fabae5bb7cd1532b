"""HTML to plain text that still reads as sentences when its lines are joined, as they are in an answer."""

from __future__ import annotations

import html
import re
import time
from html.parser import HTMLParser

from chatbot.authoring.exchange.record import WrongError

SECONDS = 20.0
"""Of processor time for one file: broken HTML can make the parser take hours."""
TAG_CHARS = 1_000_000
"""A longer tag, or one that never ends, costs the parser thousands of times its size in memory."""
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
_HIDDEN = frozenset(
    ("script", "style", "template", "head", "svg", "textarea", "select", "button", "iframe", "noscript")
)
_TAG = re.compile(r"</?[A-Za-z]|<!")
_END = re.compile(r"[.!?:;,…][\"'”’)\]]*$")


class Plain(str):
    """Text that is plain already."""

    __slots__ = ()


class Clock:
    """Stops work on one file after ``SECONDS`` of processor time."""

    def __init__(self) -> None:
        self.until = time.process_time() + SECONDS

    def check(self) -> None:
        """Raises ``WrongError`` when the time is over."""
        if time.process_time() > self.until:
            raise WrongError("HTML that can't be read: it is broken (tags or comments without an end)")


class Builder:
    """Collects what stands between tags: inline text is folded, blocks begin a line."""

    def __init__(self) -> None:
        self.blocks: list[tuple[str, str]] = []
        self._text: list[str] = []
        self._kind = ""
        self._hidden = 0

    def start(self, tag: str) -> None:
        """A tag opens."""
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br":
            self._text.append("\n")
        elif tag in _BLOCKS:
            self._flush()
            self._kind = tag

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self._flush()

    def data(self, text: str) -> None:
        """Text, its entities resolved."""
        if not self._hidden:
            self._text.append(re.sub(r"[ \t\r\n\f]+", " ", text))

    def _flush(self) -> None:
        text = _lines("".join(self._text))
        if text:
            self.blocks.append((self._kind, text))
        self._text.clear()
        self._kind = ""

    def text(self) -> str:
        """The blocks, one a line. Where one ends without punctuation it gets some: ``:`` before a list, ``;``
        inside it, else a full stop."""
        self._flush()
        out: list[str] = []
        for (kind, text), (following, _) in zip(self.blocks, [*self.blocks[1:], ("", "")], strict=True):
            mark = (
                "; "
                if kind == following and kind in ("li", "td", "th")
                else ":"
                if following == "li" or kind[1:].isdigit()
                else "."
            )
            out.append(text if _END.search(text) or len(out) + 1 == len(self.blocks) else text + mark.strip())
        return "\n".join(out)


def _lines(text: str) -> str:
    """Each line folded, without the blank ones."""
    return "\n".join(folded for line in text.splitlines() if (folded := " ".join(line.split())))


class _Reader(HTMLParser):
    def __init__(self, clock: Clock) -> None:
        super().__init__(convert_charrefs=True)
        self.clock = clock
        self.builder = Builder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag in _INLINE:
            self.builder.start(tag)
            if tag in VOID and tag != "br":
                self.builder.end(tag)
        else:
            self.builder.data(self.get_starttag_text() or "")  # List<int> is no tag

    def handle_endtag(self, tag: str) -> None:
        self.clock.check()
        if tag in _BLOCKS or tag in _INLINE:
            self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.clock.check()
        self.builder.data(data)


def to_text(source: str, clock: Clock) -> str:
    """The text of HTML, or of plain text with entities; raises ``WrongError`` for HTML that can't be read in
    time."""
    if isinstance(source, Plain):
        return str(source)
    if not _TAG.search(source):
        return _lines(html.unescape(source))
    reader = _Reader(clock)
    parse(reader, source)
    return reader.builder.text()


def parse(parser: HTMLParser, source: str) -> None:
    """Feeds HTML to a parser; raises ``WrongError`` where that can't be done."""
    at = source.find("<")
    while at >= 0:
        end = at
        if source[at + 1 : at + 2].isalpha():
            end = source.find(">", at)
            if (len(source) if end < 0 else end) - at > TAG_CHARS:
                raise WrongError(
                    f"HTML that can't be read: the tag {source[at : at + 10]!r} in line {source.count(chr(10), 0, at) + 1} has no end"
                )
            if end < 0:
                break
        at = source.find("<", end + 1)
    try:
        parser.feed(source)
        parser.close()
    except (AssertionError, ValueError) as error:
        raise WrongError(f"HTML that can't be read ({error})") from None


def to_html(text: str) -> str:
    """HTML that ``to_text`` turns back into this text, where that is possible."""
    return html.escape(text, quote=False)
