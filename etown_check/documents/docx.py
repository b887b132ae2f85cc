"""Documents for Word and WPS, after the manner of Chinese official documents.

python-docx makes the file and its parts; what stands in them is written as markup, since tables
of thousands of cells, built one by one, would keep people waiting.
"""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import count

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as FilePart
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from etown_check.documents.docx_markup import (
    NAMESPACES,
    TICKED,
    UNTICKED,
    Markup,
    checkbox,
    field,
    fonts,
    joined,
    run,
    tag,
)
from etown_check.documents.docx_styles import (
    CELL_MARGIN,
    GROUP_SHADE,
    HEADER_SHADE,
    LATIN,
    SIGNS,
    Look,
    Style,
    Styles,
    fonts_part,
    look,
    numbering_part,
    settings_part,
    styles_part,
    tone_id,
    twips,
)
from etown_check.documents.model import (
    MUTED,
    Bars,
    Blank,
    Block,
    Bullet,
    Cell,
    Choice,
    Column,
    Document,
    Facts,
    Group,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Part,
    Signatures,
    Stack,
    Table,
)
from etown_check.packing import repack, stamp
from etown_check.records import Record
from etown_check.report import STATUSES, UNASSURED, WAIVED
from etown_check.text import columns

AUTHOR = "etown-check"

# What the template of python-docx brings along and nobody needs: a picture of an empty page, the
# counts of its words, and the styles of another program.
_UNUSED = (
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    RELATIONSHIP_TYPE.FONT_TABLE,
    RELATIONSHIP_TYPE.THEME,
    RELATIONSHIP_TYPE.WEB_SETTINGS,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)

_LEAST_HEIGHT = 10
"""Millimetres of a row in which something is to be written by hand."""
_LINE_HEIGHT = 8
"""Millimetres of each line that is to be written by hand, where there are several."""
_SIGNATURE_HEIGHT = 13
_PAGE = re.compile(r"(\{pages?\})")
_CODES = {"{page}": "PAGE", "{pages}": "NUMPAGES"}


class _Layout(Record):
    """What is needed to lay blocks out: how they look, and the next number of boxes and lists."""

    look: Look
    boxes: Iterator[int]
    lists: Iterator[int]


def render(document: Document) -> bytes:
    """Return `document` as a .docx file; the same one each time."""
    layout = _Layout(look(document.lang, is_landscape=document.is_landscape), count(1), count(2))
    file = docx.Document()
    _fill(file.element.body, joined(_body(document, layout)))
    _fill(file.styles.element, styles_part(layout.look))
    _fill(file.settings.element, settings_part())
    _fill(file.part.numbering_part.element, numbering_part(layout.look, next(layout.lists) - 2))
    for section, part in zip(file.sections, document.parts, strict=True):
        section.footer.is_linked_to_previous = False
        _fill(section.footer.part.element, joined(_footer(part, document.pages, layout.look)))
    package = file.part.package
    assert package is not None
    for relations in (package.rels, file.part.rels):
        for key in [key for key, it in relations.items() if it.reltype in _UNUSED]:
            del relations[key]
    table = FilePart(
        PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, fonts_part(), package
    )
    file.part.relate_to(table, RELATIONSHIP_TYPE.FONT_TABLE)
    moment = stamp(document.day)
    properties = file.core_properties
    properties.title = document.title
    properties.author = properties.last_modified_by = AUTHOR
    properties.language = "en" if document.lang == "en" else "zh-CN"
    properties.comments = ""
    properties.created = properties.modified = moment
    written = io.BytesIO()
    file.save(written)
    return repack(written.getvalue(), moment)


def _fill(root: BaseOxmlElement, content: Markup) -> None:
    """Put `content` in the place of all that `root` holds."""
    root[:] = list(parse_xml(f"<w:body {NAMESPACES}>{content}</w:body>"))


# Sections


def _body(document: Document, layout: _Layout) -> Iterator[Markup]:
    styles = layout.look.styles
    section = _section(layout.look)
    for number, part in enumerate(document.parts):
        if number:
            yield _paragraph(styles.gap, properties=(section,))
        yield _text(part.title, styles.title, layout)
        if part.subtitle:
            yield _text(part.subtitle, styles.subtitle, layout)
        for block in part.blocks:
            yield from _block(block, layout)
    yield section


