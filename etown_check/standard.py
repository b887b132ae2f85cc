"""The compiled standard: what a plan asks, as plain frozen records.

`etown_check.authoring` reads a standard's YAML, checks it and compiles it to plain data;
`from_plain` turns that data into the records below. The engine, the reading of data files and
the reporters work on these records alone, so that a run imports nothing that only the authors
of standards need.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from etown_check.quantities import Fault, Quantity, read_threshold
from etown_check.records import Record
from etown_check.text import fold
from etown_check.words import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BINDING, EXPECTED = "binding", "expected"

FACT_KINDS = {"contact": "contact", "ledger": "fund_ledger"}
"""Kinds of metric that a data file declares among its facts, and the key of each there."""

MAIN_FILE = "standard.yaml"
"""The file of a standard's folder that names the others."""


class Quote(Record):
    """Words of the plan and the clause where they stand."""

    text: str
    where: str


class Facts(Record):
    """What the document says of itself."""

    title: Text
    number: str
    issuers: tuple[str, ...]
    issued_on: date


class Tier(Record):
    id: str
    name: Text


class County(Record):
    """A county, its one e-town, and what the plan makes of it.

    `inferred` names the facts that the plan does not state but forces; `basis` quotes what
    forces them.
    """

    name: str
    name_en: str
    town: str
    tier: str
    demonstration: bool
    inferred: tuple[str, ...]
    basis: tuple[Quote, ...]


class Period(Record):
    """Years that a check may ask about.

    `chosen` periods stand for one of their years, the submission's acceptance year. A shortfall
    in one of the `short_years` is left to a reviewer.
    """

    id: str
    name: Text
    years: tuple[int, ...]
    chosen: bool
    short_years: tuple[int, ...]
    short_reading: str | None
    basis: Quote | None


class Metric(Record):
    """Something that a county declares.

    `kind` is count, money, area, ratio, yes_no, document, names, choice, date, months, amounts
    (money by the words of the vocabulary), contact or ledger. `units` are the unit words of a
    count; `vocabulary` is closed. A `reference` metric comes from reference data.
    """

    key: str
    name: Text
    kind: str
    units: tuple[str, ...]
    vocabulary: tuple[str, ...]
    yearly: bool
    reference: bool
    definition: str | None
    evidence: Text
    example: str | None

    @property
    def is_fact(self) -> bool:
        """Whether it stands among the facts of a data file, not among its metrics."""
        return self.kind in FACT_KINDS


class LedgerColumn(Record):
    """A column that a ledger must have, and the other names (`also`) under which it is known."""

    key: str
    name: Text
    also: tuple[str, ...]


class Category(Record):
    """What a ledger's row may be paid for, or must never be (`is_forbidden`).

    `quote` holds the plan's words for it; `also` are other names for the same.
    """

    name: Text
    is_forbidden: bool
    quote: Quote
    also: tuple[str, ...]


class FundSource(Record):
    """Whose money a ledger's row was paid with, and other names for the same."""

    name: Text
    also: tuple[str, ...]


class WordList(Record):
    """Words by which a description speaks of a forbidden `use`.

    What stands in `exceptions` is taken out of a description before it is searched.
    """

    use: str
    words: tuple[str, ...]
    exceptions: tuple[str, ...]


class LedgerForm(Record):
    """The form of the fund ledger: its columns, and the closed lists of two of them.

    `years` are the first and the last in which a row is to be expected.
    """

    metric: str
    columns: tuple[LedgerColumn, ...]
    sources: tuple[FundSource, ...]
    categories: tuple[Category, ...]
    words: tuple[WordList, ...]
    years: tuple[int, int]


class Reading(Record):
    """How we read the plan where it leaves something open."""

    id: str
    about: Text
    is_quote: bool
    text: Text


class Ruling(Record):
    """A status that the plan or a reading gives in a special case, and why."""

    status: str
    reading: str | None
    because: str | None


class Threshold(Record):
    """A threshold per tier; the same in each where the plan has only one."""

    by_tier: dict[str, Quantity]

    def of(self, tier: str) -> Quantity:
        """Return the threshold for a county of `tier`."""
        return self.by_tier[tier]


class Exists(Record):
    """A document exists."""

    metric: str


