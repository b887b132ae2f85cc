"""Every code with a mistake that gives it: what `explain E503` and docs/errors.md show.

What is said of a mistake is never written down here. The mistake is made, in a folder of its own,
and the tool tells it; so an explanation cannot differ from what a user sees.
"""

import ast
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

import yaml

from etown_check import limits
from etown_check.config import FILE_NAME, WAIVERS_NAME
from etown_check.explain import SAME, Lines
from etown_check.keys import FILE_KEYS, REQUIRED_KEYS
from etown_check.kinds import KINDS
from etown_check.ledgers.reading import read_ledger
from etown_check.problems import InputError, Problem
from etown_check.records import Record
from etown_check.running import check
from etown_check.settings import Options
from etown_check.store import find_standard, list_standards, load_standard
from etown_check.text import fold, visible
from etown_check.words import Text, Words, render

METRICS, FILE, WHOLE = "metrics", "file", "whole"
CONFIG, WAIVERS = "config", "waivers"
STANDARD, COMMAND, WORKBOOK, ROWS = "standard", "command", "workbook", "ledger"
GROUPS = {
    "E1": Text("文件", "The file"),
    "E2": Text("格式", "The form of the file"),
    "E3": Text("名称和结构", "Keys and structure"),
    "E4": Text("基本信息", "Facts of the submission"),
    "E5": Text("指标", "Metrics"),
    "E6": Text("标准", "Standards"),
    "E7": Text("配置、豁免和基线", "Configuration, waivers, baselines"),
    "E8": Text("工作簿", "Workbooks"),
    "E85": Text("资金台账", "Fund ledgers"),
    "W1": Text("提醒（照样检查）", "Warnings (the check goes on)"),
    "W2": Text("关于豁免的提醒", "Warnings about waivers"),
    "W3": Text("关于工作簿的提醒", "Warnings about workbooks"),
    "W35": Text("关于资金台账的提醒", "Warnings about fund ledgers"),
}
"""Groups of codes, each by what its first code begins with."""
WHERE = {
    METRICS: Text("“指标”下面的各行", "lines under 指标 (metrics)"),
    FILE: Text("数据文件最外层的各行", "lines at the outermost level of a data file"),
    WHOLE: Text("整个数据文件", "a whole data file"),
    CONFIG: Text("etown-check.toml 中的各行", "lines of etown-check.toml"),
    WAIVERS: Text("waivers.yaml 中的各行", "lines of waivers.yaml"),
    STANDARD: Text("标准文件中的各行", "lines of a standard"),
    COMMAND: Text("命令", "a command"),
    WORKBOOK: Text(
        "填报表的各行（竖线隔开各格；[ ] 是工作表，( ) 是合并的格或隐藏的行）",
        "rows of a workbook (bars between cells; [ ] a sheet, ( ) merged cells or a hidden row)",
    ),
    ROWS: Text("资金台账（CSV）的各行", "rows of a fund ledger (CSV)"),
}

EVIDENCE, LEDGER = "佐证/清单.pdf", "台账.csv"
"""The evidence file that is there when a mistake is made, and the ledger, with no payment yet."""


class Mistake(Record):
    """A mistake that gives `code`, and what to write instead (see mistakes.yaml)."""

    code: str
    context: str
    before: str
    after: str
    encoding: str
    args: Mapping[str, Words]
    note: Text | None


