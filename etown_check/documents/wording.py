"""What several documents say in the same words: values, results, evidence, charts, footers.

Every text that may come from a data file passes through `visible` here, once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from etown_check.constraints import shown_entry
from etown_check.documents.model import MUTED, Bullet, Lines
from etown_check.keys import CONTACT_KEYS
from etown_check.months import listed
from etown_check.quantities import Quantity, show
from etown_check.report import FAIL, MISSING, PASS, REVIEW, CheckResult, Report
from etown_check.reporters.texts import gap_text, sentence, shown, status_text, word
from etown_check.standard import Metric, Standard
from etown_check.submission import (
    ADJUSTED,
    CONFIRMED,
    REJECTED,
    Contact,
    Declaration,
    Entry,
)
from etown_check.text import visible
from etown_check.words import Beside, Phrase, Text, Words, render, say

WORDS = {
    "page": Text("第 {page} 页 共 {pages} 页", "Page {page} of {pages}"),
    "standard": Text("标准 {id}  sha256 {digest}", "Standard {id}  sha256 {digest}"),
    "file": Text("数据文件 {path}  sha256 {digest}", "Data file {path}  sha256 {digest}"),
    "town": Text("{county} {town}", "{county} {town}"),
    "year": Text("{year}年：{value}", "{year}: {value}"),
    "counted": Text("{number}：{names}", "{number}: {names}"),
    "from_to": Text("{first}至{last}", "{first} to {last}"),
    "rows": Text("台账中需要核对的支出", "Payments of the ledger to look into"),
    "see_rows": Text("{number}行，见“{title}”", "rows: {number}, see “{title}”"),
    "no_file": Text("{file}（没有找到文件）", "{file} (not found)"),
    "ask_for": Text("应有：{what}", "Asked for: {what}"),
    "nothing": Text("没有。", "None."),
    "chart": Text("{name}：{value}，要求 {required}", "{name}: {value}, required {required}"),
}

_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)

FINDINGS = {
    CONFIRMED: Text("属实", "confirmed"),
    ADJUSTED: Text("核减", "adjusted"),
    REJECTED: Text("不实", "rejected"),
}
"""What an expert may find, in the order in which it is offered."""


def term(key: str, lang: str, **args: str | int) -> str:
    """Return a word that documents share in `lang`."""
    return render(WORDS[key], lang).format(**args)


def value_lines(entries: Mapping[int | None, Entry], lang: str) -> tuple[str, ...]:
    """Return a line for each value of a metric, with its year where it has one."""
    lines = []
    for year, entry in sorted(entries.items(), key=lambda item: item[0] or 0):
        value = _value_text(entry, lang)
        lines.append(value if year is None else term("year", lang, year=year, value=value))
    return tuple(lines)


def _value_text(entry: Entry, lang: str) -> str:
    value = shown(shown_entry(entry), lang)
    match entry.value:
        case Quantity() if entry.names:
            return term("counted", lang, number=value, names=shown(entry.names, lang))
        case Contact(name=name, phone=phone, is_denied=True) if name or phone:
            parts = zip(CONTACT_KEYS.items(), (name, phone), strict=True)
            return shown(
                tuple(
                    say("labelled", name=Text(zh, en), value=it or value) for (en, zh), it in parts
                ),
                lang,
            )
        case tuple() if _is_months(entry):
            return shown(listed(entry.words), lang)
    return value


def _is_months(entry: Entry) -> bool:
    """Tell months from other words, and from records, which are tuples as well."""
    return (
        type(entry.value) is tuple and bool(entry.words) and all(map(_MONTH.fullmatch, entry.words))
    )


def result_line(check: CheckResult, lang: str) -> Lines:
    """Return the result of a check, with its id and its gap."""
    return Lines((f"{check.id} {_result(check, lang)}",), check.standing)


def result_lines(checks: Sequence[CheckResult], lang: str) -> tuple[Lines, ...]:
    """Return the results of the checks of one metric.

    Checks that require the same, such as those of what a ledger must not be spent on, stand on
    one line where they came to the same; of the others each is named. What neither the declared
    value nor the gap shows is told below: months and sources, and where the rows stand.
    """
    required = [shown(check.required, lang) for check in checks]
    found: dict[str, list[CheckResult]] = {}
    for check, words in zip(checks, required, strict=True):
        is_one_of_many = required.count(words) > 1 and not _told(check, lang)
        key = f"{words} {_result(check, lang)}" if is_one_of_many else check.id
        found.setdefault(key, []).append(check)
    return tuple(
        _results_alike(checks, own, lang, is_named=required.count(shown(own[0].required, lang)) > 1)
        for own in found.values()
    )


def _results_alike(
    checks: Sequence[CheckResult], own: Sequence[CheckResult], lang: str, *, is_named: bool
) -> Lines:
    first = own[0]
    who = _ids(checks, own, lang)
    if is_named and len(own) == 1:
        who = f"{who} {render(first.name, lang)}"
    return Lines((f"{who} {_result(first, lang)}", *_told(first, lang)), first.standing)


def _ids(checks: Sequence[CheckResult], own: Sequence[CheckResult], lang: str) -> str:
    """Return the ids of some of `checks`, those that follow upon each other as from one to another."""
    runs: list[list[CheckResult]] = []
    for before, check in zip((None, *checks), checks, strict=False):
        if check not in own:
            continue
        if runs and before is runs[-1][-1]:
            runs[-1].append(check)
        else:
            runs.append([check])
    return sentence(
        *(it for run in runs for it in _run([check.id for check in run], lang)), lang=lang
    )


def _run(ids: Sequence[str], lang: str) -> Sequence[str]:
    return ids if len(ids) <= 2 else [term("from_to", lang, first=ids[0], last=ids[-1])]


def _result(check: CheckResult, lang: str) -> str:
    said, gap = status_text(check, lang), gap_text(check, lang)
    if not gap:
        return said
    return f"{said}, {gap}" if lang == "en" else f"{said}，{gap}"


_TELLING = frozenset(("months_lacking", "months_late", "overspent", "received_undeclared"))
"""Reasons that say what cannot be seen by the declared value and what is required of it."""


def _told(check: CheckResult, lang: str) -> tuple[str, ...]:
    """Return the reasons of a check that name months or sources, and where its rows are named."""
    if check.rows:
        return (term("see_rows", lang, number=len(check.rows), title=term("rows", lang)),)
    return tuple(shown(it, lang) for it in check.reasons if _is_telling(it))


def _is_telling(words: Words) -> bool:
    return isinstance(words, Phrase) and (
        words.key in _TELLING or any(map(_is_telling, words.args.values()))
    )


def asked_rows(report: Report) -> tuple[CheckResult, ...]:
    """Return the checks of a report that are about rows of a ledger, which a person should see."""
    return tuple(check for item in report.items for check in item.checks if check.rows)


def rows_title(check: CheckResult, lang: str) -> str:
    """Return what stands above the rows of a check: what it is, and how it stands."""
    return f"{check.id} {render(check.name, lang)}  {_result(check, lang)}"


def required_text(check: CheckResult, lang: str) -> str:
    """Return what a check requires of the town's own county."""
    return f"{check.id} {shown(check.required, lang)}"


