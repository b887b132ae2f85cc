"""A report: what was found, as frozen records that look nothing up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from etown_check.ledger import LedgerRow, Sum, total
from etown_check.problems import Position, Problem
from etown_check.records import Record
from etown_check.standard import BINDING, EXPECTED, Category, Part, Standard
from etown_check.submission import Submission
from etown_check.words import Phrase, Text, Words

PASS, FAIL, MISSING, REVIEW = "pass", "fail", "missing", "review"
NOT_DUE, NOT_APPLICABLE = "not_due", "not_applicable"
STATUSES = (PASS, FAIL, MISSING, REVIEW, NOT_DUE, NOT_APPLICABLE)

UNASSURED, WAIVED = "unassured", "waived"
"""How an item may stand in the verdict beside its status: passed on too little assurance, or
excused."""
LEVELS = (BINDING, EXPECTED)

COMPLIANT, NON_COMPLIANT, INCOMPLETE = "compliant", "non_compliant", "incomplete"


def all_of(statuses: Iterable[str]) -> str:
    """Roll up: the first that occurs of fail, missing, review, pass.

    What is not due or not applicable is left out; where nothing else is left it is the answer.
    """
    found = set(statuses)
    if len(found) == 1:
        return found.pop()
    return next(status for status in _ORDER if status in found)


_ORDER = (FAIL, MISSING, REVIEW, PASS, NOT_DUE, NOT_APPLICABLE)


class Waiver(Record):
    """Leave that was given to a town to fall short of an item or check, up to and with a day.

    It stands at `position` of the file at `path`. `subject` is the id of the item or check.
    """

    path: str
    position: Position
    subject: str
    town: str
    reason: str
    approver: str
    document: str
    approved_on: date
    expires_on: date


class Judgement(Record):
    """What a check came to, with the plan's words and everything that explains it.

    It is the same for any two data files that say the same of what the check is about.
    `readings` are the ids of the readings that bear on it; `remarks` say in words which special
    case was met. `reasons` and `advice` are empty for a check that passes. `rows` are the rows of
    the ledger that it is about: those that offend, or leave it open.
    """

    id: str
    name: Text
    status: str
    assurance: str | None
    lacks_assurance: bool
    metrics: tuple[str, ...]
    declared: Words | None
    verified: Words | None
    required: Words
    gap: Words | None
    years: Mapping[int, str]
    readings: tuple[str, ...]
    remarks: tuple[Words, ...]
    reasons: tuple[Phrase, ...]
    advice: Phrase | None
    quote: str
    rows: tuple[LedgerRow, ...] = ()

    @property
    def standing(self) -> str:
        """How it counts, as long as nothing is waived: its status, or `unassured`."""
        return UNASSURED if self.lacks_assurance else self.status


class CheckResult(Record):
    """The result of one check: its `judgement`, and where in the data file it stands.

    `waiver` is the one in force for a check that is open; it leaves the status as it is. `before`
    is how the check stood in the baseline, `None` where there is none.
    """

    judgement: Judgement
    position: Position | None
    waiver: Waiver | None = None
    before: str | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.judgement.id

    @property
    def name(self) -> Text:
        """Its name."""
        return self.judgement.name

    @property
    def status(self) -> str:
        """Its status, whatever is waived."""
        return self.judgement.status

    @property
    def assurance(self) -> str | None:
        """How far the weakest of the declarations that were used is backed."""
        return self.judgement.assurance

    @property
    def lacks_assurance(self) -> bool:
        """Whether it passes on less assurance than is required."""
        return self.judgement.lacks_assurance

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that it is about."""
        return self.judgement.metrics

    @property
    def declared(self) -> Words | None:
        """What was declared."""
        return self.judgement.declared

    @property
    def verified(self) -> Words | None:
        """What an expert put in its place."""
        return self.judgement.verified

    @property
    def required(self) -> Words:
        """What the plan requires."""
        return self.judgement.required

    @property
    def gap(self) -> Words | None:
        """How far that is from what is required."""
        return self.judgement.gap

    @property
    def years(self) -> Mapping[int, str]:
        """Its status in each of its years."""
        return self.judgement.years

    @property
    def readings(self) -> tuple[str, ...]:
        """The ids of the readings that bear on it."""
        return self.judgement.readings

    @property
    def remarks(self) -> tuple[Words, ...]:
        """Which special case was met."""
        return self.judgement.remarks

    @property
    def reasons(self) -> tuple[Phrase, ...]:
        """Why it is not passed."""
        return self.judgement.reasons

    @property
    def advice(self) -> Phrase | None:
        """What to do."""
        return self.judgement.advice

    @property
    def quote(self) -> str:
        """The plan's own words."""
        return self.judgement.quote

    @property
    def rows(self) -> tuple[LedgerRow, ...]:
        """The rows of the ledger that it is about."""
        return self.judgement.rows

    @property
    def standing(self) -> str:
        """How the check counts: its status, `unassured` or `waived`."""
        return WAIVED if self.waiver is not None else self.judgement.standing

    @property
    def is_known(self) -> bool:
        """Whether the check stands no worse than in the baseline."""
        return self.before is not None and rank(self.standing) >= rank(self.before)

    @property
    def is_open(self) -> bool:
        """Whether something is to be done: it is not passed, or passed on too little assurance."""
        return self.status in (FAIL, MISSING, REVIEW) or self.lacks_assurance


