"""Fund ledgers: what bookkeepers save, summed up exactly, or refused with the line and a sentence."""

from __future__ import annotations

import ast
import csv
import io
import os
import random
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etown_check import limits
from etown_check.ledger import Repeated, Sum, Suspicious, WrongTotal
from etown_check.ledgers.delimited import survey
from etown_check.ledgers.reading import read_ledger
from etown_check.ledgers.values import read_amount, read_day, says_nothing
from etown_check.problems import InputError, Position
from etown_check.reporters.texts import problem_lines
from tests.conftest import EXAMPLES, ROOT
from tests.ledger_files import (
    FAIR,
    FORM,
    HEADER,
    bare,
    csv_of,
    found,
    ledger,
    problems,
    row,
    rows,
    text_of,
    told,
    warned,
    xlsx_of,
    yuan,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from etown_check.ledger import Ledger
    from etown_check.standard import Standard

BARE = ("日期", "摘要", "金额", "资金来源", "支出类别", "收款单位", "凭证号")


def sums(of: Ledger) -> dict[tuple[str, str], tuple[str, int]]:
    return {key: (str(it.amount), it.rows) for key, it in of.sums.items()}


def amount(folder: Path, text: str, header: str = "金额（元）") -> str:
    """Return what an amount is read as, in 元."""
    titles = [header if it == "金额" else it for it in BARE]
    (it,) = ledger(folder, csv_of(row(amount=text, source=""), header=titles)).unsourced
    return f"{it.amount.amount} {it.amount.unit}"


# A whole ledger


def test_a_ledger(tmp_path: Path) -> None:
    content = csv_of(
        row(),
        row(date="2023/3/2", amount="-5,600.50", voucher="记-002"),
        row(
            date="2023年3月3日",
            source="县级",
            category="流量购买",
            amount="80000",
            voucher="记-003",
        ),
        row(date="20230304", source="", category="物流配送", amount="￥1.005", voucher=""),
    )
    read = ledger(tmp_path, content)
    assert read.path == str(tmp_path / "台账.csv")
    assert read.name == "台账.csv"
    assert len(read.sha256) == 64
    assert read.rows == 4
    assert sums(read) == {
        ("", "物流配送"): ("201/200", 1),
        ("省", "公共服务体系"): ("759999/2", 2),
        ("县", "购买流量"): ("80000", 1),
    }
    (forbidden,) = read.forbidden
    assert forbidden.position == Position(4, 1)
    assert forbidden[1:] == (
        date(2023, 3, 3),
        "直播间设备",
        yuan(80000),
        "县",
        "购买流量",
        "某数码公司",
        "记-003",
    )
    (unsourced,) = read.unsourced
    assert (unsourced.position.line, unsourced.source, unsourced.voucher) == (5, "", "")
    doubtful = read.doubtful
    assert doubtful[:5] == ((), (), (), (), ())
    assert doubtful.counts == {
        "suspicious": 0,
        "vouchers": 0,
        "repeated": 0,
        "outside": 0,
        "totals": 0,
    }
    assert read.spent("省") == Sum(Fraction("379999.5"), 2)


def test_sums_stand_in_the_order_of_the_form(tmp_path: Path) -> None:
    lines = [
        row(source=source, category=category, voucher="", payee="")
        for source in ("社会", "中央", "")
        for category in ("罚款", "主导产业")
    ]
    assert list(ledger(tmp_path, csv_of(*lines)).sums) == [
        (source, category) for source in ("", "中央", "社会") for category in ("主导产业", "罚款")
    ]


def test_a_ledger_without_rows(tmp_path: Path) -> None:
    read = ledger(tmp_path, csv_of())
    assert (read.rows, dict(read.sums), read.forbidden, read.unsourced) == (0, {}, (), ())


def test_the_standard_s_own_form(standard: Standard) -> None:
    assert standard.ledger is not None
    for path in sorted((EXAMPLES / "台账").iterdir()):
        assert read_ledger(str(path), standard.ledger).ledger.rows


# How it is saved


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", ""),
        ("utf-8", "\ufeff"),
        ("gb18030", ""),
        ("utf-16-le", "\ufeff"),
        ("utf-16-be", "\ufeff"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encodings_separators_and_line_ends(
    tmp_path: Path, encoding: str, mark: str, separator: str, end: str
) -> None:
    lines = [HEADER, row(), row(description='两台，"24"寸\n分两批', voucher="记-002", source="")]
    text = mark + text_of(lines, separator, lineterminator=end)
    read = ledger(tmp_path, text.encode(encoding))
    assert bare(read) == bare(ledger(tmp_path, text_of(lines).encode()))
    assert read.unsourced[0].description == '两台，"24"寸 分两批'
    assert read.unsourced[0].position == Position(3, 1)


def test_gb18030_that_is_told_late(tmp_path: Path) -> None:
    lines = [row(date="", description=f"note {at}") for at in range(30000)]
    plain = [("Date", "Description", "Amount (CNY)", "Source", "Category", "Payee", "Voucher")]
    plain += [("2023-03-01", f"Note {at}", "1", "City", "Logistics", "", "") for at in range(30000)]
    content = text_of([*plain, row(payee="朔州某公司")]).encode("gb18030")
    assert len(lines) == 30000
    assert ledger(tmp_path, content).rows == 30001


def test_gb18030_is_told_by_a_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etown_check.ledgers.delimited._PIECE", 100)
    monkeypatch.setattr("etown_check.ledgers.delimited._SAMPLE", 50)
    content = text_of([HEADER, *rows(50)]).encode("gb18030")
    assert ledger(tmp_path, content).rows == 50


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (csv_of(row())[:-20] + b"\xff\xfe\xff\r\n", (2, 35)),
        (text_of([HEADER, row()]).encode("utf-16-le"), None),
        (b"\xff\xfe" + text_of([HEADER, row()]).encode("utf-16-le") + b"\x00\xd8", (3, 1)),
        (b"\xff\xfe" + text_of([HEADER, row()]).encode("utf-16-le") + b"x", (3, 1)),
        (csv_of(row()) + "终".encode()[:2], (3, 1)),
        (random.Random(7).randbytes(4000).replace(b"\0", b"\1"), None),
    ],
)
def test_what_is_no_text(tmp_path: Path, content: bytes, place: tuple[int, int] | None) -> None:
    (problem,) = problems(tmp_path, content)
    assert problem.code in ("E105", "E107")
    assert problem.position is not None
    if place is not None:
        assert problem.position[:2] == place


