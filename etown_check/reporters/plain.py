"""The plain report: text without colour or frames, one line per check, for pipes and logs."""

from collections.abc import Iterator

from etown_check.memory import Known
from etown_check.output import Spool
from etown_check.records import Record
from etown_check.report import ItemResult, Report, Run, Style, Totals
from etown_check.reporters import texts
from etown_check.reporters.ledger_table import Grid, LedgerText, ledger_text
from etown_check.reporters.streams import Piece, Write, encoded
from etown_check.text import columns, pad
from etown_check.words import LANGUAGES, render, say


def piece(run: Run, style: Style) -> Piece:
    """Return what the list of files says of each file of `run`, and the reports."""
    listed = (f"{path}\t{said}\n" for path, _, said in texts.file_lines(run, style.lang))
    reports = ("".join(_lines_of(run, one, style)) for one in run.reports)
    return encoded("".join(listed)), encoded("\n".join(reports))


def stream(run: Run, style: Style, write: Write) -> "_Text":  # noqa: ARG001
    """Begin the plain report of what `run` is a part of."""
    return _Text(style, write)


class _Text:
    """A plain report: a list of files where there are several, the report of each, a total.

    How many files there are and how wide their names is known in the end. So all is kept until
    then, on disk where it is much.
    """

    def __init__(self, style: Style, write: Write) -> None:
        self._lang = style.lang
        self._write = write
        self._listed, self._reports = Spool(), Spool(b"\n")
        self._width = 0

    def add(self, piece: Piece) -> None:
        """Keep what there is to say of some files."""
        listed, reports = piece
        names = (line.partition("\t")[0] for line in listed.decode().split("\n"))
        self._width = max(self._width, *map(columns, names), 0)
        self._listed.write(listed)
        self._reports.write(reports)

    def end(self, totals: Totals) -> None:
        """Write the report."""
        several = totals.inputs > 1
        if several or not self._reports:
            for part in self._listed.lines():
                for line in part.decode().split("\n")[:-1]:
                    path, _, said = line.partition("\t")
                    self._say(f"{pad(path, self._width)}  {said}")
        if several and self._reports:
            self._say("")
        for part in self._reports.lines():
            self._write(part)
        if several:
            self._say("")
            self._say(f"{texts.word('total', self._lang)}: {texts.total_line(totals, self._lang)}")
        for said in texts.unchanged_lines(totals, self._lang):
            self._say(said)

    def _say(self, line: str) -> None:
        self._write(encoded(f"{line.rstrip()}\n"))


def _lines_of(run: Run, one: Report, style: Style) -> Iterator[str]:
    return (f"{line.rstrip()}\n" for line in _report_lines(run, one, style))


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


class _Line(Record):
    """A line of a table: its cells, and how many columns each takes."""

    cells: tuple[str, ...]
    columns: tuple[int, ...]


MOST_REMEMBERED = 600
"""Items whose lines are remembered: those of some files that come one after the other."""

_LINES: dict[str, Known[ItemResult, tuple[_Line, ...]]] = {
    lang: Known(MOST_REMEMBERED) for lang in LANGUAGES
}


def _table(report: Report, lang: str) -> Iterator[str]:
    header = ("id", "status", "level", "content", "declared", "required", "gap")
    table = [_line(tuple(texts.word(key, lang) for key in header))]
    for item in report.items:
        table += _lines_of_item(item, lang)
    # One long value must not push the columns of all other lines apart.
    widths = [min(max(column), 36) for column in zip(*(it.columns for it in table), strict=True)]
    for cells, taken in table:
        padded = (
            f"{cell}{' ' * (width - own)}"
            for cell, own, width in zip(cells, taken, widths, strict=True)
        )
        yield "  ".join(padded)


def _lines_of_item(item: ItemResult, lang: str) -> tuple[_Line, ...]:
    known = _LINES[lang].recall(item)
    if known is None:
        lines = tuple(_line(_cells(row)) for row in texts.rows(item, lang))
        known = _LINES[lang].remember(item, lines)
    return known


def _cells(row: texts.Row) -> tuple[str, ...]:
    name = row.content if row.is_item else f"  {row.content}"
    return (row.id, row.status_text, row.level, name, row.declared, row.required, row.gap)


def _line(cells: tuple[str, ...]) -> _Line:
    return _Line(cells, tuple(map(columns, cells)))


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
