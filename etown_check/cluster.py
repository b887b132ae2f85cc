"""The workers of a Dask cluster, which check files as other processes of this machine do.

They must have this version of the tool, and find the files under the same paths. Nothing here is
imported unless a scheduler is named: it needs the extra `dask`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from etown_check import __version__
from etown_check.spreading import Workers
from etown_check.text import visible
from etown_check.usage import UsageError
from etown_check.words import Text

_PATIENCE = 10
"""Seconds that a scheduler is given to answer."""


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """Return the workers of the cluster whose scheduler is at `address`, such as `tcp://host:8786`.

    A worker that is lost has its work done by the others, or in the end by whoever asked for it.
    Raises `UsageError` where there is no such scheduler, or it has no workers that can do this.
    """
    if find_spec("distributed") is None:
        raise UsageError(
            Text(
                "--scheduler 需要另装：pip install 'etown-check[dask]'",
                "--scheduler needs more to be installed: pip install 'etown-check[dask]'",
            )
        )
    from concurrent.futures import CancelledError

    from dask import config

    distributed: Any = import_module("dask.distributed")  # which says nothing of types
    # What Dask says of its own accord is for those who run the cluster, and not for ours.
    with config.set({"logging": {"distributed": "critical"}}):
        shown = visible(address)
        _check_address(shown, address)
        client = distributed.Client(address, timeout=f"{_PATIENCE}s", set_as_default=False)
        with client:
            threads = sum(client.nthreads().values())
            _check_workers(shown, client)
            lost = (CancelledError, distributed.KilledWorker)
            yield Workers(client.get_executor(pure=False).submit, threads, lost)


def _check_address(shown: str, address: str) -> None:
    """Raise `UsageError` where nobody answers: Dask itself would go on asking, and complain."""
    import socket
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
        socket.create_connection((parts.hostname, parts.port or 0), _PATIENCE).close()
    except (OSError, ValueError):
        raise UsageError(
            Text(
                f"连不上调度器“{shown}”。地址要写成 tcp://主机:8786 的样子。",
                f"The scheduler “{shown}” cannot be reached. An address is such as tcp://host:8786.",
            )
        ) from None


def _check_workers(shown: str, client: Any) -> None:
    """Raise `UsageError` where there are no workers, or none with this version of the tool."""
    if not client.nthreads():
        raise UsageError(
            Text(
                f"调度器“{shown}”没有工作进程。",
                f"The scheduler “{shown}” has no workers.",
            )
        )
    try:
        versions = set(client.run(version).values())
    except ImportError:
        versions = {""}
    if versions != {__version__}:
        raise UsageError(
            Text(
                f"集群的工作进程要装同一版本的 etown-check（{__version__}）。",
                f"The cluster's workers must have the same version of etown-check ({__version__}).",
            )
        )


def version() -> str:
    """Return the version of the tool, wherever this runs."""
    return __version__
