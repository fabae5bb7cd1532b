"""JSON of any make: schema.org, what other chatbots write (intents.json, QnABot, QnA Maker and its successor),
and questions with answers however they are nested.

Everything that has a question and an answer is an entry; what stands in one list with entries and is none is
named. What a list or an object around it is called is the topic.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatbot.authoring.exchange.faq import Graph, read_graph
from chatbot.authoring.exchange.foreign import entry_of
from chatbot.authoring.exchange.lines import read_lines
from chatbot.authoring.exchange.names import canonical, folded, instead
from chatbot.authoring.exchange.parsing import Located, parse_foreign
from chatbot.authoring.exchange.record import (
    FIELDS,
    Fault,
    Notes,
    Origin,
    Reading,
    Record,
    WrongError,
)
from chatbot.authoring.exchange.textin import whole_text
from chatbot.authoring.exchange.webpage import Page
from chatbot.errors import ChatbotError
from chatbot.language.normalise import printable

_WRAPPERS = frozenset((
    "faq", "faqs", "data", "items", "item", "questions", "entries", "results", "result", "list", "content", "contents", "qna", "qnas",
    "qnalist", "qnadocuments", "records", "rows", "articles", "docs", "documents", "assets", "attributes", "value", "values", "hits",
    "source", "main", "body", "response", "responses", "payload", "knowledge_base", "kb", "pages", "children", "answers", "paragraphs",
    "qas", "questions_and_answers", "faq_items", "faqitems", "json", "root", "export", "intents", "related", "fields",
))  # fmt: skip
"""Names of what only holds the rest; any other is a topic."""
_PATTERNS = ("patterns", "examples", "utterances", "text", "questions", "training_phrases", "phrases")
_TITLES = ("topic", "title", "name", "heading", "label", "category", "section")


def read_json(file: Path) -> Reading:
    """A JSON file; raises ``ChatbotError`` where there are no questions in it."""
    notes: list[str] = []
    text = whole_text(file, False, notes)
    try:
        found = parse_foreign(text, strict=False)
    except WrongError as wrong:
        if _is_lines(text):
            reading = read_lines(file)
            reading.notes.append(printable(f"{file}: read as JSON Lines: an object stands in each line"))
            return reading
        raise ChatbotError(printable(f"{file}: {wrong}")) from None
    graph = Graph([(1, found)])
    reading_ = read_graph(file, Page(), graph, Graph([]), [], notes)
    if reading_ is not None:
        return reading_
    items = list(_Shape(found).items())
    if not any(_is_entry(one) for _, _, one in items):
        raise ChatbotError(
            printable(
                f"{file}: no questions with answers in it: neither schema.org (FAQPage), nor objects with question and answer, nor intents"
            )
        )
    return Reading(_records(file, items, notes), Origin(file.name), notes)


def _is_lines(text: str) -> bool:
    first = text.lstrip().partition("\n")
    try:
        return bool(first[2].strip()) and isinstance(parse_foreign(first[0]), dict)
    except WrongError:
        return False


def _records(
    file: Path, items: list[tuple[int, str | None, Any]], notes: list[str]
) -> Iterator[Record | Fault]:
    of_rows, line = Notes(file), 1
    for number, topic, one in items:
        line = getattr(one, "line", line)
        try:
            fields = entry_of(_plain(one), of_rows, line)
            if topic and not fields.get("topic") and not fields.get("topic_title"):
                fields["topic_title"] = topic
            yield Record("entry", line, fields, item=number)
        except WrongError as wrong:
            yield Fault(file, line, f"item {number}: {wrong}")
    notes += of_rows.told()


class _Shape:
    """Which objects of a JSON value are entries, and which lists and objects hold some: found once, from the
    inside out, as nested lists would else be searched again at every level."""

    def __init__(self, found: Any) -> None:
        self.found = found  # kept, so that no other object gets the same identity
        order, stack = [], [found]
        while stack:
            one = stack.pop()
            if isinstance(one, dict | list):
                order.append(one)
                stack += one.values() if isinstance(one, dict) else one
        self.entries = {id(one) for one in order if _is_entry(one)}
        self.holding: set[int] = set()
        for one in reversed(order):
            inside = one.values() if isinstance(one, dict) else one
            if any(id(item) in self.entries or id(item) in self.holding for item in inside):
                self.holding.add(id(one))

    def holds(self, one: Any) -> bool:
        """Whether it is no entry, but holds some."""
        return id(one) in self.holding and id(one) not in self.entries

    def items(self) -> Iterator[tuple[int, str | None, Any]]:
        """Everything that is an entry, or stands among entries: its number in its list, its topic, and
        itself."""
        stack: list[tuple[Any, str | None, int, bool]] = [(self.found, None, 1, False)]
        while stack:
            one, topic, number, taken = stack.pop()
            if taken or id(one) in self.entries:
                yield number, topic, self._own(one)
                inner = (
                    [(value, topic, 1, False) for value in one.values() if self.holds(value)]
                    if isinstance(one, dict)
                    else []
                )
                stack += reversed(inner)
            elif isinstance(one, dict):
                stack += reversed(
                    [(item, called, 1, pair) for item, called, pair in self._inside(one, topic)]
                )
            elif isinstance(one, list):
                among = any(id(item) in self.entries for item in one)
                # what is no entry among entries is named as one that lacks something
                listed = [(item, topic, at, among and not self.holds(item)) for at, item in enumerate(one, 1)]
                stack += reversed(listed)

    def _own(self, one: Any) -> Any:
        """An entry without the entries that it holds."""
        if not isinstance(one, dict) or not any(self.holds(value) for value in one.values()):
            return one
        own = Located([(key, value) for key, value in one.items() if not self.holds(value)])
        own.line, own.twice = getattr(one, "line", 1), getattr(one, "twice", [])
        return own

    def _inside(self, one: dict[str, Any], topic: str | None) -> Iterator[tuple[Any, str | None, bool]]:
        """What an object that is no entry holds: pairs of question and answer (True), or more objects."""
        titles = (value for key, value in one.items() if folded(key) in _TITLES and isinstance(value, str))
        own, pairs = next(titles, None), self._pairs(one)
        for key, value in one.items():
            if key in pairs:
                pair = Located([("question", key), ("answer", value)])
                pair.line = getattr(one, "line", 1)
                yield pair, topic, True
            elif isinstance(value, list | dict):
                called = (
                    None if folded(key) in _WRAPPERS or folded(key).isdigit() else " ".join(key.split("_"))
                )
                yield value, own or called or topic, False

    def _pairs(self, one: dict[str, Any]) -> set[str]:
        """The keys that are questions, of an object whose values are their answers."""
        asked = {key for key, value in one.items() if key.rstrip().endswith("?") and not self.holds(value)}
        texts = {key for key, value in one.items() if isinstance(value, str)}
        return asked | (texts if 2 * len(asked & texts) > len(texts) else set())


def _is_entry(one: Any) -> bool:
    """Whether an object has a question and an answer of its own."""
    if not isinstance(one, dict):
        return False
    if _is_intent(one):
        return True
    known = FIELDS["entry"]
    names = {canonical(key, known): value for key, value in one.items()}
    keys, lists = list(one), any(_of_objects(value) for value in one.values())
    for field in ("question", "answer"):
        if field not in names and not lists and (at := instead(keys, field)) is not None:
            names[field] = one[keys[at]]
    question = names.get("question", names.get("phrasings"))
    if question is None or "answer" not in names or names["answer"] is None:
        return False
    return not any(isinstance(item, dict) and _answers(item) for item in _listed(question))


def _answers(item: dict[str, Any]) -> bool:
    return any(canonical(key, FIELDS["entry"]) == "answer" for key in item)


def _of_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_intent(one: dict[str, Any]) -> bool:
    """Whether an object is one of intents.json: a name, patterns, and responses."""
    names = {folded(key) for key in one}
    return bool(names & {"tag", "intent"}) and bool(names & set(_PATTERNS)) and "responses" in names


def _plain(one: Any) -> Any:
    """An entry whose keys say what they mean: those of an intent and of follow-up prompts are told anew."""
    if not isinstance(one, dict):
        return one
    told = Located([])
    told.line, told.twice = getattr(one, "line", 1), getattr(one, "twice", [])
    names = {folded(key): key for key in one}
    if _is_intent(one):
        called = names.get("tag", names.get("intent", ""))
        asked = next(names[name] for name in _PATTERNS if name in names)
        told |= {"id": one[called], "question": one[asked], "responses": one[names["responses"]]}
        told |= {key: value for key, value in one.items() if key not in (called, asked, names["responses"])}
        return told
    told |= one
    for key in ("dialog", "context"):
        prompts = one[key].get("prompts") if isinstance(one.get(key), dict) else None
        if isinstance(prompts, list):
            del told[key]
            links = [
                str(prompt["qnaId"]) for prompt in prompts if isinstance(prompt, dict) and prompt.get("qnaId")
            ]
            told |= {"follow_ups": links} if links else {}
    return told
