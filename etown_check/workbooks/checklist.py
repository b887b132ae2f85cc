"""A checklist as a workbook: the form that experts fill in on a tablet, to be read back.

Each town has a sheet of its items, with one row for each metric (a row for each year of a yearly
one), and a sheet of what else a reviewer must say, where there is anything.
"""

import io
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from etown_check.documents.checklist import Checklist, Entry, Line, Question
from etown_check.documents.checklist_document import WORDS as PRINTED
from etown_check.documents.checklist_document import signatories
from etown_check.documents.ledgers import MOST_ROWS
from etown_check.documents.sections import (
    entries_by_section,
    listed_extent,
    none_listed,
    reading_text,
    reasons_text,
    unlisted_lines,
)
from etown_check.documents.wording import (
    asked_rows,
    evidence_lines,
    required_lines,
    result_lines,
    rows_title,
    term,
    value_lines,
)
from etown_check.packing import repack, stamp
from etown_check.records import Record
from etown_check.report import NOT_APPLICABLE, PASS, Doubt
from etown_check.reporters.texts import (
    citation,
    count_lines,
    row_lines,
    sentence,
    shown,
    verdict_text,
    waiver_lines,
)
from etown_check.standard import Metric, metrics_of
from etown_check.submission import ADJUSTED
from etown_check.text import visible
from etown_check.words import Text, render, say
from etown_check.workbooks.checklist_form import (
    DECISION_COLUMNS,
    DECISIONS,
    DEFAULTS,
    FINDINGS,
    ITEM_COLUMNS,
    ITEMS,
    RESULTS,
    VERDICTS,
    WAYS,
    DecisionKey,
    RowKey,
    Stamp,
    declared_mark,
    record_contents,
    value_contents,
)
from etown_check.workbooks.filling import EMPTY, Content
from etown_check.workbooks.layout import Row as FormRow
from etown_check.workbooks.layout import form_rows, sheet_names
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
    MACHINE,
    MOST_LINES,
    NUMBER_FIELD,
    SECTION,
    STRONG,
    TITLE,
    Painter,
    Rule,
    day,
    lines_of,
    number,
    one_of,
    styles_of,
    tone_style,
)

