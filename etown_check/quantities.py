"""Exact Chinese quantities: money, areas, ratios and counts, read from text and written back.

An amount is a `Fraction` of the base unit of its kind: 元, 平方米, one (for ratios) or one piece.
Nothing here is ever a binary float: 1亩 is exactly 2000/3 平方米, and a value one 元 below its
threshold is below it.
"""

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache

from etown_check.limits import MAX_DIGITS
from etown_check.numerals import NUMERAL, NUMERALS, read_numeral
from etown_check.patterns import pattern
from etown_check.records import Record
from etown_check.text import SHORT

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
_FACTORS = {unit: factor for units in UNITS.values() for unit, factor in units.items()}
_ONE = Fraction(1)
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

# Full-width forms become plain ones; NFKC would make 52 of 5² and 1 of ①. So do the minus signs
# and hyphens that are typed or pasted for "-".
_PLAIN = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(
    map(ord, "−‐‑–"), "-"
)
# What most numbers are; more digits than these have a limit of their own.
_PLAIN_NUMBER = pattern(r"(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.(\d{1,6}))?(?![\d.,])", re.ASCII)
_NUMBER = pattern(r"([+-]?)((?:\d+(?:,\d+)*)?)((?:\.\d*)?)(.*)", re.DOTALL | re.ASCII)
# 1.5亿元整, as money is written on receipts; 百分之十二, as a share is spoken.
_WHOLE_SUM = pattern(r"元[整正]$")
_PER_CENT = pattern(r"^([+-]?)百分之(.+)$")
_MAGNITUDES = frozenset("十百千万亿拾佰仟点")
_BEGINNINGS = frozenset(f"{NUMERALS}+-.")
_LEAST_AREA = 10
"""A smaller number is hardly one of 平方米."""
_MOST_CHARACTERS = 100
"""Longer text is not searched for what makes it inexact: it is a sentence."""
_MOST_DIGITS_OF_SUMS = 4
"""More digits before the point are an amount in 元, not in 万元 or 亿元."""
# Words that make a number an estimate or a bound of one.
_INEXACT = pattern(
    "大约|约|大概|大致|将近|接近|近|预计|估计|左右|上下|以上|以下|以内|不少于|不低于|不足|不到|"
    "超过|超|至少|至多|最多|大于|小于|逾|余|多|几|[≥≤><≈]=?"
)
# What people put behind a unit that is no part of it: 2亿元（含土地）, 5家#含筹建.
_REMARK = pattern(r"[(\[【#，,;；、:：]|人民币|企业|以|含|其中|共")
_MORE_THAN_SAID = frozenset("逾余多几") | {"将近", "接近", "近", "不足", "不到", "超过", "超"}
_RANGE = pattern(r"\d\D*[-~–—～至到]\D*\d")
# A second number, or what joins one to the first. The 2 of m2 is none.
_MORE_NUMBERS = pattern(r"[-~至到.]|.*(?<!m)\d", re.DOTALL | re.IGNORECASE)
_PARTED_DIGITS = pattern(r"[0-9,.]\s+[0-9,.]")
_THOUSANDS = pattern(r"\d{1,3}(,\d{3})+", re.ASCII)
_THRESHOLD = pattern(r"(-?\d+(?:\.\d+)?)(\D*)", re.ASCII)


class Quantity(Record):
    """An exact amount and the unit it was written in.

    `amount` is in the base unit of the kind; `unit` is "" for a bare count.
    """

    amount: Fraction
    unit: str


class Fault(Record):
    """Why a text is not a quantity: an error code, what its message needs, what may be meant."""

    code: str
    args: dict[str, str]
    close: tuple[str, ...] = ()


def factor(unit: str) -> Fraction:
    """Return how many base units one `unit` is; 1 for the unit word of a count."""
    return _FACTORS.get(unit, _ONE)


def kind_of(unit: str) -> str:
    """Return the kind that `unit` belongs to; "count" for any word that no other kind has."""
    for kind, units in UNITS.items():
        if unit in units:
            return kind
    return "count"


def read_quantity(text: str, kind: str, units: tuple[str, ...] = ()) -> Quantity | Fault:
    """Read `text` as a quantity of `kind`.

    `units` are the unit words that a count takes. Full-width digits, thousands separators,
    Chinese numerals and white space between number and unit are read as their plain forms. Money,
    area and ratio need a unit; a ratio alone may be negative.
    """
    if len(text) <= SHORT:
        return _known_quantity(text, kind, units)
    return _read(text, kind, units)


@lru_cache(maxsize=2048)
def _known_quantity(text: str, kind: str, units: tuple[str, ...]) -> Quantity | Fault:
    """Read a short text, which may come again in other files."""
    return _read_plain(text, kind, units) or _read(text, kind, units)


