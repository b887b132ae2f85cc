"""The commands `checklist` and `report`, which make documents to look at and to fill in."""

from typing import Annotated

import typer

from etown_check import paperwork
from etown_check.cli import framework
from etown_check.cli.lane import split_names
from etown_check.cli.options import (
    FILE,
    Shared,
    argument,
    choice,
    chosen_county,
    chosen_standard,
    option,
    pick,
)
from etown_check.paperwork import CHECKLIST_FORMATS, KINDS, REPORT_FORMATS, SELF, Paper
from etown_check.settings import Options
from etown_check.words import Text


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the commands to `app`."""
    lang = shared.default
    data = argument(
        Text("数据…", "DATA…"),
        Text(
            "数据文件（.yaml 或 .xlsx）或文件夹，可写多个；- 表示标准输入。",
            "Data files (.yaml or .xlsx) or folders; - is standard input.",
        ),
        lang,
    )
    output = option(
        ["--output", "-o"],
        Text(
            "文件名；默认按县名和内容取名，- 表示标准输出。",
            "File name; by default made of county and kind, - for standard output.",
        ),
        lang,
        FILE,
    )
    only = option(
        ["--only"],
        Text(
            "只列出这些项目或检查，例如 33 或 34.1；可写多次或用逗号隔开。",
            "List these items or checks, such as 33 or 34.1. May be repeated or separated by commas.",
        ),
        lang,
        Text("序号", "ITEM"),
    )
    _add_checklist(app, shared, data, output, only)
    _add_report(app, shared, data, output, only)


def _formats(formats: tuple[str, ...], lang: str) -> object:
    return choice(
        ["--format", "-f"],
        formats,
        Text(
            f"格式；默认按文件名的结尾，没有文件名时为 {formats[0]}。",
            f"Format; by default that of the file's ending, {formats[0]} where none is named.",
        ),
        lang,
    )


def _add_checklist(
    app: typer.Typer, shared: Shared, data: object, output: object, only: object
) -> None:
    lang = shared.default
    county_option = option(
        ["--county"],
        Text(
            "空白清单的县（市），可写多次；默认为全部县。",
            "County of a blank checklist; may be repeated. By default all counties.",
        ),
        lang,
        Text("县名", "COUNTY"),
    )
    open_option = option(
        ["--only-open"],
        Text("只列出没有达标的。", "List only what is not passed."),
        lang,
    )

    @app.command(
        "checklist",
        cls=framework.Command,
        help=pick(
            "生成专家到现场用的核查清单：方案原文、申报值、自检结果和填写栏。不给数据文件时为空白清单。",
            "Make the checklist that experts carry to the site: the plan's words, declared values, "
            "results and room to fill in. Without data files it is blank.",
            lang,
        ),
        epilog=pick(
            "例: etown-check checklist 怀仁.yaml --output 怀仁核查清单.docx\n"
            "    etown-check checklist --county 应县 --format xlsx",
            "Examples: etown-check checklist huairen.yaml --output huairen.docx\n"
            "          etown-check checklist --county yingxian --format xlsx",
            lang,
        ),
    )
    @shared.judging("fail_on")
    def checklist(
        given: Options,
        paths: Annotated[list[str] | None, data] = None,
        format: Annotated[str | None, _formats(CHECKLIST_FORMATS, lang)] = None,
        output: Annotated[str | None, output] = None,
        force: Annotated[bool, shared.force] = False,
        county: Annotated[list[str] | None, county_option] = None,
        only_open: Annotated[bool, open_option] = False,
        only: Annotated[list[str] | None, only] = None,
    ) -> int:
        options = given._replace(
            paths=tuple(paths or ()),
            output=output,
            force=force,
            only=split_names(only or []),
        )
        loaded = chosen_standard(given.standard)
        counties = tuple(chosen_county(loaded, name, "--county") for name in county or ())
        paper = Paper(format, "checklist", counties, only_open)
        return paperwork.make_checklist(options, paper, loaded, shared.default)


def _add_report(
    app: typer.Typer, shared: Shared, data: object, output: object, only: object
) -> None:
    lang = shared.default
    kind_option = choice(
        ["--kind"],
        KINDS,
        Text(
            "self 自检报告（默认）；acceptance 验收报告，对照申报值和核定值。",
            "self: the result of the self-check (default); acceptance: declared against verified.",
        ),
        lang,
    )

    @app.command(
        "report",
        cls=framework.Command,
        help=pick(
            "把检查结果做成便于阅读的报告：结论、各部分进度、缺项、图表和明细。",
            "Make a report to look at: verdict, progress by section, what is missing, charts, details.",
            lang,
        ),
        epilog=pick(
            "例: etown-check report 怀仁.yaml --output 怀仁.html\n"
            "    etown-check report 怀仁.yaml --kind acceptance --format docx",
            "Examples: etown-check report huairen.yaml --output huairen.html\n"
            "          etown-check report huairen.yaml --kind acceptance --format docx",
            lang,
        ),
    )
    @shared.judging("fail_on")
    def report(
        given: Options,
        paths: Annotated[list[str] | None, data] = None,
        format: Annotated[str | None, _formats(REPORT_FORMATS, lang)] = None,
        kind: Annotated[str, kind_option] = SELF,
        output: Annotated[str | None, output] = None,
        force: Annotated[bool, shared.force] = False,
        only: Annotated[list[str] | None, only] = None,
    ) -> int:
        options = given._replace(
            paths=tuple(paths or ()),
            output=output,
            force=force,
            only=split_names(only or []),
        )
        return paperwork.make_report(options, Paper(format, kind))
