"""A fund ledger, read: what became of its rows, as far as anything asks.

A ledger may have a million rows. What is kept of it are sums, and the rows that a check or a
doubt has to name.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from etown_check.problems import Position
from etown_check.quantities import Quantity
from etown_check.records import Record


class LedgerRow(Record):
    """One row and where it stands. `amount` is money; a refund is negative.

    `source` is "" where the row bears none, and so are texts that it lacks.
    """

    position: Position
    on: date
    description: str
    amount: Quantity
    source: str
    category: str
    payee: str
    voucher: str


class Sum(Record):
    """What several rows come to, in 元, and how many they are."""

    amount: Fraction = Fraction(0)
    rows: int = 0

    def plus(self, other: "Sum") -> "Sum":
        """Return the sum of both."""
        return Sum(self.amount + other.amount, self.rows + other.rows)


class Suspicious(Record):
    """A row whose description speaks of a forbidden `use` by this `word`."""

    row: LedgerRow
    use: str
    word: str


class Repeated(Record):
    """A row that says again what the row at `first` said."""

    row: LedgerRow
    first: Position


class WrongTotal(Record):
    """A row of totals that says another amount than the rows above it come to (in 元)."""

    position: Position
    label: str
    said: Quantity
    sum: Fraction


class Doubtful(Record):
    """The rows that a person should look at, the first of each kind, and how many there are.

    `counts` are by the name of the field.
    """

    suspicious: tuple[Suspicious, ...] = ()
    vouchers: tuple[Repeated, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    outside: tuple[LedgerRow, ...] = ()
    totals: tuple[WrongTotal, ...] = ()
    counts: Mapping[str, int] = {}


class Ledger(Record):
    """A ledger at `path`.

    `sums` are by source ("" for none) and category. `forbidden` holds every row in a forbidden
    category and `unsourced` every row without a source, in the order of the file.
    """

    path: str
    sha256: str
    rows: int
    sums: Mapping[tuple[str, str], Sum]
    forbidden: tuple[LedgerRow, ...] = ()
    unsourced: tuple[LedgerRow, ...] = ()
    doubtful: Doubtful = Doubtful()

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.path.replace("\\", "/").rpartition("/")[2]

    def spent(self, source: str) -> Sum:
        """Return what was paid out of `source`, refunds taken off."""
        return total(it for (of, _), it in self.sums.items() if of == source)


def total(sums: Iterable[Sum]) -> Sum:
    """Return the sum of `sums`."""
    whole = Sum()
    for one in sums:
        whole = whole.plus(one)
    return whole
