"""Workbooks: what clerks fill in and spoil, read rightly or refused with the cell and a sentence."""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from html import unescape
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from etown_check import limits
from etown_check.cells import cell_of_years, files_in, names_in, years_in
from etown_check.loading import load_reference, read_submission, source_of
from etown_check.metric_values import COLUMN_NAMES
from etown_check.problems import InputError, Position, Problem, cell_name, column_name
from etown_check.quantities import Quantity
from etown_check.reporters.texts import place
from etown_check.submission import Document
from etown_check.workbooks.columns import COLUMNS
from etown_check.workbooks.writing import workbook
from etown_check.xlsx.formats import built_in, read_format, shown
from tests.command import run
from tests.conftest import EXAMPLES, ROOT
from tests.test_architecture import HEAVY
from tests.test_loading import outcome
from tests.workbook_forms import (
    FACTS,
    SECTION,
    form,
    metric,
    put,
    raw_form,
    raw_parts,
    raw_rows,
    relationships,
    table,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl import Workbook

    from etown_check.standard import Standard
    from etown_check.submission import Declaration, Submission
    from tests.workbook_forms import Rows

PATH = "怀仁.xlsx"
YEARS = "序号 指标 要求 填写值 2021年 2022年 2023年 单位"
DOCUMENTS = "指标 填写值 文号 成文日期 佐证材料 备注"
VERIFIED = "指标 填写值 2023年 单位 核查结果 核定值 核查人 核查日期 核查意见"


def read(standard: Standard, content: bytes, path: str = PATH) -> Submission:
    return read_submission(source_of(path, content), standard)


def problems(standard: Standard, content: bytes, path: str = PATH) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read(standard, content, path)
    return caught.value.problems


def found(standard: Standard, content: bytes, path: str = PATH) -> list[tuple[str, str]]:
    """Return the codes of the mistakes in a workbook, each with its cell."""
    return [(it.code, where(it)) for it in problems(standard, content, path)]


def warned(submission: Submission) -> list[tuple[str, str]]:
    return [(it.code, where(it)) for it in submission.warnings]


def where(problem: Problem) -> str:
    return "" if problem.position is None else cell_name(problem.position)


def declared(standard: Standard, *rows: Any, header: str = "") -> Mapping[str, Declaration]:
    sheets = table(*rows, header=header) if header else table(*rows)
    submission = read(standard, form(sheets))
    assert submission.warnings == ()
    return submission.declarations


def only(standard: Standard, *row: Any, header: str = "") -> Declaration:
    ((_, declaration),) = declared(standard, row, header=header).items()
    return declaration


def value(standard: Standard, *row: Any) -> Any:
    return only(standard, *metric(*row)).entries[None].value


def money(number: str, unit: str = "亿元") -> Quantity:
    factor = {"亿元": 10**8, "万元": 10**4, "元": 1}[unit]
    return Quantity(Fraction(number) * factor, unit)


def at(cell: str, sheet: str = SECTION) -> str:
    return f"[{sheet}]{cell}"


# Whole forms


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["huairen", "shanyin", "yingxian", "youyu"])
def test_a_data_file_is_the_same_as_a_workbook(standard: Standard, name: str, lang: str) -> None:
    path = str(EXAMPLES / f"{name}.yaml")
    with open(path, "rb") as file:
        before = read_submission(source_of(path, file.read()), standard)
    content = workbook(standard, before.county, lang, before)
    after = read(standard, content, str(EXAMPLES / f"{name}.xlsx"))
    assert outcome(after) == outcome(before)
    assert [it.code for it in after.warnings] == [it.code for it in before.warnings]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_form_declares_nothing(standard: Standard, lang: str) -> None:
    for county in standard.counties:
        submission = read(standard, workbook(standard, county, lang))
        assert submission.county == county
        assert (submission.declarations, submission.reference) == ({}, {})
        assert submission.warnings == ()


def test_layout_does_not_matter(standard: Standard) -> None:
    rows: Rows = [
        ("山西省某市某某表",),
        (),
        ("单位", "备注", "2023年度", "自己的列", " 指标 ", "2022"),
        (None, None, None, None, None, None),
        ("亿元", "含外贸", 2.3, None, "总 产 值", 1.9),
        ("单位", "备注", "2023年", None, "指标", "2022年"),
        ("人", None, None, None, "商业带头人", None),
    ]
    content = form({"随便什么名字": rows})
    (declaration,) = read(standard, content).declarations.values()
    assert {year: it.value for year, it in declaration.entries.items()} == {
        2022: money("1.9"),
        2023: money("2.3"),
    }
    assert declaration.note == "含外贸"
    assert declaration.position == Position(5, 5, "随便什么名字")
    assert declaration.entries[2023].position == Position(5, 3, "随便什么名字")


def test_names_of_sheets_and_columns_in_english(standard: Standard) -> None:
    rows: Rows = [("Metric", "VALUE", "Unit"), ("Total Investment", 3.2, "亿元"), ("trainees", 5)]

    def rename(book: Workbook) -> None:
        sheet = book["基本信息"]
        sheet.title = "facts"
        put(sheet, [("fact", "entry"), ("Standard",), ("county",), ("TOWN",), ("as_of",)])

    found = read(standard, form({"14 Scale": rows}, change=rename)).declarations
    assert found["total_investment"].entries[None].value == money("3.2")
    assert found["trainees"].entries[None].amount == 5


def test_facts(standard: Standard) -> None:
    facts = {
        "数据截止日期": datetime(2023, 12, 31, 9, 30),  # noqa: DTZ001 - as Excel has it
        "验收年度": 2023,
        "综合示范县": True,
        "信息联络员姓名": "张三",
        "信息联络员电话": 13800000000,
        "说明：以上各项如实填写": None,
    }
    submission = read(standard, form(facts=facts))
    assert submission.as_of == date(2023, 12, 31)
    assert submission.acceptance_year == 2023
    assert submission.demonstration is True
    assert submission.contact == ("张三", "13800000000")
    assert submission.warnings == ()


def test_a_fact_alone_of_the_contact(standard: Standard) -> None:
    assert read(standard, form(facts={"信息联络员姓名": "张三"})).contact == ("张三", "")
    assert read(standard, form(facts={"信息联络员姓名": None})).contact is None


def test_facts_in_error(standard: Standard) -> None:
    facts = {
        "县": "怀人市",
        "乡村e镇": None,
        "数据截止日期": "去年底",
        "标准号": "x",
        "信息联络员": "张三",
        "总产值": 5,
        "验收年度": "=1+1",
    }
    sheet = "基本信息"
    assert found(standard, form(facts=facts)) == [
        ("E402", at("B3", sheet)),
        ("E309", at("B4", sheet)),
        ("E404", at("B5", sheet)),
        ("E301", at("A6", sheet)),
        ("E305", at("B7", sheet)),
        ("E310", at("A8", sheet)),
        ("E811", at("B9", sheet)),
    ]


def test_facts_that_lack(standard: Standard) -> None:
    content = zipped(raw_parts({"基本信息": raw_rows([("项目", "填写"), ("县", "怀仁市")])}))
    told = problems(standard, content)
    assert [it.code for it in told] == ["E303"] * 3
    assert told[0].message("zh") == "缺少“标准”。"
    assert told[0].hint("zh") == "请补填“标准”。"
    assert where(told[0]) == at("A1", "基本信息")


def test_every_metric_is_found_by_its_names(standard: Standard) -> None:
    for it in standard.metrics.values():
        sheet = "参考数据" if it.reference else SECTION
        for name in (it.name.zh, it.name.en, it.key):
            rows: Rows = [("指标", "填写值"), (name, "？")]
            (told,) = problems(standard, form({sheet: rows}))
            assert told.code not in ("E301", "E501"), name


