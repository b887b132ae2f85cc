"""What was read is remembered, and found again only where the same would be read once more."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from etown_check import (
    declarations,
    loading,
    memory,
    parsing,
    plain_yaml,
    prescan,
    recalling,
    rereading,
)
from etown_check.engine import evaluate
from etown_check.ledger import Ledger
from etown_check.limits import MAX_LINE
from etown_check.loading import read_submission, source_of
from etown_check.problems import InputError, Problem
from etown_check.reporters import json_report
from etown_check.submission import Submission
from tests.conftest import EXAMPLES
from tests.test_plain_yaml import everything, files, towns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from etown_check.loading import Source
    from etown_check.standard import Standard

HEAD = "标准: shuozhou-2022\n县: 怀仁市\n乡村e镇: 怀仁市陶瓷e镇\n数据截止日期: 2023-12-31\n"


def forget() -> None:
    """Forget all that may be known of other files."""
    plain_yaml._REMEMBERED.clear()
    prescan._CLEAN.clear()
    rereading.TEXTS.clear()
    declarations._REMEMBERED.clear()
    declarations._LOOKUPS.clear()
    loading._POSSIBLE.clear()
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


@pytest.mark.parametrize("number", [1, 4, 8])
def test_towns_may_report_in_turn(
    standard: Standard, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each town but the first month is read from the beginning."""
    months = 5
    texts = towns(number * months, months)
    in_turn = [text for month in range(months) for text in texts[month::months]]
    expected = []
    for text in in_turn:
        found = afresh("a.yaml", text, standard)
        assert isinstance(found, Submission)
        expected.append((found, evaluate(standard, found)))
    forget()
    begun = []

    def counted(text: str, lines: Sequence[str]) -> object:
        begun.append(text)
        return plain_yaml.read_plain(text, lines)

    monkeypatch.setattr(loading, "read_plain", counted)
    for text, (submission, report) in zip(in_turn, expected, strict=True):
        found = read("a.yaml", text, standard)
        assert found == submission
        assert isinstance(found, Submission)
        assert evaluate(standard, found) == report
    assert begun == in_turn[:number]


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


VALUES = (
    *("", "是", "无", "12家", "1,234.5万元", "３家", "约3家", "5", "~", "null", "2023-02-30", "甲"),
    *(
        "[甲, 乙]",
        "[甲, , 乙]",
        "[无]",
        "{2022: 5次, 2023: 6次}",
        "{2022: 5次",
        "{a: {b: c}}",
        "[]",
    ),
    *(
        "“甲”",
        '"甲"',
        "'乙'",
        "甲：乙",
        "甲 # 注",
        "甲　乙",
        "a\tb",
        "\ufeffa",
        "a\x07b",
        "a\x85b",
        "- 3",
        "|",
        "é",
        "ƽ̨",
    ),
    *("{值: 500平方米, 佐证: [图.pdf]}", "{值: 3家, 备注: x}", "[2022-11, 2023-01]", "x" * 1_001),
    *(
        "[2023-12, 2099-01]",
        "佐证",
        "[甲，乙]",
        "{姓名: 张三, 电话: 1}",
        "甲: 乙",
        "? a",
        "...",
        "[" * 9,
    ),
)
TOO_LONG = f"# {'x' * MAX_LINE}"
LINES = (
    TOO_LONG,
    "",
    "# 注",
    "...",
    "---",
    "  - 甲",
    "指标:",
    "  主直播间: 3个",
    "就业目标: 1人",
    "\t",
    "  # ：",
    "：",
)


def changed(text: str, chance: random.Random) -> str:
    """Return a text of which some lines say something else, and mostly of the same keys."""
    lines = text.split("\n")
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(lines))
        key, colon, _ = lines[at].partition(": ")
        match chance.randrange(20):
            case 0:
                lines[at] = chance.choice(LINES)
            case 1:
                lines[at] = f" {lines[at]}"
            case 2:
                lines[at] = lines[at].lstrip(" ")
            case 3:
                return shuffled("\n".join(lines), chance)
            case 4:
                lines[-1] = chance.choice(("", "", " ", "# 注", "甲: 乙", "  甲: 乙"))
            case it if it > 13:  # to what another line says
                value = chance.choice(lines).partition(": ")[2]
                lines[at] = f"{key}{colon}{value}" if colon else lines[at]
            case _:
                lines[at] = f"{key}{colon}{chance.choice(VALUES)}" if colon else lines[at]
    return "\n".join(lines)


def one_after_another(texts: list[str], chance: random.Random, number: int) -> Iterator[str]:
    """Yield texts of which each is mostly what the one before it was, or one of some time ago."""
    last = texts[0]
    for _ in range(number):
        text = changed(last, chance)
        match chance.randrange(10):
            case 0:
                last = chance.choice(texts)
                yield last
            case 1:
                yield text.replace("\n", chance.choice(("\r\n", "\r")))
            case 2:
                yield text.rstrip("\n")
            case 3:
                last = text  # with all that may be wrong with it
                yield text
            case 4 | 5:
                yield last
            case _:
                yield text


