"""The SARIF 2.1.0 report, for code scanning: a rule a check, a result for what is to be looked at.

SARIF knows no level but `none` for what is not a failure; what is open or left to a reviewer says
so by its kind. Mistakes of inputs are notifications: they are about the run and not about a rule.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never
from urllib.parse import quote

from etown_check.explain import KINDS as METRIC_KINDS
from etown_check.explain import SAME, explain
from etown_check.kinds import KINDS
from etown_check.problems import Position, Problem, cell_name
from etown_check.quantities import number_text
from etown_check.report import (
    FAIL,
    LEVELS,
    MISSING,
    NOT_APPLICABLE,
    NOT_DUE,
    PASS,
    REVIEW,
    CheckResult,
    Report,
    Run,
    Style,
    Waiver,
)
from etown_check.reporters import texts
from etown_check.reporters.findings import (
    ERROR,
    NOTE,
    WARNING,
    Finding,
    findings,
    of_check,
    of_problem,
    path_in_repository,
    raw_path,
)
from etown_check.reporters.json_report import dumped
from etown_check.spending import MOST_NAMED
from etown_check.standard import (
    BINDING,
    EXPECTED,
    BelowSum,
    Check,
    DateAhead,
    DeniedByRow,
    DoubtRule,
    Exceeds,
    Follows,
    FutureYear,
    GrowthDiffers,
    Item,
    LedgerRule,
    OnThreshold,
    QuotientAbove,
    RepeatedNames,
    RowOutside,
    RowRepeated,
    RowsSpeakOf,
    SameValue,
    SharedNames,
    Standard,
    TotalDiffers,
    UnitSlip,
    VoucherRepeated,
)
from etown_check.text import visible
from etown_check.words import Text, Words, render

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_HOME = "https://github.com/OWNER/etown-check"
_HELP = f"{_HOME}/blob/main/docs/standards.md"
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_ROOT = "%SRCROOT%"
_WHOLE_FILE = Position(1, 1)
"""Where to show a result that has no place of its own: GitHub takes none without a line."""

_LEVELS = {BINDING: ERROR, EXPECTED: WARNING}
_KINDS = {
    FAIL: "fail",
    MISSING: "open",
    REVIEW: "review",
    PASS: "pass",
    NOT_DUE: "notApplicable",
    NOT_APPLICABLE: "notApplicable",
}
_SEMANTIC = re.compile(
    r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z.-]+)?"
)

WORDS = {
    "root": Text("仓库的根目录", "The root of the repository"),
    "example": Text(
        "etown-check explain {code} 有错误和正确写法的例子。",
        "etown-check explain {code} has an example, wrong and right.",
    ),
    "doubt_rule": Text("数据疑点 {code}", "Data doubt {code}"),
    "exceeds": Text("{metric}大于{limit}。", "{metric} is above {limit}."),
    "growth_differs": Text(
        "申报的{growth}与按{metric}计算的相差超过{tolerance}。",
        "{growth} as declared and as computed from {metric} are more than {tolerance} apart.",
    ),
    "repeated_names": Text(
        "同一名单中有重复的名称。", "A name is listed more than once under one metric."
    ),
    "shared_names": Text(
        "同一名称同时列入{first}和{second}。", "A name is listed under both {first} and {second}."
    ),
    "same_value": Text("{first}与{second}完全相同。", "{first} and {second} are the same."),
    "on_threshold": Text("数值恰好等于标准值。", "A value is exactly on its threshold."),
    "quotient_above": Text(
        "{metric}超过{by}的{limit}倍，单位可能有误。",
        "{metric} is more than {limit} times {by}; a unit may be wrong.",
    ),
    "unit_slip": Text(
        "{kind}与标准值相差{factor}倍以上，单位可能有误。",
        "A value ({kind}) is {factor} times or more from its threshold; a unit may be wrong.",
    ),
    "future_year": Text(
        "填有晚于数据截止日期的年度的数值。", "There is a value for a year after the data date."
    ),
    "below_sum": Text("{metric}小于{parts}之和。", "{metric} is below the sum of {parts}."),
    "denied_by_row": Text(
        "{metric}申报为零，但台账中有{category}。",
        "{metric} is zero, but the ledger has {category}.",
    ),
    "rows_speak_of": Text(
        "台账的摘要提到方案限制的用途（{uses}），支出类别却不是。",
        "A description in the ledger speaks of a use that the plan restricts ({uses}), its category does not.",
    ),
    "voucher_repeated": Text(
        "台账中两行的凭证号相同。", "Two rows of the ledger bear the same voucher."
    ),
    "row_repeated": Text(
        "台账中两行的日期、收款单位和金额相同。",
        "Two rows of the ledger have the same date, payee and amount.",
    ),
    "row_outside": Text(
        "台账中有日期不在{first}至{last}年的行。",
        "The ledger has a row whose date is not within {first} to {last}.",
    ),
    "total_differs": Text(
        "台账中合计行的金额与各行之和不同。",
        "A row of totals in the ledger says another amount than the rows come to.",
    ),
    "date_ahead": Text("日期晚于数据截止日期。", "A date is after the data date."),
    "follows": Text("{metric}不晚于{after}。", "{metric} is not later than {after}."),
}


def report(run: Run, style: Style) -> str:
    """Return the SARIF report of `run`."""
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(run, style)]}
    return dumped(document)


def _run(run: Run, style: Style) -> dict[str, Any]:
    rules = list(_rules(run.standard, style.lang)) if run.standard else []
    artifacts = _artifacts(run, style)
    writer = _Writer(run, style, _indexes(rule["id"] for rule in rules), _indexes(artifacts))
    return {
        "tool": {"driver": _driver(run, rules, style.lang)},
        "language": _LANGUAGES[style.lang],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": _word("root", style.lang)}}},
        "invocations": [
            {
                "executionSuccessful": not run.problems,
                "toolExecutionNotifications": list(writer.notifications()),
            }
        ],
        "artifacts": list(artifacts.values()),
        "results": list(writer.results()),
        "properties": _properties(run, style),
    }


def _indexes(keys: Iterable[str]) -> dict[str, int]:
    return {key: index for index, key in enumerate(keys)}


def _word(key: str, lang: str, **args: Words) -> str:
    said = {name: render(arg, lang) for name, arg in args.items()}
    return render(WORDS[key], lang).format(**said)


def _properties(run: Run, style: Style) -> dict[str, Any]:
    """Return what the report says beside single results: the raw counts among it."""
    standard = run.standard and {
        "id": run.standard.id,
        "title": run.standard.facts.title.zh,
        "sha256": run.standard.sha256,
    }
    return {
        "standard": standard,
        "reports": [
            {
                "path": path_in_repository(report.path, style),
                "county": report.county,
                "town": report.town,
                "verdict": report.verdict,
                "counts": {level: dict(counts) for level, counts in report.counts.items()},
                "waived": {level: report.waived(level) for level in LEVELS},
            }
            for report in run.reports
        ],
        "unchanged": run.unchanged,
    }


# The tool and its rules


def _driver(run: Run, rules: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    is_semantic = _SEMANTIC.fullmatch(run.version) is not None
    return {
        "name": "etown-check",
        "version": run.version,
        **({"semanticVersion": run.version} if is_semantic else {}),
        "informationUri": _HOME,
        "language": _LANGUAGES[lang],
        "rules": rules,
        "notifications": [_notification_rule(code, lang) for code in _codes(run)],
    }


def _notification_rule(code: str, lang: str) -> dict[str, Any]:
    level = WARNING if code.startswith("W") else ERROR
    kind = KINDS[code]
    message, hint = (_gapped(render(text, lang)) for text in (kind.message, kind.hint))
    return {
        "id": code,
        "name": f"{texts.word(level, lang)} {code}",
        "shortDescription": {"text": message},
        "fullDescription": {"text": f"{message} {hint}"},
        "help": {"text": _word("example", lang, code=code)},
        "defaultConfiguration": {"level": level},
    }


def _codes(run: Run) -> list[str]:
    """Return the codes of the mistakes and warnings that occur, in the order of their table."""
    found = {problem.code for problem in (*run.problems, *run.warnings)}
    return [code for code in KINDS if code in found]


def _gapped(sentence: str) -> str:
    """Return a sentence of the catalogue with gaps for its arguments."""
    return re.sub(r"\{\w+\}", "…", sentence)


def _rules(standard: Standard, lang: str) -> Iterator[dict[str, Any]]:
    """Yield a rule for each check and for each code of doubts, in the standard's order."""
    for item, check in standard.checks:
        yield _rule(standard, item, check, lang)
    by_code: dict[str, list[DoubtRule]] = {}
    for rule in standard.doubts:
        by_code.setdefault(rule.code, []).append(rule)
    for code, rules in by_code.items():
        yield _doubt_rule(standard, code, rules, lang)


