"""Fund ledgers in workbooks: what Excel, WPS and bookkeepers make of them."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etown_check import limits
from etown_check.ledgers.reading import read_ledger
from etown_check.problems import Position, cell_name
from etown_check.reporters.texts import problem_lines
from etown_check.workbooks.ledger_form import ledger_workbook
from tests.ledger_files import (
    HEADER,
    bare,
    codes,
    csv_of,
    found,
    ledger,
    problems,
    row,
    rows,
    shared_of,
    told,
    xlsx_of,
    yuan,
)
from tests.workbook_forms import inline, raw_parts, raw_rows, zipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl import Workbook

    from etown_check.ledger import Ledger
    from etown_check.standard import Standard

NAME = "台账.xlsx"
DAY = date(2023, 3, 1)


def fair(**changes: Any) -> tuple[Any, ...]:
    """Return a row as Excel holds it: the day as a date, the amount as a number."""
    cells = dict(zip(("date", "amount"), (DAY, 385600), strict=True)) | changes
    texts = row(**{key: it for key, it in changes.items() if isinstance(it, str)})
    return (cells["date"], texts[1], cells["amount"], *texts[3:])


def read(folder: Path, content: bytes) -> Ledger:
    return ledger(folder, content, NAME)


def amounts(folder: Path, content: bytes) -> list[str]:
    """Return the amounts of rows that bear no source."""
    return [str(it.amount.amount) for it in read(folder, content).unsourced]


def where(folder: Path, content: bytes) -> list[tuple[str, str]]:
    return [
        (it.code, cell_name(it.position) if it.position else "")
        for it in problems(folder, content, NAME)
    ]


def warnings(folder: Path, content: bytes) -> list[tuple[str, str]]:
    return [
        (it.code, cell_name(it.position) if it.position else "")
        for it in told(folder, content, NAME).warnings
    ]


def raw(*lines: Sequence[Any], header: Sequence[str] = HEADER, name: str = "台账") -> bytes:
    """Return a ledger in raw XML; a value that begins with < is the cell's own."""
    return zipped(raw_parts({name: raw_rows([header, *lines])}))


# A whole ledger


def test_a_workbook_is_the_same_as_csv(tmp_path: Path) -> None:
    lines = [
        fair(),
        fair(date="2023/3/2", amount=-5600.5, voucher="记-002"),
        fair(
            date=datetime.fromisoformat("2023-03-03"),
            source="县级",
            category="流量购买",
            voucher="记-003",
        ),
        fair(date="20230304", amount="¥1,234.56", source="", voucher=""),
        fair(date=20230305, amount=0.1, source="", description="买流量", payee="", voucher="7"),
    ]
    texts = [
        row(),
        row(date="2023-03-02", amount="-5600.5", voucher="记-002"),
        row(date="2023-03-03", source="县级", category="流量购买", voucher="记-003"),
        row(date="2023-03-04", amount="1234.56", source="", voucher=""),
        row(
            date="2023-03-05",
            amount="0.1",
            source="",
            description="买流量",
            payee="",
            voucher="7",
        ),
    ]
    book = read(tmp_path, xlsx_of(*lines))
    assert bare(book) == bare(ledger(tmp_path, csv_of(*texts)))
    assert book.forbidden[0].position == Position(4, 1, "台账")
    assert book.unsourced[0].position == Position(5, 1, "台账")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_empty_ledger_can_be_read(tmp_path: Path, standard: Standard, lang: str) -> None:
    assert standard.ledger is not None
    (tmp_path / NAME).write_bytes(ledger_workbook(standard, standard.ledger, lang))
    empty = read_ledger(str(tmp_path / NAME), standard.ledger)
    assert (empty.ledger.rows, dict(empty.ledger.sums), empty.warnings) == (0, {}, ())


@pytest.mark.parametrize(
    ("format", "stored", "shown"),
    [
        ("General", 1234.5, "1234.5"),
        ("#,##0.00", 1234.5, "1234.5"),
        ('#,##0.00"元"', 1234.5, "1234.5"),
        ('"¥"#,##0.00;[Red]("¥"#,##0.00)', -1234.5, "-1234.5"),
        ('_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', 1234.5, "1234.5"),
        ("0", 1234.56, "1234.56"),
        ("General", 0.1 + 0.2, "0.3"),
        ("General", 1.1 * 3, "3.3"),
        ("General", 1e15, "1000000000000000"),
        ("General", 1e-7, "0.0000001"),
        ("General", 0, "0"),
        ("General", True, None),
        ("@", "1234.50", "1234.5"),
    ],
)
def test_numbers(tmp_path: Path, format: str, stored: Any, shown: str | None) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0]["C2"].number_format = format

    content = xlsx_of(fair(amount=stored, source=""), change=change)
    if shown is None:
        assert where(tmp_path, content) == [("E863", "[台账]C2")]
    else:
        (it,) = read(tmp_path, content).unsourced
        assert it.amount == yuan(shown)


