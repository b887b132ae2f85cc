"""What a fund ledger comes to, as text for tables: its sums, and what was received and spent.

All amounts of the tables are exact, in one unit and with as many decimals as the longest needs.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from etown_check.quantities import decimal_text
from etown_check.records import Record
from etown_check.report import LedgerTable, Report
from etown_check.reporters.texts import place, sentence, shown
from etown_check.spending import source_names
from etown_check.standard import Category, SpendsNothingOn, Standard
from etown_check.words import Text, render

WORDS = {
    "title": Text("资金台账", "Fund ledger"),
    "facts": Text("{path} · {number} 行 · 金额单位：{unit}", "{path} · rows: {number} · in {unit}"),
    "spent_on": Text("支出类别", "Spent on"),
    "source": Text("资金来源", "Source"),
    "unsourced": Text("未注明", "no source"),
    "amount": Text("金额", "Amount"),
    "total": Text("合计", "Total"),
    "rows": Text("行数", "Rows"),
    "received": Text("到位", "Received"),
    "spent": Text("支出", "Spent"),
    "balance": Text("结余", "Balance"),
    "undeclared": Text("未申报", "undeclared"),
    "restricted": Text("{category}（受限）", "{category} (restricted)"),
    "note": Text(
        "标“受限”的支出，方案{where}规定不得使用{sources}资金。",
        "“restricted”: by the plan ({where}) not to be paid out of {sources} funds.",
    ),
}


class _Unit(Record):
    """A unit of amounts: how many 元 it is, and the most decimals with which it reads well."""

    name: Text
    scale: Fraction
    decimals: int | None


# The first that takes every amount is taken.
_UNITS = {
    "zh": (_Unit(Text("万元", ""), Fraction(10**4), 2), _Unit(Text("元", ""), Fraction(1), None)),
    "en": (
        _Unit(Text("", "thousands of CNY"), Fraction(10**3), 2),
        _Unit(Text("", "CNY"), Fraction(1), None),
    ),
}


class Grid(Record):
    """A table of texts: a header, rows of as many cells, and the rows of totals below them.

    The first `labels` cells of a row are words, all others numbers.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...]
    labels: int = 1


class LedgerText(Record):
    """A ledger's table in words.

    `wide` has a column for each source, `long` a row; they say the same. `by_source` holds what
    was spent of each source, against what came in where anything is known of that.
    """

    title: str
    facts: str
    wide: Grid
    long: Grid
    by_source: Grid
    notes: tuple[str, ...]


def ledger_text(report: Report, standard: Standard, lang: str) -> LedgerText | None:
    """Return what the ledger of `report` comes to, `None` where none was judged."""
    if report.ledger is None:
        return None
    return _Writer(report.ledger, standard, lang).text()


