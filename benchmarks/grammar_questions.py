"""Questions with gold by construction, drawn from data/grammars.yaml; grammars.py asks them and says how gold
is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from grammar_figures import NATION, Published
from grammar_gold import Draw, UndrawableError, any_of, gold_of, words_of
from grammar_judging import Gold
from occupation_questions import APART, STATES, article, slip

TRIES = 5_000
SMALL_LETTERS, NO_MARK, OPENED, CLOSED = 0.35, 0.35, 0.2, 0.12
"""How often a question is typed in small letters, without a question mark, with an opener, with a closer."""
LONGEST = 6
"""Words of an official title that may be typed."""


@dataclass(frozen=True)
class Question:
    """What is asked, turn by turn, by which grammar, and what is right for the last turn; ``about`` is the
    grammar's dimension."""

    turns: tuple[str, ...]
    grammar: str
    about: str
    gold: Gold


class Maker:
    """Draws questions; the same for the same seed and files."""

    def __init__(self, data: Mapping[str, Any], published: Published, seed: int) -> None:
        self.data, self.published = data, published
        self.grammars: Mapping[str, Mapping[str, Any]] = data["grammars"]
        self.rng = Random(seed)  # noqa: S311 — no secrets are made
        self._titles = sorted(published.everyday)
        self._officials = sorted(published.detailed)
        self._known = words_of(" ".join(published.names))

    def questions(self, count: int, names: Sequence[str] = ()) -> Iterator[Question]:
        """So many questions, dealt in turns to the grammars (those named, or all), one of each before some
        are dealt more by their weight."""
        dealt = list(names or self.grammars)
        dealt += [name for name in dealt for _ in range(int(self.grammars[name].get("weight", 1)) - 1)]
        return (self.question(dealt[i % len(dealt)]) for i in range(count))

    def question(self, name: str) -> Question:
        """A question of a grammar.

        Errors: LookupError where nothing that gold is certain for was drawn in ``TRIES`` draws.
        """
        for _ in range(TRIES):
            try:
                return self.drawn(name)
            except UndrawableError:
                continue
        raise LookupError(f"grammars.yaml: {name}: no question in {TRIES} draws")

    def drawn(self, name: str) -> Question:
        """One draw.

        Errors: UndrawableError.
        """
        grammar = self.grammars[name]
        asked = self.data["asks"][self.rng.choice(grammar["asks"])] if "asks" in grammar else grammar
        put = self.rng.choice(grammar["puts"]) if "puts" in grammar else ""
        draw = self.draw(grammar)
        frames = [
            frame for frame in grammar.get("says") or asked["frames"] if fits(frame, put, draw, grammar)
        ]
        if not frames:
            raise UndrawableError("no frame")
        gold = gold_of(grammar, draw, asked.get("columns", []), self.published)
        frame, slots = self.rng.choice(frames), self.slots(draw, put, grammar)
        turns = [turn.format(**slots) for turn in ([frame] if isinstance(frame, str) else frame)]
        turns[0] = self.placed(turns[0], draw.word, put)
        return Question(self.typed(turns, grammar), name, grammar["about"], gold)

    def draw(self, grammar: Mapping[str, Any]) -> Draw:
        """Two occupations that share no word, two places, and a word that no title has."""
        word = self.word(grammar)
        place = word.get("in") or self.place(grammar)
        second = self.rng.choice([code for code in STATES if code != place])
        title, code = self.title(grammar)
        other = self.rng.choice(self._titles)
        other_code = self.published.everyday[other]
        named = words_of(f"{title} {self.published.titles[code]}")
        if other_code == code or named & words_of(f"{other} {self.published.titles[other_code]}"):
            raise UndrawableError("two occupations that share a word")
        said = str(word.get("say", "")).replace("{S}", the(place))
        content = words_of(said)
        if content & named or f"{said} {title}".casefold() in self.published.names:
            raise UndrawableError("a word that a title has")
        tell = word.get("tell") or any_of(content - words_of(the(place)))
        return Draw(
            title, code, other, other_code, place, second, said, word.get("other", ""), tell, word.get("n", 0)
        )

    def word(self, grammar: Mapping[str, Any]) -> dict[str, Any]:
        """A word of the grammar's, as a mapping; a city's with the state that it is ``in``."""
        listed = grammar.get("words", [""])
        listed = self.data["words"][listed] if isinstance(listed, str) else listed
        if isinstance(listed, dict):
            state = self.rng.choice(sorted(listed))
            return {"say": self.rng.choice(listed[state]), "in": state}
        word = self.rng.choice(listed)
        return dict(word) if isinstance(word, dict) else {"say": word}

    def place(self, grammar: Mapping[str, Any]) -> str:
        """A place of one of the grammar's kinds, a state three times as often as another kind."""
        kinds = grammar.get("places", ["state"])
        kind = self.rng.choices(kinds, [3 if kind == "state" else 1 for kind in kinds])[0]
        if kind == "nation":
            return NATION
        listed = {"safe_code": self.data["safe_codes"], "apart": [*APART]}.get(kind, [*STATES])
        return str(self.rng.choice(listed))

    def title(self, grammar: Mapping[str, Any]) -> tuple[str, str]:
        """A title as it is typed, and its code."""
        kind = grammar.get("titles", "everyday")
        if kind == "initials":
            title = self.rng.choice(sorted(self.data["initials"]))
            return title, self.data["initials"][title]
        if kind == "official":
            code = self.rng.choice(self._officials)
            title = self.published.titles[code]
            if "All Other" in title or len(title.split()) > LONGEST:
                raise UndrawableError("too long to be typed")
            return title, code
        title = self.rng.choice(self._titles)
        code = self.published.everyday[title]
        if kind == "misspelt":
            title = self.slipped(title, self._known)
            if " " not in title:
                raise UndrawableError("one word")
        return title, code

    def slipped(self, name: str, known: set[str]) -> str:
        """A name with a slip of the finger that makes no other known word."""
        wrong = slip(name, self.rng)
        changed = words_of(wrong) - words_of(name)
        if not changed or changed & known:
            raise UndrawableError("no slip")
        return wrong

    def slots(self, draw: Draw, put: str, grammar: Mapping[str, Any]) -> dict[str, str]:
        """What the frames are filled with."""
        before = (draw.word if draw.word.endswith("-") else f"{draw.word} ") if put == "before" else ""
        behind = f" {draw.word}" if put == "behind" else ""
        many = draw.title if grammar.get("titles") == "official" else plural(draw.title)
        bare, name = bare_name(draw.place), the(draw.place)
        if grammar.get("places") == ["misspelt"]:
            bare = name = self.slipped(bare, words_of(" ".join(STATES.values())))
        inside, at = f" in {name}", self.rng.choice((f" in {name}", f" {bare}", f", {bare}", f" ({bare})"))
        if draw.place == NATION:
            inside, at = (
                self.rng.choice(("", "", " in the US", " in the United States")),
                self.rng.choice(("", " US")),
            )
        if put == "place":
            inside = at = f" {draw.word}"
        elif put == "name":
            inside, at, bare = f" in {draw.word}", f" {draw.word}", draw.word
        elif put == "city":
            inside = at = f" in {draw.word}" + self.rng.choice((f", {bare}", f" {bare}", f", {draw.place}"))
        return {
            "t": before + draw.title + behind, "a": article(before + draw.title) + behind, "ts": before + many + behind,
            "t2": draw.other, "a2": article(draw.other), "ts2": plural(draw.other),
            "in": inside, "at": at, "P": bare, "S": name, "S2": the(draw.second), "code": draw.place, "code_small": draw.place.lower(),
            "w": draw.word, "w2": draw.word2,
        }  # fmt: skip

    def placed(self, text: str, word: str, put: str) -> str:
        """A question with a word at its end, in front, or told before it."""
        if put == "end":
            return re.sub(r"\??$", lambda mark: f" {word}{mark.group()}", text, count=1)
        if put == "front":
            return f"{word}{self.rng.choice((':', ','))} {text}"
        return f"{word} {text[0].upper()}{text[1:]}" if put == "story" else text

    def typed(self, turns: Sequence[str], grammar: Mapping[str, Any]) -> tuple[str, ...]:
        """As it is typed; initials and codes stay large, and turns after the first are left alone."""
        text = turns[0]
        if self.rng.random() < NO_MARK:
            text = text.rstrip("?")
        if len(turns) == 1 and grammar.get("puts") != ["story"]:
            text = self.rng.choice(self.data["openers"]) + text if self.rng.random() < OPENED else text
            text += self.rng.choice(self.data["closers"]) if self.rng.random() < CLOSED else ""
        large = grammar.get("titles") == "initials" or grammar.get("places") == ["safe_code"]
        small = not large and self.rng.random() < SMALL_LETTERS
        return tuple(turn.lower() if small else turn for turn in (text, *turns[1:]))