# Values


@pytest.mark.parametrize(
    ("stored", "unit", "expected"),
    [
        (2.3, "亿元", money("2.3")),
        (0.1 + 0.2, "亿元", money("0.3")),
        (Decimal("123456789012.345"), "元", money("123456789012.345", "元")),
        (3, "万元", money("3", "万元")),
        ("2.3", "亿元", money("2.3")),
        (" ２．３ ", "亿元", money("2.3")),
        ("5,200", "万元", money("5200", "万元")),
        ("三百", "万元", money("300", "万元")),
        ("5百万", "元", money("500", "万元")),
        ("2.3亿元", None, money("2.3")),
        ("2.3亿元", "亿元", money("2.3")),
        ("２.３亿元", "亿元", money("2.3")),
        (0, "亿元", money("0")),
    ],
)
def test_money(standard: Standard, stored: Any, unit: str | None, expected: Quantity) -> None:
    assert value(standard, "总投资规模", stored, unit) == expected


def test_units_of_counts(standard: Standard) -> None:
    assert value(standard, "金融服务网点", 2, "个") == Quantity(Fraction(2), "个")
    assert value(standard, "金融服务网点", 2) == Quantity(Fraction(2), "家")
    assert value(standard, "金融服务网点", "2个", "家") == Quantity(Fraction(2), "个")
    assert value(standard, "金融服务网点", "无", "家") == Quantity(Fraction(0), "家")


@pytest.mark.parametrize(
    ("name", "stored", "unit", "code", "cell"),
    [
        ("总投资规模", 2.3, None, "E503", "D2"),
        ("总投资规模", 2.3, "平方米", "E504", "E2"),
        ("总投资规模", 2.3, "万", "E503", "E2"),
        ("总投资规模", "2.3亿元", "万元", "E817", "D2"),
        ("总投资规模", "5万", "亿元", "E503", "D2"),
        ("总投资规模", "约2.3", "亿元", "E528", "D2"),
        ("总投资规模", "1 200", "万元", "E502", "D2"),
        ("总投资规模", "12,00", "万元", "E507", "D2"),
        ("总投资规模", -1, "亿元", "E505", "D2"),
        ("总投资规模", "待统计", "亿元", "E502", "D2"),
        ("总投资规模", 1e30, "元", "E516", "D2"),
        ("总投资规模", date(2023, 6, 1), "亿元", "E818", "D2"),
        ("总产值", 2.3, "亿元", "E512", "D2"),
        ("商业带头人", 5, "亿元", "E504", "E2"),
        ("商业带头人", 5.5, "人", "E506", "D2"),
        ("商业带头人", True, "人", "E533", "D2"),
        ("大数据中心", 1, None, "E508", "D2"),
        ("发展规划", "未定", None, "E514", "D2"),
        ("领导小组牵头人", "县长", None, "E509", "D2"),
        ("总投资规摸", 2.3, "亿元", "E501", "B2"),
        ("数据截止日期", "2023-12-31", None, "E311", "B2"),
        ("全市总产值增长率", "6.1%", None, "E522", "B2"),
    ],
)
def test_values_in_error(
    standard: Standard, name: str, stored: Any, unit: str | None, code: str, cell: str
) -> None:
    assert found(standard, form(table(metric(name, stored, unit)))) == [(code, at(cell))]


def test_a_conflict_of_units_names_both(standard: Standard) -> None:
    (told,) = problems(standard, form(table(metric("总投资规模", "2.3亿元", "万元"))))
    assert told.message("zh") == "“单位”一列是“万元”，填的“2.3亿元”单位却是“亿元”。"


@pytest.mark.parametrize(
    ("stored", "code", "expected"),
    [
        (0.061, "0%", "6.1"),
        (0.061, "0.0%", "6.1"),
        (0.07, "0.00%", "7"),  # 0.07 × 100 is 7.000000000000001 in binary
        (6.1, '0.0"%"', "6.1"),
    ],
)
def test_percent_formats(standard: Standard, stored: float, code: str, expected: str) -> None:
    def change(book: Workbook) -> None:
        book[SECTION]["G2"].number_format = code

    row = (None, "总产值增长率", None, None, None, None, stored, "%")
    submission = read(standard, form(table(row, header=YEARS), change=change))
    entry = submission.declarations["total_output_growth"].entries[2023]
    assert entry.value == Quantity(Fraction(expected) / 100, "%")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("General", "2300"),
        ("G/通用格式", "2300"),
        ("#,##0.00_);[Red]\\(#,##0.00\\)", "2300"),
        ('"¥"#,##0', "2300"),
        ("[$¥-804]#,##0.00", "2300"),
        ('0.00"亿元"', "2300亿元"),
        ("0.0\\万\\元", "2300万元"),
        ('"约"0', "约2300"),
        ("0.00E+00", "2300"),
        ("0%", "230000%"),
        ("yyyy-mm-dd", "1906-04-18"),
        ('yyyy"年"m"月"', "1906-04"),
        ("yyyy", "1906"),
        ("[$-804]aaaa d", "1906-04-18"),
        ('[Red]0"元";[Blue]-0"元"', "2300元"),
        ('[>0]0"元";"无"', "2300元"),
        ("[<=9999999]###-####;(###) ###-####", "2300"),
        ('0";"0', "2300"),
        ('m"月"d"日"', "1906-04-18"),
        ("mmm", "1906-04-18"),
        ("h:mm AM/PM", "00:00:00"),
        ("[h]:mm", "00:00:00"),
        ('上午/下午h"时"', "00:00:00"),
    ],
)
def test_formats(code: str, text: str) -> None:
    assert shown("2300", read_format(code), is_1904=False) == text


@pytest.mark.parametrize(
    "code",
    [
        '0!.0,"万"',
        "0!.0000",
        "0.0,",
        "#,##0,,",
        '0.0,"千元"',
        '[>=10000]0"万元";0"元"',
        '[Red][<1]0%;0"元"',
    ],
)
def test_formats_that_show_another_number(code: str) -> None:
    assert read_format(code).kind == "scaled"


@pytest.mark.parametrize(
    ("stored", "number", "is_1904", "text"),
    [
        ("45291", 14, False, "2023-12-31"),
        ("43829", 14, True, "2023-12-31"),
        ("59", 14, False, "1900-02-28"),
        ("60", 14, False, "1900-02-29"),
        ("61", 14, False, "1900-03-01"),
        ("45078", 17, False, "2023-06"),
        ("45078", 27, False, "2023-06"),
        ("45078", 57, False, "2023-06"),
        ("45078.5", 31, False, "2023-06-01"),
        ("0.5", 20, False, "12:00:00"),
        ("-1", 14, False, "-1"),
        ("9999999", 14, False, "9999999"),
        ("2.2999999999999998", 0, False, "2.3"),
        ("1E-7", 0, False, "0.0000001"),
        ("1.5E+3", 0, False, "1500"),
        ("1E+300", 0, False, "1E+300"),
        ("-0", 0, False, "0"),
        ("0.1", 9, False, "10%"),
        ("NaN", 0, False, "NaN"),
        ("1_0", 0, False, "1_0"),
    ],
)
def test_numbers_and_dates(stored: str, number: int, is_1904: bool, text: str) -> None:
    assert shown(stored, built_in(number), is_1904=is_1904) == text


def test_numbers_that_the_format_makes_smaller(standard: Standard) -> None:
    def change(book: Workbook) -> None:
        book[SECTION]["D2"].number_format = '0!.0,"万元"'

    content = form(table(metric("总投资规模", 23000, "元")), change=change)
    assert found(standard, content) == [("E819", at("D2"))]


