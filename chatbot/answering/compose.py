"""From a decision to the text of a reply."""

from __future__ import annotations

import datetime

from chatbot.knowledge.expand import join
from chatbot.knowledge.model import Citation, Entry, Knowledge

OLD = "(This is older than such facts usually keep.)"


def source_name(citation: Citation) -> str:
    """Author or publisher, title and date."""
    who = ", ".join(name for name in (citation.author, citation.publisher) if name) or "publisher not named"
    return f"{who}: {citation.title} ({citation.published})"


def told_by(citation: Citation) -> str:
    """The source's name, and whose figure or statement it passes on."""
    return (
        f"{source_name(citation)}, which passes on {citation.origin}"
        if citation.origin
        else source_name(citation)
    )


def source_line(citation: Citation) -> str:
    """Author or publisher, title, date, section and whom it passes on, in one line of plain text."""
    origin = f"; passes on {citation.origin}" if citation.origin else ""
    return f"{source_name(citation)}, section “{citation.section}”{origin}"


def is_old(entry: Entry, today: datetime.date) -> bool:
    """Whether a dated answer is past its topic's shelf life; undated ones are never called old."""
    dates = [citation.published for citation in entry.citations] if entry.as_of is None else [entry.as_of]
    years = [int(year) for date in dates if (year := date[:4]).isascii() and year.isdigit()]
    return bool(entry.shelf_life_years and years and today.year - max(years) > entry.shelf_life_years)


def fill_intent(template: str, knowledge: Knowledge) -> str:
    """An intent's reply with what is loaded filled in: {about}, {topics}, {sources}, {try_asking}."""
    about = join([pack.about or pack.title for pack in knowledge.packs])
    examples = [knowledge.by_id[i].question for pack in knowledge.packs for i in pack.try_asking]
    return (
        template.replace("{about}", about)
        .replace("{topics}", join(list(knowledge.topics.values())))
        .replace("{sources}", str(len(knowledge.sources)))
        .replace("{try_asking}", " ".join(examples))
    )


def nothing_known(knowledge: Knowledge, because: str = "", scope: bool = True) -> str:
    """The text of an ``unknown`` reply: claims nothing, and gives the reason where there is one.

    ``scope``: says what can be asked, which is said once in a conversation.
    """
    text = f"I don't know that: I have {because}." if because else "I don't know that."
    about = join([pack.about or pack.title for pack in knowledge.packs])
    return f"{text} I can answer questions about {about}." if scope else text
