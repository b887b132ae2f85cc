"""The command `verify`, which takes over what experts wrote into a checklist."""

import os
from typing import Annotated

import typer

from etown_check.cli import framework
from etown_check.cli.convert import tell_notes
from etown_check.cli.options import FILE, Shared, argument, option, pick
from etown_check.output import tell
from etown_check.usage import OK
from etown_check.validation import tell_problems, tell_written
from etown_check.verifying import Verified, Wanted
from etown_check.verifying import verify as verify_file
from etown_check.words import Text, render
from etown_check.workbooks.checklist_form import RESULTS

_TAKEN = Text(
    "核查结果：{counts}；未核查 {left} 项。\n", "Findings: {counts}; not verified: {left}.\n"
)
_CHANGED = Text(
    "新增或更改核查记录 {number} 项。\n", "Records that are new or changed: {number}.\n"
)
_UNCHANGED = Text("核查记录没有变化。\n", "No record changed.\n")


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the command to `app`."""
    lang = shared.default
    data_argument = argument(
        Text("数据文件", "DATA"),
        Text("被核查的 .yaml 或 .xlsx。", "The .yaml or .xlsx that was verified."),
        lang,
    )
    checklist_argument = argument(
        Text("清单", "CHECKLIST"),
        Text("核查人员填好的清单（.xlsx）。", "The checklist (.xlsx) that the experts filled in."),
        lang,
    )
    output_option = option(
        ["--output", "-o"],
        Text(
            "写入的文件，结尾为 .yaml 或 .xlsx；默认在数据文件旁，名称加“-已核查”。",
            "The file to write, .yaml or .xlsx; by default beside the data file, its name with “-verified”.",
        ),
        lang,
        FILE,
    )
    replace_option = option(
        ["--replace"],
        Text(
            "数据文件已有的核查记录与清单不同时，以清单为准。",
            "Let the checklist's records replace those of the data file that differ.",
        ),
        lang,
    )
    allow_option = option(
        ["--allow-changed"],
        Text(
            "申报值在清单生成之后改过的，也读入其核查结果。",
            "Take over findings also of values that were changed since the checklist was made.",
        ),
        lang,
    )

    @app.command(
        "verify",
        cls=framework.Command,
        help=pick(
            "把核查人员填好的清单读入数据文件，成为核查记录。有一处不对就都不写。",
            "Take what experts filled into a checklist over into the data file, as its verification "
            "records. Nothing is written while anything is wrong.",
            lang,
        ),
        epilog=pick(
            "例: etown-check verify 怀仁.yaml 怀仁市-核查清单.xlsx -o 怀仁-已核查.yaml",
            "Example: etown-check verify huairen.yaml checklist.xlsx -o huairen-verified.yaml",
            lang,
        ),
    )
    def verify(
        data: Annotated[str, data_argument],
        checklist: Annotated[str, checklist_argument],
        output: Annotated[str | None, output_option] = None,
        force: Annotated[bool, shared.force] = False,
        replace: Annotated[bool, replace_option] = False,
        allow_changed: Annotated[bool, allow_option] = False,
        standard: Annotated[str | None, shared.standard] = None,
        lang: Annotated[str, shared.lang] = lang,
    ) -> int:
        path = output or _default_output(data, lang)
        wanted = Wanted(data, checklist, path, force, replace, allow_changed, standard)
        done = verify_file(wanted, lang)
        tell_problems(done.warnings, lang)
        tell_notes(done.notes, lang)
        tell_written(path, lang)
        tell(_summary(done, lang))
        return OK


def _default_output(data: str, lang: str) -> str:
    root, ending = os.path.splitext(data)
    return f"{root}{pick('-已核查', '-verified', lang)}{ending}"


def _summary(done: Verified, lang: str) -> str:
    counted = (
        f"{render(RESULTS[result], lang)} {number}" for result, number in done.counts.items()
    )
    counts = (", " if lang == "en" else "、").join(counted)
    taken = render(_TAKEN, lang).format(counts=counts, left=done.left_open)
    changed = _CHANGED if done.changed else _UNCHANGED
    return taken + render(changed, lang).format(number=done.changed)
