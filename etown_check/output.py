"""Writing to standard streams, and never a crash over a character."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator

from etown_check.scratch import NoScratch, Scratch
from etown_check.text import without_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

STDOUT = "-"
"""Where a file is named for output, this is standard output."""

# For consoles that cannot show them (GBK, ASCII): what stands for these characters.
_STAND_INS = {
    "≥": ">=",
    "≤": "<=",
    "–": "-",
    "−": "-",
    "·": "-",
    "“": '"',
    "”": '"',
    "²": "2",
    "…": "...",
}


class OutputExists(Exception):
    """The output file exists already, and nobody said to replace it."""


class OutputFailed(Exception):
    """The output could not be written; what was there before is untouched."""


class StreamFailed(Exception):
    """A standard stream could not be written in full."""


def write_stream(stream: TextIO | None, text: str, *, encoding: str | None = None) -> None:
    """Write `text` to a standard stream in its encoding, or in `encoding`.

    Without an `encoding` the text is for people: a job of GitHub's takes none of it for a command.
    Characters that the encoding lacks are replaced by stand-ins or shown by their code. A reader
    that has gone away ends the output quietly, and a stream that was closed from the beginning
    is wanted by nobody. Raises `StreamFailed` for any other failure, such as a full disk.
    """
    if stream is None:
        return
    if encoding is None and os.environ.get("GITHUB_ACTIONS") == "true":
        text = without_commands(text)
    encoding = encoding or getattr(stream, "encoding", None) or "utf-8"
    text = encodable(text, encoding)
    try:
        data = text.encode(encoding, "backslashreplace")
    except LookupError:
        data = text.encode("ascii", "backslashreplace")
    _send(stream, data, encoding)


class Spool:
    """Bytes that are kept until they are wanted: in memory while they are few, then on disk.

    What is written comes with `between` in between. Raises `StreamFailed` where the disk is full.
    """

    def __init__(self, between: bytes = b"") -> None:
        self.between = between
        self._kept = Scratch(MOST_HELD)

    def write(self, content: bytes) -> None:
        """Keep some more, if it is anything."""
        if not content:
            return
        try:
            self._kept.append(self.between + content if self else content)
        except NoScratch as error:
            raise StreamFailed from error

    def parts(self) -> Iterator[bytes]:
        """Yield what is kept, in its order; nothing can be added any more."""
        for at in range(0, self._kept.size, MOST_HELD):
            try:
                part = self._kept.read(at, MOST_HELD)
            except NoScratch as error:
                raise StreamFailed from error
            yield part
        self._kept.close()

    def lines(self) -> Iterator[bytes]:
        """Yield what is kept, in parts that each end with a line."""
        rest = b""
        for part in self.parts():
            whole, end, rest = (rest + part).rpartition(b"\n")
            if end:
                yield whole + end
        if rest:
            yield rest

    def __bool__(self) -> bool:
        """Tell whether anything is kept."""
        return self._kept.size > 0


MOST_HELD = 1024 * 1024
"""Bytes that are held in memory before they go where they belong."""


class StreamOutlet:
    """A standard stream to which UTF-8 is written bit by bit.

    The first of it is held back until there is much of it: what is said on another stream in a
    short run comes first, and a run that fails early has written nothing. `encoding` is as for
    `write_stream`.
    """

    def __init__(self, stream: TextIO | None, encoding: str | None) -> None:
        self.stream = stream
        self.encoding = encoding
        self._held: list[bytes] | None = []
        self._size = 0

    def write(self, content: bytes) -> None:
        """Write some more, which ends with a line where it is for people."""
        if self._held is None:
            self._send(content)
            return
        self._held.append(content)
        self._size += len(content)
        if self._size > MOST_HELD:
            self.release()

    def release(self) -> None:
        """Hold nothing back any more."""
        held, self._held = self._held, None
        if held:
            self._send(b"".join(held))

    def _send(self, content: bytes) -> None:
        if self.encoding == "utf-8":
            if self.stream is not None:
                _send(self.stream, content, "utf-8")
        else:
            write_stream(self.stream, content.decode(), encoding=self.encoding)


def write_raw(stream: TextIO | None, content: bytes) -> None:
    """Write `content` to a standard stream as it is. Raises `StreamFailed` as `write_stream` does."""
    if stream is not None:
        _send(stream, content, "latin-1")


def _send(stream: TextIO, data: bytes, encoding: str) -> None:
    buffer = getattr(stream, "buffer", None)
    try:
        if buffer is None:
            stream.write(data.decode(encoding, "replace"))
            stream.flush()
        else:
            stream.flush()
            buffer.write(data)
            buffer.flush()
    except OSError as error:
        _silence(stream)
        if not _is_gone(error):
            raise StreamFailed from error


def _is_gone(error: OSError) -> bool:
    """Tell whether there is no reader any more. Windows often says EINVAL of such a pipe."""
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


def encodable(text: str, encoding: str) -> str:
    """Return `text` with stand-ins for the characters that `encoding` lacks and we have one for."""
    for character, stand_in in _STAND_INS.items():
        if character in text and not can_encode(character, encoding):
            text = text.replace(character, stand_in)
    return text


def can_encode(text: str, encoding: str) -> bool:
    """Tell whether `encoding` has all characters of `text`."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _silence(stream: TextIO) -> None:
    """Point `stream` nowhere, so that closing it at exit does not fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return  # it is none of the system's


def is_terminal(stream: TextIO) -> bool:
    """Tell whether `stream` is a terminal."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def terminal_width() -> int:
    """Return the width to lay text out in: COLUMNS, or the terminal's, or 100; within 60 to 160."""
    try:
        found = (
            int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(sys.stdout.fileno()).columns
        )
    except (ValueError, OSError, AttributeError):
        found = 100
    return max(60, min(found, 160))


def tell(text: str) -> None:
    """Say something to the user on standard error; where that fails, nobody is there to hear it."""
    try:
        write_stream(sys.stderr, text)
    except StreamFailed:
        return
