"""Where standards are found, and where their compiled form is kept.

A standard's source is a folder of YAML (or one file). Compiling it needs pydantic and takes a
few tenths of a second, so the compiled form is kept in the user's cache folder. Its name holds
the digest of the source and of the code that compiled it; its first line holds the digest of
the rest. A form that is stale is therefore never found, and one that is broken is rebuilt.
"""

import contextlib
import json
import os
import sys
from hashlib import sha256
from typing import Any

from etown_check import __version__
from etown_check.problems import InputError, Problem, StandardError, closest
from etown_check.standard import MAIN_FILE, Standard, from_plain
from etown_check.yamltree import read_bytes

_MOST_KEPT = 20
"""More compiled forms than these are not kept: each change of a standard makes a new one."""

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
# What the compiled form depends on beside its source.
_COMPILERS = (
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
    digest = source_digest(path)
    kept = _kept_form(path, digest)
    standard = _read_kept(kept)
    if standard is None:
        plain = compile_fresh(path, digest)
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
    try:
        if not os.path.isdir(path):
            return sha256(read_bytes(path)).hexdigest()
        digest = sha256()
        for name in sorted(os.listdir(path)):
            if name.endswith(".yaml"):
                content = read_bytes(os.path.join(path, name))
                digest.update(f"{name}\0{len(content)}\0".encode())
                digest.update(content)
        return digest.hexdigest()
    except InputError as error:
        raise StandardError(error.problems) from None


def cache_folder() -> str:
    """Return the folder of compiled standards, by the platform's convention."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "etown-check")


def _kept_form(path: str, digest: str) -> str:
    """Return where the compiled form of this source by this code is kept."""
    stamp = sha256(f"{__version__}\0{digest}".encode())
    for name in _COMPILERS:
        # In a checkout the code changes without its version; times and sizes tell that cheaply.
        status = os.stat(os.path.join(_PACKAGE, name))
        stamp.update(f"\0{status.st_mtime_ns}\0{status.st_size}".encode())
    name = os.path.basename(os.path.abspath(path))
    return os.path.join(cache_folder(), f"{name}-{stamp.hexdigest()[:32]}.json")


def _read_kept(kept: str) -> Standard | None:
    """Return the standard kept at `kept`, `None` where there is none or it is broken."""
    try:
        with open(kept, "rb") as file:
            digest, _, payload = file.read().partition(b"\n")
    except OSError:
        return None
    if sha256(payload).hexdigest().encode() != digest:
        return None
    try:
        return from_plain(json.loads(payload))
    except (ValueError, LookupError, TypeError):
        return None  # whole, but not of this code's making


def _keep(kept: str, plain: dict[str, Any]) -> None:
    """Keep a compiled form, whole or not at all; a folder that cannot be written costs only time."""
    payload = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    beside = f"{kept}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(kept), mode=0o700, exist_ok=True)
        with open(beside, "wb") as file:
            file.write(sha256(payload).hexdigest().encode() + b"\n" + payload)
        os.replace(beside, kept)
        _tidy(os.path.dirname(kept))
    except OSError:
        with contextlib.suppress(OSError):
            os.remove(beside)


def _tidy(folder: str) -> None:
    """Remove the oldest compiled forms: those of sources and code that are no more."""
    forms = [entry for entry in os.scandir(folder) if entry.name.endswith(".json")]
    for entry in sorted(forms, key=lambda entry: entry.stat().st_mtime_ns)[:-_MOST_KEPT]:
        os.remove(entry.path)
