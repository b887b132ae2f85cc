"""Proof of a standard against the plan's text, here a text that is made of the standard itself."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from etown_check.authoring.verify import Verification, verify
from etown_check.store import load_standard
from tests.conftest import ROOT, plain_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from etown_check.standard import Item, Standard

REAL = ROOT / "standards" / "shuozhou-2022"
TINY = ROOT / "tests" / "data" / "tiny.yaml"
PARTS = ROOT / "tests" / "data" / "parts.yaml"
SECTIONS = [
    file
    for file in plain_yaml(REAL / "standard.yaml")["files"]
    if "sections" in plain_yaml(REAL / file)
]


def is_numbered(item: Item) -> bool:
    return item.id.isdecimal()


def row(standard: Standard, item: Item, section: str) -> str:
    """Return the row of an item: merged cells stand once, further requirements in further rows."""
    first, *others = item.requirement
    cells = [section, item.id, item.task, first, standard.levels[item.level].zh]
    return "\n".join(["\t".join(cells), *(f"\t\t\t{other}\t" for other in others)])


def source_of(standard: Standard) -> str:
    """Return a text that bears the standard out, laid out like a plan with its annex as a table."""
    facts = standard.facts
    day = facts.issued_on
    lines = [facts.title.zh, facts.number, f"{day.year}年{day.month}月{day.day}日", *facts.issuers]
    for county in standard.counties:
        lines += [county.name, county.town, *(quote.text for quote in county.basis)]
    lines += [period.basis.text for period in standard.periods.values() if period.basis]
    lines += [tier.name.zh for tier in standard.tiers.values()]
    lines += [reading.about.zh for reading in standard.readings.values() if reading.is_quote]
    lines.append("项目\t序号\t建设内容\t建设标准\t属性")
    section = ""
    for item in filter(is_numbered, standard.items):
        printed = item.section.zh
        lines.append(row(standard, item, "" if printed == section else printed))
        section = printed
    definitions = [metric.definition for metric in standard.metrics.values() if metric.definition]
    lines += [f"{number}、{it}" for number, it in enumerate(definitions, 1)]
    if standard.ledger is not None:
        lines += [category.quote.text for category in standard.ledger.categories]
    for item in standard.items:
        if not is_numbered(item):
            lines += [item.section.zh, item.task, *item.requirement]
        lines += [quote.text for check in item.checks for quote in check.also]
    return "\n\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def source(standard: Standard) -> str:
    return source_of(standard)


def change(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{text.count(old)} of {old!r}"
    return text.replace(old, new)


def changed(folder: Path, file: str, old: str, new: str) -> Standard:
    """Return the real standard with one change to one of its files."""
    copy = shutil.copytree(REAL, folder / "copy", dirs_exist_ok=True)
    path = copy / file
    path.write_text(change(path.read_text("utf-8"), old, new), "utf-8")
    return load_standard(copy)


def where(result: Verification) -> list[str]:
    return [finding.where for finding in result.findings]


def test_a_text_that_bears_it_out(standard: Standard, source: str) -> None:
    assert verify(standard, source).findings == ()


def test_a_text_of_windows(standard: Standard, source: str) -> None:
    assert verify(standard, source.replace("\n", "\r\n")).findings == ()


def test_an_empty_text(standard: Standard) -> None:
    result = verify(standard, "")
    assert result.items == 0
    assert len(result.findings) == result.quotes + 1
    assert where(result)[-1] == "items"


# What is counted


def quotes_in_yaml() -> Iterator[str]:
    """Yield every quote of the real standard, read without the code under test."""
    main = plain_yaml(REAL / "standard.yaml")
    yield from (main["document"][key] for key in ("title", "number", "issued_on"))
    yield from main["document"]["issuers"]
    for county in main["counties"]:
        yield from (county["name"], county["town"])
        yield from (basis["quote"] for basis in county["basis"])
    periods = (it for it in main["calendar"].values() if "basis" in it)
    yield from (period["basis"]["quote"] for period in periods)
    yield from (tier["name"] for tier in main["tiers"])
    readings = plain_yaml(REAL / "readings.yaml")["readings"]
    yield from (reading["quote"] for reading in readings if "quote" in reading)
    metrics = plain_yaml(REAL / "metrics.yaml")["metrics"]
    yield from (metric["definition"] for metric in metrics if "definition" in metric)
    form = plain_yaml(REAL / "ledger.yaml")["ledger"]
    yield from (it["quote"] for key in ("categories", "forbidden") for it in form[key])
    for file in SECTIONS:
        for section in plain_yaml(REAL / file)["sections"]:
            for item in section["items"]:
                requirement = item["requirement"]
                yield from (section["title"], item["task"])
                yield from requirement if isinstance(requirement, list) else [requirement]
                yield from quotes_of_checks(item)


def quotes_of_checks(item: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    for check in item["checks"]:
        quote = check["quote"]
        assert isinstance(quote, str | dict)
        yield from dict.fromkeys(quote.values()) if isinstance(quote, dict) else [quote]
        also = check.get("also", [])
        assert isinstance(also, list)
        yield from (it["quote"] for it in also)


def test_the_counts_of_the_real_standard(standard: Standard, source: str) -> None:
    items = [
        item
        for file in SECTIONS
        for section in plain_yaml(REAL / file)["sections"]
        for item in section["items"]
    ]
    quotes = [quote for item in items for quote in quotes_of_checks(item)]
    amounts = sum(len(re.findall(r"\d+(?:\.\d+)?", quote)) for quote in quotes)
    result = verify(standard, source)
    assert result.quotes == len(list(quotes_in_yaml()))
    assert result.amounts == amounts
    assert result.items == 39


def test_the_counts_of_a_tiny_standard() -> None:
    tiny = load_standard(TINY)
    # 4 of the document, 5 of the counties, 2 tiers, 1 period, 1 reading, 1 definition;
    # 3 and 6 of the items, 5 + 1 and 8 of their checks.
    # Checks 1.3, its `also`, 1.4 and 1.5; 2.1 in two tiers, 2.2, 2.3 and 2.4.
    assert verify(tiny, source_of(tiny)) == Verification(37, 11, 2, ())


def test_the_counts_of_a_standard_of_parts() -> None:
    parts = load_standard(PARTS)
    # 4 of the document, 4 of the counties, 2 tiers, 3 of the ledger's categories; 5, 3, 3 and 3 of
    # the items, 3, 5, 3 and 4 of their checks. 1.1 in two tiers, 1.2, W1.1 and W1.2.
    assert verify(parts, source_of(parts)) == Verification(42, 5, 1, ())


# A text that was altered


def altered(text: str, quote: str) -> str:
    """Alter one character of `quote` wherever it stands in `text`."""
    middle = len(quote) // 2
    return text.replace(quote, f"{quote[:middle]}囗{quote[middle + 1 :]}")


def every_quote(standard: Standard) -> Iterator[tuple[str, str]]:
    """Yield each quote of the standard with where it must be told."""
    yield "document.title", standard.facts.title.zh
    yield "document.number", standard.facts.number
    yield "document.issued_on", "2022年10月13日"
    yield from (("document.issuers", issuer) for issuer in standard.facts.issuers)
    for county in standard.counties:
        yield county.name, county.name
        yield county.name, county.town
        yield from ((f"{county.name} {basis.where}", basis.text) for basis in county.basis)
    for period in standard.periods.values():
        if period.basis:
            yield f"calendar.{period.id}", period.basis.text
    yield from ((tier.id, tier.name.zh) for tier in standard.tiers.values())
    yield from ((it.id, it.about.zh) for it in standard.readings.values() if it.is_quote)
    yield from ((it.key, it.definition) for it in standard.metrics.values() if it.definition)
    assert standard.ledger is not None
    yield from ((it.name.zh, it.quote.text) for it in standard.ledger.categories)
    for item in standard.items:
        yield item.id, item.section.zh
        yield item.id, item.task
        yield from ((item.id, words) for words in item.requirement)
        for check in item.checks:
            yield from ((check.id, quote) for quote in check.quotes.values())
            yield from ((check.id, quote.text) for quote in check.also)


def test_every_quote_that_is_altered_is_found(standard: Standard, source: str) -> None:
    quotes = list(every_quote(standard))
    assert len(quotes) > 270
    for place, quote in quotes:
        assert quote in source
        result = verify(standard, altered(source, quote))
        assert place in where(result), quote
        found = [it.text for it in result.findings if it.where == place]
        assert any(quote in text.zh and quote in text.en for text in found), quote


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # the task of an item, and nothing else
        ("对接省内外优势电商产业和市场优质资源，建立和完善", "对接省内外优势电商产业和市场优质资源，建设和完善", ["3"]),
        # an amount: that of the item's words and of the check's
        ("企业不少于5家。", "企业不少于6家。", ["5", "5.1"]),
        ("人数不少于200人次。", "人数不少于2000人次。", ["11", "11.2"]),
        ("整体推进县不少于1.5亿元", "整体推进县不少于15亿元", ["33", "33.1"]),
        ("关于印发朔州市", "关于转发朔州市", ["document.title"]),
        ("2022年10月13日", "2022年10月3日", ["document.issued_on"]),
    ],
)  # fmt: skip
def test_an_alteration_is_told_where_it_stands(
    standard: Standard, source: str, old: str, new: str, expected: list[str]
) -> None:
    assert where(verify(standard, change(source, old, new))) == expected


def rows(source: str) -> dict[str, str]:
    """Return the first line of each item's row."""
    lines = (line for line in source.split("\n") if line.count("\t") == 4)
    return {line.split("\t")[1]: line for line in lines}