def required_lines(checks: Sequence[CheckResult], lang: str) -> tuple[str, ...]:
    """Return what the checks of one metric require, those that require the same on one line."""
    found: dict[str, list[CheckResult]] = {}
    for check in checks:
        found.setdefault(shown(check.required, lang), []).append(check)
    return tuple(f"{_ids(checks, own, lang)} {words}" for words, own in found.items())


def evidence_lines(metric: Metric, declaration: Declaration | None, lang: str) -> tuple[Lines, ...]:
    """Return the evidence that was named, and what is asked for."""
    named = declaration.evidence if declaration else ()
    files = tuple(
        visible(it.file) if it.exists else term("no_file", lang, file=visible(it.file))
        for it in named
    )
    asked = Lines((term("ask_for", lang, what=render(metric.evidence, lang)),), MUTED)
    return (Lines(files), asked) if files else (asked,)


def footer(standard: Standard, report: Report, lang: str) -> tuple[str, ...]:
    """Return what stands at the foot of each page of a town's part.

    A report without a path is of a blank form: it has neither a data file nor a date.
    """
    town = term("town", lang, county=report.county, town=report.town)
    own = term("standard", lang, id=standard.id, digest=standard.sha256)
    if not report.path:
        return (town, own)
    dated = word("data_date", lang, date=report.as_of.isoformat())
    data = term("file", lang, path=visible(report.path), digest=report.sha256)
    return (f"{town}  {dated}", data, own)


