"""Reading a question: clean, put typing errors right, expand abbreviations, pick out facets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from chatbot.language.facets import FacetReader, Facets
from chatbot.language.lexicon import Lexicon
from chatbot.language.normalise import clean, words
from chatbot.language.places import gazetteer
from chatbot.language.spelling import Speller, english


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as understood: ``typed`` (clean), ``text`` (corrected and expanded), ``matched`` (places made alike) and its facets."""

    typed: str
    text: str
    matched: str
    corrections: tuple[tuple[str, str], ...]
    facets: Facets


class Reader:
    """Reads questions and phrasings alike, so that both are matched in the same words."""

    def __init__(
        self, facets: FacetReader, abbreviations: dict[str, str], vocabulary: Iterable[str], known: Iterable[str] = ()
    ) -> None:
        self._facets = facets
        self.facets = facets.read
        self._abbreviations = {_key(short): full for short, full in abbreviations.items()}
        self._speller = Speller(vocabulary)
        self._known: Lexicon[str] = Lexicon((word, word) for word in known)

    def read(self, typed: str) -> Reading:
        """The reading of one question; ``typed`` may hold anything."""
        text = clean(typed)
        corrected, corrections = self._correct(text)
        expanded = self.expand(corrected)
        return Reading(text, expanded, self.match_text(expanded), corrections, self.facets(expanded))

    def match_text(self, expanded: str) -> str:
        """The text that is matched: every country and city becomes the same one, so that a place decides which figure, not which question."""
        return gazetteer().alike(expanded)

    def expand(self, text: str) -> str:
        """Abbreviations written out, whatever their case and dots; words of plain English only when in capitals."""

        def full(match: re.Match[str]) -> str:
            word = match.group()
            key = _key(word)
            plural = key not in self._abbreviations and key.endswith("s")
            expansion = self._abbreviations.get(key[:-1] if plural else key)
            if expansion is None:
                return word
            return expansion + "s" if plural and not expansion.endswith("s") else expansion

        return re.sub(r"(?<![\w'])[^\W_](?:[\w.&+]*[\w+])?", full, text)

    def without_facets(self, text: str) -> set[str]:
        """The words of a text that name no facet, place or role, in small letters."""
        return self._facets.rest(text)

    def drop(self, text: str, facet: str) -> str:
        """A text without the words by which one facet is named."""
        return self._facets.drop(text, facet)

    def _correct(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        corrections: list[tuple[str, str]] = []
        for word in dict.fromkeys(words(text)):
            low = word.lower()
            if _key(word) in self._abbreviations or self._is_place(low) or low in self._known:
                continue
            if word.isupper() and len(word) <= 5:
                continue
            right = self._speller.correct(low)
            if right and right != low:
                corrections.append((word, right))
                text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", right, text)
        return text, tuple(corrections)

    @staticmethod
    def _is_place(word: str) -> bool:
        return word in gazetteer().names and word not in english()


def _key(short: str) -> str:
    return short.lower().replace(".", "").replace("'", "")
