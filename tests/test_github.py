"""The GitHub format, read as GitHub's runner reads a job's output."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pytest

from etown_check.problems import Position, Problem
from etown_check.report import LEVELS, STATUSES, Run, Style, Waiver
from etown_check.reporters import reporter
from etown_check.reporters.findings import findings
from etown_check.words import CATALOGUE, Text, render, say
from tests.test_reporters import ANNEX_AND_BODY, HOSTILE, examples, run_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from etown_check.report import Report
    from etown_check.standard import Standard

NAMES = ("huairen", "shanyin", "yingxian", "youyu")
ATTACKS = [
    *HOSTILE,
    "::set-output name=x::y",
    "  ::error::x",
    "\n::error::x",
    "\r\n::stop-commands::x",
    "x ##[error]y",
    "##[add-path]/tmp",
    "%0A::error::x",
    "##%5Berror]x",
    "::\ufe0ferror::x",
    ":\u034f:error::x",
    "\ufe0f::error::x",
    "\u3000::error::x",
    "#\u3164#\ufe01[error]x",
    "a,b=c:d%2C",
]


# What the runner does


class Command(NamedTuple):
    name: str
    properties: Mapping[str, str]
    message: str


KNOWN = {"error", "warning", "notice", "set-output", "stop-commands", "add-path", "debug", "group"}
# What a comparison by the rules of a language passes over.
IGNORED = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b-\u200f\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]"
)


def command(line: str) -> Command | None:
    """Read a line as the runner does: the present form at its start, else the old one anywhere."""
    line = IGNORED.sub("", line)
    present = re.match(r"\s*::(.*?)::(.*)", line)
    if present and (found := _command(present[1], ",", present[2])):
        return found
    old = re.search(r"##\[([^\]]*)\](.*)", line)
    return _command(old[1], ";", old[2]) if old else None


def _command(head: str, comma: str, message: str) -> Command | None:
    name, _, listed = head.partition(" ")
    if name not in KNOWN:
        return None
    pairs = (pair.split("=", 1) for pair in listed.strip().split(comma) if "=" in pair)
    return Command(name, {key: unescaped(value) for key, value in pairs}, unescaped(message))


def unescaped(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def commands(text: str) -> list[Command]:
    return [found for line in re.split(r"[\r\n]+", text) if (found := command(line))]


def log(text: str) -> list[str]:
    return [line for line in text.splitlines() if command(line) is None]


def github(run: Run, style: Style | None = None) -> str:
    return reporter("github")(run, style or Style())


def counts_of(lines: Iterable[str], lang: str) -> Iterator[dict[str, dict[str, int]]]:
    """Read back the counts that a readable report shows, a pair of lines for each file."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        for level in LEVELS:
            name = render(say(level), lang)
            form = rf"(\d+) {name}: (.*)" if lang == "en" else rf"{name} (\d+) 项：(.*)"
            match = re.search(form, line)
            if match is None:
                continue
            counts = dict.fromkeys(STATUSES, 0)
            for part in re.split(", |、", match[2]):
                words, _, number = part.rpartition(" ")
                for status in STATUSES:
                    if words == render(CATALOGUE[status], lang):
                        counts[status] = int(number)
            assert sum(counts.values()) == int(match[1])
            found[level] = counts
            if len(found) == len(LEVELS):
                yield found
                found = {}


def waived(report: Report, *ids: str, text: str = "朔商函〔2023〕18号") -> Report:
    """Return `report` with a waiver for each of the checks `ids`."""
    waiver = Waiver(
        "waivers.yaml",
        Position(2, 5),
        "23.1",
        report.town,
        text,
        text,
        text,
        date(2023, 8, 1),
        date(2024, 6, 30),
    )
    items = []
    for item in report.items:
        checks = tuple(it._replace(waiver=waiver) if it.id in ids else it for it in item.checks)
        is_waived = any(it.waiver for it in checks)
        items.append(item._replace(checks=checks, is_waived=is_waived))
    return report._replace(items=tuple(items))


def held(report: Report, *worse: str) -> Report:
    """Return `report` held against a baseline in which only the checks `worse` stood better."""
    items = []
    for item in report.items:
        checks = tuple(
            it._replace(before="pass" if it.id in worse else it.standing) for it in item.checks
        )
        is_worse = any(check.id in worse for check in checks)
        items.append(item._replace(before="pass" if is_worse else item.standing, checks=checks))
    return report._replace(items=tuple(items))


