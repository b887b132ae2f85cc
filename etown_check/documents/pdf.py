"""The PDF format: pages to print and to sign, tagged, with their fonts, the same bytes each time.

Typst sets the pages; `page.typ` beside this module is the layout. A document reaches it as JSON,
so that nothing of it is ever read as markup.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, TypeAlias

from etown_check.documents.charts import bullet_marks
from etown_check.documents.model import (
    Blank,
    Block,
    Bullet,
    Cell,
    Choice,
    Document,
    Group,
    Heading,
    Lines,
    Part,
    Table,
    cells,
)
from etown_check.documents.outline import outlined
from etown_check.packing import stamp
from etown_check.records import Record
from etown_check.text import code_of, columns, visible
from etown_check.usage import UsageError
from etown_check.words import Text

if TYPE_CHECKING:
    from typst import Fonts

FONTS = "ETOWN_CHECK_FONTS"
"""The variable that names a folder of fonts to use beside those of the system."""

TITLE, HEADING, BODY, SIGNS = "title", "heading", "body", "signs"
"""What fonts are for. Signs are the boxes to tick, from a font that typst itself carries."""

_LATIN = ("Times New Roman", "Liberation Serif")
_LATIN_SANS = ("Arial", "Liberation Sans")
_SERIF = (
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Songti SC",
    "STSong",
    "SimSun",
    "NSimSun",
    "AR PL UMing CN",
)
_SANS = (
    "SimHei",
    "STHeiti",
    "Heiti SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
)
FAMILIES = {
    TITLE: ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", *_SERIF, *_SANS),
    HEADING: (*_SANS, *_SERIF),
    BODY: ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "STFangsong", *_SERIF, *_SANS),
    SIGNS: ("DejaVu Sans Mono",),
}
"""The Chinese families to choose from, best first: those of official letters, then what Windows,
macOS and Linux have in their place."""

WORDS = {
    "no_typst": Text(
        '生成PDF需要 typst，还没有安装。请运行：pip install "etown-check[pdf]"',
        'PDF needs the package typst, which is not installed. Run: pip install "etown-check[pdf]"',
    ),
    "no_fonts": Text(
        "没有找到中文字体，无法生成PDF。Debian、Ubuntu请运行：apt install fonts-noto-cjk；"
        "Windows请在“设置—可选功能”中添加“中文（简体）补充字体”；macOS请在“字体册”中下载“宋体-简”。"
        f"也可以用环境变量 {FONTS} 指定存放字体的文件夹。",
        "No Chinese font was found, so no PDF can be made. On Debian and Ubuntu run: "
        "apt install fonts-noto-cjk. On Windows add “Chinese (Simplified) Supplemental Fonts” under "
        "Settings, Optional features. On macOS download “Songti SC” in Font Book. "
        f"Or name a folder of fonts in the variable {FONTS}.",
    ),
    "no_folder": Text(
        FONTS + " 指定的文件夹“{folder}”不存在。",
        FONTS + " names a folder, “{folder}”, that is not there.",
    ),
    "failed": Text(
        "没能生成PDF：{message}。可以改用其他格式，例如 --format docx。",
        "The PDF could not be made: {message}. Try another format, such as --format docx.",
    ),
}

Plain: TypeAlias = "str | int | list[Plain] | dict[str, Plain] | None"
"""What JSON can say."""


class _Paper(Record):
    """What a page has room for, all in micrometres.

    `width` is that of the text, `half` that of half a Chinese character in a table, `footer_half`
    in a footer. `line` is how high a line of a table is. A row up to `whole_row`, and a group of
    rows up to `whole_group`, is moved to the next page rather than parted.
    """

    width: int
    half: int
    line: int
    footer_half: int
    whole_row: int
    whole_group: int


_LANDSCAPE = _Paper(273_000, 1_411, 4_100, 1_323, 110_000, 70_000)
_PORTRAIT = _Paper(156_000, 1_852, 5_400, 1_323, 140_000, 70_000)
_INSET = 2_500  # left and right of a cell's text together
_ROOM = 8_000  # a line to write on by hand
_PAGE_NUMBER = 45_000  # its words, beside the lines of a footer

_STANDARD: Literal["ua-1"] = "ua-1"
"""The profile that asks for tags, a language, a title, and a glyph for every character."""

_CHINESE = "#set document(title: [核查])\n核查".encode()
"""A page that can be set only where there is a Chinese font."""

_STANDARD_ERROR = 2
_PANIC = "pyo3_runtime"
"""The module of the exception by which an error within typst itself ends."""

_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_CODE = re.compile(r"\\u\{([0-9a-f]+)\}")


def render(document: Document, *, system_fonts: bool = True) -> bytes:
    """Return `document` as PDF.

    Characters that no font has are shown by their code. Raises `UsageError` where typst or a
    Chinese font is missing, or typst cannot set the pages.
    """
    fonts = _fonts(os.environ.get(FONTS, ""), system_fonts)
    content = json.dumps(_content(document, fonts.families()), ensure_ascii=False)
    return _compiled(content, fonts, document.day)


# Fonts


@cache
def _fonts(folder: str, system_fonts: bool) -> "Fonts":
    """Return the fonts there are, among which at least one is Chinese. Raises `UsageError`."""
    try:
        import typst
    except ImportError:
        raise UsageError(WORDS["no_typst"]) from None
    if folder and not os.path.isdir(folder):
        raise _error("no_folder", folder=visible(folder))
    fonts = typst.Fonts(system_fonts, font_paths=[folder] if folder else [])
    try:
        _pages(_CHINESE, {}, fonts)
    except typst.TypstError:
        raise UsageError(WORDS["no_fonts"]) from None
    return fonts


def _chosen(families: Iterable[str], *, is_chinese: bool) -> dict[str, Plain]:
    """Return by purpose which of the `families` to use, those for Latin letters first.

    Beside Chinese, the Latin ones leave quotation marks and dashes to the Chinese ones.
    """
    there = set(families)
    chosen: dict[str, Plain] = {}
    for purpose, wanted in FAMILIES.items():
        latin = () if purpose == SIGNS else _LATIN_SANS if purpose == HEADING else _LATIN
        first: list[Plain] = [
            {"name": name, "covers": "latin-in-cjk"} if is_chinese else name
            for name in latin
            if name in there
        ]
        chosen[purpose] = [*first, *(name for name in wanted if name in there)]
    return chosen


# Setting the pages


def _compiled(content: str, fonts: "Fonts", day: date) -> bytes:
    from typst import TypstError

    moment = stamp(day)
    try:
        try:
            return _pages(_layout(), {"document": content}, fonts, moment)
        except TypstError as error:
            shown = content.translate(_codes(error.diagnostic))
            return _pages(_layout(), {"document": shown}, fonts, moment)
    except RuntimeError as error:  # a `TypstError` is one; so is what it says of files
        raise _error("failed", message=visible(str(error))) from None
    except BaseException as error:
        if type(error).__module__ != _PANIC:
            raise
        raise _error("failed", message=visible(str(error))) from None


def _pages(
    layout: bytes, inputs: dict[str, str], fonts: "Fonts", moment: datetime | None = None
) -> bytes:
    import typst

    # Typst reads nothing from its root, but insists that there is one: the present may be gone.
    compiler = typst.Compiler(root=os.path.dirname(__file__), font_paths=fonts)
    with _without_backtraces():
        pages = compiler.compile(
            layout, format="pdf", sys_inputs=inputs, pdf_standards=_STANDARD, timestamp=moment
        )
    assert isinstance(pages, bytes)
    return pages


@contextmanager
def _without_backtraces() -> Iterator[None]:
    """Keep from standard error what Rust writes there by itself when it panics."""
    try:
        kept = os.dup(_STANDARD_ERROR)
    except OSError:  # closed by whoever started the program
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), _STANDARD_ERROR)
        yield
    finally:
        os.dup2(kept, _STANDARD_ERROR)
        os.close(kept)


@cache
def _layout() -> bytes:
    return files(__package__).joinpath("page.typ").read_bytes()


def _codes(diagnostic: str) -> Mapping[int, str]:
    """Return what to show for the characters of which typst says that no font has them."""
    unshown = "".join(_UNSHOWN.findall(diagnostic))
    characters = _CODE.sub(lambda match: chr(int(match[1], 16)), unshown)
    return {ord(it): f"[{code_of(it)}]" for it in characters if not it.isascii()}


def _error(key: str, **args: str) -> UsageError:
    text = WORDS[key]
    return UsageError(Text(text.zh.format(**args), text.en.format(**args)))


# A document as JSON


def _content(document: Document, families: Iterable[str]) -> dict[str, Plain]:
    paper = _LANDSCAPE if document.is_landscape else _PORTRAIT
    return {
        "title": visible(document.title),
        "lang": document.lang,
        "is_landscape": document.is_landscape,
        "pages": document.pages,
        "fonts": _chosen(families, is_chinese=document.lang == "zh"),
        "parts": [_part(part, paper) for part in document.parts],
    }


def _part(part: Part, paper: _Paper) -> dict[str, Plain]:
    room = paper.width - _PAGE_NUMBER
    return {
        "title": visible(part.title),
        "subtitle": visible(part.subtitle),
        "footer": [visible(line) for line in part.footer],
        "foot_lines": sum(_line_count(line, room, paper.footer_half) for line in part.footer),
        "blocks": list(_blocks(part.blocks, paper)),
    }


def _blocks(blocks: Sequence[Block], paper: _Paper) -> Iterator[Plain]:
    for block, depth in outlined(blocks, 1):
        match block:
            case Heading():
                yield {
                    "kind": "Heading",
                    "text": visible(block.text),
                    "level": block.level,
                    "depth": depth,
                }
            case Table():
                yield {
                    "kind": "Table",
                    "columns": _plain(block.columns),
                    "rows": list(_rows(block, paper)),
                }
            case _:
                yield _plain(block)


def _plain(value: object) -> Plain:
    """Return a record as its fields by name, with its kind, and all within it likewise."""
    match value:
        case str():
            return visible(value)
        case Bullet():
            return _bullet(value)
        case tuple():
            plain = [_plain(it) for it in value]
            names: tuple[str, ...] = getattr(value, "_fields", ())
            fields = dict(zip(names, plain, strict=False))
            return {"kind": type(value).__name__, **fields} if names else plain
        case _:
            assert isinstance(value, int)
            return value


def _bullet(bullet: Bullet) -> dict[str, Plain]:
    """Return where the marks of a chart stand, in thousandths of its length."""
    marks = bullet_marks(bullet)
    return {
        "kind": "Bullet",
        "text": visible(bullet.text),
        "tone": bullet.tone,
        "start": _thousandths(marks.start),
        "end": _thousandths(marks.end),
        "zero": _thousandths(marks.zero),
        "low": _thousandths(marks.low),
        "high": _thousandths(marks.high),
        "limits": [_thousandths(limit) for limit in marks.limits],
        "is_beyond": marks.is_beyond,
    }


def _thousandths(share: Fraction) -> int:
    return round(share * 1000)


def _rows(table: Table, paper: _Paper) -> Iterator[Plain]:
    """Yield the titles and the rows of `table`; each cell says in which column it stands.

    A title `leads` if a row comes next. Typst cannot set another one as a header.
    """
    total = sum(column.width for column in table.columns)
    widths = [column.width * paper.width // total - _INSET for column in table.columns]
    titled = (*(bool(group.title) for group in table.groups), True)
    for group, is_followed in zip(table.groups, titled[1:], strict=True):
        if group.title:
            yield {"title": visible(group.title), "leads": not is_followed}
            continue
        heights = [
            max(_height(cell, widths[column], paper) for column, cell, _ in row)
            for row in _placed(group)
        ]
        is_high = sum(heights) > paper.whole_group
        for row, height in zip(_placed(group), heights, strict=True):
            placed: list[Plain] = [
                {
                    "cell": _plain(cell),
                    "column": column,
                    "span": span,
                    "breakable": is_high if span > 1 else height > paper.whole_row,
                }
                for column, cell, span in row
            ]
            yield {"cells": placed}


def _placed(group: Group) -> Iterator[list[tuple[int, Cell, int]]]:
    """Yield the rows of `group`: column, cell, and the rows that it spans."""
    for _, number, row in cells(Table("", (), (group,))):
        first = len(group.lead) if number else 0
        yield [(first + place, cell, span) for place, (cell, span) in enumerate(row)]


# How high a cell is, roughly: enough to decide what to keep on one page


def _height(cell: Cell, width: int, paper: _Paper) -> int:
    match cell:
        case Lines(texts) | Choice(options=texts):
            return paper.line * sum(_line_count(text, width, paper.half) for text in texts)
        case Blank():
            return max(_ROOM * cell.rows, paper.line * _line_count(cell.text, width, paper.half))
        case Bullet():
            return paper.line
        case _:
            return sum(_height(part, width, paper) for part in cell.parts)


def _line_count(text: str, width: int, half: int) -> int:
    return -(-columns(text) * half // width) or 1