def fits(frame: str | Sequence[str], put: str, draw: Draw, grammar: Mapping[str, Any]) -> bool:
    """Whether a frame goes with what was drawn: official titles are plural, a phrase of place stands only
    where such a one does, and the nation is no state."""
    slots = set(re.findall(r"\{(\w+)\}", " ".join([frame] if isinstance(frame, str) else frame)))
    if grammar.get("titles") == "official" and slots & {"t", "a"}:
        return False
    if put in {"place", "city"}:
        return "in" in slots
    if put == "name" or grammar.get("places") == ["misspelt"]:
        return bool(slots & {"in", "at", "P"})
    return draw.place != NATION or not slots & {"S", "code"}


def plural(title: str) -> str:
    """An everyday title for more than one."""
    if title.endswith("person"):
        return f"{title[:-6]}people"
    if title.endswith("man") and not title.endswith("human"):
        return f"{title[:-2]}en"
    if re.search(r"[^aeiou]y$", title):
        return f"{title[:-1]}ies"
    return title + ("es" if title.endswith(("s", "x", "ch", "sh")) else "s")


def bare_name(place: str) -> str:
    """A place's name alone; the nation's is "US"."""
    return "US" if place == NATION else STATES.get(place) or APART[place][0]


def the(place: str) -> str:
    """A place's name within a sentence."""
    return ("the " if place in {NATION, "DC", "VI"} else "") + bare_name(place)
