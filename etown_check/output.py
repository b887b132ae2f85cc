"""Writing: whole or not at all, nothing overwritten unasked, and never a crash over a character."""

import contextlib
import os
import sys
from typing import TextIO

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


def write_file(path: str, text: str, *, force: bool = False) -> None:
    """Write `text` to `path` in UTF-8, whole or not at all.

    Raises `OutputExists` if there is such a file and `force` is not set, and `OutputFailed` if
    it cannot be written.
    """
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if force:
            os.replace(beside, path)
        else:
            _place_new(beside, path)
    except FileExistsError:
        raise OutputExists(path) from None
    except OSError as error:
        raise OutputFailed(path) from error
    finally:
        _remove(beside)


def _place_new(beside: str, path: str) -> None:
    """Give `beside` its name unless that is taken. Raises `FileExistsError`."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(beside, path)


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.remove(path)


def write_stream(stream: TextIO, text: str, *, encoding: str | None = None) -> None:
    """Write `text` to a standard stream in its encoding, or in `encoding`.

    Characters that the encoding lacks are replaced by stand-ins or shown by their code. A reader
    that has gone away ends the output quietly.
    """
    encoding = encoding or getattr(stream, "encoding", None) or "utf-8"
    text = encodable(text, encoding)
    try:
        data = text.encode(encoding, "backslashreplace")
    except LookupError:
        data = text.encode("ascii", "backslashreplace")
    buffer = getattr(stream, "buffer", None)
    try:
        if buffer is None:
            stream.write(data.decode(encoding, "replace"))
            stream.flush()
        else:
            stream.flush()
            buffer.write(data)
            buffer.flush()
    except BrokenPipeError:
        _silence(stream)


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
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_terminal(stream: TextIO) -> bool:
    """Tell whether `stream` is a terminal."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def terminal_width() -> int:
    """Return the width to lay text out in: COLUMNS, or the terminal's, or 100; within 60 to 160."""
    found = 100
    with contextlib.suppress(ValueError, OSError, AttributeError):
        found = (
            int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(sys.stdout.fileno()).columns
        )
    return max(60, min(found, 160))


def tell(text: str) -> None:
    """Say something to the user on standard error."""
    write_stream(sys.stderr, text)
