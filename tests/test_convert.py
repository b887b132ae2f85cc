"""The command `convert`: a data file becomes a workbook and a workbook a data file, without loss."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from etown_check.converting import convert
from etown_check.data_file import NotWritten, written
from etown_check.loading import load_submission, read_submission, source_of
from etown_check.problems import InputError
from etown_check.template import template
from etown_check.workbooks.layout import layout
from etown_check.workbooks.writing import workbook
from tests.command import run
from tests.conftest import EXAMPLES, document, read
from tests.submissions import STANDARD, data_files, equal

if TYPE_CHECKING:
    from etown_check.submission import Submission

YAMLS = sorted(EXAMPLES.glob("*.yaml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with an example, its evidence and its ledger."""
    shutil.copy(EXAMPLES / "huairen.yaml", tmp_path)
    return beside(tmp_path)


def beside(folder: Path) -> Path:
    """Put what the examples name into `folder`, too."""
    for name in ("佐证", "台账"):
        shutil.copytree(EXAMPLES / name, folder / name)
    return folder


def load(path: Path) -> Submission:
    return load_submission(path, STANDARD)


# Round trips


@settings(max_examples=12)
@given(data_files(hidden=False), st.sampled_from(["zh", "en"]))
def test_a_workbook_says_what_the_data_file_does(text: str, lang: str) -> None:
    before = read(STANDARD, text)
    assume(not list(layout(STANDARD, before.county, lang, before).lost))  # it is told of
    content = workbook(STANDARD, before.county, lang, before)
    again = read_submission(source_of("test.xlsx", content), STANDARD)
    assert equal(again, before)
    assert equal(read(STANDARD, written(STANDARD, again, lang)), before)


@pytest.mark.parametrize("path", YAMLS, ids=lambda it: it.name)
def test_there_and_back(tmp_path: Path, path: Path) -> None:
    file = beside(tmp_path) / path.name
    shutil.copy(path, file)
    there = convert(str(file))
    assert there.path == str(tmp_path / f"{path.stem}.xlsx")
    assert [note.en[:11] for note in there.notes] == ["The remarks"]
    back = convert(there.path, str(tmp_path / "新.yaml"))
    assert (back.path, back.warnings, back.notes) == (str(tmp_path / "新.yaml"), (), ())
    assert equal(load(Path(back.path)), load(file))
    # Over the file that it was made of, nothing is left to change.
    content = path.read_bytes()
    assert convert(there.path, force=True).path == str(file)
    assert file.read_bytes() == content


def test_the_command(folder: Path) -> None:
    there = run("convert", "huairen.yaml", cwd=folder)
    assert (there.code, there.out) == (0, "")
    assert there.err.endswith("已生成 huairen.xlsx\n")
    again = run("convert", "huairen.yaml", "又.xlsx", cwd=folder)
    assert again.code == 0
    assert (folder / "又.xlsx").read_bytes() == (folder / "huairen.xlsx").read_bytes()
    back = run("convert", "huairen.xlsx", "新.yaml", cwd=folder)
    assert back == (0, "", "已生成 新.yaml\n")


def test_both_are_judged_alike(folder: Path) -> None:
    assert run("convert", "huairen.yaml", cwd=folder).code == 0
    reports = [
        run("validate", name, "--format", "json", cwd=folder).json["reports"][0]
        for name in ("huairen.yaml", "huairen.xlsx")
    ]
    for key in ("verdict", "counts", "as_of", "acceptance_year", "town", "tier"):
        assert reports[0][key] == reports[1][key]
    statuses = [
        [(check["id"], check["status"], check["declared"], check["gap"], check["assurance"])
         for item in report["items"] for check in item["checks"]]
        for report in reports
    ]  # fmt: skip
    assert statuses[0] == statuses[1]


# A file that exists


