"""Paths of evidence files: which may be looked at, and nothing of the others told.

A data file may come from a stranger. What it names is looked for only inside its own folder, or
inside a folder that whoever runs the check has named; of any other path nothing is said, not
even whether it exists. No evidence file is ever opened.
"""

import os
import re
from collections.abc import Iterable

from etown_check.patterns import pattern

_DRIVE_OR_STREAM = ":"  # C:, http:, and the streams of NTFS; no file name on Windows has one
# Names that Windows gives to devices, whatever their ending.
_DEVICE = pattern(r"CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³]", re.IGNORECASE)


def stays_inside(folder: str, roots: Iterable[str], file: str) -> bool:
    """Tell whether `file`, relative to `folder`, is a path inside one of `roots`.

    Links are followed: one that leads out is out. A path that climbs (`..`) may only do so
    within a root that was named on purpose, which all of `roots` but the first are.
    """
    own, *others = roots
    named = with_slashes(file)
    parts = named.split("/")
    if not parts[0] or "\0" in file or _DRIVE_OR_STREAM in file:
        return False
    if any(_DEVICE.fullmatch(part.partition(".")[0].strip()) for part in parts):
        return False
    real = os.path.realpath(os.path.join(folder, named))
    allowed = others if ".." in parts else [own, *others]
    return any(_is_inside(real, os.path.realpath(root)) for root in allowed)


def _is_inside(path: str, root: str) -> bool:
    return path.startswith(root.rstrip(os.sep) + os.sep)


def with_slashes(file: str) -> str:
    """Return a path as every system understands it: a data file may come from any."""
    return file.replace("\\", "/")
