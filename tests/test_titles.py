"""Titles of occupations, and the codes and names of states, as they are found in a question."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chatbot.datasets.names import ALTERNATE, AMBIGUOUS, STAND_IN, Titles, made, plain
from chatbot.language.normalise import parts, simple_words
from chatbot.language.placenames import shipped_places
from chatbot.language.regions import known_regions, shown

STATES = frozenset(region.code for region in shipped_places()["us"].at("state"))
LISTED: list[tuple[str, Sequence[str], int]] = [
    ("Registered Nurses", ("29-1141",), 0),
    ("nurse", ("29-1141",), 0),
    ("nurse practitioner", ("29-1171",), 0),
    ("Plumbers, Pipefitters, and Steamfitters", ("47-2152",), 0),
    ("Architects, Except Landscape and Naval", ("17-1011",), 0),
    ("fireman", ("33-2011",), 0),
    ("engineer", ("17-2141", "17-2051"), AMBIGUOUS),
    ("machine learning engineer", ("15-2051",), STAND_IN),
    ("prime minister", (), 0),
    ("nurse", ("31-1131",), ALTERNATE),
    ("triage nurse", ("29-1141",), ALTERNATE),
    ("triage nurse", ("29-1171",), ALTERNATE),
    ("miner", ("47-5041",), ALTERNATE),
    ("host", ("35-9031",), ALTERNATE),
    ("cat", ("39-2021",), ALTERNATE),
    ("of", ("11-1011",), ALTERNATE),
    ("radiographer", ("29-2034",), ALTERNATE),
]


@pytest.fixture(scope="module")
def titles() -> Titles:
    return made(LISTED)


def found(titles: Titles, question: str, **options: object) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.text, one.codes) for one in titles.find(simple_words(question), **options)]  # type: ignore[arg-type]


# titles


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what does a nurse earn", [("nurse", ("29-1141",))]),
        ("REGISTERED NURSES in Texas", [("registered nurses", ("29-1141",))]),
        ("registered nurse pay", [("registered nurse", ("29-1141",))]),
        ("a nurse practitioner's pay", [("nurse practitioner", ("29-1171",))]),
        ("nurse or nurse practitioner", [("nurse", ("29-1141",)), ("nurse practitioner", ("29-1171",))]),
        ("plumbers pipefitters steamfitters", [("plumbers pipefitters steamfitters", ("47-2152",))]),
        ("architects except landscape naval", [("architects except landscape naval", ("17-1011",))]),
        ("do firemen earn more", [("firemen", ("33-2011",))]),
        ("prime minister pay", [("prime minister", ())]),
        ("engineer pay", [("engineer", ("17-2141", "17-2051"))]),
        ("what is nursing like", []),
        ("", []),
    ],
)
def test_the_longest_title_is_found_in_any_number(
    titles: Titles, question: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert found(titles, question) == expected


def test_what_a_title_means_is_said_by_the_first_that_names_it(titles: Titles) -> None:
    """An alternate title changes no everyday one; alternates of one name add up."""
    assert titles.exactly("Nurse") == ("29-1141",)
    assert titles.exactly("triage nurses") == ("29-1141", "29-1171")
    assert titles.exactly("space nurse") == ()


def test_a_mention_says_where_it_stands_and_what_is_known_of_it(titles: Titles) -> None:
    (one,) = titles.find(simple_words("pay of an engineer in Ohio"))
    assert (one.start, one.end, one.several) == (3, 4, True)
    (other,) = titles.find(simple_words("machine learning engineer pay"))
    assert other.mark & STAND_IN and not other.several


def test_words_that_stand_for_something_else_are_not_titles(titles: Titles) -> None:
    words = simple_words("nurse pay and nurse jobs")
    assert [(one.start, one.end) for one in titles.find(words, taken=[(0, 1)])] == [(3, 4)]
    assert titles.find(words, taken=[(0, 1), (3, 4)]) == []


def test_plain_words_of_english_are_no_alternate_titles(titles: Titles) -> None:
    """Short words and words that everybody uses; a name of those who do something stays one where the words
    speak of a job."""
    assert found(titles, "what does a cat earn") == []
    assert found(titles, "salary of a chief") == []
    assert found(titles, "what does a miner think of it") == []
    assert found(titles, "what does a miner earn") == [("miner", ("47-5041",))]
    assert found(titles, "tell me of the radiographer next door") == [("radiographer", ("29-2034",))]


def test_a_word_that_the_packs_use_otherwise_is_a_title_only_beside_words_of_a_job(titles: Titles) -> None:
    assert found(titles, "is a nurse a good thing", others={"nurse"}) == []
    assert found(titles, "salary of a nurse", others={"nurse"}) == [("nurse", ("29-1141",))]
    assert found(titles, "salary of a nurse", others={"nurse"}, own=True) == []


def test_no_titles_at_all() -> None:
    empty = made([])
    assert empty.find(["nurse"]) == [] and empty.exactly("nurse") == () and not empty.knows("nurse")


def test_it_is_known_which_words_stand_in_titles(titles: Titles) -> None:
    assert titles.knows("nurses") and titles.knows("practitioner") and not titles.knows("wizard")


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("nurses", "nurse"), ("actresses", "actress"), ("coaches", "coach"), ("secretaries", "secretary"), ("women", "woman"),
        ("policemen", "policeman"), ("servicewomen", "servicewoman"), ("boss", "boss"), ("gas", "gas"), ("midwives", "midwife"), ("physics", "physic"),
        ("r.n", "rn"), ("nurse's", "nurse"), ("analysis", "analysis"), ("virus", "virus"), ("specimen", "specimen"),
    ],
)  # fmt: skip
def test_the_plain_form_of_a_word(word: str, form: str) -> None:
    assert plain(word) == form


def test_among_60_000_titles_the_one_that_is_named_is_found() -> None:
    """How long that takes is measured by benchmarks/lookup.py."""
    words = ["alpha", "beta", "gamma", "delta", "copper", "marble", "silver", "harbour", "timber", "orchid"]
    many = made(
        (f"{a} {b} {c} {n} worker", (f"{n:02}-0000",), ALTERNATE)
        for n in range(60)
        for a in words
        for b in words
        for c in words
    )
    assert len(many.arrays["keys"]) == 60_000
    mentions = many.find(
        simple_words(
            "what does a copper marble harbour 42 worker earn in the state of Ohio by the hour, as far as you know"
        )
    )
    assert [one.codes for one in mentions] == [("42-0000",)]


# states by code and name


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("nurse pay in TX", ["TX"]), ("nurse pay in tx", ["TX"]), ("nurse pay tx", ["TX"]), ("tx nurse pay", ["TX"]),
        ("nurse pay in DC", ["DC"]), ("nurse pay in d.c.", ["DC"]), ("Washington DC nurse pay", ["DC"]), ("Washington, D.C. pay", ["DC"]),
        ("pay in Georgia", ["GA"]), ("pay in georgia and TX", ["GA", "TX"]), ("pay in PR", ["PR"]), ("pay in Puerto Rico", ["PR"]),
        ("pay in the US Virgin Islands", ["VI"]), ("pay in Guam", ["GU"]), ("pay nationwide", ["US"]), ("Washington state pay", ["WA"]),
        ("pay in OR", ["OR"]), ("pay in ok", ["OK"]), ("is it true or false", []), ("hi there", []), ("say hi", []), ("oh what do nurses earn", []),
        ("what do they earn in it", []), ("work as a pa", []), ("nurse pay in LA", []), ("the MA degree", []),
        ("WHAT DO NURSES EARN IN CO", ["CO"]), ("I LIKE IT OR NOT IN ME AND HI", []),
    ],
)  # fmt: skip
def test_codes_of_states_are_told_from_words(question: str, codes: list[str]) -> None:
    tokens = parts(question)
    assert [code for code, _, _ in known_regions().find(tokens, [token.lower() for token in tokens])] == codes


@pytest.mark.parametrize(
    "question", ["tell it to me", "is the pay good for me", "OK thanks a lot", "is the pay OK"]
)
def test_words_that_only_look_like_codes_name_no_state(question: str) -> None:
    tokens = parts(question)
    assert known_regions().find(tokens, [token.lower() for token in tokens]) == []


def test_every_place_of_the_figures_has_a_name() -> None:
    names = {shown(state) for state in STATES}
    assert len(names) == len(STATES) and not names & STATES
    assert [shown(code) for code in ("US", "TX", "DC", "VI", "PR", "GU")] == [
        "the United States", "Texas", "the District of Columbia", "the Virgin Islands", "Puerto Rico", "Guam",
    ]  # fmt: skip
