"""What a checklist holds: every item and metric, what is declared of it, what is to be decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from etown_check.documents.checklist import Checklist, blank_checklist, checklist
from etown_check.documents.checklist_document import checklist_document
from etown_check.documents.ledgers import MOST_ROWS
from etown_check.documents.model import (
    Blank,
    Bullet,
    Cell,
    Choice,
    Document,
    Facts,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Signatures,
    Stack,
    Table,
    cells,
)
from etown_check.engine import evaluate
from etown_check.problems import Position
from etown_check.report import Waiver
from etown_check.standard import metrics_of
from etown_check.waivers import excused
from tests.conftest import submit

if TYPE_CHECKING:
    from etown_check.standard import Standard

COUNTIES = ("怀仁市", "山阴县", "应县", "右玉县")


def made(standard: Standard, changes: dict[str, Any] | None = None, **more: Any) -> Checklist:
    """Return the checklist of the base submission with `changes`."""
    only_open = more.pop("only_open", False)
    only = more.pop("only", None)
    parts = more.pop("parts", None)
    submission = submit(standard, changes, **more)
    report = evaluate(standard, submission, only=only, parts=parts)
    return checklist(standard, report, submission, only_open=only_open)


def page(standard: Standard, changes: dict[str, Any] | None = None, **more: Any) -> Document:
    lang = more.pop("lang", "zh")
    return checklist_document([made(standard, changes, **more)], lang)


def table(document: Document, columns: int = 12) -> Table:
    """Return the first table of `document` with so many columns; the items' has twelve."""
    tables = (block for block in document.parts[0].blocks if isinstance(block, Table))
    return next(it for it in tables if len(it.columns) == columns)


def texts(cell: Cell) -> Iterator[str]:
    match cell:
        case Stack(parts=parts):
            for part in parts:
                yield from texts(part)
        case Lines(lines=lines):
            yield from lines
        case Blank(text=text) | Bullet(text=text):
            yield text
        case Choice(options=options, chosen=chosen):
            yield from (f"{'☑' if at in chosen else '□'}{it}" for at, it in enumerate(options))


def row_of(document: Document, metric: str) -> tuple[Cell, ...]:
    """Return the row whose declared value is of the metric of this name."""
    for group in table(document).groups:
        for row in group.rows:
            if row and next(texts(row[0]), "") == metric:
                return row
    raise AssertionError(metric)


def said(cell: Cell) -> str:
    return "\n".join(texts(cell))


def all_text(document: Document) -> str:
    found = [document.title]
    for part in document.parts:
        found += [part.title, part.subtitle, *part.footer]
        for block in part.blocks:
            match block:
                case Heading(text=text) | Paragraph(text=text):
                    found.append(text)
                case Listing(entries=entries):
                    found += entries
                case Facts(rows=rows):
                    found += [text for name, cell in rows for text in (name, *texts(cell))]
                case Table():
                    found += [column.name for column in block.columns]
                    found += [group.title for group in block.groups]
                    found += [
                        text
                        for _, _, row in cells(block)
                        for cell, _ in row
                        for text in texts(cell)
                    ]
                case Signatures():
                    found += [*block.people, block.sign, block.on]
    return "\n".join(found)


@pytest.mark.parametrize("county", COUNTIES)
def test_every_item_and_every_metric_is_there(standard: Standard, county: str) -> None:
    one = made(standard, county=county, whole=True)
    assert [entry.item.id for entry in one.entries] == [item.id for item in standard.items]
    for entry in one.entries:
        asked = {
            key
            for check in entry.item.checks
            for key in metrics_of(check.constraint)
            if not standard.metrics[key].reference
        }
        assert {line.metric.key for line in entry.lines} == asked
        judged = [result.id for line in entry.lines for result in line.results]
        assert sorted(judged) == sorted(check.id for check in entry.item.checks)


def test_the_plans_words_are_whole(standard: Standard) -> None:
    shown = all_text(page(standard, whole=True))
    for item in standard.items:
        assert item.task in shown
        for words in item.requirement:
            assert words in shown


