"""Explaining what a standard names, such as an item: the plan's words, and what we make of them."""

from collections.abc import Iterable, Iterator

from etown_check.constraints import requirement
from etown_check.howto import snippet
from etown_check.standard import (
    Above,
    AllDeclared,
    AnyOf,
    AtLeast,
    AtLeastMetric,
    Between,
    Category,
    Check,
    Constraint,
    DoubtRule,
    Equals,
    EveryMonth,
    Exists,
    FundSource,
    GrowthAtLeast,
    HoldsAll,
    HoldsAny,
    IsComplete,
    IsYes,
    Item,
    LedgerColumn,
    LedgerForm,
    Metric,
    OneOf,
    OnOrBefore,
    Outgrows,
    Reading,
    RowOutside,
    RowsBear,
    RowsSpeakOf,
    ShareAtLeast,
    SpendsNothingOn,
    SpentWithin,
    Standard,
    VoucherRepeated,
    growth_of,
    metrics_of,
    readings_of,
)
from etown_check.text import fold
from etown_check.words import Text, Words, render, say

WORDS = {
    "task": Text("建设内容", "Task (plan)"),
    "requirement": Text("建设标准", "Requirement (plan)"),
    "level": Text("属性", "Level"),
    "where": Text("出处", "Clause"),
    "quote": Text("依据", "Words"),
    "also": Text("另见", "See also"),
    "required": Text("要求", "Required"),
    "how": Text("判断方法", "How it is judged"),
    "years": Text("检查年度", "Years"),
    "only": Text("适用范围", "Applies to"),
    "readings": Text("读法", "Readings"),
    "declare": Text("填写方法", "How to declare"),
    "evidence": Text("佐证材料", "Evidence asked for"),
    "kind": Text("数据类型", "Kind"),
    "units": Text("单位", "Units"),
    "vocabulary": Text("可选项", "Vocabulary"),
    "definition": Text("名词解释", "Definition (plan)"),
    "used_by": Text("用于检查", "Used by"),
    "check": Text("检查", "Check"),
    "metric": Text("指标", "Metric"),
    "forms": Text("写法", "Forms"),
    "as_in": Text("标准值", "Threshold"),
    "as_in_check": Text("同检查 {id}", "that of check {id}"),
    "column": Text("台账的列", "Column of the ledger"),
    "columns": Text("各列", "Columns"),
    "or_called": Text("又名", "Also called"),
    "named": Text("{name}（又名 {also}）", "{name} (also {also})"),
    "source": Text("资金来源", "Source of funds"),
    "sources": Text("资金来源", "Sources"),
    "category": Text("支出类别", "Category of spending"),
    "categories": Text("可以支出", "May be paid"),
    "forbidden": Text("受限支出", "Restricted"),
    "category_of": Text("{where} “{quote}”", "{where} “{quote}”"),
    "supported": Text("方案支持的支出。", "What the plan supports."),
    "note": Text("说明", "Note"),
    "words": Text("摘要用词", "Words looked for"),
    "exceptions": Text("不算的", "But not"),
    "only_doubts": Text(
        "别的支出类别的摘要中有这些词，只提示数据疑点 {code}，不影响结果。",
        "Where a description under another category has one of these, it is a data doubt ({code}): it changes no result.",
    ),
    "speaks_of": Text(
        "摘要提到方案限制的用途而支出类别不是的，提示数据疑点 {code}：{uses}。",
        "A description that speaks of a use which the plan restricts, under another category, is a data doubt ({code}): {uses}.",
    ),
    "outside": Text(
        "在 {first} 至 {last} 年之外的，提示数据疑点 {code}。",
        "One outside {first} to {last} is a data doubt ({code}).",
    ),
    "repeated": Text("重复的，提示数据疑点 {code}。", "One used twice is a data doubt ({code})."),
    "other_names": Text(
        "各列、资金来源和支出类别的其他写法，用 explain 查看，如 explain 支出类别。",
        "Ledgers may have other names for a column, a source or a category: explain tells them of each.",
    ),
    "others_ignored": Text(
        "其他的列可以保留，不检查。", "Further columns may stay; they are ignored."
    ),
    "waiver": Text("豁免", "Waiver"),
    "waivable": Text(
        "可以豁免：在 waivers.yaml 中写明批准人、文号和期限。",
        "May be waived: by an entry of waivers.yaml with approver, document and dates.",
    ),
    "acceptance": Text("验收当年（数据文件的验收年度）", "the acceptance year of the data file"),
    "demonstration": Text(
        "仅电子商务进农村综合示范县：{counties}", "demonstration counties only: {counties}"
    ),
    "other": Text("仅非示范县：{counties}", "other counties only: {counties}"),
}

