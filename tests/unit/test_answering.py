"""Stage 4: what is proposed, which lookup the words choose, what it tells, and what the words say of figures."""

from __future__ import annotations

import datetime

import pytest
from staging import MLE, US, attempt, intent, proposal, replace, scored

from chatbot import signals
from chatbot.answering import lookups
from chatbot.answering.compose import is_old, nothing_known, source_line, told_by
from chatbot.answering.nearest import nearest
from chatbot.answering.proposing import complete, further, proposals, tell, with_beside
from chatbot.flow import By, Fallback, Proposal
from chatbot.knowledge.expand import join
from chatbot.knowledge.mentions import Mentions, ReadWhenAsked
from chatbot.knowledge.model import Citation
from chatbot.library import measure_of
from chatbot.signals import describes

DAY, PAY, COUNTRY = f"{MLE}day-start", f"{US}typical-pay", f"{MLE}salary-by-country"


def read(library, question: str):
    return library.reader.read(question)


def of(library, name: str):
    return library.knowledge.by_id[f"{US}{name}"]


def empty(library):
    """The same library without data by occupation."""
    made = object.__new__(type(library))
    made.__dict__.update(library.__dict__ | {"data": None})
    return made


# what is proposed


def test_every_label_of_a_ranking_is_proposed_by_its_answerer(library) -> None:
    labels = (DAY, COUNTRY, PAY, intent("thanks"))
    proposed = proposals(library, attempt(library, "when", [scored(label, 0.5) for label in labels]))
    assert [(one.by, one.label) for one in proposed] == list(
        zip((By.ENTRY, By.TABLE, By.LOOKUP, By.INTENT), labels, strict=True)
    )
    assert proposed[3].intent is library.intents[intent("thanks")]


def test_an_entry_tells_its_answer_and_what_those_say_that_disagree(library) -> None:
    entry = replace(library.knowledge.by_id[DAY], disagrees_with=(COUNTRY, f"{MLE}working-hours"))
    told = complete(library, attempt(library, "x"), replace(proposal(library, DAY, 0.5), entry=entry)).told
    assert told
    assert told.text.startswith(entry.answer)
    assert told.entry_ids == (entry.id, *entry.disagrees_with)
    assert len(set(told.citations)) == len(told.citations)


def test_a_table_tells_the_row_that_is_asked_for_or_what_is_missing(library) -> None:
    row = complete(library, attempt(library, "pay in germany"), proposal(library, COUNTRY, 0.5)).told
    assert row
    assert "€53,202" in row.text
    missing = complete(library, attempt(library, "pay in peru"), proposal(library, COUNTRY, 0.5)).told
    assert missing
    assert (missing.text, "no salary figure for Peru" in missing.missing) == ("", True)


def test_beside_a_tables_figure_of_the_us_stands_the_official_one(library) -> None:
    lead = complete(
        library,
        attempt(library, "machine learning engineer salary in the US"),
        proposal(library, COUNTRY, 0.5),
    )
    assert lead.told
    assert lead.beside
    told = with_beside(library, lead, lead.beside).told
    assert told
    assert told.text.startswith(lead.told.text)
    assert "given as a stand-in" in told.text
    assert len(told.citations) > len(lead.told.citations)
    assert len(told.figures) > len(lead.told.figures)
    assert (
        lookups.official(
            library, read(library, "tuition in the US"), library.knowledge.by_id[f"{MLE}tuition"]
        )
        is None
    )
    assert (
        lookups.official(library, read(library, "pay in germany"), library.knowledge.by_id[COUNTRY]) is None
    )
    assert (
        lookups.official(empty(library), read(library, "pay in the US"), library.knowledge.by_id[COUNTRY])
        is None
    )


def test_what_is_told_or_holds_nothing_stays_as_it_is(library) -> None:
    made = attempt(library, "roofer wages")
    bare = Proposal(By.NEAREST, PAY)
    assert complete(library, made, bare) is bare
    asked = complete(library, made, proposal(library, PAY, 0.5))
    told = tell(library, asked)
    assert told.told
    assert tell(library, told) is told
    assert complete(library, made, told) is told
    assert tell(library, bare) is bare


