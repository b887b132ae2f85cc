"""Only what changed: the paths that a hook passes, and what git says since a revision."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from etown_check import git
from tests.command import run
from tests.conftest import document, ledger_text
from tests.repository import (
    HUAIREN,
    SHANYIN,
    TODAY,
    YINGXIAN,
    YOUYU,
    change,
    committed,
    data_repository,
    needs_git,
)
from tests.repository import git as run_git

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.standard import Standard

ALL = {HUAIREN, SHANYIN, YINGXIAN, YOUYU}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return data_repository(tmp_path)


def paths(ran_json: Any) -> set[str]:
    return {report["path"] for report in ran_json["reports"]}


def hooked(repository: Path, *changed: str) -> Any:
    """Return the JSON report of a run that is told what changed."""
    return run(
        "validate", "--changed", *changed, "-f", "json", "--today", TODAY, cwd=repository
    ).json


# The paths that a hook passes


@pytest.mark.parametrize(
    ("changed", "checked"),
    [
        ([HUAIREN], {HUAIREN}),
        ([HUAIREN, "README.md"], {HUAIREN}),
        (["README.md", ".gitlab-ci.yml", "data/none.yaml"], set()),
        (["etown-check.toml"], ALL),
        (["waivers.yaml"], ALL),
        (["参考数据.yaml"], ALL),
        (["data/应县/佐证/23-物流配送中心平面图.txt"], {YINGXIAN}),
        (["data/山阴县/佐证/23-物流配送中心平面图.txt"], set()),  # which no file there names
        (["佐证/23-物流配送中心平面图.txt"], set()),  # nor may any reach for it
        ([HUAIREN, f"./{YOUYU}"], {HUAIREN, YOUYU}),
    ],
)
def test_what_changed_decides_what_is_checked(
    repository: Path, changed: list[str], checked: set[str]
) -> None:
    found = hooked(repository, *changed)
    assert paths(found) == checked
    assert found["unchanged"] == len(ALL - checked)
    assert found["errors"] == []
    assert {it["code"] for it in found["warnings"]} <= {"W201"}


def test_a_path_may_be_given_whole_and_twice(repository: Path) -> None:
    found = hooked(repository, str(repository / HUAIREN), HUAIREN, f"data/../{HUAIREN}")
    assert [report["path"] for report in found["reports"]] == [HUAIREN]


def test_a_configuration_bears_on_what_is_below_it(repository: Path) -> None:
    own = repository / "data" / "应县" / "etown-check.toml"
    own.write_text('reference = "../../参考数据.yaml"\n', "utf-8")
    assert paths(hooked(repository, "data/应县/etown-check.toml")) == {YINGXIAN}
    # It no longer goes by the one above, but by the same reference data.
    assert paths(hooked(repository, "waivers.yaml")) == ALL - {YINGXIAN}
    assert paths(hooked(repository, "参考数据.yaml")) == ALL
    own.unlink()  # and that it is gone bears on the same files
    assert paths(hooked(repository, "data/应县/etown-check.toml")) == {YINGXIAN}


def test_waivers_that_are_gone_bear_on_all(repository: Path) -> None:
    change(repository / "etown-check.toml", 'waivers = "waivers.yaml"\n', "")
    (repository / "waivers.yaml").unlink()
    assert paths(hooked(repository, "waivers.yaml")) == ALL


def test_a_standard_of_ones_own_bears_on_all(repository: Path) -> None:
    from etown_check.store import find_standard

    shutil.copytree(find_standard("shuozhou-2022"), repository / "标准")
    change(repository / "etown-check.toml", '"shuozhou-2022"', '"标准"')
    assert paths(hooked(repository, "标准/annex.yaml")) == ALL
    assert paths(hooked(repository, "标准x/annex.yaml")) == set()


def test_evidence_in_a_root_of_its_own(repository: Path) -> None:
    (repository / "共用").mkdir()
    (repository / "共用" / "图.pdf").write_bytes(b"")
    change(repository / "etown-check.toml", 'lang = "zh"', 'evidence_root = "共用"')
    change(
        repository / HUAIREN,
        "小而美自主品牌: 7个",
        "小而美自主品牌: {值: 7个, 佐证: ../../共用/图.pdf}",
    )
    assert paths(hooked(repository, "共用/图.pdf")) == {HUAIREN}
    assert paths(hooked(repository, "共用/别的.pdf")) == set()


def test_a_ledger_bears_on_the_file_that_names_it(repository: Path) -> None:
    folder = (repository / HUAIREN).parent
    (folder / "台账").mkdir()
    (folder / "台账" / "九月.csv").write_text(ledger_text([{}]), "utf-8")
    change(repository / HUAIREN, "指标:\n", "资金台账: 台账/九月.csv\n\n指标:\n")
    for name in (f"{folder}/台账/九月.csv", "data/怀仁市/台账/九月.csv"):
        assert paths(hooked(repository, name)) == {HUAIREN}
    for name in ("data/怀仁市/台账/十月.csv", "data/应县/台账/九月.csv", "台账/九月.csv"):
        assert paths(hooked(repository, name)) == set()


def test_a_report_in_a_folder_of_months_bears_on_the_file_that_names_it(
    repository: Path,
) -> None:
    folder = (repository / HUAIREN).parent / "每月上报"
    folder.mkdir()
    (folder / "2023-01.docx").touch()
    change(repository / HUAIREN, "指标:\n", "指标:\n  月报: 每月上报/\n")
    # One that is gone bears on it as well.
    for name in ("2023-01.docx", "2023年2月.pdf"):
        assert paths(hooked(repository, f"data/怀仁市/每月上报/{name}")) == {HUAIREN}
    for name in ("每月上报/说明.txt", "每月上报/~$2023-01.docx", "别的/2023-01.docx"):
        assert paths(hooked(repository, f"data/怀仁市/{name}")) == set()


def test_data_files_of_months_bear_on_the_later_ones(tmp_path: Path, standard: Standard) -> None:
    (tmp_path / "etown-check.toml").touch()
    for month in (4, 5, 6):
        text = document(standard, as_of=f"2023-{month:02}-28")
        (tmp_path / f"2023-{month:02}.yaml").write_text(text, "utf-8")
    (tmp_path / "别的.yaml").write_text(document(standard, county="应县"), "utf-8")

    def touched(*changed: str) -> set[str]:
        return paths(hooked(tmp_path, *changed))

    assert touched("2023-05.yaml") == {"2023-05.yaml", "2023-06.yaml"}
    assert touched("2023-07.yml") == set()
    assert touched("2022年12月.xlsx") == {f"2023-{month:02}.yaml" for month in (4, 5, 6)}
    assert touched("2023-05.docx") == set()
    assert touched("别的/2023-05.yaml") == set()
    assert touched("别的.yaml") == {"别的.yaml"}


def test_nothing_to_check_is_no_error(repository: Path) -> None:
    for format, words in (("plain", "没有需要检查的改动"), ("terminal", "没有需要检查的改动")):
        ran = run("validate", "--changed", "README.md", "-f", format, cwd=repository)
        assert ran.code == 0
        assert words in ran.out
        assert "另有 4 个数据文件没有改动" in ran.out
    ran = run("validate", "--changed", cwd=repository)
    assert ran.code == 0


def test_a_changed_file_that_cannot_be_read_is_an_error(repository: Path) -> None:
    (repository / HUAIREN).write_text("县: [\n", "utf-8")
    ran = run("validate", "--changed", HUAIREN, cwd=repository)
    assert ran.code == 3
    assert "E204" in ran.err
    # Of one that has not changed somebody was told when it did.
    ran = run("validate", "--changed", YOUYU, "--today", TODAY, cwd=repository)
    assert ran.code == 0
    assert "E204" not in ran.err


def test_what_is_no_data_file_is_passed_over(repository: Path) -> None:
    change(repository / "etown-check.toml", 'include = ["data/**/*.yaml"]\n', "")
    (repository / "别的.yaml").write_text("说明: 一\n", "utf-8")
    found = hooked(repository, "别的.yaml", HUAIREN)
    assert (paths(found), found["unchanged"]) == ({HUAIREN}, 3)


def test_excluded_files_are_left_alone(repository: Path) -> None:
    change(repository / "etown-check.toml", 'lang = "zh"', 'exclude = ["data/应县"]')
    assert paths(hooked(repository, YINGXIAN, HUAIREN)) == {HUAIREN}


# Since a revision


@needs_git
def test_what_changed_since_a_revision(repository: Path) -> None:
    committed(repository)
    run_git(repository, "checkout", "-q", "-b", "branch")
    args = ("-f", "json", "--today", TODAY)

    def since(revision: str, *more: str) -> set[str]:
        ran = run("validate", "--changed-since", revision, *more, *args, cwd=repository)
        return paths(ran.json)

    assert since("main") == set()
    change(repository / HUAIREN, "7个", "8个")
    assert since("main") == {HUAIREN}  # not yet committed
    committed(repository)
    (repository / YINGXIAN).rename(repository / "data" / "应县" / "新.yaml")
    assert since("main") == {HUAIREN, "data/应县/新.yaml"}  # not even tracked
    committed(repository)
    assert since("main") == {HUAIREN, "data/应县/新.yaml"}
    assert since("HEAD") == set()
    assert since("main", "data/怀仁市") == {HUAIREN}
    assert since("main", HUAIREN, YOUYU) == {HUAIREN}
    # What main did in the meantime is no change of the branch's.
    run_git(repository, "checkout", "-q", "main")
    change(repository / YOUYU, "县: 右玉县", "县: 右玉县 # 改")
    committed(repository)
    run_git(repository, "checkout", "-q", "branch")
    assert since("main") == {HUAIREN, "data/应县/新.yaml"}
    (repository / "waivers.yaml").unlink()
    change(repository / "etown-check.toml", 'waivers = "waivers.yaml"\n', "")
    assert since("main") == {HUAIREN, SHANYIN, YOUYU, "data/应县/新.yaml"}


@needs_git
def test_from_a_folder_within(repository: Path) -> None:
    committed(repository)
    change(repository / HUAIREN, "7个", "8个")
    ran = run(
        "validate", "--changed-since", "HEAD", "-f", "json", cwd=repository / "data" / "怀仁市"
    )
    assert paths(ran.json) == {"陶瓷e镇.yaml"}


@needs_git
@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "", "HEAD:data", "HEAD^{tree}"])
def test_a_revision_that_is_none(repository: Path, revision: str) -> None:
    committed(repository)
    ran = run("validate", f"--changed-since={revision}", cwd=repository)
    assert ran.code == 2
    assert "没有版本" in ran.err
    assert not (repository / "x").exists()


@needs_git
def test_outside_of_a_repository(tmp_path: Path) -> None:
    ran = run("validate", "--changed-since", "HEAD", cwd=tmp_path, GIT_CEILING_DIRECTORIES="/")
    assert ran.code == 2
    assert "git" in ran.err


def test_without_git(repository: Path) -> None:
    ran = run("validate", "--changed-since", "HEAD", cwd=repository, PATH="")
    assert ran.code == 2
    assert "没有找到 git 命令" in ran.err
    english = run("validate", "--changed-since", "HEAD", "--lang=en", cwd=repository, PATH="")
    assert "git was not found" in english.err


def test_both_ways_exclude_each_other(repository: Path) -> None:
    assert run("validate", "--changed", "--changed-since", "HEAD", cwd=repository).code == 2


# What git is asked


@needs_git
def test_histories_without_a_common_beginning_are_compared_whole(repository: Path) -> None:
    committed(repository)
    run_git(repository, "checkout", "-q", "--orphan", "other")
    change(repository / HUAIREN, "7个", "8个")
    committed(repository)
    found = git.changed_since(str(repository), "main")
    assert found == [str(repository / HUAIREN)]


@needs_git
def test_a_revision_is_laid_out_without_what_is_not_needed(
    repository: Path, tmp_path: Path
) -> None:
    big = "说明: 大\n" + "#" * (600 * 1024)
    (repository / "big.yaml").write_text(big, "utf-8")
    (repository / "链接.yaml").symlink_to(HUAIREN)
    (repository / "空.yaml").write_text("", "utf-8")
    for name in ("台账.csv", "又.CSV"):  # which are read as data files are
        (repository / name).write_text(ledger_text([{}] * 9), "utf-8")
    committed(repository)
    place = tmp_path / "then"
    place.mkdir()
    git.lay_out(str(repository), "HEAD", str(place))
    assert (place / HUAIREN).read_bytes() == (repository / HUAIREN).read_bytes()
    evidence = place / "data" / "应县" / "佐证" / "23-物流配送中心平面图.txt"
    assert evidence.read_bytes() == b""  # it is there, and that is all that counts
    assert 512 * 1024 < (place / "big.yaml").stat().st_size < 513 * 1024
    assert not (place / "链接.yaml").is_symlink()
    assert (place / "空.yaml").read_bytes() == b""
    for name in ("台账.csv", "又.CSV"):
        assert (place / name).read_bytes() == (repository / name).read_bytes() != b""
    assert sorted(os.listdir(place / "data")) == sorted(os.listdir(repository / "data"))


@needs_git
def test_no_path_of_a_tree_leads_out_of_the_folder(repository: Path, tmp_path: Path) -> None:
    committed(repository)
    blob = run_git(repository, "hash-object", "-w", HUAIREN).strip()
    entry = f"100644 blob {blob}\t..\n"
    import subprocess

    made = subprocess.run(
        ["git", "mktree"], cwd=repository, input=entry, capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip("this git makes no such tree")
    tree = made.stdout.strip()
    commit = run_git(repository, "commit-tree", "-m", "x", tree).strip()
    place = tmp_path / "then" / "inner"
    place.mkdir(parents=True)
    git.lay_out(str(repository), commit, str(place))
    assert list((tmp_path / "then").iterdir()) == [place]
    assert list(place.iterdir()) == []


@needs_git
def test_the_variables_of_a_hook_do_not_lead_astray(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(repository)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other")
    assert git.changed_since(str(repository), "HEAD") == []
    assert git.repository(str(repository / "data")) == str(repository)
