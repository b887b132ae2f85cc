"""A workbook as the tree that a YAML file would give, each node with the cell that it stands in.

Sheets are found by their names and columns by their headers, wherever they stand. What is wrong
with the workbook itself is told here; what its cells say is read by the same code as YAML.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NoReturn

from etown_check.cells import contact_in, years_in
from etown_check.keys import CONTACT_KEYS, DETAIL_KEYS, DOCUMENT_KEYS, FILE_KEYS, VERIFIED_KEYS
from etown_check.limits import MAX_CELL_TEXT, MAX_NODES, MAX_PROBLEMS, MAX_TEXT
from etown_check.problems import InputError, Position, Problem, address, cell_name, column_name
from etown_check.records import Record
from etown_check.text import code_of, fold
from etown_check.tree import CELL, Cell, MappingNode, Mark, Node, position
from etown_check.words import Text, Words
from etown_check.workbooks.columns import (
    COLUMNS,
    CONTACT,
    DETAILS,
    FACT_NAME,
    FACT_VALUE,
    FACTS,
    GUIDE,
    REFERENCE,
)
from etown_check.xlsx.sheets import Book, Merged, Sheet, Unreadable, open_book, refuse_others
from etown_check.xlsx.texts import Value

NOT_OURS = "E808"
"""The code of a workbook that has no facts: no form of ours at all."""


def _key(text: str) -> str:
    return fold(text).lower()


def _names(*texts: Text) -> frozenset[str]:
    return frozenset(_key(name) for text in texts for name in text)


_GUIDE, _FACTS, _REFERENCE = _names(GUIDE), _names(FACTS), _names(REFERENCE)
_HEADERS = {_key(name): key for key, text in COLUMNS.items() for name in text}
_FACT_HEADERS = {
    _key(name): key
    for key, text in {
        "name": FACT_NAME,
        "value": FACT_VALUE,
        **{key: COLUMNS[key] for key in DETAILS},
    }.items()
    for name in text
}
_FACT_KEYS = {
    _key(name): key
    for key, chinese in FILE_KEYS.items()
    if key not in ("reference", "metrics")
    for name in (chinese, key)
}
_CONTACT_KEYS = {_key(name): key for key, text in CONTACT.items() for name in text}
_YEAR = re.compile(r"(\d{4})(?:年度?)?", re.ASCII)
_COPY = re.compile(r"(.+?)\s*[(（]\d{1,3}[)）]")
_MARKS = frozenset(("metric", "value", "verified", "required", "evidence", "result"))
"""Columns by which a header is known that lacks one: two of these are in no other table."""

_IGNORED = frozenset(("id", "required"))
_HELD = frozenset(("value", "number", "issued_on", "verified"))
"""Columns, beside those of years, whose cells belong to one metric alone."""
_OWN = _HELD | {"metric", "name"}
"""Columns of which each row has a cell of its own."""

_VERIFIED = {"result": "result", "by": "by", "on": "date", "opinion": "opinion"}
"""The columns of the verification, but for its value, and what they are called in a data file."""

_ROWS, _COLUMNS = Text("行", "rows"), Text("列", "columns")
_WHOLE_SHEET = Text("这张工作表", "this sheet")


class Form(Record):
    """A workbook that was read: its tree, what is wrong with it, and the order of its sheets."""

    root: MappingNode
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    sheets: tuple[str, ...]


def read_form(path: str, content: bytes) -> Form:
    """Read the workbook at `path`. Raises `InputError` for what cannot be read at all."""
    try:
        return _FormReader(path).read(open_workbook(path, content))
    except Unreadable as error:
        raise InputError([Problem(path, None, error.code, error.args_of_message)]) from None


def open_workbook(path: str, content: bytes) -> Book:
    """Open the workbook at `path`. Raises `Unreadable`, also for what is no workbook at all."""
    refuse_others(path, content)
    return open_book(content)


def too_long(text: str) -> int | None:
    """Return the limit that the text of a cell is beyond, `None` for none."""
    if len(text) > MAX_CELL_TEXT:
        return MAX_CELL_TEXT
    return MAX_TEXT if any(len(line) > MAX_TEXT for line in text.split("\n")) else None


def may_be_form(path: str) -> bool:
    """Tell by the names of its sheets whether the file at `path` may be a form of ours.

    So may be what is no regular file: whoever reads it will say so. Raises `InputError` for what
    cannot be opened.
    """
    if not os.path.isfile(path):  # opening a pipe would wait for a writer
        return True
    try:
        with open(path, "rb") as file:
            return any(_key(name) in _FACTS for name in Book(file).names)
    except OSError:
        raise InputError([Problem(path, None, "E103", {})]) from None
    except Unreadable as error:
        raise InputError([Problem(path, None, error.code, error.args_of_message)]) from None


class _Table(Record):
    """A table of a sheet: the row of its header, and its columns by what they are for."""

    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    years: Mapping[int, int]  # year by column

    @property
    def held(self) -> list[int]:
        """The columns in which metrics have their values."""
        return sorted([*self.years, *(at for key, at in self.columns.items() if key in _HELD)])


class _FormReader:
    """Reads one workbook and gathers its mistakes and warnings."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.nodes = 0

    # Telling

    def problem(self, place: Position, code: str, /, **args: Words) -> None:
        self.problems.append(Problem(self.path, place, code, args))
        if len(self.problems) > MAX_PROBLEMS:
            self.give_up()

    def warn(self, place: Position, code: str, /, **args: Words) -> None:
        if len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(Problem(self.path, place, code, args))

    def give_up(self) -> NoReturn:
        more = Problem(self.path, None, "E216", {"limit": MAX_PROBLEMS})
        raise InputError([*self.problems[:MAX_PROBLEMS], more], self.warnings)

    # The sheets

    def read(self, book: Book) -> Form:
        facts_at = next((at for at, name in enumerate(book.names) if _key(name) in _FACTS), None)
        if facts_at is None:
            raise Unreadable(NOT_OURS, name=FACTS, first=FACT_NAME, second=FACT_VALUE)
        facts = book.sheet(facts_at)
        table = self.facts_table(facts) if facts is not None else None
        if facts is None or table is None:
            raise Unreadable(NOT_OURS, name=FACTS, first=FACT_NAME, second=FACT_VALUE)
        entries = list(self.facts(table))
        found: dict[str, list[tuple[Node, Node]]] = {}
        heads: dict[str, _Table] = {}
        known = {_key(name) for name in book.names}
        for at, name in enumerate(book.names):
            if at == facts_at or _key(name) in _GUIDE:
                continue
            sheet = book.sheet(at)
            if sheet is None or self.is_copy(sheet, known):
                continue
            section = self.table(sheet)
            if section is not None:
                key = "reference" if _key(name) in _REFERENCE else "metrics"
                heads.setdefault(key, section)
                found.setdefault(key, []).extend(_RowsReader(self, section).entries())
        for key, below in found.items():
            mark = _mark(heads[key].sheet, heads[key].header, 1)
            entries.append((Cell(FILE_KEYS[key], mark), MappingNode(CELL, below, mark, mark)))
        mark = _mark(facts, table.header, table.columns["name"])
        return Form(
            MappingNode(CELL, entries, mark, mark),
            tuple(self.problems),
            tuple(self.warnings),
            tuple(book.names),
        )

    def is_copy(self, sheet: Sheet, known: Iterable[str]) -> bool:
        """Tell of a sheet that is the copy of another one, such as `基本信息 (2)`."""
        match = _COPY.fullmatch(sheet.name.strip())
        if match is None or _key(match.group(1)) not in known:
            return False
        table = self.facts_table(sheet) if _key(match.group(1)) in _FACTS else find_table(sheet)
        if table is None:
            return False
        rows = [row for row in sheet.rows if row > table.header]
        is_filled = any(not sheet.value(row, at).is_blank for row in rows for at in table.held)
        place = _place(sheet, table.header, 1)
        args = {"text": sheet.name, "first": match.group(1)}
        if is_filled:
            self.problem(place, "E814", **args)
        else:
            self.warn(place, "W304", **args)
        return True

    def facts_table(self, sheet: Sheet) -> _Table | None:
        for row in sheet.rows:
            columns = self._columns(sheet, row, _FACT_HEADERS)
            if "name" in columns and "value" in columns:
                return _Table(sheet, row, columns, {})
        return None

    def table(self, sheet: Sheet) -> _Table | None:
        """Find the table of a sheet; tell of a sheet that has none, and of columns given twice."""
        table = find_table(sheet)
        if table is None:
            self._tell_unread(sheet)
            return None
        seen: dict[str, int] = {}
        for column, key in _header(sheet, table.header):
            first = seen.setdefault(key, column)
            if first != column:
                text = sheet.value(table.header, column).text.strip()
                other = cell_name(_place(sheet, table.header, first))
                place = _place(sheet, table.header, column)
                self.problem(place, "E810", text=text, other=other)
        return table

    def _columns(self, sheet: Sheet, row: int, names: Mapping[str, str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for column in sheet.columns(row):
            key = names.get(_key(sheet.value(row, column).text))
            if key is not None:
                found.setdefault(key, column)
        return found

    def _tell_unread(self, sheet: Sheet) -> None:
        """Tell of a sheet without a table: what lacks of its header, or that it is left out."""
        for row in sheet.rows:
            given = {key for _, key in _header(sheet, row)}
            if len(given & _MARKS) > 1:
                lacking = COLUMNS["value" if "metric" in given else "metric"]
                place = _place(sheet, row, sheet.columns(row)[0])
                self.problem(place, "E809", key=lacking)
                return
        if sheet.rows:
            row = sheet.rows[0]
            place = _place(sheet, row, sheet.columns(row)[0])
            first, second = COLUMNS["metric"], COLUMNS["value"]
            self.warn(place, "W301", text=sheet.name, first=first, second=second)

    # The facts

    def facts(self, table: _Table) -> Iterator[tuple[Node, Node]]:
        """Yield the facts as the outermost entries of a data file; the contact's are one.

        What is said beside a fact makes it a mapping of its value and these details.
        """
        contact: list[tuple[Node, Node]] = []
        cells = _Cells(self, table)
        for row in table.sheet.rows:
            if row <= table.header:
                continue
            key = cells.node(row, "name")
            value = cells.node(row, "value")
            name = _key(key.value)
            if not name:
                self._check_nameless(value, FACT_NAME)
            elif name in _CONTACT_KEYS:
                key.value = CONTACT_KEYS[_CONTACT_KEYS[name]]
                contact += [(key, value), *cells.evidence(row), *cells.record(row, contact_node)]
            elif name in _FACT_KEYS or value.value.strip():
                if fold(key.value) not in FILE_KEYS.values() and name in _FACT_KEYS:
                    key.value = _FACT_KEYS[name]
                yield key, _detailed(value, [*cells.evidence(row), *cells.record(row)])
        cells.tell()
        if any(not isinstance(it, Cell) or it.value.strip() for _, it in contact):
            mark = contact[0][0].start_mark
            yield Cell(FILE_KEYS["contact"], mark), MappingNode(CELL, contact, mark, mark)

    def _check_nameless(self, value: Cell, column: Text) -> None:
        if value.value.strip():
            self.problem(position(value), "E816", key=column, text=value.value.strip())


def find_table(sheet: Sheet) -> _Table | None:
    """Find the table of metrics: its header has the metric, and the value or a year."""
    for row in sheet.rows:
        columns: dict[str, int] = {}
        years: dict[int, int] = {}
        for column, key in _header(sheet, row):
            if not key.isdecimal():
                columns.setdefault(key, column)
            elif int(key) not in years.values():
                years[column] = int(key)
        if "metric" in columns and ("value" in columns or years):
            return _Table(sheet, row, columns, years)
    return None


def _header(sheet: Sheet, row: int) -> Iterator[tuple[int, str]]:
    """Yield the columns of `row` whose names are known, with their keys; a year is its own key."""
    for column in sheet.columns(row):
        name = _key(sheet.value(row, column).text)
        match = _YEAR.fullmatch(name)
        key = match.group(1) if match else _HEADERS.get(name)
        if key is not None:
            yield column, key


class _Cells:
    """Makes nodes of the cells of one table, and gathers what of it is hidden or merged."""

    def __init__(self, reader: _FormReader, table: _Table) -> None:
        self.reader = reader
        self.table = table
        self.sheet = table.sheet
        known = [*table.columns.values(), *table.years]
        self.hidden_columns = [at for at in known if self.sheet.is_hidden_column(at)]
        self.hidden: dict[Text, dict[int, Position]] = {}
        self.merged = [
            it
            for it in self.sheet.merged
            if it.bottom > table.header and any(it.left <= at <= it.right for at in known)
        ]
        self._merged_in_row: dict[int, list[Merged]] = {}

    def node(self, row: int, key: str, **more: bool) -> Cell:
        """Return the node of the cell in the column `key`; blank where there is no such column."""
        column = self.table.columns.get(key)
        if column is None:
            return Cell("", _mark(self.sheet, row, 1))
        return self.at(row, column, is_held=key in _OWN, **more)

    def at(self, row: int, column: int, *, is_held: bool = True, may_differ: bool = False) -> Cell:
        """Return the node of a cell. What is not `is_held` by one row a merge gives to all of its rows."""
        self.reader.nodes += 1
        if self.reader.nodes > MAX_NODES:
            args: dict[str, Words] = {"limit": MAX_NODES, "what": Text("项", "entries")}
            raise InputError([Problem(self.reader.path, None, "E214", args)])
        mark = _mark(self.sheet, row, column)
        within = self._merge_over(row, column)
        if within is None:
            value = self.sheet.value(row, column)
        elif column == within.left and not is_held:
            value = self.sheet.value(within.top, column)
        else:
            value = Value("")
        text = self._checked(value, Position(row, column, self.sheet.name))
        return Cell(text, mark, may_differ=may_differ, is_date=value.is_date)

    def _merge_over(self, row: int, column: int) -> Merged | None:
        """Return the merged range that covers a cell, but for its first one."""
        if row not in self._merged_in_row:
            self._merged_in_row[row] = [it for it in self.merged if it.top <= row <= it.bottom]
        for it in self._merged_in_row[row]:
            if it.left <= column <= it.right:
                return None if (row, column) == (it.top, it.left) else it
        return None

    def _checked(self, value: Value, place: Position) -> str:
        """Return the text of a cell, "" where it cannot be used, which is reported."""
        if value.fault:
            self.reader.problem(place, value.fault, text=value.text)
            return ""
        limit = too_long(value.text)
        if limit:
            self.reader.problem(place, "E215", limit=limit)
            return ""
        if value.removed:
            self.reader.warn(place, "W305", character=code_of(value.removed))
        if not value.is_blank:
            self._note_hidden(place)
        return value.text

    def _note_hidden(self, place: Position) -> None:
        row, column, _ = place
        if self.sheet.is_hidden:
            self.hidden.setdefault(_WHOLE_SHEET, {}).setdefault(0, place)
        elif row in self.sheet.hidden_rows:
            self.hidden.setdefault(_ROWS, {}).setdefault(row, place)
        elif column in self.hidden_columns:
            self.hidden.setdefault(_COLUMNS, {}).setdefault(column, place)

    def details(
        self, row: int, keys: Mapping[str, str], columns: Mapping[str, str]
    ) -> Iterator[tuple[Node, Node]]:
        """Yield those of `columns` that say something, under their names of a data file."""
        for column, key in columns.items():
            node = self.node(row, column)
            if node.value.strip():
                yield Cell(keys[key], node.start_mark), node

    def evidence(self, row: int) -> Iterator[tuple[Node, Node]]:
        """Yield the evidence and the note of a row."""
        return self.details(row, DETAIL_KEYS, {"evidence": "evidence", "note": "note"})

    def record(
        self, row: int, parted: Callable[[Cell], Node] | None = None, unit: Cell | None = None
    ) -> Iterator[tuple[Node, Node]]:
        """Yield an expert's record of a row; `parted` makes the parts of its value of one cell."""
        entries = list(self.details(row, VERIFIED_KEYS, _VERIFIED))
        verified = self.node(row, "verified", may_differ=True)
        if verified.value.strip():
            verified.unit = unit
            value = parted(verified) if parted else verified
            entries.append((Cell(VERIFIED_KEYS["value"], verified.start_mark), value))
        if entries:
            mark = entries[0][1].start_mark
            yield Cell(DETAIL_KEYS["verified"], mark), MappingNode(CELL, entries, mark, mark)

    def tell(self) -> None:
        """Tell what is hidden and was read all the same, once for rows and once for columns."""
        for what, places in self.hidden.items():
            first = min(places.values())
            self.reader.warn(first, "W303", what=_which(what, sorted(places)))


def _which(what: Text, numbers: list[int]) -> Text:
    """Return which rows or columns are hidden, the first of them by name."""
    if what == _WHOLE_SHEET:
        return what
    named = [str(it) if what == _ROWS else column_name(it) for it in numbers[:5]]
    zh = f"{'、'.join(named)} {'等 ' if len(numbers) > 5 else ''}{what.zh}"
    return Text(f"第 {zh}", f"{what.en} {', '.join(named)}{' …' if len(numbers) > 5 else ''}")


class _RowsReader:
    """Reads the rows of one table as the entries that a data file would have for its metrics."""

    def __init__(self, reader: _FormReader, table: _Table) -> None:
        self.reader = reader
        self.table = table
        self.sheet = table.sheet
        self.cells = _Cells(reader, table)

    def entries(self) -> Iterator[tuple[Node, Node]]:
        """Yield the metrics that the rows name, with what is declared of each."""
        rows = [row for row in self.sheet.rows if row > self.table.header]
        named: list[int] = []
        for row in rows:
            metric = self.cells.node(row, "metric")
            if _key(metric.value) in _names(COLUMNS["metric"]):
                continue  # the header, once more
            if not metric.value.strip():
                self._check_nameless(row)
                continue
            named.append(row)
            yield metric, self._declaration(row)
        self._check_merged(named)
        self._tell_others(rows)
        self.cells.tell()

    def _check_nameless(self, row: int) -> None:
        """Report the values of a row that names no metric."""
        for column in self.table.held:
            value = self.cells.at(row, column)
            if value.value.strip():
                text = value.value.strip()
                self.reader.problem(position(value), "E816", key=COLUMNS["metric"], text=text)
                return

    def _declaration(self, row: int) -> Node:
        """Return what a row declares: the value alone, or a mapping of it and its details."""
        cell = self.cells.node(row, "unit")
        unit = cell if cell.value.strip() else None
        details = [
            *self.cells.evidence(row),
            *self.cells.details(row, DOCUMENT_KEYS, {"number": "number", "issued_on": "date"}),
            *self.cells.record(row, _by_year, unit),
        ]
        return _detailed(self._value(row, unit), details)

    def _value(self, row: int, unit: Cell | None) -> Node:
        """Return the node of the value, or of the values by year."""
        years = [
            (year, node)
            for column, year in sorted(self.table.years.items())
            if (node := self.cells.at(row, column)).value.strip()
        ]
        value = self.cells.node(row, "value")
        if not years:
            value.unit = unit
            return value
        if value.value.strip():
            first = cell_name(position(years[0][1]))
            args = {"text": value.value.strip(), "other": first}
            self.reader.problem(position(value), "E815", **args)
        entries: list[tuple[Node, Node]] = []
        for year, node in years:
            node.unit = unit
            entries.append((Cell(str(year), node.start_mark), node))
        mark = years[0][1].start_mark
        return MappingNode(CELL, entries, mark, mark)

    def _check_merged(self, named: list[int]) -> None:
        """Report the merged ranges that give one value to several metrics."""
        for it in self.cells.merged:
            rows = [row for row in named if it.top <= row <= it.bottom]
            value = self.sheet.value(it.top, it.left)
            if it.left in self.table.held and len(rows) > 1 and not value.is_blank:
                place = _place(self.sheet, it.top, it.left)
                text = f"{address(place)}:{address(Position(it.bottom, it.right))}"
                self.reader.problem(place, "E813", text=text, number=len(rows))

    def _tell_others(self, rows: Iterable[int]) -> None:
        """Tell of columns that hold something and are none of ours."""
        known = {*self.table.columns.values(), *self.table.years}
        known |= {column for column, _ in _header(self.sheet, self.table.header)}
        told: set[int] = set()
        for row in rows:
            for column in self.sheet.columns(row):
                if column in known or column in told or self.sheet.value(row, column).is_blank:
                    continue
                told.add(column)
                header = self.sheet.value(self.table.header, column).text.strip()
                name = header or column_name(column)
                self.reader.warn(_place(self.sheet, row, column), "W302", text=name)


def _detailed(value: Node, details: list[tuple[Node, Node]]) -> Node:
    """Return what is declared: the value alone, or a mapping of it and its details."""
    if not details:
        return value
    entries = [(Cell(DETAIL_KEYS["value"], value.start_mark), value), *details]
    return MappingNode(CELL, entries, value.start_mark, value.start_mark)


def contact_node(cell: Cell) -> Node:
    """Return the node of a cell that may hold the parts of a contact."""
    mark = cell.start_mark
    parts = contact_in(cell.value)
    if parts is None:
        return cell
    return MappingNode(CELL, [(Cell(name, mark), Cell(it, mark)) for name, it in parts], mark, mark)


def _by_year(node: Cell) -> Node:
    """Return the node of a cell that may hold values by year, a line for each."""
    by_year = years_in(node.value)
    if by_year is None:
        return node
    mark = node.start_mark
    entries: list[tuple[Node, Node]] = [
        (Cell(year, mark), Cell(text, mark, node.unit, may_differ=True))
        for year, text in by_year.items()
    ]
    return MappingNode(CELL, entries, mark, mark)


def _mark(sheet: Sheet, row: int, column: int) -> Mark:
    return Mark(row - 1, column - 1, sheet=sheet.name)


def _place(sheet: Sheet, row: int, column: int) -> Position:
    return Position(row, column, sheet.name)
