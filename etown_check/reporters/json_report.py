"""The JSON report, version 1: mapped field by field, so that it never changes by accident.

Values (`declared`, `required`, `gap`) are in the plan's own units in every language; names,
messages and hints are in the reader's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from etown_check.ledger import LedgerRow
from etown_check.memory import Known
from etown_check.output import Spool
from etown_check.problems import Position, Problem, address
from etown_check.quantities import decimal_text, exact
from etown_check.records import Record
from etown_check.report import (
    LEVELS,
    CheckResult,
    Doubt,
    ItemResult,
    Judgement,
    LedgerTable,
    Report,
    Run,
    Style,
    Totals,
    Waiver,
)
from etown_check.reporters.json_text import on_one_line
from etown_check.reporters.streams import Piece, Write, encoded
from etown_check.words import LANGUAGES, Text, Words, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEMA_VERSION = "1"


def piece(run: Run, style: Style) -> Piece:
    """Return the records of `run`: of reports, of errors and of warnings, each on its lines."""
    lang = style.lang
    problems, warnings = mistakes(run, lang).values()
    return (
        encoded(_BETWEEN).join([report_json(one, lang, _OF_RECORDS) for one in run.reports]),
        _records(problems),
        _records(warnings),
    )


def stream(run: Run, style: Style, write: Write) -> _Document:  # noqa: ARG001
    """Begin the JSON report of what `run` is a part of."""
    return _Document(run, write)


_OF_RECORDS = "  "
"""The margin of the records of a list."""


def _records(records: Iterable[object]) -> bytes:
    return encoded(_BETWEEN.join(map(on_one_line, records)))


_BETWEEN = f",\n{_OF_RECORDS}"


class _Document:
    """A JSON document in the layout of `dumped`, of which only the reports stream."""

    def __init__(self, run: Run, write: Write) -> None:
        self._write = write
        self._flat = [on_one_line(_head(run))[1:-1]]
        self._is_begun = False
        self._has_reports = False
        between = encoded(_BETWEEN)
        self._errors, self._warnings = Spool(between), Spool(between)

    def add(self, piece: Piece) -> None:
        """Write the reports of a piece; errors and warnings stand behind the last report."""
        reports, *others = piece
        if reports:
            if self._has_reports:
                self._write(encoded(_BETWEEN))
            else:
                self._begin_list("reports")
            self._has_reports = True
            self._write(reports)
        for spool, records in zip((self._errors, self._warnings), others, strict=True):
            spool.write(records)

    def end(self, totals: Totals) -> None:
        """Write the errors, the warnings, and what stands behind them."""
        if self._has_reports:
            self._write(b"\n ]")
        else:
            self._flat.append('"reports": []')
        for key, spool in (("errors", self._errors), ("warnings", self._warnings)):
            if not spool:
                self._flat.append(f'"{key}": []')
                continue
            self._begin_list(key)
            for part in spool.parts():
                self._write(part)
            self._write(b"\n ]")
        self._flat.append(f'"unchanged": {on_one_line(totals.unchanged)}')
        self._end_line()
        self._write(b"}\n")

    def _begin_list(self, key: str) -> None:
        self._end_line()
        self._write(encoded(f',\n "{key}": [\n{_OF_RECORDS}'))

    def _end_line(self) -> None:
        """Write the values that share a line."""
        if self._flat:
            begin = ",\n " if self._is_begun else "{"
            self._write(encoded(f"{begin}{', '.join(self._flat)}"))
        self._flat, self._is_begun = [], True


def document(run: Run, lang: str) -> dict[str, Any]:
    """Return the JSON report of `run` as plain data."""
    return {
        **_head(run),
        "reports": [
            _report(
                one,
                [_item(one, item, lang) for item in one.items],
                [doubt_record(doubt, lang) for doubt in one.doubts],
            )
            for one in run.reports
        ],
        **mistakes(run, lang),
        "unchanged": run.unchanged,
    }


def report_json(report: Report, lang: str, margin: str | None) -> bytes:
    """Return the JSON of one report in UTF-8, laid out to stand behind `margin`.

    Without a margin it is on one line.
    """
    inner = None if margin is None else f"{margin}  "
    opening, between, closing = map(encoded, _brackets(inner))
    # What stands in the place of a list stands as it does: on one line, or on its own.
    nothing = None if margin is None else _LaidOut("null")
    known = _items_known(lang, inner)
    items = [known.recall(item) or _item_json(report, item, lang, inner) for item in report.items]
    doubts = [_doubt_json(doubt, lang) for doubt in report.doubts]
    record = _report(report, nothing if items else [], nothing if doubts else [])
    rest = encoded(_placed(record, margin))
    parts: list[bytes] = []
    for key, records in ((b'"items": ', items), (b'"doubts": ', doubts)):
        if records:
            begin, _, rest = rest.partition(key + b"null")
            parts += (begin, key, opening, between.join(records), closing)
    return b"".join((*parts, rest))


def _doubt_json(doubt: Doubt, lang: str) -> bytes:
    """Return the JSON of a doubt; it is remembered as the doubt is."""
    known = _DOUBTS[lang].recall(doubt)
    if known is None:
        known = _DOUBTS[lang].remember(doubt, encoded(on_one_line(doubt_record(doubt, lang))))
    return known


def _item_json(report: Report, item: ItemResult, lang: str, margin: str | None) -> bytes:
    """Return the JSON of an item of `report`, as `report_json` does of all.

    It is remembered as the item is: another file may come to the same at the same places.
    """
    inner = None if margin is None else f"{margin}  "
    head = _item_head_text(item[:_CHECKS], item.standing, item.before, lang)
    before = ", " if margin is None else f",\n{margin} "
    opening, between, closing = _brackets(inner)
    checks = between.join([_check_text(report, check, lang, inner) for check in item.checks])
    text = encoded(f'{{{head}{before}"checks": {opening}{checks}{closing}}}')
    if not any(check.rows for check in item.checks):  # whose ledger is the report's
        _items_known(lang, margin).remember(item, text)
    return text


_CHECKS = ItemResult._fields.index("checks")


@lru_cache(maxsize=1_000)
def _item_head_text(item: tuple[Any, ...], standing: str, before: str | None, lang: str) -> str:
    """Return the JSON of what stands before the checks of an item, without its brace.

    `item` holds the fields of the item before its checks. Few items ever come to anything else.
    """
    whole = ItemResult._make((*item, (), True, before, False))
    return on_one_line(_item_head(whole, standing, lang))[1:-1]


def _check_text(report: Report, check: CheckResult, lang: str, margin: str | None) -> str:
    """Return the JSON of a check of `report`, as `report_json` does of all.

    That of its judgement is remembered as the judgement is, whatever its place.
    """
    if check.waiver is not None or check.before is not None or check.rows:
        return _placed(check_record(report, check, lang), margin)
    known = _JUDGEMENTS[lang].recall(check.judgement)
    if known is None:
        texts = _judgement_texts(check.judgement, lang)
        known = _JUDGEMENTS[lang].remember(check.judgement, texts)
    before, behind = known
    position = check.position
    if position is None or position.sheet:
        return f'{{{before}, "position": {on_one_line(_position(position))}, {behind}}}'
    line, column, _ = position
    return f'{{{before}, "position": {{"line": {line}, "column": {column}}}, {behind}}}'


def _judgement_texts(judgement: Judgement, lang: str) -> tuple[str, str]:
    """Return the JSON of a judgement before and behind its position, without the braces."""
    head = _check_head_text(*_head_of(judgement), judgement.standing, None, lang)
    required = _REQUIRED.recall(judgement.required)
    if required is None:
        required = _REQUIRED.remember(judgement.required, _value_text(judgement.required))
    declared = _value_text(judgement.declared)
    verified = _value_text(judgement.verified)
    gap = _value_text(judgement.gap)
    years = on_one_line(_years(judgement.years)) if judgement.years else "null"
    reasons = tuple([render(reason, lang) for reason in judgement.reasons])
    values = f'"declared": {declared}, "verified": {verified}, "required": {required}, "gap": {gap}'
    tail = _check_tail_text(judgement.readings, reasons, judgement.quote)
    return f'{head}, {values}, "years": {years}', tail


def _value_text(words: Words | None) -> str:
    return "null" if words is None else on_one_line(_value(words))


@lru_cache(maxsize=1_000)
def _check_head_text(*about: Any) -> str:
    """Return the JSON of what stands before the values of a check: few say anything else."""
    return on_one_line(_check_head(*about))[1:-1]


@lru_cache(maxsize=1_000)
def _check_tail_text(readings: tuple[str, ...], reasons: tuple[str, ...], quote: str) -> str:
    """Return the JSON of what stands behind the position of a check."""
    return on_one_line(_check_tail(readings, reasons, quote, None, None))[1:-1]


MOST_REMEMBERED = 1_000
"""Judgements whose texts are remembered, each of some kilobytes."""
MOST_ITEMS = 600
"""Items whose texts are remembered: those of some files that come one after the other."""

_JUDGEMENTS: dict[str, Known[Judgement, tuple[str, str]]] = {
    lang: Known(MOST_REMEMBERED) for lang in LANGUAGES
}
_REQUIRED: Known[Words, str] = Known(MOST_REMEMBERED)
_DOUBTS: dict[str, Known[Doubt, bytes]] = {lang: Known(MOST_REMEMBERED) for lang in LANGUAGES}


@lru_cache(maxsize=4)
def _items_known(lang: str, margin: str | None) -> Known[ItemResult, bytes]:  # noqa: ARG001
    """Return the texts of items that are remembered in a language and behind a margin."""
    return Known(MOST_ITEMS)


def _brackets(margin: str | None) -> tuple[str, str, str]:
    """Return what stands before, between and behind the records of a list.

    They stand on lines behind `margin`, or without one on the same line.
    """
    if margin is None:
        return "[", ", ", "]"
    return f"[\n{margin}", f",\n{margin}", f"\n{margin[:-1]}]"


def _placed(value: object, margin: str | None) -> str:
    return on_one_line(value) if margin is None else _laid_out(value, margin)


def _head(run: Run) -> dict[str, Any]:
    return {"schema_version": SCHEMA_VERSION, **made_by(run)}


def made_by(run: Run) -> dict[str, Any]:
    """Return what the results of a run were made by."""
    return {
        "tool": {"name": "etown-check", "version": run.version},
        "standard": {
            "id": run.standard.id,
            "title": run.standard.facts.title.zh,
            "sha256": run.standard.sha256,
        }
        if run.standard
        else None,
    }


def mistakes(run: Run, lang: str) -> dict[str, Any]:
    """Return what is wrong with the inputs of a run."""
    return {
        "errors": [problem_record(problem, lang) for problem in run.problems],
        "warnings": [problem_record(problem, lang) for problem in run.warnings],
    }


def dumped(document: object) -> str:
    """Return `document` as JSON in which no character can do a terminal harm.

    Records of a list stand on lines of their own, a check on one, say, so that two reports can be
    compared line by line. Laying out every value by itself would take ten times as long.
    """
    return f"{_laid_out(document, '')}\n"


def _laid_out(value: object, margin: str) -> str:
    if not _is_open(value):
        return on_one_line(value)
    inner = f"{margin} "
    between = f",\n{inner}"
    if isinstance(value, _LaidOut):
        return value.text
    if isinstance(value, list):
        return f"[\n{inner}{between.join([_laid_out(it, inner) for it in value])}\n{margin}]"
    assert isinstance(value, dict)
    parts: list[str] = []
    flat: dict[str, object] = {}
    for key, it in value.items():
        if not _is_open(it):
            flat[key] = it
            continue
        if flat:
            parts.append(on_one_line(flat)[1:-1])
            flat = {}
        parts.append(f"{on_one_line(key)}: {_laid_out(it, inner)}")
    if flat:
        parts.append(on_one_line(flat)[1:-1])
    return f"{{{between.join(parts)}}}"


def _is_open(value: Any) -> bool:
    """Tell whether a value is laid out over several lines: one that holds a list of records."""
    kind = type(value)
    if kind is dict:
        return any(map(_is_open, [it for it in value.values() if type(it) in _HOLDERS]))
    return kind is _LaidOut or (kind is list and bool(value) and type(value[0]) in (dict, list))


class _LaidOut(Record):
    """A list that has been laid out already."""

    text: str


_HOLDERS = frozenset((dict, list, _LaidOut))
"""What may have to be laid out."""


def _report(report: Report, items: object, doubts: object) -> dict[str, Any]:
    return {
        "path": _path(report.path),
        "sha256": report.sha256,
        "county": report.county,
        "town": report.town,
        "tier": report.tier,
        "as_of": report.as_of.isoformat(),
        "acceptance_year": report.acceptance_year,
        "required_assurance": report.required_assurance,
        "parts": list(report.parts),
        "parts_left_out": [part.id for part in report.left_out],
        "verdict": report.verdict,
        "counts": {level: dict(counts) for level, counts in report.counts.items()},
        "waived": {level: report.waived(level) for level in LEVELS},
        "items": items,
        "doubts": doubts,
        "ledger": report.ledger and ledger_record(report.ledger),
    }


def _item(report: Report, item: ItemResult, lang: str) -> dict[str, Any]:
    checks = [check_record(report, check, lang) for check in item.checks]
    return {**_item_head(item, item.standing, lang), "checks": checks}


def _item_head(item: ItemResult, standing: str, lang: str) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": render(item.name, lang),
        "part": item.part,
        "section": item.section.zh,
        "level": item.level,
        "status": item.status,
        "standing": standing,
        "before": item.before,
        "where": item.where,
        "task": item.task,
        "requirement": item.requirement,
    }


def check_record(report: Report, check: CheckResult, lang: str) -> dict[str, Any]:
    """Return a check of `report` as the JSON reports hold it."""
    reasons = [render(reason, lang) for reason in check.reasons]
    waiver = check.waiver and _waiver(check.waiver)
    rows = _rows(report, check.rows)
    return {
        **_check_head(*_head_of(check.judgement), check.standing, check.before, lang),
        "declared": _value(check.declared),
        "verified": _value(check.verified),
        "required": _value(check.required),
        "gap": _value(check.gap),
        "years": _years(check.years),
        "position": _position(check.position),
        **_check_tail(check.readings, reasons, check.quote, waiver, rows),
    }


def _head_of(judgement: Judgement) -> tuple[str, Text, str, str | None, tuple[str, ...]]:
    """Return what a judgement says before its values."""
    return judgement.id, judgement.name, judgement.status, judgement.assurance, judgement.metrics


def _check_head(
    id: str,
    name: Text,
    status: str,
    assurance: str | None,
    metrics: tuple[str, ...],
    standing: str,
    before: str | None,
    lang: str,
) -> dict[str, Any]:
    return {
        "id": id,
        "name": render(name, lang),
        "status": status,
        "standing": standing,
        "before": before,
        "assurance": assurance,
        "metrics": list(metrics),
    }


def _check_tail(
    readings: Sequence[str],
    reasons: Sequence[str],
    quote: str,
    waiver: object,
    rows: object,
) -> dict[str, Any]:
    return {
        "notes": list(readings),
        "reasons": list(reasons),
        "quote": quote,
        "waiver": waiver,
        "rows": rows,
    }


def _years(years: Mapping[int, str]) -> dict[str, str] | None:
    return {str(year): status for year, status in years.items()} or None


def _rows(report: Report, rows: Sequence[LedgerRow]) -> list[dict[str, Any]] | None:
    """Return the rows of the ledger that a check is about, `None` for none."""
    if report.ledger is None or not rows:
        return None
    path = _path(report.ledger.path)
    return [{"path": path, **_row(row)} for row in rows]


def _row(row: LedgerRow) -> dict[str, Any]:
    return {
        "position": _position(row.position),
        "date": row.on.isoformat(),
        "amount": exact(row.amount),
        "source": row.source or None,
        "category": row.category,
        "payee": row.payee or None,
        "voucher": row.voucher or None,
        "description": row.description or None,
    }


def _waiver(waiver: Waiver) -> dict[str, str]:
    return {
        "item": waiver.subject,
        "reason": waiver.reason,
        "approver": waiver.approver,
        "document": waiver.document,
        "approved_on": waiver.approved_on.isoformat(),
        "expires_on": waiver.expires_on.isoformat(),
    }


def doubt_record(doubt: Doubt, lang: str) -> dict[str, Any]:
    """Return a doubt as the JSON reports hold it."""
    return {
        "code": doubt.code,
        "message": render(doubt.message, lang),
        "metrics": list(doubt.metrics),
        "path": _path(doubt.path) if doubt.path else None,
        "position": _position(doubt.position),
    }


def ledger_record(ledger: LedgerTable) -> dict[str, Any]:
    """Return what a ledger comes to; a source is null for the rows that bear none."""
    sources = [source.zh for source in ledger.sources]
    return {
        "path": _path(ledger.path),
        "sha256": ledger.sha256,
        "rows": ledger.rows,
        "sums": [
            {
                "source": source or None,
                "category": category.name.zh,
                "forbidden": category.is_forbidden,
                "rows": found.rows,
                "amount": _yuan(found.amount),
            }
            for source in (*sources, "")
            for category in ledger.categories
            if (found := ledger.sum(source, category.name.zh)).rows
        ],
        "sources": [
            _source(ledger, source)
            for source in (*sources, "")
            if source in ledger.received or ledger.sum(source).rows
        ],
    }


def _source(ledger: LedgerTable, source: str) -> dict[str, Any]:
    spent, received = ledger.sum(source), ledger.received.get(source)
    return {
        "source": source or None,
        "rows": spent.rows,
        "received": None if received is None else _yuan(received),
        "spent": _yuan(spent.amount),
        "balance": None if received is None else _yuan(received - spent.amount),
    }


def _yuan(amount: Fraction) -> str:
    """Return an exact amount of 元, not rounded as it is for the eye."""
    return f"{decimal_text(amount)}元"


def problem_record(problem: Problem, lang: str) -> dict[str, Any]:
    """Return a mistake of an input as the JSON reports hold it."""
    position = problem.position
    return {
        "path": _path(problem.path),
        "line": position and position.line,
        "column": position and position.column,
        "end_column": problem.end,
        **_cell(position),
        "code": problem.code,
        "message": problem.message(lang),
        "hint": problem.hint(lang),
    }


def _value(words: Words | None) -> str | None:
    return None if words is None else render(words, "zh")


def _position(position: Position | None) -> dict[str, int | str] | None:
    return position and {"line": position.line, "column": position.column, **_cell(position)}


def _cell(position: Position | None) -> dict[str, str]:
    """Return the cell of a workbook; what stands in a text file has none."""
    if position is None or not position.sheet:
        return {}
    return {"sheet": position.sheet, "cell": address(position)}


def _path(path: str) -> str:
    """Return a path that may hold undecodable bytes as text that JSON can carry."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