@pytest.mark.parametrize("number", ["1", "4", "35", "39"])
def test_a_mark_that_is_flipped(standard: Standard, source: str, number: str) -> None:
    line = rows(source)[number]
    flipped = line.replace("约束性", "*").replace("期望性", "约束性").replace("*", "期望性")
    result = verify(standard, change(source, line, flipped))
    assert where(result) == [number]
    printed = "binding" if number == "4" else "expected"
    assert result.findings[0].text.en == f"The source marks it {printed}."


def test_a_mark_of_the_standard_that_is_flipped(tmp_path: Path, source: str) -> None:
    level = "name_en: Contests\n        level: binding"
    standard = changed(tmp_path, "annex.yaml", level, level.replace("binding", "expected"))
    assert where(verify(standard, source)) == ["19"]


@pytest.mark.parametrize("number", ["1", "20", "39"])
def test_a_number_that_is_missing(standard: Standard, source: str, number: str) -> None:
    line = rows(source)[number]
    result = verify(standard, change(source, line, line.replace(f"\t{number}\t", "\t\t")))
    assert where(result) == ["items"]
    assert result.items == int(number) - 1


def test_a_mark_that_is_missing(standard: Standard, source: str) -> None:
    line = rows(source)["7"]
    result = verify(standard, change(source, line, line.replace("约束性", "")))
    assert where(result) == ["items"]
    assert "39 numbers and 38 marks" in result.findings[0].text.en


