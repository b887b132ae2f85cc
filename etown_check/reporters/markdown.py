"""The Markdown report: what one pastes into a merge request on GitHub, GitLab or Gitee."""

import re
from collections.abc import Iterable, Iterator, Sequence

from etown_check.problems import Problem
from etown_check.records import Record
from etown_check.report import (
    COMPLIANT,
    FAIL,
    INCOMPLETE,
    MISSING,
    NON_COMPLIANT,
    REVIEW,
    CheckResult,
    ItemResult,
    Report,
    Run,
    Style,
    rank,
)
from etown_check.reporters import texts
from etown_check.reporters.findings import path_in_repository
from etown_check.reporters.ledger_table import Grid, ledger_text
from etown_check.standard import BINDING
from etown_check.text import visible
from etown_check.words import Text, render, say

WORDS = {
    "file": Text("文件", "File"),
    "line": Text("行", "Line"),
    "county": Text("县区", "County"),
    "error": Text("错误", "Errors"),
    "warning": Text("提醒", "Warnings"),
    "approver": Text("批准人", "Approved by"),
    "document": Text("文号", "Document"),
    "until": Text("有效期至", "Until"),
    "because": Text("理由", "Reason"),
    "explained": Text("逐项说明（{number} 项）", "Each of them explained ({number})"),
    "doubts": Text("{doubts}：{number} 条", "{doubts}: {number}"),
    "how_many": Text("{name}（{number} 处）", "{name} ({number})"),
    "known_mark": Text("{status}（基线已有）", "{status} (in the baseline)"),
    "worse_mark": Text("{status}（变差）", "{status} (worse)"),
    "short_of_details": Text(
        "篇幅所限，略去了逐项说明和数据疑点。",
        "For want of space explanations and data doubts are left out.",
    ),
    "short_of_rows": Text(
        "篇幅所限，台账的有关各行没有全部列出。",
        "For want of space not all of the ledger's rows are listed.",
    ),
    "more_rows": Text("另有 {number} 行未列出。", "Rows not shown: {number}."),
    "more_problems": Text("另有 {number} 处未列出。", "Not shown: {number}."),
    "more_files": Text("另有 {number} 个文件未列出。", "Files not shown: {number}."),
}
_SIGNS = {COMPLIANT: "✅", NON_COMPLIANT: "❌", INCOMPLETE: "⚠️"}
_NOT_READ = "⛔"

_MOST = 60_000
"""Characters. A comment on GitHub takes 65,536."""


class _Extent(Record):
    """How much the report holds: with explanations or not, and how much of what at most."""

    details: bool = False
    all_rows: bool = False
    rows: int | None = None
    reports: int | None = None
    files: int | None = None


# From all there is to hardly more than the verdicts; the first that fits is taken.
_EXTENTS = (
    _Extent(details=True, all_rows=True),
    _Extent(details=True),
    _Extent(),
    *(_Extent(rows=number) for number in (50, 20, 10, 5)),
    *(_Extent(rows=5, reports=number) for number in (50, 20, 10, 5, 2, 1, 0)),
    *(_Extent(rows=5, reports=0, files=number) for number in (500, 200, 100, 50, 20)),
    _Extent(rows=0, reports=0, files=0),
)


def report(run: Run, style: Style) -> str:
    """Return the Markdown report of `run`, cut where it is too long for a comment."""
    drafts = (_fitting(_lines(run, style, extent)) for extent in _EXTENTS)
    return next(draft for draft in drafts if draft is not None)


def _fitting(lines: Iterable[str]) -> str | None:
    """Return the text of `lines`, or `None` as soon as it gets too long."""
    taken: list[str] = []
    length = 0
    for line in lines:
        length += len(line) + 1
        if length > _MOST:
            return None
        taken.append(line)
    return "\n".join(taken).strip("\n") + "\n"