@pytest.mark.parametrize(
    ("format", "code"), [("yyyy-mm-dd", "E818"), ('0.00,"千"', "E819"), ("0%", "E863")]
)
def test_numbers_that_are_shown_as_another(tmp_path: Path, format: str, code: str) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0]["C2"].number_format = format

    assert where(tmp_path, xlsx_of(fair(), change=change)) == [(code, "[台账]C2")]


@pytest.mark.parametrize(
    ("format", "is_day"),
    [
        ("yyyy-mm-dd", True),
        ('yyyy"年"m"月"d"日"', True),
        ("m/d/yy h:mm", True),
        ("yyyy-mm", False),
        ("General", False),
    ],
)
def test_days(tmp_path: Path, format: str, is_day: bool) -> None:
    def change(book: Workbook) -> None:
        for at in ("A2", "A3", "A4"):
            book.worksheets[0][at].number_format = format

    content = xlsx_of(fair(date=45000.25), fair(date=45000, amount=1, voucher="x"), change=change)
    if is_day:
        assert read(tmp_path, content).rows == 2
    else:
        assert [it[0] for it in where(tmp_path, content)] == ["E404", "E404"]


# Sheets


def test_the_first_sheet_with_a_whole_header(tmp_path: Path) -> None:
    summary = [("资金来源", "支出类别", "金额（元）"), ("省", "罚款", 5)]
    content = xlsx_of(
        ("资金来源", "", ""), header=("说明",), others={"汇总": summary, "明细": [HEADER, fair()]}
    )
    book = read(tmp_path, content)
    assert book.rows == 1
    assert book.sums[("省", "公共服务体系")].amount == 385600


def test_sheets_that_are_not_read_are_told(tmp_path: Path) -> None:
    others = {"空": [], "汇总": [HEADER[2:5]], "2024年": [HEADER, fair()]}
    content = xlsx_of(fair(), others=others)
    assert warnings(tmp_path, content) == [("W351", "[2024年]A1")]
    (warning,) = told(tmp_path, content, NAME).warnings
    assert "只读了“台账”" in warning.message("zh")


def test_hidden_sheets_are_skipped(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0].sheet_state = "hidden"
        book.create_chartsheet("图")

    content = xlsx_of(fair(), others={"真": [HEADER, fair(amount=7)]}, change=change)
    assert read(tmp_path, content).sums[("省", "公共服务体系")].amount == 7
    assert where(tmp_path, xlsx_of(fair(), others={"说明": []}, change=change)) == [("E852", "")]


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book.worksheets[0]
        for at in (*range(3, 10), 40):
            sheet.row_dimensions[at].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.column_dimensions["J"].hidden = True

    content = xlsx_of(*rows(10), change=change)
    assert told(tmp_path, content, NAME).ledger.rows == 10
    assert warnings(tmp_path, content) == [("W303", "[台账]A3"), ("W303", "[台账]D1")]
    first, second = told(tmp_path, content, NAME).warnings
    assert "第 3、4、5、6、7 等 行是隐藏的" in first.message("zh")
    assert "rows 3, 4, 5, 6, 7 …" in first.message("en")
    assert "第 D 列是隐藏的" in second.message("zh")


