"""The workbooks among the examples: a form that a county filled in, a checklist that came back.

Run it to make them anew, after a wanted change of how they look: python -m tests.example_workbooks
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from etown_check.documents.checklist import checklist
from etown_check.engine import evaluate
from etown_check.loading import load_submission
from etown_check.packing import repack, stamp
from etown_check.store import load_standard
from etown_check.workbooks.checklist import checklist_workbook
from etown_check.workbooks.writing import workbook
from tests.checklists import Form
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from etown_check.standard import Standard

FORM, CHECKLIST = "shanyin.xlsx", "shanyin-checklist.xlsx"


def made(standard: Standard) -> dict[str, bytes]:
    """Return the examples by their names."""
    own = load_submission(EXAMPLES / "shanyin.yaml", standard)
    submission = own._replace(path="shanyin.yaml")  # wherever the checkout is
    report = evaluate(standard, submission)
    blank = checklist_workbook([checklist(standard, report, submission)], "zh")
    form = Form(blank, "山阴县").sign("王五（示例）")
    for key in form.keys[:8]:
        form.fill(key, result="属实")
    form.fill("total_output 2021", result="属实")
    form.fill("total_investment", result="核减", verified="1.9", unit="亿元", opinion="一笔未到位")
    form.fill("big_data_center", result="不实", opinion="机房未启用")
    form.fill("logistics_center_area", result="属实")
    form.decide(" 23.1 ", decision="达标", opinion="能满足需要")
    return {
        FORM: workbook(standard, submission.county, submission=submission),
        CHECKLIST: repack(form.content, stamp(submission.as_of)),
    }


def cells(content: bytes) -> dict[str, object]:
    """Return what stands in the cells of a workbook."""
    book = load_workbook(io.BytesIO(content))
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


if __name__ == "__main__":
    for name, content in made(load_standard("shuozhou-2022")).items():
        (EXAMPLES / name).write_bytes(content)
