"""The report on ledgers for a terminal."""

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from etown_check.report import Run, Style
from etown_check.reporters import texts
from etown_check.reporters.ledger_report import WORDS, Page, file_lines, page_of, sections
from etown_check.reporters.terminal import COLORS, Wrapped, drawn, labelled, ledger_parts
from etown_check.standard import Standard
from etown_check.words import render


def report(run: Run, style: Style) -> str:
    """Return the report of `run` for a terminal of `style.width` columns."""
    return drawn(_parts(run, style), style)


def _parts(run: Run, style: Style) -> Iterator[RenderableType]:
    several = len(run.inputs) > 1
    if several or not run.reports:
        table = Table.grid(padding=(0, 2))
        for path, verdict, said in file_lines(run, style.lang):
            table.add_row(Text(path), Wrapped(said, COLORS[verdict]))
        yield table
    for index, one in enumerate(run.reports):
        if index or several:
            yield Text("")
        assert run.standard is not None  # which the report was made by
        yield from _page_parts(page_of(one, run.standard, style.lang), run.standard, style)
    if several:
        yield Text("")
        total = texts.word("total", style.lang)
        yield Text(f"{total}  {texts.total_line(run.totals, style.lang)}", "bold")


def _page_parts(page: Page, standard: Standard, style: Style) -> Iterator[RenderableType]:
    lang = style.lang
    yield _panel(page, standard, style)
    if not style.quiet:
        if page.table is None:
            yield Text("")
            yield Text(render(WORDS["empty"], lang))
        else:
            yield from ledger_parts(page.table, style)
        yield Text("")
        yield Text(render(WORDS["checked"], lang), "bold")
        yield _checks(page)
    yield Text("")
    yield (
        Text(texts.word("to_do", lang), "bold")
        if page.findings
        else Text(texts.word("nothing_to_do", lang))
    )
    for it in page.findings:
        yield Text.assemble(
            (f"{it.id} {it.name}  ", "bold"), (it.status_text, COLORS[it.status]), f"  {it.level}"
        )
        for label, said in it.details:
            yield labelled(label, said, 2, 6)
    for head, lines in sections(page, lang):
        yield Text("")
        yield Text(head, "bold")
        # Each line begins with an id or a code, which stands out to its left.
        for line in lines:
            code, _, said = line.partition(" ")
            yield labelled(code, said.lstrip(), 2, 5, "yellow")


def _panel(page: Page, standard: Standard, style: Style) -> Panel:
    verdict = Text.assemble(
        (f"{texts.word('verdict', style.lang)}  ", "bold"),
        (page.verdict_text, f"{COLORS[page.verdict]} reverse"),
    )
    about = Group(verdict, Wrapped(page.counts), Wrapped(page.path, "bright_black"))
    frame = box.ROUNDED if style.is_unicode else box.ASCII
    title = Text(f" {page.title} · {standard.id} ")
    return Panel(about, title=title, title_align="left", box=frame, padding=(0, 1))


def _checks(page: Page) -> Table:
    table = Table.grid(padding=(0, 2))
    for it in page.lines:
        table.add_row(
            Text(f"  {it.id}"),
            Wrapped(it.status_text, COLORS[it.status]),
            Wrapped(it.name),
            Wrapped(it.found),
        )
    return table