KINDS = {
    "count": Text("数量（整数，或名单）", "count (a whole number, or a list of names)"),
    "money": Text("金额", "money"),
    "area": Text("面积", "area"),
    "ratio": Text("比率", "ratio"),
    "yes_no": Text("是否", "yes or no"),
    "document": Text("文件（名称，或有/无）", "document (its title, or 有/无)"),
    "names": Text("清单（从可选项中选）", "names out of the vocabulary"),
    "choice": Text("选项（从可选项中选一）", "one of the vocabulary"),
    "date": Text("日期", "a day"),
    "months": Text("月份清单", "a list of months"),
    "amounts": Text("分项金额（按可选项分列）", "money, by the words of the vocabulary"),
    "contact": Text("联系人（姓名和电话）", "a contact: name and phone"),
    "ledger": Text("台账文件", "the file of a ledger"),
}
FORMS = {
    "date": Text(
        "年、月、日都要写：2022-11-01、2022/11/1 或 2022年11月1日。",
        "Year, month and day: 2022-11-01, 2022/11/1 or 2022年11月1日.",
    ),
    "months": Text(
        "列出每个月：[2022-11, 2022-12]；也可以写一个文件夹，其中的文件以月份命名，如 2022-11.pdf。",
        "Each month: [2022-11, 2022-12]; or a folder with files that are named by months, such as 2022-11.pdf.",
    ),
    "amounts": Text(
        "逐项写金额，都要有单位；没有的不用写，写 0元 表示确实是零。",
        "An amount with its unit for each word; what is left out is undeclared, and 0元 is a zero.",
    ),
    "contact": Text(
        "姓名和电话都要写；写“无”表示没有。", "Both a name and a phone; 无 says that there is none."
    ),
    "ledger": Text(
        "写文件名，从数据文件所在的文件夹算起；CSV（UTF-8 或 GB18030）或 Excel（.xlsx）。",
        "The name of a file, from the folder of the data file on: CSV (UTF-8 or GB18030) or Excel (.xlsx).",
    ),
}
"""How values of kinds are written whose name alone does not say it."""

COLUMN_FORMS = {
    "date": FORMS["date"],
    "description": Text("文字，写明钱用在哪里。", "Text that says what was paid for."),
    "amount": Text(
        "带单位（1.5万元），或只写数字，单位写在列名中：金额（元）、金额（万元）。退款写负数。",
        "With a unit (1.5万元), or a number alone, with the unit in the column's name: 金额（元）, 金额（万元）. A refund is negative.",
    ),
    "source": Text("写下列之一。", "One of these."),
    "category": Text("写下列之一。", "One of these."),
    "payee": Text("文字。", "Text."),
    "voucher": Text("文字。", "Text."),
}
"""How the cells of a ledger are written, by the key of their column."""

UNITS = {"money": "元、万元、亿元", "area": "平方米、亩、公顷、平方公里", "ratio": "%"}

Lines = Iterator[tuple[int, str, str]]
"""Lines to show: the indentation in steps, a label, and a text. No label makes a heading."""

SAME = " "
"""The label of a line that goes on under the one above."""


