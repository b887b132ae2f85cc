"""Ledger files for tests: CSV as people and programs save it, and workbooks."""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

from etown_check.ledgers.reading import read_ledger
from etown_check.problems import InputError, Position, Problem
from etown_check.quantities import Quantity
from etown_check.standard import (
    Category,
    FundSource,
    LedgerColumn,
    LedgerForm,
    Quote,
    WordList,
)
from etown_check.words import Text
from tests.workbook_forms import put, raw_parts, raw_rows, relationships, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from etown_check.ledger import Ledger
    from etown_check.ledgers.reading import ReadLedger
    from tests.workbook_forms import Rows

KEYS = ("date", "description", "amount", "source", "category", "payee", "voucher")
HEADER = ("日期", "摘要", "金额（元）", "资金来源", "支出类别", "收款单位", "凭证号")
FAIR = ("2023-03-01", "直播间设备", "385600", "省", "公共服务体系", "某数码公司", "记-001")


def category(name: str, name_en: str, *also: str, is_forbidden: bool = False) -> Category:
    return Category(Text(name, name_en), is_forbidden, Quote(name, "五（一）"), also)


FORM = LedgerForm(
    "fund_ledger",
    tuple(
        LedgerColumn(key, Text(zh, en), also)
        for key, zh, en, also in (
            ("date", "日期", "Date", ("记账日期",)),
            ("description", "摘要", "Description", ("用途",)),
            ("amount", "金额", "Amount", ("支出金额",)),
            ("source", "资金来源", "Source", ("来源",)),
            ("category", "支出类别", "Category", ("类别",)),
            ("payee", "收款单位", "Payee", ("收款人",)),
            ("voucher", "凭证号", "Voucher", ("凭证编号",)),
        )
    ),
    tuple(
        FundSource(Text(zh, en), also)
        for zh, en, also in (
            ("中央", "Central", ("中央财政",)),
            ("省", "Provincial", ("省级",)),
            ("市", "City", ("市级",)),
            ("县", "County", ("县级", "县(市)级")),
            ("社会", "Social", ("社会资金",)),
        )
    ),
    (
        category("主导产业", "Leading industries"),
        category("公共服务体系", "Public services", "公共服务"),
        category("物流配送", "Logistics"),
        category("购买流量", "Traffic", "流量购买", is_forbidden=True),
        category("罚款", "Fines", is_forbidden=True),
    ),
    (
        WordList("购买流量", ("流量", "DOU+"), ("流量计",)),
        WordList("罚款", ("罚款", "滞纳金"), ()),
    ),
    (2022, 2025),
)


def row(**changes: str) -> tuple[str, ...]:
    """Return a row that nothing is wrong with, but for `changes`, by the keys of the columns."""
    assert set(changes) <= set(KEYS)
    return tuple(changes.get(key, text) for key, text in zip(KEYS, FAIR, strict=True))


def rows(number: int, **changes: str) -> list[tuple[str, ...]]:
    """Return so many rows that differ in their days, payees and vouchers."""
    return [
        row(
            date=date(2023, 1 + at // 28 % 12, 1 + at % 28).isoformat(),
            payee=f"公司{at}",
            voucher=f"记-{at}",
        )
        if not changes
        else row(payee=f"公司{at}", voucher=f"记-{at}", **changes)
        for at in range(number)
    ]


def text_of(lines: Sequence[Sequence[str]], separator: str = ",", **options: Any) -> str:
    """Return rows as the `csv` module writes them."""
    target = io.StringIO()
    csv.writer(target, delimiter=separator, **options).writerows(lines)
    return target.getvalue()


def csv_of(*lines: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    """Return a ledger in CSV, in UTF-8."""
    return text_of([header, *lines]).encode()


def xlsx_of(
    *lines: Sequence[Any],
    header: Sequence[str] = HEADER,
    name: str = "台账",
    others: Mapping[str, Rows] | None = None,
    change: Callable[[Workbook], None] | None = None,
) -> bytes:
    """Return a ledger as a workbook; `change` may do anything to it before it is written."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    put(sheet, [header, *lines])
    for other, content in (others or {}).items():
        put(book.create_sheet(other), content)
    if change is not None:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def shared_of(*lines: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    """Return a ledger as Excel saves it: its texts in a table of their own."""
    strings: dict[str, int] = {}
    cells = [
        [f'<c t="s"><v>{strings.setdefault(text, len(strings))}</v></c>' for text in texts]
        for texts in (header, *lines)
    ]
    parts = raw_parts({"台账": raw_rows(cells)})
    home = "xl/_rels/workbook.xml.rels"
    table = relationships(("strings", "sharedStrings", "sharedStrings.xml"))
    own = table[table.index("<Relationship ") : table.index("</Relationships>")]
    return zipped(
        {
            **parts,
            home: parts[home].replace("</Relationships>", f"{own}</Relationships>"),
            "xl/sharedStrings.xml": "<sst>"
            + "".join(f'<si><t xml:space="preserve">{escape(it)}</t></si>' for it in strings)
            + "</sst>",
        }
    )


def told(folder: Path, content: bytes, name: str = "台账.csv") -> ReadLedger:
    """Write a ledger and read it."""
    path = folder / name
    path.write_bytes(content)
    return read_ledger(str(path), FORM)


def ledger(folder: Path, content: bytes, name: str = "台账.csv") -> Ledger:
    """Return a ledger that there is nothing to say of."""
    read = told(folder, content, name)
    assert read.warnings == ()
    return read.ledger


def problems(folder: Path, content: bytes, name: str = "台账.csv") -> list[Problem]:
    """Return all that is wrong with a ledger."""
    try:
        read = told(folder, content, name)
    except InputError as error:
        return error.problems
    raise AssertionError(read)


def found(folder: Path, content: bytes, name: str = "台账.csv") -> list[tuple[str, int, int]]:
    """Return the codes of what is wrong with a ledger, each with its line and column."""
    return [
        (it.code, it.position.line, it.position.column) if it.position else (it.code, 0, 0)
        for it in problems(folder, content, name)
    ]


def codes(folder: Path, content: bytes, name: str = "台账.csv") -> set[str]:
    """Return the codes of what is wrong with a ledger, none for one that can be read."""
    try:
        told(folder, content, name)
    except InputError as error:
        return {it.code for it in error.problems}
    return set()


def warned(folder: Path, content: bytes, name: str = "台账.csv") -> list[tuple[str, int]]:
    """Return the codes of the warnings of a ledger that can be read, each with its line."""
    told_of = told(folder, content, name).warnings
    return [(it.code, it.position.line if it.position else 0) for it in told_of]


def yuan(number: str | int, unit: str = "元") -> Quantity:
    factor = {"元": 1, "万元": 10**4, "亿元": 10**8}[unit]
    return Quantity(Fraction(number) * factor, unit)


def bare(ledger: Ledger) -> Any:
    """Return what a ledger says, but for its path and its digest, and where its rows stand."""
    return _bare(ledger._replace(path="", sha256=""))


def _bare(value: Any) -> Any:
    if isinstance(value, Position):
        return None
    return tuple(map(_bare, value)) if isinstance(value, tuple) else value
