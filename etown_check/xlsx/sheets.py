"""The cells of an .xlsx file, read from its XML in one pass, piece by piece.

A file may come from a stranger: nothing is unpacked beyond the limits, no DOCTYPE is obeyed, and
whatever is broken is `Unreadable`, with a code that says how.
"""

import io
import os
import posixpath
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from functools import cached_property
from typing import IO, BinaryIO
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from etown_check.endings import OFFICE_LOCK, OLE, ZIP
from etown_check.limits import MAX_CELLS, MAX_MERGED, MAX_UNPACKED
from etown_check.records import Record
from etown_check.words import Text, Words
from etown_check.xlsx.formats import (
    DATE,
    MONTH,
    SCALED,
    TIME,
    YEAR,
    Format,
    built_in,
    read_format,
    shown,
)
from etown_check.xlsx.strings import Strings
from etown_check.xlsx.texts import BLANK, Value, said, unescaped

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_PIECE = 1 << 16
"""Bytes that are unpacked and parsed at a time."""
_LONGEST_TAG = 1 << 22
"""Bytes of one tag. No honest tag is as long, and the parser would hold all of a longer one."""
_FAULTS = (
    BadZipFile,
    EOFError,
    ExpatError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    zlib.error,
)
"""What broken archives and broken XML are told by."""

_OTHERS: dict[str, tuple[str, Words]] = {
    "word/document.xml": ("E804", Text("Word 文档", "a Word document")),
    "ppt/presentation.xml": ("E804", Text("PowerPoint 演示文稿", "a PowerPoint presentation")),
    "xl/workbook.bin": ("E802", ".xlsb"),
    "content.xml": ("E802", ".ods"),
}
"""What else is a zip archive, by a part that only it has."""

WHOLE = Text("整个文件", "the whole file")


class Unreadable(Exception):
    """The file cannot be read as a workbook: a code, and what its message needs."""

    def __init__(self, code: str, **args: Words) -> None:
        super().__init__(code)
        self.code = code
        self.args_of_message: Mapping[str, Words] = args


class Limits(Record):
    """How much is read of a workbook: bytes when unpacked, and cells (and texts) that it holds.

    Where texts take more than so many bytes `in_memory`, some are put aside in a file.
    """

    unpacked: int
    cells: int
    in_memory: int


class Stored(Record):
    """A cell as the file has it: its type, its content and the number of its style."""

    type: str
    content: str
    style: int
    is_formula: bool


class Merged(Record):
    """A merged range: its first and its last row, its first and its last column."""

    top: int
    bottom: int
    left: int
    right: int


class Sheet:
    """One sheet. Rows and columns count from 1."""

    def __init__(self, book: "Book", name: str, *, is_hidden: bool) -> None:
        self.book = book
        self.name = name
        self.is_hidden = is_hidden
        self.stored: dict[int, dict[int, Stored]] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[range] = []
        self.merged: list[Merged] = []

    @property
    def rows(self) -> list[int]:
        """The rows that hold something, in their order."""
        return sorted(self.stored)

    def columns(self, row: int) -> list[int]:
        """Return the columns of `row` that hold something, in their order."""
        return sorted(self.stored.get(row, ()))

    def value(self, row: int, column: int) -> Value:
        """Return what a cell says."""
        stored = self.stored.get(row, {}).get(column)
        return BLANK if stored is None else self.book.value(stored)

    def is_hidden_column(self, column: int) -> bool:
        """Tell whether a column is hidden."""
        return any(column in columns for columns in self.hidden_columns)


