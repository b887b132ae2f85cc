"""Dates, months, amounts, contacts and ledgers in data files: what is read, and from where."""

from __future__ import annotations

import os
import sys
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from etown_check.cells import amounts_in
from etown_check.data_file import NotWritten, checked, translated, updated, written
from etown_check.ledger import Ledger
from etown_check.ledgers import reading as ledgers
from etown_check.loading import load_reference, load_submission, read_submission, source_of
from etown_check.month_files import months_in, named_after, read_month
from etown_check.problems import InputError, Position
from etown_check.quantities import Quantity
from etown_check.store import load_standard
from etown_check.submission import Amounts, Contact, Declaration
from etown_check.template import template
from etown_check.workbooks.examples import workbook_of
from tests.conftest import ROOT, ledger_text, problems, read
from tests.test_loading import HEAD, metrics, only

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from etown_check.problems import Problem
    from etown_check.standard import Standard
    from etown_check.submission import Submission


def value(standard: Standard, line: str, path: str = "test.yaml") -> Any:
    ((_, declaration),) = read(standard, metrics(line), path).declarations.items()
    return declaration.entries[None].value


def yuan(number: int, unit: str = "万元") -> Quantity:
    return Quantity(Fraction(number), unit)


def codes(found: list[Problem]) -> list[str]:
    return [it.code for it in found]


@pytest.fixture(scope="module")
def parts() -> Standard:
    """Return a standard whose ledger, contact and months have names of their own."""
    return load_standard(str(ROOT / "tests" / "data" / "parts.yaml"))


PARTS = "标准: parts\n县: 甲县\n乡村e镇: 甲县甲镇\n数据截止日期: 2023-06-30\n"


# Dates


@pytest.mark.parametrize(
    "text", ["2022-11-01", "2022年11月1日", "2022/11/1", "2022.11.01", "'２０２２-11-01'"]
)
def test_dates(standard: Standard, text: str) -> None:
    assert value(standard, f"启动日期: {text}") == date(2022, 11, 1)
    line = f"启动日期: {{值: {text}, 备注: 开工令, 核查: {{结果: 核减, 核定值: 2022-12-01}}}}"
    declaration = only(standard, line)
    assert declaration.entries[None].day == date(2022, 11, 1)
    assert declaration.in_force[None].day == date(2022, 12, 1)
    assert declaration.note == "开工令"


def test_an_end_is_held_against_its_beginning_in_either_order(standard: Standard) -> None:
    lines = ["建成日期: 2022-10-31", "启动日期: 2022-11-01"]
    (problem,) = problems(standard, metrics(*lines))
    assert (problem.code, problem.position) == ("E534", Position(6, 9))
    assert problem.end == 19
    said = "建成日期（2022-10-31）不晚于启动日期（2022-11-01）。"
    assert problem.message("zh") == said
    # What was found untrue has no value in force, yet it was declared.
    lines[0] = "建成日期: {值: 2022-10-31, 核查: {结果: 不实}}"
    assert codes(problems(standard, metrics(*lines))) == ["E534"]


def test_an_end_that_was_declared_right_and_verified_right_is_read(standard: Standard) -> None:
    read(standard, metrics("启动日期: 2022-11-01", "建成日期: 2022-11-02"))
    read(standard, metrics("建成日期: 2022-11-02"))


# Months


@pytest.mark.parametrize(
    ("text", "month"),
    [
        *((text, "2023-01") for text in ("2023-01", "2023-1", "2023.01", "2023/1", "202301")),
        *(
            (text, "2023-01")
            for text in ("2023年1月", "2023年01月", "２０２３－０１", " 2023 年 1 月 ")
        ),
        *((text, "2023-10") for text in ("2023-10", "2023.10", "202310", "2023年10月")),
        # A workbook has the first day of a month for it.
        *((text, "2023-01") for text in ("2023-01-01", "2023/1/1", "2023年1月1日")),
        *((text, None) for text in ("2023-13", "2023-00", "20231", "2023", "23-01", "2023-1-2")),
        *((text, None) for text in ("0000-01", "2023-01-31", "2023-001", "", "2023年1", "１月")),
        *((text, None) for text in ("2023-01 ~ 2023-03", "2023-01\n2023-02", "٢٠٢٣-٠١")),
    ],
)
def test_how_a_month_is_typed(text: str, month: str | None) -> None:
    # Without its last word a month of the year is one all the same.
    assert read_month(text) == ("2023-01" if text == "2023年1" else month)


def test_months_stand_in_their_order(standard: Standard) -> None:
    entry = only(standard, "月报: [2023年3月, 2022.12, 2023-1, 2021-05]").entries[None]
    assert entry.words == entry.names == ("2021-05", "2022-12", "2023-01", "2023-03")
    assert value(standard, "月报: 2023-01") == ("2023-01",)
    for none in ("无", "否", "false"):
        assert value(standard, f"月报: {none}") == ()
    for blank in ("", "[]", "~", "''"):
        assert read(standard, metrics(f"月报: {blank}")).declarations == {}


