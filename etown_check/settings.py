"""What holds for a run and for each of its data files, and where each of it comes from.

The command line outranks the environment, that the configuration, and that the defaults.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from etown_check.config import Config
from etown_check.problems import Position
from etown_check.records import Record
from etown_check.standard import BINDING
from etown_check.submission import DECLARED
from etown_check.words import LANGUAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Options(Record):
    """What a user may ask of `validate`. What was not asked for is `None`, empty or false.

    `today` is the day by which waivers run; `reports` are further formats and their files; `jobs`
    is the number of processes, `scheduler` the address of a cluster that takes their place,
    `cache` a folder of earlier results.
    """

    paths: tuple[str, ...]
    format: str | None = None
    output: str | None = None
    reports: tuple[tuple[str, str], ...] = ()
    sarif_passes: bool = False
    force: bool = False
    config: str | None = None
    no_config: bool = False
    standard: str | None = None
    reference: str | None = None
    waivers: str | None = None
    today: str | None = None
    evidence_root: str | None = None
    parts: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    level: str | None = None
    require: str | None = None
    fail_on: str | None = None
    baseline: str | None = None
    changed: bool = False
    changed_since: str | None = None
    lang: str | None = None
    quiet: bool = False
    verbose: bool = False
    jobs: int | None = None
    scheduler: str | None = None
    cache: str | None = None


class Settings(Record):
    """What holds for one data file. Globs are relative to the configuration's folder."""

    standard: str | None = None
    parts: tuple[str, ...] = ()
    reference: str | None = None
    waivers: str | None = None
    require: str = DECLARED
    fail_on: str = BINDING
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    lang: str = LANGUAGES[0]
    evidence_root: str | None = None


COMMAND_LINE, ENVIRONMENT, CONFIGURATION, DEFAULT = (
    "command_line",
    "environment",
    "configuration",
    "default",
)


class Origin(Record):
    """Where a setting comes from: one of the layers, and its place where that is a file."""

    layer: str
    path: str = ""
    position: Position | None = None


LANGUAGE_VARIABLE = "ETOWN_CHECK_LANG"


def settings_of(options: Options, config: Config) -> Settings:
    """Return what holds for a data file under `config`."""
    return Settings(**{**config.values, **_environment(), **_command_line(options)})


def origins_of(options: Options, config: Config) -> Mapping[str, Origin]:
    """Return where each setting comes from."""
    origins = dict.fromkeys(Settings._fields, Origin(DEFAULT))
    for key in config.values:
        place = config.places.get(key)
        origins[key] = Origin(CONFIGURATION, config.path, place)
    origins |= dict.fromkeys(_environment(), Origin(ENVIRONMENT))
    return origins | dict.fromkeys(_command_line(options), Origin(COMMAND_LINE))


def _command_line(options: Options) -> dict[str, Any]:
    given = {key: getattr(options, key, None) for key in Settings._fields}
    return {key: value for key, value in given.items() if value not in (None, ())}


def _environment() -> dict[str, Any]:
    variable = os.environ.get(LANGUAGE_VARIABLE)
    return {"lang": variable} if variable in LANGUAGES else {}
