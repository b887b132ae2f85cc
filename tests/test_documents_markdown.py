"""Documents as Markdown, read back as GitHub reads it."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from etown_check.documents.checklist import blank_checklist, checklist
from etown_check.documents.checklist_document import checklist_document
from etown_check.documents.markdown import render
from etown_check.documents.model import (
    Bar,
    Bars,
    Blank,
    Choice,
    Column,
    Document,
    Facts,
    Group,
    Lines,
    Part,
    Share,
    Signatures,
    Stack,
    Table,
)
from etown_check.engine import evaluate
from etown_check.running import prepare
from etown_check.settings import Options
from etown_check.text import visible
from tests.conftest import EXAMPLES, submit
from tests.document_samples import HOSTILE, everything, texts_of
from tests.test_markdown import MARKUP, SOUGHT, children, parsed, pieces, structure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from etown_check.documents.model import Block
    from etown_check.standard import Standard


def markdown(document: Document) -> str:
    return render(document).decode()


def made_of(*blocks: Block, lang: str = "zh") -> list[str]:
    """Return the lines of a document of `blocks`, without its title and foot."""
    part = Part("题", "", ("脚",), blocks)
    day = everything().day
    lines = markdown(Document("题", lang, day, False, "", (part,))).splitlines()
    assert (lines[:2], lines[-3:]) == (["# 题", ""], ["---", "", "脚"])
    return lines[2:-4]


def seen(tokens: Sequence[Token]) -> list[list[str]]:
    """Return what a reader sees: for each paragraph, heading, entry and cell its lines."""
    found = []
    for token in tokens:
        if token.type == "inline":
            lines = [""]
            for it in token.children or ():
                if it.type == "html_inline" and it.content == "<br>":
                    lines.append("")
                elif it.type in ("text", "text_special"):
                    lines[-1] += it.content
            found.append(lines)
    return found


def rows_of(lines: Sequence[str]) -> list[list[list[str]]]:
    """Return the cells of a table, each as its lines."""
    tokens = parsed("\n".join(lines))
    cells = [[token] for token in tokens if token.type == "inline"]
    width = sum(token.type == "th_open" for token in tokens)
    shown = [seen(cell)[0] for cell in cells]
    return [shown[start : start + width] for start in range(0, len(shown), width)]


def check_form(text: str) -> None:
    """Assert that tables are whole, and that there are no tags but ours."""
    tokens = parsed(text)
    for is_table, found in groupby(text.splitlines(), lambda line: line.startswith("|")):
        if is_table:
            lines = list(found)
            assert all(line.endswith(" |") for line in lines)
            assert len({line.count("|") for line in lines}) == 1
    rows = [line for line in text.splitlines() if line.startswith("|")]
    frames = [line for line in rows if re.fullmatch(r"\|( --- \|)+", line)]
    assert sum(it.type == "tr_open" for it in tokens) == len(rows) - len(frames)
    assert sum(it.type == "table_open" for it in tokens) == len(frames)
    assert not [it for it in tokens if it.type in ("html_block", "fence", "code_block")]
    tags = [it.content for it in children(tokens) if it.type == "html_inline"]
    assert set(tags) <= {"<br>", "<span>", "</span>"}
    assert tags.count("<span>") == tags.count("</span>")
    assert not [it for it in children(tokens) if it.type in ("link_open", "image", "code_inline")]


# Blocks


def test_a_table_says_once_what_stands_beside_several_rows() -> None:
    columns = tuple(Column(name, 10) for name in ("号", "名", "值", "签"))
    lead, tail = (Lines(("1",)), Lines(("甲", "乙"), is_strong=True)), (Blank("签"),)
    rows = tuple((Stack((Lines((it,)), Lines(("附",)))),) for it in ("三", "四"))
    table = Table("表", columns, (Group(title="一、组"), Group(lead, rows, tail)))
    lines = made_of(table)
    assert lines == [
        "| 号 | 名 | 值 | 签 |",
        "| --- | --- | --- | --- |",
        "| **一、组** |  |  |  |",
        r"| 1 | **甲**<br>**乙** | 三<br>附 | \_\_\_\_ |",
        "|  |  | 四<br>附 |  |",
    ]
    assert rows_of(lines) == [
        [["号"], ["名"], ["值"], ["签"]],
        [["一、组"], [""], [""], [""]],
        [["1"], ["甲", "乙"], ["三", "附"], ["____"]],
        [[""], [""], ["四", "附"], [""]],
    ]


def test_numbers_end_below_each_other() -> None:
    columns = (Column("甲", 9), Column("乙", 9, is_number=True), Column("丙", 9, is_number=True))
    row = (Lines(("x",)), Lines(("1,234.50",)), Lines(()))
    assert made_of(Table("表", columns, (Group(rows=(row,)),))) == [
        "| 甲 | 乙 | 丙 |",
        "| --- | ---: | ---: |",
        "| x | 1,234.50 |  |",
    ]


@pytest.mark.parametrize(("lang", "colon"), [("zh", "："), ("en", ": ")])
def test_boxes_blanks_and_signatures(lang: str, colon: str) -> None:
    choices = Choice("查", ("属实", "核减", "不实"), (1,))
    facts = Facts((("结果", choices), ("日期", Blank("日期")), ("值", Blank("值", "2亿元"))))
    assert made_of(facts, lang=lang) == [
        f"- **结果**{colon}☐ 属实<br>☑ 核减<br>☐ 不实",
        rf"- **日期**{colon}\_\_\_\_",
        f"- **值**{colon}2亿元",
    ]
    assert rows_of(made_of(Signatures(("组长", "成员"), "签字", "日期"), lang=lang)) == [
        [[""], ["签字"], ["日期"]],
        [["组长"], ["____"], ["____"]],
        [["成员"], ["____"], ["____"]],
    ]


def test_bars_in_words() -> None:
    shares = (Share("pass", "达标", 20), Share("missing", "未申报", 0), Share("fail", "不达标", 6))
    bars = Bars("进度", (Bar("约束性", shares), Bar("期望性", shares[1:])))
    assert made_of(bars) == [
        "**进度**",
        "",
        "- 约束性：达标 20 · 不达标 6",
        "- 期望性：不达标 6",
    ]


def test_each_part_has_its_headings_and_its_foot() -> None:
    document = everything()
    tokens = parsed(markdown(document))
    levels = [int(it.tag[1]) for it in tokens if it.type == "heading_open"]
    assert levels == [1, *[2, 3, 3, 3, 4, 3] * 2]
    assert sum(it.type == "hr" for it in tokens) == 2
    lines = [*markdown(document).splitlines(), ""]
    feet = [place for place, line in enumerate(lines) if line == "---"]
    parts = [place for place, line in enumerate(lines) if line.startswith("## ")]
    for foot, number, end in zip(feet, (1, 2), (parts[1], len(lines)), strict=True):
        assert lines[foot:end] == ["---", "", f"示例 {number} 页脚", "", "示例", ""]
    assert markdown(everything(parts=1)).startswith("# 示例 1 · 示例 副题\n\n## 示例 说明\n")


# Whole documents


@pytest.fixture(scope="module")
def documents(standard: Standard) -> dict[str, Document]:
    paths = tuple(str(EXAMPLES / f"{name}.yaml") for name in ("huairen", "shanyin"))
    run = prepare(Options(paths=paths)).run(keep=True)
    lists = [checklist(standard, *it) for it in zip(run.reports, run.submissions, strict=True)]
    blank = blank_checklist(standard, standard.counties[0])
    return {
        "checklists": checklist_document(lists, "zh"),
        "blank": checklist_document([blank], "en"),
        "everything": everything(),
    }


@pytest.mark.parametrize("name", ["checklists", "blank", "everything"])
def test_everything_is_said_in_order(documents: dict[str, Document], name: str) -> None:
    text = markdown(documents[name])
    check_form(text)
    said = folded("".join(line for lines in seen(parsed(text)) for line in lines))
    place = 0
    for wanted in texts_of(documents[name]):
        place = said.find(folded(wanted), place)
        assert place >= 0, wanted
        place += len(folded(wanted))


def folded(text: str) -> str:
    return "".join(text.split())


def test_the_boxes_of_a_checklist_are_those_of_its_records(standard: Standard) -> None:
    record = {"结果": "核减", "核定值": "2亿元", "核查人": "王五", "日期": "2024-03-01"}
    submission = submit(standard, {"total_investment": {"值": "2.3亿元", "核查": record}})
    lists = [checklist(standard, evaluate(standard, submission), submission)]
    text = markdown(checklist_document(lists, "zh"))
    assert text.count("☑") == 1
    (row,) = (line for line in text.splitlines() if "☑" in line)
    assert "☐ 属实<br>☑ 核减<br>☐ 不实 | 2亿元 |" in row


@pytest.mark.parametrize("text", [*HOSTILE, *MARKUP])
def test_hostile_text_is_text(text: str) -> None:
    attacked, plain = (markdown(everything(it, parts=1)) for it in (text, "x"))
    check_form(attacked)
    tokens = parsed(attacked)
    assert structure(tokens) == structure(parsed(plain))
    lines = [line for lines in seen(tokens) for line in lines]
    wanted = visible(text).strip()
    assert lines.count(wanted) > 20
    assert lines.count(f"☐ {wanted}") > 2
    for piece in pieces(tokens):
        for name, form in SOUGHT.items():
            assert not re.search(form, piece) or piece == "$", name
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202a-\u202e\u2066]", attacked)


def test_the_same_bytes_each_time() -> None:
    assert render(everything()) == render(everything())
    assert render(everything()).endswith("示例\n".encode())
