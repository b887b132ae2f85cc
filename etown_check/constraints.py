"""Judging one constraint on what a submission declares, for one year or for none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from etown_check import spending
from etown_check.ledger import Ledger
from etown_check.memory import Known, Once
from etown_check.months import listed, month_of, months_before
from etown_check.outcomes import Case, Comparison, Outcome, cited, unexpected
from etown_check.quantities import Quantity, difference, is_below
from etown_check.report import FAIL, MISSING, NOT_DUE, PASS, REVIEW
from etown_check.standard import (
    Above,
    AllDeclared,
    AnyOf,
    AtLeast,
    AtLeastMetric,
    Between,
    Constraint,
    Equals,
    EveryMonth,
    Exists,
    GrowthAtLeast,
    HoldsAll,
    HoldsAny,
    IsComplete,
    IsYes,
    OneOf,
    OnOrBefore,
    Outgrows,
    RowsBear,
    Ruling,
    ShareAtLeast,
    Simple,
    SpendsNothingOn,
    SpentWithin,
    Standard,
    growth_of,
    metrics_of,
)
from etown_check.submission import (
    ASSURANCES,
    Amounts,
    Contact,
    Document,
    Entry,
    weakest,
)
from etown_check.words import Beside, Phrase, Words, say

_PASSED = Outcome(PASS)
_PERCENT = "%"
_POINTS = "个百分点"


def judge(constraint: Constraint, case: Case) -> Outcome:
    """Judge `constraint` on `case`.

    What it needs and is undeclared makes it missing before any other test, once it is due; what
    an expert found untrue fails it.
    """
    if isinstance(constraint, AnyOf):
        return _judge_any(constraint, case)
    if not _is_due(constraint, case):
        return Outcome(NOT_DUE)
    declared = shown(constraint, case)
    needs = _needs(constraint, case)
    missing = tuple([it for it in needs if case.entry_in(*it) is None])
    if missing:
        names = tuple([_named(case, metric, year) for metric, year in missing])
        return Outcome(MISSING, declared, None, say("is_undeclared", names=names), missing)
    # Reference data are not the county's own.
    own = case.submission.declarations
    used = dict.fromkeys([metric for metric, _ in needs if metric in own])
    assurance = weakest([own[metric].assurance for metric in used])
    # A declared growth stands in for the values, but not where these were found untrue.
    for metric in (*used, constraint.metric):
        if metric in own and own[metric].is_rejected:
            reason = say("rejected", name=case.standard.metrics[metric].name)
            return Outcome(FAIL, declared, None, reason, assurance=assurance)
    outcome = _judge_declared(constraint, case, declared or "")
    if outcome is _PASSED:  # as with most, and quicker
        return Outcome(PASS, declared, assurance=assurance)
    return outcome._replace(declared=declared, assurance=assurance)


def _is_due(constraint: Simple, case: Case) -> bool:
    """Tell whether anything can be asked yet at the date of the data."""
    match constraint:
        case OnOrBefore(metric=metric, deadline=deadline, pending=True):
            return case.submission.as_of > deadline or case.entry(metric) is not None
        case EveryMonth(first=first):
            return bool(months_before(first, month_of(case.submission.as_of)))
    return True


def _needs(constraint: Simple, case: Case) -> list[tuple[str, int | None]]:
    """Return which metrics `constraint` needs, of which year."""
    year = case.year
    needs = [(metric, year) for metric in metrics_of(constraint)]
    growth = growth_of(constraint)
    if growth is None or year is None:
        return needs
    if case.entry(growth) is not None:
        return [(growth, year), *needs[1:]]
    return [(constraint.metric, year - 1), *needs]


def _is_lacking(constraint: Simple, case: Case) -> bool:
    """Tell whether anything is undeclared that `constraint` needs."""
    return any(case.entry_in(*it) is None for it in _needs(constraint, case))


def _judge_declared(constraint: Simple, case: Case, declared: Words) -> Outcome:
    """Judge what is there. `declared` is how it is shown, for the reasons."""
    match constraint:
        case AtLeast(metric=metric, threshold=threshold, shortfall=shortfall):
            amount, bound = case.amount(metric), case.bound(threshold)
            return _softened(_compare(constraint, case, declared, amount, bound), shortfall)
        case Exists(metric=metric):
            document = _entry(case, metric).value
            assert isinstance(document, Document)
            return _PASSED if document.exists else _fallen_short(say("says_none"))
        case IsYes(metric=metric):
            is_yes = _entry(case, metric).value is True
            return _PASSED if is_yes else _fallen_short(say("says_no"))
        case OneOf(metric=metric, accepted=accepted):
            value = _entry(case, metric).value
            assert isinstance(value, str)
            if value in accepted:
                return _PASSED
            return _fallen_short(say("not_among", declared=value, accepted=accepted))
        case HoldsAll(metric=metric, members=members, shortfall=shortfall):
            held = _entry(case, metric).words
            lacking = tuple(name for name in members if name not in held)
            if not lacking:
                return _PASSED
            return _softened(_fallen_short(say("lacks", names=lacking)), shortfall)
        case HoldsAny(metric=metric, members=members):
            is_held = any(name in _entry(case, metric).words for name in members)
            return _PASSED if is_held else _fallen_short(say("lacks_any", names=members))
        case OnOrBefore(metric=metric, deadline=deadline):
            return _judge_date(_entry(case, metric).value, deadline)
        case EveryMonth():
            return _judge_months(constraint, case)
        case AllDeclared():
            return _PASSED
        case IsComplete(metric=metric):
            return _judge_contact(metric, _entry(case, metric).value)
        case SpendsNothingOn():
            ledger_of = _ledger(case, constraint.metric)
            return spending.judge_forbidden(constraint, case.standard, ledger_of)
        case SpentWithin(metric=metric, ledger=ledger):
            received = _entry(case, metric).value
            assert isinstance(received, Amounts)
            return spending.judge_received(metric, received, _ledger(case, ledger))
        case RowsBear(metric=metric):
            return spending.judge_sources(_ledger(case, metric))
        case Between(metric=metric, low=low, high=high):
            value = case.amount(metric)
            if value.amount > case.bound(high).amount:
                return _too_much(constraint, case, declared, value, case.bound(high))
            outcome = _compare(constraint, case, declared, value, case.bound(low))
            return outcome._replace(
                compared=(*outcome.compared, Comparison(metric, value, case.bound(high)))
            )
        case Equals(metric=metric, value=threshold):
            value, bound = case.amount(metric), case.bound(threshold)
            if value.amount > bound.amount:
                return _too_much(constraint, case, declared, value, bound)._replace(compared=())
            return _compare(constraint, case, declared, value, bound)._replace(compared=())
        case Above(metric=metric, threshold=threshold):
            if case.amount(metric).amount > case.bound(threshold).amount:
                return _PASSED
            return _fallen_short(_not_met(constraint, case, declared))
        case AtLeastMetric(metric=metric, other=other):
            outcome = _compare(constraint, case, declared, case.amount(metric), case.amount(other))
            return outcome._replace(compared=())
        case GrowthAtLeast(threshold=threshold):
            growth = _growth(constraint, case)
            if growth is None:
                return _open(say("zero_base"))
            return _compare(
                constraint, case, declared, Quantity(growth, _PERCENT), case.bound(threshold)
            )
        case Outgrows():
            return _judge_outgrows(constraint, case, declared)
        case ShareAtLeast(metric=metric, whole=whole, threshold=threshold):
            total = case.amount(whole).amount
            if total == 0:
                return _open(say("zero_of_zero"))
            share = Quantity(case.amount(metric).amount / total, _PERCENT)
            return _compare(constraint, case, declared, share, case.bound(threshold))
        case _:
            raise unexpected(constraint)


def _judge_outgrows(constraint: Outgrows, case: Case, declared: Words) -> Outcome:
    ahead = _ahead(constraint, case)
    if ahead is None:
        return _open(say("zero_base"))
    margin = case.bound(constraint.margin)
    outcome = _compare(constraint, case, declared, Quantity(ahead, _POINTS), margin)
    if ahead != margin.amount:
        return outcome
    ruling = constraint.exactly
    reason = say("exactly_on", margin=margin)
    readings = cited(ruling.reading)
    return outcome._replace(status=ruling.status, reason=reason, readings=readings)


def _judge_date(day: object, deadline: date) -> Outcome:
    assert isinstance(day, date)
    if day <= deadline:
        return _PASSED
    late = say("days", number=(day - deadline).days)
    reason = say("too_late", declared=day, deadline=deadline, gap=late)
    return Outcome(FAIL, gap=late, reason=reason, is_shortfall=True)


def _judge_months(constraint: EveryMonth, case: Case) -> Outcome:
    """Tell the months that lack: gaps between those reported, and those since the last of them."""
    reported = _entry(case, constraint.metric).words
    due = months_before(constraint.first, month_of(case.submission.as_of))
    lacking = [month for month in due if month not in reported]
    last = max(reported, default="")
    gaps = [month for month in lacking if month < last]
    late = [month for month in lacking if month > last]
    if not lacking:
        return _PASSED
    reasons = [say("months_lacking", months=listed(gaps))] if gaps else []
    reasons += [say("months_late", months=listed(late))] if late else []
    gap = say("months", number=len(lacking))
    reason = _chained("alternatives", reasons)
    return Outcome(FAIL, gap=gap, reason=reason, is_shortfall=True)


def _judge_contact(metric: str, contact: object) -> Outcome:
    """Fail a contact that is said to be none; one of which a part is not said is missing."""
    assert isinstance(contact, Contact)
    if contact.is_denied:
        return _fallen_short(say("says_none"))
    parts = {"contact_name": contact.name, "contact_phone": contact.phone}
    lacking = tuple(say(key) for key, text in parts.items() if not text)
    if not lacking:
        return _PASSED
    return Outcome(MISSING, reason=say("is_undeclared", names=lacking), missing=((metric, None),))


def _ledger(case: Case, metric: str) -> Ledger:
    ledger = _entry(case, metric).value
    assert isinstance(ledger, Ledger)
    return ledger


def _judge_any(constraint: AnyOf, case: Case) -> Outcome:
    """Judge alternatives: the first that occurs of pass, review, missing, fail decides."""
    outcomes = [(one, judge(one, case)) for one in constraint.of]
    status = any_of([outcome.status for _, outcome in outcomes])
    deciding = [outcome for _, outcome in outcomes if outcome.status == status]
    reasons = tuple(
        say("alternative", name=case.standard.metrics[one.metric].name, reason=outcome.reason)
        for one, outcome in outcomes
        if outcome.reason is not None
    )
    notes_failure = status == PASS and any(outcome.status == FAIL for _, outcome in outcomes)
    assurances = [outcome.assurance for outcome in deciding if outcome.assurance]
    return Outcome(
        status,
        shown(constraint, case),
        deciding[0].gap if len(deciding) == 1 else None,
        _chained("alternatives", reasons) if status != PASS else None,
        deciding[0].missing if status == MISSING else (),
        status == FAIL and all(outcome.is_shortfall for outcome in deciding),
        cited(constraint.one_fails) if notes_failure else (),
        reasons if notes_failure else (),
        tuple(comparison for _, outcome in outcomes for comparison in outcome.compared),
        max(assurances, key=ASSURANCES.index) if assurances else None,
        tuple(dict.fromkeys(row for outcome in deciding for row in outcome.rows)),
    )


def _chained(key: str, parts: Iterable[Phrase]) -> Phrase | None:
    """Put phrases together, each to those before it, by a phrase of two; `None` for none."""
    chain: Phrase | None = None
    for part in parts:
        chain = part if chain is None else say(key, first=chain, second=part)
    return chain


def any_of(statuses: list[str]) -> str:
    """Roll alternatives up: the first that occurs of pass, review, missing, fail.

    Where nothing else is left, none of them is due.
    """
    return next(status for status in (PASS, REVIEW, MISSING, FAIL, NOT_DUE) if status in statuses)


def _compare(
    constraint: Simple, case: Case, declared: Words, value: Quantity, bound: Quantity
) -> Outcome:
    """Pass `value` if it is at least `bound`, else fail it with its gap."""
    compared = (Comparison(constraint.metric, value, bound),)
    if not is_below(value.amount, bound.amount):
        return Outcome(PASS, compared=compared)
    gap = difference(value, bound)
    reason = say("falls_short", declared=declared, required=required(constraint, case), gap=gap)
    return Outcome(FAIL, None, gap, reason, is_shortfall=True, compared=compared)


def _too_much(
    constraint: Simple, case: Case, declared: Words, value: Quantity, bound: Quantity
) -> Outcome:
    gap = difference(value, bound)
    reason = say("exceeds", declared=declared, required=required(constraint, case), gap=gap)
    compared = (Comparison(constraint.metric, value, bound),)
    return Outcome(FAIL, None, gap, reason, is_shortfall=True, compared=compared)


def _fallen_short(reason: Phrase) -> Outcome:
    return Outcome(FAIL, reason=reason, is_shortfall=True)


def _not_met(constraint: Simple, case: Case, declared: Words) -> Phrase:
    return say("not_met", declared=declared, required=required(constraint, case))


def _open(reason: Phrase) -> Outcome:
    return Outcome(REVIEW, reason=reason)


def _softened(outcome: Outcome, shortfall: Ruling | None) -> Outcome:
    """Apply the plan's softening words to an outcome that falls short."""
    if shortfall is None or outcome.status != FAIL:
        return outcome
    reason = say("softened", reason=outcome.reason or "", because=shortfall.because or "")
    readings = cited(shortfall.reading)
    return outcome._replace(status=shortfall.status, reason=reason, readings=readings)


