"""Many files: who checks them, how many at a time, and in which order their parts come."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import cycle

from etown_check.checking import Checker
from etown_check.gathering import Candidate
from etown_check.output import StreamFailed
from etown_check.records import Record
from etown_check.rendering import Done, Part, Rendering, Told, rendered
from etown_check.running import Course, Job
from etown_check.scratch import NoScratch
from etown_check.yamltree import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from etown_check.cached_checks import CachedChecks
    from etown_check.result_cache import ResultCache
    from etown_check.spreading import Workers

WORTH_A_PROCESS = 200
"""Files that take longer to check than another process takes to start."""

AT_ONCE = 4
"""Files whose reports are held at once. They are copied more than once on their way, and what a
process has taken for that it does not give back."""

TRAY = 72
"""Files that a worker checks one after the other where it has a tray for what it finds.

Files that lie next to each other say much that is the same, which whoever has read it remembers.
"""

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
                results.put(one.entry._replace(content=one.part.contents))
    yield from (rendered(run, rendering) for run in course.end())


def _done(job: Job, told: Told, number: int) -> Iterator[tuple[list[Candidate], Iterable[Done]]]:
    """Yield the candidates, some at a time, and what was found of them, by whoever did the work."""
    is_here = STDIN in job.listing.paths  # which no other process can read
    if job.options.scheduler is not None and not is_here:
        from etown_check.cluster import cluster  # imports Dask

        with cluster(job.options.scheduler) as workers:
            yield from _spread(job, told, workers)
    elif number > 1 and not is_here:
        from etown_check.spreading import processes  # none of which one process needs
        from etown_check.trays import trays

        with processes(number) as workers, trays(_trays_for(workers)) as handles:
            yield from _spread(job, told, workers, handles)
    else:
        worker = _Worker(told, job.checker)
        yield from ((chunk, worker.do(chunk)) for chunk in job.chunks())
        worker.close()


def processes_for(files: int, asked: int | None) -> int:
    """Return how many processes are to check `files`: no more than were asked for, nor than help."""
    most = min(processors(), MOST_PROCESSES) if asked is None else asked
    return max(1, min(most, files // WORTH_A_PROCESS))


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _spread(
    job: Job, told: Told, workers: Workers, trays: Sequence[int] = ()
) -> Iterator[tuple[list[Candidate], Iterable[Done]]]:
    """Let others check the files, and lay what they find in `trays`, if there are any."""
    from etown_check.spreading import spread

    given: deque[Errand] = deque()

    def given_out() -> Iterator[Errand]:
        in_turn = cycle(trays or (None,))
        chunks = job.chunks(TRAY, workers.number) if trays else job.chunks()
        for errand in map(Errand, chunks, in_turn):
            given.append(errand)
            yield errand

    def here(errand: Errand) -> list[Done]:
        # A worker may be at the tray yet.
        return work(told, errand._replace(tray=None))

    for found in spread(workers, work, told, given_out(), _ahead(workers), here):
        chunk, tray = given.popleft()
        yield chunk, found if tray is None else _taken_up(found, tray)


def _taken_up(found: Iterable[Done], tray: int) -> Iterator[Done]:
    from etown_check.trays import taken_up

    try:
        yield from taken_up(found, tray)
    except NoScratch as error:
        raise StreamFailed from error


def _ahead(workers: Workers) -> int:
    """Return how many chunks may be under way: some wait for whoever is ready for more."""
    return workers.number + 2


def _trays_for(workers: Workers) -> int:
    """Return how many trays are needed: one for each chunk, if workers can have them open."""
    return _ahead(workers) if workers.are_copies else 0


def work(told: Told, errand: Errand) -> list[Done]:
    """Check some files, in whatever process this is."""
    worker = _worker(told)
    with worker.checker.lock:  # a process may have several threads
        found = worker.do(errand.chunk)
        if errand.tray is None:
            return list(found)
        from etown_check.trays import laid_down

        return list(laid_down(found, errand.tray))


class Errand(Record):
    """Some candidates to be checked, and the tray for what is found of them, if there is one."""

    chunk: list[Candidate]
    tray: int | None = None


class _Worker:
    """Checks some files after the others, by what is loaded once."""

    def __init__(self, told: Told, checker: Checker | None = None) -> None:
        self.rendering = told.rendering
        self.checker = checker or Checker(told.task)
        self.cached: CachedChecks | None = None
        if told.cache is not None:
            from etown_check import cached_checks

            self.cached = cached_checks.CachedChecks(told, self.checker)

    def do(self, chunk: Sequence[Candidate]) -> Iterator[Done]:
        """Check some files, few at a time. The end of a folder is none."""
        if chunk[0].is_end:
            return
        if self.cached is not None:
            yield from map(self.cached.check, chunk)
            return
        for at in range(0, len(chunk), AT_ONCE):
            few = chunk[at : at + AT_ONCE]
            batch = self.checker.check_some(few)
            yield Done(rendered(batch.run, self.rendering), batch.facts, len(few))

    def close(self) -> None:
        """Let go of what was opened."""
        if self.cached is not None:
            self.cached.results.close()


_worker = lru_cache(maxsize=1)(_Worker)
"""Who does the work in this process."""