def test_only_what_differs_is_changed(folder: Path) -> None:
    file = folder / "huairen.yaml"
    text = file.read_text("utf-8")
    changed = folder / "changed.yaml"
    new = text.replace("大型企业下沉供应链试点: 1家", "大型企业下沉供应链试点: 3家  # 改")
    changed.write_text(new.replace("主直播间: 2个", "主直播间: {值: 2个, 备注: 新}"), "utf-8")
    convert(str(changed), str(folder / "a.xlsx"))
    ran = run("convert", "a.xlsx", "huairen.yaml", cwd=folder)
    assert ran.code == 2
    assert "--force" in ran.err
    assert file.read_text("utf-8") == text
    assert run("convert", "a.xlsx", "huairen.yaml", "--force", cwd=folder).code == 0
    expected = text.replace("供应链试点: 1家", "供应链试点: 3家")
    assert file.read_text("utf-8") == expected.replace(
        "  主直播间: 2个\n", "  主直播间:\n    值: 2个\n    备注: 新\n"
    )


def test_a_template_is_filled_in_and_keeps_its_remarks(folder: Path) -> None:
    county = STANDARD.county("怀仁市")
    assert county is not None
    file = folder / "new.yaml"
    text = template(STANDARD, county)
    file.write_text(text, "utf-8")
    convert(str(folder / "huairen.yaml"), str(folder / "a.xlsx"))
    assert run("convert", "a.xlsx", "new.yaml", "--force", cwd=folder).code == 0
    new = file.read_text("utf-8")
    assert equal(load(file), load(folder / "huairen.yaml"))
    remarks = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    kept = [line for line in new.splitlines() if line.lstrip().startswith("#")]
    assert kept == remarks


def test_a_file_with_errors_is_not_touched(folder: Path) -> None:
    file = folder / "new.yaml"
    text = document(STANDARD, {"own_brands": "很多"})
    file.write_text(text, "utf-8")
    convert(str(folder / "huairen.yaml"), str(folder / "a.xlsx"))
    ran = run("convert", "a.xlsx", "new.yaml", "--force", cwd=folder)
    assert ran.code == 3
    assert ran.err.startswith("new.yaml:")
    assert file.read_text("utf-8") == text


def test_an_encoding_that_had_to_be_guessed_becomes_utf_8(folder: Path) -> None:
    file = folder / "旧.yaml"
    text = document(STANDARD).replace("own_brands:", "own_brands:  # 自主品牌\n   ")
    file.write_bytes(text.encode("gb18030"))
    convert(str(folder / "huairen.yaml"), str(folder / "a.xlsx"))
    convert(str(folder / "a.xlsx"), str(file), force=True)
    assert "# 自主品牌" in file.read_bytes().decode("utf-8")
    assert equal(load(file), load(folder / "huairen.yaml"))


# Languages


def test_languages_of_keys(folder: Path) -> None:
    shutil.copy(EXAMPLES / "huairen.en.yaml", folder / "en.yaml")
    convert(str(folder / "en.yaml"))
    english = workbook(STANDARD, load(folder / "en.yaml").county, "en", load(folder / "en.yaml"))
    assert (folder / "en.xlsx").read_bytes() == english
    ran = run("convert", "en.xlsx", "new.yaml", "--lang", "en", cwd=folder)
    assert ran.err == "Wrote new.yaml\n"
    text = (folder / "new.yaml").read_text("utf-8")
    assert "\nstandard: shuozhou-2022\n" in text
    assert "    verified: {result: confirmed, " in text
    convert(str(folder / "en.xlsx"), str(folder / "zh.yaml"))
    assert "\n标准: shuozhou-2022\n" in (folder / "zh.yaml").read_text("utf-8")
    convert(str(folder / "en.yaml"), str(folder / "zh.xlsx"), lang="zh")
    assert (folder / "zh.xlsx").read_bytes() != english


def test_keys_of_a_yaml_file_in_the_other_language(folder: Path) -> None:
    text = (folder / "huairen.yaml").read_text("utf-8")
    assert run("convert", "huairen.yaml", "en.yaml", "--lang", "en", cwd=folder).code == 0
    assert equal(load(folder / "en.yaml"), load(folder / "huairen.yaml"))
    assert "  # 一、科学谋划布局\n  cultivation_plan:\n    title: " in (
        folder / "en.yaml"
    ).read_text("utf-8")
    again = run("convert", "en.yaml", "en.yaml", "--lang", "zh", "--force", cwd=folder)
    assert again.code == 0
    assert (folder / "en.yaml").read_text("utf-8") == text


