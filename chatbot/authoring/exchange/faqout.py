"""A pack as schema.org FAQPage: JSON-LD alone, or in an HTML page that shows the same to people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from chatbot.authoring.exchange.faq import OWN, question_fields, source_fields
from chatbot.authoring.exchange.htmltext import to_html
from chatbot.authoring.exchange.record import SOURCE_KIND, Record
from chatbot.authoring.exchange.records import Whole, rest
from chatbot.authoring.exchange.shown import answer_of, citation_line, citations_of, figures_of
from chatbot.knowledge.basics import CitationSpec
from chatbot.knowledge.schema import EntrySpec, TableSpec

_STYLE = "body{font:1rem/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}.s{font-size:.85rem;color:#555}td,th{padding:0 1rem 0 0}"


def write_json(whole: Whole, records: list[Record]) -> str:
    """A JSON-LD file."""
    return json.dumps(_page(whole, records), ensure_ascii=False, indent=1) + "\n"


def write_html(whole: Whole, records: list[Record]) -> str:
    """An HTML page with the JSON-LD in a script; opening angle brackets in it are escaped, so no text can end
    the script."""
    script = json.dumps(_page(whole, records), ensure_ascii=False, indent=1).replace("<", "\\u003c")
    body = [f"<h1>{escape(whole.pack.title)}</h1>"]
    for part in whole.topics:
        body.append(f"<h2>{escape(part.spec.title)}</h2>")
        for spec in part.specs:
            body += [
                f'<h3 id="{escape(spec.id)}">{escape(spec.question)}</h3>',
                f"<p>{escape(answer_of(spec))}</p>",
            ]
            body += _figures(spec) if isinstance(spec, TableSpec) else []
            body += [f'<p class="s">{_cited(whole, citation)}</p>' for citation in citations_of(spec)]
    head = f'<meta charset="utf-8">\n<title>{escape(whole.pack.title)}</title>\n<style>{_STYLE}</style>'
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        head,
        '<script type="application/ld+json">',
        script,
        "</script>",
    ]
    return "\n".join([*parts, "</head>", "<body>", *body, "</body>", "</html>", ""])


def _figures(spec: TableSpec) -> list[str]:
    head, *rows = figures_of(spec)
    lines = ["<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return ["<table>", *lines, "</table>"]


def _cited(whole: Whole, citation: CitationSpec) -> str:
    title, told = citation_line(whole.source(citation.source), citation)
    url = whole.source(citation.source).url
    return (f'<a href="{escape(url)}">{escape(title)}</a>' if url else escape(title)) + escape(told)


def _page(whole: Whole, records: list[Record]) -> dict[str, Any]:
    specs = {spec.id: spec for part in whole.topics for spec in part.specs}
    titles = {part.spec.topic: part.spec.title for part in whole.topics}
    of = {
        kind: [record.fields for record in records if record.kind == kind]
        for kind in ("pack", "topic", "source")
    }
    sources = [_source(fields) for fields in of["source"]]
    by_id = dict(zip((fields["id"] for fields in of["source"]), sources, strict=True))
    page: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "identifier": whole.pack.id,
        "name": whole.pack.title,
    }
    if whole.pack.about:
        page["description"] = whole.pack.about
    page["inLanguage"] = "en"
    page |= _own({"pack": of["pack"][0], "topics": of["topic"]})
    page["citation"] = sources
    told = [record for record in records if record.kind in ("entry", "table")]
    page["mainEntity"] = [_question(record, specs[record.fields["id"]], titles, by_id) for record in told]
    return page


def _question(
    record: Record,
    spec: EntrySpec | TableSpec,
    titles: Mapping[str, str],
    sources: Mapping[str, Any],
) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": "Question", "identifier": spec.id, "name": to_html(spec.question)}
    if spec.phrasings:
        node["alternateName"] = [to_html(phrasing) for phrasing in spec.phrasings]
    node["about"] = {"@type": "Thing", "name": titles[record.fields["topic"]]}
    cited = [_citation(citation, sources[citation.source]) for citation in spec.citations]
    node["acceptedAnswer"] = {
        "@type": "Answer",
        "text": to_html(answer_of(spec, folded=False)),
        "citation": cited,
    }
    if record.kind == "table":
        return node | _own({"kind": "table"} | record.fields)
    return node | _own(rest(record.fields, question_fields(node, None)))


def _citation(citation: CitationSpec, source: Mapping[str, Any]) -> dict[str, Any]:
    """The source, and the section of it that is cited."""
    node = {name: value for name, value in source.items() if name != "additionalProperty"}
    node["hasPart"] = {"@type": "CreativeWork", "name": to_html(citation.section)}
    if citation.origin:
        node["isBasedOn"] = {"@type": "CreativeWork", "name": to_html(citation.origin)}
    return node


def _source(fields: Mapping[str, Any]) -> dict[str, Any]:
    kind = "Dataset" if fields.get(SOURCE_KIND) == "statistics" else "CreativeWork"
    node: dict[str, Any] = {"@type": kind, "identifier": fields["id"], "name": to_html(fields["title"])}
    for name, what in (("publisher", "Organization"), ("author", "Person")):
        if fields.get(name):
            node[name] = {"@type": what, "name": to_html(fields[name])}
    if "url" in fields:
        node["url"] = to_html(fields["url"])
    if fields.get("published", "undated") != "undated":
        node["datePublished"] = fields["published"]
    return node | _own(rest(fields, source_fields(node)))


def _own(data: Mapping[str, Any]) -> dict[str, Any]:
    if not data:
        return {}
    value = json.dumps(data, ensure_ascii=False)
    return {
        "additionalProperty": [{"@type": "PropertyValue", "propertyID": OWN, "name": "data", "value": value}]
    }