def _lines(run: Run, style: Style, extent: _Extent) -> Iterator[str]:
    lang = style.lang
    several = len(run.inputs) > 1 or not run.reports[: extent.reports]
    if several:
        yield f"## {escaped(texts.word('title', lang))}"
        yield from _overview(run, style, extent.files)
    if extent != _EXTENTS[0]:
        yield from ("", _word("short_of_rows" if extent.details else "short_of_details", lang))
    yield from _told("error", run.problems, style, extent.rows)
    for one in run.reports[: extent.reports]:
        yield ""
        yield from _section(run, one, style, extent, "###" if several else "##")
    yield from _more("more_files", run.reports, extent.reports, lang)
    yield from _told("warning", run.warnings, style, extent.rows)
    for line in texts.unchanged_lines(run.totals, lang):
        yield from ("", escaped(line))
    if run.standard is not None:
        source = (texts.word("title", lang), render(run.standard.facts.title, lang))
        yield from ("", escaped(" · ".join(source)))


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


def _more(key: str, all_of: Sequence[object], shown: int | None, lang: str) -> Iterator[str]:
    """Say how many of `all_of` are not shown, where some are not."""
    if shown is not None and len(all_of) > shown:
        yield from ("", _word(key, lang, number=len(all_of) - shown))


# The files


def _overview(run: Run, style: Style, most: int | None) -> Iterator[str]:
    lang = style.lang
    if not run.inputs:
        return
    yield from ("", escaped(texts.total_line(run.totals, lang)), "")
    header = [_word("file", lang), _word("county", lang)]
    header += [texts.word("verdict", lang), _said(BINDING, lang)]
    by_path = {report.path: report for report in run.reports}
    rows = []
    for (_, verdict, said), path in zip(texts.file_lines(run, lang), run.inputs, strict=True):
        where = path_in_repository(path, style)
        report = by_path.get(path)
        if report is None:
            rows.append([where, "", f"{_NOT_READ} {said}", ""])
        else:
            shown = f"{_SIGNS[verdict]} {texts.verdict_text(verdict, lang)}"
            rows.append([where, report.county, shown, _open_counts(report, lang)])
    yield from table(header, rows[:most])
    yield from _more("more_files", rows, most, lang)


def _open_counts(report: Report, lang: str) -> str:
    counts = report.counts[BINDING]
    open_ones = [it for it in (FAIL, MISSING, REVIEW) if counts[it]]
    return texts.sentence(*(f"{_said(it, lang)} {counts[it]}" for it in open_ones), lang=lang)


def _said(key: str, lang: str) -> str:
    return render(say(key), lang)


# Mistakes of inputs


def _told(key: str, problems: Sequence[Problem], style: Style, most: int | None) -> Iterator[str]:
    if not problems:
        return
    lang = style.lang
    sign = _NOT_READ if key == "error" else _SIGNS[INCOMPLETE]
    title = _word("how_many", lang, name=_word(key, lang), number=len(problems))
    yield from ("", f"### {sign} {title}")
    for problem in problems[:most]:
        located = problem._replace(path=path_in_repository(problem.path, style))
        yield ""
        yield from _problem(located, lang)
    yield from _more("more_problems", problems, most, lang)


def _problem(problem: Problem, lang: str) -> Iterator[str]:
    where = escaped(texts.place(problem.path, problem.position))
    yield f"**{problem.code}** {where}".rstrip()
    yield ""
    yield escaped(problem.message(lang))
    if problem.line and problem.position and problem.end:
        lines = texts.excerpt(problem.line, problem.position, problem.end)
        yield from ("", *_code(line.removeprefix("    ") for line in lines))
    hint = problem.hint(lang)
    if hint:
        colon = ": " if lang == "en" else "："
        yield from ("", f"{texts.word('hint', lang).capitalize()}{colon}{escaped(hint)}")


def _code(lines: Iterable[str]) -> Iterator[str]:
    """Yield a code block, fenced by more backticks than stand together in it."""
    shown = list(lines)
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (fence, *shown, fence)


# A report