@pytest.mark.parametrize(
    ("question", "label", "chosen"),
    [
        ("welder pay", "typical-pay", "typical-pay"),
        ("how many welders are there", "typical-pay", "employment"),
        ("average pay of welders", "typical-pay", "mean-pay"),
        ("welder pay", "pay-range", "pay-range"),
        ("welder pay", "lowest-tenth", "typical-pay"),
        ("pay range of welders", "typical-pay", "pay-range"),
        ("welder pay", "compare-occupations", "typical-pay"),
        ("welder or roofer pay", "compare-occupations", "compare-occupations"),
        ("how many people are employed overall", "all-occupations", "all-employment"),
        ("best states for welders, how many", "best-paying-states", "best-paying-states"),
    ],
)
def test_the_words_choose_the_lookup_of_a_measure(library, question: str, label: str, chosen: str) -> None:
    entry, _ = lookups.settled(library, read(library, question), of(library, label))
    assert entry.id == f"{US}{chosen}"


def test_a_lookup_that_is_kept_needs_no_word_for_it(library) -> None:
    entry, _ = lookups.settled(library, read(library, "welder pay"), of(library, "pay-range"), keep=True)
    assert entry.id == f"{US}pay-range"


def test_the_plain_lookup_tells_the_median_or_what_else_is_wanted(library) -> None:
    assert lookups.plain_lookup(library) is of(library, "typical-pay")
    assert lookups.plain_lookup(library, people=True) is of(library, "employment")
    assert lookups.plain_lookup(empty(library)) is None


def test_a_stand_in_is_proposed_for_the_packs_own_occupation_in_a_state_alone(library) -> None:
    question = "what does a machine learning engineer earn in Texas"
    standing = lookups.stand_in(library, read(library, question))
    assert standing
    assert (standing.by, standing.label) == (By.STAND_IN, PAY)
    for other in (
        f"{question} at google",
        question.replace(" in Texas", ""),
        "roofer pay in Texas",
        "what is a machine learning engineer in Texas",
    ):
        assert lookups.stand_in(library, read(library, other)) is None, other
    assert lookups.stand_in(empty(library), read(library, question)) is None


# questions in full


@pytest.mark.parametrize(
    ("question", "label", "said"),
    [
        (
            "welder wages ohio",
            "typical-pay",
            "What do Welders, Cutters, Solderers, and Brazers earn in Ohio?",
        ),
        (
            "welder wages per hour",
            "typical-pay",
            "What do Welders, Cutters, Solderers, and Brazers earn in the United States by the hour?",
        ),
        ("therapist wages", "typical-pay", "What do therapist earn in the United States?"),
        ("what's the pay", "typical-pay", "what's the pay"),
        (
            "roofers and welders",
            "typical-pay",
            "What do Roofers and Welders, Cutters, Solderers, and Brazers earn in the United States?",
        ),
        ("roofer pay in Ohio and Utah", "typical-pay", "What do Roofers earn in Ohio and Utah?"),
    ],
)
def test_what_was_asked_is_said_in_full(library, question: str, label: str, said: str) -> None:
    assert lookups.restated(library, of(library, label), read(library, question)) == said


def test_a_comparison_of_two_places_names_both(library) -> None:
    said = lookups.restated(
        library, of(library, "compare-places"), read(library, "roofers in Ohio compared to Utah")
    )
    assert "Ohio" in said
    assert "Utah" in said


def test_a_question_without_anybody_named_is_the_lookups_own(library) -> None:
    entry = of(library, "typical-pay")
    _, query = lookups.settled(library, read(library, "pay"), entry)
    assert lookups.question(library, entry, query) == entry.question
    assert lookups.elsewhere(library, entry, query, objected=False) == (entry.question,)


def test_what_comes_next_is_asked_about_the_same(library) -> None:
    entry = of(library, "typical-pay")
    _, query = lookups.settled(library, read(library, "roofer pay in Utah"), entry)
    following = lookups.following(library, entry, query)
    assert len(following) == len(entry.follow_ups)
    assert any("Roofers" in text and "Utah" in text for text in following)
    assert (
        lookups.again(library, of(library, "employment"), "roofer pay in Utah")
        == "How many Roofers work in Utah?"
    )
    assert lookups.question_about(library, entry, "47-2181") == "What do Roofers earn in the United States?"


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("top four paid jobs", 4), ("top 4 paid jobs", 4), ("the seven best paid jobs", 7), ("the 50 best paid jobs", 10),
        ("the one best paid job", None), ("best paid jobs", None), ("best paid jobs in 2025", None),
    ],
)  # fmt: skip
def test_as_many_rows_are_told_as_are_asked_for_and_never_too_many(
    library, question: str, limit: int | None
) -> None:
    entry, query = lookups.settled(library, read(library, question), of(library, "highest-paid"))
    assert (entry.id, query.operation, query.limit) == (f"{US}highest-paid", "rank", limit)
    told = lookups.telling(library, proposal(library, entry.id, 0.5, query=query))
    assert len(told.figures) == (limit or entry.lookup.most)


