"""The table of strings of a workbook, in the same memory for a thousand texts as for a million.

Programs write texts in the order in which cells need them first. So the first ones are kept as they
are, and the others put aside in blocks: the next of these is most often the one that is asked for.
What is asked for from an earlier one is asked for again, and likely to be so once more: it is kept,
too, until there is too much of it.
"""

from array import array

from etown_check.scratch import Scratch
from etown_check.xlsx.texts import unescaped

_FIRST = 1 << 16
_FIRST_CHARACTERS = 1 << 21
_BLOCK = 8
"""Texts that are read at a time, of a table in no order for each that is asked for."""
_PIECE = 1 << 16
_RECURRING = 1 << 15
_RECURRING_CHARACTERS = 1 << 20
"""Of texts that are kept twice over: those asked for lately, and those before them."""
_END = "\0"
"""What stands between texts; XML cannot hold it."""


class Strings:
    """Texts by their numbers, which count from 0. First all are appended, then they are asked for."""

    def __init__(self, in_memory: int) -> None:
        self.first: list[str] = []
        self._characters = 0
        self._count = 0
        self._waiting: list[str] = []
        self._packed = bytearray()
        self._bounds = array("q", (0,))
        self._scratch = Scratch(in_memory)
        self._at = -1
        self._block: list[str] = []
        self._lately: dict[int, str] = {}
        self._before: dict[int, str] = {}
        self._room = _RECURRING_CHARACTERS

    def __len__(self) -> int:
        """Return how many texts there are."""
        return self._count

    def append(self, text: str) -> None:
        """Append a text as it stands in the XML."""
        self._count += 1
        if self._characters < _FIRST_CHARACTERS and len(self.first) < _FIRST:
            self._characters += len(text)
            self.first.append(unescaped(text))
            return
        self._waiting.append(text)
        if len(self._waiting) == _BLOCK:
            self._pack()

    def finish(self) -> None:
        """Take note that no text follows."""
        if self._waiting:
            self._pack()
        self._write()

    def __getitem__(self, number: int) -> str:
        """Return a text as people read it. Raises `NoScratch`."""
        if number < len(self.first):
            return self.first[number]
        text = self._lately.get(number)
        if text is not None:
            return text
        at, within = divmod(number - len(self.first), _BLOCK)
        if at > self._at:
            self._at, self._block = at, self._read(at).decode().split(_END)
        if at == self._at:
            return unescaped(self._block[within])
        text = self._before.pop(number, None)
        if text is None:
            text = unescaped(self._read(at).split(_END.encode())[within].decode())
        self._keep(number, text)
        return text

    def close(self) -> None:
        """Let go of what was put aside."""
        self._scratch.close()

    def _pack(self) -> None:
        self._packed += _END.join(self._waiting).encode()
        self._waiting.clear()
        self._bounds.append(self._scratch.size + len(self._packed))
        if len(self._packed) >= _PIECE:
            self._write()

    def _write(self) -> None:
        self._scratch.append(self._packed)
        self._packed.clear()

    def _read(self, at: int) -> bytes:
        start, end = self._bounds[at : at + 2]
        return self._scratch.read(start, end - start)

    def _keep(self, number: int, text: str) -> None:
        self._room -= len(text)
        if self._room < 0 or len(self._lately) >= _RECURRING:
            self._before, self._lately = self._lately, {}
            self._room = _RECURRING_CHARACTERS
        self._lately[number] = text
