"""Results that are kept: found again where everything is the same, and nowhere else."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from etown_check import bulk, checking, result_cache, validation
from etown_check.result_cache import FILE_NAME, Entry, ResultCache
from etown_check.settings import Options
from tests.command import run
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

WAIVERS = (
    "豁免:\n- 项目: 23.1\n  乡村e镇: 怀仁市陶瓷e镇\n  理由: 够用\n  批准人: 王五\n"
    "  文号: 某商函〔2023〕18号\n  批准日期: 2023-08-01\n  到期日期: 2024-06-30\n"
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a data repository, in which this is, with all that a file names."""
    folder = tmp_path / "数据"
    folder.mkdir()
    for name in ("huairen.yaml", "shanyin.yaml", "shanyin.xlsx", "yingxian.yaml"):
        shutil.copy(EXAMPLES / name, folder)
    for name in ("佐证", "台账"):
        shutil.copytree(EXAMPLES / name, folder / name)
    shutil.copy(EXAMPLES / "youyu.yaml", folder / "2023-11.yaml")
    (folder / "坏.yaml").write_text("标准: [\n", "utf-8")
    (folder / "ci.yaml").write_text("name: CI\n", "utf-8")
    (folder / "waivers.yaml").write_text(WAIVERS, "utf-8")
    (folder / "etown-check.toml").write_text("", "utf-8")
    monkeypatch.chdir(folder)
    return folder


