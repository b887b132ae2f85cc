"""The command `ledger`: ledgers checked alone, and an empty one to fill in, as users see them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from jsonschema import Draft202012Validator
from openpyxl.worksheet.worksheet import Worksheet
from referencing import Registry, Resource

from etown_check.kinds import KINDS
from etown_check.ledger_check import check_ledgers, ledger_checks
from etown_check.ledgers.reading import read_ledger
from etown_check.running import exit_code
from etown_check.standard import RowsBear, SpendsNothingOn
from etown_check.text import columns
from etown_check.usage import UsageError
from etown_check.words import render
from etown_check.workbooks.ledger_form import HEADER_ROW, headers, ledger_csv, ledger_workbook
from tests.command import COMMAND, environment, in_terminal, run
from tests.conftest import EXAMPLES, ROOT
from tests.office import needs_office, pages_of, stream_of, to_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.workbook import Workbook

    from etown_check.standard import LedgerForm, Standard

HEADER = ("日期", "摘要", "金额（元）", "资金来源", "支出类别", "收款单位", "凭证号")
FAIR = ("2023-03-01", "直播间设备", "385600", "省", "公共服务体系", "某数码公司", "记-001")
SCHEMAS = {
    name: json.loads((ROOT / "docs" / name).read_text("utf-8"))
    for name in ("report.schema.json", "ledger.schema.json")
}


def fair(**changes: str) -> tuple[str, ...]:
    """Return a row that nothing is wrong with, but for `changes`, by the keys of the columns."""
    keys = ("date", "description", "amount", "source", "category", "payee", "voucher")
    return tuple(changes.get(key, value) for key, value in zip(keys, FAIR, strict=True))


def put(path: Path, *rows: Sequence[str]) -> Path:
    """Write a ledger of `rows` as CSV and return where it is."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    path.write_text(text.getvalue(), "utf-8")
    return path


def validator() -> Draft202012Validator:
    known = [(name, Resource.from_contents(it)) for name, it in SCHEMAS.items()]
    registry: Registry[Any] = Registry().with_resources(known)
    return Draft202012Validator(SCHEMAS["ledger.schema.json"], registry=registry)


@pytest.fixture(scope="session")
def form(standard: Standard) -> LedgerForm:
    assert standard.ledger is not None
    return standard.ledger


# Checking


def test_the_checks_are_those_that_need_nothing_else(standard: Standard, form: LedgerForm) -> None:
    checks = ledger_checks(standard, form)
    assert [check.id for check in checks] == [*(f"F1.{at}" for at in range(1, 10)), "F4.2"]
    assert {type(check.constraint) for check in checks} == {SpendsNothingOn, RowsBear}


def test_a_ledger_that_is_fine(tmp_path: Path) -> None:
    path = put(tmp_path / "台账.csv", fair(), fair(amount="-600", voucher="记-002"))
    done = run("ledger", path)
    assert done.code == 0
    assert done.err == ""
    assert "结论: 达标\n10 项检查：达标 10\n" in done.out
    assert "没有需要处理的事项。" in done.out
    assert "  38.5 " in done.out  # 万元, the refund taken off


def test_every_row_that_offends_is_named(tmp_path: Path) -> None:
    bought = {"category": "购买流量", "source": "中央"}
    rows = [
        fair(**bought, voucher=f"记-{at:03}", payee=f"公司{at}", description=f"推广{at}")
        for at in range(14)
    ]
    done = run("ledger", put(tmp_path / "台账.csv", fair(voucher="A"), *rows))
    assert done.code == 1
    assert "由中央、省、市资金支出 14 行，合计 539.84万元。" in done.out
    named = [line for line in done.out.splitlines() if line.startswith("    台账: ")]
    assert named == [
        f"    台账: 第{at + 3}行 2023-03-01 385600元 凭证号记-{at:03} · 中央 · 公司{at} · 推广{at}"
        for at in range(14)
    ]
    assert "原文: “购买流量”" in done.out


