"""The JUnit XML report, for the test views of CI servers: a suite a file, a test case an item.

Only what passes is a passed test. What fails is a failed one, unless leave was given for it or a
baseline knows it. All else is skipped, with its status and the reason. The properties of a suite
hold the raw counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element, indent, tostring

from etown_check.problems import Problem
from etown_check.records import Record
from etown_check.report import (
    FAIL,
    LEVELS,
    MISSING,
    PASS,
    REVIEW,
    UNASSURED,
    WAIVED,
    CheckResult,
    ItemResult,
    Report,
    Run,
    Style,
)
from etown_check.reporters import texts
from etown_check.reporters.findings import path_in_repository
from etown_check.text import visible
from etown_check.words import render, say

_TOOL = "etown-check"
_OPEN = (FAIL, MISSING, REVIEW, UNASSURED)
_FORBIDDEN = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}
"""What XML cannot hold even as a reference, beside what `visible` shows as codes."""


class _File(Record):
    """A path and all that the run says of it."""

    path: str
    report: Report | None
    problems: Sequence[Problem]
    warnings: Sequence[Problem]


def report(run: Run, style: Style) -> str:
    """Return the JUnit XML report of `run`."""
    suites = [_suite(run, file, style) for file in _files(run)]
    unchanged = texts.unchanged_lines(run.totals, style.lang)
    if unchanged:
        suites.append(_with_counts(_TOOL, [], unchanged))
    root = _element("testsuites", name=_TOOL)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "")) for suite in suites)))
    root.extend(suites)
    indent(root, " ")
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _files(run: Run) -> Iterator[_File]:
    """Yield the inputs in their order, then what else there are problems and warnings of."""
    reports = {report.path: report for report in run.reports}
    problems = _by_path(run.problems)
    warnings = _by_path(run.warnings)
    for path in dict.fromkeys((*run.inputs, *problems, *warnings)):
        yield _File(path, reports.get(path), problems.get(path, ()), warnings.get(path, ()))


def _by_path(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.path, []).append(problem)
    return found


def _suite(run: Run, file: _File, style: Style) -> Element:
    name = path_in_repository(file.path, style) or _TOOL
    cases = []
    if file.problems or (file.report is None and file.path in run.inputs):
        cases.append(_unread_case(name, file.problems, style.lang))
    output: list[str] = []
    if file.report is not None:
        cases += [_case(file.report, item, style) for item in file.report.items]
        output += _report_lines(run, file.report, style.lang)
    output += _problem_lines(file.warnings, style.lang)
    suite = _with_counts(name, cases, output)
    if file.path:
        suite.set("file", suite.get("name", ""))  # a test case cannot have one
    if file.report is not None:
        suite.insert(0, _properties(run, file.report))
    return suite


def _with_counts(name: str, cases: Sequence[Element], output: Sequence[str]) -> Element:
    counts = {
        count: str(sum(case.find(tag) is not None for case in cases))
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    }
    suite = _element("testsuite", name=name, tests=str(len(cases)), **counts)
    suite.extend(cases)
    if output:
        suite.append(_element("system-out", output))
    return suite


def _properties(run: Run, report: Report) -> Element:
    """Return what a program may want to know of the whole file, the raw counts among it."""
    properties = _element("properties")
    facts = {
        "standard": run.standard.id if run.standard else "",
        "county": report.county,
        "town": report.town,
        "as_of": report.as_of.isoformat(),
        "sha256": report.sha256,
        "verdict": report.verdict,
    }
    for level in LEVELS:
        counts = report.counts[level]
        facts |= {f"{level}.{status}": str(number) for status, number in counts.items()}
        facts[f"{level}.{WAIVED}"] = str(report.waived(level))
    properties.extend(_element("property", name=name, value=it) for name, it in facts.items())
    return properties


def _report_lines(run: Run, report: Report, lang: str) -> Iterator[str]:
    yield texts.heading(report, lang)
    yield f"{texts.word('verdict', lang)}: {texts.verdict_text(report.verdict, lang)}"
    yield from texts.count_lines(report, lang)
    yield from texts.left_out_lines(report, lang)
    yield from texts.baseline_lines(run, report, lang)
    doubts = texts.doubt_lines(report, lang)
    if doubts:
        yield texts.word("doubts", lang)
        yield from (f"  {line}" for line in doubts)


def _problem_lines(problems: Iterable[Problem], lang: str) -> Iterator[str]:
    return (line for problem in problems for line in texts.problem_lines(problem, lang))


def _unread_case(name: str, problems: Sequence[Problem], lang: str) -> Element:
    """Return the case of a file that was not judged: an error, if it has mistakes of its own."""
    case = _element("testcase", classname=texts.word("unread", lang), name=name)
    if not problems:
        case.append(_element("skipped", type="unread", message=texts.word("unread", lang)))
        return case
    unread = texts.word("unread_with", lang, number=len(problems))
    message = _said(unread, [problems[0].message(lang)], lang)
    lines = _problem_lines(problems, lang)
    case.append(_element("error", lines, type=problems[0].code, message=message))
    return case


def _case(report: Report, item: ItemResult, style: Style) -> Element:
    lang = style.lang
    section = render(item.section, lang)
    case = _element(
        "testcase",
        # Servers tell test cases of the same name apart by their class, not by their suite, and
        # part it at its last dot.
        classname=".".join(it.replace(".", "") for it in (report.town, section)),
        name=f"{item.id} {render(item.name, lang)}",
    )
    kind = _kind(item)
    if kind == PASS:
        return case
    tag, type = ("failure", item.level) if kind == FAIL else ("skipped", kind)
    lines = _lines(report, item, style)
    case.append(_element(tag, lines, type=type, message=_message(item, lang)))
    return case


def _kind(item: ItemResult) -> str:
    """Return how the item counts, or `baseline` where all that is open of it is known from there."""
    if item.counted in _OPEN:
        return item.counted
    return "baseline" if item.standing in _OPEN else item.standing


def _message(item: ItemResult, lang: str) -> str:
    """Say on one line what the item's own status is, and why."""
    status = render(say(UNASSURED if item.lacks_assurance else item.status), lang)
    if item.standing == WAIVED:
        status = texts.word("waived_mark", lang, status=status)
    elif item.status == MISSING:
        status = ""  # the reasons begin by saying so
    is_one_of_many = len(item.checks) > 1
    reasons = [_reason(check, is_one_of_many, lang) for check in item.checks if check.is_open]
    return _said(status, reasons, lang)


