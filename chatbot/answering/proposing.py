"""Stage 4: from a ranking to proposals, and from the one that leads to what it tells."""

from __future__ import annotations

from msgspec import structs

from chatbot.answering.lookups import completed, official, stand_in, telling
from chatbot.answering.tables import answer_from
from chatbot.engine import Engine
from chatbot.flow import Attempt, By, Fallback, Proposal, Told
from chatbot.knowledge.model import Entry
from chatbot.library import Library


def proposals(library: Library, attempt: Attempt) -> tuple[Proposal, ...]:
    """What the ranking proposes: every entry and every intent, best first."""
    out = []
    for scored in attempt.ranked.labels:
        entry, intent = library.knowledge.by_id.get(scored.label), library.intents.get(scored.label)
        out.append(
            Proposal(by(entry) if entry else By.INTENT, scored.label, scored.score, scored, entry, intent)
        )
    return tuple(out)


def by(entry: Entry) -> By:
    """The answerer of an entry."""
    return By.LOOKUP if entry.lookup else By.TABLE if entry.table else By.ENTRY


def further(engine: Engine, attempt: Attempt) -> tuple[Proposal, ...]:
    """What the answerers propose that are asked where the ranking does not suffice."""
    from chatbot.answering.nearest import nearest  # most questions need no guess

    out = []
    if attempt.fallback is Fallback.STAND_INS and (standing := stand_in(engine, attempt.reading)):
        out.append(completed(engine, attempt.reading, standing))
    elif titles := nearest(engine, attempt.reading, described=attempt.fallback is Fallback.DESCRIBED):
        out.append(titles)
    return tuple(out)


def complete(library: Library, attempt: Attempt, lead: Proposal) -> Proposal:
    """The proposal that leads, with its query, or with what it tells."""
    if lead.told or lead.entry is None:
        return lead
    if lead.entry.lookup:
        return completed(library, attempt.reading, lead, attempt.keep)
    if lead.entry.table:
        return _row(library, attempt, lead, lead.entry)
    return structs.replace(lead, told=_text(library, lead.entry))


def tell(library: Library, lead: Proposal) -> Proposal:
    """A completed proposal with what it tells."""
    return lead if lead.told or lead.query is None else structs.replace(lead, told=telling(library, lead))


def with_beside(library: Library, lead: Proposal, beside: Proposal) -> Proposal:
    """The same with what another proposal tells behind it."""
    assert lead.told
    more = telling(library, beside)
    if not more.text:
        return lead
    told = structs.replace(
        lead.told,
        text=f"{lead.told.text} {more.text}",
        citations=(*lead.told.citations, *more.citations),
        figures=(*lead.told.figures, *more.figures),
    )
    return structs.replace(lead, told=told)


def _text(library: Library, entry: Entry) -> Told:
    """An entry's answer, and what those say that disagree with it."""
    text, citations = entry.answer, entry.citations
    ids: tuple[str, ...] = (entry.id,)
    for other_id in entry.disagrees_with:
        other = library.knowledge.by_id[other_id]
        text += f" {other.brief or other.answer}"
        citations += tuple(citation for citation in other.citations if citation not in citations)
        ids += (other_id,)
    return Told(text, citations, entry_ids=ids)


def _row(library: Library, attempt: Attempt, lead: Proposal, entry: Entry) -> Proposal:
    """The rows of a table, or of another one of its measure, that the facets ask for, and the official figure
    beside them."""
    told = answer_from(entry, library.tables, attempt.reading.facets, library.knowledge.by_id)
    if told.missing:
        return structs.replace(lead, told=Told(missing=told.missing))
    beside = official(library, attempt.reading, told.entry)
    return structs.replace(
        lead, told=Told(told.text, told.citations, entry_ids=told.entry_ids), beside=beside
    )
