"""Writing a workbook: what `layout` says, as a file for Excel, WPS and LibreOffice."""

import io
from collections.abc import Mapping
from datetime import date

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from etown_check.limits import MAX_CELL_TEXT
from etown_check.packing import repack, stamp
from etown_check.standard import County, Standard
from etown_check.submission import Submission
from etown_check.text import wrap
from etown_check.usage import UsageError
from etown_check.words import Text, render
from etown_check.workbooks.columns import DETAILS, VERIFICATION
from etown_check.workbooks.filling import EMPTY, NUMBER, Content
from etown_check.workbooks.layout import (
    Choices,
    Fact,
    Layout,
    Row,
    Sheet,
    layout,
)
from etown_check.workbooks.painting import (
    ABOUT,
    BODY,
    CENTRED,
    CHOICE_FIELD,
    DATE_FIELD,
    FIELD,
    GREY,
    HEAD,
    LEAD,
    NUMBER_FIELD,
    STRONG,
    TITLE,
    Painter,
    Rule,
    day,
    one_of,
    styles_of,
)

HEADER_ROW = 2
"""The row of a sheet of metrics that names its columns; the title stands above it."""

WORDS = {
    "about": Text("{county} · {tier} · 依据 {number}", "{county} · {tier} · under {number}"),
    "how": Text("怎样填写", "How to fill it in"),
    "steps": Text(
        "先填“{facts}”，再逐页填写各部分。\n"
        "没有的写“无”或“否”；数量为零的写 0，写 0 也是申报。空着表示还没有申报。\n"
        "数值只填数字，单位在“单位”栏选。按年填写的，每年填一格。\n"
        "有名单的，直接写名称，每行一个（按 Alt+Enter 换行），数量按名单计算。\n"
        "文件写名称，文号和成文日期填在右边；只说明有没有的，选“有”或“无”。\n"
        "日期填成 2022-11-01。分来源填的资金，金额写在冒号后面，例如 中央：100万元。\n"
        "佐证材料写文件的路径，从本文件所在的文件夹算起，每行一个，例如 佐证/平面图.pdf。\n"
        "鼠标停在指标名称上，可以看到方案原文和应备的材料。\n"
        "表头和指标名称不要改动；行高、列宽可以调整。",
        "Begin with “{facts}”, then go through the sheets.\n"
        "Write 无 (none) or 否 (no) for what there is not, and 0 for a count of zero: that is a declaration too. An empty cell is undeclared.\n"
        "Write the number alone and choose its unit under “Unit”. Yearly figures have a cell for each year.\n"
        "Where you have names, write them, one to a line (Alt+Enter); they are counted.\n"
        "Write a document's title, with its number and date to the right, or just choose 有 (there is) or 无 (there is none).\n"
        "Write dates as 2022-11-01. Funds by source have the amount behind each colon: 中央：100万元.\n"
        "Name the files that prove it, from the folder of this workbook, one to a line: evidence/plan.pdf.\n"
        "Rest the pointer on a metric's name to see the plan's words and the evidence asked for.\n"
        "Leave the headings and the names of metrics as they are; heights and widths may be changed.",
    ),
    "unasked": Text(
        "{sheets}可以不填；填了其中一项，就检查那一部分。",
        "{sheets} may be left empty; once one entry of a sheet is filled in, its part is checked.",
    ),
    "colours": Text("格子的颜色", "Colours of cells"),
    "field": Text("由填报单位填写", "to be filled in"),
    "verified": Text("由核查人员填写", "for whoever verifies the figures"),
    "closed": Text("不用填", "nothing to fill in"),
    "then": Text("填好以后", "When it is filled in"),
    "check": Text(
        "保存后校验：etown-check validate {file}\n有误的地方会写明在哪一页、哪一格。",
        "Save it and check it: etown-check validate {file}\nMistakes are told with their sheet and cell.",
    ),
    "sheets": Text("各页", "Sheets"),
    "metrics": Text("{sheet}（{number} 项）", "{sheet} ({number})"),
    "unasked_metrics": Text("{sheet}（{number} 项，可不填）", "{sheet} ({number}, optional)"),
    "page": Text("第 &P 页，共 &N 页", "Page &P of &N"),
    "whole": Text(
        "请填不小于零的整数；要写名称的，每行写一个。",
        "A whole number, zero or more; or names, one to a line.",
    ),
    "positive": Text("请填不小于零的数字。", "A number, zero or more."),
    "from_list": Text("请从列表中选。", "Please choose from the list."),
    "date": Text("请填日期，如 2024-03-01。", "A date, such as 2024-03-01."),
    "too_long": Text(
        "“{sheet}”中“{name}”的{column}超过 {most} 字，一个单元格放不下。",
        "“{name}” in “{sheet}”: {column} is longer than the {most} characters of a cell.",
    ),
}

