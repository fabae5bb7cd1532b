"""A pack of figures by occupation and place that somebody else wrote, to be read, asked and broken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from chatbot import KnowledgeError
from chatbot.building.knowledge import load_knowledge
from chatbot.encoders.encoder import Vectors

FIGURES = (
    "employment,hourly_mean,annual_mean,hourly_p10,hourly_p25,hourly_median,hourly_p75,hourly_p90,"
    "annual_p10,annual_p25,annual_median,annual_p75,annual_p90"
)
NATIONAL = f"""year,code,title,level,{FIGURES}
2025,00-0000,All Occupations,total,1000,20.00,41600,10.00,15.00,20.00,25.00,30.00,20800,31200,41600,52000,62400
2025,51-0000,Production Occupations,major,500,19.00,39520,12.00,14.00,18.00,22.00,28.00,24960,29120,37440,45760,58240
2025,51-3010,Bread Workers,broad,340,18.50,38480,12.00,14.00,17.50,21.00,25.00,24960,29120,36400,43680,52000
2025,51-3011,Bakers,detailed,300,18.00,37440,12.00,14.00,17.00,21.00,25.00,24960,29120,35360,43680,52000
2025,51-9021,Millers,detailed,200,22.00,45760,14.00,18.00,21.00,26.00,31.00,29120,37440,43680,54080,64480
2025,29-1242,Surgeons,detailed,50,*,*,50.00,90.00,#,#,#,104000,187200,#,#,#
2025,27-2011,Actors,detailed,70,30.00,*,15.00,20.00,25.00,35.00,60.00,*,*,*,*,*
2025,25-2021,Teachers,detailed,90,*,50000,*,*,*,*,*,30000,40000,48000,58000,70000
"""
STATES = f"""year,state,code,{FIGURES}
2025,OH,51-3011,*,19.00,39520,13.00,15.00,18.00,22.00,26.00,27040,31200,37440,45760,54080
2025,OH,51-9021,20,*,*,*,*,*,*,*,*,*,*,*,*
2025,TX,51-3011,40,17.00,35360,11.00,13.00,16.00,20.00,24.00,22880,27040,33280,41600,49920
"""
TITLES = """titles:
  51-3011: [baker, bread maker]
  51-9021: [miller]
ambiguous:
  mill worker: [51-9021, 51-3011]
stand_ins:
  cake designer: 51-3011
unlisted: [royal baker]
broader:
  51-3019: 51-3010
groups:
  51-0000: [production]
"""
PACK = """id: mill
title: Mill
about: the mill
"""
DATASET = """dataset: pay
entity:
  name: occupation
  classification: us-soc-2018
  code: '[0-9]{2}-[0-9]{4}'
  example: 29-1141
  titles: titles.yaml
  whole: 00-0000
  levels: [total, major, minor, broad, detailed]
  family: 7
year: 2025
period: Spring 2025
dimensions:
  place: {home: US, levels: [country, state], names: us}
files:
  - {path: national.csv, at: {place: US}}
  - {path: states.csv, columns: {place: state}}
measures:
  employment: {name: number employed, unit: people, column: employment, marks: {"*": not published}}
  pay:
    name: pay
    unit: USD
    per: {year: "annual_{statistic}", hour: "hourly_{statistic}"}
    statistics:
      mean: {name: mean}
      p10: {name: 10th percentile, percentile: 10}
      p25: {name: 25th percentile, percentile: 25}
      median: {name: median, percentile: 50, default: true}
      p75: {name: 75th percentile, percentile: 75}
      p90: {name: 90th percentile, percentile: 90}
    marks: {"*": not published, "#": at least}
    limits: {year: 239200, hour: 115}
    decimals: {hour: 2}
words:
  mean: [mean, average]
  hour: [hourly, an hour]
  lowest: [lowest]
  highest: [highest]
