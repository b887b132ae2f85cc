"""The empty fund ledger: a sheet to fill in row by row, and one that says how.

Its rows are not counted out: what a column takes holds down to the last row of the sheet.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from etown_check.packing import repack, stamp
from etown_check.report import FAIL
from etown_check.standard import LedgerForm, SpendsNothingOn, Standard
from etown_check.words import Text, render
from etown_check.workbooks.columns import GUIDE
from etown_check.workbooks.painting import (
    ABOUT,
    BODY,
    CHOICE_FIELD,
    DATE_FIELD,
    FIELD,
    HEAD,
    LEAD,
    NUMBER_FIELD,
    STRONG,
    TITLE,
    Painter,
    one_of,
    styles_of,
    tone_style,
)

HEADER_ROW = 2
"""The row that names the columns; the title stands above it."""

_AUTHOR = "etown-check"
_CATEGORIES = "etown_categories"
"""The name of the range that offers the categories: a list written out may be too short for them."""

WORDS = {
    "sheet": Text("台账", "Ledger"),
    "title": Text("乡村e镇项目资金台账", "Fund ledger of a rural e-town"),
    "in_yuan": Text("{name}（元）", "{name} (元)"),
    "page": Text("第 &P 页，共 &N 页", "Page &P of &N"),
    "guide": Text("资金台账填写说明", "How to fill in the fund ledger"),
    "about": Text("依据 {number}", "Under {number}"),
    "how": Text("怎样填写", "How to fill it in"),
    "steps": Text(
        "在“{sheet}”页填写，一笔支出占一行。几种资金合付的，每种资金占一行。\n"
        "金额只填数字，单位是元。退回的款项填负数，资金来源和支出类别与原来那一笔相同。\n"
        "每一行都要注明资金来源。资金来源和支出类别从下拉框里选。\n"
        "支出类别照实选。格子变红，是缺了内容，或者方案规定这种资金不得这样用。\n"
        "可以加“合计”“小计”行：检查时核对，不重复计算。右边可以另加列，例如备注。\n"
        "表头的名称不要改。行高、列宽可以调整。",
        "Fill in “{sheet}”, a row for each payment. What several sources paid together takes a row for each.\n"
        "Write amounts as numbers, in yuan (元). A refund is negative, its source and category those of the payment.\n"
        "Every row names its source of funds. Choose sources and categories from their lists.\n"
        "Choose the category that is true. A cell turns red where something lacks, or where the plan forbids such use of these funds.\n"
        "Rows of totals (合计, 小计) may be added: they are checked, never counted. So may columns to the right, such as remarks.\n"
        "Leave the names of columns as they are. Heights and widths may be changed.",
    ),
    "columns": Text("各列填什么", "What the columns take"),
    "column": Text("列", "Column"),
    "takes": Text("填写", "What to write"),
    "example": Text("例子", "Example"),
    "categories": Text("支出类别", "Categories"),
    "plan": Text("方案原文", "The plan's words"),
    "limit": Text("限制", "Limit"),
    "quote": Text("“{quote}”（{where}）", "“{quote}” ({where})"),
    "limited": Text("不得用{sources}资金支出", "Not out of {sources} funds"),
    "truth": Text(
        "已经这样支出的，也要照实填写；检查时会逐笔列出。",
        "What was spent so all the same is entered as it was; a check of the ledger names each row.",
    ),
    "then": Text("填好以后", "When it is filled in"),
    "check": Text(
        "保存后检查：etown-check ledger {file}\n"
        "连同数据文件一起检查的，在数据文件里写：资金台账: {file}",
        "Save it and check it: etown-check ledger {file}\n"
        "To check it with a data file, write there: fund_ledger: {file}",
    ),
    "file": Text("台账.xlsx", "ledger.xlsx"),
}

TAKES = {
    "date": Text("付款的日期，年月日写全。", "The day of payment, with its year."),
    "description": Text("买了什么、办了什么，写具体。", "What was paid for, in plain words."),
    "amount": Text(
        "只填数字，单位是元。退款填负数。", "The number alone, in yuan (元). A refund is negative."
    ),
    "source": Text("从列表中选，每行都要填：{sources}。", "One of these, in every row: {sources}."),
    "category": Text(
        "从列表中照实选。格子变红的，方案规定这种资金不得这样用。",
        "Choose what is true. The plan forbids such use of the funds where the cell turns red.",
    ),
    "payee": Text("收款的单位或个人，写全称。", "Who was paid, by the full name."),
    "voucher": Text("记账凭证的编号，不能重复。", "The voucher's number, which occurs only once."),
}
"""What a column takes, as it is said beside each cell and on the sheet of instructions."""
_REFUSED = {
    "date": Text("不是 {first} 年至 {last} 年的日期。", "Not a date within {first} to {last}."),
    "amount": Text("金额只填数字，不带单位。", "An amount is a number, without a unit."),
    "source": Text("请从列表中选。", "Please choose from the list."),
    "category": Text("请从列表中选。", "Please choose from the list."),
    "text": Text("不能超过 {most} 个字。", "No more than {most} characters."),
}
"""What is said of an entry that a column does not take."""
_EXAMPLES = {
    "description": Text("直播间设备购置", "Equipment for the livestream room"),
    "amount": Text("385600", "385600"),
    "payee": Text("某数码科技有限公司", "A Digital Technology Co., Ltd."),
    "voucher": Text("记-002", "J-002"),
}

_WIDTHS = {
    "date": 12.0,
    "description": 36.0,
    "amount": 16.0,
    "source": 11.0,
    "category": 23.0,
    "payee": 30.0,
    "voucher": 14.0,
}
_STYLES = {
    "date": DATE_FIELD,
    "amount": NUMBER_FIELD,
    "source": CHOICE_FIELD,
    "category": CHOICE_FIELD,
}
_NEEDED = ("date", "amount", "source", "category")
"""The columns that a row of a payment cannot do without."""
_TOTALS = ("合计", "总计", "小计", "累计", "共计", "total", "totals")
"""How a cell ends, in letters of either case, by which a row of totals is known."""
_LONGEST = {"description": 200, "payee": 100, "voucher": 50}
"""Characters: some versions of Excel show #### for more than 255 in a cell formatted as text."""
_MOST = 10**12
"""Beyond any amount, in 元."""
_MONEY = "#,##0.00"
_TITLE_HEIGHT, _ROW_HEIGHT, _LINE_HEIGHT = 28.0, 20.0, 18.0
_LAST_ROW = 1_048_576
_EPOCH = date(1899, 12, 30)
_GUIDE_WIDTHS = (24.0, 58.0, 30.0)