def growth_between(before: Quantity, after: Quantity) -> Fraction | None:
    """Return (after − before) ÷ before, `None` where `before` is zero."""
    if before.amount == 0:
        return None
    return (after.amount - before.amount) / before.amount


def _growth(constraint: GrowthAtLeast | Outgrows, case: Case) -> Fraction | None:
    """Return the growth in the case's year: the declared one, else that of the two years."""
    declared = case.entry(constraint.growth)
    if declared is not None:
        return declared.amount
    assert case.year is not None
    before = case.entry_in(constraint.metric, case.year - 1)
    assert before is not None
    return growth_between(before.quantity, case.amount(constraint.metric))


def _ahead(constraint: Outgrows, case: Case) -> Fraction | None:
    growth = _growth(constraint, case)
    return None if growth is None else growth - case.amount(constraint.reference).amount


def shown(constraint: Constraint, case: Case) -> Words | None:
    """Return what is declared of the value that `constraint` is about; `None` for nothing."""
    match constraint:
        case AtLeast(metric=metric, threshold=threshold):
            return shown_entry(case.entry(metric), case.bound(threshold))
        case Exists() | IsYes() | HoldsAll():
            return shown_entry(case.entry(constraint.metric))
        case AnyOf(of=of):
            return _shown_any(of, case)
        case GrowthAtLeast(threshold=threshold):
            if _is_lacking(constraint, case):
                return None
            growth = _growth(constraint, case)
            return (
                None
                if growth is None
                else Beside(Quantity(growth, _PERCENT), case.bound(threshold))
            )
        case Outgrows():
            return _shown_outgrows(constraint, case)
        case ShareAtLeast(metric=metric, whole=whole, threshold=threshold):
            if _is_lacking(constraint, case) or case.amount(whole).amount == 0:
                return None
            part, total = case.amount(metric), case.amount(whole)
            share = Beside(Quantity(part.amount / total.amount, _PERCENT), case.bound(threshold))
            return say("share", share=share, part=part, whole=total)
        case Between(metric=metric, low=low):
            return shown_entry(case.entry(metric), case.bound(low))
        case AllDeclared(metrics=metrics):
            return _shown_together(metrics, case)
        case EveryMonth(metric=metric):
            reported = case.entry(metric)
            return reported and (listed(reported.words) or say("none_named"))
        case SpendsNothingOn() | RowsBear():
            entry = case.entry(constraint.metric)
            if entry is None:
                return None
            return spending.shown_rows(constraint, _ledger(case, constraint.metric))
        case SpentWithin(metric=metric, ledger=ledger):
            received = case.entry(metric)
            if received is None or case.entry(ledger) is None:
                return None
            assert isinstance(received.value, Amounts)
            return spending.shown_received(received.value, _ledger(case, ledger))
        case _:
            return shown_entry(case.entry(constraint.metric))


