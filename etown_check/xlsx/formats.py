"""What a cell shows: Excel stores a number, and its format makes 10%, 2.3亿元 or a date of it."""

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache

from etown_check.records import Record

NUMBER, DATE, MONTH, YEAR, TIME, SCALED = "number", "date", "month", "year", "time", "scaled"

# The formats that a file refers to by number, as Chinese and English versions of Excel have them;
# all others show a number as it is.
_BUILT_IN = (
    dict.fromkeys((9, 10), "0%")
    | dict.fromkeys((*range(14, 17), 22, *range(28, 32), 51, 53, 54, 58), "yyyy-mm-dd")
    | dict.fromkeys((17, 27, 36, 50, 52, 57), "yyyy-mm")
    | dict.fromkeys((*range(18, 22), *range(32, 36), *range(45, 48), 55, 56), "h:mm:ss")
)
# In the order in which they are tried: quoted and escaped text, what only takes up room, brackets.
_TOKEN = re.compile(r'"([^"]*)"?|[\\!](.)|[_*].|\[([^\]]*)\]?|(.)', re.DOTALL)
_CONDITION = re.compile(r"[<>=]")
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"[0#?]")
_NO_DATE = re.compile(r"general|g/通用格式|e[+-]|am/pm|a/p|上午/下午", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
# What a double tells for certain; behind that stands what came of writing it in binary.
_CONTEXT = Context(prec=15, rounding=ROUND_HALF_EVEN)
_MOST_PLACES = 40
"""A number with more zeros than these is left as it is stored."""
_LAST_DAY = 2_958_465
"""The serial number of 9999-12-31, the last date that Excel knows."""
_GHOST = 60
"""The serial number of 1900-02-29, a day that Excel believes in."""


class Format(Record):
    """How a number is shown: as what, how often times 100, and between which words."""

    kind: str
    percent: int = 0
    before: str = ""
    behind: str = ""


@cache
def built_in(number: int) -> Format:
    """Return the format that has a number of its own."""
    return read_format(_BUILT_IN.get(number, "General"))


@cache
def read_format(code: str) -> Format:
    """Return what a format's code says of positive numbers.

    Where it depends on how large a number is what stands beside it, it says another number.
    """
    first, *others = _sections(code)
    form = _section(first)
    if any(_CONDITION.match(it.group(3) or "") for it in _TOKEN.finditer(first)):
        numbers = (_section(it) for it in others if _PLACEHOLDER.search(it))
        if any(it != form for it in numbers):
            return Format(SCALED)
    return form


def _sections(code: str) -> list[str]:
    """Return the parts of a format's code: for positive numbers, for negative ones, and so on."""
    ends = [it.start() for it in _TOKEN.finditer(code) if it.group(4) == ";"]
    return [
        code[begin:end]
        for begin, end in zip([0, *(it + 1 for it in ends)], [*ends, len(code)], strict=True)
    ]


def _section(code: str) -> Format:
    signs, before, behind = "", "", ""
    is_shifted = False
    for match in _TOKEN.finditer(code):
        quoted, escaped, bracketed, sign = match.groups()
        if bracketed is not None:
            signs += bracketed if _ELAPSED.fullmatch(bracketed) else ""
            continue
        words = quoted if quoted is not None else escaped
        if words is None:
            signs += sign or ""
            is_shifted |= bool(_PLACEHOLDER.fullmatch(sign or "") and "." in behind)
        elif _PLACEHOLDER.search(signs) or "general" in signs.lower():
            behind += words
        else:
            before += words
    return _format(signs, before, behind, is_shifted=is_shifted)


def _format(signs: str, before: str, behind: str, *, is_shifted: bool) -> Format:
    plain = _NO_DATE.sub("", signs).lower()
    if "y" in plain or "d" in plain:
        return Format(DATE if "d" in plain else MONTH if "m" in plain else YEAR)
    if "h" in plain or "s" in plain:
        return Format(TIME)
    if "m" in plain:
        return Format(DATE)
    digits = [match.end() for match in _PLACEHOLDER.finditer(signs)]
    if is_shifted or (digits and signs[digits[-1] :].startswith(",")):
        return Format(SCALED)
    return Format(NUMBER, signs.count("%"), _said(before), _said(behind))


def _said(words: str) -> str:
    """Return the words beside a number, "" for mere signs such as ¥."""
    is_said = "%" in words or any(character.isalnum() for character in words)
    return words.strip() if is_said else ""


def shown(stored: str, form: Format, *, is_1904: bool) -> str:
    """Return the number that a cell stores as people read it, to 15 significant digits.

    Dates come as 2023-12-31, months as 2023-06, whatever their order on the screen.
    """
    if not _DECIMAL.fullmatch(stored):
        return stored
    number = _CONTEXT.create_decimal(stored)
    if form.kind not in (NUMBER, SCALED):
        return _moment(number, form.kind, is_1904=is_1904) or plain_number(number)
    scaled = number.scaleb(2 * form.percent, _CONTEXT)
    return f"{form.before}{plain_number(scaled)}{'%' * form.percent}{form.behind}"


def plain_number(number: Decimal) -> str:
    """Write `number` without an exponent and without trailing zeros."""
    if not number:
        return "0"
    if abs(number.adjusted()) > _MOST_PLACES:
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(number: Decimal, kind: str, *, is_1904: bool) -> str:
    """Return the date or the time of day that a serial number stands for, "" for none."""
    if not 0 <= number <= _LAST_DAY:
        return ""
    days = int(number)
    if kind == TIME:
        seconds = int((number - days) * 86400 + Decimal("0.5"))
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if is_1904:
        day = date(1904, 1, 1) + timedelta(min(days, _LAST_DAY - 1462))
    elif days == _GHOST:
        return "1900-02-29"
    else:
        day = date(1899, 12, 31 if days < _GHOST else 30) + timedelta(days)
    if kind == YEAR:
        return f"{day.year:04d}"
    return f"{day.year:04d}-{day.month:02d}" if kind == MONTH else day.isoformat()
