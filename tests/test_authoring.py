"""A mistake in a standard is told like one in a data file: where it stands, and what to write."""

from __future__ import annotations

import os
import re
import shutil
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, get_args

import pytest

from etown_check.authoring import models
from etown_check.authoring.compile import compile_standard
from etown_check.kinds import KINDS
from etown_check.problems import Position, StandardError
from etown_check.standard import (
    AllDeclared,
    AnyOf,
    AtLeast,
    DoubtRule,
    EveryMonth,
    Follows,
    HoldsAny,
    IsComplete,
    OnOrBefore,
    RowsBear,
    Simple,
    SpendsNothingOn,
    SpentWithin,
    WordList,
    from_plain,
    thresholds_of,
)
from etown_check.store import load_standard
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.problems import Problem

TINY_PATH = ROOT / "tests" / "data" / "tiny.yaml"
TINY = TINY_PATH.read_text("utf-8")
PARTS_PATH = ROOT / "tests" / "data" / "parts.yaml"
PARTS = PARTS_PATH.read_text("utf-8")
REAL = ROOT / "standards" / "shuozhou-2022"

HERE = "▸"
"""Stands before each place where a mistake is expected, and is not written to the file."""


class Mistake(NamedTuple):
    """A change to the standard `of` that makes it wrong, and what is then told.

    `new` holds a `HERE` for each of `codes`, in order. `says` are words of the English message
    and hint, `close` the names that are proposed.
    """

    name: str
    old: str
    new: str
    codes: str
    says: str = ""
    close: tuple[str, ...] = ()
    of: str = TINY


def told(path: Path) -> list[Problem]:
    """Return the problems of the standard at `path`, which must have some."""
    with pytest.raises(StandardError) as caught:
        load_standard(path)
    return caught.value.problems


def places(text: str) -> list[Position]:
    """Return where each `HERE` of `text` stands once they are all taken out."""
    return [
        Position(number, found.start() - index + 1)
        for number, line in enumerate(text.split("\n"), 1)
        for index, found in enumerate(re.finditer(HERE, line))
    ]