class ItemResult(Record):
    """The result of one item, rolled up from its checks.

    `is_whole` tells whether all of its checks were judged; a report may be narrowed to some.
    `before` is how the item stood in the baseline, `None` where there is none. `is_waived` tells
    whether there are waivers for some of its checks.
    """

    id: str
    part: str
    section: Text
    name: Text
    level: str
    where: str
    status: str
    lacks_assurance: bool
    task: str
    requirement: str
    checks: tuple[CheckResult, ...]
    is_whole: bool = True
    before: str | None = None
    is_waived: bool = False

    @property
    def standing(self) -> str:
        """How the item stands in the verdict: its status, `unassured` or `waived`.

        Waived checks are left out; the item is waived where nothing else of it is open.
        """
        if not self.is_waived:  # as with most
            return UNASSURED if self.lacks_assurance else self.status
        return self._standing([check for check in self.checks if check.waiver is None])

    @property
    def counted(self) -> str:
        """How the item counts for the exit code: what the baseline has, too, is left out."""
        if self.before is None:
            return self.standing
        return self._standing(
            [check for check in self.checks if check.waiver is None and not check.is_known]
        )

    @property
    def is_known(self) -> bool:
        """Whether nothing of the item stands worse than in the baseline."""
        return self.before is not None and all(check.is_known for check in self.checks)

    def _standing(self, counted: Sequence[CheckResult]) -> str:
        if len(counted) == len(self.checks):
            return UNASSURED if self.lacks_assurance else self.status
        status = all_of(check.status for check in counted) if counted else PASS
        if status == PASS and any(check.lacks_assurance for check in counted):
            return UNASSURED
        return status if status in (FAIL, MISSING, REVIEW) else WAIVED


_RANKS = {FAIL: 0, MISSING: 1, REVIEW: 2, UNASSURED: 3}


def rank(standing: str) -> int:
    """Return how good a standing is. Nothing counts against what is not due or not applicable."""
    return _RANKS.get(standing, len(_RANKS))


class Doubt(Record):
    """Something odd in the figures: a warning, never a status.

    It stands at `position` of the file at `path`; no path means the data file itself.
    """

    code: str
    message: Phrase
    metrics: tuple[str, ...]
    position: Position | None
    path: str = ""


class LedgerTable(Record):
    """What a ledger at `path` comes to: its sums by source and category, and what was received.

    `sources` and `categories` are those of the ledger's form, in its order. `received` is by
    source; it lacks those that nothing is said of. Amounts are in 元, refunds taken off.
    """

    path: str
    sha256: str
    rows: int
    sources: tuple[Text, ...]
    categories: tuple[Category, ...]
    sums: Mapping[tuple[str, str], Sum]
    received: Mapping[str, Fraction]

    def sum(self, source: str | None = None, category: str | None = None) -> Sum:
        """Return what the rows of a source, of a category, of both or of all come to."""
        return total(
            it
            for (of, on), it in self.sums.items()
            if source in (None, of) and category in (None, on)
        )


class Report(Record):
    """The result of evaluating one submission.

    `tier` is the tier's id. `counts` are of the items' own statuses, by level; `fail_on` says
    which levels set the exit code. `left_out` are the parts of the plan that were not evaluated.
    """

    path: str
    sha256: str
    county: str
    town: str
    tier: str
    tier_name: Text
    as_of: date
    acceptance_year: int
    required_assurance: str
    parts: tuple[str, ...]
    verdict: str
    counts: Mapping[str, Mapping[str, int]]
    items: tuple[ItemResult, ...]
    doubts: tuple[Doubt, ...]
    fail_on: str = BINDING
    left_out: tuple[Part, ...] = ()
    ledger: LedgerTable | None = None

    def waived(self, level: str) -> int:
        """Return how many items of `level` the verdict leaves out because they are waived."""
        return sum(
            item.is_waived and item.level == level and item.standing == WAIVED
            for item in self.items
        )


class Totals(Record):
    """What a run, or a part of one, comes to: its inputs, and how many there are of each verdict.

    Inputs that could not be read have none. `unchanged` is the number of data files that were left
    out because nothing about them has changed, `None` where that was not asked.
    """

    inputs: int
    verdicts: Mapping[str, int]
    unchanged: int | None

    def plus(self, other: "Totals") -> "Totals":
        """Return what this and the `other` part of one run come to."""
        verdicts = dict(self.verdicts)
        for verdict, number in other.verdicts.items():
            verdicts[verdict] = verdicts.get(verdict, 0) + number
        unchanged = None if self.unchanged is None else self.unchanged + (other.unchanged or 0)
        return Totals(self.inputs + other.inputs, verdicts, unchanged)


class Run(Record):
    """All that one run found: what a reporter is given. A part of a run is a run, too.

    `inputs` are the paths in their order; each has a report, or problems that say why not.
    `standard` is `None` where the run ended before one was read. `unchanged` is the number of
    data files that were left out because nothing about them has changed, `None` where that was
    not asked; `baseline` names the report that the run was held against. `submissions` are those
    of the reports, in their order, where the run was told to keep them.
    """

    version: str
    standard: Standard | None
    inputs: tuple[str, ...]
    reports: tuple[Report, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    unchanged: int | None = None
    baseline: str = ""
    submissions: tuple[Submission, ...] = ()

    @property
    def totals(self) -> Totals:
        """What the run comes to."""
        return Totals(
            len(self.inputs), Counter(one.verdict for one in self.reports), self.unchanged
        )


class Style(Record):
    """How a report is to look.

    `width` is in columns; `is_unicode` allows line drawing. Paths in a report are relative to
    `folder`; formats for other programs tell them from `root`, the top of the repository.
    `with_passes` asks the formats that hold findings alone for what passes, too.
    """

    lang: str = "zh"
    quiet: bool = False
    verbose: bool = False
    width: int = 100
    color: bool = False
    is_unicode: bool = True
    folder: str = ""
    root: str = ""
    with_passes: bool = False
