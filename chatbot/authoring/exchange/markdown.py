"""A pack as Markdown to be read: topics, questions, answers, and under each who says so. It is not read back."""

from __future__ import annotations

import re

from chatbot.authoring.exchange.records import Whole
from chatbot.authoring.exchange.shown import answer_of, citation_line, citations_of, figures_of
from chatbot.knowledge.basics import CitationSpec
from chatbot.knowledge.schema import TableSpec

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
_LINE_START = re.compile(r"^([-+=]|\d+[.)])")


def write_markdown(whole: Whole) -> str:
    """The whole pack."""
    out = [f"# {_text(whole.pack.title)}", ""]
    if whole.pack.about:
        out += [f"On {_text(whole.pack.about)}.", ""]
    before = None
    for part in whole.topics:
        if part.spec.topic != before:
            out += [f"## {_text(part.spec.title)}", ""]
        before = part.spec.topic
        for spec in part.specs:
            out += [f"### {_text(spec.question)}", "", _text(answer_of(spec)), ""]
            if isinstance(spec, TableSpec):
                out += [*_figures(spec), ""]
            out += [f"- {_cited(whole, citation)}" for citation in citations_of(spec)] + [""]
    return "\n".join(out).rstrip("\n") + "\n"


def _figures(spec: TableSpec) -> list[str]:
    head, *rows = ([_text(cell) for cell in row] for row in figures_of(spec))
    rule = ["---"] * (len(head) - 1) + ["---:"]
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]


def _cited(whole: Whole, citation: CitationSpec) -> str:
    source = whole.source(citation.source)
    title, told = citation_line(source, citation)
    url = (source.url or "").replace("<", "%3C").replace(">", "%3E")
    return (f"[{_text(title)}](<{url}>)" if url else _text(title)) + _text(told, False)


def _text(text: str, start: bool = True) -> str:
    """One line in which nothing is taken for markup."""
    text = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _LINE_START.sub(lambda found: found[1][:-1] + "\\" + found[1][-1], text) if start else text
