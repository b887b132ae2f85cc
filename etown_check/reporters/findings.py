"""What other programs list one by one: checks that are open, data doubts, mistakes of inputs.

A finding has its text in the reader's language, its path as the repository knows it, and a
fingerprint by which it is known again after unrelated edits.
"""

import os
from collections.abc import Iterator
from hashlib import sha256

from etown_check.problems import Position, Problem
from etown_check.records import Record
from etown_check.report import FAIL, CheckResult, Doubt, ItemResult, Report, Run, Style
from etown_check.reporters import texts
from etown_check.standard import BINDING
from etown_check.text import visible
from etown_check.words import Phrase, Words, render, say

ERROR, WARNING, NOTE = "error", "warning", "note"


class Finding(Record):
    """One thing to look at.

    `rule` is the id of a check, or the code of a doubt, an error or a warning. `path` is
    relative to the repository where the file lies in it. `report`, `item` and `check` are those
    of a check, `report` and `doubt` those of a doubt.
    """

    rule: str
    severity: str
    title: str
    message: str
    path: str
    position: Position | None
    end: int | None
    fingerprint: str
    report: Report | None = None
    item: ItemResult | None = None
    check: CheckResult | None = None
    doubt: Doubt | None = None

    @property
    def place(self) -> Position | None:
        """Where to show it: no line of a workbook, which is no text, but the file."""
        return None if self.position is not None and self.position.sheet else self.position

    @property
    def told(self) -> str:
        """The message, behind the cell of a workbook, which no line can say."""
        cell = "" if self.position == self.place else texts.spot(self.position)
        return f"{cell} {self.message}".lstrip()


def findings(run: Run, style: Style) -> Iterator[Finding]:
    """Yield the findings of `run`: mistakes of inputs, then each report's checks and doubts."""
    seen: dict[str, int] = {}
    for finding in _findings(run, style):
        number = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        if number == 1:
            yield finding
        else:  # the same mistake once more in one file
            own = fingerprint(finding.fingerprint, str(number))
            yield finding._replace(fingerprint=own)


def _findings(run: Run, style: Style) -> Iterator[Finding]:
    for problem in (*run.problems, *run.warnings):
        yield of_problem(problem, style)
    for report in run.reports:
        for item in report.items:
            for check in item.checks:
                if check.is_open:
                    yield of_check(report, item, check, style)
        for doubt in report.doubts:
            yield of_doubt(report, doubt, style)


def of_check(report: Report, item: ItemResult, check: CheckResult, style: Style) -> Finding:
    """Return the finding for a check; one that is waived, or known from a baseline, is a note."""
    lang = style.lang
    status = texts.status_text(check, lang)
    level = render(say(item.level), lang)
    name = f"{check.id} {render(check.name, lang)}"
    title = f"{name}: {status} ({level})" if lang == "en" else f"{name}：{status}（{level}）"
    path = path_in_repository(report.path, style)
    severity = NOTE
    if check.status == FAIL and check.waiver is None and not check.is_known:
        severity = ERROR if item.level == BINDING else WARNING
    return Finding(
        check.id,
        severity,
        visible(title),
        message_of(item, check, lang),
        path,
        check.position,
        None,
        fingerprint(path, report.town, check.id),
        report,
        item,
        check,
    )


def message_of(item: ItemResult, check: CheckResult, lang: str) -> str:
    """Say on one line why a check is open, or what is declared, and the plan's words."""
    reasons = [texts.shown(reason, lang) for reason in check.reasons]
    if not reasons:
        colon = ": " if lang == "en" else "："
        declared = texts.declared_text(check, lang) or render(say("undeclared"), lang)
        reasons = [f"{texts.word('declared', lang)}{colon}{declared}"]
    if check.waiver is not None:
        reasons.append(texts.waiver_text(check.waiver, lang))
    if check.before is not None:
        key = "known" if check.is_known else "worse"
        reasons.append(texts.word(key, lang, before=render(say(check.before), lang)))
    return " ".join([*reasons, texts.citation(item, check, lang)])


def of_doubt(report: Report, doubt: Doubt, style: Style) -> Finding:
    """Return the finding for a data doubt, which may be about the ledger."""
    path = path_in_repository(doubt.path or report.path, style)
    message = texts.shown(doubt.message, style.lang)
    subject = (doubt.code, *doubt.metrics, *_named(doubt.message))
    return Finding(
        doubt.code,
        NOTE,
        f"{doubt.code} {render(say('doubt'), style.lang)}",
        message,
        path,
        doubt.position,
        None,
        fingerprint(path, report.town, *subject),
        report,
        doubt=doubt,
    )


def _named(message: Phrase) -> Iterator[str]:
    """Yield what tells a doubt from others of its code and metrics: check, year, name; no value.

    A row of a ledger is known by all that it says but its place, which other rows change.
    """
    for key in ("check", "year", "name"):
        if key in message.args:
            words: Words = message.args[key]
            yield render(words, "zh")
    row = message.args.get("row")
    if isinstance(row, Phrase):
        yield from (render(arg, "zh") for key, arg in row.args.items() if key != "place")


def of_problem(problem: Problem, style: Style) -> Finding:
    """Return the finding for a mistake of an input, or a warning about it."""
    lang = style.lang
    is_warning = problem.code.startswith("W")
    kind = texts.word("warning" if is_warning else "error", lang)
    path = path_in_repository(problem.path, style)
    said = (render(arg, "zh") for key, arg in problem.args.items() if key != "line")
    return Finding(
        problem.code,
        WARNING if is_warning else ERROR,
        f"{kind} {problem.code}",
        visible(f"{problem.message(lang)} {problem.hint(lang)}".strip()),
        path,
        problem.position,
        problem.end,
        fingerprint(path, problem.code, *said),
    )


def path_in_repository(path: str, style: Style) -> str:
    """Return `path` as the repository knows it, with whatever could do harm made visible."""
    return visible(raw_path(path, style))


def raw_path(path: str, style: Style) -> str:
    """Return `path` from the top of the repository, with slashes; one outside stays absolute."""
    if path not in ("", "-") and style.root:
        whole = os.path.normpath(os.path.join(style.folder, path))
        path = whole.removeprefix(style.root.rstrip(os.sep) + os.sep)
    return path.replace(os.sep, "/")


def fingerprint(*parts: str) -> str:
    """Return the digest by which something is known again; no line and no value belongs in it."""
    return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
