"""Files that are written: whole or not at all, and none is overwritten unasked."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence

from etown_check.output import OutputExists, OutputFailed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, Self

UNFINISHED = ".part"
"""How the names of files end that are being written."""

_NEW_FILE = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)


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


@contextlib.contextmanager
def whole_files(paths: Iterable[str], *, force: bool = False) -> Iterator[Sequence[WholeFile]]:
    """Open files that take their places once all of them are written."""
    with contextlib.ExitStack() as opened:
        yield [opened.enter_context(WholeFile(path, force=force)) for path in paths]


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