class Book:
    """A workbook. Raises `Unreadable` for what cannot be read, whenever it comes to light.

    One whose texts may be put aside must be closed, and may raise `NoScratch`.
    """

    def __init__(self, file: BinaryIO, limits: Limits | None = None) -> None:
        self.limits = limits or Limits(MAX_UNPACKED, MAX_CELLS, MAX_UNPACKED)
        self._closing = ExitStack()
        self.left = self.limits.unpacked
        self.cells = 0
        try:
            self.archive = ZipFile(file)
            self.parts = {name.replace("\\", "/").lower(): name for name in self.archive.namelist()}
        except _FAULTS:
            raise Unreadable("E806", part=WHOLE) from None
        for name, (code, what) in _OTHERS.items():
            if name in self.parts:
                raise Unreadable(code, what=what)
        if "[content_types].xml" not in self.parts:
            raise Unreadable("E804", what=Text("压缩包", "a zip archive"))
        home = self._related("", ("officeDocument",)).get("officeDocument", "xl/workbook.xml")
        self.is_1904 = False
        self._listed: list[tuple[str, str, bool]] = []
        self._parse(home, self._of_workbook())
        self.targets = self._targets(home)
        related = self._related(home, ("sharedStrings", "styles"))
        self._strings_part = related.get("sharedStrings", "")
        self._styles_part = related.get("styles", "")

    def close(self) -> None:
        """Let go of what was put aside."""
        self._closing.close()

    @property
    def names(self) -> list[str]:
        """The names of the sheets, in their order."""
        return [name for name, _, _ in self._listed]

    def sheet(self, at: int) -> Sheet | None:
        """Read the sheet at an index of `names`; `None` where it is no sheet of cells."""
        return self.head(at, _MOST_ROWS)

    def head(self, at: int, rows: int) -> Sheet | None:
        """Read a sheet as `sheet` does, but no further than its first `rows` need."""
        name, relation, is_hidden = self._listed[at]
        kind, target = self.targets.get(relation, ("", ""))
        if kind in ("chartsheet", "dialogsheet"):
            return None
        sheet = Sheet(self, name, is_hidden=is_hidden)
        reader = _SheetReader(self, sheet)
        for _ in self._pieces(target, _bare(reader.begin), _named(reader.end), reader.add):
            if len(sheet.stored) > rows:
                break
        return sheet

    def is_hidden(self, at: int) -> bool:
        """Tell whether the sheet at an index of `names` is hidden."""
        return self._listed[at][2]

    def pieces(
        self, at: int, begin: "Start", end: "End | None" = None, add: "End | None" = None
    ) -> Iterator[None]:
        """Parse the sheet at an index of `names`, and yield behind each piece of it.

        `begin` is given the names and the values of attributes in turn; `add` is given text.
        """
        _, part = self.targets.get(self._listed[at][1], ("", ""))
        return self._pieces(part, begin, end, add)

    def count_cell(self) -> None:
        """Count a cell that holds something; raises `Unreadable` beyond the limit."""
        self.count(self.cells + 1)

    def count(self, cells: int) -> None:
        """Take note that `cells` hold something; raises `Unreadable` beyond the limit."""
        self.cells = cells
        if cells > self.limits.cells:
            raise Unreadable("E807", limit=self.limits.cells, what=Text("个单元格", "cells"))

    def mentions(self, at: int, word: bytes) -> bool:
        """Tell whether `word` may stand in the XML of the sheet at an index of `names`."""
        _, part = self.targets.get(self._listed[at][1], ("", ""))
        before = b""
        try:
            for piece in self._unpacked(part):
                # UTF-16 has a zero beside each of its letters.
                if word in before + piece or b"\0" in piece:
                    return True
                before = piece[-len(word) :]
        except _FAULTS:
            raise Unreadable("E806", part=part or WHOLE) from None
        return False

    # The parts of the file

    def _opened(self, part: str) -> IO[bytes]:
        name = self.parts[part.lower()]
        entry = self.archive.getinfo(name)
        if entry.flag_bits & 1:
            raise Unreadable("E803")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BadZipFile(name)
        return self.archive.open(entry)

    def _unpacked(self, part: str) -> Iterator[bytes]:
        """Yield a part unpacked, piece by piece, within the limits."""
        with self._opened(part) as file:
            while piece := file.read(_PIECE):
                self.left -= len(piece)
                if self.left < 0:
                    limit = f"{self.limits.unpacked // 1024 // 1024} MB"
                    raise Unreadable("E807", limit=limit, what=Text("（解压后）", "when unpacked"))
                yield piece

    def _pieces(
        self, part: str, begin: "Start", end: "End | None" = None, add: "End | None" = None
    ) -> Iterator[None]:
        """Parse a part of the file, and yield behind each piece of it."""
        try:
            parser = ParserCreate()
            parser.buffer_text = True
            parser.ordered_attributes = True
            parser.StartDoctypeDeclHandler = _refuse
            parser.StartElementHandler = begin
            parser.EndElementHandler = end
            parser.CharacterDataHandler = add
            given = 0
            for piece in self._unpacked(part):
                parser.Parse(piece, False)
                given += len(piece)
                if given - parser.CurrentByteIndex > _LONGEST_TAG:
                    raise ExpatError
                yield
            parser.Parse(b"", True)
        except _FAULTS:
            raise Unreadable("E806", part=part or WHOLE) from None
        yield

    def _parse(
        self,
        part: str,
        begin: "Begin",
        end: "End | None" = None,
        add: "End | None" = None,
    ) -> None:
        """Parse a part of the file, with names of elements and attributes bare of prefixes."""
        for _ in self._pieces(part, _bare(begin), end and _named(end), add):
            pass

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Yield what `part` refers to: id, type and path within the archive."""
        folder, name = posixpath.split(part)
        found: list[tuple[str, str, str]] = []

        def begin(name: str, attributes: Mapping[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.join("/", folder, attributes.get("Target", ""))
                kind = posixpath.basename(attributes.get("Type", ""))
                path = posixpath.normpath(target).lstrip("/")
                found.append((attributes.get("Id", ""), kind, path))

        self._parse(posixpath.join(folder, "_rels", f"{name}.rels"), begin)
        yield from found

    def _related(self, part: str, kinds: tuple[str, ...]) -> dict[str, str]:
        return {kind: path for _, kind, path in self._relations(part) if kind in kinds}

    def _targets(self, home: str) -> dict[str, tuple[str, str]]:
        return {id: (kind, path) for id, kind, path in self._relations(home)}

    def _of_workbook(self) -> "Begin":
        def begin(name: str, attributes: Mapping[str, str]) -> None:
            if name == "workbookPr":
                self.is_1904 = attributes.get("date1904") in ("1", "true", "on")
            elif name == "sheet":
                is_hidden = attributes.get("state", "visible") != "visible"
                self._listed.append(
                    (unescaped(attributes.get("name", "")), attributes.get("id", ""), is_hidden)
                )

        return begin

    @cached_property
    def strings(self) -> Strings:
        """The texts that cells of the type `s` refer to by their numbers."""
        strings = self._closing.enter_context(closing(Strings(self.limits.in_memory)))
        reader = _StringsReader(strings, self.limits.cells)
        if self._strings_part:
            for _ in self._pieces(self._strings_part, reader.begin, reader.end, reader.add):
                pass
        strings.finish()
        return strings

    @cached_property
    def formats(self) -> list[Format]:
        """The number format of each style of cells."""
        codes: dict[str, str] = {}
        styles: list[str] = []
        within: list[str] = []

        def begin(name: str, attributes: Mapping[str, str]) -> None:
            if name in ("cellXfs", "cellStyleXfs", "dxfs"):
                within.append(name)
            elif name == "numFmt" and "dxfs" not in within:
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif name == "xf" and within and within[-1] == "cellXfs":
                styles.append(attributes.get("numFmtId", "0"))

        if self._styles_part:
            self._parse(self._styles_part, begin)
        return [
            read_format(codes[number]) if number in codes else built_in(whole_number(number))
            for number in styles
        ]

    def format_of(self, style: int) -> Format:
        """Return the number format of cells of a style."""
        return self.formats[style] if 0 <= style < len(self.formats) else built_in(0)

    # What cells say

    def value(self, stored: Stored) -> Value:
        """Return what a cell says that the file stores as `stored`."""
        type, content, style, is_formula = stored
        if is_formula and not content and type != "str":
            return Value("", "E811")
        match type:
            case "s":
                index = whole_number(content)
                if index >= len(self.strings):
                    raise Unreadable("E806", part=self._strings_part or WHOLE)
                return said(self.strings[index])
            case "str" | "inlineStr":
                return said(unescaped(content))
            case "b":
                return Value("是" if content.strip() in ("1", "true") else "否")
            case "e":
                return Value(content, "E812")
            case "d":
                return Value(content.partition("T")[0], is_date=True)
        form = self.format_of(style)
        text = shown(content.strip(), form, is_1904=self.is_1904)
        is_date = form.kind in (DATE, MONTH, YEAR, TIME)
        return Value(text, "E819" if form.kind == SCALED else "", is_date)


Begin = Callable[[str, Mapping[str, str]], None]
"""What is called for each element that begins: its name and its attributes."""
Start = Callable[[str, list[str]], None]
"""The same as the parser calls it: names with their prefixes, each attribute before its value."""
End = Callable[[str], None]
"""What is called for each element that ends, or for text."""


class Bare(dict[str, str]):
    """Maps names to what stands behind their prefix."""

    def __missing__(self, name: str) -> str:
        bare = self[name] = name.rpartition(":")[2]
        return bare


def _bare(begin: Begin) -> Start:
    """Return what calls `begin` with names bare of prefixes."""
    bare = Bare()

    def start(name: str, attributes: list[str]) -> None:
        names = iter(attributes)
        begin(bare[name], {bare[it]: next(names) for it in names})

    return start


def _named(end: End) -> End:
    """Return what calls `end` with names bare of prefixes."""
    bare = Bare()
    return lambda name: end(bare[name])


def _refuse(*_: object) -> None:
    raise ExpatError


def whole_number(text: str) -> int:
    """Return a small number of the file's own; raises `Unreadable` for any other text."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Unreadable("E806", part=WHOLE)
    return int(text)