def test_a_nul_byte(tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030"):
        text = text_of([HEADER, row(payee="某\0公司")])
        (problem,) = problems(tmp_path, text.encode(encoding))
        assert (problem.code, problem.position) == ("E107", Position(2, 35))
        assert problem.args == {"character": "U+0000"}
    read = told(tmp_path, text.encode("utf-16"))
    assert [it.code for it in read.warnings] == ["W305"]
    assert read.ledger.rows == 1


def test_characters_that_cannot_be_seen_are_taken_out(tmp_path: Path) -> None:
    content = csv_of(
        row(
            date="2023-\u200b03-01",
            description="购买流\u200b量\x07",
            amount="\u202e100",
            source="\ufeff省",
            category="物流\u2060配送",
            payee="\t某\u3000公司",
            voucher="\u200e",
        )
    )
    read = told(tmp_path, content)
    assert [it.code for it in read.warnings] == ["W305"] * 6
    assert [it.position and it.position.column for it in read.warnings] == [1, 13, 20, 25, 28, 40]
    (suspicious,) = read.ledger.doubtful.suspicious
    assert suspicious.row.description == "购买流量"
    assert suspicious.row.payee == "某 公司"
    assert sums(read.ledger) == {("省", "物流配送"): ("100", 1)}


def test_formulas_in_csv_are_text(tmp_path: Path) -> None:
    content = csv_of(row(description="=1+1", payee="@SUM(A1)", voucher="+1", source="", amount="2"))
    (it,) = ledger(tmp_path, content).unsourced
    assert (it.description, it.payee, it.voucher) == ("=1+1", "@SUM(A1)", "+1")
    assert found(tmp_path, csv_of(row(amount="=1+1"))) == [("E863", 2, 18)]


# Quotation marks


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    text = text_of([HEADER, row(), *rows(3)]).replace("直播间设备,", '"直播间设备,', 1)
    (problem,) = problems(tmp_path, text.encode())
    assert (problem.code, problem.position) == ("E858", Position(2, 12))
    assert "到第 5 行都成了同一格" in problem.message("zh")
    assert problem.line == '2023-03-01,"直播间设备,385600,省,公共服务体系,某数码公司,记-001'


def test_what_precedes_a_quotation_mark_is_told_as_well(tmp_path: Path) -> None:
    for number in (1, 40):
        lines = [row(amount="?"), *rows(number)]
        text = text_of([HEADER, *lines]) + '2023-03-01,"直播间,1\n'
        assert found(tmp_path, text.encode()) == [("E863", 2, 18), ("E858", number + 3, 12)]
    text = '说明,"直播间\n' + text_of([HEADER, row()])
    assert found(tmp_path, text.encode()) == [("E858", 1, 4)]


def test_a_quotation_mark_that_takes_in_much(tmp_path: Path) -> None:
    for number in (1500, 40):
        lines = rows(number) if number > 1000 else rows(number, description="长" * 3500)
        text = text_of([HEADER, row(), *lines]).replace("直播间设备,", '"直播间设备,', 1)
        (problem,) = problems(tmp_path, text.encode())
        assert (problem.code, problem.position) == ("E858", Position(2, 12))


@pytest.mark.parametrize(
    "second",
    [
        '2023-03-02,显示器24",200,省,物流配送,,',  # closed by the mark of an inch
        '2023-03-02,"两台",200,省,物流配送,,',  # closed by one that opens
        '2023-03-02,"",200,省,物流配送,,\n2023-03-03,"三台",200,省,物流配送,,',
    ],
)
def test_a_quotation_mark_that_takes_in_rows(tmp_path: Path, second: str) -> None:
    text = text_of([HEADER, row(), row(voucher="记-002")]).replace("直播间设备,", '"直播间设备,', 1)
    content = f"{text}{second}\n{','.join(row(voucher='记-003'))}\n"
    told_of = problems(tmp_path, content.encode())
    assert [(it.code, it.position) for it in told_of] == [("E858", Position(2, 12))]


def test_quotation_marks_within_a_line(tmp_path: Path) -> None:
    content = text_of([HEADER]) + '2023-03-01, "直播间"设备,100,"",公共服务体系,24"屏公司,"记""1"\n'
    (it,) = ledger(tmp_path, content.encode()).unsourced
    assert (it.description, it.payee, it.voucher) == ("直播间设备", '24"屏公司', '记"1')


def test_a_cell_of_several_lines(tmp_path: Path) -> None:
    text = "三台：\n2023 年生产,甲\r\n乙"
    content = csv_of(row(description=text, source=""), row(amount="?"))
    assert found(tmp_path, content) == [("E863", 5, 18)]
    content = csv_of(row(description=text, amount="?"))
    (problem,) = problems(tmp_path, content)
    assert (problem.position, problem.end, problem.line) == (
        Position(4, 4),
        5,
        '乙",?,省,公共服务体系,某数码公司,记-001',
    )


# Rows that do not fit the header


def test_thousands_separators_without_quotes(tmp_path: Path) -> None:
    text = text_of([HEADER, row()]).replace("385600", "385,600.00")
    (problem,) = problems(tmp_path, text.encode())
    assert (problem.code, problem.position) == ("E859", Position(2, 44))
    assert problem.args == {"number": 8, "width": 7, "text": "记-001"}
    # Where nothing else is wrong with the row: amounts are the last column, and the rest is digits.
    header = (*BARE[:2], *BARE[3:], "金额（元）")
    cells = ("2023-03-01", "直播间", "省", "物流配送", "", "", "1", "234.00")
    (problem,) = problems(tmp_path, csv_of(cells, header=header))
    assert (problem.code, problem.args["text"]) == ("E859", "234.00")


def test_further_cells_and_columns(tmp_path: Path) -> None:
    header = ("序号", *HEADER[:3], "备注", *HEADER[3:], "", "")
    cells = [
        ("1", *row()[:3], "=x", *row()[3:], "", ""),
        ("2", *row()[:3], "", *row()[3:], "", "注"),
    ]
    read = ledger(tmp_path, csv_of(*cells, header=header))
    assert sums(read) == {("省", "公共服务体系"): ("771200", 2)}
    short = csv_of(row()[:5], header=HEADER)
    assert ledger(tmp_path, short).rows == 1
    assert found(tmp_path, csv_of(row()[:4])) == [("E862", 2, 1)]


def test_blank_rows(tmp_path: Path) -> None:
    text = f"\n\n,,,\n{text_of([HEADER])}\n ,\t, ,,,,\n{text_of([row()])},,,,,,,,,\n\n\n"
    assert ledger(tmp_path, text.encode()).rows == 1


# The header


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("金额（元）", "元"),
        ("金额(万元)", "万元"),
        ("金额/元", "元"),
        ("金额（单位：元）", "元"),
        ("金额（单位：万元）", "万元"),
        ("金额[亿元]", "亿元"),
        ("金 额\n（元）", "元"),
        ("支出金额（人民币元）", "元"),
        ("支出金额（人民币：万元）", "万元"),
        ("金额（¥）", "元"),
        ("金额(RMB)", "元"),
        ("Amount (CNY)", "元"),
        ("AMOUNT（YUAN）", "元"),
        ("金额_万元", "万元"),
        ("金额(万)", "万元"),
        ("*金额（圆）", "元"),
        ("金额：元", "元"),
    ],
)
def test_the_unit_in_the_header(tmp_path: Path, name: str, unit: str) -> None:
    assert amount(tmp_path, "12.5", name) == f"{yuan('12.5', unit).amount} {unit}"


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("单位：万元", "万元"),
        ("金额单位:元", "元"),
        ("（单位：人民币万元）", "万元"),
        ("2023年资金台账 单位 万元 第1页", "万元"),
        ("编制单位：元宝公司  金额单位：亿元", "亿元"),
    ],
)
def test_the_unit_above_the_header(tmp_path: Path, title: str, unit: str) -> None:
    lines = [("某e镇资金台账",), ("", "", title), (), BARE, row(amount="2", source="")]
    (it,) = ledger(tmp_path, text_of(lines).encode()).unsourced
    assert it.amount == yuan(2, unit)
    assert it.position.line == 5