def _section(look: Look) -> Markup:
    sides = {"orient": "landscape"} if look.width > look.height else {}
    edges = {
        "top": look.top,
        "right": look.right,
        "bottom": look.bottom,
        "left": look.left,
        "header": look.foot,
        "footer": look.foot,
        "gutter": 0,
    }
    return tag(
        "w:sectPr",
        tag("w:pgSz", w=twips(look.width), h=twips(look.height), **sides),
        tag("w:pgMar", **{name: twips(it) for name, it in edges.items()}),
    )


def _footer(part: Part, pages: str, look: Look) -> Iterator[Markup]:
    """Yield the page's number and the lines at the foot of a part's pages."""
    style = look.styles.page
    pieces = [piece for piece in _PAGE.split(pages) if piece]
    yield _paragraph(
        style,
        *(
            field(_CODES[piece], _run("1", style, look))
            if piece in _CODES
            else _run(piece, style, look)
            for piece in pieces
        ),
    )
    for line in part.footer:
        yield _paragraph(look.styles.footer, _run(line, look.styles.footer, look))


# Blocks


def _block(block: Block, layout: _Layout) -> Iterator[Markup]:
    styles = layout.look.styles
    match block:
        case Heading(text, level):
            yield _text(text, styles.heading if level == 1 else styles.subheading, layout)
        case Paragraph(text, tone, is_strong):
            yield _text(text, styles.body, layout, tone, is_strong=is_strong)
        case Listing(entries, is_ordered):
            number = next(layout.lists) if is_ordered else 1
            marks = tag("w:numPr", tag("w:ilvl", val=0), tag("w:numId", val=number))
            for entry in entries:
                piece = _run(entry, styles.listing, layout.look)
                yield _paragraph(styles.listing, piece, properties=(marks,))
        case Facts():
            yield from _facts(block, layout)
        case Table():
            yield from _table(block, layout)
        case Bars():
            yield from _bars(block, layout)
        case Signatures():
            yield from _signatures(block, layout)


def _text(
    text: str, style: Style, layout: _Layout, tone: str = "", *, is_strong: bool = False
) -> Markup:
    return _paragraph(style, _run(text, style, layout.look, tone, is_strong=is_strong))


def _paragraph(
    style: Style,
    *runs: Markup,
    keeps_next: bool = False,
    properties: Sequence[Markup] = (),
) -> Markup:
    keeping = [tag("w:keepNext")] if keeps_next else []
    return tag("w:p", tag("w:pPr", tag("w:pStyle", val=style.id), *keeping, *properties), *runs)


def _run(text: str, style: Style, look: Look, tone: str = "", *, is_strong: bool = False) -> Markup:
    """Return `text` in the fonts of `style`: every run names its own, for programs that must."""
    toned = [tag("w:rStyle", val=tone_id(tone))] if tone else []
    strong = [tag("w:b"), tag("w:bCs")] if is_strong else []
    return run(text, *toned, fonts(style.face, LATIN, look.lang), *strong)


# Tables


_BESIDE = 2 * CELL_MARGIN + 30
"""Twips that a cell needs beside its text: its margins, and some for what is only estimated."""


class _Place(Record):
    """Where a cell stands: its width in twips, its style, and whether the next row must follow."""

    width: int
    style: Style
    keeps_next: bool = False


def _grid(
    rows: Iterator[Markup],
    widths: Sequence[int],
    layout: _Layout,
    name: str,
    style: str = "TableGrid",
) -> Iterator[Markup]:
    """Yield a table, and what parts it from a table behind it: Word would make one of them."""
    properties = tag(
        "w:tblPr",
        tag("w:tblStyle", val=style),
        tag("w:tblW", w=sum(widths), type="dxa"),
        tag("w:tblLayout", type="fixed"),
        *([tag("w:tblCaption", val=name)] if name else []),
    )
    grid = tag("w:tblGrid", *(tag("w:gridCol", w=width) for width in widths))
    yield tag("w:tbl", properties, grid, *rows)
    yield _paragraph(layout.look.styles.gap)


