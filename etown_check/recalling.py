"""Finding again what was judged before: another file may say the same, next month's above all.

A check is found again where all that it looks at says the same. An item is found again where it
looks at the very same declarations, as the reader gives them where a file says the same in the same
place: that takes no comparing at all, and holds for the places in the file as well.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date
from itertools import count

from etown_check.doubts import Finder, may_be_odd, subjects_of
from etown_check.endings import is_workbook
from etown_check.judging import Judged, JudgedCheck
from etown_check.ledger import Ledger
from etown_check.memory import Known, Memory, Once, Recent
from etown_check.outcomes import Case, Compared
from etown_check.quantities import Quantity
from etown_check.records import Record
from etown_check.report import PASS, CheckResult, Doubt, ItemResult, all_of
from etown_check.standard import (
    AnyOf,
    Check,
    Constraint,
    County,
    EveryMonth,
    Item,
    OnOrBefore,
    Part,
    Standard,
    growth_of,
    metrics_of,
)
from etown_check.submission import Declaration, Entry, Submission, Value

MOST_REMEMBERED = 1_000
"""Judgements that are remembered; each takes some kilobytes."""

MOST_SEEN = 3_000
"""Values of declarations that are told from each other."""

MOST_ITEMS = 400
"""Items that are remembered: those of some files that come one after the other."""

YEAR, MONTH, DEADLINES = "year", "month", "deadlines"
"""What may be seen of the date of the data: the year and whether it is over, the month, or which
of the plan's deadlines have passed."""


class Sight(Record):
    """What a check looks at: metrics, and of the date of the data so much."""

    metrics: tuple[str, ...]
    date: tuple[str, ...]


def together(sights: Iterable[Sight]) -> Sight:
    """Return what some checks look at, the one or the other."""
    seen = tuple(sights)
    metrics = dict.fromkeys(metric for it in seen for metric in it.metrics)
    return Sight(tuple(metrics), tuple(dict.fromkeys(what for it in seen for what in it.date)))


class Subject(Record):
    """An item of which some checks are to be judged, all of them as a rule, and what they look at.

    `requirement` are the plan's words, and `number` is that of no other item or choice of checks.
    """

    item: Item
    checks: tuple[Check, ...]
    sight: Sight
    requirement: str
    number: int


class Scope(Record):
    """What is to be judged: subjects, and the metrics that they look at.

    They belong to `parts` of the plan; `left_out` are those within which nothing was asked for.
    `looking` tells by a metric, or by what is seen of the date, which subjects look at it.
    """

    subjects: tuple[Subject, ...]
    metrics: frozenset[str]
    parts: tuple[str, ...]
    left_out: tuple[Part, ...]
    looking: Mapping[str, Sequence[int]]


class JudgedItem(Record):
    """An item that was judged: its result, and its checks.

    It looked at what was `declared`, which is held with it. `odd` is what it compared that is odd,
    and `suspects` are the metrics of which what is declared may be odd by itself.
    """

    result: ItemResult
    checks: tuple[Judged, ...]
    declared: tuple[Declaration | None, ...]
    odd: tuple[Compared, ...]
    suspects: tuple[str, ...]


class Earlier(Record):
    """What was judged before, and what that saw: numbers of what was around and of the date.

    `answers` are those of the rules of doubt, in their order.
    """

    scope: Scope
    county: County
    around: int
    date: Mapping[str, int]
    known: Mapping[str, Declaration]
    items: Sequence[JudgedItem]
    answers: Sequence[Sequence[Doubt]]