def test_an_item_that_the_standard_lacks(standard: Standard, source: str) -> None:
    text = change(source, rows(source)["39"], f"{rows(source)['39']}\n\t40\t另\t另\t约束性")
    result = verify(standard, text)
    assert where(result) == ["items"]
    assert result.items == 40


def test_cells_in_another_order(standard: Standard, source: str) -> None:
    # In the middle of merged cells a number may stand in a later row than the mark.
    line = rows(source)["35"]
    section, number, task, requirement, mark = line.split("\t")
    text = change(source, line, f"\t\t\t{requirement}\t{mark}\n{number}\t{task}\t\t\n{section}")
    assert verify(standard, text).findings == ()


def test_items_out_of_order(standard: Standard, source: str) -> None:
    first, second = (rows(source)[number] for number in ("16", "17"))
    tasks = [line.split("\t")[2] for line in (first, second)]
    text = source.replace(tasks[0], "*").replace(tasks[1], tasks[0]).replace("*", tasks[1])
    result = verify(standard, text)
    assert where(result) == ["17"]
    assert result.findings[0].text.en == "Out of the source's order."


def test_items_of_the_standard_out_of_order(tmp_path: Path, source: str) -> None:
    content = (REAL / "annex.yaml").read_text("utf-8")
    items = re.findall(r"      - id: '1[67]'\n(?:        .*\n)+", content)
    assert len(items) == 2
    standard = changed(tmp_path, "annex.yaml", "".join(items), "".join(reversed(items)))
    assert where(verify(standard, source)) == ["16", "items"]


