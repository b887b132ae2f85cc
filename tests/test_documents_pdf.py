"""Documents as PDF: what typst is given, and what stands in the pages that it sets."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from etown_check.documents import pdf, renderer
from etown_check.documents.checklist import blank_checklist, checklist
from etown_check.documents.checklist_document import checklist_document
from etown_check.documents.model import (
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
from etown_check.documents.pdf import FAMILIES, FONTS, render
from etown_check.engine import evaluate
from etown_check.packing import VARIABLE
from etown_check.report import FAIL, MISSING, NOT_APPLICABLE, PASS, STATUSES, UNASSURED, WAIVED
from etown_check.text import fold, visible
from etown_check.usage import UsageError
from tests.conftest import EXAMPLES, read
from tests.office import needs_chinese_font

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etown_check.standard import Standard

_TOOLS = ("pdfinfo", "pdftotext", "pdffonts")
_LACKING = [name for name in _TOOLS if shutil.which(name) is None]
needs_poppler = pytest.mark.skipif(
    bool(_LACKING), reason=f"not on this machine: {', '.join(_LACKING)}"
)
pytestmark = needs_chinese_font

HOSTILE = (
    '#panic("x")',
    "$x^2$ and $",
    "*bold* _slanted_",
    "[a] ]] [[",
    "\\n \\u{41} \\",
    "\"q\" 'x'",
    "@name <label>",
    "// comment /* and */ another",
    "`raw` ```typ #panic()```",
    "= Heading",
    "- entry\n+ entry\r\n/ term: it",
    '#import "/etc/passwd": *',
    "https://example.com",
    "{page} {pages}",
    "~ -- --- ... ",
    "\x00\x07\x1b[31m\x85\u202egnp.exe\u2066\u200b\ufeff",
    "\ud800",
    "&lt;b&gt; <script>",
)


# Making documents


def document(
    *blocks: Block, lang: str = "zh", is_landscape: bool = True, parts: int = 1
) -> Document:
    made = tuple(
        Part(f"标题{number}", f"副题{number}", (f"页脚{number}甲", f"页脚{number}乙"), blocks)
        for number in range(1, parts + 1)
    )
    pages = "Page {page} of {pages}" if lang == "en" else "第 {page} 页 共 {pages} 页"
    return Document("试验文件", lang, date(2023, 12, 31), is_landscape, pages, made)


def table(*groups: Group, widths: tuple[int, ...] = (10, 40, 30)) -> Table:
    columns = tuple(
        Column(f"列{number}", width, is_narrow=number == 1)
        for number, width in enumerate(widths, 1)
    )
    return Table("表", columns, groups)


def line(*texts: str) -> tuple[Cell, ...]:
    return tuple(Lines((text,)) for text in texts)


EVERYTHING: tuple[Block, ...] = (
    Paragraph("结论：不达标", FAIL, is_strong=True),
    Facts(
        (("县", Lines(("怀仁市",))), ("日期", Blank("日期")), ("定", Choice("定", ("是", "否"))))
    ),
    Heading("小标题在前", 2),
    Heading("一、标题"),
    Paragraph("正文“引号”一段。", MUTED),
    Heading("小标题", 2),
    Listing(("甲", "乙"), is_ordered=True),
    Listing(("丙", "丁")),
    table(
        Group(title="第一组"),
        Group(
            lead=line("1"),
            rows=(
                (Stack((Lines(("名称", "值"), PASS, is_strong=True), Lines(("注",), MUTED))),),
                (Choice("选择", ("属实", "核减", "不实"), (1,)),),
                (Blank("意见", "已填", rows=2),),
            ),
            tail=(Blank("签字"),),
        ),
        Group(title="第二组"),
        Group(
            rows=((Lines(("2",)), Bullet("看图", Fraction(1), Fraction(2), None, FAIL), Lines(())),)
        ),
    ),
    Bars(
        "进度",
        (
            Bar(
                "第一",
                (Share(PASS, "达标", 20), Share(MISSING, "未申报", 0), Share(WAIVED, "已豁免", 2)),
            ),
            Bar("第二", ()),
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


# Reading them back


def printed(tool: str, content: bytes, *options: str) -> str:
    """Return what a tool of poppler says of a PDF."""
    command = (tool, *options, "-", *(["-"] if tool == "pdftotext" else []))
    done = subprocess.run(command, input=content, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode(errors="replace")  # titles of headings are in UTF-16


def pages_of(content: bytes) -> list[str]:
    """Return the text of each page, folded, in the order in which it was painted."""
    text = printed("pdftotext", content, "-raw", "-enc", "UTF-8")
    return [fold(page) for page in text.split("\f")[:-1]]


def tagged_text(content: bytes) -> str:
    """Return all text in the order in which it is read out, folded: footers are no part of it."""
    lines = printed("pdfinfo", content, "-struct-text", "-enc", "UTF-8").splitlines()
    said = (re.fullmatch(r' *"(.*)"', line) for line in lines)
    return fold("".join(match[1] for match in said if match))


def text_of(document: Document) -> str:
    """Return all that `document` says, folded, in its order."""
    said: list[str] = []
    for part in document.parts:
        said += (part.title, part.subtitle)
        for block in part.blocks:
            said += block_texts(block)
    return fold("".join(map(visible, said)))


def block_texts(block: Block) -> Iterator[str]:
    match block:
        case Heading(said) | Paragraph(said):
            yield said
        case Listing(entries, is_ordered):
            for number, entry in enumerate(entries, 1):
                yield f"{number}.{entry}" if is_ordered else f"–{entry}"
        case Facts(rows):
            for name, cell in rows:
                yield name + cell_text(cell)
        case Signatures(people, sign, on):
            yield from (person + sign + on for person in people)
        case Bars(name, bars):
            yield name
            for bar in bars:
                shares = (f"{it.name}{it.number}" for it in bar.shares if it.number)
                yield bar.name + "".join(shares)
        case Table(columns=columns, groups=groups):
            yield from (column.name for column in columns)
            for group in groups:
                yield group.title
                for _, _, row in cells(table(group)):
                    yield from (cell_text(cell) for cell, _ in row)


def cell_text(cell: Cell) -> str:
    match cell:
        case Lines(lines):
            return "".join(lines)
        case Choice(options=options, chosen=chosen):
            return "".join(f"{'☑' if at in chosen else '☐'}{it}" for at, it in enumerate(options))
        case Blank(text=said):
            return said
        case Stack(parts):
            return "".join(map(cell_text, parts))
        case _:
            return ""


def without_footers(document: Document, content: bytes) -> list[str]:
    """Check the footer and the number of each page, and return the pages without these."""
    pages = pages_of(content)
    part = -1
    rest = []
    for number, page in enumerate(pages, 1):
        if part + 1 < len(document.parts):
            following = document.parts[part + 1]
            part += page.startswith(fold(following.title + following.subtitle))
        numbered = fold(document.pages.format(page=number, pages=len(pages)))
        foot = [*map(fold, document.parts[part].footer), numbered]
        assert all(page.count(it) >= 1 for it in foot), f"page {number} lacks one of {foot}"
        for it in foot:
            before, _, after = page.rpartition(it)
            page = before + after  # noqa: PLW2901
        rest.append(page)
    assert part == len(document.parts) - 1
    return rest


def content_of(document: Document) -> Any:
    return pdf._content(document, typst.Fonts().families())


# What typst is given


def test_a_block_is_passed_on_field_by_field() -> None:
    part = content_of(document(*EVERYTHING))["parts"][0]
    by_kind = {block["kind"]: block for block in part["blocks"]}
    assert set(by_kind) == {
        *("Paragraph", "Facts", "Heading", "Listing", "Table", "Bars", "Signatures")
    }
    assert part["footer"] == ["页脚1甲", "页脚1乙"]
    assert by_kind["Signatures"] == {
        "kind": "Signatures",
        "people": ["组长", "成员", "成员"],
        "sign": "签字",
        "on": "日期",
    }
    assert by_kind["Facts"]["rows"][2] == [
        "定",
        {"kind": "Choice", "name": "定", "options": ["是", "否"], "chosen": [], "many": False},
    ]
    assert by_kind["Table"]["columns"][0] == {
        "kind": "Column",
        "name": "列1",
        "width": 10,
        "is_narrow": True,
        "is_number": False,
    }


def test_no_heading_leaves_out_a_level() -> None:
    blocks = content_of(document(*EVERYTHING))["parts"][0]["blocks"]
    depths = [(it["text"], it["depth"]) for it in blocks if it["kind"] == "Heading"]
    assert depths == [("小标题在前", 2), ("一、标题", 2), ("小标题", 3)]


def test_each_cell_says_where_it_stands() -> None:
    rows = rows_of(table(EVERYTHING[8].groups[1]))  # type: ignore[union-attr]
    places = [[(it["column"], it["span"]) for it in row["cells"]] for row in rows]
    assert places == [[(0, 3), (1, 1), (2, 3)], [(1, 1)], [(1, 1)]]


def rows_of(made: Table, *, is_landscape: bool = True) -> Any:
    made_of = content_of(document(made, is_landscape=is_landscape))
    return made_of["parts"][0]["blocks"][0]["rows"]


@pytest.mark.parametrize(
    ("cell", "is_parted"),
    [
        (Lines(("短",)), False),
        (Lines(("长" * 3000,)), True),
        (Lines(("行",) * 60), True),
        (Blank("名", rows=40), True),
        (Blank("名", "长" * 3000), True),
        (Choice("名", ("项",) * 60), True),
        (Stack((Lines(("行",) * 20),) * 3), True),
        (Bullet("图", Fraction(1), Fraction(1), None, PASS), False),
    ],
)
def test_only_a_row_longer_than_most_of_a_page_is_parted(cell: Cell, is_parted: bool) -> None:
    (row,) = rows_of(table(Group(rows=((*line("1"), cell, *line("3")),))))
    assert [it["breakable"] for it in row["cells"]] == [is_parted] * 3


@pytest.mark.parametrize(("number", "is_parted"), [(3, False), (40, True)])
def test_only_a_long_group_is_parted(number: int, is_parted: bool) -> None:
    rows = rows_of(table(Group(line("1"), tuple(line("行") for _ in range(number)), line("末"))))
    assert [it["breakable"] for it in rows[0]["cells"]] == [is_parted, False, is_parted]


def test_charts_are_given_in_thousandths() -> None:
    made = Bullet("图", Fraction(1), Fraction(2), Fraction(4), FAIL)
    (row,) = rows_of(table(Group(rows=((*line("1"), made, *line("3")),))))
    assert row["cells"][1]["cell"] == {
        "kind": "Bullet",
        "text": "图",
        "tone": FAIL,
        "start": 0,
        "end": 222,
        "zero": 0,
        "low": 444,
        "high": 889,
        "limits": [444, 889],
        "is_beyond": False,
    }


def test_the_fonts_are_those_that_are_there_best_first() -> None:
    there = ("SimSun", "SimHei", "FangSong", "Times New Roman", "Arial", "DejaVu Sans Mono")
    latin, sans = (
        {"name": name, "covers": "latin-in-cjk"} for name in ("Times New Roman", "Arial")
    )
    assert pdf._chosen(there, is_chinese=True) == {
        "title": [latin, "SimSun", "SimHei"],
        "heading": [sans, "SimHei", "SimSun"],
        "body": [latin, "FangSong", "SimSun", "SimHei"],
        "signs": ["DejaVu Sans Mono"],
    }
    assert pdf._chosen(there, is_chinese=False)["body"] == [
        *("Times New Roman", "FangSong", "SimSun", "SimHei")
    ]


def test_characters_without_a_glyph_are_found_in_what_typst_says() -> None:
    said = (
        'error: PDF/UA-1 error: the text `"𪚥"` could not be displayed with font `"F"`\n'
        'error: PDF/UA-1 error: the text `"a\\u{378}"` could not be displayed\n'
    )
    assert pdf._codes(said) == {0x2A6A5: "[U+2A6A5]", 0x378: "[U+0378]"}


# What stands in the pages

KINDS = {
    "data": ("zh", ("huairen", "shanyin")),
    "english": ("en", ("youyu",)),
    "blank": ("zh", ()),
}


@needs_poppler
@pytest.mark.parametrize("kind", KINDS)
def test_all_of_a_checklist_is_shown(standard: Standard, kind: str) -> None:
    lang, names = KINDS[kind]
    made = checklists(standard, lang, *names)
    content = renderer("pdf")(made)
    pages = without_footers(made, content)
    # Other fonts need a few pages more, but no item a page of its own.
    assert 8 <= len(pages) / len(made.parts) <= 27
    assert_within_margins(content, left=12, right=12, bottom=6)
    assert_all_shown(made, pages)
    items = next(
        it for it in made.parts[0].blocks if isinstance(it, Table) and len(it.columns) == 12
    )
    header = fold("".join(it.name for it in items.columns))
    for group in items.groups:
        for row in group.rows if not group.title else ():
            first = fold(cell_text(row[0]))
            assert any(first in page and header in page for page in pages), first


def assert_all_shown(made: Document, pages: list[str]) -> None:
    """Check that `pages` show the characters of `made`, all of them, and none twice."""
    shown = Counter("".join(pages))
    # What is repeated on each page of a table is known, and there is nothing else more than once.
    repeated = shown - Counter(text_of(made))
    headers = {
        text
        for part in made.parts
        for block in part.blocks
        if isinstance(block, Table)
        for text in (
            "".join(it.name for it in block.columns),
            *(it.title for it in block.groups),
        )
    }
    assert not Counter(text_of(made)) - shown
    assert set(repeated) <= set(fold("".join(headers))), repeated


def assert_within_margins(content: bytes, *, left: int, right: int, bottom: int) -> None:
    """Check that no word stands beyond the margins, in millimetres."""
    boxes = printed("pdftotext", content, "-bbox", "-enc", "UTF-8")
    page = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
    word = re.compile(r'<word xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.]+)" yMax="([\d.]+)">')
    seen = 0
    for width, height, words in page.findall(boxes):
        for least, most, lowest in word.findall(words):
            seen += 1
            assert float(least) >= left * 72 / 25.4 - 1
            # The blank half of a comma at the end of a line may stand beyond it.
            assert float(most) <= float(width) - right * 72 / 25.4 + 8
            assert float(lowest) <= float(height) - bottom * 72 / 25.4 + 1
    assert seen > 10


@needs_poppler
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("is_landscape", [True, False])
def test_every_block_is_shown(lang: str, is_landscape: bool) -> None:
    made = document(*EVERYTHING, lang=lang, is_landscape=is_landscape, parts=2)
    content = render(made)
    assert tagged_text(content) == text_of(made)
    assert 2 <= len(without_footers(made, content)) <= 6
    assert_within_margins(content, left=12, right=12, bottom=6)
    assert size_of(content) == ((842, 595) if is_landscape else (595, 842))


def size_of(content: bytes) -> tuple[int, int]:
    box = pypdf.PdfReader(io.BytesIO(content)).pages[0].mediabox
    return round(box.width), round(box.height)


@needs_poppler
@pytest.mark.parametrize("is_landscape", [True, False])
def test_hostile_text_stays_text(is_landscape: bool) -> None:
    blocks: tuple[Block, ...] = (
        *map(Heading, HOSTILE),
        *map(Paragraph, HOSTILE),
        Facts(tuple((it, Lines((it,))) for it in HOSTILE)),
        Listing(HOSTILE, is_ordered=True),
        Listing(HOSTILE),
        table(
            *(Group(title=it) for it in HOSTILE),
            *(Group(line(it), ((Choice(it, (it, it), (1,)), Blank(it, it)),)) for it in HOSTILE),
        ),
        Bars("名", tuple(Bar(it, (Share(PASS, it, 1),)) for it in HOSTILE)),
        Signatures(HOSTILE, *HOSTILE[:2]),
    )
    made = document(*blocks, is_landscape=is_landscape)
    part = made.parts[0]._replace(title=HOSTILE[0], subtitle=HOSTILE[1], footer=HOSTILE)
    content = render(made._replace(title=HOSTILE[0], parts=(part,)))
    said = tagged_text(content)
    expected = text_of(made._replace(parts=(part,)))
    assert said == expected
    for page in pages_of(content):
        for it in HOSTILE:
            assert fold(visible(it)) in page
    assert pypdf.PdfReader(io.BytesIO(content)).metadata["/Title"] == HOSTILE[0]  # type: ignore[index]


@needs_poppler
def test_what_no_font_has_is_shown_by_its_code() -> None:
    content = render(document(Paragraph("张\u0378三\U000f0000、李\ufdd0"), Heading("\u0378")))
    said = tagged_text(content)
    assert "张[U+0378]三[U+F0000]、李[U+FDD0][U+0378]" in said
    assert is_accessible(content)


@needs_poppler
@pytest.mark.parametrize("word", ["x" * 9000, "核" * 3000, "é" * 9000], ids=["latin", "han", "é"])
def test_what_is_longer_than_a_page_is_shown_whole(word: str) -> None:
    group = Group(
        line(word),
        ((Lines((word,)), Blank("空", word)), (Choice("选", (word, "否")), Lines(("末",)))),
    )
    made = document(table(group), Paragraph(word), Facts(((word, Lines((word,))),)))
    content = render(made)
    pages = without_footers(made, content)
    assert len(pages) > 2
    assert_all_shown(made, pages)
    assert_within_margins(content, left=12, right=12, bottom=6)


@needs_poppler
def test_a_long_footer_takes_the_room_it_needs() -> None:
    made = document(*(Paragraph("行") for _ in range(100)))
    part = made.parts[0]._replace(footer=("路径" * 600,))
    content = render(made._replace(parts=(part,)))
    assert_within_margins(content, left=12, right=12, bottom=3)
    lines = [
        *map(float, re.findall(r'yMin="([\d.]+)".*>行<', printed("pdftotext", content, "-bbox")))
    ]
    feet = [
        *map(float, re.findall(r'yMin="([\d.]+)".*>路径', printed("pdftotext", content, "-bbox")))
    ]
    assert len(lines) == 100
    assert max(lines) < min(feet)


# Tables over several pages


def long_table(number: int) -> Table:
    """Return a table of titled groups, whose rows are one to six lines high."""
    groups: list[Group] = []
    for at in range(number):
        groups.append(Group(title=f"题{at:03d}题"))
        text = "行" * (30 * (at % 6) + 1)
        groups.append(Group(rows=(line(f"{at}", f"始{at:03d}{text}终{at:03d}", ""),)))
    return table(*groups)


@needs_poppler
@pytest.mark.parametrize("is_landscape", [True, False])
def test_each_page_of_a_table_has_its_header_and_no_row_is_parted(is_landscape: bool) -> None:
    made = document(long_table(60), is_landscape=is_landscape)
    pages = without_footers(made, render(made))
    assert len(pages) > 3
    for page in pages:
        assert page.count("列1列2列3") == 1
        assert re.findall(r"始(\d{3})", page) == re.findall(r"终(\d{3})", page)
        assert not re.search(r"题\d{3}题$", page), "a title is left alone at the foot of its page"


_GROUPS = (
    Group(title="一题"),
    Group(title="又题"),
    Group(rows=(line("1", "行" * 200, ""),)),
    Group(rows=((*line("2"), Choice("选", ("属实", "核减", "不实")), Blank("空", rows=3)),) * 4),
    Group(line("3", "领" * 50), tuple(line(f"第{at}行") for at in range(30))),
    Group(line("4"), (line("短"), line("长" * 2000)), (Blank("签", rows=2),)),
)


@needs_poppler
@settings(max_examples=25)
@given(st.lists(st.sampled_from(_GROUPS), max_size=15), st.integers(0, 30), st.booleans())
def test_any_table_lays_out(groups: list[Group], before: int, is_landscape: bool) -> None:
    above = (Paragraph("前文"),) * before
    made = document(*above, table(*groups), Paragraph("后文"), is_landscape=is_landscape)
    assert_all_shown(made, without_footers(made, render(made)))


@needs_poppler
def test_the_title_of_a_group_is_repeated_on_its_next_page() -> None:
    groups = [Group(rows=(line(str(at), f"行{at}", ""),)) for at in range(100)]
    made = document(table(Group(title="前"), groups[0], Group(title="第一部分"), *groups))
    pages = without_footers(made, render(made))
    assert len(pages) > 2
    assert all(page.startswith("列1列2列3第一部分") for page in pages[1:])


@needs_poppler
def test_a_group_longer_than_a_page_lays_out() -> None:
    rows = tuple((Choice(f"选{at}", ("属实", "核减", "不实")),) for at in range(60))
    made = document(table(Group(line("项"), rows, (Blank("签"),)), widths=(60, 10, 130)))
    pages = without_footers(made, render(made))
    assert len(pages) > 3
    assert_all_shown(made, pages)
    assert all(page.startswith(("标题", "列1列2列3")) for page in pages)


@needs_poppler
def test_a_box_is_never_parted_from_its_word() -> None:
    options = ("属实", "核减了的", "confirmed", "已核实，无误")
    for width in range(6, 40):
        made = document(
            table(Group(rows=((Choice("选", options), *line("", "")),)), widths=(width, 120, 120))
        )
        shown = printed("pdftotext", render(made), "-layout").splitlines()
        signs = [it for it in shown if "☐" in it]
        assert sum(it.count("☐") for it in signs) == 4
        assert not [it for it in signs if re.search(r"☐\s*(☐|$)", it)], width


# The file as a whole


def catalog_of(content: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]


def is_accessible(content: bytes) -> bool:
    """Tell whether a PDF says that it keeps to PDF/UA-1, which typst checks, and is tagged."""
    catalog = catalog_of(content)
    about = catalog["/Metadata"].get_data().decode()
    return bool(catalog["/MarkInfo"]["/Marked"]) and "<pdfuaid:part>1</pdfuaid:part>" in about


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_document_is_tagged_and_says_its_language(lang: str) -> None:
    content = render(document(*EVERYTHING, lang=lang))
    assert is_accessible(content)
    assert catalog_of(content)["/Lang"] == {"zh": "zh-CN", "en": "en-GB"}[lang]


def test_headings_are_bookmarks() -> None:
    outline: Any = pypdf.PdfReader(io.BytesIO(render(document(*EVERYTHING, parts=2)))).outline
    first, below, second, _ = outline
    assert [it["/Title"] for it in (first, second)] == ["标题1 副题1", "标题2 副题2"]
    assert [it["/Title"] for it in below[:2]] == ["小标题在前", "一、标题"]
    assert below[2][0]["/Title"] == "小标题"


def test_all_fonts_are_embedded() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(document(*EVERYTHING))))
    found = set()
    for page in reader.pages:
        for reference in page["/Resources"]["/Font"].values():  # type: ignore[index]
            (font,) = reference.get_object()["/DescendantFonts"]
            descriptor = font.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), descriptor["/FontName"]
            found.add(descriptor["/FontName"])
    assert len(found) >= 4


@needs_poppler
def test_poppler_finds_all_fonts_embedded(standard: Standard) -> None:
    listed = printed("pdffonts", render(checklists(standard, "zh", "shanyin"))).splitlines()[2:]
    assert len(listed) >= 4
    assert {font.split()[-5] for font in listed} == {"yes"}


def test_properties_hold_the_documents_own_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    made = document(*EVERYTHING)
    about = pypdf.PdfReader(io.BytesIO(render(made))).metadata
    assert about is not None
    assert (about.title, about.author) == ("试验文件", "etown-check")
    assert about.creation_date == about.modification_date == datetime(2023, 12, 31, tzinfo=UTC)
    monkeypatch.setenv(VARIABLE, "1700000000")
    about = pypdf.PdfReader(io.BytesIO(render(made))).metadata
    assert about is not None
    assert about.creation_date == datetime.fromtimestamp(1700000000, UTC)


def test_the_same_document_gives_the_same_bytes_wherever_it_is_made(
    standard: Standard, tmp_path: Path
) -> None:
    made = checklists(standard, "zh", "shanyin")
    here = render(made)
    assert render(made) == here
    kept = tmp_path / "document.pickle"
    kept.write_bytes(pickle.dumps(made))
    code = (
        "import hashlib, pickle, sys; from pathlib import Path;"
        "from etown_check.documents.pdf import render;"
        "made = pickle.loads(Path(sys.argv[1]).read_bytes());"
        "print(hashlib.sha256(render(made)).hexdigest())"
    )
    for number, zone in enumerate(("Asia/Shanghai", "America/New_York")):
        folder = tmp_path / zone
        folder.mkdir(parents=True)
        env = os.environ | {
            "TZ": zone,
            "PYTHONHASHSEED": str(number),
            "PYTHONPATH": str(Path(__file__).parent.parent),
        }
        command = (sys.executable, "-c", code, str(kept))
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True)
        assert done.stdout.decode().strip() == hashlib.sha256(here).hexdigest()


def test_every_tone_has_a_colour_that_can_be_read() -> None:
    layout = pdf._layout().decode()
    colours = dict(
        re.findall(r'^  (\w+): (?:rgb\("(#\w{6})"\)|luma\(\d+\)),$', layout, re.MULTILINE)
    )
    greys = dict(re.findall(r"^  (\w+): luma\((\d+)\),$", layout, re.MULTILINE))
    for tone in {*STATUSES, UNASSURED, WAIVED, MUTED, "alert"}:
        if grey := greys.get(tone):
            channels = [int(grey)] * 3
        else:
            channels = [*bytes.fromhex(colours[tone][1:])]
        assert contrast_to_white(channels) >= 4.5, tone
    assert int(greys[NOT_APPLICABLE]) > int(greys[MUTED])


def contrast_to_white(channels: list[int]) -> float:
    linear = [
        it / 255 / 12.92 if it <= 10 else ((it / 255 + 0.055) / 1.055) ** 2.4 for it in channels
    ]
    light = sum(
        part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True)
    )
    return 1.05 / (light + 0.05)


# What may be missing


@pytest.fixture
def afresh() -> Iterator[None]:
    """Forget which fonts were found, before and after."""
    pdf._fonts.cache_clear()
    yield
    pdf._fonts.cache_clear()


def error_of(*, system_fonts: bool = True) -> UsageError:
    with pytest.raises(UsageError) as caught:
        render(document(Paragraph("文")), system_fonts=system_fonts)
    return caught.value


def test_without_a_chinese_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FONTS, raising=False)
    error = error_of(system_fonts=False)
    for text in error.text:
        for word in ("fonts-noto-cjk", "Windows", "macOS", FONTS):
            assert word in text


@pytest.mark.usefixtures("afresh")
def test_without_typst_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    error = error_of()
    for text in error.text:
        assert 'pip install "etown-check[pdf]"' in text


def test_fonts_may_stand_in_a_folder_that_a_variable_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted = {*FAMILIES["heading"], *FAMILIES["body"]}
    font = next(it for it in typst.Fonts().fonts() if it.family in wanted)
    assert font.path is not None
    shutil.copy(font.path, tmp_path)
    monkeypatch.setenv(FONTS, str(tmp_path))
    content = render(document(Paragraph("文")), system_fonts=False)
    assert content.startswith(b"%PDF-")


def test_a_folder_of_fonts_must_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FONTS, str(tmp_path / "没有\x07"))
    error = error_of()
    assert "没有\\x07" in error.text.zh
    assert "没有\\x07" in error.text.en


def test_what_typst_says_is_told_as_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_layout", lambda: b'#panic("of typst\x07")')
    error = error_of()
    assert "of typst" in error.text.zh
    assert "\x07" not in error.text.zh
    assert "--format docx" in error.text.en


def test_a_panic_of_typst_is_told_as_an_error_of_ours(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})

    class Failing:
        def __init__(self, **named: object) -> None:
            pass

        def compile(self, *args: object, **named: object) -> bytes:
            os.write(2, b"thread panicked at src/lib.rs")  # as Rust does, past sys.stderr
            raise panic("range start index")

    assert render(document(Paragraph("文")))  # the fonts are found
    monkeypatch.setattr(typst, "Compiler", Failing)
    assert "range start index" in error_of().text.zh
    os.write(2, b"heard again")
    assert capfd.readouterr().err == "heard again"
    panic = type("Interrupt", (BaseException,), {})
    with pytest.raises(panic):
        render(document(Paragraph("文")))


def test_without_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(number: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    assert render(document(Paragraph("文"))).startswith(b"%PDF-")


@pytest.mark.usefixtures("afresh")
def test_a_document_is_set_where_the_present_folder_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert render(document(Paragraph("文"))).startswith(b"%PDF-")
