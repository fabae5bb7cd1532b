"""schema.org FAQPage: its questions as records, from the JSON-LD of a page or file, or from the marks in a
page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatbot.authoring.exchange.htmltext import Clock, to_text
from chatbot.authoring.exchange.lines import record_of
from chatbot.authoring.exchange.record import (
    Fault,
    Origin,
    Reading,
    Record,
    WrongError,
    parse_json,
    short,
    tidy,
)
from chatbot.authoring.exchange.textin import whole_text
from chatbot.authoring.exchange.webpage import Page, iso_date, read_page, unwrapped
from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable

OWN = "career-chatbot"
"""Names the additional property that holds what schema.org has no property for."""
_NAMED = ("FAQPage", "WebPage", "Article", "NewsArticle", "BlogPosting", "Organization")


def read_faq(file: Path, form: str) -> Reading:
    """An HTML page (``html``) or a JSON-LD file (``json``); raises ``ChatbotError`` where there are no
    questions in it."""
    text, clock = whole_text(file, form == "html"), Clock()
    documents: list[tuple[int, Any]] = []
    faults: list[Record | Fault] = []
    page = Page()
    try:
        if form == "html":
            page = read_page(text, clock)
            for line, script in page.scripts:
                try:
                    documents.append((line, parse_json(unwrapped(script), strict=False)))
                except WrongError as wrong:
                    faults.append(Fault(file, line, f"this script is skipped: {wrong}"))
        else:
            documents = [(1, parse_json(text, strict=False))]
    except WrongError as wrong:
        raise ChatbotError(printable(f"{file}: {wrong}")) from None
    graph = _Graph(documents)
    questions, main = graph.questions()
    if not questions and page.items:
        marked = _Graph([(1, page.items)])
        questions, main = marked.questions()
    origin = _origin(file, page, graph, main, clock)
    if form == "json" and not questions and (listed := _objects(documents[0][1])):
        return Reading(_plain_objects(file, listed), origin)
    if not questions:
        why = "; ".join(str(fault) for fault in faults[:3])
        raise ChatbotError(
            why or printable(f"{file}: no schema.org questions in it (FAQPage as JSON-LD{_also(form)})")
        )
    return Reading(_Records(file, clock, graph).read(questions, main, faults), origin)


def _also(form: str) -> str:
    return ", microdata or RDFa" if form == "html" else ", or a list of objects with question and answer"


def _objects(found: Any) -> list[Any]:
    """A plain list of questions and answers, without schema.org."""
    listed = found if isinstance(found, list) else []
    return listed if any(isinstance(one, dict) and "@type" not in one for one in listed) else []


def _plain_objects(file: Path, found: list[Any]) -> Iterator[Record | Fault]:
    for number, one in enumerate(found, 1):
        try:
            yield record_of(1, one)
        except WrongError as wrong:
            yield Fault(file, 1, f"item {number}: {wrong}")


class _Graph:
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
                        self.lines[id(one)] = one.get("@line", first)
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
        """The questions of all FAQ pages, else all that there are, each with its line; and the first page."""
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
        if not found:
            found = [(q, q) for q in self.of_type("Question")]
        seen: set[int] = set()
        once = [(page, q) for page, q in found if id(q) not in seen and not seen.add(id(q))]  # type: ignore[func-returns-value]
        return [(self.lines.get(id(q), self.lines.get(id(page), 1)), q) for page, q in once], pages[
            0
        ] if pages else {}


class _Records:
    def __init__(self, file: Path, clock: Clock, graph: _Graph) -> None:
        self.file, self.clock, self.graph = file, clock, graph

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
                line,
                "source",
                lambda source=source: Record("source", line, source_fields(source, self.clock), True),
            )
        told: set[tuple[str, str]] = set()
        for number, (place, question) in enumerate(questions, 1):
            found = self._try(place, f"question {number}", lambda q=question, n=place: self._question(n, q))
            if isinstance(found, Record) and not found.exact:
                key = (found.fields["question"], found.fields["answer"])
                if key in told:
                    continue  # many pages say the same twice
                told.add(key)
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
        fields = question_fields(node, self.graph, self.clock)
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
        return Record(kind, line, fields, bool(data))


def question_fields(node: dict[str, Any], graph: _Graph | None, clock: Clock) -> dict[str, Any]:
    """What the properties of a Question say of an entry; raises ``WrongError``."""
    follow = graph.follow if graph else lambda value: value
    fields: dict[str, Any] = {}
    answers = [follow(one) for one in listed(node.get("acceptedAnswer"))]
    texts = [
        text
        for one in answers
        if (text := _text(one.get("text") or one.get("name") if isinstance(one, dict) else one, clock))
    ]
    fields["question"] = _text(node.get("name") or node.get("text") or node.get("headline"), clock).replace(
        "\n", " "
    )
    fields["answer"] = texts[0] if texts else ""
    if identifier := _text(node.get("identifier"), clock):
        fields["id"] = identifier
    if others := [text for one in listed(node.get("alternateName")) if (text := _text(one, clock))]:
        fields["phrasings"] = others
    cited = [
        follow(one)
        for answer in answers[:1]
        if isinstance(answer, dict)
        for one in listed(answer.get("citation"))
    ]
    citations = [_citation(one, clock) for one in cited if isinstance(one, dict)]
    if citations and all("source" in one and "section" in one for one in citations):
        fields["citations"] = citations
    elif cited:
        fields |= _foreign(cited[0], clock)
    return tidy({name: value for name, value in fields.items() if value})  # type: ignore[no-any-return]


def _citation(node: dict[str, Any], clock: Clock) -> dict[str, Any]:
    told = {
        "source": _text(node.get("identifier"), clock),
        "section": _text(node.get("hasPart"), clock),
        "origin": _text(node.get("isBasedOn"), clock),
    }
    return {name: value for name, value in told.items() if value}


def _foreign(cited: Any, clock: Clock) -> dict[str, Any]:
    """Fields of a source, from a citation in any page."""
    if isinstance(cited, str):
        return (
            {"url": cited.strip()}
            if cited.strip().startswith(("http://", "https://"))
            else {"source": _text(cited, clock)}
        )
    found = source_fields(cited, clock) if isinstance(cited, dict) else {}
    return {
        "source_title" if name == "title" else name: value
        for name, value in found.items()
        if name not in ("id", "source_kind")
    }


def source_fields(node: Any, clock: Clock) -> dict[str, Any]:
    """What a CreativeWork says of a source; raises ``WrongError``."""
    if not isinstance(node, dict):
        raise WrongError("not a CreativeWork")
    told = {
        "id": _text(node.get("identifier"), clock),
        "title": _text(node.get("name") or node.get("headline"), clock),
        "publisher": _text(node.get("publisher"), clock),
        "author": _text(node.get("author"), clock),
        "published": iso_date(date) or date if (date := _text(node.get("datePublished"), clock)) else "",
        "url": _text(node.get("url"), clock),
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


def _text(value: Any, clock: Clock) -> str:
    """The first text of a value; of a thing, its name."""
    for one in listed(value):
        found = (
            next((one[key] for key in ("@value", "name", "text") if one.get(key)), "")
            if isinstance(one, dict)
            else one
        )
        if isinstance(found, list):
            found = next((item for item in found if isinstance(item, str)), "")
        if isinstance(found, str) and (text := to_text(found, clock)):
            return text
    return ""


def _origin(file: Path, page: Page, graph: _Graph, main: dict[str, Any], clock: Clock) -> Origin:
    """What the page says of itself: in its head, and in its JSON-LD."""
    things = [main, *(node for node in graph.of_type(*_NAMED) if node is not main)]

    def first(*keys: str) -> str:
        return next((text for key in keys for thing in things if (text := _text(thing.get(key), clock))), "")

    urls = (page.canonical, page.metas.get("og:url", ""), _text(main.get("url"), clock))
    organisation = next(
        (text for one in graph.of_type("Organization") if (text := _text(one.get("name"), clock))), ""
    )
    dates = (first("datePublished"), page.metas.get("article:published_time", ""))
    title = _text(main.get("name") or main.get("headline"), clock) or page.metas.get("og:title") or page.title
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
            language=page.language or _text(main.get("inLanguage"), clock) or None,
        )
    except WrongError:
        return Origin(file.name)
