"""Documents for Word: what the markup says, and what an office program makes of it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from etown_check.documents import renderer
from etown_check.documents.checklist import blank_checklist, checklist
from etown_check.documents.checklist_document import checklist_document
from etown_check.documents.docx import render, shared
from etown_check.documents.docx_markup import TICKED, UNTICKED
from etown_check.documents.model import (
    ALERT,
    MUTED,
    Bar,
    Bars,
    Blank,
    Block,
    Bullet,
    Cell,
    Choice,
    Column,
    Document,
    Facts,
    Group,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Part,
    Share,
    Signatures,
    Stack,
    Table,
    cells,
)
from etown_check.engine import evaluate
from etown_check.packing import VARIABLE
from etown_check.report import FAIL, PASS, STATUSES, UNASSURED, WAIVED
from etown_check.text import fold, visible
from tests.conftest import EXAMPLES, read
from tests.office import needs_office, pages_of, to_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from etown_check.standard import Standard

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
NAMES = {"w": W[1:-1], "w14": W14[1:-1]}
MILLIMETRE = Fraction(1440 * 10, 254)

HOSTILE = (
    "<w:p/>&amp;]]><!--",
    "\"><w:sdt w:x='",
    "{ PAGE } { INCLUDETEXT C:\\\\x }",
    "{page} {pages}",
    "\x00\x01\x08\x0b\x1f\x7f\x85 and \u202egnp.exe\u2066",
    "tab\there\nand\r\nthere",
    "\ud800 \ufffe \uffff \ufeff",
    "  two  spaces  ",
    "x" * 3000,
    "=1+1 @me +1",
    "ﷺ 𠮷 😀 e\u0301",
)


def document(
    *blocks: Block, lang: str = "zh", is_landscape: bool = True, parts: int = 1
) -> Document:
    made = tuple(
        Part(f"标题{number}", f"副题{number}", (f"页脚{number}甲", f"页脚{number}乙"), blocks)
        for number in range(1, parts + 1)
    )
    pages = "Page {page} of {pages}" if lang == "en" else "第 {page} 页 共 {pages} 页"
    return Document("试验文件", lang, date(2023, 12, 31), is_landscape, pages, made)


def table(*groups: Group, widths: Sequence[int] = (10, 40, 30), name: str = "表") -> Table:
    columns = tuple(
        Column(f"列{number}", width, is_narrow=number == 1)
        for number, width in enumerate(widths, 1)
    )
    return Table(name, columns, groups)


def row(*texts: str) -> tuple[Cell, ...]:
    return tuple(Lines((text,)) for text in texts)


EVERYTHING: tuple[Block, ...] = (
    Paragraph("结论：不达标", FAIL, is_strong=True),
    Facts(
        (("县", Lines(("怀仁市",))), ("日期", Blank("日期")), ("定", Choice("定", ("是", "否"))))
    ),
    Heading("一、标题", 1),
    Paragraph("正文“引号”一段。"),
    Paragraph("灰色", MUTED),
    Paragraph("醒目", ALERT),
    Heading("小标题", 2),
    Listing(("甲", "乙"), is_ordered=True),
    Listing(("丙", "丁")),
    Listing(("戊", "己"), is_ordered=True),
    table(
        Group(title="第一组"),
        Group(
            lead=row("1"),
            rows=(
                (Stack((Lines(("名称",), is_strong=True), Lines(("值",), PASS))),),
                (Choice("选择", ("属实", "核减", "不实"), (1,)),),
                (Blank("意见", "已填", rows=2),),
            ),
            tail=(Blank("签字"),),
        ),
        Group(
            rows=((Lines(("2",)), Bullet("看图", Fraction(1), Fraction(2), None, FAIL), Lines(())),)
        ),
    ),
    table(Group(rows=(row("3", "又一表", ""),)), name="又一表"),
    Bars(
        "进度",
        (
            Bar("约束性", (Share(PASS, "达标", 20), Share(WAIVED, "已豁免", 2))),
            Bar("期望性", (Share(FAIL, "不达标", 3), Share(UNASSURED, "可信度不足", 1))),
        ),
    ),
    Signatures(("组长", "成员", "成员"), "签字", "日期"),
)


def checklists(standard: Standard, lang: str, *names: str) -> Document:
    """Return the checklist of example counties, or a blank one."""
    if not names:
        return checklist_document([blank_checklist(standard, standard.counties[0])], lang)
    read_in = [
        read(standard, (EXAMPLES / f"{name}.yaml").read_text("utf-8"), f"examples/{name}.yaml")
        for name in names
    ]
    return checklist_document(
        [checklist(standard, evaluate(standard, one), one) for one in read_in], lang
    )


# Reading it back


def parts_of(content: bytes) -> dict[str, etree._Element]:
    """Return the parts of a .docx file that are XML, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: etree.fromstring(file.read(name)) for name in file.namelist()}


