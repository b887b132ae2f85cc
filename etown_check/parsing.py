"""Reading YAML with libyaml: whatever a file may hold, and what is wrong with it in our words."""

import re
from collections.abc import Iterator
from typing import Any

from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    KeyToken,
    MarkedYAMLError,
    ScalarEvent,
    ScalarToken,
    YAMLError,
)
from yaml import CollectionNode as ParsedCollection
from yaml import MappingNode as ParsedMapping
from yaml import Node as ParsedNode
from yaml import ScalarNode as ParsedScalar
from yaml._yaml import CParser

from etown_check.decoding import end_of, split_lines
from etown_check.limits import MAX_NESTING, MAX_NODES, MAX_TEXT
from etown_check.patterns import pattern
from etown_check.problems import InputError, Position, Problem
from etown_check.tree import (
    PLAIN,
    QUOTED,
    MappingNode,
    Mark,
    Node,
    ScalarNode,
    SequenceNode,
    StyledNode,
    end_column,
    is_blank,
)
from etown_check.words import Text, Words

_COLON = pattern(r":(\s|$)")
_WORD = pattern(r"[^\s,\[\]{}]+")
_ENTRIES = Text("项", "entries")


class _Refused(Exception):
    """The text goes beyond a limit: holds the node that does, a code, and the code's arguments."""


class _Composer(CParser):
    """The C parser with a resolver that does nothing but tell plain scalars from quoted ones.

    It stops at the limits: of depth, long before its recursion could overflow the C stack; of
    number, before memory is full of nodes; of length, before a value reaches any other code.
    """

    _depth = -1  # of nodes: the root is at none
    _count = 0

    def resolve(
        self, kind: type[ParsedNode], value: str | None, implicit: tuple[bool, bool]
    ) -> str:
        self._count += 1
        if value is not None and len(value) > MAX_TEXT:
            raise _Refused(None, "E215", {"limit": MAX_TEXT})
        return PLAIN if kind is not ParsedScalar or implicit[0] else QUOTED

    def descend_resolver(self, parent: ParsedNode | None, _index: object) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise _Refused(parent, "E209", {"limit": MAX_NESTING})
        if self._count > MAX_NODES:
            raise _Refused(None, "E214", {"limit": MAX_NODES, "what": _ENTRIES})

    def ascend_resolver(self) -> None:
        self._depth -= 1


def compose(path: str, text: str) -> MappingNode:
    """Return the mapping that a text within the limits holds. Raises `InputError`."""
    problems = [*_refused_events(path, text), *_misread(path, text)]
    if problems:
        raise InputError(problems)
    try:
        parsed = _Composer(text).get_single_node()
    except _Refused as error:
        node, code, args = error.args
        place = _position(node) if node is not None else None
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
    root = None if parsed is None else _ours(parsed)
    if root is None or (isinstance(root, ScalarNode) and is_blank(root)):
        raise InputError([Problem(path, None, "E106", {})])
    if not isinstance(root, MappingNode):
        raise InputError([Problem(path, _position(root), "E308", {}, end=end_column(root))])
    return root


def _first_too_long(text: str) -> Position | None:
    """Return where the first key or value begins that is too long; the parser does not know."""
    for token in _tokens(text):
        if isinstance(token, ScalarToken) and len(token.value) > MAX_TEXT:
            return _position(token)
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
            place = _position(event)
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
        place = _position(token)
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
        if _position(token) >= place:
            break
        if isinstance(token, ScalarToken) and not token.plain:
            opened = _position(token)
    # A quote that runs over lines was left open above, and took in all up to the next mark.
    return "E203", opened if opened and opened.line < place.line else place


def _open_bracket(text: str) -> Position | None:
    """Return where the innermost bracket stands that is never closed."""
    opened = []
    for token in _tokens(text):
        if isinstance(token, FlowSequenceStartToken | FlowMappingStartToken):
            opened.append(_position(token))
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


def _position(part: Any) -> Position:
    """Return where a node, an event or a token of the parser begins."""
    mark = part.start_mark
    return Position(mark.line + 1, mark.column + 1)


def _ours(node: ParsedNode) -> Node:
    """Return a node of the parser as one of ours."""
    start, end = (Mark(it.line, it.column) for it in (node.start_mark, node.end_mark))
    if isinstance(node, ParsedScalar):
        return StyledNode(node.tag, node.value, start, end, node.style or "")
    assert isinstance(node, ParsedCollection)
    is_flow = bool(node.flow_style)
    if isinstance(node, ParsedMapping):
        pairs = [(_ours(key), _ours(value)) for key, value in node.value]
        return MappingNode(node.tag, pairs, start, end, flow_style=is_flow)
    return SequenceNode(node.tag, list(map(_ours, node.value)), start, end, flow_style=is_flow)
