"""The workbook that a county fills in: what stands where, and what an office program makes of it."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import example, given, settings
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from etown_check.constraints import requirement
from etown_check.limits import MAX_TEXT
from etown_check.loading import read_submission, source_of
from etown_check.problems import InputError
from etown_check.standard import metrics_of
from etown_check.store import load_standard
from etown_check.template import template
from etown_check.usage import UsageError
from etown_check.words import Text, render
from etown_check.workbooks.columns import COLUMNS
from etown_check.workbooks.filling import list_content
from etown_check.workbooks.layout import layout, sheet_names
from etown_check.workbooks.writing import HEADER_ROW, workbook
from tests.command import COMMAND, environment, run
from tests.conftest import EXAMPLES, ROOT, read, submit
from tests.office import needs_office, pages_of, stream_of, tables_of, to_pdf
from tests.submissions import STANDARD, bare, data_files, equal

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

    from etown_check.standard import Standard
    from etown_check.submission import Submission

COUNTIES = tuple(county.name for county in STANDARD.counties)


def book_of(
    standard: Standard,
    county: str = "怀仁市",
    lang: str = "zh",
    submission: Submission | None = None,
) -> Workbook:
    """Return the workbook of a county as openpyxl reads it."""
    found = standard.county(county)
    assert found is not None
    return openpyxl.load_workbook(io.BytesIO(workbook(standard, found, lang, submission)))


def place(book: Workbook, metric: str, column: str) -> tuple[Worksheet, Cell]:
    """Return the cell of `metric` in the column with this header, and its sheet."""
    for sheet in book.worksheets[2:]:
        headers = [cell.value for cell in sheet[HEADER_ROW]]
        for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
            if row[headers.index(COLUMNS["metric"].zh)].value == metric:
                found = row[headers.index(column)]
                assert isinstance(sheet, Worksheet)
                assert isinstance(found, Cell)
                return sheet, found
    raise AssertionError(metric)


def cell(book: Workbook, metric: str, column: str) -> Cell:
    return place(book, metric, column)[1]


def again(standard: Standard, submission: Submission, lang: str = "zh") -> Submission:
    """Write a submission as a workbook and read it."""
    content = workbook(standard, submission.county, lang, submission)
    path = str(Path(submission.path).parent / "test.xlsx")  # beside what it names
    return read_submission(source_of(path, content), standard)


@pytest.mark.parametrize("county", COUNTIES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_metric_has_a_row_with_all_that_is_required(
    standard: Standard, county: str, lang: str
) -> None:
    book = book_of(standard, county, lang)
    found = standard.county(county)
    assert found is not None
    rows: dict[str, tuple[list[str], str, str]] = {}
    for sheet in book.worksheets[2:]:
        headers = [cell.value for cell in sheet[HEADER_ROW]]
        assert headers[:3] == [render(COLUMNS[key], lang) for key in ("id", "metric", "required")]
        for line in sheet.iter_rows(min_row=HEADER_ROW + 1, max_col=3):
            numbers, name, words = (str(it.value or "") for it in line)
            comment = line[1].comment
            assert comment is not None
            assert name not in rows
            rows[name] = (numbers.split("\n"), words, comment.text)
    metrics = [it for it in standard.metrics.values() if not it.is_fact]
    assert set(rows) == {render(it.name, lang) for it in metrics}
    for item, check in standard.checks:
        subject = standard.metrics[metrics_of(check.constraint)[0]]
        if subject.is_fact:
            continue  # it stands on the sheet of facts
        ids, required, remark = rows[render(subject.name, lang)]
        assert check.id in ids
        if check.only is not None and found.demonstration != (check.only == "demonstration"):
            assert "本县不适用" in required or "does not apply" in required
            continue
        assert render(requirement(check.constraint, standard, found.tier), lang) in required
        assert f"{check.id} “{check.quotes[found.tier]}”" in remark
        assert item.where in remark


def test_only_what_is_asked_for_may_be_filled_in(standard: Standard) -> None:
    book = book_of(standard)
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert not sheet.protection.formatRows  # not kept from it
        assert not sheet.protection.formatColumns
    county = standard.counties[0]
    for content in layout(standard, county).sheets:
        sheet = book[content.name]
        for row, line in zip(content.rows, sheet.iter_rows(min_row=HEADER_ROW + 1), strict=True):
            open_cells = {
                key
                for key, it in zip(content.columns, line, strict=True)
                if not it.protection.locked
            }
            assert open_cells == row.fields
    assert cell(book, "区域公用品牌展会", "填写值").protection.locked
    assert not cell(book, "区域公用品牌展会", "2022年").protection.locked
    assert cell(book, "总产值增长率", "2021年").protection.locked
    assert cell(book, "线上宣传矩阵", "单位").protection.locked
    assert not cell(book, "总产值", "2021年").protection.locked
    facts = {row[0].value: row[1] for row in book["基本信息"].iter_rows(min_row=2)}
    assert [name for name, it in facts.items() if it.protection.locked] == ["标准", "县", "乡村e镇"]
    assert facts["综合示范县"].value == "是"


def rule(book: Workbook, metric: str, column: str) -> tuple[str | None, str | None, bool, str]:
    """Return the rule of a cell: its type and formula, whether it is strict, what is said."""
    sheet, found = place(book, metric, column)
    for it in sheet.data_validations.dataValidation:
        if found.coordinate in it.sqref:
            assert len(it.prompt or "") <= 255
            assert len(it.formula1 or "") <= 255
            return it.type, it.formula1, bool(it.showErrorMessage), it.prompt or ""
    raise AssertionError(metric)


def test_cells_offer_what_may_be_written(standard: Standard) -> None:
    book = book_of(standard)
    assert rule(book, "集中连片", "填写值")[:3] == ("list", '"是,否"', True)
    assert rule(book, "培育方案", "填写值")[:3] == ("list", '"有,无"', False)
    assert rule(book, "领导小组牵头人", "填写值")[:3] == (
        "list",
        '"县委主要负责同志,政府主要负责同志,其他"',
        True,
    )
    assert rule(book, "金融服务网点", "单位")[1] == '"家,个"'
    assert rule(book, "总产值", "单位")[1] == '"元,万元,亿元"'
    assert rule(book, "总产值", "核查结果")[1] == '"属实,核减,不实"'
    assert rule(book, "总产值", "核查日期")[0] == "date"
    assert rule(book, "培育方案", "成文日期")[0] == "date"
    kind, _, _, said = rule(book, "平台功能", "填写值")
    assert kind is None
    assert "信息共享服务、金融服务、智能物流服务" in said
    assert "印发的培育方案及印发文号" in rule(book, "培育方案", "佐证材料")[3]
    assert "2022: " in rule(book, "宣传活动", "核定值")[3]
    english = book_of(standard, lang="en")
    assert english["Facts"]["A2"].value == "standard"
    results = {
        it.formula1
        for it in english.worksheets[2].data_validations.dataValidation
        if it.type == "list"
    }
    assert '"confirmed,adjusted,rejected"' in results


def test_units_are_those_of_the_thresholds(standard: Standard) -> None:
    book = book_of(standard)
    usual = {
        "总产值": "亿元",
        "网络零售额": "万元",
        "税收目标": "万元",  # its threshold is 0元
        "规划用地面积": "平方公里",
        "总产值增长率": "%",
        "全市总产值增长率": "%",
        "培育方案": None,
    }
    for metric, unit in usual.items():
        column = "单位" if unit else "文号"
        assert cell(book, metric, column).value == unit, metric


def test_what_does_not_apply_says_so(standard: Standard) -> None:
    assert cell(book_of(standard, "山阴县"), "统筹使用培训中心", "要求").value == "本县不适用"
    assert cell(book_of(standard, "右玉县"), "统筹使用培训中心", "要求").value == "是"
    optional = cell(book_of(standard), "总产值增长率", "要求").value
    assert optional == "可不填；填了就以它为准"


# Values


def test_numbers_stand_as_numbers_where_they_survive(standard: Standard) -> None:
    submission = submit(
        standard,
        {
            "total_output": {"2022": "1.9亿元", "2023": "23000万元"},
            "online_retail_sales": {"2022": "4600.05万元", "2023": "5300万元"},
            "total_investment": "1234567890123456元",
            "attracted_capital": "123456789012345元",
            "total_output_growth": {"2023": "-9.95%"},
            "planned_land_area": "930亩",
        },
    )
    book = book_of(standard, submission=submission)
    assert (cell(book, "总产值", "2022年").value, cell(book, "总产值", "2023年").value) == (
        "1.9亿元",
        "23000万元",
    )
    assert cell(book, "总产值", "单位").value is None
    assert cell(book, "网络零售额", "2022年").value == 4600.05
    assert cell(book, "网络零售额", "单位").value == "万元"
    assert cell(book, "总投资规模", "填写值").value == "1234567890123456元"
    assert cell(book, "招商资金", "填写值").value == 123456789012345
    growth = cell(book, "总产值增长率", "2023年")
    assert (growth.value, growth.quotePrefix) == (-9.95, False)
    assert cell(book, "规划用地面积", "单位").value == "亩"
    assert equal(again(standard, submission), submission)


def test_digits_are_written_as_they_are(standard: Standard) -> None:
    # The number nearest to 9.95 that a cell of binary digits can hold is below it.
    submission = submit(standard, {"planned_land_area": "9.95平方公里"})
    content = workbook(standard, submission.county, "zh", submission)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
    assert sum(b"<v>9.95</v>" in sheet for sheet in sheets) == 1


def test_a_single_name_with_a_mark_stays_one(standard: Standard) -> None:
    assert list_content(["甲、乙"]).text == "甲、乙\n"
    assert list_content(["甲（丙、丁）"]).text == "甲（丙、丁）"
    assert list_content(["甲、乙", "丙"]).text == "甲、乙\n丙"
    assert list_content(["甲\n乙"]).text == "甲 乙"
    assert list_content(["甲\n乙"]).lost == ("U+000A",)
    submission = submit(standard, {"own_brands": ["甲、乙"], "regional_brands": ["甲；乙", "丙"]})
    assert equal(again(standard, submission), submission)


def test_verified_values_of_several_years(standard: Standard) -> None:
    submission = submit(
        standard,
        {
            "publicity_activities": {
                "value": {"2022": ["甲", "乙"], "2023": "12次"},
                "verified": {
                    "result": "核减",
                    "value": {"2022": ["甲、乙"], "2023": ["甲", "丙"]},
                    "by": "李四",
                    "date": "2024-03-01",
                    "opinion": "一家\n重复",
                },
            }
        },
    )
    book = book_of(standard, submission=submission)
    assert cell(book, "宣传活动", "核定值").value == "2022: 甲、乙\n\n2023: 甲\n丙"
    assert cell(book, "宣传活动", "核查日期").is_date
    assert cell(book, "宣传活动", "核查意见").value == "一家\n重复"
    assert equal(again(standard, submission), submission)


@pytest.mark.parametrize("name", ["huairen", "huairen.en", "shanyin", "yingxian", "youyu"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_examples_come_back_as_they_were(standard: Standard, name: str, lang: str) -> None:
    path = str(EXAMPLES / f"{name}.yaml")
    submission = read(standard, (EXAMPLES / f"{name}.yaml").read_text("utf-8"), path)
    assert not list(layout(standard, submission.county, lang, submission).lost)
    assert equal(again(standard, submission, lang), submission)


@pytest.mark.parametrize(
    "names", [["58同城"], ["三只松鼠"], ["众多网"], ["甲、乙"], ["约克百货"], ["详见商贸"], ["甲"]]
)
def test_one_name_alone_stays_a_name(standard: Standard, names: list[str]) -> None:
    """Some names look like a number, a remark or a list when they stand in a cell by themselves."""
    submission = submit(standard, {"leading_ecommerce_enterprises": names})
    assert equal(again(standard, submission), submission)


def test_a_long_list_of_names(standard: Standard) -> None:
    names = [f"示例电子商务有限责任公司第{number}分公司" for number in range(600)]
    assert sum(map(len, names)) > 2 * MAX_TEXT
    submission = submit(standard, {"leading_ecommerce_enterprises": names})
    assert equal(again(standard, submission), submission)


@given(text=data_files(hidden=False))
@settings(max_examples=25)
def test_any_data_file_comes_back_as_it_was(text: str) -> None:
    submission = read(STANDARD, text)
    lost = list(layout(STANDARD, submission.county, "zh", submission).lost)
    came_back = bare(again(STANDARD, submission))
    for key, declaration in bare(submission).declarations.items():
        name = STANDARD.metrics[key].name.zh
        if not any(it.name == name for it in lost):
            assert came_back.declarations[key] == declaration


def rows_of(key: str) -> set[str]:
    """Return what the rows of a metric are named; a contact has two."""
    if STANDARD.metrics[key].kind == "contact":
        return {"信息联络员姓名", "信息联络员电话"}
    return {STANDARD.metrics[key].name.zh}


HIDDEN_IN_A_NAME = """\
标准: shuozhou-2022
县: 怀仁市
乡村e镇: 怀仁市陶瓷e镇
数据截止日期: "2022-01-01"
信息联络员:
  姓名: "怀仁陶瓷\\u200b"
