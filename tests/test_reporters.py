"""Every reporter on the same runs: golden texts, the JSON's schema, hostile text."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import jsonschema
import pytest

from etown_check.comparing import held_against, snapshot
from etown_check.engine import evaluate
from etown_check.ledger import Doubtful, Repeated, Suspicious, WrongTotal
from etown_check.problems import Position, Problem
from etown_check.report import Run, Style, Waiver
from etown_check.reporters import REPORTERS, reporter
from etown_check.reporters.findings import findings
from etown_check.reporters.texts import excerpt, gap_text, problem_lines, row_lines, word
from etown_check.submission import Amounts, Document
from etown_check.text import columns
from etown_check.waivers import excused
from etown_check.words import render
from tests.conftest import EXAMPLES, GOLDEN, ROOT, read, submit
from tests.ledger_samples import declaring, ledger, money, row, with_funds

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from etown_check.ledger import Ledger
    from etown_check.report import Report
    from etown_check.standard import Standard

REPORT_SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
STYLES = {
    "plain-zh": ("plain", Style()),
    "plain-en": ("plain", Style(lang="en")),
    "plain-quiet-zh": ("plain", Style(quiet=True, verbose=True)),
    "terminal-80-zh": ("terminal", Style(width=80)),
    "terminal-80-en": ("terminal", Style(lang="en", width=80)),
    "terminal-120-zh": ("terminal", Style(width=120)),
    "terminal-120-en": ("terminal", Style(lang="en", width=120)),
    "terminal-ascii-zh": ("terminal", Style(width=80, is_unicode=False, quiet=True)),
    "json-zh": ("json", Style()),
    "json-en": ("json", Style(lang="en")),
    "sarif-zh": ("sarif", Style()),
    "junit-zh": ("junit", Style()),
    "junit-en": ("junit", Style(lang="en")),
    "github-zh": ("github", Style()),
    "github-en": ("github", Style(lang="en")),
    "gitlab-zh": ("gitlab", Style()),
    "gitlab-en": ("gitlab", Style(lang="en")),
    "markdown-zh": ("markdown", Style()),
    "markdown-en": ("markdown", Style(lang="en")),
}


ANNEX_AND_BODY = ("annex", "body")


def examples(standard: Standard, *names: str, parts: Collection[str] | None = None) -> list[Report]:
    reports = []
    for name in names:
        path = f"examples/{name}.yaml"
        text = (EXAMPLES / f"{name}.yaml").read_text("utf-8")
        submission = read(standard, text, path)
        reports.append(evaluate(standard, submission, parts=parts))
    return reports


def run_of(standard: Standard, reports: list[Report], *problems: Problem) -> Run:
    inputs = [report.path for report in reports] + [problem.path for problem in problems]
    # The golden texts should not change with every comment in the standard.
    return Run(
        "0.0.0",
        standard._replace(sha256="0" * 64),
        tuple(dict.fromkeys(inputs)),
        tuple(reports),
        problems,
        (Problem("notes.yaml", None, "W101", {"standard": standard.id}),),
    )


def held(standard: Standard) -> Run:
    """Return a run with a waiver, held against a baseline: something got worse, the rest is known."""
    path = "examples/shanyin.yaml"
    text = (EXAMPLES / "shanyin.yaml").read_text("utf-8")
    better = text.replace("2023: 1.44亿元", "2023: 1.64亿元")
    assert better != text
    before = snapshot(evaluate(standard, read(standard, better, path)))
    waiver = Waiver(
        "waivers.yaml",
        Position(2, 5),
        "23.1",
        "山阴县古城乡村e镇",
        "租用库房已能满足需要",
        "王五",
        "某商函〔2023〕18号",
        date(2023, 8, 1),
        date(2024, 6, 30),
    )
    report = excused(evaluate(standard, read(standard, text, path)), [waiver], date(2024, 6, 30))
    run = run_of(standard, held_against([report], [before]))
    return run._replace(baseline="baseline.json", unchanged=3, warnings=())


def funded(standard: Standard) -> Run:
    """Return a run over a town with a ledger, of which one part of the plan is left out."""
    path = "examples/shanyin.yaml"
    submission = read(standard, (EXAMPLES / "shanyin.yaml").read_text("utf-8"), path)
    asked = [part for part in standard.parts if part != "plan"]
    report = evaluate(standard, with_funds(standard, submission), parts=asked)
    return run_of(standard, [report])._replace(warnings=())


# A SARIF report holds every rule with all that explains it: one such text is enough.
GOLDENS = [
    (case, style)
    for case in ("one", "several", "held", "funds")
    for style in STYLES
    if case == "held" or not style.startswith("sarif")
]


@pytest.mark.parametrize(("case", "style"), GOLDENS)
def test_golden(standard: Standard, case: str, style: str) -> None:
    if case == "one":
        run = run_of(standard, examples(standard, "shanyin"))
    elif case == "held":
        run = held(standard)
    elif case == "funds":
        run = funded(standard)
    else:
        bad = Problem("examples/bad.yaml", Position(3, 5), "E501", {"key": "总产直"}, ("总产值",))
        run = run_of(standard, examples(standard, "huairen", "youyu"), bad)
    name, look = STYLES[style]
    text = reporter(name)(run, look)
    golden = GOLDEN / f"{case}-{style}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, "utf-8", newline="\n")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_terminal_report_keeps_its_width(standard: Standard, width: int, lang: str) -> None:
    run = run_of(standard, examples(standard, "shanyin", "huairen", "yingxian", "youyu"))
    text = reporter("terminal")(run, Style(lang=lang, width=width))
    assert max(columns(line) for line in text.splitlines()) <= width


def test_every_check_is_in_every_report(standard: Standard) -> None:
    submission = with_funds(standard, submit(standard))
    run = run_of(standard, [evaluate(standard, submission, parts=tuple(standard.parts))])
    ids = {check.id for item in standard.items for check in item.checks if len(item.checks) > 1}
    ids |= {item.id for item in standard.items}
    for name in ("plain", "terminal"):
        first = {line.split(" ")[0] for line in reporter(name)(run, Style(width=120)).splitlines()}
        assert ids <= first, name
    report = json.loads(reporter("json")(run, Style()))["reports"][0]
    assert [item["id"] for item in report["items"]] == [item.id for item in standard.items]
    found = [check["id"] for item in report["items"] for check in item["checks"]]
    assert found == [check.id for item in standard.items for check in item.checks]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_json_follows_its_schema(standard: Standard, lang: str) -> None:
    jsonschema.Draft202012Validator.check_schema(REPORT_SCHEMA)
    bad = Problem("bad.yaml", None, "E101", {})
    runs = [
        run_of(standard, examples(standard, "huairen", "shanyin", "yingxian", "youyu"), bad),
        funded(standard),
        Run("0.0.0", None, (), (), (bad,), ()),
    ]
    for run in runs:
        document = json.loads(reporter("json")(run, Style(lang=lang)))
        jsonschema.validate(document, REPORT_SCHEMA, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("make", [lambda it: run_of(it, examples(it, "shanyin")), funded])
def test_json_values_do_not_depend_on_the_language(
    standard: Standard, make: Callable[[Standard], Run]
) -> None:
    run = make(standard)

    def values(lang: str) -> Any:
        (report,) = json.loads(reporter("json")(run, Style(lang=lang)))["reports"]
        for item in report["items"]:
            del item["name"]
            for check in item["checks"]:
                del check["reasons"], check["name"]
        for doubt in report["doubts"]:
            del doubt["message"]
        return report

    assert values("zh") == values("en")


def test_json_is_the_contracts(standard: Standard) -> None:
    submission = submit(standard, {"total_output": {"2023": "1.9亿元"}}, as_of="2023-12-31")
    run = run_of(standard, [evaluate(standard, submission)])
    document = json.loads(reporter("json")(run, Style()))
    (report,) = document["reports"]
    item = next(it for it in report["items"] if it["id"] == "33")
    assert item["section"] == "十三、产业定位"
    assert item["part"] == "annex"
    assert item["level"] == "binding"
    assert item["status"] == "fail"
    check = item["checks"][0]
    wanted = {
        "id": "33.1",
        "status": "fail",
        "assurance": "declared",
        "metrics": ["total_output"],
        "declared": "1.9亿元",
        "required": "≥ 2亿元",
        "gap": "0.1亿元",
        "years": {"2023": "fail"},
    }
    assert {key: check[key] for key in wanted} == wanted
    assert "R1" in check["notes"]


# Parts, gaps, rows of a ledger


@pytest.mark.parametrize("name", ["terminal", "plain", "markdown", "github", "junit"])
def test_parts_that_were_left_out_are_named(standard: Standard, name: str) -> None:
    submission = submit(standard)
    left_out = [part for part in standard.parts.values() if not part.default]
    assert left_out
    for lang, comma in (("zh", "、"), ("en", ", ")):
        told = comma.join(render(part.name, lang) for part in left_out)
        style = Style(lang=lang, width=200)
        unasked = reporter(name)(run_of(standard, [evaluate(standard, submission)]), style)
        asked = evaluate(standard, submission, parts=tuple(standard.parts))
        assert f"{word('left_out', lang, parts=told)}" in unasked.replace("&#45;", "-")
        assert "--part" not in reporter(name)(run_of(standard, [asked]), style)
        narrowed = evaluate(standard, submission, only=["33"])
        assert "--part" not in reporter(name)(run_of(standard, [narrowed]), style)


def test_json_names_the_parts(standard: Standard) -> None:
    run = run_of(standard, [evaluate(standard, submit(standard), parts=["body", "funds"])])
    (report,) = json.loads(reporter("json")(run, Style()))["reports"]
    assert report["parts"] == ["body", "funds"]
    others = [part for part in standard.parts if part not in ("body", "funds")]
    assert report["parts_left_out"] == others
    assert report["ledger"] is None


@pytest.mark.parametrize(
    ("id", "zh", "en"),
    [
        ("M1.1", "晚 12天", "12 days late"),
        ("I2.1", "差 8个月", "8 months short"),
        ("F2.1", "多 10.72万元", "CNY 0.1072 million over"),
        ("F4.2", "缺 1行", "lacking in 1 row"),
    ],
)
def test_gaps_say_to_which_side(standard: Standard, id: str, zh: str, en: str) -> None:
    rows = [
        row(2, "1507200", "省", "主导产业"),
        row(3, "300000", "市", "主导产业"),
        row(4, "1", "", "主导产业"),
    ]
    submission = declaring(
        submit(standard, as_of="2023-12-31"),
        started_on=date(2023, 1, 12),
        monthly_reports=("2022-11", "2022-12", "2023-04", "2023-05", "2023-06"),
        fund_ledger=ledger(standard, rows),
        funds_received=Amounts((("省", money("1400000")), ("市", money("300000")))),
    )
    report = evaluate(standard, submission)
    (check,) = (it for item in report.items for it in item.checks if it.id == id)
    assert check.status == "fail"
    assert (gap_text(check, "zh"), gap_text(check, "en")) == (zh, en)
    for name in ("plain", "markdown"):
        assert zh in reporter(name)(run_of(standard, [report]), Style())


@pytest.mark.parametrize("name", ["terminal", "plain", "markdown", "junit"])
@pytest.mark.parametrize(("number", "listed"), [(10, 0), (11, 11), (40, 40)])
def test_all_rows_are_listed_where_a_reason_has_no_room_for_them(
    standard: Standard, name: str, number: int, listed: int
) -> None:
    rows = [row(2 + at, "100", "省", "购买流量", payee=f"第{at}公司") for at in range(number)]
    submission = declaring(submit(standard), fund_ledger=ledger(standard, rows))
    run = run_of(standard, [evaluate(standard, submission, only=["F1.3"])])
    shown = reporter(name)(run, Style(width=200))
    assert [f"第{at}公司" in shown for at in range(number)].count(True) == listed
    assert ("另有" in shown) == (number > 10)
    found = json.loads(reporter("json")(run, Style()))["reports"][0]["items"][0]["checks"][0]
    assert [it["position"]["line"] for it in found["rows"]] == list(range(2, 2 + number))


def test_of_rows_only_what_differs_is_told(standard: Standard) -> None:
    rows = [row(at, "100", "省", "购买流量", voucher=f"{at}") for at in (2, 3)]
    assert list(row_lines(rows, "zh")) == [
        "第2行 2023-05-08 100元 凭证号2 · 某科技有限公司 · 购买流量支出",
        "第3行 2023-05-08 100元 凭证号3 · 某科技有限公司 · 购买流量支出",
    ]
    other = [*rows, row(4, "100", "市", "罚款", sheet="台账", voucher="4", payee="")]
    assert list(row_lines(other, "en"))[-1] == (
        "“台账” row 4: 2023-05-08 CNY 100 voucher 4 · 市 · 罚款 · 罚款支出"
    )


def test_many_rows_do_not_push_the_explanations_out_of_a_comment(standard: Standard) -> None:
    rows = [row(2 + at, "100", "省", "购买流量") for at in range(1500)]
    submission = declaring(submit(standard), fund_ledger=ledger(standard, rows))
    run = run_of(standard, [evaluate(standard, submission)])
    shown = reporter("markdown")(run, Style())
    assert len(shown) <= 60_000
    assert "台账的有关各行没有全部列出" in shown
    assert "另有1490行" in shown
    assert "资金台账" in shown


# Doubts that stand in a ledger


def test_a_doubt_about_a_row_points_at_the_ledger(standard: Standard) -> None:
    """Each report names the file that a row stands in, the other programs' as the repository does."""
    submission = with_funds(standard, submit(standard))._replace(path="examples/shanyin.yaml")
    run = run_of(standard, [evaluate(standard, submission, parts=["funds"])])
    style = Style(folder="/repo/data", root="/repo", width=200)
    place = "examples/台账/山阴.csv"
    for name in ("terminal", "plain"):
        assert f"[{place}:5:1]" in reporter(name)(run, style)
    assert f"data/{place}<span>&#58;</span>5:1" in reporter("markdown")(run, style).replace(
        "&#46;csv", ".csv"
    )
    assert f"file=data/{place},line=5,col=1,title=D13" in reporter("github")(run, style)
    entries = json.loads(reporter("gitlab")(run, style))
    places = [it["location"] for it in entries if it["check_name"] == "D14"]
    assert places == [{"path": f"data/{place}", "lines": {"begin": 4}}]
    (log,) = json.loads(reporter("sarif")(run, style))["runs"]
    uri = quote(f"data/{place}")
    (failing,) = (it for it in log["results"] if it["ruleId"] == "F1.3")
    related = [it["physicalLocation"] for it in failing["relatedLocations"]]
    assert [it["region"]["startLine"] for it in related] == list(range(8, 18))
    assert {it["artifactLocation"]["uri"] for it in related} == {uri}
    (result,) = (it for it in log["results"] if it["ruleId"] == "D15")
    physical = result["locations"][0]["physicalLocation"]
    index = physical["artifactLocation"]["index"]
    assert log["artifacts"][index]["location"]["uri"] == uri
    assert log["artifacts"][index]["hashes"] == {"sha-256": "c" * 64}
    assert physical["region"] == {"startLine": 4, "startColumn": 1}
    (report,) = json.loads(reporter("json")(run, style))["reports"]
    paths = {it["code"]: it["path"] for it in report["doubts"]}
    assert paths["D16"] == place
    assert paths["D14"] == place
    assert report["ledger"]["path"] == place


