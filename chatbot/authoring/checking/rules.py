"""The rules, as ``resources/rules.yaml`` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
import yaml

from chatbot.errors import Finding
from chatbot.knowledge.yamlfile import Node
from chatbot.paths import data_file


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule looks for, how to mend it, and an example; ``fixed`` ones can't be switched off."""

    id: str
    level: str
    what: str
    mend: str
    example: str
    fixed: bool = False


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """All rules, by their ids."""
    told = yaml.safe_load(data_file("rules.yaml").read_text(encoding="utf-8"))
    listed = msgspec.convert(told["rules"], list[Rule])
    return {rule.id: rule for rule in listed}


def found(file: Path, place: Node | None, message: str, rule: str) -> Finding:
    """A finding of the rule's own level."""
    line, column = (place.line, place.column) if place else (1, 1)
    return Finding(file, line, column, message, rule, rules()[rule].level)