def test_a_metric_is_verified_once(standard: Standard) -> None:
    one = made(standard)
    lines = [line for entry in one.entries for line in entry.lines]
    first = [line.metric.key for line in lines if not line.same_as]
    assert len(first) == len(set(first))
    again = {(line.metric.key, line.same_as) for line in lines if line.same_as}
    assert ("financial_outlets", "8") in again
    assert ("total_output", "33") in again
    document = page(standard)
    rows = [
        row
        for group in table(document).groups
        for row in group.rows
        if row and said(row[0]).startswith("金融服务网点")
    ]
    assert said(rows[1][2]) == "见第8项"
    assert [said(cell) for cell in rows[1][3:]] == ["", "", "", ""]
    assert not any(isinstance(cell, Choice | Blank) for cell in rows[1])


def test_a_check_of_two_metrics_stands_with_the_first(standard: Standard) -> None:
    document = page(standard)
    assert said(row_of(document, "招商资金")[1]).startswith("26.1 达标")
    assert said(row_of(document, "政府引导资金")[1]) == "用于 26.1"


def test_a_declared_growth_has_its_line(standard: Standard) -> None:
    plain, with_growth = made(standard), made(standard, {"total_output_growth": {2023: "9%"}})
    keys = [
        [line.metric.key for entry in one.entries if entry.item.id == "33" for line in entry.lines]
        for one in (plain, with_growth)
    ]
    assert keys == [["total_output"], ["total_output", "total_output_growth"]]


def test_what_a_line_says(standard: Standard) -> None:
    document = page(
        standard,
        {
            "total_output": {2022: "1.9亿元", 2023: "1.95亿元"},
            "own_brands": {
                "value": ["甲", "乙"],
                "note": "另有三个在申请",
                "evidence": ["没有.pdf"],
            },
        },
    )
    output = row_of(document, "总产值")
    assert "2022年：1.9亿元\n2023年：1.95亿元" in said(output[0])
    assert "33.1 不达标，差 500万元" in said(output[1])
    brands = row_of(document, "小而美自主品牌")
    assert "2个：甲、乙" in said(brands[0])
    assert "另有三个在申请" in said(brands[0])
    assert said(brands[2]).startswith("没有.pdf（没有找到文件）\n应有：")
    assert said(brands[3]) == "□资料核查\n□现场核实"
    assert said(brands[4]) == "□属实\n□核减\n□不实"


def test_the_countys_own_threshold(standard: Standard) -> None:
    for county, threshold in zip(COUNTIES, ("2亿元", "1.5亿元", "1亿元", "1亿元"), strict=True):
        lead = next(
            group.lead
            for group in table(page(standard, county=county)).groups
            if group.lead and said(group.lead[0]) == "33"
        )
        assert f"本县标准：33.1 ≥ {threshold}" in said(lead[2])
        # What has no threshold is required in the plan's own words alone.
        assert "20.2 是" not in all_text(page(standard, county=county))
        assert ("15.3 本县不适用" in all_text(page(standard, county=county))) == (
            county in ("山阴县", "应县")
        )


def test_a_record_is_filled_in(standard: Standard) -> None:
    record = {"result": "核减", "value": "1180平方米", "by": "李四", "opinion": "含走廊"}
    document = page(standard, {"service_center_area": {"value": "1260平方米", "verified": record}})
    row = row_of(document, "电商公共服务中心建筑面积")
    assert said(row[4]) == "□属实\n☑核减\n□不实"
    assert [said(cell) for cell in row[5:]] == ["1180平方米", "含走廊"]


def test_the_questions(standard: Standard) -> None:
    document = page(standard, {"logistics_center_area": "420平方米"})
    asked = table(document, 6).groups
    assert len(asked) == 1
    row = asked[0].rows[0]
    assert said(row[0]) == "23.1"
    assert said(row[1]).endswith("是否认定为达标？")
    assert "差 80平方米" in said(row[1])
    assert "原则上" in said(row[2])
    assert said(row[3]) == "□达标\n□不达标"
    none = page(standard)
    assert "自检没有发现需要认定的事项。" in all_text(none)