def test_a_doubt_about_a_row_of_a_workbook_names_its_cell(standard: Standard) -> None:
    found = row(7, "5", "省", "主导产业", description="流量", sheet="支出")
    made = ledger(standard, [found], "台账.xlsx", Doubtful(outside=(found,), counts={"outside": 1}))
    report = evaluate(standard, declaring(submit(standard), fund_ledger=made))
    run = run_of(standard, [report])
    assert "台账.xlsx![支出]A7" in reporter("plain")(run, Style())
    assert "::notice file=台账.xlsx,title=D16" in reporter("github")(run, Style())
    (doubt,) = (
        it
        for it in json.loads(reporter("json")(run, Style()))["reports"][0]["doubts"]
        if it["code"] == "D16"
    )
    assert doubt["position"] == {"line": 7, "column": 1, "sheet": "支出", "cell": "A7"}


def test_a_row_is_known_again_after_others_were_put_above_it(standard: Standard) -> None:
    def told(line: int) -> dict[str, str]:
        twice = [
            row(at, "5", "省", "主导产业", voucher=voucher)
            for at, voucher in ((line, "1"), (line + 1, "2"))
        ]
        doubtful = Doubtful(outside=tuple(twice), counts={"outside": 2})
        made = ledger(standard, twice, doubtful=doubtful)
        run = run_of(standard, [evaluate(standard, declaring(submit(standard), fund_ledger=made))])
        return {
            it.message.split("凭证号")[1][0]: it.fingerprint
            for it in findings(run, Style())
            if it.rule == "D16"
        }

    assert told(2) == told(90)
    assert len(set(told(2).values())) == 2