def _rule(standard: Standard, item: Item, check: Check, lang: str) -> dict[str, Any]:
    lines = [*(explain(standard, check.id, lang) or ())]
    return {
        "id": check.id,
        "name": visible(render(check.name, lang)),
        "shortDescription": {"text": visible(render(check.name, lang))},
        "fullDescription": {"text": visible("".join(item.requirement))},
        "help": {"text": _help(lines, lang), "markdown": _markdown(lines, lang)},
        "helpUri": _HELP,
        "defaultConfiguration": {"level": _LEVELS[item.level]},
        "properties": {"tags": [item.level, item.part, visible(render(item.section, lang))]},
    }


def _doubt_rule(
    standard: Standard, code: str, rules: Iterable[DoubtRule], lang: str
) -> dict[str, Any]:
    space = " " if lang == "en" else ""
    text = visible(space.join(_doubt_text(standard, rule, lang) for rule in rules))
    doubts = texts.word("doubts", lang)
    return {
        "id": code,
        "name": _word("doubt_rule", lang, code=code),
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {
            "text": f"{doubts}\n{text}",
            "markdown": f"**{_escaped(doubts)}**\n\n{_escaped(text)}",
        },
        "helpUri": _HELP,
        "defaultConfiguration": {"level": NOTE},
        "properties": {"tags": ["doubt"]},
    }


