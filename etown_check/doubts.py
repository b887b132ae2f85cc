"""Data doubts 数据疑点: what looks odd in the figures. They warn and never change a status."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from etown_check.constraints import growth_between
from etown_check.ledger import Ledger, LedgerRow, Repeated, Suspicious, WrongTotal
from etown_check.memory import Memory, Once
from etown_check.outcomes import Compared, Comparison, unexpected
from etown_check.problems import Position
from etown_check.quantities import Quantity, money_of, number_text
from etown_check.report import Doubt
from etown_check.spending import named_rows, row_at, row_named
from etown_check.standard import (
    BelowSum,
    DateAhead,
    DeniedByRow,
    DoubtRule,
    Exceeds,
    Follows,
    FutureYear,
    GrowthDiffers,
    LedgerForm,
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
from etown_check.submission import Declaration, Entry, Submission
from etown_check.text import fold
from etown_check.words import Text, Words, say


def subjects_of(rule: DoubtRule) -> tuple[str, ...]:
    """Return the metrics that a rule holds against each other; none for any other rule.

    It doubts nothing where one of them is not declared.
    """
    match rule:
        case Exceeds(metric=metric, limit=other) | QuotientAbove(metric=metric, by=other):
            return (metric, other)
        case GrowthDiffers(metric=metric, growth=other) | Follows(metric=metric, after=other):
            return (metric, other)
        case SharedNames(metrics=metrics) | SameValue(metrics=metrics):
            return metrics
        case BelowSum(metric=metric, parts=parts):
            return (metric, *parts)
        case _:
            return ()


MOST_REMEMBERED = 300
"""Answers of rules that are remembered."""

_REMEMBERED: Memory[tuple[int, ...], tuple[DoubtRule, tuple[object, ...], tuple[Doubt, ...]]] = (
    Memory(MOST_REMEMBERED)
)
"""What rules said of what they looked at, by the identities of all of these, which are held with it."""


def is_odd(standard: Standard, comparison: Comparison) -> bool:
    """Tell whether some rule doubts a number for what it was held against."""
    for rule in _ABOUT_COMPARISONS.of(standard):
        if isinstance(rule, OnThreshold):
            if _is_on_threshold(comparison):
                return True
        elif _is_slip(rule, standard, comparison):
            return True
    return False


def _about_comparisons(standard: Standard) -> tuple[OnThreshold | UnitSlip, ...]:
    return tuple(it for it in standard.doubts if isinstance(it, (OnThreshold, UnitSlip)))


_ABOUT_COMPARISONS = Once(_about_comparisons)


def _is_on_threshold(comparison: Comparison) -> bool:
    return comparison.value.amount == comparison.threshold.amount


def _is_slip(rule: UnitSlip, standard: Standard, comparison: Comparison) -> bool:
    metric, value, threshold = comparison
    if standard.metrics[metric].kind != rule.kind or value.unit == "%":
        return False
    if not value.amount or not threshold.amount:
        return False
    times = value.amount / threshold.amount
    return not 1 / rule.factor < times < rule.factor


def may_be_odd(declaration: Declaration) -> bool:
    """Tell whether some rule may doubt a declaration for what it says by itself."""
    record = declaration.verification
    return _may_be_odd(declaration.entries) or (record is not None and _may_be_odd(record.entries))


def _may_be_odd(entries: Mapping[int | None, Entry]) -> bool:
    for year, entry in entries.items():
        if year is not None or isinstance(entry.value, date):
            return True
        if len(entry.names) > 1 and len(set(map(fold, entry.names))) < len(entry.names):
            return True
    return False


class Finder:
    """Asks the rules of a standard what they doubt of a submission.

    `odd` is what checks compared, as much of it as `is_odd`; `suspects` are the metrics of which
    what is declared `may_be_odd`.
    """

    def __init__(
        self,
        standard: Standard,
        submission: Submission,
        odd: Sequence[Compared],
        suspects: Collection[str],
    ) -> None:
        self.standard = standard
        self.submission = submission
        self.odd = odd
        declared = submission.declarations
        self.suspects = [it for key, it in declared.items() if key in suspects]

    def ask(self, rule: DoubtRule, subjects: tuple[str, ...]) -> tuple[Doubt, ...]:
        """Return what a rule says of its subjects, or said before where they are the same."""
        looked_at: tuple[object, ...]
        day = 0
        if subjects:
            looked_at = tuple(map(self.submission.declarations.get, subjects))
            if None in looked_at:
                return ()
        else:
            match rule:
                case RepeatedNames():
                    looked_at = tuple(self.suspects)
                case FutureYear() | DateAhead():  # both of which name the date
                    looked_at, day = tuple(self.suspects), self.submission.as_of.toordinal()
                case OnThreshold() | UnitSlip():
                    at = [self._declared(it.comparison.metric) for it in self.odd]
                    looked_at = (*self.odd, *at)
                case _:  # a ledger is to be held by nobody else
                    return tuple(self.find(rule))
        key = id(rule), day, *map(id, looked_at)
        known = _REMEMBERED.recall(key)
        if known is None:
            known = rule, looked_at, tuple(self.find(rule))
            _REMEMBERED.remember(key, known)
        return known[2]

    def find(self, rule: DoubtRule) -> Iterator[Doubt]:
        """Yield what a rule doubts."""
        match rule:
            case Exceeds():
                return self._exceeds(rule)
            case GrowthDiffers():
                return self._growth_differs(rule)
            case RepeatedNames():
                return self._repeated_names(rule)
            case SharedNames():
                return self._shared_names(rule)
            case SameValue():
                return self._same_value(rule)
            case OnThreshold():
                return self._on_threshold(rule)
            case QuotientAbove():
                return self._quotient_above(rule)
            case UnitSlip():
                return self._unit_slip(rule)
            case FutureYear():
                return self._future_year(rule)
            case BelowSum():
                return self._below_sum(rule)
            case DateAhead():
                return self._date_ahead(rule)
            case Follows():
                return self._follows(rule)
            case _:
                return self._of_ledger(rule)

    def _doubt(
        self, code: str, key: str, metrics: tuple[str, ...], at: Position | None, **args: Words
    ) -> Doubt:
        return Doubt(code, say(key, **args), metrics, at)

    def _name(self, metric: str) -> Text:
        return self.standard.metrics[metric].name

    def _declared(self, metric: str) -> Declaration | None:
        return self.submission.declarations.get(metric)

    def _common(self, *metrics: str) -> Iterator[tuple[int | None, list[Entry]]]:
        """Yield the years, or `None`, in which all of `metrics` are declared."""
        declarations = [self._declared(metric) for metric in metrics]
        first = declarations[0]
        if first is None:
            return
        for year in first.in_force:
            entries = [it.entry(year) if it else None for it in declarations]
            found = [entry for entry in entries if entry is not None]
            if len(found) == len(metrics):
                yield year, found

    def _exceeds(self, rule: Exceeds) -> Iterator[Doubt]:
        metrics = (rule.metric, rule.limit)
        for year, (entry, limit) in self._common(*metrics):
            if entry.amount > limit.amount:
                yield self._doubt(
                    rule.code,
                    "doubt_exceeds",
                    metrics,
                    entry.position,
                    year=str(year),
                    metric=self._name(rule.metric),
                    value=entry.quantity,
                    limit=self._name(rule.limit),
                    limit_value=limit.quantity,
                )

    def _growth_differs(self, rule: GrowthDiffers) -> Iterator[Doubt]:
        values = self._declared(rule.metric)
        for year, (declared, after) in self._common(rule.growth, rule.metric):
            before = values.entry(year - 1) if values and year is not None else None
            if before is None:
                continue
            computed = growth_between(before.quantity, after.quantity)
            if computed is None or abs(computed - declared.amount) <= rule.tolerance.amount:
                continue
            yield self._doubt(
                rule.code,
                "doubt_growth",
                (rule.growth, rule.metric),
                declared.position,
                year=str(year),
                metric=self._name(rule.growth),
                declared=declared.quantity,
                computed=Quantity(computed, "%"),
                tolerance=rule.tolerance,
            )

    def _repeated_names(self, rule: RepeatedNames) -> Iterator[Doubt]:
        for declaration in self.suspects:
            key = declaration.metric
            for entry in declaration.entries.values():
                seen: set[str] = set()
                told: set[str] = set()
                for name in entry.names:
                    folded = fold(name)
                    if folded in seen and folded not in told:
                        told.add(folded)
                        yield self._doubt(
                            rule.code,
                            "doubt_repeated",
                            (key,),
                            entry.position,
                            metric=self._name(key),
                            name=name.strip(),
                        )
                    seen.add(folded)

    def _shared_names(self, rule: SharedNames) -> Iterator[Doubt]:
        first, second = rule.metrics
        others = {fold(name) for name in self._all_names(second)}
        declaration = self._declared(first)
        for name in dict.fromkeys(self._all_names(first)):
            if fold(name) in others and declaration is not None:
                yield self._doubt(
                    rule.code,
                    "doubt_shared",
                    rule.metrics,
                    declaration.position,
                    name=name.strip(),
                    first=self._name(first),
                    second=self._name(second),
                )

    def _all_names(self, metric: str) -> list[str]:
        declaration = self._declared(metric)
        entries = declaration.entries.values() if declaration else ()
        return [name for entry in entries for name in entry.names]

    def _same_value(self, rule: SameValue) -> Iterator[Doubt]:
        if any(self._says(metric, rule.settled_by) for metric in rule.metrics):
            return
        step = rule.to.amount if rule.to else None
        for _, (first, second) in self._common(*rule.metrics):
            same = first.amount == second.amount
            if step is not None:
                same = first.amount // step == second.amount // step
            if same and first.amount != 0:
                yield self._doubt(
                    rule.code,
                    "doubt_same_shared" if rule.settled_by else "doubt_same",
                    rule.metrics,
                    second.position,
                    first=self._name(rule.metrics[0]),
                    second=self._name(rule.metrics[1]),
                    value=second.quantity,
                )

    def _says(self, metric: str, words: tuple[str, ...]) -> bool:
        declaration = self._declared(metric)
        return declaration is not None and any(word in declaration.note for word in words)

    def _on_threshold(self, rule: OnThreshold) -> Iterator[Doubt]:
        for check, year, comparison in self.odd:
            if not _is_on_threshold(comparison):
                continue
            args: dict[str, Words] = {
                "check": check.id,
                "name": check.name,
                "value": comparison.threshold,
            }
            key = "doubt_threshold"
            if year is not None:
                key, args["year"] = "doubt_threshold_year", str(year)
            at = self._position(comparison.metric, year)
            yield self._doubt(rule.code, key, (comparison.metric,), at, **args)

    def _unit_slip(self, rule: UnitSlip) -> Iterator[Doubt]:
        for check, year, comparison in self.odd:
            if not _is_slip(rule, self.standard, comparison):
                continue
            metric, value, threshold = comparison
            yield self._doubt(
                rule.code,
                "doubt_slip",
                (metric,),
                self._position(metric, year),
                check=check.id,
                name=check.name,
                value=value,
                threshold=threshold,
            )

    def _position(self, metric: str, year: int | None) -> Position | None:
        declaration = self._declared(metric)
        entry = declaration.entry(year) if declaration else None
        return entry.position if entry else None

    def _quotient_above(self, rule: QuotientAbove) -> Iterator[Doubt]:
        for _, (entry, by) in self._common(rule.metric, rule.by):
            if not by.amount or entry.amount / by.amount <= rule.limit:
                continue
            quotient, _ = number_text(entry.amount / by.amount, rule.limit)
            yield self._doubt(
                rule.code,
                "doubt_quotient",
                (rule.metric, rule.by),
                entry.position,
                first=self._name(rule.metric),
                second=self._name(rule.by),
                quotient=quotient,
                limit=str(rule.limit),
            )

    def _future_year(self, rule: FutureYear) -> Iterator[Doubt]:
        as_of = self.submission.as_of
        for declaration in self.suspects:
            for year, entry in declaration.entries.items():
                if year is not None and year > as_of.year:
                    yield self._doubt(
                        rule.code,
                        "doubt_future",
                        (declaration.metric,),
                        entry.position,
                        metric=self._name(declaration.metric),
                        year=str(year),
                        as_of=as_of,
                    )

    def _below_sum(self, rule: BelowSum) -> Iterator[Doubt]:
        for _, (whole, *parts) in self._common(rule.metric, *rule.parts):
            total = sum((part.amount for part in parts), Fraction(0))
            if whole.amount < total:
                yield self._doubt(
                    rule.code,
                    "doubt_sum",
                    (rule.metric, *rule.parts),
                    whole.position,
                    metric=self._name(rule.metric),
                    value=whole.quantity,
                    parts=tuple(self._name(part) for part in rule.parts),
                    sum=Quantity(total, parts[0].quantity.unit),
                )

    def _date_ahead(self, rule: DateAhead) -> Iterator[Doubt]:
        as_of = self.submission.as_of
        for declaration in self.suspects:
            for entry in declaration.in_force.values():
                if isinstance(entry.value, date) and entry.value > as_of:
                    yield self._doubt(
                        rule.code,
                        "doubt_date_ahead",
                        (declaration.metric,),
                        entry.position,
                        metric=self._name(declaration.metric),
                        value=entry.value,
                        as_of=as_of,
                    )

    def _follows(self, rule: Follows) -> Iterator[Doubt]:
        metrics = (rule.metric, rule.after)
        for _, (entry, after) in self._common(*metrics):
            if entry.day <= after.day:
                yield self._doubt(
                    rule.code,
                    "doubt_follows",
                    metrics,
                    entry.position,
                    metric=self._name(rule.metric),
                    value=entry.day,
                    after=self._name(rule.after),
                    after_value=after.day,
                )

    def _of_ledger(self, rule: LedgerRule) -> Iterator[Doubt]:
        form = self.standard.ledger
        ledger = self.submission.ledger(form.metric) if form else None
        if form is None or ledger is None:
            return
        if isinstance(rule, DeniedByRow):
            yield from self._denied_by_row(rule, form.metric, ledger)
            return
        for doubt in ledger_doubts(rule, form, ledger):
            yield doubt._replace(metrics=(form.metric,), path=ledger.path)

    def _denied_by_row(self, rule: DeniedByRow, metric: str, ledger: Ledger) -> Iterator[Doubt]:
        declaration = self._declared(rule.metric)
        entry = declaration.entry(None) if declaration else None
        rows = [row for row in ledger.forbidden if row.category == rule.category]
        rows += [it.row for it in ledger.doubtful.suspicious if it.use == rule.category]
        if entry is None or entry.amount != 0 or not rows:
            return
        yield self._doubt(
            rule.code,
            "doubt_denied",
            (rule.metric, metric),
            entry.position,
            metric=self._name(rule.metric),
            value=entry.quantity,
            category=rule.category,
            rows=named_rows(rows),
        )


def ledger_doubts(
    rule: RowsSpeakOf | VoucherRepeated | RowRepeated | RowOutside | TotalDiffers,
    form: LedgerForm,
    ledger: Ledger,
) -> Iterator[Doubt]:
    """Yield the doubts about a ledger's rows, each at its place in the ledger."""
    found = ledger.doubtful
    match rule:
        case RowsSpeakOf():
            field = "suspicious"
            yield from (_speaks(rule.code, it) for it in found.suspicious)
        case VoucherRepeated():
            field = "vouchers"
            yield from (_same_voucher(rule.code, it) for it in found.vouchers)
        case RowRepeated():
            field = "repeated"
            yield from (_same_row(rule.code, it) for it in found.repeated)
        case RowOutside():
            field = "outside"
            yield from (_outside(rule.code, it, form.years) for it in found.outside)
        case TotalDiffers():
            field = "totals"
            yield from (_wrong_total(rule.code, it) for it in found.totals)
        case _:
            raise unexpected(rule)
    more = found.counts.get(field, 0) - len(getattr(found, field))
    if more > 0:
        yield Doubt(rule.code, say("doubt_more", number=more), (), None)


def _speaks(code: str, it: Suspicious) -> Doubt:
    message = say(
        "doubt_speaks",
        row=row_named(it.row),
        description=it.row.description,
        word=it.word,
        use=it.use,
        category=it.row.category,
    )
    return Doubt(code, message, (), it.row.position)


def _same_voucher(code: str, it: Repeated) -> Doubt:
    message = say("doubt_voucher", row=row_named(it.row), first=row_at(it.first))
    return Doubt(code, message, (), it.row.position)


def _same_row(code: str, it: Repeated) -> Doubt:
    first, row = row_at(it.first), row_named(it.row)
    message = say("doubt_row_repeated", row=row, payee=it.row.payee, first=first)
    return Doubt(code, message, (), it.row.position)


def _outside(code: str, row: LedgerRow, years: tuple[int, int]) -> Doubt:
    first, last = map(str, years)
    message = say("doubt_row_outside", row=row_named(row), first=first, last=last)
    return Doubt(code, message, (), row.position)


def _wrong_total(code: str, it: WrongTotal) -> Doubt:
    message = say(
        "doubt_total",
        place=row_at(it.position),
        label=it.label,
        said=it.said,
        sum=money_of(it.sum),
    )
    return Doubt(code, message, (), it.position)