_AS_PRINTED = (
    "title",
    "questions",
    "question",
    "doubts",
    "not_applicable",
    "with_checks",
    "signed",
)
WORDS = {key: PRINTED[key] for key in _AS_PRINTED} | {
    "guide": Text("填写说明", "Instructions"),
    "how": Text("怎样填写", "How to fill it in"),
    "of": Text("本清单的依据和自检情况", "What it was made from, and the self-check"),
    "items_title": Text("核查清单：{county} {town}", "Checklist: {county} {town}"),
    "decisions": Text("{county} 认定和疑点", "{county} decisions"),
    "decisions_title": Text(
        "需要认定的事项和数据疑点：{county} {town}", "To decide and to look into: {county} {town}"
    ),
    "about": Text(
        "数据截止 {as_of}    验收年度 {year}    自检结论：{verdict}    {counts}",
        "Data of {as_of}    Acceptance year {year}    Self-check: {verdict}    {counts}",
    ),
    "blank": Text("空白清单：没有申报数据", "Blank form: made without data"),
    "defaults": Text("全表共用", "For all rows"),
    "defaults_how": Text(
        "核查人、核查日期在这一行写一次即可。下面各行留空的，按这一行；不同的，写在各行。",
        "Name and date are needed once, in this row. They hold for every row that leaves them empty.",
    ),
    "concerns": Text("涉及：{names}", "Concerns: {names}"),
    "same_as": Text("见第{id}项，只在那里核查", "See item {id}; verified there"),
    "waived": Text("已豁免：{line}", "Waived: {line}"),
    "rows_title": Text(
        "{rows}：{check}（核查结果和意见写在台账那一行）",
        "{rows}: {check} (answer in the row of the ledger)",
    ),
    "more_rows": Text("另有 {number} 行，见台账。", "{number} more rows: see the ledger."),
    "and_more": Text("……（没有列完，其余见数据文件）", "… (the rest is in the data file)"),
    "sign": Text("签字：                        日期：", "Signature:                        Date:"),
    "page": Text("第 &P 页，共 &N 页", "Page &P of &N"),
    "data": Text("数据文件 sha256 {digest}", "Data file sha256 {digest}"),
    "standard": Text("标准 {id} sha256 {digest}", "Standard {id} sha256 {digest}"),
    "data_of": Text("数据截止 {date}", "Data of {date}"),
    # Said beside a cell
    "number": Text(
        "与申报不同时填写核定的数字，单位在右边选。",
        "The number that you found where it differs; its unit to the right.",
    ),
    "names": Text("每行写一项：{words}", "One to a line: {words}"),
    "months": Text("{said}写全核定的月份。", "{said} Write all months that you found."),
    "amounts": Text(
        "每行一个来源。{said}没有变化的也要写上。",
        "One source to a line. {said} Write those that are as declared, too.",
    ),
    "contact": Text("{said}", "{said}"),
    "ledger": Text(
        "用核定后的台账代替时，写它的文件名。没有这样的台账，不填：把不符的各行写在核查意见里。",
        "The file of a ledger that holds instead. Without one leave it empty, and name the rows "
        "that are wrong under “Opinion”.",
    ),
    "percent": Text("写数字和百分号，例如 6.1%。", "With its sign, such as 6.1%."),
    "document": Text("写文件名称，或者“有”“无”。", "The document's title, or 有 (there is) or 无."),
    "not_number": Text(
        "这里一般填数字。要写名单，或连单位一起写（例如 2.3亿元），请选“是”。",
        "A number is usual here. Choose Yes to enter names, or a number with its unit.",
    ),
    "not_date": Text(
        "请写日期，例如 2024-03-01，不早于 {first}。",
        "A date, such as 2024-03-01, not before {first}.",
    ),
    "not_listed": Text("请从列表中选一个。", "Choose one of the list."),
}
FACTS = {
    "number": Text("依据", "Plan"),
    "county": Text("县（市）", "County"),
    "town": Text("乡村e镇", "E-town"),
    "tier": Text("类别", "Class"),
    "extent": Text("范围", "Extent"),
    "demonstration": Text("综合示范县", "Demonstration county"),
    "as_of": Text("数据截止日期", "Data of"),
    "acceptance_year": Text("验收年度", "Acceptance year"),
    "contact": Text("信息联络员", "Contact"),
    "verdict": Text("自检结论", "Result of the self-check"),
    "counts": Text("自检情况", "Counts"),
    "waivers": Text("豁免", "Waivers"),
    "path": Text("数据文件", "Data file"),
    "sha256": Text("数据文件 sha256", "Its sha256"),
    "standard": Text("标准", "Standard"),
    "standard_sha256": Text("标准 sha256", "Its sha256"),
}
HOW = Text(
    "黄色单元格由核查人员填写，其他单元格不要改。列宽、行高可以调整。\n"
    "先在每张表第 4 行写上核查人和核查日期，写一次就够。各行有不同的，写在各行。\n"
    "逐行对照申报值和佐证材料，选一个核查结果。没有核查的行留空，读入时不会改动它。\n"
    "属实：与申报一致。核减：数值不符，在“核定值”写核定的数字，并选单位。不实：所报情况不存在。\n"
    "按年申报的指标每年一行：核查结果只选一次，核定值写在不符的那一年。\n"
    "名单类的核定值，每行写一项（电脑上用 Alt+Enter 换行）；也可以用顿号隔开。没有变化的也要写上。\n"
    "同一指标在几项中出现的，只在第一次出现的那一行核查，其余各行写着“见第几项”。\n"
    "“认定和疑点”表里的认定和意见，写入该指标核查记录的意见；该指标没有核查结果的，无处可写。\n"
    "不要删除或移动行、列，也不要删除隐藏的列：读入时靠它们认出每一行。\n"
    "填好后保存为 .xlsx 交回，由工作人员用 etown-check verify 读入数据文件。",
    "Yellow cells are for you to fill in; leave all others. Widths and heights may be changed.\n"
    "Write your name and the date into row 4 of each sheet, once. A row may have its own.\n"
    "Hold each declared value against its evidence and choose a finding. A row left empty changes nothing.\n"
    "Confirmed: as declared. Adjusted: another value, written as a number with its unit. "
    "Rejected: what was declared does not exist.\n"
    "A yearly metric has a row for each year: choose one finding, and write the value of the year that differs.\n"
    "A list of names has one to a line (Alt+Enter), or separated by commas; write all that hold.\n"
    "A metric that occurs in several items is verified in the first; the other rows say where.\n"
    "Decisions and opinions on the sheet of decisions go into the opinion of the metric's record; "
    "a metric without a finding has no place for them.\n"
    "Do not delete or move rows or columns, hidden ones among them: each row is known by them.\n"
    "Save it as .xlsx and hand it back; etown-check verify reads it into the data file.",
)

