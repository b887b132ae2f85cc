"""The report for a terminal: a verdict one can see at once, a table, and what to do."""

import io
from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console, ConsoleOptions, Group, JustifyMethod, RenderableType
from rich.measure import Measurement
from rich.panel import Panel
from rich.text import Text

from etown_check.report import ItemResult, Report, Run, Style
from etown_check.reporters import texts
from etown_check.reporters.columns import Cell, Column, Columns
from etown_check.reporters.ledger_table import Grid, LedgerText, ledger_text
from etown_check.text import columns, pad, wrap
from etown_check.words import render, say

_ROOMY = 100
"""From this width on columns have room to stand apart."""

COLORS = {
    "pass": "green",
    "fail": "bold red",
    "missing": "yellow",
    "review": "magenta",
    "not_due": "bright_black",
    "not_applicable": "bright_black",
    "compliant": "bold green",
    "non_compliant": "bold red",
    "incomplete": "bold yellow",
    "": "bold red",
}
"""How statuses and verdicts look."""


def report(run: Run, style: Style) -> str:
    """Return the report of `run` for a terminal of `style.width` columns."""
    return drawn(_parts(run, style), style)


def drawn(parts: Iterable[RenderableType], style: Style) -> str:
    """Return `parts` as text for a terminal, one below the other."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=style.width,
        force_terminal=style.color,
        no_color=not style.color,
        color_system="standard" if style.color else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _parts(run: Run, style: Style) -> Iterator[RenderableType]:
    several = len(run.inputs) > 1
    if several or not run.reports:
        yield from _file_list(run, style)
    for index, one in enumerate(run.reports):
        if index or several:
            yield Text("")
        yield from _report_parts(run, one, style)
    if several:
        yield Text("")
        yield Text(
            f"{texts.word('total', style.lang)}  {texts.total_line(run.totals, style.lang)}", "bold"
        )
    for line in texts.unchanged_lines(run.totals, style.lang):
        yield Text(line)


def _file_list(run: Run, style: Style) -> Iterator[RenderableType]:
    from rich.table import Table  # the report of one file has no need of it

    table = Table.grid(padding=(0, 2))
    for path, verdict, said in texts.file_lines(run, style.lang):
        table.add_row(Text(path, overflow="fold"), Wrapped(said, COLORS[verdict]))
    yield table


def _report_parts(run: Run, report: Report, style: Style) -> Iterator[RenderableType]:
    lang = style.lang
    yield _verdict_panel(run, report, style)
    if not style.quiet:
        yield _table(report, style)
        assert run.standard is not None  # which the report was made by
        ledger = ledger_text(report, run.standard, lang)
        if ledger is not None:
            yield from ledger_parts(ledger, style)
    found = False
    for item in report.items:
        for block in _actions(report, item, style):
            if not found:
                yield Text("")
                yield Text(texts.word("to_do", lang), "bold")
            found = True
            yield block
    if not found:
        yield Text("")
        yield Text(texts.word("nothing_to_do", lang))
    # Each line begins with an id or a code, which stands out to its left.
    for key, lines in (
        ("waived", texts.waiver_lines(report, lang)),
        ("doubts", texts.doubt_lines(report, lang)),
    ):
        if lines:
            yield Text("")
            yield Text(texts.word(key, lang), "bold")
        for line in lines:
            code, _, said = line.partition(" ")
            yield labelled(code, said.lstrip(), 2, 5, "yellow")


def _verdict_panel(run: Run, report: Report, style: Style) -> Panel:
    lang = style.lang
    verdict = Text.assemble(
        (f"{texts.word('verdict', lang)}  ", "bold"),
        (texts.verdict_text(report.verdict, lang), f"{COLORS[report.verdict]} reverse"),
    )
    lines: list[RenderableType] = [verdict, Wrapped(texts.heading(report, lang))]
    lines += [Wrapped(line) for line in texts.count_lines(report, lang)]
    lines += [Wrapped(line) for line in texts.left_out_lines(report, lang)]
    lines += [Wrapped(line) for line in texts.baseline_lines(run, report, lang)]
    lines.append(Wrapped(texts.place(report.path, None), "bright_black"))
    assert run.standard is not None  # which the report was made by
    title = Text(f" {texts.word('title', lang)} · {run.standard.id} ")
    frame = box.ROUNDED if style.is_unicode else box.ASCII
    return Panel(Group(*lines), title=title, title_align="left", box=frame, padding=(0, 1))


def _table(report: Report, style: Style) -> Columns:
    lang = style.lang
    narrow = style.width < _ROOMY
    table = Columns(
        (
            Column(texts.word("id", lang), width=5),
            Column(texts.word("content", lang), share=5),
            Column(texts.word("level", lang), width=5),
            Column(texts.word("declared", lang), share=4),
            Column(texts.word("required", lang), share=4),
            Column(texts.word("gap", lang), share=2 if narrow else 3),
            Column(texts.word("status", lang), width=10),
        ),
        gap=1 if narrow else 2,
        rule="─" if style.is_unicode else "-",
    )
    section = ""
    for item in report.items:
        if render(item.section, lang) != section:
            section = render(item.section, lang)
            table.add("", Cell(section, "bright_black"))
        for row in texts.rows(item, lang):
            name = row.content if row.is_item else f" {row.content}"
            look = "bold" if row.is_item else ""
            table.add(
                Cell(row.id, look),
                Cell(name, look),
                row.level,
                row.declared,
                row.required,
                Cell(row.gap, COLORS[row.status]),
                Cell(row.status_text, COLORS[row.status]),
            )
    return table


def ledger_parts(ledger: LedgerText, style: Style) -> Iterator[RenderableType]:
    """Yield what a ledger comes to, by columns as far as the terminal is wide enough."""
    yield Text("")
    yield Text(ledger.title, "bold")
    yield Wrapped(ledger.facts, "bright_black")
    fits = _width(ledger.wide, _SHORT_LABEL) <= style.width
    for grid in (ledger.wide if fits else ledger.long, ledger.by_source):
        yield Text("")
        yield _numbers(grid, style)
    if ledger.notes:
        yield Text("")
    yield from (Wrapped(note) for note in ledger.notes)


_GAP = 2
"""Columns between numbers, lest two of them look like one."""


_SHORT_LABEL = 14
"""Columns that the names beside numbers need; longer ones are broken."""


def _widths(grid: Grid, most: int) -> list[int]:
    """Return the width of each column; the first, of words, has at most `most`."""
    lines = [grid.header, *grid.rows, *grid.totals]
    first, *others = (max(map(columns, column)) for column in zip(*lines, strict=True))
    return [min(first, most), *others]


def _width(grid: Grid, label: int) -> int:
    widths = _widths(grid, label)
    return sum(widths) + _GAP * (len(widths) - 1)


def _numbers(grid: Grid, style: Style) -> RenderableType:
    from rich.table import Table  # few reports have numbers

    table = Table(
        box=box.SIMPLE_HEAD if style.is_unicode else box.ASCII2,
        padding=(0, _GAP - 1 if style.is_unicode else 0, 0, 0),
        pad_edge=False,
        show_edge=False,
        header_style="bold",
    )
    label = style.width - _width(grid, 0)
    for index, (name, width) in enumerate(zip(grid.header, _widths(grid, label), strict=True)):
        justify: JustifyMethod = "left" if index < grid.labels else "right"
        table.add_column(name, width=width, justify=justify, no_wrap=index > 0)
    for look, rows in (("", grid.rows), ("bold", grid.totals)):
        for name, *cells in rows:
            table.add_row(Wrapped(name, look), *(Text(cell, look) for cell in cells))
    return table


def _actions(report: Report, item: ItemResult, style: Style) -> Iterator[RenderableType]:
    lang = style.lang
    for check in texts.open_checks(item):
        heading = Text.assemble(
            (f"{check.id} {render(check.name, lang)}  ", "bold"),
            (render(say(check.status), lang), COLORS[check.status]),
            f"  {render(say(item.level), lang)}",
        )
        lines: list[RenderableType] = [heading]
        for label, text in texts.details(report, item, check, lang, style.verbose):
            lines.append(labelled(label, text, 2, 6))
        yield Group(*lines)


def labelled(label: str, text: str, indent: int, width: int, look: str = "") -> RenderableType:
    """Return `text` behind its label, which takes `width` columns or as many as it needs."""
    before = pad(label, width)
    return Labelled(Text(f"{' ' * indent}{before} ", look or "bright_black"), text)


class Labelled:
    """Text that stands to the right of its label, also where it breaks."""

    def __init__(self, label: Text, text: str) -> None:
        self.label = label
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        taken = columns(self.label.plain)
        before = self.label
        # No table: dozens of these take longer than all else that is drawn.
        for line in wrap(self.text, max(options.max_width - taken, 1)):
            yield Text.assemble(before, line, no_wrap=True, overflow="ignore", end="\n")
            before = Text(" " * taken)


class Wrapped:
    """Text that breaks where Chinese text may break; rich breaks only at spaces."""

    def __init__(self, text: str, look: str = "") -> None:
        self.text = text
        self.look = look

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for line in wrap(self.text, options.max_width):
            yield Text(line, self.look, no_wrap=True, overflow="ignore", end="\n")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = columns(self.text)
        return Measurement(min(widest, 4), min(widest, options.max_width))