def _doubt_text(standard: Standard, rule: DoubtRule, lang: str) -> str:
    """Say what a rule for doubts looks for."""

    def name(metric: str) -> Text:
        return standard.metrics[metric].name

    match rule:
        case Exceeds():
            return _word("exceeds", lang, metric=name(rule.metric), limit=name(rule.limit))
        case GrowthDiffers():
            names = {"metric": name(rule.metric), "growth": name(rule.growth)}
            return _word("growth_differs", lang, **names, tolerance=rule.tolerance)
        case RepeatedNames():
            return _word("repeated_names", lang)
        case SharedNames():
            first, second = map(name, rule.metrics)
            return _word("shared_names", lang, first=first, second=second)
        case SameValue():
            first, second = map(name, rule.metrics)
            return _word("same_value", lang, first=first, second=second)
        case OnThreshold():
            return _word("on_threshold", lang)
        case QuotientAbove():
            limit, _ = number_text(rule.limit)
            names = {"metric": name(rule.metric), "by": name(rule.by)}
            return _word("quotient_above", lang, **names, limit=limit)
        case UnitSlip():
            factor, _ = number_text(rule.factor)
            return _word("unit_slip", lang, kind=METRIC_KINDS[rule.kind], factor=factor)
        case FutureYear():
            return _word("future_year", lang)
        case BelowSum():
            parts = tuple(map(name, rule.parts))
            return _word("below_sum", lang, metric=name(rule.metric), parts=parts)
        case DateAhead():
            return _word("date_ahead", lang)
        case Follows():
            return _word("follows", lang, metric=name(rule.metric), after=name(rule.after))
        case _:
            return _ledger_doubt_text(standard, rule, lang)


