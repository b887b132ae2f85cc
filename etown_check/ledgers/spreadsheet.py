"""A ledger in an .xlsx file, read row by row.

Merged cells stand behind the rows in the file; whether there are any is looked up beforehand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from etown_check.ledgers.headings import Found, Headings
from etown_check.ledgers.tables import (
    AMOUNT,
    FURTHER,
    HEAD_COLUMNS,
    HEAD_ROWS,
    KEYS,
    Head,
    Odd,
    Row,
    Spot,
)
from etown_check.limits import (
    MAX_LEDGER_CELLS,
    MAX_LEDGER_UNPACKED,
    MAX_TEXT,
)
from etown_check.problems import InputError, Position, Problem, column_name
from etown_check.records import Record
from etown_check.words import Text
from etown_check.xlsx.formats import built_in
from etown_check.xlsx.sheets import (
    Bare,
    Book,
    Limits,
    Merged,
    Stored,
    Unreadable,
    place_of,
    row_number,
    whole_number,
)
from etown_check.xlsx.texts import Value

_SHOWN = re.compile(r"-?[1-9]\d{0,9}(?:\.\d{0,4}[1-9])?", re.ASCII)
"""Numbers that are shown as they are stored, where no format changes them."""
_WITHIN = frozenset(("c", "v", "t", "is", "f"))
"""Elements within a row; their ends say nothing."""
_PLAIN = built_in(0)
_DIGITS = "0123456789"
_MOST_REMEMBERED = 10_000
_MOST_MERGED = 100_000
_MOST_PIECES = 64
"""Pieces of the file that one row may take: some 4 MB, far more than all of its columns need."""
_IN_MEMORY = 1 << 23
"""Bytes that the texts of a workbook take at most without a file: those of 50,000 rows do."""
_MOST_NAMED = 5
"""Rows that are named one by one where several are told of."""


def open_book(file: BinaryIO) -> Book:
    """Open the workbook in `file`, within the limits of ledgers. Raises `Unreadable`."""
    return Book(file, Limits(MAX_LEDGER_UNPACKED, MAX_LEDGER_CELLS, _IN_MEMORY))


class Spreadsheet:
    """A ledger in a workbook. The methods speak of the row that was yielded last.

    Raises `Unreadable` for what cannot be read, whenever it comes to light.
    """

    def __init__(self, path: str, book: Book, headings: Headings) -> None:
        self.path = path
        self.book = book
        self.number = 0
        self._more: Sequence[_Cell] = ()
        self._hidden: list[int] = []
        self._others: list[str] = []
        self._at, found, self._hidden_columns = self._find(headings)
        self.sheet = self.book.names[self._at]
        self.header, self.mistakes = headings.header(found)

    def _find(self, headings: Headings) -> tuple[int, Found, Sequence[range]]:
        """Return the first sheet with a whole header, else the one with most of it."""
        best: tuple[int, Found, Sequence[range]] | None = None
        is_empty = True
        for at in range(len(self.book.names)):
            sheet = None if self.book.is_hidden(at) else self.book.head(at, HEAD_ROWS)
            if sheet is None:
                continue
            heads = []
            for row in sheet.rows[:HEAD_ROWS]:
                columns = sheet.columns(row)[:HEAD_COLUMNS]
                texts = {column: sheet.value(row, column).text for column in columns}
                cells = {column: text.strip() for column, text in texts.items() if text.strip()}
                heads += [Head(row, cells)] if cells else []
            is_empty = is_empty and not heads
            found = headings.find(heads)
            if found is None:
                continue
            if best is None or found.number > best[1].number:
                best = at, found, sheet.hidden_columns
            elif found.is_whole:
                self._others.append(sheet.name)
        if best is not None:
            return best
        code, args = ("E852", {}) if is_empty else ("E853", {"example": headings.example})
        raise InputError([Problem(self.path, None, code, args)])

    # The rows

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header that hold something in one of its columns."""
        merged = _Spread(self._merged(), self.header.columns)
        reader = _RowReader(self.book, self.header.columns, self.header.row)
        self._hidden = reader.hidden
        self.book.left = self.book.limits.unpacked
        for _ in self.book.pieces(self._at, reader.begin, reader.end, reader.add):
            reader.pause()
            self.book.count(reader.seen)
            for self.number, cells, odd, self._more in reader.rows:
                merged.fill(self.number, cells)
                yield self.number, cells, odd
            reader.rows.clear()

    def _merged(self) -> list[Merged]:
        """Return the merged ranges of several rows below the header."""
        self.book.left = self.book.limits.unpacked
        if not self.book.mentions(self._at, b"mergeCell"):
            return []
        reader = _MergedReader(self.header.row)
        self.book.left = self.book.limits.unpacked
        for _ in self.book.pieces(self._at, reader.begin):
            pass
        return reader.merged

    def further(self) -> Iterator[str]:
        """Yield the texts of the row's cells in no column of the seven."""
        for attributes, content, is_formula in self._more[:FURTHER]:
            type, style = _type_and_style(attributes)
            yield self.book.value(Stored(type, content, style, is_formula)).text

    # Places

    def spot(self, at: int) -> Spot:
        """Return the place of the cell at an index of `KEYS`."""
        return Spot(Position(self.number, max(self.header.columns[at], 1), self.sheet))

    def head_spot(self, column: int) -> Spot:
        """Return the place of a cell of the header, of its first one for 0."""
        return Spot(Position(self.header.row, max(column, 1), self.sheet))

    def warnings(self) -> Iterator[Problem]:
        """Yield what is hidden and was read all the same, and what was not read."""
        for name in self._others:
            args = {"text": name, "first": self.sheet}
            yield Problem(self.path, Position(1, 1, name), "W351", args)
        if self._hidden:
            place = Position(self._hidden[0], 1, self.sheet)
            more = len(self._hidden) > _MOST_NAMED
            named = [str(number) for number in self._hidden[:_MOST_NAMED]]
            what = Text(
                f"第 {'、'.join(named)} {'等 ' * more}行",
                f"rows {', '.join(named)}{' …' * more}",
            )
            yield Problem(self.path, place, "W303", {"what": what})
        columns = [it for it in self.header.columns if any(it in of for of in self._hidden_columns)]
        if columns:
            place = Position(self.header.row, columns[0], self.sheet)
            letters = [column_name(column) for column in columns]
            what = Text(f"第 {'、'.join(letters)} 列", f"columns {', '.join(letters)}")
            yield Problem(self.path, place, "W303", {"what": what})


