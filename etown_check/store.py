"""Where standards are found, and where their compiled form is kept.

A standard's source is a folder of YAML (or one file). Compiling it needs pydantic and takes a
few tenths of a second, so the compiled form is kept in the user's cache folder, as Python keeps
compiled code. Its name holds a digest of the source and of the code that compiled it; its first
line holds the fingerprint of the rest. A form that is stale is therefore never found, and one that is
broken is rebuilt. That proves a form whole, not whose it is: so a form that another user can have put
there is not read. Nothing about the cache is ever an error; where it cannot be used, a run is slower.
"""

from __future__ import annotations

import errno
import marshal
import os
import stat
import sys
import time

from etown_check import __version__
from etown_check.digests import fingerprint, of_code, sha256
from etown_check.problems import InputError, Problem, StandardError, closest
from etown_check.standard import MAIN_FILE, Standard, from_plain
from etown_check.yamltree import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST_KEPT = 20
"""More compiled forms than these are not kept: each change of a standard makes a new one."""

_ENDING = ".compiled"
"""What the name of a compiled form ends with."""

_MOST_BYTES = 16 * 1024 * 1024
"""No compiled form is as large: that of the standard that comes with the tool takes 120 KB."""

# A link is not followed, and a pipe not waited for. Python itself adds O_CLOEXEC.
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
# What the compiled form depends on beside its source.
_COMPILERS = (
    "decoding.py",
    "tree.py",
    "plain_yaml.py",
    "parsing.py",
    "yamltree.py",
    "authoring/models.py",
    "authoring/compile.py",
    "quantities.py",
    "standard.py",
    "text.py",
)


def standards_folder() -> str:
    """Return the folder of the standards that come with the tool.

    A wheel carries them inside the package; in a checkout and in an editable install they stand
    beside it, at the top level of the repository.
    """
    inside = os.path.join(_PACKAGE, "standards")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(_PACKAGE), "standards")


def list_standards() -> tuple[str, ...]:
    """Return the ids of the standards that come with the tool."""
    folder = standards_folder()
    try:
        names = os.listdir(folder)
    except OSError:
        return ()
    return tuple(
        sorted(name for name in names if os.path.isfile(os.path.join(folder, name, MAIN_FILE)))
    )


def find_standard(name: str) -> str:
    """Return the path of the standard `name`: an id, a folder or a file. Raises `StandardError`."""
    if name in list_standards():
        return os.path.join(standards_folder(), name)
    if os.path.basename(name) == MAIN_FILE and os.path.isfile(name):
        return os.path.dirname(name) or "."
    if os.path.isfile(name) or os.path.isfile(os.path.join(name, MAIN_FILE)):
        return name
    known = list_standards()
    args = {"text": name, "known": "、".join(known)}
    raise StandardError([Problem(name, None, "E611", args, closest(name, known))])


def load_standard(name: str | os.PathLike[str]) -> Standard:
    """Load a standard by its id, or from a folder or file of its YAML.

    Raises `StandardError` with every mistake of the standard.
    """
    path = find_standard(os.fspath(name))
    source = _source(path)
    kept = _kept_form(path, fingerprint(source))
    standard = _read_kept(kept)
    if standard is None:
        plain = compile_fresh(path, sha256(source).hexdigest())
        _keep(kept, plain)
        standard = from_plain(plain)
    return standard


def compile_fresh(path: str, digest: str) -> dict[str, Any]:
    """Compile the standard at `path`, whatever is kept of it."""
    from etown_check.authoring.compile import compile_standard  # imports pydantic

    return {**compile_standard(path), "sha256": digest}


def source_digest(path: str) -> str:
    """Return the sha256 of the standard's YAML: of the file, or of all in the folder by name.

    Raises `StandardError` for what cannot be read.
    """
    return sha256(_source(path)).hexdigest()


