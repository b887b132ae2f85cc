"""What the readable reports say, before it is laid out: lines and cells in the reader's language.

Every text that may come from a data file passes through `visible` here, once.
"""

from collections.abc import Callable, Iterator, Sequence

from etown_check.ledger import LedgerRow
from etown_check.memory import Known
from etown_check.problems import Position, Problem, cell_name
from etown_check.quantities import Quantity
from etown_check.records import Record
from etown_check.report import (
    FAIL,
    LEVELS,
    MISSING,
    PASS,
    REVIEW,
    STATUSES,
    CheckResult,
    Doubt,
    ItemResult,
    Report,
    Run,
    Totals,
    Waiver,
)
from etown_check.spending import MOST_NAMED, row_named
from etown_check.standard import BINDING
from etown_check.text import columns, visible
from etown_check.words import LANGUAGES, Phrase, Text, Words, render, say

WORDS = {
    "title": Text("乡村e镇建设标准自检报告", "Rural e-town compliance report"),
    "verdict": Text("结论", "Verdict"),
    "data_date": Text("数据截止 {date}", "data of {date}"),
    "acceptance_year": Text("验收年度 {year}", "acceptance year {year}"),
    "count": Text("{level} {total} 项：{counts}", "{total} {level}: {counts}"),
    "lacks_assurance": Text(
        "其中可信度不足“{level}”的 {number} 项", 'of these {number} below "{level}"'
    ),
    "id": Text("序号", "No."),
    "content": Text("内容", "What"),
    "level": Text("属性", "Level"),
    "declared": Text("申报", "Declared"),
    "required": Text("要求", "Required"),
    "gap": Text("差距", "Gap"),
    "status": Text("结果", "Result"),
    "names": Text("{number}项", "{number} listed"),
    "short": Text("差 {gap}", "{gap} short"),
    "over": Text("多 {gap}", "{gap} over"),
    "late": Text("晚 {gap}", "{gap} late"),
    "lacking": Text("缺 {gap}", "lacking in {gap}"),
    "to_do": Text("需要处理的事项", "What needs action"),
    "nothing_to_do": Text("没有需要处理的事项。", "Nothing needs action."),
    "reason": Text("情况", "Why"),
    "words": Text("原文", "Plan"),
    "place": Text("位置", "Where"),
    "action": Text("处理", "Do"),
    "readings": Text("读法", "Readings"),
    "remark": Text("说明", "Note"),
    "row": Text("台账", "Row"),
    "left_out": Text(
        "未检查的部分：{parts}（没有填报，或没有要求检查；要检查请加 --part all）。",
        "Parts not checked: {parts} (nothing declared of them, or not asked for; --part all checks them).",
    ),
    "doubts": Text(
        "数据疑点（不影响结果，请核对）", "Data doubts (they change no result; please check)"
    ),
    "waived": Text("已豁免的事项", "Waived"),
    "waived_count": Text("其中豁免 {number}", "of these waived {number}"),
    "unassured_mark": Text("{status}（可信度不足）", "{status} (lacks assurance)"),
    "waived_mark": Text("{status}（豁免）", "{status} (waived)"),
    "waiver": Text(
        "{approver}批准（{document}），{approved_on} 至 {expires_on} 有效。理由：{reason}",
        "Approved by {approver} ({document}), in force {approved_on} to {expires_on}. Reason: {reason}",
    ),
    "baseline": Text("基线", "Base"),
    "known": Text(
        "基线中为“{before}”，没有变差，不影响退出码。",
        "“{before}” in the baseline, no worse now: leaves the exit code as it is.",
    ),
    "worse": Text("基线中为“{before}”，变差了。", "“{before}” in the baseline, worse now."),
    "none_worse": Text("与基线相比没有变差的项目。", "No item is worse than in the baseline."),
    "some_worse": Text(
        "与基线相比变差 {number} 项：{ids}。", "Worse than in the baseline, {number}: {ids}."
    ),
    "some_new": Text(
        "基线中没有 {number} 项，计入退出码：{ids}。",
        "Not in the baseline, counted for the exit code, {number}: {ids}.",
    ),
    "not_in_baseline": Text(
        "基线中没有这个镇，全部项目计入退出码。",
        "The baseline does not have this town: every item counts for the exit code.",
    ),
    "nothing_changed": Text("没有需要检查的改动。", "Nothing that changed needs checking."),
    "unchanged": Text(
        "另有 {number} 个数据文件没有改动，未检查。",
        "Data files without changes, not checked: {number}.",
    ),
    "on_threshold": Text("恰好等于标准值：{list}。", "Exactly on the threshold: {list}."),
    "total": Text("合计", "Total"),
    "files": Text("{number} 个文件：{verdicts}", "{number} files: {verdicts}"),
    "more_files": Text("另有 {number} 个文件未列出。", "{number} more files are not listed."),
    "more_checks": Text(
        "另有 {number} 项需要处理，涉及另外 {files} 个文件。",
        "{number} more checks need action, in {files} more files.",
    ),
    "in_full": Text(
        "要看每项的原因和原文，请单独校验该文件；要全部结果，请用 --format plain 或 json。",
        "For reasons and the plan's words, check a file by itself; for everything, give --format plain or json.",
    ),
    "unread": Text("无法读取", "unreadable"),
    "unread_with": Text("无法读取（{number} 处错误）", "unreadable (errors: {number})"),
    "binding_short": Text("约束", "bind."),
    "expected_short": Text("期望", "exp."),
    "error": Text("错误", "error"),
    "warning": Text("提醒", "warning"),
    "hint": Text("提示", "hint"),
}

