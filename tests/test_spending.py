"""What a ledger's money was spent on, out of whose, and against what came in."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import pytest

from etown_check.constraints import judge as judge_constraint
from etown_check.engine import evaluate
from etown_check.outcomes import Case
from etown_check.standard import AnyOf, SpendsNothingOn
from etown_check.words import render
from tests.conftest import submit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etown_check.report import CheckResult, LedgerTable
    from etown_check.standard import Simple, Standard

USES = {
    "F1.1": "楼堂馆所建设",
    "F1.2": "征地拆迁",
    "F1.3": "购买流量",
    "F1.4": "罚款",
    "F1.5": "捐款",
    "F1.6": "赞助",
    "F1.7": "偿还债务",
    "F1.8": "财政补助单位人员经费",
    "F1.9": "财政补助单位工作经费",
}
SOURCES = ("中央", "省", "市", "县", "社会")
PUBLIC = ("中央", "省", "市")


def judge(
    standard: Standard,
    id: str,
    ledger: Iterable[Mapping[str, str]],
    changes: dict[str, Any] | None = None,
) -> CheckResult:
    report = evaluate(standard, submit(standard, changes, ledger=ledger), only=[id])
    (item,) = report.items
    (check,) = item.checks
    return check


def said(check: CheckResult, lang: str = "zh") -> str:
    return " ".join(render(reason, lang) for reason in check.reasons)


def noted(check: CheckResult, lang: str = "zh") -> str:
    return " ".join(render(remark, lang) for remark in check.remarks)


def lines(check: CheckResult) -> list[int]:
    return [row.position.line for row in check.rows]


# Forbidden uses


def test_the_uses_are_those_of_the_standard(standard: Standard) -> None:
    forbidden = {
        check.id: check.constraint.category
        for _, check in standard.checks
        if isinstance(check.constraint, SpendsNothingOn)
    }
    assert forbidden == USES
    assert standard.ledger is not None
    assert [it.name.zh for it in standard.ledger.categories if it.is_forbidden] == [*USES.values()]
    assert tuple(it.name.zh for it in standard.ledger.sources) == SOURCES


@pytest.mark.parametrize("source", [*SOURCES, ""])
@pytest.mark.parametrize("id", USES)
def test_a_forbidden_use(standard: Standard, id: str, source: str) -> None:
    row = {
        "date": "2023-04-05",
        "amount": "12345.60",
        "source": source,
        "category": USES[id],
        "voucher": "银付-7",
    }
    ledger = [{"category": "主导产业"}, row, {"category": "招商引资", "source": source}]
    check = judge(standard, id, ledger)
    assert check.metrics == ("fund_ledger",)
    assert render(check.declared or "", "zh") == "1行，12345.6元"
    named = "第3行 2023-04-05 12345.6元 凭证号银付-7"
    in_english = "line 3: 2023-04-05 CNY 12,345.6 voucher 银付-7"
    if source in PUBLIC:
        assert check.status == "fail"
        assert lines(check) == [3]
        assert said(check) == f"由中央、省、市资金支出 1 行，合计 12345.6元：{named}。"
        assert in_english in said(check, "en")
        assert "Central, Provincial, City" in said(check, "en")
        assert check.remarks == ()
    elif source:
        assert check.status == "pass"
        assert lines(check) == []
        assert check.reasons == ()
        assert noted(check) == (
            f"另由其他资金支出 1 行，合计 12345.6元，方案只限制中央、省、市资金：{named}。"
        )
        assert in_english in noted(check, "en")
    else:
        assert check.status == "review"
        assert lines(check) == [3]
        assert said(check) == f"1 行没有资金来源，合计 12345.6元，不能认定：{named}。"
        assert in_english in said(check, "en")
    # It is nothing to the checks of the other eight uses.
    report = evaluate(standard, submit(standard, ledger=ledger), only=["F1"])
    (item,) = report.items
    assert [it.status for it in item.checks if it.id != id] == ["pass"] * 8
    assert item.status == check.status


def test_what_fails_comes_before_what_is_unknown(standard: Standard) -> None:
    ledger = [
        {"source": source, "category": "赞助", "amount": str(number)}
        for number, source in enumerate(["", "县", "省", "社会", "中央", ""], 1)
    ]
    check = judge(standard, "F1.6", ledger)
    assert check.status == "fail"
    assert lines(check) == [4, 6]
    assert "支出 2 行，合计 8元" in said(check)
    assert "支出 2 行，合计 6元" in noted(check)
    assert render(check.declared or "", "zh") == "6行，21元"


def test_a_row_without_a_voucher_is_named_all_the_same(standard: Standard) -> None:
    check = judge(standard, "F1.4", [{"category": "罚款", "voucher": ""}])
    assert said(check).endswith("第2行 2023-05-08 1元 无凭证号。")
    assert said(check, "en").endswith("line 2: 2023-05-08 CNY 1 no voucher.")


def test_a_refund_of_a_forbidden_use_does_not_undo_it(standard: Standard) -> None:
    ledger = [{"category": "捐款", "amount": "5000"}, {"category": "捐款", "amount": "-5000"}]
    check = judge(standard, "F1.5", ledger)
    assert check.status == "fail"
    assert lines(check) == [2, 3]
    assert "合计 0元" in said(check)
    assert "-5000元" in said(check)
    assert "R31" in check.readings


@pytest.mark.parametrize(("source", "status"), [("市", "fail"), ("县", "pass"), ("", "review")])
def test_a_refund_alone_is_a_row_like_any_other(
    standard: Standard, source: str, status: str
) -> None:
    ledger = [{"category": "购买流量", "amount": "-300", "source": source}]
    assert judge(standard, "F1.3", ledger).status == status


def test_a_refund_of_what_is_permitted_fails_nothing(standard: Standard) -> None:
    ledger = [{"category": "主导产业", "amount": "-300", "source": it} for it in SOURCES]
    report = evaluate(standard, submit(standard, ledger=ledger), only=["F1", "F4.2"])
    assert {check.status for item in report.items for check in item.checks} == {"pass"}


@pytest.mark.parametrize("number", [10, 11, 25])
def test_a_sentence_names_ten_rows_and_a_report_all(standard: Standard, number: int) -> None:
    check = judge(standard, "F1.9", [{"category": "财政补助单位工作经费"}] * number)
    assert lines(check) == list(range(2, number + 2))
    assert said(check).count("凭证号") == 10
    assert f"支出 {number} 行" in said(check)
    more = number - 10
    assert (f"、另有{more}行。" in said(check)) == (more > 0)
    assert (f", {more} more row{'s' * (more > 1)}." in said(check, "en")) == (more > 0)


def test_other_names_of_a_use_are_the_same_use(standard: Standard) -> None:
    ledger = [{"category": "还贷", "source": "省级财政"}, {"category": "Repaying debts"}]
    assert lines(judge(standard, "F1.7", ledger)) == [2, 3]


def test_what_a_description_speaks_of_never_fails(standard: Standard) -> None:
    ledger = [{"category": "主导产业", "description": "缴纳罚款"}]
    assert judge(standard, "F1.4", ledger).status == "pass"


def test_without_a_ledger_nothing_is_known(standard: Standard) -> None:
    report = evaluate(standard, submit(standard, {"disbursement_measures": "有"}))
    found = {check.id: check for item in report.items for check in item.checks}
    for id in (*USES, "F2.1", "F4.2"):
        assert found[id].status == "missing"
        assert found[id].declared is None
        assert found[id].advice is not None
    advice = found["F4.2"].advice
    assert advice is not None
    assert "资金台账: " in render(advice, "zh")
    assert "fund_ledger: " in render(advice, "en")
    assert "最外层" in render(advice, "zh")
    assert report.ledger is None


# What was spent against what came in


def received(**amounts: str) -> dict[str, Any]:
    return {"funds_received": amounts}


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_is_held_against_its_own(standard: Standard, source: str) -> None:
    ledger = [{"source": it, "amount": "1000000"} for it in SOURCES]
    enough = dict.fromkeys(SOURCES, "100万元")
    assert judge(standard, "F2.1", ledger, received(**enough)).status == "pass"
    check = judge(standard, "F2.1", ledger, received(**{**enough, source: "999999元"}))
    assert check.status == "fail"
    assert render(check.gap or "", "zh") == "1元"
    assert said(check) == f"支出超过到位资金：{source}支出 100万元，到位 999999元，超出 1元。"
    assert check.rows == ()


def test_one_source_does_not_make_up_for_another(standard: Standard) -> None:
    ledger = [{"source": "省", "amount": "100"}, {"source": "市", "amount": "100"}]
    check = judge(standard, "F2.1", ledger, received(省="99元", 市="1000元"))
    assert check.status == "fail"
    assert "市支出" not in said(check)


def test_all_that_is_overspent_is_told(standard: Standard) -> None:
    ledger = [{"source": it, "amount": "100"} for it in SOURCES]
    amounts = {it: f"{90 + number}元" for number, it in enumerate(SOURCES)}
    check = judge(standard, "F2.1", ledger, received(**amounts))
    assert said(check).count("超出") == 5
    assert render(check.gap or "", "zh") == "40元"
    assert said(check, "en").startswith("More spent than received: ")


def test_a_source_that_nothing_is_said_of_is_missing(standard: Standard) -> None:
    ledger = [{"source": "省", "amount": "100"}, {"source": "社会", "amount": "100"}]
    check = judge(standard, "F2.1", ledger, received(省="100元"))
    assert check.status == "missing"
    assert said(check) == "台账中有支出，未申报到位资金：社会。"
    assert check.advice is not None
    assert "到位资金" in render(check.advice, "zh")
    assert render(check.declared or "", "zh") == "省支出100元/到位100元、社会支出100元/到位未申报"


def test_what_is_overspent_comes_before_what_is_undeclared(standard: Standard) -> None:
    ledger = [{"source": "省", "amount": "100"}, {"source": "社会", "amount": "100"}]
    check = judge(standard, "F2.1", ledger, received(省="99元"))
    assert check.status == "fail"
    assert "社会" not in said(check)


def test_nothing_received_is_a_declaration(standard: Standard) -> None:
    ledger = [{"source": "省", "amount": "1"}]
    assert judge(standard, "F2.1", ledger, received(省="0元")).status == "fail"


def test_refunds_are_taken_off(standard: Standard) -> None:
    ledger = [{"source": "省", "amount": "150"}, {"source": "省", "amount": "-50"}]
    assert judge(standard, "F2.1", ledger, received(省="100元")).status == "pass"
    assert judge(standard, "F2.1", ledger, received(省="99元")).status == "fail"


def test_a_source_of_nothing_but_refunds(standard: Standard) -> None:
    ledger = [{"source": "省", "amount": "-50"}]
    assert judge(standard, "F2.1", ledger, received(省="0元")).status == "pass"
    assert judge(standard, "F2.1", ledger, received(市="1元")).status == "missing"


def test_what_was_received_and_not_spent_is_no_matter(standard: Standard) -> None:
    check = judge(standard, "F2.1", [{"source": "省", "amount": "1"}], received(省="1元", 市="9元"))
    assert check.status == "pass"
    assert render(check.declared or "", "zh") == "省支出1元/到位1元、市支出0元/到位9元"


def test_rows_without_a_source_are_no_source_s(standard: Standard) -> None:
    ledger = [{"source": "", "amount": "1000000"}, {"source": "省", "amount": "1"}]
    assert judge(standard, "F2.1", ledger, received(省="1元")).status == "pass"


def test_amounts_are_exact(standard: Standard) -> None:
    ledger = [{"source": "省", "amount": "0.1"}] * 3
    assert judge(standard, "F2.1", ledger, received(省="0.3元")).status == "pass"
    check = judge(standard, "F2.1", ledger, received(省="0.2999999999元"))
    assert check.status == "fail"


# A source in every row


def test_every_row_bears_a_source(standard: Standard) -> None:
    ledger = [{"source": ""}, {"source": "省"}, {"source": "", "category": "罚款", "voucher": ""}]
    check = judge(standard, "F4.2", ledger)
    assert check.status == "fail"
    assert lines(check) == [2, 4]
    assert render(check.declared or "", "zh") == "3行"
    assert render(check.gap or "", "zh") == "2行"
    assert said(check).startswith("2 行没有资金来源：第2行 ")
    assert said(check, "en").startswith("2 rows without a source: line 2: ")


# Assurance


def test_a_ledger_that_was_found_untrue_fails_whatever_its_rows(standard: Standard) -> None:
    untrue = {"value": "台账.csv", "verified": {"result": "不实"}}
    ledger = [{"source": "省", "amount": "1"}]
    changes = {"fund_ledger": untrue, **received(省="1元")}
    for id in ("F1.1", "F2.1", "F4.2"):
        check = judge(standard, id, ledger, changes)
        assert check.status == "fail", id
        assert "不实" in said(check)
        assert check.rows == ()


def test_what_was_received_and_verified_replaces_what_was_declared(standard: Standard) -> None:
    adjusted = {
        "value": {"省": "100元", "市": "5元"},
        "verified": {"result": "核减", "value": {"省": "90元", "市": "5元"}},
    }
    ledger = [{"source": "省", "amount": "95"}]
    check = judge(standard, "F2.1", ledger, {"funds_received": adjusted})
    assert check.status == "fail"
    assert "到位100元" in render(check.declared or "", "zh")
    assert "到位90元" in render(check.verified or "", "zh")
    assert check.assurance == "declared"  # the ledger is no more than that


# The ledger's sums


def table(standard: Standard, ledger: list[dict[str, str]], **amounts: str) -> LedgerTable:
    submission = submit(standard, received(**amounts) if amounts else {}, ledger=ledger)
    found = evaluate(standard, submission).ledger
    assert found is not None
    return found


def test_the_table_is_that_of_the_form(standard: Standard) -> None:
    found = table(standard, [{"amount": "3"}, {"amount": "-1", "source": ""}], 省="1万元")
    assert standard.ledger is not None
    assert found.path.endswith("台账.csv")
    assert found.rows == 2
    assert [it.zh for it in found.sources] == [*SOURCES]
    assert found.categories == standard.ledger.categories
    assert found.sum().amount == 2
    assert found.sum("省").amount == 3
    assert found.sum("", "主导产业").rows == 1
    assert found.sum(category="罚款").rows == 0
    assert found.received == {"省": Fraction(10000)}


def test_the_table_is_there_where_the_ledger_was_judged(standard: Standard) -> None:
    submission = submit(standard, received(省="9元"), ledger=[{"amount": "1"}])
    assert evaluate(standard, submission, parts=["annex"]).ledger is None
    alone = evaluate(standard, submission, only=["F4.2"]).ledger
    assert alone is not None
    assert alone.received == {}  # nothing was asked of it
    assert evaluate(standard, submission, only=["F3"]).ledger is None
    assert evaluate(standard, submission, level="expected").ledger is None


def test_alternatives_keep_the_rows_of_those_that_decide(standard: Standard) -> None:
    of = {check.id: check.constraint for _, check in standard.checks}
    submission = submit(standard, ledger=[{"category": "罚款"}, {"category": "捐款"}])
    case = Case.of(standard, submission)
    fines, gifts, others = (cast("Simple", of[id]) for id in ("F1.4", "F1.5", "F1.6"))
    both = judge_constraint(AnyOf((fines, gifts), None), case)
    assert (both.status, [row.position.line for row in both.rows]) == ("fail", [2, 3])
    one = judge_constraint(AnyOf((fines, others), None), case)
    assert (one.status, one.rows) == ("pass", ())
