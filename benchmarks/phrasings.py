"""Make a large knowledge folder out of public questions, and questions to test it with.

    python benchmarks/phrasings.py FOLDER --size 10000 [--questions FILE.jsonl] [--tests 300] [--compare]

FILE's rows: {"query", "label", "oos"}, such as CLINC150; the shipped knowledge's phrasings are always used.
An entry is an aspect (a label) of a thing, as in a catalogue of products: what FILE's labels ask, of things
that its questions name; what the shipped entries tell, of other occupations. Its phrasings are variations of
the label's own questions: the thing is put into a slot that is there, or named at the end or the start; other
nouns change places between questions of the label; and openings such as "can you tell me" are joined on
before words that they were found before. Everything is mined and seeded; no two phrasings are alike after
normalisation, and a smaller folder holds the first entries of a larger one.

FOLDER/knowledge is the knowledge; FOLDER/tests.jsonl holds {"question", "misspelt", "expected"}: variations
of questions that were kept back, the same with one typing error, and the entry that is right. ``--compare``
says how the vectors lie, beside those of the shipped knowledge.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from random import Random

import numpy as np
from ranking_lab import misspell

from chatbot.building.knowledge import load_knowledge
from chatbot.knowledge.model import Knowledge
from chatbot.language.normalise import simple_words
from chatbot.language.places import gazetteer
from chatbot.language.words import english
from chatbot.paths import shipped

PACK = "grown"
SEED = 1
SIZES = (12, 28)
"""An entry's phrasings, least and most."""
DENSITY = 12
"""So many things of a label are entries before the next label comes."""
HELD = 0.2
"""This share of a label's questions is kept for tests."""
IN_PLACE, SWAPPED, OPENED = 0.6, 0.5, 0.25
"""How often the thing is put into a slot, another noun is swapped, and an opening is joined on."""
AFTER = ("for the {}", "about the {}", "with my {}", "for my {}", "with the {}", "regarding the {}")
BEFORE = ("for the {}", "about my {}", "it's about the {}", "i have a question on the {}")
AFTER_ROLE = ("as {a} {}", "for {a} {}", "if i become {a} {}", "for {}s", "as {a} future {}")
BEFORE_ROLE = ("as {a} {}", "i want to be {a} {}", "about {}s", "for {}s")
COMMON_RANK = 300
"""English words as common as this are no things."""
ROLE = re.compile(
    r"\b(?:an? )?(?:(?:machine learning|ml|ai|artificial intelligence) (?:engineer|developer|specialist)|mle)(s?)\b",
    re.I,
)
"""The occupation of the shipped knowledge; another one takes its place."""
LEAST = 24
"""Labels with fewer questions are left out."""
_FOLLOWS = "in on at for to of from with is are and or if when please do will was by that so".split()  # noqa: SIM905
NOUN = re.compile(
    rf"\b(?:my|the|a|an|our|your|this) ((?:[a-z]+ )?[a-z]+)(?= (?:{'|'.join(_FOLLOWS)})\b|\??$)", re.I
)
NO_NOUN = re.compile(
    "|".join([r"\w*(?:ed|ing|ly|est)", *_FOLLOWS, *"be up out off now then like there way lot it".split()])  # noqa: SIM905
)


@dataclass(frozen=True)
class Bank:
    """What was mined: by label, the questions to vary, those kept back, the words it is about, its other
    nouns."""

    questions: dict[str, list[str]]
    held: dict[str, list[str]]
    typical: dict[str, set[str]]
    nouns: dict[str, list[str]]
    things: list[str]
    roles: list[str]
    shipped: set[str]
    """The labels of the shipped knowledge; they are asked of roles instead of things."""
    openings: dict[str, list[str]]
    """First word of a question: what it may be opened with."""


@dataclass(frozen=True)
class Made:
    """An entry: an aspect of a thing."""

    label: str
    thing: str
    phrasings: list[str]
    answer: str

    @property
    def name(self) -> str:
        """Its id in the pack."""
        return slug(f"{self.label.rpartition('/')[2]} {self.thing}")


