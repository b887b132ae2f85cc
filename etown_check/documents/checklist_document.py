"""A checklist as a document: the form that experts carry to the site and fill in by hand."""

from collections.abc import Iterator, Sequence

from etown_check.documents.checklist import Checklist, Entry, Line, Question
from etown_check.documents.ledgers import MOST_ROWS, row_cell
from etown_check.documents.ledgers import WORDS as LEDGER
from etown_check.documents.model import (
    ALERT,
    MUTED,
    Blank,
    Block,
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
    Signatures,
    Stack,
    Table,
)
from etown_check.documents.sections import (
    entries_by_section,
    listed_extent,
    none_listed,
    reading_text,
    reasons_text,
    title_facts,
    unlisted_lines,
)
from etown_check.documents.wording import (
    FINDINGS,
    asked_rows,
    bullets,
    evidence_lines,
    footer,
    required_text,
    result_lines,
    rows_title,
    term,
    value_lines,
)
from etown_check.report import NOT_APPLICABLE, CheckResult
from etown_check.reporters.texts import (
    citation,
    count_lines,
    doubt_lines,
    sentence,
    verdict_text,
    waiver_lines,
)
from etown_check.standard import thresholds_of
from etown_check.submission import Verification
from etown_check.text import visible
from etown_check.words import Text, render, say

WORDS = {
    "title": Text("乡村e镇建设标准核查清单", "Rural e-town acceptance checklist"),
    "verdict": Text("自检结论", "Result of the self-check"),
    "counts": Text("自检情况", "Counts"),
    "visited_on": Text("核查日期", "Visited on"),
    "how_title": Text("填写说明", "How to fill it in"),
    "how": Text(
        "逐行核对申报值和佐证材料，在“核查结果”中勾选一项。\n"
        "属实：与申报一致。核减：数值不符，在“核定值”中写明核定的数值和单位。不实：所报情况不存在。\n"
        "按年填写的指标，核定值要写明年份，例如“2023年 2.3亿元”。\n"
        "名单、月份和分来源的资金，核定值要写全，没有变化的也要写上。\n"
        "同一指标在几项中出现的，只在第一次出现处核查。",
        "Hold each declared value against its evidence and tick one result.\n"
        "Confirmed: as declared. Adjusted: another value, written with its unit under “Verified value”. "
        "Rejected: what was declared does not exist.\n"
        "A yearly metric needs the year beside its verified value, such as “2023: 2.3亿元”.\n"
        "Of names, months and funds by source write all that hold, those as declared, too.\n"
        "A metric that occurs in several items is verified where it occurs first.",
    ),
    "questions": Text("一、需要核查人员认定的事项", "1. What a reviewer must decide"),
    "no_questions": Text("自检没有发现需要认定的事项。", "The self-check found nothing to decide."),
    "question": Text("{name}：{reason}是否认定为达标？", "{name}: {reason} Does it pass?"),
    "doubts": Text("二、需要核实的数据疑点", "2. Doubts to look into"),
    "no_doubts": Text("没有。", "None."),
    "doubt": Text("疑点", "Doubt"),
    "items": Text("三、逐项核查", "3. Item by item"),
    "blank_items": Text("一、逐项核查", "1. Item by item"),
    "readings": Text(
        "{number}、本清单所依据的读法", "{number}. Readings that this checklist rests on"
    ),
    "waivers": Text("已豁免：{line}", "Waived: {line}"),
    "id": Text("序号", "No."),
    "task": Text("建设内容", "Task"),
    "requirement": Text("建设标准", "Requirement"),
    "level": Text("属性", "Level"),
    "declared": Text("申报值", "Declared"),
    "result": Text("自检结果", "Self-check"),
    "evidence": Text("佐证材料", "Evidence"),
    "way": Text("核查方式", "How"),
    "on_paper": Text("资料核查", "documents"),
    "on_site": Text("现场核实", "on site"),
    "finding": Text("核查结果", "Finding"),
    "verified": Text("核定值", "Verified value"),
    "opinion": Text("核查意见", "Opinion"),
    "signature": Text("核查人签字", "Signature"),
    "own_threshold": Text("本县标准：{required}", "This county: {required}"),
    "not_applicable": Text("{id} 本县不适用", "{id} does not apply to this county"),
    "with_checks": Text("用于 {ids}", "used by {ids}"),
    "same_as": Text("见第{id}项", "see item {id}"),
    "row": Text("行", "row"),
    "more_rows": Text(
        "{id} 另有 {number} 行没有列出，见台账。", "{id}: {number} more rows are in the ledger."
    ),
    "finding_of_row": Text("核实结果", "Finding"),
    "asked": Text("问题", "Question"),
    "basis": Text("方案原文和读法", "The plan's words and our reading"),
    "decision": Text("认定", "Decision"),
    "passes": Text("达标", "passes"),
    "fails": Text("不达标", "fails"),
    "clear": Text("已核实，无误", "checked, right"),
    "wrong": Text("有误", "wrong"),
    "signed": Text("核查组签字", "Signatures"),
    "leader": Text("核查组组长", "Head of the group"),
    "member": Text("核查组成员", "Member"),
    "host": Text("被核查单位负责人", "For the county"),
    "sign": Text("签字", "Signature"),
    "on": Text("日期", "Date"),
}
_ROW_ANSWERS = ("finding_of_row", "opinion", "signature")
_ROW_WIDTHS = {
    "place": 22,
    "date": 24,
    "amount": 28,
    "source": 16,
    "payee": 42,
    "voucher": 24,
    "description": 51,
    "finding_of_row": 26,
    "opinion": 22,
    "signature": 18,
}
"""The columns of a ledger's rows and of what is answered to each, in millimetres of a page."""
_NUMERALS = "一二三四五"
_MEMBERS = 4


