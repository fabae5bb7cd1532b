"""What the types of all files are made of."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from chatbot.language.normalise import MAX_CHARS


def told(description: str, *examples: Any) -> Meta:
    """What a key means, in words for authors, with values that it may have."""
    return Meta(description=description, examples=list(examples) or None)


Id = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9-]*$(?!\n)",
        description="lower-case letters and digits in words joined by hyphens",
    ),
]
Text = Annotated[str, Meta(min_length=1)]
Question = Annotated[str, Meta(min_length=1, max_length=MAX_CHARS)]
"""A longer one is not read where it is asked, so none is worth being compared with."""
Url = Annotated[str, Meta(pattern=r"^https?://\S+$")]
Years = Annotated[float, Meta(gt=0)]
Number = int | float


class CitationSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """Where an answer stands: a source and the heading under which it says so."""

    source: Annotated[Id, told("The id of a source in sources.yaml.", "annual-report-2025")]
    section: Annotated[
        Text, told("The heading under which the source says so, as it is printed there.", "Mornings")
    ]
    origin: Annotated[
        str | None,
        told(
            "Whom the source passes on, where the statement or figure is not its own.",
            "Glassdoor",
            "Office for Statistics",
        ),
    ] = None
    figures: Annotated[
        list[str],
        told(
            "The numbers in the answer that this source carries, as text; every number of an answer belongs under a citation.",
            ["35 kg", "four"],
        ),
    ] = []