def test_a_row_without_a_source(tmp_path: Path) -> None:
    done = run("ledger", put(tmp_path / "台账.csv", fair(source="")))
    assert done.code == 1
    assert "F4.2 " in done.out
    assert "1 行没有资金来源。" in done.out
    assert "第2行 2023-03-01 385600元 凭证号记-001 · 公共服务体系 · 某数码公司" in done.out


def test_other_money_is_only_noted(tmp_path: Path) -> None:
    row = fair(source="县", category="罚款")
    done = run("ledger", put(tmp_path / "台账.csv", row))
    assert done.code == 0
    assert "说明（不影响结果）\n  F1.4 未用于罚款：另由其他资金支出 1 行" in done.out


def test_doubts_change_nothing(tmp_path: Path) -> None:
    path = put(tmp_path / "台账.csv", fair(description="购买流量推广"), fair())
    done = run("ledger", path)
    assert done.code == 0
    said = done.out.partition("数据疑点（不影响结果，请核对）\n")[2]
    assert [line.split()[0] for line in said.splitlines()] == ["D13", "D14", "D15"]
    assert f"[{path}:2:" in said


def test_what_nobody_can_judge_is_left_open(
    tmp_path: Path, standard: Standard, form: LedgerForm
) -> None:
    # By this plan a row without a source fails in any case; another may not ask for sources.
    path = put(tmp_path / "台账.csv", fair(source="", category="捐款"))
    items = tuple(
        item._replace(
            checks=tuple(it for it in item.checks if not isinstance(it.constraint, RowsBear))
        )
        for item in standard.items
    )
    lenient = standard._replace(items=items)
    assert exit_code(check_ledgers([str(path)], lenient)) == 4
    assert exit_code(check_ledgers([str(path)], standard)) == 1


def test_a_standard_without_ledgers(standard: Standard) -> None:
    with pytest.raises(UsageError, match="says nothing of fund ledgers"):
        check_ledgers(["台账.csv"], standard._replace(ledger=None))
    done = run("ledger", "台账.csv", "--standard", ROOT / "tests" / "data" / "tiny.yaml")
    assert done.code == 2
    assert "没有对资金台账作规定" in done.err


