"""What a file ``*.dataset.yaml`` may hold: what a table of figures or texts is about, so that the program
need not know any in particular."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from chatbot.knowledge.basics import Id, Number, Text, told

ENDING = ".dataset.yaml"
"""How the name of a declaration ends."""
CsvFile = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][^/\\]*\.csv$")]
TitlesName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][^/\\]*\.(csv|yaml)$")]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
PlacesName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][^/\\]*$")]


class EntitySpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the rows are about, such as occupations."""

    name: Annotated[
        Id,
        told(
            "What one of them is called; it is also the name of the brace in lookups.", "occupation", "field"
        ),
    ]
    classification: Annotated[
        Id,
        told(
            "The system of codes. Data sets of one classification share their titles.",
            "us-soc-2018",
            "uk-soc-2020",
        ),
    ]
    code: Annotated[
        Text,
        told("The form of a code, as a regular expression that it matches as a whole.", "[0-9]{2}-[0-9]{4}"),
    ]
    example: Annotated[str, told("A code, for messages.", "29-1141")] = ""
    titles: Annotated[
        TitlesName | None,
        told(
            "How people name them: a YAML file with titles by code, or a CSV file of code,title. It may be left out where another data set of "
            "the classification brings it.",
            "titles.yaml",
        ),
    ] = None
    whole: Annotated[
        Code | None, told("The code of the row that stands for all of them together.", "00-0000")
    ] = None
    levels: Annotated[
        list[str],
        told(
            "The values of the column `level` of the first file, from the whole to the finest, which lists are made of. Without levels, all rows "
            "but the whole are in lists.",
            ["total", "major", "detailed"],
        ),
    ] = []
    family: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        told("How many characters of a finer code name the one of which it is a part.", 7),
    ] = None


class PlaceSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """The places that the rows are of."""

    home: Annotated[str, told("The country, by its two letters.", "US", "GB")]
    levels: Annotated[
        list[str],
        told(
            "The levels of places that there are rows of, the country first; empty: the country alone.",
            ["country", "state"],
        ),
    ] = []
    names: Annotated[
        PlacesName | None,
        told(
            "The names of the places: a list that comes with the program (us, gb), or a CSV file of the pack with the columns "
            "code,level,shown,names,asked,flags. Without it only the country is known.",
            "us",
            "regions.csv",
        ),
    ] = None
    also: Annotated[
        CsvFile | None,
        told(
            "More of them, in a CSV file of the pack with the same columns and the country in its first row: places of other kinds, such as industries, that "
            "no place on the map is divided by; the flag `apart` says so.",
            "industries.csv",
        ),
    ] = None


class DimensionsSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the rows are divided by, besides the entity. A question that names anything else is not answered
    with them."""

    place: Annotated[
        PlaceSpec | None, told("Places; without it, the rows are of no place that could be named.")
    ] = None


class FileSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """A CSV file of rows. It has a column `code`, a column for each dimension that `at` does not give, and
    those of its measures."""

    path: Annotated[CsvFile, told("The file, in the pack's folder.", "national.csv")]
    at: Annotated[dict[str, str], told("A dimension that all its rows have in common.", {"place": "US"})] = {}
    columns: Annotated[
        dict[str, str],
        told(
            "Columns under other names: of `year`, `code`, `title`, `level` or a dimension.",
            {"place": "state"},
        ),
    ] = {}
    measures: Annotated[
        list[Id], told("The measures that it has columns of; empty: all that have columns.", ["pay"])
    ] = []


class StatisticSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """One of the figures of a measure."""

    name: Annotated[Text, told("What it is called in sentences.", "median", "10th percentile")]
    percentile: Annotated[
        float | None,
        told(
            "Which percentile it is: of one row, a higher one is never less, and they are drawn together.", 50
        ),
    ] = None
    default: Annotated[bool, told("Whether it is told where a lookup names none.")] = False


class MeasureSpec(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is measured or told of each row."""

    kind: Annotated[
        Literal["number", "text", "list", "shares", "ratings"],
        told(
            "`number`: figures in columns; `text`: a text in a column; `list`: texts in a file of its own, in their order; `shares`: percentages "
            "over categories; `ratings`: figures of elements on a scale."
        ),
    ] = "number"
    name: Annotated[str, told("What it is called in sentences and charts.", "pay", "number employed")] = ""
    unit: Annotated[
        str,
        told(
            "The unit of a number: a currency by its three letters, people, percent, years, or plain.",
            "USD",
            "people",
        ),
    ] = "plain"
    column: Annotated[
        str | None,
        told(
            "Its column; {statistic} in it stands for the names under statistics.",
            "employment",
            "{statistic}",
        ),
    ] = None
    per: Annotated[
        dict[str, str],
        told(
            "The columns by the unit of time, the first of which is told first: year, month, week or hour.",
            {"year": "annual_{statistic}", "hour": "hourly_{statistic}"},
        ),
    ] = {}
    statistics: Annotated[
        dict[str, StatisticSpec],
        told("The figures of one row, by the names that stand in the columns and in the braces of lookups."),
    ] = {}
    default: Annotated[bool, told("Whether it is told where a lookup names no measure.")] = False
    marks: Annotated[
        dict[str, str],
        told(
            "What stands in place of a figure, with what it says. `at least` and `at most` say that only a limit is published.",
            {"*": "not published", "#": "at least"},
        ),
    ] = {}
    limits: Annotated[
        dict[str, Number],
        told(
            "The limit that a mark of `at least` or `at most` stands for, by the unit of time (or by `unit`).",
            {"year": 239200, "hour": 115},
        ),
    ] = {}
    decimals: Annotated[
        dict[str, Annotated[int, Meta(ge=0, le=4)]],
        told(
            "How many decimals each figure has, by the unit of time (or by `unit`); 0 where nothing is said.",
            {"hour": 2},
        ),
    ] = {}
    negative: Annotated[bool, told("Whether figures below zero may stand.")] = False
    file: Annotated[
        CsvFile | None,
        told(
            "The file of a list (code,text or code,kind,text), of shares (code, category and value) or of ratings (code, element and value).",
            "tasks.csv",
        ),
    ] = None
    of: Annotated[
        str | None, told("Of a file with a column `kind`: the kind that this measure is.", "task")
    ] = None
    category: Annotated[str, told("The column of shares that names the category.", "level")] = "category"
    element: Annotated[str, told("The column of ratings that names the element.", "skill")] = "element"
    value: Annotated[str, told("The column of shares or ratings that holds the figure.", "share")] = "value"
    scale: Annotated[list[Number], told("The least and the greatest rating.", [1, 5])] = []


class CrosswalkSpec(Struct, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}):
    """Pairs of codes of two classifications, such as fields of study and the occupations that follow from
    them, the closest first."""

    file: Annotated[CsvFile, told("The file: two columns, named as below.", "fields-occupations.csv")]
    from_: Annotated[Id, told("The column of this data set's own codes; it is the entity's name.", "field")]
    to: Annotated[Id, told("The column of the other codes; it is the name of their entity.", "occupation")]
    classification: Annotated[Id, told("The classification of the other codes.", "us-soc-2018")]


class DatasetFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """NAME.dataset.yaml: a table of figures or texts that lookups tell."""

    dataset: Annotated[Id, told("The data set's name, once in the pack.", "pay-and-employment")]
    entity: Annotated[EntitySpec, told("What the rows are about.")]
    period: Annotated[
        str, told("The period of the rows, as a sentence names it.", "May 2025", "2024 to 2034")
    ] = ""
    year: Annotated[int | None, told("The year of the rows: each has it in the column `year`.", 2025)] = None
    dimensions: Annotated[DimensionsSpec, told("What the rows are divided by.")] = msgspec.field(
        default_factory=DimensionsSpec
    )
    files: Annotated[
        list[FileSpec], told("The files of rows. The first has a row for each code, with a column `title`.")
    ] = []
    measures: Annotated[dict[str, MeasureSpec], told("What is measured or told, by its name.")]
    crosswalks: Annotated[
        list[CrosswalkSpec], told("How the codes lead to those of another classification.")
    ] = []
    default: Annotated[
        bool,
        told(
            "Whether this data set answers where a question may mean it or another one and says nothing that tells them apart."
        ),
    ] = False
    words: Annotated[
        dict[str, list[str]],
        told(
            "Words by which a question says which figure it wants, by a name. Lookups choose by these names under `statistic` and `only_with`, "
            "and any name will do there. The program itself goes by these: the units of time (`hour`, `year`), of which one is told first; "
            "`month`, the answer says by which units of time there are figures; `low` together with `high`, which count as `range`; `highest` "
            "and `lowest`, the end of a list; `whole`, all together; `count`, numbers of people; and any of `money`, `count`, `mean`, `hour`, "
            "`range`, `quarters` and `figures` says that figures are asked for at all; and `facts` that texts, lists, shares or ratings are.",
            {"low": ["starting", "bottom"], "hour": ["hourly", "an hour"]},
        ),
    ] = {}
    beyond: Annotated[
        dict[str, list[str]],
        told(
            "Words that ask for what the data set does not hold, by the id of the intent that says so; a question with one of them gets that "
            "reply.",
            {"figures-after-tax": ["after tax", "net pay"]},
        ),
    ] = {}
    modifiers: Annotated[
        list[Text],
        told("Words that may stand before a title without making it another one.", ["senior", "licensed"]),
    ] = []


class TitlesFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """titles.yaml: how people name the occupations of a pack's figures."""

    titles: Annotated[
        dict[str, list[Text]], told("Code: the everyday titles that mean it.", {"29-1141": ["nurse", "RN"]})
    ]
    ambiguous: Annotated[
        dict[str, list[Code]],
        told(
            "A title that may mean several codes, the likeliest first, at most four. A group's code before them means the "
            "group's own row, where the figures have one.",
            {"engineer": ["17-2000", "17-2141", "17-2051"]},
        ),
    ] = {}
    stand_ins: Annotated[
        dict[str, Code],
        told(
            "A title without a code of its own: the nearest published one.",
            {"machine learning engineer": "15-2051"},
        ),
    ] = {}
    unlisted: Annotated[
        list[Text],
        told(
            "Names that have no figures at all, though a part of them, or another list, may say otherwise.",
            ["US president"],
        ),
    ] = []
    broader: Annotated[
        dict[str, Code],
        told("A code without a row of its own: the published one that holds it.", {"21-1011": "21-1018"}),
    ] = {}
    groups: Annotated[
        dict[str, list[Text]],
        told('A group\'s code: how people name it in "best paid jobs in ...".', {"29-0000": ["healthcare"]}),
    ] = {}


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration and the file that it stands in, which lies in its pack's folder."""

    file: Path
    spec: DatasetFile

    def path(self, name: str) -> Path:
        """A file beside it: of this folder, whatever a stranger's pack says."""
        return self.file.parent / Path(name).name

    @property
    def own_places(self) -> Path | None:
        """The pack's own file of places."""
        place = self.spec.dimensions.place
        return self.path(place.names) if place and place.names and place.names.endswith(".csv") else None

    @property
    def more_places(self) -> Path | None:
        """The pack's file of further places."""
        place = self.spec.dimensions.place
        return self.path(place.also) if place and place.also else None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that the data set is made of, each once, without the declaration."""
        spec = self.spec
        names = [file.path for file in spec.files]
        names += [spec.entity.titles] if spec.entity.titles else []
        names += [measure.file for measure in spec.measures.values() if measure.file]
        names += [crosswalk.file for crosswalk in spec.crosswalks]
        own = [file for file in (self.own_places, self.more_places) if file]
        return tuple(dict.fromkeys([*(self.path(name) for name in names), *own]))
