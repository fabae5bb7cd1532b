"""Words that ask for what a data set does not hold."""

from __future__ import annotations

from typing import ClassVar

from chatbot.datasets.query import free_words
from chatbot.flow import Objection, Proposal
from chatbot.intents.model import INTENT
from chatbot.rules.asked import QUERIES, asked_of
from chatbot.rules.base import Rule
from chatbot.scene import Scene


class BeyondTheData(Rule):
    """What a data set does not hold is told by the intent that the data set names for its words."""

    id: ClassVar = "figures/beyond"
    applies_to: ClassVar = QUERIES

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        asked = asked_of(proposal, scene)
        if asked is None or scene.library.data is None:
            return None
        lexicon = scene.library.data.beyond_words(asked.dataset)
        name = next((match.value for match in lexicon.find(free_words(scene.reading))), None)
        return self.decline("", intent=name) if name and f"{INTENT}{name}" in scene.library.intents else None
