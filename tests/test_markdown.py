"""The Markdown format, read as a forge reads it: what shows, and what no text can bring about."""

from __future__ import annotations

import importlib.util
import re
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from etown_check.engine import evaluate
from etown_check.problems import Position, Problem
from etown_check.report import Run, Style
from etown_check.reporters import reporter, texts
from etown_check.reporters.markdown import escaped, table
from etown_check.text import visible
from tests.conftest import submit
from tests.test_github import ATTACKS, counts_of, held, hostile_run, waived
from tests.test_reporters import ANNEX_AND_BODY, HOSTILE, examples, run_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from etown_check.report import CheckResult, Report
    from etown_check.standard import Standard

NAMES = ("huairen", "shanyin", "yingxian", "youyu")
LIMIT = 60_000
MARKUP = [
    *ATTACKS,
    "*b*",
    "**b** __b__ _i_",
    "~~s~~ ~bug",
    "`code`",
    "```",
    "``` ` ``` `````",
    "a|b",
    "a\\|b",
    "| --- |",
    "\\",
    "<script>alert(1)</script>",
    "<a href=http://x.example>x</a>",
    "</details>",
    "</summary></details>",
    "<details open>",
    "<!-- x",
    "-->",
    "<!DOCTYPE x>",
    "<?php ?>",
    "<![CDATA[x]]>",
    "<http://auto.example>",
    "&lt;b&gt; &amp;",
    "&#64;user",
    "![x](http://x.example)",
    "[x](javascript:alert(1))",
    "[x]: http://x.example",
    "[^1]",
    "[ ] task",
    "http://evil.example/x?y=z",
    "HTTPS://evil.example",
    "ftp://evil.example",
    "www.evil.example",
    "evil.com",
    "//localhost/x",
    "mailto:a@evil.com",
    "a.b+c@evil.example",
    "@user",
    "@org/team",
    "#123",
    "group/project#1 org/repo!2",
    "!123",
    "%1 %milestone",
    "&1",
    "$1 $x_1$ $$y$$",
    "$`x`$",
    "GH-7 gh-7 UTF-8",
    "^alert#1 *iteration:1",
    "[issue:1] [vulnerability:2]",
    "{+ add +} [- del -]",
    ":x: :+1: a:100:b",
    "0123abcdef0123abcdef0123abcdef0123abcdef deadbee..cafebabe",
    "# h",
    "- x",
    "+ x",
    "* x",
    "1. x",
    "1) x",
    "> q",
    "    code",
    "---",
    "===",
    "/close",
    "/ ",
    ": x",
    "{: .x}",
]

# What GitHub and GitLab look for in each piece of text that Markdown leaves.
SOUGHT = {
    "mention": r"@\w",
    "number": r"[#!&$]\d",
    "label": r"~\w",
    "milestone": r"%[\w\"]",
    "address": r"\w://|www\.|\w@\w",
    "emoji": r":[\w+-]+:",
    "math": r"\$",
    "ticket": r"[A-Za-z]-\d",
    "commit": r"(?i)\b[0-9a-f]{7,40}\b",
    "change": r"[\[{][+-]",
    "alert": r"\^alert#|\*iteration:|\[\w+:\d",
}


def checks_of(run: Run) -> list[CheckResult]:
    return [check for report in run.reports for item in report.items for check in item.checks]


def markdown(run: Run, style: Style | None = None) -> str:
    return reporter("markdown")(run, style or Style())


def parsed(text: str) -> list[Token]:
    """Parse as GitHub does, and take for an address whatever looks like one."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    if importlib.util.find_spec("linkify_it"):
        parser.options["linkify"] = True
        parser.enable("linkify")
    return parser.parse(text)


def children(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


TEXT = ("text", "text_special", "html_inline")


def structure(tokens: Sequence[Token]) -> list[str]:
    """Return all that is not plain text: blocks, links, emphasis, code."""
    return [
        f"{it.type} {it.tag} {sorted(it.attrs.items())}"
        for token in tokens
        for it in (token, *(token.children or ()))
        if it.type not in TEXT
    ]


def pieces(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the text between tags, each piece by itself."""
    for token in tokens:
        for is_text, group in groupby(
            token.children or (), lambda it: it.type in ("text", "text_special")
        ):
            if is_text:
                yield "".join(it.content for it in group)