"""


@given(text=data_files(hidden=True))
@example(HIDDEN_IN_A_NAME)
@settings(max_examples=15)
def test_what_cannot_be_written_is_told(text: str) -> None:
    submission = read(STANDARD, text)
    lost = {it.name for it in layout(STANDARD, submission.county, "zh", submission).lost}
    try:
        came_back = bare(again(STANDARD, submission))
    except InputError:  # what is left of a name may be the name before it, or none
        assert lost
        return
    for key, declaration in bare(submission).declarations.items():
        if came_back.declarations.get(key) != declaration:
            assert lost & rows_of(key)


HOSTILE = {
    "own_brands": ["=甲+1", "+乙", "-丙", "@SUM(A1)", "＝甲", "_x0041_", "#REF!", "<b>&amp;</b>"],
    "regional_brands": ["'甲"],
    "brand_rules": {
        "value": '=HYPERLINK("http://example.org","点我")',
        "evidence": ["佐证/=1.pdf"],
        "note": "=cmd|' /C calc'!A0",
    },
}


def test_text_is_never_a_formula(standard: Standard) -> None:
    submission = submit(standard, HOSTILE)
    book = book_of(standard, submission=submission)
    cells = [it for sheet in book.worksheets for row in sheet.iter_rows() for it in row]
    assert not [it.coordinate for it in cells if it.data_type in ("f", "e")]
    assert cell(book, "区域公用品牌运行和管理制度", "填写值").quotePrefix
    assert cell(book, "小而美自主品牌", "填写值").quotePrefix
    assert not cell(book, "网货产品", "填写值").quotePrefix
    assert equal(again(standard, submission), submission)


def test_what_hides_is_left_out_and_told(standard: Standard) -> None:
    submission = submit(
        standard,
        {
            "own_brands": ["甲\u202e乙", "丙"],
            "brand_rules": {"value": "\u202e办法", "note": "一\n二\t三"},
        },
        contact={"name": "李\u202e四", "phone": "1"},
    )
    form = layout(standard, submission.county, "zh", submission)
    section = "五、打造区域公用品牌"
    assert [tuple(it) for it in form.lost] == [
        ("基本信息", "信息联络员姓名", "填写", "U+202E"),
        (section, "小而美自主品牌", "填写值", "U+202E"),
        (section, "区域公用品牌运行和管理制度", "填写值", "U+202E"),
        (section, "区域公用品牌运行和管理制度", "备注", "U+0009"),
    ]
    book = book_of(standard, submission=submission)
    assert cell(book, "小而美自主品牌", "填写值").value == "甲乙\n丙"
    assert cell(book, "区域公用品牌运行和管理制度", "备注").value == "一\n二 三"


def test_the_details_of_a_verified_document_are_told(standard: Standard) -> None:
    value = {"title": "办法", "number": "怀发〔2023〕1号", "date": "2023-02-01"}
    verified = {"result": "核减", "value": value, "by": "李四", "date": "1899-01-01"}
    submission = submit(standard, {"brand_rules": {"value": "办法", "verified": verified}})
    form = layout(standard, submission.county, "zh", submission)
    assert [it.what for it in form.lost] == ["怀发〔2023〕1号", "2023-02-01"]
    book = book_of(standard, submission=submission)
    assert cell(book, "区域公用品牌运行和管理制度", "核定值").value == "办法"
    assert cell(book, "区域公用品牌运行和管理制度", "核查日期").value == "1899-01-01"


def test_what_no_cell_can_hold_is_refused(standard: Standard) -> None:
    names = [f"{number}{'甲' * (MAX_TEXT - 10)}" for number in range(9)]
    submission = submit(standard, {"own_brands": names})
    with pytest.raises(UsageError) as caught:
        workbook(standard, submission.county, "zh", submission)
    assert "“小而美自主品牌”" in caught.value.text.zh
    assert "32767" in caught.value.text.en


# Names and choices that Excel does not take


def test_sheets_have_names_that_excel_takes() -> None:
    long = "十六、" + "创" * 40
    names = sheet_names(["一/二", "一:二", "'甲'", "[]", long, long, "Sheet", "sheet"])
    assert names[:4] == ["一 二", "一 二-2", "甲", "-"]
    assert [len(name) for name in names[4:6]] == [31, 31]
    assert len({name.lower() for name in names}) == len(names)


def test_words_that_no_list_can_hold_are_not_offered_as_one(standard: Standard) -> None:
    head = standard.metrics["leading_group_head"]
    for words in (
        ("甲,乙", "丙"),
        ('甲"', "乙"),
        tuple(f"第{number}种情形" for number in range(60)),
    ):
        metrics = {**standard.metrics, head.key: head._replace(vocabulary=words)}
        book = book_of(standard._replace(metrics=metrics))
        kind, formula, _, said = rule(book, head.name.zh, "填写值")
        assert (kind, formula) == (None, None)
        assert words[0] in said


def test_metrics_that_no_check_needs_have_a_sheet_of_their_own() -> None:
    tiny = load_standard(str(ROOT / "tests" / "data" / "tiny.yaml"))
    metric = tiny.metrics["shops"]._replace(key="unasked", name=Text("闲置商铺", "Idle shops"))
    extended = tiny._replace(metrics={**tiny.metrics, metric.key: metric})
    form = layout(extended, tiny.counties[0])
    assert form.sheets[-2].name == "其他指标"
    assert form.sheets[-2].rows[-1].required == ("可不填",)
    assert "  闲置商铺:" in template(extended, tiny.counties[0])
    names = [row.metric.key for sheet in form.sheets for row in sheet.rows]
    assert sorted(names) == sorted(extended.metrics)


# The command


def test_the_command_writes_what_can_be_checked(tmp_path: Path) -> None:
    ran = run("workbook", "怀仁", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert "已生成 怀仁市.xlsx" in ran.err
    checked = run("validate", "怀仁市.xlsx", "--format", "json", cwd=tmp_path)
    assert checked.code == 4
    assert checked.json["errors"] == []
    statuses = {item["status"] for item in checked.json["reports"][0]["items"]}
    assert statuses == {"missing", "not_due"}
    assert run("workbook", "huairen", "--lang", "en", cwd=tmp_path).code == 0
    assert (tmp_path / "huairen.xlsx").exists()


def test_the_command_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "怀仁.xlsx"
    path.write_text("mine", "utf-8")
    ran = run("workbook", "怀仁市", "-o", path)
    assert ran.code == 2
    assert "已经存在" in ran.err
    assert path.read_text("utf-8") == "mine"


def test_what_the_command_refuses(tmp_path: Path) -> None:
    wrong = run("workbook", "平鲁区", cwd=tmp_path)
    assert wrong.code == 2
    assert "workbook 没有“平鲁区”" in wrong.err
    ending = run("workbook", "怀仁市", "-o", "怀仁.xls", cwd=tmp_path)
    assert ending.code == 2
    assert ".xlsx" in ending.err
    assert not list(tmp_path.iterdir())


def test_the_same_bytes_each_time(standard: Standard) -> None:
    made = {
        subprocess.run(
            [COMMAND, "workbook", "应县", "-o", "-"],
            capture_output=True,
            check=True,
            env=environment(PYTHONHASHSEED=seed, TZ=zone, SOURCE_DATE_EPOCH=""),
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    county = standard.county("应县")
    assert county is not None
    assert made == {workbook(standard, county)}


def test_a_filled_workbook_bears_the_date_of_its_data(standard: Standard) -> None:
    book = book_of(standard, submission=submit(standard, as_of="2024-06-30"))
    assert book.properties.modified == datetime(2024, 6, 30)  # noqa: DTZ001 - as it is read
    assert book_of(standard).properties.created.date() == standard.facts.issued_on


# What an office program makes of it


@needs_office
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_printed_sheet_shows_all_that_is_required(
    standard: Standard, tmp_path: Path, lang: str
) -> None:
    county = standard.counties[0]
    form = layout(standard, county, lang)
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook(standard, county, lang))
    pdf = to_pdf(path, tmp_path / "made")
    # A page for each, and for the two before them; other fonts may need one more here and there.
    assert 0 <= pages_of(pdf) - (2 + len(form.sheets)) <= 4
    pages = stream_of(pdf)
    for sheet in form.sheets:
        page = "".join(it for it in pages if _solid(sheet.title) in it)
        for row in sheet.rows:
            assert _solid(row.name) in page
            for line in row.required:
                assert _solid(line) in page


def _solid(text: str) -> str:
    return "".join(text.split())


@needs_office
def test_an_office_program_reads_text_as_text(standard: Standard, tmp_path: Path) -> None:
    submission = submit(standard, HOSTILE)
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook(standard, submission.county, "zh", submission))
    tables = tables_of(path, tmp_path / "made")
    rows = csv.reader(io.StringIO(tables["五、打造区域公用品牌"]))
    values = {row[1]: row for row in rows if len(row) > 3}
    assert values["小而美自主品牌"][3] == "\n".join(HOSTILE["own_brands"])
    assert values["区域公用品牌"][3] == "'甲"
    rules = HOSTILE["brand_rules"]
    assert isinstance(rules, dict)
    assert rules["value"] in values["区域公用品牌运行和管理制度"]
    assert rules["note"] in values["区域公用品牌运行和管理制度"]
