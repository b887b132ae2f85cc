"""Spreading work over processes, by any executor, so that its results come in order.

Work is given out a chunk at a time, and no more of it than can be held.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


def spread(
    submit: "Callable[..., Future[Result]]",
    work: Callable[..., Result],
    told: Any,
    chunks: Iterable[Chunk],
    ahead: int,
    broken: type[Exception] | tuple[()] = (),
) -> Iterator[Result]:
    """Yield `work(told, chunk)` of each chunk, in order, done wherever `submit` has it done.

    At most `ahead` chunks are under way or waiting to be taken. Where one fails, or nobody asks
    for more, the rest is called off. Where one raises `broken`, nobody is there to do it: the work
    is done here, and so is all that is left.
    """
    waiting: deque[tuple[Future[Result] | None, Chunk]] = deque()

    def begun(chunk: Chunk) -> "Future[Result] | None":
        try:
            return submit(work, told, chunk)
        except broken:
            return None

    def next_result() -> Result:
        future, chunk = waiting.popleft()
        try:
            return work(told, chunk) if future is None else future.result()
        except broken:
            return work(told, chunk)

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


def processes(number: int) -> "Executor":
    """Return an executor of so many processes of this program."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # A copy of this process has all that is loaded here. It is to be had where no other threads
    # are about and the system can make one safely; elsewhere each begins anew.
    is_safe = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    context = multiprocessing.get_context("fork" if is_safe else "spawn")
    return ProcessPoolExecutor(number, context, initializer=_leave_stopping_to_others)


def _leave_stopping_to_others() -> None:
    """Let Ctrl-C end the process that began the work, which then ends this one."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
