"""Some files as they are to be reported: a piece for each format, and what is told beside.

Pieces are bytes, so that they can be made in any process.
"""

from __future__ import annotations

from collections.abc import Sequence

from etown_check.checking import Facts, Task
from etown_check.problems import Problem
from etown_check.records import Record
from etown_check.report import Run, Style
from etown_check.reporters import Format, streaming
from etown_check.reporters.streams import Piece, encoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from etown_check.result_cache import Entry


class Rendering(Record):
    """How some files are to be reported: in formats, each in a style, and what is told beside.

    Mistakes of the inputs are told in the language `lang`, in `color` for a terminal.
    """

    formats: tuple[Format, ...]
    styles: tuple[Style, ...]
    lang: str
    color: bool


class Part(Record):
    """Some files as they are reported: a piece for each format, and what is told beside."""

    pieces: tuple[Piece, ...]
    problems: bytes
    warnings: bytes

    @property
    def contents(self) -> list[bytes]:
        """All that there is of it, in one list."""
        return [*(it for piece in self.pieces for it in piece), self.problems, self.warnings]


def rendered(run: Run, rendering: Rendering) -> Part:
    """Return a run over some files as it is reported."""
    pieces = tuple(
        streaming(format).piece(run, style)
        for format, style in zip(rendering.formats, rendering.styles, strict=True)
    )
    problems, warnings = (
        encoded(problem_text(told, rendering.lang, color=rendering.color))
        for told in (run.problems, run.warnings)
    )
    return Part(pieces, problems, warnings)


def problem_text(problems: Sequence[Problem], lang: str, *, color: bool) -> str:
    """Return what is told of mistakes beside a report, each on its lines."""
    if not problems:
        return ""
    from etown_check.reporters.texts import problem_lines  # most files have none

    return "".join(
        f"{line}\n" for problem in problems for line in problem_lines(problem, lang, color=color)
    )


class Told(Record):
    """What whoever does the work is told of all the files: plain data.

    `cache` is a folder, and `stamp` tells the code by which results are kept there.
    """

    task: Task
    rendering: Rendering
    cache: str | None = None
    stamp: str = ""


class Done(Record):
    """What was found of so many candidates, and where in the cache that is to be kept.

    Where the pieces of `part` lie elsewhere, `lengths` are those of their contents.
    """

    part: Part
    facts: Facts
    number: int
    entry: Entry | None = None
    lengths: tuple[tuple[int, ...], ...] | None = None