def _row(
    cells: Sequence[Markup], height: int = 0, *, is_header: bool = False, can_part: bool = False
) -> Markup:
    """Return a row, at least `height` millimetres high, that no page break parts unless it must."""
    whole = tag("w:cantSplit", val=int(not can_part))
    least = [tag("w:trHeight", val=twips(height), hRule="atLeast")] if height else []
    header = [tag("w:tblHeader")] if is_header else []
    return tag("w:tr", tag("w:trPr", whole, *least, *header), *cells)


def _cell(width: int, content: Sequence[Markup], *properties: Markup) -> Markup:
    """Return a cell; its `properties` are in the schema's order."""
    return tag("w:tc", tag("w:tcPr", tag("w:tcW", w=width, type="dxa"), *properties), *content)


def _shade(colour: str) -> Markup:
    return tag("w:shd", val="clear", color="auto", fill=colour)


_CENTRED = tag("w:vAlign", val="center")


def _headers(names: Sequence[str], widths: Sequence[int], layout: _Layout) -> Markup:
    style = layout.look.styles.header
    cells = [
        _cell(width, [_text(name, style, layout)], _shade(HEADER_SHADE), _CENTRED)
        for name, width in zip(names, widths, strict=True)
    ]
    return _row(cells, is_header=True)


def _table(table: Table, layout: _Layout) -> Iterator[Markup]:
    widths = _widths(table, layout.look)
    yield from _grid(_table_rows(table, widths, layout), widths, layout, table.name)


def _table_rows(table: Table, widths: Sequence[int], layout: _Layout) -> Iterator[Markup]:
    yield _headers([column.name for column in table.columns], widths, layout)
    for group in table.groups:
        if group.title:
            across = tag("w:gridSpan", val=len(widths))
            title = _text(group.title, layout.look.styles.group, layout)
            yield _row([_cell(sum(widths), [title], across, _shade(GROUP_SHADE))])
        else:
            yield from _group_rows(group, table.columns, widths, layout)


