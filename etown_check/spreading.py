"""Spreading work over processes, by any executor, so that its results come in order.

Work is given out a chunk at a time, and no more of it than can be held.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from etown_check.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    Chunk = TypeVar("Chunk")
    Result = TypeVar("Result")
    from concurrent.futures import Future


class Workers(Record):
    """So many workers, and the function that has work done by them.

    `lost` are the exceptions by which it is told that a worker is no more. Those that
    `are_copies` of this process are made when they get the first work, and have open what it has.
    """

    submit: Callable[..., Future[Any]]
    number: int
    lost: tuple[type[BaseException], ...] = ()
    are_copies: bool = False


def spread(
    workers: Workers,
    work: Callable[..., Result],
    told: Any,
    chunks: Iterable[Chunk],
    ahead: int,
    here: Callable[[Chunk], Result] | None = None,
) -> Iterator[Result]:
    """Yield `work(told, chunk)` of each chunk, in order, wherever it is done.

    At most `ahead` chunks are under way or waiting to be taken: what was yielded before is not
    touched until more is asked for. Where one fails, or nobody asks for more, the rest is called
    off. What is lost with a worker is done here, by `here` where that is another way.
    """
    waiting: deque[tuple[Future[Result] | None, Chunk]] = deque()

    def begun(chunk: Chunk) -> Future[Result] | None:
        try:
            return workers.submit(work, told, chunk)
        except workers.lost:
            return None

    def next_result() -> Result:
        future, chunk = waiting.popleft()
        try:
            if future is not None:
                return future.result()
        except workers.lost:
            pass
        return work(told, chunk) if here is None else here(chunk)

    try:
        for chunk in chunks:
            waiting.append((begun(chunk), chunk))
            if len(waiting) == ahead:
                yield next_result()
        while waiting:
            yield next_result()
    finally:
        for future, _ in waiting:
            if future is not None:
                future.cancel()


@contextmanager
def processes(number: int) -> Iterator[Workers]:
    """Return so many processes of this program as workers."""
    import multiprocessing
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

    # A copy of this process has all that is loaded here. Where the system cannot make one
    # safely, each begins anew.
    is_safe = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    context = multiprocessing.get_context("fork" if is_safe else "spawn")
    with ProcessPoolExecutor(number, context, initializer=_begin) as pool:
        yield Workers(pool.submit, number, (BrokenExecutor,), are_copies=is_safe)


def _begin() -> None:
    """Let Ctrl-C end the process that began the work, which then ends this one.

    What that one does itself when it is ended is nothing for its copies to do. Where it is killed
    it can end nobody: then this one has to see to that.
    """
    import signal
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