_ITEM_WIDTHS = {
    "key": 4,
    "mark": 4,
    "id": 6,
    "metric": 16,
    "task": 17,
    "requirement": 24,
    "own": 13,
    "level": 7,
    "declared": 18,
    "self_check": 13,
    "evidence": 17,
    "way": 10,
    "result": 9,
    "verified": 14,
    "unit": 9,
    "opinion": 18,
    "by": 9,
    "on": 12,
}
_DECISION_WIDTHS = {
    "key": 4,
    "id": 8,
    "asked": 48,
    "basis": 56,
    "declared": 22,
    "decision": 13,
    "opinion": 34,
    "by": 10,
    "on": 12,
}
_STYLES = {
    **dict.fromkeys(("count", "money", "area"), NUMBER_FIELD),
    "date": DATE_FIELD,
}
"""The styles of cells of verified values, by the kind of metric, that are no plain text."""
_PROMPTED = ("months", "amounts", "contact", "ledger")
"""Kinds of metric whose verified values a cell takes as text that is written in a certain way."""
_FIRST_DAY = date(2000, 1, 1)
"""A verified date before this one is a slip; one before the plan is not."""
_TITLE, _ABOUT, _HEAD, _DEFAULTS = 1, 2, 3, 4
"""The rows above the first of a sheet's own."""
_HEIGHTS = {_TITLE: 30.0, _ABOUT: 18.0}
_PER_ITEM = ("id", "task", "requirement", "level")
_PER_METRIC = ("metric", "own", "self_check", "evidence", "way", "result", "opinion", "by", "on")
"""What is told once of a metric, however many years it has."""


