"""What a question's words leave out, or ask beyond what a data set's rows are of: it is never answered with the
figure of what was named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import ClassVar

from chatbot.flow import By, Objection, Proposal
from chatbot.knowledge.expand import join
from chatbot.language.chart import Kind as Chart
from chatbot.language.scopes import Kind, Scope
from chatbot.language.words import either, lists
from chatbot.rules.asked import QUERIES, Asked, asked_of
from chatbot.rules.base import Rule
from chatbot.scene import Scene
from chatbot.signals import OF_TEXTS, not_counted


def _left_out(scene: Scene) -> str:
    """What is to be left out though nothing else of its kind is named, as the rest of "no figures ..."."""
    left, facets = scene.reading.scoped(Kind.LEFT_OUT), scene.facets
    named = facets.occupations or facets.own_role or facets.careers
    names = [] if named else [name for scope in left for name in scope.titles]
    names += [] if _places_left(scene) else [name for scope in left for name in scope.places]
    if names:
        return f"that leave out {join(names)}"
    unread = scene.reading.scoped(Kind.UNREAD)
    return f"for {_quoted(unread)}" if unread else ""


def _still_told(asked: Asked, scene: Scene) -> str:
    """What is to be left out, where a wider name that is left means just that: "nurses other than registered
    nurses"."""
    told, titles = {target.code for target in asked.query.targets}, scene.library.data
    names = [
        name
        for scope in scene.reading.scoped(Kind.LEFT_OUT)
        for name in scope.titles
        if titles and told.intersection(titles.titles.exactly(name))
    ]
    return f"that leave out {join(names)}" if names else ""


def _others(scene: Scene) -> str:
    """Who only has to do with an occupation, where no other is named."""
    others = scene.reading.scoped(Kind.OTHERS)
    return f"for {_quoted(others)}" if others and not scene.facets.occupations else ""


def _beside(scene: Scene) -> str:
    """Which places are only described by another, where none is named."""
    elsewhere = scene.reading.scoped(Kind.ELSEWHERE)
    beside = elsewhere or ([] if _places_left(scene) else scene.reading.scoped(Kind.NEAR))
    return f"for {_quoted(beside)}" if beside else ""


def _places_left(scene: Scene) -> bool:
    """Whether another place is named than the whole of a country that there are figures of."""
    places, data = scene.reading.of_figures.facets.places, scene.library.data
    whole = data.homes if data else frozenset()
    return bool(places.cities or places.regions or {*places.states, *places.countries} - whole)


def _quoted(scopes: list[Scope]) -> str:
    return join([f"“{scope.text}”" for scope in scopes])


class TextOfTheRest(Rule):
    """What an entry says of something is no answer where just that is named to be left out, or only somebody who has
    to do with it is meant."""

    id: ClassVar = "outside/texts"
    applies_to: ClassVar = frozenset({By.ENTRY, By.TABLE})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        named = scene.facets.occupations or scene.facets.own_role or scene.facets.careers
        left = [name for scope in scene.reading.scoped(Kind.LEFT_OUT) for name in scope.titles]
        if left and not named:
            return self.veto(f"nothing that leaves out {join(left)}")
        because = _others(scene)
        return self.veto(f"nothing {because}") if because else None


class LeftOut(Rule):
    """What is named to be left out is not told in its place, where nothing else of its kind is named; a list is told
    without it."""

    id: ClassVar = "outside/left-out"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None:
            return None
        unread = scene.reading.scoped(Kind.UNREAD)
        if asked.query.without and not unread:
            return None
        because = _left_out(scene) or _still_told(asked, scene)
        return self.decline(f"I have no {asked.noun} {because}.") if because else None


class NotThemselves(Rule):
    """Who only has to do with an occupation is not told its figures."""

    id: ClassVar = "outside/others"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked, because = asked_of(proposal, scene), _others(scene)
        return self.decline(f"I have no {asked.noun} {because}.") if asked and because else None


class Beside(Rule):
    """Places near another, or all but one, are not told the figures of that one or of the whole."""

    id: ClassVar = "outside/beside"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked, because = asked_of(proposal, scene), _beside(scene)
        return self.decline(f"I have no {asked.noun} {because}.") if asked and because else None


class OtherTime(Rule):
    """Another time is not answered with the data set's own period."""

    id: ClassVar = "outside/time"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        times = [
            scope
            for scope in scene.reading.scoped(Kind.TIME)
            if asked is None
            or not (_own_period(asked, scope.text.lower()) or _to_come(asked, scope.text.lower(), scene))
        ]
        if asked is None or not times:
            return None
        if not asked.dataset.period:
            return self.decline(f"I have no {asked.noun} by time, so none for {_quoted(times)}.")
        return self.decline(
            f"I have {asked.noun} for {asked.dataset.period} only, none for {_quoted(times)}."
        )