# A standard that was altered


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("annex.yaml", "threshold: 5家\n", "threshold: 6家\n", ["5.1"]),
        ("annex.yaml", "low: 1个, high: 3个", "low: 1个, high: 4个", ["2.1", "B1"]),
        ("annex.yaml", "low: 1个, high: 3个", "low: 2个, high: 3个", ["2.1", "B1"]),
        ("annex.yaml", "value: 0起", "value: 1起", ["30.1"]),
        ("annex.yaml", "threshold: 0人", "threshold: 1人", ["38.1"]),
        ("annex.yaml", "threshold: 10%", "threshold: 12%", ["36.2"]),
        ("annex.yaml", "margin: 2个百分点", "margin: 3个百分点", ["33.2"]),
        # a unit that is ten thousand times too large
        ("annex.yaml", "threshold: 50万平方米", "threshold: 50平方米", ["34.1", "34.1"]),
        # one tier of three; then two of them exchanged
        ("annex.yaml", "{pioneer: 2亿元, overall: 1.5亿元,", "{pioneer: 2亿元, overall: 15亿元,", ["33.1"]),
        ("annex.yaml", "{pioneer: 2亿元, overall: 1.5亿元,", "{pioneer: 1.5亿元, overall: 2亿元,", ["33.1", "33.1"]),
        # the annex and the words of the body under `also`
        ("annex.yaml", "{pioneer: 3亿元, overall: 2亿元,", "{pioneer: 4亿元, overall: 2亿元,", ["35.1", "35.1"]),
        ("body.yaml", "threshold: 60%", "threshold: 50%", ["B2.1"]),
        # the same words, but no longer one amount for all
        ("annex.yaml", "metric: hired_experts, threshold: 5人", "metric: hired_experts, threshold: {pioneer: 5人, overall: 6人, assisted: 7人}", ["16.1", "16.1"]),
        # an amount that no check claims any more
        ("annex.yaml", "          - {id: '17.1', type: at_least, metric: training_institutions, threshold: 1家, quote", "          - {id: '17.1', type: is_yes, metric: big_data_center, quote", ["17.1"]),
        ("annex.yaml", "threshold: 200人次, quote: 培训人数不少于200人次", "threshold: 200人次, quote: 培训人数", ["11.2", "11"]),
        ("annex.yaml", "          - {id: '11.2', type: at_least, metric: crossborder_trainees, threshold: 200人次, quote: 培训人数不少于200人次, readings: [R13]}\n", "", ["11"]),
        ("body.yaml", "        elsewhere: {10个: '37.1'}\n", "", ["B2"]),
        ("body.yaml", "{1个: '2.1', 3个: '2.1'}", "{1个: '2.1'}", ["B1"]),
        # `elsewhere` that points at another check, and at one without thresholds
        ("body.yaml", "{10个: '37.1'}", "{10个: '36.1'}", ["B2"]),
        ("body.yaml", "{1个: '2.1', 3个: '2.1'}", "{1个: '2.1', 3个: '20.2'}", ["B1"]),
        ("body.yaml", "{1个: '2.1', 3个: '2.1'}", "{1个: '5.1', 3个: '2.1'}", ["B1"]),
        # the plan's own words
        ("standard.yaml", "number: 朔商发〔2022〕73号", "number: 朔商发[2022]73号", ["document.number"]),
        ("standard.yaml", "issued_on: 2022-10-13", "issued_on: 2022-10-31", ["document.issued_on"]),
        ("standard.yaml", "town: 应县木塔鲜生乡村e镇", "town: 应县木塔先生乡村e镇", ["应县"]),
        ("standard.yaml", "四（二）1, quote: 怀仁市不少于2亿元", "四（二）1, quote: 怀仁市不少于3亿元", ["怀仁市 四（二）1"]),
        ("standard.yaml", "name: 先行示范县,", "name: 先进示范县,", ["pioneer"]),
        ("readings.yaml", "quote: 一定影响", "quote: 重大影响", ["R16"]),
        ("metrics.yaml", "的，规划实施的产业。", "的，规划的产业。", ["leading_industries"]),
        ("ledger.yaml", "quote: 不得用于楼堂馆所建设", "quote: 不得用于楼堂馆舍建设", ["楼堂馆所建设"]),
        ("ledger.yaml", "quote: 培育主导产业", "quote: 培养主导产业", ["主导产业"]),
        # a deadline that the words do not bear out, the first and the last day beside it
        ("management.yaml", "deadline: 2022-12-31", "deadline: 2022-12-30", ["M1.1"]),
        ("management.yaml", "deadline: 2022-12-31", "deadline: 2023-01-01", ["M1.1"]),
        ("management.yaml", "deadline: 2023-12-31", "deadline: 2022-12-31", ["M1.2"]),
        ("management.yaml", "quote: 2023年底全面建成", "quote: 全面建成", ["M1.2"]),
        # words without a number do for at least one, and for no more
        ("reporting.yaml", "threshold: 1个", "threshold: 2个", ["I4.1"]),
        ("plan.yaml", "metric: target_entities, threshold: 0个", "metric: target_entities, threshold: 1个", ["P3.1"]),
        ("plan.yaml", "type: above, metric: target_entities, threshold: 0个", "type: at_least, metric: target_entities, threshold: 1个", []),
        # a threshold of its own that its words do not give, and one of another check
        ("plan.yaml", "metric: target_output, as_in: '33.1'", "metric: target_output, threshold: 2亿元", ["P3.3"]),
        ("plan.yaml", "metric: target_output, as_in: '33.1'", "metric: target_output, as_in: '35.1'", []),
    ],
)  # fmt: skip
def test_a_standard_that_was_altered(
    tmp_path: Path, source: str, file: str, old: str, new: str, expected: list[str]
) -> None:
    assert where(verify(changed(tmp_path, file, old, new), source)) == expected


