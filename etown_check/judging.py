"""Judging one check: its constraint in each of its years, put together into one judgement.

A judgement owes all to what the check looks at, and nothing to the file that says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from etown_check.constraints import judge, required, shown
from etown_check.doubts import is_odd
from etown_check.endings import is_workbook
from etown_check.howto import example_value, snippet
from etown_check.ledger import LedgerRow
from etown_check.outcomes import Case, Compared, Outcome, cited
from etown_check.problems import Position
from etown_check.records import Record
from etown_check.report import (
    FAIL,
    MISSING,
    NOT_APPLICABLE,
    NOT_DUE,
    PASS,
    REVIEW,
    Judgement,
    all_of,
)
from etown_check.standard import (
    Check,
    Period,
    growth_of,
    metrics_of,
)
from etown_check.submission import (
    ASSURANCES,
    DECLARED,
    EVIDENCED,
    Submission,
    weakest,
)
from etown_check.words import Phrase, Text, Words, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")


_SILENT = (NOT_DUE, NOT_APPLICABLE)
_NO_YEARS = (None,)
_NO_STATUSES: Mapping[int, str] = {}


class Judged(Record):
    """A check that was judged: its judgement, and what it compared that is odd.

    `place` is the metric at whose declaration it stands, "" for what the file says of the
    county's status, and `None` for a check that stands nowhere in the file.
    """

    check: Check
    judgement: Judgement
    odd: tuple[Compared, ...]
    place: str | None

    def position(self, submission: Submission) -> Position | None:
        """Return where the check stands in a submission that it was judged on."""
        if self.place is None:
            return None
        if not self.place:
            return submission.demonstration_position
        return submission.declarations[self.place].position


class JudgedCheck:
    """A check judged on a case: on a submission, in the check's own years.

    `outcomes` are by year, or under `None` for a check without years; `telling` are those that say
    something: of years that are due, where the check applies. `status` is that over all years,
    `assurance` how far the weakest of the declarations that were used is backed, and the check
    `lacks_assurance` where it passes on less than is required. `metrics` are those that it names,
    and the declared growth where one was used.
    """

    __slots__ = (
        "_declarations",
        "_is_revalued",
        "assurance",
        "case",
        "check",
        "lacks_assurance",
        "metrics",
        "outcomes",
        "require",
        "standard",
        "status",
        "submission",
        "telling",
        "years",
    )

    def __init__(self, case: Case, check: Check, require: str) -> None:
        self.case = case
        self.standard = case.standard
        self.submission = case.submission
        self.check = check
        self.require = require
        self.years = self._years()
        self.outcomes = {year: self._judge_year(year) for year in self.years}
        self.telling, self.status, self.assurance = self._together()
        self.lacks_assurance = self._lacks_assurance()
        self.metrics = self._metrics()
        declared = self.submission.declarations
        self._declarations = [declared[key] for key in self.metrics if key in declared]
        # An expert's record replaces a declared value.
        records = [it.verification for it in self._declarations if it.verification is not None]
        self._is_revalued = any(it.entries for it in records)

    def judged(self) -> Judged:
        """Return what owes nothing to the submission that it was found in."""
        return Judged(self.check, self._judgement(), self._odd(), self._place())

    def _judgement(self) -> Judgement:
        check, telling = self.check, self.telling
        readings = check.readings
        remarks: tuple[Words, ...] = ()
        rows: tuple[LedgerRow, ...] = ()
        for it in telling.values():
            if it.readings:
                readings = _distinct([*readings, *it.readings])
            if it.remarks:
                remarks = _distinct([*remarks, *it.remarks])
            if it.rows:
                rows = tuple(dict.fromkeys([*rows, *it.rows]))
        in_force = self._by_year([(year, it.declared) for year, it in telling.items()])
        gap = self._by_year([(year, it.gap) for year, it in telling.items()])
        is_passed = self.status == PASS and not self.lacks_assurance
        return Judgement(
            check.id,
            check.name,
            self.status,
            self.assurance,
            self.lacks_assurance,
            self.metrics,
            self._as_declared() if self._is_revalued else in_force,
            in_force if self._is_revalued else None,
            required(check.constraint, self.case.within(self.years[0])),
            gap,
            self._statuses(),
            readings,
            remarks,
            () if is_passed else self._reasons(),
            None if is_passed else self._advice(),
            check.quotes[self.case.tier],
            rows,
        )

    def _statuses(self) -> Mapping[int, str]:
        if self.years is _NO_YEARS:
            return _NO_STATUSES
        return {year: it.status for year, it in self.outcomes.items() if year is not None}

    def _together(self) -> tuple[Mapping[int | None, Outcome], str, str | None]:
        """Return the outcomes that say something, and the status and assurance over all of them."""
        if len(self.outcomes) == 1:  # as with most
            (outcome,) = self.outcomes.values()
            is_silent = outcome.status in _SILENT
            return {} if is_silent else self.outcomes, outcome.status, outcome.assurance
        telling = {year: it for year, it in self.outcomes.items() if it.status not in _SILENT}
        assurance = weakest([it.assurance for it in telling.values() if it.assurance])
        return telling, all_of([it.status for it in self.outcomes.values()]), assurance

    def _lacks_assurance(self) -> bool:
        if self.status != PASS or self.require == DECLARED:
            return False
        has = ASSURANCES.index(self.assurance or DECLARED)
        return has < ASSURANCES.index(self.require)

    def _metrics(self) -> tuple[str, ...]:
        metrics = metrics_of(self.check.constraint)
        growth = growth_of(self.check.constraint)
        declaration = self.submission.declarations.get(growth) if growth else None
        if growth and declaration and any(declaration.entry(year) for year in self.years):
            return (*metrics, growth)
        return metrics

    # Years

    def _years(self) -> tuple[int | None, ...]:
        if self.check.period is None:
            return _NO_YEARS
        period = self.standard.periods[self.check.period]
        return (self.submission.acceptance_year,) if period.chosen else period.years

    def _judge_year(self, year: int | None) -> Outcome:
        """Judge one year by the constraint, and by what the county and the year are."""
        case = self.case.within(year)
        if self.check.only is not None and not self._applies:
            return self._contradicted(case) if self._is_contradicted else Outcome(NOT_APPLICABLE)
        if year is None:
            return judge(self.check.constraint, case)
        as_of = self.submission.as_of
        if year > as_of.year:
            return Outcome(NOT_DUE)
        outcome = judge(self.check.constraint, case)
        if self.check.period is None or not outcome.is_shortfall:
            return outcome
        if as_of < date(year, 12, 31):
            outcome = _noted(outcome, self.standard.running_reading, say("year_runs", year=year))
        return _in_short_year(outcome, self.standard.periods[self.check.period], year)

    @property
    def _is_contradicted(self) -> bool:
        """Whether the check hangs on a demonstration status that the file and the plan dispute."""
        return self.check.only is not None and self.submission.contradicts_status

    @property
    def _applies(self) -> bool:
        wanted = self.check.only == "demonstration"
        return not self._is_contradicted and self.submission.county.demonstration == wanted

    def _contradicted(self, case: Case) -> Outcome:
        """Leave to a reviewer what nobody can say whether it applies, whatever is declared."""
        declared = say("yes" if self.submission.demonstration else "no")
        inferred = say("yes" if self.submission.county.demonstration else "no")
        reason = say("contradicts", declared=declared, inferred=inferred)
        reading = self.standard.demonstration_reading
        value = shown(self.check.constraint, case)
        return Outcome(REVIEW, value, None, reason, readings=cited(reading))

    # Values

    def _by_year(self, values: Sequence[tuple[int | None, Words | None]]) -> Words | None:
        """Put the values of several years together; a check of one year needs no label."""
        if len(self.years) == 1:
            return values[0][1] if values else None
        known = [(year, value) for year, value in values if value is not None]
        return tuple([say("by_year", year=str(year), value=it) for year, it in known]) or None

    def _as_declared(self) -> Words | None:
        """Return what was declared where another value is in force."""
        constraint = self.check.constraint
        cases = [(year, self.case.within(year, as_declared=True)) for year in self.telling]
        return self._by_year([(year, shown(constraint, case)) for year, case in cases])

    def _odd(self) -> tuple[Compared, ...]:
        return tuple(
            [
                Compared(self.check, year, comparison)
                for year, outcome in self.outcomes.items()
                for comparison in outcome.compared
                if is_odd(self.standard, comparison)
            ]
        )

    def _place(self) -> str | None:
        if self._is_contradicted:
            return ""
        return self._declarations[0].metric if self._declarations else None

    # What to say

    def _reasons(self) -> tuple[Phrase, ...]:
        if self.lacks_assurance:
            has, needs = say(self.assurance or DECLARED), say(self.require)
            return (say("below_assurance", has=has, needs=needs),)
        reasons = []
        for year, outcome in self.outcomes.items():
            if outcome.reason is None or outcome.status == PASS:
                continue
            names_its_years = outcome.status == MISSING or len(self.outcomes) == 1
            in_year = say("in_year", year=str(year), reason=outcome.reason)
            reasons.append(outcome.reason if names_its_years else in_year)
        return tuple(reasons)

    def _advice(self) -> Phrase | None:
        match self.status:
            case "pass" if self.lacks_assurance:
                return say("add_evidence" if self.require == EVIDENCED else "add_verification")
            case "fail":
                return say("mend_or_improve")
            case "missing":
                return self._how_to_declare()
            case "review":
                return say("settle_status" if self._is_contradicted else "decide")
        return None

    def _how_to_declare(self) -> Phrase:
        """Say how to declare the first metric that lacks, in all the years in which it does."""
        missing = [it for outcome in self.outcomes.values() for it in outcome.missing]
        metric = self.standard.metrics[missing[0][0]]
        if is_workbook(self.submission.path):
            return say("declare_in_row", name=metric.name, example=example_value(metric))
        years = {year for key, year in missing if key == metric.key and year is not None}
        section = Text("参考数据", "reference") if metric.reference else Text("指标", "metrics")
        lines = (snippet(metric, lang, tuple(sorted(years))) for lang in ("zh", "en"))
        if metric.is_fact:
            return say("declare_fact", snippet=Text(*lines))
        return say("declare", section=section, snippet=Text(*lines))


def _in_short_year(outcome: Outcome, period: Period, year: int) -> Outcome:
    """Leave a shortfall to a reviewer in a year that the plan made too short to fail."""
    if year not in period.short_years or outcome.status != FAIL:
        return outcome
    reason = say("short_year", reason=outcome.reason or "")
    return _noted(outcome, period.short_reading)._replace(status=REVIEW, reason=reason)


def _noted(outcome: Outcome, reading: str | None, *remarks: Words) -> Outcome:
    readings = (*outcome.readings, *cited(reading))
    return outcome._replace(readings=readings, remarks=(*outcome.remarks, *remarks))


def _distinct(values: Iterable[T]) -> tuple[T, ...]:
    found: list[T] = []
    for value in values:
        if value not in found:
            found.append(value)
    return tuple(found)
