"""What the writer and the reader of a checklist's workbook agree on: names, marks and keys.

Each sheet that is filled in carries a stamp that says of what it is, and each of its rows a key.
Both stand in hidden columns, so that reading back does not rest on what an expert sees.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256

from etown_check.ledger import Ledger
from etown_check.problems import Position
from etown_check.quantities import Quantity
from etown_check.records import Record
from etown_check.standard import Metric
from etown_check.submission import (
    ADJUSTED,
    CONFIRMED,
    REJECTED,
    Amounts,
    Contact,
    Declaration,
    Document,
    Entry,
    Verification,
)
from etown_check.words import Text
from etown_check.workbooks.columns import COLUMNS
from etown_check.workbooks.filling import (
    EMPTY,
    Content,
    column_of,
    date_content,
    filled,
    text_content,
)

ITEMS, DECISIONS = "items", "decisions"
"""The kinds of sheets: the items with their metrics, and what else a reviewer must say."""

ITEM_COLUMNS = {
    "key": Text("标识（勿改）", "Key (leave it)"),
    "mark": Text("申报标识（勿改）", "Declared (leave it)"),
    "id": COLUMNS["id"],
    "metric": COLUMNS["metric"],
    "task": Text("建设内容", "Task"),
    "requirement": Text("建设标准", "Requirement"),
    "own": Text("本县要求", "This county"),
    "level": Text("属性", "Level"),
    "declared": Text("申报值", "Declared"),
    "self_check": Text("自检结果", "Self-check"),
    "evidence": COLUMNS["evidence"],
    "way": Text("核查方式", "How"),
    "result": COLUMNS["result"],
    "verified": COLUMNS["verified"],
    "unit": COLUMNS["unit"],
    "opinion": COLUMNS["opinion"],
    "by": COLUMNS["by"],
    "on": COLUMNS["on"],
}
DECISION_COLUMNS = {
    "key": ITEM_COLUMNS["key"],
    "id": COLUMNS["id"],
    "asked": Text("问题", "Question"),
    "basis": Text("依据", "Basis"),
    "declared": ITEM_COLUMNS["declared"],
    "decision": Text("认定", "Decision"),
    "opinion": COLUMNS["opinion"],
    "by": COLUMNS["by"],
    "on": COLUMNS["on"],
}
ANSWERS = ("way", "result", "verified", "opinion", "by", "on")
"""The columns of the items that an expert fills in; a unit alone says nothing."""

DEFAULTS = "defaults"
"""The key of the row whose answers hold wherever a row has none of its own."""

RESULTS = {
    CONFIRMED: Text("属实", "confirmed"),
    ADJUSTED: Text("核减", "adjusted"),
    REJECTED: Text("不实", "rejected"),
}
WAYS = (
    Text("资料核查", "documents"),
    Text("现场核实", "on site"),
    Text("资料和现场", "documents and on site"),
)
VERDICTS = (Text("达标", "passes"), Text("不达标", "fails"))
FINDINGS = (Text("已核实无误", "checked and right"), Text("有误", "wrong"))
"""What may be chosen. None of it holds a comma, which parts the choices in the file."""

_SIGN = "etown-check checklist "
_VERSION = 1
_QUESTION, _DOUBT = "question", "doubt"
_DECISION = re.compile(rf"({_QUESTION}|{_DOUBT}) (\d{{1,4}}) (\S+)((?: \S+)*)", re.ASCII)


class Stamp(Record):
    """Of what a sheet is: its kind, and what it was made from.

    `data` is the sha256 of the data file, "" for a blank form.
    """

    kind: str
    standard: str
    standard_sha256: str
    county: str
    data: str

    @property
    def text(self) -> str:
        """The stamp as it stands in a cell."""
        return _SIGN + json.dumps({"version": _VERSION, **self._asdict()}, ensure_ascii=False)


def read_stamp(text: str) -> Stamp | None:
    """Return the stamp that stands in a cell, `None` where there is none that can be read."""
    if not text.startswith(_SIGN):
        return None
    try:
        found = json.loads(text[len(_SIGN) :])
    except ValueError:
        return None
    if not isinstance(found, dict) or found.pop("version", None) != _VERSION:
        return None
    is_whole = set(found) == set(Stamp._fields) and all(
        isinstance(it, str) for it in found.values()
    )
    return Stamp(**found) if is_whole else None


class RowKey(Record):
    """Which metric a row is about, and which year of it."""

    metric: str
    year: int | None = None

    @property
    def text(self) -> str:
        """The key as it stands in a cell."""
        return self.metric if self.year is None else f"{self.metric} {self.year}"


def read_row_key(text: str) -> RowKey:
    """Return the metric and the year that a cell names, known or not."""
    metric, _, year = text.strip().partition(" ")
    return RowKey(
        metric, int(year) if len(year) == 4 and year.isascii() and year.isdecimal() else None
    )


class DecisionKey(Record):
    """What a row of the decisions is about: a check or a doubt, and the metrics that bear on it.

    `number` tells those apart that are of one kind and about the same.
    """

    is_doubt: bool
    number: int
    id: str
    metrics: tuple[str, ...]

    @property
    def text(self) -> str:
        """The key as it stands in a cell."""
        kind = _DOUBT if self.is_doubt else _QUESTION
        return " ".join((kind, str(self.number), self.id, *self.metrics))


def read_decision_key(text: str) -> DecisionKey | None:
    """Return what a cell names, `None` where it is no such key."""
    match = _DECISION.fullmatch(text.strip())
    if match is None:
        return None
    kind, number, id, metrics = match.groups()
    return DecisionKey(kind == _DOUBT, int(number), id, tuple(metrics.split()))


_MARK = 12
"""Characters of a mark: enough to tell two values of one metric apart."""


def declared_mark(declaration: Declaration | None) -> str:
    """Return a mark of all that is declared of a metric: another value has another."""
    entries = declaration.entries if declaration else {}
    said = [[year, value_said(entry)] for year, entry in sorted(entries.items(), key=_by_year)]
    return sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()[:_MARK]


def _by_year(item: tuple[int | None, Entry]) -> int:
    return item[0] or 0


def value_said(entry: Entry) -> list[str]:
    """Return what a value says, whatever unit it is told in: equal for values that are the same."""
    match entry.value:
        case Quantity(amount=amount):
            said = [str(amount)]
        case Document(exists, title, number, issued_on):
            said = [str(exists), title, number, str(issued_on)]
        case Ledger(sha256=digest):
            said = [digest]
        case Contact(name, phone, is_denied):
            said = [name, phone, str(is_denied)]
        case Amounts(by=by):
            said = [f"{word}{quantity.amount}" for word, quantity in by]
        case tuple() as names:
            said = list(names)
        case word:
            said = [str(word)]
    return [*said, "", *entry.names]


def value_contents(metric: Metric, year: int | None, entry: Entry) -> tuple[Content, Content]:
    """Return the cell of a verified value and that of its unit.

    The number and date of a document have no room there.
    """
    alone = Declaration(metric.key, Position(0, 0), {year: entry}, (), "", None)
    cells = filled(metric, alone, "zh")
    return cells[column_of(year)], cells.get("unit", EMPTY)


def record_contents(record: Verification | None, lang: str) -> Mapping[str, Content]:
    """Return the cells of a record beside its values."""
    if record is None:
        return {}
    result = RESULTS[record.result]
    return {
        "result": Content(result.en if lang == "en" else result.zh),
        "opinion": text_content(record.opinion, with_breaks=True),
        "by": text_content(record.by),
        "on": date_content(record.on),
    }