def test_titles_above_the_header(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.insert_rows(1, 3)
        sheet["A1"] = "某e镇资金台账"
        sheet["G2"] = "单位：万元"
        sheet.merge_cells("A1:G1")
        sheet.merge_cells("A2:F2")

    header = tuple("金额" if it.startswith("金额") else it for it in HEADER)
    book = read(tmp_path, xlsx_of(fair(amount=2, source=""), header=header, change=change))
    assert book.unsourced[0].amount == yuan(2, "万元")
    assert book.unsourced[0].position == Position(5, 1, "台账")


def test_no_header(tmp_path: Path) -> None:
    assert where(tmp_path, xlsx_of(header=("说明", "一"))) == [("E853", "")]
    assert where(tmp_path, xlsx_of(header=())) == [("E852", "")]
    many = xlsx_of(*[("说明",)] * limits.MAX_NESTING, *[("说明",)] * 20, HEADER, header=("说明",))
    assert where(tmp_path, many) == [("E853", "")]


def test_mistakes_of_the_header(tmp_path: Path) -> None:
    header = ("日期", "用途", "金额", "", "支出类别", "收款单位", "日期")
    assert where(tmp_path, xlsx_of((*fair()[:3], "", *fair()[4:6]), header=header)) == [
        ("E854", "[台账]A1"),
        ("E857", "[台账]C1"),
        ("E810", "[台账]G1"),
    ]


# Rows


def test_mistakes_of_rows(tmp_path: Path) -> None:
    content = xlsx_of(
        fair(date="昨天", amount="x", source="国", category="杂"),
        (),
        fair(date=None, amount=None, category=""),
    )
    assert where(tmp_path, content) == [
        ("E404", "[台账]A2"),
        ("E863", "[台账]C2"),
        ("E861", "[台账]D2"),
        ("E861", "[台账]E2"),
        ("E862", "[台账]A4"),
        ("E862", "[台账]C4"),
        ("E862", "[台账]E4"),
    ]


def test_formulas(tmp_path: Path) -> None:
    def cell(value: str, type: str = "") -> str:
        return f"<c{type}><f>SUM(C1:C2)</f>{value}</c>"

    assert amounts(tmp_path, raw(row(amount=cell("<v>12.5</v>"), source=""))) == ["25/2"]
    (it,) = read(tmp_path, raw(row(payee=cell("<v>某公司</v>", ' t="str"'), source=""))).unsourced
    assert it.payee == "某公司"
    content = raw(
        row(amount=cell("")),
        row(category=cell("<v>#N/A</v>", ' t="e"')),
        row(payee=cell("<v>#REF!</v>", ' t="e"')),
        row(voucher=cell("<v></v>", ' t="str"')),
    )
    assert where(tmp_path, content) == [
        ("E811", "[台账]C2"),
        ("E812", "[台账]E3"),
        ("E812", "[台账]F4"),
    ]
    # A row of totals is never at fault.
    assert read(tmp_path, raw(row(), ("合计", "", cell("")))).rows == 1
    assert len(read(tmp_path, raw(row(), ("合计", "", cell("<v>1</v>")))).doubtful.totals) == 1


def test_a_label_in_a_further_column(tmp_path: Path) -> None:
    header = ("序号", *HEADER, "备注")
    content = xlsx_of(
        (1, *fair(amount=5)), ("合 计", *[None] * 2, 6), (None, *[None] * 7, "合计"), header=header
    )
    read_ = read(tmp_path, content)
    assert [it.position.line for it in read_.doubtful.totals] == [3]
    assert read_.rows == 1


def test_texts_of_several_runs_and_lines(tmp_path: Path) -> None:
    rich = (
        "<c t='inlineStr'><is><r><t>买流</t></r><r><rPr/><t>量</t></r>"
        "<rPh sb='0' eb='1'><t>maij</t></rPh><phoneticPr/></is></c>"
    )
    lines = [
        row(description=rich, source=""),
        row(description="甲_x000D_\n乙", payee="\u200b某公司", source=""),
    ]
    read_ = told(tmp_path, raw(*lines), NAME)
    assert [it.description for it in read_.ledger.unsourced] == ["买流量", "甲 乙"]
    assert [it.code for it in read_.warnings] == ["W305"]
    assert found(tmp_path, raw(row(payee="长" * 4001)), NAME) == [("E215", 2, 6)]
    shared = shared_of(row(payee="长" * 4001), row(description="甲\n乙", voucher="2"))
    assert where(tmp_path, shared) == [("E215", "[台账]F2")]


def test_merged_cells_hold_for_all_of_their_rows(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book.worksheets[0]
        for cells in ("A2:A4", "D2:D3", "D5:E6", "F4:F6", "J2:J6", "B2:C2"):
            sheet.merge_cells(cells)

    lines = [
        (DAY, "甲", None, "省", "物流配送", "甲公司", "1"),
        (None, "乙", 2, None, "物流配送", "乙公司", "2"),
        (None, "丙", 3, "市", "物流配送", "丙公司", "3"),
        (DAY, "丁", 4, "县", "罚款", None, "4"),
        (DAY, "戊", 5, None, "罚款", None, "5"),
    ]
    assert where(tmp_path, xlsx_of(*lines, change=change)) == [
        ("E862", "[台账]C2"),
        ("E862", "[台账]E5"),
    ]
    lines[0] = (*lines[0][:2], 1, *lines[0][3:])

    def fewer(book: Workbook) -> None:
        sheet = book.worksheets[0]
        for cells in ("A2:A4", "D2:D3", "D5:D6", "F4:F6", "J2:J6", "A1:A1", "A8:A9", "A10:A12"):
            sheet.merge_cells(cells)
        sheet["B9"] = "备注"

    read_ = told(tmp_path, xlsx_of(*lines, change=fewer), NAME).ledger
    assert {key: str(it.amount) for key, it in read_.sums.items()} == {
        ("省", "物流配送"): "3",
        ("市", "物流配送"): "3",
        ("县", "罚款"): "9",
    }
    assert [it.payee for it in read_.forbidden] == ["丙公司", "丙公司"]


def test_a_merged_amount_is_that_of_one_row(tmp_path: Path) -> None:
    content = xlsx_of(
        fair(),
        fair(amount=None, voucher="2"),
        change=lambda it: it.worksheets[0].merge_cells("C2:C3"),
    )
    assert where(tmp_path, content) == [("E862", "[台账]C3")]


def test_too_many_merged_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0].merge_cells("J2:J3")
        book.worksheets[0].merge_cells("J4:J5")

    monkeypatch.setattr("etown_check.ledgers.spreadsheet._MOST_MERGED", 1)
    content = xlsx_of(*rows(5), change=change)
    assert where(tmp_path, content) == [("E851", "")]


# XML of other programs


def parts_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


SHEET = "xl/worksheets/sheet1.xml"


def changed(content: bytes, *changes: tuple[str, str], part: str = SHEET) -> bytes:
    """Return a workbook with texts of a part replaced."""
    parts: dict[str, str | bytes] = dict(parts_of(content))
    text = str(parts[part])
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return zipped({**parts, part: text})


def test_rows_and_cells_without_their_places(tmp_path: Path) -> None:
    lines = ""
    for texts in (HEADER, row(), row(source="", amount="7")):
        cells = (f'<c t="inlineStr">{inline(text)}</c>' for text in texts)
        lines += f"<row>{''.join(cells)}</row>"
    read_ = read(tmp_path, zipped(raw_parts({"台账": lines})))
    assert read_.rows == 2
    assert read_.unsourced[0].position == Position(3, 1, "台账")
    # Cells alone may tell their places, and some of them at that.
    placed = raw_rows([HEADER, (), row(source=""), row(source="", voucher="2")])
    for number in (1, 2, 3, 4):
        placed = placed.replace(f'<row r="{number}">', "<row>")
    placed = placed.replace('<c r="G4" t="inlineStr">', '<c t="inlineStr">')
    read_ = read(tmp_path, zipped(raw_parts({"台账": placed})))
    assert [(it.position.line, it.voucher) for it in read_.unsourced] == [(3, "记-001"), (4, "2")]


def test_attributes_in_another_order_and_empty_cells(tmp_path: Path) -> None:
    content = raw(row(amount='<c t="n"><v>5</v></c>', source=""), row(amount="1"))
    content = changed(
        content,
        ('<c r="C2" t="n">', '<c t="n" s="0" r="C2">'),
        ('<c r="D2" t="inlineStr"><is><t xml:space="preserve"></t></is></c>', '<c r="D2" s="0"/>'),
        ('<row r="3">', '<row spans="1:7" r="3"><c s="0"/>'),
    )
    assert amounts(tmp_path, content) == ["5"]


def test_names_with_prefixes(tmp_path: Path) -> None:
    text = parts_of(raw(row(source="")))[SHEET]
    prefixed = text.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    prefixed = prefixed.replace(' xmlns="', ' xmlns:x="')
    content = zipped({**parts_of(raw(row())), SHEET: prefixed})
    assert amounts(tmp_path, content) == ["385600"]


def test_white_space_between_elements(tmp_path: Path) -> None:
    text = parts_of(xlsx_of(fair(source="")))[SHEET].replace("><", ">\n  <")
    content = zipped({**parts_of(xlsx_of(fair(source=""))), SHEET: text})
    (it,) = read(tmp_path, content).unsourced
    assert (it.amount, it.payee, it.voucher) == (yuan(385600), "某数码公司", "记-001")
    content = changed(
        shared_of(row(source="")),
        ("</v>", "</v>\n"),
        ('<c r="G2" t="s">', '<c r="G2" t="s"><v/></c><c r="H2" t="s">'),
    )
    (it,) = read(tmp_path, content).unsourced
    assert (it.amount, it.payee, it.voucher) == (yuan(385600), "某数码公司", "")


def test_utf_16(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.worksheets[0].merge_cells("D2:D3")

    whole = xlsx_of(fair(), fair(source="", voucher="2"), change=change)
    parts: dict[str, str | bytes] = dict(parts_of(whole))
    parts[SHEET] = str(parts[SHEET]).encode("utf-16")
    assert set(read(tmp_path, zipped(parts)).sums) == {("省", "公共服务体系")}


def test_much_may_stand_behind_the_rows(tmp_path: Path) -> None:
    links = f"</sheetData>{'<hyperlink/>' * 600_000}"
    content = changed(raw(row(source="")), ("</sheetData>", links))
    assert amounts(tmp_path, content) == ["385600"]


def test_what_stands_behind_the_rows_is_no_part_of_them(tmp_path: Path) -> None:
    content = raw(row(amount="<c><v>5</v></c>", source=""))
    content = changed(
        content,
        (
            "</sheetData>",
            "</sheetData><extLst><ext><c><f>1</f><v>9</v><t>x</t></c></ext></extLst>",
        ),
    )
    assert amounts(tmp_path, content) == ["5"]


# Hostile and broken files


@pytest.mark.parametrize(
    "changes",
    [
        (('<row r="2">', '<row r="0">'),),
        (('<row r="2">', '<row r="1048577">'),),
        (('<row r="2">', '<row r="x">'),),
        (('<c r="A2"', '<c r="2A"'),),
        (('<c r="A2"', '<c r="XFE2"'),),
        (('<c r="A2"', '<c r=""'),),
        (('<c r="A2" t="inlineStr"', '<c r="A2" t="s"'),),
        (('<c r="A2" t="inlineStr"', '<c r="A2" s="-1"'),),
        (("</worksheet>", ""),),
        (("<sheetData>", "<sheetData></row>"),),
        (("</sheetData>", "</sheetData><mergeCells><mergeCell ref='?'/></mergeCells>"),),
        (("</sheetData>", "</sheetData><mergeCells><mergeCell/></mergeCells>"),),
    ],
)
def test_broken_xml(tmp_path: Path, changes: tuple[tuple[str, str], ...]) -> None:
    content = changed(raw(row(), row(voucher="2")), *changes)
    assert codes(tmp_path, content, NAME) == {"E806"}


@pytest.mark.parametrize("text", ["-1", "99", "1_0", "٣", "", " ", "9" * 5000])
def test_broken_references_to_texts(tmp_path: Path, text: str) -> None:
    content = shared_of(row())
    content = changed(content, ('<c r="B2" t="s"><v>8</v>', f'<c r="B2" t="s"><v>{text}</v>'))
    assert codes(tmp_path, content, NAME) == ({"E806"} if text else set())


def test_what_is_broken_far_behind(tmp_path: Path) -> None:
    # Random words do not pack well: the archive is broken long after its header was read.
    chance = random.Random(5)
    many = [row(payee=f"{chance.getrandbits(200):x}", source="") for _ in range(2000)]
    content = bytearray(raw(*many))
    assert len(content) > 100_000
    content[90_000:90_100] = bytes(100)
    assert codes(tmp_path, bytes(content), NAME) == {"E806"}


def test_too_many_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etown_check.ledgers.spreadsheet.MAX_LEDGER_CELLS", 90)
    more = ("</sst>", f"{'<si><t>x</t></si>' * 90}</sst>")
    content = changed(shared_of(row()), more, part="xl/sharedStrings.xml")
    (problem,) = problems(tmp_path, content, NAME)
    assert (problem.code, problem.message("zh")) == ("E851", "台账超过 90 段文字，未读取。")


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    parts: dict[str, str | bytes] = dict(parts_of(raw(row())))
    for name in (SHEET, "xl/workbook.xml"):
        content = zipped({**parts, name: bomb + str(parts[name])})
        assert where(tmp_path, content) == [("E806", "")]


def test_what_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = xlsx_of(*rows(40))
    monkeypatch.setattr("etown_check.ledgers.spreadsheet.MAX_LEDGER_CELLS", 250)
    (problem,) = problems(tmp_path, content, NAME)
    assert (problem.code, problem.args["limit"]) == ("E851", 250)
    monkeypatch.setattr("etown_check.ledgers.spreadsheet.MAX_LEDGER_CELLS", 300)
    assert read(tmp_path, content).rows == 40
    monkeypatch.setattr("etown_check.ledgers.spreadsheet.MAX_LEDGER_UNPACKED", 3000)
    (problem,) = problems(tmp_path, content, NAME)
    assert problem.code == "E851"
    monkeypatch.setattr("etown_check.ledgers.reading.MAX_LEDGER_WORKBOOK_BYTES", 4000)
    (problem,) = problems(tmp_path, content, NAME)
    assert problem.args == {"limit": 0, "what": "MB"}


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    parts: dict[str, str | bytes] = dict(parts_of(raw(row())))
    sheet = str(parts[SHEET])
    for part, code in (
        (sheet.replace("<row", f"<row x='{'x' * 6_000_000}'", 1), "E806"),
        (sheet.replace("</t>", f"{'x' * 6_000_000}</t>", 1), "E806"),
        (sheet.replace("385600</t>", f"{'x' * 6_000_000}</t>", 1), "E806"),
        (sheet.replace('<row r="2">', f'<row r="2">{"<c/>" * 2_000_000}'), "E806"),
        (sheet.replace('<row r="2">', f'<row r="2">{"<z/>" * 2_000_000}'), "E806"),
        (sheet.replace('<row r="2">', f"{'<row/>' * 1_100_000}<row>"), "E806"),
    ):
        content = zipped({**parts, SHEET: part})
        assert len(content) < 100_000
        assert codes(tmp_path, content, NAME) == {code}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("台账.xls", b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), "E802"),
        ("台账.csv", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "E802"),
        ("台账.et", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "E802"),
        (NAME, b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "E803"),
        ("说明.doc", b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "E860"),
        ("说明.docx", zipped({"word/document.xml": "<w/>"}), "E860"),
        ("说明.zip", zipped({"a.txt": "x"}), "E860"),
        ("台账.ods", zipped({"content.xml": "<x/>"}), "E802"),
        ("台账.xlsb", zipped({"xl/workbook.bin": "x"}), "E802"),
        (NAME, xlsx_of(fair())[:-40], "E806"),
        (NAME, b"PK\x03\x04", "E806"),
        (NAME, csv_of(row()), "E801"),
        (NAME, b"", "E852"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (problem,) = problems(tmp_path, content, name)
    assert (problem.code, problem.position) == (code, None)
    assert problem_lines(problem, "zh")


def test_the_name_does_not_make_a_workbook_a_text(tmp_path: Path) -> None:
    assert ledger(tmp_path, xlsx_of(fair()), "台账.csv").rows == 1


def test_bytes_changed_at_random(tmp_path: Path) -> None:
    chance = random.Random(3)
    whole = {name: part.encode() for name, part in parts_of(shared_of(*rows(4))).items()}
    for _ in range(150):
        name = chance.choice([SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"])
        part = bytearray(whole[name])
        for _ in range(chance.randint(1, 3)):
            part[chance.randrange(len(part))] = chance.choice(b"<>\"'0A9/ \x00\xff")
        codes(tmp_path, zipped({**whole, name: bytes(part)}), NAME)


# Properties

_CELLS = st.tuples(
    st.dates(date(2021, 1, 1), date(2026, 12, 31)),
    st.text("甲乙流量 1，。", max_size=6),
    st.integers(-(10**11), 10**11).map(lambda cents: cents / 100),
    st.sampled_from(("", "中央", "省", "市级")),
    st.sampled_from(("主导产业", "公共服务", "罚款")),
    st.text("甲乙丙 1", max_size=3),
    st.text("记-12", max_size=3),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ledgers")


@given(st.lists(_CELLS, max_size=6))
def test_the_same_rows_give_the_same_ledger(home: Path, lines: list[tuple[Any, ...]]) -> None:
    texts = [(on.isoformat(), what, f"{amount:.2f}", *rest) for on, what, amount, *rest in lines]
    expected = bare(told(home, csv_of(*texts)).ledger)
    assert bare(told(home, xlsx_of(*lines), NAME).ledger) == expected
    assert bare(told(home, shared_of(*texts), NAME).ledger) == expected


def test_a_ledger_with_many_columns(tmp_path: Path) -> None:
    header = [*HEADER, *(f"备注{at}" for at in range(300))]
    content = xlsx_of((*fair(source=""), *["x"] * 300), header=header)
    assert amounts(tmp_path, content) == ["385600"]
