"""YAML as positioned text: nothing is resolved, everything has its place, little is allowed."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etown_check.fields import naming
from etown_check.limits import (
    MAX_BYTES,
    MAX_LINE,
    MAX_LINES,
    MAX_NESTING,
    MAX_NODES,
    MAX_TEXT,
)
from etown_check.problems import InputError, Position, Problem
from etown_check.tree import (
    PLAIN,
    QUOTED,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    is_blank,
    position,
)
from etown_check.yamltree import entries, read_bytes, read_tree
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

many = settings(max_examples=300)
on_posix = pytest.mark.skipif(os.name != "posix", reason="files of POSIX systems")


def plain(node: Node) -> Any:
    """Return a tree as plain data, to compare."""
    match node:
        case MappingNode():
            return {plain(key): plain(value) for key, value in node.value}
        case SequenceNode():
            return [plain(child) for child in node.value]
        case _:
            return node.value


def tree(text: str) -> Any:
    return plain(read_tree("f.yaml", text))


def refused(call: Callable[[], object]) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        call()
    return caught.value.problems


def told(text: str) -> list[tuple[str, Position | None]]:
    """Return the codes and places of what is wrong with the form of `text`."""
    return [(it.code, it.position) for it in refused(lambda: read_tree("f.yaml", text))]


# Scalars


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "yes",
        "on",
        "off",
        "true",
        "True",
        "null",
        "~",
        "1:30",
        "1:30:45",
        "012",
        "0o14",
        "0x1F",
        "0b11",
        "1e3",
        "1_000",
        "5,200",
        ".5",
        ".inf",
        ".nan",
        "+1",
        "-0",
        "2023-12-31",
        "2023-12-31T10:00:00Z",
        "2.30",
        "=",
        "12.5%",
        "怀政发〔2022〕15号",
        "“幸福怀仁”",
    ],
)
def test_scalars_stay_the_text_that_was_typed(text: str) -> None:
    assert tree(f"a: {text}\n") == {"a": text}
    assert tree(f"{text}: a\n") == {text: "a"}
    assert tree(f"a: [{text if ',' not in text else 'x'}]\n")["a"] != []
    assert tree(f"a: '{text}'\n") == {"a": text}


def test_styles_of_text() -> None:
    text = "a: |\n  x\n  y\nb: >-\n  x\n  y\nc: 'it''s'\nd: \"\\u603b\\n\"\ne: x\n  y\nf:\ng: [a, b,]\nh: {}\n"
    assert tree(text) == {
        "a": "x\ny\n",
        "b": "x y",
        "c": "it's",
        "d": "总\n",
        "e": "x y",
        "f": "",
        "g": ["a", "b"],
        "h": {},
    }


def test_plain_and_quoted_are_told_apart() -> None:
    root = read_tree("f.yaml", "a: ~\nb: '~'\nc: \"null\"\nd: null\n")
    tags = {key.value: value.tag for key, value in root.value}
    assert tags == {"a": PLAIN, "b": QUOTED, "c": QUOTED, "d": PLAIN}


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL", "''", '""', "' '", "# remark"])
def test_blank(text: str) -> None:
    ((_, node),) = read_tree("f.yaml", f"a: {text}\n").value
    assert is_blank(node)


@pytest.mark.parametrize("text", ["'~'", "'null'", "0", "否", "无", "none", "[]", "{}", "-0"])
def test_not_blank(text: str) -> None:
    ((_, node),) = read_tree("f.yaml", f"a: {text}\n").value
    assert not is_blank(node)


# Places


def test_positions_count_lines_and_characters_from_one() -> None:
    text = "标准: 甲\n指标:\n  # 说明\n  总产值: {2022: 1亿元, '2023': \"2亿元\"}\n  🎉表情: [甲, 乙]\n"
    found = {}

    def walk(node: Node) -> None:
        if isinstance(node, ScalarNode):
            found[node.value] = position(node)[:2]
        for child in node.value if not isinstance(node, ScalarNode) else ():
            for part in child if isinstance(child, tuple) else (child,):
                walk(part)

    walk(read_tree("f.yaml", text))
    assert found == {
        "标准": (1, 1),
        "甲": (5, 9),
        "指标": (2, 1),
        "总产值": (4, 3),
        "2022": (4, 9),
        "1亿元": (4, 15),
        "2023": (4, 20),
        "2亿元": (4, 28),
        "🎉表情": (5, 3),
        "乙": (5, 12),
    }


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_positions_with_any_newline(newline: str) -> None:
    root = read_tree("f.yaml", f"a: 1{newline}{newline}总: 值{newline}")
    assert [position(key)[:2] for key, _ in root.value] == [(1, 1), (3, 1)]
    assert told(f"a: 1{newline}总: \x07{newline}") == [("E107", Position(2, 4))]
    assert told(f'a: 1{newline}总: "x{newline}') == [("E203", Position(2, 4))]


# Keys


SAME = naming({"county": "county", "县": "county", "名称(全)": "name"})


def names(text: str) -> tuple[list[str], list[tuple[str, Position | None, str]]]:
    problems: list[Problem] = []
    found = [name for name, _, _ in entries("f.yaml", read_tree("f.yaml", text), SAME, problems)]
    return found, [(it.code, it.position, it.message("zh")) for it in problems]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("县", "县"),
        ("县", "county"),
        ("county", "县"),
        ("县", "' 县 '"),
        ("县", "'县\u3000'"),
        ("名称（全）", "名称(全)"),
        ("名称(全)", "名 称（全）"),
        ("别的", "别的"),
        ("ｅ镇", "e镇"),
        ("2022", "２０２２"),
    ],
)
def test_duplicates(first: str, second: str) -> None:
    found, problems = names(f"{first}: 1\n其他: 2\n{second}: 3\n")
    assert len(found) == 2
    ((code, place, message),) = problems
    assert (code, place) == ("E302", Position(3, 1))
    assert f"第 1 行已经写过“{first}”" in message


def test_each_further_duplicate_is_told() -> None:
    _, problems = names("县: 1\ncounty: 2\n县: 3\n")
    assert [(code, place) for code, place, _ in problems] == [
        ("E302", Position(2, 1)),
        ("E302", Position(3, 1)),
    ]
    assert all("第 1 行" in message for _, _, message in problems)


def test_names_that_only_look_alike_are_no_duplicates() -> None:
    found, problems = names("County: 1\ncounty: 2\n县\u200b: 3\n")
    assert found == ["County", "county", "县\u200b"]
    assert problems == []


@pytest.mark.parametrize("key", ["[a, b]", "{a: b}", "? [a]\n", "? - a\n", "''", '" "', "?"])
def test_keys_that_are_no_names(key: str) -> None:
    found, problems = names(f"ok: 1\n{key}: 2\n" if not key.startswith("?") else f"ok: 1\n{key}\n")
    assert found == ["ok"]
    assert [code for code, _, _ in problems] == ["E304"]


def test_a_merge_key_is_an_unknown_key_like_any() -> None:
    assert tree("<<: {县: 1}\n县: 2\n") == {"<<": {"县": "1"}, "县": "2"}
    assert names("<<: {县: 1}\n") == (["<<"], [])


# What is refused


@pytest.mark.parametrize(
    ("text", "code", "places"),
    [
        ("a: &x 1\n", "E206", [(1, 4)]),
        ("a: &x\n  b: 1\n", "E206", [(1, 4)]),
        ("&x a: 1\n", "E206", [(1, 1)]),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "E206", [(1, 4), (3, 7)]),
        ("a: *x\n", "E206", [(1, 4)]),
        ("县: 1\n说明: *重要*\n", "E206", [(2, 5)]),
        ("a: & 1\n", "E206", [(1, 4)]),
        ("a: [&]\n", "E206", [(1, 5)]),
        ("a: !!str 1\n", "E207", [(1, 4)]),
        ("a: !!map\n  b: 1\n", "E207", [(1, 4)]),
        ("a: !重要\n", "E207", [(1, 4)]),
        ("a: ! x\n", "E207", [(1, 4)]),
        ("a: !!python/object:os.system x\n", "E207", [(1, 4)]),
        ("a: !<x\n", "E207", [(1, 4)]),
        ("a: !y!z b\n", "E207", [(1, 4)]),
        ("a: 1\n---\nb: 2\n", "E208", [(2, 1)]),
        ("---\na: 1\n---\n", "E208", [(3, 1)]),
        ("a: 1\n...\nb: 2\n", "E208", [(3, 1)]),
    ],
)
def test_what_a_data_file_has_no_use_for(
    text: str, code: str, places: list[tuple[int, int]]
) -> None:
    assert told(text) == [(code, Position(*place)) for place in places]


def test_all_anchors_aliases_and_tags_are_told_at_once() -> None:
    assert told("a: &x 1\nb: *x\nc: !t 2\n") == [
        ("E206", Position(1, 4)),
        ("E206", Position(2, 4)),
        ("E207", Position(3, 4)),
    ]
    # Also where a syntax error stops the parser further down.
    assert told("a: &x 1\nb: [\n")[0] == ("E206", Position(1, 4))


def test_marks_within_text_are_text() -> None:
    assert tree("a: 甲&乙*丙!\nb: 'x & y'\n# *x &y !z\n") == {"a": "甲&乙*丙!", "b": "x & y"}


def test_one_document_may_be_marked() -> None:
    assert tree("---\na: 1\n...\n") == {"a": "1"}
    assert tree("%YAML 1.1\n---\na: 1\n") == {"a": "1"}


@pytest.mark.parametrize("text", ["", "\n\n", "# 只有说明\n", "---\n", "~\n", "''\n"])
def test_empty(text: str) -> None:
    assert told(text) == [("E106", None)]


@pytest.mark.parametrize("text", ["- a\n", "[a]\n", "一段文字\n", "标准：a\n县：b\n", "'a: b'\n"])
def test_no_mapping(text: str) -> None:
    assert told(text) == [("E308", Position(1, 1))]


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x00", "U+0000"),
        ("\x07", "U+0007"),
        ("\x0b", "U+000B"),
        ("\x0c", "U+000C"),
        ("\x1b", "U+001B"),
        ("\x7f", "U+007F"),
        ("\x85", "U+0085"),
        ("\x9f", "U+009F"),
        ("\u2028", "U+2028"),
        ("\u2029", "U+2029"),
        ("\ud800", "U+D800"),
        ("\ufffe", "U+FFFE"),
    ],
)
def test_control_characters(character: str, name: str) -> None:
    (problem,) = refused(lambda: read_tree("f.yaml", f"a: 1\n总产值: 值{character}{character}\n"))
    assert (problem.code, problem.position) == ("E107", Position(2, 7))
    assert name in problem.message("zh")
    assert character not in problem.message("zh")


def test_a_line_cannot_hide_behind_a_break_that_editors_do_not_show() -> None:
    assert told("a: 1 # 说明\u2028验收年度: 2024\n") == [("E107", Position(1, 10))]


def test_other_characters_are_text() -> None:
    text = "tab\there \ufeff \u202e \u200b \U0001f389"
    assert tree(f"a: {text}\n") == {"a": text}


# Syntax errors


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        # tabs
        ("\t标准: x\n", "E202", 1, 1),
        ("指标:\n\t总产值: 1\n", "E202", 2, 1),
        ("指标:\n  a: 1\n\tb: 2\n", "E202", 3, 1),
        ("指标:\n  a: 1\n \tb: 2\n", "E202", 3, 2),
        ("指标:\n  a:\n\t\tb: 2\n", "E202", 3, 1),
        ("a:\n  -\tb: 1\n\tc: 2\n", "E202", 2, 4),
        ("-\tb: 1\n", "E202", 1, 2),
        # quotation marks
        ('a: "b\nc: d\n', "E203", 1, 4),
        ("a: 'b\nc: d\n", "E203", 1, 4),
        ('标准: x\n县: "怀仁市\n镇: "y"\n', "E203", 2, 4),
        ('a: "幸福怀仁"管理办法\nb: 1\n', "E203", 1, 10),
        ("a: 'it's'\n", "E203", 1, 8),
        ("a: 'x'\nb: 'y' z\nc: 'd'\n", "E203", 2, 8),
        ('a: {b: "c}\nd: e\n', "E203", 1, 8),
        # a backslash
        ('a: "C:\\dir"\n', "E211", 1, 7),
        ('a: "\\q"\n', "E211", 1, 5),
        ('a: "\\u12"\n', "E211", 1, 7),
        # brackets
        ("a: [b, c\nd: e\n", "E204", 1, 4),
        ("x: 1\na: {b: 1, c: 2\nd: e\n", "E204", 2, 4),
        ("x: 1\na: {b: 1, c: 2", "E204", 2, 4),
        ("x: 1\na: [\n", "E204", 2, 4),
        ("a: [[[\n", "E204", 1, 6),
        ("a: [x, {y: z}]\nb: [[], \n\n", "E204", 2, 4),
        ("a: [b]\nc: {d: [e}\n", "E204", 2, 8),
        ("a: [b}\nc: d\n", "E204", 1, 4),
        ("a: {b: 1 c: 2}\nd: e\n", "E204", 1, 4),
        ("a: {2022: 1亿元，2023: 2亿元}\n", "E204", 1, 4),
        ("a: 1\nc: ]\n", "E204", 2, 4),
        ("a: }\n", "E204", 1, 4),
        ("a: [b]]\n", "E204", 1, 7),
        ("a: {b: c} d\n", "E204", 1, 11),
        ("a: [b,,c]\n", "E204", 1, 7),
        ("a: 1\n]\n", "E204", 2, 1),
        ("{a: 1} b\n", "E204", 1, 8),
        # colons
        ("标准: x\n县 怀仁市\n乡: y\n", "E205", 2, 1),
        ("标准: x\n县：怀仁市\n乡: y\n", "E205", 2, 1),
        ("标准: x\n县:怀仁市\n乡: y\n", "E205", 2, 1),
        ("标准: x\n县 怀仁市\n", "E205", 2, 1),
        ("标准：x\n县: 怀仁市\n", "E205", 1, 1),
        ("# 说明\n\n  标准：x\n\n  # 说明\n  县: 怀仁市\n", "E205", 3, 3),
        ("指标:\n  a: 1\n  b:2\n  c: 3\n", "E205", 3, 3),
        ("指标:\n  a: 1\n  b:2\nc: 3\n", "E205", 3, 3),
        ("a: {2022: 1, 2023:[x]}\n", "E205", 1, 18),
        (f"{'长' * 1100}: 1\n", "E205", 1, 1101),
        ("备注: 见附件: 二\n", "E212", 1, 8),
        ("a: 1\nb: c: d\n", "E212", 2, 5),
        ('a: "b": c\n', "E212", 1, 7),
        # indentation
        ("指标:\n  a: 1\n   b: 2\n", "E210", 3, 4),
        ("指标:\n    a: 1\n  b: 2\n", "E210", 3, 3),
        ("a: 1\n  b: 2\n", "E210", 2, 3),
        ("指标:\n  a:\n      x: 1\n    y: 2\n  c: 1\n", "E210", 4, 5),
        ("  a: 1\nb: 2\n", "E210", 2, 1),
        ("{a: 1}\nb: 2\n", "E210", 2, 1),
        ("a:\n  - x\n - y\n", "E210", 3, 2),
        ("a:\n  - x\n  b: 1\n", "E210", 3, 3),
        ("a:\n  - x\n    b: 1\n", "E210", 3, 5),
        # characters that begin nothing
        ("a: @小王\n", "E213", 1, 4),
        ("a: [@小王]\n", "E213", 1, 5),
        ("a: `x`\n", "E213", 1, 4),
        ("a: %5\n", "E213", 1, 4),
        ("%5: a\n", "E213", 1, 1),
        ("a: >5家\n", "E213", 1, 4),
        ("a: |x\n", "E213", 1, 4),
        ("a: - b\n", "E213", 1, 4),
        ("a: , b\n", "E213", 1, 4),
        # what nobody writes by mistake
        ("%YAML 3.0\n---\na: 1\n", "E201", 1, 1),
    ],
)
def test_syntax_errors_in_our_words(text: str, code: str, line: int, column: int) -> None:
    (problem,) = refused(lambda: read_tree("f.yaml", text))
    assert (problem.code, problem.position) == (code, Position(line, column))
    for lang in ("zh", "en"):
        said = f"{problem.message(lang)} {problem.hint(lang)}"
        for word in ("scanning", "parsing", "expected", "token", "block", "flow", "node", "stream"):
            assert word not in said.replace("is expected", "")


def test_the_character_is_named() -> None:
    (problem,) = refused(lambda: read_tree("f.yaml", "a: @小王\n"))
    assert problem.message("zh") == "文字不能以“@”开头。"


lines = st.lists(
    st.text(alphabet="ab值 :：,，-[]{}\"'#&*!|>%@?\t0\\~.", max_size=8), max_size=6
).map("\n".join)


@many
@given(lines)
@example("%YAML 2.0\n---\na: 1\n")
@example("a: [\n# ]")
def test_any_text_is_read_or_refused_at_a_place_within_it(text: str) -> None:
    try:
        read_tree("f.yaml", text)
    except InputError as error:
        count = text.count("\n") + 1
        for problem in error.problems:
            if problem.code != "E106":
                assert problem.position is not None
                assert 1 <= problem.position.line <= count + 1
                assert problem.position.column >= 1
            assert problem.message("zh")
            assert problem.message("en")


# Nesting


def nested(levels: int) -> str:
    """Return a file with `levels` collections in one another, its top mapping among them."""
    return "a: " + "[" * (levels - 1) + "]" * (levels - 1) + "\n"


def test_nesting_limit() -> None:
    read_tree("f.yaml", nested(MAX_NESTING))
    by_lines = "".join(f"{' ' * level}a:\n" for level in range(MAX_NESTING))
    read_tree("f.yaml", by_lines)
    read_tree("f.yaml", "a: [" + "[], {}, " * 1000 + "]\n")
    too_deep = f"x: 1\na: {'[' * MAX_NESTING}b{']' * MAX_NESTING}\n"
    assert told(too_deep) == [("E209", Position(2, 3 + MAX_NESTING))]
    assert told(by_lines + " " * MAX_NESTING + "a: {b: 1}\n")[0][0] == "E209"


@pytest.mark.parametrize(
    "text",
    [
        "'a: ' + '[' * 4_000",
        "'a: ' + '[' * 4_000 + ']' * 4_000",
        "'a: ' + '{a: ' * 4_000",
        "'- ' * 4_000",
        "'a:\\n  ' + '- ' * 4_000",
        "'? ' * 4_000",
        "'- ? ' * 4_000",
        "'a: &x 1\\nb: ' + '[' * 4_000",
        "''.join(' ' * n + 'a:\\n' for n in range(1400))",
    ],
)
def test_hostile_nesting_is_refused_quickly(text: str) -> None:
    """A stack overflow would end the interpreter, so this runs in one of its own."""
    code = f"""
