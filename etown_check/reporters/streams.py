"""Reports of which no more than some files need be held: they are written piece by piece.

A module that makes such reports has two functions. `piece` says of a run over some of the files
what is to be added, in whatever process. `stream` begins a report, which puts the pieces together
in the order of the files.
"""

from __future__ import annotations

from collections.abc import Callable

from etown_check.report import Run, Style, Totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object

Write = Callable[[bytes], None]
Piece = tuple[bytes, ...]
"""What is to be added of some files, in UTF-8, each at its place in the report."""


class Stream(Protocol):
    """A report that is written while its files are still being checked."""

    def add(self, piece: Piece) -> None:
        """Write what there is of the next files, or keep it until its place is reached."""

    def end(self, totals: Totals) -> None:
        """Write what is left once all files are checked, which came to `totals`."""


class Streaming(Protocol):
    """A module that makes such reports."""

    def piece(self, run: Run, style: Style) -> Piece:
        """Return what is to be added of a `run` over some of the files."""

    def stream(self, run: Run, style: Style, write: Write) -> Stream:
        """Begin the report of what `run` is a part of: the first, or one without any files."""


def whole(module: Streaming, run: Run, style: Style) -> str:
    """Return the report that `module` makes of a whole run."""
    parts: list[bytes] = []
    stream = module.stream(run, style, parts.append)
    stream.add(module.piece(run, style))
    stream.end(run.totals)
    return b"".join(parts).decode()


def encoded(text: str) -> bytes:
    """Return `text` in UTF-8. Bytes of a path that are none of it are shown by their code."""
    return text.encode("utf-8", "backslashreplace")
