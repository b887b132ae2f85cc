"""Chinese numerals: what has one meaning is read, and nothing else."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etown_check.numerals import read_numeral

many = settings(max_examples=300)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", 0),
        ("〇", 0),
        ("三", 3),
        ("两", 2),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("一百零五", 105),
        ("一百一十五", 115),
        ("两百零五", 205),
        ("壹仟贰佰叁拾肆", 1234),
        ("一千", 1000),
        ("一千零五十", 1050),
        ("一万零五百", 10_500),
        ("两万五千", 25_000),
        ("五百万", 5_000_000),
        ("一亿二千万", 120_000_000),
        ("一亿零五十", 100_000_050),
        ("5千", 5000),
        ("5千万", 50_000_000),
        ("1.5万", 15_000),
        ("1亿2000万", 120_000_000),
        ("12000万", 120_000_000),
        ("一点五亿", 150_000_000),
        ("零点一二", Fraction(12, 100)),
    ],
)
def test_one_meaning(text: str, number: Fraction) -> None:
    assert read_numeral(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "万",
        "百",
        "三五",
        "十几",
        "数十",
        "一百五",
        "两万五",
        "1亿2",
        "1亿2000",
        "二〇二三",
        "一百十五",
        "十百",
        "零十",
        "一零",
        "一千零零五",
        "一亿万",
        "一点",
        "点五",
        "一点十",
        "万五千",
        "1.2.3万",
        "五千一万",
        "一万二万",
        "1亿12000万",
        "五百千",
    ],
)
def test_none_or_several(text: str) -> None:
    assert read_numeral(text) is None


DIGITS = "零一二三四五六七八九"


def spelled(number: int) -> str:
    """Write a whole number below 10**12 in Chinese, as it is taught."""
    if number < 10:
        return DIGITS[number]
    for size, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            head, rest = divmod(number, size)
            gap = "零" if rest and rest < size // 10 else ""
            return f"{spelled(head)}{word}{gap}{spelled(rest) if rest else ''}"
    raise AssertionError


@many
@given(st.integers(0, 10**12 - 1))
def test_what_is_spelled_as_it_is_taught_is_read(number: int) -> None:
    assert read_numeral(spelled(number)) == number


@many
@given(st.text(alphabet="零〇一二两三九十百千万亿点几多05.", max_size=8))
def test_any_text_is_one_number_or_none(text: str) -> None:
    number = read_numeral(text)
    assert number is None or number >= 0
