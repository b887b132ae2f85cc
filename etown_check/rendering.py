"""Reports that are written while their files are still being checked, here or in other processes.

Each format makes a piece of some files at a time. Pieces are bytes, so that they can be made
anywhere; they are put together here, in the order of the files.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from etown_check.checking import Checker, Facts, Task
from etown_check.gathering import Candidate
from etown_check.problems import Problem
from etown_check.report import Run, Style
from etown_check.reporters import Format, streaming
from etown_check.reporters.streams import Piece, encoded
from etown_check.reporters.texts import problem_lines
from etown_check.running import Course, Job
from etown_check.spreading import Workers, processes, processors, spread
from etown_check.yamltree import STDIN

WORTH_A_PROCESS = 200
"""Files that take longer to check than another process takes to start."""

MOST_PROCESSES = 16
"""More would wait for the one that puts the pieces together."""


class Rendering(NamedTuple):
    """How some files are to be reported: in formats, each in a style, and what is told beside.

    Mistakes of the inputs are told in the language `lang`, in `color` for a terminal.
    """

    formats: tuple[Format, ...]
    styles: tuple[Style, ...]
    lang: str
    color: bool


class Part(NamedTuple):
    """Some files as they are reported: a piece for each format, and what is told beside."""

    pieces: tuple[Piece, ...]
    problems: bytes
    warnings: bytes


def parts(job: Job, course: Course, rendering: Rendering) -> Iterator[Part]:
    """Yield what is to be reported, in order; `course` follows. Raises `ConfigurationError`.

    Raises `UsageError` for workers that were asked for and are not there.
    """
    number = processes_for(job.total, job.options.jobs)
    if STDIN in job.listing.paths:  # which no other process can read
        number = 1
    elif job.options.scheduler is not None:
        from etown_check.cluster import cluster  # imports Dask

        with cluster(job.options.scheduler) as workers:
            yield from _spread(job, course, rendering, workers)
        return
    if number == 1:
        yield from (rendered(run, rendering) for run in job.runs(course))
        return
    with processes(number) as workers:
        yield from _spread(job, course, rendering, workers)


def rendered(run: Run, rendering: Rendering) -> Part:
    """Return a run over some files as it is reported."""
    pieces = tuple(
        streaming(format).piece(run, style)
        for format, style in zip(rendering.formats, rendering.styles, strict=True)
    )
    return Part(pieces, _lines(run.problems, rendering), _lines(run.warnings, rendering))


def _lines(problems: Iterable[Problem], rendering: Rendering) -> bytes:
    lines = (
        f"{line}\n"
        for problem in problems
        for line in problem_lines(problem, rendering.lang, color=rendering.color)
    )
    return encoded("".join(lines))


def processes_for(files: int, asked: int | None) -> int:
    """Return how many processes are to check `files`: no more than were asked for, nor than help."""
    most = min(processors(), MOST_PROCESSES) if asked is None else asked
    return max(1, min(most, files // WORTH_A_PROCESS))


def _spread(job: Job, course: Course, rendering: Rendering, workers: Workers) -> Iterator[Part]:
    """Let others check the files."""
    told = _Told(job.checker.task, rendering)
    chunks: deque[list[Candidate]] = deque()

    def given_out() -> Iterator[list[Candidate]]:
        for chunk in job.chunks():
            chunks.append(chunk)
            yield chunk

    for part, facts in spread(workers, work, told, given_out(), 2 * workers.number + 1):
        chunk = chunks.popleft()
        if facts is None:
            runs = course.end_of(chunk[0].path)
        else:
            yield part
            runs = course.follow(facts, len(chunk))
        yield from (rendered(run, rendering) for run in runs)
    yield from (rendered(run, rendering) for run in course.end())


class _Told(NamedTuple):
    """What a process is told of all the files that it is to check: plain data."""

    task: Task
    rendering: Rendering


def work(told: _Told, chunk: Sequence[Candidate]) -> tuple[Part, Facts | None]:
    """Check some files, in whatever process this is. The end of a folder has no facts."""
    if chunk[0].is_end:
        return Part((), b"", b""), None
    checker = _checker(told.task)
    with checker.lock:  # a worker may have several threads
        batch = checker.check_some(chunk)
        return rendered(batch.run, told.rendering), batch.facts


_checker = lru_cache(maxsize=1)(Checker)
"""The checker of this process: what a run needs is loaded once."""
