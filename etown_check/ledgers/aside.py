"""Rows that are put aside until it is known which of them are to be named."""

import json
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterator
from datetime import date
from fractions import Fraction

from etown_check.records import Record
from etown_check.scratch import Scratch

_IN_MEMORY = 1 << 18
_BLOCK = 1 << 16
"""Bytes that are put aside at a time."""


class PlainRow(Record):
    """A row that is in order, as it was read; `shares` are of 1元."""

    number: int
    on: date
    shares: int | Fraction
    unit: str
    source: str
    category: str
    description: str
    payee: str
    voucher: str


class Aside:
    """Keeps rows by their marks, which ascend."""

    def __init__(self) -> None:
        self.count = 0
        self._scratch = Scratch(_IN_MEMORY)
        self._lines = bytearray()
        # Of each block the first mark and where it begins; behind the last one where it ends.
        self._marks = array("q")
        self._bounds = array("q", (0,))

    def put(self, mark: int, row: PlainRow) -> None:
        """Keep `row`."""
        self.count += 1
        if not self._lines:
            self._marks.append(mark)
        number, on, shares, *texts = row
        told = (number, on.toordinal(), shares.numerator, shares.denominator, *texts)
        self._lines += f"{mark} {json.dumps(told)}\n".encode("ascii")
        if len(self._lines) >= _BLOCK:
            self._write()

    def rows(self, marks: Collection[int]) -> dict[int, PlainRow]:
        """Return the rows that were kept under `marks`."""
        if self._lines:
            self._write()
        wanted = {str(mark).encode("ascii"): mark for mark in marks}
        blocks = {bisect_right(self._marks, mark) - 1 for mark in marks}
        return {
            wanted[name]: _read(told)
            for block in sorted(blocks)
            for name, told in self._block(block)
            if name in wanted
        }

    def close(self) -> None:
        """Let go of everything."""
        self._scratch.close()

    def _write(self) -> None:
        self._scratch.append(self._lines)
        self._bounds.append(self._scratch.size)
        self._lines.clear()

    def _block(self, at: int) -> Iterator[tuple[bytes, bytes]]:
        start, end = self._bounds[at : at + 2]
        for line in self._scratch.read(start, end - start).splitlines():
            name, _, told = line.partition(b" ")
            yield name, told


def _read(told: bytes) -> PlainRow:
    number, on, numerator, denominator, *texts = json.loads(told)
    shares = numerator if denominator == 1 else Fraction(numerator, denominator)
    return PlainRow(number, date.fromordinal(on), shares, *texts)
