"""The tree of a text or a workbook: scalars that stay what was typed, each at its place.

Its parts bear the names that YAML's own representation graph gives them. They are ours, so that
a tree need not come from a parser of YAML: clean files and workbooks have none.
"""

from __future__ import annotations

from etown_check.problems import Position
from etown_check.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

PLAIN, QUOTED, CELL = "plain", "quoted", "cell"
"""How a scalar was written: as a word, between quotation marks, or in a cell of a workbook."""


class Mark(Record):
    """A place in a text, or in a `sheet` of a workbook; everything is counted from 0."""

    line: int
    column: int
    sheet: str = ""


class Node:
    """A part of a tree. `tag` tells how it was written."""

    __slots__ = ("_end", "_start", "tag", "value")

    def __init__(self, tag: str, value: Any, start_mark: Mark, end_mark: Mark) -> None:
        self.tag = tag
        self.value = value
        self._start = start_mark
        self._end = end_mark

    @property
    def start_mark(self) -> Mark:
        """Where it begins."""
        return self._start

    @property
    def end_mark(self) -> Mark:
        """Where it ends: behind its last character, or where something else begins."""
        return self._end


class ScalarNode(Node):
    """A text."""

    __slots__ = ()

    @property
    def style(self) -> str:
        """The sign that it was written with: a quotation mark, `|`, `>`, or none."""
        return ""


class StyledNode(ScalarNode):
    """A text that was written in one of YAML's styles."""

    __slots__ = ("_style",)

    def __init__(
        self, tag: str, value: str, start_mark: Mark, end_mark: Mark, style: str = ""
    ) -> None:
        super().__init__(tag, value, start_mark, end_mark)
        self._style = style

    @property
    def style(self) -> str:
        """The sign that it was written with."""
        return self._style


class WordNode(ScalarNode):
    """A text that stands on one line, whose marks are made when they are asked for."""

    __slots__ = ("column", "length", "line")

    def __init__(self, tag: str, value: str, line: int, column: int, length: int) -> None:
        self.tag = tag
        self.value = value
        self.line = line
        self.column = column
        self.length = length

    @property
    def start_mark(self) -> Mark:
        """Where it begins."""
        return Mark(self.line, self.column)

    @property
    def end_mark(self) -> Mark:
        """Where it ends."""
        return Mark(self.line, self.column + self.length)


class QuotedNode(WordNode):
    """Such a text between quotation marks."""

    __slots__ = ("_style",)

    def __init__(self, style: str, value: str, line: int, column: int, length: int) -> None:
        super().__init__(QUOTED, value, line, column, length)
        self._style = style

    @property
    def style(self) -> str:
        """The quotation mark."""
        return self._style


class CollectionNode(Node):
    """A list or a mapping, in brackets or braces if it is of `flow_style`."""

    __slots__ = ("flow_style",)

    def __init__(
        self,
        tag: str,
        value: list[Any],
        start_mark: Mark,
        end_mark: Mark,
        *,
        flow_style: bool = False,
    ) -> None:
        super().__init__(tag, value, start_mark, end_mark)
        self.flow_style = flow_style

    def copy(self) -> Self:
        """Return another one that holds the same, and may be changed."""
        marks = self._start, self._end
        return type(self)(self.tag, [*self.value], *marks, flow_style=self.flow_style)

    def end_at(self, mark: Mark) -> None:
        """Let it end at `mark`, which shows when the next line is read."""
        self._end = mark


class SequenceNode(CollectionNode):
    """A list of nodes."""

    __slots__ = ()


class MappingNode(CollectionNode):
    """A list of keys with their values."""

    __slots__ = ()


class Cell(ScalarNode):
    """The text of a cell of a workbook.

    `unit` is the cell that holds the unit of a bare number; the text may name another one where
    `may_differ`. `is_date` tells a date that Excel knows to be one.
    """

    __slots__ = ("is_date", "may_differ", "unit")

    def __init__(
        self,
        text: str,
        mark: Mark,
        unit: Cell | None = None,
        *,
        may_differ: bool = False,
        is_date: bool = False,
    ) -> None:
        super().__init__(CELL, text, mark, mark)
        self.unit = unit
        self.may_differ = may_differ
        self.is_date = is_date


def is_blank(node: Node) -> bool:
    """Tell whether `node` says nothing: left empty, or a plain `~` or `null`."""
    if not isinstance(node, ScalarNode):
        return False
    value = node.value.strip()
    return not value or (len(value) < 5 and node.tag == PLAIN and value.lower() in ("~", "null"))


def position(node: Node) -> Position:
    """Return where a node begins."""
    if isinstance(node, WordNode):
        return Position(node.line + 1, node.column + 1)
    mark = node.start_mark
    return Position(mark.line + 1, mark.column + 1, mark.sheet)


def end_column(node: Node) -> int | None:
    """Return the column behind a node's last character, `None` where it ends on another line."""
    if isinstance(node, WordNode):
        return node.column + node.length + 1 if node.length else None
    start, end = node.start_mark, node.end_mark
    return end.column + 1 if end.line == start.line and end.column > start.column else None
