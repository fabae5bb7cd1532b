"""What goes in and comes out, for checking and for the OpenAPI description; ``Reply`` is
docs/reply.schema.json."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from chatbot.language.normalise import MAX_CHARS

SECRET = r"^[A-Za-z0-9_-]{43}$"  # noqa: S105


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Question(_Strict):
    """A question, in English."""

    question: Annotated[
        StrictStr,
        Field(
            max_length=MAX_CHARS,
            pattern=r"^[^\x00]*$",
            examples=["how much do ml engineers make in germany?"],
        ),
    ]


Career = Annotated[
    StrictStr,
    Field(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00]*$",
        examples=["registered nurse"],
        description="what is asked about where a question names no career itself: a career, or an occupation's title or code; "
        "422, with candidates, for one that is unknown or may be several",
    ),
]


class Asked(Question):
    """A question by itself."""

    career: Career | None = None


class Chosen(_Strict):
    """What a conversation is about from here on; null forgets it, and what was said before is not gone on from."""

    career: Career | None


class NewConversation(_Strict):
    """How a conversation is made."""

    career: Career | None = None

    bound: Annotated[
        StrictBool,
        Field(description="usable only with the cookie that comes with the response, or was there before"),
    ] = False


class Citation(_Strict):
    """Who says so."""

    source_id: str
    title: str
    publisher: str | None
    author: str | None
    published: Annotated[str, Field(description="YYYY-MM-DD, YYYY-MM, YYYY or undated")]
    section: Annotated[
        str,
        Field(description="the heading under which the source says so; an ellipsis marks a shortened one"),
    ]
    url: str | None
    note: Annotated[str | None, Field(description="an interest of the source that is worth knowing")]
    origin: Annotated[str | None, Field(description="whom the source passes on")]


class Bar(_Strict):
    """One figure of a chart."""

    label: str
    value: Annotated[
        float, Field(description="the figure, for drawing; where only a lower limit is published, that limit")
    ]
    shown: Annotated[str, Field(description="the figure as it is printed")]


class Chart(_Strict):
    """The answer's figures where several belong side by side, all of one unit."""

    title: str
    unit: str
    bars: list[Bar]


class Figure(_Strict):
    """One number of a data set that the reply tells."""

    value: float
    unit: Annotated[str, Field(description="such as USD a year")]
    measure: str
    statistic: str
    code: str
    title: str
    place: str
    period: str
    source_id: str
    flag: Annotated[str, Field(description="at least, where only a lower limit is published; else empty")]


class Step(_Strict):
    """One proposal, and what rules had against it."""

    by: str
    label: str
    score: float
    objections: list[str]


class Subject(_Strict):
    """What a reply is about."""

    kind: Literal["career", "occupation", "topic"]
    id: Annotated[str, Field(description="the pack, the code of the occupation, or the entry")]
    title: str
    how: Annotated[
        Literal["named", "carried", "chosen", "only"],
        Field(
            description="named in the question, carried by the conversation, chosen as career, or the only one that is loaded"
        ),
    ]


class Why(_Strict):
    """How the reply came about."""

    rule: str
    matched: str | None
    label: str | None
    score: float
    semantic: float
    fuzzy: float
    lexical: float
    runner_up: str | None
    runner_up_score: float
    read_as: str | None
    corrections: list[Annotated[list[str], Field(min_length=2, max_length=2)]]
    weights: Annotated[
        list[float], Field(description="what semantic, lexical and fuzzy count in the likeness")
    ]
    code: Annotated[str, Field(description="the rule, for programs; rule says it in words")]
    trail: Annotated[
        list[Step], Field(description="what was proposed, best first, and what rules had against it")
    ]


class Reply(_Strict):
    """What the bot says."""

    version: Literal[2]
    kind: Literal["answer", "clarify", "unknown", "smalltalk", "refusal"]
    text: Annotated[str, Field(min_length=1, description="plain text, no markup")]
    entry_id: Annotated[str | None, Field(description="pack/entry that the answer is made of")]
    entry_ids: list[str]
    citations: list[Citation]
    confidence: Annotated[float, Field(ge=0, le=1)]
    suggestions: list[str]
    facets: Annotated[
        dict[str, Any],
        Field(description="what was understood: country, level, degree_level, residency, role, ..."),
    ]
    chart: Chart | None
    figures: Annotated[list[Figure], Field(description="every number of a data set that the text tells")]
    subject: Annotated[Subject | None, Field(description="what it is about, where that is known")]
    why: Why


class InForce(_Strict):
    """What a conversation is about."""

    career: Annotated[str | None, Field(description="the name of the career or occupation in force, or null")]


class Created(InForce):
    """A new conversation."""

    id: Annotated[
        str,
        Field(
            pattern=SECRET,
            description="unguessable; whoever knows it can use the conversation, unless it is bound",
        ),
    ]
    expires_in: Annotated[int, Field(ge=1, description="seconds without use after which it is forgotten")]


class Message(_Strict):
    """A question and what was said to it."""

    question: str
    reply: Reply


class Transcript(Created):
    """A conversation, with its last messages."""

    messages: list[Message]


class Topic(_Strict):
    """A topic and questions of it that are answered."""

    id: str
    title: str
    questions: list[str]


class Topics(_Strict):
    """All topics."""

    topics: list[Topic]


class Source(_Strict):
    """A source that answers cite."""

    id: str
    title: str
    publisher: str | None
    author: str | None
    published: str
    retrieved: str | None
    url: str | None
    licence: str | None
    kind: str
    note: str | None


class Sources(_Strict):
    """All sources."""

    sources: list[Source]


class State(_Strict):
    """How the service is."""

    status: Literal["ok", "ready"]


class Problem(_Strict):
    """Why there is no other response (RFC 9457)."""

    type: Literal["about:blank"]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    candidates: Annotated[
        list[str] | None,
        Field(description="of a career that is unknown or may be several: what may be meant"),
    ] = None
