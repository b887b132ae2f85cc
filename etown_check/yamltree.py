"""YAML as positioned text: every scalar stays the text that was typed, every node knows its place.

No YAML 1.1 surprises can happen here, because nothing is resolved: `no`, `1:30`, `012` and
`1e3` are those characters until a metric's kind reads them. What a data file has no use for
(anchors, aliases, tags, several documents) is refused.
"""

import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    KeyToken,
    MappingNode,
    Mark,
    MarkedYAMLError,
    Node,
    ScalarEvent,
    ScalarNode,
    ScalarToken,
    YAMLError,
)
from yaml._yaml import CParser

from etown_check.decoding import end_of, split_lines
from etown_check.endings import OLE, ZIP
from etown_check.limits import (
    MAX_BYTES,
    MAX_LINE,
    MAX_LINES,
    MAX_NESTING,
    MAX_NODES,
    MAX_PROBLEMS,
    MAX_TEXT,
    MAX_WORKBOOK_BYTES,
)
from etown_check.patterns import pattern
from etown_check.problems import InputError, Position, Problem, cell_name
from etown_check.text import code_of, fold
from etown_check.words import Text, Words

# Control characters, and the line breaks that YAML knows but editors do not show: a line could
# hide behind one.
_FORBIDDEN = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_COLON = pattern(r":(\s|$)")
_WORD = pattern(r"[^\s,\[\]{}]+")

STDIN = "-"


class _Refused(Exception):
    """The text goes beyond a limit: holds the node that does, a code, and the code's arguments."""


class _Composer(CParser):
    """The C parser with a resolver that does nothing but tell plain scalars from quoted ones.

    It stops at the limits: of depth, long before its recursion could overflow the C stack; of
    number, before memory is full of nodes; of length, before a value reaches any other code.
    """

    _depth = -1  # of nodes: the root is at none
    _count = 0

    def resolve(self, kind: type[Node], value: str | None, implicit: tuple[bool, bool]) -> str:
        self._count += 1
        if value is not None and len(value) > MAX_TEXT:
            raise _Refused(None, "E215", {"limit": MAX_TEXT})
        return PLAIN if kind is not ScalarNode or implicit[0] else QUOTED

    def descend_resolver(self, parent: Node | None, _index: object) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise _Refused(parent, "E209", {"limit": MAX_NESTING})
        if self._count > MAX_NODES:
            raise _Refused(None, "E214", {"limit": MAX_NODES, "what": _ENTRIES})

    def ascend_resolver(self) -> None:
        self._depth -= 1


_ENTRIES = Text("项", "entries")
_LINES = Text("行", "lines")
PLAIN, QUOTED, CELL = "plain", "quoted", "cell"
"""How a scalar was written: as a word, between quotation marks, or in a cell of a workbook."""


class CellMark(Mark):
    """Where a cell of a workbook is; lines and columns count from 0, as the parser's do."""

    def __init__(self, line: int, column: int, sheet: str) -> None:
        super().__init__(sheet, 0, line, column, None, 0)
        self.sheet = sheet


class Cell(ScalarNode):
    """The text of a cell of a workbook.

    `unit` is the cell that holds the unit of a bare number; the text may name another one where
    `may_differ`. `is_date` tells a date that Excel knows to be one.
    """

    def __init__(
        self,
        text: str,
        mark: Mark,
        unit: "Cell | None" = None,
        *,
        may_differ: bool = False,
        is_date: bool = False,
    ) -> None:
        super().__init__(CELL, text, mark, mark)
        self.unit = unit
        self.may_differ = may_differ
        self.is_date = is_date


def position(node: Any) -> Position:
    """Return where a node or an event begins."""
    mark = node.start_mark
    if isinstance(mark, CellMark):
        return Position(mark.line + 1, mark.column + 1, mark.sheet)
    return Position(mark.line + 1, mark.column + 1)


