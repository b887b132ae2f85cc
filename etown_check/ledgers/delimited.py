"""A ledger in CSV: its encoding, its separator, and its rows.

The file is read twice: once to learn its digest and its encoding, which the last byte may yet
decide, and once for its rows. Neither holds more of it than a piece.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from operator import itemgetter

from etown_check.decoding import is_common
from etown_check.ledgers.headings import Found, Headings
from etown_check.ledgers.tables import (
    AMOUNT,
    DATE,
    FURTHER,
    HEAD_COLUMNS,
    HEAD_ROWS,
    Head,
    Misfit,
    Odd,
    Row,
    Spot,
    too_large,
)
from etown_check.ledgers.values import read_day
from etown_check.limits import MAX_LEDGER_LINE, MAX_LEDGER_ROWS, MAX_TEXT
from etown_check.problems import InputError, Position, Problem
from etown_check.records import Record
from etown_check.text import code_of
from etown_check.words import Text, Words
from etown_check.xlsx.texts import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

SEPARATORS = ",;\t"
_PIECE = 1 << 19
"""Bytes that are looked at at a time. One without a line break holds too long a line."""
_UTF_8, _UTF_16, _GB18030 = "utf-8-sig", "utf-16", "gb18030"
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAMPLE = 100_000
"""Characters by which it is told whether text is Chinese; more would say the same."""
_MOST_LINES = 1_000
"""Of one row. More of them are no description: its quotation mark was never closed."""
_BREAK = re.compile(r"\r\n?|\n")
_BROKEN = re.compile("[\0\ufffd]")
_REST_OF_AMOUNT = re.compile(r"\d{3}(?:\.\d*)?", re.ASCII)


class Survey(Record):
    """What the first reading tells: the digest of the file, and its encoding."""

    sha256: str
    encoding: str


def survey(path: str, file: BinaryIO) -> Survey:
    """Read `file` to its end. Raises `InputError` for what is no text, or has too long lines."""
    digest = sha256()
    is_marked = file.read(2) in _MARKS
    encoding = _UTF_16 if is_marked else _UTF_8
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    is_readable = True
    while piece := file.read(_PIECE):
        digest.update(piece)
        if is_readable:
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError:
                is_readable = False
            else:
                _check_lines(path, text, len(piece))
        if b"\0" in piece and not is_marked:
            raise _unreadable(path, file, encoding if is_readable else _GB18030)
    if is_readable:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_readable = False
    if is_readable:
        return Survey(digest.hexdigest(), encoding)
    if is_marked or not _is_gb18030(path, file):
        raise _unreadable(path, file, encoding)
    return Survey(digest.hexdigest(), _GB18030)


def _check_lines(path: str, text: str, length: int) -> None:
    if length == _PIECE and "\n" not in text and "\r" not in text:
        raise InputError([Problem(path, None, "E215", {"limit": MAX_LEDGER_LINE})])


def _is_gb18030(path: str, file: BinaryIO) -> bool:
    """Tell whether `file` is likely to be Chinese text in GB18030."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(_GB18030)()
    sample: list[str] = []
    sampled = 0
    try:
        while piece := file.read(_PIECE):
            text = decoder.decode(piece)
            _check_lines(path, text, len(piece))
            if sampled < _SAMPLE:
                foreign = "".join(it for it in text if not it.isascii())[:_SAMPLE]
                sample.append(foreign)
                sampled += len(foreign)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return is_common("".join(sample))