from etown_check.problems import InputError
from etown_check.yamltree import read_tree
try:
    read_tree("f.yaml", {text})
except InputError as error:
    print(error.problems[-1].code)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in ("E209", "E206")


# Bytes and files


def test_reading_a_file(tmp_path: Path) -> None:
    file = tmp_path / "县.yaml"
    file.write_bytes(b"a: 1\r\n")
    assert read_bytes(str(file)) == b"a: 1\r\n"


def test_size_limit(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"#" * MAX_BYTES)
    assert len(read_bytes(str(file))) == MAX_BYTES
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    (problem,) = refused(lambda: read_bytes(str(file)))
    assert (problem.path, problem.position, problem.code) == (str(file), None, "E104")
    assert "512 KB" in problem.message("en")


@pytest.mark.parametrize("name", ["nothing.yaml", "no/folder/f.yaml", "", "nul\0.yaml"])
def test_missing_file(tmp_path: Path, name: str) -> None:
    path = f"{tmp_path}/{name}" if name else ""
    (problem,) = refused(lambda: read_bytes(path))
    assert (problem.position, problem.code) == (None, "E101")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("a: 1")
    (problem,) = refused(lambda: read_bytes(str(tmp_path / "f.yaml" / "g.yaml")))
    assert problem.code == "E101"


