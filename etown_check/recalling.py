"""Finding again what was judged before: another file may say the same, next month's above all.

A check is found again where all that it looks at says the same. An item is found again where it
looks at the very same declarations, as the reader gives them where a file says the same in the same
place: that takes no comparing at all, and holds for the places in the file as well.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from etown_check.doubts import may_be_odd
from etown_check.endings import is_workbook
from etown_check.judging import Judged, JudgedCheck
from etown_check.ledger import Ledger
from etown_check.memory import Known, Memory, Once
from etown_check.outcomes import Compared
from etown_check.quantities import Quantity
from etown_check.records import Record
from etown_check.report import PASS, CheckResult, ItemResult, all_of
from etown_check.standard import (
    AnyOf,
    Check,
    EveryMonth,
    Item,
    OnOrBefore,
    Standard,
    growth_of,
    metrics_of,
)
from etown_check.submission import Declaration, Entry, Submission, Value

MOST_REMEMBERED = 1_000
"""Judgements that are remembered; each takes some kilobytes."""

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


class JudgedItem(Record):
    """An item that was judged: its result, and its checks.

    It looked at `metrics`, of which `declared` was declared. `odd` is what it compared that is
    odd, and `suspects` are the metrics of which what is declared may be odd by itself.
    """

    result: ItemResult
    checks: tuple[Judged, ...]
    metrics: tuple[str, ...]
    declared: tuple[Declaration | None, ...]
    odd: tuple[Compared, ...]
    suspects: tuple[str, ...]


class Judge:
    """Judges by one standard.

    `remembered` is what checks came to, by what they saw, and `items` what items came to, by the
    identities of what they saw, which they hold. `seen` is what can be seen of declarations.
    """

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self._sights: dict[str, Sight] = {}
        self._item_sights: dict[str, Sight] = {}
        self.remembered: Memory[Hashable, Judged] = Memory(MOST_REMEMBERED)
        self.items: Memory[Hashable, JudgedItem] = Memory(MOST_ITEMS)
        self.seen: Known[Declaration, Hashable] = Known(MOST_REMEMBERED)

    def sight(self, check: Check) -> Sight:
        """Return what `check` looks at."""
        found = self._sights.get(check.id)
        if found is None:
            found = self._sights[check.id] = _sight_of(check)
        return found

    def sight_of_item(self, item: Item) -> Sight:
        """Return what the checks of `item` look at."""
        found = self._item_sights.get(item.id)
        if found is None:
            found = together([self.sight(check) for check in item.checks])
            self._item_sights[item.id] = found
        return found


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
        self._around = (
            county.tier,
            county.demonstration,
            submission.demonstration,
            submission.acceptance_year,
            is_workbook(submission.path),
            require,
        )
        self._around_items = (*self._around, submission.demonstration_position)
        day = submission.as_of
        is_last = (day.month, day.day) == (12, 31)
        self._days = {"day": day, "year": (day.year, is_last), "": None}
        # As `Submission.declaration` has it.
        self._declared: Mapping[str, Declaration] = {
            **submission.observed,
            **submission.reference,
            **submission.declarations,
        }

    def item(self, item: Item, checks: Sequence[Check]) -> JudgedItem:
        """Judge some checks of `item`, or recall all of them where they saw the same."""
        if len(checks) < len(item.checks):
            sights = [self.judge.sight(check) for check in checks]
            return self._judged_item(item, checks, together(sights).metrics)
        metrics, day = self.judge.sight_of_item(item)
        declared = map(self._declared.get, metrics)
        key = item.id, self._around_items, self._days[day], *map(id, declared)
        known = self.judge.items.recall(key)
        if known is None:
            known = self._judged_item(item, checks, metrics)
            if not self._sees_ledger(metrics):
                self.judge.items.remember(key, known)
        return known

    def _judged_item(
        self, item: Item, checks: Iterable[Check], metrics: tuple[str, ...]
    ) -> JudgedItem:
        judged = tuple([self.check(check) for check in checks])
        declared = tuple([self._declared.get(metric) for metric in metrics])
        return JudgedItem(
            _result(item, judged, self.submission),
            judged,
            metrics,
            declared,
            tuple([it for check in judged for it in check.odd]),
            tuple([it.metric for it in declared if it is not None and may_be_odd(it)]),
        )

    def check(self, check: Check) -> Judged:
        """Judge `check`, or recall what it came to where it saw the same."""
        metrics, day = self.judge.sight(check)
        key = check.id, self._around, self._days[day], *[self._of(metric) for metric in metrics]
        known = self.judge.remembered.recall(key)
        if known is None:
            standard, submission = self.judge.standard, self.submission
            known = JudgedCheck(standard, submission, check, self.require).judged()
            if not self._sees_ledger(metrics):  # which is to be held by nobody else
                self.judge.remembered.remember(key, known)
        return known

    def _sees_ledger(self, metrics: tuple[str, ...]) -> bool:
        """Tell whether there is a ledger among what is declared of `metrics`."""
        form = self.judge.standard.ledger
        return form is not None and form.metric in metrics and form.metric in self._declared

    def _of(self, metric: str) -> Hashable:
        """Return all that a check can see of `metric`."""
        declaration = self._declared.get(metric)
        if declaration is None:
            return None
        is_own = metric in self.submission.declarations
        known = self.judge.seen.recall(declaration, is_own)
        if known is None:
            seen = _seen(declaration, is_own=is_own)
            known = self.judge.seen.remember(seen, declaration, is_own)
        return known


def _result(item: Item, checks: Sequence[Judged], submission: Submission) -> ItemResult:
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