def body(*blocks: Block, lang: str = "zh", is_landscape: bool = True) -> etree._Element:
    return parts_of(render(document(*blocks, lang=lang, is_landscape=is_landscape)))[
        "word/document.xml"
    ]


def found(root: etree._Element, path: str) -> list[etree._Element]:
    result = root.xpath(path, namespaces=NAMES)
    assert isinstance(result, list)
    return [it for it in result if isinstance(it, etree._Element)]


def text(element: etree._Element) -> str:
    return "".join(it.text or "" for it in found(element, ".//w:t"))


def value(element: etree._Element, path: str, name: str = "val") -> str:
    (one,) = found(element, path)
    return one.get(f"{W}{name}", "")


def grid(table: etree._Element) -> list[int]:
    return [int(it.get(f"{W}w", "0")) for it in found(table, "w:tblGrid/w:gridCol")]


# What a paragraph, a run and so on may hold, in the only order that Word reads.
ORDER = {
    "pPr": "pStyle keepNext widowControl numPr overflowPunct snapToGrid spacing ind jc outlineLvl sectPr",
    "rPr": "rStyle rFonts b bCs color sz szCs lang",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblCaption",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "tbl": "tblPr tblGrid tr",
    "sectPr": "footerReference pgSz pgMar",
    "style": "name basedOn qFormat pPr rPr tblPr",
    "lvl": "start numFmt lvlText lvlJc pPr rPr",
    "sdtPr": "alias id checkbox",
    "font": "altName charset family pitch",
    "numbering": "abstractNum num",
    "styles": "docDefaults style",
    "settings": "hideSpellingErrors hideGrammaticalErrors defaultTabStop characterSpacingControl "
    "compat themeFontLang decimalSymbol listSeparator",
}


def test_elements_stand_in_the_order_of_the_schema() -> None:
    met = set()
    for root in parts_of(render(document(*EVERYTHING, parts=2))).values():
        for element in root.iter(f"{W}*"):
            name = etree.QName(element).localname
            if name in ORDER:
                met.add(name)
                places = [ORDER[name].split().index(etree.QName(it).localname) for it in element]
                assert places == sorted(places), name
    assert met == set(ORDER)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_run_and_style_names_its_fonts(lang: str) -> None:
    parts = parts_of(render(document(*EVERYTHING, lang=lang)))
    runs = [run for root in parts.values() for run in found(root, "//w:r")]
    assert len(runs) > 60
    known = {it.get(f"{W}name") for it in found(parts["word/fontTable.xml"], "//w:font")}
    for run in runs:
        (fonts,) = found(run, "w:rPr/w:rFonts")
        assert {fonts.get(f"{W}{it}") for it in ("ascii", "hAnsi", "eastAsia", "cs")} <= known
        assert fonts.get(f"{W}hint") == (None if lang == "en" else "eastAsia")
    styles = parts["word/styles.xml"]
    for style in found(styles, "//w:style[@w:type='paragraph'] | //w:rPrDefault"):
        assert found(style, ".//w:rFonts[@w:ascii and @w:hAnsi and @w:eastAsia and @w:cs]")
    assert value(styles, "//w:rPrDefault//w:lang", "eastAsia") == "zh-CN"
    assert not found(styles, "//@*[contains(name(), 'Theme')]/..")