def _read_plain(text: str, kind: str, units: tuple[str, ...]) -> Quantity | None:
    """Read a number and its unit where nothing is odd about either, as with almost all of them."""
    match = _PLAIN_NUMBER.match(text)
    if match is None:
        return None
    whole, decimals = match.groups()
    whole = whole.replace(",", "")
    unit = text[match.end() :]
    if kind == "count":
        if decimals or (unit and unit not in units) or unit[:1] in _MAGNITUDES:
            return None
        return Quantity(Fraction(int(whole)), unit or (units[0] if units else ""))
    factor = UNITS[kind].get(unit)
    if factor is None or (kind == "ratio" and unit != "%"):
        return None
    decimals = decimals or ""
    amount = int(whole + decimals) * factor.numerator
    return Quantity(Fraction(amount, factor.denominator * 10 ** len(decimals)), unit)


def begins_as_number(text: str) -> bool:
    """Tell whether `text` begins as a quantity does: what does not is none."""
    first = text.translate(_PLAIN).lstrip()[:1]
    return first.isdecimal() or first in _BEGINNINGS


def _read(text: str, kind: str, units: tuple[str, ...]) -> Quantity | Fault:
    spaced = text.translate(_PLAIN)
    plain = "".join(spaced.split())
    if kind == "money":
        plain = _WHOLE_SUM.sub("元", plain)
    elif kind == "ratio":
        plain = _PER_CENT.sub(r"\1\2%", plain)
    match = _NUMBER.fullmatch(plain)
    assert match is not None  # every part of the pattern may be empty
    sign, whole, decimals, rest = match.groups()
    number = whole.replace(",", "") + decimals
    if len(number) - ("." in number) > MAX_DIGITS:
        return Fault("E516", {"digits": str(MAX_DIGITS)})
    if _PARTED_DIGITS.search(spaced) or decimals == ".":
        return _inexact(text, plain, kind, units)
    unit = unit_named(rest)
    is_numeral = rest[:1] in _MAGNITUDES and unit not in UNITS[kind] and kind != "ratio"
    if not whole or is_numeral:
        numeral = _read_numeral(text, sign, number + rest, kind, units)
        if numeral is not None:
            return numeral
    if not whole or _is_more(rest):
        return _inexact(text, plain, kind, units)
    if "," in whole and not _THOUSANDS.fullmatch(whole):
        return Fault("E507", {"text": text})
    fault = _fault_of_unit(text, sign + number, kind, unit, units)
    if fault is not None:
        return fault
    if sign == "-" and kind != "ratio":
        return Fault("E505", {"text": text})
    amount = Fraction(sign + number)
    if kind == "count":
        if decimals:
            return Fault("E506", {"text": text})
        return Quantity(amount, unit or (units[0] if units else ""))
    return Quantity(amount * UNITS[kind][unit], unit)


def unit_named(text: str) -> str:
    """Return the unit that `text` spells, or `text` itself in its plain form."""
    unit = unicodedata.normalize("NFKC", text)
    return _SPELLINGS.get(unit, unit)


def _read_numeral(
    text: str, sign: str, plain: str, kind: str, units: tuple[str, ...]
) -> Quantity | Fault | None:
    """Read a number in Chinese numerals and its unit, `None` where it is no such number.

    The last 万 or 亿 belongs to the unit where there is such a unit: 三百万元 is 300万元.
    """
    match = NUMERAL.match(plain)
    written = match.group() if match else ""
    number = read_numeral(written) if len(written) <= MAX_DIGITS else None
    rest = plain[len(written) :]
    if number is None or _is_more(rest):
        return None
    unit = unit_named(rest)
    fault = _fault_of_unit(text, sign + written, kind, unit, units)
    if fault is not None:
        return fault
    if sign == "-" and kind != "ratio":
        return Fault("E505", {"text": text})
    if kind == "count":
        if number.denominator != 1:
            return Fault("E506", {"text": text})
        return Quantity(number, unit or (units[0] if units else ""))
    amount = (-number if sign == "-" else number) * UNITS[kind][unit]
    larger = written[-1] + unit
    return Quantity(amount, larger if larger in UNITS[kind] else unit)


def _is_more(rest: str) -> bool:
    """Tell whether what stands behind a number holds or joins another: `5-6家`, `½`, `1e3`."""
    is_numeral = unicodedata.category(rest[:1] or " ").startswith("N")
    return is_numeral or _MORE_NUMBERS.match(rest) is not None or _INEXACT.search(rest) is not None


