"""Checking by a cluster of other processes, as `--scheduler` does: nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from etown_check import bulk, cluster, evaluate_many
from etown_check.usage import UsageError
from tests.command import COMMAND, environment, run
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

PATHS = [str(EXAMPLES / f"{name}.yaml") for name in ("huairen", "shanyin", "yingxian", "youyu")]
HEAD = "标准: shuozhou-2022\n县: 怀仁市\n乡村e镇: 怀仁市陶瓷e镇\n数据截止日期: 2023-12-31\n"

pytestmark = pytest.mark.skipif(
    util.find_spec("distributed") is None, reason="needs the extra dask"
)


class Cluster:
    """A scheduler and two workers, each a process of its own, as an administrator starts them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def start(self) -> None:
        """Start the scheduler, then the workers, and wait until all have found each other."""
        self.processes.append(self._start("scheduler", "--port", "0", "--no-dashboard"))
        until(self._has_address)
        self.processes += [self._worker(), self._worker()]
        until(lambda: has_workers(self))

    def _has_address(self) -> bool:
        """Read where the scheduler is from its file, which is there before it is written."""
        try:
            self.address = json.loads(self.file.read_text("utf-8"))["address"]
        except (FileNotFoundError, ValueError):
            return False
        return True

    def _start(self, what: str, *args: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *args]
        command += ["--scheduler-file", str(self.file), "--host", "127.0.0.1"]
        folder = self.folder / what
        folder.mkdir(exist_ok=True)
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # In another folder than the command: what is relative there would be so here.
        return subprocess.Popen(command, cwd=folder, env=environment(folder), **quiet)

    def _worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", "--no-nanny", "--nthreads", "2", "--no-dashboard")

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


def until(is_so: Any) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def has_workers(one: Cluster) -> bool:
    try:
        with cluster.cluster(one.address) as workers:
            return workers.number == 4
    except UsageError:
        return False


@pytest.fixture
def two_workers(tmp_path: Path) -> Iterator[Cluster]:
    one = Cluster(tmp_path)
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    folder = tmp_path / "数据"
    folder.mkdir()
    for number in range(400):
        text = f"{HEAD}指标:\n  物流配送中心建筑面积: {300 + number}平方米\n"
        (folder / f"{number:03}.yaml").write_text(text, "utf-8")
    return folder


def test_a_cluster_changes_nothing(two_workers: Cluster, tmp_path: Path) -> None:
    from dask.distributed import Client

    here = run("validate", *PATHS, "--format", "jsonl", cwd=EXAMPLES)
    names = [os.path.relpath(path, EXAMPLES) for path in PATHS]  # relative, to another folder
    there = run(
        *("validate", *names, "--format", "jsonl", "--scheduler", two_workers.address),
        cwd=EXAMPLES,
    )
    assert there == here
    with Client(two_workers.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        executor = client.get_executor(pure=False)
        assert list(evaluate_many(PATHS, executor=executor, chunk=1)) == list(evaluate_many(PATHS))
    # Standard input is here, and nowhere else.
    text = Path(PATHS[0]).read_bytes()
    asked = ("validate", "-", "--format", "json", "--no-config")
    assert run(*asked, "--scheduler", two_workers.address, stdin=text, cwd=tmp_path) == run(
        *asked, stdin=text, cwd=tmp_path
    )


def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(
    two_workers: Cluster, towns: Path
) -> None:
    few = ("validate", str(towns), "--only", "23.1", "--format", "jsonl")
    here = run(*few)
    command = [COMMAND, *few, "--scheduler", two_workers.address]
    with subprocess.Popen(
        command, bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        first = process.stdout.read(1)  # the work is under way, and much of it is to come
        os.kill(two_workers.processes[1].pid, signal.SIGKILL)
        out, err = process.communicate(timeout=60)
    assert ((first + out).decode(), process.returncode) == (here.out, here.code)
    assert "Traceback" not in err.decode()


def test_what_is_no_cluster_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("tcp://127.0.0.1:9", "nonsense", "x://\x1b[31m:1", "tcp://127.0.0.1:x"):
        done = run("validate", PATHS[0], "--scheduler", address)
        assert (done.code, "调度器" in done.err, "\x1b" in done.err) == (2, True, False)
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"etown-check\[dask\]"), cluster.cluster("tcp://a:1"):
        pass


def test_workers_must_be_there_and_have_this_version(
    two_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "__version__", "0.0")
    with pytest.raises(UsageError, match="same version"), cluster.cluster(two_workers.address):
        pass
    for worker in two_workers.processes[1:]:
        worker.kill()
        worker.wait()

    def is_empty() -> bool:
        try:
            with cluster.cluster(two_workers.address):
                return False
        except UsageError as error:
            return "has no workers" in error.text.en

    until(is_empty)


def test_several_threads_have_one_checker(towns: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    paths = [str(path) for path in sorted(towns.iterdir())[:60]]
    with ThreadPoolExecutor(4) as executor:
        found = list(evaluate_many(paths, executor=executor, chunk=2))
    assert found == list(evaluate_many(paths))
    assert bulk.WORTH_A_PROCESS > 60
