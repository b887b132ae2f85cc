"""Finding the header of a ledger, its columns, and the unit of plain amounts."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from etown_check.ledgers.tables import AMOUNT, KEYS, Head, Header, Mistake
from etown_check.problems import closest, column_name
from etown_check.quantities import UNITS
from etown_check.records import Record
from etown_check.standard import LedgerForm
from etown_check.text import fold
from etown_check.words import Text, Words

_FEWEST = 2
"""A row that names fewer columns is no header."""

_UNIT = "亿元|百万元|万元|千元|元|圆|亿|万|yuan"
# What may stand behind the name of the amounts: (元), (万元), /元, (单位:元), (人民币元), (¥).
_WITH_UNIT = re.compile(
    rf"[(\[{{<【〔/_:-]*(?:(?:金额)?单位[:为]?)?(人民币|rmb|cny|¥)?:?({_UNIT})?[)\]}}>】〕]*"
)
# What may stand above the header; 编制单位 names a body and no unit.
_STATED = re.compile(rf"单位\s*[:为]?\s*(?:人民币|rmb)?\s*({_UNIT})(?![一-鿿])")
_SAME_UNIT = {"圆": "元", "yuan": "元", "万": "万元", "亿": "亿元"}
_REMARKS = "*:#"
"""What forms put before or behind the names of columns: *日期."""
_EXAMPLE = "金额（元）"


class Heading(Record):
    """A column that is known: which it is, and the unit that its name tells.

    It `is_own` where it goes by the name that the form gives it, and by no other one for the same.
    """

    key: str
    is_own: bool
    unit: str = ""


class Found(Record):
    """A header that was found: its row, its known columns, and the rows above it."""

    head: Head
    known: Mapping[int, Heading]
    above: Sequence[Head]

    @property
    def number(self) -> int:
        """How many of the columns that a ledger must have are there."""
        return len({heading.key for heading in self.known.values()})

    @property
    def is_whole(self) -> bool:
        """Whether no column is lacking."""
        return self.number == len(KEYS)


class Headings:
    """The names of the columns that a form of ledgers asks for."""

    def __init__(self, form: LedgerForm) -> None:
        self.names = {column.key: column.name for column in form.columns}
        self._known = {
            _named(name): Heading(column.key, name in column.name)
            for column in form.columns
            for name in (*column.also, *column.name)
        }
        amounts = (name for name, it in self._known.items() if it.key == "amount")
        self._amounts = sorted(amounts, key=len, reverse=True)

    @property
    def example(self) -> Text:
        """The header that a ledger may have, as a line of CSV."""
        zh = [_EXAMPLE if key == "amount" else self.names[key].zh for key in KEYS]
        en = [f"{self.names[key].en}{' (元)' * (key == 'amount')}" for key in KEYS]
        return Text(",".join(zh), ",".join(en))

    def heading(self, text: str) -> Heading | None:
        """Return the column that `text` names, `None` for none of ours."""
        name = _named(text)
        if name in self._known:
            return self._known[name]
        for amount in self._amounts:
            match = _WITH_UNIT.fullmatch(name, len(amount)) if name.startswith(amount) else None
            if match:
                currency, unit = match.groups()
                unit = _unit(unit or ("元" if currency else ""))
                return self._known[amount]._replace(unit=unit)
        return None

    def find(self, heads: Sequence[Head]) -> Found | None:
        """Return the row of `heads` that names the most columns, `None` where none is a header."""
        best: Found | None = None
        for at, head in enumerate(heads):
            headings = {column: self.heading(text) for column, text in head.cells.items()}
            known = {column: it for column, it in headings.items() if it is not None}
            found = Found(head, known, heads[:at])
            if found.number >= (_FEWEST if best is None else best.number + 1):
                best = found
        return best

    def header(self, found: Found) -> tuple[Header, list[Mistake]]:
        """Return the header that was found, and all that is wrong with it.

        Where a column goes by its own name, another name for the same is that of another column:
        there are ledgers with both 摘要 and 用途.
        """
        columns: dict[str, int] = {}
        mistakes: list[Mistake] = []
        own = {heading.key for heading in found.known.values() if heading.is_own}
        for column, heading in sorted(found.known.items()):
            if heading.key in own and not heading.is_own:
                continue
            first = columns.setdefault(heading.key, column)
            if first != column:
                args: dict[str, Words] = {
                    "text": found.head.cells[column],
                    "other": _column(first),
                }
                mistakes.append(Mistake(column, "E810", args))
        mistakes += self._lacking(found, [key for key in KEYS if key not in columns])
        amount = columns.get("amount", 0)
        unit = ""
        if amount:
            unit, faults = self._unit(found, amount)
            mistakes += faults
        return Header(
            found.head.number,
            tuple(columns.get(key, 0) for key in KEYS),
            max(found.head.cells),
            unit,
            found.head.cells.get(amount, self.names["amount"].zh),
        ), mistakes

    def _lacking(self, found: Found, lacking: Sequence[str]) -> Iterator[Mistake]:
        """Yield a mistake for each column that seems to be misnamed, and one for all the others."""
        wanted = {name: key for key in lacking for name in self.names[key]}
        others = [column for column in sorted(found.head.cells) if column not in found.known]
        misnamed: dict[str, int] = {}
        for column in others:
            close = closest(found.head.cells[column], wanted, most=1)
            if close and wanted[close[0]] not in misnamed:
                misnamed[wanted[close[0]]] = column
        for key, column in misnamed.items():
            text, name = found.head.cells[column], self.names[key]
            yield Mistake(column, "E855", {"text": text, "name": name})
        left = tuple(self.names[key] for key in lacking if key not in misnamed)
        if left:
            yield Mistake(0, "E854", {"known": left})

    def _unit(self, found: Found, amount: int) -> tuple[str, list[Mistake]]:
        """Return the unit of plain amounts, and what is wrong with how it is told."""
        told = [(found.known[amount].unit, found.head.cells[amount])]
        told += [
            (_unit(match.group(1)), text.strip())
            for head in found.above
            for text in head.cells.values()
            for match in _STATED.finditer(unicodedata.normalize("NFKC", text).lower())
        ]
        told = [it for it in told if it[0]]
        if not told:
            return "", []
        unit, text = told[0]
        mistakes = []
        if unit not in UNITS["money"]:
            args: dict[str, Words] = {
                "name": self.names["amount"],
                "unit": unit,
                "units": "、".join(UNITS["money"]),
                "example": _EXAMPLE,
            }
            mistakes.append(Mistake(amount, "E504", args))
            unit = "元"
        for other, said in told[1:]:
            if other != unit and not mistakes:
                mistakes.append(Mistake(amount, "E856", {"text": text, "other": said}))
        return unit, mistakes


def is_repeated(headings: Headings, header: Header, cells: Sequence[str]) -> bool:
    """Tell whether a row below the header says once more what the columns are."""
    named = {key: headings.heading(text) for key, text in zip(KEYS, cells, strict=True) if text}
    if len(named) < _FEWEST or any(it is None or it.key != key for key, it in named.items()):
        return False
    again = headings.heading(cells[AMOUNT])
    return again is None or again.unit in ("", header.unit)


def _named(text: str) -> str:
    return fold(text).lower().strip(_REMARKS)


def _unit(text: str) -> str:
    return _SAME_UNIT.get(text, text)


def _column(number: int) -> Text:
    letters = column_name(number)
    return Text(f"第 {number} 列（{letters}）", f"column {number} ({letters})")