_Cell = tuple[list[str], str, bool]
"""A cell as the file has it: its attributes, its content, and whether it is a formula.

Of the attributes each name stands before its value.
"""


class _Read(Record):
    """A row that was read; `more` are its cells in no column of the seven."""

    number: int
    cells: list[str]
    odd: Odd | None
    more: list[_Cell]


class _RowReader:
    """Gathers the rows of a sheet as its XML is parsed: `rows` holds those that are complete.

    There are millions of elements, and calling Python for one takes longer than parsing it. So the
    parts of a row are only collected until it ends, and it is not asked where the others end: what
    stands between a value and the next cell is white space.
    """

    def __init__(self, book: Book, columns: Sequence[int], after: int) -> None:
        self.book = book
        self.after = after
        self.rows: list[_Read] = []
        self.hidden: list[int] = []  # one more than will be named
        self.seen = 0
        self._waited = 0
        self._is_open = False
        self._names = Bare()
        self._slots = {column: at for at, column in enumerate(columns) if column}
        self._columns: dict[str, int] = {}
        self._kinds: dict[tuple[str, ...], _Kind] = {}
        self._strings = book.strings
        self._row: Mapping[str, str] = {}
        self._number = 0
        # The attributes of cells, their texts, and `None` for a formula.
        self._parts: list[list[str] | str | None] = []
        self._is_content = self._is_phonetic = False

    def begin(self, name: str, attributes: list[str]) -> None:
        if name == "v":
            self._is_content = True
        elif name == "c":
            self._is_content = self._is_phonetic = False
            self._parts.append(attributes)
        else:
            self._begin_other(self._names[name], attributes)

    def _begin_other(self, name: str, attributes: list[str]) -> None:
        """Begin an element that is rare, or whose name had a prefix."""
        if name == "row":
            self._row = _by_name(attributes)
            self._parts = []
            self._is_content = False
            self._is_open = True
        elif name == "t":
            self._is_content = not self._is_phonetic
        elif name == "f":
            self._is_content = False
            self._parts.append(None)
        elif name == "rPh":  # how a text is spoken; no text that is written follows
            self._is_content = False
            self._is_phonetic = True
        elif name in ("c", "v"):
            self.begin(name, attributes)

    def add(self, text: str) -> None:
        if self._is_content:
            self._parts.append(text)

    def end(self, name: str) -> None:
        if name in _WITHIN or self._names[name] != "row":
            return
        self._is_open = False
        self._waited = 0
        self._number = row_number(self._row.get("r"), self._number)
        read = self._read(_cells(self._parts), is_numbered="r" in self._row)
        if read is not None:
            self.rows.append(read)
            is_hidden = self._row.get("hidden") in ("1", "true")
            if is_hidden and len(self.hidden) <= _MOST_NAMED:
                self.hidden.append(self._number)

    def pause(self) -> None:
        """Look at what was gathered of a row after a piece of the file. Raises `Unreadable`."""
        if not self._is_open:
            self._parts = []
            return
        self._waited += 1
        if self._waited > _MOST_PIECES:
            raise Unreadable("E806", part=Text("工作表", "a sheet"))

    def _read(self, parts: Iterable[_Cell], *, is_numbered: bool) -> _Read | None:
        columns, kinds, strings = self._columns, self._kinds, self._strings
        first, known, many = strings.first, len(strings.first), len(strings)
        cells, more = [""] * len(KEYS), []
        values: dict[int, Value] = {}
        address, seen = "", 0
        for cell in parts:
            seen += 1
            attributes, content, is_formula = cell
            if attributes and attributes[0] == "r":
                address, rest = attributes[1], tuple(attributes[2:])
            else:
                address, rest = self._apart(attributes, address)
            if not (content or is_formula):
                continue
            at = columns.get(address.rstrip(_DIGITS))
            if at is None:
                at = self._index(address)
            if at < 0:
                more.append(cell)
                continue
            kind = kinds.get(rest) or self._kind_of(rest)
            text = kind.days.get(content, "") if at != AMOUNT else ""
            if kind.is_text and content.isdecimal() and (number := int(content)) < many:
                text = first[number] if number < known else strings[number]
                text = text if text.isprintable() and len(text) <= MAX_TEXT else ""
            elif kind.is_number and _SHOWN.fullmatch(content):
                text = content
            if text:
                cells[at] = text
                continue
            content = content.strip()
            if not (content or is_formula):
                continue
            value = self._value(kind, content, is_formula=is_formula)
            cells[at] = value.text
            if value.fault or value.removed or (value.is_date and at == AMOUNT):
                values[at] = value
        self.seen += seen
        if address and not is_numbered:
            self._number, _ = place_of(address)
        if self._number <= self.after or not (any(cells) or values):
            return None
        return _Read(self._number, cells, Odd(values) if values else None, more)

    def _apart(self, attributes: Sequence[str], before: str) -> tuple[str, tuple[str, ...]]:
        """Return the address of a cell, the next one to `before` where it has none, and the rest."""
        of = _by_name(attributes)
        address = of.pop("r", "")
        if not address:
            column = place_of(before)[1] if before else 0
            address = f"{column_name(column + 1)}{self._number}"
        return address, tuple(it for item in of.items() for it in item)

    def _index(self, address: str) -> int:
        """Return the index of the column of `address` among the seven, -1 for any other."""
        _, column = place_of(address)
        at = self._columns[address.rstrip(_DIGITS)] = self._slots.get(column, -1)
        return at

    def _kind_of(self, attributes: tuple[str, ...]) -> "_Kind":
        """Return what cells with these attributes have in common, and remember it."""
        type, style = _type_and_style(attributes)
        is_number = type == "n" and self.book.format_of(style) == _PLAIN
        kind = _Kind(type, style, type == "s", is_number, {})
        if len(self._kinds) < _MOST_REMEMBERED:
            self._kinds[attributes] = kind
        return kind

    def _value(self, kind: "_Kind", content: str, *, is_formula: bool) -> Value:
        """Return what a cell says. Days recur, and are worth remembering."""
        value = self.book.value(Stored(kind.type, content, kind.style, is_formula))
        if len(value.text) > MAX_TEXT:
            return Value("", "E215")
        if value.is_date and len(kind.days) < _MOST_REMEMBERED:
            kind.days[content] = value.text
        return value