HOSTILE = [
    "[bold red]x[/bold red]",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
    "a\u202eb\u202c",
    "c\u2066d\u2069",
    "zero\u200bwidth",
    "line\u2028break",
    "tab\tbell\x07",
    "\x9b31m",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_text_in_an_error_stays_text(text: str, lang: str) -> None:
    line = f"{text}: {text}"
    problem = Problem(
        f"{text}.yaml", Position(1, 2), "E301", {"key": text, "where": text, "known": text}
    )
    for located in (problem, problem._replace(line=line, end=len(text) + 1)):
        shown = "\n".join(problem_lines(located, lang))
        assert all(char == "\n" or char.isprintable() for char in shown)


# Errors with their lines


@pytest.mark.parametrize(("code", "color"), [("E503", "\x1b[1;31m"), ("W103", "\x1b[1;33m")])
def test_on_a_terminal_the_kind_and_the_carets_are_colored(code: str, color: str) -> None:
    args = {"text": "2", "units": "元", "example": "2元"}
    problem = Problem("f.yaml", Position(1, 4), code, args, end=5, line="a: 2")
    head, line, carets, hint = problem_lines(problem, "en", color=True)
    assert f"f.yaml:1:4: {color}" in head
    assert f"{code}\x1b[0m: " in head
    assert (line, carets) == ("    1 | a: 2", f"      |    {color}^\x1b[0m")
    plain = [re.sub("\x1b\\[[0-9;]*m", "", it) for it in (head, line, carets, hint)]
    assert problem_lines(problem, "en") == plain


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "carets"),
    [
        ("总产值：2", 4, 5, "7 | 总产值：2", "  |       ^^"),
        ("  a: 1", 6, 7, "7 |   a: 1", "  |      ^"),
        ("a: 1", 5, 6, "7 | a: 1", "  |     ^"),
        ("a\tb", 2, 3, "7 | a\\x09b", "  |  ^^^^"),
        ("é́: x", 4, 5, "7 | é́: x", "  |   ^"),
        ("", 1, 2, "7 |", "  | ^"),
    ],
)
def test_carets_stand_below_what_is_meant(
    line: str, column: int, end: int, shown: str, carets: str
) -> None:
    found = excerpt(line, Position(7, column), end)
    assert [it.strip() for it in found] == [shown.strip(), carets.strip()]
    assert found == [f"    {shown}", f"    {carets}"]


