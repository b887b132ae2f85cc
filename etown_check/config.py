"""The configuration of a data repository: `etown-check.toml`, found upward from each data file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from etown_check.decoding import decode
from etown_check.patterns import pattern
from etown_check.problems import ConfigurationError, InputError, Position, Problem, closest
from etown_check.records import Record
from etown_check.standard import BINDING, EXPECTED
from etown_check.submission import ASSURANCES
from etown_check.usage import exclusive
from etown_check.words import LANGUAGES, Text, Words
from etown_check.yamltree import STDIN, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FILE_NAME = "etown-check.toml"
WAIVERS_NAME = "waivers.yaml"
"""The file beside a configuration that holds its waivers, unless it names another."""

FAIL_ON = (BINDING, EXPECTED, "never")

_WHERE = Text("配置文件", "a configuration")
_PLACE = pattern(r"\(at line (\d+), column (\d+)\)")


class Config(Record):
    """What one configuration says: its keys, with paths that can be opened, and their places.

    `path` is empty where there is no configuration; globs are relative to `folder`.
    """

    path: str
    folder: str
    values: Mapping[str, Any]
    places: Mapping[str, Position]


NONE = Config("", "", {}, {})


class Configurations:
    """Finds the configuration of a data file, each read once.

    With `path` there is that one alone, and with `use` false there is none. Raises `UsageError`
    for both, and `ConfigurationError`.
    """

    def __init__(self, path: str | None = None, *, use: bool = True) -> None:
        if path is not None and not use:
            raise exclusive("--config", "--no-config")
        self.only = read_config(path) if path is not None else None if use else NONE
        self.by_folder: dict[str, Config] = {}

    def of(self, path: str) -> Config:
        """Return what holds for the data file at `path`. Raises `ConfigurationError`."""
        if self.only is not None:
            return self.only
        return self.of_folder(os.path.abspath("." if path == STDIN else os.path.dirname(path)))

    def of_folder(self, folder: str) -> Config:
        """Return what holds in an absolute `folder`: its own configuration, or the one above."""
        if self.only is not None:
            return self.only
        if folder not in self.by_folder:
            own = os.path.join(folder, FILE_NAME)
            above = os.path.dirname(folder)
            if os.path.isfile(own):
                found = read_config(_shown(own))
            else:
                found = NONE if above == folder else self.of_folder(above)
            self.by_folder[folder] = found
        return self.by_folder[folder]


def _shown(path: str) -> str:
    """Return `path` relative to the current folder where it lies in it."""
    return path.removeprefix(os.path.join(os.getcwd(), ""))


def read_config(path: str) -> Config:
    """Read the configuration at `path`. Raises `ConfigurationError` with all its mistakes."""
    import tomllib  # only where there is a configuration

    try:
        text = decode(path, read_bytes(path)).text
    except InputError as error:
        raise ConfigurationError(error.problems) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.search(str(error))
        last = text.count("\n") + 1
        place = Position(int(match[1]), int(match[2])) if match else Position(last, 1)
        problem = Problem(path, place, "E701", {}, line=_line(text, place.line))
        raise ConfigurationError([problem._replace(end=place.column + 1)]) from None
    return _Reader(path, text).config(data)


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1] if number <= len(lines) else ""


class _Reader:
    """Reads the keys of one configuration and gathers its mistakes."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.folder = os.path.dirname(path)
        self.problems: list[Problem] = []

    def config(self, data: Mapping[str, Any]) -> Config:
        values = {}
        for key, value in data.items():
            read = _KEYS.get(key)
            if read is None:
                args: dict[str, Words] = {"key": key, "where": _WHERE, "known": tuple(_KEYS)}
                self.report(key, "E301", args, closest(key.replace("-", "_"), _KEYS))
                continue
            found = read(self, key, value)
            if found is not None:
                values[key] = found
        if self.problems:
            raise ConfigurationError(self.problems)
        waivers = os.path.join(self.folder, WAIVERS_NAME)
        if "waivers" not in values and os.path.isfile(waivers):
            values["waivers"] = waivers
        return Config(self.path, self.folder, values, {key: self.place(key) for key in values})

    def place(self, key: str) -> Position:
        """Return where `key` stands: the parser does not tell."""
        name = re.escape(key)
        match = re.search(rf"(?m)^[ \t\[]*[\"']?({name})[\"']?[ \t]*[=.\]]", self.text)
        if match is None:
            return Position(1, 1)
        before = self.text[: match.start(1)]
        return Position(before.count("\n") + 1, len(before) - before.rfind("\n"))

    def report(
        self, key: str, code: str, args: Mapping[str, Words], close: tuple[str, ...] = ()
    ) -> None:
        place = self.place(key)
        end = place.column + len(key)
        line = _line(self.text, place.line)
        self.problems.append(Problem(self.path, place, code, args, close, end, line))

    def unfit(self, key: str, value: object, expected: Text, close: tuple[str, ...] = ()) -> None:
        text = value if isinstance(value, str) else repr(value)
        self.report(key, "E702", {"key": key, "text": text, "expected": expected}, close)

    def word(self, key: str, value: object) -> str | None:
        if isinstance(value, str) and value.strip() and "\0" not in value:
            return value.strip()
        self.unfit(key, value, Text(f'写成 {key} = "…"。', f'Write {key} = "…".'))
        return None

    def words(self, key: str, value: object) -> tuple[str, ...] | None:
        if isinstance(value, list) and all(isinstance(it, str) and it.strip() for it in value):
            return tuple(it.strip() for it in value)
        self.unfit(key, value, Text(f'写成 {key} = ["…", "…"]。', f'Write {key} = ["…", "…"].'))
        return None

    def globs(self, key: str, value: object) -> tuple[str, ...] | None:
        globs = self.words(key, value)
        for glob in globs or ():
            if os.path.isabs(glob) or ".." in glob.split("/"):
                expected = Text(
                    "从配置文件所在的文件夹写起，例如：data/**/*.yaml",
                    "Begin at the configuration's own folder, such as data/**/*.yaml",
                )
                self.unfit(key, glob, expected)
        return globs

    def file(self, key: str, value: object) -> str | None:
        return self._existing(key, value, os.path.isfile)

    def folder_of(self, key: str, value: object) -> str | None:
        return self._existing(key, value, os.path.isdir)

    def _existing(self, key: str, value: object, exists: Callable[[str], bool]) -> str | None:
        name = self.word(key, value)
        if name is None:
            return None
        path = os.path.join(self.folder, name)
        if not exists(path):
            self.report(key, "E703", {"key": key, "text": name})
            return None
        return path

    def standard(self, key: str, value: object) -> str | None:
        """Read a standard's id, or the path of one's own."""
        name = self.word(key, value)
        if name is None:
            return None
        path = os.path.join(self.folder, name)
        return path if os.path.exists(path) else name


def _choice(choices: tuple[str, ...]) -> Callable[[_Reader, str, object], str | None]:
    def read(reader: _Reader, key: str, value: object) -> str | None:
        if isinstance(value, str) and value in choices:
            return value
        zh, en = "、".join(choices), ", ".join(choices)
        close = closest(value, choices) if isinstance(value, str) else ()
        reader.unfit(key, value, Text(f"可以写：{zh}。", f"It takes: {en}."), close)
        return None

    return read


_KEYS: dict[str, Callable[[_Reader, str, Any], Any]] = {
    "standard": _Reader.standard,
    "parts": _Reader.words,
    "reference": _Reader.file,
    "waivers": _Reader.file,
    "require": _choice(ASSURANCES),
    "fail_on": _choice(FAIL_ON),
    "include": _Reader.globs,
    "exclude": _Reader.globs,
    "lang": _choice(LANGUAGES),
    "evidence_root": _Reader.folder_of,
}
KEYS = tuple(_KEYS)