def test_a_unit_in_the_format_is_typed(standard: Standard) -> None:
    def change(book: Workbook) -> None:
        book[SECTION]["D2"].number_format = '0.00"亿元"'

    content = form(table(metric("总投资规模", 2.3)), change=change)
    (declaration,) = read(standard, content).declarations.values()
    assert declaration.entries[None].value == money("2.3")
    content = form(table(metric("总投资规模", 2.3, "万元")), change=change)
    assert found(standard, content) == [("E817", at("D2"))]


def test_dates_of_1904(standard: Standard) -> None:
    def change(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    facts = {"数据截止日期": date(2023, 12, 31)}
    assert read(standard, form(facts=facts, change=change)).as_of == date(2023, 12, 31)


def test_dates(standard: Standard) -> None:
    header = f"{DOCUMENTS} 核查结果 核查日期"
    row = ("培育方案", "某方案", "怀政发〔2022〕15号", date(2022, 11, 8), None, None, "属实")
    declaration = only(standard, *row, date(2024, 3, 1), header=header)
    assert declaration.entries[None].value == Document(
        True, "某方案", "怀政发〔2022〕15号", date(2022, 11, 8)
    )
    assert declaration.verification is not None
    assert declaration.verification.on == date(2024, 3, 1)


def test_dates_as_iso_text(standard: Standard) -> None:
    rows: Rows = [
        ("指标", "填写值", "成文日期"),
        ("培育方案", "某方案", '<c t="d"><v>2022-11-08T00:00:00</v></c>'),
    ]
    (declaration,) = read(standard, raw_form(rows)).declarations.values()
    document = declaration.entries[None].value
    assert isinstance(document, Document)
    assert document.issued_on == date(2022, 11, 8)


def test_a_month_where_a_number_belongs(standard: Standard) -> None:
    def change(book: Workbook) -> None:
        book[SECTION]["D2"].number_format = "yyyy-mm"

    content = form(table(metric("聘用专家", date(2023, 6, 1), "人")), change=change)
    (told,) = problems(standard, content)
    assert told.message("zh") == "这一格是日期（2023-06），不是数值。"


def test_booleans(standard: Standard) -> None:
    assert value(standard, "大数据中心", True) is True
    assert value(standard, "大数据中心", False) is False


# Formulas, errors, text


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<c><f>1.1+1.2</f><v>2.3000000000000003</v></c>", money("2.3")),
        ('<c t="str"><f>A1</f><v>2.3亿元</v></c>', money("2.3")),
        ('<c><f t="shared" si="0"/><v>2.3</v></c>', money("2.3")),
    ],
)
def test_formulas_with_a_result(standard: Standard, cell: str, expected: Quantity) -> None:
    rows: Rows = [("指标", "填写值", "单位"), ("总投资规模", cell, "亿元")]
    (declaration,) = read(standard, raw_form(rows)).declarations.values()
    assert declaration.entries[None].value == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("<c><f>1+1</f></c>", "E811"),
        ("<c><f>1+1</f><v></v></c>", "E811"),
        ("<c><f/></c>", "E811"),
        ('<c t="e"><v>#REF!</v></c>', "E812"),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "E812"),
    ],
)
def test_cells_without_a_value(standard: Standard, cell: str, code: str) -> None:
    rows: Rows = [("指标", "填写值", "单位"), ("总投资规模", cell, "亿元")]
    assert found(standard, raw_form(rows)) == [(code, at("B2"))]


def test_a_formula_that_gives_no_text_is_blank(standard: Standard) -> None:
    rows: Rows = [("指标", "填写值"), ("总投资规模", '<c t="str"><f>""</f><v></v></c>')]
    assert read(standard, raw_form(rows)).declarations == {}


def test_errors_in_columns_that_are_not_read(standard: Standard) -> None:
    rows: Rows = [
        ("序号", "指标", "要求", "填写值", "单位"),
        ('<c t="e"><v>#N/A</v></c>', "总投资规模", "<c><f>A1</f></c>", "3", "亿元"),
    ]
    assert len(read(standard, raw_form(rows)).declarations) == 1


def test_rich_text_is_one_text(standard: Standard) -> None:
    rich = CellRichText("怀政发", TextBlock(InlineFont(b=True), "〔2022〕"), "15号")
    document = only(standard, *metric("培育方案", rich)).entries[None].value
    assert document == Document(True, "怀政发〔2022〕15号")


def test_phonetic_runs_are_no_part_of_the_text(standard: Standard) -> None:
    runs = '<r><t>陶瓷</t></r><r><t>产业</t></r><rPh sb="0" eb="2"><t>taoci</t></rPh>'
    rows: Rows = [
        ("指标", "填写值"),
        ("培育方案", f'<c t="inlineStr"><is>{runs}</is></c>'),
        ("发展规划", '<c t="s"><v>0</v></c>'),
    ]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = relations(("rId9", "sharedStrings", "sharedStrings.xml"))
    extra = {
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si>{runs}</si></sst>',
        "xl/_rels/workbook.xml.rels": related,
    }
    found = read(standard, raw_form(rows, extra=extra)).declarations
    assert [it.entries[None].value for it in found.values()] == [Document(True, "陶瓷产业")] * 2


def relations(*more: tuple[str, str, str]) -> str:
    sheets = [(f"rId{it}", "worksheet", f"worksheets/sheet{it}.xml") for it in (1, 2)]
    return relationships(*sheets, *more)


def test_prefixed_and_strict_names(standard: Standard) -> None:
    parts = raw_parts({"基本信息": raw_rows([("项目", "填写"), *FACTS.items()])})
    sheet = parts["xl/worksheets/sheet1.xml"]
    for tag in ("worksheet", "sheetData", "row", "c", "is", "t"):
        sheet = sheet.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>")
        sheet = sheet.replace(f"</{tag}>", f"</x:{tag}>")
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    parts["xl/worksheets/sheet1.xml"] = sheet.replace('xmlns="', f'xmlns:x="{strict}" a="')
    parts["_rels/.rels"] = parts["_rels/.rels"].replace('"xl/', '"/xl/')
    assert read(standard, zipped(parts)).county.name == "怀仁市"


def test_cells_without_addresses(standard: Standard) -> None:
    rows = raw_rows([("项目", "填写"), *FACTS.items()])
    bare = re.sub(r' r="[A-Z]*\d+"', "", rows)
    assert bare != rows
    assert read(standard, zipped(raw_parts({"基本信息": bare}))).county.name == "怀仁市"


def test_control_characters_are_taken_out(standard: Standard) -> None:
    text = "怀政发_x0007_〔2022〕\u200b15号_x000D_\n第二行"
    rows: Rows = [("指标", "填写值", "备注"), ("培育方案", "有", text)]
    submission = read(standard, raw_form(rows))
    (declaration,) = submission.declarations.values()
    assert declaration.note == "怀政发〔2022〕15号\n第二行"
    assert warned(submission) == [("W305", at("C2"))]
    assert submission.warnings[0].args == {"character": "U+0007"}


def test_an_escape_that_is_none(standard: Standard) -> None:
    rows: Rows = [("指标", "填写值"), ("培育方案", "方案_x005F_x0007_")]
    (declaration,) = read(standard, raw_form(rows)).declarations.values()
    assert declaration.entries[None].value == Document(True, "方案_x0007_")


def test_text_that_looks_like_a_formula_is_text(standard: Standard) -> None:
    rows: Rows = [("指标", "填写值"), ("培育方案", "=HYPERLINK(1)")]
    (declaration,) = read(standard, raw_form(rows)).declarations.values()
    assert declaration.entries[None].value == Document(True, "=HYPERLINK(1)")


