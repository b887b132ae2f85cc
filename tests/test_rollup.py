"""Both roll-ups and the verdict over their whole truth tables, against the contract's sentences."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from etown_check.constraints import any_of
from etown_check.engine import verdict
from etown_check.report import STATUSES, ItemResult, all_of
from etown_check.words import Text

DECIDING = ("pass", "fail", "missing", "review")


def subsets(statuses: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [
        chosen for size in range(1, len(statuses) + 1) for chosen in combinations(statuses, size)
    ]


@pytest.mark.parametrize("statuses", subsets(STATUSES), ids="+".join)
def test_all_of(statuses: tuple[str, ...]) -> None:
    # fail, missing, review, pass; what is not due or not applicable is left out, and where
    # nothing else is left it is the answer, not_due before not_applicable.
    left = [status for status in statuses if status in DECIDING]
    if "fail" in left:
        expected = "fail"
    elif "missing" in left:
        expected = "missing"
    elif "review" in left:
        expected = "review"
    elif "pass" in left:
        expected = "pass"
    else:
        expected = "not_due" if "not_due" in statuses else "not_applicable"
    assert all_of(statuses) == expected
    assert all_of(tuple(reversed(statuses)) * 2) == expected


@pytest.mark.parametrize("statuses", list(product((*DECIDING, "not_due"), repeat=3)), ids="+".join)
def test_any_of(statuses: tuple[str, ...]) -> None:
    if "pass" in statuses:
        expected = "pass"
    elif "review" in statuses:
        expected = "review"
    elif "missing" in statuses:
        expected = "missing"
    elif "fail" in statuses:
        expected = "fail"
    else:
        expected = "not_due"
    assert any_of(list(statuses)) == expected


def item(level: str, status: str, *, lacks: bool = False) -> ItemResult:
    text = Text("", "")
    return ItemResult("1", "annex", text, text, level, "", status, lacks, "", "", ())


@pytest.mark.parametrize("statuses", list(product(STATUSES, repeat=2)), ids="+".join)
@pytest.mark.parametrize("lacks", [False, True])
def test_verdict_over_binding_items(statuses: tuple[str, ...], lacks: bool) -> None:
    items = [item("binding", status, lacks=lacks and status == "pass") for status in statuses]
    if "fail" in statuses:
        expected = "non_compliant"
    elif {"missing", "review"} & set(statuses) or (lacks and "pass" in statuses):
        expected = "incomplete"
    else:
        expected = "compliant"
    assert verdict(items) == expected
    # Expected items never touch it, unless they are asked for.
    others = [item("expected", status) for status in STATUSES]
    assert verdict([*items, *others]) == expected
    assert verdict([*items, *others], ("binding", "expected")) == "non_compliant"


def test_verdict_of_nothing_is_compliant() -> None:
    assert verdict([]) == "compliant"
