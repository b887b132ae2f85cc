"""Data files: what is read, and every mistake told at its place in words that help."""

from __future__ import annotations

import os
import re
import string
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etown_check.kinds import KINDS
from etown_check.limits import MAX_PROBLEMS
from etown_check.loading import (
    Source,
    declared_standard,
    has_standard_key,
    load_reference,
    load_submission,
    read_submission,
    source_of,
)
from etown_check.problems import InputError, Position, Problem, closest
from etown_check.quantities import Quantity
from etown_check.store import load_standard
from etown_check.submission import Document, Entry, Submission
from etown_check.yamltree import read_tree
from tests.conftest import EXAMPLES, ROOT, problems, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etown_check.standard import Standard
    from etown_check.submission import Declaration

HEAD = "标准: shuozhou-2022\n县: 怀仁市\n乡村e镇: 怀仁市陶瓷e镇\n数据截止日期: 2023-12-31\n"


def metrics(*lines: str) -> str:
    """Return a data file whose metrics are `lines`; the first of them is line 6, column 3."""
    return HEAD + "指标:\n" + "".join(f"  {line}\n" for line in lines)


def reference(*lines: str) -> str:
    return HEAD + "参考数据:\n" + "".join(f"  {line}\n" for line in lines)


def declared(standard: Standard, *lines: str) -> Mapping[str, Declaration]:
    return read(standard, metrics(*lines)).declarations


def only(standard: Standard, *lines: str) -> Declaration:
    ((_, declaration),) = declared(standard, *lines).items()
    return declaration


def value(standard: Standard, *lines: str) -> Any:
    return only(standard, *lines).entries[None].value


def count(number: int, unit: str = "家") -> Quantity:
    return Quantity(Fraction(number), unit)


def money(yuan: int, unit: str = "亿元") -> Quantity:
    return Quantity(Fraction(yuan), unit)


# Errors

Found = tuple[str, int, int, tuple[str, ...]]


def err(code: str, line: int, column: int, *close: str) -> Found:
    return code, line, column, close