def change(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{text.count(old)} of {old!r}"
    return text.replace(old, new)


KEYS_AND_VALUES = [
    Mistake("unknown key", "  number:", "  ▸nummber: x\n  number:", "E601", "nummber", ("number",)),
    Mistake("unknown key at the top", "levels:", "▸lvels: x\nlevels:", "E601", "lvels", ("levels", "files")),
    Mistake("unknown key of a constraint", "            threshold: 5家\n", "            threshold: 5家\n            ▸shortfal: x\n", "E601", "shortfal", ("shortfall",)),
    Mistake("unknown key of a ruling", "{status: review, reading: R2}", "{status: review, reading: R2, ▸readin: R2}", "E601", "readin", ("reading",)),
    Mistake("unknown key, nothing like it", "id: tiny", "id: tiny\n▸qqq: x", "E601", "qqq"),
    Mistake("unknown key in a list", "kind: yes_no,", "kind: yes_no, ▸yearli: 是,", "E601", "yearli", ("yearly",)),
    Mistake("unknown key of a check", "quote: 编制规划}", "quote: 编制规划, ▸reading: R1}", "E601", "reading", ("readings", "pending")),
    Mistake("key of another type", "metric: plan,", "metric: plan, ▸threshold: 5家,", "E601", "threshold"),
    Mistake("key of another type, in any_of", "value: 5家}", "value: 5家, ▸low: 1家}", "E601", "low"),
    Mistake("unknown key of a doubt", "type: future_year}", "type: future_year, ▸metric: shops}", "E601", "metric"),
    Mistake("reason of a ruling on the margin", "{status: review, reading: R2}", "{status: review, reading: R2, ▸because: 高于}", "E601", "because"),
    Mistake("files in a single file", "id: tiny", "id: tiny\n▸files: [a.yaml]", "E612", "standard.yaml of a folder only"),
    Mistake("the models' own key", "- {id: '1.1', type: exists, metric: plan, quote: 编制规划}", "- ▸{id: '1.1', constraint: {type: exists, metric: plan}, quote: 编制规划}", "E612", "“1.1” is not as it should be."),
    Mistake("check is a word", "- {id: '1.1', type: exists, metric: plan, quote: 编制规划}", "- ▸exists", "E603", "A mapping"),
    Mistake("lacking at the top", "id: tiny\n", "▸", "E602", "id"),
    Mistake("lacking in a mapping", "{name: 约束性, name_en: binding}", "▸{name: 约束性}", "E602", "name_en"),
    Mistake("lacking in a record", "- {id: R1, quote: 原则上, reading: 从宽。, reading_en: Loosely.}", "- ▸{id: R1, quote: 原则上, reading: 从宽。}", "E602", "reading_en"),
    Mistake("name without name_en", "- name: 甲县\n    name_en: Jia\n", "- ▸name: 甲县\n", "E602", "name_en"),
    Mistake("lacking threshold", "- id: '1.3'\n            type: at_least\n            metric: shops\n            threshold: 5家\n", "- ▸id: '1.3'\n            type: at_least\n            metric: shops\n", "E612", "“at_least” is not as it should be. Give either threshold"),
    Mistake("lacking type", "{id: '1.1', type: exists, metric", "▸{id: '1.1', metric", "E602", "type"),
    Mistake("lacking type in any_of", "{type: above, metric: land", "▸{metric: land", "E602", "type"),
    Mistake("lacking type of a doubt", "{code: D9, type: future_year}", "▸{code: D9}", "E602", "type"),
    Mistake("lacking checks", "      - id: '2'", "      - ▸id: '3'\n        name: 空\n        name_en: Empty\n        level: expected\n        where: 三\n        task: 空\n        requirement: 空\n      - id: '2'", "E602", "checks"),
    Mistake("wrong word", "level: binding", "level: ▸bindign", "E603", "It may be: binding, expected.", ("binding",)),
    Mistake("wrong word in a list", "inferred: [tier, demonstration]", "inferred: [tier, ▸town]", "E603", "“inferred”"),
    Mistake("wrong word for a ruling", "{status: review, because", "{status: ▸reviewed, because", "E603", "It may be: review.", ("review",)),
    Mistake("wrong kind", "kind: document", "kind: ▸documnt", "E603", "yes_no, document", ("document", "count")),
    Mistake("wrong severity", "severity: error", "severity: ▸eror", "E603", "warning, error", ("error",)),
    Mistake("wrong only", "only: demonstration", "only: ▸demo", "E603", "demonstration, other", ("demonstration",)),
    Mistake("unknown type", "type: exists", "type: ▸exist", "E603", "exists, is_yes", ("exists",)),
    Mistake("unknown type in any_of", "type: above", "type: ▸abov", "E603", "above", ("above",)),
    Mistake("any_of in any_of", "type: above", "type: ▸any_of", "E603", "one_of", ("one_of",)),
    Mistake("unknown type of a doubt", "type: on_threshold", "type: ▸on_treshold", "E603", "on_threshold", ("on_threshold",)),
    Mistake("type is a list", "type: exists", "type: ▸[exists]", "E612", "“type”"),
    Mistake("type is a mapping", "type: exists", "type: ▸{is: exists}", "E612", "“type”"),
    Mistake("type is empty", "type: exists,", "type: ▸'',", "E603", "“type”"),
    Mistake("alternative is a word", "- {type: above, metric: land, threshold: 0.5平方公里}", "- ▸above", "E603", "A mapping is expected."),
    Mistake("quantity without number", "threshold: 5家\n", "threshold: ▸五家\n", "E603", "a number and a unit"),
    Mistake("quantity of one tier", "pioneer: 2亿元", "pioneer: ▸2-3亿元", "E603", "a number and a unit"),
    Mistake("quantity in a list", "threshold: 5家\n", "threshold: ▸[5家]\n", "E612", "“threshold”"),
    Mistake("quantity as a key", "{5家: '1.3'}", "{▸five: '1.3'}", "E603", "“five” of “elsewhere”"),
    Mistake("quantity of a doubt", "tolerance: 0.1个百分点", "tolerance: ▸little", "E603", "a number and a unit"),
    Mistake("flag", "demonstration: 是", "demonstration: ▸true", "E603", "是 (yes) or 否 (no)"),
    Mistake("flag in a list", "demonstration: 是", "demonstration: ▸[是]", "E612", "是 (yes) or 否 (no)"),
    Mistake("year", "years: [2022, 2023]", "years: [▸22, 2023]", "E603", "four digits"),
    Mistake("date", "issued_on: 2022-10-13", "issued_on: ▸2022年10月13日", "E603", "2022-10-13"),
    Mistake("date that is none", "issued_on: 2022-10-13", "issued_on: ▸2022-13-10", "E603", "2022-10-13"),
    Mistake("number", "limit: '5'", "limit: ▸'5.5'", "E603", "whole number"),
    Mistake("number zero", "factor: '10000'", "factor: ▸'0'", "E603", "whole number"),
    Mistake("metric key", "{key: plan,", "{key: ▸Plan,", "E603", "lower-case"),
    Mistake("id", "id: tiny", "id: ▸小", "E603", "letters, digits"),
    Mistake("empty value", "title: 关于建设小镇的通知", "title: ▸''", "E603", "must not be empty"),
    Mistake("list for a value", "title: 关于建设小镇的通知", "title: ▸[通知]", "E612", "A single value"),
    Mistake("value for a list", "issuers: [小城商务局]", "issuers: ▸小城商务局", "E603", "A list"),
    Mistake("value for a mapping", "demonstration: {reading: R1}", "demonstration: ▸R1", "E603", "A mapping"),
    Mistake("list for a mapping", "demonstration: {reading: R1}", "demonstration: ▸[R1]", "E612", "A mapping"),
    Mistake("list for words by tier", "        elsewhere: {5家: '1.3'}", "        elsewhere: ▸[5家]", "E612", "A mapping"),
    Mistake("list in a list", "units: [家, 个]", "units: [▸[家], 个]", "E612", "“units”"),
    Mistake("empty requirement", "requirement: 网店原则上不少于5家，用地0.5平方公里至5平方公里。", "requirement: ▸''", "E603", "must not be empty"),
    Mistake("no issuers", "issuers: [小城商务局]", "issuers: ▸[]", "E606", "“issuers”"),
    Mistake("no thresholds", "threshold: {pioneer: 2亿元, assisted: 1亿元}", "threshold: ▸{}", "E606", "“threshold”"),
    Mistake("no members", "members: [展示, 体验, 销售]", "members: ▸[]", "E606", "“members”"),
    Mistake("no requirement", "requirement: 网店原则上不少于5家，用地0.5平方公里至5平方公里。", "requirement: ▸[]", "E606", "“requirement”"),
    Mistake("one alternative", "            of:\n              - {type: above, metric: land, threshold: 0.5平方公里}\n              - {", "            of:\n              ▸- {", "E612", "too few"),
    Mistake("one metric of two", "metrics: [shops, zones]", "metrics: ▸[shops]", "E612", "too few"),
    Mistake("three metrics of two", "metrics: [shops, zones]", "metrics: ▸[shops, zones, head]", "E612", "too many"),
    Mistake("quote and about", "- {id: R1, quote: 原则上,", "- ▸{id: R1, quote: 原则上, about: 宽, about_en: Loose,", "E612", "“R1” is not as it should be. Give either quote, or about"),
    Mistake("neither quote nor about", "- {id: R1, quote: 原则上,", "- ▸{id: R1,", "E612", "either quote, or about"),
    Mistake("about without about_en", "- id: R2\n    about: 较短的年度\n    about_en: A short year\n", "- ▸id: R2\n    about: 较短的年度\n", "E612", "either quote, or about"),
    Mistake("check's name without name_en", "- id: '1.5'\n            name: 用地或网店\n            name_en: Land or shops\n", "- ▸id: '1.5'\n            name: 用地或网店\n", "E612", "“1.5” is not as it should be. Give both"),
    Mistake("count without units", "- {key: firms, name: 企业, name_en: Firms, kind: count, units: [家],", "- ▸{key: firms, name: 企业, name_en: Firms, kind: count,", "E612", "“firms” is not as it should be. A count has units"),
    Mistake("units without count", "- {key: land, name: 用地, name_en: Land, kind: area,", "- ▸{key: land, name: 用地, name_en: Land, kind: area, units: [平方米],", "E612", "A count has units"),
    Mistake("names without vocabulary", "- {key: zones, name: 功能区, name_en: Zones, kind: names, vocabulary: [展示, 体验, 销售],", "- ▸{key: zones, name: 功能区, name_en: Zones, kind: names,", "E612", "have a vocabulary"),
    Mistake("vocabulary without names", "- {key: plan, name: 规划, name_en: Plan, kind: document,", "- ▸{key: plan, name: 规划, name_en: Plan, kind: document, vocabulary: [有],", "E612", "have a vocabulary"),
]  # fmt: skip

REFERENCES = [
    Mistake("softening words", "waivable: {level: expected}", "waivable: {because: [▸原则]}", "E604", "Softening words “原则”", ("原则上",)),
    Mistake("metric", "metric: plan,", "metric: ▸plna,", "E604", "Metric “plna”", ("plan",)),
    Mistake("metric beside", "other: funds", "other: ▸fund", "E604", "Metric “fund”", ("funds",)),
    Mistake("whole", "whole: firms", "whole: ▸frms", "E604", "Metric “frms”", ("firms", "new_firms")),
    Mistake("growth", "metric: sales, growth: growth, years", "metric: sales, growth: ▸grwth, years", "E604", "Metric", ("growth", "city_growth")),
    Mistake("reference", "reference: city_growth", "reference: ▸citygrowth", "E604", "Metric", ("city_growth", "growth")),
    Mistake("metric in any_of", "metric: shops, value", "metric: ▸shop, value", "E604", "Metric", ("shops",)),
    Mistake("metric of a doubt", "new_firms, limit: firms", "new_firms, limit: ▸firm", "E604", "Metric", ("firms", "new_firms")),
    Mistake("metric of a doubt's list", "metrics: [shops, zones]", "metrics: [shops, ▸zone]", "E604", "Metric", ("zones",)),
    Mistake("part of a sum", "parts: [funds, capital]", "parts: [funds, ▸capitl]", "E604", "Metric", ("capital",)),
    Mistake("reading of a check", "readings: [R1]\n", "readings: [R1, ▸R9]\n", "E604", "Reading “R9”"),
    Mistake("reading of a shortfall", "because: 原则上, reading: R1", "because: 原则上, reading: ▸R9", "E604", "Reading"),
    Mistake("reading of a margin", "{status: review, reading: R2}", "{status: review, reading: ▸R9}", "E604", "Reading"),
    Mistake("reading of any_of", "one_fails: {reading: R1}", "one_fails: {reading: ▸R9}", "E604", "Reading"),
    Mistake("reading of short years", "short: {years: [2022], reading: R2}", "short: {years: [2022], reading: ▸R9}", "E604", "Reading"),
    Mistake("reading of running years", "running: {reading: R2}", "running: {reading: ▸R9}", "E604", "Reading"),
    Mistake("reading of the demonstration", "\ndemonstration: {reading: R1}", "\ndemonstration: {reading: ▸R9}", "E604", "Reading"),
    Mistake("reading of the undeclared", "undeclared: {reading: R1}", "undeclared: {reading: ▸R9}", "E604", "Reading"),
    Mistake("reading of a doubt", "settled_by: [共用], reading: R2", "settled_by: [共用], reading: ▸R9", "E604", "Reading"),
    Mistake("tier of a county", "tier: assisted}", "tier: ▸asisted}", "E604", "Tier “asisted”", ("assisted",)),
    Mistake("tier of a threshold", "{pioneer: 2亿元, assisted: 1亿元}", "▸{pioneer: 2亿元, ▸asisted: 1亿元}", "E610 E604", "lacks the threshold"),
    Mistake("surplus tier of a threshold", "{pioneer: 2亿元, assisted: 1亿元}", "{pioneer: 2亿元, assisted: 1亿元, ▸rich: 9亿元}", "E604", "Tier “rich”"),
    Mistake("surplus tier of a quote", "              assisted: 帮扶县不少于1亿元/年\n", "              assisted: 帮扶县不少于1亿元/年\n              ▸rich: 先行县\n", "E604", "Tier “rich”"),
    Mistake("part", "- part: annex\n    title: 一", "- part: ▸anex\n    title: 一", "E604", "Part “anex”", ("annex",)),
    Mistake("member", "members: [展示, 体验, 销售]", "members: [展示, ▸体检, 销售]", "E604", "Word “体检”", ("体验",)),
    Mistake("accepted", "accepted: [书记, 县长]", "accepted: [书记, ▸副县长]", "E604", "Word “副县长”", ("县长",)),
    Mistake("elsewhere", "{5家: '1.3'}", "{5家: ▸'1.9'}", "E604", "Check “1.9”"),
    Mistake("period", "years: construction", "years: ▸operation", "E604", "Period “operation”"),
    Mistake("short year", "short: {years: [2022]", "short: {years: [▸2021]", "E604", "Year “2021”"),
    Mistake("period of any_of", "            type: any_of\n            of:\n              - {type: above, metric: land, threshold: 0.5平方公里}\n              - {type: equals, metric: shops,", "            type: any_of\n            years: ▸operation\n            of:\n              - {type: above, metric: ▸land, threshold: 0.5平方公里}\n              - {type: equals, metric: ▸shops,", "E604 E609 E609", "Period"),
    Mistake("tiers twice", "name_en: assisted}", "name_en: assisted}\n  - {id: ▸pioneer, name: 又, name_en: again}", "E605", "Tier “pioneer”"),
    Mistake("counties twice", "- {name: 乙县,", "- {name: ▸甲 县,", "E605", "County “甲 县”"),
    Mistake("parts twice", "name_en: Annex, default: 是}", "name_en: Annex, default: 是}\n  - {id: ▸annex, name: 正文, name_en: Body}", "E605", "Part “annex”"),
    Mistake("readings twice", "reading_en: Loosely.}", "reading_en: Loosely.}\n  - {id: ▸R1, quote: 一般, reading: 又, reading_en: Again}", "E605", "Reading “R1”"),
    Mistake("metrics twice", "evidence: 规划, evidence_en: plan}", "evidence: 规划, evidence_en: plan}\n  - {key: ▸plan, name: 又, name_en: Again, kind: document, evidence: 又, evidence_en: again}", "E605", "Metric “plan”"),
    Mistake("metric names twice", "name: 边界清晰, name_en", "name: ▸规划, name_en", "E605", "Metric name “规划”"),
    Mistake("items twice", "- id: '2'\n", "- id: ▸'1'\n", "E605", "Item “1”"),
    Mistake("checks twice", "{id: '2.7'", "{id: ▸'2.6'", "E605", "Check “2.6”"),
    Mistake("key twice", "  number: 小发〔2022〕1号\n", "  number: 小发〔2022〕1号\n  ▸number: 2\n", "E302", "line 6"),
    Mistake("key twice at the top", "levels:", "▸id: other\nlevels:", "E302", "line 2"),
    Mistake("key that is none", "tier: assisted}", "tier: assisted, ▸'': x}", "E304"),
    Mistake("type for a kind", "type: exists, metric: plan", "type: exists, metric: ▸clear", "E607", "“exists” does not apply to “边界清晰” (yes_no)"),
    Mistake("amount for a document", "metric: shops\n", "metric: ▸plan\n", "E607", "(document)"),
    Mistake("member for a choice", "metric: zones, members", "metric: ▸head, members", "E607", "(choice)"),
    Mistake("choice for names", "metric: head, accepted", "metric: ▸zones, accepted", "E607", "(names)"),
    Mistake("kind in any_of", "metric: shops, value", "metric: ▸head, value", "E607", "(choice)"),
    Mistake("growth that is none", "metric: sales, growth: growth, years", "metric: sales, growth: ▸firms, years", "E607", "It applies to: ratio."),
    Mistake("reference that is no growth", "reference: city_growth", "reference: ▸sales", "E607", "(money)"),
    Mistake("growth of a growth", "metric: sales, growth: growth, years", "metric: ▸growth, growth: growth, years", "E607", "count, money, area"),
    Mistake("other of another kind", "other: funds", "other: ▸land", "E607", "It applies to: money."),
    Mistake("doubt about another kind", "metrics: [capital, funds]", "metrics: [capital, ▸land]", "E607", "It applies to: money."),
    Mistake("doubt about no number", "type: quotient_above, metric: funds", "type: quotient_above, metric: ▸plan", "E607", "(document)"),
    Mistake("doubt about a divisor that is none", "by: land", "by: ▸plan", "E607", "(document)"),
    Mistake("doubt about no growth", "growth: growth, tolerance", "growth: ▸sales, tolerance", "E607", "It applies to: ratio."),
    Mistake("unit of a count", "threshold: 5家\n", "threshold: ▸5人\n", "E608", "Units: 家, 个."),
    Mistake("unit of money", "pioneer: 2亿元, assisted: 1亿元", "pioneer: 2亿元, assisted: ▸1亿", "E608", "Units: 元, 万元, 亿元."),
    Mistake("no unit", "low: 0.5平方公里", "low: ▸0.5", "E608", "平方公里"),
    Mistake("unit of another kind", "high: 5平方公里", "high: ▸5亿元", "E608", "平方公里"),
    Mistake("unit of a growth", "threshold: 10%", "threshold: ▸10个百分点", "E608", "Units: %."),
    Mistake("unit of a margin", "margin: 2个百分点", "margin: ▸2%", "E608", "Units: 个百分点."),
    Mistake("unit of a share", "threshold: 60%", "threshold: ▸60家", "E608", "Units: %."),
    Mistake("unit in any_of", "value: 5家}", "value: ▸5款}", "E608", "Units: 家, 个."),
    Mistake("unit of a tolerance", "tolerance: 0.1个百分点", "tolerance: ▸0.1元", "E608", "Units: %, 个百分点."),
    Mistake("unit of a step", "to: 1元", "to: ▸1家", "E608", "Units: 元, 万元, 亿元."),
    Mistake("bounds", "high: 5平方公里", "high: ▸0.4平方公里", "E603", "must not be below low"),
    Mistake("bounds of one tier", "high: 5平方公里", "high: {pioneer: 5平方公里, assisted: ▸0.4平方公里}", "E603", "must not be below low"),
    Mistake("years on what is not yearly", "metric: shops\n", "metric: ▸shops\n            years: acceptance\n", "E609", "“网店”"),
    Mistake("no years on what is yearly", "metric: new_firms, whole: firms, years: construction,", "metric: ▸new_firms, whole: ▸firms,", "E609 E609", "years"),
    Mistake("tier lacking in a threshold", "threshold: {pioneer: 2亿元, assisted: 1亿元}", "threshold: ▸{pioneer: 2亿元}", "E610", "(assisted)"),
    Mistake("tier lacking in a quote", "            quote:\n              pioneer: 先行县不少于2亿元/年\n              assisted", "            quote:\n              ▸assisted", "E610", "(pioneer)"),
    Mistake("quote of other words", "quote: 编制规划}", "quote: ▸编制计划}", "E603", "words of the item's task or requirement"),
    Mistake("quote of another item", "quote: 书记或县长牵头", "quote: ▸边界清晰", "E603", "words of the item's task or requirement"),
    Mistake("quote of one tier", "assisted: 帮扶县不少于1亿元/年\n", "assisted: ▸帮扶县不少于2亿元/年\n", "E603", "words of the item's"),
    Mistake("because of other words", "because: 原则上", "because: ▸一般", "E603", "“because”"),
    Mistake("all at once", "metric: plan, quote: 编制规划}", "metric: ▸plna, quote: ▸编制计划, readings: [▸R9]}", "E604 E603 E604", "", ("plan",)),
    Mistake("an undefined metric hides nothing", "metric: sales\n            years: acceptance\n            threshold: {pioneer: 2亿元, assisted: 1亿元}", "metric: ▸slaes\n            years: ▸operation\n            threshold: ▸{pioneer: 2亿元}", "E604 E604 E610", "", ("sales",)),
]  # fmt: skip

FORM = [
    Mistake("bracket", "issuers: [小城商务局]", "issuers: ▸[小城商务局", "E204"),
    Mistake("quotation mark", "id: tiny", 'id: ▸"tiny', "E203"),
    Mistake("tab", "  number:", "▸\tnumber:", "E202"),
    Mistake("anchor", "tier: pioneer\n", "tier: ▸&tier pioneer\n", "E206"),
    Mistake("alias", "tier: pioneer\n", "tier: ▸*tier\n", "E206"),
    Mistake("tag", "id: tiny", "id: ▸!!str tiny", "E207"),
    Mistake("second document", "levels:", "▸---\nlevels:", "E612", "One file holds one document."),
    Mistake("control character", "id: tiny", "id: tiny▸\x07", "E107"),
]  # fmt: skip

# What tiny.yaml has none of: dates, months, contacts, ledgers, thresholds of other checks.
LEDGER = PARTS[PARTS.index("\nledger:\n") + 1 : PARTS.index("\nsections:\n") + 1]
ABOUT_ROWS = PARTS[PARTS.index("  - {code: D1,") : PARTS.index("  - {code: D7,")]
FURTHER = [
    # Values
    Mistake("part's gathered", "default: 否, gathered: 是", "default: 否, gathered: ▸true", "E603", "是 (yes) or 否 (no)"),
    Mistake("part's default", "default: 否, gathered: 是", "default: ▸no, gathered: 是", "E603", "是 (yes) or 否 (no)"),
    Mistake("pending", "pending: 是", "pending: ▸yes", "E603", "是 (yes) or 否 (no)"),
    Mistake("pending on another type", "type: every_month, metric: monthly,", "type: every_month, metric: monthly, ▸pending: 是,", "E601", "pending"),
    Mistake("deadline", "deadline: 2022-06-30", "deadline: ▸2022年6月30日", "E603", "2022-10-13"),
    Mistake("deadline that is no day", "deadline: 2022-06-30", "deadline: ▸2022-06-31", "E603", "2022-10-13"),
    Mistake("deadline that is a month", "deadline: 2022-06-30", "deadline: ▸2022-06", "E603", "2022-10-13"),
    Mistake("deadline lacking", "- {id: W1.1, type: on_or_before, metric: started, deadline: 2022-06-30,", "- ▸{id: W1.1, type: on_or_before, metric: started,", "E602", "deadline"),
    Mistake("first month", "first: 2022-11", "first: ▸2022年11月", "E603", "2022-11"),
    Mistake("first month that is a day", "first: 2022-11", "first: ▸2022-11-01", "E603", "2022-11"),
    Mistake("first month that is none", "first: 2022-11", "first: ▸2022-13", "E603", "2022-11"),
    Mistake("first month lacking", "- {id: W2.1, type: every_month, metric: monthly, first: 2022-11,", "- ▸{id: W2.1, type: every_month, metric: monthly,", "E602", "first"),
    Mistake("threshold and as_in", "- {id: W1.3, type: at_least, metric: target, as_in: '1.1',", "- ▸{id: W1.3, type: at_least, metric: target, as_in: '1.1', threshold: 1元,", "E612", "Give either threshold or as_in."),
    Mistake("neither threshold nor as_in", "- {id: W1.3, type: at_least, metric: target, as_in: '1.1',", "- ▸{id: W1.3, type: at_least, metric: target,", "E612", "Give either threshold or as_in."),
    Mistake("as_in on another type", "{id: W1.5, type: holds_any, metric: modes,", "{id: W1.5, type: holds_any, metric: modes, ▸as_in: '1.1',", "E601", "as_in"),
    Mistake("no member that is enough", "members: [补助, 贴息]", "members: ▸[]", "E606", "“members”"),
    Mistake("no figures", "metrics: [sales, firms]", "metrics: ▸[]", "E606", "“metrics”"),
    Mistake("one figure that is no list", "metrics: [sales, firms]", "metrics: ▸sales", "E603", "A list"),
    Mistake("metric beside metrics", "            metrics: [sales, firms]\n", "            ▸metric: sales\n            metrics: [sales, firms]\n", "E601", "metric", ("metrics",)),
    Mistake("no sources of a use", "category: 罚款, sources: [省]", "category: 罚款, sources: ▸[]", "E606", "“sources”"),
    Mistake("category lacking", "- {id: F1.2, type: spends_nothing_on, metric: accounts, category: 捐款,", "- ▸{id: F1.2, type: spends_nothing_on, metric: accounts,", "E602", "category"),
    Mistake("ledger lacking", "- {id: F1.3, type: spent_within, metric: received, ledger: accounts,", "- ▸{id: F1.3, type: spent_within, metric: received,", "E602", "ledger"),
    Mistake("column", "column: source", "column: ▸sorce", "E603", "It may be: source.", ("source",)),
    Mistake("column that is not checked", "column: source", "column: ▸voucher", "E603", "It may be: source."),
    Mistake("amounts without vocabulary", "- {key: received, name: 到账资金, name_en: Received, kind: amounts, vocabulary: [省, 县],", "- ▸{key: received, name: 到账资金, name_en: Received, kind: amounts,", "E612", "have a vocabulary"),
    Mistake("vocabulary of a date", "- {key: started, name: 开工日期, name_en: Started, kind: date, evidence: 开工令", "- ▸{key: started, name: 开工日期, name_en: Started, kind: date, vocabulary: [早], evidence: 开工令", "E612", "have a vocabulary"),
    Mistake("units of months", "- {key: monthly, name: 月报, name_en: Monthly reports, kind: months,", "- ▸{key: monthly, name: 月报, name_en: Monthly reports, kind: months, units: [月],", "E612", "A count has units"),
    Mistake("yearly ledger", "- {key: accounts, name: 台账, name_en: Accounts, kind: ledger,", "- ▸{key: accounts, name: 台账, name_en: Accounts, kind: ledger, yearly: 是,", "E612", "neither yearly nor reference"),
    Mistake("contact as reference", "- {key: person, name: 联络员, name_en: Contact, kind: contact,", "- ▸{key: person, name: 联络员, name_en: Contact, kind: contact, reference: 是,", "E612", "neither yearly nor reference"),
    Mistake("kind of metric", "kind: contact", "kind: ▸contct", "E603", "amounts, contact, ledger", ("contact", "count")),
    Mistake("severity of dates", "after: started, severity: error", "after: started, severity: ▸fatal", "E603", "warning, error"),
    Mistake("date that follows nothing", "- {code: D8, type: follows, metric: ended, after: started,", "- ▸{code: D8, type: follows, metric: ended,", "E602", "after"),
    Mistake("rule about rows with a metric", "type: rows_speak_of}", "type: rows_speak_of, ▸metric: accounts}", "E601", "metric"),
    # The form of the ledger
    Mistake("no metric", "ledger:\n  metric: accounts\n  years", "ledger:\n  ▸years", "E602", "metric"),
    Mistake("one year", "years: [2022, 2023]\n  columns", "years: ▸[2022]\n  columns", "E612", "too few"),
    Mistake("three years", "years: [2022, 2023]\n  columns", "years: ▸[2022, 2023, 2024]\n  columns", "E612", "too many"),
    Mistake("years backwards", "years: [2022, 2023]\n  columns", "years: [2022, ▸2021]\n  columns", "E603", "must not be before the first year"),
    Mistake("year of two digits", "years: [2022, 2023]\n  columns", "years: [▸22, 2023]\n  columns", "E603", "four digits"),
    Mistake("unknown column", "{key: payee,", "{key: ▸paye,", "E603", "It may be: date, description", ("payee",)),
    Mistake("column missing", "- {key: date, name: 日期, name_en: Date, also: [记账日期]}\n    - {key: description", "▸- {key: description", "E602", "date"),
    Mistake("columns missing", LEDGER[LEDGER.index("- {key: date") : LEDGER.index("- {key: amount")], "▸▸", "E602 E602", "date"),
    Mistake("column twice", "    - {key: payee, name: 收款单位, name_en: Payee}\n", "    - {key: payee, name: 收款单位, name_en: Payee}\n    - {key: ▸payee, name: 收款人, name_en: Paid to}\n", "E605", "Column “payee”"),
    Mistake("no columns", LEDGER[LEDGER.index("  columns:\n") : LEDGER.index("  sources:\n")], "  columns: ▸[]\n", "E606", "“columns”"),
    Mistake("no sources", LEDGER[LEDGER.index("  sources:\n") : LEDGER.index("  categories:\n")], "  sources: ▸[]\n", "E606", "“sources”"),
    Mistake("column's name twice", "{key: payee, name: 收款单位,", "{key: payee, name: ▸摘 要,", "E605", "Column “摘 要”"),
    Mistake("column's English name twice", "name_en: Payee}", "name_en: ▸amount}", "E605", "Column “amount”"),
    Mistake("column's other name twice", "also: [支出金额]", "also: [支出金额, ▸记账日期]", "E605", "Column “记账日期”"),
    Mistake("column known by its own name", "also: [支出金额]", "also: [支出金额, ▸金额]", "E605", "Column “金额”"),
    Mistake("source's name twice", "- {name: 县, name_en: County}", "- {name: 县, name_en: County}\n    - {name: ▸县, name_en: Shire}", "E605", "Source “县”"),
    Mistake("source's name that is another's other name", "- {name: 县, name_en: County}", "- {name: 县, name_en: County, also: [▸省 级]}", "E605", "Source “省 级”"),
    Mistake("source's English name twice", "name_en: County}\n  categories", "name_en: ▸province}\n  categories", "E605", "Source “province”"),
    Mistake("category's name twice", "  forbidden:\n", "  forbidden:\n    - {name: ▸修路, name_en: Ways, where: 二, quote: 支持修路}\n", "E605", "Category “修路”"),
    Mistake("permitted and forbidden", "also: [捐赠]", "also: [捐赠, ▸道路]", "E605", "Category “道路”"),
    Mistake("category without the plan's words", "- {name: 罚款, name_en: Fines, where: 二, quote: 不得支付罚款和捐款}", "- ▸{name: 罚款, name_en: Fines, where: 二}", "E602", "quote"),
    Mistake("no words of a use", "words: [捐]", "words: ▸[]", "E606", "“words”"),
    Mistake("empty word", "words: [捐]", "words: [▸'']", "E603", "must not be empty"),
    Mistake("words of an unknown use", "use: 捐款", "use: ▸捐钱", "E604", "Forbidden use “捐钱”", ("捐款",)),
    Mistake("words of a permitted use", "use: 捐款", "use: ▸修路", "E604", "Forbidden use “修路”"),
    Mistake("words of another name of a use", "use: 捐款", "use: ▸捐赠", "E604", "Forbidden use “捐赠”", ("捐款",)),
    Mistake("words of a use twice", "use: 捐款", "use: ▸罚款", "E605", "Word list “罚款”"),
    Mistake("metric of the form", "  metric: accounts\n", "  metric: ▸acounts\n", "E604", "Metric “acounts”", ("accounts",)),
    Mistake("form of what is no ledger", "  metric: accounts\n", "  metric: ▸received\n", "E607", "It applies to: ledger."),
    Mistake("unknown key of the form", "  years: [2022, 2023]\n  columns", "  ▸yers: [2022, 2023]\n  years: [2022, 2023]\n  columns", "E601", "yers", ("years",)),
    Mistake("form that is a list", LEDGER, "ledger: ▸[]\n", "E612", "A mapping"),
    # What one place says about another
    Mistake("forbidden use", "category: 捐款, sources", "category: ▸捐钱, sources", "E604", "Forbidden use “捐钱”", ("捐款",)),
    Mistake("forbidden use that is permitted", "category: 捐款, sources", "category: ▸修路, sources", "E604", "Forbidden use “修路”"),
    Mistake("forbidden use by another name", "category: 捐款, sources", "category: ▸捐赠, sources", "E604", "Forbidden use “捐赠”", ("捐款",)),
    Mistake("source", "sources: [省, 县]", "sources: [省, ▸市]", "E604", "Source “市”"),
    Mistake("source by another name", "sources: [省, 县]", "sources: [▸省级, 县]", "E604", "Source “省级”", ("省",)),
    Mistake("word that is no source", "vocabulary: [省, 县]", "vocabulary: [省, 县, ▸省级]", "E604", "Source “省级”", ("省",)),
    Mistake("source of which nothing can be received", "vocabulary: [省, 县]", "vocabulary: ▸[省]", "E602", "“县”"),
    Mistake("ledger of a check", "ledger: accounts,", "ledger: ▸acounts,", "E604", "Metric “acounts”", ("accounts",)),
    Mistake("ledger that is none", "ledger: accounts,", "ledger: ▸received,", "E607", "It applies to: ledger."),
    Mistake("received that are no amounts", "metric: received, ledger", "metric: ▸output, ledger", "E607", "It applies to: amounts."),
    Mistake("rows of no ledger", "type: rows_bear, metric: accounts", "type: rows_bear, metric: ▸received", "E607", "It applies to: ledger."),
    Mistake("spending of no ledger", "metric: accounts, category: 罚款", "metric: ▸received, category: 罚款", "E607", "It applies to: ledger."),
    Mistake("deadline of no date", "metric: started, deadline", "metric: ▸monthly, deadline", "E607", "It applies to: date."),
    Mistake("months of a date", "type: every_month, metric: monthly", "type: every_month, metric: ▸started", "E607", "It applies to: months."),
    Mistake("contact that is none", "type: is_complete, metric: person", "type: is_complete, metric: ▸started", "E607", "It applies to: contact."),
    Mistake("one of no names", "type: holds_any, metric: modes", "type: holds_any, metric: ▸started", "E607", "It applies to: names."),
    Mistake("existence of a date", "type: on_or_before, metric: started, deadline: 2022-06-30", "type: exists, metric: ▸started", "E607", "It applies to: document."),
    Mistake("member that would be enough", "members: [补助, 贴息]", "members: [补助, ▸贴 息]", "E604", "Word “贴 息”", ("贴息",)),
    Mistake("figure", "metrics: [sales, firms]", "metrics: [sales, ▸frms]", "E604", "Metric “frms”", ("firms",)),
    Mistake("figure that is no figure", "metrics: [sales, firms]", "metrics: [sales, ▸▸accounts]", "E607 E609", "(ledger)"),
    Mistake("figure that is not yearly", "metrics: [sales, firms]", "metrics: [sales, ▸shops]", "E609", "“网店”"),
    Mistake("figures without years", "            metrics: [sales, firms]\n            years: reporting\n", "            metrics: [▸sales, ▸firms]\n", "E609 E609", "years"),
    Mistake("years of a date", "type: on_or_before, metric: started,", "type: on_or_before, years: reporting, metric: ▸started,", "E609", "“开工日期”"),
    Mistake("years of months", "type: every_month, metric: monthly,", "type: every_month, years: reporting, metric: ▸monthly,", "E609", "“月报”"),
    Mistake("check that lends", "as_in: '1.1'", "as_in: ▸'1.9'", "E604", "Check “1.9”", ("1.2", "1.1")),
    Mistake("check that lends itself", "as_in: '1.1'", "as_in: ▸W1.3", "E603", "an at_least check that has a threshold of its own"),
    Mistake("check that borrows, too", "as_in: '1.1'", "as_in: ▸W1.4", "E603", "an at_least check that has a threshold of its own"),
    Mistake("check that has no threshold", "as_in: '1.1'", "as_in: ▸W1.5", "E603", "an at_least check that has a threshold of its own"),
    Mistake("check of another kind", "as_in: '1.1'", "as_in: ▸'1.2'", "E607", "“at_least” does not apply to “网店” (count)"),
    Mistake("check of other units", "metric: target_shops, as_in: '1.2'", "metric: fines, as_in: ▸'1.2'", "E608", "“5家”"),
    Mistake("threshold of a date", "type: at_least, metric: target, as_in: '1.1'", "type: at_least, metric: ▸started, as_in: '1.1'", "E607", "(date)"),
    Mistake("denied use", "metric: fines, category: 罚款}", "metric: fines, category: ▸罚金}", "E604", "Forbidden use “罚金”", ("罚款",)),
    Mistake("denied use that is permitted", "metric: fines, category: 罚款}", "metric: fines, category: ▸修路}", "E604", "Forbidden use “修路”"),
    Mistake("denial by no number", "metric: fines, category: 罚款}", "metric: ▸started, category: 罚款}", "E607", "(date)"),
    Mistake("denial by nothing", "metric: fines, category: 罚款}", "metric: ▸fine, category: 罚款}", "E604", "Metric “fine”", ("fines",)),
    Mistake("order of no date", "metric: ended, after: started", "metric: ▸monthly, after: started", "E607", "It applies to: date."),
    Mistake("order after no date", "metric: ended, after: started", "metric: ended, after: ▸fines", "E607", "It applies to: date."),
    Mistake("order after nothing", "metric: ended, after: started", "metric: ended, after: ▸startd", "E604", "Metric “startd”", ("started", "target")),
    Mistake("two ledgers", "  - {key: received,", "  - {key: books, name: 账本, name_en: Books, kind: ▸ledger, evidence: 凭证, evidence_en: vouchers}\n  - {key: received,", "E605", "Metric of the kind ledger “books”"),
    Mistake("two contacts", "  - {key: received,", "  - {key: clerk, name: 办事员, name_en: Clerk, kind: ▸contact, evidence: 名单, evidence_en: list}\n  - {key: received,", "E605", "Metric of the kind contact “clerk”"),
    Mistake("period of figures", "years: reporting\n", "years: ▸operation\n", "E604", "Period “operation”"),
]  # fmt: skip
FURTHER = [mistake._replace(of=PARTS) for mistake in FURTHER]

ALL = [*KEYS_AND_VALUES, *REFERENCES, *FORM, *FURTHER]


def tiny(folder: Path, mistake: Mistake) -> tuple[Path, list[Position]]:
    """Write a small standard with `mistake`; return its path, and where it will be told."""
    text = change(mistake.of, mistake.old, mistake.new)
    path = folder / "tiny.yaml"
    path.write_text(text.replace(HERE, ""), "utf-8")
    return path, places(text)


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.name)
def test_mistake(tmp_path: Path, mistake: Mistake) -> None:
    path, expected = tiny(tmp_path, mistake)
    problems = told(path)
    assert [(it.position, it.code) for it in problems] == list(
        zip(expected, mistake.codes.split(), strict=True)
    )
    assert {it.path for it in problems} == {str(path)}
    assert mistake.says in f"{problems[0].message('en')} {problems[0].hint('en')}"
    assert problems[0].close == mistake.close


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.name)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_told_in_our_words(tmp_path: Path, mistake: Mistake, lang: str) -> None:
    for problem in told(tiny(tmp_path, mistake)[0]):
        message, hint = problem.message(lang), problem.hint(lang)
        assert message
        assert hint
        assert not FOREIGN.search(f"{message} {hint}")
        for text in (message, hint):
            assert text[-1] in ("。.：?" if lang == "zh" else ".?"), text
            if lang == "en":
                assert "。" not in text


