"""Comments that switch rules off: ``# check: off RULE[, RULE] - reason`` for its own line and the next one,
``# check: file off ...`` for all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.authoring.checking.rules import found, rules
from chatbot.errors import Finding
from chatbot.knowledge.yamlfile import Node

_COMMENT = re.compile(r"(?:^|\s)#\s*check:\s*(?P<rest>.*)$")
_SWITCH = re.compile(
    r"(?P<file>file\s+)?off\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)(?:(?:\s+[-–—]|\s*:)\s*(?P<reason>\S.*))?\s*$"
)


@dataclass(slots=True)
class Switch:
    """One rule switched off, in a line (or, line 0, in the whole file); ``used``: whether it had something to
    say."""

    rule: str
    line: int
    place: Node
    used: bool = field(default=False)


def switches(file: Path, text: str, bad: list[Finding]) -> list[Switch]:
    """The switches of a file; comments that are none are added to ``bad``."""
    out: list[Switch] = []
    for number, line in enumerate(text.splitlines(), 1):
        comment = _COMMENT.search(line)
        if not comment or line.count('"', 0, comment.start()) % 2:  # inside quotes it is text
            continue
        place = Node(None, number, line.index("#", comment.start()) + 1)
        match = _SWITCH.match(comment["rest"])
        if not match or not match["reason"]:
            told = "no reason is given" if match else "not understood"
            bad.append(found(file, place, f"{told}; write: # check: off RULE - reason", "bad-switch"))
            continue
        for rule in re.split(r"\s*,\s*", match["rules"]):
            known = rules().get(rule)
            if known is None or known.fixed:
                told = f"no rule is called {rule!r}" if known is None else f"{rule!r} can't be switched off"
                bad.append(found(file, place, told, "bad-switch"))
            else:
                out.append(Switch(rule, 0 if match["file"] else number, place))
    return out


def apply(
    findings: Iterable[Finding], listed: dict[Path, list[Switch]], tried: Collection[str]
) -> Iterator[Finding]:
    """The findings that are not switched off, then the switches of the rules ``tried`` that had nothing to
    do."""
    by_place: dict[tuple[Path, str, int], list[Switch]] = {}
    for file, each in listed.items():
        for switch in each:
            for line in {switch.line, switch.line + (switch.line > 0)}:
                by_place.setdefault((file, switch.rule, line), []).append(switch)
    for finding in findings:
        fitting = [
            switch
            for line in {0, finding.line}
            for switch in by_place.get((finding.file, finding.rule, line), ())
        ]
        for switch in fitting:
            switch.used = True
        if not fitting:
            yield finding
    for file, each in listed.items():
        for switch in each:
            if not switch.used and switch.rule in tried:
                yield found(file, switch.place, f"{switch.rule!r} has nothing to say here", "unused-switch")
