"""What a reply is about: the career, the occupation or the topic, and how it came to be the subject."""

from __future__ import annotations

import difflib

from chatbot.errors import CareerError, ChatbotError
from chatbot.flow import Code, Decision
from chatbot.language.normalise import printable, simple_words
from chatbot.language.reading import Reading
from chatbot.library import Library
from chatbot.reply import Subject

CAREER, OCCUPATION, TOPIC = "career", "occupation", "topic"


MOST = 5
"""So many candidates are named where a career is not clear."""
LONGEST = 60
"""Characters of a name that a message repeats."""


def chosen(library: Library, name: str) -> Subject:
    """The career or occupation that a name stands for: a pack's id, title or role, or an occupation's title or code.

    Raises ``CareerError``, with candidates, for a name that stands for none, or for several.
    """
    if not isinstance(name, str):
        raise ChatbotError(f"a career must be a name, not {type(name).__name__}")
    wanted = printable(" ".join(name.split()))
    for pack in library.careers.values():
        if wanted.lower() in {text.lower() for text in (pack.id, pack.title, *pack.role)}:
            return Subject(CAREER, pack.id, pack.title, "chosen")
    codes = _codes(library, wanted)
    if len(codes) == 1 and library.data:
        return Subject(OCCUPATION, codes[0], library.data.title(codes[0]), "chosen")
    named = [library.data.title(code) for code in codes] if library.data else []
    near = tuple(dict.fromkeys(named or _near(library, wanted)))[:MOST]
    hint = f"; {'it may be' if named else 'the nearest are'}: {'; '.join(near)}" if near else ""
    message = f"{'several careers are' if named else 'no career is'} called {_shortened(wanted)!r}{hint}"
    raise CareerError(message, near, bool(named))


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _codes(library: Library, name: str) -> tuple[str, ...]:
    """The codes that a title, or a code, may mean; a group that leads its kinds is no career."""
    data = library.data
    if data is None:
        return ()
    if any(dataset.row_title(name) for dataset in data.datasets):
        return (name,)
    words = simple_words(name)
    whole = [one for one in data.titles.find(words) if one.start == 0 and one.end == len(words)]
    codes = tuple(whole[0].codes) if whole else ()
    return tuple(code for code in codes if any(code in one.finest for one in data.datasets)) or codes


def _near(library: Library, name: str) -> list[str]:
    """Names of careers that are spelt alike."""
    known = [pack.title for pack in library.careers.values()]
    known += [title for title, _ in library.data.meant] if library.data else []
    return difflib.get_close_matches(name, known, MOST)


def subject_of(library: Library, decision: Decision, in_force: Subject | None = None) -> Subject | None:
    """The subject of a reply: what its answer is about, else what the question names, else what is in force.

    None where nothing is: a reply about places, small talk, a question back that has to settle it first.
    """
    lead = decision.proposal
    told = lead if decision.answers else None
    if told and told.query and (target := told.query.targets[:1]):
        return _occupation(library, target[0].code, decision, in_force)
    if told and told.entry and told.entry.pack in library.careers:
        return _of_entry(library, decision, in_force)
    return named(library, decision)


def named(library: Library, decision: Decision) -> Subject | None:
    """The one career or occupation that a question names."""
    return named_in(library, decision.attempt.reading)


def named_in(library: Library, reading: Reading) -> Subject | None:
    """The same of a reading."""
    facets = reading.facets
    if len(facets.careers) == 1 and not facets.occupations:
        return Subject(CAREER, facets.careers[0], library.careers[facets.careers[0]].title)
    codes = {code for one in facets.occupations for code in one.codes}
    if len(codes) == 1 and not facets.careers and library.data:
        (code,) = codes
        return Subject(OCCUPATION, code, library.data.title(code))
    return None


def _of_entry(library: Library, decision: Decision, in_force: Subject | None) -> Subject:
    lead, facets = decision.proposal, decision.attempt.reading.facets
    assert lead and lead.entry
    entry, pack = lead.entry, library.careers[lead.entry.pack]
    if entry.subject and not facets.own_subjects.isdisjoint(entry.subject) and pack.id not in facets.careers:
        return Subject(TOPIC, entry.id, entry.subject[0])
    if pack.id in facets.careers:
        return Subject(CAREER, pack.id, pack.title)
    if in_force and in_force.id == pack.id:
        return Subject(CAREER, pack.id, pack.title, _how(in_force))
    return Subject(CAREER, pack.id, pack.title, "carried" if library.several_careers else "only")


def _occupation(library: Library, code: str, decision: Decision, in_force: Subject | None) -> Subject:
    assert library.data
    attempt = decision.attempt
    handed_on = all(
        one.end == 0 for one in attempt.reading.facets.occupations
    )  # it stands in no word of the question
    carried = attempt.code is Code.SAME_OCCUPATION or handed_on
    how = _how(in_force) if in_force and in_force.id == code and carried else "named"
    return Subject(OCCUPATION, code, library.data.title(code), how)


def _how(in_force: Subject) -> str:
    """How a subject comes to a further question: what was chosen stays so, all else is carried."""
    return in_force.how if in_force.how == "chosen" else "carried"
