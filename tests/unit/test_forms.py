"""The forms of words: singulars, plurals, stems, and what is English."""

from __future__ import annotations

import pytest

from chatbot.language.forms import is_english, plural, singular, stem
from chatbot.language.lexicon import Lexicon
from chatbot.language.words import english, lists


@pytest.mark.parametrize(
    ("plurals", "singulars"),
    [
        ("nurses nurse houses uses ties pies", "nurse nurse house use tie pie"),
        ("studies cookies movies calories", "study cookie movie calorie"),
        (
            "coaches headaches hostesses dishes taxes buses bonuses lenses",
            "coach headache hostess dish tax bus bonus lens",
        ),
        ("potatoes heroes shoes", "potato hero shoe"),
        ("midwives knives scarves executives detectives", "midwife knife scarf executive detective"),
        ("men women firemen businesswomen people children", "man woman fireman businesswoman person child"),
        ("menus taxis", "menu taxi"),
        ("rns mds pts lpns pas ads", "rn md pt lpn pa ad"),
        ("coremakers roofers lineworkers", "coremaker roofer lineworker"),
        ("analyses theses", "analysis thesis"),
    ],
)
def test_a_plural_has_its_singular(plurals: str, singulars: str) -> None:
    assert [singular(word) for word in plurals.split()] == singulars.split()


def test_what_is_no_plural_stays() -> None:
    words = """status campus analysis tennis previous hazardous business class always perhaps texas kansas atlas diabetes news series species lens
    means was has its gas yes ios aws us is as ms s ss omen specimen regimen nurse man person"""
    assert [singular(word) for word in words.split()] == words.split()


def test_a_singular_has_no_other_singular() -> None:
    twice = [word for word in english() if singular(singular(word)) != singular(word)]
    assert len(twice) < len(english()) / 500, twice


def test_words_without_a_rule_go_by_their_lists() -> None:
    known = lists().forms
    assert not known.no_plurals & set(known.plurals)
    assert all(singular(word) == one for word, one in known.plurals.items())
    assert all(singular(word) == word for word in known.no_plurals)


def test_the_plural_of_a_phrase() -> None:
    assert plural("machine learning engineer") == "machine learning engineers"
    assert plural("data analytics") == "data analytics"


def test_inflections_have_one_stem() -> None:
    assert {stem(word) for word in ("certified", "certificate", "certificates")} == {"certi"}
    assert stem("pay") == "pay"


def test_a_word_is_english_where_its_ending_alone_is_lacking() -> None:
    assert is_english("nurse") and "annealer" not in english() and is_english("annealer")
    assert not is_english("nurze") and not is_english("xs")


def test_phrases_are_found_by_the_singular_of_their_last_word() -> None:
    lexicon = Lexicon([("new", 1), ("nurse midwife", 2), ("man", 3)])
    assert [match.value for match in lexicon.find(["nurse", "midwives", "and", "men"])] == [2, 3]
    assert not lexicon.find(["news"])
