"""What the cells of a CSV file of a data set must be, and what is said of one that is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.datasets.units import DIGITS, PEOPLE, Unit
from chatbot.language.normalise import printable

if TYPE_CHECKING:
    from chatbot.datasets.csvfile import Row, Sheet

MAX_TITLE = 200
"""No title is longer, in characters."""
MAX_TEXT = 2_000
"""No text or name of a part is longer, in characters."""
SHOWN = 40
"""A cell is shown in a message as far as so many characters."""
SO_OF_MARK = {"at least": "top-coded", "at most": "bottom-coded"}
"""How a message names a mark that stands for a limit."""


def shown(cell: str) -> str:
    """A cell for a message, in quotes and not too long."""
    return repr(printable(cell if len(cell) <= SHOWN else cell[: SHOWN - 3] + "..."))


@dataclass(frozen=True)
class Number:
    """A column of figures. ``marks``: what may stand in place of a figure, and how it is kept. ``said``: what
    each mark says.

    ``group``: the columns of one measure and unit. ``elsewhere``: the marks of other measures, with whose
    they are.
    """

    name: str
    unit: Unit
    marks: Mapping[str, int]
    said: Mapping[str, str]
    negative: bool = False
    percentile: float | None = None
    group: str = ""
    elsewhere: Mapping[str, str] | None = None

    @property
    def form(self) -> str:
        """What a cell must match."""
        decimals = self.unit.decimals
        digits = DIGITS - decimals - 1
        if decimals:
            number = rf"(?:0|[1-9][0-9]{{0,{digits}}})\.[0-9]{{{decimals}}}"
        elif self.unit.kind in {PEOPLE, "money"} and not self.negative:
            number = rf"[1-9][0-9]{{0,{digits}}}"
        else:
            number = rf"(?:0|[1-9][0-9]{{0,{digits}}})"
        return "|".join([*map(re.escape, self.marks), f"{'-?' if self.negative else ''}{number}"])

    def why(self, cell: str) -> str:
        """What is wrong with a cell that does not match."""
        none = next((mark for mark, says in self.said.items() if says not in SO_OF_MARK), "")
        otherwise = f", or {none} where none is published" if none else ""
        if not cell.strip():
            return (
                f"is no figure: write {none} where none is published"
                if none
                else "is no figure: write the published one"
            )
        if re.fullmatch(r"-[0-9.,]+", cell) and not self.negative:
            return f"is negative: write the published figure{otherwise}"
        if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", cell):
            return "has a thousands sign: write the digits alone"
        if self.elsewhere and cell in self.elsewhere:
            return f"is for {self.elsewhere[cell]} alone: write the {self.unit.cell}{f', or {none}' if none else ''}"
        if re.fullmatch(rf"-?[0-9]{{{DIGITS - 1},}}(\.[0-9]*)?", cell):
            return "is too large to be meant: write the published figure"
        return f"is no {self.unit.cell}: write {self.unit.write}{self._marks()}"

    def _marks(self) -> str:
        """The marks as the rest of a list."""
        listed = [f"{mark} ({SO_OF_MARK.get(says, says)})" for mark, says in self.said.items()]
        if not listed:
            return ""
        return f", {', '.join(listed[:-1])}{' or ' if listed[:-1] else 'or '}{listed[-1]}"


def anything(sheet: Sheet, row: Row, at: int) -> bool:
    """A cell that is looked at elsewhere."""
    return True


def is_code(
    pattern: str, noun: str, example: str, known: Collection[str] | None = None, where: str = ""
) -> Callable[..., bool]:
    """A check of codes. ``known``: those of the first file, where it could be read; ``where``: what that file
    is called."""
    form = re.compile(pattern)
    such = f": write one such as {example}" if example else f": its form is {pattern}"

    def check(sheet: Sheet, row: Row, at: int) -> bool:
        code = row.cells[at]
        if not form.fullmatch(code):
            sheet.fault(row, at, f"{shown(code)} is no code of {noun}{such}", "code")
            return False
        if known is not None and code not in known:
            message = f"the code {code} has no row in {where}: add one there, or correct the code"
            sheet.fault(row, at, message, "code")
            return False
        return True

    return check


def is_title(sheet: Sheet, row: Row, at: int) -> bool:
    """One line without blanks around it."""
    title = row.cells[at]
    if title.strip() and title == title.strip() and len(title) <= MAX_TITLE and title.isprintable():
        return True
    message = (
        f"{shown(title)} is no title: one line of at most {MAX_TITLE} characters, without blanks around it"
    )
    sheet.fault(row, at, message, "code")
    return False


def is_text(sheet: Sheet, row: Row, at: int) -> bool:
    """One line with something in it."""
    text = row.cells[at]
    if not text.strip():
        sheet.fault(row, at, "the cell is empty: write the text, or take the row out", "row")
    elif len(text) > MAX_TEXT:
        sheet.fault(row, at, f"a cell of more than {MAX_TEXT:,} characters", "row")
    elif not text.isprintable():
        sheet.fault(row, at, f"{shown(text)} is no text of one line", "row")
    else:
        return True
    return False


def is_one_of(values: Sequence[str], what: str) -> Callable[..., bool]:
    """A check of a cell that has one of a few values."""
    known = frozenset(values)
    listed = f"{', '.join(values[:-1])} or {values[-1]}" if len(values) > 1 else values[0]

    def check(sheet: Sheet, row: Row, at: int) -> bool:
        if row.cells[at] in known:
            return True
        sheet.fault(row, at, f"{shown(row.cells[at])} is no {what}: write {listed}", "code")
        return False

    return check


def is_place(codes: Collection[str], level: str, examples: Sequence[str]) -> Callable[..., bool]:
    """A check of the codes of places below the country."""
    known = frozenset(codes)
    letters = "two letters" if all(len(code) == len("TX") for code in known) else "code"
    such = f", such as {' or '.join(examples)}" if examples else ""

    def check(sheet: Sheet, row: Row, at: int) -> bool:
        if row.cells[at] in known:
            return True
        sheet.fault(row, at, f"{shown(row.cells[at])} is no {level}: write its {letters}{such}", "code")
        return False

    return check
