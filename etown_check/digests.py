"""SHA-256 of what is small, by Python's own code: to load OpenSSL takes longer than to read a file."""

import os
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any


def _constructor() -> Any:
    for module in ("_sha2", "_sha256"):  # the first from Python 3.12 on
        try:
            return import_module(module).sha256
        except ImportError:
            continue
    return import_module("hashlib").sha256


if TYPE_CHECKING:
    from hashlib import sha256 as sha256  # noqa: PLC0414 - for others to import
else:
    sha256 = _constructor()


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
