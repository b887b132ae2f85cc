"""How a command may end: its exit codes, and what the user has to mend on the command line."""

import os
from collections.abc import Collection, Sequence

from etown_check.problems import closest, did_you_mean
from etown_check.text import visible
from etown_check.words import Text

OK, FAILED, USAGE, INVALID, INCOMPLETE, INTERNAL = 0, 1, 2, 3, 4, 70
INTERRUPTED = 130
PRECEDENCE = (INTERNAL, USAGE, INVALID, FAILED, INCOMPLETE, OK)
"""Of several exit codes, the first of these stands."""


def first_of(codes: Collection[int]) -> int:
    """Return the exit code that stands of several; of none, that all is well."""
    return next((code for code in PRECEDENCE if code in codes), OK)


class UsageError(Exception):
    """The command was asked for something it does not have. Said in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text

    def __reduce__(self) -> tuple[type["UsageError"], tuple[Text]]:
        """Let it come whole from another process."""
        return type(self), (self.text,)


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


def wrong_ending(what: Text, endings: Sequence[str], path: str) -> UsageError:
    """Return the error for a name of `what` by which no office program would open it."""
    shown = visible(path)
    return UsageError(
        Text(
            f"{what.zh}的文件名须以 {' 或 '.join(endings)} 结尾，“{shown}”不是。",
            f"The name of {what.en} ends in {' or '.join(endings)}; “{shown}” does not.",
        )
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


def is_same_file(path: str, other: str) -> bool:
    """Tell whether two paths lead to one file, which need not be there."""
    return os.path.exists(path) and os.path.exists(other) and os.path.samefile(path, other)


def replaces_input(path: str) -> UsageError:
    """Return the error for an output that would replace what it is made from, whatever was asked."""
    shown = visible(path)
    return UsageError(
        Text(
            f"“{shown}”就是输入的文件，不能写在它上面。请用 --output 另取文件名。",
            f"“{shown}” is an input itself and is not replaced. Give another name by --output.",
        )
    )