def test_units_that_differ(tmp_path: Path) -> None:
    lines = [("单位：万元",), HEADER, row()]
    (problem,) = problems(tmp_path, text_of(lines).encode())
    assert (problem.code, problem.position) == ("E856", Position(2, 7))
    assert problem.args == {"text": "金额（元）", "other": "单位：万元"}
    lines = [("单位：万元", "单位：元"), BARE, row()]
    assert found(tmp_path, text_of(lines).encode()) == [("E856", 2, 7)]
    assert ledger(tmp_path, text_of([("单位：元",), HEADER, row()]).encode()).rows == 1


def test_a_unit_that_is_none_of_ours(tmp_path: Path) -> None:
    titles = [*HEADER[:2], "金额（千元）", *HEADER[3:]]
    (problem,) = problems(tmp_path, csv_of(row(), header=titles))
    assert (problem.code, problem.position) == ("E504", Position(1, 7))
    assert "“金额”不能用单位“千元”" in problem.message("zh")


def test_amounts_without_a_unit(tmp_path: Path) -> None:
    lines = [row(amount="12"), row(amount="3万元"), row(amount="壹佰"), row(amount="¥5")]
    (problem,) = problems(tmp_path, csv_of(*lines, header=BARE))
    assert (problem.code, problem.position, problem.end) == ("E857", Position(1, 7), 9)
    assert "有 2 行的金额没有单位" in problem.message("zh")
    assert "“金额（元）”" in problem.hint("zh")
    assert sums(ledger(tmp_path, csv_of(*lines[1::2], header=BARE))) == {
        ("省", "公共服务体系"): ("30005", 2)
    }


def test_a_header_below_titles(tmp_path: Path) -> None:
    titles = [("怀仁市陶瓷e镇项目资金台账",), ("填报单位：某公司", "", "日期：2023-12-31"), ()]
    header = (
        "收款人",
        " 记账\n日期 ",
        "Amount（元）",
        "用途",
        "类别",
        "来 源",
        "ＶＯＵＣＨＥＲ",
        "备注",
    )
    cells = ("某公司", "2023-03-01", "5", "购流量", "罚款", "省级", "1", "")
    read = ledger(tmp_path, text_of([*titles, header, cells]).encode())
    (it,) = read.forbidden
    assert (it.position.line, it.payee, it.description, it.source) == (6, "某公司", "购流量", "省")


def test_the_header_is_the_row_with_most_columns(tmp_path: Path) -> None:
    lines = [("日期", "金额"), ("2023-12-31", "5"), HEADER, row()]
    assert ledger(tmp_path, text_of(lines).encode()).rows == 1
    lines = [*[("说明",)] * 29, HEADER, row()]
    assert ledger(tmp_path, text_of(lines).encode()).rows == 1
    assert found(tmp_path, text_of([("说明",), *lines]).encode()) == [("E853", 0, 0)]


def test_no_header(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, text_of([row(), row()]).encode())
    assert (problem.code, problem.position) == ("E853", None)
    assert problem.hint("zh").endswith("日期,摘要,金额（元）,资金来源,支出类别,收款单位,凭证号")
    assert "Date,Description,Amount (元),Source" in problem.hint("en")


def test_columns_that_lack_are_told_at_once(tmp_path: Path) -> None:
    header = ("日期", "摘要", "金额（元）", "类别", "备注")
    told_of = problems(tmp_path, csv_of(("2023-13-01", "", "x", "无此项", ""), header=header))
    assert [(it.code, it.position and it.position[:2]) for it in told_of] == [
        ("E854", (1, 1)),
        ("E404", (2, 1)),
        ("E863", (2, 13)),
        ("E861", (2, 15)),
    ]
    assert "表头缺少：资金来源、收款单位、凭证号" in told_of[0].message("zh")


def test_a_ledger_without_amounts(tmp_path: Path) -> None:
    header = (*HEADER[:2], *HEADER[3:])
    cells = (*FAIR[:2], *FAIR[3:])
    assert found(tmp_path, csv_of(cells, header=header)) == [("E854", 1, 1)]


