"""A document as a page for browsers: to read, to print on A4, and to fill in on a tablet.

The page is one file that asks for nothing else. What is filled in stays in the browser.
"""

import base64
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import count

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from etown_check.documents.charts import bar_segments, bullet_marks
from etown_check.documents.model import (
    ALERT,
    Block,
    Cell,
    Choice,
    Column,
    Document,
    Group,
    Heading,
    Lines,
    Part,
    Table,
    cells,
)
from etown_check.documents.outline import outlined
from etown_check.records import Record
from etown_check.report import STATUSES, UNASSURED, WAIVED
from etown_check.text import columns, visible
from etown_check.words import Text
from etown_check.words import render as worded

WORDS = {
    "skip": Text("跳到正文", "Skip to the text"),
    "parts": Text("各部分", "Parts"),
    "headings": Text("目录：{name}", "Contents: {name}"),
    "kept": Text(
        "填写的内容已保存在这个浏览器中，刷新页面不会丢失。",
        "What you fill in is kept in this browser; a reload loses nothing.",
    ),
    "not_kept": Text(
        "浏览器没有保存填写的内容，关闭页面前请先打印。",
        "The browser does not keep what you fill in; print before you close the page.",
    ),
    "clear": Text("清除", "Clear"),
    "really_clear": Text(
        "清除在本页填写的全部内容吗？", "Clear everything that you filled in on this page?"
    ),
}
_TAGS = {"zh": "zh-CN", "en": "en"}
_SIGNED = (*STATUSES, UNASSURED, WAIVED, ALERT)
"""The tones that have a sign of their own beside their colour."""

_CARDS_UP_TO = {False: 900, True: 1200}
"""Pixels. Screens no wider show tables as cards; those of landscape documents need more room."""


_LETTER, _BOX, _INSET = 19, 50, 25
"""Tenths of a millimetre: how wide a letter of a table is, a box to tick, the edges of a cell."""

_LONGEST = 12
"""Letters. Longer words are broken, lest one of them takes the room of all else."""


def render(document: Document) -> bytes:
    """Return `document` as a page in UTF-8."""

    def word(key: str) -> str:
        return worded(WORDS[key], document.lang)

    frames = _frames(document)
    numbers = count(1)
    content = _template("content.html.j2").render(
        title=_title(document),
        is_landscape=document.is_landscape,
        views=tuple(_views(document)),
        word=word,
        signed=_SIGNED,
        frame=lambda table: frames[_widths(table)],
        new_name=lambda: f"f{next(numbers)}",
    )
    style, script = _style(document, frames), _asset("page.js")
    page = _template("page.html.j2").render(
        title=_title(document),
        lang=_TAGS[document.lang],
        policy=_policy(style, script),
        digest=hashlib.sha256(content.encode()).hexdigest(),
        word=word,
        # Ours, or escaped already.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        content=Markup(content),  # noqa: S704
    )
    return page.encode()


