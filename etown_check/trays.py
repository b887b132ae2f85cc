"""Trays: files without a name in which one process leaves what it found, and another takes it.

What is found of some files is megabytes of reports. Through a pipe they would go in pieces of
some kilobytes, each of which wakes the other side, and both would hold all of them at once. Into
a tray, which both have open, a worker lays them as they are made, and sends no more than their
lengths. A tray is used over and over, so that few pages of memory ever belong to it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

from etown_check.rendering import Done
from etown_check.scratch import NoScratch


@contextmanager
def trays(number: int) -> Iterator[Sequence[int]]:
    """Return the handles of so many trays for this process and its copies, or of none.

    There are none where nothing can be put aside.
    """
    from tempfile import TemporaryFile

    with ExitStack() as opened:
        handles: list[int] = []
        with suppress(OSError):
            files = [opened.enter_context(TemporaryFile(buffering=0)) for _ in range(number)]
            handles += [file.fileno() for file in files]
        yield handles


def laid_down(found: Iterable[Done], tray: int) -> Iterator[Done]:
    """Lay what is reported of some files in a tray, from its beginning, and yield the rest.

    What there is no room for is left where it is.
    """
    at, is_full = 0, False
    for one in found:
        pieces = one.part.pieces
        try:
            if not is_full:
                end = _write(tray, at, (content for piece in pieces for content in piece))
        except OSError:
            is_full = True
        if is_full:
            yield one
        else:
            at = end
            lengths = tuple(tuple(map(len, piece)) for piece in pieces)
            yield one._replace(part=one.part._replace(pieces=()), lengths=lengths)


def taken_up(found: Iterable[Done], tray: int) -> Iterator[Done]:
    """Yield what was found of some files, with what lies of it in a tray. Raises `NoScratch`."""
    at = 0
    for one in found:
        if one.lengths is None:
            yield one
            continue
        pieces = []
        for lengths in one.lengths:
            pieces.append(tuple(_read(tray, at, lengths)))
            at += sum(lengths)
        yield one._replace(part=one.part._replace(pieces=tuple(pieces)), lengths=None)


def _write(tray: int, at: int, contents: Iterable[bytes]) -> int:
    """Write contents one behind the other, and return where they end. Raises `OSError`."""
    for content in contents:
        left = memoryview(content)
        while left:
            written = os.pwrite(tray, left, at)
            at, left = at + written, left[written:]
    return at


def _read(tray: int, at: int, lengths: Iterable[int]) -> Iterator[bytes]:
    """Yield contents of such lengths that stand one behind the other. Raises `NoScratch`."""
    for length in lengths:
        try:
            content = os.pread(tray, length, at) if length else b""
        except OSError:
            raise NoScratch from None
        if len(content) != length:
            raise NoScratch
        yield content
        at += length
