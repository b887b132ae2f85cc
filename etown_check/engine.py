"""Judging a submission by a standard: pure, without files, clock or printing.

"Today" is the submission's own date. Statuses roll up from years to checks, from checks to
items and from binding items to the verdict.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TypeVar

from etown_check.constraints import Case, Outcome, judge, required, shown
from etown_check.doubts import find_doubts
from etown_check.howto import snippet
from etown_check.problems import Position
from etown_check.report import (
    COMPLIANT,
    FAIL,
    INCOMPLETE,
    MISSING,
    NON_COMPLIANT,
    NOT_APPLICABLE,
    NOT_DUE,
    PASS,
    REVIEW,
    STATUSES,
    CheckResult,
    ItemResult,
    Report,
)
from etown_check.standard import BINDING, EXPECTED, Check, Item, Period, Standard, metrics_of
from etown_check.standard import growth_of as growth_metric_of
from etown_check.submission import ASSURANCES, DECLARED, EVIDENCED, Submission
from etown_check.words import Phrase, Text, Words, say

LEVELS = (BINDING, EXPECTED)

T = TypeVar("T")


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
    chosen = [it for it in standard.items if _is_chosen(standard, it, parts, only, level)]
    judged = [(item, _judge_item(standard, submission, item, only, require)) for item in chosen]
    items = tuple(result for _, (result, _) in judged)
    outcomes = [found for _, (_, all_found) in judged for found in all_found]
    judged_metrics = {
        metric
        for check, _, _ in outcomes
        for metric in (*metrics_of(check.constraint), growth_metric_of(check.constraint))
    }
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
        items=items,
        doubts=tuple(
            doubt
            for doubt in find_doubts(standard, submission, outcomes)
            if not judged_metrics.isdisjoint(doubt.metrics)
        ),
    )


def _is_chosen(
    standard: Standard,
    item: Item,
    parts: Collection[str] | None,
    only: Collection[str] | None,
    level: str | None,
) -> bool:
    if only is not None:
        return item.id in only or any(check.id in only for check in item.checks)
    in_part = standard.parts[item.part].default if parts is None else item.part in parts
    return in_part and level in (None, item.level)


def all_of(statuses: Iterable[str]) -> str:
    """Roll up: the first that occurs of fail, missing, review, pass.

    What is not due or not applicable is left out; where nothing else is left it is the answer.
    """
    found = set(statuses)
    order = (FAIL, MISSING, REVIEW, PASS, NOT_DUE, NOT_APPLICABLE)
    return next(status for status in order if status in found)


def verdict(items: Iterable[ItemResult], levels: Collection[str] = (BINDING,)) -> str:
    """Return the verdict over the items of `levels`; the plan knows no score, and neither do we."""
    counted = [item for item in items if item.level in levels]
    if any(item.status == FAIL for item in counted):
        return NON_COMPLIANT
    if any(item.status in (MISSING, REVIEW) or item.lacks_assurance for item in counted):
        return INCOMPLETE
    return COMPLIANT


def _counts(items: Iterable[ItemResult]) -> Mapping[str, Mapping[str, int]]:
    counts = {level: dict.fromkeys(STATUSES, 0) for level in LEVELS}
    for item in items:
        counts[item.level][item.status] += 1
    return counts


def _judge_item(
    standard: Standard,
    submission: Submission,
    item: Item,
    only: Collection[str] | None,
    require: str,
) -> tuple[ItemResult, list[tuple[Check, int | None, Outcome]]]:
    checks = []
    found = []
    for check in item.checks:
        if only is not None and item.id not in only and check.id not in only:
            continue
        judged, outcomes = _judge_check(standard, submission, check, require)
        checks.append(judged)
        found += [(check, year, outcome) for year, outcome in outcomes.items()]
    status = all_of(check.status for check in checks)
    result = ItemResult(
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
        checks=tuple(checks),
    )
    return result, found


def _judge_check(
    standard: Standard, submission: Submission, check: Check, require: str
) -> tuple[CheckResult, dict[int | None, Outcome]]:
    years = _years(standard, submission, check)
    outcomes: dict[int | None, Outcome] = {}
    undecided = _undecided_applicability(standard, submission, check)
    for year in years:
        case = Case(standard, submission, year)
        outcomes[year] = undecided or _judge_year(standard, check, case)
    status = all_of(outcome.status for outcome in outcomes.values())
    telling = {
        year: outcome
        for year, outcome in outcomes.items()
        if outcome.status not in (NOT_DUE, NOT_APPLICABLE)
    }
    assurances = [outcome.assurance for outcome in telling.values() if outcome.assurance]
    assurance = min(assurances, key=ASSURANCES.index) if assurances else None
    lacks = status == PASS and ASSURANCES.index(assurance or DECLARED) < ASSURANCES.index(require)
    case = Case(standard, submission, years[0])
    metrics = _metrics(submission, check, years)
    result = CheckResult(
        id=check.id,
        name=check.name,
        status=status,
        assurance=assurance,
        lacks_assurance=lacks,
        metrics=metrics,
        declared=_shown_by_year(standard, submission, check, years),
        verified=_verified_by_year(standard, submission, check, years, metrics),
        required=required(check.constraint, case),
        gap=_by_year({year: outcome.gap for year, outcome in telling.items()}, len(years)),
        years={year: outcome.status for year, outcome in outcomes.items() if year is not None},
        position=_position(submission, metrics, undecided is not None),
        readings=_distinct(
            [*check.readings, *(it for outcome in telling.values() for it in outcome.readings)]
        ),
        remarks=_distinct(it for outcome in telling.values() for it in outcome.remarks),
        reasons=_reasons(outcomes, status, lacks, assurance, require),
        advice=_advice(standard, submission, check, outcomes, status, lacks, require),
        quote=check.quotes[submission.county.tier],
    )
    return result, outcomes


def _years(standard: Standard, submission: Submission, check: Check) -> tuple[int | None, ...]:
    if check.period is None:
        return (None,)
    period = standard.periods[check.period]
    return (submission.acceptance_year,) if period.chosen else period.years


def _undecided_applicability(
    standard: Standard, submission: Submission, check: Check
) -> Outcome | None:
    """Return the outcome of a check that does not apply, or of which nobody can say (R21)."""
    if check.only is None:
        return None
    county = submission.county
    if submission.contradicts_status:
        declared = say("yes" if submission.demonstration else "no")
        inferred = say("yes" if county.demonstration else "no")
        reason = say("contradicts", declared=declared, inferred=inferred)
        reading = standard.demonstration_reading
        return Outcome(REVIEW, None, None, reason, readings=(reading,) if reading else ())
    applies = county.demonstration == (check.only == "demonstration")
    return None if applies else Outcome(NOT_APPLICABLE)


def _judge_year(standard: Standard, check: Check, case: Case) -> Outcome:
    """Judge one year, or a check without years, by its constraint and by what the year is."""
    submission, year = case.submission, case.year
    if year is not None and year > submission.as_of.year:
        return Outcome(NOT_DUE)
    outcome = judge(check.constraint, case)
    if check.period is None or year is None or not outcome.is_shortfall:
        return outcome
    if submission.as_of < date(year, 12, 31):
        outcome = _noted(outcome, standard.running_reading, say("year_runs", year=year))
    return _in_short_year(outcome, standard.periods[check.period], year)


def _in_short_year(outcome: Outcome, period: Period, year: int) -> Outcome:
    if year not in period.short_years or outcome.status != FAIL:
        return outcome
    reason = say("short_year", reason=outcome.reason or "")
    return _noted(outcome, period.short_reading)._replace(status=REVIEW, reason=reason)


def _noted(outcome: Outcome, reading: str | None, *remarks: Words) -> Outcome:
    readings = (*outcome.readings, reading) if reading else outcome.readings
    return outcome._replace(readings=readings, remarks=(*outcome.remarks, *remarks))


def _distinct(values: Iterable[T]) -> tuple[T, ...]:
    found: list[T] = []
    for value in values:
        if value not in found:
            found.append(value)
    return tuple(found)


def _metrics(
    submission: Submission, check: Check, years: tuple[int | None, ...]
) -> tuple[str, ...]:
    """Return the metrics that `check` names, and the declared growth where one was used."""
    metrics = list(metrics_of(check.constraint))
    growth = growth_metric_of(check.constraint)
    declaration = submission.declarations.get(growth) if growth else None
    if growth and declaration and any(declaration.entry(year) for year in years):
        metrics.append(growth)
    return tuple(metrics)


def _position(submission: Submission, metrics: tuple[str, ...], by_status: bool) -> Position | None:
    if by_status and submission.contradicts_status:
        return submission.demonstration_position
    declared = [submission.declarations[key] for key in metrics if key in submission.declarations]
    return declared[0].position if declared else None


def _shown_by_year(
    standard: Standard,
    submission: Submission,
    check: Check,
    years: tuple[int | None, ...],
    *,
    as_declared: bool = True,
) -> Words | None:
    due = [year for year in years if year is None or year <= submission.as_of.year]
    values = {
        year: shown(check.constraint, Case(standard, submission, year, as_declared)) for year in due
    }
    return _by_year(values, len(years))


def _by_year(values: Mapping[int | None, Words | None], number_of_years: int) -> Words | None:
    """Put the values of several years together; a check of one year needs no label."""
    known = [(year, value) for year, value in values.items() if value is not None]
    if number_of_years == 1 or not known:
        return known[0][1] if known else None
    return tuple(say("by_year", year=str(year), value=value) for year, value in known)


def _verified_by_year(
    standard: Standard,
    submission: Submission,
    check: Check,
    years: tuple[int | None, ...],
    metrics: tuple[str, ...],
) -> Words | None:
    """Return the values in force where an expert's record replaces a declared one."""
    declared = [submission.declarations[key] for key in metrics if key in submission.declarations]
    if any(it.verification and it.verification.entries for it in declared):
        return _shown_by_year(standard, submission, check, years, as_declared=False)
    return None