def checklist_workbook(checklists: Sequence[Checklist], lang: str) -> bytes:
    """Return `checklists`, of which there must be one at least, as an .xlsx file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for style in styles_of(lang):
        book.add_named_style(style)
    first = checklists[0].standard.facts
    dated = [it.report.as_of for it in checklists if it.submission is not None]
    book.properties.title = _word("title", lang)
    book.properties.creator = "etown-check"
    titles = [_word("guide", lang)]
    for one in checklists:
        titles += [_word("decisions", lang, county=one.county.name), one.county.name]
    names = iter(sheet_names(titles))
    _guide(book.create_sheet(next(names)), checklists, lang)
    for one in checklists:
        decisions, items = next(names), next(names)
        maker = _Maker(one, lang)
        if one.questions or one.report.doubts or asked_rows(one.report):
            maker.decisions(book.create_sheet(decisions))
        maker.items(book.create_sheet(items))
    packed = io.BytesIO()
    book.save(packed)
    return repack(packed.getvalue(), stamp(max(dated, default=first.issued_on)))


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


# The sheet that says how


def _guide(sheet: Worksheet, checklists: Sequence[Checklist], lang: str) -> None:
    wide = len(checklists) == 1
    painter = Painter(sheet, [20, 96] if wide else [20, *[44] * len(checklists)])
    last = len(painter.widths)
    painter.put(1, 1, _word("title", lang), TITLE)
    painter.merge(1, 1, 1, last)
    row = _titled(painter, 2, _word("how", lang))
    for at, line in enumerate(render(HOW, lang).split("\n"), 1):
        painter.put(row, 1, f"{at}. {line}", BODY)
        painter.merge(row, 1, row, last)
        row += 1
    row = _titled(painter, row, _word("of", lang))
    columns = [dict(_facts(one, lang)) for one in checklists]
    told = (item for item in FACTS.items() if any(item[0] in facts for facts in columns))
    for at, (key, name) in enumerate(told, row):
        painter.put(at, 1, render(name, lang), HEAD)
        for column, facts in enumerate(columns, 2):
            style = STRONG if key in ("verdict", "extent") else BODY
            painter.put(at, column, facts.get(key, ""), style)
    _signatures(painter, lang)
    painter.fit()
    painter.page(is_landscape=False, footer=(_word("title", lang), "", _word("page", lang)))
    painter.protect()


def _signatures(painter: Painter, lang: str) -> None:
    """Write where the group signs, for each town, once the checklist is printed."""
    top = painter.last_row + 1
    row = _titled(painter, top, _word("signed", lang))
    for at, who in enumerate(signatories(lang), row):
        painter.put(at, 1, who, HEAD)
        for column in range(2, len(painter.widths) + 1):
            painter.field(at, column, Content(_word("sign", lang)), FIELD)
    painter.keep(top, painter.last_row)


def _titled(painter: Painter, row: int, title: str) -> int:
    """Write a title over all columns; return the row below it."""
    painter.put(row, 1, title, SECTION)
    painter.merge(row, 1, row, len(painter.widths))
    return row + 1


def _facts(checklist: Checklist, lang: str) -> Iterator[tuple[str, str]]:
    standard, county, submission = checklist.standard, checklist.county, checklist.submission
    yield "number", f"{render(standard.facts.title, lang)} {standard.facts.number}"
    yield "county", county.name
    yield "town", county.town
    yield "tier", render(standard.tiers[county.tier].name, lang)
    extent = [listed_extent(checklist, lang), *unlisted_lines(checklist.report, lang)]
    if any(extent):
        yield "extent", "\n".join(filter(None, extent))
    yield "demonstration", render(say("yes" if county.demonstration else "no"), lang)
    if submission is not None:
        report = checklist.report
        yield "as_of", report.as_of.isoformat()
        yield "acceptance_year", str(report.acceptance_year)
        if submission.contact is not None:
            yield "contact", visible(" ".join(submission.contact))
        yield "verdict", verdict_text(report.verdict, lang)
        yield "counts", "\n".join(count_lines(report, lang))
        waivers = waiver_lines(report, lang)
        if waivers:
            yield "waivers", "\n".join(waivers)
        yield "path", visible(submission.path)
        yield "sha256", submission.sha256
    yield "standard", standard.id
    yield "standard_sha256", standard.sha256


class _Columns:
    """The columns of a sheet that is filled in: their numbers and names by their keys."""

    def __init__(self, names: Mapping[str, Text], widths: Mapping[str, int], lang: str) -> None:
        self.names = {key: render(name, lang) for key, name in names.items()}
        self.widths = [widths[key] for key in names]
        self._numbers = {key: at for at, key in enumerate(names, 1)}

    def __getitem__(self, key: str) -> int:
        return self._numbers[key]

    def letter(self, key: str, behind: int = 0) -> str:
        """Return the letters of a column, or of one so many behind it."""
        return get_column_letter(self[key] + behind)

    @property
    def last(self) -> int:
        return len(self.widths)


class _Maker:
    """Makes the sheets of one town."""

    def __init__(self, checklist: Checklist, lang: str) -> None:
        self.checklist = checklist
        self.lang = lang
        standard, county = checklist.standard, checklist.county
        # What may be filled in of a metric is the same as in the workbook of its data.
        self.form = form_rows(standard, county, lang, checklist.submission)

    def word(self, key: str, **args: str | int) -> str:
        return _word(key, self.lang, **args)

    def choice(self, words: Sequence[Text]) -> Rule:
        """Return the rule of a cell that takes one of `words`."""
        return one_of([render(it, self.lang) for it in words], self.word("not_listed"))

    # What both sheets have

    def _begin(
        self, sheet: Worksheet, kind: str, title: str, columns: _Columns, hidden: Sequence[str]
    ) -> Painter:
        """Write what stands above the rows of a sheet that is filled in."""
        painter = Painter(sheet, columns.widths)
        for key in hidden:
            painter.hide(columns[key])
        standard, county = self.checklist.standard, self.checklist.county
        data = self.checklist.submission.sha256 if self.checklist.submission else ""
        mark = Stamp(kind, standard.id, standard.sha256, county.name, data)
        left = columns["id"]
        named = self.word(title, county=county.name, town=county.town)
        painter.put(_TITLE, columns["key"], mark.text, MACHINE, wraps=False)
        painter.put(_TITLE, left, named, TITLE, wraps=False)
        painter.put(_ABOUT, left, self._about(), ABOUT, wraps=False)
        painter.heights |= _HEIGHTS
        for key, name in columns.names.items():
            is_hidden = key in hidden
            style = MACHINE if is_hidden else HEAD
            painter.put(_HEAD, columns[key], name, style, wraps=not is_hidden)
        painter.put(_DEFAULTS, columns["key"], DEFAULTS, MACHINE, wraps=False)
        painter.put(_DEFAULTS, left, self.word("defaults"), STRONG)
        painter.put(_DEFAULTS, left + 2, self.word("defaults_how"), GREY)
        self.sign(painter, _DEFAULTS, columns, {})
        painter.merge(_DEFAULTS, left, _DEFAULTS, left + 1)
        painter.merge(_DEFAULTS, left + 2, _DEFAULTS, columns["by"] - 1)
        return painter

    def _about(self) -> str:
        checklist = self.checklist
        told = (
            listed_extent(checklist, self.lang),
            *unlisted_lines(checklist.report, self.lang),
            self._made_from(),
        )
        return "    ".join(it for it in told if it)

    def _made_from(self) -> str:
        checklist = self.checklist
        if checklist.submission is None:
            return self.word("blank")
        report = checklist.report
        return self.word(
            "about",
            as_of=report.as_of.isoformat(),
            year=report.acceptance_year,
            verdict=verdict_text(report.verdict, self.lang),
            counts="    ".join(count_lines(report, self.lang)),
        )

    def sign(
        self, painter: Painter, row: int, columns: _Columns, record: Mapping[str, Content]
    ) -> None:
        """Write the fields of who and when."""
        painter.field(row, columns["by"], record.get("by", EMPTY), FIELD)
        painter.field(row, columns["on"], record.get("on", EMPTY), DATE_FIELD, self.day_rule())

    def day_rule(self) -> Rule:
        """Return what a date takes: one of the plan's own time."""
        first = self.checklist.standard.facts.issued_on
        return day(first, self.word("not_date", first=first.isoformat()))

    def _end(self, painter: Painter, columns: _Columns, frozen: str) -> None:
        """Mark what lacks while the sheet is filled in, and lay out its pages."""
        first, last = _DEFAULTS + 1, painter.last_row
        answer = columns.letter("result" if "result" in columns.names else "decision")
        for key in ("by", "on"):
            own = columns.letter(key)
            lacks = f'AND(${answer}{first}<>"",{own}{first}="",{own}${_DEFAULTS}="")'
            painter.warn(f"{own}{first}:{own}{last}", lacks)
        painter.praise(f"{answer}{first}:{answer}{last}", f'{answer}{first}<>""')
        painter.sheet.freeze_panes = f"{columns.letter(frozen, 1)}{first}"
        painter.sheet.print_title_rows = f"{_HEAD}:{_HEAD}"
        painter.fit()
        painter.break_pages(_HEAD)
        standard, submission = self.checklist.standard, self.checklist.submission
        town = f"{self.checklist.county.name} {self.checklist.county.town}"
        data = ""
        if submission is not None:
            town += f"  {self.word('data_of', date=submission.as_of.isoformat())}"
            data = self.word("data", digest=submission.sha256)
        own = self.word("standard", id=standard.id, digest=standard.sha256)
        painter.page(
            is_landscape=True,
            header=(_plain(town), "", self.word("page")),
            footer=(data, "", _plain(own)),
        )
        painter.protect()

    # The items

    def items(self, sheet: Worksheet) -> None:
        """Write the sheet of the items."""
        columns = _Columns(ITEM_COLUMNS, _ITEM_WIDTHS, self.lang)
        painter = self._begin(sheet, ITEMS, "items_title", columns, ("key", "mark"))
        row = _DEFAULTS + 1
        if not self.checklist.entries:
            painter.put(row, columns["id"], none_listed(self.lang), SECTION)
            painter.merge(row, columns["id"], row, columns.last)
            painter.keep(row, row)
        for section, entries in entries_by_section(self.checklist, self.lang):
            painter.put(row, columns["id"], section, SECTION)
            painter.merge(row, columns["id"], row, columns.last)
            top, row = row, row + 1
            for entry in entries:
                row = _EntryMaker(self, painter, columns, entry).rows(row)
                painter.keep(top, row - 1)
                top = row
        self._end(painter, columns, "metric")

    # What else a reviewer must say

    def decisions(self, sheet: Worksheet) -> None:
        """Write the sheet of what a reviewer must decide, and of doubts."""
        columns = _Columns(DECISION_COLUMNS, _DECISION_WIDTHS, self.lang)
        painter = self._begin(sheet, DECISIONS, "decisions_title", columns, ("key",))
        row = _DEFAULTS + 1
        questions, doubts = self.checklist.questions, self.checklist.report.doubts
        for title, asked in (
            ("questions", [self._question(*it) for it in enumerate(questions, 1)]),
            ("doubts", [self._doubt(*it) for it in enumerate(doubts, 1)]),
        ):
            if not asked:
                continue
            painter.put(row, columns["id"], self.word(title), SECTION)
            painter.merge(row, columns["id"], row, columns.last)
            top, row = row, row + 1
            for it in asked:
                self._decision(painter, columns, row, it)
                painter.keep(top, row)
                top = row = row + 1
        self._ledger_rows(painter, columns, row)
        self._end(painter, columns, "id")

    def _ledger_rows(self, painter: Painter, columns: _Columns, top: int) -> None:
        """Write the rows of a ledger that checks are about; they are answered with the ledger."""
        row = top
        for check in asked_rows(self.checklist.report):
            title = self.word(
                "rows_title", rows=term("rows", self.lang), check=rows_title(check, self.lang)
            )
            painter.put(row, columns["id"], title, SECTION)
            painter.merge(row, columns["id"], row, columns.last)
            begin, row = row, row + 1
            for said in row_lines(check.rows[:MOST_ROWS], self.lang):
                painter.put(row, columns["id"], check.id, CENTRED)
                painter.put(row, columns["asked"], said, BODY)
                painter.merge(row, columns["asked"], row, columns["basis"])
                for key in ("declared", "decision", "opinion", "by", "on"):
                    painter.put(row, columns[key], "", GREY)
                painter.keep(begin, row)
                begin = row = row + 1
            if len(check.rows) > MOST_ROWS:
                more = self.word("more_rows", number=len(check.rows) - MOST_ROWS)
                painter.put(row, columns["asked"], more, BODY)
                painter.keep(row, row)
                row += 1

    def _decision(self, painter: Painter, columns: _Columns, row: int, it: "_Asked") -> None:
        painter.put(row, columns["key"], it.key.text, MACHINE, wraps=False)
        painter.put(row, columns["id"], it.key.id, CENTRED)
        painter.put(row, columns["asked"], it.asked, BODY)
        painter.put(row, columns["basis"], it.basis, BODY)
        painter.put(row, columns["declared"], it.declared, BODY)
        rule = self.choice(FINDINGS if it.key.is_doubt else VERDICTS)
        painter.field(row, columns["decision"], EMPTY, CHOICE_FIELD, rule)
        painter.field(row, columns["opinion"], EMPTY, FIELD)
        self.sign(painter, row, columns, {})

    def _question(self, number: int, question: Question) -> "_Asked":
        standard, result = self.checklist.standard, question.result
        reason = reasons_text(result, self.lang)
        readings = [
            reading_text(standard, id, self.lang)
            for id in result.readings
            if id in standard.readings
        ]
        metrics = metrics_of(question.check.constraint)
        return _Asked(
            DecisionKey(is_doubt=False, number=number, id=result.id, metrics=metrics),
            self.word("question", name=render(result.name, self.lang), reason=reason),
            "\n".join([citation(question.entry.result, result, self.lang), *readings]),
            self._declared_of(metrics),
        )

    def _doubt(self, number: int, doubt: Doubt) -> "_Asked":
        metrics = self.checklist.standard.metrics
        names = [render(metrics[key].name, self.lang) for key in doubt.metrics]
        return _Asked(
            DecisionKey(is_doubt=True, number=number, id=doubt.code, metrics=doubt.metrics),
            shown(doubt.message, self.lang),
            self.word("concerns", names=sentence(*names, lang=self.lang)),
            self._declared_of(doubt.metrics),
        )

    def _declared_of(self, metrics: Sequence[str]) -> str:
        submission = self.checklist.submission
        found = [submission.declaration(key) if submission else None for key in metrics]
        return few(
            [line for it in found if it for line in value_lines(it.entries, self.lang)],
            _DECISION_WIDTHS["declared"],
            self.lang,
        )