def test_long_text(standard: Standard) -> None:
    text = "长" * (limits.MAX_TEXT + 1)
    assert found(standard, form(table(metric("培育方案", text)))) == [("E215", at("D2"))]


# Lists


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("甲\n乙", ["甲", "乙"]),
        ("甲、乙，丙；丁;戊,己", ["甲", "乙", "丙", "丁", "戊", "己"]),
        ("甲（丙、丁）、乙", ["甲（丙、丁）", "乙"]),
        ("“甲、乙”，丙", ["“甲、乙”", "丙"]),
        ("甲、乙\n", ["甲、乙"]),
        ("甲、\n\n乙 ", ["甲、", "乙"]),
        ("甲）、乙", ["甲）", "乙"]),
        ("、", []),
        ("甲", ["甲"]),
    ],
)
def test_names_in_a_cell(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("佐证/a.pdf\n佐证/b.pdf", ["佐证/a.pdf", "佐证/b.pdf"]),
        ("佐证/a.pdf、佐证/b.jpg", ["佐证/a.pdf", "佐证/b.jpg"]),
        ("佐证/名单，及说明.pdf", ["佐证/名单，及说明.pdf"]),
        ("a.pdf、b.pdf\n", ["a.pdf、b.pdf"]),
    ],
)
def test_files_in_a_cell(text: str, files: list[str]) -> None:
    assert files_in(text) == files


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2023: 2.3亿元", {"2023": "2.3亿元"}),
        ("2022年：1.9亿元\n2023年： 2.3亿元", {"2022": "1.9亿元", "2023": "2.3亿元"}),
        ("2022: 甲\n乙\n2023: 丙", {"2022": "甲\n乙", "2023": "丙"}),
        ("2.3亿元", None),
        ("", None),
    ],
)
def test_years_in_a_cell(text: str, years: dict[str, str] | None) -> None:
    assert years_in(text) == years
    if years:
        assert years_in(cell_of_years([(int(it), years[it]) for it in years])) == years


def names_of(standard: Standard, text: str) -> tuple[int, tuple[str, ...]]:
    entry = only(standard, *metric("区域公用品牌", text, "个")).entries[None]
    return int(entry.amount), entry.names


@pytest.mark.parametrize(
    ("text", "number", "names"),
    [
        ("幸福怀仁", 1, ("幸福怀仁",)),
        ("幸福怀仁、多彩陶都", 2, ("幸福怀仁", "多彩陶都")),
        ("拼多多、58同城", 2, ("拼多多", "58同城")),
        ("58同城\n", 1, ("58同城",)),
        ("甲\n甲\n乙", 2, ("甲", "甲", "乙")),
        ("百家姓\n三家村", 2, ("百家姓", "三家村")),
        ("5\n个", 5, ()),
        ("五个", 5, ()),
    ],
)
def test_counts(standard: Standard, text: str, number: int, names: tuple[str, ...]) -> None:
    assert names_of(standard, text) == (number, names)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("约5个，其中新增3个", "E528"),
        ("5个、新增3个", "E533"),
        ("约5个", "E528"),
        ("若干", "E533"),
        ("正在统计", "E533"),
        ("见附件1", "E502"),
        ("待定", "E533"),
        ("58同城", "E504"),
        ("5-6", "E529"),
        ("甲\n5个", "E527"),
        ("甲\n约5个", "E527"),
        ("甲\n共三个", "E527"),
        ("甲\n无", "E527"),
        ("、", "E533"),
    ],
)
def test_counts_in_error(standard: Standard, text: str, code: str) -> None:
    told = found(standard, form(table(metric("区域公用品牌", text, "个"))))
    assert told == [(code, at("D2"))]


def test_one_name_with_a_separator_is_doubtful(standard: Standard) -> None:
    submission = read(standard, form(table(metric("区域公用品牌", "甲、乙\n丙"))))
    assert warned(submission) == [("W103", at("D2"))]
    assert "Alt+Enter" in submission.warnings[0].hint("zh")


@pytest.mark.parametrize("text", ["体验品鉴、销售对接", "体验品鉴\n销售对接\n"])
def test_words_of_a_vocabulary(standard: Standard, text: str) -> None:
    assert value(standard, "展示体验中心功能区域", text) == ("体验品鉴", "销售对接")


def test_no_words_of_a_vocabulary(standard: Standard) -> None:
    assert value(standard, "展示体验中心功能区域", "无") == ()
    told = found(standard, form(table(metric("展示体验中心功能区域", "品鉴、"))))
    assert told == [("E509", at("D2"))]
    told = found(standard, form(table(metric("展示体验中心功能区域", "、"))))
    assert told == [("E307", at("D2"))]


# Years


def test_years(standard: Standard) -> None:
    row: tuple[Any, ...] = (33, "总产值", None, None, None, 1.9, "23000万元", None)
    told = problems(standard, form(table(row, header=YEARS)))
    assert [(it.code, where(it)) for it in told] == [("E503", at("F2"))]
    row = (33, "总产值", None, None, None, "1.9亿元", "23000万元", None)
    declaration = only(standard, *row, header=YEARS)
    assert declaration.entries[2023].position == Position(2, 7, SECTION)
    assert declaration.entries[2023].value == money("23000", "万元")
    assert declaration.position == Position(2, 2, SECTION)


def test_years_in_error(standard: Standard) -> None:
    header = "指标 填写值 2022年 2031年 单位"
    rows = (
        ("总产值", 5, 2, None, "亿元"),
        ("总投资规模", None, 3, None, "亿元"),
        ("网络零售额", None, None, 3, "亿元"),
        ("培育方案", None, "有", None, None),
    )
    assert found(standard, form(table(*rows, header=header))) == [
        ("E815", at("B2")),
        ("E513", at("C3")),
        ("E511", at("D4")),
        ("E513", at("C5")),
    ]


def test_names_by_year(standard: Standard) -> None:
    row = (None, "宣传活动", None, None, None, "陶博会、直播节", "甲\n乙\n丙", "次")
    entries = only(standard, *row, header=YEARS).entries
    assert {year: it.amount for year, it in entries.items()} == {2022: 2, 2023: 3}


# Documents, evidence, verification


def test_documents(standard: Standard) -> None:
    number = "怀政发〔2022〕15号"
    for cells, expected in (
        (("某方案",), Document(True, "某方案")),
        (("有", number), Document(True, "", number)),
        ((None, number), Document(True, number, number)),
        (("无",), Document(False, "")),
    ):
        assert only(standard, "培育方案", *cells, header=DOCUMENTS).entries[None].value == expected


def test_mistakes_speak_of_columns(standard: Standard) -> None:
    for key, column in (
        ("title", "value"),
        ("number", "number"),
        ("date", "issued_on"),
        ("result", "result"),
    ):
        assert COLUMN_NAMES[key] == COLUMNS[column]
    rows = (("培育方案", "无", None, date(2022, 1, 1)), ("发展规划", None, None, date(2022, 1, 1)))
    told = problems(standard, form(table(*rows, header=DOCUMENTS)))
    assert [it.message("zh") for it in told] == [
        "“成文日期”与“填写值: 无”不能同时写。",
        "缺少“填写值”。",
    ]
    header = "指标 填写值 单位 核查人"
    [told_of_result] = problems(
        standard, form(table(("总投资规模", 3, "亿元", "李四"), header=header))
    )
    assert told_of_result.hint("zh") == "请补填“核查结果”。"