_MOST_NAMES = 3
_VERDICTS = ("compliant", "non_compliant", "incomplete")


class Row(Record):
    """A line of the table: an item, or one of its checks."""

    id: str
    content: str
    level: str
    declared: str
    required: str
    gap: str
    status: str
    status_text: str
    is_item: bool


def word(key: str, lang: str, **args: str | int) -> str:
    """Return a word of the reports in `lang`."""
    return render(WORDS[key], lang).format(**args)


def shown(words: Words | None, lang: str) -> str:
    """Render `words` with whatever could do harm made visible.

    What judgements say is remembered as they are: other files may come to the same.
    """
    if not isinstance(words, Phrase):
        return "" if words is None else visible(render(words, lang))
    known = _PHRASES[lang].recall(words)
    return _PHRASES[lang].remember(words, visible(render(words, lang))) if known is None else known


MOST_REMEMBERED = 1_500
"""Phrases whose texts are remembered."""
_PHRASES: dict[str, Known[Phrase, str]] = {lang: Known(MOST_REMEMBERED) for lang in LANGUAGES}


def sentence(*parts: str, lang: str) -> str:
    """Join the parts of a sentence as the language does."""
    return (", " if lang == "en" else "、").join(parts)


def heading(report: Report, lang: str) -> str:
    """Return who is reported on, and as of when."""
    facts = (
        report.county,
        report.town,
        shown(report.tier_name, lang),
        word("data_date", lang, date=report.as_of.isoformat()),
        word("acceptance_year", lang, year=report.acceptance_year),
    )
    return " · ".join(facts)


def verdict_text(verdict: str, lang: str) -> str:
    """Return a verdict in words."""
    return render(say(verdict), lang)


def count_lines(report: Report, lang: str) -> list[str]:
    """Return a line of counts for each level."""
    return [_count_line(report, level, lang) for level in LEVELS if _total(report, level)]


def _total(report: Report, level: str) -> int:
    return sum(report.counts[level].values())


def _count_line(report: Report, level: str, lang: str) -> str:
    counts = report.counts[level]
    parts = [
        f"{render(say(status), lang)} {counts[status]}"
        for status in STATUSES
        if counts[status] or status in (PASS, FAIL)
    ]
    lacking = sum(item.lacks_assurance for item in report.items if item.level == level)
    if lacking:
        needed = render(say(report.required_assurance), lang)
        parts.append(word("lacks_assurance", lang, level=needed, number=lacking))
    if report.waived(level):
        parts.append(word("waived_count", lang, number=report.waived(level)))
    name = render(say(level), lang)
    listed = sentence(*parts, lang=lang)
    return word("count", lang, level=name, total=_total(report, level), counts=listed)