class IsYes(Record):
    """A yes-or-no metric is 是."""

    metric: str


class AtLeast(Record):
    """A value is not less than its threshold; `shortfall` rules where it is.

    `as_in` is the check whose threshold it is, where the plan's words do not repeat it.
    """

    metric: str
    threshold: Threshold
    shortfall: Ruling | None
    as_in: str | None = None


class Above(Record):
    """A value is greater than its threshold."""

    metric: str
    threshold: Threshold


class Equals(Record):
    """A value is exactly this one."""

    metric: str
    value: Threshold


class Between(Record):
    """A value lies between two bounds, both included."""

    metric: str
    low: Threshold
    high: Threshold


class HoldsAll(Record):
    """A list of names holds all members; `shortfall` rules where one lacks."""

    metric: str
    members: tuple[str, ...]
    shortfall: Ruling | None


class HoldsAny(Record):
    """A list of names holds at least one of the members."""

    metric: str
    members: tuple[str, ...]


class OneOf(Record):
    """A choice is one of those accepted."""

    metric: str
    accepted: tuple[str, ...]


class AtLeastMetric(Record):
    """A value is not less than another metric's."""

    metric: str
    other: str


class GrowthAtLeast(Record):
    """A metric grew by at least `threshold` over the year before.

    The growth is computed from the two years unless `growth`, the metric that declares it, has
    a value for the year.
    """

    metric: str
    growth: str
    threshold: Threshold


class Outgrows(Record):
    """A metric's growth is at least `margin` above a reference's; `exactly` rules on the margin."""

    metric: str
    growth: str
    reference: str
    margin: Threshold
    exactly: Ruling


class ShareAtLeast(Record):
    """A count is at least `threshold` of another; 0 of 0 is left to a reviewer."""

    metric: str
    whole: str
    threshold: Threshold


class OnOrBefore(Record):
    """A date is not after the deadline.

    Where it is `pending`, an undeclared one is not due until the deadline has passed.
    """

    metric: str
    deadline: date
    pending: bool


class EveryMonth(Record):
    """A list of months holds every one from `first` to the month before the data's own."""

    metric: str
    first: str


class AllDeclared(Record):
    """All of several metrics are declared, whatever their values."""

    metrics: tuple[str, ...]

    @property
    def metric(self) -> str:
        """The first of the metrics."""
        return self.metrics[0]


class IsComplete(Record):
    """Every part of a contact is given."""

    metric: str


class SpendsNothingOn(Record):
    """No row of a ledger in `category` is paid from one of `sources`."""

    metric: str
    category: str
    sources: tuple[str, ...]


class SpentWithin(Record):
    """What a ledger spends of each source is not more than what `metric` says was received."""

    metric: str
    ledger: str


class RowsBear(Record):
    """Every row of a ledger says something in `column`."""

    metric: str
    column: str


Simple = (
    Exists
    | IsYes
    | AtLeast
    | Above
    | Equals
    | Between
    | HoldsAll
    | OneOf
    | AtLeastMetric
    | GrowthAtLeast
    | Outgrows
    | ShareAtLeast
    | HoldsAny
    | OnOrBefore
    | EveryMonth
    | AllDeclared
    | IsComplete
    | SpendsNothingOn
    | SpentWithin
    | RowsBear
)


class AnyOf(Record):
    """One of several constraints holds; a failing one beside it is noted with a reading."""

    of: tuple[Simple, ...]
    one_fails: str | None


Constraint = Simple | AnyOf


class Check(Record):
    """One thing that is checked, and the words of the plan that ask for it.

    `period` is a key of the calendar for a check over years; `only` is "demonstration" or
    "other" for one that holds for some counties. `quotes` maps each tier to its words. A
    `waivable` check is one that a city may excuse a town from.
    """

    id: str
    name: Text
    constraint: Constraint
    period: str | None
    only: str | None
    quotes: dict[str, str]
    also: tuple[Quote, ...]
    readings: tuple[str, ...]
    waivable: bool


class Item(Record):
    """An item of the plan: 建设内容 (`task`), 建设标准 (`requirement`) and their checks."""

    id: str
    part: str
    section: Text
    name: Text
    level: str
    where: str
    task: str
    requirement: tuple[str, ...]
    elsewhere: dict[str, str]
    checks: tuple[Check, ...]