def test_columns_that_are_misnamed(tmp_path: Path) -> None:
    header = ("日期", "摘要", "金额（元）", "资金來源", "支出类别", "收款单位名", "编号")
    told_of = problems(tmp_path, csv_of(row(), header=header))
    assert [(it.code, it.position and it.position.column) for it in told_of] == [
        ("E854", 1),
        ("E855", 13),
        ("E855", 23),
    ]
    assert told_of[1].message("zh") == "缺少“资金来源”一列，“资金來源”可能就是。"
    assert "凭证号" in told_of[0].message("zh")


def test_a_column_given_twice(tmp_path: Path) -> None:
    header = (*HEADER, "日期")
    (problem,) = problems(tmp_path, csv_of((*row(), ""), header=header))
    assert (problem.code, problem.position) == ("E810", Position(1, 32))
    assert "“日期”有两列，第 1 列（A） 已经是" in problem.message("zh")
    header = ("记账日期", *HEADER[1:], "记账日期")
    (problem,) = problems(tmp_path, csv_of((*row(), ""), header=header))
    assert (problem.code, problem.position) == ("E810", Position(1, 34))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("摘要", "用途"),
        ("金额（元）", "支出金额（万元）"),
        ("资金来源", "来源"),
        ("支出类别", "类别"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_another_column_may_have_another_name_of_one(
    tmp_path: Path, name: str, other: str, is_first: bool
) -> None:
    header = (other, *HEADER) if is_first else (*HEADER, other)
    assert name in header
    cells = ("另一回事", *row()) if is_first else (*row(), "另一回事")
    read = ledger(tmp_path, csv_of(cells, header=header))
    alone = ledger(tmp_path, csv_of(row()))
    assert read._replace(sha256="") == alone._replace(sha256="")


def test_a_header_that_is_repeated(tmp_path: Path) -> None:
    assert ledger(tmp_path, csv_of(row(), HEADER, row(voucher="2"), BARE)).rows == 2
    other = (*HEADER[:2], "金额（万元）", *HEADER[3:])
    assert "E404" in [it[0] for it in found(tmp_path, csv_of(row(), other))]


# Amounts and days


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.56", "1234.56"),
        ("-1234.56", "-1234.56"),
        ("−12", "-12"),
        ("－12", "-12"),
        ("–12", "-12"),
        ("+12", "12"),
        ("1,234,567.8", "1234567.8"),
        ("1，234", "1234"),
        ("１２３．５", "123.5"),
        (" ¥1,234.00 ", "1234"),
        ("￥1234", "1234"),
        ("-¥12", "-12"),
        ("¥-12", "-12"),
        ("¥ −12", "-12"),
        ("(1,234.00)", "-1234"),
        ("（1,234.00）", "-1234"),
        ("¥(12.5)", "-12.5"),
        ("(¥12.5)", "-12.5"),
        ("（12.5元）", "-12.5"),
        ("(12.5)元", "-12.5"),
        ("RMB 12", "12"),
        ("rmb12", "12"),
        ("12 RMB", "12"),
        ("CNY 12.50", "12.5"),
        ("人民币12", "12"),
        ("12元", "12"),
        ("12元整", "12"),
        ("12圆", "12"),
        (".5", "0.5"),
        ("0", "0"),
        ("-0.00", "0"),
        ("0.123456", "0.123456"),
        ("0.1234567", "0.1234567"),
        ("123456789012345678", "123456789012345678"),
        ("壹拾贰万叁仟元整", "123000"),
        ("叁佰万元整", "3000000"),
        ("人民币壹佰元整", "100"),
        ("三百", "300"),
    ],
)
def test_amounts(tmp_path: Path, text: str, number: str) -> None:
    value, unit = amount(tmp_path, text).split()
    assert Fraction(value) == Fraction(number)
    assert unit == ("万元" if "万" in text and "拾" not in text else "元")


@pytest.mark.parametrize(
    ("text", "header", "number"),
    [
        ("3.2", "金额（万元）", "32000 万元"),
        ("3.2万元", "金额（万元）", "32000 万元"),
        ("3.2万元", "金额", "32000 万元"),
        ("1.5亿元", "金额", "150000000 亿元"),
        ("0.0001", "金额（万元）", "1 万元"),
        ("0.00000001", "金额（亿元）", "1 亿元"),
        ("0.000000001", "金额（亿元）", "1/10 亿元"),
        ("¥3", "金额（万元）", "30000 万元"),
        ("¥3", "金额", "3 元"),
        ("(3)", "金额（万元）", "-30000 万元"),
        ("三百", "金额（万元）", "3000000 万元"),
        ("叁拾元整", "金额（万元）", "30 元"),
    ],
)
def test_units_of_amounts(tmp_path: Path, text: str, header: str, number: str) -> None:
    assert amount(tmp_path, text, header) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("很多", "E863"),
        ("约12", "E863"),
        ("12左右", "E863"),
        ("1-2", "E863"),
        ("--12", "E863"),
        ("-(12)", "E863"),
        ("+-12", "E863"),
        ("(12", "E863"),
        ("12)", "E863"),
        ("()", "E863"),
        ("¥", "E863"),
        ("-", "E863"),
        ("—", "E863"),
        ("12（含税）", "E863"),
        ("12美元", "E863"),
        ("12%", "E863"),
        ("1e3", "E863"),
        ("0x10", "E863"),
        ("12 345", "E863"),
        ("12.", "E863"),
        ("1.2.3", "E863"),
        ("٣", "E863"),
        ("½", "E863"),
        ("NaN", "E863"),
        ("Infinity", "E863"),
        ("1_000", "E863"),
        ("12,34", "E507"),
        ("1234,567", "E507"),
        ("12,34元", "E507"),
        ("1" * 25, "E516"),
        ("1" * 25 + "元", "E516"),
        ("3.2万元", "E864"),
    ],
)
def test_what_is_no_amount(tmp_path: Path, text: str, code: str) -> None:
    (problem,) = problems(tmp_path, csv_of(row(amount=text)))
    assert (problem.code, problem.position) == (code, Position(2, 18))
    assert problem.message("zh")
    assert "{" not in problem.hint("zh") + problem.hint("en")