def end_column(node: Any) -> int | None:
    """Return the column behind a node's last character, `None` where it ends on another line."""
    start, end = node.start_mark, node.end_mark
    return end.column + 1 if end.line == start.line and end.column > start.column else None


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
    with open_regular(path) as file:
        return _read_up_to_limit(file)


def open_regular(path: str) -> BinaryIO:
    """Open the file at `path` to read it. Raises `OSError`, also for what is no regular file."""
    # Without O_NONBLOCK, opening a FIFO would wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise IsADirectoryError(path)
        return open(handle, "rb")
    except OSError:
        os.close(handle)
        raise


def read_tree(path: str, text: str) -> MappingNode:
    """Return the mapping that `text` holds, of plain and quoted scalars, lists and mappings.

    Raises `InputError` with every mistake that can be told before a syntax error stops the parser.
    """
    refuse(path, text, split_lines(text))
    return compose(path, text)


def refuse(path: str, text: str, lines: Sequence[str]) -> None:
    """Raise `InputError` for what is no text to begin with, or beyond the limits."""
    match = _FORBIDDEN.search(text)
    if match:  # one such character is enough: a binary file has thousands
        place = end_of(text[: match.start()])
        said = {"character": code_of(match.group())}
        raise InputError([Problem(path, place, "E107", said, end=place.column + 1)])
    if len(lines) > MAX_LINES:
        args: dict[str, Words] = {"limit": MAX_LINES, "what": _LINES}
        raise InputError([Problem(path, Position(MAX_LINES + 1, 1), "E214", args)])
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            raise InputError([Problem(path, Position(number, 1), "E215", {"limit": MAX_LINE})])