def how(constraint: Constraint) -> Text:
    """Say how `constraint` is judged."""
    match constraint:
        case HoldsAny():
            return Text(
                "清单中至少有所列的一项即达标。", "Passes if the list holds at least one entry."
            )
        case OnOrBefore(pending=False):
            return Text(
                "日期不晚于期限即达标，含当日。", "Passes if the day is not after the deadline."
            )
        case OnOrBefore():
            return Text(
                "日期不晚于期限即达标，含当日；期限过去之前，没有申报的为未到期。",
                "Passes if the day is not after the deadline; undeclared, it is not due before that has passed.",
            )
        case EveryMonth():
            return Text(
                "从这个月到数据截止日期的上一个月，每个月都有即达标，缺一个月即不达标；还没有该报的月份时为未到期。",
                "Passes if every month is there, from that one to the month before the data's date; not due while there is none.",
            )
        case AllDeclared():
            return Text(
                "所列指标都已申报即达标，数值多少不论。",
                "Passes if all of the metrics are declared, whatever their values.",
            )
        case IsComplete():
            return Text(
                "姓名和电话都已填写即达标；缺一样为未申报，写“无”为不达标。",
                "Passes if both name and phone are given; with one of them it is missing, and 无 fails.",
            )
        case SpendsNothingOn():
            return Text(
                "台账中没有用这些资金支付的这类支出即达标，有一行（包括退款）即不达标；用其他资金支付的只作说明，没有写明来源的由人工核定。",
                "Passes if the ledger has no row of this category out of these funds; one row fails it, a refund too. What other funds paid is noted; a row without a source is left to a reviewer.",
            )
        case SpentWithin():
            return Text(
                "每个来源的支出合计（扣除退款）不超过到位金额即达标；有支出而没有申报到位金额的为未申报。",
                "Passes if for each source the sum of the ledger, refunds taken off, is not above what was received; missing where that is undeclared.",
            )
        case RowsBear():
            return Text("台账的每一行都注明即达标。", "Passes if every row of the ledger says it.")
        case Exists():
            return Text("文件存在即达标。", "Passes if the document exists.")
        case IsYes():
            return Text("申报为“是”即达标。", "Passes if declared as 是 (yes).")
        case AtLeast(shortfall=None):
            return Text(
                "申报值不小于标准值即达标，含本数。",
                "Passes if the value is not less than the threshold; equality passes.",
            )
        case AtLeast():
            return Text(
                "申报值不小于标准值即达标，含本数；不足的由人工核定。",
                "Passes if the value is not less than the threshold; a shortfall is left to a reviewer.",
            )
        case Above():
            return Text(
                "申报值大于标准值即达标，不含本数。",
                "Passes if the value is greater than the threshold; equality fails.",
            )
        case Equals():
            return Text("申报值等于标准值即达标。", "Passes if the value is the threshold.")
        case Between():
            return Text(
                "申报值在上下限之间即达标，含上下限。",
                "Passes if the value lies between the bounds, both included.",
            )
        case HoldsAll(shortfall=None):
            return Text("清单包含全部各项即达标。", "Passes if the list holds every entry.")
        case HoldsAll():
            return Text(
                "清单包含全部各项即达标；有缺项的由人工核定。",
                "Passes if the list holds every entry; a lack is left to a reviewer.",
            )
        case OneOf():
            return Text("申报为所列选项之一即达标。", "Passes if it is one of those accepted.")
        case AtLeastMetric():
            return Text(
                "前一指标不小于后一指标即达标，相等即达标。",
                "Passes if the first metric is not less than the second; equality passes.",
            )
        case GrowthAtLeast():
            return Text(
                "增长率＝（本年－上年）÷上年，不小于标准值即达标；另行申报了增长率的，以申报的为准。",
                "Growth = (this year − last year) ÷ last year; passes if not less than the threshold. A declared growth rate is used instead.",
            )
        case Outgrows():
            return Text(
                "增长率与全市增长率之差大于标准值即达标，恰好相等的由人工核定；全市增长率取自参考数据。",
                "Passes if the growth is above the city's by more than the margin; exactly the margin is left to a reviewer. The city's growth is reference data.",
            )
        case ShareAtLeast():
            return Text(
                "占比＝前一指标÷后一指标，不小于标准值即达标；后者为零的由人工核定。",
                "Share = the first metric ÷ the second; passes if not less than the threshold. 0 of 0 is left to a reviewer.",
            )
        case AnyOf():
            return Text("所列条件有一项符合即达标。", "Passes if one of the alternatives does.")


def explain(standard: Standard, name: str, lang: str) -> Lines | None:
    """Explain all that is called `name`; `None` where nothing is.

    An item and a check are called by their ids, a metric by its key and its name; a column of the
    ledger, a source and a category by any name that a ledger may have for them.
    """
    found = list(_called(standard, fold(name).lower(), lang))
    return _below_each_other(found) if found else None


