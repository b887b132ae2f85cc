"""What experts wrote into a checklist comes into the data file, as they wrote it, or not at all."""

from __future__ import annotations

import io
import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from etown_check.loading import load_submission
from etown_check.problems import InputError
from etown_check.quantities import Quantity
from etown_check.submission import ADJUSTED, CONFIRMED, REJECTED, Amounts, Contact
from etown_check.usage import UsageError
from etown_check.verifying import Verified, Wanted, verify
from etown_check.workbooks.checklist_form import RESULTS
from tests import office
from tests.checklists import DAY, DEFAULTS_ROW, HEAD_ROW, Form, blank_form, form_of, workbook_of
from tests.command import run
from tests.conftest import EXAMPLES, document, read
from tests.ledger_files import csv_of, row
from tests.office import needs_office
from tests.submissions import STANDARD, bare, data_files, texts

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.standard import Metric, Standard
    from etown_check.submission import Submission, Verification

HEAD = "标准: shuozhou-2022\n县: 怀仁市\n乡村e镇: 怀仁市陶瓷e镇\n数据截止日期: 2023-12-31\n"
DATA = f"""\
# 怀仁市
{HEAD}
指标:
  主导产业: [陶瓷]   # 一个
  总投资规模: 3.2亿元
  就业目标:
    值: 300人
    备注: 含季节工
  物流配送中心建筑面积: 420平方米
  总产值: {{2021: 1.7亿元, 2022: 2亿元, 2023: 2.3亿元}}
  大数据中心: 是
  培育方案: 怀仁市陶瓷e镇培育方案
"""


class Desk:
    """A folder with a data file and its checklist, and what is done with them."""

    def __init__(self, folder: Path, standard: Standard) -> None:
        self.folder = folder
        self.standard = standard
        self.data = folder / "怀仁.yaml"
        self.output = folder / "怀仁-已核查.yaml"
        self.write(DATA)

    def write(self, text: str) -> None:
        self.data.write_text(text, "utf-8")

    @property
    def submission(self) -> Submission:
        return load_submission(self.data, self.standard)

    @property
    def form(self) -> Form:
        return form_of(self.standard, self.submission)

    def verify(
        self, form: Form | bytes, *, replace: bool = False, allow_changed: bool = False
    ) -> Verified:
        content = form if isinstance(form, bytes) else form.content
        (self.folder / "清单.xlsx").write_bytes(content)
        self.output.unlink(missing_ok=True)
        wanted = Wanted(str(self.data), str(self.folder / "清单.xlsx"), str(self.output))
        return verify(wanted._replace(replace=replace, allow_changed=allow_changed), "zh")

    def problems(self, form: Form | bytes) -> list[tuple[str, str]]:
        """Return the codes and cells of what is wrong, which must be something."""
        with pytest.raises(InputError) as caught:
            self.verify(form)
        assert not self.output.exists()
        return [(it.code, place(it.position)) for it in caught.value.problems]

    def message(self, form: Form) -> str:
        with pytest.raises(InputError) as caught:
            self.verify(form)
        return caught.value.problems[0].message("zh")

    @property
    def result(self) -> Submission:
        return load_submission(self.output, self.standard)

    def record(self, key: str) -> Verification:
        found = self.result.declarations[key].verification
        assert found is not None
        return found


def place(position: object) -> str:
    from etown_check.problems import Position, cell_name

    return cell_name(position) if isinstance(position, Position) else ""


def at(form: Form, key: str, column: str) -> str:
    return f"[{form.county}]{form.cell(key, column).coordinate}"


@pytest.fixture
def desk(tmp_path: Path, standard: Standard) -> Desk:
    return Desk(tmp_path, standard)


# What comes into the data file


def test_a_checklist_without_an_answer_changes_nothing(desk: Desk) -> None:
    done = desk.verify(desk.form)
    assert desk.output.read_bytes() == desk.data.read_bytes()
    assert (done.changed, set(done.counts.values()), done.warnings) == (0, {0}, ())


@pytest.mark.parametrize("name", ["huairen", "shanyin", "yingxian", "youyu"])
def test_the_examples_come_back_untouched(standard: Standard, tmp_path: Path, name: str) -> None:
    submission = load_submission(EXAMPLES / f"{name}.yaml", standard)
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook_of(standard, submission))
    output = tmp_path / "out.yaml"
    done = verify(Wanted(str(EXAMPLES / f"{name}.yaml"), str(path), str(output)), "zh")
    assert output.read_bytes() == (EXAMPLES / f"{name}.yaml").read_bytes()
    assert done.changed == 0


