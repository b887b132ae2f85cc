"""What must always hold, on inputs that nobody thought of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from etown_check.engine import evaluate
from etown_check.keys import FILE_KEYS
from etown_check.standard import AtLeast, GrowthAtLeast, ShareAtLeast
from etown_check.store import load_standard
from tests.conftest import BASE, document, read, submit

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


def statuses(report: Report) -> dict[str, str]:
    return {check.id: check.status for item in report.items for check in item.checks}


def outcome(standard: Standard, text: str) -> Any:
    """Return all of a report that does not depend on where things stand in the file."""
    report = evaluate(standard, read(standard, text))
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


ORDINARY = document(
    STANDARD, {"own_brands": "4个", "total_investment": "2.9亿元"}, as_of="2023-12-31"
)


@exact
@given(st.randoms(use_true_random=False))
def test_order_of_keys_never_matters(random: Any) -> None:
    content = yaml.load(ORDINARY, Loader=yaml.BaseLoader)

    def shuffled(mapping: dict[str, Any]) -> dict[str, Any]:
        keys = list(mapping)
        random.shuffle(keys)
        return {key: shuffled(it) if isinstance(it := mapping[key], dict) else it for key in keys}

    text = yaml.safe_dump(shuffled(content), allow_unicode=True, sort_keys=False)
    assert outcome(STANDARD, text) == outcome(STANDARD, ORDINARY)


@exact
@given(st.lists(st.booleans(), min_size=100, max_size=100))
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
@given(st.sets(st.sampled_from(sorted(BASE["metrics"]))), st.sampled_from(COUNTIES))
def test_leaving_out_never_passes_and_never_fails(left_out: set[str], county: str) -> None:
    """Undeclared is missing: it neither passes nor fails a check that needs it."""
    full = statuses(evaluate(STANDARD, submit(STANDARD, county=county)))
    report = evaluate(STANDARD, submit(STANDARD, dict.fromkeys(left_out), county=county))
    for id, status in statuses(report).items():
        assert status in (full[id], "missing")
