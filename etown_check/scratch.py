"""Bytes that are put aside: in memory while they are few, else in a file that has no name."""

from __future__ import annotations

import io

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


class NoScratch(Exception):
    """Nothing can be put aside: there is no folder for temporary files, or no room in it."""


class Scratch:
    """Keeps bytes until it is closed; up to `in_memory` of them take no file."""

    def __init__(self, in_memory: int) -> None:
        self.size = 0
        self._in_memory = in_memory
        self._is_file = False
        self._file: IO[bytes] = io.BytesIO()

    def append(self, piece: bytes | bytearray) -> int:
        """Put `piece` behind all others, and return where it begins. Raises `NoScratch`."""
        at = self.size
        try:
            if not self._is_file and at + len(piece) > self._in_memory:
                self._move()
            self._file.seek(at)
            self._write(piece)
        except OSError:
            raise NoScratch from None
        self.size += len(piece)
        return at

    def read(self, at: int, length: int) -> bytes:
        """Return the `length` bytes from `at` on. Raises `NoScratch`."""
        try:
            self._file.seek(at)
            return self._file.read(length)
        except OSError:
            raise NoScratch from None

    def close(self) -> None:
        """Let go of everything."""
        try:
            self._file.close()
        except OSError:
            return  # a full disk, of which was told before

    def _move(self) -> None:
        """Go on in a file, which vanishes with this process at the latest."""
        # Few runs need one, and the module takes time to import.
        from tempfile import TemporaryFile

        before = self._file
        # It is written in large pieces and read here and there: a buffer would be in the way.
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - see `close`
        self._is_file = True
        before.seek(0)
        self._write(before.read())

    def _write(self, piece: bytes | bytearray) -> None:
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]
