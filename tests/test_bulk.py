"""Many files in one run: found in order, held no longer than needed, spread over processes."""

from __future__ import annotations

import itertools
import json
import os
import pickle
import signal
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from etown_check import bulk, gathering, output, rendering, spreading, validation
from etown_check.config import Configurations
from etown_check.gathering import Candidate, Listing
from etown_check.output import Spool, StreamFailed
from etown_check.problems import ConfigurationError, InputError, Position, Problem, StandardError
from etown_check.reporters import overview
from etown_check.running import prepare
from etown_check.settings import Options
from etown_check.spreading import Workers, spread
from etown_check.usage import UsageError
from etown_check.words import Text
from tests.command import run
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = ("huairen", "shanyin", "yingxian", "youyu")
HEAD = "标准: shuozhou-2022\n县: {county}\n乡村e镇: {town}\n数据截止日期: 2023-12-31\n"
TOWNS = (("怀仁市", "怀仁市陶瓷e镇"), ("右玉县", "右玉县西口e镇"))


def put(folder: Path, name: str, text: str | None = None, town: int = 0) -> str:
    """Write a data file that declares little, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    county, name_of_town = TOWNS[town]
    path.write_text(text or HEAD.format(county=county, town=name_of_town), "utf-8")
    return str(path)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a folder of data files of every kind, and of what is none."""
    folder = tmp_path / "数据"
    for number in range(30):
        more = f"指标:\n  物流配送中心建筑面积: {300 + 10 * number}平方米\n" if number % 3 else ""
        head = HEAD.format(county=TOWNS[number % 2][0], town=TOWNS[number % 2][1])
        put(folder, f"{number // 7}/{number:02}.yaml", head + more)
    put(
        folder,
        "1/错.yaml",
        HEAD.format(county="怀仁市", town="怀仁市陶瓷e镇") + "指标:\n  总投资规模: 3.2\n",
    )
    put(folder, "2/别的.yaml", "name: CI\n")
    put(folder, "3/坏.yaml", "标准: [\n")
    (folder / "空").mkdir()
    return folder


# What is found


def listed(*paths: str, **options: Any) -> list[Candidate]:
    listing = Listing(Options(paths, **options), Configurations())
    found = list(listing)
    assert list(listing) == found  # it may be gone through again
    return found


def test_files_are_found_in_the_order_of_their_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("a/b.yaml", "a-1.yaml", "a.yaml", "a/c/d.yml", "b.xlsx", "~$b.xlsx", ".git/x.yaml")
    for name in (*names, "a.txt", "~$f/g.yaml"):
        put(tmp_path, name)
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    monkeypatch.chdir(tmp_path)
    found = listed(".")
    assert [it.path for it in found] == [
        *sorted(
            ("a/b.yaml", "a-1.yaml", "a.yaml", "a/c/d.yml", "b.xlsx", "~$f/g.yaml", "loop.yaml")
        ),
        ".",
    ]
    assert [it.is_end for it in found] == [False] * 7 + [True]


def test_a_file_is_looked_at_once_and_may_be_named_and_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("d/a.yaml", "d/b.yaml"):
        put(tmp_path, name)
    found = listed("d", "d/b.yaml", "d", "d/b.yaml", "-")
    assert found == [
        Candidate("d/a.yaml"),
        Candidate("d/b.yaml", is_named=True),
        Candidate("d", is_end=True),
        Candidate("-", is_named=True),
    ]


@pytest.mark.parametrize(
    ("paths", "is_held"),
    [
        (("a", "ab"), False),
        (("a/c", "a/b", "ab/x.yaml"), False),
        (("a", "a/b/x.yaml"), True),
        (("a/b", "ab", "a"), True),
        (("ab", "."), True),
        (("./a", "a/b"), True),
        (("a/", "ab", "a"), True),
        (("a/b/x.yaml", "a"), True),
    ],
)
def test_what_was_found_is_held_only_where_it_could_be_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paths: tuple[str, ...], is_held: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a/b/x.yaml", "a/b/y.yaml", "a/c/x.yaml", "ab/x.yaml"):
        put(tmp_path, name)
    files = [it.path for it in listed(*paths) if not it.is_end]
    assert len(set(files)) == len(files)
    walk = iter(Listing(Options(paths), Configurations()))
    next(walk)
    assert (walk.gi_frame.f_locals["seen"] is not None) == is_held  # type: ignore[attr-defined]
    monkeypatch.setattr(gathering, "_overlap", lambda _: True)
    assert [it.path for it in listed(*paths) if not it.is_end] == files


def test_what_may_not_be_looked_into_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml")
    assert [it.path for it in listed(str(tmp_path / "gone" / ""), str(tmp_path))] == [
        str(tmp_path / "gone" / ""),
        str(tmp_path / "a.yaml"),
        str(tmp_path),
    ]