# Words of the libraries and of Python, and what is left of a template or a record.
FOREIGN = re.compile(
    r"Input should|Extra inputs|Field required|validation error|valid |\b(str|dict|int|bool|None|"
    r"list_type|discriminator|NoneType|Text|Quantity|Fraction)\b|[{}]|\['|\('|\\"
)


def test_a_ledger_without_a_form(tmp_path: Path) -> None:
    text = change(PARTS, LEDGER, "")
    path = tmp_path / "parts.yaml"
    path.write_text(text, "utf-8")
    lines = text.split("\n")
    places = [
        (it.code, lines[it.position.line - 1][it.position.column - 1 :].partition(",")[0])
        for it in told(path)
        if it.position
    ]
    assert places == [
        ("E602", "ledger"),
        ("E602", "denied_by_row"),
        *(("E602", f"{rule}}}") for rule in ("rows_speak_of", "voucher_repeated", "row_repeated")),
        *(("E602", f"{rule}}}") for rule in ("row_outside", "total_differs")),
    ]
    assert {it.message("en") for it in told(path)} == {"“ledger” is lacking."}
    # Nothing else asks for one.
    without = re.sub(r"(?m)^  - \{(key: accounts|code: D[1-6]),.*\n", "", text)
    without = without[: without.index("  - part: funds\n")] + without[without.index("doubts:") :]
    path.write_text(without, "utf-8")
    assert load_standard(path).ledger is None


