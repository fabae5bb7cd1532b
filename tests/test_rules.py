"""Every rule of the fifth stage fires where it should and is silent elsewhere; and none is without an order,
a line that explains it, or cases."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections import Counter
from importlib import import_module

import msgspec
import pytest
from ruling import FOLDER, Case, file_of, objection, read_file, read_files

from chatbot import rules
from chatbot.flow import By, Force
from chatbot.library import Library
from chatbot.rules import NOTES, ORDER, QUERY, SCOPE, SUBJECT, SURENESS, Rule

FILES = read_files()
BY_ID = {rule.id: rule for rule in ORDER}
CASES = [
    (file.rule, fires, case)
    for file in FILES
    for fires, cases in ((True, file.fires), (False, file.silent))
    for case in cases
]
FORCES = {
    SCOPE: {Force.VETO},
    SURENESS: {Force.REQUIRE},
    SUBJECT: {Force.ASK},
    QUERY: {Force.DECLINE, Force.ASK},
    NOTES: {Force.NOTE},
}
"""What the rules of each group may do to a proposal."""
ELSEWHERE = {"places/which-country": "countries", "figures/beyond": "words"}
"""The files of rules whose ids say another."""


def classes() -> set[type[Rule]]:
    """Every rule class of the package, in ``ORDER`` or not; those that only others are made of have a name
    with ``_``."""
    modules = [
        import_module(f"{rules.__name__}.{module.name}") for module in pkgutil.iter_modules(rules.__path__)
    ]
    found = {
        kind
        for module in modules
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, Rule)
    }
    return {kind for kind in found if not inspect.isabstract(kind) and not kind.__name__.startswith("_")}


@pytest.mark.parametrize(("rule", "fires", "case"), CASES, ids=[f"{rule}: {case}" for rule, _, case in CASES])
def test_a_rule_fires_where_it_should_and_is_silent_elsewhere(
    library: Library, rule: str, fires: bool, case: Case
) -> None:
    against = objection(library, BY_ID[rule], case)
    assert (against is not None) is fires, against
    if against:
        assert against.rule == rule
        assert case.because in against.because


def test_every_rule_class_stands_in_the_order_once() -> None:
    assert Counter(type(rule) for rule in ORDER) == Counter(classes())


def test_every_id_is_a_rules_own_and_says_in_which_file_it_stands() -> None:
    assert len(BY_ID) == len(ORDER)
    for rule in ORDER:
        assert re.fullmatch(r"[a-z]+/[a-z-]+", rule.id), rule.id
        file = ELSEWHERE.get(rule.id, rule.id.partition("/")[0])
        assert type(rule).__module__ == f"chatbot.rules.{file}", rule.id
    assert set(ELSEWHERE) <= set(BY_ID)


@pytest.mark.parametrize("rule", ORDER, ids=lambda rule: rule.id)
def test_every_rule_is_explained_in_a_sentence_of_its_own(rule: Rule) -> None:
    line = " ".join((vars(type(rule)).get("__doc__") or "").split())
    assert re.fullmatch(r"[A-Z].{20,200}\.", line), line
    assert rule.applies_to
    assert rule.applies_to <= set(By)


@pytest.mark.parametrize("rule", ORDER, ids=lambda rule: rule.id)
def test_every_rule_has_cases_that_fire_and_that_leave_it_silent(rule: Rule) -> None:
    file = FOLDER / file_of(rule.id)
    assert file.exists(), f"{rule.id} has no cases: write {file.name}"
    cases = read_file(file)
    assert cases.few or min(len(cases.fires), len(cases.silent)) >= 2, (
        f"{file.name}: two that fire and two that are silent, or why not"
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_of_cases_is_of_a_rule_and_named_after_it(file) -> None:
    assert file.rule in BY_ID
    assert file.name == file_of(file.rule)
    asked = [
        (case.question, case.entry, case.today, case.packs, case.career)
        for case in (*file.fires, *file.silent)
    ]
    assert len(set(asked)) == len(asked)


def test_a_key_that_no_case_has_is_refused(tmp_path) -> None:
    file = tmp_path / "typo.yaml"
    file.write_text(
        "rule: scope/employer\nentry: a/b\nfires: [{question: who, becuase: x}]\nsilent: []\n",
        encoding="utf-8",
    )
    with pytest.raises(msgspec.ValidationError, match="becuase"):
        read_file(file)


def test_rules_of_one_group_do_what_the_group_is_for(library: Library) -> None:
    for group, forces in FORCES.items():
        for rule in group:
            cases = read_file(FOLDER / file_of(rule.id)).fires
            assert {
                against.force for case in cases if (against := objection(library, rule, case))
            } <= forces, rule.id
