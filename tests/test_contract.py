"""What outside programs depend on: keys, ids, kinds, thresholds, and who is in which tier."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from etown_check.quantities import Quantity
from etown_check.standard import (
    BelowSum,
    DateAhead,
    DeniedByRow,
    Exceeds,
    Follows,
    FutureYear,
    GrowthDiffers,
    QuotientAbove,
    RowOutside,
    RowRepeated,
    RowsSpeakOf,
    SameValue,
    SpendsNothingOn,
    TotalDiffers,
    UnitSlip,
    VoucherRepeated,
)
from etown_check.words import render
from tests import contract
from tests.conftest import GOLDEN

if TYPE_CHECKING:
    from pathlib import Path

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
    assert list(standard.readings) == [f"R{number}" for number in range(1, 39)]


PLACES = {
    "P1": ("plan", "四（三）", "培育方案", "（三）完善工作方案和发展规划"),
    "P2": ("plan", "四（三）", "工作方案", "（三）完善工作方案和发展规划"),
    "P3": ("plan", "四（三）", "量化目标", "（三）完善工作方案和发展规划"),
    "P4": ("plan", "四（三）", "发展规划与一体编制", "（三）完善工作方案和发展规划"),
    "M1": ("management", "四（一）", "启动和建成", "（一）进度安排"),
    "M2": ("management", "四（四）、三（七）", "运营主体和合同协议", "（四）组织实施"),
    "M3": ("management", "四（五）", "项目验收", "（五）制定项目验收办法"),
    "M4": ("management", "四（六）", "日常监管", "（六）建立完善日常监管机制"),
    "M5": ("management", "四（七）", "档案和标识", "（七）建立档案，设置统一标识"),
    "M6": ("management", "三（七）", "招商引资政策", "（七）加大招商引资"),
    "M7": (
        "management",
        "三（十一）",
        "与综合示范协同",
        "（十一）推动乡村e镇与电子商务进农村综合示范协同发展",
    ),
    "M8": ("management", "三、六（一）", "支持方式和运营经费", "三、主要任务及支持重点"),
    "F1": ("funds", "五（一）", "禁止用途", "（一）资金使用"),
    "F2": ("funds", "五（一）、五（二）", "资金到位", "（二）资金拨付"),
    "F3": ("funds", "五（一）、五（三）", "资金监管", "（三）资金监管"),
    "F4": ("funds", "五（四）", "台账和核算", "（四）账目管理"),
    "I1": ("reporting", "六（二）", "信息联络员", "（二）做好统计和信息报送"),
    "I2": ("reporting", "附件2 二", "月报", "（二）做好统计和信息报送"),
    "I3": ("reporting", "六（二）", "统计数据", "（二）做好统计和信息报送"),
    "I4": ("reporting", "六（四）", "典型案例", "（四）做好经验总结，营造舆论氛围"),
}


def test_places_in_the_plan(standard: Standard) -> None:
    """The parts beside annex and body: how many checks, and out of which clauses."""
    others = [item for item in standard.items if item.part not in ("annex", "body")]
    assert {
        item.id: (item.part, item.where, item.name.zh, item.section.zh) for item in others
    } == PLACES
    counts: dict[str, int] = {}
    for item in others:
        counts[item.part] = counts.get(item.part, 0) + len(item.checks)
    assert counts == {"plan": 8, "management": 18, "funds": 16, "reporting": 4}
    assert {item.id for item in others if item.level == "expected"} == {"M8", "I4"}


def test_names_of_checks(standard: Standard) -> None:
    """What a check is called where it is not by its metric."""
    named = {check.id: check.name.zh for item, check in standard.checks if item.id in PLACES}
    own = {
        id: name
        for id, name in named.items()
        if name not in [metric.name.zh for metric in standard.metrics.values()]
    }
    assert own == {
        "F1.1": "未用于楼堂馆所建设",
        "F1.2": "未用于征地拆迁",
        "F1.3": "未用于购买流量",
        "F1.4": "未用于罚款",
        "F1.5": "未用于捐款",
        "F1.6": "未用于赞助",
        "F1.7": "未用于偿还债务",
        "F1.8": "未用于财政补助单位人员经费",
        "F1.9": "未用于财政补助单位工作经费",
        "F2.1": "支出不超过到位资金",
        "F4.2": "按资金性质分别核算",
        "I3.1": "统计数据应统尽统",
    }


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
        "reporting": ((2022, 2023, 2024, 2025), False, (), None),
    }
    names = [period.name.zh for period in standard.periods.values()]
    assert names == ["建设期", "建成后“十四五”期间", "验收当年", "报送年度"]
    assert standard.running_reading == "R20"
    assert standard.demonstration_reading == "R21"
    assert standard.undeclared_reading == "R22"
    assert [
        (part.id, part.name.zh, part.default, part.gathered) for part in standard.parts.values()
    ] == [
        ("annex", "附件1 乡村e镇建设标准", True, False),
        ("body", "正文四（二）建设标准", True, False),
        ("plan", "正文四（三）方案", False, False),
        ("management", "项目管理", False, True),
        ("funds", "正文五 资金", False, False),
        ("reporting", "信息报送", False, True),
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


FORBIDDEN_USES = {f"F1.{number}" for number in range(1, 10)}
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
    "R23": {"P1.1", "P1.2", "P2.1"},
    "R24": {"P3.1", "P3.2", "P3.3"},
    "R25": {"P4.2"},
    "R26": {"M1.1"},
    "R27": {"M1.2"},
    "R28": {"M8.1"},
    "R29": FORBIDDEN_USES,
    "R30": {"I2.1"},
    "R31": FORBIDDEN_USES,
    "R32": FORBIDDEN_USES,
    "R33": {"F2.1"},
    "R34": {"F2.2"},
    "R35": {"F4.2"},
    "R36": {"I1.1"},
    "R37": {"I3.1"},
    "R38": {"I4.1"},
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
        "D9",
        "D10",
        "D12",
        "D13",
        "D14",
        "D15",
        "D16",
        "D17",
        "D18",
        "D19",
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


def test_doubt_rules_of_ledgers_and_dates(standard: Standard) -> None:
    added = ("D9", "D10", "D13", "D14", "D15", "D16", "D17", "D18", "D19")
    # Records of two types are equal where their fields are.
    assert [(type(rule), *rule) for rule in standard.doubts if rule.code in added] == [
        (DeniedByRow, "D9", "violations", "罚款"),
        (FutureYear, "D10"),
        (RowsSpeakOf, "D13"),
        (VoucherRepeated, "D14"),
        (RowRepeated, "D15"),
        (RowOutside, "D16"),
        (TotalDiffers, "D17"),
        (DateAhead, "D18"),
        (Follows, "D19", "completed_on", "started_on", True),
    ]


def test_form_of_the_ledger(standard: Standard) -> None:
    form = standard.ledger
    assert form is not None
    assert (form.metric, form.years) == ("fund_ledger", (2022, 2025))
    assert {column.key: column.name.zh for column in form.columns} == {
        "date": "日期",
        "description": "摘要",
        "amount": "金额",
        "source": "资金来源",
        "category": "支出类别",
        "payee": "收款单位",
        "voucher": "凭证号",
    }
    assert [source.name.zh for source in form.sources] == ["中央", "省", "市", "县", "社会"]
    assert list(standard.metrics["funds_received"].vocabulary) == ["中央", "省", "市", "县", "社会"]
    assert [(it.name.zh, it.quote.where) for it in form.categories if not it.is_forbidden] == [
        ("主导产业", "三（一）"),
        ("区域公共品牌", "三（二）"),
        ("电子商务企业", "三（三）"),
        ("商业带头人", "三（四）"),
        ("公共服务体系", "三（五）"),
        ("基础配套设施", "三（六）"),
        ("招商引资", "三（七）"),
        ("跨境电商", "三（八）"),
        ("物流配送", "三（九）"),
        ("创业创新", "三（十）"),
    ]
    forbidden = [it.name.zh for it in form.categories if it.is_forbidden]
    assert forbidden == [
        "楼堂馆所建设",
        "征地拆迁",
        "购买流量",
        "罚款",
        "捐款",
        "赞助",
        "偿还债务",
        "财政补助单位人员经费",
        "财政补助单位工作经费",
    ]
    assert [words.use for words in form.words] == forbidden
    uses = [
        check.constraint.category
        for _, check in standard.checks
        if isinstance(check.constraint, SpendsNothingOn)
    ]
    assert uses == forbidden


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


def test_every_metric_has_an_example_that_can_be_read(standard: Standard, tmp_path: Path) -> None:
    from etown_check.howto import snippet
    from tests.conftest import BASE, read

    (tmp_path / "台账.csv").write_text(
        "日期,摘要,金额（元）,资金来源,支出类别,收款单位,凭证号\n"
        "2023-03-15,直播间设备,385600,省,公共服务体系,某数码科技有限公司,记-001\n",
        "utf-8",
    )
    own = [metric for metric in standard.metrics.values() if not metric.reference]
    for lang in ("zh", "en"):
        facts = "\n".join(snippet(metric, lang) for metric in own if metric.is_fact)
        lines = "\n".join(f"  {snippet(metric, lang)}" for metric in own if not metric.is_fact)
        text = (
            f"standard: {standard.id}\ncounty: 怀仁市\ntown: 怀仁市陶瓷e镇\n"
            f"as_of: {BASE['as_of']}\nacceptance_year: 2023\n{facts}\nmetrics:\n{lines}\n"
        )
        submission = read(standard, text, str(tmp_path / "test.yaml"))
        assert len(submission.declarations) == len(own)


def test_what_may_be_waived(standard: Standard) -> None:
    """Expected items whole, and of the binding ones what the annex itself softens by 原则上."""
    annex = ["4", "9", "10", "11", "17", "21", "24", "25", "26", "28", "38"]
    expected = [*annex, "B3", "M8", "I4"]
    assert {check.id for item, check in standard.checks if check.waivable} == {
        "23.1",
        *(check.id for item, check in standard.checks if item.id in expected),
    }
