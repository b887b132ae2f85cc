"""Many files: who checks them, how many at a time, and in which order their parts come."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache

from etown_check.checking import Checker
from etown_check.gathering import Candidate
from etown_check.rendering import Done, Part, Rendering, Told, rendered
from etown_check.running import Course, Job
from etown_check.spreading import Workers, processes, processors, spread
from etown_check.yamltree import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from etown_check.cached_checks import CachedChecks
    from etown_check.result_cache import ResultCache

WORTH_A_PROCESS = 200
"""Files that take longer to check than another process takes to start."""

MOST_PROCESSES = 16
"""More would wait for the one that puts the pieces together."""


def parts(job: Job, course: Course, rendering: Rendering) -> Iterator[Part]:
    """Yield what is to be reported, in order; `course` follows. Raises `ConfigurationError`.

    Raises `UsageError` for workers that were asked for and are not there.
    """
    cache = job.options.cache
    if cache is None or job.options.changed or job.options.changed_since is not None:
        # What changed is checked, and that alone: nothing of it is known.
        yield from _parts(job, course, rendering, None)
        return
    from etown_check.result_cache import ResultCache  # imports SQLite

    results = ResultCache(cache, may_write=True)
    yield from _parts(job, course, rendering, results)
    results.close()


def _parts(
    job: Job, course: Course, rendering: Rendering, results: ResultCache | None
) -> Iterator[Part]:
    told = Told(job.checker.task, rendering)
    if results is not None:
        told = told._replace(cache=os.path.dirname(results.path), stamp=results.stamp)
    number = processes_for(job.total, job.options.jobs)
    for chunk, found in _done(job, told, number):
        if chunk[0].is_end:
            yield from (rendered(run, rendering) for run in course.end_of(chunk[0].path))
        for one in found:
            yield one.part
            yield from (rendered(run, rendering) for run in course.follow(one.facts, one.number))
            if one.entry is not None and results is not None:
                results.put(one.entry)
    yield from (rendered(run, rendering) for run in course.end())


def _done(job: Job, told: Told, number: int) -> Iterator[tuple[list[Candidate], list[Done]]]:
    """Yield the candidates, some at a time, and what was found of them, by whoever did the work."""
    is_here = STDIN in job.listing.paths  # which no other process can read
    if job.options.scheduler is not None and not is_here:
        from etown_check.cluster import cluster  # imports Dask

        with cluster(job.options.scheduler) as workers:
            yield from _spread(job, told, workers)
    elif number > 1 and not is_here:
        with processes(number) as workers:
            yield from _spread(job, told, workers)
    else:
        worker = _Worker(told, job.checker)
        yield from ((chunk, worker.do(chunk)) for chunk in job.chunks())
        worker.close()


def processes_for(files: int, asked: int | None) -> int:
    """Return how many processes are to check `files`: no more than were asked for, nor than help."""
    most = min(processors(), MOST_PROCESSES) if asked is None else asked
    return max(1, min(most, files // WORTH_A_PROCESS))


def _spread(job: Job, told: Told, workers: Workers) -> Iterator[tuple[list[Candidate], list[Done]]]:
    """Let others check the files."""
    chunks: deque[list[Candidate]] = deque()

    def given_out() -> Iterator[list[Candidate]]:
        for chunk in job.chunks():
            chunks.append(chunk)
            yield chunk

    for found in spread(workers, work, told, given_out(), workers.number + 2):
        yield chunks.popleft(), found


def work(told: Told, chunk: Sequence[Candidate]) -> list[Done]:
    """Check some files, in whatever process this is."""
    worker = _worker(told)
    with worker.checker.lock:  # a process may have several threads
        return worker.do(chunk)


class _Worker:
    """Checks some files after the others, by what is loaded once."""

    def __init__(self, told: Told, checker: Checker | None = None) -> None:
        self.rendering = told.rendering
        self.checker = checker or Checker(told.task)
        self.cached: CachedChecks | None = None
        if told.cache is not None:
            from etown_check import cached_checks

            self.cached = cached_checks.CachedChecks(told, self.checker)

    def do(self, chunk: Sequence[Candidate]) -> list[Done]:
        """Check some files. The end of a folder is none."""
        if chunk[0].is_end:
            return []
        if self.cached is None:
            batch = self.checker.check_some(chunk)
            return [Done(rendered(batch.run, self.rendering), batch.facts, len(chunk))]
        return [self.cached.check(candidate) for candidate in chunk]

    def close(self) -> None:
        """Let go of what was opened."""
        if self.cached is not None:
            self.cached.results.close()


_worker = lru_cache(maxsize=1)(_Worker)
"""Who does the work in this process."""
