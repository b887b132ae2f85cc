"""Each command through the installed entry point, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from etown_check import __version__
from etown_check.reporters import REPORTERS
from etown_check.text import columns
from tests.command import in_terminal, run
from tests.conftest import EXAMPLES, ROOT, alone

HUAIREN = EXAMPLES / "huairen.yaml"
SHANYIN = EXAMPLES / "shanyin.yaml"
YINGXIAN = EXAMPLES / "yingxian.yaml"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.yaml"
    text = alone("huairen")
    text = text.replace("佐证/", "").replace("网货产品: 12款", "网货产口: 12款")
    path.write_text(text.replace("小而美自主品牌: 7个", "小而美自主品牌: 约7个"), "utf-8")
    return path


# Exit codes of validate


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ([HUAIREN], 0),
        ([SHANYIN], 1),
        ([YINGXIAN], 4),
        ([HUAIREN, YINGXIAN], 4),
        ([HUAIREN, SHANYIN, YINGXIAN], 1),
        ([HUAIREN, "--fail-on", "expected"], 1),
        ([SHANYIN, "--fail-on", "never"], 0),
        ([YINGXIAN, "--fail-on", "never"], 0),
        ([HUAIREN, "--require", "evidenced"], 4),
        ([HUAIREN, "--require", "verified", "--fail-on", "never"], 0),
        ([HUAIREN, "--level", "expected"], 0),
        ([HUAIREN, "--level", "expected", "--fail-on", "expected"], 1),
        ([SHANYIN, "--only", "34"], 0),
        ([SHANYIN, "--only", "33.2,34", "--only", "35"], 0),
        ([SHANYIN, "--only", "33，34"], 1),
        ([SHANYIN, "--part", "body"], 1),
        ([YINGXIAN, "--part", "all"], 4),
        (["no-such.yaml"], 3),
        ([SHANYIN, "no-such.yaml"], 3),
        ([], 3),
        ([HUAIREN, "--format", "yaml"], 2),
        ([HUAIREN, "--only", "40"], 2),
        ([HUAIREN, "--part", "annexe"], 2),
        ([HUAIREN, "--standard", "shuozhou-2023"], 2),
        ([HUAIREN, "--nonsense"], 2),
        ([HUAIREN, "--lang", "fr"], 2),
        ([HUAIREN, "--level", "both"], 2),
        ([HUAIREN, "--require", "sworn"], 2),
        ([HUAIREN, "--fail-on", "all"], 2),
    ],
)
def test_exit_code(args: list[str | Path], code: int) -> None:
    assert run("validate", *args).code == code


def test_format_never_changes_the_code() -> None:
    for format in ("terminal", "plain", "json"):
        assert run("validate", SHANYIN, "--format", format).code == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_input_errors_are_told_at_once_with_their_places(bad: Path, lang: str) -> None:
    ran = run("validate", bad, "--lang", lang)
    assert ran.code == 3
    places = [
        line for line in ran.err.splitlines() if line.startswith(str(bad)) and " W102" not in line
    ]
    assert [line.split(":")[1:3] for line in places] == [["50", "12"], ["51", "3"]]
    assert "E528" in places[0]
    assert "E501" in places[1]
    assert "网货产品" in ran.err  # did you mean


def test_a_bad_file_leaves_the_others_their_reports(bad: Path) -> None:
    ran = run("validate", HUAIREN, bad, "--format", "json")
    assert ran.code == 3
    assert [report["county"] for report in ran.json["reports"]] == ["怀仁市"]
    assert {error["code"] for error in ran.json["errors"]} == {"E501", "E528"}
    assert ran.json["errors"][0]["line"] == 50


# Paths of validate


def test_a_folder_is_searched(tmp_path: Path) -> None:
    (tmp_path / "2023" / "12").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for name in ("a.yaml", "2023/b.YML", "2023/12/c.yml", ".git/d.yaml"):
        text = alone("shanyin")
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "notes.yaml").write_text("说明: 不是数据文件\n", "utf-8")
    (tmp_path / "readme.txt").write_text("x", "utf-8")
    ran = run("validate", tmp_path, "--format", "json")
    assert ran.code == 1
    assert [Path(report["path"]).name for report in ran.json["reports"]] == [
        "c.yml",
        "b.YML",
        "a.yaml",
    ]
    assert [warning["code"] for warning in ran.json["warnings"]] == ["W101"]
    assert "notes.yaml" in ran.err


def test_a_file_without_standard_is_an_error_when_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.yaml"
    path.write_text("县: 怀仁市\n", "utf-8")
    ran = run("validate", path)
    assert ran.code == 3
    assert "E303" in ran.err
    assert "标准: shuozhou-2022" in ran.err


@pytest.mark.parametrize("content", [None, "说明: 别的\n"])
def test_a_folder_without_data_is_an_error(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "other.yaml").write_text(content, "utf-8")
    ran = run("validate", tmp_path)
    assert ran.code == 3
    assert "E108" in ran.err


def test_standard_input() -> None:
    ran = run("validate", "-", "--format", "json", stdin=HUAIREN.read_bytes(), cwd=EXAMPLES)
    assert ran.code == 0
    assert ran.json["reports"][0]["path"] == "-"


def test_a_file_named_twice_is_read_once() -> None:
    ran = run("validate", HUAIREN, HUAIREN, "--format", "json")
    assert len(ran.json["reports"]) == 1


def test_an_unknown_standard_is_told_with_the_other_errors(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    text = "标准: shuozhou-2023\n县: 怀人市\n乡村e镇: 怀仁市陶瓷e镇\n数据截止日期: 2023-12-31\n"
    path.write_text(text, "utf-8")
    ran = run("validate", path)
    assert ran.code == 3
    assert "E401" in ran.err
    assert "E402" in ran.err
    assert "“shuozhou-2022”" in ran.err
    assert "“怀仁市”" in ran.err


def test_a_standard_of_ones_own(tmp_path: Path) -> None:
    tiny = ROOT / "tests" / "data" / "tiny.yaml"
    path = tmp_path / "甲县.yaml"
    path.write_text(
        "标准: tiny\n县: 甲县\n乡村e镇: 甲县甲镇\n数据截止日期: 2023-12-31\n指标:\n  网店: 4家\n",
        "utf-8",
    )
    ran = run("validate", path, "--standard", tiny, "--format", "json")
    assert ran.code in (1, 4)
    assert ran.json["errors"] == []
    assert ran.json["standard"]["id"] == "tiny"
    assert "E401" in run("validate", path).err
    mixed = run("validate", path, HUAIREN, "--standard", tiny)
    assert mixed.code == 3
    assert "E407" in mixed.err
    assert run("init", "乙县", "--standard", tiny, "-o", "-").code == 0
    assert run("schema", "--standard", tiny).code == 0
    assert "网店" in run("explain", "网店", "--standard", tiny).out
    assert run("standards", "show", tiny).code == 0


def test_reference_file_outranks_the_data(tmp_path: Path) -> None:
    reference = tmp_path / "reference.yaml"
    reference.write_text("参考数据:\n  全市总产值增长率: {2023: 11%}\n", "utf-8")
    ran = run("validate", HUAIREN, "--reference", reference, "--format", "json", "--only", "33.2")
    (check,) = ran.json["reports"][0]["items"][0]["checks"]
    assert check["status"] == "fail"
    reference.write_text("全市总产值增长: {2023: 11}\n", "utf-8")
    ran = run("validate", HUAIREN, "--reference", reference)
    assert ran.code == 3
    assert "reference.yaml:1:1" in ran.err
    assert run("validate", HUAIREN, "--reference", tmp_path / "none.yaml").code == 3


# Output of validate


def test_output_is_written_whole_and_never_over_another(tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    first = run("validate", HUAIREN, "--format", "json", "--output", out)
    assert (first.code, first.out) == (0, "")
    before = out.read_bytes()
    assert json.loads(before)["reports"]
    again = run("validate", SHANYIN, "--format", "json", "--output", out)
    assert again.code == 2
    assert "--force" in again.err
    assert out.read_bytes() == before
    forced = run("validate", SHANYIN, "--format", "json", "--output", out, "--force")
    assert forced.code == 1
    assert json.loads(out.read_bytes())["reports"][0]["county"] == "山阴县"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    missing = run("validate", HUAIREN, "--output", tmp_path / "no" / "report.txt")
    assert missing.code == 2


def test_json_is_utf8_on_any_console() -> None:
    ran = run("validate", HUAIREN, "--format", "json", PYTHONUTF8="0", PYTHONIOENCODING="gbk")
    assert "怀仁市" in ran.out


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252"])
@pytest.mark.parametrize("format", ["plain", "terminal"])
def test_any_console_can_show_the_report(encoding: str, format: str) -> None:
    ran = run(
        "validate",
        SHANYIN,
        "--format",
        format,
        encoding=encoding,
        PYTHONUTF8="0",
        PYTHONIOENCODING=encoding,
    )
    assert ran.code == 1
    if encoding == "gbk":
        assert "不达标" in ran.out
        assert "\\u" not in ran.out
    else:
        assert ">= " in ran.out


def test_help_on_other_consoles() -> None:
    ran = run("--help", encoding="gbk", PYTHONUTF8="0", PYTHONIOENCODING="gbk")
    assert ran.code == 0
    assert "用法" in ran.out
    assert run("--help", PYTHONUTF8="0", PYTHONIOENCODING="ascii").code == 0


@pytest.mark.parametrize("width", [80, 120])
def test_terminal_report(width: int) -> None:
    shown = in_terminal("validate", SHANYIN, columns=width)
    assert "\x1b[" in shown
    plain = in_terminal("validate", SHANYIN, columns=width, NO_COLOR="1")
    assert "\x1b[" not in plain
    lines = plain.splitlines()
    assert max(map(columns, lines)) <= width
    assert any("结论" in line and "不达标" in line for line in lines[:3])
    assert "\x1b[" not in in_terminal("validate", SHANYIN, TERM="dumb")


def test_piped_report_is_plain() -> None:
    ran = run("validate", SHANYIN)
    assert "\x1b" not in ran.out
    assert "─" not in ran.out
    assert "33.1" in ran.out


def test_quiet_shows_only_what_needs_action() -> None:
    full, quiet = run("validate", SHANYIN).out, run("validate", SHANYIN, "-q").out
    assert "34.2" in full
    assert "34.2" not in quiet
    assert "33.1" in quiet
    assert "读法" in run("validate", SHANYIN, "-v").out


def test_a_reader_that_goes_away_ends_quietly() -> None:
    command = f"'{sys.executable}' -m etown_check validate examples/shanyin.yaml | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=False)
    assert done.stderr == b""


# The other commands


def test_explain() -> None:
    ran = run("explain", "33.1")
    assert ran.code == 0
    for words in (
        "先行示范县：≥ 2亿元",
        "整体推进县：≥ 1.5亿元",
        "重点帮扶县：≥ 1亿元",
        "先行示范县不少于2亿元/年（验收当年）",
        "R1 ",
        "R18",
        "R20",
        "R22",
        "总产值: {2022: 2.3亿元",
        "附件1 序号33",
        "约束性",
    ):
        assert words in ran.out, words
    assert "33.2" in run("explain", "33").out
    assert "33.2" not in ran.out


def test_explain_a_metric_by_either_name() -> None:
    chinese, english = run("explain", "总投资规模"), run("explain", "total_investment")
    assert chinese.out == english.out
    assert "在规划区域内围绕乡村e镇产业" in chinese.out
    assert "35.1" in chinese.out


def test_every_name_can_be_explained_in_both_languages() -> None:
    from etown_check.explain import explain, names
    from etown_check.store import load_standard

    standard = load_standard("shuozhou-2022")
    for name in names(standard):
        for lang in ("zh", "en"):
            lines = explain(standard, name, lang)
            assert lines is not None, name
            assert all("{" not in label for _, label, _ in lines)


def test_every_reading_is_visible_to_a_user_of_explain() -> None:
    from etown_check.standard import readings_of
    from etown_check.store import load_standard

    standard = load_standard("shuozhou-2022")
    shown = {
        reading
        for item in standard.items
        for check in item.checks
        for reading in readings_of(standard, check)
    }
    assert shown == set(standard.readings)
    assert shown >= {f"R{number}" for number in range(1, 23)}


@pytest.mark.parametrize(
    ("name", "meant"), [("33.9", "33.1"), ("总产直", "总产值"), ("total_outptu", "total_output")]
)
def test_explain_something_unknown(name: str, meant: str) -> None:
    ran = run("explain", name)
    assert ran.code == 2
    assert meant in ran.err


def test_standards_list_and_show() -> None:
    assert "shuozhou-2022  朔商发〔2022〕73号" in run("standards", "list").out
    text = run("standards", "show", "shuozhou-2022").out
    assert "33.1  总产值  ≥ 2亿元 / ≥ 1.5亿元 / ≥ 1亿元" in text
    shown = run("standards", "show", "shuozhou-2022", "--format", "json").json
    assert len(shown["metrics"]) == 117
    assert run("standards", "show", "nowhere").code == 2


def test_standards_verify(tmp_path: Path) -> None:
    source = tmp_path / "plan.txt"
    source.write_text("无关的文字\n", "utf-8")
    ran = run("standards", "verify", "shuozhou-2022", "--source", source)
    assert ran.code == 1
    assert "33.1: 原文中没有" in ran.out
    assert run("standards", "verify", "shuozhou-2022", "--source", tmp_path / "no.txt").code == 3
    assert run("standards", "verify", "shuozhou-2022").code == 2


@pytest.mark.parametrize("county", ["怀仁市", "山阴县", "应县", "右玉县"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unfilled_template_is_all_missing(tmp_path: Path, county: str, lang: str) -> None:
    path = tmp_path / "t.yaml"
    assert run("init", county, "--output", path, "--lang", lang).code == 0
    ran = run("validate", path, "--format", "json")
    assert ran.code == 4
    assert ran.json["errors"] == []
    statuses = {item["status"] for item in ran.json["reports"][0]["items"]}
    assert statuses == {"missing", "not_due"}
    text = path.read_text("utf-8")
    from etown_check.store import load_standard

    for metric in load_standard("shuozhou-2022").metrics.values():
        key = metric.key if lang == "en" else metric.name.zh
        assert f"\n{'' if metric.is_fact else '  '}{key}:" in text, key


def test_init_names_its_file_and_never_overwrites(tmp_path: Path) -> None:
    assert run("init", "怀仁", cwd=tmp_path).code == 0
    path = tmp_path / "怀仁市.yaml"
    path.write_text("mine", "utf-8")
    again = run("init", "怀仁", cwd=tmp_path)
    assert again.code == 2
    assert path.read_text("utf-8") == "mine"
    assert run("init", "huairen", "--lang", "en", cwd=tmp_path).code == 0
    assert (tmp_path / "huairen.yaml").exists()
    assert "乡村e镇: 怀仁市陶瓷e镇" in run("init", "怀仁市", "-o", "-").out
    wrong = run("init", "平鲁区")
    assert wrong.code == 2
    assert "怀仁市" in wrong.err


def test_schema(tmp_path: Path) -> None:
    assert "主导产业" in run("schema").json["properties"]["指标"]["properties"]
    assert (
        "leading_industries"
        in run("schema", "--lang", "en").json["properties"]["metrics"]["properties"]
    )
    path = tmp_path / "schema.json"
    assert run("schema", "-o", path).code == 0
    assert run("schema", "-o", path).code == 2
    assert run("schema", "-o", path, "--force").code == 0


# The command itself


def test_version() -> None:
    assert run("--version").out == f"etown-check {__version__}\n"


def test_module_runs_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "etown_check", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"etown-check {__version__}\n"


COMMANDS = [
    [],
    ["validate"],
    ["explain"],
    ["init"],
    ["schema"],
    ["standards"],
    ["standards", "list"],
    ["standards", "show"],
    ["standards", "verify"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_in_chinese_has_no_english_words(command: list[str]) -> None:
    shown = run(*command, "--help").out
    for word in (
        "Usage",
        "Options",
        "Arguments",
        "Commands",
        "Show",
        "default",
        "required",
        "Install",
    ):
        assert word not in shown, word
    assert "用法：" in shown


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_in_english_has_no_chinese_words(command: list[str]) -> None:
    for shown in (
        run(*command, "--lang", "en", "--help").out,
        run(*command, "--lang=en", "--help").out,
        run(*command, "--help", ETOWN_CHECK_LANG="en").out,
    ):
        assert "Usage: " in shown
        assert not any("\u4e00" <= char <= "\u9fff" for char in shown), shown


@pytest.mark.parametrize(
    ("args", "zh", "en"),
    [
        (["valdate"], "没有命令“valdate”", "No such command “valdate”"),
        (["validate", "--fromat"], "没有选项“--fromat”", "No such option “--fromat”"),
        (["validate", "x", "--format"], "选项“--format”后面要有一个值", "needs a value"),
        (["validate", "x", "--quiet=1"], "选项“--quiet”后面不要写值", "takes no value"),
        (["explain"], "缺少参数“名称”", "is lacking"),
        (["explain", "1", "2"], "多余的参数：2", "Unexpected arguments: 2"),
        (["standards", "verify", "x"], "缺少参数", "is lacking"),
        (["standards", "lst"], "是不是想写“list”", "Did you mean “list”"),
    ],
)
def test_usage_errors_in_both_languages(args: list[str], zh: str, en: str) -> None:
    ran = run(*args)
    assert ran.code == 2
    assert zh in ran.err
    assert "--help" in ran.err
    ran = run(*args, ETOWN_CHECK_LANG="en")
    assert ran.code == 2
    assert en in ran.err


def test_no_command_shows_the_help() -> None:
    for args in ([], ["standards"]):
        ran = run(*args)
        assert ran.code == 2
        assert "用法" in ran.out + ran.err


def test_shell_completion() -> None:
    ran = run(_ETOWN_CHECK_COMPLETE="complete_bash", COMP_WORDS="etown-check va", COMP_CWORD="1")
    assert ran.out.split() == ["validate"]
    ran = run(
        _ETOWN_CHECK_COMPLETE="complete_bash",
        COMP_WORDS="etown-check validate --format ",
        COMP_CWORD="3",
    )
    assert ran.out.split() == list(REPORTERS)
    # The framework would look for the shell among the processes around it, where there may be none.
    ran = run("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "etown-check" in ran.out


def test_an_incomplete_installation_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("标准: shuozhou-2022\n备注: |\n  这样写的要用解析器\n", "utf-8")
    code = (
        "import sys; sys.modules['yaml._yaml'] = None\n"
        f"sys.argv = ['etown-check', 'validate', {str(path)!r}]\n"
        "from etown_check.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 70
    assert "yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_internal_error_has_its_own_code(tmp_path: Path) -> None:
    """A fault of ours is told as such, without a traceback."""
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import etown_check.engine as engine\n"
        "def evaluate(*args, **kwargs): raise ZeroDivisionError('x')\n"
        "engine.evaluate = evaluate\n",
        "utf-8",
    )
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "etown_check", "validate", str(HUAIREN)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 70
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr


# Where evidence may lie


def test_evidence_beside_the_data_folder_needs_leave(tmp_path: Path) -> None:
    for folder in ("数据", "共用"):
        (tmp_path / folder).mkdir()
    (tmp_path / "共用" / "图.pdf").write_bytes(b"")
    data = tmp_path / "数据" / "怀仁.yaml"
    evidence = "\n    值: 1200平方米\n    佐证: [../共用/图.pdf]"
    text = alone("huairen").replace("跨境电商基地建筑面积: ", f"跨境电商基地建筑面积:{evidence} # ")
    data.write_text(text, "utf-8")
    assert evidence in text
    refused = run("validate", data, "--format", "json")
    assert refused.code == 3
    assert [error["code"] for error in refused.json["errors"]] == ["E521"]
    allowed = run("validate", data, "--format", "json", "--evidence-root", tmp_path / "共用")
    assert allowed.code == 4  # without its ledger
    check = next(
        check
        for item in allowed.json["reports"][0]["items"]
        for check in item["checks"]
        if check["metrics"] == ["crossborder_base_area"]
    )
    assert check["assurance"] == "evidenced"


@pytest.mark.parametrize(("lang", "words"), [("zh", "不是文件夹"), ("en", "is not a folder")])
def test_a_root_that_is_no_folder_is_a_usage_error(lang: str, words: str) -> None:
    ran = run("validate", HUAIREN, "--evidence-root", "没有", "--lang", lang)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "没有" in ran.err