class Part(Record):
    """A part of the plan; the default ones are evaluated unasked.

    A `gathered` part takes its items from several places of the plan, in an order of its own.
    """

    id: str
    name: Text
    default: bool
    gathered: bool = False


class Exceeds(Record):
    """In one year `metric` is above `limit`, which cannot be."""

    code: str
    metric: str
    limit: str
    is_error: bool


class GrowthDiffers(Record):
    """A declared growth differs from the computed one by more than `tolerance`."""

    code: str
    metric: str
    growth: str
    tolerance: Quantity


class RepeatedNames(Record):
    """A list holds a name twice."""

    code: str


class SharedNames(Record):
    """Two lists hold the same name."""

    code: str
    metrics: tuple[str, str]


class SameValue(Record):
    """Two metrics have the same value, compared in whole steps of `to` where it is given.

    A note that holds one of the words `settled_by` explains it.
    """

    code: str
    metrics: tuple[str, str]
    to: Quantity | None
    settled_by: tuple[str, ...]


class OnThreshold(Record):
    """A value is exactly on its threshold."""

    code: str


class QuotientAbove(Record):
    """A metric divided by another is above `limit`."""

    code: str
    metric: str
    by: str
    limit: Fraction


class UnitSlip(Record):
    """A value of `kind` is `factor` times its threshold or more, or as far below it."""

    code: str
    kind: str
    factor: Fraction


class FutureYear(Record):
    """A yearly metric has a value for a year after the data's date."""

    code: str


class BelowSum(Record):
    """A metric is below the sum of its parts."""

    code: str
    metric: str
    parts: tuple[str, ...]


class DeniedByRow(Record):
    """A metric is zero, and a ledger has a row in `category`, or one that speaks of it."""

    code: str
    metric: str
    category: str


class RowsSpeakOf(Record):
    """A row's description speaks of a forbidden use, under a category that is permitted."""

    code: str


class VoucherRepeated(Record):
    """Two rows bear the same voucher number."""

    code: str


class RowRepeated(Record):
    """Two rows have the same date, payee and amount."""

    code: str


class RowOutside(Record):
    """A row's date lies outside the years of the ledger's form."""

    code: str


class TotalDiffers(Record):
    """A row of totals says another amount than the rows above it come to."""

    code: str


class DateAhead(Record):
    """A date lies after the data's own."""

    code: str


class Follows(Record):
    """A date is not later than the one that it must follow, which cannot be."""

    code: str
    metric: str
    after: str
    is_error: bool


LedgerRule = DeniedByRow | RowsSpeakOf | VoucherRepeated | RowRepeated | RowOutside | TotalDiffers
"""A rule about the rows of a ledger."""

DoubtRule = (
    LedgerRule
    | DateAhead
    | Follows
    | Exceeds
    | GrowthDiffers
    | RepeatedNames
    | SharedNames
    | SameValue
    | OnThreshold
    | QuotientAbove
    | UnitSlip
    | FutureYear
    | BelowSum
)


class Standard(Record):
    """A plan, ready to be evaluated. `sha256` is that of its source files.

    `owners` tells the part that each metric belongs to: that of the check which first needs it.
    """

    id: str
    sha256: str
    facts: Facts
    levels: dict[str, Text]
    tiers: dict[str, Tier]
    counties: tuple[County, ...]
    demonstration_reading: str | None
    undeclared_reading: str | None
    running_reading: str | None
    periods: dict[str, Period]
    parts: dict[str, Part]
    readings: dict[str, Reading]
    metrics: dict[str, Metric]
    items: tuple[Item, ...]
    doubts: tuple[DoubtRule, ...]
    ledger: LedgerForm | None = None
    owners: Mapping[str, str] = {}

    @property
    def years(self) -> tuple[int, ...]:
        """The years that a yearly metric may have: those of the plan and the one before."""
        years = {year for period in self.periods.values() for year in period.years}
        return tuple(range(min(years) - 1, max(years) + 1)) if years else ()

    def county(self, name: str) -> County | None:
        """Return the county called `name`, compared after folding."""
        return next((county for county in self.counties if fold(county.name) == fold(name)), None)

    @property
    def checks(self) -> Iterator[tuple[Item, Check]]:
        """Every check with its item, in the standard's order."""
        return ((item, check) for item in self.items for check in item.checks)


