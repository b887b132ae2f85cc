"""The rows of a checklist that was filled in, each cell with its place.

Sheets are known by their stamps, rows by their keys and columns by their headers, wherever they
stand. What the cells say is not judged here.
"""

from collections.abc import Collection, Mapping

from etown_check.limits import MAX_PROBLEMS
from etown_check.problems import (
    InputError,
    Position,
    Problem,
    address,
    cell_name,
    column_name,
)
from etown_check.records import Record
from etown_check.text import code_of, fold
from etown_check.tree import Cell, Mark, position
from etown_check.words import Text, Words
from etown_check.workbooks.checklist_form import (
    ANSWERS,
    DECISION_COLUMNS,
    DECISIONS,
    DEFAULTS,
    ITEM_COLUMNS,
    DecisionKey,
    RowKey,
    Stamp,
    read_decision_key,
    read_row_key,
    read_stamp,
)
from etown_check.workbooks.reading import open_workbook, too_long
from etown_check.xlsx.sheets import Book, Sheet, Unreadable

_MOST_ABOVE = 30
"""Rows from the top in which a stamp is looked for: somebody may have put a letterhead there."""
_DECIDED = ("decision", "opinion", "by", "on")
_TELLING = frozenset(("result", "verified", "opinion", "decision"))
"""Columns in which an answer means something even where its row is not known."""
_HIDDEN = ("key", "mark")
_LEAST_NAMED = 5
"""Columns of ours by which a sheet without a stamp is known for one of a checklist."""


class ItemRow(Record):
    """A row about a metric: its cells by the keys of their columns, and those that hold for all."""

    key: RowKey
    cells: Mapping[str, Cell]
    defaults: Mapping[str, Cell]


class DecisionRow(Record):
    """A row about a check or a doubt."""

    key: DecisionKey
    cells: Mapping[str, Cell]
    defaults: Mapping[str, Cell]