class Judge:
    """Judges by one standard.

    `remembered` is what checks came to, by what they saw, and `items` what items came to, by the
    identities of what they saw, which they hold; `earlier` is all that was judged of some files
    before. What is seen of a declaration, and whatever else makes a difference, has a number:
    numbers are compared faster.
    """

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self._sights: dict[str, Sight] = {}
        self._scopes: Memory[Hashable, Scope] = Memory(10)
        self._numbers: Memory[Hashable, int] = Memory(MOST_SEEN)
        self._next = count(1)
        self.rules = tuple((rule, subjects_of(rule)) for rule in standard.doubts)
        self.deadlines = {day for _, check in standard.checks for day in _deadlines(check)}
        self.remembered: Memory[Hashable, Judged] = Memory(MOST_REMEMBERED)
        self.items: Memory[Hashable, JudgedItem] = Memory(MOST_ITEMS)
        self.seen: Known[Declaration, int] = Known(MOST_REMEMBERED)
        self.earlier: Recent[Earlier] = Recent()

    def sight(self, check: Check) -> Sight:
        """Return what `check` looks at."""
        found = self._sights.get(check.id)
        if found is None:
            found = self._sights[check.id] = _sight_of(check)
        return found

    def number(self, of: Hashable) -> int:
        """Return the number of `of`, the same for what is equal. A forgotten one is not used again."""
        found = self._numbers.recall(of)
        if found is None:
            found = next(self._next)
            self._numbers.remember(of, found)
        return found

    def scope(
        self, within: tuple[str, ...], only: Collection[str] | None, level: str | None
    ) -> Scope:
        """Return what is to be judged of the parts `within`.

        `only` are the ids of items or checks to which that is narrowed, `level` is a level.
        """
        key = within, None if only is None else frozenset(only), level
        found = self._scopes.recall(key)
        if found is None:
            found = self._scope(within, only, level)
            self._scopes.remember(key, found)
        return found

    def _scope(
        self, within: tuple[str, ...], only: Collection[str] | None, level: str | None
    ) -> Scope:
        subjects: list[Subject] = []
        looking: dict[str, list[int]] = {}
        for item in self.standard.items:
            checks = item.checks
            if only is not None and item.id not in only:
                checks = tuple(check for check in checks if check.id in only)
            if item.part in within and level in (None, item.level) and checks:
                sight = together(map(self.sight, checks))
                for what in (*sight.metrics, *sight.date):
                    looking.setdefault(what, []).append(len(subjects))
                number = self.number((item.id, *(check.id for check in checks)))
                requirement = "".join(item.requirement)
                subjects.append(Subject(item, checks, sight, requirement, number))
        return Scope(
            tuple(subjects),
            frozenset(metric for it in subjects for metric in it.sight.metrics),
            tuple(dict.fromkeys(it.item.part for it in subjects)),
            tuple(part for part in self.standard.parts.values() if part.id not in within),
            looking,
        )


JUDGES: Once[Standard, Judge] = Once(Judge)
"""Who judges by a standard, and may remember what was judged by it before: hardly ever more than
one in a process."""


class Session:
    """Judges one submission. What a check sees of it is all that it can look at."""

    def __init__(self, judge: Judge, submission: Submission, require: str) -> None:
        self.judge = judge
        self.submission = submission
        self.require = require
        county = submission.county
        around = (
            county.tier,
            county.demonstration,
            submission.demonstration,
            submission.acceptance_year,
            is_workbook(submission.path),
            require,
        )
        self._around = judge.number(around)
        self._around_items = judge.number((*around, submission.demonstration_position))
        day = submission.as_of
        self._date = {
            YEAR: 2 * day.year + ((day.month, day.day) == (12, 31)),
            MONTH: 12 * day.year + day.month,
            DEADLINES: sum([deadline < day for deadline in judge.deadlines]),
        }
        self.case = Case.of(judge.standard, submission)
        self._known = self.case.known
        form = judge.standard.ledger
        # What looks at a ledger is to be held by nobody else.
        self._ledger = form.metric if form is not None and form.metric in self._known else None

    def judged(self, scope: Scope) -> tuple[Sequence[JudgedItem], Sequence[Doubt]]:
        """Judge what is in `scope`, and return it with the doubts about what it looks at.

        What looks at nothing that changed is taken over from what was judged of a county before.
        """
        before = next((it for it in self.judge.earlier if self._is_like(it, scope)), None)
        if before is None:
            items = [self._item(subject) for subject in scope.subjects]
            answers = self._answers(items, (), frozenset())
        else:
            items = list(before.items)
            changes = self._changes(before)
            for at in {at for it in changes for at in scope.looking.get(it, ())}:
                items[at] = self._item(scope.subjects[at], items[at], changes)
            answers = self._answers(items, before.answers, changes)
        if self._ledger is None:
            seen = self._around_items, self._date, self._known
            self.judge.earlier.keep(
                Earlier(scope, self.submission.county, *seen, items, answers), before
            )
        found = [doubt for answer in answers for doubt in answer]
        return items, [it for it in found if not scope.metrics.isdisjoint(it.metrics)]

    def _is_like(self, earlier: Earlier, scope: Scope) -> bool:
        return (
            earlier.county is self.submission.county
            and earlier.scope is scope
            and earlier.around == self._around_items
        )

    def _answers(
        self,
        items: Sequence[JudgedItem],
        before: Sequence[Sequence[Doubt]],
        changes: frozenset[str],
    ) -> Sequence[Sequence[Doubt]]:
        """Return what each rule of doubt says; `changes` are those since they were asked `before`."""
        odd = [it for item in items for it in item.odd]
        suspects = {metric for item in items for metric in item.suspects}
        finder = Finder(self.judge.standard, self.submission, odd, suspects)
        return [
            before[at]
            if before and subjects and changes.isdisjoint(subjects)
            else finder.ask(rule, subjects)
            for at, (rule, subjects) in enumerate(self.judge.rules)
        ]

    def _changes(self, earlier: Earlier) -> frozenset[str]:
        """Return the metrics of which something else was known then, and so of the date."""
        known, before = self._known, earlier.known
        changes = [it for it, declared in known.items() if before.get(it) is not declared]
        changes += before.keys() - known.keys()
        changes += [it for it, number in self._date.items() if earlier.date[it] != number]
        return frozenset(changes)

    def _item(
        self,
        subject: Subject,
        before: JudgedItem | None = None,
        changes: frozenset[str] = frozenset(),
    ) -> JudgedItem:
        """Judge an item, or recall it. `changes` are those since it was judged `before`."""
        metrics, date = subject.sight
        declared = tuple(map(self._known.get, metrics))
        seen = [self._date[it] for it in date] if date else ()
        key = subject.number, self._around_items, *seen, *map(id, declared)
        known = self.judge.items.recall(key)
        if known is None:
            if before is None:
                judged = tuple([self.check(check) for check in subject.checks])
            else:
                judged = tuple([self._check_since(it, changes) for it in before.checks])
            known = JudgedItem(
                _result(subject, judged, self.submission),
                judged,
                declared,
                tuple([it for check in judged for it in check.odd]),
                tuple([it.metric for it in declared if it is not None and may_be_odd(it)]),
            )
            if self._ledger not in metrics:
                self.judge.items.remember(key, known)
        return known

    def _check_since(self, before: Judged, changes: frozenset[str]) -> Judged:
        metrics, date = self.judge.sight(before.check)
        if changes.isdisjoint(metrics) and changes.isdisjoint(date):
            return before
        return self.check(before.check)

    def check(self, check: Check) -> Judged:
        """Judge `check`, or recall what it came to where it saw the same."""
        metrics, date = self.judge.sight(check)
        if self._ledger in metrics:
            return JudgedCheck(self.case, check, self.require).judged()
        seen = [self._date[it] for it in date] if date else ()
        key = check.id, self._around, *seen, *map(self._seen, metrics)
        known = self.judge.remembered.recall(key)
        if known is None:
            known = JudgedCheck(self.case, check, self.require).judged()
            self.judge.remembered.remember(key, known)
        return known

    def _seen(self, metric: str) -> int:
        """Return a number for all that a check can see of `metric`, 0 for nothing."""
        declaration = self._known.get(metric)
        if declaration is None:
            return 0
        number = self.judge.seen.recall(declaration)
        if number is None:
            number = self.judge.seen.remember(declaration, self.judge.number(_seen(declaration)))
        # Reference data are not the county's own.
        return number if metric in self.submission.declarations else -number


