"""What experts' records say of a town, and what they change.

An item rests on its records where every value that it was judged by was verified.
"""

from collections.abc import Iterator, Mapping

from etown_check.documents.checklist import Checklist, Entry, Line
from etown_check.engine import evaluate
from etown_check.ledger import Ledger
from etown_check.quantities import Quantity
from etown_check.records import Record
from etown_check.report import (
    MISSING,
    NOT_APPLICABLE,
    NOT_DUE,
    PASS,
    UNASSURED,
    ItemResult,
    all_of,
)
from etown_check.standard import Metric
from etown_check.submission import (
    ADJUSTED,
    REJECTED,
    VERIFIED,
    Amounts,
    Contact,
    Declaration,
    Document,
    Submission,
    Verification,
)
from etown_check.submission import Entry as Value

_NO_VALUE = (NOT_DUE, NOT_APPLICABLE)


class ExpertRecord(Record):
    """An expert's record of a metric, and the items that the metric bears on."""

    metric: Metric
    declaration: Declaration
    verification: Verification
    items: tuple[ItemResult, ...]

    @property
    def changed_years(self) -> tuple[int | None, ...]:
        """The years of which the verified value is another than the declared one."""
        declared, verified = self.declaration.entries, self.verification.entries
        return tuple(
            year
            for year in in_order(verified)
            if year not in declared or not is_same(declared[year], verified[year])
        )

    @property
    def is_rejected(self) -> bool:
        """Whether what was declared was found untrue."""
        return self.verification.result == REJECTED

    @property
    def is_adjusted(self) -> bool:
        """Whether another value was found, or the record says so."""
        if self.is_rejected:
            return False
        return self.verification.result == ADJUSTED or bool(self.changed_years)


class Unverified(Record):
    """A metric without a record that checks ask for which are due and apply, with its items."""

    line: Line
    items: tuple[ItemResult, ...]


def rests_on_records(item: ItemResult) -> bool | None:
    """Tell whether all values that `item` was judged by were verified.

    `None` where it has nothing to verify: none of its checks is due and applies.
    """
    telling = [check for check in item.checks if check.status not in _NO_VALUE]
    if not telling:
        return None
    return all(check.status != MISSING and check.assurance == VERIFIED for check in telling)


def standing_by_records(item: ItemResult) -> str:
    """Return how an item stands in the verdict where nothing may pass that was not verified."""
    if item.standing in (PASS, UNASSURED):
        return PASS if rests_on_records(item) else UNASSURED
    return item.standing


def records_of(town: Checklist) -> tuple[ExpertRecord, ...]:
    """Return the records on what was judged, in the order of the plan."""
    bearing: dict[str, list[ItemResult]] = {}
    for entry in town.entries:
        for key in _metrics(entry):
            bearing.setdefault(key, []).append(entry.result)
    return tuple(_records(town, bearing))


def _records(town: Checklist, bearing: Mapping[str, list[ItemResult]]) -> Iterator[ExpertRecord]:
    for key, items in bearing.items():
        declaration = submission_of(town).declaration(key)
        if declaration is not None and declaration.verification is not None:
            metric = town.standard.metrics[key]
            yield ExpertRecord(metric, declaration, declaration.verification, tuple(items))


def _metrics(entry: Entry) -> Iterator[str]:
    """Yield the metrics that bear on an item, each once; those of reference data, too."""
    own = [line.metric.key for line in entry.lines]
    yield from dict.fromkeys([*own, *(key for it in entry.result.checks for key in it.metrics)])


def submission_of(town: Checklist) -> Submission:
    """Return the submission of a town that was judged."""
    assert town.submission is not None  # a blank checklist has no records
    return town.submission


def statuses_as_declared(town: Checklist) -> dict[str, str]:
    """Return the status of each item as it were without any record."""
    submission = submission_of(town)
    bare = submission._replace(
        reference=_without_records(submission.reference),
        declarations=_without_records(submission.declarations),
    )
    report = evaluate(town.standard, bare, parts=tuple(town.standard.parts))
    statuses = {check.id: check.status for item in report.items for check in item.checks}
    return {
        item.id: all_of(statuses[check.id] for check in item.checks) for item in town.report.items
    }


def _without_records(declarations: Mapping[str, Declaration]) -> dict[str, Declaration]:
    return {key: it._replace(verification=None) for key, it in declarations.items()}


def unverified_of(town: Checklist) -> tuple[Unverified, ...]:
    """Return the metrics that are still to be verified, in the order of the plan."""
    found: dict[str, Unverified] = {}
    for entry in town.entries:
        telling = {it.id for it in entry.result.checks if it.status not in _NO_VALUE}
        for line in entry.lines:
            asked = {*line.with_checks, *(result.id for result in line.results)}
            is_verified = line.declaration is not None and line.declaration.verification is not None
            if asked & telling and not is_verified:
                before = found.get(line.metric.key, Unverified(line, ()))
                found[line.metric.key] = before._replace(items=(*before.items, entry.result))
    return tuple(found.values())


def is_same(first: Value, other: Value) -> bool:
    """Tell whether two values of a metric say the same, in whatever unit and order.

    Counts by name are the same where the names are.
    """
    if isinstance(first.value, Quantity) and first.names and other.names:
        return frozenset(first.names) == frozenset(other.names)
    return _meaning(first) == _meaning(other)


def _meaning(value: Value) -> object:
    match value.value:
        case Quantity(amount=amount):
            return amount
        case Amounts(by=by):
            return frozenset((word, quantity.amount) for word, quantity in by)
        case Ledger(sha256=digest):
            return digest
        case Document() | Contact() as said:
            return said
        case tuple() as names:
            return frozenset(names)
        case answer:
            return answer


def in_order(values: Mapping[int | None, Value]) -> tuple[int | None, ...]:
    """Return the years of `values`, the earliest first."""
    return tuple(sorted(values, key=lambda year: year or 0))