def test_the_doubts(standard: Standard) -> None:
    same = {"attracted_capital": "2000万元", "government_funds": "2000万元"}
    shown = all_text(page(standard, same))
    assert "D8  招商资金与政府引导资金完全相同（2000万元）。" in shown


def test_only_what_is_open(standard: Standard) -> None:
    changes = {"own_brands": "4个", "trainees": None, "logistics_center_area": "420平方米"}
    one = made(standard, changes, only_open=True)
    lines = {entry.item.id: [line.metric.key for line in entry.lines] for entry in one.entries}
    assert lines["12"] == ["own_brands"]
    assert lines["15"] == ["trainees"]
    assert lines["23"] == ["logistics_center_area"]
    assert "20" not in lines
    assert [question.result.id for question in one.questions] == ["23.1"]
    whole = made(standard, changes)
    still = {
        check.id
        for entry in whole.entries
        for check in entry.result.checks
        if check.status not in ("pass", "not_applicable")
    }
    assert {check.id for entry in one.entries for check in entry.result.checks} == still


def test_nothing_open(standard: Standard) -> None:
    one = made(standard, only_open=True, parts=["annex"])
    assert one.entries == ()
    document = checklist_document([one], "zh")
    shown = all_text(document)
    assert "没有需要逐项核查的：所判断的各项都已达标或不适用。" in shown
    assert "本清单所依据的读法" not in shown
    assert not any(isinstance(block, Table) for block in document.parts[0].blocks)


def test_a_narrowed_one_says_so(standard: Standard) -> None:
    assert "本清单只列出" not in all_text(page(standard))
    some = all_text(page(standard, only=["33.1", "20"]))
    everything = len(standard.items)
    assert f"本清单只列出方案 {everything} 项中的 2 项。其中只列出部分检查的：33。" in some
    changes = {"own_brands": "4个", "leading_ecommerce_enterprises": "4家"}
    still = page(standard, changes, only_open=True, only=["5", "12", "13"])
    assert (
        f"本清单只列出方案 {everything} 项中的 2 项。其中只列出部分检查的：12。已达标和不适用的没有列出。"
        in all_text(still)
    )


def test_parts_that_are_not_listed_are_named(standard: Standard) -> None:
    said = "没有列入的部分：正文四（三）方案、项目管理、正文五 资金、信息报送（要列入请加 --part all）。"
    blank = blank_checklist(standard, standard.counties[0])
    for one in (made(standard), blank):
        assert [entry.result.part for entry in one.entries][-1] == "body"
        shown = all_text(checklist_document([one], "zh"))
        assert said in shown
        assert "本清单只列出" not in shown
    funds = made(standard, {"county_funds_paid": "200万元"})
    assert "没有列入的部分：正文四（三）方案、项目管理、信息报送" in all_text(
        checklist_document([funds], "zh")
    )
    body = blank_checklist(standard, standard.counties[0], parts=["body"])
    shown = all_text(checklist_document([body], "en"))
    assert "Parts that are not in it: Annex 1, Body 4(3), plans, Project management" in shown
    every = blank_checklist(standard, standard.counties[0], parts=tuple(standard.parts))
    assert "没有列入" not in all_text(checklist_document([every], "zh"))


def test_sections_of_the_body_say_that_they_are_of_it(standard: Standard) -> None:
    titles = [group.title for group in table(page(standard)).groups if group.title]
    assert titles[0] == "一、科学谋划布局"
    assert titles[-1] == "正文四（二）建设标准  2. 市场主体发展"
    assert "1. 产业定位" not in titles


@pytest.mark.parametrize("is_blank", [False, True])
def test_what_does_not_apply_asks_for_nothing(standard: Standard, is_blank: bool) -> None:
    changes = {"training_center_coordinated": None}
    one = made(standard, changes, county="山阴县")
    if is_blank:
        one = blank_checklist(standard, one.county)
    row = row_of(checklist_document([one], "zh"), "统筹使用培训中心")
    assert said(row[0]) == "统筹使用培训中心"
    assert said(row[1]) == "15.3 不适用"
    assert [it for it in row[2:7] if it != Lines(())] == []
    # But what was declared is there to be verified, and so is what applies.
    declared = row_of(page(standard, county="山阴县"), "统筹使用培训中心")
    applies = row_of(page(standard, changes, county="怀仁市"), "统筹使用培训中心")
    assert isinstance(declared[3], Choice)
    assert isinstance(applies[3], Choice)


