"""What both kinds of ledger files come down to: the first rows, and rows of seven cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from etown_check.problems import InputError, Position, Problem
from etown_check.records import Record
from etown_check.words import Words
from etown_check.xlsx.texts import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object

KEYS = ("date", "description", "amount", "source", "category", "payee", "voucher")
"""The columns that a ledger must have, in the order in which a row's cells are given."""
DATE, DESCRIPTION, AMOUNT, SOURCE, CATEGORY, PAYEE, VOUCHER = range(len(KEYS))

HEAD_ROWS, HEAD_COLUMNS = 30, 500
"""The header is looked for among so many rows that hold something, and in so many columns."""

FURTHER = 100
"""So many cells beside those of the seven columns are searched for what a row of totals says."""


class Head(Record):
    """One of the first rows: its number, and its texts by their columns, which count from 1."""

    number: int
    cells: Mapping[int, str]


class Header(Record):
    """The header of a ledger.

    `columns` are those of `KEYS`, 0 for one that is lacking, and `width` is the last column that
    has a name. `unit` is that of plain amounts, "" for none, and `amount` how their column is named.
    """

    row: int
    columns: tuple[int, ...]
    width: int
    unit: str
    amount: str


class Mistake(Record):
    """What is wrong with a header, at one of its columns; 0 is the header itself."""

    column: int
    code: str
    args: Mapping[str, Words]
    close: tuple[str, ...] = ()


class Spot(Record):
    """A place in a ledger; in a line of text also the column behind it, and the line."""

    position: Position | None
    end: int | None = None
    line: str | None = None

    def problem(
        self, path: str, code: str, args: Mapping[str, Words], close: tuple[str, ...] = ()
    ) -> Problem:
        """Return the problem `code` of this place."""
        return Problem(path, self.position, code, args, close, self.end, self.line)


class Misfit(Record):
    """What is wrong with a row as a whole.

    Unless it `is_certain`, it counts only where cells of the row are wrong too, and explains them.
    """

    problem: Problem
    is_certain: bool


class Odd(Record):
    """What there is to say of a row beside its texts: of some of its cells, and of the whole."""

    values: Mapping[int, Value]
    misfit: Misfit | None = None


Row = tuple[int, Sequence[str], Odd | None]
"""The number of a row, the texts of its cells in the order of `KEYS`, and what is odd about it."""


class Table(Protocol):
    """The rows below a header, in their order.

    `sheet` is "" where there are no sheets; `mistakes` are those of the header.
    """

    sheet: str
    header: Header
    mistakes: list[Mistake]

    def rows(self) -> Iterator[Row]:
        """Yield the rows; the other methods speak of the one that was yielded last."""

    def further(self) -> Iterator[str]:
        """Yield the texts of the row's cells in no column of the seven."""

    def spot(self, at: int) -> Spot:
        """Return the place of the cell at an index of `KEYS`."""

    def head_spot(self, column: int) -> Spot:
        """Return the place of a cell of the header, of the header itself for 0."""

    def warnings(self) -> Iterator[Problem]:
        """Yield what there is to say of the file, once all rows were read."""


def too_large(path: str, limit: Words, what: Words) -> InputError:
    """Say that a ledger goes beyond a limit of so many of `what`."""
    return InputError([Problem(path, None, "E851", {"limit": limit, "what": what})])
