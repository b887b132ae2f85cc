"""Every check on its passing, failing, boundary and missing cases, collected from tests/cases."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from etown_check.engine import evaluate
from etown_check.standard import (
    Above,
    AtLeastMetric,
    Equals,
    EveryMonth,
    OnOrBefore,
    SpendsNothingOn,
    SpentWithin,
    thresholds_of,
)
from tests.conftest import CASES, plain_yaml, submit

if TYPE_CHECKING:
    from etown_check.report import CheckResult
    from etown_check.standard import Check, Standard

ALL: list[dict[str, Any]] = plain_yaml(CASES / "checks.yaml")
COUNTIES = ("怀仁市", "山阴县", "应县", "右玉县")


def result(standard: Standard, case: dict[str, Any]) -> CheckResult:
    facts = {"as_of": case["as_of"]} if "as_of" in case else {}
    county, ledger = case.get("county", COUNTIES[0]), case.get("ledger")
    submission = submit(standard, case["set"], county=county, ledger=ledger, **facts)
    report = evaluate(standard, submission, only=[case["check"]])
    (item,) = report.items
    (check,) = item.checks
    return check


def name(case: dict[str, Any]) -> str:
    return f"{case['check']}-{case['role']}-{case['expect']}"


@pytest.mark.parametrize("case", ALL, ids=name)
def test_case(standard: Standard, case: dict[str, Any]) -> None:
    assert result(standard, case).status == case["expect"]


def roles_of(check: Check) -> set[str]:
    """Return the roles that the cases of `check` must have, beside one that it does not pass."""
    found = {"pass", "missing"}
    match check.constraint:
        case OnOrBefore(pending=pending):
            found |= {"on", "before", "after"} | ({"not_due"} if pending else set())
        case EveryMonth():
            found |= {"not_due"}
        case SpendsNothingOn():
            found |= {"fail", "review"}
        case Equals(value=value) if not any(it.amount for it in value.by_tier.values()):
            found |= {"on", "above"}  # nothing lies below zero
        case Above():
            found |= {"on", "above"}
        case AtLeastMetric() | SpentWithin():
            found |= {"on", "below", "above"}
        case constraint if thresholds_of(constraint):
            found |= {"on", "below", "above"}
    return found | ({"not_applicable"} if check.only else set())


def test_every_check_has_every_role(standard: Standard) -> None:
    roles = defaultdict(set)
    for case in ALL:
        roles[case["check"]].add(case["role"])
    for _, check in standard.checks:
        assert roles_of(check) <= roles[check.id], check.id
        assert roles[check.id] & {"fail", "review"}, check.id
    assert set(roles) == {check.id for _, check in standard.checks}


def test_a_check_of_some_counties_is_tried_in_all(standard: Standard) -> None:
    for _, check in standard.checks:
        if check.only:
            counties = {it.get("county", COUNTIES[0]) for it in ALL if it["check"] == check.id}
            assert counties == set(COUNTIES), check.id


def test_every_tier_has_its_own_boundary(standard: Standard) -> None:
    on_threshold = {(case["check"], case.get("county")) for case in ALL if case["role"] == "on"}
    for item in standard.items:
        for check in item.checks:
            thresholds = thresholds_of(check.constraint)
            if all(len(set(threshold.by_tier.values())) == 1 for threshold in thresholds):
                continue
            for county in COUNTIES:
                assert (check.id, county) in on_threshold


@pytest.mark.parametrize("county", COUNTIES)
def test_base_passes_every_check(standard: Standard, county: str) -> None:
    report = evaluate(standard, submit(standard, county=county, whole=True))
    statuses = {check.status for item in report.items for check in item.checks}
    assert statuses <= {"pass", "not_applicable"}
    assert report.verdict == "compliant"
    assert [item.id for item in report.items] == [item.id for item in standard.items]
    assert report.parts == tuple(standard.parts)
    assert report.left_out == ()
    assert report.doubts == ()


@pytest.mark.parametrize("county", COUNTIES)
def test_base_of_the_annex_and_the_body_passes_them(standard: Standard, county: str) -> None:
    report = evaluate(standard, submit(standard, county=county))
    assert report.verdict == "compliant"
    assert report.parts == ("annex", "body")
    assert len(report.items) == 42