def test_every_style_that_is_used_exists() -> None:
    parts = parts_of(render(document(*EVERYTHING)))
    defined = {it.get(f"{W}styleId") for it in found(parts["word/styles.xml"], "//w:style")}
    used = {
        it.get(f"{W}val")
        for root in parts.values()
        for it in found(root, "//w:pStyle | //w:rStyle | //w:tblStyle | //w:basedOn")
    }
    assert used <= defined
    assert {"Title", "Subtitle", "Heading1", "Heading2", "TableText", "Footer"} <= used
    tones = {f"Tone_{it}" for it in (*STATUSES, UNASSURED, WAIVED, MUTED, ALERT)}
    assert tones <= defined


def test_an_upright_page_has_the_margins_of_the_standard() -> None:
    upright = found(body(is_landscape=False), "//w:sectPr")
    assert len(upright) == 1
    for name, size in (("top", 37), ("bottom", 35), ("left", 28), ("right", 26)):
        assert int(value(upright[0], "w:pgMar", name)) == int(size * MILLIMETRE)
    assert int(value(upright[0], "w:pgSz", "w")) == int(210 * MILLIMETRE)
    lying = found(body(), "//w:sectPr")
    assert value(lying[0], "w:pgSz", "orient") == "landscape"
    assert int(value(lying[0], "w:pgSz", "w")) == int(297 * MILLIMETRE)


@pytest.mark.parametrize("is_landscape", [True, False])
def test_tables_fill_the_page_with_fixed_columns(is_landscape: bool) -> None:
    root = body(*EVERYTHING, is_landscape=is_landscape)
    width = int((273 if is_landscape else 156) * MILLIMETRE)
    tables = found(root, "//w:tbl")
    assert len(tables) == 5
    for one in tables:
        columns = grid(one)
        assert sum(columns) == width
        assert value(one, "w:tblPr/w:tblLayout", "type") == "fixed"
        for line in found(one, "w:tr"):
            assert value(line, "w:trPr/w:cantSplit") == "1"
            spans = [
                int(span[0].get(f"{W}val", "")) if (span := found(cell, "w:tcPr/w:gridSpan")) else 1
                for cell in found(line, "w:tc")
            ]
            assert sum(spans) == len(columns)
            assert sum(int(value(it, "w:tcPr/w:tcW", "w")) for it in found(line, "w:tc")) == width


def test_header_rows_are_repeated_and_tables_parted() -> None:
    root = body(*EVERYTHING)
    headers = [text(it) for it in found(root, "//w:tr[w:trPr/w:tblHeader]")]
    assert headers == ["列1列2列3", "列1列2列3", "进度达标不达标可信度不足已豁免"]
    for header in found(root, "//w:tr[w:trPr/w:tblHeader]"):
        before = header.getprevious()
        assert before is not None
        assert etree.QName(before).localname == "tblGrid"
    # Word makes one table of two that touch, and wants a paragraph behind the last.
    for one in found(root, "//w:tbl"):
        behind = one.getnext()
        assert behind is not None
        assert etree.QName(behind).localname == "p"
    captions = [it.get(f"{W}val") for it in found(root, "//w:tblCaption")]
    assert captions == ["表", "又一表", "进度"]


def test_groups_are_merged_kept_together_and_titled() -> None:
    first = found(body(*EVERYTHING), "//w:tbl[w:tblPr/w:tblCaption/@w:val='表']")[0]
    lines = found(first, "w:tr")
    assert [text(it) for it in lines] == [
        *("列1列2列3", "第一组"),
        *("1名称值", "☐\u00a0属实  ☑\u00a0核减  ☐\u00a0不实", "已填", "2"),
    ]
    title = found(lines[1], "w:tc")
    assert len(title) == 1
    assert value(title[0], "w:tcPr/w:gridSpan") == "3"
    assert value(title[0], ".//w:pStyle") == "TableGroup"
    merged = [[_merging(cell) for cell in found(it, "w:tc")] for it in lines[2:]]
    assert merged == [
        ["restart", "", "restart"],
        ["continue", "", "continue"],
        ["continue", "", "continue"],
        ["", "", ""],
    ]
    kept = [bool(found(it, ".//w:keepNext")) for it in lines[2:]]
    assert kept == [True, True, False, False]


