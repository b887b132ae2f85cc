"""What input methods do to YAML: each slip is told where it is, and mended as it was meant."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etown_check import prescan
from etown_check.decoding import split_lines
from etown_check.limits import MAX_LINE, MAX_LINES
from etown_check.prescan import Scanned
from etown_check.problems import Position

many = settings(max_examples=300)

Found = tuple[str, int, int, int]


def scan(path: str, text: str) -> Scanned:
    """Scan all lines of a text."""
    return prescan.scan(path, text, split_lines(text))


def found(text: str) -> list[Found]:
    """Return code, line, column and end column of each slip."""
    scanned = scan("f.yaml", text)
    told = [*scanned.problems, *scanned.warnings]
    return [(it.code, *(it.position or Position(0, 0))[:2], it.end or 0) for it in told]


SLIPS = [
    # full-width colons
    ("产值：2.3亿元", "产值: 2.3亿元", [("E221", 1, 3, 4)]),
    ("产值： 2.3亿元", "产值: 2.3亿元", [("E221", 1, 3, 4)]),
    ("产值：\u30002.3亿元", "产值: 2.3亿元", [("E221", 1, 3, 4), ("E228", 1, 4, 5)]),
    ("指标：", "指标:", [("E221", 1, 3, 4)]),
    ("a: {2022：1, 2023： 2}", "a: {2022: 1, 2023: 2}", [("E221", 1, 9, 10)]),
    ("a: {\n 2022：1,\n 2023: 2}", "a: {\n 2022: 1,\n 2023: 2}", [("E221", 2, 6, 7)]),
    ('"产值"：1', '"产值": 1', [("E221", 1, 5, 6)]),
    ("总产值（单位：亿元）：2", "总产值（单位：亿元）: 2", [("E221", 1, 11, 12)]),
    ("a: {b：\u30001}", "a: {b: 1}", [("E221", 1, 6, 7), ("E228", 1, 7, 8)]),
    # colons without a space
    ("面积:100平方米", "面积: 100平方米", [("E222", 1, 3, 4)]),
    ("2023:1亿元", "2023: 1亿元", [("E222", 1, 5, 6)]),
    ("a: {2022:1, 2023:2}", "a: {2022: 1, 2023: 2}", [("E222", 1, 9, 10)]),
    ("'a':1", "'a': 1", [("E222", 1, 4, 5)]),
    ("a:[1, 2]", "a: [1, 2]", [("E222", 1, 2, 3)]),
    # dashes
    ("a:\n  -甲公司\n  - 乙", "a:\n  - 甲公司\n  - 乙", [("E223", 2, 3, 4)]),
    ("a:\n  －甲\n  — 乙", "a:\n  - 甲\n  - 乙", [("E223", 2, 3, 4), ("E223", 3, 3, 4)]),
    ("a:\n  -\u3000甲", "a:\n  - 甲", [("E228", 2, 4, 5)]),
    # commas within brackets
    ("a: [甲，乙]", "a: [甲, 乙]", [("E224", 1, 6, 7)]),
    ("a: [甲、乙；丙]", "a: [甲, 乙, 丙]", [("E224", 1, 6, 7)]),
    ("a: [甲， 乙，]", "a: [甲, 乙,]", [("E224", 1, 6, 7)]),
    ("a: {2022: 1，2023: 2}", "a: {2022: 1, 2023: 2}", [("E224", 1, 12, 13)]),
    ("a: {值: 1；备注：x}", "a: {值: 1, 备注: x}", [("E224", 1, 9, 10), ("E221", 1, 12, 13)]),
    ("a: {2022: [甲，乙]}", "a: {2022: [甲, 乙]}", [("E224", 1, 13, 14)]),
    ("a: [x/1、a.pdf、b.pdf]", "a: [x/1、a.pdf, b.pdf]", [("E224", 1, 14, 15)]),
    ("a: [甲, , 乙]", "a: [甲,  乙]", [("E515", 1, 8, 9)]),
    # brackets
    ("a: 【甲, 乙】", "a: [甲, 乙]", [("E225", 1, 4, 5)]),
    ("a: ［甲］ # x", "a: [甲] # x", [("E225", 1, 4, 5)]),
    ("a: ｛2022: 1｝", "a: {2022: 1}", [("E225", 1, 4, 5)]),
    ("a: [甲, 乙】", "a: [甲, 乙]", [("E225", 1, 9, 10)]),
    ("a: 【甲]", "a: [甲]", [("E225", 1, 4, 5)]),
    ("a: {b: ［甲］}", "a: {b: [甲]}", [("E225", 1, 8, 9)]),
    # quotation marks
    ("a: “甲”", 'a: "甲"', [("E226", 1, 4, 7)]),
    ("a: ＂甲＂ # x", 'a: "甲" # x', [("E226", 1, 4, 7)]),
    ("- “甲”", '- "甲"', [("E226", 1, 3, 6)]),
    ("a: [“甲”, ‘乙’]", 'a: ["甲", "乙"]', [("E226", 1, 5, 8)]),
    ("“甲”: 1", '"甲": 1', [("E226", 1, 1, 4)]),
    ('a: “x "y"”', "a: 'x \"y\"'", [("E226", 1, 4, 11)]),
    # hashes
    ("＃ 说明", "# 说明", [("E227", 1, 1, 2)]),
    ("a: 1 ＃ 说明", "a: 1 # 说明", [("E227", 1, 6, 7)]),
    ("a: [甲] ＃ 说明", "a: [甲] # 说明", [("E227", 1, 8, 9)]),
    ("a: [甲, ＃ 说明\n  乙]", "a: [甲, # 说明\n  乙]", [("E227", 1, 8, 9)]),
    # spaces
    ("a:\n\tb: 1", "a:\n  b: 1", [("E202", 2, 1, 2)]),
    ("a:\n\u3000b: 1", "a:\n  b: 1", [("E228", 2, 1, 2)]),
    ("a:\n\u00a0\u00a0b: 1", "a:\n  b: 1", [("E228", 2, 1, 3)]),
    ("a:\n  b: 1\n\u3000\u3000c: 1", "a:\n  b: 1\n  c: 1", [("E228", 3, 1, 3)]),
    ("备注: x\n\u3000\u3000y", "备注: x\n    y", [("E228", 2, 1, 3)]),
    ("a:\u00a01", "a: 1", [("E228", 1, 3, 4)]),
    ("a: {b:\u30001}", "a: {b: 1}", [("E228", 1, 7, 8)]),
    ("a: 1\u3000# x", "a: 1 # x", [("E228", 1, 5, 6)]),
    ("a: 1\u3000＃ x", "a: 1 # x", [("E227", 1, 6, 7)]),
    ("a: 1\n\u3000\nb: 1", "a: 1\n\nb: 1", [("E228", 2, 1, 2)]),
    ("\u3000# x\na: 1", "# x\na: 1", [("E228", 1, 1, 2)]),
    ("a:\u3000[甲]", "a: [甲]", [("E228", 1, 3, 4)]),
    ("a: \u3000[甲]", "a: [甲]", [("E228", 1, 4, 5)]),
    # what cannot be seen
    ("总\u200b产值: 1", "总产值: 1", [("E229", 1, 2, 3)]),
    ("\ufeffa: 1", "a: 1", [("E229", 1, 1, 2)]),
    ("a: [甲\u200d, '乙\u00ad']", "a: [甲, '乙']", [("E229", 1, 6, 7)]),
    ("a\u200b:1", "a: 1", [("E229", 1, 2, 3), ("E222", 1, 3, 4)]),
]


@pytest.mark.parametrize(("text", "meant", "slips"), SLIPS, ids=[it[0] for it in SLIPS])
def test_a_slip_is_told_and_mended(text: str, meant: str, slips: list[Found]) -> None:
    assert found(text) == slips
    assert scan("f.yaml", text).text == meant
    assert found(meant.replace("\u3000", " ")) == []


@pytest.mark.parametrize(("text", "meant", "slips"), SLIPS, ids=[it[0] for it in SLIPS])
def test_places_of_the_mended_text_are_those_of_the_file(
    text: str, meant: str, slips: list[Found]
) -> None:
    """A character that the clerk typed keeps its place, however the line was mended."""
    scanned = scan("f.yaml", text)
    lines = text.split("\n")
    for number, line in enumerate(scanned.text.split("\n"), 1):
        places = [scanned.column(number, column) for column in range(1, len(line) + 2)]
        assert places == sorted(places)
        assert places[-1] == len(lines[number - 1]) + 1
        for character, column in zip(line, places, strict=False):
            written = lines[number - 1][column - 1]
            if character.isalnum():
                assert character == written


@pytest.mark.parametrize(
    "text",
    [
        "备注: 含：直播间，共用；“甲”和“乙” ＃2楼",
        "note: “全部属实”",
        "培育方案: 怀政发〔2022〕15号",
        "培育方案: 【2022】15号文",
        "培育方案: 关于“十四五”规划的方案",
        "培育方案: “十四五”规划和“十五五”规划",
        "培育方案: 《方案》（试行），第1版",
        "a: {名称: 某方案，试行, 备注: 含：其他}",
        "a: {值: 1, 备注: 说明，其中：甲}",
        "a: [甲（乙、丙）, 丁（戊，己）]",
        "a: ['甲，乙', \"丙、丁\"]",
        "a: [甲\n  , 乙,\n  丙,]",
        "佐证: [佐证/20、平面图，二层.pdf, 1、图.jpg]",
        "a: [【甲】公司, 乙]",
        "a: [甲“乙”公司]",
        "a: [甲：乙]",
        "- 甲：乙",
        "- 甲:乙",
        "- 甲:乙：丙 # x",
        "a: http://x.cn/：，",
        "见 https://x.cn",
        "a: 12:30",
        "a: -3%",
        "a:\n  -3%",
        "---\na: 1\n...",
        "# 说明：产值:1，－甲，“乙”＃\u200b",
        "a: 1 # 说明：产值:1，【】\u200b",
        "a: |\n  产值：2\n  面积:1\n  ＃ x\nb: 1",
        "a: >-\n  产值：2",
        "备注: 第一行\n  说明：第二行\n  -甲",
        "备注:\n  说明：第一行",
        '"a": "产值：1\n  面积:2"\nb: 1',
        "'a：b': 1",
        "a:\t1",
        "a: 1\t# x",
        "a: [1,\t2]",
        "总产值（单位：亿元）: 2",
        "a: 1 200\u3000平方米",
        "a: [甲,\u3000乙]",
        "a: 甲#1",
        '{"a":1, "b": [1]}',
        "a: {b://x.cn, c: 1}",
        "a: x －－ y",
        "? a\n: b",
    ],
)
def test_prose_and_proper_yaml_are_left_alone(text: str) -> None:
    assert found(text) == []
    assert scan("f.yaml", text).text == text


def test_full_width_letters_in_a_key_are_read_with_a_warning() -> None:
    assert found("乡村ｅ镇: x") == [("W105", 1, 1, 5)]
    assert scan("f.yaml", "乡村ｅ镇: x").text == "乡村ｅ镇: x"
    (warning,) = scan("f.yaml", "ｔｏｗｎ: x").warnings
    assert "town: x" in warning.hint("zh")


def test_signs_that_turn_text_round_are_doubted() -> None:
    assert found("a: 甲\u202e乙") == [("W106", 1, 5, 6)]
    assert found("a: 1 # \u202e") == []


def test_an_open_bracket_does_not_swallow_the_file() -> None:
    text = "a: [甲，乙\nb：1\n备注: 一，二\n"
    assert found(text) == [("E224", 1, 6, 7), ("E221", 2, 2, 3)]


def test_a_comment_behind_a_key_does_not_hide_what_follows() -> None:
    assert found("指标: # 说明\n  产值：2") == [("E221", 2, 5, 6)]
    assert found("备注: # 说明\n  产值：2") == []


def test_each_code_is_told_once_a_line() -> None:
    assert found("a: [甲，乙，丙]\nb: [甲，乙]") == [("E224", 1, 6, 7), ("E224", 2, 6, 7)]


def test_the_hint_shows_the_line_as_it_should_be() -> None:
    (problem,) = scan("f.yaml", "  总产值（亿元）：2.3").problems
    assert "总产值（亿元）: 2.3" in problem.hint("zh")
    long = scan("f.yaml", f"a: {'x' * 100}，b\n总产值：{'1' * 200}").problems
    assert len(long[0].hint("en")) < 150
    blank = scan("f.yaml", "a: 1\n\u3000\n").problems[0]
    assert "（空行）" in blank.hint("zh")
    assert "(an empty line)" in blank.hint("en")


HARD = [
    "：" * MAX_LINE,
    "a: [" + "，" * MAX_LINE,
    "a: {" + "：" * MAX_LINE,
    "a: [" + '\\"' * (MAX_LINE // 2),
    'a: ["' + '\\"' * (MAX_LINE // 2),
    "a: [" + "“" * MAX_LINE,
    "\u200b" * MAX_LINE,
    "\u3000" * MAX_LINE + "x",
    "- " * (MAX_LINE // 2) + "：",
    "-\u3000" * (MAX_LINE // 2),
    "（：" * (MAX_LINE // 2),
    "a: " + " ＃" * (MAX_LINE // 2),
    "\n".join(["a：1"] * MAX_LINES),
    "\n".join(["\tb：[甲，乙"] * MAX_LINES),
]


@pytest.mark.parametrize("text", HARD, ids=[it[:8] for it in HARD])
def test_it_takes_no_time(text: str) -> None:
    began = time.perf_counter()
    scan("f.yaml", text)
    assert time.perf_counter() - began < 2.5  # a second beside the measuring of coverage


SIGNS = st.sampled_from(
    "a甲:：,，、；-－—[]【】［］{}｛｝\"'“”‘’#＃ \t\n\u3000\u200b（）1|>\\\ufeff"
)


@many
@given(st.text(SIGNS, max_size=40))
def test_any_text_is_scanned_and_mended_for_good(text: str) -> None:
    scanned = scan("f.yaml", text)
    lines = text.split("\n")
    assert len(scanned.text.split("\n")) == len(lines)
    for problem in (*scanned.problems, *scanned.warnings):
        assert problem.position is not None
        assert problem.end is not None
        assert problem.line == lines[problem.position.line - 1]
        assert 1 <= problem.position.column < problem.end <= len(problem.line) + 2
        assert problem.message("zh")
        assert problem.hint("en")
    if not scanned.columns:
        assert scanned.text == text
