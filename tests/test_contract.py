"""What outside programs depend on: keys, ids, kinds, thresholds, and who is in which tier."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from etown_check.quantities import Quantity
from etown_check.standard import (
    BelowSum,
    Exceeds,
    GrowthDiffers,
    QuotientAbove,
    SameValue,
    UnitSlip,
)
from etown_check.words import render
from tests import contract
from tests.conftest import GOLDEN

if TYPE_CHECKING:
    from etown_check.standard import Standard


def test_table_of_checks(standard: Standard) -> None:
    table = (GOLDEN / "contract.txt").read_text("utf-8").splitlines()
    start = table.index("") + 1
    assert list(contract.lines(standard)) == [line.rstrip() for line in table[start:]]


def test_numbers(standard: Standard) -> None:
    annex = [item for item in standard.items if item.part == "annex"]
    assert [item.id for item in annex] == [str(number) for number in range(1, 40)]
    assert sum(len(item.checks) for item in annex) == 75
    expected = {item.id for item in annex if item.level == "expected"}
    assert expected == {"4", "9", "10", "11", "17", "21", "24", "25", "26", "28", "38"}
    assert sum(item.level == "binding" for item in annex) == 28
    assert [item.id for item in standard.items if item.part == "body"] == ["B1", "B2", "B3"]
    assert list(standard.readings) == [f"R{number}" for number in range(1, 23)]


def test_subjects(standard: Standard) -> None:
    assert [
        (county.name, county.town, county.tier, county.demonstration, county.inferred)
        for county in standard.counties
    ] == [
        ("怀仁市", "怀仁市陶瓷e镇", "pioneer", True, ("tier", "demonstration")),
        ("山阴县", "山阴县古城乡村e镇", "overall", False, ("tier", "demonstration")),
        ("应县", "应县木塔鲜生乡村e镇", "assisted", False, ("tier", "demonstration")),
        ("右玉县", "右玉县西口e镇", "assisted", True, ("tier", "demonstration")),
    ]
    assert {tier: it.name.zh for tier, it in standard.tiers.items()} == {
        "pioneer": "先行示范县",
        "overall": "整体推进县",
        "assisted": "重点帮扶县",
    }


def test_calendar(standard: Standard) -> None:
    assert {
        id: (period.years, period.chosen, period.short_years, period.short_reading)
        for id, period in standard.periods.items()
    } == {
        "construction": ((2022, 2023), False, (2022,), "R6"),
        "operation": ((2024, 2025), False, (), None),
        "acceptance": ((2022, 2023, 2024, 2025), True, (), None),
    }
    names = [period.name.zh for period in standard.periods.values()]
    assert names == ["建设期", "建成后“十四五”期间", "验收当年"]
    assert standard.running_reading == "R20"
    assert standard.demonstration_reading == "R21"
    assert standard.undeclared_reading == "R22"
    assert [(part.id, part.name.zh, part.default) for part in standard.parts.values()] == [
        ("annex", "附件1 乡村e镇建设标准", True),
        ("body", "正文四（二）建设标准", True),
    ]


def test_sections(standard: Standard) -> None:
    sections: dict[str, list[str]] = {}
    for item in standard.items:
        if item.part == "annex":
            sections.setdefault(item.section.zh.partition("、")[0], []).append(item.id)
    spans = {name: (ids[0], ids[-1]) for name, ids in sections.items()}
    assert spans == {
        "一": ("1", "1"),
        "二": ("2", "4"),
        "三": ("5", "8"),
        "四": ("9", "11"),
        "五": ("12", "14"),
        "六": ("15", "19"),
        "七": ("20", "22"),
        "八": ("23", "25"),
        "九": ("26", "28"),
        "十一": ("29", "30"),
        "十二": ("31", "32"),
        "十三": ("33", "33"),
        "十四": ("34", "35"),
        "十五": ("36", "38"),
        "十六": ("39", "39"),
    }


READINGS = {
    "R1": {"33.1", "33.2", "36.1", "36.2", "B1.1", "B1.2", "B2.2", "B2.3"},
    "R2": {"34.1", "35.1"},  # and 23.1, where it rules
    "R5": {"11.1", "16.2", "29.1", "34.1"},
    "R7": {"37.1"},
    "R8": {"B2.1"},
    "R9": {"33.2", "36.2", "B1.2", "B2.3"},
    "R10": {"33.2", "B1.2"},
    "R11": {"5.1", "9.1"},
    "R12": {"8.1", "39.2"},
    "R13": {"11.1", "11.2", "15.1", "15.2"},
    "R14": {"26.1"},
    "R15": {"31.2"},
    "R16": {"5.1", "7.1", "9.1", "18.1"},
    "R17": {"35.1"},
    "R18": {"33.1", "33.2", "B1.1", "B1.2"},
    "R19": {"38.1", "B3.1"},
}


def test_readings_stand_at_their_checks(standard: Standard) -> None:
    found: dict[str, set[str]] = {}
    for item in standard.items:
        for check in item.checks:
            for reading in check.readings:
                found.setdefault(reading, set()).add(check.id)
    assert found == READINGS


def test_doubt_rules(standard: Standard) -> None:
    codes = [rule.code for rule in standard.doubts]
    assert list(dict.fromkeys(codes)) == [
        "D1",
        "D2",
        "D3",
        "D4",
        "D5",
        "D6",
        "D7",
        "D8",
        "D10",
        "D12",
    ]
    by_type = {(rule.code, type(rule)): rule for rule in standard.doubts}
    d1 = by_type["D1", Exceeds]
    assert isinstance(d1, Exceeds)
    assert d1.is_error
    d2 = by_type["D2", GrowthDiffers]
    assert isinstance(d2, GrowthDiffers)
    assert render(d2.tolerance, "zh") == "0.1个百分点"
    d7 = by_type["D7", QuotientAbove]
    assert isinstance(d7, QuotientAbove)
    assert d7.limit == 5
    slip = by_type["D7", UnitSlip]
    assert isinstance(slip, UnitSlip)
    assert slip.kind == "money"
    assert slip.factor == 10_000
    d8 = by_type["D8", SameValue]
    assert isinstance(d8, SameValue)
    assert d8.to == Quantity(Fraction(1), "元")
    d12 = by_type["D12", BelowSum]
    assert isinstance(d12, BelowSum)
    assert set(d12.parts) == {"attracted_capital", "government_funds"}


def test_definitions_of_the_plan(standard: Standard) -> None:
    defined = {metric.key for metric in standard.metrics.values() if metric.definition}
    assert defined == {
        "leading_industries",
        "total_investment",
        "total_output",
        "new_legal_entities",
        "ecommerce_rd_institutions",
    }


def test_every_metric_is_asked_for_or_declares_a_growth(standard: Standard) -> None:
    from etown_check.standard import growth_of, metrics_of

    used = {
        key
        for item in standard.items
        for check in item.checks
        for key in (*metrics_of(check.constraint), growth_of(check.constraint))
    }
    assert set(standard.metrics) == used - {None}


def test_every_metric_has_an_example_that_can_be_read(standard: Standard) -> None:
    from etown_check.howto import snippet
    from tests.conftest import BASE, read

    for lang in ("zh", "en"):
        own = [metric for metric in standard.metrics.values() if not metric.reference]
        lines = "\n".join(f"  {snippet(metric, lang)}" for metric in own)
        text = (
            f"standard: {standard.id}\ncounty: 怀仁市\ntown: 怀仁市陶瓷e镇\n"
            f"as_of: {BASE['as_of']}\nacceptance_year: 2023\nmetrics:\n{lines}\n"
        )
        assert len(read(standard, text).declarations) == len(own)


def test_what_may_be_waived(standard: Standard) -> None:
    """Expected items whole, and of the binding ones what the annex itself softens by 原则上."""
    expected = ["4", "9", "10", "11", "17", "21", "24", "25", "26", "28", "38", "B3"]
    assert {check.id for item, check in standard.checks if check.waivable} == {
        "23.1",
        *(check.id for item, check in standard.checks if item.id in expected),
    }
