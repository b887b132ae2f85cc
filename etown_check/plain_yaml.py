"""The quick way to read YAML: texts that hold no more than almost every data file does.

That is mappings and lists by indentation, words, quoted texts and lists or mappings in brackets
that each stand on one line, and remarks. Of such a text this makes the very tree that libyaml does,
several times as fast, and without the parser being imported. Of any other text, and of any doubt,
it says nothing: the parser then reads it and tells what is wrong. A test holds the two against
each other.
"""

from __future__ import annotations

from etown_check.limits import MAX_NODES
from etown_check.memory import Memory
from etown_check.patterns import pattern
from etown_check.records import Record
from etown_check.tree import (
    PLAIN,
    CollectionNode,
    MappingNode,
    Mark,
    Node,
    QuotedNode,
    SequenceNode,
    WordNode,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

LONGEST = 1_000
"""Characters of a line: neither a key nor a value can then be too long."""

_MOST = MAX_NODES // 2
"""Lines and commas: more of them than this may make more nodes than may be."""

_DEEPEST = 10
"""Levels, fewer than may be. Nothing that is meant for people has as many."""

# What no such text holds: tabs, which part words at some places only; marks of byte order, which
# are dropped; the end of a document; and carriage returns that are no part of a line's end.
_STRANGE = ("\t", "\ufeff", "\n...")

# Signs of YAML's that no word begins with. A dash is none where something stands right behind it.
_SIGNS = "?:,[]{}#&*!|>'\"%@` "
_FIRST = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]"
# Any line: its indentation, the dash of a list's entry, a key, and whatever else there is.
_LINE = pattern(rf"( *+)(- ++)?+(?:({_FIRST}[^:#]*+):(?=[ ]|\Z) *+)?+(.*+)")
# A word may hold a colon before no space, and a # behind none.
_WORD = pattern(r"(?:[^:#]|:(?=[^ ])|(?<=[^ ])#)++")
_QUOTED = pattern(r"\"[^\"\\]*\"|'[^']*'(?!')")
_REMARK = pattern(r" *+(?:(?<= )#.*)?")
# Within brackets a word holds none of their signs either.
_TOKEN = pattern(
    rf" *+(?:((?:{_FIRST}|-(?=[^ ,\[\]{{}}]))[^,\[\]{{}}:#?]*+)|(\"[^\"\\]*\"|'[^']*'(?!'))"
    r"|([\[\]{},]|:(?= )))"
)
# As most lists and mappings are: [words, that, are, parted, by, commas], {2022: 1亿元, 2023: 2亿元}
_IN_BRACKETS = rf" *+{_FIRST}[^,\[\]{{}}:#?\"']*+"
_WORDS = pattern(rf"\[({_IN_BRACKETS}(?:,{_IN_BRACKETS})*+)\] *+")
_PAIR = f"{_IN_BRACKETS}: {_IN_BRACKETS}"
_PAIRS = pattern(rf"\{{({_PAIR}(?:,{_PAIR})*+)\}} *+")


class Unknown(Exception):
    """The text holds something else."""


class ReadLine(Record):
    """A line that was read: its indentation, the key or the entry of a list, and the value.

    `key` is `None` for the entry of a list. A key that `opens` has no value on its line; what
    stands for it there is the empty one that it has if none comes.
    """

    column: int
    key: WordNode | None
    value: Node
    opens: bool = False


MOST_REMEMBERED = 1_500
"""Lines that are remembered, each with its number."""

_REMEMBERED: Memory[tuple[int, str], ReadLine] = Memory(MOST_REMEMBERED)
"""What was read of lines. Next month's file says mostly the same, and at the same places."""


def read_plain(text: str, lines: Sequence[str]) -> MappingNode | None:
    """Return the mapping that `text` holds, `None` where it takes the parser to read it.

    `lines` are those of the text. What two texts say on the same line is the same node.
    """
    if any(sign in text for sign in _STRANGE) or text.startswith("..."):
        return None
    if is_odd(text, lines):
        return None
    try:
        return _Reader().mapping(lines)
    except Unknown:
        return None


