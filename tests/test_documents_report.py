"""The self-check report and the acceptance report as blocks: what they say, and that it is so."""

from __future__ import annotations

import random
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from etown_check.comparing import held_against, snapshot
from etown_check.documents import acceptance as acceptance_module
from etown_check.documents import ledgers as ledgers_module
from etown_check.documents import overview as overview_module
from etown_check.documents import sections, wording
from etown_check.documents.acceptance import acceptance
from etown_check.documents.checklist import blank_checklist
from etown_check.documents.checklist_document import checklist_document
from etown_check.documents.model import (
    Bars,
    Blank,
    Bullet,
    Choice,
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
from etown_check.documents.overview import overview
from etown_check.documents.records import rests_on_records, statuses_as_declared
from etown_check.documents.sections import judged_towns
from etown_check.engine import evaluate
from etown_check.problems import Position, Problem
from etown_check.report import (
    LEVELS,
    STATUSES,
    UNASSURED,
    WAIVED,
    Run,
    Waiver,
)
from etown_check.reporters.texts import word
from etown_check.submission import DECLARED, VERIFIED, Document
from etown_check.text import HIDDEN, visible
from etown_check.waivers import excused
from etown_check.words import CATALOGUE, render, say
from tests.conftest import BASE, EXAMPLES, read, submit
from tests.ledger_samples import declaring, ledger, sample_rows, with_funds
from tests.ledger_samples import row as ledger_row
from tests.test_reporters import HOSTILE, hostile_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from etown_check.documents.model import Cell, Part
    from etown_check.documents.model import Document as Paper
    from etown_check.standard import Standard
    from etown_check.submission import Submission

MAKERS: dict[str, Callable[[Run, str], Paper]] = {"self": overview, "acceptance": acceptance}
NAMES = ("huairen", "shanyin", "yingxian", "youyu")
DAY = date(2024, 3, 1)


def run_of(
    standard: Standard,
    *submissions: Submission,
    problems: tuple[Problem, ...] = (),
    warnings: tuple[Problem, ...] = (),
    waivers: tuple[Waiver, ...] = (),
    **options: Any,
) -> Run:
    """Return the run over `submissions`; of files with `problems` it has no report."""
    reports = [
        excused(evaluate(standard, submission, **options), waivers, DAY)
        for submission in submissions
    ]
    inputs = dict.fromkeys([*(it.path for it in submissions), *(it.path for it in problems)])
    return Run(
        "0.0.0",
        standard,
        tuple(inputs),
        tuple(reports),
        problems,
        warnings,
        submissions=submissions,
    )


def examples(standard: Standard, *names: str) -> list[Submission]:
    return [
        read(standard, (EXAMPLES / f"{name}.yaml").read_text("utf-8"), f"examples/{name}.yaml")
        for name in names
    ]


def record(declared: Any, result: str = "confirmed", /, **more: Any) -> dict[str, Any]:
    """Return a metric with an expert's record, as a data file holds it."""
    verified = {"result": result, "by": "李四", "date": "2024-03-01", **more}
    return {"value": declared, "verified": verified}


def all_verified(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return every metric of the base with a record that confirms it, but for `changes`."""
    found = {key: record(value) for key, value in BASE["metrics"].items() if value != "~"}
    return {**found, **(changes or {})}


# Reading a document


def texts(paper: Paper) -> Iterator[str]:
    yield from (paper.title, paper.pages)
    for part in paper.parts:
        yield from (part.title, part.subtitle, *part.footer)
        yield from texts_of_part(part)


def texts_of_part(part: Part) -> Iterator[str]:
    for block in part.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                yield text
            case Listing(entries=entries):
                yield from entries
            case Facts(rows=rows):
                for name, cell in rows:
                    yield name
                    yield from texts_of(cell)
            case Table():
                yield block.name
                yield from (column.name for column in block.columns)
                yield from (group.title for group in block.groups)
                for _, _, row in cells(block):
                    for cell, _ in row:
                        yield from texts_of(cell)
            case Bars(name=name, bars=bars):
                yield name
                for bar in bars:
                    yield bar.name
                    yield from (share.name for share in bar.shares)
            case Signatures(people=people, sign=sign, on=on):
                yield from (*people, sign, on)


def texts_of(cell: Cell) -> Iterator[str]:
    match cell:
        case Lines(lines=lines):
            yield from lines
        case Choice(name=name, options=options):
            yield from (name, *options)
        case Blank(name=name, text=text):
            yield from (name, text)
        case Bullet(text=text):
            yield text
        case Stack(parts=parts):
            for part in parts:
                yield from texts_of(part)


def whole(paper: Paper) -> str:
    return "\n".join(texts(paper))


def under(part: Part, heading: str) -> list[Any]:
    """Return the blocks below a heading of level 1, up to the next."""
    found: list[Any] = []
    is_there = False
    for block in part.blocks:
        if isinstance(block, Heading) and block.level == 1:
            is_there = block.text == heading
        elif is_there:
            found.append(block)
    assert found, heading
    return found


def rows_of(blocks: list[Any]) -> list[list[str]]:
    """Return the rows of the tables among `blocks`, each cell as one text."""
    tables = [block for block in blocks if isinstance(block, Table)]
    return [
        ["\n".join(texts_of(cell)) for cell, _ in row]
        for table in tables
        for _, _, row in cells(table)
    ]


def said(key: str, lang: str = "zh", **args: str | int) -> str:
    return render(acceptance_module.WORDS[key], lang).format(**args)


# Both


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", MAKERS)
def test_tables_are_whole(standard: Standard, kind: str, lang: str) -> None:
    funded = [with_funds(standard, submit(standard)), few_sources(standard)]
    paper = MAKERS[kind](run_of(standard, *examples(standard, *NAMES), *funded), lang)
    assert len(paper.parts) == 7
    tables = [block for part in paper.parts for block in part.blocks if isinstance(block, Table)]
    assert len(tables) > 15
    for table in tables:
        assert sum(column.width for column in table.columns) <= 184
        spans = [0] * len(table.columns)
        for _, number, row in cells(table):
            free = [at for at, span in enumerate(spans) if not span]
            if number == 0:
                assert len(free) == len(table.columns)
            assert len(row) == len(free), table.name
            for at, (_, span) in zip(free, row, strict=True):
                spans[at] = span
            spans = [span - 1 for span in spans]


@pytest.mark.parametrize("kind", MAKERS)
def test_both_languages_say_the_same(standard: Standard, kind: str) -> None:
    submissions = [
        *examples(standard, *NAMES),
        submit(standard, all_verified({"own_brands": record("7个", "rejected")})),
        with_funds(standard, submit(standard))._replace(path="b.yaml"),
        few_sources(standard),
    ]
    zh, en = (MAKERS[kind](run_of(standard, *submissions), lang) for lang in ("zh", "en"))
    for one, other in zip(zh.parts, en.parts, strict=True):
        for block, same in zip(one.blocks, other.blocks, strict=True):
            assert type(block) is type(same)
            if isinstance(block, Table) and block.name == ledgers_module.WORDS["sums"].zh:
                continue  # its columns are as wide as their names, which are not equally long
            if isinstance(block, Table) and isinstance(same, Table):
                assert len(block.columns) == len(same.columns)
                shape = [(len(it.lead), len(it.rows), len(it.tail)) for it in block.groups]
                assert shape == [(len(it.lead), len(it.rows), len(it.tail)) for it in same.groups]
                numbers = [it.is_number for it in block.columns]
                assert numbers == [it.is_number for it in same.columns]
            elif isinstance(block, Listing) and isinstance(same, Listing):
                assert len(block.entries) == len(same.entries)
    own = [
        *(block.text for part in en.parts for block in part.blocks if isinstance(block, Heading)),
        *(it.name for part in en.parts for block in part.blocks if isinstance(block, Table) for it in block.columns),
    ]  # fmt: skip
    assert not re.search(r"[\u4e00-\u9fff]", " ".join(own))


@pytest.mark.parametrize(
    "module", [acceptance_module, ledgers_module, overview_module, sections, wording]
)
def test_every_word_is_in_both_languages(module: Any) -> None:
    for key, text in module.WORDS.items():
        fields = [set(re.findall(r"\{(\w+)\}", it)) for it in text]
        assert fields[0] == fields[1], key
        assert all(text)
        assert not re.search(r"[\u4e00-\u9fff]", text.en), key


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", MAKERS)
def test_same_run_same_document(standard: Standard, kind: str, lang: str) -> None:
    papers = [MAKERS[kind](run_of(standard, *examples(standard, "shanyin")), lang) for _ in "ab"]
    assert papers[0] == papers[1]
    assert papers[0].day == date(2023, 12, 31)
    assert papers[0].lang == lang
    assert not papers[0].is_landscape


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", MAKERS)
def test_hostile_text_is_made_visible(standard: Standard, kind: str, text: str) -> None:
    submission = submit(
        standard,
        {
            "own_brands": record(["a", "b"], opinion="x"),
            "reward_measures": record("办法", "rejected"),
            "logistics_center_area": record("450平方米", opinion="x"),
            "service_center_area": record("1200平方米", "adjusted", value="900平方米"),
        },
        contact={"name": "x", "phone": "y"},
    )
    declarations = dict(submission.declarations)
    for key, one in declarations.items():
        entries = dict(one.entries)
        if key == "own_brands":
            entries[None] = entries[None]._replace(names=(text, text))
        elif key == "reward_measures":
            entries[None] = entries[None]._replace(value=Document(True, text, text))
        verification = one.verification
        if verification is not None:
            verification = verification._replace(by=text, opinion=text)
        declarations[key] = one._replace(entries=entries, note=text, verification=verification)
    hostile = submission._replace(
        path=f"{text}.yaml", contact=(text, text), declarations=declarations
    )
    hostile = declaring(hostile, fund_ledger=hostile_ledger(standard, text))
    waiver = Waiver(
        text, Position(1, 1), "22.1", hostile.county.town, text, text, text, DAY, DAY
    )  # fmt: skip
    args = {"key": text, "text": text}
    problem = Problem(f"{text}2.yaml", Position(1, 1), "E501", args, (text,))
    warning = Problem(f"{text}.yaml", Position(1, 1), "W103", args)
    run = run_of(standard, hostile, problems=(problem,), warnings=(warning,), waivers=(waiver,))
    found = list(texts(MAKERS[kind](run, "zh")))
    assert not any(HIDDEN.search(it) for it in found)
    assert sum(visible(text) in it for it in found) > 6


def test_line_breaks_of_an_opinion_stay_line_breaks(standard: Standard) -> None:
    submission = submit(standard, {"own_brands": record("7个", opinion="x")})
    brands = submission.declarations["own_brands"]
    assert brands.verification is not None
    brands = brands._replace(verification=brands.verification._replace(opinion="第一行\n第二行"))
    declarations = {**submission.declarations, "own_brands": brands}
    paper = acceptance(run_of(standard, submission._replace(declarations=declarations)), "zh")
    found = list(texts(paper))
    assert "意见：第一行" in found
    assert "第二行" in found


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_files_that_could_not_be_read_are_told(standard: Standard, kind: str, lang: str) -> None:
    problem = Problem("bad.yaml", Position(3, 5), "E501", {"key": "总产直"}, ("总产值",))
    paper = MAKERS[kind](run_of(standard, submit(standard), problems=(problem,)), lang)
    first, town = paper.parts
    assert town.footer != first.footer
    rows = rows_of(list(first.blocks))
    place, wrong, instead = rows[0]
    assert place == "bad.yaml:3:5"
    assert wrong == f"E501  {problem.message(lang)}"
    assert instead == problem.hint(lang)
    assert "bad.yaml" in rows[-1][1]
    assert rows[-2][0] == "怀仁市"
    unread = next(block for block in first.blocks if isinstance(block, Paragraph))
    assert unread.is_strong


@pytest.mark.parametrize("kind", MAKERS)
def test_with_nothing_read_there_is_still_a_document(standard: Standard, kind: str) -> None:
    problem = Problem("bad.yaml", None, "E101", {})
    runs = [
        run_of(standard, problems=(problem,)),
        run_of(standard),
        Run("0.0.0", None, (), (), (problem,), ()),
        Run("0.0.0", standard, (), (), (), (), 3),
    ]
    for run in runs:
        (part,) = MAKERS[kind](run, "zh").parts
        assert render(sections.WORDS["nothing_judged"], "zh") in list(texts_of_part(part))
    assert any("3 个数据文件没有改动" in text for text in texts_of_part(part))


@pytest.mark.parametrize("kind", MAKERS)
def test_warnings_stand_with_the_town_that_they_are_about(standard: Standard, kind: str) -> None:
    own = Problem("test.yaml", Position(9, 3), "W103", {"text": "甲。乙"})
    other = Problem("notes.yaml", None, "W101", {"standard": standard.id})
    alone = MAKERS[kind](run_of(standard, submit(standard), warnings=(own, other)), "zh")
    assert len(alone.parts) == 1
    assert "test.yaml:9:3" in whole(alone)
    assert "notes.yaml" in whole(alone)
    several = [submit(standard), submit(standard, county="应县")._replace(path="b.yaml")]
    first, huairen, yingxian = MAKERS[kind](
        run_of(standard, *several, warnings=(own, other)), "zh"
    ).parts
    places = [[text for text in texts_of_part(it) if text.startswith(("test.yaml:9", "notes"))] for it in (first, huairen, yingxian)]  # fmt: skip
    assert places == [["notes.yaml"], ["test.yaml:9:3"], []]


@pytest.mark.parametrize("kind", MAKERS)
def test_a_narrowed_report_says_so(standard: Standard, kind: str) -> None:
    paper = MAKERS[kind](run_of(standard, submit(standard), only=["33.1", "20"]), "zh")
    said = f"本报告只包括方案 {len(standard.items)} 项中的 2 项。其中只判断了部分检查的：33。"
    assert said in whole(paper)
    assert "未检查的部分" not in whole(paper)
    whole_one = MAKERS[kind](run_of(standard, submit(standard)), "zh")
    assert "本报告只包括" not in whole(whole_one)
    unbinding = MAKERS[kind](run_of(standard, submit(standard), level="expected"), "zh")
    assert "本次没有判断约束性项目。" in whole(unbinding)


@pytest.mark.parametrize("kind", MAKERS)
def test_parts_that_were_left_out_are_named_once(standard: Standard, kind: str) -> None:
    submission = with_funds(standard, submit(standard))
    paper = MAKERS[kind](run_of(standard, submission), "zh")
    (plan,) = (part for part in standard.parts.values() if part.id == "plan")
    assert [it for it in texts(paper) if it.startswith("未检查的部分")] == [
        word("left_out", "zh", parts=plan.name.zh)
    ]
    assert "本报告只包括" not in whole(paper)
    asked = run_of(standard, submission, parts=["funds"], level="binding")
    assert "本报告只包括" not in whole(MAKERS[kind](asked, "zh"))
    everything = run_of(standard, submission, parts=tuple(standard.parts))
    assert "未检查的部分" not in whole(MAKERS[kind](everything, "zh"))


def few_sources(standard: Standard) -> Submission:
    """Return a town whose ledger is narrow enough to have a column for each source."""
    rows = [
        ledger_row(2, "12000", "省", "主导产业"),
        ledger_row(3, "5000", "县", "罚款"),
        ledger_row(4, "1", "", "罚款"),
    ]
    submission = declaring(submit(standard), fund_ledger=ledger(standard, rows))
    return submission._replace(path="few.yaml")


@pytest.mark.parametrize(
    ("kind", "heading"), [("self", "资金台账"), ("acceptance", "附：资金台账")]
)
def test_what_a_ledger_comes_to(standard: Standard, kind: str, heading: str) -> None:
    (part,) = MAKERS[kind](run_of(standard, few_sources(standard)), "zh").parts
    facts, sums, note, by_source, title, listed, *_ = under(part, heading)
    assert facts.text == "examples/台账/山阴.csv · 3 行 · 金额单位：元"
    assert [column.name for column in sums.columns] == [
        "支出类别",
        "省",
        "县",
        "未注明",
        "合计",
        "行数",
    ]
    assert [column.is_number for column in sums.columns] == [False] + [True] * 5
    assert rows_of([sums]) == [
        ["主导产业", "12,000", "", "", "12,000", "1"],
        ["罚款（受限）", "", "5,000", "1", "5,001", "2"],
        ["合计", "12,000", "5,000", "1", "17,001", "3"],
    ]
    assert note.text == "标“受限”的支出，方案五（一）规定不得使用中央、省、市资金。"
    assert rows_of([by_source])[-1] == ["合计", "17,001", "3"]
    (check,) = (it for _, it in standard.checks if it.id == "F1.4")
    assert title.text == f"F1.4 {check.name.zh}：有关的 1 行"
    assert rows_of([listed]) == [
        ["第4行", "2023-05-08", "1元", "某科技有限公司", "记-004", "罚款支出"]
    ]
    assert not any(isinstance(it, Bullet) for it in under(part, heading))
    (without,) = MAKERS[kind](run_of(standard, submit(standard)), "zh").parts
    assert heading not in [it.text for it in without.blocks if isinstance(it, Heading)]


def test_many_sources_stand_below_each_other(standard: Standard) -> None:
    rows = [*sample_rows(), ledger_row(23, "12345678.9", "中央", "主导产业")]
    submission = declaring(submit(standard), fund_ledger=ledger(standard, rows))
    (part,) = overview(run_of(standard, submission), "zh").parts
    sums = under(part, "资金台账")[1]
    assert [column.name for column in sums.columns] == ["支出类别", "资金来源", "金额", "行数"]
    found = rows_of([sums])
    at = found.index(["购买流量（受限）", "省", "307,200.0", "12"])
    assert found[at + 1 : at + 3] == [["县", "80,000.0", "1"], ["合计", "387,200.0", "13"]]
    assert found[-1] == ["合计", "", "16,481,878.9", "22"]


@pytest.mark.parametrize("kind", MAKERS)
def test_of_very_many_rows_the_first_are_listed(standard: Standard, kind: str) -> None:
    rows = [ledger_row(2 + at, "1", "", "罚款") for at in range(1001)]
    submission = declaring(submit(standard), fund_ledger=ledger(standard, rows))
    (part,) = MAKERS[kind](run_of(standard, submission, only=["F4"]), "zh").parts
    table = next(it for it in part.blocks if isinstance(it, Table) and it.name.startswith("F4.2"))
    assert table.name.endswith("有关的 1001 行")
    assert len(table.groups) == 200
    assert any("另有 801 行没有列出" in it for it in texts_of_part(part))


@pytest.mark.parametrize("kind", MAKERS)
def test_waivers_and_doubts_are_told(standard: Standard, kind: str) -> None:
    waiver = Waiver(
        "waivers.yaml",
        Position(1, 1),
        "23.1",
        "怀仁市陶瓷e镇",
        "租用库房",
        "王五",
        "某函〔2024〕1号",
        date(2024, 1, 1),
        date(2024, 12, 31),
    )
    submission = submit(
        standard, {"logistics_center_area": "450平方米", "total_investment": "3亿元"}
    )
    run = run_of(standard, submission, waivers=(waiver,))
    (report,) = run.reports
    assert report.waived("binding") == 1
    paper = MAKERS[kind](run, "zh")
    text = whole(paper)
    assert "王五批准（某函〔2024〕1号），2024-01-01 至 2024-12-31 有效。理由：租用库房" in text
    assert "需人工核定（豁免）" in text
    assert "其中已豁免" in text
    assert "35.1 3亿元" in text
    assert "1 项已豁免" in text


def test_the_checklist_has_the_same_facts(standard: Standard) -> None:
    (submission,) = examples(standard, "huairen")
    (town,) = judged_towns(run_of(standard, submission))
    rows = [
        dict(next(block for block in paper.parts[0].blocks if isinstance(block, Facts)).rows)
        for paper in (
            checklist_document([town], "zh"),
            overview(run_of(standard, submission), "zh"),
            acceptance(run_of(standard, submission), "zh"),
        )
    ]
    for name in ("依据", "县（市）", "乡村e镇", "类别", "数据截止日期", "验收年度", "信息联络员"):
        assert rows[0][name] == rows[1][name] == rows[2][name]
    blank = checklist_document([blank_checklist(standard, standard.counties[0])], "zh").parts[0]
    facts = dict(next(block for block in blank.blocks if isinstance(block, Facts)).rows)
    assert isinstance(facts["数据截止日期"], Blank)


# The self-check report


def counts_by_level(part: Part) -> dict[str, dict[str, int]]:
    """Return how many items the bars of a part show for each level and standing."""
    bars = [block for block in part.blocks if isinstance(block, Bars)]
    found: dict[str, dict[str, int]] = {}
    for level in LEVELS:
        name = f"{render(say(level), 'zh')}项目的进度"
        shares = [
            it for block in bars if block.name == name for bar in block.bars for it in bar.shares
        ]
        found[level] = {
            status: sum(it.number for it in shares if it.status == status)
            for status in (*STATUSES, UNASSURED, WAIVED)
        }
    return found


@pytest.mark.parametrize("require", [DECLARED, VERIFIED])
def test_bars_and_counts_agree_with_the_report(standard: Standard, require: str) -> None:
    run = run_of(standard, *examples(standard, *NAMES), require=require)
    for report, part in zip(run.reports, overview(run, "zh").parts[1:], strict=True):
        shown = counts_by_level(part)
        assert (shown["binding"][UNASSURED] > 0) == (require == VERIFIED)
        for level in LEVELS:
            unassured = shown[level].pop(UNASSURED)
            assert shown[level].pop(WAIVED) == 0
            shown[level]["pass"] += unassured
            assert shown[level] == report.counts[level]
        rows = rows_of(under(part, "各项结果"))
        for level, row in zip(LEVELS, rows, strict=True):
            numbers = [int(cell) for cell in row[1:]]
            counts = report.counts[level]
            assert numbers[:7] == [sum(counts.values()), *(counts[it] for it in STATUSES)]


def test_every_status_and_standing_shows(standard: Standard) -> None:
    (shanyin,) = examples(standard, "shanyin")
    waiver = Waiver("w", Position(1, 1), "23.1", shanyin.county.town, "a", "b", "c", DAY, DAY)
    declared = {key: it for key, it in shanyin.declarations.items() if key != "own_brands"}
    run = run_of(
        standard,
        shanyin._replace(declarations=declared),
        waivers=(waiver,),
        require=VERIFIED,
    )
    paper = overview(run, "zh")
    tones = {
        part.tone
        for _, _, row in cells(under(paper.parts[0], "逐项结果")[0])
        for cell, _ in row
        for part in (cell.parts if isinstance(cell, Stack) else (cell,))
        if isinstance(part, Lines)
    }
    everything = {"fail", "missing", "review", "not_due", "not_applicable", UNASSURED, WAIVED}
    assert everything <= tones
    passing = overview(run_of(standard, submit(standard)), "zh")
    assert "达标" in list(texts(passing))
    names = {name for rows in rows_of(under(paper.parts[0], "逐项结果")) for name in rows[-1:]}
    for status in (
        "不达标",
        "未申报",
        "需人工核定（豁免）",
        "未到期",
        "不适用",
        "达标（可信度不足）",
    ):
        assert status in names


def test_every_item_and_check_is_in_the_table(standard: Standard) -> None:
    run = run_of(standard, submit(standard), parts=tuple(standard.parts))
    part = overview(run, "zh").parts[0]
    ids = [row[0] for row in rows_of(under(part, "逐项结果"))]
    wanted: list[str] = []
    for item in standard.items:
        wanted += [item.id, *(it.id for it in item.checks if len(item.checks) > 1)]
    assert ids == wanted
    table = under(part, "逐项结果")[0]
    titles = [group.title for group in table.groups if group.title]
    assert titles[0] == "一、科学谋划布局"
    assert "正文四（二）建设标准  2. 市场主体发展" in titles
    assert titles[-1].startswith(list(standard.parts.values())[-1].name.zh)


def test_the_verdict_stands_first_with_its_reason(standard: Standard) -> None:
    cases: dict[str, dict[str, Any]] = {
        "达标": {},
        "不达标": {"own_brands": "1个", "trainees": None},
        "未完成": {"trainees": None},
    }
    reasons = {
        "达标": "约束性 30 项没有不达标的，也没有悬而未决的：30 项达标。",
        "不达标": "约束性 30 项中有 1 项不达标：12 品牌与网货。另有 1 项未申报。",
        "未完成": "约束性 30 项没有不达标的，但还有 1 项未申报；解决之后才有结论。",
    }
    for verdict, changes in cases.items():
        first, why = overview(run_of(standard, submit(standard, changes)), "zh").parts[0].blocks[:2]
        assert isinstance(first, Paragraph)
        assert first.text == f"自检结论：{verdict}"
        assert first.is_strong
        assert isinstance(why, Paragraph)
        assert why.text == reasons[verdict]


def test_a_sentence_names_no_more_failing_items_than_one_can_read(standard: Standard) -> None:
    keys = ("leading_ecommerce_enterprises", "financial_outlets", "own_brands", "hired_experts", "local_influencers", "main_livestream_rooms", "total_investment")  # fmt: skip
    zeros = {key: "0元" if key == "total_investment" else "0" for key in keys}
    why = overview(run_of(standard, submit(standard, zeros)), "zh").parts[0].blocks[1]
    assert isinstance(why, Paragraph)
    assert re.search("有 8 项不达标：.*等。$", why.text)
    assert why.text.count("、") == 5


def test_what_to_do_comes_by_gravity_and_level(standard: Standard) -> None:
    submissions = examples(standard, "shanyin", "youyu")
    run = run_of(standard, *submissions, require="evidenced")
    order = ["不达标", "未申报", "需人工核定", "可信度不足"]
    for report, part in zip(run.reports, overview(run, "zh").parts[1:], strict=True):
        blocks = under(part, "需要处理的事项")
        titles = [block.text for block in blocks if isinstance(block, Heading)]
        rank = [order.index(title.partition("（")[0]) for title in titles]
        assert rank == sorted(rank)
        found = [
            [(row[0], row[1].split("\n")[1]) for row in rows_of([block])]
            for block in blocks
            if isinstance(block, Table)
        ]
        assert [int(re.findall(r"\d+", title)[0]) for title in titles] == [len(it) for it in found]
        for rows in found:
            levels = [level for _, level in rows]
            assert levels == sorted(levels, key=["约束性", "期望性"].index)
        shown = {id for rows in found for id, _ in rows}
        assert shown == {it.id for item in report.items for it in item.checks if it.is_open}


def test_what_fails_says_by_how_much_where_and_what_to_do(standard: Standard) -> None:
    part = overview(run_of(standard, *examples(standard, "shanyin")), "zh").parts[0]
    row = next(it for it in rows_of(under(part, "需要处理的事项")) if it[0] == "33.1")
    assert row[2].startswith("1.44亿元，要求 ≥ 1.5亿元，差 600万元。\n“整体推进县不少于1.5亿元")
    assert re.search(r"须在验收前整改。\nexamples/shanyin.yaml:\d+:3$", row[3])


def test_nothing_to_do_is_said(standard: Standard) -> None:
    part = overview(run_of(standard, submit(standard)), "zh").parts[0]
    (said_so,) = under(part, "需要处理的事项")
    assert said_so.text == "没有需要处理的事项。"


def test_what_the_baseline_has_is_told(standard: Standard) -> None:
    before = snapshot(evaluate(standard, submit(standard, {"trainees": "1人次"})))
    changes = {"trainees": "1人次", "own_brands": "1个"}
    run = run_of(standard, submit(standard, changes))
    held = run._replace(reports=tuple(held_against(run.reports, [before])), baseline="a.json")
    part = overview(held, "zh").parts[0]
    assert "与基线相比变差 1 项：12。" in list(texts_of_part(part))
    brands, trainees = rows_of(under(part, "需要处理的事项"))
    assert "基线中为“达标”，变差了。" in brands[3]
    assert "没有变差，不影响退出码。" in trainees[3]


def test_the_summary_has_every_town(standard: Standard) -> None:
    run = run_of(standard, *examples(standard, *NAMES))
    first = overview(run, "zh").parts[0]
    assert first.subtitle == "4 个文件：达标 1、不达标 2、未完成 1"
    rows = {row[0]: row for row in rows_of(under(first, "各镇情况"))}
    assert rows["怀仁市"][2] == "达标"
    assert rows["怀仁市"][4] == ""
    assert rows["山阴县"][2] == "不达标"
    assert rows["山阴县"][3] == "20 项达标、11 项不达标、6 项未申报、3 项需人工核定、1 项未到期"
    assert rows["山阴县"][4].startswith("5、14、20、22、23、33、36、37、B2、M1、")
    assert rows["右玉县"][1].endswith("examples/youyu.yaml")


def test_readings_name_the_checks_that_cite_them(standard: Standard) -> None:
    part = overview(run_of(standard, *examples(standard, "shanyin")), "zh").parts[0]
    (listing,) = under(part, "所依据的读法")
    (r6,) = (it for it in listing.entries if it.startswith("R6 "))
    assert r6.endswith("（用于 14.1、37.1）")


# The acceptance report


def town_of(standard: Standard, changes: Mapping[str, Any], lang: str = "zh", **facts: Any) -> Part:
    """Return the only part of the acceptance report on the base with `changes`."""
    (part,) = acceptance(run_of(standard, submit(standard, changes, **facts)), lang).parts
    return part


def test_all_verified(standard: Standard) -> None:
    part = town_of(standard, all_verified())
    verdict, why, *rest = under(part, "一、核查结果")
    assert verdict.text == "按核查记录和方案标准得出的结果：达标"
    assert verdict.tone == "pass"
    assert why.text == "约束性 30 项：30 项达标。达标的各项，所用数值全部经过核查。"
    assert ("所用数值全部经过核查的 42 项。",) in [
        it.entries for it in rest if isinstance(it, Listing)
    ]
    for heading in ("adjusted", "rejected", "not_verified", "questions", "waivers"):
        (nothing,) = under(part, said(heading))
        assert nothing.text == "没有。"
    facts = dict(next(block for block in part.blocks if isinstance(block, Facts)).rows)
    number = len(all_verified())
    assert facts["核查记录"] == Lines((f"{number} 条：属实 {number}",))
    assert facts["核查人"] == Lines(("李四",))
    assert facts["核查日期"] == Lines(("2024-03-01",))


def test_nothing_verified(standard: Standard) -> None:
    part = town_of(standard, {})
    verdict, why, *_ = under(part, "一、核查结果")
    assert verdict.text == "按核查记录和方案标准得出的结果：未完成"
    assert why.text.startswith("约束性 30 项：30 项达标但未全部核查。")
    facts = dict(next(block for block in part.blocks if isinstance(block, Facts)).rows)
    assert facts["核查记录"] == Lines(("没有核查记录",), "alert")
    assert "核查人" not in facts
    rows = rows_of(under(part, "五、尚未核查的指标"))
    assert len(rows) == len(BASE["metrics"])
    found = {row[-2] for row in rows_of(under(part, "二、逐项结果"))} | {
        row[-1] for row in rows_of(under(part, "二、逐项结果"))
    }
    assert "尚未核查" in found


def test_what_does_not_apply_is_not_left_to_be_verified(standard: Standard) -> None:
    changes = {"training_center_coordinated": None}
    part = town_of(standard, changes, county="山阴县")
    rows = rows_of(under(part, "二、逐项结果"))
    (row,) = (row for row in rows if row[0] == "统筹使用培训中心")
    assert row == ["统筹使用培训中心", "", "不适用"]


def test_nothing_declared(standard: Standard) -> None:
    nothing = dict.fromkeys(BASE["metrics"])
    part = town_of(standard, nothing)
    assert "30 项未申报" in under(part, "一、核查结果")[1].text
    (_, listing) = under(part, "五、尚未核查的指标")
    assert len(listing.entries) == len(BASE["metrics"])
    assert "39  通讯服务网点" in listing.entries
    overview(run_of(standard, submit(standard, nothing)), "en")


def test_everything_rejected(standard: Standard) -> None:
    rejected = {key: record(it["value"], "rejected") for key, it in all_verified().items()}
    part = town_of(standard, rejected)
    assert under(part, "一、核查结果")[0].text.endswith("不达标")
    assert "30 项不达标" in under(part, "一、核查结果")[1].text
    rows = rows_of(under(part, "四、核查为不实的指标"))
    assert len(rows) == len(rejected)
    assert all("→ 不达标" in row[-1] for row in rows)
    for row in rows_of(under(part, "二、逐项结果")):
        assert any(cell.startswith("不实\n李四 2024-03-01") for cell in row)


def test_adjusted_values_are_held_against_the_declared_ones(standard: Standard) -> None:
    changes = all_verified(
        {
            "service_center_area": record(
                "1200平方米", "adjusted", value="980平方米", by="王五", date="2024-03-05",
                opinion="夹层不计",
            ),
            "total_output": record(
                {"2022": "1.9亿元", "2023": "2.3亿元", "2024": "2.8亿元", "2025": "3.4亿元"},
                "adjusted",
                value={"2023": "2.29亿元", "2024": "2.9亿元"},
            ),
            "trainees": record("600人次", "adjusted", value="600人次"),
        }
    )  # fmt: skip
    part = town_of(standard, changes)
    rows = rows_of(under(part, said("adjusted")))
    area = next(row for row in rows if "服务中心" in row[0])
    assert area[1:4] == ["1200平方米", "980平方米", "少 220平方米"]
    assert area[4] == "核减\n王五 2024-03-05\n意见：夹层不计"
    assert area[5] == "第20项：达标 → 不达标"
    at = next(at for at, row in enumerate(rows) if row[0].startswith("总产值"))
    assert rows[at][1:4] == ["2023年：2.3亿元", "2023年：2.29亿元", "少 100万元"]
    assert rows[at][-1] == "第33项：仍为达标\n第B1项：仍为达标"
    assert rows[at + 1] == ["2024年：2.8亿元", "2024年：2.9亿元", "多 0.1亿元"]
    same = next(row for row in rows if row[0].startswith("电商培训人次"))
    assert same[3] == "相同"
    facts = dict(next(block for block in part.blocks if isinstance(block, Facts)).rows)
    assert facts["核查人"] == Lines(("李四、王五",))
    assert facts["核查日期"] == Lines(("2024-03-01 至 2024-03-05",))
    item = next(row for row in rows_of(under(part, "二、逐项结果")) if row[0] == "20")
    assert item[3:6] == ["电商公共服务中心建筑面积\n1200平方米", "980平方米", area[4]]
    assert item[6].startswith("不达标\n20.1 不达标，差 20平米")


def test_a_record_that_says_confirmed_and_another_value_is_shown(standard: Standard) -> None:
    zones = BASE["metrics"]["exhibition_zones"]
    changes = {
        "exhibition_zones": record(zones, value=zones[:2]),
        "own_brands": record(["甲", "乙", "丙", "丁", "戊"], value=["甲", "乙", "丙", "丁", "己"]),
    }
    part = town_of(standard, changes)
    rows = rows_of(under(part, said("adjusted")))
    assert [row[0].split("\n")[0] for row in rows] == ["小而美自主品牌", "展示体验中心功能区域"]
    assert all("核定值却与申报值不同，请核对" in row[4] for row in rows)
    assert rows[1][-1] == "第22项：达标 → 不达标"


def test_the_same_value_in_other_words_is_no_change(standard: Standard) -> None:
    zones = BASE["metrics"]["exhibition_zones"]
    same = {
        "exhibition_zones": record(zones, value=zones[::-1]),
        "own_brands": record(["甲", "乙", "丙", "丁", "戊"], value=["戊", "甲", "乙", "丙", "丁"]),
        "planned_land_area": record("2平方公里", value="200公顷"),
        "hired_experts": record(["甲", "乙", "丙", "丁", "戊"], value="5人"),
        "reward_measures": record("办法", value="办法"),
        "leading_group_head": record("政府主要负责同志", value="政府主要负责同志"),
        "contiguous": record("是", value="有"),
    }
    (nothing,) = under(town_of(standard, same), said("adjusted"))
    assert nothing.text == "没有。"
    other = {
        "reward_measures": record("办法", value="另一个办法"),
        "leading_group_head": record("政府主要负责同志", value="其他"),
        "contiguous": record("是", value="否"),
    }
    rows = rows_of(under(town_of(standard, other), said("adjusted")))
    assert [row[3] for row in rows] == ["", "", ""]
    assert [row[-1] for row in rows] == [
        "第6项：仍为达标",
        "第31项：达标 → 不达标",
        "第34项：达标 → 不达标",
    ]


def test_a_value_that_only_the_expert_has(standard: Standard) -> None:
    submission = submit(standard, {"trainees": record("1人次", "adjusted", value="600人次")})
    trainees = submission.declarations["trainees"]._replace(entries={})
    declarations = {**submission.declarations, "trainees": trainees}
    paper = acceptance(run_of(standard, submission._replace(declarations=declarations)), "zh")
    (row,) = rows_of(under(paper.parts[0], said("adjusted")))
    assert row[1:4] == ["未申报", "600人次", ""]
    assert row[-1] == "第15项：未申报 → 达标"


def test_a_record_on_reference_data_counts_as_one(standard: Standard) -> None:
    growth = record({"2023": "6.1%"}, "adjusted", value={"2023": "60%"})
    part = town_of(standard, {"city_output_growth": growth}, as_of="2023-12-31")
    (row,) = rows_of(under(part, said("adjusted")))
    assert row[0].startswith("全市总产值增长率")
    assert row[3] == "多 53.9个百分点"
    assert row[-1] == "第33项：达标 → 不达标\n第B1项：仍为未到期"


def test_records_without_name_or_date_are_told(standard: Standard) -> None:
    changes = {
        "own_brands": {"value": "7个", "verified": {"result": "rejected"}},
        "trainees": record("600人次", date="2024-03-09"),
    }
    facts = dict(next(it for it in town_of(standard, changes).blocks if isinstance(it, Facts)).rows)
    assert facts["核查记录"] == Lines(("2 条：属实 1、不实 1",))
    assert facts["核查人"] == Lines(("李四", "没有写明核查人：小而美自主品牌"))
    assert facts["核查日期"] == Lines(("2024-03-09", "没有写明日期：小而美自主品牌"))
    del changes["trainees"]
    facts = dict(next(it for it in town_of(standard, changes).blocks if isinstance(it, Facts)).rows)
    assert facts["核查人"] == Lines(("没有写明核查人：小而美自主品牌",))
    assert facts["核查日期"] == Lines(("没有写明日期：小而美自主品牌",))


def test_what_reviewers_decided(standard: Standard) -> None:
    changes = {
        "logistics_center_area": record("450平方米", opinion="按“原则上”可以认定"),
        "online_platform_functions": ["金融服务"],
    }
    part = town_of(standard, changes)
    platform, logistics = rows_of(under(part, said("questions")))
    assert platform[0] == "21.2"
    assert platform[2] == "尚未认定"
    assert logistics[0] == "23.1"
    assert "450平方米，要求 ≥ 500平方米，差 50平方米。" in logistics[1]
    assert logistics[2] == "物流配送中心建筑面积：属实，李四，2024-03-01\n意见：按“原则上”可以认定"
    assert logistics[3].startswith("“建筑面积原则上不少于500平方米”")
    assert logistics[4].split("\n")[1:] == ["达标", "不达标"]


def test_the_tool_decides_nothing(standard: Standard) -> None:
    for changes in ({}, all_verified(), all_verified({"own_brands": record("7个", "rejected")})):
        part = town_of(standard, changes)
        assert "验收通过" not in "".join(texts_of_part(part))
        assert "通过验收，由验收组" in "".join(texts_of_part(part))
        _, facts, signatures = under(part, said("group"))
        choice = dict(facts.rows)["验收结论"]
        assert choice == Choice("验收结论", ("同意验收", "整改后再验收", "不同意"))
        assert isinstance(signatures, Signatures)
        assert len(signatures.people) == 6


def test_the_conclusion_is_the_verdict_with_everything_verified(standard: Standard) -> None:
    """The report says what `--require verified` would, whatever the run itself required."""
    draw = random.Random(7)
    results = ["confirmed", "confirmed", "confirmed", "rejected"]
    verdicts = set()
    for share in (0, 0.5, 0.9, 1, 1, 1):
        for level in (0, 0.02):
            changes: dict[str, Any] = {}
            for key, value in BASE["metrics"].items():
                if draw.random() < level:
                    changes[key] = None
                elif draw.random() < share:
                    changes[key] = record(value, draw.choice(results) if level else "confirmed")
            submission = submit(standard, changes)
            report = evaluate(standard, submission, require=VERIFIED)
            run = run_of(standard, submission)
            part = acceptance(run, "zh").parts[0]
            verdict = render(CATALOGUE[report.verdict], "zh")
            verdicts.add(report.verdict)
            assert under(part, "一、核查结果")[0].text.endswith(f"：{verdict}")
            for item, same in zip(report.items, run.reports[0].items, strict=True):
                assert rests_on_records(item) == rests_on_records(same)
                if item.status == "pass":
                    assert rests_on_records(item) != item.lacks_assurance
            numbers = _coverage(part)
            rests = [rests_on_records(item) for item in report.items]
            assert numbers == [rests.count(True), rests.count(False), rests.count(None)]
            columns = [
                [int(cell) for cell in row[-2:]] for row in rows_of(under(part, "一、核查结果"))
            ]
            assert [sum(it) for it in zip(*columns, strict=True)] == numbers[:2]
    assert verdicts == {"compliant", "non_compliant", "incomplete"}


def _coverage(part: Part) -> list[int]:
    """Return the three numbers of items that the conclusion gives; what is not named is none."""
    (listing,) = (it for it in under(part, "一、核查结果") if isinstance(it, Listing))
    starts = ("所用数值", "未申报或", "未到期或")
    found = {
        start: int(re.findall(r"(\d+) 项", line)[0])
        for line in listing.entries
        for start in starts
        if line.startswith(start)
    }
    return [found.get(start, 0) for start in starts]


def test_what_is_not_due_has_nothing_to_verify(standard: Standard) -> None:
    part = town_of(standard, all_verified(), as_of="2023-12-31")
    assert _coverage(part) == [41, 0, 1]
    assert "未到期或不适用、没有数值可核查的 1 项：B1。" in list(texts_of_part(part))


def test_statuses_as_declared_are_those_of_the_file_without_records(standard: Standard) -> None:
    changes = all_verified(
        {
            "own_brands": record("7个", "rejected"),
            "service_center_area": record("1200平方米", "adjusted", value="90平方米"),
        }
    )
    run = run_of(standard, submit(standard, changes))
    bare = evaluate(standard, submit(standard))
    (town,) = judged_towns(run)
    assert statuses_as_declared(town) == {item.id: item.status for item in bare.items}
    (narrow,) = judged_towns(run_of(standard, submit(standard, changes), only=["20.1", "12"]))
    assert statuses_as_declared(narrow) == {"12": "pass", "20": "pass"}


def test_every_item_has_its_conclusion(standard: Standard) -> None:
    run = run_of(standard, *examples(standard, "shanyin"))
    (report,) = run.reports
    part = acceptance(run, "zh").parts[0]
    rows = [row for row in rows_of(under(part, "二、逐项结果")) if len(row) == 7]
    assert [row[0] for row in rows] == [item.id for item in report.items]
    for row, item in zip(rows, report.items, strict=True):
        assert row[6].split("\n")[0] == render(say(item.status), "zh")


def test_several_towns_have_a_summary_by_records(standard: Standard) -> None:
    submissions = [
        submit(standard, all_verified())._replace(path="a.yaml"),
        submit(standard, county="应县")._replace(path="b.yaml"),
    ]
    first = acceptance(run_of(standard, *submissions), "zh").parts[0]
    rows = rows_of(under(first, "各镇情况"))
    assert [row[2] for row in rows] == ["达标", "未完成"]
    assert rows[1][3].startswith("30 项达标但未全部核查")


def test_reports_need_their_submissions(standard: Standard) -> None:
    run = run_of(standard, submit(standard))._replace(submissions=())
    with pytest.raises(ValueError, match="shorter"):
        overview(run, "zh")