def hostile_run(standard: Standard, report: Report, text: str) -> Run:
    """Return a run whose every word that is not the tool's own is `text`."""
    both = Text(text, text)
    reason = say("not_met", declared=text, required=text)
    items = []
    for item in report.items:
        checks = tuple(
            check._replace(
                judgement=check.judgement._replace(
                    name=both,
                    quote=text,
                    reasons=(reason,) if check.reasons else (),
                    declared=text,
                    required=text,
                    remarks=(both,),
                    advice=say("declare", section=text, snippet=text) if check.advice else None,
                ),
            )
            for check in item.checks
        )
        items.append(item._replace(name=both, where=text, checks=checks))
    doubts = tuple(
        doubt._replace(message=say("doubt_repeated", metric=text, name=text))
        for doubt in report.doubts
    )
    one = report._replace(
        path=f"{text}.yaml", town=text, county=text, items=tuple(items), doubts=doubts
    )
    open_ids = [check.id for item in one.items for check in item.checks if check.is_open]
    one = waived(one, open_ids[0], text=text)
    mistakes = tuple(
        Problem(f"{text}.yml", Position(3, 2), code, args, (text,), 4, text)
        for code, args in (
            ("E501", {"key": text}),
            ("E301", {"key": text, "where": text, "known": text}),
        )
    )
    return run_of(standard, [one], *mistakes)


# The tests


@pytest.fixture(scope="module")
def run(standard: Standard) -> Run:
    return run_of(standard, examples(standard, *NAMES))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_command_says_what_the_finding_says(standard: Standard, lang: str) -> None:
    bad = Problem(
        "examples/b,a:d%.yaml", Position(3, 5), "E501", {"key": "总产直"}, ("总产值",), 8, "x"
    )
    run = run_of(standard, examples(standard, "shanyin"), bad)
    style = Style(lang=lang)
    told = commands(github(run, style))
    by_title = {(it.title, it.path, it.message): it for it in findings(run, style)}
    assert len({it.name for it in told}) == 3
    for it in told:
        finding = by_title[it.properties["title"], it.properties["file"], it.message]
        line = finding.position and str(finding.position.line)
        assert it.properties.get("line") == line
        column = finding.position and str(finding.position.column)
        assert it.properties.get("col") == column
        names = {"error": "error", "warning": "warning", "note": "notice"}
        assert it.name == names[finding.severity]
    assert told[0].properties["file"] == "examples/b,a:d%.yaml"
    # Columns 5 to 7 are wrong; GitHub counts the last one in.
    assert (told[0].properties["col"], told[0].properties["endColumn"]) == ("5", "7")
    raw = github(run, style).splitlines()[0]
    assert "file=examples/b%2Ca%3Ad%25.yaml," in raw


def test_at_most_ten_of_a_kind_are_annotated_and_the_rest_is_told(run: Run) -> None:
    text = github(run)
    told = commands(text)
    found = list(findings(run, Style()))
    words = {"error": "错误", "warning": "警告", "note": "提示"}
    for severity, name in (("error", "error"), ("warning", "warning"), ("note", "notice")):
        of_kind = [it for it in found if it.severity == severity]
        shown = [it for it in told if it.name == name]
        assert len(shown) == min(10, len(of_kind))
        rest = [line for line in log(text) if re.match(rf"另有 \d+ 处{words[severity]}", line)]
        if len(of_kind) > 10:
            assert [int(re.findall(r"\d+", line)[0]) for line in rest] == [len(of_kind) - 10]
        else:
            assert rest == []
    assert sum(it.name == "notice" for it in told) == 10
    assert sum(it.name == "error" for it in told) == 10
    # Each check that is open is either annotated or named in the log.
    lines = "\n".join([*log(text), *(it.properties["title"] for it in told)])
    for it in found:
        if it.check:
            assert it.title in lines


def test_the_gravest_come_first(standard: Standard) -> None:
    bad = [Problem("b.yaml", Position(n, 1), "E501", {"key": f"k{n}"}) for n in range(1, 4)]
    run = run_of(standard, examples(standard, "youyu", "yingxian"), *bad)
    told = commands(github(run))
    errors = [it.properties["title"] for it in told if it.name == "error"]
    assert errors[:3] == ["错误 E501"] * 3
    assert all("不达标（约束性）" in it for it in errors[3:])
    notices = [it.properties["title"] for it in told if it.name == "notice"]
    assert all("未申报（约束性）" in it for it in notices)
    one = run_of(standard, examples(standard, "shanyin", parts=ANNEX_AND_BODY))
    notices = [it.properties["title"] for it in commands(github(one)) if it.name == "notice"]
    assert "需人工核定（约束性）" in notices[0]
    assert notices[-1].startswith("D")


