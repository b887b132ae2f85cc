"""A checklist as a workbook: what stands in it, what may be filled in, and how it is laid out."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from etown_check.documents.checklist import blank_checklist, checklist
from etown_check.documents.ledgers import MOST_ROWS
from etown_check.documents.wording import asked_rows
from etown_check.engine import evaluate
from etown_check.loading import load_submission
from etown_check.packing import VARIABLE
from etown_check.text import columns
from etown_check.workbooks.checklist import checklist_workbook
from etown_check.workbooks.checklist_form import (
    DECISION_COLUMNS,
    ITEM_COLUMNS,
    DecisionKey,
    RowKey,
    Stamp,
    declared_mark,
    read_decision_key,
    read_row_key,
    read_stamp,
)
from etown_check.workbooks.painting import MOST_LINES, lines_of
from tests.checklists import HEAD_ROW, Form, blank_form, form_of, workbook_of
from tests.conftest import BASE, EXAMPLES, LEDGER, submit
from tests.office import needs_office, pages_of, tables_of, text_of, to_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from etown_check.standard import Standard
    from etown_check.submission import Submission

NAMES = ("huairen", "shanyin", "yingxian", "youyu")
HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-2+3",
    "_x0041_",
    "\u202egnp.exe",
    "a\x1bb",
    "&P & &amp;",
)


@pytest.fixture(scope="session")
def examples(standard: Standard) -> dict[str, Submission]:
    return {name: load_submission(EXAMPLES / f"{name}.yaml", standard) for name in NAMES}


@pytest.fixture(scope="session")
def shanyin(standard: Standard, examples: dict[str, Submission]) -> bytes:
    return workbook_of(standard, examples["shanyin"])


@pytest.fixture
def form(shanyin: bytes) -> Form:
    return Form(shanyin, "山阴县")


def header(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[HEAD_ROW]]


def texts(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)


def printed(sheet: Worksheet) -> list[str]:
    """Return what is printed at the head and the foot of each page, left and right."""
    parts = (sheet.oddHeader, sheet.oddFooter)
    return [str(text.text) for part in parts if part for text in (part.left, part.right)]


def validations(sheet: Worksheet, place: str) -> list[tuple[str | None, str | None]]:
    """Return the types and formulas of the rules that hold for a cell."""
    return [
        (rule.type, rule.formula1)
        for rule in sheet.data_validations.dataValidation
        if place in rule.sqref
    ]


# What stands in it


def test_a_sheet_for_each_town_and_one_for_what_must_be_decided(
    standard: Standard, examples: dict[str, Submission]
) -> None:
    book = load_workbook(io.BytesIO(workbook_of(standard, *examples.values())))
    counties = [it.county.name for it in examples.values()]
    expected = ["填写说明"]
    for county, it in zip(counties, examples.values(), strict=True):
        report = evaluate(standard, it)
        made = checklist(standard, report, it)
        others = made.questions or report.doubts or asked_rows(report)
        expected += [f"{county} 认定和疑点"] if others else []
        expected.append(county)
    assert book.sheetnames == expected


def test_every_line_has_a_row_and_every_metric_one_key(
    standard: Standard, examples: dict[str, Submission], form: Form
) -> None:
    made = checklist(standard, evaluate(standard, examples["shanyin"]), examples["shanyin"])
    lines = [line for entry in made.entries for line in entry.lines]
    keys = [read_row_key(key) for key in form.keys if key != "defaults"]
    assert len(keys) == len(set(keys))
    assert list(dict.fromkeys(key.metric for key in keys)) == [
        line.metric.key for line in lines if line.is_applicable and not line.same_as
    ]
    for line in lines:
        if line.metric.yearly and not line.same_as and line.declaration:
            years = {key.year for key in keys if key.metric == line.metric.key}
            assert years >= set(line.declaration.entries)
    said = texts(form.items)
    for entry in made.entries:
        assert entry.item.task in said
        assert all(line in said for line in entry.item.requirement)


def test_the_group_signs_the_first_sheet(
    standard: Standard, examples: dict[str, Submission]
) -> None:
    for towns in (["shanyin"], list(examples)):
        made = workbook_of(standard, *(examples[name] for name in towns))
        sheet = load_workbook(io.BytesIO(made)).worksheets[0]
        rows = {str(row[0].value): row[1:] for row in sheet.iter_rows()}
        for who in ("核查组组长", "核查组成员", "被核查单位负责人"):
            assert len(rows[who]) == len(towns)
            for cell in rows[who]:
                assert str(cell.value).startswith("签字：")
                assert not cell.protection.locked


def test_the_columns_are_those_of_the_printed_form(form: Form) -> None:
    assert header(form.items) == [it.zh for it in ITEM_COLUMNS.values()]
    assert header(form.decisions) == [it.zh for it in DECISION_COLUMNS.values()]


def test_the_county_s_own_threshold_stands_beside_the_plan_s_words(form: Form) -> None:
    assert form.cell("total_investment", "own").value == "35.1 ≥ 2亿元"
    assert "重点帮扶县不少于1亿元" in str(form.cell("total_investment", "requirement").value)


def test_the_gap_stands_beside_the_result(form: Form) -> None:
    assert form.cell("service_center_area", "self_check").value == "20.1 不达标，差 20平米"


def test_questions_and_doubts_have_their_own_sheet(
    standard: Standard, examples: dict[str, Submission], form: Form
) -> None:
    made = checklist(standard, evaluate(standard, examples["shanyin"]), examples["shanyin"])
    keys = [read_decision_key(str(key.value)) for (key,) in form.decisions.iter_rows(5, max_col=1)]
    found = [key for key in keys if key]
    assert [key.id for key in found if not key.is_doubt] == [it.check.id for it in made.questions]
    assert [key.id for key in found if key.is_doubt] == [it.code for it in made.report.doubts]
    assert len(found) == len(set(found))
    assert "是否认定为达标" in str(form.decision(" 23.1 ", "asked").value)


def test_who_it_is_of_stands_on_the_sheet_and_in_its_stamp(
    standard: Standard, examples: dict[str, Submission], form: Form
) -> None:
    submission = examples["shanyin"]
    for sheet, kind in ((form.items, "items"), (form.decisions, "decisions")):
        expected = Stamp(kind, standard.id, standard.sha256, "山阴县", submission.sha256)
        assert read_stamp(str(sheet["A1"].value)) == expected
        said = texts(sheet)
        assert "山阴县古城乡村e镇" in said
        assert "数据截止 2023-12-31" in said
        assert "自检结论：不达标" in said
        assert sheet.column_dimensions["A"].hidden
    guide = texts(form.book["填写说明"])
    for fact in (submission.sha256, standard.sha256, "朔商发〔2022〕73号", "2023-12-31"):
        assert fact in guide


def test_a_record_stands_in_its_cells_beforehand(
    standard: Standard, examples: dict[str, Submission]
) -> None:
    form = form_of(standard, examples["huairen"])
    row = {key: form.cell("service_center_area", key).value for key in ITEM_COLUMNS}
    assert (row["result"], row["verified"], row["unit"]) == ("属实", 1180, "平方米")
    assert row["by"] == "李四（示例）"
    assert str(row["on"]).startswith("2024-03-01")


def test_values_of_years_have_rows_of_their_own(standard: Standard) -> None:
    record = {"result": "核减", "value": {"2022": "1.8亿元"}, "by": "李四", "date": "2024-03-01"}
    output = {"value": {"2021": "1.7亿元", "2022": "2亿元", "2023": "2.3亿元"}, "verified": record}
    form = form_of(standard, submit(standard, {"total_output": output}))
    assert form.cell("total_output 2021", "result").value == "核减"
    assert form.cell("total_output 2022", "verified").value == 1.8
    assert form.cell("total_output 2023", "verified").value is None
    assert form.cell("total_output 2023", "declared").value == "2023年：2.3亿元"
    result = form.cell("total_output 2021", "result").coordinate
    assert any(result in str(it) for it in form.items.merged_cells.ranges)


def test_a_blank_form_has_no_values(standard: Standard) -> None:
    form = blank_form(standard)
    stamp = read_stamp(str(form.items["A1"].value))
    assert stamp is not None
    assert stamp.data == ""
    assert form.book.sheetnames == ["填写说明", "怀仁市"]
    assert form.cell("total_investment", "declared").value is None
    assert form.cell("total_investment", "mark").value is None
    assert form.cell("total_investment", "self_check").value is None
    assert form.cell("total_investment", "own").value == "35.1 ≥ 3亿元"
    assert "total_output 2025" in form.keys


def test_only_what_is_open(standard: Standard, examples: dict[str, Submission]) -> None:
    submission = examples["shanyin"]
    made = checklist(standard, evaluate(standard, submission), submission, only_open=True)
    form = Form(checklist_workbook([made], "zh"), "山阴县")
    assert "service_center_area" in form.keys
    assert "cultivation_plan" not in form.keys
    judged = evaluate(standard, submission)
    extent = f"本清单只列出方案 {len(judged.items)} 项中的 {len(made.entries)} 项。"
    assert len(made.entries) < len(judged.items)
    assert extent in texts(form.items)
    assert extent in texts(form.book["填写说明"])
    assert "已达标和不适用的没有列出。" in texts(form.items)


def test_nothing_open(standard: Standard) -> None:
    submission = submit(standard)
    report = evaluate(standard, submission, only=["20"])
    made = checklist(standard, report, submission, only_open=True)
    form = Form(checklist_workbook([made], "zh"))
    assert form.keys == []
    assert "没有需要逐项核查的：所判断的各项都已达标或不适用。" in texts(form.items)


def test_what_does_not_apply_is_not_filled_in(
    standard: Standard, examples: dict[str, Submission], form: Form
) -> None:
    assert "training_center_coordinated" not in form.keys
    assert "15.3 本县不适用" in texts(form.items)
    huairen = Form(workbook_of(standard, examples["huairen"]))
    assert "training_center_coordinated" in huairen.keys


def test_in_english(standard: Standard, examples: dict[str, Submission]) -> None:
    content = workbook_of(standard, examples["shanyin"], lang="en")
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Instructions", "山阴县 decisions", "山阴县"]
    assert header(book["山阴县"]) == [it.en for it in ITEM_COLUMNS.values()]
    form = Form(content, "山阴县")
    place = form.cell("cultivation_plan", "result").coordinate
    assert ("list", '"confirmed,adjusted,rejected"') in validations(form.items, place)


# What may be filled in


def test_only_the_cells_to_fill_in_are_open(form: Form) -> None:
    fields = ("way", "result", "verified", "unit", "opinion", "by", "on")
    for key in ("total_investment", "cultivation_plan", "contests 2022"):
        for column in ITEM_COLUMNS:
            is_open = column in fields and not (column == "unit" and key == "cultivation_plan")
            assert form.cell(key, column).protection.locked is not is_open, (key, column)
    for sheet in form.book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert not sheet.protection.formatColumns  # which allows it
        assert not sheet.protection.formatRows


def test_a_metric_is_filled_in_once(standard: Standard, examples: dict[str, Submission]) -> None:
    form = form_of(standard, examples["huairen"])
    rows = [
        row
        for row in form.items.iter_rows(5)
        if "只在那里核查" in " ".join(str(cell.value) for cell in row)
    ]
    assert rows
    for row in rows:
        assert row[0].value is None
        assert all(cell.protection.locked for cell in row)


@pytest.mark.parametrize(
    ("key", "column", "rule"),
    [
        ("total_investment", "result", ("list", '"属实,核减,不实"')),
        ("total_investment", "way", ("list", '"资料核查,现场核实,资料和现场"')),
        ("total_investment", "verified", ("decimal", "0")),
        ("total_investment", "unit", ("list", '"元,万元,亿元"')),
        ("service_center_area", "verified", ("decimal", "0")),
        ("contests 2022", "unit", ("list", '"次"')),
        ("big_data_center", "verified", ("list", '"是,否"')),
        ("cultivation_plan", "verified", ("list", '"有,无"')),
        ("leading_group_head", "verified", ("list", '"县委主要负责同志,政府主要负责同志,其他"')),
        ("exhibition_zones", "verified", (None, None)),
        ("total_investment", "on", ("date", "44847")),
        ("defaults", "on", ("date", "44847")),
    ],
)
def test_cells_have_rules(
    form: Form, key: str, column: str, rule: tuple[str | None, str | None]
) -> None:
    assert validations(form.items, form.cell(key, column).coordinate) == [rule]


def test_decisions_have_rules(form: Form) -> None:
    def rules(begin: str) -> list[tuple[str | None, str | None]]:
        return validations(form.decisions, form.decision(begin, "decision").coordinate)

    assert rules(" 23.1 ") == [("list", '"达标,不达标"')]
    assert rules(" D8 ") == [("list", '"已核实无误,有误"')]


def test_a_title_may_be_typed_where_a_list_is_offered(form: Form) -> None:
    place = form.cell("cultivation_plan", "verified").coordinate
    [rule] = [it for it in form.items.data_validations.dataValidation if place in it.sqref]
    assert not rule.showErrorMessage
    assert rule.prompt


def test_what_is_typed_stays_text(form: Form) -> None:
    for key, column in (("cultivation_plan", "verified"), ("total_investment", "opinion")):
        assert form.cell(key, column).number_format == "@"
    assert form.cell("total_investment", "verified").number_format == "General"
    assert form.cell("total_investment", "on").number_format == "yyyy-mm-dd"


def test_prompts_and_errors_fit_the_file_format(
    standard: Standard, examples: dict[str, Submission]
) -> None:
    for lang in ("zh", "en"):
        book = load_workbook(io.BytesIO(workbook_of(standard, *examples.values(), lang=lang)))
        for sheet in book.worksheets:
            for rule in sheet.data_validations.dataValidation:
                assert len(rule.prompt or "") <= 255
                assert len(rule.error or "") <= 225
                assert len(rule.formula1 or "") <= 255


# Hostile text


def hostile(standard: Standard, text: str) -> Submission:
    record = {
        "result": "核减",
        "value": [f"{text}甲", "乙"],
        "by": f"{text}丙",
        "date": "2024-03-01",
        "opinion": f"{text}丁",
    }
    companies = {"value": [f"{text}戊", "己"], "note": f"{text}庚", "verified": record}
    plan = {"value": f"{text}方案", "evidence": [f"佐证/{text}.pdf"]}
    return submit(standard, {"leading_ecommerce_enterprises": companies, "cultivation_plan": plan})


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula(standard: Standard, text: str) -> None:
    content = workbook_of(standard, hostile(standard, text))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in packed.read(name)
                assert b"<f " not in packed.read(name)
    form = Form(content)
    cell = form.cell("leading_ecommerce_enterprises", "by")
    assert cell.data_type == "s"
    if text[0] in "=+-@":
        assert cell.quotePrefix
    shown = text.translate({0x202E: None, 0x1B: None})
    written = str(cell.value).replace("_x005F_", "_")
    assert written == f"{shown}丙"


def test_signs_of_a_name_are_no_codes_of_a_page(standard: Standard) -> None:
    county = standard.counties[0]._replace(town="甲&P乙&Z")
    submission = submit(standard)._replace(county=county)
    form = form_of(standard, submission)
    assert "甲&&P乙&&Z" in printed(form.items)[0]


def test_a_list_of_very_many_names_says_that_it_goes_on(standard: Standard) -> None:
    names = [f"示例电商企业第{number}号" for number in range(1, 301)]
    submission = submit(standard, {"leading_ecommerce_enterprises": names})
    said = str(
        form_of(standard, submission).cell("leading_ecommerce_enterprises", "declared").value
    )
    assert said.startswith("300家：示例电商企业第1号")
    assert said.endswith("\n……（没有列完，其余见数据文件）")
    assert MOST_LINES - 1 <= lines_of(said, 18) <= MOST_LINES


# Layout


def test_headers_stay_in_sight_and_on_each_page(form: Form) -> None:
    assert form.items.freeze_panes == "E5"
    assert form.decisions.freeze_panes == "C5"
    for sheet in (form.items, form.decisions):
        assert sheet.print_title_rows == "$3:$3"
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize) == ("landscape", 9)
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
        properties = sheet.sheet_properties.pageSetUpPr
        assert properties is not None
        assert properties.fitToPage


def test_pages_say_what_they_are_of(
    standard: Standard, examples: dict[str, Submission], form: Form
) -> None:
    head, page, data, own = printed(form.items)
    assert head == "山阴县 山阴县古城乡村e镇  数据截止 2023-12-31"
    assert page == "第 &P 页，共 &N 页"
    assert data == f"数据文件 sha256 {examples['shanyin'].sha256}"
    assert own == f"标准 {standard.id} sha256 {standard.sha256}"
    assert len(str(form.items.oddHeader)) <= 255
    assert len(str(form.items.oddFooter)) <= 255


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rows_are_high_enough(
    standard: Standard, examples: dict[str, Submission], lang: str
) -> None:
    """Count the columns that each text needs, apart from the code that sets the heights."""
    book = load_workbook(io.BytesIO(workbook_of(standard, examples["youyu"], lang=lang)))
    for sheet in book.worksheets:
        spans = {(it.min_row, it.min_col): it for it in sheet.merged_cells.ranges}
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if not cell.value or not cell.alignment.wrap_text:
                    continue
                span = spans.get((cell.row, cell.column))
                last = (span.max_row, span.max_col) if span else (cell.row, cell.column)
                letters = [get_column_letter(at) for at in range(cell.column, last[1] + 1)]
                width = sum(sheet.column_dimensions[it].width for it in letters)
                if sheet.column_dimensions[letters[0]].hidden:
                    continue
                rows = range(cell.row, last[0] + 1)
                height = sum(sheet.row_dimensions[it].height or 15 for it in rows)
                lines = sum(
                    -(-columns(line) // int(width)) or 1 for line in str(cell.value).split("\n")
                )
                assert height >= lines * 13, cell.coordinate


def test_items_are_not_parted_by_pages(form: Form) -> None:
    starts = {brk.id + 1 for brk in form.items.row_breaks.brk}
    assert starts
    for span in form.items.merged_cells.ranges:
        assert not starts & set(range(span.min_row + 1, span.max_row + 1)), span


def test_the_same_data_gives_the_same_bytes(
    standard: Standard,
    examples: dict[str, Submission],
    shanyin: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert workbook_of(standard, examples["shanyin"]) == shanyin
    with zipfile.ZipFile(io.BytesIO(shanyin)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(2023, 12, 31, 0, 0, 0)}
        assert b"2023-12-31T00:00:00Z" in packed.read("docProps/core.xml")
    monkeypatch.setenv(VARIABLE, "1700000000")
    again = workbook_of(standard, examples["shanyin"])
    assert again != shanyin
    assert again == workbook_of(standard, examples["shanyin"])


# Keys and marks


def test_keys_are_read_as_they_were_written() -> None:
    for key in (RowKey("total_output"), RowKey("total_output", 2023)):
        assert read_row_key(key.text) == key
    for decision in (
        DecisionKey(is_doubt=False, number=1, id="23.1", metrics=("logistics_center_area",)),
        DecisionKey(is_doubt=True, number=12, id="D6", metrics=("a", "b")),
        DecisionKey(is_doubt=True, number=3, id="D9", metrics=()),
    ):
        assert read_decision_key(decision.text) == decision
    for text in ("", "question", "doubt D6", "doubt x D6", "total_output 2023"):
        assert read_decision_key(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "etown-check checklist ",
        "etown-check checklist []",
        "etown-check checklist {}",
        'etown-check checklist {"version": 1}',
        'etown-check checklist {"version": 2, "kind": "items", "standard": "a", "standard_sha256": "b", "county": "c", "data": "d"}',
        'etown-check checklist {"version": 1, "kind": "items", "standard": 1, "standard_sha256": "b", "county": "c", "data": "d"}',
    ],
)
def test_what_is_no_stamp(text: str) -> None:
    assert read_stamp(text) is None


def test_marks_tell_values_apart_and_not_units(standard: Standard) -> None:
    def mark(value: object) -> str:
        submission = submit(standard, {"total_investment": value})
        return declared_mark(submission.declarations.get("total_investment"))

    assert mark("3.2亿元") == mark("32000万元") == mark({"value": "3.2亿元", "note": "含土地"})
    assert len({mark("3.2亿元"), mark("3.20001亿元"), mark(None)}) == 3


def test_marks_of_every_kind(standard: Standard) -> None:
    def mark(key: str, value: object) -> str:
        return declared_mark(submit(standard, {key: value}).declarations[key])

    for key, one, other in (
        ("big_data_center", "是", "否"),
        ("cultivation_plan", "某镇方案", {"title": "某镇方案", "number": "某政发〔2022〕15号"}),
        ("leading_ecommerce_enterprises", ["甲公司", "乙公司"], ["甲公司", "丙公司"]),
        ("exhibition_zones", ["体验品鉴"], ["体验品鉴", "销售对接"]),
        ("leading_group_head", "其他", "政府主要负责同志"),
        ("contests", {"2022": "1次"}, {"2023": "1次"}),
        ("started_on", "2022-11-01", "2022-11-02"),
        ("monthly_reports", ["2022-11"], ["2022-11", "2022-12"]),
        ("funds_received", {"中央": "1万元"}, {"省": "1万元"}),
        ("funds_received", {"中央": "1万元"}, {"中央": "2万元"}),
        ("contact", {"name": "张三"}, {"phone": "张三"}),
        ("contact", {"name": "张三"}, {"name": "张三", "phone": "无"}),
    ):
        assert mark(key, one) != mark(key, other), key


def test_a_mark_of_a_ledger_is_that_of_its_content(standard: Standard) -> None:
    def mark(*rows: dict[str, str], **changes: object) -> str:
        submission = submit(standard, changes, ledger=rows)
        return declared_mark(submission.declarations["fund_ledger"])

    beside = {"value": LEDGER, "note": "第一册"}
    assert mark({"amount": "1"}) == mark({"amount": "1"}, fund_ledger=beside)
    assert mark({"amount": "1"}) != mark({"amount": "2"})
    one, other = ({"中央": "10000元"}, {"中央": "1万元"})
    assert len({mark_of(standard, "funds_received", it) for it in (one, other)}) == 1


def mark_of(standard: Standard, key: str, value: object) -> str:
    return declared_mark(submit(standard, {key: value}).declarations[key])


# Metrics of the other parts


@pytest.fixture(scope="module")
def whole(standard: Standard) -> Form:
    rows = [{"category": "购买流量", "voucher": "=1+1"}, {"category": "捐款", "source": ""}]
    return form_of(standard, submit(standard, whole=True, ledger=rows))


def test_what_is_declared_of_them(whole: Form) -> None:
    declared = {
        "started_on": "2022-11-15",
        "monthly_reports": "2022-11至2025-11",
        "funds_received": "中央 1000万元、省 800万元、市 200万元、县 200万元、社会 5000万元",
        "contact": "张三 0349-1234567",
        "fund_ledger": "台账.csv（2行）",
    }
    for key, value in declared.items():
        assert whole.cell(key, "declared").value == value
        assert whole.cell(key, "verified").value is None
    assert whole.cell("fund_ledger", "own").value == "F1.1至F1.9 中央、省、市资金不得支出"


@pytest.mark.parametrize(
    ("key", "rule", "format", "prompt"),
    [
        ("started_on", ("date", "36526"), "yyyy-mm-dd", None),
        ("monthly_reports", (None, None), "@", "写全核定的月份。"),
        ("funds_received", (None, None), "@", "没有变化的也要写上。"),
        ("contact", (None, None), "@", "写成两行，如 姓名：张三 和 电话：0349-0000000。"),
        ("fund_ledger", (None, None), "@", "把不符的各行写在核查意见里。"),
    ],
)
def test_their_cells_have_rules(
    whole: Form,
    key: str,
    rule: tuple[str | None, str | None],
    format: str,
    prompt: str | None,
) -> None:
    cell = whole.cell(key, "verified")
    assert not cell.protection.locked
    assert cell.number_format == format
    assert validations(whole.items, cell.coordinate) == [rule]
    [told] = [
        it for it in whole.items.data_validations.dataValidation if cell.coordinate in it.sqref
    ]
    assert (told.prompt or "").endswith(prompt or "")
    assert whole.cell(key, "unit").protection.locked


def test_the_rows_of_a_ledger_stand_with_the_decisions(whole: Form) -> None:
    sheet = whole.decisions
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(5)]
    titles = [row[1] for row in rows if str(row[1]).startswith("台账中需要核对的支出：")]
    assert titles == [
        f"台账中需要核对的支出：{check}（核查结果和意见写在台账那一行）"
        for check in (
            "F1.3 未用于购买流量  不达标",
            "F1.5 未用于捐款  需人工核定",
            "F4.2 按资金性质分别核算  不达标，缺 1行",
        )
    ]
    told = [(row[0], row[1], row[2]) for row in rows if str(row[2]).startswith("第")]
    assert told[0] == (
        None,
        "F1.3",
        "第2行 2023-05-08 1元 凭证号=1+1 · 收款单位1 · 购买流量支出",
    )
    assert [it[1] for it in told] == ["F1.3", "F1.5", "F4.2"]
    at = next(row[2] for row in sheet.iter_rows(5) if row[2].value == told[0][2])
    assert all(cell.protection.locked for cell in sheet[at.row])


def test_of_very_many_rows_the_rest_is_counted(standard: Standard) -> None:
    rows = [{"category": "购买流量"}] * (MOST_ROWS + 2)
    form = form_of(standard, submit(standard, whole=True, ledger=rows))
    said = texts(form.decisions)
    assert "另有 2 行，见台账。" in said
    assert f"第{MOST_ROWS + 1}行" in said
    assert f"第{MOST_ROWS + 2}行" not in said


def test_a_record_of_them_stands_in_its_cells_beforehand(standard: Standard) -> None:
    values = {
        "started_on": "2022-11-20",
        "monthly_reports": ["2022-11", "2022-12", "2023-02"],
        "funds_received": {"中央": "900万元", "省": "0元"},
        "contact": {"name": "李四", "phone": "无"},
    }
    record = {"result": "核减", "by": "王五", "date": "2024-03-01"}
    changes: dict[str, object] = {
        key: {"value": BASE["others"][key], "verified": {**record, "value": value}}
        for key, value in values.items()
    }
    changes["fund_ledger"] = {"value": LEDGER, "verified": {**record, "result": "属实"}}
    form = form_of(standard, submit(standard, changes, whole=True))
    assert form.cell("started_on", "verified").value == datetime.fromisoformat("2022-11-20")
    assert form.cell("monthly_reports", "verified").value == "2022-11、2022-12\n2023-02"
    funds = form.cell("funds_received", "verified").value
    assert funds == "中央：900万元\n省：0元\n市：\n县：\n社会："
    assert form.cell("contact", "verified").value == "姓名：李四\n电话：无"
    assert form.cell("fund_ledger", "result").value == "属实"
    assert form.cell("fund_ledger", "verified").value is None


# In an office program


@needs_office
def test_a_checklist_of_every_part_prints_whole(standard: Standard, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    rows = [{"category": "购买流量"}] * 12
    path.write_bytes(workbook_of(standard, submit(standard, whole=True, ledger=rows)))
    pdf = to_pdf(path, tmp_path)
    assert 10 <= pages_of(pdf) <= 30
    said = re.sub(r"\s", "", text_of(pdf))
    for row in range(2, 14):
        assert f"第{row}行2023-05-081元" in said
    assert "F1.3未用于购买流量不达标" in said


@needs_office
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_prints_whole(
    standard: Standard, examples: dict[str, Submission], tmp_path: Path, lang: str
) -> None:
    submission = examples["shanyin"]
    made = checklist(standard, evaluate(standard, submission), submission)
    path = tmp_path / "list.xlsx"
    path.write_bytes(checklist_workbook([made], lang))
    pdf = to_pdf(path, tmp_path)
    assert 5 <= pages_of(pdf) <= 28
    said = re.sub(r"\s", "", text_of(pdf))
    for entry in made.entries:
        for line in entry.lines:
            for check in line.results:
                # Of the checks of a ledger's categories some are told as from one to another.
                assert check.id in said or (check.rows == () and check.metrics == ("fund_ledger",))
    pages = text_of(pdf).split("\f")[:-1]
    last = f"共{len(pages)}页" if lang == "zh" else f"of{len(pages)}"
    assert all(last in re.sub(r"\s", "", page) for page in pages)
    title = "核查结果" if lang == "zh" else "Verified"
    own = [page for page in pages if standard.sha256[:20] in page]
    assert sum(title in page for page in own) >= len(own) - 2  # those of the decisions have others


@needs_office
def test_hostile_text_is_text_in_an_office_program(standard: Standard, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    for text in ("=1+1", "_x0041_"):
        path.write_bytes(workbook_of(standard, hostile(standard, text)))
        table = tables_of(path, tmp_path / "csv")["怀仁市"]
        for ending in ("丙", "丁", "庚"):
            assert f"{text}{ending}" in table


def test_a_checklist_of_a_county_that_the_standard_shares(standard: Standard) -> None:
    county = standard.counties[2]
    made = [blank_checklist(standard, it) for it in standard.counties]
    book = load_workbook(io.BytesIO(checklist_workbook(made, "zh")))
    assert book.sheetnames == ["填写说明", *(it.name for it in standard.counties)]
    assert f"{county.name} {county.town}" in texts(book[county.name])
