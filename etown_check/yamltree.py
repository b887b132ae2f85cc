"""YAML as positioned text: every scalar stays the text that was typed, every node knows its place.

No YAML 1.1 surprises can happen here, because nothing is resolved: `no`, `1:30`, `012` and
`1e3` are those characters until a metric's kind reads them. What a data file has no use for
(anchors, aliases, tags, several documents) is refused.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence

from etown_check.decoding import end_of, split_lines
from etown_check.endings import OLE, ZIP
from etown_check.limits import (
    MAX_BYTES,
    MAX_LINE,
    MAX_LINES,
    MAX_PROBLEMS,
    MAX_WORKBOOK_BYTES,
)
from etown_check.patterns import pattern
from etown_check.plain_yaml import read_plain
from etown_check.problems import InputError, Position, Problem, cell_name
from etown_check.text import code_of, fold
from etown_check.tree import QUOTED, MappingNode, Node, ScalarNode, end_column, position
from etown_check.words import Text, Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, TypeGuard

# Control characters, and the line breaks that YAML knows but editors do not show: a line could
# hide behind one.
_FORBIDDEN = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")

STDIN = "-"
_LINES = Text("行", "lines")


def read_bytes(path: str) -> bytes:
    """Return the content of the file at `path`, or of standard input for "-".

    Raises `InputError` for a file that is not there, is not a regular file, cannot be read or
    is larger than `MAX_BYTES`.
    """
    try:
        content = _read_stdin() if path == STDIN else _read_regular(path)
    except (OSError, ValueError) as error:
        raise unopened(path, error) from None
    limit = most_bytes(content)
    if len(content) > limit:
        raise InputError([Problem(path, None, "E104", {"limit": f"{limit // 1024} KB"})])
    return content


def unopened(path: str, error: OSError | ValueError) -> InputError:
    """Say why the file at `path` could not be opened or read, which raised `error`."""
    match error:
        case FileNotFoundError() | NotADirectoryError() | ValueError():
            code = "E101"
        case IsADirectoryError():
            code = "E102"
        case _:
            code = {errno.ELOOP: "E111", errno.ENAMETOOLONG: "E101"}.get(error.errno or 0, "E103")
    return InputError([Problem(path, None, code, {})])


def is_office(content: bytes) -> bool:
    """Tell by its first bytes what Excel, WPS and their like write: a zip archive, or older files."""
    return content.startswith((ZIP, OLE))


def most_bytes(content: bytes) -> int:
    """Return how large a data file may be that begins with `content`."""
    return MAX_WORKBOOK_BYTES if is_office(content) else MAX_BYTES


def _read_up_to_limit(file: BinaryIO) -> bytes:
    """Return what `file` holds, but no more than a byte beyond what may be read of it."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES and is_office(content):
        content += file.read(MAX_WORKBOOK_BYTES - MAX_BYTES)
    return content


def _read_stdin() -> bytes:
    if sys.stdin is None:  # closed by whoever started the program
        raise OSError
    return _read_up_to_limit(sys.stdin.buffer)


def _read_regular(path: str) -> bytes:
    handle = _opened(path)
    try:
        size = os.fstat(handle).st_size
        if size <= MAX_BYTES:
            content = os.read(handle, size + 1)
            if len(content) == size:
                return content
        # Large, or not what its size says: a file may grow, and those of the system tell none.
        os.lseek(handle, 0, os.SEEK_SET)
        with open(handle, "rb", closefd=False) as file:
            return _read_up_to_limit(file)
    finally:
        os.close(handle)


def open_regular(path: str) -> BinaryIO:
    """Open the file at `path` to read it. Raises `OSError`, also for what is no regular file."""
    return open(_opened(path), "rb")


def _opened(path: str) -> int:
    # Without O_NONBLOCK, opening a FIFO would wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise IsADirectoryError(path)
    except OSError:
        os.close(handle)
        raise
    return handle