def checklist_document(checklists: Sequence[Checklist], lang: str) -> Document:
    """Return `checklists`, of which there must be one at least, as one document."""
    first = checklists[0]
    day = first.standard.facts.issued_on
    dated = [it.report.as_of for it in checklists if it.submission is not None]
    return Document(
        title=_word("title", lang),
        lang=lang,
        day=max(dated, default=day),
        is_landscape=True,
        pages=term("page", lang, page="{page}", pages="{pages}"),
        parts=tuple(_part(one, lang) for one in checklists),
    )


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


def _part(checklist: Checklist, lang: str) -> Part:
    return Part(
        _word("title", lang),
        term("town", lang, county=checklist.county.name, town=checklist.county.town),
        footer(checklist.standard, checklist.report, lang),
        tuple(_blocks(checklist, lang)),
    )


def _blocks(checklist: Checklist, lang: str) -> Iterator[Block]:
    yield Facts(tuple(_facts(checklist, lang)))
    extent = listed_extent(checklist, lang)
    if extent:
        yield Paragraph(extent, ALERT)
    yield from map(Paragraph, unlisted_lines(checklist.report, lang))
    yield Heading(_word("how_title", lang), 2)
    yield Listing(tuple(_word("how", lang).split("\n")), is_ordered=True)
    if checklist.submission is None:
        yield Heading(_word("blank_items", lang))
    else:
        yield Heading(_word("questions", lang))
        yield from _question_blocks(checklist, lang)
        yield Heading(_word("doubts", lang))
        yield from _doubt_blocks(checklist, lang)
        yield Heading(_word("items", lang))
        for line in waiver_lines(checklist.report, lang):
            yield Paragraph(_word("waivers", lang, line=line))
    yield _items(checklist, lang) if checklist.entries else Paragraph(none_listed(lang))
    yield from _row_blocks(checklist, lang)
    if checklist.readings:
        number = 2 if checklist.submission is None else 4
        yield Heading(
            _word("readings", lang, number=str(number) if lang == "en" else _NUMERALS[number - 1])
        )
        readings = (reading_text(checklist.standard, id, lang) for id in checklist.readings)
        yield Listing(tuple(readings))
    yield Heading(_word("signed", lang))
    yield Signatures(signatories(lang), _word("sign", lang), _word("on", lang))


def signatories(lang: str) -> tuple[str, ...]:
    """Return who signs a checklist, beside those who sign its rows."""
    return (_word("leader", lang), *[_word("member", lang)] * _MEMBERS, _word("host", lang))


def _facts(checklist: Checklist, lang: str) -> Iterator[tuple[str, Cell]]:
    yield from title_facts(checklist, lang)
    if checklist.submission is not None:
        verdict = Lines((verdict_text(checklist.report.verdict, lang),), is_strong=True)
        yield _word("verdict", lang), verdict
        yield _word("counts", lang), Lines(tuple(count_lines(checklist.report, lang)))
    yield _word("visited_on", lang), Blank(_word("visited_on", lang))