@pytest.mark.parametrize("unit", ["x", "字", "\t", "\u0301"])
@pytest.mark.parametrize(("before", "marked", "after"), [(0, 9, 500), (500, 9, 0), (500, 500, 500)])
def test_of_a_long_line_what_matters_is_shown(
    unit: str, before: int, marked: int, after: int
) -> None:
    line = f"{unit * before}{'中' * marked}{unit * after}"
    shown, carets = excerpt(line, Position(12, before + 1), before + marked + 1)
    assert columns(shown) <= 7 + 3 * 40 + 2
    assert set(carets.split("|")[1]) <= {" ", "^"}
    at = columns(carets[: carets.index("^")])
    assert "中" in shown
    assert columns(shown[: shown.index("中")]) == at
    assert carets.count("^") == min(2 * marked, 40)
    assert ("…" in shown[:12]) == (before > 0)


def hostile_ledger(standard: Standard, text: str) -> Ledger:
    """Return a ledger with `text` in its name and in every row, of which all are doubtful."""
    rows = [
        row(2 + at, "5", "省", "购买流量", payee=text, voucher=text, description=text, sheet=text)
        for at in range(12)
    ]
    first = rows[0]
    doubtful = Doubtful(
        suspicious=(Suspicious(first, "罚款", text),),
        vouchers=(Repeated(first, first.position),),
        repeated=(Repeated(first, first.position),),
        outside=(first,),
        totals=(WrongTotal(first.position, text, money("5"), Fraction(6)),),
        counts={"suspicious": 9},
    )
    return ledger(standard, rows, f"{text}/{text}.csv", doubtful)


