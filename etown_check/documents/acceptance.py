"""The acceptance report as a document: what experts' records and the plan's thresholds give.

It decides nothing: the acceptance group ticks and signs the conclusion by hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from etown_check.documents.checklist import Checklist, Entry, Line
from etown_check.documents.ledgers import ledger_blocks
from etown_check.documents.model import (
    ALERT,
    MUTED,
    PLAIN,
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
    Signatures,
    Stack,
    Table,
)
from etown_check.documents.records import (
    ExpertRecord,
    Unverified,
    in_order,
    is_same,
    records_of,
    rests_on_records,
    standing_by_records,
    statuses_as_declared,
    submission_of,
    unverified_of,
)
from etown_check.documents.sections import (
    Scale,
    applied_readings,
    counts_table,
    counts_text,
    document_on,
    doubt_blocks,
    entries_by_section,
    extent_blocks,
    plain,
    reasons_text,
    stacked,
    title_facts,
    waiver_blocks,
)
from etown_check.documents.wording import (
    FINDINGS,
    evidence_lines,
    result_line,
    term,
    value_lines,
)
from etown_check.problems import Problem
from etown_check.quantities import Quantity, difference, show
from etown_check.records import Record
from etown_check.report import (
    COMPLIANT,
    INCOMPLETE,
    LEVELS,
    NON_COMPLIANT,
    NOT_APPLICABLE,
    REVIEW,
    UNASSURED,
    WAIVED,
    CheckResult,
    ItemResult,
    Run,
)
from etown_check.reporters.texts import (
    citation,
    gap_text,
    left_out_lines,
    sentence,
    verdict_text,
    word,
)
from etown_check.standard import BINDING, Metric
from etown_check.submission import (
    CONFIRMED,
    REJECTED,
    Declaration,
    Verification,
)
from etown_check.submission import Entry as Value
from etown_check.text import visible
from etown_check.words import Text, render, say

WORDS = {
    "title": Text("乡村e镇建设验收报告", "Rural e-town acceptance report"),
    "data": Text("数据文件", "Data file"),
    "standard": Text("标准", "Standard"),
    "digest": Text("sha256 {digest}", "sha256 {digest}"),
    "by": Text("核查人", "Verified by"),
    "on": Text("核查日期", "Verified on"),
    "span": Text("{first} 至 {last}", "{first} to {last}"),
    "records": Text("核查记录", "Records"),
    "records_of": Text("{total} 条：{counts}", "{total}: {counts}"),
    "no_records": Text("没有核查记录", "There are no records"),
    "unsigned": Text("没有写明核查人：{names}", "Without a name: {names}"),
    "undated": Text("没有写明日期：{names}", "Without a date: {names}"),
    "finding_count": Text("{finding} {number}", "{finding} {number}"),
    # 1
    "conclusion": Text("一、核查结果", "1. What was found"),
    "verdict": Text(
        "按核查记录和方案标准得出的结果：{verdict}",
        "By the records and the plan's thresholds: {verdict}",
    ),
    "nothing_binding": Text("本次没有判断约束性项目。", "No binding item was judged."),
    NON_COMPLIANT: Text(
        "约束性 {total} 项：{counts}。有不达标的约束性项目。",
        "Of {total} binding items: {counts}. Some fail.",
    ),
    INCOMPLETE: Text(
        "约束性 {total} 项：{counts}。没有不达标的，但还有未申报、需人工核定或未全部核查的，结果还没有完成。",
        "Of {total} binding items: {counts}. None fails, but some are missing, open to a reviewer or not verified: the result is not complete.",
    ),
    COMPLIANT: Text(
        "约束性 {total} 项：{counts}。达标的各项，所用数值全部经过核查。",
        "Of {total} binding items: {counts}. Every value that those that pass rest on was verified.",
    ),
    "rested": Text("所用数值全部经过核查的 {number} 项。", "Resting on verified values: {number}."),
    "unrested": Text(
        "未申报或数值尚未全部核查的 {number} 项：{ids}。",
        "Undeclared, or resting on values not all verified: {number} ({ids}).",
    ),
    "no_value": Text(
        "未到期或不适用、没有数值可核查的 {number} 项：{ids}。",
        "Not due or not applicable, with no value to verify: {number} ({ids}).",
    ),
    "coverage": Text("所判断的 {total} 项中：", "Of the {total} items judged:"),
    "rested_among": Text("数值全部经核查", "verified in full"),
    "unrested_among": Text("未全部核查", "not verified in full"),
    "waived_among": Text("其中已豁免", "of these waived"),
    "not_deciding": Text(
        "以上只是核查记录和方案标准给出的结果。方案没有评分和总评等级，本报告也不设。是否通过验收，由验收组在第九部分认定并签字。",
        "This is only what the records and the plan's thresholds give. The plan knows no score and no overall grade, and neither does this report. Whether the town is accepted is for the group to say and sign in part 9.",
    ),
    # 2
    "items": Text("二、逐项结果", "2. Item by item"),
    "id": Text("序号", "No."),
    "content": Text("内容", "What"),
    "level": Text("属性", "Level"),
    "declared": Text("申报", "Declared"),
    "verified": Text("核定", "Verified"),
    "finding": Text("核查结果", "Finding"),
    "result": Text("结论", "Result"),
    "as_declared": Text("同申报", "as declared"),
    "unverified": Text("尚未核查", "not verified yet"),
    "opinion": Text("意见：{opinion}", "Opinion: {opinion}"),
    "partly": Text("数值未全部核查", "values not all verified"),
    # 3, 4
    "adjusted": Text(
        "三、核定值与申报值不同的指标", "3. Where the verified value is not the declared one"
    ),
    "metric": Text("指标", "Metric"),
    "difference": Text("相差", "Difference"),
    "record": Text("核查记录", "Record"),
    "effect": Text("对结果的影响", "Effect on the result"),
    "less": Text("少 {gap}", "{gap} less"),
    "more": Text("多 {gap}", "{gap} more"),
    "same": Text("相同", "the same"),
    "contradiction": Text(
        "记录写的是“属实”，核定值却与申报值不同，请核对",
        "The record says “confirmed”, but gives another value; please check",
    ),
    "of_items": Text("第 {ids} 项", "no. {ids}"),
    "changed": Text("第{id}项：{before} → {after}", "Item {id}: {before} → {after}"),
    "unchanged": Text("第{id}项：仍为{after}", "Item {id}: still {after}"),
    "effect_note": Text(
        "“对结果的影响”：先不看任何核查记录，按申报值判断；再按全部核查记录判断；两次结果相比。",
        "The effect compares two results: as declared, without any record, and with all records.",
    ),
    "rejected": Text("四、核查为不实的指标", "4. Found untrue"),
    # 5
    "not_verified": Text("五、尚未核查的指标", "5. Not verified yet"),
    "evidence": Text("佐证材料", "Evidence"),
    "undeclared": Text("未申报、没有数值可核查的指标", "Undeclared: no value to verify"),
    "undeclared_one": Text("{ids}  {name}", "{ids}  {name}"),
    # 6
    "questions": Text("六、需要人工认定的事项", "6. What a reviewer must decide"),
    "questions_note": Text(
        "核查记录不改变“需人工核定”的结果。“核查人员的认定”是核查记录中写明的，“验收组认定”由验收组勾选。",
        "A record does not change the result “review”. Beside what the experts recorded there is room for the group to tick.",
    ),
    "asked": Text("事项", "Question"),
    "words": Text("方案原文", "The plan's words"),
    "decided": Text("核查人员的认定", "What the experts recorded"),
    "undecided": Text("尚未认定", "not decided yet"),
    "by_group": Text("验收组认定", "The group decides"),
    "passes": Text("达标", "passes"),
    "fails": Text("不达标", "fails"),
    "recorded": Text("{metric}：{text}", "{metric}: {text}"),
    # 7, 8
    "waivers": Text("七、豁免", "7. Waivers"),
    "doubts": Text("八、数据疑点", "8. Data doubts"),
    # 9
    "group": Text("九、验收组意见", "9. The acceptance group"),
    "group_note": Text(
        "本部分由验收组手工填写。", "This part is for the acceptance group to fill in by hand."
    ),
    "decision": Text("验收结论", "Conclusion"),
    "accept": Text("同意验收", "accepted"),
    "mend": Text("整改后再验收", "to be accepted after improvement"),
    "refuse": Text("不同意", "not accepted"),
    "reasons": Text("理由和整改要求", "Reasons, and what is to be improved"),
    "deadline": Text("整改期限", "To be improved by"),
    "leader": Text("验收组组长", "Head of the group"),
    "member": Text("验收组成员", "Member"),
    "host": Text("被验收单位负责人", "For the county"),
    "sign": Text("签字", "Signature"),
    "date": Text("日期", "Date"),
    "ledger": Text("附：资金台账", "Appendix: the fund ledger"),
    "readings": Text("附：所依据的读法", "Appendix: readings applied"),
}
_MEMBERS = 4
_BY_RECORDS = Scale(standing_by_records, Text("达标但未全部核查", "pass (not verified in full)"))


def acceptance(run: Run, lang: str) -> Document:
    """Return the acceptance report on `run`, which must have kept its submissions."""

    def blocks(town: Checklist, warnings: Sequence[Problem]) -> Iterator[Block]:
        return _blocks(town, warnings, lang)

    return document_on(run, _word("title", lang), _BY_RECORDS, blocks, lang)


class _Findings(Record):
    """The records on what was judged, and each item's status as if there were none."""

    records: tuple[ExpertRecord, ...]
    as_declared: Mapping[str, str]


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