def _below_each_other(explanations: Iterable[Lines]) -> Lines:
    for index, lines in enumerate(explanations):
        if index:
            yield 0, "", ""
        yield from lines


def _called(standard: Standard, name: str, lang: str) -> Iterator[Lines]:
    for item in standard.items:
        if name == item.id.lower():
            yield _item(standard, item, lang)
        for check in item.checks:
            if name == check.id.lower():
                yield _one_check(standard, item, check, lang)
    for metric in standard.metrics.values():
        if name in _folded(metric.key, *metric.name):
            yield _metric(standard, metric, lang)
    form = standard.ledger
    if form is None:
        return
    for column in form.columns:
        if name in _folded(column.key, *column.name, *column.also):
            yield _column(standard, form, column, lang)
    for source in form.sources:
        if name in _folded(*source.name, *source.also):
            yield _source(standard, source, lang)
    for category in form.categories:
        if name in _folded(*category.name, *category.also):
            yield _category(standard, form, category, lang)


def _folded(*called: str) -> Iterator[str]:
    return (fold(it).lower() for it in called)


def names(standard: Standard) -> tuple[str, ...]:
    """Return every name of the standard that can be explained."""
    items = [item.id for item in standard.items]
    checks = [check.id for item in standard.items for check in item.checks]
    metrics = [name for it in standard.metrics.values() for name in (it.name.zh, it.key)]
    form = standard.ledger
    listed: list[LedgerColumn | FundSource | Category] = []
    if form is not None:
        listed = [*form.columns, *form.sources, *form.categories]
    ledger = [name for it in listed for name in (*it.name, *it.also)]
    return tuple(dict.fromkeys((*items, *checks, *metrics, *ledger)))


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


def _item_head(standard: Standard, item: Item, lang: str) -> Lines:
    yield 0, "", f"{item.id}  {render(item.name, lang)}"
    yield 0, _word("level", lang), render(standard.levels[item.level], lang)
    yield 0, _word("where", lang), f"{item.where}  {render(item.section, lang)}"
    yield 0, _word("task", lang), item.task
    for index, requirement_words in enumerate(item.requirement):
        yield 0, SAME if index else _word("requirement", lang), requirement_words


def _item(standard: Standard, item: Item, lang: str) -> Lines:
    yield from _item_head(standard, item, lang)
    for check in item.checks:
        yield from _check(standard, check, lang)


def _one_check(standard: Standard, item: Item, check: Check, lang: str) -> Lines:
    yield from _item_head(standard, item, lang)
    yield from _check(standard, check, lang)


def _check(standard: Standard, check: Check, lang: str) -> Lines:
    yield 0, "", ""
    yield 0, "", f"{_word('check', lang)} {check.id}  {render(check.name, lang)}"
    for index, (tier, words) in enumerate(_requirements(standard, check, lang)):
        yield 1, SAME if index else _word("required", lang), f"{tier}{words}"
    if isinstance(check.constraint, AtLeast) and check.constraint.as_in:
        yield 1, _word("as_in", lang), _word("as_in_check", lang, id=check.constraint.as_in)
    yield 1, _word("how", lang), render(how(check.constraint), lang)
    if check.period is not None:
        yield 1, _word("years", lang), _years(standard, check.period, lang)
    if check.only is not None:
        is_demonstration = check.only == "demonstration"
        counties = "、".join(
            county.name for county in standard.counties if county.demonstration == is_demonstration
        )
        yield 1, _word("only", lang), _word(check.only, lang, counties=counties)
    for quote in dict.fromkeys(check.quotes.values()):
        yield 1, _word("quote", lang), f"“{quote}”"
    for also in check.also:
        yield 1, _word("also", lang), f"{also.where} “{also.text}”"
    for index, reading in enumerate(readings_of(standard, check)):
        label = SAME if index else _word("readings", lang)
        yield 1, label, f"{reading}  {_reading(standard.readings[reading], lang)}"
    if check.waivable:
        yield 1, _word("waiver", lang), _word("waivable", lang)
    growth = growth_of(check.constraint)
    for key in dict.fromkeys((*metrics_of(check.constraint), *([growth] if growth else []))):
        metric = standard.metrics[key]
        yield 1, _word("declare", lang), snippet(metric, lang)
        yield 1, _word("evidence", lang), render(metric.evidence, lang)


