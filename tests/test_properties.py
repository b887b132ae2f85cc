"""What must always hold, on inputs that nobody thought of."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from etown_check.engine import evaluate
from etown_check.keys import FILE_KEYS
from etown_check.months import months_before
from etown_check.problems import Position
from etown_check.standard import AtLeast, GrowthAtLeast, ShareAtLeast, SpendsNothingOn
from etown_check.store import load_standard
from tests.conftest import BASE, beside_ledger, document, ledger_rows, read, submit

if TYPE_CHECKING:
    from etown_check.report import Report
    from etown_check.standard import Standard

STANDARD = load_standard("shuozhou-2022")
COUNTIES = ("怀仁市", "山阴县", "应县", "右玉县")
AT_LEAST = [
    (check, check.constraint)
    for item in STANDARD.items
    for check in item.checks
    if isinstance(check.constraint, AtLeast) and check.period is None
]
UNIT = {"money": "元", "area": "平方米"}
exact = settings(max_examples=60)
large = settings(max_examples=25)


def statuses(report: Report) -> dict[str, str]:
    return {check.id: check.status for item in report.items for check in item.checks}


def outcome(standard: Standard, text: str) -> Any:
    """Return all of a report that does not depend on where things stand in the file."""
    report = evaluate(standard, read(standard, text, PATH))
    checks = [
        (check.id, check.status, check.declared, check.gap, check.years, check.readings)
        for item in report.items
        for check in item.checks
    ]
    return checks, report.verdict, sorted((it.code, it.metrics) for it in report.doubts)


@exact
@given(
    st.sampled_from(AT_LEAST),
    st.sampled_from(COUNTIES),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
)
def test_raising_a_value_never_breaks_an_at_least(
    chosen: Any, county: str, value: int, more: int
) -> None:
    check, constraint = chosen
    metric = STANDARD.metrics[constraint.metric]
    unit = UNIT.get(metric.kind, "")

    def judged(number: int) -> str:
        submission = submit(STANDARD, {metric.key: f"{number}{unit}"}, county=county)
        return statuses(evaluate(STANDARD, submission, only=[check.id]))[check.id]

    order = ["fail", "review", "pass"]
    assert order.index(judged(value)) <= order.index(judged(value + more))


@exact
@given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(0, 10**12))
def test_more_sales_never_lower_a_growth(before: int, after: int, more: int) -> None:
    def judged(value: int) -> str:
        changes = {"online_retail_sales": {2022: f"{before}元", 2023: f"{value}元"}}
        report = evaluate(STANDARD, submit(STANDARD, changes), only=["36.2"])
        return statuses(report)["36.2"]

    assert isinstance(_constraint("36.2"), GrowthAtLeast)
    assert not (judged(after) == "pass" and judged(after + more) != "pass")
    assert (judged(after) == "pass") == (10 * after >= 11 * before)


@exact
@given(st.integers(1, 500), st.data())
def test_share_is_that_of_whole_numbers(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    changes = {
        "new_legal_entities": {2022: "20", 2023: str(whole)},
        "new_ecommerce_entities": {2022: "20", 2023: str(part)},
    }
    assert isinstance(_constraint("B2.1"), ShareAtLeast)
    report = evaluate(STANDARD, submit(STANDARD, changes), only=["B2.1"])
    assert (statuses(report)["B2.1"] == "pass") == (5 * part >= 3 * whole)


def _constraint(id: str) -> Any:
    return next(
        check.constraint for item in STANDARD.items for check in item.checks if check.id == id
    )


REPORTED = [*months_before("2022-11", "2023-09"), "2023-11"]
ORDINARY = document(
    STANDARD,
    {"own_brands": "4个", "total_investment": "2.9亿元", "monthly_reports": REPORTED},
    whole=True,
    as_of="2023-12-31",
)
PATH = beside_ledger(BASE["ledger"])


@large
@given(st.randoms(use_true_random=False))
def test_order_of_keys_never_matters(random: Any) -> None:
    content = yaml.load(ORDINARY, Loader=yaml.BaseLoader)

    def shuffled(mapping: dict[str, Any]) -> dict[str, Any]:
        keys = list(mapping)
        random.shuffle(keys)
        return {key: shuffled(it) if isinstance(it := mapping[key], dict) else it for key in keys}

    text = yaml.safe_dump(shuffled(content), allow_unicode=True, sort_keys=False)
    assert outcome(STANDARD, text) == outcome(STANDARD, ORDINARY)


@large
@given(st.lists(st.booleans(), min_size=250, max_size=250))
def test_language_of_keys_never_matters(in_chinese: list[bool]) -> None:
    content = yaml.load(ORDINARY, Loader=yaml.BaseLoader)
    choice = iter(in_chinese)
    chinese = {
        **{key: metric.name.zh for key, metric in STANDARD.metrics.items()},
        **FILE_KEYS,
    }

    def translated(mapping: dict[str, Any]) -> dict[str, Any]:
        return {
            (chinese[key] if key in chinese and next(choice) else key): translated(it)
            if isinstance(it, dict)
            else it
            for key, it in mapping.items()
        }

    text = yaml.safe_dump(translated(content), allow_unicode=True, sort_keys=False)
    assert outcome(STANDARD, text) == outcome(STANDARD, ORDINARY)


SPELLINGS = {
    "total_investment": ["2.9亿元", "29000万元", "290000000元", "２．９亿元", "290,000,000 元", "29,000万元", "2.90亿元"],
    "planned_land_area": ["2平方公里", "200公顷", "3000亩", "2000000㎡", "2,000,000 m²", "2km²", "200万平方米", "2 平方千米"],
    "service_center_area": ["1500平方米", "1500平米", "1,500㎡", "１５００平方米", "0.15公顷", "2.25亩"],
    "own_brands": ["4个", "4", "４个", " 4 个 "],
    "online_retail_growth": ["12.5%", "12.5％", "１２.５%", "12.50 %"],
}  # fmt: skip


@exact
@given(st.fixed_dictionaries({key: st.sampled_from(it) for key, it in SPELLINGS.items()}))
def test_spelling_of_units_never_matters(chosen: dict[str, str]) -> None:
    def judged(values: dict[str, str]) -> Any:
        changes = {
            key: {2023: value} if STANDARD.metrics[key].yearly else value
            for key, value in values.items()
        }
        report = evaluate(STANDARD, submit(STANDARD, changes))
        gaps = {check.id: check.gap for item in report.items for check in item.checks}
        return statuses(report), gaps, report.verdict

    assert judged(chosen) == judged({key: it[0] for key, it in SPELLINGS.items()})


@exact
@given(
    st.sets(st.sampled_from(sorted({*BASE["metrics"], *BASE["others"], "fund_ledger"}))),
    st.sampled_from(COUNTIES),
)
def test_leaving_out_never_passes_and_never_fails(left_out: set[str], county: str) -> None:
    """Undeclared is missing: it neither passes nor fails a check that needs it."""
    full = statuses(evaluate(STANDARD, submit(STANDARD, county=county, whole=True)))
    submission = submit(STANDARD, dict.fromkeys(left_out), county=county, whole=True)
    for id, status in statuses(evaluate(STANDARD, submission)).items():
        assert status in (full[id], "missing")


# Dates and months


DAYS = st.dates(date(2022, 1, 1), date(2025, 12, 31))


@exact
@given(st.sampled_from([("M1.1", "started_on"), ("M1.2", "completed_on")]), DAYS, DAYS)
def test_moving_a_date_earlier_never_breaks_a_deadline(
    chosen: tuple[str, str], one: date, other: date
) -> None:
    id, metric = chosen

    def judged(day: date) -> str:
        submission = submit(STANDARD, {metric: day.isoformat()})
        return statuses(evaluate(STANDARD, submission, only=[id]))[id]

    order = ["fail", "pass"]
    assert order.index(judged(max(one, other))) <= order.index(judged(min(one, other)))


MONTHS = months_before("2022-06", "2023-07")


@exact
@given(st.sets(st.sampled_from(MONTHS)), st.sampled_from(MONTHS), st.integers(1, 30))
def test_reporting_a_month_never_worsens(reported: set[str], another: str, day: int) -> None:
    def judged(months: set[str]) -> tuple[str, int]:
        changes = {"monthly_reports": sorted(months) or "无"}
        submission = submit(STANDARD, changes, as_of=f"2023-06-{day:02}")
        (item,) = evaluate(STANDARD, submission, only=["I2.1"]).items
        (check,) = item.checks
        gap: Any = check.gap
        return check.status, gap.args["number"] if gap else 0

    due = months_before("2022-11", "2023-06")
    status, lacking = judged(reported)
    assert lacking == len({*due} - reported)
    assert status == ("fail" if lacking else "pass")
    assert judged({*reported, another})[1] <= lacking


# Ledgers


SOURCES = ("中央", "省", "市", "县", "社会", "")
USES = {
    check.constraint.category: check.id
    for _, check in STANDARD.checks
    if isinstance(check.constraint, SpendsNothingOn)
}
CATEGORIES = (*USES, "主导产业", "物流配送", "创业创新")
ROW = st.fixed_dictionaries(
    {
        "date": st.sampled_from(["2021-12-31", "2022-11-01", "2023-05-08", "2026-01-01"]),
        "description": st.sampled_from(["设备款", "购买流量", "缴纳罚款", "流量计"]),
        "amount": st.decimals(-(10**9), 10**9, places=2).map(str),
        "source": st.sampled_from(SOURCES),
        "category": st.sampled_from(CATEGORIES),
        "payee": st.sampled_from(["甲公司", "乙公司", "丙公司"]),
        "voucher": st.sampled_from(["", "记-1", "记-2", "记-3"]),
    }
)
LEDGER = st.lists(ROW, max_size=12)
RECEIVED = st.dictionaries(st.sampled_from(SOURCES[:-1]), st.integers(0, 10**9), min_size=1)
CHECKS = (*USES.values(), "F2.1", "F4.2")
Rows = list[dict[str, str]]


def judged_ledger(rows: Rows, received: dict[str, int]) -> Report:
    amounts = {source: f"{amount}元" for source, amount in received.items()}
    return evaluate(STANDARD, submit(STANDARD, {"funds_received": amounts}, ledger=rows))


def sums_of(rows: Rows) -> dict[tuple[str, str], tuple[Fraction, int]]:
    """Sum up rows, without any of the code under test."""
    found: dict[tuple[str, str], tuple[Fraction, int]] = defaultdict(lambda: (Fraction(0), 0))
    for row in rows:
        key = (row["source"], row["category"])
        amount, number = found[key]
        found[key] = (amount + Fraction(row["amount"]), number + 1)
    return dict(found)


def expected_of(rows: Rows, received: dict[str, int]) -> dict[str, str]:
    """Say how each check of a ledger must come out, in the words of the contract."""
    found = dict.fromkeys(USES.values(), "pass")
    for use, id in USES.items():
        sources = {row["source"] for row in rows if row["category"] == use}
        if sources & {"中央", "省", "市"}:
            found[id] = "fail"
        elif "" in sources:
            found[id] = "review"
    spent: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        spent[row["source"]] += Fraction(row["amount"])
    spent.pop("", None)
    found["F2.1"] = "pass" if spent.keys() <= received.keys() else "missing"
    if any(it > received[source] for source, it in spent.items() if source in received):
        found["F2.1"] = "fail"
    found["F4.2"] = "pass" if all(row["source"] for row in rows) else "fail"
    return found


def of_ledger(report: Report) -> dict[str, str]:
    return {id: status for id, status in statuses(report).items() if id in CHECKS}


@exact
@given(LEDGER, RECEIVED)
def test_a_ledger_is_summed_up_and_judged(rows: Rows, received: dict[str, int]) -> None:
    report = judged_ledger(rows, received)
    assert report.ledger is not None
    sums = {key: (it.amount, it.rows) for key, it in report.ledger.sums.items()}
    assert sums == sums_of(rows)
    assert report.ledger.rows == len(rows)
    for source in (*SOURCES, None):
        of = [Fraction(row["amount"]) for row in rows if source in (row["source"], None)]
        total = report.ledger.sum(source)
        assert (total.amount, total.rows) == (sum(of), len(of))
    assert report.ledger.received == received
    assert of_ledger(report) == expected_of(rows, received)


def without_places(report: Report) -> Any:
    """Return what a report says of a ledger, whatever the order of its rows."""
    assert report.ledger is not None
    checks = [
        (
            check.id,
            check.status,
            check.declared,
            check.gap,
            Counter(row._replace(position=Position(1, 1)) for row in check.rows),
        )
        for item in report.items
        for check in item.checks
        if check.id in CHECKS
    ]
    return checks, report.ledger.sums, report.verdict, Counter(it.code for it in report.doubts)


@exact
@given(LEDGER, RECEIVED, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows: Rows, received: dict[str, int], random: Any) -> None:
    # Not even what a row leaves out, for which its number stands in.
    whole = ledger_rows(rows)
    shuffled = random.sample(whole, len(whole))
    assert without_places(judged_ledger(shuffled, received)) == without_places(
        judged_ledger(whole, received)
    )


@exact
@given(
    st.lists(ROW, min_size=1, max_size=12),
    RECEIVED,
    st.integers(0, 11),
    st.decimals(-(10**9), 10**9, places=2),
)
def test_splitting_a_row_changes_no_status(
    rows: Rows, received: dict[str, int], at: int, some: Any
) -> None:
    at %= len(rows)
    row = rows[at]
    halves = [
        {**row, "amount": str(some)},
        {**row, "amount": str(type(some)(row["amount"]) - some)},
    ]
    split = [*rows[:at], *halves, *rows[at + 1 :]]
    assert of_ledger(judged_ledger(split, received)) == of_ledger(judged_ledger(rows, received))


@exact
@given(LEDGER, RECEIVED, st.sampled_from(SOURCES[:-1]), st.integers(0, 10**10))
def test_receiving_more_never_breaks_what_was_spent(
    rows: Rows, received: dict[str, int], source: str, more: int
) -> None:
    before = of_ledger(judged_ledger(rows, received))
    raised = {**received, source: received.get(source, 0) + more}
    after = of_ledger(judged_ledger(rows, raised))
    if source in received:
        order = ["fail", "missing", "pass"]
        assert order.index(before["F2.1"]) <= order.index(after["F2.1"])
    assert {id: it for id, it in after.items() if id != "F2.1"} == {
        id: it for id, it in before.items() if id != "F2.1"
    }


@exact
@given(LEDGER, ROW)
def test_another_payment_never_mends_a_ledger(rows: Rows, row: dict[str, str]) -> None:
    """Whatever is paid besides, what was paid for a forbidden use stays paid."""
    order = ["fail", "review", "pass"]
    before = of_ledger(judged_ledger(rows, {"省": 0}))
    after = of_ledger(judged_ledger([*rows, row], {"省": 0}))
    for id in (*USES.values(), "F4.2"):
        assert order.index(after[id]) <= order.index(before[id])
