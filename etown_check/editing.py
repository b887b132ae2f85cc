"""Changing YAML in its text: what is not changed stays as it was typed, remarks among it.

An `Editor` gathers changes by the places of nodes. Remarks within what is replaced or taken out
are not lost: they stand on lines of their own above the entry that was changed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from etown_check.records import Record
from etown_check.text import columns
from etown_check.tree import MappingNode, Mark, Node, ScalarNode, SequenceNode
from etown_check.yaml_text import STEP, Tree, behind_key, entry, flow, flow_entry, scalar

_BREAK = re.compile(r"\r\n?|\n")
_COMMENT = re.compile(r"(?<!\S)#[^\r\n]*")
_TRAILING = re.compile(r"[^\S\r\n]+#[^\r\n]*")
_COLON = re.compile(r"\s*:")
_MOST_COMPARED = 500
"""Items of a list that are compared one by one: the time goes with the square of their number."""
_DASH = re.compile(r"\s*-[ \t]+")


class Child(Record):
    """An entry of a mapping: what its key means, the key and the value."""

    name: str
    key: ScalarNode
    node: Node


class New(Record):
    """An entry to add: what its key means, the key as it is to be written, and the value."""

    name: str
    key: str
    tree: Tree


class Editor:
    """Gathers changes to `text`, which holds the nodes that its methods are given."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = _BREAK.search(text)
        self.newline = found.group() if found else "\n"
        self._lines = [0, *(found.end() for found in _BREAK.finditer(text))]
        self._changes: list[tuple[int, int, str]] = []

    def result(self) -> str:
        """Return the text with all changes made; those of one place in the order in which they came."""
        parts, at = [], 0
        for start, end, new in sorted(self._changes, key=lambda it: it[:2]):
            parts += [self.text[at:start], new]
            at = end
        return "".join([*parts, self.text[at:]])

    # Where things are

    def _place(self, mark: Mark) -> int:
        """Return the place of a mark; what ends behind a last line without a break ends with it."""
        is_within = mark.line < len(self._lines)
        return self._lines[mark.line] + mark.column if is_within else len(self.text)

    def start_of(self, node: Node) -> int:
        """Return where `node` begins in the text."""
        return self._place(node.start_mark)

    def end_of(self, node: Node) -> int:
        """Return the place behind the last character of `node`; a block has no end of its own."""
        end = self._place(node.end_mark)
        if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self.end_of_entry(*last) if isinstance(last, tuple) else self.end_of(last)
        begin = self.start_of(node)
        return begin + len(self.text[begin:end].rstrip())

    def end_of_entry(self, key: Node, node: Node) -> int:
        """Return the place behind an entry, its colon where it has no value."""
        return self.behind_colon(key) if _is_empty(node) else self.end_of(node)

    def behind_colon(self, key: Node) -> int:
        """Return the place behind the colon of `key`, behind the key itself where it has none."""
        end = self.end_of(key)
        colon = _COLON.match(self.text, end)
        return colon.end() if colon else end

    def line_start(self, at: int) -> int:
        """Return where the line begins that `at` is in."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def line_end(self, at: int) -> int:
        """Return where the line ends that `at` is in, before its break."""
        found = _BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def is_at_line_start(self, node: Node) -> bool:
        """Tell whether nothing but spaces stands before `node` on its line."""
        begin = self.start_of(node)
        return not self.text[self.line_start(begin) : begin].strip()

    def _texts(self, node: Node) -> Iterator[tuple[int, int]]:
        """Yield where each scalar within `node` begins and ends, in their order."""
        if isinstance(node, ScalarNode):
            yield self.start_of(node), self._place(node.end_mark)
            return
        for part in node.value:
            for it in part if isinstance(part, tuple) else (part,):
                yield from self._texts(it)

    # Remarks

    def remarks(self, node: Node, start: int, end: int) -> list[str]:
        """Return the remarks between two places, of which no text but that of `node` is between."""
        found: list[str] = []
        at = start
        for begin, until in self._texts(node):
            if begin < start or begin >= end:
                continue
            found += self._remarks_between(at, begin)
            if self.text[begin] in "|>":  # the sign of a block, which a remark may stand behind
                found += self._remarks_between(begin, self.line_end(begin))
            at = until
        return [*found, *self._remarks_between(at, end)]

    def _remarks_between(self, start: int, end: int) -> Iterator[str]:
        return (it.group() for it in _COMMENT.finditer(self.text, start, end))

    def keep(self, remarks: Sequence[str], above: ScalarNode, *, in_flow: bool) -> None:
        """Put remarks on lines of their own above the entry with the key `above`."""
        begin = self.start_of(above)
        line = self.text[self.line_start(begin) : begin]
        pad = " " * (len(line) - len(line.lstrip(" ")))
        if not remarks:
            return
        if not in_flow:
            new = "".join(f"{it}{self.newline}{pad}" for it in remarks)
        else:
            pad += " " * STEP
            new = "".join(f"{self.newline}{pad}{it}" for it in remarks) + f"{self.newline}{pad}"
        self.put(begin, begin, new)

    # Changes

    def put(self, start: int, end: int, new: str) -> None:
        """Put `new` in the place of the text between two places."""
        self._changes.append((start, end, new))

    def set(self, child: Child, tree: Tree, *, in_flow: bool) -> list[str]:
        """Set the value of an entry; return the remarks that stood within the old one."""
        colon, end = self.behind_colon(child.key), self.end_of_entry(child.key, child.node)
        lost = self.remarks(child.node, colon, end)
        begin = colon if _is_empty(child.node) or lost else self._value_start(child, colon)
        if in_flow:
            lead = "" if colon > self.end_of(child.key) else ":"
            lead += " " if begin == colon else ""
            self.put(begin, end, f"{lead}{flow(tree)}")
            return lost
        indent = child.key.start_mark.column
        taken = columns(self.text[self.line_start(colon) : colon])
        first, *others = behind_key(tree, indent, taken)
        if not others:
            self.put(begin, end, first if begin == colon else first[1:])
        else:
            # A remark behind the value stays on the line of the key.
            behind = _TRAILING.match(self.text, end)
            until = behind.end() if behind else end
            first += behind.group() if behind else ""
            self.put(colon, until, self.newline.join([first, *others]))
        return lost

    def _value_start(self, child: Child, colon: int) -> int:
        """Return where the value of an entry begins, its colon where that is on another line."""
        begin = self.start_of(child.node)
        return begin if begin <= self.line_end(colon) else colon

    def rewrite(self, child: Child, key: str, tree: Tree, *, in_flow: bool) -> list[str]:
        """Write a whole entry anew; return the remarks that stood within the old one, if in flow."""
        begin, end = self.start_of(child.key), self.end_of_entry(child.key, child.node)
        if in_flow:
            self.put(begin, end, flow_entry(key, tree))
            return self._remarks_of(child, begin, end)
        line, end = self.line_start(begin), self.line_end(end)
        indent = child.key.start_mark.column if self.is_at_line_start(child.key) else 0
        indent = indent or len(self.text[line:]) - len(self.text[line:].lstrip(" "))
        remarks = [f"{' ' * indent}{it}" for it in self._remarks_of(child, begin, end)]
        self.put(line, end, self.newline.join([*remarks, *entry(key, tree, indent)]))
        return []

    def _remarks_of(self, child: Child, start: int, end: int) -> list[str]:
        key_end = self.end_of(child.key)
        return self.remarks(child.node, max(start, key_end), end)

    def change_entries(
        self,
        mapping: MappingNode,
        children: Sequence[Child],
        removed: Sequence[Child],
        added: Sequence[New],
        rank: Callable[[str], int],
    ) -> list[str]:
        """Take entries out of a mapping that has some, and add others in the order of `rank`.

        Return the remarks that stood within those taken out and have no line of their own.
        """
        kept = [it for it in children if it not in removed]
        places = [_behind(kept, it, rank) for it in added]
        if not mapping.flow_style:
            for child in removed:
                self._remove_lines(child)
            indent = mapping.start_mark.column  # that of a question mark before the first key
            for new, place in zip(added, places, strict=True):
                self._add_lines(entry(new.key, new.tree, indent), place, children[0])
            return []
        if not kept:
            return self._refill(mapping, [flow_entry(it.key, it.tree) for it in added])
        spans = [(self.start_of(it.key), self.end_of_entry(it.key, it.node)) for it in children]
        gone = [it in removed for it in children]
        lost = self._remove_parts(mapping, spans, gone)
        for new, place in zip(added, places, strict=True):
            at = None if place is None else self.end_of_entry(place.key, place.node)
            self._add_part(flow_entry(new.key, new.tree), at, self.start_of(kept[0].key))
        return lost

    def change_items(self, node: SequenceNode, old: Sequence[str], new: Sequence[str]) -> list[str]:
        """Change a list that says `old` into one that says `new`.

        Return the remarks that stood within what was taken out and have no line of their own.
        """
        items: list[Node] = node.value
        is_long = max(len(old), len(new)) > _MOST_COMPARED
        if is_long or not (node.flow_style or all(map(self._has_own_line, items))):
            begin, end = self.start_of(node), self.end_of(node)
            self.put(begin, end, flow(new))
            return self.remarks(node, begin, end)
        gone = [False] * len(items)
        added: list[tuple[int, str]] = []
        for kind, first, last, begin, end in SequenceMatcher(
            None, old, new, autojunk=False
        ).get_opcodes():
            both = min(last - first, end - begin) if kind == "replace" else 0
            for at in range(both):
                text = scalar(new[begin + at], in_flow=True)
                self.put(self.start_of(items[first + at]), self.end_of(items[first + at]), text)
            if kind != "equal":
                gone[first + both : last] = [True] * (last - first - both)
                added += [(first + both, text) for text in new[begin + both : end]]
        if node.flow_style:
            return self._change_parts(node, items, gone, added)
        for item, is_gone in zip(items, gone, strict=True):
            if is_gone:
                self._replace_lines(item, self.start_of(item), self.end_of(item))
        pad = " " * (self._dash_column(items[0]))
        for at, text in added:
            line = f"{pad}- {scalar(text, in_flow=True)}"
            if at:
                end = self.line_end(self.end_of(items[at - 1]))
                self.put(end, end, f"{self.newline}{line}")
            else:
                begin = self.line_start(self.start_of(items[0]))
                self.put(begin, begin, f"{line}{self.newline}")
        return []

    def wrap(self, child: Child, key: str, added: Sequence[New], *, in_flow: bool) -> None:
        """Put the value of an entry under a key of its own, with other entries beside it."""
        colon, end = self.behind_colon(child.key), self.end_of_entry(child.key, child.node)
        name = scalar(key, in_flow=True)
        if in_flow:
            begin = colon if _is_empty(child.node) else self.start_of(child.node)
            missing = "" if colon > self.end_of(child.key) else ":"
            self.put(begin, begin, f"{missing}{' ' * (begin == colon)}{{{name}: ")
            others = "".join(f", {flow_entry(it.key, it.tree)}" for it in added)
            self.put(end, end, f"{others}}}")
            return
        indent, line = child.key.start_mark.column, self.line_end(colon)
        begin = self.start_of(child.node)
        is_below = begin > line and not _is_empty(child.node)
        # A list may stand right below its key, without any indentation.
        own = child.node.start_mark.column - indent if is_below else 0
        inner = indent + (own if own > 0 else STEP)
        lead = f"{self.newline}{' ' * inner}{name}:"
        if is_below or _is_empty(child.node):
            self.put(line, line, lead)
        else:
            self.put(colon, begin, f"{lead} ")
        self._shift(line, end, inner - indent)
        behind = self.line_end(end)
        for new in added:
            lines = entry(new.key, new.tree, inner)
            self.put(behind, behind, "".join(f"{self.newline}{it}" for it in lines))

    def _shift(self, start: int, end: int, step: int) -> None:
        """Indent the lines that begin between two places."""
        for found in _BREAK.finditer(self.text, start, end):
            at = found.end()
            if at < end and self.text[at] not in "\r\n":
                self.put(at, at, " " * step)

    # Parts of lists and mappings within brackets

    def _change_parts(
        self,
        node: SequenceNode,
        items: Sequence[Node],
        gone: Sequence[bool],
        added: Sequence[tuple[int, str]],
    ) -> list[str]:
        spans = [(self.start_of(it), self.end_of(it)) for it in items]
        lost = self._remove_parts(node, spans, gone)
        kept = [at for at, is_gone in enumerate(gone) if not is_gone]
        for place, text in added:
            before = [at for at in kept if at < place]
            end = spans[before[-1]][1] if before else None
            self._add_part(scalar(text, in_flow=True), end, spans[kept[0]][0])
        return lost

    def _refill(self, node: MappingNode, parts: Sequence[str]) -> list[str]:
        """Put `parts` in the place of all that stands within the brackets of `node`."""
        begin, end = self.start_of(node) + 1, self.end_of(node) - 1
        self.put(begin, end, ", ".join(parts))
        return self.remarks(node, begin, end)

    def _remove_parts(
        self, node: Node, spans: Sequence[tuple[int, int]], gone: Sequence[bool]
    ) -> list[str]:
        """Take parts out, each with the comma that sets it apart; at least one stays."""
        lost = []
        first = gone.index(False)
        if first:
            begin, end = spans[0][0], spans[first][0]
            self.put(begin, end, "")
            lost += self.remarks(node, begin, end)
        at = first
        for place in range(first + 1, len(spans)):
            is_last = place + 1 == len(spans) or not gone[place + 1]
            if not gone[place]:
                at = place
            elif is_last:
                begin, end = spans[at][1], spans[place][1]
                self.put(begin, end, "")
                lost += self.remarks(node, begin, end)
        return lost

    def _add_part(self, part: str, end: int | None, start: int) -> None:
        """Add a part behind the one that ends at `end`, or before the first, which is at `start`."""
        if end is None:
            self.put(start, start, f"{part}, ")
        else:
            # A colon ends a key only with a space behind it.
            self.put(end, end, f"{' ' if self.text[end - 1] == ':' else ''}, {part}")

    # Lines of lists and mappings in block style

    def _add_lines(self, lines: Sequence[str], behind: Child | None, first: Child) -> None:
        if behind is None:
            at = self.line_start(self.start_of(first.key))
            self.put(at, at, "".join(f"{line}{self.newline}" for line in lines))
        else:
            at = self.line_end(self.end_of_entry(behind.key, behind.node))
            self.put(at, at, "".join(f"{self.newline}{line}" for line in lines))

    def _remove_lines(self, child: Child) -> None:
        end = self.end_of_entry(child.key, child.node)
        self._replace_lines(child.node, self.end_of(child.key), end)

    def _replace_lines(self, node: Node, start: int, end: int) -> None:
        """Put the remarks of some lines in their place, each on a line of its own."""
        begin, until = self.line_start(start), self.line_end(end)
        pad = re.match(" *", self.text[begin:])
        assert pad is not None
        remarks = [f"{pad.group()}{it}{self.newline}" for it in self.remarks(node, start, until)]
        after = _BREAK.match(self.text, until)
        self.put(begin, after.end() if after else until, "".join(remarks))

    def _has_own_line(self, item: Node) -> bool:
        line = self.text[self.line_start(self.start_of(item)) : self.start_of(item)]
        return _DASH.fullmatch(line) is not None

    def _dash_column(self, item: Node) -> int:
        line = self.text[self.line_start(self.start_of(item)) :]
        return len(line) - len(line.lstrip(" "))


def _is_empty(node: Node) -> bool:
    """Tell whether `node` has no text at all."""
    return node.start_mark == node.end_mark


def _behind(kept: Sequence[Child], new: New, rank: Callable[[str], int]) -> Child | None:
    """Return the entry that a new one stands behind: the nearest that comes before it."""
    before = [it for it in kept if rank(it.name) < rank(new.name)]
    return max(before, key=lambda it: rank(it.name), default=None)


def ranking(names: Mapping[str, object] | Sequence[str]) -> Callable[[str], int]:
    """Return a rank for `names` in their order; years come in theirs, behind them."""
    known = {name: place for place, name in enumerate(names)}

    def rank(name: str) -> int:
        return known.get(name, int(name) if name.isdecimal() else len(known))

    return rank
