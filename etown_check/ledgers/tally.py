"""What is kept of a ledger's rows: sums, the rows that must be named, and what is doubtful."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from etown_check.ledger import (
    Doubtful,
    Ledger,
    LedgerRow,
    Repeated,
    Sum,
    Suspicious,
    WrongTotal,
)
from etown_check.ledgers.aside import Aside, PlainRow
from etown_check.ledgers.repeats import Repeat, Repeats, mark_of, number_of
from etown_check.ledgers.tables import DESCRIPTION, PAYEE, VOUCHER
from etown_check.ledgers.totals import Label, Totals
from etown_check.ledgers.values import Amount, money, says_nothing
from etown_check.ledgers.words import Speech
from etown_check.limits import MAX_LEDGER_DOUBTS
from etown_check.problems import Position
from etown_check.quantities import Quantity
from etown_check.standard import LedgerForm
from etown_check.text import fold, fold_anew

_MOST_REMEMBERED = 50_000
"""Names of payees that are not folded again."""

_MANY_ASIDE = 1 << 16
"""Rows that are put aside before it is looked whether any more have to be."""


class Tally:
    """Sums up the rows of one ledger.

    Vouchers and payments are known again by hashes of 64 bits: among two million of them, two that
    differ are taken for the same once in ten million ledgers.
    """

    def __init__(self, form: LedgerForm, sheet: str) -> None:
        self.form = form
        self.sheet = sheet
        self._speech = Speech(form)
        self._barred = {it.name.zh for it in form.categories if it.is_forbidden}
        self._first, self._last = form.years
        self._rows = 0
        self._sums: dict[tuple[str, str], tuple[int | Fraction, int]] = {}
        self._vouchers = Repeats()
        self._payments = Repeats()
        self._aside = Aside()
        self._settled_at = _MANY_ASIDE
        self._payees: dict[str, str] = {}
        self._totals = Totals()
        self._forbidden: list[LedgerRow] = []
        self._unsourced: list[LedgerRow] = []
        self._suspicious: list[Suspicious] = []
        self._outside: list[LedgerRow] = []
        self._wrong_totals: list[WrongTotal] = []
        self._counts = dict.fromkeys(("suspicious", "vouchers", "repeated", "outside", "totals"), 0)

    def close(self) -> None:
        """Let go of what was put aside."""
        self._vouchers.close()
        self._payments.close()
        self._aside.close()

    def add(
        self,
        number: int,
        on: date,
        shares: int | Fraction,
        unit: str,
        source: str,
        category: str,
        cells: Sequence[str],
    ) -> None:
        """Count the row `number`: `shares` of 1元 that were written in `unit`.

        Description, payee and voucher are taken from its `cells`.
        """
        self._rows += 1
        key = (source, category)
        before, rows = self._sums.get(key, (0, 0))
        self._sums[key] = (before + shares, rows + 1)
        is_barred = category in self._barred
        spoken = None if is_barred else self._speech.of(cells[DESCRIPTION])
        is_outside = not self._first <= on.year <= self._last
        mark = mark_of(self._rows, number)
        is_again = False
        voucher = cells[VOUCHER]
        if voucher and not says_nothing(voucher):
            is_again = self._vouchers.add(hash(fold_anew(voucher)), mark)
        payee = self._payees.get(cells[PAYEE])
        if payee is None:
            payee = self._payee(cells[PAYEE])
        if payee and self._payments.add(hash((on, payee, shares)), mark):
            is_again = True
        if source and not (is_barred or is_outside or spoken or is_again):
            return
        plain = PlainRow(
            number,
            on,
            shares,
            unit,
            source,
            category,
            cells[DESCRIPTION],
            cells[PAYEE],
            voucher,
        )
        if is_again:
            self._put_aside(mark, plain)
        if source and not (is_barred or is_outside or spoken):
            return
        row = self._row(plain)
        if is_barred:
            self._forbidden.append(row)
        if not source:
            self._unsourced.append(row)
        if spoken and self._is_named("suspicious"):
            self._suspicious.append(Suspicious(row, *spoken))
        if is_outside and self._is_named("outside"):
            self._outside.append(row)

    def check_total(self, number: int, label: Label, written: str, said: Amount) -> None:
        """Compare a row of totals with what the rows above it come to."""
        above = sum((shares for shares, _ in self._sums.values()), start=0)
        expected = self._totals.expected(label, said.shares, above)
        if expected is not None and self._is_named("totals"):
            total = WrongTotal(self._place(number), written, said.quantity, money(expected))
            self._wrong_totals.append(total)

    def ledger(self, path: str, digest: str) -> Ledger:
        """Return what the ledger at `path` comes to, its sums in the order of its form."""
        sources = ["", *(it.name.zh for it in self.form.sources)]
        keys = [(source, it.name.zh) for source in sources for it in self.form.categories]
        sums = {key: self._sums[key] for key in keys if key in self._sums}
        vouchers, payments = self._vouchers.found(), self._payments.found()
        self._counts |= {"vouchers": vouchers.rows, "repeated": payments.rows}
        rows = self._aside.rows({it.mark for it in (*vouchers.first, *payments.first)})
        return Ledger(
            path,
            digest,
            self._rows,
            {key: Sum(money(shares), rows) for key, (shares, rows) in sums.items()},
            tuple(self._forbidden),
            tuple(self._unsourced),
            Doubtful(
                tuple(self._suspicious),
                self._repeated(vouchers.first, rows),
                self._repeated(payments.first, rows),
                tuple(self._outside),
                tuple(self._wrong_totals),
                self._counts,
            ),
        )

    def _is_named(self, kind: str) -> bool:
        """Count a row of a kind of doubt, and tell whether it is among those that are kept."""
        self._counts[kind] += 1
        return self._counts[kind] <= MAX_LEDGER_DOUBTS

    def _put_aside(self, mark: int, row: PlainRow) -> None:
        """Keep what may be named as a repeat, and look now and then whether more will be."""
        self._aside.put(mark, row)
        if self._aside.count >= self._settled_at:
            self._settled_at *= 2
            self._vouchers.settle()
            self._payments.settle()

    def _repeated(
        self, repeats: Iterable[Repeat], rows: Mapping[int, PlainRow]
    ) -> tuple[Repeated, ...]:
        return tuple(
            Repeated(self._row(rows[mark]), self._place(number_of(first)))
            for mark, first in repeats
        )

    def _row(self, row: PlainRow) -> LedgerRow:
        return LedgerRow(
            self._place(row.number),
            row.on,
            _plain(row.description),
            Quantity(money(row.shares), row.unit),
            row.source,
            row.category,
            _plain(row.payee),
            _plain(row.voucher),
        )

    def _place(self, number: int) -> Position:
        return Position(number, 1, self.sheet)

    def _payee(self, text: str) -> str:
        """Return a payee as payees are compared, "" for none, and remember it."""
        payee = "" if says_nothing(text) else fold(text)
        if len(self._payees) < _MOST_REMEMBERED:
            self._payees[text] = payee
        return payee


def _plain(text: str) -> str:
    """Return `text` on one line, its white space as single spaces."""
    return " ".join(text.split())
