"""Many files at once say what each says alone, wherever they are checked."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import shutil
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from etown_check import InputError, evaluate_many
from etown_check.many import AHEAD
from etown_check.problems import ConfigurationError
from etown_check.usage import UsageError
from tests.command import run
from tests.conftest import EXAMPLES, ROOT, document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from etown_check.standard import Standard

NAMES = ("huairen", "shanyin", "yingxian", "youyu")
PATHS = [str(EXAMPLES / f"{name}.yaml") for name in NAMES]


@pytest.fixture
def broken(tmp_path: Path, standard: Standard) -> str:
    path = tmp_path / "坏.yaml"
    path.write_text(document(standard, {"total_investment": "3.2"}), "utf-8")
    return str(path)


@pytest.fixture
def paths(broken: str) -> list[str]:
    """Return data files of every kind: read, mistaken, absent, a workbook."""
    return [*PATHS, broken, "没有.yaml", str(EXAMPLES / "shanyin.xlsx"), PATHS[0]]


def alone(path: str, *args: str) -> Any:
    return json.loads(run("validate", path, "--format", "json", *args).out)


def test_each_file_is_reported_as_the_command_reports_it_alone(paths: list[str]) -> None:
    found = list(evaluate_many(paths))
    assert found == [alone(path) for path in paths]
    assert [len(it["reports"]) for it in found] == [1, 1, 1, 1, 0, 0, 1, 1]
    assert [bool(it["errors"]) for it in found] == [False] * 4 + [True] * 2 + [False] * 2
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
    for it in found:
        jsonschema.validate(it, schema)


def test_what_is_asked_for_holds_for_all(tmp_path: Path) -> None:
    reference = tmp_path / "参考.yaml"
    reference.write_text("全市总产值增长率: {2022: 1%, 2023: 1%}\n", "utf-8")
    asked = {"parts": ["all"], "require": "evidenced", "lang": "en", "reference": str(reference)}
    words = ("--part", "all", "--require", "evidenced", "--lang", "en", "--reference")
    found = list(evaluate_many(PATHS, standard="shuozhou-2022", **asked))  # type: ignore[arg-type]
    assert found == [alone(path, *words, str(reference)) for path in PATHS]
    assert found[0]["reports"][0]["required_assurance"] == "evidenced"


EXECUTORS: dict[str, Callable[[], Executor]] = {
    "threads": lambda: ThreadPoolExecutor(2),
    "processes": lambda: ProcessPoolExecutor(2, multiprocessing.get_context("spawn")),
}


@pytest.mark.parametrize("kind", EXECUTORS)
def test_an_executor_changes_nothing(kind: str, paths: list[str]) -> None:
    expected = list(evaluate_many(paths * 5))
    with EXECUTORS[kind]() as executor:
        for chunk in (1, 3, 100):
            assert list(evaluate_many(paths * 5, executor=executor, chunk=chunk)) == expected


def test_texts_are_what_files_hold(standard: Standard) -> None:
    path = Path(PATHS[2])
    content = path.read_bytes()
    first, second, third = evaluate_many(
        [path, (str(path), content), (str(path), content.decode())]
    )
    assert first == second == third
    (named,) = evaluate_many([("<b>\x1b[31m", document(standard, {}))])
    assert named["reports"][0]["path"] == "<b>\x1b[31m"


def test_files_are_taken_as_they_are_needed() -> None:
    taken: list[str] = []

    def endless() -> Iterator[str]:
        for path in itertools.cycle(PATHS):
            taken.append(path)
            yield path

    reports = evaluate_many(endless(), chunk=2)
    assert taken == []
    assert [it["reports"][0]["county"] for it in itertools.islice(reports, 3)] == [
        *("怀仁市", "山阴县", "应县")
    ]
    assert len(taken) == 4


class _Late(Executor):
    """Does the work when it is asked for, and remembers what was called off."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []
        self.is_broken = False

    def submit(self, work: Any, /, *args: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        result = future.result

        def now(timeout: float | None = None) -> Any:
            if self.is_broken:
                future.set_exception(RuntimeError("killed"))
            else:
                future.set_result(work(*args))
            return result(timeout)

        future.result = now  # type: ignore[method-assign]
        self.futures.append(future)
        return future


def test_no_more_is_under_way_than_can_be_held() -> None:
    executor = _Late()
    reports = evaluate_many(itertools.repeat(PATHS[3]), executor=executor, chunk=1)
    assert executor.futures == []
    next(reports)
    assert len(executor.futures) == AHEAD
    next(reports)
    assert len(executor.futures) == AHEAD + 1
    reports.close()  # type: ignore[attr-defined]
    assert [it.cancelled() for it in executor.futures] == [False] * 2 + [True] * (AHEAD - 1)


def test_a_worker_that_was_killed_is_told() -> None:
    executor = _Late()
    reports = evaluate_many(PATHS * 2, executor=executor, chunk=2)
    assert next(reports)["reports"][0]["county"] == "怀仁市"
    executor.is_broken = True
    next(reports)  # came with the first
    with pytest.raises(RuntimeError, match="killed"):
        next(reports)
    assert [it.cancelled() for it in executor.futures] == [False, False, True, True]


def test_a_standard_that_changed_is_read_anew(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(ROOT / "standards" / "shuozhou-2022", folder)
    with ThreadPoolExecutor(1) as executor:

        def level() -> str:
            (one,) = evaluate_many([PATHS[0]], standard=str(folder), executor=executor)
            found: str = one["reports"][0]["items"][0]["level"]
            return found

        assert level() == "binding"
        annex = folder / "annex.yaml"
        annex.write_text(annex.read_text("utf-8").replace("binding", "expected", 1), "utf-8")
        assert level() == "expected"


def test_what_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one file, not 0"):
        evaluate_many(PATHS, chunk=0)
    with pytest.raises(UsageError, match="sworn"):
        evaluate_many(PATHS, require="sworn")
    with pytest.raises(UsageError, match="nnex"):
        next(evaluate_many(PATHS, parts=["nnex"]))
    for name in ("suzhou", ""):
        with pytest.raises(ConfigurationError):
            next(evaluate_many(PATHS, standard=name))
        done = run("validate", PATHS[0], "--standard", name)
        assert (done.code, "E611" in done.err) == (2, True)
    (tmp_path / "standard.yaml").write_text("id: [", "utf-8")
    with pytest.raises(ConfigurationError):
        next(evaluate_many(PATHS, standard=str(tmp_path)))
    with pytest.raises(InputError):
        next(evaluate_many(PATHS, reference=str(tmp_path / "none.yaml")))


# In lines


def test_a_line_is_the_report_of_one_file(broken: str) -> None:
    paths = [*PATHS, broken, "没有.yaml", PATHS[0]]
    done = run("validate", *paths, "--format", "jsonl")
    assert done.code == 3
    assert [json.loads(line) for line in done.out.splitlines()] == [
        alone(path) for path in dict.fromkeys(paths)
    ]


def test_what_is_of_no_file_stands_in_a_last_line(tmp_path: Path) -> None:
    reference = tmp_path / "参考.yaml"
    reference.write_text("全市总产值增长率: 多\n", "utf-8")
    done = run("validate", PATHS[0], "--format", "jsonl", "--reference", str(reference))
    first, last = map(json.loads, done.out.splitlines())
    assert (first["reports"], first["errors"]) == ([], [])
    assert [it["path"] for it in last["errors"]] == [str(reference)]
    (tmp_path / "空").mkdir()
    nothing = json.loads(run("validate", str(tmp_path / "空"), "--format", "jsonl").out)
    assert [it["code"] for it in nothing["errors"]] == ["E108"]