def _blocks(town: Checklist, warnings: Sequence[Problem], lang: str) -> Iterator[Block]:
    findings = _Findings(records_of(town), statuses_as_declared(town))
    yield Facts(tuple(_facts(town, findings, lang)))
    yield Heading(_word("conclusion", lang))
    yield from _conclusion(town, lang)
    yield Heading(_word("items", lang))
    yield _items(town, lang)
    yield Heading(_word("adjusted", lang))
    yield from _adjusted(findings, lang)
    yield Heading(_word("rejected", lang))
    yield from _rejected(findings, lang)
    yield Heading(_word("not_verified", lang))
    yield from _not_verified(town, lang)
    yield Heading(_word("questions", lang))
    yield from _questions(town, lang)
    yield Heading(_word("waivers", lang))
    yield from waiver_blocks(town.report, lang)
    yield Heading(_word("doubts", lang))
    yield from doubt_blocks(town.report, warnings, lang)
    yield Heading(_word("group", lang))
    yield from _group(lang)
    if town.report.ledger is not None:
        yield Heading(_word("ledger", lang))
        yield from ledger_blocks(town, lang)
    yield Heading(_word("readings", lang))
    yield applied_readings(town, lang)


# Facts


def _facts(town: Checklist, findings: _Findings, lang: str) -> Iterator[tuple[str, Cell]]:
    yield from title_facts(town, lang)
    report, standard = town.report, town.standard
    yield (
        _word("data", lang),
        plain(visible(report.path), _word("digest", lang, digest=report.sha256)),
    )
    yield (
        _word("standard", lang),
        plain(standard.id, _word("digest", lang, digest=standard.sha256)),
    )
    if not findings.records:
        yield _word("records", lang), Lines((_word("no_records", lang),), ALERT)
        return
    records = findings.records
    yield _word("records", lang), Lines((_record_counts(records, lang),))
    yield _word("by", lang), Lines(tuple(_names(records, lang)))
    yield _word("on", lang), Lines(tuple(_days(records, lang)))