def _merging(cell: etree._Element) -> str:
    """Return how a cell is merged with those above and below it."""
    merge = found(cell, "w:tcPr/w:vMerge")
    return merge[0].get(f"{W}val", "continue") if merge else ""


def test_only_a_row_longer_than_a_page_is_parted() -> None:
    def kept(cell: Cell, *, is_landscape: bool = True) -> str:
        one = table(Group(rows=((cell, Lines(("甲",))),)), widths=(50, 50))
        rows = found(body(one, is_landscape=is_landscape), "//w:tr")
        assert value(rows[0], "w:trPr/w:cantSplit") == "1"
        return value(rows[1], "w:trPr/w:cantSplit")

    assert kept(Lines(("甲",) * 20)) == "1"
    assert kept(Lines(("甲",) * 30)) == "0"
    assert kept(Lines(("甲",) * 30), is_landscape=False) == "1"
    assert kept(Blank("意见", "甲" * 500)) == "1"
    assert kept(Blank("意见", "甲" * 2000)) == "0"
    assert kept(Stack((Lines(("甲",) * 20), Choice("定", ("是",) * 20)))) == "0"
    facts = body(Facts((("名单", Lines(("甲",) * 99)), ("县", Lines(("乙",))))))
    assert [value(it, "w:trPr/w:cantSplit") for it in found(facts, "//w:tr")] == ["0", "1"]


def test_room_to_write_is_high_enough() -> None:
    def height(*cells: Cell) -> int:
        root = body(table(Group(rows=(cells,)), widths=(20,) * len(cells)))
        heights = found(found(root, "//w:tr")[1], "w:trPr/w:trHeight[@w:hRule='atLeast']")
        return int(heights[0].get(f"{W}val", "")) if heights else 0

    assert height(Lines(("甲",))) == 0
    assert height(Lines(("甲",)), Blank("意见")) >= int(10 * MILLIMETRE)
    assert height(Blank("意见", rows=3)) >= int(24 * MILLIMETRE)
    assert height(Stack((Lines(("甲",)), Blank("意见")))) >= int(10 * MILLIMETRE)
    tail = body(table(Group(rows=(row("1", "甲"),), tail=(Blank("签字"),))))
    assert int(value(tail, "//w:trHeight")) >= int(10 * MILLIMETRE)
    facts = body(Facts((("日期", Blank("日期")),)))
    assert int(value(facts, "//w:trHeight")) >= int(10 * MILLIMETRE)
    for line in found(body(Signatures(("甲", "乙"), "签字", "日期")), "//w:trHeight"):
        assert int(line.get(f"{W}val", "")) >= int(12 * MILLIMETRE)


def test_boxes_can_be_ticked() -> None:
    options = ("属实", "核减", "不实")
    root = body(
        table(Group(rows=((Choice("核查结果 1", options, (1,)), Lines(())),)), widths=(50, 50))
    )
    boxes = found(root, "//w:sdt")
    assert [value(it, "w:sdtPr/w:alias") for it in boxes] == [f"核查结果 1 {it}" for it in options]
    assert [text(it) for it in boxes] == [UNTICKED, TICKED, UNTICKED]
    assert [it.get(f"{W14}val") for it in found(root, "//w14:checked")] == ["0", "1", "0"]
    for kind, sign in (("checkedState", TICKED), ("uncheckedState", UNTICKED)):
        states = found(root, f"//w14:{kind}")
        assert {it.get(f"{W14}val") for it in states} == {f"{ord(sign):04X}"}
        assert {it.get(f"{W14}font") for it in states} == {"Segoe UI Symbol"}
    many = body(*EVERYTHING, *EVERYTHING)
    ids = [it.get(f"{W}val") for it in found(many, "//w:sdtPr/w:id")]
    assert len(ids) == len(set(ids)) == 10