def _policy(style: str, script: str) -> str:
    """Return the security policy of a page that may use `style` and `script`, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


# Templates


_FOLDER = os.path.dirname(__file__)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.globals |= {
        "kind": lambda block: type(block).__name__,
        "bodies": lambda table: tuple(_bodies(table)),
        "bullet_marks": bullet_marks,
        "bar_segments": bar_segments,
        "percent": _percent,
    }
    return environment


def _template(name: str) -> Template:
    return _environment().get_template(name)


def _shown(value: object) -> object:
    """Return what a template is about to write, without control characters where it is text."""
    return visible(value) if type(value) is str else value


@cache
def _asset(name: str) -> str:
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return file.read()


# Parts


class _View(Record):
    """A part as it is laid out: its id, the depth of its title, its blocks with their depths."""

    id: str
    part: Part
    depth: int
    blocks: tuple[tuple[Block, int], ...]
    headings: tuple[Heading, ...]


def _title(document: Document) -> str:
    """Return the title of the page; where the page is of one town, with its name."""
    if len(document.parts) > 1:
        return document.title
    (part,) = document.parts
    return f"{part.title} {part.subtitle}".strip()


def _views(document: Document) -> Iterator[_View]:
    depth = 2 if len(document.parts) > 1 else 1
    for number, part in enumerate(document.parts, 1):
        blocks = tuple(outlined(part.blocks, depth))
        headings = tuple(it for it in part.blocks if isinstance(it, Heading) and it.level == 1)
        yield _View(f"part-{number}", part, depth, blocks, headings)


# Tables


class _Slot(Record):
    """A cell where it stands: the rows that it spans, its column, its place in its group.

    `place` is `lead`, `row` or `tail`; `begins` tells that the cell is the first of its row.
    `scope` is what it is a header of, empty where it is none.
    """

    cell: Cell
    span: int
    column: Column
    place: str
    begins: bool
    scope: str


class _Body(Record):
    """A group of rows, or a heading across the table."""

    title: str
    rows: tuple[tuple[_Slot, ...], ...]


def _bodies(table: Table) -> Iterator[_Body]:
    for group in table.groups:
        rows = cells(table._replace(groups=(group,)))
        yield _Body(group.title, tuple(tuple(_slots(table, *row)) for row in rows))


def _slots(
    table: Table, group: Group, number: int, row: tuple[tuple[Cell, int], ...]
) -> Iterator[_Slot]:
    """Yield the cells of a row of `group`.

    The first column heads its rows where it is one of numbers, thus narrow.
    """
    leading = len(group.lead)
    trailing = len(table.columns) - len(group.tail)
    first = leading if number else 0
    for index, (cell, span) in enumerate(row, first):
        column = table.columns[index]
        scope = ""
        if index == 0 and column.is_narrow:
            scope = "rowgroup" if leading else "row"
        place = "lead" if index < leading else "tail" if index >= trailing else "row"
        begins = index == leading
        yield _Slot(cell, span, column, place, begins, scope)


# Style


def _percent(share: Fraction) -> str:
    """Return `share` as a percentage of two places."""
    hundredths = round(share * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _widths(table: Table) -> tuple[Fraction, ...]:
    """Return how wide the columns are to each other.

    None is too narrow for a word of its name, nor for what is to be ticked in it. What a column
    lacks for that is taken from those that have more than they need, in proportion to it.
    """
    given = [10 * it.width for it in table.columns]
    least = _least(table)
    lacking = sum(max(0, need - have) for have, need in zip(given, least, strict=True))
    spare = sum(max(0, have - need) for have, need in zip(given, least, strict=True))
    taken = min(Fraction(lacking, spare or 1), Fraction(1))
    return tuple(
        need + (have - need) * (1 - taken) if have > need else Fraction(need)
        for have, need in zip(given, least, strict=True)
    )


def _least(table: Table) -> list[int]:
    """Return how wide the columns must be, in tenths of a millimetre."""
    least = [_room(it.name) for it in table.columns]
    for group, number, row in cells(table):
        for place, (cell, _) in enumerate(row, len(group.lead) if number else 0):
            if isinstance(cell, Choice):
                least[place] = max(least[place], *(_BOX + _room(it) for it in cell.options))
            elif isinstance(cell, Lines) and _is_whole(table.columns[place]):
                least[place] = max(least[place], *map(_room, cell.lines), 0)
    return least


def _is_whole(column: Column) -> bool:
    """Tell whether no word of a column may be broken."""
    return column.is_narrow or column.is_number


def _room(text: str) -> int:
    """Return how wide the longest word of `text` is. Chinese ones can be broken, but only long."""
    return _INSET + _LETTER * min(_LONGEST, max(map(columns, text.split()), default=0))


def _frames(document: Document) -> Mapping[tuple[Fraction, ...], str]:
    """Return the name of a style for the tables of each set of widths.

    Widths in the markup itself would fall foul of the page's security policy.
    """
    tables = (it for part in document.parts for it in part.blocks if isinstance(it, Table))
    return {it: f"w{number}" for number, it in enumerate(dict.fromkeys(map(_widths, tables)), 1)}


def _style(document: Document, frames: Mapping[tuple[Fraction, ...], str]) -> str:
    """Return the style of the page: ours, and what follows from the document."""
    rules = [*_column_rules(frames), *_page_rules(document)]
    cards = f"@media screen and (max-width:{_CARDS_UP_TO[document.is_landscape]}px){{\n"
    return "".join([_asset("page.css"), *rules, cards, _asset("cards.css"), "}\n"])


def _column_rules(frames: Mapping[tuple[Fraction, ...], str]) -> Iterator[str]:
    for widths, name in frames.items():
        for number, width in enumerate(widths, 1):
            share = _percent(width / sum(widths))
            yield f".{name} col:nth-child({number}){{width:{share}}}\n"


def _page_rules(document: Document) -> Iterator[str]:
    """Yield how pages are printed: each has the footer of its part, and says which it is."""
    size = "A4 landscape" if document.is_landscape else "A4"
    yield f"@page{{size:{size};@bottom-right{{content:{_numbering(document.pages)}}}}}\n"
    for view in _views(document):
        foot = _NEXT_LINE.join(map(_quoted, view.part.footer or (view.part.title,)))
        yield f"@page {view.id}{{@bottom-left{{content:{foot}}}}}\n"
        yield f"#{view.id}{{page:{view.id}}}\n"


_NEXT_LINE = ' "\\a " '
"""A line break within the content of a margin of the page."""


def _numbering(pages: str) -> str:
    """Return `pages`, words with {page} and {pages}, as the content of a margin of the page."""
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    parts = re.split("({page}|{pages})", pages)
    return " ".join(counters.get(part) or _quoted(part) for part in parts)


def _quoted(text: str) -> str:
    """Return `text` as a string of a style sheet."""
    return '"' + "".join(map(_coded, visible(text))) + '"'


def _coded(character: str) -> str:
    return character if character.isalnum() else f"\\{ord(character):x} "
