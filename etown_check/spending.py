"""Judging what a ledger's rows were spent on, out of whose money, and against what came in."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from etown_check.ledger import Ledger, LedgerRow, Sum, total
from etown_check.outcomes import Outcome
from etown_check.problems import Position
from etown_check.quantities import money_of
from etown_check.report import FAIL, MISSING, PASS, REVIEW
from etown_check.standard import RowsBear, SpendsNothingOn, Standard
from etown_check.submission import Amounts
from etown_check.words import Phrase, Text, Words, say

MOST_NAMED = 10
"""More rows than these are not named in one sentence; a report lists them all."""


def judge_forbidden(constraint: SpendsNothingOn, standard: Standard, ledger: Ledger) -> Outcome:
    """Fail what was paid for a forbidden use with public money, row by row.

    Other money is only noted; where a row does not say whose it is, a person must find out. A
    refund does not undo what was paid, and is named as well.
    """
    rows = [row for row in ledger.forbidden if row.category == constraint.category]
    public = tuple(row for row in rows if row.source in constraint.sources)
    unknown = tuple(row for row in rows if not row.source)
    others = [row for row in rows if row.source and row.source not in constraint.sources]
    sources = source_names(standard, constraint.sources)
    remarks = (_told("spent_by_others", others, sources),) if others else ()
    if public:
        told = _told("spent_publicly", public, sources)
        return Outcome(FAIL, reason=told, is_shortfall=True, remarks=remarks, rows=public)
    if unknown:
        told = _told("spent_unknown", unknown, sources)
        return Outcome(REVIEW, reason=told, remarks=remarks, rows=unknown)
    return Outcome(PASS, remarks=remarks)


def _told(key: str, rows: Sequence[LedgerRow], sources: Words) -> Phrase:
    args = {"number": len(rows), "amount": _amount(rows), "rows": named_rows(rows)}
    return say(key, sources=sources, **args)


def judge_received(metric: str, received: Amounts, ledger: Ledger) -> Outcome:
    """Hold what was spent of each source against what came in of it.

    What was overspent fails, before what nothing is said of is missing. Rows without a source
    are no source's.
    """
    spent = {source: ledger.spent(source).amount for source in _sources(ledger)}
    limits = {source: received.of(source) for source in spent}
    unknown = tuple(source for source, limit in limits.items() if limit is None)
    over = {
        source: spent[source] - limit.amount
        for source, limit in limits.items()
        if limit is not None and spent[source] > limit.amount
    }
    if over:
        told = tuple(
            say(
                "overspent_of",
                source=source,
                spent=money_of(spent[source]),
                received=limits[source] or "",
                gap=money_of(excess),
            )
            for source, excess in over.items()
        )
        gap = money_of(sum(over.values(), Fraction(0)))
        return Outcome(FAIL, None, gap, say("overspent", sources=told), is_shortfall=True)
    if unknown:
        reason = say("received_undeclared", sources=unknown)
        return Outcome(MISSING, reason=reason, missing=((metric, None),))
    return Outcome(PASS)


def judge_sources(ledger: Ledger) -> Outcome:
    """Fail a ledger with rows that do not say whose money was spent."""
    if not ledger.unsourced:
        return Outcome(PASS)
    rows = ledger.unsourced
    reason = say("rows_unsourced", number=len(rows), rows=named_rows(rows))
    gap = say("rows", number=len(rows))
    return Outcome(FAIL, gap=gap, reason=reason, is_shortfall=True, rows=rows)


def shown_rows(constraint: SpendsNothingOn | RowsBear, ledger: Ledger) -> Words:
    """Return what the ledger says of what is judged: how many rows, and what they come to."""
    if isinstance(constraint, RowsBear):
        return say("rows", number=ledger.rows)
    sums = [it for (_, category), it in ledger.sums.items() if category == constraint.category]
    spent: Sum = total(sums)
    if not spent.rows:
        return say("no_rows")
    return say("rows_of", number=spent.rows, amount=money_of(spent.amount))


def shown_received(received: Amounts, ledger: Ledger) -> Words:
    """Return what was spent of each source beside what came in."""
    sources = dict.fromkeys([*(word for word, _ in received.by), *_sources(ledger)])
    return tuple(
        say(
            "spent_of",
            source=source,
            spent=money_of(ledger.spent(source).amount),
            received=received.of(source) or say("undeclared"),
        )
        for source in sources
    )


def source_names(standard: Standard, sources: Iterable[str]) -> tuple[Words, ...]:
    """Return the names of sources in both languages."""
    form = standard.ledger
    names: dict[str, Text] = {it.name.zh: it.name for it in form.sources} if form else {}
    return tuple(names.get(source, source) for source in sources)


def named_rows(rows: Sequence[LedgerRow]) -> Words:
    """Return rows by their places, dates, amounts and vouchers, the first of many."""
    told: list[Words] = [row_named(row) for row in rows[:MOST_NAMED]]
    if len(rows) > MOST_NAMED:
        told.append(say("more_rows", number=len(rows) - MOST_NAMED))
    return tuple(told)


def row_named(row: LedgerRow) -> Phrase:
    """Return how one row is named: where it stands, its date, amount and voucher."""
    return say(
        "row_named",
        place=row_at(row.position),
        date=row.on,
        amount=row.amount,
        voucher=say("voucher", number=row.voucher) if row.voucher else say("no_voucher"),
    )


def row_at(position: Position) -> Phrase:
    """Return where a row stands: its line, or its sheet and row."""
    line, _, sheet = position
    if sheet:
        return say("row_of_sheet", sheet=sheet, line=line)
    return say("row_at", line=line)


def _sources(ledger: Ledger) -> list[str]:
    return list(dict.fromkeys(source for source, _ in ledger.sums if source))


def _amount(rows: Iterable[LedgerRow]) -> Words:
    return money_of(sum((row.amount.amount for row in rows), Fraction(0)))