def test_what_is_said_of_a_deadline(tmp_path: Path, source: str) -> None:
    standard = changed(tmp_path, "management.yaml", "deadline: 2022-12-31", "deadline: 2022-10-01")
    (finding,) = verify(standard, source).findings
    assert finding.text.zh == "期限 2022-10-01 与原文“2022年全面启动”中的日期 2022-12-31 不一致。"
    assert finding.text.en == (
        "The deadline 2022-10-01 is not the day of “2022年全面启动” (2022-12-31)."
    )


def deadline(folder: Path, day: str, words: str) -> list[str]:
    """Return what is told of a deadline that stands in these words."""
    text = PARTS.read_text("utf-8").replace("2022年6月底开工", words)
    path = folder / "parts.yaml"
    path.write_text(change(text, "deadline: 2022-06-30", f"deadline: {day}"), "utf-8")
    standard = load_standard(path)
    return where(verify(standard, source_of(standard)))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2022-06-30", "2022年6月底开工"),
        ("2022-06-30", "2022年6月开工"),
        ("2022-06-30", "2022年6月30日前开工"),
        ("2022-06-03", "2022年6月3日开工"),
        ("2022-06-03", "2022年06月03日开工"),
        ("2024-02-29", "2024年2月底开工"),
        ("2023-02-28", "2023年2月底开工"),
        ("2022-12-31", "2022年开工"),
        ("2022-12-31", "2022年底开工"),
        ("2022-12-31", "2022 年 底开工"),
        ("2022-12-31", "2022年12月底开工"),
    ],
)
def test_a_deadline_in_words(tmp_path: Path, day: str, words: str) -> None:
    assert deadline(tmp_path, day, words) == []
    other = day.replace("202", "203", 1)
    assert deadline(tmp_path, other if other != "2034-02-29" else "2034-02-28", words) == ["W1.1"]


@pytest.mark.parametrize(
    "words",
    [
        "2022年13月底开工",
        "2022年6月31日开工",
        "2022年0月1日开工",
        "0000年底开工",
        "尽快开工",
        "2022年6月底开工、2023年6月底开业",
    ],
)
def test_words_that_are_no_such_day(tmp_path: Path, words: str) -> None:
    assert deadline(tmp_path, "2022-06-30", words) == ["W1.1"]


def test_the_numbers_of_a_day_are_no_amounts(tmp_path: Path) -> None:
    # 13 months and 31 days would otherwise want checks that encode them.
    text = PARTS.read_text("utf-8").replace("抓好进度。", "抓好进度，2022年6月1日至2023年10月底。")
    path = tmp_path / "parts.yaml"
    path.write_text(text, "utf-8")
    standard = load_standard(path)
    assert verify(standard, source_of(standard)).findings == ()


def exchanged(text: str, first: str, second: str) -> str:
    """Let two texts change places."""
    return change(change(change(text, first, "*"), second, first), "*", second)


def test_a_gathered_part_has_an_order_of_its_own(standard: Standard, source: str) -> None:
    items = {item.id: item for item in standard.items}
    for ids, told in ((("M2", "M5"), []), (("M1", "M6"), []), (("F1", "F3"), ["F2", "F3"])):
        first, second = (items[id].task for id in ids)
        assert where(verify(standard, exchanged(source, first, second))) == told, ids


def test_a_part_that_is_no_longer_gathered(tmp_path: Path) -> None:
    text = PARTS.read_text("utf-8")
    path = tmp_path / "parts.yaml"
    path.write_text(change(text, ", gathered: 是", ""), "utf-8")
    standard = load_standard(path)
    source = source_of(load_standard(PARTS))
    assert verify(standard, source).findings == ()
    backwards = exchanged(source, "抓好进度。", "做好报送。")
    assert where(verify(standard, backwards)) == ["W2"]
    assert verify(load_standard(PARTS), backwards).findings == ()


