"""Reports on ledgers alone: what they come to, and every row that a check or a doubt is about.

They say nothing of a county, a town or a date, for a ledger alone has none.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from etown_check.ledger import LedgerRow
from etown_check.quantities import Quantity, decimal_text, exact
from etown_check.records import Record
from etown_check.report import STATUSES, CheckResult, ItemResult, Report, Run, Style
from etown_check.reporters import json_report, texts
from etown_check.reporters.ledger_table import LedgerText, ledger_text
from etown_check.reporters.plain import ledger_lines
from etown_check.spending import row_named
from etown_check.standard import SpendsNothingOn, Standard
from etown_check.text import columns, pad, visible
from etown_check.words import Phrase, Text, Words, render, say

WORDS = {
    "title": Text("资金台账检查结果", "Check of a fund ledger"),
    "counts": Text("{total} 项检查：{counts}", "{total} checks: {counts}"),
    "empty": Text("台账中没有支出。", "The ledger has no rows."),
    "checked": Text("检查的内容", "What was checked"),
    "notes": Text("说明（不影响结果）", "Notes (they change no result)"),
    "note": Text("{id} {name}：{said}", "{id} {name}: {said}"),
}
_BRIEF = {
    "spent_publicly": Text(
        "由{sources}资金支出 {number} 行，合计 {amount}。",
        "Rows paid out of {sources} funds: {number}, {amount} in all.",
    ),
    "spent_unknown": Text(
        "{number} 行没有资金来源，合计 {amount}，不能认定。",
        "Rows without a source, which cannot be judged: {number}, {amount} in all.",
    ),
    "rows_unsourced": Text("{number} 行没有资金来源。", "Rows without a source: {number}."),
}
"""Why a check is not passed, where its rows are listed one by one."""
_ADVICE = {
    "mend_or_improve": Text(
        "登记有误或遗漏的，补正台账后重新检查；支出属实的，须整改。",
        "Where an entry is wrong or lacks something, correct the ledger and check again; where it is "
        "true, the spending must be put right.",
    ),
}
"""What is to be done, where it is about a ledger's rows and not about a town's figures."""


class Finding(Record):
    """A check that needs action: its head, and what there is to say, by labels."""

    id: str
    name: str
    status: str
    status_text: str
    level: str
    details: tuple[tuple[str, str], ...]


class Line(Record):
    """A check that was made, and what the ledger has of what it is about."""

    id: str
    status: str
    status_text: str
    name: str
    found: str


class Page(Record):
    """What is said of one ledger, before it is laid out. What there is nothing of is empty."""

    title: str
    path: str
    verdict: str
    verdict_text: str
    counts: str
    table: LedgerText | None
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    doubts: tuple[str, ...]


def page_of(report: Report, standard: Standard, lang: str) -> Page:
    """Return what is said of the ledger that `report` is on."""
    return Page(
        _word("title", lang),
        texts.place(report.path, None),
        report.verdict,
        texts.verdict_text(report.verdict, lang),
        _counts(report, lang),
        ledger_text(report, standard, lang) if report.ledger and report.ledger.rows else None,
        tuple(_line(check, lang) for _, check in _checks(report)),
        tuple(
            _finding(item, check, standard, lang)
            for item, check in _checks(report)
            if check.is_open
        ),
        tuple(_notes(report, lang)),
        tuple(texts.doubt_lines(report, lang)),
    )


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


def _checks(report: Report) -> Iterator[tuple[ItemResult, CheckResult]]:
    return ((item, check) for item in report.items for check in item.checks)


def _counts(report: Report, lang: str) -> str:
    found = [check.status for _, check in _checks(report)]
    parts = (
        f"{render(say(status), lang)} {found.count(status)}"
        for status in STATUSES
        if status in found
    )
    return _word("counts", lang, total=len(found), counts=texts.sentence(*parts, lang=lang))


def _line(check: CheckResult, lang: str) -> Line:
    return Line(
        check.id,
        check.status,
        texts.status_text(check, lang),
        render(check.name, lang),
        texts.declared_text(check, lang),
    )


def _finding(item: ItemResult, check: CheckResult, standard: Standard, lang: str) -> Finding:
    """Say of a check that is not passed why, by which rows, and what is to be done."""
    details = [(texts.word("reason", lang), _brief(reason, lang)) for reason in check.reasons]
    named = _named_in(standard, lang)
    shared = _shared(standard, check)
    details += [(texts.word("row", lang), _row(row, named, shared, lang)) for row in check.rows]
    details.append((texts.word("words", lang), texts.citation(item, check, lang)))
    if check.advice is not None:
        advice = _ADVICE.get(check.advice.key, check.advice)
        details.append((texts.word("action", lang), texts.shown(advice, lang)))
    return Finding(
        check.id,
        render(check.name, lang),
        check.status,
        texts.status_text(check, lang),
        render(say(item.level), lang),
        tuple(details),
    )


def _brief(reason: Phrase, lang: str) -> str:
    told = _BRIEF.get(reason.key)
    if told is None:
        return texts.shown(reason, lang)
    args = {name: render(_exact(arg, lang), lang) for name, arg in reason.args.items()}
    return visible(render(told, lang).format(**args))


def _exact(words: Words, lang: str) -> Words:
    """Return an amount without the rounding that a table would give it, anything else as it is."""
    if not isinstance(words, Quantity):
        return words
    if lang == "en":
        amount = words.amount
        whole, point, decimals = decimal_text(abs(amount)).partition(".")
        return f"CNY {'-' if amount < 0 else ''}{int(whole):,}{point}{decimals}"
    return exact(words)


def _named_in(standard: Standard, lang: str) -> Mapping[str, str]:
    """Return the names of sources and categories in the reader's language, by their own."""
    form = standard.ledger
    assert form is not None  # by which the ledger was read
    named = [*(it.name for it in form.sources), *(it.name for it in form.categories)]
    return {name.zh: render(name, lang) for name in named}