def _inexact(text: str, plain: str, kind: str, units: tuple[str, ...]) -> Fault:
    """Say why `text` is no exact number: an estimate, a bound, a range, or no number at all.

    `exact` is what is left of it without the words that make it inexact, if that is a number.
    """
    if len(plain) > _MOST_CHARACTERS:
        return Fault("E502", {"text": text})
    words = _INEXACT.findall(plain)
    if words:
        rest = _INEXACT.sub("", plain)
        is_exact = isinstance(read_quantity(rest, kind, units), Quantity)
        exact = {"exact": rest} if is_exact and not _MORE_THAN_SAID & set(words) else {}
        return Fault("E528", {"text": text, "word": words[0], **exact})
    return Fault("E529" if _RANGE.search(plain) else "E502", {"text": text})


def _fault_of_unit(
    text: str, number: str, kind: str, unit: str, units: tuple[str, ...]
) -> Fault | None:
    """Tell what is wrong with `unit`, if anything; a count may go without."""
    if not unit and kind != "count":
        return Fault("E503", {"text": text, "units": _offer(kind)}, _with_units(number, kind))
    known = units if kind == "count" else ("%",) if kind == "ratio" else tuple(UNITS[kind])
    if not unit or unit in known:
        return None
    begun = max((it for it in known if unit.startswith(it)), key=len, default="")
    if begun and _REMARK.match(unit[len(begun) :]):
        exact = f"{number}{begun}"
        return Fault("E532", {"text": text, "rest": unit[len(begun) :], "exact": exact})
    offered = "、".join(units) if kind == "count" else _offer(kind)
    return Fault("E504", {"text": text, "unit": unit, "units": offered})


def _with_units(number: str, kind: str) -> tuple[str, ...]:
    """Return what `number`, which lacks its unit, may have been meant for."""
    is_numeral = not number[-1].isascii()
    if kind == "area":
        is_small = not is_numeral and Fraction(number) < _LEAST_AREA
        return () if is_small else (f"{number}平方米",)
    if kind == "money":
        if (
            is_numeral
            or not Fraction(number)
            or len(number.partition(".")[0]) > _MOST_DIGITS_OF_SUMS
        ):
            return (f"{number}元",)
        return (f"{number}万元", f"{number}亿元")
    if not is_numeral and 0 < abs(Fraction(number)) < 1:
        return (f"{decimal_text(Fraction(number) * 100)}%", f"{number}%")
    return (f"{number}%",)


@lru_cache(maxsize=2048)
def read_threshold(text: str) -> Quantity | Fault:
    """Read a threshold as a standard writes it, of any kind: `2亿元`, `5家`, `10%`, `2个百分点`."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    match = _THRESHOLD.fullmatch(plain)
    if match is None or len(plain) > MAX_DIGITS:
        return Fault("E502", {"text": text})
    number, unit = match.groups()
    unit = _SPELLINGS.get(unit, unit)
    return Quantity(Fraction(number if "." in number else int(number)) * factor(unit), unit)


def _offer(kind: str) -> str:
    """Return the units that a message offers: those of the contract, not every spelling."""
    return {"money": "元、万元、亿元", "area": "平方米、亩、公顷、平方公里", "ratio": "%"}[kind]


def is_below(number: Fraction, other: Fraction) -> bool:
    """Tell whether `number` is less than `other`, as `<` does that takes any kind of number."""
    return number.numerator * other.denominator < other.numerator * number.denominator


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


def exact(quantity: Quantity) -> str:
    """Write a quantity in its own unit, in which it terminates, without rounding: `2.3亿元`."""
    return f"{decimal_text(quantity.amount / factor(quantity.unit))}{quantity.unit}"


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


def money_of(amount: Fraction) -> Quantity:
    """Return an amount of 元 in the unit in which it takes at most two decimals, 元 if none does."""
    for unit in ("亿元", "万元"):
        scale = factor(unit)
        if abs(amount) >= scale and (amount * 100 / scale).denominator == 1:
            return Quantity(amount, unit)
    return Quantity(amount, "元")


def show(quantity: Quantity, lang: str, beside: Quantity | None = None) -> str:
    """Write a quantity in `lang`, in its own unit: `1.9亿元`, `CNY 190 million`.

    `beside` is the threshold that the reader will compare it with (see `number_text`).
    """
    amount, unit = quantity
    if lang == "en":
        return _show_en(amount, unit, beside)
    scale = factor(unit)
    # Most are whole numbers, and this is the quick way to them.
    if scale is _ONE and amount.denominator == 1:
        return f"{amount.numerator}{unit}"
    whole, rest = divmod(amount.numerator * scale.denominator, amount.denominator * scale.numerator)
    if not rest:
        return f"{whole}{unit}"
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
