"""The JUnit report, read back as a CI server reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from lxml import etree

from etown_check.engine import evaluate
from etown_check.problems import Position, Problem
from etown_check.report import LEVELS, Run, Style
from etown_check.reporters import reporter, texts
from etown_check.text import HIDDEN, visible
from etown_check.words import render, say
from tests import validators
from tests.conftest import EXAMPLES, read
from tests.test_github import held, hostile_run, waived
from tests.test_reporters import HOSTILE, examples, run_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etown_check.report import CheckResult, ItemResult, Report
    from etown_check.standard import Standard

NAMES = ("huairen", "shanyin", "yingxian", "youyu")
BAD = (
    Problem("examples/bad.yaml", Position(3, 5), "E501", {"key": "总产直"}, ("总产值",), 8),
    Problem("examples/bad.yaml", None, "E101", {}),
)
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
NOT_PASSED = ("failure", "error", "skipped")


class Case(NamedTuple):
    """A test case; `tag` is empty for one that passed."""

    classname: str
    name: str
    tag: str
    type: str
    message: str
    text: str


class Suite(NamedTuple):
    name: str
    file: str
    properties: Mapping[str, str]
    cases: tuple[Case, ...]
    output: str


def junit(run: Run, lang: str = "zh") -> str:
    return reporter("junit")(run, Style(lang=lang))


def suites(text: str) -> list[Suite]:
    """Read a report, and hold its counts against what it holds."""
    root = etree.fromstring(text.encode())
    assert root.tag == "testsuites"
    found = []
    for element in root:
        suite = suite_of(element)
        told = {tag: sum(case.tag == tag for case in suite.cases) for tag in NOT_PASSED}
        assert element.get("tests") == str(len(suite.cases))
        assert element.get("failures") == str(told["failure"])
        assert element.get("errors") == str(told["error"])
        assert element.get("skipped") == str(told["skipped"])
        found.append(suite)
    for count in ("tests", "failures", "errors"):
        assert int(root.get(count) or "") == sum(int(it.get(count) or "") for it in root)
    return found


def suite_of(element: etree._Element) -> Suite:
    properties = {
        it.get("name") or "": it.get("value") or ""
        for it in element.iterfind("properties/property")
    }
    cases = tuple(case_of(it) for it in element.iterfind("testcase"))
    output = element.findtext("system-out") or ""
    names = (element.get("name") or "", element.get("file") or "")
    return Suite(*names, properties, cases, output)


def case_of(element: etree._Element) -> Case:
    results = list(element)
    assert len(results) <= 1
    names = (element.get("classname") or "", element.get("name") or "")
    if not results:
        return Case(*names, "", "", "", "")
    (result,) = results
    assert result.tag in NOT_PASSED
    told = (result.get("type") or "", result.get("message") or "", result.text or "")
    return Case(*names, str(result.tag), *told)


def by_item(suite: Suite) -> dict[str, Case]:
    found = {case.name.split(" ")[0]: case for case in suite.cases}
    assert len(found) == len(suite.cases)
    return found


def alone(run: Run, report: Report) -> Run:
    """Return a run of `report` and nothing else."""
    return run._replace(inputs=(report.path,), reports=(report,), problems=(), warnings=())


def only(run: Run, report: Report) -> dict[str, Case]:
    """Return the cases of `report` by item."""
    (suite,) = suites(junit(alone(run, report)))
    return by_item(suite)


@pytest.fixture(scope="module")
def run(standard: Standard) -> Run:
    return run_of(standard, examples(standard, *NAMES), *BAD)


# By the judgement of others


@LANGUAGES
@pytest.mark.parametrize("sort", ["plain", "waived beside a baseline", "no standard", "nothing"])
def test_it_follows_the_schema(standard: Standard, run: Run, sort: str, lang: str) -> None:
    odd = held(waived(run.reports[1], "9.1", "23.1"), "33.1")
    sorts = {
        "plain": run,
        "waived beside a baseline": run_of(standard, [odd])._replace(baseline="old.json"),
        "no standard": Run("0.0.0", None, (), (), (Problem("", None, "E110", {}),), ()),
        "nothing": Run("0.0.0", standard, (), (), (), (), unchanged=3),
    }
    text = junit(sorts[sort], lang)
    errors = validators.junit_errors(text)
    if errors is None:
        pytest.skip("the schema of JUnit reports is not at hand")
    assert errors == []
    assert validators.junit_errors(text.replace(' errors="', ' mistakes="'))


# Suites


def test_a_file_is_a_suite(run: Run) -> None:
    found = suites(junit(run))
    names = [*run.inputs, "notes.yaml"]
    assert [suite.name for suite in found] == [suite.file for suite in found] == names
    assert [len(suite.cases) for suite in found] == [
        *(len(report.items) for report in run.reports),
        1,
        0,
    ]


def test_a_suite_is_named_as_the_repository_knows_it(run: Run) -> None:
    text = reporter("junit")(run, Style(folder="/repo/sub", root="/repo"))
    assert next(it.name for it in suites(text)) == "sub/examples/huairen.yaml"


@LANGUAGES
def test_the_raw_counts_can_be_read_back(run: Run, lang: str) -> None:
    reports = (run.reports[0], waived(run.reports[1], "9.1", "23.1"), *run.reports[2:])
    assert run.standard
    for suite, report in zip(
        suites(junit(run._replace(reports=reports), lang))[:4], reports, strict=True
    ):
        told = suite.properties
        assert told["standard"] == run.standard.id
        assert told["verdict"] == report.verdict
        assert (told["county"], told["town"]) == (report.county, report.town)
        assert told["sha256"] == report.sha256
        for level in LEVELS:
            counts = dict(report.counts[level])
            assert {it: int(told[f"{level}.{it}"]) for it in counts} == counts
            assert int(told[f"{level}.waived"]) == report.waived(level)


@LANGUAGES
def test_the_output_tells_verdict_counts_and_doubts(run: Run, lang: str) -> None:
    suite = suites(junit(run, lang))[1]
    report = run.reports[1]
    lines = suite.output.split("\n")
    assert texts.heading(report, lang) in lines
    assert any(line.endswith(texts.verdict_text(report.verdict, lang)) for line in lines)
    assert set(texts.count_lines(report, lang)) <= set(lines)
    doubts = [f"  {line}" for line in texts.doubt_lines(report, lang)]
    assert doubts
    assert lines[-len(doubts) :] == doubts
    (plain,) = suites(junit(alone(run, report._replace(doubts=())), lang))
    assert plain.output.split("\n") == lines[: -len(doubts) - 1]


@LANGUAGES
def test_warnings_stand_in_the_output_of_their_file(run: Run, lang: str) -> None:
    of_data = Problem("examples/shanyin.yaml", Position(2, 1), "W104", {})
    warned = suites(junit(run._replace(warnings=(of_data, *run.warnings)), lang))
    for name, warning in ((run.inputs[1], of_data), ("notes.yaml", run.warnings[0])):
        (suite,) = (it for it in warned if it.name == name)
        assert warning.code in suite.output
        assert warning.message(lang) in suite.output
        assert warning.hint(lang) in suite.output
    assert all("W104" not in it.output for it in warned if it.name != run.inputs[1])


@LANGUAGES
def test_files_that_were_left_out_are_told(standard: Standard, lang: str) -> None:
    run = Run("0.0.0", standard, (), (), (), (), unchanged=3)
    (suite,) = suites(junit(run, lang))
    assert (suite.name, suite.file, suite.cases) == ("etown-check", "", ())
    assert suite.output.split("\n") == texts.unchanged_lines(run.totals, lang)
    assert "3" in suite.output


# Items


def expected(item: ItemResult) -> tuple[str, str]:
    match item.standing:
        case "pass":
            return "", ""
        case "fail":
            return "failure", item.level
        case standing:
            return "skipped", standing


@LANGUAGES
def test_an_item_is_a_case(run: Run, lang: str) -> None:
    kinds = set()
    for suite, report in zip(suites(junit(run, lang))[:4], run.reports, strict=True):
        for case, item in zip(suite.cases, report.items, strict=True):
            assert case.name == f"{item.id} {render(item.name, lang)}"
            section = render(item.section, lang).replace(".", "")
            assert case.classname == f"{report.town}.{section}"
            assert (case.tag, case.type) == expected(item)
            kinds.add((case.tag, case.type))
    assert kinds == {
        ("", ""),
        ("failure", "binding"),
        ("failure", "expected"),
        ("skipped", "missing"),
        ("skipped", "review"),
        ("skipped", "not_due"),
    }


def test_cases_of_several_towns_differ_by_their_class(run: Run) -> None:
    names = [(it.classname, it.name) for suite in suites(junit(run)) for it in suite.cases]
    assert len(set(names)) == len(names)
    assert all(classname.count(".") <= 1 for classname, _ in names)


def _with_status(check: CheckResult, status: str) -> CheckResult:
    return check._replace(judgement=check.judgement._replace(status=status))


def test_what_does_not_apply_is_skipped(run: Run) -> None:
    report = run.reports[0]
    items = tuple(
        item._replace(
            status="not_applicable",
            checks=tuple(_with_status(it, "not_applicable") for it in item.checks),
        )
        if item.id == "33"
        else item
        for item in report.items
    )
    case = only(run, report._replace(items=items))["33"]
    assert (case.tag, case.type, case.message) == ("skipped", "not_applicable", "不适用")


@LANGUAGES
def test_a_failure_says_all_that_is_to_be_done(run: Run, lang: str) -> None:
    report = run.reports[1]
    case = by_item(suites(junit(run, lang))[1])["33"]
    (item,) = (it for it in report.items if it.id == "33")
    check = item.checks[0]
    (reason,) = check.reasons
    colon = ": " if lang == "en" else "："
    name = f"33.1 {render(check.name, lang)}"
    status = render(say("fail"), lang)
    assert case.message == f"{status}{colon}{name}{colon}{render(reason, lang)}"
    lines = case.text.split("\n")
    assert lines[0] == f"{name} [{status}]"
    details = texts.details(report, item, check, lang, verbose=False)
    assert lines[1:] == [f"  {label}: {text}" for label, text in details]
    assert any(texts.place(report.path, check.position) in line for line in lines)


def test_what_is_missing_is_said_once(run: Run) -> None:
    cases = by_item(suites(junit(run))[2])
    assert cases["7"].message == "未申报：本地产品特色馆。"
    assert cases["32"].message == (
        "32.1 资金管理办法：未申报：资金管理办法。 32.2 支持标准明确：未申报：支持标准明确。"
    )


def test_a_pass_on_too_little_assurance_is_skipped(standard: Standard, run: Run) -> None:
    text = (EXAMPLES / "huairen.yaml").read_text("utf-8")
    report = evaluate(standard, read(standard, text, "examples/a.yaml"), require="verified")
    cases = only(run, report)
    lacking = [item for item in report.items if item.standing == "unassured"]
    assert len(lacking) > 20
    for item in lacking:
        case = cases[item.id]
        assert (case.tag, case.type) == ("skipped", "unassured")
        assert case.message.startswith("可信度不足：")
    assert (
        int(suites(junit(run_of(standard, [report])))[0].properties["binding.pass"])
        == (report.counts["binding"]["pass"])
    )


# Waivers and baselines


@LANGUAGES
def test_what_is_waived_is_skipped_and_says_by_whom(run: Run, lang: str) -> None:
    report = waived(run.reports[1], "9.1", "23.1")
    cases = by_item(suites(junit(alone(run, report), lang))[0])
    for id, status in (("9", "fail"), ("23", "review")):
        case = cases[id]
        assert (case.tag, case.type) == ("skipped", "waived")
        mark = texts.word("waived_mark", lang, status=render(say(status), lang))
        assert case.message.startswith(mark)
        for said in ("朔商函〔2023〕18号", "2023-08-01", "2024-06-30"):
            assert said in case.message
            assert said in case.text


def test_a_waiver_of_one_check_excuses_no_other(run: Run) -> None:
    shanyin = run.reports[1]
    items = tuple(
        item._replace(status="fail", checks=tuple(_with_status(it, "fail") for it in item.checks))
        if item.id == "24"
        else item
        for item in shanyin.items
    )
    report = waived(shanyin._replace(items=items), "24.1")
    case = only(run, report)["24"]
    assert (case.tag, case.type) == ("failure", "expected")
    assert "24.1 物流快递统仓共配 [不达标（豁免）]" in case.text
    assert "24.2 物流共同配送服务规范 [不达标]" in case.text
    whole = only(run, waived(shanyin._replace(items=items), "24.1", "24.2", "24.3"))["24"]
    assert (whole.tag, whole.type) == ("skipped", "waived")


@LANGUAGES
def test_beside_a_baseline_only_what_is_worse_fails(run: Run, lang: str) -> None:
    report = held(run.reports[1], "33.1")
    beside = alone(run, report)._replace(baseline="old.json")
    suite = suites(junit(beside, lang))[0]
    cases = by_item(suite)
    assert [it for it, case in cases.items() if case.tag == "failure"] == ["33"]
    worse = texts.word("worse", lang, before=render(say("pass"), lang))
    assert worse in cases["33"].text
    for id, status in (("5", "fail"), ("37", "review")):
        case = cases[id]
        assert (case.tag, case.type) == ("skipped", "baseline")
        known = texts.word("known", lang, before=render(say(status), lang))
        assert case.message.endswith(known)
        assert known in case.text
    assert cases["1"].tag == ""
    assert set(texts.baseline_lines(beside, report, lang)) <= set(suite.output.split("\n"))


def test_of_an_item_only_the_checks_that_got_worse_count(run: Run) -> None:
    """A failure that the baseline has does not fail once more for what is newly open beside it."""
    report = held(run.reports[1], "36.1")
    items = tuple(
        item._replace(
            checks=(_with_status(item.checks[0], "review"), *item.checks[1:]),
        )
        if item.id == "36"
        else item
        for item in report.items
    )
    case = only(run, report._replace(items=items))["36"]
    assert (case.tag, case.type) == ("skipped", "review")
    assert case.message.startswith("不达标：36.1 ")


# Files that were not judged


@LANGUAGES
def test_a_file_with_mistakes_is_an_error(run: Run, lang: str) -> None:
    (case,) = next(it for it in suites(junit(run, lang)) if it.name == "examples/bad.yaml").cases
    assert (case.classname, case.name) == (texts.word("unread", lang), "examples/bad.yaml")
    assert (case.tag, case.type) == ("error", "E501")
    assert case.message.startswith(texts.word("unread_with", lang, number=2))
    assert case.message.endswith(BAD[0].message(lang))
    assert "examples/bad.yaml:3:5: " in case.text
    for problem in BAD:
        assert problem.code in case.text
        assert problem.message(lang) in case.text
        assert problem.hint(lang) in case.text


def test_a_file_that_was_not_judged_for_anothers_mistake_did_not_pass(standard: Standard) -> None:
    bad = Problem("reference.yaml", None, "E101", {})
    run = Run("0.0.0", standard, ("a.yaml",), (), (bad,), ())
    data, reference = suites(junit(run))
    (case,) = data.cases
    assert (data.name, case.name, case.tag, case.type) == ("a.yaml", "a.yaml", "skipped", "unread")
    assert [it.tag for it in reference.cases] == ["error"]


def test_a_mistake_of_no_file_is_the_tools(standard: Standard) -> None:
    run = Run("0.0.0", None, (), (), (Problem("", None, "E110", {}),), ())
    (suite,) = suites(junit(run))
    assert (suite.name, suite.file) == ("etown-check", "")
    assert [(it.tag, it.type) for it in suite.cases] == [("error", "E110")]


# Hostile text

XML = [
    "]]>",
    "</failure><testcase/>",
    "&lt;&#1;&x;",
    "\"'/>",
    "<!-- --><![CDATA[x]]>",
    "\x00\x0b",
    "\ufffex\uffff",
    "\ud800",
    "\U0001fffe",
    "a\r\n\tb\x85",
]


@pytest.mark.parametrize("text", [*HOSTILE, *XML])
@LANGUAGES
def test_hostile_text_stays_text(standard: Standard, run: Run, text: str, lang: str) -> None:
    written = junit(hostile_run(standard, run.reports[2], text), lang)
    shown = visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    assert not HIDDEN.search(written.replace("\n", ""))
    data, mistakes, _ = suites(written)
    assert data.name == data.file == f"{shown}.yaml"
    assert mistakes.name == mistakes.file == f"{shown}.yml"
    assert len(data.cases) == len(run.reports[2].items)
    assert len(mistakes.cases) == 1
    assert data.properties["town"] == shown
    open_cases = [case for case in data.cases if case.type in ("missing", "review", "waived")]
    assert len(open_cases) > 20
    for case in data.cases:
        assert case.name.endswith(f" {shown}")
    for case in open_cases:
        assert shown in case.message
        assert shown in case.text
    assert shown in mistakes.cases[0].text
    assert shown in data.output
    assert validators.junit_errors(written) in ([], None)
