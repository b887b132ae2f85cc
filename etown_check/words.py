"""What the tool says, in Chinese and English: one catalogue, one way to render it.

A record never holds a finished sentence. It holds a `Phrase`, a key of the catalogue with its
arguments, or a `Text`, which the standard gives in both languages; a reporter renders them in
the reader's language.
"""

from collections.abc import Mapping
from datetime import date

from etown_check.quantities import Quantity, show
from etown_check.records import Record

LANGUAGES = ("zh", "en")


class Text(Record):
    """A text that exists in both languages."""

    zh: str
    en: str


class Phrase(Record):
    """A sentence of the catalogue and its arguments, not yet in any language."""

    key: str
    args: "Mapping[str, Words]"


class Beside(Record):
    """A quantity that is read beside its threshold and must not be rounded across it."""

    quantity: Quantity
    threshold: Quantity


Words = str | int | date | Text | Phrase | Quantity | Beside | tuple["Words", ...]
"""Whatever can be rendered. A plain string is data and is the same in every language."""


def say(key: str, **args: Words) -> Phrase:
    """Return the phrase `key` with `args`."""
    return Phrase(key, args)


def render(words: Words, lang: str) -> str:
    """Return `words` as text in `lang`."""
    match words:
        case str():
            return words
        case Text():
            return words.en if lang == "en" else words.zh
        case Phrase():
            sentence = render(CATALOGUE[words.key], lang)
            if lang == "en" and words.args.get("number") == 1:
                sentence = SINGULAR.get(words.key, sentence)
            return sentence.format(**{name: render(arg, lang) for name, arg in words.args.items()})
        case Quantity():
            return show(words, lang)
        case Beside():
            return show(words.quantity, lang, words.threshold)
        case date():
            return words.isoformat()
        case int():
            return str(words)
        case _:
            parts = [render(part, lang) for part in words]
            return (", " if lang == "en" else "、").join(parts)