def is_odd(text: str, lines: Sequence[str]) -> bool:
    """Tell whether a text as a whole is none of those that are read here, whatever its lines say."""
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return True
    return 2 * len(lines) + text.count(",") > _MOST


class _Reader:
    """Reads one text line by line.

    `open` are the mappings and lists that the next line may go on with, each with its
    indentation; `pending` is a key whose value is to come, and the empty value that it has if
    none does.
    """

    def __init__(self) -> None:
        self.open: list[tuple[int, CollectionNode]] = []
        self.pending: tuple[WordNode, Node] | None = None

    def mapping(self, lines: Sequence[str]) -> MappingNode:
        """Return the mapping that `lines` hold. Raises `Unknown`."""
        recall = _REMEMBERED.recall
        for line in enumerate(lines):
            read = recall(line)
            if read is None:
                read = read_line(*line)
                if read is None:
                    continue
                _REMEMBERED.remember(line, read)
            column, key, value, opens = read
            node = self._goes_on(column, line[0], is_list=key is None)
            if opens:
                assert key is not None
                self.pending = key, value
            else:
                node.value.append(value if key is None else (key, value))
        return self._root(len(lines), len(lines[-1]))

    def _root(self, number: int, column: int) -> MappingNode:
        """Close everything behind so many lines, and return what holds all of it.

        The last line ends at `column`.
        """
        if not self.open:
            raise Unknown
        self._settle()
        # The parser ends the last line where nothing else does. What is indented deeper than that
        # line is wide has ended before.
        end = Mark(number - (column == 0), 0)
        before = Mark(number - 1, column)
        for indent, node in self.open:
            node.end_at(before if indent > column else end)
        root = self.open[0][1]
        assert isinstance(root, MappingNode)
        return root

    def _goes_on(self, column: int, number: int, *, is_list: bool) -> CollectionNode:
        """Return the mapping or list that a line with this indentation goes on with."""
        opened = self.open
        kind = SequenceNode if is_list else MappingNode
        if self.pending is None and opened and opened[-1][0] == column:
            node = opened[-1][1]
            if type(node) is kind:  # as with most lines
                return node
        mark = Mark(number, column)
        if not opened:
            return self._begun(kind(PLAIN, [], mark, mark), column)
        if self.pending is not None:
            above = opened[-1][0]
            if column > above or (is_list and column == above):
                node = kind(PLAIN, [], mark, mark)
                opened[-1][1].value.append((self.pending[0], node))
                self.pending = None
                return self._begun(node, column)
            self._settle()
        while opened:
            indent, node = opened[-1]
            if indent == column and type(node) is kind:
                return node
            if indent < column:
                break
            node.end_at(mark)
            opened.pop()
        raise Unknown

    def _begun(self, node: CollectionNode, column: int) -> CollectionNode:
        """Open a mapping or a list; only a mapping can hold all else."""
        if len(self.open) == _DEEPEST or (not self.open and type(node) is not MappingNode):
            raise Unknown
        self.open.append((column, node))
        return node

    def _settle(self) -> None:
        """Give the pending key its empty value."""
        if self.pending is not None:
            self.open[-1][1].value.append(self.pending)
            self.pending = None


def read_line(number: int, line: str) -> ReadLine | None:
    """Read one line, `None` where it says nothing. Raises `Unknown`."""
    if line.lstrip(" ")[:1] in ("", "#"):
        return None
    if len(line) > LONGEST:
        raise Unknown
    match = _LINE.fullmatch(line)
    assert match is not None
    indent, dash, key, rest = match.groups()
    column = len(indent)
    is_empty = not rest or rest[0] == "#"
    if key is None:
        if dash is None or is_empty:
            raise Unknown
        return ReadLine(column, None, _value(rest, number, match.start(4)))
    if dash is not None or key[-1] == " ":
        raise Unknown
    node = WordNode(PLAIN, key, number, column, len(key))
    if is_empty:
        empty = WordNode(PLAIN, "", number, column + len(key) + 1, 0)
        return ReadLine(column, node, empty, opens=True)
    return ReadLine(column, node, _value(rest, number, match.start(4)))