@pytest.mark.parametrize("seed", range(4))
def test_a_text_that_differs_a_little_from_the_one_before(standard: Standard, seed: int) -> None:
    """Trees against those of the parser, and what is read of them against what is read afresh."""
    chance = random.Random(seed)
    own = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("huairen*.yaml"))]
    texts = list(one_after_another([*towns(4, months=2), *own], chance, 250))
    path = str(EXAMPLES / "huairen.yaml")
    expected = [afresh(path, text, standard) for text in texts]
    forget()
    sources = [opened(path, text) for text in texts]
    forget()
    assert [read(path, text, standard) for text in texts] == expected
    trees = 0
    for text, source in zip(texts, sources, strict=True):
        if source is not None and not source.scanned.problems:
            assert everything(source.root) == everything(parsing.compose(path, text))
            trees += 1
    assert trees > 50


def opened(path: str, text: str) -> Source | None:
    try:
        return source_of(path, text.encode())
    except InputError:
        return None


@pytest.mark.parametrize("line", [*(f"  主直播间: {value}" for value in VALUES), *LINES])
def test_one_line_says_something_odd(standard: Standard, line: str) -> None:
    before = (
        f"{HEAD}指标:\n  就业目标: 624人\n  主直播间: 3个\n  本地网红: 10人\n  月报: [2023-01]\n"
    )
    text = before.replace("  主直播间: 3个", line)
    texts = [before, text, text, text.replace("10人", "11人"), before]
    expected = [afresh("a.yaml", text, standard) for text in texts]
    forget()
    assert [read("a.yaml", text, standard) for text in texts] == expected


def test_what_a_text_has_in_common_with_the_one_before_is_the_same(standard: Standard) -> None:
    forget()
    text = f"{HEAD}指标:\n  主直播间: 3个\n  就业目标: 624人\n  月报: [2023-01]\n"
    one = read("a.yaml", text, standard)
    other = read("b.yaml", text.replace("624", "625").replace("12-31", "11-30"), standard)
    assert isinstance(one, Submission)
    assert isinstance(other, Submission)
    for metric, declaration in one.declarations.items():
        is_same = other.declarations[metric] is declaration
        assert is_same == (metric != "employment_target")
    assert other.declarations["employment_target"].entries[None].amount == 625


def test_what_is_declared_keeps_its_order(standard: Standard) -> None:
    lines = ["  主直播间: 3个", "  就业目标: 624人", "  本地网红: 10人"]
    for order in ((), (1,), (), (0, 2), (1,)):
        said = [it.partition(":")[0] + ":" if at in order else it for at, it in enumerate(lines)]
        text = "\n".join([f"{HEAD}指标:", *said, ""])
        again = read("a.yaml", text, standard)
        assert isinstance(again, Submission)
        anew = afresh("a.yaml", text, standard)
        assert isinstance(anew, Submission)
        assert list(again.declarations) == list(anew.declarations)
        read("a.yaml", "\n".join([f"{HEAD}指标:", *lines, ""]), standard)


def test_answers_hold_where_they_were_given(standard: Standard, tmp_path: Path) -> None:
    text = f"{HEAD}指标:\n  电商公共服务中心建筑面积: {{值: 500平方米, 佐证: [图.pdf]}}\n"
    forget()
    for folder in ("有", "无"):
        (tmp_path / folder).mkdir()
    (tmp_path / "有" / "图.pdf").touch()
    said: dict[str, Read] = {}
    for folder in ("有", "无", "有", "有", "无"):
        path = str(tmp_path / folder / "a.yaml")
        found = read(path, text, standard)
        assert isinstance(found, Submission)
        (declaration,) = found.declarations.values()
        assert declaration.evidence[0].exists == (folder == "有")
        assert len(found.warnings) == (folder == "无")
        assert len(found.surroundings) == 2
        assert said.setdefault(folder, found) == found
    last = [read(str(tmp_path / "有" / name), text, standard) for name in ("a.yaml", "b.yaml")]
    one, other = [next(iter(it.declarations.values())) for it in last if isinstance(it, Submission)]
    assert one is other


def test_what_is_doubted_is_told_each_time(standard: Standard) -> None:
    text = f'{HEAD}指标:\n  主直播间: 3个\n  本地产品特色馆: ["甲、乙馆"]\n'
    for figure in ("3", "3", "4"):
        found = read("a.yaml", text.replace("3个", f"{figure}个"), standard)
        assert isinstance(found, Submission)
        assert [it.code for it in found.warnings] == ["W103"]


