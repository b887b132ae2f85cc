"""Writing: whole or not at all, nothing overwritten unasked, and never a crash over a character."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator

from etown_check.scratch import NoScratch, Scratch
from etown_check.text import without_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, Self, TextIO

STDOUT = "-"
"""Where a file is named for output, this is standard output."""

UNFINISHED = ".part"
"""How the names of files end that are being written."""

_NEW_FILE = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)

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


def write_file(path: str, text: str, *, force: bool = False) -> None:
    """Write `text` to `path` in UTF-8, as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8", "backslashreplace"), force=force)


def write_bytes(path: str, content: bytes, *, force: bool = False) -> None:
    """Write `content` to `path`, whole or not at all, as `WholeFile` does."""
    with WholeFile(path, force=force) as file:
        file.write(content)


class WholeFile:
    """A file at `path` that is written bit by bit and is there once all of it is written.

    With `force` a file that exists is replaced, and its permissions are kept. A link is replaced
    itself: what it leads to stays as it is. Where the writing ends in an exception, whatever was
    there before is untouched.

    Raises `OutputExists` if there is such a file and `force` is not set, and `OutputFailed` if
    it cannot be written.
    """

    def __init__(self, path: str, *, force: bool = False) -> None:
        self.path = path
        self.force = force
        self._open = contextlib.ExitStack()
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        with self._told(), contextlib.ExitStack() as opened:
            opened.enter_context(_stopping_in_order())
            mode = _mode_of(self.path) if self.force else None
            placed = _placed(self.path, mode=mode, replace=self.force)
            self._file = opened.enter_context(placed)
            self._open = opened.pop_all()
        return self

    def write(self, content: bytes) -> None:
        """Write some more."""
        assert self._file is not None
        with self._told():
            self._file.write(content)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        with self._told():
            self._open.__exit__(kind, error, None)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what the system says of the file as what it means for the user."""
        try:
            yield
        except FileExistsError:
            raise OutputExists(self.path) from None
        except OSError as error:
            raise OutputFailed(self.path) from error


def append_file(path: str, text: str) -> None:
    """Add `text` to the end of the file at `path`, in UTF-8. Raises `OutputFailed`."""
    try:
        with open(path, "ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise OutputFailed(path) from error


def put(path: str, content: bytes, *, mode: int | None, replace: bool) -> None:
    """Put a file with `content` at `path`, whole or not at all: written beside, then renamed.

    Its permissions are `mode`, or those of any new file. Raises `FileExistsError` if `path` is
    taken and not to be replaced, and `OSError` if the file cannot be written.
    """
    with _placed(path, mode=mode, replace=replace) as file:
        file.write(content)


@contextlib.contextmanager
def _placed(path: str, *, mode: int | None, replace: bool) -> Iterator[BinaryIO]:
    """Open a file beside `path` that takes its place in the end, unless there is an exception."""
    # A name of its own: of runs on several machines that share a folder two may have one number,
    # and one made of the file's own name might be too long.
    beside = os.path.join(os.path.dirname(path), f".{os.urandom(8).hex()}{UNFINISHED}")
    try:
        # Nobody else may read it before it has the permissions that it is to have.
        handle = os.open(beside, _NEW_FILE, 0o666 if mode is None else 0o600)
        with open(handle, "wb") as file:
            if mode is not None:
                _set_mode(handle, mode)
            yield file
        if replace:
            os.replace(beside, path)
        else:
            _place_new(beside, path)
    finally:  # Ctrl-C comes here too
        _remove(beside)


def _mode_of(path: str) -> int | None:
    """Return the permissions of the file at `path`, `None` if there is none.

    Raises `OSError` for a folder or a device: neither may give way to a report.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", path)
    return status.st_mode & 0o777


def _set_mode(handle: int, mode: int) -> None:
    if hasattr(os, "fchmod"):  # Windows has no such permissions
        with contextlib.suppress(OSError):  # nor have some file systems
            os.fchmod(handle, mode)


@contextlib.contextmanager
def _stopping_in_order() -> Iterator[None]:
    """Let SIGTERM end the program as Ctrl-C does: what is half-written is removed first."""
    import signal  # half a millisecond, which only runs that write a file need to spend

    def stop(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    if signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:  # whoever started us wants otherwise
        yield
        return
    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


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
    """Say something to the user on standard error; where that fails, nobody is there to hear it."""
    with contextlib.suppress(StreamFailed):
        write_stream(sys.stderr, text)