def rows(item: ItemResult, lang: str) -> Iterator[Row]:
    """Yield the table's lines for `item`: one, or one and its checks where it has several."""
    level = word(f"{item.level}_short", lang)
    status = render(say(item.status), lang)
    name = render(item.name, lang)
    if len(item.checks) == 1 and item.is_whole:
        check = item.checks[0]
        cells = (declared_text(check, lang), shown(check.required, lang), gap_text(check, lang))
        yield Row(item.id, name, level, *cells, item.status, status_text(check, lang), True)
        return
    if not item.is_whole:
        status = ""  # what of an item was judged says nothing of the rest
    yield Row(item.id, name, level, "", "", "", item.status, status, True)
    for check in item.checks:
        yield Row(
            check.id,
            render(check.name, lang),
            "",
            declared_text(check, lang),
            shown(check.required, lang),
            gap_text(check, lang),
            check.status,
            status_text(check, lang),
            False,
        )


def status_text(check: CheckResult, lang: str) -> str:
    """Return a check's status in words, and that it is waived or lacks assurance."""
    status = render(say(check.status), lang)
    if check.waiver is not None:
        return word("waived_mark", lang, status=status)
    return word("unassured_mark", lang, status=status) if check.lacks_assurance else status


def declared_text(check: CheckResult, lang: str) -> str:
    """Return what was declared, and what an expert put in its place."""
    declared = _short(check.declared, lang)
    if check.verified is None:
        return declared
    verified = _short(check.verified, lang)
    if declared == verified:
        return verified
    return shown(say("settled", verified=verified, declared=declared or say("undeclared")), lang)


def _short(words: Words | None, lang: str) -> str:
    """Render a declared value for a table, which has no room for long lists of names."""
    is_list = isinstance(words, tuple) and all(isinstance(word, str) for word in words)
    if isinstance(words, tuple) and is_list and len(words) > _MOST_NAMES:
        return word("names", lang, number=len(words))
    return shown(words, lang)


def gap_text(check: CheckResult, lang: str) -> str:
    """Return the gap, of each year where there are several, with the word that says to which side."""
    if check.gap is None:
        return ""
    side = "over" if any(_says_over(reason) for reason in check.reasons) else "short"
    if not isinstance(check.gap, tuple) or isinstance(check.gap, Quantity | Phrase):
        return _gap(check.gap, side, lang)
    years = (part.args for part in check.gap if isinstance(part, Phrase))
    return sentence(
        *(f"{shown(args['year'], lang)}: {_gap(args['value'], side, lang)}" for args in years),
        lang=lang,
    )


_SIDES = {"days": "late", "rows": "lacking"}
"""The words for gaps that are neither short of anything nor over it."""


def _gap(gap: Words, side: str, lang: str) -> str:
    own = _SIDES.get(gap.key, side) if isinstance(gap, Phrase) else side
    return word(own, lang, gap=shown(gap, lang))


def _says_over(words: Words) -> bool:
    if not isinstance(words, Phrase):
        return False
    says = words.key in ("exceeds", "overspent")
    return says or any(_says_over(arg) for arg in words.args.values())


def open_checks(item: ItemResult) -> Iterator[CheckResult]:
    """Yield the checks of `item` that need action: what is waived does not."""
    for check in item.checks:
        if check.is_open and check.waiver is None:
            yield check


def details(
    report: Report,
    item: ItemResult,
    check: CheckResult,
    lang: str,
    verbose: bool,
    *,
    all_rows: bool = True,
) -> Iterator[tuple[str, str]]:
    """Yield what there is to say about a check that needs action: labels and texts.

    Of a ledger's rows the reasons name the first; `all_rows` asks for a line for each.
    """
    for reason in check.reasons:
        yield word("reason", lang), shown(reason, lang)
    for remark in check.remarks:
        yield word("remark", lang), shown(remark, lang)
    if all_rows and len(check.rows) > MOST_NAMED:  # else the reasons name them all
        for said in row_lines(check.rows, lang):
            yield word("row", lang), said
    yield word("words", lang), citation(item, check, lang)
    if check.position is not None:
        yield word("place", lang), place(report.path, check.position)
    if check.advice is not None:
        yield word("action", lang), shown(check.advice, lang)
    if check.before is not None:
        key = "known" if check.is_known else "worse"
        yield word("baseline", lang), word(key, lang, before=render(say(check.before), lang))
    if verbose and check.readings:
        yield word("readings", lang), sentence(*check.readings, lang=lang)