def test_a_ledger_is_read_each_time(standard: Standard, tmp_path: Path) -> None:
    copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "huairen.yaml"
    text = path.read_text("utf-8")
    ledger = tmp_path / re.findall("资金台账: (.*)", text)[0].partition(" ")[0]
    digests = []
    for more in (b"", b"", b"\n"):
        ledger.write_bytes(ledger.read_bytes() + more)
        found = read(str(path), text, standard)
        assert isinstance(found, Submission)
        (own,) = found.ledgers.values()
        digests.append(own.sha256)
        assert found.surroundings["sha256", str(ledger)] == own.sha256
    assert digests[0] == digests[1] != digests[2]
    # Nor is it held where it stands among the metrics.
    line = f"资金台账: {ledger.relative_to(tmp_path)}\n"
    for _ in range(2):
        found = read(str(path), f"{HEAD}指标:\n  {line}", standard)
        assert isinstance(found, Submission)
        assert len(found.ledgers) == 1
        for mapping in declarations._LOOKUPS.of(standard).known.recent[declarations.METRICS]:
            values = [entry for it in mapping.declared.values() for entry in it.entries.values()]
            assert not any(isinstance(entry.value, Ledger) for entry in values)


@pytest.mark.parametrize("order", [("参考数据", "指标"), ("指标", "参考数据")])
def test_a_line_belongs_to_what_it_stands_under(standard: Standard, order: Sequence[str]) -> None:
    forget()
    for key in (*order, *order):
        text = f"{HEAD}{key}:\n  全市总产值增长率: {{2022: 6.8%}}\n"
        found = read("a.yaml", text, standard)
        assert isinstance(found, Submission if key == "参考数据" else list)


def test_what_cannot_be_together_is_told_each_time(standard: Standard) -> None:
    first = (
        "  新增市场主体（法人单位）: {{2022: {}个}}\n  新增开展电商业务市场主体: {{2022: 6个}}\n"
    )
    second = "  启动日期: 2022-11-{:02}\n  建成日期: 2022-11-10\n"
    for whole, begun in ((5, 9), (5, 9), (9, 9), (9, 10), (9, 10), (9, 9), (5, 9), (4, 11), (9, 9)):
        text = f"{HEAD}指标:\n{first.format(whole)}{second.format(begun)}"
        found = read("a.yaml", text, standard)
        codes = [it.code for it in found] if isinstance(found, list) else []
        assert codes == ["E520"] * (whole < 6) + ["E534"] * (begun > 9)


def test_what_was_left_unread_is_not_remembered(standard: Standard) -> None:
    """Of a file with more mistakes than will be told the rest is left unread."""
    forget()
    keys = [it.name.zh for it in standard.metrics.values() if it.kind == "count" and not it.yearly]
    for names, figure in (("甲", 3), ("是", 4), ("甲", 4)):
        said = [f"  {key}: [{', '.join([names] * 200)}]" for key in keys[:4]]
        text = "\n".join([f"{HEAD}指标:", *said, f"  {keys[4]}: {figure}", *["# 注"] * 30, ""])
        found = read("a.yaml", text, standard)
        assert isinstance(found, list) == (names == "是")
        if isinstance(found, Submission):
            last = list(found.declarations.values())[-1]
            assert last.entries[None].amount == figure


def test_a_text_like_one_before_may_be_too_large() -> None:
    forget()
    lines = [f"{key}: 甲" for key in range(1_000)]
    assert opened("a.yaml", "\n".join([*lines, ""])) is not None
    much = f"[{', '.join('甲' * 300)}]"
    lines[:200] = [f"{key}: {much}" for key in range(200)]
    with pytest.raises(InputError):
        source_of("a.yaml", "\n".join([*lines, ""]).encode())


def test_threads_share_what_is_remembered(standard: Standard) -> None:
    texts = towns(48, months=12)
    expected = [afresh("a.yaml", text, standard) for text in texts]
    forget()
    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            found = threads.map(lambda text: read("a.yaml", text, standard), texts)
            assert list(found) == expected


def test_no_more_is_remembered_than_may_be(standard: Standard) -> None:
    forget()
    lines = "\n".join([HEAD, "指标:", *(f"  # {it}" for it in range(2_000)), "  主直播间: 3个\n"])
    assert isinstance(read("a.yaml", lines, standard), Submission)
    assert len(rereading.TEXTS) == 0
    for text in towns(80):
        read("a.yaml", text, standard)
    assert len(declarations._REMEMBERED) <= declarations.MOST_REMEMBERED
    assert len(loading._POSSIBLE) <= loading.MOST_POSSIBLE
    assert len(rereading.TEXTS) == memory.MOST_RECENT
    for recent in declarations._LOOKUPS.of(standard).known.recent.values():
        assert len(recent) <= memory.MOST_RECENT
