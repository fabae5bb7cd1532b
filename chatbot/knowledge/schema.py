"""What knowledge and intents files may hold: the types that the loader checks and that the JSON Schema is
made from.

The descriptions are what an editor shows at a key, and what docs/fields.md says; `python
scripts/reference.py` makes both anew.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Struct

from chatbot.knowledge.basics import CitationSpec, Id, Number, Question, Text, Years, told
from chatbot.knowledge.lookupschema import LookupSpec

SUBJECT = told(
    "What it is about, where that is no career: words one of which names it, such as a kind of study. Where several careers are loaded, it "
    "is told where one of them is said, or the career; without them, where the career is the subject.",
    ["cookery school", "apprenticeship fees"],
)


class EntrySpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """A question, its other phrasings, and the answer with its citations."""

    id: Annotated[
        Id,
        told(
            "The entry's name, once in the pack: lower-case letters and digits in words joined by hyphens. Other packs call it pack/entry.",
            "working-hours",
        ),
    ]
    question: Annotated[
        Question, told("The main question, as it is shown to people.", "When does a baker start work?")
    ]
    answer: Annotated[
        Text,
        told(
            "The answer, at most about 90 words: first what was asked, then what qualifies it. Line breaks do not matter; after `>-` it may "
            "run over several lines.",
            "Very early, before sunrise.",
        ),
    ]
    citations: Annotated[
        list[CitationSpec],
        told(
            "Who says so: at least one source, with its section.",
            [{"source": "annual-report-2025", "section": "Mornings"}],
        ),
    ]
    phrasings: Annotated[
        list[Question],
        told(
            "Other ways to ask, 15 to 40 of them: terse, chatty, indirect, in different voices. They decide how well people are understood.",
            ["baker start time", "how early do bakers get up"],
        ),
    ] = []
    follow_ups: Annotated[
        list[str],
        told(
            'Ids of entries that a reader would ask for next; they are offered, and "tell me more" goes through them. An entry of another '
            "pack is pack/entry.",
            ["days-off", "carpenter/working-hours"],
        ),
    ] = []
    scope: Annotated[
        dict[str, str],
        told(
            "What the fact holds for alone, by facet: country (two letters), or a facet of language.yaml. A question about another country is "
            "not answered with it.",
            {"country": "US"},
        ),
    ] = {}
    subjects: Annotated[list[Text], SUBJECT] = []
    as_of: Annotated[
        str | None,
        told(
            "The period that the fact speaks of, where it is not the source's date; text (a year in quotes), or undated.",
            "2024",
            "undated",
        ),
    ] = None
    brief: Annotated[
        str | None,
        told(
            "The answer in one sentence, shown where this entry stands beside another that tells it differently.",
            "Before sunrise.",
        ),
    ] = None
    disagrees_with: Annotated[
        list[str],
        told(
            "Ids of entries that tell it differently; they are shown beside this one, each with its source.",
            ["start-in-france"],
        ),
    ] = []
    replaces: Annotated[
        str | None,
        told("The entry of another pack whose place this one takes, as pack/entry.", "baker/start"),
    ] = None


class RowSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """One figure of a table."""

    at: Annotated[
        dict[str, str],
        told(
            "What the figure is for: dimension: value, one for each dimension of the table.",
            {"country": "DE"},
        ),
    ]
    amount: Annotated[
        Number,
        told(
            "The figure as a plain number, by which rows are compared and sorted: no unit, no thousands sign.",
            35,
        ),
    ]
    shown: Annotated[Text, told("The figure as the source prints it, with its unit.", "35 kg")]
    disagrees_with: Annotated[
        list[str], told("Ids of other tables that tell this row differently.", ["honey-per-hive-by-guild"])
    ] = []
    citations: Annotated[
        list[CitationSpec], told("The row's own sources, where they are not those of the table.")
    ] = []


class TableSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """Rows of figures under named dimensions, and how they are asked for and told."""

    id: Annotated[
        Id,
        told(
            "The table's name, once in the pack: lower-case letters and digits in words joined by hyphens.",
            "honey-per-hive",
        ),
    ]
    question: Annotated[
        Question,
        told(
            "The main question, as it is shown to people.", "How much honey does a hive give in each country?"
        ),
    ]
    measure: Annotated[
        Id, told("What is measured, as an id; tables of one measure complete each other.", "honey")
    ]
    unit: Annotated[
        Text,
        told(
            "The unit: a currency code, kg, people, ...; `per row` where the rows differ.",
            "USD",
            "kg",
            "per row",
        ),
    ]
    statistic: Annotated[
        Text, told("Which statistic the figures are, as the source names it.", "mean", "median", "average")
    ]
    period: Annotated[
        Text,
        told(
            "The time that a figure is for, or `not stated`; say it in the sentences below too.",
            "a year",
            "not stated",
        ),
    ]
    dimensions: Annotated[
        list[str],
        told(
            "The facets that pick a row: country (two-letter codes in the rows), or facets of language.yaml.",
            ["country"],
            ["level"],
        ),
    ]
    labels: Annotated[
        dict[str, str], told("How a sentence names a value.", {"DE": "Germany", "GB": "the UK"})
    ] = {}
    overview: Annotated[
        Text,
        told(
            "The answer when no row is asked for; {rows} lists the rows that fit.",
            "A hive gives in a year, on average: {rows}.",
        ),
    ]
    item: Annotated[
        Text,
        told(
            "One row inside {rows}: {figure} and the dimensions in braces; in quotes, as it begins with a brace.",
            "{country} {figure}",
        ),
    ]
    row: Annotated[
        Text,
        told(
            "The answer for one row: {figure} and the dimensions in braces.",
            "In {country} a hive gives {figure} a year on average.",
        ),
    ]
    contrast: Annotated[
        str | None,
        told(
            "A dimension whose other values are told beside a single row, such as in-state beside out-of-state.",
            "residency",
        ),
    ] = None
    brief: Annotated[
        str | None,
        told(
            "One sentence, shown where the table stands beside another entry; may hold {rows}.",
            "Per hive and year: {rows}.",
        ),
    ] = None
    missing: Annotated[
        Text,
        told(
            "What is said when the row asked for is not there: {asked} and {available}.",
            "I have no yield for {asked}. I have {available}.",
        ),
    ]
    citations: Annotated[
        list[CitationSpec],
        told(
            "Who says so: at least one source, with its section; a row may have its own.",
            [{"source": "hive-guide", "section": "Yields"}],
        ),
    ]
    rows: Annotated[
        list[RowSpec],
        told(
            "The figures. A row that is not there is never guessed.",
            [{"at": {"country": "DE"}, "amount": 35, "shown": "35 kg"}],
        ),
    ]
    phrasings: Annotated[
        list[Question],
        told(
            "Other ways to ask for the whole table: terse, chatty, indirect.",
            ["honey yield per hive", "how much honey from one colony"],
        ),
    ] = []
    row_phrasings: Annotated[
        list[Question],
        told(
            "Ways to ask for a single row, with the dimensions in braces; the rows take turns.",
            ["honey yield in {country}"],
        ),
    ] = []
    follow_ups: Annotated[
        list[str], told("Ids of entries that a reader would ask for next.", ["keeping-a-hive"])
    ] = []
    scope: Annotated[
        dict[str, str],
        told(
            "What all rows hold for alone, by facet; a question about another country is not answered with it.",
            {"country": "US"},
        ),
    ] = {}
    subjects: Annotated[list[Text], SUBJECT] = []
    as_of: Annotated[
        str | None,
        told(
            "The period that the figures speak of, where it is not the source's date; text, or undated.",
            "2024",
            "undated",
        ),
    ] = None
    replaces: Annotated[
        str | None,
        told(
            "The entry or table of another pack whose place this one takes, as pack/entry.",
            "beekeeper/honey-per-hive",
        ),
    ] = None


class TopicFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """One topic of a pack: its entries, and its tables of figures."""

    topic: Annotated[
        Id,
        told(
            "The topic's id, usually the name of the file; files with the same one are one topic.",
            "working-hours",
        ),
    ]
    title: Annotated[Text, told("The topic as it is listed.", "Working hours")]
    subjects: Annotated[list[Text], SUBJECT] = []
    shelf_life_years: Annotated[
        Years | None,
        told(
            "After so many years the reply says that the answer is old; counted from `as_of`, or else from the newest date of its sources.",
            3,
        ),
    ] = None
    entries: Annotated[
        list[EntrySpec], told("Questions with an answer each: a list; each begins with `- id:`.")
    ] = []
    tables: Annotated[
        list[TableSpec], told("Figures by country, level or another facet: a list; each begins with `- id:`.")
    ] = []
    lookups: Annotated[
        list[LookupSpec], told("Ways of asking for the pack's data sets: a list; each begins with `- id:`.")
    ] = []


class PackFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """pack.yaml: what a pack is about."""

    id: Annotated[Id, told("The name of the pack: the same as that of its folder.", "baker")]
    title: Annotated[Text, told("The pack's title, as it is listed.", "Baker")]
    role: Annotated[
        list[Text],
        told(
            "The occupation's names, the usual one first; empty when the pack is about many.",
            ["baker", "bread maker"],
        ),
    ] = []
    own_terms: Annotated[
        list[Text],
        told(
            "Other occupations and fields that belong to the subject: a question that names one is not taken for another career.",
            ["pastry chef", "milling"],
        ),
    ] = []
    field_words: Annotated[
        list[Text],
        told(
            "Words that only this career's field uses: a question that names one is about this career. Words that other careers share "
            "(engineer, software, maths) belong to own_terms.",
            ["sourdough", "proofing basket"],
        ),
    ] = []
    covers: Annotated[
        list[str],
        told(
            "Topics of intents (their `about`) that this pack does answer; those intents are switched off.",
            ["visas and work permits"],
        ),
    ] = []
    about: Annotated[
        str,
        told('What the pack is about, to stand in "I can answer questions about ...".', "being a baker"),
    ] = ""
    try_asking: Annotated[
        list[str], told("Ids of entries whose questions are shown as examples of what to ask.", ["start"])
    ] = []

    moved: ClassVar[dict[str, str]] = {
        "data": "data sets stand in files of their own: write what it says as NAME.dataset.yaml beside pack.yaml (docs/fields.md lists the keys), "
        "and take it out here"
    }
    """Keys of older packs, with what to do about them."""


class LanguageFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """language.yaml: abbreviations and the words by which facets are recognised."""

    abbreviations: Annotated[
        dict[str, str],
        told("Short form: what it stands for. Case and dots do not matter.", {"AHB": "African honey bee"}),
    ] = {}
    facets: Annotated[
        dict[str, dict[str, list[str]]],
        told(
            "Facet: value: the words for it. The value `none` marks words that only look as if they named the facet. Countries, US states, "
            "cities and currencies are known without being listed.",
            {
                "asks": {"pay": ["salary", "earn", "wage"], "none": ["pay attention"]},
                "level": {"apprentice": ["apprentice", "trainee"]},
            },
        ),
    ] = {}
    strict: Annotated[
        list[str],
        told(
            "Facets that an entry must name before it may answer a question that does: with asks here, a question about pay is answered only "
            "by an entry that speaks of pay.",
            ["asks"],
        ),
    ] = []
    occupations: Annotated[
        list[str], told("Job titles that are recognised as other subjects.", ["nurse", "teacher"])
    ] = []
    fields: Annotated[
        list[str],
        told("Fields of study and work that are recognised as other subjects.", ["law", "marine biology"]),
    ] = []
