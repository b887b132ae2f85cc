"""The report of a self-check as a document: for people who look at it rather than read it."""

from collections.abc import Iterator, Sequence

from etown_check.documents.checklist import Checklist
from etown_check.documents.ledgers import ledger_blocks
from etown_check.documents.model import (
    MUTED,
    Bars,
    Block,
    Cell,
    Column,
    Document,
    Facts,
    Group,
    Heading,
    Lines,
    Paragraph,
    Stack,
    Table,
)
from etown_check.documents.sections import (
    Scale,
    applied_readings,
    by_section,
    counts_table,
    counts_text,
    document_on,
    doubt_blocks,
    extent_blocks,
    plain,
    stacked,
    title_facts,
    waiver_blocks,
)
from etown_check.documents.wording import bullets
from etown_check.problems import Problem
from etown_check.report import (
    COMPLIANT,
    FAIL,
    LEVELS,
    MISSING,
    NON_COMPLIANT,
    REVIEW,
    UNASSURED,
    WAIVED,
    CheckResult,
    ItemResult,
    Report,
    Run,
)
from etown_check.reporters.texts import (
    Row,
    baseline_lines,
    details,
    left_out_lines,
    open_checks,
    rows,
    sentence,
    shown,
    verdict_text,
    word,
)
from etown_check.standard import BINDING, Standard
from etown_check.submission import DECLARED
from etown_check.words import Text, render, say

WORDS = {
    "title": Text("乡村e镇建设标准自检报告", "Rural e-town self-check report"),
    "verdict": Text("自检结论：{verdict}", "Result of the self-check: {verdict}"),
    "nothing_binding": Text("本次没有判断约束性项目。", "No binding item was judged."),
    NON_COMPLIANT: Text(
        "约束性 {total} 项中有 {number} 项不达标：{names}。",
        "Of {total} binding items these fail ({number}): {names}.",
    ),
    "also_open": Text("另有 {counts}。", "Also open: {counts}."),
    "incomplete": Text(
        "约束性 {total} 项没有不达标的，但还有 {counts}；解决之后才有结论。",
        "None of {total} binding items fails, but these are open: {counts}. There is no result before they are settled.",
    ),
    COMPLIANT: Text(
        "约束性 {total} 项没有不达标的，也没有悬而未决的：{counts}。",
        "None of {total} binding items fails, and none is open: {counts}.",
    ),
    "and_more": Text("{names}等", "{names} and others"),
    "assurance": Text("要求的可信度", "Required assurance"),
    "counts": Text("各项结果", "Results by level"),
    "waived_among": Text("其中已豁免", "of these waived"),
    "unassured_among": Text("其中可信度不足", "of these lacking assurance"),
    "progress": Text("{level}项目的进度", "Progress, {level} items"),
    "to_do": Text("需要处理的事项", "What needs action"),
    "to_do_now": Text("{standing}（{number}）", "{standing} ({number})"),
    "ledger": Text("资金台账", "The fund ledger"),
    "waivers": Text("豁免", "Waivers"),
    "doubts": Text(
        "数据疑点（不影响结果，请核对）", "Data doubts (they change no result; please check)"
    ),
    "details": Text("逐项结果", "Item by item"),
    "readings": Text("所依据的读法", "Readings applied"),
    "id": Text("序号", "No."),
    "content": Text("内容", "What"),
    "situation": Text("情况和方案原文", "Why, and the plan's words"),
    "do": Text("怎么办", "What to do"),
}
_AS_IS = Scale(lambda item: item.standing, say("unassured"))
"""An item counts as the report says."""

_MOST_NAMED = 6
"""Items that a sentence names; more are a list for the eye, and that follows."""


def overview(run: Run, lang: str) -> Document:
    """Return the report on `run`, which must have kept its submissions, as a document."""

    def blocks(town: Checklist, warnings: Sequence[Problem]) -> Iterator[Block]:
        return _blocks(run, town, warnings, lang)

    return document_on(run, _word("title", lang), _AS_IS, blocks, lang)


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


