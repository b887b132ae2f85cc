"""etown-check.toml: what it may say, what is told of its mistakes, and what outranks it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from etown_check.config import KEYS, NONE, Configurations, read_config
from etown_check.globs import matches
from etown_check.problems import ConfigurationError, Problem
from etown_check.settings import Options, Settings, origins_of, settings_of
from tests.command import run
from tests.conftest import EXAMPLES, ROOT, document
from tests.repository import HUAIREN, TODAY, YINGXIAN, change, data_repository

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.standard import Standard


def told(folder: Path, text: str) -> list[Problem]:
    """Return what is told of a configuration, which must be wrong."""
    path = folder / "etown-check.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_config(str(path))
    return caught.value.problems


# Reading


def test_every_key_is_a_setting() -> None:
    assert set(KEYS) == set(Settings._fields)


def test_all_keys_are_read(tmp_path: Path) -> None:
    for name in ("r.yaml", "w.yaml"):
        (tmp_path / name).write_text("", "utf-8")
    (tmp_path / "佐证").mkdir()
    (tmp_path / "etown-check.toml").write_text(
        'standard = "shuozhou-2022"\nparts = ["annex", " body "]\nreference = "r.yaml"\n'
        'waivers = "w.yaml"\nrequire = "evidenced"\nfail_on = "never"\n'
        'include = ["data/*.yaml"]\nexclude = ["data/草稿"]\nlang = "en"\nevidence_root = "佐证"\n',
        "utf-8",
    )
    config = read_config(str(tmp_path / "etown-check.toml"))
    assert settings_of(Options(()), config) == Settings(
        standard="shuozhou-2022",
        parts=("annex", "body"),
        reference=str(tmp_path / "r.yaml"),
        waivers=str(tmp_path / "w.yaml"),
        require="evidenced",
        fail_on="never",
        include=("data/*.yaml",),
        exclude=("data/草稿",),
        lang="en",
        evidence_root=str(tmp_path / "佐证"),
    )
    lines = {key: place.line for key, place in config.places.items()}
    assert lines == {key: number for number, key in enumerate(KEYS, 1)}


def test_a_byte_order_mark_and_gbk_are_read(tmp_path: Path) -> None:
    path = tmp_path / "etown-check.toml"
    (tmp_path / "佐证").mkdir()
    text = '# 本市的配置，县里不要改动\nevidence_root = "佐证"\n'
    for encoding in ("utf-8-sig", "gb18030"):
        path.write_bytes(text.encode(encoding))
        assert read_config(str(path)).values == {"evidence_root": str(tmp_path / "佐证")}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("lang = zh\n", "E701", 1, 8),
        ('\n\nlang = "zh\n', "E701", 3, 11),
        ('lang = ["zh"\n', "E701", 2, 1),
        ('standard = "a"\nstandard = "b"\n', "E701", 2, 15),
        ('\nfail-on = "never"\n', "E301", 2, 1),
        ('[tool]\nlang = "zh"\n', "E301", 1, 2),
        ('  "langs" = "zh"\n', "E301", 1, 4),
        ('a.b = "zh"\n', "E301", 1, 1),
        ('# lang = "zh"\nlang = "fr"\n', "E702", 2, 1),
        ("lang = 1\n", "E702", 1, 1),
        ('require = "swore"\n', "E702", 1, 1),
        ('parts = "annex"\n', "E702", 1, 1),
        ("include = [1]\n", "E702", 1, 1),
        ('include = [" "]\n', "E702", 1, 1),
        ('include = ["/data"]\n', "E702", 1, 1),
        ('exclude = ["../x"]\n', "E702", 1, 1),
        ('standard = ""\n', "E702", 1, 1),
        ('reference = "none.yaml"\n', "E703", 1, 1),
        ('waivers = "none.yaml"\n', "E703", 1, 1),
        ('evidence_root = "etown-check.toml"\n', "E703", 1, 1),
    ],
)
def test_each_mistake_has_its_place(
    tmp_path: Path, text: str, code: str, line: int, column: int
) -> None:
    (problem,) = told(tmp_path, text)
    assert problem.position is not None
    assert (problem.code, *problem.position[:2]) == (code, line, column)
    for lang in ("zh", "en"):
        assert problem.message(lang)
        assert problem.hint(lang)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    problems = told(
        tmp_path, 'fial_on = "never"\nlang = "fr"\nreference = "x"\nparts = []\nx = 1\n'
    )
    assert [problem.code for problem in problems] == ["E301", "E702", "E703", "E301"]
    assert problems[0].close == ("fail_on",)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "etown-check.toml"
    path.write_bytes(b"\xff\xff")
    with pytest.raises(ConfigurationError) as caught:
        read_config(str(path))
    assert caught.value.problems[0].code == "E105"


# Finding


def test_it_is_found_upward_and_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "etown-check.toml").write_text('lang = "en"\n', "utf-8")
    (tmp_path / "etown-check.toml").write_text('lang = "zh"\n', "utf-8")
    found = Configurations()
    inner = found.of("a/b/x.yaml")
    assert (inner.path, inner.values) == ("a/etown-check.toml", {"lang": "en"})
    assert found.of("a/y.yaml") is inner
    assert found.of("z.yaml").path == "etown-check.toml"
    assert found.of("-").path == "etown-check.toml"
    assert Configurations(use=False).of("a/b/x.yaml") is NONE
    assert Configurations("a/etown-check.toml").of("z.yaml").values == {"lang": "en"}


def test_waivers_beside_it_need_no_word(tmp_path: Path) -> None:
    (tmp_path / "etown-check.toml").write_text("", "utf-8")
    assert read_config(str(tmp_path / "etown-check.toml")).values == {}
    (tmp_path / "waivers.yaml").write_text("", "utf-8")
    config = read_config(str(tmp_path / "etown-check.toml"))
    assert config.values == {"waivers": str(tmp_path / "waivers.yaml")}


def test_each_layer_outranks_the_one_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ETOWN_CHECK_LANG", raising=False)
    (tmp_path / "etown-check.toml").write_text('lang = "en"\nrequire = "verified"\n', "utf-8")
    config = read_config(str(tmp_path / "etown-check.toml"))
    options = Options((), require="evidenced")
    assert settings_of(options, config)[-2:] == ("en", None)
    monkeypatch.setenv("ETOWN_CHECK_LANG", "zh")
    settings, origins = settings_of(options, config), origins_of(options, config)
    assert (settings.lang, settings.require, settings.fail_on) == ("zh", "evidenced", "binding")
    assert (origins["lang"].layer, origins["require"].layer) == ("environment", "command_line")
    assert origins["fail_on"].layer == "default"
    monkeypatch.setenv("ETOWN_CHECK_LANG", "fr")  # which is no language of ours
    assert settings_of(options, config).lang == "en"


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("data/*.yaml", "data/a.yaml", True),
        ("data/*.yaml", "data/b/a.yaml", False),
        ("data/**/*.yaml", "data/a.yaml", True),
        ("data/**/*.yaml", "data/b/c/a.yaml", True),
        ("data", "data/b/a.yaml", True),
        ("data/", "data/a.yaml", True),
        ("./data", "data/a.yaml", True),
        ("dat", "data/a.yaml", False),
        ("**/草稿", "data/草稿/a.yaml", True),
        ("**/草稿", "草稿/a.yaml", True),
        ("**/草稿", "data/草稿.yaml", False),
        ("data/202[34]-??.yaml", "data/2023-06.yaml", True),
        ("data/202[34]-??.yaml", "data/2022-06.yaml", False),
        ("*", "a/b.yaml", True),
        ("data/A.yaml", "data/a.yaml", False),
        ("data\\b", "data/b/a.yaml", True),
        ("**", "a.yaml", True),
        ("a.yaml/x", "a.yaml", False),
    ],
)
def test_globs(glob: str, path: str, fits: bool) -> None:
    assert matches(path, [glob]) is fits


# Through the command


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return data_repository(tmp_path)


def towns(ran_json: dict[str, list[dict[str, str]]]) -> list[str]:
    return [report["town"] for report in ran_json["reports"]]


def test_include_and_exclude_choose_what_a_folder_holds(repository: Path) -> None:
    ran = run("validate", ".", "-f", "json", "--today", TODAY, cwd=repository)
    assert len(ran.json["reports"]) == 4
    assert ran.json["errors"] == []
    # Neither waivers nor reference data are taken for data files that lack something.
    assert {it["code"] for it in ran.json["warnings"]} == {"W201"}
    (repository / "其他.yaml").write_text("标准: x\n", "utf-8")
    change(repository / "etown-check.toml", 'lang = "zh"', 'exclude = ["data/应县", "**/西*"]')
    ran = run("validate", ".", "-f", "json", "--today", TODAY, cwd=repository)
    assert towns(ran.json) == ["山阴县古城乡村e镇", "怀仁市陶瓷e镇"]
    # What is named is checked, whatever the globs say.
    ran = run("validate", YINGXIAN, "-f", "json", "--today", TODAY, cwd=repository)
    assert towns(ran.json) == ["应县木塔鲜生乡村e镇"]
    change(repository / "etown-check.toml", '["data/应县", "**/西*"]', '["data"]')
    ran = run("validate", ".", "--today", TODAY, cwd=repository)
    assert ran.code == 3
    assert "E108" in ran.err


def test_without_a_pattern_waivers_are_no_data_either(repository: Path) -> None:
    change(repository / "etown-check.toml", 'include = ["data/**/*.yaml"]\n', "")
    ran = run("validate", ".", "-f", "json", "--today", TODAY, cwd=repository)
    assert {it["code"] for it in ran.json["warnings"]} == {"W201"}
    without = run("validate", ".", "-f", "json", "--no-config", cwd=repository)
    assert [it["path"] for it in without.json["warnings"]] == ["waivers.yaml"]
    assert {it["path"] for it in without.json["errors"]} == {"参考数据.yaml"}


def test_the_command_line_outranks_it(repository: Path) -> None:
    toml = repository / "etown-check.toml"
    change(toml, 'fail_on = "binding"', 'fail_on = "never"')
    change(toml, 'lang = "zh"', 'lang = "en"\nparts = ["body"]')
    change(toml, 'require = "declared"', 'require = "verified"')
    ran = run("validate", HUAIREN, "--today", TODAY, cwd=repository)
    assert ran.code == 0
    assert "INCOMPLETE" in ran.out
    assert "Assurance is" in ran.out
    assert "\n33" not in ran.out
    over = (
        "--lang",
        "zh",
        "--fail-on",
        "expected",
        "--require",
        "declared",
        "--part",
        "annex",
        "--part",
        "body",
    )
    ran = run("validate", HUAIREN, *over, "--today", TODAY, cwd=repository)
    assert ran.code == 1
    assert "结论: 达标" in ran.out
    assert "\n33" in ran.out
    assert "INCOMPLETE" in run("--lang", "en", "validate", HUAIREN, cwd=repository).out
    assert "结论: 未完成" in run("--lang", "zh", "validate", HUAIREN, cwd=repository).out
    assert "结论: " in run("validate", HUAIREN, cwd=repository, ETOWN_CHECK_LANG="zh").out
    assert run("validate", HUAIREN, "--no-config", cwd=repository).code == 4  # no reference data
    assert "INCOMPLETE" in run("validate", HUAIREN, "--config", toml, cwd=repository).out


def test_another_configuration_may_be_named(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "其他.toml"
    other.write_text('lang = "en"\n', "utf-8")
    ran = run("validate", HUAIREN, "--config", other, cwd=repository)
    assert "Verdict" in ran.out
    assert run("validate", HUAIREN, "--config", "none.toml", cwd=repository).code == 2
    both = run("validate", HUAIREN, "--config", other, "--no-config", cwd=repository)
    assert both.code == 2
    assert run("config", "--config", other, "--no-config", cwd=repository).code == 2


def test_mistakes_end_the_run_with_2(repository: Path) -> None:
    change(repository / "etown-check.toml", "fail_on", "fail_no")
    ran = run("validate", ".", cwd=repository)
    assert (ran.code, ran.out) == (2, "")
    assert "etown-check.toml:9:1: 错误 E301：不认识“fail_no”。\n    9 | fail_no" in ran.err
    assert "是不是想写“fail_on”" in ran.err


def test_an_unknown_part_is_told_at_its_place(repository: Path) -> None:
    change(repository / "etown-check.toml", 'lang = "zh"', 'parts = ["annexe"]')
    ran = run("validate", ".", cwd=repository)
    assert ran.code == 2
    assert "etown-check.toml:10:1: 错误 E702" in ran.err
    assert "“annex”" in ran.err


def test_one_run_has_one_standard_and_one_language(repository: Path) -> None:
    own = repository / "data" / "应县" / "etown-check.toml"
    own.write_text('lang = "en"\nreference = "../../参考数据.yaml"\n', "utf-8")
    ran = run("validate", "data", cwd=repository)
    assert ran.code == 2
    assert "E704" in ran.err
    assert run("validate", "data", "--lang", "en", "--today", TODAY, cwd=repository).code == 1


def test_each_file_goes_by_its_own_configuration(repository: Path) -> None:
    own = repository / "data" / "应县" / "etown-check.toml"
    own.write_text('fail_on = "never"\nreference = "../../参考数据.yaml"\n', "utf-8")
    args = ("-f", "json", "--today", TODAY)
    ran = run("validate", HUAIREN, YINGXIAN, *args, cwd=repository)
    assert ran.code == 0
    assert [it["verdict"] for it in ran.json["reports"]] == ["compliant", "incomplete"]
    # Without the waivers of the folder above, which its own configuration does not name.
    assert ran.json["reports"][1]["waived"] == {"binding": 0, "expected": 0}
    own.unlink()
    assert run("validate", HUAIREN, YINGXIAN, *args, cwd=repository).code == 4


def test_reference_data_that_cannot_be_read_is_told_once(repository: Path) -> None:
    (repository / "参考数据.yaml").write_text("全市总产值增长率: {2023: 6}\n", "utf-8")
    ran = run("validate", ".", "-f", "json", cwd=repository)
    assert ran.code == 3
    assert [it["code"] for it in ran.json["errors"]] == ["E503"]
    assert ran.json["reports"] == []


def test_a_standard_of_ones_own_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    tiny = (ROOT / "tests" / "data" / "tiny.yaml").read_text("utf-8")
    (tmp_path / "标准.yaml").write_text(tiny, "utf-8")
    (tmp_path / "etown-check.toml").write_text(
        'standard = "标准.yaml"\ninclude = ["data"]\n', "utf-8"
    )
    (tmp_path / "data" / "甲县.yaml").write_text(
        "标准: tiny\n县: 甲县\n乡村e镇: 甲县甲镇\n数据截止日期: 2023-12-31\n指标:\n  网店: 4家\n",
        "utf-8",
    )
    ran = run("validate", "data", "-f", "json", cwd=tmp_path)
    assert (ran.json["standard"]["id"], ran.json["errors"]) == ("tiny", [])


def test_evidence_may_lie_in_the_root_that_it_names(tmp_path: Path, standard: Standard) -> None:
    (tmp_path / "佐证").mkdir()
    (tmp_path / "佐证" / "a.pdf").write_bytes(b"")
    (tmp_path / "data").mkdir()
    (tmp_path / "etown-check.toml").write_text('evidence_root = "佐证"\n', "utf-8")
    text = document(standard, {"own_brands": {"value": "9个", "evidence": ["../佐证/a.pdf"]}})
    (tmp_path / "data" / "x.yaml").write_text(text, "utf-8")
    ran = run("validate", "data", "--only", "12.2", "-f", "json", cwd=tmp_path)
    assert ran.code == 0
    assert ran.json["reports"][0]["items"][0]["checks"][0]["assurance"] == "evidenced"
    assert run("validate", "data", "--only", "12.2", "--no-config", cwd=tmp_path).code == 3


# The command `config`


def test_what_is_in_force_and_where_it_comes_from(repository: Path) -> None:
    said = run("config", "data/应县", "--require", "verified", cwd=repository).out
    lines = [line.split() for line in said.splitlines()]
    assert lines[:2] == [["data/应县"], ["etown-check.toml"]]
    assert ["reference", "参考数据.yaml", "etown-check.toml:5"] in lines
    assert ["require", "verified", "命令行"] in lines
    assert ["exclude", "无", "默认"] in lines
    assert [line[0] for line in lines[2:]] == list(KEYS)


def test_config_in_english_and_as_json(repository: Path) -> None:
    said = run("config", "--lang", "en", cwd=repository).out
    assert "the data file's own folder" in said
    assert run("config", cwd=repository, ETOWN_CHECK_LANG="en").out.count("ETOWN_CHECK_LANG") == 1
    (record,) = run("config", ".", HUAIREN, "--format", "json", cwd=repository).json
    assert record["paths"] == [".", HUAIREN]
    assert record["settings"]["include"] == {
        "value": ["data/**/*.yaml"],
        "from": "configuration",
        "path": "etown-check.toml",
        "line": 7,
    }
    assert record["settings"]["fail_on"]["value"] == "binding"


def test_config_without_a_configuration(tmp_path: Path) -> None:
    said = run("config", cwd=tmp_path).out
    assert "没有配置文件" in said
    nothing = json.loads(run("config", "--no-config", "-f", "json", cwd=EXAMPLES / "data-repo").out)
    assert nothing[0]["config"] is None


def test_config_tells_mistakes(repository: Path) -> None:
    change(repository / "etown-check.toml", '"zh"', '"fr"')
    ran = run("config", cwd=repository)
    assert (ran.code, ran.out) == (2, "")
    assert "E702" in ran.err
