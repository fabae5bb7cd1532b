"""The schema of the file of sources."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from chatbot.knowledge.basics import Id, Text, Url, told


class SourceSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """An article, data set or page that answers cite."""

    id: Annotated[
        Id,
        told(
            "The name by which entries cite this source: lower-case letters and digits in words joined by hyphens, once in this file.",
            "annual-report-2025",
        ),
    ]
    title: Annotated[
        Text,
        told(
            "The title of the article, data set or page; it is printed under every answer that cites it.",
            "The loaf",
        ),
    ]
    publisher: Annotated[
        str | None, told("Who publishes it: an organisation or a site.", "Guild of Bakers")
    ] = None
    author: Annotated[str | None, told("Who wrote it, where a person is named.", "Ada Miller")] = None
    published: Annotated[
        str,
        told(
            "When it was published: YYYY-MM-DD, YYYY-MM, YYYY (in quotes, as it is text) or undated. A topic's shelf_life_years counts from "
            "here.",
            "2025-03-01",
            "2025-03",
            "2025",
            "undated",
        ),
    ] = "undated"
    retrieved: Annotated[str | None, told("When it was read, for the record: YYYY-MM-DD.", "2025-06-30")] = (
        None
    )
    url: Annotated[
        Url | None, told("Its address, http or https; printed with the answer.", "https://example.org/loaf")
    ] = None
    licence: Annotated[str | None, told("Under which terms it may be used, for the record.", "CC BY 4.0")] = (
        None
    )
    kind: Annotated[
        Literal["article", "statistics"], told("What it is, for the record: an article, or statistics.")
    ] = "article"
    note: Annotated[
        str | None,
        told(
            "An interest that a reader should know of; printed with every answer that cites it.",
            "sells courses",
        ),
    ] = None


class SourcesFile(Struct, forbid_unknown_fields=True):
    """sources.yaml: who is cited by the packs of this folder."""

    sources: Annotated[list[SourceSpec], told("The sources, a list; each has at least an id and a title.")]