_NONE_OF = {
    Kind.RATIO: "ratios or shares",
    Kind.SUM: "sums or multiples",
    Kind.LEGAL: "wages set by law",
    Kind.EMPLOYER: "figures by employer",
}


def _share(scope: Scope) -> bool:
    """Whether a share of those of an occupation is meant: "half of", "what share of nurses"."""
    words = scope.text.lower().split()
    return words[0] in lists().quantities.parts or (
        scope.kind is Kind.RATIO and not lists().asked.for_each.intersection(words)
    )


class NoneOfThat(Rule):
    """So many of something for each of an occupation, shares, sums and what a law sets are not told by a number of
    people or a percentile."""

    id: ClassVar = "outside/none-of-that"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        held = scene.reading.scoped(*_NONE_OF)
        if asked and asked.query.amount:  # "what share of nurses make over 100k": that is told in words
            held = [scope for scope in held if not _share(scope)]
        if asked is None or not held or not (asked.measure.money or asked.measure.counts):
            return None
        return self.decline(f"I have no {_NONE_OF[held[0].kind]}, so none for {_quoted(held)}.")


class NotThoseEmployed(Rule):
    """A number of people employed is not told where something else of them is counted: how many died, or the
    e-mails that they get."""

    id: ClassVar = "outside/not-employed"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or not asked.measure.counts or asked.query.operation == "rank":
            return None
        if "count" not in asked.dataset.words:  # not those at work, but openings or the like
            return None
        left = not_counted(scene.library, asked.entry, scene.reading, counting=True)
        if not left:
            return None
        named = join([f"“{text}”" for text in left])
        return self.decline(f"I have the {asked.measure.name} only, nothing on {named}.")


class ByWhatElse(Rule):
    """A list in order is not told where it would have to be picked by what another data set tells, such as schooling."""

    id: ClassVar = "outside/picked-by"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or asked.query.operation != "rank":
            return None
        chart = scene.reading.chart
        said = [
            f"“{' '.join(chart.words[span.start : span.end])}”"
            for span in chart.spans
            if span.kind is Chart.FIGURE
            and OF_TEXTS & set(span.names)
            and not _is_group(scene, chart.words[span.start : span.end])
        ]
        return self.decline(f"I can't pick what stands in a list by {join(said)}.") if said else None


class SomeOfThem(Rule):
    """A list of all occupations is not told where a word beside "jobs" picks some of them, and no group is named so:
    "blue collar jobs", "jobs for felons"."""

    id: ClassVar = "outside/some-of-them"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or asked.query.operation != "rank" or asked.query.targets or asked.query.group:
            return None
        if asked.lookup.needs_occupation:
            return None
        left = not_counted(scene.library, asked.entry, scene.reading)
        picking = [f"“{text}”" for text in left if _picks(scene.reading.typed, text)]
        return self.decline(f"I can't pick what stands in a list by {join(picking)}.") if picking else None


def _picks(text: str, word: str) -> bool:
    """Whether some words stand before "jobs", or behind it as what they are, or whom they are for."""
    nouns, links = either(lists().asked.job_nouns), either(lists().asked.job_links)
    said = re.escape(word)
    beside = rf"\b{said}[\s-]+{nouns}\b|\b{nouns}\s+{links}\s+(?:\w+\s+){{0,2}}{said}\b"
    return bool(re.search(beside, text, re.I))


def _is_group(scene: Scene, words: Sequence[str]) -> bool:
    """Whether words name a group of occupations: education."""
    return scene.library.data is not None and bool(scene.library.data.groups.find(list(words)))


class PlaceInOrder(Rule):
    """One place in an order is not answered with the top or the bottom of it."""

    id: ClassVar = "outside/rank"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        ranks = scene.reading.scoped(Kind.RANK)
        asked = asked_of(proposal, scene)
        if asked is None or not ranks or (asked.query.operation == "rank" and asked.query.position):
            return None
        return self.decline(f"I have lists from the top and from the bottom, not {_quoted(ranks)}.")


def _to_come(asked: Asked, text: str, scene: Scene) -> bool:
    """Whether a time to come is named, and the data set is a projection that reaches beyond today."""
    if not asked.dataset.covers(str(scene.today.year + 1)):
        return False
    said, words = lists().asked, text.split()
    return bool(_ahead().search(text)) or (words[0] in said.to_come_begins and words[-1] in said.to_come_ends)


@cache
def _ahead() -> re.Pattern[str]:
    return re.compile(rf"\b{either(lists().asked.to_come)}\b")


def _own_period(asked: Asked, text: str) -> bool:
    """Whether a time named is the data set's own."""
    period = asked.dataset.period.lower()
    return bool(period) and text.removeprefix("in ").removeprefix("of ") in {period, *period.split()[-1:]}