def _ledger_doubt_text(standard: Standard, rule: LedgerRule, lang: str) -> str:
    form = standard.ledger
    assert form is not None  # without which there are no such rules
    match rule:
        case DeniedByRow():
            metric = standard.metrics[rule.metric].name
            return _word("denied_by_row", lang, metric=metric, category=rule.category)
        case RowsSpeakOf():
            return _word("rows_speak_of", lang, uses=tuple(it.use for it in form.words))
        case VoucherRepeated():
            return _word("voucher_repeated", lang)
        case RowRepeated():
            return _word("row_repeated", lang)
        case RowOutside():
            first, last = map(str, form.years)
            return _word("row_outside", lang, first=first, last=last)
        case TotalDiffers():
            return _word("total_differs", lang)
        case _:
            assert_never(rule)


Lines = Iterable[tuple[int, str, str]]
"""What `explain` yields: indentation, label and text."""


def _help(lines: Lines, lang: str) -> str:
    """Return an explanation as plain text, which in SARIF must not be indented."""
    colon = ": " if lang == "en" else "："
    said = (f"{label}{colon}{text}" if label.strip() else text for _, label, text in lines)
    return "\n".join(visible(line) for line in said if line)


def _markdown(lines: Lines, lang: str) -> str:
    """Return an explanation as Markdown: headings, and an entry for each label."""
    colon = ": " if lang == "en" else "："
    written: list[str] = []
    for _, label, text in lines:
        if label == SAME:
            written[-1] += f"\\\n  {_escaped(text)}"
        elif label:
            written.append(f"- **{_escaped(label)}**{colon}{_escaped(text)}")
        elif text:
            written.append(f"\n**{_escaped(text)}**\n")
    return "\n".join(written).strip()


def _escaped(text: str) -> str:
    """Return `text` so that Markdown shows it as it stands."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&!])", r"\\\1", visible(text))


# Results and notifications


class _Writer:
    """Writes what refers to rules, files and the baseline of one run."""

    def __init__(
        self, run: Run, style: Style, rules: Mapping[str, int], artifacts: Mapping[str, int]
    ) -> None:
        self.run = run
        self.style = style
        self.rules = rules
        self.artifacts = artifacts
        self.codes = _indexes(_codes(run))

    def results(self) -> Iterator[dict[str, Any]]:
        """Yield what is to be looked at, then what is not, where that is wanted."""
        for finding in findings(self.run, self.style):
            if finding.report is not None:
                yield self._result(finding, finding.report)
        if self.style.with_passes:
            for report in self.run.reports:
                for item in report.items:
                    for check in item.checks:
                        if not check.is_open:
                            finding = of_check(report, item, check, self.style)
                            yield self._result(finding, report)

    def notifications(self) -> Iterator[dict[str, Any]]:
        """Yield the mistakes of inputs, and the warnings about them."""
        for problem in (*self.run.problems, *self.run.warnings):
            finding = of_problem(problem, self.style)
            yield {
                "descriptor": {"id": problem.code, "index": self.codes[problem.code]},
                "level": finding.severity,
                "message": _message(finding.told),
                **self._locations(problem),
            }

    def _result(self, finding: Finding, report: Report) -> dict[str, Any]:
        kind, level = "review", "none"
        message = finding.told
        if finding.item is not None and finding.check is not None:
            kind = "open" if finding.check.lacks_assurance else _KINDS[finding.check.status]
            level = _LEVELS[finding.item.level] if kind == "fail" else "none"
            stop = ". " if self.style.lang == "en" else "。"
            message = f"{finding.title}{stop}{message}"
        place = finding.position or _WHOLE_FILE
        path = finding.doubt.path if finding.doubt and finding.doubt.path else report.path
        where = self._location(path, place, finding.end)
        return {
            "ruleId": finding.rule,
            "ruleIndex": self.rules[finding.rule],
            "kind": kind,
            "level": level,
            "message": _message(message),
            "locations": [where],
            **self._related(finding.check, report),
            "partialFingerprints": {"etownCheck/v1": finding.fingerprint},
            # Of one run all results have these two, or none.
            **self._baseline_state(finding.check),
            "suppressions": list(self._suppressions(finding.check)),
            "properties": {
                **({"severity": finding.severity} if kind in ("open", "review") else {}),
                **_facts(finding, report, self.style.lang),
            },
        }

    def _related(self, check: CheckResult | None, report: Report) -> dict[str, Any]:
        """Return the first of the ledger's rows that a check is about."""
        rows = check.rows[:MOST_NAMED] if check else ()
        if report.ledger is None or not rows:
            return {}
        told = texts.row_lines(rows, self.style.lang)
        return {
            "relatedLocations": [
                {
                    **self._location(report.ledger.path, row.position, None),
                    "message": _message(text),
                }
                for row, text in zip(rows, told, strict=True)
            ]
        }

    def _baseline_state(self, check: CheckResult | None) -> dict[str, str]:
        """Tell a check that is no worse than before; doubts are not held against a baseline."""
        if not self.run.baseline:
            return {}
        is_known = check is not None and check.is_known
        return {"baselineState": "unchanged" if is_known else "new"}

    def _suppressions(self, check: CheckResult | None) -> Iterator[dict[str, Any]]:
        waiver: Waiver | None = check.waiver if check else None
        if waiver is not None:
            yield {
                "kind": "external",
                "status": "accepted",
                "justification": texts.waiver_text(waiver, self.style.lang),
                "location": self._location(waiver.path, waiver.position, None),
            }

    def _locations(self, problem: Problem) -> dict[str, Any]:
        if not problem.path:
            return {}
        return {"locations": [self._location(problem.path, problem.position, problem.end)]}

    def _location(self, path: str, position: Position | None, end: int | None) -> dict[str, Any]:
        artifact = _artifact_location(path, self.style)
        if artifact["uri"] in self.artifacts:
            artifact["index"] = self.artifacts[artifact["uri"]]
        physical: dict[str, Any] = {"artifactLocation": artifact}
        if position is not None and not position.sheet:
            physical["region"] = {"startLine": position.line, "startColumn": position.column}
            if end is not None:
                physical["region"]["endColumn"] = end
        location: dict[str, Any] = {"physicalLocation": physical}
        if position is not None and position.sheet:
            # A workbook is no text: instead of a line stands what Excel calls the place.
            cell = visible(cell_name(position))
            location["logicalLocations"] = [{"fullyQualifiedName": cell, "kind": "element"}]
        return location


