"""Typer's own words in the user's language: help pages, and errors on the command line."""

import sys
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from etown_check.output import encodable, terminal_width
from etown_check.problems import closest, did_you_mean
from etown_check.text import columns, pad, visible, wrap
from etown_check.usage import INTERRUPTED
from etown_check.words import Text, render

_WORDS = {
    "usage": Text("用法", "Usage"),
    "options": Text("[选项]", "[OPTIONS]"),
    "command": Text("命令 …", "COMMAND …"),
    "arguments": Text("参数", "Arguments"),
    "option_list": Text("选项", "Options"),
    "commands": Text("命令", "Commands"),
    "default": Text("默认", "default"),
    "help": Text("显示本说明。", "Show this help."),
    "install": Text(
        "为当前的命令行程序安装自动补全。", "Install completion for the current shell."
    ),
    "show": Text(
        "显示自动补全脚本，可自行安装。", "Show the completion script, to install it yourself."
    ),
}
_FRAMEWORK_HELP = {
    "--help": "help",
    "--install-completion": "install",
    "--show-completion": "show",
}

_ERRORS = {
    "no_option": Text("没有选项“{name}”。", "No such option “{name}”."),
    "needs_value": Text("选项“{name}”后面要有一个值。", "The option “{name}” needs a value."),
    "no_value": Text("选项“{name}”后面不要写值。", "The option “{name}” takes no value."),
    "missing": Text("缺少参数“{name}”。", "The argument “{name}” is lacking."),
    "extra": Text("多余的参数：{names}", "Unexpected arguments: {names}"),
    "no_command": Text(
        "没有命令“{name}”。可用的命令：{names}。", "No such command “{name}”. Commands: {names}."
    ),
    "missing_command": Text("要写一个命令：{names}。", "A command is needed: {names}."),
    "bad_value": Text("“{name}”的值不对。", "The value of “{name}” does not fit."),
    "other": Text("命令写法有误。", "The command cannot be understood."),
    "try": Text("用“{command} --help”查看说明。", "See “{command} --help”."),
}

PROGRAM = "etown-check"
_MAX_WIDTH = 100


class Command(TyperCommand):
    """A command whose help is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        formatter.write(help_page(self, ctx))


class Group(TyperGroup):
    """A group of commands whose help is ours; commands stand in the order of their definition."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        formatter.write(help_page(self, ctx))


def _lang(ctx: Any) -> str:
    lang: str = ctx.find_root().obj
    return lang


def _word(key: str, lang: str) -> str:
    return render(_WORDS[key], lang)


def help_page(command: Any, ctx: Any) -> str:
    """Return the help page of `command`."""
    lang = _lang(ctx)
    colon = ": " if lang == "en" else "："
    lines = [f"{_word('usage', lang)}{colon}{ctx.command_path} {_usage(command, lang)}", ""]
    for paragraph in (command.help or "").split("\n"):
        lines += wrap(paragraph, _width() - 2) if paragraph else [""]
    arguments = [it for it in command.params if it.param_type_name == "argument" and it.help]
    if arguments:
        rows = [
            (argument.metavar or argument.name.upper(), argument.help) for argument in arguments
        ]
        lines += _list(_word("arguments", lang), rows)
    lines += _list(_word("option_list", lang), list(_options(command, ctx, lang)))
    if isinstance(command, TyperGroup):
        names = command.list_commands(ctx)
        rows = [(name, _first_line(command.get_command(ctx, name))) for name in names]
        lines += _list(_word("commands", lang), rows)
    if command.epilog:
        lines += ["", *command.epilog.split("\n")]
    return encodable("\n".join(lines) + "\n", getattr(sys.stdout, "encoding", None) or "utf-8")


def _first_line(command: Any) -> str:
    first: str = (command.help or "").split("\n")[0]
    return first


