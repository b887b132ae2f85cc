"""A submission: what one county declares, read and typed, with the place of each value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from etown_check.ledger import Ledger
from etown_check.problems import Position, Problem
from etown_check.quantities import Quantity
from etown_check.records import Record
from etown_check.standard import County

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DECLARED, EVIDENCED, VERIFIED = ASSURANCES = ("declared", "evidenced", "verified")
"""Assurance levels, the weakest first."""

CONFIRMED, ADJUSTED, REJECTED = "confirmed", "adjusted", "rejected"


def weakest(assurances: Iterable[str]) -> str | None:
    """Return the weakest of `assurances`; `None` for none."""
    found = set(assurances)
    if len(found) > 1:
        return next(it for it in ASSURANCES if it in found)
    return found.pop() if found else None


class Document(Record):
    """Whether a document exists, and what names it. `file` is relative to the data file."""

    exists: bool
    title: str
    number: str = ""
    issued_on: date | None = None


class Amounts(Record):
    """Money by the words of a vocabulary, such as what was received from each source."""

    by: tuple[tuple[str, Quantity], ...]

    def of(self, word: str) -> Quantity | None:
        """Return the amount beside `word`, `None` where nothing is said of it."""
        return next((amount for name, amount in self.by if name == word), None)


class Contact(Record):
    """Whom to ask. What is not said is ""; `is_denied` where a part is said to be none (无)."""

    name: str
    phone: str
    is_denied: bool = False


Value = Quantity | bool | Document | Amounts | Contact | Ledger | date | tuple[str, ...] | str
"""By the metric's kind: a quantity, yes or no, a document, amounts, a contact, a ledger, a date,
names of a vocabulary or months (`2023-01`), or a choice."""


class Entry(Record):
    """One declared value. `names` are those of a count that was given as a list, or of a ledger.

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
    def words(self) -> tuple[str, ...]:
        """The value of a metric whose kind is names or months."""
        words: Any = self.value
        assert type(words) is tuple
        return words

    @property
    def day(self) -> date:
        """The value of a metric whose kind is a date."""
        assert isinstance(self.value, date)
        return self.value

    @property
    def amount(self) -> Fraction:
        """The exact amount of such a value, in its base unit."""
        return self.quantity.amount


class Evidence(Record):
    """A named evidence file, and whether it exists."""

    file: str
    exists: bool


class Verification(Record):
    """An expert's record. `entries` hold the values that replace declared ones, by year.

    `opinion` is what the expert wrote beside it, such as why a value was adjusted.
    """

    result: str
    entries: Mapping[int | None, Entry]
    by: str
    on: date | None
    opinion: str = ""


class Declaration(Record):
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
        if not self.evidence:
            return DECLARED
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


class Submission(Record):
    """One data file. `reference` holds the reference data in force, under their metric keys.

    `demonstration` is what the file says of the county's status, `None` where it says nothing.
    `observed` is what it does not declare and its surroundings show; `surroundings` are the
    questions that were asked of these, with the answers.
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
    observed: Mapping[str, Declaration] = {}
    surroundings: Mapping[tuple[Any, ...], Any] = {}

    @property
    def contradicts_status(self) -> bool:
        """Whether the file denies the demonstration status that the standard infers."""
        return self.demonstration is not None and self.demonstration != self.county.demonstration

    def declaration(self, metric: str) -> Declaration | None:
        """Return what is known of `metric`: declared, in the reference data, or observed."""
        return self.known.get(metric)

    @property
    def known(self) -> dict[str, Declaration]:
        """What is known of metrics: declared, in the reference data, or observed."""
        return {**self.observed, **self.reference, **self.declarations}

    @property
    def ledgers(self) -> dict[str, Ledger]:
        """The ledgers that the file names, verified ones too, by these names."""
        entries = (
            entry
            for it in self.declarations.values()
            for entry in (*it.entries.values(), *it.in_force.values())
        )
        return {it.names[0]: it.value for it in entries if isinstance(it.value, Ledger)}

    def ledger(self, metric: str) -> Ledger | None:
        """Return the ledger that is declared as `metric`."""
        declaration = self.declarations.get(metric)
        entry = declaration.entry(None) if declaration else None
        return entry.value if entry and isinstance(entry.value, Ledger) else None
