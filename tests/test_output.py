"""Writing whole or not at all, and to whatever stands at the other end."""

from __future__ import annotations

import gc
import io
import itertools
import json
import os
import signal
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from etown_check import __main__, output, running, validation
from etown_check.cli import run
from etown_check.files import WholeFile, write_file
from etown_check.output import (
    OutputExists,
    OutputFailed,
    StreamFailed,
    can_encode,
    encodable,
    is_terminal,
    terminal_width,
    write_stream,
)
from etown_check.settings import Options
from tests.command import COMMAND, Ran, end, environment, interrupting, start
from tests.command import run as command
from tests.conftest import EXAMPLES, ROOT, alone

if TYPE_CHECKING:
    from pathlib import Path

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and signals of POSIX")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_written(tmp_path: Path) -> None:
    write_file(str(tmp_path / "a.txt"), "甲\n乙\n")
    assert (tmp_path / "a.txt").read_bytes() == "甲\n乙\n".encode()
    assert files(tmp_path) == ["a.txt"]


def test_an_existing_file_is_left_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before", "utf-8")
    with pytest.raises(OutputExists):
        write_file(str(path), "after")
    assert path.read_text("utf-8") == "before"
    write_file(str(path), "after", force=True)
    assert path.read_text("utf-8") == "after"
    assert files(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("exists", [False, True])
def test_a_file_system_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exists: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "a.txt"
    if exists:
        path.write_text("before", "utf-8")
        with pytest.raises(OutputExists):
            write_file(str(path), "after")
    else:
        write_file(str(path), "after")
    assert path.read_text("utf-8") == ("before" if exists else "after")
    assert files(tmp_path) == ["a.txt"]


def test_a_failure_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before", "utf-8")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputFailed):
        write_file(str(path), "after", force=True)
    assert path.read_text("utf-8") == "before"
    assert files(tmp_path) == ["a.txt"]
    with pytest.raises(OutputFailed):
        write_file(str(tmp_path / "no" / "a.txt"), "after")


def test_a_folder_or_a_device_never_gives_way(tmp_path: Path) -> None:
    for path in (str(tmp_path), os.devnull):
        with pytest.raises(OutputFailed):
            write_file(path, "after", force=True)
    assert files(tmp_path) == []
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444])
def test_a_replaced_file_keeps_its_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before", "utf-8")
    path.chmod(mode)
    opened: list[int] = []

    def watch(path: str, flags: int, mode: int, *, real: Any = os.open) -> int:
        opened.append(mode)
        handle: int = real(path, flags, mode)
        return handle

    monkeypatch.setattr(os, "open", watch)
    write_file(str(path), "after", force=True)
    assert path.read_text("utf-8") == "after"
    assert path.stat().st_mode & 0o777 == mode
    assert opened == [0o600]  # nobody else could read it in the meantime


@POSIX
@pytest.mark.parametrize("force", [False, True])
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path, force: bool) -> None:
    before = os.umask(0o027)
    try:
        write_file(str(tmp_path / "a.txt"), "x", force=force)
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


@POSIX
def test_without_permissions_a_file_is_still_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    path = tmp_path / "a.txt"
    path.write_text("before", "utf-8")
    monkeypatch.setattr(os, "fchmod", refuse)
    write_file(str(path), "after", force=True)
    monkeypatch.delattr(os, "fchmod")
    write_file(str(path), "after all", force=True)
    assert path.read_text("utf-8") == "after all"


@POSIX
def test_a_link_is_replaced_and_what_it_leads_to_is_not(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("mine", "utf-8")
    target.chmod(0o600)
    link.symlink_to(target)
    with pytest.raises(OutputExists):
        write_file(str(link), "report")
    assert link.is_symlink()
    write_file(str(link), "report", force=True)
    assert not link.is_symlink()
    assert link.read_text("utf-8") == "report"
    assert link.stat().st_mode & 0o777 == 0o600
    assert target.read_text("utf-8") == "mine"


@POSIX
def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputExists):
        write_file(str(link), "report")
    write_file(str(link), "report", force=True)
    assert files(tmp_path) == ["link"]