def row_lines(rows: Sequence[LedgerRow], lang: str) -> Iterator[str]:
    """Yield a line for each row of a ledger: its place, date, amount, voucher, and what it is for.

    What they all have in common is not said of each.
    """
    common = [len({getattr(row, key) for row in rows}) == 1 for key in ("source", "category")]
    for row in rows:
        told = zip((row.source, row.category), common, strict=True)
        more = (*(it for it, is_common in told if not is_common), row.payee, row.description)
        yield " · ".join((shown(row_named(row), lang), *(visible(it) for it in more if it)))


def waiver_lines(report: Report, lang: str) -> list[str]:
    """Return a line for each check that is waived: who gave leave, and until when."""
    return [
        f"{check.id} {render(check.name, lang)}  {render(say(check.status), lang)}  "
        f"{waiver_text(check.waiver, lang)}"
        for item in report.items
        for check in item.checks
        if check.waiver is not None
    ]


def waiver_text(waiver: Waiver, lang: str) -> str:
    """Say who gave leave, by which document, until when and why."""
    return visible(
        word(
            "waiver",
            lang,
            approver=waiver.approver,
            document=waiver.document,
            approved_on=waiver.approved_on.isoformat(),
            expires_on=waiver.expires_on.isoformat(),
            reason=waiver.reason,
        )
    )


def baseline_lines(run: Run, report: Report, lang: str) -> list[str]:
    """Return what the report is beside the baseline; nothing where there is none."""
    if not run.baseline:
        return []
    if all(item.before is None for item in report.items):
        return [word("not_in_baseline", lang)]
    worse = [item.id for item in report.items if item.before is not None and not item.is_known]
    new = [item.id for item in report.items if item.before is None]
    lines = [] if worse else [word("none_worse", lang)]
    for key, ids in (("some_worse", worse), ("some_new", new)):
        if ids:
            lines.append(word(key, lang, number=len(ids), ids=sentence(*ids, lang=lang)))
    return lines


def left_out_lines(report: Report, lang: str) -> list[str]:
    """Say which parts of the plan were not checked; nothing where none was left out."""
    if not report.left_out:
        return []
    parts = sentence(*(render(part.name, lang) for part in report.left_out), lang=lang)
    return [word("left_out", lang, parts=parts)]


def unchanged_lines(totals: Totals, lang: str) -> list[str]:
    """Say how many data files were left out because nothing about them has changed."""
    if totals.unchanged is None:
        return []
    lines = [] if totals.inputs else [word("nothing_changed", lang)]
    return [*lines, word("unchanged", lang, number=totals.unchanged)] if totals.unchanged else lines


def citation(item: ItemResult, check: CheckResult, lang: str) -> str:
    """Return the plan's words that ask for a check, and where they stand."""
    words = visible(f"“{check.quote}”")
    return f"{words} ({item.where})" if lang == "en" else f"{words}（{item.where}）"


def place(path: str, position: Position | None) -> str:
    """Return a place as editors understand it, path:line:column; of a workbook as Excel does."""
    where = visible(path)
    if position is None:
        return where
    if position.sheet:
        return f"{where}!{visible(cell_name(position))}"
    return f"{where}:{position.line}:{position.column}"


def spot(position: Position | None) -> str:
    """Return where in its file something is, on as little room as can be: its line, or its cell."""
    if position is None:
        return ""
    return visible(cell_name(position)) if position.sheet else str(position.line)


def doubt_lines(report: Report, lang: str) -> list[str]:
    """Return a line for each doubt; those of exact thresholds, often many, share one."""
    lines = []
    exact = [doubt for doubt in report.doubts if doubt.message.key.startswith("doubt_threshold")]
    for doubt in report.doubts:
        if doubt not in exact:
            where = place(doubt.path or report.path, doubt.position)
            told = f"  [{where}]" if doubt.path or doubt.position else ""
            lines.append(f"{doubt.code}  {shown(doubt.message, lang)}{told}")
        elif doubt is exact[0]:
            named = sentence(*(_exact_name(one, lang) for one in exact), lang=lang)
            lines.append(f"{doubt.code}  {word('on_threshold', lang, list=named)}")
    return lines


def _exact_name(doubt: Doubt, lang: str) -> str:
    args = doubt.message.args
    year = f" {args['year']}" if "year" in args else ""
    value = shown(args["value"], lang)
    return f"{args['check']}{year} {value}"


