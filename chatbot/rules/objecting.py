"""Stage 5 at work: which proposals are dropped and why, how sure the best one must be, and what is against
the one that leads."""

from __future__ import annotations

import datetime

from chatbot.answering.proposing import tell, with_beside
from chatbot.flow import Attempt, By, Force, Objection, Proposal
from chatbot.library import Library
from chatbot.reply import Subject
from chatbot.rules import NOTES, QUERY, SCOPE, SUBJECT, SURENESS, first, objections
from chatbot.scene import Scene
from chatbot.signals import speaks_of_figures


def object_to_ranked(
    library: Library, attempt: Attempt, today: datetime.date, subject: Subject | None = None
) -> None:
    """What is against each proposal of the ranking, and how sure the best of those left must be."""
    scene = Scene(library, attempt.reading, today, subject)
    kept: list[Proposal] = []
    vetoes: list[str] = []
    entries = [proposal for proposal in attempt.proposals if proposal.by is not By.INTENT]
    for proposal in entries:
        objection = first(SCOPE, proposal, scene)
        if objection is None:
            kept.append(proposal)
            continue
        attempt.objections[proposal.key] = (objection,)
        if not kept and not objection.quiet:
            vetoes.append(objection.because)
    kept = _of_the_state(library, attempt, kept)
    least = library.policy.entries.runner_up_kept * (entries[0].score if entries else 0.0)
    if vetoes and (not kept or kept[0].score < least):
        kept = []  # the next one would not stand in for what was dropped
    attempt.kept, attempt.vetoes = tuple(kept), tuple(vetoes)
    for i, proposal in enumerate(kept):
        against = (None if i else first(SURENESS, proposal, scene), first(SUBJECT, proposal, scene))
        attempt.objections[proposal.key] = tuple(objection for objection in against if objection)


def object_to(library: Library, attempt: Attempt, proposal: Proposal, today: datetime.date) -> Proposal:
    """The proposal with what it tells, where nothing is against its query; what is against it, and has to be
    said beside it, is kept."""
    scene = Scene(library, attempt.reading.of_figures, today)
    against: list[Objection] = []
    if objection := first(QUERY, proposal, scene):
        against = [objection]
    else:
        proposal = tell(library, proposal)
        if proposal.told and proposal.told.text:
            against = list(objections(NOTES, proposal, scene))
            if proposal.beside and not _declined(proposal.beside, scene):
                proposal = with_beside(library, proposal, proposal.beside)
    attempt.objections[proposal.key] = tuple(against)
    return proposal


def _declined(proposal: Proposal, scene: Scene) -> bool:
    """Whether a query can't be answered as it is asked."""
    return any(one.force is Force.DECLINE and not one.intent for one in objections(QUERY, proposal, scene))


def _of_the_state(library: Library, attempt: Attempt, kept: list[Proposal]) -> list[Proposal]:
    """Without entries about one occupation, where figures of a state that name no occupation are asked for,
    and some are near."""
    facets = attempt.reading.facets
    named = facets.own_role or facets.occupations
    if (
        library.data is None
        or not facets.places.states
        or named
        or not speaks_of_figures(library, attempt.reading)
    ):
        return kept
    figures = [proposal for proposal in kept if proposal.entry and proposal.entry.pack in library.data_packs]
    near = figures and figures[0].score >= library.policy.entries.runner_up_kept * kept[0].score
    return figures if near else kept
