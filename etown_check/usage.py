"""How a command may end: its exit codes, and what the user has to mend on the command line."""

import os
from collections.abc import Sequence

from etown_check.problems import closest, did_you_mean
from etown_check.text import visible
from etown_check.words import Text

OK, FAILED, USAGE, INVALID, INCOMPLETE, INTERNAL = 0, 1, 2, 3, 4, 70
INTERRUPTED = 130
PRECEDENCE = (INTERNAL, USAGE, INVALID, FAILED, INCOMPLETE, OK)
"""Of several exit codes, the first of these stands."""


class UsageError(Exception):
    """The command was asked for something it does not have. Said in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def unknown_choice(
    option: str, value: str, choices: Sequence[str], *, show_all: bool = True
) -> UsageError:
    """Return the error for a `value` that an option does not have."""
    near = closest(value, choices)
    shown = visible(value)
    zh = f"{option} 没有“{shown}”。{did_you_mean(near, 'zh')}"
    en = f"{option} has no “{shown}”. {did_you_mean(near, 'en')}"
    if show_all:
        zh += f"可以写：{'、'.join(choices)}。"
        en += f"It takes: {', '.join(choices)}."
    return UsageError(Text(zh, en.strip()))


def exclusive(first: str, second: str) -> UsageError:
    """Return the error for two options that cannot both be given."""
    return UsageError(
        Text(f"{first} 与 {second} 不能同时用。", f"{first} and {second} exclude each other.")
    )


def output_exists(path: str) -> UsageError:
    """Return the error for an output file that is there already."""
    shown = visible(path)
    if os.path.isdir(path):
        return UsageError(
            Text(f"“{shown}”是文件夹，请写文件名。", f"“{shown}” is a folder; name a file.")
        )
    return UsageError(
        Text(
            f"“{shown}”已经存在，没有覆盖。要覆盖请加 --force。",
            f"“{shown}” exists and was not overwritten. Give --force to replace it.",
        )
    )
