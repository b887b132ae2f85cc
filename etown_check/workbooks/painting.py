"""Writing a sheet that people look at and fill in: cells by style, rules, heights, print layout."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from openpyxl.cell import Cell
from openpyxl.formatting.rule import Rule as Formatting
from openpyxl.styles import (
    Alignment,
    Border,
    Font,
    NamedStyle,
    PatternFill,
    Protection,
    Side,
)
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from etown_check.records import Record
from etown_check.report import FAIL, MISSING, NOT_APPLICABLE, NOT_DUE, PASS, REVIEW
from etown_check.text import wrap
from etown_check.workbooks.filling import DATE, NUMBER, Content

TITLE, ABOUT, HEAD, SECTION, BODY, LEAD, STRONG, CENTRED, GREY, MACHINE = (
    "etown title",
    "etown about",
    "etown head",
    "etown section",
    "etown text",
    "etown lead",
    "etown strong",
    "etown centred",
    "etown grey",
    "etown machine",
)
"""Styles of cells that are closed."""
FIELD, CHOICE_FIELD, NUMBER_FIELD, DATE_FIELD = (
    "etown field",
    "etown choice",
    "etown number",
    "etown date",
)
"""Styles of cells to fill in."""
DAY_FORMAT, TEXT_FORMAT = "yyyy-mm-dd", "@"

_POINTS = 10
_LINE = 14.5
"""Points from one line of text to the next."""
_LEAST_HEIGHT, _MOST_HEIGHT = 30.0, 409.0
_MOST_OF_LIST, _MOST_OF_PROMPT = 253, 255
_MOST_OF_FOOTER = 255
_PAGE_WIDTH, _PAGE_HEIGHT = 791.0, 500.0
"""Points of an A4 page in landscape within the margins, with some room to spare in its height."""

_TONES = {
    PASS: "1B6E3C",
    FAIL: "B3261E",
    MISSING: "8A5300",
    REVIEW: "8A5300",
    NOT_DUE: "5F6B7A",
    NOT_APPLICABLE: "5F6B7A",
}
_WARNING, _DONE = (PatternFill(bgColor=color) for color in ("F6B8B2", "CFE8D5"))
# What a cell's text may be taken for a formula by, when somebody edits it.
_FORMULA = re.compile("[=+@＝＋＠－-]")
# In a workbook _x000D_ stands for a control character. Text that looks so has its _ written so.
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def tone_style(tone: str) -> str:
    """Return the style of text that tells a status."""
    return f"etown {tone}" if tone in _TONES else BODY


def styles_of(lang: str) -> Iterator[NamedStyle]:
    """Yield the styles; their fonts are those that a reader of `lang` has."""
    text, head = ("Arial", "Arial") if lang == "en" else ("宋体", "黑体")
    # The character set and family let a program without the font choose another Chinese one.
    family, charset = (2, None) if lang == "en" else (3, 134)

    def font(
        name: str, size: float = _POINTS, *, is_bold: bool = False, color: str | None = None
    ) -> Font:
        return Font(name=name, sz=size, b=is_bold, color=color, family=family, charset=charset)

    line = Side(style="thin", color="9AA5B1")
    lines = Border(left=line, right=line, top=line, bottom=line)
    left = Alignment(vertical="center", wrap_text=True)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    top = Alignment(vertical="top", wrap_text=True)
    head_fill, section_fill, grey_fill, field_fill = (
        PatternFill("solid", start_color=color)
        for color in ("D6E0EE", "EEF2F7", "F0F0F0", "FFF9E3")
    )

    def style(
        name: str, font: Font, place: Alignment, fill: PatternFill | None = None
    ) -> NamedStyle:
        made = NamedStyle(name, font=font, alignment=place, border=lines)
        if fill is not None:
            made.fill = fill
        return made

    def field(name: str, place: Alignment, format: str) -> NamedStyle:
        made = style(name, font(text), place, field_fill)
        made.protection = Protection(locked=False)
        made.number_format = format
        return made

    plain = Border()
    title = style(TITLE, font(head, 15, is_bold=True), Alignment(vertical="center"))
    about = style(ABOUT, font(text, color="5F6B7A"), Alignment(vertical="center"))
    title.border = about.border = plain
    yield title
    yield about
    yield style(HEAD, font(head, is_bold=True), middle, head_fill)
    yield style(SECTION, font(head, 11, is_bold=True), left, section_fill)
    yield style(BODY, font(text), left)
    yield style(LEAD, font(text), top)
    yield style(STRONG, font(text, is_bold=True), left)
    yield style(CENTRED, font(text), middle)
    yield style(GREY, font(text, color="5F6B7A"), left, grey_fill)
    machine = style(MACHINE, font("Arial", 6, color="9AA5B1"), top)
    machine.border = plain
    yield machine
    for tone, color in _TONES.items():
        yield style(tone_style(tone), font(text, color=color, is_bold=tone == FAIL), left)
    yield field(FIELD, left, TEXT_FORMAT)
    yield field(CHOICE_FIELD, middle, TEXT_FORMAT)
    yield field(NUMBER_FIELD, middle, "General")
    yield field(DATE_FIELD, middle, DAY_FORMAT)


def put_content(cell: Cell, content: Content) -> None:
    """Write `content`; whatever a text looks like, it is text."""
    if not content.text:
        return
    match content.kind:
        case kind if kind == DATE:
            cell.value = date.fromisoformat(content.text)
        case kind if kind == NUMBER:
            cell.value, cell.data_type = content.text, "n"
        case _:
            cell.value, cell.data_type = _ESCAPED.sub("_x005F_", content.text), "s"
            cell.quotePrefix = bool(_FORMULA.match(content.text))


class Rule(Record):
    """What a cell takes: a type of the file format, its formula, and what is said of it.

    `is_strict` refuses anything else; otherwise whoever fills it in is asked.
    """

    type: Literal["list", "decimal", "date", "custom"] | None
    formula: str | None = None
    error: str = ""
    prompt: str = ""
    is_strict: bool = True


def one_of(words: Sequence[str], error: str, prompt: str = "") -> Rule:
    """Return the rule that offers `words`, without an error where others may be typed."""
    offered = ",".join(words)
    if len(offered) > _MOST_OF_LIST or any(set(word) & set(',"') for word in words):
        return Rule(None, prompt=prompt)  # they cannot stand in a list
    return Rule("list", f'"{offered}"', error, prompt)


def number(error: str, prompt: str) -> Rule:
    """Return the rule of a number that is not negative, which asks before it takes anything else."""
    return Rule("decimal", "0", error, prompt, is_strict=False)


def day(first: date, error: str) -> Rule:
    """Return the rule of a date that is not before `first`."""
    return Rule("date", str((first - date(1899, 12, 30)).days), error)


class _Row(RowDimension):
    """A row that has its height from here, and grows when somebody types more into it."""

    @property
    def customHeight(self) -> bool:  # noqa: N802 - the library's name
        return False


class Painter:
    """Writes one sheet. Rows and columns count from 1; `widths` are in characters of half width."""

    def __init__(self, sheet: Worksheet, widths: Sequence[float]) -> None:
        self.sheet = sheet
        self.widths = widths
        self.rules: dict[Rule, DataValidation] = {}
        self.texts: dict[tuple[int, int], str] = {}
        self.heights: dict[int, float] = {}
        self.blocks: list[tuple[int, int]] = []
        self.spans: dict[tuple[int, int], tuple[int, int]] = {}
        for at, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        sheet.sheet_view.showGridLines = False

    def put(self, row: int, column: int, text: str, style: str, *, wraps: bool = True) -> None:
        """Write a cell that is closed. One that does not wrap runs on over those beside it."""
        self._put(row, column, Content(text), style)
        if wraps:
            self.texts[row, column] = text

    def field(
        self, row: int, column: int, content: Content, style: str, rule: Rule | None = None
    ) -> None:
        """Write a cell to fill in."""
        self._put(row, column, content, style)
        self.texts[row, column] = content.text
        if rule is None:
            return
        if rule not in self.rules:
            self.rules[rule] = _validation(rule)
            self.sheet.add_data_validation(self.rules[rule])
        self.rules[rule].add(f"{get_column_letter(column)}{row}")

    def _put(self, row: int, column: int, content: Content, style: str) -> None:
        cell = self.sheet.cell(row, column)
        assert isinstance(cell, Cell)  # merged after it is written
        cell.style = style
        put_content(cell, content)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Make one cell of a range whose first cell is written."""
        if (top, left) == (bottom, right):
            return
        style = self.sheet.cell(top, left).style
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self.sheet.cell(row, column).style = style  # each has its part of the border
        self.sheet.merge_cells(None, top, left, bottom, right)
        self.spans[top, left] = (bottom, right)

    def keep(self, top: int, bottom: int) -> None:
        """Print rows on one page, where they fit; such ranges follow upon each other."""
        self.blocks.append((top, bottom))

    @property
    def last_row(self) -> int:
        """The last row that is written."""
        return max(row for row, _ in self.texts)

    def hide(self, column: int) -> None:
        """Hide a column."""
        self.sheet.column_dimensions[get_column_letter(column)].hidden = True

    def warn(self, cells: str, formula: str) -> None:
        """Show `cells` as lacking something where `formula` holds."""
        self.sheet.conditional_formatting.add(cells, _where(formula, _WARNING))

    def praise(self, cells: str, formula: str) -> None:
        """Show `cells` as done where `formula` holds."""
        self.sheet.conditional_formatting.add(cells, _where(formula, _DONE))

    def fit(self) -> None:
        """Make every row high enough for what stands in it."""
        heights = self.heights
        tall: list[tuple[int, int, float]] = []
        for (row, column), text in self.texts.items():
            bottom, right = self.spans.get((row, column), (row, column))
            needed = _height(text, sum(self.widths[column - 1 : right]))
            if bottom == row:
                heights[row] = max(heights.get(row, _LEAST_HEIGHT), needed)
            else:
                tall.append((row, bottom, needed))
        for top, bottom, needed in sorted(tall):
            rows = range(top, bottom + 1)
            lacking = needed - sum(heights.get(row, _LEAST_HEIGHT) for row in rows)
            for row in rows if lacking > 0 else ():
                heights[row] = heights.get(row, _LEAST_HEIGHT) + lacking / len(rows)
        # A program that fits a row anew does not see what it shares with others.
        shared = {row for top, bottom, _ in tall for row in range(top, bottom + 1)}
        for row, height in heights.items():
            kind = RowDimension if row in shared else _Row
            fitted = heights[row] = min(round(height, 1), _MOST_HEIGHT)
            self.sheet.row_dimensions[row] = kind(self.sheet, index=row, ht=fitted)

    def page(
        self,
        *,
        is_landscape: bool,
        header: Sequence[str] = ("", "", ""),
        footer: Sequence[str] = ("", "", ""),
    ) -> None:
        """Lay the sheet out for A4, as wide as the page, between `header` and `footer`.

        Both are three texts, for the left, the middle and the right, with `&P` and `&N` for the
        number of the page and of all pages.
        """
        sheet = self.sheet
        sheet.page_setup.orientation = "landscape" if is_landscape else "portrait"
        sheet.page_setup.paperSize = 9  # A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.page_margins.left = sheet.page_margins.right = 0.35
        sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.55
        sheet.page_margins.header = sheet.page_margins.footer = 0.25
        sheet.print_options.horizontalCentered = True
        for place, texts in ((sheet.oddHeader, header), (sheet.oddFooter, footer)):
            assert place is not None  # the library makes both
            assert sum(map(len, texts)) < _MOST_OF_FOOTER
            for part, text in zip((place.left, place.center, place.right), texts, strict=True):
                part.text, part.size = text or None, 8 if text else None

    def break_pages(self, head: int) -> None:
        """Begin pages so that what is kept stays together; the row `head` stands on each."""
        shown = [
            width
            for at, width in enumerate(self.widths, 1)
            if not self.sheet.column_dimensions[get_column_letter(at)].hidden
        ]
        # A character is 7 pixels wide, with 5 between columns; a pixel is three quarters of a point.
        room = _PAGE_HEIGHT * sum(width * 5.25 + 3.75 for width in shown) / _PAGE_WIDTH
        used = sum(height for row, height in self.heights.items() if row < self.blocks[0][0])
        for top, bottom in self.blocks:
            needed = sum(self.heights[row] for row in range(top, bottom + 1))
            if used + needed > room:
                self.sheet.row_breaks.append(Break(top - 1))
                used = self.heights[head]
            used += needed

    def protect(self) -> None:
        """Close all but the cells to fill in, against slips: there is no password."""
        self.sheet.protection.sheet = True
        # False means that it may be done.
        self.sheet.protection.formatColumns = False
        self.sheet.protection.formatRows = False


def _where(formula: str, fill: PatternFill) -> Formatting:
    return Formatting("expression", dxf=DifferentialStyle(fill=fill), formula=[formula])


def _validation(rule: Rule) -> DataValidation:
    return DataValidation(
        type=rule.type,
        operator="greaterThanOrEqual" if rule.type in ("decimal", "date") else None,
        formula1=rule.formula,
        allow_blank=True,
        errorStyle=None if rule.is_strict else "warning",
        showErrorMessage=bool(rule.error),
        error=rule.error or None,
        showInputMessage=bool(rule.prompt),
        prompt=_shortened(rule.prompt, _MOST_OF_PROMPT) or None,
    )


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def lines_of(text: str, width: float) -> int:
    """Return how many lines `text` takes in a column of `width`."""
    return sum(len(wrap(line, max(int(width) - 1, 2))) for line in text.rstrip("\n").split("\n"))


def _height(text: str, width: float) -> float:
    return lines_of(text, width) * _LINE + 6 if text else 0.0


MOST_LINES = int((_MOST_HEIGHT - 6) / _LINE)
"""Lines that the highest row can show."""
