"""Reading and writing quantities: every unit, every fault, and nothing ever rounded unseen."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etown_check import quantities
from etown_check.limits import MAX_DIGITS
from etown_check.numerals import NUMERAL
from etown_check.quantities import (
    KINDS,
    UNITS,
    Fault,
    Quantity,
    begins_as_number,
    decimal_text,
    difference,
    factor,
    is_terminating,
    kind_of,
    number_text,
    read_quantity,
    read_threshold,
    show,
)

many = settings(max_examples=300)
MU = Fraction(2000, 3)


def read(text: str, kind: str, *units: str) -> Quantity:
    quantity = read_quantity(text, kind, units)
    assert isinstance(quantity, Quantity), quantity
    assert type(quantity.amount) is Fraction
    return quantity


def fault(text: str, kind: str, *units: str) -> Fault:
    found = read_quantity(text, kind, units)
    assert isinstance(found, Fault), found
    return found


def money(amount: int | str | Fraction, unit: str = "亿元") -> Quantity:
    return Quantity(Fraction(amount) * factor(unit), unit)


def area(amount: int | str | Fraction, unit: str = "平方米") -> Quantity:
    return Quantity(Fraction(amount) * factor(unit), unit)


# Reading


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("2.3亿元", 230_000_000, "亿元"),
        ("5,200万元", 52_000_000, "万元"),
        ("52000000元", 52_000_000, "元"),
        ("２．３亿元", 230_000_000, "亿元"),
        ("５，２００万元", 52_000_000, "万元"),
        ("5，200万元", 52_000_000, "万元"),
        ("1,234,567.89元", Fraction("1234567.89"), "元"),
        ("2.3 亿元", 230_000_000, "亿元"),
        ("2.3\u3000亿\u00a0元", 230_000_000, "亿元"),
        ("  2.3\n亿元\t", 230_000_000, "亿元"),
        ("0元", 0, "元"),
        ("0.0亿元", 0, "亿元"),
        ("002.30亿元", 230_000_000, "亿元"),
        ("100圆", 100, "元"),
    ],
)
def test_money(text: str, amount: int | Fraction, unit: str) -> None:
    assert read(text, "money") == Quantity(Fraction(amount), unit)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("1200平方米", 1200, "平方米"),
        ("1200㎡", 1200, "平方米"),
        ("1200m²", 1200, "平方米"),
        ("1200m2", 1200, "平方米"),
        ("１２００ｍ２", 1200, "平方米"),
        ("1200平米", 1200, "平米"),
        ("1200平方", 1200, "平方米"),
        ("1200 ㎡", 1200, "平方米"),
        ("36万平方米", 360_000, "万平方米"),
        ("0.62平方公里", 620_000, "平方公里"),
        ("0.62km²", 620_000, "平方公里"),
        ("0.62km2", 620_000, "平方公里"),
        ("0.62㎢", 620_000, "平方公里"),
        ("0.62平方千米", 620_000, "平方千米"),
        ("3公顷", 30_000, "公顷"),
        ("3hm²", 30_000, "公顷"),
        ("1亩", MU, "亩"),
        ("1.5亩", 1000, "亩"),
        ("0.1亩", Fraction(200, 3), "亩"),
    ],
)
def test_area(text: str, amount: int | Fraction, unit: str) -> None:
    assert read(text, "area") == Quantity(Fraction(amount), unit)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.5%", Fraction(1, 8)),
        ("12.5％", Fraction(1, 8)),
        ("１２．５％", Fraction(1, 8)),
        ("12.5 %", Fraction(1, 8)),
        ("-3%", Fraction(-3, 100)),
        ("－3％", Fraction(-3, 100)),
        ("- 3%", Fraction(-3, 100)),
        ("+3%", Fraction(3, 100)),
        ("0%", Fraction(0)),
        ("1,000%", Fraction(10)),
        ("0.000001%", Fraction(1, 10**8)),
    ],
)
def test_ratio(text: str, amount: Fraction) -> None:
    assert read(text, "ratio") == Quantity(amount, "%")


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("5", 5, "家"),
        ("5家", 5, "家"),
        ("5个", 5, "个"),
        ("５ 个", 5, "个"),
        ("0", 0, "家"),
        ("012", 12, "家"),
        ("1,234家", 1234, "家"),
    ],
)
def test_count(text: str, number: int, unit: str) -> None:
    assert read(text, "count", "家", "个") == Quantity(Fraction(number), unit)


def test_count_without_a_unit_word() -> None:
    assert read("5", "count") == Quantity(Fraction(5), "")


def test_unit_of_several_characters() -> None:
    assert read("620人次", "count", "人次") == Quantity(Fraction(620), "人次")
    assert fault("620人", "count", "人次").code == "E504"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "count"])
def test_every_unit_reads_to_its_exact_factor(kind: str) -> None:
    for unit, scale in UNITS[kind].items():
        assert type(scale) is Fraction
        assert factor(unit) == scale
        assert kind_of(unit) == kind
        if unit != "个百分点":
            assert read(f"0.3{unit}", kind) == Quantity(Fraction(3, 10) * scale, unit)


def test_unit_word_of_a_count() -> None:
    assert factor("家") == 1
    assert kind_of("家") == "count"


def test_nothing_is_a_float() -> None:
    assert read("0.1亿元", "money").amount * 3 == read("0.3亿元", "money").amount
    assert read("3亩", "area").amount == 2000
    assert read("0.3亩", "area").amount == 200
    below = read("1.99999999亿元", "money").amount
    assert below == 200_000_000 - 1


# Faults


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "亿元",
        "¥5亿元",
        "NaN",
        "nan亿元",
        "inf",
        "-inf元",
        "Infinity元",
        "∞元",
        "1e3元",
        "1E3元",
        "1e+3元",
        "0x10元",
        "0b1元",
        "1_000元",
        "½亿元",
        "1½亿元",
        "2²亿元",
        "²亿元",
        "①亿元",
        "1①亿元",
        "Ⅴ亿元",
        "㉕亿元",
        "𝟓亿元",
        "٣亿元",
        "३亿元",
        "1٣亿元",
        "5亿元、6亿元",
        "5/2亿元",
        "5*2亿元",
        "5.亿元",
        ".5亿元",
        "5..5亿元",
        "1.2.3亿元",
        "2。3亿元",
        "1.000,5元",
        ",5元",
        "1、000元",
        "1'000元",
        "1,,000元",
        "2 3亿元",
        "1 000元",
        "2 .3亿元",
        "6, 800万元",
        "--3元",
        "+-3元",
        "5亿元(2023)",
        "{5}亿元",
    ],
)
def test_not_one_exact_number(text: str) -> None:
    assert fault(text, "money") == Fault("E502", {"text": text})


@pytest.mark.parametrize("text", ["1e3", "0x10", "NaN", "1½", "½", "5²", "①", "٣", "5家6家"])
def test_not_one_exact_count(text: str) -> None:
    assert fault(text, "count", "家").code == "E502"


@pytest.mark.parametrize(
    ("text", "word", "exact"),
    [
        ("约5亿元", "约", "5亿元"),
        ("大约 5亿元", "大约", "5亿元"),
        ("≥5亿元", "≥", "5亿元"),
        ("5亿元左右", "左右", "5亿元"),
        ("5亿元以上", "以上", "5亿元"),
        ("不少于5亿元", "不少于", "5亿元"),
        ("约五亿元", "约", "五亿元"),
        ("近 5亿元", "近", ""),  # less than it says
        ("5亿多元", "多", ""),
        ("5亿余元", "余", ""),
        ("约几亿元", "约", ""),
        ("约2.3", "约", ""),
    ],
)
def test_an_estimate_or_a_bound(text: str, word: str, exact: str) -> None:
    found = fault(text, "money")
    assert (found.code, found.args["text"]) == ("E528", text)
    assert (found.args["word"], found.args.get("exact", "")) == (word, exact)


@pytest.mark.parametrize(
    "text",
    ["5-6亿元", "5－6亿元", "5–6亿元", "5—6亿元", "5~6亿元", "5～6亿元", "5至6亿元", "5到6亿元", "5亿元至6亿元"],
)  # fmt: skip
def test_a_range(text: str) -> None:
    assert fault(text, "money") == Fault("E529", {"text": text})


@pytest.mark.parametrize("text", ["5-6", "5~6家", "100-200"])
def test_a_range_of_a_count(text: str) -> None:
    assert fault(text, "count", "家").code == "E529"


@pytest.mark.parametrize("text", ["约" * 101, "1-" * 2000, "1" + "-" * 3999])
def test_a_sentence_is_not_searched_for_reasons(text: str) -> None:
    assert fault(text, "money").code == "E502"


@pytest.mark.parametrize(
    ("text", "kind", "amount", "unit"),
    [
        ("1.5亿元整", "money", 150_000_000, "亿元"),
        ("一百元正", "money", 100, "元"),
        ("5千万元", "money", 50_000_000, "万元"),
        ("五千万元", "money", 50_000_000, "万元"),
        ("三百万元", "money", 3_000_000, "万元"),
        ("一亿二千万元", "money", 120_000_000, "万元"),
        ("1亿2000万元", "money", 120_000_000, "万元"),
        ("2000千元", "money", 2_000_000, "元"),
        ("两亿元", "money", 200_000_000, "亿元"),
        ("一点五亿元", "money", 150_000_000, "亿元"),
        ("一千平方米", "area", 1000, "平方米"),
        ("5万㎡", "area", 50_000, "万平方米"),
        ("五百亩", "area", Fraction(1_000_000, 3), "亩"),
        ("百分之十二", "ratio", Fraction(12, 100), "%"),
        ("百分之12.5", "ratio", Fraction(125, 1000), "%"),
        ("-百分之三", "ratio", Fraction(-3, 100), "%"),
        ("−3%", "ratio", Fraction(-3, 100), "%"),
        ("–3%", "ratio", Fraction(-3, 100), "%"),
        ("十二%", "ratio", Fraction(12, 100), "%"),
        ("三家", "count", 3, "家"),
        ("叁家", "count", 3, "家"),
        ("1.5万家", "count", 15_000, "家"),
        ("两万", "count", 20_000, "家"),
        ("1,200千家", "count", 1_200_000, "家"),
    ],
)
def test_what_is_certain_is_read(text: str, kind: str, amount: Fraction, unit: str) -> None:
    assert read(text, kind, *(["家"] if kind == "count" else [])) == Quantity(
        Fraction(amount), unit
    )


@pytest.mark.parametrize(
    "text", ["两万五元", "三五亿元", "一百五元", "1亿2元", "负3万元", "百分之三"]
)
def test_what_may_mean_several_numbers_is_not(text: str) -> None:
    assert fault(text, "money").code == "E502"


@pytest.mark.parametrize(
    ("text", "kind", "close"),
    [
        ("2", "money", ("2万元", "2亿元")),
        ("2.3", "money", ("2.3万元", "2.3亿元")),
        ("23000000", "money", ("23000000元",)),
        ("0", "money", ("0元",)),
        ("2亿", "money", ("2亿元",)),
        ("5千万", "money", ("5千万元",)),
        ("五千", "money", ("五千元",)),
        ("1200", "area", ("1200平方米",)),
        ("一千", "area", ("一千平方米",)),
        ("12", "ratio", ("12%",)),
        ("0.12", "ratio", ("12%", "0.12%")),
        ("-0.5", "ratio", ("-50%", "-0.5%")),
        ("0", "ratio", ("0%",)),
        ("十二", "ratio", ("十二%",)),
    ],
)
def test_missing_unit(text: str, kind: str, close: tuple[str, ...]) -> None:
    found = fault(text, kind)
    assert (found.code, found.args["text"], found.close) == ("E503", text, close)


def test_missing_unit_names_the_units() -> None:
    assert fault("2", "money").args["units"] == "元、万元、亿元"
    assert fault("２．５", "money").args["text"] == "２．５"
    assert fault("100", "area").args["units"] == "平方米、亩、公顷、平方公里"
    assert fault("0.1", "ratio").args["units"] == "%"


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("5万亿元", "money", "万亿元"),
        ("5百万美元", "money", "美元"),
        ("5RMB", "money", "RMB"),
        ("5平方米", "money", "平方米"),
        ("5%", "money", "%"),
        ("5米", "area", "米"),
        ("5公里", "area", "公里"),
        ("5M2", "area", "M2"),
        ("5元", "area", "元"),
        ("5‰", "ratio", "‰"),
        ("5个百分点", "ratio", "个百分点"),
        ("5元", "ratio", "元"),
        ("5名", "count", "名"),
        ("5（家）", "count", "(家)"),
        ("1.5万人", "count", "人"),
        ("5%", "count", "%"),
        ("5家\u200b", "count", "家\u200b"),
    ],
)
def test_wrong_unit(text: str, kind: str, unit: str) -> None:
    found = fault(text, kind, *(["家", "个"] if kind == "count" else []))
    assert (found.code, found.args["unit"]) == ("E504", unit)


def test_wrong_unit_of_a_count_names_its_own() -> None:
    assert fault("5名", "count", "家", "个").args["units"] == "家、个"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-1亿元", "money"),
        ("-0亿元", "money"),
        ("－5平方米", "area"),
        ("-1", "count"),
        ("−3元", "money"),
        ("-三亿元", "money"),
        ("-两家", "count"),
        ("-1.5", "count"),
    ],
)
def test_negative(text: str, kind: str) -> None:
    assert fault(text, kind, "家") == Fault("E505", {"text": text})


@pytest.mark.parametrize("text", ["1.5", "1.5家", "5.0", "５．５家", "一点五家"])
def test_fraction_of_a_count(text: str) -> None:
    assert fault(text, "count", "家") == Fault("E506", {"text": text})


@pytest.mark.parametrize("text", ["1,23元", "1234,567元", "1,234,5元", "1,2345元", "2，3亿元"])
def test_misplaced_separators(text: str) -> None:
    assert fault(text, "money") == Fault("E507", {"text": text})


def test_most_digits() -> None:
    assert read("9" * MAX_DIGITS + "元", "money").amount == 10**MAX_DIGITS - 1
    longest = "1." + "0" * (MAX_DIGITS - 2) + "1"
    assert read(longest + "元", "money").amount == Fraction(longest)
    for text in ("9" * (MAX_DIGITS + 1), "1." + "0" * MAX_DIGITS, "9" * 100_000):
        assert fault(text + "元", "money") == Fault("E516", {"digits": "24"})


# Thresholds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2亿元", money(2)),
        ("5000万元", money(5000, "万元")),
        ("100平方米", area(100)),
        ("0.5平方公里", area("0.5", "平方公里")),
        ("100m2", None),
        ("10%", Quantity(Fraction(1, 10), "%")),
        ("2个百分点", Quantity(Fraction(2, 100), "个百分点")),
        ("-2%", Quantity(Fraction(-2, 100), "%")),
        ("5家", Quantity(Fraction(5), "家")),
        ("5", Quantity(Fraction(5), "")),
        ("", None),
        ("亿元", None),
        ("1e3元", None),
        ("1/2亿元", None),
        ("９" * 30, None),
    ],
)
def test_threshold(text: str, expected: Quantity | None) -> None:
    found = read_threshold(text)
    assert found == (expected or Fault("E502", {"text": text}))


# Writing


@pytest.mark.parametrize(
    ("quantity", "zh", "en"),
    [
        (money("1.9"), "1.9亿元", "CNY 190 million"),
        (money(2), "2亿元", "CNY 200 million"),
        (money(500, "万元"), "500万元", "CNY 5 million"),
        (money(5, "万元"), "5万元", "CNY 50,000"),
        (money(10, "万元"), "10万元", "CNY 0.1 million"),
        (money(1, "元"), "1元", "CNY 1"),
        (money(0), "0亿元", "CNY 0"),
        (money(123_456_789, "元"), "123456789元", "about CNY 123.46 million"),
        (money("123456.7891"), "123456.7891亿元", "CNY 12,345,678.91 million"),
        (area(1200), "1200平方米", "1200 m²"),
        (area(12_000), "12000平方米", "12,000 m²"),
        (area(36, "万平方米"), "36万平方米", "360,000 m²"),
        (area(150, "平米"), "150平米", "150 m²"),
        (area("0.62", "平方公里"), "0.62平方公里", "0.62 km²"),
        (area("0.62", "平方千米"), "0.62平方千米", "0.62 km²"),
        (area(50, "亩"), "50亩", "50 mu"),
        (area(3, "公顷"), "3公顷", "3 ha"),
        (area(MU), "约666.67平方米", "about 666.67 m²"),
        (Quantity(Fraction(1, 8), "%"), "12.5%", "12.5%"),
        (Quantity(Fraction(-3, 100), "%"), "-3%", "-3%"),
        (Quantity(Fraction(1, 3), "%"), "约33.33%", "about 33.33%"),
        (Quantity(Fraction(-1, 3), "%"), "约-33.33%", "about -33.33%"),
        (Quantity(Fraction(15, 1000), "个百分点"), "1.5个百分点", "1.5 percentage points"),
        (Quantity(Fraction(5), "家"), "5家", "5"),
        (Quantity(Fraction(12345), "人次"), "12345人次", "12,345"),
        (Quantity(Fraction(5), ""), "5", "5"),
    ],
)
def test_show(quantity: Quantity, zh: str, en: str) -> None:
    assert show(quantity, "zh") == zh
    assert show(quantity, "en") == en


def test_rounding_never_crosses_the_threshold() -> None:
    two = money(2)
    assert show(money(200_000_000 - 1, "元")._replace(unit="亿元"), "zh", two) == "1.99999999亿元"
    assert show(money("1.99995"), "zh", two) == "1.99995亿元"
    assert show(Quantity(Fraction(2, 30), "%"), "zh") == "约6.67%"
    nearly = Quantity(Fraction(1, 10) - Fraction(1, 3 * 10**6), "%")
    assert show(nearly, "zh") == "约10.00%"
    tenth = Quantity(Fraction(1, 10), "%")
    assert show(nearly, "zh", tenth) == "约9.99997%"
    assert show(nearly, "en", tenth) == "about 9.99997%"
    over = Quantity(Fraction(1, 10) + Fraction(1, 3 * 10**6), "%")
    assert show(over, "zh", tenth) == "约10.00003%"
    assert show(tenth, "zh", tenth) == "10%"
    assert show(area(MU * 15), "zh", area(10_000)) == "10000平方米"


def test_something_is_never_shown_as_nothing() -> None:
    assert show(money(1000, "元")._replace(unit="亿元"), "zh") == "0.00001亿元"
    assert show(Quantity(Fraction(-1, 3 * 10**6), "%"), "zh") == "约-0.00003%"
    assert show(Quantity(Fraction(0), "%"), "zh") == "0%"


def test_a_difference_beyond_any_rounding_is_exact() -> None:
    tiny = Fraction(1, 3 * 10**60)
    assert number_text(1 + tiny, Fraction(1)) == (str(1 + tiny), False)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("5", "5"),
        ("-5", "-5"),
        ("0.5", "0.5"),
        ("-0.05", "-0.05"),
        ("100", "100"),
        ("1.500", "1.5"),
        ("123456789012345678901234.5", "123456789012345678901234.5"),
    ],
)
def test_decimal_text(number: str, text: str) -> None:
    assert decimal_text(Fraction(number)) == text


@pytest.mark.parametrize(
    ("number", "text", "is_rounded"),
    [
        (Fraction(5), "5", False),
        (Fraction("0.1234"), "0.1234", False),
        (Fraction("0.12345"), "0.12", True),
        (Fraction("1.005"), "1.005", False),
        (Fraction(1, 3), "0.33", True),
        (Fraction(2, 3), "0.67", True),
        (Fraction(-2, 3), "-0.67", True),
        (Fraction(1000, 3), "333.33", True),
    ],
)
def test_number_text(number: Fraction, text: str, is_rounded: bool) -> None:
    assert number_text(number) == (text, is_rounded)


@pytest.mark.parametrize(
    ("number", "answer"),
    [("1", True), ("0", True), ("1/3", False), ("1/8", True), ("7/40", True), ("1/6", False)],
)
def test_is_terminating(number: str, answer: bool) -> None:
    assert is_terminating(Fraction(number)) is answer


# Differences


@pytest.mark.parametrize(
    ("value", "threshold", "said"),
    [
        (money("1.9"), money(2), "0.1亿元"),
        (money("1.95"), money(2), "500万元"),
        (money(19_500, "万元"), money(2), "500万元"),
        (money("1.99999999"), money(2), "1元"),
        (money("1.5"), money("1.51"), "100万元"),
        (money("1.123"), money(2), "8770万元"),
        (money("0.37"), money(2), "1.63亿元"),
        (money(4999, "万元"), money(5000, "万元"), "1万元"),
        (money("4999.95", "万元"), money(5000, "万元"), "500元"),
        (money("0.5", "元"), money(1, "元"), "0.5元"),
        (area(900), area(1000), "100平方米"),
        (area("0.45", "平方公里"), area("0.5", "平方公里"), "50000平方米"),
        (area("0.4", "平方公里"), area("0.5", "平方公里"), "0.1平方公里"),
        (area(700, "亩"), area("0.5", "平方公里"), "50亩"),
        (area(600, "亩"), area("0.5", "平方公里"), "0.1平方公里"),
        (area(1, "亩"), area(1000), "0.5亩"),
        (area("1.2", "亩"), area(1000), "200平方米"),
        (area(45, "公顷"), area("0.5", "平方公里"), "50000平方米"),
        (area(310), area(300), "10平方米"),
        (Quantity(Fraction(7, 100), "%"), Quantity(Fraction(10, 100), "%"), "3个百分点"),
        (Quantity(Fraction(1, 30), "%"), Quantity(Fraction(1, 10), "%"), "约6.67个百分点"),
        (
            Quantity(Fraction(15, 1000), "个百分点"),
            Quantity(Fraction(2, 100), "个百分点"),
            "0.5个百分点",
        ),
        (Quantity(Fraction(4), "个"), Quantity(Fraction(5), "家"), "1家"),
        (Quantity(Fraction(3), "起"), Quantity(Fraction(0), "起"), "3起"),
    ],
)
def test_difference(value: Quantity, threshold: Quantity, said: str) -> None:
    assert show(difference(value, threshold), "zh") == said


def test_difference_in_english() -> None:
    assert show(difference(money("1.95"), money(2)), "en") == "CNY 5 million"
    percent = Quantity(Fraction(7, 100), "%")
    assert show(difference(percent, Quantity(Fraction(1, 10), "%")), "en") == "3 percentage points"


# Properties

UNIT_KINDS = [
    (unit, kind) for kind in ("money", "area") for unit in UNITS[kind]
] + [("%", "ratio"), ("家", "count")]  # fmt: skip
numbers = st.builds(
    lambda digits, places: Fraction(digits, 10**places),
    st.integers(0, 10**15),
    st.integers(0, 4),
)
fractions = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**9)


@many
@given(st.sampled_from(UNIT_KINDS), numbers)
@example(("亩", "area"), Fraction(1, 10))
def test_what_is_shown_reads_back(unit_kind: tuple[str, str], number: Fraction) -> None:
    unit, kind = unit_kind
    if kind == "count":
        number = Fraction(number.numerator)
    quantity = Quantity(number * factor(unit), unit)
    assert read_quantity(show(quantity, "zh"), kind, ("家",)) == quantity


def plain(digits: int, places: int) -> str:
    """Write digits with a decimal point, without any arithmetic of the code under test."""
    text = str(digits).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}" if places else text


@many
@given(
    st.sampled_from([it for it in UNIT_KINDS if it[1] != "count"]),
    st.integers(0, 10**12),
    st.integers(0, 10),
    st.sampled_from(["", " ", "\u3000", "\n"]),
    st.booleans(),
)
def test_what_is_typed_is_read_exactly(
    unit_kind: tuple[str, str], digits: int, places: int, space: str, is_wide: bool
) -> None:
    unit, kind = unit_kind
    number = plain(digits, places)
    typed = number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    quantity = read(f"{typed if is_wide else number}{space}{unit}", kind)
    assert quantity == Quantity(Fraction(digits, 10**places) * factor(unit), unit)


@many
@given(st.integers(0, 10**18))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert read(f"{number:,}元", "money") == read(f"{number}元", "money")


@many
@given(fractions, fractions)
@example(Fraction(1, 10) - Fraction(1, 10**9), Fraction(1, 10))
@example(Fraction(1, 3), Fraction(1, 3))
def test_rounding_keeps_the_side(number: Fraction, beside: Fraction) -> None:
    text, is_rounded = number_text(number, beside)
    shown = Fraction(text)
    assert (shown < beside) == (number < beside)
    assert (shown > beside) == (number > beside)
    assert (shown == 0) == (number == 0)
    assert (shown != number) == is_rounded


@many
@given(numbers, numbers, st.sampled_from(UNIT_KINDS))
def test_difference_is_symmetric(
    one: Fraction, other: Fraction, unit_kind: tuple[str, str]
) -> None:
    unit = unit_kind[0]
    first, second = (Quantity(number * factor(unit), unit) for number in (one, other))
    assert difference(first, second) == difference(second, first)
    assert difference(first, second).amount == abs(first.amount - second.amount)


@many
@given(numbers, numbers, st.data())
def test_difference_is_the_exact_amount_whatever_the_units(
    one: Fraction, other: Fraction, data: Any
) -> None:
    kind = data.draw(st.sampled_from(["money", "area"]))
    unit, threshold_unit = (data.draw(st.sampled_from(list(UNITS[kind]))) for _ in range(2))
    value = Quantity(one * factor(unit), unit)
    threshold = Quantity(other * factor(threshold_unit), threshold_unit)
    gap = difference(value, threshold)
    assert gap.amount == abs(value.amount - threshold.amount)
    assert kind_of(gap.unit) == kind


@many
@given(st.text(max_size=12), st.sampled_from(KINDS))
def test_any_text_is_read_or_refused(text: str, kind: str) -> None:
    found = read_quantity(text, kind, ("家",))
    if isinstance(found, Quantity):
        assert kind == "ratio" or found.amount >= 0
        assert any(char.isdecimal() or NUMERAL.match(char) for char in text)


digits_and_units = st.text(alphabet="0123456789.,-+ 元万亿%家平米公里亩①½²٣eEx", max_size=10)


@many
@given(digits_and_units, st.sampled_from(KINDS))
def test_nothing_but_plain_digits_makes_a_number(text: str, kind: str) -> None:
    found = read_quantity(text, kind, ("家",))
    if isinstance(found, Quantity):
        assert not set(text) & set("①½²٣eEx")
        plain = "".join(text.replace(",", "").split())
        # By hand: 1亿2000万 is a sum, and each 万 and 亿 belongs to the digits before it.
        unit = plain.lstrip("0123456789.+-万亿")
        base = factor({"平米": "平方米", "公里": "平方公里"}.get(unit, unit) or found.unit)
        numbers = re.findall(r"([+-]?[\d.]+)([万亿]?)", plain[: len(plain) - len(unit)])
        value = sum(Fraction(it) * {"": 1, "万": 10**4, "亿": 10**8}[by] for it, by in numbers)
        assert found.amount == value * base


NUMBERS = ["0", "5", "007", "1.5", "1.50", "12.", "1,000", "1234567890123456", "3.1234567", ".5"]
NUMBERS += ["５", "1 000", "-3", "+3", "1.2.3", "百", "三", "0.0"]
BEHIND = ["", "家", "个", "人次", "万人次", "%", "％", "个百分点", "元", "万元", "亿元", "万", "亿"]
BEHIND += ["元整", "平方米", "㎡", "m2", "亩", "平方公里", "万平方米", "多家", "余家", "家以上"]
BEHIND += [" 家", "家 ", "家（含）", "百家", "1", "½"]


@pytest.mark.parametrize(
    ("kind", "units"),
    [
        ("count", ("家", "个")),
        ("count", ("人次", "万人次")),
        ("count", ()),
        ("money", ()),
        ("area", ()),
        ("ratio", ()),
    ],
)
def test_the_short_way_reads_what_the_long_one_does(kind: str, units: tuple[str, ...]) -> None:
    found = 0
    for text in (number + unit for number in NUMBERS for unit in BEHIND):
        quantity = quantities._read_plain(text, kind, units)
        if quantity is not None:
            found += 1
            assert quantities._read(text, kind, units) == quantity, text
            assert isinstance(quantity.amount, Fraction)
    assert found >= 5


@given(
    st.text(
        st.sampled_from("0123，,.-+−１２ \u3000一二两三十百千万亿点零约家元%平方米分之甲"),
        max_size=8,
    )
)
@example("百分之十二")
@example(" －3%")
@example(".5亿元")
def test_every_quantity_begins_as_a_number(text: str) -> None:
    for kind, units in (("money", ()), ("area", ()), ("ratio", ()), ("count", ("家", "个"))):
        if isinstance(read_quantity(text, kind, units), Quantity):
            assert begins_as_number(text)


@given(st.integers(0, 10**14), st.integers(0, 10**6 - 1), st.booleans())
def test_thousands_may_be_parted(whole: int, decimals: int, has_decimals: bool) -> None:
    behind = f".{decimals:06}" if has_decimals else ""
    parted = read_quantity(f"{whole:,}{behind}万元", "money")
    assert parted == read_quantity(f"{whole}{behind}万元", "money")
    assert isinstance(parted, Quantity)