@POSIX
def test_a_planted_link_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even who can tell the name of the file to be written gets nothing overwritten."""
    target = tmp_path / "target"
    target.write_text("mine", "utf-8")
    monkeypatch.setattr(os, "urandom", bytes)
    planted = tmp_path / f".{bytes(8).hex()}.part"
    planted.symlink_to(target)
    with pytest.raises(OutputExists):
        write_file(str(tmp_path / "a.txt"), "after", force=True)
    assert target.read_text("utf-8") == "mine"


@POSIX
def test_a_file_that_cannot_be_begun_leaves_signals_as_they_were(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    file = WholeFile(str(tmp_path / "no" / "such" / "report.txt"))
    with pytest.raises(OutputFailed):
        file.__enter__()
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    name = "报" * 83 + ".json"
    write_file(str(tmp_path / name), "x")
    write_file(str(tmp_path / name), "y", force=True)
    assert files(tmp_path) == [name]


def test_text_that_is_no_text_is_shown_by_its_code(tmp_path: Path) -> None:
    write_file(str(tmp_path / "a.txt"), "a\udcff")
    assert (tmp_path / "a.txt").read_bytes() == b"a\\udcff"


def test_a_request_to_stop_is_heeded_only_while_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert before == signal.SIG_DFL
    write_file(str(tmp_path / "a.txt"), "x")
    assert signal.getsignal(signal.SIGTERM) == before
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    seen: list[object] = []

    def look(*_: object) -> None:
        seen.append(signal.getsignal(signal.SIGTERM))

    monkeypatch.setattr(os, "replace", look)
    try:
        write_file(str(tmp_path / "a.txt"), "x", force=True)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert seen == [signal.SIG_IGN]


# Through the real command

JSON = ("validate", EXAMPLES / "huairen.yaml", "--format", "json")


@POSIX
@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("place", ["no/such/report.json", "/proc/report.json", "file/report.json"])
def test_a_place_that_cannot_be_written(tmp_path: Path, place: str, force: bool) -> None:
    (tmp_path / "file").touch()
    ran = command(*JSON, "--output", place, *["--force"] * force, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "无法写入" in ran.err
    assert files(tmp_path) == ["file"]


def test_a_folder_in_the_place_of_the_output(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    plain = command(*JSON, "--output", "reports", cwd=tmp_path)
    assert (plain.code, "是文件夹" in plain.err, "--force" in plain.err) == (2, True, False)
    forced = command(*JSON, "--output", "reports", "--force", cwd=tmp_path)
    assert (forced.code, "无法写入" in forced.err) == (2, True)
    assert files(tmp_path) == ["reports"]
    assert files(tmp_path / "reports") == []


@POSIX
def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    full = end(start(*JSON, "--output", path, largest_file=4096))
    assert (full.code, full.out) == (2, "")
    assert "无法写入" in full.err
    assert files(tmp_path) == []
    path.write_text("before", "utf-8")
    full = end(start(*JSON, "--output", path, "--force", largest_file=4096))
    assert full.code == 2
    assert path.read_text("utf-8") == "before"
    assert files(tmp_path) == ["report.json"]


@POSIX
def test_one_of_many_runs_writes_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    ended = [end(it) for it in [start(*JSON, "--output", path) for _ in range(6)]]
    assert sorted(ran.code for ran in ended) == [0, 2, 2, 2, 2, 2]
    assert files(tmp_path) == ["report.json"]
    json.loads(path.read_text("utf-8"))
    ended = [end(it) for it in [start(*JSON, "--output", path, "--force") for _ in range(6)]]
    assert {ran.code for ran in ended} == {0}
    assert files(tmp_path) == ["report.json"]
    json.loads(path.read_text("utf-8"))


@POSIX
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"]
)
@pytest.mark.parametrize(
    ("call", "force"), [("write", False), ("write", True), ("link", False), ("replace", True)]
)
def test_a_signal_while_writing_leaves_what_was_there(
    tmp_path: Path, number: int, code: int, call: str, force: bool
) -> None:
    command(*JSON)  # so that there is no other file to write
    path = tmp_path / "out" / "report.json"
    path.parent.mkdir()
    if force:
        path.write_text("before", "utf-8")
    patch = interrupting(tmp_path, call, number)
    ran = command(*JSON, "--output", path, *["--force"] * force, PYTHONPATH=str(patch))
    assert (ran.code, ran.out) == (code, "")
    assert files(path.parent) == (["report.json"] if force else [])
    assert not force or path.read_text("utf-8") == "before"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a folder with more data files than can be checked in a moment."""
    folder = tmp_path / "data"
    folder.mkdir()
    first = folder / "0.yaml"
    first.write_text(alone("shanyin"), "utf-8")
    for number in range(1, 2000):
        os.link(first, folder / f"{number}.yaml")
    return folder


