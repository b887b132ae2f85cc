"""The command `validate`."""

from typing import Annotated

import typer

from etown_check import validation
from etown_check.cli import framework
from etown_check.cli.lane import split_names
from etown_check.cli.options import FILE, Shared, argument, choice, option, pick
from etown_check.reporters import REPORTERS
from etown_check.standard import BINDING, EXPECTED
from etown_check.submission import ASSURANCES
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
    reference_file = Text(
        "参考数据文件，优先于数据文件中的参考数据。",
        "A file of reference data; outranks that of the data files.",
    )
    evidence_folder = Text(
        "佐证文件也可以在这个文件夹内；默认只能在数据文件所在的文件夹内。",
        "Evidence may lie in this folder too; by default only in the data file's own.",
    )
    one_part = Text(
        "只检查这一部分：annex 附件、body 正文、all 全部。可写多次。",
        "Judge this part: annex, body, all. May be repeated.",
    )
    one_item = Text(
        "只检查这些项目或检查，例如 33 或 34.1；可写多次或用逗号隔开。",
        "Judge these items or checks, such as 33 or 34.1. May be repeated or separated by commas.",
    )
    one_level = Text(
        "只检查约束性（binding）或期望性（expected）项目。", "Judge binding or expected items only."
    )
    assurance = Text(
        "要求的可信度：declared 已申报（默认）、evidenced 有佐证、verified 已核查。",
        "Assurance required: declared (default), evidenced, verified.",
    )
    failing = Text(
        "决定退出码：binding 约束性（默认）、expected 连同期望性、never 不因结果而失败。",
        "What sets the exit code: binding (default), expected as well, never.",
    )
    only_open = Text("只显示需要处理的。", "Show only what needs action.")
    with_readings = Text("同时显示所用的读法。", "Show the readings applied as well.")
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
    def validate(
        paths: Annotated[list[str] | None, path_list] = None,
        format: Annotated[str | None, choice(["--format", "-f"], REPORTERS, formats, lang)] = None,
        output: Annotated[str | None, shared.output] = None,
        force: Annotated[bool, shared.force] = False,
        standard: Annotated[str | None, shared.standard] = None,
        reference: Annotated[
            str | None, option(["--reference"], reference_file, lang, FILE)
        ] = None,
        evidence_root: Annotated[
            str | None,
            option(["--evidence-root"], evidence_folder, lang, Text("文件夹", "FOLDER")),
        ] = None,
        part: Annotated[
            list[str] | None, option(["--part"], one_part, lang, Text("部分", "PART"))
        ] = None,
        only: Annotated[
            list[str] | None, option(["--only"], one_item, lang, Text("序号", "ITEM"))
        ] = None,
        level: Annotated[str | None, choice(["--level"], level_names, one_level, lang)] = None,
        require: Annotated[str, choice(["--require"], ASSURANCES, assurance, lang)] = ASSURANCES[0],
        fail_on: Annotated[
            str, choice(["--fail-on"], validation.FAIL_ON, failing, lang)
        ] = "binding",
        quiet: Annotated[bool, option(["--quiet", "-q"], only_open, lang)] = False,
        verbose: Annotated[bool, option(["--verbose", "-v"], with_readings, lang)] = False,
        lang: Annotated[str, shared.lang] = lang,
    ) -> int:
        return validation.validate(
            validation.Options(
                paths=tuple(paths or ()),
                format=format,
                output=output,
                force=force,
                standard=standard,
                reference=reference,
                evidence_root=evidence_root,
                parts=split_names(part or []),
                only=split_names(only or []),
                level=level,
                require=require,
                fail_on=fail_on,
                lang=lang,
                quiet=quiet,
                verbose=verbose,
            )
        )