def _usage(command: Any, lang: str) -> str:
    pieces = [_word("options", lang)]
    for param in command.params:
        if param.param_type_name == "argument":
            name = param.metavar or param.name.upper()
            pieces.append(name if param.required else f"[{name}]")
    if isinstance(command, TyperGroup):
        pieces.append(_word("command", lang))
    return " ".join(pieces)


def _options(command: Any, ctx: Any, lang: str) -> Iterator[tuple[str, str]]:
    for param in command.get_params(ctx):
        if param.param_type_name != "option" or param.hidden:
            continue
        name = ", ".join(sorted(param.opts, key=len))
        known = next((_FRAMEWORK_HELP[opt] for opt in param.opts if opt in _FRAMEWORK_HELP), None)
        if known is not None:
            yield name, _word(known, lang)
        else:
            yield f"{name} {param.metavar}" if param.metavar else name, param.help or ""


def _list(title: str, rows: list[tuple[str, str]]) -> list[str]:
    """Lay out names and their descriptions under a title."""
    room = min(max(columns(name) for name, _ in rows), 30)
    lines = ["", f"{title}:"]
    for name, text in rows:
        described = wrap(text, max(_width() - room - 4, 20))
        if columns(name) > room:
            lines.append(f"  {name}")
        else:
            lines.append(f"  {pad(name, room)}  {described.pop(0)}".rstrip())
        lines += [f"  {pad('', room)}  {line}" for line in described]
    return lines


def _width() -> int:
    return min(terminal_width(), _MAX_WIDTH)


def run_command(command: Any, args: list[str], lang: str) -> int:
    """Run a Typer command line; raise `UsageProblem` for what the framework refuses."""
    try:
        code = command.main(args, prog_name=PROGRAM, standalone_mode=False, obj=lang)
    except Exception as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(error.ctx.get_help())  # type: ignore[attr-defined]
            return 2
        if not hasattr(error, "format_message"):
            raise
        raise UsageProblem(_message(error, lang)) from None
    if code == INTERRUPTED:  # which the framework makes of Ctrl-C, saying nothing
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


class UsageProblem(Exception):
    """Something on the command line that cannot be understood, told in the user's language."""


def _message(error: Any, lang: str) -> str:
    """Say in our words what the framework refuses; its classes tell which case it is."""
    said = _said(error, lang)
    ctx = getattr(error, "ctx", None)
    command = ctx.command_path if ctx is not None else PROGRAM
    separator = " " if lang == "en" else ""
    return f"{said}{separator}{render(_ERRORS['try'], lang).format(command=command)}"


def _said(error: Any, lang: str) -> str:
    def word(key: str, **args: str) -> str:
        return render(_ERRORS[key], lang).format(
            **{name: visible(arg) for name, arg in args.items()}
        )

    def spaced(sentence: str) -> str:
        return f" {sentence.strip()}" if sentence and lang == "en" else sentence

    kind, message = type(error).__name__, str(getattr(error, "message", ""))
    name = str(getattr(error, "option_name", "") or "")
    if kind == "NoSuchOption":
        close = tuple(sorted(error.possibilities or ()))
        return f"{word('no_option', name=name)}{spaced(did_you_mean(close, lang))}"
    if kind == "BadOptionUsage":
        return word("no_value" if "does not take" in message else "needs_value", name=name)
    if kind == "MissingParameter":
        param = error.param
        return word("missing", name=(param.metavar or param.name.upper()) if param else "")
    command = getattr(getattr(error, "ctx", None), "command", None)
    if isinstance(command, TyperGroup):
        known = command.list_commands(error.ctx)
        names = (", " if lang == "en" else "、").join(known)
        if "'" not in message:
            return word("missing_command", names=names)
        asked = message.split("'")[1]
        near = closest(asked, known, most=1)
        said = word("no_command", name=asked, names=names)
        return f"{said}{spaced(did_you_mean(near, lang))}"
    if kind == "BadParameter":
        param = error.param
        return word("bad_value", name=max(param.opts, key=len) if param else "")
    if "extra argument" in message:
        return word("extra", names=message.partition("(s) (")[2].removesuffix(")"))
    return word("other")
