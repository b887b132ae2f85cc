"""The command `workbook`, which writes the form that a county fills in with Excel or WPS."""

import sys
from typing import Annotated

import typer

from etown_check.cli import framework
from etown_check.cli.options import FILE, Shared, chosen_county, chosen_standard, option, pick
from etown_check.cli.writing import county_argument, exists
from etown_check.files import write_bytes
from etown_check.output import STDOUT, OutputExists, write_raw
from etown_check.usage import OK, wrong_ending
from etown_check.validation import tell_written
from etown_check.words import Text

_ENDING = ".xlsx"


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the command to `app`."""
    lang = shared.default
    file_option = option(
        ["--output", "-o"],
        Text(
            "文件名；默认为“县名.xlsx”，- 表示写到标准输出。",
            "File name; COUNTY.xlsx by default, - for standard output.",
        ),
        lang,
        FILE,
    )

    @app.command(
        "workbook",
        cls=framework.Command,
        help=pick(
            "生成一份待填写的工作簿（xlsx），用 Excel 或 WPS 填写，填好可直接校验。",
            "Write a workbook (xlsx) to fill in with Excel or WPS, and to check as it is.",
            lang,
        ),
        epilog=pick(
            "例: etown-check workbook 怀仁市 -o 怀仁.xlsx",
            "Example: etown-check workbook huairen -o huairen.xlsx",
            lang,
        ),
    )
    def workbook(
        county: Annotated[str, county_argument(lang)],
        output: Annotated[str | None, file_option] = None,
        standard: Annotated[str | None, shared.standard] = None,
        lang: Annotated[str, shared.lang] = lang,
    ) -> int:
        loaded = chosen_standard(standard)
        found = chosen_county(loaded, county, "workbook")
        name = found.name if lang == "zh" else found.name_en.lower()
        path = output or f"{name}{_ENDING}"
        if path != STDOUT and not path.lower().endswith(_ENDING):
            raise wrong_ending(Text("工作簿", "a workbook"), (_ENDING,), path)
        # The library takes a tenth of a second to load, which no other command should wait for.
        from etown_check.workbooks import writing

        content = writing.workbook(loaded, found, lang)
        if path == STDOUT:
            write_raw(sys.stdout, content)
            return OK
        try:
            write_bytes(path, content)
        except OutputExists:
            raise exists(path) from None
        tell_written(path, lang)
        return OK