ERRORS: list[tuple[str, list[Found]]] = [
    # the file's own keys
    ("怀仁市\n", [err("E308", 1, 1)]),
    (HEAD.replace("县: 怀仁市", "县：怀仁市"), [err("E221", 2, 2)]),
    (HEAD.replace("县: 怀仁市", "县：怀仁"), [err("E221", 2, 2), err("E402", 2, 3, "怀仁市")]),
    (HEAD + "标准号: 1\n", [err("E301", 5, 1, "标准")]),
    (HEAD + "指标项: 1\n", [err("E301", 5, 1, "指标")]),
    (HEAD + "acceptance_yaer: 2023\n", [err("E301", 5, 1, "acceptance_year")]),
    (HEAD + "总产值: {2023: 1亿元}\n", [err("E310", 5, 1)]),
    (HEAD + "全市总产值增长率: {2023: 1%}\n", [err("E522", 5, 1)]),
    (HEAD + "总产值（亿元）: {2023: 1}\n", [err("E310", 5, 1)]),
    (HEAD + "大数据中心: 是\n主直播间: 1个\n培育方案: 有\n发展规划: 有\n", [err("E313", 5, 1)]),
    (
        HEAD + "参考数据:\n  大数据中心: 是\n  主直播间: 1个\n  培育方案: 有\n  发展规划: 有\n",
        [err("E313", 6, 3)],
    ),
    (metrics("总投资规模: {值: 3亿元, 税收目标: 1万元}"), [err("E310", 6, 19)]),
    (metrics("数据截止日期: 2023-12-31"), [err("E311", 6, 3)]),
    (metrics("contact: {name: x}"), [err("E311", 6, 3)]),
    (metrics("一、科学谋划布局: {培育方案: 有}"), [err("E312", 6, 3)]),
    (HEAD + "<<: {a: 1}\n", [err("E301", 5, 1)]),
    (HEAD + "信息联络员: {姓名: 张三, 手机: 1}\n", [err("E301", 5, 17)]),
    (HEAD + "county: 怀仁市\n", [err("E302", 5, 1)]),
    (HEAD + "数据 截止日期: 2023-12-31\n", [err("E302", 5, 1)]),
    (HEAD + "乡村ｅ镇: 怀仁市陶瓷e镇\n", [err("E302", 5, 1)]),
    (HEAD + "[a]: 1\n", [err("E304", 5, 1)]),
    (HEAD + "'': 1\n", [err("E304", 5, 1)]),
    (
        "其他: 1\n",
        [
            err("E301", 1, 1),
            err("E303", 1, 1),
            err("E303", 1, 1),
            err("E303", 1, 1),
            err("E303", 1, 1),
        ],
    ),
    (HEAD.replace("县: 怀仁市", "县:"), [err("E309", 2, 1)]),
    (HEAD.replace("县: 怀仁市", "县: ~"), [err("E309", 2, 1)]),
    (HEAD.replace("县: 怀仁市", "县: ''"), [err("E309", 2, 1)]),
    (HEAD.replace("县: 怀仁市", "县: [怀仁市]"), [err("E306", 2, 4)]),
    (HEAD.replace("shuozhou-2022", "{a: b}"), [err("E306", 1, 5)]),
    (HEAD + "信息联络员: 张三\n", [err("E305", 5, 8)]),
    (HEAD + "信息联络员: {姓名: [张三]}\n", [err("E306", 5, 13)]),
    (HEAD + "指标: [总产值]\n", [err("E305", 5, 5)]),
    (HEAD + "指标: 无\n", [err("E305", 5, 5)]),
    (HEAD + "参考数据: 6.1%\n", [err("E305", 5, 7)]),
    # facts
    (HEAD.replace("县: 怀仁市", "县: 怀仁县"), [err("E402", 2, 4, "怀仁市")]),
    (HEAD.replace("县: 怀仁市", "县: huairen"), [err("E402", 2, 4, "怀仁市")]),
    (HEAD.replace("县: 怀仁市", "县: 朔城区"), [err("E409", 2, 4)]),
    (HEAD.replace("县: 怀仁市", "县: 懷仁市"), [err("E402", 2, 4, "怀仁市")]),
    (HEAD.replace("县: 怀仁市", "县: 怀仁县"), [err("E402", 2, 4, "怀仁市")]),
    (HEAD.replace("怀仁市陶瓷e镇", "右玉县西口e镇"), [err("E403", 3, 7)]),
    (HEAD.replace("县: 怀仁市", "县: 应县"), [err("E403", 3, 7)]),
    (HEAD.replace("2023-12-31", "2023-02-30"), [err("E404", 4, 9)]),
    (HEAD.replace("2023-12-31", "2023年底"), [err("E404", 4, 9)]),
    (HEAD + "验收年度: 2026\n", [err("E405", 5, 7)]),
    (HEAD + "验收年度: 2021\n", [err("E405", 5, 7)]),
    (HEAD + "验收年度: 二〇二三\n", [err("E405", 5, 7)]),
    (HEAD + "综合示范县: 大概\n", [err("E406", 5, 8)]),
    (HEAD.replace("shuozhou-2022", "shuozhou-2021"), [err("E407", 1, 5)]),
    (HEAD.replace("2023-12-31", "2026-01-01"), [err("E408", 4, 9)]),
    # names of metrics
    (metrics("总产直: 1"), [err("E501", 6, 3, "总产值")]),
    (
        metrics("total_outptu: 1"),
        [err("E501", 6, 3, "total_output", "total_output_growth")],
    ),
    (metrics("毫不相干的东西: 1"), [err("E501", 6, 3)]),
    (metrics("总产值: {2023: 1亿元}", "total_output: {2023: 1亿元}"), [err("E302", 7, 3)]),
    (
        metrics("新增市场主体(法人单位): {2023: 1}", "新增市场主体（法人单位）: {2023: 1}"),
        [err("E302", 7, 3)],
    ),
    (metrics("[总产值]: 1"), [err("E304", 6, 3)]),
    (metrics("全市总产值增长率: {2023: 6%}"), [err("E522", 6, 3)]),
    (reference("总产值: {2023: 1亿元}"), [err("E523", 6, 3)]),
    # numbers and units
    (metrics("总投资规模: 约3亿元"), [err("E528", 6, 10)]),
    (metrics("总投资规模: 3-4亿元"), [err("E529", 6, 10)]),
    (metrics("总投资规模: 2 3亿元"), [err("E502", 6, 10)]),
    (metrics("总投资规模: 1e8元"), [err("E502", 6, 10)]),
    (metrics("总投资规模: .nan"), [err("E502", 6, 10)]),
    (metrics("总投资规模: 无"), [err("E502", 6, 10)]),
    (metrics("电商龙头企业: 否"), [err("E533", 6, 11)]),
    (metrics("电商龙头企业: 甲公司、乙公司"), [err("E533", 6, 11)]),
    (metrics("电商龙头企业: 5家（含筹建）"), [err("E532", 6, 11)]),
    (metrics("电商龙头企业: [甲公司、乙公司]"), [err("E224", 6, 15)]),
    (metrics("总投资规模（亿元）: 3万元"), [err("E530", 6, 14)]),
    (metrics("总投资规模（家）: 3"), [err("E501", 6, 3, "总投资规模")]),
    (metrics("总投资规模: 3"), [err("E503", 6, 10, "3万元", "3亿元")]),
    (metrics("总投资规模: 0"), [err("E503", 6, 10, "0元")]),
    (metrics("建筑面积: 1,200"), [err("E503", 6, 9, "1200平方米")]),
    (reference("全市总产值增长率: {2023: 0.061}"), [err("E503", 6, 20, "6.1%", "0.061%")]),
    (metrics("总投资规模: 3亿"), [err("E503", 6, 10, "3亿元")]),
    (metrics("总投资规模: 3百万美元"), [err("E504", 6, 10)]),
    (metrics("建筑面积: 5万米"), [err("E504", 6, 9, "平米")]),
    (metrics("建筑面积: 5公里"), [err("E504", 6, 9, "平方公里")]),
    (metrics("建筑面积: 5平方km"), [err("E504", 6, 9)]),
    (metrics("电商培训人次: 500人"), [err("E504", 6, 11, "人次")]),
    (metrics("聘用专家: 5名"), [err("E504", 6, 9)]),
    (reference("全市总产值增长率: {2023: 6个百分点}"), [err("E504", 6, 20)]),
    (metrics("总投资规模: -3亿元"), [err("E505", 6, 10)]),
    (metrics("电商龙头企业: -1"), [err("E505", 6, 11)]),
    (metrics("电商龙头企业: 4.5家"), [err("E506", 6, 11)]),
    (metrics("总投资规模: 2，3亿元"), [err("E507", 6, 10)]),
    (metrics(f"总投资规模: {'9' * 25}元"), [err("E516", 6, 10)]),
    # the shape of values
    (metrics("总投资规模: [1亿元, 2亿元]"), [err("E306", 6, 10)]),
    (metrics("总投资规模: {值: [3亿元]}"), [err("E306", 6, 14)]),
    (metrics("总投资规模: {值: {值: 3亿元}}"), [err("E306", 6, 14)]),
    (metrics("总产值: {2023: [1亿元]}"), [err("E306", 6, 15)]),
    (metrics("总产值: {2023: {值: 1亿元}}"), [err("E306", 6, 15)]),
    (metrics("大数据中心: [是]"), [err("E306", 6, 10)]),
    (metrics("培育方案: [甲, 乙]"), [err("E306", 6, 9)]),
    (metrics("总投资规模: {金额: 3亿元}"), [err("E301", 6, 11)]),
    (metrics("电商龙头企业: {甲公司: 1}"), [err("E301", 6, 12)]),
    (metrics("大数据中心: yes"), [err("E508", 6, 10)]),
    (metrics("大数据中心: 1"), [err("E508", 6, 10)]),
    (
        metrics("领导小组牵头人: 政府主要同志"),
        [err("E509", 6, 12, "政府主要负责同志", "县委主要负责同志")],
    ),
    (metrics("领导小组牵头人: 县长"), [err("E509", 6, 12)]),
    (
        metrics("平台功能: [统计监测, 金融, 杂项]"),
        [err("E509", 6, 16, "金融服务"), err("E509", 6, 20)],
    ),
    (metrics("平台功能: [[金融服务], 统计监测, 杂项]"), [err("E526", 6, 10), err("E509", 6, 24)]),
    (metrics("平台功能: 金融服务"), [err("E307", 6, 9)]),
    (metrics("平台功能: ['', 统计监测]"), [err("E515", 6, 10)]),
    # years
    (metrics("总产值: 1亿元"), [err("E512", 6, 8)]),
    (metrics("宣传活动: [甲, 乙]"), [err("E512", 6, 9)]),
    (metrics("总投资规模: {2023: 3亿元}"), [err("E513", 6, 10)]),
    (metrics("总投资规模: {值: {2023: 3亿元}}"), [err("E513", 6, 14)]),
    (metrics("总产值: {去年: 1亿元}"), [err("E510", 6, 9)]),
    (metrics("总产值: {2022:1亿元}"), [err("E222", 6, 13)]),
    (metrics("总产值: {22: 1亿元, 2022年度: 1亿元}"), [err("E510", 6, 9), err("E510", 6, 18)]),
    (metrics("总产值: {2020: 1亿元}"), [err("E511", 6, 9)]),
    (metrics("总产值: {1850年: 1亿元, 2026年: 1亿元}"), [err("E511", 6, 9), err("E511", 6, 21)]),
    (metrics("总产值: {2022: 1亿元, 2022年: 2亿元}"), [err("E302", 6, 20)]),
    (metrics("总产值: {2022: 1亿元, ２０２２: 2亿元}"), [err("E302", 6, 20)]),
    (metrics("总产值:", "  2022: 1亿元", "  佐证: [a.pdf]"), [err("E525", 8, 5)]),
    (metrics("总产值:", "  note: x", "  2022: 1亿元"), [err("E525", 7, 5)]),
    (
        metrics("总产值: {2022: 1.1.1亿元, 2023: 3}"),
        [err("E502", 6, 15), err("E503", 6, 30, "3万元", "3亿元")],
    ),
    # lists
    (metrics("电商龙头企业: [甲, ~]"), [err("E515", 6, 15)]),
    (metrics("电商龙头企业: ['', 甲]"), [err("E515", 6, 12)]),
    (metrics("电商龙头企业: [甲, [乙]]"), [err("E526", 6, 15)]),
    (metrics("电商龙头企业: [{名称: 甲}]"), [err("E526", 6, 12)]),
    (metrics("电商龙头企业: [无]"), [err("E527", 6, 12)]),
    (metrics("电商龙头企业: [5]"), [err("E527", 6, 12)]),
    (metrics("电商龙头企业: [甲, 5家]"), [err("E527", 6, 15)]),
    (metrics("电商龙头企业: [待定, 同上]"), [err("E527", 6, 12), err("E527", 6, 16)]),
    (metrics("电商龙头企业: [/]"), [err("E527", 6, 12)]),
    (metrics("电商龙头企业:", "  - 甲公司", "   - 乙公司"), [err("E210", 7, 7)]),
    # documents
    (metrics("培育方案: 待定"), [err("E514", 6, 9)]),
    (metrics("培育方案: 尚未印发"), [err("E514", 6, 9)]),
    (metrics("培育方案: Yes"), [err("E514", 6, 9)]),
    (metrics("培育方案: ——"), [err("E514", 6, 9)]),
    (metrics("培育方案: 无。"), [err("E514", 6, 9)]),
    (metrics("培育方案: （无）"), [err("E514", 6, 9)]),
    (metrics("培育方案: 0"), [err("E514", 6, 9)]),
    (metrics("培育方案: 2022-11-08"), [err("E514", 6, 9)]),
    (metrics("培育方案: x"), [err("E514", 6, 9)]),
    (metrics("培育方案: {名称: 暂无}"), [err("E514", 6, 14)]),
    (metrics("培育方案: {日期: 2022-11-08}"), [err("E303", 6, 9)]),
    (metrics("培育方案: {文号: 无}"), [err("E303", 6, 9)]),
    (metrics("培育方案: {文号: 待定}"), [err("E303", 6, 9)]),
    (metrics("培育方案: {名称: 方案, 编号: 1}"), [err("E301", 6, 18, "文号")]),
    (metrics("培育方案: {名称: 方案, 日期: 去年}"), [err("E404", 6, 22)]),
    (metrics("培育方案: {名称: [方案]}"), [err("E306", 6, 14)]),
    (metrics("培育方案: {名称: 方案, title: 方案}"), [err("E302", 6, 18)]),
    (metrics("培育方案: {值: 有, 名称: 方案}"), [err("E524", 6, 16)]),
    (metrics("培育方案: {名称: 无, 文号: 1号}"), [err("E524", 6, 17)]),
    (metrics("培育方案: {文件: a.pdf, 名称: 否}"), [err("E524", 6, 10)]),
    (metrics("培育方案: {值: {名称: 方案, 编号: 1}}"), [err("E301", 6, 22, "文号")]),
    (metrics("培育方案: {值: {名称: 方案, title: 方案}}"), [err("E302", 6, 22)]),
    (metrics("培育方案: {值: {名称: 方案, 佐证: [a]}}"), [err("E301", 6, 22)]),
    (metrics("培育方案: {值: {值: 有}}"), [err("E301", 6, 14)]),
    # details
    (metrics("总投资规模: {佐证: a.pdf}"), [err("E519", 6, 10)]),
    (metrics("培育方案: {备注: x}"), [err("E519", 6, 9)]),
    (metrics("总产值: {备注: x}"), [err("E519", 6, 8)]),
    (metrics("总投资规模: {值: 3亿元, value: 4亿元}"), [err("E302", 6, 19)]),
    (metrics("总投资规模: {值: 3亿元, 证据: a}"), [err("E301", 6, 19, "佐证")]),
    (metrics("总投资规模: {值: 3亿元, evidense: a}"), [err("E301", 6, 19, "evidence")]),
    (metrics("总投资规模: {[值]: 3亿元}"), [err("E304", 6, 11)]),
    (metrics("总投资规模: {值: 3亿元, 备注: [a]}"), [err("E306", 6, 23)]),
    (metrics("总投资规模: {值: 3亿元, 佐证: {a: b}}"), [err("E307", 6, 23)]),
    (metrics("总投资规模: {值: 3亿元, 佐证: [[a]]}"), [err("E526", 6, 24)]),
    (metrics("总投资规模: {值: 3亿元, 佐证: ../a.pdf}"), [err("E521", 6, 23)]),
    # verification
    (metrics("总投资规模: {值: 3亿元, 核查: 属实}"), [err("E305", 6, 23)]),
    (metrics("总投资规模: {值: 3亿元, 核查: {核查人: 李四}}"), [err("E303", 6, 23)]),
    (metrics("总投资规模: {值: 3亿元, 核查: {结果: 通过}}"), [err("E517", 6, 28)]),
    (metrics("总投资规模: {值: 3亿元, 核查: {结果: [属实]}}"), [err("E306", 6, 28)]),
    (metrics("总投资规模: {值: 3亿元, 核查: {结果: 核减}}"), [err("E518", 6, 28)]),
    (metrics("总投资规模: {值: 3亿元, 核查: {结果: 核减, 核定值: }}"), [err("E518", 6, 28)]),
    (metrics("电商龙头企业: {值: 5, 核查: {结果: 核减, 核定值: []}}"), [err("E518", 6, 27)]),
    (
        metrics("总产值: {值: {2023: 1亿元}, 核查: {结果: adjusted, 核定值: {2023: }}}"),
        [err("E518", 6, 34)],
    ),
    (
        metrics("总投资规模: {值: 3亿元, 核查: {结果: 核减, 核定值: 两三亿元}}"),
        [err("E502", 6, 37)],
    ),
    (
        metrics("总产值: {值: {2023: 1亿元}, 核查: {结果: 核减, 核定值: 1亿元}}"),
        [err("E512", 6, 43)],
    ),
    (
        metrics("总投资规模: {值: 3亿元, 核查: {结果: 属实, 日期: 2024-13-01}}"),
        [err("E404", 6, 36)],
    ),
    (
        metrics("总投资规模: {值: 3亿元, 核查: {结果: 属实, 核查员: 李四}}"),
        [err("E301", 6, 32, "核查人")],
    ),
    # what cannot be
    (
        metrics(
            "新增市场主体（法人单位）: {2022: 5个, 2023: 5个}",
            "新增开展电商业务市场主体: {2022: 5个, 2023: 6个}",
        ),
        [err("E520", 7, 34)],
    ),
    (metrics("启动日期: 2022-11-01", "建成日期: 2022-11-01"), [err("E534", 7, 9)]),
    (
        metrics(
            "启动日期: 2022-11-01",
            "建成日期: {值: 2023-01-05, 核查: {结果: 核减, 核定值: 2022-10-01}}",
        ),
        [err("E534", 7, 43)],
    ),
    # dates and months
    (metrics("启动日期: 2022-11"), [err("E404", 6, 9)]),
    (metrics("启动日期: 无"), [err("E404", 6, 9)]),
    (metrics("启动日期: [2022-11-01]"), [err("E306", 6, 9)]),
    (metrics("启动日期: {2022: 2022-11-01}"), [err("E513", 6, 9)]),
    (metrics("月报: 每月上报"), [err("E535", 6, 7)]),
    (metrics("月报: ../月报"), [err("E535", 6, 7)]),
    (metrics('月报: "月\\0报"'), [err("E535", 6, 7)]),
    (metrics("月报: [2023-01, 2023年1月]"), [err("E536", 6, 17)]),
    (metrics("月报: [2023-12, 2024-01]"), [err("E537", 6, 17)]),
    (metrics("月报: 2024-01"), [err("E537", 6, 7)]),
    (
        metrics("月报: [2023-13, 2023-00, 12月, 2023-01-02]"),
        [err("E538", 6, 8), err("E538", 6, 17), err("E538", 6, 26), err("E538", 6, 31)],
    ),
    (metrics("月报: {2023: [2023-01]}"), [err("E513", 6, 7)]),
    (metrics("月报: {一月: 有}"), [err("E301", 6, 8)]),
    (metrics("月报: {值: {一月: 有}}"), [err("E307", 6, 11)]),
    (metrics("月报: [[2023-01], '']"), [err("E526", 6, 8), err("E515", 6, 19)]),
    # amounts
    (metrics("到位资金: 100万元"), [err("E539", 6, 9)]),
    (metrics("到位资金: [中央, 省]"), [err("E539", 6, 9)]),
    (metrics("到位资金: {值: 无}"), [err("E539", 6, 13)]),
    (metrics("到位资金: {中央: 1元, 备注: x}"), [err("E540", 6, 18)]),
    (metrics("到位资金: {中央财政: 1元}"), [err("E509", 6, 10, "中央")]),
    (metrics("到位资金: {中央: 1元, 中 央: 2元}"), [err("E302", 6, 18)]),
    (
        metrics("到位资金: {中央: 1, 省: 无}"),
        [err("E503", 6, 14, "1万元", "1亿元"), err("E502", 6, 20)],
    ),
    (metrics("到位资金: {中央: {省: 1元}}"), [err("E306", 6, 14)]),
    (metrics("到位资金: {备注: x}"), [err("E519", 6, 9)]),
    # contact and ledger
    (metrics("资金台账: 无"), [err("E541", 6, 9)]),
    (HEAD + "信息联络员: 是\n", [err("E305", 5, 8)]),
    (HEAD + "信息联络员: {值: 无, 电话: 1}\n", [err("E524", 5, 15)]),
    (HEAD + "信息联络员: {姓名: 待定, 电话: 有}\n", [err("E544", 5, 13), err("E544", 5, 21)]),
    (HEAD + "信息联络员: {备注: x}\n", [err("E519", 5, 8)]),
    (HEAD + "资金台账: 有\n", [err("E541", 5, 7)]),
    (HEAD + "资金台账: 没有.csv\n", [err("E542", 5, 7)]),
    (HEAD + "资金台账: [台账.csv]\n", [err("E306", 5, 7)]),
    (HEAD + "资金台账: ../台账.csv\n", [err("E521", 5, 7)]),
    (HEAD + "资金台账: {文件: 台账.csv}\n", [err("E301", 5, 8)]),
    (HEAD + "参考数据: {资金台账: 台账.csv}\n", [err("E523", 5, 8)]),
    (HEAD + "参考数据: {信息联络员: 无}\n", [err("E311", 5, 8)]),
]