def test_the_unit_of_an_amount_is_the_header_s(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, csv_of(row(amount="3.2万元")))
    assert "表头的单位是“元”，“3.2万元”的单位却是“万元”" in problem.message("zh")
    (problem,) = problems(tmp_path, csv_of(row(amount="约3", voucher="x"), header=BARE))
    assert "385600元" in problem.hint("zh")


@pytest.mark.parametrize(
    "text",
    [
        "2023-05-06",
        "2023-5-6",
        "2023/5/6",
        "2023.5.6",
        "2023年5月6日",
        "2023年5月6",
        "20230506",
        "２０２３－０５－０６",
        " 2023 年 5 月 6 日 ",
        "2023-05-06 00:00:00",
        "2023-5-6 0:00",
        "2023/5/6 14:30:25.5",
        "2023-05-06T00:00:00",
    ],
)
def test_days(text: str) -> None:
    assert read_day(text) == date(2023, 5, 6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-13-01",
        "2023-02-30",
        "5月6日",
        "2023-5",
        "2023",
        "45052",
        "20231301",
        "2023-05-06x",
    ],
)
def test_what_is_no_day(tmp_path: Path, text: str) -> None:
    assert read_day(text) is None
    code = "E404" if text else "E862"
    assert found(tmp_path, csv_of(row(date=text))) == [(code, 2, 1)]


# Closed lists


def test_words_by_all_their_names(tmp_path: Path) -> None:
    lines = [
        row(source=source, category=category, amount="1")
        for source, category in (
            ("县（市）级", "公共服务"),
            ("County", "public services"),
            (" 县 ", "公共 服务体系"),
            ("县", "公共服务体系"),
        )
    ]
    assert sums(ledger(tmp_path, csv_of(*lines))) == {("县", "公共服务体系"): ("4", 4)}


def test_an_unknown_word_is_told_once(tmp_path: Path) -> None:
    lines = [
        row(source="省级款", category="办公费"),
        row(),
        *rows(8, source="省级款", date="2023-03-01"),
    ]
    told_of = problems(tmp_path, csv_of(*lines))
    assert [(it.code, it.position and it.position[:2]) for it in told_of] == [
        ("E861", (2, 25)),
        ("E861", (2, 29)),
    ]
    assert told_of[0].message("zh") == (
        "“资金来源”没有“省级款”这一项（共 9 行：第 2、4、5、6、7 行等）。"
    )
    assert told_of[0].close == ("省",)
    assert told_of[0].hint("zh") == "是不是想写“省”？可以写：中央、省、市、县、社会。"
    assert told_of[1].message("en") == "“Category” has no “办公费”."
    assert (told_of[0].end, told_of[0].line) == (28, ",".join(lines[0]))


def test_what_must_not_be_empty(tmp_path: Path) -> None:
    lines = [
        row(category="", voucher="1"),
        row(category=" ", voucher="2"),
        row(date="", voucher="3"),
    ]
    told_of = problems(tmp_path, csv_of(*lines, row(amount="")))
    assert [(it.code, it.position and it.position[:2]) for it in told_of] == [
        ("E862", (2, 27)),
        ("E862", (4, 1)),
        ("E862", (5, 18)),
    ]
    assert told_of[0].message("zh") == "没有填写支出类别（共 2 行：第 2、3 行）。"
    assert told_of[0].message("en") == "“Category” is empty (rows 2, 3: 2 in all)."
    empty = row(description="", payee="", voucher="", source="")
    assert ledger(tmp_path, csv_of(empty, empty)).doubtful.counts["repeated"] == 0


# Rows of totals, and remarks


def wrong(folder: Path, *lines: Sequence[str]) -> list[tuple[int, str, str, str]]:
    read = ledger(folder, csv_of(*lines))
    assert read.doubtful.counts["totals"] == len(read.doubtful.totals)
    return [
        (it.position.line, it.label, str(it.said.amount), str(it.sum))
        for it in read.doubtful.totals
    ]


def total(label: str, amount: str, at: int = 0) -> tuple[str, ...]:
    cells = ["", "", amount, "", "", "", ""]
    cells[at] = label
    return tuple(cells)


def hundred(number: int = 1) -> list[tuple[str, ...]]:
    return [row(amount="100", payee="", voucher="") for _ in range(number)]


LABELS = "合计 合　计 总计： 共计 累计 本年累计 本页合计 本月合计 小计 本页小计 合计（元） 2023年合计 3月小计 Total Subtotal"


@pytest.mark.parametrize("at", [0, 1, 3, 4, 5, 6])
@pytest.mark.parametrize("label", LABELS.split(" "))
def test_totals_are_never_counted(tmp_path: Path, label: str, at: int) -> None:
    lines = [*hundred(3), total(label, "300.00", at), total(label, "", at), total(label, "—", at)]
    read = ledger(tmp_path, csv_of(*lines))
    assert (read.rows, sums(read)) == (3, {("省", "公共服务体系"): ("300", 3)})
    assert read.doubtful.totals == ()
    read = ledger(tmp_path, csv_of(*hundred(3), total(label, "30", at)))
    assert read.doubtful.totals == (
        WrongTotal(Position(5, 1), " ".join(label.split()), yuan(30), Fraction(300)),
    )


def test_totals_of_sections(tmp_path: Path) -> None:
    month = [*hundred(2), total("小计", "200")]
    assert wrong(tmp_path, *month, *month, total("合计", "400")) == []
    assert wrong(tmp_path, *month, *hundred(), total("小计", "300"), total("合计", "200")) == [
        (6, "小计", "300", "100"),
        (7, "合计", "200", "300"),
    ]
    year = [*month, total("本月合计", "200"), *month, total("本月合计", "200")]
    assert wrong(tmp_path, *year, total("本年累计", "400"), *month, total("本年累计", "600")) == []
    # A new year begins anew, and so may a new page.
    assert wrong(tmp_path, *year, total("本年累计", "400"), *month, total("本年累计", "200")) == []
    assert wrong(tmp_path, *month, total("1月合计", "200"), *month, total("2月合计", "200")) == []
    assert wrong(tmp_path, *month, total("2月合计", "300")) == [(5, "2月合计", "300", "200")]