def test_every_code_is_met() -> None:
    met = {code for mistake in ALL for code in mistake.codes.split()}
    assert {code for code in KINDS if code.startswith("E6")} == {
        it for it in met if it.startswith("E6")
    } | {"E611"}  # no such standard: see test_store.py


def test_positions_are_lines_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(change(TINY, "name_en: assisted", "name_enn: assisted"), "utf-8")
    (lacking, unknown) = told(path)
    assert (lacking.code, lacking.position) == ("E602", Position(14, 5))
    assert (unknown.code, unknown.position) == ("E601", Position(14, 31))
    assert unknown.message("zh") == "不认识“name_enn”。"
    assert unknown.hint("zh") == "是不是想写“name_en”或“name”？请删除或更正。"
    assert unknown.message("en") == "Unknown key “name_enn”."
    assert unknown.hint("en") == "Did you mean “name_en” or “name”? Delete or correct it."


@pytest.mark.parametrize("path", [TINY_PATH, PARTS_PATH], ids=lambda it: it.name)
def test_a_standard_may_be_one_file(path: Path) -> None:
    standard = load_standard(path)
    assert standard == from_plain({**compile_standard(str(path)), "sha256": standard.sha256})
    expected = {check.id for item, check in standard.checks if item.level == "expected"}
    waivable = {check.id for _, check in standard.checks if check.waivable}
    assert waivable == (expected if path == TINY_PATH else set())


