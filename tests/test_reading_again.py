"""What was read is remembered, and found again only where the same would be read once more."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from etown_check import declarations, plain_yaml, prescan, recalling
from etown_check.engine import evaluate
from etown_check.loading import read_submission, source_of
from etown_check.problems import InputError, Problem
from etown_check.reporters import json_report
from etown_check.submission import Submission
from tests.conftest import EXAMPLES
from tests.test_plain_yaml import files, towns

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.standard import Standard

HEAD = "标准: shuozhou-2022\n县: 怀仁市\n乡村e镇: 怀仁市陶瓷e镇\n数据截止日期: 2023-12-31\n"


def forget() -> None:
    """Forget all that may be known of other files."""
    plain_yaml._REMEMBERED.clear()
    prescan._CLEAN.clear()
    declarations._REMEMBERED.clear()
    recalling.JUDGES.clear()
    json_report._JUDGEMENTS["zh"].memory.clear()
    json_report._items_known.cache_clear()
    json_report._DOUBTS["zh"].memory.clear()
    json_report._REQUIRED.memory.clear()


Read = Submission | list[Problem]


def read(path: str, text: str, standard: Standard) -> Read:
    """Return what a data file says, or all that is wrong with it."""
    try:
        return read_submission(source_of(path, text.encode()), standard)
    except InputError as error:
        return [*error.problems, *error.warnings]


def afresh(path: str, text: str, standard: Standard) -> Read:
    forget()
    return read(path, text, standard)


def shuffled(text: str, chance: random.Random) -> str:
    """Return a text of which some lines are gone, twice there, in another place or cut short."""
    lines = text.split("\n")
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                del lines[at : at + 1]
            case 1:
                lines.insert(at, chance.choice(lines))
            case 2:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
            case _:
                lines[at] = chance.choice(lines)
        lines = lines or [""]
    return "\n".join(lines)


def test_what_was_read_before_changes_nothing(standard: Standard) -> None:
    """All files at hand, and what comes of the clean ones with a few lines changed."""
    chance = random.Random(8)
    clean = [*towns(6, months=3), *(path.read_text("utf-8") for path in EXAMPLES.glob("*.yaml"))]
    texts = [*files(), *clean, *(shuffled(text, chance) for text in clean * 12)]
    path = str(EXAMPLES / "huairen.yaml")
    expected = [afresh(path, text, standard) for text in texts]
    forget()
    refused = 0
    for text, found in zip(texts, expected, strict=True):
        assert read(path, text, standard) == found
        refused += isinstance(found, list)
    assert refused > 100  # and many are not:
    assert len(texts) - refused > 50


def test_reports_of_months_are_those_of_each_month_alone(standard: Standard) -> None:
    texts = towns(24, months=8)
    reports = []
    for text in texts:
        found = afresh("a.yaml", text, standard)
        assert isinstance(found, Submission)
        report = evaluate(standard, found)
        reports.append((report, json_report.report_json(report, "zh", "  ")))
    forget()
    for text, (report, json) in zip(texts, reports, strict=True):
        found = read("a.yaml", text, standard)
        assert isinstance(found, Submission)
        again = evaluate(standard, found)
        assert again == report
        assert json_report.report_json(again, "zh", "  ") == json
    judge = recalling.JUDGES.of(standard)
    assert len(judge.items) > len(standard.items)


def test_what_lies_around_is_looked_at_each_time(standard: Standard, tmp_path: Path) -> None:
    text = (
        f"{HEAD}指标:\n  电商公共服务中心建筑面积: {{值: 500平方米, 佐证: [图.pdf]}}\n"
        "  物流配送中心建筑面积: {值: 600平方米, 佐证: [图.pdf]}\n"
    )
    path = str(tmp_path / "a.yaml")
    for exists in (False, True, False):
        file = tmp_path / "图.pdf"
        file.touch() if exists else file.unlink(missing_ok=True)
        found = read(path, text, standard)
        assert isinstance(found, Submission)
        said = [it.evidence[0].exists for it in found.declarations.values()]
        assert said == [exists, exists]
        assert len(found.warnings) == (0 if exists else 2)


def test_the_first_of_two_is_the_first_in_the_file(standard: Standard) -> None:
    line = "  就业目标: 624人"
    assert isinstance(
        read("a.yaml", f"{HEAD}指标:\n  主直播间: 3个\n{line}\n", standard), Submission
    )
    found = read("a.yaml", f"{HEAD}指标:\n  就业目标: 1人\n{line}\n", standard)
    assert isinstance(found, list)
    (problem,) = found
    assert (problem.code, problem.position and problem.position.line) == ("E302", 7)


@pytest.mark.parametrize("order", [(0, 1, 0), (1, 0, 1)])
def test_another_standard_reads_for_itself(standard: Standard, order: tuple[int, ...]) -> None:
    text = f"{HEAD}指标:\n  就业目标: 624人\n"
    metric = standard.metrics["employment_target"]
    other = standard._replace(
        metrics={**standard.metrics, metric.key: metric._replace(units=("户",))}
    )
    for number in order:
        found = read("a.yaml", text, (standard, other)[number])
        assert isinstance(found, (Submission, list)[number])


def test_a_month_that_has_not_come_is_told_each_time(standard: Standard) -> None:
    for _ in range(2):
        for day, is_ahead in (("2023-12-31", False), ("2023-01-31", True)):
            head = HEAD.replace("2023-12-31", day)
            text = f"{head}指标:\n  月报: [2023-01, 2023-02]\n"
            assert isinstance(read("a.yaml", text, standard), list) == is_ahead
