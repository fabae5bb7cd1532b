"""What an editor fills in for a new file, entry, citation, table, row, source or intent (``defaultSnippets``
of the JSON Schema).

``$1`` and ``${1:text}`` are the places that Tab goes through; values are YAML as it is to be written, so text
with braces stands in quotes.
"""

from __future__ import annotations

from typing import Any


def _snippet(label: str, description: str, body: Any) -> list[dict[str, Any]]:
    return [{"label": label, "description": description, "body": body}]


_CITATION = {"source": "${4:source-id}", "section": "${5:Heading}"}
_ENTRY = {
    "id": "${1:new-entry}",
    "question": "${2:The main question?}",
    "answer": "${3:The answer.}",
    "citations": [_CITATION],
    "phrasings": ["${6:another way to ask}"],
}
_ROW = {"at": {"${1:country}": "${2:DE}"}, "amount": "${3:0}", "shown": '"${4:0}"'}
_TABLE = {
    "id": "${1:new-table}",
    "question": "${2:The main question?}",
    "measure": "${3:measure}",
    "unit": "${4:USD}",
    "statistic": "${5:mean}",
    "period": "${6:a year}",
    "dimensions": ["${7:country}"],
    "labels": {"${8:DE}": "${9:Germany}"},
    "overview": '"${10:On average}: {rows}."',
    "item": '"{${7:country}} {figure}"',
    "row": '"${11:In} {${7:country}} it is {figure}."',
    "missing": '"I have no figure for {asked}. I have {available}."',
    "citations": [{"source": "${12:source-id}", "section": "${13:Heading}"}],
    "rows": [{"at": {"${7:country}": "${8:DE}"}, "amount": "${14:0}", "shown": '"${15:0}"'}],
    "phrasings": ["${16:another way to ask}"],
    "row_phrasings": ['"${17:figure} in {${7:country}}"'],
}
_SOURCE = {
    "id": "${1:new-source}",
    "title": "${2:Title}",
    "publisher": "${3:Publisher}",
    "published": '"${4:2025}"',
    "url": "${5:https://example.org}",
}
_INTENT = {
    "id": "${1:new-intent}",
    "kind": "${2:unknown}",
    "about": "${3:topic}",
    "replies": ['"${4:I have nothing on that. I can answer questions about {about\\}.}"'],
    "examples": ["${5:a question that is met with it}"],
}

SNIPPETS: dict[str, list[dict[str, Any]]] = {
    "TopicFile": _snippet(
        "topic",
        "A topic with its first entry",
        {"topic": "${7:topic}", "title": "${8:Title}", "entries": [_ENTRY]},
    ),
    "EntrySpec": _snippet("entry", "An entry: question, answer, citation and phrasings", _ENTRY),
    "CitationSpec": _snippet(
        "citation", "A citation: source and section", _CITATION | {"figures": ['"${6:35}"']}
    ),
    "TableSpec": _snippet("table", "A table of figures by country or another facet", _TABLE),
    "RowSpec": _snippet("row", "A row of a table", _ROW),
    "SourceSpec": _snippet("source", "A source", _SOURCE),
    "SourcesFile": _snippet("sources", "A first source", {"sources": [_SOURCE]}),
    "PackFile": _snippet(
        "pack",
        "A pack on one occupation",
        {"id": "${1:baker}", "title": "${2:Baker}", "about": "${3:being a baker}", "role": ["${4:baker}"]},
    ),
    "IntentSpec": _snippet("intent", "A fixed reply to a topic that is not covered", _INTENT),
    "IntentsFile": _snippet("intents", "A first intent", {"intents": [_INTENT]}),
}
"""By the name of the type that they fill in."""
