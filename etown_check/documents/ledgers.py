"""A fund ledger in a document: what it comes to, and the rows that the checks are about."""

from collections.abc import Iterator, Sequence

from etown_check.documents.checklist import Checklist
from etown_check.documents.model import (
    MUTED,
    Block,
    Cell,
    Column,
    Group,
    Heading,
    Lines,
    Paragraph,
    Table,
)
from etown_check.ledger import LedgerRow
from etown_check.report import CheckResult
from etown_check.reporters.ledger_table import Grid, LedgerText, ledger_text
from etown_check.reporters.texts import shown
from etown_check.spending import row_at
from etown_check.text import columns, visible
from etown_check.words import Text, render

WORDS = {
    "sums": Text("按类别和来源的支出", "Spent, by category and source"),
    "by_source": Text("各来源的资金", "Funds by source"),
    "rows": Text("{id} {name}：有关的 {number} 行", "{id} {name}: rows concerned ({number})"),
    "more_rows": Text(
        "另有 {number} 行没有列出；全部各行见 JSON 报告（validate --format json）。",
        "Not shown: {number}; the JSON report (validate --format json) has them all.",
    ),
    "place": Text("位置", "Place"),
    "date": Text("日期", "Date"),
    "amount": Text("金额", "Amount"),
    "source": Text("资金来源", "Source"),
    "category": Text("支出类别", "Category"),
    "payee": Text("收款单位", "Payee"),
    "voucher": Text("凭证号", "Voucher"),
    "description": Text("摘要", "Description"),
}

MOST_ROWS = 200
"""Rows of one check that a document lists: more of them are for a program, not for paper."""

_WIDTH = 184
"""Millimetres of a page."""

_MOST_LETTERS, _LABEL, _INSET = 84, 14, 2
"""Letters that fit beside each other in a table, that the names in one need, and for a cell's edges.

A number has room for a tenth more: fonts differ, and a number must not be broken.
"""


def ledger_blocks(town: Checklist, lang: str) -> Iterator[Block]:
    """Yield what a town's ledger comes to and the rows to look at; nothing where none was judged."""
    ledger = ledger_text(town.report, town.standard, lang)
    if ledger is None:
        return
    yield Paragraph(ledger.facts, MUTED)
    yield _sums(ledger, lang)
    yield from (Paragraph(note, MUTED) for note in ledger.notes)
    groups = tuple(_groups(ledger.by_source))
    yield Table(_word("by_source", lang), _columns(ledger.by_source), groups)
    for item in town.report.items:
        for check in item.checks:
            if check.rows:
                yield from _rows(check, lang)


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


# Sums


def _sums(ledger: LedgerText, lang: str) -> Table:
    """Return the sums, with a column for each source where there is room for them."""
    grid = ledger.wide if _letters(ledger.wide) <= _MOST_LETTERS else ledger.long
    return Table(_word("sums", lang), _columns(grid), tuple(_groups(grid)))


def _widths(grid: Grid) -> list[int]:
    """Return how many letters the columns behind the first are wide."""
    lines = (grid.header, *grid.rows, *grid.totals)
    _, *widths = (max(map(columns, column)) for column in zip(*lines, strict=True))
    return [-(-width * 11 // 10) + _INSET for width in widths]


def _letters(grid: Grid) -> int:
    """Return how many letters the table is wide at least: its names may be broken."""
    return _LABEL + _INSET + sum(_widths(grid))


def _columns(grid: Grid) -> tuple[Column, ...]:
    """Return the columns: those of numbers as wide as they must be, the names have the rest."""
    wide = [width * _WIDTH // _MOST_LETTERS for width in _widths(grid)]
    spare = _WIDTH - sum(wide)
    # In a small table the names are not so long as to need all of it.
    first = spare if len(wide) > 4 else spare // 2
    return tuple(
        Column(name, width, is_number=index >= grid.labels)
        for index, (name, width) in enumerate(zip(grid.header, [first, *wide], strict=True))
    )


def _groups(grid: Grid) -> Iterator[Group]:
    """Yield the rows, those that go on below a name beside it."""
    lines = [(line, False) for line in grid.rows] + [(line, True) for line in grid.totals]
    found: list[tuple[Cell, list[tuple[Cell, ...]]]] = []
    for (name, *cells), is_total in lines:
        row = tuple(Lines((cell,) if cell else (), is_strong=is_total) for cell in cells)
        if name:
            found.append((Lines((name,), is_strong=is_total), [row]))
        else:
            found[-1][1].append(row)
    return (Group((name,), tuple(rows)) for name, rows in found)


# Rows


def _rows(check: CheckResult, lang: str) -> Iterator[Block]:
    name = render(check.name, lang)
    title = _word("rows", lang, id=check.id, name=name, number=len(check.rows))
    yield Heading(title, 2)
    yield _listed(check.rows[:MOST_ROWS], title, lang)
    if len(check.rows) > MOST_ROWS:
        yield Paragraph(_word("more_rows", lang, number=len(check.rows) - MOST_ROWS))


def _listed(rows: Sequence[LedgerRow], title: str, lang: str) -> Table:
    """Return the rows as a table; what they all have in common has no column."""
    widths = {
        "place": 16,
        "date": 22,
        "amount": 24,
        "source": 14,
        "category": 24,
        "payee": 30,
        "voucher": 18,
        "description": 36,
    }
    for key in ("source", "category"):
        if len({getattr(row, key) for row in rows}) == 1:
            del widths[key]
    listed = tuple(
        Column(_word(key, lang), width, is_number=key == "amount") for key, width in widths.items()
    )
    groups = (Group(rows=(tuple(row_cell(row, key, lang) for key in widths),)) for row in rows)
    return Table(title, listed, tuple(groups))


def row_cell(row: LedgerRow, key: str, lang: str) -> Lines:
    """Return the cell of a row in the column `key`, one of those that `WORDS` names."""
    match key:
        case "place":
            text = shown(row_at(row.position), lang)
        case "date":
            text = shown(row.on, lang)
        case "amount":
            text = shown(row.amount, lang)
        case _:
            text = visible(getattr(row, key))
    return Lines((text,) if text else ())