# what the words say


@pytest.mark.parametrize(
    ("question", "speaks"),
    [
        ("roofer wages", True), ("$ for roofers", True), ("how many roofers", True), ("roofer or welder, which is better", True),
        ("roofers at the 90th percentile", True), ("hourly roofer", True), ("roofers who are friendly", False), ("what does a roofer do", False),
    ],
)  # fmt: skip
def test_a_question_speaks_of_figures_or_does_not(library, question: str, speaks: bool) -> None:
    assert signals.speaks_of_figures(library, read(library, question)) is speaks
    assert signals.speaks_of_figures(empty(library), read(library, question)) is False


@pytest.mark.parametrize(
    ("question", "label", "may"),
    [
        ("roofer wages", "typical-pay", True), ("wages", "typical-pay", False), ("best paid jobs", "highest-paid", True),
        ("which of them pays more", "highest-paid", False), ("jobs like that", "highest-paid", False),
    ],
)  # fmt: skip
def test_a_lookup_is_only_looked_at_where_what_it_needs_is_named(
    library, question: str, label: str, may: bool
) -> None:
    assert signals.may_look_up(of(library, label), read(library, question)) is may


def test_facts_are_no_answer_to_a_question_of_pay_and_some_lookups_need_their_word(library) -> None:
    entry = of(library, "typical-pay")
    facts = replace(entry, lookup=replace(entry.lookup, kind="facts"))
    assert signals.may_look_up(facts, read(library, "what do roofers do"))
    assert not signals.may_look_up(facts, read(library, "what do roofers earn"))
    assert not signals.may_look_up(facts, read(library, "roofers in $"))
    only = replace(entry, lookup=replace(entry.lookup, only_with=("hour",)))
    assert signals.may_look_up(only, read(library, "roofer pay by the hour"))
    assert not signals.may_look_up(only, read(library, "roofer pay"))


def test_words_that_stand_in_no_way_of_asking_are_stray(library) -> None:
    stray = signals.stray(
        library,
        of(library, "highest-paid"),
        read(library, "the 5 best paid dragon jobs in healthcare in Ohio"),
    )
    assert stray == ("dragon",)


def test_a_word_that_nobody_has_heard_of_is_named_as_it_was_typed(library) -> None:
    assert signals.unheard(library, read(library, "what does a wizzgabber earn")) == "wizzgabber"
    for known in (
        "what do people earn",
        "pay for 20 hours",
        "pay in Ohio",
        "salary of a roofer",
        "what is a wizzgabber",
        "what does a model earn",
    ):
        assert signals.unheard(library, read(library, known)) is None, known
    assert signals.unheard(empty(library), read(library, "what does a wizzgabber earn")) is None


def test_a_name_counts_as_it_was_typed_not_as_it_was_read(library) -> None:
    reading = replace(
        read(library, "salary of a plumer"), corrections=(("Plumer", "model"),), text="salary of a model"
    )
    reading = replace(reading, facets=replace(reading.facets, occupations=(), subjects=()))
    assert signals.unheard(library, reading) == "Plumer"


# titles that may be meant


def test_titles_that_are_near_are_proposed_for_the_figure_asked_for(still) -> None:
    near = nearest(still, read(still, "what is the pay for a person who lays terrazzo"))
    assert near
    assert near.label == PAY
    assert any("Terrazzo" in still.data.title(code) for code in near.codes)
    assert len(near.codes) <= still.policy.nearest.offered


def test_where_numbers_are_asked_for_titles_are_proposed_for_numbers(still) -> None:
    near = nearest(still, read(still, "how many folks do terrazzo"))
    assert near
    assert near.label == f"{US}employment"


@pytest.mark.parametrize(
    "question",
    [
        "roofer pay", "what is terrazzo", "terrazzo pay in Norway", "terrazzo pay with a phd", "terrazzo pay at google",
        "pay of a machine learning engineer", "what is the pay", "price of terrazzo", "qqzzv pay",
        "pay of terrazzo granite marble basalt slate quartz onyx jade topaz amber work",
    ],
)  # fmt: skip
def test_nothing_is_proposed_where_no_figure_of_somebody_unnamed_is_asked_for(still, question: str) -> None:
    assert nearest(still, read(still, question)) is None