def _group_rows(
    group: Group, columns: Sequence[Column], widths: Sequence[int], layout: _Layout
) -> Iterator[Markup]:
    styles = layout.look.styles
    last = len(group.rows) - 1
    beside = max(map(_height, (*group.lead, *group.tail)), default=0)
    for number, row in enumerate(group.rows):
        places = [
            _Place(width, _style_of(column, styles), number < last)
            for width, column in zip(widths, columns, strict=True)
        ]
        inner = range(len(group.lead), len(group.lead) + len(row))
        cells = [
            _cell(place.width, list(_content(cell, place, layout)))
            if at in inner or not last
            else _merged(cell, place, layout, is_first=not number)
            for at, (cell, place) in enumerate(
                zip((*group.lead, *row, *group.tail), places, strict=True)
            )
        ]
        tall = any(
            _is_tall(cell, place, layout.look)
            for cell, place in zip((*group.lead, *row, *group.tail), places, strict=True)
        )
        yield _row(cells, max([-(-beside // len(group.rows)), *map(_height, row)]), can_part=tall)


def _style_of(column: Column, styles: Styles) -> Style:
    if column.is_number:
        return styles.number
    return styles.narrow if column.is_narrow else styles.cell


def _merged(cell: Cell, place: _Place, layout: _Layout, *, is_first: bool) -> Markup:
    """Return the cell in one row of a cell that goes over several."""
    if is_first:
        merge = tag("w:vMerge", val="restart")
        return _cell(place.width, list(_content(cell, place, layout)), merge)
    empty = _paragraph(place.style, keeps_next=place.keeps_next)
    return _cell(place.width, [empty], tag("w:vMerge"))


def _height(cell: Cell) -> int:
    """Return how many millimetres a cell needs for what is written into it by hand."""
    match cell:
        case Blank(rows=rows):
            return max(_LEAST_HEIGHT, rows * _LINE_HEIGHT)
        case Stack(parts):
            return sum(map(_height, parts))
        case _:
            return 0


def _is_tall(cell: Cell, place: _Place, look: Look) -> bool:
    """Tell whether a cell may need more than a page: Word would cut it off if it were kept whole."""
    room = place.width - _BESIDE
    lines = sum(1 + _text_width(line, place.style) // room for line in _texts(cell))
    return lines * place.style.line > twips(look.height - look.top - look.bottom) * 2 // 3


def _texts(cell: Cell) -> Iterator[str]:
    """Yield the lines of a cell as text."""
    match cell:
        case Lines(lines=lines) | Choice(options=lines):
            yield from lines
        case Blank(text=text):
            yield text
        case Stack(parts):
            for part in parts:
                yield from _texts(part)


# Cells


def _content(cell: Cell, place: _Place, layout: _Layout) -> Iterator[Markup]:
    """Yield the paragraphs of a cell, of which there must be one."""
    lines = list(_cell_lines(cell, place, layout))
    for line in lines or [[]]:
        yield _paragraph(place.style, *line, keeps_next=place.keeps_next)


def _cell_lines(cell: Cell, place: _Place, layout: _Layout) -> Iterator[list[Markup]]:
    """Yield the lines of a cell, each as its runs."""
    look, style = layout.look, place.style
    match cell:
        case Lines(lines, tone, is_strong):
            for line in lines:
                yield [_run(line, style, look, tone, is_strong=is_strong)]
        case Choice():
            yield from _choice_lines(cell, place, layout)
        case Blank(text=text):
            if text:
                yield [_run(text, style, look)]
        case Bullet():
            pass  # the words beside it say the same
        case Stack(parts):
            for part in parts:
                yield from _cell_lines(part, place, layout)


_JOINT = "\N{NO-BREAK SPACE}"


def _choice_lines(choice: Choice, place: _Place, layout: _Layout) -> Iterator[list[Markup]]:
    """Yield the boxes of a choice with their words, as many to a line as fit."""
    line: list[Markup] = []
    room = place.width - 2 * CELL_MARGIN
    left = room
    for number, option in enumerate(choice.options):
        needed = _option_width(option, place.style)
        if line and needed > left:
            yield line
            line, left = [], room
        if line:
            line.append(_run("  ", place.style, layout.look))
        line += _option(choice, number, place.style, layout)
        left -= needed + place.style.size * 10
    if line:
        yield line


def _option(choice: Choice, number: int, style: Style, layout: _Layout) -> list[Markup]:
    option, is_ticked = choice.options[number], number in choice.chosen
    sign = run(TICKED if is_ticked else UNTICKED, fonts(SIGNS, SIGNS, layout.look.lang))
    name = f"{choice.name} {option}"
    box = checkbox(name, next(layout.boxes), sign, SIGNS, is_ticked=is_ticked)
    return [box, _run(_JOINT + option, style, layout.look)]


# Widths


def _text_width(text: str, style: Style) -> int:
    """Return about how wide `text` is in twips: half the size of type for each column of it."""
    return columns(text) * style.size * 5


def _option_width(option: str, style: Style) -> int:
    """Return how wide an option is with its box, which is as wide as high, and the joint."""
    return _text_width(option, style) + style.size * 14


def _widths(table: Table, look: Look) -> list[int]:
    """Return the widths of the columns in twips; together they fill the page's text width.

    They are in the proportion that the columns ask for, but none is narrower than what must not
    be parted in it, if the others can give way.
    """
    least = [0] * len(table.columns)
    for at, column in enumerate(table.columns):
        least[at] = max(_text_width(word, look.styles.header) for word in _words(column.name))
    for group in table.groups:
        for row in () if group.title else group.rows:
            for at, cell in enumerate((*group.lead, *row, *group.tail)):
                least[at] = max(least[at], _least_width(cell, table.columns[at], look))
    return shared(
        [column.width for column in table.columns],
        [width + _BESIDE for width in least],
        look.text_width,
    )


def _words(text: str) -> list[str]:
    """Return what of a column's name should not be parted: its words, of which Chinese has one."""
    return text.split() or [""]


def _least_width(cell: Cell, column: Column, look: Look) -> int:
    match cell:
        case Choice(options=options):
            return max(_option_width(option, look.styles.cell) for option in options)
        case Lines(lines) if column.is_narrow or column.is_number:
            return max((_text_width(line, look.styles.narrow) for line in lines), default=0)
        case Stack(parts):
            return max((_least_width(part, column, look) for part in parts), default=0)
        case _:
            return 0


def shared(wished: Sequence[int], least: Sequence[int], whole: int) -> list[int]:
    """Share `whole` in the proportion of `wished`, but give each its `least` if that can be."""
    if sum(least) >= whole:
        return _proportional(least, whole)
    fixed: dict[int, int] = {}
    while True:
        free = [at for at in range(len(wished)) if at not in fixed]
        left = whole - sum(fixed.values())
        shares = dict(zip(free, _proportional([wished[at] for at in free], left), strict=True))
        short = [at for at in free if shares[at] < least[at]]
        if not short:
            return [fixed.get(at) or shares[at] for at in range(len(wished))]
        fixed |= {at: least[at] for at in short}


def _proportional(parts: Sequence[int], whole: int) -> list[int]:
    """Share `whole` in the proportion of `parts`, to the last twip."""
    total, before, shares = sum(parts), 0, []
    for part in parts:
        after = before + part
        shares.append(whole * after // total - whole * before // total)
        before = after
    return shares


# Other tables

_ORDER = (*STATUSES, UNASSURED, WAIVED)
"""In which order statuses stand in a table of numbers."""


def _facts(facts: Facts, layout: _Layout) -> Iterator[Markup]:
    styles = layout.look.styles
    names = max((_text_width(name, styles.header) for name, _ in facts.rows), default=0)
    first = min(names + 8 * CELL_MARGIN, layout.look.text_width // 3)
    widths = [first, layout.look.text_width - first]

    def rows() -> Iterator[Markup]:
        for name, cell in facts.rows:
            title = _paragraph(styles.header, _run(name, styles.header, layout.look))
            place = _Place(widths[1], styles.cell)
            content = list(_content(cell, place, layout))
            yield _row(
                [
                    _cell(widths[0], [title], _shade(HEADER_SHADE), _CENTRED),
                    _cell(widths[1], content, _CENTRED),
                ],
                _height(cell),
                can_part=_is_tall(cell, place, layout.look),
            )

    yield from _grid(rows(), widths, layout, "")


def _bars(bars: Bars, layout: _Layout) -> Iterator[Markup]:
    """Yield the bars as a table of their numbers: a column for each status that occurs."""
    styles = layout.look.styles
    found = {share.status: share.name for bar in bars.bars for share in bar.shares}
    statuses = sorted(found, key=_ORDER.index)
    headers = [bars.name, *(found[status] for status in statuses)]
    widths = shared(
        [3, *[1] * len(statuses)],
        [0, *(_text_width(name, styles.header) + _BESIDE for name in headers[1:])],
        layout.look.text_width,
    )

    def rows() -> Iterator[Markup]:
        yield _headers(headers, widths, layout)
        for bar in bars.bars:
            numbers = {share.status: share.number for share in bar.shares}
            counts = [
                Lines((str(numbers.get(status, 0)),), status if numbers.get(status) else MUTED)
                for status in statuses
            ]
            places = [_Place(widths[0], styles.cell)]
            places += [_Place(width, styles.narrow) for width in widths[1:]]
            yield _row(
                [
                    _cell(place.width, list(_content(cell, place, layout)))
                    for cell, place in zip((Lines((bar.name,)), *counts), places, strict=True)
                ]
            )

    yield from _grid(rows(), widths, layout, bars.name)


def _signatures(signatures: Signatures, layout: _Layout) -> Iterator[Markup]:
    """Yield lines to sign on; they stay together, with the heading before them."""
    style = layout.look.styles.signature
    widths = _proportional([7, 2, 10, 2, 6], layout.look.text_width)
    line = tag("w:tcBorders", tag("w:bottom", val="single", sz=6, space=0, color="000000"))
    foot = tag("w:vAlign", val="bottom")

    def rows() -> Iterator[Markup]:
        last = len(signatures.people) - 1
        for number, person in enumerate(signatures.people):
            texts = (person, signatures.sign, "", signatures.on, "")
            cells = [
                _cell(
                    width,
                    [
                        _paragraph(
                            style,
                            *([_run(text, style, layout.look)] if text else []),
                            keeps_next=number < last,
                        )
                    ],
                    *([] if text else [line]),
                    foot,
                )
                for text, width in zip(texts, widths, strict=True)
            ]
            yield _row(cells, _SIGNATURE_HEIGHT)

    yield from _grid(rows(), widths, layout, "", "TableNormal")