def test_it_fares_as_beside_a_data_file() -> None:
    alone = run("ledger", EXAMPLES / "台账" / "山阴.csv", "--format", "json").json
    beside = run("validate", EXAMPLES / "shanyin.yaml", "--part", "funds", "--format", "json").json[
        "reports"
    ][0]
    (ledger,) = alone["ledgers"]
    judged = {check["id"]: check for item in beside["items"] for check in item["checks"]}
    assert len(ledger["checks"]) == 10
    for check in ledger["checks"]:
        other = judged[check["id"]]
        assert (check["status"], check["rows"]) == (other["status"], other["rows"])
    assert ledger["sums"] == beside["ledger"]["sums"]
    codes = {doubt["code"] for doubt in ledger["doubts"]}
    assert codes <= {doubt["code"] for doubt in beside["doubts"]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_json_follows_its_schema(tmp_path: Path, lang: str) -> None:
    missing, empty = tmp_path / "没有.csv", put(tmp_path / "空.csv")
    paths = (*sorted((EXAMPLES / "台账").glob("*.csv")), empty, missing)
    done = run("ledger", *paths, "--format", "json", "--lang", lang)
    assert done.code == 3
    assert [error.message for error in validator().iter_errors(done.json)] == []
    assert [it["path"] for it in done.json["ledgers"]] == [str(it) for it in paths[:-1]]
    assert [it["verdict"] for it in done.json["ledgers"]][-1] == "compliant"
    assert [it["path"] for it in done.json["errors"]] == [str(missing)]
    rows = [row for it in done.json["ledgers"] for c in it["checks"] for row in c["rows"] or ()]
    assert {row["category"] for row in rows} >= {"购买流量"}


def test_several_ledgers(tmp_path: Path) -> None:
    good = put(tmp_path / "好.csv", fair())
    bad = put(tmp_path / "坏.csv", fair(category="赞助"))
    done = run("ledger", "好.csv", "坏.csv", "好.csv", cwd=tmp_path)
    assert done.code == 1
    assert done.out.startswith("好.csv  达标  10 项检查：达标 10\n坏.csv  不达标  ")
    assert done.out.endswith("合计: 2 个文件：达标 1、不达标 1\n")
    assert run("ledger", good, bad, "--quiet").out.count("资金来源") == 0
    done = run("ledger", "好.csv", "坏.csv", "没有.csv", cwd=tmp_path)
    assert done.code == 3
    assert "没有.csv  无法读取（1 处错误）" in done.out
    assert "没有.csv: 错误 E101：" in done.err


def test_an_empty_ledger(tmp_path: Path) -> None:
    done = run("ledger", put(tmp_path / "台账.csv"))
    assert done.code == 0
    assert "台账中没有支出。" in done.out


def test_quiet_shows_what_needs_action(tmp_path: Path) -> None:
    path = put(tmp_path / "台账.csv", fair(category="赞助"))
    done = run("ledger", path, "-q")
    assert done.code == 1
    assert "检查的内容" not in done.out
    assert "F1.6 未用于赞助" in done.out


def test_in_english(tmp_path: Path) -> None:
    path = put(tmp_path / "ledger.csv", fair(category="捐款"), fair(source="", voucher="2"))
    done = run("ledger", path, "--lang", "en")
    assert done.code == 1
    assert "Verdict: NOT COMPLIANT\n10 checks: pass 8, fail 2\n" in done.out
    assert "Rows without a source: 1." in done.out
    assert "Row: line 2: 2023-03-01 CNY 385,600 voucher 记-001" in done.out


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_terminal(width: int, lang: str) -> None:
    path = "examples/台账/山阴.csv"
    shown = in_terminal("ledger", path, columns=width, NO_COLOR="1", ETOWN_CHECK_LANG=lang)
    assert max(columns(line) for line in shown.splitlines()) <= width
    plain = run("ledger", path, "--lang", lang).out
    for word in ("F1.3", "F4.2", "D13", "2023-004", "示例网络科技有限公司"):
        assert word in "".join(shown.split())
        assert word in plain
    assert "╭" in shown
    assert "╭" not in plain
    coloured = in_terminal("ledger", path, columns=width)
    assert "\x1b[" in coloured
    several = in_terminal("ledger", path, "examples/台账/怀仁.csv", columns=width, NO_COLOR="1")
    assert several.startswith("examples/台账/山阴.csv  不达标")
    assert "╭" not in in_terminal("ledger", path, "-q", columns=width, PYTHONIOENCODING="ascii")


@pytest.mark.parametrize("format", ["plain", "terminal", "json"])
def test_hostile_text_does_no_harm(tmp_path: Path, format: str) -> None:
    hostile = "[bold red]甲[/]\u202e公司 ::error::x =HYPERLINK(1)"
    row = fair(category="罚款", payee=hostile, description=hostile, voucher="=1+1")
    done = run("ledger", put(tmp_path / "台账.csv", row), "--format", format, GITHUB_ACTIONS="true")
    assert done.code == 1
    assert "[bold red]甲[/]" in done.out
    assert "\u202e" not in done.out
    if format != "json":
        assert "::error::" not in done.out


def test_a_report_in_a_file(tmp_path: Path) -> None:
    path = put(tmp_path / "台账.csv", fair())
    report = tmp_path / "报告.json"
    assert run("ledger", path, "-f", "json", "-o", report).code == 0
    assert json.loads(report.read_text("utf-8"))["ledgers"][0]["rows"] == 1
    again = run("ledger", path, "-o", report)
    assert again.code == 2
    assert "已经存在，没有覆盖。要覆盖请加 --force。" in again.err
    assert run("ledger", path, "-o", report, "--force").code == 0
    assert report.read_text("utf-8").startswith("资金台账检查结果")
    assert run("ledger", path, "-o", "-").out.startswith("资金台账检查结果")
    assert run("ledger", path, "-o", tmp_path).code == 2


def test_a_ledger_is_never_written_over(tmp_path: Path) -> None:
    path = put(tmp_path / "台账.csv", fair())
    before = path.read_bytes()
    done = run("ledger", path, "-o", path, "--force")
    assert done.code == 2
    assert "就是输入的文件" in done.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_no_ledger(tmp_path: Path, lang: str) -> None:
    put(tmp_path / "坏.csv", fair(amount="很多"))
    for name, code in (("没有.csv", "E101"), (".", "E102"), ("坏.csv", "E863")):
        done = run("ledger", name, "--lang", lang, cwd=tmp_path)
        assert done.code == 3
        assert code in done.err
        assert "Traceback" not in done.err
    assert "坏.csv:2:18: " in done.err


def test_standard_input_is_refused() -> None:
    done = run("ledger", "-")
    assert done.code == 2
    assert "不能从标准输入读取" in done.err
    assert "not read from standard input" in run("ledger", "-", "--lang", "en").err


def test_nothing_to_check() -> None:
    done = run("ledger")
    assert done.code == 3
    assert "E110" in done.err
    assert "etown-check ledger --template" in done.err


@pytest.mark.parametrize(("lang", "said"), [("zh", "资金台账"), ("en", "fund ledger")])
def test_help(lang: str, said: str) -> None:
    done = run("ledger", "--help", "--lang", lang)
    assert done.code == 0
    assert said in done.out
    for option in ("--template", "--format", "--output", "--force", "--standard", "--quiet"):
        assert option in done.out
    assert "  ledger  " in run("--help", "--lang", lang).out


# The empty ledger


def book_of(standard: Standard, form: LedgerForm, lang: str = "zh") -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(ledger_workbook(standard, form, lang)))


