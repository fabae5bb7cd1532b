"""A small knowledge base of its own subject, with its own intents: beekeeping."""

from __future__ import annotations

from pathlib import Path

FACTS = {
    "honey-yield": ("harvest honey from one hive", "A hive gives about 20 kg of honey a year."),
    "smoker": ("calm the colony with a smoker", "Cool smoke at the entrance makes the guards retreat."),
    "swarming": ("stop a colony from swarming", "Give the queen more room in spring and remove queen cells."),
    "mites": ("treat varroa mites", "Use oxalic acid in winter, when there is no brood."),
    "winter-feed": ("feed the colony sugar in winter", "Feed 15 kg of syrup by the end of September."),
    "queen": ("find the queen in a hive", "Look on the frames with eggs; she avoids the light."),
    "wax": ("melt old comb into wax", "Melt old comb in a steam melter and strain it through cloth."),
}
FRAMES = (
    "how do I {}", "what is the best way to {}", "{}", "can you explain how to {}", "I need to {}, how?", "tips to {}",
    "my neighbour wants to {}", "when should one {}", "advice needed: {}", "is it hard to {}?",
)  # fmt: skip
INTENTS = {
    "shops": (
        "buy a suit",
        "price of a second-hand hive",
        "where are jars sold",
        "which shop has frames",
        "cost of a veil online",
    ),
    "law": (
        "do I need a permit for bees",
        "may I keep hives on a balcony",
        "who is liable for a sting",
        "tax on honey sales",
    ),
    "wasps": (
        "how do I get rid of wasps",
        "are hornets dangerous",
        "a wasp nest under my roof",
        "do wasps make honey",
    ),
    "weather": (
        "will it rain tomorrow",
        "how cold is it in Oslo",
        "weather for the weekend",
        "is it snowing in the alps",
    ),
    "sport": (
        "who won the match",
        "when is the cup final",
        "best striker this season",
        "score of last night's game",
    ),
}


def write_knowledge(folder: Path, facts: int = len(FACTS), frames: int = len(FRAMES)) -> Path:
    """A knowledge folder of so many entries with so many phrasings each."""
    (folder / "bees").mkdir(parents=True)
    (folder / "sources.yaml").write_text(
        'sources:\n  - {id: guide, title: The hive guide, published: "2024"}\n', encoding="utf-8"
    )
    (folder / "bees" / "pack.yaml").write_text(
        "id: bees\ntitle: Bees\nabout: keeping bees\nrole: [beekeeper]\n", encoding="utf-8"
    )
    lines = ["topic: work", "title: Work", "entries:"]
    for name, (what, answer) in list(FACTS.items())[:facts]:
        lines += [f"  - id: {name}", f"    question: How does one {what}?", f"    answer: {answer!r}"]
        lines += ["    citations: [{source: guide, section: Work}]", "    phrasings:"]
        lines += [f"      - {frame.format(what)!r}" for frame in FRAMES[:frames]]
    (folder / "bees" / "work.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def write_intents(folder: Path, kind: str = "unknown") -> Path:
    """An intents folder, all of one kind."""
    folder.mkdir()
    lines = ["intents:"]
    for name, examples in INTENTS.items():
        lines += [
            f"  - id: {name}",
            f"    kind: {kind}",
            '    replies: ["I have nothing on that."]',
            "    examples:",
        ]
        lines += [f"      - {example!r}" for example in examples]
    (folder / "all.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
