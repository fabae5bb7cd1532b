"""From a decision to the text of a reply."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

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
    years = [int(date[:4]) for date in dates if date[:4].isdigit()]
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


def nothing_known(entries: Sequence[Entry], knowledge: Knowledge, because: str = "") -> str:
    """The text of an ``unknown`` reply: claims nothing, gives the reason where there is one, and names the
    nearest topics that are known."""
    topics = list(dict.fromkeys(knowledge.topic_title(entry) for entry in entries))
    if topics:
        return f"I don't know that. The nearest that I have is on: {', '.join(topics).lower()}."
    about = join([pack.about or pack.title for pack in knowledge.packs])
    reason = f": I have {because}" if because else ""
    return f"I don't know that{reason}. I can answer questions about {about}."
