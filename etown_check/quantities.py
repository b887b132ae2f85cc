"""Exact Chinese quantities: money, areas, ratios and counts, read from text and written back.

An amount is a `Fraction` of the base unit of its kind: 元, 平方米, one (for ratios) or one piece.
Nothing here is ever a binary float: 1亩 is exactly 2000/3 平方米, and a value one 元 below its
threshold is below it.
"""

import re
import unicodedata
from fractions import Fraction
from typing import NamedTuple

KINDS = ("count", "money", "area", "ratio")

# Factor of each unit to the base unit of its kind. The first unit of a kind is its base unit,
# and the order is the one in which units are offered to a user.
UNITS: dict[str, dict[str, Fraction]] = {
    "money": {"元": Fraction(1), "万元": Fraction(10**4), "亿元": Fraction(10**8)},
    "area": {
        "平方米": Fraction(1),
        "亩": Fraction(2000, 3),
        "公顷": Fraction(10**4),
        "平方公里": Fraction(10**6),
        "万平方米": Fraction(10**4),
        "平米": Fraction(1),
        "平方千米": Fraction(10**6),
    },
    "ratio": {"%": Fraction(1, 100), "个百分点": Fraction(1, 100)},
    "count": {},
}
# Spellings as NFKC leaves them (㎡ and m² become m2).
_SPELLINGS = {
    "m2": "平方米",
    "km2": "平方公里",
    "hm2": "公顷",
    "平方": "平方米",
    "圆": "元",
}
# Sub-units in which a difference reads better when it is small beside its threshold.
_SMALLER = {
    "亿元": "万元",
    "万元": "元",
    "平方公里": "平方米",
    "万平方米": "平方米",
    "公顷": "平方米",
    "平方千米": "平方米",
}

MAX_DIGITS = 24
"""More digits than this in one number are refused: no town's figure has them."""