def _reason(check: CheckResult, is_one_of_many: bool, lang: str) -> str:
    reasons = [texts.shown(reason, lang) for reason in check.reasons]
    if check.waiver is not None:
        reasons.append(texts.waiver_text(check.waiver, lang))
    if check.is_known and check.before is not None:
        reasons.append(texts.word("known", lang, before=render(say(check.before), lang)))
    subject = f"{check.id} {render(check.name, lang)}" if is_one_of_many else ""
    return _said(subject, reasons, lang)


def _said(subject: str, reasons: Sequence[str], lang: str) -> str:
    colon = ": " if lang == "en" else "："
    return colon.join(part for part in (subject, " ".join(reasons)) if part)


def _lines(report: Report, item: ItemResult, style: Style) -> Iterator[str]:
    """Yield all there is to say of the item's checks that are open, waived ones among them."""
    lang = style.lang
    for check in item.checks:
        if check.is_open:
            yield f"{check.id} {render(check.name, lang)} [{texts.status_text(check, lang)}]"
            for label, text in texts.details(report, item, check, lang, style.verbose):
                yield f"  {label}: {text}"
            if check.waiver is not None:
                yield f"  {render(say(WAIVED), lang)}: {texts.waiver_text(check.waiver, lang)}"


def _element(tag: str, lines: Iterable[str] = (), **attributes: str) -> Element:
    """Return an element of harmless text: the only way by which any gets into the document."""
    element = Element(tag, {name: _harmless(value) for name, value in attributes.items()})
    element.text = "\n".join(_harmless(line) for line in lines) or None
    return element


def _harmless(text: str) -> str:
    return visible(text).translate(_FORBIDDEN)
