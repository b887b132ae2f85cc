"""All formats of one run: what they count is the same, and `--report` writes several at once."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from etown_check.report import LEVELS, STATUSES
from etown_check.reporters import REPORTERS
from etown_check.words import render, say
from tests.command import Ran, in_terminal, run
from tests.repository import HUAIREN, SHANYIN, TODAY, YINGXIAN, change, data_repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Counts = dict[str, dict[str, dict[str, int]]]
"""By town, level and status; how many are waived stands beside the statuses."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data_repository(tmp_path_factory.mktemp("formats"))


def counts(found: dict[str, dict[str, Counter[str]]]) -> Counts:
    keys = (*STATUSES, "waived")
    return {
        town: {level: {key: levels[level][key] for key in keys} for level in LEVELS}
        for town, levels in found.items()
    }


# Reading the counts back out of each format


def of_json(text: str) -> Counts:
    return {
        report["town"]: {
            level: {**report["counts"][level], "waived": report["waived"][level]}
            for level in LEVELS
        }
        for report in json.loads(text)["reports"]
    }


def of_lines(text: str) -> Counts:
    """Read what readable reports say: the town in one line, the counts in the next ones."""
    words = {render(say(status), "zh"): status for status in STATUSES}
    found: dict[str, dict[str, Counter[str]]] = {}
    town = ""
    for line in text.splitlines():
        heading = re.search(r" · (\S+e镇) · ", line)
        if heading:
            town = heading[1]
            found[town] = {level: Counter() for level in LEVELS}
        said = re.search(r"(约束性|期望性) (\d+) 项：(.*)", line)
        if not said:
            continue
        level = {"约束性": "binding", "期望性": "expected"}[said[1]]
        waived = re.search("、其中豁免 ([0-9]+)", said[3])
        found[town][level]["waived"] = int(waived[1]) if waived else 0
        for part in said[3].partition("、其中")[0].split("、"):
            word, number = part.rstrip(" │").split(" ")
            found[town][level][words[word]] = int(number)
        assert sum(found[town][level][it] for it in STATUSES) == int(said[2])
    return counts(found)


def rolled_up(checks: dict[str, dict[str, list[tuple[str, bool]]]]) -> dict[str, Counter[str]]:
    """Roll checks up to items, by level: of each item its checks' statuses and who is waived."""
    order = ("fail", "missing", "review", "pass", "not_due", "not_applicable")
    found = {level: Counter[str]() for level in LEVELS}
    for level, items in checks.items():
        for statuses in items.values():
            said = {status for status, _ in statuses}
            found[level][next(status for status in order if status in said)] += 1
            left = {status for status, is_waived in statuses if not is_waived}
            is_open = not left.isdisjoint(order[:3])
            found[level]["waived"] += any(is_waived for _, is_waived in statuses) and not is_open
    return found


def of_json_lines(text: str) -> Counts:
    lines = [json.loads(line) for line in text.splitlines()]
    return of_json(json.dumps({"reports": [one for line in lines for one in line["reports"]]}))


