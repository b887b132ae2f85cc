"""GitLab's code quality report: a JSON list, one entry for each finding."""

import re
from typing import Any

from etown_check.report import FAIL, MISSING, PASS, REVIEW, Run, Style
from etown_check.reporters.findings import ERROR, Finding, findings
from etown_check.reporters.json_report import dumped
from etown_check.standard import BINDING, EXPECTED

_INFO = "info"
_SEVERITIES = {
    (BINDING, FAIL): "critical",
    (BINDING, MISSING): "major",
    (BINDING, REVIEW): "major",
    (BINDING, PASS): "major",
    (EXPECTED, FAIL): "minor",
    (EXPECTED, MISSING): _INFO,
    (EXPECTED, REVIEW): _INFO,
    (EXPECTED, PASS): _INFO,
}
"""How grave an open check is, by level and status; one that passes lacks assurance.

A mistake of an input is a blocker, for nothing of the file was judged. What is waived or stands
no worse than in the baseline, a doubt and a warning are for information.
"""


def report(run: Run, style: Style) -> str:
    """Return the code quality report of `run`."""
    return dumped([_entry(finding) for finding in findings(run, style)])


def _entry(finding: Finding) -> dict[str, Any]:
    return {
        "description": f"{finding.title} {finding.told}",
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _severity(finding),
        "location": {
            "path": _path(finding.path),
            "lines": {"begin": finding.place.line if finding.place else 1},
        },
    }


def _path(path: str) -> str:
    """Return `path` as GitLab takes one: nothing in it may lead out of the repository."""
    steps = re.split(r"[/\\]", re.sub(r"\A[A-Za-z]:", "", path))
    return "/".join(step for step in steps if step not in ("", ".", "..")) or "-"


def _severity(finding: Finding) -> str:
    if finding.item is None or finding.check is None:
        return "blocker" if finding.severity == ERROR else _INFO
    if finding.check.is_known or finding.check.waiver is not None:
        return _INFO
    return _SEVERITIES[finding.item.level, finding.check.status]
