"""What lies around a data file: the files that it names, which are looked for and not trusted.

Whatever reading a data file asks of the file system is asked here, and kept with the answer. Where
all questions have the same answers again, the file says the same again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from etown_check.evidence import stays_inside, with_slashes
from etown_check.month_files import months_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Question = tuple[Any, ...]
    """What is asked, and of what: plain data, as the answers are."""


class Surroundings:
    """The surroundings of a data file in `folder`, of which those inside `roots` are seen.

    `asked` is all that was asked, one after the other, with the answers; the same may be asked again.
    `place` is what questions depend on.
    """

    def __init__(self, folder: str, roots: Sequence[str]) -> None:
        self.folder = folder
        self.roots = roots
        self.answers: dict[Question, Any] = {}
        self.asked: list[tuple[Question, Any]] = []
        self.place = (folder, *roots)

    def is_inside(self, file: str) -> bool:
        """Tell whether what the data file names as `file` may be looked at."""
        return bool(self.ask("inside", self.folder, tuple(self.roots), file))

    def has_file(self, file: str) -> bool:
        """Tell whether there is a `file` of this name."""
        return bool(self.ask("file", self.path(file)))

    def months(self, folder: str, endings: Sequence[str] | None = None) -> tuple[str, ...] | None:
        """Return the months that files of `folder` are named after, `None` where it is not there."""
        found = self.ask("months", folder, endings and tuple(endings))
        return None if found is None else tuple(found)

    def path(self, file: str) -> str:
        """Return where `file` is."""
        return os.path.join(self.folder, with_slashes(file))

    def has_read(self, path: str, sha256: str) -> None:
        """Note what the file at `path` was when it was read."""
        self.answers["sha256", path] = sha256

    def ask(self, *question: Any) -> Any:
        """Ask something, once, and return the answer."""
        if question not in self.answers:
            self.answers[question] = answer(question)
        said = self.answers[question]
        self.asked.append((question, said))
        return said


def answer(question: Question) -> Any:
    """Return what the file system says to `question` now."""
    kind, *about = question
    try:
        return _ANSWERS[kind](*about)
    except OSError:
        return None


def _digest(path: str) -> str:
    import hashlib  # OpenSSL's is quicker with what is large

    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_ANSWERS: dict[str, Callable[..., Any]] = {
    "inside": stays_inside,
    "file": os.path.isfile,
    "months": lambda folder, endings: list(months_in(folder, endings)),
    "sha256": _digest,
}