def test_every_mistake_is_told(standard: Standard) -> None:
    bad = [
        Problem(f"b{n}.yaml", Position(n, 1), "E501", {"key": f"k{n}"}, (), 2, "x")
        for n in range(1, 26)
    ]
    text = github(Run("0.0.0", None, ("b.yaml",), (), tuple(bad), ()))
    assert len(commands(text)) == 10
    for n in range(1, 26):
        told = [line for line in text.splitlines() if f"b{n}.yaml" in line]
        assert len(told) == 1
        assert f"k{n}" in told[0]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_begins_a_command(standard: Standard, attack: str, lang: str) -> None:
    (report,) = examples(standard, "shanyin")
    attacked, plain = (hostile_run(standard, report, text) for text in (attack, "x"))
    for is_read in (True, False):
        if not is_read:
            attacked, plain = (run._replace(reports=(), standard=None) for run in (attacked, plain))
        told, expected = (github(run, Style(lang=lang)) for run in (attacked, plain))
        assert len(told.splitlines()) == len(expected.splitlines())
        found, wanted = commands(told), commands(expected)
        assert [it.name for it in found] == [it.name for it in wanted]
        assert [[*it.properties] for it in found] == [[*it.properties] for it in wanted]
        assert not any("::" in line for line in log(told))
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e]", told)


@pytest.mark.parametrize("line", ["##[error]x", "a ##[error]x", " ::error::x", ":\ufe0f:error::x"])
def test_the_runner_of_these_tests_obeys_commands(line: str) -> None:
    assert command(line) == ("error", {}, "x")


def test_what_is_made_harmless_is_still_to_be_seen(standard: Standard) -> None:
    (report,) = examples(standard, "shanyin")
    text = github(hostile_run(standard, report, "::error::a ##[error]b"))
    assert ":\\x3aerror:\\x3aa ##\\x5berror]b" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_counts_are_the_reports(run: Run, lang: str) -> None:
    found = list(counts_of(log(github(run, Style(lang=lang))), lang))
    assert found == [report.counts for report in run.reports]


def test_what_is_waived_is_in_the_log_alone(standard: Standard) -> None:
    (report,) = examples(standard, "shanyin", parts=ANNEX_AND_BODY)
    before = commands(github(run_of(standard, [report])))
    run = run_of(standard, [waived(report, "23.1", "9.1")])
    text = github(run)
    assert {"23.1", "9.1"} <= {it.properties["title"].split()[0] for it in before}
    left = {it.properties["title"].split()[0] for it in commands(text)}
    assert left.isdisjoint({"23.1", "9.1"})
    lines = [line for line in log(text) if "朔商函〔2023〕18号" in line]
    assert [line.split()[0] for line in lines] == ["9.1", "23.1"]
    assert all("2024-06-30" in line for line in lines)


def test_baseline(standard: Standard) -> None:
    (report,) = examples(standard, "shanyin")
    run = run_of(standard, [held(report, "33.1")])._replace(baseline="old.json")
    text = github(run)
    errors = [it for it in commands(text) if it.name == "error"]
    assert [it.properties["title"].split()[0] for it in errors] == ["33.1"]
    assert "与基线相比变差 1 项：33。" in log(text)
    (report,) = examples(standard, "yingxian")
    known = run._replace(reports=(held(report, "1.2", "4.1"),))
    titles = [it.properties["title"].split()[0] for it in commands(github(known))]
    assert titles[1:4] == ["1.2", "4.1", "7.1"]  # behind the warning about a file


def test_several_files_and_one_that_cannot_be_read(standard: Standard) -> None:
    bad = Problem("examples/bad.yaml", Position(3, 5), "E501", {"key": "总产直"})
    run = run_of(standard, examples(standard, "huairen", "youyu"), bad)
    lines = log(github(run))
    assert "examples/bad.yaml  无法读取（1 处错误）" in lines
    assert lines[-1] == "合计: 3 个文件：达标 1、不达标 1、无法读取 1"
    assert lines.count("结论: 不达标") == 1
    one = log(github(run_of(standard, examples(standard, "huairen"))))
    assert not any(line.startswith("合计") for line in one)


def test_nothing_but_a_mistake() -> None:
    run = Run("0.0.0", None, (), (), (Problem("", None, "E110", {}),), ())
    (told,) = commands(github(run, Style(lang="en")))
    assert told.name == "error"
    assert set(told.properties) == {"title"}
    piped = Problem("-", Position(1, 1), "E106", {})
    (told,) = commands(github(run._replace(problems=(piped,))))
    assert "file" not in told.properties


def test_unchanged_files_are_counted(run: Run) -> None:
    assert log(github(run._replace(unchanged=3)))[-1].startswith("另有 3 个数据文件没有改动")
