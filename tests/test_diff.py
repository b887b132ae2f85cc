"""Comparing: `diff` between files, reports and revisions, and `validate --baseline`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from etown_check.comparing import Snapshot, compare, held_against, pairs, snapshot
from etown_check.engine import evaluate
from etown_check.problems import InputError, Problem
from etown_check.report import Run, Style
from etown_check.report_file import load_report, snapshots_of
from etown_check.reporters import reporter
from etown_check.reporters.difference import REPORTERS
from etown_check.words import render
from tests.command import run
from tests.conftest import ledger_text, submit
from tests.ledger_samples import with_funds
from tests.repository import (
    HUAIREN,
    SHANYIN,
    TODAY,
    YINGXIAN,
    change,
    committed,
    data_repository,
    needs_git,
)

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.report import Report
    from etown_check.standard import Standard


def report(standard: Standard, changes: dict[str, Any] | None = None, **facts: Any) -> Report:
    require = facts.pop("require", "declared")
    return evaluate(standard, submit(standard, changes, **facts), require=require)


def shot(standard: Standard, changes: dict[str, Any] | None = None, **facts: Any) -> Snapshot:
    return snapshot(report(standard, changes, **facts))


# Comparing snapshots

BRANDS = {"own_brands": "3个"}
NO_BRANDS = {"own_brands": None}
LITTLE_SPACE = {"logistics_center_area": "420平方米"}


@pytest.mark.parametrize(
    ("before", "after", "worse", "better"),
    [
        ({}, {}, [], []),
        ({}, BRANDS, [("12", "pass", "fail")], []),
        (BRANDS, {}, [], [("12", "fail", "pass")]),
        (BRANDS, NO_BRANDS, [], [("12", "fail", "missing")]),
        (NO_BRANDS, BRANDS, [("12", "missing", "fail")], []),
        ({}, LITTLE_SPACE, [("23", "pass", "review")], []),
        (LITTLE_SPACE, {"logistics_center_area": None}, [("23", "review", "missing")], []),
        # Within an item that fails anyway what happens to its checks is news.
        (BRANDS, {**BRANDS, "online_products": "1款"}, [("12.3", "pass", "fail")], []),
        ({**BRANDS, "online_products": "1款"}, BRANDS, [], [("12.3", "fail", "pass")]),
        (
            BRANDS,
            {"regional_brands": "0个"},
            [("12.1", "pass", "fail")],
            [("12.2", "fail", "pass")],
        ),
        # An item may get better on the whole and worse in a part.
        (
            BRANDS,
            {"regional_brands": None},
            [("12.1", "pass", "missing")],
            [("12", "fail", "missing")],
        ),
        # Its value may change without a change of its status.
        ({"own_brands": "9个"}, {"own_brands": "8个"}, [], []),
    ],
)
def test_what_got_worse_and_what_better(
    standard: Standard,
    before: dict[str, Any],
    after: dict[str, Any],
    worse: list[tuple[str, str, str]],
    better: list[tuple[str, str, str]],
) -> None:
    found = compare(shot(standard, before), shot(standard, after))
    assert [(it.id, it.before, it.after) for it in found.worse] == worse
    assert [(it.id, it.before, it.after) for it in found.better] == better
    assert found.is_worse is bool(worse)
    back = compare(shot(standard, after), shot(standard, before))
    assert len(back.worse) == len(found.better)
    assert len(back.better) == len(found.worse)


def test_an_expected_item_may_get_worse(standard: Standard) -> None:
    found = compare(shot(standard), shot(standard, {"supply_chain_pilots": "0家"}))
    assert [it.id for it in found.worse] == ["4"]
    assert not found.is_worse
    assert not found.is_empty


def test_what_became_due_counts_from_then_on(standard: Standard) -> None:
    early = shot(standard, as_of="2023-12-31")
    late = shot(standard, as_of="2024-12-31")
    assert compare(early, late).worse == ()
    failing = shot(standard, {"online_retail_sales": {"2023": "5000万元", "2024": "1万元"}})
    assert {it.id for it in compare(early, failing).worse} >= {"B2"}


def test_a_lack_of_assurance_is_worse_than_passing(standard: Standard) -> None:
    evidenced = {"own_brands": {"value": "9个", "verified": {"result": "属实"}}}
    before = shot(standard, evidenced, require="verified")
    found = compare(before, shot(standard, {}, require="verified"))
    assert [(it.id, it.before, it.after) for it in found.worse] == [("12.2", "pass", "unassured")]


def test_values_that_changed(standard: Standard) -> None:
    before = shot(standard, {"own_brands": "9个", "trainees": None})
    found = compare(before, shot(standard, {"own_brands": "8个", "online_products": None}))
    assert [(it.id, it.before, it.after) for it in found.values] == [
        ("12.2", "9个", "8个"),
        ("12.3", "9款", None),
        ("15.2", None, "800人次"),
    ]


def test_doubts_that_are_new(standard: Standard) -> None:
    twice = {"own_brands": ["甲", "甲", "乙", "丙", "丁", "戊", "己"]}
    found = compare(shot(standard), shot(standard, twice))
    assert [it.code for it in found.doubts] == ["D4"]
    # Another number in the same doubt is not a new one.
    exact, other = {"planned_land_area": "0.5平方公里"}, {"planned_land_area": "5平方公里"}
    assert [it.code for it in compare(shot(standard), shot(standard, exact)).doubts] == ["D6"]
    assert compare(shot(standard, exact), shot(standard, other)).doubts == ()


def test_items_of_one_side_alone_are_named_and_not_compared(standard: Standard) -> None:
    """A part of which the data now declare something is no worse than nothing at all."""
    before, after = (
        shot(standard),
        snapshot(evaluate(standard, with_funds(standard, submit(standard)))),
    )
    found = compare(before, after)
    assert (found.worse, found.better, found.values) == ((), (), ())
    assert found.added == tuple(id for id in after.items if id not in before.items)
    assert "F1" in found.added
    assert found.dropped == ()
    assert not found.is_empty
    assert not found.is_worse
    back = compare(after, before)
    assert (back.added, back.dropped) == ((), found.added)
    assert not back.is_worse
    for lang, told in (("zh", "以前没有检查、现在检查的"), ("en", "Checked now and not before")):
        for name in ("plain", "markdown"):
            assert told in REPORTERS[name]([found], [], lang)
    (one,) = json.loads(REPORTERS["json"]([found], [], "zh"))["differences"]
    assert one["added"] == list(found.added)
    assert "F1" in REPORTERS["plain"]([back], [], "zh")
    assert "现在没有检查的" in REPORTERS["plain"]([back], [], "zh")


@pytest.mark.parametrize("name", ["plain", "terminal", "markdown", "github", "junit"])
def test_items_that_a_baseline_lacks_are_named_and_count(standard: Standard, name: str) -> None:
    before = shot(standard)
    report = evaluate(standard, with_funds(standard, submit(standard)))
    (held,) = held_against([report], [before])
    new = [item for item in held.items if item.before is None]
    assert {"F1", "M1"} <= {item.id for item in new}
    assert all(item.counted == item.status for item in new)
    made = Run("0.0.0", standard, (held.path,), (held,), (), (), baseline="base.json")
    shown = reporter(name)(made, Style(width=300))
    assert f"基线中没有 {len(new)} 项，计入退出码：{'、'.join(it.id for it in new)}。" in shown
    assert "与基线相比没有变差的项目。" in shown


# Which report is held against which


def named(path: str, town: str) -> Snapshot:
    from datetime import date

    return Snapshot(path, town, date(2023, 12, 31), {}, ())


def test_pairs_by_path_then_by_town() -> None:
    a, b = named("a.yaml", "甲"), named("b.yaml", "乙")
    moved = named("新/a.yaml", "甲")
    assert list(pairs([a, b], [b, a])) == [(b, b), (a, a)]
    assert list(pairs([a, b], [moved, b])) == [(a, moved), (b, b)]
    assert list(pairs([a], [a, b])) == [(a, a), (None, b)]
    assert list(pairs([a, b], [b])) == [(b, b), (a, None)]
    # Of a town with a file a month, the new month is new and the rest stay what they were.
    may, june, july = (named(f"2023-0{month}.yaml", "甲") for month in (5, 6, 7))
    assert list(pairs([may, june], [may, june, july])) == [(may, may), (june, june), (None, july)]
    # Where two are left on a side nobody can tell which is which.
    assert list(pairs([may, june], [july])) == [(None, july), (may, None), (june, None)]


def test_a_town_that_is_gone_is_worse() -> None:
    gone, new = named("a.yaml", "甲"), named("b.yaml", "乙")
    assert compare(gone, None).is_worse
    assert not compare(None, new).is_worse
    assert not compare(None, new).is_empty


# Reading a JSON report back


def as_json(standard: Standard, *reports: Report, lang: str = "zh") -> bytes:
    run = Run("0", standard, tuple(it.path for it in reports), reports, (), ())
    return reporter("json")(run, Style(lang=lang)).encode()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_comes_back_as_it_was(standard: Standard, lang: str) -> None:
    one = report(standard, {**BRANDS, **LITTLE_SPACE, "total_investment": "3亿元"})
    (back,) = snapshots_of("r.json", as_json(standard, one, lang=lang))
    assert compare(back, snapshot(one)).is_empty
    assert compare(snapshot(one), back).is_empty
    assert [(id, it.level) for id, it in back.items.items()] == [
        (id, it.level) for id, it in snapshot(one).items.items()
    ]
    assert render(back.items["33"].name, lang) == render(snapshot(one).items["33"].name, lang)


def test_a_report_of_before_there_were_waivers_is_read(standard: Standard) -> None:
    document = json.loads(as_json(standard, report(standard, BRANDS)))
    for item in document["reports"][0]["items"]:
        for record in (item, *item["checks"]):
            for key in ("standing", "name", "before"):
                del record[key]
    (back,) = snapshots_of("r.json", json.dumps(document).encode())
    assert [it.id for it in compare(back, shot(standard, BRANDS)).worse] == []
    assert [it.id for it in compare(back, shot(standard)).better] == ["12"]


def broken(document: Any, *steps: str | int) -> bytes:
    """Return the document with what stands at `steps` replaced by a number."""
    place = document
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = 7
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E721"),
        (b"{", "E721"),
        (b"[]", "E721"),
        (b"{}", "E721"),
        (b"\xff\xfe", "E721"),
        (b"[" * 100_000, "E721"),
        (b'{"schema_version": "2", "reports": []}', "E722"),
        (b'{"schema_version": 1, "reports": []}', "E722"),
        (b'{"schema_version": "1"}', "E721"),
        (b'{"schema_version": "1", "reports": 3}', "E721"),
        (b'{"schema_version": "1", "reports": [3]}', "E721"),
    ],
)
def test_what_is_no_report_is_told(content: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        snapshots_of("r.json", content)
    assert [it.code for it in caught.value.problems] == [code]


@pytest.mark.parametrize(
    "steps",
    [
        ("path",),
        ("town",),
        ("as_of",),
        ("items",),
        ("items", 0, "id"),
        ("items", 0, "level"),
        ("items", 0, "standing"),
        ("items", 0, "name"),
        ("items", 0, "checks"),
        ("items", 0, "checks", 0, "standing"),
        ("items", 0, "checks", 0, "declared"),
        ("doubts",),
    ],
)
def test_a_report_that_is_not_as_it_should_be_is_told(
    standard: Standard, steps: tuple[str | int, ...]
) -> None:
    document = json.loads(as_json(standard, report(standard)))
    with pytest.raises(InputError):
        snapshots_of("r.json", broken(document, "reports", 0, *steps))


def test_a_report_that_cannot_be_opened(tmp_path: Path) -> None:
    for path, code in (
        (tmp_path / "none.json", "E101"),
        (tmp_path, "E102"),
        (tmp_path / ("x" * 300), "E103"),
        ("a\0b", "E101"),
    ):
        with pytest.raises(InputError) as caught:
            load_report(str(path))
        assert caught.value.problems[0].code == code


# The command `diff`


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return data_repository(tmp_path)


def test_two_data_files(repository: Path) -> None:
    new = repository / "data" / "怀仁市" / "新.yaml"
    new.write_text((repository / HUAIREN).read_text("utf-8"), "utf-8")
    same = run("diff", HUAIREN, new, cwd=repository)
    assert (same.code, same.out) == (0, "没有变化。\n")
    change(new, "小而美自主品牌: 7个", "小而美自主品牌: 3个")
    ran = run("diff", HUAIREN, new, cwd=repository)
    assert ran.code == 1
    assert "变差  12 品牌与网货 [约束]  达标 → 不达标\n" in ran.out
    assert "数值  12.2 小而美自主品牌  7个 → 3个\n" in ran.out
    back = run("diff", new, HUAIREN, "--lang", "en", cwd=repository)
    assert back.code == 0
    assert "better  12 " in back.out
    assert "fail → pass" in back.out


def test_two_towns_are_not_compared(repository: Path) -> None:
    ran = run("diff", HUAIREN, YINGXIAN, cwd=repository)
    assert ran.code == 2
    assert "不是同一个镇" in ran.err


@pytest.mark.parametrize("args", [[], [HUAIREN], [HUAIREN, HUAIREN, HUAIREN]])
def test_it_takes_two(repository: Path, args: list[str]) -> None:
    assert run("diff", *args, cwd=repository).code == 2


def test_two_reports_and_a_report_with_data(repository: Path) -> None:
    args = ("-f", "json", "--today", TODAY, "-o")
    run("validate", ".", *args, "old.json", cwd=repository)
    change(
        repository / SHANYIN,
        "总产值: {2022: 1.31亿元, 2023: 1.44亿元}",
        "总产值: {2022: 1.31亿元, 2023: 1.6亿元}",
    )
    change(repository / HUAIREN, "小而美自主品牌: 7个", "小而美自主品牌:")
    run("validate", ".", *args, "new.json", cwd=repository)
    ran = run("diff", "old.json", "new.json", cwd=repository)
    assert ran.code == 1
    assert "没有变化：右玉县西口e镇、应县木塔鲜生乡村e镇" in ran.out
    assert "好转" in ran.out.partition("山阴县古城乡村e镇")[2]
    assert "达标 → 未申报" in ran.out
    assert "合计：变差 1（约束性 1）" in ran.out
    other = run("diff", "new.json", "old.json", cwd=repository)
    assert other.code == 1  # what one county gained the other lost
    mixed = run("diff", "old.json", "data", "--today", TODAY, cwd=repository)
    assert mixed.out == ran.out
    missing = run("diff", "old.json", "none.json", cwd=repository)
    assert (missing.code, "E101" in missing.err) == (3, True)


def test_input_errors_end_with_3(repository: Path) -> None:
    bad = repository / "data" / "怀仁市" / "坏.yaml"
    bad.write_text("县: 怀仁市\n", "utf-8")
    for pair in ((HUAIREN, bad), (bad, HUAIREN)):
        ran = run("diff", *pair, cwd=repository)
        assert ran.code == 3
        assert "E303" in ran.err


@needs_git
def test_a_ledger_since_a_revision(repository: Path) -> None:
    ledger = repository / "data" / "怀仁市" / "资金.csv"
    change(repository / HUAIREN, "指标:\n", "资金台账: 资金.csv\n\n指标:\n")
    ledger.write_text(ledger_text([{}]), "utf-8")
    committed(repository)
    assert run("diff", "--since", "HEAD", cwd=repository).out == "没有变化。\n"
    ledger.write_text(ledger_text([{}, {"category": "罚款"}]), "utf-8")
    ran = run("diff", "--since", "HEAD", "--today", TODAY, cwd=repository)
    assert ran.code == 1
    assert "变差  F1 " in ran.out


@needs_git
def test_since_a_revision(repository: Path) -> None:
    committed(repository)
    assert run("diff", "--since", "HEAD", cwd=repository).out == "没有变化。\n"
    change(repository / HUAIREN, "小而美自主品牌: 7个", "小而美自主品牌: 3个")
    moved = repository / "data" / "应县" / "新名.yaml"
    (repository / YINGXIAN).rename(moved)
    change(moved, "主导产业: [设施蔬菜]", "主导产业: [设施蔬菜, 木器]")
    ran = run("diff", "--since", "HEAD", "--today", TODAY, cwd=repository)
    assert ran.code == 1
    assert f"怀仁市陶瓷e镇  {HUAIREN}\n  变差  12 " in ran.out
    assert "应县木塔鲜生乡村e镇  data/应县/新名.yaml\n  数值  2.1 " in ran.out
    one = run("diff", "--since", "HEAD", moved, cwd=repository, COLUMNS="80")
    assert (one.code, "怀仁" in one.out) == (0, False)
    inside = run("diff", "--since", "HEAD", cwd=repository / "data" / "怀仁市")
    assert inside.out.startswith("怀仁市陶瓷e镇  陶瓷e镇.yaml\n")
    outside = run("diff", "--since", "HEAD", repository.parent, cwd=repository)
    assert (outside.code, "不在这个 git 仓库中" in outside.err) == (2, True)
    assert run("diff", "--since", "nowhere", cwd=repository).code == 2


@needs_git
def test_a_revision_goes_by_its_own_waivers_and_evidence(repository: Path) -> None:
    committed(repository)
    change(repository / "waivers.yaml", "项目: 23.1", "项目: 24")
    (repository / "data" / "应县" / "佐证" / "23-物流配送中心平面图.txt").unlink()
    ran = run("diff", "--since", "HEAD", "--today", TODAY, cwd=repository)
    assert ran.code == 1
    assert "变差  23 物流配送中心 [约束]  已豁免 → 需人工核定" in ran.out
    strict = run(
        "diff", "--since", "HEAD", "--today", TODAY, "--require", "evidenced", cwd=repository
    )
    assert strict.code == 1


@needs_git
def test_towns_that_come_and_go(repository: Path) -> None:
    kept = (repository / YINGXIAN).read_text("utf-8")
    (repository / YINGXIAN).unlink()
    committed(repository)
    (repository / YINGXIAN).write_text(kept, "utf-8")
    came = run("diff", "--since", "HEAD", cwd=repository)
    assert came.code == 0
    assert "新增的镇" in came.out
    committed(repository)
    (repository / YINGXIAN).unlink()
    went = run("diff", "--since", "HEAD", cwd=repository)
    assert went.code == 1
    assert f"数据文件没有了：{YINGXIAN}" in went.out


@needs_git
def test_what_was_broken_is_told_and_no_fault_of_the_new(repository: Path) -> None:
    whole = (repository / HUAIREN).read_text("utf-8")
    change(repository / HUAIREN, "县: 怀仁市", "县: 怀人市")
    committed(repository)
    (repository / HUAIREN).write_text(whole, "utf-8")
    mended = run("diff", "--since", "HEAD", cwd=repository)
    assert mended.code == 0
    assert f"HEAD:{HUAIREN}:" in mended.err
    change(repository / HUAIREN, "县: 怀仁市", "县: 怀人市")
    committed(repository)
    assert run("diff", "--since", "HEAD", cwd=repository).code == 3


@needs_git
@pytest.mark.parametrize(("name", "code"), [("etown-check.toml", "E701"), ("waivers.yaml", "E308")])
def test_a_configuration_that_was_broken_is_told(repository: Path, name: str, code: str) -> None:
    whole = (repository / name).read_text("utf-8")
    (repository / name).write_text("- x\n", "utf-8")
    committed(repository)
    (repository / name).write_text(whole, "utf-8")
    ran = run("diff", "--since", "HEAD", cwd=repository)
    assert ran.code == 0
    assert f"HEAD:{name}:1:" in ran.err
    assert code in ran.err
    assert ran.out.count("新增的镇") == 4
    (repository / name).write_text("- x\n", "utf-8")
    assert run("diff", "--since", "HEAD", cwd=repository).code == 2


@needs_git
def test_a_merge_that_makes_one_worse_and_another_better(repository: Path) -> None:
    """As a pipeline sees a merge: two branches, each changing one county."""
    from tests.repository import git

    committed(repository)
    git(repository, "checkout", "-q", "-b", "a")
    change(repository / HUAIREN, "小而美自主品牌: 7个", "小而美自主品牌: 3个")
    committed(repository)
    git(repository, "checkout", "-q", "-b", "b", "main")
    change(repository / SHANYIN, "电商公共服务中心建筑面积", "电商公共服务中心建筑面积")
    change(repository / SHANYIN, "980平方米", "1080平方米")
    committed(repository)
    git(repository, "merge", "-q", "--no-edit", "a")
    ran = run("diff", "--since", "main", cwd=repository)
    assert ran.code == 1
    assert "变差 1（约束性 1）、好转 1" in ran.out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_formats_say_the_same(repository: Path, lang: str) -> None:
    new = repository / "data" / "怀仁市" / "新.yaml"
    text = (repository / HUAIREN).read_text("utf-8")
    new.write_text(text.replace("小而美自主品牌: 7个", "小而美自主品牌: 3个"), "utf-8")
    args = ("diff", HUAIREN, new, "--lang", lang, "--format")
    ran = {format: run(*args, format, cwd=repository) for format in REPORTERS}
    assert {it.code for it in ran.values()} == {1}
    document = ran["json"].json
    (one,) = document["differences"]
    assert document["is_worse"] is one["is_worse"] is True
    assert [it["id"] for it in one["worse"]] == ["12"]
    assert one["values"][0] == {
        "id": "12.2",
        "name": {"zh": "小而美自主品牌", "en": "Own brands, small and fine"}[lang],
        "before": "7个",
        "after": "3个",
    }
    table = [line for line in ran["markdown"].out.splitlines() if line.startswith("|")]
    assert len(table) == 2 + 2
    assert {line.count(" | ") for line in table if "---" not in line} == {3}
    for format in ("plain", "markdown"):
        assert "7个" in ran[format].out
    path = repository / "变化.md"
    written = run(*args, "markdown", "-o", path, cwd=repository)
    assert (written.code, path.read_text("utf-8")) == (1, ran["markdown"].out)
    assert run(*args, "markdown", "-o", path, cwd=repository).code == 2


def test_towns_and_doubts_stand_in_every_format(standard: Standard) -> None:
    twice = {"own_brands": ["甲", "甲", "乙", "丙", "丁", "戊", "己"]}
    one = compare(shot(standard), shot(standard, twice))
    new, gone = (compare(*pair) for pair in ((None, shot(standard)), (shot(standard), None)))
    problem = Problem("x|y.yaml", None, "E101", {})
    said = {name: write([one, new, gone], [problem], "en") for name, write in REPORTERS.items()}
    for name in ("plain", "markdown"):
        assert "D4" in said[name]
        assert "A new town" in said[name]
        assert "The data file is gone" in said[name]
    assert "x&#124;y" in said["markdown"]
    document = json.loads(said["json"])
    assert [it["code"] for it in document["errors"]] == ["E101"]
    assert [it["is_worse"] for it in document["differences"]] == [False, False, True]
    assert document["differences"][0]["doubts"][0]["code"] == "D4"
    assert REPORTERS["plain"]([], [problem], "zh") == ""
    assert REPORTERS["plain"]([], [], "zh") == "没有变化。\n"


def test_hostile_text_stays_text(standard: Standard) -> None:
    hostile = "\x1b[31m|<script>[x](http://x)`\u202e"
    one = report(standard, {"reward_measures": "办法"})._replace(path=hostile)
    new = snapshot(one)
    old = new._replace(path=hostile, items=dict(new.items))
    item = old.items["6"]
    check = item.checks["6.1"]._replace(declared=hostile)
    old.items["6"] = item._replace(checks={**item.checks, "6.1": check})  # type: ignore[index]
    found = compare(old, new)
    assert found.values[0].before == hostile
    for format, write in REPORTERS.items():
        said = write([found, found], [], "zh")
        assert "\x1b" not in said
        assert "\u202e" not in said
        if format == "markdown":
            assert "<script>" not in said
            assert "](http" not in said


# Baselines


def test_only_what_is_worse_counts(repository: Path) -> None:
    args = ("validate", ".", "--today", TODAY)
    assert run(*args, "-f", "json", "-o", "base.json", cwd=repository).code == 1
    same = run(*args, "--baseline", "base.json", cwd=repository)
    assert same.code == 0
    assert same.out.count("与基线相比没有变差的项目") == 4
    assert "不影响退出码" in same.out
    change(repository / HUAIREN, "小而美自主品牌: 7个", "小而美自主品牌:")
    lacking = run(*args, "--baseline", "base.json", cwd=repository)
    assert lacking.code == 4
    assert "与基线相比变差 1 项：12。" in lacking.out
    assert "基线中为“达标”，变差了。" in lacking.out
    change(repository / HUAIREN, "小而美自主品牌:", "小而美自主品牌: 1个")
    assert run(*args, "--baseline", "base.json", cwd=repository).code == 1
    english = run(*args, "--baseline", "base.json", "--lang", "en", cwd=repository)
    assert "Worse than in the baseline, 1: 12." in english.out


def test_a_renamed_file_keeps_its_baseline(repository: Path) -> None:
    args = ("validate", ".", "--today", TODAY)
    run(*args, "-f", "json", "-o", "base.json", cwd=repository)
    (repository / SHANYIN).rename(repository / "data" / "山阴.yaml")
    assert run(*args, "--baseline", "base.json", cwd=repository).code == 0


def test_a_new_town_counts_whole(repository: Path) -> None:
    args = ("--today", TODAY)
    run("validate", HUAIREN, *args, "-f", "json", "-o", "base.json", cwd=repository)
    ran = run("validate", ".", *args, "--baseline", "base.json", cwd=repository)
    assert ran.code == 1
    assert ran.out.count("基线中没有这个镇") == 3


def test_the_baseline_stands_in_the_json(repository: Path) -> None:
    args = ("validate", SHANYIN, "--today", TODAY, "-f", "json")
    run(*args, "-o", "base.json", cwd=repository)
    (one,) = run(*args, "--baseline", "base.json", cwd=repository).json["reports"]
    assert {item["before"] == item["standing"] for item in one["items"]} == {True}
    (alone,) = run(*args, cwd=repository).json["reports"]
    assert {item["before"] for item in alone["items"]} == {None}


def test_a_check_that_fails_anew_in_a_failing_item_counts(standard: Standard) -> None:
    from etown_check.running import exit_code

    def code(baseline: dict[str, Any], now: dict[str, Any]) -> int:
        reports = held_against([report(standard, now)], [shot(standard, baseline)])
        run = Run("0", standard, ("x",), tuple(reports), (), (), None, "base.json")
        return exit_code(run)

    assert code(BRANDS, BRANDS) == 0
    assert code(BRANDS, {**BRANDS, "online_products": "1款"}) == 1
    assert code(BRANDS, {**BRANDS, "online_products": None}) == 4
    assert code({}, BRANDS) == 1


@pytest.mark.parametrize(("path", "code"), [("none.json", "E101"), (HUAIREN, "E721")])
def test_a_baseline_that_cannot_be_used(repository: Path, path: str, code: str) -> None:
    ran = run("validate", HUAIREN, "--baseline", path, cwd=repository)
    assert (ran.code, ran.out) == (3, "")
    assert code in ran.err