def said(problem: Problem) -> Found:
    place = problem.position or Position(0, 0)
    return problem.code, place.line, place.column, problem.close


@pytest.mark.parametrize(("text", "expected"), ERRORS, ids=[text[-50:] for text, _ in ERRORS])
def test_error(standard: Standard, text: str, expected: list[Found]) -> None:
    assert [said(it) for it in problems(standard, text)] == sorted(expected, key=lambda it: it[1:3])


def test_all_errors_of_a_file_are_told_in_one_run_in_its_order(standard: Standard) -> None:
    text = (
        "标准: shuozhou-2022\n"
        "县: 怀仁县\n"
        "数据截止日期: 2023-02-30\n"
        "验收年度: 2030\n"
        "综合示范县: 不清楚\n"
        "指标:\n"
        "  总产值: {2021: 1亿元, 2022: 2, 20233: 3亿元}\n"
        "  大数据中心: 大概\n"
        "  平台功能: [人工智能, 金融服务]\n"
        "  电商龙头企业: 3.5家\n"
        "  不存在的指标: 1\n"
        "参考数据:\n"
        "  全市总产值增长率: {2023: 6}\n"
        "其他: 1\n"
    )
    assert [(it.code, it.position) for it in problems(standard, text)] == [
        ("E303", Position(1, 1)),
        ("E402", Position(2, 4)),
        ("E404", Position(3, 9)),
        ("E405", Position(4, 7)),
        ("E406", Position(5, 8)),
        ("E503", Position(7, 26)),
        ("E510", Position(7, 29)),
        ("E508", Position(8, 10)),
        ("E509", Position(9, 10)),
        ("E506", Position(10, 11)),
        ("E501", Position(11, 3)),
        ("E503", Position(13, 20)),
        ("E301", Position(14, 1)),
    ]


