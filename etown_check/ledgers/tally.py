"""What is kept of a ledger's rows: sums, the rows that must be named, and what is doubtful."""

from collections.abc import Sequence
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
from etown_check.ledgers.tables import DESCRIPTION, PAYEE, VOUCHER
from etown_check.ledgers.totals import Label, Totals
from etown_check.ledgers.values import Amount, money, says_nothing
from etown_check.ledgers.words import Speech
from etown_check.limits import MAX_LEDGER_DOUBTS
from etown_check.problems import Position
from etown_check.quantities import Quantity
from etown_check.standard import LedgerForm
from etown_check.text import fold

_MOST_REMEMBERED = 50_000
"""Names of payees that are not folded again."""


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
        self._rows = 0
        self._sums: dict[tuple[str, str], tuple[int | Fraction, int]] = {}
        self._vouchers: dict[int, int] = {}
        self._payments: dict[int, int] = {}
        self._payees: dict[str, str] = {}
        self._totals = Totals()
        self._forbidden: list[LedgerRow] = []
        self._unsourced: list[LedgerRow] = []
        self._suspicious: list[Suspicious] = []
        self._repeated_vouchers: list[Repeated] = []
        self._repeated: list[Repeated] = []
        self._outside: list[LedgerRow] = []
        self._wrong_totals: list[WrongTotal] = []
        self._counts = dict.fromkeys(("suspicious", "vouchers", "repeated", "outside", "totals"), 0)

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
        first, last = self.form.years
        is_outside = not first <= on.year <= last
        same_voucher = same = number
        voucher = cells[VOUCHER]
        if voucher and not says_nothing(voucher):
            same_voucher = self._vouchers.setdefault(hash(fold(voucher)), number)
        payee = self._payee(cells[PAYEE])
        if payee:
            same = self._payments.setdefault(hash((on, payee, shares)), number)
        if source and not (is_barred or is_outside or spoken) and same_voucher == number == same:
            return
        row = LedgerRow(
            self._place(number),
            on,
            _plain(cells[DESCRIPTION]),
            Quantity(money(shares), unit),
            source,
            category,
            _plain(cells[PAYEE]),
            _plain(voucher),
        )
        if is_barred:
            self._forbidden.append(row)
        if not source:
            self._unsourced.append(row)
        if spoken and self._is_named("suspicious"):
            self._suspicious.append(Suspicious(row, *spoken))
        if is_outside and self._is_named("outside"):
            self._outside.append(row)
        if same_voucher != number and self._is_named("vouchers"):
            self._repeated_vouchers.append(Repeated(row, self._place(same_voucher)))
        if same != number and self._is_named("repeated"):
            self._repeated.append(Repeated(row, self._place(same)))

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
        return Ledger(
            path,
            digest,
            self._rows,
            {key: Sum(money(shares), rows) for key, (shares, rows) in sums.items()},
            tuple(self._forbidden),
            tuple(self._unsourced),
            Doubtful(
                tuple(self._suspicious),
                tuple(self._repeated_vouchers),
                tuple(self._repeated),
                tuple(self._outside),
                tuple(self._wrong_totals),
                self._counts,
            ),
        )

    def _is_named(self, kind: str) -> bool:
        """Count a row of a kind of doubt, and tell whether it is among those that are kept."""
        self._counts[kind] += 1
        return self._counts[kind] <= MAX_LEDGER_DOUBTS

    def _place(self, number: int) -> Position:
        return Position(number, 1, self.sheet)

    def _payee(self, text: str) -> str:
        """Return a payee as payees are compared, "" for none."""
        payee = self._payees.get(text)
        if payee is None:
            payee = "" if says_nothing(text) else fold(text)
            if len(self._payees) < _MOST_REMEMBERED:
                self._payees[text] = payee
        return payee


def _plain(text: str) -> str:
    """Return `text` on one line, its white space as single spaces."""
    return " ".join(text.split())
