"""The plain report: text without colour or frames, one line per check, for pipes and logs."""

from collections.abc import Iterator

from etown_check.report import Report, Run, Style
from etown_check.reporters import texts
from etown_check.reporters.ledger_table import Grid, LedgerText, ledger_text
from etown_check.text import columns, pad
from etown_check.words import render, say


def report(run: Run, style: Style) -> str:
    """Return the plain report of `run`."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(run, style))


def _lines(run: Run, style: Style) -> Iterator[str]:
    several = len(run.inputs) > 1
    if several or not run.reports:
        lines = texts.file_lines(run, style.lang)
        width = max((columns(path) for path, _, _ in lines), default=0)
        for path, _, said in lines:
            yield f"{pad(path, width)}  {said}"
    for index, one in enumerate(run.reports):
        if index or several:
            yield ""
        yield from _report_lines(run, one, style)
    if several:
        yield ""
        yield f"{texts.word('total', style.lang)}: {texts.total_line(run, style.lang)}"
    yield from texts.unchanged_lines(run, style.lang)


def _report_lines(run: Run, report: Report, style: Style) -> Iterator[str]:
    lang = style.lang
    assert run.standard is not None  # which the report was made by
    yield f"{texts.word('title', lang)} · {render(run.standard.facts.title, lang)}"
    yield texts.place(report.path, None)
    yield texts.heading(report, lang)
    yield f"{texts.word('verdict', lang)}: {texts.verdict_text(report.verdict, lang)}"
    yield from texts.count_lines(report, lang)
    yield from texts.left_out_lines(report, lang)
    yield from texts.baseline_lines(run, report, lang)
    if not style.quiet:
        yield ""
        yield from _table(report, lang)
        ledger = ledger_text(report, run.standard, lang)
        if ledger is not None:
            yield ""
            yield from ledger_lines(ledger)
    yield ""
    yield from _actions(report, style)
    for key, lines in (
        ("waived", texts.waiver_lines(report, lang)),
        ("doubts", texts.doubt_lines(report, lang)),
    ):
        if lines:
            yield ""
            yield texts.word(key, lang)
            yield from (f"  {line}" for line in lines)


def _table(report: Report, lang: str) -> Iterator[str]:
    header = ("id", "status", "level", "content", "declared", "required", "gap")
    table = [tuple(texts.word(key, lang) for key in header)]
    for item in report.items:
        for row in texts.rows(item, lang):
            name = row.content if row.is_item else f"  {row.content}"
            table.append(
                (row.id, row.status_text, row.level, name, row.declared, row.required, row.gap)
            )
    # One long value must not push the columns of all other lines apart.
    widths = [min(max(columns(line[index]) for line in table), 36) for index in range(len(header))]
    for line in table:
        cells = (pad(cell, width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells)


def ledger_lines(ledger: LedgerText) -> Iterator[str]:
    """Yield what a ledger comes to."""
    yield f"{ledger.title} · {ledger.facts}"
    for index, grid in enumerate((ledger.wide, ledger.by_source)):
        yield from [""] if index else []
        yield from _grid(grid)
    if ledger.notes:
        yield ""
    yield from ledger.notes


def _grid(grid: Grid) -> Iterator[str]:
    """Yield a table of numbers, which end below each other."""
    lines = [grid.header, *grid.rows, *grid.totals]
    widths = [max(map(columns, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            pad(cell, width) if index < grid.labels else " " * (width - columns(cell)) + cell
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield f"  {'  '.join(cells)}"


def _actions(report: Report, style: Style) -> Iterator[str]:
    lang = style.lang
    found = False
    for item in report.items:
        for check in texts.open_checks(item):
            if not found:
                yield texts.word("to_do", lang)
            found = True
            level = render(say(item.level), lang)
            status = render(say(check.status), lang)
            yield f"  {check.id} {render(check.name, lang)} [{status}, {level}]"
            for label, text in texts.details(report, item, check, lang, style.verbose):
                yield f"    {label}: {text}"
    if not found:
        yield texts.word("nothing_to_do", lang)