class _Kind(Record):
    """What cells of one type and style have in common, and the days that those of them say."""

    type: str
    style: int
    is_text: bool
    is_number: bool
    days: dict[str, str]


def _by_name(attributes: Sequence[str]) -> dict[str, str]:
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def _type_and_style(attributes: Sequence[str]) -> tuple[str, int]:
    of = _by_name(attributes)
    return of.get("t", "n"), whole_number(of.get("s", "0"))


def _cells(parts: Iterable[list[str] | str | None]) -> Iterator[_Cell]:
    """Yield the cells of a row of which the parser gave the parts."""
    attributes: list[str] | None = None
    content, is_formula = "", False
    for part in parts:
        if isinstance(part, str):
            content += part
        elif part is None:
            is_formula = True
        else:
            if attributes is not None:
                yield attributes, content, is_formula
            attributes, content, is_formula = part, "", False
    if attributes is not None:
        yield attributes, content, is_formula


class _MergedReader:
    """Gathers the merged ranges of several rows below the header."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.merged: list[Merged] = []
        self._names = Bare()

    def begin(self, name: str, attributes: list[str]) -> None:
        if self._names[name] != "mergeCell":
            return
        of = _by_name(attributes)
        first, _, last = of.get("ref", "").partition(":")
        top, left = place_of(first)
        bottom, right = place_of(last or first)
        if self.after < top < bottom:
            self.merged.append(Merged(top, bottom, left, right))
        if len(self.merged) > _MOST_MERGED:
            what = Text("处合并单元格", "merged ranges")
            raise Unreadable("E807", limit=_MOST_MERGED, what=what)


class _Spread:
    """Gives what a merged cell says to all of its rows, as people read it; but no amount."""

    def __init__(self, merged: Iterable[Merged], columns: Sequence[int]) -> None:
        self._said: dict[int, tuple[int, str]] = {}
        self._ranges: dict[int, list[Merged]] = {}
        slots = {column: at for at, column in enumerate(columns) if column and at != AMOUNT}
        for it in sorted(merged, reverse=True):
            if it.left in slots:
                self._ranges.setdefault(slots[it.left], []).append(it)

    def fill(self, number: int, cells: list[str]) -> None:
        """Fill the blank cells of the row `number` that a range covers. Rows come in their order."""
        for at, ranges in self._ranges.items():
            while ranges and ranges[-1].bottom < number:
                ranges.pop()
            if not ranges or number < ranges[-1].top:
                continue
            top, text = self._said.get(at, (0, ""))
            if number == ranges[-1].top:
                self._said[at] = number, cells[at]
            elif top == ranges[-1].top and not cells[at]:
                cells[at] = text