def _shared(standard: Standard, check: CheckResult) -> str:
    """Return the category that all rows of a check have, "" where they may have any."""
    constraint = next(it.constraint for _, it in standard.checks if it.id == check.id)
    return constraint.category if isinstance(constraint, SpendsNothingOn) else ""


def _row(row: LedgerRow, named: Mapping[str, str], shared: str, lang: str) -> str:
    """Say of a row where it stands, when, how much, by which voucher, and what else it holds."""
    category = "" if row.category == shared else named.get(row.category, row.category)
    more = (named.get(row.source, row.source), category, row.payee, row.description)
    place = row_named(row)
    args = {name: _exact(arg, lang) for name, arg in place.args.items()}
    told = (render(place._replace(args=args), lang), *(it for it in more if it))
    return visible(" · ".join(told))


def _notes(report: Report, lang: str) -> Iterator[str]:
    for _, check in _checks(report):
        for remark in check.remarks:
            said, name = texts.shown(remark, lang), render(check.name, lang)
            yield _word("note", lang, id=check.id, name=name, said=said)


# Plain


def plain(run: Run, style: Style) -> str:
    """Return the report as text without colour or frames."""
    return "".join(f"{line.rstrip()}\n" for line in _plain_lines(run, style))


def _plain_lines(run: Run, style: Style) -> Iterator[str]:
    several = len(run.inputs) > 1
    if several or not run.reports:
        lines = file_lines(run, style.lang)
        width = max((columns(path) for path, _, _ in lines), default=0)
        for path, _, said in lines:
            yield f"{pad(path, width)}  {said}"
    for index, one in enumerate(run.reports):
        if index or several:
            yield ""
        assert run.standard is not None  # which the report was made by
        yield from _plain_page(page_of(one, run.standard, style.lang), run.standard, style)
    if several:
        yield ""
        yield f"{texts.word('total', style.lang)}: {texts.total_line(run.totals, style.lang)}"


def _plain_page(page: Page, standard: Standard, style: Style) -> Iterator[str]:
    lang = style.lang
    yield f"{page.title} · {render(standard.facts.title, lang)}"
    yield page.path
    yield f"{texts.word('verdict', lang)}: {page.verdict_text}"
    yield page.counts
    if not style.quiet:
        yield ""
        yield from [_word("empty", lang)] if page.table is None else ledger_lines(page.table)
        yield ""
        yield _word("checked", lang)
        widths = [max(map(columns, column)) for column in zip(*_cells(page), strict=True)]
        for cells in _cells(page):
            padded = (pad(cell, width) for cell, width in zip(cells, widths, strict=True))
            yield f"  {'  '.join(padded)}"
    yield ""
    yield texts.word("to_do" if page.findings else "nothing_to_do", lang)
    for it in page.findings:
        yield f"  {it.id} {it.name} [{it.status_text}, {it.level}]"
        yield from (f"    {label}: {said}" for label, said in it.details)
    for head, lines in sections(page, lang):
        yield ""
        yield head
        yield from (f"  {line}" for line in lines)


def _cells(page: Page) -> Iterator[tuple[str, ...]]:
    return ((it.id, it.status_text, it.name, it.found) for it in page.lines)


def sections(page: Page, lang: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the lists that stand at the end of a page, each with its heading."""
    if page.notes:
        yield _word("notes", lang), page.notes
    if page.doubts:
        yield texts.word("doubts", lang), page.doubts


def file_lines(run: Run, lang: str) -> list[tuple[str, str, str]]:
    """Return for each ledger its path, its verdict ("" if unread) and what to say of it."""
    return texts.file_lines(run, lang, _counts)


# Terminal


def terminal(run: Run, style: Style) -> str:
    """Return the report for a terminal of `style.width` columns."""
    from etown_check.reporters import ledger_screen  # imports rich, which other formats need not

    return ledger_screen.report(run, style)


# JSON


def json(run: Run, style: Style) -> str:
    """Return the report as JSON; its parts are those of a report on data files."""
    assert run.standard is not None  # ledgers are never read before it
    document = {
        "schema_version": json_report.SCHEMA_VERSION,
        **json_report.made_by(run),
        "ledgers": [_ledger(report, style.lang) for report in run.reports],
        **json_report.mistakes(run, style.lang),
    }
    return json_report.dumped(document)


def _ledger(report: Report, lang: str) -> dict[str, Any]:
    assert report.ledger is not None  # a ledger is what was judged
    return {
        **json_report.ledger_record(report.ledger),
        "verdict": report.verdict,
        "checks": [json_report.check_record(report, check, lang) for _, check in _checks(report)],
        "doubts": [json_report.doubt_record(doubt, lang) for doubt in report.doubts],
    }


REPORTERS: dict[str, Callable[[Run, Style], str]] = {
    "terminal": terminal,
    "plain": plain,
    "json": json,
}
"""The formats by name. The command's choices are these names."""
