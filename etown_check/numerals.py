"""Chinese numerals: 一千, 两百零五, 壹拾, 5千, 1亿2000万, 一点五亿.

Only what has one meaning is read. 十几, 数十 and 三五 say no number; 两万五 is twenty-five
thousand in speech and says nothing certain in writing; and in 三亿四万 or 两千五十 something may
have been dropped, because a place that is passed over is filled by 零.
"""

import re
from fractions import Fraction

from etown_check.patterns import pattern

_DIGITS = {
    **{digit: number for number, digit in enumerate("零一二三四五六七八九")},
    **{digit: number for number, digit in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_ZERO = "零〇"
_SECTION = 10**4
"""Chinese counts by ten thousands: 亿, 万, and what is below."""

NUMERALS = "".join((*_DIGITS, *_SMALL, "万亿点"))
"""Characters of numbers in Chinese."""
NUMERAL = pattern(rf"[\d.{NUMERALS}]+", re.ASCII)
"""What may be a number: digits of both scripts and the words of magnitude."""
_ARABIC = pattern(r"(\d+(?:\.\d+)?)([百佰千仟]?)", re.ASCII)


def read_numeral(text: str) -> Fraction | None:
    """Return the number that `text` says, `None` where it says none or might say several."""
    total, rest, is_first, above = Fraction(0), text, True, ""
    for word, size in (("亿", _SECTION**2), ("万", _SECTION)):
        head, is_there, tail = rest.partition(word)
        if is_there:
            section = _section(head, is_first)
            if section is None or not (is_first or _fills(head, section)):
                return None
            total, rest, is_first, above = total + section * size, tail, False, word
    if is_first:
        return _section(text, is_first)
    if rest and (len(rest) == 1 or (above == "亿" and rest[0] not in _ZERO)):
        return None  # 1亿2, 1亿2000: in speech a thousand times more than what is written
    section = _section(rest, is_first) if rest else Fraction(0)
    if section is None or (rest and not _fills(rest, section)):
        return None
    return total + section


def _fills(text: str, section: Fraction) -> bool:
    """Tell whether a lower section is written so that nothing can be lacking before it."""
    return section >= _SECTION // 10 or text[0] in _ZERO or _ARABIC.fullmatch(text) is not None


def _section(text: str, is_first: bool) -> Fraction | None:
    """Read a number below 亿 or 万. The first may have decimals or be larger than its place."""
    match = _ARABIC.fullmatch(text)
    if match:
        number = Fraction(match.group(1)) * _SMALL.get(match.group(2), 1)
    else:
        whole, point, decimals = text.partition("点")
        found = _whole(whole)
        if found is None or (point and not decimals):
            return None
        number = found
        for place, digit in enumerate(decimals, 1):
            if digit not in _DIGITS:
                return None
            number += Fraction(_DIGITS[digit], 10**place)
    fits = number.denominator == 1 and 0 < number < _SECTION
    return number if is_first or fits else None


def _whole(text: str) -> Fraction | None:
    """Read a whole number below ten thousand in Chinese digits."""
    total, below = 0, _SECTION
    digit: int | None = None
    is_filled = False  # by 零: 一百零五
    for character in text:
        if character in _SMALL:
            size = _SMALL[character]
            if size >= below or (digit is None and (size != 10 or total or is_filled)):
                return None
            if total and is_filled == (size * 10 == below):
                return None  # 两千五十, 一千零一百
            total += (1 if digit is None else digit) * size
            below, digit, is_filled = size, None, False
        elif digit is not None or character not in _DIGITS or (is_filled and character in _ZERO):
            return None
        elif character in _ZERO and text not in _ZERO:
            is_filled = True
        else:
            digit = _DIGITS[character]
    if digit is None:
        return None if is_filled or not total else Fraction(total)
    if total and below > 10 and not is_filled:
        return None  # 一百五: in speech 150
    return Fraction(total + digit)