# Full-width forms become plain ones; NFKC would make 52 of 5² and 1 of ①.
_PLAIN = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_NUMBER = re.compile(r"([+-]?)((?:\d+(?:,\d+)*)?)((?:\.\d*)?)(.*)", re.DOTALL | re.ASCII)
# A second number, or what joins one to the first. The 2 of m2 is none.
_MORE_NUMBERS = re.compile(r"[-~至到.]|.*(?<!m)\d", re.DOTALL | re.IGNORECASE)
_PARTED_DIGITS = re.compile(r"[\d,.]\s+[\d,.]", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+", re.ASCII)


class Quantity(NamedTuple):
    """An exact amount and the unit it was written in.

    `amount` is in the base unit of the kind; `unit` is "" for a bare count.
    """

    amount: Fraction
    unit: str


class Fault(NamedTuple):
    """Why a text is not a quantity: an error code and what its message needs."""

    code: str
    args: dict[str, str]


def factor(unit: str) -> Fraction:
    """Return how many base units one `unit` is; 1 for the unit word of a count."""
    for units in UNITS.values():
        if unit in units:
            return units[unit]
    return Fraction(1)


def kind_of(unit: str) -> str:
    """Return the kind that `unit` belongs to; "count" for any word that no other kind has."""
    for kind, units in UNITS.items():
        if unit in units:
            return kind
    return "count"


def read_quantity(text: str, kind: str, units: tuple[str, ...] = ()) -> Quantity | Fault:
    """Read `text` as a quantity of `kind`.

    `units` are the unit words that a count takes. Full-width digits, thousands separators and
    white space between number and unit are read as their plain forms. Money, area and ratio
    need a unit; a ratio alone may be negative.
    """
    spaced = text.translate(_PLAIN)
    match = _NUMBER.fullmatch("".join(spaced.split()))
    assert match is not None  # every part of the pattern may be empty
    sign, whole, decimals, written_unit = match.groups()
    if not whole or decimals == "." or _is_more(written_unit) or _PARTED_DIGITS.search(spaced):
        return Fault("E502", {"text": text})
    if "," in whole and not _THOUSANDS.fullmatch(whole):
        return Fault("E507", {"text": text})
    digits = whole.replace(",", "")
    if len(digits) + len(decimals[1:]) > MAX_DIGITS:
        return Fault("E516", {"digits": str(MAX_DIGITS)})
    unit = unicodedata.normalize("NFKC", written_unit)
    unit = _SPELLINGS.get(unit, unit)
    fault = _fault_of_unit(text, kind, unit, units)
    if fault is not None:
        return fault
    if sign == "-" and kind != "ratio":
        return Fault("E505", {"text": text})
    amount = Fraction(f"{sign}{digits}{decimals}")
    if kind == "count":
        if decimals:
            return Fault("E506", {"text": text})
        return Quantity(amount, unit or (units[0] if units else ""))
    return Quantity(amount * UNITS[kind][unit], unit)


def _is_more(unit: str) -> bool:
    """Tell whether what stands behind a number holds or joins another: `5-6家`, `½`, `1e3`."""
    is_numeral = unicodedata.category(unit[:1] or " ").startswith("N")
    return is_numeral or _MORE_NUMBERS.match(unit) is not None


def _fault_of_unit(text: str, kind: str, unit: str, units: tuple[str, ...]) -> Fault | None:
    """Tell what is wrong with `unit`, if anything; a count may go without."""
    if kind == "count":
        is_known = not unit or unit in units
        return None if is_known else Fault("E504", {"unit": unit, "units": "、".join(units)})
    if not unit:
        return Fault("E503", {"text": text, "units": _offer(kind)})
    is_known = unit in UNITS[kind] and (kind != "ratio" or unit == "%")
    return None if is_known else Fault("E504", {"unit": unit, "units": _offer(kind)})


def read_threshold(text: str) -> Quantity | Fault:
    """Read a threshold as a standard writes it, of any kind: `2亿元`, `5家`, `10%`, `2个百分点`."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(\D*)", plain, re.ASCII)
    if match is None or len(plain) > MAX_DIGITS:
        return Fault("E502", {"text": text})
    number, unit = match.groups()
    unit = _SPELLINGS.get(unit, unit)
    return Quantity(Fraction(number) * factor(unit), unit)


def _offer(kind: str) -> str:
    """Return the units that a message offers: those of the contract, not every spelling."""
    return {"money": "元、万元、亿元", "area": "平方米、亩、公顷、平方公里", "ratio": "%"}[kind]


def is_terminating(amount: Fraction) -> bool:
    """Tell whether `amount` has a finite decimal form."""
    denominator = amount.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def decimal_text(amount: Fraction) -> str:
    """Write a terminating `amount` as a plain decimal, without trailing zeros."""
    places = 0
    while (amount * 10**places).denominator != 1:
        places += 1
    return _fixed(amount, places)


def _fixed(amount: Fraction, places: int) -> str:
    scaled = round(amount * 10**places)  # a Fraction rounds exactly, half to even
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(places + 1, "0")
    if not places:
        return sign + digits
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def number_text(number: Fraction, beside: Fraction | None = None) -> tuple[str, bool]:
    """Write `number` for people: exactly where that is short, else rounded to two places.

    `beside` is a number it will be compared with by eye: places are added until the rounded
    figure stands on the same side of it as the exact one, and of zero: what is not nothing is
    never shown as 0.00. The flag tells whether it was rounded.
    """
    if is_terminating(number):
        exact = decimal_text(number)
        if len(exact.partition(".")[2]) <= 4:
            return exact, False
    bounds = (Fraction(0),) if beside is None else (Fraction(0), beside)
    for places in range(2, MAX_DIGITS * 2):
        rounded = Fraction(round(number * 10**places), 10**places)
        if all(_sign(rounded - bound) == _sign(number - bound) for bound in bounds):
            return _fixed(rounded, places), rounded != number
    return str(number), False  # a difference beyond 48 places: show the exact ratio


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def show(quantity: Quantity, lang: str, beside: Quantity | None = None) -> str:
    """Write a quantity in `lang`, in its own unit: `1.9亿元`, `CNY 190 million`.

    `beside` is the threshold that the reader will compare it with (see `number_text`).
    """
    amount, unit = quantity
    if lang == "en":
        return _show_en(amount, unit, beside)
    scale = factor(unit)
    text, rounded = number_text(amount / scale, beside and beside.amount / scale)
    return f"{'约' if rounded else ''}{text}{unit}"


def _show_en(amount: Fraction, unit: str, beside: Quantity | None) -> str:
    kind = kind_of(unit)
    pattern = "{}"
    scale = factor(unit)
    if kind == "money":
        million = amount >= 10**5
        scale, pattern = (Fraction(10**6), "CNY {} million") if million else (Fraction(1), "CNY {}")
    elif kind == "area":
        names = {"亩": "{} mu", "公顷": "{} ha", "平方公里": "{} km²", "平方千米": "{} km²"}
        pattern = names.get(unit, "{} m²")
        scale = scale if unit in names else Fraction(1)
    elif kind == "ratio":
        pattern = "{}%" if unit == "%" else "{} percentage points"
    text, rounded = number_text(amount / scale, beside and beside.amount / scale)
    whole, point, decimals = text.partition(".")
    text = f"{int(whole):,}{point}{decimals}" if len(whole) > 4 else text
    return f"{'about ' if rounded else ''}{pattern.format(text)}"


def difference(value: Quantity, threshold: Quantity) -> Quantity:
    """Return how far `value` is from `threshold`, in the unit in which people would say it.

    That is the threshold's own unit, a smaller one where the difference is small beside it
    (`500万元`, not `0.05亿元`), or the unit of the declaration where only that one is exact (亩).
    Ratios differ by percentage points.
    """
    amount = abs(threshold.amount - value.amount)
    unit = "个百分点" if threshold.unit == "%" else threshold.unit
    while unit in _SMALLER and not _reads_well(amount / factor(unit)):
        unit = _SMALLER[unit]
    if not is_terminating(amount / factor(unit)) and value.unit in UNITS["area"]:
        unit = value.unit
    return Quantity(amount, unit)


def _reads_well(number: Fraction) -> bool:
    return number >= Fraction(1, 10) and (number * 100).denominator == 1