def _unreadable(path: str, file: BinaryIO, encoding: str) -> InputError:
    """Say from where on `file` is no text in `encoding`, or holds what no text holds."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, "replace", newline="")
    line, column = 1, 1
    while True:
        piece = text.readline(_PIECE)
        match = _BROKEN.search(piece)
        if match or not piece:
            break
        is_ended = piece.endswith(("\n", "\r"))
        line, column = (line + 1, 1) if is_ended else (line, column + len(piece))
    text.detach()
    column += match.start() if match else 0
    is_nul = match is not None and match.group() == "\0"
    code, args = ("E107", {"character": code_of("\0")}) if is_nul else ("E105", {})
    return InputError([Problem(path, Position(line, column), code, args, end=column + 1)])


class Delimited:
    """A ledger in CSV. The methods speak of the row that was yielded last."""

    sheet = ""

    def __init__(self, path: str, file: BinaryIO, encoding: str, headings: Headings) -> None:
        self.path = path
        self.file = file
        self.encoding = encoding
        self.number = 1
        self.record: Sequence[str] = ()
        self.raw: list[str] = []
        self._heads: dict[int, str] = {}
        self._separator, found = self._find(headings)
        self.header, self.mistakes = headings.header(found)
        self._head = self._heads[self.header.row]

    def _find(self, headings: Headings) -> tuple[str, Found]:
        """Return the separator by which a header is found, and that header."""
        best: tuple[str, Found] | None = None
        failure: InputError | None = None
        is_empty = False
        for separator in SEPARATORS:
            heads: list[tuple[Head, str]] = []
            try:
                heads.extend(self._first(separator))
            except InputError as error:  # told once more with the rows, if a header precedes it
                failure = failure or error
            is_empty = is_empty or not heads
            found = headings.find([head for head, _ in heads])
            if found and (best is None or found.number > best[1].number):
                best = separator, found
                self._heads = {head.number: raw for head, raw in heads}
        if best is not None:
            return best
        if failure is not None:
            raise failure
        code, args = ("E852", {}) if is_empty else ("E853", {"example": headings.example})
        raise InputError([Problem(self.path, None, code, args)])

    def _first(self, separator: str) -> Iterator[tuple[Head, str]]:
        """Yield the first rows that hold something, each with its lines."""
        left = HEAD_ROWS
        with closing(self._records(separator)) as records:
            for record in records:
                texts = enumerate(record[:HEAD_COLUMNS], 1)
                cells = {at: text.strip() for at, text in texts if text.strip()}
                if cells:
                    yield Head(self.number, cells), "".join(self.raw)
                    left -= 1
                if not left:
                    return

    def _records(self, separator: str) -> Generator[list[str], None, None]:
        """Yield the cells of each row, from the beginning of the file."""
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, self.encoding, newline="")
        self.number = 1
        raw: list[str] = []
        self.raw = raw
        try:
            reader = csv.reader(
                self._lines(text, separator), delimiter=separator, skipinitialspace=True
            )
            for record in reader:
                yield record
                self.number += len(raw)
                raw.clear()
        except csv.Error:  # a cell longer than the module takes
            raise self._unclosed(separator) from None
        finally:
            text.detach()

    def _lines(self, text: io.TextIOWrapper, separator: str) -> Iterator[str]:
        """Yield the lines of `text`, and keep those of the row that is being read."""
        raw = self.raw
        for line in text:
            raw.append(line)
            number = self.number + len(raw) - 1
            if number > MAX_LEDGER_ROWS:
                raise too_large(self.path, MAX_LEDGER_ROWS, Text("行", "lines"))
            if len(line) > MAX_LEDGER_LINE:
                args = {"limit": MAX_LEDGER_LINE}
                raise InputError([Problem(self.path, Position(number, 1), "E215", args)])
            if len(raw) > _MOST_LINES:
                raise self._unclosed(separator)
            yield line
        if raw:  # the file ends within a row: within its quotation marks
            raise self._unclosed(separator)

    def _unclosed(self, separator: str) -> InputError:
        *_, (start, _) = _spans("".join(self.raw), separator)
        return InputError([self._swallows(start)])

    def _swallows(self, start: int) -> Problem:
        """Say that what is quoted from `start` on takes in what are rows of their own."""
        last = self.number + len(self.raw) - 1
        args: dict[str, Words] = {"line": Text(f"第 {last} 行", f"line {last}")}
        return self._spot_of(start, start + 1).problem(self.path, "E858", args)

    # The rows

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        columns = self.header.columns
        most = max(columns)
        width = self.header.width
        blank = [""] * (most + 1)
        pick = itemgetter(*(column - 1 for column in columns))  # -1, the last, is always blank
        is_whole = min(columns) > 0
        records = self._records(self._separator)
        next(it for it in records if self.number == self.header.row)
        for record in records:
            if not record:
                continue
            self.record = record
            raw = self.raw
            is_full = is_whole and len(record) >= most
            cells = pick(record if is_full else [*record, *blank])
            odd = None
            if len(record) > width or len(raw) > 1 or len(raw[0]) > MAX_TEXT:
                odd = self._odd(cells)
            yield self.number, cells, odd

    def _odd(self, cells: Sequence[str]) -> Odd | None:
        values = {at: Value("", "E215") for at, it in enumerate(cells) if len(it) > MAX_TEXT}
        misfit = (self._swallowing() if len(self.raw) > 1 else None) or self._too_wide()
        return Odd(values, misfit) if values or misfit else None

    def _swallowing(self) -> Misfit | None:
        """Tell of a cell of several lines that takes in the rows below, for want of a quote."""
        text = "".join(self.raw)
        separator, column = self._separator, self.header.columns[DATE] - 1
        for start, end in _spans(text, separator):
            _, *below = _BREAK.split(text[start:end])
            cells = (line.split(separator) for line in below)
            is_row = any(len(it) > column >= 0 and read_day(it[column]) for it in cells)
            if below and (is_row or not _is_closed(text[start:end])):
                return Misfit(self._swallows(start), is_certain=True)
        return None

    def _too_wide(self) -> Misfit | None:
        """Tell of a row with more cells than columns, as 1,234.00 makes it without quotes."""
        width = self.header.width
        further = [at for at in range(width, len(self.record)) if self.record[at].strip()]
        if not further:
            return None
        text = self.record[further[0]].strip()
        is_cut = self.header.columns[AMOUNT] == width and _REST_OF_AMOUNT.fullmatch(text)
        args: dict[str, Words] = {"number": len(self.record), "width": width, "text": text}
        problem = self._cell_spot(further[0] + 1).problem(self.path, "E859", args)
        return Misfit(problem, is_certain=bool(is_cut))

    def further(self) -> Iterator[str]:
        """Yield the texts of the row, those of the seven columns among them."""
        yield from self.record[:FURTHER]

    # Places

    def spot(self, at: int) -> Spot:
        """Return the place of the cell at an index of `KEYS`."""
        return self._cell_spot(self.header.columns[at])

    def _cell_spot(self, column: int) -> Spot:
        return _spot("".join(self.raw), self._separator, self.number, column)

    def _spot_of(self, start: int, end: int) -> Spot:
        return _within("".join(self.raw), self.number, start, end)

    def head_spot(self, column: int) -> Spot:
        """Return the place of a cell of the header, of the header itself for 0."""
        return _spot(self._head, self._separator, self.header.row, column)

    def warnings(self) -> Iterator[Problem]:
        """Yield nothing: what there is to say was said of the rows."""
        yield from ()


def _spans(text: str, separator: str) -> Iterator[tuple[int, int]]:
    """Yield where the cells of one row begin and end in its `text`, with their quotation marks."""
    ends = re.compile(f"[{separator}\r\n]|$")
    at = 0
    while True:
        while text.startswith(" ", at):
            at += 1
        start = at
        if text.startswith('"', at):
            at = _end_of_quote(text, at)
        end = ends.search(text, at)
        assert end is not None  # the text has an end
        yield start, end.start()
        if end.group() != separator:
            return
        at = end.end()


def _end_of_quote(text: str, start: int) -> int:
    """Return what stands behind the text that is quoted from `start` on."""
    at = start + 1
    while True:
        close = text.find('"', at)
        if close < 0:
            return len(text)
        if not text.startswith('""', close):
            return close + 1
        at = close + 2


def _is_closed(cell: str) -> bool:
    """Tell whether a quoted cell ends with its closing mark, as all that programs write do."""
    return _end_of_quote(cell, 0) == len(cell.rstrip())


def _spot(text: str, separator: str, number: int, column: int) -> Spot:
    """Return the place of a cell in the row at line `number` whose lines are `text`."""
    for at, (start, end) in enumerate(_spans(text, separator), 1):
        if at == column:
            return _within(text, number, start, end)
    return _within(text, number, 0, len(text))


def _within(text: str, number: int, start: int, end: int) -> Spot:
    """Return the place of a part of the lines `text`, as far as it stands in its first line."""
    before = _BREAK.split(text[:start])
    line = _BREAK.split(text)[len(before) - 1]
    column = len(before[-1]) + 1
    length = len(_BREAK.split(text[start:end])[0].rstrip())
    return Spot(Position(number + len(before) - 1, column), column + max(1, length), line)