def shown(tokens: Sequence[Token]) -> list[str]:
    """Return what a reader sees: a line for each paragraph, heading and cell, and code."""
    return [
        "".join(it.content for it in token.children if it.type in ("text", "text_special"))
        if token.children is not None
        else token.content
        for token in tokens
        if token.type in ("inline", "fence")
    ]


def tables(text: str) -> list[list[list[str]]]:
    """Return the cells of all tables, header first, as they are shown."""
    found: list[list[list[str]]] = []
    for token in parsed(text):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and found and token.level > 3 and token.children is not None:
            cell = "".join(it.content for it in token.children if it.type in TEXT[:2])
            found[-1][-1].append(cell)
    return found


def check_form(text: str) -> None:
    """Assert that tables are whole, and that there are no tags but ours, each of them closed."""
    tokens = parsed(text)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    frames = [line for line in rows if re.fullmatch(r"\|( -+:? \|)+", line)]
    assert sum(it.type == "tr_open" for it in tokens) == len(rows) - len(frames)
    blocks = groupby(text.splitlines(), lambda line: line.startswith("|"))
    for is_table, lines in blocks:
        if is_table:
            listed = list(lines)
            assert all(line.endswith("|") for line in listed)
            assert len({line.count("|") for line in listed}) == 1
    for it in (*tokens, *children(tokens)):
        if it.type == "html_block":
            assert re.fullmatch(
                r"<details>\n<summary>[^<&]+</summary>\n?|</details>\n?", it.content
            )
        if it.type == "html_inline":
            assert it.content in ("<span>", "</span>")
    tags = "".join(it.content for it in (*tokens, *children(tokens)) if "html" in it.type)
    for tag in ("details", "summary", "span"):
        assert tags.count(f"<{tag}>") == tags.count(f"</{tag}>")
    # GitLab obeys a line that begins with a slash, even within code.
    assert not any(line.lstrip().startswith("/") for line in text.splitlines())


@pytest.fixture(scope="module")
def run(standard: Standard) -> Run:
    return run_of(standard, examples(standard, *NAMES))


# Escaping


@pytest.mark.parametrize("attack", MARKUP)
def test_text_is_shown_as_it_stands(attack: str) -> None:
    wanted = visible(attack).strip()
    before = "x "
    text = "\n".join(
        [escaped(attack), "", f"- {escaped(attack)}", "", f"## {escaped(before + attack)}", ""]
    )
    tokens = parsed("\n".join([text, *table([attack, "y"], [["z", attack]])]))
    assert shown(tokens) == [
        wanted,
        wanted,
        f"x {visible(attack).rstrip()}",
        wanted,
        "y",
        "z",
        wanted,
    ]
    plain = parsed("\n".join(["a", "", "- a", "", "## a", "", *table(["a", "y"], [["z", "a"]])]))
    assert structure(tokens) == structure(plain)
    for piece in pieces(tokens):
        for name, form in SOUGHT.items():
            assert not re.search(form, piece) or piece == "$", name


ACTIVE = [
    "*b*",
    "~~s~~",
    "`code`",
    "a|b",
    "a\\|b",
    "<script>alert(1)</script>",
    "<http://auto.example>",
    "&lt;",
    "![x](http://x.example)",
    "http://evil.example",
    "www.evil.example",
    "a@evil.example",
    "@user",
    "#123",
    "!123",
    "~bug",
    "%milestone",
    "$x$",
    "GH-7",
    ":x:",
    "{+ add +}",
    "*iteration:1",
    "[issue:1]",
    "deadbeef",
]


@pytest.mark.parametrize("attack", ACTIVE)
def test_such_text_does_something_where_it_is_not_escaped(attack: str) -> None:
    tokens = parsed("\n".join(["| y |", "| - |", f"| {attack} |"]))
    is_sought = any(re.search(form, piece) for piece in pieces(tokens) for form in SOUGHT.values())
    assert is_sought or shown(tokens) != ["y", attack]


ANYWHERE = [
    *HOSTILE,
    *ACTIVE,
    "``` ` ``` `````",
    "</summary></details>",
    "<!-- x",
    "[x]: http://x.example",
    "# h",
    "- x",
    "1. x",
    "> q",
    "    code",
    "---",
    "/close",
    "\n\n/close",
]


