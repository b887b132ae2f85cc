"""Folding for comparison, making hostile text visible, and laying out in columns."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etown_check.text import HIDDEN, columns, fold, fold_quote, pad, visible, wrap

many = settings(max_examples=300)

# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("total_output", "total_output"),
        (" total _output\n", "total_output"),
        ("总产值", "总产值"),
        ("总 产\u3000值\u00a0", "总产值"),
        ("新增市场主体（法人单位）", "新增市场主体(法人单位)"),
        ("新增市场主体(法人单位)", "新增市场主体(法人单位)"),
        ("乡村ｅ镇", "乡村e镇"),
        ("２０２２年", "2022年"),
        ("Total", "Total"),
        ("标准\u200b", "标准\u200b"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@many
@given(st.text(alphabet="总产值ｅeＥ１1（(％% \u3000\n\u00a0㎡²"))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert not any(char.isspace() for char in once)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("（一）", "(一)"),
        ("：；，．！？％", ":;,.!?%"),
        ("［｛～｝］＜＝＞", "[{~}]<=>"),
        ("“好”", '"好"'),
        ("„好‟", '"好"'),
        ("「好」『好』", '"好""好"'),
        ("｢好｣", '"好"'),
        ("＂好＂", '"好"'),
        ("‘好’", "'好'"),
        ("＇好＇", "'好'"),
        ("｡､･", "。、・"),
        (" 不 少\u3000于\n2\t亿元\r\n", "不少于2亿元"),
    ],
)
def test_fold_quote(text: str, folded: str) -> None:
    assert fold_quote(text) == folded


@pytest.mark.parametrize(
    "text",
    [
        "２亿元",  # a full-width digit is no punctuation
        "ｅ镇",
        "Ｅ镇",
        "。",
        "、",
        "《办法》",
        "—",
        "…",
        "㎡",
        "m²",
        "①",
        "Ⅳ",
        "ＡＢＣｘｙｚ０９",
        "a\u200bb",
        "镇\ufeff",
        "é",
        "e\u0301",
        "ﬁ",
        "ABC",
        "〔2022〕",
        "【】",
        "·",
    ],
)
def test_fold_quote_leaves_the_rest_alone(text: str) -> None:
    assert fold_quote(text) == text


@pytest.mark.parametrize(
    ("one", "other"), [("2亿元", "２亿元"), ("e镇", "ｅ镇"), ("。", "."), ("1", "l")]
)
def test_quotes_that_differ_stay_different(one: str, other: str) -> None:
    assert fold_quote(one) != fold_quote(other)


@many
@given(st.characters(exclude_categories=["Cs"]))
def test_fold_quote_touches_only_space_punctuation_and_quotes(char: str) -> None:
    folded = fold_quote(char)
    if folded != char:
        is_mark = unicodedata.category(char)[0] in "PS"
        assert char.isspace() or is_mark
        assert not char.isalnum()
        assert len(folded) == (0 if char.isspace() else 1)


# Hostile text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m红\x1b[0m", "\\x1b[31m红\\x1b[0m"),
        ("a\nb", "a\\x0ab"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\x00\x07\x7f\x85\x9b", "\\x00\\x07\\x7f\\x85\\x9b"),
        ("2\u202e亿\u202c元", "2\\u202e亿\\u202c元"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("零\u200b宽", "零\\u200b宽"),
        ("\ufeff标准", "\\ufeff标准"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
        ("soft\u00adhyphen", "soft\\xadhyphen"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("\ud800", "\\ud800"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "code",
    [
        *range(0x20),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0x200B, 0x2010),
        0x2028,
        0x2029,
        0x2060,
        0x061C,
        0xFEFF,
    ],
    ids=hex,
)
def test_what_hides_or_reorders_is_escaped(code: int) -> None:
    shown = visible(f"值{chr(code)}值")
    assert chr(code) not in shown
    assert shown.startswith("值\\")
    assert f"{code:x}" in shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain ASCII, with ~ and \\",
        "怀仁市陶瓷e镇：总产值 2.3亿元（2023年）",
        "“引号”、《书名》……——",
        "全角　空格",
        "㎡ m² ① é ñ 🎉 👍🏽",
        "عربي עברית",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert visible(text) == text


@many
@given(st.text())
@example("\u202eabc\n")
def test_visible_is_one_harmless_line(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in shown)
    assert not any(
        unicodedata.bidirectional(char)
        in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        for char in shown
    )
    assert visible(shown) == shown


# Columns


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("总产值", 6),
        ("2.3亿元", 7),
        ("e\u0301", 1),
        ("か\u3099", 2),
        ("（）", 4),
        ("ｅ", 2),
        ("ｱ", 1),
        ("🎉", 2),
        ("≥ 2", 3),
    ],
)
def test_columns(text: str, width: int) -> None:
    assert columns(text) == width


def test_pad() -> None:
    assert pad("县", 5) == "县   "
    assert pad("abc", 3) == "abc"
    assert pad("总产值", 2) == "总产值"
    assert columns(pad("怀仁e镇", 20)) == 20


# Wrapping

CLOSING = "，。；：、！？）》”’」』】〕"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("   ", 10, [""]),
        ("总产值", 6, ["总产值"]),
        ("总产值", 4, ["总产", "值"]),
        ("你好，世界", 4, ["你", "好，", "世界"]),
        ("你好，世界。）", 6, ["你好，", "世", "界。）"]),
        ("hello world", 5, ["hello", "world"]),
        ("hello, world", 8, ["hello,", "world"]),
        ("hello，世界", 5, ["hell", "o，世", "界"]),
        ("hello，世界", 7, ["hello，", "世界"]),
        ("一 hello，世界", 8, ["一", "hello，", "世界"]),
        ("a    b", 3, ["a", "b"]),
        ("  缩进的字", 6, ["  缩进", "的字"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("don’t panic", 6, ["don’t", "panic"]),
        ("总产值 total_output 为", 12, ["总产值", "total_output", "为"]),
        ("用etown-check校验", 12, ["用", "etown-check", "校验"]),
        ("，开头", 4, ["，开", "头"]),
        ("好。。。。", 4, ["好。", "。。", "。"]),
        ("好。", 1, ["好", "。"]),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("怀仁市陶瓷镇产值 a b cd-_9%" + CLOSING + "（“"), st.characters()
    )
)


@many
@given(texts, st.integers(1, 40))
def test_wrap_loses_and_reorders_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    rest = text
    for line in lines:
        rest = (
            rest.removeprefix(line)
            if rest.startswith(line)
            else rest.lstrip(" ").removeprefix(line)
        )
    assert not rest.strip(" ")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@many
@given(texts, st.integers(2, 40))
def test_wrap_never_exceeds_the_width(text: str, width: int) -> None:
    assert all(columns(line) <= width for line in wrap(text, width))


@many
@given(st.text(alphabet="怀仁市陶瓷镇abc xyz，。）”"), st.integers(4, 30))
@example("怀，，仁，", 4)
@example("abcd，", 4)
@example("a仁。”", 4)
def test_closing_punctuation_is_first_only_where_it_must_be(text: str, width: int) -> None:
    lines = wrap(text, width)
    at = len(lines[0])
    for line in lines[1:]:
        at = text.index(line, at)
        before = text[:at].rstrip(CLOSING)
        marks = len(text) - at - len(text[at:].lstrip(CLOSING))
        run = columns(text[len(before) - 1 : at + marks])
        if line[:1] in tuple(CLOSING):
            assert not before or before.endswith(" ") or run > width, (lines, line)
        at += len(line)


@many
@given(
    st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=8), min_size=1), st.integers(8, 30)
)
def test_words_that_fit_stay_whole(words: list[str], width: int) -> None:
    lines = wrap(" ".join(words), width)
    assert [word for line in lines for word in line.split()] == words


def test_what_is_hidden_is_never_printable() -> None:
    """So that a text without anything unprintable need not be searched."""
    hidden = [char for char in map(chr, range(sys.maxunicode + 1)) if HIDDEN.match(char)]
    assert len(hidden) > 2000  # the surrogates among them
    assert not any(map(str.isprintable, hidden))