def test_without_data_or_vectors_no_title_is_near(still) -> None:
    question = read(still, "what is the pay of a workers terrazzo buddy")
    assert nearest(still, question)
    assert nearest(empty(still), question) is None
    bare = object.__new__(type(still))
    bare.__dict__.update(still.__dict__ | {"title_vectors": None})
    assert nearest(bare, question) is None


def test_a_description_goes_before_another_answer_only_where_it_is_one_and_is_near(still) -> None:
    assert describes(read(still, "what does that guy earn"))
    assert not describes(read(still, "what does a roofer earn"))
    near = nearest(still, read(still, "pay of a guy in terrazzo"), described=True)
    assert near
    assert nearest(still, read(still, "pay of terrazzo"), described=True) is None
    assert nearest(still, read(still, "what is the pay of a guy"), described=True) is None


def test_further_answerers_are_asked_as_the_attempt_says(still) -> None:
    standing = attempt(
        still, "what does a machine learning engineer earn in Texas", fallback=Fallback.STAND_INS
    )
    (proposed,) = further(still, standing)
    assert (proposed.by, bool(proposed.query)) == (By.STAND_IN, True)
    for fallback in (Fallback.TITLES, Fallback.STAND_INS):
        (titles,) = further(still, attempt(still, "pay of a person who lays terrazzo", fallback=fallback))
        assert titles.by is By.NEAREST
    assert further(still, attempt(still, "hello", fallback=Fallback.TITLES)) == ()


# the words of a reply, and what entries speak of


def test_a_source_says_whose_figure_it_passes_on() -> None:
    own = Citation("a", "The loaf", "Press", "Ann", "2024", "Crust", None, None)
    passed = replace(own, author=None, publisher=None, origin="Bob")
    assert told_by(own) == "Ann, Press: The loaf (2024)"
    assert told_by(passed) == "publisher not named: The loaf (2024), which passes on Bob"
    assert source_line(passed).endswith("section “Crust”; passes on Bob")
    assert source_line(own).endswith("section “Crust”")


def test_an_answer_is_old_by_its_own_date_or_its_newest_source(library) -> None:
    entry = replace(library.knowledge.by_id[DAY], shelf_life_years=2.0, as_of="2020-05")
    assert is_old(entry, datetime.date(2023, 1, 1))
    assert not is_old(entry, datetime.date(2022, 12, 31))
    assert not is_old(replace(entry, as_of="undated"), datetime.date(2099, 1, 1))
    assert not is_old(replace(entry, shelf_life_years=None), datetime.date(2099, 1, 1))
    cited = tuple(replace(entry.citations[0], published=date) for date in ("2010", "2021-02-03"))
    assert not is_old(replace(entry, as_of=None, citations=cited), datetime.date(2023, 6, 1))


def test_what_is_not_known_is_said_with_its_reason_and_what_can_be_asked_where_that_is_wanted(
    library,
) -> None:
    about = join([pack.about for pack in library.knowledge.packs])
    scope = f" I can answer questions about {about}."
    assert nothing_known(library.knowledge) == f"I don't know that.{scope}"
    assert (
        nothing_known(library.knowledge, "nothing on rum", False)
        == "I don't know that: I have nothing on rum."
    )


def test_what_an_entry_speaks_of_is_read_once_and_a_lookup_speaks_of_nothing(library) -> None:
    lazy = ReadWhenAsked(library.knowledge.by_id, library.reader)
    assert (len(lazy), set(lazy)) == (len(library.knowledge.entries), set(library.knowledge.by_id))
    assert lazy[DAY] is lazy[DAY]
    assert lazy[PAY] == Mentions({}, {})
    assert "entry" in lazy[f"{MLE}level-junior"].of("level")


def test_tables_and_lookups_of_one_measure_are_put_together(library) -> None:
    assert measure_of(None) is None
    assert measure_of(library.knowledge.by_id[DAY]) is None
    assert (
        measure_of(of(library, "typical-pay"))
        == measure_of(of(library, "pay-range"))
        == "lookup " + of(library, "pay-range").lookup.measure
    )
    assert measure_of(library.knowledge.by_id[COUNTRY]) == library.knowledge.by_id[COUNTRY].table.measure