def compose(path: str, text: str) -> MappingNode:
    """Return the mapping that a text within the limits holds. Raises `InputError`."""
    problems = [*_refused_events(path, text), *_misread(path, text)]
    if problems:
        raise InputError(problems)
    try:
        root = _Composer(text).get_single_node()
    except _Refused as error:
        node, code, args = error.args
        place = position(node) if node is not None else None
        if code == "E215":
            place = _first_too_long(text)
        raise InputError([Problem(path, place, code, args)]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        if mark is not None and "maximum nesting depth" in (error.problem or ""):
            # Newer parsers stop at a depth of their own, which they reach while they look ahead:
            # what stands before it is already too deep for us.
            return compose(path, text[: mark.index])
        raise InputError([_syntax_problem(path, text, error)]) from None
    except (YAMLError, UnicodeError):
        raise InputError([Problem(path, Position(1, 1), "E201", {})]) from None
    if root is None or (isinstance(root, ScalarNode) and is_blank(root)):
        raise InputError([Problem(path, None, "E106", {})])
    if not isinstance(root, MappingNode):
        raise InputError([Problem(path, position(root), "E308", {}, end=end_column(root))])
    return root


def _first_too_long(text: str) -> Position | None:
    """Return where the first key or value begins that is too long; the parser does not know."""
    for token in _tokens(text):
        if isinstance(token, ScalarToken) and len(token.value) > MAX_TEXT:
            return position(token)
    return None


def _refused_events(path: str, text: str) -> Iterator[Problem]:
    """Yield the anchors, aliases and tags of `text`."""
    if not ("&" in text or "*" in text or "!" in text):
        return
    depth = count = 0
    lines = split_lines(text)
    parser = _Composer(text)
    try:
        while parser.check_event():
            event = parser.get_event()
            place = position(event)
            if isinstance(event, CollectionStartEvent):
                depth += 1
            elif isinstance(event, CollectionEndEvent):
                depth -= 1
            count += 1
            if depth > MAX_NESTING or count > MAX_NODES:
                return  # the composer will meet it, and tell it
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
                yield Problem(path, place, "E206", {}, end=_end_of_word(lines, place))
            elif isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag:
                yield Problem(path, place, "E207", {}, end=_end_of_word(lines, place))
    except YAMLError:
        return  # the composer will meet the same error, and tell it


def _end_of_word(lines: list[str], place: Position) -> int:
    """Return the column behind the anchor, alias or tag that begins at `place`."""
    word = _WORD.match(_rest(lines, place))
    return place.column + len(word.group() if word else "")


# A byte order mark at the beginning of a line is dropped by libyaml, a ? needs no space behind it
# within braces, and a # none before it behind the sign of a block.
_MARK = pattern("^ *\ufeff", re.MULTILINE)
_BLOCK_AND_HASH = pattern(r"[|>][-+\d]*#")


def _misread(path: str, text: str) -> Iterator[Problem]:
    """Yield what the parser accepts and any other would read otherwise, or not at all."""
    mark = _MARK.search(text, 1) if "\ufeff" in text else None
    if mark:
        yield Problem(path, end_of(text[: mark.end() - 1]), "E107", {"character": "U+FEFF"})
        return
    if "?" not in text and not _BLOCK_AND_HASH.search(text):
        return
    lines = split_lines(text)
    for token in _tokens(text):
        place = position(token)
        rest = _rest(lines, place)
        is_block = isinstance(token, ScalarToken) and not token.plain
        is_key = isinstance(token, KeyToken) and rest[:1] == "?" and rest[1:2].strip()
        if is_key or (is_block and _BLOCK_AND_HASH.match(rest)):
            yield Problem(path, place, "E213", {"character": rest[0]}, end=place.column + 1)


def _syntax_problem(path: str, text: str, error: MarkedYAMLError) -> Problem:
    """Say in our words what stopped the parser, where it began to go wrong."""
    said = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    place = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
    opened = error.context_mark
    began = Position(opened.line + 1, opened.column + 1) if opened else place
    lines = split_lines(text)
    code, where = _diagnosis(text, lines, said, began, place)
    args: dict[str, Words] = {}
    if code == "E213":
        args["character"] = _rest(lines, where)[:1]
    return Problem(path, where, code, args, end=where.column + 1)


# What the parser says, the code that says it in our words, and whether the mistake stands where
# the parser began on something rather than where it stopped. The first that fits.
_SAID = (
    ("single document", "E208", False),
    ("scanning a quoted scalar", "E203", True),
    ("parsing a quoted scalar", "E211", False),
    ("alias", "E206", True),
    ("anchor", "E206", True),
    (" tag", "E207", True),
    ("could not find expected ':'", "E205", True),
    ("unexpected ':'", "E205", False),
    ("directive", "E213", True),
    ("scanning a block scalar", "E213", True),
    ("cannot start any token", "E213", False),
    ("entries are not allowed", "E213", False),
    ("keys are not allowed", "E213", False),
    ("flow sequence", "E204", True),
    ("flow mapping", "E204", True),
)


def _diagnosis(
    text: str, lines: list[str], said: str, began: Position, place: Position
) -> tuple[str, Position]:
    """Return the code of what stopped the parser at `place`, and where to look for it."""
    rest = _rest(lines, place)
    before = lines[place.line - 1][: place.column - 1] if place.line <= len(lines) else ""
    tab = before.find("\t") if before.isspace() else -1
    if tab >= 0 or rest.startswith("\t"):
        return "E202", Position(place.line, tab + 1 if tab >= 0 else place.column)
    for words, code, at_beginning in _SAID:
        if words in said:
            return code, began if at_beginning else place
    if "mapping values" in said:
        return _misplaced_colon(lines, before, place)
    if rest.startswith(("]", "}")) or before.rstrip().endswith(("]", "}")):
        return "E204", place
    if "flow node" in said:
        is_end = not rest.strip() and not "".join(lines[place.line :]).strip()
        return "E204", (_open_bracket(text) or place) if is_end else place
    if "document start" in said:
        is_ended = any(line.startswith("...") for line in lines[: place.line - 1])
        return ("E208", place) if is_ended else _misplaced_colon(lines, before, place)
    if "expected key" in said or "'-' indicator" in said:
        return _misplaced_text(text, before.rstrip(), place)
    return ("E213" if "block node" in said and rest.strip() else "E201"), place


def _rest(lines: list[str], place: Position) -> str:
    """Return the rest of the line from `place` on."""
    return lines[place.line - 1][place.column - 1 :] if place.line <= len(lines) else ""


def _misplaced_colon(lines: list[str], before: str, place: Position) -> tuple[str, Position]:
    """Explain a colon where none may be: a second one, or one behind an unfinished line."""
    if _COLON.search(before):
        return "E212", place
    for number in range(place.line - 1, 0, -1):
        line = lines[number - 1]
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        if _COLON.search(line) or words.startswith("- "):
            return "E210", Position(place.line, len(before) - len(before.lstrip()) + 1)
        return "E205", Position(number, line.index(words) + 1)
    return "E205", place


def _misplaced_text(text: str, before: str, place: Position) -> tuple[str, Position]:
    """Explain text where a key should be: behind a quotation mark, or wrongly indented."""
    if not before.endswith(('"', "'")):
        return "E210", place
    opened = None
    for token in _tokens(text):
        if position(token) >= place:
            break
        if isinstance(token, ScalarToken) and not token.plain:
            opened = position(token)
    # A quote that runs over lines was left open above, and took in all up to the next mark.
    return "E203", opened if opened and opened.line < place.line else place


def _open_bracket(text: str) -> Position | None:
    """Return where the innermost bracket stands that is never closed."""
    opened = []
    for token in _tokens(text):
        if isinstance(token, FlowSequenceStartToken | FlowMappingStartToken):
            opened.append(position(token))
        elif opened and isinstance(token, FlowSequenceEndToken | FlowMappingEndToken):
            opened.pop()
    return opened[-1] if opened else None


def _tokens(text: str) -> Iterator[Any]:
    parser = _Composer(text)
    try:
        while parser.check_token():
            yield parser.get_token()
    except YAMLError:
        return


def is_blank(node: Node) -> bool:
    """Tell whether `node` says nothing: left empty, or a plain `~` or `null`."""
    if not isinstance(node, ScalarNode):
        return False
    value = node.value.strip()
    return not value or (node.tag == PLAIN and value.lower() in ("~", "null"))


def entries(
    path: str, mapping: MappingNode, name_of: Callable[[str], str], problems: list[Problem]
) -> Iterator[tuple[str, ScalarNode, Node]]:
    """Yield the entries of `mapping` with their keys folded, and report keys given twice.

    `name_of` gives the folded forms of one key in either language one name; those of a key that
    it does not know stand for themselves. Where there are more problems than will be told, the
    rest is left unread.
    """
    seen: dict[str, ScalarNode] = {}
    for key, value in mapping.value:
        if len(problems) > MAX_PROBLEMS:
            return
        if not isinstance(key, ScalarNode) or not key.value.strip():
            problems.append(Problem(path, position(key), "E304", {}, end=end_column(key)))
            continue
        if isinstance(value, ScalarNode) and value.style in ("|", ">") and not value.value.strip():
            # A block of no lines: `>2` is meant for something else.
            args = {"character": value.style}
            problems.append(Problem(path, position(value), "E213", args))
            continue
        folded = fold(key.value)
        name = name_of(folded)
        first = seen.setdefault(name, key)
        if first is not key:
            problems.append(
                Problem(
                    path,
                    position(key),
                    "E302",
                    {
                        "key": key.value.strip(),
                        "line": _named(position(first)),
                        "first": first.value.strip(),
                    },
                    end=end_column(key),
                )
            )
            continue
        yield name, key, value


def _named(place: Position) -> Text:
    """Return how a place is named within a sentence."""
    if place.sheet:
        cell = cell_name(place)
        return Text(f"{cell} ", cell)
    return Text(f"第 {place.line} 行", f"line {place.line}")
