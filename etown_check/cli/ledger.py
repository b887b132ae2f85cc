"""The command `ledger`, which checks fund ledgers alone, or writes an empty one."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from etown_check.cli import framework
from etown_check.cli.options import (
    Shared,
    argument,
    choice,
    chosen_standard,
    completing,
    option,
    pick,
)
from etown_check.files import write_bytes
from etown_check.ledger_check import check_ledgers, form_of
from etown_check.output import STDOUT, is_terminal, tell, write_raw
from etown_check.problems import Problem
from etown_check.reporters.ledger_report import REPORTERS
from etown_check.running import exit_code
from etown_check.settings import Options
from etown_check.standard import Standard
from etown_check.store import list_standards
from etown_check.usage import (
    INVALID,
    OK,
    UsageError,
    is_same_file,
    output_exists,
    replaces_input,
    wrong_ending,
)
from etown_check.validation import format_of, put_report, style_of, tell_problems, tell_written
from etown_check.words import Text, render
from etown_check.yamltree import STDIN

_XLSX, _CSV = ".xlsx", ".csv"

_NAME = Text("台账.xlsx", "ledger.xlsx")
_STANDARD_INPUT = Text(
    "台账要写文件名，不能从标准输入读取：格式要看文件名的结尾（.csv 或 .xlsx）。",
    "A ledger is named as a file and not read from standard input: its name tells its format "
    "(.csv or .xlsx).",
)
_BOTH = Text(
    "--template 生成空台账，不能同时写要检查的台账。",
    "--template writes an empty ledger and takes none to check.",
)
_FOR_EXAMPLE = Text(
    "检查台账：etown-check ledger 台账.csv\n生成空台账：etown-check ledger --template\n",
    "To check one: etown-check ledger ledger.csv\nTo write an empty one: etown-check ledger --template\n",
)
_NO_SCREEN = Text(
    "终端显示不了工作簿，请用 --output 写明文件名。",
    "A terminal cannot show a workbook; name a file by --output.",
)


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the command to `app`."""
    lang = shared.default
    path_list = argument(
        Text("台账…", "LEDGER…"),
        Text("台账文件（.csv 或 .xlsx），可写多个。", "Ledgers, .csv or .xlsx."),
        lang,
    )
    formats = Text(
        "报告格式；默认在终端为 terminal，其他为 plain。",
        "Format of the report; by default terminal on a terminal, plain elsewhere.",
    )
    template_option = option(
        ["--template"],
        Text(
            "不检查，生成一份空台账（.xlsx 或 .csv，按 --output；默认 台账.xlsx）。",
            "Check nothing and write an empty ledger: .xlsx or .csv, by --output; "
            "by default ledger.xlsx.",
        ),
        lang,
    )
    only_open = Text("只显示需要处理的。", "Show only what needs action.")
    standard_option = typer.Option(
        "--standard",
        metavar=pick("编号|文件", "ID|FILE", lang),
        help=pick(
            "标准的编号、文件或文件夹；默认为随本工具提供的第一个。",
            "The standard's id, file or folder; by default the first that comes with the tool.",
            lang,
        ),
        autocompletion=completing(list_standards()),
    )

    @app.command(
        "ledger",
        cls=framework.Command,
        help=pick(
            "检查资金台账：逐笔列出不得支出的、没有资金来源的和可疑的支出，按来源和类别汇总。\n"
            "或者用 --template 生成一份空台账。",
            "Check a fund ledger: name each row that must not be paid, lacks a source or looks odd, "
            "and sum up by source and category.\nOr write an empty one with --template.",
            lang,
        ),
        epilog=pick(
            "例: etown-check ledger 台账.csv    etown-check ledger --template -o 台账.xlsx",
            "Examples: etown-check ledger ledger.csv\n"
            "          etown-check ledger --template -o ledger.xlsx",
            lang,
        ),
    )
    def ledger(
        paths: Annotated[list[str] | None, path_list] = None,
        template: Annotated[bool, template_option] = False,
        format: Annotated[str | None, choice(["--format", "-f"], REPORTERS, formats, lang)] = None,
        output: Annotated[str | None, shared.output] = None,
        force: Annotated[bool, shared.force] = False,
        standard: Annotated[str | None, standard_option] = None,
        quiet: Annotated[bool, option(["--quiet", "-q"], only_open, lang)] = False,
        lang: Annotated[str, shared.lang] = lang,
    ) -> int:
        options = Options(tuple(paths or ()), format, output, force=force, quiet=quiet)
        if template:
            if paths:
                raise UsageError(_BOTH)
            return _write_template(chosen_standard(standard), options, lang)
        return _check(chosen_standard(standard), options, lang)


def _check(standard: Standard, options: Options, lang: str) -> int:
    if STDIN in options.paths:
        raise UsageError(_STANDARD_INPUT)
    if not options.paths:
        tell_problems([Problem("", None, "E110", {})], lang)
        tell(render(_FOR_EXAMPLE, lang))
        return INVALID
    if options.output == STDOUT:
        options = options._replace(output=None)
    if options.output is not None:
        _check_output(options.output, options.paths, force=options.force)
    run = check_ledgers(options.paths, standard)
    format = format_of(options)
    is_data = format == "json"
    text = REPORTERS[format](run, style_of(options, lang))
    tell_problems([*([] if is_data else run.problems), *run.warnings], lang)
    put_report(text, options, is_data=is_data)
    return exit_code(run)


def _check_output(path: str, inputs: Sequence[str], *, force: bool) -> None:
    """Refuse an output that is there already, or is one of the ledgers, before any work is done."""
    if any(is_same_file(it, path) for it in inputs):
        raise replaces_input(path)
    if os.path.isdir(path) or (not force and os.path.lexists(path)):
        raise output_exists(path)


def _write_template(standard: Standard, options: Options, lang: str) -> int:
    form = form_of(standard)
    path = options.output or render(_NAME, lang)
    ending = os.path.splitext(path)[1].lower()
    if path == STDOUT and is_terminal(sys.stdout):
        raise UsageError(_NO_SCREEN)
    if path != STDOUT and ending not in (_XLSX, _CSV):
        raise wrong_ending(Text("空台账", "an empty ledger"), (_XLSX, _CSV), path)
    # The library takes a tenth of a second to load, which no other command should wait for.
    from etown_check.workbooks.ledger_form import ledger_csv, ledger_workbook

    is_csv = ending == _CSV
    content = ledger_csv(form, lang) if is_csv else ledger_workbook(standard, form, lang)
    if path == STDOUT:
        write_raw(sys.stdout, content)
        return OK
    write_bytes(path, content, force=options.force)
    tell_written(path, lang)
    return OK