def busy(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process that reads standard input is at work on what comes after it."""
    assert process.stdin is not None
    # More than a pipe holds: this returns once somebody has begun to read.
    process.stdin.write(alone("huairen").encode() + b"#" * 200_000 + b"\n")
    process.stdin.close()
    process.stdin = None
    time.sleep(0.3)
    assert process.poll() is None


@POSIX
@pytest.mark.parametrize(
    ("number", "codes"), [(signal.SIGINT, (130,)), (signal.SIGTERM, (143, -signal.SIGTERM))]
)
@pytest.mark.parametrize("lane", [(), ("-q", "-qv")], ids=["short", "long"])
def test_a_signal_while_checking_many_files(
    tmp_path: Path, many: Path, number: int, codes: tuple[int, ...], lane: tuple[str, ...]
) -> None:
    process = start("validate", "-", many, *lane, "--output", "report.txt", cwd=tmp_path)
    busy(process)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode in codes
    assert out == b""
    assert err.decode().strip() == ("已中断。" if number == signal.SIGINT else "")
    assert files(tmp_path) == ["data"]


def test_ctrl_c_before_anything_has_begun() -> None:
    code = """
import sys
class Finder:
    def find_spec(self, name, *_):
        if name == "etown_check.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from etown_check.__main__ import main
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"")