def _value(rest: str, number: int, column: int) -> Node:
    """Read the value that stands at the beginning of `rest`, and nothing behind it but a remark."""
    sign = rest[0]
    node: Node
    if sign in "[{":
        simple = (_WORDS if sign == "[" else _PAIRS).fullmatch(rest)
        if simple is not None:
            return _simple(simple.group(1), number, column, is_list=sign == "[")
        node, end = _flow(rest, 0, (number, column), 0)
    elif sign in "\"'":
        match = _QUOTED.match(rest)
        if match is None:
            raise Unknown
        end = match.end()
        node = _quoted(match.group(), number, column)
    else:
        if sign in _SIGNS or (sign == "-" and rest[1:2] in ("", " ", "-")):
            raise Unknown
        if ":" not in rest and "#" not in rest:
            return _word(rest, number, column)
        match = _WORD.match(rest)
        assert match is not None
        end = match.end()
        node = _word(match.group(), number, column)
    if _REMARK.fullmatch(rest, end) is None:
        raise Unknown
    return node


def _flow(rest: str, begin: int, place: tuple[int, int], depth: int) -> tuple[CollectionNode, int]:
    """Read the list or mapping whose bracket stands at `begin`; return it, and where it ends.

    `place` is the line and the column at which `rest` begins.
    """
    number, column = place
    if depth == _DEEPEST:
        raise Unknown
    is_list = rest[begin] == "["
    closing = "]" if is_list else "}"
    values: list[Node] = []
    end = begin + 1
    expects_value = True  # rather than a comma or the end
    while True:
        match = _TOKEN.match(rest, end)
        if match is None:
            raise Unknown
        word, quoted, sign = match.groups()
        end = match.end()
        start = match.start(match.lastindex or 0)
        if word is not None or quoted is not None or sign in ("[", "{"):
            if not expects_value:
                raise Unknown
            expects_value = False
            if word is not None:
                values.append(_word(word, number, column + start))
            elif quoted is not None:
                values.append(_quoted(quoted, number, column + start))
            else:
                inner, end = _flow(rest, start, place, depth + 1)
                values.append(inner)
            continue
        is_key = not is_list and len(values) % 2 == 1
        if sign == closing and (not values or not (expects_value or is_key)):
            break
        if expects_value or sign != (":" if is_key else ","):
            raise Unknown
        if is_key and isinstance(values[-1], CollectionNode):
            raise Unknown
        expects_value = True
    marks = Mark(number, column + begin), Mark(number, column + end)
    if is_list:
        return SequenceNode(PLAIN, values, *marks, flow_style=True), end
    pairs = list(zip(values[::2], values[1::2], strict=True))
    return MappingNode(PLAIN, pairs, *marks, flow_style=True), end


def _simple(inner: str, number: int, column: int, *, is_list: bool) -> CollectionNode:
    """Return the list or mapping of words that stands within a bracket."""
    start = Mark(number, column)
    found: list[Any] = []
    column += 1
    for typed in inner.split(","):
        if is_list:
            found.append(_word(typed, number, column))
        else:
            key, _, value = typed.partition(":")
            pair = _word(key, number, column)
            found.append((pair, _word(value, number, column + len(key) + 1)))
        column += len(typed) + 1
    kind = SequenceNode if is_list else MappingNode
    return kind(PLAIN, found, start, Mark(number, column), flow_style=True)


def _word(typed: str, number: int, column: int) -> WordNode:
    """Return the word that stands in `typed` with spaces around it."""
    begun = typed.lstrip(" ")
    word = begun.rstrip(" ")
    return WordNode(PLAIN, word, number, column + len(typed) - len(begun), len(word))


def _quoted(text: str, number: int, column: int) -> WordNode:
    return QuotedNode(text[0], text[1:-1], number, column, len(text))