def test_an_error_says_where_what_and_what_instead(standard: Standard) -> None:
    (problem,) = problems(standard, metrics("总产直: 1"), "数据/怀仁.yaml")
    assert problem.path == "数据/怀仁.yaml"
    assert problem.message("zh") == "不认识指标“总产直”。"
    assert problem.message("en") == "Unknown metric “总产直”."
    assert problem.hint("zh").startswith("是不是想写“总产值”？用 etown-check init")
    assert problem.hint("en").startswith("Did you mean “总产值”? etown-check init")


def test_keys_are_named_in_the_reader_s_language(standard: Standard) -> None:
    (problem,) = problems(standard, HEAD.replace("县: 怀仁市", "县:"))
    assert problem.message("zh") == "“县”没有填写。"
    assert problem.message("en") == "“county” is empty."
    assert problem.hint("en") == "For example: county: 怀仁市"
    (problem,) = problems(standard, metrics("总投资规模: {金额: 3亿元}"))
    assert problem.hint("zh") == "总投资规模可以写：值、佐证、备注、核查。"
    assert problem.hint("en") == "Known in Total investment: value, evidence, note, verified."


def test_long_words_of_the_file_are_shortened(standard: Standard) -> None:
    long = "很长的名称" * 60
    (problem,) = problems(standard, metrics(f"{long}: 1"))
    assert len(problem.message("zh")) < 60
    assert "…" in problem.message("zh")
    (problem,) = problems(standard, metrics(f"总投资规模: {long}"))
    assert len(problem.message("en")) < 80
    name = "佐证/" + "长" * 200 + "平面图.pdf"
    submission = read(standard, metrics(f"总投资规模: {{值: 3亿元, 佐证: [{name}]}}"))
    assert "平面图.pdf" in submission.warnings[0].message("zh")
    assert submission.declarations["total_investment"].evidence[0].file == name


def test_an_unknown_standard_that_was_told_before_is_not_told_twice(standard: Standard) -> None:
    root = read_tree("f.yaml", HEAD.replace("shuozhou-2022", "foo") + "其他: 1\n")
    before = Problem("f.yaml", Position(1, 5), "E401", {"text": "foo", "known": "shuozhou-2022"})
    with pytest.raises(InputError) as caught:
        read_submission(Source("f.yaml", "0", root), standard, also=[before])
    assert [it.code for it in caught.value.problems] == ["E401", "E301"]


# Every code

TEMPLATES = [
    (code, lang, part, getattr(text, lang))
    for code, kind in KINDS.items()
    for lang in ("zh", "en")
    for part, text in (("message", kind.message), ("hint", kind.hint))
]
# Words of a data file: they are the same in every language.
DATA_WORDS = re.compile(
    "数据截止日期|资金台账|台账|万?元|标准|县|指标|参考数据|验收年度|是|否|有|无|值|核定值|核减|属实|不实|甲|乙"
)