def test_the_small_standards_have_a_rule_of_every_type() -> None:
    standards = [load_standard(path) for path in (TINY_PATH, PARTS_PATH)]
    constraints = [check.constraint for it in standards for _, check in it.checks]
    alternatives = [one for it in constraints if isinstance(it, AnyOf) for one in it.of]
    met = {type(it) for it in (*constraints, *alternatives)}
    assert met == {*get_args(Simple), AnyOf}
    assert {type(rule) for it in standards for rule in it.doubts} == set(get_args(DoubtRule))
    kinds = {metric.kind for it in standards for metric in it.metrics.values()}
    assert kinds == set(get_args(models.KindName))


def test_what_stands_in_a_standard_of_parts() -> None:
    standard = load_standard(PARTS_PATH)
    assert [(it.id, it.default, it.gathered) for it in standard.parts.values()] == [
        ("annex", True, False),
        ("work", False, True),
        ("funds", False, False),
    ]
    assert standard.owners["sales"] == "work"
    assert standard.owners["accounts"] == "funds"
    assert "fines" not in standard.owners  # no check asks for it
    form = standard.ledger
    assert form is not None
    assert form.metric == "accounts"
    assert form.years == (2022, 2023)
    assert [it.key for it in form.columns] == list(get_args(models.LedgerColumnKey))
    assert form.columns[0].also == ("记账日期",)
    assert [(it.name.zh, it.is_forbidden) for it in form.categories] == [
        ("修路", False),
        ("罚款", True),
        ("捐款", True),
    ]
    assert form.words == (
        WordList("罚款", ("罚", "滞纳金"), ("罚球",)),
        WordList("捐款", ("捐",), ()),
    )
    checks = {check.id: check.constraint for _, check in standard.checks}
    assert checks["W1.1"] == OnOrBefore("started", date(2022, 6, 30), pending=False)
    assert checks["W1.2"] == OnOrBefore("ended", date(2023, 12, 31), pending=True)
    assert checks["W1.5"] == HoldsAny("modes", ("补助", "贴息"))
    assert checks["W2.1"] == EveryMonth("monthly", "2022-11")
    assert checks["W2.2"] == IsComplete("person")
    assert checks["W2.3"] == AllDeclared(("sales", "firms"))
    assert checks["F1.2"] == SpendsNothingOn("accounts", "捐款", ("省", "县"))
    assert checks["F1.3"] == SpentWithin("received", "accounts")
    assert checks["F1.4"] == RowsBear("accounts", "source")
    assert standard.doubts[-1] == Follows("D8", "ended", "started", is_error=True)


