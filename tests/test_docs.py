"""The documents say what the tool does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from etown_check import limits
from etown_check.kinds import KINDS
from etown_check.mistakes import COMMAND, STANDARD, errors_page, mistakes, problem_of, told_of
from tests.checklists import example_files
from tests.command import end, in_terminal, run, start
from tests.conftest import ROOT
from tests.ledger_files import HEADER, csv_of, row, rows, xlsx_of
from tests.workbook_forms import form, raw_parts, raw_rows, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.mistakes import Mistake
    from etown_check.standard import Standard

README = (ROOT / "README.md").read_text("utf-8")
MANUAL = (ROOT / "README.zh.md").read_text("utf-8")
STANDARDS = (ROOT / "docs" / "standards.md").read_text("utf-8")


def test_the_report_on_the_first_screen_is_real() -> None:
    block = README.split("```console\n")[1].split("```")[0]
    command, _, shown = block.partition("\n")
    args = command.removeprefix("$ etown-check ").split()
    real = in_terminal(*args, columns=80, NO_COLOR="1")
    assert [line.rstrip() for line in real.splitlines()] == shown.splitlines()


def test_the_library_example_runs() -> None:
    code = README.split("```python\n")[1].split("```")[0]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("non_compliant ['5', ")


def test_two_commands_of_set_up() -> None:
    for name in ("run", "tests"):
        block = README.split(f"```sh {name}\n")[1].split("```")[0]
        assert len(block.strip().splitlines()) == 1


@pytest.mark.parametrize("text", [README, MANUAL, STANDARDS])
def test_links_lead_somewhere(text: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_the_manual_names_codes_that_exist() -> None:
    codes = set(re.findall(r"\b[EW]\d{3}\b", MANUAL))
    assert codes
    assert codes <= set(KINDS)


def test_every_option_is_in_the_readme() -> None:
    from etown_check.cli.app import build_app

    help_texts = subprocess.run(
        [sys.executable, "-m", "etown_check", "validate", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert build_app("zh") is not None
    for option in re.findall(r"^  (?:-\w, )?(--[a-z-]+)", help_texts, re.MULTILINE):
        if option not in ("--help", "--lang"):
            assert option in README, option


def test_every_type_is_in_the_authors_guide() -> None:
    from etown_check.authoring.compile import KINDS_OF_CONSTRAINT

    for name in (*KINDS_OF_CONSTRAINT, "any_of"):
        assert f"| `{name}` |" in STANDARDS


def test_nothing_names_a_place_of_one_machine() -> None:
    absolute = re.compile(r"(?<![\w.:/*])/(home|root|tmp|Users|work|opt|var)/|[A-Z]:\\\\Users")
    for path in (*ROOT.glob("*.md"), *ROOT.glob("etown_check/**/*.py"), *ROOT.glob("docs/*.md")):
        assert absolute.search(path.read_text("utf-8")) is None, path


# Every code with a mistake that gives it

MISTAKES = list(mistakes().values())
TOLD = [it for it in MISTAKES if it.context != COMMAND]
TYPED = [it for it in MISTAKES if it.context == COMMAND]


def code_of(mistake: Mistake) -> str:
    return mistake.code


def test_every_code_is_explained() -> None:
    assert [it.code for it in MISTAKES] == list(KINDS)


def test_the_page_of_errors_is_not_stale() -> None:
    said = (ROOT / "docs" / "errors.md").read_text("utf-8")
    assert said == errors_page(), "run make docs"


@pytest.mark.parametrize("mistake", TOLD, ids=code_of)
def test_what_is_wrong_gives_the_code(mistake: Mistake) -> None:
    assert mistake.code in [problem.code for problem in told_of(mistake, mistake.before)]


@pytest.mark.parametrize("mistake", TOLD, ids=code_of)
def test_what_is_right_is_accepted(mistake: Mistake) -> None:
    # Where the mistake is in how the file was saved, the words are the same.
    assert mistake.before != mistake.after or mistake.encoding != "utf-8"
    right = mistake._replace(encoding="utf-8", before="")
    assert [problem.code for problem in told_of(right, mistake.after)] == []


@pytest.fixture(scope="session")
def checklists(standard: Standard) -> dict[str, bytes]:
    return example_files(standard)


@pytest.fixture
def folder(tmp_path: Path, checklists: dict[str, bytes]) -> Path:
    """Return a folder with the files that the commands name."""
    data = "标准: shuozhou-2022\n县: 怀仁市\n乡村e镇: 怀仁市陶瓷e镇\n数据截止日期: 2023-12-31\n"
    for name, text in {
        "怀仁市.yaml": f"{data}指标:\n  总投资规模: 3.2亿元\n",
        "数据/怀仁市.yaml": data,
        "数据/说明.yaml": "说明: 一\n",
        "中文/怀仁市.yaml": data,
        "中文/etown-check.toml": 'lang = "zh"\n',
        "英文/山阴县.yaml": data,
        "英文/etown-check.toml": 'lang = "en"\n',
        "上月.json": '{"schema_version": "1", "reports": []}',
        "将来.json": '{"schema_version": "2", "reports": []}',
        "上锁.yaml": data,
        "长文件.yaml": data + "#\n" * limits.MAX_LINES,
        "长行.yaml": f"{data}# {'长' * limits.MAX_LINE}\n",
        "乱码.yaml": data + "：\n总产值：\n" * limits.MAX_PROBLEMS,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    _write_workbooks(tmp_path, data)
    for name, content in checklists.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "台账.csv").write_bytes(csv_of(row()))
    years = {"2023年": [HEADER, row(voucher="记-002")]}
    (tmp_path / "分年.xlsx").write_bytes(xlsx_of(row(), name="2022年", others=years))
    with (tmp_path / "大台账.csv").open("wb") as file:
        file.truncate(limits.MAX_LEDGER_BYTES + 1)
    (tmp_path / "空文件夹").mkdir()
    (tmp_path / "圈.yaml").symlink_to("圈.yaml")
    with (tmp_path / "大文件.yaml").open("wb") as file:
        file.truncate(1 << 20)
    shutil.copy(ROOT / "tests" / "data" / "tiny.yaml", tmp_path / "小镇标准.yaml")
    (tmp_path / "上锁.yaml").chmod(0)
    if os.access(tmp_path / "上锁.yaml", os.R_OK):  # by one who may read everything
        (tmp_path / "上锁.yaml").unlink()
        (tmp_path / "上锁.yaml").symlink_to("/proc/self/mem")
    return tmp_path


def _write_workbooks(folder: Path, data: str) -> None:
    whole = form({"十四、建设规模": [("指标", "填写值"), ("总投资规模", "3.2亿元")]})
    merged = "".join(f'<mergeCell ref="A{at}:B{at}"/>' for at in range(1, 1002))
    large = raw_parts({"基本信息": raw_rows([("项目", "填写")])})
    sheet = "xl/worksheets/sheet1.xml"
    large[sheet] = large[sheet].replace("</worksheet>", f"{merged}</worksheet>")
    old = b"\xd0\xcf\x11\xe0" + b"\0" * 508
    for name, content in {
        "怀仁市.xlsx": whole,
        "~$怀仁市.xlsx": b"clerk",
        "改名.xlsx": data.encode(),
        "旧版.xls": old + "Workbook".encode("utf-16-le"),
        "加密.xlsx": old + "EncryptedPackage".encode("utf-16-le"),
        "佐证.docx": zipped({"word/document.xml": "<w/>"}),
        "残缺.xlsx": whole[: len(whole) // 2],
        "过大.xlsx": zipped(large),
        "两份/怀仁市.xlsx": whole,
        "两份/怀仁市.yaml": data.encode(),
        "混放/残缺.xlsx": whole[: len(whole) // 2],
        "混放/怀仁市.yaml": data.encode(),
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.mark.skipif(sys.platform != "linux", reason="some of the files exist nowhere else")
@pytest.mark.parametrize("mistake", TYPED, ids=code_of)
def test_what_is_typed_wrong_gives_the_code(mistake: Mistake, folder: Path) -> None:
    program, *args = mistake.before.split()
    assert program == "etown-check"
    if mistake.code == "E865":
        (folder / "大盘").mkdir()
        (folder / "多行.csv").write_bytes(csv_of(*rows(110_000)))
        said = end(start(*args, cwd=folder, largest_file=1 << 16)).err
    else:
        said = run(*args, cwd=folder).err
    assert re.search(rf"(错误|提醒) {mistake.code}：", said)
    # What a message needs is written beside the mistake, and must be what the tool says.
    problem = problem_of(mistake)
    assert f"{mistake.code}：{problem.message('zh')}" in said
    assert problem.hint("zh") in said
    before, program, after = mistake.after.partition("etown-check ")
    assert program
    env = dict(it.split("=") for it in before.split())
    assert mistake.code not in end(start(*after.split(), cwd=folder, largest_file=None, **env)).err


def test_the_examples_of_standards_are_the_standard_s_own() -> None:
    assert {it.code for it in MISTAKES if it.context == STANDARD} == {
        code for code in KINDS if code.startswith("E6")
    } - {"E611"}


@pytest.mark.parametrize("name", ["E503", "e503", " Ｅ503"])
def test_a_code_is_explained(name: str) -> None:
    done = run("explain", name)
    assert done.code == 0
    assert done.out.startswith("错误 E503\n问题        “3.2”没有单位。\n")
    assert "总投资规模: 3.2亿元\n" in done.out


def test_a_warning_is_explained_in_english() -> None:
    said = run("explain", "w106", "--lang", "en").out
    assert said.startswith("Warning W106\n")
    assert "怀政发\\u202e〔2022〕15号" in said


def test_an_unknown_code_offers_those_like_it() -> None:
    done = run("explain", "e599")
    assert done.code == 2
    assert "没有错误代码“e599”。是不是想写“E859”或“E539”或“E529”？" in done.err
    assert "没有错误代码" not in run("explain", "E镇").err


def test_the_manual_leads_to_the_page_of_errors() -> None:
    for text in (README, MANUAL):
        assert "docs/errors.md" in text
        assert "explain E503" in text
