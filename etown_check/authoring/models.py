"""The form of a standard's YAML, as strict models.

Scalars arrive as the text that was typed. A model says what each may be; what one place of a
standard says about another (metrics that exist, tiers that are covered) is checked in
`etown_check.authoring.compile`.
"""

import contextlib
import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from etown_check.quantities import Fault, read_threshold
from etown_check.standard import FACT_KINDS


def _refuse(expected_zh: str, expected_en: str) -> PydanticCustomError:
    return PydanticCustomError("etown", "{zh}|{en}", {"zh": expected_zh, "en": expected_en})


def _read_flag(value: object) -> object:
    flags = {"是": True, "否": False}
    if isinstance(value, str) and value in flags:
        return flags[value]
    raise _refuse("请写“是”或“否”。", "Write 是 (yes) or 否 (no).")


def _read_year(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[12]\d{3}", value, re.ASCII):
        return int(value)
    raise _refuse("请写四位数的年份。", "Write a year of four digits.")


def _check_quantity(value: str) -> str:
    if isinstance(read_threshold(value), Fault):
        raise _refuse(
            "请写数字和单位，例如：2亿元、5家、10%。",
            "Write a number and a unit, such as 2亿元, 5家 or 10%.",
        )
    return value


def _check_day(value: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        with contextlib.suppress(ValueError):
            date.fromisoformat(value)
            return value
    raise _refuse("请写成 2022-10-13。", "Write it like 2022-10-13.")


def _check_month(value: str) -> str:
    if re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", value, re.ASCII):
        return value
    raise _refuse("请写成 2022-11。", "Write it like 2022-11.")


def _matching(pattern: str, zh: str, en: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value, re.ASCII):
            raise _refuse(zh, en)
        return value

    return check


def _one_or_tiers(value: object) -> str:
    return "tiers" if isinstance(value, dict) else "one"


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[str, StringConstraints(min_length=1)]
Flag = Annotated[bool, BeforeValidator(_read_flag)]
Year = Annotated[int, BeforeValidator(_read_year)]
Amount = Annotated[Words, AfterValidator(_check_quantity)]
Number = Annotated[
    Words,
    AfterValidator(_matching(r"[1-9]\d{0,11}", "请写正整数。", "Write a whole number above zero.")),
]
Day = Annotated[Words, AfterValidator(_check_day)]
Month = Annotated[Words, AfterValidator(_check_month)]
Key = Annotated[
    Words,
    AfterValidator(
        _matching(
            r"[a-z][a-z0-9_]*",
            "请用小写英文字母、数字和下划线。",
            "Use lower-case letters, digits and underscores.",
        )
    ),
]
Id = Annotated[
    Words,
    AfterValidator(
        _matching(
            r"[A-Za-z0-9][A-Za-z0-9._-]*",
            "请用字母、数字、点和横线。",
            "Use letters, digits, dots and dashes.",
        )
    ),
]
PerTier = Annotated[
    Annotated[Amount, Tag("one")] | Annotated[dict[str, Amount], Field(min_length=1), Tag("tiers")],
    Discriminator(_one_or_tiers),
]
Quotes = Annotated[
    Annotated[Words, Tag("one")] | Annotated[dict[str, Words], Field(min_length=1), Tag("tiers")],
    Discriminator(_one_or_tiers),
]
OneOrMore = Annotated[list[Words], BeforeValidator(_as_list), Field(min_length=1)]
KindName = Literal[
    "count",
    "money",
    "area",
    "ratio",
    "yes_no",
    "document",
    "names",
    "choice",
    "date",
    "months",
    "amounts",
    "contact",
    "ledger",
]


LedgerColumnKey = Literal["date", "description", "amount", "source", "category", "payee", "voucher"]


class Model(BaseModel):
    """Strict, frozen, and without a key that is not declared."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Named(Model):
    name: Words
    name_en: Words


class Quote(Model):
    """Words of the plan and the clause where they stand."""

    quote: Words
    where: Words


class Document(Model):
    title: Words
    title_en: Words
    number: Words
    issuers: list[Words] = Field(min_length=1)
    issued_on: Day


class Levels(Model):
    binding: Named
    expected: Named


class Tier(Named):
    id: Key


class County(Named):
    town: Words
    tier: Key
    demonstration: Flag = False
    inferred: list[Literal["tier", "demonstration"]] = []
    basis: list[Quote] = []


class ShortYears(Model):
    """Years too short to be failed, and the reading that says so."""

    years: list[Year] = Field(min_length=1)
    reading: Id


class Period(Named):
    years: list[Year] = Field(min_length=1)
    chosen: Flag = False
    short: ShortYears | None = None
    basis: Quote | None = None


class Cited(Model):
    reading: Id


class Calendar(Model):
    construction: Period | None = None
    operation: Period | None = None
    acceptance: Period | None = None
    reporting: Period | None = None
    running: Cited | None = None


class Waivable(Model):
    """What may be waived: the items of a level, and checks softened by these words of the plan."""

    level: Literal["binding", "expected"] | None = None
    because: list[Words] = []


class Part(Named):
    id: Key
    default: Flag = False
    gathered: Flag = False


class Reading(Model):
    """How the plan is read. Either `quote` its words or say what the reading is `about`."""

    id: Id
    quote: Words | None = None
    about: Words | None = None
    about_en: Words | None = None
    reading: Words
    reading_en: Words

    @model_validator(mode="after")
    def _quotes_or_tells(self) -> "Reading":
        if (self.quote is None) == (self.about is None) or (self.about is None) != (
            self.about_en is None
        ):
            raise _refuse(
                "quote 与 about（及 about_en）任写一种。",
                "Give either quote, or about and about_en.",
            )
        return self


class Metric(Named):
    key: Key
    kind: KindName
    units: list[Words] = []
    vocabulary: list[Words] = []
    yearly: Flag = False
    reference: Flag = False
    definition: Words | None = None
    evidence: Words
    evidence_en: Words
    example: Words | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Metric":
        if (self.kind == "count") != bool(self.units):
            raise _refuse(
                "数量（count）要写 units，其他类型不写。", "A count has units; no other kind has."
            )
        if (self.kind in ("names", "choice", "amounts")) != bool(self.vocabulary):
            raise _refuse(
                "清单、选项和分项金额（names、choice、amounts）要写 vocabulary，其他类型不写。",
                "Names, choice and amounts have a vocabulary; no other kind has.",
            )
        if self.kind in FACT_KINDS and (self.yearly or self.reference):
            raise _refuse(
                "联络员和台账（contact、ledger）不写 yearly，也不写 reference。",
                "A contact or ledger is neither yearly nor reference.",
            )
        return self


class Shortfall(Model):
    """What a shortfall means where the plan's own words soften the requirement."""

    status: Literal["review"]
    because: Words
    reading: Id | None = None


class Exactly(Model):
    """What it means that a value is exactly on its margin."""

    status: Literal["review", "pass", "fail"]
    reading: Id
    because: None = None


class Exists(Model):
    type: Literal["exists"]
    metric: Key


class IsYes(Model):
    type: Literal["is_yes"]
    metric: Key


class AtLeast(Model):
    type: Literal["at_least"]
    metric: Key
    threshold: PerTier | None = None
    as_in: Id | None = None
    shortfall: Shortfall | None = None

    @model_validator(mode="after")
    def _has_one_threshold(self) -> "AtLeast":
        if (self.threshold is None) == (self.as_in is None):
            raise _refuse("threshold 与 as_in 任写一种。", "Give either threshold or as_in.")
        return self


class Above(Model):
    type: Literal["above"]
    metric: Key
    threshold: PerTier


class Equals(Model):
    type: Literal["equals"]
    metric: Key
    value: PerTier


class Between(Model):
    type: Literal["between"]
    metric: Key
    low: PerTier
    high: PerTier


class HoldsAll(Model):
    type: Literal["holds_all"]
    metric: Key
    members: list[Words] = Field(min_length=1)
    shortfall: Shortfall | None = None


class OneOf(Model):
    type: Literal["one_of"]
    metric: Key
    accepted: list[Words] = Field(min_length=1)


class AtLeastMetric(Model):
    type: Literal["at_least_metric"]
    metric: Key
    other: Key


class GrowthAtLeast(Model):
    type: Literal["growth_at_least"]
    metric: Key
    growth: Key
    threshold: PerTier


class Outgrows(Model):
    type: Literal["outgrows"]
    metric: Key
    growth: Key
    reference: Key
    margin: PerTier
    exactly: Exactly


class ShareAtLeast(Model):
    type: Literal["share_at_least"]
    metric: Key
    whole: Key
    threshold: PerTier


class HoldsAny(Model):
    type: Literal["holds_any"]
    metric: Key
    members: list[Words] = Field(min_length=1)


class OnOrBefore(Model):
    type: Literal["on_or_before"]
    metric: Key
    deadline: Day
    pending: Flag = False


class EveryMonth(Model):
    type: Literal["every_month"]
    metric: Key
    first: Month


class AllDeclared(Model):
    type: Literal["all_declared"]
    metrics: list[Key] = Field(min_length=1)


class IsComplete(Model):
    type: Literal["is_complete"]
    metric: Key


class SpendsNothingOn(Model):
    type: Literal["spends_nothing_on"]
    metric: Key
    category: Words
    sources: list[Words] = Field(min_length=1)


class SpentWithin(Model):
    type: Literal["spent_within"]
    metric: Key
    ledger: Key


class RowsBear(Model):
    type: Literal["rows_bear"]
    metric: Key
    column: Literal["source"]


Simple = Annotated[
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
    | RowsBear,
    Field(discriminator="type"),
]


class AnyOf(Model):
    type: Literal["any_of"]
    of: list[Simple] = Field(min_length=2)
    one_fails: Cited | None = None


Constraint = Annotated[Simple | AnyOf, Field(discriminator="type")]

# What a check says beside its constraint. In the YAML both stand in one mapping, as people would
# write it; `split_check` takes them apart.
CONSTRAINT_KEYS = frozenset(
    [
        "type",
        "metric",
        "threshold",
        "shortfall",
        "value",
        "low",
        "high",
        "members",
        "accepted",
        "other",
        "growth",
        "reference",
        "margin",
        "exactly",
        "whole",
        "of",
        "one_fails",
        "as_in",
        "deadline",
        "pending",
        "first",
        "metrics",
        "category",
        "sources",
        "ledger",
        "column",
    ]
)


def _split_check(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "constraint" in value:
        raise _refuse(
            "检查中不写 constraint，type、metric 等直接写在检查里。",
            "A check has no constraint; its type, metric and so on stand in the check itself.",
        )
    constraint = {key: it for key, it in value.items() if key in CONSTRAINT_KEYS}
    rest = {key: it for key, it in value.items() if key not in CONSTRAINT_KEYS}
    return {**rest, "constraint": constraint}


class Check(Model):
    id: Id
    name: Words | None = None
    name_en: Words | None = None
    constraint: Constraint
    years: Literal["construction", "operation", "acceptance", "reporting"] | None = None
    only: Literal["demonstration", "other"] | None = None
    quote: Quotes
    readings: list[Id] = []
    also: list[Quote] = []

    @model_validator(mode="before")
    @classmethod
    def _constraint_beside(cls, value: Any) -> Any:
        return _split_check(value)

    @model_validator(mode="after")
    def _named_twice(self) -> "Check":
        if (self.name is None) != (self.name_en is None):
            raise _refuse("name 与 name_en 要同时写。", "Give both name and name_en.")
        return self


class Item(Named):
    id: Id
    level: Literal["binding", "expected"]
    where: Words
    task: Words
    requirement: OneOrMore
    elsewhere: dict[Amount, Id] = {}
    checks: list[Check] = Field(min_length=1)


class Section(Model):
    part: Key
    title: Words
    title_en: Words
    items: list[Item] = Field(min_length=1)


class Exceeds(Model):
    type: Literal["exceeds"]
    code: Id
    metric: Key
    limit: Key
    severity: Literal["warning", "error"] = "warning"


class GrowthDiffers(Model):
    type: Literal["growth_differs"]
    code: Id
    metric: Key
    growth: Key
    tolerance: Amount


class RepeatedNames(Model):
    type: Literal["repeated_names"]
    code: Id


class SharedNames(Model):
    type: Literal["shared_names"]
    code: Id
    metrics: list[Key] = Field(min_length=2, max_length=2)


class SameValue(Model):
    type: Literal["same_value"]
    code: Id
    metrics: list[Key] = Field(min_length=2, max_length=2)
    to: Amount | None = None
    settled_by: list[Words] = []
    reading: Id | None = None


class OnThreshold(Model):
    type: Literal["on_threshold"]
    code: Id


class QuotientAbove(Model):
    type: Literal["quotient_above"]
    code: Id
    metric: Key
    by: Key
    limit: Number


class UnitSlip(Model):
    type: Literal["unit_slip"]
    code: Id
    kind: Literal["money", "area", "count"]
    factor: Number


class FutureYear(Model):
    type: Literal["future_year"]
    code: Id


class BelowSum(Model):
    type: Literal["below_sum"]
    code: Id
    metric: Key
    parts: list[Key] = Field(min_length=2)


class DeniedByRow(Model):
    type: Literal["denied_by_row"]
    code: Id
    metric: Key
    category: Words


class RowsSpeakOf(Model):
    type: Literal["rows_speak_of"]
    code: Id


class VoucherRepeated(Model):
    type: Literal["voucher_repeated"]
    code: Id


class RowRepeated(Model):
    type: Literal["row_repeated"]
    code: Id


class RowOutside(Model):
    type: Literal["row_outside"]
    code: Id


class TotalDiffers(Model):
    type: Literal["total_differs"]
    code: Id


class DateAhead(Model):
    type: Literal["date_ahead"]
    code: Id


class Follows(Model):
    type: Literal["follows"]
    code: Id
    metric: Key
    after: Key
    severity: Literal["warning", "error"] = "warning"


Doubt = Annotated[
    Exceeds
    | GrowthDiffers
    | RepeatedNames
    | SharedNames
    | SameValue
    | OnThreshold
    | QuotientAbove
    | UnitSlip
    | FutureYear
    | BelowSum
    | DeniedByRow
    | RowsSpeakOf
    | VoucherRepeated
    | RowRepeated
    | RowOutside
    | TotalDiffers
    | DateAhead
    | Follows,
    Field(discriminator="type"),
]


class LedgerColumn(Named):
    key: LedgerColumnKey
    also: list[Words] = []


class FundSource(Named):
    also: list[Words] = []


class Category(Named, Quote):
    also: list[Words] = []


class WordList(Model):
    """Words that speak of a forbidden use, and what holds one of them and speaks of another."""

    use: Words
    words: list[Words] = Field(min_length=1)
    exceptions: list[Words] = []


class Ledger(Model):
    """The form of the fund ledger."""

    metric: Key
    years: list[Year] = Field(min_length=2, max_length=2)
    columns: list[LedgerColumn] = Field(min_length=1)
    sources: list[FundSource] = Field(min_length=1)
    categories: list[Category] = []
    forbidden: list[Category] = []
    words: list[WordList] = []


class Standard(Model):
    """A whole standard, its files already put together."""

    id: Id
    document: Document
    levels: Levels
    tiers: list[Tier] = Field(min_length=1)
    counties: list[County] = Field(min_length=1)
    demonstration: Cited | None = None
    undeclared: Cited | None = None
    waivable: Waivable = Waivable()
    calendar: Calendar
    parts: list[Part] = Field(min_length=1)
    readings: list[Reading] = []
    metrics: list[Metric] = Field(min_length=1)
    sections: list[Section] = Field(min_length=1)
    doubts: list[Doubt] = []
    ledger: Ledger | None = None
