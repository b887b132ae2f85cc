"""A submission: what one county declares, read and typed, with the place of each value."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from etown_check.problems import Position, Problem
from etown_check.quantities import Quantity
from etown_check.standard import County

DECLARED, EVIDENCED, VERIFIED = ASSURANCES = ("declared", "evidenced", "verified")
"""Assurance levels, the weakest first."""

CONFIRMED, ADJUSTED, REJECTED = "confirmed", "adjusted", "rejected"


class Document(NamedTuple):
    """Whether a document exists, and what names it. `file` is relative to the data file."""

    exists: bool
    title: str
    number: str = ""
    issued_on: date | None = None


Value = Quantity | bool | Document | tuple[str, ...] | str
"""By the metric's kind: a quantity, yes or no, a document, names of a vocabulary, or a choice."""


class Entry(NamedTuple):
    """One declared value. `names` are those of a count that was given as a list.

    `end` is the column behind it, `None` where it ends on another line.
    """

    value: Value
    position: Position
    names: tuple[str, ...] = ()
    end: int | None = None

    @property
    def quantity(self) -> Quantity:
        """The value of a metric whose kind is a quantity."""
        assert isinstance(self.value, Quantity)
        return self.value

    @property
    def amount(self) -> Fraction:
        """The exact amount of such a value, in its base unit."""
        return self.quantity.amount


class Evidence(NamedTuple):
    """A named evidence file, and whether it exists."""

    file: str
    exists: bool


class Verification(NamedTuple):
    """An expert's record. `entries` hold the values that replace declared ones, by year.

    `opinion` is what the expert wrote beside it, such as why a value was adjusted.
    """

    result: str
    entries: Mapping[int | None, Entry]
    by: str
    on: date | None
    opinion: str = ""


class Declaration(NamedTuple):
    """What is declared of one metric.

    `entries` are by year, or under `None` where the metric is not yearly.
    """

    metric: str
    position: Position
    entries: Mapping[int | None, Entry]
    evidence: tuple[Evidence, ...]
    note: str
    verification: Verification | None

    @property
    def assurance(self) -> str:
        """How far the declaration is backed."""
        if self.verification is not None:
            return VERIFIED
        return EVIDENCED if any(file.exists for file in self.evidence) else DECLARED

    @property
    def is_rejected(self) -> bool:
        """Whether an expert found it untrue."""
        return self.verification is not None and self.verification.result == REJECTED

    @property
    def in_force(self) -> dict[int | None, Entry]:
        """The values by year, those that an expert put in their place among them."""
        verified = self.verification.entries if self.verification else {}
        return {**self.entries, **verified}

    def entry(self, year: int | None) -> Entry | None:
        """Return the value in force for `year`: the verified one where there is one."""
        if self.verification is not None and year in self.verification.entries:
            return self.verification.entries[year]
        return self.entries.get(year)


class Submission(NamedTuple):
    """One data file. `reference` holds the reference data in force, under their metric keys.

    `demonstration` is what the file says of the county's status, `None` where it says nothing.
    """

    path: str
    sha256: str
    standard: str
    county: County
    as_of: date
    acceptance_year: int
    demonstration: bool | None
    demonstration_position: Position | None
    contact: tuple[str, str] | None
    reference: Mapping[str, Declaration]
    declarations: Mapping[str, Declaration]
    warnings: tuple[Problem, ...] = ()

    @property
    def contradicts_status(self) -> bool:
        """Whether the file denies the demonstration status that the standard infers."""
        return self.demonstration is not None and self.demonstration != self.county.demonstration

    def declaration(self, metric: str) -> Declaration | None:
        """Return what is declared of `metric`, in the metrics or in the reference data."""
        return self.declarations.get(metric) or self.reference.get(metric)