def fields(template: str) -> dict[str, str]:
    return {name: "样例" for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize(
    ("code", "lang", "part", "template"), TEMPLATES, ids=[" ".join(it[:3]) for it in TEMPLATES]
)
def test_every_message_and_hint_renders(code: str, lang: str, part: str, template: str) -> None:
    kind = KINDS[code]
    args = {**fields(template), "unused": "x"}
    problem = Problem("f.yaml", None, code, args)
    text = getattr(problem, part)(lang)
    assert text.strip() == text
    assert text
    assert "{" not in text.replace("样例", "")
    assert "}" not in text
    same = getattr(kind, part)
    if template != "{expected}":
        assert same.zh != same.en


@pytest.mark.parametrize(
    "template",
    [it[3] for it in TEMPLATES if it[1] == "en"],
    ids=[f"{it[0]} {it[2]}" for it in TEMPLATES if it[1] == "en"],
)
def test_english_templates_are_english(template: str) -> None:
    for word in re.findall(r"[\u4e00-\u9fff]+", template):
        assert DATA_WORDS.fullmatch(word), word
    assert not set(template) & set("，。；：！？（）、")


def test_both_languages_name_the_same_things() -> None:
    """A name that only one language tells would leave the readers of the other in the dark."""
    for code, kind in KINDS.items():
        for text in (kind.message, kind.hint):
            assert fields(text.zh).keys() == fields(text.en).keys(), code


JARGON = re.compile(
    r"\b(str|int|dict|tuple|bool|float|None|NoneType|Fraction|Traceback|\w+Error|Exception|scalar|"
    r"sequence|\w*Node|token|PyYAML|libyaml|pydantic|unicode|codec|regex|parser|0x[0-9a-f]+)\b"
)


@pytest.mark.parametrize(("text", "expected"), ERRORS, ids=[text[-50:] for text, _ in ERRORS])
def test_errors_are_told_in_plain_words(
    standard: Standard, text: str, expected: list[Found]
) -> None:
    for problem in problems(standard, text):
        for lang in ("zh", "en"):
            for words in (problem.message(lang), problem.hint(lang)):
                assert words
                assert words.strip() == words
                assert not JARGON.search(words), words
                assert not re.search(r"\{[a-z_]*\}", words), words
                assert "Text(" not in words


# Where the codes are produced that a data file cannot cause by its content.
ELSEWHERE = {
    "test_yamltree.py": "E101 E102 E103 E104 E106 E107 E111 E201 E202 E203 E204 E205 E206 E207 E208 "
    "E209 E210 E211 E212 E213 E214 E215 E308",
    "test_decoding.py": "E105 E109",
    "test_prescan.py": "E202 E221 E222 E223 E224 E225 E226 E227 E228 E229",
    "test_config.py": "E701 E702 E703 E704",
    "test_kinds.py": "E543",
    "test_waivers.py": "E711 E712 E713 E714 W201 W202 W203",
    "test_diff.py": "E721 E722",
    "test_cli.py": "E108 E401 W101",
    "test_corpus.py": "E110",
    "test_workbook_reading.py": "E801 E802 E803 E804 E805 E806 E807 E808 E809 E810 E811 E812 E813 "
    "E814 E815 E816 E817 E818 E819 E820 W301 W302 W303 W304 W305 W306 W307 W308 W309",
    "test_verify_command.py": "E831 E832 E833 E834 E835 E836 E837 E838 E839 E840 E841 E842 E843 E844 "
    "W331 W332 W333 W334 W335 W336 W337",
    "test_ledgers.py": "E851 E852 E853 E854 E855 E856 E857 E858 E859 E861 E862 E863 E864 W352",
    "test_ledger_spreadsheets.py": "E860 W351",
    "test_ledger_many_rows.py": "E865",
}
BY_DECLARATIONS = {"E531"}  # needs a second standard
MANY = {"E216"}
WARNINGS = {"W102", "W103", "W104", "W105", "W106", "W107"}


def test_no_code_is_dead() -> None:
    produced = {found[0] for _, expected in ERRORS for found in expected}
    for name, codes in ELSEWHERE.items():
        source = (ROOT / "tests" / name).read_text("utf-8")
        for code in codes.split():
            assert f'"{code}"' in source, code
            produced.add(code)
    ours = {code for code in KINDS if not code.startswith("E6")}
    assert ours == produced | BY_DECLARATIONS | MANY | WARNINGS


@pytest.mark.parametrize("line", ["x{}：1\n", "x{}: 1\n", "指标:\n" * 1 + "  x{}: 1\n"])
def test_no_more_is_told_of_a_file_than_anyone_would_read(standard: Standard, line: str) -> None:
    text = HEAD + "".join(line.format(at) for at in range(MAX_PROBLEMS + 50))
    found = problems(standard, text)
    assert len(found) == MAX_PROBLEMS + 1
    assert (found[-1].code, found[-1].position) == ("E216", None)
    assert "E216" not in {it.code for it in found[:-1]}


def test_closest() -> None:
    assert closest("总产直", ["总产值", "网络零售额"]) == ("总产值",)
    assert closest("零售额", ["总产值", "网络零售额"]) == ("网络零售额",)
    assert closest("x", ["xa", "xb"]) == closest("x", ["xa", "xb", "xa"])
    assert closest("完全不同", ["总产值"]) == ()
    assert closest("", ["总产值"]) == ()
    assert len(closest("ab", ["ab1", "ab2", "ab3"], most=1)) == 1


# Keys in both languages


def outcome(submission: Submission) -> Any:
    """Return what is declared, without the places of keys, which differ between languages."""

    def bare(entries: Mapping[int | None, Entry]) -> Any:
        return {year: (entry.value, entry.names) for year, entry in entries.items()}

    def record(declaration: Declaration) -> Any:
        verified = declaration.verification
        return (
            bare(declaration.entries),
            declaration.evidence,
            declaration.note,
            verified and (verified.result, bare(verified.entries), verified.by, verified.on),
        )

    facts = submission._replace(
        path="", sha256="", demonstration_position=None, declarations={}, reference={}, warnings=()
    )
    return (
        facts,
        {key: record(it) for key, it in submission.declarations.items()},
        {key: record(it) for key, it in submission.reference.items()},
    )


def test_english_and_chinese_keys_say_the_same(standard: Standard) -> None:
    chinese, english = (
        load_submission(EXAMPLES / name, standard) for name in ("huairen.yaml", "huairen.en.yaml")
    )
    assert outcome(chinese) == outcome(english)
    assert len(chinese.declarations) > 60
    assert chinese.contact == ("张三（示例）", "0349-0000000")
    assert chinese.demonstration is True


def test_every_metric_is_known_by_both_names(standard: Standard) -> None:
    for key, metric in standard.metrics.items():
        if metric.kind == "contact":
            continue  # which stands among the facts alone
        head = "参考数据" if metric.reference else "指标"
        for name in (key, metric.name.zh, f" {metric.name.zh} ", metric.name.zh.replace("（", "(")):
            shown = f"'{name}': {{2023: }}" if metric.yearly else f"'{name}':"
            read(standard, HEAD + f"{head}:\n  {shown}\n")
            doubled = HEAD + f"{head}:\n  {key}:\n  '{name}':\n"
            assert [it.code for it in problems(standard, doubled)] == ["E302"]


def test_languages_mix(standard: Standard) -> None:
    submission = read(
        standard,
        "standard: shuozhou-2022\n县: 怀仁市\ntown: 怀仁市陶瓷e镇\n数据截止日期: 2023-12-31\n"
        "contact: {姓名: 张三, phone: '1'}\nmetrics:\n"
        "  总投资规模: {value: 3亿元, 备注: 甲, verified: {结果: confirmed, by: 李四, 日期: 2024-03-01}}\n"
        "  cultivation_plan: {名称: 方案, number: 1号}\n参考数据: {city_output_growth: {2023年: 6%}}\n",
    )
    investment = submission.declarations["total_investment"]
    assert investment.note == "甲"
    assert investment.verification is not None
    assert (investment.verification.by, investment.verification.on) == ("李四", date(2024, 3, 1))
    assert submission.contact == ("张三", "1")
    assert submission.declarations["cultivation_plan"].entries[None].value == Document(
        True, "方案", "1号"
    )
    assert submission.reference["city_output_growth"].entries[2023].value == Quantity(
        Fraction(6, 100), "%"
    )


@pytest.mark.parametrize("name", ["名称", "NFKC"])
def test_white_space_and_width_of_keys(standard: Standard, name: str) -> None:
    written = {"名称": "新增市场主体 (法人单位)", "NFKC": "新增市场主体（法人单位）"}[name]
    assert declared(standard, f"{written}: {{2023: 1}}").keys() == {"new_legal_entities"}


# Values


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("电商龙头企业: 5", count(5)),
        ("电商龙头企业: ５ 家", count(5)),
        ("电商龙头企业: 0", count(0)),
        ("电商龙头企业: 无", count(0)),
        ("电商龙头企业: '5家'", count(5)),
        ("金融服务网点: 2个", count(2, "个")),
        ("总投资规模: 3.2亿元", money(320_000_000)),
        ("总投资规模: 6,800万元", money(68_000_000, "万元")),
        ("总投资规模: 0元", money(0, "元")),
        ("建筑面积: 1200㎡", Quantity(Fraction(1200), "平方米")),
        ("规划用地面积: 750亩", Quantity(Fraction(500_000), "亩")),
        ("大数据中心: 是", True),
        ("大数据中心: 有", True),
        ("大数据中心: true", True),
        ("大数据中心: True", True),
        ("大数据中心: 否", False),
        ("大数据中心: 无", False),
        ("大数据中心: 'false'", False),
        ("领导小组牵头人: 政府主要负责同志", "政府主要负责同志"),
        ("领导小组牵头人: 政府 主要负责同志", "政府主要负责同志"),
        ("平台功能: [统计监测, 金融服务, 统计监测]", ("统计监测", "金融服务")),
        ("平台功能: 无", ()),
        ("培育方案: 有", Document(True, "")),
        ("培育方案: 是", Document(True, "")),
        ("培育方案: 无", Document(False, "")),
        ("培育方案: 否", Document(False, "")),
        ("培育方案: 怀政发〔2022〕15号", Document(True, "怀政发〔2022〕15号")),
        ("培育方案: 无人机物流发展规划", Document(True, "无人机物流发展规划")),
        ("培育方案: {名称: 无}", Document(False, "")),
        ("培育方案: {名称: 有, 文号: 1号}", Document(True, "", "1号")),
        ("培育方案: {名称: 方案, 文号: 无}", Document(True, "方案", "")),
        (
            "培育方案: {文号: 怀政发〔2022〕15号}",
            Document(True, "怀政发〔2022〕15号", "怀政发〔2022〕15号"),
        ),
        (
            "培育方案: {名称: 方案, 文号: 1号, 日期: 2022年11月8日}",
            Document(True, "方案", "1号", date(2022, 11, 8)),
        ),
        ("培育方案: {值: {名称: 方案, 文号: 1号}}", Document(True, "方案", "1号")),
        ("培育方案: {值: 方案, 备注: x}", Document(True, "方案")),
        ("总投资规模: {值: 3亿元}", money(300_000_000)),
        ("电商龙头企业: {值: [甲, 乙]}", count(2)),
        ("大数据中心: {value: 否}", False),
        ("平台功能: {值: [统计监测]}", ("统计监测",)),
        ("领导小组牵头人: {值: 其他}", "其他"),
    ],
)
def test_value(standard: Standard, line: str, expected: Any) -> None:
    assert value(standard, line) == expected


def test_a_list_is_counted_without_its_duplicates(standard: Standard) -> None:
    entry = only(standard, "电商龙头企业: [甲公司, 乙公司, 甲 公司, 甲公司]").entries[None]
    assert entry.value == count(2)
    assert entry.names == ("甲公司", "乙公司", "甲 公司", "甲公司")
    assert entry.position == Position(6, 11)
    yearly = only(standard, "宣传活动: {2022: [开幕, 闭幕], 2023: 3次}").entries
    assert (yearly[2022].value, yearly[2023].value) == (count(2, "次"), count(3, "次"))
    assert yearly[2022].names == ("开幕", "闭幕")
    assert yearly[2023].names == ()


@pytest.mark.parametrize("name", ["甲公司、乙公司", "甲公司，乙公司", "甲公司；乙公司"])
def test_one_name_that_looks_like_several_is_counted_once_with_a_warning(
    standard: Standard, name: str
) -> None:
    submission = read(standard, metrics(f"电商龙头企业: ['{name}', 丙公司]"))
    assert submission.declarations["leading_ecommerce_enterprises"].entries[None].value == count(2)
    ((code, place, text),) = [
        (it.code, it.position, it.message("zh")) for it in submission.warnings
    ]
    assert (code, place) == ("W103", Position(6, 12))
    assert name in text


def test_yearly_values(standard: Standard) -> None:
    declaration = only(
        standard,
        "总产值:",
        "  2021: ",
        "  2022年: 1亿元",
        "  2023: ~",
        "  '２０２４': 2亿元",
        "  2025: ''",
    )
    assert {year: entry.value for year, entry in declaration.entries.items()} == {
        2022: money(100_000_000),
        2024: money(200_000_000),
    }
    assert declaration.position == Position(6, 3)
    assert declaration.entries[2022].position == Position(8, 12)


def test_yearly_values_with_details(standard: Standard) -> None:
    declaration = only(
        standard, "总产值:", "  值: {2022: 1亿元, 2023: }", "  备注: 快报数", "  佐证: 证明.pdf"
    )
    assert list(declaration.entries) == [2022]
    assert declaration.note == "快报数"
    assert [it.file for it in declaration.evidence] == ["证明.pdf"]


@pytest.mark.parametrize("blank", ["", "~", "null", "''", '""', "[]", "{}", "' '"])
def test_blank_means_undeclared(standard: Standard, blank: str) -> None:
    lines = []
    for metric in standard.metrics.values():
        if metric.reference or metric.kind == "contact":
            continue
        lines += [f"{metric.key}: {blank}"]
    assert declared(standard, *lines) == {}
    assert declared(standard, f"总产值: {{值: {blank}, 备注: x}}") == {}
    if blank != "{}":
        assert declared(standard, f"总产值: {{2022: {blank}}}") == {}
        assert declared(standard, f"总投资规模: {{值: {blank}, 佐证: [a.pdf]}}") == {}


