"""Options that several commands share, and how the values of options are checked."""

import inspect
import sys
from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer

from etown_check.cli.lane import is_number, split_names
from etown_check.config import FAIL_ON
from etown_check.files import write_file
from etown_check.output import STDOUT, write_stream
from etown_check.settings import Options
from etown_check.standard import County, Standard
from etown_check.store import list_standards, load_standard
from etown_check.submission import ASSURANCES
from etown_check.text import fold, visible
from etown_check.usage import UsageError, unknown_choice
from etown_check.validation import tell_written
from etown_check.words import LANGUAGES, Text, render

FILE = Text("文件", "FILE")


class Shared:
    """The shared options with their help in one language.

    `asked` is the language that the command line asks for, `None` where it leaves that open.
    """

    def __init__(self, lang: str, asked: str | None = None) -> None:
        self.default = lang
        self.asked = asked
        self.lang = choice(
            ["--lang"],
            LANGUAGES,
            Text("语言：zh 中文（默认），en 英文。", "Language: zh Chinese (default), en English."),
            lang,
        )
        self.standard = typer.Option(
            "--standard",
            metavar=pick("编号|文件", "ID|FILE", lang),
            help=pick(
                "标准的编号、文件或文件夹；默认取数据文件所写的标准。",
                "The standard's id, file or folder; by default the one that the data file names.",
                lang,
            ),
            autocompletion=completing(list_standards()),
        )
        self.config = option(
            ["--config"],
            Text(
                "配置文件；默认从数据文件所在文件夹起逐级向上找 etown-check.toml。",
                "The configuration; by default etown-check.toml, found upward from each data file.",
            ),
            lang,
            FILE,
        )
        self.no_config = option(
            ["--no-config"], Text("不用配置文件。", "Use no configuration."), lang
        )
        self.reference = option(
            ["--reference"],
            Text(
                "参考数据文件，优先于数据文件中的参考数据。",
                "A file of reference data; outranks that of the data files.",
            ),
            lang,
            FILE,
        )
        self.waivers = option(
            ["--waivers"],
            Text(
                "豁免文件；默认为配置文件旁的 waivers.yaml。",
                "A file of waivers; by default waivers.yaml beside the configuration.",
            ),
            lang,
            FILE,
        )
        self.today = option(
            ["--today"],
            Text(
                "按这一天判断豁免是否有效；默认为今天（北京时间）。",
                "The day by which waivers run; by default today in Asia/Shanghai.",
            ),
            lang,
            Text("日期", "DATE"),
        )
        self.evidence_root = option(
            ["--evidence-root"],
            Text(
                "佐证文件也可以在这个文件夹内；默认只能在数据文件所在的文件夹内。",
                "Evidence may lie in this folder too; by default only in the data file's own.",
            ),
            lang,
            Text("文件夹", "FOLDER"),
        )
        self.part = option(
            ["--part"],
            Text(
                "只检查这一部分：annex 附件、body 正文、all 全部。可写多次。",
                "Judge this part: annex, body, all. May be repeated.",
            ),
            lang,
            Text("部分", "PART"),
        )
        self.require = choice(
            ["--require"],
            ASSURANCES,
            Text(
                "要求的可信度：declared 已申报（默认）、evidenced 有佐证、verified 已核查。",
                "Assurance required: declared (default), evidenced, verified.",
            ),
            lang,
        )
        self.fail_on = choice(
            ["--fail-on"],
            FAIL_ON,
            Text(
                "决定退出码：binding 约束性（默认）、expected 连同期望性、never 不因结果而失败。",
                "What sets the exit code: binding (default), expected as well, never.",
            ),
            lang,
        )
        self.output = option(
            ["--output", "-o"],
            Text("写入文件，而不是显示出来。", "Write to a file instead of standard output."),
            lang,
            FILE,
        )
        self.force = option(
            ["--force"],
            Text("覆盖已有的输出文件。", "Replace an output file that exists."),
            lang,
        )

    def judging(self, *without: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
        """Return a decorator that gives a command the options by which data files are judged.

        It gives all but those of `without`. What they ask for reaches the command as `Options`,
        its first argument; the framework reads its other ones off the signature.
        """
        added = {
            "config": (str | None, self.config, None),
            "no_config": (bool, self.no_config, False),
            "standard": (str | None, self.standard, None),
            "reference": (str | None, self.reference, None),
            "waivers": (str | None, self.waivers, None),
            "today": (str | None, self.today, None),
            "evidence_root": (str | None, self.evidence_root, None),
            "part": (list[str] | None, self.part, None),
            "require": (str | None, self.require, None),
            "fail_on": (str | None, self.fail_on, None),
            "lang": (str | None, self.lang, self.asked),
        }
        names = [name for name in added if name not in without]
        more = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=Annotated[type, told],
            )
            for name, (type, told, default) in added.items()
            if name in names
        ]

        def decorate(command: Callable[..., int]) -> Callable[..., int]:
            def given(**values: Any) -> int:
                asked = {name: values.pop(name) for name in names}
                parts = split_names(asked.pop("part") or [])
                return command(Options((), parts=parts, **asked), **values)

            own = list(inspect.signature(command).parameters.values())[1:]
            given.__signature__ = inspect.Signature([*own, *more])  # type: ignore[attr-defined]
            given.__annotations__ = {it.name: it.annotation for it in [*own, *more]}
            return given

        return decorate