def _reading(reading: Reading, lang: str) -> str:
    about = render(reading.about, lang)
    subject = f"“{about}”" if reading.is_quote else about
    return f"{subject}{': ' if lang == 'en' else '：'}{render(reading.text, lang)}"


def _requirements(standard: Standard, check: Check, lang: str) -> Iterator[tuple[str, str]]:
    """Yield what is required, per tier where the tiers differ."""
    by_tier = {
        tier: render(_full(check.constraint, requirement(check.constraint, standard, tier)), lang)
        for tier in standard.tiers
    }
    if len(set(by_tier.values())) == 1:
        yield "", next(iter(by_tier.values()))
        return
    for tier, words in by_tier.items():
        colon = ": " if lang == "en" else "："
        yield f"{render(standard.tiers[tier].name, lang)}{colon}", words


def _full(constraint: Constraint, words: Words) -> Words:
    """Name the members of a list, which a report has no room for."""
    if isinstance(constraint, HoldsAll | HoldsAny):
        return say("labelled", name=words, value=constraint.members)
    return words


def _years(standard: Standard, period: str, lang: str) -> str:
    it = standard.periods[period]
    if it.chosen:
        return _word("acceptance", lang)
    listed = (", " if lang == "en" else "、").join(map(str, it.years))
    return f"{render(it.name, lang)} {listed}"


def _metric(standard: Standard, metric: Metric, lang: str) -> Lines:
    yield 0, "", f"{_word('metric', lang)} {render(metric.name, lang)}  {metric.key}"
    yield 0, _word("kind", lang), render(KINDS[metric.kind], lang)
    if metric.kind in FORMS:
        yield 0, _word("forms", lang), render(FORMS[metric.kind], lang)
    units = "、".join(metric.units) or UNITS.get(metric.kind, "")
    if units:
        yield 0, _word("units", lang), units
    if metric.vocabulary:
        yield 0, _word("vocabulary", lang), "、".join(metric.vocabulary)
    if metric.definition:
        yield 0, _word("definition", lang), metric.definition
    yield 0, _word("declare", lang), snippet(metric, lang)
    yield 0, _word("evidence", lang), render(metric.evidence, lang)
    for item in standard.items:
        for check in item.checks:
            if metric.key in (*metrics_of(check.constraint), growth_of(check.constraint)):
                for tier, words in _requirements(standard, check, lang):
                    said = f"{check.id} {render(check.name, lang)}  {tier}{words}"
                    yield 0, _word("used_by", lang), said
    if standard.ledger is not None and standard.ledger.metric == metric.key:
        yield from _ledger(standard.ledger, lang)


# The ledger


def _ledger(form: LedgerForm, lang: str) -> Lines:
    """Yield the columns of the ledger, and the closed lists of two of them."""
    yield 0, _word("columns", lang), _joined((_both(it.name, lang) for it in form.columns), lang)
    yield 0, SAME, _word("others_ignored", lang)
    yield 0, _word("sources", lang), _joined((_both(it.name, lang) for it in form.sources), lang)
    yield from _categories(form, lang)
    yield 0, _word("note", lang), _word("other_names", lang)


def _or_called(it: LedgerColumn | FundSource | Category, lang: str) -> Lines:
    """Yield the other names that a ledger may have for `it`."""
    name = render(it.name, lang)
    others = [other for other in (it.name.zh, *it.also, it.name.en) if other != name]
    if others:
        yield 0, _word("or_called", lang), _joined(others, lang)


def _listed(key: str, entries: Iterable[str], lang: str) -> Lines:
    for index, entry in enumerate(entries):
        yield 0, SAME if index else _word(key, lang), entry


def _named(it: FundSource, lang: str) -> str:
    name = _both(it.name, lang)
    return _word("named", lang, name=name, also=_joined(it.also, lang)) if it.also else name


def _joined(texts: Iterable[str], lang: str) -> str:
    return (", " if lang == "en" else "、").join(texts)