"""


def lookup(name: str, question: str, says: str, phrasings: str, more: str = "", kind: str = "figures") -> str:
    return f"""  - id: {name}
    question: "{question}"
    example: bakers, millers
    kind: {kind}
    says: "{says}"
    missing: "Nothing on {name} of {{occupation}} in {{place}}."
    citations: [{{source: tables, section: Table 1}}]
    phrasings: [{phrasings}]
{more}"""


TOPIC = (
    "topic: pay\ntitle: Pay\nlookups:\n"
    + lookup(
        "typical", "What does a {occupation} earn in {place}?", "{occupation}, {place}, {period}: {median_full}.",
        '"{occupation} salary", "{occupation} salary in {place}", "how much does a {occupation} make"', "    measure: pay\n",
    )
    + lookup(
        "mean", "What is the mean pay of a {occupation} in {place}?", "{occupation}, {place}, mean: {mean_full}.",
        '"mean {occupation} salary"', "    measure: pay\n    by: mean\n    statistic: [mean]\n",
    )
    + lookup(
        "headcount", "How many people work as a {occupation} in {place}?", "{occupation}, {place}: {employment} people.",
        '"how many {occupation} are there in {place}"', "    by: employment\n",
    )
    + lookup(
        "against", "Does a {occupation} beat the field in {place}?", "{median}", '"{occupation} against the field"',
        "    against_whole: true\n",
    )
    + lookup("best", "Which jobs are best paid in {place}?", "Best paid{group}: {items}.", '"best paid jobs"', "    most: 3\n", "ranking")
)  # fmt: skip
FACTS_DATASET = """dataset: facts
entity:
  {name: occupation, classification: us-soc-2018, code: '[0-9]{2}-[0-9]{4}\\.[0-9]{2}', titles: titles.csv, family: 7}
dimensions: {place: {home: US, names: us}}
measures:
  task: {kind: list, file: facts.csv, of: task}
"""
NO_FIGURES: dict[str, str | None] = {
    "pay.dataset.yaml": None,
    "titles.yaml": None,
    "national.csv": None,
    "states.csv": None,
}
FACTS_TOPIC = "topic: work\ntitle: Work\nlookups:\n" + lookup(
    "tasks", "What does a {occupation} do?", "{occupation}: {items}", '"{occupation} tasks", "duties of a {occupation}"',
    "    by: task\n    most: 2\n    joined: sentences\n", "facts",
)  # fmt: skip
FACTS = "code,kind,text\n51-3011.00,task,Bake bread\n51-3011.00,task,Sell it.\n51-3011.00,task,Sweep up.\n51-3011.00,tool,Oven\n"
OWN_TITLES = "code,title\n51-3011.00,Bread Bakers\n51-9021.00,Grain Millers\n51-3011.00,Dough Boss\n"


class Letters:
    """An encoder that counts letters: which words stand in a question decides, and no model is loaded."""

    fingerprint = "letters" * 8

    def encode(self, texts: Sequence[str]) -> Vectors:
        counts = np.array(
            [[text.lower().count(c) + 0.01 for c in "abcdefghijklmnopqrstuvwxyz"] for text in texts],
            np.float32,
        )
        made: Vectors = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return made


def swap(text: str, old: str, new: str) -> str:
    """The text with one planted fault."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def findings(folder: Path) -> list[str]:
    """What the loader says, as it is shown, without the folder's name."""
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge([folder])
    return [str(finding).removeprefix(f"{folder}/mill/") for finding in caught.value.findings]


def write_mill(folder: Path, files: dict[str, str | None] | None = None) -> Path:
    """Write the pack into ``folder``, with other texts for some of its files; None leaves one out."""
    (folder / "mill").mkdir(parents=True, exist_ok=True)
    source = "{id: tables, title: The tables, publisher: The Mill, published: '2025', url: 'https://example.org/tables'}"
    (folder / "sources.yaml").write_text(f"sources:\n  - {source}\n", encoding="utf-8")
    shipped = {
        "pack.yaml": PACK,
        "pay.dataset.yaml": DATASET,
        "pay.yaml": TOPIC,
        "titles.yaml": TITLES,
        "national.csv": NATIONAL,
        "states.csv": STATES,
    }
    for name, text in (shipped | (files or {})).items():
        if text is not None:
            (folder / "mill" / name).write_text(text, encoding="utf-8", newline="")
    return folder