@pytest.mark.parametrize("attack", ANYWHERE)
def test_no_text_becomes_markup(standard: Standard, attack: str) -> None:
    style = Style(verbose=True)
    (report,) = examples(standard, "shanyin")
    attacked, plain = (hostile_run(standard, report, it) for it in (attack, "x"))
    for is_read in (True, False):
        if not is_read:
            attacked, plain = (run._replace(reports=(), standard=None) for run in (attacked, plain))
        text = markdown(attacked, style)
        check_form(text)
        tokens = parsed(text)
        assert structure(tokens) == structure(parsed(markdown(plain, style)))
        lines = shown(tokens)
        assert any(visible(attack).strip() in line for line in lines)
        for piece in pieces(tokens):
            assert piece == "$" or not any(re.search(it, piece) for it in SOUGHT.values())
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e]", text)


@given(
    st.text(
        st.sampled_from("\\`*_[]{}<>()&|^@#$~!%:/.+-=\"'; \n\u200b\u2028\x1b1a7fwGHx中，"),
        max_size=30,
    )
)
@settings(max_examples=500)
def test_any_text_is_shown_as_it_stands(attack: str) -> None:
    wanted = visible(attack).strip()
    tokens = parsed("\n".join([f"x{escaped(attack)}", "", *table(["y"], [[attack]])]))
    assert shown(tokens) == [f"x{wanted}", "y", wanted]
    assert structure(tokens) == structure(parsed("\n".join(["x", "", *table(["y"], [["z"]])])))
    for piece in pieces(tokens[3:]):
        assert piece == "$" or not any(re.search(it, piece) for it in SOUGHT.values())


def test_ordinary_text_is_left_alone() -> None:
    for text in (
        "examples/huairen.yaml:46",
        "2022: 约66.67%（6个/9个）、2023: 约57.14%（8个/14个）",
        "5.1",
        "2023-12-31",
        "“引进和培育在本市有一定影响电商龙头企业不少于5家”（附件1 序号5）",
        'Write under "Metrics": 税收目标: 800万元 (yes/no)!',
    ):
        assert escaped(text) == text


# Layout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_counts_are_the_reports(run: Run, lang: str) -> None:
    lines = shown(parsed(markdown(run, Style(lang=lang))))
    assert list(counts_of(lines, lang)) == [report.counts for report in run.reports]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_holds_what_is_not_passed_the_gravest_first(
    standard: Standard, lang: str
) -> None:
    one = run_of(standard, examples(standard, "shanyin", parts=ANNEX_AND_BODY))
    ((header, *rows),) = tables(markdown(one, Style(lang=lang)))
    keys = ("id", "content", "level", "declared", "required", "gap", "status")
    assert header[:-1] == [texts.word(key, lang) for key in keys]
    assert header[-1] == {"zh": "行", "en": "Line"}[lang]
    ids = ["5.1", "20.1", "22.1", "33.1", "36.2", "B2.1", "14.1", "23.1", "37.1", "9.1", "25.1"]
    assert [row[0] for row in rows] == ids
    if lang == "zh":
        assert re.findall(r"\| ([B0-9.]+) .* \*\*不达标\*\* ", markdown(one)) == ids[:6]
        (row,) = (row for row in rows if row[0] == "33.1")
        assert row[1:] == [
            "总产值",
            "约束",
            "1.44亿元",
            "≥ 1.5亿元",
            "差 600万元",
            "不达标",
            texts.spot(next(it for it in checks_of(one) if it.id == "33.1").position),
        ]


def test_what_lacks_assurance_is_among_it(standard: Standard) -> None:
    report = evaluate(standard, submit(standard), require="verified")
    ((_, *rows),) = tables(markdown(run_of(standard, [report])))
    assert {row[6] for row in rows} == {"达标（可信度不足）"}


def test_one_file_begins_with_its_verdict(run: Run) -> None:
    verdicts = [
        "## ✅ 怀仁市陶瓷e镇 · 达标",
        "## ❌ 山阴县古城乡村e镇 · 不达标",
        "## ⚠️ 应县木塔鲜生乡村e镇 · 未完成",
    ]
    for report, verdict in zip(run.reports, verdicts, strict=False):
        one = run._replace(reports=(report,), inputs=(report.path,), warnings=())
        assert markdown(one).splitlines()[0] == verdict


