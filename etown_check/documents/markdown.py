"""A document as GitHub-flavoured Markdown: to keep in a repository, and to paste into a comment."""

from collections.abc import Iterable, Iterator
from itertools import takewhile

from etown_check.documents.model import (
    Bars,
    Blank,
    Block,
    Bullet,
    Cell,
    Choice,
    Document,
    Facts,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Part,
    Signatures,
    Table,
    cells,
)
from etown_check.documents.outline import outlined
from etown_check.reporters.markdown import Markdown, escaped, strong, table

_BOXES = {False: "☐", True: "☑"}
_BLANK = "\\_\\_\\_\\_"
_BETWEEN = "<br>"


def render(document: Document) -> bytes:
    """Return `document` as Markdown in UTF-8."""
    lines: list[str] = []
    top = 1
    if len(document.parts) > 1:
        lines = [f"# {escaped(document.title)}", ""]
        top = 2
    for part in document.parts:
        lines += _part(part, top, document.lang)
    return ("\n".join(lines).strip("\n") + "\n").encode()


def _part(part: Part, top: int, lang: str) -> Iterator[str]:
    """Yield the lines of a part, an empty one behind each block."""
    title = " · ".join(it for it in (part.title, part.subtitle) if it)
    yield from (f"{'#' * top} {escaped(title)}", "")
    for block, depth in outlined(part.blocks, top):
        if isinstance(block, Heading):
            yield f"{'#' * depth} {escaped(block.text)}"
        else:
            yield from _block(block, ": " if lang == "en" else "：")
        yield ""
    yield from ("---", "")
    for line in part.footer:
        yield from (escaped(line), "")


def _block(block: Block, colon: str) -> Iterator[str]:
    match block:
        case Paragraph():
            yield strong(block.text) if block.is_strong else escaped(block.text)
        case Listing():
            for number, entry in enumerate(block.entries, 1):
                yield f"{number}. {escaped(entry)}" if block.is_ordered else f"- {escaped(entry)}"
        case Facts():
            for name, value in block.rows:
                yield f"- {strong(name)}{colon}{_cell(value)}"
        case Table():
            names = [column.name for column in block.columns]
            yield from table(names, _rows(block), numbers=_last_numbers(block))
        case Bars():
            yield strong(block.name)
            yield ""
            for bar in block.bars:
                shares = (f"{it.name} {it.number}" for it in bar.shares if it.number)
                yield f"- {escaped(bar.name)}{colon}{escaped(' · '.join(shares))}"
        case Signatures():
            rows = ([person, Markdown(_BLANK), Markdown(_BLANK)] for person in block.people)
            yield from table(["", block.sign, block.on], rows)


def _last_numbers(whole: Table) -> int:
    """Return how many columns at the end of a table are of numbers."""
    return len(list(takewhile(lambda column: column.is_number, reversed(whole.columns))))


def _rows(whole: Table) -> Iterator[list[Markdown]]:
    """Yield the rows of a table, as wide as it is.

    What stands beside several rows stands in the first of them.
    """
    for group in whole.groups:
        if group.title:
            yield [strong(group.title), *[Markdown()] * (len(whole.columns) - 1)]
            continue
        for _, number, row in cells(whole._replace(groups=(group,))):
            shown = [_cell(cell) for cell, _ in row]
            yield [*_beside(group.lead, number), *shown, *_beside(group.tail, number)]


def _beside(spanning: tuple[Cell, ...], number: int) -> list[Markdown]:
    """Return the empty cells of row `number` where there are cells that span it."""
    return [Markdown()] * (len(spanning) if number else 0)


def _cell(cell: Cell) -> Markdown:
    return Markdown(_BETWEEN.join(_pieces(cell)))


def _pieces(cell: Cell) -> Iterable[str]:
    """Yield the lines of a cell. A chart is none: its numbers stand in words beside it."""
    match cell:
        case Lines():
            return [strong(line) if cell.is_strong else escaped(line) for line in cell.lines]
        case Choice():
            return [
                f"{_BOXES[index in cell.chosen]} {escaped(option)}"
                for index, option in enumerate(cell.options)
            ]
        case Blank():
            return [escaped(cell.text) or _BLANK]
        case Bullet():
            return []
        case _:
            return [line for part in cell.parts for line in _pieces(part)]
