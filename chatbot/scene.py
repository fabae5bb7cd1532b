"""What a rule may look at: the library, the reading of the question, and today's date."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from chatbot.knowledge.mentions import Mentions
    from chatbot.language.facets import Facets
    from chatbot.language.reading import Reading
    from chatbot.library import Library
    from chatbot.reply import Subject


class Scene(Struct, frozen=True):
    """A reading of a question in front of the library."""

    library: Library
    reading: Reading
    today: datetime.date
    subject: Subject | None = None
    """The subject in force: carried by the conversation, or chosen."""

    @property
    def facets(self) -> Facets:
        """The facets of the question."""
        return self.reading.facets

    def mentions(self, entry_id: str) -> Mentions:
        """What an entry speaks of."""
        return self.library.mentions[entry_id]
