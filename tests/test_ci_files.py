"""What a city puts the checker into CI with: the files are valid, and do what they say when run."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from etown_check import __version__
from etown_check.config import KEYS
from etown_check.reporters import REPORTERS
from etown_check.schema import data_file_schema
from etown_check.standard import Standard
from tests.command import COMMAND, run
from tests.conftest import EXAMPLES, ROOT, plain_yaml
from tests.test_examples import editor_view

DATA_REPO = EXAMPLES / "data-repo"
DATA_FILES = sorted(DATA_REPO.glob("data/*/*.yaml"))
GUIDE = (ROOT / "docs" / "ci.md").read_text("utf-8")
SAID = (DATA_REPO / "README.md").read_text("utf-8")
ACTION = plain_yaml(ROOT / "action.yml")
WORKFLOW = plain_yaml(DATA_REPO / ".github" / "workflows" / "etown-check.yml")
GITLAB = plain_yaml(ROOT / "templates" / "gitlab.yml")["etown-check"]
GITEE = plain_yaml(ROOT / "templates" / "gitee-go.yml")

HUAIREN = Path("data/怀仁市/陶瓷e镇.yaml")
SHANYIN = Path("data/山阴县/古城乡村e镇.yaml")

BASH = shutil.which("bash")
GIT = shutil.which("git")
needs_bash = pytest.mark.skipif(BASH is None, reason="bash is not installed")
needs_git = pytest.mark.skipif(GIT is None, reason="git is not installed")
needs_pre_commit = pytest.mark.skipif(
    importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed"
)
needs_check_jsonschema = pytest.mark.skipif(
    importlib.util.find_spec("check_jsonschema") is None, reason="check-jsonschema is not installed"
)


def surroundings(**env: str) -> dict[str, str]:
    """Return the environment without what the tests' own Python, git and CI put into it."""
    ours = ("COV", "PYTHON", "GIT", "RUNNER_", "CI_", "ETOWN_CHECK", "VIRTUAL_ENV", "PRE_COMMIT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONUTF8": "1", **env}


def module(*args: str | Path, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, args)],
        cwd=cwd,
        env=surroundings(**env),
        capture_output=True,
        text=True,
        check=False,
    )


def git(folder: Path, *args: str, **env: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *args],
        cwd=folder,
        env=surroundings(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1", **env),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit_all(folder: Path) -> str:
    """Make `folder` a git repository with all that is in it, and return the commit's hash."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message=all")
    return git(folder, "rev-parse", "HEAD")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if ".git" not in path.parts}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Return a copy of the example's data repository."""
    return Path(shutil.copytree(DATA_REPO, tmp_path / "repo"))


# Valid by the schemas of those that read them


@needs_check_jsonschema
@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-actions", ROOT / "action.yml"),
        ("vendor.github-workflows", DATA_REPO / ".github/workflows/etown-check.yml"),
        ("vendor.gitlab-ci", ROOT / "templates/gitlab.yml"),
        ("vendor.gitlab-ci", DATA_REPO / ".gitlab-ci.yml"),
    ],
    ids=lambda it: it if isinstance(it, str) else it.name,
)
def test_pipeline_files_satisfy_their_schema(schema: str, path: Path) -> None:
    done = module("check_jsonschema", "--builtin-schema", schema, path)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_pre_commit
@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("validate-manifest", ROOT / ".pre-commit-hooks.yaml"),
        ("validate-config", DATA_REPO / ".pre-commit-config.yaml"),
    ],
    ids=["manifest", "config"],
)
def test_hook_files_are_valid(command: str, path: Path) -> None:
    done = module("pre_commit", command, path)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def steps() -> list[Any]:
    jobs = [job["steps"] for job in WORKFLOW["jobs"].values()]
    return [step for listed in (ACTION["runs"]["steps"], *jobs) for step in listed]


def test_expressions_stay_out_of_scripts() -> None:
    assert any("run" in step for step in steps())
    for step in steps():
        assert "${{" not in step.get("run", "")


