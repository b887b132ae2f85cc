"""A short way into `validate`: its plain forms, read without the command-line framework.

Importing the framework costs more than a whole check. So the forms that people and CI write
(`validate`, paths, options spelled out) are read here; for everything else (help, short options
run together, a value that does not fit) this returns `None`, and the framework reads the same
line and has the last word on it. A test holds the two against each other.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from etown_check.config import FAIL_ON
from etown_check.reporters import REPORTERS
from etown_check.settings import Options
from etown_check.standard import BINDING, EXPECTED
from etown_check.submission import ASSURANCES
from etown_check.words import LANGUAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_COMPLETION = "_ETOWN_CHECK_COMPLETE"

_CHOICES: dict[str, tuple[str, Sequence[str]]] = {
    "--format": ("format", tuple(REPORTERS)),
    "-f": ("format", tuple(REPORTERS)),
    "--level": ("level", (BINDING, EXPECTED)),
    "--require": ("require", ASSURANCES),
    "--fail-on": ("fail_on", FAIL_ON),
    "--lang": ("lang", LANGUAGES),
}
_VALUES = {
    "--output": "output",
    "-o": "output",
    "--standard": "standard",
    "--reference": "reference",
    "--waivers": "waivers",
    "--today": "today",
    "--evidence-root": "evidence_root",
    "--config": "config",
    "--baseline": "baseline",
    "--changed-since": "changed_since",
    "--scheduler": "scheduler",
    "--cache": "cache",
}
_NUMBERS = {"--jobs": "jobs", "-j": "jobs"}
_LISTS = {"--part": "parts", "--only": "only", "--report": "reports"}
_FLAGS = {
    "--sarif-passes": "sarif_passes",
    "--no-config": "no_config",
    "--changed": "changed",
    "--force": "force",
    "--quiet": "quiet",
    "-q": "quiet",
    "--verbose": "verbose",
    "-v": "verbose",
}


def plain_options(args: Sequence[str]) -> Options | None:
    """Return the options of a plain `validate` line, `None` for any other."""
    if not args or args[0] != "validate" or _COMPLETION in os.environ:
        return None
    values: dict[str, Any] = {}
    lists: dict[str, list[str]] = {name: [] for name in _LISTS.values()}
    flags: dict[str, Any] = {}
    paths: list[str] = []
    rest = iter(args[1:])
    for arg in rest:
        if arg == "--":
            paths += rest
            break
        name, has_value, value = arg.partition("=")
        if name in _FLAGS and not has_value:
            flags[_FLAGS[name]] = True
        elif not arg.startswith("-") or arg == "-":
            paths.append(arg)
        elif name in _CHOICES or name in _VALUES or name in _LISTS or name in _NUMBERS:
            if has_value and not name.startswith("--"):
                return None  # `-f=json`: let the framework say what it makes of that
            if not has_value:
                value = next(rest, "-")
                if value.startswith("-"):
                    return None
            if name in _LISTS:
                lists[_LISTS[name]].append(value)
            elif name in _VALUES:
                values[_VALUES[name]] = value
            elif name in _NUMBERS:
                if not is_number(value):
                    return None
                values[_NUMBERS[name]] = int(value)
            else:
                key, choices = _CHOICES[name]
                if value not in choices:
                    return None
                values[key] = value
        else:
            return None
    plain = Options(
        tuple(paths),
        parts=split_names(lists["parts"]),
        only=split_names(lists["only"]),
        reports=split_reports(lists["reports"]),
    )
    return plain._replace(**values, **flags)


def asked_language(args: Sequence[str]) -> str | None:
    """Return the value of the last `--lang` of a command line, wherever it stands."""
    asked = None
    for index, arg in enumerate(args):
        if arg == "--":
            break
        if arg == "--lang" and index + 1 < len(args):
            asked = args[index + 1]
        elif arg.startswith("--lang="):
            asked = arg.removeprefix("--lang=")
    return asked


def is_number(value: str) -> bool:
    """Tell whether `value` is a whole number from 1 on, and not a very long one."""
    return value.isascii() and value.isdigit() and len(value) < 10 and int(value) > 0


def split_reports(values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Split reports that were given as FORMAT=FILE; one without a file has none."""
    parts = (value.partition("=") for value in values)
    return tuple((format, file) for format, _, file in parts)


def split_names(values: Sequence[str]) -> tuple[str, ...]:
    """Split names that were given in one word: `33,36.1` or, as people type it, `33，36.1`."""
    names = (name.strip() for value in values for name in value.replace("，", ",").split(","))
    return tuple(name for name in names if name)