# What is told


def test_what_a_cell_cannot_hold_is_told(tmp_path: Path) -> None:
    changes = {
        "leading_industries": ["陶瓷\u200b甲", "乙\n丙"],
        "leading_group": {
            "value": "是",
            "verified": {"result": "核减", "value": {"number": "5号文"}},
        },
    }
    text = document(STANDARD, changes).replace("陶瓷\u200b甲", '"陶瓷\\u200b甲"')
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    ran = run("convert", "a.yaml", cwd=tmp_path)
    assert ran.code == 0
    assert "Leading industries · Value：“U+200B”不能写进单元格，没有转换。" in ran.err
    assert "Leading industries · Value：“U+000A”不能写进单元格，没有转换。" in ran.err
    assert "Leading group · Verified value：“5号文”不能写进单元格" in ran.err
    names = load(tmp_path / "a.xlsx").declarations["leading_industries"].entries[None].names
    assert names == ("陶瓷甲", "乙 丙")
    assert "Note: " in run("convert", "a.yaml", "b.xlsx", "--lang", "en", cwd=tmp_path).err


def test_a_workbook_that_says_something_else_is_not_handed_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = load(EXAMPLES / "youyu.yaml")
    content = workbook(STANDARD, other.county, "zh", other)
    monkeypatch.setattr("etown_check.workbooks.writing.written", lambda *_: content)
    with pytest.raises(NotWritten):
        convert(str(folder / "huairen.yaml"))
    assert not (folder / "huairen.xlsx").exists()


def test_remarks_that_a_workbook_lacks_are_told(folder: Path) -> None:
    assert "# 开头的说明" in run("convert", "huairen.yaml", cwd=folder).err
    (folder / "bare.yaml").write_text(document(STANDARD), "utf-8")
    assert "说明" not in run("convert", "bare.yaml", cwd=folder).err


def test_evidence_that_is_left_behind_is_told(folder: Path) -> None:
    (folder / "b").mkdir()
    ran = run("convert", "huairen.yaml", "b/a.xlsx", cwd=folder)
    assert ran.code == 0
    assert "佐证文件的路径" in ran.err
    assert "佐证文件的路径" not in run("convert", "huairen.yaml", "a.xlsx", cwd=folder).err


def test_a_ledger_that_is_left_behind_is_told(folder: Path) -> None:
    text = (folder / "huairen.yaml").read_text("utf-8")
    (folder / "new").mkdir()
    (folder / "one.yaml").write_text(re.sub("    (佐证|文件): .*\n", "", text), "utf-8")
    for target in ("new/a.xlsx", "new/a.yaml"):
        source = "one.yaml" if target.endswith("xlsx") else "one.xlsx"
        assert run("convert", "one.yaml", "one.xlsx", "--force", cwd=folder).code == 0
        there = run("convert", source, target, cwd=folder)
        assert there.code == 0
        assert "把台账一并移过去" in there.err
        assert "把佐证文件" not in there.err
        # Until it is there, too, nothing can be checked.
        ran = run("validate", target, "-f", "json", cwd=folder)
        assert [it["code"] for it in ran.json["errors"]] == ["E542"]
    shutil.copytree(folder / "台账", folder / "new" / "台账")
    assert run("validate", "new/a.yaml", cwd=folder).code == 0
    assert "台账" not in run("convert", "one.yaml", "two.xlsx", cwd=folder).err
    # Without one there is nothing to move.
    bare = re.sub("资金台账: .*\n", "", (folder / "one.yaml").read_text("utf-8"))
    (folder / "bare.yaml").write_text(bare, "utf-8")
    assert "移过去" not in run("convert", "bare.yaml", "new/b.xlsx", cwd=folder).err


def test_warnings_of_the_source_are_told(tmp_path: Path) -> None:
    changes = {"own_brands": {"value": "4个", "evidence": "没有.pdf"}}
    (tmp_path / "a.yaml").write_text(document(STANDARD, changes), "utf-8")
    ran = run("convert", "a.yaml", cwd=tmp_path)
    assert ran.code == 0
    assert "W102" in ran.err


