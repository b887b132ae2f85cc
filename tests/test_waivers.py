"""Waivers: what may be waived, when they run, what they change, and that every report shows them."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from etown_check.engine import evaluate
from etown_check.keys import WAIVER_KEYS
from etown_check.problems import ConfigurationError, Position, Problem
from etown_check.report import Report, Waiver
from etown_check.reporters import REPORTERS
from etown_check.waivers import doubtful, excused, in_force, load_waivers, open_by, today
from tests.command import COMMAND, environment, in_terminal, run
from tests.conftest import submit
from tests.repository import TODAY, YINGXIAN, YOUYU, change, data_repository

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.report import CheckResult, ItemResult
    from etown_check.standard import Standard

ENTRY = {
    "item": "23.1",
    "town": "怀仁市陶瓷e镇",
    "reason": "理由",
    "approver": "王五",
    "document": "文号",
    "approved_on": "2023-08-01",
    "expires_on": "2024-06-30",
}
DAY = date(2024, 1, 1)


def written(folder: Path, *entries: dict[str, str | None], chinese: bool = True) -> str:
    """Write a file of waivers and return its path. `None` leaves a key out."""
    lines = ["豁免:" if chinese else "waivers:"]
    for entry in entries:
        given = {**ENTRY, **entry}
        keys = WAIVER_KEYS if chinese else {key: key for key in WAIVER_KEYS}
        kept = [f"{keys.get(key, key)}: {it}" for key, it in given.items() if it is not None]
        lines += [f"  - {kept[0]}", *(f"    {line}" for line in kept[1:])]
    path = folder / "waivers.yaml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


def problems(path: str, standard: Standard) -> list[Problem]:
    with pytest.raises(ConfigurationError) as caught:
        load_waivers(path, standard)
    return caught.value.problems


# Reading


@pytest.mark.parametrize("chinese", [True, False])
def test_waivers_are_read_in_either_language(
    tmp_path: Path, standard: Standard, chinese: bool
) -> None:
    path = written(tmp_path, {}, {"item": "４", "town": "应县"}, chinese=chinese)
    first, second = load_waivers(path, standard)
    assert first == waiver(path=path)
    assert (second.subject, second.town) == ("4", "应县木塔鲜生乡村e镇")
    assert second.position == Position(9, 5)


@pytest.mark.parametrize("text", ["", "# 暂无\n", "豁免:\n", "豁免: []\n", "waivers: ~\n"])
def test_there_may_be_none(tmp_path: Path, standard: Standard, text: str) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(text, "utf-8")
    assert load_waivers(str(path), standard) == ()


EXPECTED_ITEMS = {"4", "9", "10", "11", "17", "21", "24", "25", "26", "28", "38", "B3"}
EXPECTED_ITEMS |= {"M8", "I4"}


def test_what_may_be_waived(tmp_path: Path, standard: Standard) -> None:
    """Expected items with all their checks, and the one check that 原则上 softens; no other."""
    may = EXPECTED_ITEMS | {"23.1"}
    may |= {check.id for item, check in standard.checks if item.id in EXPECTED_ITEMS}
    ids = [id for item, check in standard.checks for id in (item.id, check.id)]
    refused = set()
    for id in dict.fromkeys(ids):
        path = written(tmp_path, {"item": id})
        if id in may:
            assert load_waivers(path, standard)[0].subject == id
        else:
            refused |= {(it.code, it.args["item"]) for it in problems(path, standard)}
    assert refused == {("E712", id) for id in ids if id not in may}


def test_of_a_binding_item_the_check_that_may_be_waived_is_offered(
    tmp_path: Path, standard: Standard
) -> None:
    (problem,) = problems(written(tmp_path, {"item": "23"}), standard)
    assert problem.close == ("23.1",)
    assert problem.hint("zh").endswith("：23.1。")
    assert problem.position == Position(2, 9)


@pytest.mark.parametrize(
    ("entry", "code", "position"),
    [
        ({"item": "40"}, "E711", (2, 9)),
        ({"item": "23.9"}, "E711", (2, 9)),
        ({"item": None}, "E303", (2, 5)),
        ({"reason": None}, "E303", (2, 5)),
        ({"approver": ""}, "E309", None),
        ({"document": "~"}, "E309", None),
        ({"document": "[a]"}, "E306", (6, 9)),
        ({"town": "朔城区某镇"}, "E713", (3, 11)),
        ({"approved_on": "2023-02-30"}, "E404", (7, 11)),
        ({"expires_on": "年底"}, "E404", (8, 11)),
        ({"expires_on": "2023-07-31"}, "E714", (8, 11)),
        ({"批准": "王五"}, "E301", (9, 5)),
        ({"批准人": "王五"}, "E302", (9, 5)),
    ],
)
def test_each_mistake_has_its_place(
    tmp_path: Path,
    standard: Standard,
    entry: dict[str, str | None],
    code: str,
    position: tuple[int, int] | None,
) -> None:
    (problem,) = problems(written(tmp_path, entry), standard)
    assert problem.code == code
    assert problem.line is not None
    if position is not None:
        assert problem.position == Position(*position)


def test_all_mistakes_are_told_at_once(tmp_path: Path, standard: Standard) -> None:
    path = written(tmp_path, {"item": "5", "town": "某镇"}, {}, {"reason": None, "expires_on": "x"})
    assert [it.code for it in problems(path, standard)] == ["E712", "E713", "E303", "E404"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("豁免: 23.1\n", ["E307"]),
        ("豁免: [23.1]\n", ["E305"]),
        ("豁免:\n  - 项目：23.1\n", ["E221", *["E303"] * 6]),
        ("豁免：\n- 项目: 4\n  乡村e镇：应县\n  理由:x\n", ["E221", "E221", "E222", *["E303"] * 4]),
        ("免除: []\n", ["E301"]),
        ("豁免: [\n", ["E204"]),
        ("- 项目: 23.1\n", ["E308"]),
    ],
)
def test_what_is_no_list_of_waivers(
    tmp_path: Path, standard: Standard, text: str, codes: list[str]
) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(text, "utf-8")
    assert sorted(it.code for it in problems(str(path), standard)) == sorted(codes)


# Days


@pytest.mark.parametrize(
    ("day", "runs"),
    [
        (date(2023, 7, 31), False),
        (date(2023, 8, 1), True),
        (date(2024, 6, 30), True),
        (date(2024, 7, 1), False),
    ],
)
def test_the_first_and_the_last_day_count(
    tmp_path: Path, standard: Standard, day: date, runs: bool
) -> None:
    (waiver,) = load_waivers(written(tmp_path, {}), standard)
    assert in_force(waiver, day) is runs


@pytest.mark.parametrize(
    ("hour", "minute", "day"),
    [(15, 59, date(2024, 6, 30)), (16, 0, date(2024, 7, 1)), (23, 59, date(2024, 7, 1))],
)
def test_the_day_is_that_of_shanghai(hour: int, minute: int, day: date) -> None:
    """Of 2024-06-30 in UTC: the new day begins in Shanghai at 16:00."""
    assert today(datetime(2024, 6, 30, hour, minute, 59, tzinfo=UTC).timestamp()) == day


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"]
)
@pytest.mark.parametrize(
    ("now", "counted"), [("2024-06-30T15:59:59+00:00", 1), ("2024-06-30T16:00:00+00:00", 0)]
)
def test_the_machine_s_time_zone_changes_nothing(
    tmp_path: Path, zone: str, now: str, counted: int
) -> None:
    """Through the command, with a clock that stands still just before and at the end of the day."""
    repository = data_repository(tmp_path)
    change(repository / "waivers.yaml", "2027-12-31", "2024-06-30")
    stopped = tmp_path / "clock"
    stopped.mkdir()
    seconds = datetime.fromisoformat(now).timestamp()
    (stopped / "sitecustomize.py").write_text(
        f"import time\ntime.time = lambda: {seconds}\n", "utf-8"
    )
    ran = run("validate", YINGXIAN, "-f", "json", cwd=repository, TZ=zone, PYTHONPATH=str(stopped))
    assert ran.json["reports"][0]["waived"]["binding"] == counted


# What they change


def at(report: Report, id: str) -> tuple[ItemResult, CheckResult]:
    return next((item, check) for item in report.items for check in item.checks if check.id == id)


def waiver(**changes: Any) -> Waiver:
    made = Waiver(
        "w.yaml",
        Position(2, 5),
        "23.1",
        "怀仁市陶瓷e镇",
        "理由",
        "王五",
        "文号",
        date(2023, 8, 1),
        date(2024, 6, 30),
    )
    return made._replace(**changes)


def small_center(standard: Standard, **changes: str) -> Report:
    """Return a report in which nothing binding is open but the area of the logistics centre."""
    metrics = {"logistics_center_area": "420平方米", **changes}
    return evaluate(standard, submit(standard, metrics))


def test_a_waiver_leaves_the_status_and_lifts_the_verdict(standard: Standard) -> None:
    before = small_center(standard)
    assert before.verdict == "incomplete"
    after = excused(before, [waiver()], DAY)
    item, check = at(after, "23.1")
    assert (check.status, item.status, item.standing) == ("review", "review", "waived")
    assert check.waiver == waiver()
    assert after.verdict == "compliant"
    assert after.counts == before.counts
    assert (after.waived("binding"), after.waived("expected")) == (1, 0)


def test_what_is_not_waived_still_decides(standard: Standard) -> None:
    report = excused(small_center(standard, logistics_center_fitted="否"), [waiver()], DAY)
    item, _ = at(report, "23.1")
    assert (item.status, item.standing, report.verdict) == ("fail", "fail", "non_compliant")
    assert report.waived("binding") == 0


@pytest.mark.parametrize(
    "other",
    [
        waiver(town="应县木塔鲜生乡村e镇"),
        waiver(expires_on=date(2023, 12, 31)),
        waiver(approved_on=date(2024, 1, 2)),
        waiver(subject="4"),
    ],
)
def test_a_waiver_of_something_else_changes_nothing(standard: Standard, other: Waiver) -> None:
    before = small_center(standard)
    assert excused(before, [other], DAY) == before


def test_what_passes_needs_no_waiver(standard: Standard) -> None:
    before = evaluate(standard, submit(standard, {}))
    assert at(excused(before, [waiver()], DAY), "23.1")[1].waiver is None


def test_an_item_s_waiver_covers_its_checks(standard: Standard) -> None:
    changes = {"enterprise_info_rules": None, "statistics_system": "否"}
    report = evaluate(standard, submit(standard, changes))
    whole = excused(report, [waiver(subject="28")], DAY)
    assert {check.id for check in at(whole, "28.1")[0].checks if check.waiver} == {"28.1", "28.2"}
    assert at(whole, "28.1")[0].standing == "waived"
    part = excused(report, [waiver(subject="28.1")], DAY)
    assert at(part, "28.1")[0].standing == "fail"


def test_a_lack_of_assurance_is_waived_too(standard: Standard) -> None:
    report = evaluate(standard, submit(standard, {}), require="verified", only=["23.1"])
    assert report.verdict == "incomplete"
    after = excused(report, [waiver()], DAY)
    assert (after.verdict, at(after, "23.1")[0].standing) == ("compliant", "waived")


def test_of_several_the_one_that_runs_longest_is_shown(standard: Standard) -> None:
    longer = waiver(expires_on=date(2025, 6, 30))
    report = excused(small_center(standard), [waiver(), longer, waiver()], DAY)
    assert at(report, "23.1")[1].waiver == longer


# What is told of them


@pytest.mark.parametrize(
    ("changes", "day", "code"),
    [
        ({}, date(2024, 6, 30), None),
        ({}, date(2024, 7, 1), "W201"),
        ({}, date(2023, 7, 31), "W202"),
        ({}, date(2023, 8, 1), None),
        ({"subject": "4"}, DAY, "W203"),
        ({"subject": "4.1"}, DAY, "W203"),
        ({"town": "应县木塔鲜生乡村e镇"}, DAY, None),  # which this run is not about
        ({"subject": "4"}, date(2024, 7, 1), "W201"),
    ],
)
def test_expired_early_and_useless_ones_are_told(
    standard: Standard, changes: dict[str, Any], day: date, code: str | None
) -> None:
    one = waiver(**changes)
    told = doubtful([one], open_by([one], small_center(standard)), day)
    assert [it.code for it in told] == ([code] if code else [])
    assert all((it.path, it.position) == ("w.yaml", Position(2, 5)) for it in told)


def test_a_narrowed_run_does_not_call_the_rest_useless(standard: Standard) -> None:
    report = evaluate(standard, submit(standard, {}), only=["33"])
    one = waiver(subject="4")
    assert doubtful([one], open_by([one], report), DAY) == []


# Through the command


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return data_repository(tmp_path)


@pytest.mark.parametrize("format", REPORTERS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_report_says_who_and_until_when(repository: Path, format: str, lang: str) -> None:
    args = ("validate", YINGXIAN, "--format", format, "--lang", lang, "--today", TODAY)
    said = "".join(run(*args, cwd=repository, COLUMNS="160").out.split())
    for words in ("朔州市商务局", "朔商函〔2024〕12号", "2027-12-31", "物流园区二期"):
        assert words in said or words.encode("unicode_escape").decode() in said, words


def test_a_waiver_of_a_binding_item_ends_the_run_with_2(repository: Path) -> None:
    change(repository / "waivers.yaml", "项目: 23.1", "项目: 33")
    ran = run("validate", ".", cwd=repository)
    assert (ran.code, ran.out) == (2, "")
    assert "waivers.yaml:5:9: 错误 E712：33（总产值）是约束性的，不能豁免。" in ran.err


def test_the_verdict_follows_the_day(repository: Path) -> None:
    """The town lacks nothing but what is waived: the exit code changes when the waiver ends."""
    only = ("validate", YINGXIAN, "--only", "23", "-f", "json", "--today")
    codes = {
        day: run(*only, day, cwd=repository).code
        for day in ("2024-03-14", "2024-03-15", "2027-12-31", "2028-01-01")
    }
    assert list(codes.values()) == [4, 0, 0, 4]


def test_another_file_of_waivers_may_be_named(repository: Path, tmp_path: Path) -> None:
    other = written(tmp_path, {"item": "9", "town": "右玉县", "expires_on": "2099-12-31"})
    ran = run("validate", YOUYU, "-f", "json", "--waivers", other, cwd=repository)
    assert ran.json["reports"][0]["waived"] == {"binding": 0, "expected": 1}
    assert ran.json["warnings"] == []
    missing = run("validate", YOUYU, "--waivers", "none.yaml", cwd=repository)
    assert (missing.code, "E101" in missing.err) == (2, True)


def test_a_day_that_is_none_is_a_usage_error(repository: Path) -> None:
    ran = run("validate", YOUYU, "--today", "明天", cwd=repository)
    assert ran.code == 2
    assert "--today" in ran.err


def test_the_terminal_shows_them_apart(repository: Path) -> None:
    shown = in_terminal(
        "validate", str(repository / YINGXIAN), "--today", TODAY, columns=80, NO_COLOR="1"
    )
    assert "已豁免的事项" in shown
    assert "其中豁免1" in "".join(shown.replace("│", "").split())
    table, _, rest = shown.partition("需要处理的事项")
    assert "（豁免）" in table
    to_do, _, waived = rest.partition("已豁免的事项")
    assert "23.1" not in to_do
    assert "23.1" in waived


def test_explain_tells_what_may_be_waived() -> None:
    assert "可以豁免" in run("explain", "23.1").out
    assert "May be waived" in run("explain", "4", "--lang", "en").out
    assert "豁免" not in run("explain", "33").out


def test_the_present_day_is_used_unasked(repository: Path) -> None:
    """With no day given the clock decides: a waiver of yesterday's has expired."""
    yesterday = date.fromordinal(today(datetime.now(UTC).timestamp()).toordinal() - 1)
    change(repository / "waivers.yaml", "2027-12-31", yesterday.isoformat())
    done = subprocess.run(
        [COMMAND, "validate", YINGXIAN, "-q"],
        cwd=repository,
        env={**environment(repository), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.count("W201") == 2
