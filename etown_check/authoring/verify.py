"""Proving a standard against the plan's own text.

Four things are proved: every quote occurs in the text; every amount in a quote is the threshold
that was encoded from it; every amount in an item's words belongs to one of its checks; and the
numbers and marks (约束性, 期望性) that the text's table prints are those of the items.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date

from etown_check.quantities import Fault, Quantity, kind_of, read_threshold
from etown_check.records import Record
from etown_check.standard import (
    AtLeast,
    Check,
    Item,
    OnOrBefore,
    Quote,
    Standard,
    Threshold,
    metrics_of,
    thresholds_of,
)
from etown_check.text import fold_quote
from etown_check.words import Text, render

_UNITS = [
    "亿元",
    "万元",
    "万平方米",
    "平方公里",
    "平方米",
    "平米",
    "元",
    "个百分点",
    "%",
    "人次",
    "个",
    "家",
    "款",
    "次",
    "人",
    "起",
]
_AMOUNT = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)(?:-(?P<high>\d+(?:\.\d+)?))?(?P<unit>" + "|".join(_UNITS) + ")?",
    re.ASCII,
)
_NUMBER = re.compile(r"\d+", re.ASCII)
_DATE = re.compile(
    r"(?P<year>\d{4})年(?:底|(?P<month>\d{1,2})月(?:底|(?P<day>\d{1,2})日)?)?", re.ASCII
)
"""A day of the plan; a year or month alone, or its end (年底), means the last day of it."""


class Finding(Record):
    """Something that the plan's text does not bear out, and where it stands in the standard."""

    where: str
    text: Text


class Verification(Record):
    """What was proved (how many of each), and what was not."""

    quotes: int
    amounts: int
    items: int
    findings: tuple[Finding, ...]


def verify(standard: Standard, source: str) -> Verification:
    """Hold `standard` against `source`, the text of the plan."""
    prover = _Prover(standard, source)
    findings = tuple(prover.findings())
    return Verification(prover.quotes, prover.amounts, prover.items, findings)


