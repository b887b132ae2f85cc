"""Workbooks for tests, as clerks fill them in and as they spoil them: by openpyxl, and raw."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.worksheet import Worksheet

FACTS: Mapping[str, Any] = {
    "标准": "shuozhou-2022",
    "县": "怀仁市",
    "乡村e镇": "怀仁市陶瓷e镇",
    "数据截止日期": "2023-12-31",
}
SECTION = "十三、产业定位"

Rows = Sequence[Sequence[Any]]
"""Rows of values, the header first."""


def form(
    sheets: Mapping[str, Rows] | None = None,
    facts: Mapping[str, Any] | None = None,
    change: Callable[[Workbook], None] | None = None,
) -> bytes:
    """Return a workbook: the facts, and sheets of rows of which the first is the header.

    `change` may do anything to it before it is written.
    """
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "基本信息"
    rows = [("项目", "填写", "说明"), *({**FACTS, **(facts or {})}).items()]
    put(first, rows)
    for name, content in (sheets or {}).items():
        put(book.create_sheet(name), content)
    if change is not None:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def put(sheet: Worksheet, rows: Rows) -> None:
    """Write `rows` from the first cell on; `None` leaves one empty."""
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            if value is not None:
                sheet.cell(row, column).value = value


def table(*rows: Sequence[Any], header: str = "序号 指标 要求 填写值 单位") -> dict[str, Rows]:
    """Return one sheet with the usual columns, to pass to `form`."""
    return {SECTION: [header.split(), *rows]}


def metric(name: str, value: Any, unit: str | None = None) -> tuple[Any, ...]:
    """Return a row of `table` that declares one value."""
    return (None, name, None, value, unit)


# Raw files: what openpyxl does not write

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def relationships(*targets: tuple[str, str, str]) -> str:
    """Return a part that names relations: id, type and target of each."""
    listed = "".join(
        f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for id, kind, target in targets
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{listed}</Relationships>"
    )


def raw_parts(sheets: Mapping[str, str], *, properties: str = "") -> dict[str, str]:
    """Return the parts of a workbook with the given content of `sheetData` for each sheet."""
    names = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>'
        for at, name in enumerate(sheets, 1)
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{properties}'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relationships(
            *(
                (f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml")
                for at in range(1, len(sheets) + 1)
            )
        ),
    }
    for at, content in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{content}</sheetData></worksheet>'
        )
    return parts


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip archive of `parts`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def inline(text: str) -> str:
    """Return the content of a cell of type `inlineStr`."""
    return f'<is><t xml:space="preserve">{escape(text)}</t></is>'


def raw_rows(rows: Rows) -> str:
    """Return rows of text as XML; a value that begins with < is the cell's own XML."""
    written = []
    for row, values in enumerate(rows, 1):
        cells = []
        for column, value in enumerate(values, 1):
            place = f"{get_column_letter(column)}{row}"
            if value is None:
                continue
            if str(value).startswith("<c"):
                cells.append(str(value).replace("<c", f'<c r="{place}"', 1))
            else:
                cells.append(f'<c r="{place}" t="inlineStr">{inline(str(value))}</c>')
        written.append(f'<row r="{row}">{"".join(cells)}</row>')
    return "".join(written)


def raw_form(rows: Rows, *, properties: str = "", extra: Mapping[str, str] | None = None) -> bytes:
    """Return a workbook of raw XML with the usual facts and one section of `rows`."""
    facts = raw_rows([("项目", "填写"), *FACTS.items()])
    parts = raw_parts({"基本信息": facts, SECTION: raw_rows(rows)}, properties=properties)
    return zipped({**parts, **(extra or {})})
