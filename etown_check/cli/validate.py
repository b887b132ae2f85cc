"""The command `validate`."""

from typing import Annotated

import typer

from etown_check import validation
from etown_check.cli import framework
from etown_check.cli.lane import split_names, split_reports
from etown_check.cli.options import FILE, Shared, argument, choice, number, option, pick
from etown_check.reporters import REPORTERS
from etown_check.settings import Options
from etown_check.standard import BINDING, EXPECTED
from etown_check.words import Text


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the command to `app`."""
    lang = shared.default

    path_list = argument(
        Text("路径…", "PATH…"),
        Text(
            "数据文件或文件夹，可写多个；- 表示标准输入。",
            "Data files or folders; - is standard input.",
        ),
        lang,
    )
    formats = Text(
        "报告格式；默认在终端为 terminal，其他为 plain。",
        "Format of the report; by default terminal on a terminal, plain elsewhere.",
    )
    one_item = Text(
        "只检查这些项目或检查，例如 33 或 34.1；可写多次或用逗号隔开。",
        "Judge these items or checks, such as 33 or 34.1. May be repeated or separated by commas.",
    )
    one_level = Text(
        "只检查约束性（binding）或期望性（expected）项目。", "Judge binding or expected items only."
    )
    further = Text(
        "另把一份报告写入文件，例如 sarif=结果.sarif；可写多次。",
        "Write a further report to a file, such as sarif=out.sarif. May be repeated.",
    )
    passes = Text("SARIF 中也列出达标的检查。", "List what passes in SARIF, too.")
    compared = Text(
        "以前的 JSON 报告：只有变差的项目影响退出码。",
        "An earlier JSON report: only what is worse than there counts for the exit code.",
    )
    hook = Text(
        "所列路径是改动了的文件：只检查这些改动涉及的数据文件（供提交钩子使用）。",
        "The paths are files that changed: check only the data files they bear on (for hooks).",
    )
    since = Text(
        "只检查自这个 git 版本以来的改动涉及的数据文件。",
        "Check only the data files that changes since this git revision bear on.",
    )
    only_open = Text("只显示需要处理的。", "Show only what needs action.")
    with_readings = Text("同时显示所用的读法。", "Show the readings applied as well.")
    processes = Text(
        "最多用几个进程；默认按处理器和文件的多少来定。",
        "Processes at most; by default as many as help.",
    )
    earlier = Text(
        "把结果存入这个文件夹，没有改动的文件下次不再校验（供 CI 使用）。",
        "Keep results in this folder: what stays the same is not checked again (for CI).",
    )
    by_cluster = Text(
        "由 Dask 集群校验，写调度器地址，例如 tcp://主机:8786（须另装 etown-check[dask]）。",
        "Check by the Dask cluster of this scheduler, such as tcp://host:8786 "
        "(needs etown-check[dask]).",
    )
    level_names = (BINDING, EXPECTED)

    @app.command(
        "validate",
        cls=framework.Command,
        help=pick(
            "逐项检查数据文件，说明哪些达标、哪些不达标、差多少、缺什么。",
            "Check data files item by item: what passes, what fails and by how much, what is missing.",
            lang,
        ),
        epilog=pick(
            "例: etown-check validate 怀仁.yaml\n"
            "    etown-check validate 数据/ --format json --output 报告.json",
            "Examples: etown-check validate huairen.yaml\n"
            "          etown-check validate data/ --format json --output report.json",
            lang,
        ),
    )
    @shared.judging()
    def validate(
        given: Options,
        paths: Annotated[list[str] | None, path_list] = None,
        format: Annotated[str | None, choice(["--format", "-f"], REPORTERS, formats, lang)] = None,
        output: Annotated[str | None, shared.output] = None,
        force: Annotated[bool, shared.force] = False,
        report: Annotated[
            list[str] | None, option(["--report"], further, lang, Text("格式=文件", "FORMAT=FILE"))
        ] = None,
        sarif_passes: Annotated[bool, option(["--sarif-passes"], passes, lang)] = False,
        only: Annotated[
            list[str] | None, option(["--only"], one_item, lang, Text("序号", "ITEM"))
        ] = None,
        level: Annotated[str | None, choice(["--level"], level_names, one_level, lang)] = None,
        baseline: Annotated[str | None, option(["--baseline"], compared, lang, FILE)] = None,
        changed: Annotated[bool, option(["--changed"], hook, lang)] = False,
        changed_since: Annotated[
            str | None, option(["--changed-since"], since, lang, Text("版本", "REV"))
        ] = None,
        quiet: Annotated[bool, option(["--quiet", "-q"], only_open, lang)] = False,
        verbose: Annotated[bool, option(["--verbose", "-v"], with_readings, lang)] = False,
        jobs: Annotated[str | None, number(["--jobs", "-j"], processes, lang)] = None,
        scheduler: Annotated[
            str | None, option(["--scheduler"], by_cluster, lang, Text("地址", "ADDRESS"))
        ] = None,
        cache: Annotated[
            str | None, option(["--cache"], earlier, lang, Text("文件夹", "FOLDER"))
        ] = None,
    ) -> int:
        return validation.validate(
            given._replace(
                paths=tuple(paths or ()),
                format=format,
                output=output,
                force=force,
                reports=split_reports(report or []),
                sarif_passes=sarif_passes,
                only=split_names(only or []),
                level=level,
                baseline=baseline,
                changed=changed,
                changed_since=changed_since,
                quiet=quiet,
                verbose=verbose,
                jobs=int(jobs) if jobs else None,
                scheduler=scheduler,
                cache=cache,
            )
        )
