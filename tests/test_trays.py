"""What workers find is laid in trays and taken from there; where there are none, all is the same."""

from __future__ import annotations

import errno
import os
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from etown_check import bulk, trays, validation
from etown_check.checking import Facts
from etown_check.output import StreamFailed
from etown_check.rendering import Done, Part
from etown_check.report import Totals
from etown_check.scratch import NoScratch
from etown_check.settings import Options
from tests.command import run, start
from tests.test_bulk import many, put, said

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs copies of a process")
__all__ = ["many"]

FACTS = Facts(Totals(1, {}, None), frozenset(), (), (), ())
FOUND = [
    Done(Part(pieces, b"p", b"w"), FACTS, number)
    for number, pieces in enumerate(
        [
            ((b"a" * 5000, b"", b"b"), (b"cd",)),
            ((), (b"",)),
            ((b"e" * 70_000, b"f"),),
            ((b"g",),),
        ]
    )
]


@pytest.fixture
def tray() -> Iterator[int]:
    with trays.trays(1) as (handle,):
        yield handle


def test_what_was_laid_down_is_taken_up(tray: int) -> None:
    for found in (FOUND, FOUND[2:], []):  # a tray is used again, whatever lay there
        laid = list(trays.laid_down(found, tray))
        assert [one.part for one in laid] == [Part((), b"p", b"w")] * len(found)
        assert list(trays.taken_up(laid, tray)) == found


def test_no_more_is_made_than_was_laid_down(tray: int) -> None:
    made = []

    def found() -> Iterator[Done]:
        for one in FOUND:
            made.append(one)
            yield one

    laid = trays.laid_down(found(), tray)
    for number in range(len(FOUND)):
        next(laid)
        assert len(made) == number + 1


@pytest.mark.parametrize("room", [0, 4000, 5003, 5004, 60_000, 75_000])
def test_what_there_is_no_room_for_stays_where_it_is(
    tray: int, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    def written(handle: int, content: bytes, at: int) -> int:
        if at >= room:
            raise OSError(errno.ENOSPC, "full")
        return pwrite(handle, content[: min(len(content), room - at, 1000)], at)

    pwrite = os.pwrite
    monkeypatch.setattr(os, "pwrite", written)
    laid = list(trays.laid_down(FOUND, tray))
    assert [one.lengths is None for one in laid] == [
        room < size for size in (5003, 5003, 75_004, 75_005)
    ]
    assert list(trays.taken_up(laid, tray)) == FOUND


def test_what_is_no_longer_there_is_told(tray: int, monkeypatch: pytest.MonkeyPatch) -> None:
    laid = list(trays.laid_down(FOUND, tray))
    os.ftruncate(tray, 100)
    with pytest.raises(NoScratch):
        list(trays.taken_up(laid, tray))
    with pytest.raises(StreamFailed):
        list(bulk._taken_up(laid, tray))

    def failed(*_: int) -> bytes:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "pread", failed)
    with pytest.raises(NoScratch):
        list(trays.taken_up(laid, tray))