def test_a_document_whose_every_part_is_blank_is_undeclared(standard: Standard) -> None:
    assert declared(standard, "培育方案: {名称: , 文号: , 日期: , 文件: }") == {}


@pytest.mark.parametrize("blank", ["", " ~", " ''", " {}"])
def test_blank_sections(standard: Standard, blank: str) -> None:
    text = f"{HEAD}指标:{blank}\n参考数据:{blank}\n信息联络员:\n综合示范县:\n验收年度:\n"
    submission = read(standard, text)
    assert (submission.declarations, submission.reference) == ({}, {})
    assert (submission.contact, submission.demonstration) == (None, None)
    assert submission.acceptance_year == 2023


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("违法违规事件: 0", count(0, "起")),
        ("违法违规事件: 无", count(0, "起")),
        ("大数据中心: 否", False),
        ("培育方案: 无", Document(False, "")),
        ("平台功能: 无", ()),
        ("总投资规模: 0亿元", money(0)),
    ],
)
def test_nothing_said_outright_is_a_declaration(
    standard: Standard, line: str, expected: Any
) -> None:
    assert value(standard, line) == expected


# Verification


@pytest.mark.parametrize(
    ("written", "result"),
    [
        ("属实", "confirmed"),
        ("confirmed", "confirmed"),
        ("核减", "adjusted"),
        ("adjusted", "adjusted"),
        ("不实", "rejected"),
        ("rejected", "rejected"),
        ("不 实", "rejected"),
    ],
)
def test_verification(standard: Standard, written: str, result: str) -> None:
    declaration = only(
        standard,
        "总投资规模:",
        "  值: 3亿元",
        "  核查:",
        f"    结果: {written}",
        "    核定值: 2.5亿元",
        "    核查人: 李四",
        "    日期: 2024/3/1",
        "    意见: 按实测面积核定",
    )
    verification = declaration.verification
    assert verification is not None
    assert (verification.result, verification.by, verification.on, verification.opinion) == (
        result,
        "李四",
        date(2024, 3, 1),
        "按实测面积核定",
    )
    assert declaration.entries[None].value == money(300_000_000)
    entry = declaration.entry(None)
    assert entry is not None
    assert (entry.value, entry.position) == (money(250_000_000), Position(10, 12))
    assert declaration.is_rejected == (result == "rejected")
    assert declaration.assurance == "verified"


def test_verified_values_by_year(standard: Standard) -> None:
    declaration = only(
        standard,
        "总产值:",
        "  值: {2022: 1亿元, 2023: 2亿元}",
        "  核查: {结果: 核减, 核定值: {2022: , 2023: 1.5亿元}}",
    )
    in_force = {year: declaration.entry(year) for year in (2021, 2022, 2023)}
    assert {year: entry and entry.value for year, entry in in_force.items()} == {
        2021: None,
        2022: money(100_000_000),
        2023: money(150_000_000),
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("电商龙头企业: {值: 5家, 核查: {结果: 核减, 核定值: [甲, 乙]}}", count(2)),
        ("电商龙头企业: {值: 5家, 核查: {结果: 核减, 核定值: 无}}", count(0)),
        ("大数据中心: {值: 是, 核查: {结果: 核减, 核定值: 否}}", False),
        ("培育方案: {名称: 方案, 核查: {结果: 核减, 核定值: 无}}", Document(False, "")),
        ("平台功能: {值: [统计监测], 核查: {结果: 核减, 核定值: 无}}", ()),
    ],
)
def test_verified_value_of_each_kind(standard: Standard, line: str, expected: Any) -> None:
    entry = only(standard, line).entry(None)
    assert entry is not None
    assert entry.value == expected


@pytest.mark.parametrize("blank", ["", "~", "{}", "{结果: , 核定值: }"])
def test_blank_verification(standard: Standard, blank: str) -> None:
    declaration = only(standard, f"总投资规模: {{值: 3亿元, 核查: {blank}}}")
    assert declaration.verification is None
    assert declaration.assurance == "declared"


def test_a_verified_part_above_its_whole_is_an_error(standard: Standard) -> None:
    whole = (
        "新增市场主体（法人单位）: {值: {2022: 9, 2023: 9}, 核查: {结果: 核减, 核定值: {2022: 4}}}"
    )
    part = "新增开展电商业务市场主体: {值: {2022: 5}, 核查: {结果: 属实, 核定值: {2023: 10}}}"
    found = problems(standard, metrics(whole, part))
    assert [said(it)[:3] for it in found] == [("E520", 7, 28), ("E520", 7, 57)]
    assert "2022年" in found[0].message("zh")
    assert "（5个）大于" in found[0].message("zh")
    assert "2023年" in found[1].message("zh")


# Evidence


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "county" / "佐证").mkdir(parents=True)
    (tmp_path / "county" / "佐证" / "图.pdf").write_text("x")
    (tmp_path / "outside.pdf").write_text("x")
    return tmp_path / "county"


def with_evidence(evidence: str) -> str:
    return metrics(f"总投资规模: {{值: 3亿元, 佐证: {evidence}}}")


def test_evidence(standard: Standard, folder: Path) -> None:
    text = with_evidence("[佐证/图.pdf, ./佐证/图.pdf, '佐证\\图.pdf', 佐证/没有.pdf, 佐证]")
    line = text.splitlines()[5]
    submission = read(standard, text, str(folder / "f.yaml"))
    evidence = submission.declarations["total_investment"].evidence
    assert [it.exists for it in evidence] == [True, True, True, False, False]
    assert submission.declarations["total_investment"].assurance == "evidenced"
    assert [(it.code, it.position) for it in submission.warnings] == [
        ("W102", Position(6, line.index("佐证/没有") + 1)),
        ("W102", Position(6, line.index("佐证]") + 1)),
    ]
    assert "佐证/没有.pdf" in submission.warnings[0].message("zh")


def test_evidence_that_does_not_exist_backs_nothing(standard: Standard, folder: Path) -> None:
    submission = read(standard, with_evidence("没有.pdf"), str(folder / "f.yaml"))
    assert submission.declarations["total_investment"].assurance == "declared"


def test_a_document_s_file_is_evidence(standard: Standard, folder: Path) -> None:
    for line in (
        "培育方案: {名称: 方案, 文件: 佐证/图.pdf, 佐证: [没有.pdf]}",
        "培育方案: {值: {名称: 方案, 文件: 佐证/图.pdf}, 佐证: [没有.pdf]}",
        "培育方案: {文件: 佐证/图.pdf, 佐证: 没有.pdf}",
    ):
        submission = read(standard, metrics(line), str(folder / "f.yaml"))
        declaration = submission.declarations["cultivation_plan"]
        assert [(it.file, it.exists) for it in declaration.evidence] == [
            ("佐证/图.pdf", True),
            ("没有.pdf", False),
        ]
        assert declaration.assurance == "evidenced"


