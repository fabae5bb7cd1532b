"""An entry about one thing must not answer a question about another, however alike the words are."""

from __future__ import annotations

from typing import ClassVar

from chatbot.flow import By, Objection, Proposal
from chatbot.knowledge.expand import join
from chatbot.knowledge.mentions import OFTEN
from chatbot.language.places import gazetteer
from chatbot.language.scopes import Kind
from chatbot.language.words import lists
from chatbot.rules.base import Rule
from chatbot.rules.subject import needs_subject
from chatbot.scene import Scene
from chatbot.signals import asks_beyond, asks_other_data, stranger, stray, unheard

_TEXTS = frozenset({By.ENTRY, By.TABLE})
_SIDE = "side"
_SETTLED = ("level", "degree_level", "residency", _SIDE)
"""Facets that a table settles by its own rows."""
_FIGURES = {"pay", "headcount"}
"""What official figures tell."""


class FiguresByEmployer(Rule):
    """Official figures are not broken down by employer."""

    id: ClassVar = "scope/employer"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        lookup = proposal.entry.lookup if proposal.entry else None
        if lookup and scene.facets.get("organisation"):
            return self.veto("nothing by employer" if lookup.kind == "facts" else "no figures by employer")
        return None


class FiguresOfSomethingElse(Rule):
    """A question for a price or a length of time is not answered with pay or a number of people."""

    id: ClassVar = "scope/other-figure"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        lookup = proposal.entry.lookup if proposal.entry else None
        asks = set(scene.facets.get("asks"))
        if not lookup or lookup.kind == "facts" or not asks or asks & _FIGURES:
            return None
        lacking = lists().replies.lacking.get(min(asks))
        return self.veto(lacking) if lacking else None


class FiguresOfOtherData(Rule):
    """A question whose words speak of the figures of one data set is not answered with those of another."""

    id: ClassVar = "scope/other-data"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        entry, data = proposal.entry, scene.library.data
        if entry is None or data is None or entry.lookup is None or entry.lookup.kind == "facts":
            return None
        if asks_other_data(scene.library, scene.reading, data.of(entry)) or asks_beyond(
            scene.library, scene.reading, data.of(entry)
        ):
            return self.veto("other figures are asked for", quiet=True)
        return None


class ListOfPlaces(Rule):
    """A list is of what is asked for: occupations, states, or the cities of a state that is named.

    "Worst paying city for teachers" asks for no list of occupations, and "where in Texas" for none of states.
    """

    id: ClassVar = "scope/list-of-places"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        lookup = proposal.entry.lookup if proposal.entry else None
        data = scene.library.data
        if lookup is None or data is None or lookup.kind != "ranking":
            return None
        finer = bool(scene.library.of_levels & scene.reading.chart.names())
        within = bool(set(scene.reading.of_figures.facets.places.states) - data.homes)
        if lookup.across == "places" and lookup.level:
            return (
                None
                if finer or within
                else self.veto("no place is named in which they would lie", quiet=True)
            )
        if finer or (within and lookup.across == "places"):
            return self.veto("other places are asked for", quiet=True)
        return None


class FieldOfStudy(Rule):
    """A name that stands for what somebody studies is not told what is asked of an occupation, but for figures."""

    id: ClassVar = "scope/study"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        lookup = proposal.entry.lookup if proposal.entry else None
        data = scene.library.data
        if lookup is None or data is None or lookup.entity != data.main.entity.name:
            return None  # fields of study may have data of their own
        if lookup.kind != "facts" or not scene.reading.scoped(Kind.STUDY):
            return None
        return self.veto("nothing on fields of study", quiet=True)


class OtherOccupation(Rule):
    """An entry does not answer for an occupation or field that it never names; where its own career is not what is
    asked about, one way of asking for it that names another is no reason to.
    """

    id: ClassVar = "scope/occupation"
    applies_to: ClassVar = _TEXTS

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        entry = proposal.entry
        about = entry is not None and scene.subject is not None and scene.subject.id == entry.pack
        strange = not about and needs_subject(proposal, scene)
        named = scene.mentions(proposal.label).of(OFTEN if strange else "role")
        other = [subject for subject in scene.facets.subjects if subject not in named]
        if not other:
            return None
        titled = _titles(scene)
        return self.veto(f"nothing on that for {join(titled)}" if titled else f"nothing on {join(other)}")