def _source(path: str) -> bytes:
    """Return the standard's YAML: the file, or all in the folder, each behind its name and size."""
    try:
        if not os.path.isdir(path):
            return read_bytes(path)
        parts: list[bytes] = []
        for name in sorted(os.listdir(path)):
            if name.endswith(".yaml"):
                content = read_bytes(os.path.join(path, name))
                parts += (f"{name}\0{len(content)}\0".encode(), content)
        return b"".join(parts)
    except InputError as error:
        raise StandardError(error.problems) from None
    except OSError:  # a folder whose files may be read by name and not be listed
        raise StandardError([Problem(path, None, "E103", {})]) from None


def cache_folder() -> str:
    """Return the folder of compiled standards, by the platform's convention."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):  # the specification asks for relative ones to be ignored
            base = os.path.expanduser("~/.cache")
    return os.path.join(base, "etown-check")


def _kept_form(path: str, source: str) -> str:
    """Return where the compiled form by this code is kept of the source with this fingerprint."""
    compilers = (os.path.join(_PACKAGE, name) for name in _COMPILERS)
    # Another Python may not read what this one writes.
    stamp = of_code(f"{__version__}\0{sys.implementation.cache_tag}\0{source}", compilers)
    name = os.path.basename(os.path.abspath(path))
    return os.path.join(cache_folder(), f"{name}-{stamp[:32]}{_ENDING}")


def _read_kept(kept: str) -> Standard | None:
    """Return the standard kept at `kept`, `None` where there is none or it is broken."""
    try:
        proof, _, payload = _read_own(kept).partition(b"\n")
    except OSError:
        return None
    if proof != fingerprint(payload).encode():
        return None
    try:
        return from_plain(marshal.loads(payload))  # noqa: S302 - nobody else can have written it
    except (ValueError, LookupError, TypeError, EOFError):
        return None  # whole, but not of this code's making


def _read_own(path: str) -> bytes:
    """Return the content of a file that nobody but this user can have written.

    Raises `OSError` for any other file, and for what is not a file.
    """
    _check_folder(os.path.dirname(path))
    handle = os.open(path, _READ)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            raise OSError(errno.EINVAL, "not a compiled form", path)
        _check_owner(status)
        return os.read(handle, status.st_size)  # should it return less, the fingerprint tells
    finally:
        os.close(handle)


def _check_folder(folder: str) -> None:
    """Raise `OSError` for a folder in which somebody else may have put files."""
    if not os.path.isabs(folder):  # no home is known: the current folder may be anybody's
        raise OSError(errno.ENOENT, "no cache folder", folder)
    _check_owner(os.stat(folder))


def _check_owner(status: os.stat_result) -> None:
    """Raise `PermissionError` for what others own or can write, by its `status`."""
    # Windows tells by access lists who may write, and the numbers of `status` say nothing of
    # them; by default nobody else can write in a user's folder for local data.
    if hasattr(os, "geteuid") and (
        status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    ):
        raise PermissionError(errno.EACCES, "others can write it")


def _keep(kept: str, plain: dict[str, Any]) -> None:
    """Keep a compiled form, whole or not at all; a folder that cannot be written costs only time.

    Nothing is put into a folder that others can write. In the user's own folder whatever bears
    the form's name gives way to it, and is neither followed nor written into.
    """
    from contextlib import suppress  # a run that finds a form writes none

    from etown_check.files import put

    payload = marshal.dumps(plain)
    folder = os.path.dirname(kept)
    with suppress(OSError):
        if os.path.isabs(folder):
            os.makedirs(folder, mode=0o700, exist_ok=True)
        _check_folder(folder)
        put(kept, b"%s\n%s" % (fingerprint(payload).encode(), payload), mode=0o600, replace=True)
        _tidy(folder)


def _tidy(folder: str) -> None:
    """Remove what is no longer of use: the oldest compiled forms, and what killed runs left."""
    from contextlib import suppress

    from etown_check.files import UNFINISHED

    times = {entry.path: entry.stat(follow_symlinks=False).st_mtime for entry in os.scandir(folder)}
    forms = sorted((path for path in times if path.endswith(_ENDING)), key=times.__getitem__)
    yesterday = time.time() - 24 * 60 * 60
    left = (path for path in times if path.endswith(UNFINISHED) and times[path] < yesterday)
    for path in (*forms[:-_MOST_KEPT], *left):
        with suppress(OSError):  # another run tidies too
            os.remove(path)