def test_documents_in_error(standard: Standard) -> None:
    rows = (
        ("培育方案", "无", "某发1号"),
        ("发展规划", None, None, date(2022, 1, 1)),
        ("资金管理办法", "某办法", None, "去年"),
        ("总投资规模", "3亿元", "某发1号"),
    )
    assert found(standard, form(table(*rows, header=DOCUMENTS))) == [
        ("E524", at("C2")),
        ("E303", at("B3")),
        ("E404", at("D4")),
        ("E820", at("C5")),
    ]


def test_evidence(standard: Standard, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    rows = (
        ("培育方案", "有", None, None, "a.pdf\nb.pdf", "两行\n备注"),
        ("发展规划", "有", None, None, "../a.pdf"),
    )
    content = form(table(*rows, header=DOCUMENTS))
    path = str(tmp_path / PATH)
    assert found(standard, content, path) == [("E521", at("E3"))]
    submission = read(standard, form(table(rows[0], header=DOCUMENTS)), path)
    assert warned(submission) == [("W102", at("E2"))]
    (declaration,) = submission.declarations.values()
    assert [(it.file, it.exists) for it in declaration.evidence] == [
        ("a.pdf", True),
        ("b.pdf", False),
    ]
    assert declaration.note == "两行\n备注"


def test_verification(standard: Standard) -> None:
    rows = (
        ("总投资规模", 3.2, None, "亿元", "核减", 3.1, "李四", date(2024, 3, 1), "见合同"),
        ("总产值", None, 2.3, "亿元", "adjusted", "2022: 1.9\n2023: 22000万元"),
        ("税收目标", 5, None, "万元", "属实", None, "李四", "2024年3月1日"),
    )
    found = declared(standard, *rows, header=VERIFIED)
    one = found["total_investment"].verification
    assert one is not None
    assert (one.result, one.by, one.on, one.opinion) == (
        "adjusted",
        "李四",
        date(2024, 3, 1),
        "见合同",
    )
    assert one.entries[None].value == money("3.1")
    assert one.entries[None].position == Position(2, 6, SECTION)
    yearly = found["total_output"].verification
    assert yearly is not None
    assert {year: it.value for year, it in yearly.entries.items()} == {
        2022: money("1.9"),
        2023: money("22000", "万元"),
    }


def test_verification_in_error(standard: Standard) -> None:
    rows = (
        ("总投资规模", 3.2, None, "亿元", "大概属实"),
        ("总产值", None, 2.3, "亿元", "核减", 2.2),
        ("税收目标", 5, None, "万元", None, None, "李四"),
        ("政府引导资金", 5, None, "万元", "核减"),
        ("招商资金", 5, None, "万元", "属实", None, None, "昨天"),
    )
    assert found(standard, form(table(*rows, header=VERIFIED))) == [
        ("E517", at("E2")),
        ("E512", at("F3")),
        ("E303", at("G4")),
        ("E518", at("E5")),
        ("E404", at("H6")),
    ]


def test_a_note_alone_declares_nothing(standard: Standard) -> None:
    row = ("培育方案", None, None, None, None, "正在起草")
    submission = read(standard, form(table(row, header=DOCUMENTS)))
    assert submission.declarations == {}
    assert warned(submission) == [("W309", at("F2"))]


# Mistakes of a file, all at once and in order


def test_all_mistakes_are_told_in_the_order_of_sheets(standard: Standard) -> None:
    sheets: dict[str, Rows] = {
        "二、乙": [("指标", "填写值"), ("总投资规模", "x"), ("总投资规模", "3亿元"), ("某", 1)],
        "一、甲": [("指标", "填写值", "填写值"), (None, 5), ("总投资规模", "=1")],
        "参考数据": [("指标", "2023年"), ("总产值", 5), ("全市总产值增长率", 6.1)],
    }
    told = problems(standard, form(sheets, facts={"县": "x"}))
    assert [(it.code, where(it)) for it in told] == [
        ("E402", at("B3", "基本信息")),
        ("E502", at("B2", "二、乙")),
        ("E302", at("A3", "二、乙")),
        ("E501", at("A4", "二、乙")),
        ("E810", at("C1", "一、甲")),
        ("E816", at("B2", "一、甲")),
        ("E302", at("A3", "一、甲")),
        ("E811", at("B3", "一、甲")),
        ("E523", at("A2", "参考数据")),
        ("E503", at("B3", "参考数据")),
    ]
    twice = next(it for it in told if where(it) == at("A3", "一、甲"))
    assert twice.message("zh") == "“总投资规模”重复，[二、乙]A2 已经写过“总投资规模”。"
    assert all(it.line is None and it.end is None for it in told)


def test_no_more_is_told_than_anyone_would_read(standard: Standard) -> None:
    rows = [metric(f"x{at}", "=1") for at in range(limits.MAX_PROBLEMS + 50)]
    told = found(standard, form(table(*rows)))
    assert len(told) == limits.MAX_PROBLEMS + 1
    assert told[-1] == ("E216", "")


@pytest.mark.parametrize("code", ["zh", "en"])
def test_hints_for_cells_speak_of_no_lines(standard: Standard, code: str) -> None:
    rows = (metric("商业带头人", "待定"), metric("总产值", 5, "亿元"), metric("税收目标", 5))
    for it in problems(standard, form(table(*rows))):
        assert "[" not in it.hint(code)
        assert "{" not in it.hint(code)


# Sheets, columns and rows as clerks leave them


def test_a_copy_of_a_sheet(standard: Standard) -> None:
    def change(book: Workbook) -> None:
        book[SECTION]["B9"] = "以上"

    rows: Rows = [("指标", "填写值"), ("总投资规模", "3亿元")]
    empty: Rows = [("指标", "填写值"), ("总投资规模", None)]
    for name in (f"{SECTION} (2)", f"{SECTION}（2）", f"{SECTION}(3)"):
        told = found(standard, form({SECTION: rows, name: rows}))
        assert told == [("E814", at("A1", name))]
        submission = read(standard, form({SECTION: rows, name: empty}))
        assert warned(submission) == [("W304", at("A1", name))]
    assert read(standard, form({f"{SECTION} (2)": rows})).warnings == ()
    facts: Rows = [("项目", "填写"), ("县", "应县")]
    assert found(standard, form({"基本信息 (2)": facts})) == [("E814", at("A1", "基本信息 (2)"))]


def test_columns_of_ones_own(standard: Standard) -> None:
    rows = ((None, "总投资规模", None, "3亿元", None, None, "算出来的", "x"),)
    submission = read(standard, form(table(*rows, header="序号 指标 要求 填写值 单位 空列 依据")))
    assert warned(submission) == [("W302", at("G2")), ("W302", at("H2"))]
    assert [it.args["text"] for it in submission.warnings] == ["依据", "H"]


def test_sheets_of_ones_own(standard: Standard) -> None:
    def change(book: Workbook) -> None:
        book.create_chartsheet("图")
        book.create_sheet("空")
        book.create_sheet("填写说明")["A1"] = "说明"

    rows: Rows = [("序号", "单位", "备注"), (1, "元", "x")]
    submission = read(standard, form({"台账": rows}, change=change))
    assert warned(submission) == [("W301", at("A1", "台账"))]


def test_a_header_that_lacks_a_column(standard: Standard) -> None:
    for header, lacking in (
        ("名目 要求 填写值 单位", "指标"),
        ("指标 要求 数值 佐证材料", "填写值"),
    ):
        told = problems(standard, form({SECTION: [(), header.split(), ("总投资规模", 1, 2)]}))
        assert [(it.code, where(it)) for it in told] == [("E809", at("A2"))]
        assert f"“{lacking}”" in told[0].message("zh")


def test_values_without_a_metric(standard: Standard) -> None:
    rows = (metric("总投资规模", 3, "亿元"), (None, None, None, 5, "亿元"), ("合计",))
    told = found(standard, form(table(*rows)))
    assert told == [("E816", at("D3"))]


def test_rows_that_are_no_metrics(standard: Standard) -> None:
    submission = read(standard, form(table((None, "填表人：张三"), metric("税收目标", "5万元"))))
    assert warned(submission) == [("W308", at("B2"))]


@pytest.mark.parametrize(
    ("beside", "place"),
    [
        ({5: "佐证/平面图.pdf"}, "F3"),
        ({6: "下月补报"}, "G3"),
        ({7: "不实", 9: "李四"}, "H3"),
    ],
)
def test_what_stands_beside_an_empty_value_is_told(
    standard: Standard, beside: dict[int, str], place: str
) -> None:
    """It is no declaration, so that a conversion would lose it without a word."""
    header = (
        "指标",
        "填写值",
        "2022年",
        "2023年",
        "单位",
        "佐证材料",
        "备注",
        "核查结果",
        "核定值",
        "核查人",
    )
    rows = ("总投资规模", None, None, None, "亿元", *(beside.get(at) for at in range(5, 10)))
    submission = read(standard, form({SECTION: [(), header, rows]}))
    assert not submission.declarations
    codes = [it for it in warned(submission) if it[0] != "W102"]
    assert codes == [("W309", at(place))]


def test_merged_cells(standard: Standard) -> None:
    def change(book: Workbook) -> None:
        sheet = book[SECTION]
        for cells in ("A1:H1", "D3:D4", "E5:E6", "H5:H6", "C7:C8", "D9:G9"):
            sheet.merge_cells(cells)

    rows: Rows = [
        ("某某表",),
        ("序号", "指标", "要求", "填写值", "单位", "备注", "核查人", "核查结果"),
        (None, "规划用地面积", None, "0.6平方公里"),
        (None, "建筑面积", None, None),
        (None, "总投资规模", None, 3, "亿元", None, None, "属实"),
        (None, "税收目标", None, 1),
        (None, "培育方案", "两行", "有"),
        (None, "发展规划", None, "有"),
        (None, "聘用专家", None, 5),
    ]
    content = form({SECTION: rows}, change=change)
    told = problems(standard, content)
    assert [(it.code, where(it)) for it in told] == [("E813", at("D3"))]
    assert told[0].args == {"text": "D3:D4", "number": 2}
    rows = [*rows[:2], *rows[4:]]

    def merge(book: Workbook) -> None:
        for cells in ("E3:E4", "H3:H4", "D7:G7"):
            book[SECTION].merge_cells(cells)

    submission = read(standard, form({SECTION: rows}, change=merge))
    assert submission.warnings == ()
    assert submission.declarations["tax_target"].entries[None].value == money("1")
    for key in ("tax_target", "total_investment"):
        assert submission.declarations[key].verification is not None
    assert submission.declarations["hired_experts"].entries[None].amount == 5


def test_what_a_merge_hides_is_not_read(standard: Standard) -> None:
    rows: Rows = [("指标", "填写值", "单位", "备注"), ("税收目标", "5", "万元", "盖住的")]
    parts = raw_parts(
        {"基本信息": raw_rows([("项目", "填写"), *FACTS.items()]), SECTION: raw_rows(rows)}
    )
    sheet = "xl/worksheets/sheet2.xml"
    merge = '<mergeCells><mergeCell ref="C2:D2"/></mergeCells></worksheet>'
    parts[sheet] = parts[sheet].replace("</worksheet>", merge)
    (declaration,) = read(standard, zipped(parts)).declarations.values()
    assert declaration.note == ""
    assert declaration.entries[None].value == money("5", "万元")


def test_hidden_values_are_read_and_told(standard: Standard) -> None:
    def change(book: Workbook) -> None:
        sheet = book[SECTION]
        sheet.row_dimensions[2].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["F"].hidden = True
        book["参考数据"].sheet_state = "veryHidden"

    sheets: dict[str, Rows] = {
        SECTION: [
            ("序号", "指标", "要求", "填写值", "单位", "备注"),
            metric("总投资规模", 3, "亿元"),
            (*metric("税收目标", 1, "亿元"), "x"),
            metric("商业带头人", 5, "人"),
        ],
        "参考数据": [("指标", "2023年", "单位"), ("全市总产值增长率", 6.1, "%")],
    }
    submission = read(standard, form(sheets, change=change))
    assert len(submission.declarations) == 3
    assert len(submission.reference) == 1
    assert [(it.code, where(it), it.message("zh")) for it in submission.warnings] == [
        ("W303", at("B2"), "第 2、4 行是隐藏的，其中的内容已照常读取。"),
        ("W303", at("F3"), "第 F 列是隐藏的，其中的内容已照常读取。"),
        ("W303", at("A2", "参考数据"), "这张工作表是隐藏的，其中的内容已照常读取。"),
    ]
    assert submission.warnings[0].message("en") == "Hidden, but read like the rest: rows 2, 4."


def test_thousands_of_formatted_empty_rows(standard: Standard) -> None:
    empty = "".join(
        f'<row r="{at}"><c r="A{at}" s="0"/><c r="B{at}" s="0"/><c r="D{at}" s="0"/></row>'
        for at in range(3, 60_000)
    )
    rows = raw_rows([("指标", "填写值"), ("税收目标", "5万元")]) + empty
    facts = raw_rows([("项目", "填写"), *FACTS.items()])
    content = zipped(raw_parts({"基本信息": facts, SECTION: rows}))
    begin = time.process_time()
    assert len(read(standard, content).declarations) == 1
    assert time.process_time() - begin < 5


# Files that are none


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
WHOLE = form(table(metric("总投资规模", 3.2, "亿元")))


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        (PATH, b"", "E801"),
        (PATH, "标准: shuozhou-2022\n".encode(), "E801"),
        (PATH, b"<html><table>", "E801"),
        ("表.XLSM", b"x", "E801"),
        ("表.xls", OLE + "Workbook".encode("utf-16-le"), "E802"),
        (PATH, OLE + "Book".encode("utf-16-le"), "E802"),
        ("表.et", OLE, "E802"),
        (PATH, OLE + "EncryptedPackage".encode("utf-16-le"), "E803"),
        ("说明.doc", OLE + "WordDocument".encode("utf-16-le"), "E804"),
        ("说明.docx", zipped({"word/document.xml": ""}), "E804"),
        (PATH, zipped({"ppt/presentation.xml": ""}), "E804"),
        ("表.ods", zipped({"content.xml": ""}), "E802"),
        ("表.xlsb", zipped({"xl/workbook.bin": ""}), "E802"),
        ("资料.yaml", zipped({"a.txt": ""}), "E804"),
        ("表.csv", b"a,b\n", "E804"),
        ("~$怀仁.xlsx", b"clerk", "E805"),
        ("数据/~$怀仁.xlsx", WHOLE, "E805"),
        (PATH, WHOLE[: len(WHOLE) // 2], "E806"),
        (PATH, WHOLE[:4], "E806"),
        (PATH, WHOLE[:-30], "E806"),
    ],
)
def test_what_is_no_workbook(standard: Standard, path: str, content: bytes, code: str) -> None:
    assert found(standard, content, path) == [(code, "")]


def test_macros_are_ignored(standard: Standard) -> None:
    parts = dict(_parts(WHOLE))
    parts["xl/vbaProject.bin"] = OLE
    assert len(read(standard, zipped(parts), "怀仁.xlsm").declarations) == 1


def _parts(content: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _raw(**changes: str | None) -> dict[str, str | bytes]:
    """Return the parts of a workbook, with changes to some by the last word of their names."""
    parts = raw_parts({"基本信息": raw_rows([("项目", "填写"), *FACTS.items()])})
    for word, text in changes.items():
        (name,) = [it for it in parts if it.endswith(f"{word}.xml")]
        if text is None:
            del parts[name]
        else:
            parts[name] = text
    return dict(parts)


SHEET = '<worksheet><sheetData><row r="1"><c r="{}" t="{}" s="{}"><v>{}</v></c></row></sheetData></worksheet>'
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'


@pytest.mark.parametrize(
    "parts",
    [
        _raw(workbook=None),
        _raw(sheet1=None),
        _raw(workbook="<workbook"),
        _raw(workbook=""),
        _raw(sheet1="<worksheet><sheetData></worksheet>"),
        _raw(sheet1=DOCTYPE + "<worksheet/>"),
        _raw(workbook=DOCTYPE + "<workbook/>"),
        _raw(sheet1=SHEET.format("A0", "n", 0, 1)),
        _raw(sheet1=SHEET.format("ZZZZ1", "n", 0, 1)),
        _raw(sheet1=SHEET.format("XFE1", "n", 0, 1)),
        _raw(sheet1=SHEET.format("A9999999", "n", 0, 1)),
        _raw(sheet1=SHEET.format("a1", "n", 0, 1)),
        _raw(sheet1=SHEET.format("A1", "s", 0, 7)),
        _raw(sheet1=SHEET.format("A1", "s", 0, "x")),
        _raw(sheet1=SHEET.format("A1", "n", "-1", "1")),
        _raw(sheet1='<worksheet><sheetData><row r="x"/></sheetData></worksheet>'),
        _raw(
            sheet1='<worksheet><mergeCells><mergeCell ref="A1:"/><mergeCell/></mergeCells></worksheet>'
        ),
        _raw(sheet1='<worksheet><cols><col min="0" max="x" hidden="1"/></cols></worksheet>'),
    ],
)
def test_broken_parts(standard: Standard, parts: dict[str, str | bytes]) -> None:
    assert found(standard, zipped(parts)) == [("E806", "")]


def test_entities_are_refused_in_any_encoding(standard: Standard) -> None:
    for encoding in ("utf-8", "utf-16"):
        parts = _raw()
        text = f'<?xml version="1.0" encoding="{encoding}"?>{DOCTYPE}<worksheet/>'
        parts["xl/worksheets/sheet1.xml"] = text.encode(encoding)
        assert found(standard, zipped(parts)) == [("E806", "")]


def test_a_bomb_is_not_unpacked(standard: Standard) -> None:
    parts = _raw()
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet>" + b" " * (limits.MAX_UNPACKED + 1)
    content = zipped(parts)
    assert len(content) < 200_000
    told = problems(standard, content)
    assert [it.code for it in told] == ["E807"]
    assert told[0].message("zh") == "工作簿超过 32 MB （解压后），未读取。"


def test_more_cells_than_any_form_has(standard: Standard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etown_check.xlsx.sheets.MAX_CELLS", 12)
    assert found(standard, WHOLE) == [("E807", "")]
    monkeypatch.undo()
    monkeypatch.setattr("etown_check.workbooks.reading.MAX_NODES", 8)
    assert found(standard, WHOLE) == [("E214", "")]


def test_many_merged_ranges(standard: Standard) -> None:
    merged = "".join(f'<mergeCell ref="A{at}:B{at}"/>' for at in range(1, limits.MAX_MERGED + 2))
    parts = _raw(sheet1=f"<worksheet><mergeCells>{merged}</mergeCells></worksheet>")
    assert found(standard, zipped(parts)) == [("E807", "")]


def test_an_encrypted_or_oddly_packed_entry(standard: Standard) -> None:
    content = bytearray(zipped(_raw()))
    for name in (b"PK\x03\x04", b"PK\x01\x02"):
        for begin in _all(bytes(content), name):
            content[begin + (6 if name[2] == 3 else 8)] |= 1
    assert found(standard, bytes(content)) == [("E803", "")]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        for name_, text in _raw().items():
            archive.writestr(name_, text)
    assert found(standard, target.getvalue()) == [("E806", "")]


def _all(content: bytes, part: bytes) -> list[int]:
    found, begin = [], content.find(part)
    while begin >= 0:
        found.append(begin)
        begin = content.find(part, begin + 1)
    return found


def test_nothing_that_is_broken_is_more_than_a_mistake(standard: Standard) -> None:
    chance = random.Random(7)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for name, part in _parts(WHOLE).items():
            archive.writestr(name, part)
    codes = set()
    for whole in (WHOLE, stored.getvalue()):
        for _ in range(300):
            content = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                content[chance.randrange(4, len(content))] = chance.randrange(256)
            end = chance.choice((len(content), chance.randrange(5, len(content))))
            try:
                read(standard, bytes(content[:end]))
            except InputError as error:
                codes |= {it.code for it in error.problems}
    assert "E806" in codes


def test_a_workbook_that_is_not_ours(standard: Standard) -> None:
    def drop(book: Workbook) -> None:
        book["基本信息"].title = "企业名单"

    (told,) = problems(standard, form(change=drop))
    assert told.code == "E808"
    assert told.message("zh") == "没有“基本信息”工作表，或其中没有“项目”和“填写”两列。"
    assert "etown-check workbook" in told.hint("zh")

    def retitle(book: Workbook) -> None:
        book["基本信息"]["B1"] = "内容"

    assert found(standard, form(change=retitle)) == [("E808", "")]


# Folders, git, standard input


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a workbook of ours among others."""

    def foreign(book: Workbook) -> None:
        book["基本信息"]["B1"] = "企业"

    yaml = "".join(f"{key}: {it}\n" for key, it in FACTS.items())
    for name, content in {
        "怀仁.xlsx": WHOLE,
        "怀仁.yaml": yaml.encode(),
        "佐证/台账.xlsx": form(change=lambda book: setattr(book["基本信息"], "title", "台账")),
        "佐证/企业.xlsx": form(change=foreign),
        "佐证/加密.xlsx": OLE + "EncryptedPackage".encode("utf-16-le"),
        "~$怀仁.xlsx": b"clerk",
        "其他/山阴.xlsx": form(facts={"县": "山阴县", "乡村e镇": "山阴县古城乡村e镇"}),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_a_folder(folder: Path) -> None:
    done = run("validate", ".", "--format", "json", cwd=folder)
    assert done.code == 4, done.err
    assert [it["path"] for it in done.json["reports"]] == [
        "其他/山阴.xlsx",
        "怀仁.xlsx",
        "怀仁.yaml",
    ]
    assert done.json["errors"] == []
    assert [(it["path"], it["code"]) for it in done.json["warnings"]] == [
        ("佐证/加密.xlsx", "W307"),
        ("怀仁.xlsx", "W306"),
    ]
    assert "怀仁.yaml" in done.json["warnings"][1]["message"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_in_a_folder_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "管道.xlsx")
    done = run("validate", ".", "--format", "json", cwd=folder)
    assert [(it["path"], it["code"]) for it in done.json["errors"]] == [("管道.xlsx", "E102")]


def test_a_workbook_without_its_standard_is_none_of_ours(tmp_path: Path) -> None:
    parts = raw_parts({"基本信息": raw_rows([("项目", "填写"), ("企业", "甲")])})
    (tmp_path / "企业.xlsx").write_bytes(zipped(parts))
    done = run("validate", ".", cwd=tmp_path)
    assert done.code == 3
    assert "企业.xlsx: 提醒 W101" in done.err
    assert "“基本信息”工作表" in done.err


def test_what_is_named_is_not_passed_over(folder: Path) -> None:
    done = run("validate", "佐证/企业.xlsx", "~$怀仁.xlsx", "佐证/加密.xlsx", cwd=folder)
    assert done.code == 3
    for code in ("E808", "E805", "E803"):
        assert code in done.err


def test_a_large_workbook_of_others_is_passed_over(folder: Path) -> None:
    parts = _parts(form(change=lambda book: setattr(book["基本信息"], "title", "台账")))
    large = {**parts, "xl/media/image1.png": random.Random(1).randbytes(limits.MAX_WORKBOOK_BYTES)}
    (folder / "佐证" / "大.xlsx").write_bytes(zipped(large))
    done = run("validate", ".", "--format", "json", cwd=folder)
    assert done.json["errors"] == []
    assert run("validate", "佐证/大.xlsx", cwd=folder).err.startswith("佐证/大.xlsx: 错误 E104")


def test_a_workbook_larger_than_any_text(standard: Standard, tmp_path: Path) -> None:
    parts = {**_parts(WHOLE), "xl/media/image1.png": random.Random(1).randbytes(limits.MAX_BYTES)}
    (tmp_path / PATH).write_bytes(zipped(parts))
    assert run("validate", PATH, cwd=tmp_path).code == 4


def test_standard_input(tmp_path: Path) -> None:
    done = run("validate", "-", "--only", "35", cwd=tmp_path, stdin=WHOLE)
    assert done.code == 0, done.err


def git(folder: Path, *args: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@y.z", *args],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def test_changes_in_git(folder: Path) -> None:
    rows = ("培育方案", "有", None, None, "佐证/方案.pdf")
    (folder / "怀仁.xlsx").write_bytes(form(table(rows, header=DOCUMENTS)))
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "x")
    done = run("validate", "--changed-since", "HEAD", "--format", "json", cwd=folder)
    assert (done.json["reports"], done.json["unchanged"]) == ([], 3)
    (folder / "佐证" / "方案.pdf").touch()
    done = run("validate", "--changed-since", "HEAD", "--format", "json", cwd=folder)
    assert [it["path"] for it in done.json["reports"]] == ["怀仁.xlsx"]
    (folder / "怀仁.xlsx").write_bytes(WHOLE)
    done = run("validate", "--changed-since", "HEAD", "--format", "json", cwd=folder)
    assert [it["path"] for it in done.json["reports"]] == ["怀仁.xlsx"]
    compared = run("diff", "--since", "HEAD", "怀仁.xlsx", cwd=folder)
    assert "培育方案" in compared.out
    assert "总投资规模" in compared.out


def test_two_workbooks_are_compared(folder: Path) -> None:
    (folder / "新.xlsx").write_bytes(form(table(metric("总投资规模", 2.9, "亿元"))))
    done = run("diff", "怀仁.xlsx", "新.xlsx", cwd=folder)
    assert "3.2亿元" in done.out
    assert "2.9亿元" in done.out


def test_reference_data_of_a_workbook(standard: Standard, tmp_path: Path) -> None:
    rows: Rows = [("指标", "2023年", "单位"), ("全市总产值增长率", 6.1, "%")]
    path = tmp_path / PATH
    path.write_bytes(form({"参考数据": rows, **table(metric("税收目标", "5万元"))}))
    (declaration,) = load_reference(path, standard).values()
    assert declaration.entries[2023].amount == Fraction(61, 1000)


# Reports


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """Return a folder with a workbook in error, and one whose checks are open."""
    (tmp_path / "错.xlsx").write_bytes(form(table(metric("总投资规模", 3.2))))
    (tmp_path / "差.xlsx").write_bytes(form(table(metric("总投资规模", 1.2, "亿元"))))
    return tmp_path


def test_places() -> None:
    position = Position(7, 4, "二、主导产业")
    assert place("怀仁.xlsx", position) == "怀仁.xlsx![二、主导产业]D7"
    assert place("怀仁.xlsx", Position(1, 1, "a\x1b")) == "怀仁.xlsx![a\\x1b]A1"
    assert [column_name(it) for it in (1, 26, 27, 702, 703, 16384)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_a_mistake_names_its_cell(spoiled: Path) -> None:
    done = run("validate", "错.xlsx", cwd=spoiled)
    assert done.code == 3
    assert done.err.splitlines() == [
        f"错.xlsx!{at('D2')}: 错误 E503：“3.2”没有单位。",
        "    提示：是不是想写“3.2万元”或“3.2亿元”？请在“单位”一列写明单位（元、万元、亿元），或写成 3.2亿元 这样。",
    ]


@pytest.mark.parametrize("format", ["plain", "terminal"])
def test_reports_for_people_name_the_cell(spoiled: Path, format: str) -> None:
    done = run("validate", "差.xlsx", "--only", "35", "--format", format, cwd=spoiled)
    assert f"差.xlsx!{at('B2')}" in done.out.replace("\n", "").replace(" ", "")


def test_json_names_the_cell(spoiled: Path) -> None:
    done = run("validate", ".", "--only", "35", "--format", "json", cwd=spoiled)
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
    jsonschema.validate(done.json, schema)
    (error,) = done.json["errors"]
    assert {key: error[key] for key in ("line", "column", "end_column", "sheet", "cell")} == {
        "line": 2,
        "column": 4,
        "end_column": None,
        "sheet": SECTION,
        "cell": "D2",
    }
    (report,) = done.json["reports"]
    (check,) = report["items"][0]["checks"]
    assert check["position"] == {"line": 2, "column": 2, "sheet": SECTION, "cell": "B2"}


def test_no_report_gives_lines_of_a_workbook(spoiled: Path) -> None:
    def report(format: str) -> str:
        return run("validate", ".", "--only", "35", "--format", format, cwd=spoiled).out

    sarif = json.loads(report("sarif"))
    (ran,) = sarif["runs"]
    (result, *doubts) = ran["results"]
    for it in (result, *doubts, *ran["invocations"][0]["toolExecutionNotifications"]):
        (location,) = it["locations"]
        assert "region" not in location["physicalLocation"]
        (cell,) = location["logicalLocations"]
        assert cell["fullyQualifiedName"].startswith(f"[{SECTION}]")
        assert cell["fullyQualifiedName"] in it["message"]["text"]
    lines = [it for it in report("github").splitlines() if it.startswith("::")]
    assert len(lines) > 1
    for line in lines:
        assert "line=" not in line
        assert f"::[{SECTION}]" in line
    for entry in json.loads(report("gitlab")):
        assert entry["location"]["lines"] == {"begin": 1}
        assert f"[{SECTION}]" in entry["description"]
    junit = report("junit")
    assert f"差.xlsx![{SECTION}]B2" in junit
    assert f"错.xlsx![{SECTION}]D2" in junit
    table_of_markdown = unescape(report("markdown"))
    assert f"| [{SECTION}]B2 |" in table_of_markdown
    assert f"差.xlsx![{SECTION}]B2" in table_of_markdown


# Cost


def test_a_workbook_is_read_without_anything_heavy(tmp_path: Path) -> None:
    (tmp_path / PATH).write_bytes(WHOLE)
    code = f"""
import sys
from etown_check.settings import Options
from etown_check.validation import validate
options = Options(paths=({PATH!r},), format="json")
validate(options)
validate(options)
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    env = {name: it for name, it in os.environ.items() if not name.startswith("COV")}
    env["PYTHONPATH"] = str(ROOT)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stderr.splitlines()[-1] == "[]"


def test_yaml_needs_nothing_of_workbooks() -> None:
    code = """
import sys
from etown_check.loading import open_source
open_source("examples/huairen.yaml")
print([name for name in sys.modules if "workbooks" in name or name == "zipfile"])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