class _Prover:
    def __init__(self, standard: Standard, source: str) -> None:
        self.standard = standard
        self.source = source
        self.folded = fold_quote(source)
        self.quotes = 0
        self.amounts = 0
        self.items = 0

    def findings(self) -> Iterator[Finding]:
        yield from self._facts()
        for item in self.standard.items:
            yield from self._item(item)
        yield from self._order()
        yield from self._marks()

    def _quote(self, where: str, quote: str) -> Iterator[Finding]:
        self.quotes += 1
        if fold_quote(quote) not in self.folded:
            yield Finding(
                where,
                Text(f"原文中没有“{quote}”。", f"The source does not have “{quote}”."),
            )

    def _facts(self) -> Iterator[Finding]:
        facts = self.standard.facts
        yield from self._quote("document.title", facts.title.zh)
        yield from self._quote("document.number", facts.number)
        issued = facts.issued_on
        yield from self._quote(
            "document.issued_on", f"{issued.year}年{issued.month}月{issued.day}日"
        )
        for issuer in facts.issuers:
            yield from self._quote("document.issuers", issuer)
        for county in self.standard.counties:
            yield from self._quote(county.name, county.name)
            yield from self._quote(county.name, county.town)
            for basis in county.basis:
                yield from self._quote(f"{county.name} {basis.where}", basis.text)
        for period in self.standard.periods.values():
            if period.basis is not None:
                yield from self._quote(f"calendar.{period.id}", period.basis.text)
        for tier in self.standard.tiers.values():
            yield from self._quote(tier.id, tier.name.zh)
        for reading in self.standard.readings.values():
            if reading.is_quote:
                yield from self._quote(reading.id, reading.about.zh)
        for metric in self.standard.metrics.values():
            if metric.definition is not None:
                yield from self._quote(metric.key, metric.definition)
        if self.standard.ledger is not None:
            for category in self.standard.ledger.categories:
                yield from self._quote(category.name.zh, category.quote.text)

    def _item(self, item: Item) -> Iterator[Finding]:
        yield from self._quote(item.id, item.section.zh)
        for quote in (item.task, *item.requirement):
            yield from self._quote(item.id, quote)
        claimed: list[Quantity] = []
        for check in item.checks:
            for quote in dict.fromkeys(check.quotes.values()):
                yield from self._quote(check.id, quote)
            for also in check.also:
                yield from self._quote(check.id, also.text)
            yield from self._check_amounts(check, claimed)
            yield from self._deadline(check)
        yield from self._unclaimed(item, claimed)

    def _check_amounts(self, check: Check, claimed: list[Quantity]) -> Iterator[Finding]:
        """Compare the amounts in a check's words with its thresholds, tier by tier.

        A threshold that stands in another check's words is proved there.
        """
        thresholds = thresholds_of(check.constraint)
        if isinstance(check.constraint, AtLeast) and check.constraint.as_in:
            thresholds = ()
        for quote in dict.fromkeys(check.quotes.values()):
            said = list(_amounts(quote))
            self.amounts += len(said)
            claimed += said
            # Tiers that share their words and thresholds are one case.
            cases = dict.fromkeys(
                tuple(threshold.of(tier) for threshold in thresholds)
                for tier, words in check.quotes.items()
                if words == quote
            )
            for encoded in cases:
                yield from self._case(check, quote, said, encoded)
        for also in check.also:
            yield from self._also_amounts(check, also, thresholds)

    def _case(
        self, check: Check, quote: str, said: list[Quantity], encoded: tuple[Quantity, ...]
    ) -> Iterator[Finding]:
        # Zero may stand for words such as 不发生 or 一定数量, and at least one for what is asked for
        # at all: neither needs a number in the plan.
        unsaid: set[tuple[str, object]] = {(kind_of(it.unit), 0) for it in encoded}
        if isinstance(check.constraint, AtLeast):
            unsaid.add(("count", 1))
        wanted = _amount_set(encoded) - (unsaid - _amount_set(said))
        if _amount_set(said) != wanted or not self._units_fit(check, said):
            yield Finding(
                check.id,
                Text(
                    f"标准值 {_listed(encoded)} 与原文“{quote}”中的数值 {_listed(said)} 不一致。",
                    f"The thresholds {_listed(encoded)} are not the amounts {_listed(said)} of “{quote}”.",
                ),
            )

    def _deadline(self, check: Check) -> Iterator[Finding]:
        """Compare the days in a check's words with its deadline."""
        if not isinstance(check.constraint, OnOrBefore):
            return
        deadline = check.constraint.deadline
        for quote in dict.fromkeys(check.quotes.values()):
            said = list(_days(quote))
            self.amounts += len(said)
            if set(said) != {deadline}:
                listed = "、".join(map(str, said)) or "（无）"
                yield Finding(
                    check.id,
                    Text(
                        f"期限 {deadline} 与原文“{quote}”中的日期 {listed} 不一致。",
                        f"The deadline {deadline} is not the day of “{quote}” ({listed}).",
                    ),
                )

    def _units_fit(self, check: Check, said: list[Quantity]) -> bool:
        units = {
            unit
            for key in metrics_of(check.constraint)
            for unit in self.standard.metrics[key].units
        }
        return all(kind_of(it.unit) != "count" or it.unit in units for it in said)

    def _also_amounts(
        self, check: Check, also: Quote, thresholds: tuple[Threshold, ...]
    ) -> Iterator[Finding]:
        said = list(_amounts(also.text))
        self.amounts += len(said)
        encoded = [it for threshold in thresholds for it in threshold.by_tier.values()]
        if _amount_set(said) != _amount_set(encoded):
            yield Finding(
                check.id,
                Text(
                    f"标准值 {_listed(encoded)} 与{also.where}“{also.text}”中的数值不一致。",
                    f"The thresholds {_listed(encoded)} are not the amounts of “{also.text}” ({also.where}).",
                ),
            )

    def _unclaimed(self, item: Item, claimed: list[Quantity]) -> Iterator[Finding]:
        """Tell the amounts in an item's words that neither it nor another check has encoded."""
        elsewhere = {read_threshold(text): check for text, check in item.elsewhere.items()}
        by_id = {check.id: check for it in self.standard.items for check in it.checks}
        for amount in _amounts(item.task + "".join(item.requirement)):
            if amount in claimed:
                continue
            check = elsewhere.get(amount)
            encoded = thresholds_of(by_id[check].constraint) if check else ()
            amounts = [quantity for it in encoded for quantity in it.by_tier.values()]
            if amount not in amounts:
                shown = _listed([amount])
                yield Finding(
                    item.id,
                    Text(
                        f"原文中的 {shown} 没有对应的检查。",
                        f"No check encodes the amount {shown}.",
                    ),
                )

    def _order(self) -> Iterator[Finding]:
        """Tell the items whose words do not stand in the text in the items' order."""
        in_order = [part.id for part in self.standard.parts.values() if not part.gathered]
        for part in in_order:
            last = -1
            for item in (it for it in self.standard.items if it.part == part):
                at = self.folded.find(fold_quote(item.task), last + 1)
                if at < 0 and fold_quote(item.task) in self.folded:
                    yield Finding(item.id, Text("次序与原文不一致。", "Out of the source's order."))
                last = max(last, at)

    def _marks(self) -> Iterator[Finding]:
        """Compare the table's numbers and marks with the items that are numbered."""
        numbered = [item for item in self.standard.items if item.id.isdecimal()]
        marks = {text.zh: level for level, text in self.standard.levels.items()}
        cells = [cell.strip() for cell in re.split(r"[\t\n]", self.source)]
        found_marks = [marks[cell] for cell in cells if cell in marks]
        wanted = iter(range(1, len(numbered) + 2))
        number = next(wanted)
        numbers = []
        for cell in cells:
            if _NUMBER.fullmatch(cell) and int(cell) == number:
                numbers.append(cell)
                number = next(wanted, 0)
        self.items = len(numbers)
        if [item.id for item in numbered] != numbers or len(found_marks) != len(numbered):
            yield Finding(
                "items",
                Text(
                    f"标准有 {len(numbered)} 个编号项目，原文表格有 {len(numbers)} 个序号、{len(found_marks)} 个属性。",
                    f"The standard numbers {len(numbered)} items; the source's table has {len(numbers)} numbers and {len(found_marks)} marks.",
                ),
            )
            return
        for item, level in zip(numbered, found_marks, strict=True):
            if item.level != level:
                printed = self.standard.levels[level]
                yield Finding(
                    item.id,
                    Text(f"原文的属性是“{printed.zh}”。", f"The source marks it {printed.en}."),
                )


def _amounts(quote: str) -> Iterator[Quantity]:
    """Yield the amounts in `quote`: a number with its unit; a range yields both its ends."""
    for match in _AMOUNT.finditer(_DATE.sub("", fold_quote(quote))):
        for number in (match["low"], match["high"]):
            if number is not None:
                quantity = read_threshold(f"{number}{match['unit'] or ''}")
                assert not isinstance(quantity, Fault)
                yield quantity


def _days(quote: str) -> Iterator[date]:
    """Yield the days in `quote`; what is no day of the calendar is none."""
    for match in _DATE.finditer(fold_quote(quote)):
        year, month = int(match["year"]), int(match["month"] or 12)
        with suppress(ValueError):
            day = int(match["day"] or monthrange(year, month)[1])
            yield date(year, month, day)


def _amount_set(quantities: Iterable[Quantity]) -> set[tuple[str, object]]:
    """Return amounts with their kinds; 1000平米 and 1000平方米 are the same."""
    return {(kind_of(quantity.unit), quantity.amount) for quantity in quantities}


def _listed(quantities: Iterable[Quantity]) -> str:
    return "、".join(dict.fromkeys(render(quantity, "zh") for quantity in quantities)) or "（无）"