def test_totals_of_negative_and_split_amounts(tmp_path: Path) -> None:
    lines = [row(amount="-0.01", payee=""), row(amount="0.0000001", payee="", voucher="")]
    assert wrong(tmp_path, *lines, total("合计", "(0.0099999)")) == []
    assert wrong(tmp_path, *lines, total("合计", "¥-0.01")) == [
        (4, "合计", "-1/100", "-99999/10000000")
    ]


def test_a_label_in_a_further_column(tmp_path: Path) -> None:
    header = ("序号", *HEADER)
    lines = [("1", *row(amount="5")), ("合计", *total("", "5")), ("合计", *total("", "6"))]
    assert len(ledger(tmp_path, csv_of(*lines, header=header)).doubtful.totals) == 1


def test_a_label_beside_a_date(tmp_path: Path) -> None:
    line = ("2023-01-31", "本月合计", "100", "", "", "", "")
    assert wrong(tmp_path, *hundred(), line) == []
    # With a source or a category it is a payment, whatever it is called.
    assert ledger(tmp_path, csv_of(row(description="合计"))).rows == 1
    assert found(tmp_path, csv_of(row(description="合计", category=""))) == [("E862", 2, 24)]


def test_what_is_no_total(tmp_path: Path) -> None:
    assert ledger(tmp_path, csv_of(row(payee="合计科技有限公司"))).rows == 1
    assert found(tmp_path, csv_of(row(date="", payee="合计科技有限公司"))) == [("E862", 2, 1)]
    assert found(tmp_path, csv_of(row(date="", description="设备采购合计"))) == [("E862", 2, 1)]


def test_totals_of_what_only_they_know(tmp_path: Path) -> None:
    lines = [*hundred(), total("省级资金小计", "5", 1), total("公共服务合计", "7", 5)]
    assert wrong(tmp_path, *lines, total("省级资金累计", "9")) == []
    assert found(tmp_path, csv_of((*total("省级资金小计", "5", 1)[:6], "记-1"))) == [
        ("E862", 2, 1),
        ("E862", 2, 12),
    ]


def test_wrong_totals_beyond_those_that_are_named(tmp_path: Path) -> None:
    lines = [total("合计", "1") for _ in range(limits.MAX_LEDGER_DOUBTS + 5)]
    doubtful = ledger(tmp_path, csv_of(*hundred(), *lines)).doubtful
    assert len(doubtful.totals) == limits.MAX_LEDGER_DOUBTS
    assert doubtful.counts["totals"] == limits.MAX_LEDGER_DOUBTS + 5


def test_remarks_are_told_and_not_counted(tmp_path: Path) -> None:
    lines = [row(), ("制表人：张三", "", "", "", "", "审核人：李四", ""), ("", "以下空白")]
    assert warned(tmp_path, csv_of(*lines)) == [("W352", 3), ("W352", 4)]
    (first, _) = told(tmp_path, csv_of(*lines)).warnings
    assert "“制表人：张三”一行" in first.message("zh")
    assert (first.position, first.end) == (Position(3, 1), 7)
    # A day makes it a payment that lacks the rest.
    assert [it[0] for it in found(tmp_path, csv_of(("2023-03-01", "待定")))] == ["E862", "E862"]


# Doubts


def test_suspicious_rows(tmp_path: Path) -> None:
    lines = [
        row(description="直播间流量投放", voucher="1"),
        row(description="安装流量计", voucher="2", amount="2"),
        row(description="缴纳滞纳金", voucher="3", amount="3", source="县"),
        row(description="买流量", voucher="4", amount="4", category="购买流量"),
    ]
    read = ledger(tmp_path, csv_of(*lines))
    assert [(it.row.position.line, it.use, it.word) for it in read.doubtful.suspicious] == [
        (2, "购买流量", "流量"),
        (4, "罚款", "滞纳金"),
    ]
    assert isinstance(read.doubtful.suspicious[0], Suspicious)
    assert len(read.forbidden) == 1


def test_vouchers_and_rows_given_twice(tmp_path: Path) -> None:
    lines = [
        row(voucher="记-1"),
        row(voucher="记 －１", amount="2"),
        row(voucher="记-1", payee="另一公司"),
        row(voucher="", payee=" 某数码 公司 ", amount="385,600.00"),
        row(voucher="无", payee="/"),
        row(voucher=" 无 ", payee="/"),
        row(voucher="—", payee=""),
        row(voucher="—", payee=""),
        row(voucher="记-9", date="2023-03-02"),
        row(voucher="记-8", amount="-385600"),
    ]
    doubtful = ledger(tmp_path, csv_of(*lines)).doubtful
    assert [(it.row.position.line, it.first) for it in doubtful.vouchers] == [
        (3, Position(2, 1)),
        (4, Position(2, 1)),
    ]
    assert [(it.row.position.line, it.first) for it in doubtful.repeated] == [(5, Position(2, 1))]
    assert isinstance(doubtful.vouchers[0], Repeated)


def test_rows_outside_the_years(tmp_path: Path) -> None:
    days = ("2021-12-31", "2022-01-01", "2025-12-31", "2026-01-01")
    lines = [row(date=day, voucher=day) for day in days]
    outside = ledger(tmp_path, csv_of(*lines)).doubtful.outside
    assert [it.on.isoformat() for it in outside] == ["2021-12-31", "2026-01-01"]


def test_the_first_of_many_doubts_are_named(tmp_path: Path) -> None:
    most = limits.MAX_LEDGER_DOUBTS
    line = row(description="买流量", date="2030-01-01", source="")
    read = ledger(tmp_path, csv_of(*[line] * (most + 11)))
    doubtful = read.doubtful
    assert doubtful.counts == {
        "suspicious": most + 11,
        "vouchers": most + 10,
        "repeated": most + 10,
        "outside": most + 11,
        "totals": 0,
    }
    assert {len(it) for it in doubtful[:4]} == {most}
    assert len(read.unsourced) == most + 11