def _blocks(run: Run, town: Checklist, warnings: Sequence[Problem], lang: str) -> Iterator[Block]:
    report = town.report
    verdict = verdict_text(report.verdict, lang)
    tone = _AS_IS.tone(report)
    yield Paragraph(_word("verdict", lang, verdict=verdict), tone, is_strong=True)
    yield Paragraph(_why(report, lang))
    yield from extent_blocks(town.standard, report, lang)
    for line in (*left_out_lines(report, lang), *baseline_lines(run, report, lang)):
        yield Paragraph(line)
    yield Facts(tuple(_facts(town, lang)))
    yield Heading(_word("counts", lang))
    yield _counts(report, lang)
    yield from _progress(town.standard, report, lang)
    yield Heading(_word("to_do", lang))
    yield from _to_do(report, lang)
    if report.ledger is not None:
        yield Heading(_word("ledger", lang))
        yield from ledger_blocks(town, lang)
    yield Heading(_word("waivers", lang))
    yield from waiver_blocks(report, lang)
    yield Heading(_word("doubts", lang))
    yield from doubt_blocks(report, warnings, lang)
    yield Heading(_word("details", lang))
    yield _details(town.standard, report, lang)
    yield Heading(_word("readings", lang))
    yield applied_readings(town, lang)


# The verdict, and why


def _why(report: Report, lang: str) -> str:
    """Return the reason of the verdict in a plain sentence."""
    binding = [item for item in report.items if item.level == BINDING]
    if not binding:
        return _word("nothing_binding", lang)
    failing = [item for item in binding if item.standing == FAIL]
    pending = [item for item in binding if item.standing in (MISSING, REVIEW, UNASSURED)]
    total = len(binding)
    counts = counts_text(_AS_IS, pending or binding, lang)
    if not failing:
        return _word("incomplete" if pending else COMPLIANT, lang, total=total, counts=counts)
    names = sentence(*(_named(item, lang) for item in failing[:_MOST_NAMED]), lang=lang)
    if len(failing) > _MOST_NAMED:
        names = _word("and_more", lang, names=names)
    said = _word(NON_COMPLIANT, lang, total=total, number=len(failing), names=names)
    if not pending:
        return said
    return f"{said}{' ' if lang == 'en' else ''}{_word('also_open', lang, counts=counts)}"


def _named(item: ItemResult, lang: str) -> str:
    return f"{item.id} {render(item.name, lang)}"


def _facts(town: Checklist, lang: str) -> Iterator[tuple[str, Cell]]:
    yield from title_facts(town, lang)
    if town.report.required_assurance != DECLARED:
        yield _word("assurance", lang), plain(render(say(town.report.required_assurance), lang))


def _counts(report: Report, lang: str) -> Table:
    more: dict[str, dict[str, int]] = {}
    lacking = {
        level: sum(it.level == level and it.lacks_assurance for it in report.items)
        for level in LEVELS
    }
    waived = {level: report.waived(level) for level in LEVELS}
    if any(lacking.values()):
        more[_word("unassured_among", lang)] = lacking
    if any(waived.values()):
        more[_word("waived_among", lang)] = waived
    return counts_table(report, _word("counts", lang), more, lang)


def _progress(standard: Standard, report: Report, lang: str) -> Iterator[Bars]:
    """Yield for each level how far the sections have come."""
    for level in LEVELS:
        own = (item for item in report.items if item.level == level)
        sections = by_section(standard, own, lang)
        bars = tuple(_AS_IS.bar(name, items, lang) for name, items in sections)
        if bars:
            name = _word("progress", lang, level=render(say(level), lang))
            yield Bars(name, bars)


# What to do


def _to_do(report: Report, lang: str) -> Iterator[Block]:
    """Yield what needs action: what fails first, and of that what is binding first."""
    found = [(item, check) for item in report.items for check in open_checks(item)]
    if not found:
        yield Paragraph(word("nothing_to_do", lang))
    found.sort(key=lambda it: it[0].level != BINDING)
    for standing in (FAIL, MISSING, REVIEW, UNASSURED):
        own = [(item, check) for item, check in found if check.standing == standing]
        if own:
            name = _AS_IS.name(standing, lang)
            name = f"{name[0].upper()}{name[1:]}"
            title = _word("to_do_now", lang, standing=name, number=len(own))
            yield Heading(title, 2)
            yield _actions(report, own, title, lang)


