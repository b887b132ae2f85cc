"""Reading a text by what differs from an earlier one: next month's file says mostly the same.

Where nothing but values differ, each on the line of its key or of its entry in a list, the tree is
that of the text before with these values in it. All else are the very same nodes, by which readers
find again what they have read of them. Of any other text, and where there may be something to
tell, this says nothing: it is then read from the beginning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etown_check.decoding import alarms
from etown_check.memory import Recent, differing
from etown_check.plain_yaml import LONGEST, Unknown, is_odd, read_line
from etown_check.prescan import are_clean
from etown_check.records import Record
from etown_check.tree import CollectionNode, MappingNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    Path = tuple[int, ...]
    """Where an entry stands in a tree: the number of the entry that it is in, and so on."""

_MOST_LINES = 1_500
"""A longer text is not remembered."""

_LARGEST_PART = 4
"""Where more than one of so many lines differ, the text is another one."""


class _Text(Record):
    """A text of which there was nothing to tell, and its tree.

    `paths` are, by the numbers of lines, those of the entries that stand on one line; they are made
    when a text comes that may be like this one.
    """

    lines: Sequence[str]
    root: MappingNode
    paths: dict[int, Path]


TEXTS: Recent[_Text] = Recent()
"""The texts that were read last."""


def remember(lines: Sequence[str], root: MappingNode) -> None:
    """Remember a text that was read from the beginning, and of which there was nothing to tell."""
    if len(lines) <= _MOST_LINES:
        TEXTS.keep(_Text(lines, root, {}))


def read_again(path: str, text: str, lines: Sequence[str]) -> MappingNode | None:
    """Return the mapping that `text`, of these `lines`, holds; `None` where it must be read anew."""
    if is_odd(text, lines):
        return None
    for before in TEXTS:
        if len(lines) == len(before.lines):
            changed = differing(lines, before.lines)
            if len(changed) * _LARGEST_PART <= len(lines):
                return _read_since(before, path, lines, changed)
    return None


def _read_since(
    before: _Text, path: str, lines: Sequence[str], changed: Sequence[int]
) -> MappingNode | None:
    """Do so by an earlier text from which some lines are `changed`."""
    if not changed:
        TEXTS.keep(before)
        return before.root
    # Where the last line ends is where everything ends.
    if changed[-1] == len(lines) - 1 or _may_be_told(path, [lines[at] for at in changed]):
        return None
    paths = before.paths or _paths(before.root)
    try:
        root = _revised(before.root, paths, before.lines, lines, changed)
    except Unknown:
        return None
    if root is not None:
        TEXTS.keep(_Text(lines, root, paths), before)
    return root


def _may_be_told(path: str, lines: Sequence[str]) -> bool:
    """Tell whether there may be something to say of some lines wherever they stand."""
    if not all(map(str.isprintable, lines)) or len(max(lines, key=len)) > LONGEST:
        return True
    is_alarming = any(True for _ in alarms(path, "\n".join(lines), lines))
    return is_alarming or not are_clean(path, lines)


def _paths(root: MappingNode) -> dict[int, Path]:
    """Return the paths of all entries that stand on one line, by the numbers of these lines."""
    found: dict[int, Path] = {}
    opened: list[tuple[Path, CollectionNode]] = [((), root)]
    while opened:
        path, node = opened.pop()
        for at, entry in enumerate(node.value):
            first, value = entry if isinstance(node, MappingNode) else (entry, entry)
            if isinstance(value, CollectionNode) and not value.flow_style:
                opened.append(((*path, at), value))
            else:
                found[first.start_mark.line] = *path, at
    return found


def _revised(
    root: MappingNode,
    paths: Mapping[int, Path],
    before: Sequence[str],
    lines: Sequence[str],
    changed: Sequence[int],
) -> MappingNode | None:
    """Return the tree of `lines`, of which those `changed` differ from the lines `before`.

    Those have the tree `root`, and entries at `paths`. `None` where one of the lines is not of the
    same kind as before. Raises `Unknown`.
    """
    copies: dict[Path, CollectionNode] = {}
    for number in changed:
        read, earlier = read_line(number, lines[number]), before[number]
        path = paths.get(number)
        if read is None or path is None:
            if read is None and path is None and read_line(number, earlier) is None:
                continue  # a remark or nothing, and another one
            return None
        if len(earlier) - len(earlier.lstrip(" ")) != read.column:
            return None
        entries, at = _copied(root, path[:-1], copies).value, path[-1]
        key = entries[at][0] if isinstance(entries[at], tuple) else None
        if (key and key.value) != (read.key and read.key.value):
            return None
        # The key is the same, and at the same place.
        entries[at] = read.value if key is None else (key, read.value)
    copy = _copied(root, (), copies)
    assert isinstance(copy, MappingNode)
    return copy


def _copied(root: MappingNode, path: Path, copies: dict[Path, CollectionNode]) -> CollectionNode:
    """Return the copy of the list or mapping at `path`, which is made once, and so within others."""
    found = copies.get(path)
    if found is None:
        if not path:
            found = root.copy()
        else:
            entries, at = _copied(root, path[:-1], copies).value, path[-1]
            key, value = entries[at]  # a list holds no list or mapping that takes several lines
            found = value.copy()
            entries[at] = key, found
        copies[path] = found
    return found