class Filled(Record):
    """What a checklist says of one town, and what is wrong with its sheets and cells."""

    stamps: tuple[Stamp, ...]
    items: tuple[ItemRow, ...]
    decisions: tuple[DecisionRow, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read_checklist(path: str, content: bytes, county: str) -> Filled:
    """Read what the checklist at `path` says of the town of `county`.

    Raises `InputError` for a file that cannot be read, or is no checklist of that town.
    """
    try:
        own, others = _sheets_of(open_workbook(path, content), county)
        reader = _Reader(path)
        for stamp, sheet in own:
            reader.read(stamp, sheet)
        for sheet in others:
            reader.check_unstamped(sheet)
    except Unreadable as error:
        raise InputError([Problem(path, None, error.code, error.args_of_message)]) from None
    return Filled(
        tuple(stamp for stamp, _ in own),
        tuple(reader.items),
        tuple(reader.decisions),
        tuple(reader.problems[:MAX_PROBLEMS]),
        tuple(reader.warnings[:MAX_PROBLEMS]),
    )


def _sheets_of(book: Book, county: str) -> tuple[list[tuple[Stamp, Sheet]], list[Sheet]]:
    """Return the sheets of a county's town with their stamps, and those that have no stamp.

    Raises `Unreadable` where the town has none.
    """
    sheets = [sheet for at in range(len(book.names)) if (sheet := book.sheet(at))]
    stamps = [_stamp(sheet) for sheet in sheets]
    stamped = [(stamp, sheet) for stamp, sheet in zip(stamps, sheets, strict=True) if stamp]
    if not stamped:
        raise Unreadable("E831")
    own = [(stamp, sheet) for stamp, sheet in stamped if stamp.county == county]
    if not own:
        known = tuple(dict.fromkeys(stamp.county for stamp, _ in stamped))
        raise Unreadable("E832", county=county, known=known)
    return own, [sheet for stamp, sheet in zip(stamps, sheets, strict=True) if stamp is None]


def _stamp(sheet: Sheet) -> Stamp | None:
    for row in sheet.rows[:_MOST_ABOVE]:
        for column in sheet.columns(row):
            stamp = read_stamp(sheet.value(row, column).text)
            if stamp is not None:
                return stamp
    return None


class _Reader:
    """Reads the sheets of one town."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.items: list[ItemRow] = []
        self.decisions: list[DecisionRow] = []
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def problem(self, place: Position, code: str, **args: Words) -> None:
        self.problems.append(Problem(self.path, place, code, args))

    def read(self, stamp: Stamp, sheet: Sheet) -> None:
        is_decisions = stamp.kind == DECISIONS
        names = DECISION_COLUMNS if is_decisions else ITEM_COLUMNS
        wanted = ("key", *_DECIDED) if is_decisions else ("key", "mark", "unit", *ANSWERS)
        header, columns = _header(sheet, names)
        lacking = [names[key] for key in wanted if key not in columns]
        if lacking:
            place = Position(header, 1, sheet.name)
            self.problem(place, "E834", sheet=sheet.name, key=tuple(lacking))
            return
        self._check_columns(sheet, header, names, columns)
        about: dict[int, str] = {}
        defaults: dict[str, Cell] = {}
        for row in sheet.rows:
            if row <= header:
                continue
            told = [key for key in columns if key in wanted or key == "declared"]
            cells = {key: self.cell(sheet, row, columns[key]) for key in told}
            key = cells["key"].value.strip()
            if key and key != DEFAULTS:
                about[row] = key if is_decisions else read_row_key(key).metric
            if key == DEFAULTS:
                defaults = {name: cells[name] for name in ("by", "on") if cells[name].value.strip()}
            elif is_decisions:
                self._decision(read_decision_key(key) if key else None, cells, defaults)
            elif key:
                self.items.append(ItemRow(read_row_key(key), cells, defaults))
            else:
                self._check_unknown(cells)
        self._check_merged(sheet, about, {columns[key] for key in wanted if key not in _HIDDEN})

    def check_unstamped(self, sheet: Sheet) -> None:
        """Report the first answer on a sheet of a checklist that has lost its stamp."""
        names = ITEM_COLUMNS | DECISION_COLUMNS
        header, columns = _header(sheet, names)
        told = sorted(columns[key] for key in _TELLING & columns.keys())
        if len(columns) < _LEAST_NAMED or not columns.keys() & {"result", "decision"}:
            return
        for row in sheet.rows:
            given = [at for at in told if row > header and not sheet.value(row, at).is_blank]
            if given:
                text = sheet.value(row, given[0]).text.strip()
                self.problem(Position(row, given[0], sheet.name), "E835", text=text)
                return

    def _check_columns(
        self, sheet: Sheet, header: int, names: Mapping[str, Text], columns: Mapping[str, int]
    ) -> None:
        """Report columns given twice; tell of what stands in columns that are none of ours."""
        known = set(columns.values())
        keys = _keys(names)
        for column in sheet.columns(header):
            text = sheet.value(header, column).text.strip()
            key = keys.get(_key(text))
            if key is not None and columns[key] != column:
                other = cell_name(Position(header, columns[key], sheet.name))
                self.problem(Position(header, column, sheet.name), "E810", text=text, other=other)
                known.add(column)
        for row in sheet.rows:
            for column in sheet.columns(row):
                if row <= header or column in known or sheet.value(row, column).is_blank:
                    continue
                known.add(column)
                text = sheet.value(header, column).text.strip() or column_name(column)
                place = Position(row, column, sheet.name)
                self.warnings.append(Problem(self.path, place, "W302", {"text": text}))

    def _check_merged(
        self, sheet: Sheet, rows: Mapping[int, str], answers: Collection[int]
    ) -> None:
        """Report the merged ranges that give one answer to several metrics, `rows` by their names."""
        for it in sheet.merged:
            if it.left not in answers or sheet.value(it.top, it.left).is_blank:
                continue
            merged = {name for row, name in rows.items() if it.top <= row <= it.bottom}
            if len(merged) > 1:
                place = Position(it.top, it.left, sheet.name)
                text = f"{address(place)}:{address(Position(it.bottom, it.right))}"
                self.problem(place, "E813", text=text, number=len(merged))

    def _decision(
        self, key: DecisionKey | None, cells: Mapping[str, Cell], defaults: Mapping[str, Cell]
    ) -> None:
        if key is None:
            self._check_unknown(cells)
        else:
            self.decisions.append(DecisionRow(key, cells, defaults))

    def _check_unknown(self, cells: Mapping[str, Cell]) -> None:
        """Report the answers of a row that says not what it is about."""
        for name, cell in cells.items():
            if name in _TELLING and cell.value.strip():
                self.problem(position(cell), "E835", text=cell.value.strip())
                return

    def cell(self, sheet: Sheet, row: int, column: int) -> Cell:
        """Return the node of a cell, blank where it cannot be used, which is reported."""
        value = sheet.value(row, column)
        place = Position(row, column, sheet.name)
        text, limit = value.text, too_long(value.text)
        if value.fault:
            self.problem(place, value.fault, text=text)
        elif limit:
            self.problem(place, "E215", limit=limit)
        elif value.removed:
            args = {"character": code_of(value.removed)}
            self.warnings.append(Problem(self.path, place, "W305", args))
        is_bad = bool(value.fault or limit)
        mark = Mark(row - 1, column - 1, sheet=sheet.name)
        return Cell("" if is_bad else text, mark, is_date=value.is_date)


def _header(sheet: Sheet, names: Mapping[str, Text]) -> tuple[int, dict[str, int]]:
    """Return the row that names the most of the columns, and the columns by their keys."""
    keys = _keys(names)
    best: tuple[int, dict[str, int]] = (1, {})
    for row in sheet.rows[:_MOST_ABOVE]:
        found: dict[str, int] = {}
        for column in sheet.columns(row):
            key = keys.get(_key(sheet.value(row, column).text))
            if key is not None:
                found.setdefault(key, column)
        if len(found) > len(best[1]):
            best = (row, found)
    return best


def _keys(names: Mapping[str, Text]) -> dict[str, str]:
    return {_key(name): key for key, text in names.items() for name in text}


def _key(text: str) -> str:
    return fold(text).lower()
