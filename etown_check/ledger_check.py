"""Checking fund ledgers alone, without the data file of a town.

What a ledger is judged by are the standard's own checks: those that ask for nothing else. They are
judged by the engine, so that a ledger fares here as it fares beside a data file.
"""

from collections.abc import Iterable, Sequence

from etown_check import __version__
from etown_check.engine import evaluate
from etown_check.ledger import Ledger
from etown_check.ledgers.reading import read_ledger
from etown_check.problems import InputError, Position, Problem
from etown_check.report import Report, Run
from etown_check.standard import Check, LedgerForm, Standard, metrics_of
from etown_check.submission import Declaration, Entry, Submission
from etown_check.text import visible
from etown_check.usage import UsageError
from etown_check.words import Text

_NOWHERE = Position(1, 1)


def check_ledgers(paths: Sequence[str], standard: Standard) -> Run:
    """Read and judge the ledgers at `paths` by `standard`.

    Each report of the run is on a ledger, whose path and digest are its own; it says nothing of a
    county, a town or a date. Raises `UsageError` for a standard that says nothing of ledgers.
    """
    form = form_of(standard)
    checks = ledger_checks(standard, form)
    inputs = tuple(dict.fromkeys(paths))
    reports: list[Report] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for path in inputs:
        try:
            read = read_ledger(path, form)
        except InputError as error:
            problems += error.problems
            warnings += error.warnings
            continue
        warnings += read.warnings
        reports.append(judge_ledger(standard, form, checks, read.ledger))
    return Run(__version__, standard, inputs, tuple(reports), tuple(problems), tuple(warnings))


def form_of(standard: Standard) -> LedgerForm:
    """Return the form that `standard` gives ledgers. Raises `UsageError` where it has none."""
    if standard.ledger is None:
        shown = visible(standard.id)
        raise UsageError(
            Text(
                f"标准“{shown}”没有对资金台账作规定。",
                f"The standard “{shown}” says nothing of fund ledgers.",
            )
        )
    return standard.ledger


def ledger_checks(standard: Standard, form: LedgerForm) -> tuple[Check, ...]:
    """Return the checks of `standard` that need a ledger and nothing else."""
    return tuple(
        check
        for _, check in standard.checks
        if metrics_of(check.constraint) == (form.metric,) and not (check.period or check.only)
    )


def judge_ledger(
    standard: Standard, form: LedgerForm, checks: Iterable[Check], ledger: Ledger
) -> Report:
    """Judge `ledger` by `checks`, and raise the doubts that it gives rise to.

    The engine judges what a county declares, so the ledger is made the one thing that a county
    declares. Which one, and as of when, makes no difference: a check that depended on the county,
    on a year or on another metric would not be among `checks`.
    """
    declared = Declaration(form.metric, _NOWHERE, {None: Entry(ledger, _NOWHERE)}, (), "", None)
    submission = Submission(
        path=ledger.path,
        sha256=ledger.sha256,
        standard=standard.id,
        county=standard.counties[0],
        as_of=standard.facts.issued_on,
        acceptance_year=standard.facts.issued_on.year,
        demonstration=None,
        demonstration_position=None,
        contact=None,
        reference={},
        declarations={form.metric: declared},
    )
    report = evaluate(standard, submission, only=[check.id for check in checks])
    # No data file declares the ledger in any place.
    items = (
        item._replace(checks=tuple(check._replace(position=None) for check in item.checks))
        for item in report.items
    )
    return report._replace(items=tuple(items))
