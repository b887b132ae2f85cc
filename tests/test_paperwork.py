"""The commands `checklist` and `report`, as they are typed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from etown_check.paperwork import CHECKLIST_FORMATS, REPORT_FORMATS
from tests.command import in_terminal, run
from tests.conftest import EXAMPLES, document
from tests.office import needs_chinese_font

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

    from etown_check.standard import Standard

MAGIC = {
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "pdf": b"%PDF-",
    "html": b"<!doctype html>",
    "markdown": b"# ",
}
ENDINGS = {"docx": "docx", "xlsx": "xlsx", "pdf": "pdf", "html": "html", "markdown": "md"}
FOUR = [EXAMPLES / f"{name}.yaml" for name in ("huairen", "shanyin", "yingxian", "youyu")]


def each(formats: tuple[str, ...]) -> list[ParameterSet]:
    """Return the formats as the parameters of a test."""
    return [pytest.param(it, marks=[needs_chinese_font] if it == "pdf" else []) for it in formats]


@pytest.mark.parametrize("format", each(CHECKLIST_FORMATS))
def test_a_checklist_in_each_format(tmp_path: Path, format: str) -> None:
    ran = run("checklist", EXAMPLES / "huairen.yaml", "--format", format, cwd=tmp_path)
    name = f"怀仁市-核查清单.{ENDINGS[format]}"
    assert (ran.code, ran.out, ran.err) == (0, "", f"已生成 {name}\n")
    first = (tmp_path / name).read_bytes()
    assert first.lower().startswith(MAGIC[format].lower())
    # The same again, in another folder, a year later.
    again = run(
        "checklist",
        *[EXAMPLES / "huairen.yaml"],
        "-o",
        tmp_path / f"b.{ENDINGS[format]}",
        TZ="UTC+5",
    )
    assert again.code == 0
    assert (tmp_path / f"b.{ENDINGS[format]}").read_bytes() == first


@pytest.mark.parametrize("format", each(REPORT_FORMATS))
@pytest.mark.parametrize("kind", ["self", "acceptance"])
def test_a_report_in_each_format(tmp_path: Path, format: str, kind: str) -> None:
    file = tmp_path / f"out.{ENDINGS[format]}"
    ran = run("report", *FOUR, "--kind", kind, "--output", file)
    assert ran.code == 0
    assert ran.out == ""
    assert file.read_bytes().lower().startswith(MAGIC[format].lower())


def test_names_by_default(tmp_path: Path) -> None:
    huairen = EXAMPLES / "huairen.yaml"
    assert run("report", huairen, cwd=tmp_path).code == 0
    assert run("report", huairen, "--kind", "acceptance", cwd=tmp_path).code == 0
    assert run("report", *FOUR, "-f", "markdown", "--lang", "en", cwd=tmp_path).code == 0
    assert run("checklist", "--county", "应县", "-f", "html", cwd=tmp_path).code == 0
    assert run("checklist", "-f", "html", cwd=tmp_path).code == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "怀仁市-自检报告.html",
        "怀仁市-验收报告.html",
        "report.md",
        "应县-核查清单.html",
        "核查清单.html",
    }


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "out.md"
    file.write_text("mine", "utf-8")
    for command in ("checklist", "report"):
        ran = run(command, EXAMPLES / "huairen.yaml", "-o", file)
        assert ran.code == 2
        assert "已经存在" in ran.err
        assert file.read_text("utf-8") == "mine"
    assert run("report", EXAMPLES / "huairen.yaml", "-o", file, "--force").code == 0
    by_default = tmp_path / "怀仁市-自检报告.html"
    by_default.write_text("mine", "utf-8")
    ran = run("report", EXAMPLES / "huairen.yaml", cwd=tmp_path)
    assert (ran.code, "已经存在" in ran.err) == (2, True)
    assert by_default.read_text("utf-8") == "mine"
    assert file.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("command", ["checklist", "report"])
def test_an_input_is_never_replaced(tmp_path: Path, command: str) -> None:
    data = tmp_path / "data.xlsx"
    shutil.copy(EXAMPLES / "shanyin.xlsx", data)
    before = data.read_bytes()
    (tmp_path / "link.xlsx").symlink_to(data)
    for name in ("data.xlsx", "link.xlsx"):
        format = "xlsx" if command == "checklist" else "html"
        ran = run(command, data, "-f", format, "-o", tmp_path / name, "--force")
        assert ran.code == 2
        assert "就是输入的文件" in ran.err
    assert data.read_bytes() == before


def test_to_standard_output() -> None:
    ran = run("report", EXAMPLES / "huairen.yaml", "-f", "markdown", "-o", "-")
    assert ran.out.startswith("# ")
    assert ran.err == ""
    shown = in_terminal("checklist", "examples/huairen.yaml", "-f", "markdown", "-o", "-")
    assert shown.startswith("# ")


def test_a_terminal_is_not_filled_with_bytes() -> None:
    assert in_terminal("checklist", "examples/huairen.yaml", "-f", "docx", "-o", "-") == ""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["checklist", "-o", "a.txt"], "看不出格式"),
        (["report", "examples/huairen.yaml", "-o", "a.xlsx"], "看不出格式"),
        (["report", "examples/huairen.yaml", "-f", "xlsx"], "--format 没有“xlsx”"),
        (["checklist", "examples/huairen.yaml", "--county", "应县"], "不能同时用数据文件"),
        (["checklist", "--county", "应城"], "--county 没有“应城”"),
        (["checklist", "--only-open"], "要有数据文件"),
        (["checklist", "--part", "annexe"], "--part 没有“annexe”"),
        (["report", "examples/huairen.yaml", "--kind", "x"], "--kind 没有“x”"),
        (["checklist", "--only", "99"], "--only 没有“99”"),
    ],
)
def test_usage_errors(args: list[str], said: str) -> None:
    ran = run(*args)
    assert ran.code == 2
    assert said in ran.err


def test_a_file_with_mistakes(tmp_path: Path, standard: Standard) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(document(standard), "utf-8")
    bad.write_text(document(standard, {"own_brands": "很多"}), "utf-8")
    # A checklist must not lack a town, so none is made.
    ran = run("checklist", good, bad, "-o", tmp_path / "out.md")
    assert ran.code == 3
    assert "E528" in ran.err
    assert not (tmp_path / "out.md").exists()
    # A report says what is wrong with the other file.
    ran = run("report", good, bad, "-o", tmp_path / "out.md")
    assert ran.code == 3
    assert "E528" in (tmp_path / "out.md").read_text("utf-8")
    ran = run("report", bad, "-o", tmp_path / "none.md")
    assert ran.code == 3
    assert not (tmp_path / "none.md").exists()


def test_no_data_at_all() -> None:
    ran = run("report")
    assert ran.code == 3
    assert "E110" in ran.err


def test_it_goes_by_the_configuration(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "data-repo", tmp_path / "repo")
    (tmp_path / "repo" / "etown-check.toml").write_text('lang = "en"\n', "utf-8")
    ran = run("report", "data", "-o", "out.md", cwd=tmp_path / "repo")
    assert ran.code == 0
    assert "compliant" in (tmp_path / "repo" / "out.md").read_text("utf-8").lower()


def test_narrowed(tmp_path: Path) -> None:
    run("checklist", EXAMPLES / "shanyin.yaml", "--only", "33,35", "-o", tmp_path / "a.md")
    shown = (tmp_path / "a.md").read_text("utf-8")
    assert "总投资规模" in shown
    assert "主导产业" not in shown
    run("checklist", EXAMPLES / "shanyin.yaml", "--part", "body", "-o", tmp_path / "b.md")
    assert "B2" in (tmp_path / "b.md").read_text("utf-8")
    run("checklist", EXAMPLES / "shanyin.yaml", "--only-open", "-o", tmp_path / "c.md")
    whole = tmp_path / "d.md"
    run("checklist", EXAMPLES / "shanyin.yaml", "-o", whole)
    assert 0 < (tmp_path / "c.md").stat().st_size < whole.stat().st_size
