"""Explaining what a standard names: checks and metrics of every kind, and what a ledger holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest

from etown_check.explain import COLUMN_FORMS, FORMS, KINDS, WORDS, explain, how, names
from etown_check.standard import AnyOf, AtLeast, OnOrBefore, Simple, SpendsNothingOn
from tests.command import run

if TYPE_CHECKING:
    from etown_check.standard import Category, FundSource, LedgerColumn, LedgerForm, Standard


def told(standard: Standard, name: str, lang: str = "zh") -> str:
    """Return an explanation as text, a line for each of its lines."""
    lines = explain(standard, name, lang)
    assert lines is not None, name
    return "\n".join(f"{label} {text}".strip() for _, label, text in lines)


def form(standard: Standard) -> LedgerForm:
    assert standard.ledger is not None
    return standard.ledger


def category(standard: Standard, name: str) -> Category:
    return next(it for it in form(standard).categories if it.name.zh == name)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_name_is_explained_by_what_the_standard_says_of_it(
    standard: Standard, lang: str
) -> None:
    known = names(standard)
    assert len(set(known)) == len(known)
    for name in known:
        text = told(standard, name, lang)
        assert not re.search(r"\{[a-z_]*\}", text), name  # a gap of ours that was not filled
    listed: list[LedgerColumn | FundSource | Category] = []
    listed += form(standard).columns
    listed += form(standard).sources
    listed += form(standard).categories
    for it in listed:
        assert set(it.name) | set(it.also) <= set(known)
        for name in (*it.name, *it.also):
            heading = it.name.en if lang == "en" else it.name.zh
            assert heading in told(standard, name, lang), name


def test_every_kind_of_constraint_says_how_it_is_judged(standard: Standard) -> None:
    used = {type(check.constraint) for _, check in standard.checks}
    assert used == {*get_args(Simple), AnyOf}
    for _, check in standard.checks:
        zh, en = how(check.constraint)
        assert zh.endswith("。")
        assert en.endswith(".")


def test_every_kind_of_metric_and_column_says_how_it_is_written(standard: Standard) -> None:
    kinds = {metric.kind for metric in standard.metrics.values()}
    assert kinds == set(KINDS)
    assert set(FORMS) <= kinds
    assert {column.key for column in form(standard).columns} == set(COLUMN_FORMS)
    for metric in standard.metrics.values():
        if metric.kind in FORMS:
            assert FORMS[metric.kind].zh in told(standard, metric.name.zh)


def test_a_threshold_that_is_anothers_says_whose(standard: Standard) -> None:
    borrowed = [
        (check, check.constraint)
        for _, check in standard.checks
        if isinstance(check.constraint, AtLeast) and check.constraint.as_in
    ]
    assert borrowed
    for check, constraint in borrowed:
        assert f"标准值 同检查 {constraint.as_in}" in told(standard, check.id)
    assert "5000万元" in told(standard, "P3.2")


def test_a_pending_date_says_so(standard: Standard) -> None:
    for _, check in standard.checks:
        if isinstance(check.constraint, OnOrBefore):
            assert ("未到期" in how(check.constraint).zh) == check.constraint.pending


# The ledger


@pytest.mark.parametrize("name", ["资金台账", "fund_ledger", "Fund ledger", "fund  ledger"])
def test_the_ledger_as_a_whole(standard: Standard, name: str) -> None:
    text = told(standard, name)
    assert "资金台账: " in text
    assert all(it.name.zh in text for it in form(standard).columns)
    assert all(it.name.zh in text for it in form(standard).sources)
    for one in form(standard).categories:
        assert f"{one.name.zh}  {one.quote.where} “{one.quote.text}”" in text
    assert text.index("受限支出") > text.index("可以支出")


def test_a_category_is_told_by_the_plans_words_and_the_check_that_limits_it(
    standard: Standard,
) -> None:
    text = told(standard, "购买流量")
    traffic = category(standard, "购买流量")
    assert f"出处 {traffic.quote.where}" in text
    assert f"“{traffic.quote.text}”" in text
    assert "用于检查 F1.3 " in text
    assert "中央、省、市资金不得支出" in text
    words = next(it for it in form(standard).words if it.use == "购买流量")
    assert f"摘要用词 {'、'.join(words.words)}" in text
    if words.exceptions:
        assert f"不算的 {'、'.join(words.exceptions)}" in text
    assert "只提示数据疑点 D13，不影响结果" in text
    assert "F1.3" not in told(standard, "物流配送")
    assert "方案支持的支出。" in told(standard, "物流配送")


def test_every_restricted_use_names_its_check(standard: Standard) -> None:
    limits = {
        check.constraint.category: check.id
        for _, check in standard.checks
        if isinstance(check.constraint, SpendsNothingOn)
    }
    forbidden = [it for it in form(standard).categories if it.is_forbidden]
    assert set(limits) <= {it.name.zh for it in forbidden}
    for it in forbidden:
        if it.name.zh in limits:
            assert f"用于检查 {limits[it.name.zh]} " in told(standard, it.name.zh)


def test_columns_say_what_stands_in_them(standard: Standard) -> None:
    for one in form(standard).categories:
        assert one.name.zh in told(standard, "支出类别")
    for source in form(standard).sources:
        assert source.name.zh in told(standard, "资金来源")
        assert all(other in told(standard, "资金来源") for other in source.also)
    assert "F4.2" in told(standard, "资金来源")
    assert "金额（万元）" in told(standard, "金额")
    assert "D14" in told(standard, "凭证号")
    assert "D16" in told(standard, "日期")
    assert "D13" in told(standard, "摘要")
    assert told(standard, "voucher") == told(standard, "凭证号")


def test_what_one_name_means_twice_is_explained_twice(standard: Standard) -> None:
    """主导产业 is both a metric and what money may be paid for."""
    text = told(standard, "主导产业")
    assert "当地政府拟重点发展的" in text
    assert "支出类别 主导产业" in text
    assert told(standard, "leading_industries") in text


def test_in_english_the_chinese_names_that_ledgers_have_are_given(standard: Standard) -> None:
    text = told(standard, "fund_ledger", "en")
    for one in form(standard).categories:
        assert f"{one.name.en} ({one.name.zh})" in text
    assert "购买流量" in told(standard, category(standard, "购买流量").name.en, "en")


def test_a_standard_without_a_ledger_knows_none_of_it(standard: Standard) -> None:
    bare = standard._replace(ledger=None)
    assert explain(bare, "购买流量", "zh") is None
    assert "购买流量" not in names(bare)


@pytest.mark.parametrize(("name", "meant"), [("购买流景", "购买流量"), ("凭证好", "凭证号")])
def test_a_mistyped_word_of_the_ledger_is_guessed(name: str, meant: str) -> None:
    ran = run("explain", name)
    assert ran.code == 2
    assert meant in ran.err


def test_every_word_is_in_both_languages() -> None:
    for texts in (WORDS, KINDS, FORMS, COLUMN_FORMS):
        for zh, en in texts.values():
            assert zh
            assert en
            assert zh.count("{") == en.count("{")
