"""Explaining an item, a check or a metric: the plan's words, and what we make of them."""

from collections.abc import Iterator

from etown_check.constraints import requirement
from etown_check.howto import snippet
from etown_check.standard import (
    Above,
    AnyOf,
    AtLeast,
    AtLeastMetric,
    Between,
    Check,
    Constraint,
    Equals,
    Exists,
    GrowthAtLeast,
    HoldsAll,
    IsYes,
    Item,
    Metric,
    OneOf,
    Outgrows,
    Reading,
    ShareAtLeast,
    Standard,
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
}
UNITS = {"money": "元、万元、亿元", "area": "平方米、亩、公顷、平方公里", "ratio": "%"}

Lines = Iterator[tuple[int, str, str]]
"""Lines to show: the indentation in steps, a label, and a text. No label makes a heading."""

SAME = " "
"""The label of a line that goes on under the one above."""


def how(constraint: Constraint) -> Text:
    """Say how `constraint` is judged."""
    match constraint:
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
    """Explain the item, check or metric called `name`; `None` where there is none."""
    folded = fold(name)
    for item in standard.items:
        if folded.lower() == item.id.lower():
            return _item(standard, item, lang)
        for check in item.checks:
            if folded.lower() == check.id.lower():
                return _one_check(standard, item, check, lang)
    for metric in standard.metrics.values():
        if (
            folded in (metric.key, fold(metric.name.zh))
            or folded.lower() == fold(metric.name.en).lower()
        ):
            return _metric(standard, metric, lang)
    return None


def names(standard: Standard) -> tuple[str, ...]:
    """Return every name of the standard that can be explained."""
    items = [item.id for item in standard.items]
    checks = [check.id for item in standard.items for check in item.checks]
    metrics = [name for it in standard.metrics.values() for name in (it.name.zh, it.key)]
    return (*items, *checks, *metrics)


def _word(key: str, lang: str) -> str:
    return render(WORDS[key], lang)


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
    yield 1, _word("how", lang), render(how(check.constraint), lang)
    if check.period is not None:
        yield 1, _word("years", lang), _years(standard, check.period, lang)
    if check.only is not None:
        is_demonstration = check.only == "demonstration"
        counties = "、".join(
            county.name for county in standard.counties if county.demonstration == is_demonstration
        )
        yield 1, _word("only", lang), _word(check.only, lang).format(counties=counties)
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
    for key in (*metrics_of(check.constraint), *([growth] if growth else [])):
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
    if isinstance(constraint, HoldsAll):
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
