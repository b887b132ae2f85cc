"""The command `config`: what is in force for data files, and where each of it comes from."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from etown_check.cli import framework
from etown_check.cli.options import Shared, argument, choice, pick
from etown_check.config import Config, Configurations
from etown_check.output import write_stream
from etown_check.settings import (
    COMMAND_LINE,
    CONFIGURATION,
    DEFAULT,
    ENVIRONMENT,
    LANGUAGE_VARIABLE,
    Options,
    Origin,
    Settings,
    origins_of,
    settings_of,
)
from etown_check.text import columns, pad, visible
from etown_check.usage import OK
from etown_check.words import Text, render

_ORIGINS = {
    COMMAND_LINE: Text("命令行", "command line"),
    ENVIRONMENT: Text(f"环境变量 {LANGUAGE_VARIABLE}", f"variable {LANGUAGE_VARIABLE}"),
    DEFAULT: Text("默认", "default"),
}
# What holds where nothing was set.
_UNSET = {
    "standard": Text("数据文件所写的标准", "the one that the data file names"),
    "parts": Text("标准默认的部分", "those that the standard judges unasked"),
    "reference": Text("数据文件中的参考数据", "the data file's own"),
    "waivers": Text("无", "none"),
    "include": Text("全部 *.yaml、*.yml 和工作簿", "all *.yaml, *.yml and workbooks"),
    "exclude": Text("无", "none"),
    "evidence_root": Text("数据文件所在的文件夹", "the data file's own folder"),
}
_NO_CONFIGURATION = Text("没有配置文件", "no configuration")


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the command to `app`."""
    lang = shared.default
    path_list = argument(
        Text("路径…", "PATH…"),
        Text(
            "数据文件或文件夹；默认为当前文件夹。",
            "Data files or folders; by default the current folder.",
        ),
        lang,
    )
    formats = choice(["--format", "-f"], ("plain", "json"), Text("格式。", "Format."), lang)

    @app.command(
        "config",
        cls=framework.Command,
        help=pick(
            "显示对这些数据文件起作用的配置，以及每一项的来源。",
            "Show what is in force for data files, and where each of it comes from.",
            lang,
        ),
        epilog=pick(
            "例: etown-check config data/怀仁市/", "Example: etown-check config data/huairen/", lang
        ),
    )
    @shared.judging("today")
    def config(
        given: Options,
        paths: Annotated[list[str] | None, path_list] = None,
        format: Annotated[str, formats] = "plain",
    ) -> int:
        options = given._replace(paths=tuple(paths or (".",)))
        configurations = Configurations(options.config, use=not options.no_config)
        found = _by_config(options.paths, configurations)
        if format == "json":
            document = [_record(one, its, options) for one, its in found.values()]
            text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
            write_stream(sys.stdout, text, encoding="utf-8")
        else:
            pages = ("\n".join(_page(one, its, options)) for one, its in found.values())
            write_stream(sys.stdout, "\n\n".join(pages) + "\n")
        return OK


def _by_config(
    paths: tuple[str, ...], configurations: Configurations
) -> Mapping[str, tuple[Config, list[str]]]:
    """Group `paths` by the configuration that holds for them."""
    found: dict[str, tuple[Config, list[str]]] = {}
    for path in paths:
        is_folder = os.path.isdir(path)
        config = (
            configurations.of_folder(os.path.abspath(path))
            if is_folder
            else configurations.of(path)
        )
        found.setdefault(config.path, (config, []))[1].append(path)
    return found


def _page(config: Config, paths: list[str], options: Options) -> Iterator[str]:
    settings, origins = settings_of(options, config), origins_of(options, config)
    lang = settings.lang
    yield visible("、".join(paths) if lang == "zh" else ", ".join(paths))
    yield visible(config.path) or render(_NO_CONFIGURATION, lang)
    rows = [
        (key, _shown(key, value, lang), _origin(origins[key], lang))
        for key, value in settings._asdict().items()
    ]
    widths = [max(columns(row[index]) for row in rows) for index in (0, 1)]
    for key, value, origin in rows:
        yield f"  {pad(key, widths[0])}  {pad(value, widths[1])}  {origin}"


def _shown(key: str, value: Any, lang: str) -> str:
    if value in (None, ()):
        return render(_UNSET[key], lang)
    return visible(", ".join(value) if isinstance(value, tuple) else value)


def _origin(origin: Origin, lang: str) -> str:
    if origin.layer != CONFIGURATION:
        return render(_ORIGINS[origin.layer], lang)
    line = f":{origin.position.line}" if origin.position else ""
    return f"{visible(origin.path)}{line}"


def _record(config: Config, paths: list[str], options: Options) -> dict[str, Any]:
    settings, origins = settings_of(options, config), origins_of(options, config)
    return {
        "paths": [visible(path) for path in paths],
        "config": visible(config.path) or None,
        "settings": {key: _setting(settings, key, origins[key]) for key in Settings._fields},
    }


def _setting(settings: Settings, key: str, origin: Origin) -> dict[str, Any]:
    value = getattr(settings, key)
    return {
        "value": list(value) if isinstance(value, tuple) else value,
        "from": origin.layer,
        "path": visible(origin.path) or None,
        "line": origin.position and origin.position.line,
    }
