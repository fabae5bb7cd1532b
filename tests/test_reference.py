"""The reference pages say what the program does now, and every link in the documentation leads somewhere."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT

from chatbot.authoring.checking.rules import rules
from chatbot.cli.main import cli
from chatbot.knowledge import datasetschema as dataset_schema
from chatbot.knowledge import intentschema, schema, sourceschema
from chatbot.paths import data_file
from chatbot.pipeline import STAGES
from chatbot.policy import FILE, numbers
from chatbot.rules import ORDER

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prose(file: Path) -> str:
    return FENCE.sub("", file.read_text(encoding="utf-8"))


def anchors(file: Path) -> set[str]:
    """The anchors that GitHub makes of the headings."""
    headings = re.findall(r"^#+ +(.*)$", prose(file), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def links(file: Path) -> Iterator[tuple[Path, str]]:
    for target in LINK.findall(prose(file)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield (file.parent / path).resolve() if path else file, anchor


def test_what_is_made_is_as_the_program_makes_it_now(reference: ModuleType) -> None:
    differing = [file.relative_to(ROOT).as_posix() for file in reference.drifted()]
    assert not differing, f"run: python scripts/reference.py ({', '.join(differing)})"


def test_check_names_what_differs_and_writes_nothing(reference: ModuleType, monkeypatch, capsys) -> None:
    monkeypatch.setattr(reference.sys, "argv", ["reference.py", "--check"])
    assert reference.main() == 0
    before = (DOCS / "rules.md").read_bytes()
    monkeypatch.setattr(reference, "rules_page", lambda: "# Other rules\n")
    assert reference.main() == 1
    assert "docs/rules.md; run: python scripts/reference.py" in capsys.readouterr().err
    assert (DOCS / "rules.md").read_bytes() == before


def test_every_command_has_help_and_stands_in_the_page(reference: ModuleType) -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    names = []
    for name, context in reference.commands(cli):
        names.append(name)
        assert context.command.help, name
        assert f"\n## {name}\n\n```\nUsage: {name} " in page
    assert {"chatbot", "chatbot ask", "chatbot new entry", "chatbot check"} <= set(names)
    assert all(len(line) <= 80 for line in re.findall(r"^```\n(.*?)^```", page, re.M | re.S)[0].splitlines())


def test_every_key_of_every_type_stands_in_the_page() -> None:
    page = (DOCS / "fields.md").read_text(encoding="utf-8")
    modules = (schema, sourceschema, intentschema, dataset_schema)
    types = [kind for module in modules for kind in vars(module).values()]
    kinds = {kind for kind in types if isinstance(kind, type) and getattr(kind, "__struct_fields__", ())}
    assert len(kinds) == 22
    for kind in kinds:
        assert all(f"| `{field.removesuffix('_')}` |" in page for field in kind.__struct_fields__), kind  # type: ignore[attr-defined]


def test_every_rule_stands_in_the_page() -> None:
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert len(rules()) > 10
    for rule in rules().values():
        assert f"\n## {rule.id}\n\n{rule.level.capitalize()}. {rule.what.strip()}\n" in page
        assert rule.mend.strip() in page


def test_every_stage_and_every_rule_of_decisions_stands_in_the_page_with_an_example() -> None:
    page = (DOCS / "decisions.md").read_text(encoding="utf-8")
    places = [page.index(f"| {i} | `{stage.name}` | ") for i, stage in enumerate(STAGES, 1)]
    places += [
        page.index(f"- **`{rule.id}`** {' '.join((rule.__doc__ or '').split())}\n  Looks at: ")
        for rule in ORDER
    ]
    assert places == sorted(places)
    assert page.count("Fires for “") == len(ORDER)


def test_every_number_of_the_policy_stands_in_the_page() -> None:
    page = (DOCS / "policy.md").read_text(encoding="utf-8")
    listed = [
        (section, name, number)
        for section, read in numbers(data_file(FILE).read_text(encoding="utf-8")).items()
        for name, number in read.items()
    ]
    assert len(listed) > 50
    for section, name, number in listed:
        part = page.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
        (row,) = [line for line in part.splitlines() if line.startswith(f"| `{name}` | ")]
        assert row.endswith(f" | {number.why} |")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    for target, anchor in links(page):
        assert target.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(target), f"{page.name}: {target.name}#{anchor}"


def test_the_index_leads_to_every_page() -> None:
    linked = {target for target, _ in links(DOCS / "index.md")}
    assert {page for page in DOCS.iterdir() if page.is_file() and page.name != "index.md"} <= linked
    for line in (DOCS / "index.md").read_text(encoding="utf-8").splitlines():
        assert not line.startswith("- [") or re.search(r"\)(: .{15,}\.| and .*\.)$", line), line