@pytest.mark.parametrize(("width", "lines"), [(60, 1), (32, 2), (10, 3)])
def test_options_stand_on_one_line_where_they_fit(width: int, lines: int) -> None:
    choice = Choice("核查结果", ("属实", "核减", "不实"))
    root = body(table(Group(rows=((choice, Lines(())),)), widths=(width, 273 - width)))
    cell = found(root, "//w:tr[2]/w:tc")[0]
    said = [text(it) for it in found(cell, "w:p")]
    assert len(said) == lines
    assert re.sub(" +", "", "".join(said)) == "☐\u00a0属实☐\u00a0核减☐\u00a0不实"
    # No line ends between a box and its word, nor within a word.
    assert all(
        line.startswith(UNTICKED) and not line.endswith(("\u00a0", UNTICKED)) for line in said
    )


def test_a_column_is_as_wide_as_what_cannot_be_parted() -> None:
    choice = Choice("Finding", ("confirmed", "no"))
    narrow = Group(rows=((Lines(("约束性", "10.1")), choice, Lines(("长文",))),))
    columns = (Column("A", 1, is_narrow=True), Column("Requirement", 1), Column("C", 100))
    root = body(Table("T", columns, (narrow,)), lang="en")
    number, finding, rest = grid(found(root, "//w:tbl")[0])
    assert number > 3 * 10 * 20
    assert finding > (1 + len("confirmed") / 2) * 10 * 20
    assert rest > number + finding


def test_numbers_end_below_each_other_and_are_not_parted() -> None:
    columns = (Column("A", 100), Column("B", 1, is_number=True))
    rows = (row("x" * 200, "1,234,567.89"), row("y", "-0.01"))
    root = body(Table("T", columns, (Group(rows=rows),)))
    styles = [value(it, ".//w:pStyle") for it in found(root, "//w:tr/w:tc[2]/w:p")]
    assert styles == ["TableHeader", "TableNumber", "TableNumber"]
    assert grid(found(root, "//w:tbl")[0])[1] > len("1,234,567.89") * 5 * 20
    parts = parts_of(render(document(*EVERYTHING)))
    style = found(parts["word/styles.xml"], "//w:style[@w:styleId='TableNumber']")[0]
    assert value(style, ".//w:jc") == "right"


@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(0, 6000)), min_size=1, max_size=14),
    st.integers(5000, 20000),
)
def test_shares_fill_the_whole_and_keep_the_least(parts: list[tuple[int, int]], whole: int) -> None:
    wished, least = zip(*parts, strict=True)
    widths = shared(wished, least, whole)
    assert sum(widths) == whole
    if sum(least) < whole:
        assert all(width >= low for width, low in zip(widths, least, strict=True))


def test_lists_count_from_one_each() -> None:
    parts = parts_of(render(document(*EVERYTHING, parts=2)))
    listed = [
        (text(it), value(it, ".//w:numId"))
        for it in found(parts["word/document.xml"], "//w:p[.//w:numId]")
    ]
    assert listed == [
        *(("甲", "2"), ("乙", "2"), ("丙", "1"), ("丁", "1"), ("戊", "3"), ("己", "3")),
        *(("甲", "4"), ("乙", "4"), ("丙", "1"), ("丁", "1"), ("戊", "5"), ("己", "5")),
    ]
    numbering = parts["word/numbering.xml"]
    numbers = {it.get(f"{W}numId", ""): it for it in found(numbering, "w:num")}
    assert sorted(numbers) == ["1", "2", "3", "4", "5"]
    kinds = {
        it.get(f"{W}abstractNumId"): value(it, ".//w:numFmt")
        for it in found(numbering, "w:abstractNum")
    }
    for number, one in numbers.items():
        ordered = number != "1"
        assert kinds[value(one, "w:abstractNumId")] == ("decimal" if ordered else "bullet")
        assert len(found(one, ".//w:startOverride[@w:val='1']")) == ordered