CATALOGUE: dict[str, Text] = {
    # Statuses, levels, assurance, verdicts
    "pass": Text("达标", "pass"),
    "fail": Text("不达标", "fail"),
    "missing": Text("未申报", "missing"),
    "review": Text("需人工核定", "review"),
    "not_due": Text("未到期", "not due"),
    "not_applicable": Text("不适用", "n/a"),
    "unassured": Text("可信度不足", "lacks assurance"),
    "waived": Text("已豁免", "waived"),
    "binding": Text("约束性", "binding"),
    "expected": Text("期望性", "expected"),
    "declared": Text("已申报", "declared"),
    "evidenced": Text("有佐证", "evidenced"),
    "verified": Text("已核查", "verified"),
    "compliant": Text("达标", "COMPLIANT"),
    "non_compliant": Text("不达标", "NOT COMPLIANT"),
    "incomplete": Text("未完成", "INCOMPLETE"),
    # Values
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "there": Text("有", "yes"),
    "not_there": Text("无", "no"),
    "none_named": Text("（空）", "(none)"),
    "undeclared": Text("未申报", "undeclared"),
    "by_year": Text("{year}: {value}", "{year}: {value}"),
    "labelled": Text("{name} {value}", "{name} {value}"),
    "either": Text("{first}；{second}", "{first}; {second}"),
    "or": Text("{first} 或 {second}", "{first} or {second}"),
    "outgrew": Text(
        "{difference}（{growth} − 全市 {reference}）", "{difference} ({growth} − city {reference})"
    ),
    "share": Text("{share}（{part}/{whole}）", "{share} ({part}/{whole})"),
    "ledger": Text("{path}（{number}行）", "{path} ({number} rows)"),
    "rows": Text("{number}行", "{number} rows"),
    "rows_of": Text("{number}行，{amount}", "{number} rows, {amount}"),
    "no_rows": Text("无", "none"),
    "spent_of": Text("{source}支出{spent}/到位{received}", "{source} {spent} of {received}"),
    "months": Text("{number}个月", "{number} months"),
    "months_from_to": Text("{first}至{last}", "{first} to {last}"),
    "days": Text("{number}天", "{number} days"),
    "contact_name": Text("信息联络员姓名", "name of the contact"),
    "contact_phone": Text("信息联络员电话", "phone of the contact"),
    "row_at": Text("第{line}行", "line {line}"),
    "row_of_sheet": Text("“{sheet}”第{line}行", "“{sheet}” row {line}"),
    "row_named": Text("{place} {date} {amount} {voucher}", "{place}: {date} {amount} {voucher}"),
    "voucher": Text("凭证号{number}", "voucher {number}"),
    "no_voucher": Text("无凭证号", "no voucher"),
    "more_rows": Text("另有{number}行", "{number} more rows"),
    "settled": Text(
        "{verified}（核定；申报 {declared}）", "{verified} (verified; declared {declared})"
    ),
    # Requirements
    "at_least": Text("≥ {threshold}", "≥ {threshold}"),
    "above": Text("> {threshold}", "> {threshold}"),
    "equals": Text("= {threshold}", "= {threshold}"),
    "between": Text("{low} – {high}", "{low} – {high}"),
    "must_exist": Text("有", "exists"),
    "must_be_yes": Text("是", "yes"),
    "holds_all": Text("含全部{number}项", "all {number}"),
    "one_of": Text("{accepted} 之一", "one of {accepted}"),
    "at_least_metric": Text("≥ {other}", "≥ {other}"),
    "at_least_metric_of": Text("≥ {other}（{value}）", "≥ {other} ({value})"),
    "growth_at_least": Text("增长 ≥ {threshold}", "growth ≥ {threshold}"),
    "outgrows": Text("高于全市 ≥ {margin}", "≥ {margin} above the city"),
    "share_at_least": Text("占比 ≥ {threshold}", "share ≥ {threshold}"),
    "holds_any": Text("{number}项中至少1项", "at least 1 of {number}"),
    "on_or_before": Text("不晚于 {deadline}", "by {deadline}"),
    "every_month": Text("{first} 起每月", "every month from {first}"),
    "all_declared": Text("应统尽统：{names}", "all reported: {names}"),
    "is_complete": Text("姓名和电话", "name and phone"),
    "spends_nothing": Text("{sources}资金不得支出", "nothing out of {sources} funds"),
    "spent_within": Text("各来源支出 ≤ 到位", "spent ≤ received, per source"),
    "rows_bear": Text("每行注明资金来源", "a source in every row"),
    # Why a check is not passed
    "in_year": Text("{year}年：{reason}", "{year}: {reason}"),
    "falls_short": Text(
        "{declared}，要求 {required}，差 {gap}。", "{declared}; required {required}; {gap} short."
    ),
    "exceeds": Text(
        "{declared}，要求 {required}，多 {gap}。",
        "{declared}; required {required}; {gap} too much.",
    ),
    "not_met": Text("{declared}，要求 {required}。", "{declared}; required {required}."),
    "says_none": Text("申报为“无”。", "Declared as not existing."),
    "says_no": Text("申报为“否”。", 'Declared as "no".'),
    "lacks": Text("缺少：{names}。", "Lacking: {names}."),
    "not_among": Text(
        "申报为“{declared}”，须为 {accepted} 之一。",
        'Declared as "{declared}"; must be one of {accepted}.',
    ),
    "is_undeclared": Text("未申报：{names}。", "Undeclared: {names}."),
    "lacks_any": Text("至少要有一项：{names}。", "At least one is needed: {names}."),
    "too_late": Text(
        "{declared}，要求不晚于 {deadline}，晚 {gap}。",
        "{declared}; required by {deadline}; {gap} late.",
    ),
    "months_lacking": Text("缺报：{months}。", "Not reported: {months}."),
    "months_late": Text("逾期未报：{months}。", "Overdue since the last report: {months}."),
    "spent_publicly": Text(
        "由{sources}资金支出 {number} 行，合计 {amount}：{rows}。",
        "{number} rows out of {sources} funds, {amount}: {rows}.",
    ),
    "spent_unknown": Text(
        "{number} 行没有资金来源，合计 {amount}，不能认定：{rows}。",
        "{number} rows without a source, {amount}, cannot be judged: {rows}.",
    ),
    "spent_by_others": Text(
        "另由其他资金支出 {number} 行，合计 {amount}，方案只限制{sources}资金：{rows}。",
        "Paid from other funds in {number} rows, {amount}; the plan limits {sources} funds alone: {rows}.",
    ),
    "overspent": Text("支出超过到位资金：{sources}。", "More spent than received: {sources}."),
    "overspent_of": Text(
        "{source}支出 {spent}，到位 {received}，超出 {gap}",
        "{source} spent {spent}, received {received}, {gap} over",
    ),
    "received_undeclared": Text(
        "台账中有支出，未申报到位资金：{sources}。",
        "Spent in the ledger, but nothing declared as received: {sources}.",
    ),
    "rows_unsourced": Text(
        "{number} 行没有资金来源：{rows}。", "{number} rows without a source: {rows}."
    ),
    "rejected": Text("核查结果为“不实”：{name}。", "Found untrue by verification: {name}."),
    "alternatives": Text("{first}{second}", "{first} {second}"),
    "alternative": Text("{name}：{reason}", "{name}: {reason}"),
    "zero_base": Text(
        "上年数值为零，无法计算增长率。", "Last year's value is zero, so there is no growth rate."
    ),
    "zero_of_zero": Text(
        "当年新增为零，无法计算占比。", "No new entities in the year, so there is no share."
    ),
    "exactly_on": Text(
        "恰好等于{margin}，从严可理解为不达标。", "Exactly {margin}, open to a stricter reading."
    ),
    "softened": Text(
        "{reason}方案写明“{because}”，由人工核定。",
        '{reason} The plan says "{because}", so a reviewer decides.',
    ),
    "short_year": Text(
        "{reason}该年度较短，由人工核定。", "{reason} The year was short, so a reviewer decides."
    ),
    "contradicts": Text(
        "数据文件所填综合示范县身份（{declared}）与标准的推定（{inferred}）不一致。",
        "The data file's demonstration status ({declared}) contradicts the inferred one ({inferred}).",
    ),
    "below_assurance": Text(
        "可信度为“{has}”，要求“{needs}”。", 'Assurance is "{has}", required is "{needs}".'
    ),
    "year_runs": Text(
        "{year}年尚未结束，按已申报数值判断。",
        "{year} has not ended; judged by what is declared so far.",
    ),
    # What to do
    "mend_or_improve": Text(
        "填写有误的，更正后重新校验；数据属实的，须在验收前整改。",
        "If the entry is wrong, correct it and check again; if it is right, the town must catch up before acceptance.",
    ),
    "declare": Text("在“{section}”下填写：{snippet}", 'Write under "{section}": {snippet}'),
    "declare_fact": Text(
        "在数据文件最外层填写：{snippet}", "Write at the outermost level: {snippet}"
    ),
    "declare_in_row": Text(
        "在“{name}”一行填写，例如：{example}", "Fill in the row “{name}”, such as: {example}"
    ),
    "decide": Text(
        "请核查人员对照上述原文认定。", "A reviewer must decide by the plan's words above."
    ),
    "add_evidence": Text(
        "为该指标填写“佐证”，文件须存在。",
        "Name evidence for the metric (佐证); the file must exist.",
    ),
    "add_verification": Text(
        "由核查人员补充“核查”记录。", "An expert must add a verification record (核查)."
    ),
    "settle_status": Text(
        "请确认是否为电子商务进农村综合示范县，更正“综合示范县”或附上认定文件。",
        "Confirm whether the county is a demonstration county; correct 综合示范县 or attach the decision.",
    ),
    # Data doubts
    "doubt": Text("数据疑点", "data doubt"),
    "doubt_exceeds": Text(
        "{year}年{metric}（{value}）大于{limit}（{limit_value}）。",
        "{year}: {metric} ({value}) is above {limit} ({limit_value}).",
    ),
    "doubt_growth": Text(
        "{year}年{metric}申报 {declared}，按数值计算为 {computed}，相差超过 {tolerance}。",
        "{year}: {metric} is declared as {declared} but computes to {computed}, more than {tolerance} apart.",
    ),
    "doubt_repeated": Text(
        "{metric}的名单中“{name}”重复。", "{metric}: “{name}” is listed more than once."
    ),
    "doubt_shared": Text(
        "“{name}”同时列入{first}和{second}。", "“{name}” is listed both under {first} and {second}."
    ),
    "doubt_same": Text(
        "{first}与{second}完全相同（{value}）。", "{first} and {second} are the same ({value})."
    ),
    "doubt_same_shared": Text(
        "{first}与{second}完全相同（{value}）。共用的，请在“备注”中写明“共用”。",
        "{first} and {second} are the same ({value}). If they are shared, say so in a note (备注: shared).",
    ),
    "doubt_threshold": Text(
        "{check} {name}恰好等于标准值（{value}）。",
        "{check} {name} is exactly on its threshold ({value}).",
    ),
    "doubt_threshold_year": Text(
        "{check} {name}（{year}年）恰好等于标准值（{value}）。",
        "{check} {name} ({year}) is exactly on its threshold ({value}).",
    ),
    "doubt_quotient": Text(
        "{first}是{second}的{quotient}倍，超过{limit}倍，单位可能有误。",
        "{first} is {quotient} times {second}, more than {limit}; a unit may be wrong.",
    ),
    "doubt_slip": Text(
        "{check} {name}（{value}）与标准值（{threshold}）相差一万倍以上，单位可能有误。",
        "{check} {name} ({value}) is 10,000 times or more from its threshold ({threshold}); a unit may be wrong.",
    ),
    "doubt_future": Text(
        "{metric}填有{year}年数值，晚于数据截止日期{as_of}。",
        "{metric} has a value for {year}, after the data date {as_of}.",
    ),
    "doubt_denied": Text(
        "{metric}申报为 {value}，但台账中有{category}：{rows}。",
        "{metric} is declared as {value}, but the ledger has {category}: {rows}.",
    ),
    "doubt_speaks": Text(
        "台账{row}，摘要“{description}”提到“{word}”，疑为{use}，支出类别却是“{category}”。",
        "Ledger {row}: “{description}” mentions “{word}”, which sounds like {use}; its category is “{category}”.",
    ),
    "doubt_voucher": Text(
        "台账{row}，凭证号与{first}相同。", "Ledger {row}: the same voucher as {first}."
    ),
    "doubt_row_repeated": Text(
        "台账{row}，日期、收款单位（{payee}）和金额与{first}相同。",
        "Ledger {row}: the same date, payee ({payee}) and amount as {first}.",
    ),
    "doubt_row_outside": Text(
        "台账{row}，日期不在{first}至{last}年。",
        "Ledger {row}: the date is not within {first} to {last}.",
    ),
    "doubt_total": Text(
        "台账{place}“{label}”为 {said}，按各行计算为 {sum}。",
        "Ledger {place}: “{label}” says {said}, but the rows come to {sum}.",
    ),
    "doubt_more": Text(
        "台账中同类情况另有 {number} 行，未逐一列出。",
        "The ledger has {number} more rows of the same kind.",
    ),
    "doubt_date_ahead": Text(
        "{metric}（{value}）晚于数据截止日期 {as_of}。",
        "{metric} ({value}) is after the data date {as_of}.",
    ),
    "doubt_follows": Text(
        "{metric}（{value}）不晚于{after}（{after_value}）。",
        "{metric} ({value}) is not later than {after} ({after_value}).",
    ),
    "doubt_sum": Text(
        "{metric}（{value}）小于{parts}之和（{sum}）。",
        "{metric} ({value}) is below the sum of {parts} ({sum}).",
    ),
}


SINGULAR = {
    "ledger": "{path} ({number} row)",
    "rows": "{number} row",
    "rows_of": "{number} row, {amount}",
    "days": "{number} day",
    "months": "{number} month",
    "spent_publicly": "{number} row out of {sources} funds, {amount}: {rows}.",
    "spent_unknown": "{number} row without a source, {amount}, cannot be judged: {rows}.",
    "spent_by_others": (
        "Paid from other funds in {number} row, {amount}; "
        "the plan limits {sources} funds alone: {rows}."
    ),
    "rows_unsourced": "{number} row without a source: {rows}.",
    "more_rows": "{number} more row",
    "doubt_more": "The ledger has {number} more row of the same kind.",
}
"""What English says of one. Chinese says the same of one and of several."""