_AUTHOR = "etown-check"
_MOST_OF_TEXT_FORMAT = 255
"""Some versions of Excel show #### for a longer text in a cell that is formatted as text."""
_NOTE_COLUMNS, _NOTE_WIDTH, _NOTE_LINE = 48, 330, 17
"""Of a comment: columns of a line, and pixels."""
_FIRST_DATE = date(2000, 1, 1)
"""Dates of documents and verifications before this one are slips."""

_WIDTHS = {
    "id": 6.0,
    "metric": 17.0,
    "required": 32.0,
    "value": 20.0,
    "unit": 9.5,
    "number": 16.0,
    "issued_on": 12.0,
    "evidence": 19.0,
    "note": 13.0,
    "result": 9.5,
    "verified": 13.0,
    "by": 9.0,
    "on": 12.0,
    "opinion": 14.0,
}
_YEAR_WIDTH = 9.5
_FACT_WIDTHS = {"name": 17.0, "value": 30.0, "help": 44.0}
_GUIDE_WIDTHS = (5.0, 95.0)

_STYLES = {
    "unit": CHOICE_FIELD,
    "result": CHOICE_FIELD,
    "by": CHOICE_FIELD,
}
_FIELD_FILL, _VERIFIED_FILL, _CLOSED_FILL = (
    PatternFill("solid", start_color=color) for color in ("FFF9E3", "E8F1FA", "E9E9E9")
)
_LINK = "1F4E9E"


def workbook(
    standard: Standard, county: County, lang: str = "zh", submission: Submission | None = None
) -> bytes:
    """Return the workbook of `county` as xlsx, filled with what `submission` declares.

    The same is written each time, byte for byte. `layout(…).lost` tells what of a submission
    cannot stand in it. Raises `UsageError` where a cell cannot hold what was declared.
    """
    day = standard.facts.issued_on if submission is None else submission.as_of
    return written(standard, county, lang, layout(standard, county, lang, submission), day)


def written(standard: Standard, county: County, lang: str, form: Layout, day: date) -> bytes:
    """Return `form` as xlsx, with `day` for the date when it was made."""
    writer = _Writer(standard, county, lang, form)
    content = io.BytesIO()
    writer.book().save(content)
    return repack(content.getvalue(), stamp(day))