def left(before: str, cache: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command after what stands `before` it, in a Python with these `options`."""
    program = f"""
import sys
{before}
sys.argv = ["etown-check", "validate", "--format", "json", {str(EXAMPLES / "huairen.yaml")!r}]
from etown_check.__main__ import main
code = main()
print("behind", code)
sys.exit(code)
"""
    return subprocess.run(
        [sys.executable, *options, "-c", program],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_process_is_left_as_soon_as_all_is_written(tmp_path: Path) -> None:
    left("", tmp_path)  # to compile the standard takes other packages, which -S leaves out
    done = left("", tmp_path, "-S")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["reports"]  # and nothing stands behind it


def test_what_is_to_be_done_at_the_end_is_done(tmp_path: Path) -> None:
    done = left("import atexit; atexit.register(print, 'the end')", tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == ["behind 0", "the end"]


def test_whoever_looks_for_faults_has_the_process_go_on(tmp_path: Path) -> None:
    left("", tmp_path)
    done = left("import os; os.environ['ETOWN_CHECK_DEBUG'] = '1'", tmp_path, "-S")
    assert done.stdout.splitlines()[-1] == "behind 0"


@pytest.mark.parametrize("streams", [(io.StringIO(), io.StringIO()), (None, None)])
def test_the_process_ends_with_its_code(
    monkeypatch: pytest.MonkeyPatch, streams: tuple[io.StringIO | None, ...]
) -> None:
    codes: list[int] = []
    monkeypatch.setattr(__main__, "_HEED_THE_END", ())
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(os, "_exit", codes.append)
    for name, stream in zip(("stdout", "stderr"), streams, strict=True):
        monkeypatch.setattr(sys, name, stream)
    __main__._leave(7)
    assert codes == [7]


def test_what_cannot_be_written_at_the_end_is_left_to_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = io.TextIOWrapper(io.BytesIO())
    closed.close()
    monkeypatch.setattr(__main__, "_HEED_THE_END", ())
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(os, "_exit", lambda _: pytest.fail("left"))
    monkeypatch.setattr(sys, "stdout", closed)
    __main__._leave(7)


@POSIX
@pytest.mark.parametrize("format", ["json", "plain", "terminal"])
@pytest.mark.parametrize("read", [0, 1])
def test_a_reader_that_goes_away_ends_quietly(many: Path, format: str, read: int) -> None:
    some = [many / f"{number}.yaml" for number in range(12)]
    process = start("validate", *some, "--format", format)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(read)
    process.stdout.close()  # far more is to come than a pipe holds
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 1
    process.stderr.close()
    assert process.stdin is not None
    process.stdin.close()


@POSIX
def test_ctrl_c_while_nobody_reads(many: Path) -> None:
    some = [many / f"{number}.yaml" for number in range(12)]
    process = start("validate", *some, "--format", "json")
    assert process.stdout is not None
    process.stdout.read(1)  # the pipe is full, and the command waits
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 130
    process.communicate()


@POSIX
def test_a_full_disk_behind_standard_output() -> None:
    with open("/dev/full", "wb") as full:
        for line in (JSON, ("explain", "33"), ("standards", "list"), ("schema",)):
            ran = ended_with([*line], stdout=full)
            assert (ran.code, "标准输出" in ran.err) == (2, True), line


@POSIX
def test_what_cannot_be_told_never_changes_the_code() -> None:
    """Standard error may be full or closed; what a run says there is for people only."""
    with open("/dev/full", "wb") as full:
        assert ended_with(["validate", "no-such.yaml"], stderr=full).code == 3
    for closing, code in (("2>&-", 3), (">&-", 3), (">&- 2>&-", 3)):
        line = f"exec '{COMMAND}' validate no-such.yaml {closing}"
        assert subprocess.run(["sh", "-c", line], check=False).returncode == code
    line = f"exec '{COMMAND}' validate examples/huairen.yaml >&-"
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def ended_with(line: list[str | Path], **streams: Any) -> Ran:
    """Run the command with other standard streams."""
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    done = subprocess.run(
        [COMMAND, *map(str, line)], env=environment(), cwd=ROOT, check=False, timeout=60, **given
    )
    return Ran(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode())


def test_a_dash_is_standard_output(tmp_path: Path) -> None:
    assert command(*JSON, "--output", "-", cwd=tmp_path) == command(*JSON, cwd=tmp_path)
    assert files(tmp_path) == []


def test_init_offers_no_option_that_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "怀仁市.yaml").touch()
    ran = command("init", "怀仁", cwd=tmp_path)
    assert ran.code == 2
    assert "--force" not in ran.err
    assert "--output" in ran.err


class Gone(io.TextIOWrapper):
    """A stream whose reader has gone away, which is told of once."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "utf-8")
        self.is_told = False

    def flush(self) -> None:
        if not self.is_told:  # Python flushes it again when it is no longer of use
            self.is_told = True
            raise BrokenPipeError


def test_a_reader_that_has_gone_is_no_error() -> None:
    write_stream(Gone(), "x")


def test_streams_without_bytes_or_with_odd_encodings() -> None:
    text = io.StringIO()
    write_stream(text, "甲 ≥ 1")
    assert text.getvalue() == "甲 ≥ 1"
    raw = io.BytesIO()
    odd = io.TextIOWrapper(raw, "ascii")
    write_stream(odd, "甲 ≥ 1", encoding="no-such-encoding")
    assert raw.getvalue() == b"\\u7532 >= 1"
    assert not can_encode("a", "no-such-encoding")
    assert encodable("“≥” – ②", "ascii") == '">=" - ②'


def test_what_is_no_terminal() -> None:
    assert not is_terminal(io.StringIO())
    closed = io.StringIO()
    closed.close()
    assert not is_terminal(closed)


@pytest.mark.parametrize(
    ("columns", "width"), [("80", 80), ("20", 60), ("500", 160), ("x", 100), ("", 100)]
)
def test_width(monkeypatch: pytest.MonkeyPatch, columns: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert terminal_width() == width


def test_progress_is_told_on_a_terminal_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(running, "tell", told.append)
    monkeypatch.setattr(running, "is_terminal", lambda _: True)
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    files = ["examples/huairen.yaml", "examples/shanyin.yaml", "examples/youyu.yaml"]
    running.check(Options(tuple(files)))
    assert told == []  # a short run needs none
    seconds = itertools.count(step=2)
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    running.check(Options(tuple(files)))
    assert told[0] == "\r正在校验 0/3"
    assert told[-1] == "\r\x1b[K"
    told.clear()
    monkeypatch.setattr(running, "is_terminal", lambda _: False)
    running.check(Options(tuple(files), lang="en"))
    assert told == []


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "已中断"),
        (OutputFailed("out.txt"), 2, "无法写入“out.txt”"),
        (OutputExists("out.txt"), 2, "已经存在"),
        (StreamFailed(), 2, "没有写完"),
        (RuntimeError("x"), 70, "RuntimeError"),
    ],
)
def test_every_way_to_end(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    words: str,
) -> None:
    def fail(_: Options) -> int:
        raise error

    monkeypatch.setattr(validation, "validate", fail)
    assert run(["validate", "x.yaml"]) == code
    assert words in capsys.readouterr().err


def test_an_internal_error_can_be_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Options) -> int:
        raise RuntimeError("x")

    monkeypatch.setattr(validation, "validate", fail)
    monkeypatch.setenv("ETOWN_CHECK_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run(["validate", "x.yaml"])


def test_stand_ins_are_for_characters_of_the_reports() -> None:
    assert all(len(character) == 1 for character in output._STAND_INS)