def test_several_files_begin_with_a_table_of_them_and_then_the_mistakes(standard: Standard) -> None:
    line = "  总产直: ````2亿元````"
    bad = Problem(
        "examples/bad.yaml", Position(3, 3), "E501", {"key": "总产直"}, ("总产值",), 6, line
    )
    run = run_of(standard, examples(standard, "huairen", "youyu"), bad)
    counts = run.reports[1].counts["binding"]
    open_ones = (
        f"不达标 {counts['fail']}、未申报 {counts['missing']}、需人工核定 {counts['review']}"
    )
    text = markdown(run)
    check_form(text)
    header, *rows = tables(text)[0]
    assert header == ["文件", "县区", "结论", "约束性"]
    assert rows == [
        ["examples/huairen.yaml", "怀仁市", "✅ 达标", ""],
        ["examples/youyu.yaml", "右玉县", "❌ 不达标", open_ones],
        ["examples/bad.yaml", "", "⛔ 无法读取（1 处错误）", ""],
    ]
    lines = text.splitlines()
    order = [
        "3 个文件：达标 1、不达标 1、无法读取 1",
        "### ⛔ 错误（1 处）",
        "**E501** examples/bad.yaml<span>&#58;</span>3:3",
        "不认识指标“总产直”。",
        "`````",
        "### ✅ 怀仁市陶瓷e镇 · 达标",
        "### ❌ 右玉县西口e镇 · 不达标",
        "### ⚠️ 提醒（1 处）",
    ]
    assert sorted(map(lines.index, order)) == [lines.index(line) for line in order]
    (code,) = (token for token in parsed(text) if token.type == "fence")
    assert code.content.splitlines() == ["3 |   总产直: ````2亿元````", "  |   ^^^^^^"]
    assert any(line.startswith("提示：是不是想写“总产值”？") for line in lines)


def test_details_are_folded(standard: Standard) -> None:
    one = run_of(standard, examples(standard, "shanyin", parts=ANNEX_AND_BODY))
    text = markdown(one)
    tokens = parsed(text)
    folded = [it.content for it in tokens if it.type == "html_block"]
    assert [re.sub(r"\s*<[^>]+>\s*", "", it) for it in folded] == [
        "逐项说明（11 项）",
        "",
        "数据疑点（不影响结果，请核对）：17 条",
        "",
    ]
    (start, end, *_) = (index for index, it in enumerate(tokens) if it.type == "html_block")
    inside = shown(tokens[start:end])
    assert inside[:5] == [
        "5.1 电商龙头企业 · 不达标 · 约束性",
        "情况：4家，要求 ≥ 5家，差 1家。",
        "原文：“引进和培育在本市有一定影响电商龙头企业不少于5家”（附件1 序号5）",
        "位置：examples/shanyin.yaml:31:3",
        "处理：填写有误的，更正后重新校验；数据属实的，须在验收前整改。",
    ]
    assert sum(it.type == "strong_open" for it in children(tokens[start:end])) == 11
    quiet = markdown(one, Style(quiet=True))
    assert "逐项说明" not in quiet
    assert "数据疑点" in quiet
    assert tables(quiet) == tables(text)
    check_form(quiet)


def test_nothing_to_do(standard: Standard) -> None:
    run = run_of(standard, [evaluate(standard, submit(standard))])
    text = markdown(run)
    assert "没有需要处理的事项。" in text.splitlines()
    assert tables(text) == []


def test_what_is_waived_has_a_table_of_its_own(standard: Standard) -> None:
    (report,) = examples(standard, "shanyin", parts=ANNEX_AND_BODY)
    text = markdown(run_of(standard, [waived(report, "23.1", "9.1", text="朔商函|18号")]))
    first, (header, *rows) = tables(text)
    assert not {"23.1", "9.1"} & {row[0] for row in first}
    assert header == ["序号", "内容", "结果", "批准人", "文号", "有效期至", "理由"]
    assert rows == [
        [
            "9.1",
            "跨境电商龙头企业",
            "不达标",
            "朔商函|18号",
            "朔商函|18号",
            "2024-06-30",
            "朔商函|18号",
        ],
        [
            *("23.1", "物流配送中心建筑面积", "需人工核定", "朔商函|18号", "朔商函|18号"),
            *("2024-06-30", "朔商函|18号"),
        ],
    ]
    assert "其中豁免 1" in text