def slug(text: str) -> str:
    """Words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def read_questions(knowledge: Knowledge, file: Path | None) -> dict[str, list[str]]:
    """Questions by label: the shipped knowledge's, and those of a file. What names a place is left out:
    places are made alike."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in knowledge.entries:
        for text in entry.questions:
            found[entry.id].setdefault(alike(text), text)
    for line in file.read_text(encoding="utf-8").splitlines() if file else ():
        row = json.loads(line)
        if not row["oos"]:
            found[row["label"]].setdefault(alike(row["query"]), row["query"])
    usable = {
        label: [text for text in texts.values() if gazetteer().alike(text) == text]
        for label, texts in found.items()
    }
    return {label: texts for label, texts in usable.items() if len(texts) >= LEAST}


def alike(text: str) -> str:
    """A text without case, marks and hyphens: two phrasings with the same are the same."""
    return " ".join(simple_words(text))


def mine(file: Path | None, rng: Random) -> Bank:
    """Everything that variations are made of."""
    knowledge = load_knowledge([shipped("knowledge")])
    found = read_questions(knowledge, file)
    words = {
        label: Counter(word for text in texts for word in set(simple_words(text)))
        for label, texts in found.items()
    }
    overall = Counter(word for counts in words.values() for word in counts.elements())
    total = sum(map(len, found.values()))
    typical = {
        label: {
            word for word, n in counts.items() if n / len(found[label]) >= max(0.1, 4 * overall[word] / total)
        }
        for label, counts in words.items()
    }
    nouns = {
        label: [m[1].lower() for text in texts for m in NOUN.finditer(text)] for label, texts in found.items()
    }
    nouns = {
        label: [noun for noun in listed if not typical[label] & set(noun.split())]
        for label, listed in nouns.items()
    }
    mixed = {label: rng.sample(texts, len(texts)) for label, texts in found.items()}
    kept = {label: max(6, round(HELD * len(texts))) for label, texts in mixed.items()}
    return Bank(
        questions={label: texts[kept[label] :] for label, texts in mixed.items()},
        held={label: texts[: kept[label]] for label, texts in mixed.items()},
        typical=typical,
        nouns={label: sorted(set(filter(is_noun, listed))) for label, listed in nouns.items()},
        things=find_things(nouns),
        roles=list(knowledge.language.occupations),
        shipped=set(knowledge.by_id),
        openings=find_openings([text for texts in found.values() for text in texts]),
    )


def is_noun(phrase: str) -> bool:
    """Whether every word of a phrase that stood like a noun may be one that means something."""
    return all(
        len(word) > 2 and english().get(word, 0) >= COMMON_RANK and not NO_NOUN.fullmatch(word)
        for word in phrase.split()
    )


def find_things(nouns: dict[str, list[str]]) -> list[str]:
    """Nouns of several labels, commonest first; the last word of two must stand alone elsewhere."""
    labels: dict[str, set[str]] = defaultdict(set)
    for label, listed in nouns.items():
        for noun in listed:
            labels[noun].add(label)
    common = [
        noun
        for noun, seen in labels.items()
        if is_noun(noun) and len(seen) > 1 and noun.split()[-1] in labels
    ]
    return sorted(common, key=lambda noun: (-len(labels[noun]), noun))


def find_openings(texts: Sequence[str]) -> dict[str, list[str]]:
    """Openings by the word that they may stand before: what, with another question after it, is itself a
    question."""
    known = {alike(text) for text in texts}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for text in known:
        words = text.split()
        for n in range(2, min(6, len(words) - 2)):
            if " ".join(words[n:]) in known:
                found[words[n]][" ".join(words[:n])] += 1
    return {first: [opening for opening, n in counts.items() if n > 1] for first, counts in found.items()}


def vary(bank: Bank, label: str, thing: str, text: str, rng: Random) -> str:
    """One question of a label, asked about a thing in other words."""
    mark = "?" if text.endswith("?") else ""
    text = text.rstrip("?!. ")
    slots = [m.span(1) for m in NOUN.finditer(text) if not bank.typical[label] & set(m[1].lower().split())]
    place, word = find_place(bank, label, thing, text, slots if rng.random() < IN_PLACE else [], rng)
    others = [slot for slot in slots if not place or slot[1] <= place[0] or slot[0] >= place[1]]
    changes = [(place, word)] if place else []
    if others and bank.nouns[label] and rng.random() < SWAPPED:
        changes.append((rng.choice(others), rng.choice(bank.nouns[label])))
    for (start, end), new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    first = text.partition(" ")[0].lower()
    if bank.openings.get(first) and rng.random() < OPENED:
        text = f"{rng.choice(bank.openings[first])} {text}"
    if place:
        return text + mark
    before, after = (BEFORE_ROLE, AFTER_ROLE) if label in bank.shipped else (BEFORE, AFTER)
    if rng.random() < 0.25:
        return f"{rng.choice(before).format(thing, a=article(thing))}, {text}{mark}"
    return f"{text} {rng.choice(after).format(thing, a=article(thing))}{mark}"


