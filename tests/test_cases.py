"""Every check on its passing, failing, boundary and missing cases, collected from tests/cases."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from etown_check.engine import evaluate
from etown_check.standard import thresholds_of
from tests.conftest import CASES, plain_yaml, submit

if TYPE_CHECKING:
    from etown_check.report import CheckResult
    from etown_check.standard import Standard

ALL: list[dict[str, Any]] = plain_yaml(CASES / "checks.yaml")
COUNTIES = ("怀仁市", "山阴县", "应县", "右玉县")


def result(standard: Standard, case: dict[str, Any]) -> CheckResult:
    submission = submit(standard, case["set"], county=case.get("county", COUNTIES[0]))
    report = evaluate(standard, submission, only=[case["check"]])
    (item,) = report.items
    (check,) = item.checks
    return check


def name(case: dict[str, Any]) -> str:
    return f"{case['check']}-{case['role']}-{case['expect']}"


@pytest.mark.parametrize("case", ALL, ids=name)
def test_case(standard: Standard, case: dict[str, Any]) -> None:
    assert result(standard, case).status == case["expect"]


def test_every_check_has_every_role(standard: Standard) -> None:
    roles = defaultdict(set)
    for case in ALL:
        roles[case["check"]].add(case["role"])
    for item in standard.items:
        for check in item.checks:
            needed = {"pass", "missing"}
            if thresholds_of(check.constraint) and check.id != "30.1":
                is_above = check.id in ("38.1", "B3.1")  # "> 0": nothing lies below it
                needed |= {"on", "above"} if is_above else {"on", "below", "above"}
            assert needed <= roles[check.id], check.id
            assert roles[check.id] & {"fail", "review"}, check.id
    ids = {check.id for item in standard.items for check in item.checks}
    assert set(roles) == ids


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
    report = evaluate(standard, submit(standard, county=county))
    statuses = {check.status for item in report.items for check in item.checks}
    assert statuses <= {"pass", "not_applicable"}
    assert report.verdict == "compliant"
    assert len(report.items) == 42
