"""The SARIF report: its rules, results and notifications, read back as a consumer reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from jsonschema import Draft4Validator

from etown_check.engine import evaluate
from etown_check.explain import explain
from etown_check.kinds import KINDS
from etown_check.problems import Position, Problem
from etown_check.report import LEVELS, Run, Style
from etown_check.reporters import reporter
from etown_check.text import HIDDEN, visible
from etown_check.words import Text, render
from tests import validators
from tests.conftest import EXAMPLES, read
from tests.test_github import held, hostile_run, waived
from tests.test_reporters import HOSTILE, examples, run_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from etown_check.report import CheckResult, ItemResult, Report
    from etown_check.standard import Standard

NAMES = ("huairen", "shanyin", "yingxian", "youyu")
BAD = Problem("examples/bad.yaml", Position(3, 5), "E501", {"key": "总产直"}, ("总产值",), 8)
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
ROOT = "%SRCROOT%"


def sarif(run: Run, **look: Any) -> Any:
    """Return the one run of the report."""
    document = json.loads(reporter("sarif")(run, Style(**look)))
    assert document["version"] == "2.1.0"
    (only,) = document["runs"]
    return only


def checks(run: Run) -> Iterator[tuple[Report, ItemResult, CheckResult]]:
    for report in run.reports:
        for item in report.items:
            for check in item.checks:
                yield report, item, check


def of_checks(written: Any) -> dict[tuple[str, str], Any]:
    """Return the results of checks by town and check."""
    results = [it for it in written["results"] if "status" in it["properties"]]
    found = {(it["properties"]["town"], it["ruleId"]): it for it in results}
    assert len(found) == len(results)
    return found


@pytest.fixture(scope="module")
def run(standard: Standard) -> Run:
    return run_of(standard, examples(standard, *NAMES), BAD)


@pytest.fixture(scope="module")
def runs(standard: Standard, run: Run) -> Mapping[str, Run]:
    """Return a run of each sort, by name."""
    shanyin = run.reports[1]
    odd = held(waived(shanyin, "9.1", "23.1"), "33", "36")
    return {
        "plain": run,
        "waived beside a baseline": run_of(standard, [odd])._replace(baseline="old.json"),
        "problems alone": run_of(standard, [], BAD, Problem("", None, "E110", {})),
        "no standard": Run("0.0.0", None, (), (), (BAD,), ()),
        "nothing": run_of(standard, [])._replace(warnings=(), unchanged=3),
    }


SORTS = ["plain", "waived beside a baseline", "problems alone", "no standard", "nothing"]


# By the judgement of others


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("passes", [False, True])
@LANGUAGES
def test_it_follows_the_schema(runs: Mapping[str, Run], sort: str, passes: bool, lang: str) -> None:
    schema = validators.sarif_schema()
    if schema is None:
        pytest.skip("the SARIF schema is not at hand")
    text = reporter("sarif")(runs[sort], Style(lang=lang, with_passes=passes))
    validator = Draft4Validator(schema)
    assert [error.message for error in validator.iter_errors(json.loads(text))] == []
    broken = text.replace('"2.1.0"', '"2.2"')
    assert list(validator.iter_errors(json.loads(broken)))


@pytest.mark.parametrize("sort", ["plain", "waived beside a baseline", "nothing"])
@LANGUAGES
def test_the_multitool_has_nothing_to_say(
    runs: Mapping[str, Run], sort: str, lang: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.sarif"
    look = Style(lang=lang, folder="/repo", root="/repo", with_passes=True)
    text = reporter("sarif")(runs[sort], look)
    path.write_text(text, "utf-8")
    found = validators.multitool_findings(path)
    if found is None:
        pytest.skip("the SARIF multitool is not at hand")
    assert found == []
    path.write_text(text.replace('"helpUri"', '"helpURI"'), "utf-8")
    assert validators.multitool_findings(path)


# The tool and its rules


@pytest.mark.parametrize(
    ("version", "is_semantic"),
    [("0.1.0", True), ("1.2.3-rc.1+x", True), ("0.1.0.dev1", False), ("1.0", False)],
)
def test_a_semantic_version_is_called_one(run: Run, version: str, is_semantic: bool) -> None:
    driver = sarif(run._replace(version=version))["tool"]["driver"]
    assert driver["name"] == "etown-check"
    assert driver["version"] == version
    assert driver.get("semanticVersion") == (version if is_semantic else None)


@pytest.mark.parametrize(("lang", "language"), [("zh", "zh-CN"), ("en", "en")])
def test_it_says_its_language_and_its_columns(run: Run, lang: str, language: str) -> None:
    written = sarif(run, lang=lang)
    assert written["language"] == written["tool"]["driver"]["language"] == language
    assert written["columnKind"] == "unicodeCodePoints"


@LANGUAGES
def test_every_check_has_a_rule(standard: Standard, lang: str) -> None:
    rules = sarif(run_of(standard, []), lang=lang)["tool"]["driver"]["rules"]
    told = rules[: sum(1 for _ in standard.checks)]
    for rule, (item, check) in zip(told, standard.checks, strict=True):
        assert rule["id"] == check.id
        assert rule["name"] == rule["shortDescription"]["text"] == render(check.name, lang)
        assert rule["fullDescription"]["text"] == "".join(item.requirement)
        level = {"binding": "error", "expected": "warning"}[item.level]
        assert rule["defaultConfiguration"]["level"] == level
        assert rule["properties"]["tags"] == [item.level, item.part, render(item.section, lang)]
        lines = rule["help"]["text"].split("\n")
        for _, label, text in explain(standard, check.id, lang) or ():
            assert not text or any(
                line.startswith(label.strip()) and line.endswith(text) for line in lines
            )
        assert all(line == line.strip() for line in lines)


@LANGUAGES
def test_every_doubt_has_a_rule_behind_the_checks(standard: Standard, lang: str) -> None:
    rules = sarif(run_of(standard, []), lang=lang)["tool"]["driver"]["rules"]
    told = rules[sum(1 for _ in standard.checks) :]
    assert [rule["id"] for rule in told] == list(dict.fromkeys(it.code for it in standard.doubts))
    assert {rule["defaultConfiguration"]["level"] for rule in told} == {"note"}
    said = {rule["id"]: rule["shortDescription"]["text"] for rule in told}
    assert len(set(said.values())) == len(said)
    by_code = {
        "zh": {
            "D2": "申报的总产值增长率与按总产值计算的相差超过0.1个百分点。申报的网络零售额增长率与按网络零售额计算的相差超过0.1个百分点。",
            "D3": "网络零售额大于总产值。",
            "D7": "建筑面积超过规划用地面积的5倍，单位可能有误。金额与标准值相差10000倍以上，单位可能有误。",
            "D12": "总投资规模小于政府引导资金、招商资金之和。",
        },
        "en": {
            "D3": "Online retail sales is above Total output.",
            "D8": "Attracted capital and Government guidance funds are the same.",
            "D10": "There is a value for a year after the data date.",
        },
    }[lang]
    assert {code: said[code] for code in by_code} == by_code


def test_help_in_markdown_has_an_entry_for_each_label(standard: Standard) -> None:
    rules = sarif(run_of(standard, []))["tool"]["driver"]["rules"]
    rule = next(it for it in rules if it["id"] == "33.1")
    text = rule["help"]["markdown"]
    assert text.startswith("**33  总产值**\n\n- **属性**：约束性\n")
    required = (
        "- **要求**：先行示范县：≥ 2亿元\\\n  整体推进县：≥ 1.5亿元\\\n  重点帮扶县：≥ 1亿元\n"
    )
    assert f"\n\n**检查 33.1  总产值**\n\n{required}" in text
    assert "总产值: \\{2022: 2.3亿元, 2023: 2.3亿元\\}" in text


def test_help_in_markdown_shows_the_standards_text_as_it_stands(standard: Standard) -> None:
    name = "<img src=x> [a](http://b) `c` *d* _e_ \x1b \u202e ![f](g) &lt; a|b"
    items = tuple(item._replace(name=Text(name, name)) for item in standard.items)
    rules = sarif(run_of(standard._replace(items=items), []))["tool"]["driver"]["rules"]
    shown = rules[0]["help"]["markdown"].split("\n")[0]
    assert shown == (
        "**1  \\<img src=x\\> \\[a\\](http://b) \\`c\\` \\*d\\* \\_e\\_ \\\\x1b \\\\u202e "
        "\\!\\[f\\](g) \\&lt; a\\|b**"
    )


# Results


def expected_kind(item: ItemResult, check: CheckResult) -> tuple[str, str]:
    if check.lacks_assurance:
        return "open", "none"
    match check.status:
        case "fail":
            return "fail", "error" if item.level == "binding" else "warning"
        case "missing":
            return "open", "none"
        case "review" | "pass" as kind:
            return kind, "none"
        case _:
            return "notApplicable", "none"


@LANGUAGES
def test_what_is_open_is_a_result_of_its_kind(run: Run, lang: str) -> None:
    written = sarif(run, lang=lang)
    found = of_checks(written)
    wanted = {
        (report.town, check.id): expected_kind(item, check)
        for report, item, check in checks(run)
        if check.is_open
    }
    assert {key: (it["kind"], it["level"]) for key, it in found.items()} == wanted
    assert set(wanted.values()) >= {
        ("fail", "error"),
        ("fail", "warning"),
        ("open", "none"),
        ("review", "none"),
    }
    for result in written["results"]:
        rule = written["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        severity = result["properties"].get("severity")
        assert severity == (None if result["kind"] == "fail" else "note")


def test_what_passes_is_told_where_it_is_asked_for(run: Run) -> None:
    found = of_checks(sarif(run, with_passes=True))
    wanted = {
        (report.town, check.id): expected_kind(item, check) for report, item, check in checks(run)
    }
    assert {key: (it["kind"], it["level"]) for key, it in found.items()} == wanted
    assert {kind for kind, _ in wanted.values()} == {
        "pass",
        "fail",
        "open",
        "review",
        "notApplicable",
    }
    assert found["怀仁市陶瓷e镇", "33.1"]["properties"].get("severity") is None


def test_a_pass_on_too_little_assurance_is_open(standard: Standard) -> None:
    text = (EXAMPLES / "huairen.yaml").read_text("utf-8")
    report = evaluate(standard, read(standard, text, "examples/a.yaml"), require="verified")
    found = of_checks(sarif(run_of(standard, [report])))
    result = found[report.town, "33.1"]
    assert (result["kind"], result["level"]) == ("open", "none")
    assert result["properties"]["status"] == "pass"
    assert result["properties"]["severity"] == "note"
    assert "可信度" in result["message"]["text"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "33.1 总产值：不达标（约束性）。1.44亿元，要求 ≥ 1.5亿元，差 600万元。 “"),
        ("en", "33.1 Total output: fail (binding). CNY 144 million; required ≥ CNY 150 million; "),
    ],
)
def test_a_result_says_what_it_is_about(run: Run, lang: str, said: str) -> None:
    written = sarif(run, lang=lang)
    result = of_checks(written)["山阴县古城乡村e镇", "33.1"]
    assert result["message"]["text"].startswith(said)
    assert "整体推进县不少于1.5亿元/年（验收当年）" in result["message"]["text"]
    line = (EXAMPLES / "shanyin.yaml").read_text("utf-8").partition("  总产值:")[0].count("\n") + 1
    region = {"startLine": line, "startColumn": 3}
    uris = [it["location"]["uri"] for it in written["artifacts"]]
    index = uris.index("examples/shanyin.yaml")
    location = {"uri": "examples/shanyin.yaml", "uriBaseId": ROOT, "index": index}
    physical = {"artifactLocation": location, "region": region}
    assert result["locations"] == [{"physicalLocation": physical}]
    properties = result["properties"]
    assert (properties["item"], properties["status"]) == ("33", "fail")
    assert properties["gap"] == ("600万元" if lang == "zh" else "CNY 6 million")


def test_a_doubt_is_for_review(run: Run) -> None:
    written = sarif(run)
    found = [it for it in written["results"] if "status" not in it["properties"]]
    assert len(found) == sum(len(report.doubts) for report in run.reports)
    assert {(it["kind"], it["level"]) for it in found} == {("review", "none")}
    doubt = run.reports[0].doubts[0]
    assert found[0]["ruleId"] == doubt.code
    assert found[0]["message"]["text"] == render(doubt.message, "zh")
    assert doubt.position
    region = found[0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": doubt.position.line, "startColumn": doubt.position.column}


@LANGUAGES
def test_a_waiver_suppresses_and_hides_nothing(run: Run, lang: str) -> None:
    shanyin = run.reports[1]
    before = sarif(run._replace(reports=(shanyin,)), lang=lang)
    after = sarif(run._replace(reports=(waived(shanyin, "9.1", "23.1"),)), lang=lang)
    plain, excused = of_checks(before), of_checks(after)
    assert plain.keys() == excused.keys()
    for key, result in excused.items():
        same = ("kind", "level", "partialFingerprints", "locations", "ruleIndex")
        assert [result[it] for it in same] == [plain[key][it] for it in same]
        assert plain[key]["suppressions"] == []
        if key[1] not in ("9.1", "23.1"):
            assert result == plain[key]
            continue
        (suppression,) = result["suppressions"]
        assert suppression["kind"] == "external"
        assert suppression["status"] == "accepted"
        for said in ("朔商函〔2023〕18号", "2023-08-01", "2024-06-30"):
            assert said in suppression["justification"]
        assert suppression["location"]["physicalLocation"] == {
            "artifactLocation": {"uri": "waivers.yaml", "uriBaseId": ROOT},
            "region": {"startLine": 2, "startColumn": 5},
        }
    assert excused[shanyin.town, "9.1"]["level"] == "warning"
    assert excused[shanyin.town, "23.1"]["kind"] == "review"
    # SARIF wants it of all results of a run, or of none.
    assert all("suppressions" in it for it in after["results"])


def test_without_a_baseline_nothing_is_new(run: Run) -> None:
    assert not any("baselineState" in it for it in sarif(run, with_passes=True)["results"])


def test_beside_a_baseline_only_what_is_no_worse_is_unchanged(run: Run) -> None:
    shanyin = held(run.reports[1], "33.1", "36.1")
    new = run.reports[2]  # not in the baseline
    beside = run._replace(reports=(shanyin, new), baseline="old.json")
    written = sarif(beside, with_passes=True)
    is_known = {(report.town, check.id): check.is_known for report, _, check in checks(beside)}
    assert not is_known[shanyin.town, "33.1"]
    assert is_known[shanyin.town, "36.1"]  # it passes
    assert is_known[shanyin.town, "36.2"]
    for key, result in of_checks(written).items():
        assert result["baselineState"] == ("unchanged" if is_known[key] else "new")
    # SARIF wants it of all results of a run, or of none.
    assert all("baselineState" in it for it in written["results"])
    failing = of_checks(written)
    for id, state in (("33.1", "new"), ("36.2", "unchanged")):
        result = failing[shanyin.town, id]
        assert (result["level"], result["baselineState"]) == ("error", state)


# Fingerprints


def fingerprints(run: Run) -> dict[tuple[str, str], str]:
    found = of_checks(sarif(run, with_passes=True))
    prints: list[str] = []
    for result in found.values():
        (own,) = result["partialFingerprints"].items()
        assert own[0] == "etownCheck/v1"
        prints.append(own[1])
    return dict(zip(found, prints, strict=True))


def test_a_fingerprint_outlives_edits(standard: Standard) -> None:
    text = (EXAMPLES / "shanyin.yaml").read_text("utf-8")
    edited = "\n# a line more\n" + text.replace("1.44亿元", "1.2亿元")
    reports = [evaluate(standard, read(standard, it, "examples/a.yaml")) for it in (text, edited)]
    assert "1.44亿元" in text
    first, second = (run_of(standard, [report]) for report in reports)
    results = [of_checks(sarif(it))[reports[0].town, "33.1"] for it in (first, second)]
    assert results[0]["locations"] != results[1]["locations"]
    assert results[0]["message"] != results[1]["message"]
    assert fingerprints(first) == fingerprints(second)


def test_no_two_results_share_a_fingerprint(standard: Standard, run: Run) -> None:
    text = (EXAMPLES / "shanyin.yaml").read_text("utf-8")
    moved = evaluate(standard, read(standard, text, "examples/elsewhere.yaml"))
    moved = moved._replace(doubts=tuple(it for it in moved.doubts if not it.path))
    copies = [fingerprints(run_of(standard, [it])) for it in (run.reports[1], moved)]
    assert not set(copies[0].values()) & set(copies[1].values())
    written = sarif(run, with_passes=True)
    every = [it["partialFingerprints"]["etownCheck/v1"] for it in written["results"]]
    assert len(set(every)) == len(every)


# Files


@pytest.mark.parametrize(
    ("path", "root", "location"),
    [
        ("a.yaml", "/repo", {"uri": "sub/a.yaml", "uriBaseId": ROOT}),
        ("../a.yaml", "/repo", {"uri": "a.yaml", "uriBaseId": ROOT}),
        ("/repo/sub/x/../a.yaml", "/repo/", {"uri": "sub/a.yaml", "uriBaseId": ROOT}),
        ("../../a.yaml", "/repo", {"uri": "file:///a.yaml"}),
        ("/repository/a.yaml", "/repo", {"uri": "file:///repository/a.yaml"}),
        ("/a b/怀仁.yaml", "/repo", {"uri": "file:///a%20b/%E6%80%80%E4%BB%81.yaml"}),
        ("a:b?c#d%[e].yaml", "/repo/sub", {"uri": "a%3Ab%3Fc%23d%25%5Be%5D.yaml", "uriBaseId": ROOT}),
        ("\udcff\x1b.yaml", "/repo/sub", {"uri": "%FF%1B.yaml", "uriBaseId": ROOT}),
        ("a.yaml", "/", {"uri": "repo/sub/a.yaml", "uriBaseId": ROOT}),
        ("-", "/repo", {"uri": "-", "uriBaseId": ROOT}),
        ("a/b.yaml", "", {"uri": "a/b.yaml", "uriBaseId": ROOT}),
        ("/a/b.yaml", "", {"uri": "file:///a/b.yaml"}),
    ],
)  # fmt: skip
def test_an_address_is_relative_to_the_repository(
    standard: Standard, run: Run, path: str, root: str, location: dict[str, str]
) -> None:
    town = run.reports[2]
    assert town.ledger is None
    one = run_of(standard, [town._replace(path=path)])
    written = sarif(one, folder="/repo/sub", root=root)
    (artifact,) = written["artifacts"]
    assert artifact["location"] == location
    assert artifact["hashes"] == {"sha-256": town.sha256}
    for result in written["results"]:
        (where,) = result["locations"]
        assert where["physicalLocation"]["artifactLocation"] == {**location, "index": 0}
    assert list(written["originalUriBaseIds"]) == [ROOT]
    assert "uri" not in written["originalUriBaseIds"][ROOT]


def test_a_file_of_two_paths_is_one_artifact(standard: Standard, run: Run) -> None:
    report = run.reports[0]
    twice = run_of(standard, [report, report._replace(path=f"./{report.path}"), run.reports[1]])
    written = sarif(twice, folder="/repo", root="/repo")
    uris = [it["location"]["uri"] for it in written["artifacts"]]
    ledgers = [quote(f"examples/台账/{name}.csv") for name in ("怀仁", "山阴")]
    assert uris == ["examples/huairen.yaml", ledgers[0], "examples/shanyin.yaml", ledgers[1]]
    for result in written["results"]:
        where = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert uris[where["index"]] == where["uri"]


def test_a_result_without_a_place_is_shown_at_the_start_of_its_file(run: Run) -> None:
    result = of_checks(sarif(run))["应县木塔鲜生乡村e镇", "1.2"]
    assert result["properties"]["status"] == "missing"
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 1}


# Mistakes of inputs


@LANGUAGES
def test_mistakes_are_notifications(run: Run, lang: str) -> None:
    mistakes = (BAD, Problem("gone.yaml", None, "E101", {}), Problem("", None, "E110", {}), BAD)
    written = sarif(run._replace(problems=mistakes), lang=lang)
    (invocation,) = written["invocations"]
    assert invocation["executionSuccessful"] is False
    told = invocation["toolExecutionNotifications"]
    assert [it["descriptor"]["id"] for it in told] == ["E501", "E101", "E110", "E501", "W101"]
    assert [it["level"] for it in told] == ["error"] * 4 + ["warning"]
    for notification, problem in zip(told, (*mistakes, *run.warnings), strict=True):
        text = f"{problem.message(lang)} {problem.hint(lang)}"
        assert notification["message"]["text"] == text.replace("{", "{{").replace("}", "}}")
    bad = {"uri": "examples/bad.yaml", "uriBaseId": ROOT}
    region = {"startLine": 3, "startColumn": 5, "endColumn": 8}
    physical = {"artifactLocation": bad, "region": region}
    assert told[0]["locations"] == [{"physicalLocation": physical}]
    gone = {"artifactLocation": {"uri": "gone.yaml", "uriBaseId": ROOT}}
    assert told[1]["locations"] == [{"physicalLocation": gone}]
    assert "locations" not in told[2]
    rules = written["tool"]["driver"]["notifications"]
    codes = [rule["id"] for rule in rules]
    assert codes == [code for code in KINDS if code in ("E501", "E101", "E110", "W101")]
    for notification in told:
        descriptor = notification["descriptor"]
        rule = rules[descriptor["index"]]
        assert rule["id"] == descriptor["id"]
        assert rule["defaultConfiguration"]["level"] == notification["level"]
    said = {rule["id"]: rule["shortDescription"]["text"] for rule in rules}
    assert said["E501"] == ("不认识指标“…”。" if lang == "zh" else "Unknown metric “…”.")


def test_warnings_leave_a_run_successful(run: Run) -> None:
    (invocation,) = sarif(run._replace(problems=()))["invocations"]
    assert invocation["executionSuccessful"] is True
    assert [it["level"] for it in invocation["toolExecutionNotifications"]] == ["warning"]


def test_a_run_without_a_standard_has_its_problems(runs: Mapping[str, Run]) -> None:
    written = sarif(runs["no standard"])
    assert written["tool"]["driver"]["rules"] == written["results"] == []
    assert written["properties"] == {"standard": None, "reports": [], "unchanged": None}
    (invocation,) = written["invocations"]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == 1


# The whole


@LANGUAGES
def test_the_raw_counts_can_be_read_back(run: Run, lang: str) -> None:
    shanyin = waived(run.reports[1], "9.1", "23.1")
    whole = run._replace(reports=(run.reports[0], shanyin), unchanged=2)
    properties = sarif(whole, lang=lang)["properties"]
    assert whole.standard
    assert properties["standard"]["id"] == whole.standard.id
    assert properties["standard"]["title"] == whole.standard.facts.title.zh
    assert properties["standard"]["sha256"] == whole.standard.sha256
    assert properties["unchanged"] == 2
    for told, report in zip(properties["reports"], whole.reports, strict=True):
        assert told["path"] == report.path
        assert told["verdict"] == report.verdict
        assert told["counts"] == report.counts
        assert told["waived"] == {level: report.waived(level) for level in LEVELS}
    assert properties["reports"][1]["waived"] == {"binding": 1, "expected": 1}


def test_the_same_run_makes_the_same_report(standard: Standard, run: Run) -> None:
    texts = [
        reporter("sarif")(run_of(standard, examples(standard, *NAMES), BAD), Style())
        for _ in range(2)
    ]
    assert texts[0] == texts[1] == reporter("sarif")(run, Style())


LINKS = ["[x](http://evil)", "[x](1)", "{0}", "a{1}b}", "![x](y)"]


@pytest.mark.parametrize("text", [*HOSTILE, *LINKS])
def test_hostile_text_stays_text(standard: Standard, run: Run, text: str) -> None:
    shown = reporter("sarif")(hostile_run(standard, run.reports[2], text), Style(with_passes=True))
    assert not HIDDEN.search(shown.replace("\n", ""))
    written = json.loads(shown)["runs"][0]
    notifications = written["invocations"][0]["toolExecutionNotifications"]
    messages = [it["message"]["text"] for it in (*written["results"], *notifications)]
    kept = visible(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")
    assert sum(kept in message for message in messages) > 80
    for message in messages:
        assert not HIDDEN.search(message)
        assert "](" not in message
        # What is left when the doubled braces are taken out would be a placeholder.
        assert not set("{}") & set(message.replace("{{", "").replace("}}", ""))
    uri = written["artifacts"][0]["location"]["uri"]
    assert uri.isascii()
    assert not set(uri) & set(" []{}<>\"'\\^`|?#")
