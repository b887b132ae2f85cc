"""Each data doubt: raised where it should be, and not one step beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etown_check.engine import evaluate
from etown_check.words import render
from tests.conftest import document as data_file
from tests.conftest import problems, submit

if TYPE_CHECKING:
    from etown_check.report import Doubt
    from etown_check.standard import Standard


def doubts(standard: Standard, changes: dict[str, Any], code: str, **facts: Any) -> list[Doubt]:
    report = evaluate(standard, submit(standard, changes, **facts))
    return [doubt for doubt in report.doubts if doubt.code == code]


def names(standard: Standard, changes: dict[str, Any], code: str, **facts: Any) -> list[Any]:
    return [doubt.metrics for doubt in doubts(standard, changes, code, **facts)]


CLEAN: dict[str, Any] = {}
RAISED: list[tuple[str, dict[str, Any], list[tuple[str, ...]]]] = [
    # D2: more than 0.1 points from the computed 19.44…%
    ("D2", {"total_output_growth": {2023: "19.34%"}}, [("total_output_growth", "total_output")]),
    ("D2", {"total_output_growth": {2023: "19.35%"}}, []),
    ("D2", {"total_output_growth": {2023: "19.54%"}}, []),
    ("D2", {"total_output_growth": {2023: "19.55%"}}, [("total_output_growth", "total_output")]),
    (
        "D2",
        {
            "online_retail_sales": {2022: "1000万元", 2023: "1100万元"},
            "online_retail_growth": {2023: "10.1%"},
        },
        [],
    ),
    (
        "D2",
        {
            "online_retail_sales": {2022: "1000万元", 2023: "1100万元"},
            "online_retail_growth": {2023: "10.11%"},
        },
        [("online_retail_growth", "online_retail_sales")],
    ),
    # D3: the same year only
    (
        "D3",
        {
            "total_output": {2022: "1亿元", 2023: "9亿元"},
            "online_retail_sales": {2022: "10001万元"},
        },
        [("online_retail_sales", "total_output")],
    ),
    (
        "D3",
        {
            "total_output": {2022: "1亿元", 2023: "9亿元"},
            "online_retail_sales": {2022: "10000万元", 2023: "8亿元"},
        },
        [],
    ),
    # D4
    (
        "D4",
        {"leading_ecommerce_enterprises": ["甲", "乙", " 甲 ", "甲"]},
        [("leading_ecommerce_enterprises",)],
    ),
    ("D4", {"leading_ecommerce_enterprises": ["甲公司", "乙公司"]}, []),
    ("D4", {"exhibition_zones": ["体验品鉴", "体验品鉴", "销售对接"]}, [("exhibition_zones",)]),
    (
        "D4",
        {
            "leading_ecommerce_enterprises": ["甲", "乙"],
            "crossborder_leading_enterprises": ["乙", "丙"],
        },
        [("leading_ecommerce_enterprises", "crossborder_leading_enterprises")],
    ),
    ("D4", {"leading_ecommerce_enterprises": ["甲"], "business_leaders": ["甲"]}, []),
    # D5
    ("D5", {"crossborder_trainees": "800人次"}, [("crossborder_trainees", "trainees")]),
    ("D5", {"crossborder_base_area": "180㎡"}, [("crossborder_base_area", "training_center_area")]),
    ("D5", {"crossborder_base_area": {"value": "180㎡", "note": "与培训中心共用"}}, []),
    (
        "D5",
        {"crossborder_base_area": {"value": "180㎡", "note": "新建"}},
        [("crossborder_base_area", "training_center_area")],
    ),
    ("D5", {"crossborder_base_area": "180.01㎡"}, []),
    # D7: floor by land, and 10,000 times
    ("D7", {"planned_land_area": "1平方公里", "floor_area": "5000000平方米"}, []),
    (
        "D7",
        {"planned_land_area": "1平方公里", "floor_area": "5000001平方米"},
        [("floor_area", "planned_land_area")],
    ),
    ("D7", {"total_investment": "30000亿元"}, [("total_investment",)]),
    ("D7", {"total_investment": "29999.99亿元"}, []),
    ("D7", {"total_investment": "3万元"}, [("total_investment",)]),
    ("D7", {"total_investment": "30001元"}, []),
    ("D7", {"total_investment": "0元"}, []),
    # D8: equal to the yuan
    ("D8", {"attracted_capital": "0.2亿元"}, [("attracted_capital", "government_funds")]),
    ("D8", {"attracted_capital": "20000000.99元"}, [("attracted_capital", "government_funds")]),
    ("D8", {"attracted_capital": "20000001元"}, []),
    ("D8", {"attracted_capital": "0元", "government_funds": "0元"}, []),
    # D12
    ("D12", {"total_investment": "7000万元"}, []),
    (
        "D12",
        {"total_investment": "69999999元"},
        [("total_investment", "government_funds", "attracted_capital")],
    ),
    ("D12", {"total_investment": "1元", "government_funds": None}, []),
]


@pytest.mark.parametrize(("code", "changes", "metrics"), RAISED)
def test_doubt(
    standard: Standard, code: str, changes: dict[str, Any], metrics: list[tuple[str, ...]]
) -> None:
    assert names(standard, changes, code) == metrics


@pytest.mark.parametrize("code", ["D2", "D3", "D4", "D5", "D6", "D7", "D8", "D10", "D12"])
def test_base_raises_none(standard: Standard, code: str) -> None:
    assert names(standard, CLEAN, code) == []


@pytest.mark.parametrize("word", ["共用", "合用", "shared"])
@pytest.mark.parametrize(
    ("metric", "value", "other"),
    [
        ("crossborder_trainees", "800人次", "trainees"),
        ("crossborder_base_area", "180㎡", "training_center_area"),
    ],
)
def test_a_note_settles_what_is_shared(
    standard: Standard, word: str, metric: str, value: str, other: str
) -> None:
    assert len(names(standard, {metric: value}, "D5")) == 1
    noted = {"value": value, "note": f"…{word}…"}
    assert names(standard, {metric: noted}, "D5") == []
    assert names(standard, {metric: value, other: noted}, "D5") == []


@pytest.mark.parametrize(
    ("changes", "metric"),
    [
        ({"own_brands": "5个"}, "own_brands"),
        ({"leading_industries": "1个"}, "leading_industries"),
        ({"leading_industries": "3个"}, "leading_industries"),
        ({"exhibition_center_area": "300平方米"}, "exhibition_center_area"),
        ({"total_investment": "30000万元"}, "total_investment"),
        ({"total_output": {2023: "2亿元"}}, "total_output"),
        ({"online_retail_growth": {2023: "10%"}}, "online_retail_sales"),
        ({"total_output_growth": {2023: "7%"}}, "total_output"),
        ({"planned_land_area": "5平方公里"}, "planned_land_area"),
    ],
)
def test_exactly_on_the_threshold(standard: Standard, changes: dict[str, Any], metric: str) -> None:
    assert names(standard, changes, "D6", as_of="2023-12-31") == [(metric,)]


def test_zero_thresholds_and_metrics_compared_are_no_threshold(standard: Standard) -> None:
    changes = {"violations": "0起", "employment_target": "0人", "attracted_capital": "2000万元"}
    assert names(standard, changes, "D6") == []


def test_a_year_after_the_data(standard: Standard) -> None:
    found = doubts(standard, {}, "D10", as_of="2023-12-31")
    assert [(doubt.metrics, render(doubt.message, "zh")) for doubt in found] == [
        (("total_output",), "总产值填有2024年数值，晚于数据截止日期2023-12-31。"),
        (("total_output",), "总产值填有2025年数值，晚于数据截止日期2023-12-31。"),
        (("online_retail_sales",), "网络零售额填有2024年数值，晚于数据截止日期2023-12-31。"),
        (("online_retail_sales",), "网络零售额填有2025年数值，晚于数据截止日期2023-12-31。"),
    ]
    assert names(standard, {}, "D10", as_of="2025-01-01") == []


def test_a_part_above_its_whole_is_an_error(standard: Standard) -> None:
    changes = {"new_ecommerce_entities": {2022: "21个", 2023: "20个"}}
    (problem,) = problems(standard, data_file(standard, changes))
    assert problem.code == "E520"
    assert "21个" in problem.message("zh")


def test_a_verified_whole_below_its_part_is_an_error(standard: Standard) -> None:
    whole = {
        "value": {2022: "20", 2023: "20"},
        "verified": {"result": "核减", "value": {2023: "14"}},
    }
    (problem,) = problems(standard, data_file(standard, {"new_legal_entities": whole}))
    assert problem.code == "E520"


def test_doubts_never_change_a_status(standard: Standard) -> None:
    report = evaluate(standard, submit(standard, {"total_investment": "30000亿元"}))
    assert report.verdict == "compliant"


def test_doubts_have_places(standard: Standard) -> None:
    for code, changes, metrics in RAISED:
        for doubt in doubts(standard, changes, code):
            assert doubt.position is not None, (code, metrics)
            assert render(doubt.message, "zh") != render(doubt.message, "en")


def test_a_narrowed_report_keeps_to_its_metrics(standard: Standard) -> None:
    changes = {"crossborder_trainees": "800人次", "attracted_capital": "2000万元"}
    report = evaluate(standard, submit(standard, changes), only=["26"])
    assert [doubt.code for doubt in report.doubts] == ["D8"]
