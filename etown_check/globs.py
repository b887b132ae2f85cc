"""Globs over paths: `*` within a name, `**` over any number of folders."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase


def matches(path: str, globs: Iterable[str]) -> bool:
    """Tell whether one of `globs` names the relative `path`, or a folder that it lies in."""
    parts = path.split("/")
    return any(_matches(parts, glob.replace("\\", "/").strip("/").split("/")) for glob in globs)


def _matches(parts: Sequence[str], glob: Sequence[str]) -> bool:
    if not glob:
        return True  # a folder's name stands for all that is in it
    if glob[0] in (".", ""):
        return _matches(parts, glob[1:])
    if glob[0] == "**":
        return any(_matches(parts[start:], glob[1:]) for start in range(len(parts)))
    return bool(parts) and fnmatchcase(parts[0], glob[0]) and _matches(parts[1:], glob[1:])