def test_a_file_that_is_named_and_found_is_reported_once(many: Path) -> None:
    done = run("validate", many / "0", many / "0" / "03.yaml", "--format", "json")
    paths = [one["path"] for one in done.json["reports"]]
    assert paths == [str(many / "0" / f"{number:02}.yaml") for number in range(7)]
    assert done.json["errors"] == []


def test_an_empty_folder_is_told_where_it_stands(many: Path) -> None:
    done = run("validate", many / "空", many / "0", "--format", "json")
    assert [it["code"] for it in done.json["errors"]] == ["E108"]
    assert (done.code, len(done.json["reports"])) == (3, 7)


def test_configurations_disagree_only_where_there_are_data_files(many: Path) -> None:
    (many / "0" / "etown-check.toml").write_text('lang = "en"\n', "utf-8")
    (many / "空" / "etown-check.toml").write_text('lang = "zh"\n', "utf-8")
    put(many, "空/别的.yaml", "name: CI\n")
    assert "Verdict" in run("validate", many / "0", many / "空", "--format", "plain").out
    put(many, "空/有.yaml")
    done = run("validate", many / "0", many / "空")
    assert (done.code, "E704" in done.err) == (2, True)


# In processes


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few files be worth a process."""
    monkeypatch.setattr(bulk, "WORTH_A_PROCESS", 1)


def said(capfd: pytest.CaptureFixture[str], *paths: str, **options: Any) -> tuple[int, str, str]:
    code = validation.validate(Options(paths, **options))
    return (code, *capfd.readouterr())


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("format", ["json", "jsonl", "plain", "terminal"])
def test_processes_change_nothing(
    many: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path, format: str
) -> None:
    waivers = tmp_path / "w.yaml"
    waivers.write_text(
        "豁免:\n- 项目: 23.1\n  乡村e镇: 怀仁市陶瓷e镇\n  理由: 够用\n  批准人: 王五\n"
        "  文号: 某商函〔2023〕18号\n  批准日期: 2023-08-01\n  到期日期: 2024-06-30\n",
        "utf-8",
    )
    options = {"format": format, "waivers": str(waivers), "today": "2024-01-01"}
    paths = (str(many), str(many / "空"), "没有.yaml")
    alone = said(capfd, *paths, **options, jobs=1)
    assert alone[0] == 3
    assert "E503" in "".join(alone[1:])
    assert said(capfd, *paths, **options, jobs=3) == alone


@pytest.mark.usefixtures("eager")
def test_reports_go_to_files_at_the_same_time(
    many: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files = {format: str(tmp_path / f"r.{format}") for format in ("json", "jsonl", "plain")}
    code, out, _ = said(capfd, str(many), format="plain", reports=tuple(files.items()), jobs=2)
    texts = {format: Path(file).read_text("utf-8") for format, file in files.items()}
    assert (code, texts["plain"]) == (3, out)
    for format in ("json", "jsonl"):
        assert texts[format] == said(capfd, str(many), format=format, jobs=1)[1]


@pytest.mark.usefixtures("eager")
def test_reference_data_that_cannot_be_used_are_told_once(
    many: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    reference = tmp_path / "参考.yaml"
    reference.write_text("全市总产值增长率: 多\n", "utf-8")
    told = [
        said(capfd, str(many), format="json", reference=str(reference), jobs=jobs)
        for jobs in (1, 2)
    ]
    assert told[0] == told[1]
    errors = json.loads(told[0][1])["errors"]
    assert [it["path"] for it in errors].count(str(reference)) == 1


@pytest.mark.usefixtures("eager")
def test_a_configuration_that_cannot_be_used_ends_a_run_in_any_process(
    many: Path, tmp_path: Path
) -> None:
    (many / "0" / "etown-check.toml").write_text('parts = ["annexe"]\n', "utf-8")
    out = str(tmp_path / "out.json")
    told = []
    for jobs in (1, 2):
        with pytest.raises(ConfigurationError) as caught:
            validation.validate(Options((str(many),), format="json", output=out, jobs=jobs))
        told.append((caught.value.problems, caught.value.warnings))
    assert told[0] == told[1]
    assert told[0][0][0].code == "E702"
    assert not os.path.exists(out)


@pytest.mark.parametrize("kind", [InputError, ConfigurationError, StandardError])
def test_errors_come_whole_from_other_processes(kind: type[InputError]) -> None:
    problem = Problem("a.yaml", Position(1, 2), "E501", {"key": "甲"}, ("乙",), 3, "甲: 1")
    error = kind([problem], [problem._replace(code="W102", args={"text": "x"})])
    found = pickle.loads(pickle.dumps(error))
    assert (type(found), found.problems, found.warnings) == (kind, error.problems, error.warnings)
    usage = pickle.loads(pickle.dumps(UsageError(Text("一", "one"))))
    assert usage.text == Text("一", "one")


@pytest.mark.usefixtures("eager")
def test_a_process_that_was_killed_loses_nothing(
    many: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = said(capfd, str(many), format="json", jobs=1)
    monkeypatch.setattr(bulk, "work", _dies_at_work)
    assert said(capfd, str(many), format="json", jobs=2) == alone


_HERE, _WORK, _TIMES = os.getpid(), bulk.work, itertools.count()


def _dies_at_work(*args: Any) -> Any:
    """Work as others do, for a while; in the process that began the work for good."""
    if os.getpid() != _HERE and next(_TIMES):
        os.kill(os.getpid(), signal.SIGKILL)
    return _WORK(*args)


def test_few_files_take_one_process(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_: int) -> Any:
        raise AssertionError

    monkeypatch.setattr(spreading, "processes", forbidden)
    assert validation.validate(Options((str(many),), format="plain", jobs=8, quiet=True)) == 3


def test_processes_are_as_many_as_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "processors", lambda: 4)
    worth = bulk.WORTH_A_PROCESS
    assert [
        bulk.processes_for(files, asked)
        for files, asked in (
            *((1, None), (worth, None), (2 * worth, None), (100 * worth, None)),
            *((100 * worth, 1), (100 * worth, 3), (2 * worth, 9), (0, 9)),
        )
    ] == [1, 1, 2, 4, 1, 3, 2, 1]


@pytest.mark.parametrize(
    ("value", "words"), [("0", "不小于 1"), ("二", "“二”"), ("-1", "“-1”"), ("1.5", "“1.5”")]
)
def test_a_number_of_processes_that_cannot_be_meant(value: str, words: str) -> None:
    done = run("validate", EXAMPLES / "huairen.yaml", f"--jobs={value}")
    assert (done.code, words in done.err, done.out) == (2, True, "")


def test_the_command_spreads(tmp_path: Path) -> None:
    for number in range(2 * bulk.WORTH_A_PROCESS):
        put(tmp_path, f"{number:03}.yaml", town=number % 2)
    few = ("--only", "23", "--format", "jsonl")
    alone = run("validate", tmp_path, *few, "--jobs", "1")
    assert (alone.code, alone.out.count("\n")) == (4, 2 * bulk.WORTH_A_PROCESS)
    assert run("validate", tmp_path, *few, "-j", "2") == alone


class _Broken:
    """Does some work, and then nobody is there any more."""

    def __init__(self, left: int) -> None:
        self.left = left

    def submit(self, work: Callable[..., int], /, *args: Any) -> Future[int]:
        if self.left < -1:
            raise BrokenExecutor
        self.left -= 1
        future: Future[int] = Future()
        if self.left < 0:
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(work(*args))
        return future


@pytest.mark.parametrize("left", range(7))
def test_what_nobody_else_does_is_done_here(left: int) -> None:
    done: list[int] = []

    def work(told: int, chunk: int) -> int:
        done.append(chunk)
        return told * chunk

    found = spread(Workers(_Broken(left).submit, 1, (BrokenExecutor,)), work, 10, range(6), 3)
    assert list(found) == [0, 10, 20, 30, 40, 50]
    assert sorted(done) == list(range(6))
    with pytest.raises(BrokenExecutor):
        list(spread(Workers(_Broken(1).submit, 1), work, 10, range(6), 3))
    done.clear()
    workers = Workers(_Broken(left).submit, 1, (BrokenExecutor,))
    found = spread(workers, work, 10, range(6), 3, lambda chunk: -chunk)
    assert list(found) == [chunk * (10 if chunk in done else -1) for chunk in range(6)]
    assert done == list(range(min(left, 6)))


@pytest.mark.parametrize(
    ("files", "workers", "sizes"),
    [
        (3, 2, [3]),
        (200, 1, [72, 72, 56]),
        (600, 2, [72] * 5 + [60, 45, 33, 25, 19, 16, 16, 16, 10]),
        (600, 9, [33, 31, 29, 28, 26, 25, 23, 22, 21, 20, 19, 17, 17, *[16] * 18, 1]),
    ],
)
def test_fewer_files_are_given_out_towards_the_end(
    tmp_path: Path, files: int, workers: int, sizes: list[int]
) -> None:
    for number in range(files):
        (tmp_path / f"{number:03}.yaml").touch()
    job = prepare(Options((str(tmp_path),)))
    *chunks, (end,) = job.chunks(72, workers)
    assert [len(chunk) for chunk in chunks] == sizes
    assert [it for chunk in chunks for it in chunk] + [end] == list(job.listing)


# What is held


def test_what_is_kept_is_put_away_when_there_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "MOST_HELD", 10)
    empty = Spool()
    assert (bool(empty), list(empty.parts()), list(empty.lines())) == (False, [], [])
    parts = [b"ab\n", b"", b"c" * 25, b"\nd", b"e\nf"]
    for number in range(len(parts) + 1):
        for read in (Spool.parts, Spool.lines):
            spool = Spool()
            for part in parts[:number]:
                spool.write(part)
            assert bool(spool) == (number > 0)
            found = list(read(spool))
            assert b"".join(found) == b"".join(parts[:number])
            if read is Spool.lines:
                assert all(it.endswith(b"\n") for it in found[:-1])


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __init__(self, buffering: int) -> None:
            assert buffering == 0

        def seek(self, _: int) -> None:
            pass

        def write(self, _: bytes) -> None:
            raise OSError

    import tempfile

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    spool = Spool()
    with pytest.raises(StreamFailed):
        spool.write(b"x" * (output.MOST_HELD + 1))


def test_a_long_report_is_written_before_the_end(
    many: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def watched(*args: Any) -> Iterator[rendering.Part]:
        for part in bulk.parts(*args):
            yield part
            seen.append(len(capfdbinary.readouterr().out))

    monkeypatch.setattr(validation, "parts", watched)
    monkeypatch.setattr(output, "MOST_HELD", 1)
    validation.validate(Options((str(many),), format="json", jobs=1))
    assert seen[0] > 0
    seen.clear()
    capfdbinary.readouterr()
    monkeypatch.setattr(output, "MOST_HELD", 10**9)
    validation.validate(Options((str(many),), format="json", jobs=1))
    assert set(seen) == {0}  # a short run that fails early has written nothing
    assert capfdbinary.readouterr().out


# On a terminal


def test_a_terminal_shows_an_overview_of_many(
    many: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(many)
    _, out, err = said(capfd, ".", format="terminal", only=("23.1", "26.1"))
    assert "合计  32 个文件：" in out
    assert "无法读取（1 处错误）" in out
    assert "0/01.yaml  右玉县西口e镇 · 数据截止 2023-12-31" in out
    assert "23.1 物流配送中心建筑面积  需人工核定  约束性  差 90平方米" in out  # 310 of 400
    assert "乡村e镇建设标准自检报告" not in out
    assert "E503" in err
    assert all(len(line) <= 100 for line in out.splitlines())
    # A few data files among many others are reported in full.
    for number in range(30):
        put(many, f"0/ci-{number}.yaml", "name: CI\n")
    _, out, _ = said(capfd, "0", format="terminal", only=("23.1",))
    assert out.count("乡村e镇建设标准自检报告") == 7


def test_an_overview_is_cut_with_the_number_of_what_is_left_out(
    many: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    options: dict[str, Any] = {"format": "terminal", "only": ("23.1", "33.1"), "lang": "en"}
    monkeypatch.chdir(many)
    whole = said(capfd, ".", **options)[1]
    checks = whole.count("binding") - whole.count("binding:")
    assert "…" not in whole
    monkeypatch.setattr(overview, "MOST_FILES", 5)
    monkeypatch.setattr(overview, "MOST_CHECKS", 7)
    cut = said(capfd, ".", **options)[1]
    assert "… 27 more files are not listed." in cut
    shown = cut.count("binding") - cut.count("binding:")
    assert f"… {checks - shown} more checks need action, in " in cut
    files = {line.split()[0] for line in whole.splitlines() if "data of 2023-12-31" in line}
    listed_ones = {line.split()[0] for line in cut.splitlines() if "data of 2023-12-31" in line}
    assert f"in {len(files - listed_ones)} more files." in cut


def test_a_quiet_overview_lists_what_needs_action(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for number in range(25):
        area = "520" if number else "100"
        text = f"{HEAD.format(county=TOWNS[0][0], town=TOWNS[0][1])}指标:\n  物流配送中心建筑面积: {area}平方米\n"
        put(tmp_path, f"{number:02}.yaml", text)
    options: dict[str, Any] = {"format": "terminal", "only": ("23.1",)}
    _, out, _ = said(capfd, str(tmp_path), **options, quiet=True)
    assert ("00.yaml" in out, "01.yaml" in out) == (True, False)
    assert "合计  25 个文件" in out
    put(tmp_path, "00.yaml", text)
    code, out, _ = said(capfd, str(tmp_path), **options, quiet=True)
    assert (code, "没有需要处理的事项。" in out, "00.yaml" in out) == (0, True, False)
