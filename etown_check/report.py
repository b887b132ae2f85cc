"""A report: what was found, as frozen records that look nothing up."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from etown_check.problems import Position, Problem
from etown_check.words import Phrase, Text, Words

PASS, FAIL, MISSING, REVIEW = "pass", "fail", "missing", "review"
NOT_DUE, NOT_APPLICABLE = "not_due", "not_applicable"
STATUSES = (PASS, FAIL, MISSING, REVIEW, NOT_DUE, NOT_APPLICABLE)

COMPLIANT, NON_COMPLIANT, INCOMPLETE = "compliant", "non_compliant", "incomplete"


class CheckResult(NamedTuple):
    """The result of one check, with the plan's words and everything that explains it.

    `readings` are the ids of the readings that bear on it; `remarks` say in words which special
    case was met. `reasons` and `advice` are empty for a check that passes.
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
    position: Position | None
    readings: tuple[str, ...]
    remarks: tuple[Words, ...]
    reasons: tuple[Phrase, ...]
    advice: Phrase | None
    quote: str


class ItemResult(NamedTuple):
    """The result of one item, rolled up from its checks.

    `is_whole` tells whether all of its checks were judged; a report may be narrowed to some.
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


class Doubt(NamedTuple):
    """Something odd in the figures: a warning, never a status."""

    code: str
    message: Phrase
    metrics: tuple[str, ...]
    position: Position | None


class Report(NamedTuple):
    """The result of evaluating one submission. `tier` is the tier's id, `counts` by level."""

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


class Run(NamedTuple):
    """All that one run found: what a reporter is given.

    `inputs` are the paths in their order; each has a report, or problems that say why not.
    `standard_id` is empty where the run ended before a standard was read.
    """

    version: str
    standard_id: str
    standard_title: Text
    standard_sha256: str
    inputs: tuple[str, ...]
    reports: tuple[Report, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


class Style(NamedTuple):
    """How a report is to look. `width` is in columns; `is_unicode` allows line drawing."""

    lang: str = "zh"
    quiet: bool = False
    verbose: bool = False
    width: int = 100
    color: bool = False
    is_unicode: bool = True
