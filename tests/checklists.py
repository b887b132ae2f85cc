"""Checklists that are filled in as experts would: cell by cell, with a library of its own."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.cell import Cell

from etown_check.documents.checklist import blank_checklist, checklist
from etown_check.engine import evaluate
from etown_check.workbooks.checklist import checklist_workbook
from etown_check.workbooks.checklist_form import DECISION_COLUMNS, ITEM_COLUMNS
from tests.conftest import read

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from etown_check.standard import Standard
    from etown_check.submission import Submission

HEAD_ROW, DEFAULTS_ROW = 3, 4
DAY = date(2024, 3, 1)
Answer = str | int | float | date | None


class Form:
    """A checklist in memory."""

    def __init__(self, content: bytes, county: str = "怀仁市") -> None:
        self.book = load_workbook(io.BytesIO(content))
        self.county = county

    @property
    def items(self) -> Worksheet:
        return self.book[self.county]

    @property
    def decisions(self) -> Worksheet:
        return self.book[f"{self.county} 认定和疑点"]

    def cell(self, key: str, column: str) -> Cell:
        """Return the cell of the row with `key` in `column`: `total_output 2023`, `verified`."""
        return _cell(self.items, key, list(ITEM_COLUMNS).index(column) + 1)

    def decision(self, begin: str, column: str) -> Cell:
        """Return a cell of the row of the decisions whose key holds `begin`: ` 23.1 `."""
        for (key,) in self.decisions.iter_rows(max_col=1):
            if begin in f"{key.value} ":
                at = list(DECISION_COLUMNS).index(column) + 1
                return cell_at(self.decisions, int(key.row or 0), at)
        raise LookupError(begin)

    def fill(self, key: str, **answers: Answer) -> Form:
        for column, answer in answers.items():
            _type(self.cell(key, column), answer)
        return self

    def decide(self, begin: str, **answers: Answer) -> Form:
        for column, answer in answers.items():
            _type(self.decision(begin, column), answer)
        return self

    def sign(self, by: Answer = "王五", on: Answer = DAY) -> Form:
        """Fill in who and when, for all rows of each sheet."""
        for sheet in self.book.worksheets:
            names = {cell.value: at for at, cell in enumerate(sheet[HEAD_ROW], 1)}
            if "核查人" in names:
                cell_at(sheet, DEFAULTS_ROW, names["核查人"]).value = by
                cell_at(sheet, DEFAULTS_ROW, names["核查日期"]).value = on
        return self

    @property
    def keys(self) -> list[str]:
        """The keys of the rows about metrics, in their order."""
        column = (key.value for (key,) in self.items.iter_rows(DEFAULTS_ROW + 1, max_col=1))
        return [str(key) for key in column if key]

    @property
    def content(self) -> bytes:
        packed = io.BytesIO()
        self.book.save(packed)
        return packed.getvalue()

    def save(self, path: Path) -> Path:
        path.write_bytes(self.content)
        return path


def _type(cell: Cell, answer: Answer) -> None:
    """Write what somebody types: text is text, as an office program would save it."""
    cell.value = (
        re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", answer) if isinstance(answer, str) else answer
    )
    if isinstance(answer, str):
        cell.data_type = "s"


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return a cell that is filled in: the first one of those that are merged."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), f"{cell.coordinate} is merged"
    return cell


def _cell(sheet: Worksheet, key: str, column: int) -> Cell:
    for (found,) in sheet.iter_rows(max_col=1):
        if found.value == key:
            return cell_at(sheet, int(found.row or 0), column)
    raise LookupError(key)


def workbook_of(standard: Standard, *submissions: Submission, lang: str = "zh") -> bytes:
    """Return the checklist of `submissions` as xlsx."""
    lists = [checklist(standard, evaluate(standard, it), it) for it in submissions]
    return checklist_workbook(lists, lang)


def form_of(standard: Standard, submission: Submission) -> Form:
    """Return the checklist of a submission, to fill in."""
    return Form(workbook_of(standard, submission), submission.county.name)


def blank_form(standard: Standard) -> Form:
    """Return the blank checklist of the first county."""
    county = standard.counties[0]
    return Form(checklist_workbook([blank_checklist(standard, county)], "zh"), county.name)


# The files that the examples of docs/errors.md name

_HEAD = "标准: shuozhou-2022\n县: {county}\n乡村e镇: {town}\n数据截止日期: 2023-12-31\n指标:\n"
_INVESTMENT = "  总投资规模: 3.2亿元\n"
_REJECTED = "  总投资规模: {值: 3.2亿元, 核查: {结果: 不实, 核查人: 李四, 日期: 2024-02-01}}\n"


def example_files(standard: Standard) -> dict[str, bytes]:
    """Return the data files and checklists of the codes that `verify` gives, by their names."""
    head = _HEAD.format(county="怀仁市", town="怀仁市陶瓷e镇")
    data = f"{head}{_INVESTMENT}"
    other = f"{_HEAD.format(county='山阴县', town='山阴县古城乡村e镇')}{_INVESTMENT}"
    open_question = f"{head}  物流配送中心建筑面积: 420平方米\n"
    by_source = f"{head}  到位资金: {{中央: 100万元, 省: 50万元}}\n"
    contact = "信息联络员: {姓名: 张三, 电话: 0349-0000000}\n"
    with_contact = data.replace("指标:\n", f"{contact}指标:\n")
    texts = {
        "怀仁市.yaml": data,
        "补充过.yaml": f"{data}  就业目标: 300人\n",
        "改过.yaml": data.replace("3.2", "3.5"),
        "已核查.yaml": f"{head}{_REJECTED}",
        "需认定.yaml": open_question,
        "分来源.yaml": by_source,
        "有联络员.yaml": with_contact,
    }

    def form(text: str = data) -> Form:
        return form_of(standard, read(standard, text)).sign()

    def confirmed() -> Form:
        return form().fill("total_investment", result="属实")

    def stamped(old: str, new: str) -> Form:
        made = confirmed()
        for sheet in made.book.worksheets[1:]:
            sheet["A1"].value = str(sheet["A1"].value).replace(old, new)
        return made

    renamed, unknown, twice = confirmed(), confirmed(), confirmed()
    renamed.items.cell(HEAD_ROW, list(ITEM_COLUMNS).index("verified") + 1).value = "核定"
    unknown.cell("total_investment", "key").value = None
    copy = twice.book.copy_worksheet(twice.items)
    copy.title = "怀仁市 (2)"
    _cell(copy, "total_investment", list(ITEM_COLUMNS).index("result") + 1).value = "不实"
    digest = standard.sha256
    forms = {
        "核查清单": confirmed(),
        "山阴县清单": form(other),
        "别的标准": stamped('"standard": "shuozhou-2022"', '"standard": "other-2022"'),
        "旧版标准": stamped(digest, "0" * len(digest)),
        "改过表头": renamed,
        "删过标识": unknown,
        "两张表": twice,
        "没选结果": form().fill("total_investment", verified=3.1),
        "没有签名": confirmed().sign(None, None),
        "没有申报": form().fill("employment_target", result="属实"),
        "只有意见": form().fill("total_investment", opinion="待补充材料"),
        "写明方式": confirmed().fill("total_investment", way="现场核实"),
        "少写来源": form(by_source).fill("funds_received", result="核减", verified="中央：90万元"),
        "只写姓名": form(with_contact).fill("contact", result="核减", verified="李四"),
        "认定写错": form(open_question).decide(" 23.1 ", decision="基本达标"),
        "空白清单": blank_form(standard),
        "一致": form(f"{head}{_REJECTED}"),
    }
    return {
        **{name: text.encode() for name, text in texts.items()},
        **{f"{name}.xlsx": made.content for name, made in forms.items()},
    }
