"""What files may hold about data that is looked up by occupation and place: figures, titles, facts, and how they are asked for and told."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatbot.knowledge.basics import CitationSpec, Id, Text, told

CsvFile = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][^/\\]*\.csv$")]
TitlesName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][^/\\]*\.(csv|yaml)$")]
Code = Annotated[str, Meta(min_length=1, max_length=40)]


class DataSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """Files of a pack that hold data by occupation; their rows are looked up, not matched."""

    national: Annotated[
        CsvFile | None, told("The CSV file of figures for the whole country: year,code,title,level and the figures.", "national.csv")
    ] = None
    regions: Annotated[CsvFile | None, told("The CSV file of figures by state: year,state,code and the figures.", "states.csv")] = None
    titles: Annotated[
        TitlesName | None,
        told("The titles by which occupations are named: a YAML file with titles by code, or a CSV file of code,title.", "titles.yaml"),
    ] = None
    facts: Annotated[CsvFile | None, told("The CSV file of facts by occupation: code,kind,text; the order of its rows is their rank.")] = (
        None
    )
    year: Annotated[int | None, told("The year of the figures; every row must be of it.", 2025)] = None
    period: Annotated[str, told("The period of the figures, as a sentence names it.", "May 2025")] = ""
    country: Annotated[str, told("The two letters of the country that the figures are for.", "US")] = "US"
    whole: Annotated[Code, told("The code of the row that stands for all occupations.", "00-0000")] = "00-0000"
    at_least: Annotated[
        dict[str, str],
        told("How a top-coded figure is told, by unit (year, hour): the lower limit.", {"year": "$239,200", "hour": "$115.00"}),
    ] = {}
    words: Annotated[
        dict[str, list[str]],
        told(
            "Words by which a question says which figure it wants, by a name. Lookups choose by these names under `statistic` and `only_with`, "
            "and any name will do there. The program itself goes by these: `hour` and `year`, the unit that is told first; `month`, the answer "
            "says that figures are by the year and the hour only; `low` together with `high`, which count as `range`; `highest` and `lowest`, "
            "the end of a list; `whole`, all occupations together; `count`, numbers of people; and any of `money`, `count`, `mean`, `hour`, "
            "`range` and `quarters` says that figures are asked for at all.",
            {"low": ["starting", "bottom"], "hour": ["hourly", "an hour"]},
        ),
    ] = {}
    beyond: Annotated[
        dict[str, list[str]],
        told(
            "Words that ask for what the figures do not hold, by the id of the intent that says so; a question with one of them gets that reply.",
            {"figures-after-tax": ["after tax", "net pay"]},
        ),
    ] = {}
    modifiers: Annotated[
        list[Text], told("Words that may stand before a title without making it another occupation.", ["senior", "licensed"])
    ] = []


class LookupSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """A way of asking for what is looked up, and the sentences that tell it."""

    id: Annotated[Id, told("The lookup's name, once in the pack.", "typical-pay")]
    question: Annotated[
        Text, told("The main question, with {occupation}, {other} and {place} in braces.", "What does a {occupation} earn in {place}?")
    ]
    example: Annotated[str, told("The titles that fill {occupation} and {other} where the question is shown, with a comma between.")] = ""
    kind: Annotated[
        Literal["figures", "comparison", "ranking", "facts"],
        told("`figures`: of one occupation; `comparison`: with another; `ranking`: a list in order; `facts`: texts."),
    ]
    measure: Annotated[Id | None, told("Lookups of one measure are one when questions are matched; the words choose among them.")] = None
    statistic: Annotated[list[str], told("The names under `words` in pack.yaml that choose this lookup within its measure.", ["low"])] = []
    only_with: Annotated[list[str], told("Names under `words` in pack.yaml of which a question must say at least one.", ["places"])] = []
    by: Annotated[
        Literal["employment", "mean", "p10", "p25", "median", "p75", "p90"], told("The figure that is told, compared or put in order.")
    ] = "median"
    across: Annotated[Literal["occupations", "places"], told("What is compared, or put in order.")] = "occupations"
    order: Annotated[Literal["highest", "lowest"], told("Which end of the list is told.")] = "highest"
    against_whole: Annotated[bool, told("Whether an occupation is compared with all occupations.")] = False
    whole: Annotated[bool, told("Whether it is asked for all occupations together, without naming one.")] = False
    facts: Annotated[str | None, told("The kind of facts, as the facts file names it.", "task")] = None
    most: Annotated[int, Meta(ge=1, le=20), told("How many are told.", 5)] = 5
    joined: Annotated[Literal["list", "sentences"], told("How facts are joined: a, b and c; or as sentences.")] = "list"
    says: Annotated[
        Text,
        told(
            "The answer: {occupation}, {place}, {period}, {items}, and figures such as {median}, {median_full}, {p10}, {employment}.",
            "In {place} the median pay of {occupation} was {median_full} in {period}.",
        ),
    ]
    item: Annotated[str, told("One row inside {items}.", "{occupation} {median}")] = "{occupation} {figure}"
    missing: Annotated[
        Text, told("What is said where the figure or the facts are not published.", "The pay of {occupation} in {place} is not published.")
    ]
    citations: Annotated[list[CitationSpec], told("Who says so: at least one source, with its section.")]
    phrasings: Annotated[list[Text], told("Other ways to ask, with the braces of the question.", ["{occupation} salary in {place}"])] = []
    follow_ups: Annotated[list[str], told("Ids of lookups or entries that a reader would ask for next.", ["pay-range"])] = []


class TitlesFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """titles.yaml: how people name the occupations of a pack's figures."""

    titles: Annotated[dict[str, list[Text]], told("Code: the everyday titles that mean it.", {"29-1141": ["nurse", "RN"]})]
    ambiguous: Annotated[
        dict[str, list[Code]],
        told("A title that may mean several codes, the likeliest first, at most four.", {"engineer": ["17-2141", "17-2051"]}),
    ] = {}
    stand_ins: Annotated[
        dict[str, Code], told("A title without a code of its own: the nearest published one.", {"machine learning engineer": "15-2051"})
    ] = {}
    unlisted: Annotated[
        list[Text], told("Names that have no figures at all, though a part of them, or another list, may say otherwise.", ["US president"])
    ] = []
    broader: Annotated[
        dict[str, Code], told("A code without a row of its own: the published one that holds it.", {"21-1011": "21-1018"})
    ] = {}
    groups: Annotated[
        dict[str, list[Text]], told('A group\'s code: how people name it in "best paid jobs in ...".', {"29-0000": ["healthcare"]})
    ] = {}
