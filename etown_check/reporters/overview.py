"""What a terminal shows of many files: a table of towns, then only what needs action.

Both are cut, with the number of what is left out: nobody reads on for ever.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from etown_check.report import Report, Run, Style, Totals
from etown_check.reporters import texts
from etown_check.reporters.streams import Piece, Write, encoded
from etown_check.reporters.terminal import COLORS, Wrapped, drawn
from etown_check.text import columns, visible
from etown_check.words import render, say

MOST_FILES = 100
"""Files that are listed."""

MOST_CHECKS = 60
"""Checks that are listed of those that need action."""


def piece(run: Run, style: Style) -> Piece:
    """Return the rows of the table of towns, and what needs action, as lines with tabs."""
    files = texts.file_lines(run, style.lang)
    if style.quiet:
        open_ones = {visible(one.path) for one in run.reports if not any(_open(one, style))}
        files = [line for line in files if line[0] not in open_ones]
    rows = ("\t".join(line) for line in files)
    actions = (line for one in run.reports for line in _actions(one, style))
    return tuple(encoded("".join(f"{line}\n" for line in lines)) for lines in (rows, actions))


def stream(run: Run, style: Style, write: Write) -> "_Overview":  # noqa: ARG001
    """Begin the overview of what `run` is a part of."""
    return _Overview(style, write)


def _actions(report: Report, style: Style) -> Iterator[str]:
    """Yield a line for each check of `report` that needs action, behind one for the file."""
    checks = list(_open(report, style))
    if checks:
        yield "\t".join((visible(report.path), report.town, report.as_of.isoformat()))
    yield from checks


def _open(report: Report, style: Style) -> Iterator[str]:
    lang = style.lang
    for item in report.items:
        for check in texts.open_checks(item):
            name = f"{check.id} {render(check.name, lang)}"
            level = render(say(item.level), lang)
            status = texts.status_text(check, lang)
            yield "\t".join(("", name, check.status, status, level, texts.gap_text(check, lang)))


class _Overview:
    """Keeps no more than it will show, and counts the rest."""

    def __init__(self, style: Style, write: Write) -> None:
        self._style = style
        self._write = write
        self._files: list[str] = []
        self._actions: list[str] = []
        self._files_left_out = 0
        self._checks = 0
        self._checks_left_out = 0
        self._towns_left_out = 0

    def add(self, piece: Piece) -> None:
        """Keep what is to be shown of some files."""
        rows, actions = (lines.decode().split("\n")[:-1] for lines in piece)
        room = MOST_FILES - len(self._files)
        self._files += rows[:room]
        self._files_left_out += len(rows[room:])
        for line in actions:
            is_file = not line.startswith("\t")
            if self._checks < MOST_CHECKS:
                self._actions.append(line)
                self._checks += not is_file
            else:
                self._towns_left_out += is_file
                self._checks_left_out += not is_file

    def end(self, totals: Totals) -> None:
        """Write the overview."""
        self._write(encoded(drawn(self._parts(totals), self._style)))

    def _parts(self, totals: Totals) -> Iterator[RenderableType]:
        lang = self._style.lang
        table = Table.grid(padding=(0, 2))
        for row in self._files:
            path, verdict, said = row.split("\t")
            table.add_row(Text(path, overflow="fold"), Wrapped(said, COLORS[verdict]))
        yield table
        if self._files_left_out:
            yield _cut(texts.word("more_files", lang, number=self._files_left_out))
        yield Text("")
        yield Text(f"{texts.word('total', lang)}  {texts.total_line(totals, lang)}", "bold")
        for line in texts.unchanged_lines(totals, lang):
            yield Text(line)
        yield Text("")
        if not self._actions:
            yield Text(texts.word("nothing_to_do", lang))
            return
        yield Text(texts.word("to_do", lang), "bold")
        yield from self._checks_by_file()
        if self._checks_left_out:
            yield _cut(
                texts.word(
                    "more_checks",
                    lang,
                    number=self._checks_left_out,
                    files=self._towns_left_out,
                )
            )
        yield Wrapped(texts.word("in_full", lang), "bright_black")

    def _checks_by_file(self) -> Iterator[RenderableType]:
        """Yield what needs action, below the file that it is of."""
        lines = [line.split("\t") for line in self._actions]
        width = max((columns(line[1]) for line in lines if not line[0]), default=0)
        table: Table | None = None
        for first, *cells in lines:
            if first:
                if table is not None:
                    yield table
                town, day = cells
                yield Wrapped(
                    f"{first}  {town} · {texts.word('data_date', self._style.lang, date=day)}"
                )
                table = Table.grid(padding=(0, 2))
                table.add_column(width=min(width, self._style.width // 2) + 2)
                continue
            assert table is not None  # a file stands before its checks
            name, key, status, level, gap = cells
            table.add_row(
                Wrapped(f"  {name}"), Wrapped(status, COLORS[key]), Text(level), Wrapped(gap)
            )
        if table is not None:
            yield table


def _cut(text: str) -> RenderableType:
    return Wrapped(f"… {text}", "bright_black")