def _result(subject: Subject, checks: Sequence[Judged], submission: Submission) -> ItemResult:
    item = subject.item
    judgements = [check.judgement for check in checks]
    status = all_of([one.status for one in judgements])
    return ItemResult(
        item.id,
        item.part,
        item.section,
        item.name,
        item.level,
        item.where,
        status,
        status == PASS and any(one.lacks_assurance for one in judgements),
        item.task,
        subject.requirement,
        tuple([CheckResult(it.judgement, it.position(submission)) for it in checks]),
        len(checks) == len(item.checks),
    )


def _sight_of(check: Check) -> Sight:
    constraint = check.constraint
    growth = growth_of(constraint)
    metrics = (*metrics_of(constraint), *([growth] if growth else ()))
    date = {
        YEAR: check.period is not None,
        MONTH: any(isinstance(one, EveryMonth) for one in _within(check)),
        DEADLINES: bool(_deadlines(check)),
    }
    return Sight(metrics, tuple(what for what, is_seen in date.items() if is_seen))


def _deadlines(check: Check) -> list[date]:
    """Return the days after which `check` is due."""
    return [it.deadline for it in _within(check) if isinstance(it, OnOrBefore) and it.pending]


def _within(check: Check) -> tuple[Constraint, ...]:
    constraint = check.constraint
    return constraint.of if isinstance(constraint, AnyOf) else (constraint,)


def _seen(declaration: Declaration) -> Hashable:
    """Return all that a check can see of a declaration: everything but places and remarks."""
    record = declaration.verification
    verified = record and (record.result, record.by, record.on, _values(record.entries))
    return declaration.assurance, _values(declaration.entries), verified


def _values(entries: Mapping[int | None, Entry]) -> Hashable:
    return tuple([(year, _comparable(it.value), it.names) for year, it in entries.items()])


def _comparable(value: Value) -> Hashable:
    """Return `value` as what is compared fast. A ledger is nobody's but its file's."""
    if type(value) is Quantity:
        amount = value.amount
        return amount.numerator, amount.denominator, value.unit
    return id(value) if isinstance(value, Ledger) else value
