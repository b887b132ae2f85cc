"""The command line put together: one module adds each command."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from etown_check import __version__
from etown_check.cli import (
    config,
    convert,
    diff,
    documents,
    explain,
    framework,
    ledger,
    standards,
    validate,
    verify,
    workbooks,
    writing,
)
from etown_check.cli.framework import UsageProblem, run_command
from etown_check.cli.lane import asked_language
from etown_check.cli.options import Shared, pick
from etown_check.output import tell, write_stream
from etown_check.usage import USAGE


def run_app(args: Sequence[str], lang: str) -> int:
    """Run the command line `args` with help and messages in `lang`; return the exit code."""
    command = typer.main.get_command(build_app(lang, asked_language(args)))
    try:
        return run_command(command, list(args), lang)
    except UsageProblem as problem:
        tell(f"{pick('错误：', 'Error: ', lang)}{problem}\n")
        return USAGE


def build_app(lang: str, asked: str | None = None) -> typer.Typer:
    """Build the command line with its help in `lang`; `asked` is what its line asks for."""
    app = typer.Typer(
        name="etown-check",
        cls=framework.Group,
        help=pick(
            "检查乡村e镇申报数据是否符合培育方案的建设标准。",
            "Check a rural e-town's declared figures against the plan that funds it.",
            lang,
        ),
        epilog=pick(
            "退出码: 0 达标  1 有约束性项目不达标  2 用法或配置有误  3 数据文件缺失或有误\n"
            "        4 有约束性项目未申报、需人工核定或可信度不足  70 程序内部错误",
            "Exit codes: 0 compliant  1 a binding item fails  2 usage or configuration\n"
            "            3 an input is missing or invalid  4 a binding item is missing, needs\n"
            "            review or lacks assurance  70 internal error",
            lang,
        ),
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    shared = Shared(lang, asked)
    Lang = Annotated[str, shared.lang]  # noqa: N806 - a type

    @app.callback()
    def root(
        version: Annotated[
            bool,
            typer.Option(
                "--version",
                help=pick("显示版本。", "Show the version.", lang),
                is_eager=True,
                callback=_show_version,
            ),
        ] = False,
        lang: Lang = lang,
    ) -> None:
        """Take what stands before the command's name."""

    for module in (
        validate,
        diff,
        workbooks,
        convert,
        documents,
        verify,
        ledger,
        config,
        explain,
        writing,
        standards,
    ):
        module.add_to(app, shared)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        write_stream(sys.stdout, f"etown-check {__version__}\n")
        raise typer.Exit