def _record_counts(records: Sequence[ExpertRecord], lang: str) -> str:
    found = [record.verification.result for record in records]
    counts = sentence(
        *(
            _word("finding_count", lang, finding=render(name, lang), number=found.count(finding))
            for finding, name in FINDINGS.items()
            if finding in found
        ),
        lang=lang,
    )
    return _word("records_of", lang, total=len(records), counts=counts)


def _names(records: Sequence[ExpertRecord], lang: str) -> Iterator[str]:
    """Yield the names of those who verified, and what bears no name."""
    by = dict.fromkeys(it.verification.by for it in records if it.verification.by)
    if by:
        yield sentence(*(visible(name) for name in by), lang=lang)
    unsigned = [it.metric for it in records if not it.verification.by]
    if unsigned:
        yield _word("unsigned", lang, names=_metric_names(unsigned, lang))


def _days(records: Sequence[ExpertRecord], lang: str) -> Iterator[str]:
    """Yield the days of verification, the first and the last, and what bears no date."""
    days = [it.verification.on for it in records if it.verification.on is not None]
    if days:
        yield _span(min(days), max(days), lang)
    undated = [it.metric for it in records if it.verification.on is None]
    if undated:
        yield _word("undated", lang, names=_metric_names(undated, lang))


def _span(first: date, last: date, lang: str) -> str:
    if first == last:
        return first.isoformat()
    return _word("span", lang, first=first.isoformat(), last=last.isoformat())


def _metric_names(metrics: Sequence[Metric], lang: str) -> str:
    return sentence(*(render(metric.name, lang) for metric in metrics), lang=lang)


