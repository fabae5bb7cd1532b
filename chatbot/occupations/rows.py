"""The rows of a pack's CSV files of titles and facts, read strictly: what is wrong is named with its line, and then nothing is used."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

from chatbot.errors import Finding
from chatbot.language.normalise import printable

MOST_BYTES = 100_000_000
MOST_FINDINGS = 20
LONGEST = 2_000
"""No title or fact is longer, in characters."""
_TOO_LONG = "field larger than"
"""What ``csv`` says of a cell beyond its limit, 131,072 characters where no program has set another."""


def read_rows(file: Path, columns: tuple[str, ...], findings: list[Finding]) -> list[tuple[str, ...]]:
    """The rows of a file that has just these columns, in any order, as text; empty where there is any finding."""

    def find(line: int, message: str) -> None:
        findings.append(Finding(file, line, 1, message, "data-file"))

    before = len(findings)
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):  # reading from a pipe or a device would never end
            find(1, "can't be read: not a file")
            return []
        if status.st_size > MOST_BYTES:
            find(1, f"larger than {MOST_BYTES:,} bytes")
            return []
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        find(1, f"can't be read ({error.strerror}); pack.yaml names it under data")
        return []
    except UnicodeDecodeError as error:
        find(1, f"not UTF-8 at byte {error.start}; save it as UTF-8")
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    out: list[tuple[str, ...]] = []
    try:
        header = next(reader, [])
        missing = [name for name in columns if name not in header]
        if missing or len(header) != len(columns):
            find(1, f"the columns must be {','.join(columns)}; found: {printable(','.join(header)[:200]) or 'nothing'}")
            return []
        places = [header.index(name) for name in columns]
        for row in reader:
            if len(row) != len(columns) or not all(map(str.strip, row)):
                find(reader.line_num, f"{len(row)} cells, or an empty one; expected {len(columns)}: {','.join(columns)}")
            elif max(map(len, row)) > LONGEST:
                find(reader.line_num, f"a cell of more than {LONGEST:,} characters")
            elif not all(map(str.isprintable, row)):
                find(reader.line_num, "a control character; take it out")
            else:
                out.append(tuple(row[place] for place in places))
            if len(findings) - before >= MOST_FINDINGS:
                break
    except csv.Error as error:
        if str(error).startswith(_TOO_LONG):
            find(reader.line_num, f"a cell of more than {LONGEST:,} characters; is a quotation mark missing, or one too many?")
        else:
            find(reader.line_num, f"not CSV: {error}")
    return out if len(findings) == before else []