@pytest.mark.parametrize("blank", ["", "~", "''", "[]"])
def test_blank_evidence(standard: Standard, blank: str) -> None:
    assert only(standard, f"总投资规模: {{值: 3亿元, 佐证: {blank}}}").evidence == ()


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "//server/x",
        "..",
        "../outside.pdf",
        "佐证/../../outside.pdf",
        "佐证/../佐证/图.pdf",
        "..\\outside.pdf",
        "佐证\\..\\..\\outside.pdf",
        "C:\\x.pdf",
        "c:/x.pdf",
        "C:x.pdf",
        "\\\\server\\x.pdf",
        "\\x.pdf",
        "http://example.org/x.pdf",
        "https://example.org/x.pdf",
        "file:///etc/passwd",
        ".",
        "./",
        "CON",
        "佐证/nul.pdf",
        "aux .txt",
        "COM1",
        "lpt9.tar.gz",
        "CONIN$",
        "图.pdf:stream",
        "//server/share/x.pdf",
        "~/../x",
    ],
)
def test_evidence_outside_the_folder_is_refused(
    standard: Standard, folder: Path, path: str
) -> None:
    found = problems(standard, with_evidence(f"['{path}']"), str(folder / "f.yaml"))
    assert [said(it)[:3] for it in found] == [("E521", 6, 24)]
    assert path in found[0].message("zh")
    document = metrics(f"培育方案: {{名称: 方案, 文件: '{path}'}}")
    assert [it.code for it in problems(standard, document, str(folder / "f.yaml"))] == ["E521"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_out_of_the_folder_is_refused(standard: Standard, folder: Path) -> None:
    os.symlink("../../outside.pdf", folder / "佐证" / "链接.pdf")
    os.symlink("..", folder / "上级")
    os.symlink("图.pdf", folder / "佐证" / "内部.pdf")
    path = str(folder / "f.yaml")
    for name in ("佐证/链接.pdf", "上级/outside.pdf", "上级"):
        assert [it.code for it in problems(standard, with_evidence(name), path)] == ["E521"]
    inside = read(standard, with_evidence("佐证/内部.pdf"), path)
    assert inside.declarations["total_investment"].evidence[0].exists
    # The folder of the data file may itself be reached through a link.
    os.symlink(folder, folder.parent / "linked")
    linked = read(standard, with_evidence("佐证/图.pdf"), str(folder.parent / "linked" / "f.yaml"))
    assert linked.declarations["total_investment"].evidence[0].exists


def test_nothing_tells_whether_a_path_outside_exists(standard: Standard, folder: Path) -> None:
    os.symlink("../../outside.pdf", folder / "there.pdf")
    os.symlink("../../nowhere.pdf", folder / "not-there.pdf")
    told = [
        problems(standard, with_evidence(name), str(folder / "f.yaml"))
        for name in ("there.pdf", "not-there.pdf", "../outside.pdf", "../nowhere.pdf")
    ]
    assert [[it.code for it in found] for found in told] == [["E521"]] * 4


def test_a_root_that_is_named_widens_where_evidence_may_lie(
    standard: Standard, folder: Path
) -> None:
    (folder.parent / "共用").mkdir()
    (folder.parent / "共用" / "图.pdf").write_bytes(b"")
    (folder.parent / "共用" / "出.pdf").symlink_to("../outside.pdf")
    (folder / "入").symlink_to("../共用")
    path = str(folder / "f.yaml")

    def found(name: str, root: str | None) -> bool | str:
        source = source_of(path, with_evidence(name).encode())
        try:
            read = read_submission(source, standard, evidence_root=root)
        except InputError as error:
            return error.problems[0].code
        return read.declarations["total_investment"].evidence[0].exists

    shared = str(folder.parent / "共用")
    for name in ("../共用/图.pdf", "入/图.pdf"):
        assert found(name, None) == "E521"
        assert found(name, shared) is True
        assert found(name, str(folder.parent)) is True
    assert found("../共用/没有.pdf", shared) is False
    assert found("佐证/图.pdf", shared) is True  # the data file's own folder stays one
    assert found("../共用/出.pdf", shared) == "E521"
    assert found("../outside.pdf", shared) == "E521"
    assert found("佐证/../f.yaml", None) == "E521"
    assert found(f"{shared}/图.pdf", shared) == "E521"


def test_a_path_with_a_null_character_is_refused(standard: Standard, folder: Path) -> None:
    found = problems(standard, with_evidence('["a\\0.pdf"]'), str(folder / "f.yaml"))
    assert [it.code for it in found] == ["E521"]


def test_evidence_of_standard_input_lies_in_the_working_folder(
    standard: Standard, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    submission = read(standard, with_evidence("佐证/图.pdf"), "-")
    assert submission.declarations["total_investment"].evidence[0].exists


# Reference data

GROWTH = "city_output_growth"


def growth(submission: Submission) -> dict[int | None, Any]:
    return {
        year: entry.value.amount * 100
        for year, entry in submission.reference[GROWTH].entries.items()
        if isinstance(entry.value, Quantity)
    }


def test_reference_data_in_the_file(standard: Standard) -> None:
    text = reference("全市总产值增长率: {2022: 5.8%, 2023: -1%}")
    assert growth(read(standard, text)) == {2022: Fraction("5.8"), 2023: -1}


@pytest.mark.parametrize(
    "content",
    [
        "全市总产值增长率: {2023: 7%, 2024: 8%}\n",
        "city_output_growth: {值: {2023: 7%, 2024: 8%}, 备注: 公报}\n",
        "参考数据:\n  全市总产值增长率: {2023: 7%, 2024: 8%}\n",
        "标准: shuozhou-2022\nreference: {city_output_growth: {2023: 7%, 2024: 8%}}\n",
    ],
)
def test_a_reference_file_outranks_the_file_year_by_year(
    standard: Standard, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "参考.yaml"
    path.write_text(content, "utf-8")
    outranking = load_reference(path, standard)
    data = tmp_path / "f.yaml"
    data.write_text(reference("全市总产值增长率: {2022: 5%, 2023: 6%}"), "utf-8")
    assert growth(load_submission(data, standard, outranking)) == {2022: 5, 2023: 7, 2024: 8}
    data.write_text(HEAD, "utf-8")
    assert growth(load_submission(data, standard, outranking)) == {2023: 7, 2024: 8}
    assert growth(load_submission(EXAMPLES / "huairen.yaml", standard)) == {
        2022: Fraction("5.8"),
        2023: Fraction("6.1"),
    }


def test_a_verified_value_outranks_and_is_outranked_like_any(
    standard: Standard, tmp_path: Path
) -> None:
    path = tmp_path / "参考.yaml"
    path.write_text(f"{GROWTH}: {{2023: 7%}}\n", "utf-8")
    verified = "{值: {2022: 5%, 2023: 6%}, 核查: {结果: 核减, 核定值: {2022: 4%, 2023: 3%}}}"
    data = tmp_path / "f.yaml"
    data.write_text(reference(f"{GROWTH}: {verified}"), "utf-8")
    submission = load_submission(data, standard, load_reference(path, standard))
    in_force = {year: submission.reference[GROWTH].entry(year) for year in (2022, 2023)}
    assert {year: entry and entry.value for year, entry in in_force.items()} == {
        2022: Quantity(Fraction(4, 100), "%"),
        2023: Quantity(Fraction(7, 100), "%"),
    }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("总产值: {2023: 1亿元}\n", [("E523", 1, 1)]),
        ("全市增长率: {2023: 1%}\n", [("E501", 1, 1)]),
        ("全市总产值增长率: 6%\n", [("E512", 1, 11)]),
        ("参考数据: {全市总产值增长率: {2023: 6}}\n", [("E503", 1, 25)]),
        ("参考数据: {}\n县: 怀仁市\n", [("E301", 2, 1)]),
        ("参考数据: {}\n标准: 别的\n", [("E407", 2, 5)]),
        ("参考数据: {}\nreference: {}\n", [("E302", 2, 1)]),
        ("- 6%\n", [("E308", 1, 1)]),
        ("全市总产值增长率: {2023: 6%\n", [("E204", 1, 11)]),
    ],
)
def test_errors_of_a_reference_file(
    standard: Standard, tmp_path: Path, content: str, expected: list[tuple[str, int, int]]
) -> None:
    path = tmp_path / "参考.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError) as caught:
        load_reference(path, standard)
    assert [said(it)[:3] for it in caught.value.problems] == expected
    assert {it.path for it in caught.value.problems} == {str(path)}


# Facts


@pytest.mark.parametrize(
    "written",
    [
        "2023-12-31",
        "2023.12.31",
        "2023/12/31",
        "2023年12月31日",
        "2023 年 12 月 31 日",
        "'2023-12-31'",
        "２０２３-１２-３１",
    ],
)
def test_dates(standard: Standard, written: str) -> None:
    assert read(standard, HEAD.replace("2023-12-31", written)).as_of == date(2023, 12, 31)


def test_dates_with_short_numbers(standard: Standard) -> None:
    assert read(standard, HEAD.replace("2023-12-31", "2024.1.5")).as_of == date(2024, 1, 5)


@pytest.mark.parametrize(
    "written",
    [
        "2023-02-30",
        "2023-02-29",
        "2023-13-01",
        "2023-00-10",
        "0000-01-01",
        "2023-12",
        "2023",
        "20231231",
        "31-12-2023",
        "12/31/2023",
        "2023-12-31 10:00",
        "2023年底",
        "二〇二三年十二月三十一日",
        "23-12-31",
    ],
)
def test_no_dates(standard: Standard, written: str) -> None:
    (problem,) = problems(standard, HEAD.replace("2023-12-31", written))
    assert (problem.code, problem.position) == ("E404", Position(4, 9))


@pytest.mark.parametrize(
    ("as_of", "line", "year"),
    [
        ("2023-12-31", "", 2023),
        ("2022-12-31", "", 2022),
        ("2025-01-01", "", 2025),
        ("2025-01-01", "验收年度: 2023", 2023),
        ("2025-01-01", "acceptance_year: 2023年", 2023),
        ("2026-06-30", "验收年度: ２０２５", 2025),
        ("2021-06-30", "验收年度: 2022", 2022),
        ("2024-06-30", "验收年度:", 2024),
    ],
)
def test_acceptance_year(standard: Standard, as_of: str, line: str, year: int) -> None:
    text = HEAD.replace("2023-12-31", as_of) + line + "\n"
    assert read(standard, text).acceptance_year == year


def test_an_acceptance_year_out_of_range_names_the_range(standard: Standard) -> None:
    (problem,) = problems(standard, HEAD + "验收年度: 2026\n")
    assert problem.message("zh") == "验收年度“2026”不在 2022 至 2025 年之间。"
    (problem,) = problems(standard, HEAD.replace("2023-12-31", "2026-01-01"))
    assert "验收年度: 2025" in problem.hint("zh")


@pytest.mark.parametrize(
    ("written", "answer"), [("是", True), ("否", False), ("true", True), ("", None), ("~", None)]
)
def test_demonstration_status(standard: Standard, written: str, answer: bool | None) -> None:
    submission = read(standard, HEAD + f"综合示范县: {written}\n")
    assert submission.demonstration is answer
    assert submission.contradicts_status == (answer is False)
    assert submission.demonstration_position == Position(5, 1)
    assert read(standard, HEAD).demonstration_position is None


@pytest.mark.parametrize(
    ("text", "is_data", "name"),
    [
        ("标准: shuozhou-2022\n", True, "shuozhou-2022"),
        ("县: 怀仁市\nstandard: ' foo '\n", True, " foo "),
        ("标 准: foo\n", True, "foo"),
        ("标准:\n", True, None),
        ("标准: [foo]\n", True, None),
        ("说明: 标准\n", False, None),
        ("[标准]: foo\n", False, None),
    ],
)
def test_the_standard_that_a_file_names(text: str, is_data: bool, name: str | None) -> None:
    source = Source("f.yaml", "0", read_tree("f.yaml", text))
    assert has_standard_key(source) is is_data
    node = declared_standard(source)
    assert (node and node.value) == name


def test_every_county_with_its_town(standard: Standard) -> None:
    for county in standard.counties:
        for other in standard.counties:
            text = HEAD.replace("县: 怀仁市", f"县: {county.name}").replace(
                "怀仁市陶瓷e镇", other.town
            )
            if other is county:
                submission = read(standard, text)
                assert submission.county is county
            else:
                (problem,) = problems(standard, text)
                assert (problem.code, problem.position) == ("E403", Position(3, 7))
                assert county.town in problem.hint("zh")


def test_names_of_county_and_town_are_folded(standard: Standard) -> None:
    text = HEAD.replace("县: 怀仁市", "县: 怀仁 市").replace("怀仁市陶瓷e镇", "怀仁市 陶瓷ｅ镇")
    assert read(standard, text).county.name == "怀仁市"


def test_the_file_s_own_facts(standard: Standard, tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + "信息联络员: {姓名: 张三}\n").encode())
    submission = load_submission(path, standard)
    assert submission.path == str(path)
    assert len(submission.sha256) == 64
    assert submission.standard == "shuozhou-2022"
    assert submission.contact == ("张三", "")
    assert submission.warnings == ()