def metrics_of(constraint: Constraint) -> tuple[str, ...]:
    """Return the keys of the metrics that `constraint` needs, its own first.

    The metric that may declare a growth is not among them: nothing needs it.
    """
    match constraint:
        case AnyOf(of=of):
            return tuple(metric for one in of for metric in metrics_of(one))
        case AtLeastMetric(metric=metric, other=other):
            return (metric, other)
        case Outgrows(metric=metric, reference=reference):
            return (metric, reference)
        case ShareAtLeast(metric=metric, whole=whole):
            return (metric, whole)
        case AllDeclared(metrics=metrics):
            return metrics
        case SpentWithin(metric=metric, ledger=ledger):
            return (metric, ledger)
        case _:
            return (constraint.metric,)


def growth_of(constraint: Constraint) -> str | None:
    """Return the metric that may declare the growth which `constraint` asks for."""
    # A tuple: the union of both takes five times as long, and this is asked of each check.
    return constraint.growth if isinstance(constraint, (GrowthAtLeast, Outgrows)) else None


def thresholds_of(constraint: Constraint) -> tuple[Threshold, ...]:
    """Return the thresholds of `constraint`, in the order in which it states them."""
    match constraint:
        case AnyOf(of=of):
            return tuple(threshold for one in of for threshold in thresholds_of(one))
        case Between(low=low, high=high):
            return (low, high)
        case AtLeast(threshold=it) | Above(threshold=it) | GrowthAtLeast(threshold=it):
            return (it,)
        case ShareAtLeast(threshold=it) | Outgrows(margin=it) | Equals(value=it):
            return (it,)
        case _:
            return ()


def readings_of(standard: Standard, check: Check) -> tuple[str, ...]:
    """Return every reading that touches `check`, its own and those of the cases it may meet."""
    found = list(check.readings)
    for one in check.constraint.of if isinstance(check.constraint, AnyOf) else (check.constraint,):
        match one:
            case (
                AtLeast(shortfall=Ruling(reading=reading))
                | HoldsAll(shortfall=Ruling(reading=reading))
            ):
                found.append(reading or "")
            case Outgrows(exactly=Ruling(reading=reading)):
                found.append(reading or "")
    if isinstance(check.constraint, AnyOf):
        found.append(check.constraint.one_fails or "")
    if check.period is not None:
        found += [
            standard.periods[check.period].short_reading or "",
            standard.running_reading or "",
        ]
    if check.only is not None:
        found.append(standard.demonstration_reading or "")
    found.append(standard.undeclared_reading or "")
    known = [reading for reading in standard.readings if reading in found]
    return tuple(known)


def from_plain(plain: dict[str, Any]) -> Standard:
    """Build a standard from the plain data that `etown_check.authoring` compiled.

    The data is trusted: it was checked when it was compiled, and its digest when it was read.
    """
    tiers = {tier["id"]: Tier(tier["id"], _text(tier)) for tier in plain["tiers"]}
    calendar = plain["calendar"]
    document = plain["document"]
    metrics = {metric["key"]: _metric(metric) for metric in plain["metrics"]}
    items = tuple(
        _item(item, section, tuple(tiers), metrics)
        for section in plain["sections"]
        for item in section["items"]
    )
    return Standard(
        id=plain["id"],
        sha256=plain["sha256"],
        facts=Facts(
            Text(document["title"], document["title_en"]),
            document["number"],
            tuple(document["issuers"]),
            date.fromisoformat(document["issued_on"]),
        ),
        levels={level: _text(names) for level, names in plain["levels"].items()},
        tiers=tiers,
        counties=tuple(_county(county) for county in plain["counties"]),
        demonstration_reading=plain["demonstration_reading"],
        undeclared_reading=plain["undeclared_reading"],
        running_reading=calendar["running_reading"],
        periods={period["id"]: _period(period) for period in calendar["periods"]},
        parts={
            part["id"]: Part(part["id"], _text(part), part["default"], part["gathered"])
            for part in plain["parts"]
        },
        readings={reading["id"]: _reading(reading) for reading in plain["readings"]},
        metrics=metrics,
        items=items,
        doubts=tuple(_doubt(doubt) for doubt in plain["doubts"]),
        ledger=plain["ledger"] and _ledger_form(plain["ledger"]),
        owners=_owners(items),
    )


