"""Proving a standard against the plan's own text.

Four things are proved: every quote occurs in the text; every amount in a quote is the threshold
that was encoded from it; every amount in an item's words belongs to one of its checks; and the
numbers and marks (约束性, 期望性) that the text's table prints are those of the items.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from etown_check.quantities import Fault, Quantity, kind_of, read_threshold
from etown_check.standard import (
    Check,
    Item,
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


class Finding(NamedTuple):
    """Something that the plan's text does not bear out, and where it stands in the standard."""

    where: str
    text: Text


class Verification(NamedTuple):
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
        yield from self._unclaimed(item, claimed)

    def _check_amounts(self, check: Check, claimed: list[Quantity]) -> Iterator[Finding]:
        """Compare the amounts in a check's words with its thresholds, tier by tier."""
        thresholds = thresholds_of(check.constraint)
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
        # A threshold of zero may stand for words such as 不发生 or 一定数量, which hold no number.
        wanted = {it for it in _amount_set(encoded) if it[1] != 0 or it in _amount_set(said)}
        if _amount_set(said) != wanted or not self._units_fit(check, said):
            yield Finding(
                check.id,
                Text(
                    f"标准值 {_listed(encoded)} 与原文“{quote}”中的数值 {_listed(said)} 不一致。",
                    f"The thresholds {_listed(encoded)} are not the amounts {_listed(said)} of “{quote}”.",
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
        for part in self.standard.parts:
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
    for match in _AMOUNT.finditer(fold_quote(quote)):
        for number in (match["low"], match["high"]):
            if number is not None:
                quantity = read_threshold(f"{number}{match['unit'] or ''}")
                assert not isinstance(quantity, Fault)
                yield quantity


def _amount_set(quantities: Iterable[Quantity]) -> set[tuple[str, object]]:
    """Return amounts with their kinds; 1000平米 and 1000平方米 are the same."""
    return {(kind_of(quantity.unit), quantity.amount) for quantity in quantities}


def _listed(quantities: Iterable[Quantity]) -> str:
    return "、".join(dict.fromkeys(render(quantity, "zh") for quantity in quantities)) or "（无）"
