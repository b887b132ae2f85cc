"""A table of columns for a terminal, whose cells break where Chinese text may break.

rich has tables too. They measure every cell and break it into pieces again and again, and of a
report's hundreds of cells that takes several times as long as all the rest of a run.
"""

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions
from rich.segment import Segment

from etown_check.records import Record
from etown_check.text import columns as columns_of
from etown_check.text import wrap


class Column(Record):
    """A column of a table: its heading, and its width, or its share of what the others leave."""

    heading: str
    width: int = 0
    share: int = 0


class Cell(Record):
    """The text of a cell, and how it looks."""

    text: str
    look: str = ""


class Columns:
    """Rows below the headings of their columns, as wide as the terminal.

    `gap` is how many spaces stand between two columns, `rule` the line below the headings.
    """

    def __init__(self, columns: Sequence[Column], gap: int, rule: str) -> None:
        self.columns = columns
        self.gap = gap
        self.rule = rule
        self.rows: list[Sequence[Cell]] = []

    def add(self, *cells: Cell | str) -> None:
        """Add a row; the cells that it lacks at its end are empty."""
        lacking = [""] * (len(self.columns) - len(cells))
        row = [Cell(it) if isinstance(it, str) else it for it in (*cells, *lacking)]
        self.rows.append(row)

    def widths(self, total: int) -> list[int]:
        """Return how wide each column is, in `total` columns of the terminal."""
        gaps = self.gap * (len(self.columns) - 1)
        left = total - gaps - sum(column.width for column in self.columns)
        shares = sum(column.share for column in self.columns)
        found = []
        for column in self.columns:
            width = column.width
            if column.share:
                width = max(-(-column.share * left // shares), 1)
                left -= width
                shares -= column.share
            found.append(width)
        return found

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        widths = self.widths(options.max_width)
        headings = [Cell(column.heading, "bold") for column in self.columns]
        yield from self._drawn(headings, widths, console)
        yield Segment(f"{self.rule * options.max_width}\n")
        for row in self.rows:
            yield from self._drawn(row, widths, console)

    def _drawn(
        self, row: Sequence[Cell], widths: Sequence[int], console: Console
    ) -> Iterator[Segment]:
        between = " " * self.gap
        cells = [
            (wrap(cell.text, width), console.get_style(cell.look) if cell.look else None, width)
            for cell, width in zip(row, widths, strict=True)
        ]
        for number in range(max(len(lines) for lines, _, _ in cells)):
            plain = ""  # what stands before the next cell that looks special
            for lines, look, width in cells:
                line = lines[number] if number < len(lines) else ""
                if look is None or not line:
                    plain += line
                else:
                    yield Segment(plain)
                    yield Segment(line, look)
                    plain = ""
                plain += " " * (width - columns_of(line)) + between
            yield Segment(f"{plain.rstrip()}\n")
