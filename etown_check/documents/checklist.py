"""What a checklist holds: for each item the plan's words, what is declared, and room for a verdict.

A line of a checklist is one metric of an item: that is what an expert verifies, and what a data
file keeps a record of. A metric that several items ask for is verified once, in the first.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from etown_check.engine import evaluate
from etown_check.records import Record
from etown_check.report import (
    NOT_APPLICABLE,
    PASS,
    REVIEW,
    CheckResult,
    ItemResult,
    Report,
)
from etown_check.standard import (
    Check,
    County,
    Item,
    Metric,
    Standard,
    growth_of,
    metrics_of,
    readings_of,
)
from etown_check.submission import Declaration, Submission


class Line(Record):
    """One metric of an item, with the results of the checks that it is the first metric of.

    `same_as` is the id of the item in which the metric was verified already, "" where it is this.
    `with_checks` are the ids of checks of other metrics that need this one, too.
    """

    metric: Metric
    results: tuple[CheckResult, ...]
    with_checks: tuple[str, ...]
    declaration: Declaration | None
    same_as: str

    @property
    def is_applicable(self) -> bool:
        """Whether there is anything to verify: a check that applies, or what was declared."""
        applies = any(result.status != NOT_APPLICABLE for result in self.results)
        return applies or bool(self.with_checks) or self.declaration is not None


class Entry(Record):
    """One item with its result and its lines."""

    item: Item
    result: ItemResult
    lines: tuple[Line, ...]


class Question(Record):
    """A check that a reviewer must decide."""

    entry: Entry
    check: Check
    result: CheckResult


class Checklist(Record):
    """The checklist of one town.

    A blank one has no `submission`; its report is then of a submission without a single value, and
    only what is required may be taken from it. `readings` are the ids of those that bear on it.
    `only_open` tells that what is passed or does not apply was left out of `entries`.
    """

    standard: Standard
    county: County
    report: Report
    submission: Submission | None
    entries: tuple[Entry, ...]
    questions: tuple[Question, ...]
    readings: tuple[str, ...]
    only_open: bool


def checklist(
    standard: Standard, report: Report, submission: Submission, *, only_open: bool = False
) -> Checklist:
    """Return the checklist of a town that was judged; with `only_open`, of what is not passed."""
    return _checklist(standard, submission.county, report, submission, only_open=only_open)


def blank_checklist(
    standard: Standard,
    county: County,
    *,
    parts: Collection[str] | None = None,
    only: Collection[str] | None = None,
    level: str | None = None,
) -> Checklist:
    """Return a checklist for `county` that knows of no data; parts and so on as for `evaluate`."""
    last = standard.years[-1] if standard.years else standard.facts.issued_on.year
    nothing = Submission(
        path="",
        sha256="",
        standard=standard.id,
        county=county,
        as_of=date(last, 12, 31),
        acceptance_year=last,
        demonstration=None,
        demonstration_position=None,
        contact=None,
        reference={},
        declarations={},
    )
    report = evaluate(standard, nothing, parts=parts, only=only, level=level)
    return _checklist(standard, county, report, None, only_open=False)


def _checklist(
    standard: Standard,
    county: County,
    report: Report,
    submission: Submission | None,
    *,
    only_open: bool,
) -> Checklist:
    entries = tuple(_entries(standard, report, submission))
    questions: tuple[Question, ...] = ()
    if submission is not None:
        questions = tuple(_questions(standard, entries))
    if only_open:
        entries = tuple(open_entry for entry in entries for open_entry in _opened(entry))
    shown = {check.id for entry in entries for check in entry.result.checks}
    bearing = {
        reading
        for _, check in standard.checks
        if check.id in shown
        for reading in readings_of(standard, check)
    }
    readings = tuple(reading for reading in standard.readings if reading in bearing)
    return Checklist(standard, county, report, submission, entries, questions, readings, only_open)


def _entries(standard: Standard, report: Report, submission: Submission | None) -> Iterator[Entry]:
    items = {item.id: item for item in standard.items}
    verified_in: dict[str, str] = {}
    for result in report.items:
        item = items[result.id]
        lines = tuple(_lines(standard, item, result, submission, verified_in))
        for line in lines:
            verified_in.setdefault(line.metric.key, item.id)
        yield Entry(item, result, lines)


def _lines(
    standard: Standard,
    item: Item,
    result: ItemResult,
    submission: Submission | None,
    verified_in: dict[str, str],
) -> Iterator[Line]:
    """Yield the lines of an item: its metrics, each where a check first asks for it."""
    judged = {check.id: check for check in result.checks}
    checks = [check for check in item.checks if check.id in judged]
    metrics = dict.fromkeys(key for check in checks for key in _asked(standard, check, submission))
    for key in metrics:
        own = [check for check in checks if metrics_of(check.constraint)[0] == key]
        beside = [
            check.id
            for check in checks
            if check not in own and key in _asked(standard, check, submission)
        ]
        yield Line(
            standard.metrics[key],
            tuple(judged[check.id] for check in own),
            tuple(beside),
            submission.declarations.get(key) if submission else None,
            verified_in.get(key, ""),
        )


def _asked(standard: Standard, check: Check, submission: Submission | None) -> Iterator[str]:
    """Yield the metrics that the county declares for `check`; a growth only where it did."""
    for key in metrics_of(check.constraint):
        if not standard.metrics[key].reference:
            yield key
    growth = growth_of(check.constraint)
    if growth is not None and submission is not None and growth in submission.declarations:
        yield growth


def _questions(standard: Standard, entries: Sequence[Entry]) -> Iterator[Question]:
    checks = {check.id: check for _, check in standard.checks}
    for entry in entries:
        for result in entry.result.checks:
            if result.status == REVIEW:
                yield Question(entry, checks[result.id], result)


def _opened(entry: Entry) -> Iterator[Entry]:
    """Yield `entry` with the lines that are not passed, if there are any."""
    still = {check.id for check in entry.result.checks if _is_open(check)}
    lines = [
        line
        for line in entry.lines
        if any(result.id in still for result in line.results) or still & set(line.with_checks)
    ]
    if lines:
        result = entry.result
        checks = tuple(check for check in result.checks if check.id in still)
        is_whole = result.is_whole and len(checks) == len(result.checks)
        yield entry._replace(
            lines=tuple(lines), result=result._replace(checks=checks, is_whole=is_whole)
        )


def _is_open(check: CheckResult) -> bool:
    return check.status not in (PASS, NOT_APPLICABLE) or check.lacks_assurance