# Charts


def bullets(check: CheckResult, lang: str) -> tuple[Bullet, ...]:
    """Return a bullet chart for each number that a check holds against a threshold.

    Of several, such as those of some years, one that is what is required does not look as if it
    were what keeps the check open.
    """
    value = check.declared if check.verified is None else check.verified
    if value is None:
        return ()
    name = render(check.name, lang)
    compared = list(_compared(value, check.required))
    is_open = len(compared) > 1 and check.status in (FAIL, MISSING, REVIEW)
    return tuple(
        bullet._replace(tone=PASS) if is_open and _is_reached(bullet, required) else bullet
        for label, number, required in compared
        for bullet in _bullet(f"{name} {label}".strip(), number, required, check, lang)
    )


def _is_reached(bullet: Bullet, required: Phrase) -> bool:
    if bullet.high is not None and bullet.value > bullet.high:
        return False
    if bullet.low is None or bullet.value > bullet.low:
        return True
    return bullet.value == bullet.low and required.key not in ("above", "outgrows")


def _compared(
    value: Words, required: Words, label: str = ""
) -> Iterator[tuple[str, Quantity, Phrase]]:
    """Yield the numbers within `value`, each with what is required of it."""
    match value, required:
        case (Phrase(key="either"), _):
            for one in value.args.values():
                yield from _compared(one, required, label)
        case (_, Phrase(key="or")):
            for one in required.args.values():
                yield from _compared(value, one, label)
        case (Phrase(key="labelled"), Phrase(key="labelled")):
            if value.args["name"] == required.args["name"]:
                yield from _compared(value.args["value"], required.args["value"], label)
        case (Phrase(key="by_year"), _):
            year = value.args["year"]
            yield from _compared(value.args["value"], required, str(year))
        case (Phrase(key="share"), _):
            yield from _compared(value.args["share"], required, label)
        case (Phrase(key="outgrew"), _):
            yield from _compared(value.args["difference"], required, label)
        case (Beside(quantity=quantity) | (Quantity() as quantity), Phrase()):
            yield label, quantity, required
        case (tuple(), _) if not isinstance(value, Text | Phrase | Quantity | Beside):
            for one in value:
                yield from _compared(one, required, label)


def _bullet(
    name: str, value: Quantity, required: Phrase, check: CheckResult, lang: str
) -> Iterator[Bullet]:
    """Yield the chart of one number, if what is required of it is a number, too."""
    low: Words | None = None
    high: Words | None = None
    match required.key:
        case "at_least" | "above" | "growth_at_least" | "share_at_least":
            low = required.args["threshold"]
        case "outgrows":
            low = required.args["margin"]
        case "at_least_metric_of":
            low = required.args["value"]
        case "equals":
            low = high = required.args["threshold"]
        case "between":
            low, high = required.args["low"], required.args["high"]
    least = low.amount if isinstance(low, Quantity) else None
    most = high.amount if isinstance(high, Quantity) else None
    if least is not None or most is not None:
        text = term(
            "chart", lang, name=name, value=show(value, lang), required=shown(required, lang)
        )
        yield Bullet(text, value.amount, least, most, check.standing)