def test_findings_become_records(desk: Desk) -> None:
    form = desk.form.sign()
    form.fill("leading_industries", result="属实")
    form.fill("total_investment", result="核减", verified=2.95, opinion="扣除土地款\n见审计报告")
    form.fill("big_data_center", result="不实", by="赵六", on=date(2024, 3, 2))
    done = desk.verify(form)
    assert done.counts == {CONFIRMED: 1, ADJUSTED: 1, REJECTED: 1}
    assert done.changed == 3
    record = desk.record("total_investment")
    assert record.entries[None].value == Quantity(Fraction(295_000_000), "亿元")
    assert (record.result, record.by, record.on) == (ADJUSTED, "王五", DAY)
    assert record.opinion == "扣除土地款\n见审计报告"
    rejected = desk.record("big_data_center")
    assert (rejected.by, rejected.on) == ("赵六", date(2024, 3, 2))
    lines = desk.output.read_text("utf-8").splitlines()
    assert lines[0] == "# 怀仁市"
    for kept in ("  物流配送中心建筑面积: 420平方米", "    备注: 含季节工"):
        assert kept in lines
    assert any("# 一个" in line for line in lines)


def test_a_yearly_metric_has_one_finding_and_values_by_year(desk: Desk) -> None:
    form = desk.form.sign().fill("total_output 2021", result="核减")
    form.fill("total_output 2022", verified=19000, unit="万元")
    form.fill("total_output 2023", verified="2.25亿元")
    desk.verify(form)
    entries = desk.record("total_output").entries
    assert {year: it.value for year, it in entries.items()} == {
        2022: Quantity(Fraction(190_000_000), "万元"),
        2023: Quantity(Fraction(225_000_000), "亿元"),
    }
    assert desk.result.declarations["total_output"].entries.keys() == {2021, 2022, 2023}


@pytest.mark.parametrize(
    ("key", "typed", "expected"),
    [
        ("leading_industries", "陶瓷\n建材", ("陶瓷", "建材")),
        ("leading_industries", "陶瓷、建材", ("陶瓷", "建材")),
        ("leading_industries", 2, Quantity(Fraction(2), "个")),
        ("big_data_center", "否", False),
        ("cultivation_plan", "另一份方案", "另一份方案"),
        ("logistics_center_area", 0.6, Quantity(Fraction(400), "亩")),
        ("employment_target", "２８０人", Quantity(Fraction(280), "人")),
    ],
)
def test_values_of_every_kind(desk: Desk, key: str, typed: str | float, expected: object) -> None:
    form = desk.form.sign().fill(key, result="核减", verified=typed)
    if key == "logistics_center_area":
        form.fill(key, unit="亩")
    desk.verify(form)
    entry = desk.record(key).entries[None]
    found = entry.names or entry.value
    assert (getattr(found, "title", None) or found) == expected


def test_a_percentage_is_what_was_typed(desk: Desk) -> None:
    desk.write(f"{DATA}  总产值增长率: {{2023: 15%}}\n")
    form = desk.form.sign()
    first = next(key for key in form.keys if key.startswith("total_output_growth "))
    form.fill(first, result="核减").fill("total_output_growth 2023", verified="12.5%")
    desk.verify(form)
    value = desk.record("total_output_growth").entries[2023].value
    assert value == Quantity(Fraction(1, 8), "%")


def test_an_undeclared_metric_can_be_given_a_value(desk: Desk) -> None:
    desk.verify(desk.form.sign().fill("supply_chains", result="核减", verified=2))
    assert desk.record("supply_chains").entries[None].value == Quantity(Fraction(2), "个")
    assert "supply_chains" not in desk.submission.declarations


def test_an_english_checklist(desk: Desk) -> None:
    form = Form(workbook_of(desk.standard, desk.submission, lang="en"))
    form.fill("total_investment", result="Adjusted", verified=3, by="Wang", on="2024/3/1")
    desk.verify(form)
    record = desk.record("total_investment")
    assert (record.result, record.by, record.on) == (ADJUSTED, "Wang", DAY)


def test_of_a_checklist_of_several_towns_the_own_is_taken(desk: Desk) -> None:
    other = read(desk.standard, document(desk.standard, county="山阴县"))
    form = Form(workbook_of(desk.standard, other, desk.submission))
    form.sign().fill("total_investment", result="属实")
    form.county = "山阴县"
    form.fill("total_investment", result="不实")
    desk.verify(form)
    assert desk.record("total_investment").result == CONFIRMED


# Workbooks


def test_from_a_workbook_and_into_one(desk: Desk) -> None:
    from etown_check.workbooks.writing import workbook

    book = desk.folder / "怀仁.xlsx"
    submission = desk.submission
    book.write_bytes(workbook(desk.standard, submission.county, submission=submission))
    desk.data = book
    form = desk.form.sign().fill("total_investment", result="核减", verified=3)
    desk.verify(form)
    first = bare(desk.result)
    assert desk.record("total_investment").by == "王五"
    desk.output = desk.folder / "怀仁-已核查.xlsx"
    desk.verify(form)
    assert bare(desk.result) == first


# What is refused