def _shown_any(of: tuple[Simple, ...], case: Case) -> Words | None:
    return _labelled(((one.metric, shown(one, case)) for one in of), case)


def _shown_together(metrics: tuple[str, ...], case: Case) -> Words | None:
    return _labelled(((metric, shown_entry(case.entry(metric))) for metric in metrics), case)


def _labelled(values: Iterable[tuple[str, Words | None]], case: Case) -> Words | None:
    """Put the values of several metrics together, each behind the metric's name."""
    names = case.standard.metrics
    return _chained(
        "either",
        (
            say("labelled", name=names[metric].name, value=value)
            for metric, value in values
            if value is not None
        ),
    )


def _shown_outgrows(constraint: Outgrows, case: Case) -> Words | None:
    if _is_lacking(constraint, case):
        return None
    growth, ahead = _growth(constraint, case), _ahead(constraint, case)
    if growth is None or ahead is None:
        return None
    return say(
        "outgrew",
        difference=Beside(Quantity(ahead, _POINTS), case.bound(constraint.margin)),
        growth=Quantity(growth, _PERCENT),
        reference=case.amount(constraint.reference),
    )


def shown_entry(entry: Entry | None, bound: Quantity | None = None) -> Words | None:
    """Return how a value is shown, beside `bound` where it is held against one."""
    if entry is None:
        return None
    match entry.value:
        case Quantity() as quantity:
            return Beside(quantity, bound) if bound else quantity
        case bool() as answer:
            return say("yes" if answer else "no")
        case Document(exists=exists, title=title, number=number):
            name = " ".join(part for part in (title, number if number != title else "") if part)
            return name if exists and name else say("there" if exists else "not_there")
        case Contact(name=name, phone=phone, is_denied=is_denied):
            return say("not_there") if is_denied else " ".join(it for it in (name, phone) if it)
        case Ledger() as ledger:
            return say("ledger", path=ledger.name, number=ledger.rows)
        case Amounts(by=by):
            return tuple(say("labelled", name=word, value=amount) for word, amount in by)
        case date() as day:
            return day
        case tuple() as names:
            return names or say("none_named")
        case str() as word:
            return word


