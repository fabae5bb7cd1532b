"""What has to be said beside an answer."""

from __future__ import annotations

from typing import ClassVar

from chatbot.answering.compose import OLD, is_old
from chatbot.datasets.where import LOOSE
from chatbot.flow import By, Objection, Proposal
from chatbot.knowledge.expand import join
from chatbot.language.normalise import simple_words
from chatbot.language.scopes import Kind
from chatbot.language.words import lists
from chatbot.rules.asked import asked_of
from chatbot.rules.base import Rule
from chatbot.scene import Scene
from chatbot.signals import not_counted


class OtherUnit(Rule):
    """A figure wanted by another unit of time (the month, the shift) is told by those that there are, and the
    answer says so."""

    id: ClassVar = "notes/unit"
    applies_to: ClassVar = frozenset({By.LOOKUP, By.STAND_IN})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        said = scene.reading.scoped(Kind.UNIT)
        if asked is None or asked.measure.kind != "number":
            return None
        if not said and "month" not in asked.query.words:
            return None
        usual = asked.dataset.usual
        units = [unit.by for unit in asked.measure.units if unit.by] or (
            [unit.by for unit in usual.measure.units if unit.by] if usual else []
        )
        wanted = f", not “{said[0].text}”" if said else ""
        return self.note(f"The figures are published {join(units)} only{wanted}.") if units else None


class PartOfAPlace(Rule):
    """A part of a place is told the whole's figure, and the answer says so."""

    id: ClassVar = "notes/part"
    applies_to: ClassVar = frozenset({By.LOOKUP, By.STAND_IN})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or LOOSE in asked.query.lacking:
            return None
        areas = {town.key for town in scene.facets.places.towns if town.key != town.state}
        parts = [
            f"“{scope.text}”"
            for scope in scene.reading.scoped(Kind.PART)
            if not (
                areas.intersection(asked.query.places)
                and lists().asked.of_areas.intersection(simple_words(scope.text))
            )
        ]
        parts += [city.shown for city in scene.facets.places.cities]
        parts += [
            town.shown
            for town in scene.facets.places.towns
            if town.key not in asked.query.places or town.key == town.state
        ]
        of = join([asked.dataset.shown(place) for place in asked.query.places])
        return (
            self.note(f"I have no {asked.noun} for {join(parts)} alone; this is for {of} as a whole.")
            if parts
            else None
        )


class CountedIn(Rule):
    """A town is told the figure of the area that it is in, and the answer says which, where the area's name does not."""

    id: ClassVar = "notes/counted-in"
    applies_to: ClassVar = frozenset({By.LOOKUP, By.STAND_IN})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or LOOSE in asked.query.lacking:
            return None
        said = [
            f"{town.shown} is counted in {area}."
            for town in scene.facets.places.towns
            if town.key in asked.query.places
            and town.key != town.state
            and town.shown.lower() not in (area := asked.dataset.shown(town.key)).lower()
        ]
        return self.note(" ".join(said)) if said else None


class NotCounted(Rule):
    """What a question says beside all that its figure goes by is named: a word that changes what is asked is never
    passed over in silence."""

    id: ClassVar = "notes/not-counted"
    applies_to: ClassVar = frozenset({By.LOOKUP, By.STAND_IN})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None:
            return None
        left = not_counted(scene.library, asked.entry, scene.reading)
        named = [f"“{text}”" for text in left[: scene.library.policy.lists.named]]
        more = ["more"] if len(left) > len(named) else []
        return self.note(f"I took no account of {join([*named, *more])}.") if left else None


class TitleReadAs(Rule):
    """What a misspelt title was taken for stands before its figure."""

    id: ClassVar = "notes/read-as"
    applies_to: ClassVar = frozenset({By.LOOKUP, By.STAND_IN})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        titles = [title.text.lower().split() for title in scene.facets.occupations]
        taken = [
            (wrong, right)
            for wrong, right in scene.reading.corrections
            if any(right.lower() in title for title in titles)
        ]
        return (
            self.note(" ".join(f"I read “{wrong}” as “{right}”." for wrong, right in taken))
            if taken
            else None
        )


class Old(Rule):
    """An answer past its topic's shelf life says so."""

    id: ClassVar = "notes/old"
    applies_to: ClassVar = frozenset({By.ENTRY, By.TABLE, By.LOOKUP, By.STAND_IN})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        told = proposal.told
        entry = (
            scene.library.knowledge.by_id[told.entry_ids[0]] if told and told.entry_ids else proposal.entry
        )
        return self.note(OLD, after=True) if entry and is_old(entry, scene.today) else None