# 1 The conclusion


def _conclusion(town: Checklist, lang: str) -> Iterator[Block]:
    report = town.report
    verdict = _BY_RECORDS.verdict(report)
    said = _word("verdict", lang, verdict=verdict_text(verdict, lang))
    yield Paragraph(said, _BY_RECORDS.tone(report), is_strong=True)
    binding = [item for item in report.items if item.level == BINDING]
    if binding:
        counts = counts_text(_BY_RECORDS, binding, lang)
        yield Paragraph(_word(verdict, lang, total=len(binding), counts=counts))
    else:
        yield Paragraph(_word("nothing_binding", lang))
    yield from extent_blocks(town.standard, report, lang)
    yield from (Paragraph(line) for line in left_out_lines(report, lang))
    name = _word("conclusion", lang)
    yield counts_table(report, name, _coverage_columns(town, lang), lang)
    yield Paragraph(_word("coverage", lang, total=len(report.items)))
    yield Listing(tuple(_coverage(report.items, lang)))
    yield Paragraph(_word("not_deciding", lang), MUTED)


def _coverage_columns(town: Checklist, lang: str) -> dict[str, dict[str, int]]:
    report = town.report
    columns = {
        _word(key, lang): {
            level: sum(it.level == level and rests_on_records(it) is rests for it in report.items)
            for level in LEVELS
        }
        for key, rests in (("rested_among", True), ("unrested_among", False))
    }
    waived = {level: report.waived(level) for level in LEVELS}
    return {**columns, _word("waived_among", lang): waived} if any(waived.values()) else columns


def _coverage(items: Sequence[ItemResult], lang: str) -> Iterator[str]:
    """Say which items rest on verified values and which do not."""
    for key, rests in (("rested", True), ("unrested", False), ("no_value", None)):
        ids = [item.id for item in items if rests_on_records(item) is rests]
        if ids or rests:
            yield _word(key, lang, number=len(ids), ids=sentence(*ids, lang=lang))


# 2 Item by item


def _items(town: Checklist, lang: str) -> Table:
    widths = {
        "id": 14,
        "content": 28,
        "level": 18,
        "declared": 36,
        "verified": 26,
        "finding": 36,
        "result": 26,
    }
    columns = (
        Column(_word(key, lang), width, is_narrow=key in ("id", "level"))
        for key, width in widths.items()
    )
    groups: list[Group] = []
    for name, entries in entries_by_section(town, lang):
        groups.append(Group(title=name))
        groups += [_entry(town, entry, lang) for entry in entries]
    return Table(_word("items", lang), tuple(columns), tuple(groups))


def _entry(town: Checklist, entry: Entry, lang: str) -> Group:
    item = entry.result
    lead = (
        Lines((item.id,), is_strong=True),
        Lines((render(item.name, lang),), is_strong=True),
        Lines((render(town.standard.levels[item.level], lang),)),
    )
    return Group(lead, tuple(_line(line, lang) for line in entry.lines), (_result(item, lang),))


def _line(line: Line, lang: str) -> tuple[Cell, ...]:
    name = Lines((render(line.metric.name, lang),), is_strong=True)
    if not line.is_applicable:
        return name, Lines(()), Lines((render(say(NOT_APPLICABLE), lang),), MUTED)
    declaration = line.declaration
    record = declaration.verification if declaration else None
    return (
        stacked(name, _declared(declaration, lang)),
        _verified(record, lang),
        _finding(record, lang),
    )


def _declared(declaration: Declaration | None, lang: str) -> Lines:
    if declaration is None or not declaration.entries:
        return Lines((render(say("undeclared"), lang),), MUTED)
    return Lines(value_lines(declaration.entries, lang))


def _verified(record: Verification | None, lang: str) -> Lines:
    if record is None or record.result == REJECTED:
        return Lines(())
    if not record.entries:
        return Lines((_word("as_declared", lang),), MUTED)
    return Lines(value_lines(record.entries, lang))


def _finding(record: Verification | None, lang: str) -> Stack:
    """Return what an expert found, who and when, and the opinion."""
    if record is None:
        return Stack((Lines((_word("unverified", lang),), MUTED),))
    tone = PLAIN if record.result == CONFIRMED else ALERT
    found = Lines((render(FINDINGS[record.result], lang),), tone, is_strong=True)
    signed = " ".join(_signed(record))
    return stacked(found, Lines((signed,) if signed else ()), _opinion(record, lang))