def test_baseline(standard: Standard) -> None:
    (report,) = examples(standard, "shanyin", parts=ANNEX_AND_BODY)
    run = run_of(standard, [held(report, "9.1")])._replace(baseline="old.json")
    text = markdown(run)
    assert "- 与基线相比变差 1 项：9。" in text.splitlines()
    ((_, *rows),) = tables(text)
    assert (rows[0][0], rows[0][6]) == ("9.1", "不达标（变差）")
    assert (rows[1][0], rows[1][6]) == ("5.1", "不达标（基线已有）")
    assert "**不达标" not in text  # what stands out is new, and binding


def test_paths_start_from_the_repository(run: Run) -> None:
    style = Style(folder="/repo/朔州", root="/repo")
    one = run._replace(reports=run.reports[1:2])
    text = markdown(one, style)
    first, second, *_ = tables(text)
    assert first[1][0] == "朔州/examples/huairen.yaml"
    assert second[1][7] == "31"
    assert "\n朔州/examples/shanyin.yaml · " in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_but_a_mistake(lang: str) -> None:
    bad = Problem("", None, "E110", {})
    text = markdown(Run("0.0.0", None, (), (), (bad,), ()), Style(lang=lang))
    check_form(text)
    assert bad.message(lang) in text.splitlines()
    assert "**" in text
    assert tables(text) == []
    missing = Problem("a.yaml", None, "E101", {})
    text = markdown(Run("0.0.0", None, ("a.yaml",), (), (missing,), ()), Style(lang=lang))
    ((_, row),) = tables(text)
    assert row[0] == "a.yaml"


def test_nothing_that_changed() -> None:
    text = markdown(Run("0.0.0", None, (), (), (), (), unchanged=3))
    assert "没有需要检查的改动。" in text
    assert "另有 3 个数据文件没有改动" in text
    assert tables(text) == []


# Length


def copies(report: Report, number: int) -> list[Report]:
    return [report._replace(path=f"数据/{index:04}.yaml") for index in range(number)]


def more(text: str, words: str) -> list[int]:
    """Return the numbers in the lines that tell how much is left out."""
    return [int(it) for it in re.findall(rf"^另有 (\d+) {words}未列出。$", text, re.MULTILINE)]


@pytest.mark.parametrize("number", [8, 40, 200, 1000])
def test_a_long_report_is_cut_between_rows(standard: Standard, number: int) -> None:
    (report,) = examples(standard, "youyu")
    run = run_of(standard, copies(report, number))
    text = markdown(run)
    check_form(text)
    assert LIMIT / 4 < len(text) <= LIMIT
    assert "篇幅所限，略去了逐项说明和数据疑点。" in text
    assert "<details>" not in text
    files, *sections = tables(text)
    assert len(files) - 1 + sum(more(text, "个文件")[:-1] if number == 1000 else []) == number
    found = [check for item in report.items for check in texts.open_checks(item)]
    for rows, left in zip(sections, more(text, "行") or [0] * len(sections), strict=True):
        assert len(rows) - 1 + left == len(found)
    headings = re.findall(r"^### ❌", text, re.MULTILINE)
    assert len(headings) + sum(more(text, "个文件")[-1:]) == number


def test_many_mistakes_are_cut_and_counted() -> None:
    bad = tuple(
        Problem("bad.yaml", Position(line, 1), "E501", {"key": "总产直"}, (), 4, "总产直: 2")
        for line in range(1, 501)
    )
    text = markdown(Run("0.0.0", None, ("bad.yaml",), (), bad, ()))
    check_form(text)
    assert len(text) <= LIMIT
    told = len(re.findall(r"^\*\*E501\*\*", text, re.MULTILINE))
    assert told >= 20
    assert more(text, "处") == [500 - told]


@pytest.mark.parametrize("attack", ["@", "`", "<a>", "|", "汉"])
def test_a_report_of_endless_words_is_cut(standard: Standard, attack: str) -> None:
    (report,) = examples(standard, "shanyin")
    run = hostile_run(standard, report, attack * 4000)
    text = markdown(run)
    check_form(text)
    assert len(text) <= LIMIT
    assert "2 个文件：不达标 1、无法读取 1" in text
    alone = run._replace(problems=(), inputs=(run.reports[0].path,))
    text = markdown(alone)
    check_form(text)
    assert len(text) <= LIMIT
    assert "1 个文件：不达标 1" in text


def test_what_fits_is_whole(run: Run) -> None:
    text = markdown(run)
    assert len(text) <= LIMIT
    assert "未列出" not in text
    assert "略去" not in text