def read_tree(path: str, text: str) -> MappingNode:
    """Return the mapping that `text` holds, of plain and quoted scalars, lists and mappings.

    Raises `InputError` with every mistake that can be told before a syntax error stops the parser.
    """
    refuse(path, text, split_lines(text))
    return compose(path, text)


def refuse(path: str, text: str, lines: Sequence[str]) -> None:
    """Raise `InputError` for what is no text to begin with, or beyond the limits."""
    # Nothing forbidden is printable, and almost every line is.
    match = None if all(map(str.isprintable, lines)) else _FORBIDDEN.search(text)
    if match:  # one such character is enough: a binary file has thousands
        place = end_of(text[: match.start()])
        said = {"character": code_of(match.group())}
        raise InputError([Problem(path, place, "E107", said, end=place.column + 1)])
    if len(lines) > MAX_LINES:
        args: dict[str, Words] = {"limit": MAX_LINES, "what": _LINES}
        raise InputError([Problem(path, Position(MAX_LINES + 1, 1), "E214", args)])
    if len(text) <= MAX_LINE:
        return
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            raise InputError([Problem(path, Position(number, 1), "E215", {"limit": MAX_LINE})])


def compose(path: str, text: str) -> MappingNode:
    """Return the mapping that a text within the limits holds. Raises `InputError`."""
    root = read_plain(text, split_lines(text))
    return parse(path, text) if root is None else root


def parse(path: str, text: str) -> MappingNode:
    """Do so by the parser, whatever the text holds."""
    from etown_check import parsing  # imports PyYAML, which most files have no need of

    return parsing.compose(path, text)


class Keys:
    """The keys of one mapping: what they name, and what is wrong with them.

    `name_of` gives the folded forms of one key in either language one name; those of a key that
    it does not know stand for themselves. Mistakes are added to `problems`.
    """

    def __init__(self, path: str, name_of: Callable[[str], str], problems: list[Problem]) -> None:
        self.path = path
        self.name_of = name_of
        self.problems = problems
        self._seen: dict[str, Node] = {}

    def name(self, key: Node, value: Node) -> str | None:
        """Return what an entry is named, `None` for one that is reported and to be left out."""
        if not isinstance(key, ScalarNode) or not key.value.strip():
            self.problems.append(Problem(self.path, position(key), "E304", {}, end=end_column(key)))
            return None
        if _is_block(value) and not value.value.strip():
            # A block of no lines: `>2` is meant for something else.
            args: dict[str, Words] = {"character": value.style}
            self.problems.append(Problem(self.path, position(value), "E213", args))
            return None
        name = self.name_of(fold(key.value))
        return name if self.is_first(name, key) else None

    def is_first(self, name: str, key: ScalarNode) -> bool:
        """Tell whether nothing had this name before, and report it otherwise."""
        first = self._seen.setdefault(name, key)
        if first is key:
            return True
        args: dict[str, Words] = {
            "key": key.value.strip(),
            "line": _named(position(first)),
            "first": first.value.strip(),
        }
        self.problems.append(Problem(self.path, position(key), "E302", args, end=end_column(key)))
        return False


def entries(
    path: str, mapping: MappingNode, name_of: Callable[[str], str], problems: list[Problem]
) -> Iterator[tuple[str, ScalarNode, Node]]:
    """Yield the entries of `mapping` with their names; see `Keys`.

    Where there are more problems than will be told, the rest is left unread.
    """
    keys = Keys(path, name_of, problems)
    for key, value in mapping.value:
        if len(problems) > MAX_PROBLEMS:
            return
        name = keys.name(key, value)
        if name is not None:
            yield name, key, value


def _is_block(node: Node) -> TypeGuard[ScalarNode]:
    """Tell a text below the sign `|` or `>`, which the parser tells from words as quoted."""
    return node.tag == QUOTED and isinstance(node, ScalarNode) and node.style in ("|", ">")


def _named(place: Position) -> Text:
    """Return how a place is named within a sentence."""
    if place.sheet:
        cell = cell_name(place)
        return Text(f"{cell} ", cell)
    return Text(f"第 {place.line} 行", f"line {place.line}")
