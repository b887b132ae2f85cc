"""Judging one constraint on what a submission declares, for one year or for none."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple, assert_never

from etown_check.quantities import Quantity, difference
from etown_check.report import FAIL, MISSING, PASS, REVIEW
from etown_check.standard import (
    Above,
    AnyOf,
    AtLeast,
    AtLeastMetric,
    Between,
    Constraint,
    Equals,
    Exists,
    GrowthAtLeast,
    HoldsAll,
    IsYes,
    OneOf,
    Outgrows,
    Ruling,
    ShareAtLeast,
    Simple,
    Standard,
    Threshold,
    growth_of,
    metrics_of,
)
from etown_check.submission import ASSURANCES, Declaration, Document, Entry, Submission
from etown_check.words import Beside, Phrase, Words, say

_PERCENT = "%"
_POINTS = "个百分点"


class Case(NamedTuple):
    """What a constraint is judged on: a submission, read by its standard, in one year or none.

    `as_declared` looks past verified values, to show what was declared beside them.
    """

    standard: Standard
    submission: Submission
    year: int | None
    as_declared: bool = False

    def entry(self, metric: str) -> Entry | None:
        """Return the value of `metric` in the case's year."""
        return self.entry_in(metric, self.year)

    def entry_in(self, metric: str, year: int | None) -> Entry | None:
        declaration = self.submission.declaration(metric)
        if declaration is None:
            return None
        return declaration.entries.get(year) if self.as_declared else declaration.entry(year)

    def amount(self, metric: str) -> Quantity:
        """Return the declared quantity of `metric`, which must not be missing."""
        entry = self.entry(metric)
        assert entry is not None
        return entry.quantity

    def of(self, threshold: Threshold) -> Quantity:
        """Return `threshold` for the county's tier."""
        return threshold.of(self.submission.county.tier)


class Comparison(NamedTuple):
    """A number that was held against a threshold, for the doubts that such numbers raise."""

    metric: str
    value: Quantity
    threshold: Quantity


class Outcome(NamedTuple):
    """The result of one constraint in one year.

    `missing` lists what is undeclared; `is_shortfall` tells a value that falls short from one
    that was found untrue. `assurance` is that of the weakest declaration used.
    """

    status: str
    declared: Words | None = None
    gap: Words | None = None
    reason: Phrase | None = None
    missing: tuple[tuple[str, int | None], ...] = ()
    is_shortfall: bool = False
    readings: tuple[str, ...] = ()
    remarks: tuple[Words, ...] = ()
    compared: tuple[Comparison, ...] = ()
    assurance: str | None = None


def judge(constraint: Constraint, case: Case) -> Outcome:
    """Judge `constraint` on `case`.

    What it needs and is undeclared makes it missing before any other test; what an expert found
    untrue fails it.
    """
    if isinstance(constraint, AnyOf):
        return _judge_any(constraint, case)
    declared = shown(constraint, case)
    missing = tuple(_undeclared(constraint, case))
    if missing:
        names = tuple(_named(case, metric, year) for metric, year in missing)
        reason = say("is_undeclared", names=names)
        return Outcome(MISSING, declared, None, reason, missing)
    used = _declarations(constraint, case)
    assurance = weakest(used)
    # A declared growth stands in for the values, but not where these were found untrue.
    own = case.submission.declarations.get(constraint.metric)
    rejected = [it for it in (*used, own) if it is not None and it.is_rejected]
    if rejected:
        reason = say("rejected", name=case.standard.metrics[rejected[0].metric].name)
        return Outcome(FAIL, declared, None, reason, assurance=assurance)
    outcome = _judge_declared(constraint, case, declared or "")
    return outcome._replace(declared=declared, assurance=assurance)


def weakest(declarations: list[Declaration]) -> str | None:
    """Return the weakest assurance among `declarations`; `None` for none."""
    ranks = [ASSURANCES.index(declaration.assurance) for declaration in declarations]
    return ASSURANCES[min(ranks)] if ranks else None


def _needs(constraint: Simple, case: Case) -> list[tuple[str, int | None]]:
    """Return which metrics `constraint` needs, of which year."""
    needs: list[tuple[str, int | None]] = [(it, case.year) for it in metrics_of(constraint)]
    growth = growth_of(constraint)
    if growth is None or case.year is None:
        return needs
    if case.entry(growth) is not None:
        return [(growth, case.year), *needs[1:]]
    return [(constraint.metric, case.year - 1), *needs]


def _undeclared(constraint: Simple, case: Case) -> Iterator[tuple[str, int | None]]:
    for metric, year in _needs(constraint, case):
        if case.entry_in(metric, year) is None:
            yield metric, year


def _declarations(constraint: Simple, case: Case) -> list[Declaration]:
    """Return the county's declarations that `constraint` rests on; reference data are not its own."""
    keys = dict.fromkeys(metric for metric, _ in _needs(constraint, case))
    declarations = case.submission.declarations
    return [declarations[key] for key in keys if key in declarations]