@on_posix
def test_what_is_no_regular_file(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.yaml"
    os.mkfifo(fifo)
    for path in (str(tmp_path), str(fifo), "/dev/null", "/dev/zero"):
        (problem,) = refused(lambda path=path: read_bytes(path))  # type: ignore[misc]
        assert (problem.path, problem.position, problem.code) == (path, None, "E102")


@on_posix
def test_no_file_stays_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for _ in range(20):
        refused(lambda: read_bytes(str(tmp_path)))
    after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert after == before


@on_posix
def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", denied)  # the tests may run as a user who may read all
    (problem,) = refused(lambda: read_bytes(str(tmp_path / "f.yaml")))
    assert (problem.position, problem.code) == (None, "E103")


class Stream(io.TextIOWrapper):
    """Standard input that holds some bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stream("县: 1".encode()))
    assert read_bytes("-") == "县: 1".encode()
    monkeypatch.setattr(sys, "stdin", Stream(b"#" * (MAX_BYTES + 1)))
    assert [it.code for it in refused(lambda: read_bytes("-"))] == ["E104"]
    monkeypatch.setattr(sys, "stdin", None)
    assert [it.code for it in refused(lambda: read_bytes("-"))] == ["E103"]


# Limits


def test_lines_are_limited() -> None:
    within = "a: 1\n" + "#\n" * (MAX_LINES - 2)
    assert tree(within) == {"a": "1"}
    assert told(within + "#\n#") == [("E214", Position(MAX_LINES + 1, 1))]


def test_nodes_are_limited() -> None:
    within = f"a: [{', '.join('x' * (MAX_NODES // 4))}]"
    assert len(tree(within)["a"]) == MAX_NODES // 4
    beyond = "\n".join(f"k{at}: [{', '.join('xyz')}]" for at in range(MAX_NODES // 4))
    assert told(beyond) == [("E214", None)]


def test_text_is_limited() -> None:
    assert tree(f"a: {'x' * MAX_TEXT}") == {"a": "x" * MAX_TEXT}
    assert told(f"b: 1\na: {'x' * (MAX_TEXT + 1)}") == [("E215", Position(2, 4))]
    assert told(f"b: 1\na: '{'x' * (MAX_TEXT + 1)}'") == [("E215", Position(2, 4))]
    assert told(f"{'x' * (MAX_TEXT + 1)}: 1")[0][0] in ("E205", "E215")


def test_a_line_is_limited() -> None:
    assert tree("a: 1 #" + "x" * (MAX_LINE - 6)) == {"a": "1"}
    assert told("a: 1\nb: 1 #" + "x" * (MAX_LINE - 5)) == [("E215", Position(2, 1))]


@on_posix
def test_links_that_lead_round_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    (problem,) = refused(lambda: read_bytes(str(tmp_path / "a.yaml")))
    assert (problem.position, problem.code) == (None, "E111")


@pytest.mark.parametrize("told", [0, 3, 10, 11, MAX_BYTES, MAX_BYTES + 1])
def test_a_file_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: int
) -> None:
    """It may be larger or smaller by then than it was said to be."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"0123456789")

    whole = os.stat(path)
    as_told = os.stat_result([*whole[:6], told, *whole[7:]])
    monkeypatch.setattr("etown_check.yamltree.os.fstat", lambda _: as_told)
    assert read_bytes(str(path)) == b"0123456789"


def test_a_file_that_tells_no_size() -> None:
    path = Path("/proc/version")
    if not path.exists():
        pytest.skip("no such file on this system")
    assert read_bytes(str(path)) == path.read_bytes()


@pytest.mark.parametrize("more", [0, 1])
def test_a_file_as_large_as_may_be(tmp_path: Path, more: int) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a" * (MAX_BYTES + more))
    if more:
        with pytest.raises(InputError) as caught:
            read_bytes(str(path))
        assert caught.value.problems[0].code == "E104"
    else:
        assert len(read_bytes(str(path))) == MAX_BYTES