def _sources(form: LedgerForm, lang: str) -> Lines:
    return _listed("sources", (_named(it, lang) for it in form.sources), lang)


def _categories(form: LedgerForm, lang: str) -> Lines:
    """Yield the closed list of what money may be paid for, and of what it may not."""
    for key, is_forbidden in (("categories", False), ("forbidden", True)):
        own = (it for it in form.categories if it.is_forbidden == is_forbidden)
        entries = (f"{_both(it.name, lang)}  {_cited(it, lang)}" for it in own)
        yield from _listed(key, entries, lang)


def _both(name: Text, lang: str) -> str:
    """Return a name, in English with the Chinese one, which ledgers have."""
    return f"{name.en} ({name.zh})" if lang == "en" else name.zh


def _cited(category: Category, lang: str) -> str:
    return _word("category_of", lang, where=category.quote.where, quote=category.quote.text)


def _column(standard: Standard, form: LedgerForm, column: LedgerColumn, lang: str) -> Lines:
    yield 0, "", f"{_word('column', lang)} {render(column.name, lang)}  {column.key}"
    yield from _or_called(column, lang)
    yield 0, _word("forms", lang), render(COLUMN_FORMS[column.key], lang)
    match column.key:
        case "date":
            first, last = form.years
            for code in _codes(standard, RowOutside):
                note = _word("outside", lang, first=first, last=last, code=code)
                yield 0, _word("note", lang), note
        case "description":
            uses = _joined((it.use for it in form.words), lang)
            for code in _codes(standard, RowsSpeakOf):
                yield 0, _word("note", lang), _word("speaks_of", lang, code=code, uses=uses)
        case "source":
            yield from _sources(form, lang)
        case "category":
            yield from _categories(form, lang)
        case "voucher":
            for code in _codes(standard, VoucherRepeated):
                yield 0, _word("note", lang), _word("repeated", lang, code=code)
    for item, check in standard.checks:
        if isinstance(check.constraint, RowsBear) and check.constraint.column == column.key:
            yield from _asking(standard, item, check, lang)


def _source(standard: Standard, source: FundSource, lang: str) -> Lines:
    yield 0, "", f"{_word('source', lang)} {render(source.name, lang)}"
    yield from _or_called(source, lang)
    for item, check in standard.checks:
        constraint = check.constraint
        limits = isinstance(constraint, SpendsNothingOn) and source.name.zh in constraint.sources
        if limits or isinstance(constraint, SpentWithin):
            yield from _asking(standard, item, check, lang)


def _category(standard: Standard, form: LedgerForm, category: Category, lang: str) -> Lines:
    yield 0, "", f"{_word('category', lang)} {render(category.name, lang)}"
    yield from _or_called(category, lang)
    yield 0, _word("where", lang), category.quote.where
    yield 0, _word("quote", lang), f"“{category.quote.text}”"
    if not category.is_forbidden:
        yield 0, _word("note", lang), _word("supported", lang)
    for item, check in standard.checks:
        constraint = check.constraint
        if isinstance(constraint, SpendsNothingOn) and constraint.category == category.name.zh:
            yield from _asking(standard, item, check, lang)
            yield 0, _word("how", lang), render(how(constraint), lang)
    for words in form.words:
        if words.use == category.name.zh:
            yield 0, _word("words", lang), _joined(words.words, lang)
            if words.exceptions:
                yield 0, _word("exceptions", lang), _joined(words.exceptions, lang)
            for code in _codes(standard, RowsSpeakOf):
                yield 0, _word("note", lang), _word("only_doubts", lang, code=code)


def _asking(standard: Standard, item: Item, check: Check, lang: str) -> Lines:
    """Say which check asks for something of the ledger, and what it requires."""
    for tier, words in _requirements(standard, check, lang):
        level = render(standard.levels[item.level], lang)
        said = f"{check.id} {render(check.name, lang)}  {tier}{words}  {level}"
        yield 0, _word("used_by", lang), said


def _codes(standard: Standard, kind: type[DoubtRule]) -> Iterator[str]:
    """Yield the codes of the standard's rules of one kind."""
    return (rule.code for rule in standard.doubts if isinstance(rule, kind))
