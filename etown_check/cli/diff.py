"""The command `diff`."""

import sys
from typing import Annotated

import typer

from etown_check.cli import framework
from etown_check.cli.options import Shared, argument, choice, option, pick, write
from etown_check.differences import compare_files, compare_since
from etown_check.output import STDOUT, write_stream
from etown_check.reporters.difference import REPORTERS
from etown_check.settings import Options
from etown_check.usage import UsageError
from etown_check.validation import tell_problems
from etown_check.words import Text


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the command to `app`."""
    lang = shared.default
    path_list = argument(
        Text("旧 新 | 路径…", "OLD NEW | PATH…"),
        Text(
            "两份数据文件或 JSON 报告，旧的在前；用 --since 时为数据文件或文件夹，默认为当前文件夹。",
            "Two data files or JSON reports, the old one first; with --since data files or folders, "
            "by default the current one.",
        ),
        lang,
    )
    since = Text(
        "与这个 git 版本中的数据比较。", "Compare with what the data was at this git revision."
    )
    formats = choice(["--format", "-f"], REPORTERS, Text("格式。", "Format."), lang)

    @app.command(
        "diff",
        cls=framework.Command,
        help=pick(
            "比较两份数据：哪些项目变差、哪些好转、哪些数值变了、有哪些新的疑点。约束性项目变差时退出码为 1。",
            "Compare two states of data: what got worse, what got better, which values changed, which "
            "doubts are new. Exits with 1 if a binding item got worse.",
            lang,
        ),
        epilog=pick(
            "例: etown-check diff 上月.json 本月.json    etown-check diff --since origin/main data/",
            "Examples: etown-check diff old.json new.json\n"
            "          etown-check diff --since origin/main data/",
            lang,
        ),
    )
    @shared.judging("fail_on")
    def diff(
        given: Options,
        paths: Annotated[list[str] | None, path_list] = None,
        since: Annotated[str | None, option(["--since"], since, lang, Text("版本", "REV"))] = None,
        format: Annotated[str, formats] = "plain",
        output: Annotated[str | None, shared.output] = None,
        force: Annotated[bool, shared.force] = False,
    ) -> int:
        options = given._replace(paths=tuple(paths or (".",)))
        if since is not None:
            compared = compare_since(since, options)
        elif len(paths or ()) == 2:
            compared = compare_files(options.paths[0], options.paths[1], options)
        else:
            raise UsageError(
                Text(
                    "要写两份数据，旧的在前，或者用 --since 写明 git 版本。",
                    "Name two states of data, the old one first, or a git revision by --since.",
                )
            )
        tell_problems((*compared.old_problems, *compared.problems), compared.lang)
        text = REPORTERS[format](compared.differences, compared.problems, compared.lang)
        if output is None and format == "plain":
            write_stream(sys.stdout, text)
        else:
            write(text, output or STDOUT, compared.lang, force=force)
        return compared.exit_code
