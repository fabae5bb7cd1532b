"""What knowledge and intents files may hold: the types that the loader checks and that the JSON Schema is made from."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", description="lower-case words joined by hyphens")]
Text = Annotated[str, Meta(min_length=1)]
Number = int | float


class SourceSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """An article, data set or page that answers cite."""

    id: Id
    title: Text
    publisher: str | None = None
    author: str | None = None
    published: Annotated[str, Meta(description="YYYY-MM-DD, YYYY-MM, YYYY or 'undated'")] = "undated"
    retrieved: str | None = None
    url: Annotated[str, Meta(pattern=r"^https?://\S+$", description="http or https")] | None = None
    licence: str | None = None
    kind: Literal["article", "statistics"] = "article"
    note: Annotated[str, Meta(description="an interest worth knowing, such as 'sells courses'")] | None = None


class SourcesFile(Struct, forbid_unknown_fields=True):
    """sources.yaml"""

    sources: list[SourceSpec]


class CitationSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """Where an answer stands: a source and the heading under which it says so."""

    source: Id
    section: Text
    origin: Annotated[str, Meta(description="whom the source passes on, such as 'Glassdoor'")] | None = None
    figures: Annotated[list[str], Meta(description="the numbers in the answer that this source carries")] = []


class EntrySpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """A question, its other phrasings, and the answer with its citations."""

    id: Id
    question: Text
    answer: Text
    citations: list[CitationSpec]
    phrasings: list[Text] = []
    follow_ups: Annotated[list[str], Meta(description="ids of entries that a reader would ask for next")] = []
    scope: Annotated[dict[str, str], Meta(description="facets that the fact holds for alone, such as country: US")] = {}
    as_of: Annotated[str, Meta(description="the period that the fact speaks of, or 'undated'")] | None = None
    brief: Annotated[str, Meta(description="one sentence, shown beside a source that tells it differently")] | None = None
    disagrees_with: Annotated[list[str], Meta(description="ids of entries or rows that tell it differently")] = []


class RowSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """One figure of a table."""

    at: Annotated[dict[str, str], Meta(description="dimension: value, one for each dimension of the table")]
    amount: Number
    shown: Annotated[Text, Meta(description="the figure as the source prints it")]
    disagrees_with: list[str] = []
    citations: list[CitationSpec] = []


class TableSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """Rows of figures under named dimensions, and how they are asked for and told."""

    id: Id
    question: Text
    measure: Annotated[Id, Meta(description="what is measured; tables of one measure complete each other")]
    unit: Annotated[Text, Meta(description="a currency code, 'people', ...; 'per row' when the rows differ")]
    statistic: Annotated[Text, Meta(description="mean, median, ... as the source names it")]
    period: Annotated[Text, Meta(description="the time that the figures speak of, or 'not stated'")]
    dimensions: Annotated[list[str], Meta(description="facets that pick a row, such as country")]
    labels: Annotated[dict[str, str], Meta(description="value: how a sentence names it")] = {}
    overview: Annotated[Text, Meta(description="the answer when no row is asked for; {rows} lists those that fit")]
    item: Annotated[Text, Meta(description="one row inside {rows}: {figure} and the dimensions in braces")]
    row: Annotated[Text, Meta(description="the answer for one row")]
    contrast: Annotated[str, Meta(description="a dimension whose other value is told beside a single row")] | None = None
    brief: str | None = None
    missing: Annotated[Text, Meta(description="said when a row is not there: {asked} and {available}")]
    citations: list[CitationSpec]
    rows: list[RowSpec]
    phrasings: list[Text] = []
    row_phrasings: Annotated[list[Text], Meta(description="phrasings with a dimension in braces")] = []
    follow_ups: list[str] = []
    scope: dict[str, str] = {}
    as_of: str | None = None


class TopicFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """One theme of a pack."""

    topic: Id
    title: Text
    shelf_life_years: Annotated[float, Meta(gt=0, description="after so many years an answer counts as old")] | None = None
    entries: list[EntrySpec] = []
    tables: list[TableSpec] = []


class PackFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """pack.yaml: what a pack is about."""

    id: Id
    title: Text
    role: Annotated[list[Text], Meta(description="the occupation's names; empty when the pack is about many")] = []
    own_terms: Annotated[list[Text], Meta(description="other occupations and fields that belong to the subject")] = []
    covers: Annotated[list[str], Meta(description="topics of negative intents that this pack does answer")] = []
    about: Annotated[str, Meta(description="one line on what the pack knows")] = ""
    try_asking: Annotated[list[str], Meta(description="ids of entries shown as examples of what to ask")] = []


class LanguageFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """language.yaml: abbreviations and the words by which facets are recognised."""

    abbreviations: Annotated[dict[str, str], Meta(description="short form: what it stands for")] = {}
    facets: Annotated[dict[str, dict[str, list[str]]], Meta(description="facet: value: the words for it")] = {}
    strict: Annotated[list[str], Meta(description="facets that an entry must name before it may answer a question that does")] = []
    occupations: Annotated[list[str], Meta(description="job titles that are recognised as such")] = []
    fields: Annotated[list[str], Meta(description="fields of study and work that are recognised as such")] = []


class IntentSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """Questions that are met with a fixed reply: small talk, a refusal, or a topic that is not covered."""

    id: Id
    kind: Literal["smalltalk", "refusal", "unknown"]
    replies: list[Text]
    about: Annotated[str, Meta(description="the topic or occupation; a pack that covers it switches this off")] | None = None
    other_role: Annotated[bool, Meta(description="meant for questions that name another occupation or field")] = False
    act: Annotated[str, Meta(description="what the conversation does: more, sources, why, ...")] | None = None
    examples: list[Text]


class IntentsFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """A file in intents/."""

    neutral: Annotated[bool, Meta(description="whether it serves every knowledge base, not the shipped packs alone")] = True
    intents: list[IntentSpec]
