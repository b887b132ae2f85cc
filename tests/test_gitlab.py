"""The GitLab format: its schema, its severities, and fingerprints that last."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from etown_check.engine import evaluate
from etown_check.problems import Position, Problem
from etown_check.report import FAIL, LEVELS, MISSING, REVIEW, Run, Style, all_of
from etown_check.reporters import reporter
from etown_check.words import CATALOGUE, render
from tests.conftest import EXAMPLES, read, submit
from tests.test_github import ATTACKS, held, hostile_run, waived
from tests.test_reporters import examples, run_of
from tests.validators import gitlab_errors

if TYPE_CHECKING:
    from etown_check.report import Report
    from etown_check.standard import Standard

NAMES = ("huairen", "shanyin", "yingxian", "youyu")


def gitlab(run: Run, style: Style | None = None) -> list[dict[str, Any]]:
    """Return the entries of the report, which must be as GitLab takes them."""
    text = reporter("gitlab")(run, style or Style())
    assert gitlab_errors(text) == []
    entries: list[dict[str, Any]] = json.loads(text)
    return entries


def severities(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {entry["check_name"]: entry["severity"] for entry in entries}


@pytest.fixture(scope="module")
def run(standard: Standard) -> Run:
    return run_of(standard, examples(standard, *NAMES))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_schema_and_what_goes_against_it(run: Run, lang: str) -> None:
    style = Style(lang=lang)
    entries = gitlab(run, style)
    assert len(entries) > 100
    text = reporter("gitlab")(run, style)
    assert text == reporter("gitlab")(run, style)
    first, second = entries[:2]
    for change in (
        {"severity": "error"},
        {"fingerprint": second["fingerprint"]},
        {"description": " "},
        {"location": {**first["location"], "path": "./a.yaml"}},
        {"location": {**first["location"], "lines": {"begin": 0}}},
    ):
        assert gitlab_errors(json.dumps([{**first, **change}, second])) != []


def test_severities(standard: Standard, run: Run) -> None:
    found = severities(gitlab(run._replace(reports=run.reports[1:2])))
    assert found["33.1"] == "critical"  # binding, fails
    assert found["14.1"] == "major"  # binding, for a reviewer
    assert found["9.1"] == "minor"  # expected, fails
    assert found["D8"] == "info"
    assert found["W101"] == "info"
    found = severities(gitlab(run._replace(reports=run.reports[2:3])))
    assert found["1.2"] == "major"  # binding, missing
    assert found["4.1"] == "info"  # expected, missing
    found = severities(gitlab(run._replace(reports=run.reports[:1])))
    assert found["21.2"] == "info"  # expected, for a reviewer
    bad = Problem("bad.yaml", Position(3, 5), "E501", {"key": "总产直"})
    assert severities(gitlab(Run("0.0.0", None, (), (), (bad,), ())))["E501"] == "blocker"
    lacking = run_of(standard, [evaluate(standard, submit(standard), require="verified")])
    found = severities(gitlab(lacking))
    assert found["33.1"] == "major"  # binding, passes on too little assurance
    assert found["4.1"] == "info"


def test_what_is_waived_is_for_information_and_says_by_whom(standard: Standard) -> None:
    (report,) = examples(standard, "shanyin")
    run = run_of(standard, [waived(report, "23.1", "9.1")])
    entries = {entry["check_name"]: entry for entry in gitlab(run)}
    for id in ("23.1", "9.1"):
        assert entries[id]["severity"] == "info"
        assert "朔商函〔2023〕18号" in entries[id]["description"]
        assert "2024-06-30" in entries[id]["description"]
    assert entries["33.1"]["severity"] == "critical"


def test_what_the_baseline_knows_is_for_information(standard: Standard) -> None:
    (report,) = examples(standard, "shanyin")
    known = held(report, "33.1")
    found = severities(gitlab(run_of(standard, [known])._replace(baseline="old.json")))
    assert found["33.1"] == "critical"
    assert {level for id, level in found.items() if id != "33.1"} == {"info"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_counts_are_the_reports(run: Run, lang: str) -> None:
    entries = gitlab(run, Style(lang=lang))
    for report in run.reports:
        described = {
            entry["check_name"]: entry["description"]
            for entry in entries
            if entry["location"]["path"] == report.path
        }
        assert rolled_up(report, described, lang) == {
            level: {status: report.counts[level][status] for status in (FAIL, MISSING, REVIEW)}
            for level in LEVELS
        }


def rolled_up(report: Report, described: dict[str, str], lang: str) -> dict[str, dict[str, int]]:
    """Count items by what the descriptions of their checks say; the report gives no status."""
    counts = {level: dict.fromkeys((FAIL, MISSING, REVIEW), 0) for level in LEVELS}
    for item in report.items:
        found = [
            status
            for check in item.checks
            for status in (FAIL, MISSING, REVIEW)
            if re.search(
                rf"[:：] ?{render(CATALOGUE[status], lang)}[ （]", described.get(check.id, "")
            )
        ]
        if found:
            counts[item.level][all_of(found)] += 1
    return counts


def test_fingerprints_last_when_lines_and_values_change(standard: Standard) -> None:
    text = (EXAMPLES / "shanyin.yaml").read_text("utf-8")

    def entries(text: str, path: str = "examples/shanyin.yaml") -> dict[str, tuple[str, str, int]]:
        run = run_of(standard, [evaluate(standard, read(standard, text, path))])
        return {
            entry["fingerprint"]: (
                entry["check_name"],
                entry["location"]["path"],
                entry["location"]["lines"]["begin"],
            )
            for entry in gitlab(run)
            if entry["check_name"] != "W101"
        }

    before = entries(text)
    moved = entries("# a comment\n\n" + text)
    assert moved == {
        # What is undeclared has no line, and the ledger is as it was.
        key: (rule, path, line + 2 if line > 1 and path.endswith(".yaml") else line)
        for key, (rule, path, line) in before.items()
    }
    assert any(path.endswith(".csv") for _, path, _ in before.values())
    changed = text.replace("1.44亿元", "1.45亿元")
    assert changed != text
    assert entries(changed) == before
    other = entries(text, "examples/other.yaml")
    assert {rule for rule, path, _ in other.values() if path.endswith(".csv")} == {
        other[key][0] for key in other.keys() & before.keys()
    }


def test_the_same_mistake_twice_makes_two_entries() -> None:
    bad = [Problem("bad.yaml", Position(line, 5), "E501", {"key": "总产直"}) for line in (3, 9)]
    first, second = gitlab(Run("0.0.0", None, ("bad.yaml",), (), tuple(bad), ()))
    assert first["fingerprint"] != second["fingerprint"]
    assert (first["location"]["lines"], second["location"]["lines"]) == ({"begin": 3}, {"begin": 9})


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("./a.yaml", "a.yaml"),
        ("././数据/a.yaml", "数据/a.yaml"),
        ("数据/./a.yaml", "数据/a.yaml"),
        ("../a.yaml", "a.yaml"),
        ("/tmp/a.yaml", "tmp/a.yaml"),
        ("C:\\数据\\a.yaml", "数据/a.yaml"),
        ("数据:a.yaml", "数据:a.yaml"),
        ("-", "-"),
        ("", "-"),
        ("\udcff.yaml", "udcff.yaml"),
    ],
)
def test_paths(path: str, shown: str) -> None:
    (entry,) = gitlab(Run("0.0.0", None, (), (), (Problem(path, None, "E101", {}),), ()))
    assert entry["location"] == {"path": shown, "lines": {"begin": 1}}


def test_paths_start_from_the_repository() -> None:
    run = Run("0.0.0", None, (), (), (Problem("a.yaml", None, "E101", {}),), ())
    (entry,) = gitlab(run, Style(folder="/repo/数据", root="/repo"))
    assert entry["location"]["path"] == "数据/a.yaml"


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text(standard: Standard, attack: str) -> None:
    (report,) = examples(standard, "shanyin")
    run = hostile_run(standard, report, attack)
    assert len(gitlab(run)) == len(gitlab(hostile_run(standard, report, "x")))
    text = reporter("gitlab")(run, Style())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]", text)


def test_nothing_found_is_an_empty_list() -> None:
    assert gitlab(Run("0.0.0", None, (), (), (), ())) == []