@cache
def mistakes() -> dict[str, Mistake]:
    """Return the mistakes by their codes, in the order of the codes."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mistakes.yaml")
    with open(path, encoding="utf-8") as file:
        read: dict[str, dict[str, Any]] = yaml.load(file, Loader=yaml.BaseLoader)  # noqa: S506
    return {code: _mistake(code, read[code]) for code in KINDS if code in read}


def _mistake(code: str, told: Mapping[str, Any]) -> Mistake:
    return Mistake(
        code,
        told.get("in", METRICS),
        told["before"].rstrip("\n"),
        told["after"].rstrip("\n"),
        told.get("encoding", "utf-8"),
        {name: _words(arg) for name, arg in told.get("args", {}).items()},
        Text(told["zh"], told["en"]) if "zh" in told else None,
    )


def _words(arg: str | Mapping[str, str]) -> Words:
    return arg if isinstance(arg, str) else Text(arg["zh"], arg["en"])


# Making a mistake


def problem_of(mistake: Mistake) -> Problem:
    """Return what the tool says of `mistake`."""
    if mistake.context == COMMAND:
        return Problem("", None, mistake.code, mistake.args)
    found = told_of(mistake, mistake.before)
    return next(problem for problem in found if problem.code == mistake.code)


def told_of(mistake: Mistake, lines: str) -> list[Problem]:
    """Return all that the tool says of `lines`, which are one of the halves of `mistake`."""
    with tempfile.TemporaryDirectory() as folder:
        if mistake.context == STANDARD:
            return _told_of_standard(folder, mistake, lines)
        if mistake.context in (CONFIG, WAIVERS):
            return _told_of_repository(folder, mistake.context, lines)
        encoding = mistake.encoding if lines is mistake.before else "utf-8"
        _write(folder, EVIDENCE, "")
        _write(folder, LEDGER, _empty_ledger())
        if mistake.context == WORKBOOK:
            return _told_of_workbook(folder, lines)
        if mistake.context == ROWS:
            return _told_of_ledger(folder, lines, encoding)
        path = _write(folder, "怀仁市.yaml", data_file(mistake.context, lines), encoding)
        run = check(Options(paths=(path,)))
        return [*run.problems, *run.warnings]


_DECLARED = "物流配送中心建筑面积: 420平方米\n就业目标: 300人"
"""What is declared where a waiver is a mistake: one thing that may need it, and one that passes."""


def _told_of_repository(folder: str, context: str, lines: str) -> list[Problem]:
    """Write a data file with a configuration or waivers that hold `lines`."""
    path = _write(folder, "怀仁市.yaml", data_file(METRICS, _DECLARED))
    _write(folder, FILE_NAME, f"{lines}\n" if context == CONFIG else "")
    if context == WAIVERS:
        _write(folder, WAIVERS_NAME, f"{lines}\n")
    try:
        run = check(Options(paths=(path,)))
    except InputError as error:
        return [*error.problems, *error.warnings]
    return [*run.problems, *run.warnings]


def _told_of_workbook(folder: str, lines: str) -> list[Problem]:
    """Write a workbook that holds `lines`."""
    from etown_check.workbooks.examples import workbook_of  # imports openpyxl

    path = os.path.join(folder, "怀仁市.xlsx")
    with open(path, "wb") as file:
        file.write(workbook_of(lines, _facts()))
    run = check(Options(paths=(path,)))
    return [*run.problems, *run.warnings]


def _told_of_ledger(folder: str, lines: str, encoding: str) -> list[Problem]:
    """Write a ledger that holds `lines`."""
    form = load_standard(list_standards()[0]).ledger
    assert form is not None
    path = _write(folder, LEDGER, f"{lines}\n", encoding)
    try:
        return list(read_ledger(path, form).warnings)
    except InputError as error:
        return [*error.problems, *error.warnings]


def _facts() -> dict[str, str]:
    """Return the facts that every data file needs, by their Chinese names."""
    standard = load_standard(list_standards()[0])
    county = standard.counties[0]
    values = (standard.id, county.name, county.town, "2023-12-31")
    return dict(zip(map(FILE_KEYS.__getitem__, REQUIRED_KEYS), values, strict=True))


def _empty_ledger() -> str:
    form = load_standard(list_standards()[0]).ledger
    return f"{','.join(column.name.zh for column in form.columns)}\n" if form else ""


def data_file(context: str, lines: str) -> str:
    """Return a data file in which `lines` stand where they belong."""
    if context == WHOLE:
        return f"{lines}\n"
    if context == METRICS:
        lines = "\n".join(["指标:", *(f"  {line}" for line in lines.split("\n"))])
    given = {fold(line.partition(":")[0]) for line in lines.split("\n")}
    kept = (f"{key}: {value}\n" for key, value in _facts().items() if key not in given)
    return f"{''.join(kept)}{lines}\n"


def _told_of_standard(folder: str, mistake: Mistake, lines: str) -> list[Problem]:
    """Write the standard that comes with the tool with `lines` for those that are right."""
    home = os.path.join(folder, "standard")
    shutil.copytree(find_standard(list_standards()[0]), home)
    is_found = False
    for name in sorted(os.listdir(home)):
        path = os.path.join(home, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        changed = _replaced(text, mistake.after, lines)
        if changed is not None:
            is_found = True
            with open(path, "w", encoding="utf-8") as file:
                file.write(changed)
    assert is_found, f"{mistake.code}: the standard has no such lines"
    from etown_check.authoring.compile import compile_standard  # imports pydantic

    try:
        compile_standard(home)
    except InputError as error:
        return error.problems
    return []


def _replaced(text: str, old: str, new: str) -> str | None:
    """Return `text` with the lines `new` for `old`, however far in they stand; `None` without."""
    lines, wanted = text.split("\n"), old.split("\n")
    for at in range(len(lines) - len(wanted) + 1):
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip(" "))]
        if lines[at : at + len(wanted)] == [f"{indent}{line}" for line in wanted]:
            put = [f"{indent}{line}" for line in new.split("\n")]
            return "\n".join([*lines[:at], *put, *lines[at + len(wanted) :]])
    return None


def _write(folder: str, name: str, text: str, encoding: str = "utf-8") -> str:
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text.encode(encoding))
    return path


# Explaining it

WORDS = {
    "E": Text("错误", "Error"),
    "W": Text("提醒", "Warning"),
    "wrong": Text("问题", "What is wrong"),
    "instead": Text("改法", "What to write"),
    "why": Text("说明", "Note"),
    "stands": Text("例子", "Example"),
    "before": Text("错", "Wrong"),
    "after": Text("对", "Right"),
}


def is_code(name: str) -> bool:
    """Tell whether `name` looks like the code of an error or a warning, known or not."""
    return re.fullmatch("[EW]\\d*", fold(name).upper(), re.ASCII) is not None


def explain_code(name: str, lang: str) -> Lines | None:
    """Explain the code called `name`; `None` where there is none."""
    mistake = mistakes().get(fold(name).upper())
    return mistake and _explained(mistake, lang)


def _explained(mistake: Mistake, lang: str) -> Lines:
    problem = problem_of(mistake)
    yield 0, "", f"{_word(mistake.code[0], lang)} {mistake.code}"
    yield 0, _word("wrong", lang), visible(problem.message(lang))
    yield 0, _word("instead", lang), visible(problem.hint(lang))
    if mistake.note:
        yield 0, _word("why", lang), render(mistake.note, lang)
    yield 0, _word("stands", lang), render(WHERE[mistake.context], lang)
    for word, lines in (("before", mistake.before), ("after", mistake.after)):
        for index, line in enumerate(shown(lines)):
            yield 1, SAME if index else _word(word, lang), line


def _word(key: str, lang: str) -> str:
    return render(WORDS[key], lang)


_SPACES = {0xA0: "\\u00a0", 0x3000: "\\u3000", 0x09: "\\t"}


def shown(lines: str) -> list[str]:
    """Return `lines` with a code for each character that cannot be seen."""
    return [visible(line.translate(_SPACES)) for line in lines.split("\n")]


_INTRODUCTION = """\
# 错误和提醒 · Errors and warnings