def test_what_is_said_of_a_threshold(tmp_path: Path, source: str) -> None:
    standard = changed(tmp_path, "body.yaml", "threshold: 60%", "threshold: 50%")
    (finding,) = verify(standard, source).findings
    assert finding.text.zh == (
        "标准值 50% 与原文“其中开展电商业务市场主体不少于60%”中的数值 60% 不一致。"
    )
    assert finding.text.en == (
        "The thresholds 50% are not the amounts 60% of “其中开展电商业务市场主体不少于60%”."
    )


def test_an_amount_that_no_check_encodes(tmp_path: Path) -> None:
    requirement = "requirement: 制定资金奖励办法，明确奖补标准。"
    more = requirement.replace("标准。", "标准，设3个仓库。")
    standard = changed(tmp_path, "annex.yaml", requirement, more)
    (finding,) = verify(standard, source_of(standard)).findings
    assert finding.where == "6"
    assert finding.text.en == "No check encodes the amount 3个."


def test_the_unit_of_a_count(tmp_path: Path, source: str) -> None:
    folder = shutil.copytree(REAL, tmp_path / "copy")
    metrics = folder / "metrics.yaml"
    name = "    name_en: Leading e-commerce enterprises\n    kind: count\n    units: "
    metrics.write_text(change(metrics.read_text("utf-8"), f"{name}[家]", f"{name}[个]"), "utf-8")
    annex = folder / "annex.yaml"
    annex.write_text(
        change(annex.read_text("utf-8"), "threshold: 5家\n", "threshold: 5个\n"), "utf-8"
    )
    standard = load_standard(folder)
    # The plan says 5家, which is not what the metric counts.
    assert where(verify(standard, source)) == ["5.1"]


def test_a_zero_that_is_said(tmp_path: Path) -> None:
    text = TINY.read_text("utf-8")
    text = change(text, "设展示、体验、销售区。", "设展示、体验、销售区。网店不多于0家。")
    check = "          - {id: '2.8', type: equals, metric: shops, value: 0家, quote: 网店不多于0家}"
    path = tmp_path / "tiny.yaml"
    path.write_text(change(text, "\ndoubts:", f"\n{check}\ndoubts:"), "utf-8")
    standard = load_standard(path)
    assert verify(standard, source_of(standard)).findings == ()
    path.write_text(path.read_text("utf-8").replace("value: 0家", "value: 1家"), "utf-8")
    assert where(verify(load_standard(path), source_of(standard))) == ["2.8"]


# What is folded, and what is not

HALF = "(),:;?!\"'%<>[]~"
FULL = {ord(it): chr(ord(it) + 0xFEE0) for it in HALF if it not in "\"'"}
BACK = {code: chr(half) for half, code in ((ord(it), ord(it) + 0xFEE0) for it in HALF)}
QUOTES = str.maketrans("“”‘’", "\"\"''")


@pytest.mark.parametrize(
    "folded",
    [
        lambda text: text.translate(FULL),
        lambda text: text.translate(BACK),
        lambda text: text.translate(QUOTES),
        lambda text: text.replace("“", "「").replace("”", "」"),
        lambda text: re.sub("[“”]", "＂", text),
        lambda text: text.replace("e镇", " e  镇"),
        lambda text: text.replace("的", "\u3000的\u00a0"),
        lambda text: text.replace("，", "，\n"),
        lambda text: text.replace("≥", " ≥ ").replace("≤", "\r\n≤\t"),
        lambda text: text.replace("不少于", "不\n少 于 "),
    ],
)
def test_it_is_folded(standard: Standard, source: str, folded: object) -> None:
    assert callable(folded)
    text = folded(source)
    assert text != source
    assert verify(standard, text).findings == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("。", "."),
        ("、", "，"),
        ("，", "。"),
        ("〔", "["),
        ("e镇", "E镇"),
        ("e镇", "ｅ镇"),
        ("5", "５"),
        ("辦", "办"),
        ("电商", "電商"),
        ("一定", "一\u200b定"),
        ("≥", ">="),
        ("平米", "平方米"),
        ("“", ""),
        ("/年", "年"),
        ("-3", "—3"),
    ],
)
def test_nothing_else_is_folded(standard: Standard, source: str, old: str, new: str) -> None:
    assert old in source
    assert verify(standard, source.replace(old, new)).findings
