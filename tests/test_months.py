"""Months that are reported: which are due, which lack, and how they are told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from etown_check.engine import evaluate
from etown_check.months import listed, month_of, months_before
from etown_check.problems import Position
from etown_check.submission import Declaration, Entry
from etown_check.words import render
from tests.conftest import submit

if TYPE_CHECKING:
    from etown_check.report import CheckResult
    from etown_check.standard import Standard
    from etown_check.submission import Submission


def check_of(standard: Standard, submission: Submission) -> CheckResult:
    (item,) = evaluate(standard, submission, only=["I2.1"]).items
    (check,) = item.checks
    return check


def judge(standard: Standard, as_of: str, *months: str) -> CheckResult:
    return check_of(standard, submit(standard, {"monthly_reports": [*months]}, as_of=as_of))


def said(check: CheckResult, lang: str = "zh") -> str:
    return " ".join(render(reason, lang) for reason in check.reasons)


# The months between two


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2022, 11, 1), "2022-11"),
        (date(2022, 11, 30), "2022-11"),
        (date(2023, 1, 1), "2023-01"),
        (date(999, 12, 31), "0999-12"),
    ],
)
def test_the_month_of_a_day(day: date, month: str) -> None:
    assert month_of(day) == month


@pytest.mark.parametrize(
    ("first", "end", "expected"),
    [
        ("2022-11", "2022-10", ()),
        ("2022-11", "2022-11", ()),
        ("2022-11", "2022-12", ("2022-11",)),
        ("2022-11", "2023-02", ("2022-11", "2022-12", "2023-01")),
        ("2022-12", "2023-01", ("2022-12",)),
        ("2022-11", "2021-12", ()),
    ],
)
def test_the_months_before(first: str, end: str, expected: tuple[str, ...]) -> None:
    assert months_before(first, end) == expected


def test_a_year_has_twelve() -> None:
    months = months_before("2022-11", "2025-12")
    assert len(months) == 37
    assert list(months) == sorted(set(months))
    assert [it for it in months if it.startswith("2024")] == [f"2024-{n:02}" for n in range(1, 13)]


@pytest.mark.parametrize(
    ("months", "zh", "en"),
    [
        ([], "", ""),
        (["2023-01"], "2023-01", "2023-01"),
        (["2023-01", "2023-02"], "2023-01、2023-02", "2023-01, 2023-02"),
        (["2022-11", "2022-12", "2023-01"], "2022-11至2023-01", "2022-11 to 2023-01"),
        (["2023-03", "2023-01"], "2023-01、2023-03", "2023-01, 2023-03"),
        (
            ["2022-12", "2022-11", "2023-01", "2023-05", "2023-07", "2023-08"],
            "2022-11至2023-01、2023-05、2023-07、2023-08",
            "2022-11 to 2023-01, 2023-05, 2023-07, 2023-08",
        ),
    ],
)
def test_how_months_are_told(months: list[str], zh: str, en: str) -> None:
    assert render(listed(months), "zh") == zh
    assert render(listed(months), "en") == en


# Which are due


@pytest.mark.parametrize("as_of", ["2022-10-13", "2022-10-31", "2022-11-01", "2022-11-30"])
@pytest.mark.parametrize("months", [[], ["2022-10"]])
def test_nothing_is_due_before_the_first_month_has_ended(
    standard: Standard, as_of: str, months: list[str]
) -> None:
    check = judge(standard, as_of, *months)
    assert check.status == "not_due"
    assert check.declared is None
    assert check.assurance is None
    assert check.reasons == ()


@pytest.mark.parametrize("as_of", ["2022-12-01", "2022-12-31"])
def test_the_first_month_is_november(standard: Standard, as_of: str) -> None:
    assert judge(standard, as_of, "2022-11").status == "pass"
    assert judge(standard, as_of, "2022-10").status == "fail"
    assert judge(standard, as_of, "2022-12").status == "fail"


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2023-02-28", "pass"), ("2023-03-01", "fail"), ("2023-03-31", "fail")],
)
def test_the_last_month_is_the_one_before_the_data_s(
    standard: Standard, as_of: str, status: str
) -> None:
    assert judge(standard, as_of, "2022-11", "2022-12", "2023-01").status == status


def test_the_turn_of_the_year(standard: Standard) -> None:
    assert judge(standard, "2023-01-31", "2022-11", "2022-12").status == "pass"
    check = judge(standard, "2023-01-31", "2022-11")
    assert said(check) == "逾期未报：2022-12。"


def test_further_months_are_no_matter(standard: Standard) -> None:
    check = judge(standard, "2023-01-15", "2022-06", "2022-10", "2022-11", "2022-12", "2023-01")
    assert check.status == "pass"
    assert render(check.required, "zh") == "2022-11 起每月"


# What lacks


def test_gaps_are_named(standard: Standard) -> None:
    check = judge(standard, "2023-08-31", "2022-12", "2023-02", "2023-06", "2023-07")
    assert check.status == "fail"
    assert said(check) == "缺报：2022-11、2023-01、2023-03至2023-05。"
    assert said(check, "en") == "Not reported: 2022-11, 2023-01, 2023-03 to 2023-05."
    assert render(check.gap or "", "zh") == "5个月"


def test_late_months_are_named(standard: Standard) -> None:
    check = judge(standard, "2023-08-31", "2022-11", "2022-12", "2023-01", "2023-02")
    assert said(check) == "逾期未报：2023-03至2023-07。"
    assert said(check, "en") == "Overdue since the last report: 2023-03 to 2023-07."
    assert render(check.gap or "", "zh") == "5个月"


def test_gaps_and_late_months_are_told_apart(standard: Standard) -> None:
    check = judge(standard, "2023-05-31", "2022-11", "2023-01")
    assert said(check) == "缺报：2022-12。逾期未报：2023-02至2023-04。"
    assert render(check.gap or "", "zh") == "4个月"


def test_a_report_of_the_data_s_own_month_makes_gaps_of_what_is_late(standard: Standard) -> None:
    check = judge(standard, "2023-03-31", "2022-11", "2022-12", "2023-03")
    assert said(check) == "缺报：2023-01、2023-02。"


def test_no_month_at_all_is_all_late(standard: Standard) -> None:
    submission = submit(standard, {"monthly_reports": "无"}, as_of="2023-03-31")
    check = check_of(standard, submission)
    assert check.status == "fail"
    assert said(check) == "逾期未报：2022-11至2023-02。"
    assert render(check.declared or "", "zh") == "（空）"


def test_a_month_before_the_first_is_no_report_that_others_follow(standard: Standard) -> None:
    assert said(judge(standard, "2023-01-31", "2022-10")) == "逾期未报：2022-11、2022-12。"


def test_undeclared_is_missing(standard: Standard) -> None:
    check = check_of(standard, submit(standard, as_of="2023-03-31"))
    assert check.status == "missing"
    assert check.advice is not None
    assert "月报: " in render(check.advice, "zh")


# Months that the surroundings of the data file show


def observed(submission: Submission, *months: str) -> Submission:
    at = Position(1, 1)
    entry = Entry(months, at, months)
    declaration = Declaration("monthly_reports", at, {None: entry}, (), "", None)
    return submission._replace(observed={"monthly_reports": declaration})


def test_observed_months_are_judged_like_declared_ones(standard: Standard) -> None:
    submission = submit(standard, as_of="2023-01-31")
    check = check_of(standard, observed(submission, "2022-11", "2022-12"))
    assert check.status == "pass"
    assert render(check.declared or "", "zh") == "2022-11、2022-12"
    assert check_of(standard, observed(submission, "2022-12")).status == "fail"


def test_observed_months_are_nobody_s_declaration(standard: Standard) -> None:
    submission = observed(submit(standard, as_of="2023-01-31"), "2022-11", "2022-12")
    check = check_of(standard, submission)
    assert check.assurance is None
    assert check.position is None
    report = evaluate(standard, submission, only=["I2"], require="evidenced")
    assert report.verdict == "incomplete"


def test_a_declaration_outranks_what_is_observed(standard: Standard) -> None:
    submission = submit(standard, {"monthly_reports": ["2022-11"]}, as_of="2023-01-31")
    check = check_of(standard, observed(submission, "2022-11", "2022-12"))
    assert check.status == "fail"
    assert check.assurance == "declared"


def test_months_that_were_found_untrue_fail(standard: Standard) -> None:
    untrue = {"value": ["2022-11", "2022-12"], "verified": {"result": "不实"}}
    submission = submit(standard, {"monthly_reports": untrue}, as_of="2023-01-31")
    check = check_of(standard, submission)
    assert check.status == "fail"
    assert "不实" in said(check)
