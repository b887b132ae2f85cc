"""What git knows of a data repository: what changed since a revision, and what stood there then.

Nothing here writes to the repository. What a revision holds is laid out in a temporary folder:
data files, ledgers and configurations with their content, and every other file empty, for of
evidence only its being there counts.
"""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import IO

from etown_check.endings import DATA_ENDINGS, is_workbook
from etown_check.limits import (
    MAX_BYTES,
    MAX_LEDGER_BYTES,
    MAX_LEDGER_WORKBOOK_BYTES,
    MAX_WORKBOOK_BYTES,
)
from etown_check.text import visible
from etown_check.usage import UsageError
from etown_check.words import Text

_LEDGER = ".csv"
_READ = (*DATA_ENDINGS, _LEDGER, ".toml")


def repository(folder: str) -> str:
    """Return the top folder of the repository that `folder` lies in. Raises `UsageError`."""
    try:
        return _line(_git(folder, "rev-parse", "--show-toplevel"))
    except subprocess.CalledProcessError:
        shown = visible(folder)
        raise UsageError(
            Text(f"“{shown}”不在 git 仓库中。", f"“{shown}” is not in a git repository.")
        ) from None


def commit(top: str, revision: str) -> str:
    """Return the hash of the commit that `revision` names. Raises `UsageError`."""
    try:
        return _line(
            _git(
                top, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"
            )
        )
    except (subprocess.CalledProcessError, ValueError):
        shown = visible(revision)
        raise UsageError(
            Text(
                f"git 仓库中没有版本“{shown}”。浅克隆的，请先取回全部历史。",
                f"The repository has no revision “{shown}”. Of a shallow clone, fetch the history first.",
            )
        ) from None


def changed_since(top: str, revision: str) -> list[str]:
    """Return the absolute paths that changed since the work tree parted from `revision`.

    New files that git does not track yet are among them, and files that are gone.
    """
    base = commit(top, revision)
    # Where there is no common history, everything that differs has changed.
    with contextlib.suppress(subprocess.CalledProcessError):
        base = _line(_git(top, "merge-base", base, "HEAD"))
    diff = _git(top, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", base, "--")
    new = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    return [os.path.join(top, _native(name)) for name in _names(diff + new)]


def lay_out(top: str, revision: str, folder: str) -> None:
    """Lay out in `folder` what `revision` holds. Raises `UsageError`."""
    blobs = [
        (name, blob)
        for name, blob in _blobs(_git(top, "ls-tree", "-r", "-z", commit(top, revision)))
        if _is_harmless(name)
    ]
    wanted: dict[str, int] = {}
    paths: dict[str, list[str]] = {}
    for name, blob in blobs:
        path = os.path.join(folder, _native(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb"):
            pass
        if name.lower().endswith(_READ):
            wanted[blob] = max(_limit_of(name), wanted.get(blob, 0))
            paths.setdefault(blob, []).append(path)
    for blob, content in _contents(top, wanted):
        for path in paths[blob]:
            with open(path, "wb") as file:
                file.write(content)


def _limit_of(name: str) -> int:
    """Return the size beyond which nothing reads a file; a workbook may be a ledger."""
    if name.lower().endswith(_LEDGER):
        return MAX_LEDGER_BYTES
    return max(MAX_WORKBOOK_BYTES, MAX_LEDGER_WORKBOOK_BYTES) if is_workbook(name) else MAX_BYTES


def _blobs(listing: bytes) -> Iterator[tuple[str, str]]:
    """Yield the regular files of a tree and the names of their contents."""
    for entry in _names(listing):
        facts, _, name = entry.partition("\t")
        mode, _, blob = facts.split(" ")
        if mode.startswith("100"):  # neither a link nor another repository
            yield name, blob


def _is_harmless(name: str) -> bool:
    """Tell whether a path of a tree stays in the folder that it is laid out in."""
    path = PurePosixPath(name)
    parts = path.parts
    bad = (os.sep, os.altsep, ":") if os.name == "nt" else ()
    return not path.is_absolute() and not any(
        part == ".." or any(sign and sign in part for sign in bad) for part in parts
    )


def _contents(top: str, blobs: dict[str, int]) -> Iterator[tuple[str, bytes]]:
    """Yield the contents of `blobs`; of one larger than its limit, a byte more than that."""
    with tempfile.TemporaryFile() as answer:  # ledgers may be large
        wanted = "".join(f"{blob}\n" for blob in blobs).encode()
        _git(top, "cat-file", "--batch", stdin=wanted, stdout=answer)
        answer.seek(0)
        for blob, limit in blobs.items():
            size = int(answer.readline().split(b" ")[2])
            end = answer.tell() + size + 1
            yield blob, answer.read(min(size, limit + 1))
            answer.seek(end)


def _names(listing: bytes) -> list[str]:
    return [os.fsdecode(name) for name in listing.split(b"\0") if name]


def _native(name: str) -> str:
    return name.replace("/", os.sep)


def _line(output: bytes) -> str:
    return os.fsdecode(output).removesuffix("\n")


def _git(folder: str, *args: str, stdin: bytes = b"", stdout: IO[bytes] | None = None) -> bytes:
    """Run git in `folder`; return what it prints, unless that goes to `stdout`.

    Raises `UsageError` where there is none.
    """
    # What a hook is told of the repository holds for the hook's own folder, not for ours.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command: Sequence[str] = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
    try:
        done = subprocess.run(  # noqa: S603 - our own words, and revisions behind --end-of-options
            [*command, *args],
            cwd=folder,
            env={**env, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            input=stdin,
            stdout=stdout or subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=True,
        )
    except FileNotFoundError:
        raise UsageError(
            Text("没有找到 git 命令，请先安装 git。", "The command git was not found; install git.")
        ) from None
    return done.stdout or b""
