"""GitHub's workflow commands: notes beside the lines of the files, and plain lines for the log.

The runner reads every line of a job's output for commands. It obeys `::name …::` at the start of
a line and, from older days, `##[name …]` anywhere in it; so neither may come out of a data file.
"""

from collections.abc import Iterator

from etown_check.report import Report, Run, Style, rank
from etown_check.reporters import texts
from etown_check.reporters.findings import ERROR, NOTE, WARNING, Finding, findings
from etown_check.standard import BINDING
from etown_check.text import visible, without_commands
from etown_check.words import Text, render

WORDS = {
    ERROR: Text(
        "另有 {number} 处错误，GitHub 不再标注。",
        "Errors that GitHub has no room for beside the files: {number}",
    ),
    WARNING: Text(
        "另有 {number} 处警告，GitHub 不再标注。",
        "Warnings that GitHub has no room for beside the files: {number}",
    ),
    NOTE: Text(
        "另有 {number} 处提示，GitHub 不再标注。",
        "Notices that GitHub has no room for beside the files: {number}",
    ),
}
_COMMANDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}
_MOST = 10
"""Annotations of one command that GitHub shows of one step."""


def report(run: Run, style: Style) -> str:
    """Return the workflow commands and the log lines of `run`."""
    lines = [*_annotations(run, style), *map(_harmless, _log(run, style))]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _annotations(run: Run, style: Style) -> Iterator[str]:
    """Yield a command for each finding while GitHub shows them, and lines for the rest."""
    found = sorted(findings(run, style), key=_urgency)
    for severity, command in _COMMANDS.items():
        told = [one for one in found if one.severity == severity and not _is_waived(one)]
        yield from (_command(command, finding) for finding in told[:_MOST])
        rest = told[_MOST:]
        if rest:
            yield render(WORDS[severity], style.lang).format(number=len(rest))
            yield from (_harmless(f"  {_line(it)}") for it in rest if not _is_doubt(it))


def _is_waived(finding: Finding) -> bool:
    return finding.check is not None and finding.check.waiver is not None


def _is_doubt(finding: Finding) -> bool:
    return finding.doubt is not None


def _urgency(finding: Finding) -> tuple[int, ...]:
    """Return what findings are sorted by: mistakes of inputs come first, doubts last."""
    if finding.item is None or finding.check is None:
        return (2,) if _is_doubt(finding) else (0,)
    check = finding.check
    return (1, check.is_known, finding.item.level != BINDING, rank(check.status))


def _command(name: str, finding: Finding) -> str:
    properties = {"file": "" if finding.path == "-" else finding.path}
    if finding.place is not None:
        properties["line"] = str(finding.place.line)
        properties["col"] = str(finding.place.column)
        if finding.end is not None:  # GitHub counts the last column in
            properties["endColumn"] = str(finding.end - 1)
    properties["title"] = finding.title
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {listed}::{_data(finding.told)}"


_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_ESCAPES = str.maketrans(_DATA)
_PROPERTY_ESCAPES = str.maketrans({**_DATA, ":": "%3A", ",": "%2C"})


def _data(text: str) -> str:
    return _harmless(text).translate(_ESCAPES)


def _property(text: str) -> str:
    return _harmless(text).translate(_PROPERTY_ESCAPES)


def _harmless(line: str) -> str:
    return without_commands(visible(line))


# The log


def _line(finding: Finding) -> str:
    """Return a line about a finding: all of a mistake, which is told nowhere else."""
    where = texts.place(finding.path, finding.position)
    said = finding.title if finding.report else f"{finding.title} {finding.message}"
    return f"{where} {said}".strip()


def _log(run: Run, style: Style) -> Iterator[str]:
    several = len(run.inputs) > 1
    if several or not run.reports:
        for path, _, said in texts.file_lines(run, style.lang):
            yield f"{path}  {said}"
    for one in run.reports:
        yield ""
        yield from _report_lines(run, one, style.lang)
    if several:
        yield ""
        yield f"{texts.word('total', style.lang)}: {texts.total_line(run.totals, style.lang)}"
    yield from texts.unchanged_lines(run.totals, style.lang)


def _report_lines(run: Run, report: Report, lang: str) -> Iterator[str]:
    yield texts.place(report.path, None)
    yield texts.heading(report, lang)
    yield f"{texts.word('verdict', lang)}: {texts.verdict_text(report.verdict, lang)}"
    yield from texts.count_lines(report, lang)
    yield from texts.left_out_lines(report, lang)
    yield from texts.baseline_lines(run, report, lang)
    for key, lines in (
        ("waived", texts.waiver_lines(report, lang)),
        ("doubts", texts.doubt_lines(report, lang)),
    ):
        if lines:
            yield texts.word(key, lang)
            yield from (f"  {line}" for line in lines)