@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.parametrize("quiet", [False, True])
def test_hostile_text_stays_text(standard: Standard, name: str, quiet: bool) -> None:
    """No reporter lets text from a data file move the cursor, reorder, or pass for markup."""
    for text in HOSTILE:
        # Straight into a submission: the reader of files refuses some of these before.
        submission = submit(standard, {"own_brands": ["a", "b"], "reward_measures": "办法"})
        brands = submission.declarations["own_brands"]
        entry = brands.entries[None]._replace(names=(text, text))
        measures = submission.declarations["reward_measures"]
        title = measures.entries[None]._replace(value=Document(True, text))
        hostile = submission._replace(
            path=f"{text}.yaml",
            declarations={
                **submission.declarations,
                "own_brands": brands._replace(entries={None: entry}),
                "reward_measures": measures._replace(entries={None: title}),
            },
        )
        hostile = declaring(hostile, fund_ledger=hostile_ledger(standard, text))
        problem = Problem(f"{text}.yaml", Position(1, 1), "E501", {"key": text}, (text,))
        run = run_of(standard, [evaluate(standard, hostile)], problem)
        shown = reporter(name)(run, Style(quiet=quiet, width=160))
        if name == "json":
            shown = shown.replace("\\u001b", "").replace("\\t", "").replace("\\u0007", "")
            assert json.loads(shown)
            shown = shown.encode("ascii", "backslashreplace").decode()
        for char in shown:
            assert char == "\n" or (ord(char) >= 0x20 and not 0x7F <= ord(char) < 0xA0)
            assert char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2028"