def option(names: list[str], help: Text, lang: str, metavar: Text | None = None) -> Any:
    """Return an option; `metavar` names the value that it takes."""
    return typer.Option(*names, metavar=metavar and render(metavar, lang), help=render(help, lang))


def argument(metavar: Text, help: Text, lang: str) -> Any:
    """Return an argument."""
    return typer.Argument(metavar=render(metavar, lang), help=render(help, lang))


def pick(zh: str, en: str, lang: str) -> str:
    """Return the one of two texts that is in `lang`."""
    return render(Text(zh, en), lang)


def choice(names: list[str], choices: Iterable[str], help: Text, lang: str) -> Any:
    """Return an option that takes one of `choices`."""
    known = tuple(choices)

    def check(value: str | None) -> str | None:
        if value is not None and value not in known:
            raise unknown_choice(names[0], value, known)
        return value

    return typer.Option(
        *names,
        metavar="|".join(known),
        help=render(help, lang),
        autocompletion=completing(known),
        callback=check,
    )


def number(names: list[str], help: Text, lang: str) -> Any:
    """Return an option that takes a whole number from 1 on, as it was typed."""

    def check(value: str | None) -> str | None:
        if value is None or is_number(value):
            return value
        shown = visible(value)
        raise UsageError(
            Text(
                f"{names[0]} 要写一个不小于 1 的整数，不是“{shown}”。",
                f"{names[0]} takes a whole number from 1 on, not “{shown}”.",
            )
        )

    return typer.Option(
        *names, metavar=pick("个数", "N", lang), help=render(help, lang), callback=check
    )


def completing(choices: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a completer for the shell that offers `choices`."""
    known = tuple(choices)

    def complete(incomplete: str) -> list[str]:
        return [one for one in known if one.startswith(incomplete)]

    return complete


def chosen_standard(name: str | None) -> Standard:
    """Load the standard that was asked for, or else the first that comes with the tool."""
    known = list_standards()
    return load_standard(name if name is not None else known[0] if known else "")


def chosen_county(standard: Standard, name: str, asked_by: str) -> County:
    """Return the county called `name`: in full, without 县 or 市, or in English.

    `asked_by` is the command or option that a mistake is told of.
    """
    asked = fold(name).lower()
    for county in standard.counties:
        if asked in (fold(county.name), county.name.rstrip("县市区"), county.name_en.lower()):
            return county
    raise unknown_choice(asked_by, name, tuple(county.name for county in standard.counties))


def write(text: str, path: str, lang: str, *, force: bool = False) -> None:
    """Write `text` to a new file at `path` and say so, or to standard output for "-"."""
    if path == STDOUT:
        write_stream(sys.stdout, text, encoding="utf-8")
        return
    write_file(path, text, force=force)
    tell_written(path, lang)
