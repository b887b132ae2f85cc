"""Bytes become text: what Notepad, WPS and Excel save, and what is not text at all."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

from etown_check.decoding import alarms, decode, end_of, split_lines
from etown_check.problems import InputError, Position

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.problems import Problem

TEXT = "标准: shuozhou-2022\r\n县: 怀仁市\r\n乡村e镇: 怀仁市陶瓷e镇\r\n"


def codes(content: bytes) -> list[str]:
    return [problem.code for problem in decode("f.yaml", content).warnings]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"],
)
def test_unicode_is_read_without_a_word(content: bytes) -> None:
    assert decode("f.yaml", content) == (TEXT, ())


RARE = "备注: 赵喆、钱堃、孙煊、李昇牵头，其余人员见佐证文件第三页\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TEXT, "gb2312"),
        (TEXT, "gbk"),
        (TEXT, "gb18030"),
        ("b: 丹\n", "gb2312"),
        (RARE, "gbk"),
        (RARE, "gb18030"),
    ],
)
def test_gb18030_is_read_with_a_warning(text: str, encoding: str) -> None:
    decoded = decode("f.yaml", text.encode(encoding))
    assert decoded.text == text
    assert [(it.code, it.path, it.position) for it in decoded.warnings] == [
        ("W104", "f.yaml", None)
    ]


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"\xff", 1, 1),
        ("总产值: ".encode() + b"\xc4\xe3", 1, 6),
        ("县: 1\r\n总: ".encode() + b"\x80", 2, 4),
        (b"\xef\xbb\xbfa: \xff", 1, 4),
        ("总".encode()[:2], 1, 1),
        (b"a: 1\nb: caf\xe9\n", 2, 7),
        (TEXT.encode()[:-7] + TEXT.encode()[-6:], 3, 11),
        (codecs.BOM_UTF16_LE + "县: 1\n总".encode("utf-16-le")[:-1], 2, 1),
        (codecs.BOM_UTF16_LE + b"a\0\x00\xd8b\0", 1, 2),
    ],
)
def test_what_is_no_text_is_refused_where_it_begins(content: bytes, line: int, column: int) -> None:
    with pytest.raises(InputError) as caught:
        decode("f.yaml", content)
    (problem,) = caught.value.problems
    assert (problem.code, problem.position) == ("E105", Position(line, column))


def test_one_broken_byte_never_makes_another_text() -> None:
    """UTF-8 that lost a byte can be valid GB18030; it must not be read as such."""
    whole = TEXT.encode()
    for at in range(len(whole)):
        content = whole[:at] + whole[at + 1 :]
        if whole[at] < 0x80:
            assert codes(content) == []
        else:
            with pytest.raises(InputError) as caught:
                decode("f.yaml", content)
            assert [it.code for it in caught.value.problems] == ["E105"]


def told(text: str) -> list[Problem]:
    return list(alarms("f.yaml", text, split_lines(text)))


@pytest.mark.parametrize("word", ["统一", "平台", "统一平台"])
def test_gbk_that_decodes_as_utf_8(word: str) -> None:
    content = f"a: x\nnote: {word}\n".encode("gbk")
    garbled = content.decode()  # it does decode
    assert decode("f.yaml", content).text == garbled
    (problem,) = told(garbled)
    begin = len("note: ") + 1
    assert (problem.code, problem.position) == ("E109", Position(2, begin))
    assert problem.end == begin + len(word.encode("gbk").decode())
    assert word in problem.message("zh")
    (doubt,) = told(f"县: 怀仁市\n{garbled}")  # this much is certainly UTF-8
    assert (doubt.code, doubt.position) == ("W107", Position(3, begin))


@pytest.mark.parametrize("text", ["note: café", "a: 5m²", "a: ±3°", "a: x", "a: ·", "a: ×", "b: é"])
def test_signs_of_latin_are_no_alarm(text: str) -> None:
    assert told(text) == []


def test_lines_are_those_of_yaml() -> None:
    assert split_lines("a\r\nb\rc\nd") == ["a", "b", "c", "d"]
    assert end_of("a\r\nbc") == Position(2, 3)


def test_a_file_in_gb18030_is_checked(tmp_path: Path) -> None:
    from etown_check.loading import open_source

    file = tmp_path / "怀仁.yaml"
    file.write_bytes(TEXT.encode("gb18030"))
    source = open_source(str(file))
    assert [problem.code for problem in source.warnings] == ["W104"]
    assert source.root.value[1][1].value == "怀仁市"
