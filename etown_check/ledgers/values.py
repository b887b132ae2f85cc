"""What the cells of a ledger say: days, and amounts of money."""

import re
import unicodedata
from datetime import date
from fractions import Fraction

from etown_check.limits import MAX_DIGITS
from etown_check.quantities import UNITS, Fault, Quantity, read_quantity
from etown_check.records import Record

SHARES = 10**6
"""An amount is told in so many parts of 1元: whole numbers are exact and quick to add."""

PLAIN = re.compile(
    r"\s*[¥￥]?\s*(-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4}))(?:\.(\d{1,6}))?\s*", re.ASCII
)
"""Amounts as almost all are written. Where a unit is known, they are read without further ado."""

_DAY = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?"
    r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
    re.ASCII,
)
_DIGITS_OF_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)

_HALF_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SIGNS = _HALF_WIDTH | dict.fromkeys(map(ord, "−‐‑–﹣－"), "-") | {0xFFE5: "¥"}
_BEFORE = re.compile(r"(?:[-+(¥\s]|rmb|cny|人民币)*", re.IGNORECASE)
_BEHIND = re.compile(r"\s*(?:rmb|cny)?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_CURRENCY = re.compile("¥|rmb|cny|人民币", re.IGNORECASE)
_NO_ONE = frozenset(("", "-", "--", "—", "——", "/", "\\", "无", "none", "n/a"))
_LONG = 5
"""Characters that none of these has."""

NO_UNIT, NO_AMOUNT, OTHER_UNIT = "E857", "E863", "E864"
"""Codes of what may be wrong with an amount, beside those of quantities."""


class Amount(Record):
    """Money: `shares` of 1元 (see `SHARES`), a fraction only where they do not come out even.

    `unit` is the one in which it was written.
    """

    shares: int | Fraction
    unit: str

    @property
    def quantity(self) -> Quantity:
        """The same as the rest of the program has it."""
        return Quantity(money(self.shares), self.unit)


def money(shares: int | Fraction) -> Fraction:
    """Return an amount in 元."""
    return Fraction(shares) / SHARES


def read_day(text: str) -> date | None:
    """Return the day that `text` says, `None` for none. A time of day may follow it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _DAY.fullmatch(plain) or _DIGITS_OF_DAY.fullmatch(plain)
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def says_nothing(text: str) -> bool:
    """Tell whether a cell holds no more than what people write into cells that they leave empty."""
    plain = text.strip()
    return len(plain) < _LONG and plain.lower() in _NO_ONE


def plain_shares(whole: str, decimals: str | None, scale: int) -> int:
    """Return the shares of an amount that is `PLAIN`; its unit is `scale` 元.

    >>> plain_shares("-1,003", "25", 1)
    -1003250000
    """
    if "," in whole:
        whole = whole.replace(",", "")
    if decimals is None:
        return int(whole) * SHARES * scale
    return int(whole + decimals.ljust(6, "0")) * scale


def scale_of(unit: str) -> int:
    """Return how many 元 one `unit` of money is."""
    return int(UNITS["money"][unit])


def read_amount(text: str, unit: str) -> Amount | Fault:
    """Return the amount that `text` says; a plain number is one of `unit`, if that is not "".

    Minus signs of every kind, brackets for a negative amount, ¥ and RMB, thousands separators and
    sums in Chinese numerals are read as what they mean.
    """
    plain = text.translate(_SIGNS).strip()
    before = _BEFORE.match(plain)
    assert before is not None  # it may match nothing
    signs, body = before.group(), plain[before.end() :]
    if "(" in signs:
        inside, bracket, behind = body.partition(")")
        body = inside.rstrip() + behind.strip() if bracket else ""
    body = _without_currency(body)
    negative = signs.count("-") + signs.count("(")
    if negative + signs.count("+") > 1 or not body:
        return Fault(NO_AMOUNT, {"text": text})
    quantity = _read(text, body, unit, is_in_yuan=_CURRENCY.search(signs) is not None)
    if isinstance(quantity, Fault):
        return quantity
    shares = quantity.amount * SHARES * (-1 if negative else 1)
    return Amount(shares.numerator if shares.denominator == 1 else shares, quantity.unit)


def _without_currency(body: str) -> str:
    """Return `body` without a currency that stands behind the number."""
    match = _NUMBER.match(body)
    return match.group() if match and _BEHIND.fullmatch(body, match.end()) else body


def _read(text: str, body: str, unit: str, *, is_in_yuan: bool) -> Quantity | Fault:
    if not _NUMBER.fullmatch(body):
        return _read_with_unit(text, body, unit)
    digits = body.replace(",", "")
    if len(digits.replace(".", "")) > MAX_DIGITS:
        return Fault("E516", {"digits": str(MAX_DIGITS)})
    if "," in body and not _THOUSANDS.fullmatch(body):
        return Fault("E507", {"text": text})
    unit = unit or ("元" if is_in_yuan else "")
    if not unit:
        return Fault(NO_UNIT, {})
    return Quantity(Fraction(digits) * scale_of(unit), unit)


def _read_with_unit(text: str, body: str, unit: str) -> Quantity | Fault:
    """Read an amount that is more than a number: its own unit must be `unit`, if that is told."""
    quantity = read_quantity(body, "money")
    if isinstance(quantity, Fault) and quantity.code == "E503":
        if not unit:
            return Fault(NO_UNIT, {})
        quantity = read_quantity(body + unit, "money")
    if isinstance(quantity, Fault):
        is_known = quantity.code in ("E507", "E516")
        return quantity._replace(args={**quantity.args, "text": text}) if is_known else _none(text)
    # A sum in Chinese numerals says all of itself, whatever the others of its column leave out.
    if unit not in ("", quantity.unit) and body[0].isascii():
        return Fault(OTHER_UNIT, {"text": text, "unit": unit, "other": quantity.unit})
    return quantity


def _none(text: str) -> Fault:
    return Fault(NO_AMOUNT, {"text": text})