class _Writer:
    """Writes one workbook."""

    def __init__(self, standard: Standard, county: County, lang: str, form: Layout) -> None:
        self.standard = standard
        self.county = county
        self.lang = lang
        self.form = form

    def say(self, key: str, **args: str) -> str:
        return render(WORDS[key], self.lang).format(**args)

    def book(self) -> Workbook:
        book = Workbook()
        # The widths of columns are told in digits of this style's font.
        normal = book._named_styles["Normal"]  # type: ignore[attr-defined]  # noqa: SLF001
        normal.font = Font("Arial", 10)
        for style in styles_of(self.lang):
            book.add_named_style(style)
        book.properties.creator = _AUTHOR
        book.properties.title = self.form.title
        guide = book.active
        assert isinstance(guide, Worksheet)
        guide.title = self.form.guide
        self._guide(Painter(guide, _GUIDE_WIDTHS))
        widths = [_FACT_WIDTHS.get(it) or _WIDTHS[it] for it in self.form.facts_columns]
        self._facts(Painter(book.create_sheet(self.form.facts_name), widths))
        for sheet in self.form.sheets:
            widths = [_width(key, sheet) for key in sheet.columns]
            self._sheet(Painter(book.create_sheet(sheet.name), widths), sheet)
        return book

    def _finish(self, painter: Painter, *, is_landscape: bool) -> None:
        painter.fit()
        painter.page(is_landscape=is_landscape, footer=("&A", "", self.say("page")))
        painter.protect()

    # The sheet of words

    def _guide(self, painter: Painter) -> None:
        county = self.county.name_en if self.lang == "en" else self.county.name
        tier = render(self.standard.tiers[self.county.tier].name, self.lang)
        number = self.standard.facts.number
        _heading(painter, self.form.title, TITLE)
        about = self.say("about", county=county, tier=tier, number=number)
        _heading(painter, about, ABOUT)
        _heading(painter, self.say("how"))
        steps = self.say("steps", facts=self.form.facts_name).split("\n")
        unasked = tuple(f"“{it.name}”" for it in self.form.sheets if not it.is_asked)
        if unasked:
            steps.insert(1, self.say("unasked", sheets=render(unasked, self.lang)))
        for at, step in enumerate(steps, 1):
            _line(painter, step, f"{at}.")
        _heading(painter, self.say("colours"))
        fills = {"field": _FIELD_FILL, "verified": _VERIFIED_FILL, "closed": _CLOSED_FILL}
        for key, fill in fills.items():
            row = _line(painter, self.say(key))
            painter.put(row, 1, "", BODY)
            painter.sheet.cell(row, 1).fill = fill
        _heading(painter, self.say("then"))
        for line in self.say("check", file=f"{self.county.name}.xlsx").split("\n"):
            _line(painter, line)
        _heading(painter, self.say("sheets"))
        _link(painter, self.form.facts_name, self.form.facts_name)
        for it in self.form.sheets:
            key = "metrics" if it.is_asked else "unasked_metrics"
            _link(painter, self.say(key, sheet=it.name, number=str(len(it.rows))), it.name)
        self._finish(painter, is_landscape=False)
        painter.sheet.page_setup.fitToHeight = 1

    # The sheet of facts

    def _facts(self, painter: Painter) -> None:
        columns = self.form.facts_columns
        for at, name in enumerate(columns.values(), 1):
            painter.put(1, at, name, HEAD)
        for row, fact in enumerate(self.form.facts, 2):
            painter.put(row, 1, fact.name, BODY)
            if fact.fixed:
                painter.put(row, 2, fact.content.text, GREY)
            else:
                style = DATE_FIELD if fact.is_date else FIELD
                painter.field(row, 2, fact.content, style, self._rule_of_fact(fact))
            painter.put(row, 3, fact.help, BODY)
            for at, key in enumerate(columns, 1):
                if key in DETAILS:
                    self._detail(painter, row, at, fact.row, key)
        painter.sheet.freeze_panes = "C2"
        self._finish(painter, is_landscape=True)

    def _detail(self, painter: Painter, at: int, column: int, row: Row | None, key: str) -> None:
        if row is None:
            painter.put(at, column, "", BODY)
            painter.sheet.cell(at, column).fill = _CLOSED_FILL
        else:
            names = (self.form.facts_name, self.form.facts_columns[key])
            self._field(painter, (at, column), row, key, names)

    def _rule_of_fact(self, fact: Fact) -> Rule:
        if fact.is_date:
            return day(_FIRST_DATE, self.say("date"))._replace(prompt=fact.help)
        return self._rule_of_choice(fact.choices, fact.help)

    # The sheets of metrics

    def _sheet(self, painter: Painter, content: Sheet) -> None:
        painter.put(1, 1, content.title, TITLE, wraps=False)
        painter.heights[1] = 28.0
        for at, name in enumerate(content.columns.values(), 1):
            painter.put(HEADER_ROW, at, name, HEAD)
        for at, row in enumerate(content.rows, HEADER_ROW + 1):
            self._row(painter, at, content, row)
        painter.sheet.freeze_panes = f"D{HEADER_ROW + 1}"
        painter.sheet.print_title_rows = f"1:{HEADER_ROW}"
        self._finish(painter, is_landscape=True)

    def _row(self, painter: Painter, at: int, content: Sheet, row: Row) -> None:
        for column, (key, name) in enumerate(content.columns.items(), 1):
            cell = painter.sheet.cell(at, column)
            if key == "id":
                painter.put(at, column, "\n".join(row.checks), CENTRED)
            elif key == "metric":
                painter.put(at, column, row.name, BODY)
                cell.comment = _note(row.remark)
            elif key == "required":
                painter.put(at, column, "\n".join(row.required), BODY)
            elif key not in row.fields:
                painter.put(at, column, "", BODY)
                cell.fill = _CLOSED_FILL
            else:
                self._field(painter, (at, column), row, key, (content.name, name))

    def _field(
        self, painter: Painter, place: tuple[int, int], row: Row, key: str, names: tuple[str, str]
    ) -> None:
        """Write a cell of a metric that may be filled in; `names` are those of sheet and column."""
        given = row.cells.get(key, EMPTY)
        if len(given.text) > MAX_CELL_TEXT:
            raise _too_long({"sheet": names[0], "name": row.name, "column": names[1]})
        cell = painter.sheet.cell(*place)
        painter.field(*place, given, _style(row, key), self._rule(row, key, cell.coordinate))
        if _is_general(row, key, given):
            cell.number_format = "General"
        if key in VERIFICATION:
            cell.fill = _VERIFIED_FILL

    def _rule(self, row: Row, key: str, place: str) -> Rule:
        """Return what the cell at `place` in the column `key` takes."""
        prompt = row.prompts.get(key, "")
        if _is_date(row, key):
            return day(_FIRST_DATE, self.say("date"))._replace(prompt=prompt)
        if key in row.choices:
            return self._rule_of_choice(row.choices[key], prompt)
        # A text may stand in place of a number: names, or a number with a unit of its own.
        if _is_value(key) and row.metric.kind == "count":
            formula = f"OR(ISTEXT({place}),AND({place}>=0,{place}=INT({place})))"
            return Rule("custom", formula, self.say("whole"), prompt)
        if _is_value(key) and row.metric.kind in ("money", "area"):
            return Rule("custom", f"OR(ISTEXT({place}),{place}>=0)", self.say("positive"), prompt)
        return Rule(None, prompt=prompt)

    def _rule_of_choice(self, choices: Choices, prompt: str) -> Rule:
        if not choices.words:
            return Rule(None, prompt=prompt)
        return one_of(choices.words, self.say("from_list") if choices.only else "", prompt)


