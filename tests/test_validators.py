"""The outside judges themselves: each finds fault with a report that is broken in one place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft4Validator

from tests import validators

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = {"text": "一句话。"}
RULE = {"id": "33.1", "name": "企业数", "helpUri": "https://example.org/33.1"} | dict.fromkeys(
    ("shortDescription", "fullDescription", "help"), WORDS
)
DRIVER = {"name": "judged", "version": "1.0", "informationUri": "https://example.org"}
PLACE = {"artifactLocation": {"uri": "a.yaml"}, "region": {"startLine": 1}}
RESULT = {"ruleId": "33.1", "message": WORDS, "locations": [{"physicalLocation": PLACE}]}
LOG = {
    "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    "version": "2.1.0",
    "runs": [{"tool": {"driver": {**DRIVER, "rules": [RULE]}}, "results": [RESULT]}],
}
SUITE = '<testsuite name="a" tests="1" failures="0" errors="0"><testcase name="b"/></testsuite>'
FINDING = {
    "description": "一句话",
    "check_name": "33.1",
    "fingerprint": "ab",
    "severity": "major",
    "location": {"path": "数据/a.yaml", "lines": {"begin": 3}},
}


def log(change: Callable[[Any], object]) -> Any:
    """Return a copy of the good log with one change to its run."""
    content = json.loads(json.dumps(LOG))
    change(content["runs"][0])
    return content


def findings(tmp_path: Path, content: Any) -> list[str]:
    path = tmp_path / "log.sarif"
    path.write_text(json.dumps(content), "utf-8")
    found = validators.multitool_findings(path)
    if found is None:
        pytest.skip("the SARIF multitool is not at hand")
    return found


def test_multitool_has_nothing_against_a_good_log(tmp_path: Path) -> None:
    assert findings(tmp_path, LOG) == []


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("SARIF2005", lambda run: run["tool"]["driver"].pop("informationUri")),
        ("GH2012", lambda run: run["tool"]["driver"]["rules"][0].pop("help")),
        (
            "SARIF2017",
            lambda run: run["results"][0]["locations"][0]["physicalLocation"].pop("region"),
        ),
        ("JSON1005", lambda run: run.update(unknown=1)),
        ("MULTITOOL", lambda run: run["results"][0].update(kind="unknown")),
    ],
)
def test_multitool_finds_fault(tmp_path: Path, rule: str, change: Callable[[Any], object]) -> None:
    assert [it for it in findings(tmp_path, log(change)) if it.startswith(f"{rule}: ")]


def test_sarif_schema_tells_good_from_bad() -> None:
    schema = validators.sarif_schema()
    if schema is None:
        pytest.skip("the SARIF schema is not at hand")
    judge = Draft4Validator(schema)
    assert not list(judge.iter_errors(LOG))
    assert list(judge.iter_errors(log(lambda run: run["results"][0].update(kind="unknown"))))


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("", "", None),
        (' name="b"', "", "'name' is required"),
        ("<testcase", "<properties/><case", "'case'"),
        ("</testsuite>", "", "Premature end"),
    ],
)
def test_junit_schema(before: str, after: str, fault: str | None) -> None:
    errors = validators.junit_errors(SUITE.replace(before, after, 1))
    if errors is None:
        pytest.skip("the JUnit schema is not at hand")
    assert (fault is None) == (not errors)
    assert fault is None or fault in errors[0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"location": {"path": "a", "positions": {"begin": {"line": 1}}}}, None),
        ({"severity": "error"}, "severity"),
        ({"categories": []}, "categories"),
        ({"location": {"path": "a"}}, "location"),
        ({"location": {"path": "a", "lines": {"begin": 0}}}, "location"),
        *(
            ({"location": {"path": it, "lines": {"begin": 1}}}, "path")
            for it in ("./a", "/a", "b/../a")
        ),
    ],
)
def test_gitlab_schema(change: dict[str, Any], fault: str | None) -> None:
    errors = validators.gitlab_errors(json.dumps([{**FINDING, **change}]))
    assert (fault is None) == (not errors)
    assert fault is None or fault in errors[0]


@pytest.mark.parametrize("text", ["[", "{}", "\ufeff[]", json.dumps([FINDING, FINDING])])
def test_gitlab_whole_report(text: str) -> None:
    assert validators.gitlab_errors(text)