@pytest.mark.parametrize(("own", "lender"), [("W1.3", "1.1"), ("W1.4", "1.2")])
def test_a_threshold_is_lent(own: str, lender: str) -> None:
    standard = load_standard(PARTS_PATH)
    checks = {check.id: check.constraint for _, check in standard.checks}
    borrower, other = checks[own], checks[lender]
    assert isinstance(borrower, AtLeast)
    assert isinstance(other, AtLeast)
    assert borrower.threshold == other.threshold
    assert (borrower.as_in, other.as_in) == (lender, None)


def test_a_threshold_is_lent_to_an_alternative(tmp_path: Path) -> None:
    one = "type: at_least, metric: target, as_in: '1.1'"
    other = "{type: at_least, metric: target_shops, as_in: '1.2'}"
    either = f"type: any_of, of: [{{{one}}}, {other}]"
    path = tmp_path / "parts.yaml"
    path.write_text(change(PARTS, one, either), "utf-8")
    check = next(check for _, check in load_standard(path).checks if check.id == "W1.3")
    assert isinstance(check.constraint, AnyOf)
    assert [it.by_tier["assisted"].amount for it in thresholds_of(check.constraint)] == [10**8, 5]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (", also: [记账日期]", ""),
        (", exceptions: [罚球]", ""),
        (LEDGER[LEDGER.index("  categories:\n") : LEDGER.index("  forbidden:\n")], ""),
        (LEDGER[LEDGER.index("  words:\n") :], ""),
        (", pending: 是", ""),
        (", default: 否, gathered: 是", ""),
        (", severity: error", ""),
        ("name_en: Roads", "name_en: 修路"),
        ("years: [2022, 2023]\n  columns", "years: [2022, 2022]\n  columns"),
        (ABOUT_ROWS, ""),
    ],
)
def test_what_a_standard_of_parts_may_leave_out(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "parts.yaml"
    path.write_text(change(PARTS, old, new), "utf-8")
    load_standard(path)


def test_the_authors_guide_has_every_kind_and_every_rule() -> None:
    guide = (ROOT / "docs" / "standards.md").read_text("utf-8")
    doubts, _ = get_args(models.Doubt)
    types = [
        it for model in get_args(doubts) for it in get_args(model.model_fields["type"].annotation)
    ]
    for name in (*types, *get_args(models.KindName)):
        assert re.search(rf"^\|[^|]*`{name}`", guide, re.MULTILINE), name
    for model in (models.Part, models.Ledger, models.WordList, models.Category):
        for key in model.model_fields:
            assert f"`{key}`" in guide or f"{key}:" in guide, key
    for key in models.CONSTRAINT_KEYS:
        assert f"`{key}" in guide, key


def test_what_may_be_left_out(tmp_path: Path) -> None:
    text = TINY
    for line in (
        "\ndemonstration: {reading: R1}",
        "\nundeclared: {reading: R1}",
        "\nwaivable: {level: expected}",
        "\n    short: {years: [2022], reading: R2}",
        "\n    basis: {where: 一, quote: 两年完成}",
        "\n  running: {reading: R2}",
        "\n            one_fails: {reading: R1}",
        "\n            shortfall: {status: review, because: 原则上, reading: R1}",
        "\n        elsewhere: {5家: '1.3'}",
        TINY[TINY.index("\ndoubts:") :].rstrip("\n"),
    ):
        text = change(text, line, "")
    path = tmp_path / "tiny.yaml"
    path.write_text(text, "utf-8")
    standard = load_standard(path)
    assert standard.demonstration_reading is None
    assert standard.undeclared_reading is None
    assert not any(check.waivable for _, check in standard.checks)
    assert standard.running_reading is None
    assert standard.periods["construction"].short_years == ()
    assert standard.doubts == ()
    assert len(standard.items) == 2


# In a folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the real standard."""
    return shutil.copytree(REAL, tmp_path / "copy")


def mistake_in(path: Path, old: str, new: str) -> list[tuple[str, Position, str]]:
    """Change the file at `path`, and return what is expected to be told of each `HERE`."""
    text = change(path.read_text("utf-8"), old, new)
    codes = re.findall(f"{HERE}(E\\d+) ", text)
    text = re.sub(f"{HERE}E\\d+ ", HERE, text)
    path.write_text(text.replace(HERE, ""), "utf-8")
    return [(path.name, *it) for it in zip(places(text), codes, strict=True)]


def found(path: Path) -> list[tuple[str, Position | None, str]]:
    return [(os.path.basename(it.path), it.position, it.code) for it in told(path)]


MAIN = (REAL / "standard.yaml").read_text("utf-8")
FILES = MAIN[MAIN.index("files: [") : MAIN.index("]", MAIN.index("files: [")) + 1]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("standard.yaml", "tier: overall", "tier: ▸E604 over_all"),
        ("readings.yaml", "    quote: 验收当年\n", "    ▸E601 qoute: 验收当年\n"),
        ("metrics.yaml", "    example: 9.5%", "    ▸E302 kind: ratio"),
        ("annex.yaml", "type: between, metric: leading_industries", "type: between, metric: ▸E604 industries"),
        ("annex.yaml", "          - id: '23.1'", "          - id: ▸E605 '22.1'"),
        ("body.yaml", "threshold: 60%", "threshold: ▸E608 60个"),
        ("body.yaml", "elsewhere: {10个: '37.1'}", "elsewhere: {10个: ▸E604 '37.2'}"),
        ("doubts.yaml", "type: future_year", "type: ▸E603 future_years"),
        ("metrics.yaml", "metrics:\n", "metrics: ▸E206 &all\n"),
        ("body.yaml", "sections:\n", "sections: ▸E204 [a\n"),
        ("ledger.yaml", "    - key: payee\n", "    - key: ▸E603 payees\n"),
        ("ledger.yaml", "    - use: 赞助\n", "    - use: ▸E604 赞助费\n"),
        ("plan.yaml", "metric: target_output, as_in: '33.1'", "metric: target_output, as_in: ▸E607 '37.1'"),
        ("plan.yaml", "metric: target_output, as_in: '33.1'", "metric: target_output, as_in: ▸E603 '33.2'"),
        ("management.yaml", "deadline: 2023-12-31", "deadline: ▸E603 2023-12-32"),
        ("funds.yaml", "category: 捐款", "category: ▸E604 捐钱"),
        ("funds.yaml", "column: source", "column: ▸E603 payee"),
        ("reporting.yaml", "first: 2022-11", "first: ▸E603 2022-11-01"),
        ("doubts.yaml", "after: started_on", "after: ▸E604 started"),
        ("metrics.yaml", "    vocabulary: [中央, 省, 市, 县, 社会]", "    vocabulary: [中央, 省, ▸E604 市级, 市, 县, 社会]"),
        ("standard.yaml", FILES, "files: ▸E603 readings.yaml"),
        ("standard.yaml", FILES, "files: ▸E612 {a: b}"),
        ("standard.yaml", "files: [readings.yaml", "files: [▸E603 readings.yml, readings.yaml"),
        ("standard.yaml", "files: [readings.yaml", "files: [▸E603 ../copy/readings.yaml, readings.yaml"),
        ("standard.yaml", "files: [readings.yaml", "files: [▸E603 '', readings.yaml"),
        ("standard.yaml", "files: [readings.yaml", "files: [▸E612 [readings.yaml], readings.yaml"),
        ("standard.yaml", "files: [readings.yaml", "files: [▸E603 standard.yaml, readings.yaml"),
        ("standard.yaml", "files: [readings.yaml", "files: [readings.yaml, ▸E603 readings.yaml"),
        ("standard.yaml", "files: [readings.yaml", "files: [readings.yaml, ▸E603 nothing.yaml"),
        ("body.yaml", "sections:\n", "▸E612 files: [more.yaml]\nsections:\n"),
        ("body.yaml", "sections:\n", "▸E605 tiers: []\nsections:\n"),
        ("body.yaml", "sections:\n", "▸E605 readings:\n  R1: {}\nsections:\n"),
    ],
)  # fmt: skip
def test_each_file_tells_its_own(folder: Path, file: str, old: str, new: str) -> None:
    expected = mistake_in(folder / file, old, new)
    assert found(folder) == expected


