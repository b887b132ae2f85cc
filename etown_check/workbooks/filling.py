"""How what is declared of a metric is written into the cells of its row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from re import Match

from etown_check.cells import cell_of_contact, cell_of_years, files_in, names_in
from etown_check.keys import CONTACT_KEYS
from etown_check.ledger import Ledger
from etown_check.metric_values import RESULTS, names_in_cell
from etown_check.quantities import Quantity, decimal_text, exact, factor
from etown_check.records import Record
from etown_check.standard import Metric
from etown_check.submission import Amounts, Contact, Declaration, Document, Entry
from etown_check.text import HIDDEN, code_of

TEXT, NUMBER, DATE = "text", "number", "date"

_MOST_DIGITS = 15
"""More digits than these do not survive in a cell that holds a number."""
_MONTHS_OF_LINE = 2
_FIRST_DAY = date(1900, 3, 1)
"""Excel holds 1900 for a leap year: what is before is written as text."""


class Content(Record):
    """What stands in a cell, and how: as text, a number (plain decimal) or a date (ISO).

    `lost` names what could not be written with it, such as the code of a hidden character.
    """

    text: str
    kind: str = TEXT
    lost: tuple[str, ...] = ()


EMPTY = Content("")


def text_content(text: str, *, with_breaks: bool = False) -> Content:
    """Return `text` without the characters that hide or reorder what is beside them.

    Line breaks are kept only `with_breaks`; else they become spaces, as tabs do.
    """
    lost: list[str] = []

    def replace(match: Match[str]) -> str:
        character = match.group()
        if character == "\n" and with_breaks:
            return character
        lost.append(code_of(character))
        return " " if character in "\n\t" else ""

    shown = HIDDEN.sub(replace, text).strip()
    return Content(shown, TEXT, tuple(dict.fromkeys(lost)))


def list_content(names: Iterable[str], read: Callable[[str], Sequence[str]] = names_in) -> Content:
    """Return a list with one entry to a line.

    One name alone that `read` takes for several, or for a number, is marked as a list by a line
    break behind it.
    """
    contents = [text_content(name) for name in names]
    kept = [content.text for content in contents if content.text]
    text = "\n".join(kept)
    if read(text) != kept:
        text += "\n"
    return Content(text, TEXT, _lost(contents))


def date_content(day: date | None) -> Content:
    """Return a date, as text where a cell cannot hold it as one."""
    if day is None:
        return EMPTY
    return Content(day.isoformat(), TEXT if day < _FIRST_DAY else DATE)


def contact_contents(contact: Contact | None) -> dict[str, Content]:
    """Return the cells of a contact's name and phone; what is denied is 无."""
    none = Content("无") if contact is not None and contact.is_denied else EMPTY
    given = {} if contact is None else {"name": contact.name, "phone": contact.phone}
    return {
        key: text_content(given.get(key, "")) if given.get(key) else none for key in CONTACT_KEYS
    }


def amounts_content(metric: Metric, amounts: Amounts | None = None) -> Content:
    """Return a line for each word of the vocabulary, with its amount where there is one.

    Whoever fills in the cell writes behind the words; lines without an amount say nothing.
    """
    given = dict(amounts.by) if amounts else {}
    lines = (f"{it}：{exact(given[it]) if it in given else ''}" for it in metric.vocabulary)
    return Content("\n".join(lines))


def filled(metric: Metric, declaration: Declaration, lang: str) -> dict[str, Content]:
    """Return the cells of a metric's row by the keys of their columns.

    The unit is empty where years have different ones: each stands with its value then.
    """
    cells = _values(metric, declaration.entries)
    cells["evidence"] = list_content((file.file for file in declaration.evidence), files_in)
    cells["note"] = text_content(declaration.note, with_breaks=True)
    verification = declaration.verification
    if verification is not None:
        result = verification.result
        names = {english: chinese for chinese, english in RESULTS.items()}
        cells["result"] = Content(result if lang == "en" else names[result])
        cells["verified"] = _verified(metric, verification.entries)
        cells["by"] = text_content(verification.by)
        cells["on"] = date_content(verification.on)
        cells["opinion"] = text_content(verification.opinion, with_breaks=True)
    return cells


