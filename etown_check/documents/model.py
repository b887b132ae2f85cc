"""The blocks that documents are made of, before they are laid out in a format.

All text is in the reader's language already, with control characters made visible, and is not
escaped for any format. Nothing here knows of paper or markup: a format may leave out a `Bullet`,
whose numbers always stand in words beside it, but nothing else.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from etown_check.records import Record

PLAIN, MUTED, ALERT = "", "muted", "alert"
"""Tones of text beside those of the statuses (`etown_check.report.STATUSES`), of `unassured` and
`waived`."""


class Lines(Record):
    """Lines of text, each a paragraph of its own. `tone` says what they tell."""

    lines: tuple[str, ...]
    tone: str = PLAIN
    is_strong: bool = False


class Choice(Record):
    """Boxes to tick: one of `options`, or `many`. `chosen` are the indices of those ticked.

    `name` says to a screen reader what is chosen.
    """

    name: str
    options: tuple[str, ...]
    chosen: tuple[int, ...] = ()
    many: bool = False


class Blank(Record):
    """Room to write in, `rows` lines high, with what stands there already.

    `name` says to a screen reader what goes there.
    """

    name: str
    text: str = ""
    rows: int = 1


class Bullet(Record):
    """A value against what it must reach: `low`, `high` or both, all in one unit.

    `text` says the same in words. `tone` is how it stands: as the check, or as one value of several.
    """

    text: str
    value: Fraction
    low: Fraction | None
    high: Fraction | None
    tone: str


class Stack(Record):
    """Several contents of one cell, one below the other."""

    parts: tuple["Lines | Choice | Blank | Bullet", ...]


Cell = Lines | Choice | Blank | Bullet | Stack


class Column(Record):
    """A column's name and its width in millimetres of a page.

    `is_narrow` centres its text. Of a number (`is_number`) the end stands below the others' ends.
    """

    name: str
    width: int
    is_narrow: bool = False
    is_number: bool = False


class Group(Record):
    """Rows of a table that belong together.

    `lead` cells stand before the rows and `tail` cells behind them, each beside all of the rows.
    A group with a `title` has nothing else: it is a heading across the table.
    """

    lead: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ((),)
    tail: tuple[Cell, ...] = ()
    title: str = ""


class Table(Record):
    """A table. The cells of a group fill its columns: lead, row, tail."""

    name: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]


class Heading(Record):
    """A heading within a part; `level` is 1 or 2."""

    text: str
    level: int = 1


class Paragraph(Record):
    """A paragraph; `is_strong` for what must not be missed, such as a verdict."""

    text: str
    tone: str = PLAIN
    is_strong: bool = False


class Listing(Record):
    """A list, numbered where `is_ordered`."""

    entries: tuple[str, ...]
    is_ordered: bool = False


class Facts(Record):
    """Names and values, side by side."""

    rows: tuple[tuple[str, Cell], ...]


class Share(Record):
    """So many of a whole, by status."""

    status: str
    name: str
    number: int


class Bar(Record):
    """How far a section has come: the shares of its items, in the order of the statuses."""

    name: str
    shares: tuple[Share, ...]


class Bars(Record):
    """Bars below each other, under one name."""

    name: str
    bars: tuple[Bar, ...]


class Signatures(Record):
    """Who signs: a line for each of `people`, with room for the name and the date."""

    people: tuple[str, ...]
    sign: str
    on: str


Block = Heading | Paragraph | Listing | Facts | Table | Bars | Signatures


class Part(Record):
    """One town's part of a document; it begins on a new page and has a footer of its own."""

    title: str
    subtitle: str
    footer: tuple[str, ...]
    blocks: tuple[Block, ...]


class Document(Record):
    """A document in `lang`.

    `day` is the only date that may stand in the file's own properties; `pages` says how pages are
    numbered, with {page} and {pages}.
    """

    title: str
    lang: str
    day: date
    is_landscape: bool
    pages: str
    parts: tuple[Part, ...]


def cells(table: Table) -> Iterator[tuple[Group, int, tuple[tuple[Cell, int], ...]]]:
    """Yield the rows of `table`: group, number within it, and cells with the rows that each spans.

    The first row of a group has its lead and tail cells, too. Headings are left out.
    """
    for group in table.groups:
        if group.title:
            continue
        height = len(group.rows)
        for number, row in enumerate(group.rows):
            own = tuple((cell, 1) for cell in row)
            if number:
                yield group, number, own
                continue
            lead = tuple((cell, height) for cell in group.lead)
            tail = tuple((cell, height) for cell in group.tail)
            yield group, number, (*lead, *own, *tail)