def test_a_part_of_an_item_does_not_speak_for_the_whole(standard: Standard) -> None:
    submission = submit(standard, {"total_output": {"2023": "1亿元"}})
    run = run_of(standard, [evaluate(standard, submission, only=["33.1"])])
    lines = reporter("plain")(run, Style()).splitlines()
    (item,) = (line for line in lines if line.startswith("33 "))
    (check,) = (line for line in lines if line.startswith("33.1 "))
    assert "达标" not in item
    assert "不达标" in check


def test_markup_is_shown_as_typed(standard: Standard) -> None:
    submission = submit(standard, {"reward_measures": "[bold]办法[/bold]"})
    run = run_of(standard, [evaluate(standard, submission)])
    assert "[bold]办法[/bold]" in reporter("terminal")(run, Style(width=160))


def test_color_is_never_the_only_sign(standard: Standard) -> None:
    run = run_of(standard, examples(standard, "shanyin"))
    plain = reporter("terminal")(run, Style(width=120))
    colored = reporter("terminal")(run, Style(width=120, color=True))
    assert "\x1b[" not in plain
    assert "\x1b[" in colored
    for status in ("达标", "不达标", "需人工核定", "未到期"):
        assert status in plain


def test_verified_value_is_shown_beside_the_declared_one(standard: Standard) -> None:
    run = run_of(standard, examples(standard, "huairen"))
    for name in ("plain", "terminal"):
        text = "".join(reporter(name)(run, Style(width=160)).split())
        assert "1180平方米（核定" in text
        assert "1260平方" in text
