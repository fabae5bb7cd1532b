"""schema.org FAQPage: its questions as records, from the JSON-LD of a page or file, or from the marks in a
page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from chatbot.authoring.exchange.foreign import LOST
from chatbot.authoring.exchange.htmltext import to_text
from chatbot.authoring.exchange.parsing import parse_foreign, parse_json
from chatbot.authoring.exchange.record import (
    Fault,
    Notes,
    Origin,
    Reading,
    Record,
    WrongError,
    short,
    tidy,
)
from chatbot.authoring.exchange.textin import whole_text
from chatbot.authoring.exchange.webpage import Page, iso_date, read_page, unwrapped
from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable

OWN = "career-chatbot"
"""Names the additional property that holds what schema.org has no property for."""
LOST_CHARACTER = "\ufffd"
_NAMED = ("FAQPage", "WebPage", "Article", "NewsArticle", "BlogPosting", "Organization")


def read_page_of(file: Path) -> Reading:
    """An HTML page; raises ``ChatbotError`` where there are no questions in it."""
    notes: list[str] = []
    text = whole_text(file, True, notes)
    documents: list[tuple[int, Any]] = []
    faults: list[Record | Fault] = []
    try:
        page = read_page(text)
    except WrongError as wrong:
        raise ChatbotError(printable(f"{file}: {wrong}")) from None
    for line, script in page.scripts:
        try:
            documents.append((line, parse_foreign(unwrapped(script), strict=False, first=line)))
        except WrongError as wrong:
            faults.append(Fault(file, line, f"this script is skipped: {wrong}"))
    graph, marked = Graph(documents), Graph([(1, page.items)])
    reading = read_graph(file, page, graph, marked, faults, notes)
    if reading is None:
        why = "; ".join(str(fault) for fault in faults[:3])
        raise ChatbotError(
            why
            or printable(
                f"{file}: no schema.org questions in it (FAQPage as JSON-LD, microdata or RDFa); put its questions and answers into two columns of a spreadsheet"
            )
        )
    return reading


def read_graph(
    file: Path, page: Page, graph: Graph, marked: Graph, faults: list[Record | Fault], notes: list[str]
) -> Reading | None:
    """The questions of JSON-LD (``graph``), and those ``marked`` in a page that are not among them; None where
    there are none."""
    questions, main = graph.questions()
    others, other = marked.questions()
    if not questions and not others:
        return None
    of_rows = Notes(file)
    told = _Records(file, graph, of_rows)
    reading = Reading(iter(()), _origin(file, page, graph, main or other), notes)

    def records() -> Iterator[Record | Fault]:
        yield from told.read(questions, main, faults)
        told.graph = marked
        yield from told.marked(others)
        notes.extend(of_rows.told())

    reading.records = records()
    return reading


class Graph:
    """Things of JSON-LD documents, found by their type and by ``@id``, wherever they are."""

    def __init__(self, documents: list[tuple[int, Any]]) -> None:
        self.by_id: dict[str, dict[str, Any]] = {}
        self.nodes: list[dict[str, Any]] = []
        self.lines: dict[int, int] = {}
        for first, document in documents:
            todo = [document]
            while todo:
                one = todo.pop()
                if isinstance(one, list):
                    todo += reversed(one)
                elif isinstance(one, dict):
                    if "@type" in one or "acceptedAnswer" in one:
                        self.nodes.append(one)
                        self.lines[id(one)] = one.get("@line", getattr(one, "line", first))
                    if isinstance(name := one.get("@id"), str) and len(one) > 1:
                        self.by_id.setdefault(name, one)
                    todo += reversed(list(one.values()))

    def of_type(self, *names: str) -> Iterator[dict[str, Any]]:
        """Things of these types."""
        wanted = {name.lower() for name in names}
        return (node for node in self.nodes if wanted & set(types(node)))

    def follow(self, value: Any) -> Any:
        """A thing that is only named by its ``@id``."""
        if isinstance(value, dict) and len(value) == 1 and isinstance(name := value.get("@id"), str):
            return self.by_id.get(name, value)
        return value

    def questions(self) -> tuple[list[tuple[int, Any]], dict[str, Any]]:
        """The questions of all FAQ pages, then all others that have an answer, each with its line; and the
        first page."""
        pages = list(self.of_type("FAQPage"))
        found = [
            (page, self.follow(q))
            for page in pages
            for key in ("mainEntity", "hasPart")
            for q in listed(page.get(key))
        ]
        found = [
            (page, q)
            for page, q in found
            if not isinstance(q, dict) or "acceptedAnswer" in q or "question" in types(q)
        ]
        others = self.of_type("Question")
        found += [(q, q) for q in others if not found or "acceptedAnswer" in q]
        seen: set[int] = set()
        once = [(page, q) for page, q in found if id(q) not in seen and not seen.add(id(q))]  # type: ignore[func-returns-value]
        lines = [(self.lines.get(id(q), self.lines.get(id(page), 1)), q) for page, q in once]
        return lines, pages[0] if pages else {}


class _Records:
    def __init__(self, file: Path, graph: Graph, notes: Notes) -> None:
        self.file, self.graph, self.notes = file, graph, notes
        self.told: dict[str, str] = {}

    def read(
        self, questions: list[tuple[int, Any]], main: dict[str, Any], faults: list[Record | Fault]
    ) -> Iterator[Record | Fault]:
        """Everything: pack, sources and topics of a page that this program wrote, then the questions."""
        yield from faults
        line = self.graph.lines.get(id(main), 1)
        data = own_data(main)
        for kind, fields in (
            ("pack", data.get("pack")),
            *(("topic", one) for one in listed(data.get("topics"))),
        ):
            if isinstance(fields, dict):
                yield Record(kind, line, fields, True)
        for source in listed(main.get("citation")) if data else []:
            yield self._try(
                line, "source", lambda source=source: Record("source", line, source_fields(source), True)
            )
        yield from self._questions(questions)

    def marked(self, questions: list[tuple[int, Any]]) -> Iterator[Record | Fault]:
        """Questions marked in the page; those that its scripts tell already are the same once more."""
        told = dict(self.told)
        for found in self._questions(questions):
            if isinstance(found, Fault) or folded(found.fields["question"]) not in told:
                yield found
            elif _words(found.fields["answer"]) != _words(told[folded(found.fields["question"])]):
                self.notes.add(
                    "a question has another answer in the page than in its script, which counts", found.line
                )

    def _questions(self, questions: list[tuple[int, Any]]) -> Iterator[Record | Fault]:
        for number, (place, question) in enumerate(questions, 1):
            found = self._try(place, f"question {number}", lambda q=question, n=place: self._question(n, q))
            if isinstance(found, Record) and not found.exact:
                key, answer = folded(found.fields["question"]), found.fields["answer"]
                if self.told.get(key) == answer:
                    continue  # many pages say the same twice
                self.told.setdefault(key, answer)
            if isinstance(found, Record):
                found.item = number
            yield found

    def _try(self, line: int, what: str, make: Any) -> Record | Fault:
        try:
            record: Record = make()
            return record
        except WrongError as wrong:
            return Fault(self.file, line, f"{what}: {wrong}")

    def _question(self, line: int, node: Any) -> Record:
        if not isinstance(node, dict):
            raise WrongError("not a Question")
        fields = question_fields(node, self.graph)
        data = own_data(node)
        kind = data.pop("kind", "entry")
        if kind not in ("entry", "table"):
            raise WrongError(f"unknown kind {short(str(kind), 30)!r}")
        if kind == "table":
            return Record(kind, line, data, True)
        fields |= data
        if not fields.get("question"):
            raise WrongError("no name")
        if not fields.get("answer"):
            raise WrongError(f"no acceptedAnswer to {short(str(fields['question']), 50)!r}")
        if LOST_CHARACTER in fields["question"] + fields["answer"]:
            self.notes.add(LOST, line)
        if len(texts := _answers(node, self.graph.follow)) > 1:
            for other in texts[1:]:
                self.notes.add(f"a second answer is left out: {short(other)!r}", line)
        return Record(kind, line, fields, bool(data))


def folded(question: str) -> str:
    """A question without case and punctuation: the same in two places."""
    return " ".join(_words(question)) or question


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _answers(node: dict[str, Any], follow: Callable[[Any], Any]) -> list[str]:
    """The texts of all accepted answers."""
    answers = [follow(one) for one in listed(node.get("acceptedAnswer"))]
    texts = [_text(one.get("text") or one.get("name") if isinstance(one, dict) else one) for one in answers]
    return list(dict.fromkeys(text for text in texts if text))


def question_fields(node: dict[str, Any], graph: Graph | None) -> dict[str, Any]:
    """What the properties of a Question say of an entry; raises ``WrongError``."""
    follow = graph.follow if graph else lambda value: value
    fields: dict[str, Any] = {}
    answers = [follow(one) for one in listed(node.get("acceptedAnswer"))]
    texts = _answers(node, follow)
    fields["question"] = _text(node.get("name") or node.get("text") or node.get("headline")).replace(
        "\n", " "
    )
    fields["answer"] = texts[0] if texts else ""
    if identifier := _text(node.get("identifier")):
        fields["id"] = identifier
    if others := [text for one in listed(node.get("alternateName")) if (text := _text(one))]:
        fields["phrasings"] = others
    cited = [
        follow(one)
        for answer in answers[:1]
        if isinstance(answer, dict)
        for one in listed(answer.get("citation"))
    ]
    citations = [_citation(one) for one in cited if isinstance(one, dict)]
    if citations and all("source" in one and "section" in one for one in citations):
        fields["citations"] = citations
    elif cited:
        fields |= _foreign(cited[0])
    return tidy({name: value for name, value in fields.items() if value})  # type: ignore[no-any-return]


def _citation(node: dict[str, Any]) -> dict[str, Any]:
    told = {
        "source": _text(node.get("identifier")),
        "section": _text(node.get("hasPart")),
        "origin": _text(node.get("isBasedOn")),
    }
    return {name: value for name, value in told.items() if value}


def _foreign(cited: Any) -> dict[str, Any]:
    """Fields of a source, from a citation in any page."""
    if isinstance(cited, str):
        return (
            {"url": cited.strip()}
            if cited.strip().startswith(("http://", "https://"))
            else {"source": _text(cited)}
        )
    found = source_fields(cited) if isinstance(cited, dict) else {}
    return {
        "source_title" if name == "title" else name: value
        for name, value in found.items()
        if name not in ("id", "source_kind")
    }


def source_fields(node: Any) -> dict[str, Any]:
    """What a CreativeWork says of a source; raises ``WrongError``."""
    if not isinstance(node, dict):
        raise WrongError("not a CreativeWork")
    told = {
        "id": _text(node.get("identifier")),
        "title": _text(node.get("name") or node.get("headline")),
        "publisher": _text(node.get("publisher")),
        "author": _text(node.get("author")),
        "published": iso_date(date) or date if (date := _text(node.get("datePublished"))) else "",
        "url": _text(node.get("url")),
    }
    found: dict[str, Any] = tidy({name: value for name, value in told.items() if value} | own_data(node))
    return found


def own_data(node: dict[str, Any]) -> dict[str, Any]:
    """What this program wrote beside the properties of schema.org; empty for other pages."""
    for one in listed(node.get("additionalProperty")):
        if isinstance(one, dict) and one.get("propertyID") == OWN and isinstance(one.get("value"), str):
            data = tidy(parse_json(one["value"]))
            if isinstance(data, dict):
                return data
    return {}


def types(node: dict[str, Any]) -> list[str]:
    """The types of a thing, without their vocabulary, in small letters."""
    return [
        str(name).replace("#", "/").replace(":", "/").rstrip("/").rpartition("/")[2].lower()
        for name in listed(node.get("@type"))
    ]


def listed(value: Any) -> list[Any]:
    """A value that may be missing, single, or a list."""
    if isinstance(value, dict) and "@list" in value:
        value = value["@list"]
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    """The first text of a value; of a thing, its name."""
    for one in listed(value):
        found = (
            next((one[key] for key in ("@value", "name", "text") if one.get(key)), "")
            if isinstance(one, dict)
            else one
        )
        if isinstance(found, list):
            found = next((item for item in found if isinstance(item, str)), "")
        if isinstance(found, int | float) and not isinstance(found, bool):
            found = getattr(found, "written", str(found))
        if isinstance(found, str) and (text := to_text(tidy(found))):
            return text
    return ""


def _origin(file: Path, page: Page, graph: Graph, main: dict[str, Any]) -> Origin:
    """What the page says of itself: in its head, and in its JSON-LD."""
    things = [main, *(node for node in graph.of_type(*_NAMED) if node is not main)]

    def first(*keys: str) -> str:
        return next((text for key in keys for thing in things if (text := _text(thing.get(key)))), "")

    urls = (page.canonical, page.metas.get("og:url", ""), _text(main.get("url")))
    organisation = next(
        (text for one in graph.of_type("Organization") if (text := _text(one.get("name")))), ""
    )
    dates = (first("datePublished"), page.metas.get("article:published_time", ""))
    title = _text(main.get("name") or main.get("headline")) or page.metas.get("og:title") or page.title
    try:
        return Origin(
            title=tidy(" ".join(title.split())) or file.name,
            page=bool(title.strip()),
            url=next(
                (url for url in urls if url.startswith(("http://", "https://")) and len(url.split()) == 1),
                None,
            ),
            publisher=tidy(first("publisher") or page.metas.get("og:site_name") or organisation) or None,
            author=tidy(first("author") or page.metas.get("author", "")) or None,
            published=next((date for text in dates if (date := iso_date(text))), None),
            language=page.language or _text(main.get("inLanguage")) or None,
        )
    except WrongError:
        return Origin(file.name)
