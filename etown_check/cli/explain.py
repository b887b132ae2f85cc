"""The command `explain`."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from etown_check import explain as explaining
from etown_check.cli import framework
from etown_check.cli.options import Shared, argument, chosen_standard, pick
from etown_check.kinds import KINDS
from etown_check.mistakes import explain_code, is_code
from etown_check.output import terminal_width, write_stream
from etown_check.problems import closest, did_you_mean
from etown_check.standard import Standard
from etown_check.text import columns, pad, visible, wrap
from etown_check.usage import OK, UsageError
from etown_check.words import Text

_MAX_WIDTH = 100
_LABEL = {"zh": 10, "en": 18}


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the command to `app`."""
    lang = shared.default
    name_argument = argument(
        Text("名称", "NAME"),
        Text(
            "项目序号（33）、检查编号（33.1）、指标名称（总产值）、台账的列、资金来源或支出类别（购买流量），"
            "或错误代码（E503）。",
            "An item (33), a check (33.1), a metric (total_output), a column, source or category of "
            "the ledger (buying traffic), or an error's code (E503).",
        ),
        lang,
    )

    @app.command(
        "explain",
        cls=framework.Command,
        help=pick(
            "说明一个项目、检查、指标或台账的内容：方案原文、各类县的标准值、判断方法、填写方法、佐证材料；"
            "或一个错误代码：错在哪里，怎样改。",
            "Explain an item, a check, a metric or what a ledger holds: the plan's words, thresholds, "
            "how it is judged and declared, what evidence is asked for; or an error's code: what is "
            "wrong, what to write.",
            lang,
        ),
        epilog=pick(
            "例: etown-check explain 33    etown-check explain 总产值    etown-check explain E503",
            "Examples: etown-check explain 33    etown-check explain E503",
            lang,
        ),
    )
    def explain(
        name: Annotated[str, name_argument],
        standard: Annotated[str | None, shared.standard] = None,
        lang: Annotated[str, shared.lang] = lang,
    ) -> int:
        loaded = chosen_standard(standard)
        lines = explain_code(name, lang) or explaining.explain(loaded, name, lang)
        if lines is None:
            raise _unknown(loaded, name)
        write_stream(sys.stdout, "".join(f"{line}\n" for line in _laid_out(lines, lang)))
        return OK


def _unknown(standard: Standard, name: str) -> UsageError:
    shown = visible(name)
    if is_code(name):
        near = closest(name.upper(), KINDS, most=3)
        zh, en = f"没有错误代码“{shown}”。", f"No error has the code “{shown}”. "
    else:
        near = closest(name, explaining.names(standard), most=3)
        zh = f"没有名为“{shown}”的项目、检查、指标或台账内容。"
        en = f"No item, check, metric or word of the ledger “{shown}”. "
    zh, en = f"{zh}{did_you_mean(near, 'zh')}", f"{en}{did_you_mean(near, 'en')}"
    return UsageError(Text(zh, en.strip()))


def _laid_out(lines: explaining.Lines, lang: str) -> Iterator[str]:
    """Lay labelled lines out in two columns; a line without a label at the margin is a heading."""
    total = min(terminal_width(), _MAX_WIDTH)
    for indent, label, text in lines:
        is_heading = not label and not indent
        head = "" if is_heading else f"{'  ' * indent}{pad(label, _LABEL[lang])}  "
        for index, line in enumerate(wrap(text, total - columns(head))):
            yield f"{' ' * columns(head) if index else head}{line}".rstrip()