def test_examples_read_without_a_warning(standard: Standard) -> None:
    for path in sorted(EXAMPLES.glob("*.yaml")):
        assert load_submission(path, standard).warnings == ()


# Whatever is typed

STANDARD = load_standard("shuozhou-2022")
EXAMPLE = (EXAMPLES / "huairen.yaml").read_text("utf-8")
FRAGMENTS = [
    *[
        "[",
        "]",
        "{",
        "}",
        ": ",
        ":",
        "- ",
        "\n",
        "  ",
        "\t",
        '"',
        "'",
        "#",
        "&",
        "*",
        "!",
        "|",
        ">",
    ],
    *["?", "%", "@", "~", "''", "\\", "\0", "\u2028", "\ufeff", "\u202e", "---\n", "...\n", "<<: "],
    *[
        "无",
        "否",
        "0",
        "-1",
        "1e9",
        "½",
        "２",
        "，",
        "：",
        "、",
        "亿元",
        "1850年",
        "2023",
        "{2023: 5}",
    ],
    *[
        "值",
        "佐证",
        "核查",
        "核定值",
        "名称",
        "文件",
        "[甲, 乙]",
        "{值: 1}",
        "{}",
        "[]",
        "null",
        "{0}",
    ],
]


@settings(max_examples=400)
@given(
    st.lists(
        st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 6), st.sampled_from(FRAGMENTS)),
        min_size=1,
        max_size=3,
    )
)
def test_any_slip_of_the_keyboard_is_read_or_told(slips: list[tuple[int, int, str]]) -> None:
    text = EXAMPLE
    for at, length, typed in slips:
        text = text[:at] + typed + text[at + length :]
    found: list[Problem] = []
    try:
        read(STANDARD, text, str(EXAMPLES / "typed.yaml"))
    except InputError as error:
        found = error.problems
    places = [it.position or Position(0, 0) for it in found]
    assert places == sorted(places)
    for problem in found:
        for lang in ("zh", "en"):
            assert problem.message(lang)
            assert problem.hint(lang)


# Keys with their unit, and metrics of other standards


@pytest.mark.parametrize(
    "key",
    [
        "总投资规模（亿元）",
        "总投资规模(亿元)",
        "总投资规模 （单位：亿元）",
        "总投资规模（单位亿元）",
        "总投资规模[亿元]",
        "总投资规模【亿元】",
        "总投资规模/亿元",
        "total_investment (亿元)",
    ],
)
@pytest.mark.parametrize("value", ["2.3", "2.3亿元", "２．３"])
def test_the_unit_of_a_key_is_that_of_its_value(standard: Standard, key: str, value: str) -> None:
    submission = read(standard, metrics(f"{key}: {value}"))
    assert submission.declarations["total_investment"].entries[None].value == money(230_000_000)


def test_the_unit_of_a_key_holds_for_all_that_stands_under_it(standard: Standard) -> None:
    declaration = only(
        standard,
        "总产值（万元）: {值: {2022: 19000, 2023: 2.3万元}, 核查: {结果: 核减, 核定值: {2022: 18000}}}",
    )
    assert declaration.entries[2022].value == money(190_000_000, "万元")
    assert declaration.entries[2023].value == money(23_000, "万元")
    assert declaration.verification is not None
    assert declaration.verification.entries[2022].value == money(180_000_000, "万元")
    assert value(standard, "建筑面积（㎡）: 1,200") == Quantity(Fraction(1200), "平方米")
    assert value(standard, "电商龙头企业（家）: 5") == count(5)
    assert value(standard, "电商龙头企业（家）: [甲, 乙]") == count(2)


def test_the_unit_of_one_key_is_not_that_of_the_next(standard: Standard) -> None:
    found = problems(standard, metrics("总投资规模（亿元）: 2.3", "招商资金: 2.3"))
    assert [said(it)[:3] for it in found] == [("E503", 7, 9)]


def test_a_key_with_a_unit_is_the_same_key(standard: Standard) -> None:
    found = problems(standard, metrics("总投资规模（亿元）: 2.3", "总投资规模: 2.3亿元"))
    assert [said(it)[:3] for it in found] == [("E302", 7, 3)]


def test_a_metric_of_another_standard(standard: Standard) -> None:
    source = source_of("f.yaml", metrics("受训人次: 5", "受训人: 5").encode())
    with pytest.raises(InputError) as caught:
        read_submission(source, standard, elsewhere={"受训人次": "tiny"}.get)
    first, second = caught.value.problems
    assert (first.code, second.code) == ("E531", "E501")
    assert "tiny" in first.message("zh")
    assert "tiny" in first.message("en")


def test_what_cannot_be_seen_does_not_make_two_of_one(standard: Standard) -> None:
    entry = only(standard, "电商龙头企业: [甲公司, 甲公司\u202c, 乙]").entries[None]
    assert entry.value == count(2)
    told = read(standard, metrics("电商龙头企业: [甲\u202e]")).warnings
    assert [it.code for it in told] == ["W106"]


def test_all_that_is_wrong_with_a_file_is_told_beside_its_slips(standard: Standard) -> None:
    text = HEAD.replace("县: 怀仁市", "县：怀仁市") + "指标:\n  总投资规模: 2.3\n  总产直：1\n"
    assert [said(it)[:3] for it in problems(standard, text)] == [
        ("E221", 2, 2),
        ("E503", 6, 10),
        ("E501", 7, 3),
        ("E221", 7, 6),
    ]
    # The place of a value in a mended line is that in the file.
    text = HEAD + "指标：\n  总产值：{2022：1.9，2023:２}\n"
    assert [said(it)[:3] for it in problems(standard, text)] == [
        ("E221", 5, 3),
        ("E221", 6, 6),
        ("E503", 6, 13),
        ("E224", 6, 16),
        ("E222", 6, 21),
        ("E503", 6, 22),
    ]


def test_every_problem_knows_its_line_and_where_it_ends(standard: Standard) -> None:
    for text, _ in ERRORS:
        for problem in problems(standard, text):
            if problem.position is None or problem.line == "":  # what is lacking has no line
                continue
            assert problem.line == text.split("\n")[problem.position.line - 1]
            assert problem.end is not None
            assert problem.position.column < problem.end <= len(problem.line) + 2