def _heading(painter: Painter, text: str, style: str = STRONG) -> None:
    """Write a line of the guide that begins in its first column and runs over the one beside it."""
    row = painter.sheet.max_row + 1
    painter.put(row, 1, text, style, wraps=False)
    cell = painter.sheet.cell(row, 1)
    cell.border, cell.alignment = Border(), Alignment(vertical="center")
    painter.heights[row] = 30.0


def _line(painter: Painter, text: str, mark: str = "") -> int:
    """Write a line of the guide behind its number or mark, and return its row."""
    row = painter.sheet.max_row + 1
    for column, part in enumerate((mark, text), 1):
        painter.put(row, column, part, LEAD)
        painter.sheet.cell(row, column).border = Border()
    painter.heights[row] = 18.0
    return row


def _link(painter: Painter, text: str, target: str) -> None:
    """Write the name of a sheet as a link to it."""
    cell = painter.sheet.cell(_line(painter, text), 2)
    font = cell.font
    cell.font = Font(font.name, font.sz, color=_LINK, charset=font.charset, family=font.family)
    quoted = target.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1")


def _note(text: str) -> Comment:
    """Return a comment in a box that shows all of it."""
    lines = sum(len(wrap(line, _NOTE_COLUMNS)) for line in text.split("\n"))
    return Comment(text, _AUTHOR, width=_NOTE_WIDTH, height=(lines + 1) * _NOTE_LINE)


def _too_long(names: Mapping[str, str]) -> UsageError:
    zh, en = (
        render(WORDS["too_long"], lang).format(**names, most=str(MAX_CELL_TEXT))
        for lang in ("zh", "en")
    )
    return UsageError(Text(zh, en))


def _is_value(key: str) -> bool:
    return key == "value" or key.isdecimal()


def _is_date(row: Row, key: str) -> bool:
    return key in ("issued_on", "on") or (_is_value(key) and row.metric.kind == "date")


def _style(row: Row, key: str) -> str:
    if _is_date(row, key):
        return DATE_FIELD
    return NUMBER_FIELD if key.isdecimal() else _STYLES.get(key, FIELD)


def _is_general(row: Row, key: str, content: Content) -> bool:
    """Tell whether a cell shows a number as one; what else is typed is kept as it was typed."""
    is_quantity = _is_value(key) and "unit" in row.fields
    return is_quantity or len(content.text) > _MOST_OF_TEXT_FORMAT


def _width(key: str, sheet: Sheet) -> float:
    """Return how wide a column is; that of a year has room for its longest number."""
    if not key.isdecimal():
        return _WIDTHS[key]
    contents = [row.cells.get(key, EMPTY) for row in sheet.rows]
    numbers = [len(content.text) + 2.0 for content in contents if content.kind == NUMBER]
    return max([_YEAR_WIDTH, *numbers])