def _section(run: Run, report: Report, style: Style, extent: _Extent, level: str) -> Iterator[str]:
    lang = style.lang
    one = _located(report, style)
    verdict = texts.verdict_text(one.verdict, lang)
    yield f"{level} {_SIGNS[one.verdict]} {escaped(one.town)} · {verdict}"
    yield ""
    yield escaped(f"{one.path} · {texts.heading(one, lang)}")
    yield ""
    for lines in (
        texts.count_lines(one, lang),
        texts.left_out_lines(one, lang),
        texts.baseline_lines(run, one, lang),
    ):
        yield from (f"- {escaped(line)}" for line in lines)
    found = _open(one)
    yield ""
    if found:
        yield from _cut(_open_table(found, lang), extent.rows, lang)
    else:
        yield escaped(texts.word("nothing_to_do", lang))
    waived = [(item, check) for item in one.items for check in item.checks if check.waiver]
    if waived:
        yield from ("", f"**{texts.word('waived', lang)}**", "")
        yield from _cut(_waived_table(waived, lang), extent.rows, lang)
    if extent.details:
        if not style.quiet:
            yield from _ledger(run, one, lang)
        if found and not style.quiet:
            yield from _folded(
                _word("explained", lang, number=len(found)),
                _explained(one, found, style, all_rows=extent.all_rows),
            )
        doubts = texts.doubt_lines(one, lang)
        if doubts:
            title = _word("doubts", lang, doubts=texts.word("doubts", lang), number=len(one.doubts))
            yield from _folded(title, (f"- {escaped(line)}" for line in doubts))


def _located(report: Report, style: Style) -> Report:
    """Return `report` with its paths as the repository knows them."""
    doubts = (
        it._replace(path=path_in_repository(it.path, style)) if it.path else it
        for it in report.doubts
    )
    ledger = report.ledger
    if ledger is not None:
        ledger = ledger._replace(path=path_in_repository(ledger.path, style))
    path = path_in_repository(report.path, style)
    return report._replace(path=path, doubts=tuple(doubts), ledger=ledger)


def _open(report: Report) -> list[tuple[ItemResult, CheckResult]]:
    """Return what needs action, the gravest first."""
    found = [(item, check) for item in report.items for check in texts.open_checks(item)]
    return sorted(found, key=_urgency)


def _urgency(found: tuple[ItemResult, CheckResult]) -> tuple[int, ...]:
    item, check = found
    return (check.is_known, item.level != BINDING, rank(check.status))


_Table = tuple[list[str], list[list[str]]]
"""A header, and rows of as many cells."""


def _open_table(found: Sequence[tuple[ItemResult, CheckResult]], lang: str) -> _Table:
    keys = ("id", "content", "level", "declared", "required", "gap", "status")
    rows = [
        [
            check.id,
            render(check.name, lang),
            texts.word(f"{item.level}_short", lang),
            texts.declared_text(check, lang),
            texts.shown(check.required, lang),
            texts.gap_text(check, lang),
            _result(item, check, lang),
            texts.spot(check.position),
        ]
        for item, check in found
    ]
    return [*(texts.word(key, lang) for key in keys), _word("line", lang)], rows


def _result(item: ItemResult, check: CheckResult, lang: str) -> str:
    status = texts.status_text(check, lang)
    if check.before is not None:
        status = _word("known_mark" if check.is_known else "worse_mark", lang, status=status)
    is_grave = item.level == BINDING and check.status == FAIL and not check.is_known
    return strong(status) if is_grave else status


def _waived_table(found: Sequence[tuple[ItemResult, CheckResult]], lang: str) -> _Table:
    header = [texts.word(key, lang) for key in ("id", "content", "status")]
    header += [_word(key, lang) for key in ("approver", "document", "until", "because")]
    rows = []
    for _, check in found:
        assert check.waiver is not None  # which is why it is among them
        waiver = check.waiver
        until = waiver.expires_on.isoformat()
        cells = [check.id, render(check.name, lang), _said(check.status, lang)]
        rows.append([*cells, waiver.approver, waiver.document, until, waiver.reason])
    return header, rows


def _cut(content: _Table, most: int | None, lang: str) -> Iterator[str]:
    """Yield a table of at most `most` rows, and how many more there are."""
    header, rows = content
    yield from table(header, rows[:most])
    yield from _more("more_rows", rows, most, lang)


