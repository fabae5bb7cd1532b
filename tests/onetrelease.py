"""A small release of O*NET text files, and what an import made of it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from chatbot import ChatbotError
from chatbot.authoring.exchange.onet import OnetImported, import_onet
from chatbot.knowledge.convert import load_as
from chatbot.knowledge.sourceschema import SourcesFile, SourceSpec

CODE = "O*NET-SOC Code"
BAKER, MILLER = "51-3011.00", "51-9021.00"
RELEASE = {
    "Read Me": "O*NET 30.1 Database\nDecember 2025 Release\n---------------------\n",
    "Occupation Data": f"""{CODE}|Title|Description
{BAKER}|Bakers|Mix and bake "dough", and sell it.
{MILLER}|Millers|Grind grain.
""",
    "Alternate Titles": f"""{CODE}|Alternate Title|Short Title|Source(s)
{MILLER}|Grain Miller|n/a|08
{BAKER}|Master Baker (MB)|MB|02
{BAKER}|bakers|n/a|02
{BAKER}|Cake Maker|Caker|02
{BAKER}|Oven Hand (Night)|n/a|02
""",
    "Sample of Reported Titles": f"""{CODE}|Reported Job Title|Shown in My Next Move
{BAKER}|CBO (Chief Baking Officer)|Y
{BAKER}|CAKER|N
""",
    "Task Statements": f"""{CODE}|Task ID|Task|Task Type|Incumbents Responding|Date|Domain Source
{BAKER}|1|Clean.|Supplemental|n/a|08/2023|Incumbent
{BAKER}|2|Try new ovens.|n/a|n/a|08/2023|Incumbent
{BAKER}|3|Check the "crumb", by hand.|Core|n/a|08/2023|Incumbent
{BAKER}|4|Bake.|Core|n/a|08/2023|Incumbent
""",
    "Technology Skills": f"""{CODE}|Example|Commodity Code|Commodity Title|Hot Technology|In Demand
{BAKER}|Ledgers|1|x|N|N
{BAKER}|Sheets|1|x|Y|N
{BAKER}|Ovenware|1|x|N|Y
{BAKER}|sheets|2|x|N|N
""",
    "Related Occupations": f"""{CODE}|Related O*NET-SOC Code|Relatedness Tier|Index
{BAKER}|{MILLER}|Primary-Short|1
{MILLER}|{BAKER}|Primary-Short|1
""",
    "Job Zones": f"{CODE}|Job Zone|Date|Domain Source\n{BAKER}|2|08/2023|Analyst\n{MILLER}|1|08/2023|Analyst\n",
    "Job Zone Reference": """Job Zone|Name|Experience|Education|Job Training|Examples|SVP Range
1|One|None.|Some school.|Some days.|x|x
2|Two|Little.|A diploma, usually.|Some months.|x|x
""",
    "Education, Training, and Experience Categories": """Element ID|Element Name|Scale ID|Category|Category Description
2.D.1|Required Level of Education|RL|1|None
2.D.1|Required Level of Education|RL|2|Certificate - awarded for training completed after high school
2.D.1|Required Level of Education|RL|3|Bachelor's Degree
3.A.1|Related Work Experience|RW|1|No experience
""",
    "Education, Training, and Experience": f"""{CODE}|Element ID|Scale ID|Category|Data Value|N|Recommend Suppress|Date
{BAKER}|2.D.1|RL|1|38.10|28|N|x
{BAKER}|2.D.1|RL|2|61.90|28|N|x
{BAKER}|3.A.1|RW|1|99.00|28|N|x
{MILLER}|2.D.1|RL|1|70.00|28|Y|x
{MILLER}|2.D.1|RL|3|30.00|28|N|x
""",
    "Interests": f"""{CODE}|Element ID|Element Name|Scale ID|Data Value|Date|Domain Source
{BAKER}|a|Realistic|OI|6.10|x|x
{BAKER}|b|Investigative|OI|1.00|x|x
{BAKER}|c|Artistic|OI|6.90|x|x
{BAKER}|d|Social|OI|2.00|x|x
{BAKER}|g|First Interest High-Point|IH|7.00|x|x
""",
}  # fmt: skip


def write(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    text = RELEASE[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / f"{name}.txt").write_text(text.replace("|", "\t"), encoding="utf-8", newline="\r\n")


def take(db: Path) -> OnetImported:
    return import_onet(db, db.parent / "in")


def rows(db: Path, name: str) -> list[list[str]]:
    with (db.parent / "in" / "onet" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def facts(db: Path, kind: str, code: str = BAKER) -> list[str]:
    return [text for of, what, text in rows(db, "facts.csv") if (of, what) == (code, kind)]


def sources(db: Path) -> list[SourceSpec]:
    return load_as(db.parent / "in" / "sources.yaml", SourcesFile)[0].sources


def seen(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def refused(db: Path) -> str:
    before = seen(db.parent / "in")
    with pytest.raises(ChatbotError) as caught:
        take(db)
    assert seen(db.parent / "in") == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def write_release(folder: Path) -> Path:
    """A folder with the files of a small release."""
    folder.mkdir()
    for name in RELEASE:
        write(folder, name)
    return folder
