"""What the tools take and give: types, and the JSON Schemas and descriptions that an assistant reads. Light:
nothing of the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from chatbot.errors import ChatbotError
from chatbot.language.normalise import MAX_CHARS, printable

_T = TypeVar("_T", bound=Struct)
LONGEST_MESSAGE = 600
"""Characters of an error."""


def _told(text: str) -> Meta:
    return Meta(description=text)


# what the tools take


class Ask(Struct, forbid_unknown_fields=True, kw_only=True):
    """The arguments of ``ask``."""

    question: Annotated[
        str, _told(f"One question in plain English, as the user put it; at most {MAX_CHARS:,} characters.")
    ]
    conversation: Annotated[
        str,
        _told(
            "The `conversation` of an earlier result, for a question that goes on from it, such as 'and in the UK?' or 'where is that from?'. "
            "Leave it out to begin anew."
        ),
    ] = ""
    career: Annotated[
        str,
        Meta(
            max_length=200,
            description="What the conversation is about from here on, for questions that name no career themselves: a career, or an "
            "occupation's title or code, such as 'registered nurse'. Leave it out where the user named none.",
        ),
    ] = ""


class Topics(Struct, forbid_unknown_fields=True, kw_only=True):
    """The arguments of ``topics``."""

    topic: Annotated[
        str,
        Meta(
            max_length=200,
            description="One topic, by its id, title or a unique beginning of either. Left out: all topics.",
        ),
    ] = ""


class Sources(Struct, forbid_unknown_fields=True, kw_only=True):
    """The arguments of ``sources``: none."""


# what they give


class Cited(Struct, kw_only=True):
    """Where an answer stands."""

    source_id: str
    title: str
    publisher: str | None
    author: str | None
    published: Annotated[str, _told("YYYY-MM-DD, YYYY-MM, YYYY or undated")]
    section: Annotated[str, _told("the heading or the row of the source that says so")]
    url: str | None
    note: Annotated[
        str | None, _told("an interest of the source, or a limit of its figures, that is worth telling")
    ]
    origin: Annotated[str | None, _told("whom the source passes on")]


class Figure(Struct, kw_only=True):
    """One figure of an answer."""

    label: str
    value: float
    shown: Annotated[
        str, _told("the figure as it is to be told; it says 'at least' where only a lower limit is published")
    ]


class Figures(Struct, kw_only=True):
    """The figures of an answer side by side."""

    title: str
    unit: str
    bars: list[Figure]


class About(Struct, kw_only=True):
    """What an answer is about."""

    kind: Annotated[str, _told("career, occupation or topic")]
    id: str
    title: str
    how: Annotated[
        str, _told("named in the question, carried by the conversation, chosen by `career`, or only")
    ]


class Answered(Struct, kw_only=True):
    """The result of ``ask``."""

    conversation: Annotated[str, _told("give it with the next question, where that goes on from this one")]
    kind: Annotated[
        Literal["answer", "clarify", "unknown", "smalltalk", "refusal"],
        _told(
            "answer: a fact, with its citations. clarify: it is asked which of the suggestions is meant. unknown: nothing is known; nothing "
            "may be filled in. smalltalk and refusal: a fixed text, to be passed on."
        ),
    ]
    text: str
    citations: Annotated[list[Cited], _told("who says so; empty for every kind but answer")]
    confidence: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="of the answers given 0.9 about nine in ten are right; of other kinds: how sure it is not to know",
        ),
    ]
    suggestions: Annotated[list[str], _told("questions that `ask` can answer")]
    facets: Annotated[
        dict[str, Any],
        _told("what was understood: country, state, occupation, level, ...; compare it with what was meant"),
    ]
    chart: Annotated[Figures | None, _told("the figures of the answer, where it has several")]
    subject: Annotated[
        About | None, _told("what it is about, where that is known; compare it with what was meant")
    ]


class Topic(Struct, kw_only=True):
    """A topic that is known."""

    topic: str
    title: str
    count: Annotated[int, _told("how many questions it holds")]
    questions: Annotated[list[str], _told("the questions, where one topic was asked for")]


class TopicsKnown(Struct, kw_only=True):
    """The result of ``topics``."""

    topics: list[Topic]


class Source(Struct, kw_only=True):
    """A source that answers cite."""

    id: Annotated[str, _told("the `source_id` of citations")]
    title: str
    publisher: str | None
    author: str | None
    published: Annotated[str, _told("YYYY-MM-DD, YYYY-MM, YYYY or undated")]
    retrieved: str | None
    url: str | None
    licence: str | None
    kind: str
    note: str | None


class SourcesKnown(Struct, kw_only=True):
    """The result of ``sources``."""

    sources: list[Source]


class Tool(Struct, frozen=True):
    """A tool as an assistant sees it."""

    name: str
    title: str
    takes: type[Struct]
    gives: type[Struct]
    description: str


INSTRUCTIONS = """\
Answers career questions from named sources on this machine; no text is generated. Knows: {about}.
Where `kind` is answer, tell the figures as they stand and cite title, publisher and date of each citation, with its link and its note. \
Where it is unknown, say that this source does not know; don't fill in figures of your own."""

TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "ask",
            "Ask a career question",
            Ask,
            Answered,
            """\
Answers one career question from named sources, or says that it does not know. Known: {about}.
- kind "answer": tell the figures as they stand, and cite title, publisher and date of each citation, with its link and its note.
- kind "unknown": nothing is known here. Say so; don't fill in figures or sources from anywhere else as if they came from here.
- kind "clarify": ask the user which of the suggestions is meant, or ask again with one of them.
A question that goes on from the last one ("and in Texas?", "per hour?") needs the `conversation` of that result.""",
        ),
        Tool(
            "topics",
            "What can be asked",
            Topics,
            TopicsKnown,
            "Lists the topics that `ask` knows, or the questions of one topic.",
        ),
        Tool(
            "sources",
            "Who is cited",
            Sources,
            SourcesKnown,
            "Lists the sources that answers cite: title, publisher, date and link.",
        ),
    )
}


def arguments_of(tool: Tool, given: Mapping[str, Any]) -> Struct:
    """The arguments as the tool's type; what is null counts as left out. Raises ``ChatbotError`` with one
    line for what can't be used."""
    try:
        return msgspec.convert(
            {name: value for name, value in given.items() if value is not None}, tool.takes, strict=True
        )
    except msgspec.ValidationError as error:
        names = ", ".join(_schema(tool.takes)["properties"]) or "no argument"
        raise ChatbotError(f"{tool.name}: {one_line(str(error))}; it takes: {names}") from None


def one_line(text: str) -> str:
    """A message in one line without control characters, and not endless."""
    line = " ".join(printable(text).split())
    return line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"


def result_of(kind: type[_T], values: Any) -> dict[str, Any]:
    """The values as that type says they are, JSON-ready; what the type does not name is left out."""
    made: dict[str, Any] = msgspec.to_builtins(msgspec.convert(values, kind))
    return made


def input_schema(tool: Tool) -> dict[str, Any]:
    """The JSON Schema of the arguments."""
    return _schema(tool.takes)


def output_schema(tool: Tool) -> dict[str, Any]:
    """The JSON Schema of the result."""
    return _schema(tool.gives)


def _schema(kind: type[Struct]) -> dict[str, Any]:
    """The schema of a type with the types that it is made of written out: not every client follows
    references."""
    _, components = msgspec.json.schema_components([kind])
    whole: dict[str, Any] = _written_out(components[kind.__name__], components)
    return whole


def _written_out(value: Any, components: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_written_out(item, components) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _written_out(components[value["$ref"].rpartition("/")[2]], components)
    kept = {
        key: item
        for key, item in value.items()
        if not (key == "title" and isinstance(item, str)) and (key, item) != ("default", "")
    }
    return {key: _written_out(item, components) for key, item in kept.items()}
