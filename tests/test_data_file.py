"""Writing data files: what is written is read as what was meant, and nothing else is touched."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etown_check.data_file import (
    NotWritten,
    checked,
    translated,
    updated,
    updated_content,
    written,
)
from etown_check.loading import read_submission, source_of
from etown_check.problems import InputError
from etown_check.submission import REJECTED, Contact, Verification
from tests.conftest import EXAMPLES
from tests.conftest import read as read_at
from tests.submissions import STANDARD, bare, beside_ledgers, data_files, equal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etown_check.standard import Standard
    from etown_check.submission import Declaration, Submission

FACTS = """\
标准: shuozhou-2022
县: 怀仁市
乡村e镇: 怀仁市陶瓷e镇
数据截止日期: 2023-12-31
"""
RECORD = Verification(REJECTED, {}, "李四", date(2024, 3, 1), "")
REMARK = re.compile(r"# 注\d+：甲: 乙, \[丙\]|# 数据文件")
YAMLS = sorted(EXAMPLES.glob("*.yaml"))


def read(standard: Standard, text: str, path: str = "") -> Submission:
    return read_at(standard, text, path or beside_ledgers())


def metrics(lines: str, facts: str = "") -> str:
    """Return a data file with `lines` under 指标."""
    return f"{FACTS}{facts}指标:\n{lines}"


def submission(lines: str, facts: str = "") -> Submission:
    return read(STANDARD, metrics(lines, facts))


def update(text: str, after: Submission, **options: Any) -> str:
    """Return `text` as it is updated, which must be read as what was asked for."""
    new = updated(text, STANDARD, read(STANDARD, text), after, **options)
    assert equal(read(STANDARD, new), after)
    return new


def changed(text: str, lines: str, *gone: str) -> list[str]:
    """Return the lines of a diff: `text` with its metrics put in place of those of `lines`."""
    before = read(STANDARD, text)
    declarations = {**before.declarations, **submission(lines).declarations}
    kept = {key: it for key, it in declarations.items() if key not in gone}
    return diff(text, update(text, before._replace(declarations=kept)))


def verified(text: str) -> str:
    """Return `text` with a record of verification for every metric."""
    before = read(STANDARD, text)
    records = {key: it._replace(verification=RECORD) for key, it in before.declarations.items()}
    return update(text, before._replace(declarations=records))


def diff(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


# A whole file


@settings(max_examples=60)
@given(data_files(ledgers=True), st.sampled_from(["zh", "en"]))
def test_what_is_written_is_read_as_what_was_meant(text: str, lang: str) -> None:
    before = read(STANDARD, text)
    new = written(STANDARD, before, lang)
    again = read(STANDARD, new)
    assert equal(again, before)
    assert written(STANDARD, again, lang) == new
    # Letters that may be Chinese of another encoding are as doubtful as before.
    told = {it.code for it in before.warnings} | {"W107"}
    assert {it.code for it in again.warnings} <= told


@pytest.mark.parametrize("path", YAMLS, ids=lambda it: it.name)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_examples_are_written_without_loss(path: Any, lang: str) -> None:
    before = read_submission(source_of(str(path), path.read_bytes()), STANDARD)
    text = written(STANDARD, before, lang)
    again = read_submission(source_of(str(path), text.encode()), STANDARD)
    assert equal(again, before)
    assert again.warnings == before.warnings == ()
    assert all(len(line) <= 100 for line in text.splitlines())


def test_a_file_in_the_order_of_the_plan() -> None:
    before = submission(
        "  总产值: {2023: 2.30亿元, 2022: 19000 万元}\n"
        "  主导产业: [陶瓷, '甲、乙', 丙（丁，戊）]\n"
        "  培育方案: {文号: 怀政发〔2022〕15号, 日期: 2022年11月8日, 文件: 佐证/甲.pdf}\n"
        "  电商公共服务中心建筑面积:\n"
        "    值: １，２００㎡\n"
        '    备注: "一\\n二"\n'
        "    核查: {结果: 核减, 核定值: 1.5亩, 核查人: 李四, 意见: '与图: 不符 # 三'}\n",
        "综合示范县: 有\n信息联络员: {姓名: 张三}\n参考数据: {全市总产值增长率: {2023: 6%}}\n",
    )
    assert written(STANDARD, before) == (
        "# 怀仁市陶瓷e镇数据文件（怀仁市，先行示范县）\n"
        "# 依据：朔商发〔2022〕73号\n"
        "\n"
        f"{FACTS}"
        "验收年度: 2023\n"
        "综合示范县: 是\n"
        "信息联络员:\n"
        "  姓名: 张三\n"
        "  电话:\n"
        "\n"
        "参考数据:\n"
        "  全市总产值增长率: {2023: 6%}\n"
        "\n"
        "指标:\n"
        "  # ── 一、科学谋划布局 ──\n"
        "  培育方案:\n"
        "    文号: 怀政发〔2022〕15号\n"
        "    日期: 2022-11-08\n"
        "    佐证: [佐证/甲.pdf]\n"
        "\n"
        "  # ── 二、培育乡村e镇主导产业 ──\n"
        '  主导产业: [陶瓷, "甲、乙", "丙（丁，戊）"]\n'
        "\n"
        "  # ── 七、健全电商公共服务体系 ──\n"
        "  电商公共服务中心建筑面积:\n"
        "    值: 1200平方米\n"
        "    备注: |-\n"
        "      一\n"
        "      二\n"
        '    核查: {结果: 核减, 核定值: 1.5亩, 核查人: 李四, 意见: "与图: 不符 # 三"}\n'
        "\n"
        "  # ── 十三、产业定位 ──\n"
        "  总产值: {2022: 19000万元, 2023: 2.3亿元}\n"
    )
    assert "    verified: {result: adjusted, value: 1.5亩, by: 李四" in written(
        STANDARD, before, "en"
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("123456789012345678.123456亿元", "123456789012345678.123456亿元"),
        ("0.000000000000000000001元", "0.000000000000000000001元"),
        ("三百万元", "300万元"),
        ("1亿2000万元", "12000万元"),
    ],
)
def test_amounts_are_never_rounded(typed: str, shown: str) -> None:
    before = submission(f"  总投资规模: {typed}\n")
    text = written(STANDARD, before)
    assert f"总投资规模: {shown}\n" in text
    assert equal(read(STANDARD, text), before)


def test_a_long_list_has_a_line_to_each_name() -> None:
    names = [f"怀仁示例陶瓷电子商务有限公司之{number}" for number in range(8)]
    text = written(STANDARD, submission(f"  电商龙头企业: [{', '.join(names)}]\n"))
    assert "  电商龙头企业:\n" + "".join(f"    - {name}\n" for name in names) in text


def test_more_than_a_data_file_may_hold_is_refused() -> None:
    before = submission("  大数据中心: 是\n")
    # Each of these is written as its code, which takes ten characters.
    note = "\U000e0041" * 3000 + "甲"
    long = before.declarations["big_data_center"]._replace(note=note)
    with pytest.raises(InputError) as caught:
        written(STANDARD, before._replace(declarations={"big_data_center": long}))
    assert [it.code for it in caught.value.problems] == ["E215"]


def test_what_says_something_else_is_never_handed_out() -> None:
    text = metrics("  大数据中心: 是\n")
    with pytest.raises(NotWritten):
        checked(text, STANDARD, submission("  大数据中心: 否\n"), None)


# Changes


@settings(max_examples=60)
@given(data_files(ledgers=True))
def test_without_changes_a_file_stays_as_it_is(text: str) -> None:
    before = read(STANDARD, text)
    assert updated(text, STANDARD, before, before) == text
    assert updated(text, STANDARD, before, read(STANDARD, written(STANDARD, before))) == text


@settings(max_examples=80)
@given(data_files(ledgers=True), data_files(ledgers=True), st.randoms(use_true_random=False))
def test_changes_are_made_and_remarks_are_kept(text: str, other: str, random: Any) -> None:
    before, wanted = read(STANDARD, text), read(STANDARD, other)
    after = before._replace(
        as_of=random.choice([before.as_of, wanted.as_of]),
        county=random.choice([before.county, wanted.county]),
        acceptance_year=random.choice([before.acceptance_year, wanted.acceptance_year]),
        demonstration=random.choice([before.demonstration, wanted.demonstration]),
        reference=mixed(before.reference, wanted.reference, random),
        declarations=mixed(before.declarations, wanted.declarations, random),
    )
    after = after._replace(contact=contact_of(after))
    new = update(text, after)
    for remark in REMARK.findall(text):
        assert new.count(remark) >= text.count(remark)


def contact_of(submission: Submission) -> tuple[str, str] | None:
    """Return the contact as the facts tell it, from what is declared of it."""
    declaration = submission.declarations.get("contact")
    entry = declaration.in_force.get(None) if declaration else None
    contact = entry.value if entry else None
    assert contact is None or isinstance(contact, Contact)
    return (contact.name, contact.phone) if contact and (contact.name or contact.phone) else None


def mixed(
    before: Mapping[str, Declaration], wanted: Mapping[str, Declaration], random: Any
) -> dict[str, Declaration]:
    """Return declarations of which some are of `before`, some of `wanted`, and some of both."""
    found = {}
    for key in {**before, **wanted}:
        old, new = before.get(key), wanted.get(key)
        choices = [old, new]
        if old and old.entries:
            given = new or random.choice([*wanted.values(), old])
            choices += [old._replace(note=given.note), old._replace(evidence=given.evidence)]
            choices.append(old._replace(verification=RECORD, note=given.note))
            if new:
                choices.append(new._replace(verification=old.verification))
        chosen = random.choice(choices)
        if chosen and (chosen.entries or (chosen.verification and chosen.verification.entries)):
            found[key] = chosen
    return found


def test_a_record_leaves_the_value_and_its_remark() -> None:
    text = metrics(
        "  主直播间: 2个   # 直播\n"
        "  总产值: {2022: 2亿元,\n"
        "     2023: 3亿元}\n"
        "  主导产业:  # 产业\n"
        "  - 甲\n"
        "  # 中间\n"
        "  - 乙\n"
        "  宣传活动:\n"
        "      2022: 1次\n"
        "\n"
        "      2023: 2次  # 今年\n"
        "  发展规划: >-  # 规划\n"
        "    某镇\n"
        "    规划\n"
        "  培育方案: {名称: 甲方案, 文件: 佐证/甲.pdf}  # 方案\n"
    )
    record = "核查: {结果: 不实, 核查人: 李四, 日期: 2024-03-01}"
    assert verified(text) == metrics(
        "  主直播间:\n"
        "    值: 2个   # 直播\n"
        f"    {record}\n"
        "  总产值:\n"
        "    值: {2022: 2亿元,\n"
        "       2023: 3亿元}\n"
        f"    {record}\n"
        "  主导产业:  # 产业\n"
        "    值:\n"
        "    - 甲\n"
        "    # 中间\n"
        "    - 乙\n"
        f"    {record}\n"
        "  宣传活动:\n"
        "      值:\n"
        "          2022: 1次\n"
        "\n"
        "          2023: 2次  # 今年\n"
        f"      {record}\n"
        "  发展规划:\n"
        "    值: >-  # 规划\n"
        "      某镇\n"
        "      规划\n"
        f"    {record}\n"
        f"  培育方案: {{名称: 甲方案, 文件: 佐证/甲.pdf, {record}}}  # 方案\n"
    )


def test_one_year_is_changed_alone() -> None:
    text = metrics("  总产值: {2022: 1.90亿元, 2023: 2亿元}  # 初步\n  主直播间: 2 个\n")
    assert changed(text, "  总产值: {2022: 19000万元, 2023: 2.4亿元}\n") == [
        "-  总产值: {2022: 1.90亿元, 2023: 2亿元}  # 初步",
        "+  总产值: {2022: 19000万元, 2023: 2.4亿元}  # 初步",
    ]
    assert changed(text, "  总产值: {2022: 1.9亿元, 2023: 2.4亿元, 2024: 3亿元}\n") == [
        "-  总产值: {2022: 1.90亿元, 2023: 2亿元}  # 初步",
        "+  总产值: {2022: 1.90亿元, 2023: 2.4亿元, 2024: 3亿元}  # 初步",
    ]


def test_names_are_added_and_taken_out_alone() -> None:
    text = metrics(
        "  主导产业:\n    - 甲\n    # 中间\n    - 乙  # 二\n  区域公用品牌: [丙, '丁', 戊]\n"
    )
    assert changed(text, "  主导产业: [新, 甲, 丁, 乙]\n  区域公用品牌: [丁, 戊, 己]\n") == [
        "+    - 新",
        "+    - 丁",
        "-  区域公用品牌: [丙, '丁', 戊]",
        "+  区域公用品牌: ['丁', 戊, 己]",
    ]
    assert changed(text, "  主导产业: [甲]\n  区域公用品牌: [丙, 新, 戊]\n") == [
        "-    - 乙  # 二",
        "-  区域公用品牌: [丙, '丁', 戊]",
        "+    # 二",
        "+  区域公用品牌: [丙, 新, 戊]",
    ]


def test_a_metric_is_added_behind_the_one_before_it_in_the_plan() -> None:
    text = metrics(
        "  # 规模\n  总投资规模: 3亿元  # 三\n\n  # 布局\n  培育方案: 有\n  主导产业: 1个"
    )
    assert changed(text, "  发展规划: 无\n  总产值: {2023: 2亿元}\n  就业目标: 9人\n") == [
        "+  就业目标: 9人",
        "+  发展规划: 无",
        "+  总产值: {2023: 2亿元}",
    ]
    assert update(metrics("  主导产业: 1个"), submission("  培育方案: 有\n")).endswith(
        "指标:\n  培育方案: 有\n"
    )


def test_what_is_taken_out_leaves_its_remarks() -> None:
    text = metrics(
        "  # 上\n"
        "  总产值:  # 产值\n"
        "    2022: 1亿元  # 一\n"
        "    # 二\n"
        "    2023: 2亿元\n"
        "  主直播间: {值: 2个, 佐证: [甲.pdf, # 甲\n"
        "    乙.pdf], 备注: 好}\n"
    )
    assert changed(text, "  主直播间: {值: 2个, 备注: 好}\n", "total_output") == [
        "-  总产值:  # 产值",
        "-    2022: 1亿元  # 一",
        "-    # 二",
        "-    2023: 2亿元",
        "-  主直播间: {值: 2个, 佐证: [甲.pdf, # 甲",
        "-    乙.pdf], 备注: 好}",
        "+  # 产值",
        "+  # 一",
        "+  # 二",
        "+  # 甲",
        "+  主直播间: {值: 2个, 备注: 好}",
    ]


def test_a_block_of_text_is_replaced_as_a_whole() -> None:
    text = metrics(
        "  培育方案: >-  # 方案\n    某镇\n    # 不是说明\n\n  大数据中心:\n    值: 是\n    备注: |  # 注\n      一\n"
    )
    assert changed(text, "  培育方案: 无\n  大数据中心: 是\n") == [
        "-  培育方案: >-  # 方案",
        "-    某镇",
        "-    # 不是说明",
        "+  # 方案",
        "+  培育方案: 无",
        "-    备注: |  # 注",
        "-      一",
        "+    # 注",
    ]


def test_a_list_that_is_laid_out_oddly_is_written_anew() -> None:
    text = metrics("  主导产业:\n    -\n      甲\n    # 中间\n    - 乙\n")
    after = submission("  主导产业: [甲, 丙]\n")
    assert update(text, after) == metrics("  # 中间\n  主导产业:\n    [甲, 丙]\n")


def test_long_lists_are_not_compared_name_by_name() -> None:
    names = ["甲"] * 2000
    text = metrics(f"  主导产业: [{', '.join(names)}]\n")
    new = changed(text, f"  主导产业: [{', '.join(['乙', *names])}]\n")
    assert new[-1] == f"+  主导产业: [{', '.join(['乙', *names])}]"


def test_blanks_of_a_template_are_filled_in() -> None:
    text = metrics(
        "  # 要求\n"
        "  培育方案:\n"
        "  总产值:\n"
        "    # 每年\n"
        "    2022:\n"
        "    2023:   # 今年\n"
        "  主直播间:   # 直播\n"
        "  主导产业: ~\n"
        "  大数据中心: {值: , 佐证: , 备注: }\n"
        "  宣传活动:\n",
        "验收年度:    # 不填时\n综合示范县: # 请确认\n信息联络员:\n  姓名:\n  电话:   # 手机\n",
    )
    after = submission(
        "  培育方案: {名称: 甲方案, 文号: 1号}\n"
        "  总产值: {2022: 2亿元, 2024: 3亿元}\n"
        "  主直播间: {值: 2个, 备注: 好}\n"
        "  主导产业: [甲]\n"
        "  大数据中心: {值: 是, 核查: {结果: 不实}}\n"
        "  宣传活动: {2022: 1次}\n",
        "验收年度: 2022\n综合示范县: 是\n信息联络员: {姓名: 张三}\n",
    )
    assert update(text, after) == metrics(
        "  # 要求\n"
        "  培育方案: {名称: 甲方案, 文号: 1号}\n"
        "  总产值:\n"
        "    # 每年\n"
        "    2022: 2亿元\n"
        "    2023:   # 今年\n"
        "    2024: 3亿元\n"
        "  # 直播\n"
        "  主直播间: {值: 2个, 备注: 好}\n"
        "  主导产业: [甲]\n"
        "  大数据中心: {值: 是 , 佐证: , 备注: , 核查: {结果: 不实} }\n"
        "  宣传活动: {2022: 1次}\n",
        "验收年度: 2022    # 不填时\n综合示范县: 是 # 请确认\n"
        "信息联络员:\n  姓名: 张三\n  电话:   # 手机\n",
    )


def test_facts_are_changed_alone() -> None:
    text = metrics(
        "  主直播间: 2个\n", "综合示范县: 是  # 推定\n信息联络员: {姓名: 张三, 电话: '1'}  # 人\n"
    )
    before = read(STANDARD, text)
    other = STANDARD.counties[1]
    contact = before.declarations["contact"]
    entry = contact.entries[None]._replace(value=Contact("李四", ""))
    after = before._replace(
        county=other,
        as_of=date(2022, 12, 31),
        demonstration=None,
        contact=("李四", ""),
        declarations={
            **before.declarations,
            "contact": contact._replace(entries={None: entry}),
        },
    )
    assert diff(text, update(text, after)) == [
        "-县: 怀仁市",
        "-乡村e镇: 怀仁市陶瓷e镇",
        "-数据截止日期: 2023-12-31",
        "-综合示范县: 是  # 推定",
        "-信息联络员: {姓名: 张三, 电话: '1'}  # 人",
        "+县: 山阴县",
        "+乡村e镇: 山阴县古城乡村e镇",
        "+数据截止日期: 2022-12-31",
        "+验收年度: 2023",
        "+# 推定",
        "+信息联络员: {姓名: 李四}  # 人",
    ]


def test_sections_are_added_with_what_they_hold() -> None:
    after = submission("  大数据中心: 是\n", "参考数据: {全市总产值增长率: {2023: 6%}}\n")
    new = "参考数据:\n  全市总产值增长率: {2023: 6%}\n指标: {大数据中心: 是}\n"
    assert update(FACTS, after) == FACTS + new
    blank = f"{FACTS}指标:  # 无\n"
    assert update(blank, after) == (
        f"{FACTS}参考数据:\n  全市总产值增长率: {{2023: 6%}}\n指标: {{大数据中心: 是}}  # 无\n"
    )


def test_everything_may_be_taken_out() -> None:
    text = metrics("  # 甲\n  大数据中心: 是\n  主直播间: 1个 # 乙\n")
    assert update(text, submission("")) == metrics("  # 甲\n  # 乙\n")


def test_a_file_within_braces() -> None:
    text = (
        '{"标准":"shuozhou-2022","县":"怀仁市","乡村e镇":"怀仁市陶瓷e镇","数据截止日期":"2023-12-31",'
        '"指标":{"总产值":{"2022":"2亿元", # 去年\n"2023":"3亿元"},"主直播间":"2个","主导产业":["甲"]}}'
    )
    after = submission(
        "  总产值: {2023: 4亿元}\n  主直播间: {值: 2个, 备注: 好}\n  大数据中心: 是\n"
    )
    new = update(text, after)
    assert '"总产值":{"2023": 4亿元},"主直播间": {值: "2个", 备注: 好}' in new
    assert "大数据中心: 是" in new
    assert "# 去年\n" in new
    assert "主导产业" not in new
    assert read(STANDARD, update(text, submission(""))).declarations == {}


def test_keys_behind_a_question_mark_are_written_plainly() -> None:
    text = metrics("  ? 总产值\n  : {2022: 2亿元}  # 二\n  ? 主直播间\n  : 2个\n")
    assert verified(text) == metrics(
        "  # 二\n"
        "  总产值:\n"
        "    值: {2022: 2亿元}\n"
        "    核查: {结果: 不实, 核查人: 李四, 日期: 2024-03-01}\n"
        "  主直播间:\n"
        "    值: 2个\n"
        "    核查: {结果: 不实, 核查人: 李四, 日期: 2024-03-01}\n"
    )


def test_what_is_added_beside_keys_behind_a_question_mark() -> None:
    text = metrics("  ? 总投资规模\n  : 3亿元  # 一\n  ? 建筑面积\n  : 30万平方米\n")
    after = (
        "  总产值: {2023: 2亿元}\n  总投资规模: 3亿元\n  建筑面积: 30万平方米\n  税收目标: 5万元\n"
    )
    assert changed(text, after) == ["+  总产值: {2023: 2亿元}", "+  税收目标: 5万元"]


def test_a_unit_in_a_key_goes_where_it_is_another() -> None:
    text = metrics("  总产值（亿元）: {2022: 2, 2023: 3}  # 二\n  总投资规模/亿元: 3\n")
    assert changed(text, "  总产值: {2022: 2亿元, 2023: 31000万元}\n  总投资规模: 4亿元\n") == [
        "-  总产值（亿元）: {2022: 2, 2023: 3}  # 二",
        "-  总投资规模/亿元: 3",
        "+  # 二",
        "+  总产值: {2022: 2亿元, 2023: 31000万元}",
        "+  总投资规模/亿元: 4亿元",
    ]
    assert "  总产值（亿元）:\n    值: {2022: 2, 2023: 3}  # 二\n" in verified(text)
    within = f"{FACTS}指标: {{总产值/亿元: {{2022: 2,  # 二\n  2023: 3}}}}\n"
    assert update(within, submission("  总产值: {2023: 9万元}\n")) == (
        f"{FACTS}指标: {{\n  # 二\n  总产值: {{2023: 9万元}}}}\n"
    )


def test_the_parts_of_a_document() -> None:
    text = metrics(
        "  培育方案: {文件: 甲.pdf}  # 一\n"
        "  发展规划:\n    名称: 某规划  # 名\n    日期: 2022-01-02\n    佐证: 丙.pdf\n"
        "  放管服专门政策: 某政策\n"
    )
    assert changed(
        text,
        "  培育方案: {名称: 新方案, 佐证: [甲.pdf]}\n"
        "  发展规划: {名称: 某规划, 文号: 3号, 佐证: [丙.pdf, 丁.pdf]}\n"
        "  放管服专门政策: {名称: 某政策, 文号: 5号, 备注: 好}\n",
    ) == [
        "-  培育方案: {文件: 甲.pdf}  # 一",
        "+  # 一",
        "+  培育方案:",
        "+    值: 新方案",
        "+    佐证: [甲.pdf]",
        "-    日期: 2022-01-02",
        "-    佐证: 丙.pdf",
        "-  放管服专门政策: 某政策",
        "+    文号: 3号",
        "+    佐证: [丙.pdf, 丁.pdf]",
        "+  放管服专门政策: {名称: 某政策, 文号: 5号, 备注: 好}",
    ]


def test_a_value_alone_of_an_expert() -> None:
    record = "核查: {结果: 核减, 核定值: 1个}"
    text = metrics(f"  主直播间: {{值: 2个, {record}}}\n")
    assert changed(text, f"  主直播间: {{值: , {record}}}\n") == [
        f"-  主直播间: {{值: 2个, {record}}}",
        "+  主直播间:",
        "+    值:",
        f"+    {record}",
    ]


def test_new_keys_are_in_the_language_of_the_file() -> None:
    text = (EXAMPLES / "huairen.en.yaml").read_text("utf-8")
    path = str(EXAMPLES / "huairen.en.yaml")
    before = read(STANDARD, text, path)
    room = before.declarations["main_livestream_rooms"]._replace(verification=RECORD)
    after = before._replace(declarations={**before.declarations, "main_livestream_rooms": room})
    record = "    verified: {result: rejected, by: 李四, date: 2024-03-01}"
    assert diff(text, updated(text, STANDARD, before, after)) == [
        "-  main_livestream_rooms: 2个",
        "+  main_livestream_rooms:",
        "+    value: 2个",
        f"+{record}",
    ]
    assert "    核查: {结果: 不实, " in updated(text, STANDARD, before, after, "zh")


# Bytes


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_breaks_stay(newline: str) -> None:
    text = metrics("  主直播间: 2个\n  主导产业: 1个\n").replace("\n", newline)
    lines = '  主直播间: {值: 3个, 备注: "一\\n二"}\n  主导产业: 1个\n  总产值: {2023: 1亿元}\n'
    new = update(text, submission(lines))
    assert "备注: |-" in new
    assert set(re.findall(r"\r\n|\r|\n", new)) == {newline}


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("gb18030", "utf-8")],
)
def test_encodings_stay_but_for_those_that_are_guessed(encoding: str, expected: str) -> None:
    text = metrics("  主直播间: 2个  # 说明\n")
    content = text.encode(encoding)
    before = read_submission(source_of("test.yaml", content), STANDARD)
    after = submission("  主直播间: 3个\n")
    assert updated_content(content, STANDARD, before, before) == content
    new = updated_content(content, STANDARD, before, after)
    assert new == text.replace("2个", "3个").encode(expected)


# The other language


@settings(max_examples=40)
@given(data_files(ledgers=True), st.sampled_from(["zh", "en"]))
def test_keys_in_another_language_say_the_same(text: str, lang: str) -> None:
    before = read(STANDARD, text)
    new = translated(text, STANDARD, before, lang)
    assert equal(read(STANDARD, new), before)
    assert translated(new, STANDARD, before, lang) == new
    for remark in REMARK.findall(text):
        assert remark in new


def test_keys_alone_are_translated() -> None:
    text = (EXAMPLES / "huairen.yaml").read_text("utf-8")
    english = (EXAMPLES / "huairen.en.yaml").read_text("utf-8")
    path = str(EXAMPLES / "huairen.yaml")
    new = translated(text, STANDARD, read(STANDARD, text, path), "en")
    assert bare(read(STANDARD, new, path)) == bare(read(STANDARD, english, path))
    kept = [line for line in english.splitlines() if "#" not in line and "result" not in line]
    assert set(kept) <= set(new.splitlines())
    assert translated(new, STANDARD, read(STANDARD, new, path), "zh") == text
    quoted = metrics('  "主直播间":\n    "值": 2个\n  总投资规模/亿元: 3\n')
    assert translated(quoted, STANDARD, read(STANDARD, quoted), "en").endswith(
        'metrics:\n  "main_livestream_rooms":\n    "value": 2个\n  总投资规模/亿元: 3\n'
    )