def test_files_that_cannot_be_read(folder: Path) -> None:
    (folder / "readings.yaml").write_text("", "utf-8")
    (folder / "metrics.yaml").write_text("- a\n", "utf-8")
    (folder / "annex.yaml").write_bytes(b"sections:\n  - \xff\n")
    (folder / "body.yaml").unlink()
    (folder / "body.yaml").mkdir()
    (folder / "doubts.yaml").unlink()
    with pytest.raises(StandardError) as caught:
        compile_standard(str(folder))
    problems = caught.value.problems
    (place,) = places(change(MAIN, " doubts.yaml", f" {HERE}doubts.yaml"))
    assert [(os.path.basename(it.path), it.position, it.code) for it in problems] == [
        ("standard.yaml", place, "E603"),
        ("readings.yaml", Position(1, 1), "E612"),
        ("metrics.yaml", Position(1, 1), "E612"),
        ("annex.yaml", Position(2, 5), "E105"),
        ("body.yaml", None, "E102"),
    ]
    for problem in problems:
        for lang in ("zh", "en"):
            assert not FOREIGN.search(f"{problem.message(lang)} {problem.hint(lang)}")
            assert "etown-check init" not in problem.hint(lang)


def test_mistakes_of_several_files_are_told_file_by_file(folder: Path) -> None:
    expected = [
        *mistake_in(folder / "metrics.yaml", "key: development_plan\n", "key: ▸E605 cultivation_plan\n"),
        *mistake_in(folder / "annex.yaml", "metric: contests,", "metric: ▸E604 contest,"),
        *mistake_in(folder / "body.yaml", "margin: 2个百分点", "margin: ▸E608 2%"),
        *mistake_in(folder / "doubts.yaml", "type: exceeds, metric: online_retail_sales", "type: exceeds, metric: ▸E604 online_sales"),
    ]  # fmt: skip
    # What the first of them leaves undefined is told, too.
    told_of_it = ("annex.yaml", Position(25, 47), "E604")
    assert found(folder) == [expected[0], told_of_it, *expected[1:]]


def test_syntax_and_keys_are_told_at_once(folder: Path) -> None:
    expected = [
        *mistake_in(folder / "standard.yaml", "id: shuozhou-2022", "id: shuozhou-2022\n▸E302 id: other"),
        *mistake_in(folder / "metrics.yaml", "units: [起]", "units: ▸E204 [起"),
        *mistake_in(folder / "annex.yaml", "          - id: '5.1'", "          - ▸E206 &a id: '5.1'"),
    ]  # fmt: skip
    assert found(folder) == expected


def test_nothing_is_kept_of_a_standard_with_mistakes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    mistake_in(folder / "body.yaml", "threshold: 60%", "threshold: ▸E608 60个")
    assert told(folder) == told(folder)
    assert not (tmp_path / "cache").exists()