def test_both_metrics_of_an_open_check(standard: Standard) -> None:
    one = made(standard, {"attracted_capital": "1万元"}, only_open=True, only=["26"])
    assert [line.metric.key for line in one.entries[0].lines] == [
        "attracted_capital",
        "government_funds",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_blank_one(standard: Standard, lang: str) -> None:
    blanks = [blank_checklist(standard, county) for county in standard.counties]
    document = checklist_document(blanks, lang)
    assert document.day == standard.facts.issued_on == date(2022, 10, 13)
    assert len(document.parts) == 4
    for part, county in zip(document.parts, standard.counties, strict=True):
        assert county.town in part.subtitle
        # Neither a data file nor a date is in the footer, nor any result in the table.
        assert len(part.footer) == 2
        assert standard.sha256 in part.footer[1]
    shown = all_text(document)
    rows = [row for _, _, row in cells(table(document))]
    told = "\n".join(said(cell) for row in rows for cell, _ in row)
    for word in ("未申报", "undeclared", "missing", "达标", "fail"):
        assert word not in told
    assert ("≥ 2亿元" if lang == "zh" else "≥ CNY 200 million") in shown


def test_a_part_alone(standard: Standard) -> None:
    one = blank_checklist(standard, standard.counties[0], parts=["body"])
    assert [entry.item.id for entry in one.entries] == ["B1", "B2", "B3"]
    assert not any(line.same_as for line in one.entries[0].lines)
    two = blank_checklist(standard, standard.counties[0], only=["33", "34.1"])
    assert [entry.item.id for entry in two.entries] == ["33", "34"]
    assert [line.metric.key for line in two.entries[1].lines] == ["planned_land_area", "floor_area"]


def test_the_charts(standard: Standard) -> None:
    document = page(
        standard,
        {
            "total_output": {2022: "2.1亿元", 2023: "2.35亿元"},
            "exhibition_center_area": "280平方米",
            "violations": "0起",
            "planned_land_area": "0.62平方公里",
        },
        as_of="2023-12-31",
        acceptance_year="2023",
    )

    def held(chart: Bullet) -> tuple[object, ...]:
        return chart.value, chart.low, chart.high

    def charts(metric: str) -> list[Bullet]:
        cell = row_of(document, metric)[1]
        assert isinstance(cell, Stack)
        return [part for part in cell.parts if isinstance(part, Bullet)]

    first, second = charts("总产值")
    assert held(first) == (235_000_000, 200_000_000, None)
    assert first.text == "总产值：2.35亿元，要求 ≥ 2亿元"
    assert second.value == Fraction(235, 210) - 1 - Fraction(5, 100)
    assert second.low == Fraction(2, 100)
    [area] = charts("电商产品展示体验中心建筑面积")
    assert held(area) == (280, 100, 300)
    [violations] = charts("违法违规事件")
    assert held(violations) == (0, 0, 0)
    land = charts("规划用地面积")
    assert [held(it)[1:] for it in land] == [(500_000, 5_000_000), (500_000, None)]
    years = charts("区域公用品牌展会")
    assert [it.text.split("：")[0] for it in years] == [
        "区域公用品牌展会 2022",
        "区域公用品牌展会 2023",
    ]
    [capital] = charts("招商资金")
    assert capital.low is not None
    assert charts("大数据中心") == []
    assert len({it.tone for it in (first, area, violations)}) == 1


def test_the_chart_of_one_alternative(standard: Standard) -> None:
    changes = {"planned_land_area": None, "floor_area": "36万平方米"}
    cell = row_of(page(standard, changes), "规划用地面积")[1]
    assert isinstance(cell, Stack)
    charts = [part for part in cell.parts if isinstance(part, Bullet)]
    assert [(it.value, it.low, it.high) for it in charts] == [
        (Fraction(360_000), Fraction(500_000), None)
    ]


def test_a_year_that_is_enough_does_not_look_as_if_it_failed(standard: Standard) -> None:
    changes = {"brand_expos": {2022: "0次", 2023: "2次"}}
    cell = row_of(page(standard, changes, as_of="2023-12-31"), "区域公用品牌展会")[1]
    assert isinstance(cell, Stack)
    charts = [part for part in cell.parts if isinstance(part, Bullet)]
    assert [(str(it.value), it.tone) for it in charts] == [("0", "review"), ("2", "pass")]


def test_waivers_stand_above_the_items(standard: Standard) -> None:
    submission = submit(standard, {"logistics_center_area": "420平方米"})
    leave = Waiver(
        "waivers.yaml",
        Position(2, 3),
        "23.1",
        submission.county.town,
        "二期建成前租用",
        "朔州市商务局",
        "朔商函〔2024〕12号",
        date(2024, 3, 15),
        date(2027, 12, 31),
    )
    report = excused(evaluate(standard, submission), (leave,), date(2025, 1, 1))
    document = checklist_document([checklist(standard, report, submission)], "zh")
    assert "已豁免：23.1 物流配送中心建筑面积" in all_text(document)


# Dates, months, funds, a contact and a ledger

TRAFFIC = [{"category": "购买流量", "amount": "10000"}, {"category": "购买流量"}]
OTHERS = [{"category": "罚款", "source": "县"}, {"category": "捐款", "source": ""}]


def test_values_of_the_other_parts(standard: Standard) -> None:
    document = page(
        standard,
        {
            "monthly_reports": ["2022-11", "2022-12", "2023-01", "2023-03"],
            "contact": {"name": "张\u202e三", "phone": "无"},
        },
        whole=True,
    )
    lines = {
        "启动日期": "2022-11-15",
        "月报": "2022-11至2023-01、2023-03",
        "到位资金": "中央 1000万元、省 800万元、市 200万元、县 200万元、社会 5000万元",
        "信息联络员": "姓名 张\\u202e三、电话 无",
        "资金台账": "台账.csv（8行）",
    }
    for metric, value in lines.items():
        assert said(row_of(document, metric)[0]) == f"{metric}\n{value}"
    assert said(row_of(document, "月报")[1]) == (
        "I2.1 不达标，差 33个月\n缺报：2023-02。逾期未报：2023-04至2025-11。"
    )
    denied = page(standard, {"contact": "无"}, whole=True)
    assert said(row_of(denied, "信息联络员")[0]) == "信息联络员\n无"


def test_checks_that_came_to_the_same_stand_on_one_line(standard: Standard) -> None:
    fine = page(standard, whole=True)
    assert said(row_of(fine, "资金台账")[1]) == "F1.1至F1.9 达标"
    found = page(standard, whole=True, ledger=[*TRAFFIC, *OTHERS])
    assert said(row_of(found, "资金台账")[1]) == (
        "F1.1、F1.2、F1.4、F1.6至F1.9 达标\n"
        "F1.3 未用于购买流量 不达标\n2行，见“台账中需要核对的支出”\n"
        "F1.5 未用于捐款 需人工核定\n1行，见“台账中需要核对的支出”"
    )
    english = page(standard, whole=True, ledger=[*TRAFFIC, *OTHERS], lang="en")
    assert said(row_of(english, "Fund ledger")[1]).startswith("F1.1, F1.2, F1.4, F1.6 to F1.9 pass")
    undeclared = page(standard, {"fund_ledger": None}, whole=True)
    assert said(row_of(undeclared, "资金台账")[1]) == "F1.1至F1.9 未申报"
    # Others are told check by check, as ever.
    assert said(row_of(fine, "总产值")[1]).startswith("33.1 达标\n33.2 达标")


def test_what_was_overspent_is_told(standard: Standard) -> None:
    spent = [{"source": "市", "amount": "3000000"}, {"source": "省", "amount": "9000000"}]
    document = page(standard, whole=True, ledger=spent)
    assert said(row_of(document, "到位资金")[1]) == (
        "F2.1 不达标，多 200万元\n支出超过到位资金：省支出 900万元，到位 800万元，超出 100万元、"
        "市支出 300万元，到位 200万元，超出 100万元。"
    )


def test_the_rows_to_look_into(standard: Standard) -> None:
    document = page(standard, whole=True, ledger=[*TRAFFIC, *OTHERS])
    rows = table(document, 10)
    assert rows.name == "台账中需要核对的支出"
    told = [group.title or "｜".join(map(said, group.rows[0][:7])) for group in rows.groups]
    assert told == [
        "F1.3 未用于购买流量  不达标",
        "第2行｜2023-05-08｜10000元｜省｜收款单位1｜记-001｜购买流量支出",
        "第3行｜2023-05-08｜1元｜省｜收款单位2｜记-002｜购买流量支出",
        "F1.5 未用于捐款  需人工核定",
        "第5行｜2023-05-08｜1元｜｜收款单位4｜记-004｜捐款支出",
        "F4.2 按资金性质分别核算  不达标，缺 1行",
        "第5行｜2023-05-08｜1元｜｜收款单位4｜记-004｜捐款支出",
    ]
    assert [said(cell) for cell in rows.groups[1].rows[0][7:]] == ["□已核实，无误\n□有误", "", ""]
    assert "台账中需要核对的支出" not in all_text(page(standard, whole=True))


def test_more_rows_than_anybody_could_look_into(standard: Standard) -> None:
    document = page(standard, whole=True, ledger=TRAFFIC[:1] * (MOST_ROWS + 3))
    rows = table(document, 10)
    assert len(rows.groups) == MOST_ROWS + 1
    assert "F1.3 另有 3 行没有列出，见台账。" in all_text(document)


def test_a_ledger_that_several_items_need_is_verified_once(standard: Standard) -> None:
    one = made(standard, whole=True)
    lines = [line for entry in one.entries for line in entry.lines]
    own = [(line.same_as, line.with_checks) for line in lines if line.metric.key == "fund_ledger"]
    assert own == [("", ()), ("F1", ("F2.1",)), ("F1", ())]


def test_the_footer(standard: Standard) -> None:
    footer = page(standard, as_of="2023-12-31", acceptance_year="2023").parts[0].footer
    assert footer[0] == "怀仁市 怀仁市陶瓷e镇  数据截止 2023-12-31"
    assert footer[1].startswith("数据文件 test.yaml  sha256 ")
    assert len(footer[1].rpartition(" ")[2]) == 64
    assert footer[2] == f"标准 shuozhou-2022  sha256 {standard.sha256}"


def test_what_could_do_harm_is_made_visible(standard: Standard) -> None:
    document = page(
        standard,
        {
            "own_brands": {
                "value": ["甲\u202e乙", "丙", "丁", "戊", "己"],
                "note": "藏\u2066着",
                "verified": {"result": "属实", "by": "李四", "opinion": "看\u202e不见"},
            }
        },
        contact={"name": "张\u202e三", "phone": "1"},
    )
    shown = all_text(document)
    assert "\\u202e" in shown
    assert "\\u2066" in shown
    assert not set("\u202e\u2066") & set(shown)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rows_fill_the_columns(standard: Standard, lang: str) -> None:
    changes = {"logistics_center_area": "420平方米", "own_brands": "5个"}
    document = page(standard, changes, whole=True, ledger=[*TRAFFIC, *OTHERS], lang=lang)
    for block in document.parts[0].blocks:
        if isinstance(block, Table):
            taken = [0] * len(block.columns)
            for _, _, row in cells(block):
                free = [at for at, height in enumerate(taken) if height == 0]
                assert len(free) == len(row)
                for at, (_, height) in zip(free, row, strict=True):
                    taken[at] = height
                taken = [height - 1 for height in taken]
            assert set(taken) == {0}


def test_fields_have_names_of_their_own(standard: Standard) -> None:
    """A screen reader tells fields apart by their names alone."""
    changes = {"logistics_center_area": "420平方米"}
    document = page(standard, changes, whole=True, ledger=[*TRAFFIC, *OTHERS])
    names = [
        cell.name
        for block in document.parts[0].blocks
        if isinstance(block, Table)
        for _, _, row in cells(block)
        for cell, _ in row
        if isinstance(cell, Choice | Blank)
    ]
    assert len(names) == len(set(names))