def find_place(
    bank: Bank, label: str, thing: str, text: str, slots: list[tuple[int, int]], rng: Random
) -> tuple[tuple[int, int] | None, str]:
    """Where a thing may stand in a question, and how it is written there."""
    if label in bank.shipped:
        role = ROLE.search(text)
        return (role.span(), f"{thing}s" if role[1] else f"{article(thing)} {thing}") if role else (None, "")
    place = rng.choice(slots) if slots else None
    if place and not bank.typical[label] & set(simple_words(text[: place[0]] + text[place[1] :])):
        return None, ""  # nothing of what the label is about would be left
    return place, thing


def article(word: str) -> str:
    """a or an."""
    return "an" if word[0] in "aeiou" else "a"


def pairs(bank: Bank) -> list[tuple[str, str]]:
    """Every label with every thing: of each label in turn some things, then of each some more, so that a
    small folder is as dense as a large one."""
    labels = sorted(bank.questions)
    Random(SEED).shuffle(labels)  # noqa: S311
    listed = []
    for n, label in enumerate(labels):
        things = [
            thing
            for thing in (bank.roles if label in bank.shipped else bank.things)
            if not bank.typical[label] & set(thing.split())
        ]
        Random(f"{SEED} {label}").shuffle(things)  # noqa: S311
        listed += [(place // DENSITY, n, label, thing) for place, thing in enumerate(things)]
    return [(label, thing) for _, _, label, thing in sorted(listed)]


def make(bank: Bank, size: int) -> tuple[list[Made], set[str]]:
    """Entries with so many phrasings in all, and the phrasings normalised; fewer where there are not so many
    things."""
    out: list[Made] = []
    seen: set[str] = set()
    for label, thing in pairs(bank):
        left = size - len(seen)
        if left <= 0:
            break
        rng = Random(f"{SEED} {label} {thing}")  # noqa: S311
        wanted = rng.randint(*SIZES)
        wanted = left if left - wanted < SIZES[0] else wanted
        mixed = rng.sample(bank.questions[label], len(bank.questions[label]))
        varied = (vary(bank, label, thing, text, rng) for text in chain.from_iterable(repeat(mixed, 5)))
        out.append(Made(label, thing, list(distinct(varied, seen, wanted)), answer(bank, label, thing, rng)))
    return out, seen


def distinct(texts: Iterable[str], seen: set[str], wanted: int) -> Iterator[str]:
    """The first so many texts that are like none before."""
    for text in texts:
        if wanted and (key := alike(text)) not in seen:
            seen.add(key)
            wanted -= 1
            yield text
        if not wanted:
            return


def answer(bank: Bank, label: str, thing: str, rng: Random) -> str:
    """Some 35 words in the label's own nouns."""
    nouns = bank.nouns[label] if len(bank.nouns[label]) >= 6 else bank.things
    a, b, c, d, e, f = rng.sample(nouns, 6)
    about = re.sub(r"[_-]", " ", label.rpartition("/")[2])
    return (
        f"On {about}, for the {thing}: it goes by the {a} and the {b}, in most cases by the {c} as well. "
        f"Where the {d} matters, so does the {e}. The {f} has no part in it."
    )


def tests(bank: Bank, made: Sequence[Made], seen: set[str], wanted: int) -> list[dict[str, str]]:
    """Questions that no phrasing is like, from those kept back, of entries taken at random."""
    rng, slips = Random(f"{SEED} tests"), np.random.default_rng(SEED)  # noqa: S311
    asked = set(seen)
    out = []
    while len(out) < wanted:
        entry = rng.choice(made)
        text = next(
            distinct(
                (
                    vary(bank, entry.label, entry.thing, rng.choice(bank.held[entry.label]), rng)
                    for _ in range(20)
                ),
                asked,
                1,
            ),
            None,
        )
        if text is None:
            continue
        wrong = next(
            (slip for slip in (misspell(text, slips) for _ in range(20)) if alike(slip) != alike(text)), None
        )
        if wrong:
            out.append({"question": text, "misspelt": wrong, "expected": f"{PACK}/{entry.name}"})
    return out


def write(folder: Path, made: Sequence[Made]) -> None:
    """A knowledge folder of one pack, a file a label; JSON's text is YAML's, and much quicker to write."""
    pack = folder / PACK
    pack.mkdir(parents=True, exist_ok=True)
    source = {
        "id": "public",
        "title": "Public questions",
        "publisher": "Their authors",
        "published": "undated",
    }
    (folder / "sources.yaml").write_text(json.dumps({"sources": [source]}) + "\n", encoding="utf-8")
    about = {"id": PACK, "title": "Grown", "about": "many things"}
    (pack / "pack.yaml").write_text(json.dumps(about) + "\n", encoding="utf-8")
    topics: dict[str, list[Made]] = defaultdict(list)
    for entry in made:
        topics[entry.label].append(entry)
    for label, entries in topics.items():
        text = "".join(map(entry_yaml, entries))
        (pack / f"{slug(label)}.yaml").write_text(
            f"topic: {slug(label)}\ntitle: {quoted(label)}\nentries:\n{text}", encoding="utf-8"
        )


def entry_yaml(entry: Made) -> str:
    """One entry of a topic file."""
    question, *phrasings = entry.phrasings
    listed = "".join(f"      - {quoted(text)}\n" for text in phrasings)
    return (
        f"  - id: {entry.name}\n    question: {quoted(question)}\n    answer: {quoted(entry.answer)}\n"
        f"    citations:\n      - {{source: public, section: {quoted(entry.label)}}}\n    phrasings:\n{listed}"
    )


def quoted(text: str) -> str:
    """Text in double quotes, alike in JSON and YAML."""
    return json.dumps(text, ensure_ascii=False)


def make_folder(folder: Path, size: int, questions: Path | None, wanted: int) -> dict[str, int]:
    """Write ``knowledge`` and ``tests.jsonl`` into a folder; how many entries and phrasings there are."""
    bank = mine(questions, Random(SEED))  # noqa: S311
    made, seen = make(bank, size)
    if len(seen) < size:
        raise SystemExit(
            f"only {len(seen):,} phrasings can be made of these questions; give more with --questions"
        )
    write(folder / "knowledge", made)
    rows = tests(bank, made, seen, wanted)
    (folder / "tests.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    return {"entries": len(made), "phrasings": len(seen), "labels": len({entry.label for entry in made})}


def clustering(texts: Sequence[str], names: Sequence[str]) -> dict[str, float]:
    """How vectors lie: cosines within an entry and to the nearest phrasing of the same and of another one;
    how often the nearest is of the same."""
    from chatbot.encoders.compiled import CompiledEncoder
    from chatbot.paths import cache_dir

    vectors, ids = CompiledEncoder(cache=cache_dir()).encode(texts), np.unique(names, return_inverse=True)[1]
    within, own, other = [], [], []
    for i in np.random.default_rng(0).permutation(len(texts))[:500]:
        cosines, same = vectors @ vectors[i], ids == ids[i]
        same[i], cosines[i] = False, -1
        if same.any():
            within.append(cosines[same].mean())
            own.append(cosines[same].max())
            other.append(cosines[ids != ids[i]].max())
    medians = {"within": np.median(within), "nearest_own": np.median(own), "nearest_other": np.median(other)}
    return {
        **{name: round(float(value), 3) for name, value in medians.items()},
        "own_first": round(float(np.mean(np.array(own) > other)), 3),
    }


def compare(folder: Path) -> None:
    """Print the clustering of a folder and of the shipped knowledge."""
    for name, where in (("made", folder), ("shipped", shipped("knowledge"))):
        listed = [(text, entry.id) for entry in load_knowledge([where]).entries for text in entry.questions]
        print(f"{name:8s}", clustering([text for text, _ in listed], [entry for _, entry in listed]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=10_000, help="phrasings (default %(default)s)")
    parser.add_argument("--questions", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--tests", type=int, default=300, help="questions to test with (default %(default)s)")
    parser.add_argument(
        "--compare", action="store_true", help="encode, and compare with the shipped knowledge"
    )
    options = parser.parse_args()
    print(json.dumps(make_folder(options.folder, options.size, options.questions, options.tests)))
    if options.compare:
        compare(options.folder / "knowledge")


if __name__ == "__main__":
    main()
