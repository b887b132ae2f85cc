"""What is accepted, another parser reads the same: ruamel.yaml's, in Python and of YAML 1.2.

The tool reads with libyaml, which is of YAML 1.1. A file that the two read differently would say
one thing to the tool and another to the next program, so only a few sorts of text may differ, each
for a reason that stands beside it.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from etown_check.problems import InputError
from etown_check.store import load_standard
from etown_check.tree import PLAIN, QUOTED, MappingNode, Node, ScalarNode, SequenceNode
from etown_check.yamltree import read_tree
from tests.conftest import CASES, EXAMPLES, ROOT

STANDARD = load_standard("shuozhou-2022")
many = settings(max_examples=400)
FILES = sorted([*EXAMPLES.glob("*.yaml"), *CASES.glob("*.yaml")])
TEXTS = {path.name: path.read_text("utf-8") for path in FILES}


def ours(node: Node) -> Any:
    """Return a tree of ours as plain data that keeps order, repeated keys and quotation."""
    match node:
        case MappingNode():
            return {"mapping": [(ours(key), ours(value)) for key, value in node.value]}
        case SequenceNode():
            return {"list": [ours(child) for child in node.value]}
        case _:
            assert isinstance(node, ScalarNode)
            return node.tag, node.value


def theirs(node: Any) -> Any:
    """Return a tree of ruamel's in the same form: by its nodes' names, nothing resolved."""
    match type(node).__name__:
        case "MappingNode":
            return {"mapping": [(theirs(key), theirs(value)) for key, value in node.value]}
        case "SequenceNode":
            return {"list": [theirs(child) for child in node.value]}
        case _:
            return QUOTED if node.style else PLAIN, node.value


def composed(text: str) -> Any:
    return theirs(YAML(typ="safe", pure=True).compose(text))


def composed_or_refused(text: str) -> Any:
    """Return the tree, or what is said where there is none."""
    try:
        return composed(text)
    except MarkedYAMLError as error:
        return str(error)


def without_tabs(tree: Any) -> Any:
    match tree:
        case dict():
            return {kind: [without_tabs(it) for it in held] for kind, held in tree.items()}
        case tuple() if isinstance(tree[0], str):
            return tree[0], tree[1].replace("\t", " ")
        case _:
            return tuple(without_tabs(it) for it in tree)


def check(text: str) -> bool:
    """Compare both readings of `text`; tell whether it is accepted at all."""
    try:
        tree = ours(read_tree("f.yaml", text))
    except InputError:
        return False
    other = composed_or_refused(text)
    if isinstance(other, str) and "\t" in text:
        # Tabs may part tokens and stand within plain text (YAML 1.2.2, 6.2 and 7.3.3), but
        # ruamel takes them for neither: it reads the same text with spaces in their stead.
        other, tree = composed_or_refused(text.replace("\t", " ")), without_tabs(tree)
    assert other == tree or (isinstance(other, str) and _only_theirs(text, other))
    return True


def _only_theirs(text: str, said: str) -> bool:
    """Tell what ruamel alone refuses, although YAML allows it."""
    # A document may be ended more than once (9.2): ruamel counts each further end as a document.
    if "single document" in said:
        return len(re.findall(r"^\.\.\.", text, re.MULTILINE)) > 1
    # A block scalar of nothing but blank lines is as deep as the longest of them (8.1.1.1):
    # ruamel wants the first to be.
    return (
        "more indented follow up line" in said and re.search(r"[|>][^\n]*\n\s*\n", text) is not None
    )


@pytest.mark.parametrize("name", TEXTS)
def test_the_files_at_hand(name: str) -> None:
    text = TEXTS[name]
    if text.lstrip("# \n").startswith("- ") or name == "checks.yaml":
        text = "cases:\n" + text  # a data file is a mapping
    assert check(text)


@pytest.mark.parametrize("path", sorted(ROOT.glob("standards/**/*.yaml")), ids=lambda it: it.name)
def test_the_standards(path: Any) -> None:
    assert check(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "a: x\n y\n",
        "a: x\n\n\n y\n",
        "a: |\n  x\n   y\n\n  z\n",
        "a: >-\n  x\n  y\n\n   z\n",
        "a: |+ # c\n  x\n\n",
        "a: >1-\n  x\n",
        "a: 'x''y'\n",
        "a: 'x\r\n\r\n y'\n",
        'a: "x\\\r\n  y"\n',
        'a: "\\x41\\u4e00\\U0001f389\\N\\_\\L\\P\\e\\0\\/"\n',
        "a: {x: 1, y}\n",
        "a: {b:c}\n",
        "a: {'b':c}\n",
        "a: {2022:1, 2023: 2}\n",
        "a: [b: c]\n",
        "a: [? b : c]\n",
        "a: [http://x/y, z]\n",
        "a: [x # c\n, y]\n",
        "a: [\nb\n]\n",
        "a: {b: 'x'#c\n}\n",
        "a: ---\n",
        "a: x:y\n",
        "a: :x\n",
        "a: ?x\n",
        "a: [-x]\n",
        "a: x\u3000#y\n",
        "a:\u3000x: y\n",
        "a: \xa0x\n",
        "a: 1\rb: 2\n",
        "a: |\r\n  x\r  y\r\n",
        "a:\n- x\n- - y\n  - z\nb: 1\n",
        "a: 1\na: 2\n",
        "? |\n  x\n: y\n",
        "? \n: x\n",
        "<<: {a: 1}\n",
        "%YAML 1.1\n---\na: 012\n",
        "a: 1\n... # x\n",
        "\ufeffa: 1\n",
    ],
)
def test_what_yaml_allows_beside_the_ordinary(text: str) -> None:
    assert composed(text) == ours(read_tree("f.yaml", text))


@pytest.mark.parametrize(
    "text",
    [
        "a:\tx\n",
        "a\t: x\n",
        "a: x\t\n",
        "a: x\t# y\n",
        "a: x\ty\n",
        "a: {b\tc: d}\n",
        "a: 1\n...\n...\n",
        "a: |\n \n  ",
    ],
)
def test_what_ruamel_alone_refuses(text: str) -> None:
    with pytest.raises(MarkedYAMLError):
        composed(text)
    assert check(text)


# Text


PIECES = (
    "a", "b", "值", "总产值", "2023", "1.5亿元", "~", "é", "🎉",
    "a: ", "b: ", "- ", "? ", ": ", ":", "：", "，", "（", "）",
    "  ", " ", "\n", "\n", "\n  ", "\n    ", "\r", "\r\n", "\t", "\u3000", "\xa0", "\u200b", "\ufeff", "\u202e",
    "[", "]", "{", "}", ", ", ",", "'", '"', "''", "#", " # ", "|", "|-\n ", ">", ">\n  ", "%", "@", "`", "=", "<<",
    "\\", "\\n", "\\x41", "\\u4e00", "---\n", "...\n", "%YAML 1.1\n---\n", "!", "&x ", "*x",
    "k: v\n", "k:\n  x: y\n", "k: [a, b]\n", "k: {2022: 1, 2023: 2}\n", "k: 'x'\n", 'k: "x"\n', "k:\n- x\n- y\n",
)  # fmt: skip


@settings(many, max_examples=1500)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.booleans())
@example("---\n值:\n- a\n...\n", False)
def test_random_text(text: str, as_value: bool) -> None:
    text = f"k: {text}" if as_value else text
    check(text)


# Documents


names = st.sampled_from(
    ["标准", "指标", "值", "2022", "2023", *(it.name.zh for it in STANDARD.metrics.values())]
)
texts = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
    | st.sampled_from("\n\t#:,'\"[]{}-? "),
    max_size=12,
)
data = st.recursive(
    names | texts | st.none() | st.booleans() | st.integers() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | texts, inner, max_size=4),
    max_leaves=12,
)


@many
@given(
    st.dictionaries(names | texts, data, min_size=1, max_size=5),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([10, 80, 10**6]),
    st.booleans(),
)
def test_random_documents(
    content: dict[str, Any], flow: bool | None, style: str | None, width: int, unicode: bool
) -> None:
    text = yaml.safe_dump(
        content, default_flow_style=flow, default_style=style, width=width, allow_unicode=unicode
    )
    check(text)


# Mutated files


@settings(many, max_examples=150)
@given(
    st.sampled_from(sorted(TEXTS)),
    st.integers(0, 10**6),
    st.lists(
        st.tuples(
            st.integers(0, 10**6),
            st.sampled_from(["drop", "double", "swap", "put"]),
            st.sampled_from(PIECES),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_mutated_files(name: str, start: int, changes: list[tuple[int, str, str]]) -> None:
    """Some lines of a file, for the Python parser is slow, with a few characters changed."""
    lines = TEXTS[name].splitlines(keepends=True)
    start %= len(lines)
    text = "指标:\n" + "".join(lines[start : start + 25])
    for place, what, piece in changes:
        at = place % (len(text) - 1)
        match what:
            case "drop":
                text = text[:at] + text[at + 1 :]
            case "double":
                text = text[:at] + text[at] + text[at:]
            case "swap":
                text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            case _:
                text = text[:at] + piece + text[at:]
    check(text)


# What libyaml accepts against the rules, and we do not


@pytest.mark.parametrize("text", ["\n\ufeffa: 1\n", "a:\n  b: 1\n\ufeff c: 2\n", "a: 1\n\ufeff"])
def test_a_byte_order_mark_within_the_text(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", ["a: |#\n  x\n", "a: >-# c\n  x\n"])
def test_a_remark_right_behind_the_sign_of_a_block(text: str) -> None:
    check(text)
