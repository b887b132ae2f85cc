"""The quick reader against the parser: whatever it reads, the parser reads as the very same tree."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etown_check import parsing
from etown_check.decoding import split_lines
from etown_check.limits import MAX_NODES
from etown_check.plain_yaml import read_plain
from etown_check.prescan import scan
from etown_check.problems import InputError
from etown_check.tree import CollectionNode, MappingNode, Node, ScalarNode, end_column, position
from etown_check.yamltree import refuse
from tests.conftest import EXAMPLES, ROOT

EXAMPLE = {path.name: path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.yaml"))}


def towns(number: int, months: int = 1) -> list[str]:
    """Return data files as the benchmarks make them."""
    with TemporaryDirectory() as folder:
        script = str(ROOT / "benchmarks" / "towns.py")
        command = [sys.executable, script, str(number), folder, str(months)]
        subprocess.run(command, check=True)
        return [path.read_text("utf-8") for path in sorted(Path(folder).rglob("*.yaml"))]


TOWNS = towns(50)


def files() -> list[str]:
    """Return the texts of all YAML that is at hand, good and bad."""
    folders = ("examples", "standards", "tests/cases", "tests/corpus")
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.y*ml"))
    found = []
    for path in paths:
        try:
            found.append(path.read_bytes().decode("utf-8"))
        except UnicodeDecodeError:
            continue
    return found


def everything(node: Node) -> Any:
    """Return all that a node says: its kind, its places, how it was written, what it holds."""
    kind = "mapping" if isinstance(node, MappingNode) else "other"
    places = node.start_mark, node.end_mark, position(node), end_column(node)
    said = kind, node.tag, *map(str, places)
    if isinstance(node, ScalarNode):
        return (*said, node.style, node.value)
    assert isinstance(node, CollectionNode)
    inner = [
        tuple(map(everything, it)) if isinstance(it, tuple) else everything(it) for it in node.value
    ]
    return (*said, node.flow_style, inner)


def check(text: str) -> bool:
    """Compare both readings of `text`; tell whether the quick one says anything of it."""
    try:
        refuse("f", text, split_lines(text))
    except InputError:
        return False  # before anybody reads it
    found = read_plain(text, split_lines(text))
    if found is None:
        return False
    assert everything(found) == everything(parsing.compose("f", text))
    lines = split_lines(text)
    assert scan("f", text, lines, is_plain=True) == scan("f", text, lines)
    return True


@pytest.mark.parametrize("text", files(), ids=lambda it: f"{len(it)}")
def test_the_files_at_hand(text: str) -> None:
    check(text)
    check(text.replace("\n", "\r\n"))
    check(text.rstrip("\n"))


@pytest.mark.parametrize("text", [*EXAMPLE.values(), *TOWNS], ids=lambda it: it[:20])
def test_clean_files_take_the_quick_way(text: str) -> None:
    assert check(text)
    assert check(text.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "a: b  # c\n\n# d\n",
        "a:\nb:\n  c:\n  d: 1\n",
        "a:\n- x\n- y  # z\nb: 1\n",
        "a:\n  - x\n  - [y, z]\n",
        "  a: 1\n  b: 2\n",
        "a: {b: 1, c: [d, 'e'], \"f\": {}}\n",
        "a: []\nb: [ x , y z ]\nc: {2022: 1亿元, 2023: 2亿元}  # d\n",
        "a: 'b: c # d'\nb: \"e\"  # f\n",
        "a: x:y#z\nb: -5%\nc: http://x/y\nd: 1:30\n",
        "a: b\n   ",
        "a:\n  b: c\n # d",
        "总产值（亿元）: 2.3\n名称 二: 某某，某某\n",
        "a: it's\nb: 5\" x\n",
    ],
)
def test_what_is_read(text: str) -> None:
    assert check(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "- a\n",
        "a\n",
        "a: b\n c\n",
        "a: b\n  c: d\n",
        "  a: 1\n b: 2\n",
        "a:\n    b: 1\n  c: 2\n",
        "a:\n  - b\n  c: d\n",
        "a: 1\n- b\n",
        "a:\n- b: c\n",
        "a:\n-\n- b\n",
        "a:\n- # c\n",
        "a: |\n  b\n",
        "a: &b c\n",
        "a: *b\n",
        "a: !!str b\n",
        "? a\n: b\n",
        "a : b\n",
        "a: 'b\n  c'\n",
        "a: 'b''c'\n",
        'a: "b\\n"\n',
        "a: 'b' c\n",
        "a: 'b'#c\n",
        "a: [b\n  , c]\n",
        "a: [b, , c]\n",
        "a: [b,]\n",
        "a: [b: c]\n",
        "a: {b}\n",
        "a: {b: }\n",
        "a: {b: c: d}\n",
        "a: {b: c, d}\n",
        "a: {[b]: c}\n",
        "a: [b] c\n",
        "a: [b]#c\n",
        "a: [b}\n",
        "a: [b c]]\n",
        "a: b: c\n",
        "a: b #c\n  d\n",
        "a: - b\n",
        "a: -\n",
        "a: @b\n",
        "a:\tb\n",
        "---\na: b\n",
        "...a: b\n",
        "a: b\n...\n",
        "%YAML 1.1\n---\na: b\n",
        "\ufeffa: b\n",
        "a: b\rc: d\n",
        f"a: {'b' * 2000}\n",
        "a: [" * 30 + "]" * 30 + "\n",
        "".join(f"{' ' * depth}a:\n" for depth in range(30)) + f"{' ' * 30}b: c\n",
        "a: 1\n" * (MAX_NODES // 2),
        f"a: [{','.join(['b'] * MAX_NODES)}]\n",
    ],
    ids=lambda it: it[:24],
)
def test_what_is_left_to_the_parser(text: str) -> None:
    assert read_plain(text, split_lines(text)) is None


PIECES = (
    "a", "值", "2023", "1.5亿元", "~", "é", "🎉", "a: ", "b: ", "- ", ": ", ":", "：", "，", "（", "）", "“", "”", "【", "】", "；",
    "  ", " ", "\n", "\n", "\n  ", "\n    ", "\r\n", "\t", "\u3000", "[", "]", "{", "}", ", ", ",", "'", '"', "#", " # ", "|", ">",
    "?", "&", "*", "!", "%", "@", "`", "\\", "---\n", "...\n", "k: v\n", "k:\n  x: y\n", "k: [a, b]\n", "k: {2022: 1, 2023: 2}\n",
    "k: 'x'\n", 'k: "x"\n', "k:\n- x\n- y\n",
)  # fmt: skip


@settings(max_examples=1500)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("a:\n  b: 无\n ")
@example("k：a:\n  l: [a，b]\n")
def test_random_text(text: str) -> None:
    check(text)


def test_mutated_files() -> None:
    chance = random.Random(2022)
    accepted = 0
    sources = [*EXAMPLE.values(), *TOWNS[:10]]
    for _ in range(4000):
        lines = chance.choice(sources).splitlines(keepends=True)
        begin = chance.randrange(len(lines))
        text = "".join(lines[begin : begin + chance.choice((1, 3, 8, 20))])
        text = f"k:\n{text}" if text.startswith(" ") else text
        for _ in range(chance.choice((1, 1, 2, 3))):
            at = chance.randrange(len(text) + 1)
            match chance.randrange(4):
                case 0:
                    text = text[:at] + text[at + 1 :]
                case 1:
                    text = text[: at + 1] + text[at:]
                case 2:
                    moved = text.splitlines(keepends=True)
                    chance.shuffle(moved)
                    text = "".join(moved)
                case _:
                    text = text[:at] + chance.choice(PIECES) + text[at:]
        accepted += check(text)
    assert accepted > 1000  # else nothing was compared