# What to decide, and what to look into


def _question_blocks(checklist: Checklist, lang: str) -> Iterator[Block]:
    if not checklist.questions:
        yield Paragraph(_word("no_questions", lang))
        return
    yield Table(
        _word("questions", lang),
        (
            Column(_word("id", lang), 14, is_narrow=True),
            Column(_word("asked", lang), 84),
            Column(_word("basis", lang), 96),
            Column(_word("decision", lang), 20),
            Column(_word("opinion", lang), 37),
            Column(_word("signature", lang), 22),
        ),
        tuple(_question(checklist, question, lang) for question in checklist.questions),
    )


def _question(checklist: Checklist, question: Question, lang: str) -> Group:
    result = question.result
    name = render(result.name, lang)
    asked = _word("question", lang, name=name, reason=reasons_text(result, lang))
    readings = [
        Lines((reading_text(checklist.standard, id, lang),), MUTED)
        for id in result.readings
        if id in checklist.standard.readings
    ]
    basis = Stack((Lines((citation(question.entry.result, result, lang),)), *readings))
    decision = Choice(
        f"{_word('decision', lang)} {result.id}", (_word("passes", lang), _word("fails", lang))
    )
    opinion = Blank(f"{_word('opinion', lang)} {result.id}", rows=2)
    signature = Blank(f"{_word('signature', lang)} {result.id}")
    row = (Lines((result.id,)), Lines((asked,)), basis, decision, opinion, signature)
    return Group(rows=(row,))


def _doubt_blocks(checklist: Checklist, lang: str) -> Iterator[Block]:
    lines = doubt_lines(checklist.report, lang)
    if not lines:
        yield Paragraph(_word("no_doubts", lang))
        return
    yield Table(
        _word("doubts", lang),
        (
            Column(_word("doubt", lang), 150),
            Column(_word("finding", lang), 38),
            Column(_word("opinion", lang), 63),
            Column(_word("signature", lang), 22),
        ),
        tuple(_doubt(number, line, lang) for number, line in enumerate(lines, 1)),
    )


def _doubt(number: int, line: str, lang: str) -> Group:
    about = f"{_word('doubt', lang)} {number}"
    options = (_word("clear", lang), _word("wrong", lang))
    row = (
        Lines((line,)),
        Choice(f"{_word('finding', lang)} {about}", options),
        Blank(f"{_word('opinion', lang)} {about}"),
        Blank(f"{_word('signature', lang)} {about}"),
    )
    return Group(rows=(row,))


# Rows of a ledger


def _row_blocks(checklist: Checklist, lang: str) -> Iterator[Block]:
    """Yield the rows of a ledger that checks are about, each to be held against its voucher."""
    checks = asked_rows(checklist.report)
    if not checks or checklist.submission is None:
        return
    yield Heading(term("rows", lang), 2)
    names = tuple(_ROW_WIDTHS)[: -len(_ROW_ANSWERS)]
    columns = [
        Column(render(LEDGER[it], lang), _ROW_WIDTHS[it], is_number=it == "amount") for it in names
    ]
    more = [Column(_word(it, lang), _ROW_WIDTHS[it]) for it in _ROW_ANSWERS]
    groups = [group for check in checks for group in _row_groups(check, names, lang)]
    yield Table(term("rows", lang), (*columns, *more), tuple(groups))
    for check in checks:
        if len(check.rows) > MOST_ROWS:
            yield Paragraph(
                _word("more_rows", lang, id=check.id, number=len(check.rows) - MOST_ROWS)
            )


def _row_groups(check: CheckResult, names: Sequence[str], lang: str) -> Iterator[Group]:
    yield Group(title=rows_title(check, lang))
    options = (_word("clear", lang), _word("wrong", lang))
    for number, row in enumerate(check.rows[:MOST_ROWS], 1):
        about = f"{check.id} {_word('row', lang)} {number}"
        cells: tuple[Cell, ...] = (
            *(row_cell(row, key, lang) for key in names),
            Choice(f"{_word('finding_of_row', lang)} {about}", options),
            Blank(f"{_word('opinion', lang)} {about}"),
            Blank(f"{_word('signature', lang)} {about}"),
        )
        yield Group(rows=(cells,))


