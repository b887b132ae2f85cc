"""The command `convert`, which makes a workbook of a YAML data file, and the other way round."""

from collections.abc import Iterable
from typing import Annotated

import typer

from etown_check.cli import framework
from etown_check.cli.options import Shared, argument, option, pick
from etown_check.converting import convert as convert_file
from etown_check.output import tell
from etown_check.usage import OK
from etown_check.validation import tell_problems, tell_written
from etown_check.words import Text, render

_NOTE = Text("注意：{text}\n", "Note: {text}\n")


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the command to `app`."""
    lang = shared.default
    source_argument = argument(
        Text("数据文件", "DATA"),
        Text("要转换的 .yaml 或 .xlsx。", "The .yaml or .xlsx to convert."),
        lang,
    )
    target_argument = argument(
        Text("新文件", "NEW"),
        Text(
            "结尾为 .xlsx 或 .yaml；默认与数据文件同名，换成另一种结尾。",
            "Ends in .xlsx or .yaml; by default the same name with the other ending.",
        ),
        lang,
    )
    force_option = option(
        ["--force"],
        Text(
            "新文件已存在时也写入；YAML 只改不同之处，保留原有的说明和写法。",
            "Write to a file that exists, too. In YAML only what differs is changed; "
            "remarks and spelling stay.",
        ),
        lang,
    )

    @app.command(
        "convert",
        cls=framework.Command,
        help=pick(
            "把 YAML 数据文件转换成工作簿（xlsx），或把工作簿转换成 YAML。两种文件内容相同，都可直接校验。",
            "Convert a YAML data file to a workbook (xlsx), or a workbook to YAML. Both say the same, "
            "and either can be checked.",
            lang,
        ),
        epilog=pick(
            "例: etown-check convert 怀仁.xlsx 怀仁.yaml    etown-check convert 怀仁.yaml",
            "Examples: etown-check convert huairen.xlsx huairen.yaml\n"
            "          etown-check convert huairen.yaml",
            lang,
        ),
    )
    def convert(
        source: Annotated[str, source_argument],
        target: Annotated[str | None, target_argument] = None,
        force: Annotated[bool, force_option] = False,
        standard: Annotated[str | None, shared.standard] = None,
        lang: Annotated[str | None, shared.lang] = shared.asked,
    ) -> int:
        said_in = lang or shared.default
        done = convert_file(
            source,
            target,
            force=force,
            standard=standard,
            lang=lang,
            default_lang=shared.default,
        )
        tell_problems(done.warnings, said_in)
        tell_notes(done.notes, said_in)
        tell_written(done.path, said_in)
        return OK


def tell_notes(notes: Iterable[Text], lang: str) -> None:
    """Say on standard error what else there is to know of a file that was written."""
    for note in notes:
        tell(render(_NOTE, lang).format(text=render(note, lang)))