@pytest.mark.parametrize(
    ("answers", "code", "column"),
    [
        ({"verified": 3}, "E836", "verified"),
        ({"result": "核减"}, "E518", "result"),
        ({"result": "核实"}, "E517", "result"),
        ({"result": "核减", "verified": "约3亿元"}, "E528", "verified"),
        ({"result": "核减", "verified": 3, "unit": "平方米"}, "E504", "unit"),
        ({"result": "核减", "verified": 3, "unit": None}, "E503", "verified"),
        ({"result": "核减", "verified": "3万元", "unit": "亿元"}, "E817", "verified"),
        ({"result": "核减", "verified": DAY}, "E818", "verified"),
        ({"result": "属实", "on": "三月一日"}, "E404", "on"),
        ({"result": "属实", "opinion": "长" * 4001}, "E215", "opinion"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_cell(
    desk: Desk, answers: dict[str, str | int], code: str, column: str
) -> None:
    form = desk.form.sign().fill("total_investment", **answers)
    assert desk.problems(form) == [(code, at(form, "total_investment", column))]


def test_a_formula_that_nothing_is_known_of(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", result="核减")
    form.cell("total_investment", "verified").value = "=1+1"  # which the library takes for one
    assert desk.problems(form) == [("E811", at(form, "total_investment", "verified"))]


def test_everything_wrong_is_told_at_once(desk: Desk) -> None:
    form = desk.form
    form.fill("leading_industries", result="属实")
    form.fill("total_investment", result="核减")
    form.fill("big_data_center", verified="否")
    found = [code for code, _ in desk.problems(form)]
    assert sorted(found) == ["E518", "E836", "E837", "E837", "E837", "E837"]


def test_who_and_when_may_stand_in_the_row_or_above(desk: Desk) -> None:
    form = desk.form.fill("total_investment", result="属实")
    place = at(form, "total_investment", "result")
    assert desk.problems(form) == [("E837", place), ("E837", place)]
    form.fill("total_investment", by="赵六")
    assert desk.problems(form) == [("E837", place)]
    form.sign("王五", DAY)
    desk.verify(form)
    assert (desk.record("total_investment").by, desk.record("total_investment").on) == ("赵六", DAY)


def test_a_year_outside_the_plan(desk: Desk) -> None:
    form = desk.form.sign().fill("total_output 2021", result="核减", verified=1)
    form.cell("total_output 2021", "key").value = "total_output 1999"
    assert [code for code, _ in desk.problems(form)] == ["E511"]


def test_a_finding_on_what_nobody_declared(desk: Desk) -> None:
    form = desk.form.sign().fill("supply_chains", result="属实")
    assert desk.problems(form) == [("E839", at(form, "supply_chains", "result"))]


@pytest.mark.parametrize("key", ["nonsense", "total_output", "total_investment 2023", None])
def test_a_row_that_does_not_say_what_it_is_about(desk: Desk, key: str | None) -> None:
    form = desk.form.sign().fill("total_investment", result="属实")
    place = at(form, "total_investment", "result")
    form.cell("total_investment", "key").value = key
    assert desk.problems(form) == [("E835", place)]
    form = desk.form.sign()
    form.cell("total_investment", "key").value = key
    desk.verify(form)  # it says nothing


def test_a_header_that_was_changed(desk: Desk) -> None:
    form = desk.form.sign()
    form.items.cell(3, form.cell("total_investment", "unit").column).value = "计量"
    assert [code for code, _ in desk.problems(form)] == ["E834"]
    assert desk.message(form) == "工作表“怀仁市”没有表头“单位”。"


def test_columns_and_rows_may_have_moved(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", result="属实")
    for merged in list(form.items.merged_cells.ranges):
        form.items.unmerge_cells(str(merged))
    form.items.insert_cols(4, 2)
    form.items.insert_rows(1, 5)
    desk.verify(form)
    assert desk.record("total_investment").result == CONFIRMED


def test_not_a_checklist(desk: Desk) -> None:
    from openpyxl import Workbook

    packed = io.BytesIO()
    Workbook().save(packed)
    assert desk.problems(packed.getvalue()) == [("E831", "")]
    assert desk.problems(b"text") == [("E801", "")]


def test_another_town_and_another_standard(desk: Desk) -> None:
    other = form_of(desk.standard, read(desk.standard, document(desk.standard, county="山阴县")))
    assert desk.problems(other.sign()) == [("E832", "")]
    form = desk.form.sign()
    for sheet in form.book.worksheets:
        sheet["A1"].value = str(sheet["A1"].value).replace('"shuozhou-2022"', '"other"')
    assert desk.problems(form) == [("E833", "")]


def test_a_metric_that_is_verified_twice(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", result="属实")
    copy = form.book.copy_worksheet(form.items)
    copy.title = "怀仁市 (2)"
    desk.verify(form)
    assert desk.record("total_investment").result == CONFIRMED
    cell = copy[form.cell("total_investment", "result").coordinate]
    cell.value = "不实"
    assert desk.problems(form) == [("E838", f"[怀仁市 (2)]{cell.coordinate}")]
    message = desk.message(form)
    assert "“总投资规模”填了两次" in message
    assert at(form, "total_investment", "result") in message


def test_two_experts_with_a_sheet_each(desk: Desk) -> None:
    """Who answered on a copy of the sheet signs what stands there, and only that."""
    form = desk.form.sign().fill("total_investment", result="属实")
    copy = form.book.copy_worksheet(form.items)
    copy[form.cell("total_investment", "result").coordinate].value = None
    copy[form.cell("big_data_center", "result").coordinate].value = "属实"
    signed = f"{form.cell('total_investment', 'by').column_letter}{DEFAULTS_ROW}"
    copy[signed].value = "赵六"
    desk.verify(form)
    assert desk.record("total_investment").by == "王五"
    assert desk.record("big_data_center").by == "赵六"
    form.fill("big_data_center", result="属实")
    assert desk.problems(form) == [("E838", f"[{copy.title}]{signed}")]


def test_a_sheet_that_lost_its_stamp(desk: Desk) -> None:
    """Its answers are not passed over because another sheet of the town can still be read."""
    form = desk.form.sign().fill("total_investment", result="属实")
    form.items["A1"].value = None
    assert desk.problems(form) == [("E835", at(form, "total_investment", "result"))]
    form = desk.form.sign().fill("total_investment", result="属实")
    place = form.cell("total_investment", "result").coordinate
    form.items.delete_cols(1, 2)
    [(code, cell)] = desk.problems(form)
    assert (code, cell) == ("E835", f"[怀仁市]{chr(ord(place[0]) - 2)}{place[1:]}")
    form = desk.form.sign().fill("total_investment", result="属实").decide(" 23.1 ", opinion="小")
    form.decisions["A1"].value = None
    assert [code for code, _ in desk.problems(form)] == ["E835"]
    # Not so a sheet on which nothing was filled in, or that is somebody's own.
    form = desk.form.sign().fill("total_investment", result="属实")
    form.decisions["A1"].value = None
    form.book.create_sheet("分工").append(["指标", "核查人", "核查结果"])
    form.book["分工"].append(["总投资规模", "王五", "周三去"])
    desk.verify(form)
    assert desk.record("total_investment").result == CONFIRMED


def test_one_answer_for_several_metrics(desk: Desk) -> None:
    form = desk.form.sign()
    keys = form.keys
    first, second = keys[0], keys[1]
    for column, answer in (("result", "属实"), ("by", "赵六")):
        form = desk.form.sign().fill(first, result="属实").fill(first, **{column: answer})
        places = [form.cell(key, column).coordinate for key in (first, second)]
        form.items.merge_cells(":".join(places))
        assert desk.problems(form) == [("E813", f"[怀仁市]{places[0]}")]
        assert f"{places[0]}:{places[1]}" in desk.message(form)


def test_columns_that_are_none_of_ours(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", result="属实")
    row, last = form.cell("total_investment", "on").row, form.items.max_column
    form.items.cell(HEAD_ROW, last + 1, "我的备注")
    form.items.cell(row, last + 1, "再去一次")
    form.items.cell(row, last + 2, "无表头")
    told = desk.verify(form).warnings
    assert [(it.code, it.args["text"]) for it in told] == [
        ("W302", "我的备注"),
        ("W302", get_column_letter(last + 2)),
    ]
    form.items.cell(HEAD_ROW, last + 1, "核查结果")
    assert [code for code, _ in desk.problems(form)] == ["E810"]


def test_what_the_records_make_impossible(desk: Desk) -> None:
    desk.write(
        f"{DATA}  新增市场主体（法人单位）: {{2023: 20个}}\n  新增开展电商业务市场主体: {{2023: 15个}}\n"
    )
    form = desk.form.sign()
    form.fill("new_legal_entities 2022", result="核减").fill("new_legal_entities 2023", verified=12)
    assert desk.problems(form) == [("E520", "")]


def test_a_data_file_with_errors(desk: Desk) -> None:
    form = desk.form
    desk.write(DATA.replace("3.2亿元", "3.2"))
    assert [code for code, _ in desk.problems(form)] == ["E503"]


# Data that was changed in the meantime


def test_data_that_changed_elsewhere(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", result="属实")
    desk.write(DATA.replace("300人", "310人").replace("3.2亿元", "32000万元"))
    done = desk.verify(form)
    assert [it.code for it in done.warnings] == ["W333"]
    assert desk.record("total_investment").result == CONFIRMED


def test_data_that_changed_under_a_finding(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", result="属实")
    form.fill("total_output 2021", result="属实").fill("big_data_center", result="属实")
    desk.write(DATA.replace("3.2亿元", "3.4亿元").replace("2023: 2.3亿元", "2023: 2.4亿元"))
    assert desk.problems(form) == [
        ("E840", at(form, "total_output 2021", "result")),
        ("E840", at(form, "total_investment", "result")),
    ]
    with pytest.raises(InputError) as caught:
        desk.verify(form)
    said = caught.value.problems[1].message("zh")
    assert said == "“总投资规模”的申报值在清单生成之后改过：清单上是“3.2亿元”，现在是“3.4亿元”。"
    done = desk.verify(form, allow_changed=True)
    assert [it.code for it in done.warnings] == ["W333", "W335", "W335"]
    assert desk.record("total_investment").result == CONFIRMED


def test_another_edition_of_the_standard(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", result="属实")
    digest = desk.standard.sha256
    for sheet in form.book.worksheets:
        sheet["A1"].value = str(sheet["A1"].value).replace(digest, "0" * 64)
    assert [it.code for it in desk.verify(form).warnings] == ["W331"]


def test_a_blank_checklist(desk: Desk) -> None:
    form = blank_form(desk.standard).sign().fill("total_investment", result="属实")
    assert [it.code for it in desk.verify(form).warnings] == ["W332"]
    assert desk.record("total_investment").result == CONFIRMED


# Records that are there already

VERIFIED = DATA.replace(
    "总投资规模: 3.2亿元",
    "总投资规模: {值: 3.2亿元, 核查: {结果: 核减, 核定值: 3亿元, 核查人: 李四, 日期: 2024-02-01, 意见: 甲}}",
)


def test_the_same_record_is_no_conflict(desk: Desk) -> None:
    form = desk.form.sign("李四", date(2024, 2, 1))
    form.fill("total_investment", result="核减", verified=30000, unit="万元", opinion="甲")
    desk.write(VERIFIED)
    assert desk.verify(form).changed == 0
    assert desk.output.read_bytes() == desk.data.read_bytes()


def test_a_record_as_it_was_is_left_alone(desk: Desk) -> None:
    desk.write(VERIFIED)
    form = desk.form.sign("王五", DAY)  # for others
    done = desk.verify(form)
    assert desk.output.read_bytes() == desk.data.read_bytes()
    assert (done.changed, done.counts[ADJUSTED]) == (0, 1)


@pytest.mark.parametrize(
    "answers",
    [
        {"result": "属实", "verified": None},
        {"verified": 2.9},
        {"by": "赵六"},
        {"on": DAY},
        {"opinion": "乙"},
    ],
)
def test_another_record_is_a_conflict(desk: Desk, answers: dict[str, str | None]) -> None:
    desk.write(VERIFIED)
    form = desk.form.fill("total_investment", **answers)
    assert desk.problems(form) == [("E841", at(form, "total_investment", "result"))]
    assert "数据文件是“核减、3亿元、李四、2024-02-01、甲”" in desk.message(form)
    done = desk.verify(form, replace=True)
    assert [it.code for it in done.warnings] == ["W334"]
    assert done.changed == 1
    assert bare(desk.result) != bare(desk.submission)


def test_clearing_a_row_takes_nothing_back(desk: Desk) -> None:
    desk.write(VERIFIED)
    empty = dict.fromkeys(("result", "verified", "opinion", "by", "on"))
    desk.verify(desk.form.fill("total_investment", **empty))
    assert desk.output.read_bytes() == desk.data.read_bytes()


def test_what_a_cell_has_no_room_for_is_kept(desk: Desk) -> None:
    record = "{结果: 核减, 核定值: {名称: 另一份方案, 文号: 某政发〔2022〕9号, 日期: 2022-12-01}, 核查人: 李四, 日期: 2024-02-01}"
    desk.write(DATA.replace("培育方案: 怀", f"培育方案:\n    核查: {record}\n    值: 怀"))
    form = desk.form.fill("cultivation_plan", opinion="见附件")
    desk.verify(form, replace=True)
    [entry] = desk.record("cultivation_plan").entries.values()
    assert getattr(entry.value, "number", "") == "某政发〔2022〕9号"
    assert desk.record("cultivation_plan").opinion == "见附件"


# Decisions, doubts, and what has no place


def test_a_decision_goes_into_the_opinion(desk: Desk) -> None:
    form = desk.form.sign()
    form.fill("logistics_center_area", result="属实", opinion="与平面图一致")
    form.decide(" 23.1 ", decision="达标", opinion="原有库房够用", by="赵六")
    desk.verify(form)
    opinion = "与平面图一致；认定23.1达标（原有库房够用）［赵六］"
    assert desk.record("logistics_center_area").opinion == opinion
    # The same checklist once more, on what it made.
    desk.data.write_bytes(desk.output.read_bytes())
    again = desk.form.sign()
    again.decide(" 23.1 ", decision="达标", opinion="原有库房够用", by="赵六")
    desk.verify(again)
    assert desk.output.read_bytes() == desk.data.read_bytes()


def test_decisions_are_signed_by_whoever_signed_their_sheet(desk: Desk) -> None:
    form = desk.form.sign().fill("logistics_center_area", result="属实", opinion="看过")
    form.decide(" 23.1 ", decision="达标")
    column = form.decision(" 23.1 ", "by").column_letter
    form.decisions[f"{column}{DEFAULTS_ROW}"].value = "赵六"
    desk.verify(form)
    assert desk.record("logistics_center_area").opinion == "看过；认定23.1达标［赵六］"


def test_the_same_checklist_twice(desk: Desk) -> None:
    """A decision in an opinion is no other record when the checklist is taken over again."""
    form = desk.form.sign().fill("logistics_center_area", result="属实", opinion="看过")
    form.decide(" 23.1 ", decision="达标", opinion="够用")
    desk.verify(form)
    desk.data.write_bytes(desk.output.read_bytes())
    done = desk.verify(form)
    assert done.changed == 0
    assert desk.output.read_bytes() == desk.data.read_bytes()
    form.decide(" 23.1 ", decision="不达标")
    assert desk.problems(form) == [("E841", at(form, "logistics_center_area", "result"))]
    assert "认定23.1不达标（够用）" in desk.message(form)


def test_an_opinion_without_a_decision(desk: Desk) -> None:
    form = desk.form.sign().fill("logistics_center_area", result="属实")
    form.decide(" 23.1 ", opinion="待定")
    desk.verify(form)
    assert desk.record("logistics_center_area").opinion == "认定23.1：待定"


def test_a_decision_of_what_was_not_verified_is_told(desk: Desk) -> None:
    form = desk.form.decide(" 23.1 ", decision="不达标", opinion="太小")
    done = desk.verify(form)
    places = [
        f"[怀仁市 认定和疑点]{form.decision(' 23.1 ', it).coordinate}"
        for it in ("decision", "opinion")
    ]
    assert [(it.code, place(it.position)) for it in done.warnings] == [
        ("W336", places[0]),
        ("W336", places[1]),
    ]
    assert "“物流配送中心建筑面积”没有核查结果" in done.warnings[0].message("zh")


def test_a_doubt_that_was_looked_into(desk: Desk) -> None:
    desk.write(DATA.replace("3.2亿元", "3亿元"))
    form = desk.form.sign().fill("total_investment", result="属实")
    form.decide(" D6 total_investment ", decision="已核实无误")
    desk.verify(form)
    assert desk.record("total_investment").opinion == "疑点D6已核实无误"


def test_a_decision_that_is_none(desk: Desk) -> None:
    form = desk.form.decide(" 23.1 ", decision="差不多")
    place = f"[怀仁市 认定和疑点]{form.decision(' 23.1 ', 'decision').coordinate}"
    assert desk.problems(form) == [("E842", place)]


def test_what_has_no_place_is_told(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", opinion="待补充", way="现场核实")
    form.fill("big_data_center", result="属实", way="资料核查")
    done = desk.verify(form)
    first = min(("total_investment", "big_data_center"), key=lambda it: form.cell(it, "way").row)
    assert [(it.code, place(it.position)) for it in done.warnings] == [
        ("W336", at(form, "total_investment", "opinion")),
        ("W337", at(form, first, "way")),
    ]
    assert "填了 2 处" in done.warnings[1].message("zh")


# The output


def test_nothing_is_overwritten_unasked(desk: Desk) -> None:
    form = desk.form
    desk.verify(form)
    wanted = Wanted(str(desk.data), str(desk.folder / "清单.xlsx"), str(desk.output))
    with pytest.raises(UsageError):
        verify(wanted, "zh")
    verify(wanted._replace(force=True), "zh")
    with pytest.raises(UsageError):
        verify(wanted._replace(output=str(desk.folder / "怀仁.txt")), "zh")


def test_the_checklist_itself_is_never_replaced(desk: Desk) -> None:
    desk.verify(desk.form)
    signed = desk.folder / "清单.xlsx"
    before = signed.read_bytes()
    link = desk.folder / "链接.xlsx"
    link.symlink_to(signed.name)
    for output in (signed, link):
        wanted = Wanted(str(desk.data), str(signed), str(output), force=True)
        with pytest.raises(UsageError):
            verify(wanted, "zh")
    assert signed.read_bytes() == before


def test_what_else_there_is_to_know_of_the_output(desk: Desk) -> None:
    text = DATA.replace("就业目标:\n    值: 300人", "就业目标:\n    值: 300人\n    佐证: [甲.pdf]")
    desk.write(text.replace("含季节工", '"含\\u200b季节工"'))
    form = desk.form
    assert desk.verify(form).notes == ()
    other = desk.folder / "别处"
    other.mkdir()
    desk.output = other / "怀仁.yaml"
    [note] = desk.verify(form).notes
    assert "请把佐证文件一并移过去" in note.zh
    desk.output = desk.folder / "怀仁-已核查.xlsx"
    [note] = desk.verify(form).notes
    assert "U+200B" in note.zh


def test_a_file_that_was_cut_off(desk: Desk) -> None:
    content = desk.form.content
    for size in (3000, len(content) // 2, len(content) - 10):
        assert desk.problems(content[:size]) == [("E806", "")]


def test_characters_that_cannot_be_seen_are_told(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", result="属实", opinion="与\u200b平面图一致")
    done = desk.verify(form)
    assert [it.code for it in done.warnings] == ["W305"]
    assert desk.record("total_investment").opinion == "与平面图一致"


# Whatever was declared, and whatever an expert writes

ANSWERED = st.sampled_from(["", "", CONFIRMED, ADJUSTED, REJECTED])


def value_of(draw: st.DrawFn, metric: Metric) -> tuple[str | int, str]:
    """Return what an expert writes into a cell, and its unit."""
    match metric.kind:
        case "count":
            if draw(st.booleans()):
                names = draw(st.lists(texts(hidden=False), min_size=2, max_size=4, unique=True))
                return "\n".join(names), ""
            return draw(st.integers(0, 10**9)), metric.units[0]
        case "yes_no":
            return draw(st.sampled_from(["是", "否"])), ""
        case "choice":
            return draw(st.sampled_from(metric.vocabulary)), ""
        case "names":
            words = st.lists(st.sampled_from(metric.vocabulary), min_size=1, unique=True)
            return "\n".join(draw(words)), ""
        case "document":
            return draw(texts(hidden=False)), ""
        case "date":
            return draw(st.dates(date(2022, 1, 1), date(2025, 12, 31))).isoformat(), ""
        case "months":
            months = draw(st.lists(st.integers(1, 12), min_size=1, unique=True))
            return "、".join(f"2021-{it:02}" for it in months), ""
        case "contact":
            return "姓名：李四、电话：0349-1111111", ""
        case "ledger":
            return "台账.csv", ""
        case "amounts":
            # All of them: what was declared of one and is left out is refused.
            sums = [f"{word}：{draw(st.integers(0, 10**9))}元" for word in metric.vocabulary]
            return "\n".join(sums), ""
        case "ratio":
            return f"{draw(st.integers(-500, 500))}%", ""
        case kind:
            units = ["元", "万元", "亿元"] if kind == "money" else ["平方米", "亩", "平方公里"]
            return draw(st.integers(0, 10**9)), draw(st.sampled_from(units))


@given(st.data())
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
def test_records_come_back_as_they_were_filled_in(
    tmp_path_factory: pytest.TempPathFactory, drawn: st.DataObject
) -> None:
    text = drawn.draw(data_files())
    before = read(STANDARD, text)
    desk = Desk(tmp_path_factory.mktemp("desk"), STANDARD)
    desk.data.write_bytes(text.encode())
    (desk.folder / "台账.csv").write_bytes(csv_of(row()))
    form = form_of(STANDARD, desk.submission)
    assert desk.verify(form).changed == 0
    assert desk.output.read_bytes() == desk.data.read_bytes()
    keys = dict.fromkeys(key.partition(" ")[0] for key in form.keys)
    # What cannot be together with another value is an error, which is not what this is about.
    bound = ("new_ecommerce_entities", "new_legal_entities", "started_on", "completed_on")
    open_keys = [
        key
        for key in keys
        if key not in ("defaults", *bound)
        and not (key in before.declarations and before.declarations[key].verification)
    ]
    expected: dict[str, tuple[str, str, date, str]] = {}
    for key in drawn.draw(st.lists(st.sampled_from(open_keys), max_size=6, unique=True)):
        metric = STANDARD.metrics[key]
        rows = [it for it in form.keys if it.partition(" ")[0] == key]
        result = drawn.draw(ANSWERED)
        if not result:
            continue
        is_declared = key in before.declarations and bool(before.declarations[key].entries)
        if result == ADJUSTED or not is_declared:
            for asked in drawn.draw(st.lists(st.sampled_from(rows), min_size=1, unique=True)):
                value, unit = drawn.draw(st.composite(value_of)(metric))
                form.fill(asked, verified=value)
                if unit:
                    form.fill(asked, unit=unit)
        by, opinion = drawn.draw(texts(hidden=False)), drawn.draw(texts(hidden=False, breaks=True))
        on = drawn.draw(st.dates(date(2022, 10, 13), date(2030, 1, 1)))
        word = RESULTS[result].zh
        form.fill(rows[0], result=word, by=by, on=on, opinion=opinion)
        expected[key] = (result, by, on, opinion)
    try:
        done = desk.verify(form)
    except InputError as error:
        # A title or a name that says nothing, such as “无”, is refused with its cell.
        assume(any(it.code not in ("E514", "E527", "E533") for it in error.problems))
        raise
    assert done.changed == len(expected)
    after = desk.result
    for key, (result, by, on, opinion) in expected.items():
        record = after.declarations[key].verification
        assert record is not None
        found = (record.result, record.by, record.on, record.opinion)
        assert found == (result, " ".join(by.split("\n")), on, opinion)
    rest = {
        key: it._replace(verification=None) if key in expected else it
        for key, it in bare(after).declarations.items()
        if key in before.declarations
    }
    assert rest == dict(bare(before).declarations)


# The command


def command(desk: Desk, form: Form, *args: str) -> tuple[int, str]:
    form.save(desk.folder / "清单.xlsx")
    done = run("verify", desk.data.name, "清单.xlsx", *args, cwd=desk.folder)
    assert done.out == ""
    return done.code, done.err


def test_the_command_says_what_it_took_over(desk: Desk) -> None:
    form = desk.form.sign().fill("total_investment", result="核减", verified=3)
    code, said = command(desk, form)
    assert code == 0
    assert said.splitlines()[0] == "已生成 怀仁-已核查.yaml"
    assert re.fullmatch(r"核查结果：属实 0、核减 1、不实 0；未核查 \d+ 项。", said.splitlines()[1])
    assert said.splitlines()[2] == "新增或更改核查记录 1 项。"
    assert desk.record("total_investment").result == ADJUSTED
    code, said = command(desk, form)
    assert code == 2
    assert "已经存在，没有覆盖" in said
    code, said = command(desk, form, "--force", "--lang", "en", "-o", "怀仁-已核查.yaml")
    assert code == 0
    assert "Findings: confirmed 0, adjusted 1, rejected 0; not verified:" in said


def test_the_command_refuses_what_is_wrong(desk: Desk) -> None:
    form = desk.form.fill("total_investment", result="核减")
    code, said = command(desk, form)
    assert code == 3
    assert not desk.output.exists()
    place = at(form, "total_investment", "result")
    assert f"清单.xlsx!{place}: 错误 E518：" in said


def test_the_circle(desk: Desk) -> None:
    """Go from the data file by the checklist to verified data, by the commands alone."""
    done = run("checklist", desk.data.name, "-o", "清单.xlsx", cwd=desk.folder)
    assert done.code == 0, done.err
    form = Form((desk.folder / "清单.xlsx").read_bytes()).sign()
    keys = dict.fromkeys(key.partition(" ")[0] for key in form.keys if key != "defaults")
    for key in keys:
        if key in desk.submission.declarations:
            row = next(it for it in form.keys if it.partition(" ")[0] == key)
            form.fill(row, result="属实")
    code, _ = command(desk, form, "-o", "新.yaml")
    assert code == 0
    report = run(
        "validate", "新.yaml", "--require", "verified", "--format", "json", cwd=desk.folder
    )
    checks = {
        check["id"]: check
        for item in report.json["reports"][0]["items"]
        for check in item["checks"]
    }
    assert checks["35.1"]["assurance"] == "verified"
    assert checks["35.1"]["status"] == "pass"


# In an office program


@needs_office
def test_a_checklist_that_another_program_saved(desk: Desk) -> None:
    form = desk.form.sign()
    form.fill("total_investment", result="核减", verified=3.05, opinion="=扣除土地款")
    form.fill("total_output 2021", result="属实")
    form.fill("cultivation_plan", result="不实", on=date(2024, 3, 5))
    path = form.save(desk.folder / "原.xlsx")
    content = saved_again(path, desk.folder / "office").read_bytes()
    book = load_workbook(io.BytesIO(content))
    rules = {
        rule.formula1 for rule in book["怀仁市"].data_validations.dataValidation if rule.formula1
    }
    assert {'"属实,核减,不实"', '"元,万元,亿元"', '"是,否"'} <= {
        it.replace('", "', ",") for it in rules
    }
    desk.verify(content)
    record = desk.record("total_investment")
    assert record.entries[None].value == Quantity(Fraction(305_000_000), "亿元")
    assert (record.opinion, record.on) == ("=扣除土地款", DAY)
    assert desk.record("total_output").result == CONFIRMED
    assert desk.record("cultivation_plan").on == date(2024, 3, 5)


def saved_again(path: Path, folder: Path) -> Path:
    """Return what LibreOffice makes of a workbook when it saves it."""
    office._convert(path, folder, "xlsx")
    return folder / path.name


# What holds in place of several sums, of a contact, of a ledger

MORE = "  到位资金:\n    中央: 100万元\n    省: 50万元\n"
CONTACT = "信息联络员:\n  姓名: 张三\n  电话: 0349-0000000\n"


def test_verified_amounts_are_whole(desk: Desk) -> None:
    desk.write(DATA + MORE)
    form = desk.form.sign()
    form.fill("funds_received", result="核减", verified="中央：80万元")
    assert desk.problems(form) == [("E843", at(form, "funds_received", "verified"))]
    assert desk.message(form) == "“到位资金”的核定值只写了中央，没有写申报过的省。"
    form.fill("funds_received", verified="中央：80万元、省：0元")
    desk.verify(form)
    (entry,) = desk.record("funds_received").entries.values()
    assert isinstance(entry.value, Amounts)
    assert {word: it.amount for word, it in entry.value.by} == {"中央": 800_000, "省": 0}


@pytest.mark.parametrize("name", ["李四", "0349-1111111 李四"])
def test_a_verified_contact_has_a_name_and_a_phone(desk: Desk, name: str) -> None:
    desk.write(DATA + CONTACT)
    form = desk.form.sign().fill("contact", result="核减", verified=name)
    assert desk.problems(form) == [("E844", at(form, "contact", "verified"))]
    assert desk.message(form) == f"“{name}”不能作为“信息联络员”的核定值。"


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("姓名：李四、电话：0349-1111111", Contact("李四", "0349-1111111")),
        ("李四 0349-1111111", Contact("李四", "0349-1111111")),
        ("无", Contact("", "", is_denied=True)),
    ],
)
def test_a_verified_contact(desk: Desk, text: str, contact: Contact) -> None:
    desk.write(DATA + CONTACT)
    desk.verify(desk.form.sign().fill("contact", result="核减", verified=text))
    (entry,) = desk.record("contact").entries.values()
    assert entry.value == contact


def test_a_verified_ledger_is_a_file(desk: Desk) -> None:
    for name in ("台账.csv", "核定台账.csv"):
        (desk.folder / name).write_bytes(csv_of(row()))
    desk.write(DATA + "资金台账: 台账.csv\n")
    form = desk.form.sign().fill("fund_ledger", result="核减", verified="第 3 行不属实")
    assert desk.problems(form) == [("E844", at(form, "fund_ledger", "verified"))]
    form.fill("fund_ledger", verified="核定台账.csv")
    desk.verify(form)
    (entry,) = desk.record("fund_ledger").entries.values()
    assert entry.names == ("核定台账.csv",)
