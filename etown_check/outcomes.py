"""What a constraint is judged on, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping

from etown_check.ledger import LedgerRow
from etown_check.quantities import Quantity
from etown_check.records import Record
from etown_check.standard import Check, Standard, Threshold
from etown_check.submission import Declaration, Entry, Submission
from etown_check.words import Phrase, Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Never


class Case:
    """What a constraint is judged on: a submission, read by its standard, in one year or none.

    `known` is all that is known of its metrics, and `tier` the county's. `as_declared` looks past
    verified values, to show what was declared beside them.
    """

    __slots__ = ("as_declared", "known", "standard", "submission", "tier", "year")

    def __init__(
        self, standard: Standard, submission: Submission, known: Mapping[str, Declaration]
    ) -> None:
        self.standard = standard
        self.submission = submission
        self.known = known
        self.tier = submission.county.tier
        self.year: int | None = None
        self.as_declared = False

    @classmethod
    def of(cls, standard: Standard, submission: Submission) -> Case:
        """Return the case of a submission, in no year."""
        return cls(standard, submission, submission.known)

    def within(self, year: int | None, *, as_declared: bool = False) -> Case:
        """Return the case in `year`."""
        if year == self.year and as_declared == self.as_declared:
            return self
        case = Case(self.standard, self.submission, self.known)
        case.year = year
        case.as_declared = as_declared
        return case

    def entry(self, metric: str) -> Entry | None:
        """Return the value of `metric` in the case's year."""
        return self.entry_in(metric, self.year)

    def entry_in(self, metric: str, year: int | None) -> Entry | None:
        declaration = self.known.get(metric)
        if declaration is None:
            return None
        if self.as_declared or declaration.verification is None:
            return declaration.entries.get(year)
        return declaration.entry(year)

    def amount(self, metric: str) -> Quantity:
        """Return the declared quantity of `metric`, which must not be missing."""
        entry = self.entry(metric)
        assert entry is not None
        return entry.quantity

    def bound(self, threshold: Threshold) -> Quantity:
        """Return `threshold` for the county's tier."""
        return threshold.by_tier[self.tier]


class Comparison(Record):
    """A number that was held against a threshold, for the doubts that such numbers raise."""

    metric: str
    value: Quantity
    threshold: Quantity


class Compared(Record):
    """What a check compared in a year."""

    check: Check
    year: int | None
    comparison: Comparison


class Outcome(Record):
    """The result of one constraint in one year.

    `missing` lists what is undeclared; `is_shortfall` tells a value that falls short from one
    that was found untrue. `assurance` is that of the weakest declaration used. `rows` are those
    of a ledger that fail it, or leave it open.
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
    rows: tuple[LedgerRow, ...] = ()


def cited(reading: str | None) -> tuple[str, ...]:
    """Return a reading as the readings of an outcome."""
    return (reading,) if reading is not None else ()


def unexpected(kind: Never) -> AssertionError:
    """Return what to raise for a kind that a `match` has no case for: type checkers see that it has."""
    return AssertionError(kind)