class _Writer:
    def __init__(self, table: LedgerTable, standard: Standard, lang: str) -> None:
        self.table = table
        self.standard = standard
        self.lang = lang
        self.sources = tuple(self._occurring())
        self.unit, self.decimals = _unit_for(self._amounts(), lang)

    def text(self) -> LedgerText:
        unit = render(self.unit.name, self.lang)
        facts = self._word(
            "facts", path=place(self.table.path, None), number=self.table.rows, unit=unit
        )
        return LedgerText(
            self._word("title"),
            facts,
            self._wide(),
            self._long(),
            self._by_source(),
            tuple(self._notes()),
        )

    def _word(self, key: str, **args: str | int) -> str:
        return render(WORDS[key], self.lang).format(**args)

    def _occurring(self) -> Iterator[tuple[str, str]]:
        """Yield the sources that anything is known of, and their names; "" for none comes last."""
        for source in self.table.sources:
            if source.zh in self.table.received or self.table.sum(source=source.zh).rows:
                yield source.zh, render(source, self.lang)
        if self.table.sum(source="").rows:
            yield "", self._word("unsourced")

    def _categories(self) -> Iterator[Category]:
        return (it for it in self.table.categories if self.table.sum(category=it.name.zh).rows)

    def _amounts(self) -> Iterator[Fraction]:
        """Yield every amount that the tables show."""
        yield from (it.amount for it in self.table.sums.values())
        yield from self.table.received.values()

    def _amount(self, amount: Fraction) -> str:
        """Write an amount in the unit of the table, its thousands set apart."""
        number = decimal_text(abs(amount) / self.unit.scale)
        whole, _, decimals = number.partition(".")
        sign = "-" if amount < 0 else ""
        point = "." if self.decimals else ""
        return f"{sign}{int(whole):,}{point}{decimals.ljust(self.decimals, '0')}"

    def _cell(self, source: str | None, category: str | None) -> str:
        found = self.table.sum(source, category)
        return self._amount(found.amount) if found.rows else ""

    def _named(self, category: Category) -> str:
        name = render(category.name, self.lang)
        return self._word("restricted", category=name) if category.is_forbidden else name

    # The tables

    def _wide(self) -> Grid:
        header = (
            self._word("spent_on"),
            *(name for _, name in self.sources),
            self._word("total"),
            self._word("rows"),
        )
        rows = (self._across(self._named(it), it.name.zh) for it in self._categories())
        total = self._across(self._word("total"), None)
        return Grid(header, tuple(rows), (total,))

    def _across(self, name: str, category: str | None) -> tuple[str, ...]:
        whole = self.table.sum(category=category)
        cells = (self._cell(source, category) for source, _ in self.sources)
        return (name, *cells, self._amount(whole.amount), str(whole.rows))

    def _long(self) -> Grid:
        header = tuple(map(self._word, ("spent_on", "source", "amount", "rows")))
        rows: list[tuple[str, ...]] = []
        for category in self._categories():
            rows += self._down(self._named(category), category.name.zh)
        whole = self.table.sum()
        total = (self._word("total"), "", self._amount(whole.amount), str(whole.rows))
        return Grid(header, tuple(rows), (total,), 2)

    def _down(self, name: str, category: str) -> Iterator[tuple[str, ...]]:
        """Yield a row for each source that paid for `category`, and their sum where they are several."""
        known = [it for it in self.sources if self.table.sum(it[0], category).rows]
        several = [(None, self._word("total"))] if len(known) != 1 else []
        for number, (source, told) in enumerate([*known, *several]):
            found = self.table.sum(source, category)
            yield "" if number else name, told, self._amount(found.amount), str(found.rows)

    def _by_source(self) -> Grid:
        received = self.table.received
        if not received:
            header = tuple(map(self._word, ("source", "spent", "rows")))
            spent = tuple(self._spent(name, source) for source, name in self.sources)
            return Grid(header, spent, (self._spent(self._word("total"), None),))
        header = tuple(map(self._word, ("source", "received", "spent", "balance", "rows")))
        rows = tuple(
            self._balanced(name, source, received.get(source)) for source, name in self.sources
        )
        is_whole = all(source in received for source, _ in self.sources if source)
        whole = sum(received.values(), Fraction(0)) if is_whole else None
        return Grid(header, rows, (self._balanced(self._word("total"), None, whole),))

    def _spent(self, name: str, source: str | None) -> tuple[str, ...]:
        spent = self.table.sum(source)
        return name, self._amount(spent.amount), str(spent.rows)

    def _balanced(
        self, name: str, source: str | None, received: Fraction | None
    ) -> tuple[str, ...]:
        """Return a row of what came in and went out; there is no balance of what is not known."""
        spent = self.table.sum(source=source)
        out = self._amount(spent.amount)
        if received is None:
            undeclared = self._word("undeclared") if source else ""
            return name, undeclared, out, "", str(spent.rows)
        left = self._amount(received - spent.amount)
        return name, self._amount(received), out, left, str(spent.rows)

    def _notes(self) -> Iterator[str]:
        """Say what the plan restricts of what occurs, a sentence for each clause and its sources."""
        limits = {
            check.constraint.category: check.constraint.sources
            for _, check in self.standard.checks
            if isinstance(check.constraint, SpendsNothingOn)
        }
        told = dict.fromkeys(
            (it.quote.where, limits[it.name.zh])
            for it in self._categories()
            if it.is_forbidden and it.name.zh in limits
        )
        for where, sources in told:
            names = sentence(
                *(shown(it, self.lang) for it in source_names(self.standard, sources)),
                lang=self.lang,
            )
            yield self._word("note", where=where, sources=names)


def _unit_for(amounts: Iterable[Fraction], lang: str) -> tuple[_Unit, int]:
    """Return the unit for a table of `amounts`, and how many decimals they need in it."""
    found = list(amounts)
    for unit in _UNITS[lang]:
        decimals = max((_decimals(amount / unit.scale) for amount in found), default=0)
        if unit.decimals is None or decimals <= unit.decimals:
            return unit, decimals
    raise AssertionError("the last unit takes every amount")


def _decimals(number: Fraction) -> int:
    return len(decimal_text(abs(number)).partition(".")[2])