def test_nothing_depends_on_what_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [row(), row(), row(date="2023/3/1", payee="—"), row(description="买流量", source="")]
    before = ledger(tmp_path, csv_of(*lines))
    for name in ("rows", "tally", "spreadsheet"):
        monkeypatch.setattr(f"etown_check.ledgers.{name}._MOST_REMEMBERED", 0)
    assert ledger(tmp_path, csv_of(*lines)) == before
    days = [(date.fromisoformat("2023-03-01"), *line[1:]) for line in lines]
    assert bare(ledger(tmp_path, xlsx_of(*days))) == bare(before)


def test_texts_are_kept_on_one_line(tmp_path: Path) -> None:
    line = row(description=" 甲 \n 乙\t丙 ", payee="某\n公司", voucher=" 记  1 ", source="")
    (it,) = ledger(tmp_path, csv_of(line)).unsourced
    assert (it.description, it.payee, it.voucher) == ("甲 乙 丙", "某 公司", "记 1")


def test_what_says_nothing() -> None:
    assert all(map(says_nothing, ("", " ", "-", " — ", "/", "无", "N/A", "none", " " * 20)))
    assert not any(map(says_nothing, ("记-1", "无锡公司", "0")))


# Many mistakes


def test_all_mistakes_are_told_in_one_run(tmp_path: Path) -> None:
    lines = [
        row(date="昨天", amount="x", source="国", category="杂"),
        row(),
        row(description="长" * 4001, amount="-"),
    ]
    assert found(tmp_path, csv_of(*lines)) == [
        ("E404", 2, 1),
        ("E863", 2, 10),
        ("E861", 2, 12),
        ("E861", 2, 14),
        ("E215", 4, 12),
        ("E863", 4, 4014),
    ]


@pytest.mark.parametrize("number", [limits.MAX_PROBLEMS, limits.MAX_PROBLEMS + 20])
def test_no_more_is_told_than_anyone_would_read(tmp_path: Path, number: int) -> None:
    told_of = problems(tmp_path, csv_of(*[row(amount="?")] * number))
    if number == limits.MAX_PROBLEMS:
        assert {it.code for it in told_of} == {"E863"}
        assert len(told_of) == number
    else:
        assert [it.code for it in told_of[-2:]] == ["E863", "E216"]
        assert len(told_of) == limits.MAX_PROBLEMS + 1
    told_of = problems(tmp_path, csv_of(*(row(source=f"甲{at}") for at in range(number))))
    assert len(told_of) == min(number, limits.MAX_PROBLEMS + 1)
    assert sum(1 for it in told_of if it.close) <= limits.MAX_SUGGESTIONS


def test_no_more_warnings_are_told_than_anyone_would_read(tmp_path: Path) -> None:
    content = csv_of(*[("说明",)] * (limits.MAX_PROBLEMS + 5))
    assert len(told(tmp_path, content).warnings) == limits.MAX_PROBLEMS


def test_warnings_are_told_beside_mistakes(tmp_path: Path) -> None:
    (tmp_path / "台账.csv").write_bytes(csv_of(("说明",), row(amount="?")))
    with pytest.raises(InputError) as caught:
        read_ledger(str(tmp_path / "台账.csv"), FORM)
    assert [it.code for it in caught.value.warnings] == ["W352"]


# Files


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def code(name: str) -> str:
        with pytest.raises(InputError) as caught:
            read_ledger(name, FORM)
        (problem,) = caught.value.problems
        assert (problem.path, problem.position) == (name, None)
        return problem.code

    (tmp_path / "圈.csv").symlink_to("圈.csv")
    (tmp_path / "空.csv").write_bytes(b"")
    (tmp_path / "空行.csv").write_bytes("\ufeff\n,,\n  \n".encode())
    (tmp_path / "~$台账.xlsx").write_bytes(b"x")
    os.mkfifo(tmp_path / "管道.csv")
    for name, expected in {
        "没有.csv": "E101",
        "x/没有.csv": "E101",
        "\0": "E101",
        "长" * 300: "E101",
        ".": "E102",
        "管道.csv": "E102",
        "圈.csv": "E111",
        "空.csv": "E852",
        "空行.csv": "E852",
        "~$台账.xlsx": "E805",
    }.items():
        assert code(os.path.join(str(tmp_path), name)) == expected, name


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that nobody may read")
def test_a_file_that_must_not_be_read(tmp_path: Path) -> None:
    for path in ("/proc/self/mem", "/proc/self/clear_refs"):
        with pytest.raises(InputError) as caught:
            read_ledger(path, FORM)
        assert caught.value.problems[0].code in ("E103", "E852")


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "大.csv"
    with path.open("wb") as file:
        file.truncate(limits.MAX_LEDGER_BYTES + 1)
    with pytest.raises(InputError) as caught:
        read_ledger(str(path), FORM)
    (problem,) = caught.value.problems
    assert problem.code == "E851"
    assert "台账超过 256 MB" in problem.message("zh")


def test_too_many_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etown_check.ledgers.delimited.MAX_LEDGER_ROWS", 9)
    assert ledger(tmp_path, csv_of(*rows(8))).rows == 8
    for extra in (b"2023-03-01,,1,,,,\n", b"\n"):
        (problem,) = problems(tmp_path, csv_of(*rows(8)) + extra)
        assert (problem.code, problem.args["limit"]) == ("E851", 9)


def test_too_long_a_line(tmp_path: Path) -> None:
    lines = [row(), row(description="长" * limits.MAX_LEDGER_LINE)]
    assert found(tmp_path, csv_of(*lines)) == [("E215", 3, 1)]
    for content in (b"," * 1_000_000, csv_of() + b"x" * 1_200_000, ("长" * 600_000).encode("gbk")):
        (problem,) = problems(tmp_path, content)
        assert (problem.code, problem.args["limit"]) == ("E215", limits.MAX_LEDGER_LINE)


def test_a_file_that_changes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes(csv_of(row()))
    for after in (csv_of(row(), row()), csv_of(row()) + b"\xff"):

        def changing(path_: str, file: Any, after: bytes = after) -> Any:
            surveyed = survey(path_, file)
            path.write_bytes(after)
            return surveyed

        monkeypatch.setattr("etown_check.ledgers.reading.survey", changing)
        with pytest.raises(InputError) as caught:
            read_ledger(str(path), FORM)
        assert [it.code for it in caught.value.problems] == ["E103"]


