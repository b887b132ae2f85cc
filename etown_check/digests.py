"""Digests of what is small, by Python's own code: to load OpenSSL takes longer than to read a file."""

from __future__ import annotations

import os
from collections.abc import Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import sha256
    from importlib.util import source_hash
else:
    try:
        from _imp import source_hash as _keyed
        from functools import partial

        source_hash = partial(_keyed, 0)
    except ImportError:
        from importlib.util import source_hash
    try:
        from _sha2 import sha256  # from Python 3.12 on
    except ImportError:
        try:
            from _sha256 import sha256
        except ImportError:
            from hashlib import sha256

__all__ = ["fingerprint", "of_code", "sha256"]


def fingerprint(content: bytes) -> str:
    """Return 16 hexadecimal digits that no other content has, unless somebody means it to.

    Python tells by the same that its compiled code is that of a source; it takes a tenth of what
    SHA-256 takes.
    """
    return source_hash(content).hex()


def of_code(text: str, paths: Iterable[str]) -> str:
    """Return what tells `text` and the files at `paths`, in their order, from any others.

    In a checkout code changes without its version; times and sizes tell that cheaply.
    """
    digest = sha256(text.encode())
    for path in paths:
        status = os.stat(path)
        name = os.path.basename(path)
        digest.update(f"\0{name}\0{status.st_mtime_ns}\0{status.st_size}".encode())
    return digest.hexdigest()
