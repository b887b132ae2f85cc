"""The commands `init` and `schema`, which write files for people to work with."""

import json
from typing import Annotated, Any

import typer

from etown_check.cli import framework
from etown_check.cli.options import (
    FILE,
    Shared,
    argument,
    chosen_county,
    chosen_standard,
    option,
    pick,
    write,
)
from etown_check.output import STDOUT, OutputExists
from etown_check.schema import data_file_schema
from etown_check.template import template
from etown_check.text import visible
from etown_check.usage import OK, UsageError
from etown_check.words import Text


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the commands to `app`."""
    lang = shared.default
    file_option = option(
        ["--output", "-o"],
        Text(
            "文件名；默认为“县名.yaml”，- 表示显示出来。",
            "File name; COUNTY.yaml by default, - for standard output.",
        ),
        lang,
        FILE,
    )

    @app.command(
        "init",
        cls=framework.Command,
        help=pick(
            "生成一份待填写的数据文件，列出该县的全部指标、标准值和写法。",
            "Write a data file to fill in: every metric of a county, its threshold, how to write it.",
            lang,
        ),
        epilog=pick("例: etown-check init 怀仁市", "Example: etown-check init huairen", lang),
    )
    def init(
        county: Annotated[str, county_argument(lang)],
        output: Annotated[str | None, file_option] = None,
        standard: Annotated[str | None, shared.standard] = None,
        lang: Annotated[str, shared.lang] = lang,
    ) -> int:
        loaded = chosen_standard(standard)
        found = chosen_county(loaded, county, "init")
        name = found.name if lang == "zh" else found.name_en.lower()
        path = output or f"{name}.yaml"
        try:
            write(template(loaded, found, lang), path, lang)
        except OutputExists:
            raise exists(path) from None
        return OK

    @app.command(
        "schema",
        cls=framework.Command,
        help=pick(
            "输出数据文件的 JSON Schema，供编辑器提示和检查。",
            "Print the JSON Schema of a data file, for editors.",
            lang,
        ),
    )
    def schema(
        standard: Annotated[str | None, shared.standard] = None,
        output: Annotated[str | None, shared.output] = None,
        force: Annotated[bool, shared.force] = False,
        lang: Annotated[str, shared.lang] = lang,
    ) -> int:
        found = data_file_schema(chosen_standard(standard), lang)
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        write(text, output or STDOUT, lang, force=force)
        return OK


def county_argument(lang: str) -> Any:
    """Return the argument that names a county."""
    return argument(
        Text("县名", "COUNTY"),
        Text("县（市）名称，例如 怀仁市。", "Name of the county, such as huairen."),
        lang,
    )


def exists(path: str) -> UsageError:
    """Return the error for a data file that is there already, and may hold a week's work."""
    shown = visible(path)
    return UsageError(
        Text(
            f"“{shown}”已经存在，没有覆盖。请用 --output 另取文件名。",
            f"“{shown}” exists and was not overwritten. Give another name by --output.",
        )
    )
