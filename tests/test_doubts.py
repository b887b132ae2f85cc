"""Each data doubt: raised where it should be, and not one step beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etown_check.engine import evaluate
from etown_check.standard import Follows
from etown_check.words import render
from tests.conftest import document as data_file
from tests.conftest import problems, submit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etown_check.report import Doubt
    from etown_check.standard import Standard


def doubts(standard: Standard, changes: dict[str, Any], code: str, **facts: Any) -> list[Doubt]:
    report = evaluate(standard, submit(standard, changes, **facts))
    return [doubt for doubt in report.doubts if doubt.code == code]


def names(standard: Standard, changes: dict[str, Any], code: str, **facts: Any) -> list[Any]:
    return [doubt.metrics for doubt in doubts(standard, changes, code, **facts)]


def said(doubt: Doubt, lang: str = "zh") -> str:
    return render(doubt.message, lang)


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


# D18, D19: dates


@pytest.mark.parametrize(
    ("day", "metrics"),
    [("2023-06-29", []), ("2023-06-30", []), ("2023-07-01", [("completed_on",)])],
)
def test_a_date_after_the_data(standard: Standard, day: str, metrics: list[Any]) -> None:
    changes = {"completed_on": day, "started_on": "2022-11-15"}
    found = doubts(standard, changes, "D18", as_of="2023-06-30")
    assert [doubt.metrics for doubt in found] == metrics
    for doubt in found:
        assert said(doubt) == "建成日期（2023-07-01）晚于数据截止日期 2023-06-30。"
        assert said(doubt, "en") == "Completed on (2023-07-01) is after the data date 2023-06-30."
        assert doubt.position is not None
        assert doubt.path == ""


def test_every_date_after_the_data_is_told(standard: Standard) -> None:
    changes = {"started_on": "2023-07-01", "completed_on": "2023-12-01"}
    assert names(standard, changes, "D18", as_of="2023-06-30") == [
        ("started_on",),
        ("completed_on",),
    ]


def test_a_verified_date_is_the_one_that_is_doubted(standard: Standard) -> None:
    adjusted = {"value": "2022-12-01", "verified": {"result": "核减", "value": "2023-12-01"}}
    assert names(standard, {"started_on": adjusted}, "D18", as_of="2023-06-30") == [("started_on",)]
    mended = {"value": "2023-12-01", "verified": {"result": "核减", "value": "2022-12-01"}}
    assert names(standard, {"started_on": mended}, "D18", as_of="2023-06-30") == []


def following(standard: Standard, start: str, end: str, *, is_error: bool) -> list[Doubt]:
    """Return what D19 says of dates that a standard may only doubt; ours refuses them."""
    submission = submit(standard, {"started_on": start, "completed_on": "2025-12-30"})
    earlier = submit(standard, {"completed_on": end}).declarations["completed_on"]
    declarations = {**submission.declarations, "completed_on": earlier}
    rules = tuple(
        rule._replace(is_error=is_error) if isinstance(rule, Follows) else rule
        for rule in standard.doubts
    )
    report = evaluate(
        standard._replace(doubts=rules), submission._replace(declarations=declarations)
    )
    return [doubt for doubt in report.doubts if doubt.code == "D19"]


@pytest.mark.parametrize(
    ("end", "is_raised"), [("2022-11-14", True), ("2022-11-15", True), ("2022-11-16", False)]
)
def test_a_date_that_does_not_follow(standard: Standard, end: str, is_raised: bool) -> None:
    found = following(standard, "2022-11-15", end, is_error=False)
    assert [doubt.metrics for doubt in found] == [("completed_on", "started_on")] * is_raised
    for doubt in found:
        assert said(doubt) == f"建成日期（{end}）不晚于启动日期（2022-11-15）。"
        assert (
            said(doubt, "en") == f"Completed on ({end}) is not later than Started on (2022-11-15)."
        )
        assert doubt.position is not None


def test_a_completion_before_the_start_is_refused(standard: Standard) -> None:
    changes = {"started_on": "2022-11-15", "completed_on": "2022-11-15"}
    (problem,) = problems(standard, data_file(standard, changes))
    assert problem.code == "E534"
    assert problem.position is not None
    submit(standard, {**changes, "completed_on": "2022-11-16"})


def test_one_date_alone_follows_nothing(standard: Standard) -> None:
    assert names(standard, {"completed_on": "2022-01-01"}, "D19") == []
    assert names(standard, {"started_on": "2025-01-01"}, "D19") == []


# D9, D13 to D17: the rows of a ledger


def of_ledger(
    standard: Standard,
    rows: Iterable[Mapping[str, str]],
    code: str,
    changes: dict[str, Any] | None = None,
) -> list[Doubt]:
    report = evaluate(standard, submit(standard, changes, ledger=rows))
    return [doubt for doubt in report.doubts if doubt.code == code]


def lines(found: Iterable[Doubt]) -> list[int]:
    return [doubt.position.line for doubt in found if doubt.position]


def test_a_clean_ledger_raises_none(standard: Standard) -> None:
    rows = [{"source": source} for source in ("中央", "省", "市", "县", "社会", "")]
    report = evaluate(standard, submit(standard, ledger=rows))
    assert [doubt.code for doubt in report.doubts] == []


def test_doubts_about_rows_stand_in_the_ledger(standard: Standard) -> None:
    rows = [
        {"date": "2021-12-31", "description": "缴纳罚款", "voucher": "1", "payee": "甲"},
        {"date": "2021-12-31", "description": "缴纳罚款", "voucher": "1", "payee": "甲"},
    ]
    report = evaluate(standard, submit(standard, ledger=rows))
    about_rows = [doubt for doubt in report.doubts if doubt.code != "D9"]
    assert [(doubt.code, *lines([doubt])) for doubt in about_rows] == [
        ("D13", 2),
        ("D13", 3),
        ("D14", 3),
        ("D15", 3),
        ("D16", 2),
        ("D16", 3),
    ]
    for doubt in about_rows:
        assert doubt.metrics == ("fund_ledger",)
        assert doubt.path.endswith("台账.csv")
        assert said(doubt) != said(doubt, "en")
    # They say what the rules say, in the order of the rules.
    codes = [rule.code for rule in standard.doubts]
    order = [codes.index(doubt.code) for doubt in report.doubts]
    assert order == sorted(order)


FINES = [
    ([{"category": "罚款", "source": "省"}], True),
    ([{"category": "罚款", "source": "县"}], True),
    ([{"category": "罚款", "source": ""}], True),
    ([{"category": "罚款", "amount": "-1"}], True),
    ([{"description": "环保处罚"}], True),
    ([{"category": "赞助"}], False),
    ([{"description": "赞助"}], False),
    ([], False),
]


@pytest.mark.parametrize(("rows", "is_raised"), FINES)
def test_a_fine_that_is_denied(
    standard: Standard, rows: list[dict[str, str]], is_raised: bool
) -> None:
    found = of_ledger(standard, rows, "D9")
    assert [doubt.metrics for doubt in found] == [("violations", "fund_ledger")] * is_raised
    for doubt in found:
        assert doubt.path == ""  # it stands where the data file says that there was none
        assert doubt.position is not None
        assert "第2行" in said(doubt)
        assert said(doubt).startswith("违法违规事件申报为 0起，但台账中有罚款：")
    # Who says that there were violations, or says nothing, denies nothing.
    assert of_ledger(standard, rows, "D9", {"violations": "1起"}) == []
    assert of_ledger(standard, rows, "D9", {"violations": None}) == []


def test_a_denial_names_ten_fines(standard: Standard) -> None:
    (doubt,) = of_ledger(standard, [{"category": "罚款"}] * 12, "D9")
    assert said(doubt).count("凭证号") == 10
    assert "另有2行" in said(doubt)


def test_a_denial_needs_the_annex_or_the_funds(standard: Standard) -> None:
    submission = submit(standard, ledger=[{"category": "罚款"}])
    for parts, number in ((["annex"], 1), (["funds"], 1), (["body"], 0)):
        report = evaluate(standard, submission, parts=parts)
        assert len([it for it in report.doubts if it.code == "D9"]) == number, parts


@pytest.mark.parametrize(
    ("row", "use"),
    [
        ({"description": "直播间购买流量"}, "购买流量"),
        ({"description": "直播间购买流量", "source": "县"}, "购买流量"),
        ({"description": "直播间购买流量", "source": ""}, "购买流量"),
        ({"description": "智能水表和流量计"}, ""),
        ({"description": "直播间购买流量", "category": "购买流量"}, ""),
        ({"description": "直播间购买流量", "category": "赞助"}, ""),
        ({"description": "直播间设备"}, ""),
    ],
)
def test_a_description_of_a_forbidden_use(
    standard: Standard, row: dict[str, str], use: str
) -> None:
    found = of_ledger(standard, [{}, row], "D13")
    assert lines(found) == ([3] if use else [])
    for doubt in found:
        assert f"疑为{use}，支出类别却是“主导产业”。" in said(doubt)
        assert "“直播间购买流量”提到“流量”" in said(doubt)
        assert said(doubt).startswith("台账第3行 2023-05-08 1元 凭证号记-002，")


@pytest.mark.parametrize(
    ("first", "second", "is_raised"),
    [
        ("记-1", "记-1", True),
        ("记-1", "记 －１", True),
        ("记-1", "记-2", False),
        ("", "", False),
        ("无", "无", False),
    ],
)
def test_a_voucher_used_twice(standard: Standard, first: str, second: str, is_raised: bool) -> None:
    found = of_ledger(standard, [{"voucher": first}, {"voucher": second}], "D14")
    assert lines(found) == [3] * is_raised
    for doubt in found:
        assert said(doubt).endswith("凭证号与第2行相同。")
        assert said(doubt, "en").endswith("the same voucher as line 2.")


def test_a_voucher_used_again_and_again_is_held_against_the_first(standard: Standard) -> None:
    found = of_ledger(standard, [{"voucher": "甲"}] * 3, "D14")
    assert lines(found) == [3, 4]
    assert all("与第2行相同" in said(doubt) for doubt in found)


ROW = {"date": "2023-05-08", "payee": "某公司", "amount": "100.50"}


@pytest.mark.parametrize(
    ("change", "is_raised"),
    [
        ({}, True),
        ({"source": "县", "category": "招商引资", "description": "别的"}, True),
        ({"date": "2023/5/8", "amount": "100.5", "payee": " 某 公司"}, True),
        ({"date": "2023-05-09"}, False),
        ({"amount": "100.51"}, False),
        ({"amount": "-100.50"}, False),
        ({"payee": "某某公司"}, False),
        ({"payee": ""}, False),
    ],
)
def test_a_row_twice(standard: Standard, change: dict[str, str], is_raised: bool) -> None:
    found = of_ledger(standard, [ROW, {**ROW, **change}], "D15")
    assert lines(found) == [3] * is_raised
    for doubt in found:
        assert "收款单位（" in said(doubt)
        assert said(doubt).endswith("和金额与第2行相同。")


@pytest.mark.parametrize("payee", ["", "无", "—"])
def test_rows_that_name_no_payee_are_not_the_same(standard: Standard, payee: str) -> None:
    assert of_ledger(standard, [{**ROW, "payee": payee}] * 2, "D15") == []


@pytest.mark.parametrize(
    ("day", "is_raised"),
    [
        ("2021-12-31", True),
        ("2022-01-01", False),
        ("2025-12-31", False),
        ("2026-01-01", True),
    ],
)
def test_a_row_outside_the_years(standard: Standard, day: str, is_raised: bool) -> None:
    found = of_ledger(standard, [{"date": day}], "D16")
    assert lines(found) == [2] * is_raised
    for doubt in found:
        assert said(doubt).endswith("日期不在2022至2025年。")


@pytest.mark.parametrize(("said_to_be", "is_raised"), [("30", False), ("31", True)])
def test_a_total_that_differs(standard: Standard, said_to_be: str, is_raised: bool) -> None:
    total = dict.fromkeys(("date", "source", "category", "payee", "voucher"), "")
    total |= {"description": "合计", "amount": said_to_be}
    found = of_ledger(standard, [{"amount": "10"}, {"amount": "20"}, total], "D17")
    assert lines(found) == [4] * is_raised
    for doubt in found:
        assert said(doubt) == "台账第4行“合计”为 31元，按各行计算为 30元。"
        assert (
            said(doubt, "en") == "Ledger line 4: “合计” says CNY 31, but the rows come to CNY 30."
        )


MANY = {
    "D13": {"description": "缴纳罚款"},
    "D14": {"voucher": "同一张"},
    "D15": ROW,
    "D16": {"date": "2020-01-01"},
}


@pytest.mark.parametrize("number", [100, 101, 250])
@pytest.mark.parametrize("code", MANY)
def test_a_hundred_rows_are_named_and_the_others_counted(
    standard: Standard, code: str, number: int
) -> None:
    first = 0 if code in ("D13", "D16") else 1  # nothing to be compared with
    found = of_ledger(standard, [MANY[code]] * (number + first), code)
    named, more = found[:100], found[100:]
    assert lines(named) == list(range(2 + first, 102 + first))
    assert [said(doubt) for doubt in more] == (
        [f"台账中同类情况另有 {number - 100} 行，未逐一列出。"] if number > 100 else []
    )
    for doubt in more:
        assert doubt.position is None
        assert doubt.metrics == ("fund_ledger",)
        assert doubt.path.endswith("台账.csv")


def test_no_ledger_raises_nothing_about_one(standard: Standard) -> None:
    report = evaluate(standard, submit(standard), parts=tuple(standard.parts))
    assert {doubt.code for doubt in report.doubts}.isdisjoint(("D9", *MANY, "D17"))


def test_a_standard_without_a_form_says_nothing_of_ledgers(standard: Standard) -> None:
    submission = submit(standard, ledger=[{"category": "罚款"}, MANY["D16"]])
    report = evaluate(standard._replace(ledger=None), submission, parts=["annex"])
    assert {doubt.code for doubt in report.doubts}.isdisjoint(("D9", *MANY, "D17"))
    assert report.ledger is None


def test_doubts_about_a_ledger_change_no_status(standard: Standard) -> None:
    rows = [{**ROW, "description": "缴纳罚款", "date": "2020-01-01", "voucher": "1"}] * 2
    report = evaluate(standard, submit(standard, ledger=rows), only=["F1", "F4.2"])
    assert {check.status for item in report.items for check in item.checks} == {"pass"}
    assert {doubt.code for doubt in report.doubts} == {"D9", "D13", "D14", "D15", "D16"}


def test_a_report_that_does_not_ask_for_the_ledger_doubts_none(standard: Standard) -> None:
    submission = submit(standard, ledger=[MANY["D13"], MANY["D16"]])
    report = evaluate(standard, submission, only=["F3", "M5"])
    assert report.doubts == ()
