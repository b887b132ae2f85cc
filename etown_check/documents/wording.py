"""What several documents say in the same words: values, results, evidence, charts, footers.

Every text that may come from a data file passes through `visible` here, once.
"""

from collections.abc import Iterator, Mapping

from etown_check.constraints import shown_entry
from etown_check.documents.model import MUTED, Bullet, Lines
from etown_check.quantities import Quantity, show
from etown_check.report import FAIL, MISSING, PASS, REVIEW, CheckResult, Report
from etown_check.reporters.texts import gap_text, shown, status_text, word
from etown_check.standard import Metric, Standard
from etown_check.submission import ADJUSTED, CONFIRMED, REJECTED, Declaration, Entry
from etown_check.text import visible
from etown_check.words import Beside, Phrase, Text, Words, render

WORDS = {
    "page": Text("第 {page} 页 共 {pages} 页", "Page {page} of {pages}"),
    "standard": Text("标准 {id}  sha256 {digest}", "Standard {id}  sha256 {digest}"),
    "file": Text("数据文件 {path}  sha256 {digest}", "Data file {path}  sha256 {digest}"),
    "town": Text("{county} {town}", "{county} {town}"),
    "year": Text("{year}年：{value}", "{year}: {value}"),
    "counted": Text("{number}：{names}", "{number}: {names}"),
    "no_file": Text("{file}（没有找到文件）", "{file} (not found)"),
    "ask_for": Text("应有：{what}", "Asked for: {what}"),
    "nothing": Text("没有。", "None."),
    "chart": Text("{name}：{value}，要求 {required}", "{name}: {value}, required {required}"),
}

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
    if isinstance(entry.value, Quantity) and entry.names:
        return term("counted", lang, number=value, names=shown(entry.names, lang))
    return value


def result_line(check: CheckResult, lang: str) -> Lines:
    """Return the result of a check, with its id and its gap."""
    gap = gap_text(check, lang)
    said = f"{check.id} {status_text(check, lang)}"
    return Lines(
        (f"{said}，{gap}" if gap and lang != "en" else f"{said}, {gap}" if gap else said,),
        check.standing,
    )


def required_text(check: CheckResult, lang: str) -> str:
    """Return what a check requires of the town's own county."""
    return f"{check.id} {shown(check.required, lang)}"


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