def test_verified_months(standard: Standard) -> None:
    line = "月报: {值: [2023-01, 2023-02], 核查: {结果: 核减, 核定值: [2023-01]}}"
    assert only(standard, line).in_force[None].words == ("2023-01",)
    line = "月报: {值: [2023-01], 核查: {结果: 核减, 核定值: [2024-05, 2024-05]}}"
    assert codes(problems(standard, metrics(line))) == ["E537", "E536"]


def test_the_date_of_the_data_may_stand_below_its_months(standard: Standard) -> None:
    text = "指标:\n  月报: [2023-06, 2023-07]\n" + HEAD.replace("2023-12-31", "2023-06-30")
    (problem,) = problems(standard, text)
    assert (problem.code, problem.position) == ("E537", Position(2, 17))
    assert problem.message("en") == "2023-07 is after 2023-06, the month of the data date."
    # Without a date nothing is too late; that it is lacking is told.
    text = "指标:\n  月报: [2023-06, 2099-07]\n" + HEAD.replace("2023-12-31", "去年")
    assert codes(problems(standard, text)) == ["E404"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of a data file, with one of monthly reports and much else in it."""
    home = tmp_path / "山阴"
    (home / "月报" / "2023-09.docx").mkdir(parents=True)  # a folder is no report
    for name in (
        *("2023-02.yaml", "2023年1月.docx", "202303.pdf", "2023-03.docx", "２０２３-04.PDF"),
        *(".2023-05.docx", "~$2023-06.docx", "2023-07", "说明.txt", "2023-13.txt", "月报8.docx"),
    ):
        (home / "月报" / name).write_text("x")
    (tmp_path / "外面").mkdir()
    (tmp_path / "外面" / "2023-11.docx").write_text("x")
    return home


SHOWN = ("2023-01", "2023-02", "2023-03", "2023-04")


@pytest.mark.parametrize("name", ["月报", "月报/", "./月报", "'月报\\'", "月报/."])
def test_months_by_the_files_of_a_folder(standard: Standard, folder: Path, name: str) -> None:
    path = str(folder / "f.yaml")
    assert value(standard, f"月报: {name}", path) == SHOWN
    line = f"月报: {{值: {name}, 核查: {{结果: 核减, 核定值: [2023-01]}}}}"
    ((_, declaration),) = read(standard, metrics(line), path).declarations.items()
    assert declaration.entries[None].words == SHOWN
    assert declaration.in_force[None].words == ("2023-01",)


def test_a_file_of_a_month_to_come_is_an_error(standard: Standard, folder: Path) -> None:
    (folder / "月报" / "2024-01.docx").touch()
    (problem,) = problems(standard, metrics("月报: 月报"), str(folder / "f.yaml"))
    assert (problem.code, problem.position, problem.end) == ("E537", Position(6, 7), 9)


def test_an_empty_folder_has_no_months(standard: Standard, folder: Path) -> None:
    (folder / "空").mkdir()
    assert value(standard, "月报: 空", str(folder / "f.yaml")) == ()


@pytest.mark.parametrize(
    "name", ["../外面", "没有", "月报/202303.pdf", "/tmp", "C:\\x", ".", "2023年", "\\\\server\\x"]
)
def test_what_is_no_folder_of_the_data_file(standard: Standard, folder: Path, name: str) -> None:
    (problem,) = problems(standard, metrics(f"月报: '{name}'"), str(folder / "f.yaml"))
    assert (problem.code, problem.position) == ("E535", Position(6, 7))
    assert name in problem.message("zh")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_a_folder_outside_is_refused(standard: Standard, folder: Path) -> None:
    os.symlink("../外面", folder / "链接")
    assert codes(problems(standard, metrics("月报: 链接"), str(folder / "f.yaml"))) == ["E535"]
    source = source_of(str(folder / "f.yaml"), metrics("月报: 链接").encode())
    root = str(folder.parent)
    submission = read_submission(source, standard, evidence_root=root)
    assert submission.declarations["monthly_reports"].entries[None].words == ("2023-11",)


def test_names_of_files() -> None:
    assert named_after("2023-06.docx") == "2023-06"
    assert named_after("2023-06.tar.gz") is None
    assert named_after("2023-06.YAML", (".yaml", ".yml")) == "2023-06"
    assert named_after("2023-06.docx", (".yaml", ".yml")) is None
    with pytest.raises(OSError, match="没有"):
        months_in("没有")


# Months by the data files beside


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """Return a folder of data files that are named after months."""
    for name in (
        *("2023-06.yaml", "2023-05.yml", "2023年4月.xlsx", "2023-07.yaml", "2022-12.YAML"),
        *("2023-03.docx", ".2023-02.yaml", "~$2023-01.xlsx", "别的.yaml"),
    ):
        (tmp_path / name).write_text(HEAD.replace("2023-12-31", "2023-06-15"), "utf-8")
    (tmp_path / "2022-11.yaml").mkdir()
    return tmp_path


def test_data_files_named_after_months_show_them(standard: Standard, series: Path) -> None:
    submission = load_submission(series / "2023-06.yaml", standard)
    assert submission.declarations == {}
    ((key, observed),) = submission.observed.items()
    # July is to come, and what else lies there is no data file.
    entry = observed.entries[None]
    assert (key, entry.words) == (
        "monthly_reports",
        ("2022-12", "2023-04", "2023-05", "2023-06"),
    )
    assert observed.position == entry.position == Position(1, 1)
    assert submission.declaration("monthly_reports") == observed
    assert (observed.evidence, observed.note, observed.verification) == ((), "", None)


def test_what_is_declared_outranks_what_is_shown(standard: Standard, series: Path) -> None:
    file = series / "2023-06.yaml"
    file.write_text(metrics("月报: [2023-01]"), "utf-8")
    submission = load_submission(file, standard)
    assert submission.observed == {}
    assert submission.declarations["monthly_reports"].entries[None].words == ("2023-01",)


def test_a_data_file_of_another_name_shows_no_months(standard: Standard, series: Path) -> None:
    assert load_submission(series / "别的.yaml", standard).observed == {}
    assert read(standard, HEAD, "-").observed == {}


def test_a_folder_that_is_gone_shows_no_months(standard: Standard, tmp_path: Path) -> None:
    assert read(standard, HEAD, str(tmp_path / "没有" / "2023-06.yaml")).observed == {}


def test_a_standard_without_months_asks_for_none(series: Path) -> None:
    tiny = load_standard(str(ROOT / "tests" / "data" / "tiny.yaml"))
    text = "标准: tiny\n县: 甲县\n乡村e镇: 甲县甲镇\n数据截止日期: 2023-06-30\n"
    assert read(tiny, text, str(series / "2023-06.yaml")).observed == {}


# Amounts


def test_amounts_stand_in_the_order_of_the_plan(standard: Standard) -> None:
    line = "到位资金: {社会: 1,000元, 中 央: 3百万元, 县: , 省: 0元}"
    declaration = only(standard, line.replace("1,000元", "'1,000元'").replace("3百万元", "300万元"))
    amounts = declaration.entries[None].value
    assert amounts == Amounts(
        (("中央", yuan(3 * 10**6)), ("省", yuan(0, "元")), ("社会", yuan(1000, "元")))
    )
    assert isinstance(amounts, Amounts)
    assert amounts.of("省") == yuan(0, "元")
    assert amounts.of("县") is None


def test_amounts_with_details(standard: Standard) -> None:
    line = "到位资金: {值: {省: 5元}, 备注: x, 核查: {结果: 核减, 核定值: {省: 4元, 中央: 1元}}}"
    declaration = only(standard, line)
    assert declaration.note == "x"
    assert declaration.entries[None].value == Amounts((("省", yuan(5, "元")),))
    verified = Amounts((("中央", yuan(1, "元")), ("省", yuan(4, "元"))))
    assert declaration.in_force[None].value == verified


@pytest.mark.parametrize("blank", ["", "{}", "{中央: , 省: ''}", "{值: {中央: }}", "{值: {}}"])
def test_blank_amounts(standard: Standard, blank: str) -> None:
    assert read(standard, metrics(f"到位资金: {blank}")).declarations == {}


def test_what_is_wrong_with_an_amount_is_said_of_its_word(standard: Standard) -> None:
    (problem,) = problems(standard, metrics("到位资金: {中央: [1元]}"))
    assert problem.message("zh") == "“中央”应是一个值。"
    assert problem.hint("zh") == "写法：中央: 2.3亿元"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("中央 100万元、省 50万元", [("中央", "100万元"), ("省", "50万元")]),
        ("中央：100万元\n省:50万元", [("中央", "100万元"), ("省", "50万元")]),
        ("中央=100万元；省＝50万元", [("中央", "100万元"), ("省", "50万元")]),
        ("中央1,000万元,省2000元", [("中央", "1,000万元"), ("省", "2000元")]),
        ("中央 1,000，省 2,000,000", [("中央", "1,000"), ("省", "2,000,000")]),
        ("中央：-5元", [("中央", "-5元")]),
        ("中央：无", [("中央", "无")]),
        ("中央：\n省", [("中央", ""), ("省", "")]),
        ("100万元", [("", "100万元")]),
        ("、 \n", []),
        ("", []),
    ],
)
def test_amounts_in_a_cell(text: str, pairs: list[tuple[str, str]]) -> None:
    assert amounts_in(text) == pairs


FORM = {
    "标准": "shuozhou-2022",
    "县": "怀仁市",
    "乡村e镇": "怀仁市陶瓷e镇",
    "数据截止日期": "2023-12-31",
}


def in_cell(standard: Standard, name: str, text: str) -> Submission:
    content = workbook_of("指标 | 填写值\n名 | 值", FORM)
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content))
    sheet = book.worksheets[1]
    sheet["A2"], sheet["B2"] = name, text
    target = BytesIO()
    book.save(target)
    return read_submission(source_of("test.xlsx", target.getvalue()), standard)


def test_a_cell_of_amounts(standard: Standard) -> None:
    submission = in_cell(standard, "到位资金", "省：50万元\n中央 100万元\n市：")
    entry = submission.declarations["funds_received"].entries[None]
    assert entry.value == Amounts((("中央", yuan(10**6)), ("省", yuan(5 * 10**5))))
    assert in_cell(standard, "到位资金", "省：\n市：").declarations == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("100万元", "E539"),
        ("中央：1元\n200万元", "E539"),
        ("中央财政：1元", "E509"),
        ("中央财政", "E509"),
        ("中央：1元\n中央：2元", "E302"),
        ("中央：100", "E503"),
    ],
)
def test_a_cell_that_is_no_list_of_amounts(standard: Standard, text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        in_cell(standard, "到位资金", text)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert (problem.position and problem.position.line) == 2
    if code == "E539":
        assert problem.hint("zh") == "每项一行，例如：中央：100万元"


@pytest.mark.parametrize("text", ["2023-01\n2023年2月", "2023-01、2023-02", "202301，2023.2"])
def test_a_cell_of_months(standard: Standard, text: str) -> None:
    declarations = in_cell(standard, "月报", text).declarations
    assert declarations["monthly_reports"].entries[None].words == ("2023-01", "2023-02")


@pytest.mark.parametrize(
    ("text", "code"), [("2023-01\n二月", "E538"), ("二月", "E535"), ("2023-01、2023-1", "E536")]
)
def test_a_cell_that_holds_no_months(standard: Standard, text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        in_cell(standard, "月报", text)
    assert codes(caught.value.problems) == [code]


# Contacts


def contact(standard: Standard, text: str) -> tuple[Contact, tuple[str, str] | None]:
    submission = read(standard, f"{HEAD}信息联络员: {text}\n")
    found = submission.declarations["contact"].entries[None].value
    assert isinstance(found, Contact)
    return found, submission.contact


def test_contacts(standard: Standard) -> None:
    assert contact(standard, "{姓名: 张三, 电话: 0349-1}") == (
        Contact("张三", "0349-1"),
        ("张三", "0349-1"),
    )
    assert contact(standard, "{name: 张三}") == (Contact("张三", ""), ("张三", ""))
    assert contact(standard, "{电话: 1, 姓名: 无}") == (Contact("", "1", True), ("", "1"))
    assert contact(standard, "{姓名: 无}") == (Contact("", "", True), None)
    for none in ("无", "否", "{值: 无}", "{姓名: 无, 电话: 无}"):
        assert contact(standard, none) == (Contact("", "", True), None)
    assert contact(standard, "{值: {姓名: 张三}, 佐证: []}") == (Contact("张三", ""), ("张三", ""))


@pytest.mark.parametrize("blank", ["", "{}", "{姓名: , 电话: }", "{值: {姓名: }}"])
def test_a_blank_contact(standard: Standard, blank: str) -> None:
    submission = read(standard, f"{HEAD}信息联络员: {blank}\n")
    assert (submission.contact, submission.declarations) == (None, {})


def test_a_contact_with_details(standard: Standard) -> None:
    record = "核查: {结果: 核减, 核定值: {姓名: 李四, 电话: 2}, 核查人: 王五}"
    submission = read(standard, f"{HEAD}信息联络员: {{姓名: 张三, 电话: 1, 备注: x, {record}}}\n")
    declaration = submission.declarations["contact"]
    assert declaration.entries[None].value == Contact("张三", "1")
    assert declaration.in_force[None].value == Contact("李四", "2")
    assert declaration.note == "x"
    assert submission.contact == ("李四", "2")


def test_what_is_no_name_and_no_phone(standard: Standard) -> None:
    # A phone that is a number says enough, a name that is one does not.
    assert contact(standard, "{电话: 2020}")[0] == Contact("", "2020")
    found = problems(standard, f"{HEAD}信息联络员: {{姓名: 2020, 电话: 暂无}}\n")
    assert codes(found) == ["E544", "E544"]
    assert [it.message("zh") for it in found] == ["“2020”不是姓名。", "“暂无”不是电话。"]


def test_a_contact_is_a_fact_whatever_a_standard_calls_it(parts: Standard) -> None:
    submission = read(parts, f"{PARTS}信息联络员: {{姓名: 张三, 电话: 1}}\n")
    assert submission.contact == ("张三", "1")
    assert submission.declarations["person"].entries[None].value == Contact("张三", "1")
    (problem,) = problems(parts, f"{PARTS}指标:\n  联络员: 无\n")
    assert (problem.code, problem.hint("zh")[-8:]) == ("E311", "信息联络员: 无")


def test_a_contact_by_a_standard_that_asks_for_none() -> None:
    tiny = load_standard(str(ROOT / "tests" / "data" / "tiny.yaml"))
    text = "标准: tiny\n县: 甲县\n乡村e镇: 甲县甲镇\n数据截止日期: 2023-06-30\n"
    submission = read(tiny, f"{text}信息联络员: {{姓名: 张三}}\n")
    assert (submission.contact, submission.declarations) == (("张三", ""), {})
    assert read(tiny, f"{text}信息联络员: 无\n").contact is None
    assert codes(problems(tiny, f"{text}信息联络员: 张三\n")) == ["E305"]
    assert codes(problems(tiny, f"{text}资金台账: 台账.csv\n")) == ["E301"]
    assert codes(problems(tiny, f"{text}指标:\n  资金台账: 台账.csv\n")) == ["E501"]


# Ledgers


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """Return a folder with ledgers: one of two rows, one of a single row, and one with mistakes."""
    (tmp_path / "台账").mkdir()
    for name, rows in (
        ("台账.csv", [{"amount": "2"}, {"amount": "3", "source": "中央"}]),
        ("台账/新.csv", [{}]),
        ("坏.csv", [{"amount": "许多"}, {"category": "吃饭"}]),
    ):
        (tmp_path / name).write_text(ledger_text(rows), "utf-8")
    return tmp_path


def ledger_of(submission: Submission) -> Ledger:
    found = submission.ledger("fund_ledger")
    assert found is not None
    return found


def file_of(accounts: Path) -> str:
    return str(accounts / "f.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "资金台账: 台账.csv\n",
        "fund_ledger: ./台账.csv\n",
        "资金台账: {值: 台账/../台账/新.csv}\n",
        "指标:\n  资金台账: '台账\\新.csv'\n",
        "指标: {fund_ledger: {value: 台账.csv, note: x}}\n",
    ],
)
def test_a_ledger_is_read(standard: Standard, accounts: Path, text: str) -> None:
    if ".." in text:
        assert codes(problems(standard, HEAD + text, file_of(accounts))) == ["E521"]
        return
    submission = read(standard, HEAD + text, file_of(accounts))
    ledger = ledger_of(submission)
    assert ledger.rows == (2 if "新" not in text else 1)
    entry = submission.declarations["fund_ledger"].entries[None]
    # It is known by the name that it was given.
    assert submission.ledgers == {entry.names[0]: ledger}
    assert os.path.samefile(ledger.path, accounts / entry.names[0].replace("\\", "/"))


def test_a_verified_ledger_is_another(standard: Standard, accounts: Path) -> None:
    text = "资金台账: {值: 台账.csv, 佐证: 台账.csv, 核查: {结果: 核减, 核定值: 台账/新.csv}}\n"
    submission = read(standard, HEAD + text, file_of(accounts))
    assert ledger_of(submission).rows == 1
    assert {name: it.rows for name, it in submission.ledgers.items()} == {
        "台账.csv": 2,
        "台账/新.csv": 1,
    }


def test_a_ledger_is_read_once(
    standard: Standard, accounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    read_ledger = ledgers.read_ledger

    def counted(path: str, form: Any) -> Any:
        calls.append(path)
        return read_ledger(path, form)

    monkeypatch.setattr(ledgers, "read_ledger", counted)
    text = "资金台账: {值: 台账.csv, 核查: {结果: 核减, 核定值: 台账.csv}}\n"
    submission = read(standard, HEAD + text, file_of(accounts))
    assert calls == [str(accounts / "台账.csv")]
    # Where it was read before, its file need not be there.
    source = source_of("elsewhere/f.yaml", (HEAD + text).encode())
    again = read_submission(source, standard, ledgers=submission.ledgers)
    assert again.ledgers == submission.ledgers
    assert len(calls) == 1


def test_all_is_told_of_a_data_file_and_its_ledger(standard: Standard, accounts: Path) -> None:
    text = f"{HEAD}资金台账: {{值: 坏.csv, 备注: x, 核查: {{结果: 核减, 核定值: 坏.csv}}}}\n指标:\n  总投资规模: 3\n"
    found = problems(standard, text, file_of(accounts))
    # Neither what follows of it nor what was told is told again.
    assert codes(found) == ["E503", "E863", "E861"]
    assert [it.path for it in found] == [file_of(accounts), *[str(accounts / "坏.csv")] * 2]
    assert found[0].line == "  总投资规模: 3"
    assert "许多" in (found[1].line or "")
    with pytest.raises(InputError) as caught:
        read(standard, text, file_of(accounts))
    assert caught.value.warnings == []


def test_the_order_of_a_workbook_leaves_its_ledger_s_mistakes(
    standard: Standard, accounts: Path
) -> None:
    content = workbook_of("指标 | 填写值\n总投资规模 | 约3亿元", {**FORM, "资金台账": "坏.csv"})
    path = str(accounts / "f.xlsx")
    with pytest.raises(InputError) as caught:
        read_submission(source_of(path, content), standard)
    found = caught.value.problems
    assert codes(found) == ["E528", "E863", "E861"]
    assert [os.path.basename(it.path) for it in found] == ["f.xlsx", "坏.csv", "坏.csv"]


def test_warnings_of_a_ledger_join_those_of_the_data_file(
    standard: Standard, accounts: Path
) -> None:
    ledger = accounts / "台账.csv"
    ledger.write_text(ledger.read_text("utf-8") + "说明,,,,,,\n", "utf-8")
    text = f"{HEAD}资金台账: 台账.csv\n指标:\n  总投资规模: {{值: 3亿元, 佐证: 没有.pdf}}\n"
    submission = read(standard, text, file_of(accounts))
    assert [(it.code, it.path) for it in submission.warnings] == [
        ("W102", file_of(accounts)),
        ("W352", str(ledger)),
    ]
    # They are told of a data file with errors, too.
    with pytest.raises(InputError) as caught:
        read(standard, f"{text}  主直播间: x\n", file_of(accounts))
    assert codes(list(caught.value.warnings)) == ["W102", "W352"]


def test_a_ledger_is_named_once(standard: Standard, accounts: Path) -> None:
    text = f"{HEAD}资金台账: 台账.csv\n指标:\n  fund_ledger: 台账/新.csv\n"
    (problem,) = problems(standard, text, file_of(accounts))
    assert (problem.code, problem.position) == ("E543", Position(7, 3))
    # A place that was left empty takes nothing away.
    for blank in (
        "资金台账:\n指标:\n  资金台账: 台账.csv\n",
        "资金台账: 台账.csv\n指标:\n  资金台账:\n",
    ):
        assert ledger_of(read(standard, HEAD + blank, file_of(accounts))).rows == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_ledger_outside_is_refused_unless_its_folder_is_named(
    standard: Standard, accounts: Path
) -> None:
    home = accounts / "县"
    home.mkdir()
    os.symlink("../台账.csv", home / "链接.csv")
    path = str(home / "f.yaml")
    for name in ("../台账.csv", "链接.csv", str(accounts / "台账.csv")):
        text = f"{HEAD}资金台账: {name}\n"
        assert codes(problems(standard, text, path)) == ["E521"]
        source = source_of(path, text.encode())
        if not name.startswith("/"):
            submission = read_submission(source, standard, evidence_root=str(accounts))
            assert ledger_of(submission).rows == 2


@pytest.mark.parametrize("name", ["没有.csv", "台账", "暂无", "台账.csv/x"])
def test_what_is_no_file_is_told_of_the_data_file(
    standard: Standard, accounts: Path, name: str
) -> None:
    (problem,) = problems(standard, f"{HEAD}资金台账: {name}\n", file_of(accounts))
    assert (problem.code, problem.path) == ("E542", file_of(accounts))
    assert problem.position == Position(5, 7)


def test_a_ledger_of_standard_input(
    standard: Standard, accounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(accounts)
    submission = read(standard, f"{HEAD}资金台账: 台账/新.csv\n", "-")
    assert ledger_of(submission).path == os.path.join("", "台账/新.csv")


def test_a_ledger_whatever_a_standard_calls_it(parts: Standard, tmp_path: Path) -> None:
    text = (
        ledger_text([{"category": "修路"}]).replace("资金来源", "来源").replace("支出类别", "类别")
    )
    (tmp_path / "账.csv").write_text(text, "utf-8")
    path = str(tmp_path / "f.yaml")
    for line in ("资金台账: 账.csv\n", "指标:\n  台账: 账.csv\n", "指标:\n  accounts: 账.csv\n"):
        found = read(parts, PARTS + line, path).ledger("accounts")
        assert found is not None
        assert found.rows == 1
    both = "资金台账: 账.csv\n指标:\n  台账: 账.csv\n"
    assert codes(problems(parts, PARTS + both, path)) == ["E543"]


def test_a_ledger_is_no_reference_data(standard: Standard, accounts: Path) -> None:
    file = accounts / "参考.yaml"
    file.write_text("资金台账: 台账.csv\n", "utf-8")
    with pytest.raises(InputError) as caught:
        load_reference(file, standard)
    assert codes(caught.value.problems) == ["E523"]


def test_every_new_kind_is_declared_by_its_example(standard: Standard, accounts: Path) -> None:
    from etown_check.howto import example

    for metric in standard.metrics.values():
        if metric.kind not in ("date", "months", "amounts", "contact", "ledger"):
            continue
        line = f"{metric.name.zh}: {example(metric)}\n"
        text = HEAD + (line if metric.is_fact else f"指标:\n  {line}")
        found: Mapping[str, Declaration] = read(standard, text, file_of(accounts)).declarations
        assert list(found) == [metric.key]


# Forms to fill in, and what is written of them


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_form_asks_for_every_kind(standard: Standard, lang: str) -> None:
    text = template(standard, standard.counties[0], lang)
    assert read(standard, text).declarations == {}
    lines = [line.partition("#")[0].rstrip() for line in text.splitlines()]
    for metric in standard.metrics.values():
        name = metric.key if lang == "en" else metric.name.zh
        assert lines.count(f"  {name}:") == (not metric.is_fact), name
    zh = {"contact": "信息联络员", "fund_ledger": "资金台账"}
    for fact, name in zh.items():
        assert lines.count(f"{fact if lang == 'en' else name}:") == 1
    at = lines.index("  funds_received:" if lang == "en" else "  到位资金:")
    assert lines[at + 1 : at + 6] == ["    中央:", "    省:", "    市:", "    县:", "    社会:"]


def test_a_form_tells_which_parts_may_be_left_empty(standard: Standard, parts: Standard) -> None:
    text = template(standard, standard.counties[0])
    assert text.count("可以都不填") == 4
    assert "信息联络员:    # 具体负责信息报送的人；填了就检查“信息报送”\n" in text
    assert "资金台账:    # 台账的文件名，例如：台账.csv；填了就检查“正文五 资金”\n" in text
    said = (
        "\n  # 以下是“正文五 资金”：可以都不填，填了一项就检查这一部分。\n"
        "  # ── 正文五 资金 · （二）资金拨付 ──\n  # F2.1"
    )
    assert said in text
    assert "\n  # ── 一、科学谋划布局 ──\n" in text
    always = {id: it._replace(default=True) for id, it in parts.parts.items()}
    text = template(parts._replace(parts=always), parts.counties[0])
    assert "填了" not in text.replace("填了一项", "")
    assert "资金台账:    # 台账的文件名，例如：台账.csv\n" in text


def test_a_form_of_a_standard_without_a_ledger_has_none() -> None:
    tiny = load_standard(str(ROOT / "tests" / "data" / "tiny.yaml"))
    assert "台账" not in template(tiny, tiny.counties[0])


def test_a_form_is_filled_in_by_its_examples(standard: Standard, accounts: Path) -> None:
    """What is shown beside a metric can be put in its place as it stands."""
    text = template(standard, standard.counties[0])
    for name, shown in (
        ("启动日期", "2022-11-15"),
        ("月报", "[2022-11, 2022-12, 2023-01]"),
        ("验收方式", "[资料核查, 现场核实]"),
    ):
        assert f"# 写法：{shown}\n  {name}:\n" in text
        text = text.replace(f"  {name}:\n", f"  {name}: {shown}\n")
    text = text.replace("    中央:\n", "    中央: 100万元\n").replace("  电话:\n", "  电话: 1\n")
    text = text.replace("资金台账:", "资金台账: 台账.csv")
    found = read(standard, text, file_of(accounts)).declarations
    assert sorted(found) == [
        *("acceptance_methods", "contact", "fund_ledger"),
        *("funds_received", "monthly_reports", "started_on"),
    ]


def test_a_data_file_is_written_by_its_parts(standard: Standard, accounts: Path) -> None:
    lines = (
        f"{HEAD}信息联络员: {{姓名: 张三, 电话: 无, 备注: x}}\n"
        "指标:\n  资金台账: {值: ./台账.csv, 核查: {结果: 属实}}\n"
        "  月报: 2023年1月\n  到位资金: {省: 1,000元, 中央: 3万元}\n  建成日期: 2023年12月1日\n"
        "  培育方案: 有\n"
    ).replace("1,000元", "'1,000元'")
    submission = read(standard, lines, file_of(accounts))
    assert written(standard, submission).partition("验收年度: 2023\n")[2] == (
        "信息联络员: {姓名: 张三, 电话: 无, 备注: x}\n"
        "资金台账:\n"
        "  值: ./台账.csv\n"
        "  核查: {结果: 属实}\n"
        "\n"
        "指标:\n"
        "  # ── 一、科学谋划布局 ──\n"
        "  培育方案: 有\n"
        "\n"
        "  # ── 项目管理 · （一）进度安排 ──\n"
        "  建成日期: 2023-12-01\n"
        "\n"
        "  # ── 正文五 资金 · （二）资金拨付 ──\n"
        "  到位资金: {中央: 3万元, 省: 1000元}\n"
        "\n"
        "  # ── 信息报送 · （二）做好统计和信息报送 ──\n"
        "  月报: [2023-01]\n"
    )


def test_a_folder_of_months_is_written_as_its_months(standard: Standard, folder: Path) -> None:
    path = str(folder / "f.yaml")
    text = metrics("月报: 月报/  # 每月")
    before = read(standard, text, path)
    assert "  月报: [2023-01, 2023-02, 2023-03, 2023-04]\n" in written(standard, before)
    # Where the folder says the same, its name stays.
    other = read(standard, metrics("月报: [2023-01, 2023-02, 2023-03, 2023-04]"), path)
    assert updated(text, standard, before, other) == text
    (folder / "月报" / "2023-05.docx").touch()
    now = read(standard, text, path)
    assert updated(text, standard, now, other) == text.replace(
        "月报/", "[2023-01, 2023-02, 2023-03, 2023-04]"
    )
    with pytest.raises(NotWritten):
        checked(text, standard, before, None)


CHANGES = [
    ("资金台账: 台账.csv  # 甲\n", "资金台账: 台账/新.csv\n", "资金台账: 台账/新.csv  # 甲\n"),
    (
        "资金台账: {值: 台账.csv}\n",
        "资金台账: {值: 台账.csv, 备注: x}\n",
        "资金台账: {值: 台账.csv, 备注: x}\n",
    ),
    (
        "资金台账: 台账.csv\n",
        "资金台账: {值: 台账.csv, 核查: {结果: 核减, 核定值: 台账/新.csv}}\n",
        "资金台账:\n  值: 台账.csv\n  核查: {结果: 核减, 核定值: 台账/新.csv}\n",
    ),
    ("资金台账: 台账.csv\n", "", ""),
    ("资金台账:\n", "资金台账: 台账.csv\n", "资金台账: 台账.csv\n"),
    ("", "资金台账: 台账.csv\n", "资金台账: 台账.csv\n"),
    # Under 指标 it is changed where it stands.
    (
        "指标:\n  资金台账: 台账.csv  # 甲\n",
        "资金台账: {值: 台账/新.csv, 备注: x}\n",
        "指标:\n  资金台账:\n    值: 台账/新.csv  # 甲\n    备注: x\n",
    ),
    (
        "资金台账:\n指标:\n  资金台账:\n",
        "资金台账: 台账.csv\n",
        "资金台账: 台账.csv\n指标:\n  资金台账:\n",
    ),
    (
        "资金台账:\n指标:\n  资金台账: 台账.csv\n",
        "资金台账: 台账/新.csv\n",
        "资金台账:\n指标:\n  资金台账: 台账/新.csv\n",
    ),
    # Contacts: by parts, and where there is none.
    (
        "信息联络员: {姓名: 张三, 电话: 1}  # 甲\n",
        "信息联络员: {姓名: 张三, 电话: 2}\n",
        "信息联络员: {姓名: 张三, 电话: 2}  # 甲\n",
    ),
    (
        "信息联络员:\n  # 甲\n  姓名: 张三\n  电话:\n",
        "信息联络员: {姓名: 张三, 电话: 无, 备注: x}\n",
        "信息联络员:\n  # 甲\n  姓名: 张三\n  电话: 无\n  备注: x\n",
    ),
    (
        "信息联络员: {值: {姓名: 张三}, 备注: x}\n",
        "信息联络员: 无\n",
        "信息联络员: {值: {姓名: 无, 电话: 无}}\n",
    ),
    (
        "信息联络员: 无\n",
        "信息联络员: {姓名: 张三}\n",
        "信息联络员:\n  姓名: 张三\n  电话:\n",
    ),
    (
        "信息联络员: {姓名: 无}\n",
        "信息联络员: {姓名: 张三, 电话: 无}\n",
        "信息联络员: {姓名: 张三, 电话: 无}\n",
    ),
    ("信息联络员: {姓名: 张三}\n", "", ""),
    # Amounts and months, word by word.
    (
        "指标:\n  到位资金:\n    社会: 5元  # 甲\n    省: 1元\n",
        "指标: {到位资金: {中央: 2元, 社会: 5元, 省: 3元}}\n",
        "指标:\n  到位资金:\n    中央: 2元\n    社会: 5元  # 甲\n    省: 3元\n",
    ),
    (
        "指标:\n  到位资金: {值: {中央: 1元}, 备注: x}\n",
        "指标: {到位资金: {中央: 2元}}\n",
        "指标:\n  到位资金: {值: {中央: 2元}}\n",
    ),
    (
        "指标:\n  到位资金: {中央: 1元, 省: 2元}\n",
        "指标: {到位资金: {值: {省: 2元}, 备注: x}}\n",
        "指标:\n  到位资金:\n    值: {省: 2元}\n    备注: x\n",
    ),
    (
        "指标:\n  月报:\n  - 2023年2月  # 甲\n  - 2023年1月\n",
        "指标: {月报: [2023-02, 2023-01, 2023-03]}\n",
        "指标:\n  月报:\n  - 2023年2月  # 甲\n  - 2023年1月\n  - 2023-03\n",
    ),
    (
        "指标:\n  月报: [2023-03, 2023年2月, 202301]\n",
        "指标: {月报: [2023-04, 2023-02, 2022-12, 2023-01]}\n",
        "指标:\n  月报: [2023年2月, 202301, 2022-12, 2023-04]\n",
    ),
    ("指标:\n  月报: [2023-03, 2023-02]\n", "指标: {月报: 无}\n", "指标:\n  月报: 无\n"),
    (
        "指标:\n  月报: [2023-03, 2023-02]  # 甲\n",
        "指标: {月报: [2023-02, 2023-03]}\n",
        "指标:\n  月报: [2023-03, 2023-02]  # 甲\n",
    ),
    (
        "指标:\n  启动日期: 2022年11月1日  # 甲\n",
        "指标: {启动日期: 2022-11-02}\n",
        "指标:\n  启动日期: 2022-11-02  # 甲\n",
    ),
]


@pytest.mark.parametrize(("text", "other", "expected"), CHANGES)
def test_what_differs_is_changed_alone(
    standard: Standard, accounts: Path, text: str, other: str, expected: str
) -> None:
    path = file_of(accounts)
    before, after = read(standard, HEAD + text, path), read(standard, HEAD + other, path)
    assert updated(HEAD + text, standard, before, after).removeprefix(HEAD) == expected


def test_keys_in_the_other_language(standard: Standard, accounts: Path) -> None:
    text = (
        "信息联络员: {值: {姓名: 张三}, 核查: {结果: 核减, 核定值: {姓名: 李四}}}\n"
        "资金台账: {值: 台账.csv, 备注: x}\n"
        "指标: {到位资金: {值: {中央: 1元}}, 月报: {值: 无}}\n"
    )
    submission = read(standard, HEAD + text, file_of(accounts))
    assert translated(HEAD + text, standard, submission, "en").splitlines()[4:] == [
        "contact: {value: {name: 张三}, verified: {result: 核减, value: {name: 李四}}}",
        "fund_ledger: {value: 台账.csv, note: x}",
        "metrics: {funds_received: {value: {中央: 1元}}, monthly_reports: {value: 无}}",
    ]
    # A record of its own is written in the language of the file.
    new = written(standard, submission, "en")
    verified = "  verified:\n    result: adjusted\n    value:\n      name: 李四\n      phone:\n"
    assert f"contact:\n  name: 张三\n  phone:\n{verified}" in new