每个代码各举一例：怎样写会出错，应该怎样写。`etown-check explain E503` 在终端显示同样的说明。
错误（E）改正之前不能检查；有提醒（W）的，照样检查。看不见的字符用代码表示，例如 `\\u200b`。

One example for each code: what is wrong, and what to write instead. `etown-check explain E503` shows
the same on a terminal. With an error (E) a file is not checked; a warning (W) only tells. Characters
that cannot be seen are shown by their codes, such as `\\u200b`.

本页由 `make docs` 生成。This page is written by `make docs`.
"""
_LIMITS = """\
## 上限 · Limits

数据文件超过前十项的，不检查。A data file beyond one of the first ten is refused.

| limit | value | meaning |
|---|---|---|
"""


def errors_page() -> str:
    """Return docs/errors.md: the limits, then every code with a mistake that gives it."""
    parts = [_INTRODUCTION, _LIMITS + "".join(_limit_rows())]
    group = ""
    for code, mistake in mistakes().items():
        if group_of(code) != group:
            group = group_of(code)
            parts.append(f"## {group} {GROUPS[group].zh} · {GROUPS[group].en}\n")
        parts.append("\n".join(_section(mistake)) + "\n")
    return "\n".join(parts)


def group_of(code: str) -> str:
    """Return the key in `GROUPS` of the group that `code` belongs to."""
    return max(group for group in GROUPS if group <= code)


def _limit_rows() -> Iterator[str]:
    """Yield the limits with the words that stand below each of them in limits.py."""
    with open(limits.__file__, encoding="utf-8") as file:
        body = ast.parse(file.read()).body
    for it, below in pairwise(body):
        if isinstance(it, ast.Assign) and isinstance(it.targets[0], ast.Name):
            name = it.targets[0].id
            assert isinstance(below, ast.Expr)
            meaning = ast.literal_eval(below.value)
            yield f"| `{name}` | {getattr(limits, name):,} | {meaning} |\n"


def _section(mistake: Mistake) -> Iterator[str]:
    problem = problem_of(mistake)
    yield f"### {mistake.code}"
    yield ""
    yield visible(f"{problem.message('zh')}{problem.hint('zh')}")
    if mistake.note:
        yield mistake.note.zh
    yield ""
    yield visible(f"{problem.message('en')} {problem.hint('en')}")
    if mistake.note:
        yield mistake.note.en
    yield ""
    where = WHERE[mistake.context]
    yield f"例子 · Example: {where.zh} · {where.en}"
    language = {COMMAND: "sh", WORKBOOK: "text", ROWS: "text"}.get(mistake.context, "yaml")
    for word, lines in (("错 · wrong", mistake.before), ("对 · right", mistake.after)):
        yield ""
        yield word
        yield ""
        yield f"```{language}"
        yield from shown(lines)
        yield "```"
