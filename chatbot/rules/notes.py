"""What has to be said beside an answer."""

from __future__ import annotations

from typing import ClassVar

from chatbot.answering.compose import OLD, is_old
from chatbot.flow import By, Objection, Proposal
from chatbot.knowledge.expand import join
from chatbot.rules.asked import asked_of
from chatbot.rules.base import Rule
from chatbot.scene import Scene


class OtherUnit(Rule):
    """A figure wanted by another unit of time (the month, the week) is told by those that there are, and the
    answer says so."""

    id: ClassVar = "notes/unit"
    applies_to: ClassVar = frozenset({By.LOOKUP, By.STAND_IN})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or "month" not in asked.query.words or asked.measure.kind != "number":
            return None
        usual = asked.dataset.usual
        units = [unit.by for unit in asked.measure.units if unit.by] or (
            [unit.by for unit in usual.measure.units if unit.by] if usual else []
        )
        return self.note(f"The figures are published {join(units)} only.") if units else None


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