def _folded(summary: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield what is to be opened by a click. Only between blank lines is it read as Markdown."""
    yield from ("", "<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>")


def _ledger(run: Run, report: Report, lang: str) -> Iterator[str]:
    """Yield what the ledger comes to, folded, in two tables."""
    assert run.standard is not None  # which the report was made by
    ledger = ledger_text(report, run.standard, lang)
    if ledger is None:
        return
    lines = [escaped(ledger.facts), ""]
    for grid in (ledger.wide, ledger.by_source):
        lines += [*_numbers(grid), ""]
    yield from _folded(ledger.title, [*lines, *map(escaped, ledger.notes)])


def _numbers(grid: Grid) -> list[str]:
    totals = ([strong(cell) for cell in row] for row in grid.totals)
    return table(grid.header, [*grid.rows, *totals], numbers=len(grid.header) - grid.labels)


def _explained(
    report: Report,
    found: Iterable[tuple[ItemResult, CheckResult]],
    style: Style,
    *,
    all_rows: bool,
) -> Iterator[str]:
    lang = style.lang
    colon = ": " if lang == "en" else "："
    for index, (item, check) in enumerate(found):
        if index:
            yield ""
        facts = (render(check.name, lang), texts.status_text(check, lang), _said(item.level, lang))
        yield f"**{escaped(check.id)}** {escaped(' · '.join(facts))}"
        yield ""
        said = texts.details(report, item, check, lang, style.verbose, all_rows=all_rows)
        for label, text in said:
            yield f"- {label}{colon}{escaped(text)}"


# Markdown

# Text from outside must read as it stands, wherever the report is pasted. Character references
# are never taken for Markdown, for HTML or for the frame of a table, and unlike backslashes every
# flavour knows them for every character. But GitHub and GitLab also search the text that Markdown
# leaves behind, with the references resolved, for mentions, numbers, labels, addresses, :emoji:
# and $math$. They search each element for itself; so a sign that they look for stands alone in a
# span. A comment in its place may be dropped before they search, and a zero-width space is copied
# along. Dots are hidden from flavours that take any a.b for an address; none ends in .yaml.
_SPECIAL = re.compile(
    r"""
    (?P<sought>
        [@#$~*]
      | [!&](?=\d) | %(?=[\w"])
      | [\[{](?=[a-z+-])
      | :(?=[\w+-]+:|//)
      | (?<=www)\.
      | (?<=[a-z])-(?=\d)
    )
  | (?P<commit>(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z]))
  | [\\`_\[\]{}<>&|^]
  | \A(?:[-+=:/]|\d+[.)](?!\S))
  | (?<=/)/
  | \.(?!ya?ml\b)(?=[^\W\d_])
    """,
    re.VERBOSE | re.IGNORECASE,
)


def escaped(text: str) -> str:
    """Return `text` so that it is shown as it stands, in a paragraph, a list or a table."""
    return _SPECIAL.sub(_reference, visible(text).strip())


def _reference(match: re.Match[str]) -> str:
    found = match.group()
    if match["commit"]:
        return "".join(f"<span>{part}</span>" for part in re.findall(".{1,6}", found))
    reference = f"{found[:-1]}&#{ord(found[-1])};"
    return f"<span>{reference}</span>" if match["sought"] else reference


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def strong(text: str) -> Markdown:
    """Return `text` so that it stands out where it stands alone, in a paragraph or between tags."""
    shown = escaped(text)
    return Markdown(f"**{shown}**" if shown else "")


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> list[str]:
    """Return the lines of a table. Cells are text, or `Markdown`.

    The last so many columns are of `numbers`, which end below each other.
    """
    rule = f"|{' --- |' * (len(header) - numbers)}{' ---: |' * numbers}"
    return [_row(header), rule, *map(_row, rows)]


def _row(cells: Iterable[str]) -> str:
    shown = (it if isinstance(it, Markdown) else escaped(it) for it in cells)
    return f"| {' | '.join(shown)} |"
