"""Judging a submission by a standard: pure, without files, clock or printing.

"Today" is the submission's own date. Statuses roll up from years to checks (`judging`), from
checks to items and from binding items to the verdict.
"""

from collections.abc import Collection, Iterable, Mapping

from etown_check.doubts import find_doubts
from etown_check.judging import JudgedCheck
from etown_check.report import (
    COMPLIANT,
    FAIL,
    INCOMPLETE,
    LEVELS,
    MISSING,
    NON_COMPLIANT,
    PASS,
    REVIEW,
    STATUSES,
    UNASSURED,
    Doubt,
    ItemResult,
    Report,
    all_of,
)
from etown_check.standard import BINDING, Check, Item, Standard, growth_of, metrics_of
from etown_check.submission import DECLARED, Submission


def evaluate(
    standard: Standard,
    submission: Submission,
    *,
    parts: Collection[str] | None = None,
    only: Collection[str] | None = None,
    level: str | None = None,
    require: str = DECLARED,
) -> Report:
    """Judge `submission` by `standard`.

    `parts` are the parts to judge (the standard's default ones if not given), `only` the ids of
    items or checks and `level` the level to which the report is narrowed; the verdict covers
    what is judged. `require` is the least assurance with which a binding item may pass.
    """
    judged: list[JudgedCheck] = []
    items: list[ItemResult] = []
    for item in standard.items:
        if _is_chosen(standard, item, parts, only, level):
            checks = [
                JudgedCheck(standard, submission, check, require)
                for check in item.checks
                if only is None or item.id in only or check.id in only
            ]
            judged += checks
            items.append(_item_result(item, checks))
    county = submission.county
    return Report(
        path=submission.path,
        sha256=submission.sha256,
        county=county.name,
        town=county.town,
        tier=county.tier,
        tier_name=standard.tiers[county.tier].name,
        as_of=submission.as_of,
        acceptance_year=submission.acceptance_year,
        required_assurance=require,
        parts=tuple(dict.fromkeys(item.part for item in items)),
        verdict=verdict(items),
        counts=_counts(items),
        items=tuple(items),
        doubts=tuple(_doubts(standard, submission, judged)),
    )


def _is_chosen(
    standard: Standard,
    item: Item,
    parts: Collection[str] | None,
    only: Collection[str] | None,
    level: str | None,
) -> bool:
    in_part = standard.parts[item.part].default if parts is None else item.part in parts
    if only is not None:
        is_named = item.id in only or any(check.id in only for check in item.checks)
        in_part = is_named and (parts is None or in_part)
    return in_part and level in (None, item.level)


def verdict(items: Iterable[ItemResult], levels: Collection[str] = (BINDING,)) -> str:
    """Return the verdict over the items of `levels`; the plan knows no score, and neither do we."""
    return verdict_of(item.standing for item in items if item.level in levels)


def verdict_of(standings: Iterable[str]) -> str:
    """Return the verdict over what stands as `standings` say."""
    found = set(standings)
    if FAIL in found:
        return NON_COMPLIANT
    return COMPLIANT if found.isdisjoint((MISSING, REVIEW, UNASSURED)) else INCOMPLETE


def _counts(items: Iterable[ItemResult]) -> Mapping[str, Mapping[str, int]]:
    counts = {level: dict.fromkeys(STATUSES, 0) for level in LEVELS}
    for item in items:
        counts[item.level][item.status] += 1
    return counts


def _item_result(item: Item, checks: list[JudgedCheck]) -> ItemResult:
    status = all_of(check.status for check in checks)
    return ItemResult(
        id=item.id,
        part=item.part,
        section=item.section,
        name=item.name,
        level=item.level,
        where=item.where,
        status=status,
        lacks_assurance=status == PASS and any(check.lacks_assurance for check in checks),
        task=item.task,
        requirement="".join(item.requirement),
        checks=tuple(check.record for check in checks),
        is_whole=len(checks) == len(item.checks),
    )


def _doubts(
    standard: Standard, submission: Submission, judged: list[JudgedCheck]
) -> Iterable[Doubt]:
    """Yield the doubts about metrics that were judged: a narrowed report keeps to its subject."""
    outcomes = [
        (one.check, year, outcome) for one in judged for year, outcome in one.outcomes.items()
    ]
    relevant = {metric for one in judged for metric in _metrics(one.check)}
    for doubt in find_doubts(standard, submission, outcomes):
        if not relevant.isdisjoint(doubt.metrics):
            yield doubt


def _metrics(check: Check) -> tuple[str, ...]:
    growth = growth_of(check.constraint)
    return (*metrics_of(check.constraint), *((growth,) if growth else ()))