def _signed(record: Verification) -> tuple[str, ...]:
    """Return who verified and when, as far as the record says."""
    said = (visible(record.by), record.on.isoformat() if record.on else "")
    return tuple(it for it in said if it)


def _opinion(record: Verification, lang: str) -> Lines:
    if not record.opinion:
        return Lines((), MUTED)
    return plain(_word("opinion", lang, opinion=record.opinion))._replace(tone=MUTED)


def _result(item: ItemResult, lang: str) -> Stack:
    standing = standing_by_records(item)
    status = render(say(item.status), lang)
    if item.standing == WAIVED:
        status = word("waived_mark", lang, status=status)
    result = Lines((status,), standing, is_strong=True)
    partly = Lines((_word("partly", lang),) if standing == UNASSURED else (), UNASSURED)
    if len(item.checks) > 1 or not item.is_whole:
        return stacked(result, partly, *(result_line(check, lang) for check in item.checks))
    gap = gap_text(item.checks[0], lang)
    return stacked(result, partly, Lines((gap,) if gap else (), standing))


# 3, 4 What was not found as declared


def _adjusted(findings: _Findings, lang: str) -> Iterator[Block]:
    records = [record for record in findings.records if record.is_adjusted]
    if not records:
        yield Paragraph(term("nothing", lang))
        return
    widths = {
        "metric": 30,
        "declared": 28,
        "verified": 28,
        "difference": 24,
        "record": 36,
        "effect": 36,
    }
    columns = tuple(Column(_word(key, lang), width) for key, width in widths.items())
    groups = tuple(_adjustment(it, findings, lang) for it in records)
    yield Table(_word("adjusted", lang), columns, groups)
    yield Paragraph(_word("effect_note", lang), MUTED)


def _adjustment(record: ExpertRecord, findings: _Findings, lang: str) -> Group:
    years = record.changed_years or in_order(record.verification.entries)
    rows = tuple(_change(record, year, lang) for year in years)
    found = _finding(record.verification, lang)
    if record.verification.result == CONFIRMED:
        contradiction = Lines((_word("contradiction", lang),), ALERT)
        found = Stack((*found.parts, contradiction))
    return Group((_subject(record, lang),), rows, (found, _effect(record, findings, lang)))


def _subject(record: ExpertRecord, lang: str) -> Stack:
    """Return the name of a metric, and the items that it bears on."""
    ids = _word("of_items", lang, ids=sentence(*(it.id for it in record.items), lang=lang))
    name = Lines((render(record.metric.name, lang),), is_strong=True)
    return Stack((name, Lines((ids,), MUTED)))


def _change(record: ExpertRecord, year: int | None, lang: str) -> tuple[Cell, ...]:
    verified = record.verification.entries[year]
    declared = record.declaration.entries.get(year)
    undeclared = Lines((render(say("undeclared"), lang),), MUTED)
    return (
        undeclared if declared is None else Lines(value_lines({year: declared}, lang)),
        Lines(value_lines({year: verified}, lang)),
        Lines(() if declared is None else (_difference(declared, verified, lang),)),
    )


def _difference(declared: Value, verified: Value, lang: str) -> str:
    """Return how far a verified quantity is from the declared one, "" for other kinds."""
    if is_same(declared, verified):
        return _word("same", lang)
    if not isinstance(declared.value, Quantity) or declared.amount == verified.amount:
        return ""
    gap = show(difference(verified.quantity, declared.quantity), lang)
    return _word("less" if verified.amount < declared.amount else "more", lang, gap=gap)


def _effect(record: ExpertRecord, findings: _Findings, lang: str) -> Stack:
    """Say of each item that the metric bears on whether the records changed its status."""
    lines = []
    for item in record.items:
        before = findings.as_declared[item.id]
        was, now = render(say(before), lang), render(say(item.status), lang)
        if before == item.status:
            said = _word("unchanged", lang, id=item.id, after=now)
            lines.append(Lines((said,)))
        else:
            said = _word("changed", lang, id=item.id, before=was, after=now)
            lines.append(Lines((said,), item.status, is_strong=True))
    return Stack(tuple(lines))


