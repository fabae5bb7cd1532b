"""Whether a file with tabs puts cells into quotes, as CSV files do, or means every quote as it stands.

Spreadsheets write quotes around a cell of a text with tabs where they are needed, and double those inside.
Other programs write every cell as it is. The whole file decides: by which reading more rows are whole, and
whether its quotes are such as a spreadsheet writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chatbot.authoring.exchange.columns import Row
from chatbot.authoring.exchange.record import WrongError
from chatbot.authoring.exchange.textin import LINE_CHARS

Line = tuple[int, "str | None"]
TAB = "\t"


def quotes_cells(header: str, width: int, rows: Iterable[tuple[Sequence[Line], Row]]) -> bool:
    """``header``: its line; ``width``: how many cells it has; ``rows``: those after it as CSV, each with the
    lines that it was read from."""
    if header.startswith('"'):
        return True  # a program that puts everything into quotes
    whole = against = within = 0
    for lines, (_, row) in rows:
        texts = [text.rstrip("\n") for _, text in lines if text]
        fitting = sum(_fits(text.split(TAB), width) for text in texts)
        if isinstance(row, WrongError) and fitting:
            against += 1  # not as a spreadsheet writes, but a row or more as it stands
        elif len(texts) > 1:
            # the lines of a cell are no rows
            within += 2 * fitting <= len(texts)
            against += 2 * fitting > len(texts)
        elif not isinstance(row, WrongError):
            cells = [cell for text in texts for cell in text.split(TAB) if '"' in cell]
            needed = [_is_quoted(cell) and any(mark in cell[1:-1] for mark in '",;') for cell in cells]
            whole += sum(needed)
            against += not all(needed)
    return within > against if within or not whole else not against


def _fits(cells: list[str], width: int) -> bool:
    return len(cells) >= width and not any(cell.strip() for cell in cells[width:])


def _is_quoted(cell: str) -> bool:
    """Whether a cell is one in quotes, with those inside doubled."""
    return len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', "")


def bare_rows(lines: Iterable[Line]) -> Iterator[Row]:
    """The rows of a file in which every quote is text."""
    for number, text in lines:
        if text is None:
            yield number, WrongError(f"more than {LINE_CHARS:,} characters in a row")
        else:
            yield number, text.rstrip("\n").split(TAB)
