"""YAML as we write it: quoted only where it would otherwise be read as something else.

What a text may hold is decided by our own reader, which tells of far more than YAML does: a
Chinese comma within brackets, a full-width number sign behind a space.
"""

import re
from collections.abc import Mapping, Sequence

from etown_check.text import HIDDEN, columns

Tree = str | Sequence[str] | Mapping[str, "Tree"] | None
"""What stands behind a key: a text, a list of texts, entries by their keys, or nothing."""

WIDTH = 100
"""Columns that a list or a mapping on one line may take."""
STEP = 2
"""Spaces by which entries are indented below their key."""

# A text begins with a sign of YAML's, holds what ends it, or is wrapped in quotation marks.
_NO_TEXT = re.compile(
    r"[?:,\[\]{}#&*!|>'\"%@`＃［【｛—–−－]"
    r"|-(?!\d)|.*(?::( |$)|[ ][#＃]|[^\S ])|(?:null|~)$|[“”‘＂＇「].*[“”’＂＇」]$",
    re.IGNORECASE | re.DOTALL,
)
_NO_TEXT_IN_FLOW = re.compile(r"[“”‘＂＇「]|.*[,\[\]{}:#：，、；＃［］【】｛｝]", re.DOTALL)
# Control characters, those that are not seen, and others that no file may hold as they are.
_HIDDEN = re.compile(f"[\ufffe\uffff]|{HIDDEN.pattern}")
_ESCAPED = re.compile(rf'["\\]|{_HIDDEN.pattern}')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def scalar(text: str, *, in_flow: bool) -> str:
    """Return `text`, which has no white space around it, as a value on one line.

    `in_flow` tells that it stands within brackets, where more must be quoted.
    """
    if not text or _HIDDEN.search(text):
        return _double_quoted(text)
    if not _NO_TEXT.match(text) and not (in_flow and _NO_TEXT_IN_FLOW.match(text)):
        return text
    has_marks = '"' in text or "\\" in text
    return f"'{text}'" if has_marks and "'" not in text else _double_quoted(text)


def _double_quoted(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    form = "\\x%02x" if code < 0x100 else "\\u%04x" if code < 0x10000 else "\\U%08x"
    return _ESCAPES.get(match.group()) or form % code


def flow(tree: Tree) -> str:
    """Return `tree` on one line, as it stands within brackets."""
    if tree is None:
        return ""
    if isinstance(tree, str):
        return scalar(tree, in_flow=True)
    if isinstance(tree, Mapping):
        return f"{{{', '.join(flow_entry(key, value) for key, value in tree.items())}}}"
    return f"[{', '.join(scalar(text, in_flow=True) for text in tree)}]"


def flow_entry(key: str, tree: Tree) -> str:
    """Return a key and its value as they stand within braces."""
    return f"{scalar(key, in_flow=True)}: {flow(tree)}"


def entry(key: str, tree: Tree, indent: int, *, is_open: bool = False) -> list[str]:
    """Return the lines of a key and its value: one where that is short, else one to each part.

    What `is_open` has a line to each part however short it is.
    """
    lead = f"{' ' * indent}{scalar(key, in_flow=True)}:"
    first, *others = behind_key(tree, indent, columns(lead), is_open=is_open)
    return [lead + first, *others]


def behind_key(tree: Tree, indent: int, taken: int, *, is_open: bool = False) -> list[str]:
    """Return what stands behind the colon of a key, which ends in column `taken`, and further lines.

    `indent` is that of the key.
    """
    if not tree:
        return [""]
    inner = indent + STEP
    if isinstance(tree, str):
        if "\n" in tree and _stays_as_lines(tree):
            return [" |-", *(f"{' ' * inner}{line}".rstrip() for line in tree.split("\n"))]
        return [f" {scalar(tree, in_flow=False)}"]
    line = f" {flow(tree)}"
    if taken + columns(line) <= WIDTH and not _is_deep(tree) and not is_open:
        return [line]
    if isinstance(tree, Mapping):
        parts = [entry(name, value, inner) for name, value in tree.items()]
        return ["", *(line for lines in parts for line in lines)]
    return ["", *(f"{' ' * inner}- {scalar(text, in_flow=True)}" for text in tree)]


def _stays_as_lines(text: str) -> bool:
    """Tell whether the lines of `text` can be written as lines, which are read as they are."""
    lines = text.split("\n")
    return not lines[0].startswith(" ") and not any(
        line != line.rstrip() or _HIDDEN.search(line) or _ODD.match(line) for line in lines
    )


_ODD = re.compile(r" *[^\S ]")  # spaces of other kinds would be told of


def _is_deep(tree: Tree) -> bool:
    """Tell whether entries hold more than text, or text of several lines."""
    return isinstance(tree, Mapping) and any(
        not isinstance(value, str) or "\n" in value for value in tree.values()
    )