def _owners(items: tuple[Item, ...]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for item in items:
        for check in item.checks:
            for metric in metrics_of(check.constraint):
                owners.setdefault(metric, item.part)
    return owners


def _text(record: dict[str, Any], key: str = "name") -> Text:
    return Text(record[key], record[f"{key}_en"])


def _county(record: dict[str, Any]) -> County:
    return County(
        record["name"],
        record["name_en"],
        record["town"],
        record["tier"],
        record["demonstration"],
        tuple(record["inferred"]),
        tuple(_quote(quote) for quote in record["basis"]),
    )


def _quote(record: dict[str, Any]) -> Quote:
    return Quote(record["quote"], record["where"])


def _period(record: dict[str, Any]) -> Period:
    short = record["short"] or {"years": [], "reading": None}
    return Period(
        record["id"],
        _text(record),
        tuple(record["years"]),
        record["chosen"],
        tuple(short["years"]),
        short["reading"],
        _quote(record["basis"]) if record["basis"] else None,
    )


def _reading(record: dict[str, Any]) -> Reading:
    quote = record["quote"]
    about = Text(quote, quote) if quote else _text(record, "about")
    return Reading(record["id"], about, bool(quote), _text(record, "reading"))


def _metric(record: dict[str, Any]) -> Metric:
    return Metric(
        record["key"],
        _text(record),
        record["kind"],
        tuple(record["units"]),
        tuple(record["vocabulary"]),
        record["yearly"],
        record["reference"],
        record["definition"],
        _text(record, "evidence"),
        record["example"],
    )


def _ledger_form(record: dict[str, Any]) -> LedgerForm:
    first, last = record["years"]
    return LedgerForm(
        record["metric"],
        tuple(
            LedgerColumn(column["key"], _text(column), tuple(column["also"]))
            for column in record["columns"]
        ),
        tuple(FundSource(_text(source), tuple(source["also"])) for source in record["sources"]),
        tuple(
            Category(_text(category), is_forbidden, _quote(category), tuple(category["also"]))
            for key, is_forbidden in (("categories", False), ("forbidden", True))
            for category in record[key]
        ),
        tuple(
            WordList(words["use"], tuple(words["words"]), tuple(words["exceptions"]))
            for words in record["words"]
        ),
        (first, last),
    )


def _item(
    record: dict[str, Any],
    section: dict[str, Any],
    tiers: tuple[str, ...],
    metrics: dict[str, Metric],
) -> Item:
    return Item(
        record["id"],
        section["part"],
        _text(section, "title"),
        _text(record),
        record["level"],
        record["where"],
        record["task"],
        tuple(record["requirement"]),
        record["elsewhere"],
        tuple(_check(check, tiers, metrics) for check in record["checks"]),
    )


def _check(record: dict[str, Any], tiers: tuple[str, ...], metrics: dict[str, Metric]) -> Check:
    constraint = _constraint(record["constraint"], tiers)
    name = _text(record) if record["name"] else metrics[metrics_of(constraint)[0]].name
    quote = record["quote"]
    return Check(
        record["id"],
        name,
        constraint,
        record["years"],
        record["only"],
        quote if isinstance(quote, dict) else dict.fromkeys(tiers, quote),
        tuple(_quote(quote) for quote in record["also"]),
        tuple(record["readings"]),
        record["waivable"],
    )


def _constraint(record: dict[str, Any], tiers: tuple[str, ...]) -> Constraint:
    if record["type"] == "any_of":
        of = tuple(_simple(one, tiers) for one in record["of"])
        return AnyOf(of, record["one_fails"] and record["one_fails"]["reading"])
    return _simple(record, tiers)


def _simple(record: dict[str, Any], tiers: tuple[str, ...]) -> Simple:
    if record["type"] == "all_declared":
        return AllDeclared(tuple(record["metrics"]))
    metric: str = record["metric"]

    def threshold(key: str) -> Threshold:
        return _threshold(record[key], tiers)

    match record["type"]:
        case "exists":
            return Exists(metric)
        case "is_yes":
            return IsYes(metric)
        case "at_least":
            shortfall = _ruling(record["shortfall"])
            return AtLeast(metric, threshold("threshold"), shortfall, record["as_in"])
        case "above":
            return Above(metric, threshold("threshold"))
        case "equals":
            return Equals(metric, threshold("value"))
        case "between":
            return Between(metric, threshold("low"), threshold("high"))
        case "holds_all":
            return HoldsAll(metric, tuple(record["members"]), _ruling(record["shortfall"]))
        case "one_of":
            return OneOf(metric, tuple(record["accepted"]))
        case "at_least_metric":
            return AtLeastMetric(metric, record["other"])
        case "growth_at_least":
            return GrowthAtLeast(metric, record["growth"], threshold("threshold"))
        case "outgrows":
            exactly = _ruling(record["exactly"])
            assert exactly is not None
            return Outgrows(
                metric, record["growth"], record["reference"], threshold("margin"), exactly
            )
        case "share_at_least":
            return ShareAtLeast(metric, record["whole"], threshold("threshold"))
        case "holds_any":
            return HoldsAny(metric, tuple(record["members"]))
        case "on_or_before":
            return OnOrBefore(metric, date.fromisoformat(record["deadline"]), record["pending"])
        case "every_month":
            return EveryMonth(metric, record["first"])
        case "is_complete":
            return IsComplete(metric)
        case "spends_nothing_on":
            return SpendsNothingOn(metric, record["category"], tuple(record["sources"]))
        case "spent_within":
            return SpentWithin(metric, record["ledger"])
        case "rows_bear":
            return RowsBear(metric, record["column"])
        case unknown:
            raise ValueError(f"constraint type {unknown!r}")


def _threshold(value: str | dict[str, str], tiers: tuple[str, ...]) -> Threshold:
    if isinstance(value, dict):
        return Threshold({tier: _quantity(text) for tier, text in value.items()})
    return Threshold(dict.fromkeys(tiers, _quantity(value)))


def _quantity(text: str) -> Quantity:
    quantity = read_threshold(text)
    if isinstance(quantity, Fault):
        raise ValueError(f"threshold {text!r}")  # noqa: TRY004 - the text is at fault
    return quantity


def _ruling(record: dict[str, Any] | None) -> Ruling | None:
    return Ruling(record["status"], record["reading"], record["because"]) if record else None


def _doubt(record: dict[str, Any]) -> DoubtRule:
    code: str = record["code"]
    match record["type"]:
        case "exceeds":
            return Exceeds(code, record["metric"], record["limit"], record["severity"] == "error")
        case "growth_differs":
            tolerance = _quantity(record["tolerance"])
            return GrowthDiffers(code, record["metric"], record["growth"], tolerance)
        case "repeated_names":
            return RepeatedNames(code)
        case "shared_names":
            first, second = record["metrics"]
            return SharedNames(code, (first, second))
        case "same_value":
            first, second = record["metrics"]
            to = record["to"] and _quantity(record["to"])
            return SameValue(code, (first, second), to, tuple(record["settled_by"]))
        case "on_threshold":
            return OnThreshold(code)
        case "quotient_above":
            return QuotientAbove(code, record["metric"], record["by"], Fraction(record["limit"]))
        case "unit_slip":
            return UnitSlip(code, record["kind"], Fraction(record["factor"]))
        case "future_year":
            return FutureYear(code)
        case "below_sum":
            return BelowSum(code, record["metric"], tuple(record["parts"]))
        case "denied_by_row":
            return DeniedByRow(code, record["metric"], record["category"])
        case "rows_speak_of":
            return RowsSpeakOf(code)
        case "voucher_repeated":
            return VoucherRepeated(code)
        case "row_repeated":
            return RowRepeated(code)
        case "row_outside":
            return RowOutside(code)
        case "total_differs":
            return TotalDiffers(code)
        case "date_ahead":
            return DateAhead(code)
        case "follows":
            is_error = record["severity"] == "error"
            return Follows(code, record["metric"], record["after"], is_error)
        case unknown:
            raise ValueError(f"doubt type {unknown!r}")