def column_of(year: int | None) -> str:
    """Return the key of the column where the value of `year` stands."""
    return "value" if year is None else str(year)


def _values(metric: Metric, entries: Mapping[int | None, Entry]) -> dict[str, Content]:
    units = {_unit(entry) for entry in entries.values()} - {""}
    is_shared = len(units) <= 1
    cells = {
        column_of(year): _value(metric, entry, with_unit=not is_shared)
        for year, entry in entries.items()
    }
    if units:
        cells["unit"] = Content(units.pop()) if is_shared else EMPTY
    entry = entries.get(None)
    if entry is not None and isinstance(entry.value, Document):
        cells["number"] = text_content(entry.value.number)
        cells["issued_on"] = date_content(entry.value.issued_on)
    return cells


def _unit(entry: Entry) -> str:
    """Return the unit in which a quantity was declared, "" for what has none in its cell."""
    return entry.value.unit if isinstance(entry.value, Quantity) and not entry.names else ""


def _value(metric: Metric, entry: Entry, *, with_unit: bool) -> Content:
    """Return one value; a quantity as a number where its digits and unit allow."""
    match entry.value:
        case Ledger():
            return text_content(entry.names[0])
        case Amounts() as amounts:
            return amounts_content(metric, amounts)
        case Contact() as contact:
            return _contact(contact)
        case date() as day:
            return date_content(day)
        case tuple() if metric.kind == "months":
            return _months(entry.words)
    if entry.names:
        return list_content(entry.names, partial(names_in_cell, metric))
    match entry.value:
        case bool() as answer:
            return Content("是" if answer else "否")
        case Document(exists=exists, title=title):
            content = text_content(title)
            return content if content.text else content._replace(text="有" if exists else "无")
        case Quantity() as quantity:
            return _number(metric, quantity, with_unit=with_unit)
        case str() as word:
            return text_content(word)
        case _:
            return list_content(entry.words) if entry.words else Content("无")


def _months(months: Sequence[str]) -> Content:
    """Return months, some to a line: those of several years are too many for lines of their own."""
    lines = (
        "、".join(months[at : at + _MONTHS_OF_LINE])
        for at in range(0, len(months), _MONTHS_OF_LINE)
    )
    return Content("\n".join(lines) or "无")


def _contact(contact: Contact) -> Content:
    """Return a contact in one cell, a line for each part that is given."""
    parts = {key: it for key, it in contact_contents(contact).items() if it.text}
    said = cell_of_contact([(CONTACT_KEYS[key], it.text) for key, it in parts.items()])
    return Content(said, TEXT, _lost(parts.values()))


def _number(metric: Metric, quantity: Quantity, *, with_unit: bool) -> Content:
    scale = Fraction(1) if metric.kind == "count" else factor(quantity.unit)
    number = decimal_text(quantity.amount / scale)
    if with_unit or sum(map(str.isdigit, number)) > _MOST_DIGITS:
        return Content(f"{number}{quantity.unit}")
    return Content(number, NUMBER)


def _verified(metric: Metric, entries: Mapping[int | None, Entry]) -> Content:
    """Return the values that an expert put in the place of declared ones, in one cell."""
    values = {year: _value(metric, entry, with_unit=True) for year, entry in entries.items()}
    lost = [*_lost(values.values()), *_details_of_documents(entries.values())]
    if None in values:
        return Content(values[None].text, TEXT, tuple(lost))
    by_year = [(year, content.text) for year, content in values.items() if year is not None]
    return Content(cell_of_years(by_year), TEXT, tuple(lost))


def _details_of_documents(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield what names a verified document beside its title: its cell has no room for that."""
    for entry in entries:
        if isinstance(entry.value, Document):
            yield from [entry.value.number] if entry.value.number else []
            yield from [entry.value.issued_on.isoformat()] if entry.value.issued_on else []


def _lost(contents: Iterable[Content]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for content in contents for code in content.lost))