def file_lines(
    run: Run, lang: str, summary: Callable[[Report, str], str] | None = None
) -> list[tuple[str, str, str]]:
    """Return for each input its path, its verdict's key ("" if unread) and what to say of it.

    `summary` says in a language what stands behind a verdict; by default it is about a town.
    """
    summary = summary or _town_summary
    by_path = {report.path: report for report in run.reports}
    lines = []
    for path in run.inputs:
        report = by_path.get(path)
        if report is None:
            errors = sum(problem.path == path for problem in run.problems)
            said = word("unread_with", lang, number=errors) if errors else word("unread", lang)
            lines.append((visible(path), "", said))
        else:
            said = f"{verdict_text(report.verdict, lang)}  {summary(report, lang)}"
            lines.append((visible(path), report.verdict, said.rstrip()))
    return lines


def _town_summary(report: Report, lang: str) -> str:
    return f"{report.county}  {_open_counts(report, lang)}"


def _open_counts(report: Report, lang: str) -> str:
    """Return how many binding items need action, for a line that has room for no more."""
    counts = report.counts[BINDING]
    parts = [
        f"{render(say(status), lang)} {counts[status]}"
        for status in (FAIL, MISSING, REVIEW)
        if counts[status]
    ]
    if not parts:
        return ""
    listed = sentence(*parts, lang=lang)
    return f"{render(say(BINDING), lang)}: {listed}" if lang == "en" else f"约束性：{listed}"


def total_line(totals: Totals, lang: str) -> str:
    """Return the total over several files."""
    numbers = {verdict: totals.verdicts.get(verdict, 0) for verdict in _VERDICTS}
    parts = [f"{verdict_text(verdict, lang)} {it}" for verdict, it in numbers.items() if it]
    unread = totals.inputs - sum(numbers.values())
    if unread:
        parts.append(f"{word('unread', lang)} {unread}")
    return word("files", lang, number=totals.inputs, verdicts=sentence(*parts, lang=lang))


_RED, _YELLOW = "\x1b[1;31m", "\x1b[1;33m"
_PLAIN = "\x1b[0m"


def problem_lines(problem: Problem, lang: str, *, color: bool = False) -> list[str]:
    """Return how a mistake of an input is told: where, which, what, and what to write instead."""
    is_warning = problem.code.startswith("W")
    kind = f"{word('warning' if is_warning else 'error', lang)} {problem.code}"
    colon = ": " if lang == "en" else "："
    where = place(problem.path, problem.position)
    begin, end = (_YELLOW if is_warning else _RED, _PLAIN) if color else ("", "")
    head = f"{where}: " if where else ""
    lines = [f"{head}{begin}{kind}{end}{colon}{visible(problem.message(lang))}"]
    if problem.line and problem.position and problem.end:
        line, carets = excerpt(problem.line, problem.position, problem.end)
        before, _, marks = carets.partition("^")
        lines += [line, f"{before}{begin}^{marks}{end}"]
    hint = problem.hint(lang)
    if hint:
        lines.append(f"    {word('hint', lang)}{colon}{visible(hint)}")
    return lines


_MOST_MARKED = 40
"""Columns of what is marked, and of what is shown to its left and to its right."""


def excerpt(line: str, position: Position, end: int) -> list[str]:
    """Return `line` and, below it, carets from `position` to before the column `end`.

    Of a long line only what is around the carets is shown.
    """
    start, stop = position.column - 1, end - 1
    before = _fitting(visible(line[max(0, start - _MOST_MARKED) : start])[::-1])[::-1]
    marked = _fitting(visible(line[start:stop][:_MOST_MARKED]))
    after = _fitting(visible(line[stop:][:_MOST_MARKED]))
    if marked != visible(line[start:stop][: _MOST_MARKED + 1]):
        after = ""
    left = "" if before == visible(line[:start]) else "…"
    right = "" if f"{marked}{after}" == visible(line[start : stop + _MOST_MARKED + 1]) else "…"
    margin = " " * len(str(position.line))
    offset = " " * columns(left + before)
    return [
        f"    {position.line} | {left}{before}{marked}{after}{right}".rstrip(),
        f"    {margin} | {offset}{'^' * max(1, columns(marked))}",
    ]


def _fitting(text: str) -> str:
    """Return the beginning of `text`, of no more than `_MOST_MARKED` columns."""
    taken = 0
    for at, character in enumerate(text):
        taken += columns(character)
        if taken > _MOST_MARKED:
            return text[:at]
    return text