def test_statuses_are_told_by_words_colours_and_weight() -> None:
    parts = parts_of(render(document(*EVERYTHING)))
    toned = {
        value(it, "w:rPr/w:rStyle"): text(it)
        for it in found(parts["word/document.xml"], "//w:r[w:rPr/w:rStyle]")
    }
    assert toned["Tone_muted"] == "0"  # the last of them: a number of nothing
    assert toned["Tone_alert"] == "醒目"
    assert toned["Tone_pass"] == "20"
    colours = [
        value(it, "w:rPr/w:color")
        for it in found(parts["word/styles.xml"], "//w:style[@w:type='character'][w:rPr/w:color]")
    ]
    assert len(colours) == 10
    for colour in colours:  # dark enough on white: 4.5 to 1
        assert contrast(colour) >= 4.5


def contrast(colour: str) -> float:
    """Return the contrast of a colour with white, as WCAG reckons it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_bars_are_a_table_of_numbers() -> None:
    one = found(body(*EVERYTHING), "//w:tbl[w:tblPr/w:tblCaption/@w:val='进度']")[0]
    assert [[text(cell) for cell in found(it, "w:tc")] for it in found(one, "w:tr")] == [
        ["进度", "达标", "不达标", "可信度不足", "已豁免"],
        ["约束性", "20", "0", "0", "2"],
        ["期望性", "0", "3", "1", "0"],
    ]


def test_signatures_are_lines_that_stay_together() -> None:
    one = found(body(*EVERYTHING), "//w:tbl")[-1]
    lines = found(one, "w:tr")
    assert [text(it) for it in lines] == ["组长签字日期", "成员签字日期", "成员签字日期"]
    for line in lines:
        ruled = [bool(found(cell, "w:tcPr/w:tcBorders/w:bottom")) for cell in found(line, "w:tc")]
        assert ruled == [False, False, True, False, True]
    assert [bool(found(it, ".//w:keepNext")) for it in lines] == [True, True, False]


def test_each_part_is_a_section_with_its_own_footer() -> None:
    content = render(document(*EVERYTHING, parts=3))
    read_back = docx.Document(io.BytesIO(content))
    assert len(read_back.sections) == 3
    for number, section in enumerate(read_back.sections, 1):
        assert not section.footer.is_linked_to_previous
        said = [it.text for it in section.footer.paragraphs]
        assert said[1:] == [f"页脚{number}甲", f"页脚{number}乙"]
    titles = [it.text for it in read_back.paragraphs if it.style and it.style.name == "Title"]
    assert titles == ["标题1", "标题2", "标题3"]
    footers = [root for name, root in parts_of(content).items() if "footer" in name]
    assert len(footers) == 3
    for root in footers:
        codes = [it.get(f"{W}instr") for it in found(root, "//w:fldSimple")]
        assert codes == [" PAGE ", " NUMPAGES "]
        assert text(found(root, "w:p")[0]) == "第 1 页 共 1 页"


def test_a_part_without_blocks_has_its_title_and_footer() -> None:
    read_back = docx.Document(io.BytesIO(render(document())))
    assert [it.text for it in read_back.paragraphs] == ["标题1", "副题1"]
    assert len(read_back.sections[0].footer.paragraphs) == 3


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(hostile: str) -> None:
    shown = visible(hostile).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    blocks: tuple[Block, ...] = (
        Heading(hostile),
        Paragraph(hostile),
        Listing((hostile,)),
        Facts(((hostile, Lines((hostile,))),)),
        Table(
            hostile,
            (Column(hostile, 20), Column(hostile, 20)),
            (
                Group(title=hostile),
                Group(rows=((Choice(hostile, (hostile,)), Blank(hostile, hostile)),)),
            ),
        ),
        Bars(hostile, (Bar(hostile, (Share(PASS, hostile, 1),)),)),
        Signatures((hostile,), hostile, hostile),
    )
    part = Part(hostile, hostile, (hostile,), blocks)
    whole = Document("试验", "zh", date(2023, 12, 31), True, hostile, (part,))
    parts = parts_of(render(whole))
    root = parts["word/document.xml"]
    said = [text(it) for it in found(root, "//w:p[w:r]") if text(it) != "1"]
    assert {it.removeprefix(f"{UNTICKED}\u00a0") for it in said} == {shown}
    assert len(said) == 18
    assert {it.get(f"{W}val") for it in found(root, "//w:tblCaption")} == {shown}
    assert len(found(root, "//w:sdt")) == 1
    assert not found(root, "//w:instrText | //w:fldSimple")
    (footer,) = (it for name, it in parts.items() if "footer" in name)
    assert text(found(footer, "w:p")[1]) == shown
    if "{page" not in hostile:
        assert not found(footer, "//w:fldSimple")
        assert text(found(footer, "w:p")[0]) == shown


@pytest.mark.parametrize("is_landscape", [True, False])
def test_the_same_document_gives_the_same_bytes(
    is_landscape: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    made = document(*EVERYTHING, is_landscape=is_landscape)
    first = render(made)
    assert renderer("docx")(made) == first
    assert dates(first) == {"2023-12-31T00:00:00Z"}
    monkeypatch.setenv(VARIABLE, "1700000000")
    assert dates(render(made)) == {"2023-11-14T22:13:20Z"}


def dates(content: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        core = file.read("docProps/core.xml").decode()
        assert len({it.date_time for it in file.infolist()}) == 1
    return set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core))


def test_properties_name_the_document_and_nobody_else() -> None:
    content = render(document(*EVERYTHING))
    properties = docx.Document(io.BytesIO(content)).core_properties
    assert properties.title == "试验文件"
    assert properties.author == properties.last_modified_by == "etown-check"
    assert properties.language == "zh-CN"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = file.namelist()
        types = file.read("[Content_Types].xml").decode()
    assert sorted(names) == [
        *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml"),
        *("word/_rels/document.xml.rels", "word/document.xml", "word/fontTable.xml"),
        *("word/footer1.xml", "word/numbering.xml", "word/settings.xml", "word/styles.xml"),
    ]
    assert "python-docx" not in content.decode("latin-1")
    assert "jpeg" not in types


# Through LibreOffice


def texts_of(document: Document) -> Iterator[tuple[str, ...]]:
    """Yield all that `document` says, folded, in order; what a row of a table says in one piece."""
    for part in document.parts:
        yield from ((fold(it),) for it in (part.title, part.subtitle) if it)
        for block in part.blocks:
            for pieces in _block_texts(block):
                yield tuple(it for it in map(fold, pieces) if it)


def _block_texts(block: Block) -> Iterator[tuple[str, ...]]:
    match block:
        case Heading(said) | Paragraph(said):
            yield (said,)
        case Listing(entries):
            yield from ((it,) for it in entries)
        case Facts(rows):
            for name, cell in rows:
                yield name, cell_text(cell)
        case Signatures(people, sign, on):
            yield from ((person, sign, on) for person in people)
        case Bars(name, bars):
            yield (name,)
            yield from ((bar.name,) for bar in bars)
        case Table(columns=columns, groups=groups):
            yield tuple(it.name for it in columns)
            for group in groups:
                if group.title:
                    yield (group.title,)
                for _, _, line in cells(table(group)):
                    yield tuple(cell_text(cell) for cell, _ in line)


def cell_text(cell: Cell) -> str:
    match cell:
        case Lines(lines):
            return "".join(lines)
        case Choice(options=options, chosen=chosen):
            signs = [TICKED if at in chosen else UNTICKED for at in range(len(options))]
            return "".join(f"{sign}{it}" for sign, it in zip(signs, options, strict=True))
        case Blank(text=said):
            return said
        case Stack(parts):
            return "".join(map(cell_text, parts))
        case _:
            return ""


def pages(pdf: Path) -> list[str]:
    """Return the folded text of each page of a PDF, in the order in which it was painted."""
    command = ("pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-")
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    return [fold(it) for it in done.stdout.decode().split("\f")[:-1]]


def converted(document: Document, folder: Path) -> Path:
    path = folder / "document.docx"
    path.write_bytes(render(document))
    return to_pdf(path, folder)


def without_footers(document: Document, read: list[str]) -> list[str]:
    """Check the footer and number on each page, and return the pages without these."""
    part = 0
    rest = []
    for number, page in enumerate(read, 1):
        if part + 1 < len(document.parts):
            following = document.parts[part + 1]
            part += page.count(fold(following.title)) and fold(following.subtitle) in page
        numbered = document.pages.format(page=number, pages=len(read))
        foot = fold(numbered) + "".join(map(fold, document.parts[part].footer))
        assert page.count(foot) == 1, f"page {number} lacks {foot}"
        rest.append(page.replace(foot, ""))
    return rest


KINDS = {
    "data": ("zh", ("huairen", "shanyin")),
    "english": ("en", ("youyu",)),
    "blank": ("zh", ()),
}


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("kind", KINDS)
def test_an_office_program_shows_all_of_a_checklist(
    standard: Standard, tmp_path: Path, kind: str
) -> None:
    lang, names = KINDS[kind]
    made = checklists(standard, lang, *names)
    pdf = converted(made, tmp_path)
    assert_within_margins(pdf, left=12, right=12, bottom=7)
    read_in = pages(pdf)
    # Other fonts may need a page more or less, but no item a page of its own.
    assert 12 <= len(read_in) / len(made.parts) <= 40
    assert_all_said(made, without_footers(made, read_in))
    header = "".join(fold(it.name) for it in items(made).columns)
    with_items = [header in page for page in read_in]
    for line in items(made).groups:
        if line.lead:
            number = fold(cell_text(line.lead[0])) + fold(cell_text(line.lead[1]))
            places = [at for at, page in enumerate(read_in) if number in page]
            assert places, number
            assert all(with_items[at] for at in places), number


def items(document: Document) -> Table:
    return next(
        it for it in document.parts[0].blocks if isinstance(it, Table) and len(it.columns) == 12
    )


def assert_all_said(document: Document, read: list[str]) -> None:
    whole = "".join(read)
    at = 0
    for pieces in texts_of(document):
        # The cells of a row may be painted in another order; the next row comes after.
        ends = []
        for piece in pieces:
            start = whole.find(piece, at)
            assert start >= 0, f"not shown, or not in its place: {piece}"
            ends.append(start + len(piece))
        at = min(ends, default=at)


def assert_within_margins(pdf: Path, *, left: int = 12, right: int = 12, bottom: int = 7) -> None:
    """Check that no word of `pdf` stands beyond its margins, in millimetres."""
    command = ("pdftotext", "-bbox", "-enc", "UTF-8", str(pdf), "-")
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    page = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
    word = re.compile(r'<word xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.]+)" yMax="([\d.]+)">')
    seen = 0
    for width, height, words in page.findall(done.stdout.decode()):
        for least, most, lowest in word.findall(words):
            seen += 1
            assert float(least) >= left * 72 / 25.4 - 1
            # The blank half of a comma at the end of a line may stand beyond it.
            assert float(most) <= float(width) - right * 72 / 25.4 + 9
            assert float(lowest) <= float(height) - bottom * 72 / 25.4 + 3
    assert seen > 100


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("is_landscape", [True, False])
def test_an_office_program_shows_every_block(tmp_path: Path, is_landscape: bool) -> None:
    made = document(*EVERYTHING, is_landscape=is_landscape, parts=2)
    pdf = converted(made, tmp_path)
    assert_within_margins(pdf, **({} if is_landscape else {"left": 28, "right": 26, "bottom": 14}))
    read_in = pages(pdf)
    assert_all_said(made, without_footers(made, read_in))
    assert len(read_in) == 4


@pytest.mark.office
@needs_office
def test_what_is_longer_than_a_page_is_shown_whole(tmp_path: Path) -> None:
    names = tuple(f"示例企业{number:04d}号" for number in range(400))
    long = table(
        Group(lead=row("1"), rows=((Lines(names),), row("第二行")), tail=(Blank("签"),)),
        Group(rows=(row("2", "x" * 5000, "末"),)),
        widths=(10, 30, 30),
    )
    made = document(long)
    path = converted(made, tmp_path)
    whole = "".join(without_footers(made, pages(path)))
    whole = whole.replace(fold("列1列2列3"), "")
    at = 0
    for name in (*names, "第二行"):
        at = whole.find(name, at)
        assert at >= 0, name
    assert whole.count("x") == 5000
    assert_within_margins(path)
    assert pages_of(path) < 30
