"""Reading the rows of a ledger: each is counted, or it is told what is wrong with it.

Almost every row is plain: its words are known, its amount is digits. Such a row is counted at once.
Any other is looked at more closely, and if it is in order after all, is counted likewise.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date

from etown_check.ledger import Ledger
from etown_check.ledgers.headings import Headings, is_repeated
from etown_check.ledgers.lists import ClosedList
from etown_check.ledgers.tables import (
    AMOUNT,
    CATEGORY,
    DATE,
    DESCRIPTION,
    KEYS,
    PAYEE,
    SOURCE,
    VOUCHER,
    Mistake,
    Odd,
    Spot,
    Table,
)
from etown_check.ledgers.tally import Tally
from etown_check.ledgers.totals import Label, is_like_label, label_of
from etown_check.ledgers.values import (
    NO_UNIT,
    PLAIN,
    Amount,
    plain_shares,
    read_amount,
    read_day,
    scale_of,
)
from etown_check.limits import MAX_PROBLEMS, MAX_TEXT
from etown_check.problems import InputError, Problem
from etown_check.records import Record
from etown_check.standard import LedgerForm
from etown_check.text import code_of
from etown_check.words import Text, Words
from etown_check.xlsx.texts import Value, said

_MOST_REMEMBERED = 10_000
_MOST_NAMED = 5
"""Rows that are named one by one where several have the same mistake."""
_NONE = re.compile("(?!)")
_EXAMPLE = "385600"


class RowsReader:
    """Reads the rows of one ledger and gathers its mistakes and warnings."""

    def __init__(self, path: str, form: LedgerForm, headings: Headings, table: Table) -> None:
        self.path = path
        self.table = table
        self.headings = headings
        self.tally = Tally(form, table.sheet)
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.lacking = {at for at, column in enumerate(table.header.columns) if not column}
        self.groups: dict[_Key, _Group] = {}
        self._without_unit = 0
        self.lists = {
            SOURCE: ClosedList(headings.names["source"], form.sources),
            CATEGORY: ClosedList(headings.names["category"], form.categories),
        }
        self.days: dict[str, date] = {}
        self.words: dict[int, dict[str, str]] = {SOURCE: {}, CATEGORY: {}}
        if SOURCE not in self.lacking:
            self.words[SOURCE][""] = ""

    def read(self, digest: str) -> Ledger:
        """Read all rows. Raises `InputError` with all that is wrong with them and the header.

        Raises `NoScratch` where they are so many that some have to be put aside, and cannot be.
        """
        with closing(self.tally):
            return self._read(digest)

    def _read(self, digest: str) -> Ledger:
        for mistake in self.table.mistakes:
            self._tell_of_header(mistake)
        broken: list[Problem] = []
        try:
            self._read_rows()
        except InputError as error:
            broken = error.problems
        for problem in self.table.warnings():
            self._warn(problem)
        if self._without_unit:
            column = self.table.header.columns[AMOUNT]
            args: dict[str, Words] = {
                "number": self._without_unit,
                "name": self.table.header.amount,
            }
            self._tell_of_header(Mistake(column, NO_UNIT, args))
        grouped = (group.problem(self.path) for group in self.groups.values())
        told = [*self.problems, *grouped, *broken]
        if told:
            raise self._error(told)
        return self.tally.ledger(self.path, digest)

    def _error(self, told: Sequence[Problem]) -> InputError:
        error = InputError(told, self.warnings)
        if len(error.problems) > MAX_PROBLEMS:
            more = Problem(self.path, None, "E216", {"limit": MAX_PROBLEMS})
            error.problems[MAX_PROBLEMS:] = [more]
        return error

    def _read_rows(self) -> None:
        """Count the rows, and gather what is wrong with them until it is more than will be told."""
        days, sources, categories = self.days, self.words[SOURCE], self.words[CATEGORY]
        add, unit = self.tally.add, self.table.header.unit
        plain = (PLAIN if unit else _NONE).fullmatch
        scale = scale_of(unit) if unit else 1
        for number, cells, odd in self.table.rows():
            on = days.get(cells[DATE])
            source = sources.get(cells[SOURCE])
            category = categories.get(cells[CATEGORY])
            match = plain(cells[AMOUNT])
            if (
                on is None
                or source is None
                or category is None
                or match is None
                or odd is not None
                or not cells[DESCRIPTION].strip().isprintable()
                or not cells[PAYEE].strip().isprintable()
                or not cells[VOUCHER].strip().isprintable()
            ):
                self._look_at(number, cells, odd)
                if len(self.problems) + len(self.groups) > MAX_PROBLEMS:
                    return
            else:
                shares = plain_shares(match[1], match[2], scale)
                add(number, on, shares, unit, source, category, cells)

    def _look_at(self, number: int, cells: Sequence[str], odd: Odd | None) -> None:
        """Count a row that is in order, and tell what is wrong with any other."""
        if not (odd or any(cells)):
            return
        values = [
            odd.values[at] if odd and at in odd.values else said(text)
            for at, text in enumerate(cells)
        ]
        texts = [value.text.strip() for value in values]
        if not any(texts) and not any(value.fault for value in values):
            return
        misfit = odd.misfit if odd else None
        if misfit and misfit.is_certain:
            self.problems.append(misfit.problem)
            return
        is_payment = cells[DATE] in self.days and (texts[SOURCE] or texts[CATEGORY])
        if not is_payment and self._is_no_payment(number, texts, values):
            return
        row = _CloseLook(self, cells, texts, values)
        if misfit and (row.problems or row.shared):
            self.problems.append(misfit.problem)
            return
        self.problems += row.problems
        for key, group in row.shared.items():
            self.groups.setdefault(key, group).rows.add(number)
        self._without_unit += row.is_without_unit
        self._tell_removed(values)
        if row.amount and row.on and row.source is not None and row.category:
            self.tally.add(number, row.on, *row.amount, row.source, row.category, texts)

    def _is_no_payment(self, number: int, texts: Sequence[str], values: Sequence[Value]) -> bool:
        """Tell of rows of totals, which are checked, of headers repeated, and of remarks."""
        found = self._label(texts)
        if found is not None:
            label, written = found
            amount = read_amount(texts[AMOUNT], self.table.header.unit)
            if isinstance(amount, Amount) and not values[AMOUNT].fault:
                self.tally.check_total(number, label, written, amount)
            return True
        if any(value.fault for value in values):
            return False
        if is_repeated(self.headings, self.table.header, texts):
            return True
        is_unpaid = not (texts[AMOUNT] or texts[SOURCE] or texts[CATEGORY])
        if is_unpaid and read_day(texts[DATE]) is None:
            at = next(at for at, text in enumerate(texts) if text)
            self._warn(self.table.spot(at).problem(self.path, "W352", {"text": texts[at]}))
            return True
        is_undated = not texts[DATE] or is_like_label(texts[DATE])
        is_bare = not (texts[SOURCE] or texts[CATEGORY] or texts[VOUCHER])
        return is_undated and is_bare and any(map(is_like_label, texts))

    def _label(self, texts: Sequence[str]) -> tuple[Label, str] | None:
        """Return the label of a row of totals and how it is written, `None` for any other row.

        Such a row has no date, or neither source nor category.
        """
        is_bare = not (texts[SOURCE] or texts[CATEGORY])
        if texts[DATE] and not is_bare and label_of(texts[DATE]) is None:
            return None
        for text in (*texts, *self.table.further()):
            label = label_of(text)
            if label is not None:
                return label, " ".join(text.split())
        return None

    def _tell_of_header(self, mistake: Mistake) -> None:
        spot = self.table.head_spot(mistake.column)
        self.problems.append(spot.problem(self.path, mistake.code, mistake.args, mistake.close))

    def _tell_removed(self, values: Sequence[Value]) -> None:
        """Tell of what cannot be seen and was taken out of texts."""
        for at, value in enumerate(values):
            if value.removed:
                args = {"character": code_of(value.removed)}
                self._warn(self.table.spot(at).problem(self.path, "W305", args))

    def _warn(self, problem: Problem) -> None:
        if len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(problem)


_Key = tuple[int, str]
"""The index of a column and the text in it by which rows have the same mistake."""


class _Rows:
    """Rows that have the same mistake: the first of them, and how many there are."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[int] = []

    def add(self, number: int) -> None:
        """Count the row `number`."""
        self.count += 1
        if len(self._first) < _MOST_NAMED:
            self._first.append(number)

    def named(self) -> Text:
        """Return which rows are meant, nothing for one alone: its place says it."""
        if self.count == 1:
            return Text("", "")
        named = [str(row) for row in self._first]
        is_more = self.count > _MOST_NAMED
        return Text(
            f"（共 {self.count} 行：第 {'、'.join(named)} 行{'等' * is_more}）",
            f" (rows {', '.join(named)}{' …' * is_more}: {self.count} in all)",
        )