def test_there_are_as_many_as_were_asked_for_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with trays.trays(3) as handles:
        assert len({os.fstat(handle).st_ino for handle in handles}) == 3
    for handle in handles:
        with pytest.raises(OSError):
            os.fstat(handle)
    left = 2

    def opened(**_: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.EMFILE, "too many")
        return temporary(**_)

    temporary = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", opened)
    with trays.trays(3) as handles:
        assert handles == []
    with trays.trays(0) as handles:
        assert handles == []


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few files be worth a process, and a tray."""
    monkeypatch.setattr(bulk, "WORTH_A_PROCESS", 1)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("format", ["json", "jsonl", "plain"])
def test_without_trays_all_is_the_same(
    many: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    alone = said(capfd, str(many), format=format, jobs=1)
    assert said(capfd, str(many), format=format, jobs=2) == alone

    def none(**_: Any) -> Any:
        raise FileNotFoundError

    monkeypatch.setattr(tempfile, "TemporaryFile", none)
    assert said(capfd, str(many), format=format, jobs=2) == alone


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("format", ["json", "plain"])
def test_where_a_process_cannot_be_copied_all_is_the_same(
    many: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    alone = said(capfd, str(many), format=format, jobs=1)
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    monkeypatch.setattr(trays, "laid_down", None)
    assert said(capfd, str(many), format=format, jobs=3) == alone


@pytest.mark.usefixtures("eager")
def test_a_tray_that_cannot_be_read_ends_the_run_and_leaves_no_file(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failed(*_: int) -> bytes:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "pread", failed)
    out = tmp_path / "out.json"
    with pytest.raises(StreamFailed):
        validation.validate(Options((str(many),), format="json", output=str(out), jobs=2))
    assert sorted(it.name for it in tmp_path.iterdir()) == [many.name]


# Through the command


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    """Return a folder of files that are worth two processes, some of them with mistakes."""
    folder = tmp_path / "数据"
    for number in range(2 * bulk.WORTH_A_PROCESS):
        text = {100: "标准: [\n", 230: "name: CI\n"}.get(number)
        put(folder, f"{number // 150}/{number:03}.yaml", text, town=number % 2)
    return folder


def test_no_file_is_left_behind(towns: Path, tmp_path: Path) -> None:
    here = tmp_path / "tmp"
    here.mkdir()
    out = tmp_path / "r.json"
    few = ("validate", towns, "--only", "23", "--format", "json")
    alone = run(*few, "--jobs", "1")
    for jobs in ("2", "7"):
        assert run(*few, "--jobs", jobs, TMPDIR=str(here)) == alone
        done = run(*few, "--jobs", jobs, "--output", out, "--force", TMPDIR=str(here))
        assert (done.code, out.read_text("utf-8")) == (alone.code, alone.out)
        assert list(here.iterdir()) == []
    assert run(*few, "--jobs", "2", TMPDIR=str(tmp_path / "none")) == alone


@pytest.mark.parametrize("largest", [1_000, 30_000])
def test_a_full_disk_changes_nothing_of_what_goes_elsewhere(towns: Path, largest: int) -> None:
    few = ("validate", towns, "--only", "23", "--format", "json")
    alone = run(*few, "--jobs", "1")
    process = start(*few, "--jobs", "2", largest_file=largest)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out.decode(), err.decode()) == (alone.code, alone.out, alone.err)


def test_a_reader_that_goes_away_changes_nothing_else(towns: Path, tmp_path: Path) -> None:
    few = ("validate", towns, "--format", "jsonl")
    alone = run(*few, "--jobs", "1")
    process = start(*few, "--jobs", "2", TMPDIR=str(tmp_path))
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    err = process.stderr.read().decode()  # which the workers have open, too
    assert (process.wait(timeout=60), err) == (alone.code, alone.err)
    process.stderr.close()
    assert process.stdin is not None
    process.stdin.close()
    assert [it.name for it in tmp_path.iterdir()] == [towns.name]


def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(
    towns: Path, tmp_path: Path
) -> None:
    few = ("validate", towns, "--format", "jsonl")
    alone = run(*few, "--jobs", "1")
    process = start(*few, "--jobs", "2", TMPDIR=str(tmp_path))
    assert process.stdout is not None
    first = os.read(process.stdout.fileno(), 1)  # the pipe is full, and all are at work
    children = f"/proc/{process.pid}/task/{process.pid}/children"
    if not os.path.exists(children):
        process.kill()
        pytest.skip("nobody says here which processes are whose")
    workers = Path(children).read_text().split()
    assert len(workers) == 2
    os.kill(int(workers[0]), signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert ((first + out).decode(), err.decode()) == (alone.out, alone.err)
    assert process.returncode == alone.code
    assert [it.name for it in tmp_path.iterdir()] == [towns.name]


def test_no_worker_outlives_the_command(towns: Path, tmp_path: Path) -> None:
    few = ("validate", towns, "--format", "jsonl", "--jobs", "2")
    process = start(*few, TMPDIR=str(tmp_path))
    assert process.stdout is not None
    process.stdout.read(1)  # the pipe is full, and all are at work
    process.kill()
    process.communicate(timeout=60)  # ends when nobody has the pipe open any more
    assert [it.name for it in tmp_path.iterdir()] == [towns.name]