def _reasons(
    outcomes: Mapping[int | None, Outcome],
    status: str,
    lacks_assurance: bool,
    assurance: str | None,
    require: str,
) -> tuple[Phrase, ...]:
    if lacks_assurance:
        return (say("below_assurance", has=say(assurance or DECLARED), needs=say(require)),)
    if status == PASS:
        return ()
    reasons = []
    for year, outcome in outcomes.items():
        if outcome.reason is not None and outcome.status != PASS:
            by_year = len(outcomes) > 1 and outcome.status != MISSING
            reason = say("in_year", year=str(year), reason=outcome.reason)
            reasons.append(reason if by_year else outcome.reason)
    return tuple(reasons)


def _advice(
    standard: Standard,
    submission: Submission,
    check: Check,
    outcomes: Mapping[int | None, Outcome],
    status: str,
    lacks_assurance: bool,
    require: str,
) -> Phrase | None:
    match status:
        case "pass" if lacks_assurance:
            return say("add_evidence" if require == EVIDENCED else "add_verification")
        case "fail":
            return say("mend_or_improve")
        case "missing":
            missing = [it for outcome in outcomes.values() for it in outcome.missing]
            return _declare(standard, missing)
        case "review" if check.only is not None and submission.contradicts_status:
            return say("settle_status")
        case "review":
            return say("decide")
    return None


def _declare(standard: Standard, missing: list[tuple[str, int | None]]) -> Phrase:
    """Say how to declare the first metric that lacks, in all the years in which it does."""
    metric = standard.metrics[missing[0][0]]
    years = tuple(sorted({year for key, year in missing if key == metric.key and year is not None}))
    section = Text("参考数据", "reference") if metric.reference else Text("指标", "metrics")
    line = Text(snippet(metric, "zh", years), snippet(metric, "en", years))
    return say("declare", section=section, snippet=line)