def _message(text: str) -> dict[str, str]:
    """Return a message in which nothing is taken for a placeholder or for a link."""
    plain = visible(text).replace("{", "{{").replace("}", "}}")
    return {"text": plain.replace("](", "] (")}


def _facts(finding: Finding, report: Report, lang: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"town": visible(report.town)}
    item, check = finding.item, finding.check
    if item is not None and check is not None:
        facts |= {
            "item": item.id,
            "status": check.status,
            "assurance": check.assurance,
            "declared": _value(check.declared, lang),
            "required": _value(check.required, lang),
            "gap": _value(check.gap, lang),
        }
    return facts


def _value(words: Words | None, lang: str) -> str | None:
    return None if words is None else texts.shown(words, lang)


# Files


def _artifacts(run: Run, style: Style) -> dict[str, dict[str, Any]]:
    """Return the files that were judged, by address: two paths may name the same one."""
    artifacts = {}
    for path, digest in _judged(run):
        location = _artifact_location(path, style)
        artifacts[location["uri"]] = {
            "location": location,
            "roles": ["analysisTarget"],
            "hashes": {"sha-256": digest},
        }
    return artifacts


def _judged(run: Run) -> Iterator[tuple[str, str]]:
    """Yield each data file and its ledger, with their digests."""
    for report in run.reports:
        yield report.path, report.sha256
        if report.ledger is not None:
            yield report.ledger.path, report.ledger.sha256


def _artifact_location(path: str, style: Style) -> dict[str, Any]:
    """Return a file's address: relative to the repository where it lies in it, else absolute."""
    slashed = raw_path(path, style)
    if os.path.isabs(slashed):
        leading = "" if slashed.startswith("/") else "/"  # a drive's letter has none
        return {"uri": f"file://{leading}{_quoted(slashed, '/:')}"}
    return {"uri": _quoted(slashed, "/"), "uriBaseId": _ROOT}


def _quoted(path: str, safe: str) -> str:
    return quote(path, safe=safe, errors=sys.getfilesystemencodeerrors())
