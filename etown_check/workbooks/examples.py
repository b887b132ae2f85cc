"""Workbooks made of a few lines, for the examples of mistakes.

A line holds the cells of a row, between bars; `[name]` begins another sheet, `(B2:B3)` merges
cells, and `(2)` hides a row. A cell is typed as Excel would take it: number, date, formula or
error; `23000 {0.0,"万"}` is a number with a format.
"""

import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from etown_check.words import render
from etown_check.workbooks.columns import FACT_NAME, FACT_VALUE, FACTS

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SECTION = "十四、建设规模"
"""The sheet on which lines stand that name no other."""

_SHEET = re.compile(r"\[(.+)\]")
_COMMAND = re.compile(r"\((\w+)(:\w+)?\)")
_FORMATTED = re.compile(r"(.+) \{(.+)\}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def workbook_of(lines: str, facts: Mapping[str, str]) -> bytes:
    """Return the workbook that `lines` say, with `facts` where they have no such sheet."""
    from openpyxl import Workbook

    sheets = _parted(lines)
    name = render(FACTS, "zh")
    head = f"{FACT_NAME.zh} | {FACT_VALUE.zh}"
    sheets = {name: [head, *(f"{key} | {value}" for key, value in facts.items())], **sheets}
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, content in sheets.items():
        _write(book.create_sheet(title), content)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _parted(lines: str) -> dict[str, list[str]]:
    sheets: dict[str, list[str]] = {}
    title = SECTION
    for line in lines.split("\n"):
        match = _SHEET.fullmatch(line)
        if match:
            title = match.group(1)
        sheets.setdefault(title, []).extend([] if match else [line])
    return sheets


def _write(sheet: "Worksheet", lines: Iterable[str]) -> None:
    from openpyxl.cell import Cell

    row = 0
    for line in lines:
        command = _COMMAND.fullmatch(line)
        if command and command.group(2):
            sheet.merge_cells(command.group(1) + command.group(2))
        elif command:
            sheet.row_dimensions[int(command.group(1))].hidden = True
        else:
            row += 1
            for column, text in enumerate(line.split("|"), 1):
                if text.strip():
                    cell = sheet.cell(row, column)
                    assert isinstance(cell, Cell)  # nothing is merged before its rows are there
                    _fill(cell, text.strip())


def _fill(cell: "Cell", text: str) -> None:
    match = _FORMATTED.fullmatch(text)
    if match:
        text = match.group(1)
        cell.number_format = match.group(2)
    if _DAY.fullmatch(text):
        cell.value = date.fromisoformat(text)
    elif _NUMBER.fullmatch(text):
        cell.value = Decimal(text)
    else:
        cell.value = text
