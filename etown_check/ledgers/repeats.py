"""Knowing again what was said before, in the same memory for a thousand rows as for a million.

The first values are remembered one by one. Beyond these, each value is put aside with all that share
its last bits, and these parts of the whole are looked through at the end, one after the other. What
a row holds cannot be asked for then; so a table of bits tells at once whether a value may have been
there before. It may err on the side of yes, but for few rows.
"""

from array import array
from collections.abc import Callable, Iterator

from etown_check.limits import MAX_LEDGER_DOUBTS
from etown_check.records import Record
from etown_check.scratch import Scratch

_FEW = 4_096
"""Values that are remembered one by one: more than most ledgers have."""
_IN_MEMORY = 1 << 20
"""Bytes that are put aside without a file: values of 60,000 rows."""
_PART_BITS = 6
_LAST_PART = (1 << _PART_BITS) - 1
_BLOCK = 1_024
"""Numbers that are put aside at a time: values and marks in turn."""
_LAST_BIT = (1 << 25) - 1
"""Of the table. A million values set one of 32 of its bits."""
_NUMBER_BITS = 32
_NUMBER = (1 << _NUMBER_BITS) - 1
_MOST_FOUND = 4_096
"""Repeats that are held until it is looked which of them come first."""


def mark_of(order: int, number: int) -> int:
    """Return what stands for a row: the `order` in which it comes, and its `number` in the file."""
    return order << _NUMBER_BITS | number


def number_of(mark: int) -> int:
    """Return the number in the file of the row that `mark` stands for."""
    return mark & _NUMBER


class Repeat(Record):
    """The marks of a row and of the first one that said the same."""

    mark: int
    first: int


class Found(Record):
    """How many rows say again what was said before, and the first of them."""

    rows: int
    first: list[Repeat]


class Repeats:
    """What was said in the rows of one ledger, as whole numbers of 64 bits.

    A row that bears the number of the one that it repeats is that row, and no repeat.
    """

    add: Callable[[int, int], bool]
    """Takes note that a row says a value; its mark is greater than that of any row before it.

    Tells whether the row may be among those that will be named; then its content is needed. It is
    another function from some row on, and looked up anew for each.
    """

    def __init__(self) -> None:
        self.add = self._remember
        self._firsts: dict[int, int] = {}
        self._found = Found(0, [])
        self._parts: list[array[int]] = []
        self._blocks: list[array[int]] = []
        self._is_asked = True
        self._scratch = Scratch(_IN_MEMORY)

    def found(self) -> Found:
        """Return what is repeated by now, after looking through all that was put aside."""
        count, found = self._found.rows, [*self._found.first]
        for at in range(len(self._parts)):
            for repeat in self._repeated(at):
                count += 1
                found.append(repeat)
                if len(found) >= _MOST_FOUND:
                    found = sorted(found)[:MAX_LEDGER_DOUBTS]
        return Found(count, sorted(found)[:MAX_LEDGER_DOUBTS])

    def settle(self) -> None:
        """Ask for no more rows if all that will be named are known by now."""
        if self._parts and self._is_asked and self.found().rows >= MAX_LEDGER_DOUBTS:
            self._is_asked = False
            self.add = self._parting()

    def close(self) -> None:
        """Let go of everything."""
        self._scratch.close()
        del self.add  # which holds this object in turn, and much memory

    def _remember(self, value: int, mark: int) -> bool:
        first = self._firsts.setdefault(value, mark)
        if len(self._firsts) > _FEW:
            self._begin_parts()
        if first == mark or number_of(first) == number_of(mark):
            return False
        count, found = self._found
        self._found = Found(count + 1, found)
        if count < MAX_LEDGER_DOUBTS:
            found.append(Repeat(mark, first))
        return count < MAX_LEDGER_DOUBTS

    def _repeated(self, at: int) -> Iterator[Repeat]:
        """Yield the repeats of a part."""
        if not self._is_repeating(at):
            return
        firsts: dict[int, int] = {}
        for block in self._part(at):
            for value, mark in zip(block[::2], block[1::2], strict=True):
                first = firsts.setdefault(value, mark)
                if first != mark and number_of(first) != number_of(mark):
                    yield Repeat(mark, first)

    def _is_repeating(self, at: int) -> bool:
        """Tell whether any value of a part is there twice. Most often none is, and this is quick."""
        values: set[int] = set()
        count = 0
        for block in self._part(at):
            values.update(block[::2])
            count += len(block) // 2
        return len(values) < count

    def _begin_parts(self) -> None:
        """Go on in parts, each of which begins with what was remembered."""
        firsts, self._firsts = self._firsts, {}
        self._parts = [array("q") for _ in range(_LAST_PART + 1)]
        self._blocks = [array("q") for _ in range(_LAST_PART + 1)]
        # All that will be named may be known already: those that follow come later in the file.
        self._is_asked = self._found.rows < MAX_LEDGER_DOUBTS
        self.add = self._parting()
        for value, mark in firsts.items():
            self.add(value, mark)

    def _parting(self) -> Callable[[int, int], bool]:
        """Return what puts values aside. It is called for millions, and has all that it needs."""
        parts, put_aside, is_asked = self._parts, self._put_aside, self._is_asked
        table = bytearray((_LAST_BIT >> 3) + 1 if is_asked else 0)

        def add(value: int, mark: int) -> bool:
            part = parts[value & _LAST_PART]
            part.append(value)
            part.append(mark)
            if len(part) == _BLOCK:
                put_aside(value & _LAST_PART)
            if not is_asked:
                return False
            at = value >> _PART_BITS & _LAST_BIT
            bit = 1 << (at & 7)
            bits = table[at >> 3]
            if bits & bit:
                return True
            table[at >> 3] = bits | bit
            return False

        return add

    def _put_aside(self, at: int) -> None:
        part = self._parts[at]
        self._blocks[at].append(self._scratch.append(part.tobytes()))
        del part[:]

    def _part(self, at: int) -> Iterator["array[int]"]:
        """Yield the values and marks of a part, in turn, in the order in which they came."""
        length = _BLOCK * self._parts[at].itemsize
        for start in self._blocks[at]:
            block = array("q")
            block.frombytes(self._scratch.read(start, length))
            yield block
        yield self._parts[at]
