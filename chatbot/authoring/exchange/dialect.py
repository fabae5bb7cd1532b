"""Whether a file with tabs puts cells into quotes, as CSV files do, or means every quote as it stands.

Spreadsheets write quotes around a cell of a text with tabs where they are needed, and double those inside.
Other programs write every cell as it is. The whole file decides: by which reading more rows are whole, and
whether its quotes are such as a spreadsheet writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from chatbot.authoring.exchange.columns import Row

Lines = Iterable[tuple[int, "str | None"]]
TAB = "\t"


def quotes_cells(header: str, width: int, lines: Lines, read: Callable[[], Iterable[Row]]) -> bool:
    """``header``: its line; ``width``: how many cells it has; ``lines``: those after it; ``read``: the rows of
    the file, read as CSV."""
    if header.startswith('"'):
        return True  # a program that puts everything into quotes
    whole = needless = plain = bare = 0
    for _, text in lines:
        if not text or not text.strip():
            continue
        cells = text.rstrip("\n").split(TAB)
        bare += _fits(cells, width)
        for cell in cells:
            if '"' not in cell:
                continue
            if not _is_quoted(cell):
                plain += 1
            elif any(mark in cell[1:-1] for mark in '",;'):
                whole += 1
            else:
                needless += 1
    if not whole + needless + plain:
        return False
    quoted = sum(not isinstance(row, Exception) and _fits(row, width) for _, row in read())
    if quoted != bare:
        return quoted > bare
    return whole > 0 and not needless and not plain


def _fits(cells: list[str], width: int) -> bool:
    return len(cells) >= width and not any(cell.strip() for cell in cells[width:])


def _is_quoted(cell: str) -> bool:
    """Whether a cell is one in quotes, with those inside doubled."""
    return len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', "")


def bare_rows(lines: Lines) -> Iterator[Row]:
    """The rows of a file in which every quote is text."""
    from chatbot.authoring.exchange.record import WrongError
    from chatbot.authoring.exchange.textin import LINE_CHARS

    for number, text in lines:
        if text is None:
            yield number, WrongError(f"more than {LINE_CHARS:,} characters in a row")
        else:
            yield number, text.rstrip("\n").split(TAB)
