"""Judging a submission by a standard: pure, without files, clock or printing.

"Today" is the submission's own date. Statuses roll up from years to checks (`judging`), from
checks to items and from binding items to the verdict.
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from etown_check.recalling import JUDGES, JudgedItem, Session
from etown_check.report import (
    COMPLIANT,
    FAIL,
    INCOMPLETE,
    LEVELS,
    MISSING,
    NON_COMPLIANT,
    REVIEW,
    STATUSES,
    UNASSURED,
    ItemResult,
    LedgerTable,
    Report,
)
from etown_check.standard import BINDING, SpentWithin, Standard
from etown_check.submission import DECLARED, Amounts, Submission


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

    `parts` are the parts to judge (if not given `parts_of`), `only` the ids of items or checks
    and `level` the level to which the report is narrowed; the verdict covers what is judged.
    `require` is the least assurance with which a binding item may pass.
    """
    judge = JUDGES.of(standard)
    asked = parts_of(standard, submission) if parts is None else parts
    # What is named by its id is judged, whatever parts there are to judge unasked.
    within = standard.parts if parts is None and only is not None else asked
    scope = judge.scope(tuple(within), only, level)
    judged, doubts = Session(judge, submission, require).judged(scope)
    items = tuple([it.result for it in judged])
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
        parts=scope.parts,
        verdict=verdict(items),
        counts=_counts(items),
        items=items,
        doubts=tuple(doubts),
        left_out=scope.left_out,
        ledger=_ledger_table(standard, submission, judged),
    )


def parts_of(standard: Standard, submission: Submission) -> tuple[str, ...]:
    """Return the parts to judge unasked: the default ones, and those that it declares some of.

    What several parts ask for belongs to the first, so that it declares nothing of the others.
    """
    declared = set(map(standard.owners.get, submission.declarations))
    return tuple(part.id for part in standard.parts.values() if part.default or part.id in declared)


def _ledger_table(
    standard: Standard, submission: Submission, judged: Iterable[JudgedItem]
) -> LedgerTable | None:
    """Return what the ledger comes to, where a check that was judged asks for it."""
    form = standard.ledger
    ledger = submission.ledger(form.metric) if form else None
    if form is None or ledger is None:
        return None
    asking = [
        check.check.constraint
        for item in judged
        for check in item.checks
        if form.metric in check.judgement.metrics
    ]
    if not asking:
        return None
    received: dict[str, Fraction] = {}
    for key in [it.metric for it in asking if isinstance(it, SpentWithin)]:
        declaration = submission.declarations.get(key)
        entry = declaration.entry(None) if declaration else None
        if entry is not None and isinstance(entry.value, Amounts):
            received = {source: quantity.amount for source, quantity in entry.value.by}
    return LedgerTable(
        ledger.path,
        ledger.sha256,
        ledger.rows,
        tuple(source.name for source in form.sources),
        form.categories,
        ledger.sums,
        received,
    )


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
