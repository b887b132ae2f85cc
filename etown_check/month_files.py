"""Months: how they are typed, and which of them the files of a folder are named after."""

import os
import re
from collections.abc import Iterable

from etown_check.endings import OFFICE_LOCK
from etown_check.patterns import pattern
from etown_check.text import fold, is_number

# 2023-06, 2023年6月, 202306; a workbook may hold the first day of the month for it.
_MONTH = pattern(r"(\d{4})(?:[-./年](\d{1,2})|(\d{2}))(?:月(?:0?1日)?|[-./]0?1)?", re.ASCII)
_SHORTEST = len("202306")


def read_month(text: str) -> str | None:
    """Return the month that `text` says as `2023-06`, `None` where it says none."""
    if len(text) == 7 and text[4] == "-" and is_number(text[:4]) and is_number(text[5:]):
        year, digits = text[:4], text[5:]  # as most are written
    else:
        folded = fold(text)
        match = _MONTH.fullmatch(folded) if len(folded) >= _SHORTEST else None
        if match is None:
            return None
        year, digits = match[1], match[2] or match[3]
    month = int(digits)
    return f"{year}-{month:02}" if 1 <= month <= 12 and year != "0000" else None


def named_after(name: str, endings: Iterable[str] | None = None) -> str | None:
    """Return the month that a file is named after: `2023-06.docx`.

    `endings` are those that it may have. What Excel and other programs keep beside a file that
    is open, and what is hidden, is named after none.
    """
    stem, ending = os.path.splitext(name)
    if name.startswith((".", OFFICE_LOCK)) or not ending:
        return None
    if endings is not None and ending.lower() not in endings:
        return None
    return read_month(stem)


def months_in(folder: str, endings: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the months that files of `folder` are named after, ascending. Raises `OSError`."""
    found = {named_after(entry.name, endings) for entry in os.scandir(folder) if entry.is_file()}
    return tuple(sorted(month for month in found if month))