def _rejected(findings: _Findings, lang: str) -> Iterator[Block]:
    records = [record for record in findings.records if record.is_rejected]
    if not records:
        yield Paragraph(term("nothing", lang))
        return
    widths = {"metric": 40, "declared": 50, "record": 48, "effect": 44}
    columns = tuple(Column(_word(key, lang), width) for key, width in widths.items())
    rows = (
        (
            _subject(record, lang),
            _declared(record.declaration, lang),
            _finding(record.verification, lang),
            _effect(record, findings, lang),
        )
        for record in records
    )
    groups = tuple(Group(rows=(row,)) for row in rows)
    yield Table(_word("rejected", lang), columns, groups)
    yield Paragraph(_word("effect_note", lang), MUTED)


# 5 What was not verified


def _not_verified(town: Checklist, lang: str) -> Iterator[Block]:
    found = unverified_of(town)
    declared = [it for it in found if it.line.declaration is not None]
    undeclared = [it for it in found if it.line.declaration is None]
    if not found:
        yield Paragraph(term("nothing", lang))
    if declared:
        widths = {"id": 18, "metric": 46, "level": 18, "declared": 50, "evidence": 50}
        columns = (
            Column(_word(key, lang), width, is_narrow=key in ("id", "level"))
            for key, width in widths.items()
        )
        groups = tuple(Group(rows=(_unverified(it, lang),)) for it in declared)
        yield Table(_word("not_verified", lang), tuple(columns), groups)
    if undeclared:
        yield Heading(_word("undeclared", lang), 2)
        yield Listing(
            tuple(
                _word("undeclared_one", lang, ids=_ids(it), name=render(it.line.metric.name, lang))
                for it in undeclared
            )
        )


def _ids(one: Unverified) -> str:
    return " ".join(item.id for item in one.items)


def _unverified(one: Unverified, lang: str) -> tuple[Cell, ...]:
    line = one.line
    levels = dict.fromkeys(render(say(item.level), lang) for item in one.items)
    return (
        Lines((_ids(one),)),
        Lines((render(line.metric.name, lang),)),
        Lines(tuple(levels)),
        _declared(line.declaration, lang),
        Stack(evidence_lines(line.metric, line.declaration, lang)),
    )


# 6 What a reviewer must decide


def _questions(town: Checklist, lang: str) -> Iterator[Block]:
    if not town.questions:
        yield Paragraph(term("nothing", lang))
        return
    yield Paragraph(_word("questions_note", lang))
    widths = {"id": 14, "asked": 50, "decided": 54, "words": 42, "by_group": 24}
    columns = tuple(
        Column(_word(key, lang), width, is_narrow=key == "id") for key, width in widths.items()
    )
    rows = (
        (
            Lines((question.result.id,)),
            stacked(
                Lines((render(question.result.name, lang),), is_strong=True),
                Lines((reasons_text(question.result, lang),)),
            ),
            _decided(town, question.result, lang),
            Lines((citation(question.entry.result, question.result, lang),), MUTED),
            Choice(
                f"{_word('by_group', lang)} {question.result.id}",
                (_word("passes", lang), _word("fails", lang)),
            ),
        )
        for question in town.questions
    )
    groups = tuple(Group(rows=(row,)) for row in rows)
    yield Table(_word("questions", lang), columns, groups)


def _decided(town: Checklist, check: CheckResult, lang: str) -> Stack:
    """Return what the records of the check's metrics say."""
    parts: list[Lines] = []
    for key in check.metrics:
        declaration = submission_of(town).declaration(key)
        record = declaration.verification if declaration else None
        if record is not None:
            said = (
                render(FINDINGS[record.result], lang),
                *value_lines(record.entries, lang),
                *_signed(record),
            )
            name = render(town.standard.metrics[key].name, lang)
            text = _word(
                "recorded", lang, metric=name, text=(", " if lang == "en" else "，").join(said)
            )
            parts += [Lines((text,)), _opinion(record, lang)]
    return stacked(*parts) if parts else Stack((Lines((_word("undecided", lang),), REVIEW),))


# 9 The group


def _group(lang: str) -> Iterator[Block]:
    options = tuple(_word(key, lang) for key in ("accept", "mend", "refuse"))
    yield Paragraph(_word("group_note", lang), MUTED)
    yield Facts(
        (
            (_word("decision", lang), Choice(_word("decision", lang), options)),
            (_word("reasons", lang), Blank(_word("reasons", lang), rows=6)),
            (_word("deadline", lang), Blank(_word("deadline", lang))),
        )
    )
    people = [_word("leader", lang), *[_word("member", lang)] * _MEMBERS, _word("host", lang)]
    yield Signatures(tuple(people), _word("sign", lang), _word("date", lang))