class _StringsReader:
    """Reads the table of strings: runs of rich text are one string, phonetic ones no part of it."""

    def __init__(self, strings: Strings, most: int) -> None:
        self.strings = strings
        self._most = most
        self._names = Bare()
        self._runs: list[str] = []
        self._is_text = False
        self._is_phonetic = False

    def begin(self, name: str, _: list[str]) -> None:
        name = self._names[name]
        if name == "t":
            self._is_text = not self._is_phonetic
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "si":
            self._runs = []

    def end(self, name: str) -> None:
        name = self._names[name]
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            self.strings.append("".join(self._runs))
            if len(self.strings) > self._most:
                raise Unreadable("E807", limit=self._most, what=Text("段文字", "texts"))

    def add(self, text: str) -> None:
        if self._is_text:
            self._runs.append(text)


class _SheetReader:
    """Reads the cells of a sheet that hold something, and what is hidden or merged."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.book = book
        self.sheet = sheet
        self._row = self._column = 0
        self._cell: Mapping[str, str] = {}
        self._content: list[str] = []
        self._is_cell = self._is_content = self._is_formula = self._is_phonetic = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._row = _within(attributes.get("r"), self._row + 1, _MOST_ROWS)
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.sheet.hidden_rows.add(self._row)
        elif self._is_cell:
            if name == "f":
                self._is_formula = True
            elif name == "rPh":
                self._is_phonetic = True
            elif name in ("v", "t"):
                self._is_content = not self._is_phonetic
        elif name == "col":
            self._hide_columns(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        if "r" in attributes:
            self._row, self._column = place_of(attributes["r"])
        else:
            self._column = _within(None, self._column + 1, _MOST_COLUMNS)
        self._cell = attributes
        self._content.clear()
        self._is_cell = True
        self._is_formula = False

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._is_content = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "c":
            self._is_cell = False
            if self._content or self._is_formula:
                self._keep()

    def add(self, text: str) -> None:
        if self._is_content:
            self._content.append(text)

    def _keep(self) -> None:
        self.book.count_cell()
        self.sheet.stored.setdefault(self._row, {})[self._column] = Stored(
            self._cell.get("t", "n"),
            "".join(self._content),
            whole_number(self._cell.get("s", "0")),
            self._is_formula,
        )

    def _hide_columns(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true"):
            first = _within(attributes.get("min"), 1, _MOST_COLUMNS)
            last = _within(attributes.get("max"), first, _MOST_COLUMNS)
            self.sheet.hidden_columns.append(range(first, last + 1))

    def _merge(self, text: str) -> None:
        begin, _, end = text.partition(":")
        top, left = place_of(begin)
        bottom, right = place_of(end or begin)
        self.sheet.merged.append(Merged(top, bottom, left, right))
        if len(self.sheet.merged) > MAX_MERGED:
            what = Text("处合并单元格", "merged ranges")
            raise Unreadable("E807", limit=MAX_MERGED, what=what)


def _within(text: str | None, default: int, most: int) -> int:
    number = default if text is None else int(text)
    if not 1 <= number <= most:
        raise ValueError(number)
    return number


def row_number(text: str | None, before: int) -> int:
    """Return the number that a row bears, or that of the row behind the one at `before`."""
    return _within(text, before + 1, _MOST_ROWS)


def place_of(address: str) -> tuple[int, int]:
    """Return the row and the column of an address such as D7. Raises `ValueError`."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return _within(match.group(2), 0, _MOST_ROWS), _within(None, column, _MOST_COLUMNS)


def open_book(content: bytes) -> Book:
    """Open the workbook that `content` holds. Raises `Unreadable`."""
    return Book(io.BytesIO(content))


_WORDS_IN_OLE = {
    "EncryptedPackage": ("E803", None),
    "WordDocument": ("E804", Text("Word 文档", "a Word document")),
    "PowerPoint Document": ("E804", Text("PowerPoint 演示文稿", "a PowerPoint presentation")),
}
"""The entries of older files by which it is told what they are."""


def refuse_others(path: str, content: bytes) -> None:
    """Raise `Unreadable` for what is no workbook, or one of a kind that cannot be read."""
    if os.path.basename(path).startswith(OFFICE_LOCK):
        raise Unreadable("E805")
    if content.startswith(ZIP):
        return
    if content.startswith(OLE):
        for name, (code, what) in _WORDS_IN_OLE.items():
            if name.encode("utf-16-le") in content:
                raise Unreadable(code, **({} if what is None else {"what": what}))
        raise Unreadable("E802", what=".et" if path.lower().endswith(".et") else ".xls")
    if path.lower().endswith(".csv"):
        raise Unreadable("E804", what=Text("CSV 文件", "a CSV file"))
    raise Unreadable("E801")