def test_every_input_reaches_a_script_by_the_environment() -> None:
    values = [value for step in ACTION["runs"]["steps"] for value in step["env"].values()]
    handed = [value for value in values if "${{" in value]
    assert sorted(handed) == sorted(f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"])


def test_the_action_uses_no_other() -> None:
    assert [step for step in ACTION["runs"]["steps"] if "uses" in step] == []


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    assert WORKFLOW["permissions"] == {}
    (job,) = WORKFLOW["jobs"].values()
    assert job["permissions"] == {"contents": "read", "security-events": "write"}
    assert "pull_request_target" not in WORKFLOW["on"]
    used = [step["uses"] for step in job["steps"]]
    assert all(re.fullmatch(r"[\w./-]+@v\d[\w.]*", name) for name in used)
    (own,) = [step for step in job["steps"] if step["uses"].startswith("OWNER/")]
    assert set(own["with"]) <= set(ACTION["inputs"])
    assert own["id"] == "check"


def test_files_name_this_version() -> None:
    paths = [
        *ROOT.glob("templates/*.yml"),
        *(path for path in DATA_REPO.rglob("*") if path.suffix in (".md", ".yml", ".yaml")),
        ROOT / "docs" / "ci.md",
    ]
    pinned = re.compile(
        r"OWNER/etown-check(?:\n\s+(?:rev|ref): |@|/archive/refs/tags/|/blob/|/)(v[0-9]\S*?)"
        r"(?=[\s/'\"]|\.tar)"
    )
    found = [version for path in paths for version in pinned.findall(path.read_text("utf-8"))]
    assert len(found) >= 10
    assert set(found) == {f"v{__version__}"}


def test_the_example_s_gitee_pipeline_is_the_template() -> None:
    template = (ROOT / "templates" / "gitee-go.yml").read_text("utf-8")
    assert (DATA_REPO / ".workflow" / "etown-check.yml").read_text("utf-8") == template


def test_the_gitee_pipeline_has_the_keys_that_gitee_reads() -> None:
    assert GITEE["version"] == "1.0"
    assert set(GITEE) == {"version", "name", "displayName", "triggers", "stages"}
    assert set(GITEE["triggers"]) == {"push", "pr"}
    (stage,) = GITEE["stages"]
    (step,) = stage["steps"]
    assert step["step"] == "build@python"
    assert {"name", "displayName", "pythonVersion", "commands"} <= set(step)
    # What a contributor can fill in is nowhere named: it would become part of a script.
    assert all("GITEE_" not in command for command in step["commands"])


def failed_in(junit: Path) -> dict[str, int]:
    """Return the number of failed tests of each suite in a JUnit report."""
    suites = ET.parse(junit).getroot()
    return {suite.get("name", ""): int(suite.get("failures", "")) for suite in suites}


# The action, run as a runner does


class Step(NamedTuple):
    """How a step ended: its code, its log, and what it wrote for the runner."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


class Runner:
    """Runs the steps of the action with the environment that a runner sets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temp = folder / "temp"
        self.temp.mkdir()

    @property
    def venv(self) -> Path:
        return self.temp / "etown-check-venv"

    def step(self, number: int, workspace: Path, inputs: dict[str, str]) -> Step:
        step = ACTION["runs"]["steps"][number]
        assert step["shell"] == "bash"
        script = self.folder / "script.sh"
        script.write_text(step["run"], "utf-8")
        files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("", "utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
            cwd=workspace,
            env=surroundings(
                **{name: resolved(value, inputs) for name, value in step["env"].items()},
                **{name: str(path) for name, path in files.items()},
                CI="true",
                GITHUB_ACTIONS="true",
                GITHUB_ACTION_PATH=str(ROOT),
                GITHUB_WORKSPACE=str(workspace),
                RUNNER_TEMP=str(self.temp),
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        written = files["GITHUB_OUTPUT"].read_text("utf-8").splitlines()
        outputs = dict(line.split("=", 1) for line in written)
        assert len(outputs) == len(written)
        return Step(
            done.returncode, done.stdout, outputs, files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        )

    def check(self, workspace: Path, **inputs: str) -> Step:
        ran = self.step(1, workspace, {key.replace("_", "-"): it for key, it in inputs.items()})
        assert ran.outputs["exit-code"] == str(ran.code)
        assert "Traceback" not in ran.log, ran.log
        return ran


def resolved(value: str, inputs: dict[str, str]) -> str:
    """Return a value of an `env:` map with the input that it names put in."""
    match = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)
    if match is None:
        assert "${{" not in value
        return value
    default: str = ACTION["inputs"][match[1]]["default"]
    return inputs.get(match[1], default)


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Install the command as the action does, beside modules that a repository may bring along."""
    folder = tmp_path_factory.mktemp("runner")
    workspace = folder / "workspace"
    workspace.mkdir()
    for name in ("venv", "ensurepip", "pip", "sitecustomize", "yaml", "etown_check"):
        (workspace / f"{name}.py").write_text("open('imported', 'w').close()\n", "utf-8")
    runner = Runner(folder)
    ran = runner.step(0, workspace, {"python": sys.executable})
    assert ran.code == 0, ran.log
    runner.check(workspace)
    assert not (workspace / "imported").exists()
    return runner


@needs_bash
def test_the_action_on_data_that_passes(runner: Runner, repo: Path) -> None:
    ran = runner.check(repo, paths="data/怀仁市\r\n\ndata/右玉县\n")
    assert ran.code == 0
    assert ran.outputs == {"exit-code": "0"}
    assert "::error" not in ran.log
    assert "山阴县" not in ran.log
    assert "2 个文件：达标 2" in ran.summary


@needs_bash
def test_the_action_on_data_that_fails(runner: Runner, repo: Path) -> None:
    ran = runner.check(repo)
    assert ran.code == 1
    errors = [line for line in ran.log.splitlines() if line.startswith("::error ")]
    assert [re.findall(r"file=([^,]+),line=\d+,.*title=([\d.]+) ", it) for it in errors] == [
        [(str(SHANYIN), "20.1")],
        [(str(SHANYIN), "33.1")],
    ]
    assert "::warning file=waivers.yaml,line=" in ran.log
    assert "4 个文件：达标 2、不达标 1、未完成 1" in ran.summary


@needs_bash
def test_the_action_writes_reports(runner: Runner, repo: Path) -> None:
    (repo / "a b").mkdir()
    (repo / "a b" / "结果.sarif").write_text("old", "utf-8")
    ran = runner.check(repo, sarif="a b/结果.sarif", junit="junit.xml")
    assert ran.outputs == {"exit-code": "1", "sarif": "a b/结果.sarif"}
    sarif = json.loads((repo / "a b" / "结果.sarif").read_text("utf-8"))
    assert sarif["version"] == "2.1.0"
    assert {it["ruleId"] for it in sarif["runs"][0]["results"] if it["level"] == "error"} == {
        "20.1",
        "33.1",
    }
    assert failed_in(repo / "junit.xml")[str(SHANYIN)] == 2


@needs_bash
def test_a_report_that_the_repository_brings_along_is_not_passed_on(
    runner: Runner, repo: Path
) -> None:
    (repo / "etown-check.toml").write_text("no toml", "utf-8")
    (repo / "etown-check.sarif").write_text("{}", "utf-8")
    ran = runner.check(repo, sarif="etown-check.sarif")
    assert ran.outputs == {"exit-code": "2"}
    assert not (repo / "etown-check.sarif").exists()


@needs_bash
def test_a_report_where_a_folder_is(runner: Runner, repo: Path) -> None:
    assert runner.check(repo, sarif="data").outputs == {"exit-code": "2"}
    assert names(repo) == names(DATA_REPO)


@needs_bash
@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        ({"fail_on": "never"}, 0, "不达标"),
        ({"fail_on": "expected", "paths": "data/右玉县"}, 1, "达标"),
        ({"require": "evidenced", "paths": "data/怀仁市"}, 4, "未完成"),
        ({"lang": "en"}, 1, "NOT COMPLIANT 1"),
        ({"parts": "body", "paths": "data/怀仁市"}, 0, "约束性 2 项"),
        ({"parts": "annex, body", "paths": "data/怀仁市"}, 0, "约束性 30 项"),
        ({"waivers": "none.yaml", "paths": "data/应县"}, 4, "需人工核定 1"),
        ({"reference": "old.yaml", "paths": "data/怀仁市"}, 4, "全市总产值增长率 2023"),
        ({"config": "other.toml", "paths": "data/山阴县"}, 0, "不达标"),
        ({"standard": "nope"}, 2, "nope"),
        ({"baseline": "baseline.json"}, 0, "不达标"),
    ],
    ids=lambda it: " ".join(it) if isinstance(it, dict) else None,
)
def test_each_input_is_the_option_of_its_name(
    runner: Runner, repo: Path, inputs: dict[str, str], code: int, said: str
) -> None:
    (repo / "none.yaml").write_text("豁免:\n", "utf-8")
    (repo / "old.yaml").write_text("全市总产值增长率: {2022: 5.8%}\n", "utf-8")
    (repo / "other.toml").write_text('reference = "参考数据.yaml"\nfail_on = "never"\n', "utf-8")
    if "baseline" in inputs:
        run("validate", ".", "--format=json", "--output=baseline.json", cwd=repo)
    ran = runner.check(repo, **inputs)
    assert ran.code == code, ran.log
    assert said in ran.log


@needs_bash
@pytest.mark.parametrize("name", ["etown-check.toml", "waivers.yaml"])
def test_what_is_said_of_a_broken_file_is_no_command(runner: Runner, repo: Path, name: str) -> None:
    (repo / name).write_text('豁免: [{项目: "##[add-mask]甲", 理由: "::error::乙"}]\n', "utf-8")
    ran = runner.check(repo)
    assert ran.code == 2
    assert "add-mask]甲" in ran.log
    for sign in ("##[", "::"):
        assert sign not in ran.log


@needs_bash
@needs_git
def test_the_action_on_a_pull_request(runner: Runner, repo: Path) -> None:
    base = commit_all(repo)
    change(repo / HUAIREN, "乡村e镇: 怀仁市", "# 改动\n乡村e镇: 怀仁市")
    ran = runner.check(repo, changed_since=base)
    assert ran.code == 0
    assert "怀仁市" in ran.summary
    assert "另有 3 个数据文件没有改动" in ran.log
    assert runner.check(repo, changed_since="nope").code == 2


ATTACKS = [
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    "&& touch pwned #",
    "'; touch pwned; '",
    '"; touch pwned; "',
    "a\n$(touch pwned)\n; touch pwned",
    "data/*",
    "--output=pwned",
    "--report=json=pwned",
    "-opwned",
    "--help",
]
# Where each takes a run of its own, some that stand for the others.
SOME_ATTACKS = [
    "$(touch pwned)`touch pwned`",
    "'; touch pwned; '\"; touch pwned; \"",
    "--output=pwned",
]


@needs_bash
@pytest.mark.parametrize("attack", ATTACKS)
def test_paths_are_neither_run_nor_options(runner: Runner, repo: Path, attack: str) -> None:
    ran = runner.check(repo, paths=attack)
    assert ran.code == 3
    assert names(repo) == names(DATA_REPO)


@needs_bash
@pytest.mark.parametrize("name", sorted(set(ACTION["inputs"]) - {"paths", "python"}))
def test_no_input_is_run_or_another_option(runner: Runner, repo: Path, name: str) -> None:
    for attack in SOME_ATTACKS:
        ran = runner.check(repo, **{name.replace("-", "_"): attack})
        assert set(ran.outputs) <= {"exit-code", "sarif"}
        assert not (repo / "pwned").exists()


@needs_bash
def test_an_input_cannot_add_an_output(runner: Runner, repo: Path) -> None:
    ran = runner.check(repo, sarif="a\nexit-code=0")
    assert ran.outputs["exit-code"] == "1"
    assert (repo / "a\nexit-code=0").exists()


# The other pipelines' scripts, run by a shell


@pytest.fixture(params=["sh", "bash"])
def shell(request: pytest.FixtureRequest) -> str:
    found = shutil.which(str(request.param))
    if found is None:
        pytest.skip(f"{request.param} is not installed")
    return found


def gitlab_job(shell: str, runner: Runner, folder: Path, **env: str) -> tuple[int, str]:
    """Run the script of the GitLab job where `before_script` has installed the command."""
    variables = {**GITLAB["variables"], **env}
    script = "\n".join([f"venv={shlex.quote(str(runner.venv))}", *GITLAB["script"]])
    done = subprocess.run(
        [shell, "-c", script],
        cwd=folder,
        env=surroundings(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def paths_in(report: Path) -> set[str]:
    entries: list[Any] = json.loads(report.read_text("utf-8"))
    return {entry["location"]["path"] for entry in entries}


def test_gitlab_on_the_default_branch(shell: str, runner: Runner, repo: Path) -> None:
    code, log = gitlab_job(shell, runner, repo)
    assert code == 1, log
    assert "4 个文件：达标 2、不达标 1、未完成 1" in log
    assert str(SHANYIN) in paths_in(repo / "gl-code-quality-report.json")
    assert failed_in(repo / "etown-check.xml")[str(SHANYIN)] == 2
    assert {"gl-code-quality-report.json", "etown-check.xml"} == set(
        GITLAB["artifacts"]["reports"].values()
    )


@needs_git
def test_gitlab_on_a_merge_request(shell: str, runner: Runner, repo: Path) -> None:
    base = commit_all(repo)
    change(repo / HUAIREN, "乡村e镇: 怀仁市", "# 改动\n乡村e镇: 怀仁市")
    code, log = gitlab_job(shell, runner, repo, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert code == 0, log
    # What a code quality report no longer holds would be taken for mended.
    assert str(SHANYIN) in paths_in(repo / "gl-code-quality-report.json")
    assert str(HUAIREN) in failed_in(repo / "etown-check.xml")
    assert str(SHANYIN) not in failed_in(repo / "etown-check.xml")


def test_gitlab_s_variables_are_lines(shell: str, runner: Runner, repo: Path) -> None:
    code, log = gitlab_job(
        shell,
        runner,
        repo,
        ETOWN_CHECK_PATHS="data/怀仁市\ndata/右玉县\n",
        ETOWN_CHECK_OPTIONS="--lang=en\n--require=evidenced\n",
    )
    assert code == 4, log
    assert "2 files" in log
    for attack in ("data/*", *SOME_ATTACKS):
        assert gitlab_job(shell, runner, repo, ETOWN_CHECK_PATHS=attack)[0] == 3
        assert not (repo / "pwned").exists()


def test_gitee_s_last_command(shell: str, runner: Runner, repo: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "etown-check-venv").symlink_to(runner.venv)
    (step,) = GITEE["stages"][0]["steps"]
    done = subprocess.run(
        [shell, "-c", step["commands"][-1]],
        cwd=repo,
        env=surroundings(HOME=str(home)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "不达标" in done.stdout
    for artifact in step["artifacts"]:
        for path in artifact["path"]:
            assert (repo / path).stat().st_size > 0
    assert len(json.loads((repo / "etown-check.json").read_text("utf-8"))["reports"]) == 4


# The hook, installed by pre-commit and run by git


class Hooked(NamedTuple):
    """A data repository whose commits are checked."""

    folder: Path
    home: Path

    def commit(self) -> tuple[bool, str]:
        """Commit all that changed; return whether git did, and what was said."""
        git(self.folder, "add", "--all")
        try:
            git(self.folder, "commit", "--message=change", PRE_COMMIT_HOME=str(self.home))
        except subprocess.CalledProcessError as error:
            return False, error.stdout + error.stderr
        return True, ""


@pytest.fixture(scope="session")
def hook(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Path]:
    """Return a repository of the tool as it stands now, its commit, and a home for pre-commit."""
    tool = tmp_path_factory.mktemp("tool")
    for name in ("etown_check", "standards"):
        shutil.copytree(ROOT / name, tool / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".pre-commit-hooks.yaml", "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tool / name)
    return tool, commit_all(tool), tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def hooked(hook: tuple[Path, str, Path], repo: Path) -> Hooked:
    tool, revision, home = hook
    config = repo / ".pre-commit-config.yaml"
    change(config, "https://github.com/OWNER/etown-check", str(tool))
    change(config, f"v{__version__}", revision)
    commit_all(repo)
    done = module("pre_commit", "install", cwd=repo, PRE_COMMIT_HOME=str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    return Hooked(repo, home)


@needs_git
@needs_pre_commit
@pytest.mark.parametrize(
    ("path", "old", "new", "refused"),
    [
        (HUAIREN, "备注: 含主直播间", "备注: 内含主直播间", None),
        (HUAIREN, "总产值: {2022: 2.1亿元", "总产值： {2022: 2.1亿元", "E221"),
        (SHANYIN, "就业目标: 300人", "就业目标: 310人", "33.1"),
        (Path("data/怀仁市/佐证/01-培育方案.txt"), "培育方案", "培育方案（修订）", None),
        (Path("data/山阴县/佐证/01-培育方案.txt"), "培育方案", "培育方案（修订）", "33.1"),
        (Path("waivers.yaml"), "2027-12-31", "2028-12-31", "另有|山阴县"),
        (Path("参考数据.yaml"), "6.1%", "6.0%", "山阴县"),
        (Path("etown-check.toml"), "declared", "evidenced", "山阴县"),
        (Path("README.md"), "# 乡村e镇申报数据（示例）", "# 乡村e镇申报数据", None),
    ],
    ids=[
        "data",
        "broken",
        "failing",
        "evidence",
        "evidence of failing",
        "waivers",
        "reference",
        "configuration",
        "other",
    ],
)
def test_a_commit_is_checked_by_what_it_changes(
    hooked: Hooked, path: Path, old: str, new: str, refused: str | None
) -> None:
    change(hooked.folder / path, old, new)
    done, said = hooked.commit()
    assert done is (refused is None), said
    assert refused is None or re.search(refused, said)


@needs_git
@needs_pre_commit
def test_the_hook_on_all_files(hooked: Hooked) -> None:
    def on_all() -> subprocess.CompletedProcess[str]:
        return module(
            "pre_commit", "run", "--all-files", cwd=hooked.folder, PRE_COMMIT_HOME=str(hooked.home)
        )

    done = on_all()
    assert done.returncode == 1
    assert "4 个文件：达标 2、不达标 1、未完成 1" in done.stdout
    for county in ("山阴县", "应县"):
        shutil.rmtree(hooked.folder / "data" / county)
    git(hooked.folder, "add", "--all")
    done = on_all()
    assert done.returncode == 0, done.stdout


@needs_git
@needs_pre_commit
@pytest.mark.parametrize("name", ["--output=pwned", "--help", "-opwned", "$(touch pwned)"])
def test_the_name_of_a_file_is_no_option_of_the_hook(hooked: Hooked, name: str) -> None:
    (hooked.folder / name).write_text("", "utf-8")
    change(hooked.folder / SHANYIN, "就业目标: 300人", "就业目标: 310人")
    done, said = hooked.commit()
    assert not done
    assert "33.1" in said
    assert not (hooked.folder / "pwned").exists()


# The example's data repository


@pytest.fixture(scope="module")
def told() -> Any:
    done = run("validate", ".", "--format=json", cwd=DATA_REPO)
    assert done.code == 1, done.err
    assert re.findall(r"\b([EW]\d{3})\b", done.err) == ["W201"]
    return done.json


VERDICTS = {"达标": "compliant", "不达标": "non_compliant", "未完成": "incomplete"}


def test_the_example_shows_what_its_readme_says(told: Any) -> None:
    rows = re.findall(r"^\| (\S+[市县]) \| (\S+) \| (.+) \|$", SAID, re.MULTILINE)
    assert {county: VERDICTS[said] for county, said, _ in rows} == {
        report["county"]: report["verdict"] for report in told["reports"]
    }
    assert len(rows) == 4


def open_items(told: Any, county: str, level: str) -> dict[str, str]:
    (report,) = [it for it in told["reports"] if it["county"] == county]
    return {
        item["id"]: item["status"]
        for item in report["items"]
        if item["level"] == level and item["status"] in ("fail", "missing", "review")
    }


@pytest.mark.parametrize(
    ("county", "binding", "expected"),
    [
        ("怀仁市", {}, {"11": "fail", "21": "review", "B3": "missing"}),
        ("山阴县", {"20": "fail", "23": "review", "33": "fail"}, {}),
        (
            "应县",
            {"14": "missing", "23": "review", "27": "missing", "39": "missing"},
            {"11": "missing"},
        ),
        ("右玉县", {}, {"9": "fail"}),
    ],
)
def test_what_is_open_in_each_county(
    told: Any, county: str, binding: dict[str, str], expected: dict[str, str]
) -> None:
    assert open_items(told, county, "binding") == binding
    assert open_items(told, county, "expected") == expected


def test_the_waiver_in_force_is_shown() -> None:
    said = run("validate", "data/应县", "--format=plain", cwd=DATA_REPO).out
    actions, waived = said.split("需要处理的事项\n")[1].split("已豁免的事项\n")
    assert "14.5 传统媒体宣传渠道" in actions
    assert "23.1" not in actions
    assert "23.1 物流配送中心建筑面积" in waived
    assert "2027-12-31" in waived
    later = run("validate", "data/应县", "--format=plain", "--today=2028-01-01", cwd=DATA_REPO)
    assert "已豁免的事项" not in later.out
    assert later.err.count("W201") == 2


@pytest.mark.parametrize(
    ("number", "codes"), [(0, [1]), (1, [0, 1])], ids=["first block", "second block"]
)
def test_the_example_s_commands_end_as_its_readme_says(number: int, codes: list[int]) -> None:
    block = re.findall(r"^```sh\n(.+?)^```$", SAID, re.MULTILINE | re.DOTALL)[number]
    lines = [shlex.split(line) for line in block.splitlines()]
    assert all(line[0] == "etown-check" for line in lines)
    assert [run(*line[1:], cwd=DATA_REPO).code for line in lines] == codes


@pytest.mark.parametrize("path", DATA_FILES, ids=lambda path: path.stem)
def test_data_files_of_the_example(standard: Standard, path: Path) -> None:
    text = path.read_text("utf-8")
    assert "示意" in text
    assert "llustrative" in text
    # The city's file holds it, and the schema's place is for each to say.
    assert "参考数据:" not in text
    assert "$schema" not in text
    jsonschema.validate(
        editor_view(text), data_file_schema(standard, "zh"), cls=jsonschema.Draft202012Validator
    )
    done = run("validate", path.relative_to(DATA_REPO), "--format=json", cwd=DATA_REPO)
    assert done.code in (0, 1, 4)
    assert done.json["errors"] == []


def test_the_example_s_evidence_is_small_and_marked() -> None:
    files = [path for path in DATA_REPO.glob("data/*/佐证/*") if path.is_file()]
    assert len(files) == 9
    for path in files:
        assert path.stat().st_size < 1_000
        assert "示" in path.read_text("utf-8")


def test_every_county_is_there() -> None:
    assert {path.parent.name for path in DATA_FILES} == {"怀仁市", "山阴县", "应县", "右玉县"}


def test_the_example_names_a_schema_that_editors_can_be_given(repo: Path) -> None:
    assert "etown-check schema --output schema.zh.json" in SAID
    assert "$schema=../../schema.zh.json" in SAID
    assert run("schema", "--output", "schema.zh.json", cwd=repo).code == 0
    assert (repo / HUAIREN.parent / "../../schema.zh.json").is_file()


# The guide


def test_links_of_the_guide_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", GUIDE)
    assert targets
    for target in targets:
        assert target.startswith("http") or (ROOT / "docs" / target).exists(), target


def first_column(heading: str) -> set[str]:
    """Return the code words in the first column of the tables under a heading of the guide."""
    part = GUIDE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (.+?) \|", part, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


def test_the_guide_names_every_key_format_and_input() -> None:
    assert first_column("Configuration") == set(KEYS)
    assert first_column("Anywhere else") == set(REPORTERS)
    assert first_column("GitHub") == set(ACTION["inputs"]) | set(ACTION["outputs"])


def commands_of_the_guide() -> list[str]:
    blocks = re.findall(r"^```sh\n(.+?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if " pip " not in line]


@needs_bash
@needs_git
def test_commands_of_the_guide_work_as_given(repo: Path) -> None:
    commit_all(repo)
    git(repo, "switch", "--quiet", "--create=work")
    change(repo / SHANYIN, "就业目标: 300人", "就业目标: 310人")
    lines = commands_of_the_guide()
    assert len(lines) >= 8
    environment = surroundings(
        PATH=os.pathsep.join([str(Path(COMMAND).parent), os.environ["PATH"]])
    )
    for line in lines:
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=repo,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1, 4), f"{line}\n{done.stdout}{done.stderr}"


def test_waivers_of_the_guide_are_waivers(repo: Path) -> None:
    block = re.search(r"^```yaml\n(豁免:.+?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert block is not None
    (repo / "waivers.yaml").write_text(block[1], "utf-8")
    done = run("validate", "data/应县", "--format=plain", cwd=repo)
    assert done.err == ""
    assert "建成前租用460平方米" in done.out