class OtherCountry(Rule):
    """An entry that is bound to a country, or speaks of some, does not answer for another; a table without
    countries for none."""

    id: ClassVar = "scope/country"
    applies_to: ClassVar = _TEXTS

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        entry, countries = proposal.entry, scene.facets.get("country")
        if entry is None or not countries:
            return None
        scope = entry.scope.get("country")
        if entry.table:
            beyond = "country" not in entry.table.dimensions and not scope
        else:
            spoken_of = scene.mentions(proposal.label).of("country")
            beyond = bool(scope and scope not in countries) or bool(
                spoken_of and spoken_of.isdisjoint(countries)
            )
        return (
            self.veto(f"nothing on that for {join([gazetteer().shown(code) for code in countries])}")
            if beyond
            else None
        )


class OtherValue(Rule):
    """An entry that speaks of some levels, degrees, ... does not answer for another; where the facet is
    strict, nor one that names none."""

    id: ClassVar = "scope/value"
    applies_to: ClassVar = _TEXTS

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        mentioned = scene.mentions(proposal.label)
        for facet, asked in scene.facets.values.items():
            about = mentioned.of(facet)
            strict = about or facet in scene.library.reader.strict
            if strict and about.isdisjoint(asked) and not (proposal.by is By.TABLE and facet in _SETTLED):
                said = lists().replies
                names = join([said.values.get(value, value) for value in asked])
                because = said.lacking.get(asked[0]) or f"nothing on that for {names}"
                return self.veto(because, quiet=facet == _SIDE)
        return None


class UnheardOf(Rule):
    """What one occupation is paid is no answer where the pay of something is asked for that nobody has heard
    of."""

    id: ClassVar = "scope/unheard-of"
    applies_to: ClassVar = _TEXTS

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        word = unheard(scene.library, scene.reading)
        if word is None:
            return None
        return self.veto(
            f"nothing on {word}",
            quiet=proposal.entry is not None and proposal.entry.pack in scene.library.data_packs,
        )


class FiguresAsSuch(Rule):
    """What is said of a pack's figures as such is no answer to a question about one state."""

    id: ClassVar = "scope/figures-as-such"
    applies_to: ClassVar = _TEXTS

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        states = scene.reading.of_figures.facets.places.states
        if proposal.entry is None or proposal.entry.pack not in scene.library.data_packs or not states:
            return None
        data = scene.library.data
        named = [data.shown(state) if data else state for state in states]
        return self.veto(f"nothing on that for {join(named)}", quiet=True)


class WholeAbroad(Rule):
    """What is looked up without an occupation is no answer to a question about another country."""

    id: ClassVar = "scope/whole-abroad"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        data = scene.library.data
        if not _of_all(proposal) or data is None:
            return None
        abroad = sorted(set(scene.reading.of_figures.facets.places.countries) - data.homes)
        return (
            self.veto(f"nothing on that for {join([gazetteer().shown(code) for code in abroad])}", quiet=True)
            if abroad
            else None
        )


class Strangers(Rule):
    """What is looked up without an occupation is no answer where somebody is named that no way of asking
    names ("what do tables earn").
    """

    id: ClassVar = "scope/strangers"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        if not _of_all(proposal) or scene.facets.subjects:
            return None
        word = stranger(scene.library, scene.reading)
        return self.veto(f"nothing on {word}", quiet=True) if word else None


class StrayWords(Rule):
    """What is looked up without an occupation is no answer to a question with words that are none of its own."""

    id: ClassVar = "scope/stray-words"
    applies_to: ClassVar = frozenset({By.LOOKUP})

    def check(self, proposal: Proposal, scene: Scene) -> Objection | None:
        if not _of_all(proposal) or proposal.entry is None:
            return None
        words = stray(scene.library, proposal.entry, scene.reading)
        return self.veto(f"nothing on {join(list(words))}", quiet=True) if words else None


def _titles(scene: Scene) -> list[str]:
    """What the data call the occupations that a question names; of a name that may mean several, the name."""
    data, named = scene.library.data, scene.facets.occupations
    return [data.title(one.codes[0]) if len(one.codes) == 1 else one.text for one in named] if data else []


def _of_all(proposal: Proposal) -> bool:
    """Whether a lookup needs no occupation."""
    return bool(proposal.entry and proposal.entry.lookup and not proposal.entry.lookup.needs_occupation)