def _actions(
    report: Report, found: Sequence[tuple[ItemResult, CheckResult]], title: str, lang: str
) -> Table:
    columns = (
        Column(_word("id", lang), 14, is_narrow=True),
        Column(_word("content", lang), 36),
        Column(_word("situation", lang), 70),
        Column(_word("do", lang), 60),
    )
    groups = (Group(rows=(_action(report, item, check, lang),)) for item, check in found)
    return Table(title, columns, tuple(groups))


def _action(report: Report, item: ItemResult, check: CheckResult, lang: str) -> tuple[Cell, ...]:
    said: dict[str, list[str]] = {}
    for label, text in details(report, item, check, lang, verbose=False, all_rows=False):
        said.setdefault(label, []).append(text)

    def of(*keys: str) -> tuple[str, ...]:
        return tuple(text for key in keys for text in said.get(word(key, lang), ()))

    name = Lines((render(check.name, lang),), is_strong=True)
    level = Lines((render(say(item.level), lang),), MUTED)
    situation = (Lines(of("reason", "remark"), check.standing), Lines(of("words"), MUTED))
    return (
        Lines((check.id,)),
        Stack((name, level)),
        stacked(*situation, *bullets(check, lang)),
        stacked(Lines(of("action", "baseline")), Lines(of("place"), MUTED)),
    )


# Item by item


def _details(standard: Standard, report: Report, lang: str) -> Table:
    widths = {
        "id": 14,
        "content": 36,
        "level": 15,
        "declared": 40,
        "required": 28,
        "gap": 22,
        "status": 26,
    }
    columns = (
        Column(word(key, lang), width, is_narrow=key in ("id", "level"))
        for key, width in widths.items()
    )
    groups: list[Group] = []
    for name, items in by_section(standard, report.items, lang):
        groups.append(Group(title=name))
        groups += [Group(rows=tuple(_rows(item, lang))) for item in items]
    return Table(_word("details", lang), tuple(columns), tuple(groups))


def _rows(item: ItemResult, lang: str) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of `item`: one, or one and its checks where it has several."""
    lines = list(rows(item, lang))
    checks: Sequence[CheckResult] = item.checks
    if len(lines) > len(checks):
        yield _head(lines.pop(0), item, lang)
    for line, check in zip(lines, checks, strict=True):
        yield _check_row(line, check, lang)


def _head(line: Row, item: ItemResult, lang: str) -> tuple[Cell, ...]:
    """Return the row of an item that has a row for each of its checks, too."""
    status = line.status_text
    if status and item.standing in (UNASSURED, WAIVED):
        status = word(f"{item.standing}_mark", lang, status=status)
    result = Lines((status,), item.standing, is_strong=True) if status else Lines(())
    texts = (line.id, line.content)
    lead = tuple(Lines((text,), is_strong=True) for text in texts)
    return (*lead, Lines((line.level,)), *[Lines(())] * 3, result)


def _check_row(line: Row, check: CheckResult, lang: str) -> tuple[Cell, ...]:
    declared = Lines((line.declared,) if line.declared else ())
    if not line.declared and check.status == MISSING:
        declared = Lines((render(say("undeclared"), lang),), MUTED)
    remarks = Lines(tuple(shown(remark, lang) for remark in check.remarks), MUTED)
    return (
        Lines((line.id,), is_strong=line.is_item),
        Lines((line.content,), is_strong=line.is_item),
        Lines((line.level,) if line.level else ()),
        stacked(declared, remarks, *bullets(check, lang)),
        Lines((line.required,)),
        Lines((line.gap,) if line.gap else ()),
        Lines((line.status_text,), check.standing, is_strong=line.is_item),
    )