def of_sarif(text: str) -> Counts:
    """Roll up the results; none but the checks' own statuses is used."""
    (sarif,) = json.loads(text)["runs"]
    rules = sarif["tool"]["driver"]["rules"]
    kinds = {"fail": "fail", "open": "missing", "review": "review", "pass": "pass"}
    towns: dict[str, dict[str, dict[str, list[tuple[str, bool]]]]] = {}
    for result in sarif["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        if rule["id"].startswith("D"):
            continue
        level, town, item = (
            rule["properties"]["tags"][0],
            result["properties"]["town"],
            result["properties"]["item"],
        )
        status = kinds.get(result["kind"]) or result["properties"]["status"]
        place = towns.setdefault(town, {it: {} for it in LEVELS})[level].setdefault(item, [])
        place.append((status, bool(result["suppressions"])))
    return counts({town: rolled_up(checks) for town, checks in towns.items()})


def of_junit(text: str) -> Counts:
    found: dict[str, dict[str, Counter[str]]] = {}
    levels = levels_of_items()
    for suite in etree.fromstring(text.encode()).iter("testsuite"):
        facts = {it.get("name"): it.get("value") for it in suite.iter("property")}
        if "town" not in facts:
            continue  # what is told of no town: of waivers, or of a file that cannot be read
        town = found[str(facts["town"])] = {level: Counter() for level in LEVELS}
        for case in suite.iter("testcase"):
            level = levels[str(case.get("name")).partition(" ")[0]]
            failure, skipped = case.find("failure"), case.find("skipped")
            if failure is not None:
                town[level]["fail"] += 1
            elif skipped is None:
                town[level]["pass"] += 1
            elif skipped.get("type") == "waived":
                town[level]["waived"] += 1
                status = str(skipped.get("message")).partition("（豁免）")[0]
                words = {render(say(status), "zh"): status for status in STATUSES}
                town[level][words[status]] += 1
            else:
                town[level][str(skipped.get("type"))] += 1
        # What the suite says of itself is the same once more.
        for level in LEVELS:
            for key in (*STATUSES, "waived"):
                assert facts[f"{level}.{key}"] == str(town[level][key]), (level, key)
    return counts(found)


def levels_of_items() -> dict[str, str]:
    from etown_check.store import load_standard

    return {item.id: item.level for item in load_standard("shuozhou-2022").items}


READERS: dict[str, Callable[[str], Counts]] = {
    "json": of_json,
    "jsonl": of_json_lines,
    "plain": of_lines,
    "markdown": of_lines,
    "github": of_lines,
    "sarif": of_sarif,
    "junit": of_junit,
}


def test_counts_are_the_same_in_every_format(repository: Path) -> None:
    args = ("validate", ".", "--today", TODAY, "--sarif-passes", "--format")
    said = {format: run(*args, format, cwd=repository).out for format in REPORTERS}
    wanted = of_json(said["json"])
    assert sum(levels["binding"]["waived"] for levels in wanted.values()) == 1
    assert {sum(levels["binding"][it] for it in STATUSES) for levels in wanted.values()} == {30}
    for format, read in READERS.items():
        assert read(said[format]) == wanted, format
    # The terminal breaks its lines where they are full, and GitLab is told of findings alone.
    shown = in_terminal("validate", str(repository), "--today", TODAY, columns=160, NO_COLOR="1")
    assert of_lines(shown) == wanted
    assert set(READERS) | {"terminal", "gitlab"} == set(REPORTERS)
    of_gitlab(said["gitlab"], json.loads(said["json"]))


def of_gitlab(text: str, document: Any) -> None:
    """Hold the findings of GitLab's report against what is open, file by file."""
    found = Counter(
        (one["location"]["path"], one["check_name"])
        for one in json.loads(text)
        if not re.match("[DEW]", one["check_name"])
    )
    wanted = Counter(
        (report["path"], check["id"])
        for report in document["reports"]
        for item in report["items"]
        for check in item["checks"]
        if check["status"] in ("fail", "missing", "review")
    )
    assert found == wanted
    doubts = [one for one in json.loads(text) if one["check_name"].startswith("D")]
    assert len(doubts) == sum(len(report["doubts"]) for report in document["reports"])


@pytest.mark.parametrize("path", [HUAIREN, SHANYIN, YINGXIAN])
def test_the_format_never_changes_the_code(repository: Path, path: str) -> None:
    codes = {
        run("validate", path, "--today", TODAY, "--format", format, cwd=repository).code
        for format in REPORTERS
    }
    assert codes == {{HUAIREN: 0, SHANYIN: 1, YINGXIAN: 4}[path]}


# Several at once


def test_each_report_goes_to_its_own_file(repository: Path, tmp_path: Path) -> None:
    reports = [f"--report={format}={tmp_path / format}.out" for format in REPORTERS]
    ran = run("validate", ".", "--today", TODAY, *reports, cwd=repository, COLUMNS="120")
    alone = run("validate", ".", "--today", TODAY, cwd=repository, COLUMNS="120")
    assert (ran.code, ran.out, ran.err) == (alone.code, alone.out, alone.err)
    for format in REPORTERS:
        args = ("validate", ".", "--today", TODAY, "--format", format)
        said = run(*args, cwd=repository, COLUMNS="120").out
        assert (tmp_path / f"{format}.out").read_text("utf-8") == said, format


def test_reports_are_not_overwritten_unasked(repository: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.xml"
    taken.write_text("mine", "utf-8")
    args = ("validate", HUAIREN, "--report", f"sarif={tmp_path / 'new.sarif'}")
    ran = run(*args, "--report", f"junit={taken}", cwd=repository)
    assert (ran.code, ran.out) == (2, "")
    assert taken.read_text("utf-8") == "mine"
    assert not (tmp_path / "new.sarif").exists()
    assert run(*args, "--report", f"junit={taken}", "--force", cwd=repository).code == 0
    assert taken.read_text("utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--report", "yaml=x"], "“yaml”"),
        (["--report", "serif=x"], "“sarif”"),
        (["--report", "sarif"], "格式=文件"),
        (["--report", "sarif="], "格式=文件"),
        (["--report", "sarif=-"], "--format"),
        (["--report", "sarif=x", "--report", "json=x"], "两次"),
        (["--report", "sarif=x", "--output", "x"], "两次"),
        (["--report", "sarif=没有/x"], "无法写入"),
    ],
)
def test_what_a_report_cannot_be(repository: Path, args: list[str], words: str) -> None:
    ran = run("validate", HUAIREN, *args, cwd=repository)
    assert (ran.code, words in ran.err) == (2, True), ran.err
    assert not (repository / "x").exists()