class _Asked(Record):
    """A row of the decisions."""

    key: DecisionKey
    asked: str
    basis: str
    declared: str


class _EntryMaker:
    """Writes the rows of one item."""

    def __init__(self, maker: _Maker, painter: Painter, columns: _Columns, entry: Entry) -> None:
        self.maker = maker
        self.painter = painter
        self.columns = columns
        self.entry = entry
        self.lang = maker.lang
        self.submission = maker.checklist.submission

    def put(self, row: int, key: str, text: str, style: str = BODY) -> None:
        self.painter.put(row, self.columns[key], text, style)

    def field(
        self, row: int, key: str, content: Content, style: str, rule: Rule | None = None
    ) -> None:
        self.painter.field(row, self.columns[key], content, style, rule)

    def _note(self, row: int, key: str, text: str) -> None:
        """Write what only the program reads."""
        self.painter.put(row, self.columns[key], text, MACHINE, wraps=False)

    def rows(self, top: int) -> int:
        """Write the item from the row `top` on; return the row behind it."""
        item = self.entry.item
        level = render(self.maker.checklist.standard.levels[item.level], self.lang)
        self.put(top, "id", item.id, CENTRED)
        self.put(top, "task", item.task, LEAD)
        self.put(top, "requirement", "\n".join(item.requirement), LEAD)
        self.put(top, "level", level, CENTRED)
        row = top
        for line in self.entry.lines:
            row = self._line(row, line)
        for key in _PER_ITEM:
            self.painter.merge(top, self.columns[key], row - 1, self.columns[key])
        return row

    def _line(self, top: int, line: Line) -> int:
        """Write a metric from the row `top` on; return the row behind it."""
        self.put(top, "metric", render(line.metric.name, self.lang), STRONG)
        self.put(top, "own", "\n".join(self._required(line)))
        self.put(top, "self_check", *self._self_check(line))
        if line.same_as:
            self._closed(top, line, self.maker.word("same_as", id=line.same_as))
            return top + 1
        if not line.is_applicable:
            self._closed(top, line, "")
            return top + 1
        evidence = evidence_lines(line.metric, line.declaration, self.lang)
        files = [it for part in evidence for it in part.lines]
        self.put(top, "evidence", few(files, _ITEM_WIDTHS["evidence"], self.lang))
        record = line.declaration.verification if line.declaration else None
        contents = record_contents(record, self.lang)
        self.field(top, "way", EMPTY, CHOICE_FIELD, self.maker.choice(WAYS))
        results = self.maker.choice(tuple(RESULTS.values()))
        self.field(top, "result", contents.get("result", EMPTY), CHOICE_FIELD, results)
        self.field(top, "opinion", contents.get("opinion", EMPTY), FIELD)
        self.maker.sign(self.painter, top, self.columns, contents)
        years = self._years(line)
        for row, year in enumerate(years, top):
            self._year(row, line, year, with_note=row == top)
        bottom = top + len(years) - 1
        for key in _PER_METRIC:
            self.painter.merge(top, self.columns[key], bottom, self.columns[key])
        self._mark_lacking(top, bottom)
        return bottom + 1

    def _mark_lacking(self, top: int, bottom: int) -> None:
        """Show that an adjusted metric lacks its value; one year is enough of a yearly one."""
        adjusted = render(RESULTS[ADJUSTED], self.lang)
        result, value = self.columns.letter("result"), self.columns.letter("verified")
        cells = f"${value}${top}:${value}${bottom}"
        self.painter.warn(
            f"{value}{top}:{value}{bottom}", f'AND(${result}${top}="{adjusted}",COUNTA({cells})=0)'
        )

    def _closed(self, row: int, line: Line, why: str) -> None:
        """Write a row in which nothing is filled in."""
        entries = line.declaration.entries if line.declaration else {}
        declared = few(value_lines(entries, self.lang), _ITEM_WIDTHS["declared"], self.lang)
        self.put(row, "declared", declared, GREY)
        self.put(row, "evidence", why, GREY)
        for key in ("way", "result", "verified", "unit", "opinion", "by", "on"):
            self.put(row, key, "", GREY)

    def _years(self, line: Line) -> tuple[int | None, ...]:
        """Return the years that have a row: those declared, and those that may be asked for yet."""
        if not line.metric.yearly:
            return (None,)
        declaration = line.declaration
        told = {year for year in (declaration.in_force if declaration else ()) if year}
        asked = {int(key) for key in self.maker.form[line.metric.key].fields if key.isdecimal()}
        due = {year for year in asked if not self.submission or year <= self.submission.as_of.year}
        return tuple(sorted(told | due)) or (min(asked),)

    def _year(self, row: int, line: Line, year: int | None, *, with_note: bool) -> None:
        """Write what is declared of a year, and the fields of its verified value."""
        metric, declaration = line.metric, line.declaration
        self._note(row, "key", RowKey(metric.key, year).text)
        self._note(row, "mark", declared_mark(declaration) if self.submission else "")
        entry = declaration.entries.get(year) if declaration else None
        lines = list(value_lines({year: entry}, self.lang)) if entry else [self._undeclared(year)]
        if with_note and declaration is not None and declaration.note:
            lines.append(visible(declaration.note))
        declared = few(lines, _ITEM_WIDTHS["declared"], self.lang)
        self.put(row, "declared", declared, BODY if entry else GREY)
        form = self.maker.form[metric.key]
        value, unit = EMPTY, form.cells.get("unit", EMPTY)
        record = declaration.verification if declaration else None
        if record is not None and year in record.entries:
            value, own = value_contents(metric, year, record.entries[year])
            unit = own if own.text else unit
        style = _STYLES.get(metric.kind, FIELD)
        self.field(row, "verified", value, style, self._value_rule(metric, form))
        if "unit" not in form.fields:
            self.put(row, "unit", "", GREY)
            return
        words = dict.fromkeys((*form.choices["unit"].words, unit.text))
        known = [word for word in words if word]
        self.field(row, "unit", unit, CHOICE_FIELD, one_of(known, self.maker.word("not_listed")))

    def _undeclared(self, year: int | None) -> str:
        said = render(say("undeclared"), self.lang) if self.submission else ""
        return said if year is None else term("year", self.lang, year=year, value=said)

    def _value_rule(self, metric: Metric, form: FormRow) -> Rule:
        """Return what the cell of a verified value takes."""
        word = self.maker.word
        if metric.kind in ("count", "money", "area"):
            return number(word("not_number"), word("number"))
        if metric.kind == "ratio":
            return Rule(None, prompt=word("percent"))
        if metric.kind == "names":
            listed = sentence(*metric.vocabulary, lang=self.lang)
            return Rule(None, prompt=word("names", words=listed))
        if metric.kind == "date":
            return day(_FIRST_DAY, word("not_date", first=_FIRST_DAY.isoformat()))
        if metric.kind in _PROMPTED:
            return Rule(None, prompt=word(metric.kind, said=form.prompts["value"]))
        choices = next(
            iter(form.choices[key] for key in form.choices if key not in ("result", "unit"))
        )
        error = word("not_listed") if choices.only else ""
        return one_of(choices.words, error, "" if choices.only else word("document"))

    def _required(self, line: Line) -> Iterator[str]:
        """Yield what the checks of a metric require of this county."""
        for check in line.results:
            if check.status == NOT_APPLICABLE:
                yield self.maker.word("not_applicable", id=check.id)
        applying = [check for check in line.results if check.status != NOT_APPLICABLE]
        yield from required_lines(applying, self.lang)

    def _self_check(self, line: Line) -> tuple[str, str]:
        """Return the results of the checks of a metric, and the style of the first that is open."""
        lines = []
        if self.submission is not None:
            lines = [it for own in result_lines(line.results, self.lang) for it in own.lines]
        if line.with_checks:
            ids = sentence(*line.with_checks, lang=self.lang)
            lines.append(self.maker.word("with_checks", ids=ids))
        statuses = [check.status for check in line.results if self.submission is not None]
        open_first = sorted(statuses, key=lambda status: status == PASS)
        said = few(lines, _ITEM_WIDTHS["self_check"], self.lang)
        return said, tone_style(open_first[0] if open_first else "")


def few(lines: Sequence[str], width: float, lang: str) -> str:
    """Return `lines` as the text of a cell; of very many, as many as the highest row can show."""
    text = "\n".join(lines)
    if lines_of(text, width) <= MOST_LINES:
        return text
    more = _word("and_more", lang)
    room = MOST_LINES - lines_of(more, width)
    kept = bisect_right(range(len(text)), room, key=lambda size: lines_of(text[:size], width)) - 1
    return f"{text[:kept]}\n{more}"


def _plain(text: str) -> str:
    """Return `text` as it is written at the head or the foot of a page."""
    return text.replace("&", "&&")