def _judge_declared(constraint: Simple, case: Case, declared: Words) -> Outcome:
    """Judge what is there. `declared` is how it is shown, for the reasons."""
    match constraint:
        case Exists(metric=metric):
            document = _entry(case, metric).value
            assert isinstance(document, Document)
            return _met(document.exists, say("says_none"))
        case IsYes(metric=metric):
            return _met(_entry(case, metric).value is True, say("says_no"))
        case OneOf(metric=metric, accepted=accepted):
            value = _entry(case, metric).value
            assert isinstance(value, str)
            return _met(value in accepted, say("not_among", declared=value, accepted=accepted))
        case HoldsAll(metric=metric, members=members, shortfall=shortfall):
            held = _entry(case, metric).value
            assert isinstance(held, tuple)
            lacking = tuple(name for name in members if name not in held)
            outcome = _met(not lacking, say("lacks", names=lacking))
            return _softened(outcome, shortfall)
        case AtLeast(metric=metric, threshold=threshold, shortfall=shortfall):
            bound = case.of(threshold)
            return _softened(
                _compare(constraint, case, declared, case.amount(metric), bound), shortfall
            )
        case Between(metric=metric, low=low, high=high):
            value = case.amount(metric)
            if value.amount > case.of(high).amount:
                return _too_much(constraint, case, declared, value, case.of(high))
            outcome = _compare(constraint, case, declared, value, case.of(low))
            return outcome._replace(
                compared=(*outcome.compared, Comparison(metric, value, case.of(high)))
            )
        case Equals(metric=metric, value=threshold):
            value, bound = case.amount(metric), case.of(threshold)
            if value.amount > bound.amount:
                return _too_much(constraint, case, declared, value, bound)._replace(compared=())
            return _compare(constraint, case, declared, value, bound)._replace(compared=())
        case Above(metric=metric, threshold=threshold):
            passes = case.amount(metric).amount > case.of(threshold).amount
            return _met(passes, _not_met(constraint, case, declared))
        case AtLeastMetric(metric=metric, other=other):
            outcome = _compare(constraint, case, declared, case.amount(metric), case.amount(other))
            return outcome._replace(compared=())
        case GrowthAtLeast(threshold=threshold):
            growth = _growth(constraint, case)
            if growth is None:
                return _open(say("zero_base"))
            return _compare(
                constraint, case, declared, Quantity(growth, _PERCENT), case.of(threshold)
            )
        case Outgrows():
            return _judge_outgrows(constraint, case, declared)
        case ShareAtLeast(metric=metric, whole=whole, threshold=threshold):
            total = case.amount(whole).amount
            if total == 0:
                return _open(say("zero_of_zero"))
            share = Quantity(case.amount(metric).amount / total, _PERCENT)
            return _compare(constraint, case, declared, share, case.of(threshold))
        case _:
            assert_never(constraint)


def _judge_outgrows(constraint: Outgrows, case: Case, declared: Words) -> Outcome:
    ahead = _ahead(constraint, case)
    if ahead is None:
        return _open(say("zero_base"))
    margin = case.of(constraint.margin)
    outcome = _compare(constraint, case, declared, Quantity(ahead, _POINTS), margin)
    if ahead != margin.amount:
        return outcome
    ruling = constraint.exactly
    reason = say("exactly_on", margin=margin)
    readings = cited(ruling.reading)
    return outcome._replace(status=ruling.status, reason=reason, readings=readings)


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
    )


def cited(reading: str | None) -> tuple[str, ...]:
    """Return a reading as the readings of an outcome."""
    return (reading,) if reading is not None else ()


def _chained(key: str, parts: Iterable[Phrase]) -> Phrase | None:
    """Put phrases together, each to those before it, by a phrase of two; `None` for none."""
    chain: Phrase | None = None
    for part in parts:
        chain = part if chain is None else say(key, first=chain, second=part)
    return chain


def any_of(statuses: list[str]) -> str:
    """Roll alternatives up: the first that occurs of pass, review, missing, fail."""
    return next(status for status in (PASS, REVIEW, MISSING, FAIL) if status in statuses)


def _compare(
    constraint: Simple, case: Case, declared: Words, value: Quantity, bound: Quantity
) -> Outcome:
    """Pass `value` if it is at least `bound`, else fail it with its gap."""
    compared = (Comparison(constraint.metric, value, bound),)
    if value.amount >= bound.amount:
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


def _met(passes: bool, reason: Phrase) -> Outcome:
    if passes:
        return Outcome(PASS)
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
        case AnyOf(of=of):
            return _shown_any(of, case)
        case GrowthAtLeast(threshold=threshold):
            if any(_undeclared(constraint, case)):
                return None
            growth = _growth(constraint, case)
            return (
                None if growth is None else Beside(Quantity(growth, _PERCENT), case.of(threshold))
            )
        case Outgrows():
            return _shown_outgrows(constraint, case)
        case ShareAtLeast(metric=metric, whole=whole, threshold=threshold):
            if any(_undeclared(constraint, case)) or case.amount(whole).amount == 0:
                return None
            part, total = case.amount(metric), case.amount(whole)
            share = Beside(Quantity(part.amount / total.amount, _PERCENT), case.of(threshold))
            return say("share", share=share, part=part, whole=total)
        case AtLeast(metric=metric, threshold=threshold):
            return shown_entry(case.entry(metric), case.of(threshold))
        case Between(metric=metric, low=low):
            return shown_entry(case.entry(metric), case.of(low))
        case _:
            return shown_entry(case.entry(constraint.metric))


def _shown_any(of: tuple[Simple, ...], case: Case) -> Words | None:
    declared = ((one, shown(one, case)) for one in of)
    names = case.standard.metrics
    return _chained(
        "either",
        (
            say("labelled", name=names[one.metric].name, value=value)
            for one, value in declared
            if value is not None
        ),
    )


def _shown_outgrows(constraint: Outgrows, case: Case) -> Words | None:
    if any(_undeclared(constraint, case)):
        return None
    growth, ahead = _growth(constraint, case), _ahead(constraint, case)
    if growth is None or ahead is None:
        return None
    return say(
        "outgrew",
        difference=Beside(Quantity(ahead, _POINTS), case.of(constraint.margin)),
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
    return requirement(constraint, case.standard, case.submission.county.tier)


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
        case AnyOf(of=of):
            words = _chained("or", (_required_named(one, standard, tier) for one in of))
            assert words is not None  # the models ask for two alternatives
            return words
        case _:
            assert_never(constraint)


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