def ledger_workbook(standard: Standard, form: LedgerForm, lang: str = "zh") -> bytes:
    """Return an empty ledger of `form` as xlsx; its second sheet holds the words of `standard`.

    The same is written each time, byte for byte.
    """
    content = io.BytesIO()
    _Writer(standard, form, lang).book().save(content)
    return repack(content.getvalue(), stamp(standard.facts.issued_on))


def ledger_csv(form: LedgerForm, lang: str = "zh") -> bytes:
    """Return an empty ledger of `form` as CSV: its header, in UTF-8 with the mark Excel needs."""
    text = io.StringIO()
    csv.writer(text).writerow(headers(form, lang).values())
    return text.getvalue().encode("utf-8-sig")


def headers(form: LedgerForm, lang: str) -> dict[str, str]:
    """Return the names of the columns by their keys; that of amounts tells their unit."""
    names = {column.key: render(column.name, lang) for column in form.columns}
    return names | {"amount": render(WORDS["in_yuan"], lang).format(name=names["amount"])}


class _Writer:
    """Writes one workbook."""

    def __init__(self, standard: Standard, form: LedgerForm, lang: str) -> None:
        self.standard = standard
        self.form = form
        self.lang = lang
        self.headers = headers(form, lang)
        self.letters = {key: get_column_letter(at) for at, key in enumerate(self.headers, 1)}
        self.sources = {it.name.zh: render(it.name, lang) for it in form.sources}
        self.limits = {
            check.constraint.category: check.constraint.sources
            for _, check in standard.checks
            if isinstance(check.constraint, SpendsNothingOn)
        }

    def say(self, key: str, **args: str) -> str:
        return render(WORDS[key], self.lang).format(**args)

    def takes(self, key: str) -> str:
        sources = self._listed(self.sources.values())
        return render(TAKES[key], self.lang).format(sources=sources)

    def _listed(self, words: Iterable[str]) -> str:
        return (", " if self.lang == "en" else "、").join(words)

    def book(self) -> Workbook:
        book = Workbook()
        # The widths of columns are told in digits of this style's font.
        normal = book._named_styles["Normal"]  # type: ignore[attr-defined]  # noqa: SLF001
        normal.font = Font("Arial", 10)
        styles = {style.name: style for style in styles_of(self.lang)}
        for style in styles.values():
            book.add_named_style(style)
        book.properties.creator = _AUTHOR
        book.properties.title = self.say("title")
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        sheet.title = self.say("sheet")
        self._ledger(sheet, styles)
        guide = book.create_sheet(render(GUIDE, self.lang))
        rows = self._guide(Painter(guide, _GUIDE_WIDTHS))
        place = f"'{guide.title}'!$A${rows.start}:$A${rows.stop - 1}"
        book.defined_names[_CATEGORIES] = DefinedName(_CATEGORIES, attr_text=place)
        return book

    # The ledger

    def _ledger(self, sheet: Worksheet, styles: Mapping[str, NamedStyle]) -> None:
        painter = Painter(sheet, [_WIDTHS[key] for key in self.headers])
        for at, (key, name) in enumerate(self.headers.items(), 1):
            painter.put(1, at, self.say("title") if at == 1 else "", TITLE, wraps=False)
            painter.put(HEADER_ROW, at, name, HEAD)
            column = sheet.column_dimensions[self.letters[key]]
            style = styles[_STYLES.get(key, FIELD)]
            column.font, column.border, column.fill = style.font, style.border, style.fill
            column.alignment, column.protection = style.alignment, style.protection
            column.number_format = style.number_format
            if key == "amount":
                column.number_format = _MONEY
                column.alignment = Alignment(horizontal="right", vertical="center")
            sheet.add_data_validation(self._rule(key))
        for formula in self._restricted():
            painter.warn(self._cells("source", "category"), formula)
        painter.warn(self._cells(*_NEEDED), self._lacking())
        painter.heights[1] = _TITLE_HEIGHT
        painter.fit()
        painter.page(is_landscape=True, footer=("&A", "", self.say("page")))
        sheet.freeze_panes = f"A{HEADER_ROW + 1}"
        sheet.print_title_rows = f"1:{HEADER_ROW}"

    def _cells(self, *keys: str) -> str:
        """Return the cells of columns, from the first row to fill in to the last of the sheet."""
        letters = (self.letters[key] for key in keys)
        return " ".join(f"{it}{HEADER_ROW + 1}:{it}{_LAST_ROW}" for it in letters)

    def _cell(self, key: str) -> str:
        """Return how a formula names the cell of a column in its own row."""
        return f"${self.letters[key]}{HEADER_ROW + 1}"

    def _rule(self, key: str) -> DataValidation:
        """Return what the cells of a column take, and what is said of it."""
        first, last = self.form.years
        most = _LONGEST.get(key)
        refused = render(_REFUSED["text" if most else key], self.lang)
        rule = DataValidation(
            sqref=self._cells(key),
            allow_blank=True,
            showErrorMessage=True,
            error=refused.format(first=first, last=last, most=most),
            showInputMessage=True,
            promptTitle=self.headers[key],
            prompt=self.takes(key),
        )
        match key:
            case "date":
                # A payment outside of the years may be true: whoever enters it is asked.
                rule.type, rule.operator, rule.errorStyle = "date", "between", "warning"
                rule.formula1 = str((date(first, 1, 1) - _EPOCH).days)
                rule.formula2 = str((date(last, 12, 31) - _EPOCH).days)
            case "amount":
                rule.type, rule.operator = "decimal", "between"
                rule.formula1, rule.formula2 = str(-_MOST), str(_MOST)
            case "source":
                offered = one_of(tuple(self.sources.values()), "")
                rule.type, rule.formula1 = offered.type, offered.formula
            case "category":
                rule.type, rule.formula1 = "list", _CATEGORIES
            case _:
                rule.type, rule.operator, rule.formula1 = "textLength", "lessThanOrEqual", str(most)
        return rule

    def _restricted(self) -> Iterator[str]:
        """Yield formulas that hold in a row whose funds must not be used for its category.

        Without a source a row may be such a one: it is marked until it names another.
        """
        named = {it.name.zh: render(it.name, self.lang) for it in self.form.categories}
        for sources in dict.fromkeys(self.limits.values()):
            limited = [named[it] for it, its in self.limits.items() if its == sources]
            paid_by = ["", *(self.sources[it] for it in sources)]
            category, source = self._one_of("category", limited), self._one_of("source", paid_by)
            yield f"AND({category},{source})"

    def _one_of(self, key: str, words: Iterable[str]) -> str:
        return f"OR({','.join(f'{self._cell(key)}={_quoted(word)}' for word in words)})"

    def _lacking(self) -> str:
        """Return a formula that holds in an empty cell of a row which is neither empty nor a total."""
        letters = list(self.letters.values())
        row = f"${letters[0]}{HEADER_ROW + 1}:${letters[-1]}{HEADER_ROW + 1}"
        totals = "+".join(f'COUNTIF({row},"*{label}")' for label in _TOTALS)
        own = self._cell(_NEEDED[0]).removeprefix("$")
        return f"AND(ISBLANK({own}),COUNTA({row})>0,{totals}=0)"

    # The sheet of instructions

    def _guide(self, painter: Painter) -> range:
        """Write the instructions, and return the rows of the categories."""
        _line(painter, self.say("guide"), TITLE)
        _line(painter, self.say("about", number=self.standard.facts.number), ABOUT)
        _line(painter, self.say("how"), STRONG)
        for at, step in enumerate(self.say("steps", sheet=self.say("sheet")).split("\n"), 1):
            _line(painter, f"{at}. {step}")
        _line(painter, self.say("columns"), STRONG)
        _row(painter, HEAD, *map(self.say, ("column", "takes", "example")))
        for key, name in self.headers.items():
            _row(painter, BODY, name, self.takes(key), self._example(key))
        rows = self._categories(painter)
        _line(painter, self.say("then"), STRONG)
        for line in self.say("check", file=self.say("file")).split("\n"):
            _line(painter, line)
        painter.fit()
        painter.page(is_landscape=False, footer=("&A", "", self.say("page")))
        painter.sheet.page_setup.fitToHeight = 1
        painter.protect()
        return rows

    def _example(self, key: str) -> str:
        match key:
            case "date":
                return date(self.form.years[0] + 1, 3, 15).isoformat()
            case "source":
                return next(iter(self.sources.values()))
            case "category":
                return render(self.form.categories[0].name, self.lang)
            case _:
                return render(_EXAMPLES[key], self.lang)

    def _categories(self, painter: Painter) -> range:
        """Write the table of categories under each other, for the list takes them from there."""
        _line(painter, self.say("categories"), STRONG)
        for quote, where in self._clauses():
            _line(painter, self.say("quote", quote=quote, where=where))
        if self.limits:
            _line(painter, self.say("truth"))
        names = render(self._column("category"), self.lang)
        first = _row(painter, HEAD, names, self.say("plan"), self.say("limit")) + 1
        for category in self.form.categories:
            limit = self.limits.get(category.name.zh, ())
            sources = self._listed(self.sources[it] for it in limit)
            words = self.say("quote", quote=category.quote.text, where=category.quote.where)
            said = self.say("limited", sources=sources) if limit else ""
            style = tone_style(FAIL) if limit else BODY
            _row(painter, style, render(category.name, self.lang), words, said)
        return range(first, first + len(self.form.categories))

    def _column(self, key: str) -> Text:
        return next(column.name for column in self.form.columns if column.key == key)

    def _clauses(self) -> Iterator[tuple[str, str]]:
        """Yield the clauses that limit what may be paid for, and where they stand."""
        items = dict.fromkeys(
            item.id
            for item, check in self.standard.checks
            if isinstance(check.constraint, SpendsNothingOn)
        )
        for item in self.standard.items:
            if item.id in items:
                yield "".join(item.requirement), item.where


def _line(painter: Painter, text: str, style: str = LEAD) -> None:
    """Write a line over all columns; one of running text takes the height that it needs."""
    row = _next_row(painter)
    painter.put(row, 1, text, style)
    painter.merge(row, 1, row, len(_GUIDE_WIDTHS))
    for at in range(1, len(_GUIDE_WIDTHS) + 1):
        painter.sheet.cell(row, at).border = Border()
    if style != LEAD:
        painter.sheet.cell(row, 1).alignment = Alignment(vertical="center")
    painter.heights[row] = _LINE_HEIGHT if style == LEAD else _TITLE_HEIGHT


def _row(painter: Painter, style: str, *texts: str) -> int:
    """Write a row of a table and return its number."""
    row = _next_row(painter)
    for column, text in enumerate(texts, 1):
        painter.put(row, column, text, style)
    painter.heights[row] = _ROW_HEIGHT
    return row


def _next_row(painter: Painter) -> int:
    return painter.last_row + 1 if painter.texts else 1


def _quoted(text: str) -> str:
    """Return `text` as a formula writes it."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
