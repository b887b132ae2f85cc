"""Finding again what was judged before: another file may say the same, next month's above all.

A check is found again where all that it looks at says the same. An item is found again where it
looks at the very same declarations, as the reader gives them where a file says the same in the same
place: that takes no comparing at all, and holds for the places in the file as well.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import count

from etown_check.doubts import may_be_odd
from etown_check.endings import is_workbook
from etown_check.judging import Judged, JudgedCheck
from etown_check.ledger import Ledger
from etown_check.memory import Known, Memory, Once
from etown_check.outcomes import Case, Compared
from etown_check.quantities import Quantity
from etown_check.records import Record
from etown_check.report import PASS, CheckResult, ItemResult, all_of
from etown_check.standard import (
    AnyOf,
    Check,
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

_DAYS = ("", "year", "day")
"""What may be seen of the date of the data, from the least to the most."""


class Sight(Record):
    """What a check looks at: metrics, and of the date of the data the day, the year, or nothing.

    Of the year it sees whether it is over.
    """

    metrics: tuple[str, ...]
    date: str


def together(sights: Sequence[Sight]) -> Sight:
    """Return what some checks look at, the one or the other."""
    metrics = tuple(dict.fromkeys(metric for it in sights for metric in it.metrics))
    return Sight(metrics, max((it.date for it in sights), key=_DAYS.index, default=""))


class Subject(Record):
    """An item of which some checks are to be judged, all of them as a rule, and what they look at.

    Its `number` is that of no other item or choice of checks.
    """

    item: Item
    checks: tuple[Check, ...]
    sight: Sight
    number: int


class Scope(Record):
    """What is to be judged: subjects, and the metrics that they look at.

    They belong to `parts` of the plan; `left_out` are those within which nothing was asked for.
    """

    subjects: tuple[Subject, ...]
    metrics: frozenset[str]
    parts: tuple[str, ...]
    left_out: tuple[Part, ...]


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


class Judge:
    """Judges by one standard.

    `remembered` is what checks came to, by what they saw, and `items` what items came to, by the
    identities of what they saw, which they hold. What is seen of a declaration, and whatever else
    makes a difference, has a number: numbers are compared faster.
    """

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self._sights: dict[str, Sight] = {}
        self._scopes: Memory[Hashable, Scope] = Memory(10)
        self._numbers: Memory[Hashable, int] = Memory(MOST_SEEN)
        self._next = count(1)
        self.remembered: Memory[Hashable, Judged] = Memory(MOST_REMEMBERED)
        self.items: Memory[Hashable, JudgedItem] = Memory(MOST_ITEMS)
        self.seen: Known[Declaration, int] = Known(MOST_REMEMBERED)

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
        subjects = []
        for item in self.standard.items:
            checks = item.checks
            if only is not None and item.id not in only:
                checks = tuple(check for check in checks if check.id in only)
            if item.part in within and level in (None, item.level) and checks:
                sight = together([self.sight(check) for check in checks])
                number = self.number((item.id, *(check.id for check in checks)))
                subjects.append(Subject(item, checks, sight, number))
        return Scope(
            tuple(subjects),
            frozenset(metric for it in subjects for metric in it.sight.metrics),
            tuple(dict.fromkeys(it.item.part for it in subjects)),
            tuple(part for part in self.standard.parts.values() if part.id not in within),
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
        is_last = (day.month, day.day) == (12, 31)
        self._days = {"day": day.toordinal(), "year": 2 * day.year + is_last, "": 0}
        self.case = Case.of(judge.standard, submission)
        self._declared = self.case.known
        form = judge.standard.ledger
        # What looks at a ledger is to be held by nobody else.
        self._ledger = form.metric if form is not None and form.metric in self._declared else None

    def items(self, subjects: Iterable[Subject]) -> list[JudgedItem]:
        """Judge some items, or recall those that saw the very same before."""
        return [self._item(subject) for subject in subjects]

    def _item(self, subject: Subject) -> JudgedItem:
        metrics, day = subject.sight
        declared = tuple(map(self._declared.get, metrics))
        key = subject.number, self._around_items, self._days[day], *map(id, declared)
        known = self.judge.items.recall(key)
        if known is None:
            judged = tuple([self.check(check) for check in subject.checks])
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

    def check(self, check: Check) -> Judged:
        """Judge `check`, or recall what it came to where it saw the same."""
        metrics, day = self.judge.sight(check)
        key = check.id, self._around, self._days[day], *map(self._seen, metrics)
        known = self.judge.remembered.recall(key)
        if known is None:
            known = JudgedCheck(self.case, check, self.require).judged()
            if self._ledger not in metrics:
                self.judge.remembered.remember(key, known)
        return known

    def _seen(self, metric: str) -> int:
        """Return the number of all that a check can see of `metric`, 0 for nothing."""
        declaration = self._declared.get(metric)
        if declaration is None:
            return 0
        is_own = metric in self.submission.declarations
        known = self.judge.seen.recall(declaration, is_own)
        if known is None:
            number = self.judge.number(_seen(declaration, is_own=is_own))
            known = self.judge.seen.remember(number, declaration, is_own)
        return known


def _result(subject: Subject, checks: Sequence[Judged], submission: Submission) -> ItemResult:
    item = subject.item
    judgements = [check.judgement for check in checks]
    status = all_of([one.status for one in judgements])
    return ItemResult(
        id=item.id,
        part=item.part,
        section=item.section,
        name=item.name,
        level=item.level,
        where=item.where,
        status=status,
        lacks_assurance=status == PASS and any(one.lacks_assurance for one in judgements),
        task=item.task,
        requirement="".join(item.requirement),
        checks=tuple([CheckResult(it.judgement, it.position(submission)) for it in checks]),
        is_whole=len(checks) == len(item.checks),
    )


def _sight_of(check: Check) -> Sight:
    constraint = check.constraint
    growth = growth_of(constraint)
    metrics = (*metrics_of(constraint), *([growth] if growth else ()))
    within = constraint.of if isinstance(constraint, AnyOf) else (constraint,)
    if any(isinstance(one, (EveryMonth, OnOrBefore)) for one in within):
        return Sight(metrics, "day")
    return Sight(metrics, "" if check.period is None else "year")


def _seen(declaration: Declaration, *, is_own: bool) -> Hashable:
    """Return all that a check can see of a declaration: everything but places and remarks."""
    record = declaration.verification
    verified = record and (record.result, record.by, record.on, _values(record.entries))
    return is_own, declaration.assurance, _values(declaration.entries), verified


def _values(entries: Mapping[int | None, Entry]) -> Hashable:
    return tuple([(year, _comparable(it.value), it.names) for year, it in entries.items()])


def _comparable(value: Value) -> Hashable:
    """Return `value` as what is compared fast. A ledger is nobody's but its file's."""
    if type(value) is Quantity:
        amount = value.amount
        return amount.numerator, amount.denominator, value.unit
    return id(value) if isinstance(value, Ledger) else value