def required(constraint: Constraint, case: Case) -> Words:
    """Return what `constraint` requires of the case's county."""
    if isinstance(constraint, AtLeastMetric):
        entry = case.entry(constraint.other)
        if entry is not None:
            name = case.standard.metrics[constraint.other].name
            return say("at_least_metric_of", other=name, value=entry.quantity)
    known = _REQUIREMENTS.of(case.standard)[case.tier]
    found = known.recall(constraint)
    if found is None:
        found = requirement(constraint, case.standard, case.tier)
        known.remember(constraint, found)
    return found


MOST_REMEMBERED = 1_000
"""Requirements that are remembered: more than a standard has."""

_REQUIREMENTS: Once[Standard, Mapping[str, Known[Constraint, Words]]] = Once(
    lambda standard: {tier: Known(MOST_REMEMBERED) for tier in standard.tiers}
)
"""What constraints require of each tier. The same words are given each time."""


def requirement(constraint: Constraint, standard: Standard, tier: str) -> Words:
    """Return what `constraint` requires of a county of `tier`."""
    match constraint:
        case Exists():
            return say("must_exist")
        case IsYes():
            return say("must_be_yes")
        case AtLeast(threshold=threshold):
            return say("at_least", threshold=threshold.of(tier))
        case Above(threshold=threshold):
            return say("above", threshold=threshold.of(tier))
        case Equals(value=threshold):
            return say("equals", threshold=threshold.of(tier))
        case Between(low=low, high=high):
            return say("between", low=low.of(tier), high=high.of(tier))
        case HoldsAll(members=members):
            return say("holds_all", number=len(members))
        case OneOf(accepted=accepted):
            return say("one_of", accepted=accepted)
        case AtLeastMetric(other=other):
            return say("at_least_metric", other=standard.metrics[other].name)
        case GrowthAtLeast(threshold=threshold):
            return say("growth_at_least", threshold=threshold.of(tier))
        case Outgrows(margin=margin):
            return say("outgrows", margin=margin.of(tier))
        case ShareAtLeast(threshold=threshold):
            return say("share_at_least", threshold=threshold.of(tier))
        case HoldsAny(members=members):
            return say("holds_any", number=len(members))
        case OnOrBefore(deadline=deadline):
            return say("on_or_before", deadline=deadline)
        case EveryMonth(first=first):
            return say("every_month", first=first)
        case AllDeclared(metrics=metrics):
            return say("all_declared", names=tuple(standard.metrics[it].name for it in metrics))
        case IsComplete():
            return say("is_complete")
        case SpendsNothingOn(sources=sources):
            return say("spends_nothing", sources=spending.source_names(standard, sources))
        case SpentWithin():
            return say("spent_within")
        case RowsBear():
            return say("rows_bear")
        case AnyOf(of=of):
            words = _chained("or", (_required_named(one, standard, tier) for one in of))
            assert words is not None  # the models ask for two alternatives
            return words
        case _:
            raise unexpected(constraint)


def _required_named(constraint: Simple, standard: Standard, tier: str) -> Phrase:
    name = standard.metrics[constraint.metric].name
    return say("labelled", name=name, value=requirement(constraint, standard, tier))


def _named(case: Case, metric: str, year: int | None) -> Words:
    name = case.standard.metrics[metric].name
    return name if year is None else say("labelled", name=name, value=year)


def _entry(case: Case, metric: str) -> Entry:
    entry = case.entry(metric)
    assert entry is not None  # what is undeclared was told as missing
    return entry
