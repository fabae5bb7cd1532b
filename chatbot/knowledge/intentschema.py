"""The schema of files of intents."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from chatbot.knowledge.basics import Id, Question, Text, told


class IntentSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """Questions that are met with a fixed reply: small talk, a refusal, or a topic that is not covered."""

    id: Annotated[
        Id,
        told(
            "The intent's name, once in all folders loaded: lower-case letters and digits in words joined by hyphens.",
            "honey-prices",
        ),
    ]
    kind: Annotated[
        Literal["smalltalk", "refusal", "unknown"],
        told("What the reply is: `unknown` for a topic that is not covered, `smalltalk`, or `refusal`."),
    ]
    replies: Annotated[
        list[Text],
        told(
            "What is said: the first one is used. {about}, {topics}, {sources} (a number) and {try_asking} are filled in.",
            ["I have no prices of honey. I can answer questions about {about}."],
        ),
    ]
    about: Annotated[
        str | None,
        told(
            "The topic or occupation; a pack that has it under `covers` switches this intent off.",
            "prices of honey",
        ),
    ] = None
    other_role: Annotated[
        bool, told("true: meant for questions that name another occupation or field than the packs' own.")
    ] = False
    act: Annotated[
        str | None,
        told(
            "What is done about the last answer: more, sources, date, why or repeat. Other names do nothing.",
            "more",
            "sources",
            "date",
            "why",
            "repeat",
        ),
    ] = None
    each_sentence: Annotated[
        bool,
        told("true: it is looked for in each sentence of a message, and goes before all else; for distress."),
    ] = False
    only_with: Annotated[
        list[Text],
        told("Words one of which must stand in what is asked; empty: none need.", ["honey", "wax"]),
    ] = []
    examples: Annotated[
        list[Question],
        told(
            "Questions that are met with it, a dozen or more in different voices.",
            ["how much is a jar of honey", "price of honey"],
        ),
    ]


class PostsSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whole messages of one voice, to tell by what is heard in each sentence from what is not."""

    of: Annotated[
        Id,
        told(
            "The intent: one with `each_sentence` whose reply the messages need, or any other that they are harmless like.",
            "honey-prices",
        ),
    ]
    voice: Annotated[Text, told("Who speaks, in a few words.", "a beekeeper")]
    texts: Annotated[
        list[Text],
        told(
            "The messages, as somebody types them. They are no questions that are matched.",
            ["My bees are gone. I have nobody to tell. What does honey cost?"],
        ),
    ]


class IntentsFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """A file of intents: fixed replies to what is asked beside the knowledge."""

    neutral: Annotated[
        bool,
        told(
            "Whether it serves every knowledge base; false: it is only used beside the knowledge that comes with the program."
        ),
    ] = True
    background: Annotated[
        bool,
        told(
            "true: questions that nothing here answers, in many voices. What is nearer to them than to the "
            "knowledge is not answered; their replies are given where nothing else is known."
        ),
    ] = False
    beside: Annotated[
        list[Id], told("Packs beside which alone it is used; empty: beside any.", ["us-occupations"])
    ] = []
    intents: Annotated[
        list[IntentSpec], told("The intents, a list; each has an id, a kind, replies and examples.")
    ] = []
    posts: Annotated[
        list[PostsSpec],
        told("Whole messages by which intents with `each_sentence` are heard; each has of, voice and texts."),
    ] = []