def test_the_name_does_not_make_a_text_a_workbook(tmp_path: Path) -> None:
    for name in ("台账.txt", "台账.xls", "台账", "台账.CSV"):
        assert ledger(tmp_path, csv_of(row()), name).rows == 1
    assert found(tmp_path, csv_of(row()), "台账.xlsx") == [("E801", 0, 0)]


def test_reading_a_ledger_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "台账.csv").write_bytes(csv_of(row()))
    code = f"""
import sys
from etown_check.ledgers.reading import read_ledger
from tests.ledger_files import FORM
before = set(sys.modules)
read_ledger({str(tmp_path / "台账.csv")!r}, FORM)
print([it for it in ("zipfile", "pyexpat") if it in set(sys.modules) - before])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# Properties

_WORD = st.text("甲乙丙丁 aB1，。（）\"',;\n", max_size=8)
_SOURCES = ("", "中央", "省", "市级", "县（市）级", "社会资金")
_CATEGORIES = ("主导产业", "公共服务", "物流配送", "购买流量", "罚款")
_AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2).map(str)
_ROWS = st.lists(
    st.tuples(
        st.dates(date(2021, 1, 1), date(2026, 12, 31)).map(date.isoformat),
        _WORD,
        _AMOUNTS,
        st.sampled_from(_SOURCES),
        st.sampled_from(_CATEGORIES),
        _WORD,
        _WORD,
    ),
    max_size=12,
)
_CALLED = {"市级": "市", "县（市）级": "县", "社会资金": "社会", "公共服务": "公共服务体系"}


def oracle(content: bytes) -> dict[tuple[str, str], tuple[Decimal, int]]:
    """Return the sums of a ledger in UTF-8, by nothing of the code under test."""
    totals: dict[tuple[str, str], tuple[Decimal, int]] = {}
    lines = csv.reader(io.StringIO(content.decode(), newline=""))
    next(lines)
    for _, _, amount, source, category, _, _ in lines:
        key = (_CALLED.get(source, source), _CALLED.get(category, category))
        before, number = totals.get(key, (Decimal(0), 0))
        totals[key] = (before + Decimal(amount), number + 1)
    return totals


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ledgers")


def whole(home: Path, content: bytes) -> Ledger:
    return told(home, content).ledger


@given(_ROWS)
def test_sums_are_those_of_an_independent_reader(home: Path, lines: list[tuple[str, ...]]) -> None:
    content = csv_of(*lines)
    read = whole(home, content)
    assert {key: (it.amount, it.rows) for key, it in read.sums.items()} == {
        key: (Fraction(total), number) for key, (total, number) in oracle(content).items()
    }
    assert read.rows == len(lines)


@given(_ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(
    home: Path, lines: list[tuple[str, ...]], chance: random.Random
) -> None:
    mixed = list(lines)
    chance.shuffle(mixed)
    first, second = whole(home, csv_of(*lines)), whole(home, csv_of(*mixed))
    assert first.sums == second.sums
    for kind in ("forbidden", "unsourced"):
        one, other = ([it[1:] for it in getattr(of, kind)] for of in (first, second))
        assert sorted(map(repr, one)) == sorted(map(repr, other))
    assert first.doubtful.counts == second.doubtful.counts


@given(_ROWS.filter(bool), st.data())
def test_splitting_a_row_changes_no_sum(
    home: Path, lines: list[tuple[str, ...]], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    part = Decimal(data.draw(_AMOUNTS))
    cells = lines[at]
    halves = [(*cells[:2], str(amount), *cells[3:]) for amount in (part, Decimal(cells[2]) - part)]
    first = whole(home, csv_of(*lines))
    second = whole(home, csv_of(*lines[:at], *halves, *lines[at + 1 :]))
    assert {key: it.amount for key, it in first.sums.items()} == {
        key: it.amount for key, it in second.sums.items()
    }
    for kind in ("forbidden", "unsourced"):
        one, other = (
            {(it.on, it.source, it.category, it.description) for it in getattr(of, kind)}
            for of in (first, second)
        )
        assert one == other


@given(
    _ROWS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["元", "万元", "title", "own"]),
    st.sampled_from(["\r\n", "\n"]),
)
def test_a_ledger_is_the_same_however_it_is_saved(
    home: Path,
    lines: list[tuple[str, ...]],
    encoding: str,
    separator: str,
    quoting: int,
    unit: str,
    end: str,
) -> None:
    header = [f"金额（{unit}）" if it == "金额" and unit.endswith("元") else it for it in BARE]

    def written(amount: str) -> str:
        if unit in ("万元", "title"):
            return f"{Decimal(amount).scaleb(-4):f}"
        return f"{amount}元" if unit == "own" else amount

    table = [header, *((*it[:2], written(it[2]), *it[3:]) for it in lines)]
    if unit == "title":
        table.insert(0, ["单位：万元"])
    text = text_of(table, separator, quoting=quoting, lineterminator=end)
    saved = whole(home, text.encode(encoding))
    plain = whole(home, csv_of(*lines))
    if unit in ("万元", "title"):  # amounts are shown in the unit in which they were written
        assert saved.sums == plain.sums
        assert saved.doubtful.counts == plain.doubtful.counts
    else:
        assert bare(saved) == bare(plain)


@given(st.binary(max_size=300), st.sampled_from(["", text_of([HEADER, FAIR])]))
def test_whatever_the_bytes_nothing_breaks(home: Path, content: bytes, before: str) -> None:
    try:
        whole(home, before.encode() + content)
    except InputError as error:
        for problem in error.problems:
            for lang in ("zh", "en"):
                problem_lines(problem, lang)


@given(st.text(max_size=12), st.sampled_from(["", "元", "万元"]))
def test_whatever_the_amount_it_is_exact_or_refused(text: str, unit: str) -> None:
    read_amount(text, unit)
    plain = read_amount(f"-{Decimal('12.50')}", unit or "元")
    assert plain == read_amount("（12.5）", unit or "元")


def test_no_amount_is_ever_a_float() -> None:
    for path in (ROOT / "etown_check" / "ledgers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not isinstance(getattr(node, "value", None), float), path
            assert getattr(node, "id", "") != "float", path