def filled(path: Path, rows: Sequence[Sequence[Any]], sheet: int = 0) -> None:
    """Fill `rows` into the workbook at `path`."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[sheet]
    for at, row in enumerate(rows, HEADER_ROW + 1):
        for column, value in enumerate(row, 1):
            page.cell(at, column).value = value
    book.save(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_the_empty_ledger_is_one_of_no_rows(
    tmp_path: Path, form: LedgerForm, lang: str, ending: str
) -> None:
    path = tmp_path / f"台账{ending}"
    done = run("ledger", "--template", "-o", path, "--lang", lang)
    assert done.code == 0
    assert str(path) in done.err
    read = read_ledger(str(path), form)
    assert read.ledger.rows == 0
    assert not read.warnings
    assert run("ledger", path).code == 0


def test_the_csv_is_for_excel(form: LedgerForm) -> None:
    content = ledger_csv(form)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == f"{','.join(HEADER)}\r\n"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_filled_in_is_read_back(
    tmp_path: Path, standard: Standard, form: LedgerForm, lang: str
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_workbook(standard, form, lang))
    sources = [render(it.name, lang) for it in form.sources]
    rows: list[Sequence[Any]] = [
        (date(2023, 1, at + 1), "摘要", 100 + at, sources[0], render(it.name, lang), "甲", f"0{at}")
        for at, it in enumerate(form.categories)
    ]
    rows += [
        (date(2023, 2, 1), "退款", -0.5, source, render(form.categories[0].name, lang), "乙", "")
        for source in sources
    ]
    filled(path, rows)
    ledger = read_ledger(str(path), form).ledger
    assert ledger.rows == len(rows)
    assert {category for _, category in ledger.sums} == {it.name.zh for it in form.categories}
    assert {source for source, _ in ledger.sums} == {it.name.zh for it in form.sources}
    whole = sum((it.amount for it in ledger.sums.values()), Fraction(0))
    assert whole == sum(100 + at for at in range(19)) - Fraction(5, 2)
    done = run("ledger", path, "--format", "json")
    assert done.code == 1
    (result,) = done.json["ledgers"]
    failed = [it for it in result["checks"] if it["status"] == "fail"]
    assert [it["id"] for it in failed] == [f"F1.{at}" for at in range(1, 10)]
    assert failed[0]["rows"][0]["position"]["cell"].endswith(str(HEADER_ROW + 11))
    assert failed[0]["rows"][0]["voucher"] == "010"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_columns_take(standard: Standard, form: LedgerForm, lang: str) -> None:
    book = book_of(standard, form, lang)
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    names = headers(form, lang)
    assert [cell.value for cell in sheet[HEADER_ROW]] == list(names.values())
    assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
    assert sheet.print_title_rows == f"$1:${HEADER_ROW}"
    rules = {str(it.sqref)[0]: it for it in sheet.data_validations.dataValidation}
    assert len(rules) == len(names)
    for letter, (key, name) in zip("ABCDEFG", names.items(), strict=True):
        rule = rules[letter]
        assert str(rule.sqref) == f"{letter}3:{letter}1048576"
        assert rule.promptTitle == name
        assert rule.prompt
        assert len(rule.prompt) <= 255
        assert rule.showInputMessage
        assert rule.showErrorMessage
        assert rule.error
        assert rule.type == {
            "date": "date",
            "amount": "decimal",
            "source": "list",
            "category": "list",
        }.get(key, "textLength")
        format = sheet.column_dimensions[letter].number_format
        assert format == {"date": "yyyy-mm-dd", "amount": "#,##0.00"}.get(key, "@")
    first, last = (
        (date(2022, 1, 1), rules["A"].formula1),
        (date(2025, 12, 31), rules["A"].formula2),
    )
    for day, serial in (first, last):
        assert (day - date(1899, 12, 30)).days == int(str(serial))
    assert rules["A"].errorStyle == "warning"
    assert int(str(rules["C"].formula1)) < 0
    assert str(rules["D"].formula1) == f'"{",".join(render(it.name, lang) for it in form.sources)}"'


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_categories_are_offered_and_the_forbidden_ones_marked(
    standard: Standard, form: LedgerForm, lang: str
) -> None:
    book = book_of(standard, form, lang)
    sheet, guide = book.worksheets
    rule = next(it for it in sheet.data_validations.dataValidation if str(it.sqref)[0] == "E")
    name, place = next(iter(book.defined_names[str(rule.formula1)].destinations))
    assert name == guide.title
    rows = guide[place.replace("$", "")]
    offered = [row[0].value for row in rows]
    assert offered == [render(it.name, lang) for it in form.categories]
    for row, category in zip(rows, form.categories, strict=True):
        limit = guide.cell(row[0].row, 3).value
        assert bool(limit) == category.is_forbidden
        assert category.quote.text in str(guide.cell(row[0].row, 2).value)
    formulas = [
        formula
        for it in sheet.conditional_formatting
        for rule in it.rules
        for formula in rule.formula
    ]
    for category in form.categories:
        quoted = f'"{render(category.name, lang)}"'
        assert any(quoted in it for it in formulas) == category.is_forbidden


def test_the_plan_is_quoted(standard: Standard, form: LedgerForm) -> None:
    _, guide = book_of(standard, form).worksheets
    said = "\n".join(str(cell.value or "") for row in guide.iter_rows() for cell in row)
    assert "中央、省及市级财政资金不得用于楼堂馆所建设" in said
    assert "五（一）" in said
    assert "etown-check ledger 台账.xlsx" in said
    assert "资金台账: 台账.xlsx" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_bytes_each_time(standard: Standard, form: LedgerForm, lang: str) -> None:
    content = ledger_workbook(standard, form, lang)
    assert content == ledger_workbook(standard, form, lang)
    assert content != ledger_workbook(standard, form, "en" if lang == "zh" else "zh")


@pytest.mark.parametrize(("lang", "name"), [("zh", "台账.xlsx"), ("en", "ledger.xlsx")])
def test_nothing_is_overwritten_unasked(tmp_path: Path, lang: str, name: str) -> None:
    done = run("ledger", "--template", "--lang", lang, cwd=tmp_path)
    assert done.code == 0
    content = (tmp_path / name).read_bytes()
    filled(tmp_path / name, [(date(2023, 1, 1), "摘要", 1)])
    again = run("ledger", "--template", "--lang", lang, cwd=tmp_path)
    assert again.code == 2
    assert name in again.err
    assert (tmp_path / name).read_bytes() != content
    assert run("ledger", "--template", "--force", "--lang", lang, cwd=tmp_path).code == 0
    assert (tmp_path / name).read_bytes() == content


def test_where_the_empty_ledger_goes(tmp_path: Path, standard: Standard, form: LedgerForm) -> None:
    done = subprocess.run(
        [COMMAND, "ledger", "--template", "-o", "-"],
        capture_output=True,
        env=environment(),
        check=True,
    )
    assert done.stdout == ledger_workbook(standard, form)
    assert "终端显示不了工作簿" in in_terminal_error("ledger", "--template", "-o", "-")
    wrong = run("ledger", "--template", "-o", tmp_path / "台账.xls")
    assert wrong.code == 2
    assert "须以 .xlsx 或 .csv 结尾" in wrong.err
    both = run("ledger", "台账.csv", "--template", cwd=tmp_path)
    assert both.code == 2
    assert "不能同时写要检查的台账" in both.err
    assert list(tmp_path.iterdir()) == []


def in_terminal_error(*args: str) -> str:
    """Return what the command says on standard error while its output is a terminal."""
    import pty

    leader, follower = pty.openpty()
    done = subprocess.run(
        [COMMAND, *args],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=subprocess.PIPE,
        env=environment(),
        check=False,
    )
    os.close(follower)
    os.close(leader)
    assert done.returncode == 2
    return done.stderr.decode()


@needs_office
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_office_program_shows_it(
    tmp_path: Path, standard: Standard, form: LedgerForm, lang: str
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_workbook(standard, form, lang))
    category = render(form.categories[-1].name, lang)
    source = render(form.sources[0].name, lang)
    filled(path, [(date(2023, 1, 9), "摘要", 1234.5, source, category, "某公司", "001")])
    pdf = to_pdf(path, tmp_path / "pdf")
    assert pages_of(pdf) == 2
    ledger, guide = stream_of(pdf)
    for text in (*headers(form, lang).values(), category, "某公司"):
        assert "".join(text.split()) in ledger
    for it in form.categories:
        assert "".join(render(it.name, lang).split()) in guide


# The page about ledgers


def test_the_page_names_what_there_is(standard: Standard, form: LedgerForm) -> None:
    page = (ROOT / "docs" / "ledger.md").read_text("utf-8")
    assert set(re.findall(r"\b[EW]\d{3}\b", page)) <= set(KINDS)
    assert set(re.findall(r"\bD\d+\b", page)) <= {rule.code for rule in standard.doubts}
    for column in form.columns:
        row = re.search(rf"^\| {column.name.zh} {column.name.en} \| ([^|]+) …", page, re.MULTILINE)
        if row is not None:
            assert set(row.group(1).split(", ")) <= set(column.also)
        assert f"| {column.name.zh} {column.name.en} |" in page
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert (ROOT / "docs" / link).exists(), link


def test_only_the_template_loads_the_library_for_workbooks() -> None:
    code = (
        "import sys; from etown_check.cli import run; run(sys.argv[1:]); "
        "print('openpyxl' in sys.modules, file=sys.stderr)"
    )
    env = {name: value for name, value in environment().items() if not name.startswith("COV")}
    for args, loaded in (
        (["examples/台账/怀仁.csv"], "False"),
        (["--template", "-o", "-"], "True"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, "ledger", *args],
            capture_output=True,
            env=env,
            cwd=ROOT,
            check=True,
        )
        assert done.stderr.decode().split()[-1] == loaded