# In a job of GitHub's


def test_the_summary_is_added_to(repository: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# 之前的\n", "utf-8")
    args = ("validate", HUAIREN, "--today", TODAY)

    def in_job(*more: str) -> Ran:
        return run(*args, *more, cwd=repository, GITHUB_STEP_SUMMARY=str(summary))

    in_job()
    assert summary.read_text("utf-8") == "# 之前的\n"  # a plain report is no job's
    assert in_job("--format", "github").code == 0
    markdown = run(*args, "--format", "markdown", cwd=repository).out
    assert summary.read_text("utf-8") == f"# 之前的\n{markdown}"
    in_job("--report", f"github={tmp_path / 'log'}")
    assert summary.read_text("utf-8") == f"# 之前的\n{markdown}{markdown}"
    broken = run(*args, "-f", "github", cwd=repository, GITHUB_STEP_SUMMARY=str(tmp_path))
    assert broken.code == 2
    assert "无法写入" in broken.err


def test_nothing_that_is_said_is_taken_for_a_command(repository: Path, tmp_path: Path) -> None:
    """Neither in the github format nor in what goes to standard error beside another one."""
    place = data_repository(tmp_path)
    hostile = place / "data" / "::stop-commands::x.yaml"
    hostile.write_text("标准: shuozhou-2022\n##[error]x： 1\n", "utf-8")
    change(place / HUAIREN, "资金奖励办法:", "资金奖励办法: '##[add-mask]x' #")
    for format in ("github", "plain", "terminal"):
        ran = run("validate", ".", "--format", format, cwd=place, GITHUB_ACTIONS="true")
        assert ran.code == 3
        for line in (ran.out + ran.err).splitlines():
            assert "##[" not in line
            begins = line.strip().startswith("::")
            assert not begins or re.match(r"::(error|warning|notice) ", line), line
    new = place / "data" / "怀仁市" / "新.yaml"
    text = (place / HUAIREN).read_text("utf-8")
    new.write_text(text.replace("##[add-mask]x", "##[error]y"), "utf-8")
    ran = run("diff", HUAIREN, new, cwd=place, GITHUB_ACTIONS="true")
    assert (ran.code, "add-mask]x" in ran.out, "##[" in ran.out) == (0, True, False)
    bad = place / "waivers.yaml"
    bad.write_text("x##[error]x: 1\n", "utf-8")
    ran = run("validate", ".", "--format", "github", cwd=place, GITHUB_ACTIONS="true")
    assert ran.code == 2
    assert "##[" not in ran.err


# Paths as the repository knows them


def test_paths_are_those_of_the_repository(repository: Path) -> None:
    (repository / ".git").mkdir(exist_ok=True)
    try:
        inside = repository / "data" / "怀仁市"
        for path in ("陶瓷e镇.yaml", str(repository / HUAIREN), "./陶瓷e镇.yaml"):
            sarif = run("validate", path, "-f", "sarif", "--today", TODAY, cwd=inside).json
            (artifact,) = sarif["runs"][0]["artifacts"]
            assert artifact["location"]["uri"] == (
                "data/%E6%80%80%E4%BB%81%E5%B8%82/%E9%99%B6%E7%93%B7e%E9%95%87.yaml"
            )
            gitlab = run("validate", path, "-f", "gitlab", cwd=inside).json
            assert {one["location"]["path"] for one in gitlab} == {HUAIREN, "waivers.yaml"}
    finally:
        (repository / ".git").rmdir()