# What is refused


def test_errors_are_told_as_validate_tells_them(tmp_path: Path) -> None:
    text = document(STANDARD, {"own_brands": "很多", "trainees": "5"}).replace("2023-12-31", "昨天")
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    ran = run("convert", "a.yaml", cwd=tmp_path)
    told = run("validate", "a.yaml", "--format", "json", cwd=tmp_path).json["errors"]
    assert ran.code == 3
    assert told
    for error in told:
        assert f"a.yaml:{error['line']}:{error['column']}: 错误 {error['code']}" in ran.err
    assert not (tmp_path / "a.xlsx").exists()


def test_an_unknown_standard_is_told_as_validate_tells_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        document(STANDARD).replace(STANDARD.id, "shuozhou-2021"), "utf-8"
    )
    ran = run("convert", "a.yaml", cwd=tmp_path)
    assert ran.code == 3
    assert "E401" in ran.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("a.txt",), "a.txt”不能转换：文件名要以 .yaml、.yml、.xlsx、.xlsm 结尾"),
        (("-",), "“-”不能转换"),
        (("huairen.yaml", "a.csv"), "a.csv”不能转换：文件名要以 .yaml、.yml、.xlsx 结尾"),
        (("huairen.yaml", "a.xlsm"), "a.xlsm”不能转换"),
        (("huairen.yaml", "a.yml"), "加 --lang zh 或 --lang en"),
        (("a.xlsx", "b.xlsx"), "直接复制即可"),
        (("huairen.yaml", "佐证"), "“佐证”不能转换"),
    ],
)
def test_what_cannot_be_converted(folder: Path, args: tuple[str, ...], said: str) -> None:
    before = sorted(folder.rglob("*"))
    ran = run("convert", *args, cwd=folder)
    assert ran.code == 2
    assert said in ran.err
    assert sorted(folder.rglob("*")) == before


def test_what_cannot_be_read(folder: Path) -> None:
    assert run("convert", "没有.yaml", cwd=folder).code == 3
    (folder / "folder.yaml").mkdir()
    ran = run("convert", "folder.yaml", "a.xlsx", cwd=folder)
    assert ran.code == 3
    assert "E102" in ran.err
    (folder / "bad.xlsx").write_bytes(b"no workbook")
    assert run("convert", "bad.xlsx", "a.yaml", cwd=folder).code == 3
    assert not (folder / "a.yaml").exists()


def test_evidence_in_a_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "佐证").mkdir()
    (tmp_path / "佐证" / "甲.pdf").touch()
    (tmp_path / "etown-check.toml").write_text('evidence_root = "佐证"\n', "utf-8")
    changes = {"own_brands": {"value": "4个", "evidence": "../佐证/甲.pdf"}}
    (tmp_path / "data" / "a.yaml").write_text(document(STANDARD, changes), "utf-8")
    convert(str(tmp_path / "data" / "a.yaml"))
    convert(str(tmp_path / "data" / "a.xlsx"), str(tmp_path / "data" / "b.yaml"))
    assert "佐证: [../佐证/甲.pdf]" in (tmp_path / "data" / "b.yaml").read_text("utf-8")
    # Beyond that configuration the file may not look for it.
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    with pytest.raises(InputError) as caught:
        convert(str(tmp_path / "data" / "a.xlsx"), str(outside / "b.yaml"))
    assert [it.code for it in caught.value.problems] == ["E521"]
    assert os.listdir(outside) == []


def test_the_data_of_another_town_stays(folder: Path) -> None:
    """A slip of the name must not cost a county its file, with --force or without."""
    before = (folder / "huairen.yaml").read_bytes()
    ran = run("convert", EXAMPLES / "shanyin.xlsx", folder / "huairen.yaml", "--force")
    assert ran.code == 2
    assert "怀仁市陶瓷e镇" in ran.err
    assert "山阴县古城乡村e镇" in ran.err
    assert (folder / "huairen.yaml").read_bytes() == before