# Item by item


def _items(checklist: Checklist, lang: str) -> Table:
    groups: list[Group] = []
    for section, entries in entries_by_section(checklist, lang):
        groups.append(Group(title=section))
        groups += [_entry(checklist, entry, lang) for entry in entries]
    return Table(_word("items", lang), tuple(_columns(lang)), tuple(groups))


def _columns(lang: str) -> Iterator[Column]:
    widths = {
        "id": 10,
        "task": 36,
        "requirement": 38,
        "level": 13,
        "declared": 36,
        "result": 26,
        "evidence": 32,
        "way": 19,
        "finding": 16,
        "verified": 20,
        "opinion": 20,
        "signature": 17,
    }
    for key, width in widths.items():
        yield Column(_word(key, lang), width, is_narrow=key in ("id", "level"))


def _entry(checklist: Checklist, entry: Entry, lang: str) -> Group:
    item, result = entry.item, entry.result
    lead = (
        Lines((item.id,)),
        Lines((item.task,)),
        Stack((Lines(item.requirement), Lines(tuple(_thresholds(entry, lang)), is_strong=True))),
        Lines((render(checklist.standard.levels[item.level], lang),)),
    )
    rows = tuple(_row(checklist, entry, line, lang) for line in entry.lines)
    return Group(lead, rows, (Blank(f"{_word('signature', lang)} {result.id}"),))


def _thresholds(entry: Entry, lang: str) -> Iterator[str]:
    """Yield the item's thresholds for this county, beside words that may name several."""
    constraints = {check.id: check.constraint for check in entry.item.checks}
    for check in entry.result.checks:
        if check.status == NOT_APPLICABLE:
            yield _word("not_applicable", lang, id=check.id)
        elif thresholds_of(constraints[check.id]):
            yield _word("own_threshold", lang, required=required_text(check, lang))


def _row(checklist: Checklist, entry: Entry, line: Line, lang: str) -> tuple[Cell, ...]:
    about = f"{entry.item.id} {render(line.metric.name, lang)}"
    declared = Stack(
        (
            Lines((render(line.metric.name, lang),), is_strong=True),
            *_declared(checklist, line, lang),
        )
    )
    charts = [chart for result in line.results for chart in bullets(result, lang)]
    results = Stack((*_results(checklist, line, lang), *charts))
    evidence = Stack(evidence_lines(line.metric, line.declaration, lang))
    if not line.is_applicable:
        return (declared, results, *[Lines(())] * 5)
    if line.same_as:
        same = Lines((_word("same_as", lang, id=line.same_as),), MUTED)
        return (declared, results, same, *[Lines(())] * 4)
    ways = (_word("on_paper", lang), _word("on_site", lang))
    record = line.declaration.verification if line.declaration else None
    return (
        declared,
        results,
        evidence,
        Choice(f"{_word('way', lang)} {about}", ways, many=True),
        _finding(record, f"{_word('finding', lang)} {about}", lang),
        Blank(f"{_word('verified', lang)} {about}", _verified(record, lang)),
        Blank(f"{_word('opinion', lang)} {about}", visible(record.opinion) if record else ""),
    )


def _declared(checklist: Checklist, line: Line, lang: str) -> Iterator[Lines]:
    if line.declaration is not None and line.declaration.entries:
        yield Lines(value_lines(line.declaration.entries, lang))
    elif checklist.submission is not None and line.is_applicable:
        yield Lines((render(say("undeclared"), lang),), MUTED)
    if line.declaration is not None and line.declaration.note:
        yield Lines((visible(line.declaration.note),), MUTED)


def _results(checklist: Checklist, line: Line, lang: str) -> Iterator[Lines]:
    if checklist.submission is not None or not line.is_applicable:
        yield from result_lines(line.results, lang)
    if line.with_checks:
        ids = sentence(*line.with_checks, lang=lang)
        yield Lines((_word("with_checks", lang, ids=ids),), MUTED)


def _finding(record: Verification | None, name: str, lang: str) -> Choice:
    chosen = () if record is None else (list(FINDINGS).index(record.result),)
    return Choice(name, tuple(render(it, lang) for it in FINDINGS.values()), chosen)


def _verified(record: Verification | None, lang: str) -> str:
    return "" if record is None else sentence(*value_lines(record.entries, lang), lang=lang)