class _Group(Record):
    """A mistake that several rows share: where it first is, what is wrong, and the rows."""

    spot: Spot
    code: str
    args: Mapping[str, Words]
    close: tuple[str, ...]
    rows: _Rows

    def problem(self, path: str) -> Problem:
        """Return the one problem that tells of all."""
        args = {**self.args, "rows": self.rows.named()}
        return self.spot.problem(path, self.code, args, self.close)


class _CloseLook:
    """What one row says, read cell by cell, and what is wrong with it."""

    def __init__(
        self,
        reader: RowsReader,
        cells: Sequence[str],
        texts: Sequence[str],
        values: Sequence[Value],
    ) -> None:
        self.reader = reader
        self.table = reader.table
        self.problems: list[Problem] = []
        self.shared: dict[_Key, _Group] = {}
        self.is_without_unit = False
        self.on: date | None = None
        self.amount: Amount | None = None
        self.source: str | None = None
        self.category: str | None = None
        for at, value in enumerate(values):
            if value.fault == "E215":
                self._problem(at, "E215", limit=MAX_TEXT)
            elif value.fault:
                self._problem(at, value.fault, text=value.text)
            elif at not in reader.lacking:
                self._read(at, cells[at], texts[at], is_date=value.is_date)

    def _read(self, at: int, cell: str, text: str, *, is_date: bool) -> None:
        if not text and at in (DATE, AMOUNT, CATEGORY):
            self._share(at, "")
        elif at == DATE:
            self.on = self._day(cell, text)
        elif at == AMOUNT:
            self.amount = self._amount(text, is_date=is_date)
        elif at == SOURCE:
            self.source = self._word(at, cell, text) if text else ""
        elif at == CATEGORY:
            self.category = self._word(at, cell, text)

    def _day(self, cell: str, text: str) -> date | None:
        on = read_day(text)
        if on is None:
            self._problem(DATE, "E404", text=text)
        elif len(self.reader.days) < _MOST_REMEMBERED:
            self.reader.days[cell] = on
        return on

    def _amount(self, text: str, *, is_date: bool) -> Amount | None:
        if is_date:
            self._problem(AMOUNT, "E818", text=text)
            return None
        unit = self.table.header.unit
        amount = read_amount(text, unit)
        if isinstance(amount, Amount):
            return amount
        if amount.code == NO_UNIT:
            self.is_without_unit = True
        else:
            example = _EXAMPLE if unit else f"{_EXAMPLE}元"
            self._problem(AMOUNT, amount.code, **{**amount.args, "example": example})
        return None

    def _word(self, at: int, cell: str, text: str) -> str | None:
        word = self.reader.lists[at].of(text)
        if word is None:
            self._share(at, text)
        elif len(self.reader.words[at]) < _MOST_REMEMBERED:
            self.reader.words[at][cell] = word
        return word

    def _share(self, at: int, text: str) -> None:
        """Take note of a mistake that is told once for all rows that make it."""
        group = self.reader.groups.get((at, text))
        if group is None:
            if text:
                code, (args, close) = "E861", self.reader.lists[at].unknown(text)
            else:
                name = self.reader.headings.names[KEYS[at]]
                code, args, close = "E862", {"name": name}, ()
            group = _Group(self.table.spot(at), code, args, close, _Rows())
        self.shared[at, text] = group

    def _problem(self, at: int, code: str, **args: Words) -> None:
        self.problems.append(self.table.spot(at).problem(self.reader.path, code, args))