class Checked:
    """Runs the check with and without the cache, and counts the files that were judged."""

    def __init__(self, capfd: Any, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
        self.capfd = capfd
        self.cache = cache
        self.judged: list[str] = []
        judge = checking.Checker.judge

        def counted(checker: Any, source: Any) -> Any:
            self.judged.append(os.path.basename(source.path))
            return judge(checker, source)

        monkeypatch.setattr(checking.Checker, "judge", counted)

    def __call__(self, **asked: Any) -> list[str]:
        """Return the names of the files that had to be judged; the output must be the same."""
        options = Options((".",), **{"format": "json", "today": "2024-01-01", **asked})
        plain = validation.validate(options), self.capfd.readouterr()
        self.judged.clear()
        kept = validation.validate(options._replace(cache=str(self.cache)))
        assert (kept, self.capfd.readouterr()) == plain
        return sorted(self.judged)


@pytest.fixture
def checked(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: Path
) -> Checked:
    assert data.is_dir()
    return Checked(capfd, monkeypatch, tmp_path / "缓存")


ALL = ["2023-11.yaml", "huairen.yaml", "shanyin.xlsx", "shanyin.yaml", "yingxian.yaml"]


def test_what_stays_the_same_is_not_judged_again(checked: Checked) -> None:
    assert checked() == ALL
    assert checked() == []
    assert sorted(os.listdir(checked.cache)) == [FILE_NAME]


@pytest.mark.parametrize("format", ["json", "jsonl", "plain"])
def test_each_format_is_kept_for_itself(checked: Checked, format: str) -> None:
    assert checked(format="json" if format != "json" else "plain") == ALL
    assert checked(format=format) == ALL
    assert checked(format=format) == []
    assert checked(format=format, lang="en") == ALL


def touched(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text, "utf-8")


def appended(name: str, text: str) -> Callable[[Path], object]:
    def append(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return append


def evidence_gone(folder: Path) -> None:
    for path in (folder / "佐证").iterdir():
        path.unlink()


@pytest.mark.parametrize(
    ("change", "judged"),
    [
        (appended("huairen.yaml", "# x\n"), ["huairen.yaml"]),
        (appended("台账/怀仁.csv", "\n"), ["huairen.yaml"]),
        (touched("2023-10.yaml", "name: CI\n"), ["2023-11.yaml"]),
        (touched("waivers.yaml", WAIVERS.replace("够用", "不够用")), ALL),
        (touched("etown-check.toml", 'require = "evidenced"\n'), ALL),
        (touched("新.yaml", "name: CI\n"), []),
        (evidence_gone, ["huairen.yaml", "shanyin.xlsx", "shanyin.yaml", "yingxian.yaml"]),
    ],
)
def test_what_bears_on_a_file_has_it_judged_again(
    checked: Checked, data: Path, change: Callable[[Path], object], judged: list[str]
) -> None:
    assert checked() == ALL
    names = {path.name for path in (data / "台账").iterdir()}
    assert "怀仁.csv" in names
    change(data)
    assert set(checked()) <= set(judged)
    assert checked() == []


def test_what_is_asked_is_part_of_it(checked: Checked, tmp_path: Path) -> None:
    assert checked() == ALL
    for asked in (
        {"parts": ("annex",)},
        {"only": ("33",)},
        {"level": "binding"},
        {"require": "verified"},
        {"fail_on": "never"},
        {"today": "2024-07-01"},
        {"quiet": True},
    ):
        assert checked(**asked) == ALL, asked
        assert checked(**asked) == []
    reference = tmp_path / "参考.yaml"
    reference.write_text("全市总产值增长率: {2023: 5%}\n", "utf-8")
    assert checked(reference=str(reference)) == ALL
    reference.write_text("全市总产值增长率: {2023: 6%}\n", "utf-8")
    assert checked(reference=str(reference)) == ALL
    assert checked(reference=str(reference)) == []


def test_other_code_has_all_judged_again(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked() == ALL
    monkeypatch.setattr(result_cache, "__version__", "0.0")
    assert checked() == ALL
    assert checked() == []


def test_several_processes_share_it(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "WORTH_A_PROCESS", 1)
    assert checked(jobs=2) == []  # here, that is
    assert checked(jobs=1) == []


BROKEN: dict[str, Callable[[Path], object]] = {
    "no database": lambda path: path.write_bytes(b"x" * 5000),
    "empty": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:9000]),
    "other tables": lambda path: altered(path, "drop table results", "create table results (a)"),
    "other facts": lambda path: altered(path, "update results set facts = '[[1], [], []]'"),
    "no facts": lambda path: altered(path, "update results set facts = 'x'"),
    "other content": lambda path: altered(path, "update results set content = x'00'"),
}


def altered(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_cache_is_made_anew(checked: Checked, name: str) -> None:
    assert checked() == ALL
    BROKEN[name](checked.cache / FILE_NAME)
    assert checked() == ALL
    checked()
    assert checked() == []


def test_where_it_cannot_be_used_a_run_is_slower(
    checked: Checked, data: Path, tmp_path: Path
) -> None:
    checked.cache = data / "huairen.yaml"  # no folder
    assert checked() == ALL
    assert checked() == ALL
    checked.cache = tmp_path / "缓存"
    assert checked() == ALL
    with sqlite3.connect(checked.cache / FILE_NAME, isolation_level=None) as database:
        database.execute("begin immediate")  # another run is at work: what is there is there
        assert checked() == []
        assert checked(level="binding") == ALL
        assert checked(level="binding") == ALL
    database.close()


def test_only_the_last_result_of_a_file_is_kept(checked: Checked, data: Path) -> None:
    def rows() -> int:
        with sqlite3.connect(checked.cache / FILE_NAME) as database:
            (found,) = database.execute("select count(*) from results").fetchone()
        database.close()
        return int(found)

    checked()
    before = rows()
    for number in range(3):
        appended("huairen.yaml", f"# {number}\n")(data)
        checked()
    assert rows() == before == len(ALL)


def test_what_changed_is_checked_whatever_is_kept(checked: Checked) -> None:
    assert checked() == ALL
    done = run(
        "validate",
        "--changed",
        "huairen.yaml",
        "--format",
        "json",
        "--cache",
        checked.cache,
        cwd=Path.cwd(),
    )
    assert [one["path"] for one in done.json["reports"]] == ["huairen.yaml"]
    assert done.json["unchanged"] == len(ALL) - 1


def test_nothing_is_there_until_all_is(tmp_path: Path) -> None:
    entry = Entry(b"slot", b"key", [], ["facts"], [b"a", b"", b"bc"])
    writer = ResultCache(str(tmp_path), may_write=True)
    writer.put(entry)
    reader = ResultCache(str(tmp_path), may_write=False)
    assert reader.get(b"slot", b"key") is None
    reader.put(entry)  # which it may not
    writer.close()
    assert reader.get(b"slot", b"key") == entry
    assert reader.get(b"slot", b"other") is None
    reader.close()
    ResultCache(str(tmp_path / "none" / "such"), may_write=False).close()


def test_the_command_keeps_results(tmp_path: Path) -> None:
    asked = ("validate", EXAMPLES / "huairen.yaml", "--format", "json")
    first = run(*asked, "--cache", tmp_path / "c")
    assert first == run(*asked) == run(*asked, "--cache", tmp_path / "c")
    assert (tmp_path / "c" / FILE_NAME).is_file()
